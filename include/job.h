/* SPDX-License-Identifier: MIT
 * The jobs that a worker can do: one table for the worker, the crew, the command line, the screen
 * and the documents. Compiled into both executables; needs nothing but libc.
 */
#ifndef TASKSCOPE_JOB_H
#define TASKSCOPE_JOB_H

#include <stdbool.h>

enum job {
	JOB_SLEEP,
	JOB_SPIN,
	JOB_YIELD,
	JOB_PINGPONG,
	JOB_FUTEX,
	JOB_TOUCH,
	JOB_LOCK,
	JOB_READ,
	JOB_DEADLOCK,
	JOB_LOCK_ORDER,
	JOB_TRYLOCK,
	JOB_PHILOSOPHERS,
	JOB_FIBERS,
	JOBS
};

#define JOB_FIBERS_MOST 64 /* user-level stacks of one task */
#define JOB_MIXED JOBS /* a crew's choice, not a worker's: one of each in turn */

struct job_info {
	const char *name; /* as typed */
	const char *help; /* one line: what it does */
	const char *expect; /* one line: what to watch, and why */
	bool pairs; /* needs a partner that does the same */
	/* it may wait for ever: for a mutex of one who waits for its own; in no mixed crew */
	bool deadlocks;
};
extern const struct job_info job_table[JOBS + 1]; /* the last is "mixed" */

/* A job by its name, "mixed" included (JOB_MIXED); -1 if there is none. */
int job_find(const char *name);

/* What the worker with this index does in a mixed crew: pairs stand together, and the first four
 * are sleep, spin and one ping-pong pair. */
enum job job_mixed(unsigned index);

#endif
