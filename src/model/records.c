/* SPDX-License-Identifier: MIT
 * Describes what the model makes of samples: rates, lanes and sums. As in src/record, a number is said once: for facts, for
 * --json and for its tests.
 */
#include "internal.h"

#define FIELD RECORD_FIELD
#define FIELD_AS RECORD_FIELD_AS
#define FACT RECORD_FACT

#define STAT "/proc/PID/task/TID/stat"
#define STATUS "/proc/PID/task/TID/status"
#define SCHEDSTAT "/proc/PID/task/TID/schedstat"
#define ROLLUP "/proc/PID/smaps_rollup"
#define PIDS "libproc2 pids"
#define OWN "/proc of supervisor, screen and prober"
#define BOARD "the crew's board"
#define AS_READ "as read"
#define EDGES "/proc/PID/task/TID/syscall and mem, twice"

#define CAVEAT_TICKS                                                                               \
	"While a task runs, the kernel brings this up to date at timer ticks: over a short "       \
	"interval it jumps, and can exceed 100 %."

#define NEEDS_LANES .need = NEED_SWITCHES | NEED_WAITS

/* clang-format off */
static const struct field track_fields[] = {
	FIELD_AS("voluntary_per_s", track, voluntary_per_s, .flags = FIELD_RATE, .gaps = { "status" },
		FACT("1/s", STATUS, "voluntary_ctxt_switches", "(now - before) / measured interval",
			"The task blocked: when it gave the CPU up, it was not runnable any more.")),
	FIELD_AS("involuntary_per_s", track, involuntary_per_s, .flags = FIELD_RATE, .gaps = { "status" },
		FACT("1/s", STATUS, "nonvoluntary_ctxt_switches", "(now - before) / measured interval",
			"The task was still runnable: preempted, its slice was over, or it called "
			"sched_yield(), which the kernel counts here.")),
	FIELD_AS("cpu_percent", track, cpu_percent, .flags = FIELD_RATE, .gaps = { "schedstat" },
		FACT("%", SCHEDSTAT, "1 time on a CPU", "(now - before) / measured interval x 100",
			CAVEAT_TICKS)),
	FIELD_AS("wait_percent", track, wait_percent, .flags = FIELD_RATE, .gaps = { "schedstat" },
		FACT("%", SCHEDSTAT, "2 time waiting for a CPU", "(now - before) / measured interval x 100",
			"Wanted a CPU and had none; added when the wait is over: of one longer than "
			"an interval, the share is of all the time since it began.")),
	FIELD_AS("minflt_per_s", track, minor_faults_per_s, .flags = FIELD_RATE, .fact = "minor_faults_per_s", .gaps = { "stat" },
		FACT("1/s", STAT, "10 minflt", "(now - before) / measured interval",
			"Page faults that needed no disk: a page touched first, or copied on write.")),
	FIELD_AS("user_switches_per_s", track, user_switches_per_s, .flags = FIELD_RATE | FIELD_UNPRINTED, .gaps = { "board" },
		FACT("1/s", BOARD, "user_switches", "(now - before) / measured interval",
			"Between user-level stacks of one task, counted by the worker itself: the kernel "
			"neither makes nor counts these switches.")),
	FIELD_AS("rounds", track, rounds, .absent = UNKNOWN, .flags = FIELD_UNPRINTED, .gaps = { "board" },
		FACT("", BOARD, "rounds", AS_READ,
			"Counted by the worker itself, not by the kernel; what a round is depends on "
			"its job.")),
};

static const struct field lane_fields[] = {
	FIELD_AS("lane_run_share", track_lane, run_percent, NEEDS_LANES, .flags = FIELD_UNPRINTED, .gaps = { "perf_event" },
		FACT("%", "perf_event_open(2), PERF_RECORD_SWITCH", "put on to switched out", "time on a CPU / known time x 100, over the last second",
			"Exact; time after a loss is left out. Tasks get equal shares within one group "
			"of the scheduler: each crew is one (autogroup).")),
	FIELD_AS("lane_mean_run_ns", track_lane, mean_run_ns, NEEDS_LANES, .flags = FIELD_UNPRINTED, .gaps = { "perf_event" },
		FACT("ns", "perf_event_open(2), PERF_RECORD_SWITCH", "put on to switched out", "time on a CPU / times put on, over the last second",
			"A run that began before the second counts with the part that is in it.")),
	FIELD_AS("lane_longest_run_ns", track_lane, longest_run_ns, NEEDS_LANES, .flags = FIELD_UNPRINTED, .gaps = { "perf_event" },
		FACT("ns", "perf_event_open(2), PERF_RECORD_SWITCH", "put on to switched out", "longest run that ended in the last second",
			"From its start, also if that was before. Interrupts are in it.")),
	FIELD_AS("lane_mean_wait_ns", track_lane, mean_wait_ns, NEEDS_LANES, .flags = FIELD_UNPRINTED, .gaps = { "perf_event" },
		FACT("ns", "perf_event_open(2), PERF_RECORD_SWITCH", "preempted to put on", "time of waiting / times preempted, over the last second",
			"Only waits after a preemption: when a task that gave up is woken is in no "
			"record without privileges.")),
	FIELD_AS("lane_longest_wait_ns", track_lane, longest_wait_ns, NEEDS_LANES, .flags = FIELD_UNPRINTED, .gaps = { "perf_event" },
		FACT("ns", "perf_event_open(2), PERF_RECORD_SWITCH", "preempted to put on", "longest wait that ended in the last second",
			"Only waits after a preemption, and of new tasks for their first run.")),
	FIELD_AS("lane_mean_delay_ns", track_lane, mean_delay_ns, NEEDS_LANES, .flags = FIELD_UNPRINTED, .gaps = { "schedstat" },
		FACT("ns", SCHEDSTAT, "2 and 3", "time of waiting / times put on, over about the last second",
			"Of every wait, also from being woken to running, which no record shows; a "
			"sum: the longest is not known.")),
	FIELD_AS("lane_waits_in", track_lane, waits_in, NEEDS_LANES, .flags = FIELD_UNPRINTED, .gaps = { "wchan" }, .quality = QUALITY_SAMPLED,
		FACT("", "/proc/PID/task/TID/wchan", "wait channel", "the one found most often, over the last second",
			"A look a refresh: of short waits most are never looked at. Of one that runs "
			"there is no channel.")),
	FIELD_AS("lane_voluntary", track_lane, seen_voluntary, NEEDS_LANES, .flags = FIELD_UNPRINTED, .gaps = { "perf_event" },
		FACT("", "perf_event_open(2), PERF_RECORD_SWITCH", "switched out, not preempted", "count of records since the lane began",
			"The kernel counts the same ones in voluntary_ctxt_switches.")),
	FIELD_AS("lane_involuntary", track_lane, seen_involuntary, NEEDS_LANES, .flags = FIELD_UNPRINTED, .gaps = { "perf_event" },
		FACT("", "perf_event_open(2), PERF_RECORD_SWITCH", "PERF_RECORD_MISC_SWITCH_OUT_PREEMPT", "count of records since the lane began",
			"Taken off while runnable; sched_yield() is one of these, as in /proc.")),
	FIELD_AS("lane_unseen", track_lane, unseen, NEEDS_LANES, .flags = FIELD_UNPRINTED | FIELD_SIGNED, .gaps = { "perf_event" },
		FACT("", "perf_event_open(2), PERF_RECORD_SWITCH and /proc/PID/task/TID/status", "voluntary_ctxt_switches, nonvoluntary_ctxt_switches", "counted by /proc - recorded, since the lane began",
			"The two are read at slightly different instants: what stays is lost, what "
			"comes and goes is that.")),
};

static const struct field totals_fields[] = {
	FIELD_AS("tasks", side_totals, tasks, .gaps = { "task" },
		FACT("", "/proc/PID/task", "entries", "count",
			"The host's main thread is one of them, and a task that ended is, until it is "
			"waited for.")),
	FIELD_AS("processes", side_totals, processes, .flags = FIELD_UNPRINTED, .gaps = { "task" },
		FACT("", "/proc/PID/task", "entries", "count of thread groups",
			"The host is one of them.")),
	FIELD_AS("voluntary", side_totals, voluntary, .absent = UNKNOWN, .gaps = { "status" },
		FACT("", STATUS, "voluntary_ctxt_switches", "sum over the side's tasks, and what ended tasks had",
			"Holds the counts of tasks that ended, as last seen: what a task counted after "
			"its last sample is lost.")),
	FIELD_AS("involuntary", side_totals, involuntary, .absent = UNKNOWN, .gaps = { "status" },
		FACT("", STATUS, "nonvoluntary_ctxt_switches", "sum over the side's tasks, and what ended tasks had",
			"Holds the counts of tasks that ended, as last seen: what a task counted after "
			"its last sample is lost.")),
	FIELD_AS("voluntary_per_s", side_totals, voluntary_per_s, .flags = FIELD_RATE, .gaps = { "status" },
		FACT("1/s", STATUS, "voluntary_ctxt_switches", "sum over the side's tasks of (now - before) / measured interval",
			"Only tasks that both samples saw: one that lived between two samples is in "
			"neither.")),
	FIELD_AS("involuntary_per_s", side_totals, involuntary_per_s, .flags = FIELD_RATE, .gaps = { "status" },
		FACT("1/s", STATUS, "nonvoluntary_ctxt_switches", "sum over the side's tasks of (now - before) / measured interval",
			"Only tasks that both samples saw; sched_yield() counts here.")),
	FIELD_AS("cpu_percent", side_totals, cpu_percent, .flags = FIELD_RATE, .gaps = { "schedstat" },
		FACT("%", SCHEDSTAT, "1 time on a CPU", "sum over the side's tasks of (now - before) / measured interval x 100",
			"100 is one CPU. While a task runs, the kernel brings this up to date at timer "
			"ticks: over a short interval it jumps, and can exceed 100 %.")),
	FIELD_AS("sum_rss_kb", side_totals, rss_kb, .absent = UNKNOWN, .quality = QUALITY_SAMPLED, .gaps = { "smaps_rollup", "prober" },
		FACT("kB", ROLLUP, "Rss", "sum over the side's processes",
			"An upper bound, and no amount of memory: shared pages count once for each "
			"process. PSS may be summed.")),
	FIELD_AS("sum_pss_kb", side_totals, pss_kb, .absent = UNKNOWN, .quality = QUALITY_SAMPLED, .gaps = { "smaps_rollup", "prober" },
		FACT("kB", ROLLUP, "Pss", "sum over the side's processes",
			"What the side's processes use together; pages that others map too count in "
			"part.")),
	FIELD_AS("sum_uss_kb", side_totals, uss_kb, .absent = UNKNOWN, .quality = QUALITY_SAMPLED, .gaps = { "smaps_rollup", "prober" },
		FACT("kB", ROLLUP, "Private_Clean, Private_Dirty", "sum over the side's processes",
			"Less than the side's end would free: pages that only its own processes share "
			"are in nobody's.")),
	FIELD_AS("sum_page_tables_kb", side_totals, page_tables_kb, .absent = UNKNOWN, .quality = QUALITY_SAMPLED, .gaps = { "status", "prober" },
		FACT("kB", "/proc/PID/status", "VmPTE", "sum over the side's processes",
			"Not in RSS, PSS or USS: it comes on top.")),
	FIELD_AS("sum_vm_size_kb", side_totals, vm_size_kb, .absent = UNKNOWN, .quality = QUALITY_SAMPLED, .gaps = { "status", "prober" },
		FACT("kB", "/proc/PID/status", "VmSize", "sum over the side's processes",
			"Addresses, not memory.")),
	FIELD_AS("minflt", side_totals, minor_faults, .absent = UNKNOWN, .fact = "minor_faults", .quality = QUALITY_SAMPLED, .gaps = { "libproc2", "prober" },
		FACT("", PIDS, "PIDS_FLT_MIN", "sum over the side's processes",
			"Of living processes, their ended threads included; falls when a process ends.")),
	FIELD_AS("mapping_count", side_totals, mappings, .absent = UNKNOWN, .fact = "mappings", .need = NEED_MAPPING_COUNT, .gaps = { "maps", "prober" },
		FACT("", "/proc/PID/maps", "lines", "sum over the processes whose mappings were read",
			"The kernel keeps a record for each. Threads have one list: each adds its "
			"stack and a guard.")),
	FIELD_AS("kernel_stack_kb", side_totals, kernel_stack_kb, .absent = UNKNOWN, .quality = QUALITY_BY_CONSTRUCTION, .gaps = { "task" },
		FACT("kB", "the kernel's THREAD_SIZE", "16 kB on x86-64", "16 kB x tasks",
			"By construction: every task has a kernel stack, be it process or thread.")),
	FIELD_AS("address_spaces", side_totals, address_spaces, .absent = UNKNOWN, .gaps = { "kcmp" },
		FACT("", "kcmp(2)", "KCMP_VM", "different objects",
			"The host's own is one of them.")),
	FIELD_AS("fd_tables", side_totals, fd_tables, .absent = UNKNOWN, .gaps = { "kcmp" },
		FACT("", "kcmp(2)", "KCMP_FILES", "different objects",
			"The host's own is one of them.")),
	FIELD_AS("handler_tables", side_totals, handler_tables, .absent = UNKNOWN, .gaps = { "kcmp" },
		FACT("", "kcmp(2)", "KCMP_SIGHAND", "different objects",
			"The host's own is one of them.")),
#define WAITS(member, field, formula, caveat)                                                      \
	FIELD(side_totals, member, .absent = UNKNOWN, .need = NEED_EDGES,                          \
		.quality = QUALITY_SAMPLED, .gaps = { "syscall", "mem" },                           \
		FACT("", EDGES, field, formula, caveat))
	WAITS(waits_named, "owner", "tasks that wait for somebody who is named",
		"A mutex of a known form, a thread's end, a child's end, a file lock."),
	WAITS(waits_exclusive, "owner", "tasks that wait at a mutex whose holder is named",
		"The first condition of a deadlock: only one at a time can have it."),
	WAITS(waits_holding, "owner", "of those, tasks for whom somebody waits in turn",
		"The second condition: they hold, and wait."),
	WAITS(waits_endless, "owner, timeout", "of those, tasks whose wait has no timeout",
		"The third condition: nobody takes what they hold away, and none gives up."),
	WAITS(waits_crowd, "owner", "tasks that wait for a thing of which nobody is named",
		"Semaphores, condition variables and rwlocks hold no owner, nor does musl's normal mutex."),
	WAITS(cycle_tasks, "owner", "tasks in a cycle of one reading",
		"The fourth condition. One reading is not made at one instant: two are a proof."),
	WAITS(deadlocked, "owner, switch counters", "tasks in a cycle that was read again, without a switch",
		"Whoever is in it waits for ever, unless a signal or a debugger interferes."),
	FIELD(side_totals, deadlock_ns, .absent = UNKNOWN, .need = NEED_EDGES, .quality = QUALITY_SAMPLED, .gaps = { "syscall", "mem" },
		FACT("ns", EDGES, "owner, switch counters", "from the first such reading to the last",
			"At least so long: it was there before it was read.")),
#undef WAITS
	FIELD_AS("alive", side_totals, alive, .absent = UNKNOWN, .flags = FIELD_UNPRINTED, .gaps = { "board" },
		FACT("", BOARD, "alive", "workers that live",
			"The host is not one of them.")),
	FIELD_AS("wanted", side_totals, wanted, .absent = UNKNOWN, .flags = FIELD_UNPRINTED, .gaps = { "board" },
		FACT("", BOARD, "wanted", "workers asked for",
			"Fewer live when a limit was met, or when some have ended.")),
	FIELD_AS("ended", side_totals, ended, .absent = UNKNOWN, .flags = FIELD_UNPRINTED, .gaps = { "board" },
		FACT("", BOARD, "phase", "workers that ended and are remembered",
			"The last ones only: slots are used again.")),
	FIELD_AS("count_expected", side_totals, count_expected, .absent = UNKNOWN, .flags = FIELD_UNPRINTED, .gaps = { "board" },
		FACT("", BOARD, "count_expected", AS_READ,
			"Of the last counting order: what all its workers added together.")),
	FIELD_AS("count_value", side_totals, count_value, .absent = UNKNOWN, .flags = FIELD_UNPRINTED, .gaps = { "board" },
		FACT("", BOARD, "count_value", AS_READ,
			"What the counter says; on the heap of processes, the sum of their counters.")),
	FIELD_AS("count_lost", side_totals, count_lost, .absent = UNKNOWN, .flags = FIELD_UNPRINTED, .gaps = { "board" },
		FACT("", BOARD, "count_expected, count_value", "count_expected - count_value",
			"Load, add, store is not atomic: who stores last, wins.")),
	FIELD_AS("cpu_group", side_totals, cpu_group, .flags = FIELD_UNPRINTED, .gaps = { "board" },
		FACT("", BOARD, "cpu_group", AS_READ,
			"The host reads /proc/self/cgroup, and in the root's group /proc/self/autogroup.")),
};

static const struct field process_rate_fields[] = {
	FIELD(process_track, minor_faults_per_s, .flags = FIELD_RATE, .gaps = { "libproc2" },
		FACT("1/s", PIDS, "PIDS_FLT_MIN", "(now - before) / measured interval",
			"By the slow lane's own interval. Of the whole thread group: every thread of a "
			"process would show the same.")),
	FIELD(process_track, major_faults_per_s, .flags = FIELD_RATE, .gaps = { "libproc2" },
		FACT("1/s", PIDS, "PIDS_FLT_MAJ", "(now - before) / measured interval",
			"By the slow lane's own interval. Of the whole thread group: every thread of a "
			"process would show the same.")),
};

static const struct field machine_rate_fields[] = {
	FIELD(machine_track, switches_per_s, .flags = FIELD_RATE, .gaps = { "libproc2" },
		FACT("1/s", "libproc2 stat", "STAT_SYS_CTX_SWITCHES", "(now - before) / measured interval",
			"All CPUs, all tasks, kernel threads too; a switch to the idle task counts, "
			"and is no task's.")),
};

static const struct field observer_rate_fields[] = {
	FIELD(observer_track, cpu_percent, .flags = FIELD_RATE, .gaps = { "schedstat" },
		FACT("%", OWN, "schedstat 1", "(now - before) / measured interval x 100",
			"100 is one CPU. While a task runs, the kernel brings this up to date at timer "
			"ticks: over a short interval it jumps, and can exceed 100 %.")),
	FIELD(observer_track, voluntary_per_s, .flags = FIELD_RATE, .gaps = { "status" },
		FACT("1/s", OWN, "status voluntary_ctxt_switches", "(now - before) / measured interval",
			"Each time the screen waits for the next tick is one.")),
	FIELD(observer_track, involuntary_per_s, .flags = FIELD_RATE, .gaps = { "status" },
		FACT("1/s", OWN, "status nonvoluntary_ctxt_switches", "(now - before) / measured interval",
			"Grows when taskscope and the crews compete for CPUs.")),
};
/* clang-format on */

#define PARTS(kind) .fields = kind##_fields, .n = ARRAY_LEN(kind##_fields)

const struct record track_record = { PARTS(track), .need = NEED_TASKS, .gaps = { "task", "proc" } };
const struct record track_lane_record = { PARTS(lane), .need = NEED_TASKS,
	.gaps = { "task", "proc" } };
const struct record totals_record = { PARTS(totals), .need = NEED_TASKS | NEED_PROCESSES,
	.gaps = { "task", "proc" } };
const struct record process_rate_record = { PARTS(process_rate), .need = NEED_PROCESSES,
	.quality = QUALITY_SAMPLED, .gaps = { "libproc2", "prober" } };
const struct record machine_rate_record = { PARTS(machine_rate), .need = NEED_MACHINE,
	.quality = QUALITY_SAMPLED, .gaps = { "libproc2", "prober" } };
const struct record observer_rate_record = { PARTS(observer_rate), .gaps = { "observer", "proc" } };
