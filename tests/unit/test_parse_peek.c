/* SPDX-License-Identifier: MIT
 * Decoders of evidence: entries of pagemap, syscall, fdinfo, the masks of status; and the numbering of things that can only
 * be compared. No kernel is asked.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/source/internal.h"

#define BIT(n) (UINT64_C(1) << (n))
#define PARSE(parse, text, ...) parse(text, strlen(text), __VA_ARGS__)

/* --- pagemap --- */

static void a_page_is_what_its_bits_say(void **state)
{
	const struct {
		uint64_t entry;
		enum page_state state;
		int64_t frame;
	} cases[] = {
		{ 0, PAGE_ABSENT, UNKNOWN },
		{ BIT(55), PAGE_ABSENT, UNKNOWN }, /* soft-dirty alone */
		{ BIT(63) | BIT(56) | 0x1234, PAGE_OWN, 0x1234 },
		{ BIT(63) | BIT(56), PAGE_OWN, UNKNOWN }, /* who may not know frames */
		{ BIT(63) | 0x1234, PAGE_SHARED, 0x1234 },
		{ BIT(63) | BIT(61) | BIT(55) | 7, PAGE_FILE, 7 },
		{ BIT(63) | BIT(61) | BIT(56) | 7, PAGE_FILE, 7 }, /* its only user so far */
		{ BIT(63) | BIT(56) | (BIT(55) - 1), PAGE_OWN, (int64_t)(BIT(55) - 1) },
		{ BIT(62) | 0x999, PAGE_SWAPPED, UNKNOWN }, /* the low bits are a swap slot */
		{ BIT(62) | BIT(56), PAGE_SWAPPED, UNKNOWN },
		{ BIT(58), PAGE_GUARD, UNKNOWN },
		{ BIT(58) | BIT(55), PAGE_GUARD, UNKNOWN },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(pagemap_state(cases[i].entry), cases[i].state);
		assert_int_equal(pagemap_frame(cases[i].entry), cases[i].frame);
		assert_int_equal(pagemap_exclusive(cases[i].entry), !!(cases[i].entry & BIT(56)));
	}
}

/* --- syscall --- */

static void a_blocked_task_tells_its_call_and_registers(void **state)
{
	const char *text = "230 0x0 0x0 0x7ffd1 0x0 0x0 0x0 0x7ffd0a3c5f38 0x7f6d3b0d48fa\n";
	struct syscall_fields call = { 0 };

	assert_int_equal(PARSE(parse_syscall, text, &call), 0);
	assert_false(call.running);
	assert_int_equal(call.number, 230);
	assert_int_equal(call.sp, 0x7ffd0a3c5f38);
	assert_int_equal(call.pc, 0x7f6d3b0d48fa);
}

static void a_task_that_runs_tells_nothing_else(void **state)
{
	struct syscall_fields call = { .sp = 1, .pc = 1 };

	assert_int_equal(PARSE(parse_syscall, "running\n", &call), 0);
	assert_true(call.running && call.sp == 0 && call.pc == 0);
	assert_int_equal(call.number, -1);
}

static void a_task_blocked_outside_of_a_call_has_registers_only(void **state)
{
	struct syscall_fields call = { 0 };

	assert_int_equal(PARSE(parse_syscall, "-1 0x7ffd0 0x55aa\n", &call), 0);
	assert_int_equal(call.number, -1);
	assert_false(call.running);
	assert_int_equal(call.sp, 0x7ffd0);
	assert_int_equal(call.pc, 0x55aa);
}

static void a_torn_syscall_is_refused_and_nothing_is_stored(void **state)
{
	static const char *const texts[] = { "", "\n", "run", "running", "-1", "-1 0x1\n",
		"-1 0x1 0x2", "-2 0x1 0x2\n", "230 0x0 0x0 0x0 0x0 0x0 0x0 0x1\n",
		"230 0x0 0x0 0x0 0x0 0x0 0x0 0x1 0x2", "230 0x0 0x0 0x0 0x0 0x0 0x0 0x1 0x2 0x3\n",
		"99999999 0x0 0x0 0x0 0x0 0x0 0x0 0x1 0x2\n",
		"230 0x0 0x0 0x0 0x0 0x0 0x0 0x1 0x1ffffffffffffffff\n", "0x1 0x2 0x3\n",
		"230 0x0 0xg 0x0 0x0 0x0 0x0 0x1 0x2\n" };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct syscall_fields call = { .number = 77, .sp = 5 };

		assert_int_equal(PARSE(parse_syscall, texts[i], &call), -EINVAL);
		assert_true(call.number == 77 && call.sp == 5);
	}
}

/* --- fdinfo and status --- */

static void fdinfo_tells_position_and_octal_flags(void **state)
{
	int64_t position = 1;
	int32_t flags = 1;

	assert_int_equal(PARSE(parse_fdinfo, "pos:\t100\nflags:\t02100002\nmnt_id:\t15\nino:\t9\n",
				 &position, &flags),
		0);
	assert_int_equal(position, 100);
	assert_int_equal(flags, 02100002);
	/* A cut number is none: 10 may be the start of 100. */
	assert_int_equal(PARSE(parse_fdinfo, "pos:\t10", &position, &flags), -EINVAL);
	assert_int_equal(PARSE(parse_fdinfo, "pos:\t7\nflags:\t09\n", &position, &flags), -EINVAL);
	assert_int_equal(PARSE(parse_fdinfo, "flags:\t02\n", &position, &flags), -EINVAL);
	assert_true(position == 100 && flags == 02100002);
}

#define MASKS                                                                                      \
	"Name:\tx SigBlk:\nUmask:\t0027\nFDSize:\t256\nSigQ:\t1/2\nSigPnd:\t0000000000000800\n"    \
	"ShdPnd:\t0000000000000200\nSigBlk:\tfffffffe7ffbfeff\nSigIgn:\t0000000000001000\n"        \
	"SigCgt:\t0000000180000440\n"

static void masks_come_without_the_two_signals_of_glibc(void **state)
{
	struct signal_sample masks = { 0 };
	int32_t umask_bits = -1, fd_size = -1;

	assert_int_equal(PARSE(parse_signals, MASKS, &masks), 0);
	assert_true(masks.known);
	assert_int_equal(masks.pending, BIT(11)); /* SIGUSR2 is 12 */
	assert_int_equal(masks.shared_pending, BIT(9));
	assert_int_equal(masks.ignored, BIT(12));
	assert_int_equal(masks.caught, 0x440); /* 32 and 33 are gone */
	assert_int_equal(masks.blocked, 0xfffffffe7ffbfeff & ~(BIT(31) | BIT(32)));
	assert_int_equal(PARSE(parse_fs, MASKS, &umask_bits, &fd_size), 0);
	assert_int_equal(umask_bits, 027);
	assert_int_equal(fd_size, 256);
}

static void masks_that_are_not_all_there_are_unknown(void **state)
{
	const char *text = MASKS;

	for (size_t len = 0; len < strlen(text); len++) {
		struct signal_sample masks = { 0 };

		assert_int_equal(parse_signals(text, len, &masks), -EINVAL);
		assert_false(masks.known);
	}
	int32_t umask_bits = -1, fd_size = -1;
	/* A kernel before 4.7 has no Umask. */
	assert_int_equal(PARSE(parse_fs, "FDSize:\t64\n", &umask_bits, &fd_size), 0);
	assert_true(umask_bits == -1 && fd_size == 64);
	assert_int_equal(PARSE(parse_fs, "Umask:\t0022", &umask_bits, &fd_size), -EINVAL);
	/* A task that has ended has no table: the kernel writes 0 slots then, which no table has. */
	fd_size = -1;
	assert_int_equal(PARSE(parse_fs, "FDSize:\t0\n", &umask_bits, &fd_size), -EINVAL);
	assert_int_equal(fd_size, -1);
}

/* --- numbering --- */

#define THINGS 64

struct things {
	int kind[THINGS];
	int dead; /* this one cannot be compared */
	size_t questions;
};

/* As kcmp: an order that has nothing to do with the numbers. */
static int compare(void *context, size_t a, size_t b, int *ret_order)
{
	struct things *things = context;
	int left = things->kind[a] * 37 % 101, right = things->kind[b] * 37 % 101;

	things->questions++;
	if ((int)a == things->dead || (int)b == things->dead)
		return -ESRCH;
	*ret_order = (left > right) - (left < right);
	return 0;
}

static void equal_things_get_equal_numbers_in_the_order_of_their_first(void **state)
{
	struct things things = { .kind = { 5, 9, 5, 1, 9, 5, 7 }, .dead = -1 };
	const int16_t expected[] = { 1, 2, 1, 3, 2, 1, 4 };
	int16_t number[7];
	size_t room[7];

	assert_int_equal(objects_number(7, compare, &things, number, room), 4);
	assert_memory_equal(number, expected, sizeof(expected));
	assert_int_equal(objects_number(0, compare, &things, number, room), 0);
}

static void numbering_any_mix_tells_equal_from_different(void **state)
{
	struct things things = { .dead = -1 };
	int16_t number[THINGS];
	size_t room[THINGS];
	unsigned seed = 1;

	for (int round = 0; round < 200; round++) {
		for (int i = 0; i < THINGS; i++) {
			seed = seed * 1103515245 + 12345;
			things.kind[i] = (int)(seed >> 16) % (round % 40 + 1);
		}
		objects_number(THINGS, compare, &things, number, room);
		for (int i = 0; i < THINGS; i++)
			for (int j = 0; j < i; j++)
				assert_int_equal(
					number[i] == number[j], things.kind[i] == things.kind[j]);
	}
}

static void few_questions_are_asked(void **state)
{
	struct things things = { .dead = -1 };
	int16_t number[THINGS];
	size_t room[THINGS];

	/* All the same, as threads: one question each. */
	objects_number(THINGS, compare, &things, number, room);
	assert_int_equal(things.questions, THINGS - 1);
	/* All different, as processes: no more than n log2 n. */
	things.questions = 0;
	for (int i = 0; i < THINGS; i++)
		things.kind[i] = i;
	objects_number(THINGS, compare, &things, number, room);
	assert_true(things.questions <= THINGS * 6);
}

static void one_that_cannot_be_compared_has_no_number_and_spoils_no_other(void **state)
{
	struct things things = { .kind = { 1, 2, 3, 2, 1 }, .dead = 3 };
	const int16_t expected[] = { 1, 2, 3, -1, 1 };
	int16_t number[5];
	size_t room[5];

	objects_number(5, compare, &things, number, room);
	assert_memory_equal(number, expected, sizeof(expected));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_what_its_bits_say),
		cmocka_unit_test(a_blocked_task_tells_its_call_and_registers),
		cmocka_unit_test(a_task_that_runs_tells_nothing_else),
		cmocka_unit_test(a_task_blocked_outside_of_a_call_has_registers_only),
		cmocka_unit_test(a_torn_syscall_is_refused_and_nothing_is_stored),
		cmocka_unit_test(fdinfo_tells_position_and_octal_flags),
		cmocka_unit_test(masks_come_without_the_two_signals_of_glibc),
		cmocka_unit_test(masks_that_are_not_all_there_are_unknown),
		cmocka_unit_test(equal_things_get_equal_numbers_in_the_order_of_their_first),
		cmocka_unit_test(numbering_any_mix_tells_equal_from_different),
		cmocka_unit_test(few_questions_are_asked),
		cmocka_unit_test(one_that_cannot_be_compared_has_no_number_and_spoils_no_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
