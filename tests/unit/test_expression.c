/* SPDX-License-Identifier: MIT
 * The language of conditions and templates: what it computes, what it refuses, and what it says of both.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"

/* --- facts of a machine that does not exist --- */

static const struct {
	const char *path;
	double number;
	const char *text, *reason;
} machine[] = {
	{ "left.worker0.pid", 4194303, NULL, NULL },
	{ "left.worker0.own_kb", 8192, NULL, NULL },
	{ "left.rate", 26041.7, NULL, NULL },
	{ "left.worker0.cwd", NAN, "/usr", NULL },
	{ "left.worker0.state", 90, "Z", NULL },
	{ "left.worker0.frame", NAN, NULL, "not permitted" },
	{ "left.worker0.sp", 0x7fff7081ae98, NULL, NULL },
	{ "d.low.p25", 90, NULL, NULL },
	{ "d.low.p75", 100, NULL, NULL },
	{ "d.high.p25", 200, NULL, NULL },
	{ "d.high.p75", 260, NULL, NULL },
	{ "d.wide.p25", 95, NULL, NULL },
	{ "d.wide.p75", 300, NULL, NULL },
};

static void lookup(void *context, const struct scene_path *path, struct scene_value *ret)
{
	*ret = scene_unknown("there is no such fact");
	for (size_t i = 0; i < ARRAY_LEN(machine); i++) {
		if (strcmp(machine[i].path, path->text) != 0)
			continue;
		if (machine[i].reason)
			*ret = scene_unknown(machine[i].reason);
		else if (isnan(machine[i].number))
			*ret = scene_words(machine[i].text);
		else
			*ret = scene_number(machine[i].number);
		if (machine[i].text && !isnan(machine[i].number))
			snprintf(ret->text, sizeof(ret->text), "%s", machine[i].text);
	}
}

/* A text of its own, parsed. */
struct stage {
	struct scene_code *code;
	struct scene_text text;
	struct scene_snapshot now;
	struct scene_facts facts;
};

static int try_to_open(struct stage *stage, const char *text, enum scene_text_kind kind, char *why,
	size_t why_size)
{
	*stage = (struct stage) { .code = scene_code_create() };
	stage->text.text = (char *)text;
	stage->facts = (struct scene_facts) { .code = stage->code, .now = &stage->now };
	int error = scene_code_add(stage->code, &stage->text, kind, NULL, why, why_size);
	scene_snapshot_take(&stage->now, stage->code, lookup, NULL);
	return error;
}

static void close_text(struct stage *stage)
{
	scene_snapshot_finish(&stage->now);
	scene_code_destroy(stage->code);
}

static void open_text(struct stage *stage, const char *text, enum scene_text_kind kind)
{
	char why[200] = "";

	if (try_to_open(stage, text, kind, why, sizeof(why)) != 0)
		fail_msg("'%s': %s", text, why);
}

static struct scene_value evaluate(const char *text)
{
	struct stage stage;

	open_text(&stage, text, SCENE_EXPRESSION);
	struct scene_value value = scene_evaluate(&stage.text, &stage.facts);
	close_text(&stage);
	return value;
}

static void assert_number(const char *text, double wanted)
{
	struct scene_value value = evaluate(text);

	assert_true(value.known);
	assert_int_equal(value.type, SCENE_NUMBER);
	if (fabs(value.number - wanted) > 1e-9)
		fail_msg("'%s' is %g, not %g", text, value.number, wanted);
}

static enum scene_answer ask(const char *text, char *reason, size_t reason_size)
{
	struct stage stage;

	open_text(&stage, text, SCENE_CONDITION);
	enum scene_answer answer = scene_condition(&stage.text, &stage.facts, reason, reason_size);
	close_text(&stage);
	return answer;
}

static void assert_answer(const char *text, enum scene_answer wanted)
{
	char reason[128] = "";
	enum scene_answer answer = ask(text, reason, sizeof(reason));

	if (answer != wanted)
		fail_msg("'%s' is %d (%s), not %d", text, answer, reason, wanted);
}

static void assert_reason(const char *text, const char *wanted)
{
	char reason[128] = "";

	assert_int_equal(ask(text, reason, sizeof(reason)), SCENE_UNDECIDED);
	assert_string_equal(reason, wanted);
}

static void assert_refused(const char *text, const char *wanted)
{
	char why[200] = "";
	struct stage stage;

	assert_int_equal(try_to_open(&stage, text, SCENE_CONDITION, why, sizeof(why)), -EINVAL);
	assert_string_equal(why, wanted);
	assert_int_equal(stage.text.n, 0);
	close_text(&stage);
}

/* --- expressions --- */

static void test_arithmetic_has_the_usual_precedence(void **state)
{
	assert_number("1 + 2 * 3", 7);
	assert_number("(1 + 2) * 3", 9);
	assert_number("10 - 4 - 3", 3);
	assert_number("12 / 4 / 3", 1);
	assert_number("--2 - -3", 5);
	assert_number("0x1f + 0.5 * 0", 31);
}

static void test_numbers_are_read_without_the_locale(void **state)
{
	assert_number("3.25", 3.25);
	assert_number("0.1 + 0.2", 0.3);
	assert_number("1000000", 1e6);
}

static void test_facts_are_numbers_or_words(void **state)
{
	assert_number("left.worker0.own_kb / 4", 2048);
	assert_number("`left.worker0.own_kb` - 92", 8100);
	assert_answer("left.worker0.cwd = \"/usr\"", SCENE_YES);
	assert_answer("left.worker0.cwd != \"/usr\"", SCENE_NO);
	assert_answer("left.worker0.state = \"Z\" and left.worker0.state = 90", SCENE_YES);
}

static void test_comparisons_and_conditions_hold_or_not(void **state)
{
	assert_answer(
		"1 < 2 and 2 <= 2 and 3 > 2 and 2 >= 2 and 1 = 1 and 1 == 1 and 1 != 2", SCENE_YES);
	assert_answer("not 1 < 2", SCENE_NO);
	assert_answer("not not true", SCENE_YES);
	assert_answer("false or false or true", SCENE_YES);
	assert_answer("true or false and false", SCENE_YES);
}

static void test_functions_compute(void **state)
{
	assert_number("abs(3 - 5)", 2);
	assert_number("min(3, 5) + max(3, 5)", 8);
	assert_answer("known(left.worker0.frame)", SCENE_NO);
	assert_answer("known(left.worker0.pid)", SCENE_YES);
	assert_number("number(\"the child has 1 of 4\") + 1", 2);
	assert_reason("number(\"none\") = 1", "no number in these words");
	assert_number("number(\"2 of 3, 4.5\", 3) + number(\"7\", 1)", 11.5);
	assert_reason("number(\"1 of 2\", 3) = 1", "not so many numbers in these words");
	assert_number("given(1 < 2, \"no\", 5)", 5);
}

static void test_unknown_spreads_with_its_first_reason(void **state)
{
	assert_reason("left.worker0.frame > 1", "left.worker0.frame: not permitted");
	assert_reason(
		"1 + left.worker0.frame * 2 = left.nothing", "left.worker0.frame: not permitted");
	assert_reason("left.nothing > 1", "left.nothing: there is no such fact");
	assert_reason("1 / (2 - 2) = 1", "a division by zero");
	assert_reason("given(1 > 2, \"needs two CPUs\", 1 = 1)", "needs two CPUs");
	assert_reason("before.left.rate > 1", "left.rate: nothing was kept from before the action");
}

static void test_what_decides_alone_decides_beside_unknown(void **state)
{
	assert_answer("left.worker0.frame > 1 or 1 = 1", SCENE_YES);
	assert_answer("1 = 1 or left.worker0.frame > 1", SCENE_YES);
	assert_answer("left.worker0.frame > 1 and 1 = 2", SCENE_NO);
	assert_answer("left.worker0.frame > 1 and 1 = 1", SCENE_UNDECIDED);
	assert_answer("not left.worker0.frame > 1", SCENE_UNDECIDED);
}

static void test_types_that_do_not_fit_are_not_known(void **state)
{
	assert_reason("left.worker0.cwd + 1 = 2", "numbers are wanted to calculate with");
	assert_reason("left.worker0.cwd = 1", "a number cannot be compared with words");
	assert_reason(
		"left.worker0.cwd < left.worker0.cwd", "words are compared with = and != only");
	assert_refused(
		"left.worker0.cwd < \"x\"", "character 23: words are compared with = and != only");
	assert_refused("(1 = 1) = 2",
		"character 12: a condition cannot be compared: join it with and, or");
	assert_refused("1 and true",
		"character 11: a condition is wanted beside and, or: compare it with something");
	assert_refused("left.worker0.pid", "this is no condition: compare it with something");
}

static void test_what_is_no_expression_is_told_by_character(void **state)
{
	char deep[200] = "";

	assert_refused("", "character 1: ends where a value is wanted");
	assert_refused("1 +", "character 4: ends where a value is wanted");
	assert_refused("(1 + 2", "character 7: ')' is wanted here");
	assert_refused("1 2", "character 3: an operator is wanted here");
	assert_refused("bogus > 1", "character 1: 'bogus' is no fact, no function and no value");
	assert_refused("1 = \"open", "character 5: the words have no closing '\"'");
	assert_refused("12abc", "character 1: this is no number");
	assert_refused("0x", "character 1: 0x wants hexadecimal digits");
	assert_refused("delta(3)", "character 7: a fact is wanted here, as left.worker0.pid");
	assert_refused("given(true, 3, 4)",
		"character 13: words that say what is missing are wanted here");
	memset(deep, '(', 100);
	assert_refused(deep, "character 33: more than 32 levels");
}

static void test_length_is_bounded(void **state)
{
	char text[SCENE_TEXT_MAX + 10], why[100];
	struct stage stage;

	memset(text, ' ', sizeof(text));
	text[0] = '1';
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(try_to_open(&stage, text, SCENE_EXPRESSION, why, sizeof(why)), -EINVAL);
	close_text(&stage);
	text[SCENE_TEXT_MAX] = '\0';
	open_text(&stage, text, SCENE_EXPRESSION);
	close_text(&stage);
}

/* A tick must not allocate. */
static void test_what_was_parsed_is_evaluated_without_memory(void **state)
{
	struct stage stage;

	open_text(&stage,
		"given(left.rate > 1, \"no\", abs(left.rate) * 2 < 1 or known(d.low.p25))",
		SCENE_CONDITION);
	uint64_t before = base_allocations();
	scene_snapshot_take(&stage.now, stage.code, lookup, NULL);
	assert_int_equal(scene_condition(&stage.text, &stage.facts, NULL, 0), SCENE_YES);
	assert_int_equal(base_allocations(), before);
	close_text(&stage);
}

/* --- templates --- */

static void assert_rendered(const char *template, const char *wanted, int unknown)
{
	struct buf out = { 0 };
	struct stage stage;

	open_text(&stage, template, SCENE_TEMPLATE);
	assert_int_equal(scene_render(&out, &stage.text, &stage.facts, NULL, 0), unknown);
	assert_string_equal(out.text, wanted);
	buf_finish(&out);
	close_text(&stage);
}

static void test_templates_render_every_format(void **state)
{
	assert_rendered("pid {left.worker0.pid}.", "pid 4194303.", 0);
	assert_rendered("{left.worker0.own_kb:kb} of {left.rate:rate}/s", "8.0 MB of 26 042/s", 0);
	assert_rendered("{0.5:percent} % {2.66:ratio} {1.005:ratio} {250:ratio} {0.553:ratio}",
		"0.5 % 2.66 1 250 0.55", 0);
	assert_rendered("{3600:ns} {left.worker0.sp:hex}", "3.60 µs 0x7fff7081ae98", 0);
	assert_rendered("{left.worker0.cwd} {left.worker0.state:text} {left.worker0.state}",
		"/usr Z 90", 0);
	assert_rendered("{0 - 2048:kb} {-3} {1.5}", "-2.0 MB -3 1.50", 0);
	assert_rendered("{1 = 1} {\"a:b}\"}", "yes a:b}", 0);
	assert_rendered("a {{b}} c", "a {b} c", 0);
}

static void test_unknown_renders_as_a_dash_with_its_reason(void **state)
{
	struct buf out = { 0 };
	char reason[128] = "";
	struct stage stage;

	open_text(&stage, "{left.worker0.frame:hex} and {left.none:kb}", SCENE_TEMPLATE);
	assert_int_equal(scene_render(&out, &stage.text, &stage.facts, reason, sizeof(reason)), 2);
	assert_string_equal(out.text, "– and –");
	assert_string_equal(reason, "left.worker0.frame: not permitted");
	buf_finish(&out);
	close_text(&stage);
}

static void test_values_stand_between_marks(void **state)
{
	struct buf out = { 0 };
	struct stage stage;

	open_text(&stage, "a {1 + 1} {{b}} {left.none}", SCENE_TEMPLATE);
	stage.facts.mark = "<";
	stage.facts.unmark = ">";
	scene_render(&out, &stage.text, &stage.facts, NULL, 0);
	assert_string_equal(out.text, "a <2> {b} <–>");
	buf_finish(&out);
	close_text(&stage);
}

/* --- before and after --- */

static void lookup_number(void *context, const struct scene_path *path, struct scene_value *ret)
{
	*ret = strcmp(path->text, "left.n") == 0 ? scene_number(*(const double *)context)
						 : scene_unknown("there is no such fact");
}

static void test_a_snapshot_keeps_what_is_asked_of_before(void **state)
{
	struct scene_snapshot snapshot = { 0 };
	struct stage stage;
	double n = 100;
	size_t paths;

	open_text(&stage, "{delta(left.n)} {before.left.n} {left.other}", SCENE_TEMPLATE);
	scene_snapshot_take(&snapshot, stage.code, lookup_number, &n);
	assert_int_equal(snapshot.unknown, 0);
	const struct scene_path *path = scene_paths(stage.code, &paths);
	assert_int_equal(paths, 2);
	assert_true(path[0].before && !path[1].before);

	n = 142;
	scene_snapshot_take(&stage.now, stage.code, lookup_number, &n);
	stage.facts.before = &snapshot;
	struct buf out = { 0 };
	assert_int_equal(scene_render(&out, &stage.text, &stage.facts, NULL, 0), 1);
	assert_string_equal(out.text, "42 100 –");
	buf_finish(&out);
	scene_snapshot_finish(&snapshot);
	close_text(&stage);
}

/* --- values that a scene names --- */

/* Adds a named value; what is wrong with it, or "". */
static const char *name(struct scene_code *code, const char *word, const char *is)
{
	static char why[200];
	struct scene_named named = { .is = { .text = (char *)is }, .name = (char *)word };

	why[0] = '\0';
	scene_code_add_named(code, &named, NULL, why, sizeof(why));
	return why;
}

static void test_named_values_stand_for_their_expressions(void **state)
{
	struct stage stage;
	char why[200] = "";

	open_text(&stage, "left.worker0.own_kb / left.worker0.pid * 2", SCENE_EXPRESSION);
	struct scene_value whole = scene_evaluate(&stage.text, &stage.facts);
	assert_string_equal(
		name(stage.code, "per_switch", "left.worker0.own_kb / left.worker0.pid"), "");
	assert_string_equal(name(stage.code, "dear", "per_switch > 10"), "");
	assert_string_equal(name(stage.code, "missing", "left.none + 1"), "");

	struct scene_text twice = { .text = (char *)"per_switch * 2" };
	assert_int_equal(
		scene_code_add(stage.code, &twice, SCENE_EXPRESSION, NULL, why, sizeof(why)), 0);
	scene_snapshot_take(&stage.now, stage.code, lookup, NULL);
	struct scene_value value = scene_evaluate(&twice, &stage.facts);
	assert_true(value.known && value.number == whole.number);

	struct scene_text either = { .text = (char *)"dear or not dear" };
	assert_int_equal(
		scene_code_add(stage.code, &either, SCENE_CONDITION, NULL, why, sizeof(why)), 0);
	assert_int_equal(scene_condition(&either, &stage.facts, NULL, 0), SCENE_YES);

	struct scene_text none = { .text = (char *)"missing > 1" };
	assert_int_equal(
		scene_code_add(stage.code, &none, SCENE_CONDITION, NULL, why, sizeof(why)), 0);
	assert_int_equal(scene_condition(&none, &stage.facts, why, sizeof(why)), SCENE_UNDECIDED);
	assert_string_equal(why, "left.none: there is no such fact");
	close_text(&stage);
}

static void test_named_values_use_only_those_before_them(void **state)
{
	struct scene_code *code = scene_code_create();

	assert_string_equal(
		name(code, "a", "b + 1"), "character 1: 'b' is no fact, no function and no value");
	assert_string_equal(
		name(code, "c", "c"), "character 1: 'c' is no fact, no function and no value");
	scene_code_destroy(code);
}

/* Each uses the one before it ten times: 10^15 steps, if nothing bounded them. */
static void test_uses_of_named_values_are_bounded(void **state)
{
	static const char *const words[] = { "v0", "v1", "v2", "v3", "v4" };
	struct scene_code *code = scene_code_create();
	const char *why = "";
	int i;

	for (i = 0; i < (int)ARRAY_LEN(words) && !*why; i++) {
		char text[64] = "1";
		for (int k = 0; k < 10 && i > 0; k++)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "+v%d", i - 1);
		why = name(code, words[i], text);
	}
	assert_int_equal(i, 5);
	assert_non_null(strstr(why, "longer than 4096 steps"));
	scene_code_destroy(code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arithmetic_has_the_usual_precedence),
		cmocka_unit_test(test_numbers_are_read_without_the_locale),
		cmocka_unit_test(test_facts_are_numbers_or_words),
		cmocka_unit_test(test_comparisons_and_conditions_hold_or_not),
		cmocka_unit_test(test_functions_compute),
		cmocka_unit_test(test_unknown_spreads_with_its_first_reason),
		cmocka_unit_test(test_what_decides_alone_decides_beside_unknown),
		cmocka_unit_test(test_types_that_do_not_fit_are_not_known),
		cmocka_unit_test(test_what_is_no_expression_is_told_by_character),
		cmocka_unit_test(test_length_is_bounded),
		cmocka_unit_test(test_templates_render_every_format),
		cmocka_unit_test(test_unknown_renders_as_a_dash_with_its_reason),
		cmocka_unit_test(test_what_was_parsed_is_evaluated_without_memory),
		cmocka_unit_test(test_values_stand_between_marks),
		cmocka_unit_test(test_a_snapshot_keeps_what_is_asked_of_before),
		cmocka_unit_test(test_named_values_stand_for_their_expressions),
		cmocka_unit_test(test_named_values_use_only_those_before_them),
		cmocka_unit_test(test_uses_of_named_values_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
