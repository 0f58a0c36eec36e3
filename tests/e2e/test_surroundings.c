/* SPDX-License-Identifier: MIT
 * Surroundings that take something away: few descriptors, a /proc with holes, or of another PID namespace. What is lost is
 * unknown and has its reason; the rest is right.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/json_schema.h"
#include "lines.h"
#include "modes.h"
#include "places.h"

static const char *reason_told(const json_t *line, const char *key)
{
	return text_in(json_object_get(line, "unavailable"), key);
}

/* --- few descriptors --- */

/* Of few spinners each that is known ran; of many on few CPUs, some of them did. */
static void assert_never_at_rest(const json_t *line, bool few)
{
	size_t known = 0, ran = 0;

	for (size_t side = 0; side < SIDES; side++) {
		json_t *task;
		size_t i;

		json_array_foreach(json_object_get(side_of(line, side), "tasks"), i, task)
		{
			const json_t *percent = json_object_get(task, "cpu_percent");

			if (strcmp(text_in(task, "job"), "spin") != 0 || json_is_null(percent))
				continue;
			known++;
			ran += json_number_value(percent) > 0;
		}
	}
	assert_true(few ? ran == known : ran > 0 || known == 0);
}

static int leave_34(void)
{
	return setrlimit(RLIMIT_NOFILE, &(struct rlimit) { 34, 34 });
}

static int leave_256(void)
{
	return setrlimit(RLIMIT_NOFILE, &(struct rlimit) { 256, 256 });
}

static int leave_1024(void)
{
	return setrlimit(RLIMIT_NOFILE, &(struct rlimit) { 1024, 1024 });
}

static void tasks_that_run_are_never_at_rest_for_want_of_descriptors(void **state)
{
	static const struct {
		int (*prepare)(void);
		const char *processes, *threads;
		bool few;
	} runs[] = { { leave_34, "4", "4", true }, { leave_256, "64", "64", false },
		{ leave_1024, "64", "256", false } };

	for (size_t i = 0; i < ARRAY_LEN(runs); i++) {
		const char *const argv[] = { program_path(), "--json", "--for", "3", "-p",
			runs[i].processes, "-t", runs[i].threads, NULL };
		struct run ret;
		json_t *line;
		size_t j;

		run(
			&(struct run_options) {
				.argv = argv, .prepare = runs[i].prepare, .timeout_ms = 60000 },
			&ret);
		run_assert_status(&ret, 0);
		json_t *lines = lines_of(&ret);
		assert_true(json_array_size(lines) > 1);
		json_array_foreach(lines, j, line)
		{
			check_line(line); /* each null has its reason */
			assert_never_at_rest(line, runs[i].few);
		}
		json_decref(lines);
		run_finish(&ret);
		assert_int_equal(descendants_after(WAIT_MS), 0);
	}
}

/* --- holes in /proc --- */

static const char *hole;

static int with_hole(void)
{
	return own_mounts() || mount("/dev/null", hole, NULL, MS_BIND, NULL);
}

static json_t *last_line_with_hole(const char *path)
{
	const char *const argv[] = { program_path(), "--json", "--for", "2", "-p", "2", "-t", "2",
		NULL };
	struct run ret;

	hole = path;
	run(&(struct run_options) { .argv = argv, .prepare = with_hole }, &ret);
	run_assert_status(&ret, 0);
	json_t *lines = lines_of(&ret);
	json_t *last = json_incref(json_array_get(lines, json_array_size(lines) - 1));

	json_decref(lines);
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
	return last;
}

static void a_hole_in_proc_takes_its_own_numbers_alone(void **state)
{
	static const struct {
		const char *path, *lost;
	} holes[] = { { "/proc/stat", "switches" }, { "/proc/meminfo", "total_kb" },
		{ "/proc/loadavg", "load_centi" } };
	static const char *const numbers[] = { "cpus", "load_centi", "switches", "total_kb" };

	for (size_t i = 0; i < ARRAY_LEN(holes); i++) {
		json_t *line = last_line_with_hole(holes[i].path);
		const json_t *machine = json_object_get(line, "machine");
		char key[40];

		check_line(line);
		for (size_t j = 0; j < ARRAY_LEN(numbers); j++)
			assert_int_equal(json_is_null(json_object_get(machine, numbers[j])),
				strcmp(numbers[j], holes[i].lost) == 0);
		snprintf(key, sizeof(key), "machine.%s", holes[i].lost);
		assert_true(reason_told(line, key)[0]);
		assert_null(strstr(reason_told(line, key), "not implemented"));
		json_decref(line);
	}
}

/* The machine's three files hold this. */
static int with_text(const char *text)
{
	static const char *const files[] = { "/proc/stat", "/proc/meminfo", "/proc/loadavg" };
	char from[] = "/tmp/taskscope-text-XXXXXX";
	int fd = mkstemp(from);
	int error = fd < 0 || write(fd, text, strlen(text)) < 0 || fchmod(fd, 0444) || own_mounts();

	for (size_t i = 0; i < ARRAY_LEN(files) && !error; i++)
		error = mount(from, files[i], NULL, MS_BIND, NULL);
	close(fd);
	unlink(from);
	return error;
}

static int with_rubbish(void)
{
	return with_text("\x01\xff:% \n\nMemTotal\n:::\ncpu x y\nctxt 99999999999999999999999\n");
}

static int with_cut_text(void)
{
	return with_text("MemTotal:       24");
}

static int with_one_newline(void)
{
	return with_text("\n");
}

static void rubbish_in_proc_is_no_number(void **state)
{
	static int (*const prepare[])(void) = { with_rubbish, with_cut_text, with_one_newline };
	static const char *const numbers[] = { "load_centi", "switches", "total_kb",
		"available_kb" };
	const char *const argv[] = { program_path(), "--json", "--for", "1", "-p", "2", "-t", "2",
		NULL };
	struct run_options options[ARRAY_LEN(prepare)];
	struct run runs[ARRAY_LEN(prepare)];

	for (size_t i = 0; i < ARRAY_LEN(prepare); i++)
		options[i] = (struct run_options) { .argv = argv, .prepare = prepare[i] };
	run_together(options, ARRAY_LEN(prepare), runs);
	for (size_t i = 0; i < ARRAY_LEN(prepare); i++) {
		run_assert_status(&runs[i], 0);
		json_t *lines = lines_of(&runs[i]), *line;
		size_t j;

		json_array_foreach(lines, j, line)
		{
			const json_t *machine = json_object_get(line, "machine");

			check_line(line); /* each null has its reason */
			for (size_t k = 0; k < ARRAY_LEN(numbers); k++)
				assert_true(json_is_null(json_object_get(machine, numbers[k])));
		}
		assert_true(j > 1);
		json_decref(lines);
		run_finish(&runs[i]);
	}
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static void the_arena_stands_where_meminfo_cannot_be_read(void **state)
{
	json_t *line = last_line_with_hole("/proc/meminfo"), *row;
	size_t i, arenas = 0;

	json_array_foreach(json_object_get(line, "pages"), i, row) arenas +=
		strcmp(text_in(row, "name"), "arena") == 0 && integer_in(row, "pages") > 0;
	assert_true(arenas > 0);
	json_decref(line);
}

/* --- another /proc --- */

/* The program is the first process of a PID namespace, whose /proc is that of the one before. */
static int in_own_pids(void)
{
	int status;

	if (unshare(CLONE_NEWPID))
		return -1;
	pid_t pid = fork();

	if (pid == 0)
		return prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static int in_own_pids_with_their_proc(void)
{
	return in_own_pids() || own_mounts() || mount("proc", "/proc", "proc", 0, NULL);
}

static void a_proc_of_another_namespace_is_refused_in_one_line(void **state)
{
	static const char *const commands[][4] = { { "--json", "--for", "1", NULL },
		{ "--plain", "--for", "1", NULL }, { "measure", "switch", NULL } };

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const char *const argv[] = { program_path(), commands[i][0], commands[i][1],
			commands[i][2], NULL };
		struct run ret;

		run(&(struct run_options) { .argv = argv, .prepare = in_own_pids }, &ret);
		run_assert_status(&ret, 1);
		run_assert_says(&ret, "--mount-proc");
		assert_int_equal(ret.out.len, 0);
		assert_ptr_equal(strchr(ret.err.text, '\n'), strrchr(ret.err.text, '\n'));
		run_finish(&ret);
	}
	const char *const argv[] = { program_path(), "--json", "--for", "1", NULL };
	struct run ret;

	run(&(struct run_options) { .argv = argv, .prepare = in_own_pids_with_their_proc }, &ret);
	run_assert_status(&ret, 0);
	run_assert_says(&ret, "\"w3\"");
	run_finish(&ret);
}

/* --- a limit on tasks --- */

static int with_few_tasks(void)
{
	return join(&pids_box);
}

static void a_tour_names_the_limit_that_keeps_it_from_starting(void **state)
{
	const char *const argv[] = { program_path(), "tour", "blast-radius", "--plain", NULL };
	struct run ret;

	run(&(struct run_options) { .argv = argv, .prepare = with_few_tasks }, &ret);
	run_assert_status(&ret, 1);
	run_assert_says(&ret, "limit: ");
	run_assert_says(&ret, "pids.max 9 of /sys/fs/cgroup/");
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(tasks_that_run_are_never_at_rest_for_want_of_descriptors),
		e2e_test(a_hole_in_proc_takes_its_own_numbers_alone),
		e2e_test(rubbish_in_proc_is_no_number),
		e2e_test(the_arena_stands_where_meminfo_cannot_be_read),
		e2e_test(a_proc_of_another_namespace_is_refused_in_one_line),
		e2e_test(a_tour_names_the_limit_that_keeps_it_from_starting),
	};
	/* Namespaces are root's to make. */
	const size_t n = geteuid() == 0 ? ARRAY_LEN(tests) : 1;

	return _cmocka_run_group_tests("surroundings", tests, n, remove_groups, remove_groups);
}
