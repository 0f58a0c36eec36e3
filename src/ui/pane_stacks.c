/* SPDX-License-Identifier: MIT
 * Stacks: where each task's stack lies, how deep it is, and what the task waits in.
 */
#include <stdio.h>

#include "worker_list.h"

enum { NAME, BAR };

/* What a cell of a stack shows, from the guard at the left to the top at the right. */
static const struct {
	const char *glyph;
	enum style style;
} bar_parts[] = {
	{ "·", STYLE_DIM }, /* never touched */
	{ "▒", STYLE_WARN }, /* was used once */
	{ "█", STYLE_PRIVATE }, /* in use */
};

/* The cell that holds an address this many kB below the top; -1: it is in no stack, or not known. */
static int cell_of(double below, double kb, int cells)
{
	int from_top = (int)(below / kb * cells);

	return below < 0 || below > kb ? -1 : MAX(cells - 1 - from_top, 0);
}

static void draw_bar(const struct table_cell *cell)
{
	const struct register_sample *r = cell_evidence(cell, FACT_REGISTERS);
	const struct place at = cell->at;
	struct canvas *canvas = cell->frame->canvas;
	double kb;
	int cells = at.cols - 1, deepest, sp = -1;

	if (!r || r->stack_high <= r->stack_low) {
		put_text(cell->frame, at, STYLE_DIM, "–");
		return;
	}
	kb = (double)(r->stack_high - r->stack_low) / 1024;
	if (r->sp)
		sp = cell_of(((double)r->stack_high - (double)r->sp) / 1024, kb, cells);
	deepest = cell_of((double)r->stack_resident_kb - 1, kb, cells);
	canvas_text(canvas, at.row, at.col, 1, STYLE_BORDER, "|");
	for (int i = 0; i < cells; i++) {
		int part = sp >= 0 && i >= sp ? 2 : deepest >= 0 && i >= deepest;

		canvas_text(canvas, at.row, at.col + 1 + i, 1, bar_parts[part].style,
			bar_parts[part].glyph);
	}
	if (sp >= 0)
		canvas_text(canvas, at.row, at.col + 1 + sp, 1, STYLE_STRONG, "◆");
}

static void draw_waits(const struct table_cell *cell)
{
	const struct register_sample *r = cell_evidence(cell, FACT_REGISTERS);
	const struct track *track = cell->half->track;

	if (r && r->waits_in[0])
		put_text(cell->frame, cell->at, STYLE_SLEEPING, r->waits_in);
	else if (track && track->now.state == 'R')
		put_text(cell->frame, cell->at, STYLE_RUNNING, "runs");
	else
		put_text(cell->frame, cell->at, STYLE_DIM, "–");
}

static const struct column columns[] = {
	[NAME] = COLUMN_NAME,
	[BAR] = { "| guard              top of stack", "| guard    top", .min = 14, .max = 33,
		.priority = 1, .left = true, .grows = true, .draw = draw_bar },
	{ "used", .min = 6, .max = 7, .priority = 2, .scope = FACT_REGISTERS,
		.fact = "stack_used_kb", .draw = cell_fact_draw },
	{ "resident", "res", .min = 6, .max = 8, .scope = FACT_REGISTERS,
		.fact = "stack_resident_kb", .flashes = true, .draw = cell_fact_draw },
	{ "of", .min = 6, .max = 7, .priority = 6, .scope = FACT_REGISTERS, .fact = "stack_size_kb",
		.draw = cell_fact_draw },
	{ "waits in", .min = 9, .max = 24, .priority = 3, .left = true, .scope = FACT_REGISTERS,
		.fact = "waits_in", .draw = draw_waits },
};

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	int n = side_workers(frame, side), spaces = side_objects(frame, side, RESOURCE_MEMORY);
	char stacks[40];

	format_number_of(stacks, sizeof(stacks), n, "stack", "stacks");
	if (spaces == 1 && n > 1)
		snprintf(out, size, "%s in one address space", stacks);
	else if (spaces == n)
		snprintf(out, size, "%s, each in its own space", stacks);
	else
		snprintf(out, size, "%s in %d address spaces", stacks, spaces);
}

static const struct sign legend[] = {
	{ "|", STYLE_BORDER, "guard: to touch it is SIGSEGV" },
	{ "█", STYLE_PRIVATE, "in use" },
	{ "▒", STYLE_WARN, "once used" },
	{ "◆", STYLE_STRONG, "stack pointer" },
	{ "·", STYLE_DIM, "reserved, no memory yet" },
	{ 0 },
};

static const struct worker_list list = {
	.columns = columns,
	.n = ARRAY_LEN(columns),
};

static void pane_stacks_draw(struct frame *frame, const struct area *area)
{
	worker_list_draw(frame, area, &list);
}

const struct pane pane_stacks = {
	.info = { "stacks", "Stacks",
		"every stack with its bounds, depth and what its task waits in", "stacks" },
	.min_rows = 4,
	.weight = 4,
	.field = 3,
	.needs = NEED_TASKS | NEED_REGISTERS,
	.gaps = { "syscall", "perf_event", "pagemap" },
	.want = worker_list_want,
	.say = say,
	.legend = legend,
	.draw = pane_stacks_draw,
	.click = worker_list_click,
	.number = worker_list_number,
};
