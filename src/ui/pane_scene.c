/* SPDX-License-Identifier: MIT
 * The scene pane: the question, what was before and is after the action, what it means; and what is
 * left out first where rows are few. It has the whole width: one thought, not two sides.
 */
#include <stdio.h>
#include <string.h>

#include "pane_scene.h"

#define LABEL_COLS 10
#define SIGN_COLS 18 /* of the rows of a list */
#define TWO_COLUMNS 76 /* cells from which BEFORE and AFTER stand side by side */
#define CODE_COLUMNS 100 /* ... and lines of C */

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
	[CAPTION_KILLS] = { "", STYLE_TEXT, 0 },
	[CAPTION_NUANCE] = { "but:", STYLE_TEXT, 3 },
	[CAPTION_LATER] = { "", STYLE_TEXT, 5 },
	[CAPTION_EVIDENCE] = { "seen in:", STYLE_DIM, 4 },
	[CAPTION_PRIVILEGE] = { "seen by:", STYLE_DIM, 7 },
	[CAPTION_CODE] = { "", STYLE_TEXT, 0, true },
	[CAPTION_CODE_LEFT] = { "", STYLE_TEXT, 0, true },
	[CAPTION_CODE_RIGHT] = { "", STYLE_TEXT, 0, true },
	[CAPTION_ACTION] = { "", STYLE_TEXT, 3, true },
};
#define RANKS 8
#define RANK_TOLD 6 /* of before and after, where other lines tell them, too */
#define RANK_DETAIL 2 /* of before and after below a number that is the point */

static const enum style tone_styles[] = {
	[CAPTION_PLAIN] = STYLE_TEXT,
	[CAPTION_GOOD] = STYLE_GOOD,
	[CAPTION_BAD] = STYLE_DEAD,
	[CAPTION_UNSURE] = STYLE_WARN,
	[CAPTION_RIGHT] = STYLE_STRONG,
	[CAPTION_WRONG] = STYLE_DIM,
};

/* Of signs: they say in colour, too, what they say in words. */
static const enum style sign_styles[] = {
	[CAPTION_PLAIN] = STYLE_DIM,
	[CAPTION_GOOD] = STYLE_GOOD,
	[CAPTION_BAD] = STYLE_DEAD,
	[CAPTION_UNSURE] = STYLE_WARN,
	[CAPTION_RIGHT] = STYLE_GOOD,
	[CAPTION_WRONG] = STYLE_DEAD,
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
	bool marked, flash, struck;
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
			if (ink->struck)
				canvas_mark(frame->canvas, cells, CELL_STRUCK);
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

static struct ink ink_of(const struct caption_line *line)
{
	struct ink ink = { .style = parts[line->part].style,
		.struck = line->tone == CAPTION_WRONG };

	if (line->part == CAPTION_ROW)
		ink.style =
			*line->sign ? STYLE_TEXT : STYLE_STRONG; /* what was measured, below it */
	else if (line->tone != CAPTION_PLAIN && line->part != CAPTION_VERDICT)
		ink.style = tone_styles[line->tone];
	return ink;
}

/* One line over the whole width, its sign or its part's label before it. */
static void put_line(struct scene_page *page, const struct caption_line *line)
{
	const char *label = *line->sign ? line->sign : parts[line->part].label;
	int label_cols = *label ? LABEL_COLS : 0;
	struct rect r = page->rest;
	enum style style = sign_styles[line->tone];

	if (line->part == CAPTION_OPTION)
		label_cols = 4, style = line->tone != CAPTION_PLAIN ? style : STYLE_KEY;
	if (line->part == CAPTION_ROW)
		label_cols = MIN(SIGN_COLS, r.cols / 3);
	label_cols = MAX(label_cols, label_cols ? text_width(label) + 1 : 0);
	canvas_text(page->frame->canvas, r.row, r.col, label_cols, style, label);
	if (line->part == CAPTION_OPTION)
		bars_hit(page->frame, r.row, r.col, r.cols, line->sign[0]);
	r.col += label_cols;
	r.cols = MAX(r.cols - label_cols, 8);
	r.rows = MAX(r.rows, 1);
	scene_advance(page, put_marked(page->frame, r, ink_of(line), line->text));
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

/* --- before and after --- */

/* What the two numbers of "1 | 3" are, where a part has such a line. */
static const char *bar_words(const struct caption *caption, enum caption_part part)
{
	for (size_t i = 0; i < caption->lines.n; i++)
		if (caption->lines.at[i].part == part && strstr(caption->lines.at[i].text, " | "))
			return " (processes | threads)";
	return "";
}

static int put_headed(struct scene_page *page, struct rect r, enum caption_part part,
	enum style style, const char *head)
{
	const char *words = bar_words(page->frame->ui->caption, part);
	int cols = MAX(r.cols - text_width(words), 8),
	    rows = put_column(page, r, part, style, head);

	if (*words) {
		cols = MIN(text_width(head), cols);
		canvas_fill(
			page->frame->canvas, (struct rect) { r.row, r.col, 1, r.cols }, " ", style);
		put_text(page->frame, (struct place) { r.row, r.col, cols }, style, head);
		put_text(page->frame, (struct place) { r.row, r.col + cols, r.cols - cols },
			STYLE_DIM, words);
	}
	return rows;
}

static void put_comparison(struct scene_page *page)
{
	const struct caption *caption = page->frame->ui->caption;
	struct rect r = page->rest, right = page->rest;
	bool before = count(caption, CAPTION_BEFORE), after = count(caption, CAPTION_AFTER);
	int rows = 0, right_rows = 0;

	if (before && after && r.cols >= TWO_COLUMNS) {
		r.cols = (r.cols - 3) / 2;
		right.col += r.cols + 3;
		right.cols = r.cols;
		rows = put_headed(page, r, CAPTION_BEFORE, STYLE_DIM, "before");
		right_rows = put_headed(page, right, CAPTION_AFTER, STYLE_TITLE, caption->after);
		canvas_vline(page->frame->canvas, r.row, r.col + r.cols + 1, MAX(rows, right_rows),
			STYLE_BORDER);
	} else {
		if (before)
			rows = put_headed(
				page, r, CAPTION_BEFORE, STYLE_DIM, after ? "before" : "");
		right.row += rows;
		right.rows = MAX(right.rows - rows, 1);
		if (after)
			rows += put_headed(page, right, CAPTION_AFTER, STYLE_TITLE, caption->after);
	}
	scene_advance(page, MAX(rows, right_rows));
}

static void put_compared(struct scene_page *page)
{
	const struct caption *caption = page->frame->ui->caption;

	if (!count(caption, CAPTION_BEFORE) && !count(caption, CAPTION_AFTER))
		return;
	if (page->airy)
		scene_advance(page, 1);
	put_comparison(page);
}

static void put_part(struct scene_page *page, enum caption_part part)
{
	const struct caption *caption = page->frame->ui->caption;

	if (!count(caption, part) || (page->rank && parts[part].rank >= page->rank))
		return;
	if (page->airy && parts[part].apart)
		scene_advance(page, 1);
	for (size_t i = 0; i < caption->lines.n; i++) {
		const struct caption_line *line = &caption->lines.at[i];
		bool new_claim = part == CAPTION_ROW && i && *line->sign && !*line[-1].sign;
		bool apart = new_claim || part == CAPTION_OPTION;

		if (line->part != part)
			continue;
		if (page->airy && apart && i && line[-1].part == part)
			scene_advance(page, 1);
		put_line(page, line);
	}
}

/* What a process runs and what a thread runs, where they differ. */
static void put_code(struct scene_page *page)
{
	const bool beside = page->rest.cols >= CODE_COLUMNS;

	if (!count(page->frame->ui->caption, CAPTION_CODE_LEFT))
		return;
	scene_advance(page, page->airy);
	struct rect r = page->rest;
	r.cols = beside ? (r.cols - 3) / 2 : r.cols;
	int rows = put_column(page, r, CAPTION_CODE_LEFT, side_style(SIDE_LEFT), "a process");
	if (beside)
		r.col += r.cols + 3;
	else
		scene_advance(page, rows), r = page->rest, rows = 0;
	scene_advance(page, MAX(rows, put_column(page, r, CAPTION_CODE_RIGHT,
					      side_style(SIDE_RIGHT), "a thread")));
}

/* All that can be done, one after the other in as few lines as there can be. */
static void put_actions(struct scene_page *page)
{
	const struct caption *caption = page->frame->ui->caption;
	struct rect r = page->rest;
	int row = 0, col = 0;

	if (page->rank && parts[CAPTION_ACTION].rank >= page->rank)
		return;
	for (size_t i = 0; i < caption->lines.n; i++) {
		const struct caption_line *line = &caption->lines.at[i];
		int sign = text_width(line->sign) + 1, cols = sign + text_width(line->text);

		if (line->part != CAPTION_ACTION)
			continue;
		if (col && col + cols > r.cols)
			row++, col = 0;
		if (!row && !col && page->airy)
			scene_advance(page, 1), r = page->rest;
		canvas_text(page->frame->canvas, r.row + row, r.col + col, sign,
			line->tone == CAPTION_GOOD ? STYLE_GOOD : STYLE_KEY, line->sign);
		canvas_text(page->frame->canvas, r.row + row, r.col + col + sign,
			MAX(r.cols - col - sign, 0),
			line->tone == CAPTION_GOOD ? STYLE_DIM : STYLE_TEXT, line->text);
		bars_hit(page->frame, r.row + row, r.col + col, cols, line->sign[0]);
		col += cols + 3;
	}
	scene_advance(page, row + (col > 0));
}

/* Where a number is the point, it comes first, and what was before and after below what it means. */
static bool is_left_out(const struct scene_page *page, int rank)
{
	return page->rank && page->rank <= rank;
}

static void put_page(struct scene_page *page)
{
	const struct caption *caption = page->frame->ui->caption;
	const bool big = *caption->big && count(caption, CAPTION_PUNCH);
	const bool left_out = is_left_out(page, caption->told ? RANK_TOLD : 0) ||
			      is_left_out(page, big ? RANK_DETAIL : 0);

	for (enum caption_part part = 0; part <= CAPTION_CODE; part++) {
		if (part == CAPTION_BEFORE)
			scene_put_number(page);
		if (part == (big ? CAPTION_NUANCE : CAPTION_BEFORE) && !left_out)
			put_compared(page);
		if (part != CAPTION_BEFORE && part != CAPTION_AFTER)
			put_part(page, part);
	}
	put_code(page);
	put_actions(page);
}

/* The rows that it takes: put where nothing is seen. */
static int rows_of(const struct scene_page *like)
{
	struct frame *frame = like->frame;
	struct scene_page page = { frame, { 0, 0, 10000, like->rest.cols }, like->rank, like->airy,
		like->big };
	struct rect old = canvas_clip(frame->canvas, (struct rect) { 0 });

	int hits = frame->ui->hits_n;

	put_page(&page);
	canvas_unclip(frame->canvas, old);
	frame->ui->hits_n = hits;
	return 10000 - page.rest.rows;
}

static struct rect whole_width(const struct frame *frame, const struct area *area)
{
	struct rect r = area->half[0];

	r.col += 1;
	r.cols = frame->canvas->cols - 4;
	return r;
}

#define SCROLLS 6 /* rows out of sight that are no reason to do without big digits */

/* How much of it has room: all with air, all, or without what matters least; the rest is scrolled to. Zoomed, nothing is
 * left out. */
static void fit(struct scene_page *page, int rows)
{
	page->rank = 0;
	page->big = true;
	page->airy = true;
	if (rows_of(page) <= rows)
		return;
	page->airy = false;
	if (page->frame->ui->zoomed || rows_of(page) <= rows)
		return;
	for (page->rank = RANKS; page->rank > 2 && rows_of(page) > rows; page->rank--)
		;
	page->big = rows_of(page) <= rows + SCROLLS;
	page->airy = true;
	page->airy = rows_of(page) <= rows;
}

/* The state of the pane. */
struct scene_state {
	struct scroll scroll;
	int rows; /* that the panes beside it leave */
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
	rows = rows_of(&page);
	scroll_show(scroll, rows, r.rows, MIN(scroll->top, rows - 1));
	old = canvas_clip(frame->canvas, r);
	page.rest.row -= scroll->top;
	page.rest.rows = rows;
	put_page(&page);
	canvas_unclip(frame->canvas, old);
	if (frame->ui->options.clean)
		return;
	if (*caption->state)
		frame_note(frame, "%s", caption->state);
	else if (rows > r.rows)
		frame_note(frame, "Up and Down: the rest");
	else if (page.rank)
		frame_note(frame, "Enter: all");
}

/* All that the panes beside it can spare: whatever is told, the line between them stays where it is. */
static void pane_scene_measure(struct frame *frame, struct panel *panel)
{
	struct scene_state *scene = panel->state;
	const struct ui *ui = frame->ui;

	scene->rows = frame->canvas->rows - 3 - 2;
	for (int i = 0; i < ui->set_n; i++)
		if (ui->set[i] != panel)
			scene->rows -= frame_min_rows(ui->set[i]) + 1;
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
