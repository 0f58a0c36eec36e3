/* SPDX-License-Identifier: MIT
 * Sides: the order of rows, sums that a careful person may make, and what a new crew starts with.
 */
#include "model_scope.h"

static const struct model_side *left(const struct scope *s)
{
	return model_side(s->model, SIDE_LEFT);
}

static void an_empty_model_has_two_empty_sides(void **state)
{
	struct scope *s = *state;

	for (int side = 0; side < SIDES; side++) {
		const struct model_side *empty = model_side(s->model, (enum side)side);

		assert_null(empty->crew);
		assert_int_equal(empty->n_tracks + empty->n_processes + empty->n_ended, 0);
		assert_int_equal(empty->totals.tasks, 0);
		assert_true(isnan(empty->totals.voluntary_per_s));
		assert_int_equal(empty->totals.voluntary, UNKNOWN);
		assert_int_equal(empty->totals.rss_kb, UNKNOWN);
		assert_true(isnan(side_point(empty, 8, 0).cpu_percent));
	}
	assert_null(model_process(s->model, 1));
	assert_int_equal(model_sample(s->model)->tasks.n, 0);
}

static void rows_stand_host_first_then_workers_then_others(void **state)
{
	static const struct {
		int32_t pid, tid;
		int16_t worker;
	} rows[] = {
		{ 50, 51, WORKER_NONE },
		{ 30, 30, 12 },
		{ 40, 41, WORKER_NONE },
		{ 90, 90, 0 },
		{ 40, 40, WORKER_NONE },
		{ 99, 99, WORKER_HOST },
		{ 20, 20, 3 },
	};
	static const int32_t order[] = { 99, 90, 20, 30, 40, 41, 51 };
	struct scope *s = *state;

	start_sample(&s->sample, 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		add_task(&s->sample, SIDE_LEFT, rows[i].pid, rows[i].tid)->worker = rows[i].worker;
		add_process(&s->sample, SIDE_LEFT, rows[i].tid)->worker = rows[i].worker;
	}
	model_feed(s->model, &s->sample);
	assert_int_equal(left(s)->n_tracks, ARRAY_LEN(order));
	assert_int_equal(left(s)->n_processes, ARRAY_LEN(order));
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		assert_int_equal(left(s)->tracks[i]->now.tid, order[i]);
		assert_int_equal(left(s)->processes[i]->pid, order[i]);
	}
	assert_int_equal(model_side(s->model, SIDE_RIGHT)->n_tracks, 0);
}

static void a_large_side_is_in_order_too(void **state)
{
	struct scope *s = *state;
	unsigned seed = 3;

	start_sample(&s->sample, 0);
	for (int i = 0; i < 5000; i++) {
		seed = seed * 1103515245u + 12345u;
		add_task(&s->sample, SIDE_LEFT, (int32_t)(seed >> 16) % 700 + 1, i + 1000);
	}
	model_feed(s->model, &s->sample);
	assert_int_equal(left(s)->n_tracks, 5000);
	for (size_t i = 1; i < 5000; i++) {
		const struct task_sample *a = &left(s)->tracks[i - 1]->now;
		const struct task_sample *b = &left(s)->tracks[i]->now;

		assert_true(a->pid < b->pid || (a->pid == b->pid && a->tid < b->tid));
	}
}

static void rates_are_summed_over_the_tasks_that_have_one(void **state)
{
	struct scope *s = *state;

	for (int i = 0; i < 2; i++) {
		start_sample(&s->sample, i * NSEC_PER_SEC);
		for (int32_t tid = 1; tid <= 3; tid++) {
			struct task_sample *task = add_task(&s->sample, SIDE_LEFT, 1, tid);

			task->voluntary = 100 * tid + 10 * i * tid;
			task->run_ns = 250 * MSEC * i;
		}
		if (i == 1) {
			add_task(&s->sample, SIDE_LEFT, 1, 4)->voluntary = 12345;
			s->sample.tasks.at[0].involuntary = UNKNOWN;
		}
		model_feed(s->model, &s->sample);
		if (i == 0)
			assert_true(isnan(left(s)->totals.voluntary_per_s));
	}
	assert_near(left(s)->totals.voluntary_per_s, 60);
	assert_near(left(s)->totals.cpu_percent, 75);
	assert_near(left(s)->totals.involuntary_per_s, 0);
	assert_int_equal(left(s)->totals.tasks, 4);
	assert_int_equal(left(s)->totals.processes, 1);
	assert_int_equal(left(s)->totals.voluntary, 110 + 220 + 330 + 12345);
	assert_near(side_point(left(s), 8, 0).voluntary_per_s, 60);
	assert_true(isnan(side_point(left(s), 8, 1).voluntary_per_s));
}

static void totals_keep_what_ended_tasks_counted(void **state)
{
	struct scope *s = *state;

	for (int i = 0; i < 4; i++) {
		start_sample(&s->sample, i * NSEC_PER_SEC);
		for (int32_t tid = 1 + i; tid <= 4; tid++)
			add_task(&s->sample, SIDE_LEFT, 1, tid)->voluntary = 100;
		model_feed(s->model, &s->sample);
		assert_int_equal(left(s)->totals.voluntary, 400);
		assert_int_equal(left(s)->totals.tasks, 4 - i);
	}
}

static void a_counter_that_cannot_be_read_for_a_moment_does_not_let_the_total_fall(void **state)
{
	struct scope *s = *state;

	for (int i = 0; i < 3; i++) {
		start_sample(&s->sample, i * NSEC_PER_SEC);
		add_task(&s->sample, SIDE_LEFT, 1, 1)->voluntary = i == 1 ? UNKNOWN : 100 + i;
		model_feed(s->model, &s->sample);
		assert_int_equal(left(s)->totals.voluntary, i == 2 ? 102 : 100);
	}
}

static void a_total_of_nothing_known_is_unknown(void **state)
{
	struct scope *s = *state;

	start_sample(&s->sample, 0);
	add_task(&s->sample, SIDE_LEFT, 1, 1)->voluntary = UNKNOWN;
	model_feed(s->model, &s->sample);
	assert_int_equal(left(s)->totals.voluntary, UNKNOWN);
	assert_int_equal(left(s)->totals.involuntary, 0);
}

static void feed_crew(struct scope *s, int second, int32_t host, int64_t start, int64_t count)
{
	struct task_sample *task;

	start_sample(&s->sample, second * NSEC_PER_SEC);
	add_crew(&s->sample, SIDE_LEFT, KIND_PROCESSES, host);
	if (start != 0) {
		task = add_task(&s->sample, SIDE_LEFT, host, host);
		task->worker = WORKER_HOST;
		task->start = start;
		task->voluntary = count;
	}
	model_feed(s->model, &s->sample);
}

static void a_new_host_starts_new_totals(void **state)
{
	struct scope *s = *state;

	feed_crew(s, 1, 10, 500, 100);
	feed_crew(s, 2, 10, 0, 0); /* it ended: what it had counted stays */
	assert_int_equal(left(s)->totals.voluntary, 100);
	feed_crew(s, 3, 0, 0, 0);
	assert_int_equal(left(s)->totals.voluntary, 100);
	feed_crew(s, 4, 20, 900, 7);
	assert_int_equal(left(s)->totals.voluntary, 7);
	feed_crew(s, 5, 20, 900, 9);
	assert_int_equal(left(s)->totals.voluntary, 9);
}

static void a_host_with_the_same_id_and_another_start_is_new_too(void **state)
{
	struct scope *s = *state;

	feed_crew(s, 1, 10, 500, 100);
	feed_crew(s, 2, 10, 900, 7);
	assert_int_equal(left(s)->totals.voluntary, 7);
}

static void tasks_of_the_crew_before_do_not_count_for_the_new_one(void **state)
{
	struct scope *s = *state;

	feed_crew(s, 1, 10, 500, 100);
	for (int i = 0; i < 2; i++) {
		start_sample(&s->sample, (2 + i) * NSEC_PER_SEC);
		add_crew(&s->sample, SIDE_LEFT, KIND_PROCESSES, 20);
		add_task(&s->sample, SIDE_LEFT, 20, 20)->voluntary = 7 + i;
		add_task(&s->sample, SIDE_LEFT, 10, 10)->voluntary = 120; /* still dying */
		s->sample.tasks.at[0].start = 900;
		s->sample.tasks.at[1].start = 500;
		model_feed(s->model, &s->sample);
		assert_int_equal(left(s)->totals.voluntary, 7 + i);
		assert_int_equal(left(s)->totals.tasks, 2);
	}
	feed_crew(s, 4, 20, 900, 9);
	assert_int_equal(left(s)->totals.voluntary, 9);
}

static void a_host_s_start_that_is_read_late_is_remembered(void **state)
{
	struct scope *s = *state;

	feed_crew(s, 1, 10, UNKNOWN, 100);
	feed_crew(s, 2, 10, 500, 101);
	assert_int_equal(left(s)->totals.voluntary, 101);
	feed_crew(s, 3, 10, 0, 0);
	feed_crew(s, 4, 10, 900, 7);
	assert_int_equal(left(s)->totals.voluntary, 7);
}

static void a_host_that_is_seen_late_keeps_its_totals(void **state)
{
	struct scope *s = *state;

	start_sample(&s->sample, 0);
	add_crew(&s->sample, SIDE_LEFT, KIND_THREADS, 10);
	add_task(&s->sample, SIDE_LEFT, 10, 11)->voluntary = 50;
	model_feed(s->model, &s->sample);
	feed_crew(s, 2, 10, 500, 100);
	assert_int_equal(left(s)->totals.voluntary, 150);
	feed_crew(s, 3, 10, UNKNOWN, 101);
	assert_int_equal(left(s)->totals.voluntary, 151);
}

static void memory_is_summed_only_if_all_of_it_is_known(void **state)
{
	struct scope *s = *state;

	start_sample(&s->sample, 0);
	for (int i = 0; i < 3; i++) {
		struct process_sample *process = add_process(&s->sample, SIDE_LEFT, i + 1);

		process->rss_kb = 1000;
		process->pss_kb = i == 1 ? UNKNOWN : 400;
		process->uss_kb = 0;
		process->page_tables_kb = 44;
	}
	model_feed(s->model, &s->sample);
	assert_int_equal(left(s)->totals.rss_kb, 3000);
	assert_int_equal(left(s)->totals.pss_kb, UNKNOWN);
	assert_int_equal(left(s)->totals.uss_kb, 0);
	assert_int_equal(left(s)->totals.page_tables_kb, 132);
	assert_int_equal(left(s)->totals.processes, 3);
	assert_int_equal(model_side(s->model, SIDE_RIGHT)->totals.rss_kb, UNKNOWN);
}

static void a_zombie_has_no_memory_but_a_zombie_leader_may(void **state)
{
	struct scope *s = *state;

	start_sample(&s->sample, 0);
	add_process(&s->sample, SIDE_LEFT, 1)->rss_kb = 1000;
	add_process(&s->sample, SIDE_LEFT, 2)->state = 'Z';
	model_feed(s->model, &s->sample);
	assert_int_equal(left(s)->totals.rss_kb, 1000);
	s->sample.processes.at[1].threads = 4;
	model_feed(s->model, &s->sample);
	assert_int_equal(left(s)->totals.rss_kb, UNKNOWN);
}

static void ended_workers_are_listed_newest_last(void **state)
{
	static const int64_t ended_ns[] = { 500, UNKNOWN, 300, 900 };
	static const int order[] = { 1, 2, 0, 3 };
	struct scope *s = *state;

	start_sample(&s->sample, 0);
	add_worker(&s->sample, SIDE_LEFT, 9, 1, 1);
	for (int i = 0; i < 4; i++) {
		struct worker_sample *worker = add_worker(&s->sample, SIDE_LEFT, i, 1, 1);

		worker->phase = WORKER_ENDED;
		worker->ended_ns = ended_ns[i];
	}
	model_feed(s->model, &s->sample);
	assert_int_equal(left(s)->n_ended, 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(left(s)->ended[i]->index, order[i]);
}

static void a_side_knows_its_crew(void **state)
{
	struct scope *s = *state;

	start_sample(&s->sample, 0);
	add_crew(&s->sample, SIDE_RIGHT, KIND_THREADS, 77);
	model_feed(s->model, &s->sample);
	assert_null(left(s)->crew);
	assert_int_equal(model_side(s->model, SIDE_RIGHT)->crew->host, 77);
}

static void what_the_caller_does_to_his_sample_is_his_business(void **state)
{
	struct scope *s = *state;

	start_sample(&s->sample, 0);
	add_task(&s->sample, SIDE_LEFT, 1, 1)->voluntary = 5;
	model_feed(s->model, &s->sample);
	sample_clear(&s->sample);
	sample_finish(&s->sample);
	assert_int_equal(left(s)->tracks[0]->now.voluntary, 5);
}

/* Two crews of two workers that stand alike; changed by the case. Seconds of run time a sample, of each side. */
static void feed_pair(struct scope *s, int at, double left_s, double right_s,
	void (*change)(struct sample *sample))
{
	start_sample(&s->sample, at * NSEC_PER_SEC);
	for (int side = 0; side < SIDES; side++) {
		struct crew_sample *crew = add_crew(&s->sample, (enum side)side,
			side ? KIND_THREADS : KIND_PROCESSES, 100 + side);

		crew->alive = crew->wanted = 2;
		for (int i = 0; i < 2; i++) {
			int32_t tid = 200 + 10 * side + i;
			struct task_sample *task = add_task(&s->sample, (enum side)side, tid, tid);
			struct worker_sample *worker =
				add_worker(&s->sample, (enum side)side, i, tid, tid);

			task->worker = (int16_t)i;
			task->run_ns = (int64_t)((side ? right_s : left_s) * 1e9 * at / 2);
			worker->cpu = -1;
			worker->placed_cpu = (int16_t)(side ? 1 - i : i);
			snprintf(worker->job, sizeof(worker->job), "spin");
		}
	}
	if (change)
		change(&s->sample);
	model_feed(s->model, &s->sample);
}

static void one_works_elsewhere(struct sample *sample)
{
	snprintf(sample->workers.at[1].job, sizeof(sample->workers.at[1].job), "sleep");
}

static void one_is_pinned(struct sample *sample)
{
	sample->workers.at[0].cpu = 0;
	sample->workers.at[0].placed_cpu = -1;
}

static void one_is_free(struct sample *sample)
{
	sample->workers.at[0].placed_cpu = sample->workers.at[2].placed_cpu = -1;
}

static void one_is_stopped(struct sample *sample)
{
	sample->tasks.at[3].state = 'T';
}

static void one_is_missing(struct sample *sample)
{
	sample->crews.at[1].alive = 1;
}

static void footing_is_equal_until_something_differs(void **state)
{
	static const struct {
		void (*change)(struct sample *sample);
		const char *why;
	} cases[] = {
		{ one_works_elsewhere, "w1: sleep | spin" },
		{ one_is_pinned, "w0: only one is pinned" },
		{ one_is_free, "placed freely, P pins both" },
		{ one_is_stopped, "w1: only one is stopped" },
		{ one_is_missing, "2 workers | 1" },
	};
	struct scope *s = *state;
	char why[64];

	assert_false(model_footing(s->model, why, sizeof(why)));
	assert_string_equal(why, "only one side runs");
	feed_pair(s, 1, 0.5, 0.5, NULL);
	assert_true(model_footing(s->model, why, sizeof(why)));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		feed_pair(s, 2 + (int)i, 0.5, 0.5, cases[i].change);
		assert_false(model_footing(s->model, why, sizeof(why)));
		assert_string_equal(why, cases[i].why);
	}
}

static void in_sessions(struct sample *sample)
{
	for (size_t side = 0; side < SIDES; side++)
		snprintf(sample->crews.at[side].cpu_group, sizeof(sample->crews.at[side].cpu_group),
			"autogroup %zu", 7 + side);
}

static void other_load_on_one_side_is_told(void **state)
{
	struct scope *s = *state;
	char why[64];

	for (int at = 1; at < 8; at++)
		feed_pair(s, at, 0.8, 0.4, in_sessions);
	assert_false(model_footing(s->model, why, sizeof(why)));
	assert_string_equal(why, "CPU 80 | 40 %, see /proc/101/autogroup");
	model_reset(s->model);
	for (int at = 1; at < 8; at++)
		feed_pair(s, at, 0.8, 0.7, NULL);
	assert_true(model_footing(s->model, why, sizeof(why)));
}

/* --- groups --- */

static struct group_sample *add_group(struct sample *sample, enum side side, const char *title)
{
	struct group_sample *group = vec_push(&sample->groups);

	record_clear(&group_record, group);
	group->side = (int16_t)side;
	group->state = GROUP_LIVING;
	sample_text(group->title, title, strlen(title));
	return group;
}

static struct task_sample *add_member(
	struct sample *sample, enum side side, int16_t number, int32_t pid, int32_t tid)
{
	struct task_sample *task = add_task(sample, side, pid, tid);

	task->worker = number;
	return task;
}

static void a_group_stands_by_process_and_is_found_by_number(void **state)
{
	struct scope *s = *state;

	start_sample(&s->sample, NSEC_PER_SEC);
	add_group(&s->sample, SIDE_LEFT, "server");
	add_member(&s->sample, SIDE_LEFT, 0, 70, 11); /* a TID below its PID: ids were used up */
	add_member(&s->sample, SIDE_LEFT, 1, 50, 50);
	add_member(&s->sample, SIDE_LEFT, 2, 70, 70);
	add_member(&s->sample, SIDE_LEFT, 7, 50, 90);
	model_feed(s->model, &s->sample);
	const struct model_side *side = model_side(s->model, SIDE_LEFT);
	static const int32_t tids[] = { 50, 90, 70, 11 };

	assert_int_equal(side->n_tracks, 4);
	for (size_t i = 0; i < ARRAY_LEN(tids); i++)
		assert_int_equal(side->tracks[i]->now.tid, tids[i]);
	assert_int_equal(side_track(side, 7)->now.tid, 90);
	assert_null(side_track(side, 3));
	assert_null(side_track(side, 8));
	assert_null(side_track(side, WORKER_HOST));
	assert_string_equal(side->group->title, "server");
	assert_null(model_side(s->model, SIDE_RIGHT)->group);
}

/* Whoever comes and goes: what a side says is what its tasks add up to. */
static void sums_of_a_group_are_those_of_its_members(void **state)
{
	struct scope *s = *state;
	uint32_t random = 7;
	bool lives[40] = { false };
	int64_t counts[40] = { 0 };

	for (int round = 1; round < 400; round++) {
		int expected = 0;
		double rate = 0;

		start_sample(&s->sample, round * NSEC_PER_SEC);
		add_group(&s->sample, SIDE_RIGHT, "server");
		for (int i = 0; i < 40; i++) {
			random = random * 1103515245 + 12345;
			const bool was = lives[i];

			lives[i] = lives[i] ? random >> 16 & 7 : (random >> 16 & 7) == 0;
			if (!lives[i])
				continue;
			struct task_sample *task = add_member(
				&s->sample, SIDE_RIGHT, (int16_t)i, 100 + i / 4, 100 + i);

			if (!was)
				counts[i] = 0;
			counts[i] += i;
			task->voluntary = counts[i];
			task->start = 1000;
			expected++;
			rate += was ? i : 0;
		}
		model_feed(s->model, &s->sample);
		const struct side_totals *totals = &model_side(s->model, SIDE_RIGHT)->totals;
		double sum = 0;

		for (size_t i = 0; i < model_side(s->model, SIDE_RIGHT)->n_tracks; i++) {
			const struct track *track = model_side(s->model, SIDE_RIGHT)->tracks[i];

			sum += isnan(track->voluntary_per_s) ? 0 : track->voluntary_per_s;
		}
		assert_int_equal(totals->tasks, expected);
		if (!isnan(totals->voluntary_per_s)) {
			assert_near(totals->voluntary_per_s, sum);
			assert_near(sum, rate);
		}
	}
}

static void feed_groups(struct scope *s, int at, double left_cpu, double right_cpu)
{
	start_sample(&s->sample, at * NSEC_PER_SEC / 2);
	add_group(&s->sample, SIDE_LEFT, "one");
	add_group(&s->sample, SIDE_RIGHT, "other");
	add_member(&s->sample, SIDE_LEFT, 0, 50, 50)->run_ns = (int64_t)(at * left_cpu * 5e8);
	add_member(&s->sample, SIDE_RIGHT, 0, 60, 60)->run_ns = (int64_t)(at * right_cpu * 5e8);
	s->sample.tasks.at[0].voluntary = at * 500;
	s->sample.tasks.at[1].voluntary = at * 50;
	model_feed(s->model, &s->sample);
}

static void a_difference_is_said_when_it_has_lasted(void **state)
{
	struct scope *s = *state;
	char text[256];

	for (int at = 1; at < 16; at++) {
		feed_groups(s, at, 0.9, 0.3);
		assert_string_equal(model_differences(s->model, text, sizeof(text)), "");
	}
	for (int at = 16; at < 24; at++)
		feed_groups(s, at, 0.9, 0.3);
	assert_string_equal(model_differences(s->model, text, sizeof(text)),
		"in the last 8 s one uses 0.90 cores, other 0.30 · one switches 10 times as often");
	model_reset(s->model);
	for (int at = 1; at < 24; at++)
		feed_groups(s, at, 0.5, 0.45); /* less than 1.2 times as much */
	assert_string_equal(model_differences(s->model, text, sizeof(text)),
		"in the last 8 s one switches 10 times as often");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_model, tear_down_model)

static void feed_group(struct scope *s, int at, int tasks, enum group_state state)
{
	start_sample(&s->sample, at * 100 * MSEC);
	add_group(&s->sample, SIDE_LEFT, "program")->state = (int16_t)state;
	for (int i = 0; i < tasks; i++) {
		struct task_sample *task = add_task(&s->sample, SIDE_LEFT, 70, 70 + i);

		task->worker = (int16_t)i;
		task->voluntary = 10 * at;
		task->at_ns = task->counts_at_ns = s->sample.at_ns;
	}
	if (tasks)
		add_process(&s->sample, SIDE_LEFT, 70)->pss_kb = 4096;
	model_feed(s->model, &s->sample);
}

static void assert_last_seen(const struct scope *s)
{
	const struct model_side *side = model_side(s->model, SIDE_LEFT);

	assert_true(model_is_last_seen(s->model, SIDE_LEFT));
	assert_int_equal(side->group->state, GROUP_ENDED);
	assert_int_equal(side->n_tracks, 2);
	/* Older versions of cmocka take NAN for equal to anything. */
	assert_false(isnan(side->tracks[1]->voluntary_per_s));
	assert_float_equal(side->tracks[1]->voluntary_per_s, 100, 1e-6);
	assert_float_equal(side->totals.voluntary_per_s, 200, 1e-6);
	assert_int_equal(side->totals.voluntary, 2 * 20); /* not counted twice */
	assert_int_equal(side->totals.pss_kb, 4096);
}

static void a_group_that_has_ended_stands_as_it_was_seen_last(void **state)
{
	struct scope *s = *state;

	feed_group(s, 1, 2, GROUP_LIVING);
	feed_group(s, 2, 2, GROUP_LIVING);
	feed_group(s, 3, 0, GROUP_LIVING); /* its tasks are gone before its process is */
	assert_false(model_is_last_seen(s->model, SIDE_LEFT));
	for (int at = 4; at < 40; at++) {
		feed_group(s, at, 0, GROUP_ENDED);
		assert_last_seen(s);
	}
	feed_group(s, 40, 1, GROUP_LIVING); /* in its next turn */
	assert_false(model_is_last_seen(s->model, SIDE_LEFT));
	assert_int_equal(model_side(s->model, SIDE_LEFT)->n_tracks, 1);
}

static void feed_named(struct scope *s, int at, const char *name)
{
	struct task_sample *task;

	start_sample(&s->sample, at * NSEC_PER_SEC);
	add_group(&s->sample, SIDE_LEFT, "program");
	task = add_task(&s->sample, SIDE_LEFT, 70, 70);
	sample_text(task->name, name, strlen(name));
	model_feed(s->model, &s->sample);
}

static void a_process_that_takes_another_name_is_told_for_a_while(void **state)
{
	struct scope *s = *state;

	feed_named(s, 1, "bash");
	assert_null(model_became(s->model, SIDE_LEFT));
	feed_named(s, 2, "sleep");
	assert_string_equal(model_became(s->model, SIDE_LEFT)->was, "bash");
	assert_string_equal(model_became(s->model, SIDE_LEFT)->now.name, "sleep");
	assert_null(model_became(s->model, SIDE_RIGHT));
	feed_named(s, 6, "sleep");
	assert_non_null(model_became(s->model, SIDE_LEFT));
	feed_named(s, 7, "sleep");
	assert_null(model_became(s->model, SIDE_LEFT));
}

static void what_has_ended_can_be_left_out(void **state)
{
	struct scope *s = *state;

	model_forget_ended(s->model);
	feed_group(s, 1, 2, GROUP_LIVING);
	feed_group(s, 2, 0, GROUP_ENDED);
	assert_false(model_is_last_seen(s->model, SIDE_LEFT));
	assert_int_equal(model_side(s->model, SIDE_LEFT)->n_tracks, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_model_has_two_empty_sides),
		TEST(rows_stand_host_first_then_workers_then_others),
		TEST(a_large_side_is_in_order_too),
		TEST(rates_are_summed_over_the_tasks_that_have_one),
		TEST(totals_keep_what_ended_tasks_counted),
		TEST(a_counter_that_cannot_be_read_for_a_moment_does_not_let_the_total_fall),
		TEST(a_total_of_nothing_known_is_unknown),
		TEST(a_new_host_starts_new_totals),
		TEST(a_host_with_the_same_id_and_another_start_is_new_too),
		TEST(tasks_of_the_crew_before_do_not_count_for_the_new_one),
		TEST(a_host_s_start_that_is_read_late_is_remembered),
		TEST(a_host_that_is_seen_late_keeps_its_totals),
		TEST(memory_is_summed_only_if_all_of_it_is_known),
		TEST(a_zombie_has_no_memory_but_a_zombie_leader_may),
		TEST(ended_workers_are_listed_newest_last),
		TEST(a_side_knows_its_crew),
		TEST(what_the_caller_does_to_his_sample_is_his_business),
		TEST(footing_is_equal_until_something_differs),
		TEST(other_load_on_one_side_is_told),
		TEST(a_group_stands_by_process_and_is_found_by_number),
		TEST(sums_of_a_group_are_those_of_its_members),
		TEST(a_difference_is_said_when_it_has_lasted),
		TEST(a_group_that_has_ended_stands_as_it_was_seen_last),
		TEST(what_has_ended_can_be_left_out),
		TEST(a_process_that_takes_another_name_is_told_for_a_while),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
