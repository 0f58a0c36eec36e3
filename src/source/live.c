/* SPDX-License-Identifier: MIT
 * The live source: which processes are watched and what is needed; reads the fast lane itself, and what taskscope costs.
 */

#include "live.h"

struct live *live_create(const struct source_options *options)
{
	struct live *live = xcalloc(1, sizeof(*live));

	procfs_init(&live->fs, options->root);
	live->area = options->area;
	if (options->area)
		/* Another may have asked before us. */
		for (int lane = 0; lane < PROBE_LANES; lane++)
			live->turn[lane] = atomic_load(&options->area->begun[lane]);
	live->sched = sched_create();
	live->slow_interval = options->slow_interval ? options->slow_interval : NSEC_PER_SEC;
	live->of_groups = options->of_groups;
	live->joins = options->joins;
	live->watched = xcalloc(TARGETS_MAX, sizeof(*live->watched));
	live->spare = xcalloc(TARGETS_MAX, sizeof(*live->spare));
	live->needs = NEED_TASKS;
	live->reader = reader_create(&live->fs);
	live->asked_at = UNKNOWN;
	live->quick_asked_at = UNKNOWN;
	live->silent_since[PROBE_SLOW] = live->silent_since[PROBE_QUICK] = UNKNOWN;
	return live;
}

void live_destroy(struct live *live)
{
	if (!live)
		return;
	for (size_t i = 0; i < live->watched_n; i++)
		procfs_process_finish(&live->watched[i].process);
	observer_finish(&live->observer);
	reader_destroy(live->reader);
	procfs_finish(&live->fs);
	sched_destroy(live->sched);
	free(live->watched);
	free(live->spare);
	free(live);
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
		/* 0 is no process, and below the mark of one that was taken over. */
		if (targets[i].pid <= 0 || is_among(new, kept, targets[i].pid))
			continue;
		before = live_find_watched(live, targets[i].pid);
		new[kept].target = targets[i];
		/* One that has ended may have given its id to the process that is meant now. */
		if (before && !before->process.gone) {
			new[kept].process = before->process;
			before->target.pid = 0;
		} else {
			procfs_process_init(&new[kept].process, targets[i].pid);
			live->request_changed = true;
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

void live_set_visible(struct live *live, const int32_t *tids, size_t n)
{
	procfs_set_visible(&live->fs, tids, n);
}

void live_expire_evidence(struct live *live)
{
	live->quick_asked_at = UNKNOWN;
	reader_expire(live->reader);
}

void live_set_needs(struct live *live, unsigned needs, const int32_t *mapping_pids, size_t n)
{
	n = MIN(n, (size_t)MAPPING_TARGETS_MAX);
	/* Evidence is read task by task. */
	needs |= needs & (reader_needs() | QUICK_NEEDS) ? NEED_TASKS : 0;
	if (needs == live->needs && n == live->mapping_pids &&
		(!n || !memcmp(mapping_pids, live->mapping_pid, n * sizeof(*mapping_pids))))
		return;
	live->needs = needs;
	live->silent_since[PROBE_SLOW] = live->silent_since[PROBE_QUICK] = UNKNOWN;
	sched_enable(live->sched, needs & NEED_SWITCHES);
	live->mapping_pids = n;
	if (n)
		memcpy(live->mapping_pid, mapping_pids, n * sizeof(*mapping_pids));
	live->request_changed = true;
}

void live_set_ranges(struct live *live, const struct range *ranges, size_t n)
{
	live->ranges = MIN(n, (size_t)RANGES_MAX);
	if (live->ranges)
		memcpy(live->range, ranges, live->ranges * sizeof(*ranges));
}

void live_set_workers(struct live *live, worker_of_task *worker_of, void *context)
{
	live->worker_of = worker_of;
	live->worker_context = context;
}

int live_watch_host(struct live *live, enum side side, int32_t host)
{
	return sched_watch(live->sched, side, host, false);
}

int live_watch_keeper(struct live *live, enum side side, int32_t keeper)
{
	return sched_watch(live->sched, side, keeper, true);
}

int64_t live_births(const struct live *live, enum side side)
{
	return sched_births(live->sched, side);
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

	if (error && error != -ESRCH)
		sample_gap(sample, target->pid, "task", -error,
			error == -EPERM ? "hidden by hidepid" : io_reason(error));
	vec_each (task, &watched->process.tasks) {
		struct task_sample *row = vec_push(&sample->tasks);

		*row = task->last;
		row->side = target->side;
		row->worker = target->worker;
		if (live->worker_of && (target->worker == WORKER_HOST || live->of_groups))
			row->worker = live->worker_of(live->worker_context, target->pid, task->tid);
		if (live->needs & reader_needs() && task->seen)
			reader_add(live->reader, &watched->process, task, row);
	}
}

static void read_fast_lane(struct live *live, nsec now, struct sample *sample)
{
	if (live->fs.root < 0)
		sample_gap(sample, 0, "proc", ENOENT, "the root of /proc cannot be opened");
	if (live->left_out)
		sample_gap(sample, 0, "targets", E2BIG, TARGETS_MANY);
	for (size_t i = 0; live->needs & NEED_TASKS && i < live->watched_n; i++)
		read_tasks(live, &live->watched[i], now, sample);
}

void live_read(struct live *live, nsec now, struct sample *sample)
{
	procfs_begin_tick(&live->fs);
	sample->at_ns = now;
	sample->slow_at_ns = UNKNOWN;
	sample->switches_from_ns = sample->switches_until_ns = UNKNOWN;
	sample->switches_seen = sample->switches_lost = UNKNOWN;
	sample->machine = (struct machine_sample) { -1, -1, UNKNOWN, UNKNOWN, UNKNOWN };
	read_fast_lane(live, now, sample);
	observer_read(&live->observer, &live->fs, now, sample);
	if (live->needs & NEED_SWITCHES && live->joins && !live->joined && sample->tasks.n) {
		live->joined = true;
		/* What is refused is told by a gap. */
		(void)sched_join(live->sched, sample->tasks.at, sample->tasks.n);
	}
	if (live->needs & NEED_SWITCHES)
		sched_read(live->sched, now, sample);
	if (live->area && live->needs & QUICK_NEEDS)
		merge_lane(live, PROBE_QUICK, sample);
	reader_read(live->reader, live->needs, now, sample);
	if (!live->area) {
		if (live->needs & (SLOW_NEEDS | QUICK_NEEDS))
			sample_gap(sample, 0, "prober", 0, "no prober: no slow lane");
		return;
	}
	merge_lane(live, PROBE_SLOW, sample);
	slow_forgive(live, sample);
	slow_ask(live, now);
	quick_ask(live, now, sample);
}
