/* SPDX-License-Identifier: MIT
 * Describes the record of a crew.
 */
#include "table.h"

static const char *const kind_words[KINDS] = {
	[KIND_PROCESSES] = "processes", [KIND_THREADS] = "threads"
};
static const char *const state_words[] = { [CREW_OFF] = "off",
	[CREW_STARTING] = "starting",
	[CREW_RUNNING] = "running",
	[CREW_ENDED] = "ended",
	[CREW_FAILED] = "failed" };

/* clang-format off */
static const struct field crew_fields[] = {
	FIELD(crew_sample, side, RANGE_SIDE),
	FIELD(crew_sample, kind, WORDS_REQUIRED(kind_words)),
	FIELD(crew_sample, state, WORDS_REQUIRED(state_words)),
	FIELD(crew_sample, cpu, RANGE_SMALL),
	FIELD(crew_sample, host, RANGE_PLAIN, .role = ROLE_PID),
	FIELD(crew_sample, wanted, RANGE_PLAIN),
	FIELD(crew_sample, alive, RANGE_PLAIN),
	FIELD(crew_sample, wait_status, RANGE_INT32),
	FIELD(crew_sample, culprit, RANGE_WORKER),
	FIELD(crew_sample, fixed_addresses, RANGE_NONE),
	FIELD(crew_sample, arena_low, RANGE_NONE),
	FIELD(crew_sample, arena_high, RANGE_NONE),
	FIELD(crew_sample, touch_low, RANGE_NONE),
	FIELD(crew_sample, touch_high, RANGE_NONE),
	FIELD(crew_sample, counter_address, RANGE_NONE),
	FIELD(crew_sample, shared_counter_address, RANGE_NONE),
	FIELD(crew_sample, stack_low, RANGE_NONE),
	FIELD(crew_sample, stack_high, RANGE_NONE),
	FIELD(crew_sample, tls, RANGE_NONE),
	FIELD(crew_sample, file_fd, RANGE_NUMBER),
	FIELD(crew_sample, count_order, RANGE_NONE),
	FIELD(crew_sample, count_expected, RANGE_COUNT),
	FIELD(crew_sample, count_value, RANGE_COUNT),
	FIELD(crew_sample, job, RANGE_NONE),
	FIELD(crew_sample, note, RANGE_NONE),
};
/* clang-format on */

const struct record crew_record = { .name = "crews", RECORD_PARTS(crew, crews), .limit = SIDES };
