/* SPDX-License-Identifier: MIT
 * What the files of scene share: expressions without facts, pieces of templates, tables of fields.
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

/* --- schema.c --- */

#define CAPTION_COLUMNS 70
struct document;
/* YAML to structs, each value as its table wants it. false: mistakes were told. */
bool schema_read(struct document *document, const char *text, size_t len,
	const struct scene_names *names, struct scene **ret);

/* --- check.c --- */

/* Tells all that the tables cannot say. */
void scene_check(
	struct document *document, const struct scene *scene, const struct scene_names *names);

/* --- scene.c --- */

/* An expression or a template of a scene. */
enum scene_text_kind { TEMPLATE, CONDITION, EXPRESSION };
struct scene_text {
	char *const *at; /* where it is kept */
	enum scene_text_kind kind;
	bool caption; /* a line of its own */
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
