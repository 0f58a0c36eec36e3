/* SPDX-License-Identifier: MIT
 * Samples to lines of a recording: the JSON is printed by hand, from the tables of members.c, into memory that is used
 * again: a recorder allocates nothing in a steady state. What did not change in the slow lane is left out here.
 */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void json_put_text(struct buf *out, const char *text, size_t len)
{
	char safe[512];
	const char *from = safe, *at;

	safe_text(safe, sizeof(safe), text, len);
	buf_add(out, "\"", 1);
	for (at = safe; *at; at++) {
		if (*at != '"' && *at != '\\')
			continue;
		buf_add(out, from, (size_t)(at - from));
		buf_add(out, "\\", 1);
		from = at;
	}
	buf_add(out, from, (size_t)(at - from));
	buf_add(out, "\"", 1);
}

/* Ten samples a second of hundreds of integers: vsnprintf would be the most of the recorder's cost. */
void json_put_integer(struct buf *out, int64_t value)
{
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char digits[24], *at = digits + sizeof(digits);

	do
		*--at = (char)('0' + left % 10);
	while (left /= 10);
	if (value < 0)
		*--at = '-';
	buf_add(out, at, (size_t)(digits + sizeof(digits) - at));
}

static void put_hex(struct buf *out, uint64_t value)
{
	char digits[24], *at = digits + sizeof(digits);

	*--at = '"';
	do
		*--at = "0123456789abcdef"[value % 16];
	while (value /= 16);
	*--at = 'x';
	*--at = '0';
	*--at = '"';
	buf_add(out, at, (size_t)(digits + sizeof(digits) - at));
}

/* A name or word of our own tables: needs no escapes. */
static void put_word(struct buf *out, const char *word)
{
	buf_add(out, "\"", 1);
	buf_adds(out, word);
	buf_add(out, "\"", 1);
}

static void put_name(struct buf *out, const char *separator, const char *name)
{
	buf_adds(out, separator);
	put_word(out, name);
	buf_add(out, ":", 1);
}

static void put_number(struct buf *out, const struct field *field, int64_t value)
{
	if (field->words && value >= 0 && value < (int64_t)field->n_words)
		put_word(out, field->words[value]);
	else
		json_put_integer(out, value);
}

/* As few digits as give the same number back, with a point in every locale. */
static void put_real(struct buf *out, double value)
{
	char text[40];
	char *comma;

	snprintf(text, sizeof(text), "%.9g", value);
	if (strtod(text, NULL) != value)
		snprintf(text, sizeof(text), "%.17g", value);
	comma = strchr(text, ',');
	if (comma)
		*comma = '.';
	buf_adds(out, isfinite(value) ? text : "null");
}

static void put_value(struct buf *out, const struct field *field, const void *value)
{
	switch (field->type) {
	case FIELD_INT16:
	case FIELD_INT32:
	case FIELD_INT64:
	case FIELD_UINT32:
		put_number(out, field, field_integer(field, value));
		break;
	case FIELD_DOUBLE:
		put_real(out, *(const double *)value);
		break;
	case FIELD_HEX:
		put_hex(out, *(const uint64_t *)value);
		break;
	case FIELD_BOOL:
		buf_adds(out, *(const bool *)value ? "true" : "false");
		break;
	case FIELD_CHAR:
		json_put_text(out, value, 1);
		break;
	case FIELD_TEXT:
		json_put_text(out, value, strnlen(value, field->size));
		break;
	}
}

static bool is_left_out(const struct field *field, const void *value, const void *usual)
{
	if (field->flags & (FIELD_REQUIRED | FIELD_UNRECORDED))
		return field->flags & FIELD_UNRECORDED;
	if (usual)
		return field_equal(field, value, (const char *)usual + field->offset);
	return field_is_absent(field, value);
}

void put_record(struct buf *out, const struct record *record, const void *data, const void *usual)
{
	const char *separator = "{";

	for (size_t i = 0; i < record->n; i++) {
		const struct field *field = &record->fields[i];
		const char *value = (const char *)data + field->offset;

		if (is_left_out(field, value, usual))
			continue;
		put_name(out, separator, field->name);
		put_value(out, field, value);
		separator = ",";
	}
	buf_adds(out, *separator == '{' ? "{}" : "}");
}

void put_rows(struct buf *out, const struct record *record, const struct sample *sample)
{
	const char *separator = "[";
	size_t n;
	const char *at = record_at(record, sample, &n);

	if (n == 0)
		return;
	put_name(out, ",", record->name);
	for (size_t i = 0; i < n; i++) {
		buf_adds(out, separator);
		put_record(out, record, at + i * record->size, NULL);
		separator = ",";
	}
	buf_add(out, "]", 1);
}

void put_single(struct buf *out, const struct record *record, const void *data)
{
	if (record_is_absent(record, data))
		return;
	put_name(out, ",", record->name);
	put_record(out, record, data, NULL);
}

/* Whether the rows are those of `before` at another time: all read at one time, and equal in all but that. */
static bool rows_repeat(const struct mapping_sample *rows, size_t n, const struct sample *before)
{
	const struct mapping_sample *old;
	size_t n_old;

	if (!before)
		return false;
	old = sample_mappings_of(before, rows->pid, &n_old);
	if (n_old != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (rows[i].at_ns != rows[0].at_ns ||
			memcmp(&rows[i], &old[i], offsetof(struct mapping_sample, at_ns)) != 0)
			return false;
	return true;
}

/* The mappings of one process. A row's own at_ns is written only if it differs from the group's. */
static void put_group(
	struct buf *out, const struct mapping_sample *rows, size_t n, const struct sample *before)
{
	struct mapping_sample usual;
	const char *separator = ",\"rows\":[";

	buf_adds(out, "{\"pid\":");
	json_put_integer(out, rows->pid);
	buf_adds(out, ",\"at_ns\":");
	json_put_integer(out, rows->at_ns);
	if (!rows_repeat(rows, n, before)) {
		record_clear(&mapping_record, &usual);
		usual.at_ns = rows->at_ns;
		for (size_t i = 0; i < n; i++) {
			buf_adds(out, separator);
			put_record(out, &mapping_record, &rows[i], &usual);
			separator = ",";
		}
		buf_add(out, "]", 1);
	}
	buf_add(out, "}", 1);
}

static void put_mappings(struct buf *out, const struct sample *sample, const struct sample *before)
{
	const struct mapping_sample *at = sample->mappings.at;
	const char *separator = "[";
	size_t i = 0, n;

	if (sample->mappings.n == 0)
		return;
	put_name(out, ",", mapping_record.name);
	for (; i < sample->mappings.n; i += n) {
		for (n = 1; i + n < sample->mappings.n && at[i + n].pid == at[i].pid;)
			n++;
		buf_adds(out, separator);
		put_group(out, &at[i], n, before);
		separator = ",";
	}
	buf_add(out, "]", 1);
}

/* Compared whole, not by slow_at_ns alone: a process may have left between two readings of the slow lane. */
static bool slow_repeats(const struct sample *sample, const struct sample *before)
{
	return before && sample->slow_at_ns == before->slow_at_ns &&
	       record_repeats(&machine_record, sample, before, false) &&
	       record_repeats(&process_record, sample, before, false) &&
	       record_repeats(&mapping_record, sample, before, false);
}

void put_sample_after(struct buf *out, const struct sample *sample, const struct sample *before)
{
	buf_adds(out, "{\"at_ns\":");
	json_put_integer(out, sample->at_ns);
	put_rows(out, &crew_record, sample);
	put_rows(out, &worker_record, sample);
	put_rows(out, &task_record, sample);
	put_rows(out, &gap_record, sample);
	put_rows(out, &wait_record, sample);
	put_single(out, &observer_record, &sample->observer);
	put_switches(out, sample);
	put_evidence(out, sample, before);
	put_duel(out, sample, before);
	if (!slow_repeats(sample, before)) {
		buf_adds(out, ",\"slow\":{\"at_ns\":");
		json_put_integer(out, sample->slow_at_ns);
		put_single(out, &machine_record, &sample->machine);
		put_rows(out, &process_record, sample);
		put_mappings(out, sample, before);
		buf_add(out, "}", 1);
	}
	buf_adds(out, "}\n");
}

void recording_put_sample(struct buf *out, const struct sample *sample)
{
	put_sample_after(out, sample, NULL);
}

void recording_put_header(struct buf *out, const struct machine_info *card)
{
	buf_adds(out, "{\"taskscope_recording\":");
	json_put_integer(out, RECORDING_VERSION);
	put_single(out, &card_record, card);
	buf_adds(out, "}\n");
}
