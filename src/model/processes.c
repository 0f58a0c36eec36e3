/* SPDX-License-Identifier: MIT
 * Processes over time. The slow lane reads them less often than samples are made, and the same
 * reading comes again with every sample until the next: a rate is of two readings, by their own
 * times, and stays until then.
 */
#include "internal.h"

static bool is_same(const struct process_sample *a, const struct process_sample *b)
{
	return a->pid == b->pid && (a->start == b->start || a->start < 0 || b->start < 0);
}

static void set_rates(struct process_track *track, const struct process_track *before)
{
	const struct process_sample *now = &track->now;

	track->minor_faults_per_s = track->major_faults_per_s = NAN;
	if (!before || !is_same(now, &before->now) || now->at_ns < 0 || before->now.at_ns < 0)
		return;
	nsec dt = elapsed(before->now.at_ns, now->at_ns);
	if (dt == 0) {
		track->minor_faults_per_s = before->minor_faults_per_s;
		track->major_faults_per_s = before->major_faults_per_s;
		return;
	}
	/* One counter that went down is another process's, and so is the other then. */
	if (now->minor_faults < before->now.minor_faults ||
		now->major_faults < before->now.major_faults)
		return;
	track->minor_faults_per_s = rate_per_s(before->now.minor_faults, now->minor_faults, dt);
	track->major_faults_per_s = rate_per_s(before->now.major_faults, now->major_faults, dt);
}

static const struct process_track *find_before(const struct processes *processes, int32_t pid)
{
	const uint32_t at = id_map_get(&processes->by_pid_before, (uint32_t)pid);

	return at == INDEX_NONE ? NULL : &processes->before.at[at];
}

static void swap(struct processes *processes)
{
	const __typeof__(processes->now) now = processes->now;
	const struct id_map by_pid = processes->by_pid;

	processes->now = processes->before;
	processes->by_pid = processes->by_pid_before;
	processes->before = now;
	processes->by_pid_before = by_pid;
}

void processes_feed(struct processes *processes, const struct sample *sample)
{
	const struct process_sample *row;

	swap(processes);
	vec_clear(&processes->now);
	id_map_reset(&processes->by_pid, sample->processes.n);
	vec_each (row, &sample->processes) {
		struct process_track *track = vec_push(&processes->now);
		uint32_t *at = id_map_at(&processes->by_pid, (uint32_t)row->pid);

		if (*at == INDEX_NONE)
			*at = (uint32_t)processes->now.n - 1;
		track->now = *row;
		set_rates(track, find_before(processes, row->pid));
	}
}

const struct process_track *processes_find(const struct processes *processes, int32_t pid)
{
	const uint32_t at = id_map_get(&processes->by_pid, (uint32_t)pid);

	return at == INDEX_NONE ? NULL : &processes->now.at[at];
}

void processes_reset(struct processes *processes)
{
	vec_clear(&processes->now);
	vec_clear(&processes->before);
	id_map_reset(&processes->by_pid, 0);
	id_map_reset(&processes->by_pid_before, 0);
}

void processes_finish(struct processes *processes)
{
	vec_finish(&processes->now);
	vec_finish(&processes->before);
	id_map_finish(&processes->by_pid);
	id_map_finish(&processes->by_pid_before);
}
