/* SPDX-License-Identifier: MIT
 * Rows of two address spaces: what the memory pane draws, made from the model's regions.
 */
#ifndef TASKSCOPE_UI_PANE_MEMORY_H
#define TASKSCOPE_UI_PANE_MEMORY_H

#include "frame.h"

/* The columns of the list, and after them the sums above it, which can be focused like columns. */
enum { ADDRESS, LABEL, PERMS, SIZE, MEASURED, BAR, SPACE_COLUMNS, SPACE_SUMS = SPACE_COLUMNS };

enum measure { MEASURE_RSS, MEASURE_PSS, MEASURE_PRIVATE, MEASURES };

/* The state of the memory pane. */
struct memory_state {
	enum measure measure;
	int at; /* the selected row */
	char label[48];
	uint64_t start[SIDES]; /* its addresses; 0: not on that side */
	struct scroll scroll;
	VEC(int) pairs; /* the aligned pairs that have a row */
	int list_row; /* content row where the list starts; for clicks */
	struct column columns[SPACE_COLUMNS]; /* with the titles of this frame */
};

/* One row's half: a mapping, or a class of them. */
struct space_row {
	const struct region *region; /* NULL: a class */
	const char *label;
	enum region_class class;
	int n; /* mappings in it */
	int64_t size_kb, rss_kb, pss_kb, shared_kb, private_kb;
	int64_t measured_kb; /* one of them */
	bool mine; /* the selected worker's stack */
	double widest; /* the largest resident size of the frame, for bars */
};

/* The rows of this frame: single mappings, aligned, or classes that at least one side has. */
struct space_list {
	bool classes;
	int n, left_out;
	const struct region_pair *pairs;
	const int *pair; /* which pair a row is */
	enum region_class class[REGION_CLASSES];
	int32_t pid[SIDES];
};

/* Single mappings, aligned, or classes of them; `room` rows are there. */
struct space_list spaces_list(
	struct memory_state *memory, const struct ui *ui, struct model *model, bool classes, int room);
/* n is 0 when this side has nothing in this row. */
struct space_row spaces_row(const struct memory_state *memory, const struct ui *ui,
	const struct model *model, const struct space_list *list, int row, enum side side);
/* The largest resident size of all rows, for bars. */
double spaces_widest(const struct memory_state *memory, const struct ui *ui, const struct model *model,
	const struct space_list *list);

#endif
