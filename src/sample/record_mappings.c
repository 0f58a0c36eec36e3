/* SPDX-License-Identifier: MIT
 * Writes and reads mappings, which are many and seldom change: a group a process, {"pid":P,"at_ns":N,"rows":[{}]}. One
 * without rows has those that its process had in the line before.
 */
#include "reading.h"

#define GROUPS_MAX 1024 /* processes with mappings in one sample */

/* --- writing --- */

/* Whether the rows are those of `before` at another time: all read at one time, and equal in all but that. */
static bool rows_repeat(const struct mapping_sample *rows, size_t n, const struct sample *before)
{
	size_t n_old;

	if (!before)
		return false;
	const struct mapping_sample *old = sample_mappings_of(before, rows->pid, &n_old);
	if (n_old != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct mapping_sample row = old[i];

		row.at_ns = rows[0].at_ns;
		if (memcmp(&rows[i], &row, sizeof(row)) != 0)
			return false;
	}
	return true;
}

/* A row's own at_ns is written only if it differs from the group's. */
static void put_group(
	struct json *json, const struct mapping_sample *rows, size_t n, const struct sample *before)
{
	struct mapping_sample usual;

	json_open(json, NULL, "{");
	json_put_integer(json, "pid", rows->pid);
	json_put_integer(json, "at_ns", rows->at_ns);
	if (!rows_repeat(rows, n, before)) {
		record_clear(&mapping_record, &usual);
		usual.at_ns = rows->at_ns;
		json_open(json, "rows", "[");
		for (size_t i = 0; i < n; i++) {
			json_open(json, NULL, "{");
			put_members(json, &mapping_record, &rows[i], &usual);
			json_close(json, "}");
		}
		json_close(json, "]");
	}
	json_close(json, "}");
}

void put_mappings(struct json *json, const struct sample *sample, const struct sample *before)
{
	const struct mapping_sample *at = sample->mappings.at;
	size_t i = 0, n;

	json_open(json, mapping_record.name, "[");
	for (; i < sample->mappings.n; i += n) {
		for (n = 1; i + n < sample->mappings.n && at[i + n].pid == at[i].pid;)
			n++;
		put_group(json, &at[i], n, before);
	}
	json_close(json, "]");
}

/* --- reading --- */

struct group {
	int32_t pid;
	int64_t at_ns;
};

/* The rows that a group leaves out: those that its process had before, at the group's time. */
static int repeat_rows(const struct reading *reading, const struct group *group,
	const struct sample *before, struct sample *sample)
{
	const struct mapping_sample *rows = NULL;
	size_t n = 0;

	if (before)
		rows = sample_mappings_of(before, group->pid, &n);
	if (!rows)
		return reading_fail(reading, "rows", "is missing, and no line before has it");
	if (n > mapping_record.limit - sample->mappings.n)
		return reading_fail(reading, "rows", "has too many elements");
	for (size_t i = 0; i < n; i++) {
		struct mapping_sample *mapping = vec_push(&sample->mappings);

		memcpy(mapping, &rows[i], sizeof(*mapping));
		mapping->at_ns = group->at_ns;
	}
	return 0;
}

static int get_rows(const struct reading *reading, const struct group *group, const json_t *rows,
	struct sample *sample)
{
	struct mapping_sample usual;
	int rc;

	if (!json_is_array(rows))
		return reading_fail(reading, "rows", "is not an array");
	if (json_array_size(rows) > mapping_record.limit - sample->mappings.n)
		return reading_fail(reading, "rows", "has too many elements");
	record_clear(&mapping_record, &usual);
	usual.pid = group->pid;
	usual.at_ns = group->at_ns;
	for (size_t i = 0; i < json_array_size(rows); i++) {
		struct mapping_sample *mapping = vec_push(&sample->mappings);

		rc = reading_record(reading, json_array_get(rows, i), &usual, mapping);
		if (rc < 0)
			return rc;
		if (mapping->start > mapping->end)
			return reading_fail(reading, "end", "is below start");
	}
	return 0;
}

static int get_group(const struct reading *reading, const json_t *json, const struct sample *before,
	struct sample *sample)
{
	const json_t *rows = json_object_get(json, "rows");
	const json_t *at = json_object_get(json, "at_ns");
	struct group group = { .at_ns = UNKNOWN };
	int64_t pid = 0;

	if (!json_is_object(json))
		return reading_fail(reading, "", "is not an object");
	int rc = reading_integer(reading, "pid", json_object_get(json, "pid"), 1, INT32_MAX, &pid);
	if (rc == 0 && at)
		rc = reading_integer(reading, "at_ns", at, UNKNOWN, INT64_C(1) << 61, &group.at_ns);
	if (rc < 0)
		return rc;
	group.pid = (int32_t)pid;
	return rows ? get_rows(reading, &group, rows, sample)
		    : repeat_rows(reading, &group, before, sample);
}

int reading_mappings(struct reading *reading, const json_t *json, const struct sample *before,
	struct sample *sample)
{
	int rc = 0;

	if (json_array_size(json) > GROUPS_MAX)
		return reading_fail(reading, "", "has more than %d processes", GROUPS_MAX);
	for (reading->index = 0; rc == 0 && reading->index < json_array_size(json);
		reading->index++)
		rc = get_group(reading, json_array_get(json, reading->index), before, sample);
	return rc;
}
