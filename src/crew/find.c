/* SPDX-License-Identifier: MIT
 * Knows where the crew's program is: beside our own, as in the build folder, or where it was installed.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

int crew_find_worker(char *path, size_t size, char *why, size_t why_size)
{
	char own[PATH_MAX];
	static const char self[] = "/proc/self/exe";
	ssize_t len = readlink(self, own, sizeof(own) - 1);
	int error = ENOENT;

	own[len > 0 ? len : 0] = '\0';
	char *slash = strrchr(own, '/');

	if (slash)
		*slash = '\0';
	/* Never the current folder: whoever owns that would choose what we run. */
	const char *const folders[] = { TASKSCOPE_LIBEXECDIR, own };

	for (size_t i = slash ? 2 : 1; i-- > 0;) {
		int n = snprintf(path, size, "%s/taskscope-crew", folders[i]);

		if (n < 0 || (size_t)n >= size)
			continue;
		if (access(path, X_OK) == 0)
			return 0;
		if (errno != ENOENT && errno != ENOTDIR)
			error = EACCES;
	}
	if (!slash)
		snprintf(why, why_size,
			"%s cannot be read (is its file system mounted?), and there is "
			"no taskscope-crew in %s",
			self, TASKSCOPE_LIBEXECDIR);
	else
		snprintf(why, why_size,
			"taskscope-crew was %s beside taskscope nor in %s: build or install it",
			error == EACCES ? "found, but may not be executed, neither"
					: "found neither",
			TASKSCOPE_LIBEXECDIR);
	return -error;
}
