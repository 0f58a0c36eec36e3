/* SPDX-License-Identifier: MIT
 * Signals: which each task catches, blocks, and has pending: for itself, or for its whole process.
 */
#include <stdio.h>

#include "members.h"

static const struct column columns[] = {
	MEMBER_NAME,
	{ "caught", .min = 6, .max = 14, .left = true, .scope = FACT_SIGNALS,
		.fact = "signals_caught", .flashes = true, .draw = member_fact_draw },
	{ "blocked", "block", .min = 5, .max = 14, .left = true, .scope = FACT_SIGNALS,
		.fact = "signals_blocked", .flashes = true, .draw = member_fact_draw },
	{ "pending here", "here", .min = 5, .max = 14, .left = true, .scope = FACT_SIGNALS,
		.fact = "signals_pending", .flashes = true, .draw = member_fact_draw },
	{ "pending for process", "process", .min = 7, .max = 19, .left = true,
		.scope = FACT_SIGNALS, .fact = "signals_shared_pending", .flashes = true,
		.draw = member_fact_draw },
};

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	char workers[40], sets[40], masks[40];

	format_workers(workers, sizeof(workers), frame, side);
	format_number_of(sets, sizeof(sets), members_objects(frame, side, RESOURCE_HANDLERS),
		"set of handlers", "sets of handlers");
	format_number_of(masks, sizeof(masks), members_count(frame, side), "mask", "masks");
	snprintf(out, size, "%s: %s, %s", workers, sets, masks);
	if (text_width(out) > cols)
		snprintf(out, size, "%s: %s", workers, sets);
}

static const struct members members = {
	.columns = columns,
	.n = ARRAY_LEN(columns),
	.say = say,
	.legend = "handlers belong to the process, masks to the task; glibc's own 32 and 33 are "
		  "left out",
	.brief = "handlers: process · masks: task",
};

static void draw(struct frame *frame, const struct area *area)
{
	members_draw(frame, area, &members);
}

static bool number(const struct ui *ui, struct model *model, struct number *ret)
{
	return members_number(ui, model, &members, ret);
}

const struct pane pane_signals = {
	.min_rows = 4,
	.weight = 4,
	.field = 1,
	.needs = NEED_TASKS | NEED_SIGNALS,
	.want = members_want,
	.draw = draw,
	.click = members_click,
	.number = number,
};
