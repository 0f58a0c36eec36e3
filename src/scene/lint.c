/* SPDX-License-Identifier: MIT
 * Proves of a scene, for all values that its facts can have: at most one answer of a question is right; no answer, no kill
 * and no verdict is decided where the action did not have its effect; and what is shown before gives no answer away.
 */

#include "document.h"
#include "internal.h"

struct lint {
	struct document *document;
	const struct scene *scene;
};

/* Tells what was not proven. */
static void judge(struct lint *lint, enum proof_result result, const struct scene_text *at,
	const char *possible)
{
	if (result == PROOF_POSSIBLE)
		document_tell(lint->document, at, "%s", possible);
	else if (result == PROOF_GAVE_UP)
		document_tell(lint->document, at,
			"it cannot be proven that this is right: simpler comparisons are wanted, "
			"of "
			"sums of facts");
}

/* --- effects --- */

/* What holds when an action is looked at: the weaker of its conditions, if a quick tour has one of its own. */
static const struct scene_text *arrival(const struct scene_action *action)
{
	return action->quick.text ? &action->quick : &action->until;
}

/* That a text is not so answered where the action had not its effect. */
static void prove_effect(struct lint *lint, const struct scene_action *action,
	const struct scene_text *text, enum proof_goal answer)
{
	const struct proof_wish wishes[] = { { arrival(action), PROOF_TRUE }, { text, answer },
		{ &action->effect, PROOF_NOT_TRUE } };

	if (!action->effect.text)
		return;
	judge(lint, proof_try(lint->scene->code, wishes, ARRAY_LEN(wishes)), text,
		answer == PROOF_TRUE ? "this can hold though the action had not its effect"
				     : "this can be denied though the action had not its effect");
}

static void prove_action(struct lint *lint, const struct scene_action *action)
{
	unsigned n;
	const struct scene_kill *kills = scene_kills(lint->scene, action, &n);

	if (action->steps_n && !action->until.text && !action->effect.text)
		document_tell_whole(lint->document, action,
			"nothing says that it had its effect: 'until' or 'effect' is wanted");
	for (unsigned i = 0; i < n; i++)
		prove_effect(lint, action, &kills[i].condition, PROOF_TRUE);
}

/* A verdict that only limits says nothing where it does not hold. */
static void prove_verdict(struct lint *lint, const struct scene_verdict *verdict)
{
	const struct scene_action *action = scene_action(lint->scene, verdict->action);

	prove_effect(lint, action, &verdict->condition, PROOF_TRUE);
	if (!verdict->limits)
		prove_effect(lint, action, &verdict->condition, PROOF_FALSE);
}

/* --- questions --- */

static void prove_one_answer(
	struct lint *lint, const struct scene_action *action, const struct scene_question *question)
{
	for (unsigned i = 0; i < question->options_n; i++) {
		for (unsigned k = 0; k < i; k++) {
			const struct scene_text *text = &question->options[i].condition;
			const struct proof_wish wishes[] = { { arrival(action), PROOF_TRUE },
				{ &question->options[k].condition, PROOF_TRUE },
				{ text, PROOF_TRUE } };
			char why[80];
			snprintf(why, sizeof(why), "this and options[%u] can hold at once", k);
			judge(lint, proof_try(lint->scene->code, wishes, ARRAY_LEN(wishes)), text,
				why);
		}
	}
}

/* A path of the tree that is shown; NULL: none is. */
static const struct scene_path *find_path(
	const struct scene_code *code, unsigned node, const bool *shown)
{
	const struct scene_node *at = &code->nodes.at[node];
	const struct scene_path *found = NULL;

	if (!node)
		return NULL;
	if ((at->op == OP_FACT || at->op == OP_BEFORE) && shown[at->path])
		return &code->paths.at[at->path];
	found = find_path(code, at->left, shown);
	return found ? found : find_path(code, at->right, shown);
}

static void note_paths(const struct scene_code *code, unsigned node, bool *shown)
{
	const struct scene_node *at = &code->nodes.at[node];

	if (!node)
		return;
	if (at->op == OP_FACT || at->op == OP_BEFORE)
		shown[at->path] = true;
	note_paths(code, at->left, shown);
	note_paths(code, at->right, shown);
}

static void prove_secret(
	struct lint *lint, const struct scene_question *question, const bool *shown)
{
	const struct scene_code *code = lint->scene->code;

	for (unsigned i = 0; i < question->options_n; i++) {
		const struct scene_text *text = &question->options[i].condition;
		const struct scene_path *path =
			find_path(code, code->pieces.at[text->first].node, shown);
		if (path)
			document_tell(lint->document, text,
				"'before' shows %s, by which this is decided", path->text);
	}
}

/* Who predicts something wrong is told why. Which option is right is not known before: all but one have a feedback. */
static void prove_feedback(struct lint *lint, const struct scene_question *question)
{
	const struct scene_action *action = scene_action(lint->scene, question->action);
	unsigned without = 0;

	for (unsigned i = 0; i < question->options_n; i++)
		without += !question->options[i].feedback;
	if (without > 1 && scene_question(lint->scene, action) == question)
		document_tell_whole(lint->document, question,
			"%u options have no 'feedback': at most the right one may lack it",
			without);
}

/* An option that no values make true would be wrong without a look at the facts. */
static void prove_option(struct lint *lint, const struct scene_text *condition)
{
	const struct proof_wish wish = { condition, PROOF_TRUE };

	if (proof_try(lint->scene->code, &wish, 1) == PROOF_IMPOSSIBLE)
		document_tell(lint->document, condition, "no facts can make this true");
}

static void prove_questions(struct lint *lint)
{
	const struct scene *scene = lint->scene;
	bool *shown = xcalloc(scene->code->paths.n, sizeof(*shown));

	for (unsigned i = 0; i < scene->before_n; i++)
		for (unsigned k = 0; k < scene->before[i].n; k++)
			note_paths(scene->code,
				scene->code->pieces.at[scene->before[i].first + k].node, shown);
	for (unsigned i = 0; i < scene->quiz_n; i++) {
		const struct scene_question *question = &scene->quiz[i];
		const struct scene_action *action = scene_action(scene, question->action);
		prove_one_answer(lint, action, question);
		prove_secret(lint, question, shown);
		prove_feedback(lint, question);
		for (unsigned k = 0; k < question->options_n; k++) {
			prove_effect(lint, action, &question->options[k].condition, PROOF_TRUE);
			prove_option(lint, &question->options[k].condition);
		}
	}
	free(shown);
}

void scene_prove(struct document *document, const struct scene *scene)
{
	struct lint lint = { document, scene };

	for (unsigned i = 0; i < scene->actions_n; i++)
		prove_action(&lint, &scene->actions[i]);
	for (unsigned i = 0; i < scene->verdicts_n; i++)
		prove_verdict(&lint, &scene->verdicts[i]);
	prove_questions(&lint);
}
