/* SPDX-License-Identifier: MIT
 * The live source's side of the quick lane: what single pages and addresses the prober is to look at, as crews and workers
 * report them, and the merging of what it saw.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "live.h"

#define QUICK_EVERY (200 * NSEC_PER_MSEC)
#define STACK_MOST (UINT64_C(1) << 30)
#define OLD (3 * NSEC_PER_SEC) /* what the prober saw longer ago is not shown any more */

static bool is_watched(struct live *live, int32_t pid)
{
	const struct watched *watched = live_find_watched(live, pid);

	return watched && !watched->process.gone;
}

/* --- asking --- */

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
			is_watched(live, worker->pid))
			add_range(wanted, &target, worker->tid, worker->tid, "stack",
				worker->stack_low, worker->stack_high);
	}
	vec_each (crew, &sample->crews) {
		struct target target = { crew->host, crew->side, WORKER_HOST };

		if (crew->stack_low && wanted->ranges < most &&
			crew->stack_high - crew->stack_low <= STACK_MOST &&
			is_watched(live, crew->host) &&
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

static void add_watches_of(const struct worker_sample *worker, struct peek_request *wanted)
{
	struct peek_watch watch = { .pid = worker->pid,
		.tid = worker->tid,
		.side = worker->side,
		.worker = worker->index };

	watch.what = POINTER_X;
	watch.address = worker->x_address;
	add_watch(wanted, &watch);
	watch.what = POINTER_LOCAL;
	watch.address = worker->local_address;
	add_watch(wanted, &watch);
	watch.what = POINTER_VICTIM;
	watch.address = worker->victim_address;
	add_watch(wanted, &watch);
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

	if (x_address && is_watched(live, crew->host))
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
		if (worker->phase == WORKER_ALIVE && is_watched(live, worker->pid))
			add_watches_of(worker, wanted);
}

static void fill_peeks(struct live *live, const struct sample *sample, struct peek_request *wanted)
{
	wanted->watches = wanted->ranges = wanted->pcs = 0;
	if (live->needs & NEED_PAGES)
		add_arenas(live, sample, wanted);
	if (live->needs & NEED_REGISTERS)
		add_stacks(live, sample, wanted);
	if (live->needs & NEED_POINTER)
		add_watches(live, sample, wanted);
	if (live->needs & NEED_REGISTERS)
		wanted->pcs = (uint32_t)reader_unnamed(live->reader, wanted->pc, PEEK_PCS_MAX);
}

void quick_ask(struct live *live, nsec now, const struct sample *sample)
{
	struct probe_request request;

	if (!(live->needs & QUICK_NEEDS) ||
		(live->quick_asked_at != UNKNOWN && now - live->quick_asked_at < QUICK_EVERY))
		return;
	fill_peeks(live, sample, &live->peeks);
	live->quick_asked_at = now;
	live->quick_turn++;
	slow_fill(live, now, &request);
	area_request(live->area, &request, &live->peeks);
}

/* --- merging --- */

static void merge_pages(struct live *live, const struct peek_slot *slot, struct sample *sample)
{
	for (uint32_t i = 0; i < MIN(slot->pages, (uint32_t)RANGES_MAX); i++) {
		const struct pages_sample *from = &slot->page[i];
		uint32_t n = (uint32_t)from->pages;
		struct pages_sample *row;

		if (!is_watched(live, from->pid) || n > RANGE_PAGES_MAX ||
			from->first > RANGE_PAGES_MAX - n)
			continue;
		row = vec_push(&sample->pages);
		*row = *from;
		row->first = (uint32_t)sample->page_states.n;
		if (from->first_frame >= 0)
			row->first_frame = (int32_t)sample->page_frames.n;
		for (uint32_t page = from->first; page < from->first + n; page++)
			*vec_push(&sample->page_states) = MIN(slot->state[page], PAGE_STATES - 1);
		for (uint32_t page = from->first; from->first_frame >= 0 && page < from->first + n;
			page++)
			*vec_push(&sample->page_frames) = slot->frame[page];
	}
}

static void merge_pointers(struct live *live, const struct peek_slot *slot, struct sample *sample)
{
	for (uint32_t i = 0; i < MIN(slot->pointers, (uint32_t)PEEK_WATCHES_MAX); i++)
		if (is_watched(live, slot->pointer[i].pid))
			*vec_push(&sample->pointers) = slot->pointer[i];
}

static void merge_registers(struct live *live, const struct peek_slot *slot)
{
	reader_forget_stacks(live->reader);
	for (uint32_t i = 0; i < MIN(slot->stacks, (uint32_t)PEEK_STACKS_MAX); i++)
		reader_learn_stack(live->reader, slot->stack[i].pid, slot->stack[i].tid,
			slot->stack[i].resident_kb);
	for (uint32_t i = 0; i < MIN(slot->names, (uint32_t)PEEK_PCS_MAX); i++)
		reader_learn_pc(
			live->reader, slot->name[i].pid, slot->name[i].pc, slot->name[i].where);
}

static void merge_gaps(struct live *live, const struct peek_slot *slot, struct sample *sample)
{
	for (uint32_t i = 0; i < MIN(slot->gaps, (uint32_t)AREA_GAPS_MAX); i++) {
		const struct gap_sample *gap = &slot->gap[i];

		if (!gap->pid || is_watched(live, gap->pid))
			sample_gap(sample, gap->pid, gap->what, gap->error, gap->reason);
	}
}

/* False: the prober published twice while we read, and may have written over it. */
static bool merge_newest(struct live *live, struct sample *sample)
{
	size_t pages = sample->pages.n, states = sample->page_states.n,
	       frames = sample->page_frames.n, pointers = sample->pointers.n, gaps = sample->gaps.n;
	const struct peek_slot *slot;
	uint32_t number;

	slot = area_newest_peek(live->area, &number);
	if (!slot || sample->at_ns - slot->at_ns > OLD)
		return true;
	if (live->needs & NEED_PAGES)
		merge_pages(live, slot, sample);
	if (live->needs & NEED_POINTER)
		merge_pointers(live, slot, sample);
	if (live->needs & NEED_REGISTERS)
		merge_registers(live, slot);
	merge_gaps(live, slot, sample);
	if (area_peek_unchanged(live->area, number))
		return true;
	sample->pages.n = pages;
	sample->page_states.n = states;
	sample->page_frames.n = frames;
	sample->pointers.n = pointers;
	sample->gaps.n = gaps;
	return false;
}

void quick_merge(struct live *live, struct sample *sample)
{
	if (!(live->needs & QUICK_NEEDS))
		return;
	for (int tries = 0; tries < 3 && !merge_newest(live, sample); tries++)
		;
}
