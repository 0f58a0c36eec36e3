/* SPDX-License-Identifier: MIT
 * The switch duel: two partners hand a token to and fro. A trial's value is the time from one to the other; the baseline
 * is the same calls, and the same touching of memory, by one of the two before the other begins, so that value - baseline is
 * the switch itself. A yield has no token: there the kernel's own counters are the stopwatch.
 */
#include "duel.h"

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHUNK 32 /* rounds between two looks at the clock */

struct arena {
	_Atomic uint32_t turn; /* futex */
	_Atomic int32_t ready, stop;
	_Atomic uint32_t alone; /* futex: the first works alone until this is 0 */
	int method, trial_ms;
	int there[2], back[2]; /* pipes */
	size_t working_set;
	char *memory[2];
	int64_t rounds, switches;
	struct duel_pieces hops, calls;
};

static long futex(_Atomic uint32_t *word, int op, uint32_t value)
{
	/* never FUTEX_PRIVATE: threads and processes must run the same code */
	return syscall(SYS_futex, word, op, value, NULL, NULL, 0);
}

static void touch(char *memory, size_t size)
{
	for (size_t i = 0; i < size; i += 64)
		(*(volatile char *)&memory[i])++;
}

/* code: duel-switch */
static void give(struct arena *a, int me)
{
	if (a->method == SWITCH_BY_FUTEX) {
		atomic_store(&a->turn, (uint32_t)!me);
		futex(&a->turn, FUTEX_WAKE, 1);
	} else {
		while (write(me ? a->back[1] : a->there[1], "", 1) < 0 && errno == EINTR)
			;
	}
}
/* end of code */

static void await(struct arena *a, int me)
{
	char byte;
	if (a->method == SWITCH_BY_FUTEX) {
		while (atomic_load(&a->turn) != (uint32_t)me)
			futex(&a->turn, FUTEX_WAIT, (uint32_t)!me);
	} else {
		while (read(me ? a->there[0] : a->back[0], &byte, 1) < 0 && errno == EINTR)
			;
	}
}

/* The same calls with nobody to switch to: what is left of a value when the switch is taken out. By a contender itself: what
 * a call costs in a process and in a thread is measured, not supposed. */
static void baseline(struct arena *a)
{
	double rounds = 0;
	duel_pieces_start(&a->calls, crew_now(), a->trial_ms * INT64_C(1000000) / 4);
	do {
		for (int i = 0; i < CHUNK; i++) {
			char byte;
			touch(a->memory[0], a->working_set);
			if (a->method == SWITCH_BY_YIELD) {
				sched_yield();
			} else if (a->method == SWITCH_BY_FUTEX) {
				futex(&a->turn, FUTEX_WAKE, 1);
				futex(&a->turn, FUTEX_WAIT, atomic_load(&a->turn) + 1);
			} else if (write(a->there[1], "", 1) == 1 &&
				   read(a->there[0], &byte, 1) != 1) {
				return;
			}
		}
		rounds += CHUNK;
	} while (duel_pieces_add(&a->calls, crew_now(), rounds));
}

/* Each has its pages before a clock starts; the first takes the baseline while the second sleeps. Then both are there. */
static void meet(struct arena *a, int me)
{
	touch(a->memory[me], a->working_set);
	if (me == 0) {
		baseline(a);
		atomic_store(&a->alone, 0);
		futex(&a->alone, FUTEX_WAKE, 1);
	}
	while (atomic_load(&a->alone))
		futex(&a->alone, FUTEX_WAIT, 1);
	atomic_fetch_add(&a->ready, 1);
	while (atomic_load(&a->ready) < 2)
		sched_yield();
}

/* Plays for a time; the hops are two a round. */
static void lead(struct arena *a, int64_t length)
{
	int64_t before = duel_switches();
	a->rounds = 0;
	duel_pieces_start(&a->hops, crew_now(), length);
	do {
		for (int i = 0; i < CHUNK; i++) {
			touch(a->memory[0], a->working_set);
			give(a, 0);
			await(a, 0);
		}
		a->rounds += CHUNK;
	} while (duel_pieces_add(&a->hops, crew_now(), 2.0 * (double)a->rounds));
	a->switches = duel_switches() - before;
}

static void leader(void *argument)
{
	struct arena *a = argument;
	int64_t length = a->trial_ms * INT64_C(1000000);
	meet(a, 0);
	lead(a, length / 8); /* warms up */
	lead(a, length);
	atomic_store(&a->stop, 1);
	give(a, 0);
}

static void follower(void *argument)
{
	struct arena *a = argument;
	meet(a, 1);
	for (;;) {
		await(a, 1);
		if (atomic_load(&a->stop))
			break;
		touch(a->memory[1], a->working_set);
		give(a, 1);
	}
}

/* The kernel's own counter is the stopwatch. They alternate, so that there are two switches for each of one's own. */
static void yielder(struct arena *a, int me)
{
	meet(a, me);
	int64_t before = duel_switches();
	if (me == 0)
		duel_pieces_start(&a->hops, crew_now(), a->trial_ms * INT64_C(1000000));
	while (!atomic_load(&a->stop)) {
		for (int i = 0; i < CHUNK; i++) {
			touch(a->memory[me], a->working_set);
			sched_yield();
		}
		if (me == 0 && !duel_pieces_add(&a->hops, crew_now(),
				       2.0 * (double)(duel_switches() - before)))
			atomic_store(&a->stop, 1);
	}
}

static void first_yielder(void *argument)
{
	yielder(argument, 0);
}

static void second_yielder(void *argument)
{
	yielder(argument, 1);
}

static int arena_open(struct arena *a, const struct duel_trial *trial)
{
	static char no_memory[2]; /* only to have an address when the working set is 0 */
	memset(a, 0, sizeof(*a));
	a->alone = 1;
	a->method = trial->item->method;
	a->trial_ms = trial->plan->trial_ms;
	a->working_set = (size_t)trial->item->parameter * 1024;
	a->there[0] = a->there[1] = a->back[0] = a->back[1] = -1;
	for (int i = 0; i < 2; i++) {
		a->memory[i] = &no_memory[i];
		if (a->working_set && !(a->memory[i] = duel_map(a->working_set, MAP_PRIVATE)))
			return -ENOMEM;
		if (a->working_set)
			madvise(a->memory[i], a->working_set, MADV_NOHUGEPAGE);
	}
	if (a->method == SWITCH_BY_PIPE && (pipe(a->there) < 0 || pipe(a->back) < 0))
		return -errno;
	return 0;
}

static void arena_close(struct arena *a)
{
	int fds[] = { a->there[0], a->there[1], a->back[0], a->back[1] };
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	for (int i = 0; i < 2 && a->working_set; i++)
		if (a->memory[i])
			munmap(a->memory[i], a->working_set);
}

static void record(struct duel_series *series, struct arena *a)
{
	double hop = duel_pieces_middle(&a->hops);
	bool yields = a->method == SWITCH_BY_YIELD;
	duel_add(series, hop, duel_pieces_middle(&a->calls));
	if (yields && isnan(hop))
		duel_note(series, "no switch happened: each had a CPU of its own");
	/* two hops a round, and the leader's half of the switches */
	if (!yields)
		series->extra[EXTRA_SWITCHES] = (double)a->switches / (double)a->rounds;
}

int duel_switch(const struct duel_trial *trial)
{
	static struct arena *a;
	bool yield = trial->item->method == SWITCH_BY_YIELD;
	if (!a && !(a = duel_map(sizeof(*a), MAP_SHARED)))
		return -ENOMEM;
	int error = duel_ballast_use(0);
	if (!error)
		error = arena_open(a, trial);
	if (!error)
		error = duel_pair(trial, yield ? first_yielder : leader,
			yield ? second_yielder : follower, a);
	if (!error)
		record(trial->series, a);
	arena_close(a);
	return error;
}
