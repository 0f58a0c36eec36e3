/* SPDX-License-Identifier: MIT
 * The past that a frozen screen looks back through: every step shows the sample of then, and its memory is bounded.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <malloc.h>

#include "model_samples.h"
#include "past.h"

#define STEP (100 * NSEC_PER_MSEC)

/* A sample at this step, with so many tasks; the first has switched `step` times. */
static void make(struct sample *sample, int64_t step, int tasks)
{
	sample_clear(sample);
	sample->at_ns = 1000 * NSEC_PER_SEC + step * STEP;
	for (int i = 0; i < tasks; i++) {
		struct task_sample *task = vec_push(&sample->tasks);

		record_clear(&task_record, task);
		task->side = SIDE_LEFT;
		task->worker = (int16_t)i;
		task->pid = task->tid = 100 + i;
		task->voluntary = step;
	}
}

static int64_t shown(const struct past *past)
{
	return model_track(past->model, 100)->now.voluntary;
}

static void each_step_shows_the_sample_of_then(void **state)
{
	struct past past = { 0 };
	struct sample sample = { 0 };

	assert_false(past_step(&past, 1, &sample)); /* nothing came yet */
	for (int64_t i = 0; i < 500; i++) {
		make(&sample, i, 2);
		past_add(&past, &sample);
	}
	assert_int_equal(past_reach(&past), 499 * STEP);
	for (int64_t i = 1; i <= 5; i++) {
		assert_true(past_step(&past, 1, &sample));
		assert_int_equal(shown(&past), 499 - i);
		assert_int_equal(past_age(&past), i * STEP);
	}
	assert_true(past_jump(&past, 10 * NSEC_PER_SEC, &sample));
	assert_int_equal(shown(&past), 499 - 105);
	assert_true(past_jump(&past, -NSEC_PER_SEC, &sample));
	assert_int_equal(shown(&past), 499 - 95);
	assert_true(past_step(&past, 100000, &sample)); /* there is no more than all */
	assert_int_equal(shown(&past), 0);
	assert_false(past_step(&past, -100000, &sample));
	assert_null(past.model);
	sample_finish(&sample);
	past_finish(&past);
}

/* What the whole ring holds, by malloc's own account: also what is no longer shown. */
static size_t held(const struct past *past)
{
	size_t bytes = 0;

	for (size_t i = 0; i < PAST_SAMPLES; i++)
		bytes += malloc_usable_size(past->at[i].tasks.at) +
			 (past->at[i].at_ns ? sizeof(past->at[i]) : 0);
	return bytes;
}

/* Ten minutes and no more; a memory that is full keeps the time, and drops what is between. */
static void time_and_memory_are_bounded(void **state)
{
	struct past past = { 0 };
	struct sample sample = { 0 };
	const int64_t steps = 2 * PAST_SAMPLES;

	for (int64_t i = 0; i < steps; i++) {
		make(&sample, i, 1);
		past_add(&past, &sample);
	}
	assert_true(past_reach(&past) <= PAST_TIME);
	assert_true(past_reach(&past) >= PAST_TIME - 2 * STEP);
	past_finish(&past);

	struct past wide = { 0 };
	for (int64_t i = 0; i < 2000; i++) {
		make(&sample, i, 320);
		past_add(&wide, &sample);
		assert_true(wide.bytes <= PAST_BYTES);
	}
	assert_int_equal(past_reach(&wide), 1999 * STEP);
	assert_true(past_step(&wide, 1, &sample));
	assert_int_equal(shown(&wide), 1998);
	for (int64_t i = 2000; i < steps; i++) {
		make(&sample, i, i % 2 ? 320 : 200);
		past_add(&wide, &sample);
		if (i % 100 == 0)
			assert_true(held(&wide) <= PAST_BYTES + PAST_BYTES / 16);
	}
	sample_finish(&sample);
	past_finish(&wide);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_step_shows_the_sample_of_then),
		cmocka_unit_test(time_and_memory_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
