/* SPDX-License-Identifier: MIT
 * What the files of the scene pane share: the page that is filled from top to bottom.
 */
#ifndef TASKSCOPE_UI_PANE_SCENE_H
#define TASKSCOPE_UI_PANE_SCENE_H

#include "frame.h"

/* Where the next line goes. Nothing of it is seen while it only counts: its clip is empty then. */
struct scene_page {
	struct frame *frame;
	struct rect rest;
	int rank; /* parts of this rank and above are left out */
	bool airy;
	bool big; /* there is room for big digits */
};

static inline void scene_advance(struct scene_page *page, int rows)
{
	page->rest.row += rows;
	page->rest.rows -= rows;
}

/* The number that is the point, if there is one. */
void scene_put_number(struct scene_page *page);

#endif
