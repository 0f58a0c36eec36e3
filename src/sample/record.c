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

static int get_word(const struct reading *reading, const struct member *member, const json_t *json,
	int64_t *ret)
{
	const char *word = json_string_value(json);

	for (size_t i = 0; word && i < member->n_words; i++) {
		if (strcmp(word, member->words[i]) != 0)
			continue;
		*ret = (int64_t)i;
		return 0;
	}
	return reading_fail(reading, member->name, "is no word that this version knows");
}

static int get_number(
	const struct reading *reading, const struct member *member, const json_t *json, void *into)
{
	int64_t value = 0;
	int rc = member->words ? get_word(reading, member, json, &value)
			       : reading_integer(reading, member->name, json, member->min,
					 member->max, &value);

	if (rc < 0)
		return rc;
	if (member->type == MEMBER_INT16)
		*(int16_t *)into = (int16_t)value;
	else if (member->type == MEMBER_INT32)
		*(int32_t *)into = (int32_t)value;
	else if (member->type == MEMBER_UINT32)
		*(uint32_t *)into = (uint32_t)value;
	else
		*(int64_t *)into = value;
	return 0;
}

static int get_real(const struct reading *reading, const struct member *member, const json_t *json,
	double *into)
{
	double value = json_number_value(json);

	if (!json_is_number(json))
		return reading_fail(reading, member->name, "is not a number");
	if (!(value >= (double)member->min && value <= (double)member->max))
		return reading_fail(reading, member->name, "is out of range: %g", value);
	*into = value;
	return 0;
}

/* "0x" and 1 to 16 digits, nothing else: strtoull would take signs, blanks and overflow. */
static int get_hex(const struct reading *reading, const struct member *member, const json_t *json,
	uint64_t *into)
{
	const char *text = json_string_value(json);
	size_t digits;

	if (!text || strncmp(text, "0x", 2) != 0)
		return reading_fail(reading, member->name, "is not a hexadecimal string");
	digits = strspn(text + 2, "0123456789abcdef");
	if (digits == 0 || digits > 16 || text[2 + digits] != '\0')
		return reading_fail(reading, member->name, "is not a hexadecimal string");
	*into = 0;
	for (const char *at = text + 2; *at; at++)
		*into = *into << 4 | (uint64_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
	return 0;
}

static int get_text(
	const struct reading *reading, const struct member *member, const json_t *json, char *into)
{
	if (!json_is_string(json))
		return reading_fail(reading, member->name, "is not a string");
	memset(into, 0, member->size);
	safe_text(into, member->size, json_string_value(json), json_string_length(json));
	return 0;
}

static int get_char(
	const struct reading *reading, const struct member *member, const json_t *json, char *into)
{
	const char *text = json_string_value(json);

	if (!text || json_string_length(json) != 1 || *text <= ' ' || *text > '~')
		return reading_fail(reading, member->name, "is not one printable character");
	*into = *text;
	return 0;
}

static int get_value(
	const struct reading *reading, const struct member *member, const json_t *json, void *into)
{
	switch (member->type) {
	case MEMBER_INT16:
	case MEMBER_INT32:
	case MEMBER_INT64:
	case MEMBER_UINT32:
		return get_number(reading, member, json, into);
	case MEMBER_DOUBLE:
		return get_real(reading, member, json, into);
	case MEMBER_HEX:
		return get_hex(reading, member, json, into);
	case MEMBER_BOOL:
		if (!json_is_boolean(json))
			return reading_fail(reading, member->name, "is neither true nor false");
		*(bool *)into = json_is_true(json);
		return 0;
	case MEMBER_CHAR:
		return get_char(reading, member, json, into);
	case MEMBER_TEXT:
		return get_text(reading, member, json, into);
	}
	return -EINVAL;
}

/* An object into a record. What it does not have, or has as null, is as in `unknown`. */
int reading_record(
	const struct reading *reading, const json_t *json, const void *unknown, void *into)
{
	const struct record *record = reading->record;
	int rc;

	if (!json_is_object(json))
		return reading_fail(reading, "", "is not an object");
	memcpy(into, unknown, record->size);
	for (size_t i = 0; i < record->n; i++) {
		const struct member *member = &record->members[i];
		const json_t *value = json_object_get(json, member->name);

		if (!value || json_is_null(value)) {
			if (member->required)
				return reading_fail(reading, member->name, "is missing");
			continue;
		}
		rc = get_value(reading, member, value, (char *)into + member->offset);
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

int reading_array(struct reading *reading, const json_t *parent, const struct record *record,
	struct vec_parts into)
{
	json_t *json;
	char *elements;
	int rc = reading_find_array(reading, parent, record, &json);

	for (reading->index = 0; rc == 0 && reading->index < json_array_size(json);
		reading->index++) {
		if (*into.n == *into.room)
			vec_grow(into.at, into.room, record->size);
		memcpy(&elements, into.at, sizeof(elements)); /* a pointer to whatever type */
		elements += *into.n * record->size;
		memset(elements, 0, record->size);
		rc = reading_record(
			reading, json_array_get(json, reading->index), record->unknown, elements);
		if (rc == 0)
			++*into.n;
	}
	return rc;
}

int reading_single(
	struct reading *reading, const json_t *parent, const struct record *record, void *into)
{
	const json_t *json = json_object_get(parent, record->name);

	reading->record = record;
	if (json)
		return reading_record(reading, json, record->unknown, into);
	memcpy(into, record->unknown, record->size);
	return 0;
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
	struct mapping_sample unknown = mapping_unknown;
	int rc;

	if (!json_is_array(rows))
		return reading_fail(reading, "rows", "is not an array");
	if (json_array_size(rows) > mapping_record.limit - sample->mappings.n)
		return reading_fail(reading, "rows", "has too many elements");
	unknown.pid = group->pid;
	unknown.at_ns = group->at_ns;
	for (size_t i = 0; i < json_array_size(rows); i++) {
		struct mapping_sample *mapping = vec_push(&sample->mappings);

		rc = reading_record(reading, json_array_get(rows, i), &unknown, mapping);
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
	sample->machine = before->machine;
	COPY_VEC(&sample->processes, &before->processes);
	COPY_VEC(&sample->mappings, &before->mappings);
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
		rc = reading_single(reading, slow, &machine_record, &sample->machine);
	if (rc == 0)
		rc = reading_array(reading, slow, &process_record, PARTS(&sample->processes));
	return rc < 0 ? rc : get_mappings(reading, slow, before, sample);
}

static int get_fast(struct reading *reading, const json_t *line, struct sample *sample)
{
	int rc = reading_integer(reading, "at_ns", json_object_get(line, "at_ns"), 0,
		INT64_C(1) << 61, &sample->at_ns);

	if (rc == 0)
		rc = reading_array(reading, line, &crew_record, PARTS(&sample->crews));
	if (rc == 0 && sample->crews.n == 2 && sample->crews.at[0].side == sample->crews.at[1].side)
		rc = reading_fail(reading, "side", "is the same as that of the crew before");
	if (rc == 0)
		rc = reading_array(reading, line, &worker_record, PARTS(&sample->workers));
	if (rc == 0)
		rc = reading_array(reading, line, &task_record, PARTS(&sample->tasks));
	if (rc == 0)
		rc = reading_array(reading, line, &gap_record, PARTS(&sample->gaps));
	if (rc == 0)
		rc = reading_array(reading, line, &wait_record, PARTS(&sample->waits));
	if (rc == 0)
		rc = reading_single(reading, line, &observer_record, &sample->observer);
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
	rc = reading_single(&reading, json, &card_record, &card);
	if (rc == 0)
		*ret = card;
out:
	json_decref(json);
	return rc;
}
