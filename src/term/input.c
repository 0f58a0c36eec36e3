/* SPDX-License-Identifier: MIT
 * Parses what a terminal sends, by the states of ECMA-48: keys, mouse reports, answers, pastes. Pure.
 *
 * Bytes become codes (UTF-8, and the C1 controls in both forms), and one table of rules takes a code from state to state.
 * Only a code in the ground state, or the end of a sequence that a keyboard sends, is a key. What does not end in time is
 * dropped with all that it held, so that the rest of an answer is never a command.
 */

#include "command.h"
#include "internal.h"

#define ESC 0x1b
#define CSI 0x9b
#define OSC 0x9d
#define C1_OF_ESCAPE 0x40 /* ESC and a byte from 0x40 on stand for the C1 control of byte + this */

#define SEQUENCE_WAIT (500 * NSEC_PER_MSEC)
#define STRING_WAIT (1000 * NSEC_PER_MSEC)
#define PASTE_WAIT (1500 * NSEC_PER_MSEC)
/* After a lone ESC became a key: for how long its sequence may still come, and how soon a byte must then follow. Of a CSI
 * or SS3 it may be later: on a line that passes on byte by byte. */
#define LATE_WINDOW (1000 * NSEC_PER_MSEC)
#define LATE_WAIT (50 * NSEC_PER_MSEC)
#define LATE_SLOW_WAIT (400 * NSEC_PER_MSEC)

static const char paste_end[] = "\033[201~";

/* --- states --- */

enum {
	GROUND,
	ESCAPE, /* a lone ESC is a key once its time is over */
	LATE, /* so it became one, and what came now may be the rest of its sequence */
	SHIFT_2, /* one character follows, of another set */
	SHIFT_3,
	CONTROL, /* CSI */
	CONSOLE, /* CSI [ : a function key of the Linux console */
	MOUSE, /* CSI M: three bytes, which are no characters */
	STRING, /* of OSC, DCS, SOS, PM, APC */
	STRING_ESCAPE,
	PASTE,
	STATES
};

static const nsec waits[STATES] = {
	[GROUND] = SEQUENCE_WAIT, /* of a character that is cut */
	[LATE] = LATE_WAIT,
	[SHIFT_2] = SEQUENCE_WAIT,
	[SHIFT_3] = SEQUENCE_WAIT,
	[CONTROL] = SEQUENCE_WAIT,
	[CONSOLE] = SEQUENCE_WAIT,
	[MOUSE] = SEQUENCE_WAIT,
	[STRING] = STRING_WAIT,
	[STRING_ESCAPE] = STRING_WAIT,
	[PASTE] = PASTE_WAIT,
};

typedef void action(struct input *input, int code, struct input_event *event);

static void type_character(struct input *input, int code, struct input_event *event)
{
	event_character(event, code);
}

static void type_escape(struct input *input, int code, struct input_event *event)
{
	event_key(event, KEYCODE_ESCAPE);
}

static void begin_control(struct input *input, int code, struct input_event *event)
{
	memset(&input->control, 0, sizeof(input->control));
}

/* '<', '=', '>' or '?', which only a report starts with. Elsewhere they break the sequence. */
static void add_prefix(struct input *input, int code, struct input_event *event)
{
	struct input_control *control = &input->control;
	control->foreign = control->foreign || control->begun || control->prefix;
	control->prefix = (char)code;
}

static void add_parameter(struct input *input, int code, struct input_event *event)
{
	struct input_control *control = &input->control;
	bool kept = control->field < INPUT_FIELDS && control->part < INPUT_PARTS;
	int *number = kept ? &control->number[control->field][control->part] : NULL;
	control->begun = true;
	if (code == ';') {
		control->field++;
		control->part = 0;
	} else if (code == ':') {
		control->part++;
	} else if (number && *number <= INPUT_CODE_MAX) {
		*number = *number * 10 + (code - '0');
	}
}

static void add_intermediate(struct input *input, int code, struct input_event *event)
{
	input->control.foreign = true;
}

/* CSI [ is one only at the start. */
static void begin_console(struct input *input, int code, struct input_event *event)
{
	if (input->control.begun || input->control.prefix || input->control.foreign)
		input->state = GROUND;
}

static void end_control(struct input *input, int final, struct input_event *event)
{
	const struct input_control *control = &input->control;
	if (control->foreign)
		return;
	if (control->prefix == '<' && final == 'M')
		event_mouse(
			event, control->number[0][0], control->number[1][0], control->number[2][0]);
	if (control->prefix == '?' && final == 'c')
		*event = (struct input_event) { .kind = INPUT_ATTRIBUTES };
	if (control->prefix)
		return;
	if (final == 'M' && !control->begun)
		input->state = MOUSE;
	else if (final == '~' && control->number[0][0] == 200)
		input->state = PASTE;
	else
		event_control(event, control, final);
	input->matched = 0;
}

static void end_console(struct input *input, int final, struct input_event *event)
{
	if (final == 'A')
		event_key(event, KEYCODE_F1);
	else if (final == 'E')
		event_key(event, KEYCODE_F5);
}

static void end_shift(struct input *input, int final, struct input_event *event)
{
	event_shift(event, final);
}

static void add_mouse(struct input *input, int byte, struct input_event *event)
{
	input->mouse[input->matched++] = byte - 32;
	if (input->matched < ARRAY_LEN(input->mouse))
		return;
	input->state = GROUND;
	event_mouse(event, input->mouse[0], input->mouse[1], input->mouse[2]);
}

static void begin_string(struct input *input, int code, struct input_event *event)
{
	input->string_kind = code;
	input->string_len = 0;
}

/* What does not fit is not kept: no answer that is looked at is so long. */
static void add_string(struct input *input, int code, struct input_event *event)
{
	if (input->string_len < sizeof(input->string) - 1)
		input->string[input->string_len++] = (char)(code < 0x80 ? code : '?');
}

static void end_string(struct input *input, int code, struct input_event *event)
{
	input->string[input->string_len] = 0;
	if (input->string_kind == OSC)
		event_string(event, input->string);
}

/* BEL ends an OSC, and stands for nothing in the other strings. */
static void bell_in_string(struct input *input, int code, struct input_event *event)
{
	if (input->string_kind != OSC)
		return;
	input->state = GROUND;
	end_string(input, code, event);
}

static void match_paste_end(struct input *input, int code, struct input_event *event)
{
	if (code == CSI)
		input->matched = 2;
	else if (code == paste_end[input->matched])
		input->matched++;
	else
		input->matched = code == ESC;
	if (input->matched == strlen(paste_end))
		input->state = GROUND;
}

/* The first that fits decides. `again`: the code is looked at once more, in the next state. */
static const struct rule {
	uint8_t state;
	int first, last;
	uint8_t next;
	bool again;
	action *act;
} rules[] = {
	{ GROUND, ESC, ESC, ESCAPE, false, NULL },
	{ GROUND, 0x8e, 0x8e, SHIFT_2, false, NULL },
	{ GROUND, 0x8f, 0x8f, SHIFT_3, false, NULL },
	{ GROUND, 0x90, 0x90, STRING, false, begin_string }, /* DCS */
	{ GROUND, 0x98, 0x98, STRING, false, begin_string }, /* SOS */
	{ GROUND, CSI, CSI, CONTROL, false, begin_control },
	{ GROUND, OSC, 0x9f, STRING, false, begin_string }, /* and PM, APC */
	{ GROUND, 0x80, 0x9f, GROUND, false, NULL },
	{ GROUND, 0, INPUT_CODE_MAX, GROUND, false, type_character },

	{ ESCAPE, 0, INPUT_CODE_MAX, GROUND, true, type_escape },

	{ SHIFT_2, ' ', 0x7e, GROUND, false, NULL },
	{ SHIFT_3, '0', ';', SHIFT_3, false, NULL }, /* modifiers, from old terminals */
	{ SHIFT_3, 0x40, 0x7e, GROUND, false, end_shift },

	{ CONTROL, '0', ';', CONTROL, false, add_parameter },
	{ CONTROL, '<', '?', CONTROL, false, add_prefix },
	{ CONTROL, ' ', '/', CONTROL, false, add_intermediate },
	{ CONTROL, '[', '[', CONSOLE, false, begin_console },
	{ CONTROL, 0x40, 0x7e, GROUND, false, end_control },
	{ CONSOLE, 0x40, 0x7e, GROUND, false, end_console },
	{ MOUSE, ' ', 0xff, MOUSE, false, add_mouse },
	{ MOUSE, 0, 0, MOUSE, false, add_mouse }, /* beyond what the form can say */

	{ STRING, '\a', '\a', STRING, false, bell_in_string },
	{ STRING, ESC, ESC, STRING_ESCAPE, false, NULL },
	{ STRING, 0x9c, 0x9c, GROUND, false, end_string },
	{ STRING, 0x18, 0x18, GROUND, false, NULL }, /* CAN and SUB cancel */
	{ STRING, 0x1a, 0x1a, GROUND, false, NULL },
	{ STRING, 0, INPUT_CODE_MAX, STRING, false, add_string },
	{ STRING_ESCAPE, ESC, ESC, STRING_ESCAPE, false, NULL },
	{ STRING_ESCAPE, '\\', '\\', GROUND, false, end_string },
	{ STRING_ESCAPE, 0, INPUT_CODE_MAX, GROUND, false, NULL },

	{ PASTE, 0, INPUT_CODE_MAX, PASTE, false, match_paste_end },

	/* CAN and SUB end any sequence; any other foreign code ends it too, and stands for itself. */
	{ STATES, 0x18, 0x18, GROUND, false, NULL },
	{ STATES, 0x1a, 0x1a, GROUND, false, NULL },
	{ STATES, 0, INPUT_CODE_MAX, GROUND, true, NULL },
};

static const struct rule *rule_of(int state, int code)
{
	const struct rule *rule = rules;
	while ((rule->state != state && rule->state != STATES) || code < rule->first ||
		code > rule->last)
		rule++;
	return rule;
}

/* Whether ESC and this code stand for a C1 control that something follows. */
static bool introduces(int code)
{
	if (code < 0x40 || code > 0x5f)
		return false;
	const struct rule *rule = rule_of(GROUND, code + C1_OF_ESCAPE);
	return rule->next != GROUND || code == '\\'; /* a string's end whose string is over */
}

static void follow_rules(struct input *input, int code, struct input_event *event)
{
	const struct rule *rule = rule_of(input->state, code);
	input->state = rule->next;
	if (rule->act)
		rule->act(input, code, event);
	input->again = rule->again;
}

static bool may_be_slow(const struct input *input)
{
	return input->late_code == '[' || input->late_code == 'O';
}

/* Whether the code goes on with what began too late: of a CSI, at any time, the end of a cursor key or a parameter, with which
 * reports and pastes begin. */
static bool goes_on(const struct input *input, int code, nsec now)
{
	static const char next[] = "ABCDFH0123456789:;<=>?";
	return now < input->late_since + LATE_WAIT ||
	       (may_be_slow(input) && code < 0x80 && memchr(next, code, strlen(next)));
}

static void take_code(struct input *input, nsec now, struct input_event *event)
{
	int code = input->code;
	bool after_escape = input->state == ESCAPE || input->state == STRING_ESCAPE;
	if (after_escape && introduces(code) && (input->state == ESCAPE || code != '\\')) {
		input->state = GROUND;
		follow_rules(input, code + C1_OF_ESCAPE, event);
	} else if (input->state == GROUND && now < input->late_until && introduces(code)) {
		input->state = LATE;
		input->late_code = code;
		input->late_since = now;
	} else if (input->state == LATE) {
		input->state = GROUND;
		if (goes_on(input, code, now))
			follow_rules(input, input->late_code + C1_OF_ESCAPE, event);
		else
			event_character(event, input->late_code);
		input->again = true;
	} else {
		follow_rules(input, code, event);
	}
}

/* --- bytes to codes --- */

static void begin_character(struct input *input, unsigned char first)
{
	static const struct {
		unsigned char first, last;
		int more, least;
	} leads[] = { { 0xc2, 0xdf, 1, 0x80 }, { 0xe0, 0xef, 2, 0x800 },
		{ 0xf0, 0xf4, 3, 0x10000 } };
	for (size_t i = 0; i < ARRAY_LEN(leads); i++) {
		if (first < leads[i].first || first > leads[i].last)
			continue;
		input->more = leads[i].more;
		input->least = leads[i].least;
		input->code = first & (0x3f >> leads[i].more);
	}
}

/* Takes one byte of UTF-8 in; whether that makes input->code whole. A byte from 0x80 to 0x9f that belongs to no character
 * is a C1 control; other such bytes, and characters that are cut, are nothing. */
static bool decode(struct input *input, unsigned char byte)
{
	if (input->more && (byte & 0xc0) == 0x80) {
		input->code = input->code << 6 | (byte & 0x3f);
		bool surrogate = input->code >= 0xd800 && input->code <= 0xdfff;
		bool sound =
			input->code >= input->least && input->code <= INPUT_CODE_MAX && !surrogate;
		return --input->more == 0 && sound;
	}
	input->more = 0;
	input->code = byte;
	if (byte < 0xa0)
		return true;
	begin_character(input, byte);
	return false;
}

/* The next whole code into input->code; false: the bytes are at their end. */
static bool read_code(struct input *input, nsec now)
{
	bool whole = false;
	while (!whole && input->at < input->n) {
		unsigned char byte = (unsigned char)input->bytes[input->at++];
		input->since = now;
		whole = input->state == MOUSE || decode(input, byte);
		if (input->state == MOUSE)
			input->code = byte;
	}
	return whole;
}

void input_add(struct input *input, const char *bytes, size_t n)
{
	input->n = MIN(n, sizeof(input->bytes));
	input->at = 0;
	memcpy(input->bytes, bytes, input->n);
}

bool input_next(struct input *input, nsec now, struct input_event *ret)
{
	*ret = (struct input_event) { .kind = INPUT_NOTHING };
	while (ret->kind == INPUT_NOTHING && (input->again || read_code(input, now))) {
		input->again = false;
		take_code(input, now, ret);
	}
	return ret->kind != INPUT_NOTHING;
}

nsec input_wait(const struct input *input, nsec now)
{
	if (input->state == GROUND && !input->more)
		return -1;
	nsec wait = waits[input->state];
	if (input->state == ESCAPE)
		wait = input->escape_wait;
	else if (input->state == LATE && may_be_slow(input))
		wait = LATE_SLOW_WAIT;
	return MAX(input->since + wait - now, 0);
}

bool input_expire(struct input *input, nsec now, struct input_event *ret)
{
	*ret = (struct input_event) { .kind = INPUT_NOTHING };
	if (input_wait(input, now) != 0)
		return false;
	if (input->state == ESCAPE) {
		event_key(ret, KEYCODE_ESCAPE);
		input->late_until = now + LATE_WINDOW;
	} else if (input->state == LATE) {
		event_character(ret, input->late_code);
	}
	input->state = GROUND;
	input->more = 0;
	return ret->kind != INPUT_NOTHING;
}
