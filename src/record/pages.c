/* SPDX-License-Identifier: MIT
 * Describes the record of a range of pages.
 */
#include "table.h"

#define PAGE_COUNT(state, json)                                                                    \
	FIELD_AS(json, pages_sample, count[state], .min = 0, .max = RECORD_PAGES_MAX)

/* clang-format off */
static const struct field pages_fields[] = {
	FIELDS_OF_PROCESS(pages_sample),
	FIELD(pages_sample, name, RANGE_NONE),
	FIELD(pages_sample, start, RANGE_NONE),
	FIELD(pages_sample, page_kb, .min = 0, .max = 1 << 20),
	FIELD(pages_sample, pages, .min = 0, .max = RECORD_PAGES_MAX),
	/* Where the reader puts its pages. */
	FIELD(pages_sample, first, .flags = FIELD_UNRECORDED | FIELD_UNPRINTED),
	FIELD(pages_sample, first_frame, .absent = -1, .flags = FIELD_UNRECORDED | FIELD_UNPRINTED),
	PAGE_COUNT(PAGE_ABSENT, "absent"),
	PAGE_COUNT(PAGE_OWN, "own"),
	PAGE_COUNT(PAGE_SHARED, "shared"),
	PAGE_COUNT(PAGE_SWAPPED, "swapped"),
	PAGE_COUNT(PAGE_GUARD, "guard"),
	PAGE_COUNT(PAGE_FILE, "file"),
	/* The model counts them. */
	FIELD(pages_sample, equal, .absent = -1, .flags = FIELD_UNRECORDED, .gaps = { "frames" },
		.why = "frame numbers were not read"),
	FIELD(pages_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record pages_record = { .name = "pages",
	.form1_parent = "evidence",
	RECORD_PARTS(pages, pages),
	.limit = 256,
	.flags = RECORD_PRINTED | RECORD_MANY,
	.gaps = { "pagemap", "task", "proc" } };
