/* SPDX-License-Identifier: MIT
 * The live source's side of the slow lane: asks the prober, and merges what it finds there. Knows alone which target is left
 * alone because it did not answer.
 */
#include <errno.h>
#include <string.h>

#include "live.h"

#define BACKOFF_FIRST (2 * NSEC_PER_SEC)
#define BACKOFF_LAST (64 * NSEC_PER_SEC)
#define ASK_AGAIN (100 * NSEC_PER_MSEC) /* changed wishes are asked for no faster than this */
#define PROBER_SILENT (3 * NSEC_PER_SEC) /* then a gap says that the slow lane is not answered */

/* --- the slow lane: asking --- */

static struct stuck *find_stuck(struct live *live, int32_t pid)
{
	for (size_t i = 0; i < live->stuck_n; i++)
		if (live->stuck[i].pid == pid)
			return &live->stuck[i];
	return NULL;
}

static bool wants_mappings(const struct live *live, int32_t pid)
{
	for (size_t i = 0; live->needs & NEED_MAPPINGS && i < live->mapping_pids; i++)
		if (live->mapping_pid[i] == pid)
			return true;
	return false;
}

void slow_fill(struct live *live, nsec now, struct probe_request *ret)
{
	*ret = (struct probe_request) {
		.needs = live->needs, .slow_turn = live->slow_turn, .quick_turn = live->quick_turn
	};
	for (size_t i = 0; i < live->watched_n; i++) {
		const struct watched *watched = &live->watched[i];
		const struct stuck *stuck = find_stuck(live, watched->target.pid);

		if (watched->process.gone)
			continue;
		ret->target[ret->targets++] = (struct probe_target) {
			.pid = watched->target.pid,
			.mappings = wants_mappings(live, watched->target.pid),
			.quiet = stuck && now < stuck->until,
		};
	}
}

static void ask(struct live *live, nsec now)
{
	struct probe_request request;

	live->slow_turn++;
	slow_fill(live, now, &request);
	area_request(live->area, &request, NULL);
	live->asked_at = now;
	live->request_changed = false;
	if (live->silent_since == UNKNOWN)
		live->silent_since = now;
}

void slow_ask(struct live *live, nsec now)
{
	nsec pause =
		live->request_changed ? MIN(ASK_AGAIN, live->slow_interval) : live->slow_interval;

	if (live->needs & SLOW_NEEDS &&
		(live->asked_at == UNKNOWN || now - live->asked_at >= pause))
		ask(live, now);
}

/* --- the slow lane: what was found --- */

/* Whether a row of the prober is about the process that is watched now: not one that ended, nor one that has its id. */
static bool is_same_process(const struct watched *watched, int64_t start)
{
	const struct procfs_task *task;

	if (watched->process.gone)
		return false;
	vec_each (task, &watched->process.tasks) {
		if (task->tid == watched->target.pid)
			return task->last.start == start || start == UNKNOWN ||
			       task->last.start == UNKNOWN;
	}
	return true;
}

static void forgive(struct live *live, const struct process_sample *row)
{
	struct stuck *stuck = find_stuck(live, row->pid);

	if (stuck && row->rss_kb != UNKNOWN && row->at_ns > stuck->since)
		*stuck = live->stuck[--live->stuck_n];
}

static void merge_processes(struct live *live, const struct probe_slot *slot, struct sample *sample)
{
	size_t n = MIN(slot->processes, (uint32_t)TARGETS_MAX);

	for (size_t i = 0; i < n; i++) {
		const struct watched *watched = live_find_watched(live, slot->process[i].pid);
		struct process_sample *row;

		if (!watched || !is_same_process(watched, slot->process[i].start))
			continue;
		row = vec_push(&sample->processes);
		*row = slot->process[i];
		row->side = watched->target.side;
		row->worker = watched->target.worker;
	}
}

static void merge_mappings(struct live *live, const struct probe_slot *slot, struct sample *sample)
{
	size_t n = MIN(slot->mappings, (uint32_t)AREA_MAPPINGS_MAX);
	int32_t pid = 0;
	bool wanted = false;

	for (size_t i = 0; i < n; i++) {
		if (slot->mapping[i].pid != pid) {
			const struct watched *watched =
				live_find_watched(live, slot->mapping[i].pid);

			pid = slot->mapping[i].pid;
			wanted = watched && !watched->process.gone && wants_mappings(live, pid);
		}
		if (wanted)
			*vec_push(&sample->mappings) = slot->mapping[i];
	}
}

static void merge_gaps(struct live *live, const struct probe_slot *slot, struct sample *sample)
{
	size_t n = MIN(slot->gaps, (uint32_t)AREA_GAPS_MAX);

	for (size_t i = 0; i < n; i++) {
		const struct gap_sample *gap = &slot->gap[i];

		if (!gap->pid || live_find_watched(live, gap->pid))
			sample_gap(sample, gap->pid, gap->what, gap->error, gap->reason);
	}
}

/* False: the prober published while we read, and may have written over it. */
static bool merge_newest(struct live *live, struct sample *sample)
{
	size_t processes = sample->processes.n, mappings = sample->mappings.n,
	       gaps = sample->gaps.n;
	const struct probe_slot *slot;
	uint32_t number;

	slot = area_newest(live->area, &number);
	if (!slot)
		return true;
	if (live->needs & NEED_PROCESSES)
		merge_processes(live, slot, sample);
	merge_mappings(live, slot, sample);
	merge_gaps(live, slot, sample);
	if (live->needs & NEED_MACHINE)
		sample->machine = slot->machine;
	sample->slow_at_ns = slot->at_ns;
	bool answered = slot->turn == live->slow_turn;
	if (area_unchanged(live->area, number)) {
		if (answered)
			live->silent_since = UNKNOWN;
		return true;
	}
	sample->processes.n = processes;
	sample->mappings.n = mappings;
	sample->gaps.n = gaps;
	return false;
}

void slow_merge(struct live *live, nsec now, struct sample *sample)
{
	const struct process_sample *row;

	for (int tries = 0; tries < 3 && !merge_newest(live, sample); tries++)
		;
	vec_each (row, &sample->processes)
		forgive(live, row);
	for (size_t i = 0; i < live->stuck_n; i++)
		if (live_find_watched(live, live->stuck[i].pid))
			sample_gap(sample, live->stuck[i].pid, "smaps", ETIMEDOUT,
				"no answer within 250 ms");
	if (live->silent_since != UNKNOWN && now - live->silent_since > PROBER_SILENT)
		sample_gap(sample, 0, "prober", ETIMEDOUT, "the slow lane does not answer");
}

/* --- the prober's health --- */

/* A prober that waits for a CPU, and not for a target, gets more time: that is no fault of the target. */
static bool prober_is_runnable(struct live *live)
{
	struct stat_fields stat;
	char name[32], text[1024];
	ssize_t len;

	snprintf(name, sizeof(name), "%d/stat", (int)atomic_load(&live->area->prober));
	len = procfs_read_once(live->fs.root, name, text, sizeof(text), NULL);
	return len > 0 && parse_stat(text, (size_t)len, &stat) == 0 && stat.state == 'R';
}

bool live_prober_stuck(struct live *live, nsec now)
{
	nsec since = live->area ? atomic_load(&live->area->busy_since) : 0;

	if (!since || now - since <= PROBE_DEADLINE)
		return false;
	return now - since > 4 * PROBE_DEADLINE || !live->fs.real || !prober_is_runnable(live);
}

void live_prober_restarted(struct live *live, nsec now)
{
	int32_t pid;
	nsec since;
	struct stuck *stuck;

	if (!live->area)
		return;
	pid = atomic_exchange(&live->area->busy_pid, 0);
	since = atomic_exchange(&live->area->busy_since, 0);
	live->request_changed = true;
	live->asked_at = UNKNOWN; /* at once */
	live->quick_asked_at = UNKNOWN;
	if (!pid || !since || now - since <= PROBE_DEADLINE)
		return;
	stuck = find_stuck(live, pid);
	if (!stuck) {
		/* A full table forgets the oldest: it is asked again, and comes back if it still does not answer. */
		if (live->stuck_n == STUCK_MAX)
			memmove(live->stuck, live->stuck + 1, --live->stuck_n * sizeof(*stuck));
		stuck = &live->stuck[live->stuck_n++];
		*stuck = (struct stuck) { .pid = pid };
	}
	stuck->since = now;
	stuck->backoff = stuck->backoff ? MIN(2 * stuck->backoff, BACKOFF_LAST) : BACKOFF_FIRST;
	stuck->until = now + stuck->backoff;
}
