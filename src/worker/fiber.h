/* SPDX-License-Identifier: MIT
 * User-level threads: several stacks within one task, each with its own place in the program, of which one runs.
 */
#ifndef TASKSCOPE_WORKER_FIBER_H
#define TASKSCOPE_WORKER_FIBER_H

#include "base.h"

#define FIBERS 4

struct fiber {
	void *at; /* where it was left */
	const void *stack; /* its lowest byte, and how large it is; of the task's own not known */
	size_t size;
	void *of_sanitizer;
};

struct fibers {
	struct fiber own, fiber[FIBERS]; /* own: the task's, on which all began */
	int n, running;
	void (*body)(struct fibers *fibers, int me);
	uint64_t turns, turns_before, switches;
	int timer;
	nsec until;
};

/* Runs so many of them until one has done its work: 0 or an errno. */
int fibers_run(struct fibers *fibers, int n, void (*body)(struct fibers *fibers, int me));
/* In one of them: lets the next one run. */
void fibers_give_way(struct fibers *fibers);
/* 0; or why it cannot be done here, as an errno and in words. */
int fibers_refuse(char *said);

#endif
