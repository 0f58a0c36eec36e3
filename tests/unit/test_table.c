/* SPDX-License-Identifier: MIT
 * Numbers in cells, and cursors in lists: nothing passes its place, nothing known looks unknown or zero. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/ui/frame.h"

#define COL 10

static struct ui ui;

static void read_row(const struct canvas *canvas, char *out)
{
	*out = 0;
	for (int col = 0; col < canvas->cols; col++) {
		const char *text = canvas_at(canvas, 0, col)->text;

		strcat(out, text[0] ? text : " ");
	}
}

/* What stands in the row after a number was put in `cols` cells from COL; nothing may stand elsewhere. */
static void put(double value, int cols,
	void (*number)(struct frame *, struct place, enum style, double), char *out)
{
	struct canvas *canvas = canvas_create(1, 40);
	struct frame frame = { .ui = &ui, .canvas = canvas };
	char row[400];

	number(&frame, (struct place) { 0, COL, cols }, STYLE_TEXT, value);
	read_row(canvas, row);
	for (int col = 0; col < canvas->cols; col++)
		if (col < COL || col >= COL + cols)
			assert_true(canvas_at(canvas, 0, col)->text[0] <= ' ');
	strcpy(out, row + strspn(row, " "));
	out[strcspn(out, " ")] = 0;
	assert_true(out[0]);
	/* right-aligned: the last cell is used */
	assert_true(canvas_at(canvas, 0, COL + cols - 1)->text[0] > ' ' ||
		    canvas_at(canvas, 0, COL + cols - 1)->text[0] < 0);
	canvas_destroy(canvas);
}

static void rates_of_every_size_stay_in_their_cells(void **state)
{
	char text[400];

	for (int cols = 4; cols <= 8; cols++)
		for (double value = 0.001; value < 1e12; value *= 1.37)
			put(value, cols, put_rate, text);
}

static void a_rate_above_zero_is_never_shown_as_zero(void **state)
{
	char text[400];

	for (int cols = 4; cols <= 8; cols++) {
		for (double value = 0.001; value < 1e12; value *= 1.37) {
			put(value, cols, put_rate, text);
			assert_true(strpbrk(text, "123456789") != NULL);
		}
	}
}

static void a_rate_that_had_to_be_squeezed_is_right_to_a_tenth(void **state)
{
	char text[400], *unit;

	for (double value = 10000; value < 999e6; value *= 1.1) {
		double shown;

		put(value, 4, put_rate, text);
		shown = strtod(text, &unit) * (*unit == 'k' ? 1e3 : *unit == 'M' ? 1e6 : 1);
		assert_true(fabs(shown - value) <= value * 0.1);
	}
}

static void what_is_unknown_is_a_dash(void **state)
{
	char text[400];

	put(NAN, 4, put_rate, text);
	assert_string_equal(text, "–");
	put(NAN, 7, put_percent, text);
	assert_string_equal(text, "–");
}

static void a_text_that_is_cut_says_so(void **state)
{
	struct canvas *canvas = canvas_create(1, 40);
	struct frame frame = { .ui = &ui, .canvas = canvas };

	put_text(&frame, (struct place) { 0, COL, 5 }, STYLE_TEXT, "pingpong");
	assert_string_equal(canvas_at(canvas, 0, COL + 3)->text, "g");
	assert_string_equal(canvas_at(canvas, 0, COL + 4)->text, "…");
	put_text(&frame, (struct place) { 0, COL, 4 }, STYLE_TEXT, "spin");
	assert_string_equal(canvas_at(canvas, 0, COL + 3)->text, "n");
	canvas_destroy(canvas);
}

static void the_cursor_is_always_in_sight(void **state)
{
	struct scroll scroll = { 0 };

	srand(1);
	for (int i = 0; i < 20000; i++) {
		int rows = 1 + rand() % 40, visible = 1 + rand() % 20, at = rand() % rows;

		scroll_show(&scroll, rows, visible, at);
		assert_true(scroll.top >= 0 && at >= scroll.top && at < scroll.top + visible);
		assert_true(rows <= visible ? scroll.top == 0 : scroll.top <= rows - visible);
	}
}

static void moves_end_at_the_ends(void **state)
{
	struct scroll scroll = { .rows = 10, .visible = 4 };

	assert_int_equal(scroll_move(&scroll, 0, CMD_UP), 0);
	assert_int_equal(scroll_move(&scroll, 9, CMD_DOWN), 9);
	assert_int_equal(scroll_move(&scroll, 2, CMD_PAGE_DOWN), 5);
	assert_int_equal(scroll_move(&scroll, 2, CMD_PAGE_UP), 0);
	assert_int_equal(scroll_move(&scroll, 2, CMD_END), 9);
	assert_int_equal(scroll_move(&scroll, 2, CMD_HOME), 0);
	scroll.rows = 0;
	assert_int_equal(scroll_move(&scroll, 0, CMD_DOWN), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_of_every_size_stay_in_their_cells),
		cmocka_unit_test(a_rate_above_zero_is_never_shown_as_zero),
		cmocka_unit_test(a_rate_that_had_to_be_squeezed_is_right_to_a_tenth),
		cmocka_unit_test(what_is_unknown_is_a_dash),
		cmocka_unit_test(a_text_that_is_cut_says_so),
		cmocka_unit_test(the_cursor_is_always_in_sight),
		cmocka_unit_test(moves_end_at_the_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
