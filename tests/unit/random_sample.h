/* SPDX-License-Identifier: MIT
 * Samples by chance for tests: every member unknown, zero, its most or between; the same on every machine.
 */
#ifndef TASKSCOPE_RANDOM_SAMPLE_H
#define TASKSCOPE_RANDOM_SAMPLE_H

#include <string.h>

#include "sample.h"

/* xorshift: the same samples on every machine */
static uint64_t random_state = 88172645463325252u;

static inline uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static inline int64_t between(int64_t min, int64_t max)
{
	return min + (int64_t)(next_random() % (uint64_t)(max - min + 1));
}

#define TIME_MAX (INT64_C(1) << 61)

static inline void some_text(char *member, size_t size)
{
	static const char *const texts[] = { "", "worker", "quote\" and \\ back", "{[,:]}\\u0041",
		"\xc3\xa4\xe2\x82\xac",
		"a name that goes on and on, so that it fills whatever member it is put in, and is "
		"cut there: "
		"so much of it that nothing else has room, of that you may be sure" };
	const char *text = texts[next_random() % ARRAY_LEN(texts)];

	memset(member, 0, size);
	safe_text(member, size, text, strlen(text));
}

/* Of a member with words, one of them; else nothing, the most, the least, or anything between. */
static inline int64_t some_integer(const struct field *field)
{
	int64_t span;

	switch (next_random() % 4) {
	case 0:
		return field->min <= 0 && field->max >= 0 ? 0 : field->min;
	case 1:
		return between(0, 1) ? field->min : field->max;
	default:
		if (__builtin_sub_overflow(field->max, field->min, &span))
			return (int64_t)next_random();
		return between(field->min, field->max);
	}
}

static inline void some_value(const struct field *field, void *member)
{
	switch (field->type) {
	case FIELD_TEXT:
		some_text(member, field->size);
		break;
	case FIELD_DOUBLE:
		*(double *)member = (double)between(-1000000, 1000000) / (double)between(1, 1000);
		break;
	case FIELD_HEX:
		*(uint64_t *)member = between(0, 3)   ? next_random()
				      : between(0, 1) ? 0
						      : UINT64_MAX;
		break;
	case FIELD_CHAR:
		*(char *)member = "RSDTtZXI?"[between(0, 8)];
		break;
	case FIELD_BOOL:
		*(bool *)member = between(0, 1);
		break;
	default:
		field_set_integer(field, member,
			field->words ? between(0, (int64_t)field->n_words - 1)
				     : some_integer(field));
		break;
	}
}

/* Every member of the row that a recording has; of one row in four only those that it must have. */
static inline void some_record(const struct record *record, void *row)
{
	const bool bare = between(0, 3) == 0;

	record_clear(record, row);
	for (size_t i = 0; i < record->n; i++) {
		const struct field *field = &record->fields[i];

		if (field->flags & FIELD_UNRECORDED || (bare && !(field->flags & FIELD_REQUIRED)) ||
			(!(field->flags & FIELD_REQUIRED) && between(0, 5) == 0))
			continue;
		some_value(field, (char *)row + field->offset);
	}
}

/* --- what two rows must not have in common, and what is in no row --- */

static inline void *some_row(struct sample *sample, const struct record *record)
{
	void *row = record_push(record, sample);

	some_record(record, row);
	return row;
}

/* The mappings of one process. */
static inline void some_group(struct sample *sample, int32_t pid)
{
	const int64_t at_ns = between(UNKNOWN, TIME_MAX);
	uint64_t end = 0;

	for (int64_t i = between(1, 6); i > 0; i--) {
		struct mapping_sample *mapping = some_row(sample, &mapping_record);

		mapping->pid = pid;
		mapping->start = end + next_random() % (UINT64_MAX / 16);
		mapping->end = end = mapping->start + next_random() % (UINT64_MAX / 16);
		if (between(0, 5))
			mapping->at_ns = at_ns;
	}
}

static inline void some_pages(struct sample *sample, struct pages_sample *row)
{
	int32_t n = (int32_t)between(0, 60);
	int64_t frame = between(0, 1 << 20);

	row->pages = n;
	row->first = (uint32_t)sample->page_states.n;
	for (int32_t i = 0, page = 0; i < n; i++) {
		page = between(0, 2) ? page : (int32_t)between(0, PAGE_STATES - 1);
		*vec_push(&sample->page_states) = (uint8_t)page;
	}
	if (between(0, 1) || n == 0)
		return;
	row->first_frame = (int32_t)sample->page_frames.n;
	for (int32_t i = 0; i < n; i++) {
		frame = between(0, 3) ? frame + 1 : between(0, INT64_C(1) << 50);
		*vec_push(&sample->page_frames) = between(0, 3) ? frame : UNKNOWN;
	}
}

/* A few tasks that take turns: ascending times, each kind of event, folded. */
static inline void add_switches(struct sample *sample)
{
	struct switch_fold *fold = switch_fold_create();
	int64_t at = between(0, TIME_MAX / 2);
	const int32_t tid = (int32_t)between(1, INT32_MAX - 4);

	vec_clear(&sample->lanes);
	vec_clear(&sample->spans);
	vec_clear(&sample->crowds);
	switch_fold_restart(fold, at);
	for (int64_t i = between(0, 3) ? 0 : between(0, 40); i > 0; i--) {
		struct switch_sample event = {
			.pid = tid + (int32_t)between(0, 3),
			.side = (int8_t)between(0, SIDES - 1),
			.cpu = (int16_t)between(-1, between(0, 3) ? 3 : INT16_MAX),
			.kind = (int8_t)between(0, SWITCH_KINDS - 1),
			.other = between(0, 3) ? 0 : (int32_t)between(0, INT32_MAX),
		};

		event.tid = event.pid;
		event.at_ns = at += between(0, 1) ? between(0, 10000) : between(0, TIME_MAX / 128);
		switch_fold_add(fold, &event);
		if (between(0, 3) == 0)
			switch_fold_reading(fold,
				&(struct switch_reading) { event.pid, event.tid, event.side, at, at,
					between(UNKNOWN, 1 << 20), between(UNKNOWN, 1 << 20) });
	}
	switch_fold_take(fold, at + 1, sample);
	switch_fold_destroy(fold);
	if (between(0, 3) == 0)
		sample->switches_from_ns = sample->switches_until_ns = sample->switches_seen =
			sample->switches_lost = UNKNOWN;
	if (sample->switches_until_ns < 0) {
		vec_clear(&sample->lanes);
		vec_clear(&sample->spans);
		vec_clear(&sample->crowds);
	}
}

static inline bool is_of_slow_lane(const struct record *record)
{
	return record == &machine_record || record == &process_record || record == &mapping_record;
}

static inline void some_kind(struct sample *sample, const struct record *record)
{
	record_empty(record, sample);
	if (record == &mapping_record)
		/* Each process in one group, pids all different, as the source gives them. */
		for (int32_t group = (int32_t)between(-1, 3); group > 0; group--)
			some_group(sample, 1000 * group + (int32_t)between(0, 3));
	else if (record->limit == 1)
		some_record(record, (char *)sample + record->place);
	else
		for (int64_t i = between(-2, MIN(5, (int64_t)record->limit)); i > 0; i--)
			some_row(sample, record);
}

static inline void some_slow_lane(struct sample *sample)
{
	sample->slow_at_ns = between(UNKNOWN, TIME_MAX);
	for (size_t i = 0; record_kinds[i]; i++)
		if (is_of_slow_lane(record_kinds[i]))
			some_kind(sample, record_kinds[i]);
}

static inline void some_fast_lane(struct sample *sample, int64_t at_ns)
{
	struct pages_sample *row;

	sample->at_ns = at_ns;
	for (size_t i = 0; record_kinds[i]; i++)
		if (!is_of_slow_lane(record_kinds[i]))
			some_kind(sample, record_kinds[i]);
	if (sample->crews.n == SIDES)
		sample->crews.at[1].side = (int16_t)!sample->crews.at[0].side;
	if (sample->programs.n == SIDES)
		sample->programs.at[1].side = (int16_t)!sample->programs.at[0].side;
	if (sample->groups.n == SIDES)
		sample->groups.at[1].side = (int16_t)!sample->groups.at[0].side;
	if (!sample->duel.state[0]) /* none was started */
		record_clear(&duel_state_record, &sample->duel);
	vec_clear(&sample->page_states);
	vec_clear(&sample->page_frames);
	vec_each (row, &sample->pages)
		some_pages(sample, row);
	add_switches(sample);
}

/* Records are zeroed before they are filled, here and by the reader, so that they compare as bytes. */
#define ASSERT_SAME_VEC(a, b)                                                                      \
	do {                                                                                       \
		assert_int_equal((a)->n, (b)->n);                                                  \
		if ((a)->n > 0)                                                                    \
			assert_memory_equal((a)->at, (b)->at, (a)->n * sizeof((a)->at[0]));        \
	} while (0)

static inline void assert_same(const struct sample *a, const struct sample *b)
{
	assert_int_equal(a->at_ns, b->at_ns);
	assert_int_equal(a->slow_at_ns, b->slow_at_ns);
	assert_int_equal(a->switches_from_ns, b->switches_from_ns);
	assert_int_equal(a->switches_until_ns, b->switches_until_ns);
	assert_int_equal(a->switches_seen, b->switches_seen);
	assert_int_equal(a->switches_lost, b->switches_lost);
	ASSERT_SAME_VEC(&a->lanes, &b->lanes);
	ASSERT_SAME_VEC(&a->spans, &b->spans);
	ASSERT_SAME_VEC(&a->crowds, &b->crowds);
	ASSERT_SAME_VEC(&a->page_states, &b->page_states);
	ASSERT_SAME_VEC(&a->page_frames, &b->page_frames);
	for (size_t i = 0; record_kinds[i]; i++)
		if (!record_repeats(record_kinds[i], a, b, false))
			fail_msg("the rows of %s differ", record_kinds[i]->name);
}

static const struct machine_info example_card = { .kernel = "6.1.0-13-amd64 x86_64",
	.cpu = "A \"quoted\" CPU",
	.cpus = 2,
	.ticks_per_s = 100,
	.perf_event_paranoid = 3,
	.uid = 1000,
	.recorded = "2026-11-24T03:00:00Z" };

#endif
