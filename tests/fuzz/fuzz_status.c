/* SPDX-License-Identifier: MIT
 * status, on any bytes: a value is unknown or a number that stands there, and a cut text never gives another number than
 * the whole.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "source.h"

#define FIELDS (sizeof(struct status_fields) / sizeof(int64_t))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	union {
		struct status_fields status;
		int64_t value[FIELDS];
	} whole, half;
	char *text =
		calloc(1, size + !size); /* of the exact size, so that a byte too far is seen */
	bool any = false;
	size_t lines = 0, end = 0;

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	for (size_t i = 0; i < FIELDS; i++)
		whole.value[i] = half.value[i] = UNKNOWN;
	int error = parse_status(text, size, &whole.status);
	for (size_t i = 0; i < FIELDS; i++) {
		fuzz_check(whole.value[i] >= UNKNOWN);
		any |= whole.value[i] != UNKNOWN;
	}
	fuzz_check(!error || !any);
	/* An unfinished last line counts for nothing. */
	for (size_t i = 0; i < size; i++)
		if (text[i] == '\n') {
			lines++;
			end = i + 1;
		}
	fuzz_check(error ? true : lines > 0);
	parse_status(text, end, &half.status);
	fuzz_check(memcmp(&whole, &half, sizeof(whole)) == 0);
	free(text);
	return 0;
}
