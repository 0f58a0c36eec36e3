/* SPDX-License-Identifier: MIT
 * The nine claims that the lab puts to the test, what each of them says part by part, and the sentences that people get wrong.
 */
#include <string.h>

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

const struct claim_part claim_parts[] = {
	{ 1, "own values", "same-address" },
	{ 1, "out of reach", "wild-pointer" },
	{ 2, "create", "birth" },
	{ 2, "destroy", "birth" },
	{ 2, "manage", "memory-bill" },
	{ 2, "files", "files" },
	{ 2, "pages", "birth" },
	{ 3, "memory", "wild-pointer" },
	{ 3, "a crash", "blast-radius" },
	{ 3, "open files", "files" },
	{ 3, "shared pages", "lost-updates" },
	{ 4, "takes longer", "switch-cost" },
	{ 4, "the map is why", "switch-cost" },
	{ 5, "one heap", "same-address" },
	{ 5, "own stacks", "stacks" },
	{ 6, "tables", "sharing-matrix" },
	{ 6, "a closed file", "files" },
	{ 6, "light", "birth" },
	{ 7, "faster", "switch-cost" },
	{ 7, "the map stays", "switch-cost" },
	{ 8, "fast", "talk" },
	{ 8, "corrupt", "wild-pointer" },
	{ 9, "isolation", "wild-pointer" },
	{ 9, "resources", "memory-bill" },
	{ 9, "switching", "switch-cost" },
};
const size_t claim_parts_n = ARRAY_LEN(claim_parts);

const struct claim_part *claim_part_find(int claim, const char *name)
{
	for (size_t i = 0; i < claim_parts_n; i++)
		if (claim_parts[i].claim == claim && strcmp(claim_parts[i].name, name) == 0)
			return &claim_parts[i];
	return NULL;
}

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
