/* SPDX-License-Identifier: MIT
 * Statistics of trials: what a distribution looks like, and whether two of them differ. Pure. Nothing here assumes a normal
 * distribution: timings have a floor and a long tail, so quantiles speak, not means.
 */
#ifndef TASKSCOPE_STATS_H
#define TASKSCOPE_STATS_H

#include "base.h"

struct summary {
	size_t n;
	double min, p5, p25, median, p75, p95, max; /* NAN if n is 0 */
};

/* The quantiles of n values (NAN left out), by linear interpolation between order statistics (R's type 7). Sorts a copy. */
struct summary stats_summarise(const float *values, size_t n);
/* The same of first - second, round by round: rounds that lack one of them are left out. */
struct summary stats_differences(const float *first, const float *second, size_t n);
/* One quantile (0..1) of n ascending values; NAN if n is 0. */
double stats_quantile(const double *ascending, size_t n, double q);

enum verdict {
	VERDICT_LESS,      /* the first is smaller, and their spreads do not overlap */
	VERDICT_MORE,      /* the first is larger, likewise */
	VERDICT_NO_DIFFERENCE, /* the middle halves (p25..p75) overlap: no measurable difference */
	VERDICT_UNDECIDED, /* too few trials, or one side could not be measured */
};
#define STATS_TRIALS_MIN 5 /* fewer decide nothing */

struct comparison {
	enum verdict verdict;
	double ratio;           /* median of first / second, round by round: rounds were interleaved */
	double ratio_p5, ratio_p95;
	double difference;      /* median of first - second, likewise */
};
/* Compares two series of the same rounds (values at one index belong to one round). */
struct comparison stats_compare(const float *first, size_t first_n, const float *second, size_t second_n);
#endif
