/* SPDX-License-Identifier: MIT
 * Stacks: where each task's stack lies, how deep it is, and what the task waits in.
 */

#include "worker_list.h"

enum { NAME, BAR };

#define PAGE_KB 4 /* about the least that a stack has: there the scale begins to be logarithmic */

/* The state of the pane. */
struct stacks_state {
	double kb; /* the largest stack: all bars have one scale */
};

static double kb_of(const struct register_sample *r)
{
	return (double)(r->stack_high - r->stack_low) / 1024;
}

static void find_scale(struct stacks_state *state, const struct sample *sample)
{
	state->kb = 0;
	for (size_t i = 0; i < sample->registers.n; i++)
		state->kb = fmax(state->kb, kb_of(&sample->registers.at[i]));
}

/* The cell that is so many kB below the top, which is at the right; -1: beyond the scale, or not known. */
static int cell_of(double below, double kb, int cells)
{
	if (!(below >= 0) || !(kb > 0) || below > kb)
		return -1;
	return MAX(cells - 1 - (int)(log1p(below / PAGE_KB) / log1p(kb / PAGE_KB) * cells), 0);
}

/* What a cell of a stack shows, from its guard at the left to its top at the right. */
static const struct {
	const char *glyph;
	enum style style;
} bar_parts[] = {
	{ "·", STYLE_DIM }, /* never touched */
	{ "▒", STYLE_WARN }, /* was used once */
	{ "█", STYLE_PRIVATE }, /* in use */
	{ " ", STYLE_DIM }, /* not known */
};

enum { NEVER, ONCE, IN_USE, NOT_KNOWN };

static int part_at(int cell, int sp, int deepest, bool unknown)
{
	if (sp >= 0 && cell >= sp)
		return IN_USE;
	if (unknown)
		return NOT_KNOWN;
	return deepest >= 0 && cell >= deepest ? ONCE : NEVER;
}

static void draw_bar(const struct table_cell *cell)
{
	const struct register_sample *r = cell_evidence(cell, FACT_REGISTERS);
	const struct stacks_state *state = cell->area->panel->state;
	const struct place at = cell->at;
	struct canvas *canvas = cell->frame->canvas;
	const int cells = at.cols - 1;
	int deepest, last, sp = -1;

	if (!r || r->stack_high <= r->stack_low) {
		put_text(cell->frame, at, STYLE_DIM, "–");
		return;
	}
	if (r->sp)
		sp = cell_of(((double)r->stack_high - (double)r->sp) / 1024, state->kb, cells);
	deepest = cell_of((double)r->stack_resident_kb - 1, state->kb, cells);
	last = MAX(cell_of(kb_of(r), state->kb, cells), 0);
	canvas_text(canvas, at.row, at.col + last, 1, STYLE_BORDER, "|");
	for (int i = last; i < cells; i++) {
		const int part = part_at(i, sp, deepest, r->stack_resident_kb == UNKNOWN);

		canvas_text(canvas, at.row, at.col + 1 + i, 1, bar_parts[part].style,
			bar_parts[part].glyph);
	}
	if (sp >= 0)
		canvas_text(canvas, at.row, at.col + 1 + sp, 1, STYLE_STRONG, "◆");
}

/* The scale above the bars: each depth ends in its cell. */
static void draw_ticks(struct frame *frame, const struct area *area, enum side side)
{
	static const struct {
		double kb;
		const char *text;
	} ticks[] = { { 0, "top" }, { 64, "64k" }, { 1024, "1M" }, { 8192, "8M" } };
	const struct stacks_state *state = area->panel->state;
	const struct place at = table_place(area, side, area->half[side].row, BAR);
	int free = at.cols;

	for (size_t i = 0; i < ARRAY_LEN(ticks) && at.cols; i++) {
		const int cell = cell_of(ticks[i].kb, state->kb, at.cols - 1) + 2,
			  cols = text_width(ticks[i].text);

		if (cell < cols || cell > free)
			continue;
		canvas_text(frame->canvas, at.row, at.col + cell - cols, cols, STYLE_DIM,
			ticks[i].text);
		free = cell - cols - 1;
	}
}

static void draw_top(const struct table_cell *cell)
{
	const struct register_sample *r = cell_evidence(cell, FACT_REGISTERS);
	char text[24] = "–";

	if (r && r->stack_high)
		snprintf(text, sizeof(text), "%llx", (unsigned long long)r->stack_high);
	put_right(cell->frame, cell->at, STYLE_DIM, text);
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
	[BAR] = { "", .min = 14, .max = 33, .priority = 1, .left = true, .grows = true,
		.draw = draw_bar },
	{ "top is at", .min = 12, .max = 12, .priority = 2, .draw = draw_top },
	{ "depth", .min = 6, .max = 7, .priority = 3, .scope = FACT_REGISTERS,
		.fact = "stack_used_kb",
		.gloss = "from the top to the stack pointer, touched or not",
		.draw = cell_fact_draw },
	{ "in memory", "memory", .min = 6, .max = 9, .scope = FACT_REGISTERS,
		.fact = "stack_resident_kb", .flashes = true, .draw = cell_fact_draw },
	{ "of", .min = 6, .max = 7, .priority = 4, .scope = FACT_REGISTERS, .fact = "stack_size_kb",
		.gloss = "addresses that are reserved for it", .draw = cell_fact_draw },
	{ "waits in", .min = 9, .max = 24, .priority = 7, .left = true, .scope = FACT_REGISTERS,
		.fact = "waits_in", .draw = draw_waits },
};

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	int n = side_workers(frame, side), spaces = side_objects(frame, side, RESOURCE_MEMORY);
	const char *stacks = TEXT_OF(format_number_of, n, "stack", "stacks");
	const char *memory = TEXT_OF(format_number_of, spaces, "address space", "address spaces");

	snprintf(out, size, "%s in %s%s", stacks, memory,
		spaces == 1 && n > 1 ? ": each thread reaches all" : "");
	if (text_width(out) > cols)
		snprintf(out, size, "%s in %s", stacks, memory);
	if (text_width(out) > cols)
		snprintf(out, size, "%s, %s", stacks, memory);
}

static const struct sign legend[] = {
	{ "█", STYLE_PRIVATE, "in use" },
	{ "▒", STYLE_WARN, "once used" },
	{ "◆", STYLE_STRONG, "stack pointer" },
	{ "|", STYLE_BORDER, "guard: to touch it ends the process (SIGSEGV)" },
	{ "·", STYLE_DIM, "reserved, no memory yet" },
	{ "64k 1M 8M", STYLE_DIM, "so deep below the top, on a log scale" },
	{ 0 },
};

static void pane_stacks_draw(struct frame *frame, const struct area *area)
{
	find_scale(area->panel->state, model_sample(frame->model));
	worker_list_draw(frame, area);
	for (enum side side = 0; side < SIDES; side++)
		draw_ticks(frame, area, side);
}

const struct pane pane_stacks = {
	.info = { "stacks", "Stacks",
		"every stack with its bounds, depth and what its task waits in", "stacks" },
	.min_rows = 4,
	.weight = 4,
	.field = 4,
	.needs = NEED_TASKS | NEED_REGISTERS,
	.size = sizeof(struct stacks_state),
	.gaps = { "syscall", "perf_event", "pagemap" },
	.list = { columns, ARRAY_LEN(columns) },
	.say = say,
	.legend = legend,
	.draw = pane_stacks_draw,
	.number = worker_list_number,
};
