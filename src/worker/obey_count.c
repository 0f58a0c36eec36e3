/* SPDX-License-Identifier: MIT
 * Lets all workers of a side count at once: they meet, begin together, and the last one records what the counter says.
 */
#include <unistd.h>

#include "internal.h"
#include "registers.h"

#define CHUNK 16384 /* increments between two looks at what it is told */

/* Returns whether all came. Who waits in vain calls it off for all. */
static bool meet(struct board_meeting_place *place)
{
	nsec until = crew_now() + COMES_WITHIN;
	uint32_t open = MEETING_OPEN;

	if (atomic_fetch_add(&place->arrived, 1) + 1 == atomic_load(&place->expected)) {
		atomic_compare_exchange_strong(&place->state, &open, MEETING_GO);
		futex_wake(&place->state, BOARD_SLOTS);
	}
	while (atomic_load(&place->state) == MEETING_OPEN) {
		nsec left = until - crew_now();

		if (left > 0) {
			futex_wait(&place->state, MEETING_OPEN, left);
			continue;
		}
		open = MEETING_OPEN;
		atomic_compare_exchange_strong(&place->state, &open, MEETING_OFF);
		futex_wake(&place->state, BOARD_SLOTS);
	}
	return atomic_load(&place->state) == MEETING_GO;
}

/* What a compiler makes of counter++ without further thought: load, add, store. */
/* code: count count-shared */
static void count_plain(struct counter *counter, int64_t n)
{
	while (n-- > 0)
		counter->value = counter->value + 1;
}
/* end of code */

/* code: count-atomic count-shared-atomic */
static void count_atomic(struct counter *counter, int64_t n)
{
	while (n-- > 0)
		atomic_fetch_add(&counter->atomic, 1);
}
/* end of code */

/* code: count-mutex count-shared-mutex */
static void count_locked(struct counter *counter, int64_t n)
{
	while (n-- > 0) {
		if (lock_take(&counter->lock) != 0)
			return;
		counter->value = counter->value + 1;
		pthread_mutex_unlock(&counter->lock);
	}
}
/* end of code */

/* code: hold-registers */
static void count_held(struct counter *counter, int64_t n)
{
	uint64_t mine = (uint64_t)gettid() * 0x9e3779b97f4a7c15;

	while (n-- > 0)
		if (yield_with(mine) == 0) /* the registers that differ after it */
			atomic_fetch_add(&counter->atomic, 1);
}
/* end of code */

static const struct way {
	void (*count)(struct counter *counter, int64_t n);
	bool shared; /* in the page that processes share, too */
	bool atomic;
} ways[ORDERS] = {
	[ORDER_COUNT_PLAIN] = { count_plain, false },
	[ORDER_COUNT_ATOMIC] = { count_atomic, false, true },
	[ORDER_COUNT_MUTEX] = { count_locked, false },
	[ORDER_COUNT_SHARED_PLAIN] = { count_plain, true },
	[ORDER_COUNT_SHARED_ATOMIC] = { count_atomic, true, true },
	[ORDER_COUNT_SHARED_MUTEX] = { count_locked, true },
	[ORDER_HOLD_REGISTERS] = { count_held, true, true },
};

static int64_t value_of(const struct counter *counter, enum order order)
{
	return ways[order].atomic ? atomic_load(&counter->atomic) : counter->value;
}

/* Each process has a counter on its heap, all are summed; what all share is read once, by the last. */
static int64_t book(struct work *work, struct counter *counter, enum order order)
{
	const struct host *host = work->hand->host;
	struct board_meeting_place *place = &host->board->meeting;
	bool own = !ways[order].shared && host->kind == KIND_PROCESSES;
	int64_t value = value_of(counter, order);

	if (own)
		atomic_fetch_add(&place->got, value);
	bool last = atomic_fetch_add(&place->finished, 1) + 1 == atomic_load(&place->expected);

	if (last && !own) {
		value = value_of(counter, order);
		atomic_store(&place->got, value);
	}
	/* Whoever looks at the counter itself finds it in one place. */
	if (own || last)
		counter->value = value;
	if (last)
		atomic_store(&place->done, 1);
	return value;
}

int obey_count(struct work *work, enum order order, int64_t argument, char *said)
{
	const struct experiment_memory *memory = &work->hand->host->memory;
	struct counter *counter = ways[order].shared ? memory->shared : memory->heap;
	struct board_meeting_place *place = &work->hand->host->board->meeting;

	if (!counter)
		return ENOMEM;
	if (order == ORDER_HOLD_REGISTERS && !REGISTERS_HELD)
		return ENOSYS;
	/* By each before it arrives: so before any of them begins, whoever shares it. */
	counter->value = 0;
	atomic_store(&counter->atomic, 0);
	if (!meet(place)) {
		set_result(said, "only %u of %u workers came", atomic_load(&place->arrived),
			atomic_load(&place->expected));
		return ETIMEDOUT;
	}
	nsec began = crew_now();
	int64_t left = argument;

	for (; left > 0 && !told_to_end(work); left -= MIN(left, CHUNK))
		ways[order].count(counter, MIN(left, CHUNK));
	nsec took = crew_now() - began;
	int64_t value = book(work, counter, order);

	set_result(said, "added %lld in %.1f ms; counter: %lld", (long long)(argument - left),
		(double)took / NSEC_PER_MSEC, (long long)value);
	return left > 0 ? EINTR : 0;
}
