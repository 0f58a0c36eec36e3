/* SPDX-License-Identifier: MIT
 * How a table of members is written: its types, and the ranges that the numbers of a recording are held to.
 */
#ifndef TASKSCOPE_SAMPLE_MEMBERS_H
#define TASKSCOPE_SAMPLE_MEMBERS_H

#include "internal.h"

#define TYPE_OF(field)                                                                             \
	_Generic((field), \
		int16_t: MEMBER_INT16, \
		int32_t: MEMBER_INT32, \
		int64_t: MEMBER_INT64, \
		double: MEMBER_DOUBLE, \
		uint32_t: MEMBER_UINT32, \
		uint64_t: MEMBER_HEX, \
		bool: MEMBER_BOOL, \
		char: MEMBER_CHAR, \
		char *: MEMBER_TEXT)

#define MEMBER(record, field, ...)                                                                 \
	{                                                                                          \
		.name = #field, .offset = offsetof(struct record, field),                          \
		.size = sizeof(((struct record *)0)->field),                                       \
		.type = TYPE_OF(((struct record *)0)->field), __VA_ARGS__                          \
	}

/* Ranges. They keep hostile numbers from overflowing the sums that the model makes: COUNT times the most tasks, and KB
 * times the most mappings, stay below 2^63. */
#define COUNT .min = UNKNOWN, .max = INT64_C(1) << 47
#define KB .min = UNKNOWN, .max = INT64_C(1) << 46
#define TIME .min = UNKNOWN, .max = INT64_C(1) << 61
#define ID .min = UNKNOWN, .max = INT32_MAX
#define OWN_ID .required = true, .min = 1, .max = INT32_MAX
#define CPU .min = -1, .max = INT16_MAX
#define NICE .min = -20, .max = 19
#define WORKER .min = WORKER_HOST, .max = 1023
#define ANY .min = INT32_MIN, .max = INT32_MAX
#define MINOR .min = 0, .max = UINT32_MAX
#define WORD(list) .required = true, .words = (list), .n_words = ARRAY_LEN(list)
#define REAL .min = -(INT64_C(1) << 60), .max = INT64_C(1) << 60
#define NO_RANGE .min = 0 /* text, hexadecimal and truth values have none */

#define RECORD(variable, json, type, unknown_record, most)                                         \
	const struct record variable##_record = { .name = json,                                    \
		.members = variable##_members,                                                     \
		.n = ARRAY_LEN(variable##_members),                                                \
		.size = sizeof(struct type),                                                       \
		.unknown = &(unknown_record),                                                      \
		.limit = most }

extern const char *const side_words[SIDES];

#endif
