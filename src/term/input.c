/* SPDX-License-Identifier: MIT
 * Knows what terminals send for a key: UTF-8, CSI and SS3 sequences, SGR mouse reports. Pure.
 */
#include <string.h>

#include "command.h"
#include "internal.h"

#define ESC '\033'

/* The last byte of a CSI or SS3 sequence, or the number before its '~'. */
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
	{ 'M', 0, KEYCODE_ENTER },
	{ '~', 1, KEYCODE_HOME },
	{ '~', 7, KEYCODE_HOME },
	{ '~', 4, KEYCODE_END },
	{ '~', 8, KEYCODE_END },
	{ '~', 5, KEYCODE_PAGE_UP },
	{ '~', 6, KEYCODE_PAGE_DOWN },
	{ '~', 11, KEYCODE_F1 },
};

size_t input_room(const struct input *input)
{
	return sizeof(input->bytes) - input->n;
}

static void drop(struct input *input, size_t n)
{
	input->n -= n;
	memmove(input->bytes, input->bytes + n, input->n);
}

static int sequence_key(char final, int number)
{
	for (size_t i = 0; i < ARRAY_LEN(sequences); i++)
		if (sequences[i].final == final && (final != '~' || sequences[i].number == number))
			return sequences[i].key;
	return KEYCODE_NONE;
}

/* The parameters of an SGR mouse report: button;column;row, from 1. */
static int mouse_key(struct input *input, const int *numbers, char final)
{
	enum { WHEEL_UP = 64, WHEEL_DOWN = 65, BUTTON_1 = 0 };
	if (final != 'M')
		return KEYCODE_NONE;
	if (numbers[0] == WHEEL_UP)
		return KEYCODE_UP;
	if (numbers[0] == WHEEL_DOWN)
		return KEYCODE_DOWN;
	if (numbers[0] != BUTTON_1)
		return KEYCODE_NONE;
	input->mouse_col = MAX(numbers[1] - 1, 0);
	input->mouse_row = MAX(numbers[2] - 1, 0);
	return KEYCODE_MOUSE;
}

/* Parses the CSI sequence that starts the input. Sets its length, 0 while it is incomplete. */
static int csi_key(struct input *input, size_t *ret_len)
{
	int numbers[3] = { 0 };
	size_t field = 0, i = 2;
	bool mouse = input->n > 2 && input->bytes[2] == '<';
	*ret_len = 0;
	if (input->n > 2 && input->bytes[2] == '[') { /* the Linux console: ESC [ [ A is F1 */
		*ret_len = input->n > 3 ? 4 : 0;
		return *ret_len && input->bytes[3] == 'A' ? KEYCODE_F1 : KEYCODE_NONE;
	}
	for (; i < input->n; i++) {
		char c = input->bytes[i];
		if (c >= '0' && c <= '9') {
			if (field < 3 && numbers[field] < 100000)
				numbers[field] = numbers[field] * 10 + (c - '0');
		} else if (c == ';') {
			field++;
		} else if (c >= 0x40 && c <= 0x7e) {
			*ret_len = i + 1;
			return mouse ? mouse_key(input, numbers, c) : sequence_key(c, numbers[0]);
		} else if ((unsigned char)c < 0x20 || (unsigned char)c > 0x7e) {
			break;
		}
	}
	if (i < input->n)
		*ret_len = i; /* torn by a foreign byte, which stands for itself */
	return KEYCODE_NONE;
}

/* An escape and what follows. ESC alone, or before a byte that starts no sequence, is the key. */
static int escape_key(struct input *input, bool final, size_t *ret_len)
{
	char next = input->n > 1 ? input->bytes[1] : 0;
	*ret_len = 0;
	if (next == '[') {
		int key = csi_key(input, ret_len);
		if (*ret_len || !final)
			return key;
	} else if (next == 'O') {
		if (input->n > 2) {
			*ret_len = 3;
			return sequence_key(input->bytes[2], 0);
		}
		if (!final)
			return KEYCODE_NONE;
	} else if (input->n == 1 && !final) {
		return KEYCODE_NONE;
	}
	*ret_len = 1;
	return KEYCODE_ESCAPE;
}

/* A character beyond ASCII; an invalid byte is dropped. */
static int utf8_key(const struct input *input, bool final, size_t *ret_len)
{
	unsigned char first = (unsigned char)input->bytes[0];
	size_t len = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
	int code = first & (0x7f >> len);
	*ret_len = 1;
	if (len == 0 || first >= 0xf5)
		return KEYCODE_NONE;
	for (size_t i = 1; i < len; i++) {
		if (i >= input->n) {
			*ret_len = final ? 1 : 0;
			return KEYCODE_NONE;
		}
		if ((input->bytes[i] & 0xc0) != 0x80)
			return KEYCODE_NONE;
		code = code << 6 | (input->bytes[i] & 0x3f);
	}
	*ret_len = len;
	return code <= 0x10ffff ? code : KEYCODE_NONE;
}

static int first_key(struct input *input, bool final, size_t *ret_len)
{
	unsigned char c = (unsigned char)input->bytes[0];
	*ret_len = 1;
	if (c == ESC)
		return escape_key(input, final, ret_len);
	if (c >= 0x80)
		return utf8_key(input, final, ret_len);
	if (c == '\n')
		return KEYCODE_ENTER;
	return c == '\b' ? KEYCODE_BACKSPACE : c;
}

int input_next(struct input *input, bool final)
{
	while (input->n > 0) {
		size_t len;
		int key = first_key(input, final || input->n == sizeof(input->bytes), &len);
		drop(input, len);
		if (key != KEYCODE_NONE || len == 0)
			return key;
	}
	return KEYCODE_NONE;
}
