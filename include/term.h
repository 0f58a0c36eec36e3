/* SPDX-License-Identifier: MIT
 * The terminal: opens it, shows a canvas, reads keys, puts it back whatever happens. The only
 * module that knows ncurses.
 */
#ifndef TASKSCOPE_TERM_H
#define TASKSCOPE_TERM_H

#include <signal.h>
#include <termios.h>

#include "canvas.h"

/* All that is needed to put the terminal back, from a signal handler or from another process: lives
 * in shared memory. Zeroed: nothing to do. */
struct term_rescue {
	volatile sig_atomic_t live;
	int fd;
	struct termios saved;
	size_t len;
	char restore[512];
};
/* MAP_SHARED; for the supervisor to hold before it forks */
struct term_rescue *term_rescue_create(void);
void term_rescue_destroy(struct term_rescue *rescue); /* NULL is fine; restores nothing */
/* async-signal-safe; a second call does nothing */
void term_rescue_apply(struct term_rescue *rescue);

struct term_options {
	const struct theme *theme;
	const char *type; /* the terminal type ($TERM); NULL or "": unset, which is refused */
	int colour; /* -1 auto, 0 never, 1 always */
	bool ascii; /* forced; else chosen by the locale */
	bool no_sync; /* no synchronized output (DEC 2026) */
	bool mouse;
	bool ask_background; /* asks the terminal for its background, once a frame is shown */
	/* how long after a lone ESC the rest of a key's sequence may come, on this line */
	nsec escape_wait;
	struct term_rescue *rescue; /* may be NULL */
};

/* As an environment says (get: getenv): type, ESCDELAY, NO_COLOR, and what a terminal of this type
 * can be asked for. */
struct term_options term_options_of(char *(*get)(const char *name));

struct term;
/* Opens the terminal on stdin and stdout. 0; -ENOTTY, -ENODEV (terminal type unset, unknown or
 * unable: why has the advice). Installs handlers that restore the terminal on fatal signals. */
int term_open(const struct term_options *options, struct term **ret, char *why, size_t why_size);
/* NULL is fine. An answer that is still to come is waited for, a moment: the shell would get it. */
void term_close(struct term *term);

int term_fd(const struct term *term); /* for poll: keys */
/* For poll with POLLOUT: -1, or a descriptor while a part of a frame waits for the terminal to take
 * it: then term_flush sends on: 0 all sent, -EAGAIN some still waits, -EIO the terminal is gone. */
int term_out_fd(const struct term *term);
int term_flush(struct term *term);
/* Clamped to what a canvas may be; re-reads it from the kernel. */
void term_size(const struct term *term, int *ret_rows, int *ret_cols);
bool term_ascii(const struct term *term); /* frames must be made ASCII before they are shown */
void term_set_theme(struct term *term, const struct theme *theme);

/* Shows a frame; only what changed is sent. 0; -EAGAIN the terminal does not take more now (the
 * frame was skipped, try later); -EIO it is gone. */
int term_show(struct term *term, const struct canvas *canvas);

/* The next key that waits (a code of command.h), KEYCODE_NONE if none; KEYCODE_RESIZE and
 * KEYCODE_CLOSED are told here. Never blocks. What the terminal answers, reports or pastes is no
 * key. */
int term_key(struct term *term, nsec now);
/* How long until term_key is to be called though nothing came, for an ESC may be a key by then; -1:
 * no need. */
nsec term_wait(const struct term *term, nsec now);
/* The cell of the last KEYCODE_MOUSE, from 0. */
void term_mouse(const struct term *term, int *ret_row, int *ret_col);

/* The terminal's own background (0xRRGGBB), once, as soon as it has answered. */
bool term_background(struct term *term, uint32_t *ret_rgb);

/* For SIGWINCH, which also comes when the size changed and changed back: the terminal may show
 * anything by now, so the next frame is sent whole. */
void term_repaint(struct term *term);
/* Blocks the signals that end a program, tell another size or stop it (goes_on: and the one by
 * which it goes on), and opens a descriptor that is readable when one came. */
int term_signals_open(bool goes_on);

/* A program that has a terminal and nothing else to look after. */
struct term_page {
	nsec (*draw)(void *context, struct canvas *canvas); /* returns how long that is news */
	bool (*press)(void *context, int key); /* false: the program ends */
	nsec (*now)(void);
};
/* Runs one until a key or a signal ends it. The exit status; what was wrong was said. */
int term_run(const struct term_options *options, const struct term_page *page, void *context);
/* For SIGTSTP: puts the terminal back, and takes it again. */
void term_suspend(struct term *term);
void term_resume(struct term *term);

#endif
