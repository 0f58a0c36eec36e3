/* SPDX-License-Identifier: MIT
 * Finds actions and what they refute, and turns a step into numbers.
 */
#include <signal.h>

#include "internal.h"
#include "job.h"
#include "order.h"

/* --- actions and steps --- */

const struct scene_action *scene_action(const struct scene *scene, const char *key)
{
	for (unsigned i = 0; i < scene->actions_n; i++)
		if (!key || strcmp(scene->actions[i].key, key) == 0)
			return &scene->actions[i];
	return NULL;
}

const struct scene_question *scene_question(
	const struct scene *scene, const struct scene_action *action)
{
	for (unsigned i = 0; i < scene->quiz_n; i++)
		if (scene_action(scene, scene->quiz[i].action) == action)
			return &scene->quiz[i];
	return NULL;
}

const struct scene_kill *scene_kills(
	const struct scene *scene, const struct scene_action *action, unsigned *ret_n)
{
	bool own = action->kills_n || action != scene->actions;

	*ret_n = own ? action->kills_n : scene->kills_n;
	return own ? action->kills : scene->kills;
}

/* The number of "m9"; 0: a sentence of its own. */
static int misconception_of(const char *wrong)
{
	int64_t number;

	if (wrong[0] == 'm' && parse_integer(wrong + 1, 1, MISCONCEPTIONS, &number) == 0)
		return (int)number;
	return 0;
}

const char *scene_kill_text(const char *wrong)
{
	int number = misconception_of(wrong);

	return number ? scene_misconception(number) : wrong;
}

void scene_kill_right(
	struct buf *out, const struct scene_kill *kill, const struct scene_facts *facts)
{
	if (kill->right.text)
		scene_render(out, &kill->right, facts, NULL, 0);
	else
		buf_adds(out, scene_correction(misconception_of(kill->wrong)));
}

static const char *const verb_names[SCENE_VERBS] = {
	[VERB_ADD] = "add",
	[VERB_REMOVE] = "remove",
	[VERB_JOB] = "job",
	[VERB_PIN] = "pin",
	[VERB_NICE] = "nice",
	[VERB_SIGNAL] = "signal",
	[VERB_KILL] = "kill",
	[VERB_RESTART] = "restart",
	[VERB_CLONE] = "clone",
	[VERB_MARK] = "mark",
};

enum scene_verb verb_find(const char *name)
{
	for (int i = VERB_NONE + 1; i < SCENE_VERBS; i++)
		if (strcmp(verb_names[i], name) == 0)
			return (enum scene_verb)i;
	return VERB_NONE;
}

int signal_find(const char *name)
{
	static const int signals[] = { SIGUSR1, SIGUSR2, SIGTERM, SIGKILL, SIGSTOP, SIGCONT,
		SIGSEGV };
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		if (strcmp(signal_name(signals[i]), name) == 0)
			return signals[i];
	return 0;
}

int worker_find(const char *name, int *ret)
{
	int64_t index;

	if (strcmp(name, "all") == 0 || strcmp(name, "host") == 0) {
		*ret = name[0] == 'a' ? SCENE_ALL : SCENE_HOST;
		return 0;
	}
	if (parse_integer(name, 0, SCENE_WORKERS_MAX - 1, &index) != 0)
		return -1;
	*ret = (int)index;
	return 0;
}

struct scene_move scene_move_of(const struct scene_step *step)
{
	struct scene_move move = { .job = -1, .duel = step->duel, .method = step->method };
	const char *side = step->side ? step->side : "both";

	move.order = step->order ? MAX(order_find(step->order), 0) : 0;
	move.verb = step->verb ? verb_find(step->verb) : VERB_NONE;
	move.side[SIDE_LEFT] = strcmp(side, "right") != 0;
	move.side[SIDE_RIGHT] = strcmp(side, "left") != 0;
	if (step->worker)
		worker_find(step->worker, &move.worker);
	if (step->argument)
		move.argument = *step->argument;
	else if (move.duel)
		move.argument = SCENE_USUAL;
	else if (move.order)
		move.argument = order_table[move.order].standard;
	if (step->job)
		move.job = job_find(step->job);
	if (step->signal)
		move.signal = signal_find(step->signal);
	move.to_process = step->to && strcmp(step->to, "process") == 0;
	return move;
}
