/* SPDX-License-Identifier: MIT
 * Says whether the two sides stand on equal footing, so that what differs between them is what they are: the same jobs, by as
 * many workers, placed alike, with equal shares of their CPUs.
 */
#include "internal.h"

#define POINTS 20 /* of history, for the shares of the CPUs */
#define ALIKE 1.5 /* shares up to this ratio count as equal */
#define BUSY 20.0 /* percent of a CPU: below, nobody competes for it */

/* Where a worker may run, as far as it matters; two that compare equal stand alike. */
static int standing(const struct worker_sample *worker)
{
	enum { PLACED = -1, FREE = -2 };

	if (worker->cpu >= 0)
		return worker->cpu;
	return worker->placed_cpu >= 0 ? PLACED : FREE;
}

static bool workers_differ(
	const struct track *left, const struct track *right, char *why, size_t size)
{
	const int worker = left->now.worker;

	if (strcmp(left->worker->job, right->worker->job) != 0)
		snprintf(why, size, "w%d: %s | %s", worker, left->worker->job, right->worker->job);
	else if (standing(left->worker) != standing(right->worker))
		snprintf(why, size, "w%d: only one is pinned", worker);
	else if (standing(left->worker) < -1)
		snprintf(why, size, "placed freely, P pins both");
	else if (left->now.nice != NICE_UNKNOWN && right->now.nice != NICE_UNKNOWN &&
		 left->now.nice != right->now.nice)
		snprintf(why, size, "w%d: nice %d | %d", worker, left->now.nice, right->now.nice);
	else if ((left->now.state == 'T') != (right->now.state == 'T'))
		snprintf(why, size, "w%d: only one is stopped", worker);
	else
		return false;
	return true;
}

/* The mean of the newest points; NAN: not known. */
static double recent_cpu(const struct model *model, enum side side)
{
	const struct model_side *of = model_side(model, side);
	double sum = 0;
	int n = 0;

	for (size_t back = 0; back < POINTS; back++) {
		const double percent = side_point(of, model_history(model), back).cpu_percent;

		sum += isnan(percent) ? 0 : percent;
		n += !isnan(percent);
	}
	return n ? sum / n : NAN;
}

/* Which file says what a crew gets of a CPU: its session's or its cgroup's; else nothing but each task's nice does. */
static void say_decider(const struct crew_sample *crew, char *out, size_t size)
{
	const char *path = strchr(crew->cpu_group, '/');

	if (strncmp(crew->cpu_group, "autogroup ", 10) == 0)
		snprintf(out, size, ", see /proc/%d/autogroup", crew->host);
	else if (path)
		snprintf(out, size, ", see cpu.weight of cgroup %s", path);
	else
		*out = '\0';
}

static bool shares_differ(const struct model *model, char *why, size_t size)
{
	char decider[80];
	const double left = recent_cpu(model, SIDE_LEFT), right = recent_cpu(model, SIDE_RIGHT);

	if (!(fmax(left, right) >= BUSY) || fmax(left, right) <= ALIKE * fmin(left, right))
		return false;
	say_decider(model_side(model, left < right ? SIDE_LEFT : SIDE_RIGHT)->crew, decider,
		sizeof(decider));
	snprintf(why, size, "CPU %.0f | %.0f %%%s", left, right, decider);
	return true;
}

bool model_footing(const struct model *model, char *why, size_t size)
{
	const struct model_side *left = model_side(model, SIDE_LEFT),
				*right = model_side(model, SIDE_RIGHT);

	if (!left->crew || !right->crew || left->crew->state != CREW_RUNNING ||
		right->crew->state != CREW_RUNNING) {
		snprintf(why, size, "only one side runs");
		return false;
	}
	if (left->totals.alive != right->totals.alive) {
		snprintf(why, size, "%lld workers | %lld", (long long)left->totals.alive,
			(long long)right->totals.alive);
		return false;
	}
	for (size_t i = 0; i < left->n_tracks; i++) {
		const struct track *track = left->tracks[i];
		const struct track *other =
			track->now.worker < 0 ? NULL : side_track(right, track->now.worker);

		if (track->now.worker < 0)
			continue;
		if (!other) {
			snprintf(why, size, "w%d: on the left only", track->now.worker);
			return false;
		}
		if (workers_differ(track, other, why, size))
			return false;
	}
	return !shares_differ(model, why, size);
}
