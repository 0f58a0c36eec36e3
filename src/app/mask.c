/* SPDX-License-Identifier: MIT
 * Knows the made-up ids of --mask-ids: the left host is 1000 and its workers 1001 and on, the right host 2000 and on; who
 * takes a role anew gets the next thousand block of ten. So two runs, or two recordings, can be compared line by line.
 */
#include "app.h"

#define SIDE_BASE 1000
#define GENERATION 10000
#define STRANGER_BASE 9000

static int32_t mask_known(const struct mask *mask, int32_t real)
{
	for (size_t i = 0; i < mask->ids.n; i++)
		if (mask->ids.at[i].real == real)
			return mask->ids.at[i].shown;
	return 0;
}

static bool is_taken(const struct mask *mask, int32_t shown)
{
	for (size_t i = 0; i < mask->ids.n; i++)
		if (mask->ids.at[i].shown == shown)
			return true;
	return false;
}

int32_t mask_real(const struct mask *mask, int32_t shown)
{
	for (size_t i = 0; i < mask->ids.n; i++)
		if (mask->ids.at[i].shown == shown)
			return mask->ids.at[i].real;
	return shown;
}

/* Learns an id by the role of its task; an id keeps what it was first given. */
static int32_t mask_role(struct mask *mask, int32_t real, int side, int worker)
{
	int32_t shown = mask_known(mask, real);
	if (real <= 0 || shown)
		return real <= 0 ? real : shown;
	shown = worker == WORKER_NONE
			? STRANGER_BASE
			: (side + 1) * SIDE_BASE + (worker == WORKER_HOST ? 0 : worker + 1);
	while (is_taken(mask, shown))
		shown += worker == WORKER_NONE ? 1 : GENERATION;
	*vec_push(&mask->ids) = (struct masked_id) { .real = real, .shown = shown };
	return shown;
}

static void mask_learn(struct mask *mask, struct sample *sample)
{
	for (size_t i = 0; i < sample->crews.n; i++) {
		struct crew_sample *crew = &sample->crews.at[i];
		crew->host = mask_role(mask, crew->host, crew->side, WORKER_HOST);
	}
	for (size_t i = 0; i < sample->workers.n; i++) {
		struct worker_sample *worker = &sample->workers.at[i];
		worker->tid = mask_role(mask, worker->tid, worker->side, worker->index);
		worker->pid = mask_role(mask, worker->pid, worker->side, worker->index);
	}
	for (size_t i = 0; i < sample->tasks.n; i++) {
		struct task_sample *task = &sample->tasks.at[i];
		task->tid = mask_role(mask, task->tid, task->side, task->worker);
		task->pid = mask_role(mask, task->pid, task->side, task->worker);
	}
}

#define MASK_ROWS(rows)                                                                            \
	for (size_t i = 0; i < sample->rows.n; i++) {                                              \
		sample->rows.at[i].tid = mask_role(mask, sample->rows.at[i].tid,                   \
			sample->rows.at[i].side, sample->rows.at[i].worker);                       \
		sample->rows.at[i].pid = mask_role(mask, sample->rows.at[i].pid,                   \
			sample->rows.at[i].side, sample->rows.at[i].worker);                       \
	}

static void mask_evidence(struct mask *mask, struct sample *sample)
{
	MASK_ROWS(sharing)
	MASK_ROWS(pointers)
	MASK_ROWS(registers)
	MASK_ROWS(files)
	MASK_ROWS(places)
	MASK_ROWS(signals)
	MASK_ROWS(waits)
	for (size_t i = 0; i < sample->pages.n; i++) {
		struct pages_sample *row = &sample->pages.at[i];
		row->pid = mask_role(mask, row->pid, row->side, row->worker);
	}
}

void mask_sample(struct mask *mask, struct sample *sample)
{
	mask_learn(mask, sample);
	for (size_t i = 0; i < sample->processes.n; i++) {
		struct process_sample *process = &sample->processes.at[i];
		process->pid = mask_role(mask, process->pid, process->side, process->worker);
		process->ppid = mask_role(mask, process->ppid, process->side, WORKER_NONE);
	}
	for (size_t i = 0; i < sample->mappings.n; i++)
		sample->mappings.at[i].pid =
			mask_role(mask, sample->mappings.at[i].pid, 0, WORKER_NONE);
	for (size_t i = 0; i < sample->lanes.n; i++) {
		struct lane_sample *lane = &sample->lanes.at[i];
		lane->tid = mask_role(mask, lane->tid, lane->side, WORKER_NONE);
		lane->pid = mask_role(mask, lane->pid, lane->side, WORKER_NONE);
	}
	mask_evidence(mask, sample);
	for (size_t i = 0; i < sample->gaps.n; i++)
		sample->gaps.at[i].pid = mask_role(mask, sample->gaps.at[i].pid, 0, WORKER_NONE);
}

void mask_finish(struct mask *mask)
{
	vec_finish(&mask->ids);
}
