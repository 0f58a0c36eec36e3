/* SPDX-License-Identifier: MIT
 * The memory that the live source and the prober share. Plain data of fixed size, so that neither can be harmed by the
 * other's death. The source writes a request, then counts `wake` up; the prober fills the slot that is not published, then
 * publishes it by counting `published` up: a prober that is killed leaves an unpublished slot, which nobody reads.
 * There are two lanes, each with its turns and its pair of slots: slow (sizes, mappings, the machine) and quick (what the
 * evidence panes look at several times a second). A request says which turn of each lane it is; a lane that has begun its
 * turn has nothing to do.
 */
#ifndef TASKSCOPE_SOURCE_AREA_H
#define TASKSCOPE_SOURCE_AREA_H

#include <stdatomic.h>

#include "source.h"

#define AREA_MAPPINGS_MAX 4096 /* of all mapping targets together */
#define AREA_GAPS_MAX 64

enum probe_lane { PROBE_SLOW, PROBE_QUICK, PROBE_LANES };

struct probe_target {
	int32_t pid;
	bool mappings; /* its smaps are wanted */
	bool quiet; /* it did not answer: only files that cannot block */
};

/* An address to look at, in one task's memory. */
struct peek_watch {
	int32_t pid, tid;
	int16_t side, worker;
	int16_t what; /* enum pointer_what */
	uint64_t address;
};

/* A range of pages: to be shown one by one, or a stack, to be counted. */
struct peek_range {
	int32_t pid, tid; /* tid: the stack's owner; 0: show */
	int32_t via;      /* a thread that lives: a main thread that has ended has no memory any more */
	int16_t side, worker;
	char name[16];
	uint64_t start, end;
};

/* A program counter to name. */
struct peek_pc {
	int32_t pid, tid;
	uint64_t pc;
};

/* A task of which is asked what it waits for. */
struct peek_waiter {
	int32_t pid, tid;
	int16_t side, worker;
};

#define PEEK_WAITERS_MAX 512
#define PEEK_WATCHES_MAX 1024
#define PEEK_STACKS_MAX 320
#define PEEK_PCS_MAX 64

struct peek_request {
	uint32_t watches, ranges, pcs, waiters;
	struct peek_watch watch[PEEK_WATCHES_MAX];
	struct peek_range range[RANGES_MAX + PEEK_STACKS_MAX];
	struct peek_pc pc[PEEK_PCS_MAX];
	struct peek_waiter waiter[PEEK_WAITERS_MAX];
};

struct peek_stack {
	int32_t pid, tid;
	int64_t resident_kb;
};

struct peek_name {
	int32_t pid;
	uint64_t pc;
	char where[sizeof(((struct register_sample *)0)->where)];
};

struct probe_request {
	uint32_t turn[PROBE_LANES];
	uint32_t needs; /* enum need */
	uint32_t targets;
	struct probe_target target[TARGETS_MAX];
};

/* What could not be read of a turn. */
struct gap_list {
	uint32_t n;
	struct gap_sample gap[AREA_GAPS_MAX];
};

/* What the slots of both lanes begin with. */
struct slot_head {
	uint32_t turn; /* that this answers */
	int64_t at_ns; /* when it was complete */
	struct gap_list gaps;
};

struct probe_slot {
	struct slot_head head;
	uint32_t processes, mappings;
	struct machine_sample machine;
	struct process_sample process[TARGETS_MAX]; /* side and worker are the source's to set */
	struct mapping_sample mapping[AREA_MAPPINGS_MAX];
};

struct peek_slot {
	struct slot_head head;
	uint32_t pages, states, frames, pointers, stacks, names, edges;
	struct pages_sample page[RANGES_MAX];
	struct pointer_sample pointer[PEEK_WATCHES_MAX];
	struct peek_stack stack[PEEK_STACKS_MAX];
	struct peek_name name[PEEK_PCS_MAX];
	struct edge_sample edge[PEEK_WAITERS_MAX];
	uint8_t state[RANGE_PAGES_MAX];
	int64_t frame[RANGE_PAGES_MAX];
};

struct probe_area {
	_Atomic uint32_t wake; /* a futex: requests made */
	_Atomic uint32_t lock; /* odd while the request is being written */
	_Atomic uint32_t taken; /* the last request that a prober took: never taken twice */
	_Atomic uint32_t begun[PROBE_LANES]; /* the last turn of each lane that was begun: never twice */
	_Atomic uint32_t published[PROBE_LANES]; /* slot published % 2 is complete; 0: none yet */
	_Atomic int32_t prober; /* PID of the prober that runs */
	_Atomic int32_t busy_pid; /* the target whose file it reads now; 0: none */
	_Atomic int64_t busy_since; /* CLOCK_MONOTONIC; 0: none */
	struct probe_request request;
	struct peek_request peeks; /* the quick lane's part */
	struct probe_slot slow[2];
	struct peek_slot quick[2];
};

/* The source's side: makes *request the current one and wakes the prober. look NULL: as it was. */
void area_request(struct probe_area *area, const struct probe_request *request,
	const struct peek_request *wanted);
/* The prober's side: waits for a request that none has begun, and takes it. Its number; 0: nothing yet (a signal). */
uint32_t area_wait(
	struct probe_area *area, struct probe_request *ret, struct peek_request *ret_look);
/* The prober's side: the lane's slot (struct probe_slot, peek_slot) for a turn, emptied, and its publication. */
void *area_begin(struct probe_area *area, enum probe_lane lane, uint32_t turn);
void area_publish(struct probe_area *area, enum probe_lane lane);
/* The prober's side: tells whose files are read from now on, in case it never comes back from them; 0: nobody's. */
void area_enter(struct probe_area *area, int32_t pid);
/* Adds a gap, once for each (pid, what). The last place says that there were more. reason NULL: io_reason. */
void area_gap(struct slot_head *head, int32_t pid, const char *what, int error, const char *reason);
/* Whether only files of a target may be read that cannot block. */
bool area_is_quiet(const struct probe_request *request, int32_t pid);
/* The newest complete slot, NULL: none yet; and whether it was still the same while it was read. */
const void *area_newest(struct probe_area *area, enum probe_lane lane, uint32_t *ret_number);
bool area_unchanged(struct probe_area *area, enum probe_lane lane, uint32_t number);

#endif
