/* SPDX-License-Identifier: MIT
 * Any text as an expression and as a template: an answer or a clause that says why not, never a number that is none, and
 * what is known is finite.
 */
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "scene.h"

static void lookup(void *context, const struct scene_path *path, struct scene_value *ret)
{
	switch (strlen(path->text) % 4) {
	case 0:
		*ret = scene_number(1e300);
		break;
	case 1:
		*ret = scene_words("words");
		break;
	case 2:
		*ret = scene_unknown("not permitted");
		break;
	default:
		*ret = scene_number(-1);
	}
}

static void check_value(const struct scene_value *value)
{
	if (value->known && value->type != SCENE_WORDS)
		fuzz_check(isfinite(value->number));
	if (!value->known)
		fuzz_check(value->reason[0]);
}

static void use(
	const struct scene_text *text, enum scene_text_kind kind, const struct scene_facts *facts)
{
	struct buf out = { 0 };
	char reason[128] = "";

	if (kind == SCENE_TEMPLATE) {
		fuzz_check(scene_render(&out, text, facts, reason, sizeof(reason)) >= 0);
		fuzz_check(out.len < 100 * 2048);
	} else if (kind == SCENE_CONDITION) {
		enum scene_answer answer = scene_condition(text, facts, reason, sizeof(reason));
		fuzz_check((answer == SCENE_UNDECIDED) == (reason[0] != '\0'));
	} else {
		struct scene_value value = scene_evaluate(text, facts);
		check_value(&value);
	}
	buf_finish(&out);
}

static void add_named(struct scene_code *code)
{
	static const char *const named[][2] = { { "twice", "2 * left.worker0.pid" },
		{ "thrice", "twice + delta(left.worker0.pid)" } };
	char why[200];

	for (size_t i = 0; i < ARRAY_LEN(named); i++) {
		struct scene_named value = { .name = (char *)named[i][0],
			.is = { .text = (char *)named[i][1] } };
		fuzz_check(scene_code_add_named(code, &value, NULL, why, sizeof(why)) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scene_code *code = scene_code_create();
	struct scene_snapshot now = { 0 };
	const struct scene_facts facts = { .code = code, .now = &now };
	char text[2048];

	size = size < sizeof(text) - 1 ? size : sizeof(text) - 1;
	memcpy(text, data, size);
	text[size] = '\0';
	add_named(code);
	for (int kind = SCENE_TEMPLATE; kind <= SCENE_EXPRESSION; kind++) {
		struct scene_text one = { .text = text };
		char why[200] = "";
		int error = scene_code_add(
			code, &one, (enum scene_text_kind)kind, NULL, why, sizeof(why));

		fuzz_check((error == 0) == (why[0] == '\0'));
		scene_snapshot_take(&now, code, lookup, NULL);
		use(&one, (enum scene_text_kind)kind, &facts);
	}
	scene_snapshot_finish(&now);
	scene_code_destroy(code);
	return 0;
}
