/* SPDX-License-Identifier: MIT
 * Describes the record of one look at what a task waits in.
 */
#include "table.h"

/* clang-format off */
static const struct field wait_fields[] = {
	FIELD(wait_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED),
	FIELD(wait_sample, tid, RANGE_TID, .flags = FIELD_REQUIRED),
	FIELD(wait_sample, side, RANGE_SIDE, .flags = FIELD_REQUIRED),
	FIELD(wait_sample, worker, RANGE_WORKER),
	FIELD(wait_sample, took_ns, RANGE_NUMBER),
	FIELD(wait_sample, waits_in, RANGE_NONE),
	FIELD(wait_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record wait_record = {
	.name = "waits", RECORD_PARTS(wait, waits), .limit = WAITS_MAX, .need = NEED_WAITS
};
