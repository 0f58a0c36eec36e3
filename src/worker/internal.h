/* SPDX-License-Identifier: MIT
 * What the parts of a crew's own program share: the host's state, and a worker's view of it.
 */
#ifndef TASKSCOPE_WORKER_INTERNAL_H
#define TASKSCOPE_WORKER_INTERNAL_H

#include <sys/resource.h>

#include "base.h"
#include "board.h"
#include "job.h"
#include "order.h"

#define TOUCH_BYTES ((size_t)4 << 20) /* for new pages of one worker */
#define TOUCH_SEATS 64 /* seats whose new pages are mapped at the start, the same on both sides */
#define CREW_MOST_PROCESSES 64

/* Bytes in an inbox pipe that are no pair's serial. */
enum { INBOX_WAKE = 0, INBOX_INPUT = 255 };

#define SPIN_STEPS 20000 /* of one round that computes: well below a millisecond */

#define LOOK_EVERY (20 * NSEC_PER_MSEC) /* no worker waits longer without looking at its slot */

#define ARENA_MB_MAX 1024
#define COMES_WITHIN (5 * NSEC_PER_SEC) /* of all who were told to meet */
#define LINGERS_FOR (30 * NSEC_PER_SEC) /* the longest that an end is left unreaped */

struct host;

/* X: alone in a mapping of its own. */
struct x {
	int64_t value;
	char text[40];
};

/* What counting orders count in; the mutex is robust, for whoever holds it may be killed. */
struct counter {
	_Alignas(128) pthread_mutex_t lock;
	_Alignas(128) volatile int64_t value;
	_Atomic int64_t atomic;
};

/* What the host prepares for the experiments before the first worker exists (experiment_memory.c). */
struct experiment_memory {
	struct x *x;
	char *arena;
	size_t arena_bytes;
	struct counter *heap, *shared;
	char (*victims)[64]; /* on the heap, one a seat */
	int file; /* of 10 kB */
	char home[256]; /* the working directory at the start; "": unknown */
};

/* A worker as its host knows it, and all that the worker itself starts from. */
struct hand {
	struct host *host;
	struct board_slot *slot;
	int index;
	int seat;
	void *stack; /* of a mixed task: a mapping of MIX_STACK bytes */
	_Atomic uint32_t
		task; /* of a mixed thread: the kernel clears it when the task is gone, and wakes */
	nsec lingers_until; /* 0: it is reaped or joined as soon as it ends */
	pid_t pid;
	pthread_t thread;
	bool process; /* it is one: to be reaped; else a thread, to be joined */
	struct hand *
		leader; /* it is a thread of this one's process, which joins nobody; NULL: it is not */
	bool mixed;
	bool started; /* it is to be reaped or joined */
	bool held; /* stopped by the viewer */
	int paired_for; /* the job that its pair was made for: another one has no ball, or another */
};

/* A place for one living worker: its inbox and its part of the memory for new pages. */
struct seat {
	int read, write; /* -1: there is no pipe (not needed yet, or descriptors ran short) */
	char *fresh; /* TOUCH_BYTES for new pages; NULL: not mapped */
	bool busy;
};

struct host {
	struct board *board;
	pid_t self, parent;
	enum kind kind;
	int signals, feed; /* signalfd, and the timer of the job "read" */
	bool feeding;
	/* where it began, and what it is on now: the one CPU of all its workers, or -1 */
	cpu_set_t cpus[CPUS_MOST / CPU_SETSIZE];
	size_t cpus_size;
	_Atomic int home;
	const char *weight; /* nice of its session, and how often another was tried in vain */
	int tries;
	_Atomic int32_t tracer; /* whom the host itself lets in */
	unsigned serial; /* of the last pair */
	uint64_t stack_low, stack_high; /* of the main thread */
	int seats;
	const char *memory_note; /* what there is to say of that memory, or "" */
	struct experiment_memory memory;
	struct seat seat[BOARD_SEATS];
	struct hand hand[BOARD_SLOTS];
};

/* Now, CLOCK_MONOTONIC. */
nsec crew_now(void);
/* Waits while *word is seen, at most for timeout (negative: for ever); futex_wake wakes at most n of those who wait. */
void futex_wait(_Atomic uint32_t *word, uint32_t seen, nsec timeout);
void futex_wake(_Atomic uint32_t *word, int n);

/* --- bell.c --- */
/* Adds one to an eventfd; never blocks. */
void bell_ring(int fd);
/* Until taskscope has done what it wants to do before the first worker exists. Returns false if it is gone. */
bool board_await_go(struct board *board);
/* Tells a worker to look at its slot now. */
void host_kick(struct host *host, const struct hand *hand);
/* Puts a note on the board; a limit that is met later replaces it. */
void host_say(struct host *host, const char *text);
/* Says on the board where the stack of a worker is. */
void host_report_stack(struct host *host, struct hand *hand);

/* --- experiment_memory.c --- */
/* Prepares X, the arena, counters, heap objects and the file, at the same addresses on both sides. What cannot be had is
 * left out, and its address is 0. Returns what there is to say of it, or "". */
const char *experiment_memory_create(struct host *host);
/* Gives a seat's heap object back its text. */
void experiment_memory_renew_victim(struct host *host, int seat);
/* Locks a counter's mutex; one whose owner was killed is repaired. */
int lock_take(pthread_mutex_t *lock);

/* --- cpu_group.c --- */
/* "autogroup 105", "cgroup 4711 /a" or "group 0": the tasks with which the caller shares what the scheduler gives to all of
 * them together. */
void cpu_group_name(char *out, size_t size);

/* --- cpu_share.c --- */
/* Remembers where the host may run, before anybody is pinned. */
void cpu_share_begin(struct host *host);
/* After workers came, went or were pinned. Returns false if it is to be called again soon. */
bool cpu_share_settle(struct host *host);
/* Puts the calling worker on this CPU; -1: wherever its host could run at first. */
void run_on(struct host *host, int cpu);

/* --- guard.c --- */
/* Binds the calling task to its parent's life and takes from it what no worker needs. Returns what could not be done,
 * as an errno; ends the whole process when the parent is gone already. unconfined: seccomp is left out. */
int guard_worker(pid_t parent, bool unconfined);
/* The same for a task that shares memory with its parent and has no control block of its own: raw calls alone, and no
 * limits, which would be its parent's. parent 0: it is a thread. */
int guard_mixed(pid_t parent);
/* Under Yama only an ancestor may look into us, and the prober is none: it is named, alone, and again when another has
 * taken its place. *named is whom we named last. */
void guard_let_in(const struct board *board, _Atomic int32_t *named);

/* --- jobs.c --- */
#define OPENED_MAX 16

/* What a worker keeps on its own stack between rounds. */
struct work {
	const struct hand *hand;
	struct board_slot *slot;
	uint32_t seen; /* the bell before the orders were read */
	uint32_t dice; /* state of back_off */
	size_t page; /* of its part for new pages, next to touch */
	size_t written, read; /* how far it came in the arena, bytes */
	volatile int64_t *local; /* the variable that neighbours write to */
	int opened[OPENED_MAX]; /* descriptors that it was told to open */
	int n_opened;
	struct fibers *fibers; /* of the job "fibers"; NULL: it has none */
	bool blocks; /* it blocks SIGUSR2 */
	bool leave; /* it ends after this order */
};
/* Does one round of a job, or waits for at most LOOK_EVERY or until the host rings. Returns whether a round was done. */
bool job_round(struct work *work, enum job job);

/* One round of the job "fibers", false where it cannot be done; what it keeps for the next one is given up. (job_fibers.c) */
bool round_fibers(struct work *work);
void fibers_leave(struct work *work);

/* 0 or an errno. */
int lock_within(pthread_mutex_t *lock, nsec within);
struct timespec to_timespec(nsec t);
/* Sleeps without being told anything. */
void sleep_for(nsec duration);
/* Waits for as long as it takes until the host says something new. */
void wait_for_bell(struct work *work);

/* --- locks.c --- */
/* A mutex for processes and threads alike; robust: it outlives an owner that is killed. */
bool lock_create(pthread_mutex_t *lock, bool robust);
/* One round of the jobs that lock two workers' mutexes. */
bool round_deadlock(struct work *work);
bool round_lock_order(struct work *work);
bool round_trylock(struct work *work);
bool round_philosophers(struct work *work);
bool locks_create(struct board *board);
/* Takes a worker's mutex from its holder, dead or alive, if there is one. */
void lock_reclaim(struct board_slot *slot);
/* Lets those go on who wait for a mutex and are told something: it is taken from its holder. Returns whether there is
 * anybody to look after soon. */
bool locks_free(struct host *host);

/* --- obey.c --- */
/* Carries out the order in the worker's mailbox, if there is one, and reports. */
void obey(struct work *work);

/* --- proc.c --- */
/* The first bytes of a file of /proc or /sys, "" if there are none. */
__attribute__((format(printf, 3, 4))) bool proc_read(
	char *text, size_t size, const char *format, ...);
/* The number of the line that starts with key, such as "VmPTE:"; -1: absent. */
__attribute__((format(printf, 2, 3))) int64_t proc_number(
	const char *key, const char *format, ...);
/* -1: there is no such file. */
int64_t proc_lines(const char *path);
/* 0 or an errno. */
int proc_write(const char *path, const char *text);

/* --- work.c --- */
/* Whether the worker was told to leave or to crash: long orders end then. */
bool told_to_end(const struct work *work);
__attribute__((format(printf, 2, 3))) void set_result(char *said, const char *format, ...);
/* The next worker that lives, by index, round and round; NULL: there is no other. */
const struct board_slot *neighbour_of(const struct work *work, int *ret_index);
/* What the calling task has used so far. */
struct rusage usage_here(void);
/* Pins the calling task; -1: leaves it where it is. */
void pin_to(int cpu);
/* SPIN_STEPS of computing. */
void spin_some(void);
/* NAN: there are none; sorts them. */
double middle_of(double *values, int n);

/* --- obey_*.c --- */
/* How one order is carried out: 0 or an errno; what there is to say, in `said` (BOARD_SAID bytes). */
typedef int obey_order(struct work *work, int64_t argument, char *said);
obey_order obey_write_x, obey_write_arena, obey_read_arena, obey_write_own, obey_recurse,
	obey_write_local, obey_wild_store, obey_kernel_store;
obey_order obey_open, obey_read, obey_close, obey_chdir, obey_umask, obey_io_context, obey_sem_undo,
	obey_batch, obey_idle;
obey_order obey_handler, obey_block, obey_signal_task, obey_signal_process;
obey_order obey_crash, obey_overflow, obey_exit, obey_exit_task, obey_exec, obey_fork, obey_orphan,
	obey_vfork;
obey_order obey_multiply, obey_pipeline, obey_states, obey_daemon, obey_terminate;
obey_order obey_namespaces, obey_user_switch, obey_user_block, obey_user_cpus,
	obey_user_many;
obey_order obey_sum, obey_sum_waits, obey_sum_locks;
obey_order obey_wait_ways, obey_robust, obey_inversion;
/* The mistake itself: a write through NULL. */
void crash(void);
int obey_count(struct work *work, enum order order, int64_t argument, char *said);

/* --- obey_sum.c --- */
/* Leaves the task the first so many of its CPUs; how many it has then. */
int keep_cpus(int most, int *kept);

/* --- obey_tree.c --- */
/* what a process of ours is to do, on a busy machine, too */
#define COMES_SOON (2 * NSEC_PER_SEC)
#define LIVES_FOR 10 /* seconds; then an alarm ends such a process */
/* fork(); the child ends with the task that made it, and by an alarm. */
pid_t fork_bound(void);
/* Kills a child and reaps it. */
void end_process(pid_t pid);
/* Zeroed memory that children share; NULL: there is none. */
void *share_memory(size_t size);
void nap(nsec duration);
/* CPU time of the calling task: what others take from it is not in it. */
nsec own_time(void);
/* The state in /proc/PID/stat, and its parent (may be NULL); '?' and 0: it is gone. */
char process_state(pid_t pid, pid_t *ret_parent);

/* --- worker.c --- */
/* The worker's own handler of SIGUSR1: counts. */
void worker_on_signal(int signal);
/* The two ways to make a worker: 0 or an errno. */
int worker_fork(struct hand *hand);
int worker_thread(struct hand *hand);
/* What the system's pthread_create passes to clone(2). */
#define PTHREAD_FLAGS 0x3d0f00
/* Handlers that write a fault to the worker's slot, and let it happen. */
void worker_catch_faults(struct board *board);

/* --- mix.c --- */
/* Makes a worker by clone(2) with the flags in its slot: 0 or an errno. */
int worker_mix(struct hand *hand);
/* After its end: waits until the kernel has let go of its stack, and frees it. */
void mix_release(struct hand *hand);

/* --- seat.c --- */
void seats_create(struct host *host);
/* A free seat, or -1. */
int seat_take(struct host *host);
/* Makes the inboxes of so many workers that are started next: made before the first, every one of them inherits all. */
void seats_furnish(struct host *host, int workers);
/* In a worker: the descriptor that writes into another's inbox, or -1. One that is younger than the asking process has its
 * inbox in the host's table alone, and it is opened there. */
int seat_post(struct host *host, const struct board_slot *slot);
void seat_release(struct host *host, int seat);

/* --- pair.c --- */
/* Makes pairs of those who do the same pairing job, in order of their index; pairs that still hold are kept. */
void pairs_renew(struct host *host);

/* --- orders.c --- */
/* Starts all workers that are wanted. */
void host_start_wanted(struct host *host);
void host_take_orders(struct host *host);

/* --- ends.c --- */
/* Books, reaps and joins those who ended; who lingers is left until its time is over. */
void host_note_ends(struct host *host);

/* --- host.c --- */
/* The host's life: until it is killed, or taskscope is gone. Returns the exit status. */
int host_run(struct host *host);

/* --- keeper.c --- */

/* Runs one of the viewer's programs (keep.h); returns the keeper's exit status. */
struct keep;
int keeper_run(struct keep *keep);

#endif
