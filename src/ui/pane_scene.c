/* SPDX-License-Identifier: MIT
 * The scene pane: the question, what was before and is after the action, what it means; and what is
 * left out first where rows are few. It has the whole width: one thought, not two sides.
 */
#include <stdio.h>
#include <string.h>

#include "frame.h"

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
	[CAPTION_ASK] = { "", STYLE_STRONG, 0, true },
	[CAPTION_OPTION] = { "", STYLE_TEXT, 0 },
	[CAPTION_PREDICTION] = { "", STYLE_TEXT, 0, true },
	[CAPTION_ROW] = { "", STYLE_TEXT, 0, true },
	[CAPTION_BEFORE] = { "", STYLE_TEXT, 0, true },
	[CAPTION_AFTER] = { "", STYLE_TEXT, 0 },
	[CAPTION_PUNCH] = { "", STYLE_STRONG, 0, true },
	[CAPTION_VERDICT] = { "", STYLE_TEXT, 0, true },
	[CAPTION_EXPLAIN] = { "", STYLE_TEXT, 0, true },
	[CAPTION_KILLS] = { "", STYLE_DIM, 1, true },
	[CAPTION_NUANCE] = { "but:", STYLE_TEXT, 3 },
	[CAPTION_LATER] = { "", STYLE_TEXT, 4 },
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
struct scene_page {
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

/* --- the page --- */

static void advance(struct scene_page *page, int rows)
{
	page->rest.row += rows;
	page->rest.rows -= rows;
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
static void put_line(struct scene_page *page, const struct caption_line *line)
{
	const char *label = *line->sign ? line->sign : parts[line->part].label;
	int label_cols = *label ? LABEL_COLS : 0;
	struct rect r = page->rest;
	enum style style = line->tone != CAPTION_PLAIN ? tone_styles[line->tone] : STYLE_DIM;

	if (line->part == CAPTION_OPTION)
		label_cols = 4, style = line->tone != CAPTION_PLAIN ? style : STYLE_KEY;
	if (line->part == CAPTION_ROW)
		label_cols = MIN(SIGN_COLS, r.cols / 3);
	label_cols = MAX(label_cols, label_cols ? text_width(label) + 1 : 0);
	canvas_text(page->frame->canvas, r.row, r.col, label_cols, style, label);
	r.col += label_cols;
	r.cols = MAX(r.cols - label_cols, 8);
	r.rows = MAX(r.rows, 1);
	advance(page, put_marked(page->frame, r, ink_of(line), line->text));
}

/* The lines of one part below each other; returns the rows used. */
static int put_column(struct scene_page *page, struct rect r, enum caption_part part,
	enum style head_style, const char *head)
{
	const struct caption *caption = page->frame->ui->caption;
	int row = 0;

	if (*head) {
		put_text(page->frame, (struct place) { r.row, r.col, r.cols }, head_style, head);
		row++;
	}
	for (size_t i = 0; i < caption->lines.n; i++) {
		const struct caption_line *line = &caption->lines.at[i];
		struct rect rest = { r.row + row, r.col, MAX(r.rows - row, 1), r.cols };
		struct ink ink = ink_of(line);

		ink.flash = caption->flash;
		if (line->part == part)
			row += put_marked(page->frame, rest, ink, line->text);
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
static int put_big(struct scene_page *page, int *ret_rows)
{
	const struct caption *caption = page->frame->ui->caption;
	struct rect r = page->rest;
	int digits = digits_cols(caption->big), cols = MAX(digits, 24);

	*ret_rows = 0;
	if (!*caption->big || !digits || r.cols - cols - BIG_GAP < TWO_COLUMNS)
		return 0;
	r.col += r.cols - cols;
	r.cols = cols;
	digits_put(page->frame, r.row, r.col, STYLE_STRONG, caption->big);
	r.row += DIGITS_ROWS;
	r.rows = MAX(r.rows - DIGITS_ROWS, 1);
	*ret_rows = DIGITS_ROWS + put_marked(page->frame, r, (struct ink) { .style = STYLE_DIM },
					  caption->big_label);
	return cols + BIG_GAP;
}

/* Without room for big digits it is one line. */
static void put_small_number(struct scene_page *page)
{
	const struct caption *caption = page->frame->ui->caption;
	struct caption_line line = { .part = CAPTION_PUNCH };

	snprintf(line.text, sizeof(line.text), "%c%s%c  %s", CAPTION_MARK, caption->big,
		CAPTION_UNMARK, caption->big_label);
	put_line(page, &line);
}

/* The number of a page that compares nothing, a score: what it is of stands beside it. */
static void put_number(struct scene_page *page)
{
	const struct caption *caption = page->frame->ui->caption;
	struct rect r = page->rest;
	int digits = digits_cols(caption->big);

	if (!digits || (page->rank && !page->airy) || digits + BIG_GAP > r.cols / 2) {
		put_small_number(page);
		return;
	}
	digits_put(page->frame, r.row, r.col, STYLE_STRONG, caption->big);
	put_marked(page->frame,
		(struct rect) { r.row + DIGITS_ROWS - 1, r.col + digits + BIG_GAP, 1,
			r.cols - digits - BIG_GAP },
		(struct ink) { .style = STYLE_DIM }, caption->big_label);
	advance(page, DIGITS_ROWS);
}

static void put_comparison(struct scene_page *page)
{
	const struct caption *caption = page->frame->ui->caption;
	int big_rows, big_cols = put_big(page, &big_rows);
	struct rect r = page->rest, right;
	int left_rows, right_rows;

	r.cols -= big_cols;
	right = r;
	if (r.cols < TWO_COLUMNS || !count(caption, CAPTION_AFTER)) {
		left_rows = put_column(page, r, CAPTION_BEFORE, STYLE_DIM,
			count(caption, CAPTION_AFTER) ? "before" : "");
		right.row += left_rows;
		right.rows = MAX(right.rows - left_rows, 1);
		if (count(caption, CAPTION_AFTER))
			left_rows +=
				put_column(page, right, CAPTION_AFTER, STYLE_TITLE, caption->after);
		right_rows = 0;
	} else {
		r.cols = (r.cols - 3) / 2;
		right.col += r.cols + 3;
		right.cols = r.cols;
		left_rows = put_column(page, r, CAPTION_BEFORE, STYLE_DIM, "before");
		right_rows = put_column(page, right, CAPTION_AFTER, STYLE_TITLE, caption->after);
		canvas_vline(page->frame->canvas, r.row, r.col + r.cols + 1,
			MAX(left_rows, right_rows), STYLE_BORDER);
	}
	advance(page, MAX(MAX(left_rows, right_rows), big_rows));
	if (*caption->big && !big_cols)
		put_small_number(page);
}

static void put_part(struct scene_page *page, enum caption_part part)
{
	const struct caption *caption = page->frame->ui->caption;

	if (!count(caption, part) || (page->rank && parts[part].rank >= page->rank))
		return;
	if (page->airy && parts[part].apart)
		advance(page, 1);
	for (size_t i = 0; i < caption->lines.n; i++) {
		const struct caption_line *line = &caption->lines.at[i];
		bool new_claim = part == CAPTION_ROW && i && *line->sign && !*line[-1].sign;
		bool apart = new_claim || part == CAPTION_OPTION;

		if (line->part != part)
			continue;
		if (page->airy && apart && i && line[-1].part == part)
			advance(page, 1);
		put_line(page, line);
	}
}

static void put_page(struct scene_page *page)
{
	const struct caption *caption = page->frame->ui->caption;

	for (enum caption_part part = 0; part < CAPTION_PARTS; part++) {
		if (part == CAPTION_BEFORE && caption->told && page->rank &&
			page->rank <= RANK_TOLD)
			continue;
		if (part == CAPTION_BEFORE &&
			(count(caption, part) || count(caption, CAPTION_AFTER) || *caption->big)) {
			if (page->airy)
				advance(page, 1);
			if (count(caption, part) || count(caption, CAPTION_AFTER))
				put_comparison(page);
			else
				put_number(page);
		} else if (part != CAPTION_BEFORE && part != CAPTION_AFTER) {
			put_part(page, part);
		}
	}
}

/* The rows that it takes: put where nothing is seen. */
static int rows_of(struct frame *frame, int cols, int rank, bool airy)
{
	struct scene_page page = { frame, { 0, 0, 10000, cols }, rank, airy };
	struct rect old = canvas_clip(frame->canvas, (struct rect) { 0 });

	put_page(&page);
	canvas_unclip(frame->canvas, old);
	return 10000 - page.rest.rows;
}

static struct rect whole_width(const struct frame *frame, const struct area *area)
{
	struct rect r = area->half[0];

	r.col += 1;
	r.cols = frame->canvas->cols - 4;
	return r;
}

/* How much of it has room: all with air, all, or without what matters least. Zoomed, nothing is left out. */
static void fit(struct scene_page *page, int rows)
{
	int cols = page->rest.cols;

	page->rank = 0;
	page->airy = rows_of(page->frame, cols, 0, true) <= rows;
	if (page->airy || page->frame->ui->zoomed || rows_of(page->frame, cols, 0, false) <= rows)
		return;
	for (page->rank = RANKS; page->rank > 1; page->rank--)
		if (rows_of(page->frame, cols, page->rank, false) <= rows)
			return;
}

/* The state of the pane. */
struct scene_state {
	struct scroll scroll;
	int rows; /* that all of the caption takes */
};

static void pane_scene_draw(struct frame *frame, const struct area *area)
{
	const struct caption *caption = frame->ui->caption;
	struct scroll *scroll = &((struct scene_state *)area->panel->state)->scroll;
	struct rect r = whole_width(frame, area), old;
	struct scene_page page = { .frame = frame, .rest = r };
	int rows;

	if (!caption) {
		put_text(frame, (struct place) { r.row, r.col, r.cols }, STYLE_DIM,
			"No scene is played here: taskscope tour plays them.");
		return;
	}
	fit(&page, r.rows);
	rows = rows_of(frame, r.cols, page.rank, page.airy);
	scroll_show(scroll, rows, r.rows, MIN(scroll->top, rows - 1));
	old = canvas_clip(frame->canvas, r);
	page.rest.row -= scroll->top;
	page.rest.rows = rows;
	put_page(&page);
	canvas_unclip(frame->canvas, old);
	if (*caption->state)
		frame_note(frame, "%s", caption->state);
	else if (rows > r.rows)
		frame_note(frame, "Up and Down: the rest");
	else if (page.rank)
		frame_note(frame, "Enter: all");
}

static void pane_scene_measure(struct frame *frame, struct panel *panel)
{
	struct scene_state *scene = panel->state;

	if (frame->ui->caption)
		scene->rows = rows_of(frame, frame->canvas->cols - 4, 0, true);
}

static int pane_scene_want(const struct panel *panel)
{
	const struct scene_state *scene = panel->state;

	return panel->ui->caption ? MAX(scene->rows, 3) : 1;
}

static void pane_scene_move(struct panel *panel, struct model *model, enum command_id command)
{
	struct scroll *scroll = &((struct scene_state *)panel->state)->scroll;
	struct scroll window = { .rows = MAX(scroll->rows - scroll->visible + 1, 1),
		.visible = scroll->visible };

	scroll->top = scroll_move(&window, scroll->top, command);
}

const struct pane pane_scene = {
	.info = { "scene", "Scene",
		"the question, before and after, and what it means: of tour and quiz" },
	.min_rows = 9,
	.weight = 6,
	.whole = true,
	.of_caption = true,
	.size = sizeof(struct scene_state),
	.measure = pane_scene_measure,
	.want = pane_scene_want,
	.draw = pane_scene_draw,
	.move = pane_scene_move,
};
