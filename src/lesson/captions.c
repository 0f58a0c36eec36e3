/* SPDX-License-Identifier: MIT
 * Writes what stands in the scene pane at each moment: the words of the scene, in the order in which a lecture tells them.
 */

#include "internal.h"

/* --- the tour --- */

static void put_evidence(struct caption *caption, const struct scene *scene)
{
	if (scene->evidence)
		caption_add(caption, CAPTION_EVIDENCE, CAPTION_PLAIN, "", scene->evidence);
	if (scene->privilege)
		caption_add(caption, CAPTION_PRIVILEGE, CAPTION_PLAIN, "", scene->privilege);
}

/* Where to look is said of the action that the tour does first. */
static bool is_first_pressed(const struct lesson *lesson)
{
	const struct scene *scene = lesson->run.scene;
	const char *key = scene->tour->press_n ? scene->tour->press[0] : NULL;
	return scene_action(scene, key) == lesson->run.action;
}

/* Before an action what to say, after it where to look: one thing at a time. */
static void put_speaker(struct lesson *lesson)
{
	const struct scene_tour *line = lesson_current(lesson)->tour;
	if (!line || lesson->quiet || !line->say)
		return;
	if (!lesson->run.action) {
		char *text = xasprintf("\"%s\"", line->say);
		caption_add(&lesson->caption, CAPTION_SAY, CAPTION_PLAIN, "say:", text);
		free(text);
	} else if (line->look && !asking_is_open(lesson) && is_first_pressed(lesson)) {
		caption_add(&lesson->caption, CAPTION_SAY, CAPTION_PLAIN, "look at:", line->look);
	}
}

static void put_keys(struct lesson *lesson)
{
	const struct scene_action *next = lesson_next_action(lesson);
	struct caption *caption = &lesson->caption;
	caption_asking_keys(lesson);
	if (!asking_is_open(lesson)) {
		if (next)
			caption_key(caption, KEYCODE_SPACE, false, "next step");
		caption_key(caption, 'n', false, "next scene");
	}
	caption_key(caption, KEYCODE_PAGE_UP, false, "back");
	caption_key(caption, 'r', false, "again");
	caption_key(caption, 'c', lesson->code, "code");
	caption_key(caption, 'g', false, "scenes");
	caption_key(caption, '.', false, "black");
}

/* All that the scene can do, with its digit: done, next, or not yet. */
static void put_actions(struct lesson *lesson)
{
	const struct scene *scene = lesson_current(lesson);
	const struct scene_action *next = lesson_next_action(lesson);
	for (unsigned i = 0; i < scene->actions_n && scene->actions_n > 1; i++) {
		const struct scene_action *action = &scene->actions[i];
		bool done = lesson->run.done & 1u << i;
		char sign[16];
		const char *state = action == next ? " ▸" : "";
		snprintf(sign, sizeof(sign), "%u%s", i + 1, done ? " ✓" : state);
		caption_add(&lesson->caption, CAPTION_ACTION, done ? CAPTION_GOOD : CAPTION_PLAIN,
			sign, action->label);
	}
}

/* Where AFTER will stand: what will be done, and to think first. */
static void put_prompt(struct lesson *lesson)
{
	bool open = asking_is_open(lesson);
	const struct scene_action *next = open ? lesson->asking.action : lesson_next_action(lesson);
	struct caption *caption = &lesson->caption;
	if (!next || scene_run_is_busy(&lesson->run))
		return;
	snprintf(caption->after, sizeof(caption->after), "what do you expect?");
	char *line = xasprintf("%s: %s.", open ? "Then" : "Space", next->label);
	caption_add(caption, CAPTION_AFTER, CAPTION_PLAIN, "", line);
	free(line);
}

/* What was, and what will be done; or what came of it. */
static void put_comparison(struct lesson *lesson)
{
	const struct scene_run *run = &lesson->run;
	struct caption *caption = &lesson->caption;
	if (run->phase == LESSON_FAILED) {
		caption_add(caption, CAPTION_AFTER, CAPTION_BAD, "", run->trouble);
	} else if (asking_is_open(lesson) || run->phase == LESSON_READY) {
		/* Where rows are few, the answers are what must be in sight. */
		caption->told = asking_is_open(lesson);
		caption_texts(caption, CAPTION_BEFORE, &run->before_texts);
		put_prompt(lesson);
	} else {
		caption_before_and_after(caption, run, lesson_now(lesson));
	}
}

static void put_step(const struct lesson *lesson, char *title, size_t size)
{
	const struct scene *scene = lesson->run.scene;
	size_t len = strlen(title);
	snprintf(title + len, size - len, " · step %d of %u",
		(int)(lesson->run.action - scene->actions) + 1, scene->actions_n);
}

/* Beside an action once it was done: before, the lines could tell what is to be predicted. */
static bool shows_code(const struct lesson *lesson)
{
	return lesson->run.action && lesson->run.arrived && !lesson->options.clean;
}

static void put_scene(struct lesson *lesson)
{
	const struct scene *scene = lesson_current(lesson);
	struct caption *caption = &lesson->caption;
	char place[32] = "";
	/* Where all scenes are played, their numbers tell the place. */
	if (lesson->list.n < lesson->options.scenes->list.n)
		snprintf(place, sizeof(place), "%zu of %zu · ", lesson->at + 1, lesson->list.n);
	/* Who sees a film has no use for numbers by which scenes are called. */
	if (lesson->options.clean)
		snprintf(caption->title, sizeof(caption->title), "%s%s", place, scene->title);
	else
		snprintf(caption->title, sizeof(caption->title), "%sS%d %s", place, scene->number,
			scene->title);
	if (scene->actions_n > 1 && lesson->run.action && !lesson->options.clean)
		put_step(lesson, caption->title, sizeof(caption->title));
	snprintf(caption->state, sizeof(caption->state), "%s", caption_wait(lesson_phase(lesson)));
	caption_add(caption, CAPTION_QUESTION, CAPTION_PLAIN, "", scene->question);
	caption->code = lesson->code;
	if (lesson->code || shows_code(lesson))
		caption_code(lesson);
	if (lesson->code) {
		put_keys(lesson);
		return;
	}
	put_speaker(lesson);
	put_comparison(lesson);
	caption_asking(lesson);
	if (!asking_is_open(lesson)) {
		put_evidence(caption, scene);
		if (!lesson->options.clean)
			put_actions(lesson);
	}
	put_keys(lesson);
}

static const struct word {
	const char *text;
	enum caption_tone tone;
} verdict_words[VERDICTS] = {
	[VERDICT_NOT_RUN] = { "not in this tour", CAPTION_PLAIN },
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
		caption_add(caption, CAPTION_ROW, CAPTION_PLAIN, "not in this tour", text);
}

/* Two lines a claim: what everyone says, and what was measured of it, part by part. */
static void put_card(struct lesson *lesson)
{
	struct caption *caption = &lesson->caption;
	snprintf(caption->title, sizeof(caption->title), "The nine claims, on this machine");
	caption_add(caption, CAPTION_QUESTION, CAPTION_PLAIN, "",
		"What people say, checked on this machine; a|b is processes|threads:");
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
	caption_key(caption, KEYCODE_PAGE_UP, false, "back");
	caption_key(caption, 'n', false, "end");
	caption_key(caption, 'g', false, "scenes");
}

/* What a clip is about, and where it was made. */
static void put_title(struct lesson *lesson)
{
	const struct quiz_machine *machine = lesson->host->machine;
	struct caption *caption = &lesson->caption;
	char text[160];
	snprintf(caption->title, sizeof(caption->title), "taskscope");
	caption_add(caption, CAPTION_QUESTION, CAPTION_PLAIN, "",
		"What is a process, and what is a thread? The kernel's own answers.");
	for (size_t i = 0; i < lesson->list.n; i++) {
		snprintf(text, sizeof(text), "scene %zu", i + 1);
		caption_add(caption, CAPTION_ROW, CAPTION_GOOD, text, lesson->list.at[i]->title);
		caption_add(caption, CAPTION_ROW, CAPTION_PLAIN, "", lesson->list.at[i]->question);
	}
	if (!machine)
		return;
	snprintf(text, sizeof(text), "Linux %s, CPUs: %d; nothing is simulated", machine->kernel,
		machine->cpus);
	caption_add(caption, CAPTION_ROW, CAPTION_PLAIN, "machine", text);
}

void captions_tour(struct lesson *lesson)
{
	caption_clear(&lesson->caption);
	if (lesson->title)
		put_title(lesson);
	else if (lesson_current(lesson))
		put_scene(lesson);
	else
		put_card(lesson);
}

/* --- the quiz --- */

static void put_next_keys(struct lesson *lesson)
{
	struct caption *caption = &lesson->caption;
	if (lesson->options.interview) {
		caption_key(caption, '1', false, "I said it");
		caption_key(caption, '2', false, "not yet");
	}
	caption_key(caption, 'n', false, "next question");
}

static void put_quiz_keys(struct lesson *lesson)
{
	struct caption *caption = &lesson->caption;
	caption_asking_keys(lesson);
	if (asking_is_open(lesson))
		caption_key(caption, 'i', lesson->hint, "hint");
	else if (lesson->asking.state == ASKING_SEES)
		put_next_keys(lesson);
	if (lesson->asking.state == ASKING_SEES)
		caption_key(&lesson->caption, 'c', lesson->code, "code");
}

static void put_time(struct lesson *lesson)
{
	int limit = lesson->options.timer;
	int64_t passed = (lesson_now(lesson) - lesson->asked) / NSEC_PER_SEC;
	if (asking_is_open(lesson) && limit)
		snprintf(lesson->caption.state, sizeof(lesson->caption.state), "%lld s left",
			(long long)MAX(limit - passed, 0));
	else if (lesson->asking.state == ASKING_RUNS)
		snprintf(lesson->caption.state, sizeof(lesson->caption.state), "%s",
			caption_wait(lesson_phase(lesson)));
}

static void put_memory_trouble(struct lesson *lesson)
{
	if (*lesson->memory_trouble)
		caption_add(&lesson->caption, CAPTION_NUANCE, CAPTION_UNSURE,
			"not remembered:", lesson->memory_trouble);
}

static void put_question(struct lesson *lesson, const struct quiz_card *card)
{
	static const char *const levels[] = { "", "the basics", "Linux", "traps" };
	const struct scene_question *question = card->question;
	struct caption *caption = &lesson->caption;
	snprintf(caption->title, sizeof(caption->title), "Question %d of %d%s%s · %s", card->number,
		card->of, card->again ? ", asked again" : "",
		card->wrong_before ? ", wrong twice before" : "", levels[question->level]);
	put_time(lesson);
	caption_add(caption, CAPTION_QUESTION, CAPTION_PLAIN, "", question->question);
	caption->code = lesson->code;
	if (lesson->code) {
		caption_code(lesson);
		put_quiz_keys(lesson);
		return;
	}
	if (card->number == 1 && asking_is_open(lesson))
		put_memory_trouble(lesson);
	if (lesson->hint && asking_is_open(lesson) && question->source)
		caption_add(caption, CAPTION_NUANCE, CAPTION_PLAIN, "hint:", question->source);
	if (lesson->asking.state == ASKING_SEES) {
		caption->told = true;
		caption_before_and_after(caption, &lesson->run, lesson_now(lesson));
		if (question->source)
			caption_add(caption, CAPTION_EVIDENCE, CAPTION_PLAIN, "", question->source);
	}
	caption_asking(lesson);
	put_quiz_keys(lesson);
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

static void put_next_time(struct lesson *lesson)
{
	const int n = remember_wrong_twice(lesson);
	char line[80];
	snprintf(line, sizeof(line), "%d question%s wrong twice by now: first in the next quiz", n,
		n == 1 ? " was" : "s were");
	if (n)
		caption_add(&lesson->caption, CAPTION_EXPLAIN, CAPTION_PLAIN, "again:", line);
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
	put_memory_trouble(lesson);
	put_next_time(lesson);
	caption_key(caption, 'n', false, "end");
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
