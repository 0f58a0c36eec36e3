/* SPDX-License-Identifier: MIT
 * A folder of a test's own, and files in it.
 */
#ifndef TASKSCOPE_TESTS_FILES_H
#define TASKSCOPE_TESTS_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness.h"

static char folder[] = "/tmp/taskscope-test-XXXXXX";

/* Setup of a group of tests. */
static inline int make_folder(void **state)
{
	return mkdtemp(folder) ? 0 : -1;
}

/* The last eight are good at a time. */
static inline const char *in_folder(const char *name)
{
	static char paths[8][160];
	static int next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static inline void write_file(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static inline struct buf read_file(const char *path)
{
	struct buf ret = { 0 };
	char bytes[4096];
	size_t n;
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0)
		buf_add(&ret, bytes, n);
	fclose(file);
	return ret;
}

#endif
