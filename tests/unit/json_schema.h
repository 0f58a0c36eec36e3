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

#include "sample.h"

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
	{ "side", TEXT, false, false }, { "how", TEXT, false, true }, { "wait_status", INTEGER, false, true },
	{ "culprit", INTEGER, false, true },
};
static const struct rule no_crew_rules[] = {
	{ "kind", TEXT, true, false }, { "host", INTEGER, true, false },
};
static const struct rule order_rules[] = {
	{ "worker", INTEGER, false, false }, { "order", TEXT, false, false }, { "state", TEXT, false, false },
	{ "result", TEXT, false, false }, { "done", INTEGER, false, true },
};
static const struct rule rate_rules[] = {
	RATE_OR_NULL("voluntary_per_s"), RATE_OR_NULL("involuntary_per_s"), RATE_OR_NULL("cpu_percent"),
	RATE_OR_NULL("wait_percent"), RATE_OR_NULL("minflt_per_s"),
	{ "job", TEXT, false, true }, { "rounds", INTEGER, false, true }, { "pinned_cpu", INTEGER, false, true },
	{ "stacks", INTEGER, false, true }, { "user_switches", INTEGER, false, true },
	{ "user_switches_per_s", REAL, false, true },
};
static const struct rule ended_rules[] = {
	{ "worker", INTEGER, false, false }, { "pid", INTEGER, false, false }, { "tid", INTEGER, false, false },
	{ "job", TEXT, false, false }, { "how", TEXT, false, false }, { "wait_status", INTEGER, false, false },
	{ "signal", INTEGER, false, true }, { "fault_signal", INTEGER, false, true },
	{ "fault_address", TEXT, false, true }, { "ended_ns", INTEGER, false, true },
};
static const struct rule total_rules[] = {
	{ "tasks", INTEGER, false, false }, NUMBER_OR_NULL("processes"),
	NUMBER_OR_NULL("voluntary"), NUMBER_OR_NULL("involuntary"), RATE_OR_NULL("voluntary_per_s"),
	RATE_OR_NULL("involuntary_per_s"), RATE_OR_NULL("cpu_percent"), NUMBER_OR_NULL("sum_rss_kb"),
	NUMBER_OR_NULL("sum_pss_kb"), NUMBER_OR_NULL("sum_uss_kb"), NUMBER_OR_NULL("sum_page_tables_kb"),
	NUMBER_OR_NULL("sum_vm_size_kb"), NUMBER_OR_NULL("minflt"), NUMBER_OR_NULL("mapping_count"),
	NUMBER_OR_NULL("waits_named"), NUMBER_OR_NULL("waits_exclusive"), NUMBER_OR_NULL("waits_holding"),
	NUMBER_OR_NULL("waits_endless"), NUMBER_OR_NULL("waits_crowd"), NUMBER_OR_NULL("cycle_tasks"),
	NUMBER_OR_NULL("deadlocked"), NUMBER_OR_NULL("deadlock_ns"), NUMBER_OR_NULL("kernel_stack_kb"), NUMBER_OR_NULL("address_spaces"), NUMBER_OR_NULL("fd_tables"),
	NUMBER_OR_NULL("handler_tables"),
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

static inline size_t check_rules(
	struct check *check, const json_t *object, const struct rule *rules, size_t n)
{
	size_t known = 0;

	assert_true(json_is_object(object));
	for (size_t i = 0; i < n; i++) {
		const json_t *value = json_object_get(object, rules[i].name);

		check_member(check, &rules[i], value);
		known += value != NULL;
	}
	return known;
}
#define CHECK_RULES(check, object, rules) check_rules((check), (object), (rules), ARRAY_LEN(rules))

static inline enum must must_of(const struct field *field)
{
	if (field->words || field->flags & FIELD_OCTAL || field->type == FIELD_HEX ||
		field->type == FIELD_TEXT || field->type == FIELD_CHAR)
		return TEXT;
	if (field->flags & FIELD_TRUTH || field->type == FIELD_BOOL)
		return TRUTH;
	return field->type == FIELD_DOUBLE ? REAL : INTEGER;
}

/* The members of a record, by its table: how many there are. */
static inline size_t check_record(
	struct check *check, const json_t *object, const struct record *record)
{
	static const struct rule role[] = { { "role", TEXT, false, false },
		{ "worker", INTEGER, false, true } };
	size_t known = 0;

	for (size_t i = 0; i < record->n; i++) {
		const struct field *field = &record->fields[i];
		const struct rule rule = { field->name, must_of(field),
			.nullable =
				field->absent != 0 ||
				field->flags & (FIELD_NULLED | FIELD_IF_KNOWN | FIELD_OF_WORKERS),
			.optional = field->flags & FIELD_OMITTED };

		if (field->flags & FIELD_UNPRINTED)
			continue;
		if (field->role == ROLE_WORKER)
			known += CHECK_RULES(check, object, role);
		else
			known += check_rules(check, object, &rule, 1);
	}
	return known;
}

/* No member but those that were checked. */
#define CHECK_ALL(object, known) assert_int_equal(json_object_size(object), (known))

static inline int64_t integer_at(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static inline void check_side(struct check *check, const json_t *side, int index)
{
	static const char *const names[] = { "left", "right" };
	static const char *const totals[] = { "left.totals", "right.totals" };
	static const char *const groups[] = { "left.group", "right.group" };
	static const char *const programs[] = { "left.program", "right.program" };
	const json_t *program = json_object_get(side, "program");
	static const char *const arrays[] = { "processes", "tasks", "ended", "orders" };
	size_t i, known;
	json_t *element;

	check->scope = names[index];
	check->id = 0;
	known = CHECK_RULES(check, side, side_rules);
	known += json_is_null(json_object_get(side, "kind"))
			 ? CHECK_RULES(check, side, no_crew_rules)
			 : check_record(check, side, &crew_record);
	element = json_object_get(side, "group");
	CHECK_ALL(side, known + ARRAY_LEN(arrays) + 1 + (element != NULL) + (program != NULL));
	check->scope = groups[index];
	if (element)
		CHECK_ALL(element, check_record(check, element, &group_record));
	check->scope = programs[index];
	if (program)
		CHECK_ALL(program, check_record(check, program, &program_record));
	check->scope = names[index];
	for (i = 0; i < ARRAY_LEN(arrays); i++)
		if (!json_is_null(json_object_get(side, arrays[i])))
			assert_true(json_is_array(json_object_get(side, arrays[i])));
		else
			assert_true(has_reason(check, arrays[i]));
	assert_string_equal(json_string_value(json_object_get(side, "side")), names[index]);
	check->scope = "processes";
	json_array_foreach(json_object_get(side, "processes"), i, element)
	{
		check->id = integer_at(element, "pid");
		CHECK_ALL(element, check_record(check, element, &process_record));
	}
	check->scope = "tasks";
	json_array_foreach(json_object_get(side, "tasks"), i, element)
	{
		check->id = integer_at(element, "tid");
		known = check_record(check, element, &task_record);
		CHECK_ALL(element, known + CHECK_RULES(check, element, rate_rules));
	}
	check->scope = "ended";
	check->id = 0;
	json_array_foreach(json_object_get(side, "ended"), i, element)
		CHECK_ALL(element, CHECK_RULES(check, element, ended_rules));
	check->scope = "orders";
	json_array_foreach(json_object_get(side, "orders"), i, element)
		CHECK_ALL(element, CHECK_RULES(check, element, order_rules));
	check->scope = totals[index];
	element = json_object_get(side, "totals");
	CHECK_ALL(element, CHECK_RULES(check, element, total_rules));
}

static inline void check_row(struct check *check, const struct record *record, const json_t *row)
{
	size_t known;

	check->scope = record->name;
	check->id = integer_at(row, "tid");
	known = check_record(check, row, record);
	if (record == &sharing_record)
		assert_true(json_is_object(json_object_get(row, "how")));
	CHECK_ALL(row, known + (record == &sharing_record));
}

/* Rows, or null and why there are none. */
static inline void check_kind(struct check *check, const struct record *record, const json_t *line)
{
	const json_t *rows = json_object_get(line, record->name);
	json_t *row;
	size_t i;

	if (json_is_null(rows)) {
		assert_true(
			json_string_length(json_object_get(check->unavailable, record->name)) > 0);
		check->nulls++;
		return;
	}
	assert_true(json_is_array(rows));
	json_array_foreach((json_t *)rows, i, row) check_row(check, record, row);
}

static inline void check_one(struct check *check, const struct record *record, const json_t *line)
{
	const json_t *one = json_object_get(line, record->name);

	check->scope = record->name;
	check->id = 0;
	CHECK_ALL(one, check_record(check, one, record));
}

/* Holds a whole line to the schema; returns how many nulls it has. */
static inline size_t check_line(const json_t *line)
{
	struct check check = { .unavailable = json_object_get(line, "unavailable") };
	const json_t *sides = json_object_get(line, "sides"), *dt = json_object_get(line, "dt_ns");
	size_t kinds = 0;

	assert_int_equal(integer_at(line, "v"), 1);
	assert_true(json_is_integer(json_object_get(line, "at_ns")));
	assert_true(json_is_object(check.unavailable));
	assert_true(
		json_is_integer(dt) || json_is_string(json_object_get(check.unavailable, "dt_ns")));
	for (size_t i = 0; record_kinds[i]; i++) {
		if (!(record_kinds[i]->flags & RECORD_PRINTED))
			continue;
		check_kind(&check, record_kinds[i], line);
		kinds++;
	}
	assert_int_equal(json_array_size(sides), SIDES);
	for (int side = 0; side < SIDES; side++)
		check_side(&check, json_array_get(sides, (size_t)side), side);
	check_one(&check, &machine_record, line);
	check_one(&check, &observer_record, line);
	/* v at_ns dt_ns sides machine observer unavailable */
	CHECK_ALL(line, kinds + 7);
	return check.nulls;
}

#endif
