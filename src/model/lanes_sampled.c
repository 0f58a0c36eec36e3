/* SPDX-License-Identifier: MIT
 * Lanes where the kernel refuses its records: between two samples, the shares of run and wait that schedstat counted. Who
 * ran when in between is not known, and is not drawn.
 */
#include "internal.h"

/* A share of an interval in thousandths; 0 if it is not known. */
static int32_t share(int64_t before, int64_t now, nsec interval)
{
	if (before < 0 || now < before || interval <= 0)
		return 0;
	return (int32_t)MIN((double)(now - before) / (double)interval * 1000 + 0.5, 1000.0);
}

static int64_t counted(int64_t before, int64_t now)
{
	return before < 0 || now < before ? 0 : now - before;
}

static void feed_task(struct lane_state *state, const struct task_sample *now, nsec at)
{
	const struct task_sample *before = &state->before;
	const nsec interval = at - state->before_ns;
	struct span span = { .from = state->before_ns, .cpu = now->cpu, .state = SPAN_SAMPLED };
	int32_t run, wait;

	if (state->before_ns >= 0 && interval > 0) {
		run = share(before->run_ns, now->run_ns, interval);
		wait = MIN(share(before->wait_ns, now->wait_ns, interval), 1000 - run);
		span.who = wait << 16 | run;
		if (now->run_ns < 0 || before->run_ns < 0)
			span.state = SPAN_UNKNOWN;
		strip_put(&state->strip, span);
		strip_advance(&state->strip, at);
		strip_count(&state->strip, counted(before->slices, now->slices),
			counted(before->voluntary, now->voluntary),
			counted(before->involuntary, now->involuntary));
	}
	state->before = *now;
	state->before_ns = at;
}

/* Who is not in the sample any more has ended. */
static void end_missing(struct lanes *lanes, nsec at)
{
	struct lane_state **state;

	vec_each (state, &lanes->all) {
		if (!(*state)->lane.alive || (*state)->before_ns == at)
			continue;
		strip_put(&(*state)->strip,
			(struct span) {
				.from = at, .cpu = -1, .state = SPAN_NONE, .mark = MARK_DIED });
		(*state)->lane.alive = false;
		(*state)->lane.died_ns = at;
	}
}

void lanes_feed_sampled(struct lanes *lanes, const struct sample *sample)
{
	const nsec at = sample->at_ns;
	const struct task_sample *task;

	if (!lanes->sampled) {
		lanes_reset(lanes);
		lanes->sampled = true;
	}
	vec_each (task, &sample->tasks) {
		struct lane_state *state =
			task->state == 'Z' ? NULL
					   : lanes_at(lanes, task->pid, task->tid, task->side);

		if (!state)
			continue;
		state->lane.worker = task->worker;
		feed_task(state, task, at);
	}
	end_missing(lanes, at);
	lanes->until = at;
}
