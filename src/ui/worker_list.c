/* SPDX-License-Identifier: MIT
 * The list of workers that most panes of evidence are: the rows, the sums, and who has just changed.
 */

#include "worker_list.h"

#define PROGRAM_COLS 14 /* "postgres 40713": its name alone tells nobody apart */
#define HEAD_ROWS 1 /* the titles */
#define TALL_ROWS 4
#define TALL_ROWS_MIN 3 /* a blank one is the last of them */

static void draw_half(struct frame *frame, const struct area *area, enum side side)
{
	struct ui *ui = frame->ui;
	struct rect half = area->half[side];

	table_titles(frame, area, side, half.row);
	for (int i = 0; i < ui->workers.visible; i++) {
		size_t at = (size_t)(ui->workers.top + i);
		int row = half.row + HEAD_ROWS + i * frame->row_rows;
		struct table_cell cell = { frame, area, side };

		if (at >= ui->rows.n)
			break;
		cell.row = &ui->rows.at[at];
		cell.half = &cell.row->half[side];
		if (!cell.half->pid)
			continue;
		const bool apart = cell.half->ended && area->panel->list->draw_ended;
		if (apart)
			area->panel->list->draw_ended(cell, row);
		else
			table_row(cell, row, COLUMNS_MAX);
		if (side == ui->side && cell.half->worker == ui->worker[side])
			(apart ? row_cursor : table_cursor)(frame, area, side, row);
	}
}

static bool is_of_process(const struct table *table, int column)
{
	return table->facts[column] && table->columns[column].scope != FACT_TASK;
}

/* The sum of a column; of an only process, what that has. */
static struct fact_path sum_path(
	const struct table *table, int column, enum side side, const struct worker_half *only)
{
	if (table->sums[column] || !only || !is_of_process(table, column))
		return (struct fact_path) { .fact = table->sums[column], .side = side };
	return (struct fact_path) { .fact = table->facts[column],
		.who = FACT_OF_WORKER,
		.side = side,
		.number = only->worker };
}

/* What the side has in all: below the last row, in the same columns. */
static void draw_sums(struct frame *frame, const struct area *area, enum side side)
{
	struct ui *ui = frame->ui;
	const struct panel *panel = area->panel;
	const struct worker_half *only = rows_only_process(ui, side);
	struct rect half = area->half[side];
	int row =
		half.row + HEAD_ROWS + MIN(ui->workers.visible, (int)ui->rows.n) * frame->row_rows;

	if (row >= half.row + half.rows)
		return;
	put_text(frame, table_place(area, side, row, 0), STYLE_STRONG, "all");
	for (int i = 0; i < panel->table.n; i++) {
		const struct fact_path path = sum_path(&panel->table, i, side, only);
		struct place at = table_place(area, side, row, i);
		struct fact_value value;

		if (!path.fact || !at.cols)
			continue;
		fact_read(frame->model, &path, &value);
		put_right(frame, at, STYLE_STRONG, TEXT_OF(fact_format, &value));
		if (side == ui->side && (panel->fields.focus == panel->table.n + i ||
						(only && is_of_process(&panel->table, i) &&
							panel->fields.focus == i)))
			number_focus(frame, area, at);
	}
}

static void draw_conclusion(struct frame *frame, const struct area *area, enum side side)
{
	const struct worker_list *list = area->panel->list;
	struct rect rest = area->half[side];
	int used = HEAD_ROWS + (int)frame->ui->rows.n * frame->row_rows + list->sums + 1;
	char text[256] = "";

	rest.row += used;
	rest.rows -= used;
	rest.col++;
	rest.cols -= 2;
	if (rest.rows < 1)
		return;
	list->conclude(frame, side, text, sizeof(text));
	put_wrapped(frame, rest, STYLE_TEXT, text);
}

static int list_rows(const struct area *area)
{
	return MAX(area->half[0].rows - HEAD_ROWS - area->panel->list->sums, 0);
}

/* The sums can be focused after the columns: by the number of the column and that of all columns. */
static void add_sums(struct panel *panel)
{
	const struct table *table = &panel->table;

	for (int i = 0; i < table->n; i++)
		if (table->sums[i] && table->slots[i].width)
			fields_add(&panel->fields, table->n + i);
}

static int row_rows(const struct frame *frame, const struct area *area)
{
	const int rows = list_rows(area), n = (int)frame->ui->rows.n;

	if (!area->panel->list->tall || !n ||
		(rows - losses_any(frame, area->panel)) / n < TALL_ROWS_MIN)
		return 1;
	return MIN((rows - losses_any(frame, area->panel)) / n, TALL_ROWS);
}

int worker_list_cell_rows(const struct frame *frame)
{
	return MAX(frame->row_rows - 1, 1);
}

int worker_list_cells(struct frame *frame, const struct area *area, int column)
{
	const struct worker_list *list = area->panel->list;

	frame->row_rows = row_rows(frame, area);
	return table_width(list->columns, list->n, area->half[0].cols - 2, column) *
	       worker_list_cell_rows(frame);
}

static void fit(struct frame *frame, const struct area *area)
{
	const struct worker_list *list = area->panel->list;
	struct fields *fields = &area->panel->fields;
	const int focus = fields->focus;

	table_begin(area->panel, list->columns, list->n);
	if (list->fit)
		list->fit(frame, area->panel);
	if (shows_groups(frame->model) && list->columns[0].draw == cell_name_draw)
		area->panel->table.slots[0].min = area->panel->table.slots[0].max = PROGRAM_COLS;
	table_fit(area->panel, area->half[0].cols - 2);
	if (!list->sums)
		return;
	add_sums(area->panel);
	for (int i = 0; i < fields->n; i++)
		if (fields->column[i] == focus)
			fields->focus = focus;
}

static void put_note(struct frame *frame)
{
	const struct scroll *workers = &frame->ui->workers;
	char text[160];

	if (format_changed(frame, text, sizeof(text)))
		frame_alert(frame, "%s", text);
	else if (workers->rows > workers->visible)
		frame_note(frame, "rows %d to %d of %d", workers->top + 1,
			workers->top + workers->visible, workers->rows);
}

void worker_list_draw(struct frame *frame, const struct area *area)
{
	const struct worker_list *list = area->panel->list;
	struct ui *ui = frame->ui;

	frame->row_rows = row_rows(frame, area);
	scroll_show(&ui->workers, (int)ui->rows.n, list_rows(area) / frame->row_rows,
		rows_selected(ui, ui->side));
	fit(frame, area);
	memset(frame->changed, 0, sizeof(frame->changed));
	for (enum side side = 0; side < SIDES; side++)
		draw_half(frame, area, side);
	for (enum side side = 0; side < SIDES; side++) {
		if (list->sums)
			draw_sums(frame, area, side);
		if (list->conclude)
			draw_conclusion(frame, area, side);
	}
	put_note(frame);
}

int worker_list_want(const struct panel *panel)
{
	return HEAD_ROWS + MAX((int)panel->ui->rows.n, 2);
}

void worker_list_click(struct panel *panel, int row)
{
	if (row >= HEAD_ROWS)
		rows_select(panel->ui, panel->ui->workers.top + row - HEAD_ROWS);
}

/* --- the focused number --- */

static bool sum_number(const struct ui *ui, const struct fact *sum, struct number *ret)
{
	if (!sum)
		return false;
	*ret = number_of(sum, (struct fact_path) { .side = ui->side });
	snprintf(ret->subject, sizeof(ret->subject), "all of the %s side, the host too",
		side_name(ui->side));
	return true;
}

bool worker_number(
	const struct ui *ui, const struct model *model, const struct fact *fact, struct number *ret)
{
	const struct model_side *side = model_side(model, ui->side);
	const struct worker_half *half = rows_half(ui, ui->side);
	const int worker = ui->worker[ui->side];

	if (!half || !fact)
		return false;
	*ret = number_of(fact,
		(struct fact_path) { .who = FACT_OF_WORKER, .side = ui->side, .number = worker });
	snprintf(ret->subject, sizeof(ret->subject), "%s of the %s, PID %d, TID %d",
		TEXT_OF(worker_name, side, worker), side_called(side, ui->side), half->pid,
		half->tid);
	return true;
}

bool worker_list_number(const struct panel *panel, const struct model *model, struct number *ret)
{
	const struct table *table = &panel->table;
	const int focus = panel->fields.focus;

	if (focus >= table->n)
		return focus < 2 * table->n &&
		       sum_number(panel->ui, table->sums[focus - table->n], ret);
	return worker_number(panel->ui, model, table->facts[focus], ret);
}
