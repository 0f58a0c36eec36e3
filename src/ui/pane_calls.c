/* SPDX-License-Identifier: MIT
 * Calls: which system call each task waits in, and of a futex call at which word, and how.
 */

#include "worker_list.h"

/* Of one that is in no call, why: a dash would say that it was not read. */
static void draw_call(const struct table_cell *cell)
{
	const struct call_sample *call = cell_evidence(cell, fact_scope_of(&call_record));
	const struct track *track = cell->half->track;

	if (!call || call->number >= 0 || !track)
		cell_fact_draw(cell);
	else if (track->now.state == 'R')
		cell_news_draw(cell, 0, STYLE_RUNNING, "runs", "");
	else
		cell_news_draw(cell, 0, STYLE_DIM, "ran", "");
}

static const struct column columns[] = {
	COLUMN_NAME,
	{ "waits in", .min = 6, .max = 16, .left = true, .kind = &call_record, .fact = "call",
		.flashes = true, .draw = draw_call },
	{ "at the word", "word", .min = 14, .max = 14, .priority = 1, .kind = &call_record,
		.fact = "futex", .flashes = true, .draw = cell_fact_draw },
	{ "how", .min = 11, .max = 24, .priority = 2, .left = true, .kind = &call_record,
		.fact = "futex_operation", .draw = cell_fact_draw },
};

/* Whether a row before this one of its side waits at the same word. */
static bool is_first_at_word(const struct sample *sample, size_t i)
{
	const struct call_sample *row = &sample->calls.at[i];

	for (size_t k = 0; k < i; k++)
		if (sample->calls.at[k].side == row->side && sample->calls.at[k].worker >= 0 &&
			sample->calls.at[k].futex == row->futex)
			return false;
	return true;
}

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	const struct sample *sample = model_sample(frame->model);
	int workers = 0, blocked = 0, futexes = 0, words = 0;

	for (size_t i = 0; i < sample->calls.n; i++) {
		const struct call_sample *row = &sample->calls.at[i];

		if (row->side != (int16_t)side || row->worker < 0)
			continue;
		workers++;
		blocked += row->number >= 0;
		futexes += row->futex != 0;
		words += row->futex && is_first_at_word(sample, i);
	}
	if (!workers)
		snprintf(out, size, "– the calls are read next");
	else if (!futexes)
		snprintf(out, size, "%d of %d %s in a system call", blocked, workers,
			blocked == 1 ? "waits" : "wait");
	else
		snprintf(out, size, "%d of %d wait in a system call, %d at %d %s", blocked, workers,
			futexes, words, words == 1 ? "futex" : "futexes");
	if (text_width(out) > cols && futexes)
		snprintf(out, size, "%d of %d wait, %d at %d %s", blocked, workers, futexes, words,
			words == 1 ? "futex" : "futexes");
}

static const struct sign legend[] = {
	{ "runs", STYLE_RUNNING, "on a CPU, or ready for one" },
	{ "ran", STYLE_DIM, "when the call was read, and has slept since" },
	{ "futex", STYLE_TEXT, "waits at a word of memory: for a lock, or for news" },
	{ "read", STYLE_TEXT, "for bytes" },
	{ "poll", STYLE_TEXT, "for one of several things" },
	{ "nanosleep", STYLE_TEXT, "for time to pass" },
	{ 0 },
};

const struct pane pane_calls = {
	.info = { "calls", "Calls", "which system call each task waits in, and at which futex",
		"signals" },
	.min_rows = 4,
	.weight = 3,
	.field = 1,
	.needs = NEED_TASKS | NEED_CALLS,
	.gaps = { "syscall" },
	.list = { columns, ARRAY_LEN(columns) },
	.say = say,
	.legend = legend,
	.number = worker_list_number,
};
