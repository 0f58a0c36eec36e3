/* SPDX-License-Identifier: MIT
 * The part of a mapping that the pages pane looks at, page by page: chosen by stepping, or in the memory pane.
 */
#ifndef TASKSCOPE_UI_WINDOW_H
#define TASKSCOPE_UI_WINDOW_H

#include "internal.h"

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
