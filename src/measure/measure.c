/* SPDX-License-Identifier: MIT
 * `taskscope measure WHAT`: duels without a screen. Says on a terminal what it is doing; a signal ends it, and what was
 * measured until then is printed.
 */
#include "measured.h"

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "crew.h"
#include "measure.h"
#include "output.h"

#define PROGRESS_EVERY_MS 100

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
		if (!signal_is_ignored(numbers[i]))
			sigaddset(&set, numbers[i]);
	/* There is no terminal to put back: when the supervisor dies, whatever we wait for has no reader. Before signals are
	 * blocked, so that its death until now has ended us. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
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

/* The cells of a terminal's row; 0: it is no terminal. */
static int terminal_cols(int fd)
{
	struct winsize size;
	return isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* One line that is written over itself, so it must not wrap. */
static void show_progress(struct run *run)
{
	const struct duel_state_sample *now = &run->measured.sample.duel;
	double left =
		duel_plan_ms(&run->plan) / 1000.0 - (double)(nsec_monotonic() - run->started) / 1e9;
	int cols = terminal_cols(STDERR_FILENO);
	if (!run->terminal)
		return;
	/* not all that was measured: working it out would disturb what is being measured */
	duel_report_state(crews_duel_page(run->crews), "running", NULL, &run->measured.sample);
	char line[240];
	snprintf(line, sizeof(line),
		"%s, round %d of %d, at most %.0f s more (^C: show what there is): %s", now->duel,
		now->round + 1, now->rounds, MAX(left, 0), now->current);
	char text[sizeof(line) + 8];
	int len = snprintf(text, sizeof(text), "\r\033[K%.*s", cols > 1 ? cols - 1 : 79, line);
	/* A terminal that takes nothing now (Ctrl-S) must not hold up an interrupt. */
	(void)!write_without_wait(STDERR_FILENO, text, (size_t)len);
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
		say_text("\r\033[K", 4);
}

/* Why nothing at all could be measured; NULL: something was. */
static const char *complete_failure(const struct run *run)
{
	const char *why = NULL;
	for (size_t i = 0; i < run->measured.sample.duels.n; i++) {
		const struct duel_sample *d = &run->measured.sample.duels.at[i];
		if (d->trials > 0 || !d->error)
			return NULL;
		why = d->note[0] ? d->note : strerror(d->error);
	}
	return why;
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
	const char *why = crews_duel_state(crews, NULL) == DUEL_FAILED
				  ? run->measured.sample.duel.note
				  : complete_failure(run);
	if (why)
		say_line("the duel failed: %s", why);
	sample_finish(&run->measured.sample);
	if (status != EXIT_FINE)
		return status;
	if (run->measured.signal)
		return 128 + run->measured.signal;
	return why ? EXIT_FAILED : EXIT_FINE;
}

int measure(const struct cli *cli)
{
	struct run run = { .measured = { .cli = cli } };
	int32_t cpus[CPUS_LISTED];
	struct duel_room room = { .cpus = cpus, .n_cpus = cpus_list(cpus, CPUS_LISTED) };
	machine_info_read(NULL, &run.measured.card);
	machine_traits_read(NULL, NULL, &run.measured.traits);
	room.available_kb = run.measured.traits.available_kb;
	run.measured.plan = &run.plan;
	run.measured.cols = terminal_cols(STDOUT_FILENO);
	if (duel_plan_make(&cli->duel, &room, &run.plan, run.problem, sizeof(run.problem)) != 0) {
		say_line("%s", run.problem);
		return EXIT_USAGE;
	}
	const struct supervise_options options = {
		.screen = run_duel, .context = &run, .with_crews = true
	};
	return supervise(&options);
}
