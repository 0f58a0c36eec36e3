/* SPDX-License-Identifier: MIT
 * The pane of address spaces: the selected worker's on either side, mapping by mapping, with what belongs together in one
 * row. Alone knows what is shown when there are few rows: then a row is a class of mappings.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "spaces.h"
#include "window.h"

#define HEAD_ROWS 3 /* whose it is, sums, titles */
#define TITLE_ROWS_MIN 5
#define SUM_COLS 12 /* "RSS  6.5 MB " */
#define LIST_ROWS_MIN 10 /* content rows from which single mappings are listed */

static const struct measure_info {
	const char *title, *fact, *plus;
} measures[MEASURES] = {
	[MEASURE_RSS] = { "RSS", "rss_kb", NULL },
	[MEASURE_PSS] = { "PSS", "pss_kb", NULL },
	[MEASURE_PRIVATE] = { "private", "private_clean_kb", "private_dirty_kb" },
};

static const char *const sum_facts[] = { "sum_rss_kb", "sum_pss_kb", "sum_uss_kb" };

/* Whose address space this is. */
static void draw_owner(struct frame *frame, struct rect half, enum side side)
{
	const struct ui *ui = frame->ui;
	const struct model_side *of = model_side(frame->model, side);
	const struct worker_half *worker = rows_half(ui, side);
	struct place at = { half.row, half.col + 1, half.cols - 2 };
	char name[16], text[128];

	if (!worker) {
		put_text(frame, at, STYLE_DIM, "nobody is selected here");
		return;
	}
	worker_name(name, sizeof(name), of, ui->worker[side]);
	if (!worker->track)
		snprintf(text, sizeof(text), "%s, PID %d: ended, memory freed", name, worker->pid);
	else if (side_kind(of, side) == KIND_THREADS)
		snprintf(text, sizeof(text), "PID %d: one space, %d threads", worker->pid,
			of->totals.tasks);
	else
		snprintf(text, sizeof(text), "%s, PID %d: its own space", name, worker->pid);
	put_text(frame, at, side_style(side), text);
}

/* The sums over a side's processes: the number that everyone adds up, beside the ones that may be added. */
static void draw_sums(
	struct frame *frame, const struct area *area, struct rect half, enum side side)
{
	const struct side_totals *totals = &model_side(frame->model, side)->totals;
	const int64_t kb[] = { totals->rss_kb, totals->pss_kb, totals->uss_kb };
	static const char *const titles[] = { "RSS", "PSS", "USS" };
	int col = half.col + 1;

	if (totals->processes == 0) {
		canvas_text(frame->canvas, half.row, col, -1, STYLE_DIM, "no process, no memory");
		return;
	}
	if (half.cols > 50)
		col += canvas_textf(frame->canvas, half.row, col, -1, STYLE_DIM,
			"sum of %d process%s: ", totals->processes,
			totals->processes == 1 ? "" : "es");
	for (size_t i = 0; i < ARRAY_LEN(kb) && col + SUM_COLS <= half.col + half.cols; i++) {
		struct place at;
		char text[32];

		col += canvas_text(frame->canvas, half.row, col, -1, STYLE_DIM, titles[i]);
		at = (struct place) { half.row, col, 8 };
		put_right(frame, at, STYLE_STRONG, format_kb(text, sizeof(text), kb[i]));
		if (side == frame->ui->side && frame->ui->field[area->pane] == SUM_RSS + (int)i)
			number_focus(frame, area, at);
		col += SUM_COLS - 3;
	}
}

/* Why there are no rows. */
static bool explain_nothing(const struct frame *frame, enum side side, char *out, size_t size)
{
	const struct worker_half *half = rows_half(frame->ui, side);
	const struct gap_sample *gap;
	size_t n;

	if (!half)
		return false;
	if (half->ended) {
		snprintf(out, size, "– PID %d ended, its memory is free", half->pid);
		return true;
	}
	(void)model_regions(frame->model, half->pid, &n);
	if (n)
		return false;
	gap = model_gap(frame->model, half->pid, "smaps");
	if (gap)
		snprintf(out, size, "– smaps of PID %d: %s", half->pid, gap->reason);
	else
		snprintf(out, size, "– smaps of PID %d is read next", half->pid);
	return true;
}

static void draw_gap(struct frame *frame, struct rect half, enum side side)
{
	struct rect inside = { half.row, half.col + 1, half.rows, half.cols - 2 };
	char reason[192];

	if (half.rows > 0 && explain_nothing(frame, side, reason, sizeof(reason)))
		put_wrapped(frame, inside, STYLE_DIM, reason);
}

static void draw_rows(struct frame *frame, const struct area *area, const struct table *table,
	const struct space_list *list, int first)
{
	struct ui *ui = frame->ui;
	double most = spaces_widest(ui, frame->model, list);

	for (int i = 0; i < ui->mappings.visible && ui->mappings.top + i < list->n; i++) {
		int at = ui->mappings.top + i, row = area->half[0].row + first + i;

		for (enum side side = 0; side < SIDES; side++) {
			struct space_row e = spaces_row(ui, frame->model, list, at, side);

			e.widest = most;
			if (e.n)
				table_row(frame, table, area->half[side], row, side, &e);
			if (!area->focused || side != ui->side || at != ui->mapping)
				continue;
			table_cursor(frame, area, table, row, side);
			snprintf(ui->mapping_label, sizeof(ui->mapping_label), "%s",
				e.n ? e.label : "");
		}
		if (!list->classes && list->pairs[list->pair[at]].same_address)
			canvas_text(frame->canvas, row, frame->divider, 1, STYLE_STRONG, "=");
	}
}

/* The selected row's mappings, for who looks at their pages; of a class its first. */
static void keep_mapping(struct frame *frame, const struct space_list *list)
{
	struct ui *ui = frame->ui;

	for (enum side side = 0; side < SIDES; side++) {
		struct space_row e = { 0 };
		size_t n;
		const struct region *regions = model_regions(frame->model, list->pid[side], &n);

		if (ui->mapping < list->n)
			e = spaces_row(ui, frame->model, list, ui->mapping, side);
		for (size_t i = 0; e.n && !e.region && i < n; i++)
			if (regions[i].class == e.class)
				e.region = &regions[i];
		ui->mapping_start[side] = e.region ? e.region->mapping->start : 0;
	}
}

/* The legend of the bars in their colours. */
static void draw_bar_title(
	struct frame *frame, const struct table *table, struct rect half, int row)
{
	struct place at = table_place(table, half, row, BAR);
	const char *title = space_columns[BAR].title;
	bool brief = at.cols < text_width(title);

	if (!at.cols)
		return;
	canvas_text(frame->canvas, row, at.col, 1, STYLE_PRIVATE, "█");
	canvas_text(frame->canvas, row, at.col + (brief ? 4 : 6), 1, STYLE_SHARED, "▓");
}

/* The head shrinks with the pane: the sums stay longest. */
static int draw_heads(struct frame *frame, const struct area *area, const struct table *table)
{
	int rows = area->half[0].rows, used = 0;
	bool owner = rows >= 7, titles = rows >= TITLE_ROWS_MIN;

	for (enum side side = 0; side < SIDES; side++) {
		struct rect half = area->half[side];

		if (owner)
			draw_owner(frame, half, side);
		half.row += owner;
		draw_sums(frame, area, half, side);
		if (!titles)
			continue;
		table_titles(frame, table, half, half.row + 1);
		draw_bar_title(frame, table, half, half.row + 1);
	}
	used = 1 + owner + titles;
	return used;
}

/* The sums come after the columns; a click on the list does not find them. */
static void fit_sums(struct ui *ui, int pane, struct table *table, int cols)
{
	struct fields *fields = &ui->fields[pane];
	int field = ui->field[pane];

	table_fit(table, ui, pane, cols);
	for (int i = SUM_RSS; i < SUM_END; i++) {
		fields->column[fields->n++] = i;
		ui->field_at[pane][i] = CANVAS_COLS_MAX;
	}
	if (field >= SUM_RSS)
		ui->field[pane] = field;
}

static void fit(struct frame *frame, const struct area *area, struct table *table, bool classes)
{
	table_begin(table, space_columns, SPACE_COLUMNS);
	if (classes) {
		table->slots[PERMS].min = table->slots[PERMS].max = 0;
		table->slots[LABEL].min = 14;
		table->slots[BAR].priority = 1;
	}
	fit_sums(frame->ui, area->pane, table, area->half[0].cols - 2);
}

static void draw_note(struct frame *frame, const struct area *area, const struct space_list *list)
{
	const struct scroll *scroll = &frame->ui->mappings;
	char part[64] = "", left_out[64] = "";

	if (list->n > scroll->visible)
		snprintf(part, sizeof(part), " · %d to %d of %d", scroll->top + 1,
			scroll->top + scroll->visible, list->n);
	if (list->left_out && area->half[0].cols > 50)
		snprintf(left_out, sizeof(left_out), ", z: %d more", list->left_out);
	if (area->half[0].rows < TITLE_ROWS_MIN) /* no titles: the note is the legend */
		frame_note(frame, area, "%s: █ own ▓ shared%s", measures[frame->ui->measure].title,
			part);
	else if (area->half[0].cols <= 50)
		frame_note(frame, area, "RSS counts shared pages for each process%s", part);
	else
		frame_note(frame, area, "RSS counts shared pages again for every process%s%s", part,
			left_out);
}

static void draw(struct frame *frame, const struct area *area)
{
	struct ui *ui = frame->ui;
	const struct measure_info *measure = &measures[ui->measure];
	bool classes = area->half[0].rows < LIST_ROWS_MIN;
	struct space_list list =
		spaces_list(ui, frame->model, classes, area->half[0].rows - HEAD_ROWS);
	struct column shown[SPACE_COLUMNS];
	struct table table;
	int first;

	memcpy(shown, space_columns, sizeof(shown));
	if (classes) {
		shown[ADDRESS].title = "there are";
		shown[LABEL].title = "class of mapping";
	}
	shown[MEASURED].title = measure->title;
	shown[MEASURED].fact = measure->fact;
	fit(frame, area, &table, classes);
	table.columns = shown;
	first = draw_heads(frame, area, &table);
	ui->list_row = first;
	ui->mapping = MAX(MIN(ui->mapping, list.n - 1), 0);
	scroll_show(&ui->mappings, list.n, MAX(area->half[0].rows - first, 0), ui->mapping);
	draw_rows(frame, area, &table, &list, first);
	keep_mapping(frame, &list);
	for (enum side side = 0; side < SIDES; side++) {
		struct rect half = area->half[side];

		half.row += first;
		half.rows -= first;
		draw_gap(frame, half, side);
	}
	draw_note(frame, area, &list);
}

static int want(const struct ui *ui)
{
	return 48;
}

static void move(struct ui *ui, struct model *model, enum command_id command)
{
	ui->mapping = scroll_move(&ui->mappings, ui->mapping, command);
}

static void click(struct ui *ui, int row)
{
	if (row >= ui->list_row)
		ui->mapping =
			MIN(ui->mappings.top + row - ui->list_row, MAX(ui->mappings.rows - 1, 0));
}

static void command(struct ui *ui, struct model *model, enum command_id command)
{
	if (!ui->mapping_start[SIDE_LEFT] && !ui->mapping_start[SIDE_RIGHT])
		return;
	window_open(ui, ui->mapping_start, ui->mapping_label);
	ui_show_view(ui, "pages");
}

static bool number(const struct ui *ui, struct model *model, struct number *ret)
{
	int field = ui->field[ui->focus];
	char worker[16];

	if (field >= SUM_RSS) {
		*ret = (struct number) { .scope = FACT_SIDE, .fact = sum_facts[field - SUM_RSS] };
		snprintf(ret->path, sizeof(ret->path), "%s.%s", side_path(ui->side), ret->fact);
		snprintf(ret->subject, sizeof(ret->subject),
			"all processes of the %s side, the host too", side_path(ui->side));
		return true;
	}
	if (field != SIZE && field != MEASURED)
		return false;
	*ret = (struct number) { .scope = FACT_MAPPING, .fact = space_columns[SIZE].fact };
	if (field == MEASURED) {
		ret->fact = measures[ui->measure].fact;
		ret->plus = measures[ui->measure].plus;
	}
	snprintf(ret->subject, sizeof(ret->subject), "%s, in the address space of PID %d",
		ui->mapping_label, spaces_pid(ui, ui->side));
	/* A path has its own dots: only labels without name what they mean. */
	if (!ret->plus && ui->mapping_label[0] && !strchr(ui->mapping_label, '.'))
		snprintf(ret->path, sizeof(ret->path), "%s.%s.%s.%s", side_path(ui->side),
			worker_path(worker, sizeof(worker), ui->worker[ui->side]),
			ui->mapping_label, ret->fact);
	return true;
}

const struct pane pane_memory = {
	.min_rows = 4,
	.weight = 4,
	.field = MEASURED,
	.needs = NEED_TASKS | NEED_PROCESSES | NEED_MAPPINGS,
	.want = want,
	.draw = draw,
	.command = command,
	.move = move,
	.click = click,
	.number = number,
};
