/* SPDX-License-Identifier: MIT
 * The jobs that lock two mutexes: each worker has one. Locked in opposite order they end in a deadlock, which is real:
 * nobody in it has a timeout. It ends when the host tells one of them something, by taking from its holder what that one
 * waits for.
 */
#include "internal.h"

#define HOLD (1 * NSEC_PER_MSEC) /* with the first mutex in hand, and with both */
#define THINK (200 * NSEC_PER_USEC) /* between: else the last owner would always win */

bool lock_create(pthread_mutex_t *lock, bool robust)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	if (robust)
		pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	int error = pthread_mutex_init(lock, &attr);

	pthread_mutexattr_destroy(&attr);
	return error == 0;
}

/* What deadlocks in most programs. */
bool locks_create(struct board *board)
{
	bool made = true;

	for (int i = 0; i < BOARD_SLOTS && made; i++)
		made = lock_create(&board->slots[i].lock, false);
	return made;
}

static uint32_t number_of(const struct work *work)
{
	return (uint32_t)work->hand->index + 1;
}

static void take(const struct work *work, struct board_slot *of)
{
	const struct board_slot *slots = work->hand->host->board->slots;

	atomic_store(&work->slot->wants, (uint32_t)(of - slots) + 1);
	pthread_mutex_lock(&of->lock);
	atomic_store(&of->holder, number_of(work));
	atomic_store(&work->slot->wants, 0);
}

static bool try(const struct work *work, struct board_slot *of)
{
	if (pthread_mutex_trylock(&of->lock) != 0)
		return false;
	atomic_store(&of->holder, number_of(work));
	return true;
}

/* Returns whether it was still this one's: the host may have taken it away. */
static bool give_back(struct board_slot *of, uint32_t holder)
{
	if (!holder || !atomic_compare_exchange_strong(&of->holder, &holder, 0))
		return false;
	pthread_mutex_unlock(&of->lock);
	return true;
}

void lock_reclaim(struct board_slot *slot)
{
	give_back(slot, atomic_load(&slot->holder));
}

/* It was told something since it last looked. */
static bool is_told(const struct board_slot *slot)
{
	return atomic_load(&slot->command) ||
	       atomic_load(&slot->asked) != atomic_load(&slot->answered) ||
	       atomic_load(&slot->job) != atomic_load(&slot->doing);
}

/* It may come to wait before it looks again. */
static bool may_wait(const struct board_slot *slot)
{
	const int32_t doing = atomic_load(&slot->doing);

	return doing >= JOB_DEADLOCK && doing <= JOB_PHILOSOPHERS;
}

bool locks_free(struct host *host)
{
	bool any = false;

	for (int i = 0; i < BOARD_SLOTS; i++) {
		struct board_slot *slot = &host->board->slots[i];

		if (!host->hand[i].started || !is_told(slot))
			continue;
		const uint32_t wants = atomic_load(&slot->wants);

		if (wants)
			lock_reclaim(&host->board->slots[wants - 1]);
		any |= wants || may_wait(slot);
	}
	return any;
}

/* With the first mutex in hand for a moment, and then with both. */
static bool hold_both(const struct work *work, struct board_slot *first, struct board_slot *second)
{
	const uint32_t self = number_of(work);

	/* code: job-deadlock job-philosophers */
	take(work, first);
	sleep_for(HOLD);
	take(work, second);
	sleep_for(HOLD);
	const bool both = give_back(second, self);

	return give_back(first, self) && both;
	/* end of code */
}

/* Whose mutex it locks beside its own; NULL: it has no partner. */
static struct board_slot *partner_of(struct work *work)
{
	const uint32_t pair = atomic_load(&work->slot->pair);

	if (pair)
		return &work->hand->host->board->slots[BOARD_PAIR_SLOT(pair)];
	wait_for_bell(work);
	return NULL;
}

bool round_deadlock(struct work *work)
{
	struct board_slot *other = partner_of(work);

	if (!other || !hold_both(work, work->slot, other))
		return false;
	sleep_for(THINK);
	return true;
}

bool round_lock_order(struct work *work)
{
	/* code: job-lock-order */
	struct board_slot *own = work->slot, *other = partner_of(work);

	if (!other || !hold_both(work, MIN(own, other), MAX(own, other)))
		return false;
	sleep_for(THINK);
	/* end of code */
	return true;
}

/* A time that differs each time, and from the partner's: in step, both would find the other's taken for ever. */
static nsec back_off(struct work *work)
{
	work->dice = work->dice * 1664525 + 1013904223 + number_of(work);
	return THINK * (1 + (work->dice >> 24) % 10);
}

/* Who finds the second one taken gives the first one back, and comes again after a while. */
bool round_trylock(struct work *work)
{
	const uint32_t self = number_of(work);
	struct board_slot *other = partner_of(work);

	if (!other)
		return false;
	/* code: job-trylock */
	take(work, work->slot);
	sleep_for(HOLD);
	const bool both = try(work, other);

	if (both) {
		sleep_for(HOLD);
		give_back(other, self);
	}
	give_back(work->slot, self);
	sleep_for(back_off(work));
	/* end of code */
	return both;
}

/* The next one, round and round, who does this job, too; NULL: it dines alone. */
static struct board_slot *next_at_table(const struct work *work)
{
	struct board_slot *slots = work->hand->host->board->slots;

	for (int i = 1; i < BOARD_SLOTS; i++) {
		struct board_slot *slot = &slots[(work->hand->index + i) % BOARD_SLOTS];

		if (atomic_load(&slot->phase) == SLOT_ALIVE &&
			atomic_load(&slot->doing) == JOB_PHILOSOPHERS)
			return slot;
	}
	return NULL;
}

bool round_philosophers(struct work *work)
{
	struct board_slot *next = next_at_table(work);

	if (!next) {
		futex_wait(&work->slot->bell, work->seen, LOOK_EVERY);
		return false;
	}
	if (!hold_both(work, work->slot, next))
		return false;
	sleep_for(THINK);
	return true;
}
