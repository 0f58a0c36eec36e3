/* SPDX-License-Identifier: MIT
 * Knows what stands in a scene: every text with its field, every path, every action, and what a step
 * means in numbers.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "job.h"
#include "order.h"

/* --- texts --- */

struct visit {
	void (*each)(void *context, const struct scene_text *text);
	void *context;
	const struct scene_named *named;
	unsigned named_n;
};

static void visit(const struct visit *visit, enum scene_text_kind kind, char *const *at)
{
	const struct scene_text found = {
		.at = at, .kind = kind, .named = visit->named, .named_n = visit->named_n
	};

	if (*at)
		visit->each(visit->context, &found);
}

static void visit_captions(const struct visit *visit, char *const *texts, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const struct scene_text found = { .at = &texts[i],
			.kind = TEMPLATE,
			.caption = true,
			.named = visit->named,
			.named_n = visit->named_n };
		visit->each(visit->context, &found);
	}
}

static void visit_kills(const struct visit *v, const struct scene_kill *kills, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		visit(v, CONDITION, &kills[i].condition);
}

static void visit_action(const struct visit *v, const struct scene_action *action)
{
	visit(v, CONDITION, &action->until);
	visit_captions(v, action->after, action->after_n);
	if (action->big) {
		visit(v, TEMPLATE, &action->big->value);
		visit(v, TEMPLATE, &action->big->label);
	}
	visit(v, TEMPLATE, &action->punch);
	visit_kills(v, action->kills, action->kills_n);
}

static void visit_verdict(const struct visit *v, const struct scene_verdict *verdict)
{
	visit(v, CONDITION, &verdict->condition);
	visit(v, TEMPLATE, &verdict->holds);
	visit(v, TEMPLATE, &verdict->fails);
	visit(v, TEMPLATE, &verdict->unknown);
}

static void visit_question(const struct visit *v, const struct scene_question *question)
{
	for (unsigned k = 0; k < question->options_n; k++)
		visit(v, CONDITION, &question->options[k].condition);
	visit(v, TEMPLATE, &question->explain);
}

void scene_each_text(const struct scene *scene,
	void (*each)(void *context, const struct scene_text *text), void *context)
{
	struct visit v = { .each = each, .context = context, .named = scene->values };

	for (; v.named_n < scene->values_n; v.named_n++)
		visit(&v, EXPRESSION, &scene->values[v.named_n].is);
	visit_captions(&v, scene->before, scene->before_n);
	for (unsigned i = 0; i < scene->actions_n; i++)
		visit_action(&v, &scene->actions[i]);
	visit(&v, TEMPLATE, &scene->punch);
	visit_kills(&v, scene->kills, scene->kills_n);
	for (unsigned i = 0; i < scene->verdicts_n; i++)
		visit_verdict(&v, &scene->verdicts[i]);
	for (unsigned i = 0; i < scene->quiz_n; i++)
		visit_question(&v, &scene->quiz[i]);
}

/* --- paths --- */

int text_read(const struct scene_text *text, expression_seen *seen, void *context, char *why,
	size_t why_size)
{
	struct template_piece piece;
	enum scene_type type;
	const char *at = *text->at;
	int more;

	if (text->kind != TEMPLATE) {
		if (expression_read(*text->at, text->named, text->named_n, seen, context, &type,
			    why, why_size) != 0)
			return -1;
		if (type == SCENE_TRUTH || text->kind == EXPRESSION)
			return 0;
		snprintf(why, why_size, "this is no condition: compare it with something");
		return -1;
	}
	while ((more = template_next(&at, &piece, why, why_size)) == 1) {
		if (piece.expression[0] &&
			expression_read(piece.expression, text->named, text->named_n, seen, context,
				&type, why, why_size) != 0)
			return -1;
	}
	return more;
}

struct path_walk {
	VEC(struct scene_fact) seen; /* so that each is told once */
	bool before; /* only those asked for as before. */
	void (*found)(void *context, const char *path);
	void *context;
};

static bool see_path(void *context, const char *path, bool before, char *why, size_t why_size)
{
	struct path_walk *walk = context;
	struct scene_fact *fact;

	if (walk->before && !before)
		return true;
	vec_each (fact, &walk->seen) {
		if (strcmp(fact->path, path) == 0)
			return true;
	}
	fact = vec_push(&walk->seen);
	snprintf(fact->path, sizeof(fact->path), "%s", path);
	walk->found(walk->context, path);
	return true;
}

static void walk_text(void *context, const struct scene_text *text)
{
	char why[200];

	text_read(text, see_path, context, why, sizeof(why));
}

static void walk_paths(const struct scene *scene, struct path_walk *walk)
{
	scene_each_text(scene, walk_text, walk);
	vec_finish(&walk->seen);
}

void scene_paths(
	const struct scene *scene, void (*found)(void *context, const char *path), void *context)
{
	struct path_walk walk = { .found = found, .context = context };

	walk_paths(scene, &walk);
}

struct taking {
	struct scene_snapshot *snapshot;
	scene_lookup *lookup;
	void *context;
};

static void take_fact(void *context, const char *path)
{
	struct taking *taking = context;
	struct scene_fact *fact = vec_push(&taking->snapshot->facts);

	snprintf(fact->path, sizeof(fact->path), "%s", path);
	if (!taking->lookup(taking->context, path, &fact->value))
		fact->value = scene_unknown("there is no such fact");
}

void scene_snapshot_take(struct scene_snapshot *snapshot, const struct scene *scene,
	scene_lookup *lookup, void *context)
{
	struct taking taking = { snapshot, lookup, context };
	struct path_walk walk = { .before = true, .found = take_fact, .context = &taking };

	vec_clear(&snapshot->facts);
	walk_paths(scene, &walk);
}

void scene_snapshot_finish(struct scene_snapshot *snapshot)
{
	vec_finish(&snapshot->facts);
}

/* --- actions and steps --- */

const struct scene_action *scene_action(const struct scene *scene, const char *key)
{
	for (unsigned i = 0; i < scene->actions_n; i++)
		if (!key || strcmp(scene->actions[i].key, key) == 0)
			return &scene->actions[i];
	return NULL;
}

const struct scene_kill *scene_kills(
	const struct scene *scene, const struct scene_action *action, unsigned *ret_n)
{
	bool own = action->kills_n || action != scene->actions;

	*ret_n = own ? action->kills_n : scene->kills_n;
	return own ? action->kills : scene->kills;
}

const char *scene_kill_text(const char *wrong)
{
	int64_t number;

	if (wrong[0] == 'm' && parse_integer(wrong + 1, 1, MISCONCEPTIONS, &number) == 0)
		return scene_misconception((int)number);
	return wrong;
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
