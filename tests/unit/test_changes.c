/* SPDX-License-Identifier: MIT
 * What flashes, and for how long: a change is news for a second of the samples' own time, and only a change of what was
 * known before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../src/ui/frame.h"

#define MSEC NSEC_PER_MSEC
#define CELL 42 /* a key */

static int set_up(void **state)
{
	const struct ui_options options = { .title = "test" };

	*state = ui_create(&options);
	return 0;
}

static int tear_down(void **state)
{
	ui_destroy(*state);
	return 0;
}

static void what_is_seen_first_is_no_news(void **state)
{
	assert_false(changes_is_news(*state, 1000 * MSEC, CELL, 1));
	assert_false(changes_is_news(*state, 1100 * MSEC, CELL, 1));
}

static void a_change_is_news_for_about_a_second(void **state)
{
	assert_false(changes_is_news(*state, 1000 * MSEC, CELL, 1));
	assert_true(changes_is_news(*state, 1100 * MSEC, CELL, 2));
	assert_true(changes_is_news(*state, 2000 * MSEC, CELL, 2));
	assert_false(changes_is_news(*state, 2400 * MSEC, CELL, 2));
	/* And the next one is news again. */
	assert_true(changes_is_news(*state, 2500 * MSEC, CELL, 1));
}

static void a_frame_that_is_drawn_again_changes_nothing(void **state)
{
	assert_false(changes_is_news(*state, 1000 * MSEC, CELL, 1));
	for (int i = 0; i < 3; i++)
		assert_true(changes_is_news(*state, 1100 * MSEC, CELL, 2));
}

static void cells_do_not_meet(void **state)
{
	for (uint64_t cell = 2; cell < 600; cell += 2)
		assert_false(changes_is_news(*state, 1000 * MSEC, cell, cell));
	assert_true(changes_is_news(*state, 1100 * MSEC, 100, 7));
	for (uint64_t cell = 2; cell < 600; cell += 2)
		if (cell != 100)
			assert_false(changes_is_news(*state, 1100 * MSEC, cell, cell));
}

static void what_becomes_known_or_unknown_is_no_news(void **state)
{
	assert_false(changes_is_news(*state, 1000 * MSEC, CELL, CHANGES_UNKNOWN));
	assert_false(changes_is_news(*state, 1100 * MSEC, CELL, 1));
	assert_false(changes_is_news(*state, 1200 * MSEC, CELL, CHANGES_UNKNOWN));
	assert_false(changes_is_news(*state, 1300 * MSEC, CELL, 2));
	assert_true(changes_is_news(*state, 1400 * MSEC, CELL, 3));
}

static void a_cell_that_was_out_of_sight_is_new(void **state)
{
	assert_false(changes_is_news(*state, 1000 * MSEC, CELL, 1));
	assert_false(changes_is_news(*state, 9000 * MSEC, CELL, 2));
	/* And so is one of a time that goes back: another recording, or a step in it. */
	assert_false(changes_is_news(*state, 500 * MSEC, CELL, 3));
}

static void what_is_forgotten_is_new(void **state)
{
	changes_forget(*state); /* before anything was seen */
	assert_false(changes_is_news(*state, 1000 * MSEC, CELL, 1));
	changes_forget(*state);
	assert_false(changes_is_news(*state, 1100 * MSEC, CELL, 2));
	assert_true(changes_is_news(*state, 1200 * MSEC, CELL, 3));
}

/* Workers come and go for hours: room is made by starting anew, never by writing over a neighbour. */
static void more_cells_than_there_is_room_for_are_harmless(void **state)
{
	for (uint64_t cell = 2; cell < 40000; cell += 2)
		assert_false(changes_is_news(*state, 1000 * MSEC, cell, 1));
	assert_false(changes_is_news(*state, 1100 * MSEC, 39998, 1));
	assert_true(changes_is_news(*state, 1200 * MSEC, 39998, 2));
}

static void a_hash_tells_texts_apart(void **state)
{
	assert_int_equal(hash_bytes("ab", 2, 0), hash_bytes("ab", 2, 0));
	assert_int_not_equal(hash_bytes("ab", 2, 0), hash_bytes("ba", 2, 0));
	assert_int_not_equal(hash_bytes("ab", 2, 0), hash_bytes("ab", 2, 1));
	assert_int_not_equal(hash_bytes("", 0, 0), CHANGES_UNKNOWN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_seen_first_is_no_news),
		TEST(a_change_is_news_for_about_a_second),
		TEST(a_frame_that_is_drawn_again_changes_nothing),
		TEST(cells_do_not_meet),
		TEST(what_becomes_known_or_unknown_is_no_news),
		TEST(a_cell_that_was_out_of_sight_is_new),
		TEST(what_is_forgotten_is_new),
		TEST(more_cells_than_there_is_room_for_are_harmless),
		TEST(a_hash_tells_texts_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
