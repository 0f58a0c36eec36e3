/* SPDX-License-Identifier: MIT
 * Finds the limit behind an errno: resource limits, the controllers of every cgroup above us, and the kernel's own.
 */
#include "limit.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROOM 1024 /* of a path; a longer one is not looked at: crews may have small stacks */

static FILE *open_under(const char *root, const char *path)
{
	char whole[ROOM];
	snprintf(whole, sizeof(whole), "%s%s", root, path);
	return fopen(whole, "re");
}

/* The first numbers of a file, at most two; how many. Less where it holds a word ("max"), or is none. */
static int numbers_in(const char *root, const char *folder, const char *name, long long number[2])
{
	char path[ROOM];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = open_under(root, path);
	if (!file)
		return 0;
	int n = fscanf(file, "%lld %lld", &number[0], &number[1]);
	fclose(file);
	return n;
}

/* --- cgroups --- */

/* Files of a controller, by the version of cgroups. */
static const struct controller {
	const char *name;
	const char *most[2],
		*other[2]; /* NULL: the other number stands behind the first, or is not wanted */
} controllers[LIMIT_KINDS] = {
	[LIMIT_TASKS] = { "pids", { "pids.max", "pids.max" }, { "pids.current", "pids.current" } },
	[LIMIT_MEMORY] = { "memory", { "memory.limit_in_bytes", "memory.max" }, { NULL, NULL } },
	[LIMIT_CPU] = { "cpu", { "cpu.cfs_quota_us", "cpu.max" }, { "cpu.cfs_period_us", NULL } },
};

struct mounted {
	char root[ROOM], at[ROOM];
	bool v2;
};

/* The limit that leaves least, as far as it was looked. */
struct tightest {
	long long room;
	char *out;
	size_t size;
	bool found;
};

static bool is_tighter(struct tightest *tightest, long long room)
{
	if (tightest->found && room >= tightest->room)
		return false;
	tightest->room = room;
	return tightest->found = true;
}

/* Whether a word stands in a list with commas. */
static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	for (const char *at = list; (at = strstr(at, word)); at += len)
		if ((at == list || at[-1] == ',') && (!at[len] || strchr(",\n", at[len])))
			return true;
	return false;
}

/* A line of mountinfo that is a hierarchy with this controller. */
static bool parse_mount(const char *line, const char *controller, struct mounted *ret)
{
	char kind[32], options[256] = "";
	const char *rest = strstr(line, " - ");
	if (!rest || sscanf(line, "%*d %*d %*s %1023s %1023s", ret->root, ret->at) != 2 ||
		sscanf(rest, " - %31s %*s %255s", kind, options) < 1)
		return false;
	ret->v2 = strcmp(kind, "cgroup2") == 0;
	return ret->v2 || (strcmp(kind, "cgroup") == 0 && has_word(options, controller));
}

/* Our place in that hierarchy: "0::/path" or "5:pids:/path". */
static bool find_place(const char *root, const char *controller, bool v2, char *ret, size_t size)
{
	FILE *file = open_under(root, "/proc/self/cgroup");
	char line[ROOM + 64];
	bool found = false;
	while (file && !found && fgets(line, sizeof(line), file)) {
		char *names = strchr(line, ':');
		char *path = names ? strchr(names + 1, ':') : NULL;
		if (!path)
			continue;
		*path++ = '\0';
		found = v2 ? !names[1] : has_word(names + 1, controller);
		snprintf(ret, size, "%.*s", (int)strcspn(path, "\n"), path);
	}
	if (file)
		fclose(file);
	return found;
}

/* What one group's limit leaves; false: it sets none. */
static bool read_group(const char *root, const char *folder, enum limit_kind kind, bool v2,
	long long *ret_most, long long *ret_room)
{
	enum { NONE_SHIFT = 60 }; /* version 1 says "no limit" with a number near 2^63 */
	const struct controller *controller = &controllers[kind];
	long long number[2], other[2];
	int n = numbers_in(root, folder, controller->most[v2], number);
	if (n < 1 || number[0] < 0 || number[0] >> NONE_SHIFT)
		return false;
	*ret_most = *ret_room = number[0];
	if (kind == LIMIT_MEMORY)
		return true;
	if (controller->other[v2]) {
		n = 1 + (numbers_in(root, folder, controller->other[v2], other) > 0);
		number[1] = other[0];
	}
	if (n < 2 || (kind == LIMIT_CPU && number[1] < 1))
		return false;
	*ret_room = kind == LIMIT_CPU ? number[0] * 1000 / number[1] : number[0] - number[1];
	return true;
}

static void name_group(const struct mounted *mounted, const char *file, long long most,
	const char *folder, const struct tightest *tightest)
{
	size_t end = strlen(folder), at = strlen(mounted->at);
	while (end > at && folder[end - 1] == '/')
		end--;
	snprintf(tightest->out, tightest->size, "%s %lld of %.*s", file, most, (int)end, folder);
}

/* The folder of our own group in a hierarchy. */
static bool own_folder(const char *root, const struct mounted *mounted, const char *controller,
	char *folder, size_t size)
{
	char place[ROOM];
	if (!find_place(root, controller, mounted->v2, place, sizeof(place)))
		return false;
	size_t len = strlen(mounted->root);
	bool below = len > 1 && strncmp(place, mounted->root, len) == 0;
	snprintf(folder, size, "%s%s", mounted->at, below ? place + len : place);
	return true;
}

/* From our own group up to the mount. */
static void look_at_groups(const char *root, const struct mounted *mounted, enum limit_kind kind,
	struct tightest *tightest)
{
	const size_t at = strlen(mounted->at);
	char folder[2 * ROOM], *slash;
	long long most, room;
	if (!own_folder(root, mounted, controllers[kind].name, folder, sizeof(folder)))
		return;
	do {
		if (read_group(root, folder, kind, mounted->v2, &most, &room) &&
			is_tighter(tightest, room))
			name_group(mounted, controllers[kind].most[mounted->v2], most, folder,
				tightest);
		slash = strrchr(folder, '/');
		if (slash)
			*slash = '\0';
	} while (slash && (size_t)(slash - folder) >= at);
}

static void look_at_cgroups(const char *root, enum limit_kind kind, struct tightest *tightest)
{
	FILE *file = open_under(root, "/proc/self/mountinfo");
	char line[4 * ROOM];
	struct mounted mounted;
	while (file && fgets(line, sizeof(line), file))
		if (parse_mount(line, controllers[kind].name, &mounted))
			look_at_groups(root, &mounted, kind, tightest);
	if (file)
		fclose(file);
}

bool limit_own_cgroup(const char *root, char *folder, size_t size)
{
	FILE *file = open_under(root, "/proc/self/mountinfo");
	char line[4 * ROOM];
	struct mounted mounted;
	bool found = false;
	while (file && !found && fgets(line, sizeof(line), file))
		found = parse_mount(line, controllers[LIMIT_TASKS].name, &mounted) && mounted.v2 &&
			own_folder(root, &mounted, controllers[LIMIT_TASKS].name, folder, size);
	if (file)
		fclose(file);
	return found;
}

/* --- the kernel's own limits, and the user's --- */

static void look_at_kernel(const char *root, struct tightest *tightest)
{
	static const char *const names[] = { "threads-max", "pid_max" };
	enum { RESERVED = 300 }; /* ids that the kernel keeps from the end */
	long long most[2];
	int tasks = 0;
	FILE *file = open_under(root, "/proc/loadavg");
	if (file && fscanf(file, "%*f %*f %*f %*d/%d", &tasks) != 1)
		tasks = 0;
	if (file)
		fclose(file);
	for (int i = 0; tasks > 0 && i < 2; i++)
		if (numbers_in(root, "/proc/sys/kernel", names[i], most) > 0 &&
			is_tighter(tightest, most[0] - i * RESERVED - tasks))
			snprintf(
				tightest->out, tightest->size, "kernel.%s %lld", names[i], most[0]);
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

/* The limit on a user's tasks is not for the machine's root; for one of a user namespace it is. */
static bool is_machines_root(const char *root)
{
	long long number[2] = { 0, 0 };
	return getuid() == 0 && (numbers_in(root, "/proc/self", "uid_map", number) < 2 ||
					number[0] + number[1] == 0);
}

static void look_at_user(const char *root, struct tightest *tightest)
{
	char path[ROOM];
	struct rlimit limit;
	long long tasks = 0;
	if (getrlimit(RLIMIT_NPROC, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
		is_machines_root(root))
		return;
	snprintf(path, sizeof(path), "%s/proc", root);
	DIR *folder = opendir(path);
	for (struct dirent *entry; folder && (entry = readdir(folder));)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			tasks += threads_of(root, entry->d_name, getuid());
	if (folder)
		closedir(folder);
	if (is_tighter(tightest, (long long)limit.rlim_cur - tasks))
		snprintf(tightest->out, tightest->size, "RLIMIT_NPROC %lld",
			(long long)limit.rlim_cur);
}

bool limit_room(const char *root, enum limit_kind kind, long long *ret_room, char *out, size_t size)
{
	struct tightest tightest = { .out = out, .size = size };
	*out = '\0';
	look_at_cgroups(root, kind, &tightest);
	if (kind == LIMIT_TASKS) {
		look_at_kernel(root, &tightest);
		look_at_user(root, &tightest);
	}
	*ret_room = tightest.room;
	return tightest.found;
}

const char *limit_of_tasks(const char *root, char *out, size_t size)
{
	long long room;
	if (!limit_room(root, LIMIT_TASKS, &room, out, size) || room > 0)
		*out = '\0';
	return out;
}

/* --- kills --- */

static long long kills_before;

/* How many tasks a memory limit has killed in the group that is its name's end; 0: none, or it is not told. */
static long long kills_of(const char *name)
{
	static const char *const files[] = { "memory.events", "memory.oom_control" };
	char path[ROOM], line[80];
	long long kills = 0;
	const char *folder = strstr(name, " of ");
	for (size_t i = 0; folder && i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder + strlen(" of "), files[i]);
		FILE *file = open_under("", path);
		while (file && fgets(line, sizeof(line), file))
			sscanf(line, "oom_kill %lld", &kills);
		if (file)
			fclose(file);
	}
	return kills;
}

void limit_count_kills(void)
{
	char name[ROOM + 64];
	long long room;
	limit_room("", LIMIT_MEMORY, &room, name, sizeof(name));
	kills_before = kills_of(name);
}

const char *limit_of_kill(char *out, size_t size)
{
	char name[ROOM + 64];
	long long room;
	limit_room("", LIMIT_MEMORY, &room, name, sizeof(name));
	snprintf(out, size, "%s", kills_of(name) > kills_before ? name : "");
	return out;
}

/* --- resource limits --- */

static const struct limited {
	int error, number;
	const char *name, *raise;
	int used; /* which number of statm counts against it, from 1 on */
} resources[] = {
	{ EMFILE, RLIMIT_NOFILE, "RLIMIT_NOFILE", "ulimit -n", 0 },
	{ EFBIG, RLIMIT_FSIZE, "RLIMIT_FSIZE", "ulimit -f", 0 },
	{ ENOMEM, RLIMIT_AS, "RLIMIT_AS", "ulimit -v", 1 },
	{ ENOMEM, RLIMIT_DATA, "RLIMIT_DATA", "ulimit -d", 6 },
	/* these end a program instead */
	{ -SIGSEGV, RLIMIT_STACK, "RLIMIT_STACK", "ulimit -s", 0 },
	{ -SIGKILL, RLIMIT_CPU, "RLIMIT_CPU", "ulimit -t", 0 },
	{ -SIGXCPU, RLIMIT_CPU, "RLIMIT_CPU", "ulimit -t", 0 },
};

static long long bytes_used(int which)
{
	long long pages[6] = { 0 };
	FILE *file = which ? fopen("/proc/self/statm", "re") : NULL;
	for (int i = 0; file && i < 6; i++)
		if (fscanf(file, "%lld", &pages[i]) != 1)
			break;
	if (file)
		fclose(file);
	return which ? pages[which - 1] * sysconf(_SC_PAGESIZE) : 0;
}

/* Of those that are set, and give this error or (less than 0) send this signal, the one that leaves least; NULL: none. */
static const struct limited *resource_behind(int error, long long *ret_most, long long *ret_room)
{
	const struct limited *found = NULL;
	struct rlimit limit;
	for (size_t i = 0; i < sizeof(resources) / sizeof(resources[0]); i++) {
		const struct limited *resource = &resources[i];
		if (resource->error != error || getrlimit(resource->number, &limit) != 0 ||
			limit.rlim_cur > LLONG_MAX)
			continue;
		long long room = (long long)limit.rlim_cur - bytes_used(resource->used);
		if (found && room >= *ret_room)
			continue;
		found = resource;
		*ret_most = (long long)limit.rlim_cur;
		*ret_room = room;
	}
	return found;
}

/* pthread_create says EAGAIN where it gets no memory for a stack. */
static bool lacks_room_for_stack(void)
{
	enum { STACK_OF_LIBC = 2 << 20 }; /* where there is no limit */
	struct rlimit stack;
	long long most, room;
	return resource_behind(ENOMEM, &most, &room) && getrlimit(RLIMIT_STACK, &stack) == 0 &&
	       room <= (stack.rlim_cur == RLIM_INFINITY ? STACK_OF_LIBC
							: (long long)stack.rlim_cur);
}

const char *limit_error(int error, char *out, size_t size)
{
	char name[ROOM + 64] = "";
	long long most, room;
	if (error == EAGAIN)
		limit_of_tasks("", name, sizeof(name));
	if (error == EAGAIN && !*name && lacks_room_for_stack())
		error = ENOMEM;
	const struct limited *resource = *name ? NULL : resource_behind(error, &most, &room);
	if (*name)
		snprintf(out, size, "%s (%s: raise it)", strerror(error), name);
	else if (resource)
		snprintf(out, size, "%s (%s %lld: raise it with %s)", strerror(error),
			resource->name, most, resource->raise);
	else
		snprintf(out, size, "%s", strerror(error));
	return out;
}

const char *limit_of_end(int wait_status, long long cpu_s, char *out, size_t size)
{
	enum { STACK_LITTLE = 128 << 10 };
	int cause = WIFSIGNALED(wait_status) ? -WTERMSIG(wait_status) : ENOMEM;
	long long most, room;
	const struct limited *resource = resource_behind(cause, &most, &room);
	bool little = resource && (resource->number != RLIMIT_STACK || most < STACK_LITTLE) &&
		      (resource->number != RLIMIT_CPU || cpu_s >= most);
	if (little)
		snprintf(out, size, "%s %lld may be too low: raise it with %s", resource->name,
			most, resource->raise);
	else
		*out = '\0';
	return out;
}
