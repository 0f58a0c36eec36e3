/* SPDX-License-Identifier: MIT
 * The pane of address spaces: the selected worker's on either side, mapping by mapping, with what belongs together in one
 * row. Where there are few rows, a row is a class of mappings.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "pane_memory.h"

#define HEAD_ROWS 3 /* whose it is, sums, titles */
#define TITLE_ROWS_MIN 5
#define SUM_COLS 12 /* "PSS  6.5 MB " */
#define LIST_ROWS_MIN 10 /* content rows from which single mappings are listed */

static const struct measure_info {
	const char *title, *fact, *plus;
} measures[MEASURES] = {
	[MEASURE_RSS] = { "RSS", "rss_kb", NULL },
	[MEASURE_PSS] = { "PSS", "pss_kb", NULL },
	[MEASURE_PRIVATE] = { "private", "private_clean_kb", "private_dirty_kb" },
};

/* The sums above the list, which can be focused after its columns. */
static const struct sum {
	const char *title, *fact;
} sums[] = { { "PSS", "sum_pss_kb" }, { "USS", "sum_uss_kb" } };
#define SUMS ((int)ARRAY_LEN(sums))

/* --- columns: one small function each --- */

static enum style class_style(const struct space_row *e)
{
	if (e->mine)
		return STYLE_STRONG;
	if (e->class == REGION_BOARD || e->class == REGION_SHARED)
		return STYLE_SHARED;
	if (e->class == REGION_GUARD || e->class == REGION_VDSO)
		return STYLE_DIM;
	return STYLE_TEXT;
}

static void draw_address(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;
	char text[32];

	if (e->region)
		snprintf(text, sizeof(text), "%12llx",
			(unsigned long long)e->region->mapping->start);
	else
		snprintf(text, sizeof(text), "%d mapping%s", e->n, e->n == 1 ? "" : "s");
	put_right(cell->frame, cell->at, STYLE_DIM, text);
}

static void draw_label(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;

	put_text(cell->frame, cell->at, class_style(e), e->label);
}

static void draw_perms(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;

	if (e->region)
		put_text(cell->frame, cell->at, STYLE_DIM, e->region->mapping->perms);
}

static void draw_size(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;

	put_kb(cell->frame, cell->at, STYLE_DIM, e->size_kb);
}

static void draw_measured(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;

	put_kb(cell->frame, cell->at, STYLE_TEXT, e->measured_kb);
}

/* Always of the resident pages, whatever is measured: which of them others have too. */
static void draw_bar(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;
	struct bar_part parts[] = {
		{ (double)e->private_kb, STYLE_PRIVATE, "█" },
		{ (double)e->shared_kb, STYLE_SHARED, "▓" },
	};

	if (e->private_kb != UNKNOWN && e->shared_kb != UNKNOWN)
		chart_bar(cell->frame->canvas, cell->at.row, cell->at.col, cell->at.cols, parts,
			ARRAY_LEN(parts), e->widest);
}

static const struct column columns[SPACE_COLUMNS] = {
	[ADDRESS] = { "address", .min = 12, .max = 12, .priority = 2, .scope = FACT_MAPPING,
		.draw = draw_address },
	[LABEL] = { "mapping", .min = 12, .max = 26, .priority = 1, .left = true,
		.draw = draw_label },
	[PERMS] = { "perm", .min = 4, .max = 4, .priority = 11, .left = true, .draw = draw_perms },
	[SIZE] = { "size", .min = 7, .max = 7, .priority = 5, .scope = FACT_MAPPING,
		.fact = "size_kb", .draw = draw_size },
	[MEASURED] = { "RSS", .min = 7, .max = 7, .scope = FACT_MAPPING, .fact = "rss_kb",
		.draw = draw_measured },
	[BAR] = { "█ 1 process ▓ several", "█1 ▓2+", .min = 7, .max = 7, .priority = 3,
		.grows = true, .left = true, .draw = draw_bar },
};

/* --- the pane --- */

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

/* The sums over a side's processes, of what may be added up: a sum of RSS counts a page once a process. */
static void draw_sums(
	struct frame *frame, const struct area *area, struct rect half, enum side side)
{
	const struct side_totals *totals = &model_side(frame->model, side)->totals;
	const int64_t kb[] = { totals->pss_kb, totals->uss_kb };
	int col = half.col + 1;

	if (totals->processes == 0) {
		canvas_text(frame->canvas, half.row, col, -1, STYLE_DIM, "no process, no memory");
		return;
	}
	if (half.cols > 50)
		col += canvas_textf(frame->canvas, half.row, col, -1, STYLE_DIM,
			"sum of %d process%s: ", totals->processes,
			totals->processes == 1 ? "" : "es");
	for (int i = 0; i < SUMS && col + SUM_COLS <= half.col + half.cols; i++) {
		struct place at;
		char text[32];

		col += canvas_text(frame->canvas, half.row, col, -1, STYLE_DIM, sums[i].title);
		at = (struct place) { half.row, col, 8 };
		put_right(frame, at, STYLE_STRONG, format_kb(text, sizeof(text), kb[i]));
		if (side == frame->ui->side && area->panel->fields.focus == SPACE_SUMS + i)
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

static void draw_rows(
	struct frame *frame, const struct area *area, const struct space_list *list, int first)
{
	struct ui *ui = frame->ui;
	struct memory_state *memory = area->panel->state;
	const struct scroll *scroll = &memory->scroll;
	double most = spaces_widest(memory, ui, frame->model, list);

	for (int i = 0; i < scroll->visible && scroll->top + i < list->n; i++) {
		int at = scroll->top + i, row = area->half[0].row + first + i;

		for (enum side side = 0; side < SIDES; side++) {
			struct space_row e = spaces_row(memory, ui, frame->model, list, at, side);
			struct table_cell cell = { frame, area, side, .data = &e };

			e.widest = most;
			if (e.n)
				table_row(cell, row, COLUMNS_MAX);
			if (!area->focused || side != ui->side || at != memory->at)
				continue;
			table_cursor(frame, area, side, row);
			snprintf(memory->label, sizeof(memory->label), "%s", e.n ? e.label : "");
		}
		if (!list->classes && list->pairs[list->pair[at]].same_address)
			canvas_text(frame->canvas, row, frame->divider, 1, STYLE_STRONG, "=");
	}
}

/* The selected row's mappings, for who looks at their pages; of a class its first. */
static void keep_mapping(
	struct memory_state *memory, const struct frame *frame, const struct space_list *list)
{
	for (enum side side = 0; side < SIDES; side++) {
		struct space_row e = { 0 };
		size_t n;
		const struct region *regions = model_regions(frame->model, list->pid[side], &n);

		if (memory->at < list->n)
			e = spaces_row(memory, frame->ui, frame->model, list, memory->at, side);
		for (size_t i = 0; e.n && !e.region && i < n; i++)
			if (regions[i].class == e.class)
				e.region = &regions[i];
		memory->start[side] = e.region ? e.region->mapping->start : 0;
	}
}

/* The legend of the bars in their colours. */
static void draw_bar_title(struct frame *frame, const struct area *area, enum side side, int row)
{
	struct place at = table_place(area, side, row, BAR);
	bool brief = at.cols < text_width(columns[BAR].title);

	if (!at.cols)
		return;
	canvas_text(frame->canvas, row, at.col, 1, STYLE_PRIVATE, "█");
	canvas_text(frame->canvas, row, at.col + (brief ? 3 : 12), 1, STYLE_SHARED, "▓");
}

/* The head shrinks with the pane: the sums stay longest. Returns its rows. */
static int draw_heads(struct frame *frame, const struct area *area)
{
	int rows = area->half[0].rows;
	bool owner = rows >= 7, titles = rows >= TITLE_ROWS_MIN;

	for (enum side side = 0; side < SIDES; side++) {
		struct rect half = area->half[side];

		if (owner)
			draw_owner(frame, half, side);
		half.row += owner;
		draw_sums(frame, area, half, side);
		if (!titles)
			continue;
		table_titles(frame, area, side, half.row + 1);
		draw_bar_title(frame, area, side, half.row + 1);
	}
	return 1 + owner + titles;
}

/* The sums come after the columns. */
static void fit(const struct area *area, bool classes)
{
	struct memory_state *memory = area->panel->state;
	struct column_slot *slots = area->panel->table.slots;
	struct fields *fields = &area->panel->fields;
	const int focus = fields->focus;

	memcpy(memory->columns, columns, sizeof(memory->columns));
	memory->columns[MEASURED].title = measures[memory->measure].title;
	if (classes) {
		memory->columns[ADDRESS].title = "there are";
		memory->columns[LABEL].title = "class of mapping";
	}
	table_begin(area->panel, memory->columns, SPACE_COLUMNS);
	if (classes) {
		slots[PERMS].min = slots[PERMS].max = 0;
		slots[LABEL].min = 14;
		slots[BAR].priority = 1;
	}
	table_fit(area->panel, area->half[0].cols - 2);
	for (int i = 0; i < SUMS; i++)
		fields_add(fields, SPACE_SUMS + i);
	if (focus >= SPACE_SUMS)
		fields->focus = focus;
}

static void draw_note(struct frame *frame, const struct area *area, const struct space_list *list)
{
	const struct memory_state *memory = area->panel->state;
	const struct scroll *scroll = &memory->scroll;
	char part[64] = "", left_out[64] = "";

	if (list->n > scroll->visible)
		snprintf(part, sizeof(part), " · %d to %d of %d", scroll->top + 1,
			scroll->top + scroll->visible, list->n);
	if (list->left_out && area->half[0].cols > 50)
		snprintf(left_out, sizeof(left_out), ", z: %d more", list->left_out);
	if (area->half[0].rows < TITLE_ROWS_MIN) /* no titles: the note is the legend */
		frame_note(frame, "%s: mapped by █ 1 process ▓ several%s",
			measures[memory->measure].title, part);
	else if (area->half[0].cols <= 50)
		frame_note(frame, "mapped by █ 1 process ▓ several%s", part);
	else
		frame_note(frame, "pages mapped by █ 1 process ▓ several: one copy%s%s", part,
			left_out);
}

static void pane_memory_draw(struct frame *frame, const struct area *area)
{
	struct memory_state *memory = area->panel->state;
	const int rows = area->half[0].rows;
	struct space_list list = spaces_list(
		memory, frame->ui, frame->model, rows < LIST_ROWS_MIN, rows - HEAD_ROWS);
	int first;

	fit(area, list.classes);
	first = memory->list_row = draw_heads(frame, area);
	memory->at = MAX(MIN(memory->at, list.n - 1), 0);
	scroll_show(&memory->scroll, list.n, MAX(rows - first, 0), memory->at);
	draw_rows(frame, area, &list, first);
	keep_mapping(memory, frame, &list);
	for (enum side side = 0; side < SIDES; side++) {
		struct rect half = area->half[side];

		half.row += first;
		half.rows -= first;
		draw_gap(frame, half, side);
	}
	draw_note(frame, area, &list);
}

static int pane_memory_want(const struct panel *panel)
{
	return 48;
}

static void pane_memory_move(struct panel *panel, struct model *model, enum command_id command)
{
	struct memory_state *memory = panel->state;

	memory->at = scroll_move(&memory->scroll, memory->at, command);
}

static void pane_memory_click(struct panel *panel, int row)
{
	struct memory_state *memory = panel->state;
	const struct scroll *scroll = &memory->scroll;

	if (row >= memory->list_row)
		memory->at = MIN(scroll->top + row - memory->list_row, MAX(scroll->rows - 1, 0));
}

static void pane_memory_command(struct panel *panel, struct model *model, enum command_id command)
{
	struct memory_state *memory = panel->state;

	if (command == CMD_MEMORY_MEASURE) {
		memory->measure = (memory->measure + 1) % MEASURES;
	} else if (memory->start[SIDE_LEFT] || memory->start[SIDE_RIGHT]) {
		window_open(panel->ui, memory->start, memory->label);
		ui_show_view(panel->ui, "pages");
	}
}

/* A sum of the side. */
static bool sum_number(const struct ui *ui, const char *name, struct number *ret)
{
	*ret = number_of(fact_find(FACT_SIDE, name), (struct fact_path) { .side = ui->side });
	snprintf(ret->subject, sizeof(ret->subject), "all processes of the %s side, the host too",
		side_name(ui->side));
	return true;
}

static bool pane_memory_number(
	const struct panel *panel, const struct model *model, struct number *ret)
{
	const struct memory_state *memory = panel->state;
	const struct ui *ui = panel->ui;
	const struct measure_info *measure = &measures[memory->measure];
	const int focus = panel->fields.focus;
	struct fact_path path = {
		.who = FACT_OF_WORKER, .side = ui->side, .number = ui->worker[ui->side]
	};

	if (focus >= SPACE_SUMS)
		return sum_number(ui, sums[focus - SPACE_SUMS].fact, ret);
	if (focus != SIZE && focus != MEASURED)
		return false;
	snprintf(path.region, sizeof(path.region), "%s", memory->label);
	*ret = number_of(fact_find(FACT_MAPPING, focus == SIZE ? "size_kb" : measure->fact), path);
	if (focus == MEASURED && measure->plus)
		ret->plus = fact_find(FACT_MAPPING, measure->plus);
	snprintf(ret->subject, sizeof(ret->subject), "%s, in the address space of PID %d",
		memory->label, rows_pid(ui, ui->side));
	/* A path has its own dots: only labels without name what they mean. */
	if (ret->plus || !memory->label[0] || strchr(memory->label, '.')) {
		ret->path.fact = NULL;
		ret->text[0] = '\0';
	}
	return true;
}

static void finish(void *state)
{
	vec_finish(&((struct memory_state *)state)->pairs);
}

const struct pane pane_memory = {
	.info = { "memory", "Memory", "the selected workers' address spaces, aligned", "lab" },
	.min_rows = 4,
	.weight = 4,
	.field = MEASURED,
	.everywhere = CMD_MEMORY_MEASURE,
	.needs = NEED_TASKS | NEED_PROCESSES | NEED_MAPPINGS,
	.size = sizeof(struct memory_state),
	.finish = finish,
	.want = pane_memory_want,
	.draw = pane_memory_draw,
	.command = pane_memory_command,
	.move = pane_memory_move,
	.click = pane_memory_click,
	.number = pane_memory_number,
};
