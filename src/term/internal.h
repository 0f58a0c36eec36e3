/* SPDX-License-Identifier: MIT
 * Inside term: keys from bytes (input.c), the way back (rescue.c), frames to bytes (screen.c); term.c ties them to a tty.
 */
#ifndef TASKSCOPE_TERM_INTERNAL_H
#define TASKSCOPE_TERM_INTERNAL_H

#include "term.h"

/* --- input.c: what a terminal sends, as keys; pure --- */

struct input {
	char bytes[512];
	size_t n;
	int mouse_row, mouse_col;
};

/* Room for more bytes at bytes + n; 0 only if the caller never takes keys out. */
size_t input_room(const struct input *input);
/* Takes the next key out. KEYCODE_NONE: nothing complete waits. What might be the start of a longer sequence is held back
 * unless final says that nothing follows. */
int input_next(struct input *input, bool final);

/* --- rescue.c --- */

/* Opens the terminal of fd anew, so that its O_NONBLOCK is ours alone; -1 if that is refused. */
int rescue_open_tty(int fd);
/* Handlers for the fatal signals, on their own stack: put the terminal back, then die of the signal. */
void rescue_install(struct term_rescue *rescue);
void rescue_uninstall(void);

/* --- screen.c: frames to the bytes that change a terminal, by ncurses --- */

struct screen;
/* 0, or -ENODEV with why. rows and cols are those of the first frame. */
int screen_open(const char *type, int colour, const struct theme *theme, struct screen **ret,
	char *why, size_t why_size);
void screen_close(struct screen *screen);
void screen_set_theme(struct screen *screen, const struct theme *theme);
/* The next frame is sent whole, as after a foreign write. */
void screen_repaint(struct screen *screen);
/* Appends what turns the last frame into this one; nothing if they are equal. */
void screen_draw(struct screen *screen, const struct canvas *canvas, struct buf *out);
/* What takes a terminal into full-screen use (rows high), and what puts it back. */
void screen_enter(const struct screen *screen, int rows, struct buf *out);
void screen_leave(const struct screen *screen, struct buf *out);

#endif
