/* SPDX-License-Identifier: MIT
 * Evaluates trees, with values that can be not known. Nothing is parsed here, and nothing allocated.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "internal.h"

/* --- code --- */

struct scene_code *scene_code_create(void)
{
	return xcalloc(1, sizeof(struct scene_code));
}

void scene_code_destroy(struct scene_code *code)
{
	struct scene_node *node;
	struct scene_path *path;

	if (!code)
		return;
	vec_each (node, &code->nodes)
		free(node->words);
	vec_each (path, &code->paths)
		free(path->handle);
	vec_finish(&code->nodes);
	vec_finish(&code->pieces);
	vec_finish(&code->paths);
	free(code);
}

static int add_expression(struct scene_code *code, const struct scene_text *text, bool condition,
	const struct scene_names *names, char *why, size_t why_size)
{
	struct scene_piece piece = { 0 };
	int error = expression_parse(
		code, text->text, strlen(text->text), names, &piece.node, why, why_size);

	if (error)
		return error;
	if (condition && code->nodes.at[piece.node].type != SCENE_TRUTH) {
		snprintf(why, why_size, "this is no condition: compare it with something");
		return -EINVAL;
	}
	*vec_push(&code->pieces) = piece;
	return 0;
}

int scene_code_add(struct scene_code *code, struct scene_text *text, enum scene_text_kind kind,
	const struct scene_names *names, char *why, size_t why_size)
{
	unsigned first = (unsigned)code->pieces.n;
	int error = kind == SCENE_TEMPLATE ? template_parse(code, text->text, names, why, why_size)
					   : add_expression(code, text, kind == SCENE_CONDITION,
						     names, why, why_size);

	if (error)
		return error;
	text->first = first;
	text->n = (unsigned)code->pieces.n - first;
	return 0;
}

int scene_code_add_named(struct scene_code *code, struct scene_named *named,
	const struct scene_names *names, char *why, size_t why_size)
{
	int error = scene_code_add(code, &named->is, SCENE_EXPRESSION, names, why, why_size);

	if (error || code->named_n == SCENE_NAMED_MAX)
		return error;
	code->named[code->named_n].name = named->name;
	code->named[code->named_n++].node = code->pieces.at[named->is.first].node;
	return 0;
}

const struct scene_path *scene_paths(const struct scene_code *code, size_t *ret_n)
{
	*ret_n = code->paths.n;
	return code->paths.at;
}

/* --- facts --- */

static struct scene_value fetch(const struct scene_facts *facts, const struct scene_node *node)
{
	const struct scene_path *path = &facts->code->paths.at[node->path];
	struct scene_value value;

	if (node->op == OP_FACT)
		facts->lookup(facts->context, path, &value);
	else if (facts->before && node->path < facts->before->values.n)
		value = facts->before->values.at[node->path];
	else
		value = scene_unknown("nothing was kept from before the action");
	if (value.type == SCENE_NUMBER && !isfinite(value.number))
		value.known = false;
	if (value.known)
		return value;
	char reason[200];
	snprintf(reason, sizeof(reason), "%s: %.90s", path->text,
		value.reason[0] ? value.reason : "not known");
	return scene_unknown(reason);
}

void scene_snapshot_take(struct scene_snapshot *snapshot, const struct scene_facts *facts)
{
	const struct scene_path *path;

	vec_clear(&snapshot->values);
	snapshot->unknown = 0;
	vec_each (path, &facts->code->paths) {
		struct scene_value *value = vec_push(&snapshot->values);
		if (!path->before)
			continue;
		facts->lookup(facts->context, path, value);
		snapshot->unknown += !value->known;
	}
}

void scene_snapshot_finish(struct scene_snapshot *snapshot)
{
	vec_finish(&snapshot->values);
}

/* --- trees --- */

static struct scene_value run_given(const struct scene_facts *facts, const struct scene_node *node)
{
	struct scene_value condition = expression_run(facts, node->left);

	if (!condition.known)
		return value_unknown(node->type, condition.reason);
	return condition.number != 0 ? expression_run(facts, node->right)
				     : value_unknown(node->type, node->words);
}

static struct scene_value run_one(const struct scene_facts *facts, const struct scene_node *node)
{
	const char *mixed = NULL;
	struct scene_value value = expression_run(facts, node->left);

	switch (node->op) {
	case OP_NOT:
		return value_not(&value, &mixed);
	case OP_KNOWN:
		return value_truth(value.known);
	case OP_NUMBER_IN:
		return value_number_in(&value);
	default: /* OP_ABS */
		value.number = fabs(value.number);
		return value;
	}
}

static struct scene_value run_two(const struct scene_facts *facts, const struct scene_node *node)
{
	const char *mixed = NULL;
	struct scene_value a = expression_run(facts, node->left),
			   b = expression_run(facts, node->right);

	if (node->op != OP_MIN && node->op != OP_MAX)
		return value_combine(node->op, &a, &b, &mixed);
	struct scene_value difference = value_combine(OP_SUBTRACT, &a, &b, &mixed);
	if (!difference.known)
		return difference;
	return (difference.number < 0) == (node->op == OP_MIN) ? a : b;
}

struct scene_value expression_run(const struct scene_facts *facts, unsigned at)
{
	const struct scene_node *node = &facts->code->nodes.at[at];

	switch (node->op) {
	case OP_NUMBER:
		return scene_number(node->number);
	case OP_WORDS:
		return scene_words(node->words);
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

struct scene_value scene_evaluate(const struct scene_text *text, const struct scene_facts *facts)
{
	if (!text->n)
		return scene_unknown("it was not parsed");
	return expression_run(facts, facts->code->pieces.at[text->first].node);
}

enum scene_answer scene_condition(const struct scene_text *text, const struct scene_facts *facts,
	char *reason, size_t reason_size)
{
	struct scene_value value = scene_evaluate(text, facts);

	if (value.known)
		return value.number != 0 ? SCENE_YES : SCENE_NO;
	if (reason)
		snprintf(reason, reason_size, "%s", value.reason[0] ? value.reason : "not known");
	return SCENE_UNDECIDED;
}
