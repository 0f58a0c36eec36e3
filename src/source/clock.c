/* SPDX-License-Identifier: MIT
 * Our clock against the kernel's own: in a time namespace CLOCK_MONOTONIC is set off, and perf's records are not.
 */
#include <fcntl.h>

#include "internal.h"

/* The file tells of the namespace of our children, which is ours unless we are about to make one. */
static bool is_own_namespace(void)
{
	char own[64] = "", children[64] = "";

	return io_link(IO_CLOCK, AT_FDCWD, own, sizeof(own), "/proc/self/ns/time") > 0 &&
	       io_link(IO_CLOCK, AT_FDCWD, children, sizeof(children),
		       "/proc/self/ns/time_for_children") > 0 &&
	       strcmp(own, children) == 0;
}

nsec parse_clock_offset(const char *text)
{
	const char *at = strstr(text, "monotonic");
	long long seconds, rest;

	if (!at || sscanf(at, "monotonic %lld %lld", &seconds, &rest) != 2)
		return 0;
	return seconds * NSEC_PER_SEC + rest;
}

nsec clock_offset(void)
{
	char text[256] = "";

	if (!is_own_namespace())
		return 0;
	(void)io_read_line(IO_CLOCK, AT_FDCWD, text, sizeof(text), "/proc/self/timens_offsets");
	return parse_clock_offset(text);
}
