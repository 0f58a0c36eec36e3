/* SPDX-License-Identifier: MIT
 * Records of a sample about duels: what the Duel pane, `measure`, facts and recordings show. Words
 * are names of the tables in duel_page.h.
 */
#ifndef TASKSCOPE_DUEL_SAMPLE_H
#define TASKSCOPE_DUEL_SAMPLE_H

#include "record.h"

/* One measured series. Numbers are NAN when unknown. */
struct duel_sample {
	char duel[12]; /* "switch", "create", "talk", "memory" */
	char method[20]; /* "pipe", "fork", "shm+eventfd" */
	char who[12]; /* "processes", "CLONE_VM", "threads" */
	char unit[8]; /* of what follows: "ns", "kB" */
	char parameter_unit[8]; /* "kB", "MB", "bytes", "workers" */
	int64_t parameter; /* working set, ballast, message, workers */
	int16_t cpus; /* the tasks ran on one CPU or on two */
	int32_t trials;
	int32_t error; /* errno, when it could not be measured */
	double min, p5, p25, median, p75, p95;
	double baseline; /* the same calls with nobody to switch to: the median */
	double net; /* value - baseline, round by round: the median */
	/* what else an operation took */
	double switches, calls, copied, latency_p50, latency_p95;
	double page_tables_kb, mappings, faults, write_ns, written_kb;
	double rss_kb, uss_kb, vm_size_kb, kernel_stack_kb;
	char note[160]; /* "wrong data: message 7 reads as 0"; "" */
};
extern const struct record duel_record;

/* Of talk, by the median; NAN of what is no message. */
double duel_messages_per_s(const struct duel_sample *duel);

enum contrast_verdict {
	CONTRAST_LESS,
	CONTRAST_MORE, /* the first to the second: they differ */
	CONTRAST_EQUAL, /* within 10 % */
	CONTRAST_UNRESOLVED, /* the rounds disagree */
	CONTRAST_UNDECIDED, /* too few rounds, a refusal, wrong data */
	CONTRAST_VERDICTS
};

/* Two series compared: words follow the numbers. */
struct contrast_sample {
	char duel[12];
	char method[20]; /* of the first series */
	char key[48]; /* "processes_vs_threads", "fork_vs_pthread_create", "64_vs_0" */
	int64_t parameter;
	int16_t cpus;
	int16_t verdict; /* enum contrast_verdict */
	int32_t rounds; /* that the verdict is of */
	/* first / second, round by round: the middle of all means of two rounds; NAN unknown */
	double ratio;
	double low, high; /* the interval of the ratio: false differences are at most 5 of 100 */
	double ratio_p5, ratio_p95; /* of single rounds */
	double difference; /* first - second, round by round: the median */
	char text[300]; /* the sentence */
};
extern const struct record contrast_record;

/* What is measured now. */
struct duel_state_sample {
	char state[12]; /* "running", "done", "stopped", "failed"; "" none was started */
	char duel[12]; /* of the part in progress */
	char current[64]; /* the series in progress: "pipe, processes, 1 CPU" */
	int32_t round, rounds;
	char note[120]; /* why it failed */
	/* what of this machine bears on the numbers: "no PCID, PTI, hypervisor; load 0.2 ..." */
	char card[640];
};
extern const struct record duel_state_record;

#endif
