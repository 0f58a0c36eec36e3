/* SPDX-License-Identifier: MIT
 * Commands as words: split as a shell splits them, and what is refused with which words. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "program.h"

/* Each row was compared with what a POSIX shell makes of: printf '[%s]' LINE. */
static const struct {
	const char *line, *words;
} splits[] = {
	{ "", "" },
	{ " \t\n", "" },
	{ "ls", "[ls]" },
	{ "  sleep   5 ", "[sleep][5]" },
	{ "a\tb\nc", "[a][b][c]" },
	{ "'a b' c", "[a b][c]" },
	{ "\"a b\" c", "[a b][c]" },
	{ "a'b c'd", "[ab cd]" },
	{ "a\"b c\"'d e'f", "[ab cd ef]" },
	{ "''", "[]" },
	{ "\"\" ''", "[][]" },
	{ "a '' b", "[a][][b]" },
	{ "a\\ b", "[a b]" },
	{ "a\\\\b", "[a\\b]" },
	{ "\\'a\\\"", "['a\"]" },
	{ "'a\\b'", "[a\\b]" },
	{ "'a\"b'", "[a\"b]" },
	{ "\"a'b\"", "[a'b]" },
	{ "\"a\\\"b\"", "[a\"b]" },
	{ "\"a\\nb\"", "[a\\nb]" },
	{ "\"\\$x\\`\\\\\"", "[$x`\\]" },
	{ "a\\\nb", "[ab]" },
	{ "a \\\n b", "[a][b]" },
	{ "\"a\\\nb\"", "[ab]" },
	{ "'a\\\nb'", "[a\\\nb]" },
	{ "a\\\n", "[a]" },
	{ "\\\n", "" },
	{ "'|' \";\" \\&", "[|][;][&]" },
	{ "python3 -c 'import time; time.sleep(1)'", "[python3][-c][import time; time.sleep(1)]" },
	{ "\xc3\xa9 '\xc3\xa9 x'", "[\xc3\xa9][\xc3\xa9 x]" },
	/* nothing is expanded */
	{ "echo $HOME ~ *.c `x` #y", "[echo][$HOME][~][*.c][`x`][#y]" },
};

static void put_brackets(const struct cmdline *words, struct buf *out)
{
	buf_clear(out);
	buf_adds(out, "");
	for (size_t i = 0; i < words->n; i++)
		buf_addf(out, "[%s]", words->at[i]);
}

static void a_line_is_split_as_a_shell_splits_it(void **state)
{
	struct buf shown = { 0 };
	char why[128] = "";

	for (size_t i = 0; i < ARRAY_LEN(splits); i++) {
		struct cmdline words = { 0 };

		if (cmdline_split(splits[i].line, &words, why, sizeof(why)) != 0)
			fail_msg("'%s': %s", splits[i].line, why);
		put_brackets(&words, &shown);
		assert_string_equal(shown.text, splits[i].words);
		assert_null(words.at[words.n]);
		cmdline_finish(&words);
	}
	buf_finish(&shown);
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
	static const struct {
		const char *line, *why;
	} wrong[] = {
		{ "echo 'a b", "a ' is not closed, at character 6" },
		{ "'", "a ' is not closed, at character 1" },
		{ "echo \"a 'b'", "a \" is not closed, at character 6" },
		{ "\"a\\\"", "a \" is not closed, at character 1" },
		{ "a \\", "nothing follows the \\, at character 3" },
		{ "ls | wc", "'|' is for a shell: quote it, or take --shell, at character 4" },
		{ "a&", "'&' is for a shell: quote it, or take --shell, at character 2" },
		{ "a;b", "';' is for a shell: quote it, or take --shell, at character 2" },
		{ "a >b", "'>' is for a shell: quote it, or take --shell, at character 3" },
		{ "(a)", "'(' is for a shell: quote it, or take --shell, at character 1" },
	};
	char why[128];

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct cmdline words = { .n = 77 };

		assert_int_equal(cmdline_split(wrong[i].line, &words, why, sizeof(why)), -EINVAL);
		assert_string_equal(why, wrong[i].why);
		assert_int_equal(words.n, 77);
	}
}

static void words_are_put_so_that_they_are_read_back(void **state)
{
	char *const odd[] = { "plain", "", "two words", "it's", "\"", "\\", "a\nb", "$x", "|",
		"*" };
	struct cmdline words = { 0 }, again = { 0 };
	struct buf line = { 0 };
	char why[128] = "";

	cmdline_copy(odd, ARRAY_LEN(odd), &words);
	cmdline_put(&words, &line);
	assert_int_equal(cmdline_split(line.text, &again, why, sizeof(why)), 0);
	assert_int_equal(again.n, ARRAY_LEN(odd));
	for (size_t i = 0; i < again.n; i++)
		assert_string_equal(again.at[i], odd[i]);
	cmdline_finish(&words);
	cmdline_finish(&again);
	buf_finish(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_split_as_a_shell_splits_it),
		cmocka_unit_test(what_is_wrong_is_said_with_its_place),
		cmocka_unit_test(words_are_put_so_that_they_are_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
