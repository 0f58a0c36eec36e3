/* SPDX-License-Identifier: MIT
 * What one more costs: page tables, private pages and descriptors of every process, and the kernel stack that every task
 * has, be it process or thread.
 */
#include <stdio.h>

#include "worker_list.h"

static const struct column columns[] = {
	COLUMN_NAME,
	{ "page tables", "pg tables", .min = 9, .max = 11, .scope = FACT_PROCESS,
		.fact = "page_tables_kb", .sum = "sum_page_tables_kb", .flashes = true,
		.draw = cell_process_draw },
	{ "kernel stack", "kstack", .min = 6, .max = 12, .priority = 1, .scope = FACT_TASK,
		.fact = "kernel_stack_kb", .sum = "kernel_stack_kb", .draw = cell_fact_draw },
	{ "mappings", "maps", .min = 4, .max = 8, .priority = 2, .scope = FACT_PROCESS,
		.fact = "mappings", .sum = "mappings", .flashes = true, .draw = cell_process_draw },
	{ "in 1 process", "1 proc", .min = 7, .max = 12, .priority = 4, .scope = FACT_PROCESS,
		.fact = "uss_kb", .sum = "sum_uss_kb", .draw = cell_process_draw },
	{ "PSS", .min = 7, .max = 8, .priority = 3, .scope = FACT_PROCESS, .fact = "pss_kb",
		.sum = "sum_pss_kb", .draw = cell_process_draw },
	{ "VmSize", .min = 7, .max = 8, .priority = 5, .scope = FACT_PROCESS, .fact = "vm_size_kb",
		.sum = "sum_vm_size_kb", .draw = cell_process_draw },
	{ "fd slots", "fds", .min = 4, .max = 8, .priority = 6, .scope = FACT_PLACE,
		.fact = "fd_size", .draw = cell_process_draw },
};

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	const struct side_totals *totals = &model_side(frame->model, side)->totals;
	char workers[40], size_of[24], memory[24];

	format_workers(workers, sizeof(workers), frame, side);
	format_kb(size_of, sizeof(size_of), totals->vm_size_kb);
	format_kb(memory, sizeof(memory), totals->pss_kb);
	snprintf(out, size, "%s: PSS %s, addresses %s", workers, memory, size_of);
	if (text_width(out) > cols)
		snprintf(out, size, "PSS %s, addresses %s", memory, size_of);
}

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

static void conclude_process(const struct process_sample *process, char *out, size_t size)
{
	char tables[24], private[24], maps[24];

	snprintf(out, size,
		"One more costs a kernel stack of 16 kB, %s of page tables for %s mappings, a "
		"table of "
		"descriptors, and %s that it alone maps by now.",
		format_kb(tables, sizeof(tables), process->page_tables_kb),
		format_count(maps, sizeof(maps), process->mappings),
		format_kb(private, sizeof(private), process->uss_kb));
}

static void conclude_thread(const struct frame *frame, enum side side,
	const struct worker_sample *worker, char *out, size_t size)
{
	const struct register_sample *r =
		model_evidence(frame->model, FACT_REGISTERS, side, worker->index);
	char stack[24], used[24];

	snprintf(out, size,
		"One more costs a kernel stack of 16 kB and a stack: %s of addresses, %s of them "
		"resident. All else is its process's.",
		format_kb(stack, sizeof(stack),
			(int64_t)(worker->stack_high - worker->stack_low) / 1024),
		format_kb(used, sizeof(used), r ? r->stack_resident_kb : UNKNOWN));
}

/* What the newest worker alone has. */
static void conclude(struct frame *frame, enum side side, char *out, size_t size)
{
	const struct track *track = newest(model_side(frame->model, side));
	const struct process_sample *process =
		track ? model_process(frame->model, track->now.pid) : NULL;

	if (!track)
		return;
	if (track->now.pid == track->now.tid && process)
		conclude_process(process, out, size);
	else if (track->now.pid != track->now.tid)
		conclude_thread(frame, side, &track->worker, out, size);
}

static const struct sign legend[] = {
	{ "\"", STYLE_DIM, "one for all threads: as main" },
	{ "PSS", STYLE_TEXT, "memory, a page divided among the processes that map it" },
	{ "kstack", STYLE_TEXT, "the kernel's own stack for the task" },
	{ 0 },
};

static const struct worker_list list = {
	.columns = columns,
	.n = ARRAY_LEN(columns),
	.sums = true,
	.conclude = conclude,
};

static void pane_cost_draw(struct frame *frame, const struct area *area)
{
	worker_list_draw(frame, area, &list);
}

const struct pane pane_cost = {
	.info = { "cost", "Cost of one more", "page tables, memory and kernel stacks", "cost" },
	.min_rows = 4,
	.weight = 4,
	.field = 1,
	.needs = NEED_TASKS | NEED_PROCESSES | NEED_MAPPING_COUNT | NEED_FILES | NEED_REGISTERS,
	.gaps = { "smaps_rollup", "status", "fd" },
	.want = worker_list_want,
	.say = say,
	.legend = legend,
	.draw = pane_cost_draw,
	.click = worker_list_click,
	.number = worker_list_number,
};
