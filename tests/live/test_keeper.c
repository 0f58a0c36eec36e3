/* SPDX-License-Identifier: MIT
 * Programs that a keeper runs: what it reports of their ends and of what they print, and that none of their processes is
 * left, whatever they do and however taskscope ends.
 */
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kit.h"

/* What the screen's process tells the test. */
struct shared {
	const char *worker_path;
	const struct program *programs;
	size_t n;
	struct program_sample said[32];
	_Atomic int32_t screen, keeper;
	_Atomic uint32_t playing;
};

/* A line for sh, and what its record says at its end. */
struct program {
	const char *line;
	const char *
		until; /* it is asked to end once it has printed this, or is in this state; NULL: never */
	int64_t status, signal;
	const char *last; /* NULL: not compared */
};

#define STOPPED "(stopped)"
#define KILLS 12
#define LAST_KILL (40 * NSEC_PER_MSEC)

static const struct program programs[] = {
	{ "exit 0", NULL, 0, UNKNOWN, "" },
	{ "exit 7", NULL, 7, UNKNOWN, "" },
	{ "echo one; echo two >&2; printf three", NULL, 0, UNKNOWN,
		"one" PROGRAM_LINE "two" PROGRAM_LINE "three" },
	{ "kill -SEGV $$", NULL, UNKNOWN, SIGSEGV, NULL },
	/* standard input is empty, and there is no terminal */
	{ "cat; echo read $?", NULL, 0, UNKNOWN, "read 0" },
	{ "if (: </dev/tty) 2>/dev/null; then echo tty; else echo none; fi", NULL, 0, UNKNOWN,
		"none" },
	/* it does not wait for who reads */
	{ "head -c 100000000 /dev/zero | tr '\\0' x; echo; echo end", NULL, 0, UNKNOWN, NULL },
	/* what it sends to its group reaches nobody of ours */
	{ "trap '' TERM; kill -TERM 0; echo alive", NULL, 0, UNKNOWN, "alive" },
	/* a server, one that ignores TERM, one that stopped itself, one that left two daemons */
	{ "echo up; exec sleep 300", "up", UNKNOWN, SIGTERM, "up" },
	{ "trap '' TERM; echo up; while :; do sleep 300; done", "up", UNKNOWN, SIGKILL, "up" },
	{ "kill -STOP $$; exec sleep 300", STOPPED, UNKNOWN, SIGTERM, "" },
	{ "(setsid sh -c 'trap \"\" TERM; echo up; sleep 300' &); exit 3", "up", 3, UNKNOWN, "up" },
	/* children in a stopped group of their own */
	{ "sh -c 'kill -STOP $$' & sh -c 'sleep 300 & wait' & echo up; wait", "up", UNKNOWN,
		SIGTERM, "up" },
};

#define NASTY                                                                                      \
	"trap '' TERM; (setsid sh -c 'trap \"\" TERM; sleep 300' &); sh -c 'kill -STOP $$' & "     \
	"echo up; "                                                                                \
	"while :; do sleep 300; done"

static void look(struct crews *crews, struct sample *sample)
{
	struct pollfd fd = { .fd = crews_fd(crews), .events = POLLIN };

	poll(&fd, 1, 5);
	crews_dispatch(crews);
	sample_clear(sample);
	crews_report_programs(crews, sample);
}

static int start(struct crews *crews, const char *line)
{
	char *words[] = { (char *)"sh", (char *)"-c", (char *)line, NULL };
	const struct keep_plan keep = {
		.words = words, .n = 3, .path = "/bin/sh", .command = line
	};
	const struct crew_plan plan = { .job = JOB_SLEEP, .cpu = -1, .keep = &keep };

	if (crew_start(crews, SIDE_LEFT, &plan) != 0 ||
		crew_await(crews, SIDE_LEFT, PATIENCE, -1) != 0)
		return -1;
	crews_let_programs_start(crews);
	return 0;
}

static bool has_come(const struct program *program, const struct program_sample *now)
{
	if (!program->until)
		return false;
	if (strcmp(program->until, STOPPED) == 0)
		return now->state == PROGRAM_STOPPED && now->stopped_by == SIGSTOP;
	return strcmp(now->last, program->until) == 0;
}

/* Runs one to its end. */
static int play(struct crews *crews, const struct program *program, struct sample *sample)
{
	nsec until = nsec_monotonic() + PATIENCE;

	if (start(crews, program->line) != 0)
		return -1;
	while (!crew_program_is_over(crews, SIDE_LEFT)) {
		look(crews, sample);
		if (sample->programs.n == 1 && has_come(program, &sample->programs.at[0]))
			crew_end_program(crews, SIDE_LEFT);
		if (nsec_monotonic() > until)
			return -1;
	}
	look(crews, sample);
	return sample->programs.n == 1 ? 0 : -1;
}

static int play_all(void *context, struct crews *crews)
{
	struct shared *shared = context;
	struct sample sample = { 0 };
	int status = 0;

	for (size_t i = 0; i < shared->n && !status; i++)
		if (play(crews, &shared->programs[i], &sample) != 0)
			status = 10 + (int)i;
		else
			shared->said[i] = sample.programs.at[0];
	sample_finish(&sample);
	return status;
}

static void stay(struct shared *shared, struct crews *crews, const char *line)
{
	struct sample sample = { 0 };

	atomic_store(&shared->screen, getpid());
	if (start(crews, line) != 0)
		_exit(9);
	do {
		look(crews, &sample);
	} while (strcmp(sample.programs.at[0].last, "up") != 0);
	atomic_store(&shared->keeper, sample.programs.at[0].keeper);
	sample_finish(&sample);
	atomic_store(&shared->playing, 1);
}

static int play_nasty_and_leave(void *context, struct crews *crews)
{
	stay(context, crews, NASTY);
	return 0;
}

static int play_nasty(void *context, struct crews *crews)
{
	struct sample sample = { 0 };

	stay(context, crews, NASTY);
	while (true)
		look(crews, &sample);
	return 0;
}

static pid_t start_supervisor(struct shared *shared, int (*screen)(void *, struct crews *))
{
	pid_t pid = fork();

	if (pid == 0) {
		const struct supervise_options options = { .screen = screen,
			.context = shared,
			.with_crews = true,
			.worker_path = shared->worker_path };

		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		_exit(supervise(&options));
	}
	assert_true(pid > 0);
	return pid;
}

/* All that loses its parent becomes the test's child: without children nothing is left. */
static void await_nothing(const char *when)
{
	nsec from = nsec_monotonic();

	while (waitpid(-1, NULL, WNOHANG) >= 0) {
		if (nsec_monotonic() - from > PATIENCE)
			fail_msg("%s: something is left", when);
		nanosleep(&(struct timespec) { .tv_nsec = 1000000 }, NULL);
	}
	print_message("# %s: nothing is left after %.2f s\n", when,
		(double)(nsec_monotonic() - from) / (double)NSEC_PER_SEC);
}

/* --- the cases --- */

static void every_program_is_run_to_its_end_and_reported(void **state)
{
	struct shared *shared = *state;
	int status = 0;

	shared->programs = programs;
	shared->n = ARRAY_LEN(programs);
	pid_t pid = start_supervisor(shared, play_all);

	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WEXITSTATUS(status) >= 10 && WEXITSTATUS(status) < 10 + (int)ARRAY_LEN(programs))
		fail_msg("'%s' did not end", programs[WEXITSTATUS(status) - 10].line);
	assert_int_equal(status, 0);
	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		const struct program_sample *said = &shared->said[i];

		if (said->state != PROGRAM_OVER || program_status(said) != programs[i].status ||
			program_signal(said) != programs[i].signal ||
			(programs[i].last && strcmp(said->last, programs[i].last) != 0))
			fail_msg("'%s': state %d, status %d, signal %d, said '%s', %s",
				programs[i].line, said->state, (int)program_status(said),
				(int)program_signal(said), said->last, said->note);
		assert_true(
			said->pid > 0 && said->wall_ns > 0 && said->ended_ns > said->started_ns);
		assert_true(said->user_us >= 0 && said->system_us >= 0 && said->peak_rss_kb > 0);
		if (strstr(programs[i].line, "100000000"))
			assert_int_equal(said->printed, 100000000 + 5);
	}
	await_nothing("after all programs");
}

static void wait_until_it_plays(const struct shared *shared)
{
	nsec until = nsec_monotonic() + PATIENCE;

	while (!atomic_load(&shared->playing)) {
		assert_true(nsec_monotonic() < until);
		nanosleep(&(struct timespec) { .tv_nsec = 1000000 }, NULL);
	}
}

static void nothing_is_left_when_the_screen_leaves(void **state)
{
	start_supervisor(*state, play_nasty_and_leave);
	await_nothing("the screen left");
}

/* Bits: the supervisor, the screen, the keeper. */
static void kill_some(struct shared *shared, unsigned whom, int signal, const char *name)
{
	atomic_store(&shared->playing, 0);
	pid_t supervisor = start_supervisor(shared, play_nasty);

	wait_until_it_plays(shared);
	if (whom & 1)
		kill(supervisor, signal);
	if (whom & 2)
		kill(atomic_load(&shared->screen), signal);
	if (whom & 4)
		kill(atomic_load(&shared->keeper), signal);
	/* Of a keeper alone, the screen goes on. */
	if (whom == 4) {
		nsec until = nsec_monotonic() + PATIENCE;
		char path[64];

		snprintf(path, sizeof(path), "/proc/%d", atomic_load(&shared->keeper));
		while (access(path, F_OK) == 0 && nsec_monotonic() < until)
			nanosleep(&(struct timespec) { .tv_nsec = 1000000 }, NULL);
		kill(supervisor, SIGTERM);
	}
	await_nothing(name);
}

static void nothing_is_left_whoever_is_killed(void **state)
{
	struct shared *shared = *state;

	kill_some(shared, 1, SIGTERM, "SIGTERM to the supervisor");
	kill_some(shared, 1, SIGKILL, "the supervisor killed");
	kill_some(shared, 2, SIGKILL, "the screen killed");
	kill_some(shared, 1 | 2, SIGKILL, "supervisor and screen killed");
	kill_some(shared, 4, SIGKILL, "the keeper killed");
	kill_some(shared, 2 | 4, SIGKILL, "screen and keeper killed");
}

/* In the burst of the start, wherever it is by then. */
static void nothing_is_left_when_it_is_killed_at_any_moment(void **state)
{
	struct shared *shared = *state;

	for (int i = 0; i < KILLS; i++) {
		pid_t supervisor = start_supervisor(shared, play_nasty);
		nsec from = nsec_monotonic();

		nanosleep(&(struct timespec) { .tv_nsec = i * LAST_KILL / KILLS }, NULL);
		kill(supervisor, SIGKILL);
		while (waitpid(-1, NULL, WNOHANG) >= 0) {
			assert_true(nsec_monotonic() - from < PATIENCE);
			nanosleep(&(struct timespec) { .tv_nsec = 1000000 }, NULL);
		}
	}
}

static void play_simple_and_die(struct shared *shared, pid_t supervisor)
{
	wait_until_it_plays(shared);
	kill(supervisor, SIGKILL);
	kill(atomic_load(&shared->keeper), SIGKILL);
}

static int play_simple(void *context, struct crews *crews)
{
	struct sample sample = { 0 };

	stay(context, crews, "echo up; exec sleep 300");
	while (true)
		look(crews, &sample);
	return 0;
}

/* Then nobody is there to end what the program started; its first process the kernel ends. */
static void the_first_process_dies_with_keeper_and_supervisor(void **state)
{
	struct shared *shared = *state;

	atomic_store(&shared->playing, 0);
	play_simple_and_die(shared, start_supervisor(shared, play_simple));
	await_nothing("supervisor and keeper killed");
}

static struct shared *the_shared;

static int take_shared(void **state)
{
	*state = the_shared;
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_program_is_run_to_its_end_and_reported),
		cmocka_unit_test(nothing_is_left_when_the_screen_leaves),
		cmocka_unit_test(nothing_is_left_whoever_is_killed),
		cmocka_unit_test(nothing_is_left_when_it_is_killed_at_any_moment),
		cmocka_unit_test(the_first_process_dies_with_keeper_and_supervisor),
	};
	struct shared *shared = mmap(
		NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (argc < 2 || shared == MAP_FAILED)
		return 1;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	shared->worker_path = argv[1];
	the_shared = shared;
	return cmocka_run_group_tests(tests, take_shared, NULL);
}
