/* SPDX-License-Identifier: MIT
 * Page states and frame numbers as runs of equal or consecutive ones, in text, both ways: 64 MB of pages are a few runs.
 * "a128o3" is 128 absent pages and three of its own; "1a2b+3,77,.5" is three ascending frames, one, and five pages without.
 */
#include "internal.h"

static const char state_letter[PAGE_STATES] = {
	[PAGE_ABSENT] = 'a',
	[PAGE_OWN] = 'o',
	[PAGE_SHARED] = 's',
	[PAGE_SWAPPED] = 'w',
	[PAGE_GUARD] = 'g',
	[PAGE_FILE] = 'f',
};

void runs_put_states(struct buf *out, const uint8_t *states, size_t n)
{
	size_t run;

	buf_adds(out, "\"");
	for (size_t i = 0; i < n; i += run) {
		for (run = 1; i + run < n && states[i + run] == states[i];)
			run++;
		buf_add(out, &state_letter[MIN(states[i], PAGE_STATES - 1)], 1);
		json_put_digits(out, (int64_t)run);
	}
	buf_adds(out, "\"");
}

/* Not a digit of any base that is used here: 99. */
static unsigned digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 99;
}

/* Digits of that base, at least one and no more than fit; false: there are none. */
static bool take_number(
	const char **at, const char *end, unsigned base, uint64_t max, uint64_t *ret)
{
	uint64_t value = 0;
	const char *start = *at;

	for (; *at < end; ++*at) {
		const unsigned digit = digit_of(**at);

		if (digit >= base)
			break;
		value = value * base + digit;
		if (value > max)
			return false;
	}
	*ret = value;
	return *at > start;
}

int runs_get_states(const char *text, size_t len, uint8_t *states, size_t n)
{
	const char *at = text, *end = text + len;
	uint64_t run;
	size_t i = 0;

	while (at < end) {
		const char *letter = memchr(state_letter, *at, PAGE_STATES);

		at++;
		if (!letter || !take_number(&at, end, 10, n - i, &run) || run == 0)
			return -EINVAL;
		memset(states + i, (int)(letter - state_letter), run);
		i += run;
	}
	return i == n ? 0 : -EINVAL;
}

/* How many frames from here on ascend by one (or, without a page, are all unknown). */
static size_t run_of(const int64_t *frames, size_t n)
{
	int64_t step = frames[0] == UNKNOWN ? 0 : 1;
	size_t run = 1;

	while (run < n && frames[run] == frames[0] + step * (int64_t)run)
		run++;
	return run;
}

static void put_hex_digits(struct buf *out, uint64_t value)
{
	char digits[16], *at = digits + sizeof(digits);

	do
		*--at = "0123456789abcdef"[value % 16];
	while (value /= 16);
	buf_add(out, at, (size_t)(digits + sizeof(digits) - at));
}

void runs_put_frames(struct buf *out, const int64_t *frames, size_t n)
{
	size_t run;

	buf_adds(out, "\"");
	for (size_t i = 0; i < n; i += run) {
		run = run_of(&frames[i], n - i);
		if (i > 0)
			buf_adds(out, ",");
		if (frames[i] == UNKNOWN)
			buf_adds(out, ".");
		else
			put_hex_digits(out, (uint64_t)frames[i]);
		if (frames[i] != UNKNOWN && run > 1)
			buf_adds(out, "+");
		if (frames[i] == UNKNOWN || run > 1)
			json_put_digits(out, (int64_t)run);
	}
	buf_adds(out, "\"");
}

/* One run; how many frames it is, 0: wrong. */
static size_t take_frames(const char **at, const char *end, int64_t *frames, size_t n)
{
	uint64_t first = 0, run = 1;
	bool none = *at < end && **at == '.';

	if (none)
		++*at;
	else if (!take_number(at, end, 16, RUNS_FRAME_MAX, &first))
		return 0;
	if (!none && *at < end && **at == '+')
		++*at;
	else if (!none)
		goto fill;
	if (!take_number(at, end, 10, n, &run))
		return 0;
fill:
	for (uint64_t i = 0; i < run && i < n; i++)
		frames[i] = none ? UNKNOWN : (int64_t)(first + i);
	return run <= n ? run : 0;
}

int runs_get_frames(const char *text, size_t len, int64_t *frames, size_t n)
{
	const char *at = text, *end = text + len;
	size_t i = 0, run;

	while (at < end) {
		if (i > 0 && *at++ != ',')
			return -EINVAL;
		run = take_frames(&at, end, frames + i, n - i);
		if (run == 0)
			return -EINVAL;
		i += run;
	}
	return i == n ? 0 : -EINVAL;
}
