/* SPDX-License-Identifier: MIT
 * Chooses which series of a plan are compared with which, and plans how sure their answers are.
 */
#include "internal.h"
#include "stats.h"

/* Of all answers "they differ" where they do not, at most 5 of 100, over all looks together: what the first look may err, and
 * each of the at most three later ones. Six rounds need 1 of 32 at the first. */
#define ERROR_FIRST 0.032
#define ERROR_LATER 0.006

/* Methods worth comparing, of the same parameter; who: of create it follows from the method. */
static const struct {
	int16_t first, by, second, against;
} methods[] = {
	{ CREATE_FORK, BY_PROCESSES, CREATE_PTHREAD, BY_THREADS },
	{ CREATE_FORK, BY_PROCESSES, CREATE_VFORK, BY_PROCESSES },
	{ CREATE_FORK, BY_PROCESSES, CLONE_MM, BY_SHARED_MM },
	{ CREATE_VFORK, BY_PROCESSES, CREATE_PTHREAD, BY_THREADS },
	{ CREATE_POSIX_SPAWN, BY_PROCESSES, CREATE_FORK_EXEC, BY_PROCESSES },
	{ CLONE_NOTHING, BY_PROCESSES, CLONE_MM, BY_SHARED_MM },
	{ CLONE_MM, BY_SHARED_MM, CLONE_MM_THREAD, BY_THREADS },
	{ TALK_PIPE, BY_PROCESSES, TALK_FUTEX, BY_PROCESSES },
	{ TALK_PIPE, BY_PROCESSES, TALK_POINTER, BY_THREADS },
};

static bool same_place(const struct duel_item *a, const struct duel_item *b)
{
	return a->cpus == b->cpus && a->parameter == b->parameter;
}

/* The same thing done by both kinds; threads are what the others are compared with. */
static bool differ_in_kind(const struct duel_item *a, const struct duel_item *b)
{
	return a->method == b->method && same_place(a, b) && a->who != BY_THREADS &&
	       b->who == BY_THREADS;
}

static bool differ_in_method(const struct duel_item *a, const struct duel_item *b)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		if (methods[i].first == a->method && methods[i].by == a->who &&
			methods[i].second == b->method && methods[i].against == b->who)
			return same_place(a, b);
	return false;
}

/* What a ballast adds, and a working set: the largest to the smallest. */
static bool differ_in_parameter(const struct duel_plan *plan, int first, int second)
{
	const struct duel_item *a = &plan->item[first], *b = &plan->item[second];
	if ((a->method != CREATE_FORK && a->method != CREATE_PTHREAD) || a->method != b->method ||
		a->parameter <= b->parameter)
		return false;
	for (int i = 0; i < plan->series_n; i++)
		if (plan->item[i].method == a->method &&
			(plan->item[i].parameter > a->parameter ||
				plan->item[i].parameter < b->parameter))
			return false;
	return true;
}

static void consider(struct duel_plan *plan, int first, int second)
{
	const struct duel_item *a = &plan->item[first], *b = &plan->item[second];
	enum duel_pair_of of = PAIR_OF_KINDS;
	if (first == second || plan->pairs_n == DUEL_PAIRS_MAX)
		return;
	if (differ_in_method(a, b))
		of = PAIR_OF_METHODS;
	else if (differ_in_parameter(plan, first, second))
		of = PAIR_OF_PARAMETERS;
	else if (!differ_in_kind(a, b))
		return;
	plan->pair[plan->pairs_n++] =
		(struct duel_pair) { (int16_t)first, (int16_t)second, (int16_t)of };
}

void duel_plan_close(struct duel_plan *plan)
{
	plan->pairs_n = 0;
	for (int i = 0; i < plan->series_n; i++)
		for (int k = 0; k < plan->series_n; k++)
			consider(plan, i, k);
	stats_ranks(ERROR_FIRST, plan->rank[0], DUEL_TRIALS_MAX);
	stats_ranks(ERROR_LATER, plan->rank[1], DUEL_TRIALS_MAX);
}
