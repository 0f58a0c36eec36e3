/* SPDX-License-Identifier: MIT
 * The JSON Lines of a run, and ways into them: shared by the tests that read numbers.
 */
#ifndef TASKSCOPE_TESTS_LINES_H
#define TASKSCOPE_TESTS_LINES_H

#include <jansson.h>
#include <string.h>

#include "harness.h"

/* The lines of a JSON run, parsed; the array is the caller's. */
static inline json_t *lines_of(const struct run *run)
{
	json_t *lines = json_array();

	for (const char *at = run->out.text; *at;) {
		const char *end = strchr(at, '\n');
		json_error_t error;
		assert_non_null(end); /* no line is cut */
		json_t *line = json_loadb(at, (size_t)(end - at), 0, &error);

		if (!line)
			fail_msg("not JSON: %s: %.200s", error.text, at);
		json_array_append_new(lines, line);
		at = end + 1;
	}
	return lines;
}

static inline json_t *side_of(const json_t *line, size_t side)
{
	return json_array_get(json_object_get(line, "sides"), side);
}

static inline const char *text_in(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static inline int64_t integer_in(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

#define HOST (-1)

/* Whether a row is a worker's (its index), or a host's. */
static inline bool is_of(const json_t *row, int worker)
{
	const json_t *index = json_object_get(row, "worker");

	if (worker == HOST)
		return strcmp(text_in(row, "role"), "host") == 0;
	return json_is_integer(index) && json_integer_value(index) == worker;
}

/* The row of a worker in an array of a side ("tasks", "processes", "orders", "ended"). */
static inline json_t *row_of(const json_t *line, size_t side, const char *kind, int worker)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(side_of(line, side), kind), i,
		row) if (is_of(row, worker)) return row;
	return NULL;
}

/* The row of evidence of a worker; key and value: the one that has this text there, too. */
static inline json_t *evidence_of(const json_t *line, const char *kind, size_t side, int worker,
	const char *key, const char *value)
{
	static const char *const names[SIDES] = { "left", "right" };
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(line, kind), i,
		row) if (strcmp(text_in(row, "side"), names[side]) == 0 && is_of(row, worker) &&
			 (!key || strcmp(text_in(row, key), value) == 0)) return row;
	return NULL;
}

static inline const char *reason_of(const json_t *line, const char *key)
{
	return text_in(json_object_get(line, "unavailable"), key);
}

#endif
