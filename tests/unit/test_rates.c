/* SPDX-License-Identifier: MIT
 * Rates: two samples, the measured interval, and nothing where there is no honest number.
 */
#include "model_scope.h"

/* One task on the left with these counters, at this time. */
static const struct track *feed_one(
	struct scope *s, nsec at_ns, int64_t voluntary, int64_t involuntary, int64_t run_ns)
{
	struct task_sample *task;

	start_sample(&s->sample, at_ns);
	task = add_task(&s->sample, SIDE_LEFT, 100, 100);
	task->voluntary = voluntary;
	task->involuntary = involuntary;
	task->run_ns = run_ns;
	model_feed(s->model, &s->sample);
	return model_track(s->model, 100);
}

static void the_first_sample_has_no_rates(void **state)
{
	const struct track *track = feed_one(*state, 1000 * MSEC, 500, 300, 10 * MSEC);

	assert_true(isnan(track->voluntary_per_s));
	assert_true(isnan(track->involuntary_per_s));
	assert_true(isnan(track->cpu_percent));
	assert_true(isnan(track->wait_percent));
	assert_true(isnan(track->minor_faults_per_s));
	assert_true(isnan(model_interval(((struct scope *)*state)->model)));
	assert_int_equal(track->now.voluntary, 500);
}

static void a_rate_is_divided_by_the_measured_interval(void **state)
{
	const struct track *track;

	feed_one(*state, 1000 * MSEC, 500, 300, 10 * MSEC);
	track = feed_one(*state, 1250 * MSEC, 600, 310, 135 * MSEC);
	assert_near(track->voluntary_per_s, 400);
	assert_near(track->involuntary_per_s, 40);
	assert_near(track->cpu_percent, 50);
	assert_near(model_interval(((struct scope *)*state)->model), 0.25);
}

static void a_late_sample_has_the_rate_of_its_own_interval(void **state)
{
	const struct track *track;

	feed_one(*state, 0, 0, 0, 0);
	feed_one(*state, 100 * MSEC, 10, 0, 0);
	track = feed_one(*state, 5100 * MSEC, 510, 0, 0);
	assert_near(track->voluntary_per_s, 100);
}

/* A reading of one task: when, and its times. */
static const struct track *feed_times(
	struct scope *s, nsec tick, nsec read, char state, int64_t run_ns, int64_t wait_ns)
{
	struct task_sample *task;

	start_sample(&s->sample, tick);
	task = add_task(&s->sample, SIDE_LEFT, 100, 100);
	task->at_ns = read;
	task->state = state;
	task->run_ns = run_ns;
	task->wait_ns = wait_ns;
	model_feed(s->model, &s->sample);
	return model_track(s->model, 100);
}

static void a_share_is_of_the_time_between_its_readings(void **state)
{
	const struct track *track;

	/* The second sample was taken in time, and its task read 80 ms later. */
	feed_times(*state, 1000 * MSEC, 1000 * MSEC, 'S', 0, 0);
	track = feed_times(*state, 1020 * MSEC, 1100 * MSEC, 'S', 50 * MSEC, 25 * MSEC);
	assert_near(track->cpu_percent, 50);
	assert_near(track->wait_percent, 25);
}

/* Of many tasks, those out of sight are read in turns. */
static void what_is_not_read_again_keeps_its_rate_and_the_next_is_of_all_the_time(void **state)
{
	struct scope *s = *state;
	const struct track *track;
	/* when it was read, when its switches were, and these */
	static const struct {
		int64_t at, counts_at, voluntary, run;
	} readings[] = {
		{ 1000, 1000, 0, 0 },
		{ 2000, 2000, 100, 100 },
		{ 3000, 2000, 100, 300 },
		{ 3000, 2000, 100, 300 },
		{ 5000, 5000, 700, 300 },
	};
	static const double expected[][2] = { { NAN, NAN }, { 100, 10 }, { 100, 20 }, { 100, 20 },
		{ 200, 0 } };

	for (size_t i = 0; i < ARRAY_LEN(readings); i++) {
		struct task_sample *task;

		start_sample(&s->sample, (nsec)(i + 1) * 1000 * MSEC);
		task = add_task(&s->sample, SIDE_LEFT, 100, 100);
		task->at_ns = readings[i].at * MSEC;
		task->counts_at_ns = readings[i].counts_at * MSEC;
		task->voluntary = readings[i].voluntary;
		task->run_ns = readings[i].run * MSEC;
		model_feed(s->model, &s->sample);
		track = model_track(s->model, 100);
		if (i == 0)
			continue;
		assert_near(track->voluntary_per_s, expected[i][0]);
		assert_near(track->cpu_percent, expected[i][1]);
		assert_near(
			model_side(s->model, SIDE_LEFT)->totals.voluntary_per_s, expected[i][0]);
	}
}

static void a_long_wait_is_a_share_of_all_the_time_since_it_began(void **state)
{
	const struct track *track;
	nsec at = 1000 * MSEC;

	feed_times(*state, at, at, 'R', 0, 0);
	at += 20 * MSEC;
	track = feed_times(*state, at, at, 'R', 10 * MSEC, 0);
	assert_near(track->wait_percent, 0);
	/* From 5 ms before the last reading on it waits for 480 ms; the kernel adds that when it is over. */
	for (int i = 0; i < 23; i++) {
		at += 20 * MSEC;
		track = feed_times(*state, at, at, 'R', 10 * MSEC, 0);
		assert_true(isnan(track->wait_percent));
	}
	at += 20 * MSEC;
	track = feed_times(*state, at, at, 'R', 15 * MSEC, 480 * MSEC);
	assert_near(track->wait_percent, 100);
	at += 20 * MSEC;
	track = feed_times(*state, at, at, 'R', 25 * MSEC, 490 * MSEC);
	assert_near(track->wait_percent, 50);
}

static void a_wait_that_began_before_its_task_was_read_has_no_share(void **state)
{
	const struct track *track;

	feed_times(*state, 1000 * MSEC, 1000 * MSEC, 'R', 0, 0);
	track = feed_times(*state, 1020 * MSEC, 1020 * MSEC, 'R', 10 * MSEC, 50 * MSEC);
	assert_true(isnan(track->wait_percent));
	assert_near(track->cpu_percent, 50);
}

static void no_time_between_samples_is_no_rate(void **state)
{
	const struct track *track;

	feed_one(*state, 1000 * MSEC, 500, 300, 0);
	track = feed_one(*state, 1000 * MSEC, 600, 310, 0);
	assert_true(isnan(track->voluntary_per_s));
	assert_true(isnan(track->cpu_percent));
	assert_near(model_interval(((struct scope *)*state)->model), 0);
}

static void going_back_in_time_starts_anew(void **state)
{
	struct scope *s = *state;
	const struct track *track;

	feed_one(s, 1000 * MSEC, 500, 300, 0);
	feed_one(s, 1100 * MSEC, 510, 300, 0);
	track = feed_one(s, 900 * MSEC, 700, 400, 0);
	assert_true(isnan(track->voluntary_per_s));
	assert_int_equal(model_feeds(s->model), 1);
	assert_int_equal(track->history_n, 1);
	assert_int_equal(model_side(s->model, SIDE_LEFT)->totals.voluntary, 700);
}

static void an_unreadable_counter_has_no_rate_and_hides_no_other(void **state)
{
	const struct track *track;

	feed_one(*state, 0, 10, 10, UNKNOWN);
	track = feed_one(*state, 1000 * MSEC, UNKNOWN, 20, UNKNOWN);
	assert_true(isnan(track->voluntary_per_s));
	assert_true(isnan(track->cpu_percent));
	assert_near(track->involuntary_per_s, 10);
	track = feed_one(*state, 2000 * MSEC, 50, 30, 0);
	assert_true(isnan(track->voluntary_per_s));
	track = feed_one(*state, 3000 * MSEC, 60, 40, 0);
	assert_near(track->voluntary_per_s, 10);
}

static void history_keeps_the_newest_points_in_order(void **state)
{
	struct scope *s = *state;
	const struct track *track = NULL;

	for (int i = 0; i < 20; i++)
		track = feed_one(s, i * 1000 * MSEC, (int64_t)i * i, 0, 0);
	for (size_t back = 0; back < 8; back++) {
		const int now = 19 - (int)back;

		assert_near(track_point(track, back).voluntary_per_s,
			now * now - (now - 1) * (now - 1));
		assert_near(side_point(model_side(s->model, SIDE_LEFT), 8, back).voluntary_per_s,
			now * now - (now - 1) * (now - 1));
	}
	assert_true(isnan(track_point(track, 8).voluntary_per_s));
	assert_true(isnan(track_point(track, SIZE_MAX).voluntary_per_s));
	assert_true(isnan(side_point(model_side(s->model, SIDE_RIGHT), 8, 0).voluntary_per_s));
}

static void a_long_pause_is_a_hole_in_history(void **state)
{
	struct scope *s = *state;
	const struct track *track;

	feed_one(s, 0, 0, 0, 0);
	feed_one(s, 100 * MSEC, 10, 0, 0);
	track = feed_one(s, 10100 * MSEC, 1010, 0, 0);
	assert_int_equal(track->history_n, 4);
	assert_near(track_point(track, 0).voluntary_per_s, 100);
	assert_true(isnan(track_point(track, 1).voluntary_per_s));
	assert_near(track_point(track, 2).voluntary_per_s, 100);
	assert_true(isnan(side_point(model_side(s->model, SIDE_LEFT), 8, 1).voluntary_per_s));
}

static void processes_are_rated_by_their_own_time(void **state)
{
	struct scope *s = *state;

	for (int i = 0; i <= 20; i++) {
		struct process_sample *process;

		start_sample(&s->sample, i * 100 * MSEC);
		process = add_process(&s->sample, SIDE_LEFT, 100);
		/* Read once a second, told with every sample. */
		process->at_ns = i / 10 * 1000 * MSEC + 7 * MSEC * (i / 10);
		process->minor_faults = i / 10 * 1007;
		process->major_faults = 0;
		model_feed(s->model, &s->sample);
		if (i < 10)
			assert_true(isnan(model_process_track(s->model, 100)->minor_faults_per_s));
		else
			assert_near(model_process_track(s->model, 100)->minor_faults_per_s, 1000);
	}
}

static void a_process_that_counts_less_than_before_is_another(void **state)
{
	struct scope *s = *state;

	for (int i = 0; i < 3; i++) {
		struct process_sample *process;

		start_sample(&s->sample, i * 1000 * MSEC);
		process = add_process(&s->sample, SIDE_LEFT, 100);
		process->minor_faults = i == 1 ? 50 : 100;
		process->major_faults = i;
		model_feed(s->model, &s->sample);
		if (i == 1)
			assert_true(isnan(model_process_track(s->model, 100)->major_faults_per_s));
	}
	assert_near(model_process_track(s->model, 100)->minor_faults_per_s, 50);
}

static void machine_switches_are_rated_by_the_slow_lane(void **state)
{
	struct scope *s = *state;

	assert_int_equal(model_machine(s->model)->now.switches, UNKNOWN);
	for (int i = 0; i <= 20; i++) {
		start_sample(&s->sample, i * 100 * MSEC);
		s->sample.slow_at_ns = i / 10 * 1000 * MSEC;
		s->sample.machine.cpus = 2;
		s->sample.machine.switches = i / 10 * 5000;
		model_feed(s->model, &s->sample);
		if (i < 10)
			assert_true(isnan(model_machine(s->model)->switches_per_s));
		else
			assert_near(model_machine(s->model)->switches_per_s, 5000);
	}
}

static void the_observer_is_measured_like_everybody(void **state)
{
	struct scope *s = *state;

	for (int i = 0; i < 2; i++) {
		start_sample(&s->sample, i * 100 * MSEC);
		s->sample.observer = (struct observer_sample) { .cpu_ns = 5 * MSEC + i * MSEC,
			.voluntary = 7 + i * 3 };
		model_feed(s->model, &s->sample);
		if (i == 0)
			assert_true(isnan(model_observer(s->model)->cpu_percent));
	}
	assert_near(model_observer(s->model)->cpu_percent, 1);
	assert_near(model_observer(s->model)->voluntary_per_s, 30);
}

static void numbers_at_the_edge_never_overflow(void **state)
{
	struct scope *s = *state;
	const struct track *track;

	feed_one(s, INT64_MIN, INT64_MAX, INT64_MAX, INT64_MAX);
	track = feed_one(s, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX);
	assert_near(track->voluntary_per_s, 0);
	for (int side = 0; side < SIDES; side++) {
		start_sample(&s->sample, INT64_MAX);
		add_task(&s->sample, SIDE_LEFT, 100, 100)->voluntary = INT64_MAX;
		add_task(&s->sample, SIDE_LEFT, 101, 101)->voluntary = INT64_MAX;
		add_process(&s->sample, SIDE_LEFT, 100)->rss_kb = INT64_MAX;
		add_process(&s->sample, SIDE_LEFT, 101)->rss_kb = INT64_MAX;
		model_feed(s->model, &s->sample);
	}
	assert_int_equal(model_side(s->model, SIDE_LEFT)->totals.voluntary, INT64_MAX);
	assert_int_equal(model_side(s->model, SIDE_LEFT)->totals.rss_kb, INT64_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_model, tear_down_model)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_sample_has_no_rates),
		TEST(a_rate_is_divided_by_the_measured_interval),
		TEST(a_late_sample_has_the_rate_of_its_own_interval),
		TEST(a_share_is_of_the_time_between_its_readings),
		TEST(what_is_not_read_again_keeps_its_rate_and_the_next_is_of_all_the_time),
		TEST(a_long_wait_is_a_share_of_all_the_time_since_it_began),
		TEST(a_wait_that_began_before_its_task_was_read_has_no_share),
		TEST(no_time_between_samples_is_no_rate),
		TEST(going_back_in_time_starts_anew),
		TEST(an_unreadable_counter_has_no_rate_and_hides_no_other),
		TEST(history_keeps_the_newest_points_in_order),
		TEST(a_long_pause_is_a_hole_in_history),
		TEST(processes_are_rated_by_their_own_time),
		TEST(a_process_that_counts_less_than_before_is_another),
		TEST(machine_switches_are_rated_by_the_slow_lane),
		TEST(the_observer_is_measured_like_everybody),
		TEST(numbers_at_the_edge_never_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
