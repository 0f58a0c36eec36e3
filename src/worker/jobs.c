/* SPDX-License-Identifier: MIT
 * Does one round of each job, by the same code in a process and in a thread. A round ends soon, or waits
 * in a way that the host can interrupt.
 */
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

#define PERIOD (10 * NSEC_PER_MSEC) /* of sleep and touch */
#define HOLD (1 * NSEC_PER_MSEC) /* how long lock holds the mutex */
#define THINK (200 * NSEC_PER_USEC) /* between: else the last owner would always win */

nsec crew_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

struct timespec to_timespec(nsec t)
{
	return (struct timespec) { .tv_sec = t / NSEC_PER_SEC, .tv_nsec = t % NSEC_PER_SEC };
}

void futex_wait(_Atomic uint32_t *word, uint32_t seen, nsec timeout)
{
	struct timespec limit = to_timespec(timeout);

	syscall(SYS_futex, word, FUTEX_WAIT, seen, timeout < 0 ? NULL : &limit, NULL, 0);
}

void futex_wake(_Atomic uint32_t *word, int n)
{
	syscall(SYS_futex, word, FUTEX_WAKE, n, NULL, NULL, 0);
}

void sleep_for(nsec duration)
{
	struct timespec t = to_timespec(duration);

	clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL);
}

int lock_within(pthread_mutex_t *lock, nsec within)
{
#ifdef __GLIBC__
	struct timespec until = to_timespec(crew_now() + within);

	return pthread_mutex_clocklock(lock, CLOCK_MONOTONIC, &until);
#else
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until = to_timespec(until.tv_sec * NSEC_PER_SEC + until.tv_nsec + within);
	return pthread_mutex_timedlock(lock, &until);
#endif
}

void wait_for_bell(struct work *work)
{
	futex_wait(&work->slot->bell, work->seen, -1);
}

/* code: job-sleep */
static bool round_sleep(struct work *work)
{
	sleep_for(PERIOD);
	return true;
}
/* end of code */

/* code: job-spin */
static bool round_spin(struct work *work)
{
	/* The empty asm keeps the loop, and touches no memory. */
	for (unsigned i = 0; i < SPIN_STEPS; i++)
		__asm__ volatile("" : "+r"(i));
	return true;
}
/* end of code */

/* code: job-yield */
static bool round_yield(struct work *work)
{
	sched_yield();
	return true;
}
/* end of code */

/* The next byte of the inbox; INBOX_WAKE if there is none to have. */
static unsigned char inbox_read(struct work *work)
{
	int fd = work->hand->host->seat[work->hand->seat].read;
	unsigned char byte = INBOX_WAKE;

	if (fd < 0)
		wait_for_bell(work);
	else if (read(fd, &byte, 1) != 1)
		byte = INBOX_WAKE;
	return byte;
}

static bool round_pingpong(struct work *work)
{
	struct host *host = work->hand->host;
	unsigned char byte = inbox_read(work);
	/* Read after the byte: the pair may be another by now, and the byte an old one's. */
	uint32_t pair = atomic_load(&work->slot->pair);

	if (!pair || byte != BOARD_PAIR_SERIAL(pair))
		return false;
	/* code: job-pingpong */
	int post = seat_post(host, &host->board->slots[BOARD_PAIR_SLOT(pair)]);

	return post >= 0 && write(post, &byte, 1) == 1;
	/* end of code */
}

static bool round_futex(struct work *work)
{
	struct board *board = work->hand->host->board;
	uint32_t pair = atomic_load(&work->slot->pair);

	if (!pair) {
		wait_for_bell(work);
		return false;
	}
	int other = BOARD_PAIR_SLOT(pair), me = work->hand->index;
	_Atomic uint32_t *turn = &board->slots[MIN(me, other)].turn;
	uint32_t mine = BOARD_PAIR_SERIAL(pair) << 1 | (me > other), seen = atomic_load(turn);

	if (seen != mine) {
		futex_wait(turn, seen, LOOK_EVERY);
		return false;
	}
	/* Fails only when the host has just made another pair of it. */
	if (!atomic_compare_exchange_strong(turn, &mine, mine ^ 1))
		return false;
	futex_wake(turn, 1);
	return true;
}

static bool round_touch(struct work *work)
{
	char *fresh = work->hand->host->seat[work->hand->seat].fresh;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (!fresh) {
		wait_for_bell(work);
		return false;
	}
	sleep_for(PERIOD);
	if (work->page * page >= TOUCH_BYTES) {
		madvise(fresh, TOUCH_BYTES, MADV_DONTNEED);
		work->page = 0;
	}
	*(volatile char *)(fresh + work->page++ * page) = 1;
	return true;
}

/* An owner that was killed leaves the mutex to the next one, which repairs it: robust. */
static bool lock_soon(pthread_mutex_t *lock)
{
	int error = lock_within(lock, LOOK_EVERY);

	if (error == EOWNERDEAD)
		error = pthread_mutex_consistent(lock);
	return error == 0;
}

static bool round_lock(struct work *work)
{
	pthread_mutex_t *lock = &work->hand->host->board->lock;

	/* code: job-lock */
	if (!lock_soon(lock))
		return false;
	sleep_for(HOLD);
	pthread_mutex_unlock(lock);
	sleep_for(THINK);
	/* end of code */
	return true;
}

static bool round_read(struct work *work)
{
	return inbox_read(work) == INBOX_INPUT;
}

static bool round_stacks(struct work *work)
{
	bool done = round_fibers(work);

	if (!done)
		wait_for_bell(work);
	return done;
}

bool job_round(struct work *work, enum job job)
{
	static bool (*const rounds[JOBS])(struct work * work) = {
		[JOB_SLEEP] = round_sleep,
		[JOB_SPIN] = round_spin,
		[JOB_YIELD] = round_yield,
		[JOB_PINGPONG] = round_pingpong,
		[JOB_FUTEX] = round_futex,
		[JOB_TOUCH] = round_touch,
		[JOB_LOCK] = round_lock,
		[JOB_READ] = round_read,
		[JOB_DEADLOCK] = round_deadlock,
		[JOB_LOCK_ORDER] = round_lock_order,
		[JOB_TRYLOCK] = round_trylock,
		[JOB_PHILOSOPHERS] = round_philosophers,
		[JOB_FIBERS] = round_stacks,
	};

	if (work->fibers && job != JOB_FIBERS)
		fibers_leave(work);
	return rounds[job](work);
}
