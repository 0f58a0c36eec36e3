/* SPDX-License-Identifier: MIT
 * Describes the record of a process.
 */
#include "table.h"

/* clang-format off */
static const struct field process_fields[] = {
	FIELD(process_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED,
		FACT("", FROM_PIDS, "PIDS_ID_PID", AS_READ,
			"Ids are used again: a process is identified by its PID and its start time.")),
	FIELD(process_sample, name, RANGE_NONE, .flags = FIELD_FOREIGN),
	FIELD(process_sample, state, .absent = '?', .gaps = { "libproc2" },
		FACT("letter", FROM_PIDS, "PIDS_STATE", AS_READ,
			"Of the leader: Z with living threads means that only the first thread has "
			"ended.")),
	FIELD(process_sample, ppid, RANGE_NUMBER, .role = ROLE_OTHER, .gaps = { "libproc2" },
		FACT("", FROM_PIDS, "PIDS_ID_PPID", AS_READ,
			"When a parent ends, its children get another.")),
	FIELD(process_sample, start, RANGE_TIME, .gaps = { "libproc2" },
		FACT("ticks", FROM_PIDS, "PIDS_TICS_BEGAN", AS_READ,
			"Counts clock ticks (mostly 10 ms) since boot.")),
	FIELD(process_sample, threads, RANGE_NUMBER, .gaps = { "libproc2" },
		FACT("", FROM_PIDS, "PIDS_NLWP", AS_READ,
			"Tasks of the thread group, its leader counted.")),
	FIELD(process_sample, address_space_of, RANGE_NUMBER, .role = ROLE_OTHER, .gaps = { "kcmp" },
		FACT("", "kcmp(2)", "KCMP_VM", "PID of the parent, if it has the same",
			"A child of vfork, until it calls exec, or of clone with CLONE_VM: their memory "
			"is counted once. 0: its own.")),
	FIELD(process_sample, deleted, .flags = FIELD_OMITTED),
	FIELD(process_sample, rss_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" },
		FACT("kB", FROM_ROLLUP, "Rss", AS_READ,
			"Resident set: counts shared pages again in every process. Never sum it: "
			"memory would seem to be used many times. Of another user's process it "
			"is VmRSS of /proc/PID/status.")),
	FIELD(process_sample, pss_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" },
		FACT("kB", FROM_ROLLUP, "Pss", AS_READ,
			"Proportional set size: each page divided by how often it is mapped, so it may "
			"be summed; it changes when others come or go.")),
	FIELD(process_sample, uss_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" },
		FACT("kB", FROM_ROLLUP, "Private_Clean, Private_Dirty", "Private_Clean + Private_Dirty",
			"Unique set size: what nobody else maps, so what the process's end would free "
			"(page tables and kernel memory not counted).")),
	FIELD(process_sample, shared_clean_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" },
		FACT("kB", FROM_ROLLUP, "Shared_Clean", AS_READ,
			CAVEAT_SHARED)),
	FIELD(process_sample, shared_dirty_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" },
		FACT("kB", FROM_ROLLUP, "Shared_Dirty", AS_READ,
			CAVEAT_SHARED)),
	FIELD(process_sample, private_clean_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" },
		FACT("kB", FROM_ROLLUP, "Private_Clean", AS_READ,
			CAVEAT_PRIVATE)),
	FIELD(process_sample, private_dirty_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" },
		FACT("kB", FROM_ROLLUP, "Private_Dirty", AS_READ,
			CAVEAT_PRIVATE)),
	FIELD(process_sample, swap_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" },
		FACT("kB", FROM_ROLLUP, "Swap", AS_READ,
			"Private pages only: swapped shared memory is not in it.")),
	FIELD(process_sample, private_hugetlb_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" },
		FACT("kB", FROM_ROLLUP, "Private_Hugetlb", AS_READ,
			"Huge pages that the administrator set aside (hugetlbfs), mapped by one "
			"address space: in no RSS and in no PSS.")),
	FIELD(process_sample, shared_hugetlb_kb, RANGE_KB, .gaps = { "smaps_rollup", "smaps" },
		FACT("kB", FROM_ROLLUP, "Shared_Hugetlb", AS_READ,
			"Huge pages that the administrator set aside (hugetlbfs), mapped more than "
			"once: in no RSS and in no PSS.")),
	FIELD(process_sample, vm_size_kb, RANGE_KB, .gaps = { "status", "libproc2" },
		FACT("kB", "/proc/PID/status", "VmSize", AS_READ,
			"Addresses that are mapped, not memory that is used: costs almost nothing.")),
	FIELD(process_sample, page_tables_kb, RANGE_KB, .gaps = { "status", "libproc2" },
		FACT("kB", "/proc/PID/status", "VmPTE", AS_READ,
			"The kernel's tables for this address space: a process has its own, threads "
			"share one. Not in RSS.")),
	FIELD_AS("mapping_count", process_sample, mappings, RANGE_COUNT, .gaps = { "maps", "libproc2" },
		.form1 = "mappings", .fact = "mappings", .need = NEED_MAPPING_COUNT,
		FACT("", "/proc/PID/maps", "lines", "count",
			"Each is a record in the kernel (a VMA), whatever its size; threads have one "
			"list together.")),
	FIELD_AS("minflt", process_sample, minor_faults, RANGE_COUNT, .gaps = { "libproc2" }, .form1 = "minor_faults", .fact = "minor_faults",
		FACT("", FROM_PIDS, "PIDS_FLT_MIN", AS_READ,
			"Of the whole thread group, threads that have ended included.")),
	FIELD_AS("majflt", process_sample, major_faults, RANGE_COUNT, .gaps = { "libproc2" }, .form1 = "major_faults", .fact = "major_faults",
		FACT("", FROM_PIDS, "PIDS_FLT_MAJ", AS_READ,
			"Of the whole thread group, threads that have ended included.")),
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
	.quality = QUALITY_SAMPLED,
	.need = NEED_PROCESSES,
	.gaps = { "prober" } };
