/* SPDX-License-Identifier: MIT
 * The nine claims that the lab puts to the test, what each of them says part by part, and the sentences that people get wrong.
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
	{ 5, "code", "stacks" },
	{ 5, "data", "same-address" },
	{ 5, "heap", "wild-pointer" },
	{ 5, "own stacks", "stacks" },
	{ 5, "own registers", "stacks" },
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
	[4] = "Threads have nothing of their own.",
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

/* What is so instead. */
static const char *const rights[MISCONCEPTIONS + 1] = {
	[1] = "The same address is another page in another address space.",
	[2] = "fork copies page tables; each first write copies one page.",
	[3] = "Reading shares. Only writing copies.",
	[4] = "Stack and thread-local variables are its own, registers private.",
	[5] = "Any thread can write to any other thread's stack.",
	[6] = "8 MB are reserved; memory is there only where it was touched.",
	[7] = "RSS counts a shared page once for each process. PSS adds up.",
	[8] = "All threads of a process have one resident set.",
	[9] = "A fatal signal ends the whole process, all its threads.",
	[10] = "kill -9 of any TID ends the whole process.",
	[11] = "Across CPUs waking costs most, for both; often there is no gap.",
	[12] = "The address space costs. CLONE_VM avoids it, PID or not.",
	[13] = "Voluntary means it waited. sched_yield counts as involuntary.",
	[14] = "Who is woken may push the waker off: that one is involuntary.",
	[15] = "A process's status file counts its first thread only.",
	[16] = "fork copies the table: close() in a child leaves the parent's open.",
	[17] = "After fork parent and child move one file offset.",
	[18] = "Handlers are shared. The mask is each thread's own.",
	[19] = "On Linux niceness is the thread's.",
	[20] = "What shares memory races: processes, too.",
	[21] = "Only its stack is left; a zombie is a process.",
	[22] = "return from main ends all threads, pthread_exit() only its own.",
	[23] = "Only the thread that calls fork is in the child.",
	[24] = "The same user can write through the kernel, if ptrace is allowed.",
	[25] = "Private means: of one address space, with all its threads.",
	[26] = "One lock: two threads do together what one does.",
	[27] = "D is a wait that only a fatal signal may end, or none.",
};

/* The claims in few words, for a line that has more to say. */
static const char *const claims_in_brief[CLAIMS + 1] = {
	[1] = "A process has its own memory",
	[2] = "Processes are heavy",
	[3] = "Processes are isolated",
	[4] = "A process switch is expensive",
	[5] = "Threads share code, data and heap",
	[6] = "Threads share files and handlers",
	[7] = "A thread switch is faster",
	[8] = "Threads talk fast, and can corrupt",
	[9] = "They differ in isolation, cost, switching",
};

const char *scene_claim_in_brief(int claim)
{
	return claim >= 1 && claim <= CLAIMS ? claims_in_brief[claim] : "";
}

const char *scene_claim(int claim)
{
	return claim >= 1 && claim <= CLAIMS ? claims[claim] : "";
}

const char *scene_misconception(int misconception)
{
	return misconception >= 1 && misconception <= MISCONCEPTIONS ? misconceptions[misconception]
								     : "";
}

const char *scene_correction(int misconception)
{
	return misconception >= 1 && misconception <= MISCONCEPTIONS ? rights[misconception] : "";
}
