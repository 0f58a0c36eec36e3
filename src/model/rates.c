/* SPDX-License-Identifier: MIT
 * Two readings of a counter and the time between them: how a rate is made, and when there is none.
 * Numbers may come from a recording that somebody else wrote, so no sum may overflow.
 */
#include "internal.h"

int64_t add_strict(int64_t a, int64_t b)
{
	int64_t sum;

	if (a < 0 || b < 0)
		return UNKNOWN;
	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

int64_t add_known(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return MAX(MAX(a, b), UNKNOWN);
	return add_strict(a, b);
}

double add_known_rate(double a, double b)
{
	if (isnan(a))
		return b;
	return isnan(b) ? a : a + b;
}

nsec elapsed(nsec from, nsec to)
{
	nsec difference;

	if (__builtin_sub_overflow(to, from, &difference))
		return to < from ? INT64_MIN : INT64_MAX;
	return difference;
}

double rate_per_s(int64_t before, int64_t now, nsec dt)
{
	if (before < 0 || now < before || dt <= 0)
		return NAN;
	return (double)(now - before) * (double)NSEC_PER_SEC / (double)dt;
}

double rate_percent(int64_t before, int64_t now, nsec dt)
{
	if (before < 0 || now < before || dt <= 0)
		return NAN;
	return (double)(now - before) * 100 / (double)dt;
}

void track_rate_user_switches(struct track *track, nsec at_ns)
{
	const int64_t before = track->user_switches;

	track->user_switches = track->has_worker ? track->worker->user_switches : UNKNOWN;
	track->user_switches_per_s =
		rate_per_s(before, track->user_switches, elapsed(track->user_at_ns, at_ns));
	track->user_at_ns = at_ns;
}
