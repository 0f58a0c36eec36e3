/* SPDX-License-Identifier: MIT
 * Knows what each steering key asks of the crews, and the one line that says what it did and to whom.
 */
#include "app.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#define NICE_STEP 5

static const char *const side_word[SIDES] = { "left", "right" };

static const struct crew_sample *crew_of(const struct app *app, enum side side)
{
	return model_side(app->model, side)->crew;
}

static enum kind kind_of(const struct app *app, enum side side)
{
	const struct crew_sample *crew = crew_of(app, side);
	return crew ? (enum kind)crew->kind : side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS;
}

static const char *one_of(enum kind kind)
{
	return kind == KIND_PROCESSES ? "process" : "thread";
}

struct words {
	char text[64];
};

static struct words id_words(enum kind kind, int worker, int32_t tid)
{
	struct words words;
	if (tid > 0)
		snprintf(words.text, sizeof(words.text), "w%d (%s %d)", worker,
			kind == KIND_PROCESSES ? "PID" : "TID", tid);
	else
		snprintf(words.text, sizeof(words.text), "w%d", worker);
	return words;
}

static struct words selected(const struct app *app, const struct selection *selection)
{
	return id_words(kind_of(app, selection->side), selection->worker, selection->tid);
}

static struct words reason(const struct app *app, enum side side, int error)
{
	struct words words;
	switch (error) {
	case -ESRCH:
		snprintf(words.text, sizeof(words.text), "no such worker lives");
		break;
	case -EBUSY:
		snprintf(words.text, sizeof(words.text), "the order before is still on its way");
		break;
	case -EHOSTDOWN:
		snprintf(words.text, sizeof(words.text),
			"its main thread has ended: r starts it again");
		break;
	case -EOPNOTSUPP:
		snprintf(words.text, sizeof(words.text), "a crew of the other kind can do that");
		break;
	case -ENOSPC:
		snprintf(words.text, sizeof(words.text), "the limit is %d",
			crew_limit(kind_of(app, side)));
		break;
	case -EACCES:
	case -EPERM:
		snprintf(words.text, sizeof(words.text), "not permitted (root may)");
		break;
	default:
		snprintf(words.text, sizeof(words.text), "%s", strerror(-error));
	}
	return words;
}

/* What the order was, or why it was not carried out. */
void steer_tell(struct app *app, enum side side, int error, const char *what)
{
	if (error)
		ui_message(app->ui, STYLE_WARN, "not done: %s: %s", what,
			reason(app, side, error).text);
	else
		ui_message(app->ui, STYLE_STATUS, "%s", what);
}

/* Most keys act on a worker; the host is none. */
static bool have_worker(struct app *app, const struct selection *selection)
{
	if (selection->worker >= 0)
		return true;
	ui_message(app->ui, STYLE_WARN,
		selection->worker == WORKER_HOST
			? "the host is selected: select one of its workers first"
			: "nobody is selected on the %s side: r starts it again",
		side_word[selection->side]);
	return false;
}

/* --- workers come and go --- */

static void add(struct app *app, enum side side)
{
	char what[96];
	snprintf(what, sizeof(what), "one more %s on the %s: the host %s",
		one_of(kind_of(app, side)), side_word[side],
		kind_of(app, side) == KIND_PROCESSES ? "forks" : "calls pthread_create");
	steer_tell(app, side, crew_add(app->crews, side), what);
}

static void remove_worker(struct app *app, enum side side, int worker, int32_t tid)
{
	char what[96];
	if (worker == CREW_ALL)
		snprintf(what, sizeof(what), "the last %s on the %s was asked to exit",
			one_of(kind_of(app, side)), side_word[side]);
	else
		snprintf(what, sizeof(what), "%s was asked to exit",
			id_words(kind_of(app, side), worker, tid).text);
	steer_tell(app, side, crew_remove(app->crews, side, worker), what);
}

static void restart(struct app *app, enum side side)
{
	char what[96];
	const struct crew_sample *crew = crew_of(app, side);
	struct crew_plan plan = { .kind = kind_of(app, side),
		.job = app->cli->job,
		.cpu = app->cli->cpu,
		.arena_mb = app->cli->arena_mb ? app->cli->arena_mb : -1 };
	plan.workers = app->cli->workers[plan.kind];
	if (crew && crew->wanted > 0)
		plan.workers = crew->wanted;
	if (crew && job_find(crew->job) >= 0)
		plan.job = job_find(crew->job);
	if (crew)
		plan.cpu = crew->cpu;
	snprintf(what, sizeof(what), "the %s side starts again: a new host and %d %s",
		side_word[side], plan.workers, kind_name(plan.kind));
	steer_tell(app, side, crew_start(app->crews, side, &plan), what);
}

static void crash(struct app *app, const struct selection *selection)
{
	char what[112];
	if (!have_worker(app, selection))
		return;
	snprintf(what, sizeof(what), "%s writes through a NULL pointer: watch who dies",
		selected(app, selection).text);
	steer_tell(app, selection->side, crew_crash(app->crews, selection->side, selection->worker),
		what);
}

static void kill_worker(struct app *app, const struct selection *selection)
{
	char what[112];
	if (!have_worker(app, selection))
		return;
	snprintf(
		what, sizeof(what), "SIGKILL to %s: watch who dies", selected(app, selection).text);
	steer_tell(app, selection->side,
		crew_signal(app->crews, selection->side, selection->worker, SIGKILL), what);
}

static bool is_stopped(const struct app *app, const struct selection *selection)
{
	const struct track *track = model_track(app->model, selection->tid);
	return track && track->now.state == 'T';
}

static void stop(struct app *app, const struct selection *selection)
{
	char what[128];
	bool stopped = is_stopped(app, selection);
	if (!have_worker(app, selection))
		return;
	bool alone = kind_of(app, selection->side) == KIND_PROCESSES;
	snprintf(what, sizeof(what), "%s to %s%s", stopped ? "SIGCONT" : "SIGSTOP",
		selected(app, selection).text,
		alone ? "" : ": it acts on the whole process, all its threads");
	steer_tell(app, selection->side,
		crew_signal(app->crews, selection->side, selection->worker,
			stopped ? SIGCONT : SIGSTOP),
		what);
}

static void stop_side(struct app *app, enum side side)
{
	char what[96];
	const struct model_side *of = model_side(app->model, side);
	bool stopped = false;
	for (size_t i = 0; i < of->n_tracks; i++)
		stopped = stopped ||
			  (of->tracks[i]->now.worker >= 0 && of->tracks[i]->now.state == 'T');
	snprintf(what, sizeof(what), "%s to all workers of the %s side",
		stopped ? "SIGCONT" : "SIGSTOP", side_word[side]);
	steer_tell(app, side, crew_signal(app->crews, side, CREW_ALL, stopped ? SIGCONT : SIGSTOP),
		what);
}

/* --- where and how they run --- */

/* The CPU after this one that we may use; -1 after the last: spread again. */
static int next_cpu(int cpu)
{
	cpu_set_t allowed;
	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		return cpu < 0 ? 0 : -1;
	for (int next = cpu + 1; next < CPU_SETSIZE; next++)
		if (CPU_ISSET(next, &allowed))
			return next;
	return -1;
}

static int pin(struct app *app, enum side side, int cpu, const char *whose)
{
	char what[96];
	if (cpu >= 0)
		snprintf(what, sizeof(what), "all workers of %s are pinned to CPU %d", whose, cpu);
	else
		snprintf(what, sizeof(what), "the workers of %s may run on every CPU again", whose);
	int error = crew_pin(app->crews, side, CREW_ALL, cpu);
	steer_tell(app, side, error, what);
	return error;
}

static void pin_side(struct app *app, enum side side)
{
	const struct crew_sample *crew = crew_of(app, side);
	char whose[32];
	snprintf(whose, sizeof(whose), "the %s side", side_word[side]);
	pin(app, side, next_cpu(crew ? crew->cpu : -1), whose);
}

static void pin_both(struct app *app)
{
	const struct crew_sample *left = crew_of(app, SIDE_LEFT);
	int cpu = next_cpu(left ? left->cpu : -1);
	/* A refusal stays to be read. */
	if (pin(app, SIDE_LEFT, cpu, "both sides") == 0)
		pin(app, SIDE_RIGHT, cpu, "both sides");
}

static void renice(struct app *app, const struct selection *selection, int step)
{
	char what[112];
	const struct track *track = model_track(app->model, selection->tid);
	if (!have_worker(app, selection))
		return;
	int nice = (track ? track->now.nice : 0) + step;
	nice = MAX(MIN(nice, 19), -20);
	snprintf(what, sizeof(what), "%s gets nice %d", selected(app, selection).text, nice);
	steer_tell(app, selection->side,
		crew_renice(app->crews, selection->side, selection->worker, nice), what);
}

/* --- jobs, by a menu --- */

static void open_jobs(struct app *app, enum command_id command, const struct selection *selection)
{
	/* One worker cannot be mixed. */
	size_t n = command == CMD_JOB ? JOBS : ARRAY_LEN(job_table);
	char *title = app->menu_title;
	const size_t size = sizeof(app->menu_title);
	if (command == CMD_JOB && !have_worker(app, selection))
		return;
	for (size_t i = 0; i < n; i++)
		app->menu_items[i] = (struct menu_item) { job_table[i].name, job_table[i].help };
	if (command == CMD_JOB)
		snprintf(title, size, "job of %s", selected(app, selection).text);
	else if (command == CMD_JOB_SIDE)
		snprintf(title, size, "job of the %s side", side_word[selection->side]);
	else
		snprintf(title, size, "job of both sides");
	app->menu_for = command;
	app->menu_selection = *selection;
	ui_menu_open(app->ui, title, app->menu_items, n);
}

static void set_job(struct app *app, enum side side, int worker, int job, const char *who)
{
	char what[200];
	snprintf(what, sizeof(what), "%s now: %s. %s", who, job_table[job].name,
		job_table[job].expect);
	steer_tell(app, side, crew_set_job(app->crews, side, worker, job), what);
}

void steer_menu(struct app *app, int chosen)
{
	char who[64];
	struct selection *selection = &app->menu_selection;
	if (!app->crews)
		return;
	switch (app->menu_for) {
	case CMD_JOB:
		set_job(app, selection->side, selection->worker, chosen,
			selected(app, selection).text);
		break;
	case CMD_JOB_SIDE:
		snprintf(who, sizeof(who), "the %s side", side_word[selection->side]);
		set_job(app, selection->side, CREW_ALL, chosen, who);
		break;
	default:
		set_job(app, SIDE_LEFT, CREW_ALL, chosen, "both sides");
		set_job(app, SIDE_RIGHT, CREW_ALL, chosen, "both sides");
	}
}

/* --- the program itself --- */

static void pause_picture(struct app *app)
{
	feed_pause(app, !app->paused, nsec_monotonic());
	if (app->paused)
		ui_message(app->ui, STYLE_STATUS,
			app->crews ? "the picture holds still; the tasks go on running%s"
				   : "paused%s",
			app->recorder ? ", and so does the recording" : "");
	else
		ui_message(app->ui, STYLE_STATUS, "the picture moves again");
}

static void next_theme(struct app *app)
{
	size_t at = (size_t)(app->theme - theme_table);
	show_theme(app, &theme_table[(at + 1) % theme_count]);
	ui_message(app->ui, STYLE_STATUS, "theme %s: %s", app->theme->name, app->theme->help);
}

static void change_interval(struct app *app, int direction)
{
	static const int steps_ms[] = { 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000,
		60000 };
	int now_ms = (int)(app->interval / NSEC_PER_MSEC), next = now_ms;
	for (size_t i = 0; i < ARRAY_LEN(steps_ms); i++) {
		if (direction < 0 && steps_ms[i] < now_ms)
			next = steps_ms[i];
		if (direction > 0 && steps_ms[i] > now_ms && next == now_ms)
			next = steps_ms[i];
	}
	run_set_interval(app, next * NSEC_PER_MSEC);
	ui_message(app->ui, STYLE_STATUS,
		next == now_ms ? "one sample every %d ms: that is the limit"
			       : "one sample every %d ms",
		next);
}

/* What needs no crew. */
static bool steer_program(struct app *app, enum command_id command)
{
	switch (command) {
	case CMD_QUIT:
		app->quit = true;
		return true;
	case CMD_PAUSE:
		pause_picture(app);
		return true;
	case CMD_THEME:
		next_theme(app);
		return true;
	case CMD_SLOWER:
	case CMD_FASTER:
		if (app->recording)
			return false;
		change_interval(app, command == CMD_SLOWER ? 1 : -1);
		return true;
	default:
		return false;
	}
}

static void steer_both(struct app *app, enum command_id command)
{
	for (int side = 0; side < SIDES; side++) {
		if (command == CMD_ADD_BOTH)
			add(app, side);
		else
			remove_worker(app, side, CREW_ALL, 0);
	}
}

static void steer_crews(struct app *app, enum command_id command, const struct selection *selection)
{
	switch (command) {
	case CMD_ADD:
		add(app, selection->side);
		break;
	case CMD_ADD_BOTH:
	case CMD_REMOVE_BOTH:
		steer_both(app, command);
		break;
	case CMD_REMOVE:
		remove_worker(app, selection->side,
			selection->worker >= 0 ? selection->worker : CREW_ALL, selection->tid);
		break;
	case CMD_JOB:
	case CMD_JOB_SIDE:
	case CMD_JOB_BOTH:
		open_jobs(app, command, selection);
		break;
	case CMD_PIN:
		pin_side(app, selection->side);
		break;
	case CMD_PIN_BOTH:
		pin_both(app);
		break;
	case CMD_NICER:
		renice(app, selection, NICE_STEP);
		break;
	case CMD_LESS_NICE:
		renice(app, selection, -NICE_STEP);
		break;
	case CMD_STOP:
		stop(app, selection);
		break;
	case CMD_STOP_SIDE:
		stop_side(app, selection->side);
		break;
	case CMD_CRASH:
		crash(app, selection);
		break;
	case CMD_KILL:
		kill_worker(app, selection);
		break;
	case CMD_RESTART:
		restart(app, selection->side);
		break;
	default:
		break;
	}
}

void steer(struct app *app, enum command_id command)
{
	if (steer_program(app, command))
		return;
	if (!app->crews) {
		ui_message(app->ui, STYLE_WARN, "this is a recording: its tasks cannot be steered");
		return;
	}
	const struct selection selection = ui_selection(app->ui);
	if (command_table[command].order)
		steer_order(app, &command_table[command], &selection);
	else if (command == CMD_MIX_CREATE)
		steer_mix(app, &selection);
	else if (command == CMD_MIX_REPLACE)
		steer_mix_in_place(app, &selection);
	else if (!steer_duel(app, command))
		steer_crews(app, command, &selection);
}
