/* SPDX-License-Identifier: MIT
 * What a terminal, its line and its shell do to the program: answers, reports and pastes in its input, bytes that come
 * slowly, job control.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

static struct tty *lab(const char *const *env)
{
	const char *const argv[] = { program_path(), "--job", "sleep", NULL };
	struct tty *tty = tty_start(36, 120, env, argv);
	tty_assert_text(tty, "4 processes: 4 PIDs");
	tty_assert_text(tty, "4 threads: 1 PID");
	return tty;
}

static void leave(struct tty *tty)
{
	tty_keys(tty, "q");
	tty_assert(tty, tty_wait_end(tty, WAIT_MS) == 0);
	assert_null(tty_unrestored(tty));
	tty_close(tty);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

/* Opens and closes help, so that all that was typed before is known to be taken in. */
static void catch_up(struct tty *tty)
{
	tty_keys(tty, "h");
	tty_assert_text(tty, "Help");
	tty_keys(tty, "\033");
	tty_assert(tty, tty_wait_gone(tty, "Help"));
}

/* All but our own: on a busy machine a prober may be started anew. */
static void take_crews(struct herd *herd)
{
	int n = 0;
	herd_take(herd, getpid());
	for (int i = 0; i < herd->n; i++)
		if (strcmp(herd->at[i].name, "taskscope") == 0)
			close(herd->at[i].pidfd);
		else
			herd->at[n++] = herd->at[i];
	herd->n = n;
}

/* The same two hosts with as many workers: nothing started anew, none came or went. A multiplexer's are no children of what
 * was started, but in time all are below us. */
static void assert_same_crews(struct tty *tty, const struct herd *before)
{
	struct herd now;
	catch_up(tty);
	take_crews(&now);
	tty_assert(tty, now.n == before->n);
	tty_assert(tty, herd_alive(before) == before->n);
	tty_assert_text(tty, "4 threads: 1 PID");
	herd_drop(&now);
}

static const char *const no_commands[] = {
	"\033]11;rgb:0000/0000/0000\033\\",
	"\033]4;1;rgb:cdcd/0000/0000\a\033]10;rgb:AAAA/aaaa/DDDD\a",
	"\033]52;c;QUtxcmQ=\033\\\033]52;p;AKqrd\a",
	"\033P1$r0 q\033\\\033P1+r544e=787465726d\033\\\033P>|AKqrd\033\\",
	"\033_Gi=31;AKqrd\033\\\033^AKqrd\033\\\033XAKqrd\033\\",
	"\033[?62;1;6c\033[>41;354;0c\033[0n\033[12;40R\033[?2026;2$y\033[I\033[O",
	"\033[?1u\033[?31u\033[8;36;120t\033[?997;1n\033[32;65;75M",
	"\033[M#AK\033[<3;40;40M\033[200~AKqrd\033[A\033[201~",
	"\377\376\303\341\200\360\237\222\302",
	/* Multiplexers have no 8-bit controls, and pass on what is left: the last one. */
	"\302\220AKqrd\302\234\23511;AK\234\033[?1A",
};

static void answers_reports_and_pastes_are_no_commands(void **state)
{
	struct herd before;
	struct tty *tty = lab(NULL);
	assert_true(tty_wait_raw(tty, "\033[?2004h"));
	take_crews(&before);
	for (size_t i = 0; i < ARRAY_LEN(no_commands); i++) {
		tty_keys(tty, no_commands[i]);
		assert_same_crews(tty, &before);
	}
	herd_drop(&before);
	leave(tty);
}

/* A line that is slow: the time between two bytes is the case itself. */
static void after_ms(struct tty *tty, int ms, const char *bytes)
{
	nsec until = nsec_monotonic() + ms * NSEC_PER_MSEC;
	for (nsec left; (left = until - nsec_monotonic()) > 0;)
		tty_pump(tty, (int)(left / NSEC_PER_MSEC) + 1);
	tty_keys(tty, bytes);
}

static void a_sequence_that_comes_in_pieces_is_one_key(void **state)
{
	static const struct {
		const char *escape_delay;
		int gaps_ms[4];
	} lines[] = { { "ESCDELAY", { 60, 150, 300 } }, { "ESCDELAY=900", { 350 } } };
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		const char *const env[] = { lines[i].escape_delay, "SSH_CONNECTION", NULL };
		struct herd before;
		struct tty *tty = lab(env);
		take_crews(&before);
		for (const int *gap_ms = lines[i].gaps_ms; *gap_ms; gap_ms++) {
			tty_keys(tty, "\033");
			after_ms(tty, *gap_ms, "[A");
			tty_keys(tty, "\033[");
			after_ms(tty, *gap_ms, "B");
			tty_keys(tty, "\033");
			after_ms(tty, *gap_ms, "O");
			after_ms(tty, *gap_ms, "A");
			assert_same_crews(tty, &before);
		}
		herd_drop(&before);
		leave(tty);
	}
}

/* --- job control of real shells --- */

struct shell {
	const char *path;
	const char *argv[8];
};
static const struct shell shells[] = {
	{ "/bin/bash", { "/bin/bash", "--norc", "--noediting", "-i" } },
	{ "/bin/dash", { "/bin/dash", "-i" } },
	{ "/bin/zsh", { "/bin/zsh", "-f", "-i" } },
	{ "/usr/bin/script",
		{ "/usr/bin/script", "-q", "-c", "PS1='ready> ' /bin/dash -i", "/dev/null" } },
};
static const struct shell multiplexers[] = {
	{ "/usr/bin/tmux", { "/usr/bin/tmux", "-u", "-Ltaskscope-test", "-f/dev/null",
				   "new-session", "PS1='ready> ' /bin/dash -i" } },
	{ "/usr/bin/screen", { "/usr/bin/screen", "-U", "-c/dev/null", "-T", "screen-256color",
				     "/bin/dash", "-i" } },
};

static bool is_here(const struct shell *shell)
{
	const bool here = access(shell->path, X_OK) == 0;
	if (!here)
		print_message("# not run in %s: it is not installed\n", shell->path);
	return here;
}

static struct tty *start_shell(const struct shell *shell)
{
	static const char *const env[] = { "PS1=ready> ", "PS2=> ", "ENV", "HISTFILE", NULL };
	struct tty *tty = tty_start(36, 120, env, shell->argv);
	print_message("# in %s\n", shell->path);
	tty_assert_text(tty, "ready>");
	return tty;
}

static void type(struct tty *tty, const char *line, const char *end)
{
	char *text = xasprintf("%s%s", line, end);
	tty_keys(tty, text);
	free(text);
}

/* Waits until there are so many of the program's own processes, and all but so many of them are stopped. */
static void assert_own(struct tty *tty, int least, int most, int running)
{
	nsec until = nsec_monotonic() + WAIT_MS * NSEC_PER_MSEC;
	bool so = false;
	while (!so && nsec_monotonic() < until) {
		struct herd herd;
		tty_pump(tty, 20);
		herd_take(&herd, getpid());
		int own = herd_count(&herd, "taskscope");
		so = own >= least && own <= most &&
		     own - herd_stopped(&herd, "taskscope") <= running;
		herd_drop(&herd);
	}
	tty_assert(tty, so);
}

/* Supervisor and screen are: nothing of it can touch the terminal. The prober goes on. */
static void assert_stops(struct tty *tty)
{
	assert_own(tty, 2, 3, 1);
}

static void assert_drawn(struct tty *tty)
{
	tty_assert_text(tty, "4 processes: 4 PIDs");
	tty_assert_text(tty, "4 threads: 1 PID");
	tty_assert(tty, tty->alternate && !tty->cursor);
	/* It goes on drawing, and hears keys. */
	catch_up(tty);
}

static void leave_shell(struct tty *tty)
{
	tty_keys(tty, "q");
	assert_own(tty, 0, 0, 0);
	tty_assert(tty, tty_wait_gone(tty, "4 threads: 1 PID"));
	tty_assert(tty, !tty->alternate && tty->cursor);
	type(tty, "exit", "\r");
	tty_assert(tty, tty_wait_end(tty, WAIT_MS) >= 0);
	tty_close(tty);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static void a_shell_stops_it_and_brings_it_back(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(shells); i++) {
		if (!is_here(&shells[i]))
			continue;
		struct tty *tty = start_shell(&shells[i]);
		type(tty, program_path(), " --job sleep\r");
		assert_drawn(tty);
		for (int times = 0; times < 2; times++) {
			tty_keys(tty, "\032");
			assert_stops(tty);
			tty_assert(tty, tty_wait_gone(tty, "4 threads: 1 PID"));
			tty_assert_text(tty, "ready>");
			/* In the background it may not have the terminal, and stops again. */
			type(tty, "bg; echo back $((1 + 1))", "\r");
			tty_assert_text(tty, "back 2");
			assert_stops(tty);
			tty_assert(tty, !tty->alternate);
			type(tty, "fg", "\r");
			assert_drawn(tty);
		}
		leave_shell(tty);
	}
}

static void what_was_started_in_the_background_can_be_brought_forward(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(shells); i++) {
		if (!is_here(&shells[i]))
			continue;
		struct tty *tty = start_shell(&shells[i]);
		type(tty, program_path(), " --job sleep &\r");
		assert_stops(tty);
		tty_assert(tty, !tty->alternate);
		type(tty, "fg", "\r");
		assert_drawn(tty);
		leave_shell(tty);
	}
}

/* Another terminal between us and it: what it draws arrives, and so do the keys. */
static void a_multiplexer_draws_stops_and_resumes_it(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(multiplexers); i++) {
		if (!is_here(&multiplexers[i]))
			continue;
		struct herd before;
		struct tty *tty = start_shell(&multiplexers[i]);
		type(tty, program_path(), " --job sleep\r");
		tty_assert_text(tty, "4 processes: 4 PIDs");
		tty_assert_text(tty, "4 threads: 1 PID");
		catch_up(tty);
		take_crews(&before);
		for (size_t k = 0; k < ARRAY_LEN(no_commands) - 1; k++) {
			tty_keys(tty, no_commands[k]);
			assert_same_crews(tty, &before);
		}
		herd_drop(&before);
		tty_keys(tty, "\032");
		assert_stops(tty);
		/* The shell has seen it: what is typed before may be thrown away. screen(1) brings back nothing by itself. */
		tty_assert_text(tty, "Stopped");
		type(tty, "clear", "\r");
		tty_assert(tty, tty_wait_gone(tty, "4 threads: 1 PID"));
		type(tty, "fg", "\r");
		tty_assert_text(tty, "4 threads: 1 PID");
		catch_up(tty);
		tty_keys(tty, "q");
		assert_own(tty, 0, 0, 0);
		type(tty, "exit", "\r");
		tty_assert(tty, tty_wait_end(tty, WAIT_MS) >= 0);
		tty_close(tty);
		assert_int_equal(descendants_after(WAIT_MS), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(answers_reports_and_pastes_are_no_commands),
		e2e_test(a_sequence_that_comes_in_pieces_is_one_key),
		e2e_test(a_shell_stops_it_and_brings_it_back),
		e2e_test(a_multiplexer_draws_stops_and_resumes_it),
		e2e_test(what_was_started_in_the_background_can_be_brought_forward),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
