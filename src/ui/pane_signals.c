/* SPDX-License-Identifier: MIT
 * Signals: which each task catches, blocks, and has pending: for itself, or for its whole process.
 */
#include <signal.h>

#include "worker_list.h"

#define BIT(signal) (UINT64_C(1) << ((signal)-1))
/* What every worker catches, so that its end can be told: ours, and no lesson. */
#define FAULTS (BIT(SIGILL) | BIT(SIGTRAP) | BIT(SIGBUS) | BIT(SIGFPE) | BIT(SIGSEGV))

/* Handlers are the process's: they stand once. */
static void draw_handlers(const struct table_cell *cell)
{
	const struct signal_sample *signals = cell_evidence(cell, FACT_SIGNALS);

	if (cell_is_repeat(cell)) {
		put_text(cell->frame, cell->at, STYLE_DIM, "(the same)");
		return;
	}
	if (!signals || !signals->known) {
		cell_fact_draw(cell);
		return;
	}
	const char *names = TEXT_OF(format_signals, signals->caught & ~FAULTS);

	cell_news_draw(cell, 0, signals->caught & ~FAULTS ? STYLE_TEXT : STYLE_DIM, names, names);
}

static const struct column columns[] = {
	COLUMN_NAME,
	{ "handler", .gloss = "signals that run a function, set once a process", .min = 10,
		.max = 14, .left = true, .scope = FACT_SIGNALS, .fact = "signals_caught",
		.flashes = true, .draw = draw_handlers },
	{ "blocked", .gloss = "put off, by each task for itself", .priority = 1, .min = 7,
		.max = 14, .left = true, .scope = FACT_SIGNALS, .fact = "signals_blocked",
		.flashes = true, .draw = cell_fact_draw },
	{ "pending", .gloss = "sent to this task, not taken yet", .priority = 2, .min = 7,
		.max = 14, .left = true, .scope = FACT_SIGNALS, .fact = "signals_pending",
		.flashes = true, .draw = cell_fact_draw },
	{ "for any", .gloss = "sent to the process: a task that does not block it takes it",
		.min = 7, .max = 14, .priority = 3, .left = true, .scope = FACT_SIGNALS,
		.fact = "signals_shared_pending", .flashes = true, .draw = cell_process_draw },
};

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	const char *workers = TEXT_OF(format_workers, frame, side);
	const char *sets = TEXT_OF(format_number_of, side_objects(frame, side, RESOURCE_HANDLERS),
		"set of handlers", "sets of handlers");
	const char *masks = TEXT_OF(format_number_of, side_workers(frame, side), "mask", "masks");

	snprintf(out, size, "%s: %s, %s", workers, sets, masks);
	if (text_width(out) > cols)
		snprintf(out, size, "%s: %s", workers, sets);
	if (text_width(out) > cols)
		snprintf(out, size, "%s", sets);
}

static const struct sign legend[] = {
	{ "not shown", STYLE_DIM,
		"handlers of SIGSEGV and its like, which tell how a worker ends" },
	{ "USR1, USR2", STYLE_TEXT, "for a program's own use" },
	{ "CHLD", STYLE_TEXT, "a child ended" },
	{ 0 },
};

const struct pane pane_signals = {
	.info = { "signals", "Signals", "what each task catches, blocks and has pending",
		"signals" },
	.min_rows = 4,
	.weight = 4,
	.field = 1,
	.needs = NEED_TASKS | NEED_SIGNALS,
	.gaps = { "status" },
	.list = { columns, ARRAY_LEN(columns) },
	.say = say,
	.legend = legend,
	.number = worker_list_number,
};
