/* SPDX-License-Identifier: MIT
 * Terms of facts as linear forms: sums and multiples as they are, abs, min and max case by case; of what is not linear, equal
 * terms are one unknown.
 */

#include "proof.h"

const struct scene_node *search_node(const struct search *search, unsigned node)
{
	return &search->code->nodes.at[node];
}

bool search_give_up(struct search *search)
{
	search->gave_up = true;
	return true;
}

static bool is_same(const struct search *search, unsigned a, unsigned b)
{
	const struct scene_node *x = search_node(search, a), *y = search_node(search, b);

	if (a == b)
		return true;
	if (!a || !b || x->op != y->op || x->path != y->path || x->number != y->number)
		return false;
	if ((x->words != NULL) != (y->words != NULL) ||
		(x->words && strcmp(x->words, y->words) != 0))
		return false;
	return is_same(search, x->left, y->left) && is_same(search, x->right, y->right);
}

struct column *search_column(struct search *search, unsigned node)
{
	for (int i = 0; i < search->columns_n; i++)
		if (is_same(search, search->columns[i].node, node))
			return &search->columns[i];
	if (search->columns_n == LINEAR_VARIABLES) {
		search_give_up(search);
		return NULL;
	}
	search->columns[search->columns_n] = (struct column) { .node = node };
	return &search->columns[search->columns_n++];
}

static bool is_number(const struct search *search, unsigned node)
{
	return search_node(search, node)->op == OP_NUMBER;
}

bool search_is_opaque(const struct search *search, const struct scene_node *node)
{
	if (node->op == OP_MULTIPLY)
		return !is_number(search, node->left) && !is_number(search, node->right);
	if (node->op == OP_DIVIDE)
		return !is_number(search, node->right) ||
		       search_node(search, node->right)->number == 0;
	return node->op == OP_NUMBER_IN;
}

static bool is_case(const struct scene_node *node)
{
	return node->op == OP_ABS || node->op == OP_MIN || node->op == OP_MAX;
}

/* A number as a fraction: decimals as they were written. */
static bool fraction_of(double number, int64_t *ret, int64_t *ret_under)
{
	int64_t under = 1;

	for (; under <= 1000000000; under *= 10) {
		double scaled = number * (double)under;
		if (fabs(scaled) > 9e15)
			return false;
		int64_t whole = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
		if (fabs(scaled - (double)whole) > 1e-13 * fabs(scaled))
			continue;
		*ret = whole;
		*ret_under = under;
		return true;
	}
	return false;
}

/* Of words: a number of their own, the same for the same. */
static int64_t number_of_words(const struct search *search, unsigned node)
{
	unsigned i = 1;

	while (!is_same(search, i, node))
		i++;
	return (INT64_C(1) << 40) + i;
}

bool fractions_add(
	const struct fraction *a, const struct fraction *b, int64_t sign, struct fraction *ret)
{
	int64_t by;

	if (__builtin_mul_overflow(a->under, b->under, &ret->under) ||
		__builtin_mul_overflow(sign, a->under, &by))
		return false;
	return linear_combine(&a->form, b->under, &b->form, by, &ret->form);
}

static bool scale(struct fraction *fraction, int64_t by, int64_t under)
{
	static const struct linear zero;

	return linear_combine(&fraction->form, under < 0 ? -by : by, &zero, 0, &fraction->form) &&
	       !__builtin_mul_overflow(
		       fraction->under, under < 0 ? -under : under, &fraction->under);
}

static bool linearize_product(struct search *search, const struct scene_node *node,
	struct fraction *ret, unsigned *ret_open)
{
	bool left = node->op == OP_MULTIPLY && is_number(search, node->left);
	int64_t by, under;

	if (!fraction_of(
		    search_node(search, left ? node->left : node->right)->number, &by, &under) ||
		!linearize(search, left ? node->right : node->left, ret, ret_open))
		return false;
	return node->op == OP_MULTIPLY ? scale(ret, by, under) : scale(ret, under, by);
}

static bool linearize_column(struct search *search, unsigned at, struct fraction *ret)
{
	const struct column *column = search_column(search, at);

	if (!column)
		return false;
	*ret = (struct fraction) { .under = 1 };
	ret->form.of[column - search->columns] = 1;
	return true;
}

/* Of abs, min and max, once a case was chosen. */
static bool linearize_case(
	struct search *search, unsigned at, struct fraction *ret, unsigned *ret_open)
{
	const struct scene_node *node = search_node(search, at);
	int8_t chosen = search->chosen.at[at];

	if (!chosen) {
		struct fraction unused;
		bool open = !linearize(search, node->left, &unused, ret_open) ||
			    (node->right && !linearize(search, node->right, &unused, ret_open));
		if (!open)
			*ret_open = at;
		return false;
	}
	if (node->op != OP_ABS)
		return linearize(search, chosen == 1 ? node->left : node->right, ret, ret_open);
	return linearize(search, node->left, ret, ret_open) && scale(ret, chosen == 1 ? 1 : -1, 1);
}

bool linearize(struct search *search, unsigned at, struct fraction *ret, unsigned *ret_open)
{
	const struct scene_node *node = search_node(search, at);
	struct fraction a, b;

	*ret_open = 0;
	*ret = (struct fraction) { .under = 1 };
	if (node->op == OP_WORDS) {
		ret->form.constant = number_of_words(search, at);
		return true;
	}
	if (node->op == OP_NUMBER)
		return fraction_of(node->number, &ret->form.constant, &ret->under);
	if (node->op == OP_FACT || node->op == OP_BEFORE || search_is_opaque(search, node))
		return linearize_column(search, at, ret);
	if (node->op == OP_GIVEN)
		return linearize(search, node->right, ret, ret_open);
	if (is_case(node))
		return linearize_case(search, at, ret, ret_open);
	if (node->op == OP_MULTIPLY || node->op == OP_DIVIDE)
		return linearize_product(search, node, ret, ret_open);
	if (!linearize(search, node->left, &a, ret_open) ||
		!linearize(search, node->right, &b, ret_open))
		return false;
	return fractions_add(&a, &b, node->op == OP_ADD ? 1 : -1, ret);
}
