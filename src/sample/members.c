/* SPDX-License-Identifier: MIT
 * The members of a row in a recording's line, written and read as its table describes them. Every number is held to its
 * range, every string passes safe_text, and what is wrong is named.
 */
#include "reading.h"

/* --- written --- */

static bool is_left_out(const struct field *field, const void *value, const void *usual)
{
	if (field->flags & FIELD_UNRECORDED)
		return true;
	if (field->flags & FIELD_REQUIRED)
		return false;
	if (usual)
		return field_equal(field, value, (const char *)usual + field->offset);
	return field_is_absent(field, value);
}

void put_members(struct json *json, const struct record *record, const void *row, const void *usual)
{
	for (size_t i = 0; i < record->n; i++) {
		const struct field *field = &record->fields[i];
		const char *member = (const char *)row + field->offset;

		if (!is_left_out(field, member, usual))
			field_put(json, field->name, field, member);
	}
}

/* --- read --- */

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
	if (!json_is_integer(json))
		return reading_fail(reading, name, "is not an integer");
	int64_t value = json_integer_value(json);
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

static int get_octal(
	const struct reading *reading, const struct field *field, const json_t *json, int64_t *ret)
{
	const char *digits = json_string_value(json);

	if (!digits || !*digits || strspn(digits, "01234567") != strlen(digits) ||
		strlen(digits) > 8)
		return reading_fail(reading, field->name, "is not a string of octal digits");
	*ret = 0;
	for (; *digits; digits++)
		*ret = *ret * 8 + (*digits - '0');
	return *ret <= field->max ? 0 : reading_fail(reading, field->name, "is out of range");
}

static int get_truth(
	const struct reading *reading, const struct field *field, const json_t *json, int64_t *ret)
{
	if (!json_is_boolean(json))
		return reading_fail(reading, field->name, "is neither true nor false");
	*ret = json_is_true(json);
	return 0;
}

static int get_number(
	const struct reading *reading, const struct field *field, const json_t *json, void *into)
{
	/* Form 1 had numbers where an enumeration need not be there, for octal digits and for truth. */
	const bool plain =
		reading->form == 1 && json_is_integer(json) && !(field->flags & FIELD_REQUIRED);
	int64_t value = 0;
	int rc;

	if (field->words && !plain)
		rc = get_word(reading, field, json, &value);
	else if (field->flags & FIELD_OCTAL && !plain)
		rc = get_octal(reading, field, json, &value);
	else if (field->flags & FIELD_TRUTH && !plain)
		rc = get_truth(reading, field, json, &value);
	else
		rc = reading_integer(reading, field->name, json, field->min, field->max, &value);
	if (rc == 0)
		field_set_integer(field, into, value);
	return rc;
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

	if (!text || strncmp(text, "0x", 2) != 0)
		return reading_fail(reading, field->name, "is not a hexadecimal string");
	size_t digits = strspn(text + 2, "0123456789abcdef");
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
	int64_t truth = 0;
	int rc;

	switch (field->type) {
	case FIELD_INT16:
	case FIELD_INT32:
	case FIELD_INT64:
	case FIELD_UINT8:
	case FIELD_UINT16:
	case FIELD_UINT32:
		return get_number(reading, field, json, into);
	case FIELD_DOUBLE:
		return get_real(reading, field, json, into);
	case FIELD_HEX:
		return get_hex(reading, field, json, into);
	case FIELD_BOOL:
		rc = get_truth(reading, field, json, &truth);
		*(bool *)into = truth;
		return rc;
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
		const bool old = reading->form == 1 && field->form1;
		const json_t *value = json_object_get(json, old ? field->form1 : field->name);

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
