/* SPDX-License-Identifier: MIT
 * The number that is the point of a scene: in digits for a whole hall, each side's in its colour, or in one line.
 */

#include "pane_scene.h"

#define BIG_GAP 3

/* A side's number: its value, its name and what it counts. */
struct big_half {
	char value[48], name[40];
};

/* "a | b" and "what: one | other"; false: it is one number. */
static bool split_big(
	const struct caption *caption, struct big_half half[SIDES], char *what, size_t size)
{
	static const char bar[] = " | ";
	const char *values = strstr(caption->big, bar), *names = strstr(caption->big_label, bar);
	const char *colon = names ? strstr(caption->big_label, ": ") : NULL;

	if (!values)
		return false;
	snprintf(half[SIDE_LEFT].value, sizeof(half[0].value), "%.*s", (int)(values - caption->big),
		caption->big);
	snprintf(half[SIDE_RIGHT].value, sizeof(half[0].value), "%s", values + strlen(bar));
	snprintf(half[SIDE_LEFT].name, sizeof(half[0].name), "processes");
	snprintf(half[SIDE_RIGHT].name, sizeof(half[0].name), "threads");
	snprintf(what, size, "%s", caption->big_label);
	if (!colon || colon > names)
		return true;
	what[colon - caption->big_label] = '\0';
	colon += strlen(": ");
	snprintf(half[SIDE_LEFT].name, sizeof(half[0].name), "%.*s", (int)(names - colon), colon);
	snprintf(half[SIDE_RIGHT].name, sizeof(half[0].name), "%s", names + strlen(bar));
	return true;
}

/* The columns that are left beside the name and the digits of one side, for what they count. */
static int rest_beside(const struct big_half *half, int cols)
{
	return cols - text_width(half->name) - 2 - digits_cols(half->value) - 2;
}

static bool big_half_fits(
	const struct scene_page *page, int cols, const struct big_half *half, const char *what)
{
	int rest = rest_beside(half, cols);

	return page->big && digits_cols(half->value) && rest >= 8 &&
	       wrapped_rows(what, rest) <= DIGITS_ROWS;
}

/* One side: its name, its digits in its colour, and what they count. */
static void put_big_half(struct scene_page *page, struct rect r, enum side side,
	const struct big_half *half, const char *what)
{
	int name = text_width(half->name) + 2, rest = rest_beside(half, r.cols);
	int lines = wrapped_rows(what, rest);

	canvas_text(page->frame->canvas, r.row + 1, r.col, name, side_style(side), half->name);
	digits_put(page->frame, r.row, r.col + name, side_style(side), half->value);
	put_wrapped(page->frame,
		(struct rect) {
			r.row + (DIGITS_ROWS - lines) / 2, r.col + r.cols - rest, lines, rest },
		STYLE_DIM, what);
}

/* Without room for digits: "processes 1 · threads 3 · of 3 died", each number in its colour. */
static void put_small_halves(struct scene_page *page, struct big_half half[SIDES], const char *what)
{
	struct rect r = page->rest;
	int col = r.col;

	for (enum side side = 0; side < SIDES; side++) {
		col += canvas_textf(page->frame->canvas, r.row, col, -1, side_style(side), "%s ",
			half[side].name);
		int start = col;
		col += canvas_text(
			page->frame->canvas, r.row, col, -1, side_style(side), half[side].value);
		canvas_mark(page->frame->canvas, (struct rect) { r.row, start, 1, col - start },
			CELL_MARKED);
		if (side == SIDE_LEFT || *what)
			col += canvas_text(page->frame->canvas, r.row, col, -1, STYLE_DIM, " · ");
	}
	if (col + text_width(what) <= r.col + r.cols) {
		canvas_text(page->frame->canvas, r.row, col, -1, STYLE_DIM, what);
		scene_advance(page, 1);
		return;
	}
	scene_advance(page, 1);
	scene_advance(page, put_wrapped(page->frame, page->rest, STYLE_DIM, what));
}

static void put_halves(struct scene_page *page, struct big_half half[SIDES], const char *what)
{
	struct rect r = page->rest;

	r.cols = r.cols / 2 - 1;
	/* Both or none. */
	if (!big_half_fits(page, r.cols, &half[SIDE_LEFT], what) ||
		!big_half_fits(page, r.cols, &half[SIDE_RIGHT], what)) {
		put_small_halves(page, half, what);
		return;
	}
	put_big_half(page, r, SIDE_LEFT, &half[SIDE_LEFT], what);
	r.col += r.cols + 2;
	put_big_half(page, r, SIDE_RIGHT, &half[SIDE_RIGHT], what);
	scene_advance(page, DIGITS_ROWS);
}

/* Without room for big digits it is one line. */
static void put_small_number(struct scene_page *page)
{
	const struct caption *caption = page->frame->ui->caption;
	struct rect r = page->rest;
	int cols =
		canvas_text(page->frame->canvas, r.row, r.col, r.cols, STYLE_STRONG, caption->big);

	canvas_mark(page->frame->canvas, (struct rect) { r.row, r.col, 1, cols }, CELL_MARKED);
	put_text(page->frame, (struct place) { r.row, r.col + cols + 2, r.cols - cols - 2 },
		STYLE_STRONG, caption->big_label);
	scene_advance(page, 1);
}

/* One number: what it is of stands beside it. */
static void put_whole_number(struct scene_page *page)
{
	const struct caption *caption = page->frame->ui->caption;
	struct rect r = page->rest;
	int digits = digits_cols(caption->big), rest = r.cols - digits - BIG_GAP;
	int lines = wrapped_rows(caption->big_label, MAX(rest, 1));

	if (!page->big || !digits || lines > DIGITS_ROWS) {
		put_small_number(page);
		return;
	}
	digits_put(page->frame, r.row, r.col, STYLE_STRONG, caption->big);
	put_wrapped(page->frame,
		(struct rect) {
			r.row + DIGITS_ROWS - lines, r.col + digits + BIG_GAP, lines, rest },
		STYLE_DIM, caption->big_label);
	scene_advance(page, DIGITS_ROWS);
}

void scene_put_number(struct scene_page *page)
{
	const struct caption *caption = page->frame->ui->caption;
	struct big_half half[SIDES];
	char what[96];

	if (!*caption->big)
		return;
	if (page->airy)
		scene_advance(page, 1);
	if (split_big(caption, half, what, sizeof(what)))
		put_halves(page, half, what);
	else
		put_whole_number(page);
}
