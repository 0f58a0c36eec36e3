/* SPDX-License-Identifier: MIT
 * Quantiles of trials, and the verdict between two series: by the middle halves and by who won how many rounds for the
 * decision, by the ratio of each round for the size of the difference, since what disturbs a round disturbs both of its trials.
 */
#include "stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double stats_quantile(const double *values, size_t n, double q)
{
	if (n == 0)
		return NAN;
	double position = q * (double)(n - 1);
	size_t below = (size_t)position;
	if (below + 1 >= n)
		return values[n - 1];
	return values[below] + (position - (double)below) * (values[below + 1] - values[below]);
}

static struct summary summarise(double *sorted, size_t n)
{
	qsort(sorted, n, sizeof(sorted[0]), ascending);
	return (struct summary) {
		.n = n,
		.min = stats_quantile(sorted, n, 0),
		.p5 = stats_quantile(sorted, n, 0.05),
		.p25 = stats_quantile(sorted, n, 0.25),
		.median = stats_quantile(sorted, n, 0.5),
		.p75 = stats_quantile(sorted, n, 0.75),
		.p95 = stats_quantile(sorted, n, 0.95),
		.max = stats_quantile(sorted, n, 1),
	};
}

struct summary stats_summarise(const float *values, size_t n)
{
	double *copy = xcalloc(MAX(n, (size_t)1), sizeof(*copy));
	size_t known = 0;
	for (size_t i = 0; i < n; i++)
		if (!isnan(values[i]))
			copy[known++] = (double)values[i];
	struct summary summary = summarise(copy, known);
	free(copy);
	return summary;
}

/* What a round's trials are to each other: first / second, or first - second. */
static struct summary round_by_round(const float *first, const float *second, size_t n, bool ratio)
{
	double *each = xcalloc(MAX(n, (size_t)1), sizeof(*each));
	size_t known = 0;
	for (size_t i = 0; i < n; i++) {
		double a = (double)first[i], b = (double)second[i];
		if (!isnan(a) && !isnan(b) && (b > 0 || !ratio))
			each[known++] = ratio ? a / b : a - b;
	}
	struct summary summary = summarise(each, known);
	free(each);
	return summary;
}

struct summary stats_differences(const float *first, const float *second, size_t n)
{
	return round_by_round(first, second, n, false);
}

/* Whether the rounds agree on who takes more: more often than a coin would by two standard deviations. */
static bool rounds_agree(const float *less, const float *more, size_t n)
{
	int won = 0, rounds = 0;
	for (size_t i = 0; i < n; i++) {
		if (isnan(less[i]) || isnan(more[i]))
			continue;
		rounds++;
		won += less[i] < more[i] ? 1 : less[i] > more[i] ? -1 : 0;
	}
	return won >= 2 * sqrt(rounds);
}

struct comparison stats_compare(
	const float *first, size_t first_n, const float *second, size_t second_n)
{
	struct summary a = stats_summarise(first, first_n), b = stats_summarise(second, second_n);
	size_t rounds = MIN(first_n, second_n);
	struct summary ratio = round_by_round(first, second, rounds, true);
	struct comparison result = {
		.verdict = VERDICT_UNDECIDED,
		.ratio = ratio.median,
		.ratio_p5 = ratio.p5,
		.ratio_p95 = ratio.p95,
		.difference = round_by_round(first, second, rounds, false).median,
	};
	if (a.n < STATS_TRIALS_MIN || b.n < STATS_TRIALS_MIN)
		return result;
	if (a.p75 < b.p25 && rounds_agree(first, second, rounds))
		result.verdict = VERDICT_LESS;
	else if (a.p25 > b.p75 && rounds_agree(second, first, rounds))
		result.verdict = VERDICT_MORE;
	else
		result.verdict = VERDICT_NO_DIFFERENCE;
	return result;
}
