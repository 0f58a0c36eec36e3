/* SPDX-License-Identifier: MIT
 * The one door between the source and the kernel: every read passes it, with the number of its site. So each of them can be
 * made to fail by a test, one at a time, and a signal's EINTR is dealt with once.
 */
#ifndef TASKSCOPE_SOURCE_IO_H
#define TASKSCOPE_SOURCE_IO_H

#include <stdatomic.h>

#include "base.h"

/* Where the source reads. */
enum io_site {
	IO_ROOT,
	IO_SELF,
	IO_TASKS, /* fast lane: task/ and its files */
	IO_SCHEDSTAT,
	IO_STATUS,
	IO_STAT,
	IO_SYSCALL,
	IO_WCHAN,
	IO_OWN_ROLLUP,
	IO_NAMESPACE, /* evidence */
	IO_CWD,
	IO_TABLE,
	IO_DESCRIPTOR,
	IO_FDINFO,
	IO_KCMP_SELF,
	IO_KCMP,
	IO_KCMP_CHILD,
	IO_KCMP_NONE,
	IO_KCMP_FILE,
	IO_FALLBACK_TABLE, /* where kcmp is refused */
	IO_FALLBACK_DESCRIPTOR,
	IO_FALLBACK_CWD,
	IO_PERF_OPEN,
	IO_PERF_MAP,
	IO_SWITCH_OWNER, /* switch records */
	IO_SWITCH_MAP,
	IO_SWITCH_POLL,
	IO_SWITCH_HOST,
	IO_SWITCH_SETUP,
	IO_CLOCK,
	IO_AREA_MAP, /* prober */
	IO_PROBER_STAT,
	IO_PROBE_DIR,
	IO_PROBE_STAT,
	IO_PROBE_STATUS,
	IO_ROLLUP,
	IO_MAPS,
	IO_SMAPS,
	IO_PROBE_TASKS,
	IO_PROBE_THREAD,
	IO_PROBE_SPACE,
	IO_EXECUTABLE,
	IO_LIBPROC_NEW,
	IO_LIBPROC_PIDS,
	IO_LIBPROC_MEMORY,
	IO_LIBPROC_STAT,
	IO_LIBPROC_LOAD,
	IO_PAGEMAP,
	IO_MEM,
	IO_PEEK_MAPS,
	IO_EDGE_CALL,
	IO_EDGE, /* and what leads from there to an owner */
	IO_SYMBOLS,
	IO_OWNER, /* of a refused file */
	IO_YAMA,
	IO_PROCESSES,
	IO_MACHINE,
	IO_CHECK,
	IO_SITES
};

enum io_op { IO_OPEN, IO_READ, IO_LIST, IO_LINK, IO_CALL, IO_OPS };

/* The name of the site's file, or of its call. */
const char *io_name(enum io_site site);

/* All return -errno on failure, and try again after EINTR. Descriptors are closed on exec. */
int io_open(enum io_site site, int dir, int flags, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
int io_open_named(enum io_site site, int dir, int flags, const char *format, va_list args)
	__attribute__((format(printf, 4, 0)));
/* One pread: complete for the files that the kernel writes at once. Bytes. */
ssize_t io_read(enum io_site site, int fd, void *into, size_t size, uint64_t at);
/* Opens, reads to the end or to size bytes, and closes. Bytes; *ret_cut, if not NULL, tells whether there was more. */
ssize_t io_read_file(enum io_site site, int dir, char *text, size_t size, bool *ret_cut,
	const char *format, ...) __attribute__((format(printf, 6, 7)));
/* The same as a line: ended by a NUL in place of the newline; "" on failure. */
ssize_t io_read_line(enum io_site site, int dir, char *text, size_t size, const char *name);
/* Where a link points to, ended by a NUL. Bytes. */
ssize_t io_link(enum io_site site, int dir, char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* Calls each with every id that an open directory lists, until it returns false. text: room for the listing. 0. */
typedef bool io_visit(void *context, int32_t id);
int io_list(enum io_site site, int dir, char *text, size_t size, io_visit *each, void *context);

/* A call of another kind: its result, or -errno where that is negative. */
#define IO_CALL(site, call)                                                                        \
	__extension__({                                                                            \
		long result_;                                                                      \
		do                                                                                 \
			result_ = io_fails(site, IO_CALL) ? -1 : (long)(call);                     \
		while (result_ < 0 && errno == EINTR);                                             \
		result_ < 0 ? -errno : result_;                                                    \
	})
/* kcmp(2) by its type, of two tasks and two descriptors. 0, and whether the first is below, equal to or above the other. */
int io_kcmp(enum io_site site, const int32_t tid[2], int type, const int32_t fd[2], int *ret_order);

/* One clause for a person on an error (-errno) that has no better reason. */
const char *io_reason(ssize_t error);

/* --- faults: for tests --- */

enum io_fault {
	IO_FAULT_NONE,
	IO_FAULT_EIO,
	IO_FAULT_EMFILE,
	IO_FAULT_ENOMEM,
	IO_FAULT_EINTR, /* every other time */
	IO_FAULT_SHORT, /* half of what there is */
	IO_FAULT_EMPTY,
	IO_FAULT_GARBAGE,
	IO_FAULTS
};

/* What fails, in memory that is shared with the prober; and how often each site was passed. */
struct io_faults {
	_Atomic int32_t site, op, fault;
	_Atomic int32_t refused; /* a site whose calls fail besides, with EPERM; IO_SITES: none */
	_Atomic uint32_t injected;
	_Atomic uint32_t passed[IO_SITES][IO_OPS];
};
extern struct io_faults *io_faults; /* NULL: nothing fails */

/* Whether the site is to fail now: errno then says how. */
bool io_inject(enum io_site site, enum io_op op);
static inline bool io_fails(enum io_site site, enum io_op op)
{
	return io_faults && io_inject(site, op);
}

#endif
