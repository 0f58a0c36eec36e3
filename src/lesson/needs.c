/* SPDX-License-Identifier: MIT
 * Knows what must be read so that a scene's facts are there, by the scope of each fact that it names; and whether what was
 * read is new.
 */
#include <stdio.h>
#include <string.h>

#include "scene_run.h"

struct wish {
	const struct scene_run *run;
	unsigned needs;
	int32_t *pids;
	size_t room, n;
};

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
	[FACT_REGISTERS] = NEED_REGISTERS,
	[FACT_FILE] = NEED_FILES,
	[FACT_PLACE] = NEED_FILES,
	[FACT_SIGNALS] = NEED_SIGNALS,
};

/* The process that "left.worker1..." or "right.host..." speaks of; 0: none. */
static int32_t pid_of(const struct scene_run *run, const char *path)
{
	const struct sample *sample = model_sample(run->host->model);
	enum side side = strncmp(path, "right.", 6) == 0 ? SIDE_RIGHT : SIDE_LEFT;
	const struct crew_sample *crew = model_side(run->host->model, side)->crew;
	const char *who = strchr(path, '.');
	int index;
	if (!who || !crew)
		return 0;
	if (strncmp(who, ".host.", 6) == 0)
		return crew->host;
	if (sscanf(who, ".worker%d.", &index) != 1)
		return 0;
	for (size_t i = 0; i < sample->workers.n; i++)
		if (sample->workers.at[i].side == (int)side && sample->workers.at[i].index == index)
			return sample->workers.at[i].pid;
	return 0;
}

static void wish_path(void *context, const char *path)
{
	struct wish *wish = context;
	struct fact_value value;
	if (!fact_value(wish->run->host->model, path, &value, NULL, 0) || !value.fact)
		return;
	wish->needs |= scope_needs[value.fact->scope];
	if (strncmp(value.fact->name, "lane_", strlen("lane_")) == 0)
		wish->needs |= NEED_SWITCHES | NEED_WAITS;
	if (strcmp(value.fact->name, "mappings") == 0)
		wish->needs |= NEED_PROCESSES | NEED_MAPPING_COUNT;
	if (value.fact->scope != FACT_MAPPING)
		return;
	wish->needs |= NEED_MAPPINGS;
	int32_t pid = pid_of(wish->run, path);
	for (size_t i = 0; i < wish->n; i++)
		if (wish->pids[i] == pid)
			return;
	if (pid > 0 && wish->n < wish->room)
		wish->pids[wish->n++] = pid;
}

unsigned scene_run_needs(const struct scene_run *run, int32_t *pids, size_t n, size_t *ret_n)
{
	struct wish wish = { .run = run, .pids = pids, .room = n, .n = *ret_n };
	if (run->scene && run->phase != LESSON_OFF)
		scene_paths(run->scene, wish_path, &wish);
	*ret_n = wish.n;
	return wish.needs;
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
