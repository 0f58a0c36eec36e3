/* SPDX-License-Identifier: MIT
 * All facts, by number and by name, and how their values are written.
 */
#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *quality_name(enum quality quality)
{
	static const char *const names[] = {
		[QUALITY_LIVE] = "live",
		[QUALITY_SAMPLED] = "sampled",
		[QUALITY_BY_CONSTRUCTION] = "by construction",
		[QUALITY_UNAVAILABLE] = "unavailable",
	};

	return (unsigned)quality < ARRAY_LEN(names) ? names[quality] : "unknown";
}

const char *fact_scope_name(enum fact_scope scope)
{
	static const char *const names[FACT_SCOPES] = {
		[FACT_TASK] = "task",
		[FACT_PROCESS] = "process",
		[FACT_SIDE] = "side",
		[FACT_MAPPING] = "mapping",
		[FACT_MACHINE] = "machine",
		[FACT_OBSERVER] = "observer",
		[FACT_WORKER] = "worker",
		[FACT_SHARING] = "sharing",
		[FACT_PAGES] = "pages",
		[FACT_WINDOW] = "window",
		[FACT_X] = "x",
		[FACT_LOCAL] = "local",
		[FACT_VICTIM] = "victim",
		[FACT_NEIGHBOUR] = "neighbour",
		[FACT_REGISTERS] = "registers",
		[FACT_FILE] = "file",
		[FACT_PLACE] = "place",
		[FACT_SIGNALS] = "signals",
		[FACT_DUEL] = "duel",
		[FACT_CONTRAST] = "contrast",
	};

	return (unsigned)scope < FACT_SCOPES ? names[scope] : "unknown";
}

/* Every table of facts. A new one is one line here. */
static const struct {
	const struct fact *facts;
	const size_t *n;
} tables[] = {
	{ lab_facts, &lab_facts_n },
	{ evidence_facts, &evidence_facts_n },
	{ lane_facts, &lane_facts_n },
	{ duel_facts, &duel_facts_n },
};

const struct fact *fact_at(size_t i)
{
	for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
		if (i < *tables[t].n)
			return &tables[t].facts[i];
		i -= *tables[t].n;
	}
	return NULL;
}

const struct fact *fact_find(enum fact_scope scope, const char *name)
{
	const struct fact *fact;

	for (size_t i = 0; (fact = fact_at(i)); i++)
		if (fact->scope == scope && strcmp(fact->name, name) == 0)
			return fact;
	return NULL;
}

/* Ids are written in full: nobody types "2.60 M". */
static bool is_id(const struct fact *fact)
{
	const size_t len = strlen(fact->name);

	return fact->type == FACT_SIGNED16 ||
	       (len >= 3 && strcmp(fact->name + len - 3, "pid") == 0);
}

static bool has_unit(const struct fact *fact, const char *unit)
{
	return strcmp(fact->unit, unit) == 0;
}

/* 2^63 as a double is beyond int64_t. */
static int64_t to_integer(double number)
{
	return number >= 9.2e18 ? INT64_MAX : (int64_t)number;
}

char *fact_format(char *out, size_t size, const struct fact_value *value)
{
	const struct fact *fact = value->fact;
	const double number = value->number;
	const int64_t whole = isnan(number) ? UNKNOWN : to_integer(number);

	if (value->text[0]) {
		snprintf(out, size, "%s", value->text);
		return out;
	}
	if (isnan(number))
		return format_count(out, size, UNKNOWN);
	if (has_unit(fact, "kB"))
		return format_kb(out, size, whole);
	if (has_unit(fact, "1/s"))
		return format_rate(out, size, number);
	if (has_unit(fact, "%"))
		return format_percent(out, size, number);
	if (has_unit(fact, "ns"))
		return format_ns(out, size, whole);
	if (has_unit(fact, "letter"))
		snprintf(out, size, "%c", (char)whole);
	else if (has_unit(fact, "address"))
		snprintf(out, size, "%#llx",
			number < 0x1p64 ? (unsigned long long)number : UINT64_MAX);
	else if (has_unit(fact, "1/100"))
		snprintf(out, size, "%.2f", number / 100);
	else if (is_id(fact))
		snprintf(out, size, "%lld", (long long)whole);
	else
		return format_count(out, size, whole);
	return out;
}
