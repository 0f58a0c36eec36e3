/* SPDX-License-Identifier: MIT
 * What a pane is, its state between frames, and its table of columns.
 */
#ifndef TASKSCOPE_UI_PANE_H
#define TASKSCOPE_UI_PANE_H

#include "layout.h"
#include "put.h"
#include "rows.h"
#include "ui.h"

struct frame;
struct panel;

/* Where a pane draws. The halves are equally wide and have equally many rows. */
struct area {
	struct panel *panel;
	bool focused;
	int rows; /* of the pane */
	struct rect half[SIDES];
};

/* The focused number, for `?`. */
struct number {
	const struct fact *fact;
	const struct fact *plus; /* a second one that is added to it, or NULL */
	struct fact_path path; /* fact NULL: the number is the pane's own */
	char text[64]; /* the path in words; "" */
	char subject[96]; /* "w2 of the processes, PID 2044" */
};

/* A sign or an abbreviation of a picture, and what it means. A list ends with one without words. */
struct sign {
	const char *sign;
	enum style style;
	const char *words;
};

struct table_cell;

/* A list of workers: one row a worker and the host, both sides beside each other. */
struct worker_list {
	const struct column *columns;
	int n;
	/* Changes what the columns wish for; NULL: they have all of it. */
	void (*fit)(struct frame *frame, struct panel *panel);
	bool sums; /* a row below all others has the columns' sums */
	/* Below the list, if there is room; NULL: nothing. */
	void (*conclude)(struct frame *frame, enum side side, char *out, size_t size);
	bool tall; /* a row takes as many rows as there is room for, up to four */
	/* The row of a worker that has ended; NULL: as the others, without what only the living have. */
	void (*draw_ended)(struct table_cell cell, int row);
};

/* What a pane is. Each has a file of its own, pane_NAME.c, and one line in meson.build. */
struct pane {
	struct pane_info info;
	int min_rows, weight;
	bool shows_keys; /* it draws its own keys itself */
	bool whole; /* one area as wide as the screen, no halves */
	bool of_caption; /* it shows the caption: has its title, and takes no more rows than it wants */
	const char *of_lab; /* what it needs crews of ours for, and cannot show of programs of others; NULL: nothing */
	bool of_programs; /* it stands in its view while there are programs of `run` */
	enum command_id everywhere; /* its command that works wherever the focus is: an overlay's opens it */
	int field; /* the column that is focused at first */
	unsigned needs; /* enum need */
	const char *gaps[4]; /* names of the refusals that take something from it */
	size_t size; /* of its state; 0: it has none */
	void (*init)(void *state); /* NULL: zeros */
	void (*finish)(void *state);
	/* Before rows are shared out. */
	void (*measure)(struct frame *frame, struct panel *panel);
	/* The rows that show everything: always so many (0: that is asked), or now. They change rarely, so that panes do not
	 * jump. NULL: those of the list. */
	int want_rows;
	int (*want)(const struct panel *panel);
	/* The key fact of a side, in plain words of at most `cols` cells if it can: the pane's first row, which the frame draws.
	 * What is not known begins with a dash, and says why. Of a whole pane the left one is of both sides while the right one
	 * says nothing. NULL: the pane has one that can be focused, and draws it. */
	void (*say)(struct frame *frame, enum side side, int cols, char *out, size_t size);
	const struct sign *legend; /* of the signs in its picture; NULL: none */
	struct worker_list list; /* what it draws, and what a click selects, unless it does so itself; n 0: no list */
	void (*draw)(struct frame *frame, const struct area *area);
	/* Carries out a command of the pane's own that is no order. */
	void (*command)(struct panel *panel, struct model *model, enum command_id command);
	/* Moves a cursor of the pane's own. NULL: the cursor is the selected worker. */
	void (*move)(struct panel *panel, struct model *model, enum command_id command);
	/* The row of the pane's list at a content row: select it. */
	void (*click)(struct panel *panel, int row);
	bool (*number)(const struct panel *panel, const struct model *model, struct number *ret);
};
/* All panes, overlays last; NULL after the last. */
const struct pane *pane_at(size_t i);

/* --- columns --- */

#define COLUMNS_MAX 20

/* What a column draws: one cell of a side's row. */
struct table_cell {
	struct frame *frame;
	const struct area *area;
	enum side side;
	const struct worker_row *row; /* of a worker, and its half of this side; or NULL, and `data` */
	const struct worker_half *half;
	const void *data;
	const struct column *column;
	const struct fact *fact; /* the column's; NULL: it has none */
	struct place at;
};

/* A column of a table. Its draw function says what is in a cell; everything else is the table's work. */
struct column {
	const char *title, *brief; /* brief: when the title is too wide; NULL: cut */
	const char *gloss; /* what the title means; NULL: it says it */
	int min, max; /* cells */
	int priority; /* the highest is dropped first */
	bool grows;
	bool left; /* aligned left */
	bool flashes; /* marked for a while when it shows something else than before */
	enum fact_scope scope;
	const struct record *kind; /* in place of a scope, of a kind that is one by itself */
	const char *fact; /* NULL: cannot be focused */
	const char *sum; /* of all rows of a side: a fact of FACT_SIDE; NULL: there is none */
	int index; /* for the draw function */
	void (*draw)(const struct table_cell *cell);
};

struct table {
	const struct column *columns;
	int n;
	const struct fact *facts[COLUMNS_MAX], *sums[COLUMNS_MAX]; /* found once, when the columns are new */
	struct column_slot slots[COLUMNS_MAX];
};

/* The numbers that can be focused: numbers of columns, from left to right. */
struct fields {
	int focus;
	int n;
	int column[COLUMNS_MAX];
	int at[COLUMNS_MAX]; /* where each column stands in a half; for clicks */
};

/* A pane on the screen, between frames. */
struct panel {
	struct ui *ui;
	const struct pane *pane;
	void *state; /* the pane's own, of pane->size bytes */
	const struct sign *legend; /* the pane's, or what it set for what it shows now */
	const struct worker_list *list; /* likewise */
	bool visible; /* it has room on the screen */
	struct rect area; /* of the last frame: where its content was */
	int legend_rows; /* of these, the last ones: its legend */
	struct table table; /* the columns that it showed last */
	struct fields fields;
};
/* The state of a pane, for what it offers to others. */
void *pane_state(const struct ui *ui, const struct pane *pane);

/* begin takes the wishes from the records; the caller may change slots; fit decides for this many cells and tells the
 * panel's fields. */
void table_begin(struct panel *panel, const struct column *columns, int n);
void table_fit(struct panel *panel, int cols);
/* The cells that one of n columns would get of so many. */
int table_width(const struct column *columns, int n, int cols, int column);
/* As it stands above the column: the title, or its brief form. */
const char *table_title(const struct table *table, int column);
void table_titles(struct frame *frame, const struct area *area, enum side side, int row);
/* The first n cells of a row; `cell` says whose. */
void table_row(struct table_cell cell, int row, int n);
/* The cells of one column in a half's row; cols 0 if it was dropped. */
struct place table_place(const struct area *area, enum side side, int row, int column);
/* Marks the selected row and, if the pane is focused, its focused number, whose text is kept for `?`. */
void table_cursor(struct frame *frame, const struct area *area, enum side side, int row);
/* A number after the columns, or one that stands in no column: it can be focused, and no click finds it. */
void fields_add(struct fields *fields, int column);

/* The row alone, without a number; a number alone, without its row. */
void row_cursor(struct frame *frame, const struct area *area, enum side side, int row);
void number_focus(struct frame *frame, const struct area *area, struct place at);

/* The number of a fact of a worker, a task or a side, with its path. */
struct number number_of(const struct fact *fact, struct fact_path path);

#endif
