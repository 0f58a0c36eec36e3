/* SPDX-License-Identifier: MIT
 * Knows the functions of the language of conditions.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "eval.h"

static struct scene_value delta_of(struct eval *eval)
{
	char path[96];

	eval_path(eval, path, sizeof(path));
	struct scene_value now = eval_fetch(eval, path, false),
			   before = eval_fetch(eval, path, true);
	eval_expect(eval, ")");
	return eval_arithmetic(eval, '-', now, before);
}

/* given(CONDITION, "what is missing", VALUE): the value, where the condition holds. */
static struct scene_value given(struct eval *eval)
{
	struct scene_value condition = eval_or(eval), lacking = scene_words("");

	eval_expect(eval, ",");
	token_skip(&eval->at);
	if (*eval->at != '"')
		return eval_fail(eval, "words that say what is missing are wanted here");
	lacking = eval_words(eval);
	eval_expect(eval, ",");
	struct scene_value value = eval_or(eval);
	eval_expect(eval, ")");
	condition = eval_join(eval, true, condition, condition); /* nothing but a condition */
	if (!condition.known || condition.number != 0)
		return condition.known ? value : value_unknown(value.type, condition.reason);
	return value_unknown(value.type, lacking.text);
}

static struct scene_value known_of(struct eval *eval)
{
	struct scene_value value = eval_or(eval);

	eval_expect(eval, ")");
	return eval->facts ? value_truth(value.known) : value_unknown(SCENE_TRUTH, value.reason);
}

/* The first number in words: "the child has 1 of 4 threads" is 1. */
static struct scene_value number_of(struct eval *eval)
{
	struct scene_value value = eval_or(eval);
	double number;

	eval_expect(eval, ")");
	if (!value.known)
		return value_unknown(SCENE_NUMBER, value.reason);
	const char *at = value.text + strcspn(value.text, "0123456789");
	return *at && !token_digits(&at, &number)
		       ? scene_number(number)
		       : value_unknown(SCENE_NUMBER, "no number in these words");
}

static struct scene_value abs_of(struct eval *eval)
{
	struct scene_value value = eval_or(eval);

	eval_expect(eval, ")");
	value = eval_arithmetic(eval, '+', value, scene_number(0));
	value.number = fabs(value.number);
	return value;
}

static struct scene_value pick(struct eval *eval, bool smaller)
{
	struct scene_value a = eval_or(eval);

	eval_expect(eval, ",");
	struct scene_value b = eval_or(eval);
	eval_expect(eval, ")");
	struct scene_value difference = eval_arithmetic(eval, '-', a, b);
	if (!difference.known)
		return difference;
	return (difference.number < 0) == smaller ? a : b;
}

static struct scene_value min_of(struct eval *eval)
{
	return pick(eval, true);
}

static struct scene_value max_of(struct eval *eval)
{
	return pick(eval, false);
}

static const struct {
	const char *name;
	eval_function *call;
} functions[] = {
	{ "delta", delta_of },
	{ "abs", abs_of },
	{ "number", number_of },
	{ "min", min_of },
	{ "max", max_of },
	{ "known", known_of },
	{ "given", given },
};

eval_function *function_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(functions); i++)
		if (strcmp(name, functions[i].name) == 0)
			return functions[i].call;
	return NULL;
}
