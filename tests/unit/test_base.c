/* SPDX-License-Identifier: MIT
 * base: foreign text becomes printable whatever its bytes are, numbers keep their width and never
 * turn something into nothing, arrays and text grow and then stay.
 */
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include <cmocka.h>

#include "base.h"
#include "json_writer.h"

#define FFFD "\xEF\xBF\xBD"
#define DASH "\xE2\x80\x93"

/* xorshift: the same bytes on every machine */
static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* --- safe_text --- */

static void assert_safe(const char *in, size_t len, const char *expected)
{
	char out[256];

	assert_int_equal(safe_text(out, sizeof(out), in, len), strlen(expected));
	assert_string_equal(out, expected);
}

static void plain_and_foreign_words_stay_as_they_are(void **state)
{
	static const char *const words[] = { "", "bash", "w\xC3\xB6rker",
		"\xE4\xBD\x9C\xE6\xA5\xAD", "\xF0\x9F\x90\xA7 penguin", ") R 1 2 (", "a\xCC\x81",
		"\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		assert_safe(words[i], strlen(words[i]), words[i]);
}

static void escape_sequences_cannot_pass(void **state)
{
	assert_safe("\x1B]0;owned\x07", 10, FFFD "]0;owned" FFFD);
	assert_safe("\x1B[2Jx", 5, FFFD "[2Jx");
	assert_safe("\x7F", 1, FFFD);
	/* C1: as UTF-8, and as the raw bytes that some terminals still take */
	assert_safe("\xC2\x9B"
		    "2J",
		4, FFFD "2J");
	assert_safe("\x9B"
		    "2J",
		3, FFFD "2J");
}

static void a_name_stays_on_one_line(void **state)
{
	assert_safe("a\nb\tc\rd", 7, "a b c d");
	assert_safe("cat\0file", 8, "cat file");
	assert_safe("a\xE2\x80\xA8"
		    "b",
		5, "a b"); /* U+2028 line separator */
}

static void what_turns_or_hides_text_is_shown(void **state)
{
	assert_safe("a\xE2\x80\xAE"
		    "b",
		5, "a" FFFD "b"); /* U+202E right-to-left override */
	assert_safe("\xE2\x81\xA6x\xE2\x81\xA9", 7, FFFD "x" FFFD); /* U+2066, U+2069 isolates */
	assert_safe("a\xE2\x80\x8D", 4, "a" FFFD); /* U+200D joiner */
	assert_safe("a\xE2\x80\x8B", 4, "a" FFFD); /* U+200B zero width space */
	assert_safe("\xEF\xBB\xBF", 3, FFFD); /* byte order mark */
	assert_safe("a\xC2\xAD", 3, "a" FFFD); /* soft hyphen */
	assert_safe("\xE3\x85\xA4", 3, FFFD); /* U+3164 filler */
	assert_safe("\xF3\xA0\x81\x81", 4, FFFD); /* U+E0041 tag */
	assert_safe(
		"\xE2\x9D\xA4\xEF\xB8\x8F", 6, "\xE2\x9D\xA4"); /* a variation selector vanishes */
}

static void bad_bytes_are_replaced_one_by_one_and_the_rest_stays(void **state)
{
	assert_safe("a\xFF\xFE"
		    "b",
		4, "a" FFFD FFFD "b");
	assert_safe("ok\xE2\x82", 4, "ok" FFFD FFFD); /* cut, as comm is at 15 bytes */
	assert_safe("\xC0\xAF", 2, FFFD FFFD); /* overlong */
	assert_safe("\xE0\x80\xAF", 3, FFFD FFFD FFFD);
	assert_safe("\xED\xA0\x80", 3, FFFD FFFD FFFD); /* a surrogate */
	assert_safe("\xF4\x90\x80\x80", 4, FFFD FFFD FFFD FFFD); /* beyond U+10FFFF */
	assert_safe("\xF8\x88\x80\x80\x80z", 6, FFFD FFFD FFFD FFFD FFFD "z");
	assert_safe("\xE2z", 2, FFFD "z");
}

static void marks_are_bounded_and_need_something_to_stand_on(void **state)
{
	assert_safe("\xCC\x81"
		    "a",
		3, FFFD "a");
	assert_safe("a\xCC\x81\xCC\x82\xCC\x83\xCC\x84"
		    "b\xCC\x81",
		12,
		"a\xCC\x81\xCC\x82"
		"b\xCC\x81");
}

static void no_character_is_cut_at_the_end_of_the_space(void **state)
{
	char out[8];

	assert_int_equal(safe_text(out, 4, "ab\xC3\xB6", 4), 2);
	assert_string_equal(out, "ab");
	assert_int_equal(safe_text(out, 5, "ab\xC3\xB6", 4), 4);
	assert_int_equal(safe_text(out, 3, "\xFF", 1), 0);
	assert_string_equal(out, "");
	assert_int_equal(safe_text(out, 1, "abc", 3), 0);
	out[0] = 'x';
	assert_int_equal(safe_text(out, 0, "abc", 3), 0);
	assert_int_equal(out[0], 'x');
}

/* Text has the width that this libc, and so ncurses, gives it. Characters that are newer than the libc have none there: the
 * screen draws them as '?'. */
static void assert_width_of_libc(const char *text)
{
	wchar_t wide[512];
	size_t n = mbstowcs(wide, text, ARRAY_LEN(wide));
	int width = wcswidth(wide, n == (size_t)-1 ? 0 : n);

	assert_true(n != (size_t)-1);
	if (width >= 0)
		assert_int_equal(width, text_width(text));
	for (size_t i = 0; width < 0 && i < n; i++)
		assert_true(wcwidth(wide[i]) >= 0 || !iswprint((wint_t)wide[i]));
}

/* The promises of safe_text about a result, whatever went in. */
static void assert_promises(const char *out, size_t used, size_t size)
{
	char again[512];

	assert_int_equal(strlen(out), used);
	assert_true(used < size);
	assert_width_of_libc(out);
	assert_int_equal(safe_text(again, sizeof(again), out, used), used);
	assert_string_equal(again, out);
}

static void any_bytes_come_out_printable_and_a_second_pass_changes_nothing(void **state)
{
	uint32_t seed = 20240229;

	for (int round = 0; round < 20000; round++) {
		char in[96], out[300];
		size_t len = next_random(&seed) % (sizeof(in) + 1),
		       size = 1 + next_random(&seed) % sizeof(out);
		/* all bytes, or mostly lead and continuation bytes, which make valid characters
		 * often */
		uint32_t bias = round % 2 ? 0x80 : 0;

		for (size_t i = 0; i < len; i++)
			in[i] = (char)(next_random(&seed) >> 7 | bias);
		assert_promises(out, safe_text(out, size, in, len), size);
	}
}

static size_t encode(char *out, uint32_t code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xC0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xE0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3F));
		out[2] = (char)(0x80 | (code & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3F));
	out[2] = (char)(0x80 | (code >> 6 & 0x3F));
	out[3] = (char)(0x80 | (code & 0x3F));
	return 4;
}

static void every_code_point_is_printable_with_the_width_of_this_libc(void **state)
{
	/* after a letter, so that marks have something to stand on */
	char in[8] = "a", out[16];

	for (uint32_t code = 0; code < 0x110000; code++) {
		size_t len = 1 + encode(in + 1, code);

		assert_true(safe_text(out, sizeof(out), in, len) >= 1);
		assert_width_of_libc(out);
	}
}

static void widths_are_those_of_terminals(void **state)
{
	size_t bytes;

	assert_int_equal(text_char_width("a", 1, &bytes), 1);
	assert_int_equal(bytes, 1);
	assert_int_equal(text_char_width("\xE4\xBD\x9C", 3, &bytes), 2);
	assert_int_equal(bytes, 3);
	assert_int_equal(text_char_width("\xCC\x81", 2, &bytes), 0);
	assert_int_equal(bytes, 2);
	assert_int_equal(text_char_width(FFFD, 3, &bytes), 1);
	assert_int_equal(
		text_char_width("\xE4\xBD", 2, &bytes), 1); /* cut: one byte, drawn as one U+FFFD */
	assert_int_equal(bytes, 1);
	assert_int_equal(text_char_width("", 0, &bytes), 0);
	assert_int_equal(bytes, 0);
	assert_int_equal(text_width("\xF0\x9F\x90\xA7" FFFD "a\xCC\x81"), 4);
	assert_int_equal(text_width("\xE2\x96\x88\xE2\x94\x80" DASH "\xC2\xB5"),
		4); /* what the program draws */
}

/* --- numbers in --- */

static void whole_numbers_within_the_range_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} good[] = { { "0", 0 }, { "-0", 0 }, { "42", 42 }, { "-7", -7 }, { "007", 7 },
		{ "9223372036854775807", INT64_MAX }, { "-9223372036854775808", INT64_MIN } };

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		int64_t value = 99;

		assert_int_equal(parse_integer(good[i].text, INT64_MIN, INT64_MAX, &value), 0);
		assert_true(value == good[i].value);
	}
}

static void what_is_no_number_or_out_of_range_is_told_apart(void **state)
{
	static const struct {
		const char *text;
		int error;
	} bad[] = { { "", -EINVAL }, { "-", -EINVAL }, { "+1", -EINVAL }, { " 1", -EINVAL },
		{ "1 ", -EINVAL }, { "0x10", -EINVAL }, { "1.5", -EINVAL }, { "--1", -EINVAL },
		{ "four", -EINVAL }, { "-1", -ERANGE }, { "101", -ERANGE },
		{ "9223372036854775808", -ERANGE }, { "-9223372036854775809", -ERANGE },
		{ "18446744073709551616", -ERANGE }, { "99999999999999999999999999", -ERANGE },
		{ "99999999999999999999999999x", -EINVAL } };

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		int64_t value = 99;

		assert_int_equal(parse_integer(bad[i].text, 0, 100, &value), bad[i].error);
		assert_true(value == 99);
	}
}

/* --- numbers out --- */

typedef char *format_function(char *out, size_t size, double value);

static char *kb(char *out, size_t size, double value)
{
	return format_kb(out, size, (int64_t)value);
}

static char *count(char *out, size_t size, double value)
{
	return format_count(out, size, (int64_t)value);
}

static char *exact(char *out, size_t size, double value)
{
	return format_exact(out, size, (int64_t)value);
}

static char *ns(char *out, size_t size, double value)
{
	return format_ns(out, size, (nsec)value);
}

static const struct {
	format_function *format;
	double value;
	const char *expected;
} numbers[] = {
	{ kb, -1, DASH },
	{ kb, 0, "0 kB" },
	{ kb, 1, "1 kB" },
	{ kb, 132, "132 kB" },
	{ kb, 1023, "1023 kB" },
	{ kb, 1024, "1.0 MB" },
	{ kb, 4096, "4.0 MB" },
	{ kb, 1024 * 99.9, "99.9 MB" },
	{ kb, 1024 * 99.96, "100 MB" },
	{ kb, 1024 * 1023.4, "1023 MB" },
	{ kb, 1024 * 1023.6, "1.0 GB" },
	{ kb, 1024 * 1024 * 1.2, "1.2 GB" },
	{ kb, 9.2e18, "8.0 ZB" },
	{ count, -1, DASH },
	{ count, 0, "0" },
	{ count, 12345, "12345" },
	{ count, 999999, "999999" },
	{ count, 1000000, "1.00 M" },
	{ count, 1234567, "1.23 M" },
	{ count, 9994999, "9.99 M" },
	{ count, 9995001, "10.0 M" },
	{ count, 99.94e6, "99.9 M" },
	{ count, 99.96e6, "100 M" },
	{ count, 999.4e6, "999 M" },
	{ count, 999.6e6, "1.00 G" },
	{ count, 9.2e18, "9.20 E" },
	{ format_rate, NAN, DASH },
	{ format_rate, UNKNOWN, DASH },
	{ format_rate, INFINITY, DASH },
	{ format_rate, 0, "0" },
	{ format_rate, 1e-9, "<0.1" },
	{ format_rate, 0.0499, "<0.1" },
	{ format_rate, 0.051, "0.1" },
	{ format_rate, 0.4, "0.4" },
	{ format_rate, 9.94, "9.9" },
	{ format_rate, 9.96, "10" },
	{ format_rate, 12, "12" },
	{ format_rate, 999.95, "1000" },
	{ format_rate, 9999.4, "9999" },
	{ format_rate, 9999.6, "10 000" },
	{ format_rate, 26041, "26 041" },
	{ format_rate, 10001, "10 001" },
	{ format_rate, 999999.4, "999 999" },
	{ format_rate, 999999.6, "1.0 M" },
	{ format_rate, 1.2e6, "1.2 M" },
	{ format_rate, 99.96e6, "100 M" },
	{ format_rate, 999.6e6, "1.0 G" },
	{ format_rate, 1e300, ">999 E" },
	{ format_percent, NAN, DASH },
	{ format_percent, -1, DASH },
	{ format_percent, 0, "0" },
	{ format_percent, 0.001, "<0.1" },
	{ format_percent, 0.3, "0.3" },
	{ format_percent, 9.96, "10" },
	{ format_percent, 42.4, "42" },
	{ format_percent, 99.96, "100" },
	{ format_percent, 100, "100" },
	{ format_percent, 6400, "6400" },
	{ format_percent, 1e12, ">999999" },
	{ exact, -1, DASH },
	{ exact, 0, "0" },
	{ exact, 9999, "9999" },
	{ exact, 10000, "10 000" },
	{ exact, 100000, "100 000" },
	{ exact, 2141124, "2 141 124" },
	{ exact, 1000000000000, "1 000 000 000 000" },
	{ ns, -1, DASH },
	{ ns, 0, "0 ns" },
	{ ns, 1, "1 ns" },
	{ ns, 850, "850 ns" },
	{ ns, 999, "999 ns" },
	{ ns, 1000, "1.0 \xC2\xB5s" },
	{ ns, 3600, "3.6 \xC2\xB5s" },
	{ ns, 9960, "10 \xC2\xB5s" },
	{ ns, 999400, "999 \xC2\xB5s" },
	{ ns, 999600, "1.0 ms" },
	{ ns, 12e6, "12 ms" },
	{ ns, 999.4e6, "999 ms" },
	{ ns, 999.95e6, "1.0 s" },
	{ ns, 1.5e9, "1.5 s" },
	{ ns, 59.4e9, "59 s" },
	{ ns, 59.9e9, "60 s" },
	{ ns, 60e9, "1:00" },
	{ ns, 123e9, "2:03" },
	{ ns, 3599.9e9, "59:59" },
	{ ns, 3600e9, "1:00:00" },
	{ ns, 35999e9, "9:59:59" },
	{ ns, 36000e9, "10 h" },
	{ ns, 86400e9 * 4, "4 d" },
	{ ns, 9.2e18, "291 y" },
};

static void numbers_read_well_at_every_border(void **state)
{
	char out[32];

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		numbers[i].format(out, sizeof(out), numbers[i].value);
		if (strcmp(out, numbers[i].expected))
			fail_msg("row %zu, %g: %s, not %s", i, numbers[i].value, out,
				numbers[i].expected);
	}
}

/* From the smallest to the largest, finely: widths hold, and something is never shown as
 * nothing. */
static void numbers_hold_their_width_and_something_is_never_nothing(void **state)
{
	static const struct {
		format_function *format;
		double first, last;
		int cells;
	} all[] = { { kb, 1, 9.2e18, 8 }, { count, 1, 9.2e18, 7 }, { format_rate, 1e-12, 1e30, 7 },
		{ format_percent, 1e-12, 1e30, 7 }, { ns, 1, 9.2e18, 7 } };

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		for (double value = all[i].first; value < all[i].last; value *= 1.0007) {
			char out[32];

			all[i].format(out, sizeof(out), value);
			if (text_width(out) > all[i].cells || !strpbrk(out, "123456789"))
				fail_msg("format %zu, %.17g: '%s'", i, value, out);
		}
	}
}

static void numbers_have_a_point_in_any_locale(void **state)
{
	static const char *const locales[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8" };
	char out[32];

	/* a machine that lacks the first two tests the last alone */
	for (size_t i = 0; i < ARRAY_LEN(locales); i++) {
		setlocale(LC_ALL, locales[i]);
		assert_string_equal(format_rate(out, sizeof(out), 1.25e6), "1.3 M");
		assert_string_equal(format_kb(out, sizeof(out), 4096), "4.0 MB");
	}
}

static void a_number_without_room_is_cut_between_characters(void **state)
{
	char out[8];

	assert_string_equal(
		format_ns(out, 6, 3600), "3.6 "); /* one byte of the two of the micro sign */
	assert_string_equal(format_count(out, 3, UNKNOWN), "");
	assert_string_equal(format_count(out, 4, UNKNOWN), DASH);
}

/* --- memory --- */

static void an_array_grows_zeroed_keeps_its_values_and_its_memory(void **state)
{
	struct {
		VEC(uint64_t) numbers;
	} v = { 0 };
	uint64_t *e, sum = 0, before;

	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t *added = vec_push(&v.numbers);

		assert_true(*added == 0);
		*added = i;
	}
	vec_each (e, &v.numbers)
		sum += *e;
	assert_true(sum == 499500);

	before = base_allocations();
	for (int round = 0; round < 10; round++) {
		vec_clear(&v.numbers);
		for (uint64_t i = 0; i < 1000; i++) {
			uint64_t *added = vec_push(&v.numbers);

			assert_true(*added == 0);
			*added = i;
		}
	}
	assert_true(base_allocations() == before);
	vec_finish(&v.numbers);
	assert_null(v.numbers.at);
	assert_int_equal(v.numbers.n, 0);
	vec_each (e, &v.numbers)
		fail();
}

static void text_grows_stays_terminated_and_keeps_its_memory(void **state)
{
	struct buf buf = { 0 };
	uint64_t before;

	buf_clear(&buf); /* of an empty one: fine */
	buf_adds(&buf, "");
	assert_string_equal(buf.text, "");
	for (int i = 0; i < 500; i++)
		buf_addf(&buf, "%d,%s;", i, "0123456789012345678901234567890123456789");
	assert_int_equal(strlen(buf.text), buf.len);
	assert_non_null(strstr(buf.text, ";499,0123"));
	before = base_allocations();
	buf_clear(&buf);
	assert_string_equal(buf.text, "");
	for (int i = 0; i < 500; i++)
		buf_addf(&buf, "%d,%s;", i, "0123456789012345678901234567890123456789");
	buf_clear(&buf);
	buf_add(&buf, "a\0b", 3);
	assert_int_equal(buf.len, 3);
	assert_memory_equal(buf.text, "a\0b", 4);
	assert_true(base_allocations() == before);
	buf_finish(&buf);
	assert_null(buf.text);
	buf_finish(&buf);
}

static void every_allocation_is_counted(void **state)
{
	uint64_t before = base_allocations();
	char *texts[] = { xcalloc(3, 4), xreallocarray(NULL, 3, 4), xstrdup("x"),
		xasprintf("%d", 42), xcalloc(0, 0) };

	assert_true(base_allocations() == before + ARRAY_LEN(texts));
	assert_memory_equal(texts[0], "\0\0\0\0\0\0\0\0\0\0\0", 12);
	assert_string_equal(texts[3], "42");
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(texts[i]);
}

static void say_and_fail(void)
{
	if (write(STDOUT_FILENO, "handler\n", 8) < 0)
		abort();
	xreallocarray(
		NULL, SIZE_MAX / 2, 8); /* fails again, inside: the handler must not run twice */
}

static void allocate_an_overflow(void)
{
	xreallocarray(NULL, SIZE_MAX / 2, 8);
}

static void calloc_an_overflow(void)
{
	xcalloc(SIZE_MAX / 2, 8);
}

static void grow_an_overflow(void)
{
	struct buf buf = { 0 };

	buf_add(&buf, "", 0);
	buf.len = SIZE_MAX - 1; /* as if it were that long: only the arithmetic is reached */
	buf_add(&buf, "abc", 3);
}

/* Runs act in a child with its output in a pipe; returns its exit status and the output. */
static int run_child(void (*act)(void), char *output, size_t size)
{
	int pipes[2], status;
	ssize_t n;
	size_t len = 0;
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	if (!pid) {
		dup2(pipes[1], STDOUT_FILENO);
		dup2(pipes[1], STDERR_FILENO);
		close(pipes[0]);
		close(pipes[1]);
		base_on_out_of_memory(say_and_fail);
		act();
		_exit(77);
	}
	close(pipes[1]);
	while ((n = read(pipes[0], output + len, size - 1 - len)) > 0)
		len += (size_t)n;
	output[len] = '\0';
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void no_memory_runs_the_handler_once_says_so_and_ends_with_status_1(void **state)
{
	void (*const acts[])(void) = { allocate_an_overflow, calloc_an_overflow, grow_an_overflow };

	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		char output[4096];

		assert_int_equal(run_child(acts[i], output, sizeof(output)), 1);
		assert_non_null(strstr(output, "handler\ntaskscope: out of memory\n"));
		assert_null(strstr(output, "handler\nhandler"));
	}
}

static void kinds_have_names_and_time_goes_forward(void **state)
{
	nsec before = nsec_monotonic();

	assert_string_equal(kind_name(KIND_PROCESSES), "processes");
	assert_string_equal(kind_name(KIND_THREADS), "threads");
	assert_true(before > 0);
	assert_true(nsec_monotonic() >= before);
}

/* --- JSON --- */

static void json_has_its_commas_and_its_numbers_a_point(void **state)
{
	struct buf out = { 0 };
	struct json json = { .out = &out };

	setlocale(LC_ALL, "de_DE.UTF-8"); /* where it is installed, with a decimal comma */
	json_open(&json, NULL, "{");
	json_put_integer(&json, "least", INT64_MIN);
	json_put_hex(&json, "most", UINT64_MAX);
	json_open(&json, "list", "[");
	json_put_real(&json, NULL, 0.1);
	json_put_real(&json, NULL, 1414263403 / 1e9);
	json_put_real(&json, NULL, 1.0 / 3);
	json_put_real(&json, NULL, NAN);
	json_put_fixed(&json, NULL, -1.2345);
	json_put_bool(&json, NULL, true);
	json_close(&json, "]");
	json_open(&json, "none", "{");
	json_close(&json, "}");
	json_put_null(&json, "null");
	json_close(&json, "}");
	setlocale(LC_ALL, "C.UTF-8");
	assert_string_equal(out.text,
		"{\"least\":-9223372036854775808,\"most\":\"0xffffffffffffffff\","
		"\"list\":[0.1,1.414263403,0.3333333333333333,null,-1.235,true],\"none\":{},"
		"\"null\":null}");
	buf_finish(&out);
}

/* Text of any length: once what was longer than 511 bytes was cut, and nothing said so. */
static void json_text_is_whole_and_escaped(void **state)
{
	struct buf out = { 0 };
	struct json json = { .out = &out };
	char text[1001], *at;

	json_put_text(&json, NULL, "\"\\\" a\nb \xff");
	assert_string_equal(out.text, "\"\\\"\\\\\\\" a b " FFFD "\"");
	memset(text, '"', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	buf_clear(&out);
	json.separator = NULL;
	json_put_text(&json, NULL, text);
	assert_int_equal(out.len, 2 * (sizeof(text) - 1) + 2);
	at = out.text;
	for (size_t i = 1; i + 1 < out.len; i += 2)
		assert_memory_equal(at + i, "\\\"", 2);
	buf_clear(&out);
	json_put_terminal(&out, "\x1b[0m\"\x7f");
	assert_string_equal(out.text, "\"\\u001b[0m\\\"\\u007f\"");
	buf_finish(&out);
}

static void cpus_come_in_order_and_end(void **state)
{
	int32_t cpus[CPUS_LISTED];
	int n = cpus_list(cpus, CPUS_LISTED), cpu = -1;

	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		cpu = cpu_after(cpu);
		assert_int_equal(cpu, cpus[i]);
	}
	assert_int_equal(cpu_after(cpu), -1);
	assert_int_equal(cpus_list(cpus, 1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cpus_come_in_order_and_end),
		cmocka_unit_test(json_has_its_commas_and_its_numbers_a_point),
		cmocka_unit_test(json_text_is_whole_and_escaped),
		cmocka_unit_test(plain_and_foreign_words_stay_as_they_are),
		cmocka_unit_test(escape_sequences_cannot_pass),
		cmocka_unit_test(a_name_stays_on_one_line),
		cmocka_unit_test(what_turns_or_hides_text_is_shown),
		cmocka_unit_test(bad_bytes_are_replaced_one_by_one_and_the_rest_stays),
		cmocka_unit_test(marks_are_bounded_and_need_something_to_stand_on),
		cmocka_unit_test(no_character_is_cut_at_the_end_of_the_space),
		cmocka_unit_test(any_bytes_come_out_printable_and_a_second_pass_changes_nothing),
		cmocka_unit_test(every_code_point_is_printable_with_the_width_of_this_libc),
		cmocka_unit_test(widths_are_those_of_terminals),
		cmocka_unit_test(whole_numbers_within_the_range_are_read),
		cmocka_unit_test(what_is_no_number_or_out_of_range_is_told_apart),
		cmocka_unit_test(numbers_read_well_at_every_border),
		cmocka_unit_test(numbers_hold_their_width_and_something_is_never_nothing),
		cmocka_unit_test(numbers_have_a_point_in_any_locale),
		cmocka_unit_test(a_number_without_room_is_cut_between_characters),
		cmocka_unit_test(an_array_grows_zeroed_keeps_its_values_and_its_memory),
		cmocka_unit_test(text_grows_stays_terminated_and_keeps_its_memory),
		cmocka_unit_test(every_allocation_is_counted),
		cmocka_unit_test(no_memory_runs_the_handler_once_says_so_and_ends_with_status_1),
		cmocka_unit_test(kinds_have_names_and_time_goes_forward),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
