/* SPDX-License-Identifier: MIT
 * Evaluates trees, with values that can be not known. Nothing is parsed here, and nothing allocated.
 */

#include "internal.h"

/* --- facts --- */

static struct value fetch(const struct scene_facts *facts, const struct scene_node *node)
{
	const struct scene_snapshot *from = node->op == OP_FACT ? facts->now : facts->before;
	const struct scene_value *kept;
	struct value value = value_unknown(
		SCENE_ANY, node->op == OP_FACT ? "" : "nothing was kept from before the action");

	if (from && node->path < from->values.n) {
		kept = &from->values.at[node->path];
		value = (struct value) { kept->type, kept->known, kept->number, kept->text,
			kept->reason, NULL };
		if (value.type == SCENE_NUMBER && !isfinite(value.number))
			value.known = false;
	}
	if (!value.known) {
		value.type = SCENE_ANY;
		value.of = &facts->code->paths.at[node->path];
	}
	return value;
}

void scene_snapshot_take(struct scene_snapshot *snapshot, const struct scene_code *code,
	scene_lookup *lookup, void *context)
{
	const struct scene_path *path;

	vec_clear(&snapshot->values);
	snapshot->unknown = 0;
	vec_each (path, &code->paths) {
		struct scene_value *value = vec_push(&snapshot->values);
		lookup(context, path, value);
		snapshot->unknown += path->before && !value->known;
	}
}

void scene_snapshot_finish(struct scene_snapshot *snapshot)
{
	vec_finish(&snapshot->values);
}

/* --- trees --- */

static struct value run_given(const struct scene_facts *facts, const struct scene_node *node)
{
	struct value condition = expression_run(facts, node->left);

	if (!condition.known) {
		condition.type = node->type;
		return condition;
	}
	return condition.number != 0 ? expression_run(facts, node->right)
				     : value_unknown(node->type, node->words);
}

static struct value run_one(const struct scene_facts *facts, const struct scene_node *node)
{
	const char *mixed = NULL;
	struct value value = expression_run(facts, node->left);

	switch (node->op) {
	case OP_NOT:
		return value_not(&value, &mixed);
	case OP_KNOWN:
		return value_truth(value.known);
	case OP_NUMBER_IN:
		return value_number_in(&value, (int)node->number);
	default: /* OP_ABS */
		value.number = fabs(value.number);
		return value;
	}
}

static struct value run_two(const struct scene_facts *facts, const struct scene_node *node)
{
	const char *mixed = NULL;
	struct value a = expression_run(facts, node->left), b = expression_run(facts, node->right);

	if (node->op != OP_MIN && node->op != OP_MAX)
		return value_combine(node->op, &a, &b, &mixed);
	struct value difference = value_combine(OP_SUBTRACT, &a, &b, &mixed);
	if (!difference.known)
		return difference;
	return (difference.number < 0) == (node->op == OP_MIN) ? a : b;
}

struct value expression_run(const struct scene_facts *facts, unsigned at)
{
	const struct scene_node *node = &facts->code->nodes.at[at];

	switch (node->op) {
	case OP_NUMBER:
		return value_number(node->number);
	case OP_WORDS:
		return value_words(node->words);
	case OP_TRUTH:
		return value_truth(node->number != 0);
	case OP_FACT:
	case OP_BEFORE:
		return fetch(facts, node);
	case OP_GIVEN:
		return run_given(facts, node);
	default:
		return node->right ? run_two(facts, node) : run_one(facts, node);
	}
}

static struct value run_text(const struct scene_text *text, const struct scene_facts *facts)
{
	if (!text->n)
		return value_unknown(SCENE_ANY, "it was not parsed");
	return expression_run(facts, facts->code->pieces.at[text->first].node);
}

struct scene_value scene_evaluate(const struct scene_text *text, const struct scene_facts *facts)
{
	struct value value = run_text(text, facts);
	struct scene_value ret = {
		.type = value.type, .known = value.known, .number = value.number
	};

	snprintf(ret.text, sizeof(ret.text), "%s", value.text);
	if (!value.known)
		value_reason(&value, ret.reason, sizeof(ret.reason));
	return ret;
}

enum scene_answer scene_condition(const struct scene_text *text, const struct scene_facts *facts,
	char *reason, size_t reason_size)
{
	struct value value = run_text(text, facts);

	if (value.known)
		return value.number != 0 ? SCENE_YES : SCENE_NO;
	if (reason)
		value_reason(&value, reason, reason_size);
	return SCENE_UNDECIDED;
}
