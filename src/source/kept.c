/* SPDX-License-Identifier: MIT
 * Keeps descriptors of files open between readings. That is a tenth of the price of opening them again, and safer: once its
 * task has ended a descriptor answers ESRCH for ever, whoever gets the id next.
 */
#include <fcntl.h>
#include <sys/resource.h>

#include "internal.h"

#define FDS_MAX 65536 /* more than this is not asked for: some programs close all they might have */
/* Descriptors that are never kept open, so that the rest of the program can work: folders of processes, samples of
 * perf_event, whatever is opened for a moment. Of few it is half. */
#define RESERVED_FDS(limit) MIN(192, (limit) / 2)

static int kept_limit = 128; /* descriptors with a number from here on are not kept */

void kept_raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	rlim_t wanted = MIN(limit.rlim_max, (rlim_t)FDS_MAX), before = limit.rlim_cur;
	if (limit.rlim_cur < wanted) {
		limit.rlim_cur = wanted;
		if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
			limit.rlim_cur = before;
	}
	int now = (int)MIN(limit.rlim_cur, (rlim_t)INT32_MAX);
	kept_limit = now - RESERVED_FDS(now);
}

ssize_t kept_read(int *fd, enum io_site site, void *into, size_t size, uint64_t from, int dir,
	const char *format, ...)
{
	if (*fd < 0) {
		va_list args;

		va_start(args, format);
		int opened = io_open_named(site, dir, O_RDONLY, format, args);
		va_end(args);
		if (opened < 0)
			return opened;
		*fd = opened;
	}
	ssize_t len = io_read(site, *fd, into, size, from);
	/* The kernel gives out the lowest free number: a high one says that few are left. */
	if (len == -ESRCH || *fd >= kept_limit)
		close_fd(fd);
	return len;
}
