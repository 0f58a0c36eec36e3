/* SPDX-License-Identifier: MIT
 * What one more costs: page tables, private pages and descriptors of every process, and the kernel stack that every task
 * has, be it process or thread.
 */

#include "worker_list.h"

/* What all threads have stands in the row of all: in the first one's it would look like that one's. */
static void draw_process(const struct table_cell *cell)
{
	if (!rows_only_process(cell->frame->ui, cell->side))
		cell_process_draw(cell);
}

static const struct column columns[] = {
	COLUMN_NAME,
	{ "PSS", .min = 7, .max = 8, .priority = 1, .scope = FACT_PROCESS, .fact = "pss_kb",
		.sum = "sum_pss_kb", .draw = draw_process },
	{ "page tables", "tables", .min = 6, .max = 11, .scope = FACT_PROCESS,
		.fact = "page_tables_kb", .sum = "sum_page_tables_kb", .flashes = true,
		.gloss = "which address is which page: the kernel's, one a process",
		.draw = draw_process },
	{ "kernel stack", "kstack", .min = 6, .max = 12, .priority = 2, .scope = FACT_TASK,
		.fact = "kernel_stack_kb", .sum = "kernel_stack_kb",
		.gloss = "the kernel's stack for a task, process or thread",
		.draw = cell_fact_draw },
	{ "mappings", "maps", .min = 4, .max = 8, .priority = 3, .scope = FACT_PROCESS,
		.fact = "mappings", .sum = "mappings", .flashes = true,
		.gloss = "pieces that the address space is made of", .draw = draw_process },
	{ "only here", "here", .min = 7, .max = 9, .priority = 12, .scope = FACT_PROCESS,
		.fact = "uss_kb", .sum = "sum_uss_kb",
		.gloss = "memory that no other process maps (USS)", .draw = draw_process },
	{ "addresses", "VmSize", .min = 7, .max = 9, .priority = 6, .scope = FACT_PROCESS,
		.fact = "vm_size_kb", .sum = "sum_vm_size_kb", .gloss = "reserved, used or not",
		.draw = draw_process },
	{ "fd slots", "fds", .min = 4, .max = 8, .priority = 7, .scope = FACT_PLACE,
		.fact = "fd_size", .gloss = "places in the table of open files",
		.draw = draw_process },
};

/* The side's newest worker; NULL: it has none. */
static const struct track *newest(const struct model_side *side)
{
	const struct track *track = NULL;

	for (size_t i = 0; i < side->n_tracks; i++)
		if (side->tracks[i]->now.worker >= 0 &&
			(!track || side->tracks[i]->now.worker > track->now.worker))
			track = side->tracks[i];
	return track;
}

enum { TABLES, OWN, KERNEL, ADDRESSES, PARTS };

/* What the newest worker alone has; UNKNOWN: not known. */
struct bill {
	bool thread;
	int64_t kb[PARTS];
	const char *label[PARTS];
};

#define KERNEL_STACK_KB 16

static bool bill_of(const struct frame *frame, enum side side, struct bill *ret)
{
	const struct track *track = newest(model_side(frame->model, side));
	const struct process_sample *process =
		track ? model_process(frame->model, track->now.pid) : NULL;
	const struct register_sample *r =
		track ? model_evidence(frame->model, FACT_REGISTERS, side, track->now.worker)
		      : NULL;

	if (!track)
		return false;
	*ret = (struct bill) { .thread = track->now.pid != track->now.tid,
		.kb = { process ? process->page_tables_kb : UNKNOWN,
			process ? process->uss_kb : UNKNOWN, KERNEL_STACK_KB,
			process ? process->vm_size_kb : UNKNOWN },
		.label = { "page tables", "copied so far", "kernel stack", "addresses" } };
	if (model_side(frame->model, side)->group) /* who ran a program anew has copied nothing */
		ret->label[OWN] = "memory only here";
	if (!ret->thread)
		return true;
	ret->kb[TABLES] = 0;
	ret->kb[OWN] = r ? r->stack_resident_kb : UNKNOWN;
	ret->label[OWN] = "stack in memory";
	ret->kb[ADDRESSES] =
		track->worker->stack_high
			? (int64_t)(track->worker->stack_high - track->worker->stack_low) / 1024
			: UNKNOWN;
	return true;
}

/* The same parts on both sides, so that the totals compare; of memory of its own what is known. */
static int64_t total_kb(const struct bill *bill)
{
	if (bill->kb[TABLES] == UNKNOWN)
		return UNKNOWN;
	return bill->kb[TABLES] + bill->kb[KERNEL] + MAX(bill->kb[OWN], 0);
}

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	struct bill bill;

	if (!bill_of(frame, side, &bill)) {
		snprintf(out, size, "– nobody is here");
		return;
	}
	if (total_kb(&bill) == UNKNOWN) {
		snprintf(out, size, "– what one more costs is read next");
		return;
	}
	snprintf(out, size, "One more %s: %s", bill.thread ? "thread" : "process",
		TEXT_OF(format_kb, total_kb(&bill)));
	if (bill.kb[OWN] == UNKNOWN)
		text_addf(out, size, " + its %s", bill.thread ? "stack" : "pages");
	else if (text_width(out) + text_width(" so far") <= cols)
		text_addf(out, size, " so far");
}

/* What it is made of, on one scale for both sides. Addresses cost nothing until they are used. */
static void draw_bill(struct frame *frame, struct rect half, enum side side,
	const struct bill *bill, double widest)
{
	const int number = half.col + 19, bar = number + 9;

	for (int i = 0; i < PARTS; i++) {
		const struct bar_part part = { (double)bill->kb[i], side_style(side), "▆" };
		const struct place at = { half.row + i, half.col + 2, 16 };

		put_text(frame, at, i == ADDRESSES ? STYLE_DIM : STYLE_TEXT, bill->label[i]);
		put_kb(frame, (struct place) { at.row, number, 8 },
			i == ADDRESSES ? STYLE_DIM : STYLE_STRONG, bill->kb[i]);
		if (i == ADDRESSES)
			put_text(frame,
				(struct place) { at.row, bar, half.col + half.cols - 1 - bar },
				STYLE_DIM, "cost none");
		else if (bill->kb[i] > 0)
			chart_bar(frame->canvas, at.row, bar, half.col + half.cols - 2 - bar, &part,
				1, widest);
	}
}

/* Returns the rows used: none, if the table below would lose some by it. */
static int draw_bills(struct frame *frame, const struct area *area)
{
	struct bill bill[SIDES];
	double widest = 0;
	bool known[SIDES];

	if (area->half[0].rows < PARTS + 1 + worker_list_want(area->panel) + 1)
		return 0;
	for (enum side side = 0; side < SIDES; side++) {
		known[side] = bill_of(frame, side, &bill[side]);
		for (int i = 0; i < ADDRESSES && known[side]; i++)
			widest = fmax(widest, (double)bill[side].kb[i]);
	}
	for (enum side side = 0; side < SIDES; side++)
		if (known[side])
			draw_bill(frame, area->half[side], side, &bill[side], widest);
	return PARTS + 1;
}

/* What ps would make of it. */
static void conclude(struct frame *frame, enum side side, char *out, size_t size)
{
	const struct side_totals *totals = &model_side(frame->model, side)->totals;

	if (totals->rss_kb == UNKNOWN || totals->pss_kb == UNKNOWN)
		return;
	const char *rss = TEXT_OF(format_kb, totals->rss_kb);
	const char *pss = TEXT_OF(format_kb, totals->pss_kb);

	if (totals->processes > 1)
		snprintf(out, size,
			"%s in all. Adding up what ps shows (RSS) gives %s: a common page counts "
			"%d times.",
			pss, rss, totals->processes);
	else
		snprintf(out, size, "%s in all. ps shows %s (RSS) for the process.", pss, rss);
}

static const struct sign legend[] = {
	{ "all", STYLE_STRONG, "with the host, or main" },
	{ "PSS", STYLE_TEXT,
		"proportional set size: a page divided among the processes that map it" },
	{ "copied so far", STYLE_TEXT, "what it wrote; what a thread writes is of all threads" },
	{ "RSS", STYLE_TEXT, "resident set size: pages in memory, whoever else has them, too" },
	{ 0 },
};

/* The state of the pane. */
struct cost_state {
	int bill_rows; /* above the table, in the last frame */
};

static void pane_cost_draw(struct frame *frame, const struct area *area)
{
	struct cost_state *state = area->panel->state;
	struct area rest = *area;

	state->bill_rows = draw_bills(frame, area);
	for (enum side side = 0; side < SIDES; side++) {
		rest.half[side].row += state->bill_rows;
		rest.half[side].rows -= state->bill_rows;
	}
	worker_list_draw(frame, &rest);
}

static void pane_cost_click(struct panel *panel, int row)
{
	worker_list_click(panel, row - ((const struct cost_state *)panel->state)->bill_rows);
}

const struct pane pane_cost = {
	.info = { "cost", "Cost of one more", "page tables, memory and kernel stacks", "cost" },
	.min_rows = 4,
	.weight = 4,
	.field = 1,
	.needs = NEED_TASKS | NEED_PROCESSES | NEED_MAPPING_COUNT | NEED_FILES | NEED_REGISTERS,
	.size = sizeof(struct cost_state),
	.gaps = { "smaps_rollup", "status", "fd" },
	.list = { columns, ARRAY_LEN(columns), .sums = true, .conclude = conclude },
	.say = say,
	.legend = legend,
	.draw = pane_cost_draw,
	.click = pane_cost_click,
	.number = worker_list_number,
};
