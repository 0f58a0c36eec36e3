/* SPDX-License-Identifier: MIT
 * Finds the crew's program: beside our own, as in the build folder, or where it was installed.
 */
#include <unistd.h>

#include "internal.h"

/* 0, or -ENOENT / -EACCES. */
static int may_run(const char *path)
{
	if (access(path, X_OK) == 0)
		return 0;
	return errno == ENOENT || errno == ENOTDIR ? -ENOENT : -EACCES;
}

int crew_find_worker(char *path, size_t size, char *why, size_t why_size)
{
	/* Never the current folder: whoever owns that would choose what we run. */
	static const char *const from_our_folder[] = { "taskscope-crew",
		TASKSCOPE_LIBEXEC_FROM_BIN "/taskscope-crew" };
	int error = -ENOENT, link = 0;

	for (size_t i = 0; i < ARRAY_LEN(from_our_folder) && link == 0; i++) {
		link = path_beside(path, size, from_our_folder[i]);
		int found = link == 0 ? may_run(path) : -ENOENT;
		if (found == 0)
			return 0;
		error = MIN(error, found);
	}
	snprintf(path, size, "%s/taskscope-crew", TASKSCOPE_LIBEXECDIR);
	if (may_run(path) == 0)
		return 0;
	if (link < 0)
		snprintf(why, why_size,
			"/proc/self/exe cannot be read (is its file system mounted?), and there is "
			"no "
			"taskscope-crew in %s",
			TASKSCOPE_LIBEXECDIR);
	else
		snprintf(why, why_size,
			"taskscope-crew was %s beside taskscope nor in %s: build or install it",
			error == -EACCES ? "found, but may not be executed, neither"
					 : "found neither",
			TASKSCOPE_LIBEXECDIR);
	return error;
}
