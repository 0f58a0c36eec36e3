/* SPDX-License-Identifier: MIT
 * For `doctor`: tries each interface of the kernel that the program stands on, really, on a child of its own, and
 * says what the viewer loses where one is refused.
 */
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "area.h"
#include "check.h"

#define MARK 0x7a5c0be5u
#define TEXT_MAX (1 << 20) /* our own smaps: one entry for each part of each library */

bool checking_fail(struct checking *checking, int error)
{
	DETAIL(checking, "%s", strerror(error));
	return false;
}

bool checking_read(struct checking *checking, int dir, const char *name)
{
	ssize_t len = io_read_file(IO_CHECK, dir, checking->text, TEXT_MAX - 1, NULL, "%s", name);

	checking->len = (size_t)MAX(len, 0);
	checking->text[checking->len] = '\0';
	return len > 0 || checking_fail(checking, len < 0 ? (int)-len : ENODATA);
}

bool checking_read_line(struct checking *checking)
{
	if (!checking_read(checking, checking->proc, checking->row->file))
		return false;
	checking->text[strcspn(checking->text, "\n")] = '\0';
	return true;
}

/* --- files of the child --- */

static bool is_status(struct checking *checking)
{
	struct status_fields status = { .voluntary = UNKNOWN, .involuntary = UNKNOWN };

	parse_status(checking->text, checking->len, &status);
	return status.voluntary != UNKNOWN && status.involuntary != UNKNOWN;
}

static bool is_schedstat(struct checking *checking)
{
	int64_t run, wait, slices;

	return parse_schedstat(checking->text, checking->len, &run, &wait, &slices) == 0;
}

static bool is_our_page(void *context, const struct mapping_sample *mapping)
{
	struct checking *checking = context;
	uint64_t address = (uint64_t)(uintptr_t)checking->page;

	if (address >= mapping->start && address < mapping->end && mapping->rss_kb > 0)
		checking->len = 0;
	return checking->len > 0;
}

static bool is_smaps(struct checking *checking)
{
	parse_smaps(checking->text, checking->len, is_our_page, checking);
	return checking->len == 0; /* found */
}

static bool is_rollup(struct checking *checking)
{
	struct process_sample row;

	record_clear(&process_record, &row);
	return parse_rollup(checking->text, checking->len, &row) == 0 && row.uss_kb > 0;
}

static bool is_syscall(struct checking *checking)
{
	if (checking->text[0] >= '0' && checking->text[0] <= '9')
		return true;
	DETAIL(checking, "no registers of a task that sleeps");
	return false;
}

static bool is_wchan(struct checking *checking)
{
	return checking->text[0] != '0';
}

static bool check_text(struct checking *checking)
{
	const struct checked *row = checking->row;
	bool of_task = strncmp(row->what, "task/", 5) == 0;

	if (!checking_read(checking, of_task ? checking->task : checking->dir, row->file))
		return false;
	return row->is_right(checking) || checking->detail[0] || checking_fail(checking, ENODATA);
}

/* Some bytes of a file of the child. */
static bool read_bytes(
	struct checking *checking, const char *name, void *into, size_t size, uint64_t at)
{
	int fd = io_open(IO_CHECK, checking->dir, O_RDONLY, "%s", name);
	ssize_t len = fd < 0 ? fd : io_read(IO_CHECK, fd, into, size, at);

	close_fd(&fd);
	return len == (ssize_t)size || checking_fail(checking, len < 0 ? (int)-len : ENODATA);
}

static bool read_page_entry(struct checking *checking, uint64_t index, uint64_t *ret)
{
	uint64_t page = (uintptr_t)checking->page / (size_t)sysconf(_SC_PAGESIZE) + index;

	return read_bytes(checking, "pagemap", ret, sizeof(*ret), page * 8);
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

	return read_page_entry(checking, 0, &entry) &&
	       (pagemap_frame(entry) != UNKNOWN || checking_fail(checking, EPERM));
}

static bool check_mem(struct checking *checking)
{
	uint32_t value = 0;

	return read_bytes(checking, "mem", &value, sizeof(value), (uintptr_t)checking->page) &&
	       (value == MARK || checking_fail(checking, EIO));
}

/* --- system calls --- */

/* Two processes do not share their memory. */
static int try_kcmp(struct checking *checking)
{
	const int32_t tid[2] = { getpid(), checking->child };
	int order = 0, error = io_kcmp(IO_CHECK, tid, KCMP_VM, (int32_t[2]) { 0 }, &order);

	return error || order ? error : -EIO;
}

int checking_perf(struct checking *checking)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY,
		.context_switch = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};

	return (int)IO_CALL(IO_CHECK, syscall(SYS_perf_event_open, &attr, checking->child, -1, -1,
					      (unsigned long)PERF_FLAG_FD_CLOEXEC));
}

static int try_pidfd(struct checking *checking)
{
	return (int)IO_CALL(IO_CHECK, syscall(SYS_pidfd_open, checking->child, 0));
}

static bool check_call(struct checking *checking)
{
	int result = checking->row->attempt(checking);

	if (result > 0)
		close(result);
	return result >= 0 || checking_fail(checking, -result);
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

bool checking_in_child(struct checking *checking)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		alarm(2);
		_exit(checking->row->trial());
	}
	if (child < 0)
		return checking_fail(checking, errno);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status))
		DETAIL(checking, "the trial died by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status))
		checking_fail(checking, WEXITSTATUS(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool check_libproc(struct checking *checking)
{
	struct libproc *libproc = libproc_create();
	struct process_sample row;
	int32_t pid = checking->child;
	int error = libproc_processes(libproc, &pid, 1, &row);

	libproc_destroy(libproc);
	if (error)
		return checking_fail(checking, -error);
	return (row.pid == pid && row.ppid == getpid()) || checking_fail(checking, ENODATA);
}

static bool check_machine(struct checking *checking)
{
	struct libproc *libproc = libproc_create();
	struct slot_head head = { 0 };
	struct machine_sample machine = { -1, -1, UNKNOWN, UNKNOWN, UNKNOWN };

	libproc_machine(libproc, &head, &machine);
	libproc_destroy(libproc);
	if (head.gaps.n)
		DETAIL(checking, "%.20s, %.35s", head.gaps.gap[0].what, head.gaps.gap[0].reason);
	return head.gaps.n == 0;
}

/* --- all of them --- */

static const struct checked checks[] = {
	{ "kernel", check_kernel, "use WSL 2", "sys/kernel/osrelease" },
	{ "/proc", check_proc, "use unshare --mount-proc" },
	{ "PID namespace", check_namespace, "not known whether tasks are outside of it",
		"self/ns/pid", .number = 0xeffffffc,
		.found = "its own: tasks outside of it are not seen" },
	{ "user namespace", check_namespace, "not known whether root is the machine's",
		"self/ns/user", .number = 0xeffffffd,
		.found = "its own: root here is not the machine's" },
	{ "time namespace", check_namespace, "not known whether clocks are shifted", "self/ns/time",
		.number = 0xeffffffa, .found = "its own: clocks may be shifted" },
	{ "/sys", check_sys, "cores and governor are not known", "/sys/devices/system/cpu/online" },
	{ "task/TID/status", check_text, "no voluntary and involuntary switches", "status",
		.is_right = is_status },
	{ "task/TID/schedstat", check_text, "no run and wait times", "schedstat",
		.is_right = is_schedstat },
	{ "smaps", check_text, "no memory maps", "smaps", .is_right = is_smaps },
	{ "smaps_rollup", check_text, "no proportional and unique set sizes", "smaps_rollup",
		.is_right = is_rollup },
	{ "libproc2", check_libproc, "no faults of processes" },
	{ "machine", check_machine, "load, memory or switches of the machine are missing" },
	{ "pagemap", check_pagemap, "no view of single pages" },
	{ "pagemap frame numbers", check_frames, "pages are not matched by frame" },
	{ "kcmp", check_call, "no table of what two tasks share", .attempt = try_kcmp },
	{ "PID/mem", check_mem, "no look at the shared variable in place" },
	{ "task/TID/syscall", check_text, "no stack pointers of tasks that sleep", "syscall",
		.is_right = is_syscall },
	{ "task/TID/wchan", check_text, "not known what a task waits in", "wchan",
		.is_right = is_wchan },
	{ "perf_event_open", check_call, "no record of each switch, rates only",
		.attempt = checking_perf },
	{ "perf_event_paranoid", check_level, "switch records are for root",
		"sys/kernel/perf_event_paranoid", .number = 2 },
	{ "ptrace_scope", check_yama, "no look into programs that are not ours",
		"sys/kernel/yama/ptrace_scope" },
	{ "hidepid", check_hidepid, "no other user's processes", "self/mountinfo" },
	{ "autogroup", check_autogroup, "many spinning workers can slow the screen",
		"sys/kernel/sched_autogroup_enabled", .trial = try_own_session },
	{ "pidfd_open", check_call, "ends of processes are noticed later", .attempt = try_pidfd },
	{ "seccomp", checking_in_child, "workers run without a fence", .trial = try_seccomp },
	{ "personality ADDR_NO_RANDOMIZE", checking_in_child, "addresses differ between the sides",
		.trial = try_personality },
	{ "userfaultfd", checking_in_child, "no stepping through page faults",
		.trial = try_userfaultfd },
	{ "core_pattern", check_core_pattern, "not known what a crash leaves",
		"sys/kernel/core_pattern" },
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
	char byte;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return checking_fail(checking, errno);
	checking->child = fork();
	if (checking->child < 0)
		checking_fail(checking, errno);
	if (checking->child == 0) {
		close(pipes[0]);
		be_looked_at(checking, pipes[1]);
	}
	close(pipes[1]);
	while (checking->child > 0 && read(pipes[0], &byte, 1) < 0 && errno == EINTR)
		;
	close(pipes[0]);
	checking->dir = io_open(
		IO_CHECK, checking->proc, O_RDONLY | O_DIRECTORY, "%d", (int)checking->child);
	checking->task = io_open(
		IO_CHECK, checking->dir, O_RDONLY | O_DIRECTORY, "task/%d", (int)checking->child);
	return checking->child > 0;
}

static void end_child(struct checking *checking)
{
	if (checking->child > 0) {
		kill(checking->child, SIGKILL);
		while (waitpid(checking->child, NULL, 0) < 0 && errno == EINTR)
			;
	}
	close_fd(&checking->dir);
	close_fd(&checking->task);
}

/* The child sleeps a moment after it said that it is ready: until then it has no registers to show. */
static void await_sleep(struct checking *checking)
{
	struct stat_fields stat = { .state = '?' };

	for (int tries = 0; tries < 1000 && stat.state != 'S'; tries++) {
		if (checking_read(checking, checking->task, "stat"))
			parse_stat(checking->text, checking->len, &stat);
		sched_yield();
	}
}

static void put_check(const struct checking *checking, const struct checked *row, bool ok,
	struct source_check *ret)
{
	*ret = (struct source_check) { .ok = ok, .lost = row->lost };
	snprintf(ret->what, sizeof(ret->what), "%s", row->what);
	snprintf(ret->detail, sizeof(ret->detail), "%s", checking->detail);
}

size_t source_check(struct source_check *ret, size_t n)
{
	static const struct checked no_child = { .what = "a task to look at",
		.lost = "nothing was tried" };
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
	if (checking.page == MAP_FAILED || !start_child(&checking)) {
		put_check(&checking, &no_child, false, ret);
		n = MIN(n, 1);
	} else {
		await_sleep(&checking);
	}
	for (size_t i = 0; checking.child > 0 && i < n; i++) {
		checking.row = &checks[i];
		checking.detail[0] = '\0';
		put_check(&checking, &checks[i], checks[i].check(&checking), &ret[i]);
	}
	end_child(&checking);
	if (checking.page != MAP_FAILED)
		munmap(checking.page, 2 * page_size);
	free(checking.text);
	procfs_finish(&fs);
	return n;
}
