/* SPDX-License-Identifier: MIT
 * What the parts of the live source share: what is watched (live.c), what the prober is asked for (slow.c, quick.c) and what
 * it found (merge.c), and the evidence that is read here (reader.h).
 */
#ifndef TASKSCOPE_SOURCE_LIVE_H
#define TASKSCOPE_SOURCE_LIVE_H

#include "area.h"
#include "internal.h"
#include "reader.h"
#include "sched.h"

#define STUCK_MAX 16

#define SLOW_NEEDS (NEED_PROCESSES | NEED_MAPPINGS | NEED_MACHINE)
#define QUICK_NEEDS (NEED_PAGES | NEED_POINTER | NEED_REGISTERS | NEED_EDGES)
struct watched {
	struct target target;
	struct procfs_process process;
};

/* A target that did not answer the prober. */
struct stuck {
	int32_t pid;
	nsec since, until, backoff;
};

struct live {
	struct procfs fs;
	struct probe_area *area;
	struct sched *sched;
	nsec slow_interval;

	struct watched *watched, *spare; /* TARGETS_MAX each */
	size_t watched_n, left_out;
	size_t found; /* where the next one is looked for */
	unsigned needs;
	int32_t mapping_pid[MAPPING_TARGETS_MAX];
	size_t mapping_pids;
	worker_of_task *worker_of;
	void *worker_context;
	bool of_groups, joins, joined;

	struct observer observer;

	struct evidence_reader *reader;
	struct range range[RANGES_MAX];
	size_t ranges;

	uint32_t turn[PROBE_LANES]; /* asked for */
	nsec quick_asked_at; /* UNKNOWN: at once */
	struct peek_request peeks;
	bool request_changed;
	nsec asked_at; /* UNKNOWN: never */
	nsec silent_since[PROBE_LANES]; /* UNKNOWN: all is answered */
	struct stuck stuck[STUCK_MAX];
	size_t stuck_n;
};

/* watched.c */
struct watched *live_find_watched(struct live *live, int32_t pid);

bool live_is_watched(struct live *live, int32_t pid);
bool live_wants_mappings(const struct live *live, int32_t pid);

/* merge.c: what the prober last published in a lane. */
void merge_lane(struct live *live, enum probe_lane lane, struct sample *sample);

/* slow.c: a new turn of the slow lane when one is due. */
void slow_ask(struct live *live, nsec now);
/* The current request, without a new turn. */
void slow_fill(struct live *live, nsec now, struct probe_request *ret);
/* Asks again for targets that have answered; gaps for the others. */
void slow_forgive(struct live *live, struct sample *sample);

/* quick.c: the same of the quick lane. */
void quick_ask(struct live *live, nsec now, struct sample *sample);

#endif
