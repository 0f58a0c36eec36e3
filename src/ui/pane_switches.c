/* SPDX-License-Identifier: MIT
 * The pane of context switches over time: voluntary above the middle line, involuntary below it, each on a scale
 * of both sides.
 */

#include "worker_list.h"

#define CHART_ROWS_MIN 3
#define CHART_ROWS_GOOD 5 /* what a pane asks for */
#define CHART_ROWS_MAX 15
#define WORKER_COLS_MIN 44 /* a narrower half has no place for a worker's past */
#define TOP_COLS 6 /* "≤ 10k ": how high it goes */

enum { VOLUNTARY, INVOLUNTARY, FIELDS };

static const char *const facts[FIELDS] = { "voluntary_per_s", "involuntary_per_s" };
static const enum style styles[FIELDS] = { STYLE_VOLUNTARY, STYLE_INVOLUNTARY };
static const char *const signs[FIELDS] = { "▲", "▼" };
/* The longest that leaves room for a number. */
static const char *const words[][FIELDS] = { { "voluntary: it waited", "involuntary: taken off" },
	{ "voluntary", "involuntary" }, { "vol", "invol" } };
#define NUMBER_COLS 7
#define ROOM_COLS 80 /* to say what else is a top */

/* A scale that people can read, that stays while the values move a little, and of which they use most. */
static double round_scale(double most)
{
	static const double steps[] = { 1, 1.5, 2, 3, 4, 5, 6, 8, 10 };
	const double power = most > 10 ? pow(10, floor(log10(most))) : 10;
	size_t i = 0;

	while (i + 1 < ARRAY_LEN(steps) && steps[i] * power < most)
		i++;
	return steps[i] * power;
}

/* Of both sides, so that they compare; of each sign, so that the rarer one is seen. 0: there was none. */
static double scale_of(const struct model *model, int cols, int field)
{
	double most = 0;

	for (int s = 0; s < SIDES; s++) {
		for (int back = 0; back < cols; back++) {
			struct point p = side_point(
				model_side(model, s), model_history(model), (size_t)back);

			most = fmax(
				most, field == VOLUNTARY ? p.voluntary_per_s : p.involuntary_per_s);
		}
	}
	return most > 0 ? round_scale(most) : 0;
}

/* Without an involuntary switch in sight the lower half goes: the chart is twice as high, and cut at its line. */
static void draw_chart(
	struct frame *frame, struct rect r, enum side side, const double scale[FIELDS])
{
	const struct model_side *of = model_side(frame->model, side);
	const double full[FIELDS] = { fmax(scale[VOLUNTARY], 1), fmax(scale[INVOLUNTARY], 1) };
	const struct rect clip = canvas_clip(frame->canvas, r);
	float up[CANVAS_COLS_MAX], down[CANVAS_COLS_MAX];

	for (int i = 0; i < r.cols; i++) {
		struct point p =
			side_point(of, model_history(frame->model), (size_t)(r.cols - 1 - i));

		up[i] = (float)(p.voluntary_per_s / full[VOLUNTARY]);
		down[i] = (float)(p.involuntary_per_s / full[INVOLUNTARY]);
	}
	if (!(scale[INVOLUNTARY] > 0))
		r.rows = 2 * r.rows - 1;
	chart_updown(
		frame->canvas, r, up, down, (size_t)r.cols, 1, STYLE_VOLUNTARY, STYLE_INVOLUNTARY);
	canvas_unclip(frame->canvas, clip);
}

static const char *word_of(int field, int width)
{
	size_t i = 0;

	while (i + 1 < ARRAY_LEN(words) &&
		text_width(words[i][field]) + 2 + NUMBER_COLS + (i == 0 ? 4 : 0) > width)
		i++;
	return words[i][field];
}

/* Both numbers of now, each in a half of the line at a fixed place. One column a field: the table's cursor works here
 * too. */
static void draw_now(struct frame *frame, const struct area *area, enum side side)
{
	const struct side_totals *totals = &model_side(frame->model, side)->totals;
	struct rect half = area->half[side];
	double values[FIELDS] = { totals->voluntary_per_s, totals->involuntary_per_s };
	struct fields *fields = &area->panel->fields;
	int width = (half.cols - 2) / FIELDS;

	for (int i = 0; i < FIELDS; i++) {
		int col = half.col + 1 + i * width;
		int label = canvas_textf(frame->canvas, half.row, col, width, styles[i], "%s %s",
			signs[i], word_of(i, width));
		struct place at = { half.row, col + label + 1,
			MIN(NUMBER_COLS, width - label - 2) };

		canvas_mark(frame->canvas, (struct rect) { half.row, col, 1, label }, CELL_BOLD);
		put_rate(frame, at, STYLE_STRONG, values[i]);
		if (label + 1 + at.cols + 2 < width)
			canvas_text(frame->canvas, half.row, at.col + at.cols, 2, STYLE_DIM, "/s");
		fields->at[i] = i * width;
		if (side == frame->ui->side && fields->focus == i)
			number_focus(frame, area, at);
	}
}

/* One worker's two pasts and its numbers of now. */
static void draw_worker(
	struct frame *frame, struct rect half, int row, const struct track *track, enum side side)
{
	const struct model_side *of = model_side(frame->model, side);
	int spark = (half.cols - 2 - 5 - 2 * 8 - 2) / 2, col = half.col + 6;
	double now[FIELDS] = { track->voluntary_per_s, track->involuntary_per_s };

	const int top = spark < TOP_COLS + 5 ? 0 : TOP_COLS;

	if (spark < 4)
		return;
	canvas_text(frame->canvas, row, half.col + 1, 4, side_style(side),
		TEXT_OF(worker_name, of, track->now.worker));
	for (int i = 0; i < FIELDS; i++) {
		canvas_text(frame->canvas, row, col, 1, styles[i], signs[i]);
		const double most =
			put_past(frame, (struct place) { row, col + 1 + top, spark - top },
				styles[i], track, i == VOLUNTARY);

		if (top) {
			canvas_text(frame->canvas, row, col + 1, 1, STYLE_DIM, "≤");
			put_rate(frame, (struct place) { row, col + 2, top - 2 }, STYLE_DIM, most);
		}
		put_rate(frame, (struct place) { row, col + 1 + spark, 7 }, styles[i], now[i]);
		col += spark + 9;
	}
}

static void draw_half_row(
	struct frame *frame, struct rect half, int row, const struct worker_row *of, enum side side)
{
	const struct ui *ui = frame->ui;
	const struct worker_half *worker = &of->half[side];
	char name[16];

	if (worker->track) {
		draw_worker(frame, half, row, worker->track, side);
	} else if (worker->ended) {
		worker_name(name, sizeof(name), model_side(frame->model, side), worker->worker);
		canvas_textf(frame->canvas, row, half.col + 1, -1, STYLE_DEAD, "%-4s ✗", name);
	}
	if (side == ui->side && worker->worker == ui->worker[side])
		canvas_text(frame->canvas, row, half.col, 1, STYLE_FOCUS, "▸");
}

/* The workers under the chart, as many as fit, the selected one among them. */
static void draw_workers(struct frame *frame, const struct area *area, int first, int rows)
{
	const struct ui *ui = frame->ui;
	struct scroll list = { 0 };

	scroll_show(&list, (int)ui->rows.n - 1, rows, rows_selected(ui, ui->side));
	for (int i = 0; i < rows && list.top + i < list.rows; i++)
		for (enum side side = 0; side < SIDES; side++)
			draw_half_row(frame, area->half[side], area->half[side].row + first + i,
				&ui->rows.at[list.top + i], side);
}

/* The chart takes what is left when the workers have their rows; an odd number, so that the middle line is in the
 * middle. */
static int chart_rows(const struct ui *ui, const struct area *area)
{
	int rows = area->half[0].rows - 1, workers = (int)ui->rows.n - 1;

	if (ui->pasts || rows < CHART_ROWS_MIN + 1 || workers < 1 ||
		area->half[0].cols < WORKER_COLS_MIN)
		return (MIN(rows, CHART_ROWS_MAX) - 1) | 1;
	return (MIN(MAX(rows - workers, CHART_ROWS_MIN), CHART_ROWS_MAX) - 1) | 1;
}

/* What a comparison of the two sides is worth, and the scales. A scene sets its crews up as it wants. */
static void say_footing(struct frame *frame, const struct area *area, const double scale[FIELDS])
{
	char why[128] = "", top[128] = "";
	/* Programs are not made to do the same. */
	const bool compared = !frame->ui->caption && !model_side(frame->model, SIDE_LEFT)->group &&
			      !model_side(frame->model, SIDE_RIGHT)->group;
	const bool equal = !compared || model_footing(frame->model, why, sizeof(why));

	snprintf(top, sizeof(top), "top: ▲ %s/s ▼ %s/s%s", TEXT_OF(format_rate, scale[VOLUNTARY]),
		TEXT_OF(format_rate, scale[INVOLUNTARY]),
		frame_note_cols(frame, area) > ROOM_COLS ? " · ≤: of a row" : "");
	if (!compared)
		frame_note(frame, "%s", top);
	else if (equal)
		frame_note(frame, "on equal footing · %s", top);
	else
		frame_alert(frame, "not on equal footing: %s · %s", why, top);
	if (text_width(frame->note) > frame_note_cols(frame, area) && !equal)
		frame_alert(frame, "not on equal footing: %s", why);
}

/* What the chart cannot show: the kernel counts none of them. */
static void say_user_switches(struct frame *frame, struct rect half, int row, enum side side)
{
	double per_s;

	if (side_stacks(frame, side, &per_s) > 0)
		canvas_textf(frame->canvas, row, half.col + 1, half.cols - 2, STYLE_STRONG,
			half.cols < WORKER_COLS_MIN
				? "user level %s/s, the kernel 0"
				: "user level: %s/s, own count; the kernel counts none",
			TEXT_OF(format_rate, per_s));
}

static void pane_switches_draw(struct frame *frame, const struct area *area)
{
	int rows = chart_rows(frame->ui, area), cols = area->half[0].cols - 2;
	const double scale[FIELDS] = { scale_of(frame->model, cols, VOLUNTARY),
		scale_of(frame->model, cols, INVOLUNTARY) };
	struct fields *fields = &area->panel->fields;

	*fields = (struct fields) { fields->focus, FIELDS, { VOLUNTARY, INVOLUNTARY } };
	for (enum side side = 0; side < SIDES; side++) {
		struct rect half = area->half[side];

		draw_now(frame, area, side);
		draw_chart(frame, (struct rect) { half.row + 1, half.col + 1, rows, cols }, side,
			scale);
		say_user_switches(frame, half, half.row + rows, side);
	}
	if (!frame->ui->pasts && rows + 1 < area->half[0].rows &&
		area->half[0].cols >= WORKER_COLS_MIN)
		draw_workers(frame, area, rows + 1, area->half[0].rows - rows - 1);
	say_footing(frame, area, scale);
}

/* The numbers, a chart that shows degrees, and the workers in steps of two. */
static int pane_switches_want(const struct panel *panel)
{
	return 1 + CHART_ROWS_GOOD + (MAX((int)panel->ui->rows.n - 1, 1) + 1) / 2 * 2;
}

static bool pane_switches_number(
	const struct panel *panel, const struct model *model, struct number *ret)
{
	const enum side side = panel->ui->side;

	*ret = number_of(fact_find(FACT_SIDE, facts[panel->fields.focus]),
		(struct fact_path) { .side = side });
	snprintf(ret->subject, sizeof(ret->subject), "all tasks of the %s side (%s)",
		side_name(side), side_called(model_side(model, side), side));
	return true;
}

const struct pane pane_switches = {
	.info = { "switches", "Switches", "voluntary and involuntary context switches over time",
		"lab" },
	.min_rows = 4,
	.weight = 3,
	.needs = NEED_TASKS,
	.want = pane_switches_want,
	.draw = pane_switches_draw,
	.number = pane_switches_number,
};
