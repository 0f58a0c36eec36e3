/* SPDX-License-Identifier: MIT
 * Asks the questions of a quiz: predict without evidence, run, see, explain; and writes the results.
 */

#include "internal.h"
#include "outfile.h"

/* The scene starts while its question is read; nothing of it is seen. */
static void ask(struct lesson *lesson)
{
	const struct quiz_card *card = quiz_card(lesson->quiz);
	lesson->hint = lesson->code = false;
	lesson->seconds = NAN;
	lesson->asked = lesson_now(lesson);
	asking_close(lesson);
	ui_message(lesson->host->ui, STYLE_STATUS, "%s",
		card ? "" : "By claim. What could not be decided here is not counted.");
	if (card) {
		scene_run_start(&lesson->run, card->scene);
		asking_open(lesson, card->question, card->action, card->order);
	} else {
		lesson->run.phase = LESSON_OFF;
		lesson_show_panes(lesson, NULL);
	}
	lesson_show(lesson);
	if (card)
		lesson_mark(lesson, "Question %d", card->number);
	else
		lesson_mark(lesson, "The score");
}

static void note_answer(struct lesson *lesson, nsec now)
{
	lesson->seconds = (double)(now - lesson->asked) / (double)NSEC_PER_SEC;
}

static void pass(struct lesson *lesson, nsec now)
{
	asking_commit(lesson, -1);
	note_answer(lesson, now);
}

#define INTERVIEW_QUESTIONS 10
#define INTERVIEW_S 90 /* to answer one */

/* 1: it was said; 2: not yet. */
static void mark(struct lesson *lesson, int digit)
{
	if (!lesson->options.interview || lesson->asking.state != ASKING_SEES || digit > 2)
		return;
	quiz_mark(lesson->quiz, digit == 1, lesson->asking.truth, lesson->seconds);
	ask(lesson);
}

/* All is told at once: what the machine shows, what to say, the follow-up and its answer. */
static void show_model_answer(struct lesson *lesson)
{
	if (lesson->options.interview && lesson->asking.state == ASKING_SEES)
		lesson->asking.message = MESSAGE_ALL;
}

static void next(struct lesson *lesson)
{
	const struct asking *asking = &lesson->asking;
	quiz_answer(lesson->quiz, asking->choice, asking->truth, asking->why, lesson->seconds);
	ask(lesson);
}

static void go_headless(struct lesson *lesson, nsec now)
{
	if (asking_is_open(lesson))
		pass(lesson, now);
	if (lesson->asking.state == ASKING_SEES) {
		lesson_text_question(lesson);
		next(lesson);
	}
	if (quiz_card(lesson->quiz))
		return;
	lesson_text_score(lesson);
	lesson_end(lesson, EXIT_FINE, NULL);
}

static nsec time_up_at(const struct lesson *lesson)
{
	int seconds = lesson->options.timer;
	return asking_is_open(lesson) && seconds && lesson->options.form == LESSON_SCREEN
		       ? lesson->asked + seconds * NSEC_PER_SEC
		       : 0;
}

void quiz_session_go(struct lesson *lesson)
{
	nsec now = lesson_now(lesson);
	if (asking_go(lesson)) {
		show_model_answer(lesson);
		lesson_show(lesson);
	}
	if (lesson->options.form != LESSON_SCREEN)
		go_headless(lesson, now);
	else if (asking_is_open(lesson))
		asking_invite(
			lesson); /* what the crews do meanwhile is not told: it could be the answer */
	if (!time_up_at(lesson) || now < time_up_at(lesson))
		return;
	pass(lesson, now);
	ui_message(lesson->host->ui, STYLE_WARN, "%s",
		lesson->options.interview ? "the time is up"
					  : "the time is up: this one is skipped");
}

nsec quiz_session_wait(const struct lesson *lesson)
{
	nsec end = time_up_at(lesson);
	return end ? MAX(end - lesson_now(lesson), 0) : -1;
}

/* What goes on: passes a question, tells more of its answer, asks the next one. */
static void go_on(struct lesson *lesson, enum command_id command)
{
	const bool passes = command == CMD_STAGE_NEXT || command == CMD_STAGE_FORWARD ||
			    lesson->options.interview;
	if (!quiz_card(lesson->quiz))
		lesson_end(lesson, EXIT_FINE, NULL);
	else if (asking_is_open(lesson) && passes)
		pass(lesson, lesson_now(lesson));
	else if (asking_is_open(lesson))
		asking_invite(lesson);
	else if (lesson->options.interview && lesson->asking.state == ASKING_SEES &&
		 command != CMD_STAGE_NEXT)
		ui_message(lesson->host->ui, STYLE_STATUS, "Did you say it? 1 yes, 2 not yet.");
	else if (lesson->asking.state == ASKING_SEES &&
		 (command == CMD_STAGE_NEXT || !asking_more(lesson)))
		next(lesson);
}

void quiz_session_command(struct lesson *lesson, enum command_id command, int key)
{
	if (command == CMD_STAGE_HINT)
		lesson->hint = asking_is_open(lesson);
	else if (command == CMD_STAGE_CODE)
		lesson->code = !lesson->code && lesson->asking.state == ASKING_SEES;
	else if (command != CMD_STAGE_CHOOSE)
		go_on(lesson, command);
	else if (lesson->options.interview)
		mark(lesson, key - '0');
	else if (asking_choose(lesson, key - '1'))
		note_answer(lesson, lesson_now(lesson));
}

/* --- results --- */

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n >= m && strcmp(text + n - m, end) == 0;
}

static int tell_results(struct lesson *lesson, int error)
{
	if (error)
		lesson_end(lesson, EXIT_FAILED, "cannot write the results to %s: %s",
			lesson->options.results, outfile_why(error));
	return error;
}

static void save_results(struct lesson *lesson)
{
	const char *path = lesson->options.results;
	struct buf out = { 0 };
	if (!path || !lesson->quiz)
		return;
	if (ends_in(path, ".json"))
		quiz_json(lesson->quiz, lesson->host->machine, &lesson->card, &out);
	else
		quiz_csv(lesson->quiz, &out);
	tell_results(lesson, outfile_write(path, lesson->options.force, &out));
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

int quiz_session_begin(struct lesson *lesson)
{
	const struct lesson_options *options = &lesson->options;
	struct quiz_plan plan = {
		.seed = options->seed, .level = options->level, .claim = options->claim
	};
	/* Not only when all was answered. */
	if (options->results &&
		tell_results(lesson, outfile_check(options->results, options->force)) != 0)
		return -1;
	if (options->interview) {
		plan.count = INTERVIEW_QUESTIONS;
		lesson->options.timer = options->timer ? options->timer : INTERVIEW_S;
	}
	if (options->scene && strcmp(options->scene, "all") != 0) {
		plan.scene = course_find(lesson, options->scene);
		if (!plan.scene)
			return -1;
	}
	remember_open(lesson);
	plan.memory = options->seeded ? NULL : &lesson->memory;
	lesson->quiz = quiz_create(options->scenes, &plan);
	if (!lesson->quiz)
		return refuse_plan(lesson, &plan);
	ask(lesson);
	return 0;
}

/* Who leaves once the answer was shown has answered. */
static void book_last(struct lesson *lesson)
{
	const struct asking *asking = &lesson->asking;
	if (lesson->quiz && asking->state == ASKING_SEES && !lesson->options.interview)
		quiz_answer(
			lesson->quiz, asking->choice, asking->truth, asking->why, lesson->seconds);
}

void quiz_session_close(struct lesson *lesson)
{
	book_last(lesson);
	save_results(lesson);
	remember_close(lesson);
	quiz_destroy(lesson->quiz);
	lesson->quiz = NULL;
}
