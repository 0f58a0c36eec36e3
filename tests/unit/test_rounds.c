/* SPDX-License-Identifier: MIT
 * The comparison on rounds that machines really measured, idle and busy: both series of a recording did the same, so their
 * true ratio is 1, and any other is made by stretching the first. What was disturbed, drifted or jumped lies in there as it
 * was, in its order.
 */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "duel.h"

#define RECORDED_MAX 4096
#define TRIES 100

struct recording {
	char name[256];
	int n;
	float value[2][RECORDED_MAX];
};

struct fixture {
	struct duel_page *page;
	VEC(struct recording) recordings;
};

static void read_recording(struct recording *r, const char *folder, const char *name)
{
	char *path = xasprintf("%s/%s", folder, name);
	FILE *file = fopen(path, "re");
	assert_non_null(file);
	snprintf(r->name, sizeof(r->name), "%s", name);
	while (r->n < RECORDED_MAX &&
		fscanf(file, "%f,%f\n", &r->value[0][r->n], &r->value[1][r->n]) == 2)
		r->n++;
	assert_true(feof(file));
	fclose(file);
	free(path);
}

static int set_up(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));
	struct duel_plan *plan;
	char *folder = xasprintf("%s/rounds", getenv("FIXTURES"));
	DIR *dir = opendir(folder);
	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir));)
		if (strstr(e->d_name, ".csv"))
			read_recording(vec_push(&f->recordings), folder, e->d_name);
	closedir(dir);
	free(folder);
	f->page = xcalloc(1, sizeof(*f->page));
	plan = &f->page->plan;
	plan->series_n = 2;
	plan->item[0] = (struct duel_item) { SWITCH_BY_PIPE, BY_PROCESSES, 1, 0 };
	plan->item[1] = (struct duel_item) { SWITCH_BY_PIPE, BY_THREADS, 1, 0 };
	plan->parts = 1;
	plan->part[0] = (struct duel_part) { .duel = DUEL_SWITCH, .n = 2, .rounds = 25 };
	duel_plan_close(plan);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	vec_finish(&f->recordings);
	free(f->page);
	free(f);
	return 0;
}

/* What a duel would have found that began with round `start` and went on until it was settled, at most `most` rounds. */
static struct duel_finding play(
	struct duel_page *page, const struct recording *r, int start, int most, float ratio)
{
	struct duel_finding is = { .open = true };
	page->plan.part[0].rounds_most = (int16_t)most;
	page->done = 0;
	for (int n = 25; is.open && n <= most; n *= 2) {
		for (int side = 0; side < 2; side++) {
			for (int i = 0; i < n; i++)
				page->series[side].value[i] =
					r->value[side][start + i] * (side == 0 ? ratio : 1);
			page->series[side].trials = n;
		}
		is = duel_find_out(page, &page->plan.pair[0]);
	}
	return is;
}

/* Starts are spread evenly over a recording. */
static int count(struct fixture *f, const struct recording *r, int most, float ratio, bool more)
{
	int found = 0;
	assert_true(r->n >= 500);
	for (int i = 0; i < TRIES; i++) {
		int start = (int)((int64_t)(r->n - most) * i / (TRIES - 1));
		struct duel_finding is = play(f->page, r, start, most, ratio);
		found += more ? is.more : is.more || is.less;
	}
	return found;
}

static void a_true_ratio_of_1_3_is_found_in_25_rounds(void **state)
{
	struct fixture *f = *state;
	struct recording *r;
	int poor = 0;
	assert_true(f->recordings.n >= 8);
	vec_each (r, &f->recordings) {
		if (strncmp(r->name, "wild", 4) == 0)
			continue;
		int found = count(f, r, 25, 1.3f, true);
		print_message("# %s: 1.3 found in %d of %d\n", r->name, found, TRIES);
		poor += found < 95;
	}
	assert_int_equal(poor, 0);
}

static void a_true_ratio_of_1_is_no_difference(void **state)
{
	struct fixture *f = *state;
	struct recording *r;
	int poor = 0;
	for (int most = 25; most <= DUEL_TRIALS_MAX; most *= 8) {
		vec_each (r, &f->recordings) {
			int found = count(f, r, most, 1, false);
			print_message("# %s: 1.0 called different in %d of %d, within %d\n",
				r->name, found, TRIES, most);
			poor += found > 5;
		}
	}
	assert_int_equal(poor, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_true_ratio_of_1_3_is_found_in_25_rounds),
		cmocka_unit_test(a_true_ratio_of_1_is_no_difference),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
