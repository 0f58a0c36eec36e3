/* SPDX-License-Identifier: MIT
 * How tasks end, and who goes with them, as the whole program tells it in --json: as who runs the tests, as an unprivileged
 * user, and where calls are refused.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/json_schema.h"
#include "lines.h"
#include "modes.h"

#define WORKERS 3
#define FRESH WORKERS /* the index of what an order makes anew */

/* --- what is seen of an end --- */

static size_t count(const json_t *line, size_t side, const char *kind)
{
	return json_array_size(json_object_get(side_of(line, side), kind));
}

static bool state_is(const json_t *task, char state)
{
	return task && text_in(task, "state")[0] == state;
}

static bool lives(const json_t *line, size_t side, int worker)
{
	const json_t *task = row_of(line, side, "tasks", worker);

	return task && !state_is(task, 'Z');
}

/* S16: a zombie is a task without memory, objects and table: unknown, each with its reason, and nowhere a 0. */
static bool a_process_is_a_zombie(const json_t *line)
{
	const json_t *process = row_of(line, SIDE_LEFT, "processes", 0);
	const json_t *sharing = evidence_of(line, "sharing", SIDE_LEFT, 0, NULL, NULL);
	const json_t *place = evidence_of(line, "places", SIDE_LEFT, 0, NULL, NULL);

	return state_is(row_of(line, SIDE_LEFT, "tasks", 0), 'Z') && state_is(process, 'Z') &&
	       json_is_null(json_object_get(process, "rss_kb")) &&
	       json_is_null(json_object_get(process, "vm_size_kb")) &&
	       json_is_null(json_object_get(sharing, "mm")) &&
	       json_is_null(json_object_get(place, "fd_size")) &&
	       !evidence_of(line, "pages", SIDE_LEFT, 0, NULL, NULL) && lives(line, SIDE_LEFT, 1);
}

static bool a_thread_leaves_nothing(const json_t *line)
{
	return !row_of(line, SIDE_RIGHT, "tasks", 0) && lives(line, SIDE_RIGHT, 1) &&
	       integer_in(row_of(line, SIDE_RIGHT, "processes", HOST), "threads") == WORKERS;
}

static bool a_forked_child_has_one_thread(const json_t *line, size_t side)
{
	const json_t *order = row_of(line, side, "orders", FRESH);

	return strstr(text_in(order, "result"), "the child has 1 of ") &&
	       strstr(text_in(order, "result"), "EBUSY");
}

static bool a_process_forked(const json_t *line)
{
	return a_forked_child_has_one_thread(line, SIDE_LEFT);
}

static bool a_thread_forked(const json_t *line)
{
	return a_forked_child_has_one_thread(line, SIDE_RIGHT);
}

/* S6 */
static bool a_crash_kills_one_process(const json_t *line)
{
	const json_t *ended = row_of(line, SIDE_LEFT, "ended", 1);

	return integer_in(ended, "signal") == SIGSEGV &&
	       strcmp(text_in(ended, "fault_address"), "0x0") == 0 && lives(line, SIDE_LEFT, 2) &&
	       strcmp(text_in(side_of(line, SIDE_LEFT), "state"), "running") == 0;
}

static bool a_crash_kills_all_threads(const json_t *line)
{
	const json_t *side = side_of(line, SIDE_RIGHT);

	return strcmp(text_in(side, "state"), "ended") == 0 && integer_in(side, "culprit") == 1 &&
	       integer_in(side, "wait_status") == SIGSEGV &&
	       count(line, SIDE_RIGHT, "tasks") == 0 &&
	       count(line, SIDE_RIGHT, "ended") >= WORKERS &&
	       json_is_null(json_object_get(side, "host"));
}

static const json_t *task_named(const json_t *line, size_t side, const char *name)
{
	json_t *task;
	size_t i;

	json_array_foreach(json_object_get(side_of(line, side), "tasks"), i,
		task) if (strcmp(text_in(task, "name"), name) == 0) return task;
	return NULL;
}

static bool exec_is_of_one_process(const json_t *line)
{
	const json_t *task = task_named(line, SIDE_LEFT, "sleep");

	return task && integer_in(task, "pid") == integer_in(task, "tid") &&
	       lives(line, SIDE_LEFT, 2) && state_is(row_of(line, SIDE_LEFT, "tasks", HOST), 'S');
}

static bool exec_ends_all_threads(const json_t *line)
{
	const json_t *task = task_named(line, SIDE_RIGHT, "sleep");
	const json_t *process =
		json_array_get(json_object_get(side_of(line, SIDE_RIGHT), "processes"), 0);

	return task && integer_in(task, "pid") == integer_in(task, "tid") &&
	       count(line, SIDE_RIGHT, "tasks") == 1 && integer_in(process, "threads") == 1 &&
	       strcmp(text_in(process, "name"), "sleep") == 0;
}

/* Its memory is that of the threads that live; what it shares with them cannot be asked of it any more. */
static bool a_main_thread_leaves_the_others(const json_t *line)
{
	const json_t *process = row_of(line, SIDE_RIGHT, "processes", HOST);
	const json_t *row[2] = { evidence_of(line, "sharing", SIDE_RIGHT, 1, NULL, NULL),
		evidence_of(line, "sharing", SIDE_RIGHT, 2, NULL, NULL) };

	return state_is(row_of(line, SIDE_RIGHT, "tasks", HOST), 'Z') &&
	       lives(line, SIDE_RIGHT, 1) && lives(line, SIDE_RIGHT, 2) &&
	       integer_in(process, "threads") == WORKERS && integer_in(process, "vm_size_kb") > 0 &&
	       integer_in(process, "uss_kb") > 0 &&
	       evidence_of(line, "pages", SIDE_RIGHT, HOST, NULL, NULL) &&
	       integer_in(row[0], "mm") > 0 &&
	       integer_in(row[0], "mm") == integer_in(row[1], "mm") &&
	       integer_in(row[0], "files") == integer_in(row[1], "files");
}

/* --- a run --- */

/* Pressed in this order; each is seen in some line. FIRST, SECOND and LEFT, RIGHT: the worker of a side. Where more than one
 * thing is news, the screen's one line of news may not be the one to wait for, and a birth selects the newborn: then all
 * of it is waited for. */
#define LEFT(worker) "1[g" worker
#define RIGHT(worker) "1]g" worker
#define FIRST ""
#define SECOND "j"

static const struct ending {
	const char *scene, *name, *keys;
	bool (*is_seen)(const json_t *line);
} endings[] = {
#define ENDING(of_scene, seen, pressed)                                                            \
	{                                                                                          \
		.scene = (of_scene), .name = #seen, .is_seen = (seen), .keys = (pressed)           \
	}
	ENDING("S16", a_process_is_a_zombie, LEFT(FIRST) "e<until left w0, exit-task>"),
	ENDING("S16", a_thread_leaves_nothing, RIGHT(FIRST) "e<until right w0, exit-task><settle>"),
	ENDING("S16", a_process_forked, LEFT(SECOND) "f<until left w3, fork>"),
	ENDING("S16", a_thread_forked, RIGHT(SECOND) "f<until right w3, fork><settle>"),
	ENDING("S6", a_crash_kills_one_process, LEFT(SECOND) "x<settle>"),
	ENDING("S16", exec_is_of_one_process, LEFT("") "X<settle><settle>"),
	ENDING("S16", a_main_thread_leaves_the_others, RIGHT("") "M<settle><settle>"),
	ENDING("S6", a_crash_kills_all_threads,
		RIGHT("") "r<settle>" RIGHT(SECOND) "x<settle><settle>"),
	ENDING("S16", exec_ends_all_threads, RIGHT("") "r<settle>X<settle><settle>"),
};

/* The keys of all, with the time to settle put in. */
static char *script_of_endings(void)
{
	struct buf script = { 0 };
	const int settle = MIN(fair_ms(700), 2500);

	buf_addf(&script, "<wait %d>", settle);
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		const char *at = endings[i].keys, *mark;

		for (; (mark = strstr(at, "<settle>")); at = mark + strlen("<settle>")) {
			buf_add(&script, at, (size_t)(mark - at));
			buf_addf(&script, "<wait %d>", settle);
		}
		buf_adds(&script, at);
	}
	return script.text;
}

static void assert_all_seen(enum mode mode, const struct run *run)
{
	size_t i, next = 0;

	run_assert_status(run, 0);
	json_t *lines = lines_of(run), *line;

	json_array_foreach(lines, i, line)
	{
		check_line(line); /* each null has its reason */
		while (next < ARRAY_LEN(endings) && endings[next].is_seen(line))
			next++;
	}
	if (next < ARRAY_LEN(endings))
		fail_msg("%s, %s: not seen: %s", endings[next].scene, mode_table[mode].name,
			endings[next].name);
	json_decref(lines);
}

static void each_ending_is_seen_in_each_mode(void **state)
{
	char *script = script_of_endings();
	const char *const argv[] = { program_path(), "--json", "--interval", "50", "-p", "3", "-t",
		"3", "-j", "sleep", "--keys", script, NULL };
	struct mode_runs runs;

	run_in_modes(argv, &runs);
	for (int mode = 0; mode < MODES; mode++)
		if (runs.possible[mode])
			assert_all_seen((enum mode)mode, &runs.run[mode]);
	for (int mode = 0; mode < MODES; mode++)
		if (runs.possible[mode])
			run_finish(&runs.run[mode]);
	free(script);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(each_ending_is_seen_in_each_mode),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
