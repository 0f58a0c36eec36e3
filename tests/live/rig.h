/* SPDX-License-Identifier: MIT
 * Two real crews with everything between the kernel and the lanes, as the screen has it: a live source that watches the
 * hosts from before their first worker, and a model that is fed ten times a second. Shared by the live test of lanes and
 * by their benchmark.
 */
#ifndef TASKSCOPE_LIVE_RIG_H
#define TASKSCOPE_LIVE_RIG_H

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crew.h"
#include "model.h"
#include "source.h"

struct rig {
	struct crews *crews;
	struct live *live;
	struct model *model;
	struct sample sample;
	int64_t events, lost;
	int64_t drain_ns, read_ns, feed_ns; /* CPU time of ours */
	nsec tick; /* between two samples */
};

#define RIG_TICK (100 * NSEC_PER_MSEC)

static inline int64_t rig_cpu_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return time.tv_sec * NSEC_PER_SEC + time.tv_nsec;
}

static inline void rig_on_host(void *context, enum side side, int32_t host)
{
	struct rig *rig = context;

	(void)live_watch_host(rig->live, side, host);
}

static inline int16_t rig_worker_of(void *context, int32_t pid, int32_t tid)
{
	return crews_worker_of(context, pid, tid);
}

static inline void rig_open(struct rig *rig, struct crews *crews, unsigned needs)
{
	const struct source_options options = { 0 };

	*rig = (struct rig) { .crews = crews, .tick = RIG_TICK };
	rig->live = live_create(&options);
	rig->model = model_create(600);
	live_set_workers(rig->live, rig_worker_of, crews);
	live_set_needs(rig->live, needs, NULL, 0);
	crews_on_host(crews, rig_on_host, rig);
}

static inline void rig_close(struct rig *rig)
{
	crews_on_host(rig->crews, NULL, NULL);
	crew_stop(rig->crews, SIDE_LEFT);
	crew_stop(rig->crews, SIDE_RIGHT);
	live_destroy(rig->live);
	model_destroy(rig->model);
	sample_finish(&rig->sample);
}

/* Waits until a side's crew runs, and empties the rings meanwhile: the other side's crew may be running already. */
static inline bool rig_await(struct rig *rig, enum side side)
{
	const nsec end = nsec_monotonic() + 30 * NSEC_PER_SEC;
	int error;

	while ((error = crew_await(rig->crews, side, RIG_TICK / 10, -1)) == -ETIMEDOUT &&
		nsec_monotonic() < end)
		live_drain_switches(rig->live);
	return error == 0;
}

/* Starts a side's crew; false: it did not come to run. */
static inline bool rig_start(struct rig *rig, enum side side, int workers, int job, int cpu)
{
	const struct crew_plan plan = { .kind = side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS,
		.workers = workers,
		.job = job,
		.cpu = cpu };

	return crew_start(rig->crews, side, &plan) == 0 && rig_await(rig, side);
}

static inline void rig_drain(struct rig *rig)
{
	const int64_t before = rig_cpu_ns();

	live_drain_switches(rig->live);
	rig->drain_ns += rig_cpu_ns() - before;
}

/* The processes of both crews. */
static inline void rig_follow(struct rig *rig)
{
	struct target targets[TARGETS_MAX];
	const struct crew_sample *crew;
	const struct worker_sample *worker;
	size_t n = 0;

	vec_each (crew, &rig->sample.crews)
		targets[n++] = (struct target) { crew->host, crew->side, WORKER_HOST };
	vec_each (worker, &rig->sample.workers)
		if (worker->side == SIDE_LEFT && worker->phase == WORKER_ALIVE && n < TARGETS_MAX)
			targets[n++] = (struct target) { worker->pid, worker->side, worker->index };
	live_set_targets(rig->live, targets, n);
}

static inline void rig_tick(struct rig *rig)
{
	int64_t before = rig_cpu_ns(), between;

	sample_clear(&rig->sample);
	crews_report(rig->crews, &rig->sample);
	rig_follow(rig);
	live_read(rig->live, nsec_monotonic(), &rig->sample);
	between = rig_cpu_ns();
	model_feed(rig->model, &rig->sample);
	rig->feed_ns += rig_cpu_ns() - between;
	rig_drain(rig);
	rig->read_ns += between - before;
	rig->events += MAX(rig->sample.switches_seen, 0);
	rig->lost += MAX(rig->sample.switches_lost, 0);
}

/* Until the next tick: takes in what happens to the crews, and empties the rings when they fill up. */
static inline void rig_wait(struct rig *rig, nsec until)
{
	nsec left;

	while ((left = until - nsec_monotonic()) > 0) {
		struct pollfd fds[2] = { { live_switches_fd(rig->live), POLLIN, 0 },
			{ crews_fd(rig->crews), POLLIN, 0 } };
		const struct timespec limit = { 0, left };

		if (ppoll(fds, 2, &limit, NULL) <= 0)
			continue;
		if (fds[0].revents)
			rig_drain(rig);
		if (fds[1].revents)
			crews_dispatch(rig->crews);
	}
}

static inline void rig_run(struct rig *rig, nsec duration)
{
	const nsec end = nsec_monotonic() + duration;

	for (nsec tick = nsec_monotonic(); tick < end; tick += rig->tick) {
		rig_wait(rig, tick + rig->tick);
		rig_tick(rig);
	}
}

#endif
