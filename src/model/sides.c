/* SPDX-License-Identifier: MIT
 * The two halves of the picture: whose rows stand where, and what they sum to. Puts rows in
 * their order, and makes the sums that a careful person may make: counters with those of ended
 * tasks, memory only if all of it is known.
 */
#include "internal.h"

/* A crew has its host first, then workers by index; a group its processes. */
static uint64_t order(const struct side_state *state, int16_t worker, int32_t pid)
{
	return state->side.group ? (uint32_t)pid : worker_rank(worker) << 32 | (uint32_t)pid;
}

static uint64_t order_in_process(const struct task_sample *task)
{
	return task->tid == task->pid ? 0 : (uint32_t)task->tid;
}

/* Tasks mostly are in order already. false: they are not. */
static bool list_as_they_are(const struct tracks *tracks, struct side_state *state, int side)
{
	uint64_t major = 0, minor = 0;
	struct task_track **p;

	vec_clear(&state->tracks);
	vec_each (p, &tracks->all) {
		const struct task_sample *now = &(*p)->track.now;
		const uint64_t next = order(state, now->worker, now->pid);

		if (!(*p)->living || now->side != side)
			continue;
		if (next < major || (next == major && order_in_process(now) < minor))
			return false;
		major = next;
		minor = order_in_process(now);
		*vec_push(&state->tracks) = &(*p)->track;
	}
	return true;
}

static void list_tracks(struct model *model, struct side_state *state, int side)
{
	struct task_track **p;
	struct sort_entry *entry;

	if (list_as_they_are(&model->tracks, state, side))
		return;
	vec_clear(&model->sorter.entries);
	vec_each (p, &model->tracks.all) {
		const struct task_sample *now = &(*p)->track.now;

		if ((*p)->living && now->side == side)
			sorter_push(&model->sorter, order(state, now->worker, now->pid),
				order_in_process(now), &(*p)->track);
	}
	sorter_run(&model->sorter);
	vec_clear(&state->tracks);
	vec_each (entry, &model->sorter.entries)
		*vec_push(&state->tracks) = entry->item;
}

/* Whose number it is, for who looks a task of a group up. */
static void list_numbers(struct side_state *state)
{
	const struct track **p;

	vec_clear(&state->numbered);
	vec_each (p, &state->tracks) {
		const int16_t number = (*p)->now.worker;

		if (!state->side.group || number < 0)
			continue;
		while (state->numbered.n <= (size_t)number)
			*vec_push(&state->numbered) = NULL;
		state->numbered.at[number] = *p;
	}
}

static void list_processes(struct model *model, struct side_state *state, int side)
{
	struct process_track *track;
	struct sort_entry *entry;

	vec_clear(&model->sorter.entries);
	vec_each (track, &model->processes.now)
		if (track->now.side == side)
			sorter_push(&model->sorter, order(state, track->now.worker, track->now.pid),
				0, &track->now);
	sorter_run(&model->sorter);
	vec_clear(&state->processes);
	vec_each (entry, &model->sorter.entries)
		*vec_push(&state->processes) = entry->item;
}

static void list_ended(struct model *model, struct side_state *state, int side)
{
	struct worker_sample *worker;
	struct sort_entry *entry;

	vec_clear(&model->sorter.entries);
	vec_each (worker, &model->sample.workers)
		if (worker->side == side && worker->phase == WORKER_ENDED)
			sorter_push(&model->sorter, (uint64_t)MAX(worker->ended_ns, UNKNOWN) + 1,
				(uint64_t)worker->index, worker);
	sorter_run(&model->sorter);
	vec_clear(&state->ended);
	vec_each (entry, &model->sorter.entries)
		*vec_push(&state->ended) = entry->item;
}

static const struct crew_sample *find_crew(const struct sample *sample, int side)
{
	const struct crew_sample *crew;

	vec_each (crew, &sample->crews)
		if (crew->side == side)
			return crew;
	return NULL;
}

static const struct group_sample *find_group(const struct sample *sample, int side)
{
	const struct group_sample *group;

	vec_each (group, &sample->groups)
		if (group->side == side)
			return group;
	return NULL;
}

/* What the tasks of the crew before had counted is not this crew's. */
static void watch_host(struct model *model, struct side_state *state, enum side side)
{
	const struct crew_sample *crew = state->side.crew;
	const struct task_track *host;
	int64_t start;

	if (!crew || crew->host <= 0)
		return;
	host = tracks_find(&model->tracks, side, crew->host);
	start = host ? host->track.now.start : UNKNOWN;
	if (state->host == crew->host &&
		(start < 0 || state->host_start < 0 || start == state->host_start)) {
		state->host_start = MAX(state->host_start, start);
		return;
	}
	if (state->host != 0)
		tracks_disown(&model->tracks, side, model->sample.at_ns);
	state->host = crew->host;
	state->host_start = start;
}

static void sum_tasks(struct side_totals *totals, const struct side_state *state)
{
	const struct track **p;

	totals->voluntary_per_s = totals->involuntary_per_s = totals->cpu_percent = NAN;
	vec_each (p, &state->tracks) {
		const struct track *track = *p;
		const struct counts *counts = &((const struct task_track *)track)->counts;

		totals->tasks++;
		totals->processes += track->now.pid == track->now.tid;
		totals->voluntary_per_s =
			add_known_rate(totals->voluntary_per_s, track->voluntary_per_s);
		totals->involuntary_per_s =
			add_known_rate(totals->involuntary_per_s, track->involuntary_per_s);
		totals->cpu_percent = add_known_rate(totals->cpu_percent, track->cpu_percent);
		totals->voluntary = add_known(totals->voluntary, counts->voluntary);
		totals->involuntary = add_known(totals->involuntary, counts->involuntary);
	}
}

/* A zombie's memory is gone, unless it is only the leader that ended and other threads go on. */
static bool has_memory(const struct process_sample *process)
{
	const bool ended = process->state == 'Z' || process->state == 'X';

	return !ended || process->threads > 1;
}

/* Whether it lives in the address space of another that is counted. */
static bool is_counted_there(const struct side_state *state, const struct process_sample *process)
{
	const struct process_sample **p;

	vec_each (p, &state->processes)
		if (process->address_space_of > 0 && (*p)->pid == process->address_space_of)
			return has_memory(*p);
	return false;
}

static void sum_processes(struct side_totals *totals, const struct side_state *state)
{
	const struct process_sample **p;
	bool first = true;

	totals->rss_kb = totals->pss_kb = totals->uss_kb = UNKNOWN;
	totals->page_tables_kb = totals->vm_size_kb = totals->minor_faults = UNKNOWN;
	vec_each (p, &state->processes) {
		const struct process_sample *process = *p;

		if (!has_memory(process))
			continue;
		if (first)
			totals->rss_kb = totals->pss_kb = totals->uss_kb = totals->page_tables_kb =
				totals->vm_size_kb = totals->minor_faults = 0;
		first = false;
		totals->minor_faults = add_strict(totals->minor_faults, process->minor_faults);
		if (is_counted_there(state, process))
			continue;
		totals->rss_kb = add_strict(totals->rss_kb, process->rss_kb);
		totals->pss_kb = add_strict(totals->pss_kb, process->pss_kb);
		totals->uss_kb = add_strict(totals->uss_kb, process->uss_kb);
		totals->page_tables_kb =
			add_strict(totals->page_tables_kb, process->page_tables_kb);
		totals->vm_size_kb = add_strict(totals->vm_size_kb, process->vm_size_kb);
	}
}

static void push_points(struct model *model, struct side_state *state, bool gap)
{
	struct model_side *side = &state->side;
	const struct point point = { (float)side->totals.voluntary_per_s,
		(float)side->totals.involuntary_per_s, (float)side->totals.cpu_percent };

	if (gap)
		history_push(state->history, model->history, &side->history_n, &side->history_next,
			unknown_point);
	history_push(state->history, model->history, &side->history_n, &side->history_next, point);
}

static void publish(struct side_state *state)
{
	struct model_side *side = &state->side;

	side->tracks = state->tracks.at;
	side->n_tracks = state->tracks.n;
	side->numbered = state->numbered.at;
	side->n_numbered = state->numbered.n;
	side->processes = state->processes.at;
	side->n_processes = state->processes.n;
	side->ended = state->ended.at;
	side->n_ended = state->ended.n;
	side->history = state->history;
}

static void side_feed(struct model *model, enum side side, bool gap)
{
	struct side_state *state = &model->sides[side];
	struct side_totals *totals = &state->side.totals;

	state->side.crew = find_crew(&model->sample, (int)side);
	state->side.group = find_group(&model->sample, (int)side);
	watch_host(model, state, side);
	list_tracks(model, state, (int)side);
	list_numbers(state);
	list_processes(model, state, (int)side);
	list_ended(model, state, (int)side);
	*totals = (struct side_totals) { .voluntary = model->tracks.ended[side].voluntary,
		.involuntary = model->tracks.ended[side].involuntary };
	sum_tasks(totals, state);
	sum_processes(totals, state);
	if (totals->tasks == 0)
		totals->processes = (int)state->processes.n;
	evidence_totals(&model->sample, side, totals);
	waits_totals(&model->waits, &model->sample, side, totals);
	push_points(model, state, gap);
	publish(state);
}

void sides_feed(struct model *model, bool gap)
{
	for (int side = 0; side < SIDES; side++)
		side_feed(model, (enum side)side, gap);
}

void sides_reset(struct model *model)
{
	for (int i = 0; i < SIDES; i++) {
		struct side_state *state = &model->sides[i];

		vec_clear(&state->tracks);
		vec_clear(&state->numbered);
		vec_clear(&state->processes);
		vec_clear(&state->ended);
		state->host = 0;
		state->host_start = UNKNOWN;
		state->side = (struct model_side) { 0 };
		publish(state);
		sum_tasks(&state->side.totals, state);
		sum_processes(&state->side.totals, state);
		evidence_totals(&(struct sample) { 0 }, i, &state->side.totals);
		waits_totals(&model->waits, &(struct sample) { 0 }, i, &state->side.totals);
		state->side.totals.voluntary = state->side.totals.involuntary = UNKNOWN;
	}
}
