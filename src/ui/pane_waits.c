/* SPDX-License-Identifier: MIT
 * Who waits for whom: the cycles first, then who else waits for somebody, then the crowds around things of which nobody is
 * named.
 */

#include "worker_list.h"

#define LINES_MAX 24 /* of a side; the last says how many more there are */
#define LINE_SIZE 400

struct wait_lines {
	int n, left_out;
	struct wait_line {
		enum style style;
		char text[LINE_SIZE];
	} at[LINES_MAX];
};

struct waits_state {
	int rows; /* that all of it takes */
	struct wait_lines lines; /* of the side that is drawn */
};

#define append(text, ...) text_addf(text, LINE_SIZE, __VA_ARGS__)

/* --- words --- */

/* A worker by its name; others by name and TID, or by TID alone behind one of the same name. */
static void append_name(char *text, const struct frame *frame, int32_t tid)
{
	const struct track *track = model_track(frame->model, tid);
	const struct model_side *side =
		track ? model_side(frame->model, (enum side)track->now.side) : NULL;
	char name[16];

	if (!track)
		append(text, "TID %d", tid);
	else if (track->now.worker != WORKER_NONE && !side->group)
		append(text, "%s", worker_name(name, sizeof(name), side, track->now.worker));
	else if (strstr(text, track->now.name))
		append(text, "%d", tid);
	else
		append(text, "%s %d", track->now.name, tid);
}

static const char *word_of(const char *member, int value)
{
	return field_word(record_find(&edge_record, member), value);
}

/* "mutex 0x…040" */
static void append_thing(char *text, const struct edge_sample *edge)
{
	append(text, "%s", word_of("kind", edge->kind));
	if (edge->address)
		append(text, " 0x…%03x", (unsigned)(edge->address & 0xfff));
}

static char *new_line(struct wait_lines *lines, enum style style)
{
	if (lines->n == LINES_MAX) {
		lines->left_out++;
		return NULL;
	}
	lines->at[lines->n] = (struct wait_line) { .style = style };
	return lines->at[lines->n++].text;
}

/* --- lines --- */

/* "w0 waits for mutex 0x…040 held by w1" */
static void add_wait(struct wait_lines *lines, const struct frame *frame,
	const struct edge_sample *edge, enum style style)
{
	const bool end = edge->kind == EDGE_JOIN || edge->kind == EDGE_CHILD;
	char *text = new_line(lines, style);

	if (!text)
		return;
	append_name(text, frame, edge->tid);
	append(text, " waits for ");
	append_thing(text, edge);
	append(text, end ? " of " : " held by ");
	append_name(text, frame, edge->owner);
	if (edge->timed)
		append(text, " (it gives up after a time)");
}

/* One after the other: who holds what one waits for is who waits in the next line. */
static void add_cycle(
	struct wait_lines *lines, const struct frame *frame, const struct wait_cycle *cycle)
{
	const struct edge_sample *edges = model_sample(frame->model)->edges.at;
	const uint32_t *order = model_waiting(frame->model)->order.at + cycle->first;
	const enum style style = wait_is_deadlock(cycle) ? STYLE_WARN : STYLE_STRONG;

	for (size_t i = 0; i < cycle->n; i++)
		add_wait(lines, frame, &edges[order[i]], style);
}

static bool is_in_cycle(const struct waiting *waiting, size_t edge)
{
	for (size_t i = 0; i < waiting->order.n; i++)
		if (waiting->order.at[i] == edge)
			return true;
	return false;
}

static bool is_crowd(const struct edge_sample *edge, enum side side)
{
	return edge->side == (int16_t)side && edge->kind != EDGE_NONE && edge->owner <= 0;
}

/* All who wait at the thing of an edge, if it is the first of them: "w2 w3 wait at futex 0x…100: nobody is named, ..." */
static void add_crowd(
	struct wait_lines *lines, const struct frame *frame, size_t first, enum side side)
{
	const struct sample *sample = model_sample(frame->model);
	const struct edge_sample *edge = &sample->edges.at[first];
	char names[LINE_SIZE] = "", *text;
	int n = 0;

	for (size_t i = 0; i < sample->edges.n; i++) {
		const struct edge_sample *other = &sample->edges.at[i];

		if (!is_crowd(other, side) || other->object != edge->object)
			continue;
		if (i < first)
			return;
		if (n++ < 4) {
			append(names, n > 1 ? " " : "");
			append_name(names, frame, other->tid);
		}
	}
	text = new_line(lines, STYLE_TEXT);
	if (!text)
		return;
	if (n > 4)
		append(text, "%d tasks wait at ", n);
	else
		append(text, "%s %s at ", names, n == 1 ? "waits" : "wait");
	append_thing(text, edge);
	append(text, ": nobody is named, %s", word_of("why", edge->why));
}

static void gather(struct wait_lines *lines, const struct frame *frame, enum side side)
{
	const struct sample *sample = model_sample(frame->model);
	const struct waiting *waiting = model_waiting(frame->model);
	const struct wait_cycle *cycle;

	lines->n = lines->left_out = 0;
	vec_each (cycle, &waiting->cycles)
		if (cycle->side == (int16_t)side)
			add_cycle(lines, frame, cycle);
	for (size_t i = 0; i < sample->edges.n; i++)
		if (sample->edges.at[i].side == (int16_t)side && sample->edges.at[i].owner > 0 &&
			!is_in_cycle(waiting, i))
			add_wait(lines, frame, &sample->edges.at[i], STYLE_TEXT);
	for (size_t i = 0; i < sample->edges.n; i++)
		if (is_crowd(&sample->edges.at[i], side))
			add_crowd(lines, frame, i, side);
	if (!lines->n && model_side(frame->model, side)->totals.waits_named >= 0)
		snprintf(new_line(lines, STYLE_DIM), LINE_SIZE,
			"when this was read, none waited for a lock, a pipe or an end");
	if (lines->left_out) {
		struct wait_line *last = &lines->at[LINES_MAX - 1];

		last->style = STYLE_DIM;
		snprintf(last->text, sizeof(last->text), "and %d more", lines->left_out + 1);
	}
}

/* --- the pane --- */

static const char *called(const struct frame *frame, enum side side, int64_t n)
{
	const struct model_side *of = model_side(frame->model, side);

	if (!of->crew)
		return n == 1 ? "task" : "tasks";
	if (side_kind(of, side) == KIND_PROCESSES)
		return n == 1 ? "process" : "processes";
	return n == 1 ? "thread" : "threads";
}

static int count_deadlocks(const struct frame *frame, enum side side)
{
	const struct wait_cycle *cycle;
	int n = 0;

	vec_each (cycle, &model_waiting(frame->model)->cycles)
		n += cycle->side == (int16_t)side && wait_is_deadlock(cycle);
	return n;
}

/* Of those in cycles: "2 threads wait for each other: a deadlock, for at least 3.2 s". */
static void say_cycle(const struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	const struct side_totals *totals = &model_side(frame->model, side)->totals;
	const int deadlocks = count_deadlocks(frame, side);
	const int64_t n = deadlocks ? totals->deadlocked : totals->cycle_tasks;
	const double seconds = (double)totals->deadlock_ns / NSEC_PER_SEC;
	char tasks[40], time[48];

	snprintf(tasks, sizeof(tasks), "%lld %s", (long long)n, called(frame, side, n));
	snprintf(time, sizeof(time), "for at least %.1f s", seconds);
	if (!deadlocks)
		snprintf(out, size, "%s wait for each other: read once so far", tasks);
	else if (deadlocks > 1)
		snprintf(out, size, "%s in %d deadlocks, %s", tasks, deadlocks, time);
	else if (n == 1)
		snprintf(out, size, "%s waits for itself: a deadlock, %s", tasks, time);
	else
		snprintf(out, size, "%s wait for each other: a deadlock, %s", tasks, time);
	if (deadlocks == 1 && text_width(out) > cols)
		snprintf(out, size, "deadlock: %s, over %.1f s", tasks, seconds);
	if (deadlocks && text_width(out) > cols)
		snprintf(out, size, "%lld deadlocked, %.1f s", (long long)n, seconds);
}

/* What was refused of the side's tasks; NULL: nothing. */
static const struct gap_sample *refusal(const struct frame *frame, enum side side)
{
	const struct model_side *of = model_side(frame->model, side);
	const struct gap_sample *gap = NULL;

	for (size_t i = 0; i < of->n_tracks && !gap; i++)
		gap = model_gap(frame->model, of->tracks[i]->now.pid, "syscall");
	return gap;
}

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	const struct side_totals *totals = &model_side(frame->model, side)->totals;
	const struct gap_sample *gap = totals->waits_named < 0 ? refusal(frame, side) : NULL;

	if (gap)
		snprintf(out, size, "– %s", gap->reason);
	else if (totals->waits_named < 0)
		snprintf(out, size, "– who waits for whom is read next");
	else if (totals->cycle_tasks > 0)
		say_cycle(frame, side, cols, out, size);
	else if (totals->waits_named > 0)
		snprintf(out, size, "%lld %s for another, none in a circle",
			(long long)totals->waits_named,
			totals->waits_named == 1 ? "task waits" : "tasks wait");
	else
		snprintf(out, size, "no task is known to wait for another");
}

static const struct sign legend[] = {
	{ "0x…040", STYLE_TEXT, "the end of the thing's address" },
	{ "mutex", STYLE_TEXT, "a lock; of processes: in memory that they share" },
	{ 0 },
};

static void pane_waits_measure(struct frame *frame, struct panel *panel)
{
	struct waits_state *state = panel->state;
	int rows = 1;

	for (enum side side = 0; side < SIDES; side++) {
		int own = 0;

		gather(&state->lines, frame, side);
		for (int i = 0; i < state->lines.n; i++)
			own += wrapped_rows(state->lines.at[i].text, frame->half_cols - 2);
		rows = MAX(rows, own);
	}
	state->rows = rows;
}

static int pane_waits_want(const struct panel *panel)
{
	return ((const struct waits_state *)panel->state)->rows;
}

static void pane_waits_draw(struct frame *frame, const struct area *area)
{
	struct waits_state *state = area->panel->state;

	for (enum side side = 0; side < SIDES; side++) {
		struct rect rest = area->half[side];

		gather(&state->lines, frame, side);
		rest.col++;
		rest.cols -= 2;
		for (int i = 0; i < state->lines.n && rest.rows > 0; i++) {
			const struct wait_line *line = &state->lines.at[i];
			const int used = put_wrapped(frame, rest, line->style, line->text);

			rest.row += used;
			rest.rows -= used;
		}
	}
}

static bool pane_waits_number(
	const struct panel *panel, const struct model *model, struct number *ret)
{
	const enum side side = panel->ui->side;

	*ret = number_of(fact_find(FACT_SIDE, "deadlock_ns"), (struct fact_path) { .side = side });
	snprintf(ret->subject, sizeof(ret->subject), "all of the %s side", side_name(side));
	return true;
}

const struct pane pane_waits = {
	.info = { "waits", "Waits", "who waits for whom, at what, and which wait is a deadlock",
		"signals" },
	.min_rows = 3,
	.weight = 3,
	.needs = NEED_TASKS | NEED_EDGES,
	.gaps = { "syscall", "mem", "edges" },
	.size = sizeof(struct waits_state),
	.measure = pane_waits_measure,
	.want = pane_waits_want,
	.say = say,
	.legend = legend,
	.draw = pane_waits_draw,
	.number = pane_waits_number,
};
