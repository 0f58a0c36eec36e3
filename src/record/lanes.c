/* SPDX-License-Identifier: MIT
 * Describes what a sample has of the scheduler. A recording keeps it as bare numbers, row after row.
 */
#include "table.h"

#define SUM(member) FIELD(span_sums, member, .max = FOLD_CELL)
#define MARKS(mark) FIELD(span_sums, marks[mark], .max = UINT16_MAX)
#define RANGE_WHO .max = INT32_MAX

/* clang-format off */
static const struct field lane_fields[] = {
	FIELD(lane_sample, pid, .max = INT32_MAX),
	FIELD(lane_sample, tid, .max = INT32_MAX),
	FIELD(lane_sample, side, .max = SIDES - 1),
	FIELD(lane_sample, cpu, RANGE_SMALL),
	FIELD(lane_sample, spans, .max = UINT32_MAX),
	FIELD(lane_sample, born_ns, RANGE_TIME),
	FIELD(lane_sample, since_ns, RANGE_TIME),
	FIELD(lane_sample, read_ns, RANGE_TIME),
	FIELD(lane_sample, seen_voluntary, RANGE_COUNT),
	FIELD(lane_sample, seen_involuntary, RANGE_COUNT),
	FIELD(lane_sample, seen_between, RANGE_COUNT),
	FIELD(lane_sample, counted_voluntary, RANGE_COUNT),
	FIELD(lane_sample, counted_involuntary, RANGE_COUNT),
};
static const struct field span_fields[] = {
	FIELD(span, from, RANGE_TIME, .flags = FIELD_STEP),
	FIELD(span, state, .max = SPAN_STATES - 1),
	FIELD(span, mark, .max = SPAN_MARKS - 1),
	FIELD(span, cpu, RANGE_SMALL),
	FIELD(span, who, RANGE_WHO),
};
static const struct field crowd_fields[] = {
	SUM(time_ns[SPAN_UNKNOWN]),
	SUM(time_ns[SPAN_RUNNING]),
	SUM(time_ns[SPAN_WAITING]),
	SUM(time_ns[SPAN_OFF]),
	SUM(longest_ns[SPAN_UNKNOWN]),
	SUM(longest_ns[SPAN_RUNNING]),
	SUM(longest_ns[SPAN_WAITING]),
	SUM(longest_ns[SPAN_OFF]),
	MARKS(MARK_NONE),
	MARKS(MARK_PUT_ON),
	MARKS(MARK_GAVE_UP),
	MARKS(MARK_PREEMPTED),
	MARKS(MARK_BORN),
	MARKS(MARK_DIED),
	FIELD(span_sums, who, RANGE_WHO),
	SUM(who_ns),
};
/* clang-format on */

const struct record lane_record = {
	.name = "rows", RECORD_PARTS(lane, lanes), .limit = UINT32_MAX
};
const struct record span_record = { .name = "spans",
	.fields = span_fields,
	.n = ARRAY_LEN(span_fields),
	.size = sizeof(struct span),
	.place = offsetof(struct sample, spans),
	.limit = UINT32_MAX };
const struct record crowd_record = { .name = "crowds",
	.fields = crowd_fields,
	.n = ARRAY_LEN(crowd_fields),
	.size = sizeof(struct span_sums),
	.place = offsetof(struct sample, crowds),
	.limit = UINT32_MAX };
