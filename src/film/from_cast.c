/* SPDX-License-Identifier: MIT
 * Makes a page of a cast that was written before. Each line is checked: the page plays what taskscope draws, no other.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "document.h"
#include "film.h"
#include "outfile.h"
#include "page.h"

#define CAST_MAX (256 << 20)

static bool is_size(const json_t *value)
{
	return json_integer_value(value) > 0 && json_integer_value(value) <= 1000;
}

/* One or many; they come to stand in the page's style. */
static bool is_colour(const json_t *theme, const char *name)
{
	const char *text = json_string_value(json_object_get(theme, name));

	return text && *text == '#' && strspn(text, "#0123456789abcdef:") == strlen(text);
}

static bool is_header(const json_t *line)
{
	const char *title = json_string_value(json_object_get(line, "title"));
	const json_t *theme = json_object_get(line, "theme");

	return json_integer_value(json_object_get(line, "version")) == 2 && title &&
	       strcmp(title, CAST_TITLE) == 0 && is_size(json_object_get(line, "width")) &&
	       is_size(json_object_get(line, "height")) && is_colour(theme, "fg") &&
	       is_colour(theme, "bg") && is_colour(theme, "palette");
}

/* A question or an answer. */
static bool is_json(const char *text, bool question)
{
	json_t *value = json_loads(text, 0, NULL);
	const bool is = json_is_object(value) &&
			(!question || json_is_array(json_object_get(value, "options")));

	json_decref(value);
	return is;
}

static bool is_event(const json_t *line)
{
	const char *kind = json_string_value(json_array_get(line, 1));
	const char *data = json_string_value(json_array_get(line, 2));

	if (!json_is_number(json_array_get(line, 0)) || !kind || strlen(kind) != 1 || !data)
		return false;
	return strchr("omrc", *kind) || (strchr("qa", *kind) && is_json(data, *kind == 'q'));
}

/* One line of the cast, without its end. The last may be cut, where the disk was full. */
static bool put_line(const struct buf *line, bool first, struct buf *out)
{
	json_t *value = json_loadb(line->text, line->len, 0, NULL);
	const bool right = first ? is_header(value) : is_event(value);

	if (right && first)
		page_put_head(line, out);
	else if (right)
		page_put_events(line, out);
	json_decref(value);
	return right;
}

/* The number of the line that is wrong; 0: none is. */
static int put_lines(const struct buf *cast, struct buf *out)
{
	struct buf line = { 0 };
	int number = 0, wrong = 0;

	for (size_t at = 0; at < cast->len && !wrong; at += line.len + 1) {
		const char *end = memchr(cast->text + at, '\n', cast->len - at);

		buf_clear(&line);
		buf_add(&line, cast->text + at,
			end ? (size_t)(end - cast->text) - at : cast->len - at);
		if (!put_line(&line, number++ == 0, out) && end)
			wrong = number;
	}
	buf_finish(&line);
	return number < 2 ? 1 : wrong;
}

bool film_is_cast(const char *path)
{
	static const char start[] = "{\"version\":2,";
	struct buf text = { 0 };

	document_load(path, sizeof(start), &text); /* the beginning is enough */
	const bool is = text.len && strncmp(text.text, start, strlen(start)) == 0;
	buf_finish(&text);
	return is;
}

int film_page_of_cast(const char *cast, const char *html, bool force, char *why, size_t why_size)
{
	struct buf text = { 0 }, page = { 0 };
	int error = document_load(cast, CAST_MAX, &text), wrong = 0;

	if (error)
		snprintf(why, why_size, "%s: %s", cast, document_why(error));
	else if ((wrong = put_lines(&text, &page)) != 0)
		snprintf(why, why_size, "%s:%d: this is not a line of a cast that taskscope wrote",
			cast, wrong);
	buf_adds(&page, FILM_HTML_END);
	if (!error && !wrong && (error = outfile_write(html, force, &page)) != 0)
		snprintf(
			why, why_size, "cannot write the page to %s: %s", html, outfile_why(error));
	buf_finish(&text);
	buf_finish(&page);
	return error || wrong ? -EINVAL : 0;
}
