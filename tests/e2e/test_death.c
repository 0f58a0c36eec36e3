/* SPDX-License-Identifier: MIT
 * Whatever ends it: the terminal is put back and nothing survives. Every signal against every process of ours, stops,
 * hangups, a terminal that takes no more, and kills at any moment of the start.
 */
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"

#define PROMISE_MS 1000

/* The lab with everyone in it named. */
struct cast {
	struct tty *tty;
	int dead_ms; /* the promise: no task is left after this */
	struct herd herd; /* all but the supervisor */
	pid_t supervisor, screen, prober, host[2];
};

/* The screen is the only one that keeps a timer. */
static bool has_timer(pid_t pid)
{
	for (int fd = 0; fd < 64; fd++) {
		char path[64], target[64] = "";
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, fd);
		if (readlink(path, target, sizeof(target) - 1) > 0 && strstr(target, "[timerfd]"))
			return true;
	}
	return false;
}

static void cast_take(struct cast *cast)
{
	int hosts = 0;
	cast->supervisor = cast->tty->program;
	herd_take(&cast->herd, cast->supervisor);
	for (int i = 0; i < cast->herd.n; i++) {
		pid_t pid = cast->herd.at[i].pid;
		if (cast->herd.at[i].parent != cast->supervisor)
			continue;
		if (strstr(cast->herd.at[i].name, "crew") && hosts < 2)
			cast->host[hosts++] = pid;
		else if (has_timer(pid))
			cast->screen = pid;
		else
			cast->prober = pid;
	}
	if (!cast->screen || !cast->prober || hosts != 2)
		fail_msg("screen %d, prober %d, %d hosts among %d", cast->screen, cast->prober,
			hosts, cast->herd.n);
}

/* An argument to this test program: hides the name of the terminal on stdin, and becomes the program after it. */
#define NAMELESS "--nameless"

static int become_nameless(char **argv)
{
	/* Nobody may open it any more, not even root without the right to. */
	prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE);
	if (fchmod(STDIN_FILENO, 0) == 0)
		execv(argv[0], argv);
	return 121;
}

static struct cast cast_start_by(const char *way, const char *job)
{
	const char *const argv[] = { "/proc/self/exe", way, program_path(), "--job", job,
		"--processes", "8", "--threads", "8", NULL };
	struct cast cast = { .dead_ms = fair_ms(PROMISE_MS) };
	cast.tty = tty_start(36, 120, NULL, way ? argv : argv + 2);
	tty_assert_text(cast.tty, "8 processes: 8 PIDs");
	tty_assert_text(cast.tty, "8 threads: 1 PID");
	cast_take(&cast);
	return cast;
}

static struct cast cast_start(const char *job)
{
	return cast_start_by(NULL, job);
}

static void cast_close(struct cast *cast)
{
	herd_drop(&cast->herd);
	tty_close(cast->tty);
	assert_int_equal(descendants_after(cast->dead_ms), 0);
}

static void print_last_bytes(const struct tty *tty)
{
	size_t n = MIN(tty->raw.len, (size_t)400);
	for (const char *at = tty->raw.text + tty->raw.len - n; n--; at++)
		fprintf(stderr, *at < ' ' || *at > '~' ? "\\%03o" : "%c", (unsigned char)*at);
	fputc('\n', stderr);
}

/* All of them are gone in time, the terminal is as before, and the status is one that was meant. */
static void cast_assert_ended(struct cast *cast, int status)
{
	nsec start = nsec_monotonic();
	int ended = tty_wait_end(cast->tty, cast->dead_ms);
	int left = (int)((nsec_monotonic() - start) / NSEC_PER_MSEC);
	tty_assert(cast->tty, herd_wait_dead(&cast->herd, MAX(cast->dead_ms - left, 0)) == 0);
	tty_assert(cast->tty, ended == status);
	/* The last bytes may still be on their way through the pty. */
	nsec until = nsec_monotonic() + cast->dead_ms * NSEC_PER_MSEC / 4;
	while (tty_unrestored(cast->tty) && nsec_monotonic() < until)
		tty_pump(cast->tty, 10);
	const char *unrestored = tty_unrestored(cast->tty);
	if (unrestored) {
		print_error("%s; the last bytes:\n", unrestored);
		print_last_bytes(cast->tty);
	}
	assert_null(unrestored);
}

static void signals_to_the_screen_end_all_and_restore(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS,
		SIGFPE, SIGKILL };
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		struct cast cast = cast_start("mixed");
		print_message("# %s to the screen\n", strsignal(signals[i]));
		kill(cast.screen, signals[i]);
		cast_assert_ended(&cast, 128 + signals[i]);
		cast_close(&cast);
	}
}

static void signals_to_the_supervisor_end_all_and_restore(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGSEGV, SIGKILL };
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		struct cast cast = cast_start("mixed");
		print_message("# %s to the supervisor\n", strsignal(signals[i]));
		kill(cast.supervisor, signals[i]);
		cast_assert_ended(&cast, 128 + signals[i]);
		cast_close(&cast);
	}
}

static void a_killed_screen_is_told_in_one_line(void **state)
{
	struct cast cast = cast_start("sleep");
	tty_forget(cast.tty);
	kill(cast.screen, SIGKILL);
	cast_assert_ended(&cast, 128 + SIGKILL);
	tty_assert(cast.tty, memmem(cast.tty->raw.text, cast.tty->raw.len, "SIGKILL", 7) ||
				     memmem(cast.tty->raw.text, cast.tty->raw.len, "signal 9", 8) ||
				     memmem(cast.tty->raw.text, cast.tty->raw.len, "Killed", 6));
	cast_close(&cast);
}

static void killed_hosts_take_their_side_only(void **state)
{
	struct cast cast = cast_start("sleep");
	kill(cast.host[0], SIGKILL);
	kill(cast.host[1], SIGKILL);
	tty_assert(cast.tty, tty_wait_gone(cast.tty, "8 processes: 8 PIDs"));
	tty_assert(cast.tty, tty_wait_gone(cast.tty, "8 threads: 1 PID"));
	tty_assert_text(cast.tty, "SIGKILL");
	tty_keys(cast.tty, "[r]r");
	tty_assert_text(cast.tty, "8 processes: 8 PIDs");
	tty_assert_text(cast.tty, "8 threads: 1 PID");
	tty_keys(cast.tty, "q");
	cast_assert_ended(&cast, 0);
	cast_close(&cast);
}

static void a_killed_prober_is_replaced(void **state)
{
	struct cast cast = cast_start("sleep");
	pid_t first = cast.prober;
	nsec until = nsec_monotonic() + WAIT_MS * NSEC_PER_MSEC;
	kill(first, SIGKILL);
	for (;;) {
		tty_pump(cast.tty, 20);
		herd_drop(&cast.herd);
		cast.prober = 0;
		herd_take(&cast.herd, cast.supervisor);
		for (int i = 0; i < cast.herd.n; i++) {
			pid_t pid = cast.herd.at[i].pid;
			if (cast.herd.at[i].parent == cast.supervisor && pid != cast.screen &&
				pid != cast.host[0] && pid != cast.host[1])
				cast.prober = pid;
		}
		if ((cast.prober && cast.prober != first) || nsec_monotonic() > until)
			break;
	}
	tty_assert(cast.tty, cast.prober && cast.prober != first);
	tty_assert(cast.tty, !cast.tty->ended);
	tty_keys(cast.tty, "q");
	cast_assert_ended(&cast, 0);
	cast_close(&cast);
}

static void a_stopped_screen_that_is_killed_is_noticed(void **state)
{
	struct cast cast = cast_start("spin");
	kill(cast.screen, SIGSTOP);
	tty_pump(cast.tty, 100);
	tty_assert(cast.tty, !cast.tty->stopped); /* the supervisor does not stop along */
	kill(cast.screen, SIGKILL);
	cast_assert_ended(&cast, 128 + SIGKILL);
	cast_close(&cast);
}

static void a_stopped_supervisor_is_no_gap(void **state)
{
	struct cast cast = cast_start("spin");
	kill(cast.supervisor, SIGSTOP);
	assert_true(tty_wait_stopped(cast.tty));
	kill(cast.screen, SIGKILL);
	/* The hosts see their life pipe end, though the supervisor cannot act. */
	herd_drop(&cast.herd);
	nsec until = nsec_monotonic() + cast.dead_ms * NSEC_PER_MSEC;
	for (int left = 1; left && nsec_monotonic() < until;) {
		herd_take(&cast.herd, cast.supervisor);
		left = 0;
		for (int i = 0; i < cast.herd.n; i++)
			left += cast.herd.at[i].pid != cast.prober;
		herd_drop(&cast.herd);
		if (!left)
			break;
		tty_pump(cast.tty, 10);
	}
	herd_take(&cast.herd, cast.supervisor);
	tty_assert(cast.tty, herd_count(&cast.herd, "crew") == 0 && cast.herd.n <= 1);
	tty_foreground(cast.tty);
	cast_assert_ended(&cast, 128 + SIGKILL);
	cast_close(&cast);
}

static void stopped_workers_die_too(void **state)
{
	struct cast cast = cast_start("sleep");
	for (int i = 0; i < cast.herd.n; i++) {
		if (cast.herd.at[i].parent == cast.host[0] ||
			cast.herd.at[i].parent == cast.host[1])
			kill(cast.herd.at[i].pid, SIGSTOP);
	}
	kill(cast.screen, SIGKILL);
	cast_assert_ended(&cast, 128 + SIGKILL);
	cast_close(&cast);
}

static void killing_screen_and_supervisor_at_once_leaves_no_task(void **state)
{
	struct cast cast = cast_start("spin");
	kill(cast.supervisor, SIGKILL);
	kill(cast.screen, SIGKILL);
	tty_wait_end(cast.tty, cast.dead_ms);
	tty_assert(cast.tty, herd_wait_dead(&cast.herd, cast.dead_ms) == 0);
	/* Nobody was left to restore the terminal: the documents say so. */
	cast_close(&cast);
}

static void ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(void **state)
{
	struct cast cast = cast_start("sleep");
	tty_keys(cast.tty, "\032");
	tty_assert(cast.tty, tty_wait_stopped(cast.tty));
	assert_null(tty_unrestored(cast.tty));
	tty_resize(cast.tty, 30, 100); /* while it sleeps */
	tty_foreground(cast.tty);
	tty_assert_text(cast.tty, "8 processes: 8 PIDs");
	tty_assert(cast.tty, cast.tty->alternate);
	tty_keys(cast.tty, "q");
	cast_assert_ended(&cast, 0);
	cast_close(&cast);
}

static void a_suspended_lab_dies_of_a_kill(void **state)
{
	struct cast cast = cast_start("sleep");
	tty_keys(cast.tty, "\032");
	tty_assert(cast.tty, tty_wait_stopped(cast.tty));
	kill(cast.supervisor, SIGKILL);
	tty_assert(cast.tty, herd_wait_dead(&cast.herd, cast.dead_ms) == 0);
	assert_null(tty_unrestored(cast.tty));
	cast_close(&cast);
}

static void a_closed_terminal_ends_all(void **state)
{
	struct cast cast = cast_start("spin");
	tty_hangup(cast.tty);
	assert_int_equal(herd_wait_dead(&cast.herd, cast.dead_ms), 0);
	cast_close(&cast);
}

/* Nobody reads, and no more fits. */
static void stall(struct tty *tty)
{
	static const char junk[512];
	tty->stalled = true;
	for (int i = 0; i < 5; i++) {
		while (write_without_wait(tty->slave, junk, sizeof(junk)) > 0 ||
			write_without_wait(tty->slave, junk, 1) > 0)
			;
		poll(NULL, 0, 10); /* the line discipline moves some on */
	}
}

static void a_terminal_that_takes_no_more_does_not_hold_it(void **state)
{
	static const struct {
		bool to_screen, nameless;
		int signal;
	} cases[] = { { false, false, SIGTERM }, { true, false, SIGTERM }, { true, false, SIGKILL },
		{ false, true, SIGTERM }, { true, true, SIGTERM }, { true, true, SIGKILL } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct cast cast = cast_start_by(cases[i].nameless ? NAMELESS : NULL, "mixed");
		stall(cast.tty);
		tty_assert(cast.tty, !cast.tty->ended);
		kill(cases[i].to_screen ? cast.screen : cast.supervisor, cases[i].signal);
		nsec start = nsec_monotonic();
		int ended = tty_wait_end(cast.tty, cast.dead_ms + 200);
		assert_int_equal(ended, 128 + cases[i].signal);
		assert_true(nsec_monotonic() - start < (cast.dead_ms + 200) * NSEC_PER_MSEC);
		assert_int_equal(herd_wait_dead(&cast.herd, cast.dead_ms / 5), 0);
		/* Who reads again later finds the terminal as it was. */
		cast.tty->stalled = false;
		for (int n = 0; n < 50 && tty_unrestored(cast.tty); n++)
			tty_pump(cast.tty, 20);
		assert_null(tty_unrestored(cast.tty));
		cast_close(&cast);
	}
}

/* kill -9 while it starts: at moments that sweep over the whole start. KILLS in the environment: how many, instead of 40. */
static void kills_at_any_moment_of_the_start_leave_nothing(void **state)
{
	const char *kills = getenv("KILLS");
	int dead_ms = fair_ms(PROMISE_MS);
	for (int i = 0, n = kills ? atoi(kills) : 40; i < n; i++) {
		const char *const argv[] = { program_path(), "--processes", "16", "--threads", "16",
			NULL };
		struct tty *tty = tty_start(36, 120, NULL, argv);
		struct herd herd;
		nsec until = nsec_monotonic() + (i % 40) * (i % 40) * NSEC_PER_MSEC / 2;
		for (nsec left; (left = until - nsec_monotonic()) > 0;)
			tty_pump(tty, (int)(left / NSEC_PER_MSEC) + 1);
		herd_take(&herd, tty->program);
		kill(tty->program, SIGKILL);
		tty_wait_end(tty, dead_ms);
		assert_int_equal(herd_wait_dead(&herd, dead_ms), 0);
		/* Whoever was born while we looked comes to us as an orphan. */
		kill(tty->shell, SIGKILL);
		assert_int_equal(descendants_after(dead_ms), 0);
		herd_drop(&herd);
		tty_close(tty);
	}
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], NAMELESS) == 0)
		return become_nameless(argv + 2);
	const struct CMUnitTest tests[] = {
		e2e_test(signals_to_the_screen_end_all_and_restore),
		e2e_test(signals_to_the_supervisor_end_all_and_restore),
		e2e_test(a_killed_screen_is_told_in_one_line),
		e2e_test(killed_hosts_take_their_side_only),
		e2e_test(a_killed_prober_is_replaced),
		e2e_test(a_stopped_screen_that_is_killed_is_noticed),
		e2e_test(a_stopped_supervisor_is_no_gap),
		e2e_test(stopped_workers_die_too),
		e2e_test(killing_screen_and_supervisor_at_once_leaves_no_task),
		e2e_test(ctrl_z_gives_the_terminal_back_and_fg_takes_it_again),
		e2e_test(a_suspended_lab_dies_of_a_kill),
		e2e_test(a_closed_terminal_ends_all),
		e2e_test(a_terminal_that_takes_no_more_does_not_hold_it),
		e2e_test(kills_at_any_moment_of_the_start_leave_nothing),
	};
	cmocka_set_test_filter(getenv("TEST_FILTER")); /* NULL: all */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
