/* SPDX-License-Identifier: MIT
 * Knows how a question is asked: predict without evidence, run, see, explain; and where the results go.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "outfile.h"
#include "tour.h"

/* What the crews do meanwhile is not told: it could be the answer. */
static void invite(struct tour *tour)
{
	ui_message(tour->app->ui, STYLE_STATUS,
		"Predict first: a digit answers. Then the crews show what is so.");
}

/* The scene starts while its question is read; nothing of it is seen. */
static void ask(struct tour *tour)
{
	const struct quiz_card *card = quiz_card(tour->quiz);
	tour->choice = tour->truth = -1;
	tour->hint = false;
	*tour->why = 0;
	tour->seconds = NAN;
	tour->asked = nsec_monotonic();
	tour->asking = card ? ASKING : SCORING;
	ui_message(tour->app->ui, STYLE_STATUS, "%s",
		card ? "" : "By claim. What could not be decided here is not counted.");
	tour_panes(tour, NULL);
	if (card)
		play_scene(&tour->play, card->scene, card->question);
	else
		tour->play.phase = PLAY_OFF;
	tour_show(tour);
	char label[32] = "The score";
	if (card)
		snprintf(label, sizeof(label), "Question %d", card->number);
	film_mark(tour->app, label);
}

static void answer(struct tour *tour, int choice, nsec now)
{
	tour->choice = choice;
	tour->seconds = (double)(now - tour->asked) / (double)NSEC_PER_SEC;
	tour->asking = RUNNING;
	ui_message(tour->app->ui, STYLE_STATUS, "%s", "");
	tour_panes(tour, quiz_card(tour->quiz)->scene);
}

static void see(struct tour *tour)
{
	if (tour->play.phase == PLAY_FAILED)
		snprintf(tour->why, sizeof(tour->why), "%s", tour->play.trouble);
	else
		tour->truth = play_truth(&tour->play, tour->why, sizeof(tour->why));
	tour->asking = SEEING;
	tour_show(tour);
}

static void next(struct tour *tour)
{
	quiz_answer(tour->quiz, tour->choice, tour->truth, tour->why, tour->seconds);
	ask(tour);
}

static void go_headless(struct tour *tour, nsec now)
{
	if (tour->asking == ASKING)
		answer(tour, -1, now);
	if (tour->asking == SEEING) {
		story_question(tour);
		output_flush(&tour->app->out);
		next(tour);
	}
	if (tour->asking != SCORING)
		return;
	story_score(tour);
	tour->app->quit = true;
}

static nsec time_up_at(const struct tour *tour)
{
	int seconds = tour->app->cli->timer;
	return tour->asking == ASKING && seconds && !tour->headless
		       ? tour->asked + seconds * NSEC_PER_SEC
		       : 0;
}

void quizzing_go(struct tour *tour, nsec now)
{
	const struct quiz_card *card = quiz_card(tour->quiz);
	struct play *play = &tour->play;
	if (tour->headless)
		go_headless(tour, now);
	else if (tour->asking == ASKING)
		invite(tour);
	if (time_up_at(tour) && now >= time_up_at(tour)) {
		answer(tour, -1, now);
		ui_message(tour->app->ui, STYLE_WARN, "the time is up: this one is skipped");
	}
	if (tour->asking != RUNNING || !card || play_is_busy(play))
		return;
	if (play->phase == PLAY_READY)
		play_action(play, card->action);
	else if (play->phase == PLAY_FAILED || play->action == card->action)
		see(tour);
}

nsec quizzing_wait(const struct tour *tour, nsec now)
{
	nsec end = time_up_at(tour);
	return end ? MAX(end - now, 0) : -1;
}

bool quizzing_key(struct tour *tour, int key)
{
	const struct quiz_card *card = quiz_card(tour->quiz);
	nsec now = nsec_monotonic();
	bool on = key == 'n' || key == KEYCODE_SPACE || key == KEYCODE_ENTER;
	if (tour->asking == SCORING) {
		tour->app->quit = tour->app->quit || on;
		return on;
	}
	if (tour->asking == SEEING && on) {
		next(tour);
		return true;
	}
	if (tour->asking != ASKING)
		return on;
	if (key >= '1' && key < '1' + (int)MIN(card->question->options_n, 5u)) {
		answer(tour, card->order[key - '1'], now);
		return true;
	}
	if (key == 'n')
		answer(tour, -1, now);
	if (key == '?')
		tour->hint = true;
	return key == 'n' || key == '?' || on;
}

/* --- results --- */

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n >= m && strcmp(text + n - m, end) == 0;
}

static void save_results(struct tour *tour)
{
	const char *path = tour->app->cli->results;
	struct buf out = { 0 };
	if (!path || !tour->quiz)
		return;
	if (ends_in(path, ".json"))
		quiz_json(tour->quiz, &out);
	else
		quiz_csv(tour->quiz, &out);
	int error = outfile_write(path, tour->app->cli->force, &out);
	if (error)
		app_end(tour->app, EXIT_FAILED, "cannot write the results to %s: %s%s", path,
			strerror(-error), error == -EEXIST ? " (--force replaces it)" : "");
	buf_finish(&out);
}

/* Says which wishes do not go together. */
static int refuse_plan(struct tour *tour, const struct quiz_plan *plan)
{
	char level[32] = "", claim[32] = "";
	if (plan->level)
		snprintf(level, sizeof(level), " of level %d", plan->level);
	if (plan->claim)
		snprintf(claim, sizeof(claim), " about claim %d", plan->claim);
	app_end(tour->app, EXIT_USAGE, "there is no question%s%s%s%s", level, claim,
		plan->scene ? " in scene " : "", plan->scene ? plan->scene->name : "");
	return -1;
}

int quizzing_open(struct tour *tour)
{
	const struct cli *cli = tour->app->cli;
	const char *name = cli->argument;
	const struct scene *scene = NULL;
	if (name && strcmp(name, "all") != 0 && !(scene = tour_find(tour, name)))
		return -1;
	const struct quiz_plan plan = { .seed = cli->has_seed ? cli->seed
							      : (uint64_t)nsec_monotonic(),
		.level = cli->level,
		.claim = cli->claim,
		.scene = scene };
	tour->quiz = quiz_create(&tour->scenes, &plan);
	if (!tour->quiz)
		return refuse_plan(tour, &plan);
	ask(tour);
	return 0;
}

void quizzing_close(struct tour *tour)
{
	save_results(tour);
	quiz_destroy(tour->quiz);
	tour->quiz = NULL;
}
