/* SPDX-License-Identifier: MIT
 * Panes with a column a worker: what the workers have stands in rows, so that it can be named in words, and what is one
 * thing stands side by side.
 */
#ifndef TASKSCOPE_UI_WORKER_GRID_H
#define TASKSCOPE_UI_WORKER_GRID_H

#include "worker_list.h"

#define WORKER_GRID_CELL_MIN 4

/* One half, and the workers that have a column. */
struct worker_grid {
	struct frame *frame;
	const struct area *area;
	enum side side;
	struct rect half;
	int label_cols, cell_cols;
	const struct worker_row *column[CANVAS_COLS_MAX / WORKER_GRID_CELL_MIN];
	int columns;
};

/* Chooses columns of least to most cells beside labels of at least so many. Where not all fit, the host is left out first,
 * then the last. */
void worker_grid_fit(struct worker_grid *grid, struct frame *frame, const struct area *area, enum side side,
	int label_cols, int least, int most);
/* A row's cell; its text ends one cell before the next one's begins. */
struct place worker_grid_cell(const struct worker_grid *grid, int row, int column);
bool worker_grid_is_selected(const struct worker_grid *grid, int column);
void worker_grid_titles(const struct worker_grid *grid, int row);
/* A line to a cell's text, which takes so many cells at its end, from the column before: both are of one thing. */
void worker_grid_join(const struct worker_grid *grid, int row, int column, int cols);
void worker_grid_label(const struct worker_grid *grid, int row, enum style style, const char *text);
/* Text of a field in a cell; `what` tells fields apart, `news` is what has changed if it changes ("" unknown). */
void worker_grid_put(const struct worker_grid *grid, int field, struct place at, int column, enum style style,
	const char *text, int what, const char *news);

#endif
