/* SPDX-License-Identifier: MIT
 * Keeps one of the viewer's programs: starts it in a session of ours with nothing of ours but this, takes in what it prints,
 * reaps it and all that it leaves behind, and ends it with all its processes when taskscope wants that, or is gone.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"
#include "keep.h"
#include "limit.h"
#include "offspring.h"

#define WORDS_MOST 65536
#define KILL_AFTER NSEC_PER_SEC /* from SIGTERM to SIGKILL */
#define KILL_AGAIN_MS 10 /* until none is left */
#define CHUNK 65536

struct keeper {
	struct keep *keep;
	int signals;
	int printed; /* the reading end of what the program prints; -1: closed by all */
	int barrier; /* its closing lets the program start; -1: closed */
	int file; /* what it prints goes there, too; -1: nowhere */
	bool leaving; /* it is to end with us */
	nsec kill_at; /* 0: nobody was asked to end */
};

/* --- the program's first process --- */

_Noreturn static void cannot_run(const char *path, int error)
{
	dprintf(STDERR_FILENO, "taskscope: cannot run %s: %s\n", path, strerror(error));
	_exit(error == ENOENT ? 127 : 126);
}

/* Before it can start anything that is not in it. */
static void enter_cgroup(const char *folder)
{
	char path[sizeof(((struct keep *)NULL)->cgroup) + 16];

	if (!*folder)
		return;
	snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
	const int error = proc_write(path, "0");

	if (!error)
		return;
	dprintf(STDERR_FILENO, "taskscope: cannot enter %s: %s\n", folder, strerror(error));
	_exit(126);
}

_Noreturn static void become_program(struct keep *keep, pid_t keeper, int barrier, int printed)
{
	static char *words[WORDS_MOST + 1];
	char *at = keep->text, none;
	sigset_t empty;

	for (uint32_t i = 0; i < keep->words; i++, at += strlen(at) + 1)
		words[i] = at;
	setpgid(0, 0); /* what it sends to its group does not reach the keeper */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != keeper)
		_exit(BOARD_EXIT_ALONE);
	/* A process that became another user's could not be ended. */
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	signal(SIGXFSZ, SIG_DFL);
	sigemptyset(&empty);
	sigprocmask(SIG_SETMASK, &empty, NULL);
	while (read(barrier, &none, 1) < 0 && errno == EINTR)
		;
	/* No program was let start before taskscope was gone. */
	if (!atomic_load(&keep->start))
		_exit(BOARD_EXIT_ALONE);
	dup2(printed, STDOUT_FILENO);
	dup2(printed, STDERR_FILENO);
	enter_cgroup(keep->cgroup);
	execvp(keep->path, words);
	cannot_run(keep->path, errno);
}

/* Forked before it may start, so that both sides start at once. 0 or errno. */
static int fork_program(struct keeper *k)
{
	int printed[2], barrier[2];
	pid_t self = getpid();

	if (pipe2(printed, O_CLOEXEC) != 0)
		return errno;
	if (pipe2(barrier, O_CLOEXEC) != 0)
		return errno;
	pid_t pid = fork();
	int error = errno;

	if (pid == 0) {
		close(barrier[1]);
		become_program(k->keep, self, barrier[0], printed[1]);
	}
	close(barrier[0]);
	close(printed[1]);
	fcntl(printed[0], F_SETFL, O_NONBLOCK);
	k->printed = printed[0];
	k->barrier = barrier[1];
	atomic_store(&k->keep->pid, pid > 0 ? pid : 0);
	return pid > 0 ? 0 : error;
}

static void let_start(struct keeper *k)
{
	if (k->barrier < 0)
		return;
	atomic_store(&k->keep->started_ns, crew_now());
	atomic_store(&k->keep->state, KEEP_RUNNING);
	close(k->barrier);
	k->barrier = -1;
}

/* --- what it prints --- */

static void keep_tail(struct keep *keep, const char *bytes, size_t n)
{
	uint64_t printed = atomic_load(&keep->printed);

	for (size_t i = n > KEEP_TAIL ? n - KEEP_TAIL : 0; i < n; i++)
		keep->tail[(printed + i) % KEEP_TAIL] = bytes[i];
	atomic_store(&keep->printed, printed + n);
}

static void keep_in_file(struct keeper *k, const char *bytes, size_t n)
{
	while (k->file >= 0 && n > 0) {
		ssize_t written = write(k->file, bytes, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			atomic_store(&k->keep->file_error, written < 0 ? errno : EIO);
			close(k->file);
			k->file = -1;
			return;
		}
		bytes += written;
		n -= (size_t)written;
	}
}

/* All that is there now, or, while it prints without end, so much that nobody else waits long. Whether any was. */
static bool take_printed(struct keeper *k)
{
	static char bytes[CHUNK];
	bool any = false;

	for (int i = 0; i < 16 && k->printed >= 0; i++) {
		ssize_t n = read(k->printed, bytes, sizeof(bytes));

		if (n < 0)
			break;
		if (n == 0) {
			close(k->printed);
			k->printed = -1;
			break;
		}
		any = true;
		if (k->keep->output != KEEP_OUTPUT_NONE)
			keep_tail(k->keep, bytes, (size_t)n);
		keep_in_file(k, bytes, (size_t)n);
	}
	return any;
}

static int open_file(struct keeper *k)
{
	const struct keep *keep = k->keep;
	int flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_APPEND;

	if (keep->output != KEEP_OUTPUT_FILE)
		return 0;
	k->file = open(keep->file, flags | (keep->replace ? O_TRUNC : O_EXCL), 0600);
	return k->file < 0 ? errno : 0;
}

/* --- ends --- */

static void note_usage(struct keep *keep)
{
	struct rusage usage;

	if (getrusage(RUSAGE_CHILDREN, &usage) != 0)
		return;
	atomic_store(
		&keep->user_us, (int64_t)usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec);
	atomic_store(&keep->system_us,
		(int64_t)usage.ru_stime.tv_sec * 1000000 + usage.ru_stime.tv_usec);
	atomic_store(&keep->peak_rss_kb, usage.ru_maxrss);
}

static void note_first(struct keep *keep, int status)
{
	if (WIFSTOPPED(status)) {
		atomic_store(&keep->stopped_by, WSTOPSIG(status));
		return;
	}
	atomic_store(&keep->stopped_by, 0);
	if (WIFCONTINUED(status))
		return;
	atomic_store(&keep->ended_ns, crew_now());
	atomic_store(&keep->wait_status, status);
	atomic_store(&keep->state, KEEP_ENDED);
}

/* Whether a process of the program lives still: what has lost its parent is our child. */
static bool reap(struct keeper *k)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0) {
		if (pid == atomic_load(&k->keep->pid))
			note_first(k->keep, status);
		if (!WIFSTOPPED(status) && !WIFCONTINUED(status))
			note_usage(k->keep);
	}
	return pid == 0;
}

static void ask_to_end(struct keeper *k)
{
	if (k->kill_at)
		return;
	k->kill_at = crew_now() + KILL_AFTER;
	if (k->barrier >= 0)
		close(k->barrier);
	k->barrier = -1;
	offspring_signal(SIGTERM, NULL, 0);
	offspring_signal(SIGCONT, NULL, 0); /* one that is stopped would never see it */
}

/* --- the loop --- */

static void take_signals(struct keeper *k)
{
	struct signalfd_siginfo info;

	while (read(k->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		k->leaving |= info.ssi_signo == SIGTERM;
}

static void take_orders(struct keeper *k)
{
	uint64_t n;

	(void)!read(BOARD_FD_ORDERS, &n, sizeof(n));
	if (atomic_load(&k->keep->start))
		let_start(k);
	if (atomic_load(&k->keep->stop))
		ask_to_end(k);
}

static int look_within(const struct keeper *k)
{
	nsec left = k->kill_at ? k->kill_at - crew_now() : 0;

	if (!k->kill_at)
		return -1;
	return left > 0 ? (int)(left / NSEC_PER_MSEC) + 1 : KILL_AGAIN_MS;
}

static void wait_for_news(struct keeper *k, int within)
{
	struct pollfd fds[] = {
		{ .fd = BOARD_FD_LIFE, .events = POLLIN },
		{ .fd = BOARD_FD_LEASH, .events = POLLIN },
		{ .fd = BOARD_FD_ORDERS, .events = POLLIN },
		{ .fd = k->signals, .events = POLLIN },
		{ .fd = k->printed, .events = POLLIN },
	};

	if (poll(fds, ARRAY_LEN(fds), within) < 0)
		return;
	k->leaving |= fds[0].revents || fds[1].revents;
	if (fds[2].revents)
		take_orders(k);
	if (fds[3].revents)
		take_signals(k);
	if (fds[4].revents)
		take_printed(k);
}

/* Until the program and all its processes have ended, and then until taskscope is gone. */
static int run(struct keeper *k)
{
	bool lives = true;

	for (;;) {
		uint32_t before = atomic_load(&k->keep->state);

		wait_for_news(k, lives ? look_within(k) : -1);
		lives = lives && reap(k);
		if (!lives && k->leaving)
			return 0;
		if (k->leaving)
			ask_to_end(k);
		if (lives && k->kill_at && crew_now() >= k->kill_at)
			offspring_kill(NULL, 0);
		if (!lives) {
			while (take_printed(k))
				;
			atomic_store(&k->keep->state, KEEP_OVER);
		}
		if (atomic_load(&k->keep->state) != before)
			bell_ring(BOARD_FD_REPORTS);
	}
}

static void say(struct keep *keep, const char *what, int error)
{
	char why[140];

	snprintf(keep->board.note, sizeof(keep->board.note), "%.40s: %.115s", what,
		limit_error(error, why, sizeof(why)));
	atomic_fetch_add(&keep->board.note_serial, 1);
}

int keeper_run(struct keep *keep)
{
	struct keeper k = { .keep = keep, .printed = -1, .barrier = -1, .file = -1 };
	sigset_t set;

	prctl(PR_SET_NAME, "keeper");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	fcntl(BOARD_FD_LIFE, F_SETFD, FD_CLOEXEC);
	fcntl(BOARD_FD_LEASH, F_SETFD, FD_CLOEXEC);
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_SETMASK, &set, NULL);
	k.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (k.signals < 0 || keep->words == 0 || keep->words > WORDS_MOST)
		return BOARD_EXIT_SETUP;
	int error = open_file(&k);

	if (error)
		say(keep, "cannot write what it prints", error);
	else if (!board_await_go(&keep->board))
		return BOARD_EXIT_ALONE;
	else if ((error = fork_program(&k)))
		say(keep, "cannot start it: fork", error);
	if (error)
		return BOARD_EXIT_SETUP;
	atomic_store(&keep->board.ready, 1);
	bell_ring(BOARD_FD_REPORTS);
	return run(&k);
}
