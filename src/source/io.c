/* SPDX-License-Identifier: MIT
 * Opens, reads, lists and follows the files of /proc for the whole source, and lets a test make any of it fail.
 */
#include "io.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATH_ROOM 256

static const char *const names[IO_SITES] = {
	[IO_ROOT] = "/proc",
	[IO_SELF] = "self",
	[IO_TASKS] = "task",
	[IO_SCHEDSTAT] = "schedstat",
	[IO_STATUS] = "status",
	[IO_STAT] = "stat",
	[IO_SYSCALL] = "syscall",
	[IO_WCHAN] = "wchan",
	[IO_OWN_ROLLUP] = "smaps_rollup",
	[IO_NAMESPACE] = "ns",
	[IO_CWD] = "cwd",
	[IO_TABLE] = "fd",
	[IO_DESCRIPTOR] = "fd",
	[IO_FDINFO] = "fdinfo",
	[IO_KCMP_SELF] = "kcmp",
	[IO_KCMP] = "kcmp",
	[IO_KCMP_CHILD] = "kcmp none",
	[IO_KCMP_NONE] = "kcmp none",
	[IO_KCMP_FILE] = "kcmp file",
	[IO_FALLBACK_TABLE] = "fd",
	[IO_FALLBACK_DESCRIPTOR] = "fd",
	[IO_FALLBACK_CWD] = "cwd",
	[IO_PERF_OPEN] = "perf_event",
	[IO_PERF_MAP] = "perf_event",
	[IO_SWITCH_OWNER] = "perf_event",
	[IO_SWITCH_MAP] = "perf_event",
	[IO_SWITCH_POLL] = "perf_event",
	[IO_SWITCH_HOST] = "perf_event",
	[IO_SWITCH_SETUP] = "perf_event",
	[IO_CLOCK] = "timens_offsets",
	[IO_AREA_MAP] = "prober",
	[IO_PROBER_STAT] = "stat",
	[IO_PROBE_DIR] = "task",
	[IO_PROBE_STAT] = "stat",
	[IO_PROBE_STATUS] = "status",
	[IO_ROLLUP] = "smaps_rollup",
	[IO_MAPS] = "maps",
	[IO_SMAPS] = "smaps",
	[IO_PROBE_TASKS] = "task",
	[IO_PROBE_THREAD] = "stat",
	[IO_PROBE_SPACE] = "kcmp",
	[IO_EXECUTABLE] = "exe",
	[IO_LIBPROC_NEW] = "libproc2",
	[IO_LIBPROC_PIDS] = "libproc2",
	[IO_LIBPROC_MEMORY] = "libproc2 meminfo",
	[IO_LIBPROC_STAT] = "libproc2 stat",
	[IO_LIBPROC_LOAD] = "libproc2 loadavg",
	[IO_PAGEMAP] = "pagemap",
	[IO_MEM] = "mem",
	[IO_EDGE_CALL] = "syscall",
	[IO_EDGE] = "edges",
	[IO_PEEK_MAPS] = "maps",
	[IO_SYMBOLS] = "symbols",
	[IO_OWNER] = "PID",
	[IO_YAMA] = "ptrace_scope",
	[IO_PROCESSES] = "processes",
	[IO_MACHINE] = "machine",
	[IO_CHECK] = "check",
};

const char *io_name(enum io_site site)
{
	return names[site];
}

const char *io_reason(ssize_t error)
{
	switch (-error) {
	case EMFILE:
	case ENFILE:
		return "out of file descriptors";
	case EINVAL:
		return "cut short, or not understood";
	case ENODATA:
		return "empty";
	default:
		return strerror((int)-error);
	}
}

/* --- faults --- */

struct io_faults *io_faults;

static const int fault_errno[IO_FAULTS] = {
	[IO_FAULT_EIO] = EIO,
	[IO_FAULT_EMFILE] = EMFILE,
	[IO_FAULT_ENOMEM] = ENOMEM,
	[IO_FAULT_EINTR] = EINTR,
};

static enum io_fault fault_of(enum io_site site, enum io_op op)
{
	if (atomic_load(&io_faults->site) != (int32_t)site ||
		atomic_load(&io_faults->op) != (int32_t)op)
		return IO_FAULT_NONE;
	return (enum io_fault)atomic_load(&io_faults->fault);
}

bool io_inject(enum io_site site, enum io_op op)
{
	enum io_fault fault = fault_of(site, op);

	atomic_fetch_add(&io_faults->passed[site][op], 1);
	errno = EPERM;
	if (atomic_load(&io_faults->refused) == (int32_t)site)
		return true;
	errno = fault_errno[fault];
	return errno && (atomic_fetch_add(&io_faults->injected, 1) % 2 == 0 || errno != EINTR);
}

/* What a test makes of the bytes that were read. */
static ssize_t spoil(enum io_site site, enum io_op op, void *into, ssize_t len)
{
	unsigned char *bytes = into;
	enum io_fault fault = io_faults ? fault_of(site, op) : IO_FAULT_NONE;

	if (fault < IO_FAULT_SHORT || len <= 0)
		return len;
	atomic_fetch_add(&io_faults->injected, 1);
	for (ssize_t i = 0; fault == IO_FAULT_GARBAGE && i < len; i++)
		bytes[i] = (unsigned char)(0x80 + i * 7 % 64);
	if (fault == IO_FAULT_SHORT)
		return len / 2;
	return fault == IO_FAULT_EMPTY ? 0 : len;
}

/* --- files --- */

int io_open_named(enum io_site site, int dir, int flags, const char *format, va_list args)
{
	char name[PATH_ROOM];

	if ((size_t)vsnprintf(name, sizeof(name), format, args) >= sizeof(name))
		return -ENAMETOOLONG;
	for (;;) {
		int fd = io_fails(site, IO_OPEN) ? -1 : openat(dir, name, flags | O_CLOEXEC);

		if (fd >= 0 || errno != EINTR)
			return fd < 0 ? -errno : fd;
	}
}

int io_open(enum io_site site, int dir, int flags, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int fd = io_open_named(site, dir, flags, format, args);
	va_end(args);
	return fd;
}

ssize_t io_read(enum io_site site, int fd, void *into, size_t size, uint64_t at)
{
	for (;;) {
		ssize_t len = io_fails(site, IO_READ) ? -1 : pread(fd, into, size, (off_t)at);

		if (len >= 0 || errno != EINTR)
			return len < 0 ? -errno : spoil(site, IO_READ, into, len);
	}
}

ssize_t io_read_file(
	enum io_site site, int dir, char *text, size_t size, bool *ret_cut, const char *format, ...)
{
	ssize_t n = 1, len = 0;
	va_list args;

	va_start(args, format);
	int fd = io_open_named(site, dir, O_RDONLY, format, args);
	va_end(args);
	if (fd < 0)
		return fd;
	for (; n > 0 && (size_t)len < size; len += MAX(n, 0))
		n = io_read(site, fd, text + len, size - (size_t)len, (uint64_t)len);
	close(fd);
	if (ret_cut)
		*ret_cut = n > 0;
	return n < 0 ? n : len;
}

ssize_t io_read_line(enum io_site site, int dir, char *text, size_t size, const char *name)
{
	ssize_t len = io_read_file(site, dir, text, size - 1, NULL, "%s", name);

	text[MAX(len, 0)] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return len;
}

ssize_t io_link(enum io_site site, int dir, char *text, size_t size, const char *format, ...)
{
	char name[PATH_ROOM];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	for (;;) {
		ssize_t len = io_fails(site, IO_LINK) ? -1 : readlinkat(dir, name, text, size - 1);

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -errno;
		len = spoil(site, IO_LINK, text, len);
		text[len] = '\0';
		return len;
	}
}

int io_list(enum io_site site, int dir, char *text, size_t size, io_visit *each, void *context)
{
	/* The kernel aligns entries to the start of the room. */
	const size_t skip = -(uintptr_t)text % _Alignof(struct dirent64);
	long n;
	bool first = true;

	if (lseek(dir, 0, SEEK_SET) < 0)
		return -errno;
	text += skip;
	size -= skip;
	/* Not readdir: it would allocate for every listing. */
	for (;; first = false) {
		n = io_fails(site, IO_LIST) ? -1 : syscall(SYS_getdents64, dir, text, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n > 0 && spoil(site, IO_LIST, text, 1) == 0)
			n = 0;
		if (n < 0)
			return -errno;
		if (n == 0)
			return first ? -ENODATA : 0; /* there is always "." */
		for (long at = 0; at < n;) {
			const struct dirent64 *entry = (const void *)(text + at);
			int64_t id;

			at += entry->d_reclen;
			if (parse_integer(entry->d_name, 0, INT32_MAX, &id) == 0 &&
				!each(context, (int32_t)id))
				return 0;
		}
	}
}

/* --- calls --- */

int io_kcmp(enum io_site site, const int32_t tid[2], int type, const int32_t fd[2], int *ret_order)
{
	static const int orders[] = { 0, -1, 1 };
	long order = IO_CALL(site, syscall(SYS_kcmp, tid[0], tid[1], type, fd[0], fd[1]));

	if (order < 0)
		return (int)order;
	if (order >= (long)ARRAY_LEN(orders))
		return -EOPNOTSUPP;
	*ret_order = orders[order];
	return 0;
}
