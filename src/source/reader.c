/* SPDX-License-Identifier: MIT
 * When evidence is read: each kind as often as its record says, or at once when tasks came or went. Between two readings the
 * last one is shown.
 */

#include "reader.h"

struct evidence_reader *reader_create(struct procfs *fs)
{
	struct evidence_reader *reader = xcalloc(1, sizeof(*reader));

	reader->fs = fs;
	reader_expire(reader);
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
	for (size_t i = 0; i < TASK_READERS_MAX; i++)
		sample_finish(&reader->kept[i].sample);
	perf_destroy(reader->perf);
	free(reader);
}

void reader_expire(struct evidence_reader *reader)
{
	for (size_t i = 0; i < TASK_READERS_MAX; i++)
		reader->kept[i].at = UNKNOWN;
}

unsigned reader_needs(void)
{
	unsigned needs = 0;

	for (size_t i = 0; task_reader_at(i); i++)
		needs |= task_reader_at(i)->record->need;
	return needs;
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
	uint64_t hash = 0;

	vec_each (task, &reader->tasks) {
		const int64_t who[] = { task->tid, task->start, task->worker };

		hash = hash_bytes(who, sizeof(who), hash);
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

/* What was read for a need, which may be rows of several kinds. */
static void show(const struct sample *kept, unsigned need, struct sample *sample)
{
	for (size_t i = 0; record_kinds[i]; i++)
		if (record_kinds[i]->need == need)
			record_copy(record_kinds[i], sample, kept);
	show_gaps(kept, sample);
}

static void read_kind(struct evidence_reader *reader, const struct task_reader *kind,
	struct kept_rows *kept, nsec now, struct sample *sample)
{
	if (!kind->record->every) {
		kind->read(reader, sample, now, sample);
		return;
	}
	if (is_due(kept->at, now, kind->record->every)) {
		kept->at = now;
		sample_clear(&kept->sample);
		kind->read(reader, sample, now, &kept->sample);
	}
	show(&kept->sample, kind->record->need, sample);
}

void reader_read(struct evidence_reader *reader, unsigned needs, nsec now, struct sample *sample)
{
	const uint64_t crowd = crowd_of(reader);
	const struct task_reader *kind;

	for (size_t i = 0; (kind = task_reader_at(i)); i++) {
		const unsigned need = kind->record->need;

		/* What was not needed before is old by now. */
		if (crowd != reader->crowd || (needs & ~reader->needs & need))
			reader->kept[i].at = UNKNOWN;
		if (needs & need)
			read_kind(reader, kind, &reader->kept[i], now, sample);
	}
	reader->crowd = crowd;
	reader->needs = needs;
	perf_drop_unused(reader->perf);
	vec_clear(&reader->tasks);
}
