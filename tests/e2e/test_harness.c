/* SPDX-License-Identifier: MIT
 * That the harness sees what it must: a terminal left raw, a process left behind, a stop, a hangup, colours. Run on a
 * puppet, so that a green test of the real program means something.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "harness.h"

static struct tty *puppet(void)
{
	const char *const argv[] = { getenv("PUPPET"), NULL };
	struct tty *tty = tty_start(24, 80, NULL, argv);
	tty_assert_text(tty, "size 80x24");
	return tty;
}

static void a_polite_program_leaves_the_terminal_as_it_was(void **state)
{
	struct tty *tty = puppet();
	assert_true(tty->alternate && !tty->cursor && tty->mouse);
	tty_keys(tty, "q");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 7);
	assert_null(tty_unrestored(tty));
	tty_close(tty);
	assert_int_equal(descendants_after(1000), 0);
}

static void a_rude_program_is_seen(void **state)
{
	struct tty *tty = puppet();
	tty_keys(tty, "x");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
	assert_non_null(tty_unrestored(tty));
	tty_close(tty);
}

static void raw_modes_alone_are_seen(void **state)
{
	struct tty *tty = puppet();
	kill(tty->program, SIGKILL);
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 128 + SIGKILL);
	tty->alternate = tty->mouse = false;
	tty->cursor = true;
	assert_non_null(tty_unrestored(tty));
	tty_close(tty);
}

static void children_that_die_along_are_dead(void **state)
{
	struct herd herd;
	struct tty *tty = puppet();
	herd_take(&herd, tty->program);
	assert_int_equal(herd_count(&herd, "puppet-child"), 1);
	assert_int_equal(herd_alive(&herd), 1);
	kill(tty->program, SIGKILL);
	assert_int_equal(herd_wait_dead(&herd, 1000), 0);
	herd_drop(&herd);
	tty_close(tty);
}

static void a_process_left_behind_is_seen(void **state)
{
	struct herd herd;
	struct tty *tty = puppet();
	tty_keys(tty, "i");
	tty_assert_text(tty, "bred");
	herd_take(&herd, tty->program);
	assert_int_equal(herd_count(&herd, "puppet-child"), 2);
	tty_keys(tty, "q");
	tty_wait_end(tty, WAIT_MS);
	assert_int_equal(herd_wait_dead(&herd, 300), 1);
	assert_true(descendants_after(0) >= 1);
	for (int i = 0; i < herd.n; i++)
		kill(herd.at[i].pid, SIGKILL);
	assert_int_equal(herd_wait_dead(&herd, 1000), 0);
	herd_drop(&herd);
	tty_close(tty);
	assert_int_equal(descendants_after(1000), 0);
}

static void stop_and_foreground_are_real_job_control(void **state)
{
	struct tty *tty = puppet();
	tty_keys(tty, "z");
	assert_true(tty_wait_stopped(tty));
	assert_null(tty_unrestored(tty));
	tty_foreground(tty);
	tty_assert_text(tty, "back again");
	tty_keys(tty, "q");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 7);
	tty_close(tty);
}

static void resizing_reaches_the_program(void **state)
{
	struct tty *tty = puppet();
	tty_resize(tty, 1, 1);
	tty_resize(tty, 30, 100);
	tty_assert_text(tty, "size 100x30");
	tty_close(tty);
}

static void hanging_up_ends_it(void **state)
{
	struct herd herd;
	struct tty *tty = puppet();
	herd_take(&herd, tty->shell);
	assert_int_equal(herd.n, 2);
	tty_hangup(tty);
	assert_int_equal(herd_wait_dead(&herd, 2000), 0);
	herd_drop(&herd);
	tty_close(tty);
}

static void colours_and_bytes_are_counted(void **state)
{
	struct tty *tty = puppet();
	assert_int_equal(tty_coloured_cells(tty), 3);
	assert_int_equal(tty_wide_bytes(tty), 3);
	assert_true(tty_wait_raw(tty, "\033[?1049h"));
	tty_close(tty);
}

static void runs_without_a_terminal_are_caught(void **state)
{
	struct run ret;
	const char *const argv[] = { "/bin/sh", "-c", "echo out; echo err >&2; test -t 0 || exit 5",
		NULL };
	run(&(struct run_options) { .argv = argv }, &ret);
	assert_int_equal(ret.status, 5);
	assert_string_equal(ret.out.text, "out\n");
	assert_string_equal(ret.err.text, "err\n");
	run_finish(&ret);
}

static void runs_that_do_not_end_are_ended(void **state)
{
	struct run ret;
	const char *const argv[] = { "/bin/sh", "-c", "exec sleep 30", NULL };
	run(&(struct run_options) { .argv = argv, .timeout_ms = 200 }, &ret);
	assert_int_equal(ret.status, -1);
	assert_true(ret.duration < 5 * NSEC_PER_SEC);
	run_finish(&ret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(a_polite_program_leaves_the_terminal_as_it_was),
		e2e_test(a_rude_program_is_seen),
		e2e_test(raw_modes_alone_are_seen),
		e2e_test(children_that_die_along_are_dead),
		e2e_test(a_process_left_behind_is_seen),
		e2e_test(stop_and_foreground_are_real_job_control),
		e2e_test(resizing_reaches_the_program),
		e2e_test(hanging_up_ends_it),
		e2e_test(colours_and_bytes_are_counted),
		e2e_test(runs_without_a_terminal_are_caught),
		e2e_test(runs_that_do_not_end_are_ended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
