/* SPDX-License-Identifier: MIT
 * Describes the record of a task's registers and stack.
 */
#include "table.h"

static const char *const register_words[] = { [REGISTERS_NONE] = "none",
	[REGISTERS_SYSCALL] = "syscall",
	[REGISTERS_PERF] = "perf",
	[REGISTERS_EARLIER] = "earlier" };

static const char runs[] = "not blocked when it was looked at, and not sampled";
#define REPORTED                                                                                   \
	.flags = FIELD_NULLED | FIELD_OF_WORKERS, .gaps = { "board" }, .why = "not reported"

/* clang-format off */
static const struct field register_fields[] = {
	FIELDS_OF_TASK(register_sample),
	FIELD(register_sample, how, WORDS(register_words), .flags = FIELD_REQUIRED),
	FIELD(register_sample, syscall, RANGE_SMALL, .flags = FIELD_OMITTED),
	FIELD(register_sample, sp, .flags = FIELD_NULLED, .gaps = { "syscall", "perf_event" }, .why = runs,
		FACT("address", FROM_SYSCALL, "stack pointer", AS_READ,
			"Of a blocked task; while it runs, from samples of perf_event, or from its "
			"last wait; unknown if both are older than 2 s.")),
	FIELD(register_sample, pc, .flags = FIELD_NULLED, .gaps = { "syscall", "perf_event" }, .why = runs,
		FACT("address", FROM_SYSCALL, "program counter", AS_READ,
			"Of a blocked task; while it runs, from samples of perf_event, or from its "
			"last wait; unknown if both are older than 2 s.")),
	FIELD(register_sample, tls, REPORTED,
		FACT("address", FROM_BOARD, "tls", AS_READ,
			"The thread pointer, reported by the worker: errno and thread_local live there.")),
	FIELD(register_sample, stack_low, REPORTED),
	FIELD(register_sample, stack_high, REPORTED),
	FIELD(register_sample, stack_used_kb, RANGE_KB, .flags = FIELD_OF_WORKERS,
		.gaps = { "syscall", "perf_event" }, .why = runs,
		FACT("kB", FROM_SYSCALL, "stack pointer", "high - stack pointer",
			"How deep it is now.")),
	FIELD(register_sample, stack_resident_kb, RANGE_KB, .flags = FIELD_OF_WORKERS,
		.gaps = { "pagemap" }, .why = runs, .quality = QUALITY_SAMPLED,
		FACT("kB", FROM_PAGEMAP, "bit 63", "pages present in the stack, counted five times a second",
			"Pages ever touched: they stay. Less than used, if a large local variable was "
			"not touched.")),
	FIELD(register_sample, where, .flags = FIELD_OMITTED | FIELD_FOREIGN, .gaps = { "syscall" },
		FACT("", "/proc/PID/maps", "the mapping that holds the program counter", "name + offset",
			"A symbol where one is known.")),
	FIELD(register_sample, waits_in, .flags = FIELD_OMITTED, .gaps = { "wchan" },
		FACT("", "/proc/PID/task/TID/wchan", "function of the kernel", AS_READ,
			"Nothing while it runs.")),
	FIELD(register_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record register_record = { .name = "registers",
	.form1_parent = "evidence",
	RECORD_PARTS(register, registers),
	.limit = 2048,
	.flags = RECORD_PRINTED | RECORD_OF_LIVING,
	.need = NEED_REGISTERS,
	.gap = "syscall",
	.gaps = { "task", "proc" } };
