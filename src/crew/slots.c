/* SPDX-License-Identifier: MIT
 * Finds a slot of the board for a worker, and says on which CPU its worker runs.
 */

#include "internal.h"

int crew_limit(enum kind kind)
{
	return kind == KIND_PROCESSES ? CREW_PROCESSES_MAX : CREW_THREADS_MAX;
}

bool slot_lives(const struct board_slot *slot)
{
	uint32_t phase = atomic_load(&slot->phase);

	return phase == SLOT_WANTED || phase == SLOT_STARTING || phase == SLOT_ALIVE ||
	       phase == SLOT_LEAVING || phase == SLOT_UNREAPED;
}

/* The one CPU of a crew on equal footing: the last but one on the left, the last on the right, where kinds of cores are alike
 * and interrupts are rare. Each crew alone on its own, or both on the only one. -1: where the kernel wants.
 * Spread over the same CPUs, each pinned or mirrored, workers that hand over kept a CPU from the other side for seconds:
 * why, says cpu_share.c. */
static int place_of(const struct crews *crews, const struct crew *crew)
{
	int n = crews->cpus ? CPU_COUNT_S(crews->cpus_size, crews->cpus) : 0;
	int nth = crew == &crews->crew[SIDE_LEFT] && n > 1 ? n - 2 : n - 1, cpu = 0;

	if (!crew->plan.even || !n)
		return -1;
	for (;; cpu++)
		if (CPU_ISSET_S((size_t)cpu, crews->cpus_size, crews->cpus) && nth-- == 0)
			return cpu;
}

void crew_place(const struct crews *crews, struct crew *crew, int worker, int cpu)
{
	struct board_slot *slot = &crew->board->slots[worker];
	int place = place_of(crews, crew);

	atomic_store(&slot->placed, cpu < 0 && place >= 0);
	atomic_store(&slot->cpu, cpu < 0 ? place : cpu);
}

/* A slot that was never used, else the one whose worker ended longest ago. */
static int find_slot(struct crew *crew)
{
	int oldest = -ENOSPC;
	int64_t oldest_ns = INT64_MAX;

	if (crew->fresh < BOARD_SLOTS)
		return (int)crew->fresh++;
	for (int i = 0; i < BOARD_SLOTS; i++) {
		const struct board_slot *slot = &crew->board->slots[i];

		if (!slot_lives(slot) && atomic_load(&slot->ended_ns) < oldest_ns) {
			oldest_ns = atomic_load(&slot->ended_ns);
			oldest = i;
		}
	}
	return oldest;
}

int crew_take_slot(const struct crews *crews, struct crew *crew)
{
	int i = find_slot(crew);

	if (i >= 0)
		crew_clear_slot(crews, crew, i);
	return i;
}

void crew_clear_slot(const struct crews *crews, struct crew *crew, int i)
{
	struct board_slot *slot = &crew->board->slots[i];
	int job = crew->job == JOB_MIXED ? (int)job_mixed((unsigned)i) : crew->job;

	memset(slot, 0, sizeof(*slot));
	atomic_store(&slot->job, job);
	atomic_store(&slot->doing, job);
	crew_place(crews, crew, i, crew->cpu);
	atomic_store(&slot->seat, -1);
	atomic_store(&slot->inbox, -1);
	atomic_store(&slot->ended_ns, UNKNOWN);
}
