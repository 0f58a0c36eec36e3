/* SPDX-License-Identifier: MIT
 * For `doctor`: tries each interface of the kernel that the program stands on, really, on a child of its own, and
 * says what the viewer loses where one is refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "area.h"
#include "internal.h"

#define MARK 0x7a5c0be5u
#define TEXT_MAX (1 << 20) /* our own smaps: one entry for each part of each library */

struct checking {
	pid_t child;
	int proc; /* the root */
	int dir; /* /proc/CHILD */
	int task; /* /proc/CHILD/task/CHILD */
	uint32_t *
		page; /* two private ones: MARK is in the first by the child, in the second since before */
	char *text; /* TEXT_MAX bytes */
	char detail[60]; /* why not, or what was found; may stay "" */
};

#define DETAIL(checking, ...) snprintf((checking)->detail, sizeof((checking)->detail), __VA_ARGS__)

static bool fail(struct checking *checking, int error)
{
	DETAIL(checking, "%s", strerror(error));
	return false;
}

/* Reads a file into checking->text, NUL-terminated. */
static bool read_text(struct checking *checking, int dir, const char *name, size_t *ret_len)
{
	ssize_t len = io_read_file(IO_CHECK, dir, checking->text, TEXT_MAX - 1, NULL, "%s", name);

	checking->text[MAX(len, 0)] = '\0';
	*ret_len = (size_t)MAX(len, 0);
	return len > 0 || fail(checking, len < 0 ? (int)-len : ENODATA);
}

/* The same for a file of one line. */
static bool read_line(struct checking *checking, const char *name)
{
	size_t len;

	if (!read_text(checking, checking->proc, name, &len))
		return false;
	checking->text[strcspn(checking->text, "\n")] = '\0';
	return true;
}

/* --- files --- */

static bool check_status(struct checking *checking)
{
	struct status_fields status = { .voluntary = UNKNOWN, .involuntary = UNKNOWN };
	size_t len;

	if (!read_text(checking, checking->task, "status", &len))
		return false;
	parse_status(checking->text, len, &status);
	if (status.voluntary == UNKNOWN || status.involuntary == UNKNOWN)
		return fail(checking, ENODATA);
	return true;
}

static bool check_schedstat(struct checking *checking)
{
	int64_t run, wait, slices;
	size_t len;

	return read_text(checking, checking->task, "schedstat", &len) &&
	       (parse_schedstat(checking->text, len, &run, &wait, &slices) == 0 ||
		       fail(checking, ENODATA));
}

static bool is_our_page(void *context, const struct mapping_sample *mapping)
{
	struct checking *checking = context;
	uint64_t address = (uint64_t)(uintptr_t)checking->page;

	if (address >= mapping->start && address < mapping->end && mapping->rss_kb > 0)
		DETAIL(checking, "found");
	return true;
}

static bool check_smaps(struct checking *checking)
{
	size_t len;

	if (!read_text(checking, checking->dir, "smaps", &len))
		return false;
	parse_smaps(checking->text, len, is_our_page, checking);
	if (!checking->detail[0])
		return fail(checking, ENODATA);
	checking->detail[0] = '\0';
	return true;
}

static bool check_rollup(struct checking *checking)
{
	struct process_sample row;
	size_t len;

	record_clear(&process_record, &row);
	return read_text(checking, checking->dir, "smaps_rollup", &len) &&
	       ((parse_rollup(checking->text, len, &row) == 0 && row.uss_kb > 0) ||
		       fail(checking, ENODATA));
}

static bool read_page_entry(struct checking *checking, off_t index, uint64_t *ret)
{
	off_t page = (off_t)((uintptr_t)checking->page / (size_t)sysconf(_SC_PAGESIZE)) + index;
	int fd = openat(checking->dir, "pagemap", O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && pread(fd, ret, sizeof(*ret), page * 8) == (ssize_t)sizeof(*ret);

	if (!ok)
		fail(checking, errno);
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool check_pagemap(struct checking *checking)
{
	uint64_t own, shared;

	if (!read_page_entry(checking, 0, &own) || !read_page_entry(checking, 1, &shared))
		return false;
	/* Where users are counted by the folio, a page that one has beside a neighbour's is not told from a shared one. */
	if (pagemap_state(own) == PAGE_OWN && pagemap_state(shared) == PAGE_SHARED)
		return true;
	DETAIL(checking, "own and shared pages are not told apart");
	return false;
}

static bool check_frames(struct checking *checking)
{
	uint64_t entry;

	if (!read_page_entry(checking, 0, &entry))
		return false;
	return pagemap_frame(entry) != UNKNOWN || fail(checking, EPERM);
}

static bool check_mem(struct checking *checking)
{
	int fd = openat(checking->dir, "mem", O_RDONLY | O_CLOEXEC);
	uint32_t value = 0;
	bool ok = fd >= 0 && pread(fd, &value, sizeof(value), (off_t)(uintptr_t)checking->page) ==
				     (ssize_t)sizeof(value);

	if (!ok)
		fail(checking, errno);
	if (fd >= 0)
		close(fd);
	return ok && (value == MARK || fail(checking, EIO));
}

static bool check_syscall(struct checking *checking)
{
	size_t len;

	if (!read_text(checking, checking->task, "syscall", &len))
		return false;
	if (checking->text[0] >= '0' && checking->text[0] <= '9')
		return true;
	DETAIL(checking, "no registers of a task that sleeps");
	return false;
}

static bool check_wchan(struct checking *checking)
{
	size_t len;

	return read_text(checking, checking->task, "wchan", &len) &&
	       (checking->text[0] != '0' || fail(checking, ENODATA));
}

/* --- system calls --- */

static bool check_kcmp(struct checking *checking)
{
	long order = syscall(SYS_kcmp, getpid(), checking->child, KCMP_VM, 0, 0);

	if (order < 0)
		return fail(checking, errno);
	return order != 0 || fail(checking, EIO); /* two processes do not share their memory */
}

static bool check_perf(struct checking *checking)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY,
		.context_switch = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	long fd = syscall(SYS_perf_event_open, &attr, checking->child, -1, -1,
		(unsigned long)PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		return fail(checking, errno);
	close((int)fd);
	return true;
}

/* Runs one trial in a child, for what would change us; it reports an errno. */
static bool check_in_child(struct checking *checking, int (*trial)(void))
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		alarm(2);
		_exit(trial());
	}
	if (child < 0)
		return fail(checking, errno);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status))
		DETAIL(checking, "the trial died by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status))
		fail(checking, WEXITSTATUS(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int try_seccomp(void)
{
	uint32_t action = SECCOMP_RET_KILL_PROCESS;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return errno;
	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) < 0 ? errno : 0;
}

static int try_personality(void)
{
	return personality(ADDR_NO_RANDOMIZE) < 0 ? errno : 0;
}

static int try_userfaultfd(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	long fd = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	return fd < 0 || ioctl((int)fd, UFFDIO_API, &api) < 0 ? errno : 0;
}

static int try_own_session(void)
{
	return setsid() < 0 ? errno : 0;
}

static bool check_seccomp(struct checking *checking)
{
	return check_in_child(checking, try_seccomp);
}

static bool check_personality(struct checking *checking)
{
	return check_in_child(checking, try_personality);
}

static bool check_userfaultfd(struct checking *checking)
{
	return check_in_child(checking, try_userfaultfd);
}

static bool check_pidfd(struct checking *checking)
{
	long fd = syscall(SYS_pidfd_open, checking->child, 0);

	if (fd < 0)
		return fail(checking, errno);
	close((int)fd);
	return true;
}

/* --- how the machine is set --- */

/* A setting that is a number, at most `most` for those who are not root. */
static bool check_level(struct checking *checking, const char *name, int64_t most)
{
	int64_t level;

	if (!read_line(checking, name))
		return false;
	DETAIL(checking, "%.40s", checking->text);
	return parse_integer(checking->text, INT32_MIN, INT32_MAX, &level) == 0 &&
	       (geteuid() == 0 || level <= most);
}

static bool check_paranoid(struct checking *checking)
{
	return check_level(checking, "sys/kernel/perf_event_paranoid", 2);
}

static bool check_yama(struct checking *checking)
{
	if (faccessat(checking->proc, "sys/kernel/yama", F_OK, 0) == 0)
		return check_level(checking, "sys/kernel/yama/ptrace_scope", 1);
	DETAIL(checking, "this kernel has no Yama");
	return true;
}

static bool check_hidepid(struct checking *checking)
{
	char *option, *line;
	size_t len;

	if (!read_text(checking, checking->proc, "self/mountinfo", &len))
		return false;
	line = strstr(checking->text, " - proc ");
	option = line ? strstr(line, "hidepid=") : NULL;
	if (!option || option > line + strcspn(line, "\n") || strchr("0o", option[8]))
		return true;
	DETAIL(checking, "hidepid=%c", option[8]);
	return geteuid() == 0;
}

static bool check_autogroup(struct checking *checking)
{
	if (!read_line(checking, "sys/kernel/sched_autogroup_enabled"))
		return false;
	if (checking->text[0] == '1')
		return check_in_child(checking, try_own_session);
	DETAIL(checking, "switched off");
	return false;
}

static bool check_core_pattern(struct checking *checking)
{
	if (!read_line(checking, "sys/kernel/core_pattern"))
		return false;
	if (checking->text[0] == '|')
		DETAIL(checking, "piped to a program; our workers dump no core");
	return true;
}

static bool check_libproc(struct checking *checking)
{
	struct libproc *libproc = libproc_create();
	struct slot_head head = { 0 };
	struct process_sample row;
	struct machine_sample machine = { -1, -1, UNKNOWN, UNKNOWN, UNKNOWN };
	int32_t pid = checking->child;
	int error = libproc_processes(libproc, &pid, 1, &row);

	libproc_machine(libproc, &head, &machine);
	libproc_destroy(libproc);
	if (error || head.gaps.n)
		return fail(checking, error ? -error : head.gaps.gap[0].error);
	return (row.pid == pid && row.ppid == getpid()) || fail(checking, ENODATA);
}

/* --- all of them --- */

static const struct checked {
	const char *what;
	bool (*check)(struct checking *checking);
	const char *lost;
} checks[] = {
	{ "task/TID/status", check_status, "no voluntary and involuntary switches" },
	{ "task/TID/schedstat", check_schedstat, "no run and wait times" },
	{ "smaps", check_smaps, "no memory maps" },
	{ "smaps_rollup", check_rollup, "no proportional and unique set sizes" },
	{ "libproc2", check_libproc, "no faults, no load, no system-wide switches" },
	{ "pagemap", check_pagemap, "no view of single pages" },
	{ "pagemap frame numbers", check_frames, "pages are not matched by frame" },
	{ "kcmp", check_kcmp, "no table of what two tasks share" },
	{ "PID/mem", check_mem, "no look at the shared variable in place" },
	{ "task/TID/syscall", check_syscall, "no stack pointers of tasks that sleep" },
	{ "task/TID/wchan", check_wchan, "not known what a task waits in" },
	{ "perf_event_open", check_perf, "no record of each switch, rates only" },
	{ "perf_event_paranoid", check_paranoid, "switch records are for root" },
	{ "ptrace_scope", check_yama, "no look into programs that are not ours" },
	{ "hidepid", check_hidepid, "no other user's processes" },
	{ "autogroup", check_autogroup, "many spinning workers can slow the screen" },
	{ "pidfd_open", check_pidfd, "ends of processes are noticed later" },
	{ "seccomp", check_seccomp, "workers run without a fence" },
	{ "personality ADDR_NO_RANDOMIZE", check_personality,
		"addresses differ between the sides" },
	{ "userfaultfd", check_userfaultfd, "no stepping through page faults" },
	{ "core_pattern", check_core_pattern, "not known what a crash leaves" },
};
_Static_assert(ARRAY_LEN(checks) <= CHECKS_MAX, "CHECKS_MAX is too small");

/* The child: writes its page, says so by ending the pipe, and sleeps until it is killed. */
static void be_looked_at(struct checking *checking, int ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	*checking->page = MARK;
	close(ready);
	for (;;)
		pause();
}

static bool start_child(struct checking *checking)
{
	int pipes[2];
	char name[48], byte;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return false;
	checking->child = fork();
	if (checking->child == 0) {
		close(pipes[0]);
		be_looked_at(checking, pipes[1]);
	}
	close(pipes[1]);
	while (checking->child > 0 && read(pipes[0], &byte, 1) < 0 && errno == EINTR)
		;
	close(pipes[0]);
	snprintf(name, sizeof(name), "%d", (int)checking->child);
	checking->dir = openat(checking->proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(name, sizeof(name), "%d/task/%d", (int)checking->child, (int)checking->child);
	checking->task = openat(checking->proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return checking->child > 0;
}

static void end_child(struct checking *checking)
{
	if (checking->child > 0) {
		kill(checking->child, SIGKILL);
		while (waitpid(checking->child, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (checking->dir >= 0)
		close(checking->dir);
	if (checking->task >= 0)
		close(checking->task);
}

/* The child sleeps a moment after it said that it is ready: until then it has no registers to show. */
static void await_sleep(struct checking *checking)
{
	struct stat_fields stat = { .state = '?' };
	size_t len;

	for (int tries = 0; tries < 1000 && stat.state != 'S'; tries++) {
		if (!read_text(checking, checking->task, "stat", &len))
			break;
		parse_stat(checking->text, len, &stat);
		sched_yield();
	}
}

size_t source_check(struct source_check *ret, size_t n)
{
	struct checking checking = { .dir = -1, .task = -1 };
	struct procfs fs;
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);

	procfs_init(&fs, NULL);
	n = MIN(n, ARRAY_LEN(checks));
	checking.proc = fs.root;
	checking.text = xcalloc(1, TEXT_MAX);
	checking.page = mmap(
		NULL, 2 * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (checking.page != MAP_FAILED)
		checking.page[page_size / sizeof(*checking.page)] = MARK;
	if (checking.page == MAP_FAILED || !start_child(&checking))
		n = 0;
	await_sleep(&checking);
	for (size_t i = 0; i < n; i++) {
		checking.detail[0] = '\0';
		ret[i] = (struct source_check) { .ok = checks[i].check(&checking) };
		snprintf(ret[i].what, sizeof(ret[i].what), "%s", checks[i].what);
		snprintf(ret[i].lost, sizeof(ret[i].lost), "%s%s%s", checking.detail,
			ret[i].ok || !checking.detail[0] ? "" : ": ",
			ret[i].ok ? "" : checks[i].lost);
	}
	end_child(&checking);
	if (checking.page != MAP_FAILED)
		munmap(checking.page, 2 * page_size);
	free(checking.text);
	procfs_finish(&fs);
	return n;
}
