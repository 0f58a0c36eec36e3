/* SPDX-License-Identifier: MIT
 * Writes and reads the pages of a range: two members of its row, "states":"a12o4" and "frames":"1f00+4,.12".
 */
#include "reading.h"

/* --- writing --- */

static bool bytes_repeat(const void *a, size_t n_a, const void *b, size_t n_b)
{
	return n_a == n_b && (n_a == 0 || memcmp(a, b, n_a) == 0);
}

bool pages_repeat(const struct sample *sample, const struct sample *before)
{
	return bytes_repeat(sample->page_states.at, sample->page_states.n, before->page_states.at,
		       before->page_states.n) &&
	       bytes_repeat(sample->page_frames.at, sample->page_frames.n * sizeof(int64_t),
		       before->page_frames.at, before->page_frames.n * sizeof(int64_t));
}

void put_pages_of(struct json *json, const struct sample *sample, const struct pages_sample *row)
{
	size_t n = (size_t)MAX(row->pages, 0);

	if (n > 0 && row->first + n <= sample->page_states.n) {
		json_name(json, "states");
		runs_put_states(json->out, &sample->page_states.at[row->first], n);
	}
	if (n > 0 && row->first_frame >= 0 &&
		(size_t)row->first_frame + n <= sample->page_frames.n) {
		json_name(json, "frames");
		runs_put_frames(json->out, &sample->page_frames.at[row->first_frame], n);
	}
}

/* --- reading --- */

/* Room for n more elements, zeroed. */
#define vec_extend(v, count)                                                                       \
	do {                                                                                       \
		for (size_t i_ = 0; i_ < (count); i_++)                                            \
			(void)vec_push(v);                                                         \
	} while (0)

int reading_pages_of(const struct reading *reading, const json_t *json, struct sample *sample,
	struct pages_sample *row)
{
	const json_t *states = json_object_get(json, "states"),
		     *frames = json_object_get(json, "frames");
	const size_t n = (size_t)row->pages;

	row->first = (uint32_t)sample->page_states.n;
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
