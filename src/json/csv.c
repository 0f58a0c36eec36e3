/* SPDX-License-Identifier: MIT
 * Writes a model as CSV, a row a value: the walk is that of --json, so that both say the same.
 */

#include "internal.h"
#include "json_lines.h"

void csv_put_header(struct buf *out)
{
	buf_adds(out, "at_ns,of,side,pid,tid,role,fact,value,unit,reason\r\n");
}

/* --- of whom --- */

static const void *member_of(const struct record *record, enum field_role role, const void *row,
	const struct field **ret)
{
	*ret = record ? record_role(record, role) : NULL;
	return *ret ? (const char *)row + (*ret)->offset : NULL;
}

static void put_id(
	struct buf *out, const struct record *record, enum field_role role, const void *row)
{
	const struct field *field;
	const void *member = member_of(record, role, row, &field);

	if (member && !field_is_absent(field, member))
		json_put_digits(out, field_integer(field, member));
	buf_adds(out, ",");
}

static void put_role(struct buf *out, const struct record *record, const void *row)
{
	const struct field *field;
	const void *member = member_of(record, ROLE_WORKER, row, &field);
	const int64_t worker = member ? field_integer(field, member) : WORKER_NONE;

	if (worker >= 0)
		buf_addf(out, "w%lld", (long long)worker);
	else if (member)
		buf_adds(out, worker == WORKER_HOST ? "host" : "other");
}

/* "left.totals" are the totals of the left side, "left" is what its crew is. */
static void put_side(
	struct buf *out, const char *scope, const struct record *record, const void *row)
{
	const struct field *field;
	const void *member = member_of(record, ROLE_SIDE, row, &field);
	const char *side = "", *of = scope;

	for (enum side i = 0; i < SIDES; i++) {
		const size_t len = strlen(side_name(i));
		const bool named = strncmp(scope, side_name(i), len) == 0;

		if (named && (scope[len] == '.' || !scope[len])) {
			side = side_name(i);
			of = scope[len] ? scope + len + 1 : "crew";
		} else if (member && field_integer(field, member) == (int64_t)i) {
			side = side_name(i);
		}
	}
	buf_addf(out, "%s,%s,", of, side);
}

void csv_begin(struct csv *csv, const struct line_scope *scope, const struct record *record,
	const void *row)
{
	struct buf *head = &csv->head;

	/* The rates of a task are of the task before. */
	if (record == &track_record)
		return;
	snprintf(csv->name, sizeof(csv->name), "%s", scope->name);
	csv->id = scope->id;
	buf_clear(head);
	json_put_digits(head, csv->at_ns);
	buf_adds(head, ",");
	put_side(head, scope->name, record, row);
	put_id(head, record, ROLE_PID, row);
	put_id(head, record, ROLE_TID, row);
	put_role(head, record, row);
}

/* --- values --- */

void csv_value(struct csv *csv, const struct field *field, const void *member, const char *json)
{
	struct buf *out = csv->out;
	const char *value = strchr(json, ':') + 1;
	const size_t len = strlen(value);

	buf_addf(out, "%s,%s,", csv->head.text, field->name);
	if (field->type == FIELD_TEXT)
		buf_add_csv(out, member);
	else if (*value == '"')
		buf_add(out, value + 1, len - 2); /* words, addresses, octal digits */
	else
		buf_add(out, value, len);
	buf_addf(out, ",%s,\r\n", field->unit ? field->unit : "");
}

void csv_integer(struct csv *csv, const char *name, int64_t value)
{
	buf_addf(csv->out, "%s,%s,%lld,,\r\n", csv->head.text, name, (long long)value);
}

void csv_null(struct csv *csv, const struct line_scope *scope, const char *name, const char *reason)
{
	if (!scope->name)
		buf_addf(csv->out, "%lld,,,,,", (long long)csv->at_ns);
	else if (strcmp(scope->name, csv->name) != 0 || scope->id != csv->id)
		csv_begin(csv, scope, NULL, NULL);
	buf_addf(csv->out, "%s,%s,,,", scope->name ? csv->head.text : "", name);
	buf_add_csv(csv->out, reason);
	buf_adds(csv->out, "\r\n");
}
