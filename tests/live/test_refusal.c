/* SPDX-License-Identifier: MIT
 * What the kernel refuses to show, and what the source then says. Without root nobody can be somebody else: then only the
 * tests that can be made are in the table.
 */
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "children.h"

/* --- tests: what may not be seen (these need root, to be somebody else) --- */

#define NOBODY 12345

/* Runs the body in a child that may not look at root's processes; it reports the number of the claim that failed. */
static void assert_as_nobody(
	int (*body)(pid_t target, const char *root), pid_t target, const char *root)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		alarm(20);
		_exit(setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0
				? 99
				: body(target, root));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* VmRSS of status; -1. */
static int64_t resident_kb(pid_t pid)
{
	char path[64], line[256];
	long long kb = -1;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	FILE *file = fopen(path, "re");

	while (file && kb < 0 && fgets(line, sizeof(line), file))
		(void)sscanf(line, "VmRSS: %lld kB", &kb);
	if (file)
		fclose(file);
	return kb;
}

static int look_at_root(pid_t target, const char *root)
{
	struct fixture f = open_source(true);
	int32_t pids[] = { target };

	watch(&f, target);
	live_set_needs(f.live, NEED_TASKS | NEED_PROCESSES | NEED_MAPPINGS, pids, 1);
	const struct process_sample *row = await_process(&f, target, false);
	if (row->pss_kb != UNKNOWN || row->minor_faults == UNKNOWN || row->vm_size_kb == UNKNOWN)
		return 1;
	/* Of status, which is open to all. */
	if (row->rss_kb == UNKNOWN || row->rss_kb != resident_kb(target))
		return 4;
	/* The counters are there for everybody. */
	if (!find_task(&f, target) || find_task(&f, target)->voluntary == UNKNOWN)
		return 2;
	for (size_t i = 0; i < 2; i++) {
		const struct gap_sample *gap = find_gap(&f, target, i ? "smaps" : "smaps_rollup");
		if (!gap || gap->error != EACCES || strcmp(gap->reason, "owned by root") != 0)
			return 3;
	}
	close_source(&f);
	return 0;
}

static void a_process_of_root_is_refused_with_a_reason(void **state)
{
	pid_t child = start(pause_for_ever);

	assert_as_nobody(look_at_root, child, NULL);
	end(child);
}

static void hide_and_pause(void)
{
	prctl(PR_SET_DUMPABLE, 0);
	pause_for_ever();
}

static int look_at_hidden(pid_t target, const char *root)
{
	pid_t child = start(hide_and_pause);
	struct fixture f = open_source(true);
	const struct gap_sample *gap;

	await_state(child, 'S');
	watch(&f, child);
	live_set_needs(f.live, NEED_TASKS | NEED_PROCESSES, NULL, 0);
	await_process(&f, child, false);
	gap = find_gap(&f, child, "smaps_rollup");
	bool ok =
		gap && strstr(gap->reason, "not dumpable") && find_task(&f, child)->voluntary >= 0;
	end(child);
	close_source(&f);
	return !ok;
}

static void a_process_that_is_not_dumpable_is_refused_with_a_reason(void **state)
{
	assert_as_nobody(look_at_hidden, 0, NULL);
}

static int look_through_hidepid(pid_t target, const char *root)
{
	struct live *live = live_create(&(struct source_options) { .root = root });
	struct fixture f = { .live = live };
	const struct gap_sample *gap;

	watch(&f, target);
	read_now(&f);
	gap = find_gap(&f, target, "task");
	if (f.sample.tasks.n || !gap || strcmp(gap->reason, "hidden by hidepid") != 0)
		return 1;
	/* One that is not there is absent, and no gap. */
	live_set_targets(live, &(struct target) { .pid = INT32_MAX - 1 }, 1);
	read_now(&f);
	close_source(&f);
	return f.sample.gaps.n ? 2 : 0;
}

static void what_hidepid_hides_is_told(void **state)
{
	char root[] = "/tmp/taskscope-hidepid.XXXXXX";
	pid_t child = start(pause_for_ever);
	int status;

	assert_non_null(mkdtemp(root));
	assert_int_equal(chmod(root, 0755), 0);
	pid_t pid = fork();
	if (pid == 0) {
		/* In a mount namespace of its own, which goes with it. */
		if (unshare(CLONE_NEWNS) < 0 ||
			mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
			mount("proc", root, "proc", 0, "hidepid=2") < 0)
			_exit(98);
		if (setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0)
			_exit(99);
		_exit(look_through_hidepid(child, root));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	rmdir(root);
	end(child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* Even root may be forbidden to: in a container. */
static bool can_mount(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(unshare(CLONE_NEWNS) < 0 ||
			mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
			mount("proc", "/mnt", "proc", 0, "hidepid=2") < 0);
	return waitpid(pid, &status, 0) == pid && status == 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_of_root_is_refused_with_a_reason),
		cmocka_unit_test(a_process_that_is_not_dumpable_is_refused_with_a_reason),
		cmocka_unit_test(what_hidepid_hides_is_told),
	};

	if (geteuid() != 0) {
		puts("1..0 # SKIP only root can become somebody else");
		return 0;
	}
	/* The last one needs a mount, too. */
	size_t n = ARRAY_LEN(tests) - !can_mount();
	if (n < ARRAY_LEN(tests))
		puts("# no mount is allowed here: what_hidepid_hides_is_told is left out");
	return _cmocka_run_group_tests("refusal", tests, n, NULL, NULL);
}
