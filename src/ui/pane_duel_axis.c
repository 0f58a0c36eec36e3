/* SPDX-License-Identifier: MIT
 * The axis that all series of the duel pane stand on: logarithmic, one for all rows, with its numbers below.
 */

#include "pane_duel.h"

#define TICKS_MAX 96
#define DECADE 27 /* cells with room for three numbers */

bool duel_is_memory(const struct duel_sample *duel)
{
	return strcmp(duel->duel, "memory") == 0;
}

enum style duel_style(const struct duel_sample *duel)
{
	if (strcmp(duel->who, "processes") == 0)
		return STYLE_PROCESS;
	return strcmp(duel->who, "threads") == 0 ? STYLE_THREAD : STYLE_SHARED;
}

static void widen(struct duel_axis *axis, double value)
{
	if (!(value > 0))
		return;
	axis->low = fmin(axis->low, value);
	axis->high = fmax(axis->high, value);
}

struct duel_axis duel_axis_of(const struct sample *sample, int col, int cols)
{
	struct duel_axis axis = { INFINITY, -INFINITY, col, cols };

	for (size_t i = 0; i < sample->duels.n; i++) {
		widen(&axis, sample->duels.at[i].p5);
		widen(&axis, sample->duels.at[i].p95);
		widen(&axis, sample->duels.at[i].median);
		widen(&axis, sample->duels.at[i].baseline);
		widen(&axis, sample->duels.at[i].rss_kb);
		widen(&axis, sample->duels.at[i].uss_kb);
	}
	return axis;
}

/* The cell of a value on the axis; -1: it has none. */
static int cell_of(const struct duel_axis *axis, double value)
{
	if (!(value > 0) || !isfinite(axis->low) || axis->cols < 2)
		return -1;
	if (axis->high <= axis->low)
		return axis->cols / 2;
	return (int)(log(value / axis->low) / log(axis->high / axis->low) * (axis->cols - 1) + 0.5);
}

static void put_mark(struct frame *frame, const struct duel_axis *axis, int row, double value,
	enum style style, const char *mark)
{
	int cell = cell_of(axis, value);

	if (cell >= 0)
		canvas_text(frame->canvas, row, axis->col + cell, 1, style, mark);
}

static void put_line(struct frame *frame, const struct duel_axis *axis, int row, double from,
	double to, enum style style, const char *mark)
{
	int first = cell_of(axis, from), last = cell_of(axis, to);

	for (int i = first; i >= 0 && i <= last; i++)
		canvas_text(frame->canvas, row, axis->col + i, 1, style, mark);
}

/* Memory has one number a trial, and three ways to count it: what is private, PSS, and the sum of RSS. */
static void draw_memory(
	struct frame *frame, const struct duel_axis *axis, int row, const struct duel_sample *duel)
{
	const enum style style = duel_style(duel);

	put_line(frame, axis, row, duel->uss_kb, duel->rss_kb, style, "─");
	put_mark(frame, axis, row, duel->uss_kb, style, "P");
	put_mark(frame, axis, row, duel->rss_kb, style, "R");
	put_mark(frame, axis, row, duel->median, style, "●");
}

void duel_axis_draw_series(
	struct frame *frame, const struct duel_axis *axis, int row, const struct duel_sample *duel)
{
	const enum style style = duel_style(duel);

	if (duel_is_memory(duel)) {
		draw_memory(frame, axis, row, duel);
		return;
	}
	put_line(frame, axis, row, duel->p5, duel->p95, style, "─");
	put_line(frame, axis, row, duel->p25, duel->p75, style, "━");
	put_mark(frame, axis, row, duel->baseline, STYLE_DIM, "│");
	put_mark(frame, axis, row, duel->median, style, "●");
}

/* --- its numbers --- */

/* 1, 2 or 5 times a power of ten, at most so large. */
static double round_step(double most)
{
	double power = pow(10, floor(log10(most)));

	if (most >= 5 * power)
		return 5 * power;
	return most >= 2 * power ? 2 * power : power;
}

/* Round values from low to high, ascending: in equal steps where the axis is short, in steps of a factor where it is long. */
static int find_ticks(const struct duel_axis *axis, bool memory, double *ticks)
{
	const bool is_short = axis->high < 3 * axis->low;
	const double step = is_short ? round_step((axis->high - axis->low) / 2) : 0;
	/* where three numbers have no room in a decade, only its first */
	const int digits = axis->cols < DECADE * log10(axis->high / axis->low) ? 1 : 5;
	int n = 0;

	if (is_short) {
		for (double at = ceil(axis->low / step) * step;
			at <= axis->high && n < TICKS_MAX && step > 0; at += step)
			ticks[n++] = at;
	} else if (memory) {
		for (double at = 1; at <= axis->high && n < TICKS_MAX; at *= 2)
			if (at >= axis->low)
				ticks[n++] = at;
	} else {
		for (double power = 1; power <= axis->high && n + 3 < TICKS_MAX; power *= 10)
			for (int digit = 1; digit <= digits; digit += digit == 1 ? 1 : 3)
				if (digit * power >= axis->low && digit * power <= axis->high)
					ticks[n++] = digit * power;
	}
	return n;
}

void duel_axis_draw_ticks(struct frame *frame, const struct duel_axis *axis, int row, bool memory)
{
	double ticks[TICKS_MAX];
	int n = isfinite(axis->low) && axis->high > axis->low ? find_ticks(axis, memory, ticks) : 0;
	char text[24], before[24] = "";

	for (int i = 0, free = 0; i < n; i++) {
		int cell = cell_of(axis, ticks[i]), width;
		const char *left = "└", *right = "";

		if (memory)
			format_kb(text, sizeof(text), (int64_t)ticks[i]);
		else
			format_fine_ns(text, sizeof(text), ticks[i]);
		width = text_width(text) + 1;
		if (cell + width > axis->cols) {
			cell -= width - 1;
			left = "";
			right = "┘";
		}
		if (cell < free || strcmp(text, before) == 0)
			continue;
		canvas_textf(frame->canvas, row, axis->col + cell, width, STYLE_DIM, "%s%s%s", left,
			text, right);
		free = cell + width + 1;
		memcpy(before, text, sizeof(before));
	}
}
