/* SPDX-License-Identifier: MIT
 * Scenes and quizzes on recordings: the program's own player, captions and panes. Only the steps of an action are not
 * taken: what they did is in the recording.
 */
#ifndef TASKSCOPE_TESTS_LECTURE_H
#define TASKSCOPE_TESTS_LECTURE_H

#include "lesson.h"

struct lecture;

/* The scenes of a folder, told as wanted; no scene named: all of them, for the card of claims. NULL: *why says what is
 * wrong. */
struct lecture *lecture_open(struct ui *ui, struct model *model, const char *folder,
	const struct lesson_options *wanted, char *why, size_t why_size);
void lecture_close(struct lecture *lecture);
/* A sample was fed into the model. */
void lecture_sampled(struct lecture *lecture);
/* A command, and the key that it came by; false: it is none of the lesson's. */
bool lecture_key(struct lecture *lecture, int key);
bool lecture_command(struct lecture *lecture, enum command_id command, int key);
/* Looks at the last sample until the player is sure, and writes the captions. */
void lecture_show(struct lecture *lecture);
/* Time goes by, and nothing is sampled. */
void lecture_wait(struct lecture *lecture, nsec time);
const struct caption *lecture_caption(const struct lecture *lecture);
/* What is waited for does not come. */
void lecture_give_up(struct lecture *lecture);
/* For the card, i counting up from 0: the scene that is next, with a model and a recording of its own; NULL: there are no
 * more, the card is shown. */
const char *lecture_scene(struct lecture *lecture, struct model *model, size_t i);

#endif
