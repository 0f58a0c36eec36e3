/* SPDX-License-Identifier: MIT
 * A lesson: scenes one after the other, or their questions; for a person with keys, by itself, or without a screen.
 *
 *   course.c        which scenes, in which order, and how far they are
 *   scene_run.h     one of them, on the crews
 *   asking.c        what is asked before an action; messages.c  what is told of the answer, and in which order
 *   captions.c      what stands in the scene pane (captions_run.c, captions_asking.c: parts of it)
 *   code.c          the lines of C that ran
 *   lesson_text.c   the same as text and as JSON
 *   speaker.c       the notes for a speaker, on another terminal
 *   stage.c         what is shown: caption, panes, marks
 *   tour.c          what keys do in a tour, and how it plays itself
 *   quiz_session.c  which questions a quiz asks, and the score; remember.c  what was wrong in other runs
 */
#ifndef TASKSCOPE_LESSON_INTERNAL_H
#define TASKSCOPE_LESSON_INTERNAL_H

#include "lesson.h"
#include "scene_run.h"

#define SCENE_DWELL_S 20 /* of a scene that does not say */

/* How far an action is that is asked about. */
enum asking_state {
	ASKING_NOTHING,
	ASKING_OPEN, /* a digit commits an answer, n passes */
	ASKING_CHOSEN, /* it is committed; a tour that plays itself shows it for a while */
	ASKING_RUNS,
	ASKING_SEES, /* what came of it is told */
};
/* What is told of it, one after the other; at last, or where nothing was asked, all of it. */
enum message {
	MESSAGE_ALL,
	MESSAGE_VERDICT,
	MESSAGE_WHY,
	MESSAGE_NUANCE,
	MESSAGE_INTERVIEW,
	MESSAGE_FOLLOW_UP,
	MESSAGE_ANSWER,
	MESSAGES
};
struct asking {
	enum asking_state state;
	const struct scene_question *question; /* NULL: the action runs unasked */
	const struct scene_action *action;
	int order[SCENE_OPTIONS_MAX]; /* the option at place i */
	int choice; /* index of the option; -1: none */
	int truth; /* -1: not decided, and why */
	char why[160];
	enum message message;
};

struct lesson {
	const struct lesson_host *host;
	struct lesson_options options;
	VEC(const struct scene *) list;
	size_t at; /* in list; list.n: the card of claims */
	VEC(struct menu_item) menu; /* the list of scenes, while one is chosen */
	struct scene_run run;
	struct card card;
	struct caption caption;
	bool changed; /* the caption is another than at the last lesson_go */
	struct outfile *notes_file; /* NULL: none is written */
	struct buf notes, notes_key; /* of --notes: all but the end; the answers */
	bool code; /* the lines that ran are shown, in place of what they mean */
	bool quiet; /* the speaker's line is hidden */
	nsec began, scene_began; /* the tour, and the scene that is on */
	bool title; /* of the clip: its title stands, and the first scene starts behind it */
	nsec next_at; /* automatic: when it goes on; 0: not yet known */
	bool started; /* without a screen: the scene's head was written */
	const struct scene_action *told; /* without a screen: the last that was written */
	bool failed; /* a scene could not be played */

	struct asking asking;
	struct quiz *quiz; /* NULL: a tour */
	struct quiz_memory memory; /* of other runs */
	char *memory_path; /* where it is kept; NULL: nowhere */
	char memory_trouble[320]; /* why it cannot be used; "" it can */
	bool hint;
	nsec asked;
	double seconds; /* that the answer took; NAN */
};

/* --- course.c --- */

/* The scene of this name or number among all; NULL after lesson_end. */
const struct scene *course_find(struct lesson *lesson, const char *name);
int course_choose(struct lesson
		*lesson); /* fills the list as the options want it; 0, or -1 after lesson_end */
const struct scene *lesson_current(
	const struct lesson *lesson); /* the scene that is on; NULL: none */
bool lesson_is_done(const struct lesson *lesson,
	const struct scene_action *action); /* since the scene's start */
/* The action that Space does: the first that was not done, of those that the tour presses, else of all; NULL: none. */
const struct scene_action *lesson_next_action(const struct lesson *lesson);
/* Ends the program by its host; the words, if any, say why. */
void lesson_end(struct lesson *lesson, enum exit_code status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
nsec lesson_now(const struct lesson *lesson);

/* --- asking.c --- */

/* Asks what the action will do; without a question it runs at once. order: of the options, NULL: as they stand. */
void asking_open(struct lesson *lesson, const struct scene_question *question,
	const struct scene_action *action, const int *order);
void asking_close(struct lesson *lesson); /* nothing is asked */
void asking_invite(struct lesson *lesson); /* says how to answer */
void asking_commit(struct lesson *lesson, int choice); /* -1: passes */
void asking_run(struct lesson *lesson); /* the action, or as soon as the crews are ready */
bool asking_go(struct lesson *lesson); /* whether the action is over now */
/* Commits the option at this place (from 0); false: there is none. */
bool asking_choose(struct lesson *lesson, int place);
/* Tells one message more, or one less; false: all was told, or there is none before it. */
bool asking_more(struct lesson *lesson);
bool asking_less(struct lesson *lesson);

/* --- messages.c --- */

bool asking_is_open(const struct lesson *lesson); /* the action is still to run */
enum message asking_next_message(const struct lesson *lesson); /* MESSAGE_ALL after the last */
enum message asking_message_before(const struct lesson *lesson); /* MESSAGE_ALL: there is none */
const char *asking_trap_answer(
	const struct scene_question *question); /* of the follow-up; "" none */

/* --- captions.c --- */

void captions_tour(struct lesson *lesson);
void captions_quiz(struct lesson *lesson);

/* --- captions_run.c --- */

const char *caption_wait(enum lesson_phase phase); /* what is waited for; "" nothing */
void caption_texts(struct caption *caption, enum caption_part part, const struct run_texts *texts);
void caption_before_and_after(struct caption *caption, const struct scene_run *run, nsec now);
void caption_meaning(struct lesson *lesson);

/* --- captions_asking.c --- */

void caption_asking(struct lesson *lesson); /* the question, and what is told of the answer */
void caption_asking_keys(struct lesson *lesson);

/* --- code.c --- */

void caption_code(struct lesson *lesson); /* the lines that the action runs, or will */

/* --- notes.c: of a tour that is to leave notes; else of no effect --- */

int notes_open(struct lesson *lesson); /* 0, or -1 after lesson_end */
void notes_scene(struct lesson *lesson); /* its head */
/* The action that was done last; from: where its text begins in the host's. */
void notes_action(struct lesson *lesson, size_t from);
void notes_card(struct lesson *lesson, size_t from); /* the nine claims, likewise */
void notes_close(struct lesson *lesson); /* writes them */

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
void lesson_mark(struct lesson *lesson, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* --- remember.c --- */

void remember_open(
	struct lesson *lesson); /* what was wrong in other runs; of a quiz that is to remember */
int remember_wrong_twice(const struct lesson *lesson); /* questions, with what was answered now */
void remember_close(struct lesson *lesson); /* keeps what was answered */

/* --- tour.c --- */

int tour_begin(struct lesson *lesson); /* 0, or -1 after lesson_end */
void tour_go(struct lesson *lesson);
void tour_command(struct lesson *lesson, enum command_id command, int key);

/* --- quiz_session.c: likewise --- */

int quiz_session_begin(struct lesson *lesson);
void quiz_session_close(struct lesson *lesson);
void quiz_session_go(struct lesson *lesson);
nsec quiz_session_wait(const struct lesson *lesson);
void quiz_session_command(struct lesson *lesson, enum command_id command, int key);

#endif
