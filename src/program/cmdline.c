/* SPDX-License-Identifier: MIT
 * Splits a command into words, as a shell does and without one. Pure: text in, words out.
 */

#include "program.h"

#define BLANKS " \t\n"
#define OPERATORS "|&;<>()"

struct splitter {
	const char *line, *at;
	char *out; /* where the next character of the word goes */
	char *why;
	size_t why_size;
};

static int refuse(const struct splitter *s, const char *at, const char *what)
{
	snprintf(s->why, s->why_size, "%s, at character %zu", what, (size_t)(at - s->line) + 1);
	return -EINVAL;
}

/* '...': s->at is behind the first quote. */
static int take_single(struct splitter *s)
{
	const char *start = s->at - 1, *end = strchr(s->at, '\'');

	if (!end)
		return refuse(s, start, "a ' is not closed");
	memcpy(s->out, s->at, (size_t)(end - s->at));
	s->out += end - s->at;
	s->at = end + 1;
	return 0;
}

/* "...": likewise. */
static int take_double(struct splitter *s)
{
	const char *start = s->at - 1;

	for (; *s->at != '"'; s->at++) {
		if (!*s->at)
			return refuse(s, start, "a \" is not closed");
		if (*s->at == '\\' && s->at[1] && strchr("\"\\$`\n", s->at[1]) && *++s->at == '\n')
			continue;
		*s->out++ = *s->at;
	}
	s->at++;
	return 0;
}

/* A backslash outside quotes: a newline after it vanishes, all else is itself. */
static int take_escaped(struct splitter *s)
{
	if (!*s->at)
		return refuse(s, s->at - 1, "nothing follows the \\");
	if (*s->at != '\n')
		*s->out++ = *s->at;
	s->at++;
	return 0;
}

static int take_operator(const struct splitter *s)
{
	char what[64];

	snprintf(what, sizeof(what), "'%c' is for a shell: quote it, or take --shell", *s->at);
	return refuse(s, s->at, what);
}

static int take_word(struct splitter *s)
{
	int error = 0;

	while (!error && *s->at && !strchr(BLANKS, *s->at)) {
		if (strchr(OPERATORS, *s->at))
			return take_operator(s);
		char c = *s->at++;
		if (c == '\'')
			error = take_single(s);
		else if (c == '"')
			error = take_double(s);
		else if (c == '\\')
			error = take_escaped(s);
		else
			*s->out++ = c;
	}
	*s->out++ = '\0';
	return error;
}

/* Blanks and joined lines before a word. */
static void skip_blanks(struct splitter *s)
{
	for (;;) {
		s->at += strspn(s->at, BLANKS);
		if (s->at[0] != '\\' || s->at[1] != '\n')
			return;
		s->at += 2;
	}
}

/* Each word ends at its NUL. */
static char **place_words(char *text, size_t n)
{
	char **at = xcalloc(n + 1, sizeof(*at));

	for (size_t i = 0; i < n; i++, text += strlen(text) + 1)
		at[i] = text;
	return at;
}

int cmdline_split(const char *line, struct cmdline *ret, char *why, size_t why_size)
{
	/* No word is longer than what it is written as, its NUL takes a blank's place. */
	char *text = xcalloc(strlen(line) + 1, 1);
	struct splitter s = { line, line, text, why, why_size };
	size_t n = 0;

	for (skip_blanks(&s); *s.at; skip_blanks(&s), n++) {
		if (take_word(&s) == 0)
			continue;
		free(text);
		return -EINVAL;
	}
	*ret = (struct cmdline) { .at = place_words(text, n), .n = n, .text = text };
	return 0;
}

void cmdline_copy(char *const *from, size_t n, struct cmdline *ret)
{
	struct buf text = { 0 };

	for (size_t i = 0; i < n; i++)
		buf_add(&text, from[i], strlen(from[i]) + 1);
	*ret = (struct cmdline) { .at = place_words(text.text, n), .n = n, .text = text.text };
}

static bool is_plain(const char *word)
{
	for (const char *c = word; *c; c++)
		if (strchr(BLANKS OPERATORS "'\"\\$`*?[#~!{}", *c))
			return false;
	return *word;
}

void cmdline_put(const struct cmdline *words, struct buf *out)
{
	for (size_t i = 0; i < words->n; i++) {
		const char *word = words->at[i];

		buf_adds(out, i ? " " : "");
		if (is_plain(word)) {
			buf_adds(out, word);
			continue;
		}
		buf_adds(out, "'");
		for (; *word; word++)
			buf_add(out, *word == '\'' ? "'\\''" : word, *word == '\'' ? 4 : 1);
		buf_adds(out, "'");
	}
}

void cmdline_finish(struct cmdline *words)
{
	free(words->at);
	free(words->text);
	*words = (struct cmdline) { 0 };
}
