/* SPDX-License-Identifier: MIT
 * All facts, by number and by name, and how their values are written.
 */
#include "internal.h"

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

/* --- which facts there are --- */

/* A scope: what its facts' names begin with, and whose members they are: of the record that was read, and of what the model
 * makes of it. */
static const struct {
	const char *name, *prefix;
	const struct record *records[3];
} scopes[FACT_SCOPES] = {
	[FACT_TASK] = { "task", "", { &task_record, &track_record, &track_lane_record } },
	[FACT_PROCESS] = { "process", "", { &process_record, &process_rate_record } },
	[FACT_SIDE] = { "side", "", { &totals_record } },
	[FACT_MAPPING] = { "mapping", "", { &mapping_record } },
	[FACT_MACHINE] = { "machine", "", { &machine_record, &machine_rate_record } },
	[FACT_OBSERVER] = { "observer", "", { &observer_record, &observer_rate_record } },
	[FACT_WORKER] = { "worker", "", { &worker_record } },
	[FACT_SHARING] = { "sharing", "", { &sharing_record } },
	[FACT_PAGES] = { "pages", "arena_", { &pages_record } },
	[FACT_WINDOW] = { "window", "window_", { &pages_record } },
	[FACT_X] = { "x", "x_", { &pointer_record } },
	[FACT_LOCAL] = { "local", "local_", { &pointer_record } },
	[FACT_VICTIM] = { "victim", "victim_", { &pointer_record } },
	[FACT_NEIGHBOUR] = { "neighbour", "neighbour_", { &pointer_record } },
	[FACT_REGISTERS] = { "registers", "", { &register_record } },
	[FACT_FILE] = { "file", "file_", { &file_record } },
	[FACT_PLACE] = { "place", "", { &fs_record } },
	[FACT_SIGNALS] = { "signals", "signals_", { &signal_record } },
	[FACT_DUEL] = { "duel", "", { &duel_record } },
	[FACT_CONTRAST] = { "contrast", "", { &contrast_record } },
};

#define FACTS_MAX 320
#define PREFIXED_MAX 64

/* Made when somebody asks first, from the tables of the records and that of the computed ones. */
static struct {
	struct fact at[FACTS_MAX];
	size_t n;
	char prefixed[PREFIXED_MAX][32];
	size_t prefixed_n;
} all;

static const char *name_of(const struct field *field, const char *prefix)
{
	const char *name = field->fact ? field->fact : field->name;
	char *prefixed;

	if (!prefix[0] || all.prefixed_n == PREFIXED_MAX)
		return name;
	prefixed = all.prefixed[all.prefixed_n++];
	snprintf(prefixed, sizeof(all.prefixed[0]), "%s%s", prefix, name);
	return prefixed;
}

static void add_gaps(struct fact *fact, const char *const *gaps, size_t n)
{
	size_t known = 0;

	while (fact->gaps[known])
		known++;
	for (size_t i = 0; i < n && gaps[i] && known + 1 < ARRAY_LEN(fact->gaps); i++)
		fact->gaps[known++] = gaps[i];
}

static void add_members(const struct record *record, int scope, const char *prefix)
{
	for (size_t i = 0; i < record->n && all.n < FACTS_MAX; i++) {
		const struct field *field = &record->fields[i];
		struct fact *fact = &all.at[all.n];

		if (!field->source)
			continue;
		*fact = (struct fact) { .name = name_of(field, prefix),
			.scope = (enum fact_scope)scope,
			.unit = field->unit,
			.source = field->source,
			.field = field->kernel_field,
			.formula = field->formula,
			.caveat = field->caveat,
			.quality = MAX(field->quality, record->quality),
			.record = record,
			.member = field };
		add_gaps(fact, field->gaps, ARRAY_LEN(field->gaps));
		add_gaps(fact, record->gaps, ARRAY_LEN(record->gaps));
		all.n++;
	}
}

/* The kinds that no scope of ours names are scopes by themselves. */
static bool is_scope(const struct record *record)
{
	for (int scope = 0; scope < FACT_SCOPES; scope++)
		if (scopes[scope].records[0] == record)
			return false;
	return record->flags & RECORD_PRINTED;
}

static void add_all(void)
{
	for (int scope = 0; scope < FACT_SCOPES; scope++)
		for (size_t i = 0; i < ARRAY_LEN(scopes[scope].records); i++)
			if (scopes[scope].records[i])
				add_members(scopes[scope].records[i], scope, scopes[scope].prefix);
	for (int i = 0; record_kinds[i]; i++)
		if (is_scope(record_kinds[i]))
			add_members(record_kinds[i], FACT_SCOPES + i, "");
	for (size_t i = 0; i < computed_facts_n && all.n < FACTS_MAX; i++) {
		all.at[all.n] = computed_facts[i];
		add_gaps(&all.at[all.n], computed_facts[i].record->gaps,
			ARRAY_LEN(computed_facts[i].record->gaps));
		all.n++;
	}
}

const struct record *fact_scope_record(enum fact_scope scope)
{
	return scope < FACT_SCOPES ? scopes[scope].records[0] : record_kinds[scope - FACT_SCOPES];
}

enum fact_scope fact_scope_of(const struct record *kind)
{
	int i = 0;

	while (record_kinds[i] && record_kinds[i] != kind)
		i++;
	return (enum fact_scope)(FACT_SCOPES + i);
}

const char *fact_scope_name(enum fact_scope scope)
{
	return scope < FACT_SCOPES ? scopes[scope].name : record_kinds[scope - FACT_SCOPES]->name;
}

const struct fact *fact_at(size_t i)
{
	if (all.n == 0)
		add_all();
	return i < all.n ? &all.at[i] : NULL;
}

const struct fact *fact_find(enum fact_scope scope, const char *name)
{
	const struct fact *fact;

	for (size_t i = 0; (fact = fact_at(i)); i++)
		if (fact->scope == scope && strcmp(fact->name, name) == 0)
			return fact;
	return NULL;
}

/* --- how they are written --- */

/* Ids are written in full: nobody types "2.60 M". */
static bool is_id(const struct fact *fact)
{
	const size_t len = strlen(fact->name);

	return (fact->member && fact->member->absent == NICE_UNKNOWN) ||
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
