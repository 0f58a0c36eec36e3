/* SPDX-License-Identifier: MIT
 * Makes a model, and feeds its parts with a sample, in their order.
 */
#include "internal.h"

struct model *model_create(size_t history)
{
	struct model *model = xcalloc(1, sizeof(*model));

	model->history = MIN(MAX(history, 2), (size_t)UINT16_MAX);
	model->tracks.history = model->history;
	model->regions = xcalloc(1, sizeof(*model->regions));
	for (int side = 0; side < SIDES; side++)
		model->sides[side].history = xcalloc(model->history, sizeof(struct point));
	model_reset(model);
	return model;
}

void model_destroy(struct model *model)
{
	if (!model)
		return;
	for (int side = 0; side < SIDES; side++) {
		vec_finish(&model->sides[side].tracks);
		vec_finish(&model->sides[side].numbered);
		vec_finish(&model->sides[side].processes);
		vec_finish(&model->sides[side].ended);
		free(model->sides[side].history);
	}
	vec_finish(&model->sorter.entries);
	tracks_finish(&model->tracks);
	processes_finish(&model->processes);
	frames_finish(&model->frames);
	regions_finish(model->regions);
	free(model->regions);
	align_finish(&model->align);
	lanes_finish(&model->lanes);
	waits_finish(&model->waits);
	last_seen_finish(&model->last_seen);
	sample_finish(&model->sample);
	free(model);
}

void model_reset(struct model *model)
{
	sample_clear(&model->sample);
	model->feeds = 0;
	model->interval_ns = 0;
	model->interval_s = NAN;
	tracks_reset(&model->tracks);
	processes_reset(&model->processes);
	sides_reset(model);
	differences_reset(&model->differences);
	regions_forget(model->regions);
	lanes_reset(&model->lanes);
	waits_reset(&model->waits);
	last_seen_reset(&model->last_seen);
	model->machine = (struct machine_track) { model->sample.machine, NAN };
	model->machine_at_ns = UNKNOWN;
	model->observer = (struct observer_track) { model->sample.observer, NAN, NAN, NAN };
}

/* Sets the interval. Returns whether it is so much longer than the one before that a graph must
 * show a hole: the machine slept, or we were stopped. */
static bool take_interval(struct model *model, nsec at_ns)
{
	const nsec before = model->interval_ns;

	if (model->feeds == 0)
		return false;
	model->interval_ns = elapsed(model->sample.at_ns, at_ns);
	model->interval_s = (double)model->interval_ns / NSEC_PER_SEC;
	return before > 0 && model->interval_ns / 3 > before;
}

/* The slow lane's reading comes again with every sample until its next. */
static void feed_machine(struct model *model)
{
	const struct machine_sample *now = &model->sample.machine;
	const nsec at_ns = model->sample.slow_at_ns;

	if (at_ns == model->machine_at_ns)
		return;
	model->machine.switches_per_s =
		model->machine_at_ns < 0 ? NAN
					 : rate_per_s(model->machine.now.switches, now->switches,
						   elapsed(model->machine_at_ns, at_ns));
	model->machine.now = *now;
	model->machine_at_ns = at_ns;
}

static void feed_observer(struct model *model)
{
	const struct observer_sample before = model->observer.now, now = model->sample.observer;
	const nsec dt = model->interval_ns; /* 0 at the first: no rate */

	model->observer = (struct observer_track) {
		.now = now,
		.cpu_percent = rate_percent(before.cpu_ns, now.cpu_ns, dt),
		.voluntary_per_s = rate_per_s(before.voluntary, now.voluntary, dt),
		.involuntary_per_s = rate_per_s(before.involuntary, now.involuntary, dt),
	};
}

/* Who has ended is in the model's sample still, and in no lane. */
static void feed_lanes(struct model *model, const struct sample *sample)
{
	struct lanes *lanes = &model->lanes;
	bool records, refused;

	if (lanes->held)
		return;
	records = lanes_feed(lanes, sample);
	refused = !records && model_gap(model, 0, "perf_event");
	if (refused)
		lanes_feed_sampled(lanes, sample);
	lanes_adopt(lanes, &model->tracks, sample, records);
	if (records || refused)
		lanes_order(lanes);
	lanes_sum_up(lanes);
	lanes_settle(lanes); /* what /proc added to the records */
}

/* Each task's row is in its track. */
static void copy_but_tasks(struct sample *to, const struct sample *from)
{
	struct sample rest = *from;

	rest.tasks.n = 0;
	sample_copy(to, &rest);
}

void model_feed(struct model *model, const struct sample *sample)
{
	if (model->feeds > 0 && sample->at_ns < model->sample.at_ns)
		model_reset(model);
	bool gap = take_interval(model, sample->at_ns);
	if (!model->without_last_seen)
		last_seen_keep(&model->last_seen, &model->tracks, &model->sample, sample);
	copy_but_tasks(&model->sample, sample);
	last_seen_show(&model->last_seen, &model->sample, sample);
	model->feeds++;
	regions_forget(model->regions);
	tracks_feed(&model->tracks, sample, &model->sample, (uint32_t)model->feeds, gap);
	processes_feed(&model->processes, &model->sample);
	waits_feed(&model->waits, sample);
	sides_feed(model, gap);
	differences_feed(&model->differences, model_side(model, SIDE_LEFT),
		model_side(model, SIDE_RIGHT), model->interval_s);
	feed_lanes(model, sample);
	frames_feed(&model->frames, &model->sample);
	feed_machine(model);
	feed_observer(model);
}

void model_forget_ended(struct model *model)
{
	model->without_last_seen = true;
}
