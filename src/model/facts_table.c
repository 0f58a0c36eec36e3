/* SPDX-License-Identifier: MIT
 * Every number of the lab view: what it is, where it comes from, and what a careful lecturer
 * adds. One record a number: the screen's "where from", `list facts` and the man page print these
 * same words.
 */
#include <math.h>

#include "internal.h"

#define STAT "/proc/PID/task/TID/stat"
#define STATUS "/proc/PID/task/TID/status"
#define SCHEDSTAT "/proc/PID/task/TID/schedstat"
#define ROLLUP "/proc/PID/smaps_rollup"
#define SMAPS "/proc/PID/smaps"
#define PIDS "libproc2 pids"
#define OWN "/proc of supervisor, screen and prober"

#define AS_READ "as read"
#define PER_S "(now - before) / measured interval"
#define PERCENT "(now - before) / measured interval x 100"
#define SUM_TASKS "sum over the side's tasks"
#define SUM_PROCESSES "sum over the side's processes"

/* Where the number is, by the lane that reads it. */
#define LIVE(kind, record, member)                                                                 \
	.quality = QUALITY_LIVE, .type = FACT_##kind, .offset = offsetof(struct record, member)
#define SAMPLED(kind, record, member)                                                              \
	.quality = QUALITY_SAMPLED, .type = FACT_##kind, .offset = offsetof(struct record, member)

/* What is said of more than one number. */
#define TICKS_CAVEAT                                                                               \
	"While a task runs, the kernel brings this up to date at timer ticks: over a short "       \
	"interval it jumps, and can "                                                              \
	"exceed 100 %."
#define PRIVATE_CAVEAT                                                                             \
	"Private means mapped by one address space: all threads of the process share it, and a "   \
	"MAP_SHARED page counts "                                                                  \
	"here while only one process has touched it."
#define SHARED_CAVEAT                                                                              \
	"Shared means mapped more than once now: a private page counts here after fork, until "    \
	"somebody writes to it."
#define GROUP_CAVEAT "Of the whole thread group: every thread of a process would show the same."
#define CARRY_CAVEAT                                                                               \
	"Holds the counts of tasks that ended, as last seen: what a task counted after its last "  \
	"sample is lost."

/* Every number from -20 to 19 is one, so 0 may be none: what was read with it tells. */
static double nice_number(const struct fact *fact, const void *record)
{
	const struct task_sample *now = &((const struct track *)record)->now;

	return now->start == UNKNOWN ? NAN : now->nice;
}

/* By hand: one designator a line would make a record too long to be read at once. */
/* clang-format off */
const struct fact lab_facts[] = {
	/* --- one task --- */
	{ .name = "pid", .scope = FACT_TASK, .unit = "", .source = STATUS, .field = "Tgid",
		.formula = AS_READ,
		.caveat = "The thread group's id: equal to the TID of its first thread, its "
			"leader.",
		LIVE(INT32, track, now.pid), .gap = "status" },
	{ .name = "tid", .scope = FACT_TASK, .unit = "", .source = "/proc/PID/task",
		.field = "name of the directory", .formula = AS_READ,
		.caveat = "Ids are used again: a task is identified by its TID and its start time.",
		LIVE(INT32, track, now.tid), .gap = "task" },
	{ .name = "start", .scope = FACT_TASK, .unit = "ticks", .source = STAT,
		.field = "22 starttime", .formula = AS_READ,
		.caveat = "Counts clock ticks (mostly 10 ms) since boot, so two tasks can have "
			"the same.",
		LIVE(INT64, track, now.start), .gap = "stat" },
	{ .name = "state", .scope = FACT_TASK, .unit = "letter", .source = STAT, .field = "3 state",
		.formula = AS_READ,
		.caveat = "The state at one instant: R is running or waiting for a CPU, S asleep, "
			"D asleep and not to be disturbed, T stopped, Z ended and not yet waited "
			"for.",
		LIVE(LETTER, track, now.state), .gap = "stat" },
	{ .name = "cpu", .scope = FACT_TASK, .unit = "", .source = STAT, .field = "39 processor",
		.formula = AS_READ,
		.caveat = "Where it runs, or, while it does not run, where it ran last.",
		LIVE(INT16, track, now.cpu), .gap = "stat" },
	{ .name = "nice", .scope = FACT_TASK, .unit = "", .source = STAT, .field = "19 nice",
		.formula = AS_READ,
		.caveat = "On Linux a thread has its own; it weighs only against tasks of the "
			"same group of the scheduler (autogroup, cgroup).",
		LIVE(SIGNED16, track, now.nice), .number = nice_number, .gap = "stat" },
	{ .name = "voluntary_per_s", .scope = FACT_TASK, .unit = "1/s", .source = STATUS,
		.field = "voluntary_ctxt_switches", .formula = PER_S,
		.caveat = "The task blocked: when it gave the CPU up, it was not runnable any "
			"more.",
		LIVE(DOUBLE, track, voluntary_per_s), .is_rate = true, .gap = "status" },
	{ .name = "involuntary_per_s", .scope = FACT_TASK, .unit = "1/s", .source = STATUS,
		.field = "nonvoluntary_ctxt_switches", .formula = PER_S,
		.caveat = "The task was still runnable: preempted, its slice was over, or it "
			"called sched_yield(), which the kernel counts here.",
		LIVE(DOUBLE, track, involuntary_per_s), .is_rate = true, .gap = "status" },
	{ .name = "voluntary", .scope = FACT_TASK, .unit = "", .source = STATUS,
		.field = "voluntary_ctxt_switches", .formula = AS_READ,
		.caveat = "Blocked, so not runnable any more; since birth. /proc/PID/status "
			"speaks for the leader alone, hence task/TID.",
		LIVE(INT64, track, now.voluntary), .gap = "status" },
	{ .name = "involuntary", .scope = FACT_TASK, .unit = "", .source = STATUS,
		.field = "nonvoluntary_ctxt_switches", .formula = AS_READ,
		.caveat = "Still runnable: preempted, slice over, or sched_yield(); since birth. "
			"/proc/PID/status speaks for the leader alone, hence task/TID.",
		LIVE(INT64, track, now.involuntary), .gap = "status" },
	{ .name = "cpu_percent", .scope = FACT_TASK, .unit = "%", .source = SCHEDSTAT,
		.field = "1 time on a CPU", .formula = PERCENT, .caveat = TICKS_CAVEAT,
		LIVE(DOUBLE, track, cpu_percent), .is_rate = true, .gap = "schedstat" },
	{ .name = "wait_percent", .scope = FACT_TASK, .unit = "%", .source = SCHEDSTAT,
		.field = "2 time waiting for a CPU", .formula = PERCENT,
		.caveat = "Wanted a CPU and had none; added when the wait is over: of one longer than "
			"an interval, the share is of all the time since it began.",
		LIVE(DOUBLE, track, wait_percent), .is_rate = true, .gap = "schedstat" },
	{ .name = "run_ns", .scope = FACT_TASK, .unit = "ns", .source = SCHEDSTAT,
		.field = "1 time on a CPU", .formula = AS_READ,
		.caveat = "Since birth. " TICKS_CAVEAT,
		LIVE(INT64, track, now.run_ns), .gap = "schedstat" },
	{ .name = "wait_ns", .scope = FACT_TASK, .unit = "ns", .source = SCHEDSTAT,
		.field = "2 time waiting for a CPU", .formula = AS_READ,
		.caveat = "Runnable, and no CPU was free for it; since birth. Sleep is not in it.",
		LIVE(INT64, track, now.wait_ns), .gap = "schedstat" },
	{ .name = "slices", .scope = FACT_TASK, .unit = "", .source = SCHEDSTAT,
		.field = "3 times put on a CPU", .formula = AS_READ,
		.caveat = "Counted on arrival, switches on departure: a task that runs now has "
			"one slice more than switches.",
		LIVE(INT64, track, now.slices), .gap = "schedstat" },
	{ .name = "minor_faults_per_s", .scope = FACT_TASK, .unit = "1/s", .source = STAT,
		.field = "10 minflt", .formula = PER_S,
		.caveat = "Page faults that needed no disk: a page touched first, or copied on "
			"write.",
		LIVE(DOUBLE, track, minor_faults_per_s), .is_rate = true, .gap = "stat" },
	{ .name = "minor_faults", .scope = FACT_TASK, .unit = "", .source = STAT,
		.field = "10 minflt", .formula = AS_READ,
		.caveat = "Page faults that needed no disk, since birth; one can map several "
			"pages at once.",
		LIVE(INT64, track, now.minor_faults), .gap = "stat" },
	{ .name = "major_faults", .scope = FACT_TASK, .unit = "", .source = STAT,
		.field = "12 majflt", .formula = AS_READ,
		.caveat = "Page faults that had to wait for a disk, since birth.",
		LIVE(INT64, track, now.major_faults), .gap = "stat" },
	{ .name = "rounds", .scope = FACT_TASK, .unit = "", .source = "the crew's board",
		.field = "rounds", .formula = AS_READ,
		.caveat = "Counted by the worker itself, not by the kernel; what a round is "
			"depends on its job.",
		LIVE(INT64, track, worker.rounds), .gap = "board" },

	/* --- one process --- */
	{ .name = "pid", .scope = FACT_PROCESS, .unit = "", .source = PIDS, .field = "PIDS_ID_PID",
		.formula = AS_READ,
		.caveat = "Ids are used again: a process is identified by its PID and its start "
			"time.",
		SAMPLED(INT32, process_track, now.pid), .gap = "libproc2" },
	{ .name = "ppid", .scope = FACT_PROCESS, .unit = "", .source = PIDS,
		.field = "PIDS_ID_PPID", .formula = AS_READ,
		.caveat = "When a parent ends, its children get another.",
		SAMPLED(INT32, process_track, now.ppid), .gap = "libproc2" },
	{ .name = "start", .scope = FACT_PROCESS, .unit = "ticks", .source = PIDS,
		.field = "PIDS_TICS_BEGAN", .formula = AS_READ,
		.caveat = "Counts clock ticks (mostly 10 ms) since boot.",
		SAMPLED(INT64, process_track, now.start), .gap = "libproc2" },
	{ .name = "state", .scope = FACT_PROCESS, .unit = "letter", .source = PIDS,
		.field = "PIDS_STATE", .formula = AS_READ,
		.caveat = "Of the leader: Z with living threads means that only the first thread "
			"has ended.",
		SAMPLED(LETTER, process_track, now.state), .gap = "libproc2" },
	{ .name = "threads", .scope = FACT_PROCESS, .unit = "", .source = PIDS,
		.field = "PIDS_NLWP", .formula = AS_READ,
		.caveat = "Tasks of the thread group, its leader counted.",
		SAMPLED(INT32, process_track, now.threads), .gap = "libproc2" },
	{ .name = "rss_kb", .scope = FACT_PROCESS, .unit = "kB", .source = ROLLUP, .field = "Rss",
		.formula = AS_READ,
		.caveat = "Resident set: counts shared pages again in every process. Never sum "
			"it: memory would seem to be used many times.",
		SAMPLED(INT64, process_track, now.rss_kb), .gap = "smaps_rollup" },
	{ .name = "pss_kb", .scope = FACT_PROCESS, .unit = "kB", .source = ROLLUP, .field = "Pss",
		.formula = AS_READ,
		.caveat = "Proportional set size: each page divided by how often it is mapped, so "
			"it may be summed; it changes when others come or go.",
		SAMPLED(INT64, process_track, now.pss_kb), .gap = "smaps_rollup" },
	{ .name = "uss_kb", .scope = FACT_PROCESS, .unit = "kB", .source = ROLLUP,
		.field = "Private_Clean, Private_Dirty", .formula = "Private_Clean + Private_Dirty",
		.caveat = "Unique set size: what nobody else maps, so what the process's end "
			"would free (page tables and kernel memory not counted).",
		SAMPLED(INT64, process_track, now.uss_kb), .gap = "smaps_rollup" },
	{ .name = "shared_clean_kb", .scope = FACT_PROCESS, .unit = "kB", .source = ROLLUP,
		.field = "Shared_Clean", .formula = AS_READ, .caveat = SHARED_CAVEAT,
		SAMPLED(INT64, process_track, now.shared_clean_kb), .gap = "smaps_rollup" },
	{ .name = "shared_dirty_kb", .scope = FACT_PROCESS, .unit = "kB", .source = ROLLUP,
		.field = "Shared_Dirty", .formula = AS_READ, .caveat = SHARED_CAVEAT,
		SAMPLED(INT64, process_track, now.shared_dirty_kb), .gap = "smaps_rollup" },
	{ .name = "private_clean_kb", .scope = FACT_PROCESS, .unit = "kB", .source = ROLLUP,
		.field = "Private_Clean", .formula = AS_READ, .caveat = PRIVATE_CAVEAT,
		SAMPLED(INT64, process_track, now.private_clean_kb), .gap = "smaps_rollup" },
	{ .name = "private_dirty_kb", .scope = FACT_PROCESS, .unit = "kB", .source = ROLLUP,
		.field = "Private_Dirty", .formula = AS_READ, .caveat = PRIVATE_CAVEAT,
		SAMPLED(INT64, process_track, now.private_dirty_kb), .gap = "smaps_rollup" },
	{ .name = "swap_kb", .scope = FACT_PROCESS, .unit = "kB", .source = ROLLUP, .field = "Swap",
		.formula = AS_READ,
		.caveat = "Private pages only: swapped shared memory is not in it.",
		SAMPLED(INT64, process_track, now.swap_kb), .gap = "smaps_rollup" },
	{ .name = "vm_size_kb", .scope = FACT_PROCESS, .unit = "kB", .source = "/proc/PID/status",
		.field = "VmSize", .formula = AS_READ,
		.caveat = "Addresses that are mapped, not memory that is used: costs almost "
			"nothing.",
		SAMPLED(INT64, process_track, now.vm_size_kb), .gap = "status" },
	{ .name = "page_tables_kb", .scope = FACT_PROCESS, .unit = "kB",
		.source = "/proc/PID/status", .field = "VmPTE", .formula = AS_READ,
		.caveat = "The kernel's tables for this address space: a process has its own, "
			"threads share one. Not in RSS.",
		SAMPLED(INT64, process_track, now.page_tables_kb), .gap = "status" },
	{ .name = "mappings", .scope = FACT_PROCESS, .unit = "", .source = "/proc/PID/maps",
		.field = "lines", .formula = "count",
		.caveat = "Each is a record in the kernel (a VMA), whatever its size; threads have "
			"one list together.",
		SAMPLED(INT64, process_track, now.mappings), .gap = "maps" },
	{ .name = "minor_faults_per_s", .scope = FACT_PROCESS, .unit = "1/s", .source = PIDS,
		.field = "PIDS_FLT_MIN", .formula = PER_S,
		.caveat = "By the slow lane's own interval. " GROUP_CAVEAT,
		SAMPLED(DOUBLE, process_track, minor_faults_per_s), .is_rate = true,
		.gap = "libproc2" },
	{ .name = "major_faults_per_s", .scope = FACT_PROCESS, .unit = "1/s", .source = PIDS,
		.field = "PIDS_FLT_MAJ", .formula = PER_S,
		.caveat = "By the slow lane's own interval. " GROUP_CAVEAT,
		SAMPLED(DOUBLE, process_track, major_faults_per_s), .is_rate = true,
		.gap = "libproc2" },
	{ .name = "minor_faults", .scope = FACT_PROCESS, .unit = "", .source = PIDS,
		.field = "PIDS_FLT_MIN", .formula = AS_READ,
		.caveat = "Of the whole thread group, threads that have ended included.",
		SAMPLED(INT64, process_track, now.minor_faults), .gap = "libproc2" },
	{ .name = "major_faults", .scope = FACT_PROCESS, .unit = "", .source = PIDS,
		.field = "PIDS_FLT_MAJ", .formula = AS_READ,
		.caveat = "Of the whole thread group, threads that have ended included.",
		SAMPLED(INT64, process_track, now.major_faults), .gap = "libproc2" },

	/* --- one side --- */
	{ .name = "tasks", .scope = FACT_SIDE, .unit = "", .source = "/proc/PID/task",
		.field = "entries", .formula = "count",
		.caveat = "The host's main thread is one of them, and a task that ended is, until "
			"it is waited for.",
		LIVE(INT32, side_totals, tasks), .gap = "task" },
	{ .name = "processes", .scope = FACT_SIDE, .unit = "", .source = "/proc/PID/task",
		.field = "entries", .formula = "count of thread groups",
		.caveat = "The host is one of them.",
		LIVE(INT32, side_totals, processes), .gap = "task" },
	{ .name = "voluntary_per_s", .scope = FACT_SIDE, .unit = "1/s", .source = STATUS,
		.field = "voluntary_ctxt_switches", .formula = SUM_TASKS " of " PER_S,
		.caveat = "Only tasks that both samples saw: one that lived between two samples "
			"is in neither.",
		LIVE(DOUBLE, side_totals, voluntary_per_s), .is_rate = true, .gap = "status" },
	{ .name = "involuntary_per_s", .scope = FACT_SIDE, .unit = "1/s", .source = STATUS,
		.field = "nonvoluntary_ctxt_switches", .formula = SUM_TASKS " of " PER_S,
		.caveat = "Only tasks that both samples saw; sched_yield() counts here.",
		LIVE(DOUBLE, side_totals, involuntary_per_s), .is_rate = true, .gap = "status" },
	{ .name = "cpu_percent", .scope = FACT_SIDE, .unit = "%", .source = SCHEDSTAT,
		.field = "1 time on a CPU", .formula = SUM_TASKS " of " PERCENT,
		.caveat = "100 is one CPU. " TICKS_CAVEAT,
		LIVE(DOUBLE, side_totals, cpu_percent), .is_rate = true, .gap = "schedstat" },
	{ .name = "voluntary", .scope = FACT_SIDE, .unit = "", .source = STATUS,
		.field = "voluntary_ctxt_switches",
		.formula = SUM_TASKS ", and what ended tasks had", .caveat = CARRY_CAVEAT,
		LIVE(INT64, side_totals, voluntary), .gap = "status" },
	{ .name = "involuntary", .scope = FACT_SIDE, .unit = "", .source = STATUS,
		.field = "nonvoluntary_ctxt_switches",
		.formula = SUM_TASKS ", and what ended tasks had", .caveat = CARRY_CAVEAT,
		LIVE(INT64, side_totals, involuntary), .gap = "status" },
	{ .name = "sum_rss_kb", .scope = FACT_SIDE, .unit = "kB", .source = ROLLUP, .field = "Rss",
		.formula = SUM_PROCESSES,
		.caveat = "Wrong as an amount of memory, and shown for that: RSS counts shared "
			"pages again for every process.",
		SAMPLED(INT64, side_totals, rss_kb), .gap = "smaps_rollup" },
	{ .name = "sum_pss_kb", .scope = FACT_SIDE, .unit = "kB", .source = ROLLUP, .field = "Pss",
		.formula = SUM_PROCESSES,
		.caveat = "What the side's processes use together; pages that others map too "
			"count in part.",
		SAMPLED(INT64, side_totals, pss_kb), .gap = "smaps_rollup" },
	{ .name = "sum_uss_kb", .scope = FACT_SIDE, .unit = "kB", .source = ROLLUP,
		.field = "Private_Clean, Private_Dirty", .formula = SUM_PROCESSES,
		.caveat = "Less than the side's end would free: pages that only its own processes "
			"share are in nobody's.",
		SAMPLED(INT64, side_totals, uss_kb), .gap = "smaps_rollup" },
	{ .name = "sum_page_tables_kb", .scope = FACT_SIDE, .unit = "kB",
		.source = "/proc/PID/status", .field = "VmPTE", .formula = SUM_PROCESSES,
		.caveat = "Not in RSS, PSS or USS: it comes on top.",
		SAMPLED(INT64, side_totals, page_tables_kb), .gap = "status" },
	{ .name = "sum_vm_size_kb", .scope = FACT_SIDE, .unit = "kB", .source = "/proc/PID/status",
		.field = "VmSize", .formula = SUM_PROCESSES, .caveat = "Addresses, not memory.",
		SAMPLED(INT64, side_totals, vm_size_kb), .gap = "status" },
	{ .name = "minor_faults", .scope = FACT_SIDE, .unit = "", .source = PIDS,
		.field = "PIDS_FLT_MIN", .formula = SUM_PROCESSES,
		.caveat = "Of living processes, their ended threads included; falls when a "
			"process ends.",
		SAMPLED(INT64, side_totals, minor_faults), .gap = "libproc2" },

	/* --- one mapping --- */
	{ .name = "start", .scope = FACT_MAPPING, .unit = "address", .source = SMAPS,
		.field = "first line", .formula = AS_READ,
		.caveat = "Virtual: the same address in two processes is two places, unless it is "
			"shared memory.",
		SAMPLED(ADDRESS, mapping_sample, start), .gap = "smaps" },
	{ .name = "end", .scope = FACT_MAPPING, .unit = "address", .source = SMAPS,
		.field = "first line", .formula = AS_READ,
		.caveat = "The first address that is not in it.",
		SAMPLED(ADDRESS, mapping_sample, end), .gap = "smaps" },
	{ .name = "size_kb", .scope = FACT_MAPPING, .unit = "kB", .source = SMAPS, .field = "Size",
		.formula = AS_READ,
		.caveat = "Addresses, not memory: most pages of a stack or a heap are never "
			"touched.",
		SAMPLED(INT64, mapping_sample, size_kb), .gap = "smaps" },
	{ .name = "rss_kb", .scope = FACT_MAPPING, .unit = "kB", .source = SMAPS, .field = "Rss",
		.formula = AS_READ,
		.caveat = "Resident in this address space; counts shared pages again in every "
			"process.",
		SAMPLED(INT64, mapping_sample, rss_kb), .gap = "smaps" },
	{ .name = "pss_kb", .scope = FACT_MAPPING, .unit = "kB", .source = SMAPS, .field = "Pss",
		.formula = AS_READ,
		.caveat = "Each page divided by how often it is mapped, then cut to whole kB for "
			"each mapping: the sum of mappings is a little below smaps_rollup's.",
		SAMPLED(INT64, mapping_sample, pss_kb), .gap = "smaps" },
	{ .name = "shared_clean_kb", .scope = FACT_MAPPING, .unit = "kB", .source = SMAPS,
		.field = "Shared_Clean", .formula = AS_READ, .caveat = SHARED_CAVEAT,
		SAMPLED(INT64, mapping_sample, shared_clean_kb), .gap = "smaps" },
	{ .name = "shared_dirty_kb", .scope = FACT_MAPPING, .unit = "kB", .source = SMAPS,
		.field = "Shared_Dirty", .formula = AS_READ, .caveat = SHARED_CAVEAT,
		SAMPLED(INT64, mapping_sample, shared_dirty_kb), .gap = "smaps" },
	{ .name = "private_clean_kb", .scope = FACT_MAPPING, .unit = "kB", .source = SMAPS,
		.field = "Private_Clean", .formula = AS_READ, .caveat = PRIVATE_CAVEAT,
		SAMPLED(INT64, mapping_sample, private_clean_kb), .gap = "smaps" },
	{ .name = "private_dirty_kb", .scope = FACT_MAPPING, .unit = "kB", .source = SMAPS,
		.field = "Private_Dirty", .formula = AS_READ, .caveat = PRIVATE_CAVEAT,
		SAMPLED(INT64, mapping_sample, private_dirty_kb), .gap = "smaps" },
	{ .name = "referenced_kb", .scope = FACT_MAPPING, .unit = "kB", .source = SMAPS,
		.field = "Referenced", .formula = AS_READ,
		.caveat = "Marked as used since the kernel last cleared the mark, whenever that "
			"was.",
		SAMPLED(INT64, mapping_sample, referenced_kb), .gap = "smaps" },
	{ .name = "anonymous_kb", .scope = FACT_MAPPING, .unit = "kB", .source = SMAPS,
		.field = "Anonymous", .formula = AS_READ,
		.caveat = "Pages that no file holds: of a private file mapping, those that were "
			"written to.",
		SAMPLED(INT64, mapping_sample, anonymous_kb), .gap = "smaps" },
	{ .name = "anon_huge_kb", .scope = FACT_MAPPING, .unit = "kB", .source = SMAPS,
		.field = "AnonHugePages", .formula = AS_READ,
		.caveat = "In huge pages: here memory grows and is copied in steps of 2 MB.",
		SAMPLED(INT64, mapping_sample, anon_huge_kb), .gap = "smaps" },
	{ .name = "swap_kb", .scope = FACT_MAPPING, .unit = "kB", .source = SMAPS, .field = "Swap",
		.formula = AS_READ,
		.caveat = "Private pages only: swapped shared memory is not in it.",
		SAMPLED(INT64, mapping_sample, swap_kb), .gap = "smaps" },

	/* --- the machine --- */
	{ .name = "cpus", .scope = FACT_MACHINE, .unit = "", .source = "libproc2 misc",
		.field = "procps_cpu_count", .formula = AS_READ,
		.caveat = "Online; a container may be allowed fewer.",
		SAMPLED(INT32, machine_track, now.cpus), .gap = "libproc2" },
	{ .name = "load_centi", .scope = FACT_MACHINE, .unit = "1/100", .source = "libproc2 misc",
		.field = "procps_loadavg", .formula = "1-minute load average x 100",
		.caveat = "Tasks that run, wait for a CPU, or are in state D, as a mean that "
			"forgets slowly.",
		SAMPLED(INT32, machine_track, now.load_centi), .gap = "libproc2" },
	{ .name = "switches_per_s", .scope = FACT_MACHINE, .unit = "1/s", .source = "libproc2 stat",
		.field = "STAT_SYS_CTX_SWITCHES", .formula = PER_S,
		.caveat = "All CPUs, all tasks, kernel threads too; a switch to the idle task "
			"counts, and is no task's.",
		SAMPLED(DOUBLE, machine_track, switches_per_s), .is_rate = true,
		.gap = "libproc2" },
	{ .name = "switches", .scope = FACT_MACHINE, .unit = "", .source = "libproc2 stat",
		.field = "STAT_SYS_CTX_SWITCHES", .formula = AS_READ,
		.caveat = "Since boot, on all CPUs.",
		SAMPLED(INT64, machine_track, now.switches), .gap = "libproc2" },
	{ .name = "total_kb", .scope = FACT_MACHINE, .unit = "kB", .source = "libproc2 meminfo",
		.field = "MEMINFO_MEM_TOTAL", .formula = AS_READ,
		.caveat = "What the kernel itself took at boot is not in it.",
		SAMPLED(INT64, machine_track, now.total_kb), .gap = "libproc2" },
	{ .name = "available_kb", .scope = FACT_MACHINE, .unit = "kB", .source = "libproc2 meminfo",
		.field = "MEMINFO_MEM_AVAILABLE", .formula = AS_READ,
		.caveat = "The kernel's estimate of what can be had without swapping; free memory "
			"is less.",
		SAMPLED(INT64, machine_track, now.available_kb), .gap = "libproc2" },

	/* --- taskscope itself --- */
	{ .name = "cpu_percent", .scope = FACT_OBSERVER, .unit = "%", .source = OWN,
		.field = "schedstat 1", .formula = PERCENT,
		.caveat = "100 is one CPU. " TICKS_CAVEAT,
		LIVE(DOUBLE, observer_track, cpu_percent), .is_rate = true, .gap = "schedstat" },
	{ .name = "cpu_ns", .scope = FACT_OBSERVER, .unit = "ns", .source = OWN,
		.field = "schedstat 1", .formula = "sum",
		.caveat = "What looking costs. The crews are not in it.",
		LIVE(INT64, observer_track, now.cpu_ns), .gap = "schedstat" },
	{ .name = "voluntary_per_s", .scope = FACT_OBSERVER, .unit = "1/s", .source = OWN,
		.field = "status voluntary_ctxt_switches", .formula = PER_S,
		.caveat = "Each time the screen waits for the next tick is one.",
		LIVE(DOUBLE, observer_track, voluntary_per_s), .is_rate = true, .gap = "status" },
	{ .name = "involuntary_per_s", .scope = FACT_OBSERVER, .unit = "1/s", .source = OWN,
		.field = "status nonvoluntary_ctxt_switches", .formula = PER_S,
		.caveat = "Grows when taskscope and the crews compete for CPUs.",
		LIVE(DOUBLE, observer_track, involuntary_per_s), .is_rate = true, .gap = "status" },
	{ .name = "voluntary", .scope = FACT_OBSERVER, .unit = "", .source = OWN,
		.field = "status voluntary_ctxt_switches", .formula = "sum",
		.caveat = "Since each of them started.",
		LIVE(INT64, observer_track, now.voluntary), .gap = "status" },
	{ .name = "involuntary", .scope = FACT_OBSERVER, .unit = "", .source = OWN,
		.field = "status nonvoluntary_ctxt_switches", .formula = "sum",
		.caveat = "Since each of them started.",
		LIVE(INT64, observer_track, now.involuntary), .gap = "status" },
	{ .name = "rss_kb", .scope = FACT_OBSERVER, .unit = "kB", .source = OWN,
		.field = "smaps_rollup Rss", .formula = "sum",
		.caveat = "A sum of resident sets: the pages that our processes share count again "
			"in each.",
		SAMPLED(INT64, observer_track, now.rss_kb), .gap = "smaps_rollup" },
	{ .name = "pss_kb", .scope = FACT_OBSERVER, .unit = "kB", .source = OWN,
		.field = "smaps_rollup Pss", .formula = "sum",
		.caveat = "What our processes share with each other counts once; a library that "
			"others use, too, in part.",
		SAMPLED(INT64, observer_track, now.pss_kb), .gap = "smaps_rollup" },
};
/* clang-format on */

const size_t lab_facts_n = ARRAY_LEN(lab_facts);
