/* SPDX-License-Identifier: MIT
 * The board's layout: what must never move, who writes where, and pairs in one word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base.h"
#include "board.h"
#include "crew.h"

/* By the head two builds that do not fit recognise each other, whatever else changes. */
static void the_head_keeps_its_place(void **state)
{
	assert_int_equal(offsetof(struct board, magic), 0);
	assert_int_equal(offsetof(struct board, layout), 4);
	assert_int_equal(offsetof(struct board, version), 8);
	assert_int_equal(offsetof(struct board, crew_magic), 40);
	assert_int_equal(offsetof(struct board, crew_layout), 44);
	assert_int_equal(offsetof(struct board, crew_version), 48);
}

static void what_two_sides_write_is_not_in_one_cache_line(void **state)
{
	assert_int_equal(offsetof(struct board, lock) % 128, 0);
	assert_int_equal(offsetof(struct board, slots) % 128, 0);
	assert_int_equal(sizeof(struct board_slot) % 128, 0);
	assert_true(offsetof(struct board_slot, pid) / 128 >
		    offsetof(struct board_slot, stack_high) / 128);
}

static void atomics_work_between_processes(void **state)
{
	static struct board_slot slot;

	assert_true(atomic_is_lock_free(&slot.phase));
	assert_true(atomic_is_lock_free(&slot.ended_ns));
	assert_true(atomic_is_lock_free(&slot.rounds));
}

static void a_pair_keeps_slot_and_serial(void **state)
{
	for (uint32_t slot = 0; slot < BOARD_SLOTS; slot++)
		for (uint32_t serial = 1; serial <= 254; serial++) {
			uint32_t pair = BOARD_PAIR(slot, serial);

			assert_int_not_equal(pair, 0);
			assert_int_equal(BOARD_PAIR_SLOT(pair), slot);
			assert_int_equal(BOARD_PAIR_SERIAL(pair), serial);
		}
}

static void there_is_room_for_the_largest_crew_and_its_dead(void **state)
{
	assert_int_equal(BOARD_SEATS, CREW_THREADS_MAX);
	assert_true(BOARD_SLOTS >= CREW_THREADS_MAX + 64);
	assert_true(BOARD_SLOTS >= CREW_PROCESSES_MAX + 64);
	assert_int_equal(BOARD_ORDERS & (BOARD_ORDERS - 1), 0);
	assert_int_equal(crew_limit(KIND_PROCESSES), CREW_PROCESSES_MAX);
	assert_int_equal(crew_limit(KIND_THREADS), CREW_THREADS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_keeps_its_place),
		cmocka_unit_test(what_two_sides_write_is_not_in_one_cache_line),
		cmocka_unit_test(atomics_work_between_processes),
		cmocka_unit_test(a_pair_keeps_slot_and_serial),
		cmocka_unit_test(there_is_room_for_the_largest_crew_and_its_dead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
