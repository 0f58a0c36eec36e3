/* SPDX-License-Identifier: MIT
 * Wrong arguments and broken surroundings: each ends soon, with the right status and a word that helps, or
 * goes on without what it lacks. Nothing is left behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"
#include "harness.h"

static void copy_file(const char *from, const char *to, mode_t mode)
{
	struct buf content = read_file(from);
	write_file(to, content.text, content.len);
	assert_int_equal(chmod(to, mode), 0);
	buf_finish(&content);
}

/* --- arguments --- */

static const struct {
	const char *first, *second;
	const char *says;
} wrong_usage[] = {
	{ "--proceses", "4", "--processes" },
	{ "--nonsense", NULL, "nonsense" },
	{ "-%", NULL, "%" },
	{ "--job", "slep", "sleep" },
	{ "--job", "", "job" },
	{ "--job", "\033]0;owned\007", "job" },
	{ "--theme", "drak", "dark" },
	{ "--pane", "wrokers", "workers" },
	{ "--color", "sometimes", "auto" },
	{ "--keys", "<Nokey>", "--keys" },
	{ "--keys", "<wait", "--keys" },
	{ "--keys", "<wait 999999999999>", "--keys" },
	{ "--processes", "0", "1" },
	{ "--processes", "-3", "1" },
	{ "--processes", "65", "64" },
	{ "--processes", "99999999999999999999", "64" },
	{ "--processes", "four", "four" },
	{ "--processes", "4x", "4x" },
	{ "--processes", "", "number" },
	{ "--processes", NULL, "needs" },
	{ "--threads", "0", "1" },
	{ "--threads", "257", "256" },
	{ "--threads", "0x10", "0x10" },
	{ "--cpu", "-1", "0" },
	{ "--interval", "0", "20" },
	{ "--interval", "60001", "60000 ms" },
	{ "--for", "0", "0.1" },
	{ "--for", "-1", "86400 s, not '-1'" },
	{ "--for", "inf", "inf" },
	{ "--for", "1e99", "1e99" },
	{ "--size", "0x0", "COLSxROWS" },
	{ "--size", "80", "COLSxROWS" },
	{ "--size", "1001x36", "1000" },
	{ "--plain", "--json", "both" },
	{ "lvie", NULL, "live" },
	{ "replay", NULL, "FILE" },
	{ "list", "cheeses", "cheeses" },
	{ "list", NULL, "jobs, panes" },
	{ "measure", NULL, "switch, create" },
	{ "live", "twice", "twice" },
	{ "tour", "cheeses", "list scenes" },
	{ "quiz", "cheeses", "list scenes" },
};

static void wrong_usage_is_status_2_and_one_helpful_line(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(wrong_usage); i++) {
		struct run ret;
		run_program(&ret, wrong_usage[i].first, wrong_usage[i].second);
		if (ret.status != 2)
			print_error("arguments: %s %s\n", wrong_usage[i].first,
				wrong_usage[i].second ? wrong_usage[i].second : "");
		run_assert_status(&ret, 2);
		run_assert_says(&ret, wrong_usage[i].says);
		assert_int_equal(ret.out.len, 0);
		assert_null(strchr(ret.err.text, '\033'));
		assert_ptr_equal(strchr(ret.err.text, '\n') + 1, ret.err.text + ret.err.len);
		assert_true(ret.duration < 2 * NSEC_PER_SEC);
		run_finish(&ret);
	}
}

/* --- limits: what was started stays, what failed is said --- */

#define NOBODY 12345

static int with_few_processes(void)
{
	struct rlimit limit = { 12, 12 };
	return setrlimit(RLIMIT_NPROC, &limit) || setgid(NOBODY) || setuid(NOBODY);
}

/* Both executables, where every user may run them. */
static const char *public_program(void)
{
	const char *program = in_folder("taskscope");
	char crew[4096];
	snprintf(crew, sizeof(crew), "%s-crew", program_path());
	if (access(program, X_OK) == 0)
		return program;
	chmod(folder, 0755);
	copy_file(crew, in_folder("taskscope-crew"), 0755);
	copy_file(program_path(), program, 0755);
	return program;
}

static void too_many_for_the_user_is_said_and_the_rest_lives(void **state)
{
	const char *const argv[] = { public_program(), "--plain", "--size", "120x36", "--for", "2",
		"--processes", "20", "--threads", "20", "--job", "sleep", NULL };
	struct run ret;
	/* The search for leaks would need a process more. */
	const char *const env[] = { "ASAN_OPTIONS=detect_leaks=0", NULL };
	run(&(struct run_options) { .argv = argv, .env = env, .prepare = with_few_processes },
		&ret);
	run_assert_says(&ret, "RLIMIT_NPROC");
	assert_true(ret.status == 0 || ret.status == 4);
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static int with_few_files(void)
{
	struct rlimit limit = { 24, 24 };
	return setrlimit(RLIMIT_NOFILE, &limit);
}

static void few_file_descriptors_are_enough(void **state)
{
	const char *const argv[] = { program_path(), "--json", "--for", "1", "--processes", "16",
		"--threads", "16", NULL };
	struct run ret;
	run(&(struct run_options) { .argv = argv, .prepare = with_few_files }, &ret);
	assert_in_range(ret.status, 0, 4); /* no signal, and no hanging */
	assert_true(ret.status != 0 || strstr(ret.out.text, "\"tasks\""));
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

/* --- the crews' program --- */

static void crew_is(const char *what, int status)
{
	const char *const argv[] = { in_folder("alone/taskscope"), "--plain", "--for", "1", NULL };
	struct run ret;
	run(&(struct run_options) { .argv = argv }, &ret);
	if (ret.status != status)
		print_error("taskscope-crew is %s\n", what);
	run_assert_status(&ret, status);
	run_assert_says(&ret, "taskscope-crew");
	assert_true(ret.duration < 5 * NSEC_PER_SEC);
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static void a_missing_or_wrong_crew_is_status_4(void **state)
{
	const char *crew = in_folder("alone/taskscope-crew");
	mkdir(in_folder("alone"), 0755);
	copy_file(program_path(), in_folder("alone/taskscope"), 0755);
	if (access("/usr/local/libexec/taskscope/taskscope-crew", F_OK) != 0)
		crew_is("missing", 4);
	copy_file("/bin/true", crew, 0755);
	crew_is("another program", 4);
	write_file(crew, "no program", 10);
	crew_is("no program", 4);
	chmod(crew, 0644);
	if (geteuid() != 0)
		crew_is("not executable", 4);
	unlink(crew);
	unlink(in_folder("alone/taskscope"));
	rmdir(in_folder("alone"));
}

/* --- outputs --- */

static void a_closed_or_full_stdout_is_said(void **state)
{
	static const char *const paths[] = { "", "/dev/full" };
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		const char *const argv[] = { program_path(), "--json", "--for", "5", "--interval",
			"100", NULL };
		struct run ret;
		run(&(struct run_options) { .argv = argv, .stdout_path = paths[i] }, &ret);
		run_assert_status(&ret, 1);
		assert_true(ret.err.len > 0);
		assert_true(ret.duration < 18 * NSEC_PER_SEC); /* it does not go on for nobody */
		run_finish(&ret);
		assert_int_equal(descendants_after(WAIT_MS), 0);
	}
}

static void a_reader_that_leaves_ends_it_quietly(void **state)
{
	char command[4200];
	snprintf(command, sizeof(command),
		"'%s' --json --for 60 --interval 50 | head -n 1 >/dev/null", program_path());
	const char *const argv[] = { "/bin/sh", "-c", command, NULL };
	struct run ret;
	run(&(struct run_options) { .argv = argv }, &ret);
	run_assert_status(&ret, 0);
	assert_int_equal(ret.err.len, 0);
	assert_true(ret.duration < 18 * NSEC_PER_SEC);
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static int on_a_tiny_disk(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return -1;
	return mount("tmpfs", "/mnt", "tmpfs", 0, "size=16k");
}

/* Every option that writes a file while the program runs, and the picture at its end. */
static const char *const writers[] = { "--record", "--cast", "--html", "--csv", "--trace",
	"--svg" };

static void a_full_disk_ends_what_is_written_and_is_said(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(writers); i++) {
		const char *const argv[] = { program_path(), "--for", "4", "--interval", "50",
			writers[i], "/mnt/file", NULL };
		struct run ret;
		run(&(struct run_options) { .argv = argv, .prepare = on_a_tiny_disk }, &ret);
		run_assert_status(&ret, 1);
		run_assert_says(&ret, "No space left");
		assert_int_equal(strchr(ret.err.text, '\n') - ret.err.text + 1, ret.err.len);
		run_finish(&ret);
	}
}

/* What programs print, too. */
static void a_full_disk_ends_an_output_and_is_said(void **state)
{
	const char *const argv[] = { program_path(), "run", "--plain", "--output", "/mnt/file",
		"seq 9999", NULL };
	struct run ret;
	run(&(struct run_options) { .argv = argv, .prepare = on_a_tiny_disk }, &ret);
	run_assert_status(&ret, 1);
	run_assert_says(&ret, "cannot write all that is printed to /mnt/file: No space left");
	run_finish(&ret);
}

/* What is written at the end is looked at before anything is asked or shown. */
static void a_file_for_the_end_is_refused_at_the_start(void **state)
{
	static const char *const wanted[][3] = { { "tour", "who-am-i", "--notes" },
		{ "tour", "who-am-i", "--export-c" }, { "quiz", "who-am-i", "--results" } };
	const char *there = in_folder("there");
	write_file(there, "precious", 8);
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		struct run ret;
		run_program(&ret, wanted[i][0], wanted[i][1], "--plain", wanted[i][2], there);
		run_assert_status(&ret, 1);
		run_assert_says(&ret, "exists (--force replaces it)");
		assert_int_equal(ret.out.len, 0);
		run_finish(&ret);
	}
	unlink(there);
}

/* Of every option that writes a file: not over one, not through a link, not over what another run left unfinished. */
static void a_file_is_never_written_over_or_through(void **state)
{
	const char *there = in_folder("there"), *link = in_folder("link");
	const char *part = in_folder("new.part"), *new = in_folder("new");
	for (size_t i = 0; i < ARRAY_LEN(writers); i++) {
		struct run ret;
		write_file(there, "precious", 8);
		run_program(&ret, "--plain", "--for", "0.5", writers[i], there);
		run_assert_status(&ret, 1);
		run_assert_says(&ret, "exist");
		run_finish(&ret);
		assert_int_equal(symlink(there, link), 0);
		run_program(&ret, "--plain", "--for", "0.5", "--force", writers[i], link);
		run_assert_status(&ret, 1);
		run_finish(&ret);
		struct buf content = read_file(there);
		assert_string_equal(content.text, "precious");
		buf_finish(&content);
		assert_int_equal(rename(there, part), 0);
		run_program(&ret, "--plain", "--for", "0.5", writers[i], new);
		run_assert_status(&ret, 1);
		run_finish(&ret);
		content = read_file(part);
		assert_string_equal(content.text, "precious");
		buf_finish(&content);
		assert_int_equal(access(new, F_OK), -1);
		unlink(link);
		unlink(part);
	}
}

/* In one line, before anything runs. */
static void a_folder_that_is_not_there_is_said_at_once(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(writers); i++) {
		struct run ret;
		run_program(&ret, "--plain", "--for", "30", writers[i], "/proc/nowhere/file");
		run_assert_status(&ret, 1);
		run_assert_says(&ret, "/proc/nowhere/file: No such file or directory");
		assert_int_equal(strchr(ret.err.text, '\n') - ret.err.text + 1, ret.err.len);
		assert_int_equal(ret.out.len, 0);
		run_finish(&ret);
	}
}

/* A device or a pipe is refused before anything is measured, in one line that says why. */
static void what_is_no_regular_file_is_refused_at_once(void **state)
{
	const char *pipe = in_folder("pipe");
	assert_int_equal(mkfifo(pipe, 0600), 0);
	for (size_t i = 0; i < ARRAY_LEN(writers); i++)
		for (int device = 0; device < 2; device++) {
			struct run ret;
			run_program(&ret, "--plain", "--for", "30", device ? "--force" : "--ascii",
				writers[i], device ? "/dev/full" : pipe);
			run_assert_status(&ret, 1);
			run_assert_says(&ret, "only a regular file is written");
			assert_int_equal(
				strchr(ret.err.text, '\n') - ret.err.text + 1, ret.err.len);
			run_finish(&ret);
		}
	unlink(pipe);
}

/* --- /proc --- */

static int without_proc(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return -1;
	while (umount2("/proc", MNT_DETACH) == 0)
		;
	return errno == EINVAL ? 0 : -1;
}

static int with_hidden_pids(void)
{
	if (without_proc() || mount("proc", "/proc", "proc", 0, "hidepid=2"))
		return -1;
	return setgid(NOBODY) || setuid(NOBODY);
}

static void without_proc_it_says_so(void **state)
{
	const char *const argv[] = { public_program(), "--plain", "--size", "120x36", "--for", "1",
		NULL };
	struct run ret;
	run(&(struct run_options) { .argv = argv, .prepare = without_proc }, &ret);
	assert_true(ret.status == 0 || ret.status == 1 || ret.status == 4);
	run_assert_says(&ret, "/proc");
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static void hidden_pids_hide_no_crew_of_ours(void **state)
{
	const char *const argv[] = { public_program(), "--json", "--for", "1", "--job", "sleep",
		NULL };
	struct run ret;
	run(&(struct run_options) { .argv = argv, .prepare = with_hidden_pids }, &ret);
	run_assert_status(&ret, 0);
	run_assert_says(&ret, "\"worker\":3");
	run_finish(&ret);
}

/* --- terminals that will not do --- */

static void unusable_terminals_are_status_3_with_advice(void **state)
{
	static const char *const types[] = { "TERM", "TERM=", "TERM=dumb",
		"TERM=no-such-terminal" };
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		const char *const env[] = { types[i], NULL };
		const char *const argv[] = { program_path(), NULL };
		struct tty *tty = tty_start(24, 80, env, argv);
		tty_assert(tty, tty_wait_end(tty, WAIT_MS) == 3);
		tty_assert(tty, strstr(tty->raw.text, "TERM"));
		tty_assert(tty, strstr(tty->raw.text, "--plain"));
		tty_assert(tty, !tty_unrestored(tty));
		tty_close(tty);
		assert_int_equal(descendants_after(WAIT_MS), 0);
	}
}

static int remove_folder(void **state)
{
	unlink(in_folder("taskscope"));
	unlink(in_folder("taskscope-crew"));
	return rmdir(folder);
}

/* What the machine does not allow is left out, and said: a test that cannot fail is none. */
static size_t leave_out(struct CMUnitTest *tests, size_t n, const struct CMUnitTest *more,
	size_t more_n, const char *why_not)
{
	for (size_t i = 0; i < more_n; i++) {
		if (why_not)
			printf("# left out, %s: %s\n", why_not, more[i].name);
		else
			tests[n++] = more[i];
	}
	return n;
}

/* Even root may be forbidden to: in a container. */
static bool can_mount(void)
{
	int status = -1;
	pid_t pid = fork();
	if (pid == 0)
		_exit(with_hidden_pids() != 0);
	return waitpid(pid, &status, 0) == pid && status == 0;
}

int main(void)
{
	const struct CMUnitTest for_all[] = {
		e2e_test(wrong_usage_is_status_2_and_one_helpful_line),
		e2e_test(few_file_descriptors_are_enough),
		e2e_test(a_missing_or_wrong_crew_is_status_4),
		e2e_test(a_closed_or_full_stdout_is_said),
		e2e_test(a_reader_that_leaves_ends_it_quietly),
		e2e_test(a_file_is_never_written_over_or_through),
		e2e_test(a_full_disk_ends_an_output_and_is_said),
		e2e_test(a_file_for_the_end_is_refused_at_the_start),
		e2e_test(a_folder_that_is_not_there_is_said_at_once),
		e2e_test(what_is_no_regular_file_is_refused_at_once),
		e2e_test(unusable_terminals_are_status_3_with_advice),
	};
	const struct CMUnitTest for_root[] = {
		e2e_test(too_many_for_the_user_is_said_and_the_rest_lives),
	};
	const struct CMUnitTest with_mounts[] = {
		e2e_test(a_full_disk_ends_what_is_written_and_is_said),
		e2e_test(without_proc_it_says_so),
		e2e_test(hidden_pids_hide_no_crew_of_ours),
	};
	struct CMUnitTest tests[ARRAY_LEN(for_all) + ARRAY_LEN(for_root) + ARRAY_LEN(with_mounts)];
	bool root = geteuid() == 0;
	size_t n = leave_out(tests, 0, for_all, ARRAY_LEN(for_all), NULL);
	n = leave_out(tests, n, for_root, ARRAY_LEN(for_root), root ? NULL : "needs root");
	n = leave_out(tests, n, with_mounts, ARRAY_LEN(with_mounts),
		!root          ? "needs root"
		: !can_mount() ? "no mount is allowed here"
			       : NULL);
	return _cmocka_run_group_tests("bad input", tests, n, make_folder, remove_folder);
}
