/* SPDX-License-Identifier: MIT
 * Statistics against samples whose answers are known.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "duel.h"
#include "stats.h"

static void near(double got, double wanted)
{
	assert_true(fabs(got - wanted) < 1e-6);
}

static void quantiles_interpolate_between_order_statistics(void **state)
{
	const float values[] = { 5, 1, 4, 2, 3 };
	struct summary s = stats_summarise(values, 5);
	assert_int_equal(s.n, 5);
	near(s.min, 1);
	near(s.p5, 1.2);
	near(s.p25, 2);
	near(s.median, 3);
	near(s.p75, 4);
	near(s.p95, 4.8);
	near(s.max, 5);
}

static void an_even_count_has_its_median_between_two(void **state)
{
	const float values[] = { 10, 40, 20, 30 };
	near(stats_summarise(values, 4).median, 25);
}

static void unknown_values_are_left_out_and_none_is_unknown(void **state)
{
	const float values[] = { NAN, 7, NAN };
	assert_int_equal(stats_summarise(values, 3).n, 1);
	near(stats_summarise(values, 3).median, 7);
	assert_true(isnan(stats_summarise(values, 1).median));
	assert_true(isnan(stats_summarise(values, 0).p95));
}

static void differences_are_of_rounds_that_have_both(void **state)
{
	const float value[] = { 10, 30, NAN, 14 }, baseline[] = { 4, 20, 1, 6 };
	struct summary net = stats_differences(value, baseline, 4);
	assert_int_equal(net.n, 3);
	near(net.median, 8); /* of 6, 8 and 10; the medians differ by 9 */
	assert_true(isnan(stats_differences(value, &baseline[2], 0).median));
}

/* All means of two of 1, 2 and 8: 1, sqrt 2, 2, sqrt 8, 4, 8. */
static void a_ratio_lies_between_means_of_two_rounds(void **state)
{
	const double ratios[] = { 2, 8, 1 };
	struct stats_interval is = stats_ratio_interval(ratios, 3, 2);
	near(is.low, sqrt(2));
	near(is.middle, (2 + sqrt(8)) / 2);
	near(is.high, 4);
	assert_true(isnan(stats_ratio_interval(ratios, 3, 0).low));
	assert_true(isnan(stats_ratio_interval(ratios, 3, 7).high));
	assert_true(isnan(stats_ratio_interval(ratios, 0, 0).middle));
}

/* The published table of critical values of the signed-rank test (two-sided 5 %): the largest sum that is significant. */
static void ranks_are_those_of_the_published_table(void **state)
{
	static const struct {
		int n, critical;
	} table[] = { { 6, 0 }, { 7, 2 }, { 8, 3 }, { 9, 5 }, { 10, 8 }, { 15, 25 }, { 20, 52 },
		{ 25, 89 }, { 30, 137 } };
	uint16_t ranks[31];
	stats_ranks(0.05, ranks, 30);
	assert_int_equal(ranks[0], 0);
	assert_int_equal(ranks[5], 0);
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		assert_int_equal(ranks[table[i].n], table[i].critical + 1);
}

/* The left takes `times` as long as the right, give or take one per cent from round to round. */
static struct contrast_sample compared(double times, size_t rounds, double unknown)
{
	double left[DUEL_TRIALS_MAX], right[DUEL_TRIALS_MAX];
	struct contrast_sample ret = { 0 };

	for (size_t i = 0; i < rounds; i++) {
		right[i] = 1000 + (double)i;
		left[i] = right[i] * times * (1 + 0.01 * ((double)(i % 3) - 1));
	}
	left[rounds - 1] *= unknown;
	duel_compare_rounds("time", left, right, rounds, &ret);
	return ret;
}

static void programs_are_compared_round_by_round(void **state)
{
	struct contrast_sample c = compared(2, 7, 1);

	assert_int_equal(c.verdict, CONTRAST_MORE);
	assert_string_equal(c.text, "time: left 2.00 times the right's (1.98 to 2.02)");
	c = compared(0.25, 7, 1);
	assert_int_equal(c.verdict, CONTRAST_LESS);
	assert_string_equal(c.text, "time: right 4.00 times the left's (3.96 to 4.04)");
	c = compared(1.02, 12, 1);
	assert_int_equal(c.verdict, CONTRAST_EQUAL);
	c = compared(2, 5, 1);
	assert_int_equal(c.verdict, CONTRAST_UNDECIDED);
	assert_string_equal(c.text, "time: 5 of at least 6 rounds");
	/* a round that lacks one of the two is none */
	c = compared(2, 6, NAN);
	assert_int_equal(c.verdict, CONTRAST_UNDECIDED);
	assert_int_equal(c.rounds, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quantiles_interpolate_between_order_statistics),
		cmocka_unit_test(an_even_count_has_its_median_between_two),
		cmocka_unit_test(unknown_values_are_left_out_and_none_is_unknown),
		cmocka_unit_test(differences_are_of_rounds_that_have_both),
		cmocka_unit_test(a_ratio_lies_between_means_of_two_rounds),
		cmocka_unit_test(programs_are_compared_round_by_round),
		cmocka_unit_test(ranks_are_those_of_the_published_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
