/* SPDX-License-Identifier: MIT
 * The live source: reads the fast lane itself, asks the prober for the slow lane, and merges what it finds there. Knows
 * alone which processes are watched, what is needed, and which target is left alone because it did not answer.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "internal.h"
#include "sched.h"

#define STUCK_MAX 16
#define BACKOFF_FIRST (2 * NSEC_PER_SEC)
#define BACKOFF_LAST (64 * NSEC_PER_SEC)
#define ASK_AGAIN (100 * NSEC_PER_MSEC) /* changed wishes are asked for no faster than this */
#define PROBER_SILENT (3 * NSEC_PER_SEC) /* then a gap says that the slow lane is not answered */

static const unsigned slow_needs = NEED_PROCESSES | NEED_MAPPINGS | NEED_MACHINE;

struct watched {
	struct target target;
	struct procfs_process process;
};

/* A target that did not answer the prober. */
struct stuck {
	int32_t pid;
	nsec since, until, backoff;
};

struct live {
	struct procfs fs;
	struct probe_area *area;
	struct sched *sched;
	nsec slow_interval;

	struct watched *watched, *spare; /* TARGETS_MAX each */
	size_t watched_n, left_out;
	unsigned needs;
	int32_t mapping_pid[MAPPING_TARGETS_MAX];
	size_t mapping_pids;
	worker_of_task *worker_of;
	void *worker_context;

	struct observer observer;

	bool wishes_changed;
	nsec asked_at, silent_since; /* UNKNOWN: never; all is answered */
	struct stuck stuck[STUCK_MAX];
	size_t stuck_n;
};

struct live *live_create(const struct source_options *options)
{
	struct live *live = xcalloc(1, sizeof(*live));

	procfs_init(&live->fs, options->root);
	live->area = options->area;
	live->sched = sched_create();
	live->slow_interval = options->slow_interval ? options->slow_interval : NSEC_PER_SEC;
	live->watched = xcalloc(TARGETS_MAX, sizeof(*live->watched));
	live->spare = xcalloc(TARGETS_MAX, sizeof(*live->spare));
	live->needs = NEED_TASKS;
	live->asked_at = UNKNOWN;
	live->silent_since = UNKNOWN;
	return live;
}

void live_destroy(struct live *live)
{
	if (!live)
		return;
	for (size_t i = 0; i < live->watched_n; i++)
		procfs_process_finish(&live->watched[i].process);
	observer_finish(&live->observer);
	procfs_finish(&live->fs);
	sched_destroy(live->sched);
	free(live->watched);
	free(live->spare);
	free(live);
}

static struct watched *find_watched(struct live *live, int32_t pid)
{
	for (size_t i = 0; i < live->watched_n; i++)
		if (live->watched[i].target.pid == pid)
			return &live->watched[i];
	return NULL;
}

static bool is_among(const struct watched *watched, size_t n, int32_t pid)
{
	while (n--)
		if (watched[n].target.pid == pid)
			return true;
	return false;
}

void live_set_targets(struct live *live, const struct target *targets, size_t n)
{
	struct watched *old = live->watched, *new = live->spare, *before;
	size_t kept = 0, old_n = live->watched_n;

	live->left_out = n > TARGETS_MAX ? n - TARGETS_MAX : 0;
	for (size_t i = 0; i < n - live->left_out; i++) {
		if (is_among(new, kept, targets[i].pid))
			continue;
		before = find_watched(live, targets[i].pid);
		new[kept].target = targets[i];
		/* One that has ended may have given its id to the process that is meant now. */
		if (before && !before->process.gone) {
			new[kept].process = before->process;
			before->target.pid = 0;
		} else {
			procfs_process_init(&new[kept].process, targets[i].pid);
			live->wishes_changed = true;
		}
		kept++;
	}
	for (size_t i = 0; i < old_n; i++)
		if (old[i].target.pid != 0 || old[i].process.gone)
			procfs_process_finish(&old[i].process);
	live->watched = new;
	live->watched_n = kept;
	live->spare = old;
}

void live_set_needs(struct live *live, unsigned needs, const int32_t *mapping_pids, size_t n)
{
	n = MIN(n, (size_t)MAPPING_TARGETS_MAX);
	if (needs == live->needs && n == live->mapping_pids &&
		(!n || !memcmp(mapping_pids, live->mapping_pid, n * sizeof(*mapping_pids))))
		return;
	live->needs = needs;
	sched_enable(live->sched, needs & NEED_SWITCHES);
	live->mapping_pids = n;
	if (n)
		memcpy(live->mapping_pid, mapping_pids, n * sizeof(*mapping_pids));
	live->wishes_changed = true;
}

void live_set_workers(struct live *live, worker_of_task *worker_of, void *context)
{
	live->worker_of = worker_of;
	live->worker_context = context;
}

int live_watch_host(struct live *live, enum side side, int32_t host)
{
	return sched_watch(live->sched, side, host);
}

int live_switches_fd(const struct live *live)
{
	return sched_fd(live->sched);
}

void live_drain_switches(struct live *live)
{
	sched_drain(live->sched);
}

void live_set_observer(struct live *live, const int32_t *pids, size_t n)
{
	observer_set(&live->observer, pids, n);
}

/* --- the fast lane --- */

static void read_tasks(struct live *live, struct watched *watched, nsec now, struct sample *sample)
{
	const struct target *target = &watched->target;
	struct procfs_task *task;
	int error = procfs_process_read(&live->fs, &watched->process, now, sample);

	if (error == -EPERM)
		sample_gap(sample, target->pid, "task", EPERM, "hidden by hidepid");
	else if (error == -EMFILE || error == -ENFILE)
		sample_gap(sample, target->pid, "task", -error, "out of file descriptors");
	else if (error && error != -ESRCH)
		sample_gap(sample, target->pid, "task", -error, NULL);
	vec_each (task, &watched->process.tasks) {
		struct task_sample *row = vec_push(&sample->tasks);

		*row = task->last;
		row->side = target->side;
		row->worker = target->worker;
		if (target->worker == WORKER_HOST && live->worker_of)
			row->worker = live->worker_of(live->worker_context, target->pid, task->tid);
	}
}

static void read_fast_lane(struct live *live, nsec now, struct sample *sample)
{
	if (live->fs.root < 0)
		sample_gap(sample, 0, "proc", ENOENT, "the root of /proc cannot be opened");
	if (live->left_out)
		sample_gap(sample, 0, "targets", E2BIG,
			"more than 160 processes: the rest is left out");
	for (size_t i = 0; live->needs & NEED_TASKS && i < live->watched_n; i++)
		read_tasks(live, &live->watched[i], now, sample);
}

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

static void ask(struct live *live, nsec now)
{
	struct probe_request request = { .needs = live->needs };

	for (size_t i = 0; i < live->watched_n; i++) {
		const struct watched *watched = &live->watched[i];
		const struct stuck *stuck = find_stuck(live, watched->target.pid);

		if (watched->process.gone)
			continue;
		request.target[request.targets++] = (struct probe_target) {
			.pid = watched->target.pid,
			.mappings = wants_mappings(live, watched->target.pid),
			.quiet = stuck && now < stuck->until,
		};
	}
	area_request(live->area, &request);
	live->asked_at = now;
	live->wishes_changed = false;
	if (live->silent_since == UNKNOWN)
		live->silent_since = now;
}

static void ask_when_due(struct live *live, nsec now)
{
	nsec pause =
		live->wishes_changed ? MIN(ASK_AGAIN, live->slow_interval) : live->slow_interval;

	if (live->needs & slow_needs &&
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
		const struct watched *watched = find_watched(live, slot->process[i].pid);
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
			const struct watched *watched = find_watched(live, slot->mapping[i].pid);

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

		if (!gap->pid || find_watched(live, gap->pid))
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
	bool answered = slot->request == atomic_load(&live->area->wake);
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

static void merge_slow_lane(struct live *live, nsec now, struct sample *sample)
{
	const struct process_sample *row;

	for (int tries = 0; tries < 3 && !merge_newest(live, sample); tries++)
		;
	vec_each (row, &sample->processes)
		forgive(live, row);
	for (size_t i = 0; i < live->stuck_n; i++)
		if (find_watched(live, live->stuck[i].pid))
			sample_gap(sample, live->stuck[i].pid, "smaps", ETIMEDOUT,
				"no answer within 250 ms");
	if (live->silent_since != UNKNOWN && now - live->silent_since > PROBER_SILENT)
		sample_gap(sample, 0, "prober", ETIMEDOUT, "the slow lane does not answer");
}

void live_read(struct live *live, nsec now, struct sample *sample)
{
	procfs_begin_tick(&live->fs);
	sample->at_ns = now;
	sample->slow_at_ns = UNKNOWN;
	sample->switches_from_ns = sample->switches_until_ns = UNKNOWN;
	sample->machine = (struct machine_sample) { -1, -1, UNKNOWN, UNKNOWN, UNKNOWN };
	read_fast_lane(live, now, sample);
	observer_read(&live->observer, &live->fs, now, sample);
	if (live->needs & NEED_SWITCHES)
		sched_read(live->sched, nsec_monotonic(), sample);
	if (!live->area) {
		if (live->needs & slow_needs)
			sample_gap(sample, 0, "prober", 0, "no prober: no slow lane");
		return;
	}
	merge_slow_lane(live, now, sample);
	ask_when_due(live, now);
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
	live->wishes_changed = true;
	live->asked_at = UNKNOWN; /* at once */
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
