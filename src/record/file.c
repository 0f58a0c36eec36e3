/* SPDX-License-Identifier: MIT
 * Describes the records of a descriptor, and of a task's working directory and table.
 */
#include "table.h"

/* clang-format off */
static const struct field file_fields[] = {
	FIELD_WHOSE(file_sample),
	FIELD(file_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED),
	FIELD(file_sample, tid, RANGE_TID, .flags = FIELD_REQUIRED),
	FIELD(file_sample, fd, RANGE_PLAIN),
	FIELD(file_sample, position, .absent = UNKNOWN, .min = INT64_MIN, .max = INT64_MAX),
	FIELD(file_sample, flags, .absent = -1, RANGE_INT32),
	FIELD(file_sample, description, .absent = -1, .min = -1, .max = INT16_MAX),
	FIELD(file_sample, path, RANGE_NONE),
	FIELD(file_sample, at_ns, RANGE_AT),
};

static const struct field fs_fields[] = {
	FIELD_WHOSE(fs_sample),
	FIELD(fs_sample, pid, RANGE_PID, .flags = FIELD_REQUIRED),
	FIELD(fs_sample, tid, RANGE_TID, .flags = FIELD_REQUIRED),
	FIELD(fs_sample, umask, .absent = -1, .min = -1, .max = 07777),
	FIELD(fs_sample, fds, RANGE_NUMBER),
	FIELD(fs_sample, fd_size, RANGE_NUMBER),
	FIELD(fs_sample, cwd, RANGE_NONE),
	FIELD(fs_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record file_record = { .name = "files", RECORD_PARTS(file, files), .limit = 8192 };

const struct record fs_record = { .name = "places", RECORD_PARTS(fs, places), .limit = 2048 };
