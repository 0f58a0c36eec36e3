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
	CPU,
	PIN,
	NICE,
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
	const struct entry *e = row;
	const struct state_word *state = state_of(e->half->track->now.state);
	char text[24];

	if (at.cols < 10)
		snprintf(text, sizeof(text), "%c", state->letter);
	else
		snprintf(text, sizeof(text), "%c %s", state->letter, state->word);
	put_text(f, at, state->style, text);
}

static void draw_cpu(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	put_integer(f, at, STYLE_TEXT, ((const struct entry *)row)->half->track->now.cpu);
}

static void draw_pin(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct track *track = ((const struct entry *)row)->half->track;

	if (!track->has_worker)
		return;
	if (track->worker.cpu < 0)
		put_right(f, at, STYLE_DIM, "any");
	else
		put_integer(f, at, STYLE_WARN, track->worker.cpu);
}

static void draw_nice(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	int nice = ((const struct entry *)row)->half->track->now.nice;

	put_integer(f, at, nice ? STYLE_WARN : STYLE_DIM, nice);
}

static void draw_job(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct track *track = ((const struct entry *)row)->half->track;

	if (track->has_worker)
		put_text(f, at, STYLE_TEXT, track->worker.job);
	else if (track->now.worker == WORKER_HOST)
		put_text(f, at, STYLE_DIM, "waits");
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
	bool voluntary = strstr(c->title, "invol") == NULL;
	float *values = f->ui->up;

	for (int i = 0; i < at.cols; i++) {
		struct point point = track_point(track, (size_t)(at.cols - 1 - i));

		values[i] = voluntary ? point.voluntary_per_s : point.involuntary_per_s;
	}
	chart_spark(f->canvas, at.row, at.col, at.cols, values, (size_t)at.cols, 0,
		voluntary ? STYLE_VOLUNTARY : STYLE_INVOLUNTARY);
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
	[STATE] = { "state", "S", .min = 1, .max = 10, .priority = 6, .left = true, .fact = "state",
		.draw = draw_state },
	[CPU] = { "CPU", .min = 3, .max = 3, .priority = 10, .fact = "cpu", .draw = draw_cpu },
	[PIN] = { "pin", .min = 3, .max = 3, .priority = 11, .draw = draw_pin },
	[NICE] = { "nice", .min = 4, .max = 4, .priority = 12, .fact = "nice", .draw = draw_nice },
	[JOB] = { "job", .min = 5, .max = 8, .priority = 7, .left = true, .draw = draw_job },
	[CPU_PERCENT] = { "CPU %", "CPU%", .min = 4, .max = 5, .priority = 8, .fact = "cpu_percent",
		.draw = draw_percent },
	[WAIT_PERCENT] = { "wait %", .min = 6, .max = 6, .priority = 14, .fact = "wait_percent",
		.draw = draw_percent },
	[VOLUNTARY] = { "vol/s", "vol", .min = 4, .max = 7, .priority = 1,
		.fact = "voluntary_per_s", .draw = draw_rate },
	[VOLUNTARY_PAST] = { "its past", .min = 8, .max = 8, .priority = 13, .grows = true,
		.left = true, .draw = draw_past },
	[INVOLUNTARY] = { "invol/s", "invo", .min = 4, .max = 7, .priority = 1,
		.fact = "involuntary_per_s", .draw = draw_rate },
	[INVOLUNTARY_PAST] = { "its past (invol)", "its past", .min = 8, .max = 8, .priority = 13,
		.grows = true, .left = true, .draw = draw_past },
	[FAULTS] = { "faults/s", .min = 8, .max = 8, .priority = 15, .fact = "minor_faults_per_s",
		.draw = draw_rate },
	[ROUNDS] = { "rounds", .min = 7, .max = 8, .priority = 16, .draw = draw_rounds },
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

/* The one line of a crew: what it is, or what became of it and which key helps. */
static enum style describe(const struct model_side *side, enum side which, char *out, size_t size)
{
	const struct crew_sample *crew = side->crew;
	char how[48];
	int n = crew ? crew->alive : 0;

	if (!crew || crew->state == CREW_OFF) {
		snprintf(out, size, "no crew here: r starts one");
		return STYLE_DIM;
	}
	switch (crew->state) {
	case CREW_STARTING:
		snprintf(
			out, size, "starting: %d of %d %s", n, crew->wanted, kind_name(crew->kind));
		return STYLE_WARN;
	case CREW_FAILED:
		snprintf(out, size, "✗ failed: %s", crew->note);
		return STYLE_DEAD;
	case CREW_ENDED:
		format_wait_status(how, sizeof(how), crew->wait_status);
		if (crew->kind == KIND_THREADS && crew->culprit >= 0)
			snprintf(out, size, "✗ %s: w%d took every thread along. r restarts", how,
				crew->culprit);
		else
			snprintf(out, size, "✗ the crew ended: %s. r restarts", how);
		return STYLE_DEAD;
	default:
		break;
	}
	if (crew->kind == KIND_THREADS)
		snprintf(out, size, "%d thread%s of one process · PID %d", n, n == 1 ? "" : "s",
			crew->host);
	else
		snprintf(out, size, "%d process%s, own PIDs · host %d", n, n == 1 ? "" : "es",
			crew->host);
	return side_style(which);
}

static void draw_head(struct frame *frame, const struct area *area, enum side which)
{
	const struct model_side *side = model_side(frame->model, which);
	struct rect half = area->half[which];
	struct place at = { half.row, half.col + 1, half.cols - 2 };
	char text[192], cpu[16], total[48];
	enum style style = describe(side, which, text, sizeof(text));

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
	fit(frame, area, &table);
	for (enum side side = 0; side < SIDES; side++)
		draw_half(frame, area, &table, side);
	if (ui->workers.rows > ui->workers.visible)
		frame_note(frame, area, "rows %d to %d of %d", ui->workers.top + 1,
			ui->workers.top + ui->workers.visible, ui->workers.rows);
	else if (area->half[0].cols > 50)
		frame_note(
			frame, area, "switches per second: gave the CPU up (vol), lost it (invol)");
}

/* In steps of four workers, so that one more does not move what stands below. */
static int want(const struct ui *ui)
{
	int workers = MAX((int)ui->rows.n - 1, 1);

	return HEAD_ROWS + 1 + (workers + 3) / 4 * 4;
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
	.weight = 2,
	.needs = NEED_TASKS | NEED_MACHINE,
	.want = want,
	.draw = draw,
	.click = click,
	.number = number,
};
