/* SPDX-License-Identifier: MIT
 * Two real crews, ordered about: the tests are the screen of a supervisor. What a crew reports is held against /proc.
 */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kit.h"

static struct crew_sample *crew(struct crew_fixture *f, enum side side)
{
	return kit_crew(&f->sample, side);
}

static void start(struct crew_fixture *f, enum side side, int workers, int job)
{
	struct crew_plan plan = { .kind = side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS,
		.workers = workers,
		.job = job,
		.cpu = -1 };

	assert_int_equal(crew_start(f->crews, side, &plan), 0);
	assert_int_equal(crew_await(f->crews, side, PATIENCE, -1), 0);
	kit_look(f->crews, &f->sample);
	assert_string_equal(crew(f, side)->note, "");
	assert_int_equal(crew(f, side)->state, CREW_RUNNING);
	assert_int_equal(crew(f, side)->alive, workers);
}

static void start_both(struct crew_fixture *f, int workers, int job)
{
	start(f, SIDE_LEFT, workers, job);
	start(f, SIDE_RIGHT, workers, job);
}

static void workers_are_what_proc_says(void **state)
{
	struct crew_fixture *f = *state;

	start_both(f, 4, JOB_MIXED);
	int32_t left = crew(f, SIDE_LEFT)->host, right = crew(f, SIDE_RIGHT)->host;

	assert_int_equal(kit_count_tasks(left), 1);
	assert_int_equal(kit_count_tasks(right), 5);
	for (int i = 0; i < 4; i++) {
		struct worker_sample *p = fixture_worker(f, SIDE_LEFT, i),
				     *t = fixture_worker(f, SIDE_RIGHT, i);

		assert_int_equal(p->pid, p->tid);
		assert_int_equal(kit_status(p->pid, p->tid, "PPid"), left);
		assert_int_equal(kit_status(p->pid, p->tid, "NoNewPrivs"), 1);
		assert_int_equal(kit_status(p->pid, p->tid, "Seccomp"), 2);
		assert_int_equal(t->pid, right);
		assert_int_equal(kit_status(t->pid, t->tid, "Tgid"), right);
		assert_int_equal(kit_status(t->pid, t->tid, "Seccomp"), 2);
		assert_int_equal(crews_worker_of(f->crews, p->pid, p->tid), i);
		assert_int_equal(crews_worker_of(f->crews, t->pid, t->tid), i);
		assert_true(t->stack_high > t->stack_low);
	}
	assert_int_equal(crews_worker_of(f->crews, left, left), WORKER_HOST);
	assert_int_equal(crews_worker_of(f->crews, right, right), WORKER_HOST);
	assert_int_equal(crews_worker_of(f->crews, getpid(), getpid()), WORKER_NONE);
}

/* What servers are: processes of several threads each. A crash ends one of them, with its threads alone. */
static void a_process_has_threads_of_its_own(void **state)
{
	struct crew_fixture *f = *state;
	const struct crew_plan plan = { .workers = 6, .team = 3, .job = JOB_SLEEP, .cpu = -1 };

	assert_int_equal(crew_start(f->crews, SIDE_LEFT, &plan), 0);
	assert_int_equal(crew_await(f->crews, SIDE_LEFT, PATIENCE, -1), 0);
	await(f->crews, &f->sample, crew(f, SIDE_LEFT)->alive == 6);
	for (int i = 0; i < 6; i++) {
		struct worker_sample *w = fixture_worker(f, SIDE_LEFT, i),
				     *first = fixture_worker(f, SIDE_LEFT, i / 3 * 3);

		assert_int_equal(w->pid, first->tid);
		assert_true((w->tid == w->pid) == (i % 3 == 0));
		assert_int_equal(kit_status(w->pid, w->tid, "Seccomp"), 2);
		assert_int_equal(crews_worker_of(f->crews, w->pid, w->tid), i);
		assert_true((w->stack_high == first->stack_high) == (w == first));
	}
	assert_int_equal(crew_remove(f->crews, SIDE_LEFT, 5), 0);
	await(f->crews, &f->sample, fixture_worker(f, SIDE_LEFT, 5)->phase == WORKER_ENDED);
	assert_int_equal(crew_crash(f->crews, SIDE_LEFT, 1), 0);
	await(f->crews, &f->sample, crew(f, SIDE_LEFT)->alive == 2);
	for (int i = 0; i < 3; i++)
		assert_int_equal(WTERMSIG(fixture_worker(f, SIDE_LEFT, i)->wait_status), SIGSEGV);
	assert_int_equal(crew_signal(f->crews, SIDE_LEFT, 4, SIGKILL), 0);
	await(f->crews, &f->sample, crew(f, SIDE_LEFT)->alive == 0);
}

struct seen {
	int calls;
	int32_t host[SIDES];
	int tasks[SIDES], children[SIDES];
};

static void look_at_host(void *context, enum side side, int32_t host)
{
	struct seen *seen = context;
	char path[64], line[16];

	seen->calls++;
	seen->host[side] = host;
	seen->tasks[side] = kit_count_tasks(host);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", host, host);
	FILE *file = fopen(path, "re");

	seen->children[side] = file && fgets(line, sizeof(line), file) ? 1 : 0;
	if (file)
		fclose(file);
}

static void a_host_has_no_worker_yet_when_it_is_shown(void **state)
{
	struct crew_fixture *f = *state;
	struct seen seen = { 0 };

	crews_on_host(f->crews, look_at_host, &seen);
	start_both(f, 3, JOB_SLEEP);
	crews_on_host(f->crews, NULL, NULL);
	assert_int_equal(seen.calls, 2);
	for (int side = 0; side < SIDES; side++) {
		assert_int_equal(seen.host[side], crew(f, (enum side)side)->host);
		assert_int_equal(seen.tasks[side], 1);
		assert_int_equal(seen.children[side], 0);
	}
}

static void stop_host(void *context, enum side side, int32_t host)
{
	*(int32_t *)context = host;
	kill(host, SIGSTOP);
}

/* A host that said hello and is not ready yet, as on a busy machine, is waited for without being looked at all the time. */
static void a_crew_that_starts_slowly_does_not_keep_us_awake(void **state)
{
	struct crew_fixture *f = *state;
	struct crew_plan plan = {
		.kind = KIND_PROCESSES, .workers = 2, .job = JOB_SLEEP, .cpu = -1
	};
	const nsec begin = nsec_monotonic();
	int32_t host = 0;
	int wakes = 0;

	crews_on_host(f->crews, stop_host, &host);
	assert_int_equal(crew_start(f->crews, SIDE_LEFT, &plan), 0);
	while (!host || nsec_monotonic() - begin < 3 * NSEC_PER_SEC) {
		struct pollfd fd = { crews_fd(f->crews), POLLIN, 0 };

		assert_true(nsec_monotonic() - begin < PATIENCE);
		if (poll(&fd, 1, 100) > 0 && host)
			wakes++;
		crews_dispatch(f->crews);
	}
	crews_on_host(f->crews, NULL, NULL);
	kill(host, SIGCONT);
	assert_in_range(wakes, 0, 20);
	assert_int_equal(crew_await(f->crews, SIDE_LEFT, PATIENCE, -1), 0);
}

static bool all_advanced(struct crew_fixture *f, const int64_t *before)
{
	bool all = true;

	for (int side = 0; side < SIDES; side++)
		for (int i = 0; i < 4; i++)
			all &= fixture_worker(f, (enum side)side, i)->rounds >
			       before[side * 4 + i] + 2;
	return all;
}

static void every_job_makes_progress_on_both_sides(void **state)
{
	struct crew_fixture *f = *state;
	int64_t before[8];

	start_both(f, 4, JOB_SLEEP);
	for (int job = 0; job <= JOBS; job++) {
		if (job_table[job].deadlocks)
			continue;
		for (int side = 0; side < SIDES; side++)
			assert_int_equal(crew_set_job(f->crews, (enum side)side, CREW_ALL, job), 0);
		for (int i = 0; i < 8; i++) {
			const char *name =
				job_table[job == JOB_MIXED ? (int)job_mixed((unsigned)i % 4) : job]
					.name;

			await(f->crews, &f->sample,
				strcmp(fixture_worker(f, (enum side)(i / 4), i % 4)->job, name) ==
					0);
			before[i] = fixture_worker(f, (enum side)(i / 4), i % 4)->rounds;
		}
		await(f->crews, &f->sample, all_advanced(f, before));
		assert_string_equal(crew(f, SIDE_LEFT)->job, job_table[job].name);
	}
}

static void a_lone_partner_waits_and_it_is_said(void **state)
{
	struct crew_fixture *f = *state;

	for (int side = 0; side < SIDES; side++) {
		start(f, (enum side)side, 2, JOB_SLEEP);
		assert_int_equal(crew_set_job(f->crews, (enum side)side, 1, JOB_PINGPONG), 0);
		await(f->crews, &f->sample,
			strncmp(crew(f, (enum side)side)->note, "w1 waits: pingpong", 18) == 0);
		int64_t rounds = fixture_worker(f, (enum side)side, 1)->rounds;

		/* The other joins in: both go on. */
		assert_int_equal(crew_set_job(f->crews, (enum side)side, 0, JOB_PINGPONG), 0);
		await(f->crews, &f->sample,
			fixture_worker(f, (enum side)side, 1)->rounds > rounds + 10);
		await(f->crews, &f->sample, crew(f, (enum side)side)->note[0] == '\0');
	}
}

/* An older process did not inherit the inbox of a younger one. */
static void a_pair_plays_of_old_and_young(void **state)
{
	struct crew_fixture *f = *state;

	for (int side = 0; side < SIDES; side++) {
		start(f, (enum side)side, 1, JOB_SLEEP);
		assert_int_equal(
			crew_set_job(f->crews, (enum side)side, CREW_ALL, JOB_PINGPONG), 0);
		assert_int_equal(crew_add(f->crews, (enum side)side), 0);
		await(f->crews, &f->sample,
			crew(f, (enum side)side)->alive == 2 &&
				fixture_worker(f, (enum side)side, 0)->rounds > 10 &&
				fixture_worker(f, (enum side)side, 1)->rounds > 10);
		await(f->crews, &f->sample, crew(f, (enum side)side)->note[0] == '\0');
	}
}

static int count_descriptors(int pid)
{
	char path[64];
	int n = 0;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	DIR *folder = opendir(path);

	assert_non_null(folder);
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
		n += entry->d_name[0] != '.';
	closedir(folder);
	return n;
}

/* What is shown must be small enough to be looked at: two for each worker, and what every host has. */
static void a_descriptor_table_is_as_large_as_its_crew(void **state)
{
	struct crew_fixture *f = *state;
	int few[SIDES];

	start_both(f, 1, JOB_SLEEP);
	for (int side = 0; side < SIDES; side++)
		few[side] = count_descriptors(crew(f, (enum side)side)->host);
	start_both(f, 4, JOB_SLEEP);
	for (int side = 0; side < SIDES; side++)
		assert_int_equal(
			count_descriptors(crew(f, (enum side)side)->host), few[side] + 2 * 3);
	/* The workers of a crew have equal tables, the first and the last. */
	assert_int_equal(count_descriptors(fixture_worker(f, SIDE_LEFT, 0)->pid),
		count_descriptors(fixture_worker(f, SIDE_LEFT, 3)->pid));
}

static void one_joins_and_one_leaves(void **state)
{
	struct crew_fixture *f = *state;

	for (int side = 0; side < SIDES; side++) {
		start(f, (enum side)side, 2, JOB_READ);
		assert_int_equal(crew_add(f->crews, (enum side)side), 0);
		await(f->crews, &f->sample, crew(f, (enum side)side)->alive == 3);
		assert_int_equal(crew(f, (enum side)side)->wanted, 3);
		await(f->crews, &f->sample, fixture_worker(f, (enum side)side, 2)->rounds > 2);
		assert_int_equal(crew_remove(f->crews, (enum side)side, 0), 0);
		await(f->crews, &f->sample,
			fixture_worker(f, (enum side)side, 0)->phase == WORKER_ENDED);
		assert_int_equal(fixture_worker(f, (enum side)side, 0)->wait_status, 0);
		assert_true(fixture_worker(f, (enum side)side, 0)->ended_ns > 0);
		assert_int_equal(crew_remove(f->crews, (enum side)side, CREW_ALL), 0);
		assert_int_equal(crew_remove(f->crews, (enum side)side, CREW_ALL), 0);
		await(f->crews, &f->sample, crew(f, (enum side)side)->alive == 0);
		assert_int_equal(crew_remove(f->crews, (enum side)side, CREW_ALL), -ESRCH);
		assert_int_equal(crew(f, (enum side)side)->state, CREW_RUNNING);
	}
	assert_int_equal(kit_count_tasks(crew(f, SIDE_RIGHT)->host), 1);
}

/* Orders of before may still be on their way. */
static void add_when_there_is_room(struct crew_fixture *f, enum side side)
{
	await(f->crews, &f->sample, crew_add(f->crews, side) != -EBUSY);
}

static void slots_outlast_many_joins(void **state)
{
	struct crew_fixture *f = *state;

	for (int side = 0; side < SIDES; side++) {
		start(f, (enum side)side, 1, JOB_SLEEP);
		for (int round = 0; round < 9; round++) {
			for (int i = 0; i < 40; i++)
				add_when_there_is_room(f, (enum side)side);
			await(f->crews, &f->sample,
				crew(f, (enum side)side)->alive == 41 ||
					crew(f, (enum side)side)->note[0]);
			assert_string_equal(crew(f, (enum side)side)->note, "");
			for (int i = 0; i < 40; i++)
				assert_int_equal(
					crew_remove(f->crews, (enum side)side, CREW_ALL), 0);
			await(f->crews, &f->sample, crew(f, (enum side)side)->alive == 1);
		}
		assert_true(f->sample.workers.n <= 2 * 64 + 4);
	}
}

static void a_mixed_task_takes_the_place_of_a_worker(void **state)
{
	struct crew_fixture *f = *state;

	for (enum side s = 0; s < SIDES; s++) {
		start(f, s, 3, JOB_SLEEP);
		int32_t host = crew(f, s)->host, before = fixture_worker(f, s, 1)->tid;

		assert_int_equal(crew_clone_in_place(f->crews, s, 1, CLONE_VM), -EBUSY);
		assert_int_equal(crew_clone_in_place(f->crews, s, 3, CLONE_VM), -ESRCH);
		assert_int_equal(crew_clone_in_place(f->crews, s, -1, CLONE_VM), -ESRCH);
		assert_int_equal(crew_clone_in_place(f->crews, s, 1, CLONE_THREAD), -EINVAL);
		assert_int_equal(crew_remove(f->crews, s, 1), 0);
		await(f->crews, &f->sample, fixture_worker(f, s, 1)->phase == WORKER_ENDED);
		assert_int_equal(crew_clone_in_place(f->crews, s, 1, CLONE_VM | CLONE_FS), 0);
		await(f->crews, &f->sample, fixture_worker(f, s, 1)->phase == WORKER_ALIVE);
		struct worker_sample *w = fixture_worker(f, s, 1);

		assert_true(w->tid != before && w->pid == w->tid && w->pid != host);
		assert_true(w->clone_flags == (CLONE_VM | CLONE_FS));
		assert_int_equal(kit_status(w->pid, w->tid, "Tgid"), w->pid);
		assert_int_equal(crew(f, s)->alive, 3);
		assert_int_equal(crew(f, s)->wanted, 3);
		/* It goes as any other, and its place is free again. */
		assert_int_equal(crew_remove(f->crews, s, 1), 0);
		await(f->crews, &f->sample, fixture_worker(f, s, 1)->phase == WORKER_ENDED);
		assert_int_equal(crew_clone_in_place(f->crews, s, 1, 0), 0);
		await(f->crews, &f->sample, fixture_worker(f, s, 1)->phase == WORKER_ALIVE);
	}
}

static void a_crash_of_a_process_leaves_the_others(void **state)
{
	struct crew_fixture *f = *state;

	start(f, SIDE_LEFT, 4, JOB_MIXED);
	assert_int_equal(crew_crash(f->crews, SIDE_LEFT, 2), 0);
	await(f->crews, &f->sample, fixture_worker(f, SIDE_LEFT, 2)->phase == WORKER_ENDED);
	struct worker_sample *dead = fixture_worker(f, SIDE_LEFT, 2);

	assert_true(WIFSIGNALED(dead->wait_status));
	assert_int_equal(WTERMSIG(dead->wait_status), SIGSEGV);
	assert_int_equal(dead->fault_signal, SIGSEGV);
	assert_int_equal(dead->fault_address, 0);
	assert_int_equal(crew(f, SIDE_LEFT)->state, CREW_RUNNING);
	assert_int_equal(crew(f, SIDE_LEFT)->culprit, WORKER_NONE);
	int64_t rounds = fixture_worker(f, SIDE_LEFT, 1)->rounds;

	await(f->crews, &f->sample, fixture_worker(f, SIDE_LEFT, 1)->rounds > rounds);
	assert_int_equal(crew(f, SIDE_LEFT)->alive, 3);
	assert_int_equal(crew_crash(f->crews, SIDE_LEFT, 2), -ESRCH);
}

static void a_crash_of_a_thread_ends_its_crew(void **state)
{
	struct crew_fixture *f = *state;

	for (int job = 0; job < JOBS; job++) {
		start(f, SIDE_RIGHT, 4, job);
		int32_t host = crew(f, SIDE_RIGHT)->host;

		assert_int_equal(crew_crash(f->crews, SIDE_RIGHT, 2), 0);
		await(f->crews, &f->sample, crew(f, SIDE_RIGHT)->state == CREW_ENDED);
		assert_int_equal(WTERMSIG(crew(f, SIDE_RIGHT)->wait_status), SIGSEGV);
		assert_int_equal(crew(f, SIDE_RIGHT)->culprit, 2);
		assert_int_equal(crew(f, SIDE_RIGHT)->alive, 0);
		assert_int_equal(crew(f, SIDE_RIGHT)->host, 0);
		for (int i = 0; i < 4; i++) {
			assert_int_equal(fixture_worker(f, SIDE_RIGHT, i)->phase, WORKER_ENDED);
			assert_int_equal(
				WTERMSIG(fixture_worker(f, SIDE_RIGHT, i)->wait_status), SIGSEGV);
			assert_int_equal(fixture_worker(f, SIDE_RIGHT, i)->fault_signal,
				i == 2 ? SIGSEGV : 0);
		}
		assert_int_equal(kit_count_tasks(host), 0);
	}
	assert_int_equal(crew_add(f->crews, SIDE_RIGHT), -ESRCH);
	start(f, SIDE_RIGHT, 3, JOB_SPIN);
	assert_int_equal(f->sample.workers.n - (size_t)crew(f, SIDE_LEFT)->alive - 1, 3);
}

static void a_kill_hits_a_process_or_all_threads(void **state)
{
	struct crew_fixture *f = *state;

	start_both(f, 3, JOB_LOCK);
	assert_int_equal(crew_signal(f->crews, SIDE_LEFT, 0, SIGKILL), 0);
	assert_int_equal(crew_signal(f->crews, SIDE_RIGHT, 1, SIGKILL), 0);
	await(f->crews, &f->sample, fixture_worker(f, SIDE_LEFT, 0)->phase == WORKER_ENDED);
	assert_int_equal(fixture_worker(f, SIDE_LEFT, 0)->wait_status, SIGKILL);
	await(f->crews, &f->sample, crew(f, SIDE_RIGHT)->state == CREW_ENDED);
	assert_int_equal(crew(f, SIDE_RIGHT)->wait_status, SIGKILL);
	assert_int_equal(crew(f, SIDE_RIGHT)->culprit, 1);
	int64_t rounds = fixture_worker(f, SIDE_LEFT, 1)->rounds;

	/* Even if it held the mutex: the mutex is robust. */
	await(f->crews, &f->sample, fixture_worker(f, SIDE_LEFT, 1)->rounds > rounds + 3);
}

static void a_stop_hits_a_process_or_all_threads(void **state)
{
	struct crew_fixture *f = *state;

	start_both(f, 3, JOB_SLEEP);
	struct worker_sample p0 = *fixture_worker(f, SIDE_LEFT, 0),
			     p1 = *fixture_worker(f, SIDE_LEFT, 1);
	struct worker_sample t0 = *fixture_worker(f, SIDE_RIGHT, 0),
			     t1 = *fixture_worker(f, SIDE_RIGHT, 1);

	assert_int_equal(crew_signal(f->crews, SIDE_LEFT, 0, SIGSTOP), 0);
	assert_int_equal(crew_signal(f->crews, SIDE_RIGHT, 0, SIGSTOP), 0);
	await(f->crews, &f->sample, kit_status(p0.pid, p0.tid, "State") == 'T');
	await(f->crews, &f->sample, kit_status(t1.pid, t1.tid, "State") == 'T');
	assert_int_equal(kit_status(t0.pid, t0.tid, "State"), 'T');
	assert_int_not_equal(kit_status(p1.pid, p1.tid, "State"), 'T');
	assert_int_equal(crew_signal(f->crews, SIDE_LEFT, 0, SIGCONT), 0);
	assert_int_equal(crew_signal(f->crews, SIDE_RIGHT, 1, SIGCONT), 0);
	await(f->crews, &f->sample, fixture_worker(f, SIDE_LEFT, 0)->rounds > p0.rounds + 3);
	await(f->crews, &f->sample, fixture_worker(f, SIDE_RIGHT, 0)->rounds > t0.rounds + 3);
	assert_int_equal(crew_signal(f->crews, SIDE_LEFT, 0, SIGUSR1), -EINVAL);
}

static void a_stopped_worker_can_be_removed(void **state)
{
	struct crew_fixture *f = *state;

	start(f, SIDE_LEFT, 2, JOB_SLEEP);
	assert_int_equal(crew_signal(f->crews, SIDE_LEFT, 1, SIGSTOP), 0);
	await(f->crews, &f->sample,
		kit_status(fixture_worker(f, SIDE_LEFT, 1)->pid,
			fixture_worker(f, SIDE_LEFT, 1)->tid, "State") == 'T');
	assert_int_equal(crew_remove(f->crews, SIDE_LEFT, 1), 0);
	await(f->crews, &f->sample, fixture_worker(f, SIDE_LEFT, 1)->phase == WORKER_ENDED);
	assert_int_equal(fixture_worker(f, SIDE_LEFT, 1)->wait_status, 0);
}

static int cpus_of(int32_t tid)
{
	cpu_set_t set;

	return sched_getaffinity(tid, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : -1;
}

static void pin_and_nice_reach_the_tasks(void **state)
{
	struct crew_fixture *f = *state;
	int free_cpus = cpus_of(0), cpu = sched_getcpu();
	/* All of this may run under nice, and an ordinary user can only go up from there. */
	int nice = getpriority(PRIO_PROCESS, 0), nicer = MIN(nice + 5, 19);

	for (int side = 0; side < SIDES; side++) {
		enum side s = (enum side)side;

		start(f, s, 2, JOB_SLEEP);
		assert_int_equal(crew_pin(f->crews, s, 0, cpu), 0);
		assert_int_equal(cpus_of(fixture_worker(f, s, 0)->tid), 1);
		assert_int_equal(cpus_of(fixture_worker(f, s, 1)->tid), free_cpus);
		assert_int_equal(crew_pin(f->crews, s, CREW_ALL, cpu), 0);
		assert_int_equal(crew_add(f->crews, s), 0);
		await(f->crews, &f->sample, crew(f, s)->alive == 3);
		assert_int_equal(cpus_of(fixture_worker(f, s, 2)->tid), 1);
		assert_int_equal(fixture_worker(f, s, 2)->cpu, cpu);
		assert_int_equal(crew_pin(f->crews, s, CREW_ALL, -1), 0);
		assert_int_equal(cpus_of(fixture_worker(f, s, 2)->tid), free_cpus);
		assert_int_equal(crew_pin(f->crews, s, 0, 100000), -EINVAL);
		assert_int_equal(crew_pin(f->crews, s, 0, -2), -EINVAL);
		assert_int_equal(crew_renice(f->crews, s, 1, nicer), 0);
		assert_int_equal(
			getpriority(PRIO_PROCESS, (id_t)fixture_worker(f, s, 1)->tid), nicer);
		assert_int_equal(
			getpriority(PRIO_PROCESS, (id_t)fixture_worker(f, s, 0)->tid), nice);
		assert_int_equal(crew_renice(f->crews, s, 1, 20), -EINVAL);
		assert_int_equal(crew_renice(f->crews, s, 99, 5), -ESRCH);
	}
}

static void mapping_of(int32_t pid, const char *name, char *line, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	FILE *file = fopen(path, "re");
	bool found = false;

	while (file && !found && fgets(line, (int)size, file))
		found = strstr(line, name) != NULL;
	if (file)
		fclose(file);
	assert_true(found);
	line[strcspn(line, " ")] = '\0';
}

static void addresses_compare_across_the_sides(void **state)
{
	struct crew_fixture *f = *state;
	static const char *const names[] = {
		"taskscope-crew",
		"[stack]",
		"libc",
		"taskscope-board",
#ifndef __SANITIZE_ADDRESS__ /* its heap is elsewhere */
		"[heap]",
#endif
	};

	start_both(f, 2, JOB_SLEEP);
	assert_int_equal(crew(f, SIDE_LEFT)->fixed_addresses, crew(f, SIDE_RIGHT)->fixed_addresses);
	for (size_t i = 0; crew(f, SIDE_LEFT)->fixed_addresses && i < ARRAY_LEN(names); i++) {
		char left[512], right[512];

		mapping_of(fixture_worker(f, SIDE_LEFT, 0)->pid, names[i], left, sizeof(left));
		mapping_of(crew(f, SIDE_RIGHT)->host, names[i], right, sizeof(right));
		assert_string_equal(left, right);
	}
}

static void a_host_holds_nothing_of_ours(void **state)
{
	struct crew_fixture *f = *state;
	char path[64], target[256];

	start(f, SIDE_LEFT, 1, JOB_SLEEP);
	int32_t host = crew(f, SIDE_LEFT)->host;

	for (int fd = 0; fd <= 2; fd++) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", host, fd);
		ssize_t n = readlink(path, target, sizeof(target) - 1);

		assert_true(n > 0);
		target[n] = '\0';
		assert_string_equal(target, "/dev/null");
	}
	assert_int_equal(getsid(host), host);
	assert_int_equal(getsid(fixture_worker(f, SIDE_LEFT, 0)->pid), host);
}

static void start_again_replaces_a_crew(void **state)
{
	struct crew_fixture *f = *state;

	start(f, SIDE_LEFT, 3, JOB_SPIN);
	int32_t old = crew(f, SIDE_LEFT)->host;

	start(f, SIDE_LEFT, 5, JOB_SLEEP);
	assert_int_not_equal(crew(f, SIDE_LEFT)->host, old);
	assert_int_equal(kit_count_tasks(old), 0);
	assert_int_equal(crew_stop(f->crews, SIDE_LEFT), 0);
	old = crew(f, SIDE_LEFT)->host;
	await(f->crews, &f->sample,
		crew(f, SIDE_LEFT)->state == CREW_OFF && kit_count_tasks(old) == 0);
	assert_int_equal(crew_stop(f->crews, SIDE_LEFT), -ESRCH);
	assert_int_equal(crew(f, SIDE_LEFT)->alive, 0);
}

static void the_host_s_end_is_told_with_its_workers(void **state)
{
	struct crew_fixture *f = *state;

	start(f, SIDE_LEFT, 4, JOB_MIXED);
	/* Its parent's child, and not reaped while the sample shows it. */
	kill(crew(f, SIDE_LEFT)->host, SIGKILL);
	await(f->crews, &f->sample, crew(f, SIDE_LEFT)->state == CREW_ENDED);
	assert_int_equal(crew(f, SIDE_LEFT)->wait_status, SIGKILL);
	for (int i = 0; i < 4; i++) {
		await(f->crews, &f->sample, fixture_worker(f, SIDE_LEFT, i)->phase == WORKER_ENDED);
		assert_int_equal(fixture_worker(f, SIDE_LEFT, i)->wait_status, SIGKILL);
	}
}

static void start_even(struct crew_fixture *f, int workers, int job)
{
	for (int side = 0; side < SIDES; side++) {
		struct crew_plan plan = { .kind = side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS,
			.workers = workers,
			.job = job,
			.cpu = -1,
			.even = true };

		assert_int_equal(crew_start(f->crews, (enum side)side, &plan), 0);
		assert_int_equal(crew_await(f->crews, (enum side)side, PATIENCE, -1), 0);
	}
	kit_look(f->crews, &f->sample);
}

/* The one CPU that a task may use; -1: several. */
static int only_cpu(int32_t tid)
{
	cpu_set_t set;

	assert_int_equal(sched_getaffinity(tid, sizeof(set), &set), 0);
	for (int cpu = 0; CPU_COUNT(&set) == 1 && cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set))
			return cpu;
	return -1;
}

/* The CPU of a side: the last but one, and the last; both the only one. */
static int own_cpu(enum side side)
{
	int last[2] = { -1, -1 };
	cpu_set_t set;

	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set)) {
			last[0] = last[1] < 0 ? cpu : last[1];
			last[1] = cpu;
		}
	return last[side == SIDE_RIGHT];
}

static void assert_settled(struct crew_fixture *f, enum side side, int cpu)
{
	const int host = crew(f, side)->host;

	await(f->crews, &f->sample, only_cpu(host) == cpu);
}

static void each_side_stands_on_a_cpu_of_its_own(void **state)
{
	struct crew_fixture *f = *state;

	start_even(f, 5, JOB_SLEEP);
	for (enum side side = 0; side < SIDES; side++) {
		assert_settled(f, side, own_cpu(side));
		for (int i = 0; i < 5; i++) {
			assert_int_equal(only_cpu(fixture_worker(f, side, i)->tid), own_cpu(side));
			assert_int_equal(fixture_worker(f, side, i)->placed_cpu, own_cpu(side));
			assert_int_equal(fixture_worker(f, side, i)->cpu, -1);
		}
	}
	/* A pin takes it away from its place, and the end of the pin puts it back. */
	assert_int_equal(crew_pin(f->crews, SIDE_LEFT, 4, own_cpu(SIDE_RIGHT)), 0);
	await(f->crews, &f->sample, fixture_worker(f, SIDE_LEFT, 4)->cpu == own_cpu(SIDE_RIGHT));
	assert_int_equal(fixture_worker(f, SIDE_LEFT, 4)->placed_cpu, -1);
	if (own_cpu(SIDE_LEFT) != own_cpu(SIDE_RIGHT))
		assert_settled(f, SIDE_LEFT, -1);
	assert_int_equal(crew_pin(f->crews, SIDE_LEFT, CREW_ALL, -1), 0);
	await(f->crews, &f->sample,
		fixture_worker(f, SIDE_LEFT, 4)->placed_cpu == own_cpu(SIDE_LEFT));
	assert_int_equal(only_cpu(fixture_worker(f, SIDE_LEFT, 4)->tid), own_cpu(SIDE_LEFT));
	assert_settled(f, SIDE_LEFT, own_cpu(SIDE_LEFT));
}

static void bad_plans_are_refused(void **state)
{
	struct crew_fixture *f = *state;
	struct crew_plan plan = {
		.kind = KIND_PROCESSES, .workers = CREW_PROCESSES_MAX + 1, .job = 0, .cpu = -1
	};

	assert_int_equal(crew_start(f->crews, SIDE_LEFT, &plan), -EINVAL);
	plan.workers = -1;
	assert_int_equal(crew_start(f->crews, SIDE_LEFT, &plan), -EINVAL);
	plan.workers = 1;
	plan.job = JOBS + 1;
	assert_int_equal(crew_start(f->crews, SIDE_LEFT, &plan), -EINVAL);
}

static void the_largest_crews_start(void **state)
{
	struct crew_fixture *f = *state;

	start(f, SIDE_LEFT, CREW_PROCESSES_MAX, JOB_SLEEP);
	start(f, SIDE_RIGHT, CREW_THREADS_MAX, JOB_SLEEP);
	assert_int_equal(crew_add(f->crews, SIDE_LEFT), -ENOSPC);
	assert_int_equal(crew_add(f->crews, SIDE_RIGHT), -ENOSPC);
	assert_int_equal(kit_count_tasks(crew(f, SIDE_RIGHT)->host), CREW_THREADS_MAX + 1);
	crew_stop(f->crews, SIDE_LEFT);
	crew_stop(f->crews, SIDE_RIGHT);
}

static void await_order(struct crew_fixture *f, enum side side, int index, enum order order)
{
	int64_t before = fixture_worker(f, side, index)->orders_done;

	assert_int_equal(crew_order(f->crews, side, index, order, 0), 0);
	await(f->crews, &f->sample, fixture_worker(f, side, index)->orders_done > before);
	assert_int_equal(fixture_worker(f, side, index)->order_state, ORDER_STATE_DONE);
}

static void a_policy_is_of_the_task(void **state)
{
	struct crew_fixture *f = *state;

	start_both(f, 2, JOB_PINGPONG);
	for (int side = 0; side < SIDES; side++) {
		enum side s = (enum side)side;

		await_order(f, s, 0, ORDER_BATCH);
		assert_int_equal(sched_getscheduler(fixture_worker(f, s, 0)->tid), SCHED_BATCH);
		assert_int_equal(sched_getscheduler(fixture_worker(f, s, 1)->tid), SCHED_OTHER);
		await_order(f, s, 0, ORDER_BATCH);
		assert_int_equal(sched_getscheduler(fixture_worker(f, s, 0)->tid), SCHED_OTHER);
		await_order(f, s, 1, ORDER_IDLE);
		assert_int_equal(sched_getscheduler(fixture_worker(f, s, 0)->tid), SCHED_OTHER);
		assert_int_equal(sched_getscheduler(fixture_worker(f, s, 1)->tid), SCHED_IDLE);
	}
}

static void an_orphan_gets_another_parent(void **state)
{
	struct crew_fixture *f = *state;

	start_both(f, 2, JOB_SLEEP);
	for (int side = 0; side < SIDES; side++) {
		enum side s = (enum side)side;
		int before = 0, after = 0;

		assert_int_equal(crew_order(f->crews, s, 0, ORDER_ORPHAN, 0), 0);
		await(f->crews, &f->sample,
			kit_worker(&f->sample, s, 2) &&
				fixture_worker(f, s, 2)->phase == WORKER_ENDED);
		assert_int_equal(fixture_worker(f, s, 2)->order_state, ORDER_STATE_DONE);
		assert_int_equal(
			sscanf(fixture_worker(f, s, 2)->last_result,
				"its parent was %d, which ended; now it is %d", &before, &after),
			2);
		assert_int_equal(kit_count_tasks(before), 0);
		assert_true(kit_count_tasks(after) > 0); /* a subreaper, or init */
		assert_int_equal(crew(f, s)->alive, 2);
	}
}

static int run_all(struct crew_fixture *f)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(workers_are_what_proc_says, f),
		cmocka_unit_test_prestate(a_process_has_threads_of_its_own, f),
		cmocka_unit_test_prestate(each_side_stands_on_a_cpu_of_its_own, f),
		cmocka_unit_test_prestate(a_crew_that_starts_slowly_does_not_keep_us_awake, f),
		cmocka_unit_test_prestate(a_host_has_no_worker_yet_when_it_is_shown, f),
		cmocka_unit_test_prestate(every_job_makes_progress_on_both_sides, f),
		cmocka_unit_test_prestate(a_lone_partner_waits_and_it_is_said, f),
		cmocka_unit_test_prestate(a_pair_plays_of_old_and_young, f),
		cmocka_unit_test_prestate(a_descriptor_table_is_as_large_as_its_crew, f),
		cmocka_unit_test_prestate(one_joins_and_one_leaves, f),
		cmocka_unit_test_prestate(slots_outlast_many_joins, f),
		cmocka_unit_test_prestate(a_mixed_task_takes_the_place_of_a_worker, f),
		cmocka_unit_test_prestate(a_crash_of_a_process_leaves_the_others, f),
		cmocka_unit_test_prestate(a_crash_of_a_thread_ends_its_crew, f),
		cmocka_unit_test_prestate(a_kill_hits_a_process_or_all_threads, f),
		cmocka_unit_test_prestate(a_stop_hits_a_process_or_all_threads, f),
		cmocka_unit_test_prestate(a_stopped_worker_can_be_removed, f),
		cmocka_unit_test_prestate(pin_and_nice_reach_the_tasks, f),
		cmocka_unit_test_prestate(a_policy_is_of_the_task, f),
		cmocka_unit_test_prestate(an_orphan_gets_another_parent, f),
		cmocka_unit_test_prestate(addresses_compare_across_the_sides, f),
		cmocka_unit_test_prestate(a_host_holds_nothing_of_ours, f),
		cmocka_unit_test_prestate(start_again_replaces_a_crew, f),
		cmocka_unit_test_prestate(the_host_s_end_is_told_with_its_workers, f),
		cmocka_unit_test_prestate(bad_plans_are_refused, f),
		cmocka_unit_test_prestate(the_largest_crews_start, f),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return crew_tests_main(argc, argv, run_all);
}
