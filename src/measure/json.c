/* SPDX-License-Identifier: MIT
 * What was measured as one JSON object, versioned and additive: an unknown number is null.
 */
#include "measured.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "duel.h"

#define MEASURE_VERSION 1

static void put_name(struct buf *out, const char *name)
{
	char last = out->len ? out->text[out->len - 1] : '{';
	buf_addf(out, "%s\"%s\":", last == '{' || last == '[' ? "" : ",", name);
}

static void put_text(struct buf *out, const char *name, const char *text)
{
	put_name(out, name);
	json_put_text(out, text, strlen(text));
}

static void put_integer(struct buf *out, const char *name, int64_t value)
{
	put_name(out, name);
	if (value < 0)
		buf_adds(out, "null");
	else
		buf_addf(out, "%lld", (long long)value);
}

static void put_real(struct buf *out, const char *name, double value)
{
	put_name(out, name);
	if (isfinite(value))
		buf_addf(out, "%.9g", value);
	else
		buf_adds(out, "null");
}

static void put_flag(struct buf *out, const char *name, int flag)
{
	put_name(out, name);
	buf_adds(out, flag < 0 ? "null" : flag ? "true" : "false");
}

static void put_or_null(struct buf *out, const char *name, const char *text)
{
	if (*text)
		put_text(out, name, text);
	else
		put_integer(out, name, -1);
}

static void put_machine(const struct measured *m, struct buf *out)
{
	put_name(out, "machine");
	buf_adds(out, "{");
	put_text(out, "cpu", m->card.cpu);
	put_integer(out, "cpus", m->card.cpus);
	put_text(out, "kernel", m->card.kernel);
	put_flag(out, "pcid", m->traits.pcid);
	put_flag(out, "pti", m->traits.pti);
	put_flag(out, "hypervisor", m->traits.hypervisor);
	put_or_null(out, "mitigations", m->traits.mitigations);
	put_integer(out, "hz", m->traits.hz);
	put_or_null(out, "governor", m->traits.governor);
	put_or_null(out, "transparent_hugepage", m->traits.thp);
	put_real(out, "load", m->traits.load);
	put_name(out, "perf_event_paranoid");
	buf_addf(out, "%d", m->card.perf_event_paranoid);
	put_integer(out, "uid", m->card.uid);
	buf_adds(out, "}");
}

struct real {
	const char *name;
	size_t offset;
};
#define REAL(member)                                                                               \
	{                                                                                          \
#		member, offsetof(struct duel_sample, member)                                      \
	}
static const struct real reals[] = { REAL(min), REAL(p5), REAL(p25), REAL(median), REAL(p75),
	REAL(p95), REAL(baseline), REAL(net), REAL(switches), REAL(calls), REAL(copied),
	REAL(latency_p50), REAL(latency_p95), REAL(page_tables_kb), REAL(mappings), REAL(faults),
	REAL(write_ns), REAL(written_kb), REAL(rss_kb), REAL(uss_kb), REAL(vm_size_kb),
	REAL(kernel_stack_kb) };

static void put_series(const struct duel_sample *d, struct buf *out)
{
	buf_adds(out, out->text[out->len - 1] == '[' ? "{" : ",{");
	put_text(out, "duel", d->duel);
	put_text(out, "method", d->method);
	put_text(out, "who", d->who);
	put_integer(out, "cpus", d->cpus);
	put_integer(out, "parameter", d->parameter);
	put_text(out, "parameter_unit", d->parameter_unit);
	put_text(out, "unit", d->unit);
	put_integer(out, "trials", d->trials);
	for (size_t i = 0; i < ARRAY_LEN(reals); i++)
		put_real(out, reals[i].name,
			*(const double *)(const void *)((const char *)d + reals[i].offset));
	put_real(out, "messages_per_s", duel_messages_per_s(d));
	put_text(out, "error", d->error ? strerror(d->error) : "");
	put_text(out, "note", d->note);
	buf_adds(out, "}");
}

/* verdict is of before there were three answers. */
static const struct {
	const char *verdict, *answer;
} answers[CONTRAST_VERDICTS] = {
	[CONTRAST_LESS] = { "less", "differs" },
	[CONTRAST_MORE] = { "more", "differs" },
	[CONTRAST_EQUAL] = { "no difference", "equal" },
	[CONTRAST_UNRESOLVED] = { "undecided", "not resolved" },
	[CONTRAST_UNDECIDED] = { "undecided", "" },
};

static void put_contrast(const struct contrast_sample *c, struct buf *out)
{
	buf_adds(out, out->text[out->len - 1] == '[' ? "{" : ",{");
	put_text(out, "duel", c->duel);
	put_text(out, "method", c->method);
	put_text(out, "key", c->key);
	put_integer(out, "cpus", c->cpus);
	put_integer(out, "parameter", c->parameter);
	put_text(out, "verdict", answers[c->verdict].verdict);
	put_or_null(out, "answer", answers[c->verdict].answer);
	put_integer(out, "rounds", c->rounds);
	put_real(out, "ratio", c->ratio);
	put_name(out, "interval");
	if (isfinite(c->low))
		buf_addf(out, "[%.9g,%.9g]", c->low, c->high);
	else
		buf_adds(out, "null");
	put_real(out, "ratio_p5", c->ratio_p5);
	put_real(out, "ratio_p95", c->ratio_p95);
	put_real(out, "difference", c->difference);
	put_text(out, "text", c->text);
	buf_adds(out, "}");
}

void measure_put_json(const struct measured *m, struct buf *out)
{
	buf_adds(out, "{");
	put_integer(out, "v", MEASURE_VERSION);
	put_text(out, "measure", m->cli->argument);
	put_text(out, "state", m->sample.duel.state);
	put_real(out, "seconds", m->seconds);
	put_machine(m, out);
	put_name(out, "cpu");
	buf_addf(out, "[%d", m->plan->cpu[0]);
	if (m->plan->cpu[1] >= 0)
		buf_addf(out, ",%d", m->plan->cpu[1]);
	buf_adds(out, "]");
	put_name(out, "series");
	buf_adds(out, "[");
	for (size_t i = 0; i < m->sample.duels.n; i++)
		put_series(&m->sample.duels.at[i], out);
	buf_adds(out, "]");
	put_name(out, "contrasts");
	buf_adds(out, "[");
	for (size_t i = 0; i < m->sample.contrasts.n; i++)
		put_contrast(&m->sample.contrasts.at[i], out);
	buf_adds(out, "]}\n");
}
