/* SPDX-License-Identifier: MIT
 * Linear comparisons with whole coefficients, and whether a system of them has a solution.
 */
#ifndef TASKSCOPE_SCENE_LINEAR_H
#define TASKSCOPE_SCENE_LINEAR_H

#include "base.h"

#define LINEAR_VARIABLES 24

/* The sum of of[i] times variable i, and a constant. */
struct linear {
	int64_t of[LINEAR_VARIABLES];
	int64_t constant;
};
/* Ascending: a sum is as strict as the stricter of its parts. */
enum relation { RELATION_BELOW, RELATION_AT_MOST, RELATION_ZERO };
struct constraint { /* the form is below 0, at most 0, or 0 */
	struct linear form;
	enum relation relation;
};
enum solution { SOLUTION_NONE, SOLUTION_SOME, SOLUTION_TOO_LARGE };

/* a * by_a + b * by_b; false: a number does not fit. */
bool linear_combine(const struct linear *a, int64_t by_a, const struct linear *b, int64_t by_b,
	struct linear *ret);
void linear_reduce(struct linear *form); /* by what divides all of it */
/* Whether real numbers exist for which all hold. */
enum solution constraints_solve(const struct constraint *list, size_t n);

#endif
