/* SPDX-License-Identifier: MIT
 * A table of text while it is collected (widths come from the cells), and sentences, both made to fit.
 */
#ifndef TASKSCOPE_MEASURE_GRID_H
#define TASKSCOPE_MEASURE_GRID_H

#include "base.h"

#define GRID_COLUMNS 16
#define GRID_CELL 40

struct grid_row {
	char cell[GRID_COLUMNS][GRID_CELL];
};
struct grid {
	VEC(struct grid_row) rows; /* the first: titles */
	bool left[GRID_COLUMNS]; /* aligned left */
	int keys; /* the first columns, which say what a row is about: repeated when the others go on below */
	int columns;
};

/* Columns in which nothing stands are left out. cols 0: as wide as it is. */
void grid_put(const struct grid *grid, int cols, struct buf *out);
/* One sentence in lines of at most cols cells, the second and later ones indented. cols 0: one line. */
void grid_put_wrapped(struct buf *out, int cols, int indent, const char *text);

#endif
