/* SPDX-License-Identifier: MIT
 * What a pane says about itself: its key fact in the first row, in plain words, and in the rows that it leaves free at its
 * end what its signs and abbreviations mean, and which keys of its own there are.
 */

#include "frame.h"

#define LEGEND_GAP 3 /* cells between two signs */

/* A sentence of both sides stands alone, over the whole width. */
void fact_draw(struct frame *frame, const struct area *area)
{
	const struct rect *half = area->half;
	const struct pane *pane = area->panel->pane;
	bool of_both = pane->whole;

	for (int side = SIDE_RIGHT; side >= SIDE_LEFT; side--) {
		const int end = half[of_both ? SIDE_RIGHT : side].col +
				half[of_both ? SIDE_RIGHT : side].cols;
		struct place at = { half[side].row, half[side].col + 1, end - half[side].col - 2 };
		char text[200] = "";

		frame->fact_style = side_style((enum side)side);
		pane->say(frame, (enum side)side, at.cols, text, sizeof(text));
		if (strncmp(text, "–", strlen("–")) == 0) /* unknown */
			frame->fact_style = STYLE_DIM;
		of_both = of_both && side == SIDE_RIGHT && !text[0];
		put_text(frame, at, frame->fact_style, text);
		if (text[0])
			canvas_mark(frame->canvas, (struct rect) { at.row, at.col, 1, at.cols },
				CELL_BOLD);
		if (frame->fact_number && side == (int)frame->ui->side)
			number_focus(
				frame, area, (struct place) { at.row, at.col, frame->fact_number });
	}
}

/* --- the legend --- */

/* Signs one after the other, as many in a row as there is room for. */
struct flow {
	struct frame *frame;
	int first, end; /* the cells of a row */
	int row, rows; /* where it is; rows that there are */
	int col, used; /* the next free cell, and rows begun */
	bool alone; /* a row each: there is room */
	bool draws; /* else it only counts */
};

static void flow_put(struct flow *flow, const struct sign *sign)
{
	/* a sign is read as such, a word needs a colon */
	const char *colon = text_width(sign->sign) > 1 ? ":" : "";
	const int cols = text_width(sign->sign) + text_width(colon) + 1 + text_width(sign->words);
	struct place at;

	if (!flow->used || flow->alone || flow->col + cols > flow->end) {
		flow->col = flow->first;
		flow->used++;
	}
	at = (struct place) { flow->row + flow->used - 1, flow->col, flow->end - flow->col };
	flow->col += cols + LEGEND_GAP;
	if (!flow->draws || flow->used > flow->rows)
		return;
	at.col += canvas_textf(flow->frame->canvas, at.row, at.col, at.cols, sign->style, "%s%s",
			  sign->sign, colon) +
		  1;
	at.cols = flow->end - at.col;
	put_text(flow->frame, at, STYLE_DIM, sign->words);
}

/* The signs of the pane, then the titles of columns that do not explain themselves: from number *at on. false: no more. */
static bool next_sign(const struct panel *panel, int *at, struct sign *ret)
{
	const struct table *table = &panel->table;
	int signs = 0;

	while (panel->legend && panel->legend[signs].words)
		signs++;
	if (*at < signs) {
		*ret = panel->legend[(*at)++];
		return true;
	}
	for (; *at - signs < table->n; ++*at) {
		const struct column *column = &table->columns[*at - signs];

		if (!table->slots[*at - signs].width || !column->gloss)
			continue;
		*ret = (struct sign) { table_title(table, *at - signs), STYLE_TEXT, column->gloss };
		++*at;
		return true;
	}
	return false;
}

/* Returns how many there are. */
static int flow_all(struct flow *flow, const struct panel *panel)
{
	struct sign sign;
	int at = 0, n = 0;

	flow->used = 0;
	for (; next_sign(panel, &at, &sign); n++)
		flow_put(flow, &sign);
	return n;
}

static int rows_free(const struct frame *frame, const struct rect *half)
{
	int n = 0;

	while (n < half->rows && row_is_blank(frame, half->row + half->rows - 1 - n))
		n++;
	return n;
}

/* Where there is no row for it, the title's line has as much of it as fits. */
static void note_signs(struct frame *frame, const struct area *area)
{
	const int cols = frame_note_cols(frame, area);
	char text[sizeof(frame->note)] = "", one[128];
	struct sign sign;
	size_t len = 0;
	int at = 0;

	while (next_sign(area->panel, &at, &sign)) {
		const int n = snprintf(one, sizeof(one), "%s%s%s %s", len ? "  " : "", sign.sign,
			text_width(sign.sign) > 1 ? ":" : "", sign.words);

		if (text_width(text) + text_width(one) > cols || len + (size_t)n >= sizeof(text))
			break;
		memcpy(text + len, one, (size_t)n + 1);
		len += (size_t)n;
	}
	if (len)
		frame_note(frame, "%s", text);
}

/* --- what can be tried --- */

#define TRY_ROWS_MIN 3 /* its heading, a key, and a blank row below */

/* Orders first: those change what is seen. */
static bool is_own_key(const struct area *area, const struct command *command, bool order)
{
	const struct panel *panel = area->panel;

	return area->focused && !panel->pane->shows_keys && !panel->ui->caption && command->pane &&
	       (command->order != NULL) == order && command->keys[0] &&
	       strcmp(command->pane, panel->pane->info.name) == 0 &&
	       bars_offers(panel->ui, command);
}

static void put_try(struct frame *frame, struct place at, const struct command *command)
{
	char key[16];

	key_name(command->keys[0], key, sizeof(key));
	put_text(frame, (struct place) { at.row, at.col, 2 }, STYLE_KEY, key);
	put_text(frame, (struct place) { at.row, at.col + 3, at.cols - 3 }, STYLE_DIM,
		command->help);
}

static void clear_divider(struct frame *frame, int row, int rows)
{
	canvas_fill(frame->canvas, (struct rect) { row, frame->divider, rows, 1 }, " ", STYLE_TEXT);
}

static int own_keys(const struct area *area, const struct command *own[COMMANDS])
{
	int n = 0;

	for (int order = 1; order >= 0; order--)
		for (int i = 1; i < COMMANDS; i++)
			if (is_own_key(area, &command_table[i], order))
				own[n++] = &command_table[i];
	return n;
}

/* The first n of the pane's own keys and what they do, in the rows above `end`. Returns the rows used. */
static int try_draw(struct frame *frame, const struct area *area, int end, int n,
	const struct command *const *own)
{
	const struct rect *half = area->half;
	struct place at = { .col = half->col + 1,
		.cols = half[SIDE_RIGHT].col + half[SIDE_RIGHT].cols - half->col - 3 };

	if (n < 1)
		return 0;
	at.row = end - n - 2;
	clear_divider(frame, at.row, n + 2);
	if (own[0]->order)
		canvas_textf(frame->canvas, at.row, at.col, at.cols, STYLE_TEXT,
			"Try with %s on the %s:",
			TEXT_OF(worker_name, model_side(frame->model, frame->ui->side),
				frame->ui->worker[frame->ui->side]),
			side_name(frame->ui->side));
	else
		canvas_text(frame->canvas, at.row, at.col, at.cols, STYLE_TEXT, "Keys here:");
	for (int i = 0; i < n; i++) {
		at.row++;
		put_try(frame, at, own[i]);
	}
	return n + 2;
}

int legend_draw(struct frame *frame, const struct area *area)
{
	const struct rect *half = area->half;
	const struct command *own[COMMANDS];
	const int free = rows_free(frame, half), keys = own_keys(area, own);
	struct flow flow = { .frame = frame,
		.first = half->col + 1,
		.end = half[SIDE_RIGHT].col + half[SIDE_RIGHT].cols - 1 };
	int rows, tries;

	flow.alone = flow_all(&flow, area->panel) + (keys ? keys + TRY_ROWS_MIN : 1) <= free;
	(void)flow_all(&flow, area->panel);
	rows = MIN(flow.used, free);
	if (!rows && !frame->note[0])
		note_signs(frame, area);
	flow.row = half->row + half->rows - rows;
	flow.rows = rows;
	tries = try_draw(frame, area, flow.row, MIN(keys, free - rows - TRY_ROWS_MIN + 1), own);
	clear_divider(frame, flow.row, rows);
	flow.draws = true;
	(void)flow_all(&flow, area->panel);
	return rows + tries;
}
