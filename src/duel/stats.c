/* SPDX-License-Identifier: MIT
 * Quantiles of trials, and the interval of a ratio: of the ratio of each round, since what disturbs a round disturbs both of
 * its trials.
 */
#include "stats.h"

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

struct summary stats_summary(double *sorted, size_t n)
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
	struct summary summary = stats_summary(copy, known);
	free(copy);
	return summary;
}

struct summary stats_differences(const float *first, const float *second, size_t n)
{
	float *each = xcalloc(MAX(n, (size_t)1), sizeof(*each));
	for (size_t i = 0; i < n; i++)
		each[i] = first[i] - second[i]; /* NAN if one of them is */
	struct summary summary = stats_summarise(each, n);
	free(each);
	return summary;
}

struct stats_interval stats_ratio_interval(const double *ratios, size_t n, size_t rank)
{
	struct stats_interval interval = { NAN, NAN, NAN };
	size_t means = n * (n + 1) / 2, at = 0;
	double *mean = xcalloc(MAX(means, (size_t)1), sizeof(*mean));
	for (size_t i = 0; i < n; i++)
		for (size_t k = i; k < n; k++)
			mean[at++] = sqrt(ratios[i] * ratios[k]);
	qsort(mean, means, sizeof(mean[0]), ascending);
	interval.middle = stats_quantile(mean, means, 0.5);
	if (rank > 0 && rank <= means) {
		interval.low = mean[rank - 1];
		interval.high = mean[means - rank];
	}
	free(mean);
	return interval;
}

/* The sum of the ranks of values above the truth: each rank 1..n counts or not, like a coin. Its distribution for n values
 * follows from that for n - 1. */
void stats_ranks(double error, uint16_t *ranks, size_t n)
{
	size_t sums = n * (n + 1) / 2 + 1;
	double *chance = xcalloc(sums, sizeof(*chance));
	chance[0] = 1;
	ranks[0] = 0;
	for (size_t i = 1; i <= n; i++) {
		for (size_t sum = i * (i + 1) / 2 + 1; sum-- > 0;)
			chance[sum] = (chance[sum] + (sum >= i ? chance[sum - i] : 0)) / 2;
		double below = 0;
		size_t rank = 0;
		while (rank < sums && (below += chance[rank]) <= error / 2)
			rank++;
		ranks[i] = (uint16_t)rank;
	}
	free(chance);
}
