/* SPDX-License-Identifier: MIT
 * Wishes to plans: which series are measured by default, how often, and within which time; and what does not fit here.
 */

#include "internal.h"

/* --- the usual series --- */

#define P (1u << BY_PROCESSES)
#define M (1u << BY_SHARED_MM)
#define T (1u << BY_THREADS)
#define ALL (P | M | T)

/* Methods, first to last, by these kinds, with these parameters. */
struct usual {
	int16_t first, last; /* enum duel_method */
	unsigned who;
	int16_t cpus;
	int n;
	int64_t parameter[4];
	bool quick, full; /* in which of both it is */
	bool fixed; /* its parameters are not what a user lists: it is left out then */
};

static const struct usual usual[] = {
	{ SWITCH_BY_PIPE, SWITCH_BY_YIELD, ALL, 1, 1, { 0 }, true, true, false },
	{ SWITCH_BY_PIPE, SWITCH_BY_PIPE, ALL, 1, 1, { 256 }, false, true, true },
	{ SWITCH_BY_PIPE, SWITCH_BY_PIPE, ALL, 2, 1, { 0 }, true, false, false },
	{ SWITCH_BY_PIPE, SWITCH_BY_FUTEX, ALL, 2, 1, { 0 }, false, true, false },
	{ CREATE_FORK, CREATE_END, ALL, 1, 2, { 0, 16 }, true, false, false },
	{ CLONE_NOTHING, CLONE_NOTHING, ALL, 1, 1, { 0 }, true, false, false },
	{ CLONE_MM, CLONE_MM, ALL, 1, 1, { 0 }, true, false, false },
	{ CLONE_MM_THREAD, CLONE_MM_THREAD, ALL, 1, 1, { 0 }, true, false, false },
	{ CREATE_FORK, CREATE_END, ALL, 1, 3, { 0, 64, 256 }, false, true, false },
	{ CLONE_NOTHING, CLONE_MM_THREAD, ALL, 1, 2, { 0, 64 }, false, true, false },
	{ TALK_PIPE, TALK_POINTER, P | T, 1, 1, { 4096 }, true, false, false },
	{ TALK_PIPE, TALK_POINTER, P | T, 1, 3, { 64, 4096, 65536 }, false, true, false },
	{ TALK_POINTER, TALK_POINTER, M, 1, 1, { 4096 }, false, true, true },
	{ TALK_PIPE, TALK_PIPE, P | T, 2, 1, { 4096 }, false, true, true },
	{ TALK_FUTEX, TALK_FUTEX, P | T, 2, 1, { 4096 }, false, true, true },
	{ MEMORY_SUMS, MEMORY_SUMS, P | T, 1, 2, { 1, 8 }, true, false, false },
	{ MEMORY_SUMS, MEMORY_SUMS, P | T, 1, 4, { 1, 2, 4, 8 }, false, true, false },
};

/* Rounds and the time of each duel, in full and quick. An answer needs DUEL_ROUNDS_MIN rounds; a pair that is not settled by
 * then gets more. */
static const struct {
	int rounds[2], budget_ms[2];
} effort[DUELS] = {
	[DUEL_SWITCH] = { { 25, 7 }, { 15000, 2400 } },
	[DUEL_CREATE] = { { 25, 7 }, { 15000, 2400 } },
	[DUEL_TALK] = { { 15, 7 }, { 16000, 2600 } },
	[DUEL_MEMORY] = { { 7, 6 }, { 8000, 1400 } },
};

static int add_item(
	struct duel_plan *plan, const struct usual *of, int method, int who, int64_t parameter)
{
	if (plan->series_n == DUEL_SERIES_MAX)
		return -ENOSPC;
	plan->item[plan->series_n++] = (struct duel_item) { .method = (int16_t)method,
		.who = (int16_t)who,
		.cpus = of->cpus,
		.parameter = parameter };
	return 0;
}

/* Whether a wish for some methods has this one; without such a wish it has all. */
static bool is_wished(const struct duel_wish *wish, int method)
{
	return !wish->methods || wish->methods & UINT32_C(1) << method;
}

/* Contenders stand side by side, so that what is compared is measured within one moment. */
static int add_usual(struct duel_plan *plan, const struct duel_wish *wish, const struct usual *of)
{
	const struct duel_list *list = &wish->list[method_table[of->first].duel];
	int n = list->n ? list->n : of->n;
	const int64_t *parameter = list->n ? list->at : of->parameter;
	for (int i = 0; i < n; i++)
		for (int method = of->first; method <= of->last; method++)
			for (int who = 0; who < CONTENDERS; who++)
				if (is_wished(wish, method) &&
					(of->who & method_table[method].who & 1u << who) &&
					add_item(plan, of, method, who, parameter[i]))
					return -ENOSPC;
	return 0;
}

#define ROUNDS_MORE 8 /* times as many as the first number, at most, for what is not settled */
#define MOST_MS 60000 /* for a duel alone that was not asked for more rounds than usual */

static int32_t budget_of(const struct duel_wish *wish, enum duel duel)
{
	int32_t usual_ms = effort[duel].budget_ms[wish->quick],
		few = effort[duel].rounds[wish->quick];
	if (wish->brief)
		return usual_ms;
	if (wish->duel == DUEL_ALL)
		return wish->rounds > few ? (int32_t)((int64_t)usual_ms * wish->rounds / few)
					  : usual_ms;
	int32_t ms = wish->quick ? usual_ms * 2 : MOST_MS;
	/* who asks for many rounds waits for them */
	if (wish->rounds > few)
		ms = MAX(ms, (int32_t)((int64_t)usual_ms * 2 * wish->rounds / few));
	return ms;
}

/* A part that has no series, for none of its methods is wished, is left out. */
static int add_part(struct duel_plan *plan, const struct duel_wish *wish, enum duel duel)
{
	struct duel_part *part = &plan->part[plan->parts];
	part->duel = (int16_t)duel;
	part->first = (int16_t)plan->series_n;
	part->rounds = (int16_t)(wish->rounds ? wish->rounds : effort[duel].rounds[wish->quick]);
	part->rounds_most = (int16_t)MIN(part->rounds * ROUNDS_MORE, DUEL_TRIALS_MAX);
	part->budget_ms = budget_of(wish, duel);
	for (size_t i = 0; i < ARRAY_LEN(usual); i++) {
		const struct usual *of = &usual[i];
		/* who names methods gets them however few a quick run usually has */
		bool quick = wish->quick && !wish->methods;
		if (method_table[of->first].duel != duel || !(quick ? of->quick : of->full) ||
			(of->fixed && wish->list[duel].n))
			continue;
		if (add_usual(plan, wish, of))
			return -ENOSPC;
	}
	part->n = (int16_t)(plan->series_n - part->first);
	plan->parts += part->n > 0;
	return 0;
}

/* --- what it has to fit into --- */

static bool may_use(const struct duel_room *room, int cpu)
{
	for (int i = 0; i < room->n_cpus; i++)
		if (room->cpus[i] == cpu)
			return true;
	return false;
}

static int choose_cpus(struct duel_plan *plan, const struct duel_wish *wish,
	const struct duel_room *room, char *why, size_t why_size)
{
	for (int i = 0; i < 2; i++)
		if (wish->cpu[i] >= 0 && !may_use(room, wish->cpu[i]))
			return duel_refuse(why, why_size,
				"--cpus %d: there is no such CPU that we may use", wish->cpu[i]);
	plan->cpu[0] = wish->cpu[0];
	if (plan->cpu[0] < 0)
		plan->cpu[0] = room->n_cpus ? room->cpus[0] : -1;
	plan->cpu[1] = wish->cpu[1];
	for (int i = 0; i < room->n_cpus && plan->cpu[1] < 0; i++)
		if (room->cpus[i] != plan->cpu[0])
			plan->cpu[1] = room->cpus[i];
	/* one CPU is busier than the other, mostly the first, where interrupts land; whoever names one wants that one */
	plan->exchange = plan->cpu[1] >= 0 && (wish->cpu[0] < 0 || wish->cpu[1] >= 0);
	return 0;
}

static int check_memory(
	const struct duel_plan *plan, const struct duel_room *room, char *why, size_t why_size)
{
	char free_text[24];
	for (int i = 0; i < plan->series_n; i++) {
		const struct duel_item *item = &plan->item[i];
		if (method_table[item->method].duel != DUEL_CREATE || room->available_kb < 0 ||
			item->parameter * 1024 <= room->available_kb / 2)
			continue;
		duel_refuse(why, why_size,
			"a ballast of %lld MB is more than half of the free memory (%s)",
			(long long)item->parameter,
			format_kb(free_text, sizeof(free_text), room->available_kb));
		return -ENOMEM;
	}
	return 0;
}

int duel_plan_make(const struct duel_wish *wish, const struct duel_room *room,
	struct duel_plan *ret, char *why, size_t why_size)
{
	struct duel_plan plan = { .trial_ms = wish->quick ? 5 : 12 };
	if (wish->rounds < 0 || wish->rounds > DUEL_TRIALS_MAX)
		return duel_refuse(
			why, why_size, "--rounds is out of range: 1 to %d", DUEL_TRIALS_MAX);
	int error = choose_cpus(&plan, wish, room, why, why_size);
	if (error)
		return error;
	for (int duel = 0; duel < DUELS; duel++)
		if ((wish->duel == DUEL_ALL || wish->duel == duel) && add_part(&plan, wish, duel))
			return duel_refuse(why, why_size,
				"these are more than %d series: list fewer numbers",
				DUEL_SERIES_MAX);
	if (plan.series_n == 0)
		return duel_refuse(why, why_size, "--method: 'measure %s' has no such method",
			wish->duel == DUEL_ALL ? "all" : duel_table[wish->duel].name);
	error = check_memory(&plan, room, why, why_size);
	if (error)
		return error;
	duel_plan_close(&plan);
	*ret = plan;
	return 0;
}

int duel_plan_ms(const struct duel_plan *plan)
{
	int ms = 0;
	for (int i = 0; i < plan->parts; i++)
		ms += plan->part[i].budget_ms;
	return ms;
}
