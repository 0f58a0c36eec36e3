/* SPDX-License-Identifier: MIT
 * Writes JSON, for recordings, --json, results and films alike. vsnprintf would be most of the cost of a recorder that
 * writes hundreds of integers ten times a second, so numbers are printed by hand.
 */
#include "json_writer.h"

static void put_separator(struct json *json)
{
	if (json->separator)
		buf_adds(json->out, json->separator);
	json->separator = ",";
}

void json_name(struct json *json, const char *name)
{
	put_separator(json);
	if (!name)
		return;
	buf_add(json->out, "\"", 1);
	buf_adds(json->out, name);
	buf_add(json->out, "\":", 2);
}

void json_open(struct json *json, const char *name, const char *bracket)
{
	json_name(json, name);
	buf_adds(json->out, bracket);
	json->separator = NULL;
}

void json_close(struct json *json, const char *bracket)
{
	buf_adds(json->out, bracket);
	json->separator = ",";
}

void json_put_null(struct json *json, const char *name)
{
	json_name(json, name);
	buf_adds(json->out, "null");
}

void json_put_bool(struct json *json, const char *name, bool value)
{
	json_name(json, name);
	buf_adds(json->out, value ? "true" : "false");
}

/* --- numbers --- */

void json_put_digits(struct buf *out, int64_t value)
{
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char digits[24], *at = digits + sizeof(digits);

	do
		*--at = (char)('0' + left % 10);
	while (left /= 10);
	if (value < 0)
		*--at = '-';
	buf_add(out, at, (size_t)(digits + sizeof(digits) - at));
}

void json_put_integer(struct json *json, const char *name, int64_t value)
{
	json_name(json, name);
	json_put_digits(json->out, value);
}

void json_put_hex(struct json *json, const char *name, uint64_t value)
{
	char digits[24], *at = digits + sizeof(digits);

	*--at = '"';
	do
		*--at = "0123456789abcdef"[value % 16];
	while (value /= 16);
	*--at = 'x';
	*--at = '0';
	*--at = '"';
	json_name(json, name);
	buf_add(json->out, at, (size_t)(digits + sizeof(digits) - at));
}

/* In every locale with a point. */
void json_put_real(struct json *json, const char *name, double value)
{
	static const int digits[] = { 9, 15, 16, 17 }; /* the last are always enough */
	char text[40] = "";

	for (size_t i = 0; i < ARRAY_LEN(digits) && (i == 0 || strtod(text, NULL) != value); i++)
		snprintf(text, sizeof(text), "%.*g", digits[i], value);
	char *comma = strchr(text, ',');
	if (comma)
		*comma = '.';
	json_name(json, name);
	buf_adds(json->out, isfinite(value) ? text : "null");
}

void json_put_fixed(struct json *json, const char *name, double value)
{
	long long thousandths = (long long)(value * 1000 + (value < 0 ? -0.5 : 0.5));

	json_name(json, name);
	buf_addf(json->out, "%s%lld.%03lld", thousandths < 0 ? "-" : "", llabs(thousandths) / 1000,
		llabs(thousandths) % 1000);
}

/* --- text --- */

/* The n safe bytes that stand at the end of out become escaped where they stand. */
static void escape(struct buf *out, size_t n)
{
	size_t from = out->len, to, more = 0;

	for (size_t i = from - n; i < from; i++)
		more += out->text[i] == '"' || out->text[i] == '\\';
	if (more == 0)
		return;
	for (size_t i = 0; i < more; i++)
		buf_add(out, " ", 1);
	for (to = out->len; to > from;) {
		const char c = out->text[--from];

		out->text[--to] = c;
		if (c == '"' || c == '\\')
			out->text[--to] = '\\';
	}
}

void json_put_bytes(struct json *json, const char *name, const char *text, size_t len)
{
	struct buf *out = json->out;

	json_name(json, name);
	buf_add(out, "\"", 1);
	buf_reserve(out, 3 * len + 1); /* a bad byte becomes U+FFFD: three bytes */
	size_t n = safe_text(out->text + out->len, 3 * len + 1, text, len);
	out->len += n;
	escape(out, n);
	buf_add(out, "\"", 1);
}

void json_put_text(struct json *json, const char *name, const char *text)
{
	json_put_bytes(json, name, text, strlen(text));
}

void json_put_terminal(struct buf *out, const char *text)
{
	buf_add(out, "\"", 1);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_addf(out, "\\%c", *text);
		else if ((unsigned char)*text < 0x20 || *text == 0x7F)
			buf_addf(out, "\\u%04x", *text);
		else
			buf_add(out, text, 1);
	}
	buf_add(out, "\"", 1);
}
