/* SPDX-License-Identifier: MIT
 * Evidence that the fast lane reads task by task: what tasks share, their registers, files and signals. Only files and calls
 * that no target can block.
 */
#ifndef TASKSCOPE_SOURCE_READER_H
#define TASKSCOPE_SOURCE_READER_H

#include "area.h"
#include "internal.h"

/* One task of this tick. The pointers are good until the next. */
struct reader_task {
	const struct procfs_process *process;
	struct procfs_task *task;
	int32_t pid, tid;
	int64_t start;
	int16_t side, worker;
	char state;
};

/* A task that has ended but is not reaped has let go of its objects: all such look as if they had one together. */
static inline bool reader_is_ended(const struct reader_task *task)
{
	return task->state == 'Z' || task->state == 'X';
}

/* A resolved program counter. */
struct pc_name {
	int32_t pid, tid; /* pid 0: free; tid: who was there first */
	uint64_t pc;
	char where[sizeof(((struct register_sample *)0)->where)];
};

struct stack_resident {
	int32_t pid, tid;
	int64_t resident_kb;
};

#define PC_NAMES_MAX 512
#define TASK_READERS_MAX 16

struct evidence_reader {
	struct procfs *fs;
	VEC(struct reader_task) tasks;
	unsigned needs;
	uint64_t crowd; /* all tasks, as one number */
	size_t next_wait; /* where the next tick's looks at waits begin, if there are too many for one */
	struct kept_rows {
		nsec at; /* when they were last read; UNKNOWN */
		struct sample sample; /* kept until they are read again */
	} kept[TASK_READERS_MAX];
	struct pc_name pc_name[PC_NAMES_MAX];
	size_t next_pc;
	VEC(struct stack_resident) stacks;
	struct perf *perf;
	VEC(size_t) room;
	VEC(int16_t) numbers;
};

struct evidence_reader *reader_create(struct procfs *fs);
void reader_destroy(struct evidence_reader *reader);
void reader_expire(struct evidence_reader *reader); /* all of it is due */
unsigned reader_needs(void); /* what it can be asked for */

/* What every row of evidence begins with: whose it is. */
#define READER_ROW(row, task)                                                                      \
	((row)->pid = (task)->pid, (row)->tid = (task)->tid, (row)->side = (task)->side,           \
		(row)->worker = (task)->worker)

/* Tells of a task of this tick; row: as it was read. */
void reader_add(struct evidence_reader *reader, const struct procfs_process *process, struct procfs_task *task,
	const struct task_sample *row);
/* Reads what is needed and due of the tasks told, into *sample, and forgets them. */
void reader_read(struct evidence_reader *reader, unsigned needs, nsec now, struct sample *sample);

/* What the prober found: the place of a program counter, and what of a stack is resident. */
void reader_learn_pc(struct evidence_reader *reader, int32_t pid, uint64_t pc, const char *where);
void reader_forget_stacks(struct evidence_reader *reader);
void reader_learn_stack(struct evidence_reader *reader, int32_t pid, int32_t tid, int64_t resident_kb);
/* Program counters that wait for a name: at most n, returns how many. */
size_t reader_unnamed(const struct evidence_reader *reader, struct peek_pc *ret, size_t n);

/* Adds a gap with the reason for a refused file of a task's process; none if the task has ended. */
void reader_refused(const struct reader_task *task, const char *what, int error, struct sample *sample);
/* Room for n results of objects_number. */
void reader_make_room(struct evidence_reader *reader, size_t n);
/* The worker's own report of a task, NULL if it is none. */
const struct worker_sample *reader_report(const struct sample *sample, int32_t tid);

/* What reads one kind from the tasks of a tick: a file NAME.c with reader_NAME, and one line in meson.build. `crews` is the
 * sample of the tick, `into` where the rows go and what was refused. */
struct task_reader {
	const struct record *record;
	void (*read)(struct evidence_reader *reader, const struct sample *crews, nsec now,
		struct sample *into);
};
/* All of them; NULL after the last. */
const struct task_reader *task_reader_at(size_t i);

/* sharing_fallback.c: where kcmp is refused. */
void sharing_conclude(
	struct evidence_reader *reader, const struct sample *crews, struct sharing_sample *rows, size_t n);
/* The text of a task's wait channel, into reader->fs->text: its length; 0 if the kernel names none; -errno, and a gap says why. */
ssize_t waits_channel(
	struct evidence_reader *reader, const struct reader_task *task, struct sample *sample);

/* perf.c: registers of running tasks. */
struct perf;
struct perf *perf_create(void);
void perf_destroy(struct perf *perf);
/* The newest sample of a task, whose sampling starts with the first call. 0; -EAGAIN: none yet; else why it is refused. */
int perf_read(struct perf *perf, int32_t tid, struct seen *ret);
/* Ends the sampling of tasks that were not asked for since the last call. */
void perf_drop_unused(struct perf *perf);

#endif
