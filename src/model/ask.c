/* SPDX-License-Identifier: MIT
 * Answers what is asked of a model.
 */

#include "internal.h"

const struct sample *model_sample(const struct model *model)
{
	return &model->sample;
}

#define LATELY (5 * NSEC_PER_SEC)

const struct track *model_became(const struct model *model, enum side side)
{
	const struct task_track *t = model->tracks.became[side];

	return t && t->living && t->track.was && *t->track.was &&
			       model->sample.at_ns - t->track.became_ns < LATELY
		       ? &t->track
		       : NULL;
}

bool model_is_last_seen(const struct model *model, enum side side)
{
	return model->last_seen.shown[side];
}

double model_interval(const struct model *model)
{
	return model->interval_s;
}

uint64_t model_feeds(const struct model *model)
{
	return model->feeds;
}

size_t model_history(const struct model *model)
{
	return model->history;
}

const struct model_side *model_side(const struct model *model, enum side side)
{
	return &model->sides[side].side;
}

const struct track *model_track(const struct model *model, int32_t tid)
{
	for (int side = 0; side < SIDES; side++) {
		const struct task_track *t = tracks_find(&model->tracks, (enum side)side, tid);

		if (t)
			return &t->track;
	}
	return NULL;
}

const struct process_track *model_process_track(const struct model *model, int32_t pid)
{
	return processes_find(&model->processes, pid);
}

const struct process_sample *model_process(const struct model *model, int32_t pid)
{
	const struct process_track *track = processes_find(&model->processes, pid);

	return track ? &track->now : NULL;
}

const struct machine_track *model_machine(const struct model *model)
{
	return &model->machine;
}

const struct observer_track *model_observer(const struct model *model)
{
	return &model->observer;
}

const struct gap_sample *model_gap(const struct model *model, int32_t pid, const char *what)
{
	const struct gap_sample *gap, *of_machine = NULL;

	vec_each (gap, &model->sample.gaps) {
		if (what && strcmp(gap->what, what) != 0)
			continue;
		if (gap->pid == pid)
			return gap;
		if (gap->pid == 0 && !of_machine)
			of_machine = gap;
	}
	return of_machine;
}
