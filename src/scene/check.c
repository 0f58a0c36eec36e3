/* SPDX-License-Identifier: MIT
 * Checks what a table cannot say of a scene: keys that must differ, fields that belong together, texts with facts in them,
 * and how wide these get.
 */

#include "document.h"
#include "duel_page.h"
#include "internal.h"
#include "order.h"

#define EXPRESSION_COLUMNS 6 /* a rendered number, mostly */

struct check {
	struct document *document;
	struct scene *scene;
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

/* A part belongs to one scene: another that shows it would be a second answer to one question. */
static void check_part(struct check *check, const struct scene_verdict *verdict)
{
	const struct claim_part *part =
		verdict->part ? claim_part_find(verdict->claim, verdict->part) : NULL;

	if (verdict->part && !part)
		document_tell(check->document, &verdict->part, "claim %d has no part '%s'",
			verdict->claim, verdict->part);
	else if (part && strcmp(part->scene, check->scene->name) != 0)
		document_tell(check->document, &verdict->part,
			"part '%s' of claim %d is shown by the scene '%s'", part->name, part->claim,
			part->scene);
}

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
		check_part(check, &scene->verdicts[i]);
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

static bool parse(struct check *check, struct scene_text *text, enum scene_text_kind kind)
{
	char why[240];

	if (!text->text ||
		scene_code_add(check->scene->code, text, kind, check->names, why, sizeof(why)) == 0)
		return true;
	document_tell(check->document, text, "%s", why);
	return false;
}

/* Columns of a caption, each expression taken for a number. */
static int caption_width(const struct scene_code *code, const struct scene_text *text)
{
	struct buf sketch = { 0 };

	for (unsigned i = 0; i < text->n; i++) {
		const struct scene_piece *piece = &code->pieces.at[text->first + i];
		buf_add(&sketch, text->text + piece->start, piece->len);
		buf_addf(&sketch, "%*s", piece->len ? 0 : EXPRESSION_COLUMNS, "");
	}
	int width = sketch.text ? text_width(sketch.text) : 0;
	buf_finish(&sketch);
	return width;
}

static void parse_captions(struct check *check, struct scene_text *texts, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (!parse(check, &texts[i], SCENE_TEMPLATE))
			continue;
		int width = caption_width(check->scene->code, &texts[i]);
		if (width > CAPTION_COLUMNS)
			document_tell(check->document, &texts[i], "%d columns, and at most %d fit",
				width, CAPTION_COLUMNS);
	}
}

static void parse_kills(struct check *check, struct scene_kill *kills, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		parse(check, &kills[i].condition, SCENE_CONDITION);
		parse(check, &kills[i].right, SCENE_TEMPLATE);
	}
}

static void parse_action(struct check *check, struct scene_action *action)
{
	parse(check, &action->until, SCENE_CONDITION);
	parse(check, &action->quick, SCENE_CONDITION);
	parse(check, &action->effect, SCENE_CONDITION);
	parse_captions(check, action->after, action->after_n);
	if (action->big) {
		parse(check, &action->big->value, SCENE_TEMPLATE);
		parse(check, &action->big->label, SCENE_TEMPLATE);
		parse(check, &action->big->condition, SCENE_CONDITION);
	}
	parse(check, &action->punch, SCENE_TEMPLATE);
	parse_kills(check, action->kills, action->kills_n);
}

static void parse_verdict(struct check *check, struct scene_verdict *verdict)
{
	parse(check, &verdict->condition, SCENE_CONDITION);
	parse(check, &verdict->holds, SCENE_TEMPLATE);
	parse(check, &verdict->fails, SCENE_TEMPLATE);
	parse(check, &verdict->unknown, SCENE_TEMPLATE);
	parse(check, &verdict->number, SCENE_TEMPLATE);
}

static void parse_question(struct check *check, struct scene_question *question)
{
	for (unsigned k = 0; k < question->options_n; k++)
		parse(check, &question->options[k].condition, SCENE_CONDITION);
	parse(check, &question->explain, SCENE_TEMPLATE);
}

static void parse_texts(struct check *check)
{
	struct scene *scene = check->scene;
	char why[240];

	scene->code = scene_code_create();
	for (unsigned i = 0; i < scene->values_n; i++)
		if (scene_code_add_named(
			    scene->code, &scene->values[i], check->names, why, sizeof(why)) != 0)
			document_tell(check->document, &scene->values[i].is, "%s", why);
	parse_captions(check, scene->before, scene->before_n);
	for (unsigned i = 0; i < scene->actions_n; i++)
		parse_action(check, &scene->actions[i]);
	parse(check, &scene->punch, SCENE_TEMPLATE);
	parse_kills(check, scene->kills, scene->kills_n);
	for (unsigned i = 0; i < scene->verdicts_n; i++)
		parse_verdict(check, &scene->verdicts[i]);
	for (unsigned i = 0; i < scene->quiz_n; i++)
		parse_question(check, &scene->quiz[i]);
}

void scene_check(struct document *document, struct scene *scene, const struct scene_names *names)
{
	struct check check = { document, scene, names };

	check_stage(&check);
	check_values(&check);
	check_actions(&check);
	check_verdicts(&check);
	check_quiz(&check);
	check_tour(&check);
	parse_texts(&check);
}
