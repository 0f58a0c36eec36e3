/* SPDX-License-Identifier: MIT
 * A menu over the panes: a few named choices, one line of help each.
 */
#include <stdio.h>

#include "internal.h"

#define NAME_COLS 10

void ui_menu_open(struct ui *ui, const char *title, const struct menu_item *items, size_t n)
{
	ui->menu_title = title;
	ui->menu_items = items;
	ui->menu_n = (int)n;
	ui->menu_at = 0;
	ui->overlay = OVERLAY_MENU;
}

bool ui_menu_is_open(const struct ui *ui)
{
	return ui->overlay == OVERLAY_MENU;
}

static int close_with(struct ui *ui, int answer)
{
	ui->overlay = OVERLAY_NONE;
	return answer;
}

int ui_menu_key(struct ui *ui, int key)
{
	struct scroll list = { .rows = ui->menu_n, .visible = ui->menu_n };
	enum command_id command = command_of_key(key, NULL);

	if (ui->overlay != OVERLAY_MENU)
		return MENU_CLOSED;
	if (key >= '1' && key <= '9' && key - '1' < ui->menu_n)
		return close_with(ui, key - '1');
	if (key == KEYCODE_ENTER || key == KEYCODE_SPACE)
		return close_with(ui, ui->menu_n ? ui->menu_at : MENU_CLOSED);
	if (key == KEYCODE_ESCAPE || command == CMD_QUIT)
		return close_with(ui, MENU_CLOSED);
	ui->menu_at = scroll_move(&list, ui->menu_at, command);
	return MENU_OPEN;
}

void menu_draw(struct frame *frame)
{
	const struct ui *ui = frame->ui;
	struct rect inside = frame_overlay(
		frame, ui->menu_title, "Enter or a digit chooses · Esc closes", ui->menu_n, 74, -1);

	for (int i = 0; i < MIN(ui->menu_n, inside.rows); i++) {
		const struct menu_item *item = &ui->menu_items[i];
		int row = inside.row + i;

		canvas_textf(frame->canvas, row, inside.col, 3, STYLE_KEY, "%d", i + 1);
		canvas_text(
			frame->canvas, row, inside.col + 3, NAME_COLS, STYLE_STRONG, item->name);
		put_text(frame,
			(struct place) {
				row, inside.col + 4 + NAME_COLS, inside.cols - 4 - NAME_COLS },
			STYLE_TEXT, item->help);
		if (i == ui->menu_at)
			canvas_mark(frame->canvas,
				(struct rect) { row, inside.col - 1, 1, inside.cols + 2 },
				CELL_SELECTED);
	}
}
