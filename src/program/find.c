/* SPDX-License-Identifier: MIT
 * Finds the file that a command's first word means, and says in one clause why it cannot be run.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "program.h"

/* Of a file with a path. 0; -ENOENT; -EACCES; -EPERM: it would become another user's. */
static int check(const char *path, char *why, size_t size)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		snprintf(why, size, "%s", strerror(errno));
		return errno == ENOENT || errno == ENOTDIR ? -ENOENT : -EACCES;
	}
	bool other = (st.st_mode & S_ISUID && st.st_uid != geteuid()) ||
		     (st.st_mode & S_ISGID && st.st_gid != getegid());

	if (S_ISDIR(st.st_mode))
		snprintf(why, size, "it is a folder");
	else if (!S_ISREG(st.st_mode) || access(path, X_OK) != 0)
		snprintf(why, size, "it may not be executed");
	else if (other)
		snprintf(why, size, "it is setuid or setgid: who runs it could not end it");
	else
		return 0;
	return other && S_ISREG(st.st_mode) ? -EPERM : -EACCES;
}

/* The first folder of the list that has it decides, unless a later one has one that can be run. */
static int look_in(const char *folders, const char *name, char *ret, char *why, size_t size)
{
	char path[PATH_MAX], reason[80];
	int error = -ENOENT;

	snprintf(why, size, "no folder of PATH has it");
	for (const char *at = folders; at; at = strchr(at, ':') ? strchr(at, ':') + 1 : NULL) {
		int len = (int)strcspn(at, ":");

		snprintf(path, sizeof(path), "%.*s/%s", len ? len : 1, len ? at : ".", name);
		if (access(path, F_OK) != 0)
			continue;
		int found = check(path, reason, sizeof(reason));

		if (found && error != -ENOENT)
			continue;
		error = found;
		snprintf(why, size, "%s: %s", path, reason);
		if (found == 0) {
			memcpy(ret, path, sizeof(path));
			return 0;
		}
	}
	return error;
}

int program_find(const char *name, const char *folders, char *ret, char *why, size_t why_size)
{
	char reason[PATH_MAX + 100] = "", shown[64];
	int error = -ENOENT;

	safe_text(shown, sizeof(shown), name, strlen(name));
	if (!*name)
		snprintf(reason, sizeof(reason), "it has no name");
	else if (!strchr(name, '/'))
		error = look_in(folders, name, ret, reason, sizeof(reason));
	else if (snprintf(ret, PATH_MAX, "%s", name) >= PATH_MAX)
		snprintf(reason, sizeof(reason), "%s", strerror(ENAMETOOLONG));
	else
		error = check(name, reason, sizeof(reason));
	if (error)
		snprintf(why, why_size, "cannot run '%s': %s", shown, reason);
	return error;
}
