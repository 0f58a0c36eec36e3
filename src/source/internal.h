/* SPDX-License-Identifier: MIT
 * What the files of the source module share: reading /proc through kept descriptors (procfs.c), the one door to libproc2
 * (procps.c), and the area between the live source and the prober (area.c).
 */
#ifndef TASKSCOPE_SOURCE_INTERNAL_H
#define TASKSCOPE_SOURCE_INTERNAL_H

#include "io.h"
#include "source.h"

/* --- kept.c --- */

/* Raises the soft limit of descriptors to the hard one: most of them may be kept open. */
void kept_raise_limit(void);
/* Reads a file from the byte `from` on, once, through the descriptor *fd, which is opened if it is -1, and kept if there are
 * enough left. One whose task or memory is gone (-ESRCH) is closed. Bytes or -errno. */
ssize_t kept_read(int *fd, enum io_site site, void *into, size_t size, uint64_t from, int dir,
	const char *format, ...) __attribute__((format(printf, 7, 8)));

/* --- clock.c --- */

/* What CLOCK_MONOTONIC is ahead of the kernel's: of /proc/self/timens_offsets; 0 outside of a time namespace. */
nsec clock_offset(void);
nsec parse_clock_offset(const char *text);

/* --- procfs.c --- */

#define PROCFS_TEXT_MAX                                                                            \
	16384 /* bytes of one stat, status or schedstat; status is the longest, some 2 kB */
#define PROCFS_EAGER_TASKS                                                                         \
	256 /* up to here, the state of a task that sleeps is read every tick too */
#define PROCFS_KEPT_TASKS                                                                          \
	2000 /* up to here, all files of a task are kept open; beyond, of who sleeps one */

struct procfs {
	int root; /* -1: not open */
	char path[256];
	bool real; /* the kernel's own, not a folder of files */
	bool lazy; /* only these are read in full, where there are many: */
	int32_t visible[VISIBLE_MAX]; /* ascending */
	size_t visible_n;
	size_t tasks, tasks_before; /* seen in this tick, and in the one before */
	uint32_t tick;
	char text[PROCFS_TEXT_MAX];
};

/* As the sites from IO_SCHEDSTAT on. */
enum task_file { FILE_SCHEDSTAT, FILE_STATUS, FILE_STAT, FILE_SYSCALL, FILE_WCHAN, TASK_FILES };

/* Where a task's stack pointer and program counter stood, and when. */
struct seen {
	uint64_t sp, pc;
	nsec at; /* UNKNOWN: never */
};

/* One task, with its kept descriptors and the values of its last reading. */
struct procfs_task {
	int32_t tid;
	int fd[TASK_FILES];
	bool listed; /* in this tick's listing */
	bool fresh; /* never read in full yet */
	bool seen; /* in sight, or there are few: read in full */
	bool waits; /* it sleeps, and is not read at this tick */
	nsec moved_at; /* when its run time or slice count was last seen to move; UNKNOWN: settled since */
	struct task_sample last;
	struct seen *blocked; /* by registers.c, last; NULL: never */
};

/* One process: a held directory, PID/task, and its tasks, by ascending tid. A reused PID does not come to life here. */
struct procfs_process {
	int32_t pid;
	int dir; /* PID/task; -1 not open */
	int rollup; /* PID/smaps_rollup, opened when first asked for; -1 not open */
	bool gone; /* it was open, and has ended */
	bool missed; /* a task that was known has ended: the listing is not as it was */
	int64_t cpu_ns; /* of all its threads, where sleepers are read in turns; UNKNOWN */
	int64_t links; /* of the directory when it was listed: two more than there are tasks; UNKNOWN */
	VEC(struct procfs_task) tasks;
};

/* root NULL: "/proc". Raises the soft limit of descriptors to the hard one. Cannot fail: a root that is not there is
 * tried again by procfs_process_read. */
void procfs_init(struct procfs *fs, const char *root);
void procfs_finish(struct procfs *fs);
void procfs_begin_tick(struct procfs *fs);

void procfs_process_init(struct procfs_process *process, int32_t pid);
void procfs_process_finish(struct procfs_process *process);
/* Reads every task of the process. 0; -ESRCH it is gone; else why it cannot be listed: then the tasks that are known were
 * read. What single files refuse becomes a gap in *sample. */
int procfs_process_read(
	struct procfs *fs, struct procfs_process *process, nsec now, struct sample *sample);
/* Reads one file of a task into fs->text: through the kept descriptor, which is opened if there are enough left. Bytes or
 * -errno. */
ssize_t procfs_task_read(struct procfs *fs, const struct procfs_process *process,
	struct procfs_task *task, enum task_file file);
int compare_int32(const void *a, const void *b); /* for qsort, ascending */
void procfs_set_visible(struct procfs *fs, const int32_t *tids, size_t n);

/* --- turns.c: of many tasks --- */

/* Marks the tasks that are seen, and those that wait for their turn; returns whether any does. */
bool turns_take(const struct procfs *fs, struct procfs_process *process);
/* Whether this tick is the task's turn. */
bool turns_has(const struct procfs *fs, const struct procfs_task *task);
/* How long all threads of a process, ended ones too, ran since the last call; UNKNOWN. The kernel adds it up. */
int64_t turns_cpu_time(const struct procfs *fs, struct procfs_process *process);
/* Whether those that waited have to be read after all: the process ran for longer than is known of those that were read. */
bool turns_are_over(int64_t ran, int64_t known);

/* --- procfs.c --- */

/* smaps_rollup: Rss and Pss in kB, into *ret; UNKNOWN. For processes of ours alone: others' can hold their reader. 0 or
 * -errno. */
int procfs_process_memory(
	struct procfs *fs, struct procfs_process *process, struct observer_sample *ret);

/* One clause for a person on why a file of the process whose directory is open as dir was refused. */
void procfs_refusal(int dir, int error, char *out, size_t size);

/* One clause on why perf_event_open was refused; it may stand in out. */
const char *perf_refusal(int error, char *out, size_t size);

/* The same of a file that asks for the right to attach (syscall, mem), to the one process whose files are ours: if Yama is
 * why, it says so; else it leaves *out as it is. */
void procfs_attach_refusal(int dir, int error, char *out, size_t size);

/* A gap of a slot that says why a process's file was refused to the prober; none if the process is gone. */
struct slot_head;
void refusal_gap(struct slot_head *head, int root, int32_t pid, const char *what, int error);

/* --- observer.c --- */

#define OBSERVERS_MAX 8

/* A process of our own. What it cost until it ended stays in the sum, so that the sum does not go back. */
struct observed {
	struct procfs_process process;
	struct observer_sample cost;
};

struct observer {
	struct observed observed[OBSERVERS_MAX];
	nsec memory_at; /* when their memory was last read; 0: not yet */
	size_t n;
	struct observer_sample ended; /* cost of processes of ours that have ended */
};

/* { 0 } watches none. set: these processes from now on. */
void observer_set(struct observer *observer, const int32_t *pids, size_t n);
void observer_read(struct observer *observer, struct procfs *fs, nsec now, struct sample *sample);
void observer_finish(struct observer *observer);
/* --- objects.c --- */

/* Numbers n things by comparison: equal things get equal numbers, 1, 2, ... in the order of their first; one that cannot be
 * compared gets -1. compare: 0 and *ret_order below, equal to or above 0, as a is to b; else an error. room: for n
 * indices. Returns how many different things there are. */
typedef int objects_compare(void *context, size_t a, size_t b, int *ret_order);
size_t objects_number(
	size_t n, objects_compare *compare, void *context, int16_t *ret_number, size_t *room);

/* --- procps.c --- */

/* libproc2, which reads the real /proc alone. One thread only: its buffers are per thread, and leak with a thread. */
struct libproc;
struct libproc *libproc_create(void);
void libproc_destroy(struct libproc *libproc);
/* Identity, state, threads and faults of n processes: ret[0..n) as pids[0..n); pid 0 in a row: there is no such process.
 * The other members of the rows are not touched. 0 or -errno. */
int libproc_processes(
	struct libproc *libproc, const int32_t *pids, size_t n, struct process_sample *ret);
/* The machine. What cannot be read is left UNKNOWN, and a gap of the slot says why. */
void libproc_machine(struct libproc *libproc, struct slot_head *head, struct machine_sample *ret);

#endif
