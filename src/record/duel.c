/* SPDX-License-Identifier: MIT
 * Describes the records of duels: a series of trials, two series compared, and what is measured now.
 */
#include "table.h"

static const char *const verdict_words[] = {
	[CONTRAST_LESS] = "less",
	[CONTRAST_MORE] = "more",
	[CONTRAST_EQUAL] = "equal",
	[CONTRAST_UNRESOLVED] = "none", /* no answer; in recordings of old: the spreads overlap */
	[CONTRAST_UNDECIDED] = "undecided",
};

/* clang-format off */
static const struct field duel_fields[] = {
	FIELD(duel_sample, duel, .flags = FIELD_REQUIRED),
	FIELD(duel_sample, method, .flags = FIELD_REQUIRED),
	FIELD(duel_sample, who, .flags = FIELD_REQUIRED),
	FIELD(duel_sample, unit, RANGE_NONE),
	FIELD(duel_sample, parameter_unit, RANGE_NONE),
	FIELD(duel_sample, parameter, RANGE_COUNT),
	FIELD(duel_sample, cpus, RANGE_SMALL),
	FIELD(duel_sample, trials, RANGE_PLAIN,
		FACT("", FROM_TRIALS, "so far", "count",
			"Fewer than 6 decide nothing.")),
	FIELD(duel_sample, error, .min = 0, .max = 4095),
	FIELD(duel_sample, min, RANGE_REAL,
		FACT("", FROM_TRIALS, "CLOCK_MONOTONIC around a trial", "least of all trials",
			"What it costs when nothing disturbs: a floor, not what is usual.")),
	FIELD(duel_sample, p5, RANGE_REAL,
		FACT("", FROM_TRIALS, "CLOCK_MONOTONIC around a trial", "5th percentile of all trials",
			"With few trials it is close to the least.")),
	FIELD(duel_sample, p25, RANGE_REAL,
		FACT("", FROM_TRIALS, "CLOCK_MONOTONIC around a trial", "25th percentile of all trials",
			"Half of all trials lie between this and p75.")),
	FIELD(duel_sample, median, RANGE_REAL,
		FACT("", FROM_TRIALS, "CLOCK_MONOTONIC around a trial", "middle of all trials",
			"The call and its way into the kernel are in it; baseline is what that costs "
			"alone. Of memory it is kB of PSS, else ns.")),
	FIELD(duel_sample, p75, RANGE_REAL,
		FACT("", FROM_TRIALS, "CLOCK_MONOTONIC around a trial", "75th percentile of all trials",
			"Half of all trials lie between p25 and this.")),
	FIELD(duel_sample, p95, RANGE_REAL,
		FACT("", FROM_TRIALS, "CLOCK_MONOTONIC around a trial", "95th percentile of all trials",
			"What else runs on the machine is in here.")),
	FIELD(duel_sample, baseline, RANGE_REAL,
		FACT("", FROM_TRIALS, "CLOCK_MONOTONIC around a trial", "the same calls, and the same touching of memory, by one task alone: middle of all trials",
			"Only of switches. It has no partner to switch to, so nothing is switched.")),
	FIELD(duel_sample, net, RANGE_REAL,
		FACT("", FROM_TRIALS, "CLOCK_MONOTONIC around a trial", "trial - its baseline, round by round: the middle",
			"The switch alone: small beside both, so its spread is wider than theirs.")),
	FIELD(duel_sample, switches, RANGE_REAL,
		FACT("", "getrusage(2), RUSAGE_THREAD of both tasks", "ru_nvcsw + ru_nivcsw", "(after - before) / switches or messages of the trial",
			"On one CPU a hand-over is one switch; on two it can be none, when nobody "
			"sleeps.")),
	FIELD(duel_sample, calls, RANGE_REAL,
		FACT("", FROM_TRIALS, "system calls for messages, both tasks", "calls / messages",
			"Counted by the tasks themselves: a futex that need not wait makes none.")),
	FIELD(duel_sample, copied, RANGE_REAL,
		FACT("", "/proc/thread-self/io of both tasks", "rchar, wchar", "(after - before) / messages, in bytes",
			"In and out, so twice the message. A message queue's copies do not count "
			"there: its number is by construction.")),
	FIELD(duel_sample, latency_p50, RANGE_REAL,
		FACT("ns", FROM_TRIALS, "CLOCK_MONOTONIC in both tasks", "from sending to receiving: the middle of the trials' medians",
			"Time in the queue is in it: a sender that runs ahead makes it long.")),
	FIELD(duel_sample, latency_p95, RANGE_REAL,
		FACT("ns", FROM_TRIALS, "CLOCK_MONOTONIC in both tasks", "from sending to receiving: the middle of the trials' 95th percentiles",
			"Time in the queue is in it: a sender that runs ahead makes it long.")),
	FIELD(duel_sample, page_tables_kb, RANGE_REAL,
		FACT("kB", "/proc/PID/status", "VmPTE", "of the newborn; of memory: the sum over all",
			"0 for a thread by construction: it has no page tables of its own.")),
	FIELD(duel_sample, mappings, RANGE_REAL,
		FACT("", "/proc/PID/maps", "lines, of the newborn", "count",
			"0 for a thread by construction: it has no mappings of its own.")),
	FIELD(duel_sample, faults, RANGE_REAL,
		FACT("", "getrusage(2), RUSAGE_THREAD of the newborn", "ru_minflt", "while it writes the ballast, at most 64 MB of it",
			"Each is a page that is copied only now: the second half of fork's "
			"bill.")),
	FIELD(duel_sample, write_ns, RANGE_REAL,
		FACT("ns", FROM_TRIALS, "CLOCK_MONOTONIC in the newborn", "while it writes the ballast, at most 64 MB of it",
			"Measured once for a series. In a virtual machine faults are dear.")),
	FIELD(duel_sample, written_kb, RANGE_REAL,
		FACT("kB", FROM_TRIALS, "what the newborn writes", "the ballast, at most 64 MB of it",
			"What faults and write_ns are the price of.")),
	FIELD(duel_sample, rss_kb, RANGE_REAL,
		FACT("kB", FROM_ROLLUP, "Rss", "sum over the host and its workers",
			"Shared pages count once for each process: the sum is more than there is.")),
	FIELD(duel_sample, uss_kb, RANGE_REAL,
		FACT("kB", FROM_ROLLUP, "Private_Clean + Private_Dirty", "sum over the host and its workers",
			"What would be free if they ended one at a time; what is shared is in nobody's.")),
	FIELD(duel_sample, vm_size_kb, RANGE_REAL,
		FACT("kB", "/proc/PID/status", "VmSize", "sum over the host and its workers",
			"Address space, not memory: each thread's stack is 8 MB of it.")),
	FIELD(duel_sample, kernel_stack_kb, RANGE_REAL,
		FACT("kB", "/proc/meminfo", "KernelStack", "(with 64 tasks more - before) / 64, to a power of two, x (host + workers)",
			"The kernel counts stacks in steps, and those of others too: a few tasks more "
			"can read as none.")),
	FIELD(duel_sample, note, RANGE_NONE,
		FACT("", FROM_TRIALS, "what the receiver found", "as reported",
			"Empty when there is nothing to say.")),
};

static const struct field contrast_fields[] = {
	FIELD(contrast_sample, duel, .flags = FIELD_REQUIRED),
	FIELD(contrast_sample, method, .flags = FIELD_REQUIRED),
	FIELD(contrast_sample, key, .flags = FIELD_REQUIRED),
	FIELD(contrast_sample, parameter, RANGE_COUNT),
	FIELD(contrast_sample, cpus, RANGE_SMALL),
	FIELD(contrast_sample, verdict, WORDS(verdict_words), .flags = FIELD_REQUIRED),
	FIELD(contrast_sample, rounds, RANGE_PLAIN),
	FIELD(contrast_sample, ratio, RANGE_REAL,
		FACT("", FROM_TRIALS, "two series of the same rounds", "first / second, round by round: the middle of the geometric means of any two rounds",
			"What disturbs a round disturbs both of its trials, so this is steadier than "
			"the two medians.")),
	FIELD(contrast_sample, low, RANGE_REAL,
		FACT("", FROM_TRIALS, "two series of the same rounds", "first / second: the lower end of its interval (signed-rank test, exact)",
			"The interval holds the ratio in 95 of 100 runs, over all looks together. They "
			"differ where it excludes 1 and the ratio is more than 10 % off.")),
	FIELD(contrast_sample, high, RANGE_REAL,
		FACT("", FROM_TRIALS, "two series of the same rounds", "first / second: the upper end of its interval (signed-rank test, exact)",
			"They are equal where the whole interval lies within 10 % of 1, which is asked "
			"first.")),
	FIELD(contrast_sample, ratio_p5, RANGE_REAL,
		FACT("", FROM_TRIALS, "two series of the same rounds", "first / second, round by round: 5th percentile",
			"Of single rounds: the interval is of the middle, and narrower.")),
	FIELD(contrast_sample, ratio_p95, RANGE_REAL,
		FACT("", FROM_TRIALS, "two series of the same rounds", "first / second, round by round: 95th percentile",
			"Of single rounds: the interval is of the middle, and narrower.")),
	FIELD(contrast_sample, difference, RANGE_REAL,
		FACT("", FROM_TRIALS, "two series of the same rounds", "first - second, round by round: the middle",
			"In the unit of the two.")),
	FIELD(contrast_sample, text, RANGE_NONE),
};

static const struct field duel_state_fields[] = {
	FIELD(duel_state_sample, state, RANGE_NONE),
	FIELD(duel_state_sample, duel, RANGE_NONE),
	FIELD(duel_state_sample, current, RANGE_NONE),
	FIELD(duel_state_sample, round, RANGE_NUMBER),
	FIELD(duel_state_sample, rounds, RANGE_NUMBER),
	FIELD(duel_state_sample, note, RANGE_NONE),
	FIELD(duel_state_sample, card, RANGE_NONE),
};
/* clang-format on */

const struct record duel_record = { .name = "series",
	.form1_parent = "duel",
	RECORD_PARTS(duel, duels),
	.limit = 1024,
	.gaps = { "duel" } };

const struct record contrast_record = { .name = "contrasts",
	.form1_parent = "duel",
	RECORD_PARTS(contrast, contrasts),
	.limit = 4096,
	.gaps = { "duel" } };

const struct record duel_state_record = { .name = "duel",
	.form1 = "run",
	.form1_parent = "duel",
	RECORD_PARTS(duel_state, duel),
	.limit = 1 };
