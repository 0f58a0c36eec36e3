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

#include "sample.h"

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

static void a_fresh_task_knows_nothing(void **state)
{
	struct task_sample task;

	memset(&task, 0x5a, sizeof(task));
	record_clear(&task_record, &task);
	assert_int_equal(task.worker, WORKER_NONE);
	assert_int_equal(task.cpu, -1);
	assert_int_equal(task.state, '?');
	assert_string_equal(task.name, "");
	assert_int_equal(task.start, UNKNOWN);
	assert_int_equal(task.voluntary, UNKNOWN);
	assert_int_equal(task.involuntary, UNKNOWN);
	assert_int_equal(task.run_ns, UNKNOWN);
	assert_int_equal(task.wait_ns, UNKNOWN);
	assert_int_equal(task.slices, UNKNOWN);
	assert_int_equal(task.minor_faults, UNKNOWN);
	assert_int_equal(task.major_faults, UNKNOWN);
}

static void a_fresh_process_knows_no_size(void **state)
{
	struct process_sample process;

	memset(&process, 0x5a, sizeof(process));
	record_clear(&process_record, &process);
	assert_int_equal(process.worker, WORKER_NONE);
	assert_int_equal(process.state, '?');
	assert_int_equal(process.threads, UNKNOWN);
	for (const int64_t *size = &process.rss_kb; size <= &process.at_ns; size++)
		assert_int_equal(*size, UNKNOWN);
}

static void a_fresh_mapping_knows_no_size(void **state)
{
	struct mapping_sample mapping;

	memset(&mapping, 0x5a, sizeof(mapping));
	record_clear(&mapping_record, &mapping);
	assert_string_equal(mapping.path, "");
	assert_int_equal(mapping.inode, 0);
	for (const int64_t *size = &mapping.size_kb; size <= &mapping.at_ns; size++)
		assert_int_equal(*size, UNKNOWN);
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
		cmocka_unit_test(a_fresh_task_knows_nothing),
		cmocka_unit_test(a_fresh_process_knows_no_size),
		cmocka_unit_test(a_fresh_mapping_knows_no_size),
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
