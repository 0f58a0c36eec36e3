/* SPDX-License-Identifier: MIT
 * Checks what a table cannot say of a scene: keys that must differ, fields that belong together, texts with facts in them,
 * and how wide these get.
 */
#include <stdio.h>
#include <string.h>

#include "document.h"
#include "duel_page.h"
#include "internal.h"
#include "order.h"

#define EXPRESSION_COLUMNS 6 /* a rendered number, mostly */

struct check {
	struct document *document;
	const struct scene *scene;
	const struct scene_names *names;
};

/* --- the stage, values --- */

static void check_stage(struct check *check)
{
	if (!check->scene->view && check->scene->panes_n == 0)
		document_tell(check->document, &check->scene->panes,
			"a view or at least one pane is wanted");
}

static void check_values(struct check *check)
{
	const struct scene_named *values = check->scene->values;

	for (unsigned i = 0; i < check->scene->values_n; i++)
		for (unsigned k = 0; k < i; k++)
			if (strcmp(values[k].name, values[i].name) == 0)
				document_tell(check->document, &values[i].name,
					"'%s' is named twice", values[i].name);
}

/* --- steps --- */

static void check_argument(struct check *check, const struct scene_step *step, int64_t min,
	int64_t max, const char *unit)
{
	if (*step->argument < min || *step->argument > max)
		document_tell(check->document, &step->argument,
			"%lld is not within %lld and %lld%s%s", (long long)*step->argument,
			(long long)min, (long long)max, *unit ? " " : "", unit);
}

static void check_order(struct check *check, const struct scene_step *step)
{
	const struct order_info *order = &order_table[order_find(step->order)];

	if (!step->argument)
		return;
	if (!order->unit)
		document_tell(
			check->document, &step->argument, "'%s' takes no argument", step->order);
	else
		check_argument(check, step, order->min, order->max, order->unit);
}

static void check_verb(struct check *check, const struct scene_step *step)
{
	enum scene_verb verb = verb_find(step->verb);

	if ((verb == VERB_JOB) != (step->job != NULL))
		document_tell(check->document, step->job ? &step->job : &step->verb,
			"a job and the verb 'job' go together");
	if ((verb == VERB_SIGNAL) != (step->signal != NULL))
		document_tell(check->document, step->signal ? &step->signal : &step->verb,
			"a signal and the verb 'signal' go together");
	if ((verb == VERB_PIN || verb == VERB_NICE) && !step->argument)
		document_tell_whole(check->document, step, "'%s' wants an argument", step->verb);
}

static void check_step(struct check *check, const struct scene_step *step)
{
	const struct duel_info *duel;

	if ((step->order != NULL) + (step->verb != NULL) + (step->duel != NULL) != 1) {
		document_tell_whole(
			check->document, step, "exactly one of order, verb and duel is wanted");
		return;
	}
	if (step->order)
		check_order(check, step);
	if (step->verb)
		check_verb(check, step);
	if (step->duel && step->argument) {
		duel = &duel_table[duel_find(step->duel)];
		check_argument(check, step, duel->min, duel->max, duel->parameter_unit);
	}
}

/* --- actions --- */

static void check_actions(struct check *check)
{
	const struct scene_action *actions = check->scene->actions;

	for (unsigned i = 0; i < check->scene->actions_n; i++) {
		for (unsigned k = 0; k < i; k++)
			if (strcmp(actions[k].key, actions[i].key) == 0)
				document_tell(check->document, &actions[i].key,
					"the key '%s' is used twice, first by actions[%u]",
					actions[i].key, k);
		for (unsigned k = 0; k < actions[i].steps_n; k++)
			check_step(check, &actions[i].steps[k]);
	}
}

static void check_action_named(struct check *check, char *const *key)
{
	if (*key && !scene_action(check->scene, *key))
		document_tell(check->document, key, "no action has the key '%s'", *key);
}

/* --- judging and asking --- */

static void check_verdicts(struct check *check)
{
	const struct scene *scene = check->scene;

	for (unsigned i = 0; i < scene->verdicts_n; i++) {
		bool is_ours = false;
		for (unsigned k = 0; k < scene->claims_n; k++)
			is_ours |= scene->claims[k] == scene->verdicts[i].claim;
		if (!is_ours)
			document_tell(check->document, &scene->verdicts[i].claim,
				"%d is not among the claims of the scene",
				scene->verdicts[i].claim);
		check_action_named(check, &scene->verdicts[i].action);
	}
}

static void check_quiz(struct check *check)
{
	const struct scene_question *quiz = check->scene->quiz;

	for (unsigned i = 0; i < check->scene->quiz_n; i++) {
		check_action_named(check, &quiz[i].action);
		for (unsigned k = 0; k < i; k++)
			if (quiz[k].id == quiz[i].id)
				document_tell(check->document, &quiz[i].id,
					"%d is used twice, first by quiz[%u]", quiz[i].id, k);
	}
}

static void check_tour(struct check *check)
{
	const struct scene_tour *tour = check->scene->tour;

	for (unsigned i = 0; tour && i < tour->press_n; i++)
		check_action_named(check, &tour->press[i]);
}

/* --- texts with facts in them --- */

static bool check_path(void *context, const char *path, bool before, char *why, size_t why_size)
{
	const struct scene_names *names = context;
	char clause[100] = "";

	if (!names->fact || names->fact(names->context, path, clause, sizeof(clause)))
		return true;
	snprintf(why, why_size, "there is no fact '%s'%s%s", path, clause[0] ? ": " : "", clause);
	return false;
}

/* Columns of a template, each expression taken for a number. */
static int template_width(const char *template)
{
	struct template_piece piece;
	struct buf text = { 0 };
	char why[200];
	int width;

	while (template_next(&template, &piece, why, sizeof(why)) == 1) {
		buf_add(&text, piece.text, piece.len);
		if (piece.expression[0])
			buf_addf(&text, "%*s", EXPRESSION_COLUMNS, "");
	}
	width = text.text ? text_width(text.text) : 0;
	buf_finish(&text);
	return width;
}

static void check_text(void *context, const struct scene_text *text)
{
	struct check *check = context;
	char why[240];

	if (text_read(text, check_path, (void *)check->names, why, sizeof(why)) < 0)
		document_tell(check->document, text->at, "%s", why);
	else if (text->caption && template_width(*text->at) > CAPTION_COLUMNS)
		document_tell(check->document, text->at, "%d columns, and at most %d fit",
			template_width(*text->at), CAPTION_COLUMNS);
}

void scene_check(
	struct document *document, const struct scene *scene, const struct scene_names *names)
{
	struct check check = { document, scene, names };

	check_stage(&check);
	check_values(&check);
	check_actions(&check);
	check_verdicts(&check);
	check_quiz(&check);
	check_tour(&check);
	scene_each_text(scene, check_text, &check);
}
