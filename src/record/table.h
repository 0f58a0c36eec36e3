/* SPDX-License-Identifier: MIT
 * How a record's table is written: a row a member, and the ranges that the numbers of a recording are held to.
 */
#ifndef TASKSCOPE_RECORD_TABLE_H
#define TASKSCOPE_RECORD_TABLE_H

#include "evidence.h"
#include "record.h"

#define FIELD RECORD_FIELD
#define FIELD_AS RECORD_FIELD_AS

#define FACT RECORD_FACT

/* Where members come from. */
#define FROM_STAT "/proc/PID/task/TID/stat"
#define FROM_STATUS "/proc/PID/task/TID/status"
#define FROM_SCHEDSTAT "/proc/PID/task/TID/schedstat"
#define FROM_ROLLUP "/proc/PID/smaps_rollup"
#define FROM_SMAPS "/proc/PID/smaps"
#define FROM_PIDS "libproc2 pids"
#define FROM_OWN "/proc of supervisor, screen and prober"
#define FROM_BOARD "the crew's board"
#define FROM_PAGEMAP "/proc/PID/pagemap"
#define FROM_MEM "/proc/PID/task/TID/mem"
#define FROM_SYSCALL "/proc/PID/task/TID/syscall"
#define FROM_TRIALS "trials of the duel host, in rounds with the other series"
#define AS_READ "as read"

/* What is said of the sizes of processes and of mappings. */
#define CAVEAT_SHARED                                                                              \
	"Shared means mapped more than once now: a private page counts here after fork, until "    \
	"somebody writes to it."
#define CAVEAT_PRIVATE                                                                             \
	"Private means mapped by one address space: all threads of the process share it, and a "   \
	"MAP_SHARED page counts here while only one process has touched it."

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
#define RANGE_NICE .absent = NICE_UNKNOWN, .min = -20, .max = 19
#define RANGE_INDEX .absent = WORKER_NONE, .min = WORKER_HOST, .max = INT16_MAX
#define RANGE_WORKER RANGE_INDEX, .role = ROLE_WORKER
#define RANGE_SIDE WORDS(side_words), .role = ROLE_SIDE
#define RANGE_INT32 .min = INT32_MIN, .max = INT32_MAX
#define RANGE_DEVICE .min = 0, .max = UINT32_MAX
#define RANGE_REAL .min = -(INT64_C(1) << 60), .max = INT64_C(1) << 60
#define RANGE_NONE .min = 0 /* text, hexadecimal and truth values have none */
#define WORDS(list) .words = (list), .n_words = ARRAY_LEN(list)

/* Whose row it is, of a kind that --json has an array of. */
#define FIELDS_OF_PROCESS(type)                                                                    \
	FIELD(type, side, RANGE_SIDE, .flags = FIELD_REQUIRED),                                    \
		FIELD(type, pid, RANGE_PID, .flags = FIELD_REQUIRED),                              \
		FIELD(type, worker, RANGE_WORKER)
#define FIELDS_OF_TASK(type)                                                                       \
	FIELDS_OF_PROCESS(type), FIELD(type, tid, RANGE_TID, .flags = FIELD_REQUIRED)

/* What of a record is the same for all: where a sample has it, and its table. */
#define RECORD_PARTS(kind, vec)                                                                    \
	.fields = kind##_fields, .n = ARRAY_LEN(kind##_fields),                                    \
	.size = sizeof(struct kind##_sample), .place = offsetof(struct sample, vec)

extern const char *const side_words[SIDES];

#endif
