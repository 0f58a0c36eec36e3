/* SPDX-License-Identifier: MIT
 * Supervisors under bad conditions: a user's limit, a wrong or missing program, a screen that ends in every way.
 */
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board.h"
#include "kit.h"

#define SIX                                                                                        \
	"XX"                                                                                       \
	"XX"                                                                                       \
	"XX" /* what mkstemp replaces */

struct fixture {
	struct sample sample;
	const char *worker;
};

typedef int screen_of(void *context, struct crews *crews);

/* Runs a supervisor in a child that first does `before`; returns its exit status. */
static int supervise_apart(
	struct fixture *f, const char *worker_path, void (*before)(void), screen_of *screen)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		struct supervise_options options = { .screen = screen,
			.with_crews = true,
			.context = f,
			.worker_path = worker_path };

		/* A test that is itself killed must not leave a crew running. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (before)
			before();
		_exit(supervise(&options));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int start_and_look(struct fixture *f, struct crews *crews, enum kind kind, int workers)
{
	struct crew_plan plan = { .kind = kind, .workers = workers, .job = JOB_SLEEP, .cpu = -1 };

	if (crew_start(crews, SIDE_LEFT, &plan) != 0 ||
		crew_await(crews, SIDE_LEFT, PATIENCE, -1) != 0)
		return -1;
	kit_look(crews, &f->sample);
	return 0;
}

static int limits_are_said(void *context, struct crews *crews)
{
	struct fixture *f = context;

	for (int kind = 0; kind < KINDS; kind++) {
		if (start_and_look(f, crews, (enum kind)kind, 64) != 0)
			return 1;
		struct crew_sample *c = kit_crew(&f->sample, SIDE_LEFT);
		char expected[120];

		snprintf(expected, sizeof(expected),
			"limit: %d of 64 started: %s: Resource temporarily unavailable "
			"(RLIMIT_NPROC 20: raise it)",
			c->alive, kind == KIND_PROCESSES ? "fork" : "pthread_create");
		printf("# %s\n", c->note);
		if (c->state != CREW_RUNNING || c->alive < 10 || c->alive > 19 || c->wanted != 64 ||
			strcmp(c->note, expected) != 0)
			return 2;
		crew_stop(crews, SIDE_LEFT);
	}
	return 0;
}

static void become_limited(void)
{
	struct rlimit limit = { 20, 20 };
	uid_t nobody_else = 54000 + (uid_t)getpid() % 1000;

	/* Root is not limited, so it becomes a user who has no other process. */
	if (getuid() == 0 &&
		(setgroups(0, NULL) != 0 || setresgid(nobody_else, nobody_else, nobody_else) != 0 ||
			setresuid(nobody_else, nobody_else, nobody_else) != 0))
		_exit(99);
	setrlimit(RLIMIT_NPROC, &limit);
}

/* A copy that every user may execute. */
static void copy_worker(const char *from, char *folder, char *to, size_t size)
{
	char block[65536];
	ssize_t n;

	assert_non_null(mkdtemp(folder));
	assert_int_equal(chmod(folder, 0755), 0);
	snprintf(to, size, "%s/taskscope-crew", folder);
	int in = open(from, O_RDONLY | O_CLOEXEC),
	    out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);

	assert_true(in >= 0 && out >= 0);
	while ((n = read(in, block, sizeof(block))) > 0)
		assert_int_equal(write(out, block, (size_t)n), n);
	fchmod(out, 0755);
	close(in);
	close(out);
}

static void what_a_limit_allows_is_started_and_the_rest_said(void **state)
{
	struct fixture *f = *state;
	char folder[] = "/tmp/taskscope-test-" SIX, path[128];

	/* Only root can become a user without other processes, and an unprivileged user's other tasks are not ours to know. */
	if (getuid() != 0) {
		print_message(
			"# as an ordinary user the limit counts tasks of others: not tried\n");
		return;
	}
	copy_worker(f->worker, folder, path, sizeof(path));
	int status = supervise_apart(f, path, become_limited, limits_are_said);

	unlink(path);
	rmdir(folder);
	assert_int_equal(status, 0);
}

static int failure_is_said(void *context, struct crews *crews)
{
	struct fixture *f = context;

	if (start_and_look(f, crews, KIND_THREADS, 2) != 0)
		return 1;
	struct crew_sample *c = kit_crew(&f->sample, SIDE_LEFT);

	printf("# %s\n", c->note);
	return c->state == CREW_FAILED && strstr(c->note, "taskscope-crew") && c->alive == 0 &&
			       c->host == 0
		       ? 0
		       : 2;
}

static void a_wrong_program_is_a_clear_failure(void **state)
{
	struct fixture *f = *state;
	char script[] = "/tmp/taskscope-test-" SIX;
	int fd = mkstemp(script);
	static const char sleeper[] = "#!/bin/sh\nexec sleep 30\n";

	assert_true(fd >= 0);
	assert_int_equal(write(fd, sleeper, sizeof(sleeper) - 1), (int)sizeof(sleeper) - 1);
	assert_int_equal(
		supervise_apart(f, script, NULL, failure_is_said), 0); /* may not be executed */
	fchmod(fd, 0700);
	close(fd);
	assert_int_equal(supervise_apart(f, script, NULL, failure_is_said), 0); /* never answers */
	unlink(script);
	assert_int_equal(supervise_apart(f, script, NULL, failure_is_said), 0); /* is not there */
	assert_int_equal(supervise_apart(f, "/bin/true", NULL, failure_is_said), 0);
	assert_int_equal(supervise_apart(f, NULL, NULL, failure_is_said), 0);
}

static int give_seven(void *context, struct crews *crews)
{
	return 7;
}

static void the_screen_s_status_is_passed_on(void **state)
{
	assert_int_equal(supervise_apart(*state, "/bin/true", NULL, give_seven), 7);
}

/* As on Ctrl-Z: all stop, and what the viewer had stopped stays so when they go on. */
static int stop_and_go_on(void *context, struct crews *crews)
{
	struct fixture *f = context;
	struct crew_plan plan = {
		.kind = KIND_PROCESSES, .workers = 2, .job = JOB_SLEEP, .cpu = -1
	};

	for (int side = 0; side < SIDES; side++, plan.kind = KIND_THREADS)
		if (crew_start(crews, (enum side)side, &plan) != 0 ||
			crew_await(crews, (enum side)side, PATIENCE, -1) != 0)
			return 1;
	kit_look(crews, &f->sample);
	int32_t stopped = kit_worker(&f->sample, SIDE_LEFT, 1)->pid,
		host = kit_crew(&f->sample, SIDE_RIGHT)->host;

	crew_signal(crews, SIDE_LEFT, 1, SIGSTOP);
	await(crews, &f->sample, kit_status(stopped, stopped, "State") == 'T');
	crews_suspend(crews);
	raise(SIGSTOP);
	int32_t other = kit_worker(&f->sample, SIDE_LEFT, 0)->pid;

	await(crews, &f->sample, kit_status(other, other, "State") == 'T');

	crews_resume(crews);
	int64_t rounds[SIDES] = { kit_worker(&f->sample, SIDE_LEFT, 0)->rounds,
		kit_worker(&f->sample, SIDE_RIGHT, 0)->rounds };

	await(crews, &f->sample, kit_worker(&f->sample, SIDE_LEFT, 0)->rounds > rounds[0] + 2);
	await(crews, &f->sample, kit_worker(&f->sample, SIDE_RIGHT, 0)->rounds > rounds[1] + 2);
	return kit_status(host, host, "State") != 'T' &&
			       kit_status(stopped, stopped, "State") == 'T'
		       ? 0
		       : 2;
}

static void all_stop_with_the_screen_and_go_on(void **state)
{
	struct fixture *f = *state;
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		struct supervise_options options = { .screen = stop_and_go_on,
			.with_crews = true,
			.context = f,
			.worker_path = f->worker };

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(supervise(&options));
	}
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_true(WIFSTOPPED(status));
	kill(pid, SIGCONT);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* --- whom workers let in --- */

static int rest(void *context)
{
	while (true)
		pause();
	return 0;
}

static int32_t prober_of(const struct crews *crews)
{
	int32_t pids[3] = { 0 };

	crews_own_pids(crews, pids, 3);
	return pids[2];
}

/* The board as a host has it. */
static bool read_board(int32_t host, struct board *ret)
{
	char path[64], line[256];
	unsigned long low = 0;

	snprintf(path, sizeof(path), "/proc/%d/maps", host);
	FILE *maps = fopen(path, "re");

	while (maps && !low && fgets(line, sizeof(line), maps))
		if (strstr(line, BOARD_NAME))
			low = strtoul(line, NULL, 16);
	if (maps)
		fclose(maps);
	snprintf(path, sizeof(path), "/proc/%d/mem", host);
	int fd = low ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	bool read_all = fd >= 0 && pread(fd, ret, sizeof(*ret), (off_t)low) == sizeof(*ret);

	if (fd >= 0)
		close(fd);
	return read_all;
}

static bool both_let_in(struct fixture *f, int32_t prober)
{
	static struct board board;
	bool all = prober > 0;

	for (int side = 0; side < SIDES; side++) {
		all &= read_board(kit_crew(&f->sample, (enum side)side)->host, &board);
		for (int i = 0; i < 2; i++)
			all &= atomic_load(&board.slots[i].tracer) == prober;
	}
	return all;
}

/* Every worker names the prober, and the new one when that was killed. */
static int look_who_is_let_in(void *context, struct crews *crews)
{
	struct fixture *f = context;
	struct crew_plan plan = { .workers = 2, .job = JOB_SPIN, .cpu = -1 };

	for (int side = 0; side < SIDES; side++) {
		plan.kind = side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS;
		if (crew_start(crews, (enum side)side, &plan) != 0 ||
			crew_await(crews, (enum side)side, PATIENCE, -1) != 0)
			return 1;
	}
	await(crews, &f->sample, both_let_in(f, prober_of(crews)));
	int32_t first = prober_of(crews);

	if (crews_restart_prober(crews) != 0)
		return 2;
	await(crews, &f->sample, prober_of(crews) > 0 && prober_of(crews) != first);
	await(crews, &f->sample, both_let_in(f, prober_of(crews)));
	return 0;
}

static void workers_let_the_prober_in_and_nobody_else(void **state)
{
	struct fixture *f = *state;
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		struct supervise_options options = { .screen = look_who_is_let_in,
			.prober = rest,
			.with_crews = true,
			.context = f,
			.worker_path = f->worker };

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(supervise(&options));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(int argc, char **argv)
{
	struct fixture f = { .worker = argc > 1 ? argv[1] : NULL };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(what_a_limit_allows_is_started_and_the_rest_said, &f),
		cmocka_unit_test_prestate(a_wrong_program_is_a_clear_failure, &f),
		cmocka_unit_test_prestate(all_stop_with_the_screen_and_go_on, &f),
		cmocka_unit_test_prestate(workers_let_the_prober_in_and_nobody_else, &f),
		cmocka_unit_test_prestate(the_screen_s_status_is_passed_on, &f),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
