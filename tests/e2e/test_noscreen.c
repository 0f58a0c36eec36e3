/* SPDX-License-Identifier: MIT
 * The program without a terminal: text frames, JSON Lines, pictures, key scripts, recordings and their replay, tables.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "lines.h"

static size_t workers_of(json_t *side)
{
	size_t n = 0, i;
	json_t *task;
	json_array_foreach(json_object_get(side, "tasks"), i, task)
	{
		json_t *worker = json_object_get(task, "worker");
		n += json_is_integer(worker) && json_integer_value(worker) >= 0;
	}
	return n;
}

/* The most tasks of a side that any line says are deadlocked: of both sides, or of either. */
static json_int_t deadlocked_in(json_t *lines, bool either)
{
	json_int_t most[SIDES] = { 0 };
	size_t i;
	json_t *line;

	json_array_foreach(lines, i, line) for (size_t s = 0; s < SIDES; s++) most[s] =
		MAX(most[s], json_integer_value(json_object_get(
				     json_object_get(side_of(line, s), "totals"), "deadlocked")));
	return either ? MAX(most[0], most[1]) : MIN(most[0], most[1]);
}

static json_int_t deadlocked_within(const char *job, const char *seconds, bool either)
{
	struct run ret;

	run_program(&ret, "--json", "--job", job, "--for", seconds, "--interval", "200");
	run_assert_status(&ret, 0);
	json_t *lines = lines_of(&ret);
	const json_int_t n = deadlocked_in(lines, either);

	json_decref(lines);
	run_finish(&ret);
	return n;
}

/* Crews of both kinds: all that deadlock are found, sooner or later, and none of those that lock in one order. */
static void json_tells_of_deadlocks(void **state)
{
	static const char *const seconds[] = { "4", "10", "30" };
	json_int_t found = 0;

	for (size_t i = 0; i < ARRAY_LEN(seconds) && found < 4; i++)
		found = deadlocked_within("deadlock", seconds[i], false);
	assert_int_equal(found, 4);
	assert_int_equal(deadlocked_within("lock-order", "4", true), 0);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static void json_has_the_documented_shape(void **state)
{
	static const char *const task_members[] = { "pid", "tid", "start", "name", "state", "cpu",
		"voluntary", "involuntary", "voluntary_per_s", "involuntary_per_s", "run_ns",
		"wait_ns", "worker", "job" };
	static const char *const process_members[] = { "pid", "threads", "rss_kb", "pss_kb",
		"uss_kb", "shared_clean_kb", "shared_dirty_kb", "private_clean_kb",
		"private_dirty_kb", "page_tables_kb", "minflt", "majflt" };
	static const char *const line_members[] = { "v", "at_ns", "dt_ns", "sides", "observer",
		"unavailable" };
	struct run ret;
	run_program(&ret, "--json", "--for", "2", "--interval", "200");
	run_assert_status(&ret, 0);
	json_t *lines = lines_of(&ret);
	size_t n = json_array_size(lines);
	assert_in_range(n, 5, 12);
	json_t *last = json_array_get(lines, n - 1);
	for (size_t i = 0; i < ARRAY_LEN(line_members); i++)
		assert_non_null(json_object_get(last, line_members[i]));
	assert_int_equal(json_integer_value(json_object_get(last, "v")), 1);
	for (size_t s = 0; s < SIDES; s++) {
		json_t *side = side_of(last, s);
		json_t *task = json_array_get(
			json_object_get(side, "tasks"), 1); /* 0: the host, no worker */
		json_t *process = json_array_get(json_object_get(side, "processes"), 0);
		for (size_t i = 0; i < ARRAY_LEN(task_members); i++)
			assert_non_null(json_object_get(task, task_members[i]));
		for (size_t i = 0; i < ARRAY_LEN(process_members); i++)
			assert_non_null(json_object_get(process, process_members[i]));
	}
	json_decref(lines);
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static void first_rates_are_unknown_and_counters_never_fall(void **state)
{
	struct run ret;
	run_program(&ret, "--json", "--for", "2", "--interval", "200");
	run_assert_status(&ret, 0);
	json_t *lines = lines_of(&ret);
	json_t *first = json_array_get(lines, 0), *line;
	assert_true(json_is_null(json_object_get(first, "dt_ns")));
	int64_t before[SIDES] = { 0 };
	size_t i;
	json_array_foreach(lines, i, line)
	{
		for (size_t s = 0; s < SIDES; s++) {
			json_t *tasks = json_object_get(side_of(line, s), "tasks");
			int64_t sum = 0;
			size_t t;
			json_t *task;
			json_array_foreach(tasks, t, task)
			{
				sum += json_integer_value(json_object_get(task, "voluntary"));
				if (i == 0)
					assert_true(json_is_null(
						json_object_get(task, "voluntary_per_s")));
			}
			assert_true(sum >= before[s]);
			before[s] = sum;
		}
	}
	/* The default job has sleepers and talkers on both sides: something was counted. */
	assert_true(before[SIDE_LEFT] > 0 && before[SIDE_RIGHT] > 0);
	json_decref(lines);
	run_finish(&ret);
}

static void crews_have_the_size_that_was_asked(void **state)
{
	struct run ret;
	run_program(&ret, "--json", "--for", "1", "--processes", "3", "--threads", "7", "--job",
		"sleep");
	run_assert_status(&ret, 0);
	json_t *lines = lines_of(&ret);
	json_t *last = json_array_get(lines, json_array_size(lines) - 1);
	assert_int_equal(workers_of(side_of(last, SIDE_LEFT)), 3);
	assert_int_equal(workers_of(side_of(last, SIDE_RIGHT)), 7);
	/* What a process is and what a thread is, in numbers: four processes (with the host) beside one. */
	assert_int_equal(
		json_array_size(json_object_get(side_of(last, SIDE_LEFT), "processes")), 4);
	assert_int_equal(
		json_array_size(json_object_get(side_of(last, SIDE_RIGHT), "processes")), 1);
	json_decref(lines);
	run_finish(&ret);
}

static void plain_frames_show_both_sides(void **state)
{
	struct run ret;
	run_program(&ret, "--plain", "--for", "2", "--size", "120x36");
	run_assert_status(&ret, 0);
	run_assert_says(&ret, "4 processes: 4 PIDs");
	run_assert_says(&ret, "4 threads: 1 PID");
	assert_null(strchr(ret.out.text, '\033'));
	run_finish(&ret);
}

/* For a screen reader: who, what and how often, in a sentence each, and nothing that is drawn. */
static void linear_frames_are_sentences(void **state)
{
	struct run ret;
	run_program(&ret, "--plain", "--linear", "--for", "2", "--job", "sleep", "--mask-ids");
	run_assert_status(&ret, 0);
	run_assert_says(&ret, "Left side: 5 tasks.");
	run_assert_says(&ret, "w0, PID 1001, TID 1001, job sleep, sleeps, ");
	run_assert_says(&ret, "w3, PID 2000, TID 2004, job sleep, ");
	run_assert_says(&ret, " voluntary switches a second, ");
	assert_null(strstr(ret.out.text, "│"));
	run_finish(&ret);
}

static void without_a_terminal_it_is_plain_and_says_so(void **state)
{
	struct run ret;
	run_program(&ret, "--job", "sleep");
	run_assert_status(&ret, 0);
	assert_non_null(strstr(ret.err.text, "--plain"));
	assert_non_null(strstr(ret.out.text, "4 processes: 4 PIDs"));
	assert_in_range(ret.duration / NSEC_PER_MSEC, 2500, 15000);
	run_finish(&ret);
}

static void keys_steer_without_a_terminal(void **state)
{
	struct run ret;
	run_program(&ret, "--plain", "--for", "60", "--size", "120x36", "--job", "sleep", "--keys",
		"A<until 5 processes: 5 PIDs><until 5 threads: 1 PID>q");
	run_assert_status(&ret, 0);
	run_assert_says(&ret, "5 processes: 5 PIDs");
	run_assert_says(&ret, "5 threads: 1 PID");
	assert_true(ret.duration < 18 * NSEC_PER_SEC); /* q ended it, not the time */
	run_finish(&ret);
}

static void ascii_frames_are_ascii(void **state)
{
	struct run ret;
	run_program(&ret, "--plain", "--ascii", "--for", "1", "--size", "100x30");
	run_assert_status(&ret, 0);
	for (size_t i = 0; i < ret.out.len; i++)
		assert_true((unsigned char)ret.out.text[i] < 0x80);
	assert_true(ret.out.len > 500);
	run_finish(&ret);
}

static void every_size_makes_a_frame(void **state)
{
	static const char *const sizes[] = { "1x1", "20x5", "60x16", "80x24", "300x100",
		"1000x500" };
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct run ret;
		run_program(&ret, "--plain", "--for", "0.3", "--job", "sleep", "--size", sizes[i]);
		run_assert_status(&ret, 0);
		run_finish(&ret);
	}
}

static void pictures_are_well_formed(void **state)
{
	const char *svg = in_folder("lab.svg");
	struct run ret;
	run_program(&ret, "--plain", "--for", "1", "--size", "120x36", "--svg", svg);
	run_assert_status(&ret, 0);
	run_finish(&ret);
	const char *const xmllint[] = { "/usr/bin/xmllint", "--noout", svg, NULL };
	run(&(struct run_options) { .argv = xmllint }, &ret);
	run_assert_status(&ret, 0);
	run_finish(&ret);
}

static void assert_has(const char *path, const char *text)
{
	struct buf content = read_file(path);
	if (!content.text || !strstr(content.text, text))
		fail_msg("%s has no %s", path, text);
	buf_finish(&content);
}

/* The recording of a tour keeps what it told: a film made of it tells the same. */
static void check_film_of_recording(const char *recording)
{
	const char *cast = in_folder("again.cast"), *srt = in_folder("again.srt");
	const char *html = in_folder("again.html");
	struct run ret;
	run_program(&ret, "replay", recording, "--clean", "--size", "100x40", "--cast", cast,
		"--srt", srt, "--html", html);
	run_assert_status(&ret, 0);
	assert_int_equal(ret.out.len, 0);
	run_finish(&ret);
	assert_has(cast, "\"m\",\"S1 Who am I?\"]");
	assert_has(cast, "\"m\",\"S1 answer\"]");
	assert_has(cast, "\"m\",\"S2 What is shared?\"]");
	assert_has(srt, "your prediction: wrong");
	assert_has(srt, "WRONG");
	assert_has(html, "\"q\",\"{\\\"ask\\\":\\\"What is the difference");
	assert_has(html, "\"a\",\"{\\\"right\\\":1,");
	assert_has(html, "\n0]})</script>");
	unlink(cast);
	unlink(srt);
	unlink(html);
}

/* Header, events in order, and a marker where each scene begins. */
static void a_tour_is_filmed_with_a_marker_for_each_scene(void **state)
{
	const char *path = in_folder("tour.cast"), *recording = in_folder("tour.jsonl");
	struct run ret;
	struct buf content;
	size_t lines = 0, markers = 0;
	double last = 0;
	run_program(&ret, "tour", "who-am-i", "--size", "80x24", "--cast", path, "--record",
		recording, "--keys",
		"<until what do you expect> 1 <until your prediction> <wait 300> <Enter> "
		"<until WRONG> <wait 300> n <until What is shared> qq");
	run_assert_status(&ret, 0);
	assert_int_equal(ret.out.len, 0);
	run_finish(&ret);
	content = read_file(path);
	for (char *line = content.text; *line; line += strcspn(line, "\n") + 1, lines++) {
		json_t *event = json_loadb(line, strcspn(line, "\n"), 0, NULL);
		assert_non_null(event);
		if (lines == 0) {
			assert_int_equal(json_integer_value(json_object_get(event, "width")), 80);
		} else {
			double at = json_real_value(json_array_get(event, 0));
			assert_true(at >= last);
			last = at;
			markers += *json_string_value(json_array_get(event, 1)) == 'm';
		}
		json_decref(event);
	}
	assert_int_equal(markers, 3); /* one where its answer stands */
	assert_non_null(strstr(content.text, "\"m\",\"S1 answer\"]"));
	assert_non_null(strstr(content.text, "\"m\",\"S1 Who am I?\"]"));
	assert_non_null(strstr(content.text, "\"m\",\"S2 What is shared?\"]"));
	buf_finish(&content);
	check_film_of_recording(recording);
	unlink(recording);
	unlink(path);
}

/* Its title is the first that is seen, and a picture of it the first of the pictures; one '%' alone is a number. */
static void the_clip_begins_with_its_title(void **state)
{
	const char *cast = in_folder("clip.cast"), *numbered = in_folder("clip-%.svg");
	const char *first = in_folder("clip-1.svg"), *second = in_folder("clip-2.svg");
	struct run ret;
	run_program(&ret, "tour", "--short", "--auto", "--vertical", "--clean", "--pace", "0.1",
		"--cast", cast, "--svg", numbered, "--keys", "<until a first guess> <wait 300> qq");
	run_assert_status(&ret, 0);
	run_finish(&ret);
	assert_has(cast, "\"width\":45");
	assert_has(cast, "\"m\",\"taskscope\"]");
	assert_has(cast, "\"m\",\"S1 Who am I?\"]");
	/* Bold words stand alone in a picture: these are others. */
	assert_has(first, "Blast radius");
	assert_has(second, "Right: two, by pthread_create.");
	struct buf content = read_file(cast);
	assert_null(strstr(content.text, "No scene is"));
	buf_finish(&content);
	unlink(cast);
	for (int i = 1; i < 9; i++) {
		char name[16];
		snprintf(name, sizeof(name), "clip-%d.svg", i);
		unlink(in_folder(name));
	}
}

static void a_recording_replays_what_was_recorded(void **state)
{
	const char *path = in_folder("lab.jsonl");
	struct run ret;
	struct stat file;
	run_program(&ret, "--json", "--for", "1.5", "--interval", "250", "--record", path);
	run_assert_status(&ret, 0);
	json_t *live = lines_of(&ret);
	run_finish(&ret);
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	run_program(&ret, "replay", path, "--json");
	run_assert_status(&ret, 0);
	json_t *replayed = lines_of(&ret);
	run_finish(&ret);
	assert_int_equal(json_array_size(live), json_array_size(replayed));
	size_t i;
	json_t *line;
	json_array_foreach(live, i, line)
	{
		json_t *other = json_array_get(replayed, i);
		assert_true(json_equal(
			json_object_get(line, "at_ns"), json_object_get(other, "at_ns")));
		assert_true(json_equal(
			json_object_get(line, "sides"), json_object_get(other, "sides")));
	}
	json_decref(live);
	json_decref(replayed);
}

static void tables_are_listed(void **state)
{
	static const char *const tables[] = { "keys", "options", "jobs", "panes", "views", "themes",
		"facts" };
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct run ret;
		run_program(&ret, "list", tables[i]);
		run_assert_status(&ret, 0);
		assert_true(ret.out.len > 60);
		run_finish(&ret);
	}
}

static void doctor_says_what_can_be_seen(void **state)
{
	struct run ret;
	run_program(&ret, "doctor");
	run_assert_status(&ret, 0);
	run_assert_says(&ret, "schedstat");
	run_assert_says(&ret, "smaps");
	run_finish(&ret);
}

static void help_and_version_go_to_stdout(void **state)
{
	struct run ret;
	run_program(&ret, "--help");
	run_assert_status(&ret, 0);
	assert_non_null(strstr(ret.out.text, "--processes"));
	assert_int_equal(ret.err.len, 0);
	run_finish(&ret);
	run_program(&ret, "--version");
	run_assert_status(&ret, 0);
	assert_non_null(strstr(ret.out.text, "taskscope"));
	run_finish(&ret);
}

static void masked_ids_are_equal_from_run_to_run(void **state)
{
	json_t *pids[2];
	for (int i = 0; i < 2; i++) {
		struct run ret;
		run_program(&ret, "--json", "--mask-ids", "--for", "1", "--job", "sleep");
		run_assert_status(&ret, 0);
		json_t *lines = lines_of(&ret), *task;
		json_t *last = json_array_get(lines, json_array_size(lines) - 1);
		size_t t;
		pids[i] = json_array();
		json_array_foreach(json_object_get(side_of(last, SIDE_LEFT), "tasks"), t, task)
			json_array_append(pids[i], json_object_get(task, "pid"));
		json_decref(lines);
		run_finish(&ret);
	}
	assert_int_equal(json_array_size(pids[0]), 5);
	assert_true(json_equal(pids[0], pids[1]));
	json_decref(pids[0]);
	json_decref(pids[1]);
}

/* A copy of the program, beside a crew that never answers: how it is told to end while it waits for its crews. */
static const char *program_with_a_silent_crew(void)
{
	static const char sleeper[] = "#!/bin/sh\nexec sleep 60\n";
	struct buf program = read_file(program_path());
	const char *copy = in_folder("taskscope"), *crew = in_folder("taskscope-crew");
	write_file(copy, program.text, program.len);
	write_file(crew, sleeper, sizeof(sleeper) - 1);
	assert_int_equal(chmod(copy, 0700) || chmod(crew, 0700), 0);
	buf_finish(&program);
	return copy;
}

static void it_ends_at_a_signal_while_its_crews_start(void **state)
{
	const char *const argv[] = { "/usr/bin/timeout", "--preserve-status", "1",
		program_with_a_silent_crew(), "--json", NULL };
	struct run ret;
	run(&(struct run_options) { .argv = argv }, &ret);
	run_assert_status(&ret, 128 + SIGTERM);
	/* It went by itself, and was not killed for not listening. */
	assert_string_equal(ret.err.text, "");
	run_finish(&ret);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static int remove_folder(void **state)
{
	unlink(in_folder("taskscope"));
	unlink(in_folder("taskscope-crew"));
	unlink(in_folder("lab.svg"));
	unlink(in_folder("lab.jsonl"));
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(json_has_the_documented_shape),
		e2e_test(json_tells_of_deadlocks),
		e2e_test(first_rates_are_unknown_and_counters_never_fall),
		e2e_test(crews_have_the_size_that_was_asked),
		e2e_test(plain_frames_show_both_sides),
		e2e_test(linear_frames_are_sentences),
		e2e_test(without_a_terminal_it_is_plain_and_says_so),
		e2e_test(keys_steer_without_a_terminal),
		e2e_test(ascii_frames_are_ascii),
		e2e_test(every_size_makes_a_frame),
		e2e_test(pictures_are_well_formed),
		e2e_test(a_tour_is_filmed_with_a_marker_for_each_scene),
		e2e_test(the_clip_begins_with_its_title),
		e2e_test(a_recording_replays_what_was_recorded),
		e2e_test(tables_are_listed),
		e2e_test(doctor_says_what_can_be_seen),
		e2e_test(help_and_version_go_to_stdout),
		e2e_test(masked_ids_are_equal_from_run_to_run),
		e2e_test(it_ends_at_a_signal_while_its_crews_start),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
