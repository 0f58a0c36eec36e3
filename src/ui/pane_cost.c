/* SPDX-License-Identifier: MIT
 * What one more costs: page tables, private pages and descriptors of every process, and the kernel stack that every task
 * has, be it process or thread.
 */
#include <stdio.h>

#include "members.h"

/* A thread has no number of its own: it stands with the main thread, and counts for all. */
static void draw_process(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct member *member = row;

	if (member->half->pid != member->half->tid)
		put_right(f, at, STYLE_DIM, "\"");
	else
		member_fact_draw(f, c, at, side, row);
}

static void draw_kernel_stack(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	put_right(f, at, STYLE_TEXT, "16 kB");
}

static const struct column columns[] = {
	MEMBER_NAME,
	{ "page tables", "tables", .min = 7, .max = 11, .scope = FACT_PROCESS,
		.fact = "page_tables_kb", .flashes = true, .draw = draw_process },
	{ "private", .min = 7, .max = 8, .priority = 1, .scope = FACT_PROCESS, .fact = "uss_kb",
		.draw = draw_process },
	{ "kernel stack", "kstack", .min = 6, .max = 12, .priority = 2, .draw = draw_kernel_stack },
	{ "resident", "RSS", .min = 7, .max = 8, .priority = 3, .scope = FACT_PROCESS,
		.fact = "rss_kb", .draw = draw_process },
	{ "VmSize", .min = 7, .max = 8, .priority = 10, .scope = FACT_PROCESS, .fact = "vm_size_kb",
		.draw = draw_process },
	{ "fd slots", .min = 8, .max = 8, .priority = 11, .scope = FACT_PLACE, .fact = "fd_size",
		.draw = draw_process },
};

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	const struct side_totals *totals = &model_side(frame->model, side)->totals;
	char workers[40], tables[24], private[24], more[96];

	format_workers(workers, sizeof(workers), frame, side);
	format_kb(tables, sizeof(tables), totals->page_tables_kb);
	format_kb(private, sizeof(private), totals->uss_kb);
	snprintf(out, size, "%s: %s of page tables", workers, tables);
	snprintf(more, sizeof(more), "%s, %s private", out, private);
	if (text_width(more) <= cols)
		snprintf(out, size, "%s", more);
}

static const struct members members = {
	.columns = columns,
	.n = ARRAY_LEN(columns),
	.say = say,
	.legend = "a task has a kernel stack; a process has page tables and a descriptor table too "
		  "· \" as main",
	.brief = "\" as main: one for all threads",
};

static void draw(struct frame *frame, const struct area *area)
{
	members_draw(frame, area, &members);
}

static bool number(const struct ui *ui, struct model *model, struct number *ret)
{
	return members_number(ui, model, &members, ret);
}

const struct pane pane_cost = {
	.min_rows = 4,
	.weight = 4,
	.field = 1,
	.needs = NEED_TASKS | NEED_PROCESSES | NEED_FILES,
	.want = members_want,
	.draw = draw,
	.click = members_click,
	.number = number,
};
