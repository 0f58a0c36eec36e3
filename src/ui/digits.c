/* SPDX-License-Identifier: MIT
 * Big digits, three rows high, for the number that a whole room must read. Each pixel is half a cell.
 */
#include <string.h>

#include "frame.h"

#define PIXEL_ROWS 5

/* Five rows of pixels, three in each but where a glyph is narrower. */
static const struct big_digit {
	const char *character;
	int cols;
	const char *rows[PIXEL_ROWS];
} glyphs[] = {
	{ "0", 3, { "###", "# #", "# #", "# #", "###" } },
	{ "1", 3, { " # ", "## ", " # ", " # ", "###" } },
	{ "2", 3, { "###", "  #", "###", "#  ", "###" } },
	{ "3", 3, { "###", "  #", " ##", "  #", "###" } },
	{ "4", 3, { "# #", "# #", "###", "  #", "  #" } },
	{ "5", 3, { "###", "#  ", "###", "  #", "###" } },
	{ "6", 3, { "###", "#  ", "###", "# #", "###" } },
	{ "7", 3, { "###", "  #", "  #", " # ", " # " } },
	{ "8", 3, { "###", "# #", "###", "# #", "###" } },
	{ "9", 3, { "###", "# #", "###", "  #", "###" } },
	{ ".", 1, { " ", " ", " ", " ", "#" } },
	{ ",", 1, { " ", " ", " ", "#", "#" } },
	{ ":", 1, { " ", "#", " ", "#", " " } },
	{ "-", 3, { "   ", "   ", "###", "   ", "   " } },
	{ "–", 3, { "   ", "   ", "###", "   ", "   " } },
	{ "+", 3, { "   ", " # ", "###", " # ", "   " } },
	{ "/", 3, { "  #", "  #", " # ", "#  ", "#  " } },
	{ "%", 3, { "# #", "  #", " # ", "#  ", "# #" } },
	{ "=", 3, { "   ", "###", "   ", "###", "   " } },
	{ "x", 3, { "   ", "# #", " # ", "# #", "   " } },
	{ "×", 3, { "   ", "# #", " # ", "# #", "   " } },
	{ "|", 1, { "#", "#", "#", "#", "#" } },
	{ " ", 3, { "   ", "   ", "   ", "   ", "   " } },
	{ "k", 3, { "#  ", "# #", "## ", "# #", "# #" } },
	{ "B", 3, { "## ", "# #", "## ", "# #", "## " } },
	{ "M", 5, { "#   #", "## ##", "# # #", "#   #", "#   #" } },
	{ "G", 3, { "###", "#  ", "# #", "# #", "###" } },
	{ "m", 5, { "     ", "#### ", "# # #", "# # #", "# # #" } },
	{ "n", 3, { "   ", "## ", "# #", "# #", "# #" } },
	{ "s", 3, { "   ", " ##", "#  ", "  #", "## " } },
	{ "o", 3, { "   ", "###", "# #", "# #", "###" } },
	{ "f", 3, { " ##", "#  ", "## ", "#  ", "#  " } },
	{ "µ", 3, { "   ", "# #", "# #", "###", "#  " } },
};

static const struct big_digit *glyph_at(const char *text, size_t *ret_bytes)
{
	for (size_t i = 0; i < ARRAY_LEN(glyphs); i++) {
		size_t n = strlen(glyphs[i].character);

		if (strncmp(text, glyphs[i].character, n) != 0)
			continue;
		*ret_bytes = n;
		return &glyphs[i];
	}
	return NULL;
}

int digits_cols(const char *text)
{
	int cols = 0;

	for (size_t n; *text; text += n) {
		const struct big_digit *glyph = glyph_at(text, &n);

		if (!glyph)
			return 0;
		cols += glyph->cols + 1;
	}
	return MAX(cols - 1, 0);
}

static bool pixel(const struct big_digit *glyph, int row, int col)
{
	return row < PIXEL_ROWS && glyph->rows[row][col] == '#';
}

static void put_glyph(
	struct frame *frame, int row, int col, enum style style, const struct big_digit *glyph)
{
	static const char *const halves[] = { " ", "▀", "▄", "█" };

	for (int r = 0; r < DIGITS_ROWS; r++)
		for (int c = 0; c < glyph->cols; c++)
			canvas_text(frame->canvas, row + r, col + c, 1, style,
				halves[pixel(glyph, 2 * r, c) + 2 * pixel(glyph, 2 * r + 1, c)]);
}

void digits_put(struct frame *frame, int row, int col, enum style style, const char *text)
{
	for (size_t n; *text; text += n) {
		const struct big_digit *glyph = glyph_at(text, &n);

		if (!glyph)
			return;
		put_glyph(frame, row, col, style, glyph);
		col += glyph->cols + 1;
	}
}
