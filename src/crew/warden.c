/* SPDX-License-Identifier: MIT
 * Ends programs that outlive all of us: a cgroup of version 2 holds them, and a process that is no child of ours kills what
 * is in it, by cgroup.kill, once the last of us is gone.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"
#include "limit.h"

#define LOOK_MS 20
#define KEEPERS_LOOKS 75 /* a keeper that outlives us takes a second from SIGTERM to SIGKILL */
#define LAST_LOOKS 250

static int write_to(const char *folder, const char *name, const char *text)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error = fd < 0 || write(fd, text, strlen(text)) < 0 ? errno : 0;

	close_fd(&fd);
	return error;
}

/* A cgroup can be removed once nobody is in it. */
static bool is_removed(const char *folder, int looks)
{
	for (int i = 0; i < looks; i++) {
		if (rmdir(folder) == 0 || errno == ENOENT)
			return true;
		poll(NULL, 0, LOOK_MS);
	}
	return false;
}

_Noreturn static void watch(int life, const char *folder)
{
	struct pollfd fd = { .fd = STDERR_FILENO + 1 };
	sigset_t all;

	prctl(PR_SET_NAME, "warden");
	setsid();
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	spawn_silence();
	if (life != fd.fd)
		dup2(life, fd.fd);
	syscall(SYS_close_range, fd.fd + 1, ~0u, 0);
	while (poll(&fd, 1, -1) < 0)
		;
	if (!is_removed(folder, KEEPERS_LOOKS)) {
		write_to(folder, "cgroup.kill", "1");
		is_removed(folder, LAST_LOOKS);
	}
	_exit(0);
}

/* Between us and the warden: it tries what the program is to do, and by its end the warden is nobody's child. */
_Noreturn static void part(const int *life, const char *folder)
{
	pid_t pid = fork();
	int error = pid < 0 ? errno : 0;

	if (pid == 0) {
		close(life[1]);
		watch(life[0], folder);
	}
	_exit(error ? error : write_to(folder, "cgroup.procs", "0"));
}

static int start_watch(const char *folder)
{
	int life[2], status = 0;

	if (pipe2(life, O_CLOEXEC) != 0)
		return errno;
	pid_t pid = fork();
	int error = pid < 0 ? errno : 0;

	if (pid == 0)
		part(life, folder);
	close(life[0]);
	if (pid > 0 && waitpid(pid, &status, 0) == pid)
		error = WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
	if (error)
		close(life[1]); /* else it stays open in all of us, until the last one's end */
	return error;
}

int warden_start(char *folder, size_t size, char *why, size_t why_size)
{
	const char *what = "make";
	char own[PATH_MAX - 64], path[PATH_MAX + 32];

	if (!limit_own_cgroup("", own, sizeof(own))) {
		snprintf(why, why_size,
			"no cgroup of version 2 is mounted here (version 1 cannot end what is in "
			"one)");
		return -1;
	}
	snprintf(folder, size, "%s/taskscope-%d", own, getpid());
	int error = mkdir(folder, 0755) == 0 ? 0 : errno;

	snprintf(path, sizeof(path), "%s/cgroup.kill", folder);
	if (!error && access(path, W_OK) != 0) {
		what = "end what is in (it has no cgroup.kill, Linux 5.14 has)";
		error = errno;
	} else if (!error) {
		what = "enter";
		error = start_watch(folder);
	}
	if (!error)
		return 0;
	rmdir(folder);
	snprintf(why, why_size, "cannot %s the cgroup %s: %s%s", what, folder, strerror(error),
		error == EACCES || error == EPERM
			? " (try systemd-run --user --scope taskscope ...)"
			: "");
	return -1;
}
