/* SPDX-License-Identifier: MIT
 * A frame as plain text, and its styles as letters for golden tests.
 */
#include <ctype.h>

#include "export.h"

/* The legend of export_styles. Of a selected or marked cell the letter is upper case, and
 * STYLE_TEXT is '@'. */
static const char style_letters[STYLES] = {
	[STYLE_TEXT] = '.',
	[STYLE_DIM] = 'd',
	[STYLE_STRONG] = 'b', /* bold */
	[STYLE_BORDER] = 'l',
	[STYLE_TITLE] = 't',
	[STYLE_FOCUS] = 'f',
	[STYLE_PROCESS] = 'p',
	[STYLE_THREAD] = 'h',
	[STYLE_SHARED] = 's',
	[STYLE_PRIVATE] = 'o', /* own */
	[STYLE_VOLUNTARY] = 'v',
	[STYLE_INVOLUNTARY] = 'i',
	[STYLE_RUNNING] = 'r',
	[STYLE_WAITING] = 'w',
	[STYLE_SLEEPING] = 'z',
	[STYLE_GOOD] = 'g',
	[STYLE_WARN] = 'y',
	[STYLE_DEAD] = 'x',
	[STYLE_KEY] = 'k',
	[STYLE_STATUS] = 'm', /* message */
};

void export_text(const struct canvas *canvas, struct buf *out)
{
	for (int row = 0; row < canvas->rows; row++) {
		int blanks = 0; /* put only when something follows them */

		for (int col = 0; col < canvas->cols; col++) {
			const struct cell *cell = canvas_at(canvas, row, col);

			if (cell->width == 0)
				continue;
			if (!cell->text[0]) {
				blanks++;
				continue;
			}
			for (; blanks; blanks--)
				buf_add(out, " ", 1);
			buf_adds(out, cell->text);
		}
		buf_add(out, "\n", 1);
	}
}

static char style_letter(const struct cell *cell)
{
	char letter = style_letters[cell->style];

	if (!(cell->flags & (CELL_SELECTED | CELL_MARKED)))
		return letter;
	return letter == '.' ? '@' : (char)toupper(letter);
}

void export_styles(const struct canvas *canvas, struct buf *out)
{
	for (int row = 0; row < canvas->rows; row++) {
		for (int col = 0; col < canvas->cols; col++) {
			char letter = style_letter(canvas_at(canvas, row, col));

			buf_add(out, &letter, 1);
		}
		buf_add(out, "\n", 1);
	}
}
