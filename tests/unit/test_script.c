/* SPDX-License-Identifier: MIT
 * Key scripts: what is understood, and what is refused with which words. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "command.h"

static void a_script_of_every_kind_of_step_is_read(void **state)
{
	struct script script;
	char why[128];

	assert_int_equal(
		script_parse("a <wait 500> <Tab>jj <until 4 threads> q", &script, why, sizeof(why)),
		0);
	assert_int_equal(script.steps.n, 7);
	assert_int_equal(script.steps.at[0].key, 'a');
	assert_int_equal(script.steps.at[1].kind, SCRIPT_WAIT);
	assert_int_equal(script.steps.at[1].wait, 500 * NSEC_PER_MSEC);
	assert_int_equal(script.steps.at[2].key, KEYCODE_TAB);
	assert_int_equal(script.steps.at[4].key, 'j');
	assert_int_equal(script.steps.at[5].kind, SCRIPT_UNTIL);
	assert_string_equal(script.steps.at[5].text, "4 threads");
	assert_int_equal(script.steps.at[6].key, 'q');
	script_finish(&script);
}

static void angle_brackets_and_blanks_can_be_keys(void **state)
{
	struct script script;
	char why[128];

	assert_int_equal(script_parse("<<> <>> > <Space> \xc3\xa9", &script, why, sizeof(why)), 0);
	assert_int_equal(script.steps.n, 5);
	assert_int_equal(script.steps.at[0].key, '<');
	assert_int_equal(script.steps.at[1].key, '>');
	assert_int_equal(script.steps.at[2].key, '>');
	assert_int_equal(script.steps.at[3].key, KEYCODE_SPACE);
	assert_int_equal(script.steps.at[4].key, 0xe9);
	script_finish(&script);
}

static void an_empty_script_does_nothing(void **state)
{
	struct script script;
	char why[128];

	assert_int_equal(script_parse(" \n", &script, why, sizeof(why)), 0);
	assert_int_equal(script.steps.n, 0);
	script_finish(&script);
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
	static const struct {
		const char *text, *why;
	} wrong[] = {
		{ "a<Tab", "a < without its >, at character 2" },
		{ "ab<Tabb>", "no such key, at character 4" },
		{ "<>", "no such key, at character 2" },
		{ "<wait>", "<wait MS> needs milliseconds from 0 to 60000, at character 2" },
		{ "<wait 60001>", "<wait MS> needs milliseconds from 0 to 60000, at character 2" },
		{ "<wait -1>", "<wait MS> needs milliseconds from 0 to 60000, at character 2" },
		{ "<wait 1e3>", "<wait MS> needs milliseconds from 0 to 60000, at character 2" },
		{ "<until >", "<until TEXT> needs a text, at character 2" },
		{ "\x80", "no such key, at character 1" },
		{ "a\x01", "no such key, at character 2" },
	};

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct script script = { 0 };
		char why[128] = "";

		assert_int_equal(script_parse(wrong[i].text, &script, why, sizeof(why)), -EINVAL);
		assert_string_equal(why, wrong[i].why);
		assert_null(script.steps.at);
	}
}

static void a_text_that_is_too_long_is_refused_not_cut(void **state)
{
	struct script script = { 0 };
	char text[80], why[128];

	memset(text, 'x', sizeof(text));
	memcpy(text, "<until ", 7);
	text[78] = '>';
	text[79] = 0;
	assert_int_equal(script_parse(text, &script, why, sizeof(why)), -EINVAL);
}

static void steps_are_bounded(void **state)
{
	struct script script = { 0 };
	char text[SCRIPT_STEPS_MAX + 2], why[128];

	memset(text, 'j', sizeof(text));
	text[SCRIPT_STEPS_MAX] = 0;
	assert_int_equal(script_parse(text, &script, why, sizeof(why)), 0);
	script_finish(&script);
	text[SCRIPT_STEPS_MAX] = 'j';
	text[SCRIPT_STEPS_MAX + 1] = 0;
	script = (struct script) { 0 };
	assert_int_equal(script_parse(text, &script, why, sizeof(why)), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_script_of_every_kind_of_step_is_read),
		cmocka_unit_test(angle_brackets_and_blanks_can_be_keys),
		cmocka_unit_test(an_empty_script_does_nothing),
		cmocka_unit_test(what_is_wrong_is_said_with_its_place),
		cmocka_unit_test(a_text_that_is_too_long_is_refused_not_cut),
		cmocka_unit_test(steps_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
