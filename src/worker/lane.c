/* SPDX-License-Identifier: MIT
 * Knows what a living worker needs from its host: an inbox pipe, and its part of the memory for new pages. The memory exists
 * before the first worker, on both sides, so that every worker process has it at the same address. An inbox is made for
 * a worker, not for all that may ever live: the descriptor tables are looked at.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "internal.h"

/* The inbox, if it is not there yet: reading blocks; writing never does, so that a stopped worker holds nobody. It stays for
 * the next worker of this lane. */
static void make_inbox(struct lane *lane)
{
	int fds[2];

	if (lane->write >= 0 || pipe2(fds, O_CLOEXEC) != 0)
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
		host->lane[i].read = host->lane[i].write = -1;
	give_fresh(host, 0, TOUCH_LANES);
	if (host->lane[0].fresh) {
		uint64_t low = (uint64_t)(uintptr_t)host->lane[0].fresh;

		atomic_store(&host->board->touch_low, low);
		atomic_store(&host->board->touch_high, low + TOUCH_LANES * TOUCH_BYTES);
	}
}

void lanes_furnish(struct host *host, int workers)
{
	for (int i = 0; i < host->lanes && workers > 0; i++) {
		if (host->lane[i].busy)
			continue;
		make_inbox(&host->lane[i]);
		workers--;
	}
}

int lane_post(struct host *host, const struct board_slot *slot)
{
	int lane = atomic_load(&slot->lane), inbox = atomic_load(&slot->inbox);
	char path[48];

	if (lane < 0 || lane >= host->lanes || inbox < 0)
		return -1;
	if (host->lane[lane].write < 0) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", host->self, inbox);
		host->lane[lane].write = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	}
	return host->lane[lane].write;
}

int lane_take(struct host *host)
{
	for (int i = 0; i < host->lanes; i++) {
		if (host->lane[i].busy)
			continue;
		/* Only a large crew pays for the address space of one. */
		if (i == TOUCH_LANES && !host->lane[i].fresh)
			give_fresh(host, TOUCH_LANES, host->lanes);
		make_inbox(&host->lane[i]);
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
