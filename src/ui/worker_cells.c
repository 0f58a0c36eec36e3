/* SPDX-License-Identifier: MIT
 * Cells of a list of workers: names, facts, and what marks them when they have just changed.
 */

#include "worker_list.h"

const void *cell_evidence(const struct table_cell *cell, enum fact_scope scope)
{
	return model_evidence(cell->frame->model, scope, cell->side, cell->half->worker);
}

bool cell_is_repeat(const struct table_cell *cell)
{
	const struct ui *ui = cell->frame->ui;
	const struct worker_row *above = cell->row - 1;

	return above >= ui->rows.at + ui->workers.top && above->half[cell->side].track &&
	       above->half[cell->side].pid == cell->half->pid;
}

void cell_name_draw(const struct table_cell *cell)
{
	const struct model_side *side = model_side(cell->frame->model, cell->side);
	struct place at = cell->at;

	if (side->group) {
		at.cols = MAX(at.cols - digits(cell->half->tid) - 1, 0);
		put_integer(cell->frame, cell->at, STYLE_DIM, cell->half->tid);
	}
	put_text(cell->frame, at, cell->half->ended ? STYLE_DEAD : side_style(cell->side),
		TEXT_OF(worker_name, side, cell->half->worker));
}

/* Adds a worker to those that changed, once. */
static void remember(const struct table_cell *cell)
{
	struct frame *frame = cell->frame;
	char name[24], *who = frame->changed[cell->side];
	size_t len = strlen(who), size = sizeof(frame->changed[cell->side]);

	if (frame->changed_last[cell->side] == cell->row && who[0])
		return;
	frame->changed_last[cell->side] = cell->row;
	worker_name(name, sizeof(name), model_side(frame->model, cell->side), cell->half->worker);
	if (len + strlen(name) + 2 < size)
		text_addf(who, size, " %s", name);
}

void cell_news_draw(const struct table_cell *cell, int what, enum style style, const char *text,
	const char *news)
{
	const int32_t who[] = { cell->side, cell->half->worker, cell->half->tid, what };
	struct frame *frame = cell->frame;
	struct place at = cell->at;
	uint64_t key;

	if (cell->column->left)
		put_text(frame, at, style, text);
	else
		put_right(frame, at, style, text);
	if (!cell->column->flashes)
		return;
	key = hash_bytes(&cell->column, sizeof(cell->column), hash_bytes(who, sizeof(who), 0));
	if (!changes_is_news(frame->ui, model_sample(frame->model)->at_ns, key,
		    news[0] ? hash_bytes(news, strlen(news), 0) : CHANGES_UNKNOWN))
		return;
	canvas_mark(frame->canvas, (struct rect) { at.row, at.col, 1, at.cols }, CELL_MARKED);
	remember(cell);
}

void cell_fact_draw(const struct table_cell *cell)
{
	const struct fact_path path = { .fact = cell->fact,
		.who = FACT_OF_WORKER,
		.side = cell->side,
		.number = cell->half->worker };
	struct fact_value value;
	bool known;

	fact_read(cell->frame->model, &path, &value);
	known = value.quality != QUALITY_UNAVAILABLE;
	const char *text = TEXT_OF(fact_format, &value);

	cell_news_draw(cell, 0, !known || value.number == 0 ? STYLE_DIM : STYLE_TEXT, text,
		known ? text : "");
}

void cell_process_draw(const struct table_cell *cell)
{
	if (!cell_is_repeat(cell))
		cell_fact_draw(cell);
}

bool format_changed(const struct frame *frame, char *out, size_t size)
{
	const char *left = frame->changed[SIDE_LEFT], *right = frame->changed[SIDE_RIGHT];

	snprintf(out, size, "changed:%s%s%s%s%s", left[0] ? " left" : "", left,
		left[0] && right[0] ? " ·" : "", right[0] ? " right" : "", right);
	return left[0] || right[0];
}
