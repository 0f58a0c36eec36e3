/* SPDX-License-Identifier: MIT
 * Identity: which task is which from sample to sample, when ids are used again, when exec swaps
 * counters, when start times are unknown, and that knowing it costs no memory over time.
 */
#include "model_scope.h"

/* A row of a task with one kind of count in all its counters. */
static struct task_sample *add_counting(
	struct scope *s, int32_t pid, int32_t tid, int64_t start, int64_t count)
{
	struct task_sample *task = add_task(&s->sample, SIDE_LEFT, pid, tid);

	task->start = start;
	task->voluntary = task->involuntary = task->slices = count;
	task->minor_faults = task->major_faults = count;
	task->run_ns = task->wait_ns = count * 1000;
	return task;
}

static const struct track *feed_one(
	struct scope *s, int second, int32_t pid, int32_t tid, int64_t start, int64_t count)
{
	start_sample(&s->sample, second * NSEC_PER_SEC);
	add_counting(s, pid, tid, start, count);
	model_feed(s->model, &s->sample);
	return model_track(s->model, tid);
}

static int64_t total(const struct scope *s)
{
	return model_side(s->model, SIDE_LEFT)->totals.voluntary;
}

static void a_task_is_followed_over_samples(void **state)
{
	const struct track *before = feed_one(*state, 1, 10, 11, 500, 100);
	const struct track *now = feed_one(*state, 3, 10, 11, 500, 140);

	assert_ptr_equal(before, now);
	assert_int_equal(now->born_ns, NSEC_PER_SEC);
	assert_int_equal(now->seen_ns, 3 * NSEC_PER_SEC);
	assert_near(now->voluntary_per_s, 20);
	assert_int_equal(now->history_n, 2);
}

static void a_reused_id_is_another_task(void **state)
{
	struct scope *s = *state;
	const struct track *track;

	feed_one(s, 1, 10, 11, 500, 100);
	feed_one(s, 2, 10, 11, 500, 140);
	track = feed_one(s, 3, 10, 11, 777, 1000);
	assert_true(isnan(track->voluntary_per_s));
	assert_int_equal(track->born_ns, 3 * NSEC_PER_SEC);
	assert_int_equal(track->history_n, 1);
	assert_int_equal(total(s), 1140);
	track = feed_one(s, 4, 10, 11, 777, 1010);
	assert_near(track->voluntary_per_s, 10);
}

static void an_id_of_another_thread_group_is_another_task(void **state)
{
	const struct track *track;

	feed_one(*state, 1, 10, 11, 500, 100);
	track = feed_one(*state, 2, 12, 11, 500, 140);
	assert_true(isnan(track->voluntary_per_s));
	assert_int_equal(track->born_ns, 2 * NSEC_PER_SEC);
}

static void without_a_start_time_rising_counters_are_the_same_task(void **state)
{
	const struct track *track;

	feed_one(*state, 1, 10, 11, UNKNOWN, 100);
	track = feed_one(*state, 2, 10, 11, UNKNOWN, 140);
	assert_near(track->voluntary_per_s, 40);
	track = feed_one(*state, 3, 10, 11, 500, 150);
	assert_near(track->voluntary_per_s, 10);
	track = feed_one(*state, 4, 10, 11, UNKNOWN, 170);
	assert_near(track->voluntary_per_s, 20);
	assert_int_equal(track->born_ns, NSEC_PER_SEC);
}

static void without_a_start_time_a_falling_counter_is_another_task(void **state)
{
	struct scope *s = *state;
	const struct track *track;

	feed_one(s, 1, 10, 11, UNKNOWN, 100);
	track = feed_one(s, 2, 10, 11, UNKNOWN, 30);
	assert_true(isnan(track->voluntary_per_s));
	assert_int_equal(track->born_ns, 2 * NSEC_PER_SEC);
	assert_int_equal(total(s), 130);
}

static void each_counter_alone_gives_another_task_away(void **state)
{
	struct scope *s = *state;
	static const size_t offsets[] = { offsetof(struct task_sample, voluntary),
		offsetof(struct task_sample, involuntary), offsetof(struct task_sample, run_ns),
		offsetof(struct task_sample, wait_ns), offsetof(struct task_sample, slices),
		offsetof(struct task_sample, minor_faults),
		offsetof(struct task_sample, major_faults) };

	for (size_t i = 0; i < ARRAY_LEN(offsets); i++) {
		struct task_sample *task;
		const struct track *track;

		feed_one(s, (int)i * 2, 10, 11, 500, 100);
		start_sample(&s->sample, ((int)i * 2 + 1) * NSEC_PER_SEC);
		task = add_counting(s, 10, 11, 500, 120);
		*(int64_t *)((char *)task + offsets[i]) = 99;
		model_feed(s->model, &s->sample);
		track = model_track(s->model, 11);
		assert_true(isnan(track->voluntary_per_s) && isnan(track->involuntary_per_s));
		assert_true(isnan(track->cpu_percent) && isnan(track->wait_percent));
		assert_true(isnan(track->minor_faults_per_s));
	}
}

static void an_id_reused_within_one_clock_tick_is_another_task(void **state)
{
	const struct track *track;

	feed_one(*state, 1, 10, 11, 500, 100);
	track = feed_one(*state, 2, 10, 11, 500, 3);
	assert_true(isnan(track->voluntary_per_s));
	assert_int_equal(track->born_ns, 2 * NSEC_PER_SEC);
}

/* Thread 12 of process 10 calls exec: it becomes 10, with its own counts; 10's and 11's are
 * gone. */
static void exec_from_a_thread_has_no_rate_for_one_sample(void **state)
{
	struct scope *s = *state;
	const struct track *track;

	start_sample(&s->sample, NSEC_PER_SEC);
	add_counting(s, 10, 10, 500, 5000);
	add_counting(s, 10, 11, 600, 7);
	add_counting(s, 10, 12, 600, 200);
	model_feed(s->model, &s->sample);
	assert_int_equal(total(s), 5207);
	track = feed_one(s, 2, 10, 10, 500, 210);
	assert_true(isnan(track->voluntary_per_s));
	assert_true(isnan(track->cpu_percent));
	assert_int_equal(track->born_ns, NSEC_PER_SEC);
	/* 5000 and 7 ended, and 12's 200 became 210: counted once. */
	assert_int_equal(total(s), 5217);
	track = feed_one(s, 3, 10, 10, 500, 260);
	assert_near(track->voluntary_per_s, 50);
	assert_int_equal(total(s), 5267);
}

static void counters_that_rise_faster_than_any_task_can_are_not_a_rate(void **state)
{
	struct scope *s = *state;
	const struct track *track;
	struct task_sample *task;

	feed_one(s, 1, 10, 10, 500, 100);
	track = feed_one(s, 2, 10, 10, 500, 5000000000);
	assert_true(isnan(track->voluntary_per_s));
	start_sample(&s->sample, 3 * NSEC_PER_SEC);
	task = add_counting(s, 10, 10, 500, 5000000001);
	task->voluntary += 10000000; /* with no time to do it in */
	model_feed(s->model, &s->sample);
	assert_true(isnan(model_track(s->model, 10)->voluntary_per_s));
	start_sample(&s->sample, 4 * NSEC_PER_SEC);
	task = add_counting(s, 10, 10, 500, 5000000001);
	task->voluntary += 10000000;
	task->run_ns += 3 * NSEC_PER_SEC; /* three seconds in one */
	model_feed(s->model, &s->sample);
	assert_true(isnan(model_track(s->model, 10)->cpu_percent));
}

static void one_id_on_both_sides_is_two_tracks(void **state)
{
	struct scope *s = *state;

	for (int i = 0; i < 2; i++) {
		start_sample(&s->sample, i * NSEC_PER_SEC);
		add_task(&s->sample, SIDE_LEFT, 10, 10)->voluntary = i * 10;
		add_task(&s->sample, SIDE_RIGHT, 10, 10)->voluntary = i * 10;
		model_feed(s->model, &s->sample);
	}
	assert_int_equal(model_side(s->model, SIDE_LEFT)->n_tracks, 1);
	assert_int_equal(model_side(s->model, SIDE_RIGHT)->n_tracks, 1);
	assert_near(model_side(s->model, SIDE_RIGHT)->tracks[0]->voluntary_per_s, 10);
}

static void of_two_rows_of_one_task_the_first_counts(void **state)
{
	struct scope *s = *state;

	start_sample(&s->sample, 0);
	add_counting(s, 10, 11, 500, 5);
	add_counting(s, 10, 11, 501, 6);
	model_feed(s->model, &s->sample);
	assert_int_equal(model_side(s->model, SIDE_LEFT)->n_tracks, 1);
	assert_int_equal(model_track(s->model, 11)->now.voluntary, 5);
	assert_int_equal(total(s), 5);
}

static void a_side_that_does_not_exist_is_left_out(void **state)
{
	struct scope *s = *state;

	start_sample(&s->sample, 0);
	add_counting(s, 10, 11, 500, 5)->side = 2;
	add_counting(s, 10, 12, 500, 5)->side = -1;
	add_counting(s, 10, 13, 500, 5)->worker = INT16_MIN;
	add_worker(&s->sample, SIDES, 0, 1, 1);
	add_worker(&s->sample, SIDE_LEFT, -7, 1, 1);
	add_crew(&s->sample, SIDES, KIND_THREADS, 1);
	model_feed(s->model, &s->sample);
	assert_null(model_track(s->model, 11));
	assert_null(model_track(s->model, 12));
	assert_non_null(model_track(s->model, 13));
}

static void what_was_not_looked_at_for_a_while_is_not_counted_twice(void **state)
{
	struct scope *s = *state;
	const struct track *track;

	feed_one(s, 1, 10, 11, 500, 100);
	feed_one(s, 2, 10, 11, 500, 140);
	start_sample(&s->sample, 3 * NSEC_PER_SEC);
	model_feed(s->model, &s->sample);
	assert_null(model_track(s->model, 11));
	assert_int_equal(model_side(s->model, SIDE_LEFT)->n_tracks, 0);
	assert_int_equal(total(s), 140);
	track = feed_one(s, 6, 10, 11, 500, 160);
	assert_int_equal(total(s), 160);
	assert_near(track->voluntary_per_s, 5); /* over the four seconds that were measured */
	assert_true(isnan(track_point(track, 1).voluntary_per_s));
	assert_int_equal(track->born_ns, NSEC_PER_SEC);
}

static void a_worker_s_report_goes_to_its_own_task(void **state)
{
	struct scope *s = *state;
	struct worker_sample *worker;

	start_sample(&s->sample, 0);
	add_counting(s, 10, 11, 500, 5)->worker = 0;
	add_counting(s, 10, 12, 500, 5)->worker = 1;
	add_counting(s, 10, 13, 500, 5)->worker = 2;
	add_counting(s, 10, 10, 500, 5)->worker = WORKER_HOST;
	worker = add_worker(&s->sample, SIDE_LEFT, 0, 10, 11);
	worker->rounds = 1;
	worker->phase = WORKER_ALIVE;
	worker = add_worker(&s->sample, SIDE_LEFT, 0, 10, 9); /* who had the place before */
	worker->phase = WORKER_ENDED;
	add_worker(&s->sample, SIDE_LEFT, 1, 10, 99)->rounds = 2; /* of another task */
	add_worker(&s->sample, SIDE_RIGHT, 2, 10, 13)->rounds = 3; /* of the other side */
	model_feed(s->model, &s->sample);
	assert_true(model_track(s->model, 11)->has_worker);
	assert_int_equal(model_track(s->model, 11)->worker->rounds, 1);
	assert_false(model_track(s->model, 12)->has_worker);
	assert_false(model_track(s->model, 13)->has_worker);
	assert_false(model_track(s->model, 10)->has_worker);
}

static void a_reset_forgets_everything(void **state)
{
	struct scope *s = *state;
	const struct track *track;

	feed_one(s, 1, 10, 11, 500, 100);
	model_reset(s->model);
	assert_null(model_track(s->model, 11));
	assert_int_equal(model_feeds(s->model), 0);
	assert_int_equal(model_sample(s->model)->tasks.n, 0);
	assert_int_equal(model_side(s->model, SIDE_LEFT)->n_tracks, 0);
	assert_int_equal(total(s), UNKNOWN);
	track = feed_one(s, 2, 10, 11, 500, 140);
	assert_true(isnan(track->voluntary_per_s));
	assert_int_equal(total(s), 140);
}

static void a_steady_crowd_allocates_nothing(void **state)
{
	struct scope *s = *state;
	uint64_t before = 0;
	size_t n;

	for (int i = 0; i < 100; i++) {
		start_sample(&s->sample, i * NSEC_PER_SEC);
		for (int j = 0; j < 300; j++)
			add_counting(s, j < 150 ? j + 1 : 1000, j + 1, 500, i)->side = j >= 150;
		for (int j = 0; j < 50; j++)
			add_process(&s->sample, SIDE_LEFT, j + 1);
		for (uint64_t j = 0; j < 40; j++)
			add_mapping(&s->sample, 1 + (int32_t)(j / 20), j << 12, (j + 1) << 12,
				"rw-p", "");
		if (i == 2)
			before = base_allocations();
		model_feed(s->model, &s->sample);
		model_align(s->model, 1, 2, &n);
		assert_int_equal(n, 20);
	}
	assert_int_equal(base_allocations(), before);
}

/* Twenty tasks live, and two of them are replaced each sample. */
static void tasks_that_come_and_go_allocate_nothing(void **state)
{
	struct scope *s = *state;
	uint64_t before = 0;

	for (int i = 0; i < 500; i++) {
		start_sample(&s->sample, i * NSEC_PER_SEC);
		for (int j = 0; j < 20; j++)
			add_counting(s, 1, 2 * i + j + 1, 500, 1);
		if (i == 50)
			before = base_allocations();
		model_feed(s->model, &s->sample);
		assert_int_equal(model_side(s->model, SIDE_LEFT)->n_tracks, 20);
		assert_int_equal(total(s), 20 + 2 * i);
	}
	assert_int_equal(base_allocations(), before);
}

/* A small kernel: tasks with true counts, that start, run, end, and are seen or not. */
struct truth {
	bool lives;
	int64_t start, voluntary;
};

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

static void churn(struct truth *task, unsigned *seed, int64_t now)
{
	if (task->lives && next_random(seed) % 10 == 0)
		task->lives = false;
	if (!task->lives && next_random(seed) % 4 == 0)
		*task = (struct truth) { true, now, 0 };
	if (task->lives)
		task->voluntary += next_random(seed) % 1000;
}

static void no_churn_makes_a_rate_negative_or_huge_or_a_total_fall(void **state)
{
	struct scope *s = *state;
	struct truth tasks[32] = { 0 };
	unsigned seed = 7;
	int64_t before = 0, seen_ended = 0;

	for (int i = 0; i < 3000; i++) {
		int64_t living = 0;

		start_sample(&s->sample, i * 100 * MSEC);
		for (int j = 0; j < 32; j++) {
			const struct truth last = tasks[j];

			churn(&tasks[j], &seed, i);
			if (last.start != tasks[j].start || (last.lives && !tasks[j].lives))
				seen_ended += last.lives ? last.voluntary : 0;
			if (!tasks[j].lives)
				continue;
			living += tasks[j].voluntary;
			add_counting(s, 1000 + j, 1000 + j, tasks[j].start, 0)->voluntary =
				tasks[j].voluntary;
		}
		model_feed(s->model, &s->sample);
		for (int j = 0; j < 32; j++) {
			const struct track *track = model_track(s->model, 1000 + j);

			assert_int_equal(track != NULL, tasks[j].lives);
			if (track && !isnan(track->voluntary_per_s))
				assert_in_range((unsigned long)track->voluntary_per_s, 0, 10000);
		}
		assert_true(total(s) >= before);
		if (total(s) >= 0)
			assert_int_equal(total(s), living + seen_ended);
		before = MAX(total(s), 0);
	}
	assert_true(before > 100000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_model, tear_down_model)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_task_is_followed_over_samples),
		TEST(a_reused_id_is_another_task),
		TEST(an_id_of_another_thread_group_is_another_task),
		TEST(without_a_start_time_rising_counters_are_the_same_task),
		TEST(without_a_start_time_a_falling_counter_is_another_task),
		TEST(each_counter_alone_gives_another_task_away),
		TEST(an_id_reused_within_one_clock_tick_is_another_task),
		TEST(exec_from_a_thread_has_no_rate_for_one_sample),
		TEST(counters_that_rise_faster_than_any_task_can_are_not_a_rate),
		TEST(one_id_on_both_sides_is_two_tracks),
		TEST(of_two_rows_of_one_task_the_first_counts),
		TEST(a_side_that_does_not_exist_is_left_out),
		TEST(what_was_not_looked_at_for_a_while_is_not_counted_twice),
		TEST(a_worker_s_report_goes_to_its_own_task),
		TEST(a_reset_forgets_everything),
		TEST(a_steady_crowd_allocates_nothing),
		TEST(tasks_that_come_and_go_allocate_nothing),
		TEST(no_churn_makes_a_rate_negative_or_huge_or_a_total_fall),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
