/* SPDX-License-Identifier: MIT
 * A grid with a column a worker: which workers have one, where its cells are, and what marks them.
 */

#include "worker_grid.h"

static bool lives(const struct worker_half *half)
{
	return half->pid && !half->ended;
}

void worker_grid_fit(struct worker_grid *grid, struct frame *frame, const struct area *area,
	enum side side, int label_cols, int least, int most)
{
	const struct ui *ui = frame->ui;
	int room, n = 0;

	*grid = (struct worker_grid) {
		.frame = frame, .area = area, .side = side, .half = area->half[side]
	};
	for (size_t i = 0; i < ui->rows.n; i++)
		n += lives(&ui->rows.at[i].half[side]);
	room = MAX(grid->half.cols - 2 - label_cols, 0);
	grid->cell_cols = MAX(MIN(room / MAX(n, 1), most), least);
	if (grid->cell_cols < most && n > 1) /* without the host, the others have more room */
		grid->cell_cols = MAX(MIN(room / (n - 1), most), least);
	room /= grid->cell_cols;
	for (size_t i = 0; i < ui->rows.n && grid->columns < room; i++) {
		const struct worker_row *row = &ui->rows.at[i];

		if (lives(&row->half[side]) && !(n > room && row->half[side].worker == WORKER_HOST))
			grid->column[grid->columns++] = row;
	}
	grid->label_cols = grid->half.cols - 2 - grid->columns * grid->cell_cols;
}

struct place worker_grid_cell(const struct worker_grid *grid, int row, int column)
{
	return (struct place) { grid->half.row + row,
		grid->half.col + 1 + grid->label_cols + column * grid->cell_cols + 1,
		grid->cell_cols - 1 };
}

bool worker_grid_is_selected(const struct worker_grid *grid, int column)
{
	const struct ui *ui = grid->frame->ui;

	return grid->side == ui->side &&
	       grid->column[column]->half[grid->side].worker == ui->worker[grid->side];
}

void worker_grid_titles(const struct worker_grid *grid, int row)
{
	const struct model_side *side = model_side(grid->frame->model, grid->side);
	char name[32];

	for (int i = 0; i < grid->columns; i++) {
		const struct worker_half *half = &grid->column[i]->half[grid->side];

		worker_name(name, sizeof(name), side, half->worker);
		if (side->group) /* many have one name */
			snprintf(name, sizeof(name), "%d", half->tid);
		put_right(grid->frame, worker_grid_cell(grid, row, i),
			worker_grid_is_selected(grid, i) ? STYLE_FOCUS : side_style(grid->side),
			name);
	}
}

void worker_grid_join(const struct worker_grid *grid, int row, int column, int cols)
{
	const struct place at = worker_grid_cell(grid, row, column);
	const int free = at.cols + 1 - cols, blank = free > 2;

	for (int i = blank; i < free - blank; i++)
		canvas_text(grid->frame->canvas, at.row, at.col - 1 + i, 1, side_style(grid->side),
			"─");
}

void worker_grid_label(const struct worker_grid *grid, int row, enum style style, const char *text)
{
	put_text(grid->frame,
		(struct place) { grid->half.row + row, grid->half.col + 1, grid->label_cols },
		style, text);
}

void worker_grid_put(const struct worker_grid *grid, int field, struct place at, int column,
	enum style style, const char *text, int what, const char *news)
{
	static const struct column flashing = { .flashes = true };
	const struct worker_row *of = grid->column[column];
	const struct table_cell cell = { .frame = grid->frame,
		.area = grid->area,
		.side = grid->side,
		.row = of,
		.half = &of->half[grid->side],
		.column = &flashing,
		.at = at };

	if (at.row >= grid->half.row + grid->half.rows)
		return;
	cell_news_draw(&cell, what, style, text, news);
	if (worker_grid_is_selected(grid, column) && grid->area->panel->fields.focus == field)
		number_focus(grid->frame, grid->area, at);
}
