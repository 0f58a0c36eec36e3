/* SPDX-License-Identifier: MIT
 * The facts of evidence: what a task shares, its pages, what stands at one address, its stack, files and signals, and
 * how it came and went. One record a number, in the words that `?` prints.
 */
#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BOARD "the crew's board"
#define STATUS "/proc/PID/task/TID/status"
#define PAGEMAP "/proc/PID/pagemap"
#define MEM "/proc/PID/task/TID/mem"
#define SYSCALL "/proc/PID/task/TID/syscall"
#define AS_READ "as read"

#define LIVE .quality = QUALITY_LIVE
#define SAMPLED .quality = QUALITY_SAMPLED
#define AT(kind, record, member) .type = FACT_##kind, .offset = offsetof(struct record, member)
#define BY(function) .type = FACT_COMPUTED, .number = (function)
#define WORDS(function) .type = FACT_COMPUTED, .text = (function)

/* --- computed --- */

static double worker_alive(const struct fact *fact, const void *record)
{
	const struct worker_sample *worker = record;

	return worker->phase == WORKER_ALIVE;
}

static double worker_status(const struct fact *fact, const void *record)
{
	const struct worker_sample *worker = record;

	return worker->phase == WORKER_ENDED ? worker->wait_status : NAN;
}

static void worker_how(const struct fact *fact, const void *record, char *out, size_t size)
{
	const struct worker_sample *worker = record;

	if (worker->phase == WORKER_ENDED)
		format_wait_status(out, size, worker->wait_status);
	else
		snprintf(out, size, "%s", worker->phase == WORKER_ALIVE ? "alive" : "starting");
}

static void worker_last_order(const struct fact *fact, const void *record, char *out, size_t size)
{
	const struct worker_sample *worker = record;

	snprintf(out, size, "%s", worker->last_order);
}

static void worker_last_result(const struct fact *fact, const void *record, char *out, size_t size)
{
	const struct worker_sample *worker = record;

	snprintf(out, size, "%s", worker->last_result);
}

static double address(const struct fact *fact, const void *record)
{
	uint64_t value;

	memcpy(&value, (const char *)record + fact->offset, sizeof(value));
	return value ? (double)value : NAN;
}

static double mask_number(const struct fact *fact, const void *record)
{
	const struct signal_sample *signals = record;
	uint64_t mask;

	memcpy(&mask, (const char *)record + fact->offset, sizeof(mask));
	return signals->known ? (double)mask : NAN;
}

static void mask_words(const struct fact *fact, const void *record, char *out, size_t size)
{
	const struct signal_sample *signals = record;
	uint64_t mask;

	memcpy(&mask, (const char *)record + fact->offset, sizeof(mask));
	if (signals->known)
		format_signals(out, size, mask);
}

static double flags_number(const struct fact *fact, const void *record)
{
	return (double)((const struct worker_sample *)record)->clone_flags;
}

static void flags_words(const struct fact *fact, const void *record, char *out, size_t size)
{
	format_clone_flags(out, size, ((const struct worker_sample *)record)->clone_flags);
}

static double pointer_value(const struct fact *fact, const void *record)
{
	const struct pointer_sample *pointer = record;

	return pointer->known ? (double)pointer->value : NAN;
}

static void pointer_words(const struct fact *fact, const void *record, char *out, size_t size)
{
	const struct pointer_sample *pointer = record;

	if (pointer->known)
		snprintf(out, size, "%.*s", (int)sizeof(pointer->text), pointer->text);
}

static double stack_size(const struct fact *fact, const void *record)
{
	const struct register_sample *r = record;

	return r->stack_high > r->stack_low ? (double)((r->stack_high - r->stack_low) / 1024) : NAN;
}

static double file_open(const struct fact *fact, const void *record)
{
	return ((const struct file_sample *)record)->fd >= 0;
}

static double umask_number(const struct fact *fact, const void *record)
{
	const struct fs_sample *place = record;

	return place->umask < 0 ? NAN : place->umask;
}

static void umask_words(const struct fact *fact, const void *record, char *out, size_t size)
{
	const struct fs_sample *place = record;

	if (place->umask >= 0)
		snprintf(out, size, "%03o", (unsigned)place->umask);
}

static double kernel_stack(const struct fact *fact, const void *record)
{
	return KERNEL_STACK_KB;
}

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

	return (enum evidence_how)sharing
		->how[(fact->offset - offsetof(struct sharing_sample, object)) / sizeof(int16_t)];
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
		[REGISTERS_EARLIER] = SYSCALL ", before it ran on",
	};
	const struct register_sample *registers = record;
	const char *source = NULL;

	if (fact->scope == FACT_SHARING && how_of(fact, record) < ARRAY_LEN(of_sharing))
		source = of_sharing[how_of(fact, record)];
	else if (is_of_place(fact) && (size_t)registers->how < ARRAY_LEN(of_place))
		source = of_place[registers->how];
	return source ? source : fact->source;
}

nsec evidence_at(enum fact_scope scope, const void *record)
{
	switch (scope) {
	case FACT_SHARING:
		return ((const struct sharing_sample *)record)->at_ns;
	case FACT_PAGES:
	case FACT_WINDOW:
		return ((const struct pages_sample *)record)->at_ns;
	case FACT_X:
	case FACT_LOCAL:
	case FACT_VICTIM:
	case FACT_NEIGHBOUR:
		return ((const struct pointer_sample *)record)->at_ns;
	case FACT_REGISTERS:
		return ((const struct register_sample *)record)->at_ns;
	case FACT_FILE:
		return ((const struct file_sample *)record)->at_ns;
	case FACT_PLACE:
		return ((const struct fs_sample *)record)->at_ns;
	case FACT_SIGNALS:
		return ((const struct signal_sample *)record)->at_ns;
	default:
		return UNKNOWN;
	}
}

#define OBJECT(name_, resource, call, words)                                                       \
	{                                                                                          \
		.name = name_, .scope = FACT_SHARING, .unit = "", .source = "kcmp(2)",             \
		.field = call, .formula = "tasks with equal objects get equal numbers; 0: none",   \
		.caveat = words, LIVE, AT(INT16, sharing_sample, object[resource]), .gap = "kcmp"  \
	}
#define PAGES(name_, state, words)                                                                 \
	{                                                                                          \
		.name = name_, .scope = FACT_PAGES, .unit = "", .source = PAGEMAP,                 \
		.field = "bits 63, 62, 61, 58, 56", .formula = "count of the arena's pages",       \
		.caveat = words, SAMPLED, AT(INT32, pages_sample, count[state]), .gap = "pagemap"  \
	}
#define WINDOW(name_, state, bits, words)                                                          \
	{                                                                                          \
		.name = name_, .scope = FACT_WINDOW, .unit = "", .source = PAGEMAP, .field = bits, \
		.formula = "count of the part of a mapping that the pane shows", .caveat = words,  \
		SAMPLED, AT(INT32, pages_sample, count[state]), .gap = "pagemap"                   \
	}
#define EQUAL(name_, scope_)                                                                       \
	{                                                                                          \
		.name = name_, .scope = scope_, .unit = "", .source = PAGEMAP,                     \
		.field = "bits 0 to 54",                                                           \
		.formula = "pages whose frame another process has there, too",                     \
		.caveat = "Frame numbers are for root alone; bit 56 tells others whether a page "  \
			  "is shared.",                                                            \
		SAMPLED, AT(INT32, pages_sample, equal), .gap = "frames"                           \
	}
#define MASK(name_, field_, member, words)                                                         \
	{                                                                                          \
		.name = name_, .scope = FACT_SIGNALS, .unit = "", .source = STATUS,                \
		.field = field_, .formula = "bit n - 1 is signal n; 32 and 33 left out",           \
		.caveat = words, LIVE, AT(COMPUTED, signal_sample, member), .number = mask_number, \
		.text = mask_words, .gap = "status"                                                \
	}
#define SIDE(name_, member, source_, field_, formula_, gap_, words)                                \
	{                                                                                          \
		.name = name_, .scope = FACT_SIDE, .unit = "", .source = source_, .field = field_, \
		.formula = formula_, .caveat = words, LIVE, AT(INT64, side_totals, member),        \
		.gap = gap_                                                                        \
	}

/* clang-format off */
const struct fact evidence_facts[] = {
	/* --- a worker, as its crew knows it --- */
	{ .name = "alive", .scope = FACT_WORKER, .unit = "", .source = BOARD, .field = "phase",
		.formula = "1: it lives, 0: it starts or has ended",
		.caveat = "The crew's host sees a process end by waitpid; a thread's end is told by itself.",
		LIVE, BY(worker_alive), .gap = "board" },
	{ .name = "how", .scope = FACT_WORKER, .unit = "", .source = "waitpid(2) of the crew's host",
		.field = "status", .formula = "in words",
		.caveat = "A thread has no wait status: of a crew that a signal ended, each has the process's.",
		LIVE, WORDS(worker_how), .gap = "board" },
	{ .name = "wait_status", .scope = FACT_WORKER, .unit = "", .source = "waitpid(2) of the crew's host",
		.field = "status", .formula = AS_READ,
		.caveat = "Known when it has ended; a thread of a crew that a signal ended has the process's.",
		LIVE, BY(worker_status), .gap = "board" },
	{ .name = "clone_flags", .scope = FACT_WORKER, .unit = "", .source = BOARD, .field = "clone_flags",
		.formula = "flags of clone(2); 0: fork",
		.caveat = "By construction: what its crew asked the kernel for.",
		.quality = QUALITY_BY_CONSTRUCTION, .type = FACT_COMPUTED,
		.number = flags_number, .text = flags_words, .gap = "board" },

	{ .name = "orders_done", .scope = FACT_WORKER, .unit = "", .source = BOARD, .field = "orders_done",
		.formula = AS_READ, .caveat = "Counted by the worker itself, when an order is answered.",
		LIVE, AT(INT64, worker_sample, orders_done), .gap = "board" },
	{ .name = "last_order", .scope = FACT_WORKER, .unit = "", .source = BOARD, .field = "last_order",
		.formula = AS_READ, .caveat = "A name of `taskscope list orders`.",
		LIVE, WORDS(worker_last_order), .gap = "board" },
	{ .name = "last_result", .scope = FACT_WORKER, .unit = "", .source = BOARD, .field = "last_result",
		.formula = AS_READ, .caveat = "What the worker says of its last order; nothing before the first.",
		LIVE, WORDS(worker_last_result), .gap = "board" },

	/* --- what it shares --- */
	OBJECT("mm", RESOURCE_MEMORY, "KCMP_VM",
		"Equal number, one address space: the line between process and thread."),
	OBJECT("files", RESOURCE_FILES, "KCMP_FILES",
		"The descriptor table; two tables may still hold the same open files."),
	OBJECT("fs", RESOURCE_FS, "KCMP_FS", "Working directory, root and umask, all three together."),
	OBJECT("handlers", RESOURCE_HANDLERS, "KCMP_SIGHAND",
		"The handlers alone: blocked and pending signals are each task's own."),
	OBJECT("semundo", RESOURCE_SEMUNDO, "KCMP_SYSVSEM",
		"0 until the task has used SEM_UNDO: the kernel compares two missing lists as equal."),
	OBJECT("io", RESOURCE_IO, "KCMP_IO",
		"0 until it is used; glibc's threads do not pass CLONE_IO, so they have one each."),
	OBJECT("namespaces", RESOURCE_NAMESPACES, "/proc/PID/ns",
		"All links of /proc/PID/ns as one: equal number, all of them equal."),

	/* --- its pages --- */
	PAGES("arena_absent", PAGE_ABSENT, "Address space without memory: nobody has touched it yet."),
	PAGES("arena_own", PAGE_OWN,
		"Mapped by one address space, so the threads of a process all have it."),
	PAGES("arena_shared", PAGE_SHARED,
		"Mapped more than once: after fork, until somebody writes; also the zero page."),
	PAGES("arena_swapped", PAGE_SWAPPED, "On disk; the next access is a major fault."),
	EQUAL("arena_equal", FACT_PAGES),
	WINDOW("window_absent", PAGE_ABSENT, "bits 63, 62", "Mapped, but nobody has touched it yet."),
	WINDOW("window_own", PAGE_OWN, "bits 63, 61, 56",
		"Anonymous, and mapped by one address space: all threads of a process have it."),
	WINDOW("window_shared", PAGE_SHARED, "bits 63, 61, 56",
		"Anonymous, and mapped more than once: after fork, until somebody writes."),
	WINDOW("window_file", PAGE_FILE, "bits 63, 61",
		"A page of a file or of MAP_SHARED memory: whoever maps the file gets this one."),
	WINDOW("window_swapped", PAGE_SWAPPED, "bit 62", "On disk; the next access is a major fault."),
	WINDOW("window_guard", PAGE_GUARD, "bit 58", "Made by MADV_GUARD_INSTALL: whoever touches it gets SIGSEGV."),
	EQUAL("window_equal", FACT_WINDOW),

	/* --- one pointer --- */
	{ .name = "x_value", .scope = FACT_X, .unit = "", .source = MEM, .field = "8 bytes at X's address",
		.formula = AS_READ,
		.caveat = "Read through /proc: process_vm_readv would give the reader a page of its own.",
		SAMPLED, BY(pointer_value), .gap = "mem" },
	{ .name = "x_text", .scope = FACT_X, .unit = "", .source = MEM, .field = "40 bytes behind X's value",
		.formula = AS_READ, .caveat = "Who wrote it last, in that memory.",
		SAMPLED, WORDS(pointer_words), .gap = "mem" },
	{ .name = "x_address", .scope = FACT_X, .unit = "address", .source = BOARD, .field = "x_address",
		.formula = AS_READ, .caveat = "The same number in every task of both sides.",
		SAMPLED, AT(COMPUTED, pointer_sample, address), .number = address, .gap = "board" },
	{ .name = "x_exclusive", .scope = FACT_X, .unit = "", .source = PAGEMAP, .field = "bit 56",
		.formula = "1: mapped once, 0: by several",
		.caveat = "Once means by one address space, in which all threads of a process live.",
		SAMPLED, AT(INT16, pointer_sample, exclusive), .gap = "pagemap" },
	{ .name = "x_frame", .scope = FACT_X, .unit = "", .source = PAGEMAP, .field = "bits 0 to 54",
		.formula = AS_READ, .caveat = "The number of the physical page; the kernel tells it to root alone.",
		SAMPLED, AT(INT64, pointer_sample, frame), .gap = "pagemap" },
	{ .name = "local_value", .scope = FACT_LOCAL, .unit = "", .source = MEM,
		.field = "8 bytes of a local variable", .formula = AS_READ,
		.caveat = "On the worker's own stack, at an address that it published.",
		SAMPLED, BY(pointer_value), .gap = "mem" },
	{ .name = "local_address", .scope = FACT_LOCAL, .unit = "address", .source = BOARD,
		.field = "local_address", .formula = AS_READ,
		.caveat = "Where its variable is; in another address space the same number may be other memory.",
		SAMPLED, AT(COMPUTED, pointer_sample, address), .number = address, .gap = "board" },
	{ .name = "victim_text", .scope = FACT_VICTIM, .unit = "", .source = MEM,
		.field = "text of its heap object", .formula = AS_READ,
		.caveat = "As its own address space holds it.",
		SAMPLED, WORDS(pointer_words), .gap = "mem" },
	{ .name = "neighbour_text", .scope = FACT_NEIGHBOUR, .unit = "", .source = MEM,
		.field = "text at the address of the next worker's heap object", .formula = AS_READ,
		.caveat = "In its own address space: of a process that is its own copy, of a thread the object itself.",
		SAMPLED, WORDS(pointer_words), .gap = "mem" },

	/* --- stack and registers --- */
	{ .name = "sp", .scope = FACT_REGISTERS, .unit = "address", .source = SYSCALL, .field = "stack pointer",
		.formula = AS_READ,
		.caveat = "Of a blocked task; while it runs, from samples of perf_event, or from its last wait; unknown if both are older than 2 s.",
		LIVE, AT(COMPUTED, register_sample, sp), .number = address, .gap = "syscall" },
	{ .name = "pc", .scope = FACT_REGISTERS, .unit = "address", .source = SYSCALL, .field = "program counter",
		.formula = AS_READ,
		.caveat = "Of a blocked task; while it runs, from samples of perf_event, or from its last wait; unknown if both are older than 2 s.",
		LIVE, AT(COMPUTED, register_sample, pc), .number = address, .gap = "syscall" },
	{ .name = "tls", .scope = FACT_REGISTERS, .unit = "address", .source = BOARD, .field = "tls",
		.formula = AS_READ, .caveat = "The thread pointer, reported by the worker: errno and thread_local live there.",
		LIVE, AT(COMPUTED, register_sample, tls), .number = address, .gap = "board" },
	{ .name = "where", .scope = FACT_REGISTERS, .unit = "", .source = "/proc/PID/maps",
		.field = "the mapping that holds the program counter", .formula = "name + offset",
		.caveat = "A symbol where one is known.",
		LIVE, AT(TEXT, register_sample, where), .gap = "syscall" },
	{ .name = "waits_in", .scope = FACT_REGISTERS, .unit = "", .source = "/proc/PID/task/TID/wchan",
		.field = "function of the kernel", .formula = AS_READ,
		.caveat = "Nothing while it runs.",
		LIVE, AT(TEXT, register_sample, waits_in), .gap = "wchan" },
	{ .name = "stack_size_kb", .scope = FACT_REGISTERS, .unit = "kB", .source = BOARD,
		.field = "pthread_getattr_np(3)", .formula = "high - low",
		.caveat = "Address space, not memory: pages come when they are touched.",
		LIVE, BY(stack_size), .gap = "board" },
	{ .name = "stack_used_kb", .scope = FACT_REGISTERS, .unit = "kB", .source = SYSCALL,
		.field = "stack pointer", .formula = "high - stack pointer",
		.caveat = "How deep it is now.",
		LIVE, AT(INT64, register_sample, stack_used_kb), .gap = "syscall" },
	{ .name = "stack_resident_kb", .scope = FACT_REGISTERS, .unit = "kB", .source = PAGEMAP,
		.field = "bit 63", .formula = "pages present in the stack, counted five times a second",
		.caveat = "Pages ever touched: they stay. Less than used, if a large local variable was not touched.",
		SAMPLED, AT(INT64, register_sample, stack_resident_kb), .gap = "pagemap" },

	/* --- files --- */
	{ .name = "file_open", .scope = FACT_FILE, .unit = "", .source = "/proc/PID/fd", .field = "links",
		.formula = "1: the file that was opened before the workers were made is open",
		.caveat = "A descriptor is an entry of a table; the open file behind it may live on elsewhere.",
		SAMPLED, BY(file_open), .gap = "fd" },
	{ .name = "file_position", .scope = FACT_FILE, .unit = "", .source = "/proc/PID/fdinfo/FD", .field = "pos",
		.formula = AS_READ,
		.caveat = "Belongs to the open file, which fork shares: it moves for all who have it.",
		SAMPLED, AT(INT64, file_sample, position), .gap = "fdinfo" },
	{ .name = "file_description", .scope = FACT_FILE, .unit = "", .source = "kcmp(2)", .field = "KCMP_FILE",
		.formula = "equal numbers are one open file; 0: no other table has it",
		.caveat = "The letter in front of the offset. Threads have one table, so it is theirs together anyway.",
		SAMPLED, AT(INT16, file_sample, description), .gap = "kcmp file" },
	{ .name = "fds", .scope = FACT_PLACE, .unit = "", .source = "/proc/PID/fd", .field = "entries",
		.formula = "count", .caveat = "Of the table; threads have one table together.",
		SAMPLED, AT(INT32, fs_sample, fds), .gap = "fd" },
	{ .name = "fd_size", .scope = FACT_PLACE, .unit = "", .source = STATUS, .field = "FDSize",
		.formula = AS_READ, .caveat = "Slots of the table, free ones too.",
		SAMPLED, AT(INT32, fs_sample, fd_size), .gap = "status" },
	{ .name = "umask", .scope = FACT_PLACE, .unit = "", .source = STATUS, .field = "Umask",
		.formula = AS_READ, .caveat = "Octal; shared with the working directory (CLONE_FS).",
		SAMPLED, .type = FACT_COMPUTED, .number = umask_number, .text = umask_words, .gap = "status" },
	{ .name = "cwd", .scope = FACT_PLACE, .unit = "", .source = "/proc/PID/task/TID/cwd", .field = "link",
		.formula = AS_READ, .caveat = "A chdir of one thread moves all threads of its process.",
		SAMPLED, AT(TEXT, fs_sample, cwd), .gap = "cwd" },

	/* --- signals --- */
	MASK("signals_blocked", "SigBlk", blocked, "Each task has its own, threads too."),
	MASK("signals_caught", "SigCgt", caught, "Handlers are the process's: all threads have the same."),
	MASK("signals_ignored", "SigIgn", ignored, "Part of the handlers, so all threads have the same."),
	MASK("signals_pending", "SigPnd", pending, "Sent to this one task, and blocked by it."),
	MASK("signals_shared_pending", "ShdPnd", shared_pending,
		"Sent to the process: any thread that does not block it takes it."),

	/* --- in the kernel --- */
	{ .name = "kernel_stack_kb", .scope = FACT_TASK, .unit = "kB", .source = "the kernel's THREAD_SIZE",
		.field = "16 kB on x86-64", .formula = "not read: the same for every task",
		.caveat = "By construction: a task needs one to run in the kernel, be it process or thread.",
		.quality = QUALITY_BY_CONSTRUCTION, BY(kernel_stack), .gap = "task" },

	/* --- one side --- */
	SIDE("alive", alive, BOARD, "alive", "workers that live", "board", "The host is not one of them."),
	SIDE("wanted", wanted, BOARD, "wanted", "workers asked for", "board",
		"Fewer live when a limit was met, or when some have ended."),
	SIDE("ended", ended, BOARD, "phase", "workers that ended and are remembered", "board",
		"The last ones only: slots are used again."),
	SIDE("count_expected", count_expected, BOARD, "count_expected", AS_READ, "board",
		"Of the last counting order: what all its workers added together."),
	SIDE("count_value", count_value, BOARD, "count_value", AS_READ, "board",
		"What the counter says; on the heap of processes, the sum of their counters."),
	SIDE("count_lost", count_lost, BOARD, "count_expected, count_value",
		"count_expected - count_value", "board",
		"Load, add, store is not atomic: who stores last, wins."),
	SIDE("address_spaces", address_spaces, "kcmp(2)", "KCMP_VM", "different objects", "kcmp",
		"The host's own is one of them."),
	SIDE("fd_tables", fd_tables, "kcmp(2)", "KCMP_FILES", "different objects", "kcmp",
		"The host's own is one of them."),
	SIDE("handler_tables", handler_tables, "kcmp(2)", "KCMP_SIGHAND", "different objects", "kcmp",
		"The host's own is one of them."),
	SIDE("mappings", mappings, "/proc/PID/maps", "lines", "sum over the processes whose mappings were read",
		"maps", "The kernel keeps a record for each. Threads have one list: each adds its stack and a guard."),
	{ .name = "kernel_stack_kb", .scope = FACT_SIDE, .unit = "kB", .source = "the kernel's THREAD_SIZE",
		.field = "16 kB on x86-64", .formula = "16 kB x tasks",
		.caveat = "By construction: every task has a kernel stack, be it process or thread.",
		.quality = QUALITY_BY_CONSTRUCTION, AT(INT64, side_totals, kernel_stack_kb), .gap = "task" },
};
/* clang-format on */

const size_t evidence_facts_n = ARRAY_LEN(evidence_facts);
