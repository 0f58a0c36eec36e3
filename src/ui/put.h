/* SPDX-License-Identifier: MIT
 * Text and numbers in a row of cells: nothing passes its place.
 */
#ifndef TASKSCOPE_UI_PUT_H
#define TASKSCOPE_UI_PUT_H

#include "canvas.h"
#include "model.h"

struct frame;

/* A stretch of cells in one row. */
struct place {
	int row, col, cols;
};

/* Text, cut with "…" when it does not fit. */
void put_text(struct frame *frame, struct place at, enum style style, const char *text);
void put_right(struct frame *frame, struct place at, enum style style, const char *text);
/* Numbers, right-aligned, made to fit the cells there are; a dash when unknown. */
void put_rate(struct frame *frame, struct place at, enum style style, double per_s);
void put_percent(struct frame *frame, struct place at, enum style style, double percent);
void put_kb(struct frame *frame, struct place at, enum style style, int64_t kb);
void put_integer(struct frame *frame, struct place at, enum style style, int64_t value);
int digits(int64_t number); /* of a number that is not negative */
/* The last samples of one task, one a cell, on a scale of its own. */
/* Returns the value at its top. */
double put_past(struct frame *frame, struct place at, enum style style, const struct track *track,
	bool voluntary);
/* Text in lines of at most cols cells, broken at blanks, at most `rows`. Returns the lines used. */
int put_wrapped(struct frame *frame, struct rect r, enum style style, const char *text);
int wrapped_rows(const char *text, int cols); /* the lines that it needs */
/* Big digits. The cells that they take; 0: a character of the text has no big form. */
#define DIGITS_ROWS 3
int digits_cols(const char *text);
int digits_rows(int scale); /* of digits that are larger by this factor */
void digits_put(struct frame *frame, int row, int col, enum style style, const char *text);

#endif
