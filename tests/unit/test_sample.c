/* SPDX-License-Identifier: MIT
 * A sample's life: empty is unknown, a copy is equal and costs nothing in a steady state, gaps are said once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "random_sample.h"

static void a_cleared_sample_knows_nothing(void **state)
{
	struct sample sample = { .at_ns = 5, .machine.cpus = 2, .observer.rss_kb = 7 };

	vec_push(&sample.tasks);
	sample_clear(&sample);
	assert_int_equal(sample.at_ns, 0);
	assert_int_equal(sample.slow_at_ns, UNKNOWN);
	assert_int_equal(sample.tasks.n, 0);
	assert_true(sample.tasks.room > 0);
	assert_int_equal(sample.machine.cpus, UNKNOWN);
	assert_int_equal(sample.machine.load_centi, UNKNOWN);
	assert_int_equal(sample.machine.switches, UNKNOWN);
	assert_int_equal(sample.machine.total_kb, UNKNOWN);
	assert_int_equal(sample.machine.available_kb, UNKNOWN);
	assert_int_equal(sample.observer.cpu_ns, UNKNOWN);
	assert_int_equal(sample.observer.voluntary, UNKNOWN);
	assert_int_equal(sample.observer.involuntary, UNKNOWN);
	assert_int_equal(sample.observer.rss_kb, UNKNOWN);
	sample_finish(&sample);
	assert_null(sample.tasks.at);
}

static void a_fresh_record_is_absent_in_every_member(void **state)
{
	union {
		struct pages_sample pages;
		struct duel_state_sample duel;
		struct duel_sample series;
		struct contrast_sample contrast;
		struct process_sample process;
		struct crew_sample crew;
		char bytes[4096];
	} row, other;

	for (size_t i = 0; record_kinds[i]; i++) {
		assert_true(record_kinds[i]->size <= sizeof(row));
		memset(&row, 0x5a, sizeof(row));
		record_clear(record_kinds[i], &row);
		assert_true(record_is_absent(record_kinds[i], &row));
		memset(&other, 0xa5, sizeof(other));
		record_clear(record_kinds[i], &other);
		assert_memory_equal(&row, &other, record_kinds[i]->size);
	}
	record_clear(&task_record, &row);
	assert_int_equal(((struct task_sample *)row.bytes)->worker, WORKER_NONE);
	assert_int_equal(((struct task_sample *)row.bytes)->state, '?');
	assert_int_equal(((struct task_sample *)row.bytes)->start, UNKNOWN);
	record_clear(&process_record, &row);
	for (const int64_t *size = &row.process.rss_kb; size <= &row.process.at_ns; size++)
		assert_int_equal(*size, UNKNOWN);
}

/* How far the table reaches without a gap that a member would fit in. */
static size_t described(const struct record *record)
{
	size_t end = 0, n = 0;

	/* in the order of the struct, whatever that of the table is */
	while (n < record->n) {
		const struct field *next = NULL;

		for (size_t i = 0; i < record->n; i++)
			if (record->fields[i].offset >= end &&
				(!next || record->fields[i].offset < next->offset))
				next = &record->fields[i];
		if (!next || next->offset - end >= MIN(next->size, sizeof(int64_t)))
			return end;
		end = next->offset + next->size;
		n++;
	}
	return end;
}

/* A member of a struct that has no row in its table would be in no recording, and never be emptied. */
static void every_member_has_a_row(void **state)
{
	for (size_t i = 0; record_kinds[i]; i++)
		if (record_kinds[i]->size - described(record_kinds[i]) >= sizeof(int64_t))
			fail_msg("%s: the member at byte %zu of %zu is in no row",
				record_kinds[i]->name, described(record_kinds[i]),
				record_kinds[i]->size);
}

/* What tests of recordings and of --json run on: each member is seen known and absent. */
static void samples_by_chance_give_every_member_a_value(void **state)
{
	struct sample sample = { 0 };

	for (size_t i = 0; record_kinds[i]; i++) {
		const struct record *record = record_kinds[i];

		for (size_t k = 0; k < record->n; k++) {
			const struct field *field = &record->fields[k];
			bool known = false, absent = false;

			for (int rounds = 0; rounds < 500 && !(known && absent); rounds++) {
				some_fast_lane(&sample, rounds);
				some_slow_lane(&sample);
				size_t n;
				const char *row = record_at(record, &sample, &n);

				for (; n > 0; n--, row += record->size)
					if (field_is_absent(field, row + field->offset))
						absent = true;
					else
						known = true;
			}
			if (!known && !(field->flags & FIELD_UNRECORDED))
				fail_msg("%s.%s never gets a value", record->name, field->name);
			if (!absent && !(field->flags & FIELD_REQUIRED))
				fail_msg("%s.%s is never absent", record->name, field->name);
		}
	}
	sample_finish(&sample);
}

static void fill(struct sample *sample, int n)
{
	sample_clear(sample);
	sample->at_ns = n;
	sample->slow_at_ns = n - 1;
	sample->machine.cpus = n;
	sample->observer.rss_kb = n;
	for (int i = 0; i < n; i++) {
		vec_push(&sample->workers)->index = (int16_t)i;
		vec_push(&sample->tasks)->tid = 100 + i;
		vec_push(&sample->processes)->pid = 200 + i;
		vec_push(&sample->mappings)->start = (uint64_t)i << 12;
		sample_gap(sample, i, "smaps", EACCES, NULL);
	}
	vec_push(&sample->crews)->host = n;
}

static void assert_filled(const struct sample *sample, int n)
{
	assert_int_equal(sample->at_ns, n);
	assert_int_equal(sample->slow_at_ns, n - 1);
	assert_int_equal(sample->machine.cpus, n);
	assert_int_equal(sample->observer.rss_kb, n);
	assert_int_equal(sample->crews.n, 1);
	assert_int_equal(sample->crews.at[0].host, n);
	assert_int_equal(sample->workers.n, n);
	assert_int_equal(sample->tasks.n, n);
	assert_int_equal(sample->processes.n, n);
	assert_int_equal(sample->mappings.n, n);
	assert_int_equal(sample->gaps.n, n);
	for (int i = 0; i < n; i++) {
		assert_int_equal(sample->workers.at[i].index, i);
		assert_int_equal(sample->tasks.at[i].tid, 100 + i);
		assert_int_equal(sample->processes.at[i].pid, 200 + i);
		assert_int_equal(sample->mappings.at[i].start, (uint64_t)i << 12);
		assert_int_equal(sample->gaps.at[i].pid, i);
	}
}

static void a_copy_is_equal_and_its_own(void **state)
{
	struct sample from = { 0 }, to = { 0 };

	for (int n = 100; n >= 0; n -= 25) {
		fill(&from, n);
		sample_copy(&to, &from);
		sample_copy(&to, &to);
		fill(&from, 3);
		assert_filled(&to, n);
	}
	sample_finish(&from);
	assert_filled(&to, 0);
	sample_finish(&to);
}

static void copying_allocates_nothing_once_there_is_room(void **state)
{
	struct sample from = { 0 }, to = { 0 };
	uint64_t before;

	fill(&from, 300);
	sample_copy(&to, &from);
	before = base_allocations();
	for (int i = 0; i < 50; i++) {
		fill(&from, 250 + i);
		sample_copy(&to, &from);
	}
	assert_int_equal(base_allocations(), before);
	assert_filled(&to, 299);
	sample_finish(&from);
	sample_finish(&to);
}

static void a_gap_is_said_once_and_always_has_a_reason(void **state)
{
	struct sample sample = { 0 };

	sample_gap(&sample, 7, "smaps", EACCES, NULL);
	sample_gap(&sample, 7, "smaps", ESRCH, "later");
	sample_gap(&sample, 7, "schedstat", 0, "not built into this kernel\x1b[2J");
	sample_gap(&sample, 8, "smaps", 0, "owned by root");
	sample_gap(&sample, 8, "a name that is longer than the member has room for", 1, NULL);
	sample_gap(&sample, 8, "a name that is longer than the member has room for", 1, NULL);
	assert_int_equal(sample.gaps.n, 4);
	assert_string_equal(sample.gaps.at[0].reason, strerror(EACCES));
	assert_int_equal(sample.gaps.at[0].error, EACCES);
	assert_null(strchr(sample.gaps.at[1].reason, '\x1b'));
	assert_string_equal(sample.gaps.at[2].reason, "owned by root");
	sample_finish(&sample);
}

static void a_short_text_stays_whole(void **state)
{
	char member[16];

	sample_text_tail(member, sizeof(member), "/usr/bin/env", 12);
	assert_string_equal(member, "/usr/bin/env");
	sample_text_tail(member, sizeof(member), "123456789012345", 15);
	assert_string_equal(member, "123456789012345");
	sample_text_tail(member, sizeof(member), "", 0);
	assert_string_equal(member, "");
}

static void a_long_text_keeps_its_end(void **state)
{
	char member[16];

	sample_text_tail(member, sizeof(member), "/usr/lib/libc.so.6", 18);
	assert_string_equal(member, "\xe2\x80\xa6ib/libc.so.6");
	sample_text_tail(member, 4, "abcdef", 6);
	assert_string_equal(member, "abc");
}

static void a_tail_is_whole_characters_at_any_size(void **state)
{
	static const char text[] = "/dir/\xc3\xa4\xc3\xb6\xe2\x82\xac/\xf0\x9f\x98\x80/\xff\xfe\x80"
				   "/x\x1b]0;t\x07/\xe2\x82\xac\xe2\x82\xac/end";
	char member[64], again[64];

	for (size_t size = 1; size < sizeof(member); size++) {
		sample_text_tail(member, size, text, sizeof(text) - 1);
		assert_true(strlen(member) < size);
		/* What is valid and printable passes unchanged. */
		safe_text(again, sizeof(again), member, strlen(member));
		assert_string_equal(again, member);
		if (size > 8)
			assert_string_equal(member + strlen(member) - 4, "/end");
	}
}

static void a_tail_of_nothing_but_bad_bytes_fits(void **state)
{
	char member[108], bad[5000];

	memset(bad, 0x80, sizeof(bad));
	sample_text_tail(member, sizeof(member), bad, sizeof(bad));
	assert_true(strlen(member) < sizeof(member));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cleared_sample_knows_nothing),
		cmocka_unit_test(a_fresh_record_is_absent_in_every_member),
		cmocka_unit_test(every_member_has_a_row),
		cmocka_unit_test(samples_by_chance_give_every_member_a_value),
		cmocka_unit_test(a_copy_is_equal_and_its_own),
		cmocka_unit_test(copying_allocates_nothing_once_there_is_room),
		cmocka_unit_test(a_gap_is_said_once_and_always_has_a_reason),
		cmocka_unit_test(a_short_text_stays_whole),
		cmocka_unit_test(a_long_text_keeps_its_end),
		cmocka_unit_test(a_tail_is_whole_characters_at_any_size),
		cmocka_unit_test(a_tail_of_nothing_but_bad_bytes_fits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
