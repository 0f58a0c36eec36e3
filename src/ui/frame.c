/* SPDX-License-Identifier: MIT
 * All around the panes: the lines that frame them, their titles and notes, and the boxes that lie over them. Alone knows
 * how lines meet, and how the focused pane is told from the others.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"

/* One horizontal line across the frame, with its corners and its crossing with the divider. */
static void line(struct frame *frame, int row, enum style style, const char *left,
	const char *cross, const char *right)
{
	struct canvas *canvas = frame->canvas;

	canvas_hline(canvas, row, 1, canvas->cols - 2, style);
	canvas_text(canvas, row, 0, 1, style, left);
	canvas_text(canvas, row, frame->divider, 1, style, cross);
	canvas_text(canvas, row, canvas->cols - 1, 1, style, right);
}

static void sides(struct frame *frame, int row, int rows, enum style style, bool divided)
{
	struct canvas *canvas = frame->canvas;

	canvas_vline(canvas, row, 0, rows, style);
	if (divided)
		canvas_vline(canvas, row, frame->divider, rows, STYLE_BORDER);
	canvas_vline(canvas, row, canvas->cols - 1, rows, style);
}

static void title(struct frame *frame, const struct area *area, int row)
{
	bool scene = pane_record(area->pane) == &pane_scene && frame->ui->caption;
	const char *name = scene ? frame->ui->caption->title : pane_table[area->pane].title;
	int cols = scene ? frame->canvas->cols - 4 : frame->divider - 3;
	enum style style = area->focused ? STYLE_FOCUS : STYLE_TITLE;

	/* The focused pane is told by a glyph too, for eyes and screens without colour. */
	canvas_textf(frame->canvas, row, 2, cols, style, area->focused ? " ▸ %s " : " %s ", name);
}

int frame_note_cols(const struct frame *frame, const struct area *area)
{
	return frame->canvas->cols - 14 - text_width(pane_table[area->pane].title);
}

/* A pane may change its mind: what it noted last is drawn when it is done. */
static void draw_note(struct frame *frame, const struct area *area)
{
	int row = area->half[0].row - 1;
	int width = MIN(text_width(frame->note), frame_note_cols(frame, area));

	if (width < 8)
		return;
	canvas_text(frame->canvas, row, frame->canvas->cols - 4 - width, 1, STYLE_DIM, " ");
	put_text(frame, (struct place) { row, frame->canvas->cols - 3 - width, width },
		frame->note_style, frame->note);
	canvas_text(frame->canvas, row, frame->canvas->cols - 3, 1, STYLE_DIM, " ");
}

void frame_note(struct frame *frame, const struct area *area, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(frame->note, sizeof(frame->note), format, args);
	va_end(args);
	frame->note_style = STYLE_DIM;
}

void frame_alert(struct frame *frame, const struct area *area, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(frame->note, sizeof(frame->note), format, args);
	va_end(args);
	frame->note_style = STYLE_WARN;
}

/* What is not in sight, and how to get there: a screen that leaves something out says so. Returns the cells used. */
static int say_hidden(struct frame *frame, int row)
{
	const struct ui *ui = frame->ui;
	char text[160] = "";
	size_t len = 0;

	if (ui->zoomed && ui->set_n > 1) {
		snprintf(text, sizeof(text), " zoomed: z shows all panes ");
	} else if (!ui->zoomed) {
		for (int i = 0; i < ui->set_n; i++)
			if (!(ui->visible & 1u << ui->set[i]))
				len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
					len ? ", " : " no room for ", pane_table[ui->set[i]].title);
		if (len)
			snprintf(text + len, sizeof(text) - len, ": Tab shows it ");
	}
	if (text[0])
		canvas_text(frame->canvas, row, frame->canvas->cols - 2 - text_width(text), -1,
			STYLE_WARN, text);
	return text_width(text);
}

/* Of the pane above a line; no pane is one without divider. */
struct above {
	bool focused, divided;
};

static const char *crossing(bool above, bool below)
{
	static const char *const glyphs[] = { "─", "┬", "┴", "┼" };

	return glyphs[2 * above + below];
}

/* A line between two panes belongs to both: it is lit when either is focused. */
static void pane_frame(
	struct frame *frame, const struct area *area, int row, const struct above *above)
{
	enum style own = area->focused ? STYLE_FOCUS : STYLE_BORDER;
	bool first = row == 1, divided = !pane_record(area->pane)->whole;

	line(frame, row, area->focused || above->focused ? STYLE_FOCUS : STYLE_BORDER,
		first ? "╭" : "├", crossing(above->divided, divided), first ? "╮" : "┤");
	sides(frame, row + 1, area->half[0].rows, own, divided);
	title(frame, area, row);
}

static struct area area_at(const struct frame *frame, int pane, int row, int rows)
{
	return (struct area){
		.pane = pane,
		.focused = pane == frame->ui->focus,
		.half = {
			{ row + 1, 1, rows, frame->half_cols },
			{ row + 1, frame->divider + 1, rows, frame->half_cols },
		},
	};
}

/* Beside a scene, a pane of few rows has all of them: a lesson is about each of its tasks. Others make do with as many. */
#define BESIDE_SCENE 6

static int min_rows(const struct ui *ui, const struct pane *pane)
{
	if (!ui->caption || pane == &pane_scene)
		return pane->min_rows;
	return MIN(MAX(pane->want(ui), pane->min_rows), BESIDE_SCENE);
}

/* The slots are those of the set, in its order. */
static void share_rows(struct frame *frame, struct slot *slots, int rows)
{
	struct ui *ui = frame->ui;
	int focus = 0;

	for (int i = 0; i < ui->set_n; i++) {
		const struct pane *pane = pane_record(ui->set[i]);

		slots[i] = (struct slot) { .min = min_rows(ui, pane),
			.want = MAX(pane->want(ui), pane->min_rows),
			.weight = pane->weight,
			.modest = pane == &pane_scene };
		if (ui->set[i] == ui->focus)
			focus = i;
	}
	if (ui->zoomed) {
		for (int i = 0; i < ui->set_n; i++)
			slots[i].rows = i == focus ? rows - 2 : 0;
	} else {
		layout_rows(slots, ui->set_n, focus, rows);
	}
	ui->visible = 0;
	for (int i = 0; i < ui->set_n; i++)
		if (slots[i].rows)
			ui->visible |= 1u << ui->set[i];
}

/* Header, message and footer take one row each. */
static void draw_panes(struct frame *frame)
{
	struct ui *ui = frame->ui;
	struct slot slots[UI_PANES_SHOWN];
	int row = 1, hidden;
	struct above above = { false, false };

	scene_measure(frame);
	share_rows(frame, slots, frame->canvas->rows - 3);
	ui->pasts = false;
	for (int i = 0; i < ui->set_n; i++) {
		int pane = ui->set[i];
		struct area area = area_at(frame, pane, row, slots[i].rows);

		ui->area[pane] = (struct rect) { row + 1, 0, slots[i].rows, frame->canvas->cols };
		if (!slots[i].rows)
			continue;
		pane_frame(frame, &area, row, &above);
		frame->note[0] = '\0';
		frame->note_style = STYLE_DIM;
		pane_record(pane)->draw(frame, &area);
		losses_draw(frame, &area);
		draw_note(frame, &area);
		above = (struct above) { area.focused, !pane_record(pane)->whole };
		row += slots[i].rows + 1;
	}
	line(frame, row, above.focused ? STYLE_FOCUS : STYLE_BORDER, "╰",
		crossing(above.divided, false), "╯");
	hidden = say_hidden(frame, row);
	if (!ui->caption)
		bars_views(frame, row, 2, frame->canvas->cols - 4 - hidden - (hidden ? 2 : 0));
}

void frame_draw(struct frame *frame)
{
	bars_header(frame);
	draw_panes(frame);
	bars_message(frame, frame->canvas->rows - 2);
	bars_footer(frame, frame->canvas->rows - 1);
}

/* Where a box of `height` rows stands so that the row `spare` is in sight: in the middle, below it, or above it. */
static int overlay_row(int rows, int height, int spare)
{
	int middle = (rows - height) / 2;

	if (spare < middle - 1 || spare > middle + height)
		return middle;
	if (spare + 2 + height <= rows - 2)
		return spare + 2;
	return spare - 1 - height >= 0 ? spare - 1 - height : middle;
}

struct rect frame_overlay(
	struct frame *frame, const char *name, const char *hint, int rows, int cols, int spare)
{
	struct canvas *canvas = frame->canvas;
	struct rect box = { 0, 0, MIN(rows + 2, canvas->rows - 2),
		MIN(cols + 4, canvas->cols - 2) };

	box.row = overlay_row(canvas->rows, box.rows, spare);
	box.col = (canvas->cols - box.cols) / 2;
	canvas_mark(canvas, (struct rect) { 0, 0, canvas->rows - 2, canvas->cols }, CELL_FADED);
	canvas_fill(canvas, box, " ", STYLE_TEXT);
	canvas_box(canvas, box, STYLE_FOCUS);
	canvas_textf(canvas, box.row, box.col + 2, box.cols - 4, STYLE_FOCUS, " ▸ %s ", name);
	canvas_textf(
		canvas, box.row + box.rows - 1, box.col + 2, box.cols - 4, STYLE_DIM, " %s ", hint);
	return (struct rect) { box.row + 1, box.col + 2, box.rows - 2, box.cols - 4 };
}

/* The bytes of text that fit in cols cells, broken after a blank if there is one. */
static size_t fitting(const char *text, int cols)
{
	size_t at = 0, blank = 0, bytes, len = strlen(text);
	int used = 0;

	while (at < len) {
		int width = text_char_width(text + at, len - at, &bytes);

		if (used + width > cols)
			return blank ? blank : MAX(at, 1);
		used += width;
		at += MAX(bytes, 1);
		if (text[at - 1] == ' ')
			blank = at;
	}
	return len;
}

int wrapped_rows(const char *text, int cols)
{
	int rows = 0;

	for (; *text; rows++)
		text += fitting(text, MAX(cols, 1));
	return rows;
}

int put_wrapped(struct frame *frame, struct rect r, enum style style, const char *text)
{
	int lines = 0;

	while (*text && lines < r.rows) {
		size_t n = fitting(text, r.cols);
		char part[512];

		snprintf(part, sizeof(part), "%.*s", (int)MIN(n, sizeof(part) - 1), text);
		canvas_text(frame->canvas, r.row + lines, r.col, r.cols, style, part);
		text += n;
		lines++;
	}
	return lines;
}
