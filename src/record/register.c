/* SPDX-License-Identifier: MIT
 * Describes the record of a task's registers and stack.
 */
#include "table.h"

static const char *const register_words[] = { [REGISTERS_NONE] = "none",
	[REGISTERS_SYSCALL] = "syscall",
	[REGISTERS_PERF] = "perf",
	[REGISTERS_EARLIER] = "earlier" };

/* clang-format off */
static const struct field register_fields[] = {
	FIELD_WHOSE(register_sample),
	FIELD(register_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED),
	FIELD(register_sample, tid, RANGE_TID, .flags = FIELD_REQUIRED),
	FIELD(register_sample, how, WORDS_REQUIRED(register_words)),
	FIELD(register_sample, syscall, .absent = -1, .min = -1, .max = INT16_MAX),
	FIELD(register_sample, sp, RANGE_NONE),
	FIELD(register_sample, pc, RANGE_NONE),
	FIELD(register_sample, tls, RANGE_NONE),
	FIELD(register_sample, stack_low, RANGE_NONE),
	FIELD(register_sample, stack_high, RANGE_NONE),
	FIELD(register_sample, stack_used_kb, RANGE_KB),
	FIELD(register_sample, stack_resident_kb, RANGE_KB),
	FIELD(register_sample, where, RANGE_NONE),
	FIELD(register_sample, waits_in, RANGE_NONE),
	FIELD(register_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record register_record = {
	.name = "registers", RECORD_PARTS(register, registers), .limit = 2048
};
