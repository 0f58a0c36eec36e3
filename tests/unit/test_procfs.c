/* SPDX-License-Identifier: MIT
 * A folder of recorded files as the source: two steps of one machine, files that are cut or missing, and targets that do
 * not answer. The prober is a child of the test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "source.h"

#define MAIN_PID 28344
#define NAPPER 28347
#define SPINNER 28349
#define CHILD_PID 28350
#define ZOMBIE_PID 28351
#define LEADERLESS_PID 28345

struct machine {
	char root[64];
	struct live *live;
	struct probe_area *area;
	struct sample sample;
	pid_t prober;
};

static void run(const char *const *arguments)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execvp(arguments[0], (char *const *)arguments);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Overwrites the machine's files with those of a recording, in place. */
static void step_to(struct machine *machine, const char *recording)
{
	char *from = xasprintf("%s/proc/%s/.", getenv("FIXTURES"), recording);

	run((const char *[]) { "cp", "-r", from, machine->root, NULL });
	free(from);
}

static pid_t start_prober(const struct machine *machine)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(30);
	_exit(probe_run(machine->area, machine->root));
}

static struct machine open_machine(const char *recording, bool prober)
{
	struct machine machine = { .root = "/tmp/taskscope-test.XXXXXX" };

	assert_non_null(mkdtemp(machine.root));
	step_to(&machine, recording);
	if (prober) {
		machine.area = probe_area_create();
		machine.prober = start_prober(&machine);
	}
	machine.live = live_create(
		&(struct source_options) { .root = machine.root, .area = machine.area });
	live_set_targets(machine.live,
		(struct target[]) { { .pid = MAIN_PID, .side = SIDE_RIGHT, .worker = WORKER_NONE },
			{ .pid = CHILD_PID, .worker = 1 }, { .pid = ZOMBIE_PID, .worker = 2 },
			{ .pid = LEADERLESS_PID, .worker = 3 },
			{ .pid = 2, .worker = WORKER_NONE } },
		5);
	return machine;
}

static void close_machine(struct machine *machine)
{
	live_destroy(machine->live);
	if (machine->prober) {
		kill(machine->prober, SIGKILL);
		waitpid(machine->prober, NULL, 0);
	}
	probe_area_destroy(machine->area);
	sample_finish(&machine->sample);
	run((const char *[]) { "rm", "-rf", machine->root, NULL });
}

static void read_at(struct machine *machine, nsec now)
{
	sample_clear(&machine->sample);
	live_read(machine->live, now, &machine->sample);
}

static char *path_of(const struct machine *machine, const char *name)
{
	return xasprintf("%s/%s", machine->root, name);
}

static void remove_file(const struct machine *machine, const char *name)
{
	char *path = path_of(machine, name);

	run((const char *[]) { "rm", "-r", path, NULL });
	free(path);
}

static void write_file(const struct machine *machine, const char *name, const char *text)
{
	char *path = path_of(machine, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	free(path);
}

static const struct task_sample *find_task(const struct machine *machine, int32_t tid)
{
	const struct task_sample *task;

	vec_each (task, &machine->sample.tasks)
		if (task->tid == tid)
			return task;
	return NULL;
}

static const struct process_sample *find_process(const struct machine *machine, int32_t pid)
{
	const struct process_sample *row;

	vec_each (row, &machine->sample.processes)
		if (row->pid == pid)
			return row;
	return NULL;
}

static const struct gap_sample *find_gap(
	const struct machine *machine, int32_t pid, const char *what)
{
	const struct gap_sample *gap;

	vec_each (gap, &machine->sample.gaps)
		if (gap->pid == pid && !strcmp(gap->what, what))
			return gap;
	return NULL;
}

/* --- the fast lane --- */

static void two_steps_of_a_recording_give_the_counters_of_both(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", false);

	read_at(&machine, NSEC_PER_SEC);
	assert_int_equal(machine.sample.at_ns, NSEC_PER_SEC);
	assert_int_equal(machine.sample.tasks.n, 8);
	assert_int_equal(find_task(&machine, NAPPER)->voluntary, 231);
	assert_int_equal(find_task(&machine, SPINNER)->involuntary, 490);
	step_to(&machine, "linux-6.18/step2");
	read_at(&machine, 2 * NSEC_PER_SEC);
	assert_int_equal(find_task(&machine, NAPPER)->voluntary, 1181);
	assert_int_equal(find_task(&machine, NAPPER)->state, 'R');
	assert_int_equal(find_task(&machine, SPINNER)->involuntary, 2192);
	assert_int_equal(find_task(&machine, SPINNER)->voluntary, 1);
	assert_int_equal(find_task(&machine, SPINNER)->run_ns, 4525673712);
	assert_int_equal(find_task(&machine, SPINNER)->wait_ns, 2492749731);
	assert_int_equal(find_task(&machine, SPINNER)->slices, 2165);
	assert_int_equal(machine.sample.gaps.n, 0);
	close_machine(&machine);
}

static void every_field_of_a_task_has_its_source(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", false);
	const struct task_sample *task;

	read_at(&machine, 1);
	task = find_task(&machine, NAPPER);
	assert_int_equal(task->pid, MAIN_PID);
	assert_int_equal(task->start, 145042);
	assert_int_equal(task->side, SIDE_RIGHT);
	assert_int_equal(task->worker, WORKER_NONE);
	assert_string_equal(task->name, "a) R (b");
	assert_int_equal(task->state, 'S');
	assert_int_equal(task->cpu, 0);
	assert_int_equal(task->nice, 0);
	assert_int_equal(task->minor_faults, 4);
	assert_int_equal(task->major_faults, 0);
	assert_null(strchr(find_task(&machine, SPINNER)->name, '\033'));
	assert_int_equal(find_task(&machine, CHILD_PID)->worker, 1);
	assert_int_equal(find_task(&machine, ZOMBIE_PID)->state, 'Z');
	assert_int_equal(find_task(&machine, LEADERLESS_PID)->state, 'Z');
	close_machine(&machine);
}

/* The times are far apart, so a task that did not move is settled by the second reading: what then changes in status
 * alone is not seen, and what changes in schedstat is. */
static void status_is_read_only_when_the_task_ran(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", false);
	const char *status =
		"Tgid:\t28344\nvoluntary_ctxt_switches:\t777\nnonvoluntary_ctxt_switches:\t8\n";

	read_at(&machine, 1 * NSEC_PER_SEC);
	write_file(&machine, "28344/task/28347/status", status);
	read_at(&machine,
		2 * NSEC_PER_SEC); /* the second look, after the move of the first reading */
	assert_int_equal(find_task(&machine, NAPPER)->voluntary, 777);
	write_file(&machine, "28344/task/28347/status",
		"Tgid:\t28344\nvoluntary_ctxt_switches:\t888\nnonvoluntary_ctxt_switches:\t9\n");
	read_at(&machine, 3 * NSEC_PER_SEC);
	assert_int_equal(find_task(&machine, NAPPER)->voluntary, 777);
	/* One nanosecond more on a CPU, without a new slice: a running task that blocked. */
	write_file(&machine, "28344/task/28347/schedstat", "4603174 86016872 215\n");
	read_at(&machine, 4 * NSEC_PER_SEC);
	assert_int_equal(find_task(&machine, NAPPER)->voluntary, 888);
	assert_int_equal(find_task(&machine, NAPPER)->involuntary, 9);
	close_machine(&machine);
}

static void a_task_that_is_gone_is_absent_and_a_new_one_appears(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", false);
	char *from = path_of(&machine, "28344/task/28347"),
	     *to = path_of(&machine, "28344/task/30000");

	read_at(&machine, 1);
	assert_int_equal(rename(from, to), 0);
	read_at(&machine, 2);
	assert_null(find_task(&machine, NAPPER));
	assert_int_equal(find_task(&machine, 30000)->voluntary, 231);
	assert_int_equal(machine.sample.tasks.n, 8);
	remove_file(&machine, "28344");
	read_at(&machine, 3);
	assert_null(find_task(&machine, SPINNER));
	assert_int_equal(machine.sample.gaps.n, 0);
	free(from);
	free(to);
	close_machine(&machine);
}

static void another_task_with_the_same_id_is_read_anew(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", false);

	read_at(&machine, 1);
	write_file(&machine, "28350/task/28350/stat",
		"28350 (other) S 1 1 1 0 -1 0 5 0 0 0 0 0 0 0 20 0 1 0 999999 0 0 0 0 0 0 0 0 0 0 "
		"0 0 0 0 0 0 17 1 0\n");
	write_file(&machine, "28350/task/28350/status",
		"Tgid:\t28350\nvoluntary_ctxt_switches:\t1\nnonvoluntary_ctxt_switches:\t0\n");
	write_file(&machine, "28350/task/28350/schedstat", "10 20 1\n");
	read_at(&machine, 2);
	const struct task_sample *task = find_task(&machine, CHILD_PID);
	assert_int_equal(task->start, 999999);
	assert_string_equal(task->name, "other");
	assert_int_equal(task->voluntary, 1);
	assert_int_equal(task->run_ns, 10);
	close_machine(&machine);
}

static void a_kernel_without_schedstat_is_read_all_the_same(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", false);

	remove_file(&machine, "28344/task/28347/schedstat");
	read_at(&machine, NSEC_PER_SEC);
	assert_int_equal(find_task(&machine, NAPPER)->voluntary, 231);
	assert_int_equal(find_task(&machine, NAPPER)->run_ns, UNKNOWN);
	assert_string_equal(find_gap(&machine, MAIN_PID, "schedstat")->reason,
		"this kernel keeps no run and wait times");
	step_to(&machine, "linux-6.18/step2");
	remove_file(&machine, "28344/task/28347/schedstat");
	read_at(&machine, 2 * NSEC_PER_SEC);
	read_at(&machine, 3 * NSEC_PER_SEC);
	assert_int_equal(find_task(&machine, NAPPER)->voluntary, 1181);
	close_machine(&machine);
}

static void what_a_cut_file_told_before_is_unknown_now_and_has_a_reason(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", false);

	read_at(&machine, 1);
	write_file(&machine, "28344/task/28347/status", "");
	write_file(&machine, "28344/task/28347/stat", "28347 (a) R (b) S 1 2");
	write_file(&machine, "28344/task/28347/schedstat", "1 2");
	read_at(&machine, 2);
	assert_int_equal(find_task(&machine, NAPPER)->start, 145042);
	assert_int_equal(find_task(&machine, NAPPER)->voluntary, UNKNOWN);
	assert_int_equal(find_task(&machine, NAPPER)->run_ns, UNKNOWN);
	assert_int_equal(find_task(&machine, NAPPER)->slices, UNKNOWN);
	assert_int_equal(find_task(&machine, NAPPER)->state, '?');
	assert_int_equal(find_task(&machine, NAPPER)->cpu, -1);
	assert_non_null(find_gap(&machine, MAIN_PID, "status"));
	assert_non_null(find_gap(&machine, MAIN_PID, "stat"));
	assert_non_null(find_gap(&machine, MAIN_PID, "schedstat"));
	close_machine(&machine);
}

static void a_root_that_is_not_there_is_a_gap_and_tried_again(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", false);
	struct live *live;
	char *elsewhere = path_of(&machine, "later");

	live = live_create(&(struct source_options) { .root = elsewhere });
	live_set_targets(live, &(struct target) { .pid = CHILD_PID }, 1);
	sample_clear(&machine.sample);
	live_read(live, 1, &machine.sample);
	assert_int_equal(machine.sample.tasks.n, 0);
	assert_non_null(find_gap(&machine, 0, "proc"));
	mkdir(elsewhere, 0700);
	char *from = path_of(&machine, "28350"), *to = path_of(&machine, "later/28350");
	assert_int_equal(rename(from, to), 0);
	sample_clear(&machine.sample);
	live_read(live, 2, &machine.sample);
	assert_int_equal(machine.sample.tasks.n, 1);
	assert_null(find_gap(&machine, 0, "proc"));
	live_destroy(live);
	free(from);
	free(to);
	free(elsewhere);
	close_machine(&machine);
}

static void too_many_targets_are_left_out_and_a_gap_says_so(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", false);
	struct target targets[TARGETS_MAX + 5];

	for (int i = 0; i < TARGETS_MAX + 5; i++)
		targets[i] = (struct target) { .pid = 1000000 + i };
	targets[0].pid = CHILD_PID;
	targets[1].pid = CHILD_PID; /* twice is once */
	live_set_targets(machine.live, targets, ARRAY_LEN(targets));
	read_at(&machine, 1);
	assert_int_equal(machine.sample.tasks.n, 1);
	assert_non_null(find_gap(&machine, 0, "targets"));
	live_set_targets(machine.live, targets, TARGETS_MAX);
	read_at(&machine, 2);
	assert_null(find_gap(&machine, 0, "targets"));
	close_machine(&machine);
}

/* A worker that has not started yet has no id: must not be taken for one that was carried over. */
static void a_target_without_an_id_is_none(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", false);
	const struct target targets[] = { { .pid = CHILD_PID }, { .pid = 0 }, { .pid = -1 } };

	live_set_targets(machine.live, targets, ARRAY_LEN(targets));
	read_at(&machine, 1);
	assert_int_equal(machine.sample.tasks.n, 1);
	live_set_targets(machine.live, targets, ARRAY_LEN(targets));
	read_at(&machine, 2);
	assert_int_equal(machine.sample.tasks.n, 1);
	assert_int_equal(machine.sample.gaps.n, 0);
	close_machine(&machine);
}

/* --- the slow lane --- */

static bool have_all(const struct machine *machine)
{
	return machine->sample.processes.n == 5 && machine->sample.mappings.n > 0;
}

static bool is_slow(const struct machine *machine)
{
	return machine->sample.slow_at_ns != UNKNOWN;
}

/* Reads, at real times, until the condition holds. */
static void await(struct machine *machine, bool (*condition)(const struct machine *machine))
{
	for (int i = 0; i < 1000; i++) {
		read_at(machine, nsec_monotonic());
		if (condition(machine))
			return;
		usleep(5000);
	}
	fail_msg("the prober did not give what was awaited");
}

static void the_prober_reads_a_recording_too(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", true);
	int32_t pids[] = { MAIN_PID, LEADERLESS_PID };
	size_t of_leaderless = 0;

	live_set_needs(
		machine.live, NEED_TASKS | NEED_PROCESSES | NEED_MAPPINGS | NEED_MACHINE, pids, 2);
	await(&machine, have_all);
	const struct process_sample *row = find_process(&machine, MAIN_PID);
	assert_int_equal(row->rss_kb, 1732);
	assert_int_equal(row->uss_kb, 132);
	assert_int_equal(row->page_tables_kb, 48);
	assert_int_equal(row->vm_size_kb, 19228);
	assert_int_equal(row->minor_faults, 218);
	assert_int_equal(row->threads, 3);
	assert_int_equal(row->side, SIDE_RIGHT);
	assert_string_equal(row->name, "subject");
	assert_int_equal(find_process(&machine, CHILD_PID)->worker, 1);
	/* Its main thread has ended: its memory is found under the other one. */
	assert_true(find_process(&machine, LEADERLESS_PID)->rss_kb > 0);
	for (size_t i = 0; i < machine.sample.mappings.n; i++)
		of_leaderless += machine.sample.mappings.at[i].pid == LEADERLESS_PID;
	assert_int_equal(machine.sample.mappings.n - of_leaderless, 29);
	assert_true(of_leaderless > 10);
	assert_int_equal(find_process(&machine, 2)->rss_kb, UNKNOWN);
	assert_non_null(strstr(find_gap(&machine, 2, "smaps_rollup")->reason, "kernel thread"));
	assert_non_null(strstr(find_gap(&machine, ZOMBIE_PID, "smaps_rollup")->reason, "ended"));
	assert_non_null(find_gap(&machine, 0, "libproc2"));
	close_machine(&machine);
}

/* smaps_rollup as a pipe that nobody writes: whoever opens it waits for ever. */
static void block(const struct machine *machine, const char *name)
{
	char *path = path_of(machine, name);

	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	free(path);
}

static bool is_any(const void *context, const struct group_process *process)
{
	return true;
}

/* A copied folder is not listed in ascending order, as /proc is, where it stands on a tmpfs. */
static const struct group_process *row_of(const struct group_table *table, int32_t pid)
{
	const struct group_process *row;

	vec_each (row, &table->rows)
		if (row->pid == pid)
			return row;
	fail_msg("no process %d", (int)pid);
	return NULL;
}

/* Of what is there, only the family: a thread's child, its child, and who was listed before. */
static void a_family_is_found_by_the_lists_of_children(void **state)
{
	static const struct {
		const char *name, *text;
	} lists[] = { { "thread-self/children", "" },
		{ "28350/task/28350/children", "28351 28345" } };
	/* the last one is cut: it may have been another number */
	struct machine machine = open_machine("linux-6.18/step1", false);
	struct process_reader *reader = process_reader_create(machine.root);
	const size_t all = process_reader_read(reader, PROCESS_ANEW)->rows.n;
	const struct group_table *table;

	assert_false(process_reader_descend(reader, CHILD_PID));
	process_reader_destroy(reader);
	reader = process_reader_create(machine.root);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		char *path = path_of(&machine, lists[i].name), *folder = xstrdup(path);
		FILE *file;

		*strrchr(folder, '/') = '\0';
		mkdir(folder, 0700);
		file = fopen(path, "w");
		assert_non_null(file);
		fputs(lists[i].text, file);
		fclose(file);
		free(path);
		free(folder);
	}
	assert_true(process_reader_descend(reader, CHILD_PID));
	table = process_reader_read(reader, 0);
	assert_true(all > 2);
	assert_int_equal(table->rows.n, 2);
	row_of(table, CHILD_PID);
	row_of(table, ZOMBIE_PID);
	process_reader_destroy(reader);
	close_machine(&machine);
}

static void who_blocks_a_reader_of_its_command_line_holds_nobody_up(void **state)
{
	static const char words[] = "/usr/bin/server\0--quiet";
	struct machine machine = open_machine("linux-6.18/step1", false);
	struct process_reader *reader = process_reader_create(machine.root);
	char *path = path_of(&machine, "28350/cmdline"),
	     *others = path_of(&machine, "28351/cmdline");
	const struct group_table *table = process_reader_read(reader, 0);
	const size_t n = table->rows.n;
	FILE *file = fopen(others, "w");

	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(fwrite(words, 1, sizeof(words), file), sizeof(words));
	fclose(file);
	for (int i = 0; i < 3; i++) {
		process_reader_commands(reader, is_any, NULL);
		assert_int_equal(table->rows.n, n);
		assert_string_equal(row_of(table, CHILD_PID)->command, "");
		assert_string_equal(row_of(table, ZOMBIE_PID)->program, "server");
	}
	process_reader_destroy(reader);
	free(path);
	free(others);
	close_machine(&machine);
}

static void restart_prober(struct machine *machine)
{
	kill(machine->prober, SIGKILL);
	assert_int_equal(waitpid(machine->prober, NULL, 0), machine->prober);
	machine->prober = start_prober(machine);
	live_prober_restarted(machine->live, nsec_monotonic());
}

static void await_stuck(struct machine *machine)
{
	for (int i = 0; i < 1000 && !live_prober_stuck(machine->live, nsec_monotonic()); i++) {
		read_at(machine, nsec_monotonic());
		usleep(5000);
	}
	assert_true(live_prober_stuck(machine->live, nsec_monotonic()));
}

static void a_target_that_does_not_answer_is_left_alone_and_the_others_are_served(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", true);
	nsec started = nsec_monotonic();

	block(&machine, "28350/smaps_rollup");
	live_set_needs(machine.live, NEED_TASKS | NEED_PROCESSES, NULL, 0);
	await_stuck(&machine);
	assert_true(nsec_monotonic() - started > PROBE_DEADLINE);
	assert_int_equal(machine.sample.tasks.n, 8); /* the fast lane never waited */
	restart_prober(&machine);
	await(&machine, is_slow);
	assert_int_equal(machine.sample.processes.n, 5);
	assert_int_equal(find_process(&machine, MAIN_PID)->rss_kb, 1732);
	assert_int_equal(find_process(&machine, CHILD_PID)->rss_kb, UNKNOWN);
	assert_int_equal(find_process(&machine, CHILD_PID)->minor_faults, 22);
	assert_string_equal(
		find_gap(&machine, CHILD_PID, "smaps")->reason, "no answer within 250 ms");
	/* After two seconds it is tried again, and if it still does not answer, after four. */
	nsec first = nsec_monotonic();
	await_stuck(&machine);
	assert_true(nsec_monotonic() - first > NSEC_PER_SEC);
	remove_file(&machine, "28350/smaps_rollup");
	step_to(&machine, "linux-6.18/step1");
	restart_prober(&machine);
	nsec second = nsec_monotonic();
	for (int i = 0; i < 2000; i++) {
		const struct process_sample *row;

		read_at(&machine, nsec_monotonic());
		row = find_process(&machine, CHILD_PID);
		if (row && row->rss_kb != UNKNOWN)
			break;
		usleep(5000);
	}
	assert_true(find_process(&machine, CHILD_PID)->rss_kb > 0);
	assert_true(nsec_monotonic() - second > 3 * NSEC_PER_SEC);
	assert_null(find_gap(&machine, CHILD_PID, "smaps"));
	close_machine(&machine);
}

static void a_row_of_another_process_with_the_same_id_is_dropped(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", true);

	/* The process's own stat and its task's disagree on the start: two processes, one after the other. */
	write_file(&machine, "28350/stat",
		"28350 (old) S 1 1 1 0 -1 0 5 0 0 0 0 0 0 0 20 0 1 0 5 0 0 0 0 0 0 0 0 0 0 0 0 0 0 "
		"0 0 17 1 0\n");
	live_set_needs(machine.live, NEED_TASKS | NEED_PROCESSES, NULL, 0);
	await(&machine, is_slow);
	assert_int_equal(machine.sample.processes.n, 4);
	assert_null(find_process(&machine, CHILD_PID));
	close_machine(&machine);
}

static void a_silent_prober_is_told(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", true);

	live_set_needs(machine.live, NEED_TASKS | NEED_PROCESSES, NULL, 0);
	kill(machine.prober, SIGSTOP);
	read_at(&machine, 1 * NSEC_PER_SEC);
	assert_null(find_gap(&machine, 0, "prober"));
	read_at(&machine, 6 * NSEC_PER_SEC);
	assert_non_null(find_gap(&machine, 0, "prober"));
	assert_int_equal(machine.sample.slow_at_ns, UNKNOWN);
	assert_int_equal(machine.sample.tasks.n, 8);
	close_machine(&machine);
}

static void without_a_prober_a_gap_says_that_there_is_no_slow_lane(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", false);

	live_set_needs(machine.live, NEED_TASKS | NEED_PROCESSES, NULL, 0);
	read_at(&machine, 1);
	assert_non_null(find_gap(&machine, 0, "prober"));
	live_set_needs(machine.live, 0, NULL, 0);
	read_at(&machine, 2);
	assert_int_equal(machine.sample.tasks.n, 0);
	assert_int_equal(machine.sample.gaps.n, 0);
	close_machine(&machine);
}

static void many_mappings_are_cut_and_a_gap_says_so(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", true);
	struct buf text = { 0 };
	int32_t pids[] = { MAIN_PID };

	for (unsigned i = 0; i < 5000; i++)
		buf_addf(&text, "%x000-%x000 rw-p 00000000 00:00 0\n", i + 16, i + 17);
	write_file(&machine, "28344/smaps", text.text);
	live_set_needs(machine.live, NEED_TASKS | NEED_PROCESSES | NEED_MAPPINGS, pids, 1);
	await(&machine, have_all);
	assert_int_equal(machine.sample.mappings.n, 4096);
	assert_int_equal(find_gap(&machine, MAIN_PID, "smaps")->error, E2BIG);
	buf_finish(&text);
	close_machine(&machine);
}

static void a_huge_smaps_is_cut_and_a_gap_says_so(void **state)
{
	struct machine machine = open_machine("linux-6.18/step1", true);
	struct buf text = { 0 };
	int32_t pids[] = { MAIN_PID };

	for (unsigned i = 0; i < 300; i++) {
		buf_addf(&text, "%x000-%x000 rw-p 00000000 00:00 0\nRss: 4 kB\n", i + 16, i + 17);
		for (unsigned j = 0; j < 400; j++)
			buf_adds(&text, "Future_Field_That_Is_Long:                  0 kB\n");
		buf_adds(&text, "VmFlags: rd wr\n");
	}
	assert_true(text.len > 5u << 20);
	write_file(&machine, "28344/smaps", text.text);
	live_set_needs(machine.live, NEED_TASKS | NEED_PROCESSES | NEED_MAPPINGS, pids, 1);
	await(&machine, have_all);
	assert_in_range(machine.sample.mappings.n, 100, 299);
	assert_int_equal(find_gap(&machine, MAIN_PID, "smaps")->error, EFBIG);
	buf_finish(&text);
	close_machine(&machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_steps_of_a_recording_give_the_counters_of_both),
		cmocka_unit_test(every_field_of_a_task_has_its_source),
		cmocka_unit_test(status_is_read_only_when_the_task_ran),
		cmocka_unit_test(a_task_that_is_gone_is_absent_and_a_new_one_appears),
		cmocka_unit_test(another_task_with_the_same_id_is_read_anew),
		cmocka_unit_test(a_kernel_without_schedstat_is_read_all_the_same),
		cmocka_unit_test(what_a_cut_file_told_before_is_unknown_now_and_has_a_reason),
		cmocka_unit_test(a_root_that_is_not_there_is_a_gap_and_tried_again),
		cmocka_unit_test(too_many_targets_are_left_out_and_a_gap_says_so),
		cmocka_unit_test(a_target_without_an_id_is_none),
		cmocka_unit_test(the_prober_reads_a_recording_too),
		cmocka_unit_test(a_family_is_found_by_the_lists_of_children),
		cmocka_unit_test(who_blocks_a_reader_of_its_command_line_holds_nobody_up),
		cmocka_unit_test(
			a_target_that_does_not_answer_is_left_alone_and_the_others_are_served),
		cmocka_unit_test(a_row_of_another_process_with_the_same_id_is_dropped),
		cmocka_unit_test(a_silent_prober_is_told),
		cmocka_unit_test(without_a_prober_a_gap_says_that_there_is_no_slow_lane),
		cmocka_unit_test(many_mappings_are_cut_and_a_gap_says_so),
		cmocka_unit_test(a_huge_smaps_is_cut_and_a_gap_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
