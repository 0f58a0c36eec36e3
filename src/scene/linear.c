/* SPDX-License-Identifier: MIT
 * Solves systems of linear comparisons exactly, by Fourier and Motzkin: variables leave one after the other, and what is
 * left are numbers. Coefficients are whole; a number that does not fit ends it, so that nothing is rounded.
 */
#include "linear.h"

#define CONSTRAINTS_MAX 512

static uint64_t size_of(int64_t number)
{
	return number < 0 ? -(uint64_t)number : (uint64_t)number;
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

void linear_reduce(struct linear *form)
{
	uint64_t divisor = size_of(form->constant);

	for (int i = 0; i < LINEAR_VARIABLES; i++)
		divisor = common_divisor(divisor, size_of(form->of[i]));
	if (divisor <= 1 || divisor > INT64_MAX)
		return;
	for (int i = 0; i < LINEAR_VARIABLES; i++)
		form->of[i] /= (int64_t)divisor;
	form->constant /= (int64_t)divisor;
}

static bool multiply_add(int64_t a, int64_t by_a, int64_t b, int64_t by_b, int64_t *ret)
{
	int64_t x, y;

	return !__builtin_mul_overflow(a, by_a, &x) && !__builtin_mul_overflow(b, by_b, &y) &&
	       !__builtin_add_overflow(x, y, ret);
}

bool linear_combine(const struct linear *a, int64_t by_a, const struct linear *b, int64_t by_b,
	struct linear *ret)
{
	struct linear sum;
	bool fits = multiply_add(a->constant, by_a, b->constant, by_b, &sum.constant);

	for (int i = 0; i < LINEAR_VARIABLES && fits; i++)
		fits = multiply_add(a->of[i], by_a, b->of[i], by_b, &sum.of[i]);
	if (fits)
		*ret = sum;
	return fits;
}

/* --- systems --- */

struct system {
	VEC(struct constraint) all;
};

static bool is_contradiction(const struct constraint *constraint)
{
	switch (constraint->relation) {
	case RELATION_BELOW:
		return constraint->form.constant >= 0;
	case RELATION_AT_MOST:
		return constraint->form.constant > 0;
	default:
		return constraint->form.constant != 0;
	}
}

static int64_t factor(const struct constraint *constraint, int variable)
{
	return constraint->form.of[variable];
}

/* One of two with opposite signs of the variable, or with an equality, without it. */
static bool join(const struct constraint *a, const struct constraint *b, int variable,
	struct constraint *ret)
{
	int64_t by_a = (int64_t)size_of(factor(b, variable));
	int64_t by_b = (int64_t)size_of(factor(a, variable));
	struct constraint sum = { .relation = MIN(a->relation, b->relation) };

	/* Only an equality may be turned round. */
	if ((factor(a, variable) > 0) == (factor(b, variable) > 0)) {
		if (a->relation == RELATION_ZERO)
			by_a = -by_a;
		else
			by_b = -by_b;
	}
	if (!linear_combine(&a->form, by_a, &b->form, by_b, &sum.form))
		return false;
	linear_reduce(&sum.form);
	*ret = sum;
	return true;
}

/* How many comparisons there are once the variable is gone, more or less. */
static size_t cost_of(const struct system *system, int variable, int *ret_equality)
{
	size_t above = 0, below = 0;

	*ret_equality = -1;
	for (size_t i = 0; i < system->all.n; i++) {
		int64_t f = factor(&system->all.at[i], variable);
		if (f && system->all.at[i].relation == RELATION_ZERO)
			*ret_equality = (int)i;
		above += f > 0;
		below += f < 0;
	}
	if (above + below == 0)
		return SIZE_MAX;
	return *ret_equality >= 0 ? 0 : above * below;
}

/* The variable that is the cheapest to lose; -1: none is left. */
static int choose(const struct system *system, int *ret_equality)
{
	size_t least = SIZE_MAX;
	int chosen = -1;

	for (int i = 0; i < LINEAR_VARIABLES; i++) {
		int equality;
		size_t cost = cost_of(system, i, &equality);
		if (cost >= least)
			continue;
		least = cost;
		chosen = i;
		*ret_equality = equality;
	}
	return chosen;
}

static bool are_joined(const struct system *system, size_t i, size_t k, int variable, int equality)
{
	int64_t a = factor(&system->all.at[i], variable), b = factor(&system->all.at[k], variable);

	if (!a || !b)
		return false;
	return equality >= 0 ? (int)i == equality : a > 0 && b < 0;
}

/* Takes a variable out. Returns whether all fits. */
static bool eliminate(struct system *system, int variable, int equality)
{
	struct system next = { 0 };
	bool fits = true;

	for (size_t i = 0; i < system->all.n; i++)
		if (!factor(&system->all.at[i], variable))
			*vec_push(&next.all) = system->all.at[i];
	for (size_t i = 0; i < system->all.n; i++)
		for (size_t k = 0; k < system->all.n && fits; k++)
			if (i != k && are_joined(system, i, k, variable, equality))
				fits = next.all.n < CONSTRAINTS_MAX &&
				       join(&system->all.at[i], &system->all.at[k], variable,
					       vec_push(&next.all));
	vec_finish(&system->all);
	*system = next;
	return fits;
}

enum solution constraints_solve(const struct constraint *list, size_t n)
{
	struct system system = { 0 };
	enum solution solution = SOLUTION_SOME;
	int variable, equality = -1;

	for (size_t i = 0; i < n; i++)
		*vec_push(&system.all) = list[i];
	while (solution == SOLUTION_SOME && (variable = choose(&system, &equality)) >= 0)
		if (!eliminate(&system, variable, equality))
			solution = SOLUTION_TOO_LARGE;
	for (size_t i = 0; i < system.all.n && solution == SOLUTION_SOME; i++)
		if (is_contradiction(&system.all.at[i]))
			solution = SOLUTION_NONE;
	vec_finish(&system.all);
	return solution;
}
