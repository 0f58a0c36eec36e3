/* SPDX-License-Identifier: MIT
 * Statistics of trials: what a distribution looks like, and how sure a ratio is. Pure. Nothing here
 * assumes a normal distribution: timings have a floor and a long tail, so quantiles speak, not
 * means.
 */
#ifndef TASKSCOPE_STATS_H
#define TASKSCOPE_STATS_H

#include "base.h"

struct summary {
	size_t n;
	double min, p5, p25, median, p75, p95, max; /* NAN if n is 0 */
};

/* The quantiles of n values (NAN left out), by linear interpolation between order statistics (R's
 * type 7). Sorts a copy. */
struct summary stats_summarise(const float *values, size_t n);
/* The same of values that are all known; sorts them where they are. */
struct summary stats_summary(double *values, size_t n);
/* The same of first - second, round by round: rounds that lack one of them are left out. */
struct summary stats_differences(const float *first, const float *second, size_t n);
/* One quantile (0..1) of n ascending values; NAN if n is 0. */
double stats_quantile(const double *ascending, size_t n, double q);

/* The interval of a ratio, by the signed-rank test. */
struct stats_interval {
	double low, middle, high; /* NAN if n is 0; low and high also when rank is 0 */
};
/* Of n ratios: the geometric means of any two of them (and of each alone) in order; the middle one,
 * and those at rank 1.. from either end. */
struct stats_interval stats_ratio_interval(const double *ratios, size_t n, size_t rank);
/* The rank for 0..n values so that the interval misses the truth in at most `error` of all cases,
 * whatever the distribution, as long as it lies symmetrically around the truth: exact. 0: so few
 * values leave none. */
void stats_ranks(double error, uint16_t *ranks, size_t n);
#endif
