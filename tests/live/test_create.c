/* SPDX-License-Identifier: MIT
 * What `measure create` says of a birth, beside a plain loop around the same call in another program (births.c), in turns on
 * the same CPU. Who else wants that CPU lengthens trials of both, seldom equally: compared is the lower quartile, which on an
 * idle machine is the median within a few per cent; and a method has several attempts to agree. A wrong number agrees in none.
 */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crew.h"
#include "duel.h"
#include "kit.h"

#define ATTEMPTS 8
#define TURNS 4 /* of each, in an attempt */
#define ROUNDS 4 /* in a turn, of each */
#define WITHIN 0.25

/* Names of births.c, which are the program's own. */
static const struct {
	enum duel_method method;
	enum contender who;
} ways[] = {
	{ CREATE_FORK, BY_PROCESSES },
	{ CREATE_VFORK, BY_PROCESSES },
	{ CREATE_POSIX_SPAWN, BY_PROCESSES },
	{ CREATE_PTHREAD, BY_THREADS },
	{ CLONE_NOTHING, BY_PROCESSES },
	{ CLONE_MM, BY_SHARED_MM },
	{ CLONE_MM_THREAD, BY_THREADS },
};
#define WAYS ARRAY_LEN(ways)

struct numbers {
	float ns[TURNS * ROUNDS];
	size_t n;
};

struct fixture {
	const char *births; /* the other program */
	struct crews *crews;
	int cpu; /* on which both run */
	struct numbers duel[WAYS], plain[WAYS];
	double agreed[WAYS][2]; /* quartiles of the attempt that agreed; 0: none yet */
};

static void add(struct numbers *numbers, double ns)
{
	assert_true(numbers->n < ARRAY_LEN(numbers->ns));
	numbers->ns[numbers->n++] = (float)ns;
}

static int ascending(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

/* The number that this part of them is not above. */
static double quantile(struct numbers *numbers, double part)
{
	assert_int_equal(numbers->n, TURNS * ROUNDS);
	qsort(numbers->ns, numbers->n, sizeof(numbers->ns[0]), ascending);
	return (double)numbers->ns[(size_t)(part * (double)numbers->n)];
}

static int allowed_cpu(void)
{
	cpu_set_t set;
	int cpu = 0;
	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	while (!CPU_ISSET(cpu, &set))
		cpu++;
	return cpu;
}

static void take_duel(struct fixture *f)
{
	struct duel_plan plan = { .trial_ms = 5, .cpu = { f->cpu, -1 }, .parts = 1 };
	struct sample sample = { 0 };
	nsec until = nsec_monotonic() + PATIENCE;

	for (size_t i = 0; i < WAYS; i++)
		plan.item[plan.series_n++] = (struct duel_item) {
			.method = (int16_t)ways[i].method, .who = (int16_t)ways[i].who, .cpus = 1
		};
	plan.part[0] = (struct duel_part) {
		.duel = DUEL_CREATE, .n = (int16_t)WAYS, .rounds = ROUNDS, .budget_ms = 20000
	};
	assert_int_equal(crews_duel_start(f->crews, &plan), 0);
	while (crews_duel_state(f->crews, NULL) == DUEL_RUNNING && nsec_monotonic() < until)
		kit_look(f->crews, &sample);
	assert_int_equal(crews_duel_state(f->crews, NULL), DUEL_DONE);
	const struct duel_page *page = crews_duel_page(f->crews);
	for (size_t i = 0; i < WAYS; i++)
		for (int k = 0; k < atomic_load(&page->series[i].trials); k++)
			add(&f->duel[i], (double)page->series[i].value[k]);
	sample_finish(&sample);
}

static void take_plain(struct fixture *f)
{
	char line[256];
	size_t i = 0;
	snprintf(line, sizeof(line), "'%s' %d %d", f->births, f->cpu, ROUNDS);
	FILE *births = popen(line, "re");

	assert_non_null(births);
	for (; fgets(line, sizeof(line), births); i++) {
		char *name;
		double ns = strtod(line, &name);
		assert_in_range(i, 0, WAYS * ROUNDS - 1);
		name[strcspn(name, "\n")] = '\0';
		assert_string_equal(name + 1, method_table[ways[i % WAYS].method].name);
		add(&f->plain[i % WAYS], ns);
	}
	assert_int_equal(pclose(births), 0);
	assert_int_equal(i, WAYS * ROUNDS);
}

/* Returns how many methods have not agreed yet. */
static size_t attempt(struct fixture *f)
{
	size_t left = 0;

	memset(f->duel, 0, sizeof(f->duel));
	memset(f->plain, 0, sizeof(f->plain));
	for (int turn = 0; turn < TURNS; turn++) {
		take_duel(f);
		take_plain(f);
	}
	for (size_t i = 0; i < WAYS; i++) {
		double ours = quantile(&f->duel[i], 0.25), theirs = quantile(&f->plain[i], 0.25);
		double middle = quantile(&f->duel[i], 0.5) / quantile(&f->plain[i], 0.5);
		bool agrees = fabs(ours / theirs - 1) <= WITHIN;
		print_message(
			"# %-16s measure %9.0f ns, a plain loop %9.0f ns: %+5.1f %%%s, medians "
			"%+.1f %%\n",
			method_table[ways[i].method].name, ours, theirs, (ours / theirs - 1) * 100,
			agrees ? "" : " (no)", (middle - 1) * 100);
		if (agrees && f->agreed[i][0] == 0) {
			f->agreed[i][0] = ours;
			f->agreed[i][1] = theirs;
		}
		left += f->agreed[i][0] == 0;
	}
	return left;
}

static void a_birth_costs_what_a_plain_loop_says(void **state)
{
	struct fixture *f = *state;
	size_t left = WAYS;

	for (int i = 0; i < ATTEMPTS && left > 0; i++)
		left = attempt(f);
	assert_int_equal(left, 0);
	/* what a plain loop finds clearly cheaper, is cheaper */
	for (size_t a = 0; a < WAYS; a++)
		for (size_t b = 0; b < WAYS; b++)
			if (f->agreed[a][1] * (1 + 2 * WITHIN) < f->agreed[b][1])
				assert_true(f->agreed[a][0] < f->agreed[b][0]);
}

static int run_all(void *context, struct crews *crews)
{
	struct fixture *f = context;
	f->crews = crews;
	f->cpu = allowed_cpu();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(a_birth_costs_what_a_plain_loop_says, f),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	struct fixture f = { .births = argc > 2 ? argv[2] : "births" };
	struct supervise_options options = { .screen = run_all,
		.context = &f,
		.with_crews = true,
		.worker_path = argc > 1 ? argv[1] : NULL };
	return supervise(&options);
}
