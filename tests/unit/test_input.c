/* SPDX-License-Identifier: MIT
 * What a terminal sends, as events: which bytes are keys, and that answers, reports, pastes and broken sequences are none,
 * however they are cut and however slowly they come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/term/internal.h"
#include "command.h"

#define MS NSEC_PER_MSEC
#define ESCAPE_WAIT (150 * MS)

static struct input fresh(void)
{
	return (struct input) { .escape_wait = ESCAPE_WAIT };
}

/* All events of some bytes that come at once, with a moment of silence after them if one is given. */
static size_t events_of(
	struct input *input, const char *bytes, size_t len, nsec now, struct input_event *ret)
{
	size_t n = 0;
	for (size_t at = 0; at < len; at += sizeof(input->bytes)) {
		input_add(input, bytes + at, MIN(len - at, sizeof(input->bytes)));
		while (input_next(input, now, &ret[n]))
			n++;
	}
	return n;
}

/* Keys by name, parted by blanks; what is no key in brackets. */
static const char *told(struct input *input, const char *bytes, nsec now, char *out, size_t size)
{
	struct input_event events[256];
	size_t n = events_of(input, bytes, strlen(bytes), now, events), len = 0;
	if (input_expire(input, now, &events[n]))
		n++;
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		const struct input_event *e = &events[i];
		char name[16];
		if (e->kind == INPUT_KEY)
			len += (size_t)snprintf(out + len, size - len, "%s%s", len ? " " : "",
				key_name(e->key, name, sizeof(name)));
		else if (e->kind == INPUT_MOUSE)
			len += (size_t)snprintf(out + len, size - len, "%s(%s%d,%d)",
				len ? " " : "", key_name(e->key, name, sizeof(name)), e->col,
				e->row);
		else if (e->kind == INPUT_ATTRIBUTES)
			len += (size_t)snprintf(out + len, size - len, "%sda", len ? " " : "");
		else
			len += (size_t)snprintf(out + len, size - len, "%s(%s %06x)",
				len ? " " : "", e->kind == INPUT_BACKGROUND ? "bg" : "fg", e->rgb);
	}
	return out;
}

static const struct {
	const char *bytes, *told;
} cases[] = {
	/* characters */
	{ "a", "a" },
	{ "\r", "Enter" },
	{ "\n", "Enter" },
	{ "\t", "Tab" },
	{ "\b", "Backspace" },
	{ "\177", "Backspace" },
	{ "\x01", "C-a" },
	{ "\303\251", "\303\251" },
	{ "\360\237\230\200", "\360\237\230\200" },
	{ "\377\300\201a", "a" }, /* no UTF-8 */
	{ "\340\200\257a", "a" }, /* a longer form than needed */
	{ "\355\240\200a", "a" }, /* half of a pair */
	{ "\364\220\200\200a", "a" }, /* beyond Unicode */
	{ "\303a", "a" },
	{ "\360\237\303\251", "\303\251" },
	/* a keyboard's sequences */
	{ "\033[A\033[B\033[C\033[D", "Up Down Right Left" },
	{ "\033OA\033OB\033OC\033OD", "Up Down Right Left" },
	{ "\033[1;5B", "Down" },
	{ "\033[H\033[F\033OH\033OF\033[1~\033[4~\033[7~\033[8~",
		"Home End Home End Home End Home End" },
	{ "\033[5~\033[6~", "PgUp PgDn" },
	{ "\033[Z", "S-Tab" },
	{ "\033OP\033[11~\033[[A\033[P", "F1 F1 F1 F1" },
	{ "\033[15~\033[21~\033[[E\033OP", "F5 F10 F5 F1" },
	{ "\033[[Bq\033[2~\033[3~\033[24;2~", "q" }, /* keys that mean nothing here */
	{ "\033OM\033Op\033Oy\033Ok", "Enter 0 9 +" }, /* the keypad */
	{ "\033O5A", "Up" },
	{ "\033q", "Esc q" },
	{ "\033\033[A", "Esc Up" },
	/* by number: kitty, and xterm's modifyOtherKeys */
	{ "\033[27u\033[13u\033[9u\033[127u\033[32u", "Esc Enter Tab Backspace Space" },
	{ "\033[113u", "q" },
	{ "\033[97;2u\033[97:65;2u\033[49:33;2u", "A A !" },
	{ "\033[9;2u\033[97;5u\033[97;65u", "S-Tab C-a a" },
	{ "\033[113;3u\033[113;9u", "" }, /* Alt, Super */
	{ "\033[113;1:3u\033[1;1:3A", "" }, /* released */
	{ "\033[113;1:1u\033[113;1:2u\033[1;1:2A", "q q Up" },
	{ "\033[27;5;97~\033[27;2;65~", "C-a A" },
	{ "\033[57399u\033[57408u\033[57413u\033[57414u\033[57419u", "0 9 + Enter Up" },
	{ "\033[57441u\033[57358u\033[1114113u\033[1114124u\033[55296u\033[3u\033[155u", "" },
	{ "\033[99999999999999999999u", "" },
	/* the mouse */
	{ "\033[<0;12;5M\033[<0;12;5m\033[<65;1;1M\033[<64;2;3M", "(11,4) (Down0,0) (Up1,2)" },
	{ "\033[<16;12;5M\033[<2;1;1M\033[<35;1;1M\033[<0;0;1M", "(11,4)" },
	{ "\033[M ,%\033[M#,%\033[M`!!q", "(11,4) (Up0,0) q" }, /* as before SGR */
	{ "\033[M \303\251\033[M\"qq\033[M!\x1bq", "(162,136) Esc q" },
	/* answers: colours, DA, DSR, modes, sizes, XTVERSION, DECRQSS, XTGETTCAP, graphics */
	{ "\033]11;rgb:1e1e/1e1e/2e2e\033\\", "(bg 1e1e2e)" },
	{ "\033]11;rgb:0/0/0\033\\\033[?64;1;2c", "(bg 000000) da" },
	{ "\033]11;rgb:ff/00/7f\a\033]10;rgb:f/f/0\033\\", "(bg ff007f) (fg ffff00)" },
	{ "\033]11;rgb:1e1e/1e1e\033\\\033]11;rgb:1/2/3/4\a\033]12;rgb:1/2/3\a\033]11;red\a", "" },
	{ "\033]4;1;rgb:cdcd/0000/0000\033\\q", "q" },
	{ "\033]11;rgb:0000/0000/0000\2349\302\234q",
		"(bg 000000) 9 q" }, /* C1 String Terminator, twice */
	{ "\033]52;c;cXF1aXQKcQ==\aq", "q" },
	{ "\033P1$r0 q\033\\q", "q" },
	{ "\033P1+r544e=787465726d\033\\q", "q" },
	{ "\033P>|tmux 3.3a\033\\\033_Gi=31;OK\033\\\033^qqq\033\\\033Xqqq\033\\q", "q" },
	{ "\033P\a\r\n\t\033\\q", "q" },
	{ "\033[?62;1;6;9c\033[>41;354;0c\033[=1c\033[0n\033[12;40R\033[?997;1n", "da" },
	{ "\033[?2026;2$y\033[8;24;80t\033[I\033[O\033[?1u\033[4;1$w\033[1$A", "" },
	{ "\033[?1A\033[>4;1H\033[1<A\033[ A", "" }, /* a report's form, with a key's end */
	/* C1, as one byte and in UTF-8 */
	{ "\233A\302\233B\217A\302\217B", "Up Down Up Down" },
	{ "\2201$r0 q\234\302\220q\302\234\23511;q\234\237q\234\236q\234\230q\234", "" },
	{ "\216qa\033Nqb\200\205\231c", "a b c" },
	{ "\033]2;\305\234 \351\207\233 qq\aq", "q" }, /* characters that hold bytes of C1 */
	/* pastes */
	{ "\033[200~qK\rA\033[A\033Pq\033\\\003\033[201~q", "q" },
	{ "\033[200~\033[201\033[201x\033\033[201~q", "q" },
	{ "\233200~qq\233201~q", "q" },
	{ "\033[200~\351\233\273201~q\033[201~a", "a" }, /* its second byte is CSI's */
	{ "\033[201~q", "q" },
	/* broken */
	{ "\033[99~\033[1;2;3;4;5xa", "a" },
	{ "\033[12\303\251b", "\303\251 b" },
	{ "\033[1\033[A", "Up" },
	{ "\033[1\030q\033Pq\030q\033]q\032q", "q q q" },
	{ "\033]11;rgb\033[A\033Pq\033qa", "Up a" },
	{ "\033\\q", "q" },
	{ "\033[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1:1:1:1:1:1A", "Up" },
};

static void each_sequence_is_what_it_means(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct input input = fresh();
		char out[256];
		told(&input, cases[i].bytes, 0, out, sizeof(out));
		if (strcmp(out, cases[i].told) != 0)
			fail_msg("case %zu: '%s', not '%s'", i, out, cases[i].told);
		assert_int_equal(input_wait(&input, 0), -1);
	}
}

static void where_the_bytes_are_cut_makes_no_difference(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t len = strlen(cases[i].bytes);
		struct input_event whole[256], cut[256];
		struct input input = fresh();
		size_t n = events_of(&input, cases[i].bytes, len, 0, whole);
		for (size_t at = 0; at <= len; at++) {
			memset(cut, 0, sizeof(cut));
			input = fresh();
			size_t some = events_of(&input, cases[i].bytes, at, 0, cut);
			some += events_of(
				&input, cases[i].bytes + at, len - at, 60 * MS, cut + some);
			assert_int_equal(some, n);
			assert_memory_equal(cut, whole, n * sizeof(*whole));
		}
	}
}

/* Byte by byte, each after a silence that a slow line makes. */
static void a_slow_line_tells_the_same(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct input input = fresh();
		nsec now = 0;
		char out[256] = "", some[64];
		for (const char *byte = cases[i].bytes; *byte; byte++, now += 100 * MS) {
			const char one[] = { *byte, 0 };
			struct input_event event;
			assert_false(input_expire(&input, now, &event));
			told(&input, one, now, some, sizeof(some));
			if (*some && *out)
				strcat(out, " ");
			strcat(out, some);
		}
		assert_string_equal(out, cases[i].told);
	}
}

static void a_lone_escape_is_a_key_when_its_time_is_over(void **state)
{
	struct input input = fresh();
	struct input_event event;
	char out[64];
	assert_string_equal(told(&input, "\033", 0, out, sizeof(out)), "");
	assert_int_equal(input_wait(&input, 100 * MS), 50 * MS);
	assert_false(input_expire(&input, 149 * MS, &event));
	assert_true(input_expire(&input, 150 * MS, &event));
	assert_int_equal(event.key, KEYCODE_ESCAPE);
	assert_int_equal(input_wait(&input, 150 * MS), -1);
	/* A line that passes nothing on in pieces need not wait. */
	input.escape_wait = 0;
	assert_string_equal(told(&input, "\033", 9000 * MS, out, sizeof(out)), "Esc");
}

/* The rest of a sequence whose ESC was taken for the key is no command; the same characters, typed, are keys. */
static void what_comes_too_late_after_an_escape_is_no_command(void **state)
{
	struct input input = fresh();
	char out[64];
	told(&input, "\033", 0, out, sizeof(out));
	assert_string_equal(told(&input, "", 400 * MS, out, sizeof(out)), "Esc");
	assert_string_equal(told(&input, "[A", 400 * MS, out, sizeof(out)), "Up");
	told(&input, "\033", 10000 * MS, out, sizeof(out));
	assert_string_equal(told(&input, "", 10400 * MS, out, sizeof(out)), "Esc");
	assert_string_equal(
		told(&input, "]11;rgb:0/0/0\aq", 10400 * MS, out, sizeof(out)), "(bg 000000) q");
	told(&input, "\033", 20000 * MS, out, sizeof(out));
	assert_string_equal(told(&input, "", 20400 * MS, out, sizeof(out)), "Esc");
	assert_string_equal(told(&input, "[", 20500 * MS, out, sizeof(out)), "");
	assert_string_equal(told(&input, "", 20899 * MS, out, sizeof(out)), "");
	assert_string_equal(told(&input, "", 20900 * MS, out, sizeof(out)), "[");
	assert_string_equal(told(&input, "A", 20950 * MS, out, sizeof(out)), "A");
	assert_string_equal(told(&input, "[A", 30000 * MS, out, sizeof(out)), "[ A");
}

/* Bytes that come one by one, slower than a lone ESC waits: a cursor key, or a paste. Other keys are what they are. */
static void a_sequence_may_come_byte_by_byte(void **state)
{
	static const struct {
		const char *introducer, *last, *told;
	} slow[] = { { "[", "A", "Up" }, { "O", "D", "Left" }, { "[", "H", "Home" },
		{ "[", "a", "[ a" }, { "O", "K", "O K" }, { "[", "\305\201", "[ \305\201" },
		{ "]", "A", "] A" }, { "[", "[", "[" }, { "[", "5~", "PgUp" },
		{ "[", "200~AK\033[201~", "" } };
	for (size_t i = 0; i < ARRAY_LEN(slow); i++) {
		struct input input = fresh();
		char out[64], all[64];
		told(&input, "\033", 0, out, sizeof(out));
		assert_string_equal(told(&input, "", 300 * MS, out, sizeof(out)), "Esc");
		told(&input, slow[i].introducer, 300 * MS, all, sizeof(all));
		told(&input, "", 350 * MS, all, sizeof(all));
		told(&input, slow[i].last, 600 * MS, out, sizeof(out));
		if (*all && *out)
			strcat(all, " ");
		strcat(all, out);
		assert_string_equal(all, slow[i].told);
	}
}

static void what_has_no_end_is_dropped_in_time(void **state)
{
	static const char *const open[] = { "\033[", "\033[1;2", "\033O", "\033N", "\033[[",
		"\033[M q", "\033]11;rgb:", "\033P1$r", "\033_", "\033]11;\033", "\033[200~qqq",
		"\360\237", "\233" };
	for (size_t i = 0; i < ARRAY_LEN(open); i++) {
		struct input input = fresh();
		char out[64];
		assert_string_equal(told(&input, open[i], 0, out, sizeof(out)), "");
		assert_string_equal(told(&input, "", 499 * MS, out, sizeof(out)), "");
		assert_int_not_equal(input_wait(&input, 499 * MS), -1);
		assert_string_equal(told(&input, "", 1500 * MS, out, sizeof(out)), "");
		assert_int_equal(input_wait(&input, 1500 * MS), -1);
		assert_string_equal(told(&input, "q", 1500 * MS, out, sizeof(out)), "q");
	}
}

static void a_string_of_any_length_takes_no_room_and_tells_nothing(void **state)
{
	enum { LEN = 100000 };
	static const char *const open[] = { "\033]11;rgb:", "\033P", "\033_", "\033[200~",
		"\033[1;1" };
	static struct input_event events[LEN];
	char *bytes = xcalloc(LEN, 1);
	memset(bytes, '1', LEN);
	for (size_t i = 0; i < ARRAY_LEN(open); i++) {
		struct input input = fresh();
		assert_int_equal(events_of(&input, open[i], strlen(open[i]), 0, events), 0);
		assert_int_equal(events_of(&input, bytes, LEN, 0, events), 0);
	}
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_sequence_is_what_it_means),
		cmocka_unit_test(where_the_bytes_are_cut_makes_no_difference),
		cmocka_unit_test(a_slow_line_tells_the_same),
		cmocka_unit_test(a_lone_escape_is_a_key_when_its_time_is_over),
		cmocka_unit_test(what_comes_too_late_after_an_escape_is_no_command),
		cmocka_unit_test(a_sequence_may_come_byte_by_byte),
		cmocka_unit_test(what_has_no_end_is_dropped_in_time),
		cmocka_unit_test(a_string_of_any_length_takes_no_room_and_tells_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
