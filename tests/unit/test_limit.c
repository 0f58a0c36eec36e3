/* SPDX-License-Identifier: MIT
 * Which limit refused one more task, found in made-up /proc and cgroup files: the group that is full, in both versions and
 * in a container, else the kernel's own limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "limit.h"

#define V1 "30 20 0:26 / /sys/fs/cgroup/pids rw,nosuid shared:9 - cgroup cgroup rw,pids\n"
#define V1_CPU "29 20 0:25 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
#define V2 "31 20 0:27 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
#define V2_BOX "31 20 0:27 /docker/box /sys/fs/cgroup ro - cgroup2 cgroup rw\n"
#define PIDS "/sys/fs/cgroup/pids"
#define UNIFIED "/sys/fs/cgroup"

struct file {
	const char *path, *text;
};

static const struct {
	const char *name;
	struct file files[10];
	const char *limit;
} cases[] = {
	{ "version 1",
		{ { "/proc/self/mountinfo", V1_CPU V1 },
			{ "/proc/self/cgroup", "5:cpu,cpuacct:/x\n4:pids:/box\n0::/\n" },
			{ PIDS "/box/pids.max", "14\n" }, { PIDS "/box/pids.current", "14\n" } },
		"pids.max 14 of " PIDS "/box" },
	{ "version 2, above us",
		{ { "/proc/self/mountinfo", V2 }, { "/proc/self/cgroup", "0::/user/app\n" },
			{ UNIFIED "/user/app/pids.max", "max\n" },
			{ UNIFIED "/user/app/pids.current", "9\n" },
			{ UNIFIED "/user/pids.max", "20\n" },
			{ UNIFIED "/user/pids.current", "21\n" } },
		"pids.max 20 of " UNIFIED "/user" },
	{ "a container's own",
		{ { "/proc/self/mountinfo", V2_BOX }, { "/proc/self/cgroup", "0::/docker/box\n" },
			{ UNIFIED "/pids.max", "7\n" }, { UNIFIED "/pids.current", "7\n" } },
		"pids.max 7 of " UNIFIED },
	{ "a cgroup namespace",
		{ { "/proc/self/mountinfo", V2 }, { "/proc/self/cgroup", "0::/\n" },
			{ UNIFIED "/pids.max", "7\n" }, { UNIFIED "/pids.current", "7\n" } },
		"pids.max 7 of " UNIFIED },
	{ "both versions",
		{ { "/proc/self/mountinfo", V2 V1 },
			{ "/proc/self/cgroup", "4:pids:/box\n0::/other\n" },
			{ UNIFIED "/other/pids.max", "50\n" },
			{ UNIFIED "/other/pids.current", "3\n" }, { PIDS "/box/pids.max", "3\n" },
			{ PIDS "/box/pids.current", "3\n" } },
		"pids.max 3 of " PIDS "/box" },
	{ "room in all",
		{ { "/proc/self/mountinfo", V1 }, { "/proc/self/cgroup", "4:pids:/box\n" },
			{ PIDS "/box/pids.max", "14\n" }, { PIDS "/box/pids.current", "13\n" },
			{ "/proc/loadavg", "0.1 0.1 0.1 1/90 4711\n" },
			{ "/proc/sys/kernel/threads-max", "1000\n" },
			{ "/proc/sys/kernel/pid_max", "32768\n" } },
		"" },
	{ "threads-max",
		{ { "/proc/self/cgroup", "garbage\n" },
			{ "/proc/loadavg", "0.1 0.1 0.1 1/1000 4711\n" },
			{ "/proc/sys/kernel/threads-max", "1000\n" },
			{ "/proc/sys/kernel/pid_max", "32768\n" } },
		"kernel.threads-max 1000" },
	{ "pid_max",
		{ { "/proc/loadavg", "0.1 0.1 0.1 1/32500 4711\n" },
			{ "/proc/sys/kernel/threads-max", "99999\n" },
			{ "/proc/sys/kernel/pid_max", "32768\n" } },
		"kernel.pid_max 32768" },
	{ "torn files",
		{ { "/proc/self/mountinfo", "30 20 0:26 /\n - cgroup\n" V1 },
			{ "/proc/self/cgroup", "4:pids\n4:" }, { "/proc/loadavg", "" },
			{ "/proc/sys/kernel/threads-max", "" } },
		"" },
	{ "no files", { { "/empty", "" } }, "" },
};

static void write_under(const char *root, const struct file *file)
{
	char path[300];
	snprintf(path, sizeof(path), "%s%s", root, file->path);
	for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = '\0';
		mkdir(path, 0700);
	}
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	assert_true(fputs(file->text, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	return remove(path);
}

static void the_group_that_is_full_is_named(void **state)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char root[] = "/tmp/taskscope-limit-XXXXXX", out[200] = "untouched";
		assert_non_null(mkdtemp(root));
		for (const struct file *file = cases[i].files; file->path; file++)
			write_under(root, file);
		limit_of_tasks(root, out, sizeof(out));
		nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
		if (strcmp(out, cases[i].limit) != 0)
			fail_msg("%s: '%s', not '%s'", cases[i].name, out, cases[i].limit);
	}
}

#define CPU "/sys/fs/cgroup/cpu"
#define MEMORY_V1 "32 20 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
#define MEMORY "/sys/fs/cgroup/memory"

static const struct {
	const char *name;
	enum limit_kind kind;
	struct file files[8];
	const char *limit; /* "": none */
	long long room;
} rooms[] = {
	{ "tasks, version 2, the group above is tighter", LIMIT_TASKS,
		{ { "/proc/self/mountinfo", V2 }, { "/proc/self/cgroup", "0::/user/app\n" },
			{ UNIFIED "/user/app/pids.max", "100\n" },
			{ UNIFIED "/user/app/pids.current", "9\n" },
			{ UNIFIED "/user/pids.max", "20\n" },
			{ UNIFIED "/user/pids.current", "15\n" } },
		"pids.max 20 of " UNIFIED "/user", 5 },
	{ "memory, version 1", LIMIT_MEMORY,
		{ { "/proc/self/mountinfo", V1 MEMORY_V1 },
			{ "/proc/self/cgroup", "5:pids:/x\n4:memory:/box\n" },
			{ MEMORY "/box/memory.limit_in_bytes", "33554432\n" },
			{ MEMORY "/memory.limit_in_bytes", "9223372036854771712\n" } },
		"memory.limit_in_bytes 33554432 of " MEMORY "/box", 33554432 },
	{ "no limit of memory, version 1", LIMIT_MEMORY,
		{ { "/proc/self/mountinfo", MEMORY_V1 }, { "/proc/self/cgroup", "4:memory:/\n" },
			{ MEMORY "/memory.limit_in_bytes", "9223372036854771712\n" } },
		"", 0 },
	{ "memory, version 2", LIMIT_MEMORY,
		{ { "/proc/self/mountinfo", V2 }, { "/proc/self/cgroup", "0::/box\n" },
			{ UNIFIED "/box/memory.max", "1048576\n" } },
		"memory.max 1048576 of " UNIFIED "/box", 1048576 },
	{ "CPU, version 2", LIMIT_CPU,
		{ { "/proc/self/mountinfo", V2 }, { "/proc/self/cgroup", "0::/box\n" },
			{ UNIFIED "/box/cpu.max", "20000 100000\n" } },
		"cpu.max 20000 of " UNIFIED "/box", 200 },
	{ "no limit of CPU, version 2", LIMIT_CPU,
		{ { "/proc/self/mountinfo", V2 }, { "/proc/self/cgroup", "0::/box\n" },
			{ UNIFIED "/box/cpu.max", "max 100000\n" } },
		"", 0 },
	{ "CPU, version 1", LIMIT_CPU,
		{ { "/proc/self/mountinfo", V1_CPU },
			{ "/proc/self/cgroup", "5:cpu,cpuacct:/box\n" },
			{ CPU "/box/cpu.cfs_quota_us", "150000\n" },
			{ CPU "/box/cpu.cfs_period_us", "100000\n" },
			{ CPU "/cpu.cfs_quota_us", "-1\n" },
			{ CPU "/cpu.cfs_period_us", "100000\n" } },
		"cpu.cfs_quota_us 150000 of " CPU "/box", 1500 },
	{ "CPU, a period of nothing", LIMIT_CPU,
		{ { "/proc/self/mountinfo", V2 }, { "/proc/self/cgroup", "0::/\n" },
			{ UNIFIED "/cpu.max", "5 0\n" } },
		"", 0 },
	{ "torn", LIMIT_CPU,
		{ { "/proc/self/mountinfo", V1_CPU }, { "/proc/self/cgroup", "5:cpu:/box\n" },
			{ CPU "/box/cpu.cfs_quota_us", "150000\n" },
			{ CPU "/box/cpu.cfs_period_us", "" } },
		"", 0 },
};

static void the_tightest_limit_and_its_room_are_found(void **state)
{
	for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		char root[] = "/tmp/taskscope-limit-XXXXXX", out[200] = "untouched";
		long long room = -7;
		assert_non_null(mkdtemp(root));
		for (const struct file *file = rooms[i].files; file->path; file++)
			write_under(root, file);
		bool found = limit_room(root, rooms[i].kind, &room, out, sizeof(out));
		nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
		if (strcmp(out, rooms[i].limit) != 0 || found != (out[0] != '\0') ||
			(found && room != rooms[i].room))
			fail_msg("%s: %d, '%s' leaves %lld", rooms[i].name, found, out, room);
	}
}

static void an_error_names_its_resource(void **state)
{
	char out[100];
	struct rlimit before, few;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = 34;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_string_equal(limit_error(EMFILE, out, sizeof(out)),
		"Too many open files (RLIMIT_NOFILE 34: raise it with ulimit -n)");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_string_equal(limit_error(ENOENT, out, sizeof(out)), "No such file or directory");
	assert_string_equal(limit_error(ENOENT, out, 8), "No such");
}

/* With a soft limit of this process. */
static void assert_end(
	int resource, rlim_t most, int wait_status, long long cpu_s, const char *says)
{
	char out[100];
	struct rlimit before, little;
	assert_int_equal(getrlimit((__rlimit_resource_t)resource, &before), 0);
	little = (struct rlimit) { most, before.rlim_max };
	assert_int_equal(setrlimit((__rlimit_resource_t)resource, &little), 0);
	limit_of_end(wait_status, cpu_s, out, sizeof(out));
	assert_int_equal(setrlimit((__rlimit_resource_t)resource, &before), 0);
	assert_string_equal(out, says);
}

static void an_end_names_its_resource(void **state)
{
	const char *cpu = "RLIMIT_CPU 5000 may be too low: raise it with ulimit -t";
	assert_end(RLIMIT_CPU, 5000, SIGKILL, LLONG_MAX, cpu);
	assert_end(RLIMIT_CPU, 5000, SIGXCPU, LLONG_MAX, cpu);
	assert_end(RLIMIT_CPU, 5000, SIGKILL, 4999, "");
	assert_end(RLIMIT_CPU, 5000, SIGTERM, 0, "");
	assert_end(RLIMIT_CPU, RLIM_INFINITY, SIGKILL, 0, "");
	assert_end(RLIMIT_STACK, 65536, SIGSEGV, 0,
		"RLIMIT_STACK 65536 may be too low: raise it with ulimit -s");
	assert_end(RLIMIT_STACK, 8 << 20, SIGSEGV, 0, "");
	assert_end(RLIMIT_DATA, (rlim_t)1 << 40, 1 << 8, 0,
		"RLIMIT_DATA 1099511627776 may be too low: raise it with ulimit -d");
}

/* A thread that gets no memory for its stack is told EAGAIN. */
static void a_thread_without_a_stack_names_the_limit_that_leaves_least(void **state)
{
	char out[100];
	struct rlimit before[2], little;
	getrlimit(RLIMIT_STACK, &before[0]);
	getrlimit(RLIMIT_DATA, &before[1]);
	/* Nothing is refused here: a stack would not fit. */
	little = (struct rlimit) { (rlim_t)1 << 41, before[0].rlim_max };
	assert_int_equal(setrlimit(RLIMIT_STACK, &little), 0);
	assert_string_equal(limit_error(EAGAIN, out, sizeof(out)), strerror(EAGAIN));
	little = (struct rlimit) { (rlim_t)1 << 40, before[1].rlim_max };
	assert_int_equal(setrlimit(RLIMIT_DATA, &little), 0);
	assert_string_equal(limit_error(EAGAIN, out, sizeof(out)),
		"Cannot allocate memory (RLIMIT_DATA 1099511627776: raise it with ulimit -d)");
	setrlimit(RLIMIT_DATA, &before[1]);
	setrlimit(RLIMIT_STACK, &before[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_group_that_is_full_is_named),
		cmocka_unit_test(the_tightest_limit_and_its_room_are_found),
		cmocka_unit_test(an_error_names_its_resource),
		cmocka_unit_test(an_end_names_its_resource),
		cmocka_unit_test(a_thread_without_a_stack_names_the_limit_that_leaves_least),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
