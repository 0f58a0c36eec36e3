/* SPDX-License-Identifier: MIT
 * Chooses which tasks of many are read at a sample: those in sight in full, of the others each at one sample of so many.
 */

#include "internal.h"

#define TURNS 4
#define SLEEPER_TURNS 8 /* of those that slept for long: a multiple of the other */

static bool has_turn(const struct procfs *fs, const struct procfs_task *task, uint32_t turns)
{
	return task->seen || task->fresh || ((uint32_t)task->tid + fs->tick) % turns == 0;
}

int compare_int32(const void *a, const void *b)
{
	const int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;

	return (left > right) - (left < right);
}

void procfs_set_visible(struct procfs *fs, const int32_t *tids, size_t n)
{
	fs->lazy = tids;
	fs->visible_n = tids ? MIN(n, (size_t)VISIBLE_MAX) : 0;
	if (!fs->visible_n)
		return;
	memcpy(fs->visible, tids, fs->visible_n * sizeof(*tids));
	qsort(fs->visible, fs->visible_n, sizeof(*tids), compare_int32);
}

bool turns_has(const struct procfs *fs, const struct procfs_task *task)
{
	return has_turn(fs, task, TURNS);
}

bool turns_take(const struct procfs *fs, struct procfs_process *process)
{
	const bool few = !fs->lazy || MAX(fs->tasks, fs->tasks_before) <= PROCFS_EAGER_TASKS;
	const bool many = fs->lazy && fs->tasks_before > PROCFS_KEPT_TASKS;
	struct procfs_task *task;
	bool any = false;
	size_t at = 0;

	/* Both lists ascend. */
	vec_each (task, &process->tasks) {
		while (at < fs->visible_n && fs->visible[at] < task->tid)
			at++;
		task->seen = few || task->tid == process->pid ||
			     (at < fs->visible_n && fs->visible[at] == task->tid);
		task->waits =
			many && task->moved_at == UNKNOWN && !has_turn(fs, task, SLEEPER_TURNS);
		any |= task->waits;
	}
	return any;
}

int64_t turns_cpu_time(const struct procfs *fs, struct procfs_process *process)
{
	const int64_t before = process->cpu_ns;
	struct timespec time;
	clockid_t clock;

	process->cpu_ns = UNKNOWN;
	if (fs->real && clock_getcpuclockid(process->pid, &clock) == 0 &&
		clock_gettime(clock, &time) == 0)
		process->cpu_ns = time.tv_sec * NSEC_PER_SEC + time.tv_nsec;
	return before < 0 || process->cpu_ns < before ? UNKNOWN : process->cpu_ns - before;
}

/* Tasks run while they are read, too: a little is no sign. */
bool turns_are_over(int64_t ran, int64_t known)
{
	return ran < 0 || ran - known > NSEC_PER_MSEC + known / 16;
}
