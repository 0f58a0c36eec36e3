/* SPDX-License-Identifier: MIT
 * Tables of column records, and numbers that fit their cells. Alone knows how titles, rows, the cursor and the focused
 * number are put on the canvas; a pane only says what is in a cell.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

void table_begin(struct table *table, const struct column *columns, int n)
{
	table->columns = columns;
	table->n = MIN(n, COLUMNS_MAX);
	for (int i = 0; i < table->n; i++)
		table->slots[i] = (struct column_slot) {
			.min = columns[i].min,
			.max = columns[i].max,
			.priority = columns[i].priority,
			.grows = columns[i].grows,
		};
}

void table_fit(struct table *table, struct ui *ui, int pane, int cols)
{
	struct fields *fields = &ui->fields[pane];
	bool found = false;

	layout_columns(table->slots, table->n, cols);
	fields->n = 0;
	for (int i = 0; i < table->n; i++) {
		ui->field_at[pane][i] = table->slots[i].at;
		if (!table->slots[i].width || !table->columns[i].fact)
			continue;
		fields->column[fields->n++] = i;
		found |= i == ui->field[pane];
	}
	if (!found && fields->n)
		ui->field[pane] = fields->column[0];
}

/* The first cell of a half is the cursor's, and the last stays free. */
struct place table_place(const struct table *table, struct rect half, int row, int column)
{
	const struct column_slot *slot = &table->slots[column];

	return (struct place) { row, half.col + 1 + slot->at, slot->width };
}

void table_titles(struct frame *frame, const struct table *table, struct rect half, int row)
{
	for (int i = 0; i < table->n; i++) {
		const struct column *column = &table->columns[i];
		struct place at = table_place(table, half, row, i);
		const char *title = column->title;

		if (!at.cols)
			continue;
		if (column->brief && text_width(title) > at.cols)
			title = column->brief;
		if (column->left)
			put_text(frame, at, STYLE_DIM, title);
		else
			put_right(frame, at, STYLE_DIM, title);
	}
}

void table_row(struct frame *frame, const struct table *table, struct rect half, int row,
	enum side side, const void *data)
{
	for (int i = 0; i < table->n; i++) {
		struct place at = table_place(table, half, row, i);

		if (at.cols)
			table->columns[i].draw(frame, &table->columns[i], at, side, data);
	}
}

/* Reads a number back from the canvas, so that `?` names exactly what is seen. */
static void keep_shown(struct ui *ui, const struct canvas *canvas, struct place at)
{
	size_t len = 0;

	for (int col = at.col; col < at.col + at.cols; col++) {
		const struct cell *cell = canvas_at(canvas, at.row, col);
		const char *text = cell && cell->text[0] ? cell->text : " ";
		size_t n = strlen(text);

		if (len + n >= sizeof(ui->shown))
			break;
		memcpy(ui->shown + len, text, n);
		len += n;
	}
	ui->shown[len] = 0;
	ui->shown_row = at.row;
}

static bool is_blank(const struct canvas *canvas, int row, int col)
{
	const struct cell *cell = canvas_at(canvas, row, col);

	return !cell || !cell->text[0] || cell->text[0] == ' ';
}

void number_focus(struct frame *frame, const struct area *area, struct place at)
{
	const struct canvas *canvas = frame->canvas;

	if (!area->focused)
		return;
	while (at.cols > 1 && is_blank(canvas, at.row, at.col))
		at.col++, at.cols--;
	while (at.cols > 1 && is_blank(canvas, at.row, at.col + at.cols - 1))
		at.cols--;
	canvas_mark(frame->canvas, (struct rect) { at.row, at.col, 1, at.cols }, CELL_MARKED);
	keep_shown(frame->ui, canvas, at);
}

void row_cursor(struct frame *frame, const struct area *area, int row, enum side side)
{
	struct rect half = area->half[side];

	canvas_text(frame->canvas, row, half.col, 1, STYLE_FOCUS, "▸");
	if (area->focused)
		canvas_mark(frame->canvas, (struct rect) { row, half.col, 1, half.cols },
			CELL_SELECTED);
}

void table_cursor(struct frame *frame, const struct area *area, const struct table *table, int row,
	enum side side)
{
	int field = frame->ui->field[area->pane];
	struct place at;

	row_cursor(frame, area, row, side);
	if (field >= table->n || !frame->ui->fields[area->pane].n)
		return; /* a number outside the table is focused */
	at = table_place(table, area->half[side], row, field);
	if (at.cols)
		number_focus(frame, area, at);
}

/* The least full height of a spark: below it, a switch now and then would look like a storm. */
#define SPARK_SCALE_MIN 10

void put_past(struct frame *frame, struct place at, enum style style, const struct track *track,
	bool voluntary)
{
	float *values = frame->ui->up;
	double most = SPARK_SCALE_MIN;

	for (int i = 0; i < at.cols; i++) {
		struct point point = track_point(track, (size_t)(at.cols - 1 - i));

		values[i] = voluntary ? point.voluntary_per_s : point.involuntary_per_s;
		most = fmax(most, values[i]);
	}
	/* An eighth stays free above, so that the rows of a list do not run into one. */
	chart_spark(frame->canvas, at.row, at.col, at.cols, values, (size_t)at.cols, most * 8 / 7,
		style);
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
	char text[32];

	put_number(frame, at, style, format_rate(text, sizeof(text), per_s), per_s);
}

void put_percent(struct frame *frame, struct place at, enum style style, double percent)
{
	char text[32];

	put_number(frame, at, style, format_percent(text, sizeof(text), percent), percent);
}

void put_kb(struct frame *frame, struct place at, enum style style, int64_t kb)
{
	char text[32];

	put_right(frame, at, kb <= 0 ? STYLE_DIM : style, format_kb(text, sizeof(text), kb));
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
