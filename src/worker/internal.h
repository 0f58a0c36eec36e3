/* SPDX-License-Identifier: MIT
 * What the parts of a crew's own program share: the host's state, and a worker's view of it.
 */
#ifndef TASKSCOPE_WORKER_INTERNAL_H
#define TASKSCOPE_WORKER_INTERNAL_H

#include <sys/types.h>

#include "base.h"
#include "board.h"
#include "job.h"

#define ARENA_BYTES ((size_t)4 << 20) /* a worker's part of the arena */
#define ARENA_LANES 64 /* lanes whose arena is mapped at the start, the same on both sides */
#define CREW_MOST_PROCESSES 64

/* Bytes in an inbox pipe that are no pair's serial. */
enum { INBOX_WAKE = 0, INBOX_INPUT = 255 };

#define LOOK_EVERY (20 * NSEC_PER_MSEC) /* no worker waits longer without looking at its slot */

struct host;

/* A worker as its host knows it, and all that the worker itself starts from. */
struct member {
	struct host *host;
	struct board_slot *slot;
	int index;
	int lane;
	pid_t pid;
	pthread_t thread;
	bool started; /* it is to be reaped or joined */
	bool held; /* stopped by the viewer */
};

/* A place for one living worker: its inbox and its part of the arena. */
struct lane {
	int read, write; /* -1: there is no pipe (descriptors ran short) */
	char *arena; /* NULL: not mapped */
	bool busy;
};

struct host {
	struct board *board;
	pid_t self, parent;
	enum kind kind;
	int orders, reports, life; /* bells, and the pipe whose end is ours */
	int signals, feed; /* signalfd, and the timer of the job "read" */
	bool feeding;
	unsigned serial; /* of the last pair */
	uint64_t stack_low, stack_high; /* of the main thread */
	int lanes;
	struct lane lane[BOARD_LANES];
	struct member member[BOARD_SLOTS];
};

/* Now, CLOCK_MONOTONIC. */
nsec crew_now(void);
/* Waits while *word is seen, at most for timeout (negative: for ever); futex_wake wakes at most n of those who wait. */
void futex_wait(_Atomic uint32_t *word, uint32_t seen, nsec timeout);
void futex_wake(_Atomic uint32_t *word, int n);
/* Adds one to an eventfd; never blocks. */
void bell_ring(int fd);

/* --- guard.c --- */
/* Binds the calling task to its parent's life and takes from it what no worker needs. Returns what could not be done,
 * as an errno; ends the whole process when the parent is gone already. */
int guard_worker(pid_t parent);

/* --- jobs.c --- */
/* What a worker keeps on its own stack between rounds. */
struct work {
	const struct member *member;
	struct board_slot *slot;
	uint32_t seen; /* the bell before the orders were read */
	size_t page; /* of the arena, next to touch */
};
/* Does one round of a job, or waits for at most LOOK_EVERY or until the host rings. Returns whether a round was done. */
bool job_round(struct work *work, enum job job);

/* --- worker.c --- */
/* The two ways to make a worker: 0 or an errno. */
int worker_fork(struct member *member);
int worker_thread(struct member *member);
/* Handlers that write a fault to the worker's slot, and let it happen. */
void worker_catch_faults(struct board *board);

/* --- lane.c --- */
void lanes_create(struct host *host);
/* A free lane, or -1. */
int lane_take(struct host *host);
void lane_release(struct host *host, int lane);

/* --- pair.c --- */
/* Makes pairs of those who do the same pairing job, in order of their index; pairs that still hold are kept. */
void pairs_renew(struct host *host);

/* --- orders.c --- */
/* Starts all workers that are wanted. */
void host_start_wanted(struct host *host);
void host_take_orders(struct host *host);
/* Tells a worker to look at its slot now. */
void host_kick(struct host *host, const struct member *member);
/* Books a worker's end. */
void host_ended(struct host *host, struct member *member, int wait_status);

/* --- host.c --- */
/* The host's life: until it is killed, or taskscope is gone. Returns the exit status. */
int host_run(struct host *host);

#endif
