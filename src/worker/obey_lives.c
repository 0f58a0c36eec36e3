/* SPDX-License-Identifier: MIT
 * Carries out the orders about the lives of processes: a shell's pipeline, the states that a process walks through, a daemon,
 * and signals that end.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"
#include "raw.h"

/* --- a pipeline, as a shell makes it --- */

#define OUTLIVES (300 * NSEC_PER_MSEC) /* how long to look whether the reader still waits */

struct pipeline {
	int gate[2], pipe[2], out[2]; /* into the first, between both, out of the second */
	pid_t first, second;
};

/* The name of the program that a process runs, by the kernel. */
static void program_of(pid_t pid, char name[64])
{
	char path[40], link[256];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	ssize_t n = readlink(path, link, sizeof(link) - 1);
	link[MAX(n, 0)] = '\0';
	const char *slash = strrchr(link, '/');

	snprintf(name, 64, "%.63s", slash ? slash + 1 : link);
}

/* The first: sh -c 'read line; echo $$'. It waits until its program before exec was looked at. */
/* code: pipeline */
static void be_first(const struct pipeline *line)
{
	char byte;

	dup2(line->gate[0], STDIN_FILENO);
	dup2(line->pipe[1], STDOUT_FILENO);
	if (read(STDIN_FILENO, &byte, 1) == 1)
		execl("/bin/sh", "sh", "-c", "read line; echo $$", (char *)NULL);
	_exit(127);
}
/* end of code */

static void be_second(const struct pipeline *line)
{
	dup2(line->pipe[0], STDIN_FILENO);
	dup2(line->out[1], STDOUT_FILENO);
	execl("/bin/cat", "cat", (char *)NULL);
	execl("/usr/bin/cat", "cat", (char *)NULL);
	_exit(127);
}

static void close_both(int fds[2])
{
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	fds[0] = fds[1] = -1;
}

static void close_one(int *fd)
{
	close(*fd);
	*fd = -1;
}

static bool make_pipes(struct pipeline *line)
{
	*line = (struct pipeline) { { -1, -1 }, { -1, -1 }, { -1, -1 }, -1, -1 };
	return pipe2(line->gate, O_CLOEXEC) == 0 && pipe2(line->pipe, O_CLOEXEC) == 0 &&
	       pipe2(line->out, O_CLOEXEC) == 0;
}

/* Both children, and the shell's own ends of the pipe between them, which it must not keep. */
static int start_pipeline(struct pipeline *line, bool keep)
{
	line->first = fork_bound();
	if (line->first == 0)
		be_first(line);
	line->second = line->first > 0 ? fork_bound() : -1;
	if (line->second == 0)
		be_second(line);
	if (line->second < 0)
		return errno;
	close_one(&line->pipe[0]);
	if (!keep)
		close_one(&line->pipe[1]);
	close_one(&line->out[1]);
	return 0;
}

/* Lets the first exec, and waits until the kernel names another program for the same PID. */
static int see_exec(const struct pipeline *line, char before[64], char after[64])
{
	nsec until = crew_now() + COMES_SOON;

	program_of(line->first, before);
	snprintf(after, 64, "%s", before);
	if (write(line->gate[1], "g", 1) != 1)
		return errno;
	while (strcmp(before, after) == 0 && crew_now() < until) {
		nap(NSEC_PER_MSEC);
		program_of(line->first, after);
	}
	return strcmp(before, after) != 0 ? 0 : ETIMEDOUT;
}

/* The time that the second lives on after the first has ended, at most OUTLIVES. */
static int64_t outlive(struct pipeline *line)
{
	nsec since;

	(void)!write(line->gate[1], "\n", 1);
	waitpid(line->first, NULL, 0);
	line->first = -1;
	since = crew_now();
	while (waitpid(line->second, NULL, WNOHANG) == 0) {
		if (crew_now() - since >= OUTLIVES)
			return OUTLIVES / NSEC_PER_MSEC;
		nap(NSEC_PER_MSEC);
	}
	line->second = -1;
	return (crew_now() - since) / NSEC_PER_MSEC;
}

int obey_pipeline(struct work *work, int64_t argument, char *said)
{
	struct pipeline line;
	char before[64] = "", after[64] = "", own[16] = "";
	bool keep = argument == 2;

	work->leave = true;
	int error = make_pipes(&line) ? start_pipeline(&line, keep) : errno;
	pid_t pid = line.first;
	if (!error)
		error = see_exec(&line, before, after);
	int64_t longer = error ? 0 : outlive(&line);
	if (keep && line.pipe[1] >= 0)
		close_one(&line.pipe[1]);
	if (line.second > 0 && !error)
		waitpid(line.second, NULL, 0);
	else if (line.second > 0)
		end_process(line.second);
	if (line.first > 0)
		end_process(line.first);
	if (!error && read(line.out[0], own, sizeof(own) - 1) <= 0)
		error = EPIPE;
	close_both(line.gate);
	close_both(line.pipe);
	close_both(line.out);
	if (!error)
		set_result(said, "%.20s %d, then %.10s %ld; cat lived %ld ms longer", before, pid,
			after, strtol(own, NULL, 10), (long)longer);
	return error;
}

/* --- states --- */

enum walk_step { WALK_RUN, WALK_SLEEP, WALK_VFORK, WALK_STOP };

static void await_step(_Atomic uint32_t *step, enum walk_step wanted)
{
	for (uint32_t seen; (seen = atomic_load(step)) < (uint32_t)wanted;)
		futex_wait(step, seen, LOOK_EVERY);
}

/* Stands on its parent's stack until it ends, so it makes raw calls alone. */
static void keep_parent_waiting(_Atomic uint32_t *step, pid_t parent)
{
	struct timespec moment = { .tv_nsec = NSEC_PER_MSEC };
	pid_t pid = vfork();

	if (pid != 0)
		return;
	raw_call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	while (atomic_load(step) < WALK_STOP && raw_call(SYS_getppid, 0, 0, 0, 0, 0) == parent)
		raw_call(SYS_nanosleep, (long)&moment, 0, 0, 0, 0);
	_exit(0);
}

/* code: states */
static void walk(_Atomic uint32_t *step)
{
	while (atomic_load(step) == WALK_RUN)
		__asm__ volatile("");
	await_step(step, WALK_VFORK);
	keep_parent_waiting(step, getpid());
	for (;;)
		pause();
}
/* end of code */

/* Whether the kernel says so within some time; else '-'. */
static char await_state(pid_t pid, char wanted)
{
	nsec until = crew_now() + COMES_SOON;

	while (process_state(pid, NULL) != wanted) {
		if (crew_now() > until)
			return '-';
		nap(NSEC_PER_MSEC);
	}
	return wanted;
}

static void next_step(_Atomic uint32_t *step, enum walk_step to)
{
	atomic_store(step, (uint32_t)to);
	futex_wake(step, 1);
}

int obey_states(struct work *work, int64_t argument, char *said)
{
	_Atomic uint32_t *step = share_memory(sizeof(*step));
	char seen[5];

	work->leave = true;
	if (!step)
		return ENOMEM;
	pid_t pid = fork_bound();

	if (pid == 0)
		walk(step);
	int error = pid < 0 ? errno : 0;

	if (!error) {
		seen[0] = await_state(pid, 'R');
		next_step(step, WALK_SLEEP);
		seen[1] = await_state(pid, 'S');
		next_step(step, WALK_VFORK);
		seen[2] = await_state(pid, 'D');
		next_step(step, WALK_STOP);
		kill(pid, SIGSTOP);
		seen[3] = await_state(pid, 'T');
		kill(pid, SIGKILL);
		seen[4] = await_state(pid, 'Z');
		waitpid(pid, NULL, 0);
		set_result(said, "%c %c %c %c %c, then %s", seen[0], seen[1], seen[2], seen[3],
			seen[4], process_state(pid, NULL) == '?' ? "gone" : "still there");
	}
	munmap(step, sizeof(*step));
	return error;
}

/* --- a daemon --- */

struct daemon_report {
	_Atomic uint32_t done; /* a futex */
	pid_t pid, session, parent;
};

/* The second fork's child, which is no session leader, so no terminal can become its own. */
static void be_daemon(struct daemon_report *report, pid_t starter)
{
	nsec until = crew_now() + COMES_SOON;

	alarm(LIVES_FOR);
	while (getppid() == starter && crew_now() < until)
		nap(NSEC_PER_MSEC);
	report->pid = getpid();
	report->session = getsid(0);
	report->parent = getppid();
	atomic_store(&report->done, 1);
	futex_wake(&report->done, 1);
	_exit(0);
}

int obey_daemon(struct work *work, int64_t argument, char *said)
{
	struct daemon_report *report = share_memory(sizeof(*report));
	nsec until = crew_now() + 2 * COMES_SOON;

	work->leave = true;
	if (!report)
		return ENOMEM;
	pid_t pid = fork_bound();

	if (pid == 0) {
		/* code: daemon */
		pid_t starter = getpid();

		setsid();
		if (fork() == 0)
			be_daemon(report, starter);
		_exit(0);
		/* end of code */
	}
	int error = pid < 0 ? errno : 0;

	if (pid > 0)
		waitpid(pid, NULL, 0);
	while (!error && !atomic_load(&report->done) && crew_now() < until)
		futex_wait(&report->done, 0, LOOK_EVERY);
	if (!error && !atomic_load(&report->done))
		error = ETIMEDOUT;
	if (!error)
		set_result(said, "PID %d: session %d, before %d; parent %d, before %d", report->pid,
			report->session, getsid(0), report->parent, pid);
	munmap(report, sizeof(*report));
	return error;
}

/* --- signals that end --- */

static _Atomic uint32_t *asked_to_end; /* by SIGTERM: how often its handler ran */

static void note_request(int signal)
{
	atomic_fetch_add(asked_to_end, 1);
}

int obey_terminate(struct work *work, int64_t argument, char *said)
{
	_Atomic uint32_t *handled = share_memory(sizeof(*handled) * 2), *ready = handled + 1;
	struct sigaction action = { .sa_handler = note_request };
	nsec until = crew_now() + COMES_SOON;
	int status = 0;

	work->leave = true;
	if (!handled)
		return ENOMEM;
	pid_t pid = fork_bound();

	if (pid == 0) {
		asked_to_end = handled;
		/* code: terminate */
		sigaction(SIGTERM, &action, NULL);
		atomic_store(ready, sigaction(SIGKILL, &action, NULL) == 0 ? 2 : 1);
		for (;;)
			pause();
		/* end of code */
	}
	int error = pid < 0 ? errno : 0;

	while (!error && !atomic_load(ready) && crew_now() < until)
		nap(NSEC_PER_MSEC);
	if (!error)
		kill(pid, SIGTERM);
	while (!error && !atomic_load(handled) && crew_now() < until)
		nap(NSEC_PER_MSEC);
	bool lives = !error && waitpid(pid, &status, WNOHANG) == 0;

	if (lives)
		kill(pid, SIGKILL);
	if (lives)
		waitpid(pid, &status, 0);
	if (!error)
		set_result(said, "SIGTERM: %u handler ran; SIGKILL: ended by %d, a handler %s",
			atomic_load(handled), WIFSIGNALED(status) ? WTERMSIG(status) : 0,
			atomic_load(ready) == 1 ? "is refused" : "was taken");
	munmap((void *)handled, sizeof(*handled) * 2);
	return error;
}
