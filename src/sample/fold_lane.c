/* SPDX-License-Identifier: MIT
 * One lane of a fold: its newest cell, in which spans are kept one by one, or summed where there are many.
 */
#include "fold.h"

#define SPANS_FIRST 64 /* room from the start, so that most lanes never need more */
#define CROWDS_FIRST 16

void fold_lane_finish(struct fold_lane *lane)
{
	vec_finish(&lane->spans);
	vec_finish(&lane->crowds);
}

void fold_lane_reset(struct fold_lane *lane, nsec from)
{
	lane->now = (struct span) { .from = from, .cpu = -1, .state = SPAN_UNKNOWN };
	lane->to = UNKNOWN;
	lane->n = 0;
	lane->sums = (struct span_sums) { 0 };
	vec_clear(&lane->spans);
	vec_clear(&lane->crowds);
	while (lane->spans.room < SPANS_FIRST)
		vec_grow((void **)&lane->spans.at, &lane->spans.room, sizeof(*lane->spans.at));
	while (lane->crowds.room < CROWDS_FIRST)
		vec_grow((void **)&lane->crowds.at, &lane->crowds.room, sizeof(*lane->crowds.at));
}

static uint32_t thousandths(uint32_t part, nsec whole)
{
	return whole > 0 ? (uint32_t)(part * INT64_C(1000) / whole) : 0;
}

/* All that began in the newest cell but what lasts. */
static void push_crowd(struct fold_lane *lane)
{
	const nsec length = lane->now.from - lane->kept[0].from;
	struct span_sums *sums = &lane->sums;

	*vec_push(&lane->spans) = (struct span) {
		.from = lane->kept[0].from,
		.who = (int32_t)(thousandths(sums->time_ns[SPAN_WAITING], length) << 16 |
				 thousandths(sums->time_ns[SPAN_RUNNING], length)),
		.cpu = lane->kept[0].cpu,
		.state = SPAN_CROWD,
	};
	sums->marks[lane->now.mark]--;
	*vec_push(&lane->crowds) = *sums;
	*vec_push(&lane->spans) = lane->now;
}

void fold_lane_settle(struct fold_lane *lane)
{
	if (lane->n > FOLD_SPANS_KEPT)
		push_crowd(lane);
	else
		for (uint32_t i = 0; i < lane->n; i++)
			*vec_push(&lane->spans) = lane->kept[i];
	if (lane->n > 0)
		lane->sums = (struct span_sums) { 0 };
	lane->n = 0;
}

/* The newest span began in this cell, and ends. */
static void lane_sum(struct fold_lane *lane, nsec at)
{
	const struct span *now = &lane->now;
	const uint32_t ns = (uint32_t)(at - now->from);
	struct span_sums *sums = &lane->sums;
	int64_t by = sums->who_ns;

	if (now->state >= SPAN_SUMMED)
		return;
	sums->time_ns[now->state] += ns;
	sums->longest_ns[now->state] = MAX(sums->longest_ns[now->state], ns);
	if (now->state != SPAN_RUNNING)
		return;
	span_vote(&sums->who, &by, now->who, ns);
	sums->who_ns = (uint32_t)by;
}

void fold_lane_put(struct fold_lane *lane, nsec from, struct span begun)
{
	begun.from = MAX(begun.from, MAX(lane->now.from, from));
	if (begun.from >= lane->to) {
		fold_lane_settle(lane);
		lane->to = begun.from / FOLD_CELL * FOLD_CELL + FOLD_CELL;
	} else if (lane->n > 0) {
		lane_sum(lane, begun.from);
	}
	if (lane->n < FOLD_SPANS_KEPT)
		lane->kept[lane->n] = begun;
	lane->n++;
	lane->sums.marks[begun.mark]++;
	lane->now = begun;
}
