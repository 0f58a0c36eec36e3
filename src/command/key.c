/* SPDX-License-Identifier: MIT
 * Names of keys, as help, key scripts and documents write them.
 */
#include <strings.h>

#include "command.h"

/* The first name of a key is the one that is shown. */
static const struct key_word {
	int key;
	const char *name;
} key_words[] = {
	{ KEYCODE_TAB, "Tab" },
	{ KEYCODE_BACKTAB, "S-Tab" },
	{ KEYCODE_ENTER, "Enter" },
	{ KEYCODE_ESCAPE, "Esc" },
	{ KEYCODE_SPACE, "Space" },
	{ KEYCODE_BACKSPACE, "Backspace" },
	{ KEYCODE_UP, "Up" },
	{ KEYCODE_DOWN, "Down" },
	{ KEYCODE_LEFT, "Left" },
	{ KEYCODE_RIGHT, "Right" },
	{ KEYCODE_PAGE_UP, "PgUp" },
	{ KEYCODE_PAGE_DOWN, "PgDn" },
	{ KEYCODE_HOME, "Home" },
	{ KEYCODE_END, "End" },
	{ KEYCODE_F1, "F1" },
	{ KEYCODE_F5, "F5" },
	{ KEYCODE_F10, "F10" },
};

static size_t utf8_put(int code, char *out)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

const char *key_name(int key, char *out, size_t size)
{
	char text[5] = "";

	for (size_t i = 0; i < ARRAY_LEN(key_words); i++) {
		if (key_words[i].key == key) {
			snprintf(out, size, "%s", key_words[i].name);
			return out;
		}
	}
	if (key > 0 && key <= 26)
		snprintf(out, size, "C-%c", key + 'a' - 1);
	else if (key > 32 && key < 0x110000) {
		/* A typed character is foreign text too: a control or a lone surrogate is shown as U+FFFD, and a line
		 * separator would be a blank. */
		text[utf8_put(key, text)] = 0;
		safe_text(out, size, text, strlen(text));
		if (out[0] == ' ')
			out[0] = '\0';
	} else
		snprintf(out, size, "%s", "");
	return out;
}

/* One whole character; KEYCODE_NONE for anything else. */
static int key_of_character(const char *name, size_t len)
{
	size_t bytes;
	int32_t code;

	if (len == 1)
		return name[0] > 32 && name[0] < 127 ? name[0] : KEYCODE_NONE;
	if (text_char_width(name, len, &bytes) < 1 || text_decode(name, len, &code) != len)
		return KEYCODE_NONE;
	return code;
}

int key_find(const char *name, size_t len)
{
	if (len == 0)
		return KEYCODE_NONE;
	for (size_t i = 0; i < ARRAY_LEN(key_words); i++)
		if (strlen(key_words[i].name) == len &&
			strncasecmp(key_words[i].name, name, len) == 0)
			return key_words[i].key;
	if (len == 3 && (name[0] == 'C' || name[0] == 'c') && name[1] == '-' && name[2] >= 'a' &&
		name[2] <= 'z')
		return name[2] - 'a' + 1;
	return key_of_character(name, len);
}
