/* SPDX-License-Identifier: MIT
 * Reading records from JSON, as the readers of a line's parts share it. All return 0, or -EINVAL with the reading's why.
 */
#ifndef TASKSCOPE_SAMPLE_READING_H
#define TASKSCOPE_SAMPLE_READING_H

#include <jansson.h>

#include "internal.h"

/* Where a reader is, for its messages. */
struct reading {
	char *why;
	size_t why_size;
	int form; /* of the recording */
	const struct record *record;
	size_t index; /* in the record's array */
};

/* Says what is wrong, as "tasks[3].voluntary is not an integer". Returns -EINVAL. */
int reading_fail(const struct reading *reading, const char *member, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int reading_integer(const struct reading *reading, const char *name, const json_t *json,
	int64_t min, int64_t max, int64_t *ret);
/* An object into a record. What it does not have, or has as null, is as in `usual`; NULL: absent. */
int reading_record(
	const struct reading *reading, const json_t *json, const void *usual, void *into);

/* record_mappings.c, record_pages.c: the groups of an array; the pages of a row that was read. */
int reading_mappings(struct reading *reading, const json_t *json, const struct sample *before,
	struct sample *sample);
int reading_pages_of(const struct reading *reading, const json_t *json, struct sample *sample,
	struct pages_sample *row);
/* record_switches.c: the members "lanes" of a line, or "switches", as recordings had it before. */
int get_switches(struct reading *reading, const json_t *line, struct sample *sample);

#endif
