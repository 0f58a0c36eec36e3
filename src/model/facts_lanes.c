/* SPDX-License-Identifier: MIT
 * The facts of lanes: what the kernel's records of switches say of a task's last second, and whether they and the counters
 * of /proc agree. One record a number, in the words that `?` prints.
 */
#include "internal.h"

#include <math.h>
#include <stdio.h>

#define RECORDS "perf_event_open(2), PERF_RECORD_SWITCH"
#define LAST_SECOND "over the last second"
#define LANE(name_, unit_, member, field_, formula_, words)                                        \
	{                                                                                          \
		.name = name_, .scope = FACT_TASK, .unit = unit_, .source = RECORDS,               \
		.field = field_, .formula = formula_, .caveat = words, .quality = QUALITY_LIVE,    \
		.type = FACT_COMPUTED, .number = lane_number,                                      \
		.offset = offsetof(struct track, lane.member), .gap = "perf_event"                 \
	}

static double lane_number(const struct fact *fact, const void *record)
{
	return *(const double *)((const char *)record + fact->offset);
}

/* With its sign: below zero, records came that the counters of the same sample did not have yet. */
static void unseen_words(const struct fact *fact, const void *record, char *out, size_t size)
{
	const double unseen = ((const struct track *)record)->lane.unseen;

	if (!isnan(unseen))
		snprintf(out, size, "%+.0f", unseen);
}

/* clang-format off */
const struct fact lane_facts[] = {
	LANE("lane_run_share", "%", run_percent, "put on to switched out",
		"time on a CPU / known time x 100, " LAST_SECOND,
		"Exact; time after a loss is left out. Tasks get equal shares within one group of the scheduler: each crew is one (autogroup)."),
	LANE("lane_mean_run_ns", "ns", mean_run_ns, "put on to switched out",
		"time on a CPU / times put on, " LAST_SECOND,
		"A run that began before the second counts with the part that is in it."),
	LANE("lane_longest_run_ns", "ns", longest_run_ns, "put on to switched out",
		"longest run that ended in the last second",
		"From its start, also if that was before. Interrupts are in it."),
	LANE("lane_mean_wait_ns", "ns", mean_wait_ns, "preempted to put on",
		"time of waiting / times preempted, " LAST_SECOND,
		"Only waits after a preemption: when a task that gave up is woken is in no record without privileges."),
	LANE("lane_longest_wait_ns", "ns", longest_wait_ns, "preempted to put on",
		"longest wait that ended in the last second",
		"Only waits after a preemption, and of new tasks for their first run."),
	{ .name = "lane_mean_delay_ns", .scope = FACT_TASK, .unit = "ns", .source = "/proc/PID/task/TID/schedstat",
		.field = "2 and 3", .formula = "time of waiting / times put on, over about the last second",
		.caveat = "Of every wait, also from being woken to running, which no record shows; a sum: the longest is not known.",
		.quality = QUALITY_LIVE, .type = FACT_COMPUTED, .number = lane_number,
		.offset = offsetof(struct track, lane.mean_delay_ns), .gap = "schedstat" },
	{ .name = "lane_waits_in", .scope = FACT_TASK, .unit = "", .source = "/proc/PID/task/TID/wchan",
		.field = "wait channel", .formula = "the one found most often, " LAST_SECOND,
		.caveat = "A look a refresh: of short waits most are never looked at. Of one that runs there is no channel.",
		.quality = QUALITY_SAMPLED, .type = FACT_TEXT, .offset = offsetof(struct track, lane.waits_in),
		.gap = "wchan" },
	LANE("lane_voluntary", "", seen_voluntary, "switched out, not preempted",
		"count of records since the lane began",
		"The kernel counts the same ones in voluntary_ctxt_switches."),
	LANE("lane_involuntary", "", seen_involuntary, "PERF_RECORD_MISC_SWITCH_OUT_PREEMPT",
		"count of records since the lane began",
		"Taken off while runnable; sched_yield() is one of these, as in /proc."),
	{ .name = "lane_unseen", .scope = FACT_TASK, .unit = "", .source = RECORDS " and /proc/PID/task/TID/status",
		.field = "voluntary_ctxt_switches, nonvoluntary_ctxt_switches",
		.formula = "counted by /proc - recorded, since the lane began",
		.caveat = "The two are read at slightly different instants: what stays is lost, what comes and goes is that.",
		.quality = QUALITY_LIVE, .type = FACT_COMPUTED, .offset = offsetof(struct track, lane.unseen),
		.number = lane_number, .text = unseen_words,
		.gap = "perf_event" },
};
/* clang-format on */

const size_t lane_facts_n = ARRAY_LEN(lane_facts);
