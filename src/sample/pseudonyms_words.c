/* SPDX-License-Identifier: MIT
 * Puts made-up ids into what a recording tells in words.
 */
#include <ctype.h>

#include "caption.h"
#include "pseudonyms.h"

/* Before an id, or a list of them. */
static const char *const words[] = { "PID", "PIDs", "TID", "TIDs", "thread", "threads", "task",
	"tasks", "process", "processes", "group", "groups" };

static bool ends_in_word(const char *text, size_t end, const char *word)
{
	const size_t len = strlen(word);

	return end >= len && strncasecmp(text + end - len, word, len) == 0 &&
	       (end == len || !isalpha((unsigned char)text[end - len - 1]));
}

/* Back over a list: "12, 13 and ⟦14⟧ | ". */
static size_t list_start(const char *text, size_t end)
{
	for (;;) {
		while (end > 0 && (strchr(" ,|0123456789", text[end - 1]) || text[end - 1] & 0x80))
			end--;
		if (!ends_in_word(text, end, "and"))
			return end;
		end -= 3;
	}
}

/* Whether the number at this place is said to be an id: others may be equal to one by chance. */
static bool is_id(const char *text, size_t at)
{
	size_t end = list_start(text, at);
	const bool listed = end > 0 && text[end - 1] == ':';

	end -= listed;
	/* "Threads: 12 given up" counts. */
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (ends_in_word(text, end, words[i]) && (!listed || strstr(words[i], "ID")))
			return true;
	return false;
}

static int32_t shown_of(const struct pseudonyms *names, int32_t real)
{
	const struct pseudonym *name;

	vec_each (name, &names->list)
		if (name->real == real)
			return name->shown;
	return real;
}

static void mask_words(const struct pseudonyms *names, char *text, size_t size, bool all_ids)
{
	struct buf out = { 0 };
	size_t len;

	for (size_t at = 0; text[at]; at += len) {
		len = strspn(text + at, "0123456789");
		const bool id = len > 0 && len < 10 && (all_ids || is_id(text, at));

		len = MAX(len, 1);
		if (id)
			buf_addf(&out, "%d", shown_of(names, (int32_t)strtol(text + at, NULL, 10)));
		else
			buf_add(&out, text + at, len);
	}
	if (out.len)
		safe_text(text, size, out.text, out.len);
	buf_finish(&out);
}

void pseudonyms_in_words(const struct pseudonyms *names, struct sample *sample)
{
	struct told_sample *told = &sample->told;
	struct caption_line *line;

	vec_each (line, &sample->captions)
		mask_words(names, line->text, sizeof(line->text), false);
	mask_words(names, told->big, sizeof(told->big), strstr(told->big_label, "PID") != NULL);
}
