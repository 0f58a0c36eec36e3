/* SPDX-License-Identifier: MIT
 * Knows how a child is begun so that it cannot outlive its parent, and how a host becomes a program, a session and a
 * scheduling group of its own with nothing of ours but five descriptors.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "internal.h"

void spawn_bind(pid_t parent, int signal)
{
	prctl(PR_SET_PDEATHSIG, signal);
	/* The parent may have died before the line above: then nothing would ever tell us. */
	if (getppid() != parent)
		_exit(1);
}

void spawn_reset_signals(void)
{
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void spawn_silence(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; null >= 0 && i <= 2; i++)
		if (null != i)
			dup2(null, i);
	if (null > 2)
		close(null);
}

/* Puts the descriptors on their fixed numbers; two steps, because the numbers may be taken by others of them. */
static bool place_descriptors(const struct host_fds *fds, int error_fd)
{
	int from[BOARD_FDS + 1], high[BOARD_FDS + 1];

	for (int i = 0; i <= BOARD_FDS; i++) {
		from[i] = i < BOARD_FDS ? fds->fd[i] : error_fd;
		high[i] = fcntl(from[i], F_DUPFD_CLOEXEC, BOARD_FD_FIRST_FREE);
		if (high[i] < 0)
			return false;
	}
	for (int i = 0; i < BOARD_FDS; i++)
		dup2(high[i], BOARD_FD_BOARD + i);
	dup3(high[BOARD_FDS], BOARD_FD_ERROR, O_CLOEXEC);
	close_range(BOARD_FD_FIRST_FREE, ~0u, 0);
	return true;
}

/* The kernel itself ends the host and all in its group when the screen's end of the pipe closes, even a stopped one: the
 * pipe's owner is sent SIGKILL. The host polls the pipe too, for kernels that refuse this. */
static void tie_to_pipe(int fd)
{
	if (fcntl(fd, F_SETOWN, -getpid()) == 0 && fcntl(fd, F_SETSIG, SIGKILL) == 0)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_ASYNC);
}

static void become_host(const char *path, const struct host_fds *fds, int error_fd)
{
	char *argv[] = { (char *)"taskscope-crew", (char *)"--board", NULL };

	setsid();
	spawn_reset_signals();
	if (place_descriptors(fds, error_fd)) {
		error_fd = BOARD_FD_ERROR;
		spawn_silence();
		tie_to_pipe(BOARD_FD_LIFE);
		/* The same addresses on both sides. Where it is refused the host sees it, and the sample says so. */
		personality((unsigned long)personality(0xffffffff) | ADDR_NO_RANDOMIZE);
		execv(path, argv);
	}
	int error = errno;

	(void)!write(error_fd, &error, sizeof(error));
	_exit(127);
}

int spawn_host(const char *path, const struct host_fds *fds, pid_t *ret_pid, int *ret_error_fd)
{
	pid_t parent = getpid();
	int error_pipe[2];

	if (pipe2(error_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		return -errno;
	pid_t pid = fork();

	if (pid == 0) {
		spawn_bind(parent, SIGKILL);
		become_host(path, fds, error_pipe[1]);
	}
	int error = errno;

	close(error_pipe[1]);
	if (pid < 0) {
		close(error_pipe[0]);
		return -error;
	}
	*ret_pid = pid;
	*ret_error_fd = error_pipe[0];
	return 0;
}
