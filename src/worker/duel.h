/* SPDX-License-Identifier: MIT
 * Inside the duel host: tasks of any kind started alike, and the trials.
 */
#ifndef TASKSCOPE_WORKER_DUEL_H
#define TASKSCOPE_WORKER_DUEL_H

#include <pthread.h>

#include "duel_page.h"
#include "internal.h"

/* A series while it is measured. */
struct duel_trial {
	const struct duel_plan *plan;
	const struct duel_item *item;
	struct duel_series *series;
	int cpu[2]; /* in this round */
};

/* A partner of a trial. The function must not allocate or take a lock: a CLONE_VM task has no TLS of its own. */
struct duel_task {
	enum contender who;
	int cpu; /* to run on */
	void (*run)(void *argument);
	void *argument;
	pid_t pid;
	pthread_t thread;
	char *stack;
};

#define DUEL_STACK (128 * 1024)

/* Starts it as what it is: fork(), clone(CLONE_VM) or pthread_create(). 0 or -errno. */
int duel_task_start(struct duel_task *task);
/* Waits for its end. 0, or -ECHILD when it ended by a signal. */
int duel_task_wait(struct duel_task *task);

/* Two tasks, run together until both ended: first and second on the item's CPUs. 0 or -errno; when one is ended by a signal,
 * so is the other. */
int duel_pair(const struct duel_trial *trial, void (*first)(void *), void (*second)(void *),
	void *argument);

/* A trial in pieces: what it says is the middle one, so that a piece in which somebody else had the CPU does not count. Its
 * memory is shared by who measures and who reads. */
#define DUEL_PIECES 32
struct duel_pieces {
	int n;
	int64_t length, since, until; /* ns */
	double done; /* operations until `since` */
	double ns[DUEL_PIECES]; /* an operation */
};
/* A trial begins now that lasts so long when nobody disturbs it, and at most DUEL_PATIENCE times as long. */
#define DUEL_PATIENCE 8
void duel_pieces_start(struct duel_pieces *pieces, int64_t now, int64_t trial_ns);
/* So many operations since the start: ends the piece if it is long enough. Whether the trial goes on. */
bool duel_pieces_add(struct duel_pieces *pieces, int64_t now, double done);
/* Sorts them; NAN: there is none. */
double duel_pieces_middle(struct duel_pieces *pieces);
/* Context switches of the calling task, both kinds, so far (getrusage(RUSAGE_THREAD)). */
int64_t duel_switches(void);
/* Shared and private anonymous memory; NULL when there is none. */
void *duel_map(size_t size, int flags);

/* One trial of a series: adds a value and updates extra and note. 0 or -errno. */
typedef int duel_measure(const struct duel_trial *trial);
duel_measure duel_switch, duel_create, duel_talk, duel_memory;

/* The host's ballast: private anonymous memory of which the first `megabytes` are copied by a fork, and the rest is left
 * out of it (MADV_DONTFORK), so that series with different ballasts can take turns without writing it anew. reserve makes
 * it, every page written: 0, or -ENOMEM when it would take more than half of what is available; 0 MB frees it. */
int duel_ballast_reserve(int64_t megabytes);
int duel_ballast_use(int64_t megabytes);
char *duel_ballast_at(void);
void duel_add(struct duel_series *series, double value, double baseline);
void duel_note(struct duel_series *series, const char *note);

/* The duel host's life: runs the order of the page behind BOARD_FD_BOARD. Returns the exit status. */
int duel_host(void);

#endif
