/* SPDX-License-Identifier: MIT
 * Which series are compared with which, and what is said of it. The words follow the numbers: a sentence names first what
 * takes more, whoever that is.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "stats.h"

/* One question: two items. Whoever of both kinds can be first. */
struct pair {
	int first, second; /* items */
	enum { OF_KINDS, OF_METHODS, OF_PARAMETERS } of;
};

/* Methods worth comparing, of the same parameter. */
static const struct {
	int16_t first, second;
} methods[] = {
	{ CREATE_FORK, CREATE_PTHREAD },
	{ CREATE_VFORK, CREATE_PTHREAD },
	{ CREATE_POSIX_SPAWN, CREATE_FORK_EXEC },
	{ CLONE_NOTHING, CLONE_MM },
	{ CLONE_MM, CLONE_MM_THREAD },
	{ TALK_PIPE, TALK_FUTEX },
};

static bool same_place(const struct duel_item *a, const struct duel_item *b)
{
	return a->cpus == b->cpus && a->parameter == b->parameter;
}

/* The same thing done by both kinds; threads are what the others are compared with. */
static bool differ_in_kind(const struct duel_item *a, const struct duel_item *b)
{
	return a->method == b->method && same_place(a, b) && a->who != BY_THREADS &&
	       b->who == BY_THREADS;
}

static bool differ_in_method(const struct duel_item *a, const struct duel_item *b)
{
	bool creates = method_table[a->method].duel == DUEL_CREATE;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		if (methods[i].first == a->method && methods[i].second == b->method)
			return same_place(a, b) &&
			       (creates || (a->who == b->who && a->who == BY_PROCESSES));
	return false;
}

/* What a ballast adds, and a working set: the largest to the smallest. */
static bool differ_in_parameter(const struct duel_plan *plan, int first, int second)
{
	const struct duel_item *a = &plan->item[first], *b = &plan->item[second];
	if ((a->method != CREATE_FORK && a->method != CREATE_PTHREAD) || a->method != b->method ||
		a->parameter <= b->parameter)
		return false;
	for (int i = 0; i < plan->series_n; i++)
		if (plan->item[i].method == a->method &&
			(plan->item[i].parameter > a->parameter ||
				plan->item[i].parameter < b->parameter))
			return false;
	return true;
}

/* --- the words --- */

static const char *verb_of(enum duel duel)
{
	return duel == DUEL_MEMORY ? "need" : "take";
}

static bool is_plural(const struct pair *pair)
{
	return pair->of == OF_KINDS;
}

static const char *name_of(
	char *out, size_t size, const struct duel_page *page, const struct pair *pair, int item)
{
	const struct duel_item *i = &page->plan.item[item];
	char parameter[32];
	if (pair->of == OF_KINDS)
		snprintf(out, size, "%s%s", contender_name(i->who),
			i->who == BY_SHARED_MM ? " processes" : "");
	else if (pair->of == OF_METHODS)
		snprintf(out, size, "%s", method_table[i->method].name);
	else
		snprintf(out, size, "%s with %s", method_table[i->method].name,
			i->parameter ? duel_parameter_text(parameter, sizeof(parameter), i)
				     : "no ballast");
	return out;
}

static void say_undecided(const struct duel_page *page, const struct pair *pair, const char *a,
	const char *b, struct contrast_sample *c)
{
	const struct duel_series *first = &page->series[pair->first],
				 *second = &page->series[pair->second];
	const struct duel_series *bad = first->error ? first : second;
	size_t n = MIN(duel_trials(page, pair->first), duel_trials(page, pair->second));
	char why[100];
	if (bad->error == ENODEV)
		snprintf(why, sizeof(why), "needs two CPUs");
	else if (bad->error)
		snprintf(
			why, sizeof(why), "%.80s", bad->note[0] ? bad->note : strerror(bad->error));
	else
		snprintf(why, sizeof(why), "%zu of at least %d trials", n, STATS_TRIALS_MIN);
	snprintf(c->text, sizeof(c->text), "%s or %s: cannot be decided here: %s", a, b, why);
}

/* A ratio that a person can hold: at least 1, the larger first; and whether some rounds say the opposite. */
static void say_ratio(const struct pair *pair, enum duel duel, const char *a, const char *b,
	const struct comparison *is, struct contrast_sample *c)
{
	bool more = is->verdict == VERDICT_MORE;
	double ratio = more ? is->ratio : 1 / is->ratio,
	       low = more ? is->ratio_p5 : 1 / is->ratio_p95,
	       high = more ? is->ratio_p95 : 1 / is->ratio_p5;
	int digits = ratio < 10 ? 2 : ratio < 100 ? 1 : 0;
	bool memory = duel == DUEL_MEMORY;
	const char *doubt = low < 1 ? ": not in every round" : "", *s = is_plural(pair) ? "" : "s";
	if (ratio < 1.1)
		snprintf(c->text, sizeof(c->text), "%s %s%s %.1f %% %s than %s (%.1f to %.1f %%%s)",
			more ? a : b, verb_of(duel), s, (ratio - 1) * 100,
			memory ? "more" : "longer", more ? b : a, (low - 1) * 100, (high - 1) * 100,
			doubt);
	else
		snprintf(c->text, sizeof(c->text),
			"%s %s%s %.*f times as %s as %s (%.*f to %.*f%s)", more ? a : b,
			verb_of(duel), s, digits, ratio, memory ? "much" : "long", more ? b : a,
			digits, low, digits, high, doubt);
}

static void say(const struct duel_page *page, const struct pair *pair, enum duel duel,
	const struct comparison *is, struct contrast_sample *c)
{
	char a[64], b[64];
	name_of(a, sizeof(a), page, pair, pair->first);
	name_of(b, sizeof(b), page, pair, pair->second);
	if (is->verdict == VERDICT_UNDECIDED)
		say_undecided(page, pair, a, b, c);
	else if (is->verdict == VERDICT_NO_DIFFERENCE)
		snprintf(c->text, sizeof(c->text), "no measurable difference between %s and %s", a,
			b);
	else
		say_ratio(pair, duel, a, b, is, c);
}

/* --- the numbers --- */

static bool delivers_wrong_data(const struct duel_page *page, int item)
{
	return strncmp(page->series[item].note, "wrong data", 10) == 0;
}

/* A channel that delivers something else is no faster: it does not do the work. */
static bool is_void(
	const struct duel_page *page, const struct pair *pair, struct contrast_sample *c)
{
	char name[64];
	int bad = delivers_wrong_data(page, pair->first)    ? pair->first
		  : delivers_wrong_data(page, pair->second) ? pair->second
							    : -1;
	if (bad < 0)
		return false;
	c->verdict = CONTRAST_UNDECIDED;
	snprintf(c->text, sizeof(c->text),
		"%s: the %s delivers wrong data, so its time compares with nothing",
		name_of(name, sizeof(name), page, pair, bad),
		method_table[page->plan.item[bad].method].name);
	return true;
}

static void put_key(
	const struct duel_page *page, const struct pair *pair, struct contrast_sample *c)
{
	const struct duel_item *a = &page->plan.item[pair->first],
			       *b = &page->plan.item[pair->second];
	if (pair->of == OF_KINDS)
		snprintf(c->key, sizeof(c->key), "%s_vs_%s",
			a->who == BY_SHARED_MM ? "clone_vm" : "processes", "threads");
	else if (pair->of == OF_METHODS)
		snprintf(c->key, sizeof(c->key), "%s_vs_%s", method_table[a->method].name,
			method_table[b->method].name);
	else
		snprintf(c->key, sizeof(c->key), "%lld_vs_%lld", (long long)a->parameter,
			(long long)b->parameter);
}

static void add(const struct duel_page *page, const struct pair *pair, struct sample *sample)
{
	struct contrast_sample *c = vec_push(&sample->contrasts);
	const struct duel_item *item = &page->plan.item[pair->first];
	enum duel duel = method_table[item->method].duel;
	struct comparison is =
		stats_compare(page->series[pair->first].value, duel_trials(page, pair->first),
			page->series[pair->second].value, duel_trials(page, pair->second));
	snprintf(c->duel, sizeof(c->duel), "%s", duel_table[duel].name);
	snprintf(c->method, sizeof(c->method), "%s", method_table[item->method].name);
	put_key(page, pair, c);
	c->parameter = item->parameter;
	c->cpus = item->cpus;
	c->ratio = c->ratio_p5 = c->ratio_p95 = c->difference = NAN;
	if (is_void(page, pair, c))
		return;
	if (page->series[pair->first].error || page->series[pair->second].error)
		is.verdict = VERDICT_UNDECIDED;
	c->verdict = (int16_t)is.verdict;
	if (is.verdict != VERDICT_UNDECIDED) {
		c->ratio = is.ratio;
		c->ratio_p5 = is.ratio_p5;
		c->ratio_p95 = is.ratio_p95;
		c->difference = is.difference;
	}
	say(page, pair, duel, &is, c);
}

void duel_report_contrasts(const struct duel_page *page, struct sample *sample)
{
	const struct duel_plan *plan = &page->plan;
	for (int i = 0; i < plan->series_n; i++) {
		for (int k = 0; k < plan->series_n; k++) {
			const struct duel_item *a = &plan->item[i], *b = &plan->item[k];
			struct pair pair = { .first = i, .second = k };
			if (i == k)
				continue;
			if (differ_in_kind(a, b))
				pair.of = OF_KINDS;
			else if (differ_in_method(a, b))
				pair.of = OF_METHODS;
			else if (differ_in_parameter(plan, i, k))
				pair.of = OF_PARAMETERS;
			else
				continue;
			add(page, &pair, sample);
		}
	}
}
