/* SPDX-License-Identifier: MIT
 * What the files of scene share: words of the language, the trees they are parsed to, operators, tables of fields.
 */
#ifndef TASKSCOPE_SCENE_INTERNAL_H
#define TASKSCOPE_SCENE_INTERNAL_H

#include "scene.h"

struct document;

/* --- trees --- */

enum scene_op {
	OP_NUMBER,
	OP_WORDS,
	OP_TRUTH, /* number: 0 or 1 */
	OP_FACT, /* path */
	OP_BEFORE, /* path: its value before the action */
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY,
	OP_DIVIDE,
	OP_EQUAL,
	OP_DIFFERS,
	OP_LESS,
	OP_AT_MOST,
	OP_MORE,
	OP_AT_LEAST,
	OP_AND,
	OP_OR,
	OP_NOT,
	OP_ABS,
	OP_MIN,
	OP_MAX,
	OP_NUMBER_IN,
	OP_KNOWN,
	OP_GIVEN, /* left: the condition, right: the value, words: what is missing */
};

struct scene_node {
	enum scene_op op;
	enum scene_type type; /* ANY: a fact decides it */
	unsigned left, right; /* operands: places in the code */
	unsigned path; /* place among the paths */
	unsigned steps; /* that evaluating it takes: a named value can be used again and again */
	double number;
	char *words;
};

/* A piece of a text: an expression, or literal text. */
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
struct scene_piece {
	unsigned start, len; /* literal: where it stands in the text; len 0: an expression */
	unsigned node;
	enum template_format format;
};

struct scene_code {
	VEC(struct scene_node) nodes;
	VEC(struct scene_piece) pieces;
	VEC(struct scene_path) paths;
	struct {
		const char *name;
		unsigned node;
	} named[SCENE_NAMED_MAX];
	unsigned named_n;
};

/* --- parse.c --- */

/* Parses an expression: 0 and its node; else -EINVAL and *why. */
int expression_parse(struct scene_code *code, const char *text, size_t len,
	const struct scene_names *names, unsigned *ret, char *why, size_t why_size);
/* Whether the language has this word already. */
bool expression_reserves(const char *word);

/* --- template.c --- */

/* Parses a text with expressions in braces: adds its pieces. 0 or -EINVAL and *why. */
int template_parse(struct scene_code *code, const char *text, const struct scene_names *names,
	char *why, size_t why_size);

/* --- values.c: operators. Types that cannot go together give an unknown value, and *ret_mixed says what is wanted. --- */

/* A value while it is computed: words and reasons stay where they are. */
struct value {
	enum scene_type type;
	bool known;
	double number;
	const char *text; /* never NULL */
	const char *reason; /* not known: why; never NULL */
	const struct scene_path *of; /* the fact that is not known; NULL: no fact */
};
struct value value_number(double number); /* that is not finite: unknown */
struct value value_words(const char *text);
struct value value_truth(bool answer);
struct value value_unknown(enum scene_type type, const char *reason);
/* OP_ADD to OP_OR. */
struct value value_combine(
	enum scene_op op, const struct value *a, const struct value *b, const char **ret_mixed);
struct value value_not(const struct value *a, const char **ret_mixed);
/* The nth number in words, from 1: "the child has 1 of 4 threads" is 1, then 4. */
struct value value_number_in(const struct value *a, int nth);
/* Why it is not known, in words. Returns out. */
const char *value_reason(const struct value *value, char *out, size_t size);

/* --- run.c --- */

struct value expression_run(const struct scene_facts *facts, unsigned node);

/* --- proof.c --- */

enum proof_goal {
	PROOF_TRUE,
	PROOF_FALSE,
	PROOF_NOT_TRUE, /* false, or not known */
	PROOF_NOT_FALSE,
	PROOF_KNOWN,
	PROOF_UNKNOWN,
};
struct proof_wish {
	const struct scene_text *text; /* without a text: no wish */
	enum proof_goal want;
};
enum proof_result { PROOF_IMPOSSIBLE, PROOF_POSSIBLE, PROOF_GAVE_UP };
/* Whether the facts can have values for which all conditions are answered as wished. Exact where comparisons are of sums
 * of facts, and of multiples; POSSIBLE may be wrong where others occur, IMPOSSIBLE never is. */
enum proof_result proof_try(
	const struct scene_code *code, const struct proof_wish *wishes, size_t n);

/* --- lint.c --- */

void scene_prove(struct document *document, const struct scene *scene);

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

/* --- schema.c --- */

#define CAPTION_COLUMNS 70
/* YAML to structs, each value as its table wants it. false: mistakes were told. */
bool schema_read(struct document *document, const char *text, size_t len,
	const struct scene_names *names, struct scene **ret);

/* --- check.c --- */

/* Parses all texts, and tells all that the tables cannot say. */
void scene_check(struct document *document, struct scene *scene, const struct scene_names *names);

/* --- scene.c --- */

enum scene_verb verb_find(const char *name); /* VERB_NONE: none */
int signal_find(const char *name); /* 0: none */
int worker_find(const char *name, int *ret); /* an index, SCENE_ALL, SCENE_HOST; below 0: none */

#endif
