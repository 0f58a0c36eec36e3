/* SPDX-License-Identifier: MIT
 * Writes a film as a page of HTML: a player, then the events of the cast; and the events of questions.
 */
#include "page.h"

#include "export.h"
#include "json_writer.h"

/* JSON within a script: a "<" could end it. */
static void put_script(struct buf *out, const char *json, size_t len)
{
	for (const char *end = json + len; json < end;) {
		const char *sign = memchr(json, '<', (size_t)(end - json));

		buf_add(out, json, (size_t)((sign ? sign : end) - json));
		if (sign)
			buf_adds(out, "\\u003c");
		json = sign ? sign + 1 : end;
	}
}

static void put_lines(struct buf *out, const char *const *lines)
{
	for (; *lines; lines++)
		buf_adds(out, *lines);
}

void page_put_head(const struct buf *header, struct buf *out)
{
	buf_adds(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		      "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
		      "<title>taskscope</title>\n<style>\n");
	put_lines(out, page_css);
	buf_adds(out, "</style>\n<main></main>\n<noscript>This film needs "
		      "JavaScript.</noscript>\n<script>\n");
	put_lines(out, page_js);
	buf_adds(out, "const player = play({\"cast\":");
	put_script(out, header->text, strcspn(header->text, "\n"));
	buf_adds(out, ",\"events\":[\n");
}

void page_put_events(const struct buf *events, struct buf *out)
{
	const char *line = events->text, *end = line + events->len;

	while (line < end) {
		const size_t len = strcspn(line, "\n");

		put_script(out, line, len);
		buf_adds(out, ",\n");
		line += len + 1;
	}
}

/* --- what is asked: data of the events are JSON again --- */

static const struct caption_line *find_line(const struct caption *caption, enum caption_part part)
{
	const struct caption_line *line;

	vec_each (line, &caption->lines)
		if (line->part == part)
			return line;
	return NULL;
}

static void put_texts(
	struct json *json, const char *name, const struct caption *caption, enum caption_part part)
{
	const struct caption_line *line;

	json_open(json, name, "[");
	vec_each (line, &caption->lines)
		if (line->part == part)
			json_put_text(json, NULL, line->text);
	json_close(json, "]");
}

static void put_asked(struct page *page, const struct caption *caption, nsec at, struct buf *out)
{
	struct json json = { .out = &page->line };

	page->open = true;
	buf_clear(&page->line);
	json_open(&json, NULL, "{");
	json_put_text(&json, "ask", page->question.text);
	put_texts(&json, "options", caption, CAPTION_OPTION);
	json_close(&json, "}");
	cast_put_event(at, 'q', page->line.text, out);
}

/* right: the place of the right option; -1: it could not be decided. */
static void put_answer(
	struct page *page, const struct caption *caption, int right, nsec at, struct buf *out)
{
	struct json json = { .out = &page->line };

	page->open = false;
	buf_clear(&page->line);
	json_open(&json, NULL, "{");
	json_put_integer(&json, "right", right);
	put_texts(&json, "why", caption, CAPTION_FEEDBACK);
	json_close(&json, "}");
	cast_put_event(at, 'a', page->line.text, out);
}

/* The place of the option that is marked as the right one; -1: none is. */
static int right_option(const struct caption *caption)
{
	const struct caption_line *line;
	int place = 0;

	vec_each (line, &caption->lines) {
		if (line->part != CAPTION_OPTION)
			continue;
		if (line->tone == CAPTION_GOOD)
			return place;
		place++;
	}
	return -1;
}

void page_put_question(struct page *page, const struct caption *caption, nsec at, struct buf *out)
{
	const struct caption_line *ask = find_line(caption, CAPTION_ASK);
	const int right = right_option(caption);
	const bool told = right >= 0 || find_line(caption, CAPTION_PREDICTION);

	if (!ask)
		ask = find_line(caption, CAPTION_QUESTION);
	if (!ask || !find_line(caption, CAPTION_OPTION))
		return;
	if (told && page->open) {
		put_answer(page, caption, right, at, out);
	} else if (!told && !(page->open && strcmp(ask->text, page->question.text) == 0)) {
		buf_clear(&page->question);
		buf_adds(&page->question, ask->text);
		put_asked(page, caption, at, out);
	}
}

void page_finish(struct page *page)
{
	buf_finish(&page->question);
	buf_finish(&page->line);
}
