/* SPDX-License-Identifier: MIT
 * Key scripts of any bytes: read whole or refused with words; every key that is read has a name that leads back to it.
 */
#include <string.h>

#include "command.h"
#include "fuzz.h"

static void check_step(const struct script_step *step)
{
	char name[32];

	switch (step->kind) {
	case SCRIPT_KEY:
		fuzz_check(step->key != KEYCODE_NONE);
		key_name(step->key, name, sizeof(name));
		/* What no terminal shows has no name; what has one is found by it. */
		fuzz_check(!name[0] || !strcmp(name, "\xEF\xBF\xBD") ||
			   key_find(name, strlen(name)) == step->key);
		break;
	case SCRIPT_WAIT:
		fuzz_check(step->wait >= 0 && step->wait <= 60000 * NSEC_PER_MSEC);
		break;
	case SCRIPT_UNTIL:
		fuzz_check(memchr(step->text, 0, sizeof(step->text)) != NULL);
		fuzz_check(text_width(step->text) >= 0);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script script = { 0 };
	char why[128] = "", *text = malloc(size + 1);

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = 0;
	if (script_parse(text, &script, why, sizeof(why)) == 0) {
		fuzz_check(script.steps.n <= SCRIPT_STEPS_MAX);
		for (size_t i = 0; i < script.steps.n; i++)
			check_step(&script.steps.at[i]);
	} else {
		fuzz_check(why[0] && script.steps.n == 0);
	}
	script_finish(&script);
	free(text);
	return 0;
}
