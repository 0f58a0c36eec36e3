/* SPDX-License-Identifier: MIT
 * Holds what the texts of a scene were parsed to: nodes, pieces and paths.
 */

#include "internal.h"

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
