/* SPDX-License-Identifier: MIT
 * Any drawing in any order on a small canvas: halves of wide characters stay together, every form of
 * the frame can be made, none holds a control, and the ASCII form is ASCII.
 *
 * Input: rows, columns, then calls of (what, row, col, rows, cols, style, length, text).
 */
#include <math.h>
#include <string.h>

#include "../../src/export/ansi.h"
#include "export.h"
#include "fuzz.h"

struct call {
	uint8_t what;
	struct rect rect;
	enum style style;
	char text[256]; /* as it came; NUL-terminated */
	size_t len;
};

/* The next call; false when the input has no more. */
static bool next_call(const uint8_t **data, size_t *size, struct call *ret)
{
	const uint8_t *in = *data;

	if (*size < 7)
		return false;
	ret->what = in[0];
	ret->rect = (struct rect) { (int8_t)in[1], (int8_t)in[2], (int8_t)in[3], (int8_t)in[4] };
	ret->style = in[5] % STYLES;
	ret->len = MIN((size_t)in[6], *size - 7);
	memcpy(ret->text, in + 7, ret->len);
	ret->text[ret->len] = '\0';
	*data += 7 + ret->len;
	*size -= 7 + ret->len;
	return true;
}

/* 0 is unknown, 1 is zero, 255 is far beyond. */
static size_t values_of(const struct call *call, float *values)
{
	for (size_t i = 0; i < call->len; i++) {
		uint8_t byte = (uint8_t)call->text[i];

		values[i] = byte == 0 ? NAN : byte == 255 ? 1e30f : (float)(byte - 1);
	}
	return call->len;
}

static void draw_bar(struct canvas *canvas, const struct call *call, const float *values, size_t n)
{
	static const char *const glyphs[] = { "█", "▓", "░" };
	struct bar_part parts[16];

	n = MIN(n, ARRAY_LEN(parts));
	for (size_t i = 0; i < n; i++)
		parts[i] = (struct bar_part) { (double)values[i], call->style,
			glyphs[i % ARRAY_LEN(glyphs)] };
	chart_bar(
		canvas, call->rect.row, call->rect.col, call->rect.cols, parts, n, call->rect.rows);
}

static void draw(struct canvas *canvas, const struct call *call)
{
	struct rect r = call->rect;
	char safe[512];
	float values[256];
	size_t n = values_of(call, values);
	int used;

	safe_text(safe, sizeof(safe), call->text, call->len);
	switch (call->what % 10) {
	case 0:
		used = canvas_text(canvas, r.row, r.col, r.cols, call->style, safe);
		fuzz_check(used >= 0 && (r.cols < 0 || used <= r.cols) && used <= text_width(safe));
		break;
	case 1:
		canvas_text_right(canvas, r.row, r.col, r.cols, call->style, call->text); /* raw */
		break;
	case 2:
		canvas_fill(canvas, r, safe, call->style);
		break;
	case 3:
		canvas_box(canvas, r, call->style);
		break;
	case 4:
		canvas_mark(canvas, r, (uint8_t)(call->style & 7));
		break;
	case 5:
		chart_spark(canvas, r.row, r.col, r.cols, values, n, r.rows, call->style);
		break;
	case 6:
		chart_updown(canvas, r, values, values + n / 2, n / 2, 0, call->style, STYLE_DIM);
		break;
	case 7:
		draw_bar(canvas, call, values, n);
		break;
	case 8:
		canvas_clip(canvas, r);
		break;
	default:
		canvas_clear(canvas);
	}
}

static void check_cells(const struct canvas *canvas)
{
	for (int i = 0; i < canvas->rows * canvas->cols; i++) {
		const struct cell *cell = &canvas->cells[i];
		int col = i % canvas->cols;

		fuzz_check(cell->width <= 2 && cell->style < STYLES);
		fuzz_check(memchr(cell->text, '\0', sizeof(cell->text)));
		fuzz_check(!cell->text[0] || text_width(cell->text) == cell->width);
		fuzz_check(cell->width != 2 || (col + 1 < canvas->cols && cell[1].width == 0));
		fuzz_check(cell->width != 0 || (col > 0 && cell[-1].width == 2 && !cell->text[0]));
	}
}

/* No control but the newlines, and ESC where sequences are the point. */
static void check_text(const struct buf *text, bool escapes)
{
	for (size_t i = 0; i < text->len; i++) {
		uint8_t byte = (uint8_t)text->text[i];

		fuzz_check(byte >= ' ' || byte == '\n' || (escapes && byte == 0x1B));
		fuzz_check(byte != 0x7F);
		fuzz_check(byte != 0xC2 || (uint8_t)text->text[i + 1] >= 0xA0); /* C1 */
	}
}

static void check_exports(struct canvas *canvas, unsigned which)
{
	const struct theme *theme = &theme_table[which % theme_count];
	enum depth depth = which / theme_count % (DEPTH_256 + 1);
	struct buf out = { 0 };

	export_text(canvas, &out);
	check_text(&out, false);
	buf_clear(&out);
	/* One of the two a run: they are most of its time. */
	if (which & 128) {
		for (int row = 0; row < canvas->rows; row++)
			ansi_put_cells(canvas, theme, depth, row, 0, canvas->cols, &out);
		check_text(&out, true);
	} else {
		export_svg(canvas, theme, depth, "fuzz", &out);
		check_text(&out, false);
	}
	buf_clear(&out);
	canvas_to_ascii(canvas);
	check_cells(canvas);
	export_text(canvas, &out);
	for (size_t i = 0; i < out.len; i++)
		fuzz_check((uint8_t)out.text[i] < 0x80);
	buf_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct canvas *canvas;
	struct call call = { 0 };

	if (size < 2)
		return 0;
	canvas = canvas_create(data[0] % 32, data[1] % 64);
	data += 2;
	size -= 2;
	while (next_call(&data, &size, &call)) {
		draw(canvas, &call);
		check_cells(canvas);
	}
	check_exports(canvas, call.what);
	canvas_destroy(canvas);
	return 0;
}
