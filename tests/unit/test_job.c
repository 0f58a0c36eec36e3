/* SPDX-License-Identifier: MIT
 * The table of jobs: complete, findable, and dealt out so that pairs stand together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "job.h"

static void every_job_has_a_name_and_words(void **state)
{
	for (int i = 0; i <= JOBS; i++) {
		assert_non_null(job_table[i].name);
		assert_non_null(job_table[i].help);
		assert_non_null(job_table[i].expect);
		/* It must fit a worker's record, with its end. */
		assert_in_range(strlen(job_table[i].name), 1, 15);
	}
	assert_string_equal(job_table[JOB_MIXED].name, "mixed");
	assert_false(job_table[JOB_MIXED].pairs);
}

static void a_job_is_found_by_its_whole_name_only(void **state)
{
	for (int i = 0; i <= JOBS; i++)
		assert_int_equal(job_find(job_table[i].name), i);
	assert_int_equal(job_find(""), -1);
	assert_int_equal(job_find("spi"), -1);
	assert_int_equal(job_find("spinn"), -1);
	assert_int_equal(job_find("Spin"), -1);
}

static void a_mixed_crew_keeps_pairs_together(void **state)
{
	for (unsigned i = 0; i < 1000;) {
		enum job job = job_mixed(i);

		assert_in_range(job, 0, JOBS - 1);
		if (job_table[job].pairs)
			assert_int_equal(job_mixed(i + 1), job);
		i += job_table[job].pairs ? 2 : 1;
	}
}

static void a_mixed_crew_begins_with_four_that_differ_and_never_stands_still(void **state)
{
	static const enum job first[] = { JOB_SLEEP, JOB_SPIN, JOB_PINGPONG, JOB_PINGPONG };
	bool seen[JOBS] = { false };

	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(job_mixed(i), first[i]);
	for (unsigned i = 0; i < 16; i++)
		seen[job_mixed(i)] = true;
	for (int i = 0; i < JOB_DEADLOCK; i++)
		assert_true(seen[i]);
	for (int i = 0; i < JOBS; i++)
		assert_false(seen[i] && job_table[i].deadlocks);
	assert_in_range(job_mixed(UINT32_MAX), 0, JOBS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_job_has_a_name_and_words),
		cmocka_unit_test(a_job_is_found_by_its_whole_name_only),
		cmocka_unit_test(a_mixed_crew_keeps_pairs_together),
		cmocka_unit_test(a_mixed_crew_begins_with_four_that_differ_and_never_stands_still),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
