/* SPDX-License-Identifier: MIT
 * Signals: which each task catches, blocks, and has pending: for itself, or for its whole process.
 */
#include <signal.h>
#include <stdio.h>

#include "worker_list.h"

#define BIT(signal) (UINT64_C(1) << ((signal)-1))
/* What every worker catches, so that its end can be told: as one word, or it would hide what an order has changed. */
#define FAULTS (BIT(SIGILL) | BIT(SIGTRAP) | BIT(SIGBUS) | BIT(SIGFPE) | BIT(SIGSEGV))

static void draw_caught(const struct table_cell *cell)
{
	const struct signal_sample *signals = cell_evidence(cell, FACT_SIGNALS);
	uint64_t others;
	char text[96], names[80];
	bool all;

	if (!signals || !signals->known) {
		cell_fact_draw(cell);
		return;
	}
	all = (signals->caught & FAULTS) == FAULTS;
	others = all ? signals->caught & ~FAULTS : signals->caught;
	format_signals(names, sizeof(names), others);
	snprintf(text, sizeof(text), "%s%s%s", all && !others ? "" : names,
		all && others ? " " : "", all ? "faults" : "");
	cell_text_draw(cell, others ? STYLE_TEXT : STYLE_DIM, text);
}

static const struct column columns[] = {
	COLUMN_NAME,
	{ "caught", .min = 6, .max = 14, .left = true, .scope = FACT_SIGNALS,
		.fact = "signals_caught", .flashes = true, .draw = draw_caught },
	{ "blocked", "block", .min = 5, .max = 14, .left = true, .scope = FACT_SIGNALS,
		.fact = "signals_blocked", .flashes = true, .draw = cell_fact_draw },
	{ "pending here", "pend", .min = 5, .max = 14, .left = true, .scope = FACT_SIGNALS,
		.fact = "signals_pending", .flashes = true, .draw = cell_fact_draw },
	{ "pending for process", "sh.pend", .min = 7, .max = 19, .left = true,
		.scope = FACT_SIGNALS, .fact = "signals_shared_pending", .flashes = true,
		.draw = cell_fact_draw },
};

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	char workers[40], sets[40], masks[40];

	format_workers(workers, sizeof(workers), frame, side);
	format_number_of(sets, sizeof(sets), side_objects(frame, side, RESOURCE_HANDLERS),
		"set of handlers", "sets of handlers");
	format_number_of(masks, sizeof(masks), side_workers(frame, side), "mask", "masks");
	snprintf(out, size, "%s: %s, %s", workers, sets, masks);
	if (text_width(out) > cols)
		snprintf(out, size, "%s: %s", workers, sets);
}

static const struct sign legend[] = {
	{ "caught", STYLE_TEXT, "has a handler, one set a process" },
	{ "blocked", STYLE_TEXT, "put off by this task alone" },
	{ "pending", STYLE_TEXT, "sent, not yet taken" },
	{ "faults", STYLE_TEXT, "SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGTRAP" },
	{ 0 },
};

static const struct worker_list list = {
	.columns = columns,
	.n = ARRAY_LEN(columns),
};

static void pane_signals_draw(struct frame *frame, const struct area *area)
{
	worker_list_draw(frame, area, &list);
}

const struct pane pane_signals = {
	.info = { "signals", "Signals", "what each task catches, blocks and has pending",
		"signals" },
	.min_rows = 4,
	.weight = 4,
	.field = 1,
	.needs = NEED_TASKS | NEED_SIGNALS,
	.gaps = { "status" },
	.want = worker_list_want,
	.say = say,
	.legend = legend,
	.draw = pane_signals_draw,
	.click = worker_list_click,
	.number = worker_list_number,
};
