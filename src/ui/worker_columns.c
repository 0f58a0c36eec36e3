/* SPDX-License-Identifier: MIT
 * The columns of the workers pane: one record and one small function each.
 */
#include <stdio.h>
#include <string.h>

#include "workers.h"

#define VOLUNTARY_TITLE "▲ past"

bool worker_left(const struct worker_sample *ended)
{
	return ended->wait_status == 0 && ended->fault_signal == 0;
}

enum style ended_style(const struct worker_sample *ended)
{
	return worker_left(ended) ? STYLE_DIM : STYLE_DEAD;
}

static const struct state_word {
	char letter;
	const char *word;
	enum style style;
} state_words[] = {
	{ 'R', "running", STYLE_RUNNING },
	{ 'S', "sleeping", STYLE_SLEEPING },
	{ 'D', "disk", STYLE_WAITING },
	{ 'T', "stopped", STYLE_WARN },
	{ 't', "traced", STYLE_WARN },
	{ 'Z', "zombie", STYLE_DEAD },
	{ 'X', "dead", STYLE_DEAD },
	{ 'I', "idle", STYLE_SLEEPING },
	{ '?', "unknown", STYLE_DIM },
};

static const struct state_word *state_of(char letter)
{
	for (size_t i = 0; i < ARRAY_LEN(state_words) - 1; i++)
		if (state_words[i].letter == letter)
			return &state_words[i];
	return &state_words[ARRAY_LEN(state_words) - 1];
}

static void draw_tree(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct worker_entry *e = row;

	if (e->row->worker >= 0)
		put_text(f, at, STYLE_DIM, e->last ? "└─" : "├─");
}

static void draw_name(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct worker_entry *e = row;
	char name[16];

	worker_name(name, sizeof(name), e->side, e->row->worker);
	put_text(f, at, e->half->ended ? ended_style(e->half->ended) : side_style(side), name);
}

/* The lesson in two columns: a process has a PID of its own, equal to its TID; threads repeat one PID (dim) and differ
 * in their TID. */
static void draw_id(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct worker_entry *e = row;
	bool is_pid = c->title[0] == 'P';
	bool repeated = is_pid && e->half->pid != e->half->tid;
	enum style style = e->half->ended ? ended_style(e->half->ended)
			   : repeated     ? STYLE_DIM
					  : side_style(side);

	put_integer(f, at, style, is_pid ? e->half->pid : e->half->tid);
}

static void draw_state(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct state_word *state =
		state_of(((const struct worker_entry *)row)->half->track->now.state);
	const char letter[] = { state->letter, 0 };

	put_text(f, at, state->style, letter);
}

static void draw_word(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct state_word *state =
		state_of(((const struct worker_entry *)row)->half->track->now.state);

	put_text(f, at, state->style, state->word);
}

/* Where it runs or last ran; an arrow: it may run only there. */
static void draw_cpu(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct track *track = ((const struct worker_entry *)row)->half->track;
	char text[16];

	if (!track->has_worker || track->worker.cpu < 0) {
		put_integer(f, at, STYLE_TEXT, track->now.cpu);
		return;
	}
	snprintf(text, sizeof(text), "→%d", track->worker.cpu);
	put_right(f, at, STYLE_WARN, text);
}

/* Niceness is shown where there is some, behind the job. */
static void draw_job(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct track *track = ((const struct worker_entry *)row)->half->track;
	const char *job = track->has_worker ? track->worker.job : "waits";
	int room = at.cols;

	if (track->now.nice) {
		char nice[16];

		snprintf(nice, sizeof(nice), "%+d", track->now.nice);
		room -= text_width(nice);
		put_text(f,
			(struct place) {
				at.row, at.col + MIN(room, text_width(job)), text_width(nice) },
			STYLE_WARN, nice);
	}
	put_text(f, (struct place) { at.row, at.col, room },
		track->has_worker ? STYLE_TEXT : STYLE_DIM, job);
}

static void draw_rate(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct track *track = ((const struct worker_entry *)row)->half->track;

	if (strcmp(c->fact, "voluntary_per_s") == 0)
		put_rate(f, at, STYLE_VOLUNTARY, track->voluntary_per_s);
	else if (strcmp(c->fact, "involuntary_per_s") == 0)
		put_rate(f, at, STYLE_INVOLUNTARY, track->involuntary_per_s);
	else
		put_rate(f, at, STYLE_TEXT, track->minor_faults_per_s);
}

static void draw_percent(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct track *track = ((const struct worker_entry *)row)->half->track;

	put_percent(f, at, STYLE_TEXT,
		strcmp(c->fact, "cpu_percent") == 0 ? track->cpu_percent : track->wait_percent);
}

static void draw_past(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct track *track = ((const struct worker_entry *)row)->half->track;
	bool voluntary = strcmp(c->title, VOLUNTARY_TITLE) == 0;

	put_past(f, at, voluntary ? STYLE_VOLUNTARY : STYLE_INVOLUNTARY, track, voluntary);
}

static void draw_rounds(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct track *track = ((const struct worker_entry *)row)->half->track;
	char text[32];

	if (track->has_worker)
		put_right(
			f, at, STYLE_TEXT, format_count(text, sizeof(text), track->worker.rounds));
}

const struct column worker_columns[WORKER_COLUMNS] = {
	[TREE] = { "", .min = 2, .max = 2, .priority = 9, .left = true, .draw = draw_tree },
	[NAME] = { "name", "", .min = 2, .max = 4, .left = true, .draw = draw_name },
	[PID] = { "PID", .min = 5, .max = 7, .priority = 2, .fact = "pid", .draw = draw_id },
	[TID] = { "TID", .min = 5, .max = 7, .fact = "tid", .draw = draw_id },
	[STATE] = { "S", .min = 1, .max = 1, .priority = 6, .left = true, .fact = "state",
		.draw = draw_state },
	[WORD] = { "state", .min = 8, .max = 8, .priority = 12, .left = true, .draw = draw_word },
	[CPU] = { "CPU", .min = 3, .max = 3, .priority = 10, .fact = "cpu", .draw = draw_cpu },
	[JOB] = { "job", .min = 5, .max = 11, .priority = 7, .left = true, .draw = draw_job },
	[CPU_PERCENT] = { "CPU%", .min = 4, .max = 4, .priority = 8, .fact = "cpu_percent",
		.draw = draw_percent },
	[WAIT_PERCENT] = { "wait%", .min = 5, .max = 5, .priority = 13, .fact = "wait_percent",
		.draw = draw_percent },
	[VOLUNTARY] = { "vol/s", "vol", .min = 4, .max = 6, .priority = 1,
		.fact = "voluntary_per_s", .draw = draw_rate },
	[VOLUNTARY_PAST] = { VOLUNTARY_TITLE, "▲", .min = 8, .max = 8, .priority = 11,
		.grows = true, .left = true, .draw = draw_past },
	[INVOLUNTARY] = { "inv/s", "inv", .min = 4, .max = 6, .priority = 1,
		.fact = "involuntary_per_s", .draw = draw_rate },
	[INVOLUNTARY_PAST] = { "▼ past", "▼", .min = 8, .max = 8, .priority = 11, .grows = true,
		.left = true, .draw = draw_past },
	[FAULTS] = { "faults/s", .min = 8, .max = 8, .priority = 14, .fact = "minor_faults_per_s",
		.draw = draw_rate },
	[ROUNDS] = { "rounds", .min = 7, .max = 7, .priority = 15, .fact = "rounds",
		.draw = draw_rounds },
};
