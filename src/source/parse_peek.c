/* SPDX-License-Identifier: MIT
 * Knows alone how the kernel writes syscall, fdinfo, the masks of status, and the entries of pagemap. Pure, as parse.c is:
 * a cut text gives less, never something else.
 */
#include <errno.h>
#include <string.h>

#include "source.h"

/* One number in the given base within [at, end), which must be followed by a blank or newline that is there too. NULL: there
 * is none; else where it ends. Digits beyond 64 bits make it none. */
static const char *take(const char *at, const char *end, unsigned base, uint64_t *ret)
{
	const char *first;
	uint64_t value = 0;

	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (base == 16 && end - at > 2 && at[0] == '0' && at[1] == 'x')
		at += 2;
	for (first = at; at < end; at++) {
		unsigned digit = *at >= '0' && *at <= '9'   ? (unsigned)(*at - '0')
				 : *at >= 'a' && *at <= 'f' ? (unsigned)(*at - 'a' + 10)
							    : base;
		if (digit >= base)
			break;
		if (__builtin_mul_overflow(value, base, &value) ||
			__builtin_add_overflow(value, digit, &value))
			return NULL;
	}
	if (at == first || at == end || !strchr(" \t\r\n", *at))
		return NULL;
	*ret = value;
	return at;
}

int parse_syscall(const char *text, size_t len, struct syscall_fields *ret)
{
	static const char running[] = "running\n";
	const char *end = text + len, *at = text;
	uint64_t value[9];
	bool outside = len > 2 && text[0] == '-' && text[1] == '1' && text[2] == ' ';
	int n = 0;

	if (len >= sizeof(running) - 1 && memcmp(text, running, sizeof(running) - 1) == 0) {
		*ret = (struct syscall_fields) { .running = true, .number = -1 };
		return 0;
	}
	if (outside)
		at += 2;
	else
		at = take(at, end, 10, &value[n++]);
	while (at && at < end && *at != '\n' && n < 9)
		at = take(at, end, 16, &value[n++]);
	/* "NUMBER ARG1..ARG6 SP PC", or outside of a call "-1 SP PC" */
	if (!at || at == end || *at != '\n' || n != (outside ? 2 : 9) ||
		(!outside && value[0] > INT16_MAX))
		return -EINVAL;
	*ret = (struct syscall_fields) {
		.number = outside ? -1 : (int16_t)value[0], .sp = value[n - 2], .pc = value[n - 1]
	};
	return 0;
}

/* The rest of the line that starts with that key and a colon; NULL. Only whole lines count. */
static const char *find_line(const char *text, size_t len, const char *key, const char **ret_end)
{
	const char *end = text + len;
	size_t key_len = strlen(key);

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		if (!newline)
			return NULL;
		if ((size_t)(newline - text) > key_len && text[key_len] == ':' &&
			memcmp(text, key, key_len) == 0) {
			*ret_end = newline + 1;
			return text + key_len + 1;
		}
		text = newline + 1;
	}
	return NULL;
}

static bool find_number(
	const char *text, size_t len, const char *key, unsigned base, uint64_t max, uint64_t *ret)
{
	const char *end, *at = find_line(text, len, key, &end);
	uint64_t value;

	if (!at || !take(at, end, base, &value) || value > max)
		return false;
	*ret = value;
	return true;
}

int parse_fdinfo(const char *text, size_t len, int64_t *ret_position, int32_t *ret_flags)
{
	uint64_t position, flags;

	if (!find_number(text, len, "pos", 10, INT64_MAX, &position) ||
		!find_number(text, len, "flags", 8, INT32_MAX, &flags))
		return -EINVAL;
	*ret_position = (int64_t)position;
	*ret_flags = (int32_t)flags;
	return 0;
}

int parse_fs(const char *text, size_t len, int32_t *ret_umask, int32_t *ret_fd_size)
{
	uint64_t value;
	bool any = false;

	if (find_number(text, len, "Umask", 8, 07777, &value)) {
		*ret_umask = (int32_t)value;
		any = true;
	}
	/* 0 is of a task that has ended: it has no table. One that there is has some slots. */
	if (find_number(text, len, "FDSize", 10, INT32_MAX, &value) && value > 0) {
		*ret_fd_size = (int32_t)value;
		any = true;
	}
	return any ? 0 : -EINVAL;
}

/* glibc keeps two signals for itself (SIGCANCEL, SIGSETXID): they are no business of the program that is looked at. */
#define SIGNAL_BIT(number) (UINT64_C(1) << ((number)-1))
#define GLIBC_SIGNALS (SIGNAL_BIT(32) | SIGNAL_BIT(33))

int parse_signals(const char *text, size_t len, struct signal_sample *ret)
{
	uint64_t blocked, ignored, caught, pending, shared;

	if (!find_number(text, len, "SigBlk", 16, UINT64_MAX, &blocked) ||
		!find_number(text, len, "SigIgn", 16, UINT64_MAX, &ignored) ||
		!find_number(text, len, "SigCgt", 16, UINT64_MAX, &caught) ||
		!find_number(text, len, "SigPnd", 16, UINT64_MAX, &pending) ||
		!find_number(text, len, "ShdPnd", 16, UINT64_MAX, &shared))
		return -EINVAL;
	ret->blocked = blocked & ~GLIBC_SIGNALS;
	ret->ignored = ignored & ~GLIBC_SIGNALS;
	ret->caught = caught & ~GLIBC_SIGNALS;
	ret->pending = pending & ~GLIBC_SIGNALS;
	ret->shared_pending = shared & ~GLIBC_SIGNALS;
	ret->known = true;
	return 0;
}

/* --- pagemap --- */

#define ENTRY_PRESENT (UINT64_C(1) << 63)
#define ENTRY_SWAPPED (UINT64_C(1) << 62)
#define ENTRY_FILE (UINT64_C(1) << 61)
#define ENTRY_GUARD (UINT64_C(1) << 58)
#define ENTRY_EXCLUSIVE (UINT64_C(1) << 56)
#define ENTRY_FRAME ((UINT64_C(1) << 55) - 1)

enum page_state pagemap_state(uint64_t entry)
{
	if (entry & ENTRY_GUARD)
		return PAGE_GUARD;
	if (entry & ENTRY_PRESENT && entry & ENTRY_FILE)
		return PAGE_FILE;
	if (entry & ENTRY_PRESENT)
		return entry & ENTRY_EXCLUSIVE ? PAGE_OWN : PAGE_SHARED;
	return entry & ENTRY_SWAPPED ? PAGE_SWAPPED : PAGE_ABSENT;
}

int64_t pagemap_frame(uint64_t entry)
{
	/* Who may not know gets zeros; no page of a process has frame 0. */
	return entry & ENTRY_PRESENT && entry & ENTRY_FRAME ? (int64_t)(entry & ENTRY_FRAME)
							    : UNKNOWN;
}

bool pagemap_exclusive(uint64_t entry)
{
	return entry & ENTRY_EXCLUSIVE;
}
