/* SPDX-License-Identifier: MIT
 * Finds cycles among those who wait for somebody, and follows each from reading to reading: it is a deadlock only when it
 * was read again and none of its tasks was switched in between, for then all of them waited at once.
 */
#include "internal.h"

static bool is_certain(const struct edge_sample *edge)
{
	return edge->owner > 0 && !edge->timed && edge->switches >= 0;
}

void waits_finish(struct waits *waits)
{
	vec_finish(&waits->now.cycles);
	vec_finish(&waits->now.order);
	vec_finish(&waits->before);
	vec_finish(&waits->mark);
	id_map_finish(&waits->by_tid);
}

static void forget_cycles(struct waits *waits)
{
	vec_clear(&waits->now.cycles);
	vec_clear(&waits->now.order);
}

void waits_reset(struct waits *waits)
{
	forget_cycles(waits);
	vec_clear(&waits->before);
}

/* --- from reading to reading --- */

static const struct wait_mark *find_mark(const struct waits *waits, uint64_t key)
{
	const struct wait_mark *mark;

	vec_each (mark, &waits->before)
		if (mark->key == key)
			return mark;
	return NULL;
}

/* The prober's reading comes again with every sample until its next. */
static void compare(struct waits *waits, struct wait_cycle *cycle, nsec earliest)
{
	const struct wait_mark *before = find_mark(waits, cycle->key);

	cycle->readings = before ? before->readings + (cycle->at_ns > before->at_ns) : 1;
	cycle->since_ns = before ? before->since_ns : cycle->at_ns;
	cycle->for_ns = MAX(earliest - cycle->since_ns, 0);
}

/* --- cycles --- */

static void index_edges(struct waits *waits, const struct sample *sample)
{
	vec_clear(&waits->mark);
	id_map_reset(&waits->by_tid, sample->edges.n);
	for (size_t i = 0; i < sample->edges.n; i++) {
		*vec_push(&waits->mark) = 0;
		if (is_certain(&sample->edges.at[i]))
			*id_map_at(&waits->by_tid, (uint64_t)sample->edges.at[i].tid) = (uint32_t)i;
	}
}

static uint32_t next_of(const struct waits *waits, const struct sample *sample, uint32_t edge)
{
	const struct edge_sample *at = &sample->edges.at[edge];

	return is_certain(at) ? id_map_get(&waits->by_tid, (uint64_t)at->owner) : INDEX_NONE;
}

/* From a task of a cycle on, round and round; the first one has the lowest TID. */
static void add_cycle(struct waits *waits, const struct sample *sample, uint32_t edge)
{
	const struct edge_sample *edges = sample->edges.at;
	struct wait_cycle *cycle = vec_push(&waits->now.cycles);
	uint32_t first = edge;
	nsec earliest = edges[edge].at_ns;

	for (uint32_t at = next_of(waits, sample, edge); at != edge;
		at = next_of(waits, sample, at))
		if (edges[at].tid < edges[first].tid)
			first = at;
	*cycle = (struct wait_cycle) {
		.first = waits->now.order.n, .side = edges[first].side, .at_ns = earliest
	};
	edge = first;
	do {
		const uint64_t words[] = { (uint64_t)edges[edge].tid, edges[edge].object,
			(uint64_t)edges[edge].switches };

		cycle->key = hash_bytes(words, sizeof(words), cycle->key);
		cycle->at_ns = MAX(cycle->at_ns, edges[edge].at_ns);
		earliest = MIN(earliest, edges[edge].at_ns);
		*vec_push(&waits->now.order) = edge;
		cycle->n++;
		edge = next_of(waits, sample, edge);
	} while (edge != first);
	compare(waits, cycle, earliest);
}

/* Each task waits for one at most, so that who comes back to his own path has found a cycle. */
static void find_cycles(struct waits *waits, const struct sample *sample)
{
	for (uint32_t i = 0; i < sample->edges.n; i++) {
		uint32_t at = i;

		while (at != INDEX_NONE && !waits->mark.at[at]) {
			waits->mark.at[at] = i + 1;
			at = next_of(waits, sample, at);
		}
		if (at != INDEX_NONE && waits->mark.at[at] == i + 1)
			add_cycle(waits, sample, at);
	}
}

void waits_feed(struct waits *waits, const struct sample *sample)
{
	const struct wait_cycle *cycle;

	forget_cycles(waits);
	index_edges(waits, sample);
	find_cycles(waits, sample);
	vec_clear(&waits->before);
	vec_each (cycle, &waits->now.cycles)
		*vec_push(&waits->before) = (struct wait_mark) { cycle->key, cycle->since_ns,
			cycle->at_ns, cycle->readings };
}

const struct waiting *model_waiting(const struct model *model)
{
	return &model->waits.now;
}

/* --- a side in numbers --- */

static bool is_owner(const struct sample *sample, int32_t tid)
{
	const struct edge_sample *edge;

	vec_each (edge, &sample->edges)
		if (edge->owner == tid)
			return true;
	return false;
}

void waits_totals(const struct waits *waits, const struct sample *sample, enum side side,
	struct side_totals *totals)
{
	const struct edge_sample *edge;
	const struct wait_cycle *cycle;
	bool any = false;

	totals->waits_named = totals->waits_exclusive = totals->waits_holding = 0;
	totals->waits_endless = totals->waits_crowd = 0;
	totals->cycle_tasks = totals->deadlocked = totals->deadlock_ns = 0;
	vec_each (edge, &sample->edges) {
		const bool named = edge->owner > 0;

		if (edge->side != (int16_t)side)
			continue;
		any = true;
		totals->waits_crowd += !named && edge->kind != EDGE_NONE;
		totals->waits_named += named;
		totals->waits_exclusive +=
			named && edge->kind >= EDGE_MUTEX && edge->kind <= EDGE_PI;
		totals->waits_holding += named && is_owner(sample, edge->tid);
		totals->waits_endless += named && !edge->timed;
	}
	vec_each (cycle, &waits->now.cycles) {
		if (cycle->side != (int16_t)side)
			continue;
		totals->cycle_tasks += (int64_t)cycle->n;
		if (!wait_is_deadlock(cycle))
			continue;
		totals->deadlocked += (int64_t)cycle->n;
		totals->deadlock_ns = MAX(totals->deadlock_ns, cycle->for_ns);
	}
	if (!any)
		totals->waits_named = totals->waits_exclusive = totals->waits_holding =
			totals->waits_endless = totals->waits_crowd = totals->cycle_tasks =
				totals->deadlocked = totals->deadlock_ns = UNKNOWN;
}
