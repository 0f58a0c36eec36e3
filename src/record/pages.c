/* SPDX-License-Identifier: MIT
 * Describes the record of a range of pages.
 */
#include "table.h"

#define PAGE_COUNT(state, json, bits, words)                                                       \
	FIELD_AS(json, pages_sample, count[state], .min = 0, .max = RECORD_PAGES_MAX,              \
		FACT("", FROM_PAGEMAP, bits, "count of the pages that are looked at", words))

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
	PAGE_COUNT(PAGE_ABSENT, "absent", "bits 63, 62",
		"Mapped, but no memory: nobody has touched it yet."),
	PAGE_COUNT(PAGE_OWN, "own", "bits 63, 61, 56",
		"Anonymous, and mapped by one address space: all threads of a process have it."),
	PAGE_COUNT(PAGE_SHARED, "shared", "bits 63, 61, 56",
		"Mapped more than once: after fork, until somebody writes; also the zero page."),
	PAGE_COUNT(PAGE_SWAPPED, "swapped", "bit 62",
		"On disk; the next access is a major fault."),
	PAGE_COUNT(PAGE_GUARD, "guard", "bit 58",
		"Made by MADV_GUARD_INSTALL: whoever touches it gets SIGSEGV."),
	PAGE_COUNT(PAGE_FILE, "file", "bits 63, 61",
		"A page of a file or of MAP_SHARED memory: whoever maps the file gets this one."),
	/* The model counts them. */
	FIELD(pages_sample, equal, .absent = -1, .flags = FIELD_UNRECORDED, .gaps = { "frames", "pagemap" },
		.why = "frame numbers were not read",
		FACT("", FROM_PAGEMAP, "bits 0 to 54", "pages whose frame another process has there, too",
			"Frame numbers are for root alone; bit 56 tells others whether a page is "
			"shared.")),
	FIELD(pages_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record pages_record = { .name = "pages",
	.form1_parent = "evidence",
	RECORD_PARTS(pages, pages),
	.limit = 256,
	.flags = RECORD_PRINTED | RECORD_MANY,
	.quality = QUALITY_SAMPLED,
	.need = NEED_PAGES,
	.gap = "pagemap",
	.gaps = { "task", "proc" } };
