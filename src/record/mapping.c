/* SPDX-License-Identifier: MIT
 * Describes the record of a mapping.
 */
#include "table.h"

/* clang-format off */
static const struct field mapping_fields[] = {
	/* A recording has a group of rows a process. */
	FIELD(mapping_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED | FIELD_UNRECORDED),
	FIELD(mapping_sample, start, .flags = FIELD_REQUIRED,
		FACT("address", FROM_SMAPS, "first line", AS_READ,
			"Virtual: the same address in two processes is two places, unless it is shared "
			"memory.")),
	FIELD(mapping_sample, end, .flags = FIELD_REQUIRED,
		FACT("address", FROM_SMAPS, "first line", AS_READ,
			"The first address that is not in it.")),
	FIELD(mapping_sample, perms, RANGE_NONE),
	FIELD(mapping_sample, offset, RANGE_NONE),
	FIELD(mapping_sample, dev_major, RANGE_DEVICE),
	FIELD(mapping_sample, dev_minor, RANGE_DEVICE),
	FIELD(mapping_sample, inode, RANGE_NONE),
	FIELD(mapping_sample, path, RANGE_NONE, .flags = FIELD_FOREIGN),
	FIELD(mapping_sample, size_kb, RANGE_KB,
		FACT("kB", FROM_SMAPS, "Size", AS_READ,
			"Addresses, not memory: most pages of a stack or a heap are never touched.")),
	FIELD(mapping_sample, rss_kb, RANGE_KB,
		FACT("kB", FROM_SMAPS, "Rss", AS_READ,
			"Resident in this address space; counts shared pages again in every process.")),
	FIELD(mapping_sample, pss_kb, RANGE_KB,
		FACT("kB", FROM_SMAPS, "Pss", AS_READ,
			"Each page divided by how often it is mapped, then cut to whole kB for each "
			"mapping: the sum of mappings is a little below smaps_rollup's.")),
	FIELD(mapping_sample, shared_clean_kb, RANGE_KB,
		FACT("kB", FROM_SMAPS, "Shared_Clean", AS_READ,
			CAVEAT_SHARED)),
	FIELD(mapping_sample, shared_dirty_kb, RANGE_KB,
		FACT("kB", FROM_SMAPS, "Shared_Dirty", AS_READ,
			CAVEAT_SHARED)),
	FIELD(mapping_sample, private_clean_kb, RANGE_KB,
		FACT("kB", FROM_SMAPS, "Private_Clean", AS_READ,
			CAVEAT_PRIVATE)),
	FIELD(mapping_sample, private_dirty_kb, RANGE_KB,
		FACT("kB", FROM_SMAPS, "Private_Dirty", AS_READ,
			CAVEAT_PRIVATE)),
	FIELD(mapping_sample, referenced_kb, RANGE_KB,
		FACT("kB", FROM_SMAPS, "Referenced", AS_READ,
			"Marked as used since the kernel last cleared the mark, whenever that was.")),
	FIELD(mapping_sample, anonymous_kb, RANGE_KB,
		FACT("kB", FROM_SMAPS, "Anonymous", AS_READ,
			"Pages that no file holds: of a private file mapping, those that were written "
			"to.")),
	FIELD(mapping_sample, anon_huge_kb, RANGE_KB,
		FACT("kB", FROM_SMAPS, "AnonHugePages", AS_READ,
			"In huge pages: here memory grows and is copied in steps of 2 MB.")),
	FIELD(mapping_sample, swap_kb, RANGE_KB,
		FACT("kB", FROM_SMAPS, "Swap", AS_READ,
			"Private pages only: swapped shared memory is not in it.")),
	FIELD(mapping_sample, private_hugetlb_kb, RANGE_KB,
		FACT("kB", FROM_SMAPS, "Private_Hugetlb", AS_READ,
			"Huge pages that the administrator set aside (hugetlbfs), mapped by one "
			"address space: in no RSS and in no PSS.")),
	FIELD(mapping_sample, shared_hugetlb_kb, RANGE_KB,
		FACT("kB", FROM_SMAPS, "Shared_Hugetlb", AS_READ,
			"Huge pages that the administrator set aside (hugetlbfs), mapped more than "
			"once: in no RSS and in no PSS.")),
	FIELD(mapping_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record mapping_record = { .name = "mappings",
	.form1_parent = "slow",
	RECORD_PARTS(mapping, mappings),
	.limit = 65536,
	.flags = RECORD_SLOW,
	.quality = QUALITY_SAMPLED,
	.need = NEED_MAPPINGS,
	.gaps = { "smaps", "prober" } };
