/* SPDX-License-Identifier: MIT
 * Decides what the rounds of two series say of each other: equal, different, or not resolved. The interval of the ratio is
 * that of the signed-rank test (Hodges and Lehmann), on a logarithmic scale: it lies between two of the geometric means of
 * any two rounds. Products stand for these means, so that neither logarithm nor root is needed.
 */
#include <string.h>

#include "duel_page.h"

int duel_trials(const struct duel_page *page, int series)
{
	int n = atomic_load(&page->series[series].trials);
	if (n < 0)
		return 0;
	return n < DUEL_TRIALS_MAX ? n : DUEL_TRIALS_MAX;
}

const struct duel_part *duel_part_of(const struct duel_plan *plan, int item)
{
	int i = 0;
	while (i + 1 < plan->parts && item >= plan->part[i].first + plan->part[i].n)
		i++;
	return &plan->part[i];
}

bool duel_delivers_wrong_data(const struct duel_series *series)
{
	return strncmp(series->note, "wrong data", 10) == 0;
}

int duel_ratios(const struct duel_page *page, const struct duel_pair *pair, double *ratios)
{
	const struct duel_series *first = &page->series[pair->first],
				 *second = &page->series[pair->second];
	int n = duel_trials(page, pair->first), other = duel_trials(page, pair->second), known = 0;
	for (int i = 0; i < n && i < other; i++) {
		double a = (double)first->value[i], b = (double)second->value[i];
		if (a > 0 && b > 0) /* NAN is neither */
			ratios[known++] = a / b;
	}
	return known;
}

/* How many geometric means of two of the ratios lie below a bound, or on it where that counts. */
static int means_below(const double *ratios, int n, double bound, bool or_on_it)
{
	int below = 0;
	for (int i = 0; i < n; i++)
		for (int k = i; k < n; k++) {
			double square = ratios[i] * ratios[k];
			below += square < bound * bound || (or_on_it && square == bound * bound);
		}
	return below;
}

/* Whether the interval lies above a bound: fewer means than its rank are below it. */
static bool lies_above(const double *ratios, int n, int rank, double bound, bool or_on_it)
{
	return means_below(ratios, n, bound, !or_on_it) < rank;
}

static bool lies_below(const double *ratios, int n, int rank, double bound, bool or_on_it)
{
	return n * (n + 1) / 2 - means_below(ratios, n, bound, or_on_it) < rank;
}

/* The planned looks double: which of them `known` rounds suffice for; 0: for none. */
static int rounds_of_look(const struct duel_part *part, int known, bool *ret_later)
{
	int first = part->rounds < DUEL_ROUNDS_MIN ? DUEL_ROUNDS_MIN : part->rounds;
	int look = known < first ? 0 : first;
	while (look && look * 2 <= known && look * 2 <= part->rounds_most)
		look *= 2;
	*ret_later = look > first;
	return look;
}

static bool is_void(const struct duel_series *series)
{
	return series->error || duel_delivers_wrong_data(series);
}

struct duel_finding duel_find_out(const struct duel_page *page, const struct duel_pair *pair)
{
	double ratios[DUEL_TRIALS_MAX];
	const struct duel_part *part = duel_part_of(&page->plan, pair->first);
	struct duel_finding is = { .known = duel_ratios(page, pair, ratios) };
	bool later, over = atomic_load(&page->done);
	int n = rounds_of_look(part, is.known, &later);
	is.open = !over && duel_trials(page, pair->first) < part->rounds_most &&
		  !is_void(&page->series[pair->first]) && !is_void(&page->series[pair->second]);
	/* the time was up before the first look, which is now */
	if (!n && over && is.known >= DUEL_ROUNDS_MIN)
		n = is.known;
	is.rank = page->plan.rank[later][n];
	if (!n || !is.rank)
		return is;
	is.rounds = n;
	/* One whose middle lies among equals would be called equal by the next run. */
	is.more = lies_above(ratios, n, is.rank, 1, false) &&
		  4 * means_below(ratios, n, DUEL_ALIKE, true) < n * (n + 1);
	is.less = lies_below(ratios, n, is.rank, 1, false) &&
		  4 * means_below(ratios, n, 1 / DUEL_ALIKE, false) > n * (n + 1);
	is.equal = lies_above(ratios, n, is.rank, 1 / DUEL_ALIKE, true) &&
		   lies_below(ratios, n, is.rank, DUEL_ALIKE, true);
	/* what is different by no more than a little may yet prove equal */
	if (is.equal || lies_above(ratios, n, is.rank, DUEL_ALIKE, false) ||
		lies_below(ratios, n, is.rank, 1 / DUEL_ALIKE, false))
		is.open = false;
	if (is.equal)
		is.more = is.less = false;
	return is;
}
