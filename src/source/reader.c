/* SPDX-License-Identifier: MIT
 * When evidence is read: what moves with every instruction at each tick, tables of descriptors four times a second, what is
 * shared twice, or at once when tasks came or went. Between two readings the last one is shown.
 */
#include <stdlib.h>

#include "reader.h"

#define SHARING_EVERY (500 * NSEC_PER_MSEC)
#define TABLES_EVERY (200 * NSEC_PER_MSEC)

struct evidence_reader *reader_create(struct procfs *fs)
{
	struct evidence_reader *reader = xcalloc(1, sizeof(*reader));

	reader->fs = fs;
	reader->sharing_at = reader->tables_at = UNKNOWN;
	reader->perf = perf_create();
	return reader;
}

void reader_destroy(struct evidence_reader *reader)
{
	if (!reader)
		return;
	vec_finish(&reader->tasks);
	vec_finish(&reader->stacks);
	vec_finish(&reader->room);
	vec_finish(&reader->numbers);
	sample_finish(&reader->sharing);
	sample_finish(&reader->tables);
	perf_destroy(reader->perf);
	free(reader);
}

void reader_expire(struct evidence_reader *reader)
{
	reader->sharing_at = reader->tables_at = UNKNOWN;
}

void reader_add(struct evidence_reader *reader, const struct procfs_process *process,
	struct procfs_task *task, const struct task_sample *row)
{
	struct reader_task *new = vec_push(&reader->tasks);

	READER_ROW(new, row);
	new->process = process;
	new->task = task;
	new->start = row->start;
	new->state = row->state;
}

void reader_refused(
	const struct reader_task *task, const char *what, int error, struct sample *sample)
{
	char reason[96];

	if (error == ESRCH || error == ENOENT)
		return;
	procfs_refusal(task->process->dir, error, reason, sizeof(reason));
	if (strcmp(what, "syscall") == 0)
		procfs_attach_refusal(task->process->dir, error, reason, sizeof(reason));
	sample_gap(sample, task->pid, what, error, reason);
}

void reader_make_room(struct evidence_reader *reader, size_t n)
{
	vec_clear(&reader->room);
	vec_clear(&reader->numbers);
	while (reader->room.n < n) {
		*vec_push(&reader->room) = 0;
		*vec_push(&reader->numbers) = -1;
	}
}

const struct worker_sample *reader_report(const struct sample *sample, int32_t tid)
{
	const struct worker_sample *worker;

	vec_each (worker, &sample->workers)
		if (worker->tid == tid && worker->phase == WORKER_ALIVE)
			return worker;
	return NULL;
}

/* --- what the prober found --- */

static struct pc_name *find_pc(struct evidence_reader *reader, int32_t pid, uint64_t pc)
{
	for (size_t i = 0; i < PC_NAMES_MAX; i++)
		if (reader->pc_name[i].pid == pid && reader->pc_name[i].pc == pc)
			return &reader->pc_name[i];
	return NULL;
}

void reader_learn_pc(struct evidence_reader *reader, int32_t pid, uint64_t pc, const char *where)
{
	struct pc_name *named = find_pc(reader, pid, pc);

	if (named)
		memcpy(named->where, where, sizeof(named->where));
}

size_t reader_unnamed(const struct evidence_reader *reader, struct peek_pc *ret, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < PC_NAMES_MAX && found < n; i++)
		if (reader->pc_name[i].pid && !reader->pc_name[i].where[0])
			ret[found++] = (struct peek_pc) { reader->pc_name[i].pid,
				reader->pc_name[i].tid, reader->pc_name[i].pc };
	return found;
}

void reader_forget_stacks(struct evidence_reader *reader)
{
	vec_clear(&reader->stacks);
}

void reader_learn_stack(
	struct evidence_reader *reader, int32_t pid, int32_t tid, int64_t resident_kb)
{
	*vec_push(&reader->stacks) = (struct stack_resident) { pid, tid, resident_kb };
}

/* --- a tick --- */

static uint64_t crowd_of(const struct evidence_reader *reader)
{
	const struct reader_task *task;
	uint64_t hash = 14695981039346656037u;

	vec_each (task, &reader->tasks) {
		hash = (hash ^ (uint64_t)task->tid) * 1099511628211u;
		hash = (hash ^ (uint64_t)task->start) * 1099511628211u;
		hash = (hash ^ (uint64_t)task->worker) * 1099511628211u;
	}
	return hash;
}

static bool is_due(nsec last, nsec now, nsec every)
{
	return last == UNKNOWN || now - last >= every;
}

static void show_gaps(const struct sample *kept, struct sample *sample)
{
	const struct gap_sample *gap;

	vec_each (gap, &kept->gaps)
		sample_gap(sample, gap->pid, gap->what, gap->error, gap->reason);
}

#define SHOW(rows)                                                                                 \
	for (size_t i_ = 0; i_ < kept->rows.n; i_++)                                               \
		*vec_push(&sample->rows) = kept->rows.at[i_];

static void show_sharing(const struct sample *kept, struct sample *sample)
{
	SHOW(sharing)
	show_gaps(kept, sample);
}

static void show_tables(const struct sample *kept, struct sample *sample)
{
	SHOW(files)
	SHOW(places)
	show_gaps(kept, sample);
}

void reader_read(struct evidence_reader *reader, unsigned needs, nsec now, struct sample *sample)
{
	uint64_t crowd = crowd_of(reader);

	/* What was not needed before is old by now. */
	if (crowd != reader->crowd || (needs & ~reader->needs & NEED_SHARING))
		reader->sharing_at = UNKNOWN;
	if (crowd != reader->crowd || (needs & ~reader->needs & NEED_FILES))
		reader->tables_at = UNKNOWN;
	reader->crowd = crowd;
	reader->needs = needs;
	if (needs & NEED_SHARING && is_due(reader->sharing_at, now, SHARING_EVERY)) {
		reader->sharing_at = now;
		sample_clear(&reader->sharing);
		sharing_read(reader, sample, now, &reader->sharing);
	}
	if (needs & NEED_FILES && is_due(reader->tables_at, now, TABLES_EVERY)) {
		reader->tables_at = now;
		sample_clear(&reader->tables);
		tables_read(reader, sample, now, &reader->tables);
	}
	if (needs & NEED_SHARING)
		show_sharing(&reader->sharing, sample);
	if (needs & NEED_FILES)
		show_tables(&reader->tables, sample);
	if (needs & NEED_SIGNALS)
		signals_read(reader, now, sample);
	if (needs & NEED_REGISTERS)
		registers_read(reader, now, sample);
	if (needs & NEED_WAITS)
		waits_read(reader, sample);
	perf_drop_unused(reader->perf);
	vec_clear(&reader->tasks);
}
