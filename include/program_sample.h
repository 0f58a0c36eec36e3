/* SPDX-License-Identifier: MIT
 * The record of a program that taskscope runs: what its keeper reports, and what samples and the
 * kernel's records saw of it.
 */
#ifndef TASKSCOPE_PROGRAM_SAMPLE_H
#define TASKSCOPE_PROGRAM_SAMPLE_H

#include "record.h"

/* ended: its first process has, and others live still; over: none of its processes lives. */
enum program_state {
	PROGRAM_STARTING,
	PROGRAM_RUNNING,
	PROGRAM_STOPPED,
	PROGRAM_ENDED,
	PROGRAM_OVER, /* from here on nothing changes any more */
	PROGRAM_FAILED /* the note says why */
};

#define PROGRAM_PRINTED_LAST 480
#define PROGRAM_LINE "\u2424" /* the sign for a newline, which text of others never holds */

struct program_sample {
	int16_t side; /* enum side */
	int16_t state; /* enum program_state */
	int16_t stopped_by; /* PROGRAM_STOPPED: the signal; else 0 */
	int32_t pid; /* of its first process */
	int32_t keeper;
	int32_t wait_status; /* of the first process, as waitpid gives it; from PROGRAM_ENDED on */
	/* CLOCK_MONOTONIC, of the first process */
	int64_t started_ns, ended_ns;
	int64_t wall_ns; /* between the two, or until now */
	/* getrusage(2), RUSAGE_CHILDREN of the keeper: of all its processes that have ended */
	int64_t user_us, system_us, peak_rss_kb;
	int64_t births; /* tasks that were born, the first one included */
	char births_by[20]; /* a word of enum group_births; but of records, at least so many */
	int64_t peak_pss_kb; /* the largest sum that was sampled */
	int64_t printed; /* bytes on its standard output and error */
	char command[160];
	char last[PROGRAM_PRINTED_LAST]; /* the last lines that it printed, PROGRAM_LINE between */
	char note[160];
};
extern const struct record program_record;

/* How its first process ended: the exit status, or the signal; else UNKNOWN. */
int64_t program_status(const struct program_sample *program);
int64_t program_signal(const struct program_sample *program);
/* Whether the births are no more than those that were seen, for none were recorded. */
bool program_births_are_seen(const struct program_sample *program);

#endif
