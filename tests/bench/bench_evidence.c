/* SPDX-License-Identifier: MIT
 * What evidence costs: the matrix of what 32 tasks share, in CPU time of one reading; and the pages of a 64 MB arena of two
 * processes, in CPU time of the prober and of the reader at the rate of the screen.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "source.h"

#define PROCESSES 16
#define THREADS 16
#define ROUNDS 100
#define ARENA_MB 64
#define SECONDS 5

static double cpu_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void *rest(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static pid_t start(int threads)
{
	pthread_t thread;
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(60);
	for (int i = 1; i < threads; i++)
		pthread_create(&thread, NULL, rest, NULL);
	rest(NULL);
	_exit(0);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* --- the matrix --- */

/* One reading with a need less one without: what the need itself costs. */
static double cost_us(struct live *live, unsigned need, struct sample *sample)
{
	double with = 0, without = 0;

	for (int i = 0; i < ROUNDS; i++) {
		double before = cpu_us();

		live_set_needs(live, NEED_TASKS, NULL, 0);
		sample_clear(sample);
		live_read(live, nsec_monotonic(), sample);
		without += cpu_us() - before;
		before = cpu_us();
		/* A need that is new is served at once. */
		live_set_needs(live, NEED_TASKS | need, NULL, 0);
		sample_clear(sample);
		live_read(live, nsec_monotonic(), sample);
		with += cpu_us() - before;
	}
	return (with - without) / ROUNDS;
}

static void measure_readings(void)
{
	static const struct {
		const char *name;
		unsigned need;
	} needs[] = { { "who shares what", NEED_SHARING },
		{ "registers and wait channels", NEED_REGISTERS },
		{ "descriptor tables and places", NEED_FILES }, { "signal masks", NEED_SIGNALS } };
	struct live *live = live_create(&(struct source_options) { .root = NULL });
	struct target targets[PROCESSES + 1];
	struct sample sample = { 0 };

	for (int i = 0; i < PROCESSES; i++)
		targets[i] = (struct target) { start(1), SIDE_LEFT, (int16_t)i };
	targets[PROCESSES] = (struct target) { start(THREADS), SIDE_RIGHT, WORKER_HOST };
	usleep(100000);
	live_set_targets(live, targets, ARRAY_LEN(targets));
	printf("One reading of %d processes and %d threads (CPU time):\n", PROCESSES, THREADS);
	for (size_t i = 0; i < ARRAY_LEN(needs); i++)
		printf("  %-52s %8.2f ms\n", needs[i].name,
			cost_us(live, needs[i].need, &sample) / 1e3);
	for (size_t i = 0; i < ARRAY_LEN(targets); i++)
		end(targets[i].pid);
	live_destroy(live);
	sample_finish(&sample);
}

/* --- pages --- */

static void report(struct sample *sample, const pid_t *pids, uint64_t arena)
{
	for (int16_t side = 0; side < SIDES; side++) {
		struct crew_sample *crew = vec_push(&sample->crews);

		crew->side = side;
		crew->host = pids[side];
		crew->arena_low = arena;
		crew->arena_high = arena + ((uint64_t)ARENA_MB << 20);
	}
}

/* Every second page is written by the first: many runs of states, the worse case. */
static pid_t start_writer(char *arena, bool writes)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(60);
	for (size_t at = 0; writes && at < (size_t)ARENA_MB << 20; at += 8192)
		arena[at] = 2;
	rest(NULL);
	_exit(0);
}

static void measure_pages(void)
{
	char *arena = mmap(NULL, (size_t)ARENA_MB << 20, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct probe_area *area = probe_area_create();
	struct sample sample = { 0 };
	pid_t pids[SIDES], prober;
	struct target targets[SIDES];
	size_t rounds = 0, expected = 2 * ((size_t)ARENA_MB << 20) / (size_t)getpagesize();
	int64_t seen = 0, first_ns = 0;
	double own = 0, before;

	madvise(arena, (size_t)ARENA_MB << 20, MADV_NOHUGEPAGE);
	memset(arena, 1, (size_t)ARENA_MB << 20);
	prober = fork();
	if (prober == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(probe_run(area, NULL));
	}
	for (int16_t side = 0; side < SIDES; side++) {
		pids[side] = start_writer(arena, side == SIDE_LEFT);
		targets[side] = (struct target) { pids[side], side, WORKER_HOST };
	}
	struct live *live = live_create(&(struct source_options) { .area = area });
	live_set_targets(live, targets, SIDES);
	live_set_needs(live, NEED_TASKS | NEED_PAGES, NULL, 0);
	live_set_observer(live, &prober, 1);
	for (int i = -10; i < SECONDS * 10; i++) {
		usleep(100000);
		before = cpu_us();
		sample_clear(&sample);
		report(&sample, pids, (uint64_t)(uintptr_t)arena);
		live_read(live, nsec_monotonic(), &sample);
		if (i < 0) {
			first_ns = sample.observer.cpu_ns;
			continue;
		}
		own += cpu_us() - before;
		rounds += sample.pages.n && sample.pages.at[0].at_ns != seen;
		seen = sample.pages.n ? sample.pages.at[0].at_ns : seen;
	}
	if (sample.page_states.n != expected)
		abort();
	printf("Pages of %d MB in two processes, %zu pages, %.1f times a second:\n", ARENA_MB,
		expected, (double)rounds / SECONDS);
	printf("  %-52s %8.2f %% of a CPU\n", "prober",
		(double)(sample.observer.cpu_ns - first_ns) / 1e7 / SECONDS);
	printf("  %-52s %8.2f %% of a CPU\n", "reader, at ten samples a second",
		own / 1e4 / SECONDS);
	live_destroy(live);
	sample_finish(&sample);
	end(pids[0]);
	end(pids[1]);
	end(prober);
	probe_area_destroy(area);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	measure_readings();
	measure_pages();
	return 0;
}
