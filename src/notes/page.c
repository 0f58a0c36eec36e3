/* SPDX-License-Identifier: MIT
 * Draws notes: title and times on top, then each line behind its sign, wrapped.
 */

#include "notes.h"

#define SIGN_COLS 11

struct page {
	struct canvas *canvas;
	int row; /* of the text, from 0; rows before `first` are not shown */
	int first, top, bottom;
};

static void add_safe(struct buf *lines, const char *text)
{
	char safe[800];
	size_t len = safe_text(safe, sizeof(safe), text, strlen(text));
	buf_add(lines, safe, len);
}

void notes_add(struct buf *lines, enum notes_kind kind, const char *sign, const char *text)
{
	buf_addf(lines, "%c", kind);
	add_safe(lines, sign);
	buf_adds(lines, "\t");
	add_safe(lines, text);
	buf_adds(lines, "\n");
}

static enum style style_of(char kind)
{
	static const struct {
		char kind;
		enum style style;
	} styles[] = { { NOTES_SPEAK, STYLE_STRONG }, { NOTES_RIGHT, STYLE_GOOD },
		{ NOTES_SMALL, STYLE_DIM } };
	for (size_t i = 0; i < ARRAY_LEN(styles); i++)
		if (styles[i].kind == kind)
			return styles[i].style;
	return STYLE_TEXT;
}

/* A line as it came, which may be anything. */
struct line {
	char kind;
	char sign[64], text[800];
};

/* The next line; false: that was all. What is none has kind 0. */
static bool next_line(const char **lines, struct line *ret)
{
	const char *line = *lines, *tab;
	const size_t len = strcspn(line, "\n");
	*lines += len + (line[len] != 0);
	ret->kind = 0;
	tab = memchr(line, '\t', len);
	if (!tab || tab == line)
		return len > 0 || **lines;
	ret->kind = *line;
	safe_text(ret->sign, sizeof(ret->sign), line + 1, (size_t)(tab - line) - 1);
	safe_text(ret->text, sizeof(ret->text), tab + 1, len - (size_t)(tab - line) - 1);
	return true;
}

/* "this scene 0:42 of 0:40": how long, and how long it should take; "" of a line that is no clock. */
struct clock_words {
	char text[64];
	bool late;
};
static struct clock_words clock_of(const struct line *line, nsec now)
{
	struct clock_words words = { .text = "" };
	int64_t since = 0, wanted = 0;
	if ((line->kind != NOTES_SCENE_CLOCK && line->kind != NOTES_ALL_CLOCK) ||
		parse_integer(line->sign, 0, INT64_MAX, &since) != 0 ||
		parse_integer(line->text, 0, 86400, &wanted) != 0)
		return words;
	const int passed = (int)MIN(MAX((now - since) / NSEC_PER_SEC, 0), 86400 * 9);
	/* A quarter more is what a question from the hall takes. */
	words.late = passed > wanted + wanted / 4;
	snprintf(words.text, sizeof(words.text), "%s %d:%02d of %d:%02d%s",
		line->kind == NOTES_ALL_CLOCK ? "all" : "this scene", passed / 60, passed % 60,
		(int)wanted / 60, (int)wanted % 60, words.late ? ", late" : "");
	return words;
}

static void draw_wrapped(struct page *page, const struct line *line)
{
	const int cols = MAX(page->canvas->cols - SIGN_COLS - 2, 10);
	const char *text = line->text;
	for (bool begins = true; begins || *text; begins = false) {
		const int row = page->top + page->row++ - page->first;
		const size_t n = text_wrap(text, cols);
		const bool shown = row >= page->top && row < page->bottom;
		if (shown && begins)
			canvas_text(page->canvas, row, 1, SIGN_COLS - 1, STYLE_KEY, line->sign);
		if (shown)
			canvas_textf(page->canvas, row, SIGN_COLS + 1, cols, style_of(line->kind),
				"%.*s", (int)n, text);
		text += n;
	}
}

int notes_draw(const char *lines, nsec now, int first, const char *state, struct canvas *canvas)
{
	struct page page = { canvas, 0, first, 3, canvas->rows - 2 };
	struct line line;
	int clock_col = 1;
	canvas_clear(canvas);
	canvas_hline(canvas, 2, 0, canvas->cols, STYLE_BORDER);
	while (next_line(&lines, &line)) {
		const struct clock_words clock = clock_of(&line, now);
		if (*clock.text)
			clock_col += 4 + canvas_text(canvas, 1, clock_col, -1,
						 clock.late ? STYLE_WARN : STYLE_TEXT, clock.text);
		else if (line.kind == NOTES_TITLE)
			canvas_text(canvas, 0, 1, -1, STYLE_TITLE, line.text);
		else if (line.kind)
			draw_wrapped(&page, &line);
	}
	const int hidden = MAX(page.row - first - (page.bottom - page.top), 0);
	char keys[80];
	snprintf(keys, sizeof(keys), "q ends%s", hidden || first ? "   ↑↓ PgUp PgDn the rest" : "");
	canvas_hline(canvas, page.bottom, 0, canvas->cols, STYLE_BORDER);
	canvas_text(canvas, page.bottom + 1, 1, -1, *state ? STYLE_WARN : STYLE_DIM,
		*state ? state : keys);
	return hidden;
}

void notes_put_text(const char *lines, nsec now, struct buf *text)
{
	struct line line;
	while (next_line(&lines, &line)) {
		const struct clock_words clock = clock_of(&line, now);
		if (*clock.text)
			buf_addf(text, "%s\n", clock.text);
		else if (line.kind == NOTES_TITLE || !*line.sign)
			buf_addf(text, "%s\n", line.text);
		else if (line.kind)
			buf_addf(text, "%s: %s\n", line.sign, line.text);
	}
}
