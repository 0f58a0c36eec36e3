/* SPDX-License-Identifier: MIT
 * Knows the app's player from inside, and how far it goes without crews.
 */
#include "lecture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/app/app.h"
#include "../../src/app/tour.h"

#define LOOKS_MAX 20
#define SETTLED (3600 * NSEC_PER_SEC)

struct lecture {
	struct app app;
	struct cli cli;
	struct tour tour;
};

/* The recording begins where both crews run. */
static void begin(struct lecture *lecture)
{
	struct play *play = &lecture->tour.play;
	if (play->phase != PLAY_STARTING)
		return;
	play->phase = PLAY_SETTLING;
	play->feeds = 0;
}

static int open_tour(struct lecture *lecture, const char *name, bool as_quiz)
{
	struct tour *tour = &lecture->tour;
	lecture->cli.argument = name ? name : "all";
	if (as_quiz)
		return quizzing_open(tour);
	if (tour_choose(tour) != 0)
		return -1;
	tour_play(tour, tour->at);
	return 0;
}

struct lecture *lecture_open(struct ui *ui, struct model *model, const char *folder,
	const char *name, bool as_quiz, char *why, size_t why_size)
{
	struct lecture *lecture = xcalloc(1, sizeof(*lecture));
	struct buf errors = { 0 };
	lecture->cli.verb = as_quiz ? VERB_QUIZ : VERB_TOUR;
	lecture->cli.has_seed = true;
	lecture->app.cli = &lecture->cli;
	lecture->app.ui = ui;
	lecture->app.model = model;
	lecture->app.tour = &lecture->tour;
	lecture->tour.app = &lecture->app;
	play_open(&lecture->tour.play, &lecture->app, &lecture->tour.card);
	int error = scenes_load(&folder, 1, NULL, &lecture->tour.scenes, &errors);
	if (error || open_tour(lecture, name, as_quiz) != 0) {
		snprintf(why, why_size, "%s%s", errors.len ? errors.text : "",
			lecture->app.last_words);
		lecture_close(lecture);
		lecture = NULL;
	} else {
		ui_set_caption(ui, &lecture->tour.caption);
		begin(lecture);
	}
	buf_finish(&errors);
	return lecture;
}

void lecture_close(struct lecture *lecture)
{
	if (!lecture)
		return;
	quizzing_close(&lecture->tour);
	ui_set_caption(lecture->app.ui, NULL);
	play_close(&lecture->tour.play);
	card_finish(&lecture->tour.card);
	caption_finish(&lecture->tour.caption);
	vec_finish(&lecture->tour.list);
	scenes_finish(&lecture->tour.scenes);
	sample_finish(&lecture->app.sample);
	free(lecture);
}

/* Time stands still, but for the start: what is not known by then does not come. */
static void go(struct lecture *lecture)
{
	struct play *play = &lecture->tour.play;
	begin(lecture);
	if (play->phase == PLAY_ACTING)
		play->step = play->action->steps_n;
	if (play->phase == PLAY_EFFECT)
		play->since = 0; /* all of a recording is new */
	bool late = play->phase == PLAY_SETTLING || play->phase == PLAY_LOOKING;
	play_go(play, play->since + (late ? SETTLED : 0), true);
	tour_unveil(&lecture->tour);
	if (lecture->tour.quiz)
		quizzing_go(&lecture->tour, play->since);
}

void lecture_sampled(struct lecture *lecture, struct model *model, const struct sample *sample)
{
	lecture->app.model = model;
	sample_copy(&lecture->app.sample, sample);
	go(lecture);
}

bool lecture_key(struct lecture *lecture, int key)
{
	bool mine = tour_key(&lecture->app, key);
	begin(lecture);
	return mine;
}

static bool is_looking(const struct lecture *lecture)
{
	return lecture->tour.play.phase == PLAY_LOOKING || lecture->tour.asking == RUNNING;
}

void lecture_show(struct lecture *lecture)
{
	for (int i = 0; i < LOOKS_MAX && is_looking(lecture); i++)
		go(lecture);
	if (lecture->tour.quiz)
		captions_quiz(&lecture->tour, lecture->tour.play.arrived);
	else
		captions_tour(&lecture->tour, lecture->tour.play.arrived);
}

const struct caption *lecture_caption(const struct lecture *lecture)
{
	return &lecture->tour.caption;
}

void lecture_give_up(struct lecture *lecture)
{
	struct play *play = &lecture->tour.play;
	if (play->phase == PLAY_EFFECT)
		play_go(play, play->since + SETTLED, true);
	lecture_show(lecture);
}

const char *lecture_scene(struct lecture *lecture, struct model *model, size_t i)
{
	lecture->app.model = model;
	tour_play(&lecture->tour, i);
	begin(lecture);
	return tour_scene(&lecture->tour) ? tour_scene(&lecture->tour)->name : NULL;
}
