/* SPDX-License-Identifier: MIT
 * The scene pane: the question, what was before and is after the action, what it means; and what is
 * left out first where rows are few. It has the whole width: one thought, not two sides.
 */
#include <stdio.h>

#include "pane_scene.h"

#define LABEL_COLS 10
#define SIGN_COLS 18 /* of the rows of a list */
#define TWO_COLUMNS 76 /* cells from which BEFORE and AFTER stand side by side */

#define SCENE_ROWS_MIN 9
#define RANKS 8
#define RANK_TOLD 6 /* of before and after, where other lines tell them, too */
#define RANK_EXPLAIN 1
#define RANK_DETAIL 2 /* of before and after below a number that is the point */

/* Of signs: they say in colour, too, what they say in words. */
static const enum style sign_styles[] = {
	[CAPTION_PLAIN] = STYLE_DIM,
	[CAPTION_GOOD] = STYLE_GOOD,
	[CAPTION_BAD] = STYLE_DEAD,
	[CAPTION_UNSURE] = STYLE_WARN,
	[CAPTION_RIGHT] = STYLE_GOOD,
	[CAPTION_WRONG] = STYLE_DEAD,
};

/* --- the page --- */

/* Nobody scrolls in a film, where half a sentence would stay. */
static bool has_room(const struct scene_page *page, struct rect r, const char *text)
{
	struct rect old = canvas_clip(page->frame->canvas, (struct rect) { 0 });
	const int rows = scene_put_marked(page->frame, r, (struct scene_ink) { 0 }, text);

	canvas_unclip(page->frame->canvas, old);
	return !page->bottom || r.row + rows <= page->bottom;
}

/* One line over the whole width, its sign or its part's label before it. */
static void put_line(struct scene_page *page, const struct caption_line *line)
{
	const char *label = *line->sign ? line->sign : scene_parts[line->part].label;
	const char *text = line->text;
	char all[sizeof(line->sign) + sizeof(line->text)];
	int label_cols = *label ? LABEL_COLS : 0;
	struct rect r = page->rest;
	enum style style = sign_styles[line->tone];

	if (line->part == CAPTION_OPTION)
		label_cols = 4, style = line->tone != CAPTION_PLAIN ? style : STYLE_KEY;
	if (line->part == CAPTION_ROW)
		label_cols = MIN(SIGN_COLS, r.cols / 3);
	label_cols = MAX(label_cols, label_cols ? text_width(label) + 1 : 0);
	if (label_cols > r.cols / 3) { /* a column of its own would leave too little */
		snprintf(all, sizeof(all), "%s %s", label, line->text);
		text = all;
		label_cols = 0;
	}
	r.col += label_cols;
	r.cols = MAX(r.cols - label_cols, 8);
	r.rows = MAX(r.rows, 1);
	if (!has_room(page, r, text))
		return;
	canvas_text(page->frame->canvas, r.row, r.col - label_cols, label_cols, style, label);
	if (line->part == CAPTION_OPTION)
		bars_hit(
			page->frame, r.row, r.col - label_cols, r.cols + label_cols, line->sign[0]);
	scene_advance(page, scene_put_marked(page->frame, r, scene_ink_of(line), text));
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

static bool is_left_out(const struct scene_page *page, int rank)
{
	return page->rank && page->rank <= rank;
}

static int put_headed(struct scene_page *page, struct rect r, enum caption_part part,
	enum style style, const char *head)
{
	const char *words = bar_words(page->frame->ui->caption, part);
	int cols = MAX(r.cols - text_width(words), 8),
	    rows = scene_put_column(page, r, part, style, head);

	if (*words) {
		/* "after: w0 writes" is cut to "after" rather than anywhere. */
		const size_t bytes = text_width(head) > cols ? strcspn(head, ":") : strlen(head);
		cols = MIN(MIN(text_width(head), (int)bytes), cols);
		canvas_fill(
			page->frame->canvas, (struct rect) { r.row, r.col, 1, r.cols }, " ", style);
		canvas_textf(
			page->frame->canvas, r.row, r.col, cols, style, "%.*s", (int)bytes, head);
		put_text(page->frame, (struct place) { r.row, r.col + cols, r.cols - cols },
			STYLE_DIM, words);
	}
	return rows;
}

static void put_comparison(struct scene_page *page)
{
	const struct caption *caption = page->frame->ui->caption;
	struct rect r = page->rest, right = page->rest;
	bool before = scene_count(caption, CAPTION_BEFORE),
	     after = scene_count(caption, CAPTION_AFTER);
	int rows = 0, right_rows = 0;

	/* A film that is higher than wide has room for one of them. */
	if (after && page->frame->ui->options.vertical && is_left_out(page, RANK_DETAIL))
		before = false;
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

	if (!scene_count(caption, CAPTION_BEFORE) && !scene_count(caption, CAPTION_AFTER))
		return;
	if (page->airy)
		scene_advance(page, 1);
	put_comparison(page);
}

/* In a vertical film what was told of the numbers gives way, too. */
static int rank_of(const struct scene_page *page, enum caption_part part)
{
	if (part == CAPTION_EXPLAIN && page->frame->ui->options.vertical)
		return RANK_EXPLAIN;
	return scene_parts[part].rank;
}

static void put_part(struct scene_page *page, enum caption_part part)
{
	const struct caption *caption = page->frame->ui->caption;

	if (!scene_count(caption, part) || (page->rank && rank_of(page, part) >= page->rank))
		return;
	if (page->airy && scene_parts[part].apart)
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

/* All that can be done, one after the other in as few lines as there can be. */
static void put_actions(struct scene_page *page)
{
	const struct caption *caption = page->frame->ui->caption;
	struct rect r = page->rest;
	int row = 0, col = 0;

	if (page->rank && scene_parts[CAPTION_ACTION].rank >= page->rank)
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
static void put_texts(struct scene_page *page)
{
	const struct caption *caption = page->frame->ui->caption;
	const bool big = *caption->big && scene_count(caption, CAPTION_PUNCH);
	const bool left_out = is_left_out(page, caption->told ? RANK_TOLD : 0) ||
			      is_left_out(page, big ? RANK_DETAIL : 0);

	for (enum caption_part part = 0; part < CAPTION_CODE; part++) {
		if (part == CAPTION_BEFORE)
			scene_put_number(page);
		if (part == (big ? CAPTION_NUANCE : CAPTION_BEFORE) && !left_out)
			put_compared(page);
		if (part != CAPTION_BEFORE && part != CAPTION_AFTER)
			put_part(page, part);
	}
	if (page->code == SCENE_CODE_BELOW)
		scene_put_code(page);
	put_actions(page);
}

/* With lines of C beside it, where they are to stand there. */
static void put_page(struct scene_page *page)
{
	const struct rect whole = page->rest;
	const int cols = scene_code_cols(page);

	page->rest.cols -= cols ? cols + 3 : 0;
	put_texts(page);
	if (!cols)
		return;
	struct rect r = { whole.row, whole.col + whole.cols - cols, page->rest.row - whole.row,
		cols };
	const int rows = scene_put_code_beside(page, r);
	scene_advance(page, MAX(rows - r.rows, 0));
}

/* The rows that it takes: put where nothing is seen. */
static int rows_of(const struct scene_page *like)
{
	struct frame *frame = like->frame;
	struct scene_page page = *like;
	struct rect old = canvas_clip(frame->canvas, (struct rect) { 0 });
	int hits = frame->ui->hits_n;

	page.rest = (struct rect) { 0, 0, 10000, like->rest.cols };
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

/* Whether all has room with lines of C there; blank lines go first. */
static bool fits(struct scene_page *page, int rows)
{
	page->airy = true;
	if (rows_of(page) <= rows)
		return true;
	page->airy = false;
	return rows_of(page) <= rows;
}

/* Lines of C that a key asked for stand whatever the room, others where nothing but blank lines has to go for them. */
static bool fit_code(struct scene_page *page, int rows)
{
	const bool asked = page->frame->ui->caption->code;

	page->code = asked ? SCENE_CODE_BELOW : SCENE_CODE_BESIDE;
	for (; !asked && page->code < SCENE_CODE_NONE; page->code++)
		if (scene_code_has_cols(page) && fits(page, rows))
			return true;
	page->airy = true;
	return false;
}

/* How much of it has room: all with air, all, or without what matters least; the rest is scrolled to. Zoomed, nothing is
 * left out. */
static void fit(struct scene_page *page, int rows)
{
	page->rank = 0;
	page->big = true;
	page->airy = true;
	if (fit_code(page, rows) || rows_of(page) <= rows)
		return;
	page->airy = false;
	if (page->frame->ui->zoomed || rows_of(page) <= rows)
		return;
	const int least = page->frame->ui->options.vertical ? RANK_EXPLAIN : RANK_DETAIL;
	for (page->rank = RANKS; page->rank > least && rows_of(page) > rows; page->rank--)
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
	page.bottom = frame->ui->options.vertical ? r.row + r.rows : 0;
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
		frame_note(frame, "z shows all");
}

/* All that the panes beside it can spare: whatever is told, the line between them stays where it is. */
static void pane_scene_measure(struct frame *frame, struct panel *panel)
{
	struct scene_state *scene = panel->state;
	const struct ui *ui = frame->ui;

	scene->rows = frame_rows(frame) - 2;
	for (int i = 0; i < ui->set_n; i++) {
		const int rows = ui->set[i] == panel ? 0 : frame_min_rows(ui->set[i]) + 1;
		/* What a vertical film has no room for takes none. */
		if (!ui->options.vertical || scene->rows >= SCENE_ROWS_MIN + rows)
			scene->rows -= rows;
	}
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
	.min_rows = SCENE_ROWS_MIN,
	.weight = 6,
	.whole = true,
	.of_caption = true,
	.size = sizeof(struct scene_state),
	.measure = pane_scene_measure,
	.want = pane_scene_want,
	.draw = pane_scene_draw,
	.move = pane_scene_move,
};
