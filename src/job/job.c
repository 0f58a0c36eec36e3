/* SPDX-License-Identifier: MIT
 * Lists the jobs, what is worth watching in each, and which of them a mixed crew's workers do.
 */
#include <string.h>

#include "job.h"

const struct job_info job_table[JOBS + 1] = {
	[JOB_SLEEP] = { "sleep", "sleeps 10 ms at a time, again and again",
		"nearly every switch is voluntary: it gives the CPU away before its time is over" },
	[JOB_SPIN] = { "spin", "computes without ever waiting",
		"its switches are involuntary, and many when CPUs are short: it never gives the "
		"CPU away" },
	[JOB_YIELD] = { "yield", "calls sched_yield() without end",
		"the kernel books these switches as involuntary: the task stays runnable" },
	[JOB_PINGPONG] = { "pingpong", "sends one byte to and fro with its partner, over pipes",
		"one voluntary switch a message: each waits in read() for the other", true },
	[JOB_FUTEX] = { "futex", "takes turns with its partner, over a futex on the board",
		"as ping-pong, without copying: it waits in futex() for its turn", true },
	[JOB_TOUCH] = { "touch", "writes one new page of memory every 10 ms",
		"a minor fault a page, and private memory grows: of the process, or of the whole "
		"crew" },
	[JOB_LOCK] = { "lock", "holds the crew's one mutex for 1 ms at a time",
		"who waits for the mutex sleeps in futex(): voluntary switches; only one at a time "
		"goes on" },
	[JOB_READ] = { "read", "reads from a pipe that gets one byte every 5 ms",
		"one voluntary switch a byte: it blocks in read() until there is input" },
	[JOB_DEADLOCK] = { "deadlock", "locks its mutex, then its partner's, which does the same",
		"soon both wait, each for what the other holds: no switch, and no round, ever "
		"again",
		true, .deadlocks = true },
	[JOB_LOCK_ORDER] = { "lock-order", "locks the same two mutexes, always the lower one first",
		"it goes on: who holds the second mutex never waits for the first", true },
	[JOB_TRYLOCK] = { "trylock", "locks its mutex, tries its partner's, gives back if taken",
		"it goes on, with some tries in vain: nobody holds and waits", true },
	[JOB_PHILOSOPHERS] = { "philosophers",
		"locks its own fork, then that of the next who dines",
		"they eat for a while, until each holds one fork and waits for the next",
		.deadlocks = true },
	[JOB_FIBERS] = { "fibers", "switches to and fro between its own user-level stacks",
		"coroutines, goroutines, green threads: it counts millions of switches, the kernel "
		"none" },
	[JOB_MIXED] = { "mixed", "one of each in turn: sleep, spin, a ping-pong pair, and so on",
		"compare the kinds of waiting side by side" },
};

/* Pairs stand together; after the first round it begins again. */
static const enum job mixed_order[] = {
	JOB_SLEEP,
	JOB_SPIN,
	JOB_PINGPONG,
	JOB_PINGPONG,
	JOB_TOUCH,
	JOB_READ,
	JOB_FUTEX,
	JOB_FUTEX,
	JOB_YIELD,
	JOB_SLEEP,
	JOB_LOCK,
	JOB_LOCK,
};

int job_find(const char *name)
{
	for (int job = 0; job <= JOBS; job++)
		if (strcmp(job_table[job].name, name) == 0)
			return job;
	return -1;
}

enum job job_mixed(unsigned index)
{
	return mixed_order[index % (sizeof(mixed_order) / sizeof(mixed_order[0]))];
}
