/* SPDX-License-Identifier: MIT
 * What taskscope itself costs: its own processes, read as any others are, and what those had cost that have ended.
 */

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

/* What is known of a process of ours when it ends is the last that was read. Its memory is of now, or unknown. */
static void keep_known(struct observer_sample *kept, const struct observer_sample *now)
{
	if (now->cpu_ns != UNKNOWN)
		kept->cpu_ns = now->cpu_ns;
	if (now->voluntary != UNKNOWN)
		kept->voluntary = now->voluntary;
	if (now->involuntary != UNKNOWN)
		kept->involuntary = now->involuntary;
	kept->rss_kb = now->rss_kb;
	kept->pss_kb = now->pss_kb;
	kept->kernel_kb = now->kernel_kb;
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

/* The cost of one of ours until now, into *ret; UNKNOWN. Its memory is read now and then. */
static void read_one(struct observed *ours, struct procfs *fs, nsec now, bool memory,
	struct sample *sample, struct observer_sample *ret)
{
	struct procfs_task *task;
	int error = procfs_process_read(fs, &ours->process, now, sample);

	if (error == -ESRCH) {
		*ret = ours->cost;
		ret->rss_kb = ret->pss_kb = ret->kernel_kb = 0; /* it has none any more */
		return;
	}
	*ret = (struct observer_sample) { .rss_kb = ours->cost.rss_kb,
		.pss_kb = ours->cost.pss_kb,
		.kernel_kb = ours->cost.kernel_kb };
	vec_each (task, &ours->process.tasks)
		add_cost(ret, &(struct observer_sample) { .cpu_ns = task->last.run_ns,
				      .voluntary = task->last.voluntary,
				      .involuntary = task->last.involuntary });
	if (!ours->process.tasks.n)
		ret->cpu_ns = ret->voluntary = ret->involuntary = UNKNOWN;
	if (error)
		sample_gap(sample, ours->process.pid, "task", -error, io_reason(error));
	if (memory || ours->cost.rss_kb <= 0)
		error = procfs_process_memory(fs, &ours->process, ret);
	if (error == -ESRCH)
		ret->rss_kb = ret->pss_kb = ret->kernel_kb =
			0; /* it has ended, and is not reaped */
	else if (error)
		sample_gap(sample, ours->process.pid, "smaps_rollup", -error, io_reason(error));
	keep_known(&ours->cost, ret);
}

void observer_read(struct observer *observer, struct procfs *fs, nsec now, struct sample *sample)
{
	struct observer_sample *sum = &sample->observer, cost;
	bool memory = now >= observer->memory_at + MEMORY_INTERVAL;

	if (memory)
		observer->memory_at = now;
	*sum = observer->ended;
	sum->rss_kb = sum->pss_kb = sum->kernel_kb = 0;
	for (size_t i = 0; i < observer->n; i++) {
		read_one(&observer->observed[i], fs, now, memory, sample, &cost);
		add_cost(sum, &cost);
		sum->rss_kb = sum_known(sum->rss_kb, cost.rss_kb);
		sum->pss_kb = sum_known(sum->pss_kb, cost.pss_kb);
		sum->kernel_kb = sum_known(sum->kernel_kb, cost.kernel_kb);
	}
	if (!observer->n)
		record_clear(&observer_record, sum);
}

void observer_finish(struct observer *observer)
{
	for (size_t i = 0; i < observer->n; i++)
		procfs_process_finish(&observer->observed[i].process);
}
