/* SPDX-License-Identifier: MIT
 * Describes the record of a range of pages.
 */
#include "table.h"

#define PAGE_COUNT(state, json)                                                                    \
	FIELD_AS(json, pages_sample, count[state], .min = 0, .max = RECORD_PAGES_MAX)

/* clang-format off */
static const struct field pages_fields[] = {
	FIELD_WHOSE(pages_sample),
	FIELD(pages_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED),
	FIELD(pages_sample, name, RANGE_NONE),
	FIELD(pages_sample, start, RANGE_NONE),
	FIELD(pages_sample, page_kb, .min = 0, .max = 1 << 20),
	FIELD(pages_sample, pages, .min = 0, .max = RECORD_PAGES_MAX),
	/* Where the reader puts its pages. */
	FIELD(pages_sample, first, .flags = FIELD_UNRECORDED),
	FIELD(pages_sample, first_frame, .absent = -1, .flags = FIELD_UNRECORDED),
	PAGE_COUNT(PAGE_ABSENT, "absent"),
	PAGE_COUNT(PAGE_OWN, "own"),
	PAGE_COUNT(PAGE_SHARED, "shared"),
	PAGE_COUNT(PAGE_SWAPPED, "swapped"),
	PAGE_COUNT(PAGE_GUARD, "guard"),
	PAGE_COUNT(PAGE_FILE, "file"),
	/* The model counts them. */
	FIELD(pages_sample, equal, .absent = -1, .flags = FIELD_UNRECORDED),
	FIELD(pages_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record pages_record = { .name = "pages", RECORD_PARTS(pages, pages), .limit = 256 };
