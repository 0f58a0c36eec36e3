/* SPDX-License-Identifier: MIT
 * Text: what is valid UTF-8, which characters may reach a terminal or a file, and how many cells
 * each one takes. Its Unicode is its own (unicode_ranges.h): the same bytes give the same result in
 * every locale and on every libc.
 */
#include <string.h>

#include "base.h"

enum char_class {
	NARROW, /* all that is in no range */
	WIDE, /* two cells */
	COMBINING, /* none: drawn onto the character before */
	SELECTOR, /* of variants: left out, for some terminals change the width by them */
	UNSAFE, /* controls, format characters, line separators, what is not assigned */
};

struct char_range {
	uint32_t first : 24, class : 8;
	uint32_t last;
};

static const struct char_range ranges[] = {
#define R(first, last, class) { (first), (class), (last) },
#include "unicode_ranges.h"
#undef R
};

/* More marks than this on one character are a way to draw over the neighbours, not a way to
 * write. */
#define COMBINING_MAX 2

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

static enum char_class char_class(uint32_t code)
{
	size_t low = 0, high = ARRAY_LEN(ranges);

	if (code >= 0x20 && code < 0x7F)
		return NARROW;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (code > ranges[middle].last)
			low = middle + 1;
		else if (code < ranges[middle].first)
			high = middle;
		else
			return ranges[middle].class;
	}
	return NARROW;
}

/* Decodes one character of at most len bytes (len > 0): its length, or 0 if it is no valid UTF-8
 * (cut, overlong, a surrogate, beyond U+10FFFF, a stray byte). */
static size_t utf8_decode(const char *text, size_t len, uint32_t *ret_code)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t first = (uint8_t)text[0];
	size_t bytes = first < 0x80   ? 1
		       : first < 0xC0 ? 0
		       : first < 0xE0 ? 2
		       : first < 0xF0 ? 3
		       : first < 0xF8 ? 4
				      : 0;
	uint32_t code = bytes == 1 ? first : first & (0x7Fu >> bytes);

	if (!bytes || bytes > len)
		return 0;
	for (size_t i = 1; i < bytes; i++) {
		uint8_t next = (uint8_t)text[i];

		if ((next & 0xC0) != 0x80)
			return 0;
		code = code << 6 | (next & 0x3F);
	}
	if (code < smallest[bytes] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
		return 0;
	*ret_code = code;
	return bytes;
}

/* What goes to the output for one piece of the input. */
struct piece {
	const char *out;
	size_t out_bytes, in_bytes;
	bool combining;
};

static bool is_blank_control(uint32_t code)
{
	/* NUL separates the words of a cmdline */
	return code == '\0' || code == '\t' || code == '\n' || code == '\r' || code == 0x2028 ||
	       code == 0x2029;
}

/* The next piece of text; marks is how many combining characters the one before already carries,
 * -1: there is none. */
static struct piece safe_piece(const char *text, size_t len, int marks)
{
	struct piece piece = { REPLACEMENT, strlen(REPLACEMENT), 1, false };
	uint32_t code;
	size_t bytes = utf8_decode(text, len, &code);

	if (!bytes)
		return piece; /* one byte, one U+FFFD: what follows may be good again */
	piece.in_bytes = bytes;
	if (is_blank_control(code)) {
		piece.out = " ";
		piece.out_bytes = 1;
		return piece;
	}
	switch (char_class(code)) {
	case UNSAFE:
		return piece;
	case SELECTOR:
		piece.out_bytes = 0;
		return piece;
	case COMBINING:
		if (marks < 0)
			return piece; /* it would be drawn onto a frame or another column */
		piece.combining = true;
		piece.out_bytes = marks < COMBINING_MAX ? bytes : 0;
		piece.out = text;
		return piece;
	default:
		piece.out = text;
		piece.out_bytes = bytes;
		return piece;
	}
}

size_t safe_text(char *out, size_t size, const char *text, size_t len)
{
	size_t used = 0;
	int marks = -1;

	if (!size)
		return 0;
	while (len) {
		struct piece piece = safe_piece(text, len, marks);

		if (piece.out_bytes > size - 1 - used)
			break;
		memcpy(out + used, piece.out, piece.out_bytes);
		used += piece.out_bytes;
		text += piece.in_bytes;
		len -= piece.in_bytes;
		if (piece.out_bytes)
			marks = piece.combining ? marks + 1 : 0;
	}
	out[used] = '\0';
	return used;
}

int text_char_width(const char *text, size_t len, size_t *ret_bytes)
{
	static const int widths[] = {
		[NARROW] = 1, [WIDE] = 2, [COMBINING] = 0, [SELECTOR] = 0, [UNSAFE] = 1
	};
	uint32_t code;
	size_t bytes;

	*ret_bytes = 0;
	if (!len)
		return 0;
	bytes = utf8_decode(text, len, &code);
	if (!bytes) {
		*ret_bytes = 1;
		return 1;
	}
	*ret_bytes = bytes;
	return widths[char_class(code)];
}

int text_width(const char *text)
{
	size_t len = strlen(text), bytes;
	int width = 0;

	for (; len; text += bytes, len -= bytes)
		width += text_char_width(text, len, &bytes);
	return width;
}
