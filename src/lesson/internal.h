/* SPDX-License-Identifier: MIT
 * A lesson: scenes one after the other, or their questions; for a person with keys, by itself, or without a screen.
 *
 *   course.c        which scenes, in which order, and how far they are
 *   scene_run.h     one of them, on the crews
 *   captions.c      what stands in the scene pane       lesson_text.c  the same as text and as JSON
 *   stage.c         what is shown: caption, panes, marks
 *   tour.c          what keys do in a tour, and how it plays itself
 *   quiz_session.c  predict, run, see, explain
 */
#ifndef TASKSCOPE_LESSON_INTERNAL_H
#define TASKSCOPE_LESSON_INTERNAL_H

#include "lesson.h"
#include "scene_run.h"

enum asking { ASKING, RUNNING, SEEING, SCORING };

struct lesson {
	const struct lesson_host *host;
	struct lesson_options options;
	VEC(const struct scene *) list;
	size_t at; /* in list; list.n: the card of claims */
	struct scene_run run;
	struct card card;
	struct caption caption;
	bool changed; /* the caption is another than at the last lesson_go */
	bool veiled; /* the panes come with the first action: they would tell what it shows */
	bool quiet; /* the speaker's line is hidden */
	nsec next_at; /* automatic: when it goes on; 0: not yet known */
	bool started; /* without a screen: the scene's head was written */
	const struct scene_action *told; /* without a screen: the last that was written */
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

/* --- course.c --- */

/* The scene of this name or number among all; NULL after lesson_end. */
const struct scene *course_find(struct lesson *lesson, const char *name);
int course_choose(struct lesson *lesson); /* fills the list as the options want it; 0, or -1 after lesson_end */
const struct scene *lesson_current(const struct lesson *lesson); /* the scene that is on; NULL: none */
bool lesson_is_done(const struct lesson *lesson, const struct scene_action *action); /* since the scene's start */
/* The action that Space does: the first that was not done, of those that the tour presses, else of all; NULL: none. */
const struct scene_action *lesson_next_action(const struct lesson *lesson);
/* Ends the program by its host; the words, if any, say why. */
void lesson_end(struct lesson *lesson, enum exit_code status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
nsec lesson_now(const struct lesson *lesson);

/* --- captions.c --- */

void captions_tour(struct lesson *lesson);
void captions_quiz(struct lesson *lesson);

/* --- lesson_text.c: appended to the host's text --- */

void lesson_text_scene(struct lesson *lesson); /* its head and what was before */
void lesson_text_action(struct lesson *lesson); /* the action that was done last */
void lesson_text_scene_end(struct lesson *lesson);
void lesson_text_card(struct lesson *lesson);
void lesson_text_question(struct lesson *lesson);
void lesson_text_score(struct lesson *lesson);

/* --- stage.c --- */

void lesson_show(struct lesson *lesson); /* the caption anew */
/* Shows the scene pane alone, or with the panes that its scene wants. */
void lesson_show_panes(struct lesson *lesson, const struct scene *scene);
void lesson_unveil(struct lesson *lesson); /* the panes, as soon as an action has told what they show */
void lesson_mark(struct lesson *lesson, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- tour.c --- */

int tour_open(struct lesson *lesson); /* 0, or -1 after lesson_end */
void tour_go(struct lesson *lesson);
bool tour_key(struct lesson *lesson, int key); /* false: not one of its keys */

/* --- quiz_session.c: likewise --- */

int quiz_session_open(struct lesson *lesson);
void quiz_session_close(struct lesson *lesson);
void quiz_session_go(struct lesson *lesson);
nsec quiz_session_wait(const struct lesson *lesson);
bool quiz_session_key(struct lesson *lesson, int key);

#endif
