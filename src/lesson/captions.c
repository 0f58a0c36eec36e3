/* SPDX-License-Identifier: MIT
 * Writes what stands in the scene pane at each moment: the words of the scene, in the order in which a lecture tells them.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define FLASH (1500 * NSEC_PER_MSEC) /* how long what changed stands out */

static void put_claims(char *out, size_t size, const int *claims, unsigned n)
{
	size_t len = strlen(out);
	const char *before = n > 1 ? " · claims " : " · claim ";
	for (unsigned i = 0; i < n && len < size; i++) {
		snprintf(out + len, size - len, "%s%d", before, claims[i]);
		len = strlen(out);
		before = ", ";
	}
}

static void put_texts(
	struct caption *caption, enum caption_part part, const struct run_texts *texts)
{
	for (unsigned i = 0; i < texts->n; i++)
		caption_add(caption, part, CAPTION_PLAIN, "", texts->at[i].text);
}

/* --- what a played scene says --- */

static const char *waits_for(enum lesson_phase phase)
{
	switch (phase) {
	case LESSON_STARTING:
		return "the crews start";
	case LESSON_SETTLING:
		return "measuring";
	case LESSON_ACTING:
		return "it is being done";
	case LESSON_EFFECT:
		return "waiting for the effect";
	case LESSON_LOOKING:
		return "looking again";
	default:
		return "";
	}
}

/* Where AFTER will stand, so that nothing moves when it comes. */
static void put_under_way(struct caption *caption, const struct scene_run *run)
{
	const struct scene_action *action = run->action ? run->action : run->next;
	if (!action || run->phase == LESSON_FAILED)
		return;
	snprintf(caption->after, sizeof(caption->after), "now: %s", action->label);
	caption_add(caption, CAPTION_AFTER, CAPTION_PLAIN, "",
		run->action ? "..." : "First the crews start again, clean.");
}

static void put_before_and_after(struct caption *caption, const struct scene_run *run, nsec now)
{
	put_texts(caption, CAPTION_BEFORE, &run->before_texts);
	if (!run->action || !run->arrived) {
		put_under_way(caption, run);
		return;
	}
	snprintf(caption->after, sizeof(caption->after), "after: %s", run->action->label);
	put_texts(caption, CAPTION_AFTER, &run->after_texts);
	if (*run->trouble)
		caption_add(caption, CAPTION_AFTER, CAPTION_UNSURE, "", run->trouble);
	else if (run->timed_out)
		caption_add(caption, CAPTION_AFTER, CAPTION_UNSURE, "",
			"What was waited for did not come within its time.");
	caption->flash = now - run->arrived < FLASH;
	if (!run->big.len || run->big.len >= sizeof(caption->big))
		return;
	snprintf(caption->big, sizeof(caption->big), "%s", run->big.text);
	safe_text(caption->big_label, sizeof(caption->big_label), run->big_label.text,
		run->big_label.len);
}

/* Of a verdict that decides, and of one that limits: a condition that is not met takes nothing from the claim. */
static const struct word {
	const char *text;
	enum caption_tone tone;
} words[2][3] = {
	{ [SCENE_NO] = { "contradicted", CAPTION_BAD },
		[SCENE_YES] = { "holds", CAPTION_GOOD },
		[SCENE_UNDECIDED] = { "undecided", CAPTION_UNSURE } },
	{ [SCENE_NO] = { "no condition", CAPTION_PLAIN },
		[SCENE_YES] = { "on a condition", CAPTION_UNSURE },
		[SCENE_UNDECIDED] = { "undecided", CAPTION_UNSURE } },
};

/* Why a claim cannot be decided is why its condition cannot, mostly: said once. */
static bool was_said(const struct card *card, const struct card_entry *entry)
{
	const struct card_entry *before;
	vec_each (before, &card->entries)
		if (before < entry && before->claim == entry->claim &&
			strcmp(before->scene, entry->scene) == 0 && entry->limits &&
			entry->answer == SCENE_UNDECIDED && before->answer == SCENE_UNDECIDED)
			return true;
	return false;
}

/* As they were taken down: the crews go on, and what was judged stays. */
static void put_verdicts(struct caption *caption, const struct scene_run *run)
{
	const struct card_entry *entry;
	vec_each (entry, &run->card->entries) {
		char sign[24];
		if (strcmp(entry->scene, run->scene->name) != 0 ||
			scene_action(run->scene, run->scene->verdicts[entry->place].action) !=
				run->action ||
			was_said(run->card, entry))
			continue;
		const struct word *word = &words[entry->limits][entry->answer];
		snprintf(sign, sizeof(sign), "claim %d", entry->claim);
		char *line = xasprintf("%s: %s", word->text, entry->text);
		caption_add(caption, CAPTION_VERDICT, word->tone, sign, line);
		free(line);
	}
}

/* What people say, and whether it is so here. */
static void put_kills(struct caption *caption, const struct scene_run *run)
{
	unsigned n;
	const struct scene_kill *kills = scene_kills(run->scene, run->action, &n);
	for (unsigned i = 0; i < n; i++) {
		char reason[128], sign[16];
		snprintf(sign, sizeof(sign), "%s:", scene_run_kill(run, i, reason, sizeof(reason)));
		char *line = xasprintf(
			"\"%s\"%s%s", scene_kill_text(kills[i].wrong), *reason ? "  " : "", reason);
		caption_add(caption, CAPTION_KILLS, CAPTION_PLAIN, sign, line);
		free(line);
	}
}

static void put_meaning(struct caption *caption, const struct scene_run *run)
{
	const struct scene *scene = run->scene;
	if (run->punch.len)
		caption_add(caption, CAPTION_PUNCH, CAPTION_PLAIN, "", run->punch.text);
	if (run->phase == LESSON_DONE) {
		put_verdicts(caption, run);
		put_kills(caption, run);
	}
	if (scene->nuance)
		caption_add(caption, CAPTION_NUANCE, CAPTION_PLAIN, "", scene->nuance);
}

static void put_evidence(struct caption *caption, const struct scene *scene)
{
	if (scene->evidence)
		caption_add(caption, CAPTION_EVIDENCE, CAPTION_PLAIN, "", scene->evidence);
	if (scene->privilege)
		caption_add(caption, CAPTION_PRIVILEGE, CAPTION_PLAIN, "", scene->privilege);
}

/* --- the tour --- */

/* Before an action what to say and what to press, after it where to look: one thing at a time. */
static void put_speaker(struct lesson *lesson)
{
	const struct scene_tour *line = lesson_current(lesson)->tour;
	const struct scene_run *run = &lesson->run;
	const struct scene_action *next = lesson_next_action(lesson);
	if (!line || lesson->quiet || !line->say)
		return;
	if (run->action) {
		if (line->look)
			caption_add(&lesson->caption, CAPTION_SAY, CAPTION_PLAIN,
				"look at:", line->look);
		return;
	}
	char *text = xasprintf(
		"\"%s\"%s%s", line->say, next ? "  press Space or " : "", next ? next->key : "");
	caption_add(&lesson->caption, CAPTION_SAY, CAPTION_PLAIN, "say:", text);
	free(text);
}

static void put_keys(struct lesson *lesson)
{
	const struct scene *scene = lesson_current(lesson);
	const struct scene_action *next = lesson_next_action(lesson);
	struct caption *caption = &lesson->caption;
	if (next)
		caption_key(caption, KEYCODE_SPACE, false, next->label);
	caption_key(caption, 'n', false, "next");
	caption_key(caption, 'p', false, "back");
	caption_key(caption, 'r', false, "again");
	caption_key(caption, 'q', false, "quit");
	if (scene->tour)
		caption_key(caption, ':', false, lesson->quiet ? "speaker" : "no speaker");
	for (unsigned i = 0; i < scene->actions_n; i++)
		if (&scene->actions[i] != next)
			caption_key(caption, scene->actions[i].key[0], lesson->run.done & 1u << i,
				scene->actions[i].label);
}

/* Where AFTER will stand: what to do, and to think first. */
static void put_prompt(struct lesson *lesson)
{
	const struct scene_run *run = &lesson->run;
	const struct scene_action *next = lesson_next_action(lesson);
	struct caption *caption = &lesson->caption;
	if (run->phase != LESSON_READY || !next)
		return;
	snprintf(caption->after, sizeof(caption->after), "what do you expect?");
	char *line = xasprintf("Space: %s.", next->label);
	caption_add(caption, CAPTION_AFTER, CAPTION_PLAIN, "", line);
	free(line);
}

static void put_scene(struct lesson *lesson)
{
	const struct scene *scene = lesson_current(lesson);
	const struct scene_run *run = &lesson->run;
	struct caption *caption = &lesson->caption;
	snprintf(caption->title, sizeof(caption->title), "%zu of %zu · S%d %s", lesson->at + 1,
		lesson->list.n, scene->number, scene->title);
	put_claims(caption->title, sizeof(caption->title), scene->claims, scene->claims_n);
	snprintf(caption->state, sizeof(caption->state), "%s", waits_for(lesson_phase(lesson)));
	caption_add(caption, CAPTION_QUESTION, CAPTION_PLAIN, "", scene->question);
	put_speaker(lesson);
	if (run->phase == LESSON_FAILED)
		caption_add(caption, CAPTION_AFTER, CAPTION_BAD, "", run->trouble);
	put_before_and_after(caption, run, lesson_now(lesson));
	put_prompt(lesson);
	if (run->action && run->arrived)
		put_meaning(caption, run);
	put_evidence(caption, scene);
	put_keys(lesson);
}

static const struct word verdict_words[VERDICTS] = {
	[VERDICT_NOT_RUN] = { "not run", CAPTION_PLAIN },
	[VERDICT_UNDECIDED] = { "undecided", CAPTION_UNSURE },
	[VERDICT_TRUE] = { "true", CAPTION_GOOD },
	[VERDICT_CONDITION] = { "on a condition", CAPTION_UNSURE },
	[VERDICT_CONTRADICTED] = { "contradicted", CAPTION_BAD },
	[VERDICT_PART] = { "part shown", CAPTION_UNSURE },
};

/* Claims of which nothing ran, in one line. */
static void put_rest(struct caption *caption, const int *claims, int n)
{
	char text[120] = "";
	for (int i = 0; i < n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%d", i ? ", " : "",
			claims[i]);
	if (n)
		caption_add(caption, CAPTION_ROW, CAPTION_PLAIN, "not run", text);
}

/* Two lines a claim: what everyone says, and what was measured of it, part by part. */
static void put_card(struct lesson *lesson)
{
	struct caption *caption = &lesson->caption;
	snprintf(caption->title, sizeof(caption->title), "The nine claims, on this machine");
	caption_add(caption, CAPTION_QUESTION, CAPTION_PLAIN, "",
		"What everyone says of processes and threads, and what was seen here:");
	int claims[CLAIMS], n = card_order(&lesson->card, claims);
	for (int i = 0; i < n; i++) {
		const struct word *word = &verdict_words[card_claim(&lesson->card, claims[i])];
		struct buf text = { 0 };
		char sign[32];
		snprintf(sign, sizeof(sign), "%d %s", claims[i], word->text);
		caption_add(caption, CAPTION_ROW, word->tone, sign, scene_claim(claims[i]));
		card_claim_text(&lesson->card, claims[i], &text);
		caption_add(caption, CAPTION_ROW, CAPTION_PLAIN, "", text.text);
		buf_finish(&text);
	}
	put_rest(caption, claims + n, CLAIMS - n);
	caption_key(caption, 'p', false, "back");
	caption_key(caption, 'n', false, "end");
	caption_key(caption, 'q', false, "quit");
}

void captions_tour(struct lesson *lesson)
{
	caption_clear(&lesson->caption);
	if (lesson_current(lesson))
		put_scene(lesson);
	else
		put_card(lesson);
}

/* --- the quiz --- */

/* How an option stands: the right one, the one that was chosen, or neither. */
static struct word option_word(const struct lesson *lesson, int option)
{
	bool seen = lesson->asking == SEEING;
	if (seen && option == lesson->truth)
		return (struct word) { " ✓", CAPTION_GOOD };
	if (lesson->asking == ASKING || option != lesson->choice)
		return (struct word) { "", CAPTION_PLAIN };
	if (seen && lesson->truth >= 0)
		return (struct word) { " ✗", CAPTION_BAD };
	return (struct word) { " ?", CAPTION_UNSURE };
}

static void put_options(struct lesson *lesson, const struct quiz_card *card)
{
	for (unsigned i = 0; i < card->question->options_n && i < SCENE_OPTIONS_MAX; i++) {
		int option = card->order[i];
		const struct word word = option_word(lesson, option);
		char sign[8];
		snprintf(sign, sizeof(sign), "%u%s", i + 1, word.text);
		caption_add(&lesson->caption, CAPTION_OPTION, word.tone, sign,
			card->question->options[option].text);
	}
}

static void put_prediction(struct lesson *lesson)
{
	enum caption_tone tone = lesson->choice == lesson->truth ? CAPTION_GOOD : CAPTION_BAD;
	char text[256];
	if (lesson->truth < 0) {
		tone = CAPTION_UNSURE;
		snprintf(text, sizeof(text), "cannot be decided here, so it is not scored: %s",
			lesson->why);
	} else if (lesson->choice < 0)
		snprintf(text, sizeof(text), "none was made");
	else
		snprintf(text, sizeof(text), "%s",
			lesson->choice == lesson->truth ? "right" : "not what this machine did");
	caption_add(&lesson->caption, CAPTION_VERDICT, tone, "your prediction:", text);
}

/* Why what was chosen is wrong. */
static void put_feedback(struct lesson *lesson, const struct scene_question *question)
{
	bool wrong = lesson->choice >= 0 && lesson->truth >= 0 && lesson->choice != lesson->truth;
	const char *feedback = wrong ? question->options[lesson->choice].feedback : NULL;
	if (feedback)
		caption_add(&lesson->caption, CAPTION_EXPLAIN, CAPTION_PLAIN, "but:", feedback);
}

static void put_explanation(struct lesson *lesson, const struct scene_question *question)
{
	const struct scene_facts facts = scene_run_facts(&lesson->run);
	struct buf text = { 0 };
	put_prediction(lesson);
	put_feedback(lesson, question);
	scene_render(&text, &question->explain, &facts, NULL, 0);
	if (text.len)
		caption_add(&lesson->caption, CAPTION_EXPLAIN, CAPTION_PLAIN, "seen:", text.text);
	if (question->interview)
		caption_add(&lesson->caption, CAPTION_EXPLAIN, CAPTION_PLAIN,
			"say:", question->interview);
	if (question->trap)
		caption_add(
			&lesson->caption, CAPTION_EXPLAIN, CAPTION_PLAIN, "then:", question->trap);
	if (question->source)
		caption_add(
			&lesson->caption, CAPTION_EVIDENCE, CAPTION_PLAIN, "", question->source);
	buf_finish(&text);
}

static void put_quiz_keys(struct lesson *lesson, const struct quiz_card *card)
{
	struct caption *caption = &lesson->caption;
	if (lesson->asking == ASKING) {
		for (unsigned i = 0; i < card->question->options_n && i < 5; i++)
			caption_key(caption, '1' + (int)i, false, "");
		caption_key(caption, 'n', false, "skip");
		caption_key(caption, '?', lesson->hint, "hint");
	} else if (lesson->asking == SEEING) {
		caption_key(caption, 'n', false, "next question");
	}
	caption_key(caption, 'q', false, "quit");
}

static void put_time(struct lesson *lesson)
{
	int limit = lesson->options.timer;
	int64_t passed = (lesson_now(lesson) - lesson->asked) / NSEC_PER_SEC;
	if (lesson->asking == ASKING && limit)
		snprintf(lesson->caption.state, sizeof(lesson->caption.state), "%lld s left",
			(long long)MAX(limit - passed, 0));
	else if (lesson->asking == RUNNING)
		snprintf(lesson->caption.state, sizeof(lesson->caption.state), "%s",
			waits_for(lesson_phase(lesson)));
}

static void put_question(struct lesson *lesson, const struct quiz_card *card)
{
	struct caption *caption = &lesson->caption;
	snprintf(caption->title, sizeof(caption->title), "Question %d of %d%s · level %d",
		card->number, card->of, card->again ? ", asked again" : "", card->question->level);
	put_claims(caption->title, sizeof(caption->title), card->question->claims,
		card->question->claims_n);
	put_time(lesson);
	caption_add(caption, CAPTION_QUESTION, CAPTION_PLAIN, "", card->question->question);
	if (lesson->hint && lesson->asking == ASKING && card->question->source)
		caption_add(
			caption, CAPTION_NUANCE, CAPTION_PLAIN, "hint:", card->question->source);
	put_options(lesson, card);
	if (lesson->asking == SEEING) {
		caption->told = true;
		put_before_and_after(caption, &lesson->run, lesson_now(lesson));
		put_explanation(lesson, card->question);
	}
	put_quiz_keys(lesson, card);
}

static void put_score_row(struct lesson *lesson, int claim)
{
	const struct quiz_score score = quiz_score(lesson->quiz, claim);
	enum caption_tone tone = score.wrong > score.right ? CAPTION_BAD : CAPTION_GOOD;
	int scored = score.right + score.wrong;
	char sign[24];
	if (claim && !scored && !score.undecided && !score.skipped)
		return;
	snprintf(sign, sizeof(sign), "%d of %d right", score.right, scored);
	char *line =
		claim ? xasprintf("%d %s", claim, scene_claim(claim)) : xstrdup("all questions");
	caption_add(&lesson->caption, CAPTION_ROW, scored ? tone : CAPTION_UNSURE, sign, line);
	free(line);
}

static void put_score(struct lesson *lesson)
{
	const struct quiz_score all = quiz_score(lesson->quiz, 0);
	struct caption *caption = &lesson->caption;
	int weakest = quiz_weakest(lesson->quiz);
	snprintf(caption->title, sizeof(caption->title), "Your score");
	snprintf(caption->big, sizeof(caption->big), "%d/%d", all.right, all.right + all.wrong);
	snprintf(caption->big_label, sizeof(caption->big_label),
		"right; %d could not be decided here, %d skipped", all.undecided, all.skipped);
	for (int claim = 0; claim <= CLAIMS; claim++)
		put_score_row(lesson, claim);
	if (weakest) {
		char *line = xasprintf(
			"look again at claim %d: taskscope quiz --claim %d", weakest, weakest);
		caption_add(caption, CAPTION_EXPLAIN, CAPTION_PLAIN, "next:", line);
		free(line);
	}
	caption_key(caption, 'n', false, "end");
	caption_key(caption, 'q', false, "quit");
}

void captions_quiz(struct lesson *lesson)
{
	const struct quiz_card *card = quiz_card(lesson->quiz);
	caption_clear(&lesson->caption);
	if (card)
		put_question(lesson, card);
	else
		put_score(lesson);
}
