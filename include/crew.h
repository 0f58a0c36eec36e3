/* SPDX-License-Identifier: MIT
 * Crews and the life of everything: a supervisor that owns all processes and the terminal's saved
 * state, and, in the screen's process, handles to start, order, watch and stop one crew a side.
 * Nothing survives us, whatever kills us.
 *
 *   supervisor ─┬─ screen            draws, reads the fast lane, holds struct crews
 *               ├─ prober            killable; restarted on request
 *               └─ host, one a side  execs taskscope-crew; workers are its children or its threads
 *
 * Worker limits are named here; a number beyond one is refused by who parses it, not cut.
 */
#ifndef TASKSCOPE_CREW_H
#define TASKSCOPE_CREW_H

#include "base.h"
#include "job.h"
#include "order.h"
#include "sample.h"

#define CREW_PROCESSES_MAX 64 /* worker processes a side */
#define CREW_THREADS_MAX 256 /* worker threads a side */

/* One of the viewer's programs, in the place of workers. Read by crew_start alone. */
struct keep_plan {
	char *const *words; /* what execve(2) takes, and how many */
	size_t n;
	const char *path; /* the file to execute */
	const char *command; /* the words as a line, to be shown */
	const char *file; /* what it prints goes there, too; NULL: nowhere */
	const char *cgroup; /* the folder of the cgroup that it begins in; "": ours */
	bool discard; /* not even the last of it is kept */
	bool replace; /* a file that is there */
};

#define CREW_ARENA_MB 4
#define CREW_ARENA_MB_MAX 1024 /* and at most half of the available memory: then the note says so */

/* The most workers that a crew of this kind can have. */
int crew_limit(enum kind kind);

struct crew_plan {
	enum kind kind;
	int workers;
	/* of worker processes: so many of the workers, a part of all, are threads of one; 0: none
	 * is */
	int team;
	int job; /* enum job or JOB_MIXED */
	int cpu; /* pin all to this CPU; -1: even says where */
	/* on equal footing: each side has one CPU, an own one if there are two, unless it is
	 * pinned */
	bool even;
	/* memory that the host writes before it makes workers; 0: the standard, CREW_ARENA_MB; -1:
	 * none */
	int arena_mb;
	int stacks; /* user-level stacks of each worker in the job "fibers"; 0: as usual */
	bool quick; /* orders that measure take fewer rounds */
	/* it runs this program, and has no workers; NULL: it is a crew */
	const struct keep_plan *keep;
};

/* --- the supervisor --- */

struct crews;

struct supervise_options {
	/* The screen's process: returns its exit status. Runs after fork, with its own signal mask
	 * cleared. crews is NULL if with_crews is false. */
	int (*screen)(void *context, struct crews *crews);
	/* The prober's process; NULL: none. */
	int (*prober)(void *context);
	/* Puts the terminal back; called in the supervisor after the screen died of a signal.
	 * Async-signal-safe. May be NULL. */
	void (*rescue)(void *context);
	void *context;
	bool with_crews;
	const char *worker_path; /* NULL: found by crew_find_worker */
};

/* Becomes the supervisor, runs all of the above, and returns the exit status for main: the screen's
 * own, or 128 + signal with one line on stderr if a signal ended it. All crews and the prober are
 * gone when it returns. */
int supervise(const struct supervise_options *options);

/* Makes a cgroup below ours, and a process that kills whatever is in it, and removes it, soon after
 * all of us are gone, killed or not. Before supervise. 0 and its folder, or -1 with one line that
 * says why. */
int warden_start(char *folder, size_t size, char *why, size_t why_size);

/* The path of taskscope-crew: beside our own executable, else in libexecdir. 0, or -ENOENT /
 * -EACCES with why. */
int crew_find_worker(char *path, size_t size, char *why, size_t why_size);

/* --- in the screen's process --- */

/* Readable when crews_dispatch has something to do (a host started, ended, failed; a worker ended).
 * For poll. */
int crews_fd(const struct crews *crews);
/* Takes in all that happened; never blocks. Returns whether anything changed. */
bool crews_dispatch(struct crews *crews);

/* Starts (or starts again) a side's crew. Asynchronous: the sample's crew_state tells. -EBUSY while
 * one is starting. */
int crew_start(struct crews *crews, enum side side, const struct crew_plan *plan);
/* Has the callback called each time a host is ready and its first worker not yet made: the host
 * waits until the callback has returned, so what is opened on its process now sees every birth.
 * Called from within crews_dispatch; before the first crew_start, or that one's host goes unseen.
 * NULL: nobody. */
void crews_on_host(struct crews *crews,
	void (*callback)(void *context, enum side side, int32_t host), void *context);
/* Ends a side's crew: all its tasks are gone soon after. */
int crew_stop(struct crews *crews, enum side side);

/* Waits until a side's crew runs with all the workers that could be started (its note says when
 * that is not all), or failed or ended: 0; or the time is over: -ETIMEDOUT; or cancel, a descriptor
 * (-1: none), has something to read: -EINTR. */
int crew_await(struct crews *crews, enum side side, nsec timeout, int cancel);

/* Orders. worker: an index, or CREW_ALL for every worker of the side. All are asynchronous, return
 * 0 or -errno (-ESRCH no such worker or no crew, -EINVAL out of bounds, -EBUSY the order before is
 * still on its way) and never block. What came of it shows in the next samples. */
#define CREW_ALL (-1)
/* one more worker; -ENOSPC at the limit */
int crew_add(struct crews *crews, enum side side);
/* CREW_ALL: the last one; it exits by itself */
int crew_remove(struct crews *crews, enum side side, int worker);
int crew_set_job(struct crews *crews, enum side side, int worker, int job);
int crew_pin(
	struct crews *crews, enum side side, int worker, int cpu); /* -1: as its crew's plan says */
/* absolute; -EACCES when refused */
int crew_renice(struct crews *crews, enum side side, int worker, int nice);
/* the worker writes through a NULL pointer */
int crew_crash(struct crews *crews, enum side side, int worker);
/* One order of order_table, carried out once, beside the job; argument 0: its standard. worker: as
 * above; WORKER_HOST for an order to the host alone. An order to the side is carried out by all of
 * it, whatever `worker` says; one that needs an unconfined worker adds a fresh one, which does it
 * and ends. What came of it stands in worker_sample: order_state, last_result. Besides the errors
 * above: -EINVAL (no such order, argument out of bounds), -EBUSY (the worker has not answered the
 * order before), -EOPNOTSUPP (not of this kind of crew), -EHOSTDOWN (the crew's main thread has
 * ended: nobody takes orders). */
int crew_order(struct crews *crews, enum side side, int worker, enum order order, int64_t argument);
/* Adds one worker made by clone(2) with these flags, of CLONE_VM, FILES, FS, SIGHAND, THREAD,
 * SYSVSEM and IO: a task anywhere between process and thread, that does the jobs sleep and spin and
 * some orders. -EINVAL: the kernel would refuse it, and crew_clone_refusal says why. */
int crew_clone(struct crews *crews, enum side side, uint64_t flags);
/* The same in the place of a worker that has ended: it gets its index. -EBUSY: that one lives;
 * -ESRCH: there was none. */
int crew_clone_in_place(struct crews *crews, enum side side, int worker, uint64_t flags);
/* Why the kernel refuses these flags, one clause; NULL: it does not. */
const char *crew_clone_refusal(uint64_t flags);
/* A signal from outside: SIGKILL, SIGSTOP, SIGCONT. Of a thread crew, all three act on the whole
 * process: that is the lesson. Only ever reaches tasks of our own crews. */
int crew_signal(struct crews *crews, enum side side, int worker, int signal);

/* Adds this instant's crew and worker records to *sample (crews, workers). */
void crews_report(const struct crews *crews, struct sample *sample);
/* The worker index of a task of a side's crew: an index, WORKER_HOST or WORKER_NONE. Cheap. */
int16_t crews_worker_of(const struct crews *crews, int32_t pid, int32_t tid);
/* The process ids of supervisor, screen and prober (0 if none): what taskscope itself is. Returns
 * how many. */
size_t crews_own_pids(const struct crews *crews, int32_t *pids, size_t n);

/* Has the supervisor kill and start the prober anew. */
int crews_restart_prober(struct crews *crews);

/* For SIGTSTP. After crews_suspend the caller stops itself by raise(SIGTSTP) or raise(SIGSTOP): the
 * supervisor sees it, stops all workers and then itself, so that the shell has its prompt;
 * continued, it continues us. Then crews_resume lets the workers go on; one that the viewer stopped
 * stays so. Without crews raise(SIGTSTP) alone does it. The same happens when the terminal stops
 * the screen (SIGTTOU, SIGTTIN), being another job's. A SIGSTOP from outside stops the screen
 * only. */
void crews_suspend(struct crews *crews);
void crews_resume(struct crews *crews);

/* --- the viewer's programs: a crew_plan with `keep` starts a keeper, which gets ready; then --- */

/* Lets all programs start whose keepers are ready. */
void crews_let_programs_start(struct crews *crews);
/* Ends a side's program with all its processes, SIGTERM first: within two seconds. */
int crew_end_program(struct crews *crews, enum side side);
/* Whether a side's program, and all that it started, has ended, or could not be started. */
bool crew_program_is_over(const struct crews *crews, enum side side);
/* Why the file of what a side's program prints ended early: -errno; 0: it did not. */
int crew_output_error(const struct crews *crews, enum side side);
/* Adds what became of the programs to *sample (programs). */
void crews_report_programs(const struct crews *crews, struct sample *sample);

/* --- duels (duel_page.h): in a host of their own, beside the crews or without any --- */

struct duel_plan;
struct duel_page;
enum duel_state {
	DUEL_OFF, /* none was started */
	DUEL_RUNNING,
	DUEL_DONE, /* its rounds ran, or the time was up */
	DUEL_STOPPED, /* by crews_duel_stop: what was measured until then stays */
	DUEL_FAILED, /* the note says why; what was measured until then stays */
};

/* Starts a duel's host. Asynchronous; 0 or -errno: -EBUSY while one is running, -EINVAL (no sound
 * plan), or why the host could not be asked for (the state is then DUEL_FAILED and its note says
 * so). */
int crews_duel_start(struct crews *crews, const struct duel_plan *plan);
/* Ends it at once, within a trial, with all its tasks. -ESRCH: none is running. */
int crews_duel_stop(struct crews *crews);
/* note, if not NULL, receives why it failed; good until the next start. */
enum duel_state crews_duel_state(const struct crews *crews, const char **ret_note);
/* What the last duel was told and has reported so far; NULL before the first. Good until the next
 * start. */
const struct duel_page *crews_duel_page(const struct crews *crews);

#endif
