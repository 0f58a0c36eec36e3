/* SPDX-License-Identifier: MIT
 * Panes that are a list of members: one row a worker and the host, both sides beside each other, a sentence above that
 * says what to see. A pane of this kind is a table of columns and a sentence.
 */
#ifndef TASKSCOPE_UI_MEMBERS_H
#define TASKSCOPE_UI_MEMBERS_H

#include "internal.h"

/* What a cell draws: one half of a row. */
struct member {
	const struct model_side *side;
	const struct worker_row *row;
	const struct worker_half *half;
};

struct members {
	const struct column *columns;
	int n;
	/* What this side shows, in one sentence of at most `cols` cells if it can. */
	void (*say)(struct frame *frame, enum side side, int cols, char *out, size_t size);
	bool sums; /* a row below all others has the columns' sums */
	/* Below the list, if there is room; NULL: nothing. */
	void (*conclude)(struct frame *frame, enum side side, char *out, size_t size);
	bool tall; /* a row takes as many rows as there is room for, up to four */
	const char *legend, *brief; /* at the right of the title while nothing has just changed */
};

/* Draws the pane. */
void members_draw(struct frame *frame, const struct area *area, const struct members *members);
int members_want(const struct ui *ui);
void members_click(struct ui *ui, int row);
bool members_number(
	const struct ui *ui, struct model *model, const struct members *members, struct number *ret);

/* The same of a given column, whatever is focused. */
bool members_number_of(const struct ui *ui, struct model *model, const struct members *members,
	int field, struct number *ret);
/* Cells that a row of the pane has in one column, all of its rows together. */
int members_cells(struct frame *frame, const struct area *area, const struct members *members,
	int column);
/* Rows of cells in a row of the pane: one stays free between two that are tall. */
int members_cell_rows(const struct frame *frame);

/* --- cells --- */

void member_name_draw(struct frame *frame, const struct column *column, struct place at,
	enum side side, const void *row);
/* The column's fact as text, right-aligned unless the column is left; what is unknown is a dim dash. A column that
 * `flashes` is marked for a second when its text has changed. */
void member_fact_draw(struct frame *frame, const struct column *column, struct place at,
	enum side side, const void *row);
/* The same for what a process has: its other threads say "as main". */
void member_process_draw(struct frame *frame, const struct column *column, struct place at,
	enum side side, const void *row);
/* The same for text that the pane made itself. */
void member_text_draw(struct frame *frame, const struct column *column, struct place at,
	enum side side, const struct member *member, enum style style, const char *text);
/* The same for one of several cells that one column makes: `what` tells them apart. */
void member_cell_draw(struct frame *frame, const struct column *column, int what, struct place at,
	enum side side, const struct member *member, enum style style, const char *text);
/* Likewise, but what is news is a change of `news`, not of the text: of who it is, not of its number.
 * "" is unknown, which is no news. */
void member_named_draw(struct frame *frame, const struct column *column, int what, struct place at,
	enum side side, const struct member *member, enum style style, const char *text, const char *news);
/* The newest record of a scope of this member; NULL: none. */
const void *member_evidence(
	const struct frame *frame, enum fact_scope scope, enum side side, const struct member *member);

#define MEMBER_AS_MAIN "\""

#define MEMBER_NAME                                                                                \
	{                                                                                          \
		"", .min = 4, .max = 4, .left = true, .draw = member_name_draw                     \
	}

/* Living workers of a side, and how many objects of a resource they have in all: as it was read, else as they were made. */
int members_count(const struct frame *frame, enum side side);
int members_objects(const struct frame *frame, enum side side, enum resource resource);
/* "1 address space", "4 address spaces". */
char *format_number_of(char *out, size_t size, int n, const char *one, const char *many);
/* "4 processes" or "4 threads". */
char *format_workers(char *out, size_t size, const struct frame *frame, enum side side);

/* Who changed in this frame: "changed: left w0 · right main w0 w1"; false: nobody. */
bool members_changed(const struct frame *frame, char *out, size_t size);

#endif
