/* SPDX-License-Identifier: MIT
 * Recordings and scenes are strangers' files: broken ones are refused with the line that is wrong, and no name in one
 * reaches a terminal or an output raw.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "harness.h"

static void replay_of(const char *what, const char *bytes, size_t len, int status, const char *says)
{
	const char *path = in_folder("bad.jsonl");
	struct run ret;
	write_file(path, bytes, len);
	run_program(&ret, "replay", path, "--json");
	if (ret.status != status)
		print_error("a recording that is %s\n", what);
	run_assert_status(&ret, status);
	run_assert_says(&ret, says);
	run_finish(&ret);
	unlink(path);
}

#define HEADER "{\"taskscope_recording\":1,\"machine\":{\"kernel\":\"6.1 x86_64\",\"cpus\":2}}\n"
#define SAMPLE "{\"at_ns\":1000000000}\n"

static void broken_recordings_are_refused_by_line(void **state)
{
	static const char future[] = "{\"taskscope_recording\":99}\n" SAMPLE;
	static const char garbage[] = HEADER SAMPLE "{\"at_ns\":\n" SAMPLE;
	static const char cut[] = HEADER SAMPLE "{\"at_ns\":20000";
	static const char only_header[] = HEADER;
	struct run ret;
	replay_of("empty", "", 0, 1, "empty");
	replay_of("of another version", future, sizeof(future) - 1, 1, "form 99");
	replay_of("not JSON", "\x7f\x45LF", 4, 1, "recording");
	replay_of("broken in the middle", garbage, sizeof(garbage) - 1, 1, "line 3");
	replay_of("cut", cut, sizeof(cut) - 1, 0, "\"v\":1");
	replay_of("a header alone", only_header, sizeof(only_header) - 1, 1, "");
	run_program(&ret, "replay", in_folder("nowhere"), "--json");
	run_assert_status(&ret, 1);
	run_assert_says(&ret, "No such file");
	run_finish(&ret);
	run_program(&ret, "replay", folder, "--json");
	run_assert_status(&ret, 1);
	run_finish(&ret);
}

static void a_gigabyte_of_nothing_is_refused_soon(void **state)
{
	const char *path = in_folder("huge.jsonl");
	struct run ret;
	struct rusage usage;
	write_file(path, HEADER, sizeof(HEADER) - 1);
	assert_int_equal(truncate(path, 1 << 30), 0);
	run_program(&ret, "replay", path, "--json");
	run_assert_status(&ret, 1);
	run_assert_says(&ret, "line 2");
	assert_true(ret.duration < 5 * NSEC_PER_SEC);
	getrusage(RUSAGE_CHILDREN, &usage);
	assert_true(usage.ru_maxrss < 600 << 10);
	run_finish(&ret);
	unlink(path);
}

/* --- scenes --- */

/* The example of the sources, with one thing changed. */
static char *changed_example(const char *from, const char *to)
{
	char *path = xasprintf("%s/../../assets/scenes/example.yaml", getenv("FIXTURES"));
	static char text[16384];
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	size_t len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	fclose(file);
	free(path);
	char *at = strstr(text, from);
	if (!at)
		fail_msg("the example has no '%s'", from);
	return xasprintf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void check_of(const char *what, const char *bytes, size_t len, const char *says)
{
	const char *path = in_folder("bad.yaml");
	struct run ret;
	write_file(path, bytes, len);
	run_program(&ret, "list", "scenes", "--check", path);
	if (ret.status != 2)
		print_error("a scene with %s\n", what);
	run_assert_status(&ret, 2);
	run_assert_says(&ret, says);
	run_assert_says(&ret, path);
	run_finish(&ret);
	unlink(path);
}

static void broken_scenes_are_refused_by_line_and_field(void **state)
{
	static const struct {
		const char *what, *from, *to, *says;
	} mistakes[] = {
		{ "an unknown job", "job: sleep", "job: sleeep", "there is no job 'sleeep'" },
		{ "an unknown pane", "panes: [pages]", "panes: [page]", "there is no pane 'page'" },
		{ "an unknown fact", "{left.worker0.arena_shared}", "{left.worker0.arena}",
			"there is no fact 'left.worker0.arena'" },
		{ "an unknown order", "order: write-arena", "order: write-arena2",
			"there is no order 'write-arena2'" },
		{ "a key twice", "title: \"One page more\"", "name: twice", "stands twice" },
		{ "a missing field", "punch: \"Each first write bought one page.\"", "",
			"the field 'punch' is missing" },
		{ "a field of no meaning", "nuance:", "nuances:", "there is no field 'nuances'" },
		{ "a wrong type", "number: 100", "number: hundred",
			"'hundred' is not a whole number" },
		{ "an unclosed brace", "value: \"{copied}\"", "value: \"{copied\"",
			"'{' has no '}'" },
		{ "a value of no meaning", "is: \"delta(left.worker0.arena_own)\"",
			"is: \"delta(copied)\"", "there is no fact 'copied'" },
		{ "a misconception without a condition",
			"{wrong: m2, if:", "{wrong: m2, of:", "there is no field 'of'" },
		{ "a format of no meaning", "{left.worker0.arena_shared}",
			"{left.worker0.arena_shared:furlongs}", "there is no format 'furlongs'" },
		{ "a condition that is none", "until: \"copied >= 256\"", "until: \"copied\"",
			"this is no condition" },
	};
	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
		char *text = changed_example(mistakes[i].from, mistakes[i].to);
		check_of(mistakes[i].what, text, strlen(text), mistakes[i].says);
		free(text);
	}
	check_of("nothing in it", "", 0, "the file is empty");
	check_of("a program in it",
		"\x7f"
		"ELF\0\0\1",
		7, "");
}

static void ten_megabytes_of_scene_are_refused_soon(void **state)
{
	const char *path = in_folder("huge.yaml");
	struct run ret;
	write_file(path, "name: x\n", 8);
	assert_int_equal(truncate(path, 10 << 20), 0);
	run_program(&ret, "list", "scenes", "--check", path);
	run_assert_status(&ret, 2);
	run_assert_says(&ret, "larger than 1024 kB");
	assert_true(ret.duration < 5 * NSEC_PER_SEC);
	run_finish(&ret);
	unlink(path);
	run_program(&ret, "list", "scenes", "--check", in_folder("nowhere.yaml"));
	run_assert_status(&ret, 2);
	run_assert_says(&ret, "No such file");
	run_finish(&ret);
}

static void a_scene_of_ones_own_is_listed_and_a_broken_one_told(void **state)
{
	const char *const argv[] = { program_path(), "list", "scenes", NULL };
	const char *const check[] = { program_path(), "list", "scenes", "--check", NULL };
	char data[160], folder_of[200], path[240], bad[240];
	snprintf(data, sizeof(data), "XDG_DATA_HOME=%s", folder);
	snprintf(folder_of, sizeof(folder_of), "%s/taskscope/scenes", folder);
	snprintf(path, sizeof(path), "%s/taskscope", folder);
	assert_int_equal(mkdir(path, 0700) || mkdir(folder_of, 0700), 0);
	snprintf(path, sizeof(path), "%s/own.yaml", folder_of);
	snprintf(bad, sizeof(bad), "%s/bad.yaml", folder_of);
	char *own = changed_example("name: example", "name: my-own");
	write_file(path, own, strlen(own));
	const char *const env[] = { data, NULL };
	struct run ret;
	run(&(struct run_options) { .argv = argv, .env = env }, &ret);
	run_assert_status(&ret, 0);
	run_assert_says(&ret, "\tmy-own\t");
	run_finish(&ret);
	write_file(bad, "name: bad\n", 10);
	run(&(struct run_options) { .argv = argv, .env = env }, &ret);
	run_assert_status(&ret, 2);
	run_assert_says(&ret, "bad.yaml:1:");
	run_assert_says(&ret, "\tmy-own\t");
	run_finish(&ret);
	run(&(struct run_options) { .argv = check, .env = env }, &ret);
	run_assert_status(&ret, 2);
	run_assert_says(&ret, "bad.yaml:1:");
	run_assert_says(&ret, "scene 'my-own'");
	run_finish(&ret);
	free(own);
	unlink(path);
	unlink(bad);
	rmdir(folder_of);
	snprintf(path, sizeof(path), "%s/taskscope", folder);
	rmdir(path);
}

/* A recording is a stranger's file: names that would change the title, clear the screen, or shift columns. */
#define EVIL                                                                                       \
	"\\u001b]0;owned\\u0007\\u001b["                                                           \
	"2J\\u009b31m\\u202eabc\\n\\tw\\u0301\\u0301\\u0301\\u0301\\uff21"
static const char hostile[] = HEADER
	"{\"at_ns\":1000000000,\"crews\":[{\"side\":\"left\",\"kind\":\"processes\",\"state\":"
	"\"running\","
	"\"host\":10,\"wanted\":1,\"alive\":1,\"job\":\"" EVIL "\",\"note\":\"" EVIL "\"}],"
	"\"workers\":[{\"side\":\"left\",\"index\":0,\"phase\":\"alive\",\"pid\":11,\"tid\":11,"
	"\"job\":\"" EVIL "\"}],\"tasks\":[{\"pid\":11,\"tid\":11,\"side\":\"left\",\"worker\":0,"
	"\"state\":\"S\",\"name\":\"" EVIL
	"\",\"voluntary\":5}],\"slow\":{\"at_ns\":1000000000,\"processes\":[{\"pid\":11,\"side\":"
	"\"left\","
	"\"worker\":0,\"name\":\"" EVIL
	"\",\"rss_kb\":4}],\"mappings\":[{\"pid\":11,\"at_ns\":1000000000,"
	"\"rows\":[{\"start\":\"0x1000\",\"end\":\"0x2000\",\"perms\":\"rw-p\",\"path\":\"/x/" EVIL
	"\",\"rss_kb\":4}]}]},\"gaps\":[{\"pid\":11,\"what\":\"smaps\",\"reason\":\"" EVIL "\"}]}\n"
	"{\"at_ns\":2000000000}\n";

static void hostile_names_never_reach_the_output_raw(void **state)
{
	static const char *const forms[] = { "--plain", "--json" };
	const char *path = in_folder("hostile.jsonl");
	write_file(path, hostile, sizeof(hostile) - 1);
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct run ret;
		run_program(&ret, "replay", path, forms[i], "--size", "120x36");
		run_assert_status(&ret, 0);
		assert_null(strchr(ret.out.text, '\033'));
		assert_null(strchr(ret.out.text, '\007'));
		assert_null(strstr(ret.out.text, "\xc2\x9b"));
		assert_null(strstr(ret.out.text, "\xe2\x80\xae"));
		assert_non_null(strstr(ret.out.text, "owned")); /* shown, but disarmed */
		run_finish(&ret);
	}
}

static void hostile_names_never_reach_the_terminal_raw(void **state)
{
	const char *const argv[] = { program_path(), "replay", in_folder("hostile.jsonl"), NULL };
	write_file(argv[2], hostile, sizeof(hostile) - 1);
	struct tty *tty = tty_start(36, 120, NULL, argv);
	tty_assert_text(tty, "owned");
	assert_null(memmem(tty->raw.text, tty->raw.len, "\033]0;", 4));
	assert_null(memmem(tty->raw.text, tty->raw.len, "\007", 1));
	assert_null(memmem(tty->raw.text, tty->raw.len, "\xc2\x9b", 2));
	assert_null(memmem(tty->raw.text, tty->raw.len, "\xe2\x80\xae", 3));
	tty_keys(tty, "q");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
	tty_close(tty);
}

static int remove_folder(void **state)
{
	unlink(in_folder("hostile.jsonl"));
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(broken_recordings_are_refused_by_line),
		e2e_test(a_gigabyte_of_nothing_is_refused_soon),
		e2e_test(broken_scenes_are_refused_by_line_and_field),
		e2e_test(ten_megabytes_of_scene_are_refused_soon),
		e2e_test(a_scene_of_ones_own_is_listed_and_a_broken_one_told),
		e2e_test(hostile_names_never_reach_the_output_raw),
		e2e_test(hostile_names_never_reach_the_terminal_raw),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
