/* SPDX-License-Identifier: MIT
 * The memory that the live source and the prober share. Plain data of fixed size, so that neither can be harmed by the
 * other's death. The source writes a request, then counts `wake` up; the prober fills the slot that is not published, then
 * publishes it by counting `published` up: a prober that is killed leaves an unpublished slot, which nobody reads.
 */
#ifndef TASKSCOPE_SOURCE_AREA_H
#define TASKSCOPE_SOURCE_AREA_H

#include <stdatomic.h>

#include "source.h"

#define AREA_MAPPINGS_MAX 4096 /* of all mapping targets together */
#define AREA_GAPS_MAX 64

struct probe_target {
	int32_t pid;
	bool mappings; /* its smaps are wanted */
	bool quiet; /* it did not answer: only files that cannot block */
};

struct probe_request {
	uint32_t needs; /* enum need */
	uint32_t targets;
	struct probe_target target[TARGETS_MAX];
};

struct probe_slot {
	uint32_t request; /* the request that this answers */
	int64_t at_ns; /* when it was complete */
	uint32_t processes, mappings, gaps;
	struct machine_sample machine;
	struct process_sample process[TARGETS_MAX]; /* side and worker are the source's to set */
	struct gap_sample gap[AREA_GAPS_MAX];
	struct mapping_sample mapping[AREA_MAPPINGS_MAX];
};

struct probe_area {
	_Atomic uint32_t wake; /* a futex: requests made */
	_Atomic uint32_t lock; /* odd while the request is being written */
	_Atomic uint32_t begun; /* the last request that a prober began: never begun twice */
	_Atomic uint32_t published; /* slot[published % 2] is complete; 0: none yet */
	_Atomic int32_t prober; /* PID of the prober that runs */
	_Atomic int32_t busy_pid; /* the target whose file it reads now; 0: none */
	_Atomic int64_t busy_since; /* CLOCK_MONOTONIC; 0: none */
	struct probe_request request;
	struct probe_slot slot[2];
};

/* The source's side: makes *request the current one and wakes the prober. */
void area_request(struct probe_area *area, const struct probe_request *request);
/* The prober's side: waits for a request that none has begun, and takes it. Its number; 0: nothing yet (a signal). */
uint32_t area_wait(struct probe_area *area, struct probe_request *ret);
/* The prober's side: the slot to fill, emptied; and its publication. */
struct probe_slot *area_slot(struct probe_area *area);
void area_publish(struct probe_area *area);
/* The newest complete slot, NULL: none yet; and whether it was still the same while it was read. */
const struct probe_slot *area_newest(struct probe_area *area, uint32_t *ret_number);
bool area_unchanged(struct probe_area *area, uint32_t number);

#endif
