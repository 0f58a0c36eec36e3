/* SPDX-License-Identifier: MIT
 * Describes the record of a mapping.
 */
#include "table.h"

/* clang-format off */
static const struct field mapping_fields[] = {
	/* A recording has a group of rows a process. */
	FIELD(mapping_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED | FIELD_UNRECORDED),
	FIELD(mapping_sample, start, .flags = FIELD_REQUIRED),
	FIELD(mapping_sample, end, .flags = FIELD_REQUIRED),
	FIELD(mapping_sample, perms, RANGE_NONE),
	FIELD(mapping_sample, offset, RANGE_NONE),
	FIELD(mapping_sample, dev_major, RANGE_DEVICE),
	FIELD(mapping_sample, dev_minor, RANGE_DEVICE),
	FIELD(mapping_sample, inode, RANGE_NONE),
	FIELD(mapping_sample, path, RANGE_NONE),
	FIELD(mapping_sample, size_kb, RANGE_KB),
	FIELD(mapping_sample, rss_kb, RANGE_KB),
	FIELD(mapping_sample, pss_kb, RANGE_KB),
	FIELD(mapping_sample, shared_clean_kb, RANGE_KB),
	FIELD(mapping_sample, shared_dirty_kb, RANGE_KB),
	FIELD(mapping_sample, private_clean_kb, RANGE_KB),
	FIELD(mapping_sample, private_dirty_kb, RANGE_KB),
	FIELD(mapping_sample, referenced_kb, RANGE_KB),
	FIELD(mapping_sample, anonymous_kb, RANGE_KB),
	FIELD(mapping_sample, anon_huge_kb, RANGE_KB),
	FIELD(mapping_sample, swap_kb, RANGE_KB),
	FIELD(mapping_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record mapping_record = { .name = "mappings",
	.form1_parent = "slow",
	RECORD_PARTS(mapping, mappings),
	.limit = 65536,
	.flags = RECORD_SLOW,
	.gaps = { "smaps", "prober" } };
