/* SPDX-License-Identifier: MIT
 * Signals: which each task catches, blocks, and has pending: for itself, or for its whole process.
 */
#include <signal.h>
#include <stdio.h>

#include "members.h"

#define BIT(signal) (UINT64_C(1) << ((signal)-1))
/* What every worker catches, so that its end can be told: as one word, or it would hide what an order has changed. */
#define FAULTS (BIT(SIGILL) | BIT(SIGTRAP) | BIT(SIGBUS) | BIT(SIGFPE) | BIT(SIGSEGV))

static void draw_caught(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct signal_sample *signals = member_evidence(f, FACT_SIGNALS, side, row);
	bool all = signals && (signals->caught & FAULTS) == FAULTS;
	uint64_t others = signals ? signals->caught & ~(all ? FAULTS : 0) : 0;
	char text[96], names[80];

	if (!signals || !signals->known) {
		member_fact_draw(f, c, at, side, row);
		return;
	}
	format_signals(names, sizeof(names), others);
	snprintf(text, sizeof(text), "%s%s%s", all && !others ? "" : names,
		all && others ? " " : "", all ? "faults" : "");
	member_text_draw(f, c, at, side, row, others ? STYLE_TEXT : STYLE_DIM, text);
}

static const struct column columns[] = {
	MEMBER_NAME,
	{ "caught", .min = 6, .max = 14, .left = true, .scope = FACT_SIGNALS,
		.fact = "signals_caught", .flashes = true, .draw = draw_caught },
	{ "blocked", "block", .min = 5, .max = 14, .left = true, .scope = FACT_SIGNALS,
		.fact = "signals_blocked", .flashes = true, .draw = member_fact_draw },
	{ "pending here", "pend", .min = 5, .max = 14, .left = true, .scope = FACT_SIGNALS,
		.fact = "signals_pending", .flashes = true, .draw = member_fact_draw },
	{ "pending for process", "sh.pend", .min = 7, .max = 19, .left = true,
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
	.legend = "handlers: process · masks, pending: task · sh.pend: process · faults: ILL TRAP "
		  "BUS FPE SEGV",
	.brief = "caught: process · block, pend: task · sh.pend: process",
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
