/* SPDX-License-Identifier: MIT
 * Real crews whose workers wait for each other for ever, and that hear all the same what they are told.
 */
#include <signal.h>
#include <sys/syscall.h>

#include "kit.h"

#define WORKERS 4

static struct worker_sample *worker(struct crew_fixture *f, int i)
{
	return fixture_worker(f, (enum side)(i / WORKERS), i % WORKERS);
}

static void start_both(struct crew_fixture *f, int job)
{
	for (int side = 0; side < SIDES; side++) {
		struct crew_plan plan = { .kind = side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS,
			.workers = WORKERS,
			.job = job,
			.cpu = -1 };

		assert_int_equal(crew_start(f->crews, (enum side)side, &plan), 0);
		assert_int_equal(crew_await(f->crews, (enum side)side, PATIENCE, -1), 0);
	}
	kit_look(f->crews, &f->sample);
}

/* It waits in a futex call that has no timeout. */
static bool waits_for_good(const struct worker_sample *w)
{
	char path[64];
	unsigned long timeout = 1;
	long number = -1;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", w->pid, w->tid);
	FILE *file = fopen(path, "re");

	if (file && fscanf(file, "%ld %*x %*x %*x %lx", &number, &timeout) != 2)
		number = -1;
	if (file)
		fclose(file);
	return number == SYS_futex && timeout == 0;
}

static bool all_wait(struct crew_fixture *f)
{
	bool all = true;

	for (int i = 0; i < SIDES * WORKERS; i++)
		all &= waits_for_good(worker(f, i));
	return all;
}

static void note_rounds(struct crew_fixture *f, int64_t *rounds)
{
	for (int i = 0; i < SIDES * WORKERS; i++)
		rounds[i] = worker(f, i)->rounds;
}

static bool all_advanced(struct crew_fixture *f, const int64_t *rounds)
{
	bool all = true;

	for (int i = 0; i < SIDES * WORKERS; i++)
		all &= worker(f, i)->rounds > rounds[i];
	return all;
}

/* All of them, of both kinds: and another job frees them. */
static void they_stand_still_and_hear_of_another_job(void **state)
{
	static const int jobs[] = { JOB_DEADLOCK, JOB_PHILOSOPHERS };
	struct crew_fixture *f = *state;
	int64_t rounds[SIDES * WORKERS];

	start_both(f, JOB_SLEEP);
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
		for (int side = 0; side < SIDES; side++)
			crew_set_job(f->crews, (enum side)side, CREW_ALL, jobs[i]);
		await(f->crews, &f->sample, all_wait(f));
		for (int side = 0; side < SIDES; side++)
			crew_set_job(f->crews, (enum side)side, CREW_ALL, JOB_LOCK_ORDER);
		note_rounds(f, rounds);
		await(f->crews, &f->sample, all_advanced(f, rounds));
	}
}

static void one_that_waits_carries_out_an_order(void **state)
{
	struct crew_fixture *f = *state;

	start_both(f, JOB_DEADLOCK);
	await(f->crews, &f->sample, all_wait(f));
	for (int side = 0; side < SIDES; side++) {
		assert_int_equal(
			crew_order(f->crews, (enum side)side, CREW_ALL, ORDER_WRITE_X, 0), 0);
		for (int i = 0; i < WORKERS; i++)
			await(f->crews, &f->sample,
				worker(f, side * WORKERS + i)->orders_done == 1);
	}
	await(f->crews, &f->sample, all_wait(f)); /* and again */
}

static void one_leaves_and_its_partner_goes_on_with_a_new_one(void **state)
{
	struct crew_fixture *f = *state;

	start_both(f, JOB_DEADLOCK);
	await(f->crews, &f->sample, all_wait(f));
	for (int side = 0; side < SIDES; side++) {
		const int first = side * WORKERS;

		assert_int_equal(crew_remove(f->crews, (enum side)side, 1), 0);
		await(f->crews, &f->sample, worker(f, first + 1)->phase == WORKER_ENDED);
		assert_int_equal(worker(f, first + 1)->wait_status, 0);
		assert_int_equal(crew_set_job(f->crews, (enum side)side, CREW_ALL, JOB_SLEEP), 0);
		const int64_t before = worker(f, first)->rounds;
		await(f->crews, &f->sample, worker(f, first)->rounds > before + 3);
	}
}

/* The mutex of one who was killed is nobody's any more, and stays locked: it is no robust one. */
static void who_waits_for_a_dead_owner_can_be_removed(void **state)
{
	struct crew_fixture *f = *state;

	start_both(f, JOB_DEADLOCK);
	await(f->crews, &f->sample, all_wait(f));
	assert_int_equal(crew_signal(f->crews, SIDE_LEFT, 0, SIGKILL), 0);
	await(f->crews, &f->sample, worker(f, 0)->phase == WORKER_ENDED);
	assert_true(waits_for_good(worker(f, 1)));
	assert_int_equal(crew_remove(f->crews, SIDE_LEFT, 1), 0);
	await(f->crews, &f->sample, worker(f, 1)->phase == WORKER_ENDED);
	assert_int_equal(worker(f, 1)->wait_status, 0);
}

static int run_all(struct crew_fixture *f)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(they_stand_still_and_hear_of_another_job, f),
		cmocka_unit_test_prestate(one_that_waits_carries_out_an_order, f),
		cmocka_unit_test_prestate(one_leaves_and_its_partner_goes_on_with_a_new_one, f),
		cmocka_unit_test_prestate(who_waits_for_a_dead_owner_can_be_removed, f),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return crew_tests_main(argc, argv, run_all);
}
