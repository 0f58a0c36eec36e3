/* SPDX-License-Identifier: MIT
 * What a record of a sample is made of, as data: each member's name, place, type, range and what
 * stands in it when it is not known. Emptying, comparing, recordings, --json and the samples of
 * tests walk these tables, so that a member is said three times in all: in its struct, in its row
 * (src/record), in its parser.
 */
#ifndef TASKSCOPE_RECORD_H
#define TASKSCOPE_RECORD_H

#include "json_writer.h"

enum field_type {
	FIELD_INT16,
	FIELD_INT32,
	FIELD_INT64,
	FIELD_UINT8,
	FIELD_UINT16,
	FIELD_UINT32,
	FIELD_DOUBLE, /* NAN is unknown */
	/* uint64_t, in JSON a string "0x7f...": JSON's own integers end before 2^64 */
	FIELD_HEX,
	FIELD_BOOL,
	FIELD_CHAR, /* one printable ASCII character */
	FIELD_TEXT, /* char[size] */
};

enum field_flag {
	FIELD_REQUIRED = 1 << 0, /* always written; a recording without it is refused */
	FIELD_UNRECORDED = 1 << 1, /* not in the rows of a recording */
	FIELD_UNPRINTED = 1 << 2, /* not in --json */
	FIELD_OMITTED = 1 << 3, /* in --json, left out while it is absent: it does not apply */
	/* of text and addresses: null in --json while it is absent; else that is a value, too */
	FIELD_NULLED = 1 << 4,
	FIELD_IF_KNOWN = 1 << 5, /* a value only if the record's `known` is true */
	FIELD_OF_WORKERS = 1 << 6, /* only workers report it */
	FIELD_RATE = 1 << 7, /* needs two readings */
	FIELD_OCTAL = 1 << 8, /* in JSON a string of octal digits */
	FIELD_TRUTH = 1 << 9, /* 0 or 1: in JSON false or true */
	FIELD_SIGNALS = 1 << 10, /* a mask of signals: a fact in words, too */
	FIELD_CLONE = 1 << 11, /* flags of clone(2): likewise */
	FIELD_SIGNED = 1 << 12, /* every number is one; as a fact written with its sign */
	FIELD_FOREIGN = 1 << 14, /* text of others: names, paths, command lines */
	FIELD_STEP = 1 << 13, /* in rows of numbers alone: as the distance to the row before */
};

/* live: read with this sample; sampled: read by the slow lane, so it has an age; by construction:
 * known because we made it so, not read; unavailable: could not be read, and there is a reason. */
enum quality { QUALITY_LIVE, QUALITY_SAMPLED, QUALITY_BY_CONSTRUCTION, QUALITY_UNAVAILABLE };

/* What a member says of its record. */
enum field_role {
	ROLE_NONE,
	ROLE_SIDE,
	ROLE_WORKER, /* an index, WORKER_HOST or WORKER_NONE */
	ROLE_PID, /* of the process it is of */
	ROLE_TID, /* of the task it is of */
	ROLE_OTHER, /* a PID of somebody else */
	ROLE_TIME, /* when it was read */
};

/* One member of a record. */
struct field {
	const char *name; /* in recordings and --json */
	const char *form1; /* its name in recordings of form 1; NULL: the same */
	size_t offset, size;
	enum field_type type;
	enum field_role role;
	unsigned flags; /* enum field_flag */
	/* its value while it is not known; of a double NAN, of text and addresses nothing */
	int64_t absent;
	int64_t min, max; /* what a reader accepts of a number */
	const char *const *words; /* an enumeration: in JSON a word */
	size_t n_words;
	/* which gaps explain that it is not known, before those of its record */
	const char *gaps[2];
	const char *why; /* why it is not known, if no gap says it; NULL: not read */
	/* A member that `?` and paths can name, a fact, says where it comes from: what is written
	 * there is what they print. */
	const char *fact; /* its name there; NULL: the same */
	const char *unit; /* "1/s", "kB", "ns", "%", "ticks", "letter", "address", "1/100", "" */
	/* file or library call: "/proc/PID/task/TID/status"; NULL: it is no fact */
	const char *source;
	const char *kernel_field; /* "voluntary_ctxt_switches" */
	const char *formula; /* "(now - before) / measured interval"; "as read" */
	const char *caveat; /* one sentence a careful lecturer would add */
	unsigned need; /* what has to be asked for besides what its record needs */
	enum quality quality; /* if it is worse than its record's */
};
#define RECORD_FACT(unit_, source_, kernel_field_, formula_, caveat_)                              \
	.unit = unit_, .source = source_, .kernel_field = kernel_field_, .formula = formula_,      \
	.caveat = caveat_

#define FIELD_TYPE_OF(member)                                                                      \
	_Generic((member), \
		int16_t: FIELD_INT16, \
		int32_t: FIELD_INT32, \
		int64_t: FIELD_INT64, \
		uint8_t: FIELD_UINT8, \
		uint16_t: FIELD_UINT16, \
		uint32_t: FIELD_UINT32, \
		double: FIELD_DOUBLE, \
		uint64_t: FIELD_HEX, \
		bool: FIELD_BOOL, \
		char: FIELD_CHAR, \
		char *: FIELD_TEXT)

/* A row of a table, under another name than the member's, or under the same. */
#define RECORD_FIELD_AS(json, type_, member, ...)                                                  \
	{                                                                                          \
		.name = json, .offset = offsetof(struct type_, member),                            \
		.size = sizeof(((struct type_ *)0)->member),                                       \
		.type = FIELD_TYPE_OF(((struct type_ *)0)->member), __VA_ARGS__                    \
	}
#define RECORD_FIELD(type_, member, ...) RECORD_FIELD_AS(#member, type_, member, __VA_ARGS__)

enum record_flag {
	RECORD_PRINTED = 1 << 0, /* an array of its own in a line of --json */
	RECORD_SLOW = 1 << 1, /* of the slow lane */
	RECORD_MANY = 1 << 2, /* one task can have several rows */
	RECORD_IF_SHOWN = 1 << 4, /* in a recording only while something shows it */
	RECORD_OF_LIVING = 1 << 3, /* a task that has ended, and is not reaped, has let go of it */
};

/* One kind of record. */
struct record {
	const char *name; /* of its array in recordings and --json */
	/* in recordings of form 1: its name, and the object that held it; NULL: no other, none */
	const char *form1, *form1_parent;
	const struct field *fields;
	size_t n;
	size_t size; /* of the struct */
	/* the most of one sample; 1: there is one, which is an object, not an array */
	size_t limit;
	size_t place; /* in struct sample: of its vec, or of the one itself */
	size_t known; /* of the member that says whether others are known; see FIELD_IF_KNOWN */
	unsigned flags; /* enum record_flag */
	enum quality quality; /* of its members as facts */
	unsigned need; /* what has to be asked for to have it; enum need */
	nsec every; /* how often it is read, of what the tasks of a tick tell; 0: at each */
	const char *gap; /* which gap explains that there is no row */
	const char *gaps[2]; /* which gaps explain that a member is not known, after its own */
};

#define RECORD_PAGES_MAX (1 << 18) /* pages of one sample: 1 GB */

/* Every kind of record in a sample, in the order of a recording; NULL at the end. */
extern const struct record *const record_kinds[];

/* The values of a kind in a sample: the vec in parts, so that one function can fill any. */
struct rows {
	void **at;
	size_t *n, *room;
};

/* What has to be asked for to have all kinds that have these flags, and none of those. */
unsigned record_needs(unsigned flags, unsigned without);
/* The member that has a role; NULL: none has. */
const struct field *record_role(const struct record *record, enum field_role role);
/* The member of a name; NULL: there is none. */
const struct field *record_find(const struct record *record, const char *name);
bool record_is_absent(const struct record *record, const void *row); /* in every member */
/* Every member absent. Bytes that belong to no member are zero, so that records compare as
 * bytes. */
void record_clear(const struct record *record, void *into);
/* The absent value of one member, into it. */
void field_clear(const struct field *field, void *member);
/* Whether a member is absent; whether two members of one kind are equal (NAN is equal to NAN). */
bool field_is_absent(const struct field *field, const void *member);
/* Whether a member of a row holds a value: text that is empty and an address of 0 do, unless the
 * table says otherwise. */
bool field_is_known(const struct record *record, const struct field *field, const void *row);
/* The word for an enumeration's value; "unknown" beyond the words. */
const char *field_word(const struct field *field, int64_t value);
bool field_equal(const struct field *field, const void *member, const void *other);
/* A member as JSON, under the name given. */
void field_put(struct json *json, const char *name, const struct field *field, const void *member);
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
/* Whether two samples have the same rows of a kind; timeless: but for the time when they were
 * read. */
bool record_repeats(
	const struct record *record, const void *sample, const void *before, bool timeless);

#endif
