/* SPDX-License-Identifier: MIT
 * Knows what each step of a scene asks of the crews: the bridge between scene and crew, which do not know each other.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "duel.h"
#include "order.h"
#include "play.h"

static const struct scene_crew *setup_of(const struct scene *scene, enum side side)
{
	return side == SIDE_LEFT ? scene->setup->left : scene->setup->right;
}

int perform_start(struct app *app, const struct scene *scene, enum side side)
{
	const struct scene_crew *crew = setup_of(scene, side);
	struct crew_plan plan = {
		.kind = side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS,
		.workers = crew->workers,
		.job = JOB_SLEEP,
		.cpu = crew->cpu ? *crew->cpu : -1,
		.arena_mb = scene->setup->arena_mb,
	};
	if (crew->kind)
		plan.kind = strcmp(crew->kind, "threads") == 0 ? KIND_THREADS : KIND_PROCESSES;
	if (crew->job)
		plan.job = job_find(crew->job);
	return crew_start(app->crews, side, &plan);
}

static int to_crew(int worker)
{
	return worker == SCENE_ALL ? CREW_ALL : worker == SCENE_HOST ? WORKER_HOST : worker;
}

/* The CPUs that we may use; returns how many. */
static int cpus_allowed(int32_t *cpus, int n)
{
	cpu_set_t allowed;
	int count = 0;
	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		return 0;
	for (int cpu = 0; cpu < CPU_SETSIZE && count < n; cpu++)
		if (CPU_ISSET(cpu, &allowed))
			cpus[count++] = cpu;
	return count;
}

/* A scene counts the CPUs that we may use, from 0; -1 is all of them. */
static int pin(struct app *app, enum side side, int worker, int64_t nth)
{
	int32_t cpus[64];
	int n = cpus_allowed(cpus, ARRAY_LEN(cpus));
	if (nth >= n)
		return -ENXIO;
	return crew_pin(app->crews, side, worker, nth < 0 ? -1 : cpus[nth]);
}

static int perform_verb(
	struct app *app, const struct scene *scene, enum side side, const struct scene_move *move)
{
	int worker = to_crew(move->worker);
	switch (move->verb) {
	case VERB_ADD:
		return crew_add(app->crews, side);
	case VERB_REMOVE:
		return crew_remove(app->crews, side, worker);
	case VERB_JOB:
		return crew_set_job(app->crews, side, worker, move->job);
	case VERB_PIN:
		return pin(app, side, worker, move->argument);
	case VERB_NICE:
		return crew_renice(app->crews, side, worker, (int)move->argument);
	case VERB_SIGNAL:
		return crew_signal(app->crews, side, worker, move->signal);
	case VERB_KILL:
		return crew_signal(app->crews, side, worker, SIGKILL);
	case VERB_RESTART:
		return perform_start(app, scene, side);
	case VERB_MARK: /* the player's own */
		return 0;
	default:
		return crew_order(
			app->crews, side, worker, (enum order)move->order, move->argument);
	}
}

int perform(struct app *app, const struct scene *scene, const struct scene_move *move,
	enum side side, char *why, size_t why_size)
{
	int error = perform_verb(app, scene, side, move);
	if (error)
		snprintf(why, why_size, "the %s side: %s", side == SIDE_LEFT ? "left" : "right",
			error == -ESRCH   ? "no such worker lives"
			: error == -ENXIO ? "it takes one CPU more than we may use"
					  : strerror(-error));
	return error;
}

/* What of this machine bears on the numbers, the most telling first: a narrow line shows no more. */
static void take_card(struct app *app)
{
	struct machine_traits traits;
	struct machine_info card;
	char text[80], hz[24] = "";
	machine_traits_read(NULL, NULL, &traits);
	machine_info_read(NULL, &card);
	if (traits.hz > 0)
		snprintf(hz, sizeof(hz), ", %d Hz", traits.hz);
	snprintf(app->duel.card, sizeof(app->duel.card),
		"%s; load %.1f at the start; %s, %d online; Linux %s%s, huge pages %s, governor "
		"%s, "
		"perf_event_paranoid %d; %s",
		machine_traits_text(text, sizeof(text), &traits), traits.load, card.cpu, card.cpus,
		card.kernel, hz, *traits.thp ? traits.thp : "unknown",
		*traits.governor ? traits.governor : "not shown", card.perf_event_paranoid,
		*traits.mitigations ? traits.mitigations : "no mitigation that the kernel names");
	app->duel.page = NULL; /* the next page may lie where this one lay */
}

int perform_duel(struct app *app, const struct duel_wish *wish, char *why, size_t why_size)
{
	int32_t cpus[64];
	const struct duel_room room = { cpus, cpus_allowed(cpus, ARRAY_LEN(cpus)),
		model_machine(app->model)->now.available_kb };
	struct duel_plan *plan = xcalloc(1, sizeof(*plan));
	int error = duel_plan_make(wish, &room, plan, why, why_size);
	if (!error) {
		take_card(app);
		error = crews_duel_start(app->crews, plan);
		if (error)
			snprintf(why, why_size, "the duel: %s", strerror(-error));
	}
	free(plan);
	return error;
}

/* Of a few methods there is time for more rounds, so that spreads part on a busy machine, too. */
#define ROUNDS_OF_FEW 13

/* Quick: a scene has seconds; `measure` has the time for narrow spreads. */
int perform_duel_of(struct app *app, const struct scene_move *move, char *why, size_t why_size)
{
	struct duel_wish wish = { .duel = duel_find(move->duel), .quick = true, .cpu = { -1, -1 } };
	if (move->method && duel_parse_methods(move->method, &wish.methods, why, why_size) != 0)
		return -EINVAL;
	if (wish.methods)
		wish.rounds = ROUNDS_OF_FEW;
	if (move->argument != SCENE_USUAL)
		wish.list[wish.duel] = (struct duel_list) { { move->argument }, 1 };
	return perform_duel(app, &wish, why, why_size);
}

bool perform_duel_over(struct app *app)
{
	return crews_duel_state(app->crews, NULL) != DUEL_RUNNING;
}

/* What the page says, worked out only when there is news of its trials: they are sorted for it. */
static void renew_report(struct app *app, const char *state, const char *note)
{
	const struct duel_page *page = crews_duel_page(app->crews);
	struct duel_shown *shown = &app->duel;
	uint64_t news = duel_news(page);
	if (shown->page == page && shown->news == news && shown->report.duels.n) {
		duel_report_state(page, state, note, &shown->report);
		return;
	}
	shown->page = page;
	shown->news = news;
	duel_report(page, state, note, &shown->report);
}

void perform_report(struct app *app)
{
	static const char *const words[] = { [DUEL_OFF] = "off",
		[DUEL_RUNNING] = "running",
		[DUEL_DONE] = "done",
		[DUEL_STOPPED] = "stopped",
		[DUEL_FAILED] = "failed" };
	const struct sample *report = &app->duel.report;
	const char *note = NULL;
	const struct duel_sample *duel;
	const struct contrast_sample *contrast;
	enum duel_state state = crews_duel_state(app->crews, &note);
	if (state == DUEL_OFF)
		return;
	renew_report(app, words[state], note);
	app->sample.duel = report->duel;
	snprintf(app->sample.duel.card, sizeof(app->sample.duel.card), "%s", app->duel.card);
	vec_each (duel, &report->duels)
		*vec_push(&app->sample.duels) = *duel;
	vec_each (contrast, &report->contrasts)
		*vec_push(&app->sample.contrasts) = *contrast;
}
