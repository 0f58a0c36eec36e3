/* SPDX-License-Identifier: MIT
 * A frame while it is drawn, and what stands around the panes.
 */
#ifndef TASKSCOPE_UI_FRAME_H
#define TASKSCOPE_UI_FRAME_H

#include "screen.h"

struct frame {
	struct ui *ui;
	struct model *model;
	struct canvas *canvas;
	int half_cols; /* content cells of one half */
	int divider; /* the column between the halves; beyond the canvas: they stand below each other */
	/* Of the pane that is drawn: */
	int row_rows; /* how many rows a row of its list takes */
	char changed[SIDES][64]; /* which workers have just changed */
	const struct worker_row *changed_last[SIDES];
	char note[192]; /* in its title line; "" none */
	enum style note_style;
	enum style fact_style; /* of its key fact */
	int fact_number; /* cells at the beginning of the selected side's that are focused; 0: none */
};

void frame_draw(struct frame *frame);
int frame_min_rows(const struct panel *panel); /* below that it is left out */
int frame_rows(const struct frame *frame); /* for the panes, their lines included */

/* --- note.c: what stands at the right of a pane's title --- */

int frame_note_cols(const struct frame *frame, const struct area *area); /* the cells for it */
void frame_note(struct frame *frame, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for what has just changed. */
void frame_alert(struct frame *frame, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What was refused of what the pane shows, and why, into a row that it left free or into its note, unless that tells what
 * has just changed. Returns the rows used. */
int losses_draw(struct frame *frame, const struct area *area);
bool losses_any(const struct frame *frame, const struct panel *panel);
/* Nothing stands in it but the frame's own lines. */
bool row_is_blank(const struct frame *frame, int row);

/* --- legend.c: what a pane says about itself --- */

/* The key facts of both sides, in the first row. */
void fact_draw(struct frame *frame, const struct area *area);
/* The legend, in the rows that the pane left free at its end, or else in its title's line. Returns the rows used, which have
 * no divider. */
int legend_draw(struct frame *frame, const struct area *area);

/* --- overlay.c --- */

/* A framed box in the middle, everything behind it faded; if it can, it leaves the row `spare` in sight (-1: none).
 * Returns the inside. */
struct rect frame_overlay(
	struct frame *frame, const char *title, const char *hint, int rows, int cols, int spare);
void menu_draw(struct frame *frame);
void palette_draw(struct frame *frame);
void big_number_draw(struct frame *frame);

/* --- large.c --- */

void large_draw(struct frame *frame); /* in place of the panes: the key fact of each */

/* --- bars.c: the lines above and below the panes --- */

void bars_header(struct frame *frame);
void bars_message(struct frame *frame, int row);
void bars_footer(struct frame *frame, int row);
/* A click on these cells is this key. */
void bars_hit(struct frame *frame, int row, int col, int cols, int key);
/* The views and their digits, in at most cols cells; returns the cells used. */
int bars_views(struct frame *frame, int row, int col, int cols);
/* Whether a command stands in footer and help: it is none of another pane, and not one that a replay refuses. */
bool bars_offers(const struct ui *ui, const struct command *command);

/* --- pane_provenance.c --- */

/* Tells where the focused number comes from, line by line; false: none is focused. */
typedef void provenance_line(void *context, enum style style, const char *name, const char *text);
bool provenance_tell(struct frame *frame, provenance_line *put, void *context);

#endif
