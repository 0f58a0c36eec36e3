/* SPDX-License-Identifier: MIT
 * Scenes one after the other: the tour and the quiz, for a person with keys, by themselves (--auto), or without a screen
 * (--plain, --json).
 *
 *   tour.c      which scenes, in which order, and what keys do
 *   quizzing.c  the same for questions: predict, run, see, explain
 *   captions.c  what stands in the scene pane       story.c  the same as text and as JSON
 */
#ifndef TASKSCOPE_APP_TOUR_H
#define TASKSCOPE_APP_TOUR_H

#include "caption.h"
#include "play.h"

enum asking { ASKING, RUNNING, SEEING, SCORING };

struct tour {
	struct app *app;
	struct scenes scenes;
	VEC(const struct scene *) list;
	size_t at; /* in list; list.n: the card of claims */
	struct play play;
	struct card card;
	struct caption caption;
	bool headless; /* text or JSON alone */
	bool automatic; /* plays itself */
	bool veiled; /* the panes come with the first action: they would tell what it shows */
	bool quiet; /* the speaker's line is hidden */
	nsec paused_at; /* --auto: 0 it goes on */
	nsec next_at; /* --auto: when it goes on */
	bool started; /* headless: the scene's head was written */
	const struct scene_action *told; /* headless: the last that was written */
	bool failed; /* a scene could not be played */

	struct quiz *quiz; /* NULL: a tour */
	enum asking asking;
	int choice; /* index of the option; -1: none */
	bool hint;
	nsec asked;
	double seconds; /* that the answer took; NAN */
	char why[160]; /* undecided: why */
	int truth;
};

/* tour.c */
int tour_open(struct app *app); /* 0, or -1 after app_end */
void tour_close(struct app *app);
void tour_go(struct app *app, nsec now, bool sampled);
nsec tour_wait(const struct app *app, nsec now);
bool tour_key(struct app *app, int key); /* false: not one of its keys */
void tour_show(struct tour *tour); /* the caption anew */
/* The scene of this name or number among all; NULL after app_end. */
const struct scene *tour_find(struct tour *tour, const char *name);
int tour_choose(struct tour *tour); /* fills the list as the command line wants it; 0, or -1 after app_end */
void tour_play(struct tour *tour, size_t i); /* scene i of the list, anew; list.n: the card of claims */
const struct scene *tour_scene(const struct tour *tour); /* that is played; NULL: none */
/* The action that Space does: the first that was not done, of those that the tour presses, else of all; NULL: none. */
const struct scene_action *tour_next_action(const struct tour *tour);
void tour_unveil(struct tour *tour); /* the panes, as soon as an action has told what they show */
/* Shows the scene pane alone, or with the panes that its scene wants. */
void tour_panes(struct tour *tour, const struct scene *scene);

/* quizzing.c */
int quizzing_open(struct tour *tour);
void quizzing_close(struct tour *tour);
void quizzing_go(struct tour *tour, nsec now);
nsec quizzing_wait(const struct tour *tour, nsec now);
bool quizzing_key(struct tour *tour, int key);

/* captions.c */
void captions_tour(struct tour *tour, nsec now);
void captions_quiz(struct tour *tour, nsec now);

/* story.c: into the buffer of standard output */
void story_scene(struct tour *tour); /* its head and what was before */
void story_action(struct tour *tour); /* the action that was done last */
void story_scene_end(struct tour *tour);
void story_card(struct tour *tour);
void story_question(struct tour *tour);
void story_score(struct tour *tour);

#endif
