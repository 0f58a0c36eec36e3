/* SPDX-License-Identifier: MIT
 * Describes the record of a task's signal masks.
 */
#include "table.h"

/* clang-format off */
static const struct field signal_fields[] = {
	FIELDS_OF_TASK(signal_sample),
	FIELD(signal_sample, known, .flags = FIELD_UNPRINTED),
	FIELD(signal_sample, blocked, .flags = FIELD_IF_KNOWN | FIELD_SIGNALS, .gaps = { "status" },
		FACT("", FROM_STATUS, "SigBlk", "bit n - 1 is signal n; 32 and 33 left out",
			"Each task has its own, threads too.")),
	FIELD(signal_sample, ignored, .flags = FIELD_IF_KNOWN | FIELD_SIGNALS, .gaps = { "status" },
		FACT("", FROM_STATUS, "SigIgn", "bit n - 1 is signal n; 32 and 33 left out",
			"Part of the handlers, so all threads have the same.")),
	FIELD(signal_sample, caught, .flags = FIELD_IF_KNOWN | FIELD_SIGNALS, .gaps = { "status" },
		FACT("", FROM_STATUS, "SigCgt", "bit n - 1 is signal n; 32 and 33 left out",
			"Handlers are the process's: all threads have the same.")),
	FIELD(signal_sample, pending, .flags = FIELD_IF_KNOWN | FIELD_SIGNALS, .gaps = { "status" },
		FACT("", FROM_STATUS, "SigPnd", "bit n - 1 is signal n; 32 and 33 left out",
			"Sent to this one task, and blocked by it.")),
	FIELD(signal_sample, shared_pending, .flags = FIELD_IF_KNOWN | FIELD_SIGNALS, .gaps = { "status" },
		FACT("", FROM_STATUS, "ShdPnd", "bit n - 1 is signal n; 32 and 33 left out",
			"Sent to the process: any thread that does not block it takes it.")),
	FIELD(signal_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record signal_record = { .name = "signals",
	.form1_parent = "evidence",
	RECORD_PARTS(signal, signals),
	.limit = 2048,
	.known = offsetof(struct signal_sample, known),
	.flags = RECORD_PRINTED,
	.need = NEED_SIGNALS,
	.gap = "status",
	.gaps = { "task", "proc" } };
