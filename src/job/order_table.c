/* SPDX-License-Identifier: MIT
 * Lists the orders, their bounds, and what is worth watching in each.
 */
#include <stddef.h>
#include <string.h>

#include "order.h"

#define COUNTED 1000000 /* by each worker */
/* Without protection an increment takes a fraction of a nanosecond on some CPUs: they must overlap all the same. */
#define COUNTED_PLAIN 20000000
#define COUNTING(how, where, n)                                                                    \
	.unit = "", .min = 1, .max = 50000000, .standard = (n), .to = ORDER_TO_SIDE,               \
	.help = "all workers of the side increment a counter " where " at once" how

const struct order_info order_table[ORDERS] = {
	[ORDER_NONE] = { .name = "none", .help = "nothing", .watch = "nothing changes" },

	[ORDER_WRITE_X] = { .name = "write-x",
		.help = "writes the next value, and its own name, to X",
		.watch = "X in the others: of threads it is the same memory, of processes a page "
			 "of its own" },
	[ORDER_WRITE_ARENA] = { .name = "write-arena",
		.help = "writes one byte of each page of the arena, from where it left off",
		.watch = "a minor fault and a private page for each page that was shared before",
		.unit = "MB",
		.min = 1,
		.max = 1024,
		.standard = 1 },
	[ORDER_READ_ARENA] = { .name = "read-arena",
		.help = "reads one byte of each page of the arena, from where it left off",
		.watch = "no page becomes its own: reading shares",
		.unit = "MB",
		.min = 1,
		.max = 1024,
		.standard = 1 },
	[ORDER_WRITE_OWN] = { .name = "write-own",
		.help = "writes one byte of each page of memory that nobody else was given",
		.watch = "new pages: as many for a process as for a thread",
		.unit = "MB",
		.min = 1,
		.max = 4,
		.standard = 1 },
	[ORDER_RECURSE] = { .name = "recurse",
		.help = "calls itself until its stack is that deep, stays a second, and returns",
		.watch = "the resident part of its own stack: it stays after the return",
		.unit = "kB",
		.min = 4,
		.max = 6144,
		.standard = 1024 },
	[ORDER_WRITE_LOCAL] = { .name = "write-local",
		.help = "stores 4242 at the address of a local variable of its neighbour",
		.watch = "the neighbour's variable: a thread's changes, a process's does not" },
	[ORDER_WILD_STORE] = { .name = "wild-store",
		.help = "stores PWNED through a pointer to its neighbour's heap object",
		.watch = "the neighbour's object: overwritten among threads, untouched among "
			 "processes" },
	[ORDER_KERNEL_STORE] = { .name = "kernel-store",
		.help = "asks the kernel to store HACKED in its neighbour (process_vm_writev)",
		.watch = "the neighbour's object changes on both sides, if the kernel permits it" },

	[ORDER_COUNT_PLAIN] = { .name = "count",
		COUNTING(": load, add, store", "on the heap", COUNTED_PLAIN),
		.watch = "threads lose increments; each process counts in a counter of its own" },
	[ORDER_COUNT_ATOMIC] = { .name = "count-atomic",
		COUNTING(", atomically", "on the heap", COUNTED),
		.watch = "nothing is lost, and it takes longer" },
	[ORDER_COUNT_MUTEX] = { .name = "count-mutex",
		COUNTING(", under a mutex", "on the heap", COUNTED),
		.watch = "nothing is lost, and waiting shows as voluntary switches" },
	[ORDER_COUNT_SHARED_PLAIN] = { .name = "count-shared",
		COUNTING(": load, add, store", "in a MAP_SHARED page", COUNTED_PLAIN),
		.watch = "processes lose increments, too: races follow shared memory" },
	[ORDER_COUNT_SHARED_ATOMIC] = { .name = "count-shared-atomic",
		COUNTING(", atomically", "in a MAP_SHARED page", COUNTED),
		.watch = "nothing is lost on either side" },
	[ORDER_COUNT_SHARED_MUTEX] = { .name = "count-shared-mutex",
		COUNTING(", under a mutex", "in a MAP_SHARED page", COUNTED),
		.watch = "nothing is lost on either side" },

	[ORDER_OPEN] = { .name = "open",
		.help = "opens /etc/passwd for reading",
		.watch = "the new descriptor: every thread has it, no other process" },
	[ORDER_READ] = { .name = "read",
		.help = "reads 100 bytes of the file that was opened before the workers were made",
		.watch =
			"the offset moves for all: fork copies the descriptor, not the open file" },
	[ORDER_CLOSE] = { .name = "close",
		.help = "closes the descriptor that was opened before the workers were made",
		.watch = "threads lose it together; the other processes keep theirs" },
	[ORDER_CHDIR] = { .name = "chdir",
		.help = "changes its working directory to /usr, or back",
		.watch = "the working directory of the others" },
	[ORDER_UMASK] = { .name = "umask",
		.help = "sets its umask to 027, or back to 022",
		.watch = "the umask of the others" },

	[ORDER_HANDLER] = { .name = "handler",
		.help = "installs a handler of SIGUSR1, or the default action again",
		.watch = "signals caught: of the whole thread crew, of one process" },
	[ORDER_BLOCK] = { .name = "block",
		.help = "blocks SIGUSR2, or lets it through again",
		.watch = "signals blocked: of this one task, on both sides" },
	[ORDER_SIGNAL_TASK] = { .name = "signal-task",
		.help = "sends SIGUSR1 (1) or SIGUSR2 (2) to its own task, with tgkill",
		.watch = "handled, pending in this task alone, or the end of its whole process",
		.unit = "",
		.min = 1,
		.max = 2,
		.standard = 2 },
	[ORDER_SIGNAL_PROCESS] = { .name = "signal-process",
		.help = "sends SIGUSR1 (1) or SIGUSR2 (2) to its own process, with kill",
		.watch = "any thread that does not block it takes it; else it is pending for all",
		.unit = "",
		.min = 1,
		.max = 2,
		.standard = 2 },

	[ORDER_IO_CONTEXT] = { .name = "io-context",
		.help = "sets its I/O priority, which gives it an I/O context",
		.watch = "the I/O context is this task's own, among threads too" },
	[ORDER_SEM_UNDO] = { .name = "sem-undo",
		.help = "does a semaphore operation with SEM_UNDO, which gives it an undo list",
		.watch = "the undo list: one of all threads, one of each process" },

	[ORDER_BATCH] = { .name = "batch",
		.help = "takes the policy SCHED_BATCH, or the default one again",
		.watch = "involuntary switches of its partner: who wakes as a batch task waits its "
			 "turn, and pushes nobody off" },

	[ORDER_IDLE] = { .name = "idle",
		.help = "takes the policy SCHED_IDLE, or the default one again",
		.watch = "its share of the CPU beside others: hardly any" },

	[ORDER_CRASH] = { .name = "crash",
		.help = "writes through a NULL pointer",
		.watch = "who dies of it: one process, or all threads" },
	[ORDER_OVERFLOW] = { .name = "overflow",
		.help = "calls itself until its stack is used up",
		.watch = "the guard below the stack: a fault, and who dies of it" },
	[ORDER_EXIT] = { .name = "exit",
		.help = "calls exit(3)",
		.watch = "one process ends, with status 3; of threads the whole process does" },
	[ORDER_EXIT_TASK] = { .name = "exit-task",
		.help = "ends this task alone, and nobody reaps or joins it for a while",
		.watch = "a process stays as a zombie; of a thread only its stack mapping stays" },
	[ORDER_EXEC] = { .name = "exec",
		.help = "becomes the program sleep 3",
		.watch = "one process is another program; of a thread crew all other threads are "
			 "gone",
		.unconfined = true },
	[ORDER_FORK] = { .name = "fork",
		.help = "forks; the child looks at its threads and at a lock that was held, and "
			"ends",
		.watch = "the child has one thread, and a lock whose owner does not exist there",
		.unconfined = true },
	[ORDER_ORPHAN] = { .name = "orphan",
		.help = "forks; the child forks and ends; the grandchild tells who its parent is",
		.watch = "the parent: first the child, then who takes in orphans",
		.unconfined = true },
	[ORDER_VFORK] = { .name = "vfork",
		.help = "vforks; the child sleeps for two seconds, and ends",
		.watch = "the parent in state D meanwhile, and no disk has to do with it",
		.unconfined = true },
	[ORDER_MULTIPLY] = { .name = "multiply",
		.help = "calls fork() so many times in a row, or as a thread pthread_create()",
		.watch = "the tasks after each call: a new process goes on behind the call, a new "
			 "thread in a function of its own",
		.unit = "calls",
		.min = 1,
		.max = 4,
		.standard = 3,
		.unconfined = true },
	[ORDER_PIPELINE] = { .name = "pipeline",
		.help = "runs sh | cat as a shell does; 2: as one that keeps the pipe open",
		.watch = "exec keeps the PID and changes the program; the reader ends when nobody "
			 "can write",
		.unit = "",
		.min = 1,
		.max = 2,
		.standard = 1,
		.unconfined = true },
	[ORDER_STATES] = { .name = "states",
		.help = "its child walks through the states R, S, D, T and Z",
		.watch =
			"what the kernel writes in the child's stat, and that wait() takes it away",
		.unconfined = true },
	[ORDER_DAEMON] = { .name = "daemon",
		.help = "forks, makes a session, forks again: a daemon is left, and ends",
		.watch = "its session is another, and its parent is who takes in orphans",
		.unconfined = true },
	[ORDER_TERMINATE] = { .name = "terminate",
		.help = "sends SIGTERM to a child that handles it, then SIGKILL",
		.watch = "a handler runs at the first; nothing of the child's runs at the second",
		.unconfined = true },
	[ORDER_LEAVE_MAIN] = { .name = "leave-main",
		.help = "the main thread of a thread crew calls pthread_exit",
		.watch = "the leader is a zombie while its threads live; r starts the crew again",
		.to = ORDER_TO_HOST },
};

int order_find(const char *name)
{
	for (int order = 0; order < ORDERS; order++)
		if (strcmp(order_table[order].name, name) == 0)
			return order;
	return -1;
}
