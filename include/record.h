/* SPDX-License-Identifier: MIT
 * What a record of a sample is made of, as data: each member's name, place, type, range and what stands in it when it is
 * not known. Emptying, comparing, recordings, --json and the samples of tests walk these tables, so that a member is said
 * three times in all: in its struct, in its row (src/record), in its parser.
 */
#ifndef TASKSCOPE_RECORD_H
#define TASKSCOPE_RECORD_H

#include "base.h"

enum field_type {
	FIELD_INT16,
	FIELD_INT32,
	FIELD_INT64,
	FIELD_UINT32,
	FIELD_DOUBLE, /* NAN is unknown */
	FIELD_HEX,    /* uint64_t, in JSON a string "0x7f...": JSON's own integers end before 2^64 */
	FIELD_BOOL,
	FIELD_CHAR,   /* one printable ASCII character */
	FIELD_TEXT,   /* char[size] */
};

enum field_flag {
	FIELD_REQUIRED = 1 << 0, /* always written; a recording without it is refused */
	FIELD_UNRECORDED = 1 << 1, /* not in the rows of a recording */
};

/* What a member says of its record. */
enum field_role {
	ROLE_NONE,
	ROLE_SIDE,
	ROLE_WORKER, /* an index, WORKER_HOST or WORKER_NONE */
	ROLE_PID,    /* of the process it is of */
	ROLE_TID,    /* of the task it is of */
	ROLE_OTHER,  /* a PID of somebody else */
	ROLE_TIME,   /* when it was read */
};

/* One member of a record. */
struct field {
	const char *name;  /* in recordings */
	size_t offset, size;
	enum field_type type;
	enum field_role role;
	unsigned flags;    /* enum field_flag */
	int64_t absent;    /* its value while it is not known; of a double NAN, of text and addresses nothing */
	int64_t min, max;  /* what a reader accepts of a number */
	const char *const *words; /* an enumeration: in JSON a word */
	size_t n_words;
};

/* One kind of record. */
struct record {
	const char *name; /* of its array in a recording */
	const struct field *fields;
	size_t n;
	size_t size;  /* of the struct */
	size_t limit; /* the most of one sample; 1: there is one, which is an object, not an array */
	size_t place; /* in struct sample: of its vec, or of the one itself */
};

#define RECORD_PAGES_MAX (1 << 18) /* pages of one sample: 1 GB */

/* Every kind of record in a sample, in the order of a recording; NULL at the end. */
extern const struct record *const record_kinds[];

/* The values of a kind in a sample: the vec in parts, so that one function can fill any. */
struct rows {
	void **at;
	size_t *n, *room;
};

/* The member that has a role; NULL: none has. */
const struct field *record_role(const struct record *record, enum field_role role);
bool record_is_absent(const struct record *record, const void *row); /* in every member */
/* Every member absent. Bytes that belong to no member are zero, so that records compare as bytes. */
void record_clear(const struct record *record, void *into);
/* The absent value of one member, into it. */
void field_clear(const struct field *field, void *member);
/* Whether a member is absent; whether two members of one kind are equal (NAN is equal to NAN). */
bool field_is_absent(const struct field *field, const void *member);
bool field_equal(const struct field *field, const void *member, const void *other);
/* A number as its type keeps it, of what is neither text nor a double; and back. */
int64_t field_integer(const struct field *field, const void *member);
void field_set_integer(const struct field *field, void *member, int64_t value);

/* The rows of a kind in a sample (any but a limit of 1). */
struct rows record_rows(const struct record *record, void *sample);
/* What a sample has of a kind, to be read: the rows, or the one. */
const void *record_at(const struct record *record, const void *sample, size_t *ret_n);
/* A new row, absent in every member. Good until the next. */
void *record_push(const struct record *record, void *sample);
/* Makes what `to` has of a kind equal to what `from` has; both are struct sample. */
void record_copy(const struct record *record, void *to, const void *from);
void record_empty(const struct record *record, void *sample);
void record_finish(const struct record *record, void *sample); /* frees the rows */
/* Whether two samples have the same rows of a kind; timeless: but for the time when they were read. */
bool record_repeats(const struct record *record, const void *sample, const void *before, bool timeless);

#endif
