/* SPDX-License-Identifier: MIT
 * Starts a child so that it cannot outlive its parent, and makes a host a program, a session and a
 * scheduling group of its own with nothing of ours but a few descriptors.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

void spawn_bind(pid_t parent, int signal)
{
	prctl(PR_SET_PDEATHSIG, signal);
	/* The parent may have died before the line above: then nothing would ever tell us. */
	if (getppid() != parent)
		_exit(1);
}

void spawn_tie(int pipe_end, pid_t owner, int signal)
{
	struct pollfd fd = { .fd = pipe_end, .events = POLLIN };

	if (fcntl(pipe_end, F_SETOWN, owner) == 0 && fcntl(pipe_end, F_SETSIG, signal) == 0)
		fcntl(pipe_end, F_SETFL, fcntl(pipe_end, F_GETFL) | O_ASYNC);
	/* Closed before the line above, it would tell nobody. */
	if (poll(&fd, 1, 0) > 0)
		kill(owner, signal);
}

void spawn_reset_signals(bool all)
{
	/* Ignored at the start, these stay so: nohup, and what a shell runs in the background; and what a write tells. */
	static const int kept[] = { SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGPIPE, SIGXFSZ };
	bool keep[NSIG] = { false };
	sigset_t none;

	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		keep[kept[i]] = !all && signal_is_ignored(kept[i]);
	for (int i = 1; i < NSIG; i++)
		if (!keep[i])
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

/* Puts descriptors on consecutive numbers; two steps, because the numbers may be taken by others of them. */
static bool place_descriptors(const int *from)
{
	int high[BOARD_FD_FIRST_FREE];

	for (int i = BOARD_FD_BOARD; i < BOARD_FD_FIRST_FREE; i++) {
		high[i] = fcntl(from[i], F_DUPFD_CLOEXEC, BOARD_FD_FIRST_FREE);
		if (high[i] < 0)
			return false;
	}
	for (int i = BOARD_FD_BOARD; i < BOARD_FD_FIRST_FREE; i++)
		dup3(high[i], i, i == BOARD_FD_ERROR ? O_CLOEXEC : 0);
	syscall(SYS_close_range, BOARD_FD_FIRST_FREE, ~0u, 0);
	return true;
}

const struct host_role host_crew = { "--board", SIGKILL, SIGKILL, .crew = true };
const struct host_role host_duel = { "--duel", SIGKILL, SIGKILL, .crew = true };
/* It ends what it keeps, and then itself: it is told by the pipes, and woken if it is stopped. */
const struct host_role host_keeper = { "--keep", SIGTERM, SIGCONT, .crew = false };

static void become_host(const char *path, const struct host_role *role, const int *from)
{
	char *argv[] = { (char *)"taskscope-crew", (char *)role->argument, NULL };
	int error_fd = from[BOARD_FD_ERROR];

	setsid();
	spawn_reset_signals(true);
	/* Workers that spin in a real-time class would leave no CPU to anybody. Nice stays what it is. */
	if (role->crew)
		sched_setscheduler(0, SCHED_OTHER, &(struct sched_param) { 0 });
	if (place_descriptors(from)) {
		error_fd = BOARD_FD_ERROR;
		spawn_silence();
		/* From here on the whole group is killed in one go, not the workers after their host. */
		spawn_tie(BOARD_FD_LIFE, -getpid(), role->tie_signal);
		spawn_tie(BOARD_FD_LEASH, -getpid(), role->tie_signal);
		/* The same addresses on both sides. Where it is refused the host sees it, and the sample says so. */
		if (role->crew)
			personality((unsigned long)personality(0xffffffff) | ADDR_NO_RANDOMIZE);
		execv(path, argv);
	}
	int error = errno;

	(void)!write(error_fd, &error, sizeof(error));
	_exit(127);
}

int spawn_host(const char *path, const struct host_role *role, const struct host_fds *fds,
	struct spawned *ret)
{
	pid_t parent = getpid();
	int error_pipe[2], leash[2], from[BOARD_FD_FIRST_FREE];

	if (pipe2(error_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		return -errno;
	if (pipe2(leash, O_CLOEXEC) != 0) {
		close(error_pipe[0]);
		close(error_pipe[1]);
		return -EMFILE;
	}
	for (int i = 0; i < BOARD_FDS; i++)
		from[BOARD_FD_BOARD + i] = fds->fd[i];
	from[BOARD_FD_LEASH] = leash[0];
	from[BOARD_FD_ERROR] = error_pipe[1];
	pid_t pid = fork();

	if (pid == 0) {
		spawn_bind(parent, role->death_signal);
		become_host(path, role, from);
	}
	int error = errno;

	if (pid > 0) {
		/* The kernel ends the host with the screen, even a stopped one, even while we are stopped. Done here, before
		 * anybody can know its id; in the child it would leave a moment. */
		spawn_tie(from[BOARD_FD_LIFE], pid, role->tie_signal);
		*ret = (struct spawned) { .pid = pid,
			.keeper = role == &host_keeper,
			.error_fd = error_pipe[0],
			.leash = leash[1] };
	} else {
		close(error_pipe[0]);
		close(leash[1]);
	}
	close(error_pipe[1]);
	close(leash[0]);
	return pid > 0 ? 0 : -error;
}
