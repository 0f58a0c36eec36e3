/* SPDX-License-Identifier: MIT
 * Asks of the crews what a steering key means, and says in one line what it did and to whom.
 */
#include <signal.h>

#include "internal.h"

#define NICE_STEP 5

/* --- workers come and go --- */

static void add(struct steer *steer, enum side side)
{
	const enum kind kind = steer_kind(steer, side);

	steer_tell(steer, side, crew_add(steer->crews, side), "one more %s on the %s: the host %s",
		steer_one_of(kind), side_name(side),
		kind == KIND_PROCESSES ? "forks" : "calls pthread_create");
}

static void remove_worker(struct steer *steer, enum side side, int worker, int32_t tid)
{
	const enum kind kind = steer_kind(steer, side);
	const int error = crew_remove(steer->crews, side, worker);

	if (worker == CREW_ALL)
		steer_tell(steer, side, error, "the last %s on the %s was asked to exit",
			steer_one_of(kind), side_name(side));
	else
		steer_tell(steer, side, error, "%s was asked to exit",
			steer_id(kind, worker, tid).text);
}

int steer_start(struct steer *steer, enum side side)
{
	return crew_start(steer->crews, side, &steer->plan[side]);
}

static void restart(struct steer *steer, enum side side)
{
	const struct crew_sample *crew = steer_crew(steer, side);
	struct crew_plan plan = steer->plan[side];
	if (crew) {
		plan.kind = (enum kind)crew->kind;
		plan.cpu = crew->cpu;
	}
	if (crew && crew->wanted > 0)
		plan.workers = crew->wanted;
	if (crew && job_find(crew->job) >= 0)
		plan.job = job_find(crew->job);
	steer_tell(steer, side, crew_start(steer->crews, side, &plan),
		"the %s side starts again: a new host and %d %s", side_name(side), plan.workers,
		kind_name(plan.kind));
}

static void crash(struct steer *steer, const struct selection *selection)
{
	if (!steer_has_worker(steer, selection))
		return;
	steer_tell(steer, selection->side,
		crew_crash(steer->crews, selection->side, selection->worker),
		"%s writes through a NULL pointer: watch who dies",
		steer_selected(steer, selection).text);
}

static void kill_worker(struct steer *steer, const struct selection *selection)
{
	if (!steer_has_worker(steer, selection))
		return;
	steer_tell(steer, selection->side,
		crew_signal(steer->crews, selection->side, selection->worker, SIGKILL),
		"SIGKILL to %s: watch who dies", steer_selected(steer, selection).text);
}

static void stop(struct steer *steer, const struct selection *selection)
{
	const struct track *track = model_track(steer->model, selection->tid);
	bool stopped = track && track->now.state == 'T';

	if (!steer_has_worker(steer, selection))
		return;
	bool alone = steer_kind(steer, selection->side) == KIND_PROCESSES;
	steer_tell(steer, selection->side,
		crew_signal(steer->crews, selection->side, selection->worker,
			stopped ? SIGCONT : SIGSTOP),
		"%s to %s%s", stopped ? "SIGCONT" : "SIGSTOP",
		steer_selected(steer, selection).text,
		alone ? "" : ": it acts on the whole process, all its threads");
}

static void stop_side(struct steer *steer, enum side side)
{
	const struct model_side *of = model_side(steer->model, side);
	bool stopped = false;
	for (size_t i = 0; i < of->n_tracks; i++)
		stopped = stopped ||
			  (of->tracks[i]->now.worker >= 0 && of->tracks[i]->now.state == 'T');
	steer_tell(steer, side,
		crew_signal(steer->crews, side, CREW_ALL, stopped ? SIGCONT : SIGSTOP),
		"%s to all workers of the %s side", stopped ? "SIGCONT" : "SIGSTOP",
		side_name(side));
}

/* --- where and how they run --- */

static int pin(struct steer *steer, enum side side, int cpu, const char *whose)
{
	int error = crew_pin(steer->crews, side, CREW_ALL, cpu);

	if (cpu >= 0)
		steer_tell(
			steer, side, error, "all workers of %s are pinned to CPU %d", whose, cpu);
	else
		steer_tell(steer, side, error, "the workers of %s are no longer pinned", whose);
	return error;
}

static void pin_side(struct steer *steer, enum side side)
{
	const struct crew_sample *crew = steer_crew(steer, side);
	char whose[32];
	snprintf(whose, sizeof(whose), "the %s side", side_name(side));
	/* After the last one: spread again. */
	pin(steer, side, cpu_after(crew ? crew->cpu : -1), whose);
}

static void pin_both(struct steer *steer)
{
	const struct crew_sample *left = steer_crew(steer, SIDE_LEFT);
	int cpu = cpu_after(left ? left->cpu : -1);
	/* A refusal stays to be read. */
	if (pin(steer, SIDE_LEFT, cpu, "both sides") == 0)
		pin(steer, SIDE_RIGHT, cpu, "both sides");
}

static void renice(struct steer *steer, const struct selection *selection, int step)
{
	const struct track *track = model_track(steer->model, selection->tid);
	if (!steer_has_worker(steer, selection))
		return;
	int nice = track && track->now.nice != NICE_UNKNOWN ? track->now.nice : 0;
	nice = MAX(MIN(nice + step, 19), -20);
	steer_tell(steer, selection->side,
		crew_renice(steer->crews, selection->side, selection->worker, nice),
		"%s gets nice %d", steer_selected(steer, selection).text, nice);
}

/* --- jobs, by a menu --- */

static void open_jobs(
	struct steer *steer, enum command_id command, const struct selection *selection)
{
	/* One worker cannot be mixed. */
	size_t n = command == CMD_JOB ? JOBS : ARRAY_LEN(job_table);
	char *title = steer->menu.title;
	const size_t size = sizeof(steer->menu.title);
	if (command == CMD_JOB && !steer_has_worker(steer, selection))
		return;
	for (size_t i = 0; i < n; i++)
		steer->menu.items[i] = (struct menu_item) { job_table[i].name, job_table[i].help };
	if (command == CMD_JOB)
		snprintf(title, size, "job of %s", steer_selected(steer, selection).text);
	else if (command == CMD_JOB_SIDE)
		snprintf(title, size, "job of the %s side", side_name(selection->side));
	else
		snprintf(title, size, "job of both sides");
	steer->menu.command = command;
	steer->menu.selection = *selection;
	ui_menu_open(steer->ui, title, steer->menu.items, n);
}

static void set_job(struct steer *steer, enum side side, int worker, int job, const char *who)
{
	steer_tell(steer, side, crew_set_job(steer->crews, side, worker, job), "%s now: %s. %s",
		who, job_table[job].name, job_table[job].expect);
}

void steer_menu(struct steer *steer, int chosen)
{
	char who[64];
	struct selection *selection = &steer->menu.selection;
	if (!steer->crews)
		return;
	switch (steer->menu.command) {
	case CMD_JOB:
		set_job(steer, selection->side, selection->worker, chosen,
			steer_selected(steer, selection).text);
		break;
	case CMD_JOB_SIDE:
		snprintf(who, sizeof(who), "the %s side", side_name(selection->side));
		set_job(steer, selection->side, CREW_ALL, chosen, who);
		break;
	default:
		set_job(steer, SIDE_LEFT, CREW_ALL, chosen, "both sides");
		set_job(steer, SIDE_RIGHT, CREW_ALL, chosen, "both sides");
	}
}

/* --- all of them --- */

static void steer_both(struct steer *steer, enum command_id command)
{
	for (int side = 0; side < SIDES; side++) {
		if (command == CMD_ADD_BOTH)
			add(steer, side);
		else
			remove_worker(steer, side, CREW_ALL, 0);
	}
}

static void steer_crews(
	struct steer *steer, enum command_id command, const struct selection *selection)
{
	switch (command) {
	case CMD_ADD:
		add(steer, selection->side);
		break;
	case CMD_ADD_BOTH:
	case CMD_REMOVE_BOTH:
		steer_both(steer, command);
		break;
	case CMD_REMOVE:
		remove_worker(steer, selection->side,
			selection->worker >= 0 ? selection->worker : CREW_ALL, selection->tid);
		break;
	case CMD_JOB:
	case CMD_JOB_SIDE:
	case CMD_JOB_BOTH:
		open_jobs(steer, command, selection);
		break;
	case CMD_PIN:
		pin_side(steer, selection->side);
		break;
	case CMD_PIN_BOTH:
		pin_both(steer);
		break;
	case CMD_NICER:
		renice(steer, selection, NICE_STEP);
		break;
	case CMD_LESS_NICE:
		renice(steer, selection, -NICE_STEP);
		break;
	case CMD_STOP:
		stop(steer, selection);
		break;
	case CMD_STOP_SIDE:
		stop_side(steer, selection->side);
		break;
	case CMD_CRASH:
		crash(steer, selection);
		break;
	case CMD_KILL:
		kill_worker(steer, selection);
		break;
	case CMD_RESTART:
		restart(steer, selection->side);
		break;
	default:
		break;
	}
}

void steer_command(struct steer *steer, enum command_id command)
{
	if (!steer->crews) {
		ui_message(steer->ui, STYLE_WARN, "%s", steer->refusal);
		return;
	}
	const struct selection selection = ui_selection(steer->ui);
	if (command_table[command].order)
		steer_order(steer, &command_table[command], &selection);
	else if (command == CMD_MIX_CREATE)
		steer_mix(steer, &selection);
	else if (command == CMD_MIX_REPLACE)
		steer_mix_in_place(steer, &selection);
	else if (!steer_duel(steer, command))
		steer_crews(steer, command, &selection);
}

/* --- life --- */

struct steer *steer_create(const struct steer_options *options)
{
	struct steer *steer = xcalloc(1, sizeof(*steer));
	steer->crews = options->crews;
	steer->refusal = options->refusal;
	steer->ui = options->ui;
	steer->model = options->model;
	memcpy(steer->plan, options->plan, sizeof(steer->plan));
	steer->quick = options->quick;
	return steer;
}

void steer_destroy(struct steer *steer)
{
	if (!steer)
		return;
	sample_finish(&steer->duel.report);
	free(steer);
}
