/* SPDX-License-Identifier: MIT
 * Knows what a living worker needs from its host: an inbox pipe, and its part of the memory for new pages. Both exist before the first
 * worker, on both sides in the same order, so that every worker process has them, at the same addresses.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "internal.h"

/* The inbox: reading blocks; writing never does, so that a stopped worker holds nobody. */
static void make_inbox(struct lane *lane)
{
	int fds[2];

	lane->read = lane->write = -1;
	if (pipe2(fds, O_CLOEXEC) != 0)
		return;
	/* One page is plenty, and the kernel allows a user only so many. */
	fcntl(fds[1], F_SETPIPE_SZ, 4096);
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	lane->read = fds[0];
	lane->write = fds[1];
}

/* Private anonymous memory between guard pages, so that it is a mapping of its own; without huge pages, so that one page
 * written is one page more. */
static char *map_fresh(int lanes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (size_t)lanes * TOUCH_BYTES;
	char *p = mmap(NULL, size + 2 * page, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	p += page;
	madvise(p, size, MADV_NOHUGEPAGE);
	return mprotect(p, size, PROT_READ | PROT_WRITE) == 0 ? p : NULL;
}

static void give_fresh(struct host *host, int from, int to)
{
	char *fresh = map_fresh(to - from);

	for (int i = from; i < to; i++)
		host->lane[i].fresh = fresh ? fresh + (size_t)(i - from) * TOUCH_BYTES : NULL;
}

void lanes_create(struct host *host)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	host->lanes = host->kind == KIND_THREADS ? BOARD_LANES : CREW_MOST_PROCESSES;
	for (int i = 0; i < host->lanes; i++)
		make_inbox(&host->lane[i]);
	give_fresh(host, 0, TOUCH_LANES);
	if (host->lane[0].fresh) {
		uint64_t low = (uint64_t)(uintptr_t)host->lane[0].fresh;

		atomic_store(&host->board->touch_low, low);
		atomic_store(&host->board->touch_high, low + TOUCH_LANES * TOUCH_BYTES);
	}
}

int lane_take(struct host *host)
{
	for (int i = 0; i < host->lanes; i++) {
		if (host->lane[i].busy)
			continue;
		/* Only a large crew pays for the address space of one. */
		if (i == TOUCH_LANES && !host->lane[i].fresh)
			give_fresh(host, TOUCH_LANES, host->lanes);
		host->lane[i].busy = true;
		return i;
	}
	return -1;
}

void lane_release(struct host *host, int lane)
{
	struct lane *l = &host->lane[lane];
	int waiting = 0;
	char bytes[64];

	while (l->read >= 0 && ioctl(l->read, FIONREAD, &waiting) == 0 && waiting > 0)
		if (read(l->read, bytes, (size_t)MIN(waiting, (int)sizeof(bytes))) <= 0)
			break;
	/* A thread's pages stay with the process, unless given back; a worker process took its own along. */
	if (l->fresh && host->kind == KIND_THREADS)
		madvise(l->fresh, TOUCH_BYTES, MADV_DONTNEED);
	l->busy = false;
}
