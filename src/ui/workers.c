/* SPDX-License-Identifier: MIT
 * The pane of ids: who is there, under which PID and TID, what it does, how often it leaves the CPU, and how it ended.
 */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "workers.h"

#define HEAD_ROWS 2 /* the crew's line and the titles */

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
	table_begin(table, worker_columns, WORKER_COLUMNS);
	table->slots[NAME].min = table->slots[NAME].max = name;
	table->slots[PID].min = table->slots[PID].max = id;
	table->slots[TID].min = table->slots[TID].max = id;
	table_fit(table, frame->ui, area->pane, area->half[0].cols - 2);
	frame->ui->pasts = table->slots[VOLUNTARY_PAST].width > 0;
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
		snprintf(out, size, "starting: %d of %d %s%s%s", crew->alive, crew->wanted,
			kind_name(crew->kind), crew->note[0] ? " · " : "", crew->note);
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

/* Whether it ended because of another thread, and not by itself well before that. */
static bool taken_along(const struct model_side *side, const struct worker_sample *ended)
{
	const struct crew_sample *crew = side->crew;

	if (!crew || crew->kind != KIND_THREADS || crew->state != CREW_ENDED || crew->culprit < 0 ||
		crew->culprit == ended->index)
		return false;
	return ended->wait_status == crew->wait_status;
}

static void tell_end(
	const struct model_side *side, const struct worker_sample *ended, char *out, size_t size)
{
	char how[48];

	if (ended->fault_signal > 0)
		snprintf(out, size, "✗ SIG%s at 0x%llx", sigabbrev_np(ended->fault_signal),
			(unsigned long long)ended->fault_address);
	else if (worker_left(ended) && ended->ended_ns == UNKNOWN) /* nobody was left to book it */
		snprintf(out, size, "ended by an exec");
	else if (worker_left(ended))
		snprintf(out, size, "left by itself");
	else if (taken_along(side, ended))
		snprintf(out, size, "✗ ended with w%d", side->crew->culprit);
	else
		snprintf(out, size, "✗ %s",
			format_wait_status(how, sizeof(how), ended->wait_status));
}

/* The ids stay, so that one sees who it was; the rest of the row tells how it ended. */
static void draw_ended(struct frame *frame, const struct table *table, struct rect half, int row,
	enum side side, const struct worker_entry *entry)
{
	struct place at = table_place(table, half, row, TID);
	char text[96];

	for (int i = TREE; i <= TID; i++)
		if (table->slots[i].width)
			worker_columns[i].draw(frame, &worker_columns[i],
				table_place(table, half, row, i), side, entry);
	at.col += at.cols + 1;
	at.cols = half.col + half.cols - 1 - at.col;
	tell_end(entry->side, entry->half->ended, text, sizeof(text));
	put_text(frame, at, ended_style(entry->half->ended), text);
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
		struct worker_entry entry;

		if (at >= ui->rows.n)
			break;
		entry = (struct worker_entry) {
			.side = model_side(frame->model, side),
			.row = &ui->rows.at[at],
			.half = &ui->rows.at[at].half[side],
			.last = ui->rows.at[at].worker == last,
		};
		if (entry.half->ended)
			draw_ended(frame, table, half, row, side, &entry);
		else if (entry.half->track)
			table_row(frame, table, half, row, side, &entry);
		if (!entry.half->pid || side != ui->side || entry.row->worker != ui->worker[side])
			continue;
		if (entry.half->ended)
			row_cursor(frame, area, row, side);
		else
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
	const struct column *column = &worker_columns[ui->field[ui->focus]];
	char name[16], path[16];

	if (!half || half->ended || !column->fact)
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
