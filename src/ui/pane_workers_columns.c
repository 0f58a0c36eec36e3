/* SPDX-License-Identifier: MIT
 * The columns of the workers pane: one record and one small function each.
 */
#include <stdio.h>

#include "pane_workers.h"

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

static int last_worker(const struct ui *ui, enum side side)
{
	for (size_t i = ui->rows.n; i > 0; i--)
		if (ui->rows.at[i - 1].half[side].pid)
			return ui->rows.at[i - 1].worker;
	return WORKER_NONE;
}

static void draw_tree(const struct table_cell *cell)
{
	const int worker = cell->row->worker;

	if (worker >= 0)
		put_text(cell->frame, cell->at, STYLE_DIM,
			worker == last_worker(cell->frame->ui, cell->side) ? "└─" : "├─");
}

static void draw_name(const struct table_cell *cell)
{
	const struct worker_sample *ended = cell->half->ended;
	char name[16];

	worker_name(
		name, sizeof(name), model_side(cell->frame->model, cell->side), cell->row->worker);
	put_text(cell->frame, cell->at, ended ? ended_style(ended) : side_style(cell->side), name);
}

/* The lesson in two columns: a process has a PID of its own, equal to its TID; threads repeat one PID (dim) and differ
 * in their TID. */
static void draw_id(const struct table_cell *cell)
{
	const struct worker_half *half = cell->half;
	const bool is_pid = cell->column->index == PID;
	enum style style = side_style(cell->side);

	if (half->ended)
		style = ended_style(half->ended);
	else if (is_pid && half->pid != half->tid)
		style = STYLE_DIM;
	put_integer(cell->frame, cell->at, style, is_pid ? half->pid : half->tid);
}

static void draw_state(const struct table_cell *cell)
{
	const struct state_word *state = state_of(cell->half->track->now.state);
	const char letter[] = { state->letter, 0 };

	put_text(cell->frame, cell->at, state->style,
		cell->column->index == WORD ? state->word : letter);
}

/* Where it runs or last ran; an arrow: it may run only there. */
static void draw_cpu(const struct table_cell *cell)
{
	const struct track *track = cell->half->track;
	char text[16];

	if (!track->has_worker || track->worker.cpu < 0) {
		put_integer(cell->frame, cell->at, STYLE_TEXT, track->now.cpu);
		return;
	}
	snprintf(text, sizeof(text), "→%d", track->worker.cpu);
	put_right(cell->frame, cell->at, STYLE_WARN, text);
}

/* Niceness is shown where there is some, behind the job. */
static void draw_job(const struct table_cell *cell)
{
	const struct track *track = cell->half->track;
	const char *job = track->has_worker ? track->worker.job : "waits";
	struct place at = cell->at, behind = at;
	char nice[16];

	if (track->now.nice && track->now.nice != NICE_UNKNOWN) {
		snprintf(nice, sizeof(nice), "%+d", track->now.nice);
		behind.cols = text_width(nice);
		at.cols -= behind.cols;
		behind.col += MIN(at.cols, text_width(job));
		put_text(cell->frame, behind, STYLE_WARN, nice);
	}
	put_text(cell->frame, at, track->has_worker ? STYLE_TEXT : STYLE_DIM, job);
}

static void draw_rate(const struct table_cell *cell)
{
	static const enum style styles[WORKER_COLUMNS] = { [VOLUNTARY] = STYLE_VOLUNTARY,
		[INVOLUNTARY] = STYLE_INVOLUNTARY,
		[FAULTS] = STYLE_TEXT };

	put_rate(cell->frame, cell->at, styles[cell->column->index],
		fact_of(cell->fact, cell->half->track));
}

static void draw_percent(const struct table_cell *cell)
{
	put_percent(cell->frame, cell->at, STYLE_TEXT, fact_of(cell->fact, cell->half->track));
}

static void draw_past(const struct table_cell *cell)
{
	const bool voluntary = cell->column->index == VOLUNTARY_PAST;

	put_past(cell->frame, cell->at, voluntary ? STYLE_VOLUNTARY : STYLE_INVOLUNTARY,
		cell->half->track, voluntary);
}

static void draw_rounds(const struct table_cell *cell)
{
	const struct track *track = cell->half->track;
	char text[32];

	if (track->has_worker)
		put_right(cell->frame, cell->at, STYLE_TEXT,
			format_count(text, sizeof(text), track->worker.rounds));
}

const struct column worker_columns[WORKER_COLUMNS] = {
	[TREE] = { "", .min = 2, .max = 2, .priority = 9, .left = true, .draw = draw_tree },
	[NAME] = { "name", "", .min = 2, .max = 4, .left = true, .draw = draw_name },
	[PID] = { "PID", .min = 5, .max = 7, .priority = 2, .fact = "pid", .index = PID,
		.draw = draw_id },
	[TID] = { "TID", .min = 5, .max = 7, .fact = "tid", .index = TID, .draw = draw_id },
	[STATE] = { "S", .min = 1, .max = 1, .priority = 6, .left = true, .fact = "state",
		.draw = draw_state },
	[WORD] = { "state", .min = 8, .max = 8, .priority = 12, .left = true, .index = WORD,
		.draw = draw_state },
	[CPU] = { "CPU", .min = 3, .max = 3, .priority = 10, .fact = "cpu", .draw = draw_cpu },
	[JOB] = { "job", .min = 5, .max = 11, .priority = 7, .left = true, .draw = draw_job },
	[CPU_PERCENT] = { "CPU%", .min = 4, .max = 4, .priority = 8, .fact = "cpu_percent",
		.draw = draw_percent },
	[WAIT_PERCENT] = { "wait%", .min = 5, .max = 5, .priority = 13, .fact = "wait_percent",
		.draw = draw_percent },
	[VOLUNTARY] = { "vol/s", "vol", .min = 4, .max = 6, .priority = 1,
		.fact = "voluntary_per_s", .index = VOLUNTARY, .draw = draw_rate },
	[VOLUNTARY_PAST] = { "▲ past", "▲", .min = 8, .max = 8, .priority = 11, .grows = true,
		.left = true, .index = VOLUNTARY_PAST, .draw = draw_past },
	[INVOLUNTARY] = { "inv/s", "inv", .min = 4, .max = 6, .priority = 1,
		.fact = "involuntary_per_s", .index = INVOLUNTARY, .draw = draw_rate },
	[INVOLUNTARY_PAST] = { "▼ past", "▼", .min = 8, .max = 8, .priority = 11, .grows = true,
		.left = true, .index = INVOLUNTARY_PAST, .draw = draw_past },
	[FAULTS] = { "faults/s", .min = 8, .max = 8, .priority = 14, .fact = "minor_faults_per_s",
		.index = FAULTS, .draw = draw_rate },
	[ROUNDS] = { "rounds", .min = 7, .max = 7, .priority = 15, .fact = "rounds",
		.draw = draw_rounds },
};
