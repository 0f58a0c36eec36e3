/* SPDX-License-Identifier: MIT
 * Describes the record of what stands at one address in a task's memory.
 */
#include "table.h"

static const char *const what_words[POINTER_WHATS] = { [POINTER_X] = "x",
	[POINTER_LOCAL] = "local",
	[POINTER_VICTIM] = "victim",
	[POINTER_NEIGHBOUR] = "neighbour" };

static const char *const page_words[PAGE_STATES] = { [PAGE_ABSENT] = "absent",
	[PAGE_OWN] = "own",
	[PAGE_SHARED] = "shared",
	[PAGE_SWAPPED] = "swapped",
	[PAGE_GUARD] = "guard",
	[PAGE_FILE] = "file" };

/* clang-format off */
static const struct field pointer_fields[] = {
	FIELDS_OF_TASK(pointer_sample),
	FIELD(pointer_sample, what, WORDS(what_words), .flags = FIELD_REQUIRED),
	FIELD(pointer_sample, address, RANGE_NONE),
	FIELD(pointer_sample, known, .flags = FIELD_UNPRINTED),
	FIELD(pointer_sample, value, .min = INT64_MIN, .max = INT64_MAX, .flags = FIELD_IF_KNOWN,
		.why = "no page there that could be read: reading would make one"),
	FIELD(pointer_sample, text, .flags = FIELD_IF_KNOWN | FIELD_OMITTED),
	FIELD(pointer_sample, state, .absent = -1, .min = -1, .max = PAGE_STATES - 1, WORDS(page_words),
		.gaps = { "pagemap" }, .why = "not looked at"),
	FIELD(pointer_sample, frame, RANGE_TIME, .gaps = { "frames", "pagemap" },
		.why = "no page there, or its frame number is for root alone"),
	FIELD(pointer_sample, exclusive, .absent = -1, .min = -1, .max = 1, .flags = FIELD_TRUTH,
		.gaps = { "pagemap" }, .why = "no page there"),
	FIELD(pointer_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record pointer_record = { .name = "pointers",
	.form1_parent = "evidence",
	RECORD_PARTS(pointer, pointers),
	.limit = 4096,
	.known = offsetof(struct pointer_sample, known),
	.flags = RECORD_PRINTED | RECORD_MANY,
	.gaps = { "mem", "task", "proc" } };
