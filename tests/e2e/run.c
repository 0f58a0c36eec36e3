/* SPDX-License-Identifier: MIT
 * Runs without a terminal: in a session of its own, both outputs caught, bounded in time.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

#define OUTPUT_MAX (64u << 20)

static _Noreturn void child(const struct run_options *options, int out, int err)
{
	setsid(); /* no controlling terminal, as in CI */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	int null = open("/dev/null", O_RDONLY);
	dup2(null, 0);
	dup2(err, 2);
	if (!options->stdout_path)
		dup2(out, 1);
	else if (!*options->stdout_path)
		close(1);
	else if (dup2(open(options->stdout_path, O_WRONLY), 1) < 0)
		_exit(123);
	child_environment(options->env);
	if (options->prepare && options->prepare())
		_exit(122);
	execv(options->argv[0], (char *const *)options->argv);
	fprintf(stderr, "%s: %s\n", options->argv[0], strerror(errno));
	_exit(127);
}

/* Takes what there is; false at the end. */
static bool take(int fd, struct buf *buf)
{
	char bytes[16384];
	ssize_t n = read(fd, bytes, sizeof(bytes));
	if (n > 0 && buf->len < OUTPUT_MAX)
		buf_add(buf, bytes, (size_t)n);
	return n > 0;
}

/* Until the child ended and its outputs are read; false when the time is over. */
static bool watch(struct run *run, int pidfd, int out, int err, nsec until)
{
	struct pollfd fds[] = { { .fd = out, .events = POLLIN }, { .fd = err, .events = POLLIN },
		{ .fd = pidfd, .events = POLLIN } };
	while (fds[0].fd >= 0 || fds[1].fd >= 0 || fds[2].fd >= 0) {
		nsec left = until - nsec_monotonic();
		if (left <= 0 || poll(fds, 3, (int)(left / NSEC_PER_MSEC) + 1) < 0)
			return false;
		if (fds[0].revents && !take(out, &run->out))
			fds[0].fd = -1;
		if (fds[1].revents && !take(err, &run->err))
			fds[1].fd = -1;
		if (fds[2].revents)
			fds[2].fd = -1;
	}
	return true;
}

void run(const struct run_options *options, struct run *ret)
{
	int out[2], err[2], status = 0;

	*ret = (struct run) { 0 };
	buf_adds(&ret->out, "");
	buf_adds(&ret->err, "");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	fflush(NULL);
	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		fail_msg("no pipe: %s", strerror(errno));
	nsec start = nsec_monotonic();
	pid_t pid = fork();
	if (pid == 0)
		child(options, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	int ms = options->timeout_ms ? options->timeout_ms : 20000;
	bool in_time = watch(ret, pidfd, out[0], err[0], start + ms * NSEC_PER_MSEC);
	if (!in_time)
		kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	ret->duration = nsec_monotonic() - start;
	ret->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	if (!in_time)
		ret->status = -1;
	close(pidfd);
	close(out[0]);
	close(err[0]);
}

struct one_of_many {
	pthread_t thread; /* waits for it, for PR_SET_PDEATHSIG is of the thread that forked */
	const struct run_options *options;
	struct run *run;
};

static void *run_one(void *context)
{
	struct one_of_many *one = context;

	run(one->options, one->run);
	return NULL;
}

void run_together(const struct run_options *options, size_t n, struct run *ret)
{
	struct one_of_many *many = xcalloc(n, sizeof(*many));

	for (size_t i = 0; i < n; i++) {
		many[i].options = &options[i];
		many[i].run = &ret[i];
		if (pthread_create(&many[i].thread, NULL, run_one, &many[i]) != 0)
			fail_msg("no thread to run it");
	}
	for (size_t i = 0; i < n; i++)
		pthread_join(many[i].thread, NULL);
	free(many);
}

void run_finish(struct run *run)
{
	buf_finish(&run->out);
	buf_finish(&run->err);
}

static void show(const struct run *run)
{
	fprintf(stderr, "--- status %d after %.2f s; output:\n%.4000s\n--- errors:\n%.4000s\n---\n",
		run->status, (double)run->duration / NSEC_PER_SEC, run->out.text, run->err.text);
}

void run_assert_status(const struct run *run, int status)
{
	if (run->status != status)
		show(run);
	assert_int_equal(run->status, status);
}

void run_assert_says(const struct run *run, const char *text)
{
	if (strstr(run->out.text, text) || strstr(run->err.text, text))
		return;
	show(run);
	fail_msg("neither output says '%s'", text);
}
