/* SPDX-License-Identifier: MIT
 * Describes the record of a group: what a side is when it is no crew.
 */
#include "table.h"

static const char *const state_words[] = {
	[GROUP_WAITING] = "waiting", [GROUP_LIVING] = "living", [GROUP_ENDED] = "ended"
};
static const char *const births_words[] = { [GROUP_BIRTHS_SCAN] = "scan of PPid",
	[GROUP_BIRTHS_CHILDREN] = "task/TID/children",
	[GROUP_BIRTHS_RECORDS] = "perf records" };

/* clang-format off */
static const struct field group_fields[] = {
	FIELD(group_sample, side, RANGE_SIDE, .flags = FIELD_REQUIRED | FIELD_UNPRINTED),
	FIELD(group_sample, state, WORDS(state_words), .flags = FIELD_REQUIRED),
	FIELD(group_sample, title, .flags = FIELD_REQUIRED | FIELD_FOREIGN),
	FIELD(group_sample, target, RANGE_NONE, .flags = FIELD_FOREIGN),
	FIELD(group_sample, children, RANGE_NONE),
	FIELD(group_sample, pid, RANGE_PLAIN, .role = ROLE_PID, .flags = FIELD_NULLED,
		.why = "no target lives"),
	FIELD(group_sample, roots, RANGE_PLAIN),
	FIELD(group_sample, processes, RANGE_NUMBER),
	FIELD(group_sample, threads, RANGE_NUMBER),
	FIELD(group_sample, births, RANGE_COUNT),
	FIELD(group_sample, ended, RANGE_COUNT),
	FIELD(group_sample, births_by, WORDS(births_words)),
	FIELD(group_sample, note, .flags = FIELD_OMITTED | FIELD_FOREIGN),
};
/* clang-format on */

const struct record group_record = {
	.name = "groups", RECORD_PARTS(group, groups), .limit = SIDES
};
