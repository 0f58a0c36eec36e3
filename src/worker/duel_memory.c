/* SPDX-License-Identifier: MIT
 * The memory duel: a host with a ballast of 32 MB and N workers that write 1 MB of their own; what the counters say.
 */
#include "duel.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define BALLAST_MB 32
#define OWN_SIZE ((size_t)1 << 20)
#define WORKERS_MAX 32

struct parking {
	_Atomic int ready;
	int leave[2]; /* closing the writing end lets all go */
	char *own[WORKERS_MAX];
};

struct parker {
	struct parking *parking;
	int index;
};

/* Writes what is its own, says so, and waits until the pipe is closed. */
static void park(void *argument)
{
	struct parker *parker = argument;
	char byte, *own = parker->parking->own[parker->index];
	for (size_t i = 0; i < OWN_SIZE; i += 4096)
		own[i] = 1;
	atomic_fetch_add(&parker->parking->ready, 1);
	struct parking *parking = parker->parking;
	while (read(parking->leave[0], &byte, 1) < 0 && errno == EINTR)
		;
}

/* Whoever has a descriptor table of its own holds a copy of the writing end, so its end would never come: it closes it first. */
static void park_process(void *argument)
{
	struct parker *parker = argument;
	close(parker->parking->leave[1]);
	park(argument);
}

struct sums {
	double rss, pss, uss, page_tables, vm_size;
};

static bool sum_process(struct sums *sums, int pid)
{
	static const char rollup[] = "/proc/%d/smaps_rollup", status[] = "/proc/%d/status";
	int64_t pss = proc_number("Pss:", rollup, pid);
	sums->rss += (double)proc_number("Rss:", rollup, pid);
	sums->pss += (double)pss;
	sums->uss += (double)(proc_number("Private_Clean:", rollup, pid) +
			      proc_number("Private_Dirty:", rollup, pid));
	sums->page_tables += (double)proc_number("VmPTE:", status, pid);
	sums->vm_size += (double)proc_number("VmSize:", status, pid);
	return pss >= 0;
}

/* --- kernel stacks --- */

#define MANY 64 /* tasks whose stacks are weighed together */
#define WEIGHINGS 5

static void wait_for_close(void *argument)
{
	int *pipe_of = argument;
	char byte;
	close(pipe_of[1]);
	while (read(pipe_of[0], &byte, 1) < 0 && errno == EINTR)
		;
}

static double kernel_stacks_kb(void)
{
	return (double)proc_number("KernelStack:", "/proc/meminfo");
}

/* By what the machine's kernel stacks grow with each of many tasks; NAN. No threads: libc would keep their stacks. */
static double weigh_stacks(void)
{
	struct duel_task tasks[MANY];
	int leave[2], n = 0;
	double before = kernel_stacks_kb(), after;
	if (pipe2(leave, O_CLOEXEC) < 0)
		return NAN;
	for (; n < MANY; n++) {
		tasks[n] = (struct duel_task) {
			.who = BY_SHARED_MM, .cpu = -1, .run = wait_for_close, .argument = leave
		};
		if (duel_task_start(&tasks[n]) != 0)
			break;
	}
	after = kernel_stacks_kb();
	close(leave[1]);
	for (int i = 0; i < n; i++) {
		duel_task_wait(&tasks[i]);
		munmap(tasks[i].stack, DUEL_STACK);
	}
	close(leave[0]);
	return n == MANY && before >= 0 ? (after - before) / MANY : NAN;
}

/* The kernel counts stacks in steps, and others' too, so that a few tasks more can read as none: one stack is worked out
 * from many, to the power of two that it is. kB; NAN: not known. */
static double kernel_stack_kb(void)
{
	static double known;
	double kb[WEIGHINGS];
	if (known > 0)
		return known;
	for (int i = 0; i < WEIGHINGS; i++)
		if (!((kb[i] = weigh_stacks()) > 0))
			return NAN;
	const double middle = middle_of(kb, WEIGHINGS);
	for (known = 4; known * 1.4 < middle;)
		known *= 2;
	return known;
}

static int measure(const struct duel_trial *trial, struct duel_task *tasks, int n)
{
	struct duel_series *series = trial->series;
	struct sums sums = { 0 };
	bool ok = sum_process(&sums, getpid());
	for (int i = 0; i < n && trial->item->who == BY_PROCESSES; i++)
		ok = sum_process(&sums, tasks[i].pid) && ok;
	if (!ok)
		return -EACCES;
	series->extra[EXTRA_RSS_KB] = sums.rss;
	series->extra[EXTRA_USS_KB] = sums.uss;
	series->extra[EXTRA_PAGE_TABLES_KB] = sums.page_tables;
	series->extra[EXTRA_VM_SIZE_KB] = sums.vm_size;
	series->extra[EXTRA_KERNEL_STACK_KB] = (1 + n) * kernel_stack_kb();
	duel_add(series, sums.pss, NAN);
	return 0;
}

static int prepare(struct parking *parking, int n)
{
	memset(parking, 0, sizeof(*parking));
	if (pipe2(parking->leave, O_CLOEXEC) < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		if (!(parking->own[i] = duel_map(OWN_SIZE, MAP_PRIVATE)))
			return -ENOMEM;
		madvise(parking->own[i], OWN_SIZE, MADV_NOHUGEPAGE);
	}
	return 0;
}

static void clean_up(struct parking *parking, struct duel_task *tasks, int started, int n)
{
	close(parking->leave[1]);
	for (int i = 0; i < started; i++)
		duel_task_wait(&tasks[i]);
	close(parking->leave[0]);
	for (int i = 0; i < n; i++) {
		if (parking->own[i])
			munmap(parking->own[i], OWN_SIZE);
		if (tasks[i].stack)
			munmap(tasks[i].stack, DUEL_STACK);
	}
}

int duel_memory(const struct duel_trial *trial)
{
	static struct parking *parking;
	static struct parker parkers[WORKERS_MAX];
	struct duel_task tasks[WORKERS_MAX] = { 0 };
	int n = (int)trial->item->parameter, started = 0;
	if (!parking && !(parking = duel_map(sizeof(*parking), MAP_SHARED)))
		return -ENOMEM;
	/* made here, and no larger: what is only left out of forks would count in the host's own sums */
	int error = duel_ballast_reserve(BALLAST_MB);
	if (!error)
		error = duel_ballast_use(BALLAST_MB);
	if (error)
		return error;
	/* before there is anything that it could add to */
	kernel_stack_kb();
	error = prepare(parking, n);
	for (; !error && started < n; started += !error) {
		parkers[started] = (struct parker) { parking, started };
		tasks[started] = (struct duel_task) { .who = trial->item->who,
			.cpu = trial->cpu[0],
			.run = trial->item->who == BY_THREADS ? park : park_process,
			.argument = &parkers[started] };
		error = duel_task_start(&tasks[started]);
	}
	while (!error && atomic_load(&parking->ready) < n)
		sched_yield();
	if (!error)
		error = measure(trial, tasks, n);
	clean_up(parking, tasks, started, n);
	return error;
}
