/* SPDX-License-Identifier: MIT
 * Says what a whole sequence of a terminal means: which key, which click, which colour, or nothing of ours. Pure.
 */

#include "command.h"
#include "internal.h"

enum { MODIFIER_SHIFT = 1, MODIFIER_CONTROL = 4, MODIFIER_LOCKS = 64 | 128 };
enum { RELEASED = 3 }; /* the third kind of key event, after pressed and repeated */

/* The last byte of a CSI or SS3 sequence, and the number before its '~'. */
static const struct {
	char final;
	int number;
	int key;
} sequences[] = {
	{ 'A', 0, KEYCODE_UP },
	{ 'B', 0, KEYCODE_DOWN },
	{ 'C', 0, KEYCODE_RIGHT },
	{ 'D', 0, KEYCODE_LEFT },
	{ 'H', 0, KEYCODE_HOME },
	{ 'F', 0, KEYCODE_END },
	{ 'P', 0, KEYCODE_F1 },
	{ 'Z', 0, KEYCODE_BACKTAB },
	{ '~', 1, KEYCODE_HOME },
	{ '~', 7, KEYCODE_HOME },
	{ '~', 4, KEYCODE_END },
	{ '~', 8, KEYCODE_END },
	{ '~', 5, KEYCODE_PAGE_UP },
	{ '~', 6, KEYCODE_PAGE_DOWN },
	{ '~', 11, KEYCODE_F1 },
	{ '~', 15, KEYCODE_F5 },
	{ '~', 21, KEYCODE_F10 },
};

/* Keys by number, as the kitty protocol gives them; the keypad's characters stand in a row of their own. */
static const struct {
	int number;
	int key;
} numbered[] = {
	{ KEYCODE_TAB, KEYCODE_TAB },
	{ KEYCODE_ENTER, KEYCODE_ENTER },
	{ KEYCODE_ESCAPE, KEYCODE_ESCAPE },
	{ KEYCODE_BACKSPACE, KEYCODE_BACKSPACE },
	{ '\b', KEYCODE_BACKSPACE },
	{ 57414, KEYCODE_ENTER },
	{ 57417, KEYCODE_LEFT },
	{ 57418, KEYCODE_RIGHT },
	{ 57419, KEYCODE_UP },
	{ 57420, KEYCODE_DOWN },
	{ 57421, KEYCODE_PAGE_UP },
	{ 57422, KEYCODE_PAGE_DOWN },
	{ 57423, KEYCODE_HOME },
	{ 57424, KEYCODE_END },
};
static const char keypad[] = "0123456789./*-+";
enum { KEYPAD_FIRST = 57399 };

/* Numbers of no character: controls, halves of a pair, what is for private use, and beyond Unicode our own codes. */
static const struct {
	int first, last;
} no_keys[] = { { 0, 0x1f }, { 0x7f, 0x9f }, { 0xd800, 0xf8ff }, { INPUT_CODE_MAX + 1, INT_MAX } };

static int sequence_key(int final, int number)
{
	for (size_t i = 0; i < ARRAY_LEN(sequences); i++)
		if (sequences[i].final == final && (final != '~' || sequences[i].number == number))
			return sequences[i].key;
	return KEYCODE_NONE;
}

static int numbered_key(int number)
{
	for (size_t i = 0; i < ARRAY_LEN(numbered); i++)
		if (numbered[i].number == number)
			return numbered[i].key;
	if (number >= KEYPAD_FIRST && number < KEYPAD_FIRST + (int)strlen(keypad))
		return keypad[number - KEYPAD_FIRST];
	for (size_t i = 0; i < ARRAY_LEN(no_keys); i++)
		if (number >= no_keys[i].first && number <= no_keys[i].last)
			return KEYCODE_NONE;
	return number;
}

/* A key that is told by its number: what the number is with Shift or Control held; one with another modifier is none of
 * ours. */
static int modified_key(int number, int shifted, int modifiers)
{
	int key = numbered_key(number);
	modifiers &= ~MODIFIER_LOCKS;
	if (modifiers & ~(MODIFIER_SHIFT | MODIFIER_CONTROL))
		return KEYCODE_NONE;
	if (modifiers & MODIFIER_CONTROL)
		return key >= 'a' && key <= 'z' ? key - 'a' + 1 : KEYCODE_NONE;
	if (!(modifiers & MODIFIER_SHIFT))
		return key;
	if (key == KEYCODE_TAB)
		return KEYCODE_BACKTAB;
	if (shifted > 0)
		return numbered_key(shifted);
	return key >= 'a' && key <= 'z' ? key - 'a' + 'A' : key;
}

void event_key(struct input_event *event, int key)
{
	if (key != KEYCODE_NONE)
		*event = (struct input_event) { .kind = INPUT_KEY, .key = key };
}

void event_character(struct input_event *event, int code)
{
	static const int same[][2] = { { '\n', KEYCODE_ENTER }, { '\b', KEYCODE_BACKSPACE } };
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		if (same[i][0] == code)
			code = same[i][1];
	event_key(event, code);
}

/* A move or a release is nothing. */
void event_mouse(struct input_event *event, int button, int col, int row)
{
	enum { MODIFIERS = 4 | 8 | 16 };
	static const struct {
		int button, key;
	} buttons[] = { { 0, KEYCODE_MOUSE }, { 64, KEYCODE_UP }, { 65, KEYCODE_DOWN } };
	for (size_t i = 0; i < ARRAY_LEN(buttons); i++)
		if (buttons[i].button == (button & ~MODIFIERS) && col > 0 && row > 0)
			*event = (struct input_event) { .kind = INPUT_MOUSE,
				.key = buttons[i].key,
				.col = col - 1,
				.row = row - 1 };
}

/* One hexadecimal part of a colour as eight bits; -1: it is none. */
static int colour_part(const char **text)
{
	int value = 0, digits = 0;
	for (; digits < 4; digits++, (*text)++) {
		static const char hex[] = "0123456789abcdef0123456789ABCDEF";
		const char *at = **text ? strchr(hex, **text) : NULL;
		if (!at)
			break;
		value = value << 4 | (int)((at - hex) & 0xf);
	}
	return digits ? value * 255 / ((1 << 4 * digits) - 1) : -1;
}

void event_string(struct input_event *event, const char *text)
{
	static const struct {
		const char *start;
		enum input_kind kind;
	} answers[] = { { "10;rgb:", INPUT_FOREGROUND }, { "11;rgb:", INPUT_BACKGROUND } };
	enum { LEN = 7 };
	uint32_t rgb = 0;
	size_t i = 0;
	while (i < ARRAY_LEN(answers) && strncmp(text, answers[i].start, LEN) != 0)
		i++;
	if (i == ARRAY_LEN(answers))
		return;
	text += LEN;
	for (const char *end = "//";; end++, text++) {
		int part = colour_part(&text);
		if (part < 0 || *text != *end)
			return;
		rgb = rgb << 8 | (uint32_t)part;
		if (!*end)
			break;
	}
	*event = (struct input_event) { .kind = answers[i].kind, .rgb = rgb };
}

/* key, or number : with Shift; modifiers : kind of event. */
void event_control(struct input_event *event, const struct input_control *control, int final)
{
	int number = control->number[0][0], modifiers = MAX(control->number[1][0] - 1, 0);
	if (control->number[1][1] == RELEASED)
		return;
	if (final == 'u')
		event_key(event, modified_key(number, control->number[0][1], modifiers));
	else if (final == '~' && number == 27) /* xterm's modifyOtherKeys */
		event_key(event, modified_key(control->number[2][0], 0, modifiers));
	else
		event_key(event, sequence_key(final, number));
}

void event_shift(struct input_event *event, int final)
{
	if (final == 'M')
		event_key(event, KEYCODE_ENTER);
	else if (final >= 'j' && final <= 'y')
		event_key(event, final - 0x40);
	else
		event_key(event, sequence_key(final, 0));
}
