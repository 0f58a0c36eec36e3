/* SPDX-License-Identifier: MIT
 * JSON: objects and arrays appended to a buf.
 */
#ifndef TASKSCOPE_JSON_H
#define TASKSCOPE_JSON_H

#include "model.h"

struct json_key {
	const char *scope, *member;
};

struct json {
	struct buf *out;
	const struct model *model;
	struct buf unavailable; /* the members of the object of that name, collected on the way */
	VEC(struct json_key) common; /* what is explained there once for all of a scope */
	const char *separator; /* before the next value or name: "" after an opening bracket */
};

/* Brackets: "{" or "[". name NULL: an element of an array, or the line itself. */
void json_open(struct json *json, const char *name, const char *bracket);
void json_close(struct json *json, const char *bracket);

/* A member of an object. */
void json_name(struct json *json, const char *name);
void json_integer(struct json *json, const char *name, int64_t value);
void json_bool(struct json *json, const char *name, bool value);
void json_text(struct json *json, const char *name, const char *text);
void json_address(struct json *json, const char *name, uint64_t address); /* "0x7f01" */

#endif
