/* SPDX-License-Identifier: MIT
 * Reads in which group of tasks the scheduler puts the caller: a CPU cgroup, else the autogroup of its session, else none.
 */
#include <sys/stat.h>

#include "internal.h"

#define CGROUPS "/sys/fs/cgroup"

/* Of version 2, the nearest one above us that divides CPUs; only such a one has the file. The root's does not. */
static bool cgroup_name(char *path, char *out, size_t size)
{
	char file[512];
	struct stat st;

	for (;;) {
		snprintf(file, sizeof(file), CGROUPS "%s/cpu.weight", path);
		if (stat(file, &st) == 0)
			break;
		char *slash = strrchr(path, '/');

		if (!slash)
			return false;
		*slash = '\0';
	}
	snprintf(file, sizeof(file), CGROUPS "%s", path);
	if (stat(file, &st) != 0)
		return false;
	snprintf(out, size, "cgroup %llu %s", (unsigned long long)st.st_ino, *path ? path : "/");
	return true;
}

/* Of version 1 the path of the controller cpu, of version 2 the only one. */
static char *path_of(char *line)
{
	char *list = strchr(line, ':'), *path = list ? strchr(list + 1, ':') : NULL;

	if (!path)
		return NULL;
	*path++ = '\0';
	if (!*++list)
		return path;
	for (char *name = strtok(list, ","); name; name = strtok(NULL, ","))
		if (strcmp(name, "cpu") == 0)
			return path;
	return NULL;
}

static bool in_cgroup(char *out, size_t size)
{
	char text[4096], *next;

	if (!proc_read(text, sizeof(text), "/proc/self/cgroup"))
		return false;
	for (char *line = text; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		bool second = strncmp(line, "0::", 3) == 0;
		char *path = path_of(line);

		if (path && second && cgroup_name(path, out, size))
			return true;
		if (path && !second && strcmp(path, "/") != 0)
			return snprintf(out, size, "cgroup 1 %s", path) > 0;
	}
	return false;
}

void cpu_group_name(char *out, size_t size)
{
	char text[64];

	if (in_cgroup(out, size))
		return;
	if (proc_read(text, sizeof(text), "/proc/sys/kernel/sched_autogroup_enabled") &&
		text[0] == '1' && proc_read(text, sizeof(text), "/proc/self/autogroup") &&
		strncmp(text, "/autogroup-", 11) == 0)
		snprintf(out, size, "autogroup %ld", strtol(text + 11, NULL, 10));
	else
		snprintf(out, size, "group 0");
}
