/* SPDX-License-Identifier: MIT
 * Lanes: who ran when, on which CPU, and why not. A part of the model (model.h), which makes them
 * of the switch records of the samples and keeps the last seconds.
 */
#ifndef TASKSCOPE_LANES_H
#define TASKSCOPE_LANES_H

#include "switches.h"

struct model;

/* A lane's past: spans without holes, the newest few thousand one by one, and sums over cells of
 * 0.1, 1 and 10 ms, of which at least a thousand each. */
struct strip;

/* What happened in [from, to) of a strip. The known times add up to at most to - from: the rest is
 * unknown, or no time of the task's. */
struct strip_cell {
	nsec run_ns, wait_ns, off_ns;
	/* of those that ended here: all of them, also what lies before from */
	nsec longest_run_ns, longest_wait_ns;
	int put_on, gave_up, preempted;
	bool born, died, sampled;
	int32_t who; /* of a CPU: who ran longest; 0: nobody, or no one more than the others */
};
/* Sums are exact where from and to are multiples of the same of 0.1, 1 and 10 ms, or where spans
 * reach back that far. */
struct strip_cell strip_cell(const struct strip *strip, nsec from, nsec to);
/* The span at an instant, as far back as spans are kept; *ret_to: its end, or UNKNOWN while it
 * lasts. false: not kept. */
bool strip_span(const struct strip *strip, nsec at, struct span *ret, nsec *ret_to);
/* The start of the span after the one at an instant, or of the one at it (back: of the one before,
 * if at is its start). UNKNOWN: not kept. */
nsec strip_next(const struct strip *strip, nsec at);
nsec strip_previous(const struct strip *strip, nsec at);

/* The newest looks at what a task waits in, each with its time: some 200. */
struct wait_log;

/* What the looks that lie wholly in [from, to) found. */
struct lane_waits {
	int looks;
	int named; /* those for which the kernel named a channel: it was blocked */
	int same; /* those that found `channel` */
	const char *channel; /* the one found most often; "" none */
	nsec newest; /* when the newest of the looks was; UNKNOWN: there is none */
};
struct lane_waits lane_waits(const struct wait_log *log, nsec from, nsec to);

/* One task's lane. Lanes of tasks that died stay until their past has gone by. */
struct lane {
	int32_t pid, tid;
	int16_t side;
	/* an index, WORKER_HOST, or WORKER_NONE: not known, as of tasks that no sample has seen */
	int16_t worker;
	bool alive;
	nsec born_ns, died_ns; /* UNKNOWN: not seen */
	/* Switches that were recorded, and those that /proc counted, over the same time: from one
	 * reading of its counters (or its birth) to another. */
	int64_t seen_voluntary, seen_involuntary, counted_voluntary, counted_involuntary;
	int64_t between; /* of those recorded, so many came while the counters were read */
	/* counted beyond what was recorded before and after these readings; below 0: less. 0: they
	 * agree */
	int64_t apart;
	/* a wait for a CPU of any kind over about the last second (schedstat); NAN */
	double mean_delay_ns;
	const struct strip *strip;
	const struct wait_log *waits;
};

struct cpu_lane {
	int16_t cpu;
	const struct strip *strip;
};

/* The same of all lanes. */
struct lanes_sum {
	int64_t seen, counted, between, apart; /* apart: of each lane, without its sign */
};

struct lanes_view {
	nsec until; /* the end of all lanes; UNKNOWN: there are none */
	bool sampled; /* from schedstat: never finer than between two samples */
	bool held;
	int64_t lost; /* records lost since lanes were first watched */
	struct lanes_sum sum;
	int left_out; /* tasks for which there was no lane left */
	/* by side; in it the host, workers by index, others by tid; the dead last */
	const struct lane *const *lanes;
	size_t n;
	const struct cpu_lane *cpus; /* ascending; none if sampled */
	size_t n_cpus;
};
/* Valid until the next feed. */
struct lanes_view model_lanes(const struct model *model);
/* Holds the lanes as they are, to be looked at: what is fed meanwhile is left out, and is a hole
 * later. */
void model_hold_lanes(struct model *model, bool hold);

#endif
