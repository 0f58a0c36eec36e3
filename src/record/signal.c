/* SPDX-License-Identifier: MIT
 * Describes the record of a task's signal masks.
 */
#include "table.h"

/* clang-format off */
static const struct field signal_fields[] = {
	FIELDS_OF_TASK(signal_sample),
	FIELD(signal_sample, known, .flags = FIELD_UNPRINTED),
	FIELD(signal_sample, blocked, .flags = FIELD_IF_KNOWN),
	FIELD(signal_sample, ignored, .flags = FIELD_IF_KNOWN),
	FIELD(signal_sample, caught, .flags = FIELD_IF_KNOWN),
	FIELD(signal_sample, pending, .flags = FIELD_IF_KNOWN),
	FIELD(signal_sample, shared_pending, .flags = FIELD_IF_KNOWN),
	FIELD(signal_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record signal_record = { .name = "signals",
	.form1_parent = "evidence",
	RECORD_PARTS(signal, signals),
	.limit = 2048,
	.known = offsetof(struct signal_sample, known),
	.flags = RECORD_PRINTED,
	.gaps = { "status", "task", "proc" } };
