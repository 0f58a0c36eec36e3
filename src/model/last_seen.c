/* SPDX-License-Identifier: MIT
 * Keeps the last picture of a side whose processes have all ended: its rows come back into each sample that has none of it.
 */
#include "internal.h"

/* Not who waits for whom: that lasts no longer. */
static const struct record *const pictured[] = { &task_record, &process_record, &mapping_record,
	&sharing_record, &file_record, &fs_record, &signal_record, &call_record };

static const struct group_sample *group_of(const struct sample *sample, int side)
{
	const struct group_sample *group;

	vec_each (group, &sample->groups)
		if (group->side == side)
			return group;
	return NULL;
}

static bool has_process(const struct sample *sample, int side, int64_t pid)
{
	const struct task_sample *task;

	vec_each (task, &sample->tasks)
		if (task->side == side && task->pid == pid)
			return true;
	return false;
}

/* By its own word, or by whose process it is of. */
static bool is_of_side(
	const struct record *kind, const char *row, int side, const struct sample *sample)
{
	const struct field *of = record_role(kind, ROLE_SIDE);

	if (of)
		return field_integer(of, row + of->offset) == side;
	of = record_role(kind, ROLE_PID);
	return has_process(sample, side, field_integer(of, row + of->offset));
}

/* Whether a sample has rows of a kind that are of a side's processes in another. */
static bool has_rows(const struct record *kind, const struct sample *sample, int side,
	const struct sample *members)
{
	size_t n;
	const char *row = record_at(kind, sample, &n);

	for (size_t i = 0; i < n; i++, row += kind->size)
		if (is_of_side(kind, row, side, members))
			return true;
	return false;
}

/* Whose number somebody else has by now. */
static bool is_used_again(const struct record *kind, const char *row, const struct id_map *used)
{
	static const enum field_role roles[] = { ROLE_PID, ROLE_TID };

	for (size_t i = 0; used && i < ARRAY_LEN(roles); i++) {
		const struct field *of = record_role(kind, roles[i]);

		if (of && id_map_get(used, (uint64_t)field_integer(of, row + of->offset)) !=
				  INDEX_NONE)
			return true;
	}
	return false;
}

/* Adds what a sample has of a side; not of a kind of which there is something. */
static void add_rows(
	struct sample *to, const struct sample *from, int side, const struct id_map *used)
{
	for (size_t k = 0; k < ARRAY_LEN(pictured); k++) {
		const struct record *kind = pictured[k];
		size_t n;
		const char *row = record_at(kind, from, &n);

		if (has_rows(kind, to, side, from))
			continue;
		for (size_t i = 0; i < n; i++, row += kind->size)
			if (is_of_side(kind, row, side, from) && !is_used_again(kind, row, used))
				memcpy(record_push(kind, to), row, kind->size);
	}
}

static bool has_tasks(const struct sample *sample, int side, bool living)
{
	const struct task_sample *task;

	vec_each (task, &sample->tasks)
		if (task->side == side && !(living && strchr("ZX", task->state)))
			return true;
	return false;
}

/* The tasks that a side had at the last feed. */
static void list_tasks(const struct tracks *tracks, int side, struct sample *sample)
{
	struct task_track **t;

	vec_clear(&sample->tasks);
	vec_each (t, &tracks->all)
		if ((*t)->living && (*t)->track.now.side == side)
			*vec_push(&sample->tasks) = (*t)->track.now;
}

void last_seen_keep(struct last_seen *last_seen, const struct tracks *tracks, struct sample *before,
	const struct sample *now)
{
	for (int side = 0; side < SIDES; side++) {
		struct sample *kept = &last_seen->side[side];
		const bool lived = last_seen->lived[side];

		last_seen->lived[side] = group_of(now, side) && has_tasks(now, side, true);
		if (last_seen->lived[side]) {
			kept->tasks.n = 0;
		} else if (lived) {
			list_tasks(tracks, side, before);
			sample_clear(kept);
			add_rows(kept, before, side, NULL);
		}
	}
}

static const struct id_map *index_used(struct last_seen *last_seen, const struct sample *sample)
{
	const struct task_sample *task;
	const struct process_sample *process;

	id_map_reset(&last_seen->used, 2 * sample->tasks.n + sample->processes.n);
	vec_each (task, &sample->tasks) {
		*id_map_at(&last_seen->used, (uint64_t)task->pid) = 0;
		*id_map_at(&last_seen->used, (uint64_t)task->tid) = 0;
	}
	vec_each (process, &sample->processes)
		*id_map_at(&last_seen->used, (uint64_t)process->pid) = 0;
	return &last_seen->used;
}

void last_seen_show(struct last_seen *last_seen, struct sample *sample, const struct sample *now)
{
	for (int side = 0; side < SIDES; side++) {
		const struct group_sample *group = group_of(now, side);

		last_seen->shown[side] = last_seen->side[side].tasks.n > 0 && group &&
					 group->state == GROUP_ENDED &&
					 !has_tasks(now, side, false);
		if (last_seen->shown[side])
			add_rows(sample, &last_seen->side[side], side, index_used(last_seen, now));
	}
}

void last_seen_reset(struct last_seen *last_seen)
{
	for (int side = 0; side < SIDES; side++) {
		last_seen->side[side].tasks.n = 0;
		last_seen->shown[side] = last_seen->lived[side] = false;
	}
}

void last_seen_finish(struct last_seen *last_seen)
{
	for (int side = 0; side < SIDES; side++)
		sample_finish(&last_seen->side[side]);
	id_map_finish(&last_seen->used);
}
