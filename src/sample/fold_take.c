/* SPDX-License-Identifier: MIT
 * What a fold gives to a sample: rows of lanes with the spans that began since the sample before.
 */
#include "fold.h"

/* No record and no reading for so long: the record of its death was lost. */
#define FORGOTTEN (10 * NSEC_PER_SEC)

/* What a lane has to tell, into a row that has all but its spans. */
static void give_lane(struct fold_lane *lane, struct sample *sample, struct lane_sample *row)
{
	fold_lane_settle(lane);
	row->spans = (uint32_t)lane->spans.n;
	for (size_t i = 0; i < lane->spans.n; i++)
		*vec_push(&sample->spans) = lane->spans.at[i];
	for (size_t i = 0; i < lane->crowds.n; i++)
		*vec_push(&sample->crowds) = lane->crowds.at[i];
	vec_clear(&lane->spans);
	vec_clear(&lane->crowds);
}

static void give_reading(struct fold_task *task, struct lane_sample *row)
{
	row->read_ns = task->reading.to_ns;
	row->seen_voluntary = task->seen_voluntary;
	row->seen_involuntary = task->seen_involuntary;
	row->seen_between = task->seen_voluntary + task->seen_involuntary - task->seen_before;
	row->counted_voluntary = task->reading.voluntary;
	row->counted_involuntary = task->reading.involuntary;
	task->stage = READING_NONE;
}

static void give_task(struct switch_fold *fold, uint32_t number, struct sample *sample)
{
	struct fold_task *task = fold->tasks.at[number];
	struct lane_sample *row;

	if (task->lane.n == 0 && task->lane.spans.n == 0 && task->stage != READING_PASSED)
		return;
	task->row = (uint32_t)sample->lanes.n;
	row = record_push(&lane_record, sample);
	row->pid = task->pid;
	row->tid = task->tid;
	row->side = task->side;
	row->born_ns = task->born;
	row->since_ns = task->since;
	if (task->stage == READING_PASSED)
		give_reading(task, row);
	give_lane(&task->lane, sample, row);
}

/* Who has no row is not named: it ended in a record that came late, or that makes no sense. */
static bool name_row(const struct switch_fold *fold, int32_t *who)
{
	const uint32_t row = fold->tasks.at[*who]->row;

	*who = row == FOLD_NOBODY ? 0 : (int32_t)row;
	return row != FOLD_NOBODY;
}

/* Of the spans just given out: whom they mean, in this sample. */
static void name_rows(
	const struct switch_fold *fold, struct sample *sample, size_t span, size_t crowd)
{
	for (; span < sample->spans.n; span++) {
		struct span *of = &sample->spans.at[span];

		if (of->state == SPAN_RUNNING && !name_row(fold, &of->who))
			of->state = SPAN_UNKNOWN;
	}
	for (; crowd < sample->crowds.n; crowd++) {
		struct span_sums *of = &sample->crowds.at[crowd];

		if (of->who_ns == 0)
			of->who = 0;
		else if (!name_row(fold, &of->who))
			of->who_ns = 0;
	}
}

static void give_cpu(struct switch_fold *fold, size_t cpu, struct sample *sample)
{
	const size_t span = sample->spans.n, crowd = sample->crowds.n;
	struct fold_lane *lane = &fold->cpus.at[cpu]->lane;

	if (lane->n == 0 && lane->spans.n == 0)
		return;
	struct lane_sample *row = record_push(&lane_record, sample);
	row->cpu = (int16_t)cpu;
	give_lane(lane, sample, row);
	name_rows(fold, sample, span, crowd);
}

static void give_tasks(struct switch_fold *fold, struct sample *sample)
{
	struct fold_task **task;

	vec_each (task, &fold->tasks)
		(*task)->row = FOLD_NOBODY;
	for (size_t i = 0; i < fold->dead.n; i++) {
		fold_pass_reading(fold->tasks.at[fold->dead.at[i]], fold->until);
		give_task(fold, fold->dead.at[i], sample);
	}
	for (size_t i = 0; i < fold->tasks.n; i++) {
		struct fold_task *of = fold->tasks.at[i];

		if (!of->used || !of->alive)
			continue;
		fold_pass_reading(of, fold->until);
		give_task(fold, (uint32_t)i, sample);
	}
}

static void free_ended(struct switch_fold *fold)
{
	for (size_t i = 0; i < fold->tasks.n; i++) {
		struct fold_task *task = fold->tasks.at[i];

		if (!task->used || !task->alive || task->touched >= fold->until - FORGOTTEN ||
			task->lane.now.state == SPAN_RUNNING)
			continue;
		fold_unchain(fold, (uint32_t)i);
		fold_free_task(fold, (uint32_t)i);
	}
	for (size_t i = 0; i < fold->dead.n; i++)
		fold_free_task(fold, fold->dead.at[i]);
	vec_clear(&fold->dead);
}

void switch_fold_take(struct switch_fold *fold, nsec until, struct sample *sample)
{
	fold->until = MAX(fold->until, until);
	give_tasks(fold, sample);
	for (size_t cpu = 0; cpu < fold->cpus.n; cpu++)
		if (fold->cpus.at[cpu])
			give_cpu(fold, cpu, sample);
	free_ended(fold);
	sample->switches_from_ns = fold->from;
	sample->switches_until_ns = fold->from = fold->until;
	sample->switches_seen = fold->seen;
	sample->switches_lost = fold->lost;
	fold->seen = fold->lost = 0;
}

/* --- recordings that hold each record --- */

void switch_fold_sample(struct switch_fold *fold, struct sample *sample)
{
	const nsec from = sample->switches_from_ns, until = sample->switches_until_ns;
	const struct switch_sample *event;
	const struct task_sample *task;

	if (until < 0) {
		vec_clear(&sample->switches);
		return;
	}
	if (fold->until < 0 || from > fold->until)
		switch_fold_restart(fold, from);
	vec_each (event, &sample->switches)
		switch_fold_add(fold, event);
	/* Such a recording does not say when its counters were read: they agree if they are what was recorded up to here. */
	vec_each (task, &sample->tasks)
		if (task->state != 'Z')
			switch_fold_reading(fold, &(struct switch_reading) { .pid = task->pid,
							  .tid = task->tid,
							  .side = task->side,
							  .from_ns = until - 1,
							  .to_ns = until - 1,
							  .voluntary = task->voluntary,
							  .involuntary = task->involuntary });
	vec_clear(&sample->switches);
	switch_fold_take(fold, until, sample);
}
