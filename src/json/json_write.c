/* SPDX-License-Identifier: MIT
 * JSON without a library: numbers as no locale spoils them, and the list of what is null and why.
 */
#include "json_write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void json_name(struct json *json, const char *name)
{
	buf_addf(json->out, "%s\"%s\":", json->separator, name);
	json->separator = ",";
}

void json_open(struct json *json, const char *name, const char *bracket)
{
	if (name)
		json_name(json, name);
	else
		buf_adds(json->out, json->separator);
	buf_adds(json->out, bracket);
	json->separator = "";
}

void json_close(struct json *json, const char *bracket)
{
	buf_adds(json->out, bracket);
	json->separator = ",";
}

void json_integer(struct json *json, const char *name, int64_t value)
{
	json_name(json, name);
	buf_addf(json->out, "%lld", (long long)value);
}

void json_bool(struct json *json, const char *name, bool value)
{
	json_name(json, name);
	buf_adds(json->out, value ? "true" : "false");
}

void json_text(struct json *json, const char *name, const char *text)
{
	json_name(json, name);
	json_put_text(json->out, text, strlen(text));
}

void json_address(struct json *json, const char *name, uint64_t address)
{
	json_name(json, name);
	buf_addf(json->out, "\"0x%llx\"", (unsigned long long)address);
}

/* Three decimals, by integers: printf would write the locale's decimal comma. */
static void put_real(struct json *json, const char *name, double value)
{
	long long thousandths = (long long)(value * 1000 + (value < 0 ? -0.5 : 0.5));

	json_name(json, name);
	buf_addf(json->out, "%s%lld.%03lld", thousandths < 0 ? "-" : "", llabs(thousandths) / 1000,
		llabs(thousandths) % 1000);
}

void json_role(struct json *json, int16_t worker)
{
	json_text(json, "role", worker >= 0 ? "worker" : worker == WORKER_HOST ? "host" : "other");
	if (worker >= 0)
		json_integer(json, "worker", worker);
}

/* --- what is unknown, and why --- */

void json_explain(struct json *json, const char *key, const char *reason)
{
	buf_adds(&json->unavailable, json->unavailable.len > 0 ? "," : "");
	json_put_text(&json->unavailable, key, strlen(key));
	buf_add(&json->unavailable, ":", 1);
	json_put_text(&json->unavailable, reason, strlen(reason));
}

/* One key for a member of all tasks or processes. Names are the tables' own strings. */
static void explain_once(
	struct json *json, const char *scope, const char *member, const char *reason)
{
	struct json_key *key;
	char text[96];

	vec_each (key, &json->common)
		if (strcmp(key->scope, scope) == 0 && strcmp(key->member, member) == 0)
			return;
	*vec_push(&json->common) = (struct json_key) { scope, member };
	snprintf(text, sizeof(text), "%s[].%s", scope, member);
	json_explain(json, text, reason);
}

void json_null(
	struct json *json, const struct json_scope *scope, const char *name, const char *reason)
{
	char key[96];

	json_name(json, name);
	buf_adds(json->out, "null");
	if (scope->one_key || (scope->id != 0 && reason == scope->common)) {
		explain_once(json, scope->name, name, reason);
		return;
	}
	if (scope->id != 0)
		snprintf(key, sizeof(key), "%s[%d].%s", scope->name, scope->id, name);
	else
		snprintf(key, sizeof(key), "%s%s%s", scope->name ? scope->name : "",
			scope->name ? "." : "", name);
	json_explain(json, key, reason);
}

const char *json_reason(
	const struct json *json, const struct json_scope *scope, const struct json_number *number)
{
	const struct gap_sample *gap;

	if (scope->certain)
		return scope->certain;
	if (number->is_rate && scope->common)
		return scope->common;
	for (size_t i = 0; i < ARRAY_LEN(number->gaps) && number->gaps[i]; i++) {
		gap = model_gap(json->model, scope->pid, number->gaps[i]);
		if (gap)
			return gap->reason;
	}
	if (number->is_slow && model_sample(json->model)->slow_at_ns == UNKNOWN)
		return "the slow lane was not read yet";
	if (number->is_rate && scope->rate)
		return scope->rate;
	return scope->other ? scope->other : "not read";
}

/* --- numbers by table --- */

static int64_t integer_of(const struct json_number *number, const void *value)
{
	switch (number->type) {
	case JSON_INT16:
		return *(const int16_t *)value;
	case JSON_INT32:
		return *(const int32_t *)value;
	default:
		return *(const int64_t *)value;
	}
}

static void put_number(struct json *json, const struct json_scope *scope,
	const struct json_number *number, const void *value)
{
	double real = number->type == JSON_REAL ? *(const double *)value : NAN;
	int64_t integer = number->type == JSON_REAL ? UNKNOWN : integer_of(number, value);

	if (fabs(real) < 9e15) /* so not NAN, and its thousandths fit */
		put_real(json, number->name, real);
	else if (integer != UNKNOWN)
		json_integer(json, number->name, integer);
	else
		json_null(json, scope, number->name, json_reason(json, scope, number));
}

void json_numbers(struct json *json, const struct json_scope *scope,
	const struct json_number *numbers, size_t n, const void *record)
{
	for (size_t i = 0; i < n; i++)
		put_number(json, scope, &numbers[i], (const char *)record + numbers[i].offset);
}
