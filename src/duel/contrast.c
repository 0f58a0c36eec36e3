/* SPDX-License-Identifier: MIT
 * What is said of two series that are compared. The words follow the numbers: a sentence names first what takes more, whoever
 * that is.
 */

#include "internal.h"
#include "stats.h"

/* --- the words --- */

static const char *verb_of(enum duel duel)
{
	return duel == DUEL_MEMORY ? "need" : "take";
}

static bool is_plural(const struct duel_pair *pair)
{
	return pair->of == PAIR_OF_KINDS;
}

static bool differ_in_who(const struct duel_page *page, const struct duel_pair *pair)
{
	const struct duel_item *item = page->plan.item;
	return method_table[item[pair->first].method].duel == DUEL_TALK &&
	       item[pair->first].who != item[pair->second].who;
}

static const char *name_of(char *out, size_t size, const struct duel_page *page,
	const struct duel_pair *pair, int item)
{
	const struct duel_item *i = &page->plan.item[item];
	char parameter[32];
	if (pair->of == PAIR_OF_KINDS)
		snprintf(out, size, "%s%s", contender_name(i->who),
			i->who == BY_SHARED_MM ? " processes" : "");
	else if (pair->of == PAIR_OF_PARAMETERS)
		snprintf(out, size, "%s with %s", method_table[i->method].name,
			i->parameter ? duel_parameter_text(parameter, sizeof(parameter), i)
				     : "no ballast");
	else if (differ_in_who(page, pair))
		snprintf(out, size, "%s between %s", method_table[i->method].name,
			contender_name(i->who));
	else
		snprintf(out, size, "%s", method_table[i->method].name);
	return out;
}

static void say_undecided(const struct duel_page *page, const struct duel_pair *pair, const char *a,
	const char *b, struct contrast_sample *c)
{
	const struct duel_series *first = &page->series[pair->first],
				 *second = &page->series[pair->second];
	const struct duel_series *bad = first->error ? first : second;
	char why[160];
	if (bad->error == ENODEV)
		snprintf(why, sizeof(why), "needs two CPUs");
	else if (bad->error)
		snprintf(why, sizeof(why), "%s", bad->note[0] ? bad->note : strerror(bad->error));
	else if (!atomic_load(&page->done))
		snprintf(why, sizeof(why), "%d of %d rounds so far", c->rounds,
			MAX(duel_part_of(&page->plan, pair->first)->rounds, DUEL_ROUNDS_MIN));
	else
		snprintf(why, sizeof(why), "%d of at least %d rounds", c->rounds, DUEL_ROUNDS_MIN);
	snprintf(c->text, sizeof(c->text), "%s or %s: cannot be decided here: %.140s", a, b, why);
}

static int digits_of(double ratio)
{
	return (ratio < 10) + (ratio < 100);
}

/* "0.97 to 1.25": enough digits to tell the ends apart. */
static const char *interval_text(char *out, size_t size, double low, double high)
{
	snprintf(out, size, "%.*f to %.*f", digits_of(low), low, digits_of(high), high);
	return out;
}

/* A ratio that a person can hold: at least 1, the larger first. */
static void say_difference(const struct duel_pair *pair, enum duel duel, const char *a,
	const char *b, struct contrast_sample *c)
{
	bool more = c->verdict == CONTRAST_MORE, memory = duel == DUEL_MEMORY;
	double ratio = more ? c->ratio : 1 / c->ratio, low = more ? c->low : 1 / c->high,
	       high = more ? c->high : 1 / c->low;
	const char *larger = more ? a : b, *smaller = more ? b : a, *s = is_plural(pair) ? "" : "s";
	char interval[48];
	snprintf(c->text, sizeof(c->text), "%s %s%s %.*f times as %s as %s (%s)", larger,
		verb_of(duel), s, digits_of(ratio), ratio, memory ? "much" : "long", smaller,
		interval_text(interval, sizeof(interval), low, high));
}

static void say(const struct duel_page *page, const struct duel_pair *pair, bool open,
	struct contrast_sample *c)
{
	char a[64], b[64], interval[48];
	name_of(a, sizeof(a), page, pair, pair->first);
	name_of(b, sizeof(b), page, pair, pair->second);
	interval_text(interval, sizeof(interval), c->low, c->high);
	switch (c->verdict) {
	case CONTRAST_UNDECIDED:
		say_undecided(page, pair, a, b, c);
		break;
	case CONTRAST_EQUAL:
		snprintf(c->text, sizeof(c->text), "%s and %s: equal within 10 %% (%s)", a, b,
			interval);
		break;
	case CONTRAST_UNRESOLVED:
		snprintf(c->text, sizeof(c->text), "%s or %s: not resolved%s: %s (%s)", a, b,
			open ? " yet" : "", duel_why_unresolved(c), interval);
		break;
	default:
		say_difference(
			pair, method_table[page->plan.item[pair->first].method].duel, a, b, c);
	}
}

/* --- the numbers --- */

/* A channel that delivers something else is no faster: it does not do the work. */
static bool is_void(
	const struct duel_page *page, const struct duel_pair *pair, struct contrast_sample *c)
{
	char name[64];
	const int items[] = { pair->first, pair->second };
	for (size_t i = 0; i < ARRAY_LEN(items); i++) {
		if (!duel_delivers_wrong_data(&page->series[items[i]]))
			continue;
		snprintf(c->text, sizeof(c->text),
			"%s: the %s delivers wrong data, so its time compares with nothing",
			name_of(name, sizeof(name), page, pair, items[i]),
			method_table[page->plan.item[items[i]].method].name);
		return true;
	}
	return false;
}

static void put_key(
	const struct duel_page *page, const struct duel_pair *pair, struct contrast_sample *c)
{
	const struct duel_item *a = &page->plan.item[pair->first],
			       *b = &page->plan.item[pair->second];
	if (pair->of == PAIR_OF_KINDS)
		snprintf(c->key, sizeof(c->key), "%s_vs_%s",
			a->who == BY_SHARED_MM ? "clone_vm" : "processes", "threads");
	else if (pair->of == PAIR_OF_METHODS)
		snprintf(c->key, sizeof(c->key), "%s_vs_%s", method_table[a->method].name,
			method_table[b->method].name);
	else
		snprintf(c->key, sizeof(c->key), "%lld_vs_%lld", (long long)a->parameter,
			(long long)b->parameter);
}

static enum contrast_verdict verdict_of(const struct duel_finding *is)
{
	if (is->rounds == 0)
		return CONTRAST_UNDECIDED;
	if (is->equal)
		return CONTRAST_EQUAL;
	if (is->more)
		return CONTRAST_MORE;
	return is->less ? CONTRAST_LESS : CONTRAST_UNRESOLVED;
}

static void put_numbers(const struct duel_page *page, const struct duel_pair *pair,
	const struct duel_finding *is, struct contrast_sample *c)
{
	double ratios[DUEL_TRIALS_MAX];
	duel_ratios(page, pair, ratios);
	struct stats_interval ratio =
		stats_ratio_interval(ratios, (size_t)is->rounds, (size_t)is->rank);
	struct summary single = stats_summary(ratios, (size_t)is->known);
	c->ratio = ratio.middle;
	c->low = ratio.low;
	c->high = ratio.high;
	c->ratio_p5 = single.p5;
	c->ratio_p95 = single.p95;
	c->difference = stats_differences(page->series[pair->first].value,
		page->series[pair->second].value,
		(size_t)MIN(duel_trials(page, pair->first), duel_trials(page, pair->second)))
				.median;
}

static void add(const struct duel_page *page, const struct duel_pair *pair, struct sample *sample)
{
	struct contrast_sample *c = vec_push(&sample->contrasts);
	const struct duel_item *item = &page->plan.item[pair->first];
	struct duel_finding is = duel_find_out(page, pair);
	snprintf(c->duel, sizeof(c->duel), "%s", duel_table[method_table[item->method].duel].name);
	snprintf(c->method, sizeof(c->method), "%s", method_table[item->method].name);
	put_key(page, pair, c);
	c->parameter = item->parameter;
	c->cpus = item->cpus;
	c->ratio = c->low = c->high = c->ratio_p5 = c->ratio_p95 = c->difference = NAN;
	c->verdict = CONTRAST_UNDECIDED;
	c->rounds = is.known;
	if (is_void(page, pair, c))
		return;
	if (!page->series[pair->first].error && !page->series[pair->second].error)
		c->verdict = (int16_t)verdict_of(&is);
	if (c->verdict != CONTRAST_UNDECIDED) {
		c->rounds = is.rounds;
		put_numbers(page, pair, &is, c);
	}
	say(page, pair, is.open, c);
}

void duel_report_contrasts(const struct duel_page *page, struct sample *sample)
{
	for (int i = 0; i < page->plan.pairs_n; i++)
		add(page, &page->plan.pair[i], sample);
}
