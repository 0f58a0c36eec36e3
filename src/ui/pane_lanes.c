/* SPDX-License-Identifier: MIT
 * The lanes pane: a timeline of every task, by side, and of every CPU, with a cursor that says what is under it. The newest
 * whole cell stands at the right edge; cells stand at fixed times, so that shapes move and do not flicker.
 */

#include "pane_lanes.h"
#include "worker_list.h"

#define LABEL 8 /* cells: "w12   # " */

/* What stands at the right of a lane, of the last second. */
enum lane_number {
	NUMBER_SHARE,
	NUMBER_GAVE_UP,
	NUMBER_PREEMPTED,
	NUMBER_MEAN_RUN, /* from here on only where there is room */
	NUMBER_LONGEST_RUN,
	NUMBER_MEAN_WAIT,
	NUMBER_LONGEST_WAIT,
	NUMBER_MEAN_DELAY,
	NUMBERS
};
#define NUMBERS_NARROW NUMBER_MEAN_RUN
#define WIDE 150 /* cells of a pane with all of them */

static const struct {
	const char *title;
	int cols;
} numbers[NUMBERS] = {
	[NUMBER_SHARE] = { "CPU%", 4 },
	[NUMBER_GAVE_UP] = { "volunt/s", 8 },
	[NUMBER_PREEMPTED] = { "invol/s", 7 },
	[NUMBER_MEAN_RUN] = { "a run", 7 },
	[NUMBER_LONGEST_RUN] = { "longest", 7 },
	[NUMBER_MEAN_WAIT] = { "taken off", 9 },
	[NUMBER_LONGEST_WAIT] = { "longest", 7 },
	[NUMBER_MEAN_DELAY] = { "any wait", 8 },
};

static int32_t row_id(const struct lane_row *row)
{
	if (row->lane)
		return row->lane->tid;
	return row->cpu ? -row->cpu->cpu - 1 : 0;
}

/* --- which rows there are --- */

static void add_row(struct lanes_picture *picture, struct lane_row row)
{
	if (picture->n < LANE_ROWS_MAX)
		picture->row[picture->n++] = row;
}

/* The dead are shown for as long as a part of their lives is in sight. */
static void gather(struct lanes_picture *picture)
{
	int side = NO_SIDE;

	for (size_t i = 0; i < picture->view.n; i++) {
		const struct lane *lane = picture->view.lanes[i];

		if (!lane->alive && lane->died_ns < picture->start)
			continue;
		if (lane->side != side)
			add_row(picture, (struct lane_row) { .side = lane->side });
		side = lane->side;
		add_row(picture, (struct lane_row) { .lane = lane, .side = side });
	}
	if (picture->view.n_cpus)
		add_row(picture, (struct lane_row) { .side = NO_SIDE });
	for (size_t i = 0; i < picture->view.n_cpus; i++)
		add_row(picture,
			(struct lane_row) { .cpu = &picture->view.cpus[i], .side = NO_SIDE });
}

static bool is_heading(const struct lane_row *row)
{
	return !row->lane && !row->cpu;
}

/* Where all rows have room, air before each heading but the first. */
static void part_groups(struct lanes_picture *picture, int rows)
{
	int n = picture->n, more = 0;

	for (int i = 1; i < n; i++)
		more += is_heading(&picture->row[i]);
	if (n + more > MIN(rows, LANE_ROWS_MAX))
		return;
	picture->n += more;
	for (int i = n - 1; more > 0; i--) {
		picture->row[i + more] = picture->row[i];
		if (is_heading(&picture->row[i]))
			picture->row[i + --more] = (struct lane_row) { .side = NO_ROW };
	}
}

/* The row of the selected lane; the first worker's, if it is gone. */
static int find_selected(const struct lanes_picture *picture)
{
	int fallback = 0;

	for (int i = picture->n - 1; i >= 0; i--) {
		const struct lane_row *row = &picture->row[i];

		if (row_id(row) && row_id(row) == picture->state->tid)
			return i;
		if (row->lane && row->lane->worker >= 0)
			fallback = i;
	}
	return fallback;
}

static int numbers_shown(const struct lanes_picture *picture)
{
	return picture->rect.cols < WIDE ? NUMBERS_NARROW : NUMBERS;
}

/* A task that is a side's work: not its host, and not dead. */
static bool is_counted(const struct lane *lane)
{
	return lane->alive && lane->worker != WORKER_HOST;
}

/* --- time --- */

/* Without records nothing is known within an interval. A recording's is measured: one that is a little longer or shorter
 * than those before is still the same, for cells must not jump. */
static nsec refresh_time(struct lanes_state *state, nsec interval)
{
	if (interval > state->refresh * 6 / 5 || interval < state->refresh * 4 / 5)
		state->refresh = MAX((interval / NSEC_PER_MSEC + 9) / 10, 1) * 10 * NSEC_PER_MSEC;
	return state->refresh;
}

static void set_time(struct lanes_picture *picture)
{
	struct lanes_state *state = picture->state;

	state->cols = picture->rect.cols - LABEL;
	for (int i = 0; i < numbers_shown(picture); i++)
		state->cols -= numbers[i].cols + 1;
	state->cell = lanes_cell(state, state->cols);
	if (picture->view.sampled)
		state->cell =
			MAX(state->cell, refresh_time(state, picture->frame->ui->state.interval));
	picture->first = picture->rect.col + LABEL;
	/* one that stands still has its last cell, though time filled it in part only: the cursor may be in it */
	picture->end = state->frozen ? state->end + state->cell - 1 : picture->view.until;
	picture->end = picture->end / state->cell * state->cell;
	picture->start = picture->end - state->cols * state->cell;
}

static void draw_number_titles(struct lanes_picture *picture, int row)
{
	struct place place = { row, picture->first + picture->state->cols, 0 };

	for (int i = 0; i < numbers_shown(picture); i++) {
		place.col += place.cols + 1;
		place.cols = numbers[i].cols;
		put_right(picture->frame, place, STYLE_DIM, numbers[i].title);
	}
}

static void draw_axis(struct lanes_picture *picture)
{
	struct canvas *canvas = picture->frame->canvas;
	const struct lanes_state *state = picture->state;
	int row = picture->rect.row, step = 15;
	char text[32];

	for (int back = state->cols; back > 12; back -= step) {
		lane_before(text, sizeof(text), back * state->cell);
		canvas_textf(canvas, row, picture->first + state->cols - back, step, STYLE_DIM,
			"┌%s", text);
	}
	if (!state->frozen)
		canvas_text(canvas, row, picture->first + state->cols - 4, 4, STYLE_STRONG, "now┐");
	draw_number_titles(picture, row);
}

/* --- rows --- */

static void draw_cells(struct lanes_picture *picture, const struct lane_row *row, int at)
{
	const struct lanes_state *state = picture->state;

	for (int i = 0; i < state->cols; i++) {
		nsec from = picture->start + i * state->cell;
		struct strip_cell cell = strip_cell(lane_row_strip(row), from, from + state->cell);
		struct glyph glyph =
			row->cpu ? cpu_glyph(&cell, &picture->view)
				 : lane_glyph(&cell, state->cell, (enum side)row->lane->side);

		canvas_text(
			picture->frame->canvas, at, picture->first + i, 1, glyph.style, glyph.text);
	}
}

static double share_of(const struct strip_cell *cell)
{
	const nsec known = cell->run_ns + cell->wait_ns + cell->off_ns;

	return known > 0 ? 100.0 * (double)cell->run_ns / (double)known : NAN;
}

static void draw_number(struct lanes_picture *picture, const struct lane_row *row,
	enum lane_number which, const struct strip_cell *cell, struct place place)
{
	const nsec known = cell->run_ns + cell->wait_ns + cell->off_ns;
	struct words text = { 0 };

	if (which == NUMBER_SHARE)
		put_percent(picture->frame, place, STYLE_TEXT, share_of(cell));
	if (which == NUMBER_SHARE || row->cpu || known == 0)
		return;
	if (which == NUMBER_GAVE_UP)
		put_rate(picture->frame, place, STYLE_VOLUNTARY,
			(double)cell->gave_up * 1e9 / (double)known);
	else if (which == NUMBER_PREEMPTED)
		put_rate(picture->frame, place, STYLE_INVOLUNTARY,
			(double)cell->preempted * 1e9 / (double)known);
	else if (which == NUMBER_MEAN_RUN)
		words_add_ns(&text, "", words_mean(cell->run_ns, cell->put_on), "");
	else if (which == NUMBER_LONGEST_RUN)
		words_add_ns(&text, "", (double)cell->longest_run_ns, "");
	else if (which == NUMBER_MEAN_WAIT)
		words_add_ns(&text, "", words_mean(cell->wait_ns, cell->preempted), "");
	else if (which == NUMBER_LONGEST_WAIT)
		words_add_ns(&text, "", (double)cell->longest_wait_ns, "");
	else
		words_add_ns(&text, "", row->lane->mean_delay_ns, "");
	if (*text.text)
		put_right(picture->frame, place, STYLE_TEXT, text.text);
}

static void draw_numbers(struct lanes_picture *picture, const struct lane_row *row, int at)
{
	const struct strip_cell cell = lane_last_second(picture, lane_row_strip(row));
	struct place place = { at, picture->first + picture->state->cols, 0 };

	for (int i = 0; i < numbers_shown(picture); i++) {
		place.col += place.cols + 1;
		place.cols = numbers[i].cols;
		draw_number(picture, row, (enum lane_number)i, &cell, place);
	}
}

/* --- headings --- */

/* The processes among the living lanes of a side, whose lanes stand together by worker. */
static int count_processes(const struct lanes_view *view, int side)
{
	int n = 0;

	for (size_t i = 0; i < view->n; i++) {
		const struct lane *lane = view->lanes[i];
		bool first = true;

		for (size_t j = 0; j < i && first; j++)
			first = view->lanes[j]->side != side || !is_counted(view->lanes[j]) ||
				view->lanes[j]->pid != lane->pid;
		n += first && lane->side == side && is_counted(lane);
	}
	return n;
}

static int count_tasks(const struct lanes_view *view, int side)
{
	int n = 0;

	for (size_t i = 0; i < view->n; i++)
		n += view->lanes[i]->side == side && is_counted(view->lanes[i]);
	return n;
}

static void draw_side(struct lanes_picture *picture, int side, int at)
{
	const struct lanes_view *view = &picture->view;
	const struct model_side *of = model_side(picture->frame->model, (enum side)side);
	struct words text = { 0 };
	const char *tasks = TEXT_OF(format_number_of, count_tasks(view, side), "task", "tasks");
	const char *processes =
		TEXT_OF(format_number_of, count_processes(view, side), "process", "processes");

	words_add(&text, "%s: %s in %s", side_called(of, (enum side)side), tasks, processes);
	put_text(picture->frame, (struct place) { at, picture->rect.col, picture->rect.cols },
		side_style((enum side)side), text.text);
}

static void draw_heading(struct lanes_picture *picture, const struct lane_row *row, int at)
{
	if (row->side >= 0)
		draw_side(picture, row->side, at);
	else if (row->side == NO_SIDE)
		canvas_text(picture->frame->canvas, at, picture->rect.col, picture->rect.cols,
			STYLE_STRONG, "CPUs: who ran");
}

static void draw_row(struct lanes_picture *picture, int index, int at)
{
	const struct lane_row *row = &picture->row[index];
	struct canvas *canvas = picture->frame->canvas;
	char name[24];

	if (!lane_row_strip(row)) {
		draw_heading(picture, row, at);
		return;
	}
	lane_row_name(name, sizeof(name), row, picture->frame->model);
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

/* --- the whole --- */

static void draw_cursor(struct lanes_picture *picture, int rows)
{
	const struct lanes_state *state = picture->state;
	int col;

	if (state->cursor < picture->start || state->cursor >= picture->end)
		return;
	col = picture->first + (int)((state->cursor - picture->start) / state->cell);
	canvas_mark(picture->frame->canvas, (struct rect) { picture->rect.row + 1, col, rows, 1 },
		CELL_SELECTED);
}

/* Why there is nothing: each reason in one line. */
static void draw_nothing(struct lanes_picture *picture)
{
	const struct gap_sample *gap = model_gap(picture->frame->model, 0, "perf_event");

	put_text(picture->frame,
		(struct place) { picture->rect.row, picture->rect.col, picture->rect.cols },
		STYLE_DIM, gap ? gap->reason : "no switch records in this sample yet");
}

/* For `?`: the number as it is shown, and the row that its box leaves in sight. */
static void keep_number(struct lanes_picture *picture, const struct panel *panel)
{
	struct ui *ui = picture->frame->ui;
	struct number number;
	struct fact_value value;

	snprintf(ui->shown, sizeof(ui->shown), "–");
	ui->shown_row = picture->rect.row + 1 + picture->selected - picture->state->scroll.top;
	if (!pane_lanes_number(panel, picture->frame->model, &number))
		return;
	fact_read(picture->frame->model, &number.path, &value);
	fact_format(ui->shown, sizeof(ui->shown), &value);
}

/* What all tasks of a side had of the CPUs in the last second, as the lanes show it. */
static double side_share(const struct lanes_picture *picture, int side)
{
	double sum = NAN;

	for (size_t i = 0; i < picture->view.n; i++) {
		const struct lane *lane = picture->view.lanes[i];
		struct strip_cell cell;

		if (lane->side != side || !is_counted(lane))
			continue;
		cell = lane_last_second(picture, lane->strip);
		if (!isnan(share_of(&cell)))
			sum = (isnan(sum) ? 0 : sum) + share_of(&cell);
	}
	return sum;
}

static void pane_lanes_draw(struct frame *frame, const struct area *area)
{
	struct lanes_picture picture;
	struct lanes_state *state = area->panel->state;
	int rows;

	picture = (struct lanes_picture) { .frame = frame,
		.state = state,
		.view = model_lanes(frame->model),
		.rect = { area->half[0].row, 1, area->half[0].rows, frame->canvas->cols - 2 } };
	state->share[SIDE_LEFT] = state->share[SIDE_RIGHT] = NAN;
	if (picture.view.until < 0 || picture.rect.rows < 4) {
		draw_nothing(&picture);
		return;
	}
	set_time(&picture);
	for (int side = 0; side < SIDES; side++)
		state->share[side] = side_share(&picture, side);
	gather(&picture);
	rows = picture.rect.rows - 1 - lane_lines(&picture);
	part_groups(&picture, rows);
	picture.selected = find_selected(&picture);
	if (picture.n)
		state->tid = row_id(&picture.row[picture.selected]);
	lane_note(&picture);
	draw_axis(&picture);
	scroll_show(&state->scroll, picture.n, rows, picture.selected);
	for (int i = 0; i < rows && state->scroll.top + i < picture.n; i++)
		draw_row(&picture, state->scroll.top + i, picture.rect.row + 1 + i);
	draw_cursor(&picture, MIN(rows, picture.n));
	/* right below the lanes, with air where there is some */
	if (picture.n)
		lane_lines_draw(
			&picture, picture.rect.row + 1 + MIN(rows, picture.n) + (picture.n < rows));
	if (area->focused && views_explains(frame->ui))
		keep_number(&picture, area->panel);
}

static const struct lanes_state *state_of(const struct ui *ui);

/* Whether the kernel counted so much more than was recorded that shares of time are not known. */
static bool is_incomplete(const struct lanes_view *view)
{
	return view->sum.apart > view->sum.counted / 20;
}

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	const char *kind = side_called(model_side(frame->model, side), side);
	const double share = state_of(frame->ui)->share[side];
	const struct lanes_view view = model_lanes(frame->model);
	char percent[16] = "";
	double per_s;

	if (is_incomplete(&view))
		snprintf(out, size, "– %s: switches are missing", kind);
	else if (isnan(share))
		snprintf(out, size, "– %s: no switch is known", kind);
	else
		snprintf(out, size, "%s ran %s %% of a CPU's time%s", kind,
			format_percent(percent, sizeof(percent), share),
			cols > 50 ? ", in the last second" : "");
	if (percent[0] && text_width(out) > cols)
		snprintf(out, size, "%s: %s %% of a CPU", kind, percent);
	if (side_stacks(frame, side, &per_s))
		snprintf(out, size, "one lane for %d stacks: no record%s",
			side_stacks(frame, side, &per_s),
			cols > 50 ? " has user-level switches" : "");
}

static int pane_lanes_want(const struct panel *panel)
{
	return ((const struct lanes_state *)panel->state)->scroll.rows + 3;
}

const struct pane pane_lanes = {
	.info = { "lanes", "Lanes",
		"who ran when: every switch of every task and CPU on a timeline", "lanes" },
	.min_rows = 8,
	.weight = 3,
	.whole = true,
	.needs = NEED_TASKS | NEED_SWITCHES | NEED_WAITS,
	.size = sizeof(struct lanes_state),
	.init = lanes_init,
	.want = pane_lanes_want,
	.say = say,
	.legend = lanes_legend,
	.draw = pane_lanes_draw,
	.command = pane_lanes_command,
	.move = pane_lanes_move,
	.number = pane_lanes_number,
};

static const struct lanes_state *state_of(const struct ui *ui)
{
	return pane_state(ui, &pane_lanes);
}
