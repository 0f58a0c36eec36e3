/* SPDX-License-Identifier: MIT
 * The duel pane: every series that was measured as a row, its median and its spread from the 5th to the 95th percentile
 * on one axis, all numbers of the selected one, and the sentences. Alone knows the axis: logarithmic, one for all rows.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "duel_look.h"

#define LABEL 42 /* cells, at most: "clone ..+SYSVSEM 1024 MB processes" */
#define HEAD 3 /* rows above the series */
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
		widen(&axis, sample->duels.at[i].rss_kb);
		widen(&axis, sample->duels.at[i].uss_kb);
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

static bool is_memory(const struct duel_sample *duel)
{
	return strcmp(duel->duel, "memory") == 0;
}

/* Memory has one number a trial, and three ways to count it: what is private, PSS, and the sum of RSS. */
static void draw_memory(const struct picture *p, int row, const struct duel_sample *duel)
{
	int from = cell_of(p, duel->uss_kb), to = cell_of(p, duel->rss_kb);

	for (int i = from; from >= 0 && i <= to; i++)
		put_mark(p, row, i, style_of(duel), "─");
	put_mark(p, row, from, style_of(duel), "P");
	put_mark(p, row, to, style_of(duel), "R");
	put_mark(p, row, cell_of(p, duel->median), style_of(duel), "●");
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
	char text[80], parameter[32] = "", amount[24];
	bool alone = strcmp(duel->duel, "switch") == 0 && duel->parameter == 0;

	if (!alone)
		snprintf(parameter, sizeof(parameter), " %s",
			duel_amount(amount, sizeof(amount), duel->parameter, duel->parameter_unit));
	snprintf(text, sizeof(text), "%s%s%s", is_memory(duel) ? "" : duel->method,
		duel->cpus > 1 ? " 2 CPUs" : "", parameter);
	put_text(p->frame, (struct place) { row, p->rect.col + 1, p->label - 11 }, STYLE_TEXT,
		text + (text[0] == ' '));
	put_text(p->frame, (struct place) { row, p->rect.col + p->label - 9, 9 }, style_of(duel),
		duel->who);
}

static const char *why_not(const struct duel_sample *duel)
{
	return duel->note[0]           ? duel->note
	       : duel->error == ENODEV ? "needs two CPUs"
				       : strerror(duel->error);
}

static void draw_series(const struct picture *p, int row, const struct duel_sample *duel)
{
	char median[32], text[120];

	draw_label(p, row, duel);
	if (duel->error) {
		snprintf(text, sizeof(text), "cannot be measured: %s", why_not(duel));
		put_text(p->frame, (struct place) { row, p->bar, p->bar_cols }, STYLE_WARN, text);
		return;
	}
	if (is_memory(duel))
		draw_memory(p, row, duel);
	else
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
	bool narrow = p->bar_cols < 40;

	put_text(p->frame, (struct place) { row, p->bar, p->bar_cols }, STYLE_DIM,
		p->sample->duels.n && is_memory(&p->sample->duels.at[0])
			? narrow ? "P private ● PSS R sum of RSS"
				 : "P private  ● PSS  R sum of RSS (log)"
		: narrow ? "─ p5-p95 ● median │ no work"
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
		snprintf(text, sizeof(text), "%s: round %d of %d: %s%s%s", now->duel,
			MIN(now->round + 1, now->rounds), now->rounds, now->current,
			*now->card ? " · " : "", now->card);
	else
		snprintf(text, sizeof(text), "%s%s%s%s%s", now->state, *now->note ? ": " : "",
			now->note, *now->card ? " · " : "", now->card);
	put_text(p->frame, at, strcmp(now->state, "failed") == 0 ? STYLE_DEAD : STYLE_DIM, text);
}

/* What each duel will vary, and whose slider the keys move. */
static void draw_sliders(const struct picture *p, int row)
{
	static const enum command_id keys[DUELS] = { CMD_DUEL_SWITCH, CMD_DUEL_CREATE,
		CMD_DUEL_TALK, CMD_DUEL_MEMORY };
	const struct ui *ui = p->frame->ui;
	int col = p->rect.col + 1, end = p->rect.col + p->rect.cols - 1;

	for (int duel = 0; duel < DUELS; duel++) {
		char key[16], text[64], amount[24];
		bool chosen = duel == ui_duel_chosen(ui);

		key_name(command_table[keys[duel]].keys[0], key, sizeof(key));
		duel_amount(amount, sizeof(amount), ui_duel_parameter(ui, duel),
			duel_table[duel].parameter_unit);
		snprintf(text, sizeof(text), "%s%s %s%s", duel_table[duel].name, chosen ? " <" : "",
			amount, chosen ? " >" : "");
		put_text(p->frame, (struct place) { row, col, end - col }, STYLE_KEY, key);
		put_text(p->frame, (struct place) { row, col + 2, end - col - 2 },
			chosen ? STYLE_STRONG : STYLE_DIM, text);
		col += 2 + text_width(text) + 2;
	}
}

/* All numbers of the selected series, the focused one marked. Returns the rows used. */
static int draw_numbers(
	const struct picture *p, const struct area *area, int row, const struct duel_sample *duel)
{
	int n, first = row, left = p->rect.col + 1, end = p->rect.col + p->rect.cols - 1,
	       col = left;
	const int bottom = p->rect.row + p->rect.rows;
	const struct duel_number *list = duel_numbers(duel, &n);

	for (int i = 0; i < n && row < bottom; i++) {
		char value[32];
		int label = text_width(list[i].label) + 1, cols;

		duel_number_text(value, sizeof(value), duel, &list[i]);
		cols = text_width(value);
		if (col > left && col + label + cols > end) {
			row++;
			col = left;
		}
		if (row == bottom)
			break;
		put_text(
			p->frame, (struct place) { row, col, end - col }, STYLE_DIM, list[i].label);
		put_text(p->frame, (struct place) { row, col + label, end - col - label },
			style_of(duel), value);
		if (i == MIN(p->frame->ui->duel.number, n - 1))
			number_focus(
				p->frame, area, (struct place) { row, col + label, MAX(cols, 1) });
		col += label + cols + 2;
	}
	if (duel->note[0] && row + 1 < bottom) {
		struct rect r = { row + 1, left, MIN(bottom - row - 1, 2), p->rect.cols - 2 };
		row += put_wrapped(p->frame, r, STYLE_WARN, duel->note);
	}
	return row - first + 1;
}

/* Whether a sentence is about the selected series. */
static bool is_about(const struct contrast_sample *contrast, const struct duel_sample *duel)
{
	return strcmp(contrast->method, duel->method) == 0 && contrast->cpus == duel->cpus &&
	       contrast->parameter == duel->parameter;
}

static int draw_sentence(
	const struct picture *p, int row, int rows, const struct contrast_sample *contrast)
{
	struct rect r = { row, p->rect.col + 1, rows, p->rect.cols - 2 };
	bool decided = contrast->verdict == CONTRAST_LESS || contrast->verdict == CONTRAST_MORE,
	     of_kinds = strstr(contrast->key, "threads") != NULL;
	const struct duel_info *info = &duel_table[MAX(duel_find(contrast->duel), 0)];
	char place[80] = "", amount[24], text[400];

	if (of_kinds && info != &duel_table[DUEL_MEMORY])
		snprintf(place, sizeof(place), "%s%s", contrast->method,
			contrast->cpus > 1 ? ", two CPUs" : "");
	if (contrast->parameter > 0 && !strstr(contrast->text, "ballast"))
		snprintf(place + strlen(place), sizeof(place) - strlen(place), "%s%s",
			place[0] ? ", " : "",
			duel_amount(
				amount, sizeof(amount), contrast->parameter, info->parameter_unit));
	snprintf(text, sizeof(text), "%s%s%s", place, place[0] ? ": " : "", contrast->text);
	return put_wrapped(p->frame, r, decided ? STYLE_STRONG : STYLE_DIM, text);
}

/* What can be said, as many sentences as there are rows: of the selected series first. */
static void draw_sentences(const struct picture *p, int row, const struct duel_sample *duel)
{
	int end = p->rect.row + p->rect.rows;

	for (int about = 1; about >= 0; about--)
		for (size_t i = 0; i < p->sample->contrasts.n && row < end; i++)
			if (is_about(&p->sample->contrasts.at[i], duel) == (about == 1))
				row += draw_sentence(
					p, row, end - row, &p->sample->contrasts.at[i]);
}

static void draw_cursor(const struct picture *p, const struct area *area, int row)
{
	canvas_text(p->frame->canvas, row, p->rect.col, 1, STYLE_FOCUS, "▸");
	if (area->focused)
		canvas_mark(p->frame->canvas, (struct rect) { row, p->rect.col, 1, p->rect.cols },
			CELL_SELECTED);
}

static void draw_invitation(const struct picture *p)
{
	int top = p->frame->ui->caption ? 1 : HEAD;
	struct rect r = { p->rect.row + top, p->rect.col + 1, p->rect.rows - top,
		p->rect.cols - 2 };

	put_wrapped(p->frame, r, STYLE_TEXT,
		p->frame->ui->caption
			? "Nothing was measured yet: Space does it."
			: "Nothing was measured yet. A key starts a duel: processes beside "
			  "threads, in turns, on pinned CPUs, in a host of its own; < and > vary "
			  "the last one: working set, ballast, bytes or workers. The crews go on "
			  "meanwhile: stop or slow them for narrow spreads, or run 'taskscope "
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
	struct duel_look *look = &frame->ui->duel;
	int n = (int)sample->duels.n, rows, row;
	/* a scene has keys of its own: no sliders */
	int head = frame->ui->caption ? HEAD - 1 : HEAD;

	frame->ui->fields[area->pane].n = 0;
	p.label = MIN(LABEL, MAX(p.rect.cols / 3, 30));
	p.bar = p.rect.col + p.label + 2;
	p.bar_cols = MAX(p.rect.cols - p.label - NUMBERS - 3, 0);
	if (!*sample->duel.state) {
		if (!frame->ui->caption)
			draw_sliders(&p, p.rect.row + 1);
		draw_invitation(&p);
		return;
	}
	draw_state(&p, p.rect.row);
	if (!frame->ui->caption)
		draw_sliders(&p, p.rect.row + 1);
	draw_titles(&p, p.rect.row + head - 1);
	if (n == 0)
		return;
	/* A third is for numbers and words, but beside a scene, which has its own. */
	rows = p.rect.rows - head - (frame->ui->caption ? 0 : p.rect.rows / 3);
	rows = MAX(MIN(n, rows), 1);
	look->at = MIN(look->at, n - 1);
	scroll_show(&look->scroll, n, rows, look->at);
	for (int i = 0; i < rows && look->scroll.top + i < n; i++)
		draw_series(&p, p.rect.row + head + i, &sample->duels.at[look->scroll.top + i]);
	row = p.rect.row + head + rows;
	/* beside a scene the sentences say more, until somebody looks closer */
	if (!frame->ui->caption || area->focused) {
		draw_cursor(&p, area, p.rect.row + head + look->at - look->scroll.top);
		row += draw_numbers(&p, area, row, &sample->duels.at[look->at]);
	}
	draw_sentences(&p, row, &sample->duels.at[look->at]);
	frame->ui->shown_row = p.rect.row + head + look->at - look->scroll.top;
	if (n > rows)
		frame_note(frame, area, "%d to %d of %d series", look->scroll.top + 1,
			MIN(look->scroll.top + rows, n), n);
}

static int want(const struct ui *ui)
{
	return ui->duel.scroll.rows + 14;
}

const struct pane pane_duel = {
	.min_rows = 8,
	.weight = 3,
	.whole = true,
	.needs = NEED_TASKS,
	.want = want,
	.draw = draw,
	.command = duel_command,
	.move = duel_move,
	.number = duel_number,
};
