/* SPDX-License-Identifier: MIT
 * Draws few things in large: what each pane on the screen comes to, its numbers in big digits, for those who sit far away.
 */
#include <ctype.h>

#include "frame.h"

/* Where the next word goes; it only counts where draws is false. */
struct large_text {
	struct frame *frame;
	struct rect rest;
	int row, col; /* in rest */
	bool draws;
};

/* One word in its style, a number in digits that are three rows high. */
static void put_word(struct large_text *text, enum style style, const char *word)
{
	const bool number = isdigit((unsigned char)*word);
	const int big = number ? digits_cols(word) : 0, cols = big ? big : text_width(word);
	const struct rect *rest = &text->rest;

	if (text->col && text->col + cols > rest->cols) {
		text->row += DIGITS_ROWS + 1;
		text->col = 0;
	}
	const int row = rest->row + text->row, col = rest->col + text->col;
	if (text->draws && big)
		digits_put(text->frame, row, col, style, word);
	else if (text->draws)
		canvas_text(text->frame->canvas, row + 1, col, rest->cols - text->col, STYLE_STRONG,
			word);
	text->col += cols + 1;
}

/* Returns the rows that it takes. "4," is a number, and a comma that nobody needs from afar. */
static int put_fact(
	struct frame *frame, struct rect rest, enum style style, const char *fact, bool draws)
{
	struct large_text text = { .frame = frame, .rest = rest, .draws = draws };
	char word[64];

	for (size_t len; *fact; fact += len) {
		fact += strspn(fact, " ");
		len = strcspn(fact, " ");
		snprintf(word, sizeof(word), "%.*s", (int)len, fact);
		const size_t end = strlen(word);
		if (end > 1 && isdigit((unsigned char)*word) && strchr(",:", word[end - 1]))
			word[end - 1] = '\0';
		if (*word)
			put_word(&text, style, word);
	}
	return text.row + DIGITS_ROWS;
}

/* The key facts of a pane under its name; returns the row below them, or `row` if they have no room. */
static int put_pane(struct frame *frame, const struct panel *panel, int row, int end)
{
	char fact[SIDES][200] = { "", "" };
	int rows = 0;

	for (enum side side = 0; side < SIDES; side++)
		panel->pane->say(frame, side, 10000, fact[side], sizeof(fact[0]));
	const bool both = panel->pane->whole && !*fact[SIDE_RIGHT];
	const int cols = both ? frame->canvas->cols - 4 : frame->half_cols - 2;
	for (int draws = 0; draws < 2; draws++) {
		for (enum side side = 0; side < SIDES; side++) {
			const int col = side == SIDE_LEFT ? 2 : frame->divider + 2;
			const struct rect rest = { row + 1, col, end - row - 1, cols };
			const enum style style = both ? STYLE_STRONG : side_style(side);
			rows = MAX(rows, put_fact(frame, rest, style, fact[side], draws));
		}
		if (row + 1 + rows > end)
			return row;
	}
	canvas_text(frame->canvas, row, 2, -1, STYLE_DIM, panel->pane->info.title);
	return row + rows + 2;
}

void large_draw(struct frame *frame)
{
	const struct ui *ui = frame->ui;
	const int end = frame->canvas->rows - 2;
	int row = 2;

	/* What is asked or told stands first. */
	for (size_t i = 0; ui->caption && i < ui->caption->lines.n; i++) {
		const struct caption_line *line = &ui->caption->lines.at[i];
		const struct rect rest = { row, 2, end - row, frame->canvas->cols - 4 };
		if (line->part == CAPTION_QUESTION || line->part == CAPTION_PUNCH)
			row += put_wrapped(frame, rest, STYLE_STRONG, line->text) + 1;
	}
	for (int i = 0; i < ui->set_n && row < end; i++)
		if (ui->set[i]->pane->say)
			row = put_pane(frame, ui->set[i], row, end);
}
