/* SPDX-License-Identifier: MIT
 * safe_text on any bytes: the result is short enough, whole, printable, and stays as it is when it
 * passes again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "fuzz.h"

/* No control, no stray byte, no mark without a character to stand on, no character of more than
 * two marks. */
static void check_characters(const char *text, size_t len)
{
	size_t bytes;
	int marks = -1;

	for (; len; text += bytes, len -= bytes) {
		int width = text_char_width(text, len, &bytes);

		fuzz_check(bytes > 1 || ((uint8_t)text[0] >= ' ' && (uint8_t)text[0] < 0x7F));
		fuzz_check(bytes != 2 || (uint8_t)text[0] != 0xC2 || (uint8_t)text[1] >= 0xA0);
		marks = width ? 0 : marks + 1;
		fuzz_check(width || (marks > 0 && marks <= 2));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t room, used;
	char *out, *again;

	if (!size)
		return 0;
	room = data[0];
	out = malloc(room + 1); /* of the exact size, so that a byte too much is seen */
	again = malloc(room + 1);
	if (!out || !again)
		abort();
	used = safe_text(out, room + 1, (const char *)data + 1, size - 1);
	fuzz_check(used <= room && strlen(out) == used);
	check_characters(out, used);
	fuzz_check(text_width(out) >= 0);
	fuzz_check(safe_text(again, room + 1, out, used) == used && !memcmp(out, again, used));
	free(out);
	free(again);
	return 0;
}
