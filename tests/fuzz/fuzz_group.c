/* SPDX-License-Identifier: MIT
 * Target expressions, command lines and the paths of cgroups, on any bytes: what they give is text that is safe, and a
 * target that was read can be compared with any process.
 */
#include <string.h>

#include "fuzz.h"
#include "group.h"

static void check_text(const char *text, size_t size)
{
	char again[256];

	fuzz_check(memchr(text, '\0', size) != NULL);
	safe_text(again, sizeof(again), text, strlen(text));
	fuzz_check(strcmp(again, text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct group_process process = { .pid = 1, .threads = 1, .state = 'S' };
	struct group_target target = { .id = -2 };
	char *text = calloc(1, size + 1), why[160] = "";

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	group_parse_cmdline(text, size, &process);
	group_parse_cgroup(text, size, process.cgroup, sizeof(process.cgroup));
	sample_text(process.comm, text, size);
	check_text(process.program, sizeof(process.program));
	check_text(process.command, sizeof(process.command));
	check_text(process.cgroup, sizeof(process.cgroup));
	fuzz_check(!process.cgroup[0] || process.cgroup[0] == '/');
	if (group_parse_target(text, &target, why, sizeof(why)) == 0) {
		check_text(target.text, sizeof(target.text));
		fuzz_check(target.name <= strlen(target.text));
		fuzz_check(target.kind != GROUP_PID || target.id > 0);
		(void)group_matches(&target, &process);
	} else {
		fuzz_check(why[0] != '\0' && target.id == -2);
	}
	free(text);
	return 0;
}
