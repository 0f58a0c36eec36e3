/* SPDX-License-Identifier: MIT
 * Inside term: events from bytes (input.c, event.c), the way back (rescue.c), frames to bytes (screen.c); term.c ties
 * them to a tty.
 */
#ifndef TASKSCOPE_TERM_INTERNAL_H
#define TASKSCOPE_TERM_INTERNAL_H

#include "term.h"

/* --- input.c: what a terminal sends, as events; pure --- */

enum input_kind {
	INPUT_NOTHING,
	INPUT_KEY,
	INPUT_MOUSE, /* key: KEYCODE_MOUSE for a click, a cursor key for the wheel; row and col, from 0 */
	INPUT_FOREGROUND, /* the terminal's own colours, as it answers when asked: rgb is 0xRRGGBB */
	INPUT_BACKGROUND,
	INPUT_ATTRIBUTES, /* what it is: the answer to DA1, which every terminal gives */
};
struct input_event {
	enum input_kind kind;
	int key; /* a code of command.h */
	int row, col;
	uint32_t rgb;
};

#define INPUT_CODE_MAX 0x10ffff
#define INPUT_FIELDS 3
#define INPUT_PARTS 2
/* The parameters of a CSI sequence: numbers, parted by ';', and within one by ':'. */
struct input_control {
	int number[INPUT_FIELDS][INPUT_PARTS];
	size_t field, part;
	bool begun; /* it has parameters */
	bool foreign; /* of a form that no keyboard sends */
	char prefix;
};

/* Zeroed but for escape_wait: ready. */
struct input {
	nsec escape_wait; /* how long after a lone ESC the rest of a sequence may come */
	char bytes[512]; /* not parsed yet, from `at` on */
	size_t n, at;
	int code, more, least; /* the character that is being read: bytes to come; a smaller code is a forgery */
	bool again; /* code is looked at once more */
	uint8_t state;
	nsec since; /* when the last byte came */
	nsec late_until, late_since;
	int late_code;
	struct input_control control;
	size_t matched; /* of a paste's end, or of a mouse report */
	int mouse[3];
	int string_kind;
	char string[40];
	size_t string_len;
};

/* Takes in bytes that came now, at most sizeof(input->bytes), when input_next has told all of those before. */
void input_add(struct input *input, const char *bytes, size_t n);
/* The next event; false: none is whole. How the bytes were cut makes no difference. */
bool input_next(struct input *input, nsec now, struct input_event *ret);
/* How long what is not whole may still wait for more bytes; -1: nothing is waiting. */
nsec input_wait(const struct input *input, nsec now);
/* To be called when no more bytes are there: once that time is over, a lone ESC is a key, and the rest is dropped. */
bool input_expire(struct input *input, nsec now, struct input_event *ret);

/* --- event.c: what a whole sequence means; each leaves the event alone if it means nothing to us --- */

void event_key(struct input_event *event, int key);
void event_character(struct input_event *event, int code);
/* A CSI sequence of a keyboard: cursor keys, and keys by number as of kitty and of xterm's modifyOtherKeys. */
void event_control(struct input_event *event, const struct input_control *control, int final);
/* SS3: cursor keys, F1 and the keypad, which sends its characters 0x40 higher. */
void event_shift(struct input_event *event, int final);
/* A mouse report; col and row from 1. */
void event_mouse(struct input_event *event, int button, int col, int row);
/* The answer to OSC 10 or 11: "11;rgb:1e1e/1e1e/2e2e". */
void event_string(struct input_event *event, const char *text);

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
