/* SPDX-License-Identifier: MIT
 * Properties of the row and column arithmetic, over every size that a terminal can have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/ui/layout.h"

static void slots_make(struct slot slots[3])
{
	slots[0] = (struct slot) { .min = 5, .want = 7, .weight = 2 };
	slots[1] = (struct slot) { .min = 3, .want = 14, .weight = 1 };
	slots[2] = (struct slot) { .min = 4, .want = 48, .weight = 2 };
}

static int lines_and_rows(const struct slot slots[3])
{
	int sum = 1;

	for (int i = 0; i < 3; i++)
		sum += slots[i].rows ? slots[i].rows + 1 : 0;
	return sum;
}

static void rows_and_frame_lines_fill_the_height_exactly(void **state)
{
	for (int rows = 8; rows < 500; rows++) {
		for (int focus = 0; focus < 3; focus++) {
			struct slot slots[3];

			slots_make(slots);
			layout_rows(slots, 3, focus, rows);
			assert_int_equal(lines_and_rows(slots), rows);
		}
	}
}

static void the_focused_pane_is_never_left_out(void **state)
{
	for (int rows = 4; rows < 60; rows++) {
		for (int focus = 0; focus < 3; focus++) {
			struct slot slots[3];

			slots_make(slots);
			layout_rows(slots, 3, focus, rows);
			assert_true(slots[focus].rows > 0);
		}
	}
}

/* Modesty is toward those that are on the screen: who is alone has all of it. */
static void a_modest_pane_alone_takes_what_others_cannot_use(void **state)
{
	struct slot slots[] = { { .modest = true, .min = 5, .want = 5, .weight = 1 },
		{ .min = 10, .want = 10, .weight = 1 } };

	layout_rows(slots, 2, 0, 12);
	assert_int_equal(slots[1].rows, 0);
	assert_int_equal(slots[0].rows, 10);
	layout_rows(slots, 2, 0, 25);
	assert_int_equal(slots[0].rows, 5);
	assert_int_equal(slots[1].rows, 17);
}

static void a_pane_has_its_minimum_or_nothing(void **state)
{
	for (int rows = 8; rows < 200; rows++) {
		struct slot slots[3];

		slots_make(slots);
		layout_rows(slots, 3, 1, rows);
		for (int i = 0; i < 3; i++)
			assert_true(slots[i].rows == 0 || slots[i].rows >= slots[i].min);
	}
}

static void a_standard_terminal_shows_all_three_panes(void **state)
{
	struct slot slots[3];

	slots_make(slots);
	layout_rows(slots, 3, 0, 24 - 3);
	for (int i = 0; i < 3; i++)
		assert_true(slots[i].rows >= 3);
}

static void a_higher_screen_takes_no_row_from_any_pane(void **state)
{
	struct slot before[3], now[3];

	slots_make(before);
	layout_rows(before, 3, 0, 21);
	for (int rows = 22; rows < 300; rows++) {
		slots_make(now);
		layout_rows(now, 3, 0, rows);
		for (int i = 0; i < 3; i++)
			assert_true(now[i].rows >= before[i].rows);
		for (int i = 0; i < 3; i++)
			before[i] = now[i];
	}
}

static void columns_make(struct column_slot slots[4])
{
	slots[0] = (struct column_slot) { .min = 4, .max = 6, .priority = 0 };
	slots[1] = (struct column_slot) { .min = 5, .max = 5, .priority = 3 };
	slots[2] = (struct column_slot) { .min = 4, .max = 8, .priority = 1, .grows = true };
	slots[3] = (struct column_slot) { .min = 6, .max = 6, .priority = 2 };
}

static void columns_never_overlap_and_never_pass_the_edge(void **state)
{
	for (int cols = 4; cols < 300; cols++) {
		struct column_slot slots[4];
		int used, end = 0;

		columns_make(slots);
		used = layout_columns(slots, 4, cols);
		assert_true(used <= cols);
		for (int i = 0; i < 4; i++) {
			if (!slots[i].width)
				continue;
			assert_true(slots[i].at >= end);
			end = slots[i].at + slots[i].width + 1;
			assert_true(slots[i].width >= slots[i].min);
		}
		assert_int_equal(end - 1, used);
	}
}

static void columns_go_in_order_of_priority(void **state)
{
	for (int cols = 4; cols < 40; cols++) {
		struct column_slot slots[4];

		columns_make(slots);
		layout_columns(slots, 4, cols);
		assert_true(slots[0].width > 0);
		assert_true(!slots[1].width || slots[3].width);
		assert_true(!slots[3].width || slots[2].width);
	}
}

static void what_is_left_over_goes_to_the_column_that_grows(void **state)
{
	struct column_slot slots[4];

	columns_make(slots);
	assert_int_equal(layout_columns(slots, 4, 100), 100);
	assert_int_equal(slots[2].width, 100 - 3 - 6 - 5 - 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_and_frame_lines_fill_the_height_exactly),
		cmocka_unit_test(the_focused_pane_is_never_left_out),
		cmocka_unit_test(a_pane_has_its_minimum_or_nothing),
		cmocka_unit_test(a_modest_pane_alone_takes_what_others_cannot_use),
		cmocka_unit_test(a_standard_terminal_shows_all_three_panes),
		cmocka_unit_test(a_higher_screen_takes_no_row_from_any_pane),
		cmocka_unit_test(columns_never_overlap_and_never_pass_the_edge),
		cmocka_unit_test(columns_go_in_order_of_priority),
		cmocka_unit_test(what_is_left_over_goes_to_the_column_that_grows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
