/* SPDX-License-Identifier: MIT
 * What /proc adds to the lanes: whose a lane is, what its task counted itself, and who slept all the time; and what the
 * lanes add to a task's facts.
 */
#include "internal.h"

#define STATISTICS NSEC_PER_SEC /* what the facts of lanes are about: the last second */

static double ratio(nsec ns, int n)
{
	return n > 0 ? (double)ns / n : NAN;
}

/* Marks a tenth of a second apart, so that the oldest that is kept is about a second ago. */
static void mark_delay(struct lane_state *state, const struct task_sample *now, nsec at)
{
	const struct delay_mark mark = { at, now->wait_ns, now->slices };
	struct delay_mark *last = &state->delays[DELAYS - 1];

	if (now->wait_ns < 0 || now->slices < 0)
		return;
	if (state->n_delays == 0 || at - last[-1].at_ns >= NSEC_PER_SEC / 10) {
		memmove(state->delays, state->delays + 1, (DELAYS - 1) * sizeof(mark));
		state->n_delays = MIN(state->n_delays + 1, DELAYS);
	}
	*last = mark;
}

/* From being woken, or preempted, to being put on, as schedstat sums it. */
static double mean_delay(const struct lane_state *state)
{
	const struct delay_mark *last = &state->delays[DELAYS - 1],
				*first = &state->delays[DELAYS - state->n_delays];

	if (state->n_delays < 2 || last->slices <= first->slices || last->wait_ns < first->wait_ns)
		return NAN;
	return (double)(last->wait_ns - first->wait_ns) / (double)(last->slices - first->slices);
}

static struct track_lane statistics(const struct lanes *lanes, const struct lane_state *state)
{
	const nsec unit = state->strip.tier[TIERS - 1].unit, to = lanes->until / unit * unit;
	const struct strip_cell cell = strip_cell(&state->strip, to - STATISTICS, to);
	const nsec known = cell.run_ns + cell.wait_ns + cell.off_ns;
	const struct lane_waits waits = lane_waits(state->waits, to - STATISTICS, INT64_MAX);
	struct track_lane lane = {
		.run_percent = known > 0 ? 100.0 * (double)cell.run_ns / (double)known : NAN,
		.mean_run_ns = ratio(cell.run_ns, cell.put_on),
		.longest_run_ns = cell.longest_run_ns > 0 ? (double)cell.longest_run_ns : NAN,
		.mean_wait_ns = ratio(cell.wait_ns, cell.preempted),
		.mean_delay_ns = state->lane.mean_delay_ns,
		.longest_wait_ns = cell.longest_wait_ns > 0 ? (double)cell.longest_wait_ns : NAN,
		.seen_voluntary = (double)state->lane.seen_voluntary,
		.seen_involuntary = (double)state->lane.seen_involuntary,
		.unseen = (double)(state->lane.counted_voluntary + state->lane.counted_involuntary -
				   state->lane.seen_voluntary - state->lane.seen_involuntary),
		.until_ns = lanes->until,
		.looked_ns = waits.newest,
	};

	snprintf(lane.waits_in, sizeof(lane.waits_in), "%s", waits.channel);
	return lane;
}

/* Who sleeps, and did not run between two samples, was off all the while: no record will ever tell. */
static void tell_sleeper(
	struct lanes *lanes, struct lane_state *state, const struct task_sample *now)
{
	const struct task_sample *before = &state->before;

	if (strip_now(&state->strip).state == SPAN_UNKNOWN && state->before_ns >= 0 &&
		now->state == 'S' && before->state == 'S' && now->run_ns >= 0 &&
		now->run_ns == before->run_ns && now->voluntary == before->voluntary &&
		now->involuntary == before->involuntary)
		strip_put(&state->strip,
			(struct span) { .from = lanes->until, .cpu = now->cpu, .state = SPAN_OFF });
	state->before = *now;
	state->before_ns = lanes->until;
}

/* Where a death was lost: no sample has the task, and no record either for a second. */
static void bury(struct lanes *lanes, const struct tracks *tracks)
{
	struct lane_state **at;

	vec_each (at, &lanes->all) {
		const struct lane *lane = &(*at)->lane;
		const struct span died = { lanes->until, 0, strip_now(&(*at)->strip).cpu, SPAN_NONE,
			MARK_DIED };

		if (!lane->alive || (*at)->event_ns >= lanes->until - NSEC_PER_SEC ||
			tracks_find(tracks, (enum side)lane->side, lane->tid))
			continue;
		strip_put(&(*at)->strip, died);
		lanes_end(lanes, *at, lanes->until);
	}
}

static void take_waits(struct lanes *lanes, const struct sample *sample)
{
	const struct wait_sample *wait;

	vec_each (wait, &sample->waits) {
		struct lane_state *state = lanes_find(lanes, wait->tid, wait->side);

		if (state)
			wait_log_add(state->waits, wait);
	}
}

static void adopt(struct lanes *lanes, struct lane_state *state, struct task_track *t, nsec at)
{
	struct track *track = &t->track;

	if (!state->strip.n) {
		strip_put(&state->strip,
			(struct span) { .from = lanes->until, .cpu = -1, .state = SPAN_UNKNOWN });
		strip_advance(&state->strip, lanes->until);
	}
	state->lane.worker = track->now.worker;
	tell_sleeper(lanes, state, &track->now);
	mark_delay(state, &track->now, at);
	state->lane.mean_delay_ns = mean_delay(state);
	if (!t->lane)
		t->lane = xcalloc(1, sizeof(*t->lane));
	*t->lane = statistics(lanes, state);
	track->lane = t->lane;
}

/* Tasks of the sample get lanes, and lanes the names of workers. */
void lanes_adopt(
	struct lanes *lanes, struct tracks *tracks, const struct sample *sample, bool watched)
{
	struct task_track **at;

	if (watched)
		bury(lanes, tracks);
	take_waits(lanes, sample);
	lanes->left_out = 0;
	if (!watched && !lanes->adopted)
		return;
	lanes->adopted = watched;
	vec_each (at, &tracks->all) {
		struct track *track = &(*at)->track;
		struct lane_state *state;

		if ((*at)->living && track->seen_ns != sample->at_ns)
			continue; /* it has ended: what was seen last stays */
		track->lane = &no_lane;
		if (!watched || !(*at)->living || track->now.state == 'Z')
			continue;
		state = lanes_at(lanes, track->now.pid, track->now.tid, track->now.side);
		if (state)
			adopt(lanes, state, *at, sample->at_ns);
		else
			lanes->left_out++;
	}
}

void lanes_sum_up(struct lanes *lanes)
{
	struct lanes_sum sum = { 0 };

	for (size_t i = 0; i < lanes->order.n; i++) {
		const struct lane *lane = lanes->order.at[i];

		sum.seen += lane->seen_voluntary + lane->seen_involuntary;
		sum.counted += lane->counted_voluntary + lane->counted_involuntary;
		sum.between += lane->between;
		sum.apart += llabs(lane->apart);
	}
	lanes->sum = sum;
}
