/* SPDX-License-Identifier: MIT
 * Any text as an expression and as a template: an answer or a clause that says why not, never a number that is none, and
 * what is known is finite.
 */
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "scene.h"

static bool lookup(void *context, const char *path, struct scene_value *ret)
{
	switch (strlen(path) % 5) {
	case 0:
		*ret = scene_number(1e300);
		return true;
	case 1:
		*ret = scene_words("words");
		return true;
	case 2:
		*ret = scene_unknown("not permitted");
		return true;
	case 3:
		return false;
	default:
		*ret = scene_number(-1);
		return true;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct scene_named named[] = { { "twice", "2 * left.worker0.pid" },
		{ "thrice", "twice + delta(left.worker0.pid)" } };
	const struct scene_facts facts = {
		.lookup = lookup, .named = named, .named_n = ARRAY_LEN(named)
	};
	struct scene_value value = scene_unknown("");
	struct buf out = { 0 };
	char text[2048], why[200] = "", reason[128] = "";

	size = size < sizeof(text) - 1 ? size : sizeof(text) - 1;
	memcpy(text, data, size);
	text[size] = '\0';

	int error = scene_evaluate(text, &facts, &value, why, sizeof(why));
	fuzz_check((error == 0) == (why[0] == '\0'));
	if (error == 0 && value.known && value.type != SCENE_WORDS)
		fuzz_check(isfinite(value.number));
	if (error == 0 && !value.known)
		fuzz_check(value.reason[0]);

	enum scene_answer answer = scene_condition(text, &facts, reason, sizeof(reason));
	fuzz_check((answer == SCENE_UNDECIDED) == (reason[0] != '\0'));

	fuzz_check(scene_render(&out, text, &facts, reason, sizeof(reason)) >= 0);
	fuzz_check(out.len < 100 * sizeof(text));
	buf_finish(&out);
	return 0;
}
