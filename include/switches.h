/* SPDX-License-Identifier: MIT
 * Records of a sample about the scheduler (perf_event).
 */
#ifndef TASKSCOPE_SWITCHES_H
#define TASKSCOPE_SWITCHES_H

#include "base.h"
#include "record.h"

/* One scheduler event, in time order within a sample (perf_event_open(2): PERF_RECORD_SWITCH, FORK, EXIT, LOST). */
enum switch_kind {
	SWITCH_IN,        /* put on the CPU */
	SWITCH_OUT,       /* gave the CPU up: it blocked */
	SWITCH_PREEMPTED, /* taken off while runnable (PERF_RECORD_MISC_SWITCH_OUT_PREEMPT): also by sched_yield */
	SWITCH_BORN,      /* runnable from here on; `cpu` is the parent's */
	SWITCH_DIED,      /* no switch of its is recorded after this */
	SWITCH_LOST,      /* the kernel, or we, had no room: `other` records of this CPU (-1: of any) are missing before this.
	                   * tid 0 */
	SWITCH_KINDS
};

/* The most of one sample; what is more is told as SWITCH_LOST. */
#define SWITCHES_MAX (1 << 19)
struct switch_sample {
	int64_t at_ns; /* CLOCK_MONOTONIC */
	int32_t pid, tid;
	int32_t other; /* BORN: the parent's tid; LOST: how many records; else 0 */
	int16_t cpu;
	int8_t kind;   /* enum switch_kind */
	int8_t side;   /* enum side; of LOST: SIDE_LEFT */
};

/* One look at what a task waits in, by its own clock: the scheduler's records do not say it. */
#define WAITS_MAX 64 /* looks of one sample */
struct wait_sample {
	int32_t pid, tid;
	int16_t side, worker;
	int32_t took_ns;   /* the reading lasted that long */
	char waits_in[32]; /* /proc/PID/task/TID/wchan: a function of the kernel; "" it named none: the task was not blocked */
	int64_t at_ns;     /* when it began, CLOCK_MONOTONIC */
};
extern const struct record wait_record;

#endif
