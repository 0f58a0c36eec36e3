/* SPDX-License-Identifier: MIT
 * Describes the record of what a task shares: a row of the matrix.
 */
#include "table.h"

static const char *const how_words[] = { [HOW_UNKNOWN] = "unknown",
	[HOW_KERNEL] = "kernel",
	[HOW_BEHAVIOUR] = "behaviour",
	[HOW_CONSTRUCTION] = "construction" };

/* The number of an object, and how it is known. */
#define OBJECT(resource, json, old, gap, call, words)                                              \
	FIELD_AS(json, sharing_sample, object[resource], .absent = -1, .min = -1,                  \
		.max = INT16_MAX, .form1 = old, .gaps = { gap }, .why = "could not be told",       \
		FACT("", "kcmp(2)", call, "tasks with equal objects get equal numbers; 0: none",   \
			words)),                                                                   \
		FIELD_AS(json "_how", sharing_sample, how[resource], WORDS(how_words),             \
			.flags = FIELD_UNPRINTED, .form1 = old "_how")

/* clang-format off */
static const struct field sharing_fields[] = {
	FIELDS_OF_TASK(sharing_sample),
	OBJECT(RESOURCE_MEMORY, "mm", "memory", "kcmp", "KCMP_VM",
		"Equal number, one address space: the line between process and thread."),
	OBJECT(RESOURCE_FILES, "files", "files", "kcmp", "KCMP_FILES",
		"The descriptor table; two tables may still hold the same open files."),
	OBJECT(RESOURCE_FS, "fs", "fs", "kcmp", "KCMP_FS",
		"Working directory, root and umask, all three together."),
	OBJECT(RESOURCE_HANDLERS, "handlers", "handlers", "kcmp", "KCMP_SIGHAND",
		"The handlers alone: blocked and pending signals are each task's own."),
	OBJECT(RESOURCE_SEMUNDO, "semundo", "semundo", "kcmp none", "KCMP_SYSVSEM",
		"0 until the task has used SEM_UNDO: the kernel compares two missing lists as "
		"equal."),
	OBJECT(RESOURCE_IO, "io", "io", "kcmp none", "KCMP_IO",
		"0 until it is used; glibc's threads do not pass CLONE_IO, so they have one "
		"each."),
	OBJECT(RESOURCE_NAMESPACES, "namespaces", "namespaces", "ns", "/proc/PID/ns",
		"All links of /proc/PID/ns as one: equal number, all of them equal."),
	FIELD(sharing_sample, clone_flags, .flags = FIELD_OF_WORKERS),
	FIELD(sharing_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record sharing_record = { .name = "sharing",
	.form1_parent = "evidence",
	RECORD_PARTS(sharing, sharing),
	.limit = 2048,
	.flags = RECORD_PRINTED | RECORD_OF_LIVING,
	.need = NEED_SHARING,
	.every = 500 * NSEC_PER_MSEC,
	.gap = "kcmp",
	.gaps = { "task", "proc" } };
