/* SPDX-License-Identifier: MIT
 * Describes the record of what a blocked task waits for, and of who has to end that.
 */
#include "table.h"

static const char *const kind_words[EDGE_KINDS] = { [EDGE_NONE] = "none",
	[EDGE_FUTEX] = "futex",
	[EDGE_MUTEX] = "mutex",
	[EDGE_ROBUST] = "robust mutex",
	[EDGE_PI] = "PI mutex",
	[EDGE_JOIN] = "thread's end",
	[EDGE_CHILD] = "child's end",
	[EDGE_FILE_LOCK] = "file lock",
	[EDGE_PIPE] = "pipe",
	[EDGE_SOCKET] = "socket" };

static const char *const why_words[EDGE_WHYS] = { [EDGE_NAMED] = "named",
	[EDGE_FOR_NOBODY] = "it waits for time or input",
	[EDGE_NO_OWNER] = "its word names no owner",
	[EDGE_TIMED] = "the wait has a timeout",
	[EDGE_OWNER_GONE] = "its owner has ended",
	[EDGE_OWNER_APART] = "who is named there does not map it",
	[EDGE_CHANGED] = "it changed while it was read",
	[EDGE_REFUSED] = "its memory may not be read",
	[EDGE_ANY] = "any of several can end it",
	[EDGE_FAR_END] = "who has the other end is not known" };

static const char runs[] = "it runs, or waits for nobody";
static const char nobody[] = "nobody is named";

/* clang-format off */
static const struct field edge_fields[] = {
	FIELDS_OF_TASK(edge_sample),
	FIELD(edge_sample, kind, WORDS(kind_words), .fact = "wait_kind", .why = runs,
		FACT("", FROM_SYSCALL, "1 number of the call, its arguments", "in words",
			"Of a futex what the memory around its word looks like: glibc's mutex, musl's, "
			"or nothing that is known.")),
	FIELD(edge_sample, why, WORDS(why_words)),
	FIELD(edge_sample, address, .flags = FIELD_OMITTED, .fact = "wait_address", .why = runs,
		FACT("address", FROM_SYSCALL, "2 first argument, of a futex call", AS_READ,
			"In the waiter's own memory: another process may have the same word elsewhere.")),
	FIELD(edge_sample, object),
	FIELD(edge_sample, owner, RANGE_ID, .role = ROLE_OTHER, .flags = FIELD_OMITTED,
		.fact = "wait_owner_tid", .why = nobody,
		FACT("", FROM_MEM, "the futex word, or 8 bytes behind it", "a TID, if it lives and maps the word; read twice",
			"Only a mutex of a known form, a join, a child and a file lock name an owner.")),
	FIELD(edge_sample, timed),
	FIELD(edge_sample, switches, RANGE_COUNT, .flags = FIELD_OMITTED),
	FIELD(edge_sample, at_ns, RANGE_AT),
};
/* clang-format on */

const struct record edge_record = { .name = "edges",
	RECORD_PARTS(edge, edges),
	.limit = 512,
	.quality = QUALITY_SAMPLED,
	.flags = RECORD_PRINTED | RECORD_OF_LIVING,
	.need = NEED_EDGES,
	.gap = "syscall",
	.gaps = { "syscall", "mem" } };
