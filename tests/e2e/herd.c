/* SPDX-License-Identifier: MIT
 * The tree of processes below one of ours, and whether they still live.
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

#define PF_EXITING 4 /* of the kernel: in do_exit */

struct process {
	pid_t pid, parent;
	char state, name[32];
	bool exiting;
};

static bool read_process(pid_t pid, struct process *ret)
{
	char path[64], text[512];
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	char *open_name = strchr(text, '('), *close_name = strrchr(text, ')');
	if (!open_name || !close_name)
		return false;
	int parent;
	unsigned flags;
	if (sscanf(close_name + 1, " %c %d %*d %*d %*d %*d %u", &ret->state, &parent, &flags) != 3)
		return false;
	ret->exiting = flags & PF_EXITING;
	ret->pid = pid;
	ret->parent = parent;
	snprintf(ret->name, sizeof(ret->name), "%.*s", (int)(close_name - open_name - 1),
		open_name + 1);
	return true;
}

static bool is_condemned(pid_t pid)
{
	char path[64], line[256];
	unsigned long long pending, any = 0;
	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return true;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "SigPnd: %llx", &pending) == 1 ||
			sscanf(line, "ShdPnd: %llx", &pending) == 1)
			any |= pending;
	}
	fclose(file);
	return any & 1ull << (SIGKILL - 1);
}

static size_t read_all(struct process **ret)
{
	VEC(struct process) all = { 0 };
	DIR *dir = opendir("/proc");
	struct process process;
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		if (isdigit((unsigned char)entry->d_name[0]) &&
			read_process(atoi(entry->d_name), &process) && process.state != 'Z' &&
			process.state != 'X')
			*vec_push(&all) = process;
	}
	if (dir)
		closedir(dir);
	*ret = all.at;
	return all.n;
}

static bool herd_has(const struct herd *herd, pid_t pid)
{
	for (int i = 0; i < herd->n; i++) {
		if (herd->at[i].pid == pid)
			return true;
	}
	return false;
}

static void herd_add(struct herd *herd, const struct process *process)
{
	int pidfd = (int)syscall(SYS_pidfd_open, process->pid, 0);
	if (pidfd < 0 || herd->n == HERD_MAX)
		return;
	herd->at[herd->n].pid = process->pid;
	herd->at[herd->n].parent = process->parent;
	herd->at[herd->n].pidfd = pidfd;
	memcpy(herd->at[herd->n].name, process->name, sizeof(process->name));
	herd->n++;
}

void herd_take(struct herd *herd, pid_t root)
{
	struct process *all;
	size_t n = read_all(&all);
	int before;

	herd->n = 0;
	do {
		before = herd->n;
		for (size_t i = 0; i < n; i++) {
			if ((all[i].parent == root || herd_has(herd, all[i].parent)) &&
				!herd_has(herd, all[i].pid))
				herd_add(herd, &all[i]);
		}
	} while (herd->n > before);
	free(all);
}

void herd_drop(struct herd *herd)
{
	for (int i = 0; i < herd->n; i++)
		close(herd->at[i].pidfd);
	herd->n = 0;
}

int herd_alive(const struct herd *herd)
{
	int alive = 0;
	for (int i = 0; i < herd->n; i++) {
		struct pollfd fd = { .fd = herd->at[i].pidfd, .events = POLLIN };
		alive += poll(&fd, 1, 0) == 0;
	}
	return alive;
}

/* Whether SIGKILL has reached all that still live: it waits in each of them, or it is on its way out. */
static bool all_condemned(const struct herd *herd)
{
	for (int i = 0; i < herd->n; i++) {
		struct pollfd fd = { .fd = herd->at[i].pidfd, .events = POLLIN };
		struct process process;
		if (poll(&fd, 1, 0) == 0 && read_process(herd->at[i].pid, &process) &&
			!process.exiting && !is_condemned(herd->at[i].pid))
			return false;
	}
	return true;
}

int herd_wait_dead(const struct herd *herd, int ms)
{
	nsec until = nsec_monotonic() + ms * NSEC_PER_MSEC;
	for (int i = 0; i < herd->n; i++) {
		struct pollfd fd = { .fd = herd->at[i].pidfd, .events = POLLIN };
		nsec left = until - nsec_monotonic();
		poll(&fd, 1, left > 0 ? (int)(left / NSEC_PER_MSEC) : 0);
	}
	int alive = herd_alive(herd);
	if (!alive || !all_condemned(herd))
		return alive;
	/* What has been killed needs a CPU to die on, and gets one only when the machine allows. */
	until = nsec_monotonic() + WAIT_MS * NSEC_PER_MSEC;
	while (herd_alive(herd) && nsec_monotonic() < until)
		poll(NULL, 0, 20);
	return herd_alive(herd);
}

pid_t herd_find(const struct herd *herd, const char *name, pid_t parent, int nth)
{
	for (int i = 0; i < herd->n; i++) {
		if (strcmp(herd->at[i].name, name) == 0 &&
			(!parent || herd->at[i].parent == parent) && nth-- == 0)
			return herd->at[i].pid;
	}
	return 0;
}

int herd_count(const struct herd *herd, const char *name)
{
	int n = 0;
	while (herd_find(herd, name, 0, n))
		n++;
	return n;
}

int herd_stopped(const struct herd *herd, const char *name)
{
	struct process process;
	int n = 0;
	for (int i = 0; i < herd->n; i++)
		n += strcmp(herd->at[i].name, name) == 0 &&
		     read_process(herd->at[i].pid, &process) && process.state == 'T';
	return n;
}

int descendants_after(int ms)
{
	nsec until = nsec_monotonic() + ms * NSEC_PER_MSEC;
	struct herd herd;
	for (;;) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		herd_take(&herd, getpid());
		int n = herd.n;
		nsec left = until - nsec_monotonic();
		if (n && left > 0)
			herd_wait_dead(&herd, (int)(left / NSEC_PER_MSEC) + 1);
		herd_drop(&herd);
		if (!n || left <= 0)
			return n;
	}
}

int fair_ms(int ms)
{
	enum { LOOKS = 8 };
	int running = 0, cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
	for (int i = 0; i < LOOKS; i++) {
		int n = 0;
		FILE *file = fopen("/proc/loadavg", "r");
		if (file && fscanf(file, "%*f %*f %*f %d/", &n) == 1)
			running += n - 1; /* but ourselves */
		if (file)
			fclose(file);
		poll(NULL, 0, 15);
	}
	int a_cpu = running / LOOKS / cpus;
	return a_cpu ? ms * MIN(1 + a_cpu, 20) : ms;
}
