/* SPDX-License-Identifier: MIT
 * When evidence is read: what moves with every instruction at each tick, tables of descriptors four times a second, what is
 * shared twice, or at once when tasks came or went. Between two readings the last one is shown.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "look.h"

#define SHARING_EVERY (500 * NSEC_PER_MSEC)
#define TABLES_EVERY (200 * NSEC_PER_MSEC)

struct look *look_create(struct procfs *fs)
{
	struct look *look = xcalloc(1, sizeof(*look));

	look->fs = fs;
	look->sharing_at = look->tables_at = UNKNOWN;
	look->perf = perf_create();
	return look;
}

void look_destroy(struct look *look)
{
	if (!look)
		return;
	vec_finish(&look->tasks);
	vec_finish(&look->stacks);
	vec_finish(&look->room);
	vec_finish(&look->numbers);
	sample_finish(&look->sharing);
	sample_finish(&look->tables);
	perf_destroy(look->perf);
	free(look);
}

void look_anew(struct look *look)
{
	look->sharing_at = look->tables_at = UNKNOWN;
}

void look_add(struct look *look, const struct procfs_process *process, struct procfs_task *task,
	const struct task_sample *row)
{
	struct look_task *new = vec_push(&look->tasks);

	*new = (struct look_task) {
		.process = process,
		.task = task,
		.pid = row->pid,
		.tid = row->tid,
		.start = row->start,
		.side = row->side,
		.worker = row->worker,
		.state = row->state,
	};
}

void look_refused(const struct look_task *task, const char *what, int error, struct sample *sample)
{
	char reason[96];

	if (error == ESRCH || error == ENOENT)
		return;
	procfs_refusal(task->process->dir, error, reason, sizeof(reason));
	if (strcmp(what, "syscall") == 0)
		procfs_attach_refusal(task->process->dir, error, reason, sizeof(reason));
	sample_gap(sample, task->pid, what, error, reason);
}

int look_kcmp(const struct look_task *a, const struct look_task *b, int type, int *ret_order)
{
	long order = syscall(SYS_kcmp, a->tid, b->tid, type, 0, 0);

	if (order < 0)
		return -errno;
	if (order > 2)
		return -EOPNOTSUPP;
	*ret_order = order == 0 ? 0 : order == 1 ? -1 : 1;
	return 0;
}

void look_make_room(struct look *look, size_t n)
{
	vec_clear(&look->room);
	vec_clear(&look->numbers);
	while (look->room.n < n) {
		*vec_push(&look->room) = 0;
		*vec_push(&look->numbers) = -1;
	}
}

const struct worker_sample *look_report(const struct sample *sample, int32_t tid)
{
	const struct worker_sample *worker;

	vec_each (worker, &sample->workers)
		if (worker->tid == tid && worker->phase == WORKER_ALIVE)
			return worker;
	return NULL;
}

/* --- what the prober found --- */

static struct look_place *find_place(struct look *look, int32_t pid, uint64_t pc)
{
	for (size_t i = 0; i < LOOK_PLACES; i++)
		if (look->place[i].pid == pid && look->place[i].pc == pc)
			return &look->place[i];
	return NULL;
}

void look_learn_place(struct look *look, int32_t pid, uint64_t pc, const char *where)
{
	struct look_place *place = find_place(look, pid, pc);

	if (place)
		memcpy(place->where, where, sizeof(place->where));
}

size_t look_unnamed(const struct look *look, struct peek_pc *ret, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < LOOK_PLACES && found < n; i++)
		if (look->place[i].pid && !look->place[i].where[0])
			ret[found++] = (struct peek_pc) { look->place[i].pid, look->place[i].tid,
				look->place[i].pc };
	return found;
}

void look_forget_stacks(struct look *look)
{
	vec_clear(&look->stacks);
}

void look_learn_stack(struct look *look, int32_t pid, int32_t tid, int64_t resident_kb)
{
	*vec_push(&look->stacks) = (struct look_stack) { pid, tid, resident_kb };
}

/* --- a tick --- */

static uint64_t crowd_of(const struct look *look)
{
	const struct look_task *task;
	uint64_t hash = 14695981039346656037u;

	vec_each (task, &look->tasks) {
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

void look_read(struct look *look, unsigned needs, nsec now, struct sample *sample)
{
	uint64_t crowd = crowd_of(look);

	/* What was not needed before is old by now. */
	if (crowd != look->crowd || (needs & ~look->needs & NEED_SHARING))
		look->sharing_at = UNKNOWN;
	if (crowd != look->crowd || (needs & ~look->needs & NEED_FILES))
		look->tables_at = UNKNOWN;
	look->crowd = crowd;
	look->needs = needs;
	if (needs & NEED_SHARING && is_due(look->sharing_at, now, SHARING_EVERY)) {
		look->sharing_at = now;
		sample_clear(&look->sharing);
		sharing_read(look, sample, now, &look->sharing);
	}
	if (needs & NEED_FILES && is_due(look->tables_at, now, TABLES_EVERY)) {
		look->tables_at = now;
		sample_clear(&look->tables);
		tables_read(look, sample, now, &look->tables);
	}
	if (needs & NEED_SHARING)
		show_sharing(&look->sharing, sample);
	if (needs & NEED_FILES)
		show_tables(&look->tables, sample);
	if (needs & NEED_SIGNALS)
		signals_read(look, now, sample);
	if (needs & NEED_REGISTERS)
		registers_read(look, now, sample);
	if (needs & NEED_WAITS)
		waits_read(look, sample);
	perf_drop_unused(look->perf);
	vec_clear(&look->tasks);
}
