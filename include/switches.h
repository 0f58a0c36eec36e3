/* SPDX-License-Identifier: MIT
 * Records of a sample about the scheduler (perf_event).
 */
#ifndef TASKSCOPE_SWITCHES_H
#define TASKSCOPE_SWITCHES_H

#include "base.h"
#include "record.h"

/* One scheduler event as the kernel records it (perf_event_open(2): PERF_RECORD_SWITCH, FORK, EXIT,
 * LOST). */
enum switch_kind {
	SWITCH_IN, /* put on the CPU */
	SWITCH_OUT, /* gave the CPU up: it blocked */
	/* taken off while runnable (PERF_RECORD_MISC_SWITCH_OUT_PREEMPT): also by sched_yield */
	SWITCH_PREEMPTED,
	SWITCH_BORN, /* runnable from here on; `cpu` is the parent's */
	SWITCH_DIED, /* no switch of its is recorded after this */
	/* the kernel had no room: `other` records of this CPU (-1: of any) are missing before this.
	 * tid 0 */
	SWITCH_LOST,
	SWITCH_KINDS
};

struct switch_sample {
	int64_t at_ns; /* CLOCK_MONOTONIC */
	int32_t pid, tid;
	int32_t other; /* BORN: the parent's tid; LOST: how many records; else 0 */
	int16_t cpu;
	int8_t kind; /* enum switch_kind */
	int8_t side; /* enum side; of LOST: SIDE_LEFT */
};

/* --- what records are folded into: up to a million of them come in a second, so no sample holds
 * each ---
 * / */

enum span_state {
	SPAN_UNKNOWN, /* before the first record of a task, after a loss, while nobody watched */
	SPAN_RUNNING,
	SPAN_WAITING, /* runnable without a CPU: preempted, or new */
	/* gave the CPU up: blocked, and then runnable for a while: the wake-up is in no record. Of
	 * a CPU: runs none of ours */
	SPAN_OFF,
	SPAN_SAMPLED, /* no records: shares of run and wait between two readings of schedstat */
	SPAN_NONE, /* not born, or dead */
	/* more spans than are kept one by one, within one cell of FOLD_CELL: their sums */
	SPAN_CROWD,
	SPAN_STATES
};

/* What began a span. */
enum span_mark {
	MARK_NONE,
	MARK_PUT_ON,
	MARK_GAVE_UP,
	MARK_PREEMPTED,
	MARK_BORN,
	MARK_DIED,
	SPAN_MARKS
};

struct span {
	nsec from;
	/* of a CPU's that runs: whom (in a sample: an index of sample.lanes; in a strip: the tid);
	 * of SPAN_SAMPLED and SPAN_CROWD: thousandths of run, and of wait times 65536 */
	int32_t who;
	int16_t cpu; /* RUNNING: where; else where it was last; -1 unknown */
	uint8_t state; /* enum span_state */
	uint8_t mark; /* enum span_mark */
};

#define FOLD_CELL (NSEC_PER_MSEC / 10)
/* so many that began in one cell are kept one by one; of more, all but the newest are a crowd */
#define FOLD_SPANS_KEPT 4

/* The sums of a crowd's spans, all of which began and ended in one cell. */
#define SPAN_SUMMED (SPAN_OFF + 1) /* states */
struct span_sums {
	uint32_t time_ns[SPAN_SUMMED], longest_ns[SPAN_SUMMED];
	uint16_t marks[SPAN_MARKS];
	/* of a CPU: who ran for longer than all others together, if anybody did; as a span's */
	int32_t who;
	uint32_t who_ns; /* by how much */
};

/* What one task, or one CPU, did in a sample's time. A task that dies and its successor of the same
 * tid have a row each, in this order. */
struct lane_sample {
	int32_t pid, tid; /* 0 of a CPU */
	int16_t side; /* enum side */
	int16_t cpu; /* of a CPU: which; else -1 */
	uint32_t spans; /* so many of sample.spans, after those of the row before */
	int64_t born_ns; /* UNKNOWN: before it was watched */
	/* The newest reading of its counters up to which all records are in: UNKNOWN if there is
	 * none since the sample before. Records are counted from since_ns on, which is its birth if
	 * that is known. */
	int64_t since_ns, read_ns;
	int64_t seen_voluntary, seen_involuntary; /* records up to the end of that reading */
	/* those of them that came while it was read */
	int64_t seen_between;
	int64_t counted_voluntary, counted_involuntary; /* what was read, since the task's birth */
};
extern const struct record lane_record, span_record, crowd_record;

/* A reading of a task's counters of switches: it lies somewhere in [from_ns, to_ns]. */
struct switch_reading {
	int32_t pid, tid;
	int16_t side;
	int64_t from_ns, to_ns;
	int64_t voluntary, involuntary;
};

/* Folds records into spans, sums and counts. The same for the kernel's rings and for recordings
 * that hold each record. */
struct sample;
struct switch_fold;
struct switch_fold *switch_fold_create(void);
void switch_fold_destroy(struct switch_fold *fold); /* NULL is fine */
/* Forgets all: nothing is known of the time up to `from`; UNKNOWN: nobody watches. */
void switch_fold_restart(struct switch_fold *fold, nsec from);
/* The next record. What comes late, after a younger one of its lane or after its time was given
 * out, begins then. */
void switch_fold_add(struct switch_fold *fold, const struct switch_sample *event);
/* Has the next samples tell how the records and this reading compare. */
void switch_fold_reading(struct switch_fold *fold, const struct switch_reading *reading);
/* All up to `until` came: it goes into *sample, with its time. */
void switch_fold_take(struct switch_fold *fold, nsec until, struct sample *sample);
/* Folds the records of a sample that holds each one (sample.switches), and leaves none there. */
void switch_fold_sample(struct switch_fold *fold, struct sample *sample);

/* Weighted majority vote: who has more than all others together is found without a list of them. */
static inline void span_vote(int32_t *who, int64_t *by, int32_t candidate, int64_t ns)
{
	if (*who == candidate || *by == 0)
		*who = candidate, *by += ns;
	else if (*by >= ns)
		*by -= ns;
	else
		*who = candidate, *by = ns - *by;
}

/* One look at what a task waits in, by its own clock: the scheduler's records do not say it. */
#define WAITS_MAX 64 /* looks of one sample */
struct wait_sample {
	int32_t pid, tid;
	int16_t side, worker;
	int32_t took_ns; /* the reading lasted that long */
	/* /proc/PID/task/TID/wchan: a function of the kernel; "" it named none: the task was not
	 * blocked */
	char waits_in[32];
	int64_t at_ns; /* when it began, CLOCK_MONOTONIC */
};
extern const struct record wait_record;

#endif
