/* SPDX-License-Identifier: MIT
 * Asks of the crews what a step of a scene means: the bridge between scene and crew, which do not know each other.
 */
#include <signal.h>

#include "duel.h"
#include "internal.h"
#include "order.h"

int steer_start_scene(struct steer *steer, const struct scene *scene, enum side side)
{
	const struct scene_crew *crew =
		side == SIDE_LEFT ? scene->setup->left : scene->setup->right;
	struct crew_plan plan = {
		.kind = side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS,
		.workers = crew->workers,
		.job = JOB_SLEEP,
		.cpu = crew->cpu ? (int)*crew->cpu : -1,
		.arena_mb = scene->setup->arena_mb,
		.quick = steer->quick,
	};
	if (crew->kind)
		plan.kind = strcmp(crew->kind, "threads") == 0 ? KIND_THREADS : KIND_PROCESSES;
	if (crew->job)
		plan.job = job_find(crew->job);
	return crew_start(steer->crews, side, &plan);
}

static int to_crew(int worker)
{
	if (worker == SCENE_ALL)
		return CREW_ALL;
	return worker == SCENE_HOST ? WORKER_HOST : worker;
}

/* A scene counts the CPUs that we may use, from 0; -1 is all of them. */
static int pin(struct steer *steer, enum side side, int worker, int64_t nth)
{
	int32_t cpus[CPUS_LISTED];
	int n = cpus_list(cpus, CPUS_LISTED);
	if (nth >= n)
		return -ENXIO;
	return crew_pin(steer->crews, side, worker, nth < 0 ? -1 : cpus[nth]);
}

/* What the crew does in the call itself, or the kernel does. */
static int at_once(int error)
{
	return error ? error : SCENE_STEP_OVER;
}

static int run_verb(struct steer *steer, const struct scene *scene, enum side side,
	const struct scene_move *move)
{
	int worker = to_crew(move->worker);
	switch (move->verb) {
	case VERB_ADD:
		return crew_add(steer->crews, side);
	case VERB_REMOVE:
		return at_once(crew_remove(steer->crews, side, worker));
	case VERB_JOB:
		return crew_set_job(steer->crews, side, worker, move->job);
	case VERB_PIN:
		return at_once(pin(steer, side, worker, move->argument));
	case VERB_NICE:
		return at_once(crew_renice(steer->crews, side, worker, (int)move->argument));
	case VERB_SIGNAL:
		return at_once(crew_signal(steer->crews, side, worker, move->signal));
	case VERB_KILL:
		return at_once(crew_signal(steer->crews, side, worker, SIGKILL));
	case VERB_RESTART:
		return steer_start_scene(steer, scene, side);
	case VERB_CLONE:
		return crew_clone(steer->crews, side, 0);
	case VERB_MARK: /* the player's own */
		return 0;
	default:
		return crew_order(
			steer->crews, side, worker, (enum order)move->order, move->argument);
	}
}

int steer_run_step(struct steer *steer, const struct scene *scene, const struct scene_move *move,
	enum side side, char *why, size_t why_size)
{
	int error = run_verb(steer, scene, side, move);
	const char *words = strerror(MAX(-error, 0));
	if (error == -ESRCH)
		words = "no such worker lives";
	else if (error == -ENXIO)
		words = "it takes one CPU more than we may use";
	if (error < 0)
		snprintf(why, why_size, "the %s side: %s", side_name(side), words);
	return error;
}

/* Of a few methods there is time for more rounds, so that spreads part on a busy machine, too. */
#define ROUNDS_OF_FEW 13

/* Quick: a scene has seconds; `measure` has the time for narrow spreads. */
int steer_run_duel(struct steer *steer, const struct scene_move *move, char *why, size_t why_size)
{
	struct duel_wish wish = { .duel = duel_find(move->duel),
		.quick = true,
		.brief = steer->quick,
		.cpu = { -1, -1 } };
	if (move->method && duel_parse_methods(move->method, &wish.methods, why, why_size) != 0)
		return -EINVAL;
	if (wish.methods && !wish.brief)
		wish.rounds = ROUNDS_OF_FEW;
	if (move->argument != SCENE_USUAL)
		wish.list[wish.duel] = (struct duel_list) { { move->argument }, 1 };
	return steer_start_duel(steer, &wish, why, why_size);
}
