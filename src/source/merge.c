/* SPDX-License-Identifier: MIT
 * Adds what the prober found to a sample: of the processes that are watched now, and while it is new enough to be shown.
 */
#include "live.h"

#define PROBER_SILENT                                                                              \
	(3 * NSEC_PER_SEC) /* what it saw longer ago is not shown any more, and a gap says so */

/* --- the slow lane --- */

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

static void merge_processes(struct live *live, const struct probe_slot *slot, struct sample *sample)
{
	size_t n = MIN(slot->processes, (uint32_t)TARGETS_MAX);

	for (size_t i = 0; i < n; i++) {
		const struct watched *watched = live_find_watched(live, slot->process[i].pid);

		if (!watched || !is_same_process(watched, slot->process[i].start))
			continue;
		struct process_sample *row = vec_push(&sample->processes);
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
			const struct watched *watched =
				live_find_watched(live, slot->mapping[i].pid);

			pid = slot->mapping[i].pid;
			wanted =
				watched && !watched->process.gone && live_wants_mappings(live, pid);
		}
		if (wanted)
			*vec_push(&sample->mappings) = slot->mapping[i];
	}
}

static void merge_slow(struct live *live, const void *newest, struct sample *sample)
{
	const struct probe_slot *slot = newest;

	if (live->needs & NEED_PROCESSES)
		merge_processes(live, slot, sample);
	merge_mappings(live, slot, sample);
	if (live->needs & NEED_MACHINE)
		sample->machine = slot->machine;
	sample->slow_at_ns = slot->head.at_ns;
}

/* --- the quick lane --- */

static void merge_pages(struct live *live, const struct peek_slot *slot, struct sample *sample)
{
	for (uint32_t i = 0; i < MIN(slot->pages, (uint32_t)RANGES_MAX); i++) {
		const struct pages_sample *from = &slot->page[i];
		uint32_t n = (uint32_t)from->pages;

		if (!live_is_watched(live, from->pid) || n > RANGE_PAGES_MAX ||
			from->first > RANGE_PAGES_MAX - n)
			continue;
		struct pages_sample *row = vec_push(&sample->pages);
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
		if (live_is_watched(live, slot->pointer[i].pid))
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

static void merge_edges(struct live *live, const struct peek_slot *slot, struct sample *sample)
{
	for (uint32_t i = 0; i < MIN(slot->edges, (uint32_t)PEEK_WAITERS_MAX); i++)
		if (live_is_watched(live, slot->edge[i].pid))
			*vec_push(&sample->edges) = slot->edge[i];
}

static void merge_quick(struct live *live, const void *newest, struct sample *sample)
{
	const struct peek_slot *slot = newest;

	if (live->needs & NEED_PAGES)
		merge_pages(live, slot, sample);
	if (live->needs & NEED_POINTER)
		merge_pointers(live, slot, sample);
	if (live->needs & NEED_REGISTERS)
		merge_registers(live, slot);
	if (live->needs & NEED_EDGES)
		merge_edges(live, slot, sample);
}

/* --- both --- */

static void merge_gaps(struct live *live, const struct gap_list *gaps, struct sample *sample)
{
	const struct gap_sample *gap = gaps->gap;

	for (; gap < gaps->gap + MIN(gaps->n, (uint32_t)AREA_GAPS_MAX); gap++)
		if (!gap->pid || live_is_watched(live, gap->pid))
			sample_gap(sample, gap->pid, gap->what, gap->error, gap->reason);
}

/* The numbers of rows that a merge adds to. */
static const size_t lists[] = { offsetof(struct sample, processes.n),
	offsetof(struct sample, mappings.n), offsetof(struct sample, pages.n),
	offsetof(struct sample, page_states.n), offsetof(struct sample, page_frames.n),
	offsetof(struct sample, pointers.n), offsetof(struct sample, edges.n),
	offsetof(struct sample, gaps.n) };

static size_t *rows_of(struct sample *sample, size_t list)
{
	return (size_t *)((char *)sample + lists[list]);
}

/* False: the prober published while we read, and may have written over it. */
static bool merge_newest(struct live *live, enum probe_lane lane, struct sample *sample)
{
	static void (*const merge[PROBE_LANES])(struct live * live, const void *newest,
		struct sample *sample) = { merge_slow, merge_quick };
	size_t before[ARRAY_LEN(lists)];
	const struct machine_sample machine = sample->machine;
	uint32_t number;
	const struct slot_head *slot = area_newest(live->area, lane, &number);

	if (!slot || sample->at_ns - slot->at_ns > PROBER_SILENT + live->slow_interval)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		before[i] = *rows_of(sample, i);
	merge[lane](live, slot, sample);
	merge_gaps(live, &slot->gaps, sample);
	const nsec at = slot->at_ns;
	const bool answered = slot->turn == live->turn[lane];
	if (!area_unchanged(live->area, lane, number)) {
		for (size_t i = 0; i < ARRAY_LEN(lists); i++)
			*rows_of(sample, i) = before[i];
		sample->machine = machine;
		sample->slow_at_ns = lane == PROBE_SLOW ? UNKNOWN : sample->slow_at_ns;
		return false;
	}
	if (answered)
		live->silent_since[lane] = UNKNOWN;
	else if (live->silent_since[lane] != UNKNOWN)
		live->silent_since[lane] = MAX(live->silent_since[lane], at);
	return true;
}

void merge_lane(struct live *live, enum probe_lane lane, struct sample *sample)
{
	const nsec silent = live->silent_since[lane];

	for (int tries = 0; tries < 3 && !merge_newest(live, lane, sample); tries++)
		;
	if (silent != UNKNOWN && sample->at_ns - silent > PROBER_SILENT)
		sample_gap(sample, 0, "prober", ETIMEDOUT, "the prober does not answer");
}
