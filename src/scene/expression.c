/* SPDX-License-Identifier: MIT
 * Knows the language of conditions: one pass of recursive descent that reads and evaluates at once, with
 * values that can be not known. Nothing is kept between calls, and nothing is allocated.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "eval.h"

#define DEPTH_MAX 32
#define NAMED_USES_MAX 256

struct scene_value eval_fail(struct eval *eval, const char *format, ...)
{
	if (!eval->failed) {
		va_list args;
		int len = snprintf(eval->why, sizeof(eval->why),
			"character %d: ", (int)(eval->at - eval->text) + 1);
		va_start(args, format);
		vsnprintf(eval->why + len, sizeof(eval->why) - (size_t)len, format, args);
		va_end(args);
	}
	eval->failed = true;
	return scene_unknown("");
}

/* Types that cannot go together: a mistake when it is read, not known when it is evaluated. */
static struct scene_value mix(struct eval *eval, const struct scene_value *unknown, const char *why)
{
	if (!eval->failed && !eval->mixed)
		snprintf(eval->why, sizeof(eval->why), "character %d: %s",
			(int)(eval->at - eval->text) + 1, why);
	eval->mixed = true;
	return *unknown;
}

/* --- words of the language --- */

bool eval_take(struct eval *eval, const char *token)
{
	return token_take(&eval->at, token);
}

void eval_expect(struct eval *eval, const char *token)
{
	if (!eval_take(eval, token))
		eval_fail(eval, "'%s' is wanted here", token);
}

void eval_path(struct eval *eval, char *out, size_t size)
{
	const char *wrong = token_path(&eval->at, out, size);

	if (wrong)
		eval_fail(eval, "%s", wrong);
}

/* --- facts --- */

static struct scene_value fetch_before(const struct scene_facts *facts, const char *path)
{
	const struct scene_fact *fact;

	if (facts->before)
		vec_each (fact, &facts->before->facts) {
			if (strcmp(fact->path, path) == 0)
				return fact->value;
		}
	return scene_unknown("nothing was kept from before the action");
}

struct scene_value eval_fetch(struct eval *eval, const char *path, bool before)
{
	struct scene_value value;
	char why[100] = "";

	if (eval->failed)
		return scene_unknown("");
	if (!eval->facts) {
		if (eval->seen && !eval->seen(eval->context, path, before, why, sizeof(why)))
			return eval_fail(eval, "%s", why);
		return scene_unknown("");
	}
	if (before)
		value = fetch_before(eval->facts, path);
	else if (!eval->facts->lookup || !eval->facts->lookup(eval->facts->context, path, &value))
		value = scene_unknown("there is no such fact");
	if (value.type == SCENE_NUMBER && !isfinite(value.number))
		value.known = false;
	if (!value.known) {
		char reason[sizeof(value.reason)];
		snprintf(reason, sizeof(reason), "%s: %.90s", path,
			value.reason[0] ? value.reason : "not known");
		return scene_unknown(reason);
	}
	return value;
}

/* --- operators, with what they say of types that cannot go together --- */

struct scene_value eval_arithmetic(
	struct eval *eval, char op, struct scene_value a, struct scene_value b)
{
	const char *mixed = NULL;
	struct scene_value value = value_arithmetic(op, &a, &b, &mixed);

	return mixed ? mix(eval, &value, mixed) : value;
}

struct scene_value eval_compare(
	struct eval *eval, const char *op, struct scene_value a, struct scene_value b)
{
	const char *mixed = NULL;
	struct scene_value value = value_compare(op, &a, &b, &mixed);

	return mixed ? mix(eval, &value, mixed) : value;
}

struct scene_value eval_join(
	struct eval *eval, bool is_and, struct scene_value a, struct scene_value b)
{
	const char *mixed = NULL;
	struct scene_value value = value_join(is_and, &a, &b, &mixed);

	return mixed ? mix(eval, &value, mixed) : value;
}

static struct scene_value negation(struct eval *eval, struct scene_value a)
{
	const char *mixed = NULL;
	struct scene_value value = value_not(&a, &mixed);

	return mixed ? mix(eval, &value, mixed) : value;
}

bool expression_reserves(const char *word)
{
	static const char *const words[] = { "true", "false", "not", "and", "or", "before" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return function_find(word) != NULL;
}

/* --- values that the scene names --- */

static struct scene_value read_all(struct eval *eval);

/* What is wrong in it is told where it stands, not at each use. */
static struct scene_value named_value(struct eval *eval, unsigned i)
{
	struct eval inner = *eval;

	if (--*eval->uses_left < 0)
		return eval_fail(eval, "named values are used more than %d times", NAMED_USES_MAX);
	inner.text = eval->named[i].is;
	inner.named_n = i;
	inner.failed = inner.mixed = false;
	struct scene_value value = read_all(&inner);
	return inner.failed || inner.mixed ? scene_unknown(inner.why) : value;
}

/* The place of a name among those that may be used; named_n: it is none of them. */
static unsigned find_named(const struct eval *eval, const char *name)
{
	unsigned i = 0;

	while (i < eval->named_n && strcmp(eval->named[i].name, name) != 0)
		i++;
	return i;
}

/* --- the grammar, from the inside out --- */

static struct scene_value read_number(struct eval *eval)
{
	double number;
	const char *wrong = token_number(&eval->at, &number);

	return wrong ? eval_fail(eval, "%s", wrong) : scene_number(number);
}

struct scene_value eval_words(struct eval *eval)
{
	struct scene_value value = scene_words("");
	const char *wrong = token_words(&eval->at, value.text, sizeof(value.text));

	return wrong ? eval_fail(eval, "%s", wrong) : value;
}

/* A word: true, false, a function, or a fact. */
static struct scene_value read_name(struct eval *eval)
{
	const char *start = eval->at;
	char path[96];

	if (token_word(&eval->at, "true"))
		return value_truth(true);
	if (token_word(&eval->at, "false"))
		return value_truth(false);
	eval_path(eval, path, sizeof(path));
	if (eval->failed)
		return scene_unknown("");
	eval_function *function = function_find(path);
	if (function && eval_take(eval, "("))
		return function(eval);
	if (strncmp(path, "before.", 7) == 0)
		return eval_fetch(eval, path + 7, true);
	unsigned named = find_named(eval, path);
	if (named < eval->named_n)
		return named_value(eval, named);
	if (*start != '`' && !strchr(path, '.')) {
		eval->at = start; /* the name itself is wrong, not what follows */
		return eval_fail(eval, "'%.40s' is no fact, no function and no value", path);
	}
	return eval_fetch(eval, path, false);
}

static struct scene_value read_primary(struct eval *eval)
{
	token_skip(&eval->at);
	char c = *eval->at;
	if (token_is_digit(c))
		return read_number(eval);
	if (c == '"')
		return eval_words(eval);
	if (token_is_letter(c) || c == '`')
		return read_name(eval);
	if (eval_take(eval, "(")) {
		struct scene_value value = eval_or(eval);
		eval_expect(eval, ")");
		return value;
	}
	return eval_fail(eval, c ? "a value is wanted here" : "ends where a value is wanted");
}

static struct scene_value read_unary(struct eval *eval)
{
	bool negative = false;

	while (eval_take(eval, "-"))
		negative = !negative;
	struct scene_value value = read_primary(eval);
	return negative ? eval_arithmetic(eval, '-', scene_number(0), value) : value;
}

static struct scene_value read_product(struct eval *eval)
{
	struct scene_value value = read_unary(eval);

	while (!eval->failed) {
		char op = eval_take(eval, "*") ? '*' : eval_take(eval, "/") ? '/' : 0;
		if (!op)
			break;
		value = eval_arithmetic(eval, op, value, read_unary(eval));
	}
	return value;
}

static struct scene_value read_sum(struct eval *eval)
{
	struct scene_value value = read_product(eval);

	while (!eval->failed) {
		char op = eval_take(eval, "+") ? '+' : eval_take(eval, "-") ? '-' : 0;
		if (!op)
			break;
		value = eval_arithmetic(eval, op, value, read_product(eval));
	}
	return value;
}

static struct scene_value read_comparison(struct eval *eval)
{
	static const char *const ops[] = { "!=", "<=", ">=", "==", "=", "<", ">" };
	struct scene_value value = read_sum(eval);

	for (size_t i = 0; i < ARRAY_LEN(ops) && !eval->failed; i++)
		if (eval_take(eval, ops[i]))
			return eval_compare(eval, ops[i], value, read_sum(eval));
	return value;
}

static struct scene_value read_not(struct eval *eval)
{
	bool negate = false;

	while (token_word(&eval->at, "not"))
		negate = !negate;
	struct scene_value value = read_comparison(eval);
	return negate ? negation(eval, value) : value;
}

static struct scene_value read_and(struct eval *eval)
{
	struct scene_value value = read_not(eval);

	while (!eval->failed && token_word(&eval->at, "and"))
		value = eval_join(eval, true, value, read_not(eval));
	return value;
}

struct scene_value eval_or(struct eval *eval)
{
	if (++eval->depth > DEPTH_MAX)
		return eval_fail(eval, "more than %d levels", DEPTH_MAX);
	struct scene_value value = read_and(eval);
	while (!eval->failed && token_word(&eval->at, "or"))
		value = eval_join(eval, false, value, read_and(eval));
	eval->depth--;
	return value;
}

static struct scene_value read_all(struct eval *eval)
{
	eval->at = eval->text;
	if (strnlen(eval->text, SCENE_TEXT_MAX + 1) > SCENE_TEXT_MAX)
		return eval_fail(eval, "longer than %d bytes", SCENE_TEXT_MAX);
	struct scene_value value = eval_or(eval);
	token_skip(&eval->at);
	if (!eval->failed && *eval->at)
		return eval_fail(eval, "an operator is wanted here");
	return value;
}

int scene_evaluate(const char *text, const struct scene_facts *facts, struct scene_value *ret,
	char *why, size_t why_size)
{
	static const struct scene_facts none;
	int uses_left = NAMED_USES_MAX;
	struct eval eval = {
		.text = text, .facts = facts ? facts : &none, .uses_left = &uses_left
	};

	eval.named = eval.facts->named;
	eval.named_n = eval.facts->named_n;
	struct scene_value value = read_all(&eval);

	if (eval.failed) {
		snprintf(why, why_size, "%s", eval.why);
		return -EINVAL;
	}
	*ret = value;
	return 0;
}

int expression_read(const char *text, const struct scene_named *named, unsigned named_n,
	expression_seen *seen, void *context, enum scene_type *ret_type, char *why, size_t why_size)
{
	int uses_left = NAMED_USES_MAX;
	struct eval eval = { .text = text,
		.seen = seen,
		.context = context,
		.named = named,
		.named_n = named_n,
		.uses_left = &uses_left };
	struct scene_value value = read_all(&eval);

	if (eval.failed || eval.mixed) {
		snprintf(why, why_size, "%s", eval.why);
		return -EINVAL;
	}
	*ret_type = value.type;
	return 0;
}

enum scene_answer scene_condition(
	const char *text, const struct scene_facts *facts, char *reason, size_t reason_size)
{
	struct scene_value value;
	char why[160];

	if (scene_evaluate(text, facts, &value, why, sizeof(why)) != 0)
		value = scene_unknown(why);
	else if (value.known && value.type != SCENE_TRUTH)
		value = scene_unknown("this is no condition: compare it with something");
	if (value.known)
		return value.number != 0 ? SCENE_YES : SCENE_NO;
	if (reason)
		snprintf(reason, reason_size, "%s", value.reason[0] ? value.reason : "not known");
	return SCENE_UNDECIDED;
}
