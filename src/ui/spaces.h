/* SPDX-License-Identifier: MIT
 * Rows of two address spaces: what the memory pane draws, made from the model's regions.
 */
#ifndef TASKSCOPE_UI_SPACES_H
#define TASKSCOPE_UI_SPACES_H

#include "internal.h"

/* The columns of the list, and after them the sums above it, which can be focused like columns. */
enum {
	ADDRESS,
	LABEL,
	PERMS,
	SIZE,
	MEASURED,
	BAR,
	SPACE_COLUMNS,
	SUM_RSS = SPACE_COLUMNS,
	SUM_PSS,
	SUM_USS,
	SUM_END
};
extern const struct column space_columns[SPACE_COLUMNS];

/* One row's half: a mapping, or a class of them. */
struct space_row {
	const struct region *region; /* NULL: a class */
	const char *label;
	enum region_class class;
	int n; /* mappings in it */
	int64_t size_kb, rss_kb, pss_kb, shared_kb, private_kb;
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

/* The process whose address space a side shows: the selected worker's. 0: nobody. */
int32_t spaces_pid(const struct ui *ui, enum side side);
/* Single mappings, aligned, or classes of them; `room` rows are there. */
struct space_list spaces_list(struct ui *ui, struct model *model, bool classes, int room);
/* n is 0 when this side has nothing in this row. */
struct space_row spaces_row(const struct ui *ui, const struct model *model,
	const struct space_list *list, int row, enum side side);
/* The largest resident size of all rows, for bars. */
double spaces_widest(const struct ui *ui, const struct model *model, const struct space_list *list);
int64_t spaces_measured(enum measure measure, const struct space_row *row);

#endif
