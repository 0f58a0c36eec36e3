/* SPDX-License-Identifier: MIT
 * Runs the host's loop: takes orders, reaps workers, feeds those that read, and ends them all when taskscope is gone. One
 * thread makes all workers: a worker's life hangs on that of the thread which made it.
 */
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "internal.h"
#include "limit.h"

#define LOCKED_MS 10 /* between two looks at one who is told something while it waits for a mutex */
#define SETTLE_MS 100 /* between two tries */
#define FEED_EVERY (5 * NSEC_PER_MSEC)

/* One byte for each who reads; not for one that takes none (a stopped one): its pipe would fill up. */
static void feed_readers(struct host *host)
{
	unsigned char byte = INBOX_INPUT;
	int waiting;

	for (int i = 0; i < BOARD_SLOTS; i++) {
		struct hand *m = &host->hand[i];
		struct seat *seat = &host->seat[m->seat];

		if (!m->started || atomic_load(&m->slot->job) != JOB_READ || seat->write < 0)
			continue;
		if (ioctl(seat->read, FIONREAD, &waiting) == 0 && waiting < 8)
			(void)!write(seat->write, &byte, 1);
	}
}

/* The timer runs only while somebody reads: an idle host shall sleep. */
static void set_feeding(struct host *host)
{
	bool wanted = false;

	for (int i = 0; i < BOARD_SLOTS && !wanted; i++)
		wanted = host->hand[i].started && atomic_load(&host->hand[i].slot->job) == JOB_READ;
	if (wanted == host->feeding)
		return;
	struct timespec period = { .tv_nsec = wanted ? FEED_EVERY : 0 };
	struct itimerspec timer = { .it_interval = period, .it_value = period };

	timerfd_settime(host->feed, 0, &timer, NULL);
	host->feeding = wanted;
}

static int set_up(struct host *host)
{
	sigset_t set, child;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	/* Signals that workers play with are for them, wherever they are sent to the whole process. */
	set = child;
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_SETMASK, &set, NULL);
	host->signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	host->feed = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (host->signals < 0 || host->feed < 0 || !lock_create(&host->board->lock, true) ||
		!locks_create(host->board))
		return BOARD_EXIT_SETUP;
	worker_catch_faults(host->board);
	cpu_share_begin(host);
	host->memory_note = experiment_memory_create(host);
	seats_create(host);
	return 0;
}

/* Milliseconds until something must be looked at without being told, for poll; -1: nothing. */
static int look_within(const struct host *host)
{
	nsec first = 0;

	for (int i = 0; i < BOARD_SLOTS; i++) {
		const struct hand *m = &host->hand[i];

		/* SIGCHLD may go to a worker thread, which ignores it. */
		if (m->started && m->process && host->kind == KIND_THREADS)
			return 100;
		if (m->started && m->lingers_until && (!first || m->lingers_until < first))
			first = m->lingers_until;
	}
	return first ? (int)(MAX(first - crew_now(), 0) / NSEC_PER_MSEC + 1) : -1;
}

static void drain(int fd)
{
	struct signalfd_siginfo any[4];

	while (read(fd, any, sizeof(any)) > 0)
		;
}

int host_run(struct host *host)
{
	int status = set_up(host);

	if (status)
		return status;
	cpu_group_name(host->board->cpu_group, sizeof(host->board->cpu_group));
	if (!board_await_go(host->board))
		return BOARD_EXIT_ALONE;
	bell_ring(BOARD_FD_ORDERS); /* some of them may have been heard in there */
	cpu_share_settle(host);
	host_start_wanted(host);
	limit_count_kills();
	atomic_store(&host->board->ready, 1);
	bell_ring(BOARD_FD_REPORTS);
	struct pollfd fds[] = {
		{ .fd = BOARD_FD_LIFE, .events = POLLIN },
		{ .fd = BOARD_FD_ORDERS, .events = POLLIN },
		{ .fd = host->signals, .events = POLLIN },
		{ .fd = host->feed, .events = POLLIN },
	};

	for (;;) {
		guard_let_in(host->board, &host->tracer);
		set_feeding(host);
		const bool settled = cpu_share_settle(host);
		int within = look_within(host);

		if (!settled && (within < 0 || within > SETTLE_MS))
			within = SETTLE_MS;
		if (locks_free(host) && (within < 0 || within > LOCKED_MS))
			within = LOCKED_MS;
		int events = poll(fds, ARRAY_LEN(fds), within);

		if (events < 0 && errno != EINTR)
			return BOARD_EXIT_SETUP;
		if (fds[0].revents)
			return BOARD_EXIT_ALONE; /* and the kernel ends our workers */
		for (size_t i = 1; i < ARRAY_LEN(fds); i++)
			if (fds[i].revents)
				drain(fds[i].fd);
		if (fds[1].revents)
			host_take_orders(host);
		if (fds[1].revents || fds[2].revents || events == 0)
			host_note_ends(host);
		if (fds[3].revents)
			feed_readers(host);
	}
}
