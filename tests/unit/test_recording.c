/* SPDX-License-Identifier: MIT
 * Recordings read: what was recorded comes back; a stranger's file names its fault or ends, and never invents a sample;
 * a file may be larger than memory.
 */
#include <errno.h>
#include <setjmp.h>
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

#include "random_sample.h"
#include "recording_files.h"
#include "sample.h"

static void a_file_reads_as_it_was_recorded(void **state)
{
	const struct place *place = *state;
	struct sample samples[60] = { 0 }, read = { 0 };
	struct recorder *recorder = NULL;
	struct recording *recording = NULL;
	char why[160] = "";
	bool cut = true;

	assert_int_equal(recorder_create(place->path, false, &example_card, &recorder), 0);
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		if (i > 0)
			sample_copy(&samples[i], &samples[i - 1]);
		some_fast_lane(&samples[i], (int64_t)i * 100);
		if (i % 7 == 3)
			some_slow_lane(&samples[i]);
		if (i % 7 == 5) /* the same mappings, read later */
			for (size_t j = 0; j < samples[i].mappings.n; j++)
				samples[i].mappings.at[j].at_ns = (int64_t)i;
		if (i % 7 == 1) /* nothing new but that it was read again */
			samples[i].slow_at_ns = (int64_t)i;
		if (i % 7 == 6)
			vec_clear(&samples[i].processes);
		assert_int_equal(recorder_add(recorder, &samples[i]), 0);
	}
	assert_int_equal(access(place->path, F_OK), -1);
	assert_int_equal(recorder_close(recorder), 0);
	assert_int_equal(access(place->part, F_OK), -1);

	if (recording_open(place->path, &recording, why, sizeof(why)) != 0)
		fail_msg("%s", why);
	assert_memory_equal(recording_machine(recording), &example_card, sizeof(example_card));
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		sample_clear(&read); /* what the caller holds is no part of the reading */
		if (recording_next(recording, &read, &cut, why, sizeof(why)) != 0)
			fail_msg("sample %zu: %s", i, why);
		assert_same(&samples[i], &read);
	}
	cut = true;
	assert_int_equal(recording_next(recording, &read, &cut, why, sizeof(why)), -ENODATA);
	assert_false(cut);
	assert_int_equal(recording_next(recording, &read, &cut, why, sizeof(why)), -ENODATA);
	assert_same(&samples[ARRAY_LEN(samples) - 1], &read);
	recording_close(recording);
	for (size_t i = 0; i < ARRAY_LEN(samples); i++)
		sample_finish(&samples[i]);
	sample_finish(&read);
}

/* With its marks, which are controls, and its lines in their order; what is not told is told no more. */
static void what_was_told_reads_as_it_was_told(void **state)
{
	static const char marked[] = { 'T', 'I', 'D', ' ', CAPTION_MARK, '7', CAPTION_UNMARK, 0 };
	struct caption told = { .title = "1 of 4 · S1", .big = "1 | 3", .flash = true },
		       read = { 0 };
	struct sample sample = { 0 }, copy = { 0 };
	struct mark_sample *mark;
	struct buf line = { 0 };

	sample_clear(&sample);
	caption_add(&told, CAPTION_AFTER, CAPTION_PLAIN, "", marked);
	caption_add(&told, CAPTION_OPTION, CAPTION_GOOD, "2 ✓", "\"all\" of them");
	caption_keep(&told, "scene,workers", &sample);
	mark = record_push(&mark_record, &sample);
	mark->at_ns = 5;
	snprintf(mark->label, sizeof(mark->label), "S1 answer");
	recording_put_sample(&line, &sample);
	assert_int_equal(
		recording_get_sample(line.text, line.len, RECORDING_FORM, &copy, NULL, 0), 0);
	assert_true(caption_kept(&copy, &read));
	assert_string_equal(read.title, told.title);
	assert_string_equal(read.big, "1 | 3");
	assert_true(read.flash && !read.told);
	assert_int_equal(read.lines.n, 2);
	assert_string_equal(read.lines.at[0].text, marked);
	assert_int_equal(read.lines.at[1].part, CAPTION_OPTION);
	assert_int_equal(read.lines.at[1].tone, CAPTION_GOOD);
	assert_string_equal(read.lines.at[1].sign, "2 ✓");
	assert_string_equal(read.lines.at[1].text, "\"all\" of them");
	assert_string_equal(copy.told.panes, "scene,workers");
	assert_int_equal(copy.marks.n, 1);
	assert_string_equal(copy.marks.at[0].label, "S1 answer");
	sample_clear(&copy);
	assert_false(caption_kept(&copy, &read));
	assert_int_equal(read.lines.n, 0);
	caption_finish(&told);
	caption_finish(&read);
	sample_finish(&sample);
	sample_finish(&copy);
	buf_finish(&line);
}

static void open_fixture(const char *name, struct recording **ret)
{
	char *path = xasprintf("%s/recordings/%s", getenv("FIXTURES"), name), why[160] = "";

	if (recording_open(path, ret, why, sizeof(why)) != 0)
		fail_msg("%s: %s", path, why);
	free(path);
}

/* The same story, as it was recorded once and as it is now. Form 1 did not tell that rows were read again. */
static void a_recording_of_form_1_reads_as_one_of_now(void **state)
{
	static const char *const names[][2] = { { "form1/evidence.jsonl", "evidence.jsonl" },
		{ "form1/duel.jsonl", "duel.jsonl" } };
	struct sample samples[2] = { 0 };
	struct recording *recordings[2];
	int n, rc[2];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		for (int form = 0; form < 2; form++)
			open_fixture(names[i][form], &recordings[form]);
		for (n = 0;; n++) {
			for (int form = 0; form < 2; form++)
				rc[form] = recording_next(
					recordings[form], &samples[form], NULL, NULL, 0);
			assert_int_equal(rc[0], rc[1]);
			if (rc[0] != 0)
				break;
			assert_int_equal(samples[0].at_ns, samples[1].at_ns);
			assert_int_equal(samples[0].slow_at_ns, samples[1].slow_at_ns);
			for (size_t k = 0; record_kinds[k]; k++)
				if (record_kinds[k] != &call_record && /* unknown there */
					record_kinds[k] != &edge_record &&
					!record_repeats(
						record_kinds[k], &samples[0], &samples[1], true))
					fail_msg("%s, sample %d: %s differ", names[i][0], n,
						record_kinds[k]->name);
			ASSERT_SAME_VEC(&samples[0].page_states, &samples[1].page_states);
			ASSERT_SAME_VEC(&samples[0].page_frames, &samples[1].page_frames);
		}
		assert_int_equal(rc[0], -ENODATA);
		assert_true(n >= 4);
		for (int form = 0; form < 2; form++)
			recording_close(recordings[form]);
	}
	for (int form = 0; form < 2; form++)
		sample_finish(&samples[form]);
}

static void record_some(const char *path, int n)
{
	struct recorder *recorder = NULL;
	struct sample sample = { 0 };

	sample_clear(&sample);
	assert_int_equal(recorder_create(path, true, &example_card, &recorder), 0);
	for (int i = 0; i < n; i++) {
		some_fast_lane(&sample, i);
		if (i % 3 == 0)
			some_slow_lane(&sample);
		assert_int_equal(recorder_add(recorder, &sample), 0);
	}
	assert_int_equal(recorder_close(recorder), 0);
	sample_finish(&sample);
}

/* Cut anywhere, the file gives its whole lines, and only those. */
static void a_file_cut_at_any_byte_gives_its_whole_lines(void **state)
{
	const struct place *place = *state;
	size_t len, header;
	int n, rc;
	bool cut;
	char *text, why[160];

	record_some(place->path, 2);
	text = read_file(place->path, &len);
	header = (size_t)(strchr(text, '\n') - text);
	for (size_t at = len + 1; at-- > 0;) {
		int lines = 0;
		bool ends_whole = at == 0 || text[at - 1] == '\n' || text[at] == '\n';

		for (size_t i = 0; i <= at && i < len; i++)
			lines += text[i] == '\n';
		assert_int_equal(truncate(place->path, (off_t)at), 0);
		rc = count_samples(place->path, &n, &cut, why, sizeof(why));
		if (at < header) {
			assert_int_equal(rc, -EINVAL);
			assert_string_equal(
				why, at == 0 ? "empty" : "not a recording of taskscope");
			continue;
		}
		assert_int_equal(rc, -ENODATA);
		assert_int_equal(n, lines - 1);
		assert_int_equal(cut, !ends_whole);
	}
	free(text);
}

static void assert_file_refused(
	const struct place *place, const char *text, int good, const char *expected)
{
	struct recording *recording = NULL;
	struct sample sample = { 0 };
	char why[160] = "";
	bool cut = false;
	int n;

	write_file(place->path, text, strlen(text));
	assert_int_equal(count_samples(place->path, &n, &cut, why, sizeof(why)), -EINVAL);
	assert_string_equal(why, expected);
	assert_int_equal(n, good);
	assert_false(cut);

	/* The error stays. */
	assert_int_equal(recording_open(place->path, &recording, NULL, 0), 0);
	for (int i = 0; i < good; i++)
		assert_int_equal(recording_next(recording, &sample, NULL, NULL, 0), 0);
	for (int i = 0; i < 2; i++) {
		why[0] = '\0';
		assert_int_equal(
			recording_next(recording, &sample, NULL, why, sizeof(why)), -EINVAL);
		assert_string_equal(why, expected);
	}
	recording_close(recording);
	sample_finish(&sample);
}

static void a_fault_is_named_with_its_line(void **state)
{
	const struct place *place = *state;

	assert_file_refused(place, HEADER "{\"at_ns\":1}\nrubbish\n{\"at_ns\":2}\n", 1,
		"line 3: not JSON near byte 7");
	assert_file_refused(place, HEADER "{\"at_ns\":5}\n\n{\"at_ns\":5}\n{\"at_ns\":4}\n", 2,
		"line 5: its time is before that of the line above");
	assert_file_refused(place, HEADER "{\"at_ns\":5,\"tasks\":[{\"pid\":1}]}\n", 0,
		"line 2: tasks[0].tid is missing");
	/* A last line without a newline that is JSON was not cut: it is wrong. */
	assert_file_refused(place, HEADER "{\"at_ns\":5,\"tasks\":[{\"pid\":1}]}", 0,
		"line 2: tasks[0].tid is missing");
}

static void assert_cannot_open(const char *path, int error, const char *expected)
{
	struct recording *recording = NULL;
	char why[160] = "";

	assert_int_equal(recording_open(path, &recording, why, sizeof(why)), error);
	assert_string_equal(why, expected);
	assert_null(recording);
}

static void what_is_no_recording_is_refused(void **state)
{
	const struct place *place = *state;
	static const char old[] = "{\"taskscope_recording\":9,\"what\":\"ever\"}\n{\"t\":1}\n";
	char *zeros = xcalloc(1, 100000);

	assert_cannot_open(place->path, -ENOENT, strerror(ENOENT));
	assert_cannot_open(place->folder, -EINVAL, "not a regular file");
	assert_int_equal(mkfifo(place->path, 0600), 0);
	assert_cannot_open(place->path, -EINVAL, "not a regular file");
	unlink(place->path);
	write_file(place->path, "", 0);
	assert_cannot_open(place->path, -EINVAL, "empty");
	write_file(place->path, zeros, 100000);
	assert_cannot_open(place->path, -EINVAL, "not a recording of taskscope");
	write_file(place->path, old, strlen(old));
	assert_cannot_open(place->path, -EPROTO, "of form 9, and this program reads forms 1 to 2");
	free(zeros);
}

/* One gigabyte: the header, then a hole, which is one line without an end. */
static void a_line_without_end_is_refused_in_bounded_memory(void **state)
{
	const struct place *place = *state;
	struct rusage before, after;
	char why[160];
	bool cut;
	int n;

	write_file(place->path, HEADER, strlen(HEADER));
	assert_int_equal(truncate(place->path, 1 << 30), 0);
	getrusage(RUSAGE_SELF, &before);
	assert_int_equal(count_samples(place->path, &n, &cut, why, sizeof(why)), -EINVAL);
	assert_string_equal(why, "line 2: longer than 8 MiB");
	assert_int_equal(n, 0);
	getrusage(RUSAGE_SELF, &after);
	/* A buffer that doubles holds the line twice while it grows. */
	assert_true(after.ru_maxrss - before.ru_maxrss < 40 * 1024);
}

static void a_long_file_streams_in_bounded_memory(void **state)
{
	const struct place *place = *state;
	struct rusage before, after;
	FILE *file = fopen(place->path, "w");
	char why[160], blanks[4001];
	bool cut;
	int n;

	assert_non_null(file);
	fputs(HEADER, file);
	memset(blanks, ' ', sizeof(blanks) - 1);
	blanks[sizeof(blanks) - 1] = '\0';
	for (int i = 0; i < 16000; i++) /* 64 MB */
		fprintf(file, "{\"at_ns\":%d%s}\n", i, blanks);
	assert_int_equal(fclose(file), 0);
	getrusage(RUSAGE_SELF, &before);
	assert_int_equal(count_samples(place->path, &n, &cut, why, sizeof(why)), -ENODATA);
	getrusage(RUSAGE_SELF, &after);
	assert_int_equal(n, 16000);
#ifndef __SANITIZE_ADDRESS__ /* its quarantine keeps what was freed */
	assert_true(after.ru_maxrss - before.ru_maxrss < 4 * 1024);
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(a_file_reads_as_it_was_recorded),
		IN_A_PLACE(what_was_told_reads_as_it_was_told),
		cmocka_unit_test(a_recording_of_form_1_reads_as_one_of_now),
		IN_A_PLACE(a_file_cut_at_any_byte_gives_its_whole_lines),
		IN_A_PLACE(a_fault_is_named_with_its_line),
		IN_A_PLACE(what_is_no_recording_is_refused),
		IN_A_PLACE(a_line_without_end_is_refused_in_bounded_memory),
		IN_A_PLACE(a_long_file_streams_in_bounded_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
