/* SPDX-License-Identifier: MIT
 * Finds the processes that descend from the caller, by task/TID/children of each, or by the parents of all where the kernel
 * has no such file, and sends them signals through pidfds.
 */
#include "offspring.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STOPS 3 /* rounds of SIGSTOP: each finds those that were born before their parent stopped */

struct family {
	struct member {
		pid_t pid, parent;
	} * at;
	size_t n, room;
};

static void add(struct family *family, pid_t pid, pid_t parent)
{
	if (family->n == family->room) {
		size_t room = family->room ? 2 * family->room : 64;
		struct member *at = realloc(family->at, room * sizeof(*at));

		if (!at)
			return; /* the next round begins with fewer */
		family->at = at;
		family->room = room;
	}
	family->at[family->n++] = (struct member) { pid, parent };
}

static pid_t parent_of(pid_t pid)
{
	char path[32], text[256];
	int parent = -1;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	FILE *file = fopen(path, "re");

	if (!file)
		return -1;
	size_t n = fread(text, 1, sizeof(text) - 1, file);

	fclose(file);
	text[n] = '\0';
	const char *end = strrchr(text, ')'); /* of the name, which may hold anything */

	return end && sscanf(end + 1, " %*c %d", &parent) == 1 ? (pid_t)parent : -1;
}

/* The children that one thread made. false: there is no such file. */
static bool add_children_of_task(struct family *family, pid_t pid, const char *task)
{
	char path[300];
	int child;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/children", pid, task);
	FILE *file = fopen(path, "re");

	if (!file)
		return false;
	while (fscanf(file, "%d", &child) == 1)
		add(family, (pid_t)child, pid);
	fclose(file);
	return true;
}

static void add_children_by_parent(struct family *family, pid_t pid)
{
	DIR *dir = opendir("/proc");

	for (struct dirent *e; dir && (e = readdir(dir));) {
		pid_t child = (pid_t)strtol(e->d_name, NULL, 10);

		if (child > 0 && parent_of(child) == pid)
			add(family, child, pid);
	}
	if (dir)
		closedir(dir);
}

static void add_children(struct family *family, pid_t pid, bool by_task)
{
	char path[32];

	if (!by_task) {
		add_children_by_parent(family, pid);
		return;
	}
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	DIR *dir = opendir(path);

	for (struct dirent *e; dir && (e = readdir(dir));)
		if (e->d_name[0] != '.')
			add_children_of_task(family, pid, e->d_name);
	if (dir)
		closedir(dir);
}

static bool is_spared(pid_t pid, const pid_t *spared, size_t n)
{
	while (n--)
		if (spared[n] == pid)
			return true;
	return false;
}

/* Signals one that is found to be a child of its parent, or by now ours, and adds its children. */
static void reach(struct family *family, size_t i, int number, bool by_task)
{
	const struct member member = family->at[i];
	int fd = (int)syscall(SYS_pidfd_open, member.pid, 0);
	pid_t parent = fd >= 0 ? parent_of(member.pid) : -1;

	if (parent == member.parent || parent == getpid()) {
		size_t before = family->n;

		syscall(SYS_pidfd_send_signal, fd, number, NULL, 0);
		add_children(family, member.pid, by_task);
		/* It ended and was reaped meanwhile: the id may be another's. */
		if (syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0) != 0 && errno == ESRCH)
			family->n = before;
	}
	if (fd >= 0)
		close(fd);
}

/* Those of ours; whether the kernel lists children. */
static bool add_own(struct family *family)
{
	char self[16];

	snprintf(self, sizeof(self), "%d", getpid());
	bool by_task = add_children_of_task(family, getpid(), self);

	if (!by_task)
		add_children(family, getpid(), by_task);
	return by_task;
}

size_t offspring_children(pid_t *pids, size_t n)
{
	struct family family = { 0 };

	add_own(&family);
	n = family.n < n ? family.n : n;
	for (size_t i = 0; i < n; i++)
		pids[i] = family.at[i].pid;
	free(family.at);
	return n;
}

void offspring_signal(int number, const pid_t *spared, size_t n)
{
	struct family family = { 0 };
	bool by_task = add_own(&family);

	for (size_t i = 0; i < family.n; i++)
		if (!is_spared(family.at[i].pid, spared, n))
			reach(&family, i, number, by_task);
	free(family.at);
}

void offspring_kill(const pid_t *spared, size_t n)
{
	for (int i = 0; i < STOPS; i++)
		offspring_signal(SIGSTOP, spared, n);
	offspring_signal(SIGKILL, spared, n);
}
