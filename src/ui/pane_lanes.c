/* SPDX-License-Identifier: MIT
 * The lanes pane: a timeline of every task, by side, and of every CPU, with a cursor that says what is under it. The newest
 * whole cell stands at the right edge; cells stand at fixed times, so that shapes move and do not flicker.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "internal.h"

#define LABEL 8 /* cells: "w12   # " */
#define NUMBERS 19 /* cells: " 100%  12345  12345" */
#define RATE_WINDOW NSEC_PER_SEC

/* A row of the pane: the heading of a side, a task, or a CPU. */
struct row {
	const struct lane *lane;
	const struct cpu_lane *cpu;
	int side; /* of a heading; -1: the CPUs */
};

#define ROWS_MAX 256

struct picture {
	struct frame *frame;
	struct lanes_look *look;
	struct lanes_view view;
	struct rect rect; /* the whole content */
	int first; /* column of the first cell */
	nsec start, end;
	struct row row[ROWS_MAX];
	int n, selected;
};

static int32_t row_id(const struct row *row)
{
	return row->lane ? row->lane->tid : row->cpu ? -row->cpu->cpu - 1 : 0;
}

static const struct strip *row_strip(const struct row *row)
{
	return row->lane ? row->lane->strip : row->cpu ? row->cpu->strip : NULL;
}

/* --- which rows there are --- */

static void add_row(struct picture *picture, struct row row)
{
	if (picture->n < ROWS_MAX)
		picture->row[picture->n++] = row;
}

/* The dead are shown for as long as a part of their lives is in sight. */
static void gather(struct picture *picture)
{
	int side = -1;

	for (size_t i = 0; i < picture->view.n; i++) {
		const struct lane *lane = picture->view.lanes[i];

		if (!lane->alive && lane->died_ns < picture->start)
			continue;
		if (lane->side != side)
			add_row(picture, (struct row) { .side = side = lane->side });
		add_row(picture, (struct row) { .lane = lane, .side = side });
	}
	if (picture->view.n_cpus)
		add_row(picture, (struct row) { .side = -1 });
	for (size_t i = 0; i < picture->view.n_cpus; i++)
		add_row(picture, (struct row) { .cpu = &picture->view.cpus[i], .side = -1 });
}

/* The row of the selected lane; the first worker's, if it is gone. */
static int find_selected(const struct picture *picture)
{
	int fallback = 0;

	for (int i = picture->n - 1; i >= 0; i--) {
		const struct row *row = &picture->row[i];

		if (row_id(row) && row_id(row) == picture->look->tid)
			return i;
		if (row->lane && row->lane->worker >= 0)
			fallback = i;
	}
	return fallback;
}

/* --- time --- */

static nsec cell_time(
	const struct lanes_look *look, const struct lanes_view *view, int cols, double interval)
{
	nsec cell = lanes_cell(look, cols);

	/* Without records nothing is known within an interval. */
	if (view->sampled && interval > 0)
		cell = MAX(cell,
			((nsec)(interval * 1e9) / NSEC_PER_MSEC + 9) / 10 * 10 * NSEC_PER_MSEC);
	return cell;
}

static void set_time(struct picture *picture)
{
	struct lanes_look *look = picture->look;

	look->cols = picture->rect.cols - LABEL - NUMBERS;
	look->cell =
		cell_time(look, &picture->view, look->cols, model_interval(picture->frame->model));
	picture->first = picture->rect.col + LABEL;
	picture->end = look->frozen ? look->end : picture->view.until;
	picture->end = picture->end / look->cell * look->cell;
	picture->start = picture->end - look->cols * look->cell;
}

/* Time before the end, as it stands on the axis: "-120 ms". */
static void put_before(char *out, size_t size, nsec before)
{
	char text[24];

	snprintf(out, size, "-%s", format_ns(text, sizeof(text), before));
}

static void draw_axis(struct picture *picture)
{
	struct canvas *canvas = picture->frame->canvas;
	const struct lanes_look *look = picture->look;
	int row = picture->rect.row, step = 15;
	char text[32];

	for (int back = look->cols; back > 8; back -= step) {
		put_before(text, sizeof(text), back * look->cell);
		canvas_textf(canvas, row, picture->first + look->cols - back, step, STYLE_DIM,
			"┌%s", text);
	}
	canvas_text_right(canvas, row, picture->rect.col, picture->rect.cols, STYLE_DIM,
		" CPU gave/s pree/s");
}

/* --- rows --- */

static void put_name(char *out, size_t size, const struct row *row)
{
	if (row->cpu)
		snprintf(out, size, "CPU %d", row->cpu->cpu);
	else if (row->lane->worker == WORKER_HOST)
		snprintf(out, size, "%s", row->lane->side == SIDE_LEFT ? "host" : "main");
	else if (row->lane->worker >= 0)
		snprintf(out, size, "w%d", row->lane->worker);
	else
		snprintf(out, size, "%d", row->lane->tid);
}

static void draw_cells(struct picture *picture, const struct row *row, int at)
{
	const struct lanes_look *look = picture->look;

	for (int i = 0; i < look->cols; i++) {
		nsec from = picture->start + i * look->cell;
		struct strip_cell cell = strip_cell(row_strip(row), from, from + look->cell);
		struct glyph glyph =
			row->cpu ? cpu_glyph(&cell, &picture->view)
				 : lane_glyph(&cell, look->cell, (enum side)row->lane->side);

		canvas_text(
			picture->frame->canvas, at, picture->first + i, 1, glyph.style, glyph.text);
	}
}

/* The last second before the end of the screen, in cells that are exact. */
static struct strip_cell last_second(const struct picture *picture, const struct strip *strip)
{
	nsec to = picture->end / (10 * NSEC_PER_MSEC) * (10 * NSEC_PER_MSEC);

	return strip_cell(strip, to - RATE_WINDOW, to);
}

static double percent_of(nsec part, nsec whole)
{
	return whole > 0 ? 100.0 * (double)part / (double)whole : NAN;
}

static void draw_numbers(struct picture *picture, const struct row *row, int at)
{
	struct strip_cell cell = last_second(picture, row_strip(row));
	nsec known = cell.run_ns + cell.wait_ns + cell.off_ns;
	struct place place = { at, picture->first + picture->look->cols + 1, 4 };

	put_percent(picture->frame, place, STYLE_TEXT, percent_of(cell.run_ns, known));
	if (row->cpu || known == 0)
		return;
	place.col += 5, place.cols = 6;
	put_rate(
		picture->frame, place, STYLE_VOLUNTARY, (double)cell.gave_up * 1e9 / (double)known);
	place.col += 7;
	put_rate(picture->frame, place, STYLE_INVOLUNTARY,
		(double)cell.preempted * 1e9 / (double)known);
}

/* What each task of a side had of the CPUs: the scheduler sees tasks, not processes. */
static void draw_heading(struct picture *picture, const struct row *row, int at)
{
	const struct lanes_view *view = &picture->view;
	char text[256];
	size_t len;
	int tasks = 0;

	if (row->side < 0) {
		canvas_text(picture->frame->canvas, at, picture->rect.col, picture->rect.cols,
			STYLE_STRONG,
			"CPUs · who ran: 0 1 2 processes, A B C threads, · others or idle");
		return;
	}
	for (size_t i = 0; i < view->n; i++)
		tasks += view->lanes[i]->side == row->side && view->lanes[i]->alive;
	len = (size_t)snprintf(text, sizeof(text), "%s · %d tasks, a share of CPU each:",
		kind_name(side_kind(model_side(picture->frame->model, (enum side)row->side),
			(enum side)row->side)),
		tasks);
	for (size_t i = 0; i < view->n && len < sizeof(text) - 16; i++) {
		const struct lane *lane = view->lanes[i];
		struct strip_cell cell = last_second(picture, lane->strip);
		char percent[16];

		if (lane->side != row->side || !lane->alive || lane->worker == WORKER_HOST)
			continue;
		format_percent(percent, sizeof(percent),
			percent_of(cell.run_ns, cell.run_ns + cell.wait_ns + cell.off_ns));
		len += (size_t)snprintf(text + len, sizeof(text) - len, " %s", percent);
	}
	snprintf(text + len, sizeof(text) - len, " %%");
	put_text(picture->frame, (struct place) { at, picture->rect.col, picture->rect.cols },
		side_style((enum side)row->side), text);
}

static void draw_row(struct picture *picture, int index, int at)
{
	const struct row *row = &picture->row[index];
	struct canvas *canvas = picture->frame->canvas;
	char name[24];

	if (!row_strip(row)) {
		draw_heading(picture, row, at);
		return;
	}
	put_name(name, sizeof(name), row);
	canvas_text(canvas, at, picture->rect.col, LABEL - 2,
		row->lane ? side_style((enum side)row->lane->side) : STYLE_TEXT, name);
	if (row->lane)
		canvas_text(canvas, at, picture->rect.col + LABEL - 2, 1, STYLE_DIM,
			lane_letter(row->lane));
	draw_cells(picture, row, at);
	draw_numbers(picture, row, at);
	if (index == picture->selected)
		canvas_mark(canvas, (struct rect) { at, picture->rect.col, 1, LABEL - 1 },
			CELL_SELECTED);
}

/* --- the lines below --- */

/* A line that is put together without allocating. */
struct words {
	char text[256];
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void say(struct words *words, const char *format, ...)
{
	const size_t room = sizeof(words->text) - words->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(words->text + words->len, room, format, args);
	va_end(args);
	words->len += MIN((size_t)MAX(n, 0), room - 1);
}

static void put_duration(struct words *out, const char *before, nsec ns, const char *after)
{
	char text[24];

	say(out, "%s%s%s", before, ns > 0 ? format_ns(text, sizeof(text), ns) : "–", after);
}

static void draw_line(struct picture *picture, int at, enum style style, struct words *text)
{
	put_text(picture->frame, (struct place) { at, picture->rect.col, picture->rect.cols },
		style, text->text);
}

static void draw_statistics(struct picture *picture, int at)
{
	const struct row *row = &picture->row[picture->selected];
	struct strip_cell cell;
	struct words text = { 0 };
	char name[24];

	if (!row->lane)
		return;
	cell = last_second(picture, row->lane->strip);
	put_name(name, sizeof(name), row);
	say(&text, "%s TID %d: ", name, row->lane->tid);
	put_duration(&text, "run mean ", cell.put_on ? cell.run_ns / cell.put_on : 0, "");
	put_duration(&text, ", longest ", cell.longest_run_ns, "; ");
	put_duration(&text, "wait when preempted mean ",
		cell.preempted ? cell.wait_ns / cell.preempted : 0, "");
	put_duration(&text, ", longest ", cell.longest_wait_ns, "");
	draw_line(picture, at, STYLE_TEXT, &text);
}

static void draw_counted(struct picture *picture, int at)
{
	const struct lanes_view *view = &picture->view;
	int64_t seen = 0, counted = 0;
	struct words text = { 0 };
	enum style style = STYLE_DIM;

	for (size_t i = 0; i < view->n; i++) {
		seen += view->lanes[i]->seen_voluntary + view->lanes[i]->seen_involuntary;
		counted += view->lanes[i]->counted_voluntary + view->lanes[i]->counted_involuntary;
	}
	if (view->sampled) {
		const struct gap_sample *gap = model_gap(picture->frame->model, 0, "perf_event");

		style = STYLE_WARN;
		say(&text, "sampled from schedstat, no finer than a refresh: perf_event %s",
			gap ? gap->reason : "");
	} else {
		say(&text, "%lld switches recorded, the kernel counted %lld: %lld differ (%.3f %%)",
			(long long)seen, (long long)counted, (long long)(counted - seen),
			counted ? 100.0 * (double)llabs(counted - seen) / (double)counted : 0.0);
		say(&text, " · %lld records lost", (long long)view->lost);
		if (view->lost)
			style = STYLE_WARN;
	}
	draw_line(picture, at, style, &text);
}

/* What the span under the cursor is, and how it ended. */
static void put_span(struct words *text, const struct row *row, const struct span *span)
{
	switch (span->state) {
	case SPAN_RUNNING:
		if (row->cpu)
			say(text, "runs TID %d", span->who);
		else
			say(text, "running on CPU %d", span->cpu);
		break;
	case SPAN_WAITING:
		say(text, "%s",
			span->mark == MARK_BORN ? "new, waits for a CPU"
						: "preempted, waits for a CPU");
		break;
	case SPAN_OFF:
		say(text, "%s",
			row->cpu ? "none of ours"
				 : "off, gave up: blocked, its wake-up is not recorded");
		break;
	case SPAN_SAMPLED:
		say(text, "sampled: ran %.1f %%, waited %.1f %%", (span->who & 0xffff) / 10.0,
			(span->who >> 16) / 10.0);
		break;
	default:
		say(text, "%s", span->mark == MARK_DIED ? "ended" : "not known");
	}
}

static void draw_cursor_line(struct picture *picture, int at)
{
	const struct row *row = &picture->row[picture->selected];
	const nsec cursor = picture->look->cursor;
	struct words text = { 0 };
	struct span span;
	nsec to;
	char before[24];

	if (!row_strip(row))
		return;
	put_before(before, sizeof(before), picture->end - cursor);
	say(&text, "%s: ", before);
	if (!strip_span(row_strip(row), cursor, &span, &to)) {
		say(&text, "%s", "no span is kept here: only sums, or nothing");
	} else {
		put_span(&text, row, &span);
		say(&text, "; from %.6f s", (double)span.from / 1e9);
		if (to >= 0)
			put_duration(&text, " for ", to - span.from, "");
		else
			say(&text, "%s", ", still");
	}
	draw_line(picture, at, STYLE_STRONG, &text);
}

static void draw_cursor(struct picture *picture, int rows)
{
	const struct lanes_look *look = picture->look;
	int col;

	if (look->cursor < picture->start || look->cursor >= picture->end)
		return;
	col = picture->first + (int)((look->cursor - picture->start) / look->cell);
	canvas_mark(picture->frame->canvas, (struct rect) { picture->rect.row + 1, col, rows, 1 },
		CELL_SELECTED);
}

/* Why there is nothing: each reason in one line. */
static void draw_nothing(struct picture *picture)
{
	const struct gap_sample *gap = model_gap(picture->frame->model, 0, "perf_event");
	struct words text = { 0 };

	say(&text, "%s", gap ? gap->reason : "no switch records in this sample yet");
	draw_line(picture, picture->rect.row, STYLE_DIM, &text);
}

static void draw_note(struct picture *picture, const struct area *area)
{
	const struct lanes_look *look = picture->look;
	char width[24], cell[24];

	frame_note(picture->frame, area,
		"%s%s wide, a cell %s · █▓▒ ran ░ waits · off ╵ gave up ! preempted + born x ended",
		look->frozen ? "FROZEN · " : "",
		format_ns(width, sizeof(width), look->cell * look->cols),
		format_ns(cell, sizeof(cell), look->cell));
}

/* For `?`: the number as it is shown, and the row that its box leaves in sight. */
static void keep_number(struct picture *picture)
{
	struct ui *ui = picture->frame->ui;
	struct number number;
	struct fact_value value;

	snprintf(ui->shown, sizeof(ui->shown), "–");
	ui->shown_row = picture->rect.row + 1 + picture->selected - picture->look->scroll.top;
	if (lanes_number(ui, picture->frame->model, &number) &&
		fact_value(picture->frame->model, number.path, &value, NULL, 0))
		fact_format(ui->shown, sizeof(ui->shown), &value);
}

static void draw(struct frame *frame, const struct area *area)
{
	struct picture picture;
	struct lanes_look *look = &frame->ui->lanes;
	int rows = area->half[0].rows - 3;

	picture = (struct picture) { .frame = frame,
		.look = look,
		.view = model_lanes(frame->model),
		.rect = { area->half[0].row, 1, area->half[0].rows, frame->canvas->cols - 2 } };
	if (picture.view.until < 0 || rows < 1) {
		draw_nothing(&picture);
		return;
	}
	set_time(&picture);
	gather(&picture);
	picture.selected = find_selected(&picture);
	if (picture.n)
		look->tid = row_id(&picture.row[picture.selected]);
	draw_note(&picture, area);
	draw_axis(&picture);
	scroll_show(&look->scroll, picture.n, rows, picture.selected);
	for (int i = 0; i < rows && look->scroll.top + i < picture.n; i++)
		draw_row(&picture, look->scroll.top + i, picture.rect.row + 1 + i);
	draw_cursor(&picture, MIN(rows, picture.n));
	if (picture.n)
		draw_statistics(&picture, picture.rect.row + rows + 1);
	if (picture.n && look->cursor >= 0)
		draw_cursor_line(&picture, picture.rect.row + rows + 2);
	else
		draw_counted(&picture, picture.rect.row + rows + 2);
	if (area->focused && frame->ui->overlay == OVERLAY_PROVENANCE)
		keep_number(&picture);
}

static int want(const struct ui *ui)
{
	return ui->lanes.scroll.rows + 3;
}

const struct pane pane_lanes = {
	.min_rows = 8,
	.weight = 3,
	.whole = true,
	.needs = NEED_TASKS | NEED_SWITCHES,
	.want = want,
	.draw = draw,
	.command = lanes_command,
	.move = lanes_move,
	.number = lanes_number,
};
