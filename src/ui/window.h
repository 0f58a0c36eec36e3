/* SPDX-License-Identifier: MIT
 * The part of a mapping that the pages pane looks at, page by page: chosen by stepping, or in the memory pane.
 */
#ifndef TASKSCOPE_UI_WINDOW_H
#define TASKSCOPE_UI_WINDOW_H

#include "rows.h"

/* What of a mapping is looked at page by page. */
struct window {
	bool on; /* else the whole arena is */
	bool own_stack; /* of whoever is selected */
	uint64_t start[SIDES]; /* of the mapping that was chosen; 0: that side has none */
	char label[48];
	int64_t first; /* page of the mapping */
	int cells; /* pages that a row shows */
	int steps; /* asked for before any mapping was known */
	VEC(struct region_pair) pairs; /* as they are stepped through, until the next feed */
	VEC(int) order;
	struct window_half {
		uint64_t start;
		int64_t pages; /* 0: it is not there */
		int64_t skip; /* its first page is this one of the longer half */
		char perms[5], label[48];
		bool guard;
	} half[SIDES]; /* where it is now */
};

void window_finish(struct window *window);
/* In kB, the size of a page. */
int window_page_kb(const struct model *model);
/* Finds the mapping in the newest address spaces; a row shows so many cells. */
void window_find(struct ui *ui, struct model *model, int cells);
/* Which pages of this half, [first, last), are in it; false: none. */
bool window_part_of(const struct window *window, const struct window_half *half, int64_t *ret_first,
	int64_t *ret_last);
/* The mapping that starts there on either side (0: on that side there is none). */
void window_open(struct ui *ui, const uint64_t start[SIDES], const char *label);
/* The whole arena again. */
void window_close(struct ui *ui);
/* The next mapping of the selected workers (1), or the one before (-1). */
void window_step(struct ui *ui, struct model *model, int step);
/* The next part of it, or the one before. */
void window_part(struct ui *ui, int step);
/* Which part of what this half shows, in at most `cols` cells if it can. Returns out. */
const char *window_title(const struct window_half *half, const struct window *window, int cols,
	char *out, size_t size);

#endif
