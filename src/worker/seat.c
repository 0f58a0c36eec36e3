/* SPDX-License-Identifier: MIT
 * Gives a living worker its seat: an inbox pipe, and its part of the memory for new pages. The memory exists
 * before the first worker, on both sides, so that every worker process has it at the same address. An inbox is made for
 * a worker, not for all that may ever live: the descriptor tables are looked at.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

/* The inbox, if it is not there yet: reading blocks; writing never does, so that a stopped worker holds nobody. It stays for
 * the next worker of this seat. */
static void make_inbox(struct seat *seat)
{
	int fds[2];

	if (seat->write >= 0 || pipe2(fds, O_CLOEXEC) != 0)
		return;
	/* One page is plenty, and the kernel allows a user only so many. */
	fcntl(fds[1], F_SETPIPE_SZ, 4096);
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	seat->read = fds[0];
	seat->write = fds[1];
}

/* Private anonymous memory between guard pages, so that it is a mapping of its own; without huge pages, so that one page
 * written is one page more. */
static char *map_fresh(int seats)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (size_t)seats * TOUCH_BYTES;
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
		host->seat[i].fresh = fresh ? fresh + (size_t)(i - from) * TOUCH_BYTES : NULL;
}

void seats_create(struct host *host)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	host->seats = host->kind == KIND_THREADS ? BOARD_SEATS : CREW_MOST_PROCESSES;
	for (int i = 0; i < host->seats; i++)
		host->seat[i].read = host->seat[i].write = -1;
	give_fresh(host, 0, TOUCH_SEATS);
	if (host->seat[0].fresh) {
		uint64_t low = (uint64_t)(uintptr_t)host->seat[0].fresh;

		atomic_store(&host->board->touch_low, low);
		atomic_store(&host->board->touch_high, low + TOUCH_SEATS * TOUCH_BYTES);
	}
}

void seats_furnish(struct host *host, int workers)
{
	for (int i = 0; i < host->seats && workers > 0; i++) {
		if (host->seat[i].busy)
			continue;
		make_inbox(&host->seat[i]);
		workers--;
	}
}

int seat_post(struct host *host, const struct board_slot *slot)
{
	int seat = atomic_load(&slot->seat), inbox = atomic_load(&slot->inbox);
	char path[48];

	if (seat < 0 || seat >= host->seats || inbox < 0)
		return -1;
	if (host->seat[seat].write < 0) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", host->self, inbox);
		host->seat[seat].write = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	}
	return host->seat[seat].write;
}

int seat_take(struct host *host)
{
	for (int i = 0; i < host->seats; i++) {
		if (host->seat[i].busy)
			continue;
		/* Only a large crew pays for the address space of one. */
		if (i == TOUCH_SEATS && !host->seat[i].fresh)
			give_fresh(host, TOUCH_SEATS, host->seats);
		make_inbox(&host->seat[i]);
		host->seat[i].busy = true;
		return i;
	}
	return -1;
}

void seat_release(struct host *host, int seat)
{
	struct seat *l = &host->seat[seat];
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
