/* SPDX-License-Identifier: MIT
 * Stacks and registers: where each task's stack lies, how deep it is, where it executes and what it waits in.
 */
#include <stdio.h>

#include "members.h"

enum { NAME, BAR };

/* From the guard at the left to the top at the right: what was never touched, what was once, and what is in use. */
static void draw_bar(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct register_sample *r = member_evidence(f, FACT_REGISTERS, side, row);
	double kb, used, resident;
	int inside = at.cols - 1;

	if (!r || r->stack_high <= r->stack_low) {
		put_text(f, at, STYLE_DIM, "–");
		return;
	}
	kb = (double)(r->stack_high - r->stack_low) / 1024;
	used = r->stack_used_kb > 0 ? (double)r->stack_used_kb : 0;
	resident = r->stack_resident_kb > used ? (double)r->stack_resident_kb : used;
	canvas_text(f->canvas, at.row, at.col, 1, STYLE_BORDER, "|");
	for (int i = 0; i < inside; i++) {
		/* The cell begins this far below the top of the stack. */
		double below = kb * (inside - 1 - i) / inside;
		bool in_use = below < used, touched = below < resident;

		canvas_text(f->canvas, at.row, at.col + 1 + i, 1,
			in_use    ? STYLE_PRIVATE
			: touched ? STYLE_WARN
				  : STYLE_DIM,
			in_use    ? "█"
			: touched ? "▒"
				  : "·");
	}
}

static void draw_waits(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct member *member = row;
	const struct register_sample *r = member_evidence(f, FACT_REGISTERS, side, row);

	if (r && r->waits_in[0])
		put_text(f, at, STYLE_SLEEPING, r->waits_in);
	else if (member->half->track && member->half->track->now.state == 'R')
		put_text(f, at, STYLE_RUNNING, "runs");
	else
		put_text(f, at, STYLE_DIM, "–");
}

static const struct column columns[] = {
	[NAME] = MEMBER_NAME,
	[BAR] = { "guard · free ▒ was used █ in use", "| · ▒ █", .min = 10, .max = 33,
		.priority = 1, .left = true, .grows = true, .draw = draw_bar },
	{ "used", .min = 6, .max = 7, .priority = 2, .scope = FACT_REGISTERS,
		.fact = "stack_used_kb", .draw = member_fact_draw },
	{ "resident", "res", .min = 6, .max = 8, .scope = FACT_REGISTERS,
		.fact = "stack_resident_kb", .flashes = true, .draw = member_fact_draw },
	{ "of", .min = 6, .max = 7, .priority = 6, .scope = FACT_REGISTERS, .fact = "stack_size_kb",
		.draw = member_fact_draw },
	{ "waits in", .min = 9, .max = 16, .priority = 3, .left = true, .scope = FACT_REGISTERS,
		.fact = "waits_in", .draw = draw_waits },
	{ "SP", .min = 14, .max = 14, .priority = 10, .scope = FACT_REGISTERS, .fact = "sp",
		.draw = member_fact_draw },
	{ "PC is in", .min = 14, .max = 26, .priority = 12, .left = true, .scope = FACT_REGISTERS,
		.fact = "where", .draw = member_fact_draw },
	{ "PC", .min = 14, .max = 14, .priority = 14, .scope = FACT_REGISTERS, .fact = "pc",
		.draw = member_fact_draw },
	{ "TLS", .min = 14, .max = 14, .priority = 13, .scope = FACT_REGISTERS, .fact = "tls",
		.draw = member_fact_draw },
};

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	int n = members_count(frame, side), spaces = members_objects(frame, side, RESOURCE_MEMORY);
	char stacks[40];

	format_number_of(stacks, sizeof(stacks), n, "stack", "stacks");
	if (spaces == 1 && n > 1)
		snprintf(out, size, "%s in one address space", stacks);
	else if (spaces == n)
		snprintf(out, size, "%s, each in its own space", stacks);
	else
		snprintf(out, size, "%s in %d address spaces", stacks, spaces);
}

static const struct members members = {
	.columns = columns,
	.n = ARRAY_LEN(columns),
	.say = say,
	.legend =
		"a stack grows to the left: resident is what was ever used, used is how deep it is",
	.brief = "it grows to the left",
};

static void draw(struct frame *frame, const struct area *area)
{
	members_draw(frame, area, &members);
}

static bool number(const struct ui *ui, struct model *model, struct number *ret)
{
	return members_number(ui, model, &members, ret);
}

const struct pane pane_stacks = {
	.min_rows = 4,
	.weight = 4,
	.field = 3,
	.needs = NEED_TASKS | NEED_REGISTERS,
	.want = members_want,
	.draw = draw,
	.click = members_click,
	.number = number,
};
