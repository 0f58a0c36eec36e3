/* SPDX-License-Identifier: MIT
 * What a side has, in words: how many workers, and how many objects of the kernel they have.
 */

#include "worker_list.h"

char *format_number_of(char *out, size_t size, int n, const char *one, const char *many)
{
	if (n < 0)
		snprintf(out, size, "? %s", many);
	else
		snprintf(out, size, "%d %s", n, n == 1 ? one : many);
	return out;
}

int side_workers(const struct frame *frame, enum side side)
{
	const struct model_side *of = model_side(frame->model, side);
	int n = 0;

	for (size_t i = 0; i < of->n_tracks; i++)
		n += of->tracks[i]->now.worker >= 0;
	return n;
}

char *format_group_count(char *out, size_t size, const struct group_sample *group)
{
	const char *processes = TEXT_OF(format_number_of, group->processes, "process", "processes");
	const char *threads = TEXT_OF(format_number_of, group->threads, "thread", "threads");

	snprintf(out, size, "%s, %s", processes, threads);
	return out;
}

/* Of an address space that kcmp would tell, but is refused. */
static bool is_perhaps_joined(const struct frame *frame, const struct process_sample *process)
{
	const struct gap_sample *gap;

	if (process->address_space_of >= 0)
		return false;
	vec_each (gap, &model_sample(frame->model)->gaps)
		if (gap->pid == process->pid && strcmp(gap->what, "kcmp space") == 0)
			return true;
	return false;
}

/* What is not as usual with some of its processes, and the first of each. */
static void say_unusual(const struct frame *frame, enum side side, char *out, size_t size)
{
	enum { UNUSUAL = 3 };
	static const char *const words[UNUSUAL] = { "main thread ended", "runs a deleted file",
		"perhaps one address space" };
	const struct process_sample *process;
	int32_t first[UNUSUAL] = { 0 };

	vec_each (process, &model_sample(frame->model)->processes) {
		const bool is[UNUSUAL] = { process->state == 'Z' && process->threads > 1,
			process->deleted, is_perhaps_joined(frame, process) };

		for (int i = 0; i < UNUSUAL && process->side == (int16_t)side; i++)
			first[i] = first[i] || !is[i] ? first[i] : process->pid;
	}
	for (int i = 0; i < UNUSUAL; i++)
		if (first[i])
			snprintf(out + strlen(out), size - strlen(out), " · %s: %d", words[i],
				first[i]);
}

void say_group(struct frame *frame, const struct group_sample *group, char *out, size_t size)
{
	switch (group->state) {
	case GROUP_WAITING:
		frame->fact_style = STYLE_WARN;
		snprintf(out, size, "waiting for %s to appear", group->title);
		break;
	case GROUP_ENDED:
		frame->fact_style = STYLE_DEAD;
		snprintf(out, size, "✗ %s: %s", group->title,
			model_is_last_seen(frame->model, (enum side)group->side)
				? "ended, here as last seen"
				: "all its processes have ended");
		break;
	default:
		snprintf(out, size, "%s: %s%s%s", group->title, TEXT_OF(format_group_count, group),
			group->note[0] ? " · " : "", group->note);
		say_unusual(frame, (enum side)group->side, out, size);
	}
}

/* Of its host, or of a worker. */
static bool is_thread(const struct task_sample *task, const struct crew_sample *crew)
{
	return task->pid == crew->host || task->pid != task->tid;
}

/* A task of mixed flags may be of the other kind than its crew; a process may have threads of its own. */
char *format_workers(char *out, size_t size, const struct frame *frame, enum side side)
{
	static const char *const one[] = { "process", "thread" }, *const many[] = { "processes",
		"threads" };
	const struct model_side *of = model_side(frame->model, side);
	const int threads = side_kind(of, side) == KIND_THREADS;
	int others = 0;

	if (of->group)
		return format_group_count(out, size, of->group);
	for (size_t i = 0; i < of->n_tracks; i++) {
		const struct task_sample *task = &of->tracks[i]->now;

		others += task->worker >= 0 && of->crew && is_thread(task, of->crew) != threads;
	}
	format_number_of(
		out, size, side_workers(frame, side) - others, one[threads], many[threads]);
	if (others && !threads && others > side_workers(frame, side) - others)
		others = side_workers(frame, side); /* the first thread of each is one, too */
	if (others)
		text_addf(out, size, ", %s",
			TEXT_OF(format_number_of, others, one[!threads], many[!threads]));
	return out;
}

int side_stacks(const struct frame *frame, enum side side, double *ret_per_s)
{
	const struct model_side *of = model_side(frame->model, side);
	int n = 0;

	*ret_per_s = 0;
	for (size_t i = 0; i < of->n_tracks; i++) {
		const struct track *track = of->tracks[i];

		if (!track->has_worker || track->worker->stacks <= 0)
			continue;
		n += track->worker->stacks;
		*ret_per_s += track->user_switches_per_s;
	}
	return n;
}

int side_pids(const struct frame *frame, enum side side)
{
	const struct model_side *of = model_side(frame->model, side);
	bool hosted = false, joined = false;

	for (size_t i = 0; i < of->n_tracks; i++) {
		const struct task_sample *task = &of->tracks[i]->now;

		hosted = hosted || task->worker == WORKER_HOST;
		joined = joined || (task->worker >= 0 && of->crew && task->pid == of->crew->host);
	}
	return of->totals.processes - (hosted && !joined);
}

/* By construction: who was made with the flag has what its crew has, each other worker has its own. */
static int objects_as_made(const struct frame *frame, enum side side, enum resource resource)
{
	static const uint64_t flags[RESOURCES] = {
		[RESOURCE_MEMORY] = CLONE_VM,
		[RESOURCE_FILES] = CLONE_FILES,
		[RESOURCE_FS] = CLONE_FS,
		[RESOURCE_HANDLERS] = CLONE_SIGHAND,
	};
	const struct model_side *of = model_side(frame->model, side);
	int own = 0, together = 0;

	if (of->group)
		return of->totals.processes;
	for (size_t i = 0; i < of->n_tracks; i++) {
		const struct track *track = of->tracks[i];

		const bool thread = track->now.pid != track->now.tid;
		/* A thread of a worker process has what its process has. */
		const bool of_worker = thread && of->crew && track->now.pid != of->crew->host;

		if (track->now.worker < 0 || of_worker)
			continue;
		if (thread || (track->worker->clone_flags & flags[resource]))
			together = 1;
		else
			own++;
	}
	return own + together;
}

/* Without the host: the sentence is about the workers. */
int side_objects(const struct frame *frame, enum side side, enum resource resource)
{
	const struct sample *sample = model_sample(frame->model);
	int n = 0;
	bool any = false;

	for (size_t i = 0; i < sample->sharing.n; i++) {
		const struct sharing_sample *row = &sample->sharing.at[i];
		bool first = true;

		if (row->side != (int16_t)side || row->worker < 0)
			continue;
		if (row->object[resource] < 0)
			return -1;
		any = true;
		for (size_t k = 0; k < i && first; k++)
			first = sample->sharing.at[k].side != (int16_t)side ||
				sample->sharing.at[k].worker < 0 ||
				sample->sharing.at[k].object[resource] != row->object[resource];
		n += first && row->object[resource] > 0;
	}
	return any ? n : objects_as_made(frame, side, resource);
}
