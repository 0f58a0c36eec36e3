/* SPDX-License-Identifier: MIT
 * The viewer's own programs, by the whole program: what is told of their ends, what is refused, and that nothing of them is
 * left.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "files.h"
#include "lines.h"

#define NONE (-1) /* null */
#define ANY (-2)
/* All is over within two seconds; more only where a busy machine keeps a CPU from those that die. */
#define OVER_MS 2500

/* The last line of --json, which is to be this. */
struct told {
	int64_t status, signal, births;
};

static const struct program {
	const char *name;
	const char *const words[8];
	struct told told;
} programs[] = {
	{ "a millisecond", { "true" }, { 0, NONE, 1 } },
	{ "a status", { "sh -c 'exit 7'" }, { 7, NONE, 1 } },
	{ "words as they are", { "--", "sh", "-c", "exit \"$#\"", "name", "a b", "" },
		{ 2, NONE, 1 } },
	{ "a crash", { "sh -c 'kill -SEGV $$'" }, { NONE, SIGSEGV, 1 } },
	{ "a pipeline", { "--shell", "seq 5 | wc -l | grep -qx 5" }, { 0, NONE, 4 } },
	{ "each birth", { "sh -c 'i=0; while [ $i -lt 100 ]; do /bin/true; i=$((i+1)); done'" },
		{ 0, NONE, 101 } },
	{ "100 MB", { "head -c 100000000 /dev/zero" }, { 0, NONE, 1 } },
	{ "a terminal", { "sh -c '! (: </dev/tty)'" }, { 0, NONE, 2 } },
	{ "standard input", { "sh -c 'cat >&2; exit 3'" }, { 3, NONE, 2 } },
	{ "python threads",
		{ "python3 -c 'import threading as t; [t.Thread(target=print).start() for i in "
		  "range(3)]'" },
		{ 0, NONE, ANY } },
	{ "python processes",
		{ "python3 -c 'import multiprocessing as m; p = m.Pool(3); p.map(abs, [1]); "
		  "p.close(); "
		  "p.join(); raise SystemExit(5)'" },
		{ 5, NONE, ANY } },
	{ "a module of python", { "python3 -m compileall -q /nowhere" }, { ANY, NONE, ANY } },
	/* these end only because --for does */
	{ "a server", { "--for", "0.5", "sleep 300" }, { NONE, SIGTERM, 1 } },
	{ "one that stops itself", { "--for", "0.5", "sh -c 'kill -STOP $$'" },
		{ NONE, SIGTERM, 1 } },
	{ "one that ignores SIGTERM",
		{ "--for", "0.5", "sh -c 'trap \"\" TERM; while :; do sleep 300; done'" },
		{ NONE, SIGKILL, ANY } },
	{ "a daemon", { "--for", "0.5", "sh -c '(setsid sleep 300 &); exit 4'" }, { 4, NONE, 3 } },
};

static void run_words(struct run *ret, const struct program *program)
{
	const char *argv[16] = { program_path(), "run", "--json" };

	for (int i = 0; i < 8; i++)
		argv[3 + i] = program->words[i];
	run(&(struct run_options) { .argv = argv }, ret);
}

static bool is_told(const json_t *ended, const char *name, int64_t value)
{
	const json_t *member = json_object_get(ended, name);

	if (value == NONE)
		return json_is_null(member);
	return value == ANY ? member != NULL
			    : json_is_integer(member) && json_integer_value(member) == value;
}

/* Whether the kernel records births for who runs the tests. */
static bool births_are_recorded(void)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_DUMMY,
		.size = sizeof(attr),
		.task = 1,
		.inherit = 1,
		.exclude_kernel = 1 };
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, 0, -1, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool births_are_told(const json_t *ended, int64_t births)
{
	return is_told(ended, "births", births_are_recorded() ? births : NONE);
}

static const json_t *ended_of(const json_t *lines, size_t side)
{
	const json_t *last = json_array_get(lines, json_array_size(lines) - 1);

	assert_int_equal(integer_in(last, "v"), 1);
	return json_array_get(json_object_get(last, "ended"), side);
}

static void check(const struct program *program, const struct run *ret)
{
	static const char *const members[] = { "side", "pid", "status", "signal", "wall_s",
		"user_s", "system_s", "births", "peak_pss_kb", "peak_rss_kb" };
	json_t *lines = lines_of(ret);
	const json_t *ended = ended_of(lines, 0);
	const struct told *told = &program->told;

	run_assert_status(ret, 0);
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		assert_non_null(json_object_get(ended, members[i]));
	assert_int_equal(json_object_size(ended), ARRAY_LEN(members));
	if (!is_told(ended, "status", told->status) || !is_told(ended, "signal", told->signal) ||
		!births_are_told(ended, told->births)) {
		char *text = json_dumps(ended, 0);

		fail_msg("%s: %s", program->name, text);
	}
	assert_true(json_real_value(json_object_get(ended, "wall_s")) > 0);
	assert_true(integer_in(ended, "peak_rss_kb") > 0);
	json_decref(lines);
}

static void every_program_is_run_to_its_end_and_told(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		struct run ret;

		run_words(&ret, &programs[i]);
		check(&programs[i], &ret);
		run_finish(&ret);
		if (descendants_after(OVER_MS) > 0)
			fail_msg("%s: something is left", programs[i].name);
	}
}

static void what_cannot_be_run_is_said_in_one_line(void **state)
{
	static const struct {
		const char *word;
		int status;
		const char *says;
	} refused[] = {
		{ "no-such-program-here", 127,
			"cannot run 'no-such-program-here': no folder of PATH has it" },
		{ "/nowhere/x", 127, "cannot run '/nowhere/x': No such file or directory" },
		{ "/tmp", 126, "it is a folder" },
		{ "/dev/null", 126, "it may not be executed" },
		{ " ", 2, "the left side has no words" },
		{ "a 'b", 2, "a ' is not closed, at character 3" },
		{ "a | b", 2, "'|' is for a shell" },
	};

	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct run ret;

		run_program(&ret, "run", "--json", refused[i].word);
		run_assert_status(&ret, refused[i].status);
		run_assert_says(&ret, refused[i].says);
		assert_int_equal(ret.out.len, 0);
		assert_ptr_equal(strchr(ret.err.text, '\n'), ret.err.text + ret.err.len - 1);
		run_finish(&ret);
	}
}

/* Whoever runs the tests has one of the two: root can make such a file, for others there is su. */
static void a_setuid_program_is_refused(void **state)
{
	const char *path = geteuid() == 0 ? in_folder("setuid") : "/bin/su";
	struct run ret;

	if (geteuid() == 0) {
		write_file(path, "#!/bin/sh\n", 10);
		assert_int_equal(chown(path, 65534, 65534), 0);
		assert_int_equal(chmod(path, 04755), 0);
	}
	run_program(&ret, "run", "--json", path);
	run_assert_status(&ret, 126);
	run_assert_says(&ret, "setuid");
	run_finish(&ret);
}

/* The program counts its own CPU time; the rest is what starting it takes. */
static void cpu_time_is_what_the_program_used(void **state)
{
	struct run ret;

	run_program(&ret, "run", "--json",
		"python3 -c 'import time\nwhile time.process_time() < 0.4: pass'", "sleep 0.1");
	run_assert_status(&ret, 0);
	json_t *lines = lines_of(&ret);
	const json_t *busy = ended_of(lines, 0), *idle = ended_of(lines, 1);
	double used = json_real_value(json_object_get(busy, "user_s")) +
		      json_number_value(json_object_get(busy, "system_s"));

	assert_true(used >= 0.4);
	assert_true(json_number_value(json_object_get(idle, "user_s")) < 0.1);
	assert_true(json_real_value(json_object_get(idle, "wall_s")) >= 0.1);
	assert_string_equal(text_in(busy, "side"), "left");
	assert_string_equal(text_in(idle, "side"), "right");
	json_decref(lines);
	run_finish(&ret);
}

static void output_goes_to_a_file_and_never_to_ours(void **state)
{
	struct run ret;
	struct buf left, right;

	run_program(&ret, "run", "--plain", "--output", in_folder("out"),
		"sh -c 'echo to; echo both >&2'", "echo right");
	run_assert_status(&ret, 0);
	left = read_file(in_folder("out"));
	right = read_file(in_folder("out.right"));
	assert_string_equal(left.text, "to\nboth\n");
	assert_string_equal(right.text, "right\n");
	run_assert_says(&ret, "both");
	run_finish(&ret);
	run_program(&ret, "run", "--json", "--output", in_folder("out"), "echo new");
	run_assert_status(&ret, 1);
	run_assert_says(&ret, "cannot write what is printed to");
	run_finish(&ret);
	run_program(&ret, "run", "--plain", "--output", "discard", "--force", "echo gone with it");
	run_assert_status(&ret, 0);
	assert_null(strstr(ret.out.text, "\n│ gone"));
	run_finish(&ret);
	buf_finish(&left);
	buf_finish(&right);
}

/* As in a container, or where kernel.perf_event_paranoid is too high. */
static int refuse_perf(void)
{
	return child_refuse_call(SYS_perf_event_open, EACCES);
}

static void without_records_births_are_counted_as_they_are_seen(void **state)
{
	const char *const argv[] = { program_path(), "run", "--json", "sh -c 'sleep 2; exit 8'",
		NULL };
	struct run ret;

	run(&(struct run_options) { .argv = argv, .prepare = refuse_perf }, &ret);
	run_assert_status(&ret, 0);
	json_t *lines = lines_of(&ret);

	const char *by = access("/proc/thread-self/children", R_OK) == 0 ? "task/TID/children"
									 : "scan of PPid";

	assert_true(is_told(ended_of(lines, 0), "births", 2));
	assert_string_equal(text_in(ended_of(lines, 0), "births_by"), by);
	assert_true(is_told(ended_of(lines, 0), "status", 8));
	assert_non_null(json_object_get(
		json_object_get(json_array_get(lines, 0), "unavailable"), "perf_event"));
	json_decref(lines);
	run_finish(&ret);
}

/* Where there is a make: its jobs, and theirs, belong to it. */
static void the_jobs_of_make_are_counted(void **state)
{
	static const char rules[] = "all: a b c d\n"
				    "a b c d:\n\t@sleep 0.1; true\n";
	const struct program make = { "make",
		{ "--", "make", "-s", "-j4", "-f", in_folder("rules") }, { 0, NONE, 9 } };
	struct run ret;

	if (access("/usr/bin/make", X_OK) != 0)
		return;
	write_file(in_folder("rules"), rules, strlen(rules));
	run_words(&ret, &make);
	check(&make, &ret);
	run_finish(&ret);
}

static void the_exit_status_is_handed_on_when_that_is_wished(void **state)
{
	struct run ret;

	run_program(&ret, "run", "--plain", "--exit-code", "sh -c 'exit 9'", "false");
	run_assert_status(&ret, 9);
	run_finish(&ret);
	run_program(&ret, "run", "--plain", "--exit-code", "sh -c 'kill -KILL $$'");
	run_assert_status(&ret, 128 + SIGKILL);
	run_finish(&ret);
}

static void a_recording_of_it_tells_the_same(void **state)
{
	struct run ret;

	run_program(&ret, "run", "--record", in_folder("run.jsonl"), "sh -c 'echo said; exit 5'");
	run_assert_status(&ret, 0);
	run_finish(&ret);
	run_program(&ret, "replay", in_folder("run.jsonl"), "--plain");
	run_assert_status(&ret, 0);
	run_assert_says(&ret, "exit 5 after");
	run_assert_says(&ret, "said");
	run_finish(&ret);
}

/* Twice as long is no chance in any order, and a round is one turn of each. */
static void rounds_are_compared(void **state)
{
	struct run ret;

	run_program(&ret, "run", "--plain", "--rounds", "6", "--size", "140x40",
		"sh -c 'sleep 0.02; echo turn'", "sleep 0.4");
	run_assert_status(&ret, 0);
	run_assert_says(&ret, "time: right ");
	run_finish(&ret);
	assert_int_equal(descendants_after(OVER_MS), 0);
}

/* --- the programs that come with us --- */

static const struct {
	const char *name, *left, *right;
} examples[] = {
	{ "sum", "the sum is 499999999500000000", "the sum is 499999999500000000" },
	{ "sum.py", "the sum is 799999980000000", "the sum is 799999980000000" },
	{ "sleepers", "20 processes slept, children of", "20 threads slept in process" },
	{ "sleepers.py", "20 processes slept, children of", "20 threads slept in process" },
	{ "counter", "the counter is 0\n", "the counter is 8000\n" },
	{ "counter.py", "the counter is 0\n", "the counter is 8000\n" },
	{ "echo-server", "300 answers from processes", "300 answers from threads" },
	{ "echo-server.py", "300 answers from processes", "300 answers from threads" },
	/* nobody has a meal */
	{ "philosophers", "", "" },
	{ "philosophers.py", "", "" },
};
#define EXAMPLES ARRAY_LEN(examples)

static void assert_file_says(const char *path, const char *text)
{
	struct buf said = read_file(path);

	if (*text ? !strstr(said.text, text) : said.len > 0)
		fail_msg("%s: '%s', not '%s'", path, said.text, text);
	buf_finish(&said);
}

static void every_example_does_what_it_says(void **state)
{
	static char files[EXAMPLES][200];
	static const char *argv[EXAMPLES][12];
	struct run_options options[EXAMPLES] = { 0 };
	struct run ret[EXAMPLES];

	for (size_t i = 0; i < EXAMPLES; i++) {
		bool endless = strncmp(examples[i].name, "philosophers", 12) == 0;
		const char *const words[] = { program_path(), "run", "--json", "--example",
			examples[i].name, "--output", files[i], endless ? "--for" : NULL, "2" };

		snprintf(files[i], sizeof(files[i]), "%s", in_folder(examples[i].name));
		memcpy(argv[i], words, sizeof(words));
		options[i] = (struct run_options) { .argv = argv[i], .timeout_ms = 60000 };
	}
	run_together(options, EXAMPLES, ret);
	for (size_t i = 0; i < EXAMPLES; i++) {
		char right[sizeof(files[i]) + 8];

		run_assert_status(&ret[i], 0);
		snprintf(right, sizeof(right), "%.199s.right", files[i]);
		assert_file_says(files[i], examples[i].left);
		assert_file_says(right, examples[i].right);
		run_finish(&ret[i]);
	}
	assert_int_equal(descendants_after(OVER_MS), 0);
}

/* In order, all philosophers eat: each program, by the path that it has. */
static void ordered_philosophers_have_their_meals(void **state)
{
	static const char *const programs_of[][2] = { { "philosophers-processes",
							      "philosophers-threads" },
		{ "philosophers-processes.py", "philosophers-threads.py" } };

	for (size_t i = 0; i < ARRAY_LEN(programs_of); i++) {
		struct run ret;
		char words[SIDES][400], path[300];

		for (int side = 0; side < SIDES; side++) {
			const char *kind = strchr(programs_of[i][side], '-') + 1;

			snprintf(path, sizeof(path), "%.*s",
				(int)(strrchr(program_path(), '/') - program_path()),
				program_path());
			if (i == 0)
				snprintf(words[side], sizeof(words[side]),
					"%s/assets/programs/%s ordered", path,
					programs_of[i][side]);
			else
				snprintf(words[side], sizeof(words[side]),
					"python3 %s/programs/philosophers/%s ordered", path, kind);
		}
		run_program(&ret, "run", "--plain", words[0], words[1]);
		run_assert_status(&ret, 0);
		run_assert_says(&ret, "all 5 had 20 meals");
		run_finish(&ret);
	}
}

/* --- on a screen --- */

#define NASTY                                                                                      \
	"sh -c 'trap \"\" TERM; (setsid sh -c \"trap \\\"\\\" TERM; sleep 300\" &); echo up; "     \
	"while :; do sleep 300; done'"

static struct tty *start_screen(const char *left, const char *right)
{
	const char *const argv[] = { program_path(), "run", left, right, NULL };

	return tty_start(40, 120, NULL, argv);
}

static void the_picture_stays_until_q(void **state)
{
	struct tty *tty = start_screen("sh -c 'echo hello; exit 6'", "true");

	tty_assert_text(tty, "exit 6 after");
	tty_assert_text(tty, "hello");
	tty_assert_text(tty, "exit 0 after");
	tty_keys(tty, "q");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
	assert_null(tty_unrestored(tty));
	tty_close(tty);
	assert_int_equal(descendants_after(OVER_MS), 0);
}

static void one_that_stops_itself_is_shown_as_stopped(void **state)
{
	struct tty *tty = start_screen("sh -c 'kill -STOP $$'", "sleep 300");

	tty_assert_text(tty, "is stopped by SIGSTOP");
	tty_keys(tty, "q");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
	tty_close(tty);
	assert_int_equal(descendants_after(OVER_MS), 0);
}

/* Who executes the program may have children already: they are none of its business. */
static void children_of_before_live_on(void **state)
{
	const char *const argv[] = { "/bin/sh", "-c",
		"sleep 300 >/dev/null 2>&1 & exec \"$0\" run --json true", program_path(), NULL };
	struct run ret;

	run(&(struct run_options) { .argv = argv }, &ret);
	run_assert_status(&ret, 0);
	run_finish(&ret);
	assert_int_equal(descendants_after(0), 1);
}

/* It is the viewer's own: only the screen is put away. */
static void a_program_goes_on_while_the_screen_is_stopped(void **state)
{
	struct tty *tty = start_screen("sh -c 'sleep 1; echo went on'", "sleep 300");

	tty_assert_text(tty, "runs for");
	tty_keys(tty, "\x1a");
	assert_true(tty_wait_stopped(tty));
	tty_foreground(tty);
	tty_assert_text(tty, "went on");
	tty_keys(tty, "q");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
	tty_close(tty);
	assert_int_equal(descendants_after(OVER_MS), 0);
}

/* What it prints may come before all have become what they are to be. */
static void take_with_sleepers(struct herd *herd, struct tty *tty, int n)
{
	nsec until = nsec_monotonic() + WAIT_MS * NSEC_PER_MSEC;

	for (herd_take(herd, tty->program); herd_count(herd, "sleep") < n;
		herd_take(herd, tty->program)) {
		if (nsec_monotonic() > until)
			fail_msg("%d of %d sleep", herd_count(herd, "sleep"), n);
		herd_drop(herd);
		tty_pump(tty, 10);
	}
}

/* 0: q. */
static void end_by(int number)
{
	struct tty *tty = start_screen(NASTY, "sleep 300");
	struct herd herd;

	tty_assert_text(tty, "│ up");
	take_with_sleepers(&herd, tty, 3);
	if (number)
		kill(tty->program, number);
	else
		tty_keys(tty, "q");
	tty_wait_end(tty, WAIT_MS);
	if (herd_wait_dead(&herd, OVER_MS) > 0)
		fail_msg("signal %d: something is left", number);
	herd_drop(&herd);
	tty_close(tty);
	assert_int_equal(descendants_after(OVER_MS), 0);
}

static void nothing_is_left_however_it_ends(void **state)
{
	static const int numbers[] = { 0, SIGTERM, SIGHUP, SIGKILL };

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		end_by(numbers[i]);
}

/* Ctrl-C ends a server, and what it took is told. */
static void the_last_line_comes_after_an_interrupt_too(void **state)
{
	const char *const argv[] = { program_path(), "run", "--json", "sleep 300", NULL };
	struct tty *tty = tty_start(100, 250, NULL, argv); /* a whole line fits */

	tty_assert_text(tty, "{\"v\":1,\"at_ns\":");
	kill(tty->program, SIGINT);
	tty_assert_text(tty, "{\"v\":1,\"ended\":[{\"side\":\"left\"");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 128 + SIGINT);
	tty_close(tty);
	assert_int_equal(descendants_after(OVER_MS), 0);
}

/* Where no such cgroup can be made, nothing is run, and why is said. */
static void of_what_is_isolated_nothing_is_left_if_all_are_killed(void **state)
{
	static const char *const ours[] = { "taskscope", "keeper" };
	const char *const argv[] = { program_path(), "run", "--isolate", NASTY, NULL };
	struct run refused;
	struct tty *tty;
	struct herd herd;

	run_program(&refused, "run", "--isolate", "--json", "true");
	if (refused.status == EXIT_CREW) {
		run_assert_says(&refused, "cannot isolate: ");
		assert_int_equal(refused.out.len, 0);
		run_finish(&refused);
		return;
	}
	run_assert_status(&refused, 0);
	run_finish(&refused);
	tty = tty_start(40, 120, NULL, argv);
	tty_assert_text(tty, "│ up");
	take_with_sleepers(&herd, tty, 2);
	kill(tty->program, SIGKILL);
	for (int i = 0; i < herd.n; i++)
		for (size_t k = 0; k < ARRAY_LEN(ours); k++)
			if (strcmp(herd.at[i].name, ours[k]) == 0)
				kill(herd.at[i].pid, SIGKILL);
	tty_wait_end(tty, WAIT_MS);
	if (herd_wait_dead(&herd, OVER_MS) > 0)
		fail_msg("something is left");
	herd_drop(&herd);
	tty_close(tty);
	assert_int_equal(descendants_after(OVER_MS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(every_program_is_run_to_its_end_and_told),
		e2e_test(without_records_births_are_counted_as_they_are_seen),
		e2e_test(the_jobs_of_make_are_counted),
		e2e_test(what_cannot_be_run_is_said_in_one_line),
		e2e_test(a_setuid_program_is_refused),
		e2e_test(cpu_time_is_what_the_program_used),
		e2e_test(output_goes_to_a_file_and_never_to_ours),
		e2e_test(the_exit_status_is_handed_on_when_that_is_wished),
		e2e_test(a_recording_of_it_tells_the_same),
		e2e_test(rounds_are_compared),
		e2e_test(every_example_does_what_it_says),
		e2e_test(ordered_philosophers_have_their_meals),
		e2e_test(the_picture_stays_until_q),
		e2e_test(one_that_stops_itself_is_shown_as_stopped),
		e2e_test(children_of_before_live_on),
		e2e_test(a_program_goes_on_while_the_screen_is_stopped),
		e2e_test(nothing_is_left_however_it_ends),
		e2e_test(the_last_line_comes_after_an_interrupt_too),
		e2e_test(of_what_is_isolated_nothing_is_left_if_all_are_killed),
	};

	return cmocka_run_group_tests(tests, make_folder, NULL);
}
