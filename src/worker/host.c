/* SPDX-License-Identifier: MIT
 * Knows the host's loop: orders, the ends of its workers, input for those who read, and the end of all when taskscope is
 * gone. One thread makes all workers: a worker's life hangs on that of the thread which made it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

#define FEED_EVERY (5 * NSEC_PER_MSEC)

static bool make_lock(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	int error = pthread_mutex_init(lock, &attr);

	pthread_mutexattr_destroy(&attr);
	return error == 0;
}

static int wait_status_of(const siginfo_t *info)
{
	switch (info->si_code) {
	case CLD_EXITED:
		return (info->si_status & 255) << 8;
	case CLD_DUMPED:
		return info->si_status | 128;
	default:
		return info->si_status;
	}
}

/* Booked first, reaped then: while the board says that a worker lives, its id belongs to nobody else. */
static void reap_processes(struct host *host)
{
	for (;;) {
		siginfo_t info = { 0 };

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
			return;
		for (int i = 0; i < BOARD_SLOTS; i++)
			if (host->member[i].started && host->member[i].pid == info.si_pid)
				host_ended(host, &host->member[i], wait_status_of(&info));
		waitpid(info.si_pid, NULL, 0);
	}
}

static void join_threads(struct host *host)
{
	for (int i = 0; i < BOARD_SLOTS; i++) {
		struct member *m = &host->member[i];

		if (!m->started || atomic_load(&m->slot->phase) != SLOT_LEAVING)
			continue;
		pthread_join(m->thread, NULL);
		host_ended(host, m, 0);
	}
}

static void note_ends(struct host *host)
{
	if (host->kind == KIND_PROCESSES)
		reap_processes(host);
	else
		join_threads(host);
	pairs_renew(host);
	bell_ring(host->reports);
}

/* One byte for each who reads; not for one that takes none (a stopped one): its pipe would fill up. */
static void feed_readers(struct host *host)
{
	unsigned char byte = INBOX_INPUT;
	int waiting;

	for (int i = 0; i < BOARD_SLOTS; i++) {
		struct member *m = &host->member[i];
		struct lane *lane = &host->lane[m->lane];

		if (!m->started || atomic_load(&m->slot->job) != JOB_READ || lane->write < 0)
			continue;
		if (ioctl(lane->read, FIONREAD, &waiting) == 0 && waiting < 8)
			(void)!write(lane->write, &byte, 1);
	}
}

/* The timer runs only while somebody reads: an idle host shall sleep. */
static void set_feeding(struct host *host)
{
	bool wanted = false;

	for (int i = 0; i < BOARD_SLOTS && !wanted; i++)
		wanted = host->member[i].started &&
			 atomic_load(&host->member[i].slot->job) == JOB_READ;
	if (wanted == host->feeding)
		return;
	struct timespec period = { .tv_nsec = wanted ? FEED_EVERY : 0 };
	struct itimerspec timer = { .it_interval = period, .it_value = period };

	timerfd_settime(host->feed, 0, &timer, NULL);
	host->feeding = wanted;
}

static int set_up(struct host *host)
{
	sigset_t child;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_SETMASK, &child, NULL);
	host->signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	host->feed = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (host->signals < 0 || host->feed < 0 || !make_lock(&host->board->lock))
		return BOARD_EXIT_SETUP;
	worker_catch_faults(host->board);
	lanes_create(host);
	return 0;
}

static void drain(int fd)
{
	struct signalfd_siginfo any[4];

	while (read(fd, any, sizeof(any)) > 0)
		;
}

/* Until taskscope has done what it wants to do before the first worker exists. Returns false if it is gone. */
static bool await_go(struct host *host)
{
	struct pollfd fds[] = {
		{ .fd = host->life, .events = POLLIN },
		{ .fd = host->orders, .events = POLLIN },
	};

	atomic_store(&host->board->prepared, 1);
	bell_ring(host->reports);
	while (!atomic_load(&host->board->go)) {
		poll(fds, ARRAY_LEN(fds), -1);
		if (fds[0].revents)
			return false;
		if (fds[1].revents)
			drain(host->orders);
	}
	bell_ring(host->orders);
	return true;
}

int host_run(struct host *host)
{
	int status = set_up(host);

	if (!status && !await_go(host))
		status = BOARD_EXIT_ALONE;
	if (status)
		return status;
	host_start_wanted(host);
	atomic_store(&host->board->ready, 1);
	bell_ring(host->reports);
	struct pollfd fds[] = {
		{ .fd = host->life, .events = POLLIN },
		{ .fd = host->orders, .events = POLLIN },
		{ .fd = host->signals, .events = POLLIN },
		{ .fd = host->feed, .events = POLLIN },
	};

	for (;;) {
		set_feeding(host);
		if (poll(fds, ARRAY_LEN(fds), -1) < 0 && errno != EINTR)
			return BOARD_EXIT_SETUP;
		if (fds[0].revents)
			return BOARD_EXIT_ALONE; /* and the kernel ends our workers */
		for (size_t i = 1; i < ARRAY_LEN(fds); i++)
			if (fds[i].revents)
				drain(fds[i].fd);
		if (fds[1].revents)
			host_take_orders(host);
		if (fds[1].revents || fds[2].revents)
			note_ends(host);
		if (fds[3].revents)
			feed_readers(host);
	}
}
