/* SPDX-License-Identifier: MIT
 * Shares of time from readings of schedstat. The kernel adds a wait when it is over, and the time of one that runs at ticks:
 * what comes at once may be of more time than has passed since the reading before. So a share is of the shortest time up to
 * now, from one reading to another, that has room for what was added in it.
 */
#include "internal.h"

static bool is_still(const struct time_reading *before, const struct time_reading *now)
{
	return memcmp(before->ns, now->ns, sizeof(now->ns)) == 0;
}

/* Of a time in which nothing was added, only the first and the last reading are kept. */
static void add(struct time_readings *readings, const struct task_sample *task, nsec at_ns)
{
	const struct time_reading now = { at_ns,
		{ [TIME_RUN] = task->run_ns, [TIME_WAIT] = task->wait_ns } };
	const size_t n = readings->n;
	struct time_reading *next = &readings->at[n];

	if (n >= 2 && is_still(&next[-1], &now) && is_still(&next[-2], &now)) {
		next[-1] = now;
		return;
	}
	if (n == TIME_READINGS)
		memmove(readings->at, readings->at + 1, (n - 1) * sizeof(now));
	readings->n = MIN(n + 1, (size_t)TIME_READINGS);
	readings->at[readings->n - 1] = now;
}

void time_readings_begin(struct time_readings *readings, const struct task_sample *task, nsec at_ns)
{
	readings->n = 0;
	readings->first_ns = at_ns;
	if (readings->at)
		add(readings, task, at_ns);
}

/* Most of many tasks only sleep: they have no readings but the first and the newest, which are alike. */
void time_readings_add(struct time_readings *readings, const struct task_sample *before,
	nsec before_ns, const struct task_sample *task, nsec at_ns)
{
	const bool moved = before->run_ns != task->run_ns || before->wait_ns != task->wait_ns;

	if (!readings->at && moved) {
		readings->at = xcalloc(TIME_READINGS, sizeof(*readings->at));
		add(readings, before, readings->first_ns);
		if (before_ns != readings->first_ns)
			add(readings, before, before_ns);
	}
	if (readings->at)
		add(readings, task, at_ns);
}

double time_readings_percent(const struct time_readings *readings, const struct task_sample *task,
	nsec at_ns, enum time_kind kind)
{
	const int64_t ns = kind == TIME_RUN ? task->run_ns : task->wait_ns;

	if (!readings->at)
		return rate_percent(ns, ns, elapsed(readings->first_ns, at_ns));
	const struct time_reading *now = &readings->at[readings->n - 1], *then = now;
	while (then > readings->at) {
		then--;
		const nsec dt = elapsed(then->at_ns, now->at_ns);

		if (then->ns[kind] < 0 || now->ns[kind] < 0 || now->ns[kind] - then->ns[kind] <= dt)
			return rate_percent(then->ns[kind], now->ns[kind], dt);
	}
	return NAN;
}
