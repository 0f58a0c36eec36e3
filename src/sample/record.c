/* SPDX-License-Identifier: MIT
 * Lines of a recording to samples, from JSON as jansson parses it. A recording is a stranger's file: every number is held
 * to its range, every array to its limit, every string passes safe_text, and what is wrong is named.
 */
#include "reading.h"

#include <errno.h>
#include <string.h>

/* Says what is wrong, as "tasks[3].voluntary is not an integer". Returns -EINVAL. */
int reading_fail(const struct reading *reading, const char *member, const char *format, ...)
{
	char where[96] = "", what[96];
	va_list args;

	if (!reading->why)
		return -EINVAL;
	if (reading->record && reading->record->limit > 1)
		snprintf(where, sizeof(where), "%s[%zu]", reading->record->name, reading->index);
	else if (reading->record)
		snprintf(where, sizeof(where), "%s", reading->record->name);
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	snprintf(reading->why, reading->why_size, "%s%s%s %s", where, *where && *member ? "." : "",
		member, what);
	return -EINVAL;
}

int reading_integer(const struct reading *reading, const char *name, const json_t *json,
	int64_t min, int64_t max, int64_t *ret)
{
	int64_t value;

	if (!json_is_integer(json))
		return reading_fail(reading, name, "is not an integer");
	value = json_integer_value(json);
	if (value < min || value > max)
		return reading_fail(reading, name, "is out of range: %lld", (long long)value);
	*ret = value;
	return 0;
}

static int get_word(
	const struct reading *reading, const struct field *field, const json_t *json, int64_t *ret)
{
	const char *word = json_string_value(json);

	for (size_t i = 0; word && i < field->n_words; i++) {
		if (strcmp(word, field->words[i]) != 0)
			continue;
		*ret = (int64_t)i;
		return 0;
	}
	return reading_fail(reading, field->name, "is no word that this version knows");
}

static int get_number(
	const struct reading *reading, const struct field *field, const json_t *json, void *into)
{
	int64_t value = 0;
	int rc = field->words ? get_word(reading, field, json, &value)
			      : reading_integer(
					reading, field->name, json, field->min, field->max, &value);

	if (rc < 0)
		return rc;
	field_set_integer(field, into, value);
	return 0;
}

static int get_real(
	const struct reading *reading, const struct field *field, const json_t *json, double *into)
{
	double value = json_number_value(json);

	if (!json_is_number(json))
		return reading_fail(reading, field->name, "is not a number");
	if (!(value >= (double)field->min && value <= (double)field->max))
		return reading_fail(reading, field->name, "is out of range: %g", value);
	*into = value;
	return 0;
}

/* "0x" and 1 to 16 digits, nothing else: strtoull would take signs, blanks and overflow. */
static int get_hex(const struct reading *reading, const struct field *field, const json_t *json,
	uint64_t *into)
{
	const char *text = json_string_value(json);
	size_t digits;

	if (!text || strncmp(text, "0x", 2) != 0)
		return reading_fail(reading, field->name, "is not a hexadecimal string");
	digits = strspn(text + 2, "0123456789abcdef");
	if (digits == 0 || digits > 16 || text[2 + digits] != '\0')
		return reading_fail(reading, field->name, "is not a hexadecimal string");
	*into = 0;
	for (const char *at = text + 2; *at; at++)
		*into = *into << 4 | (uint64_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
	return 0;
}

static int get_text(
	const struct reading *reading, const struct field *field, const json_t *json, char *into)
{
	if (!json_is_string(json))
		return reading_fail(reading, field->name, "is not a string");
	memset(into, 0, field->size);
	safe_text(into, field->size, json_string_value(json), json_string_length(json));
	return 0;
}

static int get_char(
	const struct reading *reading, const struct field *field, const json_t *json, char *into)
{
	const char *text = json_string_value(json);

	if (!text || json_string_length(json) != 1 || *text <= ' ' || *text > '~')
		return reading_fail(reading, field->name, "is not one printable character");
	*into = *text;
	return 0;
}

static int get_value(
	const struct reading *reading, const struct field *field, const json_t *json, void *into)
{
	switch (field->type) {
	case FIELD_INT16:
	case FIELD_INT32:
	case FIELD_INT64:
	case FIELD_UINT32:
		return get_number(reading, field, json, into);
	case FIELD_DOUBLE:
		return get_real(reading, field, json, into);
	case FIELD_HEX:
		return get_hex(reading, field, json, into);
	case FIELD_BOOL:
		if (!json_is_boolean(json))
			return reading_fail(reading, field->name, "is neither true nor false");
		*(bool *)into = json_is_true(json);
		return 0;
	case FIELD_CHAR:
		return get_char(reading, field, json, into);
	case FIELD_TEXT:
		return get_text(reading, field, json, into);
	}
	return -EINVAL;
}

/* An object into a record. What it does not have, or has as null, is as in `usual`; NULL: absent. */
int reading_record(const struct reading *reading, const json_t *json, const void *usual, void *into)
{
	const struct record *record = reading->record;
	int rc;

	if (!json_is_object(json))
		return reading_fail(reading, "", "is not an object");
	if (usual)
		memcpy(into, usual, record->size);
	else
		record_clear(record, into);
	for (size_t i = 0; i < record->n; i++) {
		const struct field *field = &record->fields[i];
		const json_t *value = json_object_get(json, field->name);

		if (field->flags & FIELD_UNRECORDED)
			continue;
		if (!value || json_is_null(value)) {
			if (field->flags & FIELD_REQUIRED)
				return reading_fail(reading, field->name, "is missing");
			continue;
		}
		rc = get_value(reading, field, value, (char *)into + field->offset);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* The array of the parent that holds these records: *ret_json NULL if it is absent. */
int reading_find_array(struct reading *reading, const json_t *parent, const struct record *record,
	json_t **ret_json)
{
	json_t *json = json_object_get(parent, record->name);

	reading->record = NULL;
	if (json && !json_is_array(json))
		return reading_fail(reading, record->name, "is not an array");
	if (json_array_size(json) > record->limit)
		return reading_fail(reading, record->name, "has %zu elements, %zu at most",
			json_array_size(json), record->limit);
	reading->record = record;
	*ret_json = json;
	return 0;
}

static int reading_rows(struct reading *reading, const json_t *parent, const struct record *record,
	struct sample *sample)
{
	json_t *json;
	int rc = reading_find_array(reading, parent, record, &json);

	for (reading->index = 0; rc == 0 && reading->index < json_array_size(json);
		reading->index++)
		rc = reading_record(reading, json_array_get(json, reading->index), NULL,
			record_push(record, sample));
	return rc;
}

int reading_kind(struct reading *reading, const json_t *parent, const struct record *record,
	struct sample *sample)
{
	const json_t *json = json_object_get(parent, record->name);

	if (record->limit > 1)
		return reading_rows(reading, parent, record, sample);
	reading->record = record;
	record_empty(record, sample);
	return json ? reading_record(reading, json, NULL, (char *)sample + record->place) : 0;
}

/* --- mappings: grouped by process --- */

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
	int rc;

	if (!json_is_object(json))
		return reading_fail(reading, "", "is not an object");
	rc = reading_integer(reading, "pid", json_object_get(json, "pid"), 1, INT32_MAX, &pid);
	if (rc == 0 && at)
		rc = reading_integer(reading, "at_ns", at, UNKNOWN, INT64_C(1) << 61, &group.at_ns);
	if (rc < 0)
		return rc;
	group.pid = (int32_t)pid;
	return rows ? get_rows(reading, &group, rows, sample)
		    : repeat_rows(reading, &group, before, sample);
}

#define GROUPS_MAX 1024 /* processes with mappings in one sample */

static int get_mappings(struct reading *reading, const json_t *parent, const struct sample *before,
	struct sample *sample)
{
	json_t *json;
	int rc = reading_find_array(reading, parent, &mapping_record, &json);

	if (rc == 0 && json_array_size(json) > GROUPS_MAX)
		return reading_fail(reading, "", "has more than %d processes", GROUPS_MAX);
	for (reading->index = 0; rc == 0 && reading->index < json_array_size(json);
		reading->index++)
		rc = get_group(reading, json_array_get(json, reading->index), before, sample);
	return rc;
}

/* --- lines --- */

static void repeat_slow(const struct sample *before, struct sample *sample)
{
	if (!before)
		return;
	sample->slow_at_ns = before->slow_at_ns;
	record_copy(&machine_record, sample, before);
	record_copy(&process_record, sample, before);
	record_copy(&mapping_record, sample, before);
}

static int get_slow(struct reading *reading, const json_t *slow, const struct sample *before,
	struct sample *sample)
{
	const json_t *at = json_object_get(slow, "at_ns");
	int rc = 0;

	reading->record = NULL;
	if (!json_is_object(slow))
		return reading_fail(reading, "slow", "is not an object");
	if (at)
		rc = reading_integer(
			reading, "slow.at_ns", at, UNKNOWN, INT64_C(1) << 61, &sample->slow_at_ns);
	if (rc == 0)
		rc = reading_kind(reading, slow, &machine_record, sample);
	if (rc == 0)
		rc = reading_kind(reading, slow, &process_record, sample);
	return rc < 0 ? rc : get_mappings(reading, slow, before, sample);
}

static int get_fast(struct reading *reading, const json_t *line, struct sample *sample)
{
	int rc = reading_integer(reading, "at_ns", json_object_get(line, "at_ns"), 0,
		INT64_C(1) << 61, &sample->at_ns);

	if (rc == 0)
		rc = reading_kind(reading, line, &crew_record, sample);
	if (rc == 0 && sample->crews.n == 2 && sample->crews.at[0].side == sample->crews.at[1].side)
		rc = reading_fail(reading, "side", "is the same as that of the crew before");
	if (rc == 0)
		rc = reading_kind(reading, line, &worker_record, sample);
	if (rc == 0)
		rc = reading_kind(reading, line, &task_record, sample);
	if (rc == 0)
		rc = reading_kind(reading, line, &gap_record, sample);
	if (rc == 0)
		rc = reading_kind(reading, line, &wait_record, sample);
	if (rc == 0)
		rc = reading_kind(reading, line, &observer_record, sample);
	return rc < 0 ? rc : get_switches(line, sample, reading->why, reading->why_size);
}

/* The line as an object, to be freed by json_decref; NULL with why. */
static json_t *load_object(const struct reading *reading, const char *line, size_t len)
{
	json_error_t error;
	json_t *json = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);

	/* jansson's own message quotes the file. */
	if (!json) {
		reading_fail(reading, "not JSON", "near byte %d", error.position);
		return NULL;
	}
	if (json_is_object(json))
		return json;
	reading_fail(reading, "not", "an object");
	json_decref(json);
	return NULL;
}

int get_sample_after(const char *line, size_t len, const struct sample *before,
	struct sample *sample, char *why, size_t why_size)
{
	struct reading reading = { .why = why, .why_size = why_size };
	json_t *json = load_object(&reading, line, len), *slow;
	int rc;

	if (!json)
		return -EBADMSG;
	sample_clear(sample);
	rc = get_fast(&reading, json, sample);
	if (rc == 0)
		rc = reading_evidence(&reading, json, before, sample);
	if (rc == 0)
		rc = reading_duel(&reading, json, before, sample);
	slow = json_object_get(json, "slow");
	if (rc == 0 && slow)
		rc = get_slow(&reading, slow, before, sample);
	else if (rc == 0)
		repeat_slow(before, sample);
	json_decref(json);
	return rc;
}

int recording_get_sample(
	const char *line, size_t len, struct sample *ret, char *why, size_t why_size)
{
	struct sample sample = { 0 };
	int rc = get_sample_after(line, len, ret, &sample, why, why_size);

	if (rc == 0)
		sample_copy(ret, &sample);
	sample_finish(&sample);
	return rc == -EBADMSG ? -EINVAL : rc;
}

int recording_get_header(
	const char *line, size_t len, struct machine_info *ret, char *why, size_t why_size)
{
	struct reading reading = { .why = why, .why_size = why_size };
	json_t *json = load_object(&reading, line, len);
	const json_t *machine;
	json_int_t version;
	struct machine_info card;
	int rc = -EINVAL;

	if (!json || !json_is_integer(json_object_get(json, "taskscope_recording"))) {
		reading_fail(&reading, "not", "a recording of taskscope");
		goto out;
	}
	version = json_integer_value(json_object_get(json, "taskscope_recording"));
	if (version != RECORDING_VERSION) {
		reading_fail(&reading, "of", "version %lld, and this program reads version %d",
			(long long)version, RECORDING_VERSION);
		rc = -EPROTO;
		goto out;
	}
	reading.record = &card_record;
	record_clear(&card_record, &card);
	machine = json_object_get(json, card_record.name);
	rc = machine ? reading_record(&reading, machine, NULL, &card) : 0;
	if (rc == 0)
		*ret = card;
out:
	json_decref(json);
	return rc;
}
