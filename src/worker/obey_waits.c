/* SPDX-License-Identifier: MIT
 * Carries out the orders about waiting for a lock: ways to wait side by side, a robust mutex whose owner is killed, and a
 * priority that is inverted.
 */
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

static double ms(nsec t)
{
	return (double)t / NSEC_PER_MSEC;
}

/* --- four ways to wait --- */

enum way { WAY_MUTEX, WAY_SEMAPHORE, WAY_CONDITION, WAY_SPINLOCK, WAYS };

struct ways {
	pthread_mutex_t lock, of_condition;
	pthread_cond_t condition;
	sem_t semaphore;
	_Atomic bool spinlock, over;
	nsec cpu[WAYS];
};

struct waiter {
	struct ways *ways;
	enum way way;
	pthread_t thread;
};

static void wait_for_condition(struct ways *ways)
{
	pthread_mutex_lock(&ways->of_condition);
	while (!atomic_load(&ways->over))
		pthread_cond_wait(&ways->condition, &ways->of_condition);
	pthread_mutex_unlock(&ways->of_condition);
}

static void *wait_in_a_way(void *argument)
{
	static const char *const names[WAYS] = { "at a mutex", "at a semaphore", "at a condition",
		"at a spinlock" };
	struct waiter *waiter = argument;
	struct ways *ways = waiter->ways;

	prctl(PR_SET_NAME, names[waiter->way]);
	switch (waiter->way) {
	case WAY_MUTEX:
		/* code: wait-ways */
		pthread_mutex_lock(&ways->lock);
		pthread_mutex_unlock(&ways->lock);
		break;
	case WAY_SEMAPHORE:
		sem_wait(&ways->semaphore);
		break;
	case WAY_CONDITION:
		wait_for_condition(ways);
		break;
	default:
		while (atomic_exchange(&ways->spinlock, true))
			;
		/* end of code */
		break;
	}
	ways->cpu[waiter->way] = own_time();
	return NULL;
}

/* Lets all of them go. */
static void release(struct ways *ways)
{
	pthread_mutex_lock(&ways->of_condition);
	atomic_store(&ways->over, true);
	pthread_cond_broadcast(&ways->condition);
	pthread_mutex_unlock(&ways->of_condition);
	pthread_mutex_unlock(&ways->lock);
	sem_post(&ways->semaphore);
	atomic_store(&ways->spinlock, false);
}

int obey_wait_ways(struct work *work, int64_t argument, char *said)
{
	struct ways ways = { .lock = PTHREAD_MUTEX_INITIALIZER,
		.of_condition = PTHREAD_MUTEX_INITIALIZER,
		.condition = PTHREAD_COND_INITIALIZER,
		.spinlock = true };
	struct waiter waiter[WAYS];
	const nsec until = crew_now() + argument * NSEC_PER_SEC;
	int n = 0, error = 0;

	work->leave = true;
	sem_init(&ways.semaphore, 0, 0);
	pthread_mutex_lock(&ways.lock);
	for (; n < WAYS && !error; n += !error) {
		waiter[n] = (struct waiter) { .ways = &ways, .way = (enum way)n };
		error = pthread_create(&waiter[n].thread, NULL, wait_in_a_way, &waiter[n]);
	}
	while (!error && crew_now() < until && !told_to_end(work))
		sleep_for(LOOK_EVERY);
	release(&ways);
	for (int i = 0; i < n; i++)
		pthread_join(waiter[i].thread, NULL);
	set_result(said, "CPU ms: mutex %.0f, semaphore %.0f, condition %.0f, spinlock %.0f",
		ms(ways.cpu[WAY_MUTEX]), ms(ways.cpu[WAY_SEMAPHORE]), ms(ways.cpu[WAY_CONDITION]),
		ms(ways.cpu[WAY_SPINLOCK]));
	return error;
}

/* --- a robust mutex --- */

#define HOLDS_WITHIN (5 * NSEC_PER_SEC)
#define STILL (300 * NSEC_PER_MSEC) /* how long to look whether the other one stays locked */

struct estate {
	pthread_mutex_t robust, plain;
	_Atomic uint32_t held; /* a futex */
};

static void hold_until_killed(struct estate *estate)
{
	pthread_mutex_lock(&estate->robust);
	pthread_mutex_lock(&estate->plain);
	atomic_store(&estate->held, 1);
	futex_wake(&estate->held, 1);
	for (;;)
		pause();
}

static int inherit(struct estate *estate, char *said)
{
	/* code: robust */
	const nsec begin = crew_now();
	const int robust = lock_within(&estate->robust, NSEC_PER_SEC);
	const nsec took = crew_now() - begin;

	if (robust != EOWNERDEAD)
		return robust ? robust : EIO;
	pthread_mutex_consistent(&estate->robust);
	pthread_mutex_unlock(&estate->robust);
	/* end of code */
	if (lock_within(&estate->plain, STILL) != ETIMEDOUT)
		return EIO;
	set_result(said, "robust: EOWNERDEAD after %.0f us; plain: locked after %d ms still",
		(double)took / NSEC_PER_USEC, (int)(STILL / NSEC_PER_MSEC));
	return 0;
}

int obey_robust(struct work *work, int64_t argument, char *said)
{
	struct estate *estate = share_memory(sizeof(*estate));
	const nsec until = crew_now() + HOLDS_WITHIN;

	work->leave = true;
	if (!estate)
		return ENOMEM;
	const bool made = lock_create(&estate->plain, false) && lock_create(&estate->robust, true);
	const pid_t pid = made ? fork_bound() : -1;

	if (pid == 0)
		hold_until_killed(estate);
	int error = pid < 0 ? EAGAIN : 0;

	while (!error && !atomic_load(&estate->held) && crew_now() < until)
		futex_wait(&estate->held, 0, LOOK_EVERY);
	if (pid > 0) {
		kill(pid, SIGKILL);
		error = atomic_load(&estate->held) ? inherit(estate, said) : ETIMEDOUT;
		waitpid(pid, NULL, 0);
	}
	munmap(estate, sizeof(*estate));
	return error;
}

/* --- an inverted priority --- */

#define WORKS (1 * NSEC_PER_MSEC) /* CPU time that the holder takes before it unlocks */
#define SPINS (1 * NSEC_PER_SEC) /* at most; then the holder gets the CPU at last */

struct inversion {
	pthread_mutex_t lock;
	_Atomic uint32_t held; /* a futex */
	_Atomic bool over;
};

static int set_policy(int policy, int priority)
{
	const struct sched_param param = { .sched_priority = priority };

	return syscall(SYS_sched_setscheduler, 0, policy, &param) == 0 ? 0 : errno;
}

static void *hold_at_low(void *argument)
{
	struct inversion *inversion = argument;

	/* code: inversion */
	set_policy(SCHED_IDLE, 0);
	pthread_mutex_lock(&inversion->lock);
	atomic_store(&inversion->held, 1);
	futex_wake(&inversion->held, 1);
	for (const nsec until = own_time() + WORKS; own_time() < until;)
		;
	pthread_mutex_unlock(&inversion->lock);
	/* end of code */
	return NULL;
}

static void *spin_at_middle(void *argument)
{
	struct inversion *inversion = argument;

	set_policy(SCHED_OTHER, 0);
	for (const nsec until = crew_now() + SPINS;
		!atomic_load(&inversion->over) && crew_now() < until;)
		;
	return NULL;
}

/* How long the caller waits for a mutex that one holds who runs only when nobody else wants to: 0 or an errno. */
static int invert_once(bool spinner, int protocol, nsec *ret_waited)
{
	struct inversion inversion = { 0 };
	pthread_mutexattr_t attr;
	pthread_t low, middle;

	pthread_mutexattr_init(&attr);
	int error = pthread_mutexattr_setprotocol(&attr, protocol);

	if (!error)
		error = pthread_mutex_init(&inversion.lock, &attr);
	pthread_mutexattr_destroy(&attr);
	if (!error)
		error = pthread_create(&low, NULL, hold_at_low, &inversion);
	if (error)
		return error;
	while (!atomic_load(&inversion.held))
		futex_wait(&inversion.held, 0, LOOK_EVERY);
	spinner = spinner && pthread_create(&middle, NULL, spin_at_middle, &inversion) == 0;
	const nsec begin = crew_now();

	pthread_mutex_lock(&inversion.lock);
	*ret_waited = crew_now() - begin;
	atomic_store(&inversion.over, true);
	pthread_mutex_unlock(&inversion.lock);
	pthread_join(low, NULL);
	if (spinner)
		pthread_join(middle, NULL);
	pthread_mutex_destroy(&inversion.lock);
	return 0;
}

#define TIMES 3

/* The shortest of some: what else runs on this machine only makes it longer. */
static int invert(const struct work *work, bool spinner, int protocol, nsec *ret_waited)
{
	nsec waited = 0;
	int error = 0;

	*ret_waited = INT64_MAX;
	for (int i = 0; i < TIMES && !error && !told_to_end(work); i++) {
		error = invert_once(spinner, protocol, &waited);
		*ret_waited = MIN(*ret_waited, waited);
	}
	return error;
}

int obey_inversion(struct work *work, int64_t argument, char *said)
{
	nsec alone, beside, inherited;

	work->leave = true;
	keep_cpus(1, &(int) { 0 }); /* all of it on one */
	int error = invert(work, false, PTHREAD_PRIO_NONE, &alone);

	if (!error)
		error = invert(work, true, PTHREAD_PRIO_NONE, &beside);
	if (error)
		return error;
	/* The holder inherits only what is above all ordinary tasks. */
	if (set_policy(SCHED_FIFO, 1) != 0) {
		set_result(said, "%.1f ms; beside a spinner %.1f ms; PI needs real-time rights",
			ms(alone), ms(beside));
		return 0;
	}
	error = invert(work, true, PTHREAD_PRIO_INHERIT, &inherited);
	set_policy(SCHED_OTHER, 0);
	if (told_to_end(work))
		return EINTR;
	set_result(said, "%.1f ms; beside a spinner %.1f ms; with PI %.1f ms", ms(alone),
		ms(beside), ms(inherited));
	return error;
}
