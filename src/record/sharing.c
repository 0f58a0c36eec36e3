/* SPDX-License-Identifier: MIT
 * Describes the record of what a task shares: a row of the matrix.
 */
#include "table.h"

static const char *const how_words[] = { [HOW_UNKNOWN] = "unknown",
	[HOW_KERNEL] = "kernel",
	[HOW_BEHAVIOUR] = "behaviour",
	[HOW_CONSTRUCTION] = "construction" };

/* The number of an object, and how it is known. */
#define OBJECT(resource, json)                                                                     \
	FIELD_AS(json, sharing_sample, object[resource], .absent = -1, .min = -1,                  \
		.max = INT16_MAX),                                                                 \
		FIELD_AS(json "_how", sharing_sample, how[resource], WORDS(how_words))

/* clang-format off */
static const struct field sharing_fields[] = {
	FIELD_WHOSE(sharing_sample),
	FIELD(sharing_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED),
	FIELD(sharing_sample, tid, RANGE_TID, .flags = FIELD_REQUIRED),
	OBJECT(RESOURCE_MEMORY, "memory"),
	OBJECT(RESOURCE_FILES, "files"),
	OBJECT(RESOURCE_FS, "fs"),
	OBJECT(RESOURCE_HANDLERS, "handlers"),
	OBJECT(RESOURCE_SEMUNDO, "semundo"),
	OBJECT(RESOURCE_IO, "io"),
	OBJECT(RESOURCE_NAMESPACES, "namespaces"),
	FIELD(sharing_sample, clone_flags, RANGE_NONE),
	FIELD(sharing_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record sharing_record = {
	.name = "sharing", RECORD_PARTS(sharing, sharing), .limit = 2048
};
