/* SPDX-License-Identifier: MIT
 * Writes the arrays of evidence: one a kind whose table says so.
 */
#include "internal.h"

/* Of a task that has ended and is not reaped the kernel has let go of nearly everything; NULL: it lives. */
static const char *ended(const struct line *line, int32_t tid)
{
	const struct track *track = model_track(line->model, tid);

	return track && (track->now.state == 'Z' || track->now.state == 'X')
		       ? "it has ended: it has none any more"
		       : NULL;
}

/* What of a row of the matrix was not asked of the kernel: "how":{"mm":"construction"}. */
static void put_how(struct line *line, const struct sharing_sample *row)
{
	const struct record *record = &sharing_record;
	const char *object = NULL;

	json_open(&line->json, "how", "{");
	for (size_t i = 0; i < record->n; i++) {
		const struct field *field = &record->fields[i];

		/* An object's number, then how it is known, under the same name. */
		if (!field->words || field->role) {
			object = field->name;
			continue;
		}
		int64_t how = field_integer(field, (const char *)row + field->offset);
		if (how != HOW_KERNEL)
			json_put_text(&line->json, object, field_word(field, how));
	}
	json_close(&line->json, "}");
}

/* A crew has a hundred pipes a process: they are counted in "places". */
static bool is_left_out(const struct record *record, const void *row)
{
	return record == &file_record && ((const struct file_sample *)row)->path[0] != '/';
}

static int32_t id_of(const struct field *field, const char *row)
{
	return field ? (int32_t)field_integer(field, row + field->offset) : 0;
}

static void put_row(struct line *line, const struct record *record, const void *row)
{
	const int32_t tid = id_of(record_role(record, ROLE_TID), row);
	struct line_scope scope = { .name = record->name,
		.id = tid,
		.pid = id_of(record_role(record, ROLE_PID), row),
		.one_key = record->flags & RECORD_MANY,
		.certain = record->flags & RECORD_OF_LIVING ? ended(line, tid) : NULL };

	json_open(&line->json, NULL, "{");
	line_fields(line, &scope, record, row);
	if (record == &sharing_record)
		put_how(line, row);
	json_close(&line->json, "}");
}

/* Why there is no row at all: what anybody's, or the machine's, was refused. */
static const char *why_none(const struct line *line, const struct record *record)
{
	const struct gap_sample *gap;

	vec_each (gap, &model_sample(line->model)->gaps)
		if (strcmp(gap->what, record->gap) == 0)
			return gap->reason;
	for (size_t i = 0; i < ARRAY_LEN(record->gaps) && record->gaps[i]; i++) {
		gap = model_gap(line->model, 0, record->gaps[i]);
		if (gap)
			return gap->reason;
	}
	return "nothing was looked at yet";
}

static void put_kind(struct line *line, const struct record *record)
{
	const struct line_scope whole = { 0 };
	size_t n;
	const char *row = record_at(record, model_sample(line->model), &n);

	if (n == 0) {
		line_null(line, &whole, record->name, why_none(line, record), false);
		return;
	}
	json_open(&line->json, record->name, "[");
	for (; n > 0; n--, row += record->size)
		if (!is_left_out(record, row))
			put_row(line, record, row);
	json_close(&line->json, "]");
}

void line_kinds(struct line *line)
{
	for (size_t i = 0; record_kinds[i]; i++)
		if (record_kinds[i]->flags & RECORD_PRINTED)
			put_kind(line, record_kinds[i]);
}
