/* SPDX-License-Identifier: MIT
 * What the grammar of expressions and its functions share: where reading stands, and the pieces that both read.
 */
#ifndef TASKSCOPE_SCENE_EVAL_H
#define TASKSCOPE_SCENE_EVAL_H

#include "internal.h"

struct eval {
	const char *text, *at;
	int depth;
	int *uses_left; /* of named values: each can use others, which multiplies */
	const struct scene_facts *facts; /* NULL: read only */
	const struct scene_named *named; /* what it may use */
	unsigned named_n;
	expression_seen *seen;
	void *context;
	bool failed; /* not an expression */
	bool mixed; /* types that cannot go together */
	char why[160];
};

/* Notes the first thing that is wrong, and where. The value is not known. */
__attribute__((format(printf, 2, 3))) struct scene_value eval_fail(
	struct eval *eval, const char *format, ...);

/* --- expression.c: what stands at eval->at, which moves on --- */

bool eval_take(struct eval *eval, const char *token);
void eval_expect(struct eval *eval, const char *token);
void eval_path(struct eval *eval, char *out, size_t size); /* "" and a failure if there is none */
struct scene_value eval_words(struct eval *eval); /* in double quotes */
struct scene_value eval_or(struct eval *eval); /* a whole expression */
/* The fact's value, of now or of before. */
struct scene_value eval_fetch(struct eval *eval, const char *path, bool before);

/* Operators. Types that cannot go together: a mistake when it is read, not known when it is evaluated. */
struct scene_value eval_arithmetic(
	struct eval *eval, char op, struct scene_value a, struct scene_value b);
struct scene_value eval_compare(
	struct eval *eval, const char *op, struct scene_value a, struct scene_value b);
struct scene_value eval_join(
	struct eval *eval, bool is_and, struct scene_value a, struct scene_value b);

/* --- function.c --- */

/* Reads the rest of a call, behind its opening parenthesis. */
typedef struct scene_value eval_function(struct eval *eval);
eval_function *function_find(const char *name); /* NULL: none */

#endif
