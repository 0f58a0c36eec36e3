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

struct line {
	struct json json;
	const struct model *model;
	struct buf reasons; /* the members of "unavailable", collected on the way */
	struct json unavailable; /* into reasons */
	VEC(struct line_key) common; /* what is explained there once for all of a scope */
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
/* "role" says what a task or process is in its crew; only a worker has a number, in "worker". */
void line_role(struct line *line, int64_t worker);

/* The arrays of the kinds that have one; null, with the reason, while there is nothing of a kind. */
void line_kinds(struct line *line);

#endif
