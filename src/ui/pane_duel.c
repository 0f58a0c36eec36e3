/* SPDX-License-Identifier: MIT
 * The duel pane: every series that was measured as a row on one axis, all numbers of the selected one, the sentences, and the
 * machine that they are of.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "pane_duel.h"

#define LABEL 42 /* cells, at most: "clone ..+SYSVSEM 1024 MB processes" */
#define HEAD 3 /* rows above the series */
#define TICKS_ROWS 14 /* of a pane in which the axis has a row for its numbers */
#define ROOMY_ROWS 26 /* ... and its parts have air between them */
#define NUMBERS 18 /* cells: "  6.59 µs  12 " */

struct duel_picture {
	struct frame *frame;
	struct duel_pane *state;
	struct rect rect; /* the whole content */
	const struct sample *sample;
	struct duel_axis axis;
	int label;
	bool roomy; /* air between the parts */
};

#define USUAL (-1) /* before the first stop: what a duel measures by itself */

/* The stops of each slider, within the bounds of the table of duels. */
static const struct {
	int n;
	int64_t at[8];
} stops[DUELS] = {
	[DUEL_SWITCH] = { 7, { 0, 16, 64, 256, 1024, 4096, 16384 } },
	[DUEL_CREATE] = { 5, { 0, 16, 64, 256, 1024 } },
	[DUEL_TALK] = { 6, { 8, 64, 1024, 4096, 65536, 1048576 } },
	[DUEL_MEMORY] = { 6, { 1, 2, 4, 8, 16, 32 } },
};

static const char *value_text(char *out, size_t size, double value, const char *unit)
{
	if (isnan(value))
		return snprintf(out, size, "–"), out;
	if (strcmp(unit, "ns") == 0)
		return format_fine_ns(out, size, value);
	return format_kb(out, size, (int64_t)value);
}

/* "pipe 2 CPUs 64 kB processes": what does not fit is left out from the middle. */
static void draw_label(const struct duel_picture *p, int row, const struct duel_sample *duel)
{
	char text[80], parameter[32] = "", amount[24];
	bool alone = strcmp(duel->duel, "switch") == 0 && duel->parameter == 0;

	if (!alone)
		snprintf(parameter, sizeof(parameter), " %s",
			duel_amount(amount, sizeof(amount), duel->parameter, duel->parameter_unit));
	snprintf(text, sizeof(text), "%s%s%s", duel_is_memory(duel) ? "" : duel->method,
		duel->cpus > 1 ? " 2 CPUs" : "", parameter);
	put_text(p->frame, (struct place) { row, p->rect.col + 1, p->label - 11 }, STYLE_TEXT,
		text + (text[0] == ' '));
	put_text(p->frame, (struct place) { row, p->rect.col + p->label - 9, 9 }, duel_style(duel),
		duel->who);
}

static const char *why_not(const struct duel_sample *duel)
{
	if (duel->note[0])
		return duel->note;
	return duel->error == ENODEV ? "needs two CPUs" : strerror(duel->error);
}

static bool delivers_wrong_data(const struct duel_sample *duel)
{
	return strncmp(duel->note, "wrong data", 10) == 0;
}

static void draw_series(const struct duel_picture *p, int row, const struct duel_sample *duel)
{
	char median[32], text[120];

	draw_label(p, row, duel);
	if (duel->error) {
		snprintf(text, sizeof(text), "cannot be measured: %s", why_not(duel));
		put_text(p->frame, (struct place) { row, p->axis.col, p->axis.cols }, STYLE_WARN,
			text);
		return;
	}
	if (delivers_wrong_data(duel))
		put_text(p->frame, (struct place) { row, p->axis.col, p->axis.cols }, STYLE_WARN,
			"! delivers wrong data: no time to compare");
	else
		duel_axis_draw_series(p->frame, &p->axis, row, duel);
	snprintf(text, sizeof(text), "%s %4d",
		value_text(median, sizeof(median), duel->median, duel->unit), duel->trials);
	put_right(p->frame,
		(struct place) { row, p->rect.col + p->rect.cols - NUMBERS, NUMBERS - 1 },
		STYLE_STRONG, text);
}

static const char *legend_of(const struct duel_picture *p)
{
	static const char *const legends[2][2] = {
		{ "● median  ━ middle half  ─ p5 to p95  │ no work (log)",
			"● median ━half ─p5-95 │no work" },
		{ "P private  ● PSS  R sum of RSS (log)", "P private ● PSS R sum of RSS" },
	};
	const bool memory = p->sample->duels.n && duel_is_memory(&p->sample->duels.at[0]);

	return legends[memory][p->axis.cols < 40];
}

static void draw_titles(const struct duel_picture *p, int row)
{
	put_text(p->frame, (struct place) { row, p->rect.col + 1, p->label - 1 }, STYLE_DIM,
		"series");
	/* up to the word above the numbers, which stands at their right */
	put_text(p->frame, (struct place) { row, p->axis.col, p->axis.cols + NUMBERS - 11 },
		STYLE_DIM, legend_of(p));
	put_right(p->frame,
		(struct place) { row, p->rect.col + p->rect.cols - NUMBERS, NUMBERS - 1 },
		STYLE_DIM, "median   n");
}

static void draw_state(const struct duel_picture *p, int row, bool with_card)
{
	const struct duel_state_sample *now = &p->sample->duel;
	const char *card = with_card ? now->card : "", *dot = *card ? " · " : "";
	struct place at = { row, p->rect.col + 1, p->rect.cols - 2 };
	char text[960];

	if (strcmp(now->state, "running") == 0)
		snprintf(text, sizeof(text), "%s: round %d of %d: %s%s%s", now->duel,
			MIN(now->round + 1, now->rounds), now->rounds, now->current, dot, card);
	else
		snprintf(text, sizeof(text), "%s%s%s%s%s", now->state, *now->note ? ": " : "",
			now->note, dot, card);
	put_text(p->frame, at, strcmp(now->state, "failed") == 0 ? STYLE_DEAD : STYLE_DIM, text);
}

/* The machine that the numbers are of, on the last rows, if it fits below `row`. */
static bool draw_card(const struct duel_picture *p, int row)
{
	const int end = p->rect.row + p->rect.rows, cols = p->rect.cols - 2;
	char text[700];

	if (!*p->sample->duel.card)
		return false;
	snprintf(text, sizeof(text), "this machine: %s", p->sample->duel.card);
	const int rows = wrapped_rows(text, cols);
	if (row + 1 + rows > end)
		return false;
	put_wrapped(p->frame, (struct rect) { end - rows, p->rect.col + 1, rows, cols }, STYLE_DIM,
		text);
	return true;
}

/* What each duel will vary, and whose slider the keys move. */
static void draw_sliders(const struct duel_picture *p, int row)
{
	static const enum command_id keys[DUELS] = { CMD_DUEL_SWITCH, CMD_DUEL_CREATE,
		CMD_DUEL_TALK, CMD_DUEL_MEMORY };
	int col = p->rect.col + 1, end = p->rect.col + p->rect.cols - 1;

	for (int duel = 0; duel < DUELS; duel++) {
		char key[16], text[64], amount[24];
		bool chosen = duel == p->state->chosen;

		key_name(command_table[keys[duel]].keys[0], key, sizeof(key));
		duel_amount(amount, sizeof(amount), ui_duel_parameter(p->frame->ui, duel),
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
static int draw_numbers(const struct duel_picture *p, const struct area *area, int row,
	const struct duel_sample *duel)
{
	int n, first = row, left = p->rect.col + 1, end = p->rect.col + p->rect.cols - 1,
	       col = left;
	const int bottom = p->rect.row + p->rect.rows;
	const struct duel_number *list = duel_numbers(duel, &n);

	for (int i = 0; i < n && row < bottom; i++) {
		char value[32];
		int label = text_width(list[i].label) + 1, cols;

		duel_number_text(
			value, sizeof(value), duel, &list[i], p->state->facts[duel_index(duel)][i]);
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
			duel_style(duel), value);
		if (i == MIN(p->state->number, n - 1))
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
	const struct duel_picture *p, int row, int rows, const struct contrast_sample *contrast)
{
	struct rect r = { row, p->rect.col + 1, rows, p->rect.cols - 2 };
	bool decided = contrast->verdict <= CONTRAST_EQUAL,
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

/* What can be said, as many sentences as there are rows: of the selected series first. Returns the row after them. */
static int draw_sentences(const struct duel_picture *p, int row, const struct duel_sample *duel)
{
	int end = p->rect.row + p->rect.rows;

	for (int about = 1; about >= 0; about--)
		for (size_t i = 0; i < p->sample->contrasts.n && row < end; i++)
			if (is_about(&p->sample->contrasts.at[i], duel) == (about == 1))
				row += draw_sentence(
					p, row, end - row, &p->sample->contrasts.at[i]);
	return row;
}

static void draw_cursor(const struct duel_picture *p, const struct area *area, int row)
{
	canvas_text(p->frame->canvas, row, p->rect.col, 1, STYLE_FOCUS, "▸");
	if (area->focused)
		canvas_mark(p->frame->canvas, (struct rect) { row, p->rect.col, 1, p->rect.cols },
			CELL_SELECTED);
}

static void draw_invitation(const struct duel_picture *p)
{
	int top = p->frame->ui->caption ? 1 : HEAD;
	struct rect r = { p->rect.row + top, p->rect.col + 1, p->rect.rows - top,
		p->rect.cols - 2 };

	put_wrapped(p->frame, r, STYLE_TEXT,
		p->frame->ui->caption
			? "Nothing was measured yet."
			: "Nothing was measured yet. A key starts a duel: processes beside "
			  "threads, in turns, on pinned CPUs, in a host of its own; < and > vary "
			  "the last one: working set, ballast, bytes or workers. The crews go on "
			  "meanwhile: stop or slow them for narrow spreads, or run 'taskscope "
			  "measure'.");
}

/* The series that have room, from row on, and the axis below them. Returns the row after that. */
static int draw_list(const struct duel_picture *p, int row, int rows, int ticks)
{
	const struct scroll *scroll = &p->state->scroll;

	for (int i = 0; i < rows && scroll->top + i < (int)p->sample->duels.n; i++)
		draw_series(p, row + i, &p->sample->duels.at[scroll->top + i]);
	if (ticks)
		duel_axis_draw_ticks(
			p->frame, &p->axis, row + rows, duel_is_memory(&p->sample->duels.at[0]));
	return row + rows + ticks;
}

/* All of the selected series, and where its row is marked. Returns the row after it. */
static int draw_selected(const struct duel_picture *p, const struct area *area, int row, int marked)
{
	const struct duel_sample *duel = &p->sample->duels.at[p->state->at];
	char amount[24], text[120];

	draw_cursor(p, area, marked);
	if (p->roomy) {
		duel_amount(amount, sizeof(amount), duel->parameter, duel->parameter_unit);
		snprintf(text, sizeof(text), "▸ %s by %s, %s, %s, in %d trials:", duel->duel,
			duel->who, duel->method, amount, duel->trials);
		put_text(p->frame, (struct place) { ++row, p->rect.col, p->rect.cols - 1 },
			duel_style(duel), text);
		row++;
	}
	return row + draw_numbers(p, area, row, duel) + p->roomy;
}

static void draw_results(struct duel_picture *p, const struct area *area, int head)
{
	struct ui *ui = p->frame->ui;
	struct duel_pane *state = p->state;
	/* beside a scene the sentences say more, until somebody looks closer */
	const bool closer = !ui->caption || area->focused;
	const int n = (int)p->sample->duels.n, ticks = !ui->caption && p->rect.rows >= TICKS_ROWS;
	/* A third is for numbers and words, but beside a scene, which has its own. */
	int rows = p->rect.rows - head - ticks - (ui->caption ? 0 : p->rect.rows / 3), row;

	rows = MAX(MIN(n, rows), 1);
	p->roomy = !ui->caption && p->rect.rows >= ROOMY_ROWS;
	state->at = MIN(state->at, n - 1);
	scroll_show(&state->scroll, n, rows, state->at);
	ui->shown_row = p->rect.row + head + state->at - state->scroll.top;
	row = draw_list(p, p->rect.row + head, rows, ticks);
	if (closer)
		row = draw_selected(p, area, row, ui->shown_row);
	row = draw_sentences(p, row, &p->sample->duels.at[state->at]);
	draw_state(p, p->rect.row, ui->caption || !draw_card(p, row));
	if (n > rows)
		frame_note(p->frame, "%d to %d of %d series", state->scroll.top + 1,
			MIN(state->scroll.top + rows, n), n);
}

static void pane_duel_draw(struct frame *frame, const struct area *area)
{
	const struct rect *left = &area->half[SIDE_LEFT], *right = &area->half[SIDE_RIGHT];
	const struct sample *sample = model_sample(frame->model);
	struct duel_picture p = { .frame = frame,
		.state = area->panel->state,
		.rect = { left->row, left->col, left->rows, right->col + right->cols - left->col },
		.sample = sample };
	/* a scene has keys of its own: no sliders */
	const int head = frame->ui->caption ? HEAD - 1 : HEAD;

	p.label = MIN(LABEL, MAX(p.rect.cols / 3, 30));
	p.axis = duel_axis_of(
		sample, p.rect.col + p.label + 2, MAX(p.rect.cols - p.label - NUMBERS - 3, 0));
	if (!frame->ui->caption)
		draw_sliders(&p, p.rect.row + 1);
	if (!*sample->duel.state) {
		draw_invitation(&p);
		return;
	}
	draw_titles(&p, p.rect.row + head - 1);
	if (sample->duels.n)
		draw_results(&p, area, head);
	else
		draw_state(&p, p.rect.row, true);
}

static int pane_duel_want(const struct panel *panel)
{
	return ((const struct duel_pane *)panel->state)->scroll.rows + 14;
}

const struct pane pane_duel = {
	.info = { "duel", "Duel",
		"what a switch, a birth, a message cost: processes beside threads", "duel" },
	.min_rows = 8,
	.shows_keys = true,
	.weight = 3,
	.whole = true,
	.needs = NEED_TASKS,
	.size = sizeof(struct duel_pane),
	.init = duel_init,
	.want = pane_duel_want,
	.draw = pane_duel_draw,
	.command = pane_duel_command,
	.move = pane_duel_move,
	.number = pane_duel_number,
};

/* --- what the pane offers --- */

static struct duel_pane *state_of(const struct ui *ui)
{
	return pane_state(ui, &pane_duel);
}

int64_t ui_duel_parameter(const struct ui *ui, int duel)
{
	int stop = state_of(ui)->stop[duel];

	return stop > 0 ? stops[duel].at[stop - 1] : USUAL;
}

void ui_duel_choose(struct ui *ui, int duel)
{
	state_of(ui)->chosen = duel;
}

int ui_duel_chosen(const struct ui *ui)
{
	return state_of(ui)->chosen;
}

bool ui_duel_slide(struct ui *ui, int step)
{
	struct duel_pane *state = state_of(ui);
	int *stop = &state->stop[state->chosen];
	int to = MAX(MIN(*stop + step, stops[state->chosen].n), 0);
	bool moved = to != *stop;

	*stop = to;
	return moved;
}
