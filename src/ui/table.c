/* SPDX-License-Identifier: MIT
 * Tables of columns: titles, rows, the cursor and the focused number. A pane only says what is in a cell.
 */

#include "frame.h"

static void set_slots(struct column_slot *slots, const struct column *columns, int n)
{
	for (int i = 0; i < n; i++)
		slots[i] = (struct column_slot) {
			.min = columns[i].min,
			.max = columns[i].max,
			.priority = columns[i].priority,
			.grows = columns[i].grows,
		};
}

static const struct fact *find_fact(const struct column *column)
{
	if (!column->fact)
		return NULL;
	return fact_find(column->kind ? fact_scope_of(column->kind) : column->scope, column->fact);
}

static void find_facts(struct table *table)
{
	for (int i = 0; i < table->n; i++) {
		const struct column *column = &table->columns[i];

		table->facts[i] = find_fact(column);
		table->sums[i] = column->sum ? fact_find(FACT_SIDE, column->sum) : NULL;
	}
}

void table_begin(struct panel *panel, const struct column *columns, int n)
{
	struct table *table = &panel->table;
	const bool is_new = table->columns != columns;

	table->columns = columns;
	table->n = MIN(n, COLUMNS_MAX);
	set_slots(table->slots, columns, table->n);
	if (is_new)
		find_facts(table);
}

int table_width(const struct column *columns, int n, int cols, int column)
{
	struct column_slot slots[COLUMNS_MAX];

	n = MIN(n, COLUMNS_MAX);
	set_slots(slots, columns, n);
	layout_columns(slots, n, cols);
	return slots[column].width;
}

void table_fit(struct panel *panel, int cols)
{
	struct table *table = &panel->table;
	struct fields *fields = &panel->fields;
	bool found = false;

	layout_columns(table->slots, table->n, cols);
	fields->n = 0;
	for (int i = 0; i < table->n; i++) {
		fields->at[i] = table->slots[i].at;
		if (!table->slots[i].width || !table->columns[i].fact)
			continue;
		fields->column[fields->n++] = i;
		found |= i == fields->focus;
	}
	if (!found && fields->n)
		fields->focus = fields->column[0];
}

void fields_add(struct fields *fields, int column)
{
	if (fields->n == COLUMNS_MAX || column >= COLUMNS_MAX)
		return;
	fields->column[fields->n++] = column;
	fields->at[column] = CANVAS_COLS_MAX;
}

/* The first cell of a half is the cursor's, and the last stays free. */
struct place table_place(const struct area *area, enum side side, int row, int column)
{
	const struct column_slot *slot = &area->panel->table.slots[column];

	return (struct place) { row, area->half[side].col + 1 + slot->at, slot->width };
}

const char *table_title(const struct table *table, int column)
{
	const struct column *of = &table->columns[column];
	const bool fits = text_width(of->title) <= table->slots[column].width;

	return of->brief && !fits ? of->brief : of->title;
}

void table_titles(struct frame *frame, const struct area *area, enum side side, int row)
{
	const struct table *table = &area->panel->table;

	for (int i = 0; i < table->n; i++) {
		const struct column *column = &table->columns[i];
		struct place at = table_place(area, side, row, i);
		const char *title = table_title(table, i);

		if (!at.cols)
			continue;
		if (column->left)
			put_text(frame, at, STYLE_DIM, title);
		else
			put_right(frame, at, STYLE_DIM, title);
	}
}

void table_row(struct table_cell cell, int row, int n)
{
	const struct table *table = &cell.area->panel->table;

	for (int i = 0; i < MIN(n, table->n); i++) {
		cell.column = &table->columns[i];
		cell.fact = table->facts[i];
		cell.at = table_place(cell.area, cell.side, row, i);
		if (cell.at.cols)
			cell.column->draw(&cell);
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
	ui->shown_col = at.col;
	ui->shown_cols = at.cols;
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

void row_cursor(struct frame *frame, const struct area *area, enum side side, int row)
{
	struct rect half = area->half[side];

	canvas_text(frame->canvas, row, half.col, 1, STYLE_FOCUS, "▸");
	if (area->focused)
		canvas_mark(frame->canvas, (struct rect) { row, half.col, 1, half.cols },
			CELL_SELECTED);
}

void table_cursor(struct frame *frame, const struct area *area, enum side side, int row)
{
	const struct panel *panel = area->panel;
	struct place at;

	row_cursor(frame, area, side, row);
	if (panel->fields.focus >= panel->table.n || !panel->fields.n)
		return; /* a number outside the table is focused */
	at = table_place(area, side, row, panel->fields.focus);
	if (at.cols)
		number_focus(frame, area, at);
}

struct number number_of(const struct fact *fact, struct fact_path path)
{
	struct number number = { .fact = fact, .path = path };

	number.path.fact = fact;
	fact_path_format(number.text, sizeof(number.text), &number.path);
	return number;
}
