/* SPDX-License-Identifier: MIT
 * Knows what each step of a scene asks of the crews: the bridge between scene and crew, which do not know each other.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
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
		return crew_pin(app->crews, side, worker, (int)move->argument);
	case VERB_NICE:
		return crew_renice(app->crews, side, worker, (int)move->argument);
	case VERB_SIGNAL:
		return crew_signal(app->crews, side, worker, move->signal);
	case VERB_KILL:
		return crew_signal(app->crews, side, worker, SIGKILL);
	case VERB_RESTART:
		return perform_start(app, scene, side);
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
			error == -ESRCH ? "no such worker lives" : strerror(-error));
	return error;
}

int perform_duel(struct app *app, const struct scene_move *move, char *why, size_t why_size)
{
	snprintf(why, why_size, "there are no duels yet");
	return -ENOSYS;
}

bool perform_duel_over(struct app *app)
{
	return true;
}
