/* SPDX-License-Identifier: MIT
 * What the files of the json module share: a line that is being written, and the rows of a record in it, in which no null
 * can be written without its reason.
 */
#ifndef TASKSCOPE_JSON_INTERNAL_H
#define TASKSCOPE_JSON_INTERNAL_H

#include "json_writer.h"
#include "model.h"

struct line_key {
	const char *scope, *member;
};

/* What is written as CSV on the way. */
struct csv {
	struct buf *out;
	int64_t at_ns;
	struct buf head; /* the columns before "fact", of what the values are of */
	char name[32]; /* the scope that this is */
	int32_t id;
};

struct line {
	struct json json;
	const struct model *model;
	struct buf reasons; /* the members of "unavailable", collected on the way */
	struct json unavailable; /* into reasons */
	VEC(struct line_key) common; /* what is explained there once for all of a scope */
	struct csv *csv; /* each value becomes a row there, too; NULL: it does not */
};

/* Whose members are written, and what explains those of them that are not known. */
struct line_scope {
	const char *name; /* "tasks"; NULL: the whole line */
	int32_t id; /* of the task or process; 0: there is only one */
	int32_t pid; /* whose gaps may explain it; 0: the machine's */
	bool one_key; /* one key in "unavailable" for all of this name */
	const char *certain; /* why anything is unknown, before any gap is looked at, or NULL */
	const char *common; /* why a rate is unknown for all of this scope, or NULL */
	const char *rate; /* why a rate is unknown, if no gap says it */
	const char *other; /* why anything else is unknown, if nothing says it */
};

/* null, and why. for_all: a reason that holds for many of this scope is told once. */
void line_null(struct line *line, const struct line_scope *scope, const char *name,
	const char *reason, bool for_all);
/* A member of "unavailable" beyond the nulls. The key is not yet there. */
void line_explain(struct line *line, const char *key, const char *reason);
/* The members of a row, in the order of its table. */
void line_fields(struct line *line, const struct line_scope *scope, const struct record *record,
	const void *row);
/* csv.c: whose the values from here on are; one that is known (json: as it stands there), and one that is not, and why. */
void csv_begin(struct csv *csv, const struct line_scope *scope, const struct record *record,
	const void *row);
void csv_integer(struct csv *csv, const char *name, int64_t value);
void csv_value(struct csv *csv, const struct field *field, const void *member, const char *json);
void csv_null(
	struct csv *csv, const struct line_scope *scope, const char *name, const char *reason);

/* A number that is no member of a record, of whom the members before it are. */
void line_integer(struct line *line, const char *name, int64_t value);
/* "role" says what a task or process is in its crew; only a worker has a number, in "worker". */
void line_role(struct line *line, int64_t worker);

/* The arrays of the kinds that have one; null, with the reason, while there is nothing of a kind. */
void line_kinds(struct line *line);

#endif
