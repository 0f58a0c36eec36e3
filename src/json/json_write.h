/* SPDX-License-Identifier: MIT
 * What a line of JSON needs beyond brackets and members: numbers by table, and a null that cannot be written without its
 * reason.
 */
#ifndef TASKSCOPE_JSON_WRITE_H
#define TASKSCOPE_JSON_WRITE_H

#include "json.h"

/* What a group of members says of itself when one of them is unknown. */
struct json_scope {
	const char *name; /* "tasks"; NULL: the whole line */
	int32_t id; /* of the task or process; 0: there is only one */
	int32_t pid; /* whose gaps may explain it; 0: the machine's */
	bool one_key; /* one key in "unavailable" for all of this name */
	const char *certain; /* why anything is unknown, before any gap is looked at, or NULL */
	const char *common; /* why a rate is unknown for all of this scope, or NULL */
	const char *rate; /* why a rate is unknown, if no gap says it */
	const char *other; /* why anything else is unknown, if no gap says it */
};

enum json_type { JSON_INT16, JSON_INT32, JSON_INT64, JSON_REAL };

/* One number of a record: its name in the schema, and which gaps can explain that it is unknown. */
struct json_number {
	const char *name;
	size_t offset;
	enum json_type type;
	bool is_rate;
	bool is_slow; /* of the slow lane */
	const char *gaps[3];
};

#define NUMBER(json, record, field, ...)                                                           \
	{                                                                                          \
		.name = json, .offset = offsetof(struct record, field),                            \
		.type = _Generic(((struct record *)0)->field, int16_t                              \
				 : JSON_INT16, int32_t                                             \
				 : JSON_INT32, int64_t                                             \
				 : JSON_INT64, double                                              \
				 : JSON_REAL),                                                     \
		__VA_ARGS__                                                                        \
	}
#define RATE .is_rate = true
#define BY(...) .gaps = { __VA_ARGS__ }
#define SLOW(...) .is_slow = true, .gaps = { __VA_ARGS__, "prober" }
#define PUT_NUMBERS(json, scope, numbers, record)                                                  \
	json_numbers((json), (scope), (numbers), ARRAY_LEN(numbers), (record))

/* null, and why: a text of the scope or of a gap. */
void json_null(
	struct json *json, const struct json_scope *scope, const char *name, const char *reason);
/* The reason why this number is unknown. */
const char *json_reason(
	const struct json *json, const struct json_scope *scope, const struct json_number *number);
/* Numbers of a record, in the order of the table; null where it is UNKNOWN or NAN. */
void json_numbers(struct json *json, const struct json_scope *scope,
	const struct json_number *numbers, size_t n, const void *record);

/* "role" says what a task or process is in its crew; only a worker has a number, in "worker". */
void json_role(struct json *json, int16_t worker);

/* A member of "unavailable" beyond the nulls. The key is not yet there. */
void json_explain(struct json *json, const char *key, const char *reason);

#endif
