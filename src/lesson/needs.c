/* SPDX-License-Identifier: MIT
 * Tells what must be read so that a scene's facts are there, by the scope of each fact that it names; and whether what was
 * read is new.
 */

#include "scene_run.h"

/* The process of which a path tells the mappings; 0: none. */
static int32_t pid_of(const struct scene_run *run, const struct fact_path *path)
{
	const struct sample *sample = model_sample(run->host->model);
	const struct crew_sample *crew = model_side(run->host->model, path->side)->crew;
	if (path->who != FACT_OF_WORKER || !crew)
		return 0;
	if (path->number == WORKER_HOST)
		return crew->host;
	for (size_t i = 0; i < sample->workers.n; i++)
		if (sample->workers.at[i].side == (int)path->side &&
			sample->workers.at[i].index == path->number)
			return sample->workers.at[i].pid;
	return 0;
}

static void add_pid(int32_t pid, int32_t *pids, size_t n, size_t *ret_n)
{
	for (size_t i = 0; i < *ret_n; i++)
		if (pids[i] == pid)
			return;
	if (pid > 0 && *ret_n < n)
		pids[(*ret_n)++] = pid;
}

static unsigned needs_of(const struct fact *fact)
{
	return fact->record->need | (fact->member ? fact->member->need : 0);
}

unsigned scene_run_needs(const struct scene_run *run, int32_t *pids, size_t n, size_t *ret_n)
{
	unsigned needs = 0;
	size_t paths_n;
	if (!run->scene || run->phase == LESSON_OFF)
		return 0;
	const struct scene_path *paths = scene_paths(run->scene->code, &paths_n);
	for (size_t i = 0; i < paths_n; i++) {
		const struct lesson_path *path = paths[i].handle;
		if (!path->model.fact)
			continue;
		needs |= needs_of(path->model.fact);
		if (path->model.fact->scope == FACT_MAPPING)
			add_pid(pid_of(run, &path->model), pids, n, ret_n);
	}
	return needs;
}

/* The rows of one kind are read in one go; but registers of a task that runs are as old as its last wait, so the newest
 * row tells. */
static bool is_older(const struct record *record, const struct sample *sample, nsec since)
{
	const struct field *time = record_role(record, ROLE_TIME);
	size_t n;
	const char *row = record_at(record, sample, &n);

	for (size_t i = 0; i < n; i++, row += record->size)
		if (field_integer(time, row + time->offset) >= since)
			return false;
	return n > 0;
}

bool scene_run_is_fresh(const struct scene_run *run, nsec since)
{
	for (size_t i = 0; record_kinds[i]; i++)
		if (record_kinds[i]->flags & RECORD_PRINTED &&
			is_older(record_kinds[i], model_sample(run->host->model), since))
			return false;
	return true;
}
