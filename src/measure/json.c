/* SPDX-License-Identifier: MIT
 * What was measured as one JSON object, versioned and additive: an unknown number is null.
 */
#include "measured.h"

#include "duel.h"
#include "json_writer.h"
#include "record.h"

#define MEASURE_VERSION 1

static void put_integer(struct json *json, const char *name, int64_t value)
{
	if (value < 0)
		json_put_null(json, name);
	else
		json_put_integer(json, name, value);
}

static void put_flag(struct json *json, const char *name, int flag)
{
	if (flag < 0)
		json_put_null(json, name);
	else
		json_put_bool(json, name, flag);
}

static void put_or_null(struct json *json, const char *name, const char *text)
{
	if (*text)
		json_put_text(json, name, text);
	else
		json_put_null(json, name);
}

static void put_machine(const struct measured *m, struct json *json)
{
	json_open(json, "machine", "{");
	json_put_text(json, "cpu", m->card.cpu);
	put_integer(json, "cpus", m->card.cpus);
	json_put_text(json, "kernel", m->card.kernel);
	put_flag(json, "pcid", m->traits.pcid);
	put_flag(json, "pti", m->traits.pti);
	put_flag(json, "hypervisor", m->traits.hypervisor);
	put_or_null(json, "mitigations", m->traits.mitigations);
	put_integer(json, "hz", m->traits.hz);
	put_or_null(json, "governor", m->traits.governor);
	put_or_null(json, "transparent_hugepage", m->traits.thp);
	json_put_real(json, "load", m->traits.load);
	json_put_integer(json, "perf_event_paranoid", m->card.perf_event_paranoid);
	put_integer(json, "uid", m->card.uid);
	json_close(json, "}");
}

static void put_series(const struct duel_sample *d, struct json *json)
{
	json_open(json, NULL, "{");
	for (size_t i = 0; i < duel_record.n; i++) {
		const struct field *field = &duel_record.fields[i];
		const void *member = (const char *)d + field->offset;
		if (member == &d->error)
			json_put_text(json, field->name, d->error ? strerror(d->error) : "");
		else if (field->type == FIELD_DOUBLE || field->type == FIELD_TEXT)
			field_put(json, field->name, field, member);
		else
			put_integer(json, field->name, field_integer(field, member));
	}
	json_put_real(json, "messages_per_s", duel_messages_per_s(d));
	json_close(json, "}");
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

static void put_contrast(const struct contrast_sample *c, struct json *json)
{
	json_open(json, NULL, "{");
	json_put_text(json, "duel", c->duel);
	json_put_text(json, "method", c->method);
	json_put_text(json, "key", c->key);
	put_integer(json, "cpus", c->cpus);
	put_integer(json, "parameter", c->parameter);
	json_put_text(json, "verdict", answers[c->verdict].verdict);
	put_or_null(json, "answer", answers[c->verdict].answer);
	put_integer(json, "rounds", c->rounds);
	json_put_real(json, "ratio", c->ratio);
	if (isfinite(c->low)) {
		json_open(json, "interval", "[");
		json_put_real(json, NULL, c->low);
		json_put_real(json, NULL, c->high);
		json_close(json, "]");
	} else {
		json_put_null(json, "interval");
	}
	json_put_real(json, "ratio_p5", c->ratio_p5);
	json_put_real(json, "ratio_p95", c->ratio_p95);
	json_put_real(json, "difference", c->difference);
	json_put_text(json, "text", c->text);
	json_close(json, "}");
}

void measure_put_json(const struct measured *m, struct buf *out)
{
	struct json json = { .out = out };

	json_open(&json, NULL, "{");
	json_put_integer(&json, "v", MEASURE_VERSION);
	json_put_text(&json, "measure", m->cli->argument);
	json_put_text(&json, "state", m->sample.duel.state);
	json_put_real(&json, "seconds", m->seconds);
	put_machine(m, &json);
	json_open(&json, "cpu", "[");
	json_put_integer(&json, NULL, m->plan->cpu[0]);
	if (m->plan->cpu[1] >= 0)
		json_put_integer(&json, NULL, m->plan->cpu[1]);
	json_close(&json, "]");
	json_open(&json, "series", "[");
	for (size_t i = 0; i < m->sample.duels.n; i++)
		put_series(&m->sample.duels.at[i], &json);
	json_close(&json, "]");
	json_open(&json, "contrasts", "[");
	for (size_t i = 0; i < m->sample.contrasts.n; i++)
		put_contrast(&m->sample.contrasts.at[i], &json);
	json_close(&json, "]");
	json_close(&json, "}");
	buf_adds(out, "\n");
}
