/* SPDX-License-Identifier: MIT
 * Wakes who waits: taskscope, a host, a worker; and writes what they look at then.
 */
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

void bell_ring(int fd)
{
	uint64_t one = 1;

	/* Not write(), where a thread may be cancelled: some who ring have no control block for that. */
	syscall(SYS_write, fd, &one, sizeof(one));
}

bool board_await_go(struct board *board)
{
	struct pollfd fds[] = {
		{ .fd = BOARD_FD_LIFE, .events = POLLIN },
		{ .fd = BOARD_FD_ORDERS, .events = POLLIN },
	};
	uint64_t n;

	atomic_store(&board->prepared, 1);
	bell_ring(BOARD_FD_REPORTS);
	while (!atomic_load(&board->go)) {
		poll(fds, ARRAY_LEN(fds), -1);
		if (fds[0].revents)
			return false;
		if (fds[1].revents)
			(void)!read(BOARD_FD_ORDERS, &n, sizeof(n));
	}
	return true;
}

void host_kick(struct host *host, const struct hand *hand)
{
	unsigned char wake = INBOX_WAKE;

	atomic_fetch_add(&hand->slot->bell, 1);
	futex_wake(&hand->slot->bell, 1);
	if (host->seat[hand->seat].write >= 0)
		(void)!write(host->seat[hand->seat].write, &wake, 1);
}

void host_say(struct host *host, const char *text)
{
	if (strcmp(host->board->note, text) == 0)
		return;
	snprintf(host->board->note, sizeof(host->board->note), "%s", text);
	atomic_fetch_add(&host->board->note_serial, 1);
}

/* Where the stack of a hand is: a process has its host's, a thread its own. */
void host_report_stack(struct host *host, struct hand *hand)
{
	uint64_t low = host->stack_low, high = host->stack_high;
	pthread_attr_t attr;

	if (hand->mixed)
		return;
	if (host->kind == KIND_THREADS || hand->leader) {
		void *at = NULL;
		size_t size = 0;

		if (pthread_getattr_np(hand->thread, &attr) != 0)
			return;
		pthread_attr_getstack(&attr, &at, &size);
		pthread_attr_destroy(&attr);
		low = (uint64_t)(uintptr_t)at;
		high = low + size;
	}
	atomic_store(&hand->slot->stack_low, low);
	atomic_store(&hand->slot->stack_high, high);
}
