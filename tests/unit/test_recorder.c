/* SPDX-License-Identifier: MIT
 * Recordings written: never over another's file or through a link, whole lines whatever happens, loud about a full disk,
 * and nothing written twice.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "outfile.h"
#include "random_sample.h"
#include "recording_files.h"
#include "sample.h"

static void a_recorder_keeps_off_what_is_there(void **state)
{
	const struct place *place = *state;
	struct recorder *recorder = NULL;
	char *text;
	size_t len;

	write_file(place->path, "mine", 4);
	assert_int_equal(recorder_create(place->path, false, &example_card, &recorder), -EEXIST);
	assert_int_equal(access(place->part, F_OK), -1);
	unlink(place->path);
	write_file(place->part, "mine", 4);
	assert_int_equal(recorder_create(place->path, false, &example_card, &recorder), -EEXIST);
	text = read_file(place->part, &len);
	assert_string_equal(text, "mine");
	free(text);
	assert_null(recorder);
	assert_int_equal(
		recorder_create("/nowhere/at/all", false, &example_card, &recorder), -ENOENT);
}

static void a_recorder_follows_no_link_even_by_force(void **state)
{
	const struct place *place = *state;
	struct recorder *recorder = NULL;
	char target[96];

	snprintf(target, sizeof(target), "%s/target", place->folder);
	assert_int_equal(symlink(target, place->path), 0);
	assert_int_equal(recorder_create(place->path, false, &example_card, &recorder), -ELOOP);
	assert_int_equal(recorder_create(place->path, true, &example_card, &recorder), -ELOOP);
	unlink(place->path);
	assert_int_equal(symlink(target, place->part), 0);
	assert_int_equal(recorder_create(place->path, false, &example_card, &recorder), -ELOOP);
	assert_int_equal(recorder_create(place->path, true, &example_card, &recorder), -ELOOP);
	unlink(place->part);
	assert_int_equal(mkfifo(place->path, 0600), 0);
	assert_int_equal(recorder_create(place->path, true, &example_card, &recorder), -EINVAL);
	assert_int_equal(recorder_create(place->folder, true, &example_card, &recorder), -EISDIR);
	assert_int_equal(access(target, F_OK), -1);
}

static void a_recording_is_the_owners_alone(void **state)
{
	const struct place *place = *state;
	struct recorder *recorder = NULL;
	struct stat st;
	mode_t mask = umask(0);

	assert_int_equal(recorder_create(place->path, false, &example_card, &recorder), 0);
	umask(mask);
	assert_int_equal(recorder_close(recorder), 0);
	assert_int_equal(stat(place->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void force_replaces_a_file_at_the_end(void **state)
{
	const struct place *place = *state;
	struct recorder *recorder = NULL;
	char *text;
	size_t len;

	write_file(place->path, "old", 3);
	write_file(place->part, "older", 5);
	assert_int_equal(recorder_create(place->path, true, &example_card, &recorder), 0);
	text = read_file(place->path, &len);
	assert_string_equal(text, "old");
	free(text);
	assert_int_equal(recorder_close(recorder), 0);
	text = read_file(place->path, &len);
	assert_int_equal(strncmp(text, HEADER, 24), 0);
	free(text);
}

static void a_file_that_came_meanwhile_stays(void **state)
{
	const struct place *place = *state;
	struct recorder *recorder = NULL;
	char *text;
	size_t len;

	assert_int_equal(recorder_create(place->path, false, &example_card, &recorder), 0);
	write_file(place->path, "theirs", 6);
	assert_int_equal(recorder_close(recorder), -EEXIST);
	text = read_file(place->path, &len);
	assert_string_equal(text, "theirs");
	free(text);
	assert_int_equal(access(place->part, F_OK), 0);
}

static void a_crash_leaves_every_sample_so_far(void **state)
{
	const struct place *place = *state;
	struct recorder *recorder = NULL;
	struct sample sample = { 0 };
	char why[160];
	bool cut;
	int n;

	sample_clear(&sample);
	assert_int_equal(recorder_create(place->path, false, &example_card, &recorder), 0);
	for (int i = 0; i < 5; i++) {
		some_fast_lane(&sample, i);
		assert_int_equal(recorder_add(recorder, &sample), 0);
		assert_int_equal(count_samples(place->part, &n, &cut, why, sizeof(why)), -ENODATA);
		assert_int_equal(n, i + 1);
	}
	recorder_destroy(recorder);
	assert_int_equal(access(place->path, F_OK), -1);
	assert_int_equal(access(place->part, F_OK), 0);
	recorder_destroy(NULL);
	assert_int_equal(recorder_close(NULL), 0);
	sample_finish(&sample);
}

/* Until the recorder fails; then it stays dead, and what it wrote is whole. */
static void record_until_it_fails(const struct place *place, struct recorder *recorder, int error)
{
	struct sample sample = { 0 };
	char why[160];
	int n, good = 0, rc = 0;
	bool cut;

	sample_clear(&sample);
	while (rc == 0 && good < 10000) {
		some_fast_lane(&sample, good);
		some_slow_lane(&sample);
		rc = recorder_add(recorder, &sample);
		good += rc == 0;
	}
	assert_int_equal(rc, error);
	assert_true(good > 0);
	assert_int_equal(recorder_add(recorder, &sample), error);
	assert_int_equal(recorder_close(recorder), error);
	assert_int_equal(access(place->path, F_OK), -1);
	assert_int_equal(count_samples(place->part, &n, &cut, why, sizeof(why)), -ENODATA);
	assert_int_equal(n, good);
	assert_false(cut);
	sample_finish(&sample);
}

static void the_size_cap_ends_a_recording_loudly(void **state)
{
	const struct place *place = *state;
	struct recorder *recorder = NULL;

	assert_int_equal(recorder_create(place->path, false, &example_card, &recorder), 0);
	recorder_set_limit(recorder, 50000);
	record_until_it_fails(place, recorder, -EFBIG);
}

/* RLIMIT_FSIZE fails a write in its middle, as a full disk does: some bytes, then an error. */
static void a_full_disk_ends_a_recording_with_a_whole_line(void **state)
{
	const struct place *place = *state;
	struct recorder *recorder = NULL;
	struct rlimit old, small;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = (struct rlimit) { .rlim_cur = 50000, .rlim_max = old.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(recorder_create(place->path, false, &example_card, &recorder), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	record_until_it_fails(place, recorder, -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
}

/* What closes a file stands behind all that was added, also after the addition that found no room. */
static void a_full_disk_leaves_a_file_with_its_end(void **state)
{
	const struct place *place = *state;
	char *part = xasprintf("%s.part", place->path);
	struct outfile *file = NULL;
	struct buf line = { 0 };
	struct rlimit old, small;
	char bytes[1200] = "";
	FILE *written;
	size_t n;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = (struct rlimit) { .rlim_cur = 1000, .rlim_max = old.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	for (int i = 0; i < 30; i++)
		buf_adds(&line, "0123456789");
	assert_int_equal(outfile_create(place->path, false, 4000, &file), 0);
	outfile_set_end(file, "]END");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(outfile_add(file, &line), 0);
	assert_int_equal(outfile_add(file, &line), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	outfile_destroy(file);
	written = fopen(part, "r");
	assert_non_null(written);
	n = fread(bytes, 1, sizeof(bytes) - 1, written);
	fclose(written);
	assert_int_equal(n, 904);
	assert_memory_equal(bytes + 890, "0123456789]END", 14);
	unlink(part);
	free(part);
	buf_finish(&line);
}

static void mappings_that_fit_no_line_are_left_out_with_a_reason(void **state)
{
	const struct place *place = *state;
	struct recorder *recorder = NULL;
	struct recording *recording = NULL;
	struct sample sample = { 0 }, read = { 0 };

	sample_clear(&sample);
	for (uint64_t i = 0; i < 60000; i++) {
		struct mapping_sample *mapping = vec_push(&sample.mappings);

		record_clear(&mapping_record, mapping);
		mapping->pid = 5;
		mapping->start = i << 12;
		mapping->end = (i + 1) << 12;
		memset(mapping->path, 'p', sizeof(mapping->path) - 1);
		for (int64_t *size = &mapping->size_kb; size <= &mapping->swap_kb; size++)
			*size = 4;
	}
	assert_int_equal(recorder_create(place->path, false, &example_card, &recorder), 0);
	assert_int_equal(recorder_add(recorder, &sample), 0);
	assert_int_equal(recorder_close(recorder), 0);
	assert_int_equal(recording_open(place->path, &recording, NULL, 0), 0);
	assert_int_equal(recording_next(recording, &read, NULL, NULL, 0), 0);
	assert_int_equal(read.mappings.n, 0);
	assert_int_equal(read.gaps.n, 1);
	assert_string_equal(read.gaps.at[0].what, "mappings");
	recording_close(recording);
	sample_finish(&sample);
	sample_finish(&read);
}

static void recording_allocates_nothing_in_a_steady_state(void **state)
{
	const struct place *place = *state;
	struct recorder *recorder = NULL;
	struct sample sample = { 0 };
	uint64_t before = 0;

	sample_clear(&sample);
	for (int i = 0; i < 50; i++)
		some_row(&sample, &task_record);
	some_slow_lane(&sample);
	assert_int_equal(recorder_create(place->path, false, &example_card, &recorder), 0);
	for (int i = 0; i < 100; i++) {
		if (i == 10)
			before = base_allocations();
		sample.at_ns = i;
		sample.slow_at_ns = i / 10;
		assert_int_equal(recorder_add(recorder, &sample), 0);
	}
	assert_int_equal(base_allocations(), before);
	assert_int_equal(recorder_close(recorder), 0);
	sample_finish(&sample);
}

static void a_slow_lane_that_did_not_change_is_not_written_again(void **state)
{
	const struct place *place = *state;
	struct recorder *recorder = NULL;
	struct sample sample = { 0 };
	off_t size[4];
	struct stat st;

	sample_clear(&sample);
	some_group(&sample, 5);
	some_row(&sample, &process_record);
	assert_int_equal(recorder_create(place->path, false, &example_card, &recorder), 0);
	for (int i = 0; i < 4; i++) {
		for (size_t j = 0; i == 2 && j < sample.mappings.n; j++)
			sample.mappings.at[j].at_ns = 99; /* read again, and as before */
		assert_int_equal(recorder_add(recorder, &sample), 0);
		assert_int_equal(stat(place->part, &st), 0);
		size[i] = st.st_size;
	}
	assert_int_equal(
		size[1] - size[0], strlen("{\"at_ns\":0,\"processes\":true,\"mappings\":true}\n"));
	assert_true(size[2] - size[1] < 200);
	assert_int_equal(size[3] - size[2], size[1] - size[0]);
	assert_int_equal(recorder_close(recorder), 0);
	sample_finish(&sample);
}

/* Read again at another time, it is no news; a task's registers are, and then the pages are still those before. */
static void evidence_is_written_when_it_changed_and_its_pages_when_they_did(void **state)
{
	const struct place *place = *state;
	struct recorder *recorder = NULL;
	struct recording *recording = NULL;
	struct sample sample = { 0 }, read = { 0 };
	size_t len;

	sample_clear(&sample);
	some_pages(&sample, some_row(&sample, &pages_record));
	sample.pages.at[0].at_ns = 1;
	some_row(&sample, &register_record);
	assert_int_equal(recorder_create(place->path, false, &example_card, &recorder), 0);
	for (int i = 0; i < 3; i++) {
		sample.registers.at[0].at_ns = i;
		sample.registers.at[0].sp += i == 2;
		assert_int_equal(recorder_add(recorder, &sample), 0);
	}
	assert_int_equal(recorder_close(recorder), 0);
	char *text = read_file(place->path, &len), *line = text;
	for (int i = 0; i < 2; i++)
		line = strchr(line, '\n') + 1;
	static const char again[] = "{\"at_ns\":0,\"pages\":true,\"registers\":1}\n";
	assert_memory_equal(line, again, strlen(again));
	line = strchr(line, '\n') + 1;
	assert_non_null(strstr(line, "\"pages\":true"));
	free(text);
	assert_int_equal(recording_open(place->path, &recording, NULL, 0), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(recording_next(recording, &read, NULL, NULL, 0), 0);
	assert_same(&sample, &read);
	recording_close(recording);
	sample_finish(&sample);
	sample_finish(&read);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(a_recorder_keeps_off_what_is_there),
		IN_A_PLACE(a_recorder_follows_no_link_even_by_force),
		IN_A_PLACE(a_recording_is_the_owners_alone),
		IN_A_PLACE(force_replaces_a_file_at_the_end),
		IN_A_PLACE(a_file_that_came_meanwhile_stays),
		IN_A_PLACE(a_crash_leaves_every_sample_so_far),
		IN_A_PLACE(the_size_cap_ends_a_recording_loudly),
		IN_A_PLACE(a_full_disk_ends_a_recording_with_a_whole_line),
		IN_A_PLACE(a_full_disk_leaves_a_file_with_its_end),
		IN_A_PLACE(mappings_that_fit_no_line_are_left_out_with_a_reason),
		IN_A_PLACE(recording_allocates_nothing_in_a_steady_state),
		IN_A_PLACE(a_slow_lane_that_did_not_change_is_not_written_again),
		IN_A_PLACE(evidence_is_written_when_it_changed_and_its_pages_when_they_did),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
