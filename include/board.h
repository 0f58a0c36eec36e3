/* SPDX-License-Identifier: MIT
 * The board: the shared memory between taskscope and one crew. Orders go in, reports come out; nobody ever waits for the
 * other here. A memfd named "taskscope-board", one for each start of a crew, so that what an old crew's last task still
 * writes reaches nobody. Every field names its only writer; fields that others read meanwhile are atomic.
 *
 * The head, up to crew_version, keeps its place for ever: by it two builds that do not fit recognise each other.
 */
#ifndef TASKSCOPE_BOARD_H
#define TASKSCOPE_BOARD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define BOARD_MAGIC 0x74736364u
#define BOARD_LAYOUT 2u    /* raise it with every change of this file */
#define BOARD_SLOTS 320    /* workers that a crew can have had: the 256 that may live, and the last 64 that ended */
#define BOARD_LANES 256    /* workers that can live at once, in the larger kind of crew */
#define BOARD_ORDERS 256    /* orders on their way; a power of two */
#define BOARD_NAME "taskscope-board"

/* The file descriptors of a host. Fixed numbers, so that its arguments, and with them the addresses on the stack, are the
 * same on both sides. The first BOARD_FDS come from the screen, the others from the supervisor. */
enum board_fd {
	BOARD_FD_BOARD = 3,
	BOARD_FD_ORDERS,  /* an eventfd: rung when there are orders */
	BOARD_FD_REPORTS, /* an eventfd: to ring when there is news */
	BOARD_FD_LIFE,    /* a pipe whose writing end the screen has: closes with it, and the kernel kills the host's group */
	BOARD_FD_LEASH,   /* the same of the supervisor */
	BOARD_FD_ERROR,   /* a pipe for the errno of exec; closed by it */
	BOARD_FD_FIRST_FREE
};
#define BOARD_FDS 4

/* Exit status of a host that ends by itself. */
enum board_exit { BOARD_EXIT_USAGE = 2, BOARD_EXIT_MISMATCH = 3, BOARD_EXIT_SETUP = 4, BOARD_EXIT_ALONE = 5 };

/* A worker's life. FREE -> WANTED (taskscope) -> STARTING (host) -> ALIVE (worker) -> LEAVING (worker) -> ENDED (host);
 * WANTED -> FREE (host: it could not be started). */
enum board_phase { SLOT_FREE, SLOT_WANTED, SLOT_STARTING, SLOT_ALIVE, SLOT_LEAVING, SLOT_ENDED };

/* What a worker is told besides its job. */
enum board_command { SLOT_QUIT = 1 << 0, SLOT_CRASH = 1 << 1 };

enum board_verb { VERB_START, VERB_JOB, VERB_QUIT, VERB_CRASH, VERB_SIGNAL, VERB_RESUME };

struct board_order {
	int32_t verb;   /* enum board_verb */
	int32_t worker; /* a slot; -1: every worker that lives */
	int32_t value;  /* a job, a signal */
};

struct board_slot {
	_Alignas(128) _Atomic uint32_t phase; /* see enum board_phase for who writes it */
	_Atomic int32_t job;      /* what it shall do (taskscope before the start, then the host) */
	_Atomic int32_t cpu;      /* pinned to; -1: free (taskscope) */
	_Atomic uint32_t command; /* enum board_command (host) */
	_Atomic uint32_t bell;    /* a futex; counts what the host told it (host) */
	_Atomic uint32_t pair;    /* partner: BOARD_PAIR(slot, serial); 0: none (host) */
	_Atomic uint32_t turn;    /* a futex; whose turn it is in the pair whose lower slot this is (both, host at first) */
	_Atomic int32_t lane;     /* its inbox pipe and its part of the arena (host) */
	_Atomic int32_t wait_status; /* as waitpid gives it (host) */
	_Atomic int64_t ended_ns; /* CLOCK_MONOTONIC (host) */
	_Atomic uint64_t stack_low, stack_high; /* pthread_getattr_np (host) */

	_Alignas(128) _Atomic int32_t pid, tid; /* (worker; the pid of a process also by the host) */
	_Atomic int32_t doing;     /* the job it does now (worker) */
	_Atomic uint64_t rounds;   /* rounds of its jobs done (worker) */
	_Atomic int32_t unguarded; /* errno of what its guard lacks (seccomp ...); 0: complete (worker) */
	_Atomic uint32_t fault_order; /* 1: the first fault of this crew; 0: none (worker's signal handler) */
	_Atomic int32_t fault_signal, fault_code; /* (worker's signal handler) */
	_Atomic uint64_t fault_address;
};

/* A pair's other half and the pair's serial number (1 to 254), in one word so that both change at once. */
#define BOARD_PAIR(slot, serial) (((uint32_t)(slot) << 8) | (uint32_t)(serial))
#define BOARD_PAIR_SLOT(pair) ((int)((pair) >> 8))
#define BOARD_PAIR_SERIAL(pair) ((pair) & 255u)

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
	_Atomic uint32_t go; /* the first workers may be made */

	/* (host) */
	_Atomic uint32_t prepared;    /* it waits for the go */
	_Atomic uint32_t ready;       /* everything that was wanted at first was tried */
	_Atomic int32_t fixed_addresses; /* personality has ADDR_NO_RANDOMIZE */
	_Atomic uint32_t note_serial; /* counts changes of note; 0: none yet */
	char note[120];               /* the limit that was met, or empty */
	_Atomic uint64_t arena_low, arena_high;

	/* orders: a ring with one writer and one reader */
	_Atomic uint32_t order_head; /* (taskscope) */
	_Atomic uint32_t order_tail; /* (host) */
	struct board_order orders[BOARD_ORDERS];

	_Atomic uint32_t faults; /* (workers' signal handlers) */
	_Alignas(128) pthread_mutex_t lock; /* what the job "lock" contends for: robust, process-shared (host, workers) */
	struct board_slot slots[BOARD_SLOTS];
};

#endif
