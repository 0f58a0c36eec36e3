/* SPDX-License-Identifier: MIT
 * Who gets how many rows and cells: arithmetic over wishes.
 */
#ifndef TASKSCOPE_UI_LAYOUT_H
#define TASKSCOPE_UI_LAYOUT_H

#include "base.h"

/* One pane's wish, and what it got. Rows are content rows, without the frame's lines. */
struct slot {
	bool modest; /* beyond what it wants it leaves room to the others */
	int min; /* below this the pane is useless: then it is left out */
	int want; /* more than this only when all have what they want */
	int weight; /* rows of each round beyond min, and beyond want; the heaviest is served first */
	int rows; /* the answer; 0: left out */
};

/* Shares `rows` rows, the frame's lines included: one line above each pane and one below the last. When not all minima
 * fit, slots are left out from the last on, but never the focused one. Rows handed out and lines add up to `rows`. */
void layout_rows(struct slot *slots, int n, int focus, int rows);

/* A column's wish. A narrow table drops the column of the highest priority number first. From this priority on, a column
 * is shown only if all columns below it have their max. */
#define COLUMN_LUXURY 10

struct column_slot {
	int min, max; /* cells */
	int priority; /* 0 stays always */
	bool grows; /* takes what is left over when all have their max */
	int width; /* the answer; 0: left out */
	int at; /* the answer: cells left of it */
};

/* Shares `cols` cells, one blank between columns. What is beyond the minima goes to columns in order of priority.
 * Returns the cells used. */
int layout_columns(struct column_slot *slots, int n, int cols);

#endif
