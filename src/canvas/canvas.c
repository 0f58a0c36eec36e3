/* SPDX-License-Identifier: MIT
 * The grid: which cells there are, what text becomes in them (wide characters, marks, the clip),
 * and that no wide character is ever cut in half.
 */

#include "canvas.h"

static const struct cell blank = { .width = 1 };

static int clamp(int value, int low, int high)
{
	return MAX(low, MIN(value, high));
}

struct canvas *canvas_create(int rows, int cols)
{
	struct canvas *canvas = xcalloc(1, sizeof(*canvas));

	canvas_resize(canvas, rows, cols);
	return canvas;
}

void canvas_resize(struct canvas *canvas, int rows, int cols)
{
	canvas->rows = clamp(rows, 1, CANVAS_ROWS_MAX);
	canvas->cols = clamp(cols, 1, CANVAS_COLS_MAX);
	if (canvas->rows * canvas->cols > canvas->room) {
		canvas->room = canvas->rows * canvas->cols;
		canvas->cells =
			xreallocarray(canvas->cells, (size_t)canvas->room, sizeof(*canvas->cells));
	}
	canvas_clear(canvas);
}

void canvas_destroy(struct canvas *canvas)
{
	if (!canvas)
		return;
	free(canvas->cells);
	free(canvas);
}

void canvas_clear(struct canvas *canvas)
{
	for (int i = 0; i < canvas->rows * canvas->cols; i++)
		canvas->cells[i] = blank;
	canvas->clip = (struct rect) { 0, 0, canvas->rows, canvas->cols };
}

static bool inside(struct rect r, int row, int col)
{
	return row >= r.row && row < r.row + r.rows && col >= r.col && col < r.col + r.cols;
}

static struct cell *cell_at(struct canvas *canvas, int row, int col)
{
	return &canvas->cells[row * canvas->cols + col];
}

const struct cell *canvas_at(const struct canvas *canvas, int row, int col)
{
	if (row < 0 || row >= canvas->rows || col < 0 || col >= canvas->cols)
		return &blank;
	return &canvas->cells[row * canvas->cols + col];
}

/* The part of a that lies in b; sums in 64 bits, so that any rectangle will do. */
static struct rect intersection(struct rect a, struct rect b)
{
	int row = MAX(a.row, b.row), col = MAX(a.col, b.col);
	int64_t row_end = MIN((int64_t)a.row + a.rows, (int64_t)b.row + b.rows);
	int64_t col_end = MIN((int64_t)a.col + a.cols, (int64_t)b.col + b.cols);

	if (row_end <= row || col_end <= col)
		return (struct rect) { row, col, 0, 0 };
	return (struct rect) { row, col, (int)(row_end - row), (int)(col_end - col) };
}

struct rect canvas_clip(struct canvas *canvas, struct rect r)
{
	struct rect old = canvas->clip;

	canvas->clip = intersection(r, old);
	return old;
}

void canvas_unclip(struct canvas *canvas, struct rect old)
{
	canvas->clip = old;
}

/* Before a cell is overwritten: the other half of a wide character there becomes a blank. */
static void break_wide(struct canvas *canvas, int row, int col)
{
	struct cell *cell = cell_at(canvas, row, col);
	struct cell *other = cell->width == 0 ? cell - 1 : cell + 1;

	if (cell->width == 1)
		return;
	other->text[0] = '\0';
	other->width = 1;
}

/* One character of `width` 1 or 2 whose cells are all in the clip. */
static void put(struct canvas *canvas, int row, int col, const char *text, size_t bytes, int width,
	enum style style)
{
	struct cell *cell = cell_at(canvas, row, col);

	break_wide(canvas, row, col);
	if (width == 2)
		break_wide(canvas, row, col + 1);
	*cell = (struct cell) { .width = (uint8_t)width, .style = (uint8_t)style };
	if (bytes != 1 || text[0] != ' ')
		memcpy(cell->text, text, bytes);
	if (width == 2)
		cell[1] = (struct cell) { .width = 0, .style = (uint8_t)style };
}

/* A character as canvas_text takes it from its text. */
struct glyph {
	const char *text;
	size_t bytes, in_bytes;
	int width;
};

/* C0, DEL, C1 in either form, a stray byte. */
static bool steers(const char *text, size_t bytes)
{
	uint8_t first = (uint8_t)text[0];

	if (bytes == 1)
		return first < ' ' || first >= 0x7F;
	return first == 0xC2 && (uint8_t)text[1] < 0xA0;
}

static struct glyph next_glyph(const char *text, size_t len)
{
	struct glyph glyph = { .text = text };

	glyph.width = text_char_width(text, len, &glyph.in_bytes);
	glyph.bytes = glyph.in_bytes;
	/* Callers pass safe text. Should one forget, still nothing that steers a terminal enters
	 * a cell. */
	if (steers(text, glyph.bytes)) {
		glyph.text = "\xEF\xBF\xBD";
		glyph.bytes = 3;
		glyph.width = 1;
	}
	return glyph;
}

static void add_mark(struct cell *cell, const struct glyph *glyph)
{
	size_t used = strlen(cell->text);

	if (!used) /* a mark on a blank: the blank must be there for it */
		cell->text[used++] = ' ';
	if (used + glyph->bytes >= sizeof(cell->text))
		return;
	memcpy(cell->text + used, glyph->text, glyph->bytes);
	cell->text[used + glyph->bytes] = '\0';
}

/* Puts what of the glyph is in the clip: a wide one half outside becomes a blank. Returns the
 * cell that has its text. */
static struct cell *put_clipped(
	struct canvas *canvas, int row, int col, const struct glyph *glyph, enum style style)
{
	bool first = inside(canvas->clip, row, col);
	bool last = inside(canvas->clip, row, col + glyph->width - 1);

	if (first && last) {
		put(canvas, row, col, glyph->text, glyph->bytes, glyph->width, style);
		return cell_at(canvas, row, col);
	}
	if (first || last)
		put(canvas, row, first ? col : col + 1, " ", 1, 1, style);
	return NULL;
}

int canvas_text(
	struct canvas *canvas, int row, int col, int cols, enum style style, const char *text)
{
	struct cell *cell = NULL;
	size_t len = strlen(text);
	int used = 0;

	if (cols < 0)
		cols = MAX(0, canvas->clip.col + canvas->clip.cols - col);
	while (len) {
		struct glyph glyph = next_glyph(text, len);

		if (glyph.width > cols - used)
			break;
		if (glyph.width)
			cell = put_clipped(canvas, row, col + used, &glyph, style);
		else if (cell)
			add_mark(cell, &glyph);
		used += glyph.width;
		text += glyph.in_bytes;
		len -= glyph.in_bytes;
	}
	return used;
}

int canvas_textf(struct canvas *canvas, int row, int col, int cols, enum style style,
	const char *format, ...)
{
	char text[4096];
	va_list args;

	va_start(args, format);
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	va_end(args);
	return canvas_text(canvas, row, col, cols, style, text);
}

int canvas_text_right(
	struct canvas *canvas, int row, int col, int cols, enum style style, const char *text)
{
	int blanks = MAX(0, cols - text_width(text));

	return canvas_text(canvas, row, col + blanks, cols - blanks, style, text);
}

void canvas_fill(struct canvas *canvas, struct rect r, const char *character, enum style style)
{
	struct rect visible = intersection(r, canvas->clip);
	struct glyph glyph = next_glyph(*character ? character : " ", MAX(strlen(character), 1u));

	if (glyph.width < 1) /* a mark alone fills nothing */
		return;
	for (int row = visible.row; row < visible.row + visible.rows; row++) {
		for (int col = visible.col; col < visible.col + visible.cols; col += glyph.width)
			put_clipped(canvas, row, col, &glyph, style);
	}
}

void canvas_hline(struct canvas *canvas, int row, int col, int cols, enum style style)
{
	canvas_fill(canvas, (struct rect) { row, col, 1, cols }, "─", style);
}

void canvas_vline(struct canvas *canvas, int row, int col, int rows, enum style style)
{
	canvas_fill(canvas, (struct rect) { row, col, rows, 1 }, "│", style);
}

void canvas_box(struct canvas *canvas, struct rect r, enum style style)
{
	int bottom = r.row + r.rows - 1, right = r.col + r.cols - 1;

	if (r.rows < 1 || r.cols < 1)
		return;
	if (r.rows == 1 || r.cols == 1) { /* no room for corners */
		canvas_fill(canvas, r, r.rows == 1 ? "─" : "│", style);
		return;
	}
	canvas_hline(canvas, r.row, r.col + 1, r.cols - 2, style);
	canvas_hline(canvas, bottom, r.col + 1, r.cols - 2, style);
	canvas_vline(canvas, r.row + 1, r.col, r.rows - 2, style);
	canvas_vline(canvas, r.row + 1, right, r.rows - 2, style);
	canvas_text(canvas, r.row, r.col, 1, style, "╭");
	canvas_text(canvas, r.row, right, 1, style, "╮");
	canvas_text(canvas, bottom, r.col, 1, style, "╰");
	canvas_text(canvas, bottom, right, 1, style, "╯");
}

void canvas_mark(struct canvas *canvas, struct rect r, uint8_t set)
{
	struct rect visible = intersection(r, canvas->clip);

	for (int row = visible.row; row < visible.row + visible.rows; row++) {
		for (int col = visible.col; col < visible.col + visible.cols; col++)
			cell_at(canvas, row, col)->flags |= set;
	}
}
