/* SPDX-License-Identifier: MIT
 * What tests that run real crews share: conditions that are awaited, never slept for, and samples of a crew.
 */
#ifndef TASKSCOPE_LIVE_KIT_H
#define TASKSCOPE_LIVE_KIT_H

#include <dirent.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crew.h"

/* Everything is faster than this by far, also where other loads leave a crew that gives way 1.5 % of a CPU. */
#define PATIENCE (120 * NSEC_PER_SEC)

/* Waits until a condition holds, taking in what happens to the crews; fails the test after PATIENCE. */
#define await(crews, sample, condition)                                                            \
	do {                                                                                       \
		nsec until_ = nsec_monotonic() + PATIENCE;                                         \
		kit_look(crews, sample);                                                           \
		while (!(condition)) {                                                             \
			if (nsec_monotonic() > until_)                                             \
				fail_msg("in vain: %s", #condition);                               \
			kit_look(crews, sample);                                                   \
		}                                                                                  \
	} while (0)

/* Waits for news, 5 ms at most, and takes a sample of the crews. */
static inline void kit_look(struct crews *crews, struct sample *sample)
{
	struct pollfd fd = { .fd = crews_fd(crews), .events = POLLIN };

	poll(&fd, 1, 5);
	crews_dispatch(crews);
	sample_clear(sample);
	crews_report(crews, sample);
}

static inline struct crew_sample *kit_crew(struct sample *sample, enum side side)
{
	struct crew_sample *c;

	vec_each (c, &sample->crews)
		if (c->side == (int16_t)side)
			return c;
	fail_msg("no crew on side %d", (int)side);
	return NULL;
}

static inline struct worker_sample *kit_worker(struct sample *sample, enum side side, int index)
{
	struct worker_sample *w;

	vec_each (w, &sample->workers)
		if (w->side == (int16_t)side && w->index == index)
			return w;
	return NULL;
}

/* One field of /proc/PID/status as a number, -1 if there is none; what == "State" gives the letter. */
static inline int kit_status(int32_t pid, int32_t tid, const char *what)
{
	char path[64], line[256];
	int value = -1;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", pid, tid);
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file)) {
		size_t n = strlen(what);

		if (strncmp(line, what, n) == 0 && line[n] == ':') {
			char *at = line + n + 1 + strspn(line + n + 1, " \t");

			value = at[0] >= 'A' ? at[0] : atoi(at);
		}
	}
	if (file)
		fclose(file);
	return value;
}

/* --- tests of which each begins with the crews that the one before left --- */

struct crew_fixture {
	struct crews *crews;
	struct sample sample;
	const char *worker;
};

static inline struct worker_sample *fixture_worker(
	struct crew_fixture *f, enum side side, int index)
{
	struct worker_sample *w = kit_worker(&f->sample, side, index);

	if (!w)
		fail_msg("no worker %d on side %d", index, (int)side);
	return w;
}

struct crew_tests {
	struct crew_fixture f;
	int (*run)(struct crew_fixture *f);
};

static inline int crew_tests_run(void *context, struct crews *crews)
{
	struct crew_tests *tests = context;

	tests->f.crews = crews;
	int failed = tests->run(&tests->f);

	sample_finish(&tests->f.sample);
	return failed;
}

/* Runs all tests as the screen of a supervisor, on the crew's program of argv[1]; main's status. */
static inline int crew_tests_main(int argc, char **argv, int (*run)(struct crew_fixture *f))
{
	struct crew_tests tests = { .f.worker = argc > 1 ? argv[1] : NULL, .run = run };
	const struct supervise_options options = { .screen = crew_tests_run,
		.context = &tests,
		.with_crews = true,
		.worker_path = tests.f.worker };

	return supervise(&options);
}

/* The threads that /proc shows of a process; 0 if there is none. */
static inline int kit_count_tasks(int32_t pid)
{
	char path[64];
	int n = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	DIR *dir = opendir(path);

	for (struct dirent *e; dir && (e = readdir(dir));)
		n += e->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return n;
}

#endif
