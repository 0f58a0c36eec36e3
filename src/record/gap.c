/* SPDX-License-Identifier: MIT
 * Describes the record of a value that could not be read.
 */
#include "table.h"

/* clang-format off */
static const struct field gap_fields[] = {
	FIELD(gap_sample, pid, RANGE_PLAIN, .role = ROLE_PID),
	FIELD(gap_sample, what, .flags = FIELD_REQUIRED),
	FIELD(gap_sample, error, RANGE_INT32),
	FIELD(gap_sample, reason, RANGE_NONE),
};
/* clang-format on */

const struct record gap_record = { .name = "gaps", RECORD_PARTS(gap, gaps), .limit = 4096 };
