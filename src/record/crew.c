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
	FIELD(crew_sample, side, RANGE_SIDE, .flags = FIELD_REQUIRED | FIELD_UNPRINTED),
	FIELD(crew_sample, kind, WORDS(kind_words), .flags = FIELD_REQUIRED),
	FIELD(crew_sample, state, WORDS(state_words), .flags = FIELD_REQUIRED),
	FIELD_AS("pinned_cpu", crew_sample, cpu, RANGE_SMALL, .flags = FIELD_OMITTED, .form1 = "cpu"),
	FIELD(crew_sample, host, RANGE_PLAIN, .role = ROLE_PID, .flags = FIELD_NULLED, .why = "no host"),
	FIELD(crew_sample, wanted, RANGE_PLAIN),
	FIELD(crew_sample, alive, RANGE_PLAIN),
	FIELD(crew_sample, wait_status, RANGE_INT32, .flags = FIELD_UNPRINTED),
	FIELD(crew_sample, culprit, RANGE_INDEX, .flags = FIELD_UNPRINTED),
	FIELD(crew_sample, fixed_addresses, RANGE_NONE),
	FIELD(crew_sample, arena_low, .flags = FIELD_UNPRINTED),
	FIELD(crew_sample, arena_high, .flags = FIELD_UNPRINTED),
	FIELD(crew_sample, touch_low, .flags = FIELD_UNPRINTED),
	FIELD(crew_sample, touch_high, .flags = FIELD_UNPRINTED),
	FIELD(crew_sample, counter_address, .flags = FIELD_UNPRINTED),
	FIELD(crew_sample, shared_counter_address, .flags = FIELD_UNPRINTED),
	FIELD(crew_sample, stack_low, .flags = FIELD_UNPRINTED),
	FIELD(crew_sample, stack_high, .flags = FIELD_UNPRINTED),
	FIELD(crew_sample, tls, .flags = FIELD_UNPRINTED),
	FIELD(crew_sample, file_fd, RANGE_NUMBER, .flags = FIELD_UNPRINTED),
	FIELD(crew_sample, count_order, .flags = FIELD_OMITTED),
	FIELD(crew_sample, count_expected, RANGE_COUNT, .flags = FIELD_OMITTED),
	FIELD(crew_sample, count_value, RANGE_COUNT, .flags = FIELD_OMITTED),
	FIELD(crew_sample, job, RANGE_NONE),
	FIELD(crew_sample, cpu_group, .flags = FIELD_OMITTED | FIELD_FOREIGN),
	FIELD(crew_sample, note, .flags = FIELD_OMITTED),
};
/* clang-format on */

const struct record crew_record = { .name = "crews", RECORD_PARTS(crew, crews), .limit = SIDES };
