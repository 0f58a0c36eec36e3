/* SPDX-License-Identifier: MIT
 * The duel pane: every series that was measured as a row, its median and its spread from the 5th to the 95th percentile
 * on one axis, and the sentence about it. Alone knows the axis: logarithmic, one for all rows of a unit.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define LABEL 30 /* cells: "socketpair 2 CPUs processes" */
#define NUMBERS 18 /* cells: "  6.59 µs  12 " */

struct axis {
	double low, high; /* logarithms */
};

struct picture {
	struct frame *frame;
	struct rect rect; /* the whole content */
	const struct sample *sample;
	struct axis axis;
	int label, bar, bar_cols;
};

static const char *value_text(char *out, size_t size, double value, const char *unit)
{
	if (isnan(value))
		return snprintf(out, size, "–"), out;
	if (strcmp(unit, "ns") == 0)
		return format_fine_ns(out, size, value);
	return format_kb(out, size, (int64_t)value);
}

static void widen(struct axis *axis, double value)
{
	if (!(value > 0))
		return;
	axis->low = fmin(axis->low, log(value));
	axis->high = fmax(axis->high, log(value));
}

static struct axis axis_of(const struct sample *sample)
{
	struct axis axis = { INFINITY, -INFINITY };

	for (size_t i = 0; i < sample->duels.n; i++) {
		widen(&axis, sample->duels.at[i].p5);
		widen(&axis, sample->duels.at[i].p95);
		widen(&axis, sample->duels.at[i].median);
		widen(&axis, sample->duels.at[i].baseline);
	}
	return axis;
}

/* The cell of a value on the axis; -1: it has none. */
static int cell_of(const struct picture *p, double value)
{
	double width = p->axis.high - p->axis.low;

	if (!(value > 0) || !isfinite(width) || p->bar_cols < 2)
		return -1;
	if (width <= 0)
		return p->bar_cols / 2;
	return (int)((log(value) - p->axis.low) / width * (p->bar_cols - 1) + 0.5);
}

static enum style style_of(const struct duel_sample *duel)
{
	return strcmp(duel->who, "processes") == 0 ? STYLE_PROCESS
	       : strcmp(duel->who, "threads") == 0 ? STYLE_THREAD
						   : STYLE_SHARED;
}

static void put_mark(const struct picture *p, int row, int cell, enum style style, const char *mark)
{
	if (cell >= 0)
		canvas_text(p->frame->canvas, row, p->bar + cell, 1, style, mark);
}

static void draw_whisker(const struct picture *p, int row, const struct duel_sample *duel)
{
	int from = cell_of(p, duel->p5), to = cell_of(p, duel->p95);

	for (int i = from; from >= 0 && i <= to; i++)
		put_mark(p, row, i, style_of(duel), "─");
	put_mark(p, row, cell_of(p, duel->baseline), STYLE_DIM, "│");
	put_mark(p, row, cell_of(p, duel->median), style_of(duel), "●");
}

/* "pipe 2 CPUs 64 kB processes": what does not fit is left out from the middle. */
static void draw_label(const struct picture *p, int row, const struct duel_sample *duel)
{
	char text[80], parameter[32] = "";
	bool alone = strcmp(duel->duel, "switch") == 0 && duel->parameter == 0;

	if (!alone)
		snprintf(parameter, sizeof(parameter), " %lld %s", (long long)duel->parameter,
			duel->parameter_unit);
	snprintf(text, sizeof(text), "%s%s%s", duel->method, duel->cpus > 1 ? " 2 CPUs" : "",
		parameter);
	put_text(
		p->frame, (struct place) { row, p->rect.col + 1, p->label - 11 }, STYLE_TEXT, text);
	put_text(p->frame, (struct place) { row, p->rect.col + p->label - 9, 9 }, style_of(duel),
		duel->who);
}

static void draw_series(const struct picture *p, int row, const struct duel_sample *duel)
{
	char median[32], text[48];

	draw_label(p, row, duel);
	if (duel->error) {
		snprintf(text, sizeof(text), "cannot be measured: %s", strerror(duel->error));
		put_text(p->frame, (struct place) { row, p->bar, p->bar_cols }, STYLE_WARN, text);
		return;
	}
	draw_whisker(p, row, duel);
	snprintf(text, sizeof(text), "%s %4d",
		value_text(median, sizeof(median), duel->median, duel->unit), duel->trials);
	put_right(p->frame,
		(struct place) { row, p->rect.col + p->rect.cols - NUMBERS, NUMBERS - 1 },
		STYLE_STRONG, text);
}

static void draw_titles(const struct picture *p, int row)
{
	put_text(p->frame, (struct place) { row, p->rect.col + 1, p->label - 1 }, STYLE_DIM,
		"series");
	put_text(p->frame, (struct place) { row, p->bar, p->bar_cols }, STYLE_DIM,
		p->bar_cols < 40 ? "─ p5-p95 ● median │ no work"
				 : "─ p5 to p95  ● median  │ no work (log)");
	put_right(p->frame,
		(struct place) { row, p->rect.col + p->rect.cols - NUMBERS, NUMBERS - 1 },
		STYLE_DIM, "median   n");
}

static void draw_state(const struct picture *p, int row)
{
	const struct duel_state_sample *now = &p->sample->duel;
	struct place at = { row, p->rect.col + 1, p->rect.cols - 2 };
	char text[320];

	if (strcmp(now->state, "running") == 0)
		snprintf(text, sizeof(text), "%s: round %d of %d: %s", now->duel,
			MIN(now->round + 1, now->rounds), now->rounds, now->current);
	else
		snprintf(text, sizeof(text), "%s%s%s%s%s", now->state, *now->note ? ": " : "",
			now->note, *now->card ? " · " : "", now->card);
	put_text(p->frame, at, strcmp(now->state, "failed") == 0 ? STYLE_DEAD : STYLE_DIM, text);
}

/* What can be said, as many sentences as there are rows. */
static void draw_sentences(const struct picture *p, int row, int rows)
{
	for (size_t i = 0; i < p->sample->contrasts.n && rows > 0; i++) {
		const struct contrast_sample *contrast = &p->sample->contrasts.at[i];
		struct rect r = { row, p->rect.col + 1, rows, p->rect.cols - 2 };
		char text[360];

		snprintf(text, sizeof(text), "%s%s: %s", contrast->method,
			contrast->cpus > 1 ? ", two CPUs" : "", contrast->text);
		int used = put_wrapped(p->frame, r,
			contrast->verdict == CONTRAST_LESS || contrast->verdict == CONTRAST_MORE
				? STYLE_STRONG
				: STYLE_DIM,
			text);
		row += used;
		rows -= used;
	}
}

static void draw_invitation(const struct picture *p)
{
	struct rect r = { p->rect.row + 1, p->rect.col + 1, p->rect.rows - 1, p->rect.cols - 2 };

	put_wrapped(p->frame, r, STYLE_TEXT,
		p->frame->ui->caption
			? "Nothing was measured yet: Space does it."
			: "Nothing was measured yet. A key of this pane starts a duel: processes "
			  "beside threads, in turns, on pinned CPUs, in a host of its own. The "
			  "crews "
			  "go on meanwhile: stop or slow them for narrow spreads, or run "
			  "'taskscope "
			  "measure'.");
}

static void draw(struct frame *frame, const struct area *area)
{
	const struct rect *left = &area->half[SIDE_LEFT], *right = &area->half[SIDE_RIGHT];
	const struct sample *sample = model_sample(frame->model);
	struct picture p = { .frame = frame,
		.rect = { left->row, left->col, left->rows, right->col + right->cols - left->col },
		.sample = sample,
		.axis = axis_of(sample) };
	int n = (int)sample->duels.n, rows, top;

	frame->ui->fields[area->pane].n = 0;
	p.label = MIN(LABEL, p.rect.cols / 3 + 4);
	p.bar = p.rect.col + p.label + 2;
	p.bar_cols = MAX(p.rect.cols - p.label - NUMBERS - 3, 0);
	if (!*sample->duel.state) {
		draw_invitation(&p);
		return;
	}
	/* A third is for words, but beside a scene, which has its own; while it runs, the newest series are in sight. */
	rows = p.rect.rows - 2 - (frame->ui->caption ? 0 : p.rect.rows / 3);
	rows = MAX(MIN(n, rows), 1);
	frame->ui->duel.rows = n;
	scroll_show(&frame->ui->duel, n, rows, frame->ui->duel_at);
	top = frame->ui->duel.top;
	draw_state(&p, p.rect.row);
	draw_titles(&p, p.rect.row + 1);
	for (int i = 0; i < rows && top + i < n; i++)
		draw_series(&p, p.rect.row + 2 + i, &sample->duels.at[top + i]);
	draw_sentences(&p, p.rect.row + 2 + rows, p.rect.rows - 2 - rows);
	if (n > rows)
		frame_note(frame, area, "%d to %d of %d series", top + 1, MIN(top + rows, n), n);
}

static int want(const struct ui *ui)
{
	return ui->duel.rows + 12;
}

static void move(struct ui *ui, struct model *model, enum command_id command)
{
	ui->duel_at = scroll_move(&ui->duel, ui->duel_at, command);
}

const struct pane pane_duel = {
	.min_rows = 8,
	.weight = 3,
	.whole = true,
	.needs = NEED_TASKS,
	.want = want,
	.draw = draw,
	.move = move,
};
