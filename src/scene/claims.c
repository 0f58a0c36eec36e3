/* SPDX-License-Identifier: MIT
 * Knows the nine claims that the lab puts to the test, and the sentences that people get wrong.
 */
#include "internal.h"

static const char *const claims[CLAIMS + 1] = {
	[1] = "A process has an address space of its own.",
	[2] = "Processes are heavyweight to create and keep.",
	[3] = "Processes are isolated: one cannot corrupt another.",
	[4] = "A process switch is relatively expensive.",
	[5] = "Threads share code, data, heap; own stack and registers.",
	[6] = "Threads share files, handlers and memory, so are light.",
	[7] = "A thread switch is faster: the memory map stays.",
	[8] = "Threads talk fast, and can corrupt each other's memory.",
	[9] = "They differ in isolation, use of resources, switching.",
};

static const char *const misconceptions[MISCONCEPTIONS + 1] = {
	[1] = "The same pointer value means the same memory.",
	[2] = "fork copies all memory.",
	[3] = "Reading copies a page, too.",
	[4] = "Threads never have private memory.",
	[5] = "A thread's stack is protected from other threads.",
	[6] = "An 8 MB stack is 8 MB of RAM a thread.",
	[7] = "Resident sets add up.",
	[8] = "Each thread has a resident set of its own.",
	[9] = "A segfault kills only the thread.",
	[10] = "kill -9 TID kills one thread.",
	[11] = "Thread switches are always much cheaper.",
	[12] = "It is being a process that costs.",
	[13] = "Voluntary means sched_yield().",
	[14] = "Ping-pong switches are all voluntary.",
	[15] = "The status file of a process sums up its threads.",
	[16] = "close() in a child closes the parent's file; a thread has its own.",
	[17] = "After fork, the file offset is private.",
	[18] = "The signal mask is shared, like the handlers.",
	[19] = "nice applies to the process.",
	[20] = "Processes cannot share memory, so they have no races.",
	[21] = "A thread that nobody joined is a zombie.",
	[22] = "Returning from main and pthread_exit() are the same.",
	[23] = "fork copies all threads.",
	[24] = "The system makes another process's memory unreachable.",
	[25] = "Private in smaps means private to the thread.",
	[26] = "In Python, threads run in parallel.",
	[27] = "State D means waiting for a disk.",
};

const char *scene_claim(int claim)
{
	return claim >= 1 && claim <= CLAIMS ? claims[claim] : "";
}

const char *scene_misconception(int misconception)
{
	return misconception >= 1 && misconception <= MISCONCEPTIONS ? misconceptions[misconception]
								     : "";
}
