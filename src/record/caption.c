/* SPDX-License-Identifier: MIT
 * The words that a scene shows, as they are handed to the scene pane, and as samples keep them.
 */
#include "table.h"

void caption_clear(struct caption *caption)
{
	*caption->title = *caption->state = *caption->after = *caption->big = *caption->big_label =
		0;
	caption->flash = caption->told = caption->code = false;
	vec_clear(&caption->lines);
	vec_clear(&caption->keys);
}

void caption_finish(struct caption *caption)
{
	vec_finish(&caption->lines);
	vec_finish(&caption->keys);
}

/* safe_text, which lets no control pass, on the pieces between the marks. */
static void copy_marked(char *out, size_t size, const char *text)
{
	static const char marks[] = { CAPTION_MARK, CAPTION_UNMARK, 0 };
	size_t used = 0;

	while (*text && used + 1 < size) {
		size_t n = strcspn(text, marks);

		if (n)
			used += safe_text(out + used, size - used, text, n);
		else
			out[used++] = text[n++];
		text += n;
	}
	out[used] = 0;
}

struct caption_line *caption_add(struct caption *caption, enum caption_part part,
	enum caption_tone tone, const char *sign, const char *text)
{
	struct caption_line *line = vec_push(&caption->lines);

	line->part = part;
	line->tone = tone;
	safe_text(line->sign, sizeof(line->sign), sign ? sign : "", sign ? strlen(sign) : 0);
	copy_marked(line->text, sizeof(line->text), text ? text : "");
	return line;
}

void caption_key(struct caption *caption, int key, bool done, const char *label)
{
	struct caption_key *entry = vec_push(&caption->keys);

	entry->key = key;
	entry->done = done;
	safe_text(entry->label, sizeof(entry->label), label, strlen(label));
}

/* --- kept in samples --- */

static const char *const part_words[CAPTION_PARTS] = {
	[CAPTION_QUESTION] = "question",
	[CAPTION_SAY] = "say",
	[CAPTION_ROW] = "row",
	[CAPTION_BEFORE] = "before",
	[CAPTION_AFTER] = "after",
	[CAPTION_ASK] = "ask",
	[CAPTION_OPTION] = "option",
	[CAPTION_PREDICTION] = "prediction",
	[CAPTION_PUNCH] = "punch",
	[CAPTION_KILLS] = "kills",
	[CAPTION_VERDICT] = "verdict",
	[CAPTION_EXPLAIN] = "explain",
	[CAPTION_NUANCE] = "nuance",
	[CAPTION_LATER] = "later",
	[CAPTION_EVIDENCE] = "evidence",
	[CAPTION_PRIVILEGE] = "privilege",
	[CAPTION_CODE] = "code",
	[CAPTION_CODE_LEFT] = "code_left",
	[CAPTION_CODE_RIGHT] = "code_right",
	[CAPTION_FEEDBACK] = "feedback",
	[CAPTION_ACTION] = "action",
};
static const char *const tone_words[] = {
	[CAPTION_PLAIN] = "plain",
	[CAPTION_GOOD] = "good",
	[CAPTION_BAD] = "bad",
	[CAPTION_UNSURE] = "unsure",
	[CAPTION_RIGHT] = "right",
	[CAPTION_WRONG] = "wrong",
};

/* clang-format off */
static const struct field line_fields[] = {
	FIELD(caption_line, part, WORDS(part_words), .flags = FIELD_REQUIRED),
	FIELD(caption_line, tone, WORDS(tone_words)),
	FIELD(caption_line, sign, RANGE_NONE),
	FIELD(caption_line, text, RANGE_NONE),
};
static const struct field told_fields[] = {
	FIELD(told_sample, title, RANGE_NONE),
	FIELD(told_sample, state, RANGE_NONE),
	FIELD(told_sample, after, RANGE_NONE),
	FIELD(told_sample, big, RANGE_NONE),
	FIELD(told_sample, big_label, RANGE_NONE),
	FIELD(told_sample, panes, RANGE_NONE),
	FIELD(told_sample, flash, RANGE_NONE),
	FIELD(told_sample, told, RANGE_NONE),
};
static const struct field mark_fields[] = {
	FIELD(mark_sample, at_ns, RANGE_TIME, .flags = FIELD_REQUIRED),
	FIELD(mark_sample, label, RANGE_NONE),
};
/* clang-format on */

const struct record caption_record = { .name = "captions",
	.fields = line_fields,
	.n = ARRAY_LEN(line_fields),
	.size = sizeof(struct caption_line),
	.place = offsetof(struct sample, captions),
	.limit = 256 };
const struct record told_record = { .name = "told", RECORD_PARTS(told, told), .limit = 1 };
const struct record mark_record = { .name = "marks", RECORD_PARTS(mark, marks), .limit = 64 };

/* The marks are controls, which no text in a sample has: brackets stand for them there. */
static const struct {
	char mark;
	const char *bracket;
} brackets[] = { { CAPTION_MARK, "⟦" }, { CAPTION_UNMARK, "⟧" } };

static void keep_text(char *out, size_t size, const char *text)
{
	size_t used = 0;

	for (; *text; text++) {
		const char *bracket = NULL;
		for (size_t i = 0; i < ARRAY_LEN(brackets); i++)
			if (*text == brackets[i].mark)
				bracket = brackets[i].bracket;
		const size_t len = bracket ? strlen(bracket) : 1;
		if (used + len >= size)
			break;
		memcpy(out + used, bracket ? bracket : text, len);
		used += len;
	}
	memset(out + used, 0, size - used);
}

static void give_text(char *out, size_t size, const char *text)
{
	size_t used = 0;

	while (*text && used + 1 < size) {
		size_t taken = 1;
		out[used] = *text;
		for (size_t i = 0; i < ARRAY_LEN(brackets); i++) {
			const size_t len = strlen(brackets[i].bracket);
			if (strncmp(text, brackets[i].bracket, len) != 0)
				continue;
			out[used] = brackets[i].mark;
			taken = len;
		}
		text += taken;
		used++;
	}
	out[used] = 0;
}

#define COPY(to, from, member) memcpy((to)->member, (from)->member, sizeof((to)->member))

void caption_keep(const struct caption *caption, const char *panes, struct sample *sample)
{
	struct told_sample *told = &sample->told;
	const struct caption_line *line;

	record_clear(&told_record, told);
	snprintf(told->panes, sizeof(told->panes), "%s", panes);
	snprintf(told->title, sizeof(told->title), "%s", caption->title);
	snprintf(told->state, sizeof(told->state), "%s", caption->state);
	snprintf(told->after, sizeof(told->after), "%s", caption->after);
	snprintf(told->big, sizeof(told->big), "%s", caption->big);
	snprintf(told->big_label, sizeof(told->big_label), "%s", caption->big_label);
	told->flash = caption->flash;
	told->told = caption->told;
	vec_each (line, &caption->lines) {
		struct caption_line *kept = record_push(&caption_record, sample);
		kept->part = line->part;
		kept->tone = line->tone;
		snprintf(kept->sign, sizeof(kept->sign), "%s", line->sign);
		keep_text(kept->text, sizeof(kept->text), line->text);
	}
}

bool caption_kept(const struct sample *sample, struct caption *ret)
{
	const struct told_sample *told = &sample->told;
	const struct caption_line *line;
	char text[sizeof(line->text)];

	caption_clear(ret);
	if (!*told->title)
		return false;
	COPY(ret, told, title);
	COPY(ret, told, state);
	COPY(ret, told, after);
	COPY(ret, told, big);
	COPY(ret, told, big_label);
	ret->flash = told->flash;
	ret->told = told->told;
	vec_each (line, &sample->captions) {
		give_text(text, sizeof(text), line->text);
		caption_add(ret, line->part, line->tone, line->sign, text);
	}
	return true;
}
