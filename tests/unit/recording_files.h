/* SPDX-License-Identifier: MIT
 * For tests of recordings as files: a folder of one's own, files in and out, and how many samples a recording gives.
 */
#ifndef TASKSCOPE_RECORDING_FILES_H
#define TASKSCOPE_RECORDING_FILES_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sample.h"

/* The shortest first line of a recording. */
#define HEADER "{\"taskscope_recording\":2}\n"

struct place {
	char folder[64], path[96], part[112];
};

static inline int make_place(void **state)
{
	struct place *place = xcalloc(1, sizeof(*place));

	snprintf(place->folder, sizeof(place->folder), "/tmp/test_recording.%d", (int)getpid());
	if (mkdir(place->folder, 0700) < 0)
		return -1;
	snprintf(place->path, sizeof(place->path), "%s/a.jsonl", place->folder);
	snprintf(place->part, sizeof(place->part), "%s.part", place->path);
	*state = place;
	return 0;
}

static inline int remove_place(void **state)
{
	struct place *place = *state;

	unlink(place->path);
	unlink(place->part);
	rmdir(place->folder);
	free(place);
	return 0;
}

static inline void write_file(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* How many samples the file gives before it ends, and how it ends. */
static inline int count_samples(
	const char *path, int *ret_n, bool *ret_cut, char *why, size_t why_size)
{
	struct sample sample = { 0 };
	struct recording *recording = NULL;
	int64_t last = -1;
	int rc = recording_open(path, &recording, why, why_size);

	*ret_n = 0;
	*ret_cut = false;
	while (rc == 0) {
		rc = recording_next(recording, &sample, ret_cut, why, why_size);
		if (rc == 0) {
			assert_true(sample.at_ns >= last);
			last = sample.at_ns;
			++*ret_n;
		}
	}
	recording_close(recording);
	sample_finish(&sample);
	return rc;
}

static inline char *read_file(const char *path, size_t *ret_len)
{
	FILE *file = fopen(path, "r");
	struct buf text = { 0 };
	char bytes[4096];
	size_t n;

	assert_non_null(file);
	while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0)
		buf_add(&text, bytes, n);
	fclose(file);
	*ret_len = text.len;
	return text.text;
}

#define IN_A_PLACE(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

#endif
