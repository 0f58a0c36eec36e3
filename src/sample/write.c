/* SPDX-License-Identifier: MIT
 * Writes samples as lines of a recording, from the tables of their records, into memory that is used again: a recorder
 * allocates nothing in a steady state. A kind whose rows are those of the line before is not written again, but for
 * the crews: whoever reads a recording by other means learns from each line who they are.
 */
#include "internal.h"

static void put_rows(struct json *json, const struct record *record, const struct sample *sample)
{
	size_t n;
	const char *row = record_at(record, sample, &n);

	json_open(json, record->name, "[");
	for (; n > 0; n--, row += record->size) {
		json_open(json, NULL, "{");
		put_members(json, record, row, NULL);
		if (record == &pages_record)
			put_pages_of(json, sample, (const struct pages_sample *)(const void *)row);
		json_close(json, "}");
	}
	json_close(json, "]");
}

static void put_one(struct json *json, const struct record *record, const void *one)
{
	json_open(json, record->name, "{");
	put_members(json, record, one, NULL);
	json_close(json, "}");
}

/* --- what did not change --- */

static bool repeats(const struct record *record, const struct sample *sample,
	const struct sample *before, bool timeless)
{
	return before && record != &crew_record &&
	       record_repeats(record, sample, before, timeless) &&
	       (record != &pages_record || pages_repeat(sample, before));
}

/* The time at which all rows were read; UNKNOWN: it is not one, or not known. */
static int64_t common_time(const struct record *record, const char *row, size_t n)
{
	const struct field *time = record_role(record, ROLE_TIME);
	const int64_t at = time ? field_integer(time, row + time->offset) : UNKNOWN;

	for (size_t i = 1; i < n; i++)
		if (at != UNKNOWN &&
			field_integer(time, row + i * record->size + time->offset) != at)
			return UNKNOWN;
	return at;
}

static void put_kind(struct json *json, const struct record *record, const struct sample *sample,
	const struct sample *before)
{
	size_t n;
	const void *row = record_at(record, sample, &n);
	const int64_t at = n > 0 ? common_time(record, row, n) : UNKNOWN;

	if (n == 0 || (record->limit == 1 && record_is_absent(record, row)))
		return;
	if (repeats(record, sample, before, false))
		json_put_bool(json, record->name, true);
	else if (at != UNKNOWN && repeats(record, sample, before, true))
		json_put_integer(json, record->name, at);
	else if (record == &mapping_record)
		put_mappings(json, sample, before);
	else if (record->limit == 1)
		put_one(json, record, row);
	else
		put_rows(json, record, sample);
}

/* --- lines --- */

void put_sample_after(struct buf *out, const struct sample *sample, const struct sample *before)
{
	struct json json = { .out = out };

	json_open(&json, NULL, "{");
	json_put_integer(&json, "at_ns", sample->at_ns);
	if (sample->slow_at_ns != UNKNOWN)
		json_put_integer(&json, "slow_at_ns", sample->slow_at_ns);
	for (size_t i = 0; record_kinds[i]; i++)
		put_kind(&json, record_kinds[i], sample, before);
	put_switches(&json, sample);
	json_close(&json, "}");
	buf_adds(out, "\n");
}

void recording_put_sample(struct buf *out, const struct sample *sample)
{
	put_sample_after(out, sample, NULL);
}

void recording_put_header(struct buf *out, const struct machine_info *card)
{
	struct json json = { .out = out };

	json_open(&json, NULL, "{");
	json_put_integer(&json, "taskscope_recording", RECORDING_FORM);
	put_one(&json, &card_record, card);
	json_close(&json, "}");
	buf_adds(out, "\n");
}
