/* SPDX-License-Identifier: MIT
 * Describes the records of the machine, and of what taskscope itself costs.
 */
#include "table.h"

/* clang-format off */
static const struct field machine_fields[] = {
	FIELD(machine_sample, cpus, RANGE_NUMBER,
		FACT("", "libproc2 misc", "procps_cpu_count", AS_READ,
			"Online; a container may be allowed fewer.")),
	FIELD(machine_sample, load_centi, RANGE_NUMBER,
		FACT("1/100", "libproc2 misc", "procps_loadavg", "1-minute load average x 100",
			"Tasks that run, wait for a CPU, or are in state D, as a mean that forgets "
			"slowly.")),
	FIELD(machine_sample, switches, RANGE_TIME,
		FACT("", "libproc2 stat", "STAT_SYS_CTX_SWITCHES", AS_READ,
			"Since boot, on all CPUs.")),
	FIELD(machine_sample, total_kb, RANGE_KB,
		FACT("kB", "libproc2 meminfo", "MEMINFO_MEM_TOTAL", AS_READ,
			"What the kernel itself took at boot is not in it.")),
	FIELD(machine_sample, available_kb, RANGE_KB,
		FACT("kB", "libproc2 meminfo", "MEMINFO_MEM_AVAILABLE", AS_READ,
			"The kernel's estimate of what can be had without swapping; free memory is "
			"less.")),
};

static const struct field observer_fields[] = {
	FIELD(observer_sample, cpu_ns, RANGE_TIME,
		FACT("ns", FROM_OWN, "schedstat 1", "sum",
			"What looking costs. The crews are not in it.")),
	FIELD(observer_sample, voluntary, RANGE_COUNT,
		FACT("", FROM_OWN, "status voluntary_ctxt_switches", "sum",
			"Since each of them started.")),
	FIELD(observer_sample, involuntary, RANGE_COUNT,
		FACT("", FROM_OWN, "status nonvoluntary_ctxt_switches", "sum",
			"Since each of them started.")),
	FIELD(observer_sample, rss_kb, RANGE_KB, .quality = QUALITY_SAMPLED,
		FACT("kB", FROM_OWN, "smaps_rollup Rss", "sum",
			"A sum of resident sets: the pages that our processes share count again in "
			"each.")),
	FIELD(observer_sample, pss_kb, RANGE_KB, .quality = QUALITY_SAMPLED,
		FACT("kB", FROM_OWN, "smaps_rollup Pss", "sum",
			"What our processes share with each other counts once; a library that others "
			"use, too, in part.")),
	FIELD(observer_sample, kernel_kb, RANGE_KB, .quality = QUALITY_SAMPLED,
		.why = "before Linux 6.2 the kernel does not count open files",
		FACT("kB", FROM_OWN, "size of the directory fd", "open files x (a page + 1.25 kB)",
			"Kept files of /proc, nearly all: each has a page for its text; for file, inode "
			"and name about so much, by their sizes on x86-64.")),
};

static const struct field card_fields[] = {
	FIELD(machine_info, kernel, RANGE_NONE),
	FIELD(machine_info, cpu, RANGE_NONE),
	FIELD(machine_info, cpus, RANGE_NUMBER),
	FIELD(machine_info, ticks_per_s, RANGE_NUMBER),
	FIELD(machine_info, perf_event_paranoid, .absent = -99, RANGE_INT32),
	FIELD(machine_info, uid, .absent = UNKNOWN, RANGE_INT32),
	FIELD(machine_info, recorded, RANGE_NONE),
};
/* clang-format on */

const struct record machine_record = { .name = "machine",
	.form1_parent = "slow",
	RECORD_PARTS(machine, machine),
	.limit = 1,
	.flags = RECORD_SLOW,
	.quality = QUALITY_SAMPLED,
	.need = NEED_MACHINE,
	.gaps = { "libproc2", "prober" } };

const struct record observer_record = { .name = "observer",
	RECORD_PARTS(observer, observer),
	.limit = 1,
	.gaps = { "observer", "proc" } };

const struct record card_record = { .name = "machine",
	.fields = card_fields,
	.n = ARRAY_LEN(card_fields),
	.size = sizeof(struct machine_info),
	.limit = 1 };
