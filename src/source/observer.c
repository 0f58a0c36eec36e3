/* SPDX-License-Identifier: MIT
 * What taskscope itself costs: its own processes, read as any others are, and what those had cost that have ended.
 */
#include <string.h>

#include "internal.h"

#define MEMORY_INTERVAL NSEC_PER_SEC

static int64_t sum_known(int64_t a, int64_t b)
{
	return a == UNKNOWN || b == UNKNOWN ? UNKNOWN : a + b;
}

static void add_cost(struct observer_sample *sum, const struct observer_sample *cost)
{
	sum->cpu_ns = sum_known(sum->cpu_ns, cost->cpu_ns);
	sum->voluntary = sum_known(sum->voluntary, cost->voluntary);
	sum->involuntary = sum_known(sum->involuntary, cost->involuntary);
}

void observer_set(struct observer *observer, const int32_t *pids, size_t n)
{
	struct observed old[OBSERVERS_MAX];
	size_t old_n = observer->n;

	memcpy(old, observer->observed, sizeof(old));
	n = MIN(n, (size_t)OBSERVERS_MAX);
	observer->n = 0;
	for (size_t i = 0; i < n; i++) {
		/* 0 is no process (a prober between two lives), and below the mark of one that was taken over. */
		if (pids[i] <= 0)
			continue;
		struct observed *now = &observer->observed[observer->n++];

		*now = (struct observed) { .cost = { 0 } };
		procfs_process_init(&now->process, pids[i]);
		for (size_t j = 0; j < old_n; j++) {
			if (old[j].process.pid != pids[i] || old[j].process.gone)
				continue;
			*now = old[j];
			old[j].process.pid = 0;
			break;
		}
	}
	for (size_t j = 0; j < old_n; j++) {
		if (old[j].process.pid == 0)
			continue;
		add_cost(&observer->ended, &old[j].cost);
		procfs_process_finish(&old[j].process);
	}
}

/* What one of ours has cost so far; its memory is read now and then. */
static void read_one(
	struct observed *ours, struct procfs *fs, nsec now, bool memory, struct sample *sample)
{
	struct procfs_task *task;

	if (procfs_process_read(fs, &ours->process, now, sample) != 0) {
		ours->cost.rss_kb = ours->cost.pss_kb = 0; /* it has none any more */
		return;
	}
	ours->cost.cpu_ns = ours->cost.voluntary = ours->cost.involuntary = 0;
	vec_each (task, &ours->process.tasks)
		add_cost(&ours->cost, &(struct observer_sample) { .cpu_ns = task->last.run_ns,
					      .voluntary = task->last.voluntary,
					      .involuntary = task->last.involuntary });
	if (memory || ours->cost.rss_kb == 0)
		procfs_process_memory(fs, &ours->process, &ours->cost);
}

void observer_read(struct observer *observer, struct procfs *fs, nsec now, struct sample *sample)
{
	struct observer_sample *sum = &sample->observer;
	bool memory = now >= observer->memory_at + MEMORY_INTERVAL;

	if (memory)
		observer->memory_at = now;
	*sum = observer->ended;
	sum->rss_kb = sum->pss_kb = 0;
	for (size_t i = 0; i < observer->n; i++) {
		struct observed *ours = &observer->observed[i];

		read_one(ours, fs, now, memory, sample);
		add_cost(sum, &ours->cost);
		sum->rss_kb = sum_known(sum->rss_kb, ours->cost.rss_kb);
		sum->pss_kb = sum_known(sum->pss_kb, ours->cost.pss_kb);
	}
	if (!observer->n)
		*sum = (struct observer_sample) { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN };
}

void observer_finish(struct observer *observer)
{
	for (size_t i = 0; i < observer->n; i++)
		procfs_process_finish(&observer->observed[i].process);
}
