/* SPDX-License-Identifier: MIT
 * Describes the record of what a task shares: a row of the matrix.
 */
#include "table.h"

static const char *const how_words[] = { [HOW_UNKNOWN] = "unknown",
	[HOW_KERNEL] = "kernel",
	[HOW_BEHAVIOUR] = "behaviour",
	[HOW_CONSTRUCTION] = "construction" };

/* The number of an object, and how it is known. */
#define OBJECT(resource, json, old, gap)                                                           \
	FIELD_AS(json, sharing_sample, object[resource], .absent = -1, .min = -1,                  \
		.max = INT16_MAX, .form1 = old, .gaps = { gap }, .why = "could not be told"),      \
		FIELD_AS(json "_how", sharing_sample, how[resource], WORDS(how_words),             \
			.flags = FIELD_UNPRINTED, .form1 = old "_how")

/* clang-format off */
static const struct field sharing_fields[] = {
	FIELDS_OF_TASK(sharing_sample),
	OBJECT(RESOURCE_MEMORY, "mm", "memory", "kcmp"),
	OBJECT(RESOURCE_FILES, "files", "files", "kcmp"),
	OBJECT(RESOURCE_FS, "fs", "fs", "kcmp"),
	OBJECT(RESOURCE_HANDLERS, "handlers", "handlers", "kcmp"),
	OBJECT(RESOURCE_SEMUNDO, "semundo", "semundo", "kcmp none"),
	OBJECT(RESOURCE_IO, "io", "io", "kcmp none"),
	OBJECT(RESOURCE_NAMESPACES, "namespaces", "namespaces", "ns"),
	FIELD(sharing_sample, clone_flags, .flags = FIELD_OF_WORKERS),
	FIELD(sharing_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record sharing_record = { .name = "sharing",
	.form1_parent = "evidence",
	RECORD_PARTS(sharing, sharing),
	.limit = 2048,
	.flags = RECORD_PRINTED | RECORD_OF_LIVING,
	.gaps = { "kcmp", "task", "proc" } };
