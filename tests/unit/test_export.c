/* SPDX-License-Identifier: MIT
 * export: a frame as text, letters, ANSI and SVG says what the canvas says, and each form is
 * well-formed whatever the cells hold.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/export/ansi.h"
#include "export.h"

#define WORK "\xE4\xBD\x9C\xE6\xA5\xAD" /* two wide characters */

static const struct theme *theme(const char *name)
{
	const struct theme *found = theme_find(name);

	assert_non_null(found);
	return found;
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (text = strstr(text, what); text; text = strstr(text + strlen(what), what))
		n++;
	return n;
}

/* --- text and letters --- */

static void text_has_a_line_for_each_row_without_trailing_blanks(void **state)
{
	struct canvas *canvas = canvas_create(4, 10);
	struct buf out = { 0 };

	canvas_text(canvas, 0, 2, -1, STYLE_TEXT, "a  b");
	canvas_text(canvas, 1, 0, -1, STYLE_KEY, WORK "  ");
	canvas_box(canvas, (struct rect) { 3, 0, 1, 10 }, STYLE_BORDER);
	canvas_mark(canvas, (struct rect) { 0, 0, 4, 10 }, CELL_SELECTED);
	export_text(canvas, &out);
	assert_string_equal(out.text, "  a  b\n" WORK "\n\n──────────\n");
	buf_finish(&out);
	canvas_destroy(canvas);
}

static void styles_have_one_letter_a_cell_upper_case_where_selected_or_marked(void **state)
{
	struct canvas *canvas = canvas_create(2, 8);
	struct buf out = { 0 };

	canvas_text(canvas, 0, 0, -1, STYLE_PROCESS, WORK);
	canvas_text(canvas, 0, 4, -1, STYLE_THREAD, "t");
	canvas_text(canvas, 1, 0, -1, STYLE_DEAD, "dead");
	canvas_mark(canvas, (struct rect) { 0, 4, 1, 2 }, CELL_SELECTED);
	canvas_mark(canvas, (struct rect) { 1, 0, 1, 1 }, CELL_MARKED);
	export_styles(canvas, &out);
	assert_string_equal(out.text, "ppppH@..\nXxxx....\n");
	buf_finish(&out);
	canvas_destroy(canvas);
}

static void every_style_has_its_own_letter(void **state)
{
	struct canvas *canvas = canvas_create(1, STYLES);
	struct buf out = { 0 };

	for (int style = 0; style < STYLES; style++)
		canvas_text(canvas, 0, style, 1, (enum style)style, "x");
	export_styles(canvas, &out);
	assert_int_equal(out.len, STYLES + 1);
	for (int i = 0; i < STYLES; i++) {
		assert_true(out.text[i] > ' ');
		for (int j = 0; j < i; j++)
			assert_int_not_equal(out.text[i], out.text[j]);
	}
	buf_finish(&out);
	canvas_destroy(canvas);
}

/* --- ANSI --- */

/* Every row as the frames of a cast have it. */
static void put_ansi(
	const struct canvas *canvas, const char *name, enum depth depth, struct buf *out)
{
	for (int row = 0; row < canvas->rows; row++) {
		ansi_put_cells(canvas, theme(name), depth, row, 0, canvas->cols, out);
		buf_adds(out, "\n");
	}
}

static void assert_ansi(
	const struct canvas *canvas, const char *name, enum depth depth, const char *expected)
{
	struct buf out = { 0 };

	put_ansi(canvas, name, depth, &out);
	assert_string_equal(out.text, expected);
	buf_finish(&out);
}

static void ansi_says_each_look_once_and_ends_each_row_with_a_reset(void **state)
{
	struct canvas *canvas = canvas_create(2, 3);

	canvas_text(canvas, 0, 0, -1, STYLE_TEXT, "a");
	canvas_text(canvas, 0, 1, -1, STYLE_PROCESS, "bc");
	canvas_text(canvas, 1, 0, -1, STYLE_DEAD, "x");
	assert_ansi(canvas, "dark", DEPTH_256,
		"a\x1B[0;38;5;75mbc\x1B[0m\n\x1B[0;1;38;5;210mx  \x1B[0m\n");
	assert_ansi(canvas, "dark", DEPTH_8, "a\x1B[0;1;36mbc\x1B[0m\n\x1B[0;1;31mx  \x1B[0m\n");
	assert_ansi(
		canvas, "dark", DEPTH_MONO, "a\x1B[0;1mbc\x1B[0m\n\x1B[0;1;4mx\x1B[0m  \x1B[0m\n");
	assert_ansi(
		canvas, "mono", DEPTH_256, "a\x1B[0;1mbc\x1B[0m\n\x1B[0;1;4mx\x1B[0m  \x1B[0m\n");
	canvas_destroy(canvas);
}

/* A blank needs a sequence only where it shows: on a background, or reversed. */
static void ansi_says_nothing_of_blanks_that_nobody_sees(void **state)
{
	struct canvas *canvas = canvas_create(2, 4);

	canvas_fill(canvas, (struct rect) { 0, 0, 1, 4 }, " ", STYLE_DIM);
	canvas_mark(canvas, (struct rect) { 1, 0, 1, 3 }, CELL_SELECTED);
	assert_ansi(canvas, "dark", DEPTH_MONO, "    \x1B[0m\n\x1B[0;7m   \x1B[0m \x1B[0m\n");
	canvas_clear(canvas);
	assert_ansi(canvas, "projector-light", DEPTH_256,
		"\x1B[0;38;5;16;48;5;231m    \x1B[0m\n\x1B[0;38;5;16;48;5;231m    \x1B[0m\n");
	assert_ansi(canvas, "projector-light", DEPTH_8,
		"\x1B[0;30;47m    \x1B[0m\n\x1B[0;30;47m    \x1B[0m\n");
	canvas_destroy(canvas);
}

/* Takes the sequences out again: what stays must be the text. */
static void ansi_without_its_sequences_is_the_text(void **state)
{
	struct canvas *canvas = canvas_create(3, 20);
	struct buf ansi = { 0 }, text = { 0 }, stripped = { 0 };

	canvas_box(canvas, (struct rect) { 0, 0, 3, 20 }, STYLE_BORDER);
	canvas_text(canvas, 1, 2, -1, STYLE_STRONG, "w0  " WORK " 12%");
	canvas_mark(canvas, (struct rect) { 1, 1, 1, 18 }, CELL_SELECTED);
	export_text(canvas, &text);
	put_ansi(canvas, "dark", DEPTH_256, &ansi);
	for (const char *c = ansi.text; *c; c++) {
		if (*c == '\x1B')
			c = strchr(c, 'm');
		else
			buf_add(&stripped, c, 1);
	}
	assert_string_equal(stripped.text, text.text);
	buf_finish(&ansi);
	buf_finish(&text);
	buf_finish(&stripped);
	canvas_destroy(canvas);
}

/* --- SVG --- */

/* XML that is well-formed as far as ours can go wrong: tags nest, attributes are quoted, no bare
 * & or <. */
static void assert_well_formed(const char *xml)
{
	const char *open[16];
	size_t depth = 0;

	for (const char *c = xml; *c; c++) {
		assert_true((uint8_t)*c >= ' ' || *c == '\n');
		if (*c == '&')
			assert_true(!strncmp(c, "&amp;", 5) || !strncmp(c, "&lt;", 4) ||
				    !strncmp(c, "&gt;", 4));
		assert_int_not_equal(*c, depth ? '\0' : '>');
		if (*c != '<')
			continue;
		if (c[1] == '?') {
			c = strstr(c, "?>") + 1;
		} else if (c[1] == '/') {
			size_t len = strcspn(c + 2, ">");

			assert_true(depth > 0);
			depth--;
			assert_memory_equal(open[depth], c + 2, len);
			c += 2 + len;
		} else {
			const char *end = strchr(c, '>');
			size_t quotes = 0;

			assert_non_null(end);
			for (const char *in = c + 1; in < end; in++) {
				quotes += *in == '"';
				assert_int_not_equal(*in, '<');
			}
			assert_int_equal(quotes % 2, 0);
			if (end[-1] != '/') {
				assert_true(depth < ARRAY_LEN(open));
				open[depth++] = c + 1;
			}
			c = end;
		}
	}
	assert_int_equal(depth, 0);
}

static char *svg_of(
	const struct canvas *canvas, const char *name, enum depth depth, const char *title)
{
	struct buf out = { 0 };

	export_svg(canvas, theme(name), depth, title, &out);
	assert_well_formed(out.text);
	return out.text;
}

/* What is wrong is struck out without colour, too. */
static void what_is_struck_out_is_so_in_text_and_picture(void **state)
{
	struct canvas *canvas = canvas_create(1, 3);

	canvas_text(canvas, 0, 0, -1, STYLE_TEXT, "abc");
	char *plain = svg_of(canvas, "dark", DEPTH_256, "x");
	canvas_mark(canvas, (struct rect) { 0, 1, 1, 2 }, CELL_STRUCK);
	assert_ansi(canvas, "dark", DEPTH_256, "a\x1B[0;9mbc\x1B[0m\n");
	assert_ansi(canvas, "mono", DEPTH_256, "a\x1B[0;9mbc\x1B[0m\n");
	char *struck = svg_of(canvas, "dark", DEPTH_256, "x");
	assert_null(strstr(plain, "<path shape-rendering"));
	assert_non_null(strstr(struck, "<path shape-rendering"));
	free(plain);
	free(struck);
	canvas_destroy(canvas);
}

static void svg_escapes_what_xml_would_read(void **state)
{
	struct canvas *canvas = canvas_create(1, 20);
	char *svg;

	canvas_text(canvas, 0, 0, -1, STYLE_TEXT, "<b>&amp;\"'</b>");
	svg = svg_of(canvas, "dark", DEPTH_256, "a < b & \x1B[2J");
	assert_non_null(strstr(svg, ">&lt;b&gt;&amp;amp;\"'&lt;/b&gt;</text>"));
	assert_non_null(strstr(svg, "<title>a &lt; b &amp; \xEF\xBF\xBD[2J</title>"));
	free(svg);
	canvas_destroy(canvas);
}

static void svg_positions_every_run_by_its_cells(void **state)
{
	struct canvas *canvas = canvas_create(2, 30);
	char *svg;

	canvas_text(canvas, 1, 1, -1, STYLE_PROCESS, "pid 4711  rss");
	canvas_text(canvas, 1, 20, -1, STYLE_PROCESS, "a" WORK "b");
	svg = svg_of(canvas, "dark", DEPTH_256, "");
	/* x = 18 + 12 a column, y = 39 + 24 a row + 18.75 */
	assert_non_null(strstr(svg, "<text x=\"30\" y=\"81.75\" textLength=\"96\" "
				    "lengthAdjust=\"spacingAndGlyphs\">pid 4711</text>"));
	assert_non_null(strstr(svg, "<text x=\"150\" y=\"81.75\" textLength=\"36\" "
				    "lengthAdjust=\"spacingAndGlyphs\">rss</text>"));
	assert_non_null(strstr(svg, "<text x=\"270\" y=\"81.75\" textLength=\"24\" "
				    "lengthAdjust=\"spacingAndGlyphs\">\xE4\xBD\x9C</text>"));
	assert_non_null(strstr(svg, "<text x=\"318\" y=\"81.75\" textLength=\"12\" "
				    "lengthAdjust=\"spacingAndGlyphs\">b</text>"));
	assert_int_equal(count(svg, "<text"), count(svg, "textLength="));
	assert_int_equal(count(svg, "#5fafff"), 1); /* one group for all cells of a style */
	free(svg);
	canvas_destroy(canvas);
}

static void svg_draws_lines_and_blocks_as_shapes_not_as_characters(void **state)
{
	static const char shapes[] = "─│┌┐└┘╭╮╰╯├┤┬┴┼█▁▂▃▄▅▆▇▀▒░▓▔▌▐";
	struct canvas *canvas = canvas_create(1, 40);
	char *svg;

	canvas_text(canvas, 0, 0, -1, STYLE_TEXT, shapes);
	svg = svg_of(canvas, "dark", DEPTH_256, "");
	assert_int_equal(count(svg, "<text"), 0);
	for (const char *c = shapes; *c; c += 3) {
		char one[4] = { c[0], c[1], c[2] };

		assert_null(strstr(svg, one));
	}
	free(svg);

	canvas_clear(canvas);
	canvas_text(canvas, 0, 1, -1, STYLE_TEXT, "███─────▄");
	svg = svg_of(canvas, "dark", DEPTH_256, "");
	assert_non_null(strstr(svg, "M30 39h36v24h-36z")); /* three full blocks are one rectangle */
	assert_non_null(strstr(svg, "M66 51.75H126")); /* five lines are one line */
	assert_non_null(strstr(svg, "M126 51h12v12h-12z")); /* the lower half */
	free(svg);
	canvas_destroy(canvas);
}

static void svg_paints_backgrounds_reverse_and_the_window_of_the_theme(void **state)
{
	struct canvas *canvas = canvas_create(2, 4);
	char *svg;

	canvas_text(canvas, 0, 0, -1, STYLE_PROCESS, "w0");
	canvas_mark(canvas, (struct rect) { 0, 0, 1, 2 }, CELL_SELECTED);
	svg = svg_of(canvas, "dark", DEPTH_256, "t");
	assert_non_null(strstr(svg, "<rect fill=\"#1c1c1c\""));
	assert_non_null(strstr(svg, "<path fill=\"#3a3a3a\" d=\"M18 39h24v24h-24z\"/>"));
	free(svg);
	svg = svg_of(canvas, "mono", DEPTH_256, "t"); /* selects by reverse */
	assert_non_null(strstr(svg, "<path fill=\"#d0d0d0\" d=\"M18 39h24v24h-24z\"/>"));
	assert_non_null(strstr(svg, "<g fill=\"#1c1c1c\" font-weight=\"bold\">\n<text"));
	free(svg);
	svg = svg_of(canvas, "projector-light", DEPTH_256, "t");
	assert_non_null(strstr(svg, "<rect fill=\"#ffffff\""));
	free(svg);
	canvas_destroy(canvas);
}

static void svg_has_no_decimal_comma_in_any_locale(void **state)
{
	static const char *const locales[] = { "de_DE.UTF-8", "de_DE", "fr_FR.UTF-8", "C.UTF-8" };
	struct canvas *canvas = canvas_create(2, 4);
	char *svg, *again;

	canvas_text(canvas, 0, 0, -1, STYLE_TEXT, "╭▃");
	setlocale(LC_ALL, "C");
	svg = svg_of(canvas, "dark", DEPTH_256, "t");
	for (size_t i = 0; i < ARRAY_LEN(locales); i++) {
		setlocale(LC_ALL, locales[i]);
		again = svg_of(canvas, "dark", DEPTH_256, "t");
		assert_string_equal(svg, again);
		free(again);
	}
	setlocale(LC_ALL, "C");
	free(svg);
	canvas_destroy(canvas);
}

/* Random cells, all themes and depths. */
static void svg_is_well_formed_whatever_the_cells_hold(void **state)
{
	static const char *const texts[] = { "a", "<", "&", ">", "\"", WORK, "─", "╯", "▒", "▃",
		"…", "\xF0\x9F\x90\xA7", "e\xCC\x81", " ", "]]>", "\xEF\xBF\xBD" };
	struct canvas *canvas = canvas_create(8, 30);
	uint32_t seed = 99;

	for (int round = 0; round < 300; round++) {
		canvas_clear(canvas);
		for (int i = 0; i < 120; i++) {
			struct rect one;
			uint32_t dice;

			seed = seed * 1664525 + 1013904223;
			dice = seed >> 8;
			one = (struct rect) { (int)(dice % 8), (int)(dice / 8 % 30), 1,
				1 + (int)(dice % 3) };
			canvas_text(canvas, one.row, one.col, -1, (enum style)(dice / 240 % STYLES),
				texts[dice / 5000 % ARRAY_LEN(texts)]);
			if (dice % 7 == 0)
				canvas_mark(canvas, one, (uint8_t)(dice >> 12 & (CELL_FLAGS - 1)));
		}
		free(svg_of(canvas, theme_table[round % (int)theme_count].name,
			(enum depth)(round % 3), "x"));
	}
	canvas_destroy(canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_has_a_line_for_each_row_without_trailing_blanks),
		cmocka_unit_test(styles_have_one_letter_a_cell_upper_case_where_selected_or_marked),
		cmocka_unit_test(every_style_has_its_own_letter),
		cmocka_unit_test(ansi_says_each_look_once_and_ends_each_row_with_a_reset),
		cmocka_unit_test(what_is_struck_out_is_so_in_text_and_picture),
		cmocka_unit_test(ansi_says_nothing_of_blanks_that_nobody_sees),
		cmocka_unit_test(ansi_without_its_sequences_is_the_text),
		cmocka_unit_test(svg_escapes_what_xml_would_read),
		cmocka_unit_test(svg_positions_every_run_by_its_cells),
		cmocka_unit_test(svg_draws_lines_and_blocks_as_shapes_not_as_characters),
		cmocka_unit_test(svg_paints_backgrounds_reverse_and_the_window_of_the_theme),
		cmocka_unit_test(svg_has_no_decimal_comma_in_any_locale),
		cmocka_unit_test(svg_is_well_formed_whatever_the_cells_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
