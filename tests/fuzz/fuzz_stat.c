/* SPDX-License-Identifier: MIT
 * stat and schedstat, on any bytes: a number is never invented, a name is always safe, and what was left out of the end
 * does not change what was understood.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "source.h"

static void check_schedstat(const char *text, size_t size)
{
	int64_t run = -2, wait = -2, slices = -2;
	int error = parse_schedstat(text, size, &run, &wait, &slices);

	fuzz_check(error ? run == -2 && wait == -2 && slices == -2
			 : run >= UNKNOWN && wait >= UNKNOWN && slices >= UNKNOWN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stat_fields stat, shorter;
	char again[sizeof(stat.name)];
	char *text =
		calloc(1, size + !size); /* of the exact size, so that a byte too far is seen */

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	check_schedstat(text, size);
	memset(&stat, 0, sizeof(stat));
	if (parse_stat(text, size, &stat) == 0) {
		fuzz_check(stat.pid >= 0 && stat.ppid >= -1 && stat.threads >= -1);
		fuzz_check(stat.minor_faults >= UNKNOWN && stat.start >= UNKNOWN);
		fuzz_check(stat.nice == NICE_UNKNOWN || (stat.nice >= -20 && stat.nice <= 19));
		fuzz_check(stat.cpu >= -1);
		fuzz_check(memchr(stat.name, '\0', sizeof(stat.name)) != NULL);
		safe_text(again, sizeof(again), stat.name, strlen(stat.name));
		fuzz_check(strcmp(again, stat.name) == 0);
		memset(&shorter, 0, sizeof(shorter));
		if (text[size - 1] != ')' && parse_stat(text, size - 1, &shorter) == 0)
			fuzz_check(stat.start == shorter.start && stat.cpu == shorter.cpu &&
				   stat.state == shorter.state && stat.threads == shorter.threads);
	}
	free(text);
	return 0;
}
