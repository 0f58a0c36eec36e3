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
	enum scene_code { SCENE_CODE_BESIDE, SCENE_CODE_BELOW, SCENE_CODE_NONE } code;
	int bottom; /* a line that would reach below this row is left out; 0: it is scrolled to */
};

static inline void scene_advance(struct scene_page *page, int rows)
{
	page->rest.row += rows;
	page->rest.rows -= rows;
}

/* The number that is the point, if there is one. */
void scene_put_number(struct scene_page *page);

/* How each part looks; the highest rank is left out first, 0 never. */
struct scene_part {
	const char *label;
	enum style style;
	int rank;
	bool apart; /* a blank line before it, where there is room */
};
extern const struct scene_part scene_parts[CAPTION_PARTS];

struct scene_ink {
	enum style style;
	bool marked, flash, struck;
};
struct scene_ink scene_ink_of(const struct caption_line *line);
/* Wraps at blanks; returns the rows used. A word that is wider than the place is cut by the place's edge. */
int scene_put_marked(struct frame *frame, struct rect r, struct scene_ink ink, const char *text);
/* The lines of one part below each other, head above them; returns the rows used. */
int scene_put_column(struct scene_page *page, struct rect r, enum caption_part part,
	enum style head_style, const char *head);
int scene_count(const struct caption *caption, enum caption_part part); /* its lines */

static inline bool scene_part_is_code(enum caption_part part)
{
	return part >= CAPTION_CODE && part <= CAPTION_CODE_RIGHT;
}
/* Whether the page is wide enough for lines of C where page->code has them. */
bool scene_code_has_cols(const struct scene_page *page);
int scene_code_cols(const struct scene_page *page); /* that they take beside the rest */
void scene_put_code(struct scene_page *page); /* below the rest */
int scene_put_code_beside(struct scene_page *page, struct rect r); /* returns the rows used */

#endif
