/* SPDX-License-Identifier: MIT
 * The language of conditions and templates, and what the reader of scenes says of each kind of mistake.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static bool lookup(void *context, const char *path, struct scene_value *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(machine); i++) {
		if (strcmp(machine[i].path, path) != 0)
			continue;
		if (machine[i].reason)
			*ret = scene_unknown(machine[i].reason);
		else if (isnan(machine[i].number))
			*ret = scene_words(machine[i].text);
		else
			*ret = scene_number(machine[i].number);
		if (machine[i].text && !isnan(machine[i].number))
			snprintf(ret->text, sizeof(ret->text), "%s", machine[i].text);
		return true;
	}
	return false;
}

static const struct scene_facts facts = { .lookup = lookup };

static struct scene_value evaluate(const char *text)
{
	struct scene_value value = scene_unknown("untouched");
	char why[200] = "";

	if (scene_evaluate(text, &facts, &value, why, sizeof(why)) != 0)
		fail_msg("'%s': %s", text, why);
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

static void assert_answer(const char *text, enum scene_answer wanted)
{
	char reason[128] = "";
	enum scene_answer answer = scene_condition(text, &facts, reason, sizeof(reason));

	if (answer != wanted)
		fail_msg("'%s' is %d (%s), not %d", text, answer, reason, wanted);
}

static void assert_reason(const char *text, const char *wanted)
{
	char reason[128] = "";

	assert_int_equal(scene_condition(text, &facts, reason, sizeof(reason)), SCENE_UNDECIDED);
	assert_string_equal(reason, wanted);
}

static void assert_refused(const char *text, const char *wanted)
{
	struct scene_value value = scene_words("untouched");
	char why[200] = "";

	assert_int_equal(scene_evaluate(text, &facts, &value, why, sizeof(why)), -EINVAL);
	assert_string_equal(why, wanted);
	assert_string_equal(value.text, "untouched");
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
	assert_reason("left.worker0.cwd < \"x\"", "words are compared with = and != only");
	assert_reason("(1 = 1) = 2", "a condition cannot be compared: join it with and, or");
	assert_reason(
		"1 and true", "a condition is wanted beside and, or: compare it with something");
	assert_reason("left.worker0.pid", "this is no condition: compare it with something");
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
	char text[SCENE_TEXT_MAX + 10];
	struct scene_value value;
	char why[100];

	memset(text, ' ', sizeof(text));
	text[0] = '1';
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(scene_evaluate(text, &facts, &value, why, sizeof(why)), -EINVAL);
	text[SCENE_TEXT_MAX] = '\0';
	assert_int_equal(scene_evaluate(text, &facts, &value, why, sizeof(why)), 0);
}

/* --- templates --- */

static void assert_rendered(const char *template, const char *wanted, int unknown)
{
	struct buf out = { 0 };

	assert_int_equal(scene_render(&out, template, &facts, NULL, 0), unknown);
	assert_string_equal(out.text, wanted);
	buf_finish(&out);
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

	assert_int_equal(scene_render(&out, "{left.worker0.frame:hex} and {left.none:kb}", &facts,
				 reason, sizeof(reason)),
		2);
	assert_string_equal(out.text, "– and –");
	assert_string_equal(reason, "left.worker0.frame: not permitted");
	buf_finish(&out);
}

/* --- before and after --- */

static bool lookup_number(void *context, const char *path, struct scene_value *ret)
{
	*ret = scene_number(*(const double *)context);
	return strcmp(path, "left.n") == 0;
}

static void count_path(void *context, const char *path)
{
	++*(int *)context;
}

static void test_a_snapshot_keeps_what_the_scene_asks_of_before(void **state)
{
	char text[] = "{delta(left.n)} {before.left.n} {left.other}";
	char *lines[] = { text };
	struct scene scene = { .before = lines, .before_n = 1, .punch = text };
	struct scene_snapshot snapshot = { 0 };
	double n = 100;
	int paths = 0;

	scene_snapshot_take(&snapshot, &scene, lookup_number, &n);
	assert_int_equal(snapshot.facts.n, 1);
	scene_paths(&scene, count_path, &paths);
	assert_int_equal(paths, 2);

	n = 142;
	struct scene_facts now = { .lookup = lookup_number, .context = &n, .before = &snapshot };
	struct buf out = { 0 };
	assert_int_equal(scene_render(&out, text, &now, NULL, 0), 1);
	assert_string_equal(out.text, "42 100 –");
	buf_finish(&out);
	scene_snapshot_finish(&snapshot);
}

/* --- values that a scene names --- */

static const struct scene_named named[] = {
	{ "per_switch", "left.worker0.own_kb / left.worker0.pid" },
	{ "dear", "per_switch > 10" },
	{ "missing", "left.none + 1" },
	{ "wrong", "1 +" },
};
static const struct scene_facts with_named = {
	.lookup = lookup, .named = named, .named_n = ARRAY_LEN(named)
};

static void test_named_values_stand_for_their_expressions(void **state)
{
	struct scene_value value;
	struct buf out = { 0 };
	char why[200] = "";

	assert_int_equal(
		scene_evaluate("per_switch * 2", &with_named, &value, why, sizeof(why)), 0);
	assert_true(value.known);
	struct scene_value whole;
	scene_evaluate(
		"(left.worker0.own_kb / left.worker0.pid) * 2", &facts, &whole, why, sizeof(why));
	assert_true(value.number == whole.number);
	assert_int_equal(
		scene_condition("dear or not dear", &with_named, why, sizeof(why)), SCENE_YES);
	assert_int_equal(scene_render(&out, "{missing} {wrong}", &with_named, why, sizeof(why)), 2);
	assert_string_equal(out.text, "– –");
	assert_non_null(strstr(why, "left.none"));
	buf_finish(&out);
}

static void test_named_values_use_only_those_before_them(void **state)
{
	static const struct scene_named round[] = { { "a", "b + 1" }, { "b", "a + 1" },
		{ "c", "c" } };
	const struct scene_facts around = { .lookup = lookup, .named = round, .named_n = 3 };
	char reason[200];

	for (size_t i = 0; i < ARRAY_LEN(round); i++) {
		char text[20];
		snprintf(text, sizeof(text), "%s > 0", round[i].name);
		assert_int_equal(
			scene_condition(text, &around, reason, sizeof(reason)), SCENE_UNDECIDED);
		assert_non_null(strstr(reason, "no value"));
	}
}

/* Each uses the one before it ten times: 10^15 evaluations, if nothing bounded them. */
static void test_uses_of_named_values_are_bounded(void **state)
{
	struct scene_named deep[SCENE_NAMED_MAX];
	char names_of[SCENE_NAMED_MAX][4], texts[SCENE_NAMED_MAX][64], why[200] = "";
	struct scene_value value;

	for (int i = 0; i < SCENE_NAMED_MAX; i++) {
		snprintf(names_of[i], sizeof(names_of[i]), "v%d", i);
		snprintf(texts[i], sizeof(texts[i]), "1");
		for (int k = 0; k < 10 && i > 0; k++)
			snprintf(texts[i] + strlen(texts[i]), sizeof(texts[i]) - strlen(texts[i]),
				"+v%d", i - 1);
		deep[i] = (struct scene_named) { names_of[i], texts[i] };
	}
	const struct scene_facts all = {
		.lookup = lookup, .named = deep, .named_n = SCENE_NAMED_MAX
	};
	assert_int_equal(scene_evaluate("v1", &all, &value, why, sizeof(why)), 0);
	assert_true(value.number == 11);
	scene_evaluate("v15", &all, &value, why, sizeof(why));
	assert_false(value.known);
}

/* --- reading: a scene without a mistake, and one mistake each --- */

static const char good[] = "name: test\n" /* 1 */
			   "number: 100\n" /* 2 */
			   "title: A title\n" /* 3 */
			   "claims: [1, 3]\n" /* 4 */
			   "question: Why?\n" /* 5 */
			   "setup:\n" /* 6 */
			   "  left: {workers: 2, job: sleep}\n" /* 7 */
			   "  right: {workers: 2}\n" /* 8 */
			   "panes: [workers]\n" /* 9 */
			   "before: [\"{left.worker0.pid}\"]\n" /* 10 */
			   "actions:\n" /* 11 */
			   "  - key: w\n" /* 12 */
			   "    label: write\n" /* 13 */
			   "    steps:\n" /* 14 */
			   "      - {order: write-arena, worker: 0, argument: 8}\n" /* 15 */
			   "    until: left.worker0.pid > 0\n" /* 16 */
			   "    after: [done]\n" /* 17 */
			   "  - key: k\n" /* 18 */
			   "    label: kill\n" /* 19 */
			   "    steps: [{verb: signal, signal: KILL, side: right}]\n" /* 20 */
			   "    after: [gone]\n" /* 21 */
			   "punch: That is why.\n" /* 22 */
			   "kills: [{wrong: m2, if: left.worker0.pid > 0}]\n" /* 23 */
			   "nuance: Mostly.\n" /* 24 */
			   "evidence: file\n" /* 25 */
			   "privilege: none\n" /* 26 */
			   "verdicts:\n" /* 27 */
			   "  - claim: 1\n" /* 28 */
			   "    action: k\n" /* 29 */
			   "    if: left.worker0.pid > 0\n" /* 30 */
			   "    holds: yes\n" /* 31 */
			   "    fails: no\n" /* 32 */
			   "    limits: true\n"; /* 33 */

static bool is_pane(void *context, const char *name)
{
	return strcmp(name, "workers") == 0;
}

static bool is_fact(void *context, const char *path, char *why, size_t why_size)
{
	snprintf(why, why_size, "no such thing");
	return strcmp(path, "left.worker0.pid") == 0;
}

static const struct scene_names names = { .pane = is_pane, .view = is_pane, .fact = is_fact };

/* Reads `good` with `from` replaced by `to`; the lines told. The caller frees. */
static char *read_changed(const char *from, const char *to, int *ret_error)
{
	const char *at = strstr(good, from);
	struct buf text = { 0 }, errors = { 0 };
	struct scene *scene = NULL;

	assert_non_null(at);
	buf_add(&text, good, (size_t)(at - good));
	buf_adds(&text, to);
	buf_adds(&text, at + strlen(from));
	*ret_error = scene_parse("f.yaml", text.text, text.len, &names, &scene, &errors);
	scene_destroy(scene);
	buf_finish(&text);
	return errors.text ? errors.text : xstrdup("");
}

static void test_a_scene_is_read_as_it_stands(void **state)
{
	struct scene *scene = NULL;
	struct buf errors = { 0 };

	assert_int_equal(scene_parse("f", good, sizeof(good) - 1, &names, &scene, &errors), 0);
	assert_string_equal(scene->name, "test");
	assert_int_equal(scene->claims_n, 2);
	assert_int_equal(scene->claims[1], 3);
	assert_int_equal(scene->setup->left->workers, 2);
	assert_null(scene->setup->right->job);
	assert_int_equal(scene->setup->arena_mb, 0);
	assert_int_equal(*scene->actions[0].steps[0].argument, 8);
	assert_true(scene->verdicts[0].limits);
	assert_null(scene->tour);
	assert_ptr_equal(scene_action(scene, NULL), &scene->actions[0]);
	assert_ptr_equal(scene_action(scene, "k"), &scene->actions[1]);
	assert_null(scene_action(scene, "x"));
	scene_destroy(scene);
	scene_destroy(NULL);
	buf_finish(&errors);
}

static void test_steps_become_numbers(void **state)
{
	struct scene *scene = NULL;
	struct buf errors = { 0 };

	assert_int_equal(scene_parse("f", good, sizeof(good) - 1, &names, &scene, &errors), 0);
	struct scene_move write = scene_move_of(&scene->actions[0].steps[0]);
	assert_true(write.order > 0 && write.verb == VERB_NONE);
	assert_true(write.side[SIDE_LEFT] && write.side[SIDE_RIGHT]);
	assert_int_equal(write.worker, 0);
	assert_int_equal(write.argument, 8);
	struct scene_move kill = scene_move_of(&scene->actions[1].steps[0]);
	assert_int_equal(kill.verb, VERB_SIGNAL);
	assert_int_equal(kill.signal, 9);
	assert_true(!kill.side[SIDE_LEFT] && kill.side[SIDE_RIGHT] && !kill.to_process);
	/* No working set is one to measure with, and not the usual ones. */
	int64_t none = 0;
	struct scene_step step = { .duel = (char *)"switch" };
	assert_int_equal(scene_move_of(&step).argument, SCENE_USUAL);
	step.argument = &none;
	assert_int_equal(scene_move_of(&step).argument, 0);
	scene_destroy(scene);
}

/* Each kind of mistake, and the line that is told of it. */
static const struct {
	const char *from, *to, *told;
} mistakes[] = {
	{ "number: 100", "number: abc", "f.yaml:2: number: 'abc' is not a whole number\n" },
	{ "title: A title", "title: [a]", "f.yaml:3: title: text is wanted here, not a list\n" },
	{ "title: A title", "title: \"\"", "f.yaml:3: title: is empty\n" },
	{ "claims: [1, 3]", "claims: []", "f.yaml:4: claims: at least 1 is wanted in the list\n" },
	{ "claims: [1, 3]", "claims: 3", "f.yaml:4: claims: a list is wanted here, not text\n" },
	{ "question: Why?\n", "", "f.yaml:1: the field 'question' is missing\n" },
	{ "  right: {workers: 2}\n", "", "f.yaml:6: the field 'right' is missing in setup\n" },
	{ "    fails: no\n", "    fails: no\n    bogus: 1\n",
		"f.yaml:33: there is no field 'bogus' here; there are claim, action, if, holds, "
		"fails, unknown and limits\n" },
	{ "    limits: true", "    limits: maybe",
		"f.yaml:33: verdicts[0].limits: 'maybe' is not true or false\n" },
	{ "title: A title", "number: 3",
		"f.yaml:3: 'number' stands twice here, first on line 2\n"
		"f.yaml:1: the field 'title' is missing\n" },
	{ "title: A title", "[a]: b\ntitle: A title",
		"f.yaml:3: a name of a field is wanted here\n" },
	{ "claims: [1, 3]", "claims: [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]",
		"f.yaml:4: claims: at most 9 fit in the list\n" },
	{ "claims: [1, 3]", "claims: [1, [3]]",
		"f.yaml:4: claims[1]: a whole number is wanted here, not a list\n" },
	{ "title: A title", "title: [[[[[[[[[[[[[[[[[[[[[[[[[",
		"f.yaml:3: title: text is wanted here, not a list\n"
		"f.yaml:3: lists and mappings stand too deep in each other\n" },
	{ "    limits: true\n", "    limits: true\n---\nname: other\n",
		"f.yaml:34: a second document begins here: one is wanted\n" },
	{ "title: A title", "bogus: {a: [b, {c: d}]}\ntitle: {e: f}",
		"f.yaml:3: there is no field 'bogus' here; there are name, number, title, claims, "
		"question, setup, view, panes, before, values, actions, punch, kills, nuance, "
		"evidence, privilege, verdicts, tour and quiz\n"
		"f.yaml:4: title: text is wanted here, not a mapping of fields\n" },
	{ "question: Why?", "question: \"Why",
		"f.yaml:10: this is not YAML: did not find expected key\n" },
	{ "question: Why?", "question: &a Why?\nview: *a",
		"f.yaml:6: aliases (*name) are not used here\n" },
	{ "question: Why?", "question: \xff\xfe",
		"f.yaml:5: this is not text in UTF-8 (invalid leading UTF-8 octet)\n" },
	{ "name: test", "name: Te st",
		"f.yaml:1: name: 'Te st' is no name: at most 31 small letters, digits and '-' are "
		"wanted\n" },
	{ "panes: [workers]", "values: [{name: Big, is: 1}]\npanes: [workers]",
		"f.yaml:9: values[0].name: 'Big' is no name: at most 31 small letters, digits and "
		"'_' are wanted, a letter first\n" },
	{ "panes: [workers]", "values: [{name: delta, is: 1}]\npanes: [workers]",
		"f.yaml:9: values[0].name: 'delta' has a meaning already\n" },
	{ "panes: [workers]", "values: [{name: a, is: 1}, {name: a, is: 2}]\npanes: [workers]",
		"f.yaml:9: values[1].name: 'a' is named twice\n" },
	{ "panes: [workers]", "values: [{name: a, is: b + 1}, {name: b, is: 2}]\npanes: [workers]",
		"f.yaml:9: values[0].is: character 1: 'b' is no fact, no function and no value\n" },
	{ "panes: [workers]", "values:\n  - name: a\n    is: 1 +\npanes: [workers]",
		"f.yaml:11: values[0].is: character 4: ends where a value is wanted\n" },
	{ "panes: [workers]", "values: [{name: a}]\npanes: [workers]",
		"f.yaml:9: the field 'is' is missing in values[0]\n" },
	{ "claims: [1, 3]", "claims: [1, 10]", "f.yaml:4: claims[1]: 10 is not within 1 and 9\n" },
	{ "job: sleep", "job: bogus",
		"f.yaml:7: setup.left.job: there is no job 'bogus' (taskscope list jobs)\n" },
	{ "{workers: 2}", "{workers: 99}",
		"f.yaml:8: setup.right.workers: 99 is not within 1 and 32\n" },
	{ "panes: [workers]", "panes: [bogus]",
		"f.yaml:9: panes[0]: there is no pane 'bogus' (taskscope list panes)\n" },
	{ "panes: [workers]\n", "", "f.yaml:1: a view or at least one pane is wanted\n" },
	{ "panes: [workers]", "view: bogus",
		"f.yaml:9: view: there is no view 'bogus' (taskscope list views)\n" },
	{ "{left.worker0.pid}", "{left.worker0.bogus}",
		"f.yaml:10: before[0]: character 19: there is no fact 'left.worker0.bogus': no "
		"such thing\n" },
	{ "{left.worker0.pid}", "{left.worker0.pid:bogus}",
		"f.yaml:10: before[0]: there is no format 'bogus'; there are kb, count, rate, ns, "
		"percent, ratio, hex and text\n" },
	{ "{left.worker0.pid}", "{left.worker0.pid",
		"f.yaml:10: before[0]: '{' has no '}'; a brace itself is written twice\n" },
	{ "order: write-arena", "order: bogus",
		"f.yaml:15: actions[0].steps[0].order: there is no order 'bogus' (taskscope list "
		"orders)\n" },
	{ "argument: 8}", "argument: 99999}",
		"f.yaml:15: actions[0].steps[0].argument: 99999 is not within 1 and 1024 MB\n" },
	{ "worker: 0,", "worker: x,",
		"f.yaml:15: actions[0].steps[0].worker: 'x' is not 0 to 31, all or host\n" },
	{ "order: write-arena, worker: 0", "order: write-arena, verb: add",
		"f.yaml:15: actions[0].steps[0]: exactly one of order, verb and duel is wanted\n" },
	{ "order: write-arena, worker: 0, argument: 8", "duel: race",
		"f.yaml:15: actions[0].steps[0].duel: 'race' is no duel: switch, create, talk or "
		"memory is wanted\n" },
	{ "order: write-arena, worker: 0, argument: 8", "duel: talk, method: 'pipe, pony'",
		"f.yaml:15: actions[0].steps[0].method: 'pony' is no method of a duel\n" },
	{ "order: write-arena, worker: 0, argument: 8", "duel: create, argument: 2000",
		"f.yaml:15: actions[0].steps[0].argument: 2000 is not within 0 and 1024 MB\n" },
	{ "until: left.worker0.pid > 0", "until: left.worker0.pid",
		"f.yaml:16: actions[0].until: this is no condition: compare it with something\n" },
	{ "key: k", "key: w",
		"f.yaml:18: actions[1].key: the key 'w' is used twice, first by actions[0]\n"
		"f.yaml:29: verdicts[0].action: no action has the key 'k'\n" },
	{ "key: w", "key: n", "f.yaml:12: actions[0].key: 'n' is a key of the player\n" },
	{ "signal: KILL", "signal: HUGO",
		"f.yaml:20: actions[1].steps[0].signal: 'HUGO' is not one of USR1 USR2 TERM KILL "
		"STOP CONT SEGV\n" },
	{ "wrong: m2,", "", "f.yaml:23: the field 'wrong' is missing in kills[0]\n" },
	{ "if: left.worker0.pid > 0}", "if: left.worker0.pid}",
		"f.yaml:23: kills[0].if: this is no condition: compare it with something\n" },
	{ "wrong: m2,", "wrong: m28,",
		"f.yaml:23: kills[0].wrong: 'm28' is no misconception: m1 to m27 are wanted, or a "
		"sentence\n" },
	{ "claim: 1", "claim: 2",
		"f.yaml:28: verdicts[0].claim: 2 is not among the claims of the scene\n" },
	{ "action: k", "action: z", "f.yaml:29: verdicts[0].action: no action has the key 'z'\n" },
	{ "after: [gone]",
		"after: [\"12345678901234567890123456789012345678901234567890123456789012345678901"
		"\"]",
		"f.yaml:21: actions[1].after[0]: 71 columns, and at most 70 fit\n" },
};

static void test_each_mistake_is_told_with_line_and_field(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
		int error = 0;
		char *told = read_changed(mistakes[i].from, mistakes[i].to, &error);
		if (error != -EINVAL || strncmp(told, mistakes[i].told, strlen(told) + 1) != 0)
			fail_msg("%s -> %s: %d\n%swanted\n%s", mistakes[i].from, mistakes[i].to,
				error, told, mistakes[i].told);
		free(told);
	}
}

static void test_all_mistakes_are_told_at_once(void **state)
{
	int error;
	char *told = read_changed("claims: [1, 3]\nquestion: Why?",
		"claims: [1, 33]\nquestion: "
		"Why?\nkills: [{wrong: m99, if: true}]",
		&error);

	assert_string_equal(told,
		"f.yaml:4: claims[1]: 33 is not within 1 and 9\n"
		"f.yaml:6: kills[0].wrong: 'm99' is no misconception: m1 to m27 are wanted, or a "
		"sentence\n"
		"f.yaml:24: 'kills' stands twice here, first on line 6\n");
	free(told);
	told = read_changed("{wrong: m2,", "{wrong: m0, if: true}, {wrong: m99,", &error);
	assert_string_equal(told,
		"f.yaml:23: kills[0].wrong: 'm0' is no misconception: m1 to m27 are "
		"wanted, or a sentence\n"
		"f.yaml:23: kills[1].wrong: 'm99' is no misconception: m1 to m27 are "
		"wanted, or a sentence\n");
	free(told);
}

static void test_what_is_no_scene_at_all_is_refused(void **state)
{
	static const struct {
		const char *text, *told;
	} files[] = {
		{ "", "f:1: the file is empty\n" },
		{ "# nothing\n", "f:1: the file is empty\n" },
		{ "just words\n", "f:1: the file: a mapping of fields is wanted here, not text\n" },
		{ "- a\n- b\n", "f:1: the file: a mapping of fields is wanted here, not a list\n" },
	};
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct scene *scene = NULL;
		struct buf errors = { 0 };
		assert_int_equal(scene_parse("f", files[i].text, strlen(files[i].text), NULL,
					 &scene, &errors),
			-EINVAL);
		assert_string_equal(errors.text, files[i].told);
		assert_null(scene);
		buf_finish(&errors);
	}
}

/* --- files --- */

static char *write_file(const char *name, const char *text, size_t len, size_t times)
{
	char *path = xasprintf("%s/%s", getenv("SCRATCH") ? getenv("SCRATCH") : "/tmp", name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	for (size_t i = 0; i < times; i++)
		assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	return path;
}

static void assert_load_refused(const char *path, int error, const char *told)
{
	struct scene *scene = NULL;
	struct buf errors = { 0 };

	assert_int_equal(scene_load(path, NULL, &scene, &errors), error);
	assert_true(strncmp(errors.text, path, strlen(path)) == 0);
	assert_string_equal(errors.text + strlen(path), told);
	assert_null(scene);
	buf_finish(&errors);
}

static void test_files_that_cannot_be_scenes_are_refused(void **state)
{
	char name[64];
	static const char zeros[1024];

	assert_load_refused(
		"/nowhere/x.yaml", -ENOENT, ": cannot be read: No such file or directory\n");
	assert_load_refused("/", -EISDIR, ": cannot be read: Is a directory\n");
	assert_load_refused("/dev/zero", -EINVAL, ": cannot be read: not a file\n");

	snprintf(name, sizeof(name), "test_scene_%d.yaml", (int)getpid());
	char *path = write_file(name, "# 10 MB of comment\n", 19, 10 * 1024 * 1024 / 19);
	assert_load_refused(path, -EINVAL, ":1: larger than 1024 kB: this is no scene\n");
	free(path);
	path = write_file(name, zeros, sizeof(zeros), 1);
	assert_load_refused(path, -EINVAL,
		":1: this is not text in UTF-8 (control characters are not allowed)\n");
	unlink(path);
	free(path);
}

static void test_an_earlier_folder_stands_for_a_later_one(void **state)
{
	char first[] = "/tmp/scenes_aXXXXXX", second[] = "/tmp/scenes_bXXXXXX";
	const char *folders[] = { "/nowhere", first, second };
	struct scenes scenes = { 0 };
	struct buf errors = { 0 };

	assert_non_null(mkdtemp(first));
	assert_non_null(mkdtemp(second));
	setenv("SCRATCH", first, 1);
	char *one = write_file("mine.yaml", good, sizeof(good) - 1, 1);
	setenv("SCRATCH", second, 1);
	char *two = write_file("theirs.yaml", good, sizeof(good) - 1, 1);
	char *bad = write_file("bad.yaml", "name: x\n", 8, 1);
	char *example = write_file("example.yaml", "name: x\n", 8, 1);

	assert_int_equal(scenes_load(folders, 3, NULL, &scenes, &errors), 0);
	assert_int_equal(scenes.list.n, 1);
	assert_non_null(strstr(errors.text, "bad.yaml:1: the field 'number' is missing"));
	assert_null(strstr(errors.text, "example.yaml"));
	assert_ptr_equal(scenes_find(&scenes, "test"), scenes.list.at[0]);
	assert_ptr_equal(scenes_find(&scenes, "100"), scenes.list.at[0]);
	assert_ptr_equal(scenes_find(&scenes, "s100"), scenes.list.at[0]);
	assert_null(scenes_find(&scenes, "nothing"));
	assert_int_equal(scenes_load(folders, 1, NULL, &scenes, &errors), -ENOENT);

	scenes_finish(&scenes);
	buf_finish(&errors);
	char *files[] = { one, two, bad, example };
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		unlink(files[i]);
		free(files[i]);
	}
	unsetenv("SCRATCH");
	rmdir(first);
	rmdir(second);
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
		cmocka_unit_test(test_a_snapshot_keeps_what_the_scene_asks_of_before),
		cmocka_unit_test(test_named_values_stand_for_their_expressions),
		cmocka_unit_test(test_named_values_use_only_those_before_them),
		cmocka_unit_test(test_uses_of_named_values_are_bounded),
		cmocka_unit_test(test_a_scene_is_read_as_it_stands),
		cmocka_unit_test(test_steps_become_numbers),
		cmocka_unit_test(test_each_mistake_is_told_with_line_and_field),
		cmocka_unit_test(test_all_mistakes_are_told_at_once),
		cmocka_unit_test(test_what_is_no_scene_at_all_is_refused),
		cmocka_unit_test(test_files_that_cannot_be_scenes_are_refused),
		cmocka_unit_test(test_an_earlier_folder_stands_for_a_later_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
