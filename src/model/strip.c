/* SPDX-License-Identifier: MIT
 * One lane's past: spans one by one while there is room, and sums over cells of three sizes for what is longer ago or
 * seen from farther away, so that a screen of 1 ms and one of 10 s cost the same.
 */
#include "internal.h"

static const nsec tier_unit[TIERS] = { FOLD_CELL, NSEC_PER_MSEC, 10 * NSEC_PER_MSEC };

void strip_init(struct strip *strip)
{
	strip->spans = xcalloc(SPANS_KEPT, sizeof(*strip->spans));
	for (int i = 0; i < TIERS; i++) {
		strip->tier[i].unit = tier_unit[i];
		strip->tier[i].at = xcalloc(TIER_BUCKETS, sizeof(struct bucket));
	}
	strip_reset(strip);
}

void strip_finish(struct strip *strip)
{
	free(strip->spans);
	for (int i = 0; i < TIERS; i++)
		free(strip->tier[i].at);
	*strip = (struct strip) { 0 };
}

void strip_reset(struct strip *strip)
{
	strip->n = strip->next = 0;
	strip->until = UNKNOWN;
	strip->open = (struct open_cell) { 0 };
	for (int i = 0; i < TIERS; i++)
		strip->tier[i].newest = -1,
		strip->tier[i].first = strip->tier[i].from = strip->tier[i].to = 0;
}

/* The span `back` before the newest (0). */
static struct span *span_at(const struct strip *strip, size_t back)
{
	return &strip->spans[(strip->next + 2 * SPANS_KEPT - 1 - back) % SPANS_KEPT];
}

/* --- sums --- */

/* What a part of a span is worth. */
struct worth {
	nsec run, wait, off;
};

static struct worth worth_of(const struct span *span, nsec ns)
{
	nsec run, wait;

	switch (span->state) {
	case SPAN_RUNNING:
		return (struct worth) { .run = ns };
	case SPAN_WAITING:
		return (struct worth) { .wait = ns };
	case SPAN_OFF:
		return (struct worth) { .off = ns };
	case SPAN_SAMPLED:
	case SPAN_CROWD:
		run = ns / 1000 * (span->who & 0xffff);
		wait = ns / 1000 * (span->who >> 16);
		return (struct worth) { run, wait, MAX(ns - run - wait, 0) };
	default:
		return (struct worth) { 0 };
	}
}

static void add_time(struct bucket *bucket, const struct span *span, nsec ns)
{
	const struct worth worth = worth_of(span, ns);
	int64_t by = bucket->who_ns;

	bucket->run_ns += (uint32_t)worth.run;
	bucket->wait_ns += (uint32_t)worth.wait;
	bucket->off_ns += (uint32_t)worth.off;
	bucket->sampled |= span->state == SPAN_SAMPLED;
	if (span->state != SPAN_RUNNING)
		return;
	span_vote(&bucket->who, &by, span->who, ns);
	bucket->who_ns = (uint32_t)by;
}

/* The bucket of a number not below the newest, made the newest. */
static struct bucket *bucket_reach(struct tier *tier, int64_t number)
{
	if (tier->newest < tier->first || number - tier->newest >= TIER_BUCKETS) {
		memset(tier->at, 0, TIER_BUCKETS * sizeof(*tier->at));
		if (tier->newest < tier->first)
			tier->first = number;
		tier->newest = number;
	}
	while (tier->newest < number)
		tier->at[++tier->newest % TIER_BUCKETS] = (struct bucket) { 0 };
	tier->from = tier->newest * tier->unit;
	tier->to = tier->from + tier->unit;
	return &tier->at[number % TIER_BUCKETS];
}

static bool is_newest(const struct tier *tier, nsec from, nsec to)
{
	return from >= tier->from && to <= tier->to;
}

/* The bucket of an instant. */
static struct bucket *bucket_at(struct tier *tier, nsec at)
{
	if (is_newest(tier, at, at + 1))
		return &tier->at[tier->newest % TIER_BUCKETS];
	return bucket_reach(tier, at / tier->unit);
}

static void tier_add(struct tier *tier, nsec from, nsec to, const struct span *span)
{
	if (is_newest(tier, from, to)) {
		add_time(&tier->at[tier->newest % TIER_BUCKETS], span, to - from);
		return;
	}
	/* What no bucket will hold any more need not be filled in. */
	from = MAX(from, (to / tier->unit - TIER_BUCKETS) * tier->unit);
	while (from < to) {
		int64_t number = from / tier->unit;
		nsec end = MIN(to, (number + 1) * tier->unit);

		add_time(bucket_reach(tier, number), span, end - from);
		from = end;
	}
}

static uint32_t in_us(nsec ns)
{
	return (uint32_t)MIN(ns / 1000, (nsec)UINT32_MAX);
}

static uint16_t add16(uint16_t to, int64_t more)
{
	return (uint16_t)MIN(to + MAX(more, 0), (int64_t)UINT16_MAX);
}

/* What is true of the open cell, said of a bucket. */
static void put_open(struct bucket *into, const struct open_cell *open)
{
	int64_t by = into->who_ns;

	into->run_ns += (uint32_t)open->time[SPAN_RUNNING];
	into->wait_ns += (uint32_t)open->time[SPAN_WAITING];
	into->off_ns += (uint32_t)open->time[SPAN_OFF];
	into->longest_run_us = MAX(into->longest_run_us, in_us(open->longest[SPAN_RUNNING]));
	into->longest_wait_us = MAX(into->longest_wait_us, in_us(open->longest[SPAN_WAITING]));
	into->put_on = add16(into->put_on, open->marks[MARK_PUT_ON]);
	into->gave_up = add16(into->gave_up, open->marks[MARK_GAVE_UP]);
	into->preempted = add16(into->preempted, open->marks[MARK_PREEMPTED]);
	into->born |= open->marks[MARK_BORN] > 0;
	into->died |= open->marks[MARK_DIED] > 0;
	if (!open->who_ns)
		return;
	span_vote(&into->who, &by, open->who, open->who_ns);
	into->who_ns = (uint32_t)by;
}

void strip_settle(struct strip *strip)
{
	if (strip->open.from == strip->open.to)
		return;
	for (int i = 0; i < TIERS; i++)
		put_open(bucket_at(&strip->tier[i], strip->open.from), &strip->open);
	strip->open = (struct open_cell) { 0 };
}

/* Adds the time up to `until` to the open cell, if all of it lies there. */
static bool advance_within(struct strip *strip, const struct span *now, nsec until)
{
	struct open_cell *open = &strip->open;
	const nsec ns = until - strip->until;

	if (strip->until < open->from || until > open->to || now->state == SPAN_SAMPLED)
		return false;
	open->time[now->state] += ns;
	if (now->state == SPAN_RUNNING && now->who)
		span_vote(&open->who, &open->who_ns, now->who, ns);
	strip->until = until;
	return true;
}

void strip_advance(struct strip *strip, nsec until)
{
	const struct span *now = span_at(strip, 0);

	if (!strip->n || until <= strip->until)
		return;
	if (now->state == SPAN_CROWD) { /* its sums came with it */
		strip->until = until;
		return;
	}
	if (advance_within(strip, now, until))
		return;
	strip_settle(strip);
	for (int i = 0; i < TIERS; i++)
		tier_add(&strip->tier[i], strip->until, until, now);
	strip->until = until;
}

/* A span has ended, and another begins. */
static void mark(struct open_cell *open, const struct span *ended, const struct span *begun)
{
	if (ended)
		open->longest[ended->state] =
			MAX(open->longest[ended->state], begun->from - ended->from);
	open->marks[begun->mark]++;
}

/* The open cell, which holds this instant. Many switches fall into one: they come to all tiers at once, later. */
static struct open_cell *open_cell(struct strip *strip, nsec at)
{
	const nsec unit = tier_unit[0];

	if (at >= strip->open.from && at < strip->open.to)
		return &strip->open;
	strip_settle(strip);
	strip->open.from = at / unit * unit;
	strip->open.to = strip->open.from + unit;
	return &strip->open;
}

void strip_put(struct strip *strip, struct span begun)
{
	const struct span *ended = strip->n ? span_at(strip, 0) : NULL;

	if (ended)
		begun.from = MAX(begun.from, strip->until);
	strip_advance(strip, begun.from);
	mark(open_cell(strip, begun.from), ended, &begun);
	strip->until = begun.from;
	strip->spans[strip->next] = begun;
	strip->next = (strip->next + 1) % SPANS_KEPT;
	strip->n = MIN(strip->n + 1, (size_t)SPANS_KEPT);
}

void strip_put_crowd(struct strip *strip, struct span span, const struct span_sums *sums)
{
	strip_put(strip, span);
	struct open_cell *open = open_cell(strip, strip->until);
	for (int state = 0; state < SPAN_SUMMED; state++) {
		open->time[state] += sums->time_ns[state];
		open->longest[state] = MAX(open->longest[state], (nsec)sums->longest_ns[state]);
	}
	for (int mark = 0; mark < SPAN_MARKS; mark++)
		open->marks[mark] += sums->marks[mark];
	if (sums->who_ns)
		span_vote(&open->who, &open->who_ns, sums->who, sums->who_ns);
}

void strip_count(struct strip *strip, int64_t put_on, int64_t gave_up, int64_t preempted)
{
	strip_settle(strip);
	for (int i = 0; i < TIERS && strip->until > 0; i++) {
		struct bucket *bucket = bucket_at(&strip->tier[i], strip->until - 1);

		bucket->put_on = add16(bucket->put_on, put_on);
		bucket->gave_up = add16(bucket->gave_up, gave_up);
		bucket->preempted = add16(bucket->preempted, preempted);
	}
}

/* --- asking --- */

/* The number of spans from the one at an instant to the newest; 0: it is not kept, or not there yet. */
static size_t spans_from(const struct strip *strip, nsec at)
{
	size_t low = 0, high = strip->n - 1; /* how far back the newest stands that began by then */

	if (!strip->n || span_at(strip, strip->n - 1)->from > at || at >= strip->until)
		return 0;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (span_at(strip, middle)->from <= at)
			high = middle;
		else
			low = middle + 1;
	}
	return low + 1;
}

static nsec span_end(const struct strip *strip, size_t back)
{
	return back ? span_at(strip, back - 1)->from : strip->until;
}

bool strip_span(const struct strip *strip, nsec at, struct span *ret, nsec *ret_to)
{
	size_t n = spans_from(strip, at);

	if (!n)
		return false;
	*ret = *span_at(strip, n - 1);
	*ret_to = n > 1 ? span_end(strip, n - 1) : UNKNOWN;
	return true;
}

nsec strip_next(const struct strip *strip, nsec at)
{
	size_t n = spans_from(strip, at);

	return n > 1 ? span_at(strip, n - 2)->from : UNKNOWN;
}

nsec strip_previous(const struct strip *strip, nsec at)
{
	size_t n = spans_from(strip, MIN(at, strip->until) - 1);

	return n ? span_at(strip, n - 1)->from : UNKNOWN;
}

static void add_bucket(struct strip_cell *cell, int64_t *by, const struct bucket *bucket)
{
	cell->run_ns += bucket->run_ns;
	cell->wait_ns += bucket->wait_ns;
	cell->off_ns += bucket->off_ns;
	cell->longest_run_ns = MAX(cell->longest_run_ns, bucket->longest_run_us * NSEC_PER_USEC);
	cell->longest_wait_ns = MAX(cell->longest_wait_ns, bucket->longest_wait_us * NSEC_PER_USEC);
	cell->put_on += bucket->put_on;
	cell->gave_up += bucket->gave_up;
	cell->preempted += bucket->preempted;
	cell->born |= bucket->born;
	cell->died |= bucket->died;
	cell->sampled |= bucket->sampled;
	if (bucket->who_ns)
		span_vote(&cell->who, by, bucket->who, bucket->who_ns);
}

static struct strip_cell cell_of_tier(const struct tier *tier, nsec from, nsec to)
{
	struct strip_cell cell = { 0 };
	int64_t first = MAX(from / tier->unit, tier->first), last = to / tier->unit - 1, by = 0;

	first = MAX(first, tier->newest - TIER_BUCKETS + 1);
	for (int64_t number = first; number <= MIN(last, tier->newest); number++)
		add_bucket(&cell, &by, &tier->at[number % TIER_BUCKETS]);
	if (by == 0)
		cell.who = 0;
	return cell;
}

static void add_span(struct strip_cell *cell, int64_t *by, const struct span *span, nsec ns)
{
	const struct worth worth = worth_of(span, ns);

	cell->run_ns += worth.run;
	cell->wait_ns += worth.wait;
	cell->off_ns += worth.off;
	cell->sampled |= span->state == SPAN_SAMPLED;
	if (span->state == SPAN_RUNNING && ns > 0)
		span_vote(&cell->who, by, span->who, ns);
}

static struct strip_cell cell_of_spans(const struct strip *strip, nsec from, nsec to)
{
	struct strip_cell cell = { 0 };
	size_t n = spans_from(strip, from);
	int64_t by = 0;

	if (!n && strip->n && from < span_at(strip, strip->n - 1)->from)
		n = strip->n;
	for (; n > 0; n--) {
		const struct span *span = span_at(strip, n - 1);
		nsec start = MAX(span->from, from), end = MIN(span_end(strip, n - 1), to);
		struct open_cell open = { 0 };
		struct bucket begun = { 0 };

		if (span->from >= to)
			break;
		add_span(&cell, &by, span, MAX(end - start, 0));
		if (span->from < from)
			continue;
		mark(&open, n < strip->n ? span_at(strip, n) : NULL, span);
		put_open(&begun, &open);
		add_bucket(&cell, &by, &begun);
	}
	if (by == 0)
		cell.who = 0;
	return cell;
}

/* The largest tier whose cells fit exactly; NULL: none. */
static const struct tier *tier_of(const struct strip *strip, nsec from, nsec to)
{
	for (int i = TIERS - 1; i >= 0; i--)
		if (from % strip->tier[i].unit == 0 && to % strip->tier[i].unit == 0)
			return &strip->tier[i];
	return NULL;
}

struct strip_cell strip_cell(const struct strip *strip, nsec from, nsec to)
{
	const struct tier *tier = tier_of(strip, from, to);

	from = MAX(from, 0);
	return tier ? cell_of_tier(tier, from, to) : cell_of_spans(strip, from, to);
}
