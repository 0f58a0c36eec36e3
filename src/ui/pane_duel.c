/* SPDX-License-Identifier: MIT
 * The duel pane: every series that was measured as a row on one axis, all numbers of the selected one, the sentences, and the
 * machine that they are of.
 */

#include "pane_duel.h"

#define LABEL 42 /* cells, at most: "clone ..+SYSVSEM 1024 MB processes" */
#define HEAD 2 /* rows above the series: what can be measured, titles */
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
	bool memory; /* not times are on the axis */
	bool roomy; /* air between the parts */
};

#define ALONE ": on one CPU, tasks that touch no memory"
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
	char text[80], parameter[32] = "";
	bool alone = strcmp(duel->duel, "switch") == 0 && duel->parameter == 0;

	if (!alone)
		snprintf(parameter, sizeof(parameter), " %s",
			TEXT_OF(duel_amount, duel->parameter, duel->parameter_unit));
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

static void draw_series(const struct duel_picture *p, int row, const struct duel_sample *duel)
{
	char median[32], text[200];

	draw_label(p, row, duel);
	if (duel->error) {
		snprintf(text, sizeof(text), "cannot be measured: %s", why_not(duel));
		put_text(p->frame, (struct place) { row, p->axis.col, p->axis.cols }, STYLE_WARN,
			text);
		return;
	}
	if (strncmp(duel->note, "wrong data", 10) == 0)
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

static const struct sign legend[] = {
	{ "● ━ ─", STYLE_STRONG, "median of n trials, their middle half, nine of ten" },
	{ "│", STYLE_DIM, "empty loop: the same without what is measured" },
	{ "pipe, futex, yield", STYLE_TEXT, "how one wakes the other: a pipe, a word, giving way" },
	{ "< default >", STYLE_TEXT, "the size, which < and > change" },
	{ "CLONE_VM", STYLE_TEXT, "processes that share their memory, by clone()" },
	{ "( to )", STYLE_TEXT,
		"how many times as long the first takes, in 95 of 100 measurements" },
	{ "equal", STYLE_TEXT, "all of that is within 10 % of 1; more, less: its middle is not" },
	{ 0 },
};

static const struct sign memory_legend[] = {
	{ "P", STYLE_STRONG, "what only one process maps" },
	{ "●", STYLE_STRONG, "PSS: a page divided among the processes that map it" },
	{ "R", STYLE_STRONG, "RSS added up: common pages count several times" },
	{ 0 },
};

static const char *axis_title(const struct duel_picture *p)
{
	if (p->axis.cols < 22)
		return p->memory ? "memory" : "time";
	return p->memory ? "memory, on a log scale" : "time, on a log scale";
}

static void draw_titles(const struct duel_picture *p, int row)
{
	put_text(p->frame, (struct place) { row, p->rect.col + 1, p->label - 1 }, STYLE_DIM, "how");
	put_text(p->frame, (struct place) { row, p->rect.col + p->label - 9, 9 }, STYLE_DIM, "who");
	put_text(p->frame, (struct place) { row, p->axis.col, p->axis.cols }, STYLE_DIM,
		axis_title(p));
	put_right(p->frame,
		(struct place) { row, p->rect.col + p->rect.cols - NUMBERS, NUMBERS - 1 },
		STYLE_DIM, "median   n");
}

/* What is measured now, or why not, and which series are in sight. */
static void put_note(const struct duel_picture *p, int from, int to)
{
	const struct duel_state_sample *now = &p->sample->duel;
	const int n = (int)p->sample->duels.n;
	char part[48] = "";

	if (to - from < n)
		snprintf(part, sizeof(part), " · %d to %d of %d", from + 1, to, n);
	if (strcmp(now->state, "failed") == 0)
		frame_alert(p->frame, "failed: %s", now->note);
	else if (strcmp(now->state, "running") == 0)
		frame_note(p->frame, "%s: round %d of %d: %s%s", now->duel,
			MIN(now->round + 1, now->rounds), now->rounds, now->current, part);
	else
		frame_note(
			p->frame, "%s%s%s%s", now->state, *now->note ? ": " : "", now->note, part);
}

/* The machine that the numbers are of, if it fits below `row`. */
static void draw_card(const struct duel_picture *p, int row)
{
	const int end = p->rect.row + p->rect.rows, cols = p->rect.cols - 2;
	char text[700];

	if (!*p->sample->duel.card)
		return;
	snprintf(text, sizeof(text), "this machine: %s", p->sample->duel.card);
	const int rows = wrapped_rows(text, cols);
	if (row + rows < end)
		put_wrapped(p->frame, (struct rect) { row, p->rect.col + 1, rows, cols }, STYLE_DIM,
			text);
}

/* What each duel will vary, and whose slider the keys move. */
static void draw_sliders(const struct duel_picture *p, int row)
{
	static const enum command_id keys[DUELS] = { CMD_DUEL_SWITCH, CMD_DUEL_CREATE,
		CMD_DUEL_TALK, CMD_DUEL_MEMORY };
	int col = p->rect.col + 1, end = p->rect.col + p->rect.cols - 1;

	for (int duel = 0; duel < DUELS; duel++) {
		char key[16], text[64];
		bool chosen = duel == p->state->chosen;

		key_name(command_table[keys[duel]].keys[0], key, sizeof(key));
		snprintf(text, sizeof(text), "%s%s %s%s", duel_table[duel].name, chosen ? " <" : "",
			TEXT_OF(duel_amount, ui_duel_parameter(p->frame->ui, duel),
				duel_table[duel].parameter_unit),
			chosen ? " >" : "");
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

static bool is_decided(const struct contrast_sample *contrast)
{
	return contrast->verdict <= CONTRAST_EQUAL;
}

/* "pipe, 64 kB: processes take 1.33 times as long as threads (1.29 to 1.38)" */
static void put_sentence(const struct contrast_sample *contrast, char *out, size_t size)
{
	const bool of_kinds = strstr(contrast->key, "threads") != NULL;
	const struct duel_info *info = &duel_table[MAX(duel_find(contrast->duel), 0)];
	char place[80] = "";

	if (of_kinds && info != &duel_table[DUEL_MEMORY])
		snprintf(place, sizeof(place), "%s%s", contrast->method,
			contrast->cpus > 1 ? ", two CPUs" : "");
	if (contrast->parameter > 0 && !strstr(contrast->text, "ballast"))
		text_addf(place, sizeof(place), "%s%s", place[0] ? ", " : "",
			TEXT_OF(duel_amount, contrast->parameter, info->parameter_unit));
	snprintf(out, size, "%s%s%s", place, place[0] ? ": " : "", contrast->text);
}

/* The verdict that stands first: of the selected series, if there is one, and of processes and threads before all else. */
static const struct contrast_sample *verdict_of(const struct sample *sample, int at)
{
	const struct contrast_sample *best = NULL, *contrast;
	int most = -1;

	vec_each (contrast, &sample->contrasts) {
		const bool about =
			at < (int)sample->duels.n && is_about(contrast, &sample->duels.at[at]);
		const bool of_sides = strncmp(contrast->key, "processes_vs_threads", 20) == 0;
		const int weight = 4 * about + 2 * of_sides + is_decided(contrast);

		if (weight > most) {
			best = contrast;
			most = weight;
		}
	}
	return best;
}

/* All other sentences, as many as there are rows: of the selected series first. Returns the row after them. */
static int draw_sentences(const struct duel_picture *p, int row, const struct duel_sample *duel)
{
	const struct contrast_sample *first = verdict_of(p->sample, p->state->at), *contrast;
	const int end = p->rect.row + p->rect.rows;
	char text[400];

	for (int about = 1; about >= 0; about--) {
		vec_each (contrast, &p->sample->contrasts) {
			struct rect r = { row, p->rect.col + 1, end - row, p->rect.cols - 2 };

			if (contrast == first || is_about(contrast, duel) != (about == 1) ||
				row >= end)
				continue;
			put_sentence(contrast, text, sizeof(text));
			row += put_wrapped(
				p->frame, r, is_decided(contrast) ? STYLE_TEXT : STYLE_DIM, text);
		}
	}
	return row;
}

extern const struct pane pane_duel;

static struct duel_pane *state_of(const struct ui *ui)
{
	return pane_state(ui, &pane_duel);
}

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	const struct sample *sample = model_sample(frame->model);
	const struct contrast_sample *verdict = verdict_of(sample, state_of(frame->ui)->at);
	char by[24] = "", text[400];

	if (side == SIDE_RIGHT) /* the left one is of both */
		return;
	frame->fact_style = STYLE_STRONG;
	if (verdict) {
		if (strcmp(verdict->duel, "memory") != 0)
			snprintf(by, sizeof(by), "%s by ", verdict->duel);
		put_sentence(verdict, text, sizeof(text));
		snprintf(out, size, "%s%s", by, text);
		if (verdict->cpus == 1 && strcmp(verdict->duel, "switch") == 0 &&
			verdict->parameter <= 0 && text_width(out) + text_width(ALONE) <= cols)
			text_addf(out, size, "%s", ALONE);
		if (text_width(out) > cols || !is_decided(verdict)) /* the interval goes first */
			snprintf(out, size, "%.*s", (int)strcspn(text, "("), text);
	} else if (!*sample->duel.state)
		snprintf(out, size, "– Nothing was measured yet");
	else if (strcmp(sample->duel.state, "running") == 0)
		snprintf(out, size, "– No verdict yet: rounds are measured");
	else
		snprintf(out, size, "– No verdict: too few rounds were measured");
	if (verdict && !is_decided(verdict))
		frame->fact_style = STYLE_DIM;
}

static void draw_cursor(const struct duel_picture *p, const struct area *area, int row)
{
	canvas_text(p->frame->canvas, row, p->rect.col, 1, STYLE_FOCUS, "▸");
	if (area->focused)
		canvas_mark(p->frame->canvas, (struct rect) { row, p->rect.col, 1, p->rect.cols },
			CELL_SELECTED);
}

/* A scene has keys of its own. */
static void draw_invitation(const struct duel_picture *p)
{
	struct rect r = { p->rect.row + HEAD, p->rect.col + 1, p->rect.rows - HEAD,
		p->rect.cols - 2 };

	if (!p->frame->ui->caption)
		put_wrapped(p->frame, r, STYLE_TEXT,
			"Press w, c, l or y to measure: processes beside threads, in turns, on "
			"pinned CPUs, in a host of its own. < and > change the size. Stop the "
			"crews (S) for steadier numbers.");
}

/* The series that have room, from row on, and the axis below them. Returns the row after that. */
static int draw_list(const struct duel_picture *p, int row, int rows, int ticks)
{
	const struct scroll *scroll = &p->state->scroll;

	for (int i = 0; i < rows && scroll->top + i < (int)p->sample->duels.n; i++)
		draw_series(p, row + i, &p->sample->duels.at[scroll->top + i]);
	if (ticks)
		duel_axis_draw_ticks(p->frame, &p->axis, row + rows, p->memory);
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
	if (!ui->caption)
		draw_card(p, row + 1);
	put_note(p, state->scroll.top, MIN(state->scroll.top + rows, n));
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

	p.memory = sample->duels.n && duel_is_memory(&sample->duels.at[0]);
	area->panel->legend = p.memory ? memory_legend : legend;
	p.label = MIN(LABEL, MAX(p.rect.cols / 3, 30));
	p.axis = duel_axis_of(
		sample, p.rect.col + p.label + 2, MAX(p.rect.cols - p.label - NUMBERS - 3, 0));
	if (!frame->ui->caption)
		draw_sliders(&p, p.rect.row);
	if (!*sample->duel.state) {
		draw_invitation(&p);
		return;
	}
	draw_titles(&p, p.rect.row + head - 1);
	if (sample->duels.n)
		draw_results(&p, area, head);
	else
		put_note(&p, 0, 0);
}

static int pane_duel_want(const struct panel *panel)
{
	return ((const struct duel_pane *)panel->state)->scroll.rows + 14;
}

const struct pane pane_duel = {
	.info = { "duel", "Duel",
		"what a switch, a birth, a message cost: processes beside threads", "duel" },
	.of_lab = "What a switch, a birth, a message costs, measured with workers of ours: this is "
		  "for the lab (taskscope live).",
	.min_rows = 8,
	.shows_keys = true,
	.weight = 3,
	.whole = true,
	.needs = NEED_TASKS,
	.size = sizeof(struct duel_pane),
	.init = duel_init,
	.want = pane_duel_want,
	.say = say,
	.draw = pane_duel_draw,
	.command = pane_duel_command,
	.move = pane_duel_move,
	.number = pane_duel_number,
};

/* --- what the pane offers --- */

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
