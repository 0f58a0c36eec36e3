/* SPDX-License-Identifier: MIT
 * Describes the records of the machine, and of what taskscope itself costs.
 */
#include "table.h"

/* clang-format off */
static const struct field machine_fields[] = {
	FIELD(machine_sample, cpus, RANGE_NUMBER),
	FIELD(machine_sample, load_centi, RANGE_NUMBER),
	FIELD(machine_sample, switches, RANGE_TIME),
	FIELD(machine_sample, total_kb, RANGE_KB),
	FIELD(machine_sample, available_kb, RANGE_KB),
};

static const struct field observer_fields[] = {
	FIELD(observer_sample, cpu_ns, RANGE_TIME),
	FIELD(observer_sample, voluntary, RANGE_COUNT),
	FIELD(observer_sample, involuntary, RANGE_COUNT),
	FIELD(observer_sample, rss_kb, RANGE_KB),
	FIELD(observer_sample, pss_kb, RANGE_KB),
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
