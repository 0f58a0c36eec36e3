/* SPDX-License-Identifier: MIT
 * Rows of two address spaces: what the memory pane draws, made from the model's regions.
 */
#ifndef TASKSCOPE_UI_PANE_MEMORY_H
#define TASKSCOPE_UI_PANE_MEMORY_H

#include "worker_list.h"

/* The columns of the list, and after them the sum above it, which can be focused like a column. */
enum { ADDRESS, LABEL, PERMS, SIZE, MEASURED, BAR, SPACE_COLUMNS, SPACE_SUM = SPACE_COLUMNS };

enum measure { MEASURE_RSS, MEASURE_PSS, MEASURE_PRIVATE, MEASURES };

/* The state of the memory pane. */
struct memory_state {
	enum measure measure;
	int at; /* the selected row */
	char label[48];
	bool named; /* the label is one that paths of facts know */
	uint64_t start[SIDES]; /* its addresses; 0: not on that side */
	struct scroll scroll;
	VEC(int) pairs; /* the aligned pairs that have a row */
	int list_row; /* content row where the list starts; for clicks */
	struct column columns[SPACE_COLUMNS]; /* with the titles of this frame */
};

/* What can stand in one row, in plain words; of a row of classes, all mappings of them. */
#define SPACE_KINDS 11

/* One row's half: a mapping, or all of a kind. */
struct space_row {
	const struct region *region; /* the first, or the one */
	const char *label;
	bool named; /* as in the state */
	enum region_class class;
	int n; /* mappings in it */
	int64_t size_kb, rss_kb, pss_kb, shared_kb, private_kb;
	int64_t measured_kb; /* one of them */
	bool mine; /* the selected worker's stack */
	bool together; /* several tasks have it */
	bool in_common; /* of the same file as the other side's */
	double widest; /* the largest resident size of the frame, for bars */
};

/* The rows of this frame: single mappings, aligned, or kinds that at least one side has. */
struct space_list {
	bool kinds;
	int n, left_out;
	const struct region_pair *pairs;
	const int *pair; /* which pair a row is */
	int kind[SPACE_KINDS];
	int32_t pid[SIDES];
};

/* Single mappings, aligned, or kinds of them; `room` rows are there. */
struct space_list spaces_list(
	struct memory_state *memory, const struct ui *ui, struct model *model, bool by_kind, int room);
/* n is 0 when this side has nothing in this row. */
struct space_row spaces_row(const struct memory_state *memory, const struct ui *ui,
	const struct model *model, const struct space_list *list, int row, enum side side);
/* The largest resident size of all rows, for bars. */
double spaces_widest(const struct memory_state *memory, const struct ui *ui, const struct model *model,
	const struct space_list *list);

#endif
