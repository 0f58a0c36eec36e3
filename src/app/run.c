/* SPDX-License-Identifier: MIT
 * The screen's process: one thread, one loop, one place to wait. Samples, keys, signals and news of the crews wake it; at
 * most one frame is drawn a wake-up.
 */
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "app.h"
#include "limit.h"

#define HISTORY 600 /* points a task: a minute at the usual interval */
#define HISTORY_OF_MANY 120 /* groups can have thousands of tasks */
#define INTERVAL_SCREEN (100 * NSEC_PER_MSEC)
#define INTERVAL_TEXT (1000 * NSEC_PER_MSEC)
#define INTERVAL_PROGRAMS (250 * NSEC_PER_MSEC) /* in text: they may be short */
#define CREW_START_LIMIT (60 * NSEC_PER_SEC) /* on a machine that is busy with other things */
#define SAMPLE_SPACING (50 * NSEC_PER_MSEC) /* before one out of turn: closer, rates are noise */
#define END_SLACK (2 * NSEC_PER_MSEC) /* so that the tick at the very end is taken */

/* --- what wakes the loop --- */

/* Stops us as Ctrl-Z is meant to; the supervisor sees it and stops with us. An orphaned group, which nobody could
 * continue, is not stopped by this signal, and goes on at once. */
static void stop_self(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static void suspend(struct app *app)
{
	if (app->term)
		term_suspend(app->term);
	if (app->crews)
		crews_suspend(app->crews);
	stop_self();
	if (app->term)
		term_resume(app->term); /* where it stops us again, the crews stay stopped */
	if (app->crews)
		crews_resume(app->crews);
	show_resize(app);
}

static void on_signal(struct app *app, int number)
{
	switch (number) {
	case SIGWINCH:
		if (app->term)
			term_repaint(app->term);
		show_resize(app);
		break;
	case SIGCONT: /* somebody else may have used the terminal meanwhile */
		if (app->term)
			term_resume(app->term);
		show_resize(app);
		break;
	case SIGTSTP:
		suspend(app);
		break;
	default:
		app_end(app, 128 + number, NULL);
	}
}

static void take_signals(struct app *app)
{
	struct signalfd_siginfo info;
	while (read(app->signal_fd, &info, sizeof(info)) == sizeof(info))
		on_signal(app, (int)info.ssi_signo);
}

/* Both crews failed before either ran: there is nothing to show. One that runs is shown, with the other's reason. */
static void check_start(struct app *app)
{
	int failed = 0;
	for (size_t i = 0; i < app->sample.crews.n; i++) {
		const struct crew_sample *crew = &app->sample.crews.at[i];
		app->ran = app->ran || crew->state == CREW_RUNNING;
		failed += crew->state == CREW_FAILED;
		if (crew->state == CREW_FAILED && !app->ran && failed == SIDES)
			app_end(app, EXIT_CREW, "the crews could not start: %s", crew->note);
	}
}

static int await_programs(struct app *app)
{
	while (!app->quit && programs_await(app) == -EINTR)
		take_signals(app);
	return app->quit ? -1 : 0;
}

static void take_crews(struct app *app, nsec now)
{
	if (!crews_dispatch(app->crews))
		return;
	if (app->cli->verb == VERB_RUN && programs_take_turn(app))
		await_programs(app);
	if (app->cli->verb == VERB_RUN && programs_are_over(app))
		app->sample_due = now;
	/* Text has its interval; a screen shows news soon. */
	if ((app->cli->plain || app->cli->json) && !app->lesson && app->sampled)
		return;
	app->sample_due = MAX(now, app->sampled + SAMPLE_SPACING);
}

static void tick(struct app *app, nsec now)
{
	uint64_t late;
	/* Ticks that were missed are not caught up: the next sample covers their time. */
	bool ticked = read(app->timer_fd, &late, sizeof(late)) == sizeof(late);
	bool due = app->sample_due && app->sample_due <= now;
	if (!app->crews || (!ticked && !due))
		return;
	if (feed_tick(app, now))
		show_sample(app);
	if (!app->ran)
		check_start(app);
}

static nsec sooner(nsec a, nsec b)
{
	return a < 0 || b < 0 ? MAX(a, b) : MIN(a, b);
}

static nsec next_wait(const struct app *app, nsec now)
{
	nsec wait = sooner(keys_wait(app, now), feed_wait(app, now));
	if (app->term)
		wait = sooner(wait, term_wait(app->term, now));
	if (app->lesson && !app->paused)
		wait = sooner(wait, lesson_wait(app->lesson));
	if (app->ends)
		wait = sooner(wait, MAX(app->ends - now, 0));
	if (app->sample_due)
		wait = sooner(wait, MAX(app->sample_due - now, 0));
	return wait;
}

enum {
	WAIT_SIGNAL,
	WAIT_TIMER,
	WAIT_CREWS,
	WAIT_SWITCHES,
	WAIT_KEYS,
	WAIT_SCREEN,
	WAIT_OUTPUT,
	WAITS
};

static void wait_for_news(struct app *app, struct pollfd *fds)
{
	nsec wait = next_wait(app, nsec_monotonic());
	const struct timespec limit = { wait / NSEC_PER_SEC, wait % NSEC_PER_SEC };
	fds[WAIT_SIGNAL] = (struct pollfd) { app->signal_fd, POLLIN, 0 };
	fds[WAIT_TIMER] = (struct pollfd) { app->timer_fd, POLLIN, 0 };
	fds[WAIT_CREWS] = (struct pollfd) { app->crews ? crews_fd(app->crews) : -1, POLLIN, 0 };
	fds[WAIT_SWITCHES] =
		(struct pollfd) { app->live ? live_switches_fd(app->live) : -1, POLLIN, 0 };
	fds[WAIT_KEYS] = (struct pollfd) { app->term ? term_fd(app->term) : -1, POLLIN, 0 };
	fds[WAIT_SCREEN] = (struct pollfd) { app->term ? term_out_fd(app->term) : -1, POLLOUT, 0 };
	fds[WAIT_OUTPUT] =
		(struct pollfd) { output_waits(&app->out) ? STDOUT_FILENO : -1, POLLOUT, 0 };
	if (ppoll(fds, WAITS, wait < 0 ? NULL : &limit, NULL) < 0)
		memset(fds, 0, WAITS * sizeof(fds[0]));
}

static void step(struct app *app)
{
	struct pollfd fds[WAITS];
	wait_for_news(app, fds);
	nsec now = nsec_monotonic();
	if (fds[WAIT_SIGNAL].revents)
		take_signals(app);
	if (fds[WAIT_CREWS].revents)
		take_crews(app, now);
	if (fds[WAIT_SWITCHES].revents)
		live_drain_switches(app->live);
	tick(app, now);
	while (feed_due(app, now)) {
		show_sample(app);
		if (app->speed <=
			0) /* without pace: one a wake-up, so that keys and signals stay alive */
			break;
	}
	if (fds[WAIT_KEYS].revents || (app->term && term_wait(app->term, now) == 0))
		keys_terminal(app, now);
	if (fds[WAIT_SCREEN].revents && term_flush(app->term) == -EIO)
		app_end(app, 128 + SIGHUP, NULL);
	if (fds[WAIT_OUTPUT].revents)
		output_flush(&app->out);
	host_go(app);
	keys_ask(app);
	keys_script(app, now);
	show_frame(app, now);
	/* What is drawn now may need more than was read. */
	if (app->drawn)
		feed_needs(app);
	app->drawn = false;
	if (app->out.error || (app->ends && now >= app->ends) || programs_are_done(app))
		app->quit = true;
}

/* --- start and end --- */

static void open_steer(struct app *app)
{
	struct steer_options options = { .crews = app->groups ? NULL : app->crews,
		.refusal = app->groups ? "this needs the lab's workers"
				       : "this is a recording: its tasks cannot be steered",
		.ui = app->ui,
		.model = app->model };
	for (int side = 0; side < SIDES; side++) {
		enum kind kind = side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS;
		const bool user = side == SIDE_RIGHT && app->cli->right_user;
		options.plan[side] = (struct crew_plan) { .kind = kind,
			.workers = user ? 1 : app->cli->workers[kind],
			.stacks = user ? app->cli->workers[kind] : 0,
			.team = kind == KIND_PROCESSES ? app->cli->team : 0,
			.job = user ? (int)JOB_FIBERS : app->cli->job,
			.cpu = app->cli->cpu,
			.even = !app->cli->spread,
			.arena_mb = app->cli->arena_mb ? app->cli->arena_mb : -1 };
	}
	options.quick = app->cli->duel.quick;
	app->steer = steer_create(&options);
}

static int start_crews(struct app *app)
{
	char why[200];
	for (int side = 0; side < SIDES; side++) {
		int error = steer_start(app->steer, (enum side)side);
		if (error) {
			app_end(app, EXIT_CREW, "the crew of %s could not start: %s",
				kind_name(side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS),
				limit_error(-error, why, sizeof(why)));
			return -1;
		}
	}
	return 0;
}

/* Without a screen the first frame is of crews that run. One is enough: it is shown beside the other's reason. */
static int await_crews(struct app *app)
{
	struct sample sample = { 0 };
	for (int side = 0; side < SIDES && !app->quit; side++)
		while (!app->quit && crew_await(app->crews, (enum side)side, CREW_START_LIMIT,
					     app->signal_fd) == -EINTR)
			take_signals(app);
	if (app->quit)
		return -1;
	crews_report(app->crews, &sample);
	bool any = false;
	for (size_t i = 0; i < sample.crews.n; i++)
		any = any || sample.crews.at[i].state == CREW_RUNNING;
	for (size_t i = 0; i < sample.crews.n; i++) {
		const struct crew_sample *crew = &sample.crews.at[i];
		const char *name = kind_name((enum kind)crew->kind);
		const char *note = *crew->note ? crew->note : "it did not answer";
		if (!any)
			app_end(app, EXIT_CREW, "the crew of %s could not start: %s", name, note);
		else if (crew->state != CREW_RUNNING)
			say_line("the crew of %s could not start: %s", name, note);
		else if (*crew->note)
			say_line("crew of %s: %s", name, note);
	}
	sample_finish(&sample);
	return app->quit ? -1 : 0;
}

static bool is_scenes(const struct app *app)
{
	return app->cli->verb == VERB_TOUR || app->cli->verb == VERB_QUIZ;
}

static enum command_mode mode_of(const struct app *app)
{
	switch (app->cli->verb) {
	case VERB_TOUR:
		return MODE_TOUR;
	case VERB_QUIZ:
		return MODE_QUIZ;
	case VERB_REPLAY:
		return MODE_REPLAY;
	case VERB_RUN:
	case VERB_ATTACH:
		return MODE_TARGETS;
	default:
		return MODE_LAB;
	}
}

static void open_model(struct app *app)
{
	bool replay = app->cli->verb == VERB_REPLAY;
	const bool lab = app->cli->verb == VERB_LIVE;
	const char *name = lab ? "lab" : verb_table[app->cli->verb].name;
	if (replay && app->cli->clean)
		name = "recorded";
	char *title = replay && !app->cli->clean ? xasprintf("replay %s", app->cli->argument)
						 : xstrdup(name);
	char shown[64];
	safe_text(shown, sizeof(shown), title, strlen(title));
	const struct ui_options options = { .mode = mode_of(app),
		.root = geteuid() == 0,
		.title = shown,
		.clean = app->cli->clean || app->cli->vertical,
		.vertical = app->cli->vertical };
	app->model = model_create(app->groups ? HISTORY_OF_MANY : HISTORY);
	app->ui = ui_create(&options);
	app->mode = options.mode;
	if (app->cli->json || app->cli->linear)
		model_forget_ended(app->model);
	if (app->cli->pane)
		ui_show_only(app->ui, app->cli->pane);
	free(title);
}

static nsec default_interval(const struct app *app)
{
	if (app->cli->interval)
		return app->cli->interval;
	if (is_scenes(app))
		return app->cli->duel.quick ? INTERVAL_SCREEN / 2 : INTERVAL_SCREEN;
	if (app->cli->verb == VERB_RUN && (app->cli->plain || app->cli->json))
		return INTERVAL_PROGRAMS;
	if (app->cli->plain)
		return INTERVAL_TEXT;
	if (!app->cli->json)
		return INTERVAL_SCREEN;
	return app->crews ? INTERVAL_TEXT : 0; /* all samples of a recording */
}

static int start(struct app *app)
{
	char why[200];
	app->interval = default_interval(app);
	app->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	app->signal_fd = term_signals_open(true);
	if (app->timer_fd < 0 || app->signal_fd < 0) {
		app_end(app, EXIT_FAILED, "no timer or signal descriptor: %s",
			limit_error(errno, why, sizeof(why)));
		return -1;
	}
	if (show_open(app) != 0)
		return -1;
	open_model(app);
	open_steer(app);
	app->started = nsec_monotonic();
	show_resize(app);
	if (app->crews)
		crews_on_host(app->crews, feed_watch_host, app);
	if (files_open(app) != 0 || show_check(app) != 0)
		return -1;
	if (is_scenes(app) && host_open(app) != 0)
		return -1;
	if (app->crews && !app->lesson && !app->groups && start_crews(app) != 0)
		return -1;
	if (app->term)
		show_frame(app, app->started);
	if (feed_open(app) != 0)
		return -1;
	if (app->cli->verb == VERB_RUN)
		feed_needs(app); /* births are recorded from the first one on */
	if (app->cli->verb == VERB_RUN && (programs_start(app) != 0 || await_programs(app) != 0))
		return -1;
	if (app->crews && !app->lesson && !app->groups && !app->term && await_crews(app) != 0)
		return -1;
	return 0;
}

static void loop(struct app *app)
{
	nsec now = nsec_monotonic();
	app->next_due = now;
	if (app->crews) {
		app_set_interval(app, app->interval);
		if (feed_tick(app, now))
			show_sample(app);
		check_start(app);
	}
	if (app->cli->duration && (app->crews || app->speed > 0 || app->term))
		app->ends = now + app->cli->duration + END_SLACK;
	while (!app->quit)
		step(app);
}

/* The last sample is taken when all was over. */
static void finish_programs(struct app *app)
{
	if (!programs_are_told(app)) {
		programs_end(app);
		if (feed_tick(app, nsec_monotonic()))
			show_sample(app);
	}
	programs_say_last(app);
}

static void stop(struct app *app)
{
	if (app->cli->verb == VERB_RUN && app->sampled && programs_have_last_word(app))
		finish_programs(app);
	/* What was told last is recorded, too. */
	if (app->recorder && app->marks.n)
		feed_tick(app, nsec_monotonic());
	if (app->canvas && app->ui)
		show_end(app);
	files_close(app);
	if (app->ui)
		host_close(app);
	/* Who was told to end does not wait for a reader. */
	if (app->status > 128)
		output_flush(&app->out);
	else
		output_finish(&app->out, app->signal_fd);
	feed_close(app);
	term_close(app->term);
	steer_destroy(app->steer);
	ui_destroy(app->ui);
	model_destroy(app->model);
	past_finish(&app->past);
	canvas_destroy(app->canvas);
	buf_finish(&app->text);
	buf_finish(&app->out.buf);
}

/* Memory is out: the terminal is put back before the one line that says so. No context reaches this. */
static struct term_rescue *rescue_of_handler;

static void rescue_terminal(void)
{
	term_rescue_apply(rescue_of_handler);
}

int app_run(void *context, struct crews *crews)
{
	const struct session *session = context;
	struct app *app = xcalloc(1, sizeof(*app));
	int real_stderr = dup(STDERR_FILENO);
	app->session = session;
	app->cli = session->cli;
	app->crews = crews;
	app->groups = session->groups;
	app->theme = app->cli->theme;
	app->ascii = app->cli->ascii;
	app->shown_at = -1;
	app->rounds.n = app->cli->verb == VERB_RUN ? app->cli->duel.rounds : 0;
	app->peak_pss_kb[SIDE_LEFT] = app->peak_pss_kb[SIDE_RIGHT] = UNKNOWN;
	rescue_of_handler = session->rescue;
	base_on_out_of_memory(rescue_terminal);
	if (start(app) == 0) {
		if (session->notice)
			say_line("no terminal: %s", session->notice);
		loop(app);
	}
	stop(app);
	if (real_stderr >= 0)
		dup2(real_stderr, STDERR_FILENO);
	if (*app->last_words)
		say_line("%s", app->last_words);
	int status = app->status;
	if (status == EXIT_FINE)
		status = output_status(&app->out);
	free(app);
	return status;
}
