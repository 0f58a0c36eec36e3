/* SPDX-License-Identifier: MIT
 * Tells a scene without a screen: before, action, after, verdict, as text for a note and as one JSON object for a script.
 */

#include "internal.h"
#include "json_writer.h"

/* A condition on a claim that is not met takes nothing from the claim. */
static const char *answer_word(const struct scene_verdict *verdict, enum scene_answer answer)
{
	switch (answer) {
	case SCENE_YES:
		return "holds";
	case SCENE_NO:
		return verdict->limits ? "does not apply" : "contradicted";
	default:
		return "cannot be decided here";
	}
}

static struct buf *out_of(struct lesson *lesson)
{
	return lesson->host->text;
}

static bool is_json(const struct lesson *lesson)
{
	return lesson->options.form == LESSON_JSON;
}

/* The text without its marks. */
static void add_unmarked(struct buf *out, const struct buf *text)
{
	static const char marks[] = { CAPTION_MARK, CAPTION_UNMARK, 0 };
	for (const char *at = text->text ? text->text : ""; *at;) {
		size_t n = strcspn(at, marks);
		buf_add(out, at, n);
		at += n + (at[n] != 0);
	}
}

static const char *text_of(const struct buf *buf)
{
	return buf->len ? buf->text : "";
}

/* --- a JSON object, written piece by piece --- */

static struct json json_at(struct lesson *lesson, const char *separator)
{
	return (struct json) { .out = out_of(lesson), .separator = separator };
}

static void json_element(struct json *json, const struct buf *text)
{
	struct buf plain = { 0 };
	add_unmarked(&plain, text);
	json_put_text(json, NULL, text_of(&plain));
	buf_finish(&plain);
}

static void json_texts(struct json *json, const char *name, const struct run_texts *texts)
{
	json_open(json, name, "[");
	for (unsigned i = 0; i < texts->n; i++)
		json_element(json, &texts->at[i]);
	json_close(json, "]");
}

static void json_optional(struct json *json, const char *name, const char *text)
{
	if (text)
		json_put_text(json, name, text);
}

/* --- a scene --- */

static void plain_texts(struct buf *out, const struct run_texts *texts)
{
	for (unsigned i = 0; i < texts->n; i++) {
		const bool sides = texts->at[i].text && strstr(texts->at[i].text, " | ");
		buf_adds(out, "    ");
		add_unmarked(out, &texts->at[i]);
		buf_adds(out, sides ? " (processes | threads)\n" : "\n");
	}
}

static void json_scene(struct lesson *lesson)
{
	const struct scene *scene = lesson_current(lesson);
	struct json json = json_at(lesson, "");
	json_open(&json, NULL, "{");
	json_put_integer(&json, "v", 1);
	json_put_text(&json, "scene", scene->name);
	json_put_integer(&json, "number", scene->number);
	json_put_text(&json, "title", scene->title);
	json_put_text(&json, "question", scene->question);
	json_texts(&json, "before", &lesson->run.before_texts);
	json_open(&json, "actions", "[");
}

void lesson_text_scene(struct lesson *lesson)
{
	const struct scene *scene = lesson_current(lesson);
	struct buf *out = out_of(lesson);
	if (is_json(lesson)) {
		json_scene(lesson);
		return;
	}
	if (!lesson->at)
		buf_adds(out, "No prediction: nobody is asked without a screen.\n\n");
	buf_addf(out, "S%d %s\n%s\n", scene->number, scene->title, scene->question);
	buf_adds(out, "  before\n");
	plain_texts(out, &lesson->run.before_texts);
}

static void add_verdict(struct lesson *lesson, struct json *json, unsigned i)
{
	struct scene_run *run = &lesson->run;
	const struct scene_facts facts = scene_run_facts(run);
	const struct scene_verdict *verdict = &run->scene->verdicts[i];
	struct buf text = { 0 };
	enum scene_answer answer = verdict_render(&text, verdict, &run->polls.at[i], &facts);
	const char *word = answer_word(verdict, answer);
	if (json) {
		json_open(json, NULL, "{");
		json_put_integer(json, "claim", verdict->claim);
		json_optional(json, "part", verdict->part);
		json_put_text(json, "answer", word);
		json_put_bool(json, "limits", verdict->limits);
		json_put_text(json, "text", text_of(&text));
		json_close(json, "}");
	} else {
		buf_addf(out_of(lesson), "  claim %d %s%s: %s\n", verdict->claim, word,
			verdict->limits && answer == SCENE_YES ? " on a condition" : "",
			text_of(&text));
	}
	buf_finish(&text);
}

static void add_verdicts(struct lesson *lesson, struct json *json)
{
	const struct scene_run *run = &lesson->run;
	for (unsigned i = 0; i < run->scene->verdicts_n; i++)
		if (scene_action(run->scene, run->scene->verdicts[i].action) == run->action)
			add_verdict(lesson, json, i);
}

/* "m9", what people say, and whether it is so here. */
static void add_kills(struct lesson *lesson, struct json *json)
{
	const struct scene_facts facts = scene_run_facts(&lesson->run);
	unsigned n;
	const struct scene_kill *kills = scene_kills(lesson->run.scene, lesson->run.action, &n);
	if (json)
		json_open(json, "kills", "[");
	for (unsigned i = 0; i < n; i++) {
		const char *wrong = kills[i].wrong, *text = scene_kill_text(wrong);
		bool named = text != wrong;
		char reason[128];
		const char *answer = scene_run_kill(&lesson->run, i, reason, sizeof(reason));
		if (json) {
			json_open(json, NULL, "{");
			json_optional(json, "name", named ? wrong : NULL);
			json_put_text(json, "text", text);
			json_put_text(json, "answer", answer);
			json_optional(json, "reason", *reason ? reason : NULL);
			json_close(json, "}");
		} else {
			const bool so = strcmp(answer, SCENE_RUN_NOT_SO) != 0;
			buf_addf(out_of(lesson), "  %s: \"%s\"%s%s\n", answer, text,
				*reason ? ": " : "", reason);
			struct buf right = { 0 };
			scene_kill_right(&right, &kills[i], &facts);
			if (!so && right.len)
				buf_addf(out_of(lesson), "  but: %s\n", right.text);
			buf_finish(&right);
		}
	}
	if (json)
		json_close(json, "]");
}

/* What is asked where there is a screen, and what this machine answers. */
static void json_asked(struct lesson *lesson, struct json *json)
{
	const struct asking *asking = &lesson->asking;
	const struct scene_question *question = asking->question;
	if (!question)
		return;
	json_open(json, "asked", "{");
	json_put_integer(json, "id", question->id);
	json_put_text(json, "question", question->question);
	json_optional(
		json, "answer", asking->truth >= 0 ? question->options[asking->truth].text : NULL);
	json_optional(json, "reason", asking->truth >= 0 ? NULL : asking->why);
	json_close(json, "}");
}

static void json_action(struct lesson *lesson)
{
	const struct scene_run *run = &lesson->run;
	struct json json = json_at(lesson, lesson->told ? "," : "");
	json_open(&json, NULL, "{");
	json_put_text(&json, "key", run->action->key);
	json_put_text(&json, "label", run->action->label);
	json_put_bool(&json, "arrived", !run->timed_out);
	if (*run->trouble)
		json_put_text(&json, "trouble", run->trouble);
	json_put_integer(&json, "caption_ms", (run->arrived - run->pressed) / NSEC_PER_MSEC);
	json_texts(&json, "after", &run->after_texts);
	if (run->big.len) {
		json_open(&json, "big", "{");
		json_put_text(&json, "value", text_of(&run->big));
		json_put_text(&json, "label", text_of(&run->big_label));
		json_close(&json, "}");
	}
	json_put_text(&json, "punch", text_of(&run->punch));
	json_asked(lesson, &json);
	json_open(&json, "verdicts", "[");
	add_verdicts(lesson, &json);
	json_close(&json, "]");
	add_kills(lesson, &json);
	json_close(&json, "}");
}

void lesson_text_action(struct lesson *lesson)
{
	const struct scene_run *run = &lesson->run;
	struct buf *out = out_of(lesson);
	if (is_json(lesson)) {
		json_action(lesson);
		return;
	}
	buf_addf(out, "  %s: %s\n", run->action->key, run->action->label);
	plain_texts(out, &run->after_texts);
	if (*run->trouble)
		buf_addf(out, "    %s\n", run->trouble);
	else if (run->timed_out)
		buf_adds(out, "    (what was waited for did not come within its time)\n");
	if (run->big.len)
		buf_addf(out, "    [%s] %s\n", text_of(&run->big), text_of(&run->big_label));
	if (run->punch.len)
		buf_addf(out, "  > %s\n", text_of(&run->punch));
	add_verdicts(lesson, NULL);
	add_kills(lesson, NULL);
}

void lesson_text_scene_end(struct lesson *lesson)
{
	const struct scene *scene = lesson_current(lesson);
	const struct scene_run *run = &lesson->run;
	struct buf *out = out_of(lesson);
	if (is_json(lesson)) {
		struct json json = json_at(lesson, "");
		json_close(&json, "]");
		if (run->phase == LESSON_FAILED)
			json_put_text(&json, "trouble", run->trouble);
		json_optional(&json, "nuance", scene->nuance);
		json_optional(&json, "evidence", scene->evidence);
		json_close(&json, "}");
		buf_adds(out, "\n");
		return;
	}
	if (run->phase == LESSON_FAILED)
		buf_addf(out, "  not played: %s\n", run->trouble);
	if (scene->nuance)
		buf_addf(out, "  but: %s\n", scene->nuance);
	if (scene->evidence)
		buf_addf(out, "  seen in: %s\n", scene->evidence);
	buf_adds(out, "\n");
}

/* --- the card of claims --- */

static void plain_claim(struct lesson *lesson, int claim)
{
	struct buf *out = out_of(lesson);
	struct card_part parts[CLAIM_PARTS_MAX];
	unsigned n = card_parts(&lesson->card, claim, parts);
	buf_addf(out, "  %d %-22s %s\n", claim, verdict_name(card_claim(&lesson->card, claim)),
		scene_claim(claim));
	for (unsigned i = 0; i < n; i++)
		buf_addf(out, "    %s, %s (%s)%s%s\n", parts[i].part->name,
			part_state_name(parts[i].state), parts[i].part->scene,
			parts[i].entry ? ": " : "", parts[i].entry ? parts[i].entry->text : "");
}

static void json_part(struct json *json, const struct card_part *part)
{
	const struct card_entry *entry = part->entry;
	json_open(json, NULL, "{");
	json_put_text(json, "part", part->part->name);
	json_put_text(json, "state", part_state_name(part->state));
	json_put_text(json, "scene", part->part->scene);
	json_optional(json, "number", entry && entry->number[0] ? entry->number : NULL);
	json_optional(json, "text", entry ? entry->text : NULL);
	json_close(json, "}");
}

/* scene and text are of the part that is told first. */
static void json_claim(struct lesson *lesson, struct json *json, int claim)
{
	struct card_part parts[CLAIM_PARTS_MAX];
	unsigned n = card_parts(&lesson->card, claim, parts);
	const struct card_part *first = &parts[0];
	for (unsigned i = 1; i < n; i++)
		if (parts[i].state < first->state)
			first = &parts[i];
	json_open(json, NULL, "{");
	json_put_integer(json, "claim", claim);
	json_put_text(json, "verdict", verdict_name(card_claim(&lesson->card, claim)));
	json_put_text(json, "sentence", scene_claim(claim));
	json_optional(json, "scene", first->entry ? first->entry->scene : NULL);
	json_optional(json, "text", first->entry ? first->entry->text : NULL);
	json_open(json, "parts", "[");
	for (unsigned i = 0; i < n; i++)
		json_part(json, &parts[i]);
	json_close(json, "]");
	json_close(json, "}");
}

void lesson_text_card(struct lesson *lesson)
{
	struct buf *out = out_of(lesson);
	struct json json = json_at(lesson, "");
	if (is_json(lesson)) {
		json_open(&json, NULL, "{");
		json_put_integer(&json, "v", 1);
		quiz_machine_put(&json, "machine", lesson->host->machine);
		json_open(&json, "card", "[");
	} else {
		buf_adds(out, "The nine claims, on this machine\n");
	}
	int claims[CLAIMS];
	card_order(&lesson->card, claims);
	for (int i = 0; i < CLAIMS; i++)
		if (is_json(lesson))
			json_claim(lesson, &json, i + 1);
		else
			plain_claim(lesson, claims[i]);
	if (is_json(lesson)) {
		json_close(&json, "]");
		json_close(&json, "}");
		buf_adds(out, "\n");
	}
}

/* --- the quiz: what this machine answers --- */

void lesson_text_question(struct lesson *lesson)
{
	const struct quiz_card *card = quiz_card(lesson->quiz);
	const struct scene_question *question = card->question;
	const struct scene_facts facts = scene_run_facts(&lesson->run);
	struct buf *out = out_of(lesson);
	struct buf explain = { 0 };
	if (is_json(lesson))
		return; /* quiz_json has all of them, at the end */
	buf_addf(out, "%d (S%d, level %d) %s\n", question->id, card->scene->number, question->level,
		question->question);
	for (unsigned i = 0; i < question->options_n; i++)
		buf_addf(out, "  %c %s\n", (int)i == lesson->asking.truth ? '*' : ' ',
			question->options[i].text);
	if (lesson->asking.truth < 0)
		buf_addf(out, "  cannot be decided here: %s\n", lesson->asking.why);
	scene_render(&explain, &question->explain, &facts, NULL, 0);
	if (explain.len)
		buf_addf(out, "  seen: %s\n", explain.text);
	if (question->interview)
		buf_addf(out, "  say: %s\n", question->interview);
	if (question->trap)
		buf_addf(out, "  then: %s\n", question->trap);
	buf_adds(out, "\n");
	buf_finish(&explain);
}

void lesson_text_score(struct lesson *lesson)
{
	if (!is_json(lesson))
		return;
	quiz_json(lesson->quiz, lesson->host->machine, &lesson->card, out_of(lesson));
	buf_adds(out_of(lesson), "\n");
}
