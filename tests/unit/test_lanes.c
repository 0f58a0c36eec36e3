/* SPDX-License-Identifier: MIT
 * Lanes from switch records: a scheduler of our own makes the records and knows the truth; whatever it does, spans do not
 * overlap on a CPU, cover the time, and add up to what ran.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "random_sample.h"

#include "model.h"

#define CPUS 3
#define TASKS 12
#define MS NSEC_PER_MSEC
#define US NSEC_PER_USEC
#define START (1000 * NSEC_PER_SEC)

enum place { AWAY, QUEUED, ON };

struct task {
	enum place place;
	bool alive;
	nsec run, wait, off, since; /* the truth, in nanoseconds */
	int put_on, gave_up, preempted;
};

struct world {
	struct model *model;
	struct switch_fold *fold;
	struct sample sample;
	nsec now, until;
	struct task task[TASKS];
	int on[CPUS]; /* the task on each CPU; -1: none */
};

static int32_t tid_of(int task)
{
	return 100 + task;
}

static void record(struct world *world, enum switch_kind kind, int task, int cpu)
{
	struct switch_sample *event = vec_push(&world->sample.switches);

	event->at_ns = world->now;
	event->pid = event->tid = tid_of(task);
	event->cpu = (int16_t)cpu;
	event->kind = (int8_t)kind;
	event->side = task % 2;
}

static void account(struct world *world)
{
	for (int i = 0; i < TASKS; i++) {
		struct task *task = &world->task[i];
		nsec passed = world->now - task->since;

		if (task->alive && task->place == ON)
			task->run += passed;
		if (task->alive && task->place == QUEUED)
			task->wait += passed;
		if (task->alive && task->place == AWAY)
			task->off += passed;
		task->since = world->now;
	}
}

static void feed(struct world *world)
{
	world->sample.at_ns = world->now + MS;
	world->sample.switches_from_ns = world->until;
	world->sample.switches_until_ns = world->until = world->now;
	account(world);
	switch_fold_sample(world->fold, &world->sample);
	model_feed(world->model, &world->sample);
	vec_clear(&world->sample.lanes);
	vec_clear(&world->sample.spans);
	vec_clear(&world->sample.crowds);
	vec_clear(&world->sample.waits);
}

static void take_off(struct world *world, int cpu, bool preempt)
{
	struct task *task = &world->task[world->on[cpu]];

	account(world);
	record(world, preempt ? SWITCH_PREEMPTED : SWITCH_OUT, world->on[cpu], cpu);
	task->place = preempt ? QUEUED : AWAY;
	task->gave_up += !preempt;
	task->preempted += preempt;
	world->on[cpu] = -1;
}

static void put_on(struct world *world, int cpu, int i)
{
	account(world);
	record(world, SWITCH_IN, i, cpu);
	world->task[i].place = ON;
	world->task[i].put_on++;
	world->on[cpu] = i;
}

static void bear(struct world *world, int i)
{
	account(world);
	record(world, SWITCH_BORN, i, 0);
	world->task[i] = (struct task) { .place = QUEUED, .alive = true, .since = world->now };
}

static void kill_running(struct world *world, int cpu)
{
	account(world);
	record(world, SWITCH_DIED, world->on[cpu], cpu);
	world->task[world->on[cpu]].alive = false;
	world->on[cpu] = -1;
}

/* One thing that a scheduler does, on one CPU. */
static void act(struct world *world, nsec most, bool may_die)
{
	int cpu = (int)between(0, CPUS - 1), i = (int)between(0, TASKS - 1);

	world->now += between(0, most);
	if (world->on[cpu] >= 0 && may_die && between(0, 40) == 0)
		kill_running(world, cpu);
	else if (world->on[cpu] >= 0)
		take_off(world, cpu, between(0, 1));
	else if (!world->task[i].alive)
		bear(world, i);
	else if (world->task[i].place != ON)
		put_on(world, cpu, i);
}

static struct world begin(void)
{
	struct world world = {
		.model = model_create(4), .fold = switch_fold_create(), .now = START, .until = START
	};

	sample_clear(&world.sample);
	for (int cpu = 0; cpu < CPUS; cpu++)
		world.on[cpu] = -1;
	return world;
}

static void end(struct world *world)
{
	model_destroy(world->model);
	switch_fold_destroy(world->fold);
	sample_finish(&world->sample);
}

static const struct lane *lane_of(const struct world *world, int task)
{
	const struct lanes_view view = model_lanes(world->model);
	const struct lane *found = NULL;

	for (size_t i = 0; i < view.n; i++)
		if (view.lanes[i]->tid == tid_of(task) && (!found || view.lanes[i]->alive))
			found = view.lanes[i];
	return found;
}

/* --- what must hold --- */

/* Every span of every lane that runs on a CPU, against every other: none overlaps. */
static void assert_no_overlap(const struct world *world, nsec from)
{
	static struct {
		nsec from, to;
		int cpu;
	} ran[200000];
	const struct lanes_view view = model_lanes(world->model);
	size_t n = 0;

	for (size_t i = 0; i < view.n; i++) {
		struct span span;
		nsec to;

		for (nsec at = from; at >= 0; at = strip_next(view.lanes[i]->strip, at)) {
			if (!strip_span(view.lanes[i]->strip, at, &span, &to))
				continue;
			if (span.state != SPAN_RUNNING || n == ARRAY_LEN(ran))
				continue;
			ran[n].from = span.from;
			ran[n].to = to < 0 ? view.until : to;
			ran[n++].cpu = span.cpu;
		}
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			if (ran[i].cpu == ran[j].cpu && ran[i].from < ran[j].to &&
				ran[j].from < ran[i].to && ran[i].from < ran[i].to &&
				ran[j].from < ran[j].to)
				fail_msg("CPU %d: %lld..%lld and %lld..%lld", ran[i].cpu,
					(long long)ran[i].from, (long long)ran[i].to,
					(long long)ran[j].from, (long long)ran[j].to);
}

/* From its birth to the end, one span after the other. */
static void assert_covered(const struct lane *lane, nsec until)
{
	struct span span;
	nsec at = lane->born_ns, to;

	while (strip_span(lane->strip, at, &span, &to)) {
		assert_int_not_equal(span.state, SPAN_UNKNOWN);
		if (to < 0)
			break;
		assert_int_equal(strip_next(lane->strip, at), to);
		assert_true(to >= at);
		at = to;
	}
	assert_true(at <= until);
	assert_int_equal(to, UNKNOWN);
}

static void assert_cell(const struct strip_cell *cell, const struct task *task)
{
	assert_int_equal(cell->run_ns, task->run);
	assert_int_equal(cell->wait_ns, task->wait);
	assert_int_equal(cell->off_ns, task->off);
	assert_int_equal(cell->put_on, task->put_on);
	assert_int_equal(cell->gave_up, task->gave_up);
	assert_int_equal(cell->preempted, task->preempted);
	assert_false(cell->died);
}

static void whatever_a_scheduler_does_the_lanes_are_its_truth(void **state)
{
	for (int round = 0; round < 60; round++) {
		struct world world = begin();

		for (int i = 0; i < 1500; i++) {
			act(&world, round % 2 ? 200 * US : 20 * US, false);
			if (between(0, 50) == 0)
				feed(&world);
		}
		world.now = (world.now / MS + 1) * MS;
		feed(&world);
		assert_no_overlap(&world, START);
		for (int i = 0; i < TASKS; i++) {
			const struct lane *lane = lane_of(&world, i);
			struct strip_cell exact, tiers;

			if (!world.task[i].alive)
				continue;
			assert_non_null(lane);
			assert_true(lane->alive);
			assert_covered(lane, world.now);
			exact = strip_cell(lane->strip, START - 1, world.now);
			if (round % 2) /* else there are crowds, and their parts are not exact */
				assert_cell(&exact, &world.task[i]);
			tiers = strip_cell(lane->strip, START, world.now);
			assert_cell(&tiers, &world.task[i]);
		}
		end(&world);
	}
}

static void cells_of_every_size_add_up(void **state)
{
	static const nsec sizes[] = { 7 * US, 100 * US, 500 * US, MS, 10 * MS, 50 * MS };
	struct world world = begin();

	for (int i = 0; i < 2000; i++)
		act(&world, 40 * US, false);
	world.now = (world.now / (50 * MS) + 1) * 50 * MS;
	feed(&world);
	for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
		nsec unit = sizes[s];

		for (int i = 0; i < TASKS; i++) {
			struct task sum = { .alive = true };

			if (!world.task[i].alive)
				continue;
			for (nsec at = START; at < world.now; at += unit) {
				struct strip_cell cell = strip_cell(
					lane_of(&world, i)->strip, at, MIN(at + unit, world.now));

				assert_true(cell.run_ns + cell.wait_ns + cell.off_ns <= unit);
				sum.run += cell.run_ns, sum.wait += cell.wait_ns;
				sum.off += cell.off_ns, sum.put_on += cell.put_on;
				sum.gave_up += cell.gave_up, sum.preempted += cell.preempted;
			}
			assert_int_equal(sum.run, world.task[i].run);
			assert_int_equal(sum.wait, world.task[i].wait);
			assert_int_equal(sum.off, world.task[i].off);
			assert_int_equal(sum.put_on, world.task[i].put_on);
			assert_int_equal(sum.preempted, world.task[i].preempted);
		}
	}
	end(&world);
}

/* Records that are missing, and tasks that die: never two on one CPU, never more than the time there is. */
static void with_records_missing_nobody_overlaps(void **state)
{
	for (int round = 0; round < 40; round++) {
		struct world world = begin();

		for (int i = 0; i < 1500; i++) {
			act(&world, 100 * US, true);
			if (world.sample.switches.n && between(0, 9) == 0)
				world.sample.switches.n--; /* not told as lost, even */
			if (between(0, 200) == 0) {
				record(&world, SWITCH_LOST, -100, (int)between(-1, CPUS - 1));
				world.sample.switches.at[world.sample.switches.n - 1].other = 3;
			}
			if (between(0, 50) == 0)
				feed(&world);
		}
		feed(&world);
		assert_no_overlap(&world, START);
		end(&world);
	}
}

static void cpus_show_who_ran(void **state)
{
	struct world world = begin();
	struct lanes_view view;
	struct strip_cell cell;

	bear(&world, 1);
	bear(&world, 2);
	put_on(&world, 0, 1);
	world.now += 7 * MS;
	take_off(&world, 0, true);
	put_on(&world, 0, 2);
	world.now += 2 * MS;
	take_off(&world, 0, false);
	world.now += MS;
	feed(&world);
	view = model_lanes(world.model);
	assert_int_equal(view.n_cpus, 1);
	cell = strip_cell(view.cpus[0].strip, START, START + 10 * MS);
	assert_int_equal(cell.who, tid_of(1));
	assert_int_equal(cell.run_ns, 9 * MS);
	assert_int_equal(cell.off_ns, MS);
	cell = strip_cell(view.cpus[0].strip, START + 7 * MS, START + 10 * MS);
	assert_int_equal(cell.who, tid_of(2));
	cell = strip_cell(view.cpus[0].strip, START + 9 * MS, START + 10 * MS);
	assert_int_equal(cell.who, 0);
	end(&world);
}

static void a_loss_is_counted_and_leaves_unknown_time(void **state)
{
	struct world world = begin();
	struct span span;
	nsec to;

	bear(&world, 0);
	put_on(&world, 1, 0);
	world.now += MS;
	record(&world, SWITCH_LOST, -100, 1);
	world.sample.switches.at[world.sample.switches.n - 1].other = 42;
	world.now += MS;
	feed(&world);
	assert_int_equal(model_lanes(world.model).lost, 42);
	assert_true(strip_span(lane_of(&world, 0)->strip, START + MS / 2, &span, &to));
	assert_int_equal(span.state, SPAN_UNKNOWN);
	take_off(&world, 1, false);
	world.now += MS;
	feed(&world);
	assert_true(strip_span(lane_of(&world, 0)->strip, world.now - MS / 2, &span, &to));
	assert_int_equal(span.state, SPAN_OFF);
	end(&world);
}

static void a_hole_between_samples_is_unknown(void **state)
{
	struct world world = begin();
	struct strip_cell cell;

	bear(&world, 0);
	put_on(&world, 1, 0);
	world.now += 2 * MS;
	feed(&world);
	world.now += 5 * MS;
	world.until = world.now; /* nobody watched for 5 ms */
	world.now += 3 * MS;
	feed(&world);
	cell = strip_cell(lane_of(&world, 0)->strip, START, world.now);
	assert_int_equal(cell.run_ns, 2 * MS);
	assert_int_equal(cell.wait_ns + cell.off_ns, 0);
	end(&world);
}

static void tasks_shorter_than_a_refresh_have_a_lane(void **state)
{
	struct world world = begin();
	const struct lane *lane;

	bear(&world, 4);
	world.now += 10 * US;
	put_on(&world, 0, 4);
	world.now += 30 * US;
	kill_running(&world, 0);
	world.now += 60 * MS;
	feed(&world);
	lane = lane_of(&world, 4);
	assert_non_null(lane);
	assert_false(lane->alive);
	assert_int_equal(lane->died_ns - lane->born_ns, 40 * US);
	assert_int_equal(strip_cell(lane->strip, START, world.now).run_ns, 30 * US);
	assert_true(strip_cell(lane->strip, START, START + 10 * MS).born);
	assert_true(strip_cell(lane->strip, START, START + 10 * MS).died);
	world.now += 30 * NSEC_PER_SEC;
	feed(&world);
	assert_null(lane_of(&world, 4));
	end(&world);
}

static void held_lanes_do_not_move(void **state)
{
	struct world world = begin();
	nsec until;

	bear(&world, 0);
	world.now += MS;
	feed(&world);
	until = model_lanes(world.model).until;
	model_hold_lanes(world.model, true);
	put_on(&world, 0, 0);
	world.now += MS;
	feed(&world);
	assert_int_equal(model_lanes(world.model).until, until);
	assert_true(model_lanes(world.model).held);
	model_hold_lanes(world.model, false);
	world.now += MS;
	feed(&world);
	assert_int_equal(model_lanes(world.model).until, world.now);
	assert_int_equal(strip_cell(lane_of(&world, 0)->strip, START, world.now).run_ns, 0);
	end(&world);
}

static void add_task_row(struct sample *sample, int64_t voluntary, int64_t run_ns)
{
	struct task_sample *task = vec_push(&sample->tasks);

	record_clear(&task_record, task);
	task->pid = task->tid = tid_of(0);
	task->start = 5;
	task->worker = 3;
	task->state = 'S';
	task->voluntary = voluntary;
	task->involuntary = 0;
	task->run_ns = run_ns;
	task->wait_ns = 0;
	task->slices = voluntary;
}

static void records_and_counters_are_compared(void **state)
{
	struct world world = begin();
	const struct lane *lane;
	struct fact_value value;

	bear(&world, 0);
	for (int i = 0; i < 5; i++) {
		put_on(&world, 0, 0);
		world.now += MS;
		take_off(&world, 0, false);
	}
	world.now += 20 * MS;
	add_task_row(&world.sample, 7, 5 * MS);
	feed(&world);
	lane = lane_of(&world, 0);
	assert_int_equal(lane->worker, 3);
	assert_int_equal(lane->seen_voluntary, 5);
	assert_int_equal(lane->counted_voluntary, 7);
	assert_true(model_track(world.model, tid_of(0))->lane->unseen == 2);
	assert_true(model_track(world.model, tid_of(0))->lane->mean_run_ns == MS);
	assert_true(fact_value(world.model, "left.worker3.lane_mean_run_ns", &value, NULL, 0));
	assert_true(value.number == MS);
	assert_true(fact_value(world.model, "left.worker3.lane_unseen", &value, NULL, 0));
	assert_string_equal(value.text, "+2");
	end(&world);
}

/* Ten switches, one a millisecond, of a task whose counters are read from 4.5 to 7.5 ms after its birth. */
static struct lane compare(int64_t counted, struct lanes_sum *ret_sum)
{
	struct world world = begin();
	const struct switch_reading reading = { tid_of(0), tid_of(0), SIDE_LEFT, START + 9 * MS / 2,
		START + 15 * MS / 2, counted, 0 };
	struct lane lane;

	bear(&world, 0);
	feed(&world);
	switch_fold_reading(world.fold, &reading);
	for (int i = 0; i < 10; i++) {
		put_on(&world, 0, 0);
		world.now += MS;
		take_off(&world, 0, false);
	}
	feed(&world);
	lane = *lane_of(&world, 0);
	*ret_sum = model_lanes(world.model).sum;
	end(&world);
	return lane;
}

static void counters_agree_with_what_came_before_and_after_they_were_read(void **state)
{
	/* One more may be counted already whose record has not its time yet. */
	static const struct {
		int64_t counted, apart;
	} cases[] = { { 2, -1 }, { 3, 0 }, { 4, 0 }, { 7, 0 }, { 8, 0 }, { 9, 1 }, { 50, 42 } };
	struct lanes_sum sum;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct lane lane = compare(cases[i].counted, &sum);

		assert_int_equal(lane.seen_voluntary, 7);
		assert_int_equal(lane.between, 3);
		assert_int_equal(lane.counted_voluntary, cases[i].counted);
		assert_int_equal(lane.apart, cases[i].apart);
		assert_int_equal(sum.apart, cases[i].apart < 0 ? -cases[i].apart : cases[i].apart);
		assert_int_equal(sum.seen, 7);
	}
}

static void add_living(struct sample *sample, int task, int64_t start)
{
	add_task_row(sample, 1, MS);
	sample->tasks.at[sample->tasks.n - 1].pid = sample->tasks.at[sample->tasks.n - 1].tid =
		tid_of(task);
	sample->tasks.at[sample->tasks.n - 1].start = start;
	sample->tasks.at[sample->tasks.n - 1].worker = (int16_t)task;
}

/* Frozen lanes do not follow, so whoever comes meanwhile must not inherit what was known of one that went. */
static void who_comes_while_the_lanes_are_held_has_no_facts_of_theirs(void **state)
{
	struct world world = begin();
	struct fact_value value;

	bear(&world, 0);
	put_on(&world, 0, 0);
	world.now += 20 * MS;
	add_living(&world.sample, 0, 5);
	feed(&world);
	assert_true(model_track(world.model, tid_of(0))->lane->run_percent == 100);
	model_hold_lanes(world.model, true);
	for (int task = 2; task < 8; task += 2) {
		vec_clear(&world.sample.tasks);
		world.now += 20 * MS;
		add_living(&world.sample, task, 5 + task);
		feed(&world);
		assert_true(isnan(model_track(world.model, tid_of(task))->lane->run_percent));
	}
	assert_true(fact_value(world.model, "left.worker6.lane_run_share", &value, NULL, 0));
	assert_int_equal(value.quality, QUALITY_UNAVAILABLE);
	assert_string_equal(value.reason, "the lanes are frozen, and it came later");
	end(&world);
}

static void facts_of_held_lanes_grow_old(void **state)
{
	struct world world = begin();
	struct fact_value value;

	bear(&world, 0);
	put_on(&world, 0, 0);
	world.now += 20 * MS;
	add_living(&world.sample, 0, 5);
	feed(&world);
	model_hold_lanes(world.model, true);
	world.now += 300 * MS;
	feed(&world);
	assert_true(fact_value(world.model, "left.worker0.lane_run_share", &value, NULL, 0));
	assert_true(value.number == 100);
	assert_int_equal(value.age, 301 * MS);
	end(&world);
}

/* --- what a task waits in --- */

static void look(struct world *world, const char *channel, nsec at, nsec took)
{
	struct wait_sample *wait = vec_push(&world->sample.waits);

	record_clear(&wait_record, wait);
	wait->pid = wait->tid = tid_of(0);
	wait->at_ns = at;
	wait->took_ns = (int32_t)took;
	sample_text(wait->waits_in, channel, strlen(channel));
}

static void a_look_tells_of_the_span_that_it_lies_in_alone(void **state)
{
	struct world world = begin();
	struct lane_waits waits;

	bear(&world, 0);
	feed(&world);
	put_on(&world, 0, 0);
	world.now += 10 * MS;
	take_off(&world, 0, false); /* off from 10 to 30 ms */
	world.now += 20 * MS;
	put_on(&world, 0, 0);
	world.now += 5 * MS;
	look(&world, "early", START + 10 * MS - US, 2 * US);
	look(&world, "pipe_read", START + 15 * MS, US);
	look(&world, "pipe_read", START + 20 * MS, US);
	look(&world, "", START + 25 * MS, US);
	look(&world, "late", START + 30 * MS - US, 2 * US);
	feed(&world);
	waits = lane_waits(lane_of(&world, 0)->waits, START + 10 * MS, START + 30 * MS);
	assert_int_equal(waits.looks, 3);
	assert_int_equal(waits.named, 2);
	assert_int_equal(waits.same, 2);
	assert_string_equal(waits.channel, "pipe_read");
	assert_int_equal(waits.newest, START + 25 * MS);
	waits = lane_waits(lane_of(&world, 0)->waits, START + 16 * MS, START + 19 * MS);
	assert_int_equal(waits.looks, 0);
	assert_string_equal(waits.channel, "");
	assert_int_equal(waits.newest, UNKNOWN);
	end(&world);
}

static void what_a_task_waits_in_is_a_fact_with_an_age(void **state)
{
	struct world world = begin();
	struct fact_value value;

	bear(&world, 0);
	world.now += 20 * MS;
	add_living(&world.sample, 0, 5);
	feed(&world);
	assert_true(fact_value(world.model, "left.worker0.lane_waits_in", &value, NULL, 0));
	assert_int_equal(value.quality, QUALITY_UNAVAILABLE);
	assert_string_equal(value.reason, "at no look of the last second was it blocked");
	look(&world, "futex_wait_queue", world.now, US);
	world.now += 40 * MS;
	feed(&world);
	assert_true(fact_value(world.model, "left.worker0.lane_waits_in", &value, NULL, 0));
	assert_int_equal(value.quality, QUALITY_SAMPLED);
	assert_string_equal(value.text, "futex_wait_queue");
	assert_int_equal(value.age, 41 * MS);
	end(&world);
}

static void more_names_than_are_kept_are_another(void **state)
{
	struct world world = begin();
	struct lane_waits waits;
	char name[16];

	bear(&world, 0);
	feed(&world);
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "channel%d", i);
		vec_clear(&world.sample.waits);
		look(&world, name, world.now, 0);
		world.now += MS;
		feed(&world);
	}
	waits = lane_waits(lane_of(&world, 0)->waits, START, world.now);
	assert_int_equal(waits.looks, 200);
	assert_int_equal(waits.same, 200 - 62);
	assert_string_equal(waits.channel, "another");
	end(&world);
}

/* The kernel's own sums: also the waits after being woken. */
static void every_wait_for_a_cpu_is_in_the_mean_delay(void **state)
{
	struct world world = begin();
	struct fact_value value;

	bear(&world, 0);
	for (int i = 0; i < 30; i++) {
		vec_clear(&world.sample.tasks);
		world.now += 100 * MS;
		add_task_row(&world.sample, i, MS);
		world.sample.tasks.at[0].slices = i * 10;
		/* Long ago its waits were longer. */
		world.sample.tasks.at[0].wait_ns = i < 10 ? i * 90 * MS : 810 * MS + i * MS;
		feed(&world);
	}
	assert_true(fact_value(world.model, "left.worker3.lane_mean_delay_ns", &value, NULL, 0));
	assert_true(value.number == 100 * US);
	end(&world);
}

static void without_records_shares_come_from_schedstat(void **state)
{
	struct world world = begin();
	struct strip_cell cell;

	for (int i = 0; i <= 10; i++) {
		vec_clear(&world.sample.tasks);
		world.sample.at_ns = START + i * 100 * MS;
		add_task_row(&world.sample, i * 50, i * 25 * MS);
		sample_gap(&world.sample, 0, "perf_event", 13, "refused");
		model_feed(world.model, &world.sample);
	}
	assert_true(model_lanes(world.model).sampled);
	assert_int_equal(model_lanes(world.model).n_cpus, 0);
	cell = strip_cell(lane_of(&world, 0)->strip, START, START + NSEC_PER_SEC);
	assert_true(cell.sampled);
	assert_int_equal(cell.run_ns, 250 * MS);
	assert_int_equal(cell.off_ns, 750 * MS);
	assert_int_equal(cell.gave_up, 500);
	end(&world);
}

static void a_steady_state_allocates_nothing(void **state)
{
	struct world world = begin();
	uint64_t before = 0;

	for (int i = 0; i < 20000; i++) {
		/* The first samples are larger than those to come, and have crowds. */
		act(&world, (i < 2000 ? 5 : 100) * US, false);
		if (i % (i < 4000 ? 1000 : 100) == 0)
			feed(&world);
		if (i == 5000)
			before = base_allocations();
	}
	assert_int_equal(base_allocations(), before);
	end(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_a_scheduler_does_the_lanes_are_its_truth),
		cmocka_unit_test(cells_of_every_size_add_up),
		cmocka_unit_test(with_records_missing_nobody_overlaps),
		cmocka_unit_test(cpus_show_who_ran),
		cmocka_unit_test(a_loss_is_counted_and_leaves_unknown_time),
		cmocka_unit_test(a_hole_between_samples_is_unknown),
		cmocka_unit_test(tasks_shorter_than_a_refresh_have_a_lane),
		cmocka_unit_test(held_lanes_do_not_move),
		cmocka_unit_test(records_and_counters_are_compared),
		cmocka_unit_test(counters_agree_with_what_came_before_and_after_they_were_read),
		cmocka_unit_test(who_comes_while_the_lanes_are_held_has_no_facts_of_theirs),
		cmocka_unit_test(facts_of_held_lanes_grow_old),
		cmocka_unit_test(a_look_tells_of_the_span_that_it_lies_in_alone),
		cmocka_unit_test(what_a_task_waits_in_is_a_fact_with_an_age),
		cmocka_unit_test(more_names_than_are_kept_are_another),
		cmocka_unit_test(every_wait_for_a_cpu_is_in_the_mean_delay),
		cmocka_unit_test(without_records_shares_come_from_schedstat),
		cmocka_unit_test(a_steady_state_allocates_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
