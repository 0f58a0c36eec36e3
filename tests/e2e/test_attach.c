/* SPDX-License-Identifier: MIT
 * Programs that run, looked at by the whole program: a tree of known shape, births and ends, what other users may see, what is
 * refused, and that nobody is touched.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"
#include "lines.h"

#define TWIN "taskscope-twin"
#define LIFE_S 60
#define NOBODY 65534

/* --- a tree: a server with two more threads, two workers, and a child of the first --- */

struct tree {
	pid_t server;
	int32_t thread; /* one of the server's others */
};

static void *rest(void *ready)
{
	if (ready) {
		int32_t tid = (int32_t)syscall(SYS_gettid);

		(void)!write(*(int *)ready, &tid, sizeof(tid));
	}
	for (;;)
		pause();
	return NULL;
}

static void become(const char *name)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(LIFE_S);
	prctl(PR_SET_NAME, name);
}

/* Its children have children of their own: generations below it. */
static void fork_child(const char *name, int generations, int ready)
{
	const int32_t none = 0;

	if (fork() != 0)
		return;
	become(name);
	if (generations > 0)
		fork_child(name, generations - 1, ready);
	(void)!write(ready, &none, sizeof(none));
	rest(NULL);
}

static void serve(int ready)
{
	pthread_t thread;

	become("server");
	pthread_create(&thread, NULL, rest, &ready);
	pthread_create(&thread, NULL, rest, &ready);
	fork_child("worker", 1, ready);
	fork_child("worker", 0, ready);
	rest(NULL);
}

/* Processes that say when they are there: n of them, or threads. The last TID that is not 0 is kept. */
static int32_t await_ready(int ready, int n)
{
	int32_t tid = 0, said;

	for (int i = 0; i < n; i++) {
		assert_int_equal(read(ready, &said, sizeof(said)), sizeof(said));
		tid = said ? said : tid;
	}
	return tid;
}

static struct tree plant(void)
{
	struct tree tree;
	int ready[2];

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	tree.server = fork();
	if (tree.server == 0)
		serve(ready[1]);
	tree.thread = await_ready(ready[0], 5);
	close(ready[0]);
	close(ready[1]);
	return tree;
}

static void fell(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	/* We take over its children, and theirs. */
	while (waitpid(-1, NULL, WNOHANG) >= 0)
		poll(NULL, 0, 5);
}

/* --- runs --- */

static char *text_of(int32_t id)
{
	static char texts[8][16];
	static int next;
	char *text = texts[next++ % 8];

	snprintf(text, sizeof(texts[0]), "%d", id);
	return text;
}

static json_t *last_of(const struct run *run)
{
	json_t *lines = lines_of(run), *last;

	assert_true(json_array_size(lines) > 0);
	last = json_incref(json_array_get(lines, json_array_size(lines) - 1));
	json_decref(lines);
	return last;
}

static json_t *group_of(const json_t *line, size_t side)
{
	return json_object_get(side_of(line, side), "group");
}

static size_t tasks_of(const json_t *line, size_t side)
{
	return json_array_size(json_object_get(side_of(line, side), "tasks"));
}

static void check_tree(const json_t *line)
{
	assert_string_equal(text_in(group_of(line, 0), "title"), "server");
	assert_string_equal(text_in(group_of(line, 0), "state"), "living");
	assert_int_equal(integer_in(group_of(line, 0), "processes"), 4);
	assert_int_equal(integer_in(group_of(line, 0), "threads"), 6);
	assert_int_equal(tasks_of(line, 0), 6);
	assert_int_equal(integer_in(json_object_get(side_of(line, 0), "totals"), "processes"), 4);
}

static void a_tree_is_shown_with_all_its_tasks_and_replayed(void **state)
{
	const struct tree tree = plant();
	const char *record = in_folder("tree.jsonl");
	struct run ret;
	json_t *line;

	run_program(&ret, "attach", "--json", "--interval", "200", "--for", "1.5", "--record",
		record, text_of(tree.server));
	run_assert_status(&ret, 0);
	line = last_of(&ret);
	check_tree(line);
	assert_int_equal(integer_in(group_of(line, 0), "births"), 0);
	json_decref(line);
	run_finish(&ret);
	run_program(&ret, "replay", record, "--json");
	run_assert_status(&ret, 0);
	line = last_of(&ret);
	check_tree(line);
	json_decref(line);
	run_finish(&ret);
	/* Rows fold as in attach itself: the server has two more threads. */
	run_program(&ret, "replay", record, "--plain", "--pane", "workers", "--keys", "FF");
	run_assert_status(&ret, 0);
	assert_non_null(strstr(ret.out.text, "×3"));
	run_finish(&ret);
	fell(tree.server);
}

static void a_thread_and_the_nearest_target_decide(void **state)
{
	const struct tree tree = plant();
	struct run ret;
	json_t *line;

	run_program(
		&ret, "attach", "--json", "--for", "0.5", "--no-children", text_of(tree.thread));
	run_assert_status(&ret, 0);
	line = last_of(&ret);
	assert_non_null(strstr(text_in(group_of(line, 0), "note"), "is a thread of"));
	assert_int_equal(integer_in(group_of(line, 0), "processes"), 1);
	assert_int_equal(tasks_of(line, 0), 3);
	json_decref(line);
	run_finish(&ret);
	/* "--" stands between sides; a process is of the nearest target: neither worker is the server's then. */
	run_program(
		&ret, "attach", "--json", "--for", "0.5", text_of(tree.server), "--", "worker*");
	run_assert_status(&ret, 0);
	line = last_of(&ret);
	assert_int_equal(integer_in(group_of(line, 0), "processes"), 1);
	assert_int_equal(integer_in(group_of(line, 1), "processes"), 3);
	assert_int_equal(integer_in(group_of(line, 1), "roots"), 2);
	json_decref(line);
	run_finish(&ret);
	fell(tree.server);
}

/* A child each 100 ms, some of which end. */
static void breed(void)
{
	become("breeder");
	for (int i = 0;; i++) {
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			alarm(LIFE_S);
			if (i % 2)
				rest(NULL);
			poll(NULL, 0, 300);
			_exit(0);
		}
		poll(NULL, 0, 100);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}

static void births_and_ends_are_counted(void **state)
{
	pid_t pid = fork();
	struct run ret;
	json_t *line, *group;

	if (pid == 0)
		breed();
	run_program(&ret, "attach", "--json", "--interval", "50", "--for", "3", text_of(pid));
	run_assert_status(&ret, 0);
	line = last_of(&ret);
	group = group_of(line, 0);
	assert_true(integer_in(group, "births") > 2);
	assert_true(integer_in(group, "ended") > 0);
	assert_int_equal(integer_in(group, "threads"), tasks_of(line, 0));
	assert_string_equal(text_in(group, "births_by"), "scan of PPid");
	json_decref(line);
	run_finish(&ret);
	fell(pid);
}

static pid_t start_twin(int ready)
{
	const int32_t none = 0;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	become(TWIN);
	(void)!write(ready, &none, sizeof(none));
	rest(NULL);
	return 0;
}

/* fell waits until no child is left. */
static void fell_both(const pid_t twins[2])
{
	kill(twins[0], SIGKILL);
	fell(twins[1]);
}

/* Two are found by what their names have in common, put on a side each, and attached. */
static void without_a_target_programs_are_picked_from_a_list(void **state)
{
	const char *const argv[] = { program_path(), "attach", NULL };
	pid_t twins[2];
	int ready[2];
	struct run ret;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	for (int i = 0; i < 2; i++) {
		twins[i] = start_twin(ready[1]);
		await_ready(ready[0], 1);
	}
	struct tty *tty = tty_start(24, 100, NULL, argv);

	tty_assert_text(tty, "which programs?");
	tty_keys(tty, TWIN);
	tty_assert_text(tty, "2 of ");
	tty_keys(tty, "\t\t \033[B\033[C"); /* by PID: the first left, the second right */
	tty_assert_text(tty, "▸");
	tty_keys(tty, "\r");
	tty_assert_text(tty, "attach  " TWIN " | " TWIN);
	tty_assert(tty, tty_wait_row(tty, text_of(twins[0]), text_of(twins[1])));
	tty_keys(tty, "q");
	tty_assert(tty, tty_wait_end(tty, WAIT_MS) == 0);
	tty_assert(tty, !tty_unrestored(tty));
	tty_close(tty);
	tty = tty_start(24, 100, NULL, argv);
	tty_assert_text(tty, "which programs?");
	tty_keys(tty, "q");
	tty_assert(tty, tty_wait_end(tty, WAIT_MS) == 0);
	tty_assert(tty, !tty_unrestored(tty));
	tty_close(tty);
	run_program(&ret, "attach");
	run_assert_status(&ret, 2);
	run_assert_says(&ret, "attach needs a target");
	run_finish(&ret);
	fell_both(twins);
	close(ready[0]);
	close(ready[1]);
}

static void what_is_no_target_is_refused_with_status_2(void **state)
{
	int ready[2];
	struct run ret;
	pid_t twins[2], zombie;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	for (int i = 0; i < 2; i++)
		twins[i] = start_twin(ready[1]);
	await_ready(ready[0], 2);
	zombie = fork();
	if (zombie == 0)
		_exit(0);
	assert_int_equal(waitid(P_PID, (id_t)zombie, &(siginfo_t) { 0 }, WEXITED | WNOWAIT), 0);
	const struct {
		const char *target, *other;
		const char *says;
	} refused[] = {
		{ TWIN, NULL, text_of(twins[0]) },
		{ TWIN, NULL, text_of(twins[1]) },
		{ TWIN, NULL, "threads  command" },
		{ text_of(zombie), NULL, "zombie" },
		{ "no-such-program", NULL, "no process of the name 'no-such-program'" },
		{ "no-such-program*", NULL, "no process whose name begins like" },
		{ "unit:no-such.service", NULL, "no process is in" },
		{ "cgroup:no/slash", NULL, "begins with '/'" },
		{ "2147483647", NULL, "there is no process" },
		{ "4294967296", NULL, "a PID is from 1" },
		{ "", NULL, "empty" },
		{ text_of(twins[0]), text_of(twins[0]), "stands on both sides" },
	};
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		if (refused[i].other)
			run_program(&ret, "attach", "--json", refused[i].target, "--",
				refused[i].other);
		else
			run_program(&ret, "attach", "--json", refused[i].target);
		run_assert_status(&ret, 2);
		run_assert_says(&ret, refused[i].says);
		assert_int_equal(ret.out.len, 0);
		run_finish(&ret);
	}
	waitpid(zombie, NULL, 0);
	close(ready[0]);
	close(ready[1]);
	fell_both(twins);
}

static void a_name_is_waited_for_and_its_end_ends_the_run(void **state)
{
	pid_t pid = fork();
	struct run ret;
	json_t *lines, *line;
	bool waited = false, lived = false;
	size_t i;

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		poll(NULL, 0, 600);
		prctl(PR_SET_NAME, "late-comer");
		poll(NULL, 0, 1000);
		_exit(0);
	}
	run_program(&ret, "attach", "--json", "--wait", "--interval", "100", "--for", "30",
		"late-comer");
	waitpid(pid, NULL, 0);
	run_assert_status(&ret, 0);
	lines = lines_of(&ret);
	json_array_foreach(lines, i, line)
	{
		waited |= strcmp(text_in(group_of(line, 0), "state"), "waiting") == 0;
		lived |= strcmp(text_in(group_of(line, 0), "state"), "living") == 0;
	}
	assert_true(waited && lived);
	json_decref(lines);
	run_finish(&ret);
}

/* --- what is not as usual is said --- */

static const char *name_of(pid_t pid)
{
	static char name[32];
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	struct buf text = read_file(path);

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(text.text, "\n"), text.text);
	buf_finish(&text);
	return name;
}

static void end_main_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, rest, NULL);
	pthread_exit(NULL);
}

static void run_deleted_file(void)
{
	const char *path = in_folder("sleeper");
	struct buf content = read_file("/bin/sleep");

	write_file(path, content.text, content.len);
	chmod(path, 0755);
	execl(path, path, "60", NULL);
}

static void lend_memory(void)
{
	if (vfork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		sleep(LIFE_S);
		_exit(0);
	}
}

static int refuse_kcmp(void)
{
	return child_refuse_call(SYS_kcmp, EPERM);
}

static void what_is_unusual_with_a_process_is_said(void **state)
{
	static const struct {
		void (*live)(void);
		const char *says;
	} unusual[] = { { end_main_thread, " · main thread ended: " },
		{ run_deleted_file, " · runs a deleted file: " },
		{ lend_memory, " · perhaps one address space: " } };

	for (size_t i = 0; i < ARRAY_LEN(unusual); i++) {
		const char *argv[] = { program_path(), "attach", "--plain", "--size", "200x40",
			"--for", "3", NULL, NULL };
		pid_t pid = fork();
		struct run ret;

		if (pid == 0) {
			become("unusual");
			unusual[i].live();
			rest(NULL);
		}
		argv[7] = text_of(pid);
		if (unusual[i].live == run_deleted_file) {
			while (strcmp(name_of(pid), "sleeper") != 0)
				poll(NULL, 0, 1);
			unlink(in_folder("sleeper"));
		}
		run(&(struct run_options) { .argv = argv, .prepare = refuse_kcmp }, &ret);
		run_assert_status(&ret, 0);
		run_assert_says(&ret, unusual[i].says);
		run_finish(&ret);
		fell(pid);
	}
}

static int as_nobody(void)
{
	return setgid(NOBODY) || setuid(NOBODY);
}

/* What the kernel keeps from other users is null with a reason; what it tells is there. */
static void another_users_process_is_shown_as_far_as_it_may_be(void **state)
{
	const struct tree tree = plant();
	const char *program = in_folder("taskscope");
	const char *argv[] = { program, "attach", "--json", "--for", "2.5", text_of(tree.server),
		NULL };
	const char *shown[] = { program, "attach", "--plain", "--pane", "sharing", "--for", "1.5",
		argv[5], NULL };
	const char *const env[] = { "ASAN_OPTIONS=detect_leaks=0", NULL };
	struct buf content = read_file(program_path());
	struct run ret;
	json_t *line, *task;
	char key[48];
	size_t i;

	chmod(folder, 0755);
	write_file(program, content.text, content.len);
	buf_finish(&content);
	chmod(program, 0755);
	run(&(struct run_options) { .argv = argv, .env = env, .prepare = as_nobody }, &ret);
	run_assert_status(&ret, 0);
	line = last_of(&ret);
	check_tree(line);
	assert_true(json_is_null(
		json_object_get(json_object_get(side_of(line, 0), "totals"), "sum_pss_kb")));
	snprintf(key, sizeof(key), "%d/smaps_rollup", tree.server);
	assert_string_equal(reason_of(line, key), "owned by root");
	json_array_foreach(json_object_get(side_of(line, 0), "tasks"), i, task)
		assert_true(json_is_integer(json_object_get(task, "voluntary")));
	json_decref(line);
	run_finish(&ret);
	/* And on the screen nothing is concluded from what is not known. */
	run(&(struct run_options) { .argv = shown, .env = env, .prepare = as_nobody }, &ret);
	run_assert_status(&ret, 0);
	run_assert_says(&ret, ": not known of all");
	assert_null(strstr(ret.out.text, "1 of each"));
	run_finish(&ret);
	fell(tree.server);
}

static int setup(void **state)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return make_folder(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_is_shown_with_all_its_tasks_and_replayed),
		cmocka_unit_test(a_thread_and_the_nearest_target_decide),
		cmocka_unit_test(births_and_ends_are_counted),
		cmocka_unit_test(without_a_target_programs_are_picked_from_a_list),
		cmocka_unit_test(what_is_no_target_is_refused_with_status_2),
		cmocka_unit_test(a_name_is_waited_for_and_its_end_ends_the_run),
		cmocka_unit_test(what_is_unusual_with_a_process_is_said),
		/* the last one: only root can be somebody else */
		cmocka_unit_test(another_users_process_is_shown_as_far_as_it_may_be),
	};

	return _cmocka_run_group_tests(
		"attach", tests, ARRAY_LEN(tests) - (geteuid() != 0), setup, NULL);
}
