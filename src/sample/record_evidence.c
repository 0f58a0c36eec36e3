/* SPDX-License-Identifier: MIT
 * The member "evidence" of a recording's line, both ways. A line that has the evidence of the line before leaves it out;
 * one that has its pages says "pages":true, for they are the most of it, and registers change with every line.
 *
 *   "evidence":{"sharing":[{}],"pages":[{...,"states":"a12o4","frames":"1f00+4,.12"}],"pointers":[{}],"registers":[{}],
 *               "files":[{}],"places":[{}],"signals":[{}]}
 */
#include "reading.h"

#include <errno.h>

static const struct record *const evidence_records[] = { &sharing_record, &pages_record,
	&pointer_record, &register_record, &file_record, &fs_record, &signal_record };

/* --- writing --- */

static bool bytes_repeat(const void *a, size_t n_a, const void *b, size_t n_b)
{
	return n_a == n_b && (n_a == 0 || memcmp(a, b, n_a) == 0);
}

/* That rows were read at another time alone is no news. */
static bool pages_repeat(const struct sample *sample, const struct sample *before)
{
	return record_repeats(&pages_record, sample, before, true) &&
	       bytes_repeat(sample->page_states.at, sample->page_states.n, before->page_states.at,
		       before->page_states.n) &&
	       bytes_repeat(sample->page_frames.at, sample->page_frames.n * sizeof(int64_t),
		       before->page_frames.at, before->page_frames.n * sizeof(int64_t));
}

static bool evidence_repeats(const struct sample *sample, const struct sample *before)
{
	for (size_t i = 0; i < ARRAY_LEN(evidence_records); i++)
		if (!record_repeats(evidence_records[i], sample, before, true))
			return false;
	return pages_repeat(sample, before);
}

static void put_pages_row(struct buf *out, const struct sample *sample, size_t i)
{
	const struct pages_sample *row = &sample->pages.at[i];
	size_t n = (size_t)MAX(row->pages, 0);

	put_record(out, &pages_record, row, NULL);
	out->len--; /* the closing brace: two members follow */
	if (n > 0 && row->first + n <= sample->page_states.n) {
		buf_adds(out, ",\"states\":");
		runs_put_states(out, &sample->page_states.at[row->first], n);
	}
	if (n > 0 && row->first_frame >= 0 &&
		(size_t)row->first_frame + n <= sample->page_frames.n) {
		buf_adds(out, ",\"frames\":");
		runs_put_frames(out, &sample->page_frames.at[row->first_frame], n);
	}
	buf_adds(out, "}");
}

static void put_pages(struct buf *out, const struct sample *sample, const struct sample *before)
{
	if (sample->pages.n == 0)
		return;
	if (before && pages_repeat(sample, before)) {
		buf_adds(out, ",\"pages\":true");
		return;
	}
	buf_adds(out, ",\"pages\":[");
	for (size_t i = 0; i < sample->pages.n; i++) {
		if (i > 0)
			buf_adds(out, ",");
		put_pages_row(out, sample, i);
	}
	buf_adds(out, "]");
}

void put_evidence(struct buf *out, const struct sample *sample, const struct sample *before)
{
	size_t start;

	if (before && evidence_repeats(sample, before))
		return;
	buf_adds(out, ",\"evidence\":");
	start = out->len;
	for (size_t i = 0; i < ARRAY_LEN(evidence_records); i++)
		if (evidence_records[i] == &pages_record)
			put_pages(out, sample, before);
		else
			put_rows(out, evidence_records[i], sample);
	if (out->len > start)
		out->text[start] = '{'; /* in place of the first comma */
	else
		buf_adds(out, "{");
	buf_adds(out, "}");
}

/* --- reading --- */

/* Room for n more elements, zeroed; the first of them. */
#define vec_extend(v, count)                                                                       \
	do {                                                                                       \
		for (size_t i_ = 0; i_ < (count); i_++)                                            \
			(void)vec_push(v);                                                         \
	} while (0)

static int get_pages_row(struct reading *reading, const json_t *json, struct sample *sample)
{
	struct pages_sample *row = record_push(&pages_record, sample);
	int rc = reading_record(reading, json, NULL, row);
	const json_t *states = json_object_get(json, "states"),
		     *frames = json_object_get(json, "frames");
	size_t n;

	if (rc < 0)
		return rc;
	n = (size_t)row->pages;
	row->first = (uint32_t)sample->page_states.n;
	row->first_frame = -1;
	if (n > RECORD_PAGES_MAX - sample->page_states.n)
		return reading_fail(reading, "pages", "is too many");
	vec_extend(&sample->page_states, n);
	if (n > 0 && (!json_is_string(states) ||
			     runs_get_states(json_string_value(states), json_string_length(states),
				     &sample->page_states.at[row->first], n) < 0))
		return reading_fail(reading, "states", "are not the runs of its pages");
	if (n == 0 || !frames)
		return 0;
	row->first_frame = (int32_t)sample->page_frames.n;
	vec_extend(&sample->page_frames, n);
	if (!json_is_string(frames) ||
		runs_get_frames(json_string_value(frames), json_string_length(frames),
			&sample->page_frames.at[row->first_frame], n) < 0)
		return reading_fail(reading, "frames", "are not the runs of its pages");
	return 0;
}

static int get_pages(struct reading *reading, const json_t *parent, struct sample *sample)
{
	json_t *json;
	int rc = reading_find_array(reading, parent, &pages_record, &json);

	for (reading->index = 0; rc == 0 && reading->index < json_array_size(json);
		reading->index++)
		rc = get_pages_row(reading, json_array_get(json, reading->index), sample);
	return rc;
}

int reading_evidence(struct reading *reading, const json_t *line, const struct sample *before,
	struct sample *sample)
{
	const json_t *json = json_object_get(line, "evidence");
	int rc = 0;

	reading->record = NULL;
	if (json && !json_is_object(json))
		return reading_fail(reading, "evidence", "is not an object");
	for (size_t i = 0; !json && before && i < ARRAY_LEN(evidence_records); i++)
		record_copy(evidence_records[i], sample, before);
	if (!json && before)
		sample_copy_pages(sample, before);
	if (!json)
		return 0;
	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(evidence_records); i++)
		if (evidence_records[i] != &pages_record)
			rc = reading_kind(reading, json, evidence_records[i], sample);
		else if (before && json_is_true(json_object_get(json, "pages")))
			sample_copy_pages(sample, before);
		else
			rc = get_pages(reading, json, sample);
	return rc;
}
