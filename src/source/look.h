/* SPDX-License-Identifier: MIT
 * Evidence that the fast lane reads task by task: what tasks share, their registers, files and signals. Only files and calls
 * that no target can block.
 */
#ifndef TASKSCOPE_SOURCE_LOOK_H
#define TASKSCOPE_SOURCE_LOOK_H

#include "area.h"
#include "internal.h"

/* One task of this tick. The pointers are good until the next. */
struct look_task {
	const struct procfs_process *process;
	struct procfs_task *task;
	int32_t pid, tid;
	int64_t start;
	int16_t side, worker;
	char state;
};

/* A task that has ended but is not reaped has let go of its objects: all such look as if they had one together. */
static inline bool look_is_ended(const struct look_task *task)
{
	return task->state == 'Z' || task->state == 'X';
}

/* A resolved program counter. */
struct look_place {
	int32_t pid, tid; /* pid 0: free; tid: who was there first */
	uint64_t pc;
	char where[sizeof(((struct register_sample *)0)->where)];
};

struct look_stack {
	int32_t pid, tid;
	int64_t resident_kb;
};

#define LOOK_PLACES 512

struct look {
	struct procfs *fs;
	VEC(struct look_task) tasks;
	unsigned needs;
	uint64_t crowd; /* all tasks, as one number */
	int kcmp_error; /* why kcmp is refused altogether; 0 */
	size_t next_wait; /* where the next tick's looks at waits begin, if there are too many for one */
	nsec sharing_at, tables_at; /* when they were last read; UNKNOWN */
	struct sample sharing, tables; /* kept until they are read again */
	struct look_place place[LOOK_PLACES];
	size_t next_place;
	VEC(struct look_stack) stacks;
	struct perf *perf;
	VEC(size_t) room;
	VEC(int16_t) numbers;
};

struct look *look_create(struct procfs *fs);
void look_destroy(struct look *look);
void look_anew(struct look *look); /* all of it is due */

/* Tells of a task of this tick; row: as it was read. */
void look_add(struct look *look, const struct procfs_process *process, struct procfs_task *task,
	const struct task_sample *row);
/* Reads what is needed and due of the tasks told, into *sample, and forgets them. */
void look_read(struct look *look, unsigned needs, nsec now, struct sample *sample);

/* What the prober found: the place of a program counter, and what of a stack is resident. */
void look_learn_place(struct look *look, int32_t pid, uint64_t pc, const char *where);
void look_forget_stacks(struct look *look);
void look_learn_stack(struct look *look, int32_t pid, int32_t tid, int64_t resident_kb);
/* Program counters that wait for a name: at most n, returns how many. */
size_t look_unnamed(const struct look *look, struct peek_pc *ret, size_t n);

/* Adds a gap with the reason for a refused file of a task's process; none if the task has ended. */
void look_refused(const struct look_task *task, const char *what, int error, struct sample *sample);
/* -errno, or 0 and whether two tasks have the same object (type KCMP_...): below, equal to or above 0. */
int look_kcmp(const struct look_task *a, const struct look_task *b, int type, int *ret_order);
/* Room for n results of objects_number. */
void look_make_room(struct look *look, size_t n);
/* The worker's own report of a task, NULL if it is none. */
const struct worker_sample *look_report(const struct sample *sample, int32_t tid);

/* sharing.c, sharing_fallback.c: rows of sample->sharing. */
void sharing_read(struct look *look, const struct sample *crews, nsec now, struct sample *sample);
void sharing_conclude(
	struct look *look, const struct sample *crews, struct sharing_sample *rows, size_t n);
/* tables.c: files and places (now and then); signals (each time). */
void tables_read(struct look *look, const struct sample *crews, nsec now, struct sample *sample);
void signals_read(struct look *look, nsec now, struct sample *sample);
/* registers.c */
void registers_read(struct look *look, nsec now, struct sample *sample);
/* waits.c */
void waits_read(struct look *look, struct sample *sample);
/* The text of a task's wait channel, into look->fs->text: its length; 0 if the kernel names none; -errno. */
ssize_t waits_channel(struct look *look, const struct look_task *task);

/* perf.c: registers of running tasks. */
struct perf;
struct perf *perf_create(void);
void perf_destroy(struct perf *perf);
/* The newest sample of a task, whose sampling starts with the first call. 0; -EAGAIN: none yet; else why it is refused. */
int perf_read(struct perf *perf, int32_t tid, struct seen *ret);
/* Ends the sampling of tasks that were not asked for since the last call. */
void perf_drop_unused(struct perf *perf);

#endif
