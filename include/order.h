/* SPDX-License-Identifier: MIT
 * What one worker can be told to do once, beside its job: the experiments. One table for the
 * worker, the crew, the screen's keys, scenes and documents. Compiled into both executables; needs
 * nothing but libc.
 */
#ifndef TASKSCOPE_ORDER_H
#define TASKSCOPE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

/* Counters, X and the arena are prepared by the host before the first worker exists: the same
 * addresses on both sides. */
enum order {
	ORDER_NONE,
	/* memory */
	ORDER_WRITE_X, /* writes the next value, and who it is, to X */
	ORDER_WRITE_ARENA, /* arg MB: writes one byte of each page, from where it left off */
	ORDER_READ_ARENA, /* arg MB: reads one byte of each page */
	/* arg MB: writes one byte of each page of memory that nobody else was given */
	ORDER_WRITE_OWN,
	ORDER_RECURSE, /* arg kB of its own stack, held for a second, and back */
	/* stores 4242 in a local variable of the neighbour (its own copy of that address, if
	 * processes) */
	ORDER_WRITE_LOCAL,
	ORDER_WILD_STORE, /* stores "PWNED" through a pointer to the neighbour's heap object */
	ORDER_KERNEL_STORE, /* the same asked of the kernel: process_vm_writev to the neighbour */
	/* counting: arg increments by each of all workers of the side at once */
	/* a counter on the heap */
	ORDER_COUNT_PLAIN,
	ORDER_COUNT_ATOMIC,
	ORDER_COUNT_MUTEX,
	/* in a MAP_SHARED page */
	ORDER_COUNT_SHARED_PLAIN,
	ORDER_COUNT_SHARED_ATOMIC,
	ORDER_COUNT_SHARED_MUTEX,
	/* arg hand-overs of the CPU, by all at once, each with a value of its own in its registers;
	 * counts those that gave it back */
	ORDER_HOLD_REGISTERS,
	/* files */
	/* a file of the system (at most 16 a worker); 100 bytes of the descriptor opened before
	 * creation */
	ORDER_OPEN,
	ORDER_READ,
	ORDER_CLOSE,
	ORDER_CHDIR,
	ORDER_UMASK,
	/* signals */
	ORDER_HANDLER, /* installs a handler of SIGUSR1 */
	ORDER_BLOCK, /* blocks SIGUSR2, or lets it through again */
	/* arg 1 or 2: SIGUSR1, SIGUSR2, by tgkill to itself or kill to its process */
	ORDER_SIGNAL_TASK,
	ORDER_SIGNAL_PROCESS,
	/* objects that exist only when used */
	ORDER_IO_CONTEXT, /* ioprio_set: allocates the task's I/O context */
	ORDER_SEM_UNDO, /* semop with SEM_UNDO: allocates the undo list */
	/* SCHED_BATCH, or the default policy again: who is woken does not push others off */
	ORDER_BATCH,
	/* SCHED_IDLE, or the default policy again: it runs when nobody else wants to, and hardly
	 * else */
	ORDER_IDLE,
	/* endings */
	ORDER_CRASH, /* a write through NULL */
	ORDER_OVERFLOW, /* recursion past the guard of its stack */
	ORDER_EXIT, /* exit(3): exit_group, so of a thread crew all go */
	/* only this task ends: _exit of a process, pthread_exit of a thread; not reaped, not
	 * joined */
	ORDER_EXIT_TASK,
	ORDER_EXEC, /* unconfined: becomes "sleep 3" */
	/* unconfined: its child forks and ends; the grandchild tells who its parent was, and is
	 * now */
	ORDER_ORPHAN,
	/* unconfined: forks; the child looks at its threads and at a lock that was held, and
	 * ends */
	ORDER_FORK,
	/* unconfined: vforks; the child sleeps for two seconds, while its parent waits in state D,
	 * and ends */
	ORDER_VFORK,
	/* lives of processes; unconfined */
	/* arg times fork() in a row, or as a thread pthread_create(); counts tasks after each */
	ORDER_MULTIPLY,
	/* sh | cat, as a shell makes it; arg 2: one that keeps the pipe's writing end */
	ORDER_PIPELINE,
	ORDER_STATES, /* its child walks through the states R S D T Z */
	ORDER_NAMESPACES, /* a process with PIDs, mounts, a host name and a network of its own */
	ORDER_DAEMON, /* forks, setsid, forks: who is left tells its session and its parent */
	/* user-level threads beside kernel threads: what a switch costs; one reads, and others
	 * wait; how many CPUs they use */
	ORDER_USER_SWITCH,
	ORDER_USER_BLOCK,
	ORDER_USER_CPUS,
	ORDER_USER_MANY, /* four stacks on two kernel tasks (M:N) */
	/* one sum by 1, 2 and 4 tasks, on the first arg CPUs; the same split into waits; behind one
	 * lock */
	ORDER_SUM,
	ORDER_SUM_WAITS,
	ORDER_SUM_LOCKS,
	ORDER_WAIT_WAYS, /* holds four locks of different kinds for arg s; a task waits at each */
	ORDER_ROBUST, /* its child is killed while it holds a robust mutex, and a plain one */
	/* waits for a mutex of one under SCHED_IDLE: alone, beside a spinner, with inheritance */
	ORDER_INVERSION,
	ORDER_TERMINATE, /* its child has a handler of SIGTERM; then comes SIGKILL */
	/* the host of a thread crew: pthread_exit of main; its leader is a zombie while workers
	 * live */
	ORDER_LEAVE_MAIN,
	ORDERS
};

enum order_to {
	ORDER_TO_WORKER, /* one worker, or each of the side */
	/* all workers of the side at once, from a common start, whomever it is sent to */
	ORDER_TO_SIDE,
	ORDER_TO_HOST /* the host of a thread crew alone */
};

struct order_info {
	const char *name; /* as scenes write it: "write-x" */
	const char *help; /* one line: what it does */
	const char *watch; /* one line: where to look, and why */
	const char *unit; /* of the argument: "MB", "kB", ""; NULL: takes none */
	int64_t min, max, standard; /* bounds and the usual argument */
	/* needs a worker that is not under seccomp: a fresh one is added that does it and ends */
	bool unconfined;
	enum order_to to;
};
extern const struct order_info order_table[ORDERS];
int order_find(const char *name); /* -1: none */

#endif
