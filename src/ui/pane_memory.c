/* SPDX-License-Identifier: MIT
 * The pane of address spaces: the selected worker's on either side, mapping by mapping, with what belongs together in one
 * row. Where there are few rows, a row is a kind of mapping.
 */

#include "pane_memory.h"

#define TITLE_ROWS_MIN 4 /* content rows from which columns have titles */
#define LEGEND_ROWS_MIN 8 /* ... and the signs of the bars */
#define LIST_ROWS_MIN 9 /* ... and single mappings are listed, if the pane is zoomed */
#define LIST_ROWS_UNASKED 24 /* ... or without being asked */

/* The key fact is PSS, whose sums are true. Of a single space what is in memory says more: the sides compare. */
static const struct measure_info {
	const char *title, *gloss, *fact, *plus;
} measures[MEASURES] = {
	[MEASURE_RSS] = { "memory", "in memory (RSS), whoever else has it", "rss_kb", NULL },
	[MEASURE_PSS] = { "PSS", NULL, "pss_kb", NULL },
	[MEASURE_PRIVATE] = { "private", "that no other process has", "private_clean_kb",
		"private_dirty_kb" },
};

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

	if (e->n == 1)
		snprintf(text, sizeof(text), "%12llx",
			(unsigned long long)e->region->mapping->start);
	else
		snprintf(text, sizeof(text), "%d places", e->n);
	put_right(cell->frame, cell->at, STYLE_DIM, text);
}

#define IN_COMMON "code: one copy" /* for both sides, and with the libraries */

static void draw_label(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;

	char text[64];

	if (e->n > 1 && e->class == REGION_STACK)
		snprintf(text, sizeof(text), "%d stacks", e->n);
	else if (e->in_common && cell->at.cols >= text_width(IN_COMMON))
		snprintf(text, sizeof(text), IN_COMMON);
	else
		snprintf(text, sizeof(text), "%s",
			e->class == REGION_STACK ? e->region->label : e->label);
	put_text(cell->frame, cell->at, class_style(e), text);
}

static void draw_perms(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;

	if (e->n == 1)
		put_text(cell->frame, cell->at, STYLE_DIM, e->region->mapping->perms);
}

static void draw_kb(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;
	const bool size = cell->column->index == SIZE;

	put_kb(cell->frame, cell->at, size ? STYLE_DIM : STYLE_TEXT,
		size ? e->size_kb : e->measured_kb);
}

/* Always of the resident pages, whatever is measured: which of them others have too. */
static void draw_bar(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;
	struct bar_part parts[] = {
		{ (double)e->private_kb, e->together ? side_style(cell->side) : STYLE_PRIVATE,
			e->together ? "≡" : "█" },
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
		.fact = "size_kb", .index = SIZE, .draw = draw_kb },
	[MEASURED] = { "memory", .min = 7, .max = 7, .scope = FACT_MAPPING, .fact = "pss_kb",
		.draw = draw_kb },
	[BAR] = { "", .min = 7, .max = 7, .priority = 3, .grows = true, .left = true,
		.draw = draw_bar },
};

#define PSS_GLOSS "a page divided among the processes that map it"

static const struct sign legend[] = {
	{ "█", STYLE_PRIVATE, "only here" },
	{ "▓", STYLE_SHARED, "in other processes, too" },
	{ "≡", STYLE_THREAD, "of all threads" },
	{ "=", STYLE_STRONG, "same address left and right" },
	{ "+ 1", STYLE_TEXT, "the host's" },
	{ "one copy", STYLE_TEXT, "in the machine, for both sides" },
	{ "PSS", STYLE_TEXT, PSS_GLOSS },
	{ "one cell", STYLE_TEXT, "of a small mapping: its larger part" },
	{ 0 },
};

/* --- the pane --- */

/* "4 + 1 address spaces": the host's is no worker's. */
static void put_spaces(const struct frame *frame, enum side side, char *out, size_t size)
{
	const int all = model_side(frame->model, side)->totals.processes;
	const int of_workers = side_pids(frame, side);

	if (of_workers > 0 && of_workers < all)
		snprintf(out, size, "%d + %d address spaces", of_workers, all - of_workers);
	else
		format_number_of(out, size, all, "address space", "address spaces");
}

/* Of processes whose memory we may not look into the resident sets are known: a sum would count pages that they share again
 * and again. */
static void say_at_most(struct frame *frame, enum side which, char *out, size_t size)
{
	const struct model_side *side = model_side(frame->model, which);
	const struct process_sample *largest = NULL;
	const struct gap_sample *gap;
	char memory[32];

	for (size_t i = 0; i < side->n_processes; i++)
		if (!largest || side->processes[i]->rss_kb > largest->rss_kb)
			largest = side->processes[i];
	gap = largest ? model_gap(frame->model, largest->pid, "smaps_rollup") : NULL;
	if (!side->totals.processes)
		snprintf(out, size, "– no process, no memory");
	else if (!gap || largest->pss_kb != UNKNOWN || largest->rss_kb < 0)
		snprintf(out, size, "– the memory is read next");
	else
		snprintf(out, size, "– at most %s each (RSS): %s",
			format_kb(memory, sizeof(memory), largest->rss_kb), gap->reason);
}

/* What the side takes in all: of the ways to count, the one whose sums are true. A sum of RSS counts a page once a process. */
static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	const struct side_totals *totals = &model_side(frame->model, side)->totals;
	char spaces[40];

	if (totals->pss_kb == UNKNOWN) {
		say_at_most(frame, side, out, size);
		return;
	}
	put_spaces(frame, side, spaces, sizeof(spaces));
	const char *memory = TEXT_OF(format_kb, totals->pss_kb);

	snprintf(out, size, "%s in all (PSS), %s", memory, spaces);
	if (text_width(out) > cols)
		snprintf(out, size, "%s (PSS), %s", memory, spaces);
	if (text_width(out) > cols)
		snprintf(out, size, "%s, %.*s%s", memory, (int)strcspn(spaces, "a"), spaces,
			strstr(spaces, "space"));
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

/* Of a kind, if it is one mapping on either side. */
static bool has_same_address(const struct space_list *list, int at, const struct space_row *left,
	const struct space_row *right)
{
	if (!list->kinds)
		return list->pairs[list->pair[at]].same_address;
	return left->n == 1 && right->n == 1 &&
	       left->region->mapping->start == right->region->mapping->start;
}

/* Code of one file, of which the machine has one copy. */
static bool is_common_code(
	const struct space_list *list, const struct space_row *left, const struct space_row *right)
{
	return list->kinds && left->n && right->n && left->class == REGION_TEXT &&
	       right->class == REGION_TEXT && left->region->mapping->inode &&
	       left->region->mapping->inode == right->region->mapping->inode;
}

/* More than one task of the list has this address space. */
static bool has_threads(const struct frame *frame, int32_t pid)
{
	const struct process_sample *process = model_process(frame->model, pid);

	return process && process->threads > 1;
}

static void draw_rows(
	struct frame *frame, const struct area *area, const struct space_list *list, int first)
{
	struct ui *ui = frame->ui;
	struct memory_state *memory = area->panel->state;
	const struct scroll *scroll = &memory->scroll;
	double most = spaces_widest(memory, ui, frame->model, list);
	const bool together[SIDES] = { has_threads(frame, list->pid[SIDE_LEFT]),
		has_threads(frame, list->pid[SIDE_RIGHT]) };

	for (int i = 0; i < scroll->visible && scroll->top + i < list->n; i++) {
		int at = scroll->top + i, row = area->half[0].row + first + i;

		struct space_row left = spaces_row(memory, ui, frame->model, list, at, SIDE_LEFT),
				 right = spaces_row(memory, ui, frame->model, list, at, SIDE_RIGHT);

		for (enum side side = 0; side < SIDES; side++) {
			struct space_row e = side == SIDE_LEFT ? left : right;
			struct table_cell cell = { frame, area, side, .data = &e };

			e.widest = most;
			e.together = together[side];
			e.in_common = is_common_code(list, &left, &right);
			if (e.n)
				table_row(cell, row, COLUMNS_MAX);
			if (!area->focused || side != ui->side || at != memory->at)
				continue;
			table_cursor(frame, area, side, row);
			snprintf(memory->label, sizeof(memory->label), "%s", e.n ? e.label : "");
			memory->named = e.named;
		}
		if (has_same_address(list, at, &left, &right))
			canvas_text(frame->canvas, row, frame->divider, 1, STYLE_STRONG, "=");
	}
}

/* The selected row's mappings, for who looks at their pages; of a kind its first. */
static void keep_mapping(
	struct memory_state *memory, const struct frame *frame, const struct space_list *list)
{
	for (enum side side = 0; side < SIDES; side++) {
		struct space_row e = { 0 };

		if (memory->at < list->n)
			e = spaces_row(memory, frame->ui, frame->model, list, memory->at, side);
		memory->start[side] = e.region ? e.region->mapping->start : 0;
	}
}

/* The titles, where there is room for them. Returns the rows used. */
static int draw_heads(struct frame *frame, const struct area *area)
{
	const int titles = area->half[0].rows >= TITLE_ROWS_MIN;

	for (enum side side = 0; side < SIDES && titles; side++)
		table_titles(frame, area, side, area->half[side].row);
	return titles;
}

/* The sum in the key fact comes after the columns. */
static void fit(const struct area *area, bool kinds)
{
	struct memory_state *memory = area->panel->state;
	struct column_slot *slots = area->panel->table.slots;
	struct fields *fields = &area->panel->fields;
	const int focus = fields->focus;

	memcpy(memory->columns, columns, sizeof(memory->columns));
	memory->columns[MEASURED].title = measures[memory->measure].title;
	memory->columns[MEASURED].gloss = measures[memory->measure].gloss;
	table_begin(area->panel, memory->columns, SPACE_COLUMNS);
	if (kinds) {
		slots[PERMS].min = slots[PERMS].max = 0;
		slots[LABEL].min = 16;
		slots[BAR].priority = 1;
	}
	table_fit(area->panel, area->half[0].cols - 2);
	fields_add(fields, SPACE_SUM);
	if (focus == SPACE_SUM)
		fields->focus = focus;
}

/* How much is in sight, and what the bars are made of where no row is left to say it. */
static void draw_note(struct frame *frame, const struct area *area, const struct space_list *list)
{
	const struct memory_state *memory = area->panel->state;
	const struct scroll *scroll = &memory->scroll;
	char left_out[32] = "";

	if (list->left_out)
		snprintf(left_out, sizeof(left_out), ", z: %d more", list->left_out);
	if (list->n <= scroll->visible)
		return;
	if (area->half[0].rows < LEGEND_ROWS_MIN)
		frame_note(frame, "█ only here ▓ others too ≡ all threads · %d to %d of %d",
			scroll->top + 1, scroll->top + scroll->visible, list->n);
	else
		frame_note(frame, "PSS: %s · %d to %d of %d%s", PSS_GLOSS, scroll->top + 1,
			scroll->top + scroll->visible, list->n, left_out);
}

static void pane_memory_draw(struct frame *frame, const struct area *area)
{
	struct memory_state *memory = area->panel->state;
	const int rows = area->half[0].rows;
	const bool kinds = rows < (frame->ui->zoomed ? LIST_ROWS_MIN : LIST_ROWS_UNASKED);
	struct space_list list = spaces_list(memory, frame->ui, frame->model, kinds, rows - 1);
	int first;

	fit(area, kinds);
	first = memory->list_row = draw_heads(frame, area);
	memory->at = MAX(MIN(memory->at, list.n - 1), 0);
	/* a row is for the legend, where there are some */
	scroll_show(&memory->scroll, list.n, MAX(rows - first - (rows >= LEGEND_ROWS_MIN), 0),
		memory->at);
	draw_rows(frame, area, &list, first);
	keep_mapping(memory, frame, &list);
	for (enum side side = 0; side < SIDES; side++) {
		struct rect half = area->half[side];

		half.row += first;
		half.rows -= first;
		draw_gap(frame, half, side);
	}
	draw_note(frame, area, &list);
	if (area->panel->fields.focus == SPACE_SUM) {
		const int64_t kb = model_side(frame->model, frame->ui->side)->totals.pss_kb;

		frame->fact_number = text_width(TEXT_OF(format_kb, kb));
	}
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

/* The sum of the side. */
static bool sum_number(const struct ui *ui, struct number *ret)
{
	*ret = number_of(
		fact_find(FACT_SIDE, "sum_pss_kb"), (struct fact_path) { .side = ui->side });
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

	if (focus == SPACE_SUM)
		return sum_number(ui, ret);
	if (focus != SIZE && focus != MEASURED)
		return false;
	snprintf(path.region, sizeof(path.region), "%s", memory->label);
	*ret = number_of(fact_find(FACT_MAPPING, focus == SIZE ? "size_kb" : measure->fact), path);
	if (focus == MEASURED && measure->plus)
		ret->plus = fact_find(FACT_MAPPING, measure->plus);
	snprintf(ret->subject, sizeof(ret->subject), "%s, in the address space of PID %d",
		memory->label, rows_pid(ui, ui->side));
	/* A path has its own dots, and of a stack it means the worker's alone. */
	if (ret->plus || !memory->named) {
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
	.want_rows = 1 + SPACE_KINDS,
	.say = say,
	.legend = legend,
	.draw = pane_memory_draw,
	.command = pane_memory_command,
	.move = pane_memory_move,
	.click = pane_memory_click,
	.number = pane_memory_number,
};
