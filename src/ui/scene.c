/* SPDX-License-Identifier: MIT
 * The scene pane: the question, what was before and is after the action, what it means. Alone knows what stands beside
 * what, and what is left out first where rows are few. It has the whole width: one thought, not two sides.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define LABEL_COLS 10
#define SIGN_COLS 18 /* of the rows of a list */
#define TWO_COLUMNS 76 /* cells from which BEFORE and AFTER stand side by side */
#define BIG_GAP 3

/* How each part looks; the highest rank is left out first, 0 never. */
static const struct part {
	const char *label;
	enum style style;
	int rank;
	bool apart; /* a blank line before it, where there is room */
} parts[CAPTION_PARTS] = {
	[CAPTION_QUESTION] = { "", STYLE_STRONG, 0 },
	[CAPTION_SAY] = { "", STYLE_DIM, 4 },
	[CAPTION_OPTION] = { "", STYLE_TEXT, 0, true },
	[CAPTION_ROW] = { "", STYLE_TEXT, 0, true },
	[CAPTION_BEFORE] = { "", STYLE_TEXT, 0, true },
	[CAPTION_AFTER] = { "", STYLE_TEXT, 0 },
	[CAPTION_PUNCH] = { "", STYLE_STRONG, 0, true },
	[CAPTION_VERDICT] = { "", STYLE_TEXT, 0, true },
	[CAPTION_EXPLAIN] = { "", STYLE_TEXT, 0, true },
	[CAPTION_KILLS] = { "", STYLE_WARN, 1, true },
	[CAPTION_NUANCE] = { "but:", STYLE_TEXT, 3 },
	[CAPTION_EVIDENCE] = { "seen in:", STYLE_DIM, 2 },
	[CAPTION_PRIVILEGE] = { "seen by:", STYLE_DIM, 6 },
};
#define RANKS 7
#define RANK_TOLD 5 /* of before and after, where other lines tell them, too */

static const enum style tone_styles[] = {
	[CAPTION_PLAIN] = STYLE_TEXT,
	[CAPTION_GOOD] = STYLE_GOOD,
	[CAPTION_BAD] = STYLE_DEAD,
	[CAPTION_UNSURE] = STYLE_WARN,
};

/* Where the next line goes. Nothing of it is seen while it only counts: its clip is empty then. */
struct sheet {
	struct frame *frame;
	struct rect rest;
	int rank; /* parts of this rank and above are left out */
	bool airy;
};

/* --- text with marks --- */

/* The bytes and cells of the word at text; marks take no cell. */
static size_t word_at(const char *text, int *ret_cols)
{
	size_t at = 0, bytes, len = strcspn(text, " ");
	int cols = 0;

	while (at < len) {
		if (text[at] == CAPTION_MARK || text[at] == CAPTION_UNMARK) {
			at++;
			continue;
		}
		cols += text_char_width(text + at, len - at, &bytes);
		at += MAX(bytes, 1);
	}
	*ret_cols = cols;
	return len;
}

struct ink {
	enum style style;
	bool marked, flash;
};

/* One word, its marks obeyed; returns its cells. */
static int put_word(
	struct frame *frame, int row, int col, struct ink *ink, const char *word, size_t len)
{
	static const char marks[] = { CAPTION_MARK, CAPTION_UNMARK, 0 };
	int start = col;

	while (len) {
		size_t n = MIN(strcspn(word, marks), len);
		char piece[256];

		if (!n) {
			ink->marked = *word == CAPTION_MARK;
			n = 1;
		} else {
			struct rect cells = { row, col, 1, 0 };

			snprintf(piece, sizeof(piece), "%.*s", (int)n, word);
			cells.cols = text_width(piece);
			canvas_text(frame->canvas, row, col, cells.cols,
				ink->marked ? STYLE_STRONG : ink->style, piece);
			if (ink->marked)
				canvas_mark(frame->canvas, cells,
					CELL_MARKED | (ink->flash ? CELL_SELECTED : 0));
			col += cells.cols;
		}
		word += n;
		len -= n;
	}
	return col - start;
}

/* Wraps at blanks; returns the rows used. A word that is wider than the place is cut by the place's edge. */
static int put_marked(struct frame *frame, struct rect r, struct ink ink, const char *text)
{
	int row = 0, col = 0, cols;
	struct rect old = canvas_clip(frame->canvas, r);

	while (*text) {
		size_t len = word_at(text, &cols);

		if (col > 0 && col + cols > r.cols)
			row++, col = 0;
		col += put_word(frame, r.row + row, r.col + col, &ink, text, len);
		text += len;
		for (; *text == ' '; text++)
			col++;
	}
	canvas_unclip(frame->canvas, old);
	return row + 1;
}

/* --- the sheet --- */

static void advance(struct sheet *sheet, int rows)
{
	sheet->rest.row += rows;
	sheet->rest.rows -= rows;
}

static struct ink ink_of(const struct caption_line *line)
{
	struct ink ink = { .style = parts[line->part].style };

	if (line->part == CAPTION_ROW)
		ink.style =
			*line->sign ? STYLE_TEXT : STYLE_STRONG; /* what was measured, below it */
	else if (line->tone != CAPTION_PLAIN)
		ink.style = tone_styles[line->tone];
	return ink;
}

/* One line over the whole width, its sign or its part's label before it. */
static void put_line(struct sheet *sheet, const struct caption_line *line)
{
	const char *label = *line->sign ? line->sign : parts[line->part].label;
	int label_cols = line->part == CAPTION_ROW ? SIGN_COLS : *label ? LABEL_COLS : 0;
	struct rect r = sheet->rest;
	enum style style = line->tone != CAPTION_PLAIN ? tone_styles[line->tone] : STYLE_DIM;

	if (line->part == CAPTION_OPTION)
		label_cols = 4, style = line->tone != CAPTION_PLAIN ? style : STYLE_KEY;
	if (line->part == CAPTION_ROW)
		label_cols = MIN(label_cols, r.cols / 3);
	label_cols = MAX(label_cols, label_cols ? text_width(label) + 1 : 0);
	canvas_text(sheet->frame->canvas, r.row, r.col, label_cols, style, label);
	r.col += label_cols;
	r.cols = MAX(r.cols - label_cols, 8);
	r.rows = MAX(r.rows, 1);
	advance(sheet, put_marked(sheet->frame, r, ink_of(line), line->text));
}

/* The lines of one part below each other; returns the rows used. */
static int put_column(struct sheet *sheet, struct rect r, enum caption_part part,
	enum style head_style, const char *head)
{
	const struct caption *caption = sheet->frame->ui->caption;
	int row = 0;

	if (*head) {
		put_text(sheet->frame, (struct place) { r.row, r.col, r.cols }, head_style, head);
		row++;
	}
	for (size_t i = 0; i < caption->lines.n; i++) {
		const struct caption_line *line = &caption->lines.at[i];
		struct rect rest = { r.row + row, r.col, MAX(r.rows - row, 1), r.cols };
		struct ink ink = ink_of(line);

		ink.flash = caption->flash;
		if (line->part == part)
			row += put_marked(sheet->frame, rest, ink, line->text);
	}
	return row;
}

static int count(const struct caption *caption, enum caption_part part)
{
	int n = 0;

	for (size_t i = 0; i < caption->lines.n; i++)
		n += caption->lines.at[i].part == part;
	return n;
}

/* The number of the moment at the right of BEFORE and AFTER, if there is room for its digits; returns its cells. */
static int put_big(struct sheet *sheet, int *ret_rows)
{
	const struct caption *caption = sheet->frame->ui->caption;
	struct rect r = sheet->rest;
	int digits = digits_cols(caption->big), cols = MAX(digits, 24);

	*ret_rows = 0;
	if (!*caption->big || !digits || r.cols - cols - BIG_GAP < TWO_COLUMNS)
		return 0;
	r.col += r.cols - cols;
	r.cols = cols;
	digits_put(sheet->frame, r.row, r.col, STYLE_STRONG, caption->big);
	r.row += DIGITS_ROWS;
	r.rows = MAX(r.rows - DIGITS_ROWS, 1);
	*ret_rows = DIGITS_ROWS + put_marked(sheet->frame, r, (struct ink) { .style = STYLE_DIM },
					  caption->big_label);
	return cols + BIG_GAP;
}

/* Without room for big digits it is one line. */
static void put_small_number(struct sheet *sheet)
{
	const struct caption *caption = sheet->frame->ui->caption;
	struct caption_line line = { .part = CAPTION_PUNCH };

	snprintf(line.text, sizeof(line.text), "%c%s%c  %s", CAPTION_MARK, caption->big,
		CAPTION_UNMARK, caption->big_label);
	put_line(sheet, &line);
}

/* The number of a sheet that compares nothing, a score: what it is of stands beside it. */
static void put_number(struct sheet *sheet)
{
	const struct caption *caption = sheet->frame->ui->caption;
	struct rect r = sheet->rest;
	int digits = digits_cols(caption->big);

	if (!digits || (sheet->rank && !sheet->airy) || digits + BIG_GAP > r.cols / 2) {
		put_small_number(sheet);
		return;
	}
	digits_put(sheet->frame, r.row, r.col, STYLE_STRONG, caption->big);
	put_marked(sheet->frame,
		(struct rect) { r.row + DIGITS_ROWS - 1, r.col + digits + BIG_GAP, 1,
			r.cols - digits - BIG_GAP },
		(struct ink) { .style = STYLE_DIM }, caption->big_label);
	advance(sheet, DIGITS_ROWS);
}

static void put_comparison(struct sheet *sheet)
{
	const struct caption *caption = sheet->frame->ui->caption;
	int big_rows, big_cols = put_big(sheet, &big_rows);
	struct rect r = sheet->rest, right;
	int left_rows, right_rows;

	r.cols -= big_cols;
	right = r;
	if (r.cols < TWO_COLUMNS || !count(caption, CAPTION_AFTER)) {
		left_rows = put_column(sheet, r, CAPTION_BEFORE, STYLE_DIM,
			count(caption, CAPTION_AFTER) ? "before" : "");
		right.row += left_rows;
		right.rows = MAX(right.rows - left_rows, 1);
		if (count(caption, CAPTION_AFTER))
			left_rows += put_column(
				sheet, right, CAPTION_AFTER, STYLE_TITLE, caption->after);
		right_rows = 0;
	} else {
		r.cols = (r.cols - 3) / 2;
		right.col += r.cols + 3;
		right.cols = r.cols;
		left_rows = put_column(sheet, r, CAPTION_BEFORE, STYLE_DIM, "before");
		right_rows = put_column(sheet, right, CAPTION_AFTER, STYLE_TITLE, caption->after);
		canvas_vline(sheet->frame->canvas, r.row, r.col + r.cols + 1,
			MAX(left_rows, right_rows), STYLE_BORDER);
	}
	advance(sheet, MAX(MAX(left_rows, right_rows), big_rows));
	if (*caption->big && !big_cols)
		put_small_number(sheet);
}

static void put_part(struct sheet *sheet, enum caption_part part)
{
	const struct caption *caption = sheet->frame->ui->caption;

	if (!count(caption, part) || (sheet->rank && parts[part].rank >= sheet->rank))
		return;
	if (sheet->airy && parts[part].apart)
		advance(sheet, 1);
	for (size_t i = 0; i < caption->lines.n; i++) {
		const struct caption_line *line = &caption->lines.at[i];
		bool new_claim = part == CAPTION_ROW && i && *line->sign && !*line[-1].sign;
		bool apart = new_claim || part == CAPTION_OPTION;

		if (line->part != part)
			continue;
		if (sheet->airy && apart && i && line[-1].part == part)
			advance(sheet, 1);
		put_line(sheet, line);
	}
}

static void put_sheet(struct sheet *sheet)
{
	const struct caption *caption = sheet->frame->ui->caption;

	for (enum caption_part part = 0; part < CAPTION_PARTS; part++) {
		if (part == CAPTION_BEFORE && caption->told && sheet->rank &&
			sheet->rank <= RANK_TOLD)
			continue;
		if (part == CAPTION_BEFORE &&
			(count(caption, part) || count(caption, CAPTION_AFTER) || *caption->big)) {
			if (sheet->airy)
				advance(sheet, 1);
			if (count(caption, part) || count(caption, CAPTION_AFTER))
				put_comparison(sheet);
			else
				put_number(sheet);
		} else if (part != CAPTION_BEFORE && part != CAPTION_AFTER) {
			put_part(sheet, part);
		}
	}
}

/* The rows that it takes: put where nothing is seen. */
static int rows_of(struct frame *frame, int cols, int rank, bool airy)
{
	struct sheet sheet = { frame, { 0, 0, 10000, cols }, rank, airy };
	struct rect old = canvas_clip(frame->canvas, (struct rect) { 0 });

	put_sheet(&sheet);
	canvas_unclip(frame->canvas, old);
	return 10000 - sheet.rest.rows;
}

static struct rect whole_width(const struct frame *frame, const struct area *area)
{
	struct rect r = area->half[0];

	r.col += 1;
	r.cols = frame->canvas->cols - 4;
	return r;
}

/* How much of it has room: all with air, all, or without what matters least. Zoomed, nothing is left out. */
static void fit(struct sheet *sheet, int rows)
{
	int cols = sheet->rest.cols;

	sheet->rank = 0;
	sheet->airy = rows_of(sheet->frame, cols, 0, true) <= rows;
	if (sheet->airy || sheet->frame->ui->zoomed ||
		rows_of(sheet->frame, cols, 0, false) <= rows)
		return;
	for (sheet->rank = RANKS; sheet->rank > 1; sheet->rank--)
		if (rows_of(sheet->frame, cols, sheet->rank, false) <= rows)
			return;
}

static void draw(struct frame *frame, const struct area *area)
{
	struct ui *ui = frame->ui;
	struct rect r = whole_width(frame, area), old;
	struct sheet sheet = { .frame = frame, .rest = r };
	int rows;

	if (!ui->caption) {
		put_text(frame, (struct place) { r.row, r.col, r.cols }, STYLE_DIM,
			"No scene is played here: taskscope tour plays them.");
		return;
	}
	fit(&sheet, r.rows);
	rows = rows_of(frame, r.cols, sheet.rank, sheet.airy);
	scroll_show(&ui->scene, rows, r.rows, MIN(ui->scene.top, rows - 1));
	old = canvas_clip(frame->canvas, r);
	sheet.rest.row -= ui->scene.top;
	sheet.rest.rows = rows;
	put_sheet(&sheet);
	canvas_unclip(frame->canvas, old);
	if (*ui->caption->state)
		frame_note(frame, area, "%s", ui->caption->state);
	else if (rows > r.rows)
		frame_note(frame, area, "Up and Down: the rest");
	else if (sheet.rank)
		frame_note(frame, area, "Enter: all");
}

void scene_measure(struct frame *frame)
{
	frame->ui->caption_rows =
		frame->ui->caption ? rows_of(frame, frame->canvas->cols - 4, 0, true) : 0;
}

static int want(const struct ui *ui)
{
	return ui->caption ? MAX(ui->caption_rows, 3) : 1;
}

static void move(struct ui *ui, struct model *model, enum command_id command)
{
	struct scroll window = { .rows = MAX(ui->scene.rows - ui->scene.visible + 1, 1),
		.visible = ui->scene.visible };

	ui->scene.top = scroll_move(&window, ui->scene.top, command);
}

void ui_set_caption(struct ui *ui, const struct caption *caption)
{
	ui->caption = caption;
}

const struct pane pane_scene = {
	.min_rows = 9,
	.weight = 6,
	.whole = true,
	.want = want,
	.draw = draw,
	.move = move,
};
