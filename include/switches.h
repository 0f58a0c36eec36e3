/* SPDX-License-Identifier: MIT
 * Records of a sample about the scheduler (perf_event) and about duels.
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

/* --- duels: what the Duel pane, `measure`, facts and recordings show. Words are names of the tables in duel_page.h --- */

/* One measured series. Numbers are NAN when unknown. */
struct duel_sample {
	char duel[12];   /* "switch", "create", "talk", "memory" */
	char method[20]; /* "pipe", "fork", "shm+eventfd" */
	char who[12];    /* "processes", "CLONE_VM", "threads" */
	char unit[8];    /* of what follows: "ns", "kB" */
	char parameter_unit[8]; /* "kB", "MB", "bytes", "workers" */
	int64_t parameter; /* working set, ballast, message, workers */
	int16_t cpus;    /* the tasks ran on one CPU or on two */
	int32_t trials;
	int32_t error;   /* errno, when it could not be measured */
	double min, p5, p25, median, p75, p95;
	double baseline; /* the same calls with nobody to switch to: the median */
	double net;      /* value - baseline, round by round: the median */
	/* what else an operation took */
	double switches, calls, copied, latency_p50, latency_p95;
	double page_tables_kb, mappings, faults, write_ns, written_kb;
	double rss_kb, uss_kb, vm_size_kb, kernel_stack_kb;
	char note[80];   /* "wrong data: message 7 reads as 0"; "" */
};
extern const struct record duel_record;

/* Of talk, by the median; NAN of what is no message. */
double duel_messages_per_s(const struct duel_sample *duel);

enum contrast_verdict { CONTRAST_LESS, CONTRAST_MORE, CONTRAST_NONE, CONTRAST_UNDECIDED };

/* Two series compared: words follow the numbers. */
struct contrast_sample {
	char duel[12];
	char method[20]; /* of the first series */
	char key[48];    /* "processes_vs_threads", "fork_vs_pthread_create", "64_vs_0" */
	int64_t parameter;
	int16_t cpus;
	int16_t verdict; /* enum contrast_verdict: of the first to the second */
	double ratio, ratio_p5, ratio_p95; /* first / second, round by round; NAN unknown */
	double difference; /* first - second, round by round: the median */
	char text[300];  /* the sentence */
};
extern const struct record contrast_record;

/* What is measured now. */
struct duel_state_sample {
	char state[12];  /* "running", "done", "stopped", "failed"; "" none was started */
	char duel[12];   /* of the part in progress */
	char current[64]; /* the series in progress: "pipe, processes, 1 CPU" */
	int32_t round, rounds;
	char note[120];  /* why it failed */
	char card[640];  /* what of this machine bears on the numbers: "no PCID, PTI, hypervisor; load 0.2 ..." */
};
extern const struct record duel_state_record;

#endif
