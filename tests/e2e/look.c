/* SPDX-License-Identifier: MIT
 * Looking at the terminal: its text, its cells, and whether it was put back.
 */
#include <stdio.h>
#include <string.h>

#include "harness.h"

#define TEXT_COLS_MAX 1024

const char *tty_text(struct tty *tty)
{
	static struct buf text;
	char row_text[4 * TEXT_COLS_MAX];
	int rows, cols;

	vterm_get_size(tty->vt, &rows, &cols);
	buf_clear(&text);
	buf_adds(&text, "");
	for (int row = 0; row < rows; row++) {
		VTermRect rect = { row, row + 1, 0, cols };
		size_t len = vterm_screen_get_text(tty->screen, row_text, sizeof(row_text), rect);
		while (len && (row_text[len - 1] == ' ' || row_text[len - 1] == '\0'))
			len--;
		buf_add(&text, row_text, len);
		buf_adds(&text, "\n");
	}
	return text.text;
}

VTermScreenCell tty_cell(struct tty *tty, int row, int col)
{
	VTermScreenCell cell = { 0 };
	vterm_screen_get_cell(tty->screen, (VTermPos) { row, col }, &cell);
	return cell;
}

int tty_coloured_cells(struct tty *tty)
{
	int rows, cols, n = 0;
	vterm_get_size(tty->vt, &rows, &cols);
	for (int row = 0; row < rows; row++) {
		for (int col = 0; col < cols; col++) {
			VTermScreenCell cell = tty_cell(tty, row, col);
			n += !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) ||
			     !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg);
		}
	}
	return n;
}

int tty_wide_bytes(struct tty *tty)
{
	int n = 0;
	for (const char *at = tty_text(tty); *at; at++)
		n += (unsigned char)*at >= 0x80;
	return n;
}

const char *tty_unrestored(struct tty *tty)
{
	struct termios now;
	if (tty->alternate)
		return "still the alternate screen";
	if (!tty->cursor)
		return "the cursor is hidden";
	if (tty->mouse)
		return "mouse reports are on";
	if (tcgetattr(tty->slave, &now))
		return "the terminal is gone";
	if (now.c_iflag != tty->before.c_iflag || now.c_oflag != tty->before.c_oflag)
		return "input or output modes differ";
	if (now.c_lflag != tty->before.c_lflag || now.c_cflag != tty->before.c_cflag)
		return "local or control modes differ";
	return memcmp(now.c_cc, tty->before.c_cc, sizeof(now.c_cc)) ? "control characters differ"
								    : NULL;
}

void tty_assert_(struct tty *tty, bool so, const char *what, const char *file, int line)
{
	if (so)
		return;
	fprintf(stderr, "--- the screen%s, status 0x%x:\n%s---\n",
		tty->ended ? " (the program ended)" : "", (unsigned)tty->status, tty_text(tty));
	print_error("%s\n", what);
	_fail(file, line);
}
