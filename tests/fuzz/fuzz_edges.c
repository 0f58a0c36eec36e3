/* SPDX-License-Identifier: MIT
 * The words around a futex, /proc/locks and numbers of status, on any bytes: who is named has a TID that there can be, and a
 * cut text names nobody else than the whole.
 */
#include <linux/futex.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/source/edges.h"
#include "fuzz.h"

static void check_words(const uint8_t *data, size_t size)
{
	struct edge_words words = { 0 };
	struct syscall_fields call = { 0 };

	memcpy(&words, data, MIN(size, sizeof(words)));
	words.n = (int)((unsigned)words.n % (EDGE_WORDS + 1));
	words.thread_block = size % 2;
	for (uint64_t operation = 0; operation < 16; operation++) {
		call.argument[1] = operation | (size & 4 ? FUTEX_PRIVATE_FLAG : 0);
		call.argument[2] = words.at[0];
		const struct edge_guess guess = edge_guess_futex(&call, &words);

		fuzz_check(guess.tid >= 0 && guess.tid <= FUTEX_TID_MASK);
		fuzz_check((guess.tid > 0) == (guess.why == EDGE_NAMED));
		fuzz_check(!guess.tid || words.n > 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text =
		calloc(1, size + !size); /* of the exact size, so that a byte too far is seen */
	bool of_file = false;
	int n = 0;

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	check_words(data, size);
	const int32_t whole = edge_find_locker(text, size, 72, 900, &of_file),
		      half = edge_find_locker(text, size / 2, 72, 900, &of_file);

	fuzz_check(whole >= 0 && (!half || half == whole));
	fuzz_check(edge_number(text, size, "NSpid", &n) >= UNKNOWN && n >= 0);
	free(text);
	return 0;
}
