/* SPDX-License-Identifier: MIT
 * The member "evidence" of a recording's line, both ways. A line that has the evidence of the line before leaves it out;
 * one that has its pages says "pages":true, for they are the most of it, and registers change with every line.
 *
 *   "evidence":{"sharing":[{}],"pages":[{...,"states":"a12o4","frames":"1f00+4,.12"}],"pointers":[{}],"registers":[{}],
 *               "files":[{}],"places":[{}],"signals":[{}]}
 */
#include "reading.h"

#include <errno.h>

#define EACH_EVIDENCE(each)                                                                        \
	each(sharing) each(pages) each(page_states) each(page_frames) each(pointers)               \
		each(registers) each(files) each(places) each(signals)

/* Rows end with the time at which they were read, which alone is no news. */
#define EACH_TIMED(each)                                                                           \
	each(sharing) each(pages) each(pointers) each(registers) each(files) each(places)          \
		each(signals)
#define ENDS_WITH_TIME(member)                                                                     \
	_Static_assert(offsetof(__typeof__(((struct sample *)0)->member.at[0]), at_ns) +           \
				       sizeof(int64_t) ==                                          \
			       sizeof(((struct sample *)0)->member.at[0]),                         \
		"rows_repeat compares what stands before at_ns");
EACH_TIMED(ENDS_WITH_TIME)

/* --- writing --- */

static bool bytes_repeat(const void *a, size_t n_a, const void *b, size_t n_b)
{
	return n_a == n_b && (n_a == 0 || memcmp(a, b, n_a) == 0);
}

static bool rows_repeat(const void *a, size_t n_a, const void *b, size_t n_b, size_t size)
{
	for (size_t i = 0; n_a == n_b && i < n_a; i++)
		if (memcmp((const char *)a + i * size, (const char *)b + i * size,
			    size - sizeof(int64_t)) != 0)
			return false;
	return n_a == n_b;
}

static bool pages_repeat(const struct sample *sample, const struct sample *before)
{
	return rows_repeat(sample->pages.at, sample->pages.n, before->pages.at, before->pages.n,
		       sizeof(sample->pages.at[0])) &&
	       bytes_repeat(sample->page_states.at, sample->page_states.n, before->page_states.at,
		       before->page_states.n) &&
	       bytes_repeat(sample->page_frames.at, sample->page_frames.n * sizeof(int64_t),
		       before->page_frames.at, before->page_frames.n * sizeof(int64_t));
}

static bool evidence_repeats(const struct sample *sample, const struct sample *before)
{
#define DIFFERS(member)                                                                            \
	if (!rows_repeat(sample->member.at, sample->member.n, before->member.at, before->member.n, \
		    sizeof(sample->member.at[0])))                                                 \
		return false;
	EACH_TIMED(DIFFERS)
#undef DIFFERS
	return pages_repeat(sample, before);
}

static void put_pages_row(struct buf *out, const struct sample *sample, size_t i)
{
	const struct pages_sample *row = &sample->pages.at[i];
	size_t n = (size_t)MAX(row->pages, 0);

	put_record(out, &pages_record, row, pages_record.unknown);
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
	put_array(out, &sharing_record, sample->sharing.at, sample->sharing.n);
	put_pages(out, sample, before);
	put_array(out, &pointer_record, sample->pointers.at, sample->pointers.n);
	put_array(out, &register_record, sample->registers.at, sample->registers.n);
	put_array(out, &file_record, sample->files.at, sample->files.n);
	put_array(out, &fs_record, sample->places.at, sample->places.n);
	put_array(out, &signal_record, sample->signals.at, sample->signals.n);
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
	struct pages_sample *row = vec_push(&sample->pages);
	int rc = reading_record(reading, json, pages_record.unknown, row);
	const json_t *states = json_object_get(json, "states"),
		     *frames = json_object_get(json, "frames");
	size_t n;

	if (rc < 0)
		return rc;
	n = (size_t)row->pages;
	row->first = (uint32_t)sample->page_states.n;
	row->first_frame = -1;
	if (n > RUNS_PAGES_MAX - sample->page_states.n)
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
	if (!json && before) {
#define REPEAT(member) COPY_VEC(&sample->member, &before->member);
		EACH_EVIDENCE(REPEAT)
#undef REPEAT
	}
	if (!json)
		return 0;
	rc = reading_array(reading, json, &sharing_record, PARTS(&sample->sharing));
	if (rc == 0 && before && json_is_true(json_object_get(json, "pages"))) {
		COPY_VEC(&sample->pages, &before->pages);
		COPY_VEC(&sample->page_states, &before->page_states);
		COPY_VEC(&sample->page_frames, &before->page_frames);
	} else if (rc == 0) {
		rc = get_pages(reading, json, sample);
	}
	if (rc == 0)
		rc = reading_array(reading, json, &pointer_record, PARTS(&sample->pointers));
	if (rc == 0)
		rc = reading_array(reading, json, &register_record, PARTS(&sample->registers));
	if (rc == 0)
		rc = reading_array(reading, json, &file_record, PARTS(&sample->files));
	if (rc == 0)
		rc = reading_array(reading, json, &fs_record, PARTS(&sample->places));
	return rc < 0 ? rc : reading_array(reading, json, &signal_record, PARTS(&sample->signals));
}
