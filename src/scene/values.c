/* SPDX-License-Identifier: MIT
 * Combines values: of three kinds, each of which can be not known.
 */

#include "internal.h"

struct scene_value scene_number(double number)
{
	return (struct scene_value) {
		.type = SCENE_NUMBER, .known = isfinite(number), .number = number
	};
}

struct scene_value scene_words(const char *text)
{
	struct scene_value value = { .type = SCENE_WORDS, .known = true };

	snprintf(value.text, sizeof(value.text), "%s", text);
	return value;
}

struct scene_value scene_unknown(const char *reason)
{
	struct scene_value value = { .type = SCENE_ANY, .number = NAN };

	snprintf(value.reason, sizeof(value.reason), "%s", reason);
	return value;
}

/* --- while it is computed --- */

struct value value_number(double number)
{
	return (struct value) { SCENE_NUMBER, isfinite(number), number, "", "", NULL };
}

struct value value_words(const char *text)
{
	return (struct value) { SCENE_WORDS, true, NAN, text, "", NULL };
}

struct value value_truth(bool answer)
{
	return (struct value) { SCENE_TRUTH, true, answer, "", "", NULL };
}

struct value value_unknown(enum scene_type type, const char *reason)
{
	return (struct value) { type, false, NAN, "", reason, NULL };
}

/* Of two operands that are not both known. */
static struct value unknown_of(enum scene_type type, const struct value *a, const struct value *b)
{
	struct value value = a->known ? *b : *a;

	value.type = type;
	return value;
}

const char *value_reason(const struct value *value, char *out, size_t size)
{
	const char *reason = value->reason[0] ? value->reason : "not known";

	if (value->of)
		snprintf(out, size, "%s: %s", value->of->text, reason);
	else
		snprintf(out, size, "%s", reason);
	return out;
}

static struct value mixed(enum scene_type type, const char *why, const char **ret_mixed)
{
	*ret_mixed = why;
	return value_unknown(type, why);
}

/* Of this type, of an unknown fact that may be, or a number that has words, too ("S", "USR1"). */
static bool may_be(const struct value *value, enum scene_type type)
{
	return value->type == type || value->type == SCENE_ANY ||
	       (type == SCENE_WORDS && value->type == SCENE_NUMBER && value->text[0]);
}

static double calculate(enum scene_op op, double a, double b)
{
	switch (op) {
	case OP_ADD:
		return a + b;
	case OP_SUBTRACT:
		return a - b;
	case OP_MULTIPLY:
		return a * b;
	default:
		return b == 0 ? NAN : a / b;
	}
}

static struct value arithmetic(
	enum scene_op op, const struct value *a, const struct value *b, const char **ret_mixed)
{
	if (!may_be(a, SCENE_NUMBER) || !may_be(b, SCENE_NUMBER))
		return mixed(SCENE_NUMBER, "numbers are wanted to calculate with", ret_mixed);
	if (!a->known || !b->known)
		return unknown_of(SCENE_NUMBER, a, b);
	double result = calculate(op, a->number, b->number);
	if (isfinite(result))
		return value_number(result);
	return value_unknown(SCENE_NUMBER,
		op == OP_DIVIDE && b->number == 0 ? "a division by zero" : "a number out of range");
}

/* order: of a three-way comparison. */
static bool compare_holds(enum scene_op op, int order)
{
	switch (op) {
	case OP_EQUAL:
		return order == 0;
	case OP_DIFFERS:
		return order != 0;
	case OP_LESS:
		return order < 0;
	case OP_AT_MOST:
		return order <= 0;
	case OP_MORE:
		return order > 0;
	default:
		return order >= 0;
	}
}

static struct value compare(
	enum scene_op op, const struct value *a, const struct value *b, const char **ret_mixed)
{
	bool words = a->type == SCENE_WORDS || b->type == SCENE_WORDS;

	if (a->type == SCENE_TRUTH || b->type == SCENE_TRUTH)
		return mixed(SCENE_TRUTH, "a condition cannot be compared: join it with and, or",
			ret_mixed);
	if (words && (!may_be(a, SCENE_WORDS) || !may_be(b, SCENE_WORDS)))
		return mixed(SCENE_TRUTH, "a number cannot be compared with words", ret_mixed);
	if (words && op != OP_EQUAL && op != OP_DIFFERS)
		return mixed(SCENE_TRUTH, "words are compared with = and != only", ret_mixed);
	if (!a->known || !b->known)
		return unknown_of(SCENE_TRUTH, a, b);
	int order = words ? strcmp(a->text, b->text)
			  : (a->number > b->number) - (a->number < b->number);
	return value_truth(compare_holds(op, order));
}

/* Kleene's: a known operand that decides alone, decides. */
static struct value join(
	enum scene_op op, const struct value *a, const struct value *b, const char **ret_mixed)
{
	bool decides = op == OP_OR;

	if (!may_be(a, SCENE_TRUTH) || !may_be(b, SCENE_TRUTH))
		return mixed(SCENE_TRUTH,
			"a condition is wanted beside and, or: compare it with something",
			ret_mixed);
	if ((a->known && (a->number != 0) == decides) || (b->known && (b->number != 0) == decides))
		return value_truth(decides);
	return a->known && b->known ? value_truth(!decides) : unknown_of(SCENE_TRUTH, a, b);
}

struct value value_combine(
	enum scene_op op, const struct value *a, const struct value *b, const char **ret_mixed)
{
	if (op < OP_EQUAL)
		return arithmetic(op, a, b, ret_mixed);
	return op < OP_AND ? compare(op, a, b, ret_mixed) : join(op, a, b, ret_mixed);
}

struct value value_not(const struct value *a, const char **ret_mixed)
{
	if (!may_be(a, SCENE_TRUTH))
		return mixed(SCENE_TRUTH, "a condition is wanted after not", ret_mixed);
	return a->known ? value_truth(a->number == 0) : unknown_of(SCENE_TRUTH, a, a);
}

struct value value_number_in(const struct value *a, int nth)
{
	const char *at = a->text;
	double number = NAN;

	if (!a->known)
		return unknown_of(SCENE_NUMBER, a, a);
	for (int i = 0; i < nth; i++) {
		at += strcspn(at, "0123456789");
		if (!*at || token_digits(&at, &number))
			return value_unknown(
				SCENE_NUMBER, nth > 1 ? "not so many numbers in these words"
						      : "no number in these words");
	}
	return value_number(number);
}
