/* SPDX-License-Identifier: MIT
 * YAML by table: one walk over a text fills structs as a table of keys says, and tells every
 * mistake with its line. Scenes are read with it; any file of settings can be.
 */
#ifndef TASKSCOPE_DOCUMENT_H
#define TASKSCOPE_DOCUMENT_H

#include "base.h"

enum document_type {
	DOCUMENT_TEXT, /* char *, allocated, never empty */
	DOCUMENT_INTEGER, /* int */
	DOCUMENT_MAYBE, /* int64_t *, allocated; NULL where the key is not there */
	DOCUMENT_TRUTH, /* bool: true or false */
	DOCUMENT_MAPPING, /* a struct *, allocated; NULL where the key is not there */
	/* Lists: a pointer to the entries, and an unsigned for how many there are. */
	DOCUMENT_TEXTS, /* char *, or structs that begin with one */
	DOCUMENT_INTEGERS, /* int */
	DOCUMENT_MAPPINGS, /* structs */
};

struct document_mapping;

/* Says of a text what is wrong with it. false and *why: it is refused. */
typedef bool document_check(void *context, const char *text, char *why, size_t why_size);

/* One key that a mapping may have. */
struct document_key {
	const char *name;
	enum document_type type;
	bool required;
	size_t offset; /* of the value in the mapping's struct */
	int64_t min, max; /* of an integer, and of each in a list; 0, 0: any */
	int columns; /* of a text: at most so many cells on a screen; 0: any */
	document_check *check; /* of a text, and of each in a list; NULL: any */
	unsigned least, most; /* entries of a list */
	size_t count; /* list: offset of their number */
	size_t size; /* texts: of one entry, where that is more than a char * */
	const struct document_mapping *of; /* what a mapping, or each in a list, is */
};

#define DOCUMENT_KEYS_MAX 32
struct document_mapping {
	size_t size; /* of its struct */
	const struct document_key *keys;
	size_t n;
};

#define DOCUMENT_TEXT_MAX 1000 /* bytes of one text */

/* Where each value stands, so that what a table cannot say can be told of it, too. */
struct document {
	const char *file;
	struct buf *errors;
	bool wrong; /* something was told */
	VEC(struct document_mark) marks;
};
struct document_mark {
	const void *at; /* the value: where it is stored */
	bool whole; /* a mapping: all of it */
	int line;
	char path[64]; /* "actions[1].steps[0].order" */
};

/* Adds the whole of a regular file to the text, one byte more than the limit at most. 0 or -errno:
 * -EINVAL: it is no regular file, -EFBIG: it is larger. A folder that may not be looked into has no
 * such file: -ENOENT. */
int document_load(const char *file, size_t limit, struct buf *text);
const char *document_why(int error); /* what document_load returned, in words */

/* Reads the text into a new struct. context is the checks'. true: the caller owns *ret
 * (document_destroy); false: nothing is kept. Each mistake is one line in errors: "FILE:LINE: what
 * is wrong, and what is wanted"; of text that is no YAML only the first can be told. */
bool document_read(struct document *document, const struct document_mapping *mapping,
	const char *text, size_t len, void *context, void **ret);
/* Tells a mistake in a value that was read: "FILE:LINE: its path: why". at: where it is stored; of
 * no value that was read it is told of the file. document_tell_whole: of a mapping. */
void document_tell(struct document *document, const void *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void document_tell_whole(struct document *document, const void *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void document_finish(struct document *document); /* the marks; what was read stays */
/* Frees a struct that was read. NULL is fine. */
void document_destroy(void *record, const struct document_mapping *mapping);

#endif
