/* SPDX-License-Identifier: MIT
 * Knows the language of conditions: one pass of recursive descent that reads and evaluates at once, with
 * values that can be not known. Nothing is kept between calls, and nothing is allocated.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define DEPTH_MAX 32

struct eval {
	const char *text, *at;
	int depth;
	const struct scene_facts *facts; /* NULL: read only */
	expression_seen *seen;
	void *context;
	bool failed; /* not an expression */
	bool mixed; /* types that cannot go together */
	char why[160];
};

/* The first thing that is wrong, and where. */
__attribute__((format(printf, 2, 3))) static struct scene_value fail(
	struct eval *eval, const char *format, ...)
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

static bool take(struct eval *eval, const char *token)
{
	return token_take(&eval->at, token);
}

static void expect(struct eval *eval, const char *token)
{
	if (!take(eval, token))
		fail(eval, "'%s' is wanted here", token);
}

/* "" and a failure if there is none. */
static void take_path(struct eval *eval, char *out, size_t size)
{
	const char *wrong = token_path(&eval->at, out, size);

	if (wrong)
		fail(eval, "%s", wrong);
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

static struct scene_value fetch(struct eval *eval, const char *path, bool before)
{
	struct scene_value value;
	char why[100] = "";

	if (eval->failed)
		return scene_unknown("");
	if (!eval->facts) {
		if (eval->seen && !eval->seen(eval->context, path, before, why, sizeof(why)))
			return fail(eval, "%s", why);
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

static struct scene_value arithmetic(
	struct eval *eval, char op, struct scene_value a, struct scene_value b)
{
	const char *mixed = NULL;
	struct scene_value value = value_arithmetic(op, &a, &b, &mixed);

	return mixed ? mix(eval, &value, mixed) : value;
}

static struct scene_value compare(
	struct eval *eval, const char *op, struct scene_value a, struct scene_value b)
{
	const char *mixed = NULL;
	struct scene_value value = value_compare(op, &a, &b, &mixed);

	return mixed ? mix(eval, &value, mixed) : value;
}

static struct scene_value join(
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

/* --- functions --- */

static struct scene_value read_or(struct eval *eval);
static struct scene_value read_words(struct eval *eval);

static struct scene_value delta_of(struct eval *eval)
{
	char path[96];

	take_path(eval, path, sizeof(path));
	struct scene_value now = fetch(eval, path, false), before = fetch(eval, path, true);
	expect(eval, ")");
	return arithmetic(eval, '-', now, before);
}

/* A duel's series: whether its spread lies below the other's. */
static struct scene_value clearly_less(struct eval *eval)
{
	static const char *const ends[] = { "p25", "p75" };
	struct scene_value v[2][2];

	for (int i = 0; i < 2; i++) {
		char series[80], path[96];
		take_path(eval, series, sizeof(series));
		for (int k = 0; k < 2; k++) {
			snprintf(path, sizeof(path), "%s.%s", series, ends[k]);
			v[i][k] = fetch(eval, path, false);
		}
		expect(eval, i == 0 ? "," : ")");
	}
	struct scene_value below = compare(eval, "<", v[0][1], v[1][0]);
	struct scene_value above = compare(eval, ">=", v[0][0], v[1][1]);
	if (!below.known || !above.known || below.number != 0 || above.number != 0)
		return below;
	return value_unknown(SCENE_TRUTH, "the spreads overlap: no measurable difference");
}

/* given(CONDITION, "what is missing", VALUE): the value, where the condition holds. */
static struct scene_value given(struct eval *eval)
{
	struct scene_value condition = read_or(eval), lacking = scene_words("");

	expect(eval, ",");
	token_skip(&eval->at);
	if (*eval->at != '"')
		return fail(eval, "words that say what is missing are wanted here");
	lacking = read_words(eval);
	expect(eval, ",");
	struct scene_value value = read_or(eval);
	expect(eval, ")");
	condition = join(eval, true, condition, condition); /* nothing but a condition */
	if (!condition.known || condition.number != 0)
		return condition.known ? value : value_unknown(value.type, condition.reason);
	return value_unknown(value.type, lacking.text);
}

static struct scene_value known_of(struct eval *eval)
{
	struct scene_value value = read_or(eval);

	expect(eval, ")");
	return eval->facts ? value_truth(value.known) : value_unknown(SCENE_TRUTH, value.reason);
}

/* The first number in words: "the child has 1 of 4 threads" is 1. */
static struct scene_value number_of(struct eval *eval)
{
	struct scene_value value = read_or(eval);
	double number;

	expect(eval, ")");
	if (!value.known)
		return value_unknown(SCENE_NUMBER, value.reason);
	const char *at = value.text + strcspn(value.text, "0123456789");
	return *at && !token_digits(&at, &number)
		       ? scene_number(number)
		       : value_unknown(SCENE_NUMBER, "no number in these words");
}

static struct scene_value abs_of(struct eval *eval)
{
	struct scene_value value = read_or(eval);

	expect(eval, ")");
	value = arithmetic(eval, '+', value, scene_number(0));
	value.number = fabs(value.number);
	return value;
}

static struct scene_value pick(struct eval *eval, bool smaller)
{
	struct scene_value a = read_or(eval);

	expect(eval, ",");
	struct scene_value b = read_or(eval);
	expect(eval, ")");
	struct scene_value difference = arithmetic(eval, '-', a, b);
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
	struct scene_value (*call)(struct eval *eval);
} functions[] = {
	{ "delta", delta_of },
	{ "abs", abs_of },
	{ "number", number_of },
	{ "min", min_of },
	{ "max", max_of },
	{ "known", known_of },
	{ "given", given },
	{ "clearly_less", clearly_less },
};

/* --- the grammar, from the inside out --- */

static struct scene_value read_number(struct eval *eval)
{
	double number;
	const char *wrong = token_number(&eval->at, &number);

	return wrong ? fail(eval, "%s", wrong) : scene_number(number);
}

static struct scene_value read_words(struct eval *eval)
{
	struct scene_value value = scene_words("");
	const char *wrong = token_words(&eval->at, value.text, sizeof(value.text));

	return wrong ? fail(eval, "%s", wrong) : value;
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
	take_path(eval, path, sizeof(path));
	if (eval->failed)
		return scene_unknown("");
	for (size_t i = 0; i < ARRAY_LEN(functions); i++)
		if (strcmp(path, functions[i].name) == 0 && take(eval, "("))
			return functions[i].call(eval);
	if (strncmp(path, "before.", 7) == 0)
		return fetch(eval, path + 7, true);
	if (*start != '`' && !strchr(path, '.')) {
		eval->at = start; /* the name itself is wrong, not what follows */
		return fail(eval, "'%.40s' is no fact and no function", path);
	}
	return fetch(eval, path, false);
}

static struct scene_value read_primary(struct eval *eval)
{
	token_skip(&eval->at);
	char c = *eval->at;
	if (token_is_digit(c))
		return read_number(eval);
	if (c == '"')
		return read_words(eval);
	if (token_is_letter(c) || c == '`')
		return read_name(eval);
	if (take(eval, "(")) {
		struct scene_value value = read_or(eval);
		expect(eval, ")");
		return value;
	}
	return fail(eval, c ? "a value is wanted here" : "ends where a value is wanted");
}

static struct scene_value read_unary(struct eval *eval)
{
	bool negative = false;

	while (take(eval, "-"))
		negative = !negative;
	struct scene_value value = read_primary(eval);
	return negative ? arithmetic(eval, '-', scene_number(0), value) : value;
}

static struct scene_value read_product(struct eval *eval)
{
	struct scene_value value = read_unary(eval);

	while (!eval->failed) {
		char op = take(eval, "*") ? '*' : take(eval, "/") ? '/' : 0;
		if (!op)
			break;
		value = arithmetic(eval, op, value, read_unary(eval));
	}
	return value;
}

static struct scene_value read_sum(struct eval *eval)
{
	struct scene_value value = read_product(eval);

	while (!eval->failed) {
		char op = take(eval, "+") ? '+' : take(eval, "-") ? '-' : 0;
		if (!op)
			break;
		value = arithmetic(eval, op, value, read_product(eval));
	}
	return value;
}

static struct scene_value read_comparison(struct eval *eval)
{
	static const char *const ops[] = { "!=", "<=", ">=", "==", "=", "<", ">" };
	struct scene_value value = read_sum(eval);

	for (size_t i = 0; i < ARRAY_LEN(ops) && !eval->failed; i++)
		if (take(eval, ops[i]))
			return compare(eval, ops[i], value, read_sum(eval));
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
		value = join(eval, true, value, read_not(eval));
	return value;
}

static struct scene_value read_or(struct eval *eval)
{
	if (++eval->depth > DEPTH_MAX)
		return fail(eval, "more than %d levels", DEPTH_MAX);
	struct scene_value value = read_and(eval);
	while (!eval->failed && token_word(&eval->at, "or"))
		value = join(eval, false, value, read_and(eval));
	eval->depth--;
	return value;
}

static struct scene_value read_all(struct eval *eval)
{
	eval->at = eval->text;
	if (strnlen(eval->text, SCENE_TEXT_MAX + 1) > SCENE_TEXT_MAX)
		return fail(eval, "longer than %d bytes", SCENE_TEXT_MAX);
	struct scene_value value = read_or(eval);
	token_skip(&eval->at);
	if (!eval->failed && *eval->at)
		return fail(eval, "an operator is wanted here");
	return value;
}

int scene_evaluate(const char *text, const struct scene_facts *facts, struct scene_value *ret,
	char *why, size_t why_size)
{
	static const struct scene_facts none;
	struct eval eval = { .text = text, .facts = facts ? facts : &none };
	struct scene_value value = read_all(&eval);

	if (eval.failed) {
		snprintf(why, why_size, "%s", eval.why);
		return -EINVAL;
	}
	*ret = value;
	return 0;
}

int expression_read(const char *text, expression_seen *seen, void *context,
	enum scene_type *ret_type, char *why, size_t why_size)
{
	struct eval eval = { .text = text, .seen = seen, .context = context };
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
