/* SPDX-License-Identifier: MIT
 * Surroundings that several tests make in a run's child before exec: mounts, Yama, cgroups. 0, or -1 where the machine refuses.
 */
#ifndef TASKSCOPE_TESTS_PLACES_H
#define TASKSCOPE_TESTS_PLACES_H

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"

static inline int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	close(fd);
	return n < 0 ? -1 : 0;
}

static inline int own_mounts(void)
{
	return unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

/* A folder over that of the settings, with Yama in it. */
static inline int yama(const char *scope)
{
	return own_mounts() || mount("none", "/proc/sys/kernel", "tmpfs", 0, NULL) ||
	       mkdir("/proc/sys/kernel/yama", 0755) ||
	       close(open("/proc/sys/kernel/yama/ptrace_scope", O_WRONLY | O_CREAT, 0444)) ||
	       write_file("/proc/sys/kernel/yama/ptrace_scope", scope);
}

/* --- cgroups, of both versions --- */

static const struct box {
	const char *controller;
	const char *file[2], *value[2]; /* by version */
} pids_box = { "pids", { "pids.max", "pids.max" }, { "9", "9" } },
  memory_box = { "memory", { "memory.limit_in_bytes", "memory.max" }, { "8M", "8M" } },
  cpu_box = { "cpu", { "cpu.cfs_quota_us", "cpu.max" }, { "20000", "20000 100000" } };

static inline void box_path(
	const struct box *box, int version, pid_t of, const char *file, char *ret, size_t size)
{
	snprintf(ret, size, "/sys/fs/cgroup/%s%staskscope-test-%s-%d%s%s",
		version ? "" : box->controller, version ? "" : "/", box->controller, (int)of,
		*file ? "/" : "", file);
}

/* The version that has the controller; its folder may be there from the run before. */
static inline int join(const struct box *box)
{
	char path[200];

	write_file("/sys/fs/cgroup/cgroup.subtree_control", "+pids +memory +cpu");
	for (int version = 0; version < 2; version++) {
		box_path(box, version, getppid(), "", path, sizeof(path));
		if (mkdir(path, 0755) && errno != EEXIST)
			continue;
		box_path(box, version, getppid(), box->file[version], path, sizeof(path));
		if (write_file(path, box->value[version]))
			continue;
		box_path(box, version, getppid(), "cgroup.procs", path, sizeof(path));
		return write_file(path, "0");
	}
	return -1;
}

/* Those of this process, and what one before left that did not come to its end. A fixture. */
static inline int remove_groups(void **state)
{
	glob_t found = { 0 };

	glob("/sys/fs/cgroup/taskscope-test-*", 0, NULL, &found);
	glob("/sys/fs/cgroup/*/taskscope-test-*", GLOB_APPEND, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		pid_t of = atoi(strrchr(found.gl_pathv[i], '-') + 1);

		if (of == getpid() || (kill(of, 0) && errno == ESRCH))
			rmdir(found.gl_pathv[i]);
	}
	globfree(&found);
	return 0;
}

#endif
