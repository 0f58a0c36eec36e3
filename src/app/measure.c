/* SPDX-License-Identifier: MIT
 * `taskscope measure WHAT`: duels without a screen. Says on a terminal what it is doing; a signal ends it, and what was
 * measured until then is printed.
 */
#include "measure.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "app.h"

#define PROGRESS_EVERY_MS 100

int measure_cpus(int32_t *cpus, int n)
{
	cpu_set_t allowed;
	int found = 0;
	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		return 0;
	for (int cpu = 0; cpu < CPU_SETSIZE && found < n; cpu++)
		if (CPU_ISSET(cpu, &allowed))
			cpus[found++] = cpu;
	return found;
}

struct run {
	struct measured measured;
	struct crews *crews;
	struct duel_plan plan;
	int signals;
	bool terminal; /* of stderr: progress is shown */
	nsec started;
	char problem[240];
};

static int open_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static const char *state_word(enum duel_state state)
{
	static const char *const words[] = {
		[DUEL_OFF] = "",
		[DUEL_RUNNING] = "running",
		[DUEL_DONE] = "done",
		[DUEL_STOPPED] = "stopped",
		[DUEL_FAILED] = "failed",
	};
	return words[state];
}

static void look(struct run *run)
{
	const char *note;
	enum duel_state state = crews_duel_state(run->crews, &note);
	duel_report(crews_duel_page(run->crews), state_word(state), note, &run->measured.sample);
}

/* One line that is written over itself. */
static void show_progress(struct run *run)
{
	const struct duel_state_sample *now = &run->measured.sample.duel;
	double left =
		duel_plan_ms(&run->plan) / 1000.0 - (double)(nsec_monotonic() - run->started) / 1e9;
	if (!run->terminal)
		return;
	look(run);
	fprintf(stderr,
		"\r\033[K%s: round %d of %d: %s (at most %.0f s more; ^C ends it and shows what "
		"there is)",
		now->duel, now->round + 1, now->rounds, now->current, MAX(left, 0));
}

static void take_signal(struct run *run)
{
	struct signalfd_siginfo info;
	while (read(run->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		run->measured.signal = (int)info.ssi_signo;
		crews_duel_stop(run->crews);
	}
}

static void wait_for_end(struct run *run)
{
	while (crews_duel_state(run->crews, NULL) == DUEL_RUNNING) {
		struct pollfd fds[] = { { .fd = crews_fd(run->crews), .events = POLLIN },
			{ .fd = run->signals, .events = POLLIN } };
		poll(fds, ARRAY_LEN(fds), PROGRESS_EVERY_MS);
		crews_dispatch(run->crews);
		take_signal(run);
		show_progress(run);
	}
	if (run->terminal)
		fprintf(stderr, "\r\033[K");
}

static int print(struct run *run)
{
	struct buf out = { 0 };
	if (run->measured.cli->json)
		measure_put_json(&run->measured, &out);
	else
		measure_put_text(&run->measured, &out);
	return output_text(&out);
}

static int run_duel(void *context, struct crews *crews)
{
	struct run *run = context;
	run->crews = crews;
	run->signals = open_signals();
	run->terminal = isatty(STDERR_FILENO);
	run->started = nsec_monotonic();
	int error = crews_duel_start(crews, &run->plan);
	if (!error)
		wait_for_end(run);
	look(run);
	run->measured.seconds = (double)(nsec_monotonic() - run->started) / 1e9;
	int status = print(run);
	bool failed = crews_duel_state(crews, NULL) == DUEL_FAILED;
	if (failed)
		fprintf(stderr, "taskscope: the duel failed: %s\n", run->measured.sample.duel.note);
	sample_finish(&run->measured.sample);
	if (status != EXIT_FINE)
		return status;
	return run->measured.signal ? 128 + run->measured.signal : failed ? EXIT_FAILED : EXIT_FINE;
}

int measure(const struct cli *cli)
{
	struct run run = { .measured = { .cli = cli } };
	int32_t cpus[256];
	struct duel_room room = { .cpus = cpus, .n_cpus = measure_cpus(cpus, ARRAY_LEN(cpus)) };
	machine_card_read(NULL, &run.measured.card);
	machine_traits_read(NULL, NULL, &run.measured.traits);
	room.available_kb = run.measured.traits.available_kb;
	run.measured.plan = &run.plan;
	if (duel_plan_make(&cli->duel, &room, &run.plan, run.problem, sizeof(run.problem)) != 0) {
		fprintf(stderr, "taskscope: %s\n", run.problem);
		return EXIT_USAGE;
	}
	const struct supervise_options options = {
		.screen = run_duel, .context = &run, .with_crews = true
	};
	return supervise(&options);
}
