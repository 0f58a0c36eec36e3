/* SPDX-License-Identifier: MIT
 * JSON appended to a buf: the commas between members, numbers as no locale spoils them, text as it
 * must be escaped. What is written stands at once in the buf; nothing is allocated in a steady
 * state.
 */
#ifndef TASKSCOPE_JSON_WRITER_H
#define TASKSCOPE_JSON_WRITER_H

#include "base.h"

/* { .out = &buf } starts anew; separator is what comes before the next name or value. */
struct json {
	struct buf *out;
	const char *separator;
};

/* In all of these, name NULL writes an element of an array, or what stands alone. */

/* Brackets: "{" or "[", and the same again to close: "}" or "]". */
void json_open(struct json *json, const char *name, const char *bracket);
void json_close(struct json *json, const char *bracket);

/* A name, for a value that the caller writes himself. Names are our own words, and are not
 * escaped. */
void json_name(struct json *json, const char *name);
void json_put_null(struct json *json, const char *name);
void json_put_bool(struct json *json, const char *name, bool value);
void json_put_integer(struct json *json, const char *name, int64_t value);
void json_put_hex(struct json *json, const char *name, uint64_t value); /* "0x7f01" */
/* the fewest digits that read the same; NAN: null */
void json_put_real(struct json *json, const char *name, double value);
/* three decimals; |value| below 9e15 */
void json_put_fixed(struct json *json, const char *name, double value);
void json_put_text(struct json *json, const char *name, const char *text);
/* len bytes of foreign text, of which nothing is cut. Passes safe_text, so it is valid UTF-8 at any
 * input. */
void json_put_bytes(struct json *json, const char *name, const char *text, size_t len);

/* A whole number's digits. */
void json_put_digits(struct buf *out, int64_t value);
/* What a terminal is sent, as a JSON string: controls are escaped; text is valid UTF-8. */
void json_put_terminal(struct buf *out, const char *text);

#endif
