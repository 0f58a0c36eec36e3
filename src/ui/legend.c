/* SPDX-License-Identifier: MIT
 * What a pane says about itself: its key fact in the first row, in plain words, and in the rows that it leaves free at its
 * end what its signs and abbreviations mean.
 */
#include <stdio.h>
#include <string.h>

#include "frame.h"

#define LEGEND_GAP 3 /* cells between two signs */

static void put_fact(struct frame *frame, struct place at, const char *text)
{
	put_text(frame, at, frame->fact_style, text);
	canvas_mark(frame->canvas, (struct rect) { at.row, at.col, 1, at.cols }, CELL_BOLD);
}

static bool is_unknown(const char *text)
{
	return strncmp(text, "–", strlen("–")) == 0;
}

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
		if (is_unknown(text))
			frame->fact_style = STYLE_DIM;
		of_both = of_both && side == SIDE_RIGHT && !text[0];
		if (text[0])
			put_fact(frame, at, text);
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
	bool draws; /* else it only counts */
};

static void flow_put(struct flow *flow, const struct sign *sign)
{
	/* a sign is read as such, a word needs a colon */
	const char *colon = text_width(sign->sign) > 1 ? ":" : "";
	const int cols = text_width(sign->sign) + text_width(colon) + 1 + text_width(sign->words);
	struct place at;

	if (!flow->used || flow->col + cols > flow->end) {
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

/* The signs of the pane, then the titles of columns that do not explain themselves. */
static void flow_all(struct flow *flow, const struct panel *panel)
{
	const struct table *table = &panel->table;

	for (const struct sign *sign = panel->legend; sign && sign->words; sign++)
		flow_put(flow, sign);
	for (int i = 0; i < table->n; i++) {
		const struct column *column = &table->columns[i];

		if (table->slots[i].width && column->gloss)
			flow_put(flow, &(struct sign) {
					       table_title(table, i), STYLE_TEXT, column->gloss });
	}
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
	char text[sizeof(frame->note)] = "", one[96];
	size_t len = 0;

	for (const struct sign *sign = area->panel->legend; sign && sign->words; sign++) {
		const int n = snprintf(one, sizeof(one), "%s%s%s %s", len ? "  " : "", sign->sign,
			text_width(sign->sign) > 1 ? ":" : "", sign->words);

		if (text_width(text) + text_width(one) > cols || len + (size_t)n >= sizeof(text))
			break;
		memcpy(text + len, one, (size_t)n + 1);
		len += (size_t)n;
	}
	if (len)
		frame_note(frame, "%s", text);
}

int legend_draw(struct frame *frame, const struct area *area)
{
	const struct rect *half = area->half;
	const int free = rows_free(frame, half);
	struct flow flow = { .frame = frame,
		.first = half->col + 1,
		.end = half[SIDE_RIGHT].col + half[SIDE_RIGHT].cols - 1 };
	int rows;

	flow_all(&flow, area->panel);
	rows = MIN(flow.used, free);
	if (!rows && !frame->note[0])
		note_signs(frame, area);
	flow.row = half->row + half->rows - rows;
	flow.rows = rows;
	flow.used = 0;
	flow.draws = true;
	canvas_fill(frame->canvas, (struct rect) { flow.row, frame->divider, rows, 1 }, " ",
		STYLE_TEXT);
	flow_all(&flow, area->panel);
	return rows;
}
