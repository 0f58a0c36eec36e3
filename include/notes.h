/* SPDX-License-Identifier: MIT
 * A speaker's notes: a tour hands them over by a file that only its user may read, and another
 * terminal shows them. The file is written in place and locked while the tour runs, so that who
 * reads can tell notes of a tour that is gone.
 */
#ifndef TASKSCOPE_NOTES_H
#define TASKSCOPE_NOTES_H

#include "canvas.h"

/* --- handing over --- */

#define NOTES_FILE_MAX (64 << 10)

/* Where the notes are, in the user's runtime folder (its path, or NULL: /run/user/UID). 0; -EINVAL
 * and why: there is no folder that belongs to the user alone. */
int notes_path(const char *runtime, char *path, size_t size, char *why, size_t why_size);

struct notes_handover;
/* 0; -EBUSY: another tour has them; -EPERM: the file is not the user's alone; else -errno. */
int notes_handover_open(const char *path, struct notes_handover **ret);
/* The lines that stand now (see notes_page). 0 or -errno. */
int notes_hand_over(struct notes_handover *handover, const struct buf *lines);
void notes_handover_close(struct notes_handover *handover); /* the file is gone; NULL is fine */

/* Reads the lines. 0; -ENOENT: there are none; -ESTALE: the tour that wrote them is gone; -EAGAIN:
 * they are being written; -EPERM, -EBADMSG (not written by a tour); else -errno. */
int notes_read(const char *path, struct buf *lines);
const char *notes_why(int error); /* of notes_handover_open and notes_read, in words */

/* --- what is handed over: a line is a letter for what it is, a sign, a tab, and the text --- */

enum notes_kind {
	NOTES_TITLE = 'T',
	NOTES_SCENE_CLOCK =
		'S', /* sign: when it began (ns); text: the seconds that it should take */
	NOTES_ALL_CLOCK = 'A',
	NOTES_SPEAK = '!', /* to be said aloud */
	NOTES_RIGHT = '+', /* the answer */
	NOTES_TEXT = '.',
	NOTES_SMALL = '-',
};
void notes_add(struct buf *lines, enum notes_kind kind, const char *sign, const char *text);
/* Draws the notes as they stand at this time; state: a line for the bottom, or "". Returns how many
 * rows did not fit below `first`, the first row of the text that is shown. */
int notes_draw(const char *lines, nsec now, int first, const char *state, struct canvas *canvas);
/* The same as text: a line each. */
void notes_put_text(const char *lines, nsec now, struct buf *text);

#endif
