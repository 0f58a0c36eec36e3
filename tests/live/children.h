/* SPDX-License-Identifier: MIT
 * Children to look at, and a live source with its prober to look with: shared by the live tests of the source.
 */
#ifndef TASKSCOPE_TESTS_LIVE_CHILDREN_H
#define TASKSCOPE_TESTS_LIVE_CHILDREN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "source.h"

/* --- children --- */

static inline void pause_for_ever(void)
{
	for (;;)
		pause();
}

static inline void spin_for_ever(void)
{
	volatile unsigned long turns = 0;

	for (;;)
		turns++;
}

static inline void nap_for_ever(void)
{
	for (;;)
		usleep(2000);
}

/* Starts a child that dies with us, whatever happens to us, and after half a minute. */
static inline pid_t start(void (*life)(void))
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(30);
	life();
	_exit(0);
}

static inline void end(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static inline char state_of(pid_t pid)
{
	struct stat_fields stat = { .state = '?' };
	char path[64], text[1024];
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	int fd = open(path, O_RDONLY);
	ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof(text));

	if (fd >= 0)
		close(fd);
	if (len > 0)
		parse_stat(text, (size_t)len, &stat);
	return stat.state;
}

static inline void await_state(pid_t pid, char state)
{
	for (int i = 0; i < 5000 && state_of(pid) != state; i++)
		usleep(1000);
	assert_int_equal(state_of(pid), state);
}

static inline struct status_fields status_of(pid_t pid, pid_t tid)
{
	struct status_fields status = { .voluntary = UNKNOWN, .involuntary = UNKNOWN };
	char path[64], text[8192];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", (int)pid, (int)tid);
	int fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	len = read(fd, text, sizeof(text));
	close(fd);
	assert_int_equal(parse_status(text, (size_t)len, &status), 0);
	return status;
}

static inline size_t open_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* --- the source under test, with a prober if asked --- */

struct fixture {
	struct live *live;
	struct probe_area *area;
	struct sample sample;
	pid_t prober;
};

static inline pid_t start_prober(struct probe_area *area)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	_exit(probe_run(area, NULL));
}

static inline struct fixture open_source(bool prober)
{
	struct fixture f = { .prober = 0 };

	if (prober) {
		f.area = probe_area_create();
		assert_non_null(f.area);
		f.prober = start_prober(f.area);
	}
	f.live = live_create(
		&(struct source_options) { .slow_interval = 50 * NSEC_PER_MSEC, .area = f.area });
	return f;
}

static inline void close_source(struct fixture *f)
{
	live_destroy(f->live);
	sample_finish(&f->sample);
	if (f->prober)
		end(f->prober);
	probe_area_destroy(f->area);
}

static inline void read_now(struct fixture *f)
{
	sample_clear(&f->sample);
	live_read(f->live, nsec_monotonic(), &f->sample);
}

static inline void watch(struct fixture *f, pid_t pid)
{
	live_set_targets(
		f->live, &(struct target) { .pid = pid, .side = SIDE_RIGHT, .worker = 3 }, 1);
}

static inline const struct task_sample *find_task(const struct fixture *f, pid_t tid)
{
	const struct task_sample *task;

	vec_each (task, &f->sample.tasks)
		if (task->tid == tid)
			return task;
	return NULL;
}

static inline const struct process_sample *find_process(const struct fixture *f, pid_t pid)
{
	const struct process_sample *row;

	vec_each (row, &f->sample.processes)
		if (row->pid == pid)
			return row;
	return NULL;
}

static inline const struct gap_sample *find_gap(const struct fixture *f, pid_t pid, const char *what)
{
	const struct gap_sample *gap;

	vec_each (gap, &f->sample.gaps)
		if (gap->pid == pid && !strcmp(gap->what, what))
			return gap;
	return NULL;
}

/* Reads until the prober has told of the process (with its resident set, if asked). */
static inline const struct process_sample *await_process(struct fixture *f, pid_t pid, bool sizes)
{
	for (int i = 0; i < 500; i++) {
		const struct process_sample *row;

		read_now(f);
		row = find_process(f, pid);
		if (row && (!sizes || row->rss_kb != UNKNOWN))
			return row;
		usleep(10000);
	}
	fail_msg("the prober does not tell of %d", (int)pid);
	return NULL;
}

#endif
