/* SPDX-License-Identifier: MIT
 * Describes the records of a descriptor, and of a task's working directory and table.
 */
#include "table.h"

/* clang-format off */
static const struct field file_fields[] = {
	FIELDS_OF_TASK(file_sample),
	FIELD(file_sample, fd, RANGE_PLAIN),
	FIELD(file_sample, path, RANGE_NONE, .flags = FIELD_FOREIGN),
	FIELD(file_sample, flags, .absent = -1, RANGE_INT32, .gaps = { "fdinfo" }),
	FIELD(file_sample, position, .absent = UNKNOWN, .min = INT64_MIN, .max = INT64_MAX,
		.gaps = { "fdinfo" },
		FACT("", "/proc/PID/fdinfo/FD", "pos", AS_READ,
			"Belongs to the open file, which fork shares: it moves for all who have it.")),
	FIELD(file_sample, description, RANGE_SMALL, .gaps = { "kcmp file", "kcmp" },
		.why = "it could not be looked at",
		FACT("", "kcmp(2)", "KCMP_FILE", "equal numbers are one open file; 0: no other table has it",
			"The letter in front of the offset. Threads have one table, so it is theirs "
			"together anyway.")),
	FIELD(file_sample, at_ns, RANGE_AT),
};

static const struct field fs_fields[] = {
	FIELDS_OF_TASK(fs_sample),
	FIELD(fs_sample, umask, .absent = -1, .min = -1, .max = 07777, .flags = FIELD_OCTAL,
		.gaps = { "status" },
		FACT("", FROM_STATUS, "Umask", AS_READ,
			"Octal; shared with the working directory (CLONE_FS).")),
	FIELD(fs_sample, fds, RANGE_NUMBER, .gaps = { "fd" },
		FACT("", "/proc/PID/fd", "entries", "count",
			"Of the table; threads have one table together.")),
	FIELD(fs_sample, fd_size, RANGE_NUMBER, .gaps = { "status" },
		FACT("", FROM_STATUS, "FDSize", AS_READ,
			"Slots of the table, free ones too.")),
	FIELD(fs_sample, cwd, .flags = FIELD_NULLED | FIELD_FOREIGN, .gaps = { "cwd" },
		FACT("", "/proc/PID/task/TID/cwd", "link", AS_READ,
			"A chdir of one thread moves all threads of its process.")),
	FIELD(fs_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record file_record = { .name = "files",
	.form1_parent = "evidence",
	RECORD_PARTS(file, files),
	.limit = 8192,
	.flags = RECORD_IF_SHOWN | RECORD_PRINTED | RECORD_MANY,
	.quality = QUALITY_SAMPLED,
	.need = NEED_FILES,
	.every = 200 * NSEC_PER_MSEC,
	.gap = "fd",
	.gaps = { "task", "proc" } };

const struct record fs_record = { .name = "places",
	.form1_parent = "evidence",
	RECORD_PARTS(fs, places),
	.limit = 2048,
	.flags = RECORD_IF_SHOWN | RECORD_PRINTED | RECORD_OF_LIVING,
	.quality = QUALITY_SAMPLED,
	.need = NEED_FILES,
	.every = 200 * NSEC_PER_MSEC,
	.gap = "cwd",
	.gaps = { "task", "proc" } };
