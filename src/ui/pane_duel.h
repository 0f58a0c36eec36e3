/* SPDX-License-Identifier: MIT
 * What the files of the duel pane share: its state, its axis, and the numbers of a series.
 */
#ifndef TASKSCOPE_UI_PANE_DUEL_H
#define TASKSCOPE_UI_PANE_DUEL_H

#include "duel_page.h"
#include "frame.h"

#define DUEL_NUMBERS 9

/* The state of the duel pane. */
struct duel_pane {
	struct scroll scroll;
	int at; /* the selected series */
	int number; /* which number of it `?` is about */
	int chosen; /* whose slider moves */
	int stop[DUELS]; /* of each duel's slider; 0: the usual parameters */
	const struct fact *facts[DUELS][DUEL_NUMBERS]; /* of the numbers, found once */
};

/* One number of a series, as the line about the selected one names it. */
struct duel_number {
	const char *label;
	const char *fact; /* of FACT_DUEL */
	enum { DUEL_AS_VALUE, DUEL_AS_NS, DUEL_AS_KB, DUEL_AS_COUNT, DUEL_AS_RATE } as; /* value: in the series' unit */
};
/* Which duel a series is of. */
int duel_index(const struct duel_sample *duel);
const struct duel_number *duel_numbers(const struct duel_sample *duel, int *ret_n);
void duel_number_text(char *out, size_t size, const struct duel_sample *duel,
	const struct duel_number *number, const struct fact *fact);
/* "64 kB", "16 MB", "1 worker"; "default" below 0. */
const char *duel_amount(char *out, size_t size, int64_t value, const char *unit);

/* --- duel_axis.c --- */

struct duel_axis {
	double low, high; /* values; infinite: there is none */
	int col, cols;
};
struct duel_axis duel_axis_of(const struct sample *sample, int col, int cols);
/* A series along its row: spread, middle half, median, baseline. */
void duel_axis_draw_series(
	struct frame *frame, const struct duel_axis *axis, int row, const struct duel_sample *duel);
/* Round numbers of the axis, each under its cell. */
void duel_axis_draw_ticks(struct frame *frame, const struct duel_axis *axis, int row, bool memory);
bool duel_is_memory(const struct duel_sample *duel);
enum style duel_style(const struct duel_sample *duel);

/* Of struct pane. */
void duel_init(void *at);
bool pane_duel_number(const struct panel *panel, const struct model *model, struct number *ret);
void pane_duel_command(struct panel *panel, struct model *model, enum command_id command);
void pane_duel_move(struct panel *panel, struct model *model, enum command_id command);

#endif
