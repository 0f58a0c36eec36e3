/* SPDX-License-Identifier: MIT
 * The lab in a real terminal: it starts, shows both crews, obeys every steering key, and leaves the terminal as it was.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static struct tty *lab_with(int rows, int cols, const char *const *env, const char *job)
{
	const char *const argv[] = { program_path(), "--job", job, NULL };
	return tty_start(rows, cols, env, argv);
}

static struct tty *lab(void)
{
	struct tty *tty = lab_with(36, 120, NULL, "sleep");
	tty_assert_text(tty, "4 processes: 4 PIDs");
	tty_assert_text(tty, "4 threads: 1 PID");
	return tty;
}

/* q ends it, at once and with nothing left. */
static void leave(struct tty *tty)
{
	tty_keys(tty, "q");
	tty_assert(tty, tty_wait_end(tty, WAIT_MS) == 0);
	assert_null(tty_unrestored(tty));
	tty_close(tty);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static void the_lab_shows_both_crews_and_quits(void **state)
{
	struct herd herd;
	struct tty *tty = lab();
	tty_assert_text(tty, "Workers");
	tty_assert_text(tty, "Switches");
	tty_assert_text(tty, "Memory");
	herd_take(&herd, tty->program);
	/* A prober, a screen, two hosts, and four workers that are processes: the others are threads. */
	tty_assert(tty, herd.n >= 7 && herd.n <= 9);
	herd_drop(&herd);
	leave(tty);
}

static void the_first_frame_comes_soon(void **state)
{
	nsec start = nsec_monotonic();
	struct tty *tty = lab_with(36, 120, NULL, "sleep");
	tty_assert_text(tty, "taskscope");
	/* The budget is 100 ms; other tests may run beside this one. */
	assert_in_range((nsec_monotonic() - start) / NSEC_PER_MSEC, 0, 1000);
	leave(tty);
}

static void workers_are_added_and_removed(void **state)
{
	struct tty *tty = lab();
	tty_keys(tty, "a");
	tty_assert_text(tty, "5 processes: 5 PIDs");
	tty_assert_text(tty, "4 threads: 1 PID");
	tty_keys(tty, "]a");
	tty_assert_text(tty, "5 threads: 1 PID");
	tty_keys(tty, "A");
	tty_assert_text(tty, "6 processes: 6 PIDs");
	tty_assert_text(tty, "6 threads: 1 PID");
	tty_keys(tty, "D");
	tty_assert_text(tty, "5 processes: 5 PIDs");
	tty_assert_text(tty, "5 threads: 1 PID");
	leave(tty);
}

static void a_crash_in_a_process_leaves_the_others(void **state)
{
	struct tty *tty = lab();
	tty_keys(tty, "jx");
	tty_assert_text(tty, "SIGSEGV");
	tty_assert_text(tty, "3 processes: 3 PIDs");
	tty_assert_text(tty, "4 threads: 1 PID");
	tty_keys(tty, "r");
	tty_assert_text(tty, "4 processes: 4 PIDs");
	leave(tty);
}

static void a_crash_in_a_thread_ends_its_whole_crew(void **state)
{
	struct tty *tty = lab();
	tty_keys(tty, "]jx");
	tty_assert_text(tty, "SIGSEGV");
	tty_assert_text(tty, "ended every thread");
	tty_assert_text(tty, "4 processes: 4 PIDs");
	tty_keys(tty, "r");
	tty_assert_text(tty, "4 threads: 1 PID");
	leave(tty);
}

static void kill_9_of_one_worker_hits_one_process_or_all_threads(void **state)
{
	struct tty *tty = lab();
	tty_keys(tty, "jK");
	tty_assert_text(tty, "3 processes: 3 PIDs");
	tty_assert_text(tty, "SIGKILL");
	tty_keys(tty, "]jK");
	tty_assert(tty, tty_wait_gone(tty, "4 threads: 1 PID"));
	tty_assert_text(tty, "3 processes: 3 PIDs");
	leave(tty);
}

static void stop_and_continue_are_seen(void **state)
{
	struct tty *tty = lab();
	tty_keys(tty, "js");
	tty_assert_text(tty, "SIGSTOP");
	tty_assert(tty, tty_wait_row(tty, "w1 ", "stopped"));
	tty_keys(tty, "s");
	tty_assert_text(tty, "SIGCONT");
	tty_assert(tty, tty_wait_gone(tty, "stopped "));
	leave(tty);
}

static void the_job_menu_changes_the_job(void **state)
{
	struct tty *tty = lab();
	tty_assert(tty, !strstr(tty_text(tty), "yield"));
	tty_keys(tty, "J");
	tty_assert_text(tty, "yield");
	tty_assert_text(tty, "pingpong");
	tty_keys(tty, "\033");
	tty_assert(tty, tty_wait_gone(tty, "pingpong"));
	leave(tty);
}

static void help_and_provenance_open_and_close(void **state)
{
	struct tty *tty = lab();
	tty_keys(tty, "h");
	tty_assert_text(tty, "Help");
	tty_keys(tty, "\033");
	tty_assert_text(tty, "Switches");
	tty_keys(tty, "j\033[C?");
	tty_assert_text(tty, "/proc/");
	tty_keys(tty, "\033");
	tty_assert(tty, tty_wait_gone(tty, "/proc/"));
	leave(tty);
}

static void pause_zoom_and_theme_keep_it_running(void **state)
{
	struct tty *tty = lab();
	tty_keys(tty, " ");
	tty_assert_text(tty, "PAUSED");
	tty_keys(tty, " ");
	tty_assert(tty, tty_wait_gone(tty, "PAUSED"));
	tty_keys(tty, "z");
	tty_assert_text(tty, "zoomed");
	tty_keys(tty, "z");
	tty_assert(tty, tty_wait_gone(tty, "zoomed"));
	tty_keys(tty, "T");
	tty_assert_text(tty, "light");
	leave(tty);
}

/* A command is found by its name, a worker by any of its words; what means nothing says so. */
static void what_is_typed_finds_commands_and_workers(void **state)
{
	struct tty *tty = lab();
	tty_keys(tty, "y");
	tty_assert_text(tty, "y does nothing here, ? lists the keys");
	tty_keys(tty, ":next th");
	tty_assert_text(tty, "next theme");
	tty_keys(tty, "\r");
	tty_assert_text(tty, "theme light");
	tty_keys(tty, "/w1");
	tty_assert(tty, tty_wait_gone(tty, "w0"));
	tty_assert_text(tty, "w1");
	tty_keys(tty, "\033");
	tty_assert_text(tty, "w0");
	leave(tty);
}

/* A click on a tab shows its view, one on a key of the footer is that key. */
static void tabs_and_footer_can_be_clicked(void **state)
{
	const char *const argv[] = { program_path(), "--job", "sleep", NULL };
	struct tty *tty = tty_start(36, 120, NULL, argv);
	tty_assert_text(tty, "4 threads: 1 PID");
	tty_keys(tty, "\033[<0;14;34M");
	tty_assert_text(tty, "c chdir");
	tty_keys(tty, "\033[<0;110;36M");
	tty_assert_text(tty, "Words and signs");
	tty_keys(tty, "\033[<0;118;36M");
	tty_assert(tty, tty_wait_end(tty, WAIT_MS) == 0);
	tty_close(tty);
}

/* With --safe, a worker ends only when the key is pressed once more. */
static void a_dangerous_key_asks_once(void **state)
{
	const char *const argv[] = { program_path(), "--job", "sleep", "--safe", NULL };
	struct tty *tty = tty_start(36, 120, NULL, argv);
	tty_assert_text(tty, "4 threads: 1 PID");
	tty_keys(tty, "K");
	tty_assert_text(tty, "K again:");
	tty_keys(tty, "j");
	tty_keys(tty, "K");
	tty_assert_text(tty, "K again:");
	assert_null(strstr(tty_text(tty), "SIGKILL (9)"));
	tty_keys(tty, "K");
	tty_assert_text(tty, "SIGKILL");
	leave(tty);
}

/* The lab's `t` leads into the tour, which is left by a key that asks. */
static void the_lab_leads_into_the_tour(void **state)
{
	struct tty *tty = lab();
	tty_keys(tty, "t");
	tty_assert_text(tty, "what do you expect?");
	tty_keys(tty, "q");
	tty_assert_text(tty, "q again leaves the tour");
	tty_keys(tty, "q");
	tty_assert(tty, tty_wait_end(tty, WAIT_MS) == 0);
	tty_close(tty);
}

static void every_key_is_safe(void **state)
{
	static const char *const bursts[] = {
		"\033[A\033[B\033[5~\033[6~\033[H\033[F\t\033[Zmm++--nNoO\033\033",
		"ppPP[]]sSsSdddDDDD", "rrrr", "xKxKx]xK",
		"\033[<0;10;10M\033[<0;10;10m\033[M   \033O\033[99~", "\xff\xfe\xc3\x28\xe2\x82",
		"]r[r"
	};
	struct tty *tty = lab();
	for (size_t i = 0; i < ARRAY_LEN(bursts); i++) {
		tty_keys(tty, bursts[i]);
		for (int n = 0; n < 10 && !tty->ended; n++)
			tty_pump(tty, 50);
		tty_assert(tty, !tty->ended);
	}
	tty_keys(tty, "\033");
	leave(tty);
}

static void resizing_to_1x1_and_back_is_survived(void **state)
{
	static const struct {
		int rows, cols;
	} sizes[] = { { 1, 1 }, { 24, 80 }, { 2, 300 }, { 100, 1 }, { 500, 1000 }, { 16, 60 },
		{ 15, 59 }, { 36, 120 } };
	struct tty *tty = lab();
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		tty_resize(tty, sizes[i].rows, sizes[i].cols);
		for (int n = 0; n < 4; n++)
			tty_pump(tty, 50);
		tty_assert(tty, !tty->ended);
	}
	tty_assert_text(tty, "4 processes: 4 PIDs");
	for (int i = 0; i < 200; i++) /* a storm */
		tty_resize(tty, 1 + i * 7 % 60, 1 + i * 13 % 200);
	tty_resize(tty, 36, 120);
	tty_assert_text(tty, "4 threads: 1 PID");
	leave(tty);
}

/* Two changes that the program sees as none: it reads the size when both are over. What the terminal showed is gone. */
static void a_size_that_changes_and_changes_back_at_once_is_drawn_anew(void **state)
{
	struct tty *tty = lab();
	for (int i = 0; i < 3; i++) {
		tty_resize(tty, 1, 1);
		tty_resize(tty, 36, 120);
		tty_assert_text(tty, "4 processes: 4 PIDs");
		tty_assert_text(tty, "4 threads: 1 PID");
	}
	leave(tty);
}

static void every_size_shows_both_sides_or_says_why_not(void **state)
{
	static const struct {
		int rows, cols;
	} sizes[] = { { 16, 60 }, { 24, 80 }, { 36, 120 }, { 60, 200 }, { 100, 300 } };
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct tty *tty = lab_with(sizes[i].rows, sizes[i].cols, NULL, "sleep");
		tty_assert_text(tty, "4 processes: 4 PIDs");
		tty_assert(tty, tty_wait_row(tty, "4 threads", "1 PID"));
		leave(tty);
	}
	struct tty *tty = lab_with(8, 40, NULL, "sleep");
	tty_assert_text(tty, "60");
	leave(tty);
}

static void colour_is_used_unless_it_is_not_wanted(void **state)
{
	static const char *const no_color[] = { "NO_COLOR=1", NULL };
	static const char *const empty[] = { "NO_COLOR=", NULL };
	struct tty *tty = lab();
	tty_assert(tty, tty_coloured_cells(tty) > 50);
	leave(tty);
	tty = lab_with(36, 120, no_color, "sleep");
	tty_assert_text(tty, "4 processes: 4 PIDs");
	tty_assert(tty, tty_coloured_cells(tty) == 0);
	leave(tty);
	tty = lab_with(36, 120, empty, "sleep"); /* no-color.org: only when not empty */
	tty_assert_text(tty, "4 processes: 4 PIDs");
	tty_assert(tty, tty_coloured_cells(tty) > 50);
	leave(tty);
	const char *const argv[] = { program_path(), "--color", "never", "--job", "sleep", NULL };
	tty = tty_start(36, 120, NULL, argv);
	tty_assert_text(tty, "4 processes: 4 PIDs");
	tty_assert(tty, tty_coloured_cells(tty) == 0);
	leave(tty);
}

static void each_type_of_terminal_is_drawn_and_left(void **state)
{
	static const struct {
		const char *term;
		bool colours;
	} types[] = { { "TERM=vt100", false }, { "TERM=vt220", false }, { "TERM=linux", true },
		{ "TERM=screen", true }, { "TERM=screen-256color", true }, { "TERM=tmux", true },
		{ "TERM=tmux-256color", true }, { "TERM=rxvt", true }, { "TERM=xterm", true } };
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		const char *const env[] = { types[i].term, NULL };
		struct tty *tty = lab_with(24, 80, env, "sleep");
		print_message("# %s\n", types[i].term);
		tty_assert_text(tty, "4 processes: 4 PIDs");
		tty_assert_text(tty, "4 threads: 1 PID");
		tty_assert(tty, (tty_coloured_cells(tty) > 0) == types[i].colours);
		tty_keys(tty, "h");
		tty_assert_text(tty, "Help");
		tty_keys(tty, "\033");
		tty_assert(tty, tty_wait_gone(tty, "Help"));
		leave(tty);
	}
}

static bool raw_is_ascii(const struct tty *tty)
{
	for (size_t i = 0; i < tty->raw.len; i++) {
		if ((unsigned char)tty->raw.text[i] >= 0x80)
			return false;
	}
	return true;
}

static void the_c_locale_gets_ascii(void **state)
{
	static const char *const locales[] = { "LC_ALL=C", "LC_ALL=xx_YY.UTF-8", "LC_ALL=POSIX" };
	for (size_t i = 0; i < ARRAY_LEN(locales); i++) {
		const char *const env[] = { locales[i], NULL };
		struct tty *tty = lab_with(36, 120, env, "sleep");
		tty_assert_text(tty, "4 processes: 4 PIDs");
		tty_assert_text(tty, "4 threads: 1 PID");
		if (!strstr(locales[i], "UTF-8"))
			tty_assert(tty, raw_is_ascii(tty));
		leave(tty);
	}
}

static void ascii_can_be_asked_for(void **state)
{
	const char *const argv[] = { program_path(), "--ascii", "--job", "sleep", NULL };
	struct tty *tty = tty_start(36, 120, NULL, argv);
	tty_assert_text(tty, "4 threads: 1 PID");
	tty_assert(tty, raw_is_ascii(tty));
	leave(tty);
	tty = lab();
	tty_assert(tty, tty_wide_bytes(tty) > 100);
	leave(tty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(the_lab_shows_both_crews_and_quits),
		e2e_test(the_first_frame_comes_soon),
		e2e_test(workers_are_added_and_removed),
		e2e_test(a_crash_in_a_process_leaves_the_others),
		e2e_test(a_crash_in_a_thread_ends_its_whole_crew),
		e2e_test(kill_9_of_one_worker_hits_one_process_or_all_threads),
		e2e_test(stop_and_continue_are_seen),
		e2e_test(the_job_menu_changes_the_job),
		e2e_test(help_and_provenance_open_and_close),
		e2e_test(pause_zoom_and_theme_keep_it_running),
		e2e_test(what_is_typed_finds_commands_and_workers),
		e2e_test(tabs_and_footer_can_be_clicked),
		e2e_test(a_dangerous_key_asks_once),
		e2e_test(the_lab_leads_into_the_tour),
		e2e_test(every_key_is_safe),
		e2e_test(resizing_to_1x1_and_back_is_survived),
		e2e_test(a_size_that_changes_and_changes_back_at_once_is_drawn_anew),
		e2e_test(every_size_shows_both_sides_or_says_why_not),
		e2e_test(colour_is_used_unless_it_is_not_wanted),
		e2e_test(each_type_of_terminal_is_drawn_and_left),
		e2e_test(the_c_locale_gets_ascii),
		e2e_test(ascii_can_be_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
