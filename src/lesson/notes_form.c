/* SPDX-License-Identifier: MIT
 * The two forms of lecture notes: Markdown, and a page of HTML that is well-formed XML, with its pictures in it.
 */
#include "notes_form.h"

#define HTML_HEAD                                                                                  \
	"<!DOCTYPE html>\n"                                                                        \
	"<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"                      \
	"<meta charset=\"utf-8\"/>\n"                                                              \
	"<meta name=\"viewport\" content=\"width=device-width\"/>\n"                               \
	"<title>Processes and threads, on this machine</title>\n<style>\n"                         \
	"body { max-width: 60em; margin: 2em auto; padding: 0 1em; font: 1em/1.5 serif; }\n"       \
	"pre { padding: .5em 1em; background: #f3f3f0; overflow-x: auto; font-size: .85em; }\n"    \
	"svg { max-width: 100%; height: auto; }\n"                                                 \
	"ul.blank { list-style: \"\\2610  \"; }\n"                                                 \
	"@media print { body { max-width: none; margin: 0; font-size: 10pt; }\n"                   \
	"h2 { break-before: page; } h1 + p + h2 { break-before: auto; }\n"                         \
	"pre, svg, ul, li { break-inside: avoid; } pre { white-space: pre-wrap; } }\n"             \
	"</style>\n</head>\n<body>\n"

/* What stands around a text of each kind. */
static const struct {
	const char *before, *after;
} marks[NOTES_FORMS][NOTE_KINDS] = {
	[NOTES_MARKDOWN] = {
		[NOTE_HEAD] = { "", "" },
		[NOTE_TITLE] = { "# ", "\n\n" },
		[NOTE_SCENE] = { "\n## ", "\n\n" },
		[NOTE_ACTION] = { "\n### ", "\n" },
		[NOTE_TEXT] = { "", "\n" },
		[NOTE_SHOWN] = { "\n```text\n", "```\n" },
		[NOTE_FROM] = { "\n", ":\n\n" },
		[NOTE_CODE] = { "```c\n", "```\n" },
		[NOTE_QUESTION] = { "\n**", "**\n\n" },
		[NOTE_OPTION] = { "- [ ] ", "\n" },
		[NOTE_OPTIONS_END] = { "", "" },
		[NOTE_ANSWER] = { "- ", "\n" },
		[NOTE_SAY] = { "  To say: \"", "\"\n" },
		[NOTE_THEN] = { "  Then: ", "\n" },
		[NOTE_END] = { "", "" },
	},
	[NOTES_HTML] = {
		[NOTE_HEAD] = { HTML_HEAD, "" },
		[NOTE_TITLE] = { "<h1>", "</h1>\n" },
		[NOTE_SCENE] = { "<h2>", "</h2>\n" },
		[NOTE_ACTION] = { "<h3>", "</h3>\n" },
		[NOTE_TEXT] = { "<p>", "</p>\n" },
		[NOTE_SHOWN] = { "<pre>", "</pre>\n" },
		[NOTE_FROM] = { "<p>", ":</p>\n" },
		[NOTE_CODE] = { "<pre><code>", "</code></pre>\n" },
		[NOTE_QUESTION] = { "<p><b>", "</b></p>\n<ul class=\"blank\">\n" },
		[NOTE_OPTION] = { "<li>", "</li>\n" },
		[NOTE_OPTIONS_END] = { "</ul>\n", "" },
		[NOTE_ANSWER] = { "<p><b>", "</b></p>\n" },
		[NOTE_SAY] = { "<p>To say: <q>", "</q></p>\n" },
		[NOTE_THEN] = { "<p>Then: ", "</p>\n" },
		[NOTE_END] = { "</body>\n</html>\n", "" },
	},
};

enum notes_form notes_form_of(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && strcmp(dot, ".html") == 0 ? NOTES_HTML : NOTES_MARKDOWN;
}

/* Nothing that a page of XML must not hold. */
static void put_escaped(struct buf *out, const char *text)
{
	static const struct {
		char c;
		const char *as;
	} names[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" } };

	for (; *text; text++) {
		size_t i = 0;

		while (i < ARRAY_LEN(names) && names[i].c != *text)
			i++;
		if (i < ARRAY_LEN(names))
			buf_adds(out, names[i].as);
		else if ((unsigned char)*text >= ' ' || *text == '\n' || *text == '\t')
			buf_add(out, text, 1);
	}
}

void notes_put(struct buf *out, enum notes_form form, enum note_kind kind, const char *format, ...)
{
	struct buf text = { 0 };
	va_list args;

	va_start(args, format);
	buf_vaddf(&text, format, args);
	va_end(args);
	buf_adds(out, marks[form][kind].before);
	if (form == NOTES_HTML)
		put_escaped(out, text.text);
	else
		buf_add(out, text.text, text.len);
	buf_adds(out, marks[form][kind].after);
	buf_finish(&text);
}

void notes_put_picture(struct buf *out, enum notes_form form, const struct buf *svg)
{
	const char *from = svg->len ? strstr(svg->text, "<svg ") : NULL;

	if (form == NOTES_HTML && from)
		buf_adds(out, from);
}
