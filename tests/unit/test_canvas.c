/* SPDX-License-Identifier: MIT
 * canvas: text lands in the right cells whatever its width, the clip holds, charts keep unknown,
 * zero and little apart, every frame has an ASCII form, and every meaning a look of its own in each
 * theme and without colour.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "canvas.h"

#define WORK "\xE4\xBD\x9C\xE6\xA5\xAD" /* two wide characters */
#define ACUTE "\xCC\x81"

/* Row `row` as text, blanks as spaces, the right half of a wide character as nothing. */
static const char *row_text(const struct canvas *canvas, int row)
{
	static char text[CANVAS_COLS_MAX * 14];
	size_t used = 0;

	for (int col = 0; col < canvas->cols; col++) {
		const struct cell *cell = canvas_at(canvas, row, col);
		const char *piece = cell->width == 0 ? "" : cell->text[0] ? cell->text : " ";

		memcpy(text + used, piece, strlen(piece));
		used += strlen(piece);
	}
	text[used] = '\0';
	return text;
}

/* What must hold of any canvas: halves of wide characters come in pairs, and cells have as many
 * cells as their text. */
static void assert_whole(const struct canvas *canvas)
{
	for (int row = 0; row < canvas->rows; row++) {
		for (int col = 0; col < canvas->cols; col++) {
			const struct cell *cell = canvas_at(canvas, row, col);

			assert_true(cell->width <= 2 && cell->style < STYLES);
			if (cell->text[0])
				assert_int_equal(text_width(cell->text), cell->width);
			if (cell->width == 2)
				assert_int_equal(canvas_at(canvas, row, col + 1)->width, 0);
			if (cell->width == 0) {
				assert_int_equal(cell->text[0], '\0');
				assert_true(col > 0);
				assert_int_equal(canvas_at(canvas, row, col - 1)->width, 2);
			}
		}
	}
}

static void a_canvas_is_clamped_and_starts_blank(void **state)
{
	static const struct {
		int rows, cols, got_rows, got_cols;
	} sizes[] = { { 24, 80, 24, 80 }, { 0, -5, 1, 1 },
		{ 1000, 4000, CANVAS_ROWS_MAX, CANVAS_COLS_MAX } };

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct canvas *canvas = canvas_create(sizes[i].rows, sizes[i].cols);

		assert_int_equal(canvas->rows, sizes[i].got_rows);
		assert_int_equal(canvas->cols, sizes[i].got_cols);
		assert_string_equal(canvas_at(canvas, 0, 0)->text, "");
		assert_int_equal(canvas_at(canvas, canvas->rows - 1, canvas->cols - 1)->width, 1);
		assert_int_equal(
			canvas_at(canvas, -1, 0)->width, 1); /* outside: a blank, not a crash */
		assert_int_equal(canvas_at(canvas, 0, canvas->cols)->width, 1);
		canvas_destroy(canvas);
	}
	canvas_destroy(NULL);
}

static void text_takes_the_cells_it_says(void **state)
{
	struct canvas *canvas = canvas_create(1, 12);

	assert_int_equal(canvas_text(canvas, 0, 0, -1, STYLE_TEXT, "ab"), 2);
	assert_int_equal(canvas_text(canvas, 0, 2, -1, STYLE_DIM, WORK), 4);
	assert_int_equal(canvas_text(canvas, 0, 6, -1, STYLE_TEXT, "e" ACUTE "x"), 2);
	assert_string_equal(row_text(canvas, 0), "ab" WORK "e" ACUTE "x    ");
	assert_int_equal(canvas_at(canvas, 0, 2)->width, 2);
	assert_int_equal(canvas_at(canvas, 0, 3)->style, STYLE_DIM);
	assert_string_equal(canvas_at(canvas, 0, 6)->text, "e" ACUTE);
	assert_int_equal(canvas_textf(canvas, 0, 8, -1, STYLE_TEXT, "%d%%", 42), 3);
	assert_string_equal(row_text(canvas, 0), "ab" WORK "e" ACUTE "x42% ");
	assert_whole(canvas);
	canvas_destroy(canvas);
}

static void text_ends_at_its_limit_without_cutting_a_wide_character(void **state)
{
	struct canvas *canvas = canvas_create(1, 6);

	assert_int_equal(canvas_text(canvas, 0, 0, 3, STYLE_TEXT, WORK), 2);
	assert_string_equal(row_text(canvas, 0), "\xE4\xBD\x9C    ");
	assert_int_equal(canvas_text(canvas, 0, 3, -1, STYLE_TEXT, "abcdef"), 3);
	assert_int_equal(canvas_text(canvas, 0, 5, -1, STYLE_TEXT, WORK), 0); /* one cell left */
	assert_int_equal(canvas_text(canvas, 0, 0, 0, STYLE_TEXT, "x"), 0);
	assert_int_equal(canvas_text(canvas, 0, 99, -1, STYLE_TEXT, "x"), 0);
	assert_string_equal(row_text(canvas, 0), "\xE4\xBD\x9C abc");
	assert_whole(canvas);
	canvas_destroy(canvas);
}

static void text_to_the_right_ends_at_its_column(void **state)
{
	struct canvas *canvas = canvas_create(1, 8);

	assert_int_equal(canvas_text_right(canvas, 0, 1, 6, STYLE_TEXT, WORK), 4);
	assert_string_equal(row_text(canvas, 0), "   " WORK " ");
	assert_int_equal(canvas_text_right(canvas, 0, 0, 3, STYLE_TEXT, "abcdef"), 3);
	assert_string_equal(row_text(canvas, 0), "abc" WORK " ");
	canvas_destroy(canvas);
}

static void half_of_a_wide_character_never_stays(void **state)
{
	struct canvas *canvas = canvas_create(1, 4);

	canvas_text(canvas, 0, 0, -1, STYLE_TEXT, WORK);
	canvas_text(canvas, 0, 1, -1, STYLE_TEXT, "x"); /* onto a right half */
	assert_string_equal(row_text(canvas, 0), " x\xE6\xA5\xAD");
	canvas_text(canvas, 0, 2, -1, STYLE_TEXT, "y"); /* onto a left half */
	assert_string_equal(row_text(canvas, 0), " xy ");
	canvas_text(canvas, 0, 0, -1, STYLE_TEXT, WORK);
	canvas_text(canvas, 0, 1, 2, STYLE_TEXT, WORK); /* across two */
	assert_string_equal(row_text(canvas, 0), " \xE4\xBD\x9C ");
	assert_whole(canvas);
	canvas_destroy(canvas);
}

static void nothing_is_drawn_outside_the_clip(void **state)
{
	struct canvas *canvas = canvas_create(3, 6);
	struct rect old = canvas_clip(canvas, (struct rect) { 1, 1, 1, 3 }), older;

	assert_int_equal(canvas_text(canvas, 0, 0, -1, STYLE_TEXT, "above"), 4);
	assert_int_equal(canvas_text(canvas, 1, 0, -1, STYLE_TEXT, "012345"), 4);
	canvas_box(canvas, (struct rect) { -5, -5, 100, 100 }, STYLE_BORDER);
	canvas_mark(canvas, (struct rect) { 0, 0, 3, 2 }, CELL_SELECTED);
	assert_string_equal(row_text(canvas, 0), "      ");
	assert_string_equal(row_text(canvas, 1), " 123  ");
	assert_int_equal(canvas_at(canvas, 1, 0)->flags, 0);
	assert_int_equal(canvas_at(canvas, 1, 1)->flags, CELL_SELECTED);

	older = canvas_clip(
		canvas, (struct rect) { 0, 3, 9, 9 }); /* a clip in a clip can only narrow */
	canvas_fill(canvas, (struct rect) { 0, 0, 9, 9 }, "#", STYLE_TEXT);
	assert_string_equal(row_text(canvas, 1), " 12#  ");
	canvas_unclip(canvas, older);
	canvas_unclip(canvas, old);
	canvas_text(canvas, 2, 0, -1, STYLE_TEXT, "below");
	assert_string_equal(row_text(canvas, 2), "below ");
	canvas_clip(canvas, (struct rect) { 9, 9, 9, 9 });
	canvas_fill(canvas, (struct rect) { 0, 0, 9, 9 }, "!", STYLE_TEXT);
	assert_string_equal(row_text(canvas, 2), "below ");
	canvas_destroy(canvas);
}

static void a_wide_character_on_the_edge_of_the_clip_becomes_a_blank(void **state)
{
	struct canvas *canvas = canvas_create(1, 6);

	canvas_fill(canvas, (struct rect) { 0, 0, 1, 6 }, ".", STYLE_TEXT);
	canvas_clip(canvas, (struct rect) { 0, 1, 1, 4 });
	assert_int_equal(canvas_text(canvas, 0, 0, 6, STYLE_TEXT, WORK WORK), 6);
	assert_string_equal(row_text(canvas, 0), ". \xE6\xA5\xAD .");
	assert_whole(canvas);
	canvas_destroy(canvas);
}

static void what_steers_a_terminal_never_enters_a_cell(void **state)
{
	struct canvas *canvas = canvas_create(1, 4);

	canvas_text(canvas, 0, 0, -1, STYLE_TEXT, "\xC2\x9B\x7F");
	assert_string_equal(row_text(canvas, 0), "\xEF\xBF\xBD\xEF\xBF\xBD  ");
	canvas_text(canvas, 0, 0, -1, STYLE_TEXT, "\x1B[\x9B\n");
	assert_string_equal(row_text(canvas, 0), "\xEF\xBF\xBD[\xEF\xBF\xBD\xEF\xBF\xBD");
	canvas_text(canvas, 0, 0, -1, STYLE_TEXT,
		ACUTE "a" ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE);
	assert_true(strlen(canvas_at(canvas, 0, 0)->text) < sizeof(((struct cell *)0)->text));
	assert_whole(canvas);
	canvas_destroy(canvas);
}

static void boxes_have_round_corners_and_survive_having_no_room(void **state)
{
	struct canvas *canvas = canvas_create(3, 5);

	canvas_box(canvas, (struct rect) { 0, 0, 3, 5 }, STYLE_BORDER);
	assert_string_equal(row_text(canvas, 0), "╭───╮");
	assert_string_equal(row_text(canvas, 1), "│   │");
	assert_string_equal(row_text(canvas, 2), "╰───╯");
	canvas_clear(canvas);
	canvas_box(canvas, (struct rect) { 0, 0, 2, 2 }, STYLE_BORDER);
	canvas_box(canvas, (struct rect) { 0, 2, 1, 3 }, STYLE_BORDER);
	canvas_box(canvas, (struct rect) { 1, 4, 2, 1 }, STYLE_BORDER);
	canvas_box(canvas, (struct rect) { 2, 0, 0, 5 }, STYLE_BORDER);
	assert_string_equal(row_text(canvas, 0), "╭╮───");
	assert_string_equal(row_text(canvas, 1), "╰╯  │");
	assert_string_equal(row_text(canvas, 2), "    │");
	canvas_destroy(canvas);
}

/* --- charts --- */

static void unknown_zero_and_little_are_three_things_in_a_sparkline(void **state)
{
	struct canvas *canvas = canvas_create(1, 8);
	const float values[] = { NAN, 0, 0.0001f, 25, 50, 75, 100, 1000 };

	chart_spark(canvas, 0, 0, 8, values, ARRAY_LEN(values), 100, STYLE_PROCESS);
	assert_string_equal(row_text(canvas, 0), " ·▁▂▄▆██");
	assert_int_equal(canvas_at(canvas, 0, 3)->style, STYLE_PROCESS);
	canvas_destroy(canvas);
}

static void the_newest_value_stands_right_and_only_what_is_shown_sets_the_scale(void **state)
{
	struct canvas *canvas = canvas_create(1, 4);
	const float values[] = { 1000, 1, 2, 3, 4 };

	chart_spark(canvas, 0, 0, 4, values, ARRAY_LEN(values), 0, STYLE_TEXT);
	assert_string_equal(row_text(canvas, 0), "▂▄▆█");
	chart_spark(canvas, 0, 0, 4, values + 3, 2, 0, STYLE_TEXT);
	assert_string_equal(row_text(canvas, 0), "  ▆█");
	chart_spark(canvas, 0, 0, 4, NULL, 0, 0, STYLE_TEXT);
	assert_string_equal(row_text(canvas, 0), "    ");
	chart_spark(canvas, 0, 0, 4, (const float[]) { 0, 0, NAN, 0 }, 4, 0, STYLE_TEXT);
	assert_string_equal(row_text(canvas, 0), "·· ·");
	chart_spark(canvas, 0, 0, -1, values, 5, 0, STYLE_TEXT);
	canvas_destroy(canvas);
}

static void up_stands_above_the_line_and_down_hangs_below_in_other_shapes(void **state)
{
	struct canvas *canvas = canvas_create(5, 6);
	const float up[] = { 16, 8, 0.01f, 0, NAN, 12 };
	const float down[] = { 0, 0.01f, 16, 12, 5, 4 };

	chart_updown(canvas, (struct rect) { 0, 0, 5, 6 }, up, down, 6, 16, STYLE_VOLUNTARY,
		STYLE_INVOLUNTARY);
	assert_string_equal(row_text(canvas, 0), "█    ▄");
	assert_string_equal(row_text(canvas, 1), "██▁  █");
	assert_string_equal(row_text(canvas, 2), "──── ─"); /* the gap: up is unknown there */
	assert_string_equal(row_text(canvas, 3), " ▔▒▒▀▀");
	assert_string_equal(row_text(canvas, 4), "  ▒▀  ");
	assert_int_equal(canvas_at(canvas, 0, 0)->style, STYLE_VOLUNTARY);
	assert_int_equal(canvas_at(canvas, 3, 2)->style, STYLE_INVOLUNTARY);
	canvas_destroy(canvas);
}

static void any_height_of_an_updown_chart_shows_what_it_can(void **state)
{
	struct canvas *canvas = canvas_create(4, 2);
	const float up[] = { 0, 8 }, down[] = { 8, 0.1f };

	chart_updown(canvas, (struct rect) { 0, 0, 1, 2 }, up, down, 2, 8, STYLE_VOLUNTARY,
		STYLE_INVOLUNTARY);
	assert_string_equal(row_text(canvas, 0), "·█");
	chart_updown(canvas, (struct rect) { 0, 0, 2, 2 }, up, down, 2, 8, STYLE_VOLUNTARY,
		STYLE_INVOLUNTARY);
	assert_string_equal(row_text(canvas, 0), "·█");
	assert_string_equal(row_text(canvas, 1), "▒▔");
	chart_updown(canvas, (struct rect) { 0, 0, 4, 2 }, up, down, 2, 8, STYLE_VOLUNTARY,
		STYLE_INVOLUNTARY);
	assert_string_equal(row_text(canvas, 0), "  "); /* left over: one scale for both */
	assert_string_equal(row_text(canvas, 1), " █");
	assert_string_equal(row_text(canvas, 2), "──");
	assert_string_equal(row_text(canvas, 3), "▒▔");
	chart_updown(canvas, (struct rect) { 0, 0, 0, 2 }, up, down, 2, 8, STYLE_VOLUNTARY,
		STYLE_INVOLUNTARY);
	canvas_destroy(canvas);
}

static void a_value_above_zero_is_never_drawn_as_nothing(void **state)
{
	struct canvas *canvas = canvas_create(7, 1);

	for (int rows = 2; rows <= 7; rows++) {
		for (float value = 1e-6f; value < 2; value *= 1.7f) {
			float zero = 0;
			int line;

			chart_updown(canvas, (struct rect) { 0, 0, rows, 1 }, &value, &value, 1, 1,
				STYLE_TEXT, STYLE_DIM);
			for (line = 0; rows > 2 && strcmp(canvas_at(canvas, line, 0)->text, "─");
				line++)
				;
			if (rows > 2) {
				assert_string_not_equal(canvas_at(canvas, line - 1, 0)->text, "");
				assert_string_not_equal(canvas_at(canvas, line + 1, 0)->text, "");
			}
			chart_spark(canvas, 0, 0, 1, &value, 1, 1, STYLE_TEXT);
			assert_string_not_equal(canvas_at(canvas, 0, 0)->text, "·");
			chart_updown(canvas, (struct rect) { 0, 0, 2, 1 }, &zero, &value, 1, 1,
				STYLE_TEXT, STYLE_DIM);
			assert_string_not_equal(canvas_at(canvas, 1, 0)->text, "");
		}
	}
	canvas_destroy(canvas);
}

static void a_bar_is_divided_by_value_and_each_part_shows(void **state)
{
	struct canvas *canvas = canvas_create(1, 10);
	struct bar_part parts[] = { { 50, STYLE_PRIVATE, "█" }, { 30, STYLE_SHARED, "▓" },
		{ 20, STYLE_DIM, "░" } };

	chart_bar(canvas, 0, 0, 10, parts, 3, 100);
	assert_string_equal(row_text(canvas, 0), "█████▓▓▓░░");
	assert_int_equal(canvas_at(canvas, 0, 5)->style, STYLE_SHARED);
	chart_bar(canvas, 0, 0, 10, parts, 3, 200);
	assert_string_equal(row_text(canvas, 0), "███▓░     ");
	chart_bar(canvas, 0, 0, 10, parts, 3, 0); /* the parts fill the bar */
	assert_string_equal(row_text(canvas, 0), "█████▓▓▓░░");
	chart_bar(canvas, 0, 0, 10, parts, 3, 10); /* more than max: full, not beyond */
	assert_string_equal(row_text(canvas, 0), "█████▓▓▓░░");
	parts[0].value = 1e9;
	chart_bar(canvas, 0, 0, 10, parts, 3, 0);
	assert_string_equal(row_text(canvas, 0), "████████▓░");
	parts[0].value = 1e30; /* beside it the others are lost in rounding, yet they show */
	chart_bar(canvas, 0, 0, 10, parts, 3, 0);
	assert_string_equal(row_text(canvas, 0), "████████▓░");
	parts[1].value = NAN;
	parts[2].value = 0;
	chart_bar(canvas, 0, 0, 10, parts, 3, 0);
	assert_string_equal(row_text(canvas, 0), "██████████");
	parts[0].value = 1;
	chart_bar(canvas, 0, 0, 10, parts, 3, 1e6);
	assert_string_equal(row_text(canvas, 0), "█         ");
	parts[1].value = 2; /* of less than a cell the largest part shows */
	chart_bar(canvas, 0, 0, 10, parts, 3, 1e6);
	assert_string_equal(row_text(canvas, 0), "▓         ");
	parts[1].value = NAN;
	parts[0].value = UNKNOWN;
	chart_bar(canvas, 0, 0, 10, parts, 3, 100);
	assert_string_equal(row_text(canvas, 0), "          ");
	canvas_destroy(canvas);
}

static void a_bar_smaller_than_its_parts_stays_in_its_cells(void **state)
{
	struct canvas *canvas = canvas_create(1, 3);
	const struct bar_part parts[] = { { 1, 0, "a" }, { 1, 0, "b" }, { 1, 0, "c" } };

	canvas_text(canvas, 0, 2, 1, STYLE_TEXT, "!");
	chart_bar(canvas, 0, 0, 2, parts, 3, 0);
	assert_string_equal(row_text(canvas, 0), "ab!");
	chart_bar(canvas, 0, 0, 0, parts, 3, 0);
	chart_bar(canvas, 0, 0, 3, parts, 3, 0);
	assert_string_equal(row_text(canvas, 0), "abc");
	canvas_destroy(canvas);
}

/* --- ASCII --- */

static void every_character_that_is_drawn_has_a_considered_stand_in(void **state)
{
	static const char *const drawn = "─│┌┐└┘╭╮╰╯├┤┬┴┼═║▀▁▂▃▄▅▆▇█▒░▓▔·–…µ×→←↑↓▲▼▶◀●○✓≤≥±";
	static const char *const ascii = "-|+++++++++++++=|\"_-=+o*%#:,%'.-~ux><^v^v><*o+<>+";
	struct canvas *canvas = canvas_create(1, 60);

	canvas_text(canvas, 0, 0, -1, STYLE_TEXT, drawn);
	canvas_to_ascii(canvas);
	assert_memory_equal(row_text(canvas, 0), ascii, strlen(ascii));
	assert_whole(canvas);
	canvas_destroy(canvas);
}

static void any_character_becomes_ascii_one_cell_for_one_cell(void **state)
{
	struct canvas *canvas = canvas_create(1, 4);

	canvas_text(canvas, 0, 0, -1, STYLE_KEY, WORK);
	canvas_to_ascii(canvas);
	assert_string_equal(row_text(canvas, 0), "? ? ");
	assert_int_equal(canvas_at(canvas, 0, 1)->style, STYLE_KEY);
	canvas_text(canvas, 0, 0, -1, STYLE_TEXT, "e" ACUTE "\xC3\xA9\xD0\x96 ");
	canvas_to_ascii(canvas);
	assert_string_equal(row_text(canvas, 0), "ee? ");

	for (uint32_t code = 0x80; code < 0x3000; code++) {
		char text[4] = { (char)(0xE0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3F)),
			(char)(0x80 | (code & 0x3F)), 0 };

		if (code < 0x800) {
			text[0] = (char)(0xC0 | code >> 6);
			text[1] = (char)(0x80 | (code & 0x3F));
			text[2] = 0;
		}
		canvas_clear(canvas);
		canvas_text(canvas, 0, 0, -1, STYLE_TEXT, text);
		canvas_to_ascii(canvas);
		assert_int_equal(strlen(row_text(canvas, 0)), 4);
		for (const char *c = row_text(canvas, 0); *c; c++)
			assert_true(*c >= ' ' && *c < 0x7F);
		assert_whole(canvas);
	}
	canvas_destroy(canvas);
}

static void charts_keep_their_meaning_in_ascii(void **state)
{
	struct canvas *canvas = canvas_create(5, 9);
	const float values[] = { NAN, 0, 1, 2, 3, 4, 5, 6, 8 };

	chart_spark(canvas, 0, 0, 9, values, 9, 8, STYLE_TEXT);
	chart_updown(
		canvas, (struct rect) { 2, 0, 3, 9 }, values, values, 9, 8, STYLE_TEXT, STYLE_TEXT);
	canvas_to_ascii(canvas);
	assert_string_equal(row_text(canvas, 0), " ._-=+o*#");
	assert_string_equal(row_text(canvas, 2), "  _-=+o*#");
	assert_string_equal(row_text(canvas, 3), " --------");
	assert_string_equal(row_text(canvas, 4), "  ''\"\"\"::");
	canvas_destroy(canvas);
}

/* --- memory --- */

static void a_steady_state_allocates_nothing(void **state)
{
	struct canvas *canvas = canvas_create(50, 200);
	const float values[] = { 1, 2, NAN, 4 };
	const struct bar_part part = { 1, STYLE_SHARED, "█" };
	uint64_t before = base_allocations();

	for (int round = 0; round < 100; round++) {
		canvas_resize(canvas, 1 + round % 50, 1 + round * 7 % 200);
		canvas_clear(canvas);
		canvas_box(canvas, (struct rect) { 0, 0, 50, 200 }, STYLE_BORDER);
		canvas_textf(canvas, 1, 1, -1, STYLE_TEXT, "%d %s", round, WORK);
		canvas_text_right(canvas, 2, 1, 30, STYLE_TEXT, "right");
		chart_spark(canvas, 3, 0, 20, values, 4, 0, STYLE_TEXT);
		chart_updown(canvas, (struct rect) { 4, 0, 9, 20 }, values, values, 4, 0,
			STYLE_TEXT, STYLE_DIM);
		chart_bar(canvas, 14, 0, 20, &part, 1, 2);
		canvas_mark(canvas, (struct rect) { 1, 0, 1, 200 }, CELL_SELECTED);
		canvas_to_ascii(canvas);
		assert_whole(canvas);
	}
	assert_true(base_allocations() == before);
	canvas_destroy(canvas);
}

/* Random drawing, seeded: the invariants hold after every call. */
static void no_drawing_breaks_the_grid(void **state)
{
	static const char *const texts[] = { "a", WORK, "x" WORK ACUTE, "e" ACUTE ACUTE ACUTE,
		"\xFF\xE4\xBD", "", "│─█", "\xF0\x9F\x90\xA7" };
	struct canvas *canvas = canvas_create(6, 11);
	uint32_t seed = 7;

	for (int round = 0; round < 20000; round++) {
		int dice[6];

		for (int i = 0; i < 6; i++) {
			seed = seed * 1664525 + 1013904223;
			dice[i] = (int)(seed >> 16) % 17 - 3;
		}
		if (round % 50 == 0)
			canvas_clear(canvas);
		if (dice[0] == 0)
			canvas_clip(canvas, (struct rect) { dice[1], dice[2], dice[3], dice[4] });
		else if (dice[0] % 3 == 0)
			canvas_fill(canvas, (struct rect) { dice[1], dice[2], dice[3], dice[4] },
				texts[dice[5] & 7], STYLE_DIM);
		else if (dice[0] % 3 == 1)
			canvas_text_right(
				canvas, dice[1], dice[2], dice[3], STYLE_TEXT, texts[dice[5] & 7]);
		else
			canvas_text(
				canvas, dice[1], dice[2], dice[3], STYLE_TEXT, texts[dice[5] & 7]);
		assert_whole(canvas);
	}
	canvas_destroy(canvas);
}

/* --- themes --- */

static double linear(uint32_t channel)
{
	double c = (channel & 0xFF) / 255.0;

	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(int index)
{
	uint32_t rgb = palette_rgb(index);

	return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
}

/* WCAG 2 contrast, 1 to 21. */
static double contrast(int a, int b)
{
	double x = luminance(a), y = luminance(b);

	return (MAX(x, y) + 0.05) / (MIN(x, y) + 0.05);
}

static void every_theme_is_found_by_its_name(void **state)
{
	static const char *const names[] = { "dark", "light", "projector-dark", "projector-light",
		"mono" };

	assert_int_equal(theme_count, ARRAY_LEN(names));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_ptr_equal(theme_find(names[i]), &theme_table[i]);
		assert_true(strlen(theme_table[i].help) > 10);
	}
	assert_null(theme_find("Dark"));
	assert_null(theme_find(""));
}

/* What a style must have at least: a border may step back, words must be read, in a hall from its last row. */
static double least_contrast(const struct theme *theme, enum style style)
{
	static const bool words[STYLES] = { [STYLE_TEXT] = true,
		[STYLE_DIM] = true,
		[STYLE_STRONG] = true,
		[STYLE_TITLE] = true,
		[STYLE_FOCUS] = true,
		[STYLE_SLEEPING] = true,
		[STYLE_KEY] = true,
		[STYLE_STATUS] = true };

	if (style == STYLE_BORDER)
		return 3;
	return theme->own_background && words[style] ? 7 : 4.5;
}

/* Its ink on its paper, or on another background. */
static double contrast_of(const struct theme *theme, struct look look)
{
	return contrast(look.fg < 0 ? theme->ink : look.fg, look.bg < 0 ? theme->paper : look.bg);
}

static void every_style_can_be_read_on_its_background(void **state)
{
	for (size_t i = 0; i < theme_count; i++) {
		const struct theme *theme = &theme_table[i];

		for (enum style style = 0; style < STYLES; style++) {
			double is = contrast_of(theme, theme_look(theme, DEPTH_256, style, 0));
			double faded =
				contrast_of(theme, theme_look(theme, DEPTH_256, style, CELL_FADED));

			if (is < least_contrast(theme, style))
				fail_msg("%s, style %d: contrast %.2f", theme->name, style, is);
			if (faded < 3)
				fail_msg("%s, style %d faded: %.2f", theme->name, style, faded);
		}
	}
}

/* What a colour says is one thing in each theme, and a colour with an attribute where there are eight. */
static void no_two_meanings_have_one_colour(void **state)
{
	static const enum style meanings[] = { STYLE_PROCESS, STYLE_THREAD, STYLE_SHARED,
		STYLE_PRIVATE, STYLE_VOLUNTARY, STYLE_INVOLUNTARY, STYLE_RUNNING, STYLE_WAITING,
		STYLE_GOOD, STYLE_WARN, STYLE_DEAD };

	for (size_t t = 0; t < theme_count; t++) {
		const struct theme *theme = &theme_table[t];

		if (theme == theme_find("mono"))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(meanings); i++) {
			for (size_t k = 0; k < i; k++) {
				struct look a = theme_look(theme, DEPTH_256, meanings[i], 0),
					    b = theme_look(theme, DEPTH_256, meanings[k], 0);
				struct look c = theme_look(theme, DEPTH_8, meanings[i], 0),
					    d = theme_look(theme, DEPTH_8, meanings[k], 0);

				if (a.fg == b.fg)
					fail_msg("%s: styles %d and %d", theme->name, meanings[i],
						meanings[k]);
				if (c.fg == d.fg && c.attributes == d.attributes)
					fail_msg("%s at 8 colours: styles %d and %d", theme->name,
						meanings[i], meanings[k]);
			}
		}
	}
}

static void the_hues_of_the_sides_and_of_memory_are_those_of_the_design(void **state)
{
	static const struct {
		enum style style;
		int fg[4]; /* dark, light, and on projectors */
	} palette[] = { { STYLE_PROCESS, { 75, 26, 75, 19 } },
		{ STYLE_THREAD, { 214, 94, 214, 94 } }, { STYLE_SHARED, { 195, 23, 195, 23 } },
		{ STYLE_PRIVATE, { 211, 127, 211, 90 } } };

	for (size_t i = 0; i < ARRAY_LEN(palette); i++) {
		for (size_t t = 0; t < 4; t++)
			assert_int_equal(
				theme_look(&theme_table[t], DEPTH_256, palette[i].style, 0).fg,
				palette[i].fg[t]);
	}
}

static void themes_with_a_background_paint_every_cell(void **state)
{
	for (size_t i = 0; i < theme_count; i++) {
		for (enum style style = 0; style < STYLES; style++) {
			for (enum depth depth = DEPTH_8; depth <= DEPTH_256; depth++) {
				struct look look = theme_look(&theme_table[i], depth, style, 0);
				int limit = depth == DEPTH_8 ? 8 : 256;

				assert_true(look.fg >= -1 && look.fg < limit && look.bg >= -1 &&
					    look.bg < limit);
				if (theme_table[i].own_background)
					assert_true(
						look.fg >= 0 && look.bg >= 0 && look.fg != look.bg);
			}
		}
	}
}

static bool looks_differ(struct look a, struct look b)
{
	return a.fg != b.fg || a.bg != b.bg || a.attributes != b.attributes;
}

static void what_must_be_told_apart_differs_at_every_depth(void **state)
{
	static const enum style pairs[][2] = { { STYLE_PROCESS, STYLE_THREAD },
		{ STYLE_VOLUNTARY, STYLE_INVOLUNTARY }, { STYLE_SHARED, STYLE_PRIVATE },
		{ STYLE_BORDER, STYLE_FOCUS }, { STYLE_TITLE, STYLE_FOCUS },
		{ STYLE_TEXT, STYLE_DIM }, { STYLE_TEXT, STYLE_STRONG },
		{ STYLE_RUNNING, STYLE_WAITING }, { STYLE_RUNNING, STYLE_SLEEPING },
		{ STYLE_WAITING, STYLE_SLEEPING }, { STYLE_GOOD, STYLE_WARN },
		{ STYLE_GOOD, STYLE_DEAD }, { STYLE_WARN, STYLE_DEAD }, { STYLE_KEY, STYLE_STATUS },
		{ STYLE_KEY, STYLE_TEXT }, { STYLE_TEXT, STYLE_DEAD } };

	for (size_t i = 0; i < theme_count; i++) {
		for (enum depth depth = DEPTH_MONO; depth <= DEPTH_256; depth++) {
			for (size_t p = 0; p < ARRAY_LEN(pairs); p++) {
				struct look a = theme_look(&theme_table[i], depth, pairs[p][0], 0);
				struct look b = theme_look(&theme_table[i], depth, pairs[p][1], 0);

				if (!looks_differ(a, b))
					fail_msg("%s, depth %d: styles %d and %d",
						theme_table[i].name, depth, pairs[p][0],
						pairs[p][1]);
			}
		}
	}
}

static void without_colour_only_attributes_are_used(void **state)
{
	for (size_t i = 0; i < theme_count; i++) {
		for (enum style style = 0; style < STYLES; style++) {
			for (uint8_t flags = 0; flags < CELL_FLAGS; flags++) {
				struct look look =
					theme_look(&theme_table[i], DEPTH_MONO, style, flags);
				struct look mono =
					theme_look(theme_find("mono"), DEPTH_256, style, flags);

				assert_int_equal(look.fg, -1);
				assert_int_equal(look.bg, -1);
				assert_false(looks_differ(look, mono));
			}
		}
	}
}

static void every_flag_shows_on_every_style_at_every_depth(void **state)
{
	const uint8_t strong = LOOK_BOLD | LOOK_UNDERLINE;

	for (size_t i = 0; i < theme_count * (DEPTH_256 + 1) * STYLES; i++) {
		const struct theme *theme = &theme_table[i / STYLES / (DEPTH_256 + 1)];
		enum depth depth = i / STYLES % (DEPTH_256 + 1);
		enum style style = i % STYLES;
		struct look plain = theme_look(theme, depth, style, 0);
		struct look selected = theme_look(theme, depth, style, CELL_SELECTED);

		/* A reversed bar would show the opposite of what it is: it is underlined. */
		const bool bar = style == STYLE_SHARED || style == STYLE_PRIVATE;
		const uint8_t shown = bar ? LOOK_UNDERLINE : LOOK_REVERSE;
		assert_true(selected.bg != plain.bg || selected.attributes & shown);
		assert_true(depth == DEPTH_256 || selected.attributes & shown);
		assert_false(bar && selected.attributes & LOOK_REVERSE);
		assert_false(plain.attributes & LOOK_REVERSE);
		assert_int_equal(
			theme_look(theme, depth, style, CELL_MARKED).attributes & strong, strong);
		assert_false(theme_look(theme, depth, style, CELL_FADED).attributes & LOOK_BOLD);
	}
}

static void a_selected_row_can_be_read_and_stands_out(void **state)
{
	for (size_t i = 0; i < theme_count; i++) {
		const struct theme *theme = &theme_table[i];

		if (theme == theme_find("mono")) /* reverse: the contrast of the style itself */
			continue;
		assert_true(contrast(theme->selected, theme->paper) >= 1.25);
		for (enum style style = 0; style < STYLES; style++) {
			double is = contrast_of(
				theme, theme_look(theme, DEPTH_256, style, CELL_SELECTED));

			if (is < 3.5)
				fail_msg("%s, style %d: contrast %.2f", theme->name, style, is);
		}
	}
}

static void the_palette_is_that_of_xterm(void **state)
{
	assert_int_equal(palette_rgb(16), 0x000000);
	assert_int_equal(palette_rgb(231), 0xFFFFFF);
	assert_int_equal(palette_rgb(75), 0x5FAFFF);
	assert_int_equal(palette_rgb(214), 0xFFAF00);
	assert_int_equal(palette_rgb(232), 0x080808);
	assert_int_equal(palette_rgb(255), 0xEEEEEE);
	assert_int_equal(palette_rgb(1), 0xCD0000);
	assert_int_equal(palette_rgb(-1), 0);
	assert_int_equal(palette_rgb(256), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_canvas_is_clamped_and_starts_blank),
		cmocka_unit_test(text_takes_the_cells_it_says),
		cmocka_unit_test(text_ends_at_its_limit_without_cutting_a_wide_character),
		cmocka_unit_test(text_to_the_right_ends_at_its_column),
		cmocka_unit_test(half_of_a_wide_character_never_stays),
		cmocka_unit_test(nothing_is_drawn_outside_the_clip),
		cmocka_unit_test(a_wide_character_on_the_edge_of_the_clip_becomes_a_blank),
		cmocka_unit_test(what_steers_a_terminal_never_enters_a_cell),
		cmocka_unit_test(boxes_have_round_corners_and_survive_having_no_room),
		cmocka_unit_test(unknown_zero_and_little_are_three_things_in_a_sparkline),
		cmocka_unit_test(
			the_newest_value_stands_right_and_only_what_is_shown_sets_the_scale),
		cmocka_unit_test(up_stands_above_the_line_and_down_hangs_below_in_other_shapes),
		cmocka_unit_test(any_height_of_an_updown_chart_shows_what_it_can),
		cmocka_unit_test(a_value_above_zero_is_never_drawn_as_nothing),
		cmocka_unit_test(a_bar_is_divided_by_value_and_each_part_shows),
		cmocka_unit_test(a_bar_smaller_than_its_parts_stays_in_its_cells),
		cmocka_unit_test(every_character_that_is_drawn_has_a_considered_stand_in),
		cmocka_unit_test(any_character_becomes_ascii_one_cell_for_one_cell),
		cmocka_unit_test(charts_keep_their_meaning_in_ascii),
		cmocka_unit_test(a_steady_state_allocates_nothing),
		cmocka_unit_test(no_drawing_breaks_the_grid),
		cmocka_unit_test(every_theme_is_found_by_its_name),
		cmocka_unit_test(every_style_can_be_read_on_its_background),
		cmocka_unit_test(no_two_meanings_have_one_colour),
		cmocka_unit_test(the_hues_of_the_sides_and_of_memory_are_those_of_the_design),
		cmocka_unit_test(themes_with_a_background_paint_every_cell),
		cmocka_unit_test(what_must_be_told_apart_differs_at_every_depth),
		cmocka_unit_test(without_colour_only_attributes_are_used),
		cmocka_unit_test(every_flag_shows_on_every_style_at_every_depth),
		cmocka_unit_test(a_selected_row_can_be_read_and_stands_out),
		cmocka_unit_test(the_palette_is_that_of_xterm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
