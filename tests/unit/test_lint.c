/* SPDX-License-Identifier: MIT
 * What is proven of scenes: a sound one passes, each planted fault is told by name, and comparisons are solved exactly.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/scene/internal.h"

/* --- planted faults --- */

static char *read_fixture(const char *name)
{
	char *path = xasprintf("%s/scenes/faults/%s", getenv("FIXTURES"), name), piece[4096];
	FILE *file = fopen(path, "r");
	struct buf text = { 0 };
	size_t n;

	assert_non_null(file);
	while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_add(&text, piece, n);
	fclose(file);
	free(path);
	return text.text;
}

/* The lines told, without the file's name. The caller frees. */
static char *prove(const char *text)
{
	const struct scene_names names = { .prove = true };
	struct buf errors = { 0 };
	struct scene *scene = NULL;

	scene_parse("", text, strlen(text), &names, &scene, &errors);
	scene_destroy(scene);
	return errors.text ? errors.text : xstrdup("");
}

static char *replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	struct buf out = { 0 };

	if (!at)
		fail_msg("'%s' does not stand in the sound scene", from);
	buf_add(&out, text, (size_t)(at - text));
	buf_adds(&out, to);
	buf_adds(&out, at + strlen(from));
	return out.text;
}

static void test_a_sound_scene_is_proven(void **state)
{
	char *sound = read_fixture("sound.yaml"), *told = prove(sound);

	assert_string_equal(told, "");
	free(told);
	free(sound);
}

/* One fault: its lines end at an empty one. Returns what stands after it. */
static char *check_fault(const char *sound, char *at)
{
	char *name = strsep(&at, "\n"), *from = strsep(&at, "\n"), *to = strsep(&at, "\n");
	struct buf wanted = { 0 };

	for (char *line; at && *(line = strsep(&at, "\n"));)
		buf_addf(&wanted, ":%s\n", line);
	char *text = replaced(sound, from, to), *told = prove(text);
	if (strcmp(told, wanted.text ? wanted.text : "") != 0)
		fail_msg("%s: told\n%sand not\n%s", name, told, wanted.text ? wanted.text : "");
	buf_finish(&wanted);
	free(told);
	free(text);
	return at;
}

static void test_each_planted_fault_is_told(void **state)
{
	char *sound = read_fixture("sound.yaml"), *planted = read_fixture("planted.txt");
	char *at = planted;
	int n = 0;

	while (at && (at = strstr(at, "["))) {
		at = check_fault(sound, at);
		n++;
	}
	assert_true(n >= 10);
	free(planted);
	free(sound);
}

/* --- what is possible --- */

static enum proof_result try(const char *condition, enum proof_goal want)
{
	struct scene_code *code = scene_code_create();
	struct scene_text text = { .text = (char *)condition };
	const struct proof_wish wish = { &text, want };
	char why[200] = "";

	if (scene_code_add(code, &text, SCENE_CONDITION, NULL, why, sizeof(why)) != 0)
		fail_msg("%s: %s", condition, why);
	enum proof_result result = proof_try(code, &wish, 1);
	scene_code_destroy(code);
	return result;
}

static void test_comparisons_are_solved_exactly(void **state)
{
	static const struct {
		const char *condition;
		enum proof_result result;
	} cases[] = {
		{ "l.a < l.b and l.b < l.a", PROOF_IMPOSSIBLE },
		{ "l.a <= l.b and l.b <= l.a", PROOF_POSSIBLE },
		{ "l.a <= l.b and l.b <= l.a and l.a != l.b", PROOF_IMPOSSIBLE },
		{ "l.a + l.b <= 10 and l.a >= 6 and l.b > 4", PROOF_IMPOSSIBLE },
		{ "l.a + l.b <= 10 and l.a >= 6 and l.b >= 4", PROOF_POSSIBLE },
		{ "l.a > 1.1 * l.b and l.b > l.a and l.b > 0", PROOF_IMPOSSIBLE },
		{ "l.a > 1.1 * l.b and l.b > l.a", PROOF_POSSIBLE }, /* below 0 */
		{ "l.a / 3 > l.b and 3 * l.b >= l.a", PROOF_IMPOSSIBLE },
		{ "delta(l.a) > 0 and l.a < before.l.a", PROOF_IMPOSSIBLE },
		{ "abs(l.a) < 2 and l.a >= 2", PROOF_IMPOSSIBLE },
		{ "abs(l.a) < 2 and l.a > -2", PROOF_POSSIBLE },
		{ "abs(abs(l.a) - 5) < 1 and l.a < 4 and l.a > -4", PROOF_IMPOSSIBLE },
		{ "max(l.a, l.b) < 3 and l.b >= 3", PROOF_IMPOSSIBLE },
		{ "max(l.a, l.b) > 1.3 * min(l.a, l.b) and l.a = l.b and l.a > 0",
			PROOF_IMPOSSIBLE },
		{ "l.a = \"Z\" and l.a = \"S\"", PROOF_IMPOSSIBLE },
		{ "l.a = \"Z\" and l.b = \"Z\" and l.a != l.b", PROOF_IMPOSSIBLE },
		{ "l.a * l.b > 1 and l.a * l.b < 1", PROOF_IMPOSSIBLE },
		{ "known(l.a) and not known(l.a)", PROOF_IMPOSSIBLE },
		{ "not known(l.a) and l.a > 1", PROOF_IMPOSSIBLE },
		{ "not known(l.a / l.b) and known(l.a) and known(l.b)", PROOF_POSSIBLE },
		{ "given(l.a > 1, \"no\", l.b > 1) and l.a < 1", PROOF_IMPOSSIBLE },
		{ "true and not true", PROOF_IMPOSSIBLE },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (try(cases[i].condition, PROOF_TRUE) != cases[i].result)
			fail_msg("%s: %d", cases[i].condition, cases[i].result);
}

/* Three answers: true, false, not known. */
static void test_each_answer_is_found_where_it_can_be(void **state)
{
	static const struct {
		const char *condition;
		bool answers[PROOF_UNKNOWN + 1];
	} cases[] = {
		{ "l.a > 1", { true, true, true, true, true, true } },
		{ "true", { [PROOF_TRUE] = true, [PROOF_NOT_FALSE] = true, [PROOF_KNOWN] = true } },
		{ "l.a > 1 or true",
			{ [PROOF_TRUE] = true, [PROOF_NOT_FALSE] = true, [PROOF_KNOWN] = true } },
		{ "known(l.a)", { true, true, true, true, true, false } },
		{ "l.a = l.a", { true, false, true, true, true, true } },
		{ "given(l.a > 1, \"no\", l.a > 0)", { true, false, true, true, true, true } },
		{ "given(l.a > 1, \"no\", l.a < 0)", { false, true, true, true, true, true } },
		{ "given(false, \"no\", true)", { [PROOF_NOT_TRUE] = true,
							[PROOF_NOT_FALSE] = true,
							[PROOF_UNKNOWN] = true } },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (int goal = PROOF_TRUE; goal <= PROOF_UNKNOWN; goal++)
			if ((try(cases[i].condition, (enum proof_goal)goal) == PROOF_POSSIBLE) !=
				cases[i].answers[goal])
				fail_msg("%s, wish %d", cases[i].condition, goal);
}

static void test_numbers_that_do_not_fit_prove_nothing(void **state)
{
	assert_int_equal(try("9000000000000000 * (9000000000000000 * l.a) > l.b", PROOF_TRUE),
		PROOF_GAVE_UP);
	assert_int_equal(try("l.a > 0.1234567891234", PROOF_TRUE), PROOF_GAVE_UP);
}

struct point {
	double a, b;
};

static void look_up(void *context, const struct scene_path *path, struct scene_value *ret)
{
	const struct point *point = context;

	*ret = scene_number(strcmp(path->text, "l.a") == 0 ? point->a : point->b);
}

/* Halves between -4 and 4. */
static bool holds_somewhere(const char *condition)
{
	struct scene_code *code = scene_code_create();
	struct scene_text text = { .text = (char *)condition };
	struct scene_snapshot now = { 0 };
	const struct scene_facts facts = { .code = code, .now = &now };
	char why[200];
	bool holds = false;

	scene_code_add(code, &text, SCENE_CONDITION, NULL, why, sizeof(why));
	for (int i = -8; i <= 8; i++) {
		for (int k = -8; k <= 8; k++) {
			struct point point = { i / 2.0, k / 2.0 };
			scene_snapshot_take(&now, code, look_up, &point);
			holds |= scene_condition(&text, &facts, NULL, 0) == SCENE_YES;
		}
	}
	scene_snapshot_finish(&now);
	scene_code_destroy(code);
	return holds;
}

/* A search that finds nothing must be right: values that are tried one by one find nothing either. */
static void test_no_value_contradicts_a_proof(void **state)
{
	static const char *const conditions[] = { "2 * l.a < l.b", "l.a + l.b > 1", "l.a >= l.b",
		"abs(l.a - l.b) <= 1", "min(l.a, l.b) < 0", "l.a != l.b", "3 * l.a + 2 * l.b <= 4",
		"not (l.a > 0 or l.b > 0)" };
	int impossible = 0;

	for (size_t i = 0; i < ARRAY_LEN(conditions); i++) {
		for (size_t k = 0; k < ARRAY_LEN(conditions); k++) {
			for (size_t m = 0; m < ARRAY_LEN(conditions); m++) {
				char text[200];
				snprintf(text, sizeof(text), "%s and not (%s) and %s",
					conditions[i], conditions[k], conditions[m]);
				bool proven = try(text, PROOF_TRUE) == PROOF_IMPOSSIBLE;
				if (proven && holds_somewhere(text))
					fail_msg("it holds: %s", text);
				impossible += proven;
			}
		}
	}
	assert_true(impossible > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_sound_scene_is_proven),
		cmocka_unit_test(test_each_planted_fault_is_told),
		cmocka_unit_test(test_comparisons_are_solved_exactly),
		cmocka_unit_test(test_each_answer_is_found_where_it_can_be),
		cmocka_unit_test(test_numbers_that_do_not_fit_prove_nothing),
		cmocka_unit_test(test_no_value_contradicts_a_proof),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
