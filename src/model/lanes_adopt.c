/* SPDX-License-Identifier: MIT
 * What /proc adds to the lanes: whose a lane is, what its task counted itself, and who slept all the time; and what the
 * lanes add to a task's facts.
 */
#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATISTICS NSEC_PER_SEC /* what the facts of lanes are about: the last second */

/* What /proc counted since the counts of both began. */
static void reconcile(struct lane_state *state, const struct task_sample *now)
{
	struct lane *lane = &state->lane;

	if (now->voluntary < 0 || now->involuntary < 0)
		return;
	if (!state->based) {
		state->based = true;
		state->base_voluntary = now->voluntary;
		state->base_involuntary = now->involuntary;
		state->voluntary = state->involuntary = 0;
	}
	lane->seen_voluntary = state->voluntary;
	lane->seen_involuntary = state->involuntary;
	lane->counted_voluntary = now->voluntary - state->base_voluntary;
	lane->counted_involuntary = now->involuntary - state->base_involuntary;
}

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

/* Tasks of the sample get lanes, and lanes the names of workers. */
void lanes_adopt(struct model *model, bool watched)
{
	struct lanes *lanes = &model->lanes;
	struct task_track **at;

	lanes->left_out = 0;
	vec_each (at, &model->tracks.all) {
		struct track *track = &(*at)->track;
		struct lane_state *state;

		track->lane = no_lane;
		if (!watched || !(*at)->living || track->now.state == 'Z')
			continue;
		state = lanes_at(lanes, track->now.pid, track->now.tid, track->now.side);
		if (!state) {
			lanes->left_out++;
			continue;
		}
		if (!state->strip.n) {
			strip_put(&state->strip,
				(struct span) {
					.from = lanes->until, .cpu = -1, .state = SPAN_UNKNOWN });
			strip_advance(&state->strip, lanes->until);
		}
		state->lane.worker = track->now.worker;
		tell_sleeper(lanes, state, &track->now);
		reconcile(state, &track->now);
		mark_delay(state, &track->now, model->sample.at_ns);
		state->lane.mean_delay_ns = mean_delay(state);
		track->lane = statistics(lanes, state);
	}
}

void lanes_sum_up(struct lanes *lanes)
{
	struct lanes_sum sum = { 0 };
	size_t n;

	for (size_t i = 0; i < lanes->order.n; i++) {
		const struct lane *lane = lanes->order.at[i];

		sum.seen += lane->seen_voluntary + lane->seen_involuntary;
		sum.counted += lane->counted_voluntary + lane->counted_involuntary;
	}
	sum.differ = sum.counted - sum.seen;
	lanes->differences[lanes->n_differences++ % DIFFERENCES] = sum.differ;
	n = MIN(lanes->n_differences, (size_t)DIFFERENCES);
	for (size_t i = 0; i < n; i++)
		if (llabs(lanes->differences[i]) < llabs(sum.differ))
			sum.differ = lanes->differences[i];
	lanes->sum = sum;
}
