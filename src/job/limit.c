/* SPDX-License-Identifier: MIT
 * Finds the limit behind an errno: resource limits, the pids controller of every cgroup above us, and the kernel's own.
 */
#include "limit.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define ROOM 1024 /* of a path; a longer one is not looked at: crews may have small stacks */

static FILE *open_under(const char *root, const char *path)
{
	char whole[ROOM];
	snprintf(whole, sizeof(whole), "%s%s", root, path);
	return fopen(whole, "re");
}

/* The number in a file; -1: no such file, or it holds none ("max"). */
static long long number_in(const char *root, const char *folder, const char *name)
{
	char path[ROOM];
	long long number = -1;
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = open_under(root, path);
	if (!file)
		return -1;
	if (fscanf(file, "%lld", &number) != 1)
		number = -1;
	fclose(file);
	return number;
}

/* --- cgroups --- */

struct mounted {
	char root[ROOM], at[ROOM];
	bool v2;
};

/* Whether a word stands in a list with commas. */
static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	for (const char *at = list; (at = strstr(at, word)); at += len)
		if ((at == list || at[-1] == ',') && (!at[len] || strchr(",\n", at[len])))
			return true;
	return false;
}

/* A line of mountinfo that is a hierarchy with the pids controller. */
static bool parse_mount(const char *line, struct mounted *ret)
{
	char kind[32], options[256] = "";
	const char *rest = strstr(line, " - ");
	if (!rest || sscanf(line, "%*d %*d %*s %1023s %1023s", ret->root, ret->at) != 2 ||
		sscanf(rest, " - %31s %*s %255s", kind, options) < 1)
		return false;
	ret->v2 = strcmp(kind, "cgroup2") == 0;
	return ret->v2 || (strcmp(kind, "cgroup") == 0 && has_word(options, "pids"));
}

/* Our place in that hierarchy: "0::/path" or "5:pids:/path". */
static bool find_place(const char *root, bool v2, char *ret, size_t size)
{
	FILE *file = open_under(root, "/proc/self/cgroup");
	char line[ROOM + 64];
	bool found = false;
	while (file && !found && fgets(line, sizeof(line), file)) {
		char *controllers = strchr(line, ':');
		char *path = controllers ? strchr(controllers + 1, ':') : NULL;
		if (!path)
			continue;
		*path++ = '\0';
		found = v2 ? !controllers[1] : has_word(controllers + 1, "pids");
		snprintf(ret, size, "%.*s", (int)strcspn(path, "\n"), path);
	}
	if (file)
		fclose(file);
	return found;
}

/* From our own group up to the mount: the first that is full. */
static bool find_full_group(const char *root, const struct mounted *mounted, char *out, size_t size)
{
	char place[ROOM], folder[2 * ROOM];
	if (!find_place(root, mounted->v2, place, sizeof(place)))
		return false;
	size_t len = strlen(mounted->root), at = strlen(mounted->at);
	bool below = len > 1 && strncmp(place, mounted->root, len) == 0;
	snprintf(folder, sizeof(folder), "%s%s", mounted->at, below ? place + len : place);
	for (;;) {
		long long most = number_in(root, folder, "pids.max");
		if (most >= 0 && number_in(root, folder, "pids.current") >= most) {
			size_t end = strlen(folder);
			while (end > at && folder[end - 1] == '/')
				folder[--end] = '\0';
			snprintf(out, size, "pids.max %lld of %s", most, folder);
			return true;
		}
		char *slash = strrchr(folder, '/');
		if (!slash || (size_t)(slash - folder) < at)
			return false;
		*slash = '\0';
	}
}

static bool find_pids_max(const char *root, char *out, size_t size)
{
	FILE *file = open_under(root, "/proc/self/mountinfo");
	char line[4 * ROOM];
	struct mounted mounted;
	bool found = false;
	while (file && !found && fgets(line, sizeof(line), file))
		found = parse_mount(line, &mounted) && find_full_group(root, &mounted, out, size);
	if (file)
		fclose(file);
	return found;
}

/* --- the kernel's own limits, and the user's --- */

static bool find_kernel_limit(const char *root, char *out, size_t size)
{
	static const char *const names[] = { "threads-max", "pid_max" };
	enum { RESERVED = 300 }; /* ids that the kernel keeps from the end */
	int tasks = 0;
	FILE *file = open_under(root, "/proc/loadavg");
	if (file && fscanf(file, "%*f %*f %*f %*d/%d", &tasks) != 1)
		tasks = 0;
	if (file)
		fclose(file);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		long long most = number_in(root, "/proc/sys/kernel", names[i]);
		if (most < 0 || tasks < most - (i == 1 ? RESERVED : 0))
			continue;
		snprintf(out, size, "kernel.%s %lld", names[i], most);
		return true;
	}
	return false;
}

/* The threads of a process if it is this user's, else 0. */
static int threads_of(const char *root, const char *pid, unsigned user)
{
	char path[300], line[256];
	int threads = 0;
	unsigned uid = user + 1;
	snprintf(path, sizeof(path), "/proc/%s/status", pid);
	FILE *file = open_under(root, path);
	while (file && fgets(line, sizeof(line), file)) {
		sscanf(line, "Uid: %u", &uid);
		sscanf(line, "Threads: %d", &threads);
	}
	if (file)
		fclose(file);
	return uid == user ? threads : 0;
}

static bool find_users_limit(const char *root, char *out, size_t size)
{
	char path[ROOM];
	struct rlimit limit;
	rlim_t tasks = 0;
	if (getrlimit(RLIMIT_NPROC, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return false;
	snprintf(path, sizeof(path), "%s/proc", root);
	DIR *folder = opendir(path);
	for (struct dirent *entry; folder && (entry = readdir(folder));)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			tasks += (rlim_t)threads_of(root, entry->d_name, getuid());
	if (folder)
		closedir(folder);
	if (tasks < limit.rlim_cur)
		return false;
	snprintf(out, size, "RLIMIT_NPROC %llu", (unsigned long long)limit.rlim_cur);
	return true;
}

const char *limit_of_tasks(const char *root, char *out, size_t size)
{
	if (!find_pids_max(root, out, size) && !find_kernel_limit(root, out, size) &&
		!find_users_limit(root, out, size))
		*out = '\0';
	return out;
}

const char *limit_error(int error, char *out, size_t size)
{
	static const struct {
		int error, resource;
		const char *name;
	} resources[] = { { EMFILE, RLIMIT_NOFILE, "RLIMIT_NOFILE" },
		{ EFBIG, RLIMIT_FSIZE, "RLIMIT_FSIZE" }, { ENOMEM, RLIMIT_AS, "RLIMIT_AS" },
		{ ENOMEM, RLIMIT_DATA, "RLIMIT_DATA" } };
	char name[ROOM + 64] = "";
	struct rlimit limit;
	if (error == EAGAIN)
		limit_of_tasks("", name, sizeof(name));
	for (size_t i = 0; i < sizeof(resources) / sizeof(resources[0]); i++)
		if (resources[i].error == error && !*name &&
			getrlimit(resources[i].resource, &limit) == 0 &&
			limit.rlim_cur != RLIM_INFINITY)
			snprintf(name, sizeof(name), "%s %llu", resources[i].name,
				(unsigned long long)limit.rlim_cur);
	snprintf(out, size, "%s%s%s%s", strerror(error), *name ? " (" : "", name, *name ? ")" : "");
	return out;
}
