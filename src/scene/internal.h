/* SPDX-License-Identifier: MIT
 * What the files of scene share: expressions without facts, pieces of templates, lines of YAML.
 */
#ifndef TASKSCOPE_SCENE_INTERNAL_H
#define TASKSCOPE_SCENE_INTERNAL_H

#include "scene.h"

/* --- values.c: operators. Types that cannot go together give an unknown value, and *ret_mixed says what is wanted. --- */

struct scene_value value_truth(bool answer);
struct scene_value value_unknown(enum scene_type type, const char *reason);
struct scene_value value_arithmetic(char op, const struct scene_value *a,
	const struct scene_value *b, const char **ret_mixed); /* op: + - * / */
struct scene_value value_compare(const char *op, const struct scene_value *a,
	const struct scene_value *b, const char **ret_mixed); /* op: = == != < <= > >= */
struct scene_value value_join(bool is_and, const struct scene_value *a, const struct scene_value *b,
	const char **ret_mixed);
struct scene_value value_not(const struct scene_value *a, const char **ret_mixed);

/* --- token.c: words of the language at *at, which moves on. Those that return text return what is wrong, or NULL. --- */

bool token_is_letter(char c);
bool token_is_digit(char c);
void token_skip(const char **at);
bool token_take(const char **at, const char *token);
bool token_word(const char **at, const char *word); /* no part of a longer word, and no path */
const char *token_path(const char **at, char *out, size_t size); /* or anything in backquotes */
const char *token_digits(const char **at, double *ret); /* decimal, with any neighbour */
const char *token_number(const char **at, double *ret);
const char *token_words(const char **at, char *out, size_t size); /* in double quotes */

/* --- expression.c --- */

/* Told of each path in an expression; false: stop, *why says what is wrong with it. */
typedef bool expression_seen(
	void *context, const char *path, bool before, char *why, size_t why_size);
/* Reads an expression without facts: its type (ANY if a fact decides it), and each path to seen (may be NULL). It may use
 * the first named_n of named. -EINVAL and *why: not an expression, or types that cannot go together. */
int expression_read(const char *text, const struct scene_named *named, unsigned named_n,
	expression_seen *seen, void *context, enum scene_type *ret_type, char *why,
	size_t why_size);
/* Whether the language has this word already. */
bool expression_reserves(const char *word);

/* --- template.c --- */

enum template_format {
	FORMAT_PLAIN, /* none given */
	FORMAT_KB,
	FORMAT_COUNT,
	FORMAT_RATE,
	FORMAT_NS,
	FORMAT_PERCENT,
	FORMAT_RATIO,
	FORMAT_HEX,
	FORMAT_TEXT,
	FORMATS,
};

struct template_piece {
	const char *text; /* literal text */
	size_t len;
	char expression[SCENE_TEXT_MAX + 1]; /* or, if not "", an expression */
	enum template_format format;
};
/* The next piece at *text; 1, 0 at the end, -EINVAL and *why. *text then stands after it. */
int template_next(const char **text, struct template_piece *ret, char *why, size_t why_size);

/* --- lines.c --- */

/* Refuses what no scene has: bytes that are no YAML, a key that stands twice in one mapping. 0, or -EINVAL with line and
 * *why. */
int lines_check(const char *text, size_t len, int *ret_line, char *why, size_t why_size);
/* The line of a field: "actions[1].steps[0].order". The nearest that is there; 1 at worst. */
int lines_find(const char *text, size_t len, const char *path);

/* --- schema.c --- */

/* YAML to structs. -EINVAL with a line and a clause added to *why. */
int schema_load(const char *text, size_t len, struct scene **ret, int *ret_line, struct buf *why);

/* --- check.c --- */

/* All that the schema cannot say. One line a mistake to errors; false if there was one. */
bool scene_check(const char *file, const char *text, size_t len, const struct scene *scene,
	const struct scene_names *names, struct buf *errors);

/* --- scene.c --- */

/* An expression or a template of a scene, with the field it stands in. */
enum scene_text_kind { TEMPLATE, CONDITION, EXPRESSION };
struct scene_text {
	char field[64]; /* "actions[1].until", as lines_find takes it */
	const char *text;
	enum scene_text_kind kind;
	const struct scene_named *named; /* what it may use */
	unsigned named_n;
};
void scene_each_text(const struct scene *scene,
	void (*each)(void *context, const struct scene_text *text), void *context);
/* Reads it without facts: expression_read of each expression in it. 0 or below with *why. */
int text_read(const struct scene_text *text, expression_seen *seen, void *context, char *why,
	size_t why_size);

enum scene_verb verb_find(const char *name); /* VERB_NONE: none */
int signal_find(const char *name); /* 0: none */
int worker_find(const char *name, int *ret); /* an index, SCENE_ALL, SCENE_HOST; below 0: none */

#endif
