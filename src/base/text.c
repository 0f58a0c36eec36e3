/* SPDX-License-Identifier: MIT
 * Text: what is valid UTF-8, which characters may reach a terminal or a file, and how many cells
 * each one takes. Unicode's tables are utf8proc's, so that the locale and the libc decide nothing.
 */
#include <utf8proc.h>

#include "base.h"

enum char_class {
	NARROW,
	WIDE, /* two cells */
	COMBINING, /* none: drawn onto the character before */
	SELECTOR, /* of variants: left out, for some terminals change the width by them */
	UNSAFE, /* controls, format characters, line separators, what is not assigned */
};

/* Where we differ from a character's category and width. */
static const struct exception {
	utf8proc_int32_t first, last;
	enum char_class class;
} exceptions[] = {
	/* Drawn as nothing, though no format characters by category (Default_Ignorable_Code_Point). */
	{ 0x034F, 0x034F, UNSAFE },
	{ 0x115F, 0x1160, UNSAFE },
	{ 0x1161, 0x11FF, COMBINING }, /* vowels and finals: they join the syllable before */
	{ 0x17B4, 0x17B5, UNSAFE },
	{ 0x180B, 0x180F, UNSAFE },
	/* Of another width in Unicode 16 than before: terminals disagree. */
	{ 0x2630, 0x2637, UNSAFE },
	{ 0x268A, 0x268F, UNSAFE },
	/* Ambiguous, but ncurses gives them two cells. */
	{ 0x3248, 0x324F, WIDE },
	{ 0x3164, 0x3164, UNSAFE },
	{ 0x4DC0, 0x4DFF, WIDE },
	{ 0xD7B0, 0xD7C6, COMBINING },
	{ 0xD7CB, 0xD7FB, COMBINING },
	{ 0xFE00, 0xFE0F, SELECTOR },
	{ 0xFFA0, 0xFFA0, UNSAFE },
	{ 0x1171E, 0x1171E, UNSAFE },
	{ 0x1D300, 0x1D356, UNSAFE },
	{ 0x1D360, 0x1D376, UNSAFE },
	{ 0xE0100, 0xE01EF, SELECTOR },
};

/* More marks than this on one character are a way to draw over the neighbours, not a way to
 * write. */
#define COMBINING_MAX 2

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

static enum char_class char_class(utf8proc_int32_t code)
{
	if (code >= 0x20 && code < 0x7F)
		return NARROW;
	for (size_t i = 0; i < ARRAY_LEN(exceptions); i++)
		if (code >= exceptions[i].first && code <= exceptions[i].last)
			return exceptions[i].class;
	switch (utf8proc_category(code)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return UNSAFE;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_ME:
		return COMBINING;
	default:
		return utf8proc_charwidth(code) == 2 ? WIDE : NARROW;
	}
}

size_t text_decode(const char *text, size_t len, int32_t *ret_code)
{
	utf8proc_ssize_t bytes = utf8proc_iterate(
		(const utf8proc_uint8_t *)text, (utf8proc_ssize_t)MIN(len, (size_t)4), ret_code);

	return bytes > 0 ? (size_t)bytes : 0;
}

/* What goes to the output for one piece of the input. */
struct piece {
	const char *out;
	size_t out_bytes, in_bytes;
	bool combining;
};

static bool is_blank_control(utf8proc_int32_t code)
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
	utf8proc_int32_t code;
	size_t bytes = text_decode(text, len, &code);

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
	utf8proc_int32_t code;

	*ret_bytes = 0;
	if (!len)
		return 0;
	if (*text >= ' ' && *text < 0x7F) { /* what most text is */
		*ret_bytes = 1;
		return 1;
	}
	size_t bytes = text_decode(text, len, &code);
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

size_t text_wrap(const char *text, int cols)
{
	size_t at = 0, blank = 0, bytes, len = strlen(text);
	int used = 0;

	while (at < len) {
		int width = text_char_width(text + at, len - at, &bytes);

		if (used + width > cols)
			return blank ? blank : MAX(at, 1);
		used += width;
		at += MAX(bytes, 1);
		if (text[at - 1] == ' ')
			blank = at;
	}
	return len;
}

void text_addf(char *text, size_t size, const char *format, ...)
{
	const size_t len = strnlen(text, size);
	va_list args;

	va_start(args, format);
	vsnprintf(text + len, size - len, format, args);
	va_end(args);
}
