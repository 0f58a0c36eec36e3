/* SPDX-License-Identifier: MIT
 * Empties, compares and copies records by their tables, and finds the rows of a kind in a sample.
 */
#include "record.h"

/* --- one member --- */

int64_t field_integer(const struct field *field, const void *member)
{
	switch (field->type) {
	case FIELD_INT16:
		return *(const int16_t *)member;
	case FIELD_INT32:
		return *(const int32_t *)member;
	case FIELD_UINT8:
		return *(const uint8_t *)member;
	case FIELD_UINT16:
		return *(const uint16_t *)member;
	case FIELD_UINT32:
		return *(const uint32_t *)member;
	case FIELD_BOOL:
		return *(const bool *)member;
	case FIELD_CHAR:
		return *(const char *)member;
	default:
		return *(const int64_t *)member;
	}
}

void field_set_integer(const struct field *field, void *member, int64_t value)
{
	switch (field->type) {
	case FIELD_INT16:
		*(int16_t *)member = (int16_t)value;
		break;
	case FIELD_INT32:
		*(int32_t *)member = (int32_t)value;
		break;
	case FIELD_UINT8:
		*(uint8_t *)member = (uint8_t)value;
		break;
	case FIELD_UINT16:
		*(uint16_t *)member = (uint16_t)value;
		break;
	case FIELD_UINT32:
		*(uint32_t *)member = (uint32_t)value;
		break;
	case FIELD_BOOL:
		*(bool *)member = value != 0;
		break;
	case FIELD_CHAR:
		*(char *)member = (char)value;
		break;
	default:
		*(int64_t *)member = value;
		break;
	}
}

void field_clear(const struct field *field, void *member)
{
	if (field->type == FIELD_DOUBLE)
		*(double *)member = NAN;
	else if (field->type == FIELD_TEXT)
		memset(member, 0, field->size);
	else
		field_set_integer(field, member, field->absent);
}

bool field_is_absent(const struct field *field, const void *member)
{
	if (field->type == FIELD_DOUBLE)
		return isnan(*(const double *)member);
	if (field->type == FIELD_TEXT)
		return *(const char *)member == '\0';
	return field_integer(field, member) == field->absent;
}

bool field_is_known(const struct record *record, const struct field *field, const void *row)
{
	const bool is_value = !(field->flags & (FIELD_NULLED | FIELD_OMITTED));

	if (field->flags & FIELD_IF_KNOWN) {
		if (!*((const bool *)row + record->known))
			return false;
		if (is_value)
			return true;
	}
	if (is_value && field->absent == 0 && field->type != FIELD_DOUBLE)
		return true;
	return !field_is_absent(field, (const char *)row + field->offset);
}

const char *field_word(const struct field *field, int64_t value)
{
	return value >= 0 && (size_t)value < field->n_words ? field->words[value] : "unknown";
}

bool field_equal(const struct field *field, const void *member, const void *other)
{
	if (field->type == FIELD_TEXT)
		return strncmp(member, other, field->size) == 0;
	if (field->type == FIELD_DOUBLE && isnan(*(const double *)member))
		return isnan(*(const double *)other);
	return memcmp(member, other, field->size) == 0;
}

static void put_number(
	struct json *json, const char *name, const struct field *field, int64_t value)
{
	char octal[24];

	if (field->words) {
		json_put_text(json, name, field_word(field, value));
	} else if (field->flags & FIELD_TRUTH) {
		json_put_bool(json, name, value != 0);
	} else if (field->flags & FIELD_OCTAL) {
		snprintf(octal, sizeof(octal), "%04llo", (unsigned long long)value);
		json_put_text(json, name, octal);
	} else {
		json_put_integer(json, name, value);
	}
}

void field_put(struct json *json, const char *name, const struct field *field, const void *member)
{
	switch (field->type) {
	case FIELD_DOUBLE:
		json_put_real(json, name, *(const double *)member);
		break;
	case FIELD_HEX:
		json_put_hex(json, name, *(const uint64_t *)member);
		break;
	case FIELD_BOOL:
		json_put_bool(json, name, *(const bool *)member);
		break;
	case FIELD_CHAR:
		json_put_bytes(json, name, member, 1);
		break;
	case FIELD_TEXT:
		json_put_bytes(json, name, member, strnlen(member, field->size));
		break;
	default:
		put_number(json, name, field, field_integer(field, member));
		break;
	}
}

/* --- one record --- */

const struct field *record_role(const struct record *record, enum field_role role)
{
	for (size_t i = 0; i < record->n; i++)
		if (record->fields[i].role == role)
			return &record->fields[i];
	return NULL;
}

const struct field *record_find(const struct record *record, const char *name)
{
	for (size_t i = 0; i < record->n; i++)
		if (strcmp(record->fields[i].name, name) == 0)
			return &record->fields[i];
	return NULL;
}

bool record_is_absent(const struct record *record, const void *row)
{
	for (size_t i = 0; i < record->n; i++)
		if (!field_is_absent(
			    &record->fields[i], (const char *)row + record->fields[i].offset))
			return false;
	return true;
}

void record_clear(const struct record *record, void *into)
{
	memset(into, 0, record->size);
	for (size_t i = 0; i < record->n; i++) {
		const struct field *field = &record->fields[i];

		if (field->absent != 0 || field->type == FIELD_DOUBLE)
			field_clear(field, (char *)into + field->offset);
	}
}

unsigned record_needs(unsigned flags, unsigned without)
{
	unsigned needs = 0;

	for (size_t i = 0; record_kinds[i]; i++)
		if ((record_kinds[i]->flags & flags) == flags &&
			!(record_kinds[i]->flags & without))
			needs |= record_kinds[i]->need;
	return needs;
}

/* --- the rows of a sample --- */

/* A VEC in parts: the pointer, whose type differs from kind to kind and which is read as bytes therefore, and two counts. */
struct any_vec {
	void *at;
	size_t n, room;
};

struct rows record_rows(const struct record *record, void *sample)
{
	char *vec = (char *)sample + record->place;

	return (struct rows) { (void **)vec, (size_t *)(vec + offsetof(struct any_vec, n)),
		(size_t *)(vec + offsetof(struct any_vec, room)) };
}

const void *record_at(const struct record *record, const void *sample, size_t *ret_n)
{
	const char *place = (const char *)sample + record->place;
	const void *at = place;

	*ret_n = 1;
	if (record->limit > 1) {
		*ret_n = *(const size_t *)(place + offsetof(struct any_vec, n));
		memcpy(&at, place, sizeof(at));
	}
	return at;
}

void *record_push(const struct record *record, void *sample)
{
	const struct rows rows = record_rows(record, sample);
	char *at;

	if (*rows.n == *rows.room)
		vec_grow(rows.at, rows.room, record->size);
	memcpy(&at, rows.at, sizeof(at));
	at += (*rows.n)++ * record->size;
	record_clear(record, at);
	return at;
}

void record_copy(const struct record *record, void *to, const void *from)
{
	const struct rows rows = record_rows(record, to);
	size_t n;
	const void *source = record_at(record, from, &n);
	void *at = (char *)to + record->place;

	if (record->limit > 1) {
		if (*rows.room < n)
			vec_fit(rows.at, rows.room, record->size, n);
		memcpy(&at, rows.at, sizeof(at));
		*rows.n = n;
	}
	if (n > 0)
		memcpy(at, source, n * record->size);
}

void record_empty(const struct record *record, void *sample)
{
	if (record->limit == 1)
		record_clear(record, (char *)sample + record->place);
	else
		*record_rows(record, sample).n = 0;
}

void record_finish(const struct record *record, void *sample)
{
	const struct rows rows = record_rows(record, sample);

	if (record->limit > 1)
		vec_free(rows.at, rows.n, rows.room);
}

bool record_repeats(
	const struct record *record, const void *sample, const void *before, bool timeless)
{
	const struct field *time = timeless ? record_role(record, ROLE_TIME) : NULL;
	const size_t head = time ? time->offset : record->size;
	const size_t tail = MIN(head + sizeof(nsec), record->size);
	size_t n, n_before;
	const char *at = record_at(record, sample, &n), *old = record_at(record, before, &n_before);

	for (size_t i = 0; n == n_before && i < n * record->size; i += record->size)
		if (memcmp(at + i, old + i, head) != 0 ||
			memcmp(at + i + tail, old + i + tail, record->size - tail) != 0)
			return false;
	return n == n_before;
}
