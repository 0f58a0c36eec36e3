/* SPDX-License-Identifier: MIT
 * The parsers of /proc's text: on recordings of several kernels, on text cut at every byte, and on what nobody should
 * write.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source.h"

struct text {
	char at[65536];
	size_t len;
};

static void read_fixture(struct text *text, const char *name)
{
	char *path = xasprintf("%s/proc/%s", getenv("FIXTURES"), name);
	FILE *file = fopen(path, "r");

	if (!file)
		fail_msg("cannot open %s", path);
	text->len = fread(text->at, 1, sizeof(text->at), file);
	fclose(file);
	free(path);
}

/* --- stat --- */

static void stat_of_a_recorded_thread_is_read(void **state)
{
	static struct text text;
	struct stat_fields stat;

	read_fixture(&text, "linux-6.18/step2/28344/task/28349/stat");
	assert_int_equal(parse_stat(text.at, text.len, &stat), 0);
	assert_int_equal(stat.pid, 28349);
	assert_int_equal(stat.ppid, 28343);
	assert_int_equal(stat.state, 'R');
	assert_int_equal(stat.minor_faults, 6);
	assert_int_equal(stat.major_faults, 0);
	assert_int_equal(stat.user_ticks, 452);
	assert_int_equal(stat.system_ticks, 3);
	assert_int_equal(stat.nice, 0);
	assert_int_equal(stat.threads, 3);
	assert_int_equal(stat.start, 145043);
	assert_int_equal(stat.vm_size_bytes, 19689472);
	assert_int_equal(stat.rss_pages, 410);
	assert_int_equal(stat.cpu, 0);
	assert_null(strchr(stat.name, '\033'));
}

static void a_name_that_looks_like_fields_does_not_mislead(void **state)
{
	static struct text text;
	struct stat_fields stat;

	read_fixture(&text, "linux-6.18/step1/28344/task/28347/stat");
	assert_int_equal(parse_stat(text.at, text.len, &stat), 0);
	assert_string_equal(stat.name, "a) R (b");
	assert_int_equal(stat.state, 'S');
	assert_int_equal(stat.start, 145042);
}

static void stat_of_a_kernel_thread_and_a_zombie_are_read(void **state)
{
	static struct text text;
	struct stat_fields stat;

	read_fixture(&text, "linux-6.18/step1/2/stat");
	assert_int_equal(parse_stat(text.at, text.len, &stat), 0);
	assert_string_equal(stat.name, "kthreadd");
	assert_int_equal(stat.ppid, 0);
	read_fixture(&text, "linux-6.18/step1/28351/stat");
	assert_int_equal(parse_stat(text.at, text.len, &stat), 0);
	assert_int_equal(stat.state, 'Z');
	assert_int_equal(stat.rss_pages, 0);
}

static void a_cut_stat_is_refused_or_right(void **state)
{
	static struct text text;
	struct stat_fields whole, cut;
	size_t numbers = offsetof(struct stat_fields, threads) + sizeof(cut.threads) -
			 offsetof(struct stat_fields, minor_faults);
	size_t right = 0;

	read_fixture(&text, "linux-6.18/step1/28344/task/28347/stat");
	assert_int_equal(parse_stat(text.at, text.len, &whole), 0);
	for (size_t len = 0; len < text.len; len++) {
		memset(&cut, 0x5a, sizeof(cut));
		if (parse_stat(text.at, len, &cut) == 0) {
			assert_string_equal(cut.name, whole.name);
			assert_int_equal(cut.state, whole.state);
			assert_memory_equal(&cut.minor_faults, &whole.minor_faults, numbers);
			right++;
		} else {
			assert_int_equal(cut.pid, 0x5a5a5a5a);
		}
	}
	assert_in_range(right, 1, text.len / 2);
}

static void a_number_beyond_64_bits_is_unknown(void **state)
{
	struct stat_fields stat;
	const char *text =
		"7 (x) S 1 7 7 0 -1 0 99999999999999999999 0 18446744073709551616 0 1 2 0 0 20 "
		"-5 1 0 18446744073709551615 4096 1 0 0 0 0 0 0 0 0 0 0 0 0 0 17 3 0\n";

	assert_int_equal(parse_stat(text, strlen(text), &stat), 0);
	assert_int_equal(stat.minor_faults, UNKNOWN);
	assert_int_equal(stat.major_faults, UNKNOWN);
	assert_int_equal(stat.start, UNKNOWN);
	assert_int_equal(stat.nice, -5);
	assert_int_equal(stat.cpu, 3);
	assert_int_equal(parse_stat("99999999999 (x) S 1 ", 20, &stat), -EINVAL);
	assert_int_equal(parse_stat("", 0, &stat), -EINVAL);
	assert_int_equal(parse_stat(")(", 2, &stat), -EINVAL);
}

/* --- status --- */

static const struct status_fields unknown_status = { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN,
	UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN };

static void status_is_read_whatever_lines_a_kernel_adds_or_lacks(void **state)
{
	static const char *const kernels[] = { "linux-4.18", "linux-6.18/step1", "linux-next" };
	static struct text text;

	for (size_t i = 0; i < ARRAY_LEN(kernels); i++) {
		struct status_fields status = unknown_status;
		char *name = xasprintf("%s/28344/status", kernels[i]);

		read_fixture(&text, name);
		free(name);
		assert_int_equal(parse_status(text.at, text.len, &status), 0);
		assert_int_equal(status.voluntary, 1);
		assert_int_equal(status.involuntary, 7);
		assert_int_equal(status.vm_size_kb, 19228);
		assert_int_equal(status.vm_pte_kb, 48);
		assert_int_equal(status.vm_stack_kb, 132);
		assert_int_equal(status.tgid, 28344);
		assert_int_equal(status.pid, 28344);
		assert_int_equal(status.ppid, 28343);
		assert_int_equal(status.threads, 3);
		assert_int_equal(status.uid, 0);
	}
}

static void a_field_that_is_absent_stays_unknown(void **state)
{
	static const char text[] = "Name:\tx\nTgid:\t5\nVmSize:\nVmRSS:\t x kB\n";
	struct status_fields status = unknown_status;
	static struct text kthread;

	assert_int_equal(parse_status(text, sizeof(text) - 1, &status), 0);
	assert_int_equal(status.tgid, 5);
	assert_int_equal(status.voluntary, UNKNOWN);
	assert_int_equal(status.involuntary, UNKNOWN);
	assert_int_equal(status.vm_size_kb, UNKNOWN);
	assert_int_equal(status.vm_rss_kb, UNKNOWN);
	status = unknown_status;
	read_fixture(&kthread, "linux-6.18/step1/2/status");
	assert_int_equal(parse_status(kthread.at, kthread.len, &status), 0);
	assert_int_equal(status.vm_size_kb, UNKNOWN);
	assert_true(status.voluntary >= 0);
}

static void a_cut_status_never_gives_half_a_number(void **state)
{
	static struct text text;
	struct status_fields whole = unknown_status, cut;

	read_fixture(&text, "linux-6.18/step2/28344/task/28349/status");
	assert_int_equal(parse_status(text.at, text.len, &whole), 0);
	assert_int_equal(whole.involuntary, 2192);
	for (size_t len = 0; len < text.len; len++) {
		const int64_t *a = &cut.voluntary, *b = &whole.voluntary;

		cut = unknown_status;
		parse_status(text.at, len, &cut);
		for (size_t i = 0; i < sizeof(cut) / sizeof(*a); i++)
			assert_true(a[i] == UNKNOWN || a[i] == b[i]);
	}
}

static void lines_may_end_in_carriage_returns(void **state)
{
	static const char text[] = "Tgid:\t5\r\nvoluntary_ctxt_switches:\t12\r\n"
				   "nonvoluntary_ctxt_switches:\t34\r\n";
	struct status_fields status = unknown_status;

	assert_int_equal(parse_status(text, sizeof(text) - 1, &status), 0);
	assert_int_equal(status.voluntary, 12);
	assert_int_equal(status.involuntary, 34);
}

/* --- schedstat --- */

static void schedstat_is_three_numbers_or_nothing(void **state)
{
	static const char text[] = "920607853 391022688 456\n";
	int64_t run = 1, wait = 2, slices = 3;

	for (size_t len = 0; len < sizeof(text) - 1; len++)
		assert_int_equal(parse_schedstat(text, len, &run, &wait, &slices), -EINVAL);
	assert_int_equal(run, 1);
	assert_int_equal(slices, 3);
	assert_int_equal(parse_schedstat(text, sizeof(text) - 1, &run, &wait, &slices), 0);
	assert_int_equal(run, 920607853);
	assert_int_equal(wait, 391022688);
	assert_int_equal(slices, 456);
	assert_int_equal(parse_schedstat("a b c\n", 6, &run, &wait, &slices), -EINVAL);
}

/* --- smaps --- */

struct mappings {
	struct mapping_sample at[64];
	size_t n, stop_after;
};

static bool collect(void *context, const struct mapping_sample *mapping)
{
	struct mappings *mappings = context;

	assert_in_range(mappings->n, 0, ARRAY_LEN(mappings->at) - 1);
	mappings->at[mappings->n++] = *mapping;
	return mappings->n != mappings->stop_after;
}

static const struct mapping_sample *find_path(const struct mappings *mappings, const char *path)
{
	for (size_t i = 0; i < mappings->n; i++)
		if (!strcmp(mappings->at[i].path, path))
			return &mappings->at[i];
	return NULL;
}

static void smaps_of_each_kernel_gives_the_same_mappings(void **state)
{
	static const char *const kernels[] = { "linux-4.18", "linux-6.18/step1", "linux-next" };
	static struct mappings first, mappings;
	static struct text text;

	for (size_t i = 0; i < ARRAY_LEN(kernels); i++) {
		char *name = xasprintf("%s/28344/smaps", kernels[i]);

		mappings.n = 0;
		read_fixture(&text, name);
		free(name);
		assert_int_equal(parse_smaps(text.at, text.len, collect, &mappings), 29);
		assert_int_equal(mappings.n, 29);
		if (!i)
			first = mappings;
		assert_memory_equal(&mappings, &first, sizeof(first));
	}
	const struct mapping_sample *heap = find_path(&mappings, "[heap]");
	assert_non_null(heap);
	assert_true(heap->start == 0x55ce272a0000 && heap->end == 0x55ce272c1000);
	assert_string_equal(heap->perms, "rw-p");
	assert_int_equal(heap->size_kb, 132);
	assert_int_equal(heap->rss_kb, 4);
	assert_int_equal(heap->pss_kb, 2);
	assert_int_equal(heap->shared_dirty_kb, 4);
	assert_int_equal(heap->anonymous_kb, 4);
	assert_int_equal(heap->swap_kb, 0);
	const struct mapping_sample *text_segment = &mappings.at[1];
	assert_string_equal(text_segment->path, "/opt/subject");
	assert_int_equal(text_segment->inode, 10953340);
	assert_int_equal(text_segment->dev_major, 0xfe);
	assert_int_equal(text_segment->offset, 0x1000);
}

static void the_mappings_add_up_to_the_rollup(void **state)
{
	static struct mappings mappings;
	static struct text text;
	struct process_sample row;
	int64_t rss = 0, private = 0;

	mappings.n = 0;
	record_clear(&process_record, &row);
	read_fixture(&text, "linux-6.18/step1/28344/smaps");
	parse_smaps(text.at, text.len, collect, &mappings);
	for (size_t i = 0; i < mappings.n; i++) {
		rss += mappings.at[i].rss_kb;
		private += mappings.at[i].private_clean_kb + mappings.at[i].private_dirty_kb;
	}
	read_fixture(&text, "linux-6.18/step1/28344/smaps_rollup");
	assert_int_equal(parse_rollup(text.at, text.len, &row), 0);
	assert_int_equal(row.rss_kb, rss);
	assert_int_equal(row.uss_kb, private);
	assert_int_equal(row.pss_kb, 377);
	assert_int_equal(row.shared_clean_kb, 1244);
	assert_int_equal(row.swap_kb, 0);
	assert_int_equal(row.vm_size_kb, UNKNOWN);
}

static void huge_pages_set_aside_are_beside_the_other_sizes(void **state)
{
	static const char rollup[] =
		"1000-2000 ---p 00000000 00:00 0 [rollup]\nRss: 4 kB\nPss: 4 kB\n"
		"Shared_Hugetlb: 2048 kB\nPrivate_Hugetlb: 4096 kB\n";
	static const char smaps[] =
		"7f0000000000-7f0000600000 rw-s 00000000 00:0f 7 /dev/hugepages/x\n"
		"Size: 6144 kB\nRss: 0 kB\nShared_Hugetlb: 2048 kB\nPrivate_Hugetlb: 4096 kB\n"
		"VmFlags: rd wr\n";
	static struct mappings mappings;
	struct process_sample row;

	record_clear(&process_record, &row);
	assert_int_equal(parse_rollup(rollup, sizeof(rollup) - 1, &row), 0);
	assert_int_equal(row.rss_kb, 4);
	assert_int_equal(row.shared_hugetlb_kb, 2048);
	assert_int_equal(row.private_hugetlb_kb, 4096);
	mappings.n = 0;
	assert_int_equal(parse_smaps(smaps, sizeof(smaps) - 1, collect, &mappings), 1);
	assert_int_equal(mappings.at[0].rss_kb, 0);
	assert_int_equal(mappings.at[0].shared_hugetlb_kb, 2048);
	assert_int_equal(mappings.at[0].private_hugetlb_kb, 4096);
}

static void a_cut_smaps_gives_only_whole_mappings(void **state)
{
	static struct mappings whole, cut;
	static struct text text;
	size_t before = 0;

	whole.n = 0;
	read_fixture(&text, "linux-6.18/step1/28344/smaps");
	parse_smaps(text.at, text.len, collect, &whole);
	for (size_t len = 0; len <= text.len; len++) {
		cut.n = 0;
		parse_smaps(text.at, len, collect, &cut);
		/* The first line alone is an entry of maps: whole, with sizes unknown. */
		if (cut.n == 1 && cut.at[0].rss_kb == UNKNOWN)
			continue;
		assert_memory_equal(cut.at, whole.at, cut.n * sizeof(cut.at[0]));
		assert_true(cut.n == before || cut.n == before + 1);
		before = cut.n;
	}
	assert_int_equal(before, 29);
}

static void maps_is_read_too_and_paths_are_made_safe(void **state)
{
	static const char text[] = "00400000-00401000 r-xp 00000000 08:01 12 /bin/a b (deleted)\n"
				   "7f00-8f00 rw-s 00001000 00:01 5 /memfd:\033]0;X\007 (deleted)\n"
				   "8f00-9f00 ---p 00000000 00:00 0 \n"
				   "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0        "
				   "          [vsyscall]\n";
	static struct mappings mappings;

	mappings.n = 0;
	assert_int_equal(parse_smaps(text, sizeof(text) - 1, collect, &mappings), 4);
	assert_string_equal(mappings.at[0].path, "/bin/a b (deleted)");
	assert_int_equal(mappings.at[0].rss_kb, UNKNOWN);
	assert_null(strchr(mappings.at[1].path, '\033'));
	assert_null(strchr(mappings.at[1].path, '\007'));
	assert_string_equal(mappings.at[1].perms, "rw-s");
	assert_string_equal(mappings.at[2].path, "");
	assert_true(mappings.at[3].start == 0xffffffffff600000);
	assert_string_equal(mappings.at[3].path, "[vsyscall]");
}

static void the_visitor_stops_the_parser(void **state)
{
	static struct mappings mappings = { .stop_after = 3 };
	static struct text text;

	read_fixture(&text, "linux-6.18/step1/28344/smaps");
	assert_int_equal(parse_smaps(text.at, text.len, collect, &mappings), 3);
	assert_int_equal(mappings.n, 3);
}

static void what_is_no_smaps_gives_nothing(void **state)
{
	static const char *const texts[] = { "", "\n\n", "Rss: 5 kB\n", "zz-10 r--p 0 0:0 0\n",
		"10-5 r--p 0 0:0 0\n", "1ffffffffffffffff-2 r--p 0 0:0 0\n", "1-2 r--p 0 0:0\n",
		"1-2\n", "1-2 r--p\n" };
	static struct mappings mappings;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_int_equal(parse_smaps(texts[i], strlen(texts[i]), collect, &mappings), 0);
}

static void a_rollup_without_sizes_is_refused(void **state)
{
	struct process_sample row, before;

	record_clear(&process_record, &row);
	before = row;
	assert_int_equal(parse_rollup("", 0, &row), -EINVAL);
	assert_int_equal(parse_rollup("Rss: 12", 7, &row), -EINVAL);
	assert_int_equal(parse_rollup("Pss_Dirty: 12 kB\n", 17, &row), -EINVAL);
	assert_memory_equal(&row, &before, sizeof(row));
	assert_int_equal(parse_rollup("Private_Clean: 12 kB\n", 21, &row), 0);
	assert_int_equal(row.private_clean_kb, 12);
	assert_int_equal(row.uss_kb, UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stat_of_a_recorded_thread_is_read),
		cmocka_unit_test(a_name_that_looks_like_fields_does_not_mislead),
		cmocka_unit_test(stat_of_a_kernel_thread_and_a_zombie_are_read),
		cmocka_unit_test(a_cut_stat_is_refused_or_right),
		cmocka_unit_test(a_number_beyond_64_bits_is_unknown),
		cmocka_unit_test(status_is_read_whatever_lines_a_kernel_adds_or_lacks),
		cmocka_unit_test(a_field_that_is_absent_stays_unknown),
		cmocka_unit_test(a_cut_status_never_gives_half_a_number),
		cmocka_unit_test(lines_may_end_in_carriage_returns),
		cmocka_unit_test(schedstat_is_three_numbers_or_nothing),
		cmocka_unit_test(smaps_of_each_kernel_gives_the_same_mappings),
		cmocka_unit_test(the_mappings_add_up_to_the_rollup),
		cmocka_unit_test(huge_pages_set_aside_are_beside_the_other_sizes),
		cmocka_unit_test(a_cut_smaps_gives_only_whole_mappings),
		cmocka_unit_test(maps_is_read_too_and_paths_are_made_safe),
		cmocka_unit_test(the_visitor_stops_the_parser),
		cmocka_unit_test(what_is_no_smaps_gives_nothing),
		cmocka_unit_test(a_rollup_without_sizes_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
