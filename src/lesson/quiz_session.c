/* SPDX-License-Identifier: MIT
 * Asks the questions of a quiz: predict without evidence, run, see, explain; and writes the results.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "outfile.h"

/* What the crews do meanwhile is not told: it could be the answer. */
static void invite(struct lesson *lesson)
{
	ui_message(lesson->host->ui, STYLE_STATUS,
		"Predict first: a digit answers. Then the crews show what is so.");
}

/* The scene starts while its question is read; nothing of it is seen. */
static void ask(struct lesson *lesson)
{
	const struct quiz_card *card = quiz_card(lesson->quiz);
	lesson->choice = lesson->truth = -1;
	lesson->hint = false;
	*lesson->why = 0;
	lesson->seconds = NAN;
	lesson->asked = lesson_now(lesson);
	lesson->asking = card ? ASKING : SCORING;
	ui_message(lesson->host->ui, STYLE_STATUS, "%s",
		card ? "" : "By claim. What could not be decided here is not counted.");
	lesson_show_panes(lesson, NULL);
	if (card)
		scene_run_start(&lesson->run, card->scene, card->question);
	else
		lesson->run.phase = LESSON_OFF;
	lesson_show(lesson);
	if (card)
		lesson_mark(lesson, "Question %d", card->number);
	else
		lesson_mark(lesson, "The score");
}

static void answer(struct lesson *lesson, int choice, nsec now)
{
	lesson->choice = choice;
	lesson->seconds = (double)(now - lesson->asked) / (double)NSEC_PER_SEC;
	lesson->asking = RUNNING;
	ui_message(lesson->host->ui, STYLE_STATUS, "%s", "");
	lesson_show_panes(lesson, quiz_card(lesson->quiz)->scene);
}

static void see(struct lesson *lesson)
{
	if (lesson->run.phase == LESSON_FAILED)
		snprintf(lesson->why, sizeof(lesson->why), "%s", lesson->run.trouble);
	else
		lesson->truth = scene_run_truth(&lesson->run, lesson->why, sizeof(lesson->why));
	lesson->asking = SEEING;
	lesson_show(lesson);
}

static void next(struct lesson *lesson)
{
	quiz_answer(lesson->quiz, lesson->choice, lesson->truth, lesson->why, lesson->seconds);
	ask(lesson);
}

static void go_headless(struct lesson *lesson, nsec now)
{
	if (lesson->asking == ASKING)
		answer(lesson, -1, now);
	if (lesson->asking == SEEING) {
		lesson_text_question(lesson);
		next(lesson);
	}
	if (lesson->asking != SCORING)
		return;
	lesson_text_score(lesson);
	lesson_end(lesson, EXIT_FINE, NULL);
}

static nsec time_up_at(const struct lesson *lesson)
{
	int seconds = lesson->options.timer;
	return lesson->asking == ASKING && seconds && lesson->options.form == LESSON_SCREEN
		       ? lesson->asked + seconds * NSEC_PER_SEC
		       : 0;
}

void quiz_session_go(struct lesson *lesson)
{
	nsec now = lesson_now(lesson);
	const struct quiz_card *card = quiz_card(lesson->quiz);
	struct scene_run *run = &lesson->run;
	if (lesson->options.form != LESSON_SCREEN)
		go_headless(lesson, now);
	else if (lesson->asking == ASKING)
		invite(lesson);
	if (time_up_at(lesson) && now >= time_up_at(lesson)) {
		answer(lesson, -1, now);
		ui_message(lesson->host->ui, STYLE_WARN, "the time is up: this one is skipped");
	}
	if (lesson->asking != RUNNING || !card || scene_run_is_busy(run))
		return;
	if (run->phase == LESSON_READY)
		scene_run_act(run, card->action);
	else if (run->phase == LESSON_FAILED || run->action == card->action)
		see(lesson);
}

nsec quiz_session_wait(const struct lesson *lesson)
{
	nsec end = time_up_at(lesson);
	return end ? MAX(end - lesson_now(lesson), 0) : -1;
}

bool quiz_session_key(struct lesson *lesson, int key)
{
	const struct quiz_card *card = quiz_card(lesson->quiz);
	nsec now = lesson_now(lesson);
	bool on = key == 'n' || key == KEYCODE_SPACE || key == KEYCODE_ENTER;
	if (lesson->asking == SCORING) {
		if (on)
			lesson_end(lesson, EXIT_FINE, NULL);
		return on;
	}
	if (lesson->asking == SEEING && on) {
		next(lesson);
		return true;
	}
	if (lesson->asking != ASKING)
		return on;
	if (key >= '1' && key < '1' + (int)MIN(card->question->options_n, 5u)) {
		answer(lesson, card->order[key - '1'], now);
		return true;
	}
	if (key == 'n')
		answer(lesson, -1, now);
	if (key == '?')
		lesson->hint = true;
	return key == 'n' || key == '?' || on;
}

/* --- results --- */

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n >= m && strcmp(text + n - m, end) == 0;
}

static void save_results(struct lesson *lesson)
{
	const char *path = lesson->options.results;
	struct buf out = { 0 };
	if (!path || !lesson->quiz)
		return;
	if (ends_in(path, ".json"))
		quiz_json(lesson->quiz, &out);
	else
		quiz_csv(lesson->quiz, &out);
	int error = outfile_write(path, lesson->options.force, &out);
	if (error)
		lesson_end(lesson, EXIT_FAILED, "cannot write the results to %s: %s", path,
			outfile_why(error));
	buf_finish(&out);
}

/* Says which wishes do not go together. */
static int refuse_plan(struct lesson *lesson, const struct quiz_plan *plan)
{
	char level[32] = "", claim[32] = "";
	if (plan->level)
		snprintf(level, sizeof(level), " of level %d", plan->level);
	if (plan->claim)
		snprintf(claim, sizeof(claim), " about claim %d", plan->claim);
	lesson_end(lesson, EXIT_USAGE, "there is no question%s%s%s%s", level, claim,
		plan->scene ? " in scene " : "", plan->scene ? plan->scene->name : "");
	return -1;
}

int quiz_session_open(struct lesson *lesson)
{
	const struct lesson_options *options = &lesson->options;
	struct quiz_plan plan = {
		.seed = options->seed, .level = options->level, .claim = options->claim
	};
	if (options->scene && strcmp(options->scene, "all") != 0) {
		plan.scene = course_find(lesson, options->scene);
		if (!plan.scene)
			return -1;
	}
	lesson->quiz = quiz_create(options->scenes, &plan);
	if (!lesson->quiz)
		return refuse_plan(lesson, &plan);
	ask(lesson);
	return 0;
}

void quiz_session_close(struct lesson *lesson)
{
	save_results(lesson);
	quiz_destroy(lesson->quiz);
	lesson->quiz = NULL;
}
