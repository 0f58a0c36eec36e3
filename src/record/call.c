/* SPDX-License-Identifier: MIT
 * Describes the record of the system call that a task waits in.
 */
#include "table.h"

static const char runs[] = "it runs, or was blocked outside of a call";
static const char no_futex[] = "it waits in no futex call";

/* clang-format off */
static const struct field call_fields[] = {
	FIELDS_OF_TASK(call_sample),
	FIELD(call_sample, number, RANGE_SMALL, .flags = FIELD_OMITTED),
	FIELD(call_sample, call, .flags = FIELD_NULLED, .why = runs,
		FACT("", FROM_SYSCALL, "1 number of the call", "its name",
			"Of a task that is blocked now; a call that returns at once is never seen.")),
	FIELD(call_sample, futex, .flags = FIELD_OMITTED, .why = no_futex,
		FACT("address", FROM_SYSCALL, "2 first argument, of a futex call", AS_READ,
			"The word that it waits at: a lock, a condition, a thread's end. The same number "
			"in two address spaces is two words, unless the memory is shared.")),
	FIELD_AS("operation", call_sample, operation, .flags = FIELD_OMITTED, .why = no_futex,
		.fact = "futex_operation",
		FACT("", FROM_SYSCALL, "3 second argument, of a futex call", "in words",
			"Private: looked for in its own address space alone, which all threads of a "
			"process have.")),
	FIELD(call_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record call_record = { .name = "calls",
	RECORD_PARTS(call, calls),
	.limit = 2048,
	.flags = RECORD_PRINTED | RECORD_OF_LIVING,
	.need = NEED_CALLS,
	.gap = "syscall",
	.gaps = { "syscall", "task" } };
