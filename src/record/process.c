/* SPDX-License-Identifier: MIT
 * Describes the record of a process.
 */
#include "table.h"

/* clang-format off */
static const struct field process_fields[] = {
	FIELD(process_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED),
	FIELD(process_sample, name, RANGE_NONE),
	FIELD(process_sample, state, .absent = '?'),
	FIELD(process_sample, ppid, RANGE_NUMBER, .role = ROLE_OTHER),
	FIELD(process_sample, start, RANGE_TIME),
	FIELD(process_sample, threads, RANGE_NUMBER),
	FIELD(process_sample, rss_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" }),
	FIELD(process_sample, pss_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" }),
	FIELD(process_sample, uss_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" }),
	FIELD(process_sample, shared_clean_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" }),
	FIELD(process_sample, shared_dirty_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" }),
	FIELD(process_sample, private_clean_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" }),
	FIELD(process_sample, private_dirty_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" }),
	FIELD(process_sample, swap_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" }),
	FIELD(process_sample, vm_size_kb, RANGE_KB, .gaps = { "status" }),
	FIELD(process_sample, page_tables_kb, RANGE_KB, .gaps = { "status" }),
	FIELD_AS("mapping_count", process_sample, mappings, RANGE_COUNT, .gaps = { "maps" },
		.form1 = "mappings"),
	FIELD_AS("minflt", process_sample, minor_faults, RANGE_COUNT, .form1 = "minor_faults"),
	FIELD_AS("majflt", process_sample, major_faults, RANGE_COUNT, .form1 = "major_faults"),
	FIELD(process_sample, side, RANGE_SIDE, .flags = FIELD_REQUIRED | FIELD_UNPRINTED),
	FIELD(process_sample, worker, RANGE_WORKER),
	FIELD(process_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record process_record = { .name = "processes",
	.form1_parent = "slow",
	RECORD_PARTS(process, processes),
	.limit = 20000,
	.flags = RECORD_SLOW,
	.gaps = { "libproc2", "prober" } };
