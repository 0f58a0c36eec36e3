/* SPDX-License-Identifier: MIT
 * Switch records turned into lanes: one a task, one a CPU. Knows alone what a record says of the time before and after it,
 * and what is not known after records were lost.
 */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

#define PAST (21 * NSEC_PER_SEC) /* a dead lane whose past is older than any that is kept */
#define CPUS_MAX 1024

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
	lanes->n_differences = 0;
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
	if (cpu < 0 || cpu >= CPUS_MAX)
		return NULL;
	while (lanes->cpu_states.n <= (size_t)cpu)
		vec_push(&lanes->cpu_states);
	if (!lanes->cpu_states.at[cpu]) {
		struct cpu_state *state = xcalloc(1, sizeof(*state));

		strip_init(&state->strip);
		lanes->cpu_states.at[cpu] = state;
	}
	return lanes->cpu_states.at[cpu];
}

/* --- records --- */

static void put(struct strip *strip, nsec at, enum span_state state, enum span_mark mark, int cpu,
	int32_t who)
{
	strip_put(strip, (struct span) { at, who, (int16_t)cpu, (uint8_t)state, (uint8_t)mark });
}

/* Whoever else was believed to run on this CPU does not: the record that took it off is missing. */
static void evict(struct lanes *lanes, struct cpu_state *cpu, nsec at, const struct lane *but)
{
	const struct span now = strip_now(&cpu->strip);
	struct lane_state *other;

	if (now.state != SPAN_RUNNING || now.who == but->tid)
		return;
	for (int side = 0; side < SIDES; side++) {
		other = lanes_find(lanes, now.who, side);
		if (other && strip_now(&other->strip).state == SPAN_RUNNING &&
			strip_now(&other->strip).cpu == now.cpu)
			put(&other->strip, at, SPAN_UNKNOWN, MARK_NONE, now.cpu, 0);
	}
}

/* The CPU that a task was believed to run on does not run it any more. */
static void release(struct lanes *lanes, const struct lane_state *state, nsec at)
{
	const struct span now = strip_now(&state->strip);
	struct cpu_state *cpu = now.state == SPAN_RUNNING ? cpu_at(lanes, now.cpu) : NULL;

	if (cpu && strip_now(&cpu->strip).state == SPAN_RUNNING &&
		strip_now(&cpu->strip).who == state->lane.tid)
		put(&cpu->strip, at, SPAN_OFF, MARK_NONE, now.cpu, 0);
}

static void take_in(struct lanes *lanes, struct lane_state *state, struct cpu_state *cpu,
	const struct switch_sample *event)
{
	release(lanes, state, event->at_ns);
	if (cpu) {
		evict(lanes, cpu, event->at_ns, &state->lane);
		put(&cpu->strip, event->at_ns, SPAN_RUNNING, MARK_PUT_ON, event->cpu, event->tid);
	}
	put(&state->strip, event->at_ns, SPAN_RUNNING, MARK_PUT_ON, event->cpu, 0);
}

static void take_out(struct lanes *lanes, struct lane_state *state, struct cpu_state *cpu,
	const struct switch_sample *event)
{
	bool preempted = event->kind == SWITCH_PREEMPTED;

	release(lanes, state, event->at_ns);
	if (cpu && strip_now(&cpu->strip).state != SPAN_OFF) {
		evict(lanes, cpu, event->at_ns, &state->lane);
		put(&cpu->strip, event->at_ns, SPAN_OFF, MARK_NONE, event->cpu, 0);
	}
	put(&state->strip, event->at_ns, preempted ? SPAN_WAITING : SPAN_OFF,
		preempted ? MARK_PREEMPTED : MARK_GAVE_UP, event->cpu, 0);
	state->voluntary += !preempted;
	state->involuntary += preempted;
}

static void take_death(struct lanes *lanes, struct lane_state *state, nsec at, nsec seen)
{
	release(lanes, state, at);
	put(&state->strip, at, SPAN_NONE, MARK_DIED, strip_now(&state->strip).cpu, 0);
	state->lane.alive = false;
	state->lane.died_ns = seen;
	rebuild_index(lanes);
}

/* A tid that lives twice: the death of the first was lost. */
static void take_birth(struct lanes *lanes, const struct switch_sample *event)
{
	struct lane_state *state = lanes_find(lanes, event->tid, event->side);

	if (state)
		take_death(lanes, state, event->at_ns, event->at_ns);
	state = make_lane(lanes, event->pid, event->tid, event->side);
	if (!state)
		return;
	put(&state->strip, event->at_ns, SPAN_WAITING, MARK_BORN, event->cpu, 0);
	state->lane.born_ns = event->at_ns;
	state->event_ns = event->at_ns;
	state->based = true; /* a new task has counted nothing */
	state->base_voluntary = state->base_involuntary = 0;
}

/* From when on nothing is known: the last record of the CPU whose records are missing. */
static void take_loss(struct lanes *lanes, const struct switch_sample *event)
{
	const struct cpu_state *lost = cpu_at(lanes, event->cpu);
	const nsec from = lost ? lost->event_ns : event->at_ns;
	struct lane_state **at;

	lanes->lost += event->other;
	vec_each (at, &lanes->all)
		if ((*at)->lane.alive && strip_now(&(*at)->strip).state != SPAN_NONE)
			put(&(*at)->strip, from, SPAN_UNKNOWN, MARK_NONE, -1, 0);
	for (size_t cpu = 0; cpu < lanes->cpu_states.n; cpu++)
		if (lanes->cpu_states.at[cpu])
			put(&lanes->cpu_states.at[cpu]->strip, from, SPAN_UNKNOWN, MARK_NONE,
				(int)cpu, 0);
}

/* The lane of an event. Who is taken off a CPU is mostly who was put on it last: then nothing is looked up. */
static struct lane_state *lane_of(
	struct lanes *lanes, struct cpu_state *cpu, const struct switch_sample *event)
{
	struct lane_state *state = cpu ? cpu->last : NULL;

	if (state && state->lane.tid == event->tid && state->lane.side == event->side &&
		state->lane.alive)
		return state;
	state = lanes_at(lanes, event->pid, event->tid, event->side);
	if (cpu)
		cpu->last = state;
	return state;
}

static void take(struct lanes *lanes, const struct switch_sample *event)
{
	struct cpu_state *cpu = cpu_at(lanes, event->cpu);
	struct lane_state *state;

	if (event->kind == SWITCH_LOST)
		take_loss(lanes, event);
	else if (event->kind == SWITCH_BORN)
		take_birth(lanes, event);
	else if ((state = lane_of(lanes, cpu, event))) {
		state->event_ns = event->at_ns;
		if (event->kind == SWITCH_IN)
			take_in(lanes, state, cpu, event);
		else if (event->kind == SWITCH_DIED)
			take_death(lanes, state, event->at_ns, event->at_ns);
		else
			take_out(lanes, state, cpu, event);
	}
	if (cpu)
		cpu->event_ns = event->at_ns;
}

/* --- a feed --- */

/* Nothing is known of the time up to `from`, nor of any state after it until a record tells. */
static void leave_hole(struct lanes *lanes, nsec from)
{
	struct lane_state **lane;
	struct cpu_state **cpu;

	vec_each (lane, &lanes->all) {
		(*lane)->based = false;
		if (!(*lane)->lane.alive)
			continue;
		put(&(*lane)->strip, lanes->until < 0 ? from : lanes->until, SPAN_UNKNOWN,
			MARK_NONE, -1, 0);
		strip_advance(&(*lane)->strip, from);
	}
	vec_each (cpu, &lanes->cpu_states)
		if (*cpu) {
			put(&(*cpu)->strip, lanes->until < 0 ? from : lanes->until, SPAN_UNKNOWN,
				MARK_NONE, -1, 0);
			strip_advance(&(*cpu)->strip, from);
		}
}

static void settle(struct lanes *lanes)
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
	settle(lanes);
	lanes->until = until;
}

/* Where a death was lost: no sample has the task, and no record either for a second. */
static void bury(struct model *model)
{
	struct lanes *lanes = &model->lanes;
	struct lane_state **at;

	vec_each (at, &lanes->all) {
		const struct lane *lane = &(*at)->lane;

		if (lane->alive && (*at)->event_ns < lanes->until - NSEC_PER_SEC &&
			!tracks_find(&model->tracks, (enum side)lane->side, lane->tid))
			take_death(lanes, *at, lanes->until, lanes->until);
	}
}

static uint64_t rank(const struct lane *lane)
{
	uint64_t who = lane->worker == WORKER_HOST ? 0
		       : lane->worker >= 0         ? 1 + (uint64_t)lane->worker
						   : 100000;

	return (uint64_t)lane->side << 40 | (uint64_t)!lane->alive << 32 | who;
}

static void put_in_order(struct lanes *lanes)
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

static void feed_records(struct model *model)
{
	struct lanes *lanes = &model->lanes;
	const struct sample *sample = &model->sample;
	const struct switch_sample *event;

	if (lanes->sampled)
		lanes_reset(lanes);
	if (lanes->until < 0 || sample->switches_from_ns > lanes->until)
		leave_hole(lanes, MAX(sample->switches_from_ns, 0));
	vec_each (event, &sample->switches)
		take(lanes, event);
	advance(lanes, MAX(sample->switches_until_ns, lanes->until));
	bury(model);
}

void lanes_feed(struct model *model)
{
	struct lanes *lanes = &model->lanes;
	const bool records = model->sample.switches_until_ns >= 0;
	const bool refused = !records && model_gap(model, 0, "perf_event");

	if (lanes->held)
		return;
	if (records)
		feed_records(model);
	else if (refused)
		lanes_feed_sampled(model);
	lanes_take_waits(model);
	lanes_adopt(model, records);
	if (records || refused)
		put_in_order(lanes);
	lanes_sum_up(lanes);
	settle(lanes); /* what /proc added to the records */
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
