/* SPDX-License-Identifier: MIT
 * Describes the record of a task's signal masks.
 */
#include "table.h"

/* clang-format off */
static const struct field signal_fields[] = {
	FIELD_WHOSE(signal_sample),
	FIELD(signal_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED),
	FIELD(signal_sample, tid, RANGE_TID, .flags = FIELD_REQUIRED),
	FIELD(signal_sample, known, RANGE_NONE),
	FIELD(signal_sample, blocked, RANGE_NONE),
	FIELD(signal_sample, ignored, RANGE_NONE),
	FIELD(signal_sample, caught, RANGE_NONE),
	FIELD(signal_sample, pending, RANGE_NONE),
	FIELD(signal_sample, shared_pending, RANGE_NONE),
	FIELD(signal_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record signal_record = {
	.name = "signals", RECORD_PARTS(signal, signals), .limit = 2048
};
