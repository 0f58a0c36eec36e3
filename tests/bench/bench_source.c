/* SPDX-License-Identifier: MIT
 * What a sample costs, in CPU time a task and a process: the source's own, beside opening, reading and closing the same
 * files each time, and beside libproc2 for the same targets. Ratios are of one run, so they compare on any machine.
 */
#include <fcntl.h>
#include <libproc2/pids.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "source.h"

#define THREADS 64
#define PROCESSES 16
#define ROUNDS 300
#define SLOW_ROUNDS 100
#define NAP_US 2000

static double cpu_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

/* --- targets --- */

static void *rest(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void *nap(void *unused)
{
	for (;;)
		usleep(NAP_US);
	return unused;
}

/* A process with that many threads, which lives for a minute at most. */
static pid_t start(int threads, void *(*life)(void *))
{
	pthread_t thread;
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(60);
	for (int i = 1; i < threads; i++)
		pthread_create(&thread, NULL, life, NULL);
	life(NULL);
	_exit(0);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* --- one task --- */

static void read_once(const char *path)
{
	char text[16384];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text)) < 0)
		abort();
	close(fd);
}

static double fast_lane_us(struct live *live, pid_t pid, struct sample *sample)
{
	double spent = 0;

	live_set_targets(live, &(struct target) { .pid = pid }, 1);
	for (int i = 0; i < ROUNDS; i++) {
		double before = cpu_us();

		sample_clear(sample);
		live_read(live, nsec_monotonic(), sample);
		if (i >= ROUNDS / 10) /* the first ones open the files and settle */
			spent += cpu_us() - before;
		usleep(NAP_US);
	}
	if (sample->tasks.n != THREADS)
		abort();
	return spent / (ROUNDS - ROUNDS / 10) / THREADS;
}

static double open_each_time_us(const struct sample *sample)
{
	static const char *const files[] = { "schedstat", "stat", "status" };
	const struct task_sample *task;
	char path[64];
	double before = cpu_us();

	for (int i = 0; i < ROUNDS / 10; i++)
		vec_each (task, &sample->tasks)
			for (size_t file = 0; file < ARRAY_LEN(files); file++) {
				snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", (int)task->pid,
					(int)task->tid, files[file]);
				read_once(path);
			}
	return (cpu_us() - before) / (ROUNDS / 10.0) / THREADS;
}

/* libproc2 with the nearest items it has; it has no switch counters, so it reads less than we do. */
static double libproc2_threads_us(pid_t pid)
{
	enum pids_item items[] = { PIDS_ID_PID, PIDS_ID_TGID, PIDS_STATE, PIDS_CMD, PIDS_TICS_ALL,
		PIDS_TICS_BEGAN, PIDS_FLT_MIN, PIDS_FLT_MAJ, PIDS_PROCESSOR, PIDS_NICE };
	struct pids_info *info = NULL;
	unsigned id = (unsigned)pid;
	double before;

	if (procps_pids_new(&info, items, ARRAY_LEN(items)) < 0)
		abort();
	before = cpu_us();
	for (int i = 0; i < ROUNDS / 10; i++)
		if (!procps_pids_select(info, &id, 1, PIDS_SELECT_PID_THREADS))
			abort();
	double spent = cpu_us() - before;
	procps_pids_unref(&info);
	return spent / (ROUNDS / 10.0) / THREADS;
}

/* --- one process --- */

/* The prober's CPU time for one round of all processes, as the source's own observer counts it. */
static double slow_lane_us(const struct target *targets)
{
	struct probe_area *area = probe_area_create();
	pid_t prober = fork();
	struct sample sample = { 0 };
	int64_t first_ns = 0, seen = UNKNOWN;
	int rounds = -SLOW_ROUNDS / 10;

	if (prober == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(probe_run(area, NULL));
	}
	struct live *live =
		live_create(&(struct source_options) { .slow_interval = 1, .area = area });
	live_set_targets(live, targets, PROCESSES);
	live_set_needs(live, NEED_PROCESSES, NULL, 0);
	live_set_observer(live, &prober, 1);
	while (rounds < SLOW_ROUNDS) {
		usleep(NAP_US);
		sample_clear(&sample);
		live_read(live, nsec_monotonic(), &sample);
		if (sample.slow_at_ns == seen)
			continue;
		seen = sample.slow_at_ns;
		if (rounds++ == 0)
			first_ns = sample.observer.cpu_ns;
	}
	if (sample.processes.n != PROCESSES)
		abort();
	double spent = (double)(sample.observer.cpu_ns - first_ns) / 1e3;
	live_destroy(live);
	sample_finish(&sample);
	end(prober);
	probe_area_destroy(area);
	return spent / SLOW_ROUNDS / PROCESSES;
}

static double open_each_process_us(const struct target *targets)
{
	static const char *const files[] = { "stat", "status", "smaps_rollup" };
	char path[64];
	double before = cpu_us();

	for (int round = 0; round < SLOW_ROUNDS; round++)
		for (int i = 0; i < PROCESSES; i++)
			for (size_t file = 0; file < ARRAY_LEN(files); file++) {
				snprintf(path, sizeof(path), "/proc/%d/%s", (int)targets[i].pid,
					files[file]);
				read_once(path);
			}
	return (cpu_us() - before) / SLOW_ROUNDS / PROCESSES;
}

static double libproc2_processes_us(const struct target *targets)
{
	enum pids_item items[] = { PIDS_ID_PID, PIDS_ID_PPID, PIDS_STATE, PIDS_CMD, PIDS_NLWP,
		PIDS_TICS_BEGAN, PIDS_FLT_MIN, PIDS_FLT_MAJ, PIDS_VM_SIZE, PIDS_SMAP_RSS,
		PIDS_SMAP_PSS, PIDS_SMAP_PRV_TOTAL };
	struct pids_info *info = NULL;
	unsigned ids[PROCESSES];
	double before;

	for (int i = 0; i < PROCESSES; i++)
		ids[i] = (unsigned)targets[i].pid;
	if (procps_pids_new(&info, items, ARRAY_LEN(items)) < 0)
		abort();
	before = cpu_us();
	for (int round = 0; round < SLOW_ROUNDS; round++)
		if (!procps_pids_select(info, ids, PROCESSES, PIDS_SELECT_PID))
			abort();
	double spent = cpu_us() - before;
	procps_pids_unref(&info);
	return spent / SLOW_ROUNDS / PROCESSES;
}

/* --- the table --- */

static void print_row(const char *what, double us, double ours)
{
	printf("  %-52s %8.2f us  %5.2f x ours\n", what, us, us / ours);
}

static void compare_tasks(void)
{
	struct live *live = live_create(&(struct source_options) { .root = NULL });
	struct sample sample = { 0 };
	pid_t still = start(THREADS, rest), busy = start(THREADS, nap);
	double ours_still, ours_busy;

	usleep(200000); /* the threads start */
	ours_busy = fast_lane_us(live, busy, &sample);
	ours_still = fast_lane_us(live, still, &sample);
	printf("One task of a process with %d (CPU time):\n", THREADS);
	print_row("ours, no task ran since the last tick", ours_still, ours_busy);
	print_row("ours, every task ran", ours_busy, ours_busy);
	print_row(
		"open, read, close of the same three files", open_each_time_us(&sample), ours_busy);
	print_row("libproc2, the nearest it has (no switches)", libproc2_threads_us(still),
		ours_busy);
	end(still);
	end(busy);
	live_destroy(live);
	sample_finish(&sample);
}

static void compare_processes(void)
{
	struct target targets[PROCESSES];

	for (int i = 0; i < PROCESSES; i++)
		targets[i] = (struct target) { .pid = start(1, rest) };
	usleep(50000);
	double ours = slow_lane_us(targets);
	printf("One process of %d, memory totals included (CPU time):\n", PROCESSES);
	print_row("ours: libproc2 identity, smaps_rollup, status", ours, ours);
	print_row("open, read, close of stat, status, smaps_rollup", open_each_process_us(targets),
		ours);
	print_row("libproc2 alone, with SMAP items", libproc2_processes_us(targets), ours);
	for (int i = 0; i < PROCESSES; i++)
		end(targets[i].pid);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	compare_tasks();
	compare_processes();
	return 0;
}
