/* SPDX-License-Identifier: MIT
 * The parsers of evidence on any bytes: what they take they take whole, and a text that is cut gives less, never something
 * else.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "source.h"

static void check_syscall(const char *text, size_t size)
{
	struct syscall_fields call = { .number = 12345 }, again = { .number = 12345 };
	int error = parse_syscall(text, size, &call);

	fuzz_check(error == 0 || call.number == 12345);
	fuzz_check(error != 0 || call.number >= -1);
	fuzz_check(error != 0 || !call.running || (call.number == -1 && !call.sp && !call.pc));
	if (error)
		return;
	/* Without its newline it is torn. */
	const char *newline = memchr(text, '\n', size);
	fuzz_check(newline != NULL);
	fuzz_check(parse_syscall(text, (size_t)(newline - text), &again) != 0);
	fuzz_check(parse_syscall(text, (size_t)(newline - text) + 1, &again) == 0);
	fuzz_check(again.sp == call.sp && again.pc == call.pc && again.number == call.number);
}

static void check_status(const char *text, size_t size)
{
	struct signal_sample masks = { .known = false };
	int32_t umask_bits = -1, fd_size = -1, flags = -1;
	int64_t position = UNKNOWN;
	int error = parse_signals(text, size, &masks);

	fuzz_check((error == 0) == masks.known);
	fuzz_check(((masks.blocked | masks.caught | masks.pending) >> 31 & 3) == 0);
	error = parse_fs(text, size, &umask_bits, &fd_size);
	fuzz_check((error != 0) == (umask_bits == -1 && fd_size == -1));
	fuzz_check(umask_bits <= 07777 && umask_bits >= -1 && fd_size >= -1);
	error = parse_fdinfo(text, size, &position, &flags);
	fuzz_check((error == 0) == (position >= 0 && flags >= 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Of the exact size, so that a byte too far is seen. */
	char *text = calloc(1, size + !size);
	uint64_t entry = 0;

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	check_syscall(text, size);
	check_status(text, size);
	memcpy(&entry, text, size < sizeof(entry) ? size : sizeof(entry));
	fuzz_check(pagemap_state(entry) < PAGE_STATES);
	fuzz_check(pagemap_frame(entry) >= UNKNOWN);
	free(text);
	return 0;
}
