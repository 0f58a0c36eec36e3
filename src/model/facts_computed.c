/* SPDX-License-Identifier: MIT
 * The facts that are computed: what no member of a record says by itself. All others are in the tables of their records.
 */
#include "internal.h"

#define BOARD "the crew's board"

static double worker_alive(const void *record)
{
	return ((const struct worker_sample *)record)->phase == WORKER_ALIVE;
}

static double worker_status(const void *record)
{
	const struct worker_sample *worker = record;

	return worker->phase == WORKER_ENDED ? worker->wait_status : NAN;
}

static void worker_how(const void *record, char *out, size_t size)
{
	const struct worker_sample *worker = record;

	if (worker->phase == WORKER_ENDED)
		format_wait_status(out, size, worker->wait_status);
	else
		snprintf(out, size, "%s", worker->phase == WORKER_ALIVE ? "alive" : "starting");
}

static double stack_size(const void *record)
{
	const struct register_sample *r = record;

	return r->stack_high > r->stack_low ? (double)((r->stack_high - r->stack_low) / 1024) : NAN;
}

static double file_open(const void *record)
{
	return ((const struct file_sample *)record)->fd >= 0;
}

static double kernel_stack(const void *record)
{
	return KERNEL_STACK_KB;
}

static double message_rate(const void *record)
{
	return duel_messages_per_s(record);
}

/* What is not resolved is not known. */
static void verdict_words(const void *record, char *out, size_t size)
{
	static const char *const words[CONTRAST_VERDICTS] = {
		[CONTRAST_LESS] = "less", [CONTRAST_MORE] = "more", [CONTRAST_EQUAL] = "equal"
	};
	const unsigned verdict = (unsigned)((const struct contrast_sample *)record)->verdict;

	snprintf(out, size, "%s",
		verdict < ARRAY_LEN(words) && words[verdict] ? words[verdict] : "");
}

/* clang-format off */
const struct fact computed_facts[] = {
	{ .name = "alive", .scope = FACT_WORKER, .unit = "", .source = BOARD,
		.field = "phase", .formula = "1: it lives, 0: it starts or has ended",
		.caveat = "The crew's host sees a process end by waitpid; a thread's end is told by itself.",
		.record = &worker_record, .number = worker_alive, .gaps = { "board" } },
	{ .name = "how", .scope = FACT_WORKER, .unit = "", .source = "waitpid(2) of the crew's host",
		.field = "status", .formula = "in words",
		.caveat = "A thread has no wait status: of a crew that a signal ended, each has the process's.",
		.record = &worker_record, .text = worker_how, .gaps = { "board" } },
	{ .name = "wait_status", .scope = FACT_WORKER, .unit = "", .source = "waitpid(2) of the crew's host",
		.field = "status", .formula = "as read",
		.caveat = "Known when it has ended; a thread of a crew that a signal ended has the process's.",
		.record = &worker_record, .number = worker_status, .gaps = { "board" } },
	{ .name = "stack_size_kb", .scope = FACT_REGISTERS, .unit = "kB", .source = BOARD,
		.field = "pthread_getattr_np(3)", .formula = "high - low",
		.caveat = "Address space, not memory: pages come when they are touched.",
		.record = &register_record, .number = stack_size, .gaps = { "board" } },
	{ .name = "file_open", .scope = FACT_FILE, .unit = "", .source = "/proc/PID/fd",
		.field = "links", .formula = "1: the file that was opened before the workers were made is open",
		.caveat = "A descriptor is an entry of a table; the open file behind it may live on elsewhere.",
		.quality = QUALITY_SAMPLED, .record = &file_record, .number = file_open, .gaps = { "fd" } },
	{ .name = "kernel_stack_kb", .scope = FACT_TASK, .unit = "kB", .source = "the kernel's THREAD_SIZE",
		.field = "16 kB on x86-64", .formula = "not read: the same for every task",
		.caveat = "By construction: a task needs one to run in the kernel, be it process or thread.",
		.quality = QUALITY_BY_CONSTRUCTION, .record = &task_record, .number = kernel_stack, .gaps = { "task" } },
	{ .name = "message_rate", .scope = FACT_DUEL, .unit = "1/s", .source = "trials of the duel host, in rounds with the other series",
		.field = "CLOCK_MONOTONIC around a trial", .formula = "1 / median",
		.caveat = "Only of talk. One message after the other: what is on its way at once is the channel's.",
		.record = &duel_record, .number = message_rate, .gaps = { "duel" } },
	{ .name = "verdict", .scope = FACT_CONTRAST, .unit = "", .source = "trials of the duel host, in rounds with the other series",
		.field = "two series of the same rounds", .formula = "equal: the interval of the ratio lies within 10 % of 1; else less, more: it excludes 1, and the ratio is more than 10 % off",
		.caveat = "Unknown while the rounds disagree, with fewer than 6 of them, a refusal, or wrong data.",
		.record = &contrast_record, .text = verdict_words, .gaps = { "duel" } },
};
/* clang-format on */

const size_t computed_facts_n = ARRAY_LEN(computed_facts);

/* --- what a record says of itself --- */

/* Of sp, pc and where: read, sampled while it ran, or read before it ran. */
static bool is_of_place(const struct fact *fact)
{
	return fact->scope == FACT_REGISTERS &&
	       (strcmp(fact->name, "sp") == 0 || strcmp(fact->name, "pc") == 0 ||
		       strcmp(fact->name, "where") == 0);
}

static enum evidence_how how_of(const struct fact *fact, const void *record)
{
	const struct sharing_sample *sharing = record;

	return (enum evidence_how)
		sharing->how[(fact->member->offset - offsetof(struct sharing_sample, object)) /
			     sizeof(int16_t)];
}

enum quality evidence_quality(const struct fact *fact, const void *record)
{
	const struct register_sample *registers = record;

	if (fact->scope == FACT_SHARING)
		return how_of(fact, record) == HOW_CONSTRUCTION ? QUALITY_BY_CONSTRUCTION
								: fact->quality;
	if (is_of_place(fact) && registers->how != REGISTERS_SYSCALL)
		return QUALITY_SAMPLED;
	return fact->quality;
}

const char *evidence_source(const struct fact *fact, const void *record)
{
	static const char *const of_sharing[] = {
		[HOW_BEHAVIOUR] = "in place of kcmp: tables or sizes seen to differ in /proc",
		[HOW_CONSTRUCTION] = "in place of kcmp: the clone flags that it was made with",
	};
	static const char *const of_place[] = {
		[REGISTERS_PERF] = "perf_event: user registers, every 20 ms that it runs",
		[REGISTERS_EARLIER] = "/proc/PID/task/TID/syscall"
				      ", before it ran on",
	};
	const struct register_sample *registers = record;
	const char *source = NULL;

	if (fact->scope == FACT_SHARING && how_of(fact, record) < ARRAY_LEN(of_sharing))
		source = of_sharing[how_of(fact, record)];
	else if (is_of_place(fact) && (size_t)registers->how < ARRAY_LEN(of_place))
		source = of_place[registers->how];
	return source ? source : fact->source;
}
