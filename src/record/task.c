/* SPDX-License-Identifier: MIT
 * Describes the record of a task.
 */
#include "table.h"

/* clang-format off */
static const struct field task_fields[] = {
	FIELD(task_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED,
		FACT("", FROM_STATUS, "Tgid", AS_READ,
			"The thread group's id: equal to the TID of its first thread, its leader.")),
	FIELD(task_sample, tid, RANGE_TID, .flags = FIELD_REQUIRED,
		FACT("", "/proc/PID/task", "name of the directory", AS_READ,
			"Ids are used again: a task is identified by its TID and its start time.")),
	FIELD(task_sample, name, RANGE_NONE, .flags = FIELD_FOREIGN),
	FIELD(task_sample, state, .absent = '?', .gaps = { "stat" },
		FACT("letter", FROM_STAT, "3 state", AS_READ,
			"The state at one instant: R is running or waiting for a CPU, S asleep, D "
			"asleep and not to be disturbed, T stopped, Z ended and not yet waited for.")),
	FIELD(task_sample, nice, RANGE_NICE, .gaps = { "stat" },
		FACT("", FROM_STAT, "19 nice", AS_READ,
			"On Linux a thread has its own; it weighs only against tasks of the same group "
			"of the scheduler (autogroup, cgroup).")),
	FIELD(task_sample, start, RANGE_TIME, .gaps = { "stat" },
		FACT("ticks", FROM_STAT, "22 starttime", AS_READ,
			"Counts clock ticks (mostly 10 ms) since boot, so two tasks can have the same.")),
	FIELD(task_sample, cpu, RANGE_SMALL, .gaps = { "stat" },
		FACT("", FROM_STAT, "39 processor", AS_READ,
			"Where it runs, or, while it does not run, where it ran last.")),
	FIELD(task_sample, voluntary, RANGE_COUNT, .gaps = { "status" },
		FACT("", FROM_STATUS, "voluntary_ctxt_switches", AS_READ,
			"Blocked, so not runnable any more; since birth. /proc/PID/status speaks for "
			"the leader alone, hence task/TID.")),
	FIELD(task_sample, involuntary, RANGE_COUNT, .gaps = { "status" },
		FACT("", FROM_STATUS, "nonvoluntary_ctxt_switches", AS_READ,
			"Still runnable: preempted, slice over, or sched_yield(); since birth. "
			"/proc/PID/status speaks for the leader alone, hence task/TID.")),
	FIELD(task_sample, run_ns, RANGE_TIME, .gaps = { "schedstat" },
		FACT("ns", FROM_SCHEDSTAT, "1 time on a CPU", AS_READ,
			"Since birth. While a task runs, the kernel brings this up to date at timer "
			"ticks: over a short interval it jumps, and can exceed 100 %.")),
	FIELD(task_sample, wait_ns, RANGE_TIME, .gaps = { "schedstat" },
		FACT("ns", FROM_SCHEDSTAT, "2 time waiting for a CPU", AS_READ,
			"Runnable, and no CPU was free for it; since birth. Sleep is not in it.")),
	FIELD(task_sample, slices, RANGE_COUNT, .gaps = { "schedstat" },
		FACT("", FROM_SCHEDSTAT, "3 times put on a CPU", AS_READ,
			"Counted on arrival, switches on departure: a task that runs now has one slice "
			"more than switches.")),
	FIELD_AS("minflt", task_sample, minor_faults, RANGE_COUNT, .gaps = { "stat" },
		.form1 = "minor_faults", .fact = "minor_faults",
		FACT("", FROM_STAT, "10 minflt", AS_READ,
			"Page faults that needed no disk, since birth; one can map several pages at "
			"once.")),
	FIELD_AS("majflt", task_sample, major_faults, RANGE_COUNT, .gaps = { "stat" },
		.form1 = "major_faults", .fact = "major_faults",
		FACT("", FROM_STAT, "12 majflt", AS_READ,
			"Page faults that had to wait for a disk, since birth.")),
	FIELD(task_sample, at_ns, RANGE_AT, .flags = FIELD_UNPRINTED),
	FIELD(task_sample, counts_at_ns, RANGE_AT, .flags = FIELD_UNRECORDED | FIELD_UNPRINTED),
	FIELD(task_sample, took_ns, RANGE_NUMBER, .flags = FIELD_UNPRINTED),
	FIELD(task_sample, side, RANGE_SIDE, .flags = FIELD_REQUIRED | FIELD_UNPRINTED),
	FIELD(task_sample, worker, RANGE_WORKER),
};
/* clang-format on */

const struct record task_record = { .name = "tasks",
	RECORD_PARTS(task, tasks),
	.limit = 20000,
	.need = NEED_TASKS,
	.gaps = { "task", "proc" } };
