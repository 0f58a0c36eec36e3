/* SPDX-License-Identifier: MIT
 * Who descends from a process: found by the kernel's lists of children, and by the parents of all where there are none; and
 * that a signal reaches them all, but for those spared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

/* Its parts are tested, too. */
#include "../../src/job/offspring.c"

#define CHILDREN 5

/* A child that has a child, which tells its id through the pipe; both sleep. */
static pid_t make_line(int told)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pid_t inner = fork();

		if (inner == 0) {
			pid_t self = getpid();

			prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (write(told, &self, sizeof(self)) != (ssize_t)sizeof(self))
				_exit(1);
		}
		for (;;)
			pause();
	}
	return pid;
}

static void make_lines(pid_t *outer, pid_t *inner)
{
	int told[2];

	assert_int_equal(pipe(told), 0);
	for (int i = 0; i < CHILDREN; i++) {
		outer[i] = make_line(told[1]);
		assert_int_equal(read(told[0], &inner[i], sizeof(inner[i])), sizeof(inner[i]));
	}
	close(told[0]);
	close(told[1]);
}

static void await_none(void)
{
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static bool holds(const struct family *family, pid_t pid, pid_t parent)
{
	for (size_t i = 0; i < family->n; i++)
		if (family->at[i].pid == pid && family->at[i].parent == parent)
			return true;
	return false;
}

static void both_ways_find_the_same_children(void **state)
{
	pid_t outer[CHILDREN], inner[CHILDREN];

	make_lines(outer, inner);
	for (int by_task = 0; by_task < 2; by_task++) {
		struct family family = { 0 };

		add_children(&family, getpid(), by_task);
		assert_int_equal(family.n, CHILDREN);
		for (int i = 0; i < CHILDREN; i++)
			assert_true(holds(&family, outer[i], getpid()));
		add_children(&family, outer[0], by_task);
		assert_int_equal(family.n, CHILDREN + 1);
		assert_true(holds(&family, inner[0], outer[0]));
		free(family.at);
	}
	offspring_kill(NULL, 0);
	await_none();
}

static void those_spared_are_not_reached_nor_what_descends_from_them(void **state)
{
	pid_t outer[CHILDREN], inner[CHILDREN];
	int status;

	make_lines(outer, inner);
	offspring_kill(outer, 2);
	/* The inner ones of those that were ended have become ours. */
	for (int i = 0; i < 2 * (CHILDREN - 2); i++) {
		pid_t pid = waitpid(-1, &status, 0);

		assert_true(
			pid != outer[0] && pid != outer[1] && pid != inner[0] && pid != inner[1]);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	assert_int_equal(waitpid(-1, &status, WNOHANG), 0);
	offspring_kill(NULL, 0);
	await_none();
}

static void stopped_ones_are_ended(void **state)
{
	pid_t outer[CHILDREN], inner[CHILDREN];

	make_lines(outer, inner);
	offspring_signal(SIGSTOP, NULL, 0);
	offspring_signal(SIGTERM, NULL, 0);
	offspring_signal(SIGCONT, NULL, 0);
	await_none();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways_find_the_same_children),
		cmocka_unit_test(those_spared_are_not_reached_nor_what_descends_from_them),
		cmocka_unit_test(stopped_ones_are_ended),
	};

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
