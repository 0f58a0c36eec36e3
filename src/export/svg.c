/* SPDX-License-Identifier: MIT
 * A frame as a picture: a window of the theme's paper, and on it, look by look, areas, lines and
 * runs of text.
 */

#include "svg.h"

#define PADDING QUARTERS(18)
#define TITLE_BAR QUARTERS(39)
#define CORNER QUARTERS(12)
#define BASELINE QUARTERS(18.75)
#define UNDERLINE QUARTERS(21)
#define STRIKE QUARTERS(13.5)

/* The size at which DejaVu Sans Mono's and most other monospaced fonts' characters are as wide
 * as a cell. */
#define FONT                                                                                       \
	"font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" "            \
	"font-size=\"19.93\""

/* A look with its real colours. */
struct paint {
	uint32_t fg, bg;
	uint8_t attributes;
};

/* One way a cell can look: all cells of one kind are drawn in one group. */
struct cell_kind {
	enum style style;
	uint8_t flags;
};

struct svg {
	const struct canvas *canvas;
	const struct theme *theme;
	enum depth depth;
	uint32_t paper;
	struct buf *out;
	struct buf strokes, areas, text; /* of the group that is being drawn */
};

static struct paint kind_paint(const struct svg *svg, struct cell_kind kind)
{
	struct look look = theme_look(svg->theme, svg->depth, kind.style, kind.flags);
	struct paint paint = {
		.fg = palette_rgb(look.fg < 0 ? svg->theme->ink : look.fg),
		.bg = palette_rgb(look.bg < 0 ? svg->theme->paper : look.bg),
		.attributes = look.attributes,
	};

	if (look.attributes & LOOK_REVERSE) {
		uint32_t fg = paint.fg;

		paint.fg = paint.bg;
		paint.bg = fg;
	}
	return paint;
}

static bool is_kind(const struct cell *cell, struct cell_kind kind)
{
	return cell->style == kind.style && cell->flags == kind.flags;
}

static int cell_x(int col)
{
	return PADDING + col * CELL_WIDTH;
}

static int cell_y(int row)
{
	return TITLE_BAR + row * CELL_HEIGHT;
}

static void put_attribute(struct buf *out, const char *name, int quarters)
{
	buf_addf(out, " %s=\"", name);
	svg_number(out, quarters);
	buf_adds(out, "\"");
}

static void put_escaped(struct buf *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			buf_adds(out, "&amp;");
			break;
		case '<':
			buf_adds(out, "&lt;");
			break;
		case '>':
			buf_adds(out, "&gt;");
			break;
		default:
			buf_add(out, text, 1);
		}
	}
}

/* Cells of one kind from col on; at least one. */
static int kind_run(const struct canvas *canvas, int row, int col, struct cell_kind kind)
{
	int n = 1;

	while (col + n < canvas->cols && is_kind(canvas_at(canvas, row, col + n), kind))
		n++;
	return n;
}

/* Areas over all cells of a kind in a row, `down` below their top and so high. */
static void put_areas(const struct canvas *canvas, struct cell_kind kind, int row, int down,
	int height, struct buf *out)
{
	for (int col = 0, n; col < canvas->cols; col += n) {
		n = 1;
		if (!is_kind(canvas_at(canvas, row, col), kind))
			continue;
		n = kind_run(canvas, row, col, kind);
		svg_rect(out, cell_x(col), cell_y(row) + down, n * CELL_WIDTH, height);
	}
}

static void put_background(struct svg *svg, struct cell_kind kind, uint32_t bg)
{
	buf_addf(svg->out, "<path fill=\"#%06x\" d=\"", bg);
	for (int row = 0; row < svg->canvas->rows; row++)
		put_areas(svg->canvas, kind, row, 0, CELL_HEIGHT, svg->out);
	buf_adds(svg->out, "\"/>\n");
}

/* Characters whose width in some fonts differs stand alone, so that they cannot shift their
 * neighbours. */
static bool stands_alone(const struct cell *cell)
{
	return cell->width == 2 || (uint8_t)cell->text[0] >= 0xE2;
}

static bool is_word(const struct cell *cell, struct cell_kind kind)
{
	return cell->text[0] && is_kind(cell, kind) && !svg_is_shape(cell->text) &&
	       !stands_alone(cell);
}

/* Cells of a run of text from col on: words with single blanks between, since more would be
 * collapsed. */
static int text_run(const struct canvas *canvas, int row, int col, struct cell_kind kind)
{
	const struct cell *first = canvas_at(canvas, row, col);
	int n = 1;

	if (stands_alone(first))
		return first->width;
	while (col + n < canvas->cols) {
		const struct cell *next = canvas_at(canvas, row, col + n);
		bool gap = !next->text[0] && next->width == 1 && is_kind(next, kind);

		if (gap && col + n + 1 < canvas->cols &&
			is_word(canvas_at(canvas, row, col + n + 1), kind))
			n += 2;
		else if (is_word(next, kind))
			n++;
		else
			break;
	}
	return n;
}

static void put_text_run(struct svg *svg, int row, int col, int n)
{
	struct buf *out = &svg->text;

	buf_adds(out, "<text");
	put_attribute(out, "x", cell_x(col));
	put_attribute(out, "y", cell_y(row) + BASELINE);
	put_attribute(out, "textLength", n * CELL_WIDTH);
	buf_adds(out, " lengthAdjust=\"spacingAndGlyphs\">");
	for (int i = 0; i < n; i++) {
		const struct cell *cell = canvas_at(svg->canvas, row, col + i);

		if (cell->width)
			put_escaped(out, cell->text[0] ? cell->text : " ");
	}
	buf_adds(out, "</text>\n");
}

/* Cells with the same shape as the one at col. */
static int shape_run(const struct canvas *canvas, int row, int col, struct cell_kind kind)
{
	const struct cell *first = canvas_at(canvas, row, col);
	int n = 1;

	while (col + n < canvas->cols) {
		const struct cell *next = canvas_at(canvas, row, col + n);

		if (!is_kind(next, kind) || strcmp(next->text, first->text))
			break;
		n++;
	}
	return n;
}

/* Draws what begins at (row, col) and returns the cells it took. */
static int collect_at(struct svg *svg, int row, int col, struct cell_kind kind)
{
	const struct cell *cell = canvas_at(svg->canvas, row, col);
	int n = 1;

	if (!is_kind(cell, kind) || !cell->text[0])
		return 1;
	if (svg_is_shape(cell->text)) {
		n = shape_run(svg->canvas, row, col, kind);
		svg_shape(cell->text, cell_x(col), cell_y(row), n, &svg->strokes, &svg->areas);
		return n;
	}
	n = text_run(svg->canvas, row, col, kind);
	put_text_run(svg, row, col, n);
	return n;
}

static void collect(struct svg *svg, struct cell_kind kind, uint8_t attributes)
{
	const struct canvas *canvas = svg->canvas;

	buf_clear(&svg->strokes);
	buf_clear(&svg->areas);
	buf_clear(&svg->text);
	for (int row = 0; row < canvas->rows; row++) {
		for (int col = 0; col < canvas->cols;)
			col += collect_at(svg, row, col, kind);
		if (attributes & LOOK_UNDERLINE)
			put_areas(canvas, kind, row, UNDERLINE, LINE_WIDTH, &svg->areas);
		if (attributes & LOOK_STRUCK)
			put_areas(canvas, kind, row, STRIKE, LINE_WIDTH, &svg->areas);
	}
}

static void put_foreground(struct svg *svg, struct cell_kind kind)
{
	struct paint paint = kind_paint(svg, kind);
	struct buf *out = svg->out;

	collect(svg, kind, paint.attributes);
	if (!svg->strokes.len && !svg->areas.len && !svg->text.len)
		return;
	buf_addf(out, "<g fill=\"#%06x\"%s%s>\n", paint.fg,
		paint.attributes & LOOK_BOLD ? " font-weight=\"bold\"" : "",
		paint.attributes & LOOK_DIM ? " opacity=\"0.6\"" : "");
	if (svg->areas.len)
		buf_addf(out, "<path shape-rendering=\"crispEdges\" d=\"%s\"/>\n", svg->areas.text);
	if (svg->strokes.len)
		buf_addf(out, "<path fill=\"none\" stroke=\"#%06x\" d=\"%s\"/>\n", paint.fg,
			svg->strokes.text);
	if (svg->text.len)
		buf_add(out, svg->text.text, svg->text.len);
	buf_adds(out, "</g>\n");
}

/* Calls draw for each kind of cell that the frame has, in the order of the styles. */
static void each_kind(struct svg *svg, void (*draw)(struct svg *svg, struct cell_kind kind))
{
	bool used[STYLES][UINT8_MAX + 1] = { 0 };
	const struct canvas *canvas = svg->canvas;

	for (int i = 0; i < canvas->rows * canvas->cols; i++)
		used[canvas->cells[i].style][canvas->cells[i].flags] = true;
	for (int style = 0; style < STYLES; style++) {
		for (int flags = 0; flags <= UINT8_MAX; flags++) {
			if (used[style][flags])
				draw(svg, (struct cell_kind) { (enum style)style, (uint8_t)flags });
		}
	}
}

static void draw_background(struct svg *svg, struct cell_kind kind)
{
	uint32_t bg = kind_paint(svg, kind).bg;

	if (bg != svg->paper)
		put_background(svg, kind, bg);
}

static void put_window(struct svg *svg, int width, int height, const char *title)
{
	static const uint32_t dots[] = { 0xE0605A, 0xE0B04A, 0x5FB05F };
	struct paint dim = kind_paint(svg, (struct cell_kind) { STYLE_DIM, 0 });
	struct paint line = kind_paint(svg, (struct cell_kind) { STYLE_BORDER, 0 });
	struct buf *out = svg->out;

	buf_addf(out, "<rect fill=\"#%06x\" stroke=\"#%06x\" x=\"0.75\" y=\"0.75\"", svg->paper,
		line.fg);
	put_attribute(out, "width", width - LINE_WIDTH);
	put_attribute(out, "height", height - LINE_WIDTH);
	put_attribute(out, "rx", CORNER);
	buf_adds(out, "/>\n");
	for (size_t i = 0; i < ARRAY_LEN(dots); i++)
		buf_addf(out, "<circle fill=\"#%06x\" cx=\"%zu\" cy=\"20\" r=\"6\"/>\n", dots[i],
			26 + 21 * i);
	if (!title[0])
		return;
	buf_addf(out, "<text fill=\"#%06x\" font-size=\"16.5\" text-anchor=\"middle\" y=\"26\"",
		dim.fg);
	put_attribute(out, "x", width / 2);
	buf_adds(out, ">");
	put_escaped(out, title);
	buf_adds(out, "</text>\n");
}

static void put_document(struct svg *svg, const char *title)
{
	int width = svg->canvas->cols * CELL_WIDTH + 2 * PADDING;
	int height = svg->canvas->rows * CELL_HEIGHT + TITLE_BAR + PADDING;
	struct buf *out = svg->out;

	buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		      "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" role=\"img\"");
	/* two thirds: a natural pixel is 1.5 units */
	put_attribute(out, "width", width * 2 / 3);
	put_attribute(out, "height", height * 2 / 3);
	buf_adds(out, " viewBox=\"0 0 ");
	svg_number(out, width);
	buf_adds(out, " ");
	svg_number(out, height);
	buf_adds(out, "\">\n<title>");
	put_escaped(out, title);
	buf_adds(out, "</title>\n<g " FONT " stroke-width=\"1.5\" stroke-linecap=\"square\">\n");
	put_window(svg, width, height, title);
	buf_adds(out, "<g shape-rendering=\"crispEdges\">\n");
	each_kind(svg, draw_background);
	buf_adds(out, "</g>\n");
	each_kind(svg, put_foreground);
	buf_adds(out, "</g>\n</svg>\n");
}

void export_svg(const struct canvas *canvas, const struct theme *theme, enum depth depth,
	const char *title, struct buf *out)
{
	struct svg svg = { .canvas = canvas, .theme = theme, .depth = depth, .out = out };
	char safe_title[256];

	safe_text(safe_title, sizeof(safe_title), title, strlen(title));
	svg.paper = kind_paint(&svg, (struct cell_kind) { STYLE_TEXT, 0 }).bg;
	put_document(&svg, safe_title);
	buf_finish(&svg.strokes);
	buf_finish(&svg.areas);
	buf_finish(&svg.text);
}
