/* SPDX-License-Identifier: MIT
 * The lanes of the whole program where the kernel refuses its records: density cells from schedstat, said to be sampled and
 * never finer than a refresh, with the reason. The refusal is a seccomp filter's, as containers have; it answers with the
 * error asked for, so it also stands in for a kernel.perf_event_paranoid that is too high.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

static int refuse_with_eperm(void)
{
	return child_refuse_call(SYS_perf_event_open, EPERM);
}

static int refuse_with_eacces(void)
{
	return child_refuse_call(SYS_perf_event_open, EACCES);
}

static int refuse_with_enosys(void)
{
	return child_refuse_call(SYS_perf_event_open, ENOSYS);
}

/* The last frame of the lanes at this zoom. */
static const char *lanes_of(struct run *ret, int (*prepare)(void), const char *keys)
{
	const char *const argv[] = { program_path(), "--plain", "--size", "120x36", "--job",
		"mixed", "--interval", "100", "--keys", keys, NULL };
	const char *at, *last = NULL;

	run(&(struct run_options) { .argv = argv, .prepare = prepare }, ret);
	run_assert_status(ret, 0);
	for (at = ret->out.text; (at = strstr(at, "Lanes \xe2\x94\x80")); at++)
		last = at;
	assert_non_null(last);
	return last;
}

static void assert_holds(const struct run *run, const char *frame, const char *text)
{
	if (!strstr(frame, text))
		fail_msg("no '%s' in the last frame:\n%.3000s", text, frame);
}

/* The spinner of the mixed crew ran, waited, or was taken off: there is a cell that says so in its row. */
static bool spinner_is_drawn(const char *frame)
{
	static const char *const glyphs[] = { "\xe2\x96\x88", "\xe2\x96\x93", "\xe2\x96\x92",
		"\xe2\x96\x91", "!", "\xe2\x95\xb5" };
	const char *row = strstr(frame, "w1    1 ");
	char text[512];

	assert_non_null(row);
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(row, "\n"), row);
	for (size_t i = 0; i < ARRAY_LEN(glyphs); i++)
		if (strstr(text, glyphs[i]))
			return true;
	return false;
}

static void assert_sampled(int (*prepare)(void), const char *reason)
{
	struct run ret;
	const char *frame = lanes_of(&ret, prepare, "8 <wait 1500> iiiiiiiii <wait 500> q");
	int ms;

	assert_holds(&ret, frame, "sampled from schedstat, no finer than a refresh: perf_event ");
	assert_holds(&ret, frame, reason);
	/* At the closest zoom a cell is still about as long as a refresh: longer than any tick. */
	assert_non_null(strstr(frame, "a cell "));
	assert_int_equal(sscanf(strstr(frame, "a cell "), "a cell %d ms", &ms), 1);
	assert_in_range(ms, 90, 100000);
	assert_null(strstr(frame, "switches recorded"));
	assert_null(strstr(frame, "CPUs: who ran"));
	assert_true(spinner_is_drawn(frame));
	run_finish(&ret);
}

static void a_filter_that_forbids_leaves_samples(void **state)
{
	assert_sampled(refuse_with_eperm, "refused: kernel.perf_event_paranoid is ");
}

static void a_paranoid_kernel_leaves_samples(void **state)
{
	assert_sampled(refuse_with_eacces, "refused: kernel.perf_event_paranoid is ");
}

static void a_kernel_without_the_call_leaves_samples(void **state)
{
	assert_sampled(refuse_with_enosys, "refused: no such call here");
}

/* What a cursor stands on is a sample too, and says so. */
static void a_sampled_span_says_that_it_is(void **state)
{
	struct run ret;
	const char *frame = lanes_of(&ret, refuse_with_eperm, "8 <wait 1500> bb <wait 300> q");

	assert_holds(&ret, frame, "sampled: ran ");
	run_finish(&ret);
}

/* Unless it is refused to everybody here: then the records are there. */
static void where_nobody_forbids_there_are_records(void **state)
{
	struct run ret;
	const char *frame = lanes_of(&ret, NULL, "8 <wait 1500> I <wait 300> q");

	if (strstr(frame, "sampled from schedstat")) {
		print_message("# perf_event_open is refused here\n");
		run_finish(&ret);
		return;
	}
	assert_holds(&ret, frame, "switches recorded, the kernel counted ");
	assert_holds(&ret, frame, "CPUs: who ran");
	run_finish(&ret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(a_filter_that_forbids_leaves_samples),
		e2e_test(a_paranoid_kernel_leaves_samples),
		e2e_test(a_kernel_without_the_call_leaves_samples),
		e2e_test(a_sampled_span_says_that_it_is),
		e2e_test(where_nobody_forbids_there_are_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
