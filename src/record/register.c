/* SPDX-License-Identifier: MIT
 * Describes the record of a task's registers and stack.
 */
#include "table.h"

static const char *const register_words[] = { [REGISTERS_NONE] = "none",
	[REGISTERS_SYSCALL] = "syscall",
	[REGISTERS_PERF] = "perf",
	[REGISTERS_EARLIER] = "earlier" };

static const char runs[] = "not blocked when it was looked at, and not sampled";
#define REPORTED .flags = FIELD_NULLED | FIELD_OF_WORKERS, .why = "not reported"

/* clang-format off */
static const struct field register_fields[] = {
	FIELDS_OF_TASK(register_sample),
	FIELD(register_sample, how, WORDS(register_words), .flags = FIELD_REQUIRED),
	FIELD(register_sample, syscall, RANGE_SMALL, .flags = FIELD_OMITTED),
	FIELD(register_sample, sp, .flags = FIELD_NULLED, .gaps = { "perf_event" }, .why = runs),
	FIELD(register_sample, pc, .flags = FIELD_NULLED, .gaps = { "perf_event" }, .why = runs),
	FIELD(register_sample, tls, REPORTED),
	FIELD(register_sample, stack_low, REPORTED),
	FIELD(register_sample, stack_high, REPORTED),
	FIELD(register_sample, stack_used_kb, RANGE_KB, .flags = FIELD_OF_WORKERS,
		.gaps = { "perf_event" }, .why = runs),
	FIELD(register_sample, stack_resident_kb, RANGE_KB, .flags = FIELD_OF_WORKERS,
		.gaps = { "pagemap" }, .why = runs),
	FIELD(register_sample, where, .flags = FIELD_OMITTED),
	FIELD(register_sample, waits_in, .flags = FIELD_OMITTED),
	FIELD(register_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record register_record = { .name = "registers",
	.form1_parent = "evidence",
	RECORD_PARTS(register, registers),
	.limit = 2048,
	.flags = RECORD_PRINTED | RECORD_OF_LIVING,
	.gaps = { "syscall", "task", "proc" } };
