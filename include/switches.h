/* SPDX-License-Identifier: MIT
 * Records of a sample about the scheduler (perf_event) and about duels.
 */
#ifndef TASKSCOPE_SWITCHES_H
#define TASKSCOPE_SWITCHES_H

#include "base.h"

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

/* One measured series of a duel: what the Duel pane, `measure` and recordings show. */
struct duel_sample {
	char duel[12];    /* "switch", "create", "talk", "memory" */
	char series[24];  /* "pipe 1 CPU", "fork", "eventfd+shm" */
	char who[16];     /* "processes", "CLONE_VM", "threads", or "" */
	char unit[8];     /* "ns", "kB", "1/s" */
	int64_t parameter; /* working set kB, ballast MB, message bytes; -1 none */
	int32_t trials;
	double min, p5, p25, median, p75, p95, baseline; /* NAN unknown */
	char note[80];    /* "wrong data: last byte 7, expected 255"; "" */
};

#endif
