/* SPDX-License-Identifier: MIT
 * How a record's table is written: a row a member, and the ranges that the numbers of a recording are held to.
 */
#ifndef TASKSCOPE_RECORD_TABLE_H
#define TASKSCOPE_RECORD_TABLE_H

#include "evidence.h"
#include "record.h"

#define FIELD_TYPE_OF(member)                                                                      \
	_Generic((member), \
		int16_t: FIELD_INT16, \
		int32_t: FIELD_INT32, \
		int64_t: FIELD_INT64, \
		uint32_t: FIELD_UINT32, \
		double: FIELD_DOUBLE, \
		uint64_t: FIELD_HEX, \
		bool: FIELD_BOOL, \
		char: FIELD_CHAR, \
		char *: FIELD_TEXT)

#define FIELD_AS(json, record, member, ...)                                                        \
	{                                                                                          \
		.name = json, .offset = offsetof(struct record, member),                           \
		.size = sizeof(((struct record *)0)->member),                                      \
		.type = FIELD_TYPE_OF(((struct record *)0)->member), __VA_ARGS__                   \
	}
#define FIELD(record, member, ...) FIELD_AS(#member, record, member, __VA_ARGS__)

/* Ranges. They keep hostile numbers from overflowing the sums that the model makes: counts times the most tasks, and sizes
 * times the most mappings, stay below 2^63. */
#define RANGE_COUNT .absent = UNKNOWN, .min = UNKNOWN, .max = INT64_C(1) << 47
#define RANGE_KB .absent = UNKNOWN, .min = UNKNOWN, .max = INT64_C(1) << 46
#define RANGE_TIME .absent = UNKNOWN, .min = UNKNOWN, .max = INT64_C(1) << 61
#define RANGE_NUMBER .absent = UNKNOWN, .min = UNKNOWN, .max = INT32_MAX
#define RANGE_PLAIN .min = UNKNOWN, .max = INT32_MAX
#define RANGE_ID .absent = UNKNOWN, .min = 1, .max = INT32_MAX
#define RANGE_PID RANGE_ID, .role = ROLE_PID
#define RANGE_TID RANGE_ID, .role = ROLE_TID
#define RANGE_AT RANGE_TIME, .role = ROLE_TIME
#define RANGE_SMALL .absent = -1, .min = -1, .max = INT16_MAX
#define RANGE_NICE .min = -20, .max = 19
#define RANGE_WORKER .absent = WORKER_NONE, .min = WORKER_HOST, .max = 1023, .role = ROLE_WORKER
#define RANGE_SIDE WORDS(side_words), .role = ROLE_SIDE, .flags = FIELD_REQUIRED
#define RANGE_INT32 .min = INT32_MIN, .max = INT32_MAX
#define RANGE_DEVICE .min = 0, .max = UINT32_MAX
#define RANGE_REAL .min = -(INT64_C(1) << 60), .max = INT64_C(1) << 60
#define RANGE_NONE .min = 0 /* text, hexadecimal and truth values have none */
#define WORDS(list) .words = (list), .n_words = ARRAY_LEN(list)
#define WORDS_REQUIRED(list) .flags = FIELD_REQUIRED, WORDS(list)

/* Whose row it is. */
#define FIELD_WHOSE(record) FIELD(record, side, RANGE_SIDE), FIELD(record, worker, RANGE_WORKER)

/* What of a record is the same for all: where a sample has it, and its table. */
#define RECORD_PARTS(kind, vec)                                                                    \
	.fields = kind##_fields, .n = ARRAY_LEN(kind##_fields),                                    \
	.size = sizeof(struct kind##_sample), .place = offsetof(struct sample, vec)

extern const char *const side_words[SIDES];

#endif
