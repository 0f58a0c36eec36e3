/* SPDX-License-Identifier: MIT
 * The live source's side of the quick lane: what single pages and addresses the prober is to look at, as crews and workers
 * report them.
 */
#include <unistd.h>

#include "live.h"

#define QUICK_EVERY (200 * NSEC_PER_MSEC)
#define STACK_MOST (UINT64_C(1) << 30)

/* A thread of the process that has its memory: the main thread, unless it has ended before the others. */
static int32_t live_thread(const struct watched *watched)
{
	const struct procfs_task *task;

	vec_each (task, &watched->process.tasks)
		if (task->last.state != 'Z' && task->last.state != 'X')
			return task->tid;
	return watched->target.pid;
}

static void add_range(struct peek_request *wanted, const struct target *target, int32_t tid,
	int32_t via, const char *name, uint64_t start, uint64_t end)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct peek_range *range = &wanted->range[wanted->ranges];

	start -= start % page;
	end += (page - end % page) % page;
	if (end <= start || end > UINT64_MAX / 2 || wanted->ranges == ARRAY_LEN(wanted->range))
		return;
	*range = (struct peek_range) { .pid = target->pid,
		.tid = tid,
		.via = via,
		.side = target->side,
		.worker = target->worker,
		.start = start,
		.end = end };
	sample_text(range->name, name, strlen(name));
	wanted->ranges++;
}

/* The arena lies at one address in every process of a crew. */
static void add_arenas(struct live *live, const struct sample *sample, struct peek_request *wanted)
{
	const struct crew_sample *crew;

	for (size_t i = 0; i < live->watched_n && wanted->ranges < RANGES_MAX; i++)
		vec_each (crew, &sample->crews)
			if (crew->side == live->watched[i].target.side &&
				!live->watched[i].process.gone && crew->arena_low)
				add_range(wanted, &live->watched[i].target, 0,
					live_thread(&live->watched[i]), "arena", crew->arena_low,
					crew->arena_high);
	for (size_t i = 0; i < live->ranges && wanted->ranges < RANGES_MAX; i++) {
		const struct range *range = &live->range[i];
		const struct watched *watched = live_find_watched(live, range->pid);

		if (watched && !watched->process.gone)
			add_range(wanted, &watched->target, 0, live_thread(watched), range->name,
				range->start, range->end);
	}
}

static void add_stacks(struct live *live, const struct sample *sample, struct peek_request *wanted)
{
	const struct worker_sample *worker;
	const struct crew_sample *crew;
	uint32_t most = wanted->ranges + PEEK_STACKS_MAX;

	vec_each (worker, &sample->workers) {
		struct target target = { worker->pid, worker->side, worker->index };

		if (worker->phase == WORKER_ALIVE && worker->stack_low && wanted->ranges < most &&
			worker->stack_high - worker->stack_low <= STACK_MOST &&
			live_is_watched(live, worker->pid))
			add_range(wanted, &target, worker->tid, worker->tid, "stack",
				worker->stack_low, worker->stack_high);
	}
	vec_each (crew, &sample->crews) {
		struct target target = { crew->host, crew->side, WORKER_HOST };

		if (crew->stack_low && wanted->ranges < most &&
			crew->stack_high - crew->stack_low <= STACK_MOST &&
			live_is_watched(live, crew->host) &&
			live_thread(live_find_watched(live, crew->host)) == crew->host)
			add_range(wanted, &target, crew->host, crew->host, "stack", crew->stack_low,
				crew->stack_high);
	}
}

static void add_watch(struct peek_request *wanted, const struct peek_watch *watch)
{
	if (watch->address && watch->pid > 0 && watch->tid > 0 &&
		wanted->watches < PEEK_WATCHES_MAX)
		wanted->watch[wanted->watches++] = *watch;
}

/* The next worker of a side that lives, as a wild store of this one takes it; NULL: there is no other. */
static const struct worker_sample *neighbour_of(
	const struct sample *sample, const struct worker_sample *worker)
{
	const struct worker_sample *other, *after = NULL, *first = NULL;

	vec_each (other, &sample->workers) {
		if (other == worker || other->side != worker->side || other->phase != WORKER_ALIVE)
			continue;
		if (other->index > worker->index && (!after || other->index < after->index))
			after = other;
		if (!first || other->index < first->index)
			first = other;
	}
	return after ? after : first;
}

static void add_watches_of(const struct sample *sample, const struct worker_sample *worker,
	struct peek_request *wanted)
{
	const struct worker_sample *neighbour = neighbour_of(sample, worker);
	const uint64_t addresses[POINTER_WHATS] = {
		[POINTER_X] = worker->x_address,
		[POINTER_LOCAL] = worker->local_address,
		[POINTER_VICTIM] = worker->victim_address,
		[POINTER_NEIGHBOUR] = neighbour ? neighbour->victim_address : 0,
	};

	for (int16_t what = 0; what < POINTER_WHATS; what++)
		add_watch(wanted, &(struct peek_watch) { .pid = worker->pid,
					  .tid = worker->tid,
					  .side = worker->side,
					  .worker = worker->index,
					  .what = what,
					  .address = addresses[what] });
}

/* The host has X at the same address as its workers. */
static void add_host(struct live *live, const struct crew_sample *crew, uint64_t x_address,
	struct peek_request *wanted)
{
	const struct watched *watched = live_find_watched(live, crew->host);
	const struct peek_watch watch = { .pid = crew->host,
		.tid = watched ? live_thread(watched) : crew->host,
		.side = crew->side,
		.worker = WORKER_HOST,
		.what = POINTER_X,
		.address = x_address };

	if (x_address && live_is_watched(live, crew->host))
		add_watch(wanted, &watch);
}

static void add_watches(struct live *live, const struct sample *sample, struct peek_request *wanted)
{
	const struct crew_sample *crew;
	const struct worker_sample *worker;

	vec_each (crew, &sample->crews) {
		uint64_t x_address = 0;

		vec_each (worker, &sample->workers)
			if (worker->side == crew->side && worker->x_address)
				x_address = worker->x_address;
		add_host(live, crew, x_address, wanted);
	}
	vec_each (worker, &sample->workers)
		if (worker->phase == WORKER_ALIVE && live_is_watched(live, worker->pid))
			add_watches_of(sample, worker, wanted);
}

/* Those that do not run; of more than fit, the first. */
static void add_waiters(struct sample *sample, struct peek_request *wanted)
{
	const struct task_sample *task;

	vec_each (task, &sample->tasks) {
		if (strchr("RZX", task->state))
			continue;
		if (wanted->waiters == PEEK_WAITERS_MAX) {
			sample_gap(sample, 0, "edges", E2BIG,
				"more than 512 tasks wait: the rest is left out");
			return;
		}
		wanted->waiter[wanted->waiters++] =
			(struct peek_waiter) { task->pid, task->tid, task->side, task->worker };
	}
}

static void fill_peeks(struct live *live, struct sample *sample, struct peek_request *wanted)
{
	wanted->watches = wanted->ranges = wanted->pcs = wanted->waiters = 0;
	if (live->needs & NEED_PAGES)
		add_arenas(live, sample, wanted);
	if (live->needs & NEED_REGISTERS)
		add_stacks(live, sample, wanted);
	if (live->needs & NEED_POINTER)
		add_watches(live, sample, wanted);
	if (live->needs & NEED_REGISTERS)
		wanted->pcs = (uint32_t)reader_unnamed(live->reader, wanted->pc, PEEK_PCS_MAX);
	if (live->needs & NEED_EDGES)
		add_waiters(sample, wanted);
}

void quick_ask(struct live *live, nsec now, struct sample *sample)
{
	struct probe_request request;

	if (!(live->needs & QUICK_NEEDS) ||
		(live->quick_asked_at != UNKNOWN && now - live->quick_asked_at < QUICK_EVERY))
		return;
	fill_peeks(live, sample, &live->peeks);
	live->quick_asked_at = now;
	live->turn[PROBE_QUICK]++;
	if (live->silent_since[PROBE_QUICK] == UNKNOWN)
		live->silent_since[PROBE_QUICK] = now;
	slow_fill(live, now, &request);
	area_request(live->area, &request, &live->peeks);
}
