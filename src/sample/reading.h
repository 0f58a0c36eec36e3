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
/* The array of the parent that holds these records: *ret_json NULL if it is absent. */
int reading_find_array(struct reading *reading, const json_t *parent, const struct record *record,
	json_t **ret_json);

/* A member of the parent that holds the rows of a kind, or the one; absent, there are none, or it is absent in all. */
int reading_kind(struct reading *reading, const json_t *parent, const struct record *record,
	struct sample *sample);

/* record_duel.c: the member "duel" of a line; a line without it has that of the line before (NULL: none). */
int reading_duel(struct reading *reading, const json_t *line, const struct sample *before,
	struct sample *sample);
/* record_evidence.c: the member "evidence" of a line; a line without it has that of the line before (NULL: none). */
int reading_evidence(struct reading *reading, const json_t *line, const struct sample *before,
	struct sample *sample);

#endif
