/* SPDX-License-Identifier: MIT
 * What the records of evidence.h look like in a recording: members.c for the second half of a sample.
 */
#include "members.h"

static const char *const how_words[] = { [HOW_UNKNOWN] = "unknown",
	[HOW_KERNEL] = "kernel",
	[HOW_BEHAVIOUR] = "behaviour",
	[HOW_CONSTRUCTION] = "construction" };
static const char *const what_words[POINTER_WHATS] = {
	[POINTER_X] = "x", [POINTER_LOCAL] = "local", [POINTER_VICTIM] = "victim"
};
static const char *const register_words[] = { [REGISTERS_NONE] = "none",
	[REGISTERS_SYSCALL] = "syscall",
	[REGISTERS_PERF] = "perf",
	[REGISTERS_EARLIER] = "earlier" };

/* An element of an array, under a name of its own. */
#define ELEMENT(record, array, index, json, ...)                                                   \
	{                                                                                          \
		.name = json,                                                                      \
		.offset = offsetof(struct record, array) +                                         \
			  (index) * sizeof(((struct record *)0)->array[0]),                        \
		.size = sizeof(((struct record *)0)->array[0]),                                    \
		.type = TYPE_OF(((struct record *)0)->array[0]), __VA_ARGS__                       \
	}
#define OBJECT(index, json)                                                                        \
	ELEMENT(sharing_sample, object, index, json, .min = -1, .max = INT16_MAX),                 \
		ELEMENT(sharing_sample, how, index, json "_how", .words = how_words,               \
			.n_words = ARRAY_LEN(how_words))
#define PAGE_COUNT(index, json)                                                                    \
	ELEMENT(pages_sample, count, index, json, .min = 0, .max = RUNS_PAGES_MAX)
#define PLACE(record) MEMBER(record, side, WORD(side_words)), MEMBER(record, worker, WORKER)

/* clang-format off */
static const struct member sharing_members[] = {
	PLACE(sharing_sample),
	MEMBER(sharing_sample, pid, OWN_ID),
	MEMBER(sharing_sample, tid, OWN_ID),
	OBJECT(RESOURCE_MEMORY, "memory"),
	OBJECT(RESOURCE_FILES, "files"),
	OBJECT(RESOURCE_FS, "fs"),
	OBJECT(RESOURCE_HANDLERS, "handlers"),
	OBJECT(RESOURCE_SEMUNDO, "semundo"),
	OBJECT(RESOURCE_IO, "io"),
	OBJECT(RESOURCE_NAMESPACES, "namespaces"),
	MEMBER(sharing_sample, clone_flags, NO_RANGE),
	MEMBER(sharing_sample, at_ns, TIME),
};

/* first and first_frame are where the reader puts them. */
static const struct member pages_members[] = {
	PLACE(pages_sample),
	MEMBER(pages_sample, pid, OWN_ID),
	MEMBER(pages_sample, name, NO_RANGE),
	MEMBER(pages_sample, start, NO_RANGE),
	MEMBER(pages_sample, page_kb, .min = 0, .max = 1 << 20),
	MEMBER(pages_sample, pages, .min = 0, .max = RUNS_PAGES_MAX),
	PAGE_COUNT(PAGE_ABSENT, "absent"),
	PAGE_COUNT(PAGE_OWN, "own"),
	PAGE_COUNT(PAGE_SHARED, "shared"),
	PAGE_COUNT(PAGE_SWAPPED, "swapped"),
	PAGE_COUNT(PAGE_GUARD, "guard"),
	PAGE_COUNT(PAGE_FILE, "file"),
	MEMBER(pages_sample, at_ns, TIME),
};

static const struct member pointer_members[] = {
	PLACE(pointer_sample),
	MEMBER(pointer_sample, pid, OWN_ID),
	MEMBER(pointer_sample, tid, OWN_ID),
	MEMBER(pointer_sample, what, WORD(what_words)),
	MEMBER(pointer_sample, state, .min = -1, .max = PAGE_STATES - 1),
	MEMBER(pointer_sample, known, NO_RANGE),
	MEMBER(pointer_sample, address, NO_RANGE),
	MEMBER(pointer_sample, value, .min = INT64_MIN, .max = INT64_MAX),
	MEMBER(pointer_sample, text, NO_RANGE),
	MEMBER(pointer_sample, frame, TIME),
	MEMBER(pointer_sample, exclusive, .min = -1, .max = 1),
	MEMBER(pointer_sample, at_ns, TIME),
};

static const struct member register_members[] = {
	PLACE(register_sample),
	MEMBER(register_sample, pid, OWN_ID),
	MEMBER(register_sample, tid, OWN_ID),
	MEMBER(register_sample, how, WORD(register_words)),
	MEMBER(register_sample, syscall, .min = -1, .max = INT16_MAX),
	MEMBER(register_sample, sp, NO_RANGE),
	MEMBER(register_sample, pc, NO_RANGE),
	MEMBER(register_sample, tls, NO_RANGE),
	MEMBER(register_sample, stack_low, NO_RANGE),
	MEMBER(register_sample, stack_high, NO_RANGE),
	MEMBER(register_sample, stack_used_kb, KB),
	MEMBER(register_sample, stack_resident_kb, KB),
	MEMBER(register_sample, where, NO_RANGE),
	MEMBER(register_sample, waits_in, NO_RANGE),
	MEMBER(register_sample, at_ns, TIME),
};

static const struct member file_members[] = {
	PLACE(file_sample),
	MEMBER(file_sample, pid, OWN_ID),
	MEMBER(file_sample, tid, OWN_ID),
	MEMBER(file_sample, fd, ID),
	MEMBER(file_sample, position, .min = INT64_MIN, .max = INT64_MAX),
	MEMBER(file_sample, flags, ANY),
	MEMBER(file_sample, description, .min = -1, .max = INT16_MAX),
	MEMBER(file_sample, path, NO_RANGE),
	MEMBER(file_sample, at_ns, TIME),
};

static const struct member fs_members[] = {
	PLACE(fs_sample),
	MEMBER(fs_sample, pid, OWN_ID),
	MEMBER(fs_sample, tid, OWN_ID),
	MEMBER(fs_sample, umask, .min = -1, .max = 07777),
	MEMBER(fs_sample, fds, ID),
	MEMBER(fs_sample, fd_size, ID),
	MEMBER(fs_sample, cwd, NO_RANGE),
	MEMBER(fs_sample, at_ns, TIME),
};

static const struct member signal_members[] = {
	PLACE(signal_sample),
	MEMBER(signal_sample, pid, OWN_ID),
	MEMBER(signal_sample, tid, OWN_ID),
	MEMBER(signal_sample, known, NO_RANGE),
	MEMBER(signal_sample, blocked, NO_RANGE),
	MEMBER(signal_sample, ignored, NO_RANGE),
	MEMBER(signal_sample, caught, NO_RANGE),
	MEMBER(signal_sample, pending, NO_RANGE),
	MEMBER(signal_sample, shared_pending, NO_RANGE),
	MEMBER(signal_sample, at_ns, TIME),
};
/* clang-format on */

static const struct sharing_sample sharing_unknown = {
	.worker = WORKER_NONE, .object = { -1, -1, -1, -1, -1, -1, -1 }, .at_ns = UNKNOWN
};
static const struct pages_sample pages_unknown = {
	.worker = WORKER_NONE, .first_frame = -1, .equal = -1, .at_ns = UNKNOWN
};
static const struct pointer_sample pointer_unknown = {
	.worker = WORKER_NONE, .state = -1, .frame = UNKNOWN, .exclusive = -1, .at_ns = UNKNOWN
};
static const struct register_sample register_unknown = { .worker = WORKER_NONE,
	.syscall = -1,
	.stack_used_kb = UNKNOWN,
	.stack_resident_kb = UNKNOWN,
	.at_ns = UNKNOWN };
static const struct file_sample file_unknown = {
	.worker = WORKER_NONE, .position = UNKNOWN, .flags = -1, .description = -1, .at_ns = UNKNOWN
};
static const struct fs_sample fs_unknown = {
	.worker = WORKER_NONE, .umask = -1, .fds = -1, .fd_size = -1, .at_ns = UNKNOWN
};
static const struct signal_sample signal_unknown = { .worker = WORKER_NONE, .at_ns = UNKNOWN };

RECORD(sharing, "sharing", sharing_sample, sharing_unknown, 2048);
RECORD(pages, "pages", pages_sample, pages_unknown, 256);
RECORD(pointer, "pointers", pointer_sample, pointer_unknown, 4096);
RECORD(register, "registers", register_sample, register_unknown, 2048);
RECORD(file, "files", file_sample, file_unknown, 8192);
RECORD(fs, "places", fs_sample, fs_unknown, 2048);
RECORD(signal, "signals", signal_sample, signal_unknown, 2048);

#define INIT(kind)                                                                                 \
	void kind##_sample_init(struct kind##_sample *record)                                      \
	{                                                                                          \
		memcpy(record, &kind##_unknown, sizeof(*record));                                  \
	}

INIT(sharing)
INIT(pages)
INIT(pointer)
INIT(register)
INIT(file)
INIT(fs)
INIT(signal)
