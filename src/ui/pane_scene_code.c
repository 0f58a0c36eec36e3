/* SPDX-License-Identifier: MIT
 * Puts lines of C into the scene pane: beside what the action shows where the pane is wide, else below it.
 */
#include "pane_scene.h"

#define BESIDE_EACH_OTHER 100 /* cells from which those of a process and of a thread are */
#define TEXT_COLS 72 /* that what the action shows needs beside them */
#define GAP 3 /* with a line between two columns */

static const struct {
	enum caption_part part;
	enum side side;
	const char *head;
} kinds[] = {
	{ CAPTION_CODE_LEFT, SIDE_LEFT, "a process" },
	{ CAPTION_CODE_RIGHT, SIDE_RIGHT, "a thread" },
	{ CAPTION_CODE, SIDE_LEFT, "" },
};

static int widest(const struct caption *caption)
{
	int cols = 0;

	for (size_t i = 0; i < caption->lines.n; i++)
		if (scene_part_is_code(caption->lines.at[i].part))
			cols = MAX(cols, text_width(caption->lines.at[i].text));
	return cols;
}

bool scene_code_has_cols(const struct scene_page *page)
{
	const int cols = widest(page->frame->ui->caption),
		  beside = page->code == SCENE_CODE_BESIDE ? TEXT_COLS + GAP + cols : 0;

	return cols && page->rest.cols >= MAX(beside, BESIDE_EACH_OTHER);
}

int scene_code_cols(const struct scene_page *page)
{
	return page->code == SCENE_CODE_BESIDE ? widest(page->frame->ui->caption) : 0;
}

static int put_kind(struct scene_page *page, struct rect r, size_t kind)
{
	const bool any = scene_count(page->frame->ui->caption, kinds[kind].part) > 0;

	return any ? scene_put_column(page, r, kinds[kind].part, side_style(kinds[kind].side),
			     kinds[kind].head)
		   : 0;
}

/* One kind below the other; returns the rows used. */
static int put_below_each_other(struct scene_page *page, struct rect r)
{
	int rows = 0;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct rect rest = r;

		rest.row += rows;
		rest.rows = MAX(r.rows - rows, 1);
		rows += put_kind(page, rest, i);
	}
	return rows;
}

void scene_put_code(struct scene_page *page)
{
	struct rect r = page->rest;
	int left = 0, rows;

	if (!widest(page->frame->ui->caption))
		return;
	scene_advance(page, page->airy);
	r = page->rest;
	if (r.cols >= BESIDE_EACH_OTHER) {
		struct rect half = r;

		half.cols = (r.cols - GAP) / 2;
		left = put_kind(page, half, 0);
		half.col += half.cols + GAP;
		rows = MAX(left, put_kind(page, half, 1));
		r.row += rows;
		r.rows = MAX(r.rows - rows, 1);
		rows += put_kind(page, r, 2);
	} else {
		rows = put_below_each_other(page, r);
	}
	scene_advance(page, rows);
}

int scene_put_code_beside(struct scene_page *page, struct rect r)
{
	canvas_vline(page->frame->canvas, r.row, r.col - 2, r.rows, STYLE_BORDER);
	return put_below_each_other(page, r);
}
