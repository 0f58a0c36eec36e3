/* SPDX-License-Identifier: MIT
 * Scenes as they are read, and what the reader says of each kind of mistake.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "scene.h"

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

static bool is_fact(void *context, const char *path, void *handle, char *why, size_t why_size)
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
		"f.yaml:33: there is no field 'bogus' here; there are claim, part, action, if, "
		"holds, fails, unknown, number and limits\n" },
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
		"f.yaml:10: this is not YAML: did not find expected key at column 11\n" },
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
	{ "key: w", "key: 1", "f.yaml:12: actions[0].key: '1' is a key of the player\n" },
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
