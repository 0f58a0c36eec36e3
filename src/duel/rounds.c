/* SPDX-License-Identifier: MIT
 * Compares two programs that were run in turns, round by round, as duels compare their series.
 */

#include "internal.h"
#include "stats.h"

#define FALSE_DIFFERENCES 0.05

static enum contrast_verdict verdict_of(const struct stats_interval *ratio)
{
	if (isnan(ratio->low) || isnan(ratio->high))
		return CONTRAST_UNDECIDED;
	if (ratio->low >= 1 / DUEL_ALIKE && ratio->high <= DUEL_ALIKE)
		return CONTRAST_EQUAL;
	if (ratio->low > 1 && ratio->middle > DUEL_ALIKE)
		return CONTRAST_MORE;
	if (ratio->high < 1 && ratio->middle < 1 / DUEL_ALIKE)
		return CONTRAST_LESS;
	return CONTRAST_UNRESOLVED;
}

const char *duel_why_unresolved(const struct contrast_sample *c)
{
	return c->low > 1 || c->high < 1 ? "perhaps equal within 10 %" : "the rounds disagree";
}

/* A ratio that a person can hold: at least 1, the larger first. */
static void say(const char *what, struct contrast_sample *c)
{
	const bool less = c->verdict == CONTRAST_LESS;

	switch (c->verdict) {
	case CONTRAST_UNDECIDED:
		snprintf(c->text, sizeof(c->text), "%s: %d of at least %d rounds", what, c->rounds,
			DUEL_ROUNDS_MIN);
		break;
	case CONTRAST_EQUAL:
		snprintf(c->text, sizeof(c->text), "%s: equal within 10 %% (%.2f to %.2f)", what,
			c->low, c->high);
		break;
	case CONTRAST_UNRESOLVED:
		snprintf(c->text, sizeof(c->text), "%s: not resolved: %s (%.2f to %.2f)", what,
			duel_why_unresolved(c), c->low, c->high);
		break;
	default:
		snprintf(c->text, sizeof(c->text), "%s: %s %.2f times the %s's (%.2f to %.2f)",
			what, side_name(less), less ? 1 / c->ratio : c->ratio, side_name(!less),
			less ? 1 / c->high : c->low, less ? 1 / c->low : c->high);
	}
}

void duel_compare_rounds(const char *what, const double *left, const double *right, size_t n,
	struct contrast_sample *ret)
{
	double ratios[DUEL_TRIALS_MAX];
	uint16_t ranks[DUEL_TRIALS_MAX + 1];
	size_t known = 0;

	for (size_t i = 0; i < MIN(n, (size_t)DUEL_TRIALS_MAX); i++)
		if (left[i] > 0 && right[i] > 0) /* NAN is neither */
			ratios[known++] = left[i] / right[i];
	stats_ranks(FALSE_DIFFERENCES, ranks, DUEL_TRIALS_MAX);
	const size_t rank = known >= DUEL_ROUNDS_MIN ? ranks[known] : 0;
	const struct stats_interval ratio = stats_ratio_interval(ratios, known, rank);

	snprintf(ret->duel, sizeof(ret->duel), "programs");
	snprintf(ret->method, sizeof(ret->method), "%s", what);
	snprintf(ret->key, sizeof(ret->key), "left_vs_right");
	ret->rounds = (int32_t)known;
	ret->ratio = ratio.middle;
	ret->low = ratio.low;
	ret->high = ratio.high;
	ret->ratio_p5 = ret->ratio_p95 = ret->difference = NAN;
	ret->verdict = (int16_t)verdict_of(&ratio);
	say(what, ret);
}
