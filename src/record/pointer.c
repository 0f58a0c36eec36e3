/* SPDX-License-Identifier: MIT
 * Describes the record of what stands at one address in a task's memory.
 */
#include "table.h"

static const char *const what_words[POINTER_WHATS] = {
	[POINTER_X] = "x", [POINTER_LOCAL] = "local", [POINTER_VICTIM] = "victim"
};

/* clang-format off */
static const struct field pointer_fields[] = {
	FIELD_WHOSE(pointer_sample),
	FIELD(pointer_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED),
	FIELD(pointer_sample, tid, RANGE_TID, .flags = FIELD_REQUIRED),
	FIELD(pointer_sample, what, WORDS_REQUIRED(what_words)),
	FIELD(pointer_sample, state, .absent = -1, .min = -1, .max = PAGE_STATES - 1),
	FIELD(pointer_sample, known, RANGE_NONE),
	FIELD(pointer_sample, address, RANGE_NONE),
	FIELD(pointer_sample, value, .min = INT64_MIN, .max = INT64_MAX),
	FIELD(pointer_sample, text, RANGE_NONE),
	FIELD(pointer_sample, frame, RANGE_TIME),
	FIELD(pointer_sample, exclusive, .absent = -1, .min = -1, .max = 1),
	FIELD(pointer_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record pointer_record = {
	.name = "pointers", RECORD_PARTS(pointer, pointers), .limit = 4096
};
