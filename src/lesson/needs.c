/* SPDX-License-Identifier: MIT
 * Tells what must be read so that a scene's facts are there, by the scope of each fact that it names; and whether what was
 * read is new.
 */
#include <string.h>

#include "scene_run.h"

static const unsigned scope_needs[FACT_SCOPES] = {
	[FACT_TASK] = NEED_TASKS,
	[FACT_PROCESS] = NEED_PROCESSES,
	[FACT_SIDE] = NEED_TASKS | NEED_PROCESSES,
	[FACT_MAPPING] = NEED_MAPPINGS,
	[FACT_MACHINE] = NEED_MACHINE,
	[FACT_SHARING] = NEED_SHARING,
	[FACT_PAGES] = NEED_PAGES,
	[FACT_WINDOW] = NEED_PAGES,
	[FACT_X] = NEED_POINTER,
	[FACT_LOCAL] = NEED_POINTER,
	[FACT_VICTIM] = NEED_POINTER,
	[FACT_NEIGHBOUR] = NEED_POINTER,
	[FACT_REGISTERS] = NEED_REGISTERS,
	[FACT_FILE] = NEED_FILES,
	[FACT_PLACE] = NEED_FILES,
	[FACT_SIGNALS] = NEED_SIGNALS,
};

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
	unsigned needs = scope_needs[fact->scope];
	if (strncmp(fact->name, "lane_", strlen("lane_")) == 0)
		needs |= NEED_SWITCHES | NEED_WAITS;
	if (strcmp(fact->name, "mappings") == 0)
		needs |= NEED_PROCESSES | NEED_MAPPING_COUNT;
	return needs;
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

#define IS_OLDER(list, since) ((list).n && (list).at[0].at_ns < (since))

/* Of a task that runs they are as old as its last wait, so the newest tells. */
static bool are_registers_older(const struct sample *sample, nsec since)
{
	const struct register_sample *row;

	vec_each (row, &sample->registers)
		if (row->at_ns >= since)
			return false;
	return sample->registers.n > 0;
}

/* The rows of one kind are read in one go. */
bool scene_run_is_fresh(const struct scene_run *run, nsec since)
{
	const struct sample *sample = model_sample(run->host->model);
	return !IS_OLDER(sample->sharing, since) && !IS_OLDER(sample->pages, since) &&
	       !IS_OLDER(sample->pointers, since) && !are_registers_older(sample, since) &&
	       !IS_OLDER(sample->files, since) && !IS_OLDER(sample->places, since) &&
	       !IS_OLDER(sample->signals, since);
}
