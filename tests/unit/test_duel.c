/* SPDX-License-Identifier: MIT
 * Wishes to plans, pages to records, verdicts to words and facts: on pages that are filled here.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/measure/grid.h"
#include "duel.h"
#include "lesson.h"

static const int32_t two_cpus[] = { 0, 1 };

static int plan_of(struct duel_wish wish, int n_cpus, struct duel_plan *ret, char *why)
{
	const struct duel_room room = { two_cpus, n_cpus, 2 << 20 };
	return duel_plan_make(&wish, &room, ret, why, 240);
}

static void default_plans_end_in_their_time(void **state)
{
	struct duel_plan plan;
	char why[240];
	assert_int_equal(
		plan_of((struct duel_wish) { .duel = DUEL_ALL, .cpu = { -1, -1 } }, 2, &plan, why),
		0);
	assert_int_equal(plan.parts, DUELS);
	assert_in_range(duel_plan_ms(&plan), 10000, 57000);
	assert_int_equal(
		plan_of((struct duel_wish) { .duel = DUEL_ALL, .quick = true, .cpu = { -1, -1 } },
			2, &plan, why),
		0);
	assert_in_range(duel_plan_ms(&plan), 1000, 9500);
}

static void a_brief_plan_does_not_wait_until_it_is_settled(void **state)
{
	struct duel_wish wish = { .duel = DUEL_SWITCH, .quick = true, .cpu = { -1, -1 } };
	struct duel_plan plan;
	char why[240];

	assert_int_equal(plan_of(wish, 2, &plan, why), 0);
	const int settled = duel_plan_ms(&plan);
	wish.brief = true;
	assert_int_equal(plan_of(wish, 2, &plan, why), 0);
	assert_in_range(duel_plan_ms(&plan), 1000, settled / 2);
	assert_true(plan.part[0].rounds >= DUEL_ROUNDS_MIN);
}

static void chosen_methods_are_all_that_is_planned(void **state)
{
	struct duel_plan plan;
	char why[240];
	struct duel_wish wish = { .duel = DUEL_CREATE,
		.quick = true,
		.cpu = { -1, -1 },
		.methods = 1u << CREATE_VFORK | 1u << CLONE_FS_ONLY | 1u << TALK_PIPE };
	wish.list[DUEL_CREATE] = (struct duel_list) { { 64 }, 1 };
	assert_int_equal(plan_of(wish, 2, &plan, why), 0);
	assert_int_equal(plan.series_n, 2);
	assert_int_equal(plan.item[0].method, CREATE_VFORK);
	assert_int_equal(plan.item[1].method, CLONE_FS_ONLY);
	assert_int_equal(plan.item[1].parameter, 64);
	wish.duel = DUEL_SWITCH;
	assert_int_equal(plan_of(wish, 2, &plan, why), -EINVAL);
	assert_string_equal(why, "--method: 'measure switch' has no such method");
}

static void what_does_not_fit_is_refused(void **state)
{
	struct duel_plan plan;
	char why[240];
	struct duel_wish wish = { .duel = DUEL_CREATE, .cpu = { -1, -1 } };
	wish.list[DUEL_CREATE] = (struct duel_list) { { 1024 }, 1 };
	/* there are 2 GB: half of it is 1024 MB, which is not more */
	assert_int_equal(plan_of(wish, 2, &plan, why), 0);
	const struct duel_room less = { two_cpus, 2, (2 << 20) - 1 };
	assert_int_equal(duel_plan_make(&wish, &less, &plan, why, sizeof(why)), -ENOMEM);
	assert_non_null(strstr(why, "a ballast of 1024 MB is more than half"));
	wish = (struct duel_wish) { .duel = DUEL_SWITCH, .cpu = { 7, -1 } };
	assert_int_equal(plan_of(wish, 2, &plan, why), -EINVAL);
	assert_non_null(strstr(why, "no such CPU"));
	/* one CPU: the second is missing, and the series stay, to say so */
	wish.cpu[0] = -1;
	assert_int_equal(plan_of(wish, 1, &plan, why), 0);
	assert_int_equal(plan.cpu[1], -1);
}

/* --- pages --- */

struct fixture {
	struct duel_page *page;
	struct sample sample;
};

static void add(struct duel_page *page, int method, int who, int cpus, int64_t parameter)
{
	for (int i = 0; i < DUEL_EXTRAS; i++) /* as a host begins */
		page->series[page->plan.series_n].extra[i] = NAN;
	page->plan.item[page->plan.series_n++] =
		(struct duel_item) { (int16_t)method, (int16_t)who, (int16_t)cpus, parameter };
	page->plan.part[0] = (struct duel_part) { .duel = method_table[method].duel,
		.n = (int16_t)page->plan.series_n,
		.rounds = 7,
		.rounds_most = 56 };
	page->plan.parts = 1;
	duel_plan_close(&page->plan);
}

/* n trials: low, low + step, low + 2 steps and so on. */
static void fill(struct duel_page *page, int series, int n, float low, float step)
{
	for (int i = 0; i < n; i++) {
		page->series[series].value[i] = low + step * (float)i;
		page->series[series].baseline[i] = 2;
	}
	page->series[series].trials = n;
}

static int open_page(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	f->page = calloc(1, sizeof(*f->page));
	*state = f;
	return 0;
}

static int close_page(void **state)
{
	struct fixture *f = *state;
	sample_finish(&f->sample);
	free(f->page);
	free(f);
	return 0;
}

static void report(struct fixture *f)
{
	duel_report(f->page, "done", "", &f->sample);
}

static const char *only_sentence(struct fixture *f)
{
	report(f);
	assert_int_equal(f->sample.contrasts.n, 1);
	return f->sample.contrasts.at[0].text;
}

static void two_kinds(struct fixture *f, int n, float first, float second)
{
	add(f->page, SWITCH_BY_PIPE, BY_PROCESSES, 1, 0);
	add(f->page, SWITCH_BY_PIPE, BY_THREADS, 1, 0);
	fill(f->page, 0, n, first, 0);
	fill(f->page, 1, n, second, 0);
}

static const struct contrast_sample *only_contrast(struct fixture *f)
{
	only_sentence(f);
	return &f->sample.contrasts.at[0];
}

static struct duel_finding found(struct fixture *f)
{
	return duel_find_out(f->page, &f->page->plan.pair[0]);
}

static void a_verdict_names_first_what_takes_more(void **state)
{
	struct fixture *f = *state;
	two_kinds(f, 9, 20, 10);
	assert_string_equal(
		only_sentence(f), "processes take 2.00 times as long as threads (2.00 to 2.00)");
	fill(f->page, 1, 9, 60, 0);
	assert_string_equal(
		only_sentence(f), "threads take 3.00 times as long as processes (3.00 to 3.00)");
	/* More in every round, but perhaps by less than 10 %: the next run could say equal. */
	for (int i = 0; i < 9; i++)
		f->page->series[1].value[i] = 20.8f + 0.25f * (float)i;
	assert_string_equal(only_sentence(f),
		"processes or threads: not resolved yet: perhaps equal within 10 % (0.90 to 0.96)");
	assert_true(found(f).open);
	/* the baseline of 2 is in what is compared, and apart in what is shown */
	assert_true(fabs(f->sample.duels.at[0].net - 18) < 1e-6);
}

/* A stable small difference is equal, though it excludes 1; and more rounds are not needed. */
static void equal_is_asked_before_different(void **state)
{
	struct fixture *f = *state;
	two_kinds(f, 7, 10.5f, 10);
	assert_string_equal(
		only_sentence(f), "processes and threads: equal within 10 % (1.05 to 1.05)");
	assert_int_equal(f->sample.contrasts.at[0].verdict, CONTRAST_EQUAL);
	assert_false(found(f).open);
}

/* A disturbed round disturbs both; one that does not is one of many. */
static void a_round_that_says_the_opposite_does_not_hide_the_others(void **state)
{
	struct fixture *f = *state;
	two_kinds(f, 28, 20, 10);
	f->page->series[0].value[2] = 200;
	f->page->series[1].value[2] = 100;
	f->page->series[1].value[4] = 100;
	assert_int_equal(only_contrast(f)->verdict, CONTRAST_MORE);
	assert_true(fabs(f->sample.contrasts.at[0].ratio - 2) < 1e-6);
}

/* Between the looks nothing changes, and none has more chances to err than were planned. */
static void it_is_looked_at_when_it_was_planned(void **state)
{
	struct fixture *f = *state;
	two_kinds(f, 6, 20, 10);
	assert_int_equal(found(f).rounds, 0);
	assert_true(found(f).open);
	assert_string_equal(only_sentence(f),
		"processes or threads: cannot be decided here: 6 of 7 rounds so far");
	for (int n = 7; n <= 56; n++) {
		fill(f->page, 0, n, 20, 0);
		fill(f->page, 1, n, 10, 0);
		assert_int_equal(found(f).rounds, n < 14 ? 7 : n < 28 ? 14 : n < 56 ? 28 : 56);
	}
	assert_int_equal(found(f).rank, f->page->plan.rank[1][56]);
	/* time that is up makes the first look earlier, and none later */
	f->page->done = 1;
	fill(f->page, 0, 6, 20, 0);
	assert_int_equal(only_contrast(f)->rounds, 6);
	assert_int_equal(f->sample.contrasts.at[0].verdict, CONTRAST_MORE);
}

static void rounds_that_disagree_are_not_resolved(void **state)
{
	struct fixture *f = *state;
	two_kinds(f, 28, 10, 10);
	for (int i = 0; i < 28; i++)
		f->page->series[0].value[i] = i & 1 ? 20 : 5;
	assert_non_null(strstr(only_sentence(f), "not resolved yet: the rounds disagree ("));
	assert_true(found(f).open);
	f->page->done = 1;
	assert_non_null(strstr(only_sentence(f), "processes or threads: not resolved: the rounds"));
	assert_int_equal(f->sample.contrasts.at[0].verdict, CONTRAST_UNRESOLVED);
	assert_false(found(f).open);
}

/* A round in which one of the two got no value counts for neither. */
static void rounds_without_a_value_are_left_out(void **state)
{
	struct fixture *f = *state;
	two_kinds(f, 8, 20, 10);
	f->page->series[0].value[3] = NAN;
	assert_int_equal(found(f).known, 7);
	assert_true(found(f).more);
}

static void what_cannot_be_decided_says_why(void **state)
{
	struct fixture *f = *state;
	add(f->page, SWITCH_BY_PIPE, BY_PROCESSES, 2, 0);
	add(f->page, SWITCH_BY_PIPE, BY_THREADS, 2, 0);
	fill(f->page, 0, 9, 20, 0);
	fill(f->page, 1, 4, 10, 0);
	f->page->done = 1;
	assert_string_equal(only_sentence(f),
		"processes or threads: cannot be decided here: 4 of at least 6 rounds");
	f->page->series[1].error = ENODEV;
	assert_string_equal(
		only_sentence(f), "processes or threads: cannot be decided here: needs two CPUs");
	assert_true(isnan(f->sample.contrasts.at[0].ratio));
	assert_false(found(f).open);
}

static void a_channel_that_delivers_wrong_data_wins_nothing(void **state)
{
	struct fixture *f = *state;
	add(f->page, TALK_POINTER, BY_PROCESSES, 1, 4096);
	add(f->page, TALK_POINTER, BY_THREADS, 1, 4096);
	fill(f->page, 0, 9, 10, 0);
	fill(f->page, 1, 9, 20, 0);
	strcpy(f->page->series[0].note, "wrong data: message 9 reads as 0");
	assert_non_null(strstr(only_sentence(f), "delivers wrong data"));
	assert_int_equal(f->sample.contrasts.at[0].verdict, CONTRAST_UNDECIDED);
}

static void news_are_trials_and_errors_alone(void **state)
{
	struct fixture *f = *state;
	add(f->page, SWITCH_BY_PIPE, BY_PROCESSES, 1, 0);
	uint64_t before = duel_news(f->page);
	f->page->round = 3;
	assert_true(duel_news(f->page) == before);
	fill(f->page, 0, 1, 10, 0);
	assert_true(duel_news(f->page) != before);
	before = duel_news(f->page);
	f->page->series[0].error = ENODEV;
	assert_true(duel_news(f->page) != before);
}

/* --- facts --- */

static struct scene_value fact(struct fixture *f, const char *path)
{
	struct lesson_duel_path parsed;
	if (!lesson_duel_path_parse(path, &parsed))
		fail_msg("there is no fact %s", path);
	return lesson_duel_fact(&f->sample, &parsed);
}

static void facts_are_of_series_and_of_pairs(void **state)
{
	struct fixture *f = *state;
	add(f->page, SWITCH_BY_PIPE, BY_PROCESSES, 1, 0);
	add(f->page, SWITCH_BY_PIPE, BY_THREADS, 1, 0);
	add(f->page, SWITCH_BY_PIPE, BY_PROCESSES, 2, 0);
	add(f->page, SWITCH_BY_PIPE, BY_THREADS, 2, 0);
	fill(f->page, 0, 9, 20, 0);
	fill(f->page, 1, 9, 10, 0);
	fill(f->page, 2, 9, 99, 0);
	report(f);
	/* of one CPU, though two were measured later */
	assert_true(fact(f, "duel.switch.pipe.processes.median").number == 20);
	assert_true(fact(f, "duel.switch.pipe_2cpus.processes.median").number == 99);
	assert_false(fact(f, "duel.switch.pipe_2cpus.clone_vm.median").known);
	assert_true(fact(f, "duel.switch.pipe.processes.net").number == 18);
	assert_true(fact(f, "duel.switch.pipe.threads.trials").number == 9);
	assert_true(fact(f, "duel.switch.pipe.processes_vs_threads.ratio").number == 2);
	assert_string_equal(fact(f, "duel.switch.pipe.processes_vs_threads.verdict").text, "more");
	assert_false(fact(f, "duel.switch.pipe.clone_vm_vs_threads.verdict").known);
	assert_false(fact(f, "duel.switch.pipe.processes.latency_p50").known);
	/* a hand-over is no message */
	assert_false(fact(f, "duel.switch.pipe.processes.message_rate").known);
	assert_false(fact(f, "duel.create.fork.processes.median").known);
}

static void messages_a_second_are_what_a_message_takes(void **state)
{
	struct fixture *f = *state;
	add(f->page, TALK_PIPE, BY_PROCESSES, 1, 4096);
	fill(f->page, 0, 9, 2000, 0);
	report(f);
	assert_true(fact(f, "duel.talk.pipe.processes.message_rate").number == 500000);
}

/* A table that is too wide goes on below, without the rows that have nothing to say there. */
static void a_wide_table_goes_on_below(void **state)
{
	static const char *const cells[][3] = { { "who", "a", "b" }, { "x", "1", "" },
		{ "y", "2", "3" } };
	struct grid grid = { .columns = 3, .keys = 1, .left = { true } };
	struct buf out = { 0 };
	for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
		struct grid_row *row = vec_push(&grid.rows);
		for (int k = 0; k < 3; k++)
			snprintf(row->cell[k], GRID_CELL, "%s", cells[i][k]);
	}
	grid_put(&grid, 9, &out);
	assert_string_equal(out.text, "  who  a\n  x    1\n  y    2\n\n  who  b\n  y    3\n");
	buf_finish(&out);
	vec_finish(&grid.rows);
}

static bool exists(const char *path)
{
	struct lesson_duel_path parsed;
	return lesson_duel_path_parse(path, &parsed);
}

static void facts_that_cannot_be_do_not_exist(void **state)
{
	assert_true(exists("duel.create.fork.fork_vs_pthread_create.ratio"));
	assert_true(exists("duel.create.fork.64_vs_0.difference"));
	assert_true(exists("duel.create.clone_vm.clone_vm.p95"));
	assert_true(exists("duel.switch.pipe_2cpus.processes_vs_threads.verdict"));
	assert_false(exists("duel.switch.pipe_3cpus.processes.median"));
	assert_false(exists("duel.create.fork.threads.median"));
	assert_false(exists("duel.create.fork.fork_vs_pony.ratio"));
	assert_false(exists("duel.switch.pipe.processes_vs_threads.median"));
	assert_false(exists("duel.switch.pipe.processes.ratio"));
	assert_false(exists("duel.switch.pony.processes.median"));
}

#define ON_A_PAGE(test) cmocka_unit_test_setup_teardown(test, open_page, close_page)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(default_plans_end_in_their_time),
		cmocka_unit_test(a_brief_plan_does_not_wait_until_it_is_settled),
		cmocka_unit_test(chosen_methods_are_all_that_is_planned),
		cmocka_unit_test(what_does_not_fit_is_refused),
		ON_A_PAGE(a_verdict_names_first_what_takes_more),
		ON_A_PAGE(equal_is_asked_before_different),
		ON_A_PAGE(a_round_that_says_the_opposite_does_not_hide_the_others),
		ON_A_PAGE(it_is_looked_at_when_it_was_planned),
		ON_A_PAGE(rounds_that_disagree_are_not_resolved),
		ON_A_PAGE(rounds_without_a_value_are_left_out),
		ON_A_PAGE(what_cannot_be_decided_says_why),
		ON_A_PAGE(a_channel_that_delivers_wrong_data_wins_nothing),
		ON_A_PAGE(news_are_trials_and_errors_alone),
		ON_A_PAGE(facts_are_of_series_and_of_pairs),
		cmocka_unit_test(a_wide_table_goes_on_below),
		ON_A_PAGE(messages_a_second_are_what_a_message_takes),
		cmocka_unit_test(facts_that_cannot_be_do_not_exist),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
