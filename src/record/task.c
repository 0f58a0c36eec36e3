/* SPDX-License-Identifier: MIT
 * Describes the record of a task.
 */
#include "table.h"

/* clang-format off */
static const struct field task_fields[] = {
	FIELD(task_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED),
	FIELD(task_sample, tid, RANGE_TID, .flags = FIELD_REQUIRED),
	FIELD(task_sample, start, RANGE_TIME),
	FIELD(task_sample, side, RANGE_SIDE),
	FIELD(task_sample, worker, RANGE_WORKER),
	FIELD(task_sample, cpu, RANGE_SMALL),
	FIELD(task_sample, nice, RANGE_NICE),
	FIELD(task_sample, state, .absent = '?'),
	FIELD(task_sample, name, RANGE_NONE),
	FIELD(task_sample, voluntary, RANGE_COUNT),
	FIELD(task_sample, involuntary, RANGE_COUNT),
	FIELD(task_sample, run_ns, RANGE_TIME),
	FIELD(task_sample, wait_ns, RANGE_TIME),
	FIELD(task_sample, slices, RANGE_COUNT),
	FIELD(task_sample, minor_faults, RANGE_COUNT),
	FIELD(task_sample, major_faults, RANGE_COUNT),
	FIELD(task_sample, at_ns, RANGE_TIME),
	FIELD(task_sample, took_ns, RANGE_SMALL),
};
/* clang-format on */

const struct record task_record = { .name = "tasks", RECORD_PARTS(task, tasks), .limit = 20000 };
