/* SPDX-License-Identifier: MIT
 * The facts of duels: what a series of trials says, and what two of them say of each other. One record a number, in the words
 * that `?` prints. Their records are the sample's; which series a path means, the program's own tables tell.
 */
#include "internal.h"

#include <math.h>
#include <stdio.h>

#define TRIALS "trials of the duel host, in rounds with the other series"
#define CLOCK "CLOCK_MONOTONIC around a trial"
#define OF_TRIALS(name_, formula_, words)                                                          \
	{                                                                                          \
		.name = #name_, .scope = FACT_DUEL, .unit = "", .source = TRIALS, .field = CLOCK,  \
		.formula = formula_, .caveat = words, .quality = QUALITY_LIVE,                     \
		.type = FACT_COMPUTED, .number = number_at,                                        \
		.offset = offsetof(struct duel_sample, name_), .gap = "duel"                       \
	}
#define OF_TASKS(name_, unit_, source_, field_, formula_, words)                                   \
	{                                                                                          \
		.name = #name_, .scope = FACT_DUEL, .unit = unit_, .source = source_,              \
		.field = field_, .formula = formula_, .caveat = words, .quality = QUALITY_LIVE,    \
		.type = FACT_COMPUTED, .number = number_at,                                        \
		.offset = offsetof(struct duel_sample, name_), .gap = "duel"                       \
	}
#define OF_PAIRS(name_, formula_, words)                                                           \
	{                                                                                          \
		.name = #name_, .scope = FACT_CONTRAST, .unit = "", .source = TRIALS,              \
		.field = "two series of the same rounds", .formula = formula_, .caveat = words,    \
		.quality = QUALITY_LIVE, .type = FACT_COMPUTED, .number = number_at,               \
		.offset = offsetof(struct contrast_sample, name_), .gap = "duel"                   \
	}

static double number_at(const struct fact *fact, const void *record)
{
	return *(const double *)((const char *)record + fact->offset);
}

static double message_rate(const struct fact *fact, const void *record)
{
	return duel_messages_per_s(record);
}

static void note_words(const struct fact *fact, const void *record, char *out, size_t size)
{
	snprintf(out, size, "%s", ((const struct duel_sample *)record)->note);
}

/* What is not resolved is not known. */
static void verdict_words(const struct fact *fact, const void *record, char *out, size_t size)
{
	static const char *const words[CONTRAST_VERDICTS] = {
		[CONTRAST_LESS] = "less", [CONTRAST_MORE] = "more", [CONTRAST_EQUAL] = "equal"
	};
	const unsigned verdict = (unsigned)((const struct contrast_sample *)record)->verdict;

	snprintf(out, size, "%s",
		verdict < ARRAY_LEN(words) && words[verdict] ? words[verdict] : "");
}

/* clang-format off */
const struct fact duel_facts[] = {
	OF_TRIALS(median, "middle of all trials",
		"The call and its way into the kernel are in it; baseline is what that costs alone. Of memory it is kB of PSS, else ns."),
	OF_TRIALS(min, "least of all trials", "What it costs when nothing disturbs: a floor, not what is usual."),
	OF_TRIALS(p5, "5th percentile of all trials", "With few trials it is close to the least."),
	OF_TRIALS(p25, "25th percentile of all trials", "Half of all trials lie between this and p75."),
	OF_TRIALS(p75, "75th percentile of all trials", "Half of all trials lie between p25 and this."),
	OF_TRIALS(p95, "95th percentile of all trials", "What else runs on the machine is in here."),
	OF_TRIALS(baseline, "the same calls, and the same touching of memory, by one task alone: middle of all trials",
		"Only of switches. It has no partner to switch to, so nothing is switched."),
	OF_TRIALS(net, "trial - its baseline, round by round: the middle",
		"The switch alone: small beside both, so its spread is wider than theirs."),
	{ .name = "trials", .scope = FACT_DUEL, .unit = "", .source = TRIALS, .field = "so far", .formula = "count",
		.caveat = "Fewer than 6 decide nothing.", .quality = QUALITY_LIVE, .type = FACT_INT32,
		.offset = offsetof(struct duel_sample, trials), .gap = "duel" },
	{ .name = "note", .scope = FACT_DUEL, .unit = "", .source = TRIALS, .field = "what the receiver found",
		.formula = "as reported", .caveat = "Empty when there is nothing to say.", .quality = QUALITY_LIVE,
		.type = FACT_COMPUTED, .text = note_words, .gap = "duel" },
	OF_TASKS(switches, "", "getrusage(2), RUSAGE_THREAD of both tasks", "ru_nvcsw + ru_nivcsw",
		"(after - before) / switches or messages of the trial",
		"On one CPU a hand-over is one switch; on two it can be none, when nobody sleeps."),
	{ .name = "message_rate", .scope = FACT_DUEL, .unit = "1/s", .source = TRIALS, .field = CLOCK,
		.formula = "1 / median", .caveat = "Only of talk. One message after the other: what is on its way at once is the channel's.",
		.quality = QUALITY_LIVE, .type = FACT_COMPUTED, .number = message_rate, .gap = "duel" },
	OF_TASKS(calls, "", TRIALS, "system calls for messages, both tasks", "calls / messages",
		"Counted by the tasks themselves: a futex that need not wait makes none."),
	OF_TASKS(copied, "", "/proc/thread-self/io of both tasks", "rchar, wchar", "(after - before) / messages, in bytes",
		"In and out, so twice the message. A message queue's copies do not count there: its number is by construction."),
	OF_TASKS(latency_p50, "ns", TRIALS, "CLOCK_MONOTONIC in both tasks", "from sending to receiving: the middle of the trials' medians",
		"Time in the queue is in it: a sender that runs ahead makes it long."),
	OF_TASKS(latency_p95, "ns", TRIALS, "CLOCK_MONOTONIC in both tasks", "from sending to receiving: the middle of the trials' 95th percentiles",
		"Time in the queue is in it: a sender that runs ahead makes it long."),
	OF_TASKS(page_tables_kb, "kB", "/proc/PID/status", "VmPTE", "of the newborn; of memory: the sum over all",
		"0 for a thread by construction: it has no page tables of its own."),
	OF_TASKS(mappings, "", "/proc/PID/maps", "lines, of the newborn", "count",
		"0 for a thread by construction: it has no mappings of its own."),
	OF_TASKS(faults, "", "getrusage(2), RUSAGE_THREAD of the newborn", "ru_minflt", "while it writes the ballast, at most 64 MB of it",
		"Each is a page of 4 kB that is copied only now: the second half of fork's bill."),
	OF_TASKS(write_ns, "ns", TRIALS, "CLOCK_MONOTONIC in the newborn", "while it writes the ballast, at most 64 MB of it",
		"Measured once for a series. In a virtual machine faults are dear."),
	OF_TASKS(written_kb, "kB", TRIALS, "what the newborn writes", "the ballast, at most 64 MB of it", "What faults and write_ns are the price of."),
	OF_TASKS(rss_kb, "kB", "/proc/PID/smaps_rollup", "Rss", "sum over the host and its workers",
		"Shared pages count once for each process: the sum is more than there is."),
	OF_TASKS(uss_kb, "kB", "/proc/PID/smaps_rollup", "Private_Clean + Private_Dirty", "sum over the host and its workers",
		"What would be free if they ended one at a time; what is shared is in nobody's."),
	OF_TASKS(vm_size_kb, "kB", "/proc/PID/status", "VmSize", "sum over the host and its workers",
		"Address space, not memory: each thread's stack is 8 MB of it."),
	OF_TASKS(kernel_stack_kb, "kB", "/proc/meminfo", "KernelStack", "(with 64 tasks more - before) / 64, to a power of two, x (host + workers)",
		"The kernel counts stacks in steps, and those of others too: a few tasks more can read as none."),
	OF_PAIRS(ratio, "first / second, round by round: the middle of the geometric means of any two rounds",
		"What disturbs a round disturbs both of its trials, so this is steadier than the two medians."),
	OF_PAIRS(low, "first / second: the lower end of its interval (signed-rank test, exact)",
		"The interval holds the ratio in 95 of 100 runs, over all looks together. They differ where it excludes 1."),
	OF_PAIRS(high, "first / second: the upper end of its interval (signed-rank test, exact)",
		"They are equal where the whole interval lies within 10 % of 1, which is asked first."),
	OF_PAIRS(ratio_p5, "first / second, round by round: 5th percentile", "Of single rounds: the interval is of the middle, and narrower."),
	OF_PAIRS(ratio_p95, "first / second, round by round: 95th percentile", "Of single rounds: the interval is of the middle, and narrower."),
	OF_PAIRS(difference, "first - second, round by round: the middle", "In the unit of the two."),
	{ .name = "verdict", .scope = FACT_CONTRAST, .unit = "", .source = TRIALS, .field = "two series of the same rounds",
		.formula = "equal: the interval of the ratio lies within 10 % of 1; else less, more: it excludes 1",
		.caveat = "Unknown while the rounds disagree, with fewer than 6 of them, a refusal, or wrong data.",
		.quality = QUALITY_LIVE, .type = FACT_COMPUTED, .text = verdict_words, .gap = "duel" },
};
/* clang-format on */

const size_t duel_facts_n = ARRAY_LEN(duel_facts);
