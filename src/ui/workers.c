/* SPDX-License-Identifier: MIT
 * The pane of ids: who is there, under which PID and TID, what it does, how often it leaves the CPU, and how it ended.
 */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "internal.h"

#define HEAD_ROWS 2 /* the crew's line and the titles */

enum {
	TREE,
	NAME,
	PID,
	TID,
	STATE,
	WORD,
	CPU,
	JOB,
	CPU_PERCENT,
	WAIT_PERCENT,
	VOLUNTARY,
	VOLUNTARY_PAST,
	INVOLUNTARY,
	INVOLUNTARY_PAST,
	FAULTS,
	ROUNDS
};

/* What a cell draws: one half of a row. */
struct entry {
	const struct model_side *side;
	const struct worker_row *row;
	const struct worker_half *half;
	bool last; /* of its side */
};

#define VOLUNTARY_TITLE "▲ its past"

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
	const struct entry *e = row;

	if (e->row->worker >= 0)
		put_text(f, at, STYLE_DIM, e->last ? "└─" : "├─");
}

static void draw_name(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct entry *e = row;
	char name[16];

	worker_name(name, sizeof(name), e->side, e->row->worker);
	put_text(f, at, e->half->ended ? STYLE_DEAD : side_style(side), name);
}

/* The lesson in two columns: a process has a PID of its own, equal to its TID; threads repeat one PID (dim) and differ
 * in their TID. */
static void draw_id(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct entry *e = row;
	bool is_pid = c->title[0] == 'P';
	bool repeated = is_pid && e->half->pid != e->half->tid;
	enum style style = e->half->ended ? STYLE_DEAD : repeated ? STYLE_DIM : side_style(side);

	put_integer(f, at, style, is_pid ? e->half->pid : e->half->tid);
}

static void draw_state(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct state_word *state =
		state_of(((const struct entry *)row)->half->track->now.state);
	const char letter[] = { state->letter, 0 };

	put_text(f, at, state->style, letter);
}

static void draw_word(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct state_word *state =
		state_of(((const struct entry *)row)->half->track->now.state);

	put_text(f, at, state->style, state->word);
}

/* Where it runs or last ran; an arrow: it may run only there. */
static void draw_cpu(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct track *track = ((const struct entry *)row)->half->track;
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
	const struct track *track = ((const struct entry *)row)->half->track;
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
	const struct track *track = ((const struct entry *)row)->half->track;

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
	const struct track *track = ((const struct entry *)row)->half->track;

	put_percent(f, at, STYLE_TEXT,
		strcmp(c->fact, "cpu_percent") == 0 ? track->cpu_percent : track->wait_percent);
}

static void draw_past(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct track *track = ((const struct entry *)row)->half->track;
	bool voluntary = strcmp(c->title, VOLUNTARY_TITLE) == 0;

	put_past(f, at, voluntary ? STYLE_VOLUNTARY : STYLE_INVOLUNTARY, track, voluntary);
}

static void draw_rounds(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct track *track = ((const struct entry *)row)->half->track;
	char text[32];

	if (track->has_worker)
		put_right(
			f, at, STYLE_TEXT, format_count(text, sizeof(text), track->worker.rounds));
}

static const struct column columns[] = {
	[TREE] = { "", .min = 2, .max = 2, .priority = 9, .left = true, .draw = draw_tree },
	[NAME] = { "name", "", .min = 2, .max = 4, .left = true, .draw = draw_name },
	[PID] = { "PID", .min = 5, .max = 7, .priority = 2, .fact = "pid", .draw = draw_id },
	[TID] = { "TID", .min = 5, .max = 7, .fact = "tid", .draw = draw_id },
	[STATE] = { "S", .min = 1, .max = 1, .priority = 6, .left = true, .fact = "state",
		.draw = draw_state },
	[WORD] = { "state", .min = 8, .max = 8, .priority = 11, .left = true, .draw = draw_word },
	[CPU] = { "CPU", .min = 3, .max = 3, .priority = 10, .fact = "cpu", .draw = draw_cpu },
	[JOB] = { "job", .min = 5, .max = 11, .priority = 7, .left = true, .draw = draw_job },
	[CPU_PERCENT] = { "CPU%", .min = 4, .max = 4, .priority = 8, .fact = "cpu_percent",
		.draw = draw_percent },
	[WAIT_PERCENT] = { "wait%", .min = 5, .max = 5, .priority = 13, .fact = "wait_percent",
		.draw = draw_percent },
	[VOLUNTARY] = { "vol/s", "vol", .min = 4, .max = 6, .priority = 1,
		.fact = "voluntary_per_s", .draw = draw_rate },
	[VOLUNTARY_PAST] = { VOLUNTARY_TITLE, "▲", .min = 8, .max = 8, .priority = 12,
		.grows = true, .left = true, .draw = draw_past },
	[INVOLUNTARY] = { "inv/s", "inv", .min = 4, .max = 6, .priority = 1,
		.fact = "involuntary_per_s", .draw = draw_rate },
	[INVOLUNTARY_PAST] = { "▼ its past", "▼", .min = 8, .max = 8, .priority = 12, .grows = true,
		.left = true, .draw = draw_past },
	[FAULTS] = { "faults/s", .min = 8, .max = 8, .priority = 14, .fact = "minor_faults_per_s",
		.draw = draw_rate },
	[ROUNDS] = { "rounds", .min = 7, .max = 7, .priority = 15, .draw = draw_rounds },
};

static int digits(int64_t number)
{
	int n = 1;

	while (number >= 10) {
		number /= 10;
		n++;
	}
	return n;
}

/* The same columns on both sides: rows must stand beside each other. */
static void fit(struct frame *frame, const struct area *area, struct table *table)
{
	const struct ui *ui = frame->ui;
	int id = 5, name = 2;
	char text[16];

	for (size_t i = 0; i < ui->rows.n; i++) {
		const struct worker_row *row = &ui->rows.at[i];

		worker_name(text, sizeof(text), model_side(frame->model, SIDE_LEFT), row->worker);
		name = MAX(name, text_width(text));
		for (enum side side = 0; side < SIDES; side++)
			id = MAX(id, digits(MAX(row->half[side].pid, row->half[side].tid)));
	}
	table_begin(table, columns, ARRAY_LEN(columns));
	table->slots[NAME].min = table->slots[NAME].max = name;
	table->slots[PID].min = table->slots[PID].max = id;
	table->slots[TID].min = table->slots[TID].max = id;
	table_fit(table, frame->ui, area->pane, area->half[0].cols - 2);
}

static const char *plural(int n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

static void describe_running(const struct crew_sample *crew, int cols, char *out, size_t size)
{
	int n = crew->alive;
	bool threads = crew->kind == KIND_THREADS;
	const char *noun =
		threads ? plural(n, "thread", "threads") : plural(n, "process", "processes");

	if (threads)
		snprintf(out, size, "%d %s of one process · PID %d", n, noun, crew->host);
	else
		snprintf(out, size, "%d %s, own PIDs · host %d", n, noun, crew->host);
	if (text_width(out) <= cols)
		return;
	if (threads)
		snprintf(out, size, "%d %s, one PID %d", n, noun, crew->host);
	else
		snprintf(out, size, "%d %s, own PIDs", n, noun);
}

static void describe_end(const struct crew_sample *crew, int cols, char *out, size_t size)
{
	char how[48];

	format_wait_status(how, sizeof(how), crew->wait_status);
	if (crew->kind != KIND_THREADS || crew->culprit < 0) {
		snprintf(out, size, "✗ the crew ended: %s · r restarts", how);
		return;
	}
	snprintf(out, size, "✗ %s in w%d ended every thread · r restarts", how, crew->culprit);
	if (text_width(out) > cols)
		snprintf(out, size, "✗ w%d ended every thread · r restarts", crew->culprit);
	if (text_width(out) > cols)
		snprintf(out, size, "✗ w%d ended all · r restarts", crew->culprit);
}

/* The one line of a crew: what it is, or what became of it and which key helps. */
static enum style describe(
	const struct model_side *side, enum side which, int cols, char *out, size_t size)
{
	const struct crew_sample *crew = side->crew;

	switch (crew ? crew->state : CREW_OFF) {
	case CREW_OFF:
		snprintf(out, size, "no crew here: r starts one");
		return STYLE_DIM;
	case CREW_STARTING:
		snprintf(out, size, "starting: %d of %d %s", crew->alive, crew->wanted,
			kind_name(crew->kind));
		return STYLE_WARN;
	case CREW_FAILED:
		snprintf(out, size, "✗ failed: %s", crew->note);
		return STYLE_DEAD;
	case CREW_ENDED:
		describe_end(crew, cols, out, size);
		return STYLE_DEAD;
	default:
		describe_running(crew, cols, out, size);
		return side_style(which);
	}
}

static void draw_head(struct frame *frame, const struct area *area, enum side which)
{
	const struct model_side *side = model_side(frame->model, which);
	struct rect half = area->half[which];
	struct place at = { half.row, half.col + 1, half.cols - 2 };
	char text[192], cpu[16], total[48];
	enum style style = describe(side, which, at.cols, text, sizeof(text));

	put_text(frame, at, style, text);
	at.col += text_width(text) + 2;
	at.cols -= text_width(text) + 2;
	if (!side->crew || side->crew->state != CREW_RUNNING)
		return;
	if (side->crew->note[0] && at.cols > 12) {
		put_text(frame, at, STYLE_WARN, side->crew->note);
		return;
	}
	snprintf(total, sizeof(total), "sum %s %% CPU",
		format_percent(cpu, sizeof(cpu), side->totals.cpu_percent));
	if (text_width(total) <= at.cols)
		put_right(frame, at, STYLE_DIM, total);
}

/* Whether it ended because of another thread, and not by itself before that. */
static bool taken_along(const struct model_side *side, const struct worker_sample *ended)
{
	const struct crew_sample *crew = side->crew;

	if (!crew || crew->kind != KIND_THREADS || crew->state != CREW_ENDED || crew->culprit < 0 ||
		crew->culprit == ended->index)
		return false;
	for (size_t i = 0; i < side->n_ended; i++)
		if (side->ended[i]->index == crew->culprit && side->ended[i]->ended_ns != UNKNOWN &&
			ended->ended_ns != UNKNOWN)
			return ended->ended_ns >= side->ended[i]->ended_ns;
	return true;
}

static void tell_end(
	const struct model_side *side, const struct worker_sample *ended, char *out, size_t size)
{
	char how[48];

	if (ended->fault_signal > 0)
		snprintf(out, size, "✗ SIG%s at 0x%llx", sigabbrev_np(ended->fault_signal),
			(unsigned long long)ended->fault_address);
	else if (taken_along(side, ended))
		snprintf(out, size, "✗ ended with w%d", side->crew->culprit);
	else
		snprintf(out, size, "✗ %s",
			format_wait_status(how, sizeof(how), ended->wait_status));
}

/* The ids stay, so that one sees who it was; the rest of the row tells how it ended. */
static void draw_ended(struct frame *frame, const struct table *table, struct rect half, int row,
	enum side side, const struct entry *entry)
{
	struct place at = table_place(table, half, row, TID);
	char text[96];

	for (int i = TREE; i <= TID; i++)
		if (table->slots[i].width)
			columns[i].draw(
				frame, &columns[i], table_place(table, half, row, i), side, entry);
	at.col += at.cols + 1;
	at.cols = half.col + half.cols - 1 - at.col;
	tell_end(entry->side, entry->half->ended, text, sizeof(text));
	put_text(frame, at, STYLE_DEAD, text);
}

static int last_worker(const struct ui *ui, enum side side)
{
	for (size_t i = ui->rows.n; i > 0; i--)
		if (ui->rows.at[i - 1].half[side].pid)
			return ui->rows.at[i - 1].worker;
	return WORKER_NONE;
}

static void draw_half(
	struct frame *frame, const struct area *area, const struct table *table, enum side side)
{
	struct ui *ui = frame->ui;
	struct rect half = area->half[side];
	int last = last_worker(ui, side);

	draw_head(frame, area, side);
	table_titles(frame, table, half, half.row + 1);
	for (int i = 0; i < ui->workers.visible; i++) {
		size_t at = (size_t)(ui->workers.top + i);
		int row = half.row + HEAD_ROWS + i;
		struct entry entry;

		if (at >= ui->rows.n)
			break;
		entry = (struct entry) {
			.side = model_side(frame->model, side),
			.row = &ui->rows.at[at],
			.half = &ui->rows.at[at].half[side],
			.last = ui->rows.at[at].worker == last,
		};
		if (entry.half->ended)
			draw_ended(frame, table, half, row, side, &entry);
		else if (entry.half->track)
			table_row(frame, table, half, row, side, &entry);
		if (entry.half->pid && side == ui->side && entry.row->worker == ui->worker[side])
			table_cursor(frame, area, table, row, side);
	}
}

static void draw(struct frame *frame, const struct area *area)
{
	struct ui *ui = frame->ui;
	struct table table;

	scroll_show(&ui->workers, (int)ui->rows.n, MAX(area->half[0].rows - HEAD_ROWS, 0),
		rows_selected(ui, ui->side));
	/* Where not all fit, the host is the one to spare. */
	if (ui->workers.rows > ui->workers.visible && rows_selected(ui, ui->side) > 0)
		ui->workers.top = MAX(ui->workers.top, 1);
	fit(frame, area, &table);
	for (enum side side = 0; side < SIDES; side++)
		draw_half(frame, area, &table, side);
	if (ui->workers.rows > ui->workers.visible)
		frame_note(frame, area, "rows %d to %d of %d", ui->workers.top + 1,
			ui->workers.top + ui->workers.visible, ui->workers.rows);
	else if (area->half[0].cols > 50)
		frame_note(
			frame, area, "switches per second: gave the CPU up (vol), lost it (inv)");
}

/* In steps of two workers, so that not each that comes or goes moves what stands below. */
static int want(const struct ui *ui)
{
	int workers = MAX((int)ui->rows.n - 1, 1);

	return HEAD_ROWS + 1 + (workers + 1) / 2 * 2;
}

static void click(struct ui *ui, int row)
{
	rows_select(ui, ui->workers.top + row - HEAD_ROWS);
}

static bool number(const struct ui *ui, struct model *model, struct number *ret)
{
	const struct worker_half *half = rows_half(ui, ui->side);
	const struct column *column = &columns[ui->field[ui->focus]];
	char name[16], path[16];

	if (!half || !column->fact)
		return false;
	worker_name(name, sizeof(name), model_side(model, ui->side), ui->worker[ui->side]);
	worker_path(path, sizeof(path), ui->worker[ui->side]);
	*ret = (struct number) { .scope = FACT_TASK, .fact = column->fact };
	snprintf(ret->path, sizeof(ret->path), "%s.%s.%s", side_path(ui->side), path, column->fact);
	snprintf(ret->subject, sizeof(ret->subject), "%s of the %s, PID %d, TID %d", name,
		kind_name(side_kind(model_side(model, ui->side), ui->side)), half->pid, half->tid);
	return true;
}

const struct pane pane_workers = {
	.min_rows = 5,
	.weight = 4,
	.field = VOLUNTARY,
	.needs = NEED_TASKS | NEED_MACHINE,
	.want = want,
	.draw = draw,
	.click = click,
	.number = number,
};
