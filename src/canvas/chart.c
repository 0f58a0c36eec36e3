/* SPDX-License-Identifier: MIT
 * Charts in characters: how a value becomes eighths of a cell, and how unknown, zero and little
 * stay three things.
 */

#include "canvas.h"

#define EIGHTHS 8

static const char *const rising[EIGHTHS + 1] = { "·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };

/* Hanging from the top there are but three sizes in Unicode: an eighth, a half, and whole (here
 * shaded). */
static const char *const hanging[EIGHTHS + 1] = { "·", "▔", "▔", "▀", "▀", "▀", "▒", "▒", "▒" };

static double largest(const float *values, size_t n, double max)
{
	for (size_t i = 0; i < n; i++) {
		if (isfinite(values[i]) && values[i] > max)
			max = values[i];
	}
	return max;
}

/* Eighths of a cell, at most `cells` cells; a value > 0 has one at least. value is known. */
static int eighths(double value, double max, int cells)
{
	int full = cells * EIGHTHS;

	if (value <= 0)
		return 0;
	if (value >= max)
		return full;
	return MAX(1, (int)(value / max * full + 0.5));
}

/* A window of `cols` columns on values, the newest at the right: the value of a column, NAN
 * where there is none. */
static double column(const float *values, size_t n, int cols, int at)
{
	int64_t i = (int64_t)n - cols + at;

	return i < 0 ? NAN : values[i];
}

void chart_spark(struct canvas *canvas, int row, int col, int cols, const float *values, size_t n,
	double max, enum style style)
{
	if (cols < 1)
		return;
	if (n > (size_t)cols) { /* what is not shown does not set the scale */
		values += n - (size_t)cols;
		n = (size_t)cols;
	}
	if (!(max > 0))
		max = largest(values, n, 0);
	for (int at = 0; at < cols; at++) {
		double value = column(values, n, cols, at);
		const char *glyph = isnan(value) ? " " : rising[eighths(value, max, 1)];

		canvas_text(canvas, row, col + at, 1, style, glyph);
	}
}

/* How the rows of an updown chart are used. */
struct halves {
	int up, line, down; /* rows; line: 0 or 1 */
	int scale; /* rows that stand for the largest value, the same for both */
};

static struct halves halves_of(int rows)
{
	int line = rows >= 3;
	int down = (rows - line) / 2, up = rows - line - down;

	/* of an even number of rows one is left over above: equal values must have equal lengths */
	return (struct halves) { up, line, down, .scale = down ? down : up };
}

/* One column of one half: `rows` cells away from `row` in the direction of step, eighths long. */
static void draw_column(struct canvas *canvas, int row, int col, int rows, int step, int length,
	const char *const *glyphs, enum style style)
{
	for (int i = 0; i < rows; i++) {
		int part = MAX(0, MIN(length - i * EIGHTHS, EIGHTHS));

		canvas_text(canvas, row + i * step, col, 1, style, part ? glyphs[part] : " ");
	}
}

static void draw_updown_column(struct canvas *canvas, struct rect r, int col, double up,
	double down, double max, enum style up_style, enum style down_style)
{
	struct halves halves = halves_of(r.rows);
	bool known = !isnan(up) && !isnan(down);
	int up_length = isnan(up) ? 0 : eighths(up, max, halves.scale);
	int down_length = isnan(down) ? 0 : eighths(down, max, halves.scale);
	int middle = r.row + halves.up;

	draw_column(canvas, middle - 1, col, halves.up, -1, up_length, rising, up_style);
	draw_column(canvas, middle + halves.line, col, halves.down, 1, down_length, hanging,
		down_style);
	if (halves.line)
		canvas_text(canvas, middle, col, 1, STYLE_BORDER, known ? "─" : " ");
	else if (!isnan(up) && !up_length) /* no line to show that zero is known */
		canvas_text(canvas, middle - 1, col, 1, up_style, rising[0]);
}

void chart_updown(struct canvas *canvas, struct rect r, const float *up, const float *down,
	size_t n, double max, enum style up_style, enum style down_style)
{
	if (r.rows < 1 || r.cols < 1)
		return;
	if (n > (size_t)r.cols) {
		up += n - (size_t)r.cols;
		down += n - (size_t)r.cols;
		n = (size_t)r.cols;
	}
	if (!(max > 0))
		max = largest(down, n, largest(up, n, 0));
	for (int at = 0; at < r.cols; at++)
		draw_updown_column(canvas, r, r.col + at, column(up, n, r.cols, at),
			column(down, n, r.cols, at), max, up_style, down_style);
}

static bool part_shows(const struct bar_part *part)
{
	return isfinite(part->value) && part->value > 0;
}

/* The sum of the parts that show, and how many they are. */
static double bar_sum(const struct bar_part *parts, size_t n, int *ret_shown)
{
	double sum = 0;

	*ret_shown = 0;
	for (size_t i = 0; i < n; i++) {
		if (!part_shows(&parts[i]))
			continue;
		sum += parts[i].value;
		++*ret_shown;
	}
	return sum;
}

static const struct bar_part *largest_part(const struct bar_part *parts, size_t n)
{
	const struct bar_part *most = parts;

	for (size_t i = 1; i < n; i++)
		if (part_shows(&parts[i]) && !(part_shows(most) && most->value >= parts[i].value))
			most = &parts[i];
	return most;
}

void chart_bar(struct canvas *canvas, int row, int col, int cols, const struct bar_part *parts,
	size_t n, double max)
{
	int shown, cells;
	double sum = bar_sum(parts, n, &shown);

	if (cols < 1)
		return;
	if (sum < max && sum / max * cols < 1) { /* less than a cell: the largest part has it */
		const struct bar_part *most = largest_part(parts, n);

		canvas_fill(canvas, (struct rect) { row, col, 1, cols }, " ", STYLE_TEXT);
		if (shown)
			canvas_text(canvas, row, col, 1, most->style, most->glyph);
		return;
	}
	cells = !(max > 0) || sum >= max ? cols : (int)(sum / max * cols + 0.5);
	cells = shown ? MIN(MAX(cells, shown), cols) : 0;
	canvas_fill(canvas, (struct rect) { row, col + cells, 1, cols - cells }, " ", STYLE_TEXT);
	for (size_t i = 0; i < n && cells; i++) {
		/* summed anew each time: what is left after a huge part would be lost in rounding */
		double left = bar_sum(parts + i, n - i, &shown);
		int own = cells;

		if (!part_shows(&parts[i]))
			continue;
		/* its share of what is left, but one cell is kept for each part that follows */
		if (shown > 1)
			own = (int)(parts[i].value / left * cells + 0.5);
		own = MIN(MAX(own, 1), MAX(cells - (shown - 1), 1));
		canvas_fill(
			canvas, (struct rect) { row, col, 1, own }, parts[i].glyph, parts[i].style);
		col += own;
		cells -= own;
	}
}
