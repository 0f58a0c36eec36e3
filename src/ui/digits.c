/* SPDX-License-Identifier: MIT
 * Big digits, three rows high, for the number that a whole room must read. Each pixel is half a cell.
 */

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

/* Each pixel is `scale` cells wide, and half as many rows high. */
static void put_glyph(struct frame *frame, int row, int col, int scale, enum style style,
	const struct big_digit *glyph)
{
	static const char *const halves[] = { " ", "▀", "▄", "█" };

	for (int r = 0; r < digits_rows(scale); r++)
		for (int c = 0; c < glyph->cols * scale; c++) {
			int half = pixel(glyph, 2 * r / scale, c / scale) +
				   2 * pixel(glyph, (2 * r + 1) / scale, c / scale);

			/* A blank of a style that underlines would be a line. */
			if (half)
				canvas_text(
					frame->canvas, row + r, col + c, 1, style, halves[half]);
		}
}

int digits_rows(int scale)
{
	return (PIXEL_ROWS * scale + 1) / 2;
}

/* Up to `end`; returns the column after them. */
static int put_scaled(struct frame *frame, int row, int col, int scale, enum style style,
	const char *text, const char *end)
{
	for (size_t n; text < end; text += n) {
		const struct big_digit *glyph = glyph_at(text, &n);

		if (!glyph)
			break;
		put_glyph(frame, row, col, scale, style, glyph);
		col += (glyph->cols + 1) * scale;
	}
	return col;
}

/* The numbers of both sides in their colours: "1 | 3". */
static void put_sides(struct frame *frame, int row, int col, int scale, const char *text)
{
	const char *bar = strstr(text, " | "), *end = text + strlen(text);

	if (bar) {
		col = put_scaled(frame, row, col, scale, STYLE_PROCESS, text, bar);
		col = put_scaled(frame, row, col, scale, STYLE_DIM, bar, bar + strlen(" | "));
		text = bar + strlen(" | ");
	}
	put_scaled(frame, row, col, scale, bar ? STYLE_THREAD : STYLE_STRONG, text, end);
}

void digits_put(struct frame *frame, int row, int col, enum style style, const char *text)
{
	put_scaled(frame, row, col, 1, style, text, text + strlen(text));
}

/* --- one number for a whole hall --- */

/* "voluntary_per_s" as words. */
static void put_words(char *out, size_t size, const char *fact, const char *subject)
{
	snprintf(out, size, "%s · %s", fact, subject);
	for (char *c = out; *c && c < out + strlen(fact); c++)
		if (*c == '_')
			*c = ' ';
}

/* The name of the fact, and whose it is. */
static void name_number(struct frame *frame, char *out, size_t size)
{
	const struct panel *focus = frame->ui->focus;
	const struct caption *caption = frame->ui->caption;
	struct number number;

	*out = '\0';
	if (focus->pane->number && focus->pane->number(focus, frame->model, &number))
		put_words(out, size, number.fact->name, number.subject);
	else if (caption && *caption->big)
		snprintf(out, size, "%s", caption->big_label);
}

void big_number_draw(struct frame *frame)
{
	const struct caption *caption = frame->ui->caption;
	const struct rect all = { 0, 0, frame->canvas->rows, frame->canvas->cols };
	char name[160];

	name_number(frame, name, sizeof(name));
	const bool captioned = caption && *caption->big && frame->ui->focus->pane->of_caption;
	const char *text = captioned ? caption->big : frame->ui->shown;
	int cols = *name && *text ? digits_cols(text) : 0;
	int scale = cols ? MIN((all.cols - 4) / cols, (all.rows - 4) * 2 / PIXEL_ROWS) : 0;
	int row = (all.rows - digits_rows(MAX(scale, 1)) - 2) / 2;

	canvas_fill(frame->canvas, all, " ", STYLE_TEXT);
	if (scale > 0)
		put_sides(frame, row, (all.cols - cols * scale) / 2, scale, text);
	else if (*name)
		canvas_text(frame->canvas, row, (all.cols - text_width(text)) / 2, -1, STYLE_STRONG,
			text);
	else
		snprintf(name, sizeof(name), "no number is focused: arrows choose one");
	canvas_text(frame->canvas, row + digits_rows(MAX(scale, 1)) + 1,
		MAX((all.cols - text_width(name)) / 2, 0), -1, STYLE_DIM, name);
}
