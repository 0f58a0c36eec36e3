/* SPDX-License-Identifier: MIT
 * The box that lies over the panes, and the menu in it: a few named choices, one line of help each.
 */

#include "frame.h"

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

/* The cells for the longest name. */
static int name_cols(const struct menu *menu)
{
	int cols = 0;

	for (int i = 0; i < menu->n; i++)
		cols = MAX(cols, text_width(menu->items[i].name));
	return cols + 1;
}

void ui_menu_open(struct ui *ui, const char *title, const struct menu_item *items, size_t n)
{
	ui->menu = (struct menu) { title, items, (int)n, 0 };
	ui->over = NULL;
}

void ui_menu_choose(struct ui *ui, int at)
{
	ui->menu.at = at;
}

bool ui_menu_is_open(const struct ui *ui)
{
	return ui->menu.title != NULL;
}

static int close_with(struct ui *ui, int answer)
{
	ui->menu.title = NULL;
	return answer;
}

int ui_menu_key(struct ui *ui, int key)
{
	struct scroll list = { .rows = ui->menu.n, .visible = ui->menu.n };
	enum command_id command = command_of_key(key, MODE_LAB, NULL);

	if (!ui->menu.title)
		return MENU_CLOSED;
	if (key >= MENU_KEY && key < MENU_KEY + ui->menu.n)
		return close_with(ui, key - MENU_KEY);
	if (key >= '1' && key <= '9' && key - '1' < ui->menu.n)
		return close_with(ui, key - '1');
	if (key == KEYCODE_ENTER || key == KEYCODE_SPACE)
		return close_with(ui, ui->menu.n ? ui->menu.at : MENU_CLOSED);
	if (key == KEYCODE_ESCAPE || command == CMD_QUIT)
		return close_with(ui, MENU_CLOSED);
	ui->menu.at = scroll_move(&list, ui->menu.at, command);
	return MENU_OPEN;
}

void menu_draw(struct frame *frame)
{
	const struct ui *ui = frame->ui;
	struct rect inside = frame_overlay(
		frame, ui->menu.title, "Enter or a digit chooses · Esc closes", ui->menu.n, 74, -1);

	int top = MAX(MIN(ui->menu.at - inside.rows / 2, ui->menu.n - inside.rows), 0);

	int cols = name_cols(&ui->menu);

	for (int i = top; i < MIN(ui->menu.n, top + inside.rows); i++) {
		const struct menu_item *item = &ui->menu.items[i];
		int row = inside.row + i - top;

		canvas_textf(frame->canvas, row, inside.col, 3, STYLE_KEY, "%d", i + 1);
		bars_hit(frame, row, inside.col, inside.cols, MENU_KEY + i);
		canvas_text(frame->canvas, row, inside.col + 3, cols, STYLE_STRONG, item->name);
		put_text(frame,
			(struct place) { row, inside.col + 4 + cols, inside.cols - 4 - cols },
			STYLE_TEXT, item->help);
		if (i == ui->menu.at)
			canvas_mark(frame->canvas,
				(struct rect) { row, inside.col - 1, 1, inside.cols + 2 },
				CELL_SELECTED);
	}
}
