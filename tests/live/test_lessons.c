/* SPDX-License-Identifier: MIT
 * The orders that lessons are made of, and that a fresh worker carries out on tasks of its own: what it says of them.
 */
#include <fnmatch.h>

#include "kit.h"
#include "told.h"

/* Starts a crew of one, has the order done, by a fresh worker if it takes one, and returns what is said. */
static const struct worker_sample *result_of_any(
	struct crew_fixture *f, enum side side, enum order order, int64_t argument)
{
	struct crew_plan plan = { .kind = side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS,
		.workers = 1,
		.job = JOB_SLEEP,
		.cpu = -1 };
	const struct worker_sample *who;
	int index = order_table[order].unconfined;

	assert_int_equal(crew_start(f->crews, side, &plan), 0);
	assert_int_equal(crew_await(f->crews, side, PATIENCE, -1), 0);
	assert_int_equal(crew_order(f->crews, side, 0, order, argument), 0);
	await(f->crews, &f->sample,
		(who = kit_worker(&f->sample, side, index)) && who->orders_done > 0 &&
			who->phase == (index ? WORKER_ENDED : WORKER_ALIVE));
	assert_int_equal(kit_crew(&f->sample, side)->alive, 1);
	return who;
}

static const char *result_of(
	struct crew_fixture *f, enum side side, enum order order, int64_t argument)
{
	const struct worker_sample *who = result_of_any(f, side, order, argument);

	if (who->order_state != ORDER_STATE_DONE)
		fail_msg("%s: %s", order_table[order].name, who->last_result);
	return who->last_result;
}

/* Results are patterns of fnmatch(3). */
static void lives_of_processes_go_as_the_kernel_has_them(void **state)
{
	static const struct {
		enum side side;
		enum order order;
		int64_t argument;
		const char *result;
	} cases[] = { { SIDE_LEFT, ORDER_MULTIPLY, 3, "fork() 3 times: 1, 2, 4, 8 tasks" },
		{ SIDE_LEFT, ORDER_MULTIPLY, 4, "fork() 4 times: 1, 2, 4, 8, 16 tasks" },
		{ SIDE_RIGHT, ORDER_MULTIPLY, 3, "pthread_create() 3 times: 1, 2, 3, 4 tasks" },
		{ SIDE_LEFT, ORDER_PIPELINE, 1,
			"taskscope-crew [1-9]*, then * [1-9]*; cat lived * ms longer" },
		{ SIDE_RIGHT, ORDER_PIPELINE, 2,
			"taskscope-crew [1-9]*, then * [1-9]*; cat lived 300 ms longer" },
		{ SIDE_LEFT, ORDER_STATES, 0, "R S D T Z, then gone" },
		{ SIDE_RIGHT, ORDER_STATES, 0, "R S D T Z, then gone" },
		{ SIDE_LEFT, ORDER_DAEMON, 0, "PID *: session *, before *; parent *, before *" },
		{ SIDE_LEFT, ORDER_TERMINATE, 0,
			"SIGTERM: 1 handler ran; SIGKILL: ended by 9, a handler is refused" } };
	struct crew_fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *result = result_of(f, cases[i].side, cases[i].order, cases[i].argument);
		if (fnmatch(cases[i].result, result, 0) != 0)
			fail_msg("%s: %s", order_table[cases[i].order].name, result);
	}
}

static void exec_keeps_the_pid(void **state)
{
	const char *result = result_of(*state, SIDE_LEFT, ORDER_PIPELINE, 1);
	int before = 0, after = -1;

	assert_int_equal(sscanf(result, "taskscope-crew %d, then %*s %d;", &before, &after), 2);
	assert_int_equal(before, after);
}

/* Whatever the machine does meanwhile: the numbers are there, and the sums were equal. */
static void one_sum_is_split_among_tasks(void **state)
{
	static const struct {
		enum side side;
		enum order order;
		const char *result;
	} cases[] = {
		{ SIDE_LEFT, ORDER_SUM, "2 tasks x*, 4 tasks x*, serial *, waited *, 1 CPU*" },
		{ SIDE_RIGHT, ORDER_SUM, "2 tasks x*, 4 tasks x*, serial *, waited *, 1 CPU*" },
		{ SIDE_LEFT, ORDER_SUM_WAITS, "2 tasks x*, 4 tasks x*, serial 0 *, 1 CPU*" },
		{ SIDE_RIGHT, ORDER_SUM_LOCKS, "2 tasks x*, 4 tasks x*, serial 0 *, 1 CPU*" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *result = result_of(*state, cases[i].side, cases[i].order, 1);
		if (fnmatch(cases[i].result, result, 0) != 0)
			fail_msg("%s: %s", order_table[cases[i].order].name, result);
	}
}

/* A switch of stacks is none of the kernel's, and a task that is blocked runs nothing. */
static void user_threads_are_one_task(void **state)
{
	struct crew_fixture *f = *state;

	for (int side = 0; side < SIDES; side++) {
		int ns, n, voluntary, futex_ns, futex_n, futex_voluntary, turns, of_thread, cpus,
			part;
		const char *result = result_of(f, (enum side)side, ORDER_USER_SWITCH, 0);
		assert_int_equal(
			sscanf(result,
				"%d ns each of %d, gave up %d, lost %*d; futex %d ns each of %d, "
				"gave up %d",
				&ns, &n, &voluntary, &futex_ns, &futex_n, &futex_voluntary),
			6);
		assert_true(voluntary < n / 1000);
		assert_true(futex_voluntary > futex_n / 10);
		assert_true(ns < futex_ns);
		result = result_of(f, (enum side)side, ORDER_USER_BLOCK, 0);
		assert_int_equal(
			sscanf(result, "while one read: %d turns of the other user thread, %d",
				&turns, &of_thread),
			2);
		assert_int_equal(turns, 0);
		assert_true(of_thread > 0);
		result = result_of(f, (enum side)side, ORDER_USER_CPUS, 0);
		assert_int_equal(sscanf(result, "two user threads: %d.%d CPUs", &cpus, &part), 2);
		assert_true(100 * cpus + part <= 105);
	}
}

/* Where the kernel allows them; else it says which error. */
static void a_process_in_namespaces_has_two_pids(void **state)
{
	int inside, outside, kernels;
	const struct worker_sample *who = result_of_any(*state, SIDE_LEFT, ORDER_NAMESPACES, 0);

	if (who->order_state != ORDER_STATE_DONE) {
		assert_int_equal(fnmatch("its own namespaces: *", who->last_result, 0), 0);
		return;
	}
	assert_int_equal(sscanf(who->last_result,
				 "PID %d, outside %d; interfaces 1, %*d; mounts %*d, %*d; "
				 "host names 2, kernels %d",
				 &inside, &outside, &kernels),
		3);
	assert_int_equal(inside, 1);
	assert_true(outside > 1);
	assert_int_equal(kernels, 1);
}

static void locks_are_waited_for_in_many_ways(void **state)
{
	static const struct {
		enum side side;
		enum order order;
		int64_t argument;
		const char *result;
	} cases[] = {
		{ SIDE_RIGHT, ORDER_WAIT_WAYS, 1,
			"CPU ms: mutex *, semaphore *, condition *, spinlock *" },
		{ SIDE_LEFT, ORDER_WAIT_WAYS, 1,
			"CPU ms: mutex *, semaphore *, condition *, spinlock *" },
		{ SIDE_LEFT, ORDER_ROBUST, 0,
			"robust: EOWNERDEAD after * us; plain: locked after 300 ms still" },
		{ SIDE_RIGHT, ORDER_ROBUST, 0,
			"robust: EOWNERDEAD after * us; plain: locked after 300 ms still" },
		{ SIDE_RIGHT, ORDER_INVERSION, 0, "* ms; beside a spinner * ms; * PI *" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *result =
			result_of(*state, cases[i].side, cases[i].order, cases[i].argument);
		if (fnmatch(cases[i].result, result, 0) != 0)
			fail_msg("%s: %s", order_table[cases[i].order].name, result);
		print_message("# %s: %s\n", order_table[cases[i].order].name, result);
	}
}

static int run_all(struct crew_fixture *f)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(lives_of_processes_go_as_the_kernel_has_them, f),
		cmocka_unit_test_prestate(exec_keeps_the_pid, f),
		cmocka_unit_test_prestate(one_sum_is_split_among_tasks, f),
		cmocka_unit_test_prestate(user_threads_are_one_task, f),
		cmocka_unit_test_prestate(locks_are_waited_for_in_many_ways, f),
		cmocka_unit_test_prestate(a_process_in_namespaces_has_two_pids, f),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return crew_tests_main(argc, argv, run_all);
}
