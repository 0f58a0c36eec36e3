/* SPDX-License-Identifier: MIT
 * A cursor in a list that is longer than its window.
 */
#include "internal.h"

int scroll_move(const struct scroll *scroll, int at, enum command_id command)
{
	int page = MAX(scroll->visible - 1, 1);

	switch (command) {
	case CMD_UP:
		at--;
		break;
	case CMD_DOWN:
		at++;
		break;
	case CMD_PAGE_UP:
		at -= page;
		break;
	case CMD_PAGE_DOWN:
		at += page;
		break;
	case CMD_HOME:
		at = 0;
		break;
	case CMD_END:
		at = scroll->rows - 1;
		break;
	default:
		break;
	}
	return MAX(MIN(at, scroll->rows - 1), 0);
}

void scroll_show(struct scroll *scroll, int rows, int visible, int at)
{
	scroll->rows = rows;
	scroll->visible = visible;
	if (at < scroll->top)
		scroll->top = at;
	if (at >= scroll->top + visible)
		scroll->top = at - visible + 1;
	scroll->top = MAX(MIN(scroll->top, rows - visible), 0);
}
