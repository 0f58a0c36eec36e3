/* SPDX-License-Identifier: MIT
 * A grid of cells, the upper seam of the program: everything draws here, and terminals and
 * exporters see only finished frames. Cells carry a meaning (enum style), not a colour; a theme
 * turns meanings into colours, and has a monochrome form for each. Everything draws in Unicode;
 * canvas_to_ascii makes a frame ASCII at the very end.
 */
#ifndef TASKSCOPE_CANVAS_H
#define TASKSCOPE_CANVAS_H

#include "base.h"

enum style {
	STYLE_TEXT, /* plain words */
	STYLE_DIM, /* units, hints, what matters less */
	STYLE_STRONG, /* the number of the moment, headings */
	/* frames; the title and frame of the focused pane */
	STYLE_BORDER,
	STYLE_TITLE,
	STYLE_FOCUS,
	STYLE_PROCESS,
	STYLE_THREAD, /* the two sides */
	STYLE_SHARED,
	STYLE_PRIVATE, /* memory that several tasks have, that one has */
	STYLE_VOLUNTARY,
	STYLE_INVOLUNTARY,
	STYLE_RUNNING,
	STYLE_WAITING,
	STYLE_SLEEPING, /* states */
	STYLE_GOOD,
	STYLE_WARN,
	STYLE_DEAD, /* fine, careful, gone or failed */
	STYLE_KEY, /* a key to press */
	STYLE_STATUS, /* the status line */
	STYLES
};

/* What changes a cell on top of its style. */
enum {
	/* the cursor's row: a background of its own where the theme has one, else reverse */
	CELL_SELECTED = 1 << 0,
	CELL_MARKED = 1 << 1, /* the focused number, or what just changed: bold and underlined */
	CELL_FADED = 1 << 2, /* stale or behind an overlay */
	CELL_BOLD = 1 << 3, /* a key fact */
	CELL_STRUCK = 1 << 4, /* a sentence that is wrong */
	CELL_FLAGS = 1 << 5 /* combinations of them */
};

struct cell {
	/* one character with its combining marks, UTF-8, NUL-terminated; "" is a blank */
	char text[14];
	uint8_t width; /* 1, 2, or 0: the right half of a wide character */
	uint8_t style; /* enum style */
	uint8_t flags;
};

struct rect {
	int row, col, rows, cols;
};

/* The largest grid; a larger terminal is drawn up to here. */
#define CANVAS_ROWS_MAX 500
#define CANVAS_COLS_MAX 1000

struct canvas {
	int rows, cols;
	struct cell *cells; /* rows x cols */
	struct rect clip; /* nothing is drawn outside; the whole canvas at first */
	int room; /* cells allocated */
};

/* create and resize clamp to 1..MAX. resize keeps the memory when it is large enough, and clears.
 * clear makes every cell a blank of STYLE_TEXT and the clip the whole canvas again. destroy accepts
 * NULL. canvas_at: a blank outside. */
struct canvas *canvas_create(int rows, int cols);
void canvas_resize(struct canvas *canvas, int rows, int cols);
void canvas_destroy(struct canvas *canvas);
void canvas_clear(struct canvas *canvas);
const struct cell *canvas_at(const struct canvas *canvas, int row, int col);
/* Narrows the clip to its intersection with r and returns the old one, to be put back with
 * canvas_unclip. */
struct rect canvas_clip(struct canvas *canvas, struct rect r);
void canvas_unclip(struct canvas *canvas, struct rect old);

/* Draws text (UTF-8, already safe) from (row, col) in at most `cols` cells (-1: to the clip's
 * edge); a wide character is never cut in half. Returns the cells used, also where the clip hides
 * them. textf likewise with printf (4 kB at most). _right ends at col + cols; text that is too long
 * is cut at its end. */
int canvas_text(
	struct canvas *canvas, int row, int col, int cols, enum style style, const char *text);
int canvas_textf(struct canvas *canvas, int row, int col, int cols, enum style style,
	const char *format, ...) __attribute__((format(printf, 6, 7)));
int canvas_text_right(
	struct canvas *canvas, int row, int col, int cols, enum style style, const char *text);
void canvas_fill(struct canvas *canvas, struct rect r, const char *character, enum style style);
void canvas_box(struct canvas *canvas, struct rect r, enum style style); /* rounded frame */
/* adds flags, keeps text and style */
void canvas_mark(struct canvas *canvas, struct rect r, uint8_t set);
void canvas_hline(struct canvas *canvas, int row, int col, int cols, enum style style);
void canvas_vline(struct canvas *canvas, int row, int col, int rows, enum style style);

/* Charts. values[0] is the oldest and stands left, values[n - 1] stands at the right edge: of more
 * values than columns the oldest are left out, and fewer leave blanks at the left. NAN is a gap, a
 * zero is a dot or the plain middle line, a value > 0 shows at least the lowest step. max <= 0: the
 * largest value. */
void chart_spark(struct canvas *canvas, int row, int col, int cols, const float *values, size_t n,
	double max, enum style style); /* one row of eighth blocks */
/* Two series on one scale about a middle line (a gap in it: one of both is unknown): up above it,
 * down below it, told apart by side and by shape: up grows in solid eighth blocks, down hangs in
 * shaded ones. Two rows have no middle line, one row shows up alone. */
void chart_updown(struct canvas *canvas, struct rect r, const float *up, const float *down,
	size_t n, double max, enum style up_style, enum style down_style);
/* A horizontal bar of parts, value by value; the parts differ in glyph and in style. Unknown parts
 * are left out, a part > 0 has at least one cell as long as there are cells. max <= 0: the parts
 * fill the bar. */
struct bar_part {
	double value;
	enum style style;
	const char *glyph; /* one cell: "█", "▓", "░" */
};
void chart_bar(struct canvas *canvas, int row, int col, int cols, const struct bar_part *parts,
	size_t n, double max);

/* Replaces every non-ASCII character by its ASCII stand-in (─ by -, ╭ by +, █ by #, ▁▂▃ by _ - =
 * and so on, – by -, µ by u; the unknown by ?), one cell for one cell. */
void canvas_to_ascii(struct canvas *canvas);

/* --- themes: meanings to colours --- */

enum depth { DEPTH_MONO, DEPTH_8, DEPTH_256 };

enum { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_UNDERLINE = 4, LOOK_REVERSE = 8, LOOK_STRUCK = 16 };

struct look {
	int16_t fg, bg; /* palette index of xterm-256 (or 0-7 at DEPTH_8); -1: the terminal's own */
	uint8_t attributes;
};

struct theme {
	const char *name; /* "dark", "light", "projector-dark", "projector-light", "mono" */
	const char *help;
	bool own_background; /* paints every cell, so the terminal's background does not matter */
	/* text and background of a picture, where there is no terminal to have its own */
	int16_t ink, paper;
	int16_t selected; /* background of CELL_SELECTED at 256 colours; -1: reverse */
	struct look look[STYLES]; /* at 256 colours */
};
extern const struct theme theme_table[];
extern const size_t theme_count;
const struct theme *theme_find(const char *name);
bool theme_is_light(const struct theme *theme);
bool rgb_is_light(uint32_t rgb); /* a background on which dark ink is read best */

/* What a cell looks like: style and flags under a theme at a depth. Meaning is never by colour
 * alone: at DEPTH_MONO only attributes are used. */
struct look theme_look(
	const struct theme *theme, enum depth depth, enum style style, uint8_t flags);
/* 0xRRGGBB of a palette index of xterm-256; for exporters. */
uint32_t palette_rgb(int index);

#endif
