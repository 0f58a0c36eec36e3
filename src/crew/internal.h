/* SPDX-License-Identifier: MIT
 * What supervisor and screen share: a page of facts that the supervisor writes, and small requests the other way.
 */
#ifndef TASKSCOPE_CREW_INTERNAL_H
#define TASKSCOPE_CREW_INTERNAL_H

#include <stdatomic.h>

#include "board.h"
#include "crew.h"
#include "duel_page.h"

/* --- the page: facts with one writer each, so that no message can be lost or block --- */

/* Hosts: one a side, and the one that runs duels. In a request and on the page they are told apart by this number. */
enum { HOST_DUEL = SIDES, HOSTS };

/* How far a host's life has come. */
enum stage { STAGE_NONE, STAGE_FORKED, STAGE_EXECUTED, STAGE_FAILED, STAGE_ENDED };

#define LIFE_ORPHANS 256

struct life_side {
	_Atomic uint64_t
		stage; /* generation << 8 | enum stage; written last, so what belongs to it is there */
	_Atomic int32_t pid; /* of the host; 0: none lives */
	_Atomic int32_t status; /* STAGE_ENDED: as waitpid gives it */
	_Atomic int32_t error; /* STAGE_FAILED: errno of fork or exec */
	_Atomic uint32_t held; /* the viewer stopped the whole process; the screen's to write */
};

struct life {
	_Atomic int32_t supervisor, screen, prober;
	_Atomic uint32_t
		suspending; /* the screen is about to stop itself, and all shall stop with it; the screen's */
	struct life_side side[HOSTS];
	/* The ends of worker processes whose host died before them: the supervisor inherits and reaps them. */
	_Atomic uint32_t orphans; /* how many there have ever been */
	struct {
		_Atomic int32_t pid, status;
	} orphan[LIFE_ORPHANS];
};

/* --- orphans.c --- */
void life_add_orphan(struct life *life, pid_t pid, int status);

/* --- requests: from the screen to the supervisor, over a SOCK_SEQPACKET socket --- */

enum request_verb { REQUEST_START, REQUEST_STOP, REQUEST_SIGNAL, REQUEST_PROBER };

struct request {
	int32_t verb;
	int32_t side; /* enum side or HOST_DUEL */
	uint32_t generation;
	int32_t tid; /* REQUEST_SIGNAL: a thread of the host; 0: the whole process */
	int32_t signal;
	int32_t keeps; /* REQUEST_START: a keeper, which ends by itself when it is asked to */
};

/* What a host is given, in the order of enum board_fd; goes along with REQUEST_START. */
struct crews;
struct host_fds {
	int fd[BOARD_FDS];
};
void host_fds_close(struct host_fds *fds);

/* Sends or receives one request; never blocks. 0 or -errno; receiving: -EPIPE when the other end is gone. */
int request_send(int socket, const struct request *request, const struct host_fds *fds);
int request_receive(int socket, struct request *ret, struct host_fds *ret_fds);

/* Rings an eventfd: the screen's, or a host's. */
void bell_add(int fd);

/* A page for a new host, and what else that is handed; NULL with errno: there is none, and nothing is open. ret_life: the
 * pipe whose closing ends the host; ret_orders: its bell, NULL: it takes no orders. */
void *host_prepare(const struct crews *crews, const char *name, size_t size,
	struct host_fds *ret_fds, int *ret_life, int *ret_orders);

/* --- spawn.c --- */

/* In a new child: dies of `signal` with its parent; ends at once if that is gone already. */
void spawn_bind(pid_t parent, int signal);
/* Has the kernel send a signal to a process (or -group) when the last writing end of a pipe closes. The owner belongs to
 * the open pipe end, not to the descriptor: one owner for each pipe. */
void spawn_tie(int pipe_end, pid_t owner, int signal);
/* Default signal dispositions, nothing blocked. all: even where who started us had a signal ignored. */
void spawn_reset_signals(bool all);
/* Puts /dev/null on the descriptors 0, 1 and 2. */
void spawn_silence(void);
/* A host that was begun. */
struct spawned {
	pid_t pid; /* 0: none */
	bool keeper;
	int error_fd; /* reads the errno of a failed exec, or nothing (it is closed) after a good one; -1: that is known */
	int leash; /* its closing ends the host; -1: none */
};
/* What a host is: its program's argument, and how it ends when we are gone. */
struct host_role {
	const char *argument;
	int death_signal; /* when the supervisor dies */
	int tie_signal; /* when a pipe of screen or supervisor closes */
	bool crew; /* its processes are ours: of an ordinary class, at the same addresses on both sides */
};
extern const struct host_role host_crew, host_duel, host_keeper;
/* Forks and executes a host in its role. 0 or -errno; closes nothing of the caller's. */
int spawn_host(const char *path, const struct host_role *role, const struct host_fds *fds,
	struct spawned *ret);

/* --- the screen's handles --- */

/* A host that does not answer and uses no CPU for so long is none of ours. While it still gets somewhere it is given more
 * time: on a machine under full load that is no fault of it. */
#define HELLO_IDLE (5 * NSEC_PER_SEC)
#define HELLO_LAST (60 * NSEC_PER_SEC)
#define HELLO_LOOK NSEC_PER_SEC /* how often it is looked at */

struct crew {
	struct crew_plan plan;
	struct board *board; /* NULL: never started; of a keeper, the head of a struct keep */
	size_t board_size;
	enum crew_state state;
	uint32_t generation;
	int orders; /* the host's bell */
	int life; /* the pipe whose closing ends the host */
	int32_t host, wait_status;
	int wanted;
	int cpu, job;
	int killed; /* the worker that the viewer killed last, or WORKER_NONE */
	int16_t culprit;
	nsec started, look_at, progress_at, cpu_used; /* while it starts */
	bool stopping;
	bool mixes; /* it has had workers made by crew_clone */
	bool going; /* the host was told to go on */
	uint32_t fresh; /* slots from here on were never used */
	char note[160];
};

/* The host that runs duels, and what it was told and reported. */
struct duel_run {
	struct duel_page *page; /* NULL: never started */
	enum duel_state state;
	uint32_t generation;
	int life; /* the pipe whose closing ends it; -1: none */
	char note[240];
};

struct crews {
	struct life *life;
	int socket; /* to the supervisor */
	int bell; /* rung by supervisor, hosts and workers */
	int timer; /* the next look at one that starts */
	int epoll; /* bell and timer */
	uint32_t orphans_seen;
	char worker_path[PATH_MAX];
	char worker_why[160]; /* why there is no worker_path */
	cpu_set_t *cpus; /* where we may run: what "spread" means */
	size_t cpus_size;
	struct crew crew[SIDES];
	void (*on_host)(void *context, enum side side, int32_t host);
	void *on_host_context;
	struct duel_run duel;
	/* tid -> slot, to be checked against the board */
	struct {
		int32_t tid;
		int16_t side, slot;
	} known[1024];
};

/* Takes over the descriptors. NULL with errno on failure. */
struct crews *crews_create(
	struct life *life, int socket, int bell, const char *worker_path, const char *why);

/* Whether a slot's worker exists, as far as the board knows. */
bool slot_lives(const struct board_slot *slot);
/* Whether it is a process of its own; else a thread of its host. */
bool slot_is_process(const struct crew *crew, const struct board_slot *slot);
/* A slot's index for an order, CREW_ALL for all; -ESRCH. */
int crew_check_worker(const struct crew *crew, int worker);
/* Puts one order on its way: 0 or -EBUSY. */
int crew_send(struct crew *crew, int verb, int worker, int value);
/* Whether a fresh worker can be had, and the order for it sent: 0, -ESRCH, -EHOSTDOWN, -ENOSPC, -EBUSY. */
int crew_check_fresh(const struct crew *crew);
/* Takes a slot for one: its index, or as crew_check_fresh. The caller fills it in, and starts it last. */
int crew_take_fresh(const struct crews *crews, struct crew *crew);
int crew_start_slot(struct crew *crew, int index);
/* Takes a slot for a new worker: its index, or -ENOSPC. The caller fills it in, and makes it SLOT_WANTED last. */
int crew_take_slot(const struct crews *crews, struct crew *crew);
/* The slot of a worker that has ended, as new. */
void crew_clear_slot(const struct crews *crews, struct crew *crew, int i);
/* Says on the board where a worker is to run: on this CPU, or, -1, where the crew's plan spreads it. */
void crew_place(const struct crews *crews, struct crew *crew, int worker, int cpu);
void crew_say(struct crew *crew, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The crew could not be started; its note says why. */
void crew_fail(struct crew *crew);
/* Sets the alarm for the next look at a crew that starts. */
void crews_set_timer(struct crews *crews);
/* --- duels.c --- */

/* Brings the duel's state up to date with the page of the supervisor and its own. */
void duel_update(struct crews *crews);
/* Removes the name that a duel host may have left to a message queue, had it been killed before it could. */
void duel_forget_queue(pid_t pid);

/* --- keepers.c --- */

/* The bytes of a keeper's page for this program; and what it is told. */
size_t keep_size(const struct keep_plan *plan);
void keep_write(struct board *board, const struct keep_plan *plan);

/* Brings a crew's state up to date with the page and the board. */
void crew_update(struct crews *crews, enum side side);

#endif
