/* SPDX-License-Identifier: MIT
 * The schema of JSON Lines as rules, and a check that holds a line to them: types, no member that is not in them, and a
 * reason for each null.
 */
#ifndef TASKSCOPE_JSON_SCHEMA_H
#define TASKSCOPE_JSON_SCHEMA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base.h"

enum must { INTEGER, REAL, TEXT, TRUTH };

struct rule {
	const char *name;
	enum must must;
	bool nullable;
	bool optional;
};

#define NUMBER_OR_NULL(name)                                                                       \
	{                                                                                          \
		name, INTEGER, true, false                                                         \
	}
#define RATE_OR_NULL(name)                                                                         \
	{                                                                                          \
		name, REAL, true, false                                                            \
	}

/* clang-format off */
static const struct rule side_rules[] = {
	{ "side", TEXT, false, false }, { "kind", TEXT, true, false }, { "host", INTEGER, true, false },
	{ "state", TEXT, false, true }, { "job", TEXT, false, true }, { "wanted", INTEGER, false, true },
	{ "alive", INTEGER, false, true }, { "fixed_addresses", TRUTH, false, true },
	{ "pinned_cpu", INTEGER, false, true }, { "how", TEXT, false, true },
	{ "wait_status", INTEGER, false, true }, { "culprit", INTEGER, false, true }, { "note", TEXT, false, true },
	{ "count_order", TEXT, false, true }, { "count_expected", INTEGER, false, true },
	{ "count_value", INTEGER, false, true },
};
static const struct rule order_rules[] = {
	{ "worker", INTEGER, false, false }, { "order", TEXT, false, false }, { "state", TEXT, false, false },
	{ "result", TEXT, false, false }, { "done", INTEGER, false, true },
};
#define PLACE_RULES                                                                                \
	{ "side", TEXT, false, false }, { "pid", INTEGER, false, false },                          \
		{ "role", TEXT, false, false }, { "worker", INTEGER, false, true }
#define TASK_RULES PLACE_RULES, { "tid", INTEGER, false, false }
#define TEXT_OR_NULL(name) { name, TEXT, true, false }
static const struct rule sharing_rules[] = {
	TASK_RULES, NUMBER_OR_NULL("mm"), NUMBER_OR_NULL("files"), NUMBER_OR_NULL("fs"), NUMBER_OR_NULL("handlers"),
	NUMBER_OR_NULL("semundo"), NUMBER_OR_NULL("io"), NUMBER_OR_NULL("namespaces"),
	TEXT_OR_NULL("clone_flags"),
};
static const struct rule how_rules[] = {
	{ "mm", TEXT, false, true }, { "files", TEXT, false, true }, { "fs", TEXT, false, true },
	{ "handlers", TEXT, false, true }, { "semundo", TEXT, false, true }, { "io", TEXT, false, true },
	{ "namespaces", TEXT, false, true },
};
static const struct rule pages_rules[] = {
	PLACE_RULES, { "name", TEXT, false, false }, { "start", TEXT, false, false },
	{ "page_kb", INTEGER, false, false }, { "pages", INTEGER, false, false }, { "absent", INTEGER, false, false },
	{ "own", INTEGER, false, false }, { "shared", INTEGER, false, false }, { "swapped", INTEGER, false, false },
	{ "guard", INTEGER, false, false }, { "file", INTEGER, false, false }, NUMBER_OR_NULL("equal"),
};
static const struct rule pointers_rules[] = {
	TASK_RULES, { "what", TEXT, false, false }, { "address", TEXT, false, false }, NUMBER_OR_NULL("value"),
	{ "text", TEXT, false, true }, TEXT_OR_NULL("state"), NUMBER_OR_NULL("frame"),
	{ "exclusive", TRUTH, true, false },
};
static const struct rule registers_rules[] = {
	TASK_RULES, { "how", TEXT, false, false }, { "syscall", INTEGER, false, true }, TEXT_OR_NULL("sp"),
	TEXT_OR_NULL("pc"), TEXT_OR_NULL("tls"), TEXT_OR_NULL("stack_low"), TEXT_OR_NULL("stack_high"),
	NUMBER_OR_NULL("stack_used_kb"), NUMBER_OR_NULL("stack_resident_kb"), { "where", TEXT, false, true },
	{ "waits_in", TEXT, false, true },
};
static const struct rule files_rules[] = {
	TASK_RULES, { "fd", INTEGER, false, false }, { "path", TEXT, false, false }, NUMBER_OR_NULL("flags"),
	NUMBER_OR_NULL("position"), NUMBER_OR_NULL("description"),
};
static const struct rule places_rules[] = {
	TASK_RULES, TEXT_OR_NULL("umask"), NUMBER_OR_NULL("fds"), NUMBER_OR_NULL("fd_size"),
	TEXT_OR_NULL("cwd"),
};
static const struct rule signals_rules[] = {
	TASK_RULES, TEXT_OR_NULL("blocked"), TEXT_OR_NULL("ignored"), TEXT_OR_NULL("caught"),
	TEXT_OR_NULL("pending"), TEXT_OR_NULL("shared_pending"),
};
static const struct rule task_rules[] = {
	{ "pid", INTEGER, false, false }, { "tid", INTEGER, false, false }, { "name", TEXT, false, false },
	{ "state", TEXT, true, false }, NUMBER_OR_NULL("nice"), { "role", TEXT, false, false },
	{ "worker", INTEGER, false, true }, { "job", TEXT, false, true }, { "rounds", INTEGER, false, true },
	{ "pinned_cpu", INTEGER, false, true },
	NUMBER_OR_NULL("start"), NUMBER_OR_NULL("cpu"), NUMBER_OR_NULL("voluntary"), NUMBER_OR_NULL("involuntary"),
	RATE_OR_NULL("voluntary_per_s"), RATE_OR_NULL("involuntary_per_s"), NUMBER_OR_NULL("run_ns"),
	NUMBER_OR_NULL("wait_ns"), NUMBER_OR_NULL("slices"), RATE_OR_NULL("cpu_percent"),
	RATE_OR_NULL("wait_percent"), NUMBER_OR_NULL("minflt"), NUMBER_OR_NULL("majflt"), RATE_OR_NULL("minflt_per_s"),
};
static const struct rule process_rules[] = {
	{ "pid", INTEGER, false, false }, { "name", TEXT, false, false }, { "state", TEXT, true, false },
	{ "role", TEXT, false, false }, { "worker", INTEGER, false, true },
	NUMBER_OR_NULL("ppid"), NUMBER_OR_NULL("start"), NUMBER_OR_NULL("threads"), NUMBER_OR_NULL("rss_kb"),
	NUMBER_OR_NULL("pss_kb"), NUMBER_OR_NULL("uss_kb"), NUMBER_OR_NULL("shared_clean_kb"),
	NUMBER_OR_NULL("shared_dirty_kb"), NUMBER_OR_NULL("private_clean_kb"), NUMBER_OR_NULL("private_dirty_kb"),
	NUMBER_OR_NULL("swap_kb"), NUMBER_OR_NULL("vm_size_kb"), NUMBER_OR_NULL("page_tables_kb"),
	NUMBER_OR_NULL("mapping_count"),
	NUMBER_OR_NULL("minflt"), NUMBER_OR_NULL("majflt"), NUMBER_OR_NULL("at_ns"),
};
static const struct rule mapping_rules[] = {
	{ "start", TEXT, false, false }, { "end", TEXT, false, false }, { "perms", TEXT, false, false },
	{ "path", TEXT, false, false }, { "class", TEXT, false, false }, { "label", TEXT, false, false },
	{ "worker", INTEGER, false, true },
	NUMBER_OR_NULL("size_kb"), NUMBER_OR_NULL("rss_kb"), NUMBER_OR_NULL("pss_kb"),
	NUMBER_OR_NULL("shared_clean_kb"), NUMBER_OR_NULL("shared_dirty_kb"), NUMBER_OR_NULL("private_clean_kb"),
	NUMBER_OR_NULL("private_dirty_kb"), NUMBER_OR_NULL("anonymous_kb"), NUMBER_OR_NULL("swap_kb"),
};
static const struct rule ended_rules[] = {
	{ "worker", INTEGER, false, false }, { "pid", INTEGER, false, false }, { "tid", INTEGER, false, false },
	{ "job", TEXT, false, false }, { "how", TEXT, false, false }, { "wait_status", INTEGER, false, false },
	{ "signal", INTEGER, false, true }, { "fault_signal", INTEGER, false, true },
	{ "fault_address", TEXT, false, true }, { "ended_ns", INTEGER, false, true },
};
static const struct rule total_rules[] = {
	{ "tasks", INTEGER, false, false }, { "processes", INTEGER, false, false },
	NUMBER_OR_NULL("voluntary"), NUMBER_OR_NULL("involuntary"), RATE_OR_NULL("voluntary_per_s"),
	RATE_OR_NULL("involuntary_per_s"), RATE_OR_NULL("cpu_percent"), NUMBER_OR_NULL("sum_rss_kb"),
	NUMBER_OR_NULL("sum_pss_kb"), NUMBER_OR_NULL("sum_uss_kb"), NUMBER_OR_NULL("sum_page_tables_kb"),
	NUMBER_OR_NULL("sum_vm_size_kb"), NUMBER_OR_NULL("minflt"), NUMBER_OR_NULL("mapping_count"),
	NUMBER_OR_NULL("kernel_stack_kb"), NUMBER_OR_NULL("address_spaces"), NUMBER_OR_NULL("fd_tables"),
	NUMBER_OR_NULL("handler_tables"),
};
static const struct rule machine_rules[] = {
	NUMBER_OR_NULL("cpus"), NUMBER_OR_NULL("load_centi"), NUMBER_OR_NULL("switches"), NUMBER_OR_NULL("total_kb"),
	NUMBER_OR_NULL("available_kb"),
};
static const struct rule observer_rules[] = {
	NUMBER_OR_NULL("cpu_ns"), NUMBER_OR_NULL("voluntary"), NUMBER_OR_NULL("involuntary"), NUMBER_OR_NULL("rss_kb"),
	NUMBER_OR_NULL("pss_kb"),
};
/* clang-format on */

struct check {
	const json_t *unavailable;
	const char *scope;
	int64_t id; /* 0: none */
	size_t nulls;
};

static inline bool has_type(const json_t *value, enum must must)
{
	switch (must) {
	case INTEGER:
		return json_is_integer(value);
	case REAL:
		return json_is_real(value);
	case TEXT:
		return json_is_string(value);
	case TRUTH:
		return json_is_boolean(value);
	}
	return false;
}

static inline bool has_reason(const struct check *check, const char *name)
{
	char one[96], all[96];
	const json_t *reason;

	snprintf(all, sizeof(all), "%s[].%s", check->scope, name);
	if (check->id)
		snprintf(one, sizeof(one), "%s[%lld].%s", check->scope, (long long)check->id, name);
	else
		snprintf(one, sizeof(one), "%s.%s", check->scope, name);
	reason = json_object_get(check->unavailable, one);
	if (!reason)
		reason = json_object_get(check->unavailable, all);
	return json_is_string(reason) && json_string_length(reason) > 0;
}

static inline void check_member(struct check *check, const struct rule *rule, const json_t *value)
{
	if (!value && !rule->optional)
		fail_msg("%s[%lld] has no %s", check->scope, (long long)check->id, rule->name);
	if (!value)
		return;
	if (json_is_null(value) && rule->nullable) {
		check->nulls++;
		if (!has_reason(check, rule->name))
			fail_msg("nothing says why %s[%lld].%s is null", check->scope,
				(long long)check->id, rule->name);
		return;
	}
	if (!has_type(value, rule->must))
		fail_msg("%s[%lld].%s is of a wrong type", check->scope, (long long)check->id,
			rule->name);
}

/* Every member of the rules, and no other but those named in `others`. */
static inline void check_object(struct check *check, const json_t *object, const struct rule *rules,
	size_t n, const char *const *others)
{
	size_t known = 0;

	assert_true(json_is_object(object));
	for (size_t i = 0; i < n; i++) {
		const json_t *value = json_object_get(object, rules[i].name);

		check_member(check, &rules[i], value);
		known += value != NULL;
	}
	for (; others && *others; others++)
		known += json_object_get(object, *others) != NULL;
	assert_int_equal(json_object_size(object), known);
}
#define CHECK_OBJECT(check, object, rules, ...)                                                    \
	check_object((check), (object), (rules), ARRAY_LEN(rules),                                 \
		(const char *const[]) { __VA_ARGS__ })

static inline int64_t integer_at(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static inline void check_mappings(struct check *check, const json_t *process)
{
	const json_t *mappings = json_object_get(process, "mappings");
	size_t i;
	json_t *mapping;

	check->scope = "mappings";
	json_array_foreach((json_t *)mappings, i, mapping)
		CHECK_OBJECT(check, mapping, mapping_rules, NULL);
}

static inline void check_side(struct check *check, const json_t *side, int index)
{
	static const char *const names[] = { "left", "right" };
	static const char *const totals[] = { "left.totals", "right.totals" };
	json_t *element;
	size_t i;

	check->scope = names[index];
	check->id = 0;
	CHECK_OBJECT(
		check, side, side_rules, "processes", "tasks", "ended", "orders", "totals", NULL);
	assert_string_equal(json_string_value(json_object_get(side, "side")), names[index]);
	json_array_foreach(json_object_get(side, "processes"), i, element)
	{
		check->scope = "processes";
		check->id = integer_at(element, "pid");
		CHECK_OBJECT(check, element, process_rules, "mappings", NULL);
		check_mappings(check, element);
	}
	check->scope = "tasks";
	json_array_foreach(json_object_get(side, "tasks"), i, element)
	{
		check->id = integer_at(element, "tid");
		CHECK_OBJECT(check, element, task_rules, NULL);
	}
	check->scope = "ended";
	check->id = 0;
	json_array_foreach(json_object_get(side, "ended"), i, element)
		CHECK_OBJECT(check, element, ended_rules, NULL);
	check->scope = "orders";
	json_array_foreach(json_object_get(side, "orders"), i, element)
		CHECK_OBJECT(check, element, order_rules, NULL);
	check->scope = totals[index];
	CHECK_OBJECT(check, json_object_get(side, "totals"), total_rules, NULL);
}

struct kind_of_evidence {
	const char *name;
	const struct rule *rules;
	size_t n;
};
#define EVIDENCE(kind)                                                                             \
	{                                                                                          \
#		kind, kind##_rules, ARRAY_LEN(kind##_rules)                                       \
	}

static inline void check_evidence_row(
	struct check *check, const struct kind_of_evidence *kind, const json_t *row)
{
	static const char *const how[] = { "how", NULL };
	const bool sharing = strcmp(kind->name, "sharing") == 0;
	char scope[32];

	check->scope = kind->name;
	check->id = integer_at(row, "tid");
	if (strcmp(kind->name, "pointers") == 0) {
		snprintf(scope, sizeof(scope), "pointers.%s",
			json_string_value(json_object_get(row, "what")));
		check->scope = scope;
	}
	check_object(check, row, kind->rules, kind->n, sharing ? how : NULL);
	if (sharing)
		CHECK_OBJECT(check, json_object_get(row, "how"), how_rules, NULL);
	check->scope = kind->name;
}

/* Rows, or null and why there are none. */
static inline void check_evidence(struct check *check, const json_t *line)
{
	static const struct kind_of_evidence kinds[] = { EVIDENCE(sharing), EVIDENCE(pages),
		EVIDENCE(pointers), EVIDENCE(registers), EVIDENCE(files), EVIDENCE(places),
		EVIDENCE(signals) };

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		const json_t *rows = json_object_get(line, kinds[k].name);
		json_t *row;
		size_t i;

		if (json_is_null(rows)) {
			assert_true(json_string_length(json_object_get(
					    check->unavailable, kinds[k].name)) > 0);
			check->nulls++;
			continue;
		}
		assert_true(json_is_array(rows));
		json_array_foreach((json_t *)rows, i, row)
			check_evidence_row(check, &kinds[k], row);
	}
}

/* Holds a whole line to the schema; returns how many nulls it has. */
static inline size_t check_line(const json_t *line)
{
	struct check check = { .unavailable = json_object_get(line, "unavailable") };
	const json_t *sides = json_object_get(line, "sides"), *dt = json_object_get(line, "dt_ns");
	static const char *const members[] = { "v", "at_ns", "dt_ns", "sides", "sharing", "pages",
		"pointers", "registers", "files", "places", "signals", "machine", "observer",
		"unavailable" };

	assert_int_equal(json_object_size(line), ARRAY_LEN(members));
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		assert_non_null(json_object_get(line, members[i]));
	assert_int_equal(integer_at(line, "v"), 1);
	assert_true(json_is_integer(json_object_get(line, "at_ns")));
	assert_true(json_is_object(check.unavailable));
	assert_true(
		json_is_integer(dt) || json_is_string(json_object_get(check.unavailable, "dt_ns")));
	check_evidence(&check, line);
	assert_int_equal(json_array_size(sides), SIDES);
	for (int side = 0; side < SIDES; side++)
		check_side(&check, json_array_get(sides, (size_t)side), side);
	check.scope = "machine";
	check.id = 0;
	CHECK_OBJECT(&check, json_object_get(line, "machine"), machine_rules, NULL);
	check.scope = "observer";
	CHECK_OBJECT(&check, json_object_get(line, "observer"), observer_rules, NULL);
	return check.nulls;
}

#endif
