/* SPDX-License-Identifier: MIT
 * Tour and quiz with the real program: scenes decide without a screen, keys play them in a terminal, the quiz scores, and
 * nothing is left behind.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

/* The first object that a JSON run printed. */
static json_t *scene_of(const struct run *run)
{
	json_error_t error;
	json_t *scene = json_loads(run->out.text, JSON_DISABLE_EOF_CHECK, &error);
	if (!scene)
		fail_msg("not JSON: %s: %.200s", error.text, run->out.text);
	return scene;
}

static void assert_all_hold(json_t *scene, size_t least)
{
	size_t n = 0, i, k;
	json_t *action, *verdict;
	json_array_foreach(json_object_get(scene, "actions"), i, action)
	{
		assert_true(json_is_true(json_object_get(action, "arrived")));
		json_array_foreach(json_object_get(action, "verdicts"), k, verdict)
		{
			const char *answer = json_string_value(json_object_get(verdict, "answer"));
			if (strcmp(answer, "holds") != 0)
				fail_msg("%s: %s", answer,
					json_string_value(json_object_get(verdict, "text")));
			n++;
		}
	}
	assert_true(n >= least);
}

/* What an action is said to have shown, without a verdict of its own: that a sentence is not so. */
static void assert_not_so(json_t *scene, size_t action, const char *name)
{
	size_t i;
	json_t *actions = json_object_get(scene, "actions"), *kill;
	json_array_foreach(json_object_get(json_array_get(actions, action), "kills"), i, kill)
	{
		const char *its_name = json_string_value(json_object_get(kill, "name"));
		if (!its_name || strcmp(its_name, name) != 0)
			continue;
		assert_string_equal(json_string_value(json_object_get(kill, "answer")), "not so");
		return;
	}
	fail_msg("action %zu says nothing of %s", action, name);
}

static void a_crash_in_one_thread_ends_all_and_in_one_process_none(void **state)
{
	struct run ret;
	run_program(&ret, "tour", "blast-radius", "--json");
	run_assert_status(&ret, 0);
	json_t *scene = scene_of(&ret);
	assert_all_hold(scene, 1);
	assert_not_so(scene, 0, "m9"); /* a fault of one thread ended its siblings */
	assert_not_so(scene, 1, "m10"); /* so did kill -9 of its TID */
	json_decref(scene);
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static void one_address_is_two_pages_or_one(void **state)
{
	struct run ret;
	run_program(&ret, "tour", "3", "--json");
	run_assert_status(&ret, 0);
	json_t *scene = scene_of(&ret);
	assert_all_hold(scene, 2);
	json_decref(scene);
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static int start_nicer(void)
{
	return nice(5) < 0;
}

static int start_where_the_action_goes(void)
{
	return chdir("/usr");
}

/* What the action with this key says of its kills. */
static void assert_kills(
	const char *scene, const char *key, int (*prepare)(void), const char *wanted)
{
	const char *const argv[] = { program_path(), "tour", scene, "--json", NULL };
	struct run ret;
	run(&(struct run_options) { .argv = argv, .prepare = prepare, .timeout_ms = 90000 }, &ret);
	run_assert_status(&ret, 0);
	json_t *told = scene_of(&ret), *action, *kill;
	size_t n = 0, i, k;
	json_array_foreach(json_object_get(told, "actions"), i, action)
	{
		if (strcmp(json_string_value(json_object_get(action, "key")), key) != 0)
			continue;
		json_array_foreach(json_object_get(action, "kills"), k, kill)
		{
			assert_string_equal(
				json_string_value(json_object_get(kill, "answer")), wanted);
			n++;
		}
	}
	assert_true(n > 0);
	json_decref(told);
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

/* A scene compares with what was before its action, not with what its author's machine had. */
static void what_is_shown_does_not_hang_on_how_we_were_started(void **state)
{
	assert_kills("sharing-matrix", "d", start_where_the_action_goes, "not so");
	assert_kills("leaving-the-cpu", "w", start_nicer, "not so");
}

static void keys_play_a_scene_and_lead_on(void **state)
{
	const char *const argv[] = { program_path(), "tour", "blast-radius", "--short", NULL };
	struct tty *tty = tty_start(30, 100, NULL, argv);
	tty_assert_text(tty, "How many die?");
	tty_keys(tty, " "); /* asks for an answer, and does nothing */
	tty_assert_text(tty, "a digit answers");
	tty_keys(tty, "2");
	tty_assert_text(tty, "3 of 3 died");
	tty_assert_text(tty, "your prediction: right");
	tty_keys(tty, "\r");
	tty_assert_text(tty, "Processes are isolated");
	tty_keys(tty, "r");
	tty_assert(tty, tty_wait_gone(tty, "Processes are isolated"));
	tty_keys(tty, "n"); /* passes */
	tty_assert_text(tty, "none was made");
	tty_keys(tty, "n");
	tty_assert(tty, tty_wait_gone(tty, "How many die?"));
	tty_keys(tty, "qq");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
	assert_null(tty_unrestored(tty));
	tty_close(tty);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

/* A clicker has four buttons: on, back, black; and nobody leaves a hall by one key. */
static void a_clicker_leads_through_a_scene(void **state)
{
	const char *const argv[] = { program_path(), "tour", "blast-radius", NULL };
	struct tty *tty = tty_start(30, 100, NULL, argv);
	tty_assert_text(tty, "what do you expect?");
	tty_keys(tty, "\033[6~");
	tty_assert_text(tty, "none was made");
	tty_keys(tty, "\033[C");
	tty_assert_text(tty, "✗ WRONG");
	tty_keys(tty, "b");
	tty_assert(tty, tty_wait_gone(tty, "Blast radius"));
	tty_keys(tty, "b");
	tty_assert_text(tty, "✗ WRONG");
	tty_keys(tty, "\033[5~");
	tty_assert(tty, tty_wait_gone(tty, "✗ WRONG"));
	tty_keys(tty, "\033[D");
	tty_assert_text(tty, "what do you expect?");
	tty_keys(tty, "?");
	tty_assert_text(tty, "page 1 of");
	tty_keys(tty, "\033[6~"); /* turns the page, and leads nothing on */
	tty_assert_text(tty, "page 2 of");
	tty_keys(tty, "?");
	tty_assert_text(tty, "what do you expect?");
	tty_keys(tty, "f");
	tty_assert_text(tty, "PAUSED");
	tty_keys(tty, "\033[15~");
	tty_assert_text(tty, "S1 Who am I?");
	tty_assert(tty, tty_wait_gone(tty, "PAUSED"));
	tty_keys(tty, "q");
	tty_assert_text(tty, "q again leaves the tour");
	tty_keys(tty, "q");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
	assert_null(tty_unrestored(tty));
	tty_close(tty);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

/* On another terminal, and never on the wall. */
static void a_speaker_has_notes_on_another_terminal(void **state)
{
	char runtime[] = "/tmp/taskscope-runtime-XXXXXX", variable[80];
	assert_non_null(mkdtemp(runtime));
	snprintf(variable, sizeof(variable), "XDG_RUNTIME_DIR=%s", runtime);
	const char *const env[] = { variable, NULL };
	const char *const tour[] = { program_path(), "tour", "blast-radius", "--presenter", NULL };
	const char *const notes[] = { program_path(), "notes", NULL };
	const struct run_options once = { .env = env, .argv = notes };
	struct tty *speaker = tty_start(24, 80, env, notes);
	tty_assert_text(speaker, "start taskscope tour --presenter");
	struct tty *wall = tty_start(30, 100, env, tour);
	tty_assert_text(wall, "what do you expect?");
	tty_assert_text(speaker, "One NULL pointer. Whose?");
	tty_assert_text(speaker, "2 right    all threads of the process");
	tty_assert_text(speaker, "of 0:40");
	assert_null(strstr(tty_text(wall), "One NULL pointer. Whose?"));
	tty_keys(wall, "2");
	tty_assert_text(speaker, "threads are left");
	struct run ret;
	run(&once, &ret);
	run_assert_status(&ret, 0);
	run_assert_says(&ret, "look at: on the right");
	run_finish(&ret);
	tty_keys(wall, "qq");
	assert_int_equal(tty_wait_end(wall, WAIT_MS), 0);
	tty_assert_text(speaker, "The tour has ended");
	tty_keys(speaker, "q");
	assert_int_equal(tty_wait_end(speaker, WAIT_MS), 0);
	assert_null(tty_unrestored(speaker));
	tty_close(speaker);
	tty_close(wall);
	run(&once, &ret);
	run_assert_status(&ret, 1);
	run_assert_says(&ret, "no tour hands notes over");
	run_finish(&ret);
	assert_int_equal(rmdir(runtime), 0);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

/* That a new crew is being set up is no news, in place of the old one either. */
static void a_scene_played_again_tells_no_births(void **state)
{
	const char *const argv[] = { program_path(), "tour", "same-address", NULL };
	struct tty *tty = tty_start(30, 100, NULL, argv);
	tty_assert_text(tty, "what do you expect?");
	for (int again = 0; again < 6; again++) {
		tty_keys(tty, "1");
		tty_assert_text(tty, "after: w0 writes X");
		tty_keys(tty, "r");
		tty_assert(tty, tty_wait_gone(tty, "after: w0 writes X"));
		tty_assert_text(tty, "what do you expect?");
		assert_null(strstr(tty_text(tty), "fork() returned"));
		assert_null(strstr(tty_text(tty), "one more thread of"));
	}
	tty_keys(tty, "qq");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
	tty_close(tty);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

/* A thread that a sibling's exec ended did not leave by itself. */
static void who_was_ended_by_an_exec_is_told_so(void **state)
{
	const char *const argv[] = { program_path(), "tour", "endings", NULL };
	struct tty *tty = tty_start(36, 120, NULL, argv);
	tty_assert_text(tty, "what do you expect?");
	tty_keys(tty, "n"); /* the first action: then digits do the others */
	tty_assert_text(tty, "none was made");
	tty_keys(tty, "6"); /* asked about before it runs */
	tty_assert_text(tty, "they go on in the old program");
	tty_keys(tty, "1");
	tty_assert_text(tty, "after: again: w3 execs sleep");
	tty_assert_text(tty, "ended by an exec");
	assert_null(strstr(tty_text(tty), "left by itself"));
	tty_keys(tty, "qq");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
	tty_close(tty);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

/* From the key to the caption that tells what came of it. Not of duels: those measure for seconds. */
static void captions_change_soon_after_a_key(void **state)
{
	static const struct {
		const char *scene, *told;
	} actions[] = {
		{ "who-am-i", "after: read their names" },
		{ "sharing-matrix", "Processes share none of these" },
		{ "same-address", "after: w0 writes X" },
		{ "wild-pointer", "after: w0 stores" },
		{ "blast-radius", "after: w1 writes through" },
		{ "stacks", "after: show the stacks" },
		{ "files", "after: w0 opens" },
		{ "signals", "after: w0 handles" },
	};
	int bound = fair_ms(300), slowest = 0;
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		const char *const argv[] = { program_path(), "tour", actions[i].scene, NULL };
		int best = INT32_MAX;
		for (int try = 0; try < 3 && best > bound; try++) {
			struct tty *tty = tty_start(36, 120, NULL, argv);
			tty_assert_text(tty, "what do you expect?");
			nsec pressed = nsec_monotonic();
			tty_keys(tty, "n");
			tty_assert(tty, tty_wait_text(tty, actions[i].told));
			best = MIN(best, (int)((nsec_monotonic() - pressed) / NSEC_PER_MSEC));
			tty_keys(tty, "qq");
			assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
			tty_close(tty);
		}
		print_message("# %s: %d ms\n", actions[i].scene, best);
		slowest = MAX(slowest, best);
	}
	assert_in_range(slowest, 0, bound);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static void the_quiz_asks_first_and_then_shows(void **state)
{
	const char *const argv[] = { program_path(), "quiz", "--seed", "7", "--level", "2",
		"--claim", "3", NULL };
	struct tty *tty = tty_start(40, 120, NULL, argv);
	tty_assert_text(tty, "Question 1 of");
	assert_null(strstr(tty_text(tty), "your prediction"));
	tty_keys(tty, "1");
	tty_assert_text(tty, "your prediction:");
	tty_keys(tty, "qq");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
	assert_null(tty_unrestored(tty));
	tty_close(tty);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

/* Answers what is asked, waits for what is so, goes on. */
static void answer(struct tty *tty, const char *question, const char *key)
{
	tty_assert_text(tty, "n pass");
	tty_assert(tty, tty_wait_text(tty, question));
	tty_keys(tty, key);
	tty_assert_text(tty, "your prediction:");
	tty_keys(tty, "n");
	tty_assert(tty, tty_wait_gone(tty, "your prediction:"));
}

/* With this seed, the first option of the one and the second of the other are wrong. */
static void the_weakest_claim_is_asked_again_and_results_are_written(void **state)
{
	char results[] = "/tmp/taskscope-test-XXXXXX.csv", text[2048];
	int fd = mkstemps(results, 4);
	assert_true(fd >= 0);
	close(fd);
	const char *const argv[] = { program_path(), "quiz", "who-am-i", "--seed", "1", "--results",
		results, "--force", NULL };
	struct tty *tty = tty_start(36, 120, NULL, argv);
	answer(tty, "Question 1 of 2", "1");
	answer(tty, "Question 2 of 2", "2");
	answer(tty, "asked again", "n");
	answer(tty, "asked again", "n");
	tty_assert_text(tty, "0 of 2 right");
	tty_keys(tty, "qq");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
	tty_close(tty);
	FILE *file = fopen(results, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	remove(results);
	int rows = 0, wrong = 0, again = 0;
	for (char *line = strtok(text, "\r\n"); line; line = strtok(NULL, "\r\n")) {
		rows++;
		wrong += strstr(line, "\"wrong\"") != NULL;
		again += strstr(line, "\"skipped\"") && strstr(line, ",1,");
	}
	assert_int_equal(rows, 5);
	assert_int_equal(wrong, 2);
	assert_int_equal(again, 2);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static void a_quiz_without_a_question_is_wrong_usage(void **state)
{
	struct run ret;
	run_program(&ret, "quiz", "files", "--claim", "4", "--plain");
	run_assert_status(&ret, 2);
	run_assert_says(&ret, "there is no question about claim 4 in scene files");
	run_finish(&ret);
	run_program(&ret, "quiz", "filez", "--plain");
	run_assert_status(&ret, 2);
	run_assert_says(&ret, "did you mean 'files'?");
	run_finish(&ret);
}

static void an_unknown_scene_is_one_line_and_wrong_usage(void **state)
{
	struct run ret;
	run_program(&ret, "tour", "blast-radios", "--plain");
	run_assert_status(&ret, 2);
	assert_non_null(strstr(ret.err.text, "did you mean 'blast-radius'?"));
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(a_crash_in_one_thread_ends_all_and_in_one_process_none),
		e2e_test(one_address_is_two_pages_or_one),
		e2e_test(what_is_shown_does_not_hang_on_how_we_were_started),
		e2e_test(keys_play_a_scene_and_lead_on),
		e2e_test(a_clicker_leads_through_a_scene),
		e2e_test(a_speaker_has_notes_on_another_terminal),
		e2e_test(a_scene_played_again_tells_no_births),
		e2e_test(who_was_ended_by_an_exec_is_told_so),
		e2e_test(captions_change_soon_after_a_key),
		e2e_test(the_quiz_asks_first_and_then_shows),
		e2e_test(the_weakest_claim_is_asked_again_and_results_are_written),
		e2e_test(a_quiz_without_a_question_is_wrong_usage),
		e2e_test(an_unknown_scene_is_one_line_and_wrong_usage),
	};
	return cmocka_run_group_tests_name("tour", tests, NULL, NULL);
}
