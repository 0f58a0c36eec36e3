/* SPDX-License-Identifier: MIT
 * Inside the sample module: the tables that both say how a record is written and how it is read, so that the two cannot
 * drift, and the two halves of a recording's line.
 */
#ifndef TASKSCOPE_SAMPLE_INTERNAL_H
#define TASKSCOPE_SAMPLE_INTERNAL_H

#include <string.h>

#include "sample.h"

enum member_type {
	MEMBER_INT16,
	MEMBER_INT32,
	MEMBER_INT64,
	MEMBER_DOUBLE, /* NAN is unknown; else within a range */
	MEMBER_UINT32,
	MEMBER_HEX, /* uint64_t, a JSON string "0x7f...": JSON's own integers end before 2^64 */
	MEMBER_BOOL,
	MEMBER_CHAR, /* one printable ASCII character */
	MEMBER_TEXT, /* char[size] */
};

/* One member of a record: where it lies in the struct, its name in JSON, and what a reader accepts. */
struct member {
	const char *name;
	size_t offset, size;
	enum member_type type;
	bool required; /* always written; a line without it is refused */
	int64_t min, max;
	const char *const *words; /* an enumeration: written as a word */
	size_t n_words;
};

/* One kind of record. `unknown` is a whole record with every member unknown: a member that is equal to it is not
 * written, and one that is not there reads as it. */
struct record {
	const char *name; /* of the JSON member that holds it, for messages */
	const struct member *members;
	size_t n;
	size_t size; /* of the struct */
	const void *unknown;
	size_t limit; /* most of them in one sample; 1: an object, not an array */
};

extern const struct record card_record, crew_record, worker_record, task_record, process_record,
	mapping_record, gap_record, wait_record, machine_record, observer_record;

extern const struct record sharing_record, pages_record, pointer_record, register_record, file_record,
	fs_record, signal_record;

extern const struct task_sample task_unknown;
extern const struct process_sample process_unknown;
extern const struct mapping_sample mapping_unknown;
extern const struct wait_sample wait_unknown;
extern const struct machine_sample machine_unknown;
extern const struct observer_sample observer_unknown;
extern const struct duel_state_sample duel_state_unknown;

/* A line whose slow lane is equal to that of `before` leaves it out; NULL: the line stands alone. */
void put_sample_after(struct buf *out, const struct sample *sample, const struct sample *before);
/* Reads a line into *sample, whatever it held; what the line leaves out of the slow lane comes from `before` (NULL:
 * nothing). *sample and *before are different objects. -EBADMSG: not JSON, as a cut line is not; -EINVAL: of a wrong
 * shape. On failure *sample holds a part of the line. */
int get_sample_after(const char *line, size_t len, const struct sample *before,
	struct sample *sample, char *why, size_t why_size);

/* write.c: a record as an object, without the members that are as in `unknown`; records as a member, with a comma. */
void put_record(
	struct buf *out, const struct record *record, const void *data, const void *unknown);
void put_array(struct buf *out, const struct record *record, const void *data, size_t n);
/* A record that there is once, as a member with a comma; nothing if nothing of it is known. */
void put_single(struct buf *out, const struct record *record, const void *data);

/* record_duel.c: the member "duel", unless it is as in `before`. */
void put_duel(struct buf *out, const struct sample *sample, const struct sample *before);

/* record_evidence.c: the member "evidence", unless it is as in `before`. */
void put_evidence(struct buf *out, const struct sample *sample, const struct sample *before);

/* runs.c: pages as runs, in a JSON string. get: 0, or -EINVAL if text is not exactly n of them. */
#define RUNS_PAGES_MAX (1 << 18) /* of one sample: 1 GB */
#define RUNS_FRAME_MAX (UINT64_C(1) << 55)
void runs_put_states(struct buf *out, const uint8_t *states, size_t n);
void runs_put_frames(struct buf *out, const int64_t *frames, size_t n);
int runs_get_states(const char *text, size_t len, uint8_t *states, size_t n);
int runs_get_frames(const char *text, size_t len, int64_t *frames, size_t n);

void json_put_integer(struct buf *out, int64_t value);

/* record_switches.c: the member "switches" of a line, both ways. put writes nothing if nobody watched. get: 0, or -EINVAL
 * with why; line is the json_t of a sample's line. */
void put_switches(struct buf *out, const struct sample *sample);
int get_switches(const void *line, struct sample *sample, char *why, size_t why_size);

/* Makes *to hold the same elements as *from. */
#define COPY_VEC(to, from)                                                                         \
	do {                                                                                       \
		vec_clear(to);                                                                     \
		while ((to)->room < (from)->n)                                                     \
			vec_grow((void **)&(to)->at, &(to)->room, sizeof((to)->at[0]));            \
		if ((from)->n > 0)                                                                 \
			memcpy((to)->at, (from)->at, (from)->n * sizeof((to)->at[0]));             \
		(to)->n = (from)->n;                                                               \
	} while (0)

/* The rows of one process in a sample's mappings: the first run of them. */
const struct mapping_sample *sample_mappings_of(
	const struct sample *sample, int32_t pid, size_t *ret_n);

#endif
