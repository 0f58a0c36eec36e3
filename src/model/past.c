/* SPDX-License-Identifier: MIT
 * Keeps the samples of the last ten minutes in a ring, and makes a model of those before a moment.
 */
#include "past.h"

#define HISTORY                                                                                    \
	240 /* samples that the model of a moment is made of: as many as a chart has cells */

static struct sample *sample_at(const struct past *past, size_t i)
{
	return &past->at[(past->first + i) % PAST_SAMPLES];
}

/* What is too much for a past: whole address spaces. */
static bool is_kept(const struct record *kind)
{
	return kind != &mapping_record && kind != &pages_record;
}

static size_t bytes_of(struct sample *sample)
{
	size_t bytes = sizeof(*sample);

	for (size_t i = 0; record_kinds[i]; i++)
		if (record_kinds[i]->limit > 1)
			bytes += *record_rows(record_kinds[i], sample).room * record_kinds[i]->size;
	return bytes;
}

static void copy_kept(struct sample *to, const struct sample *from)
{
	to->at_ns = from->at_ns;
	to->slow_at_ns = from->slow_at_ns;
	to->switches_from_ns = to->switches_until_ns = UNKNOWN;
	for (size_t i = 0; record_kinds[i]; i++)
		if (is_kept(record_kinds[i]))
			record_copy(record_kinds[i], to, from);
}

/* Hands out the oldest sample, so that its room can be used again. */
static struct sample take_oldest(struct past *past)
{
	struct sample *place = sample_at(past, 0), oldest = *place;

	past->bytes -= bytes_of(place);
	*place = (struct sample) { 0 };
	past->first = (past->first + 1) % PAST_SAMPLES;
	past->n--;
	return oldest;
}

/* Every second one of the older half: the past becomes coarser, and stays as long. */
static void thin(struct past *past)
{
	size_t kept = 0, half = past->n / 2;

	for (size_t i = 0; i < past->n; i++) {
		struct sample *sample = sample_at(past, i), *to = sample_at(past, kept);

		if (i < half && i % 2) {
			past->bytes -= bytes_of(sample);
			sample_finish(sample);
			continue;
		}
		if (to != sample) {
			*to = *sample;
			*sample = (struct sample) { 0 };
		}
		kept++;
	}
	past->n = kept;
}

void past_add(struct past *past, const struct sample *sample)
{
	struct sample used = { 0 }, *slot;

	if (!past->at)
		past->at = xcalloc(PAST_SAMPLES, sizeof(*past->at));
	while (past->n && (past->n == PAST_SAMPLES ||
				  sample->at_ns - sample_at(past, 0)->at_ns > PAST_TIME)) {
		sample_finish(&used);
		used = take_oldest(past);
	}
	slot = sample_at(past, past->n++);
	*slot = used;
	copy_kept(slot, sample);
	past->bytes += bytes_of(slot);
	while (past->bytes > PAST_BYTES && past->n > 4)
		thin(past);
}

/* --- looking back --- */

void past_leave(struct past *past)
{
	model_destroy(past->model);
	past->model = NULL;
	past->back = 0;
}

/* The model of a moment: what came before it, for rates and charts, and what it had itself. */
static void show(struct past *past, const struct sample *now)
{
	const size_t last = past->n - 1 - past->back, first = last - MIN(last, HISTORY - 1);

	model_destroy(past->model);
	past->model = model_create(HISTORY);
	for (size_t i = first; i < last; i++)
		model_feed(past->model, sample_at(past, i));
	sample_copy(&past->then, now);
	vec_clear(&past->then.lanes);
	vec_clear(&past->then.spans);
	vec_clear(&past->then.crowds);
	copy_kept(&past->then, sample_at(past, last));
	model_feed(past->model, &past->then);
}

bool past_step(struct past *past, int64_t steps, const struct sample *now)
{
	int64_t back = (int64_t)past->back + steps;

	if (!past->n || back <= 0) {
		past_leave(past);
		return false;
	}
	past->back = (size_t)MIN(back, (int64_t)past->n - 1);
	show(past, now);
	return true;
}

bool past_jump(struct past *past, nsec time, const struct sample *now)
{
	size_t back = past->back;
	const nsec wanted = past->n ? past_age(past) + time : 0;

	if (!past->n)
		return false;
	while (time > 0 && back + 1 < past->n && past_age(past) < wanted)
		past->back = ++back;
	while (time < 0 && back > 0 && past_age(past) > wanted)
		past->back = --back;
	return past_step(past, 0, now);
}

nsec past_age(const struct past *past)
{
	return past->n ? sample_at(past, past->n - 1)->at_ns -
				 sample_at(past, past->n - 1 - past->back)->at_ns
		       : 0;
}

nsec past_reach(const struct past *past)
{
	return past->n ? sample_at(past, past->n - 1)->at_ns - sample_at(past, 0)->at_ns : 0;
}

void past_finish(struct past *past)
{
	past_leave(past);
	for (size_t i = 0; past->at && i < PAST_SAMPLES; i++)
		sample_finish(&past->at[i]);
	sample_finish(&past->then);
	free(past->at);
	past->at = NULL;
}
