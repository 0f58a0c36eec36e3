/* SPDX-License-Identifier: MIT
 * Pairs workers: ping-pong and futex need two. A pair has a serial number, and a message of an old pair is
 * recognised by it, so that a partner's death or change leaves nothing behind.
 */
#include <unistd.h>

#include "internal.h"

static bool can_pair(const struct hand *m, int job)
{
	return m->started && atomic_load(&m->slot->job) == job &&
	       !(atomic_load(&m->slot->command) & (SLOT_QUIT | SLOT_CRASH));
}

static void unpair(struct host *host, struct hand *m)
{
	if (atomic_exchange(&m->slot->pair, 0) != 0)
		host_kick(host, m);
}

/* Whether this pair still holds. */
static bool holds(struct host *host, const struct hand *m)
{
	uint32_t pair = atomic_load(&m->slot->pair);

	if (!pair)
		return false;
	const struct hand *other = &host->hand[BOARD_PAIR_SLOT(pair)];
	int job = atomic_load(&m->slot->job);

	return job_table[job].pairs && m->paired_for == job && other->paired_for == job &&
	       can_pair(m, job) && can_pair(other, job) &&
	       atomic_load(&other->slot->pair) == BOARD_PAIR(m->index, BOARD_PAIR_SERIAL(pair));
}

/* The lower one plays first. */
static void pair_up(struct host *host, struct hand *low, struct hand *high, int job)
{
	host->serial = host->serial % 254 + 1;
	low->paired_for = high->paired_for = job;
	atomic_store(&low->slot->turn, host->serial << 1);
	atomic_store(&low->slot->pair, BOARD_PAIR(high->index, host->serial));
	atomic_store(&high->slot->pair, BOARD_PAIR(low->index, host->serial));
	host_kick(host, low);
	host_kick(host, high);
	if (job == JOB_PINGPONG && host->seat[low->seat].write >= 0) {
		unsigned char serve = (unsigned char)host->serial;

		(void)!write(host->seat[low->seat].write, &serve, 1);
	}
}

void pairs_renew(struct host *host)
{
	for (int i = 0; i < BOARD_SLOTS; i++)
		if (host->hand[i].started && !holds(host, &host->hand[i]))
			unpair(host, &host->hand[i]);
	for (int job = 0; job < JOBS; job++) {
		struct hand *single = NULL;

		if (!job_table[job].pairs)
			continue;
		for (int i = 0; i < BOARD_SLOTS; i++) {
			struct hand *m = &host->hand[i];

			if (!can_pair(m, job) || atomic_load(&m->slot->pair))
				continue;
			if (single)
				pair_up(host, single, m, job);
			single = single ? NULL : m;
		}
	}
}
