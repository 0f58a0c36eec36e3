/* SPDX-License-Identifier: MIT
 * Lines of a recording to samples, from JSON as jansson parses it. A recording is a stranger's file: every number is held
 * to its range, every array to its limit, every string passes safe_text, and what is wrong is named.
 */
#include "reading.h"

/* Form 1 did not tell a nice of 0 from one that was not read: what was read with it tells. */
static void know_nice(struct task_sample *task)
{
	if (task->nice == NICE_UNKNOWN && task->start != UNKNOWN)
		task->nice = 0;
}

/* --- a kind --- */

/* For messages about a kind, and none of its rows. */
static struct reading whole_kind(const struct reading *reading)
{
	struct reading whole = *reading;

	whole.record = NULL;
	return whole;
}

static int get_rows(struct reading *reading, const json_t *json, const struct sample *before,
	struct sample *sample)
{
	const struct record *record = reading->record;
	const struct reading whole = whole_kind(reading);
	const size_t n = json_array_size(json);
	int rc = 0;

	if (!json_is_array(json))
		return reading_fail(&whole, record->name, "is not an array");
	if (n > record->limit)
		return reading_fail(
			&whole, record->name, "has %zu elements, %zu at most", n, record->limit);
	if (record == &mapping_record)
		return reading_mappings(reading, json, before, sample);
	for (reading->index = 0; rc == 0 && reading->index < n; reading->index++) {
		const json_t *element = json_array_get(json, reading->index);
		void *row = record_push(record, sample);

		rc = reading_record(reading, element, NULL, row);
		if (rc == 0 && record == &pages_record)
			rc = reading_pages_of(reading, element, sample, row);
		if (rc == 0 && reading->form == 1 && record == &task_record)
			know_nice(row);
	}
	return rc;
}

static void repeat(const struct record *record, const struct sample *before, struct sample *sample)
{
	if (before && record == &pages_record)
		sample_copy_pages(sample, before);
	else if (before)
		record_copy(record, sample, before);
}

/* The rows of the line before, but all read at that time. */
static int repeat_at(const struct reading *reading, const json_t *json, const struct sample *before,
	struct sample *sample)
{
	const struct record *record = reading->record;
	const struct field *time = record_role(record, ROLE_TIME);
	int64_t at;
	size_t n;
	char *row;
	const struct reading whole = whole_kind(reading);
	int rc = reading_integer(&whole, record->name, json, UNKNOWN, INT64_C(1) << 61, &at);

	if (rc < 0)
		return rc;
	repeat(record, before, sample);
	for (row = (char *)record_at(record, sample, &n); n > 0; n--, row += record->size)
		field_set_integer(time, row + time->offset, at);
	return 0;
}

/* What a line says of a kind: true or a time, the rows of the line before; nothing, none; else the rows. */
static int get_kind(struct reading *reading, const json_t *line, const struct sample *before,
	struct sample *sample)
{
	const struct record *record = reading->record;
	const bool old = reading->form == 1;
	const char *parent = old ? record->form1_parent : NULL;
	const json_t *json = parent ? json_object_get(line, parent) : line;

	reading->index = 0;
	if (!json) {
		repeat(record, before, sample);
		return 0;
	}
	if (!json_is_object(json)) {
		reading->record = NULL;
		return reading_fail(reading, parent, "is not an object");
	}
	json = json_object_get(json, old && record->form1 ? record->form1 : record->name);
	if (!json || json_is_null(json))
		return 0;
	if (json_is_true(json)) {
		repeat(record, before, sample);
		return 0;
	}
	if (json_is_integer(json) && record_role(record, ROLE_TIME))
		return repeat_at(reading, json, before, sample);
	if (record->limit == 1)
		return reading_record(reading, json, NULL, (char *)sample + record->place);
	return get_rows(reading, json, before, sample);
}

/* --- lines --- */

/* When the slow lane was read: in form 1 that stood with it. */
static int get_slow_at(struct reading *reading, const json_t *line, const struct sample *before,
	struct sample *sample)
{
	const json_t *slow = json_object_get(line, "slow"),
		     *at = reading->form == 1 ? json_object_get(slow, "at_ns")
					      : json_object_get(line, "slow_at_ns");

	reading->record = NULL;
	if (reading->form == 1 && !slow && before)
		sample->slow_at_ns = before->slow_at_ns;
	if (!at)
		return 0;
	return reading_integer(reading, reading->form == 1 ? "slow.at_ns" : "slow_at_ns", at,
		UNKNOWN, INT64_C(1) << 61, &sample->slow_at_ns);
}

/* A side is one crew, one group and one program. */
static int check_sides(struct reading *reading, const struct sample *sample)
{
	reading->index = 1;
	reading->record = &crew_record;
	if (sample->crews.n == 2 && sample->crews.at[0].side == sample->crews.at[1].side)
		return reading_fail(reading, "side", "is the same as that of the crew before");
	reading->record = &group_record;
	if (sample->groups.n == 2 && sample->groups.at[0].side == sample->groups.at[1].side)
		return reading_fail(reading, "side", "is the same as that of the group before");
	reading->record = &program_record;
	if (sample->programs.n == 2 && sample->programs.at[0].side == sample->programs.at[1].side)
		return reading_fail(reading, "side", "is the same as that of the program before");
	return 0;
}

static int get_line(struct reading *reading, const json_t *line, const struct sample *before,
	struct sample *sample)
{
	int rc = reading_integer(reading, "at_ns", json_object_get(line, "at_ns"), 0,
		INT64_C(1) << 61, &sample->at_ns);

	for (size_t i = 0; rc == 0 && record_kinds[i]; i++) {
		reading->record = record_kinds[i];
		rc = get_kind(reading, line, before, sample);
	}
	if (rc == 0)
		rc = get_slow_at(reading, line, before, sample);
	if (rc < 0)
		return rc;
	rc = check_sides(reading, sample);
	return rc < 0 ? rc : get_switches(reading, line, sample);
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

int get_sample_after(const char *line, size_t len, int form, const struct sample *before,
	struct sample *sample, char *why, size_t why_size)
{
	struct reading reading = { .why = why, .why_size = why_size, .form = form };
	json_t *json = load_object(&reading, line, len);

	if (!json)
		return -EBADMSG;
	sample_clear(sample);
	int rc = get_line(&reading, json, before, sample);
	json_decref(json);
	return rc;
}

int recording_get_sample(
	const char *line, size_t len, int form, struct sample *ret, char *why, size_t why_size)
{
	struct sample sample = { 0 };
	int rc = get_sample_after(line, len, form, ret, &sample, why, why_size);

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
	struct machine_info card;
	int rc = -EINVAL;

	if (!json || !json_is_integer(json_object_get(json, "taskscope_recording"))) {
		reading_fail(&reading, "not", "a recording of taskscope");
		goto out;
	}
	json_int_t form = json_integer_value(json_object_get(json, "taskscope_recording"));
	if (form < 1 || form > RECORDING_FORM) {
		reading_fail(&reading, "of", "form %lld, and this program reads forms 1 to %d",
			(long long)form, RECORDING_FORM);
		rc = -EPROTO;
		goto out;
	}
	reading.record = &card_record;
	record_clear(&card_record, &card);
	const json_t *machine = json_object_get(json, card_record.name);
	rc = machine ? reading_record(&reading, machine, NULL, &card) : 0;
	if (rc == 0) {
		*ret = card;
		rc = (int)form;
	}
out:
	json_decref(json);
	return rc;
}
