/* SPDX-License-Identifier: MIT
 * What was measured as text: the machine first, then a table a duel, and under it what can be said and what cannot.
 */
#include "grid.h"
#include "measured.h"

/* --- numbers --- */

static const char *value_text(char *out, size_t size, double value, const char *unit)
{
	if (strcmp(unit, "ns") == 0)
		return format_fine_ns(out, size, value);
	return format_kb(out, size, isnan(value) ? UNKNOWN : (int64_t)value);
}

/* The same digits down a column: 1.00 beside 0.02. */
static const char *plain(char *out, size_t size, double value, bool whole)
{
	snprintf(out, size, whole || value >= 99.995 ? "%.0f" : "%.2f", value);
	return out;
}

/* "4 kB", "16 MB", "1 worker": bytes and kB in the unit in which they are whole. */
static const char *amount_text(char *out, size_t size, int64_t amount, const char *unit)
{
	static const char *const units[] = { "bytes", "kB", "MB" };
	size_t at = 0;
	while (at < 2 && strcmp(unit, units[at]) != 0)
		at++;
	for (; at < 2 && amount >= 1024 && amount % 1024 == 0; at++, unit = units[at])
		amount /= 1024;
	if (amount == 1 && strcmp(unit, "workers") == 0)
		unit = "worker";
	snprintf(out, size, "%lld %s", (long long)amount, unit);
	return out;
}

/* --- one duel's table --- */

/* Columns that only one duel has: a number of a series, and how it is written. */
struct extra {
	const char *duel, *title;
	size_t offset;
	enum { AS_NUMBER, AS_COUNT, AS_RATE, AS_NS, AS_PRICE, AS_KB } as;
};
#define EXTRA(duel_name, title_text, member, how)                                                  \
	{                                                                                          \
		duel_name, title_text, offsetof(struct duel_sample, member), how                   \
	}
static const struct extra extras[] = {
	EXTRA("switch", "baseline", baseline, AS_PRICE),
	EXTRA("switch", "net", net, AS_PRICE),
	EXTRA("switch", "switches a hop", switches, AS_NUMBER),
	EXTRA("create", "page tables", page_tables_kb, AS_KB),
	EXTRA("create", "mappings", mappings, AS_COUNT),
	EXTRA("create", "then writes", written_kb, AS_KB),
	EXTRA("create", "faults", faults, AS_COUNT),
	EXTRA("create", "in", write_ns, AS_NS),
	EXTRA("talk", "messages/s", median, AS_RATE),
	EXTRA("talk", "latency p50", latency_p50, AS_NS),
	EXTRA("talk", "p95", latency_p95, AS_NS),
	EXTRA("talk", "calls/msg", calls, AS_NUMBER),
	EXTRA("talk", "switches/msg", switches, AS_NUMBER),
	EXTRA("talk", "copied B/msg", copied, AS_COUNT),
	EXTRA("memory", "RSS", rss_kb, AS_KB),
	EXTRA("memory", "USS", uss_kb, AS_KB),
	EXTRA("memory", "page tables", page_tables_kb, AS_KB),
	EXTRA("memory", "kernel stacks", kernel_stack_kb, AS_KB),
	EXTRA("memory", "VmSize", vm_size_kb, AS_KB),
};

enum { AT_METHOD, AT_CPUS, AT_PARAMETER, AT_WHO, AT_TRIALS, AT_MEDIAN, AT_SPREAD, AT_EXTRA };

static void set(struct grid_row *row, int at, const char *text)
{
	snprintf(row->cell[at], GRID_CELL, "%s", text);
}

static void put_titles(struct grid *grid, const char *duel)
{
	const struct duel_info *info = &duel_table[duel_find(duel)];
	bool memory = strcmp(duel, "memory") == 0;
	struct grid_row *row = vec_push(&grid->rows);
	int at = AT_EXTRA;
	for (int i = AT_METHOD; i <= AT_WHO; i++)
		grid->left[i] = i == AT_METHOD || i == AT_WHO;
	set(row, AT_METHOD, memory ? "" : "method");
	set(row, AT_CPUS, memory ? "" : "CPUs");
	set(row, AT_PARAMETER, info->parameter);
	set(row, AT_WHO, "who");
	set(row, AT_TRIALS, "trials");
	set(row, AT_MEDIAN, memory ? "PSS" : "median");
	set(row, AT_SPREAD, "p5 to p95");
	for (size_t i = 0; i < ARRAY_LEN(extras); i++)
		if (strcmp(extras[i].duel, duel) == 0)
			set(row, at++, extras[i].title);
	grid->keys = AT_TRIALS;
	grid->columns = at;
}

static const char *extra_text(
	char *out, size_t size, const struct extra *extra, const struct duel_sample *d)
{
	double value = *(const double *)(const void *)((const char *)d + extra->offset);
	switch (extra->as) {
	case AS_RATE:
		return d->trials > 0 ? format_rate(out, size, duel_messages_per_s(d)) : "";
	case AS_PRICE: /* below nothing is noise, not a price */
		return format_fine_ns(out, size, value > 0 ? value : NAN);
	case AS_NS:
		return isnan(value) ? "" : format_fine_ns(out, size, value);
	case AS_KB:
		return isnan(value) ? "" : value_text(out, size, value, "kB");
	default:
		return isnan(value) ? "" : plain(out, size, value, extra->as == AS_COUNT);
	}
}

static void put_extras(struct grid_row *row, const struct duel_sample *d)
{
	char text[GRID_CELL];
	int at = AT_EXTRA;
	for (size_t i = 0; i < ARRAY_LEN(extras); i++)
		if (strcmp(extras[i].duel, d->duel) == 0)
			set(row, at++, extra_text(text, sizeof(text), &extras[i], d));
}

static void put_row(struct grid *grid, const struct duel_sample *d)
{
	struct grid_row *row = vec_push(&grid->rows);
	bool memory = strcmp(d->duel, "memory") == 0;
	char text[GRID_CELL], low[16], high[16];
	set(row, AT_METHOD, memory ? "" : d->method);
	if (!memory)
		set(row, AT_CPUS, d->cpus > 1 ? "2" : "1");
	set(row, AT_PARAMETER, amount_text(text, sizeof(text), d->parameter, d->parameter_unit));
	set(row, AT_WHO, d->who);
	snprintf(row->cell[AT_TRIALS], GRID_CELL, "%d", d->trials);
	set(row, AT_MEDIAN, value_text(text, sizeof(text), d->median, d->unit));
	if (d->trials > 0)
		snprintf(row->cell[AT_SPREAD], GRID_CELL, "%s to %s",
			value_text(low, sizeof(low), d->p5, d->unit),
			value_text(high, sizeof(high), d->p95, d->unit));
	put_extras(row, d);
}

static const char *note_of(const struct duel_sample *d)
{
	if (d->note[0] || !d->error)
		return d->note;
	return d->error == ENODEV ? "needs two CPUs" : strerror(d->error);
}

/* Whether a series before this one has said it: the same thing of the same method and kind. */
static bool was_said(const struct measured *m, size_t at)
{
	const struct duel_sample *list = m->sample.duels.at, *d = &list[at];
	size_t same = strcspn(note_of(d), ":"); /* wrong data is other data each time */
	for (size_t i = 0; i < at; i++)
		if (strcmp(list[i].duel, d->duel) == 0 && strcmp(list[i].method, d->method) == 0 &&
			strcmp(list[i].who, d->who) == 0 && same &&
			strncmp(note_of(&list[i]), note_of(d), same) == 0)
			return true;
	return false;
}

/* What could not be measured, or is not what it seems, each thing once. */
static void put_notes(const struct measured *m, const char *duel, struct buf *out)
{
	char line[256];
	for (size_t i = 0; i < m->sample.duels.n; i++) {
		const struct duel_sample *d = &m->sample.duels.at[i];
		if (strcmp(d->duel, duel) != 0 || !*note_of(d) || was_said(m, i))
			continue;
		snprintf(line, sizeof(line), "  ! %s, %s: %s", d->method, d->who, note_of(d));
		grid_put_wrapped(out, m->cols, 4, line);
	}
}

/* What a verdict is about, as far as its sentence does not say it. */
static const char *place_text(char *out, size_t size, const struct contrast_sample *c)
{
	const struct duel_info *info = &duel_table[duel_find(c->duel)];
	char parameter[64] = "", amount[32];
	amount_text(amount, sizeof(amount), c->parameter, info->parameter_unit);
	if (strcmp(c->duel, "memory") == 0) {
		snprintf(out, size, "%s", amount);
		return out;
	}
	if (!strstr(c->text, "ballast") && c->parameter > 0)
		snprintf(parameter, sizeof(parameter), ", %s %s", info->parameter, amount);
	snprintf(out, size, "%s%s%s%s", strstr(c->key, "threads") ? c->method : "",
		strstr(c->key, "threads") ? ", " : "", c->cpus > 1 ? "two CPUs" : "one CPU",
		parameter);
	return out;
}

static void put_verdicts(const struct measured *m, const char *duel, struct buf *out)
{
	char place[128], line[512];
	for (size_t i = 0; i < m->sample.contrasts.n; i++) {
		const struct contrast_sample *c = &m->sample.contrasts.at[i];
		if (strcmp(c->duel, duel) != 0)
			continue;
		snprintf(line, sizeof(line), "  = %s: %s", place_text(place, sizeof(place), c),
			c->text);
		grid_put_wrapped(out, m->cols, 4, line);
	}
}

static void put_duel(const struct measured *m, enum duel duel, struct buf *out)
{
	const char *name = duel_table[duel].name;
	struct grid grid = { 0 };
	put_titles(&grid, name);
	for (size_t i = 0; i < m->sample.duels.n; i++)
		if (strcmp(m->sample.duels.at[i].duel, name) == 0)
			put_row(&grid, &m->sample.duels.at[i]);
	if (grid.rows.n > 1) {
		buf_addf(out, "\n%s: %s\n\n", name, duel_table[duel].help);
		grid_put(&grid, m->cols, out);
		buf_adds(out, "\n");
		put_notes(m, name, out);
		put_verdicts(m, name, out);
	}
	vec_finish(&grid.rows);
}

/* --- the machine --- */

static void put_line(const struct measured *m, struct buf *out, const char *name, const char *text)
{
	char line[512];
	snprintf(line, sizeof(line), "  %-14s %s", name, *text ? text : "unknown");
	grid_put_wrapped(out, m->cols, 17, line);
}

static void put_kernel(const struct measured *m, struct buf *out)
{
	char text[256], hz[24] = "";
	const struct machine_traits *t = &m->traits;
	if (t->hz > 0)
		snprintf(hz, sizeof(hz), ", %d Hz", t->hz);
	snprintf(text, sizeof(text), "Linux %s%s, huge pages %s, perf_event_paranoid %d",
		m->card.kernel, hz, *t->thp ? t->thp : "unknown", m->card.perf_event_paranoid);
	put_line(m, out, "kernel", text);
}

static void put_card(const struct measured *m, struct buf *out)
{
	const struct machine_traits *t = &m->traits;
	char text[256];
	int len = snprintf(text, sizeof(text), "%s, %d online; measured on CPU %d", m->card.cpu,
		m->card.cpus, m->plan->cpu[0]);
	if (m->plan->cpu[1] >= 0)
		snprintf(text + len, sizeof(text) - (size_t)len, "%s %d%s",
			m->plan->exchange ? " and" : ", what takes two also on", m->plan->cpu[1],
			m->plan->exchange ? ", in turns" : "");
	put_line(m, out, "CPU", text);
	put_line(m, out, "address space", machine_traits_text(text, sizeof(text), t));
	put_line(m, out, "mitigations",
		*t->mitigations ? t->mitigations : "none that the kernel names");
	put_kernel(m, out);
	put_line(m, out, "governor", *t->governor ? t->governor : "none is shown");
	if (isnan(t->load))
		return;
	snprintf(text, sizeof(text), "%.2f at the start%s", t->load,
		t->load > m->card.cpus * 0.5 ? ": others are running, so the spreads are wide"
					     : "");
	put_line(m, out, "load", text);
}

static const char *end_of(const struct measured *m)
{
	if (m->signal)
		return "Interrupted";
	return strcmp(m->sample.duel.state, "done") == 0 ? "Done" : "Ended";
}

void measure_put_text(const struct measured *m, struct buf *out)
{
	buf_addf(out, "taskscope " TASKSCOPE_VERSION ": what it costs on this machine, now: %s\n\n",
		strcmp(m->cli->argument, "all") == 0 ? "switch, create, talk and memory"
						     : m->cli->argument);
	put_card(m, out);
	for (int duel = 0; duel < DUELS; duel++)
		put_duel(m, (enum duel)duel, out);
	buf_addf(out, "\n%s after %.1f s: %zu series, each in rounds with the others.%s\n",
		end_of(m), m->seconds, m->sample.duels.n,
		m->signal ? " What there was until then is above." : "");
}
