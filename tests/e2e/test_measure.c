/* SPDX-License-Identifier: MIT
 * `taskscope measure` as it is run: what is wrong in one line, what cannot be had said as such, ended at any moment with what
 * there is, and nothing left behind.
 */
#include <errno.h>
#include <linux/audit.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <jansson.h>

#include "harness.h"

#define PROMISE_MS 1000
#define LINE_MAX_COLS 100

/* --- what is wrong --- */

static const struct {
	const char *line; /* blanks separate arguments */
	const char *says;
} wrong[] = {
	{ "measure", "WHAT" },
	{ "measure race", "there are switch, create, talk, memory and all" },
	{ "measure swtich", "did you mean 'switch'?" },
	{ "measure create --ballast 1025", "0 to 1024 MB" },
	{ "measure create --ballast -1", "0 to 1024 MB" },
	{ "measure create --ballast lots", "'lots'" },
	{ "measure switch --working-set 16385", "0 to 16384 kB" },
	{ "measure talk --size 7", "8 to 1048576 bytes" },
	{ "measure talk --size 2M", "8 to 1048576 bytes" },
	{ "measure talk --size 80x24", "'80x24'" },
	{ "measure memory --workers 33", "1 to 32 workers" },
	{ "measure talk --ballast 64", "has no meaning" },
	{ "measure switch --method fork", "no such method" },
	{ "measure switch --method pony", "list duels" },
	{ "measure all --cpus 4095", "no such CPU" },
	{ "measure all --cpus 0,0", "two different CPUs" },
	{ "measure all --rounds 201", "1 to 200" },
	{ "measure all --plain", "--plain has no meaning" },
};

static void run_line(struct run *ret, const char *line, int (*prepare)(void))
{
	char words[200];
	const char *argv[16] = { program_path() };
	int n = 1;
	snprintf(words, sizeof(words), "%s", line);
	for (char *word = strtok(words, " "); word && n < 15; word = strtok(NULL, " "))
		argv[n++] = word;
	run(&(struct run_options) { .argv = argv, .prepare = prepare, .timeout_ms = 60000 }, ret);
}

/* One line that a terminal can hold, without control characters. */
static void assert_one_line(const struct buf *err)
{
	const char *end = strchr(err->text, '\n');
	if (!end || end[1] || end - err->text > LINE_MAX_COLS)
		fail_msg("not one short line: %s", err->text);
	assert_null(strchr(err->text, '\033'));
}

static void wrong_usage_is_one_line_and_status_2(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct run ret;
		run_line(&ret, wrong[i].line, NULL);
		if (ret.status != 2)
			print_error("%s\n", wrong[i].line);
		run_assert_status(&ret, 2);
		run_assert_says(&ret, wrong[i].says);
		assert_one_line(&ret.err);
		assert_int_equal(ret.out.len, 0);
		run_finish(&ret);
	}
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

/* --- what cannot be had --- */

static int on_one_cpu(void)
{
	cpu_set_t all, one;
	CPU_ZERO(&one);
	sched_getaffinity(0, sizeof(all), &all);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &all) && CPU_COUNT(&one) == 0)
			CPU_SET(cpu, &one);
	return sched_setaffinity(0, sizeof(one), &one);
}

static void one_cpu_decides_nothing_about_two(void **state)
{
	struct run ret;
	run_line(&ret, "measure switch --quick --method pipe --working-set 0", on_one_cpu);
	run_assert_status(&ret, 0);
	run_assert_says(&ret,
		"pipe, two CPUs: processes or threads: cannot be decided here: needs two CPUs");
	run_assert_says(&ret, "! pipe, processes: needs two CPUs");
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

/* As a container without CAP_PERFMON, or a kernel without perf_event. */
static int without_perf(void)
{
	return child_refuse_call(SYS_perf_event_open, EACCES);
}

static void without_perf_it_measures_all_the_same(void **state)
{
	struct run ret;
	run_line(&ret, "measure switch --quick --method futex --working-set 0", without_perf);
	run_assert_status(&ret, 0);
	run_assert_says(&ret, "futex");
	assert_int_equal(ret.err.len, 0);
	run_finish(&ret);
}

/* Room for the program, and not for the ballast. */
static int with_little_memory(void)
{
	struct rlimit limit = { 300 << 20, 300 << 20 };
	return setrlimit(RLIMIT_AS, &limit);
}

static void no_memory_for_the_ballast_is_said(void **state)
{
#ifdef __SANITIZE_ADDRESS__
	print_message("# not run: the shadow of AddressSanitizer takes more address space than "
		      "there shall be\n");
	return;
#endif
	struct run ret;
	run_line(&ret, "measure create --quick --method fork --ballast 0,512", with_little_memory);
	run_assert_status(&ret, 0);
	run_assert_says(&ret, "! fork, processes: no memory for a ballast of 512 MB");
	run_finish(&ret);
	/* nothing at all could be measured: that is a failure */
	run_line(&ret, "measure create --quick --method fork --ballast 512", with_little_memory);
	run_assert_status(&ret, 1);
	run_assert_says(&ret, "no memory for a ballast of 512 MB");
	assert_one_line(&ret.err);
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

/* --- JSON --- */

/* The schema of the man page: these members, no others, in every object. */
static const char *const whole_members[] = { "v", "measure", "state", "seconds", "machine", "cpu",
	"series", "contrasts", NULL };
static const char *const machine_members[] = { "cpu", "cpus", "kernel", "pcid", "pti", "hypervisor",
	"mitigations", "hz", "governor", "transparent_hugepage", "load", "perf_event_paranoid",
	"uid", NULL };
static const char *const series_members[] = { "duel", "method", "who", "cpus", "parameter",
	"parameter_unit", "unit", "trials", "min", "p5", "p25", "median", "p75", "p95", "baseline",
	"net", "switches", "calls", "copied", "latency_p50", "latency_p95", "page_tables_kb",
	"mappings", "faults", "write_ns", "written_kb", "rss_kb", "uss_kb", "vm_size_kb",
	"kernel_stack_kb", "messages_per_s", "error", "note", NULL };
static const char *const contrast_members[] = { "duel", "method", "key", "cpus", "parameter",
	"verdict", "answer", "rounds", "ratio", "interval", "ratio_p5", "ratio_p95", "difference",
	"text", NULL };

static void assert_members(const json_t *object, const char *const *members)
{
	size_t n = 0;
	for (; members[n]; n++)
		if (!json_object_get(object, members[n]))
			fail_msg("no member \"%s\"", members[n]);
	assert_int_equal(json_object_size(object), n);
}

static void assert_schema(const json_t *root)
{
	size_t i;
	const json_t *each;
	assert_members(root, whole_members);
	assert_members(json_object_get(root, "machine"), machine_members);
	assert_true(json_array_size(json_object_get(root, "series")) > 0);
	json_array_foreach(json_object_get(root, "series"), i, each)
		assert_members(each, series_members);
	assert_true(json_array_size(json_object_get(root, "contrasts")) > 0);
	json_array_foreach(json_object_get(root, "contrasts"), i, each)
		assert_members(each, contrast_members);
}

static void json_is_one_object_with_gross_and_net(void **state)
{
	struct run ret;
	json_error_t why;
	run_line(&ret, "measure switch --quick --method pipe --working-set 0 --json", NULL);
	run_assert_status(&ret, 0);
	json_t *root = json_loadb(ret.out.text, ret.out.len, JSON_REJECT_DUPLICATES, &why);
	if (!root)
		fail_msg("%s: %s", why.text, ret.out.text);
	assert_int_equal(json_integer_value(json_object_get(root, "v")), 1);
	assert_string_equal(json_string_value(json_object_get(root, "state")), "done");
	assert_schema(root);
	json_t *first = json_array_get(json_object_get(root, "series"), 0);
	double gross = json_real_value(json_object_get(first, "median")),
	       baseline = json_real_value(json_object_get(first, "baseline"));
	assert_true(gross > 0 && baseline > 0);
	assert_true(json_is_number(json_object_get(first, "net")));
	json_decref(root);
	run_finish(&ret);
}

/* --- the end, at any moment --- */

static void quick_ends_within_ten_seconds(void **state)
{
	struct run ret;
	int ms = fair_ms(10000);
	run_line(&ret, "measure all --quick", NULL);
	run_assert_status(&ret, 0);
	run_assert_says(&ret, "Done after");
	if (ret.duration > ms * NSEC_PER_MSEC)
		fail_msg("took %.1f s", (double)ret.duration / NSEC_PER_SEC);
	run_finish(&ret);
}

static struct tty *start_in_terminal(const char *json)
{
	const char *const argv[] = { program_path(), "measure", "all", json, NULL };
	struct tty *tty = tty_start(24, 80, NULL, argv);
	tty_assert_text(tty, "switch, round");
	return tty;
}

/* The terminal's line of progress is written over itself: it takes one row, and goes. */
static void an_interrupt_reports_what_there_is(void **state)
{
	struct tty *tty = start_in_terminal(NULL);
	tty_assert_text(tty, "switch, round 2");
	int rows = 0;
	for (const char *at = tty_text(tty); (at = strstr(at, "round")); at++)
		rows++;
	assert_int_equal(rows, 1);
	tty_keys(tty, "\003");
	int status = tty_wait_end(tty, WAIT_MS);
	tty_assert(tty, status == 128 + SIGINT);
	tty_pump(tty, 50);
	tty_assert_text(tty, "Interrupted after");
	tty_assert(tty, !strstr(tty_text(tty), "switch, round"));
	tty_close(tty);
	assert_int_equal(descendants_after(fair_ms(PROMISE_MS)), 0);
}

static pid_t find_host(const struct herd *herd)
{
	for (int i = 0; i < herd->n; i++)
		if (strcmp(herd->at[i].name, "duel") == 0)
			return herd->at[i].pid;
	return 0;
}

/* Until its host is there and has begun. */
static void await_host(struct tty *tty, struct herd *herd)
{
	nsec until = nsec_monotonic() + WAIT_MS * NSEC_PER_MSEC;
	for (;;) {
		herd_take(herd, tty->program);
		if (find_host(herd))
			return;
		herd_drop(herd);
		if (nsec_monotonic() > until)
			fail_msg("no duel host came");
		tty_pump(tty, 5);
	}
}

static void a_kill_leaves_nothing_running(void **state)
{
	for (int i = 0; i < 12; i++) {
		int dead_ms = fair_ms(PROMISE_MS);
		struct tty *tty = start_in_terminal(NULL);
		struct herd herd;
		await_host(tty, &herd);
		/* at another moment of a round each time */
		for (int k = 0; k < i; k++)
			tty_pump(tty, 13);
		herd_drop(&herd);
		await_host(tty, &herd);
		kill(tty->program, SIGKILL);
		assert_int_equal(herd_wait_dead(&herd, dead_ms), 0);
		herd_drop(&herd);
		tty_close(tty);
		assert_int_equal(descendants_after(dead_ms), 0);
	}
}

static void a_killed_host_is_said_and_what_it_measured_is_shown(void **state)
{
	struct tty *tty = start_in_terminal(NULL);
	struct herd herd;
	tty_assert_text(tty, "switch, round 2");
	await_host(tty, &herd);
	kill(find_host(&herd), SIGKILL);
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 1);
	tty_pump(tty, 50);
	tty_assert(tty, memmem(tty->raw.text, tty->raw.len, "ended by signal 9", 17) != NULL);
	tty_assert(tty, memmem(tty->raw.text, tty->raw.len, "Ended after", 11) != NULL);
	herd_drop(&herd);
	tty_close(tty);
	assert_int_equal(descendants_after(fair_ms(PROMISE_MS)), 0);
}

/* --- the same in the screen --- */

static void the_pane_begins_slides_and_ends_a_duel(void **state)
{
	const char *const argv[] = { program_path(), "--job", "sleep", NULL };
	struct tty *tty = tty_start(36, 120, NULL, argv);
	struct herd herd;
	tty_assert_text(tty, " PIDs");
	tty_keys(tty, "9");
	tty_assert_text(tty, "switch: round"); /* the first one begins by itself */
	/* each is a duel of its own: the one that runs makes room */
	tty_keys(tty, ">>>");
	tty_assert_text(tty, "switch < 64 kB >");
	tty_assert(tty, tty_wait_row(tty, "pipe 64 kB", "threads"));
	tty_assert_text(tty, "empty loop");
	tty_assert(tty, tty_wait_row(tty, "pipe, 64 kB", "threads"));
	tty_keys(tty, "?");
	tty_assert_text(tty, "duel.switch.pipe.processes.median");
	tty_keys(tty, "\033");
	tty_keys(tty, "c");
	await_host(tty, &herd);
	tty_keys(tty, "e");
	tty_assert_text(tty, "stopped");
	herd_drop(&herd);
	tty_keys(tty, "q");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
	tty_close(tty);
	assert_int_equal(descendants_after(fair_ms(PROMISE_MS)), 0);
}

static void a_kill_of_the_lab_ends_its_duel(void **state)
{
	const char *const argv[] = { program_path(), "--job", "sleep", NULL };
	int dead_ms = fair_ms(PROMISE_MS);
	struct tty *tty = tty_start(24, 80, NULL, argv);
	struct herd herd;
	tty_assert_text(tty, " PIDs");
	tty_keys(tty, "9l");
	await_host(tty, &herd);
	kill(tty->program, SIGKILL);
	assert_int_equal(herd_wait_dead(&herd, dead_ms), 0);
	herd_drop(&herd);
	tty_close(tty);
	assert_int_equal(descendants_after(dead_ms), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(wrong_usage_is_one_line_and_status_2),
		e2e_test(one_cpu_decides_nothing_about_two),
		e2e_test(without_perf_it_measures_all_the_same),
		e2e_test(no_memory_for_the_ballast_is_said),
		e2e_test(json_is_one_object_with_gross_and_net),
		e2e_test(quick_ends_within_ten_seconds),
		e2e_test(an_interrupt_reports_what_there_is),
		e2e_test(a_kill_leaves_nothing_running),
		e2e_test(a_killed_host_is_said_and_what_it_measured_is_shown),
		e2e_test(the_pane_begins_slides_and_ends_a_duel),
		e2e_test(a_kill_of_the_lab_ends_its_duel),
	};
	return cmocka_run_group_tests_name("measure", tests, NULL, NULL);
}
