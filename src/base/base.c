/* SPDX-License-Identifier: MIT
 * The small things: words for the kinds of crews and for signals, the clock, our own folder, whole numbers that people typed.
 */
#include <signal.h>
#include <unistd.h>

#include "base.h"

static const char *const kind_names[KINDS] = {
	[KIND_PROCESSES] = "processes",
	[KIND_THREADS] = "threads",
};

const char *kind_name(enum kind kind)
{
	return kind_names[kind];
}

const char *side_name(enum side side)
{
	return side == SIDE_LEFT ? "left" : "right";
}

void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

uint64_t hash_bytes(const void *bytes, size_t n, uint64_t seed)
{
	const unsigned char *at = bytes;
	uint64_t hash = seed ^ UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
	return hash;
}

const char *signal_name(int signal)
{
	static const char *const names[] = { NULL, "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT",
		"BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
		"CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM",
		"PROF", "WINCH", "POLL", "PWR", "SYS" };

	return signal > 0 && (size_t)signal < ARRAY_LEN(names) ? names[signal] : NULL;
}

bool signal_is_ignored(int number)
{
	struct sigaction now;
	return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

nsec nsec_monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

int path_beside(char *path, size_t size, const char *relative)
{
	char own[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", own, sizeof(own) - 1);

	if (len < 0)
		return -errno;
	while (len > 0 && own[len - 1] != '/')
		len--;
	int n = snprintf(path, size, "%.*s%s", (int)len, own, relative);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

/* Digits to a magnitude; too large becomes 2^63, which is beyond any range on the positive side. */
static int parse_magnitude(const char *text, uint64_t *ret)
{
	const uint64_t beyond = (uint64_t)INT64_MAX + 1;
	uint64_t value = 0;

	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		/* goes on after an overflow: "99999999999999999999x" is no number at all */
		if (value > beyond / 10)
			value = UINT64_MAX;
		else
			value = value * 10 + (uint64_t)(*text - '0');
	}
	*ret = value;
	return 0;
}

int parse_integer(const char *text, int64_t min, int64_t max, int64_t *ret)
{
	bool negative = text[0] == '-';
	uint64_t magnitude;
	int error = parse_magnitude(text + negative, &magnitude);

	if (error)
		return error;
	if (magnitude > (uint64_t)INT64_MAX + negative)
		return -ERANGE;
	int64_t value = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
	if (value < min || value > max)
		return -ERANGE;
	*ret = value;
	return 0;
}
