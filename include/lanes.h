/* SPDX-License-Identifier: MIT
 * Lanes: who ran when, on which CPU, and why not. A part of the model (model.h), which makes them of the switch records of
 * the samples and keeps the last seconds.
 */
#ifndef TASKSCOPE_LANES_H
#define TASKSCOPE_LANES_H

#include "base.h"

struct model;

enum span_state {
	SPAN_UNKNOWN, /* before the first record of a task, after a loss, while nobody watched */
	SPAN_RUNNING,
	SPAN_WAITING, /* runnable without a CPU: preempted, or new */
	SPAN_OFF,     /* gave the CPU up: blocked, and then runnable for a while: the wake-up is in no record. Of a CPU: runs
		       * none of ours */
	SPAN_SAMPLED, /* no records: shares of run and wait between two readings of schedstat */
	SPAN_NONE,    /* not born, or dead */
	SPAN_STATES
};

/* What began a span. */
enum span_mark { MARK_NONE, MARK_PUT_ON, MARK_GAVE_UP, MARK_PREEMPTED, MARK_BORN, MARK_DIED, SPAN_MARKS };

struct span {
	nsec from;
	int32_t who;   /* of a CPU: the tid that runs; of SPAN_SAMPLED: thousandths of run, and of wait times 65536 */
	int16_t cpu;   /* RUNNING: where; else where it was last; -1 unknown */
	uint8_t state; /* enum span_state */
	uint8_t mark;  /* enum span_mark */
};

/* A lane's past: spans without holes, the newest few thousand one by one, and sums over cells of 0.1, 1 and 10 ms, of
 * which at least a thousand each. */
struct strip;

/* What happened in [from, to) of a strip. The known times add up to at most to - from: the rest is unknown, or no time of
 * the task's. */
struct strip_cell {
	nsec run_ns, wait_ns, off_ns;
	nsec longest_run_ns, longest_wait_ns; /* of those that ended here: all of them, also what lies before from */
	int put_on, gave_up, preempted;
	bool born, died, sampled;
	int32_t who; /* of a CPU: who ran longest; 0: nobody, or no one more than the others */
};
/* Sums are exact where from and to are multiples of the same of 0.1, 1 and 10 ms, or where spans reach back that far. */
struct strip_cell strip_cell(const struct strip *strip, nsec from, nsec to);
/* The span at an instant, as far back as spans are kept; *ret_to: its end, or UNKNOWN while it lasts. false: not kept. */
bool strip_span(const struct strip *strip, nsec at, struct span *ret, nsec *ret_to);
/* The start of the span after the one at an instant, or of the one at it (back: of the one before, if at is its start).
 * UNKNOWN: not kept. */
nsec strip_next(const struct strip *strip, nsec at);
nsec strip_previous(const struct strip *strip, nsec at);

/* The newest looks at what a task waits in, each with its time: some 200. */
struct wait_log;

/* What the looks that lie wholly in [from, to) found. */
struct lane_waits {
	int looks;
	int named;           /* those for which the kernel named a channel: it was blocked */
	int same;            /* those that found `channel` */
	const char *channel; /* the one found most often; "" none */
	nsec newest;         /* when the newest of the looks was; UNKNOWN: there is none */
};
struct lane_waits lane_waits(const struct wait_log *log, nsec from, nsec to);

/* One task's lane. Lanes of tasks that died stay until their past has gone by. */
struct lane {
	int32_t pid, tid;
	int16_t side;
	int16_t worker; /* an index, WORKER_HOST, or WORKER_NONE: not known, as of tasks that no sample has seen */
	bool alive;
	nsec born_ns, died_ns; /* UNKNOWN: not seen */
	/* Switches that were recorded, and those that /proc counted, over the same time; UNKNOWN: not both known. */
	int64_t seen_voluntary, seen_involuntary, counted_voluntary, counted_involuntary;
	double mean_delay_ns; /* a wait for a CPU of any kind over about the last second (schedstat); NAN */
	const struct strip *strip;
	const struct wait_log *waits;
};

struct cpu_lane {
	int16_t cpu;
	const struct strip *strip;
};

/* Switches of all lanes by records, and by /proc. The two are read at slightly different instants: `differ` is the least
 * difference of the last ten samples, and only what is lost stays in it. */
struct lanes_sum {
	int64_t seen, counted, differ;
};

struct lanes_view {
	nsec until;   /* the end of all lanes; UNKNOWN: there are none */
	bool sampled; /* from schedstat: never finer than between two samples */
	bool held;
	int64_t lost; /* records lost since lanes were first watched */
	struct lanes_sum sum;
	int left_out; /* tasks for which there was no lane left */
	const struct lane *const *lanes; /* by side; in it the host, workers by index, others by tid; the dead last */
	size_t n;
	const struct cpu_lane *cpus; /* ascending; none if sampled */
	size_t n_cpus;
};
/* Valid until the next feed. */
struct lanes_view model_lanes(const struct model *model);
/* Holds the lanes as they are, to be looked at: what is fed meanwhile is left out, and is a hole later. */
void model_hold_lanes(struct model *model, bool hold);

#endif
