/* SPDX-License-Identifier: MIT
 * User-level threads: several stacks within one task, each with its own place in the program, of which one runs.
 */
#ifndef TASKSCOPE_WORKER_FIBER_H
#define TASKSCOPE_WORKER_FIBER_H

#include "base.h"

#include "job.h"

#define FIBERS 4

struct fiber {
	void *at; /* where it was left */
	struct fiber *before; /* who ran until it went on */
	const void *stack; /* its lowest byte, and how large it is; of the task's own not known */
	size_t size;
	void (*body)(void *of); /* what it does; it never returns */
	void *of;
	void *of_sanitizer;
};

/* Makes one that will run body(of): 0 or an errno. */
int fiber_make(struct fiber *fiber, void (*body)(void *of), void *of);
void fiber_unmake(struct fiber *fiber);
/* What the calling task runs on without one. */
struct fiber fiber_of_task(void);
/* Leaves one of the task's for another. */
void fiber_go(struct fiber *from, struct fiber *to);

/* Several of one task, in turns. */
struct fibers {
	struct fiber own, fiber[JOB_FIBERS_MOST]; /* own: the task's, on which all began */
	int n, running;
	void (*body)(struct fibers *fibers, int me);
	uint64_t turns, turns_before, switches;
	int timer;
	nsec until;
};

/* Runs so many of them until one has done its work: 0 or an errno. */
int fibers_run(struct fibers *fibers, int n, void (*body)(struct fibers *fibers, int me));
/* The same in parts: makes them; lets them go on until one rests, or has done its work; unmakes them. */
int fibers_make(struct fibers *fibers, int n, void (*body)(struct fibers *fibers, int me));
void fibers_go_on(struct fibers *fibers);
void fibers_unmake(struct fibers *fibers);
/* In one of them: lets the next one run; lets the task do something else. */
void fibers_give_way(struct fibers *fibers);
void fibers_rest(struct fibers *fibers);
/* 0; or why it cannot be done here, as an errno and in words. */
int fibers_refuse(char *said);

#endif
