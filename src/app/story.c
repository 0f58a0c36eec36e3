/* SPDX-License-Identifier: MIT
 * Knows how a scene reads without a screen: before, action, after, verdict, as text for a note and as one JSON object for
 * a script.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "json.h"
#include "tour.h"

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

static struct buf *out_of(struct tour *tour)
{
	return &tour->app->out.buf;
}

static bool is_json(const struct tour *tour)
{
	return tour->app->cli->json;
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

static struct json json_at(struct tour *tour, const char *separator)
{
	return (struct json) { .out = out_of(tour), .separator = separator };
}

static void json_element(struct json *json, const struct buf *text)
{
	struct buf plain = { 0 };
	add_unmarked(&plain, text);
	buf_adds(json->out, json->separator);
	json_put_text(json->out, text_of(&plain), plain.len);
	json->separator = ",";
	buf_finish(&plain);
}

static void json_texts(struct json *json, const char *name, const struct play_texts *texts)
{
	json_open(json, name, "[");
	for (unsigned i = 0; i < texts->n; i++)
		json_element(json, &texts->at[i]);
	json_close(json, "]");
}

static void json_optional(struct json *json, const char *name, const char *text)
{
	if (text)
		json_text(json, name, text);
}

/* --- a scene --- */

static void plain_texts(struct buf *out, const struct play_texts *texts)
{
	for (unsigned i = 0; i < texts->n; i++) {
		buf_adds(out, "    ");
		add_unmarked(out, &texts->at[i]);
		buf_adds(out, "\n");
	}
}

static void json_scene(struct tour *tour)
{
	const struct scene *scene = tour_scene(tour);
	struct json json = json_at(tour, "");
	json_open(&json, NULL, "{");
	json_integer(&json, "v", 1);
	json_text(&json, "scene", scene->name);
	json_integer(&json, "number", scene->number);
	json_text(&json, "title", scene->title);
	json_text(&json, "question", scene->question);
	json_texts(&json, "before", &tour->play.before_texts);
	json_open(&json, "actions", "[");
}

void story_scene(struct tour *tour)
{
	const struct scene *scene = tour_scene(tour);
	struct buf *out = out_of(tour);
	if (is_json(tour)) {
		json_scene(tour);
		return;
	}
	buf_addf(out, "S%d %s\n%s\n", scene->number, scene->title, scene->question);
	buf_adds(out, "  before\n");
	plain_texts(out, &tour->play.before_texts);
}

static void add_verdict(struct tour *tour, struct json *json, unsigned i)
{
	const struct play *play = &tour->play;
	const struct scene_facts facts = play_facts(play);
	const struct scene_verdict *verdict = &play->scene->verdicts[i];
	struct buf text = { 0 };
	enum scene_answer answer = verdict_render(&text, verdict, &play->polls.at[i], &facts);
	const char *word = answer_word(verdict, answer);
	if (json) {
		json_open(json, NULL, "{");
		json_integer(json, "claim", verdict->claim);
		json_text(json, "answer", word);
		json_bool(json, "limits", verdict->limits);
		json_text(json, "text", text_of(&text));
		json_close(json, "}");
	} else {
		buf_addf(out_of(tour), "  claim %d %s%s: %s\n", verdict->claim, word,
			verdict->limits && answer == SCENE_YES ? " on a condition" : "",
			text_of(&text));
	}
	buf_finish(&text);
}

static void add_verdicts(struct tour *tour, struct json *json)
{
	const struct play *play = &tour->play;
	for (unsigned i = 0; i < play->scene->verdicts_n; i++)
		if (scene_action(play->scene, play->scene->verdicts[i].action) == play->action)
			add_verdict(tour, json, i);
}

/* "m9", what people say, and whether it is so here. */
static void add_kills(struct tour *tour, struct json *json)
{
	unsigned n;
	const struct scene_kill *kills = scene_kills(tour->play.scene, tour->play.action, &n);
	if (json)
		json_open(json, "kills", "[");
	for (unsigned i = 0; i < n; i++) {
		const char *wrong = kills[i].wrong, *text = scene_kill_text(wrong);
		bool named = text != wrong;
		char reason[128];
		const char *answer = play_kill(&tour->play, i, reason, sizeof(reason));
		if (json) {
			json_open(json, NULL, "{");
			json_optional(json, "name", named ? wrong : NULL);
			json_text(json, "text", text);
			json_text(json, "answer", answer);
			json_optional(json, "reason", *reason ? reason : NULL);
			json_close(json, "}");
		} else {
			buf_addf(out_of(tour), "  %s: \"%s\"%s%s%s%s%s\n", answer, text,
				named ? " (" : "", named ? wrong : "", named ? ")" : "",
				*reason ? ": " : "", reason);
		}
	}
	if (json)
		json_close(json, "]");
}

static void json_action(struct tour *tour)
{
	const struct play *play = &tour->play;
	struct json json = json_at(tour, tour->told ? "," : "");
	json_open(&json, NULL, "{");
	json_text(&json, "key", play->action->key);
	json_text(&json, "label", play->action->label);
	json_bool(&json, "arrived", !play->timed_out);
	if (*play->trouble)
		json_text(&json, "trouble", play->trouble);
	json_integer(&json, "caption_ms", (play->arrived - play->pressed) / NSEC_PER_MSEC);
	json_texts(&json, "after", &play->after_texts);
	if (play->big.len) {
		json_open(&json, "big", "{");
		json_text(&json, "value", text_of(&play->big));
		json_text(&json, "label", text_of(&play->big_label));
		json_close(&json, "}");
	}
	json_text(&json, "punch", text_of(&play->punch));
	json_open(&json, "verdicts", "[");
	add_verdicts(tour, &json);
	json_close(&json, "]");
	add_kills(tour, &json);
	json_close(&json, "}");
}

void story_action(struct tour *tour)
{
	const struct play *play = &tour->play;
	struct buf *out = out_of(tour);
	if (is_json(tour)) {
		json_action(tour);
		return;
	}
	buf_addf(out, "  %s: %s\n", play->action->key, play->action->label);
	plain_texts(out, &play->after_texts);
	if (*play->trouble)
		buf_addf(out, "    %s\n", play->trouble);
	else if (play->timed_out)
		buf_adds(out, "    (what was waited for did not come within its time)\n");
	if (play->big.len)
		buf_addf(out, "    [%s] %s\n", text_of(&play->big), text_of(&play->big_label));
	if (play->punch.len)
		buf_addf(out, "  > %s\n", text_of(&play->punch));
	add_verdicts(tour, NULL);
	add_kills(tour, NULL);
}

void story_scene_end(struct tour *tour)
{
	const struct scene *scene = tour_scene(tour);
	const struct play *play = &tour->play;
	struct buf *out = out_of(tour);
	if (is_json(tour)) {
		struct json json = json_at(tour, "");
		json_close(&json, "]");
		if (play->phase == PLAY_FAILED)
			json_text(&json, "trouble", play->trouble);
		json_optional(&json, "nuance", scene->nuance);
		json_optional(&json, "evidence", scene->evidence);
		json_close(&json, "}");
		buf_adds(out, "\n");
		return;
	}
	if (play->phase == PLAY_FAILED)
		buf_addf(out, "  not played: %s\n", play->trouble);
	if (scene->nuance)
		buf_addf(out, "  but: %s\n", scene->nuance);
	if (scene->evidence)
		buf_addf(out, "  seen in: %s\n", scene->evidence);
	buf_adds(out, "\n");
}

/* --- the card of claims --- */

void story_card(struct tour *tour)
{
	struct buf *out = out_of(tour);
	struct json json = json_at(tour, "");
	if (is_json(tour)) {
		json_open(&json, NULL, "{");
		json_integer(&json, "v", 1);
		json_open(&json, "card", "[");
	} else {
		buf_adds(out, "The nine claims, on this machine\n");
	}
	for (int claim = 1; claim <= CLAIMS; claim++) {
		const struct card_entry *entry = NULL;
		enum verdict verdict = card_claim(&tour->card, claim, &entry);
		if (!is_json(tour)) {
			buf_addf(out, "  %d %-22s %s\n", claim, verdict_name(verdict),
				scene_claim(claim));
			if (entry)
				buf_addf(out, "    %s: %s\n", entry->scene, entry->text);
			continue;
		}
		json_open(&json, NULL, "{");
		json_integer(&json, "claim", claim);
		json_text(&json, "verdict", verdict_name(verdict));
		json_text(&json, "sentence", scene_claim(claim));
		json_optional(&json, "scene", entry ? entry->scene : NULL);
		json_optional(&json, "text", entry ? entry->text : NULL);
		json_close(&json, "}");
	}
	if (is_json(tour)) {
		json_close(&json, "]");
		json_close(&json, "}");
		buf_adds(out, "\n");
	}
	output_flush(&tour->app->out);
}

/* --- the quiz: what this machine answers --- */

void story_question(struct tour *tour)
{
	const struct quiz_card *card = quiz_card(tour->quiz);
	const struct scene_question *question = card->question;
	const struct scene_facts facts = play_facts(&tour->play);
	struct buf *out = out_of(tour);
	struct buf explain = { 0 };
	if (is_json(tour))
		return; /* quiz_json has all of them, at the end */
	buf_addf(out, "%d (S%d, level %d) %s\n", question->id, card->scene->number, question->level,
		question->question);
	for (unsigned i = 0; i < question->options_n; i++)
		buf_addf(out, "  %c %s\n", (int)i == tour->truth ? '*' : ' ',
			question->options[i].text);
	if (tour->truth < 0)
		buf_addf(out, "  cannot be decided here: %s\n", tour->why);
	if (question->explain)
		scene_render(&explain, question->explain, &facts, NULL, 0);
	if (explain.len)
		buf_addf(out, "  seen: %s\n", explain.text);
	if (question->interview)
		buf_addf(out, "  say: %s\n", question->interview);
	if (question->trap)
		buf_addf(out, "  then: %s\n", question->trap);
	buf_adds(out, "\n");
	buf_finish(&explain);
}

void story_score(struct tour *tour)
{
	if (!is_json(tour))
		return;
	quiz_json(tour->quiz, out_of(tour));
	buf_adds(out_of(tour), "\n");
	output_flush(&tour->app->out);
}
