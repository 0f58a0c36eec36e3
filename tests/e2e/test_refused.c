/* SPDX-License-Identifier: MIT
 * What is refused, and what the program makes of it: each pane says on the screen what it lost and why, in each mode; and
 * with few file descriptors it shows what it can, or says in one line why it cannot start.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "../unit/json_schema.h"
#include "lines.h"
#include "modes.h"

/* --- panes --- */

static const struct view {
	const char *key, *title;
	const char *says; /* where something is refused */
	enum mode in; /* the mode that surely refuses it */
} views[] = {
	{ "2", " What is shared ", "kcmp is refused", UNDER_FILTER },
	{ "3", " Pages ", "frame numbers need root", AS_USER },
	{ "4", " Stacks ", "perf_event is refused", UNDER_FILTER },
	{ "5", " Files ", "one open file or two is not known", UNDER_FILTER },
	{ "6", " Signals ", NULL, MODES },
	{ "7", " Cost of one more ", NULL, MODES },
	{ "8", " Lanes ", "perf_event refused", UNDER_FILTER },
};

/* Whether a frame holds both. */
static bool any_frame_holds(const char *text, const char *a, const char *b)
{
	while (*text) {
		const char *end = strchr(text, '\f');
		char *frame = strndup(text, end ? (size_t)(end - text) : strlen(text));
		const bool both = strstr(frame, a) && strstr(frame, b);

		free(frame);
		if (both)
			return true;
		text = end ? end + 1 : text + strlen(text);
	}
	return false;
}

static void assert_panes(enum mode mode, const struct run *run)
{
	run_assert_status(run, 0);
	for (size_t i = 0; i < ARRAY_LEN(views); i++) {
		const struct view *view = &views[i];

		if (!any_frame_holds(run->out.text, view->title, "w1"))
			fail_msg("%s: no frame of%s", mode_table[mode].name, view->title);
		if (view->in == mode && !any_frame_holds(run->out.text, view->title, view->says))
			fail_msg("%s:%sdoes not say: %s", mode_table[mode].name, view->title,
				view->says);
	}
	/* Nothing is said to be lost that is not. */
	if (!kcmp_is_refused(mode))
		assert_null(strstr(run->out.text, "kcmp is refused"));
	if (frames_are_told(mode))
		assert_null(strstr(run->out.text, "need root"));
}

static void each_pane_says_what_it_lost_and_why(void **state)
{
	struct buf script = { 0 };
	struct mode_runs runs;
	const int settle = MIN(fair_ms(800), 2500);

	for (size_t i = 0; i < ARRAY_LEN(views); i++)
		buf_addf(&script, "%s<wait %d>", views[i].key, settle);
	/* Somebody runs, so that registers of who runs are asked for. */
	const char *const argv[] = { program_path(), "--plain", "--interval", "200", "--size",
		"120x36", "-p", "2", "-t", "2", "-j", "spin", "--keys", script.text, NULL };

	run_in_modes(argv, &runs);
	for (int mode = 0; mode < MODES; mode++)
		if (runs.possible[mode])
			assert_panes((enum mode)mode, &runs.run[mode]);
	for (int mode = 0; mode < MODES; mode++)
		if (runs.possible[mode])
			run_finish(&runs.run[mode]);
	buf_finish(&script);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

/* --- few descriptors --- */

/* What was never read is unknown, all of it: 0 would be a nice value, too. */
static void assert_unread_is_unknown(const json_t *line)
{
	for (size_t side = 0; side < SIDES; side++) {
		json_t *task;
		size_t i;

		json_array_foreach(json_object_get(side_of(line, side), "tasks"), i, task)
			assert_int_equal(json_is_null(json_object_get(task, "nice")),
				json_is_null(json_object_get(task, "state")));
	}
}

static int limit_files(rlim_t most)
{
	const struct rlimit limit = { most, most };

	return setrlimit(RLIMIT_NOFILE, &limit) || become_user();
}

static int leave_256(void)
{
	return limit_files(256);
}

static int leave_64(void)
{
	return limit_files(64);
}

static int leave_32(void)
{
	return limit_files(32);
}

static int leave_16(void)
{
	return limit_files(16);
}

static void assert_evidence_is_whole(const json_t *line)
{
	static const char *const kinds[] = { "sharing", "pages", "pointers", "registers", "files",
		"places", "signals" };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		assert_true(json_array_size(json_object_get(line, kinds[i])) > 0);
}

static void assert_one_line(const struct run *run, const char *says)
{
	run_assert_says(run, says);
	assert_ptr_equal(strchr(run->err.text, '\n'), strrchr(run->err.text, '\n'));
}

static const struct few {
	int (*prepare)(void);
	bool starts, suffices;
} few_table[] = {
	{ leave_256, true, true },
	{ leave_64, true,
		true }, /* eight workers: nothing is lost, though nothing can be kept open */
	{ leave_32, true, false },
	{ leave_16, false, false },
};

static void assert_few(const struct few *few, const struct run *run)
{
	json_t *line;
	size_t i;

	run_assert_status(run, few->starts ? 0 : 4);
	if (!few->starts) {
		assert_one_line(run, "Too many open files");
		return;
	}
	json_t *lines = lines_of(run);

	json_array_foreach(lines, i, line)
	{
		check_line(line); /* each null has its reason */
		assert_unread_is_unknown(line);
	}
	line = json_array_get(lines, json_array_size(lines) - 1);
	if (few->suffices)
		assert_evidence_is_whole(line);
	else
		run_assert_says(run, "out of file descriptors");
	for (size_t side = 0; side < SIDES; side++)
		assert_int_equal(integer_in(side_of(line, side), "alive"), 4);
	json_decref(lines);
}

static void few_descriptors_take_something_and_say_so(void **state)
{
	const char *const argv[] = { program_path(), "--json", "--interval", "100", "-p", "4", "-t",
		"4", "-j", "mixed", "--for", "2", NULL };
	struct run_options options[ARRAY_LEN(few_table)];
	struct run runs[ARRAY_LEN(few_table)];

	for (size_t i = 0; i < ARRAY_LEN(few_table); i++)
		options[i] = (struct run_options) {
			.argv = argv, .prepare = few_table[i].prepare, .timeout_ms = 60000
		};
	run_together(options, ARRAY_LEN(few_table), runs);
	for (size_t i = 0; i < ARRAY_LEN(few_table); i++)
		assert_few(&few_table[i], &runs[i]);
	for (size_t i = 0; i < ARRAY_LEN(few_table); i++)
		run_finish(&runs[i]);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(each_pane_says_what_it_lost_and_why),
		e2e_test(few_descriptors_take_something_and_say_so),
	};
	/* Few descriptors are an unprivileged user's, who must be able to start it. */
	const size_t n = ARRAY_LEN(tests) - !mode_is_possible(AS_USER);

	return _cmocka_run_group_tests("refused", tests, n, NULL, NULL);
}
