/* SPDX-License-Identifier: MIT
 * Lanes, one a task and one a CPU: takes the spans of a sample, and keeps those of tasks that died until their past has
 * gone by.
 */
#include "internal.h"

#define PAST (21 * NSEC_PER_SEC) /* a dead lane whose past is older than any that is kept */

void lanes_finish(struct lanes *lanes)
{
	for (size_t i = 0; i < lanes->all.n; i++) {
		strip_finish(&lanes->all.at[i]->strip);
		free(lanes->all.at[i]->waits);
		free(lanes->all.at[i]);
	}
	for (size_t i = 0; i < lanes->cpu_states.n; i++) {
		if (!lanes->cpu_states.at[i])
			continue;
		strip_finish(&lanes->cpu_states.at[i]->strip);
		free(lanes->cpu_states.at[i]);
	}
	vec_finish(&lanes->all);
	vec_finish(&lanes->order);
	vec_finish(&lanes->cpu_states);
	vec_finish(&lanes->cpus);
	vec_finish(&lanes->sorter.entries);
	id_map_finish(&lanes->by_tid);
}

/* Memory is kept: the lanes become dead ones of a time before all times. */
void lanes_reset(struct lanes *lanes)
{
	struct lane_state **lane;
	struct cpu_state **cpu;

	vec_each (lane, &lanes->all) {
		(*lane)->lane.alive = false;
		(*lane)->lane.tid = 0;
		(*lane)->lane.died_ns = -PAST;
		strip_reset(&(*lane)->strip);
		wait_log_reset((*lane)->waits);
	}
	vec_each (cpu, &lanes->cpu_states)
		if (*cpu)
			strip_reset(&(*cpu)->strip);
	vec_clear(&lanes->order);
	vec_clear(&lanes->cpus);
	id_map_reset(&lanes->by_tid, LANES_MAX);
	channels_reset(&lanes->channels);
	lanes->until = UNKNOWN;
	lanes->sampled = false;
	lanes->lost = 0;
	lanes->sum = (struct lanes_sum) { 0 };
	lanes->left_out = 0;
}

/* --- finding lanes --- */

static uint64_t key_of(int32_t tid, int side)
{
	return (uint64_t)(uint32_t)tid << 1 | (side & 1);
}

/* A dead lane whose past has gone by; if there is no more room, the one that died first. NULL. */
static struct lane_state *find_free(struct lanes *lanes)
{
	struct lane_state **at, *oldest = NULL;

	vec_each (at, &lanes->all)
		if (!(*at)->lane.alive && (!oldest || (*at)->lane.died_ns < oldest->lane.died_ns))
			oldest = *at;
	if (oldest && (lanes->all.n >= LANES_MAX || oldest->lane.died_ns < 0 ||
			      oldest->lane.died_ns < lanes->until - PAST))
		return oldest;
	return NULL;
}

static void rebuild_index(struct lanes *lanes)
{
	id_map_reset(&lanes->by_tid, LANES_MAX);
	for (size_t i = 0; i < lanes->all.n; i++) {
		const struct lane *lane = &lanes->all.at[i]->lane;

		if (lane->alive)
			*id_map_at(&lanes->by_tid, key_of(lane->tid, lane->side)) = (uint32_t)i;
	}
}

static struct lane_state *make_lane(struct lanes *lanes, int32_t pid, int32_t tid, int side)
{
	struct lane_state *state = find_free(lanes);
	struct wait_log *waits;
	struct strip strip;

	if (!state && lanes->all.n >= LANES_MAX)
		return NULL;
	if (!state) {
		state = xcalloc(1, sizeof(*state));
		strip_init(&state->strip);
		state->waits = wait_log_create(&lanes->channels);
		*vec_push(&lanes->all) = state;
	}
	strip_reset(&state->strip);
	wait_log_reset(state->waits);
	strip = state->strip;
	waits = state->waits;
	*state = (struct lane_state) {
		.strip = strip, .waits = waits, .event_ns = UNKNOWN, .before_ns = UNKNOWN
	};
	state->lane = (struct lane) { .pid = pid,
		.tid = tid,
		.side = (int16_t)side,
		.worker = WORKER_NONE,
		.alive = true,
		.born_ns = UNKNOWN,
		.died_ns = UNKNOWN,
		.mean_delay_ns = NAN,
		.strip = &state->strip,
		.waits = waits };
	rebuild_index(lanes);
	return state;
}

struct lane_state *lanes_find(const struct lanes *lanes, int32_t tid, int side)
{
	uint32_t index = id_map_get(&lanes->by_tid, key_of(tid, side));

	return index == INDEX_NONE ? NULL : lanes->all.at[index];
}

struct lane_state *lanes_at(struct lanes *lanes, int32_t pid, int32_t tid, int side)
{
	struct lane_state *state = lanes_find(lanes, tid, side);

	return state ? state : make_lane(lanes, pid, tid, side);
}

static struct cpu_state *cpu_at(struct lanes *lanes, int cpu)
{
	if (cpu >= 0 && (size_t)cpu < lanes->cpu_states.n && lanes->cpu_states.at[cpu])
		return lanes->cpu_states.at[cpu];
	while (lanes->cpu_states.n <= (size_t)cpu)
		vec_push(&lanes->cpu_states);
	if (!lanes->cpu_states.at[cpu]) {
		struct cpu_state *state = xcalloc(1, sizeof(*state));

		strip_init(&state->strip);
		lanes->cpu_states.at[cpu] = state;
	}
	return lanes->cpu_states.at[cpu];
}

/* --- a feed --- */

void lanes_end(struct lanes *lanes, struct lane_state *state, nsec at)
{
	state->lane.alive = false;
	state->lane.died_ns = at;
	rebuild_index(lanes);
}

/* The lane of a row. A tid that lives twice: the death of the first was lost. */
static struct lane_state *lane_of(struct lanes *lanes, const struct lane_sample *row)
{
	struct lane_state *state = lanes_find(lanes, row->tid, row->side);

	if (state && (row->born_ns < 0 || row->born_ns == state->lane.born_ns))
		return state;
	if (state)
		lanes_end(lanes, state, row->born_ns);
	state = make_lane(lanes, row->pid, row->tid, row->side);
	if (state)
		state->lane.born_ns = row->born_ns;
	return state;
}

/* What of the sample is still to be given to lanes. */
struct cursor {
	const struct sample *sample;
	const struct span *span;
	const struct span_sums *crowd;
};

/* Spans of a CPU name rows of the sample; lanes name tasks. */
static int32_t tid_of(const struct cursor *cursor, int32_t row)
{
	return cursor->sample->lanes.at[row].tid;
}

static void take_crowd(struct strip *strip, const struct lane_sample *row, struct cursor *cursor)
{
	struct span_sums sums = *cursor->crowd++;

	sums.who = row->cpu >= 0 && sums.who_ns ? tid_of(cursor, sums.who) : 0;
	strip_put_crowd(strip, *cursor->span, &sums);
}

/* strip NULL: there is no room for this lane. */
static void take_spans(struct strip *strip, const struct lane_sample *row, struct cursor *cursor)
{
	for (const struct span *end = cursor->span + row->spans; cursor->span < end;
		cursor->span++) {
		struct span span = *cursor->span;

		if (span.state == SPAN_RUNNING && row->cpu >= 0)
			span.who = tid_of(cursor, span.who);
		if (!strip)
			cursor->crowd += span.state == SPAN_CROWD;
		else if (span.state == SPAN_CROWD)
			take_crowd(strip, row, cursor);
		else
			strip_put(strip, span);
	}
}

/* A switch is counted a moment before its record has its time: one a reading may be on its way. */
#define ON_ITS_WAY 1

/* What was counted and recorded between two readings of the counters, and by how much the one lies outside of the other. */
static void reconcile(struct lane_state *state)
{
	const struct lane_sample *base = &state->base, *read = &state->read;
	struct lane *lane = &state->lane;

	lane->seen_voluntary = read->seen_voluntary - base->seen_voluntary;
	lane->seen_involuntary = read->seen_involuntary - base->seen_involuntary;
	lane->counted_voluntary = read->counted_voluntary - base->counted_voluntary;
	lane->counted_involuntary = read->counted_involuntary - base->counted_involuntary;
	int64_t apart = lane->counted_voluntary + lane->counted_involuntary - lane->seen_voluntary -
			lane->seen_involuntary;
	/* The counters were read while so many of those records came. */
	lane->between = read->seen_between + base->seen_between;
	lane->apart = MAX(apart - base->seen_between - ON_ITS_WAY, 0) +
		      MIN(apart + read->seen_between + ON_ITS_WAY, 0);
}

static void take_reading(struct lane_state *state, const struct lane_sample *row)
{
	if (row->read_ns < 0)
		return;
	if (!state->based || state->base.since_ns != row->since_ns)
		state->base = *row;
	if (row->born_ns >= 0 && row->born_ns == row->since_ns)
		state->base.seen_voluntary = state->base.seen_involuntary =
			state->base.seen_between = state->base.counted_voluntary =
				state->base.counted_involuntary = 0;
	state->based = true;
	state->read = *row;
	reconcile(state);
}

static void take_row(struct lanes *lanes, const struct lane_sample *row, struct cursor *cursor)
{
	struct lane_state *state = row->cpu < 0 ? lane_of(lanes, row) : NULL;
	struct cpu_state *cpu = row->cpu < 0 ? NULL : cpu_at(lanes, row->cpu);

	if (cpu)
		take_spans(&cpu->strip, row, cursor);
	else
		take_spans(state ? &state->strip : NULL, row, cursor);
	if (!state)
		return;
	state->event_ns = lanes->until;
	take_reading(state, row);
	if (strip_now(&state->strip).state == SPAN_NONE && row->spans)
		lanes_end(lanes, state, strip_now(&state->strip).from);
}

/* Nothing is known of the time up to `from`, nor of any state after it until a record tells. */
static void leave_hole(struct lanes *lanes, nsec from)
{
	struct lane_state **lane;
	struct cpu_state **cpu;
	const struct span unknown = { lanes->until < 0 ? from : lanes->until, 0, -1, SPAN_UNKNOWN,
		MARK_NONE };

	vec_each (lane, &lanes->all) {
		(*lane)->based = false;
		if (!(*lane)->lane.alive)
			continue;
		strip_put(&(*lane)->strip, unknown);
		strip_advance(&(*lane)->strip, from);
	}
	vec_each (cpu, &lanes->cpu_states)
		if (*cpu) {
			strip_put(&(*cpu)->strip, unknown);
			strip_advance(&(*cpu)->strip, from);
		}
}

void lanes_settle(struct lanes *lanes)
{
	struct lane_state **lane;
	struct cpu_state **cpu;

	vec_each (lane, &lanes->all)
		strip_settle(&(*lane)->strip);
	vec_each (cpu, &lanes->cpu_states)
		if (*cpu)
			strip_settle(&(*cpu)->strip);
}

static void advance(struct lanes *lanes, nsec until)
{
	struct lane_state **lane;
	struct cpu_state **cpu;

	vec_each (lane, &lanes->all)
		if ((*lane)->lane.alive)
			strip_advance(&(*lane)->strip, until);
	vec_each (cpu, &lanes->cpu_states)
		if (*cpu)
			strip_advance(&(*cpu)->strip, until);
	lanes_settle(lanes);
	lanes->until = until;
}

static uint64_t rank(const struct lane *lane)
{
	uint64_t who = lane->worker >= 0 ? 1 + (uint64_t)lane->worker : 100000;

	who = lane->worker == WORKER_HOST ? 0 : who;
	return (uint64_t)lane->side << 40 | (uint64_t)!lane->alive << 32 | who;
}

void lanes_order(struct lanes *lanes)
{
	struct lane_state **at;

	vec_clear(&lanes->sorter.entries);
	vec_each (at, &lanes->all)
		if ((*at)->lane.tid != 0 &&
			((*at)->lane.alive || (*at)->lane.died_ns > lanes->until - PAST))
			sorter_push(&lanes->sorter, rank(&(*at)->lane), (uint64_t)(*at)->lane.tid,
				&(*at)->lane);
	sorter_run(&lanes->sorter);
	vec_clear(&lanes->order);
	for (size_t i = 0; i < lanes->sorter.entries.n; i++)
		*vec_push(&lanes->order) = lanes->sorter.entries.at[i].item;
	vec_clear(&lanes->cpus);
	for (size_t cpu = 0; cpu < lanes->cpu_states.n && !lanes->sampled; cpu++)
		if (lanes->cpu_states.at[cpu] && lanes->cpu_states.at[cpu]->strip.n)
			*vec_push(&lanes->cpus) = (struct cpu_lane) { (int16_t)cpu,
				&lanes->cpu_states.at[cpu]->strip };
}

bool lanes_feed(struct lanes *lanes, const struct sample *sample)
{
	struct cursor cursor = { sample, sample->spans.at, sample->crowds.at };
	const struct lane_sample *row;
	nsec until;

	if (sample->switches_until_ns < 0)
		return false;
	if (lanes->sampled)
		lanes_reset(lanes);
	if (lanes->until < 0 || sample->switches_from_ns > lanes->until)
		leave_hole(lanes, MAX(sample->switches_from_ns, 0));
	until = MAX(sample->switches_until_ns, lanes->until);
	lanes->lost += MAX(sample->switches_lost, 0);
	lanes->until = until;
	vec_each (row, &sample->lanes)
		take_row(lanes, row, &cursor);
	advance(lanes, until);
	return true;
}

struct lanes_view model_lanes(const struct model *model)
{
	const struct lanes *lanes = &model->lanes;

	return (struct lanes_view) {
		.until = lanes->until,
		.sampled = lanes->sampled,
		.held = lanes->held,
		.lost = lanes->lost,
		.sum = lanes->sum,
		.left_out = lanes->left_out,
		.lanes = lanes->order.at,
		.n = lanes->order.n,
		.cpus = lanes->cpus.at,
		.n_cpus = lanes->cpus.n,
	};
}

void model_hold_lanes(struct model *model, bool hold)
{
	model->lanes.held = hold;
}
