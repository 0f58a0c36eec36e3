/* SPDX-License-Identifier: MIT
 * The board: the shared memory between taskscope and one crew. Orders go in, reports come out;
 * nobody ever waits for the other here. A memfd named "taskscope-board", one for each start of a
 * crew, so that what an old crew's last task still writes reaches nobody. Every field names its
 * only writer; fields that others read meanwhile are atomic.
 *
 * The head, up to crew_version, keeps its place for ever: by it two builds that do not fit
 * recognise each other.
 */
#ifndef TASKSCOPE_BOARD_H
#define TASKSCOPE_BOARD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define BOARD_MAGIC 0x74736364u
#define BOARD_LAYOUT 12u /* raise it with every change of this file */
/* workers that a crew can have had: the 256 that may live, and the last 64 that ended */
#define BOARD_SLOTS 320
#define CPUS_MOST 65536 /* a CPU's number is less, on every kernel */
#define BOARD_SEATS 256 /* workers that can live at once, in the larger kind of crew */
#define BOARD_ORDERS 256 /* orders on their way; a power of two */
#define BOARD_NAME "taskscope-board"
#define BOARD_NO_STACKS UINT32_MAX /* on this machine stacks cannot be switched in user space */
#define BOARD_SAID 96 /* bytes of what a worker says of an order */

/* The file descriptors of a host. Fixed numbers, so that its arguments, and with them the addresses
 * on the stack, are the same on both sides. The first BOARD_FDS come from the screen, the others
 * from the supervisor. */
enum board_fd {
	BOARD_FD_BOARD = 3,
	BOARD_FD_ORDERS, /* an eventfd: rung when there are orders */
	BOARD_FD_REPORTS, /* an eventfd: to ring when there is news */
	/* a pipe whose writing end the screen has: closes with it, and the kernel kills the host's
	 * group */
	BOARD_FD_LIFE,
	BOARD_FD_LEASH, /* the same of the supervisor */
	BOARD_FD_ERROR, /* a pipe for the errno of exec; closed by it */
	BOARD_FD_FIRST_FREE
};
#define BOARD_FDS 4

/* Exit status of a host that ends by itself. */
enum board_exit {
	BOARD_EXIT_USAGE = 2,
	BOARD_EXIT_MISMATCH = 3,
	BOARD_EXIT_SETUP = 4,
	BOARD_EXIT_ALONE = 5
};

/* A worker's life. FREE -> WANTED (taskscope) -> STARTING (host) -> ALIVE (worker) -> LEAVING
 * (worker) -> ENDED (host); WANTED -> FREE (host: it could not be started); LEAVING -> UNREAPED
 * (host: it ended, and is left as it is) -> ENDED. */
enum board_phase {
	SLOT_FREE,
	SLOT_WANTED,
	SLOT_STARTING,
	SLOT_ALIVE,
	SLOT_LEAVING,
	SLOT_ENDED,
	SLOT_UNREAPED
};

/* What a worker is told besides its job. */
enum board_command { SLOT_QUIT = 1 << 0, SLOT_CRASH = 1 << 1 };

enum board_verb {
	BOARD_START,
	BOARD_JOB,
	BOARD_QUIT,
	BOARD_CRASH,
	BOARD_SIGNAL,
	BOARD_RESUME,
	BOARD_KICK,
	BOARD_LEAVE_MAIN
};

struct board_order {
	int32_t verb; /* enum board_verb */
	int32_t worker; /* a slot; -1: every worker that lives */
	int32_t value; /* a job, a signal */
};

struct board_slot {
	_Alignas(128) _Atomic uint32_t phase; /* see enum board_phase for who writes it */
	_Atomic int32_t job; /* what it shall do (taskscope before the start, then the host) */
	_Atomic int32_t cpu; /* runs there alone; -1: free (taskscope) */
	/* cpu is its place on equal footing: nobody pinned it (taskscope) */
	_Atomic uint32_t placed;
	_Atomic uint32_t command; /* enum board_command (host) */
	_Atomic uint32_t bell; /* a futex; counts what the host told it (host) */
	_Atomic uint32_t pair; /* partner: BOARD_PAIR(slot, serial); 0: none (host) */
	/* a futex; whose turn it is in the pair whose lower slot this is (both, host at first) */
	_Atomic uint32_t turn;
	_Atomic int32_t seat; /* its inbox pipe and its part of the arena (host) */
	/* where one writes to it, among the host's descriptors; -1: nowhere (host) */
	_Atomic int32_t inbox;
	_Atomic int32_t wait_status; /* as waitpid gives it (host) */
	_Atomic int64_t ended_ns; /* CLOCK_MONOTONIC (host) */
	_Atomic uint64_t stack_low, stack_high; /* pthread_getattr_np (host) */
	_Atomic uint64_t victim_address; /* its object on the heap (host) */
	/* it is made for one order that seccomp would refuse (taskscope before the start) */
	_Atomic uint32_t unconfined;
	/* it is made by clone(2) with clone_flags (taskscope before the start) */
	_Atomic uint32_t mixed;
	/* what made it (taskscope before the start if mixed, else host) */
	_Atomic uint64_t clone_flags;
	/* its process has so many threads, itself and those of the slots behind it; 0: itself alone
	 * (taskscope before the start) */
	_Atomic uint32_t team;
	/* 1 + the slot whose process it is a thread of; 0: of none's (taskscope before the
	 * start) */
	_Atomic uint32_t leader;
	/* Its mailbox: one order, under way while asked differs from answered (taskscope). */
	_Atomic uint32_t asked;
	_Atomic int32_t order; /* enum order */
	_Atomic int64_t argument;

	/* (worker; the pid of a process also by the host) */
	_Alignas(128) _Atomic int32_t pid, tid;
	_Atomic int32_t doing; /* the job it does now (worker) */
	_Atomic uint64_t rounds; /* rounds of its jobs done (worker) */
	_Atomic uint32_t stacks; /* user-level stacks that it has, or BOARD_NO_STACKS (worker) */
	_Atomic uint64_t user_switches; /* between them, counted by itself (worker) */
	/* errno of what its guard lacks (seccomp ...); 0: complete (worker) */
	_Atomic int32_t unguarded;
	_Atomic int32_t tracer; /* whom it last told Yama to let in, and nobody else (worker) */
	/* 1: the first fault of this crew; 0: none (worker's signal handler) */
	_Atomic uint32_t fault_order;
	_Atomic int32_t fault_signal, fault_code; /* (worker's signal handler) */
	_Atomic uint64_t fault_address;
	_Atomic uint64_t local_address; /* of a local variable, int64_t (worker) */
	_Atomic uint64_t tls; /* its thread pointer (worker) */
	/* signals that its handler took (worker's signal handler) */
	_Atomic uint32_t handled;
	_Atomic uint32_t lingers; /* its end is not to be reaped or joined at once (worker) */
	/* What became of its last order (worker). The text changes only while asked differs from
	 * answered. */
	_Atomic uint32_t answered;
	_Atomic int32_t last_error; /* errno; 0: done */
	_Atomic int64_t orders_done;
	char said[BOARD_SAID];
	/* 1 + the slot whose lock it waits for; 0: for none (worker) */
	_Atomic uint32_t wants;

	/* Its own mutex, of the jobs that lock two: normal, process-shared (workers; the host, so
	 * that one who waits for it can be told something). */
	_Alignas(128) pthread_mutex_t lock;
	/* 1 + the slot of who holds it; 0: nobody. Who sets it to 0 unlocks. */
	_Atomic uint32_t holder;
};

/* Where all workers of a side meet for an order that they begin at once. */
enum board_meeting { MEETING_OPEN, MEETING_GO, MEETING_OFF };
struct board_meeting_place {
	/* enum board_meeting, a futex (workers; taskscope before it asks) */
	_Alignas(128) _Atomic uint32_t state;
	_Atomic uint32_t expected; /* (taskscope) */
	_Atomic uint32_t arrived, finished; /* (workers; taskscope before it asks) */
	_Atomic int32_t order; /* (taskscope) */
	_Atomic uint32_t done; /* got is complete (the last worker) */
	_Atomic int64_t wanted, got; /* increments (taskscope; workers) */
};

/* A pair's other half and the pair's serial number (1 to 254), in one word so that both change at
 * once. */
#define BOARD_PAIR(slot, serial) (((uint32_t)(slot) << 8) | (uint32_t)(serial))
#define BOARD_PAIR_SLOT(pair) ((int)((pair) >> 8))
#define BOARD_PAIR_SERIAL(pair) ((pair)&255u)

struct board {
	/* the head (taskscope) */
	uint32_t magic, layout;
	char version[32];
	/* the answer (host) */
	_Atomic uint32_t crew_magic;
	uint32_t crew_layout;
	char crew_version[32];

	/* (taskscope) */
	int32_t kind; /* enum kind */
	int32_t arena_mb; /* wanted size of the arena */
	int32_t quick; /* orders that measure take fewer rounds */
	int32_t stacks; /* user-level stacks of one task in the job "fibers"; 0: as usual */
	_Atomic uint32_t go; /* the first workers may be made */
	/* the prober, which reads what Yama keeps from others; 0: none lives */
	_Atomic int32_t tracer;

	/* (host) */
	_Atomic uint32_t prepared; /* it waits for the go */
	_Atomic uint32_t ready; /* everything that was wanted at first was tried */
	_Atomic int32_t fixed_addresses; /* personality has ADDR_NO_RANDOMIZE */
	/* "autogroup 105": see crew_sample; written before `prepared` */
	char cpu_group[64];
	_Atomic uint32_t note_serial; /* counts changes of note; 0: none yet */
	char note[160]; /* the limit that was met, or empty */
	/* What the host prepares before the first worker exists: the same addresses on both sides.
	 * 0: there is none. */
	/* written once by the host, so that forked workers share it */
	_Atomic uint64_t arena_low, arena_high;
	_Atomic uint64_t touch_low, touch_high; /* for new pages, of the job touch */
	_Atomic uint64_t x_address, counter_address, shared_counter_address;
	_Atomic uint64_t stack_low, stack_high, tls; /* of the host's main thread */
	_Atomic int32_t file; /* a descriptor of a file of 10 kB; -1: none */
	_Atomic uint32_t leaderless; /* the main thread has ended: orders reach nobody (host) */
	/* a thread is becoming another program, and all other threads end (worker) */
	_Atomic uint32_t execing;

	/* orders: a ring with one writer and one reader */
	_Atomic uint32_t order_head; /* (taskscope) */
	_Atomic uint32_t order_tail; /* (host) */
	struct board_order orders[BOARD_ORDERS];

	_Atomic uint32_t faults; /* (workers' signal handlers) */
	struct board_meeting_place meeting;
	/* what the job "lock" contends for: robust, process-shared (host, workers) */
	_Alignas(128) pthread_mutex_t lock;
	struct board_slot slots[BOARD_SLOTS];
};

#endif
