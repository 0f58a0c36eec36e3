/* SPDX-License-Identifier: MIT
 * Writes the members of a record by its table, each null with the reason why it is one.
 */
#include "internal.h"

/* --- reasons --- */

void line_explain(struct line *line, const char *key, const char *reason)
{
	line->unavailable.out = &line->reasons;
	json_put_text(&line->unavailable, NULL, key);
	buf_add(&line->reasons, ":", 1);
	line->unavailable.separator = NULL;
	json_put_text(&line->unavailable, NULL, reason);
}

/* One key for a member of all tasks or processes. Names are the tables' own strings. */
static void explain_once(
	struct line *line, const char *scope, const char *member, const char *reason)
{
	struct line_key *key;
	char text[96];

	vec_each (key, &line->common)
		if (strcmp(key->scope, scope) == 0 && strcmp(key->member, member) == 0)
			return;
	*vec_push(&line->common) = (struct line_key) { scope, member };
	snprintf(text, sizeof(text), "%s[].%s", scope, member);
	line_explain(line, text, reason);
}

void line_null(struct line *line, const struct line_scope *scope, const char *name,
	const char *reason, bool for_all)
{
	char key[96];

	if (line->csv)
		csv_null(line->csv, scope, name, reason);
	json_put_null(&line->json, name);
	if (scope->one_key || (scope->id != 0 && for_all)) {
		explain_once(line, scope->name, name, reason);
		return;
	}
	if (scope->id != 0)
		snprintf(key, sizeof(key), "%s[%d].%s", scope->name, scope->id, name);
	else
		snprintf(key, sizeof(key), "%s%s%s", scope->name ? scope->name : "",
			scope->name ? "." : "", name);
	line_explain(line, key, reason);
}

static const char *reason_of_gap(
	const struct line *line, const struct line_scope *scope, const char *const *gaps, size_t n)
{
	const struct gap_sample *gap;

	for (size_t i = 0; i < n && gaps[i]; i++) {
		gap = model_gap(line->model, scope->pid, gaps[i]);
		if (gap)
			return gap->reason;
	}
	return NULL;
}

static void put_unknown(struct line *line, const struct line_scope *scope,
	const struct record *record, const struct field *field)
{
	const bool is_rate = field->flags & FIELD_RATE;
	const char *reason = scope->certain;

	if (!reason && is_rate && scope->common) {
		line_null(line, scope, field->name, scope->common, true);
		return;
	}
	if (!reason)
		reason = reason_of_gap(line, scope, field->gaps, ARRAY_LEN(field->gaps));
	if (!reason)
		reason = reason_of_gap(line, scope, record->gaps, ARRAY_LEN(record->gaps));
	if (!reason && record->flags & RECORD_SLOW && model_sample(line->model)->slow_at_ns < 0)
		reason = "the slow lane was not read yet";
	if (!reason && is_rate)
		reason = scope->rate;
	if (!reason && field->why) {
		line_null(line, scope, field->name, field->why, true);
		return;
	}
	if (!reason)
		reason = scope->other ? scope->other : "not read";
	line_null(line, scope, field->name, reason, false);
}

/* --- values --- */

static void put_value(struct line *line, const struct field *field, const void *member)
{
	struct json *json = &line->json;
	const size_t from = json->out->len;

	if (field->type == FIELD_DOUBLE)
		json_put_fixed(json, field->name, *(const double *)member);
	else
		field_put(json, field->name, field, member);
	if (line->csv)
		csv_value(line->csv, field, member, json->out->text + from);
}

void line_integer(struct line *line, const char *name, int64_t value)
{
	if (line->csv)
		csv_integer(line->csv, name, value);
	json_put_integer(&line->json, name, value);
}

void line_role(struct line *line, int64_t worker)
{
	const char *role = worker == WORKER_HOST ? "host" : "other";

	json_put_text(&line->json, "role", worker >= 0 ? "worker" : role);
	if (worker >= 0)
		json_put_integer(&line->json, "worker", worker);
}

static bool is_known(const struct record *record, const struct field *field, const void *row)
{
	const void *member = (const char *)row + field->offset;

	if (field->type == FIELD_DOUBLE && !(fabs(*(const double *)member) < 9e15))
		return false; /* NAN, or its thousandths do not fit */
	return field_is_known(record, field, row);
}

void line_fields(struct line *line, const struct line_scope *scope, const struct record *record,
	const void *row)
{
	static const char workers_only[] = "only workers report it";
	const struct field *worker = record_role(record, ROLE_WORKER);
	const bool is_worker =
		worker && field_integer(worker, (const char *)row + worker->offset) >= 0;

	if (line->csv)
		csv_begin(line->csv, scope, record, row);
	for (size_t i = 0; i < record->n; i++) {
		const struct field *field = &record->fields[i];
		const char *member = (const char *)row + field->offset;

		if (field->flags & FIELD_UNPRINTED)
			continue;
		if (field == worker)
			line_role(line, field_integer(field, member));
		else if (field->flags & FIELD_OF_WORKERS && !is_worker && !scope->certain &&
			 field_is_absent(field, member))
			line_null(line, scope, field->name, workers_only, true);
		else if (is_known(record, field, row))
			put_value(line, field, member);
		else if (!(field->flags & FIELD_OMITTED))
			put_unknown(line, scope, record, field);
	}
}
