/* SPDX-License-Identifier: MIT
 * Pages to records: raw trials to what is known of them so far.
 */

#include "internal.h"
#include "stats.h"

static void put_extra(const struct duel_series *series, struct duel_sample *d)
{
	double *const to[DUEL_EXTRAS] = {
		[EXTRA_SWITCHES] = &d->switches,
		[EXTRA_CALLS] = &d->calls,
		[EXTRA_COPIED] = &d->copied,
		[EXTRA_LATENCY_P50] = &d->latency_p50,
		[EXTRA_LATENCY_P95] = &d->latency_p95,
		[EXTRA_PAGE_TABLES_KB] = &d->page_tables_kb,
		[EXTRA_MAPPINGS] = &d->mappings,
		[EXTRA_FAULTS] = &d->faults,
		[EXTRA_WRITE_NS] = &d->write_ns,
		[EXTRA_WRITTEN_KB] = &d->written_kb,
		[EXTRA_RSS_KB] = &d->rss_kb,
		[EXTRA_USS_KB] = &d->uss_kb,
		[EXTRA_VM_SIZE_KB] = &d->vm_size_kb,
		[EXTRA_KERNEL_STACK_KB] = &d->kernel_stack_kb,
	};
	bool measured = atomic_load(&series->trials) > 0;
	/* before its first trial a page holds zeros */
	for (int i = 0; i < DUEL_EXTRAS; i++)
		*to[i] = measured ? series->extra[i] : NAN;
}

static void add_series(const struct duel_page *page, int i, struct sample *sample)
{
	const struct duel_item *item = &page->plan.item[i];
	const struct duel_series *series = &page->series[i];
	const struct duel_info *duel = &duel_table[method_table[item->method].duel];
	struct duel_sample *d = vec_push(&sample->duels);
	size_t n = (size_t)duel_trials(page, i);
	struct summary s = stats_summarise(series->value, n);
	snprintf(d->duel, sizeof(d->duel), "%s", duel->name);
	snprintf(d->method, sizeof(d->method), "%s", method_table[item->method].name);
	snprintf(d->who, sizeof(d->who), "%s", contender_name(item->who));
	snprintf(d->unit, sizeof(d->unit), "%s", duel->unit);
	snprintf(d->parameter_unit, sizeof(d->parameter_unit), "%s", duel->parameter_unit);
	d->parameter = item->parameter;
	d->cpus = item->cpus;
	d->trials = (int32_t)s.n;
	d->error = series->error;
	d->min = s.min;
	d->p5 = s.p5;
	d->p25 = s.p25;
	d->median = s.median;
	d->p75 = s.p75;
	d->p95 = s.p95;
	d->baseline = stats_summarise(series->baseline, n).median;
	d->net = stats_differences(series->value, series->baseline, n).median;
	put_extra(series, d);
	safe_text(d->note, sizeof(d->note), series->note,
		strnlen(series->note, sizeof(series->note) - 1));
}

void duel_report_state(
	const struct duel_page *page, const char *state, const char *note, struct sample *sample)
{
	struct duel_state_sample *s = &sample->duel;
	snprintf(s->state, sizeof(s->state), "%s", state);
	safe_text(s->note, sizeof(s->note), note ? note : "", note ? strlen(note) : 0);
	s->duel[0] = s->current[0] = '\0';
	s->round = s->rounds = -1;
	if (!page)
		return;
	int part = MAX(MIN(atomic_load(&page->part), page->plan.parts - 1), 0);
	int current = MAX(MIN(atomic_load(&page->current), page->plan.series_n - 1), 0);
	const struct duel_part *now = &page->plan.part[part];
	s->round = atomic_load(&page->round);
	s->rounds = s->round < now->rounds ? now->rounds : MAX(now->rounds, now->rounds_most);
	snprintf(s->duel, sizeof(s->duel), "%s", duel_table[now->duel].name);
	duel_item_text(s->current, sizeof(s->current), &page->plan.item[current]);
}

void duel_report(
	const struct duel_page *page, const char *state, const char *note, struct sample *sample)
{
	vec_clear(&sample->duels);
	vec_clear(&sample->contrasts);
	duel_report_state(page, state, note, sample);
	for (int i = 0; page && i < page->plan.series_n; i++)
		add_series(page, i, sample);
	if (page)
		duel_report_contrasts(page, sample);
}

uint64_t duel_news(const struct duel_page *page)
{
	uint64_t news = 0;
	for (int i = 0; page && i < page->plan.series_n; i++)
		news += (uint64_t)duel_trials(page, i) + (uint64_t)(page->series[i].error != 0);
	/* an end makes the answers final */
	return page ? news + (uint64_t)(atomic_load(&page->done) != 0) : news;
}
