/* SPDX-License-Identifier: MIT
 * Searches values of the facts for which conditions have certain answers: each fact may be unknown, each comparison be
 * less, equal or greater. What is found to be impossible is proven.
 */

#include "proof.h"

#define STEPS_MAX 200000

/* What is still to be met. */
struct goal {
	const struct goal *next;
	unsigned node;
	enum proof_goal want;
	bool related; /* of a comparison: its operands are known, the relation is to be met */
};

/* --- the search --- */

static bool meet(struct search *search, const struct goal *goal);

static bool meet_one(
	struct search *search, const struct goal *next, unsigned node, enum proof_goal want)
{
	const struct goal goal = { next, node, want, false };

	return meet(search, &goal);
}

static bool meet_both(struct search *search, const struct goal *next, unsigned a,
	enum proof_goal want_a, unsigned b, enum proof_goal want_b)
{
	const struct goal second = { next, b, want_b, false };

	return meet_one(search, &second, a, want_a);
}

static bool meet_either(struct search *search, const struct goal *next, unsigned a,
	enum proof_goal want_a, unsigned b, enum proof_goal want_b)
{
	return meet_one(search, next, a, want_a) || meet_one(search, next, b, want_b);
}

/* All goals are met as far as words and answers go; whether numbers can meet their comparisons. */
static bool are_solvable(struct search *search)
{
	enum solution solution = constraints_solve(search->constraints, search->constraints_n);

	return solution == SOLUTION_TOO_LARGE ? search_give_up(search) : solution == SOLUTION_SOME;
}

static bool meet_known(struct search *search, const struct goal *next, unsigned node, int8_t known)
{
	struct column *column = search_column(search, node);

	if (!column)
		return true;
	int8_t before = column->known;
	if (before && before != known)
		return false;
	column->known = known;
	bool met = meet(search, next);
	column->known = before;
	return met;
}

/* Adds that left stands in this relation to right. */
static bool add_constraint(struct search *search, const struct fraction *left,
	const struct fraction *right, enum relation relation)
{
	struct fraction difference;
	struct constraint *constraint = &search->constraints[search->constraints_n];

	if (search->constraints_n == PROOF_CONSTRAINTS_MAX ||
		!fractions_add(left, right, -1, &difference))
		return false;
	*constraint = (struct constraint) { difference.form, relation };
	linear_reduce(&constraint->form);
	search->constraints_n++;
	return true;
}

static bool meet_constraint(struct search *search, const struct goal *next,
	const struct fraction *left, const struct fraction *right, enum relation relation)
{
	size_t n = search->constraints_n;

	if (!add_constraint(search, left, right, relation))
		return search_give_up(search);
	bool met = meet(search, next);
	search->constraints_n = n;
	return met;
}

/* Both cases of abs, min or max, one after the other, and the goal again. */
static bool meet_cases(struct search *search, const struct goal *goal, unsigned open)
{
	static const struct fraction zero = { .under = 1 };
	const struct scene_node *node = search_node(search, open);
	struct fraction a, b = zero;
	unsigned none;

	if (!linearize(search, node->left, &a, &none) ||
		(node->right && !linearize(search, node->right, &b, &none)))
		return search_give_up(search);
	bool first_is_less = node->op == OP_MIN, met = false;
	for (int8_t chosen = 1; chosen <= 2 && !met; chosen++) {
		bool less = first_is_less == (chosen == 1);
		search->chosen.at[open] = chosen;
		met = meet_constraint(
			search, goal, less ? &a : &b, less ? &b : &a, RELATION_AT_MOST);
	}
	search->chosen.at[open] = 0;
	return met;
}

/* A fact that is words here and a number there could be equal to both. */
static void note_use(
	struct search *search, const struct scene_node *node, const struct linear *form)
{
	bool words = search_node(search, node->left)->type == SCENE_WORDS ||
		     search_node(search, node->right)->type == SCENE_WORDS;
	bool equality = node->op == OP_EQUAL || node->op == OP_DIFFERS;
	bool number = !words && (!equality || form->constant != 0);

	for (int i = 0; i < search->columns_n; i++) {
		struct column *column = &search->columns[i];
		if (!form->of[i])
			continue;
		column->words |= words;
		column->number |= number;
		if (column->words && column->number)
			search_give_up(search);
	}
}

static enum scene_op inverse(enum scene_op op)
{
	switch (op) {
	case OP_EQUAL:
		return OP_DIFFERS;
	case OP_DIFFERS:
		return OP_EQUAL;
	case OP_LESS:
		return OP_AT_LEAST;
	case OP_AT_MOST:
		return OP_MORE;
	case OP_MORE:
		return OP_AT_MOST;
	default:
		return OP_LESS;
	}
}

static bool meet_relation(struct search *search, const struct goal *goal)
{
	const struct scene_node *node = search_node(search, goal->node);
	enum scene_op op = goal->want == PROOF_TRUE ? node->op : inverse(node->op);
	struct fraction a, b, difference;
	unsigned open = 0;

	if (!linearize(search, node->left, &a, &open) || !linearize(search, node->right, &b, &open))
		return open ? meet_cases(search, goal, open) : search_give_up(search);
	if (!fractions_add(&a, &b, -1, &difference))
		return search_give_up(search);
	note_use(search, node, &difference.form);
	switch (op) {
	case OP_EQUAL:
		return meet_constraint(search, goal->next, &a, &b, RELATION_ZERO);
	case OP_DIFFERS:
		return meet_constraint(search, goal->next, &a, &b, RELATION_BELOW) ||
		       meet_constraint(search, goal->next, &b, &a, RELATION_BELOW);
	case OP_LESS:
		return meet_constraint(search, goal->next, &a, &b, RELATION_BELOW);
	case OP_AT_MOST:
		return meet_constraint(search, goal->next, &a, &b, RELATION_AT_MOST);
	case OP_MORE:
		return meet_constraint(search, goal->next, &b, &a, RELATION_BELOW);
	default:
		return meet_constraint(search, goal->next, &b, &a, RELATION_AT_MOST);
	}
}

static bool meet_comparison(
	struct search *search, const struct goal *goal, const struct scene_node *node)
{
	if (goal->related)
		return meet_relation(search, goal);
	if (goal->want == PROOF_NOT_TRUE || goal->want == PROOF_NOT_FALSE)
		return meet_either(search, goal->next, node->left, PROOF_UNKNOWN, node->right,
			       PROOF_UNKNOWN) ||
		       meet_one(search, goal->next, goal->node,
			       goal->want == PROOF_NOT_TRUE ? PROOF_FALSE : PROOF_TRUE);
	const struct goal relation = { goal->next, goal->node, goal->want, true };
	return meet_both(search, &relation, node->left, PROOF_KNOWN, node->right, PROOF_KNOWN);
}

/* What is wanted of a, where not a is wanted to be so. */
static const enum proof_goal opposite[] = {
	[PROOF_TRUE] = PROOF_FALSE,
	[PROOF_FALSE] = PROOF_TRUE,
	[PROOF_NOT_TRUE] = PROOF_NOT_FALSE,
	[PROOF_NOT_FALSE] = PROOF_NOT_TRUE,
};

static bool meet_given(
	struct search *search, const struct goal *goal, const struct scene_node *node)
{
	if (goal->want == PROOF_TRUE || goal->want == PROOF_FALSE || goal->want == PROOF_KNOWN)
		return meet_both(
			search, goal->next, node->left, PROOF_TRUE, node->right, goal->want);
	return meet_either(search, goal->next, node->left, PROOF_NOT_TRUE, node->right, goal->want);
}

/* A condition. */
static bool meet_answer(
	struct search *search, const struct goal *goal, const struct scene_node *node)
{
	bool wants_true = goal->want == PROOF_TRUE || goal->want == PROOF_NOT_FALSE;

	switch (node->op) {
	case OP_TRUTH:
		return (node->number != 0) == wants_true && meet(search, goal->next);
	case OP_KNOWN:
		return meet_one(
			search, goal->next, node->left, wants_true ? PROOF_KNOWN : PROOF_UNKNOWN);
	case OP_NOT:
		return meet_one(search, goal->next, node->left, opposite[goal->want]);
	case OP_AND:
	case OP_OR:
		/* Of "and", both must be true; that one is false is enough. */
		if (wants_true == (node->op == OP_AND))
			return meet_both(search, goal->next, node->left, goal->want, node->right,
				goal->want);
		return meet_either(
			search, goal->next, node->left, goal->want, node->right, goal->want);
	default:
		return meet_comparison(search, goal, node);
	}
}

/* A number or words, that are to be known or not. */
static bool meet_value(
	struct search *search, const struct goal *goal, const struct scene_node *node)
{
	bool known = goal->want == PROOF_KNOWN;

	if (node->op == OP_NUMBER || node->op == OP_WORDS)
		return known && meet(search, goal->next);
	if (node->op == OP_FACT || node->op == OP_BEFORE)
		return meet_known(search, goal->next, goal->node, known ? 1 : -1);
	if (!known && search_is_opaque(search, node) &&
		meet_known(search, goal->next, goal->node, -1))
		return true;
	if (!known && node->right)
		return meet_either(
			search, goal->next, node->left, goal->want, node->right, goal->want);
	if (!known || !search_is_opaque(search, node))
		return node->right ? meet_both(search, goal->next, node->left, goal->want,
					     node->right, goal->want)
				   : meet_one(search, goal->next, node->left, goal->want);
	const struct goal left = { goal->next, node->left, PROOF_KNOWN, false };
	const struct goal right = { &left, node->right, PROOF_KNOWN, false };
	return meet_known(search, node->right ? &right : &left, goal->node, 1);
}

static bool meet(struct search *search, const struct goal *goal)
{
	if (search->gave_up || ++search->steps > STEPS_MAX)
		return search_give_up(search);
	if (!goal)
		return are_solvable(search);
	const struct scene_node *node = search_node(search, goal->node);
	if (node->op == OP_GIVEN)
		return meet_given(search, goal, node);
	if (node->type != SCENE_TRUTH)
		return meet_value(search, goal, node);
	if (goal->want == PROOF_KNOWN)
		return meet_either(
			search, goal->next, goal->node, PROOF_TRUE, goal->node, PROOF_FALSE);
	if (goal->want == PROOF_UNKNOWN)
		return meet_both(search, goal->next, goal->node, PROOF_NOT_TRUE, goal->node,
			PROOF_NOT_FALSE);
	return meet_answer(search, goal, node);
}

enum proof_result proof_try(
	const struct scene_code *code, const struct proof_wish *wishes, size_t n)
{
	struct search *search = xcalloc(1, sizeof(*search));
	struct goal *goals = xcalloc(n, sizeof(*goals));
	const struct goal *first = NULL;

	search->code = code;
	for (size_t i = 0; i < code->nodes.n; i++)
		vec_push(&search->chosen);
	for (size_t i = n; i > 0; i--) {
		if (!wishes[i - 1].text->n)
			continue;
		goals[i - 1] =
			(struct goal) { first, code->pieces.at[wishes[i - 1].text->first].node,
				wishes[i - 1].want, false };
		first = &goals[i - 1];
	}
	bool found = meet(search, first);
	enum proof_result result = found ? PROOF_POSSIBLE : PROOF_IMPOSSIBLE;
	if (search->gave_up)
		result = PROOF_GAVE_UP;
	vec_finish(&search->chosen);
	free(search);
	free(goals);
	return result;
}
