/* SPDX-License-Identifier: MIT
 * Finds the pages of different processes that are one page of memory: equal frame numbers at the same place. Rows are
 * compared without comparing each with each.
 */
#include "internal.h"

#define NO_FRAME 0 /* no page of a process has it */

static bool is_of_arena(const struct pages_sample *row)
{
	return strcmp(row->name, "arena") == 0;
}

static bool has_frames(const struct sample *sample, const struct pages_sample *row)
{
	return row->first_frame >= 0 && row->pages > 0 &&
	       (size_t)row->first_frame + (size_t)row->pages <= sample->page_frames.n &&
	       (size_t)row->first + (size_t)row->pages <= sample->page_states.n;
}

static int64_t frame_at(const struct sample *sample, const struct pages_sample *row, int page)
{
	int64_t frame =
		page < row->pages ? sample->page_frames.at[row->first_frame + page] : NO_FRAME;

	return MAX(frame, NO_FRAME);
}

static uint8_t *mark_at(struct frames *frames, const struct pages_sample *row, int page)
{
	return &frames->marks[row->first + (uint32_t)page];
}

/* The first row that has a page here, and its frame. */
struct base {
	int64_t frame;
	const struct pages_sample *row;
};

/* Equal to neither the first row nor, being shared, to none: some other row before has it, or will be told so later. */
static void compare_others(struct frames *frames, const struct sample *sample, size_t row, int page,
	int64_t frame, bool arena)
{
	const struct pages_sample *self = &sample->pages.at[row];

	for (size_t i = 0; i < row; i++) {
		const struct pages_sample *other = &sample->pages.at[i];

		if (is_of_arena(other) != arena || !has_frames(sample, other) ||
			frame_at(sample, other, page) != frame)
			continue;
		*mark_at(frames, other, page) = *mark_at(frames, self, page) = PAGE_MARK_OTHER;
		return;
	}
}

static void compare_row(struct frames *frames, const struct sample *sample, size_t row,
	struct base *base, bool arena)
{
	const struct pages_sample *self = &sample->pages.at[row];

	for (int page = 0; page < self->pages; page++) {
		int64_t frame = frame_at(sample, self, page);

		if (frame == NO_FRAME)
			continue;
		if (!base[page].row)
			base[page] = (struct base) { frame, self };
		else if (base[page].frame == frame)
			*mark_at(frames, base[page].row, page) = *mark_at(frames, self, page) =
				PAGE_MARK_FIRST;
		else if (sample->page_states.at[self->first + (uint32_t)page] != PAGE_OWN)
			/* Pages that one space alone has are nobody else's: nearly all that differ. */
			compare_others(frames, sample, row, page, frame, arena);
	}
}

static void count_equal(
	struct frames *frames, const struct sample *sample, struct pages_sample *row)
{
	row->equal = -1;
	if (!has_frames(sample, row))
		return;
	row->equal = 0;
	for (int page = 0; page < row->pages; page++)
		row->equal += *mark_at(frames, row, page) != PAGE_MARK_NONE;
}

static struct base *make_bases(struct frames *frames, const struct sample *sample)
{
	int most = 0;

	for (size_t i = 0; i < sample->pages.n; i++)
		most = MAX(most, sample->pages.at[i].pages);
	if ((size_t)most > frames->base_room) {
		frames->base_room = (size_t)most;
		frames->base = xreallocarray(frames->base, frames->base_room, sizeof(struct base));
	}
	if (most)
		memset(frames->base, 0, (size_t)most * sizeof(struct base));
	return frames->base;
}

/* Rows are of one reading if all that came with them is: then so are their pages. */
static bool repeats(const struct frames *frames, const struct sample *sample)
{
	if (sample->pages.n != frames->rows.n || sample->page_states.n != frames->states_n)
		return false;
	for (size_t i = 0; i < sample->pages.n; i++) {
		const struct pages_sample *row = &sample->pages.at[i],
					  *before = &frames->rows.at[i];

		if (row->at_ns < 0 || row->at_ns != before->at_ns || row->pid != before->pid ||
			row->first != before->first || row->pages != before->pages ||
			row->first_frame != before->first_frame || row->start != before->start)
			return false;
	}
	return true;
}

static void compare(struct frames *frames, const struct sample *sample)
{
	if (sample->page_states.n > frames->marks_room) {
		frames->marks_room = sample->page_states.n;
		frames->marks = xreallocarray(frames->marks, frames->marks_room, 1);
	}
	if (sample->page_states.n)
		memset(frames->marks, PAGE_MARK_NONE, sample->page_states.n);
	for (int arena = 0; arena < 2; arena++) {
		struct base *base = make_bases(frames, sample);

		for (size_t i = 0; i < sample->pages.n; i++)
			if (is_of_arena(&sample->pages.at[i]) == arena &&
				has_frames(sample, &sample->pages.at[i]))
				compare_row(frames, sample, i, base, arena);
	}
}

void frames_feed(struct frames *frames, struct sample *sample)
{
	if (repeats(frames, sample)) {
		for (size_t i = 0; i < sample->pages.n; i++)
			sample->pages.at[i].equal = frames->rows.at[i].equal;
		return;
	}
	compare(frames, sample);
	frames->states_n = sample->page_states.n;
	vec_clear(&frames->rows);
	for (size_t i = 0; i < sample->pages.n; i++) {
		count_equal(frames, sample, &sample->pages.at[i]);
		*vec_push(&frames->rows) = sample->pages.at[i];
	}
}

void frames_finish(struct frames *frames)
{
	vec_finish(&frames->rows);
	free(frames->marks);
	free(frames->base);
}

const uint8_t *model_page_marks(const struct model *model)
{
	return model->frames.marks;
}
