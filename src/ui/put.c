/* SPDX-License-Identifier: MIT
 * Text and numbers in a row of cells, made to fit the cells there are.
 */

#include "frame.h"

/* The least full height of a spark: below it, a switch now and then would look like a storm. */
#define SPARK_SCALE_MIN 10

double put_past(struct frame *frame, struct place at, enum style style, const struct track *track,
	bool voluntary)
{
	float values[CANVAS_COLS_MAX];
	double most = SPARK_SCALE_MIN;

	for (int i = 0; i < at.cols; i++) {
		struct point point = track_point(track, (size_t)(at.cols - 1 - i));

		values[i] = voluntary ? point.voluntary_per_s : point.involuntary_per_s;
		most = fmax(most, values[i]);
	}
	/* An eighth stays free above, so that the rows of a list do not run into one. */
	chart_spark(frame->canvas, at.row, at.col, at.cols, values, (size_t)at.cols, most * 8 / 7,
		style);
	return most;
}

void put_text(struct frame *frame, struct place at, enum style style, const char *text)
{
	if (at.cols <= 0)
		return;
	if (text_width(text) <= at.cols) {
		canvas_text(frame->canvas, at.row, at.col, at.cols, style, text);
		return;
	}
	canvas_text(frame->canvas, at.row, at.col, at.cols - 1, style, text);
	canvas_text(frame->canvas, at.row, at.col + at.cols - 1, 1, style, "…");
}

void put_right(struct frame *frame, struct place at, enum style style, const char *text)
{
	if (text_width(text) <= at.cols)
		canvas_text_right(frame->canvas, at.row, at.col, at.cols, style, text);
	else
		put_text(frame, at, style, text);
}

/* When a number's usual form is too wide: "26k", "1.2M", at least three cells. */
static void squeeze(char *out, size_t size, double value, int cols)
{
	static const char units[] = { ' ', 'k', 'M', 'G', 'T', 'P' };
	size_t unit = 0;

	while (value >= 999.5 && unit + 1 < sizeof(units)) {
		value /= 1000;
		unit++;
	}
	if (unit && value < 9.95 && cols >= 4)
		snprintf(out, size, "%.1f%c", value, units[unit]);
	else if (unit)
		snprintf(out, size, "%.0f%c", value, units[unit]);
	else
		snprintf(out, size, "%.0f", value);
}

static void put_number(
	struct frame *frame, struct place at, enum style style, const char *text, double value)
{
	char brief[16];

	if (text_width(text) > at.cols && isfinite(value)) {
		squeeze(brief, sizeof(brief), value, at.cols);
		text = brief;
	}
	if (!isfinite(value) || value == 0)
		style = STYLE_DIM;
	put_right(frame, at, style, text);
}

void put_rate(struct frame *frame, struct place at, enum style style, double per_s)
{
	put_number(frame, at, style, TEXT_OF(format_rate, per_s), per_s);
}

void put_percent(struct frame *frame, struct place at, enum style style, double percent)
{
	put_number(frame, at, style, TEXT_OF(format_percent, percent), percent);
}

void put_kb(struct frame *frame, struct place at, enum style style, int64_t kb)
{
	put_right(frame, at, kb <= 0 ? STYLE_DIM : style, TEXT_OF(format_kb, kb));
}

void put_integer(struct frame *frame, struct place at, enum style style, int64_t value)
{
	char text[32];

	if (value == UNKNOWN)
		put_right(frame, at, STYLE_DIM, "–");
	else {
		snprintf(text, sizeof(text), "%lld", (long long)value);
		put_right(frame, at, style, text);
	}
}

int wrapped_rows(const char *text, int cols)
{
	int rows = 0;

	for (; *text; rows++)
		text += text_wrap(text, MAX(cols, 1));
	return rows;
}

int put_wrapped(struct frame *frame, struct rect r, enum style style, const char *text)
{
	int lines = 0;

	while (*text && lines < r.rows) {
		size_t n = text_wrap(text, r.cols);
		char part[512];

		snprintf(part, sizeof(part), "%.*s", (int)MIN(n, sizeof(part) - 1), text);
		canvas_text(frame->canvas, r.row + lines, r.col, r.cols, style, part);
		text += n;
		lines++;
	}
	return lines;
}

int digits(int64_t number)
{
	int n = 1;

	while (number >= 10) {
		number /= 10;
		n++;
	}
	return n;
}
