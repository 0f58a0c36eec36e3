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
	FIELD(pointer_sample, address, .flags = FIELD_NULLED, .gaps = { "board" },
		FACT("address", FROM_BOARD, "x_address, local_address", AS_READ,
			"In another address space the same number can be other memory.")),
	FIELD(pointer_sample, known, .flags = FIELD_UNPRINTED),
	FIELD(pointer_sample, value, .min = INT64_MIN, .max = INT64_MAX, .flags = FIELD_IF_KNOWN, .gaps = { "mem" },
		.why = "no page there that could be read: reading would make one",
		FACT("", FROM_MEM, "8 bytes at the address", AS_READ,
			"Read through /proc: process_vm_readv would give the reader a page of its own.")),
	FIELD(pointer_sample, text, .flags = FIELD_IF_KNOWN | FIELD_OMITTED, .gaps = { "mem" },
		FACT("", FROM_MEM, "text at the address, behind the value of X", AS_READ,
			"Who wrote it last, in that memory.")),
	FIELD(pointer_sample, state, .absent = -1, .min = -1, .max = PAGE_STATES - 1, WORDS(page_words),
		.gaps = { "pagemap" }, .why = "not looked at"),
	FIELD(pointer_sample, frame, RANGE_TIME, .gaps = { "frames", "pagemap" },
		.why = "no page there, or its frame number is for root alone",
		FACT("", FROM_PAGEMAP, "bits 0 to 54", AS_READ,
			"The number of the physical page; the kernel tells it to root alone.")),
	FIELD(pointer_sample, exclusive, .absent = -1, .min = -1, .max = 1, .flags = FIELD_TRUTH,
		.gaps = { "pagemap" }, .why = "no page there",
		FACT("", FROM_PAGEMAP, "bit 56", "1: mapped once, 0: by several",
			"Once means by one address space, in which all threads of a process live.")),
	FIELD(pointer_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record pointer_record = { .name = "pointers",
	.form1_parent = "evidence",
	RECORD_PARTS(pointer, pointers),
	.limit = 4096,
	.known = offsetof(struct pointer_sample, known),
	.flags = RECORD_PRINTED | RECORD_MANY,
	.quality = QUALITY_SAMPLED,
	.need = NEED_POINTER,
	.gap = "mem",
	.gaps = { "task", "proc" } };
