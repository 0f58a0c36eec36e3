/* SPDX-License-Identifier: MIT
 * Any bytes as a scene: refused with lines that name the file, or whole, so that all its texts can be evaluated.
 */
#include <string.h>

#include "fuzz.h"
#include "scene.h"

static void lookup(void *context, const struct scene_path *path, struct scene_value *ret)
{
	size_t len = strlen(path->text);

	*ret = len % 3 ? scene_number((double)len) : scene_unknown("odd");
}

static void check_errors(const struct buf *errors)
{
	fuzz_check(errors->len > 0);
	fuzz_check(errors->text[errors->len - 1] == '\n');
	for (const char *line = errors->text; *line; line = strchr(line, '\n') + 1)
		fuzz_check(strncmp(line, "f:", 2) == 0);
}

static void use(const struct scene *scene)
{
	struct scene_snapshot snapshot = { 0 };
	struct scene_facts facts = { .code = scene->code, .now = &snapshot, .before = &snapshot };
	struct buf out = { 0 };
	char reason[64];

	scene_snapshot_take(&snapshot, scene->code, lookup, NULL);
	fuzz_check(scene_action(scene, NULL) == scene->actions);
	for (unsigned i = 0; i < scene->actions_n; i++)
		for (unsigned k = 0; k < scene->actions[i].steps_n; k++) {
			struct scene_move move = scene_move_of(&scene->actions[i].steps[k]);
			fuzz_check(
				(move.order > 0) + (move.verb != VERB_NONE) + (move.duel != NULL) ==
				1);
		}
	for (unsigned i = 0; i < scene->verdicts_n; i++) {
		scene_condition(&scene->verdicts[i].condition, &facts, reason, sizeof(reason));
		scene_render(&out, &scene->verdicts[i].holds, &facts, reason, sizeof(reason));
	}
	buf_finish(&out);
	scene_snapshot_finish(&snapshot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scene *scene = NULL;
	struct buf errors = { 0 };

	if (scene_parse("f", (const char *)data, size, NULL, &scene, &errors) == 0) {
		fuzz_check(scene && errors.len == 0);
		use(scene);
		scene_destroy(scene);
	} else {
		fuzz_check(!scene);
		check_errors(&errors);
	}
	buf_finish(&errors);
	return 0;
}
