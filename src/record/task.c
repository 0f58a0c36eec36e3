/* SPDX-License-Identifier: MIT
 * Describes the record of a task.
 */
#include "table.h"

/* clang-format off */
static const struct field task_fields[] = {
	FIELD(task_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED),
	FIELD(task_sample, tid, RANGE_TID, .flags = FIELD_REQUIRED),
	FIELD(task_sample, name, RANGE_NONE),
	FIELD(task_sample, state, .absent = '?', .gaps = { "stat" }),
	FIELD(task_sample, nice, RANGE_NICE, .gaps = { "stat" }),
	FIELD(task_sample, start, RANGE_TIME, .gaps = { "stat" }),
	FIELD(task_sample, cpu, RANGE_SMALL, .gaps = { "stat" }),
	FIELD(task_sample, voluntary, RANGE_COUNT, .gaps = { "status" }),
	FIELD(task_sample, involuntary, RANGE_COUNT, .gaps = { "status" }),
	FIELD(task_sample, run_ns, RANGE_TIME, .gaps = { "schedstat" }),
	FIELD(task_sample, wait_ns, RANGE_TIME, .gaps = { "schedstat" }),
	FIELD(task_sample, slices, RANGE_COUNT, .gaps = { "schedstat" }),
	FIELD_AS("minflt", task_sample, minor_faults, RANGE_COUNT, .gaps = { "stat" },
		.form1 = "minor_faults"),
	FIELD_AS("majflt", task_sample, major_faults, RANGE_COUNT, .gaps = { "stat" },
		.form1 = "major_faults"),
	FIELD(task_sample, at_ns, RANGE_AT, .flags = FIELD_UNPRINTED),
	FIELD(task_sample, took_ns, RANGE_NUMBER, .flags = FIELD_UNPRINTED),
	FIELD(task_sample, side, RANGE_SIDE, .flags = FIELD_REQUIRED | FIELD_UNPRINTED),
	FIELD(task_sample, worker, RANGE_WORKER),
};
/* clang-format on */

const struct record task_record = {
	.name = "tasks", RECORD_PARTS(task, tasks), .limit = 20000, .gaps = { "task", "proc" }
};
