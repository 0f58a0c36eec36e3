/* SPDX-License-Identifier: MIT
 * Recordings are strangers' files: broken ones are refused with the line that is wrong, and no name in one reaches a
 * terminal or an output raw.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness.h"

static char folder[] = "/tmp/taskscope-test-XXXXXX";

static const char *in_folder(const char *name)
{
	static char paths[8][160];
	static int next;
	char *path = paths[next++ % 8];
	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static void write_file(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

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
	replay_of("of another version", future, sizeof(future) - 1, 1, "version 99");
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

static int make_folder(void **state)
{
	return mkdtemp(folder) ? 0 : -1;
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
		e2e_test(hostile_names_never_reach_the_output_raw),
		e2e_test(hostile_names_never_reach_the_terminal_raw),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
