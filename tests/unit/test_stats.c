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

static void apart_series_differ_by_the_ratio_of_their_rounds(void **state)
{
	const float slow[] = { 20, 22, 40, 20, 21, 19 }, fast[] = { 10, 11, 20, 10, 10.5f, 9.5f };
	struct comparison c = stats_compare(slow, 6, fast, 6);
	assert_int_equal(c.verdict, VERDICT_MORE);
	/* the disturbed third round disturbed both, and so does not widen the ratio */
	near(c.ratio, 2);
	near(c.ratio_p5, 2);
	near(c.ratio_p95, 2);
	near(c.difference, 10.25);
	assert_int_equal(stats_compare(fast, 6, slow, 6).verdict, VERDICT_LESS);
}

static void differences_are_of_rounds_that_have_both(void **state)
{
	const float value[] = { 10, 30, NAN, 14 }, baseline[] = { 4, 20, 1, 6 };
	struct summary net = stats_differences(value, baseline, 4);
	assert_int_equal(net.n, 3);
	near(net.median, 8); /* of 6, 8 and 10; the medians differ by 9 */
	assert_true(isnan(stats_differences(value, &baseline[2], 0).median));
}

static void overlapping_middles_are_no_difference(void **state)
{
	const float a[] = { 10, 12, 14, 16, 18 }, b[] = { 11, 13, 15, 17, 19 };
	struct comparison c = stats_compare(a, 5, b, 5);
	assert_int_equal(c.verdict, VERDICT_NO_DIFFERENCE);
}

/* The middle halves are apart, and every fourth round says the opposite by far. */
static void rounds_that_disagree_are_no_difference(void **state)
{
	const float a[] = { 20, 20, 21, 5, 20, 21, 20, 5 },
		    b[] = { 10, 11, 10, 90, 10, 11, 10, 90 };
	const float c[] = { 10, 11, 10, 15, 10, 11, 10, 15 };
	assert_true(stats_summarise(a, 7).p25 > stats_summarise(b, 7).p75);
	assert_int_equal(stats_compare(a, 7, b, 7).verdict, VERDICT_NO_DIFFERENCE);
	assert_int_equal(stats_compare(b, 7, a, 7).verdict, VERDICT_NO_DIFFERENCE);
	/* six of seven might be chance, all of seven is none */
	assert_int_equal(stats_compare(a, 3 + 4, c, 7).verdict, VERDICT_NO_DIFFERENCE);
	const float always[] = { 20, 20, 21, 16, 20, 21, 20 };
	assert_int_equal(stats_compare(always, 7, c, 7).verdict, VERDICT_MORE);
}

static void too_few_trials_decide_nothing(void **state)
{
	const float a[] = { 1, 1, 1, 1, 1 }, b[] = { 100, 100, 100, 100, NAN };
	struct comparison c = stats_compare(a, 5, b, 5);
	assert_int_equal(c.verdict, VERDICT_UNDECIDED);
	assert_int_equal(stats_compare(a, 0, b, 0).verdict, VERDICT_UNDECIDED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quantiles_interpolate_between_order_statistics),
		cmocka_unit_test(an_even_count_has_its_median_between_two),
		cmocka_unit_test(unknown_values_are_left_out_and_none_is_unknown),
		cmocka_unit_test(apart_series_differ_by_the_ratio_of_their_rounds),
		cmocka_unit_test(differences_are_of_rounds_that_have_both),
		cmocka_unit_test(overlapping_middles_are_no_difference),
		cmocka_unit_test(rounds_that_disagree_are_no_difference),
		cmocka_unit_test(too_few_trials_decide_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
