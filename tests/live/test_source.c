/* SPDX-License-Identifier: MIT
 * The live source's fast lane against this kernel: children of our own, whose counters /proc tells too.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "../../src/source/io.h"
#include "children.h"

/* --- tests: the fast lane --- */

static void counters_equal_those_of_proc_at_the_same_instant(void **state)
{
	struct fixture f = open_source(false);
	pid_t child = start(nap_for_ever);

	watch(&f, child);
	for (int i = 0; i < 50; i++) {
		struct status_fields before = status_of(child, child), after;
		const struct task_sample *task;

		read_now(&f);
		after = status_of(child, child);
		task = find_task(&f, child);
		assert_non_null(task);
		assert_in_range(task->voluntary, before.voluntary, after.voluntary);
		assert_in_range(task->involuntary, before.involuntary, after.involuntary);
		assert_int_equal(task->side, SIDE_RIGHT);
		assert_int_equal(task->worker, 3);
		assert_true(task->run_ns >= 0 && task->start > 0);
		usleep(3000);
	}
	end(child);
	close_source(&f);
}

/* A child that spins, and blocks when it is told to; shared with us. */
struct switcher {
	_Atomic bool block;
	int pipe[2];
};
static struct switcher *switcher;

static void spin_then_block(void)
{
	char byte;

	/* Where we may, nobody else gets its CPU: on a busy machine it would be put off it, and so get new slices. */
	(void)sched_setscheduler(0, SCHED_FIFO, &(struct sched_param) { .sched_priority = 1 });
	for (;;)
		if (atomic_load(&switcher->block) && read(switcher->pipe[0], &byte, 1) == 1)
			atomic_store(&switcher->block, false);
}

/* The child is read while it runs, then blocks: one switch more, and no new slice; and it is read as fast as we can while it
 * does so, for the kernel books its run time a moment before it counts the switch. When all is still, the counters must be
 * right, though status was read long before. */
static void skipping_status_never_misses_a_switch(void **state)
{
	struct fixture f = open_source(false);
	pid_t child;

	switcher = mmap(
		NULL, sizeof(*switcher), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(switcher != MAP_FAILED);
	assert_int_equal(pipe(switcher->pipe), 0);
	child = start(spin_then_block);
	watch(&f, child);
	for (int round = 0; round < 60; round++) {
		struct status_fields truth;

		while (atomic_load(&switcher->block))
			sched_yield();
		/* Long enough on its CPU to count as settled, if nobody else wants it. */
		for (int i = 0; i < 4; i++) {
			read_now(&f);
			usleep(4000);
		}
		atomic_store(&switcher->block, true);
		do
			read_now(&f);
		while (find_task(&f, child)->state != 'S');
		usleep(12000); /* longer than the source takes a task for unsettled */
		read_now(&f);
		truth = status_of(child, child);
		assert_int_equal(find_task(&f, child)->voluntary, truth.voluntary);
		assert_int_equal(find_task(&f, child)->involuntary, truth.involuntary);
		assert_int_equal(write(switcher->pipe[1], "", 1), 1);
	}
	end(child);
	close(switcher->pipe[0]);
	close(switcher->pipe[1]);
	munmap(switcher, sizeof(*switcher));
	close_source(&f);
}

static void a_steady_state_allocates_nothing_and_opens_nothing(void **state)
{
	struct fixture f = open_source(true);
	pid_t child = start(nap_for_ever), spinner = start(spin_for_ever);
	struct target targets[] = { { .pid = child }, { .pid = spinner } };
	int32_t mapping_pids[] = { child, spinner };
	uint64_t allocations;
	size_t fds;

	live_set_targets(f.live, targets, 2);
	live_set_needs(f.live, NEED_TASKS | NEED_PROCESSES | NEED_MAPPINGS | NEED_MACHINE,
		mapping_pids, 2);
	live_set_observer(f.live, (int32_t[]) { getpid(), f.prober }, 2);
	await_process(&f, spinner, true);
	usleep(60000);
	read_now(&f);
	read_now(&f);
	allocations = base_allocations();
	fds = open_fds();
	for (int i = 0; i < 100; i++) {
		read_now(&f);
		assert_non_null(find_task(&f, child));
		assert_true(f.sample.mappings.n > 0);
		usleep(2000);
	}
	assert_int_equal(base_allocations(), allocations);
	assert_int_equal(open_fds(), fds);
	end(child);
	end(spinner);
	close_source(&f);
}

static void a_task_that_ended_is_absent_and_no_error(void **state)
{
	struct fixture f = open_source(false);
	size_t fds = open_fds();
	pid_t child = start(pause_for_ever);

	watch(&f, child);
	read_now(&f);
	assert_non_null(find_task(&f, child));
	kill(child, SIGKILL);
	await_state(child, 'Z');
	read_now(&f);
	assert_int_equal(find_task(&f, child)->state, 'Z');
	waitpid(child, NULL, 0);
	read_now(&f);
	assert_null(find_task(&f, child));
	assert_int_equal(f.sample.gaps.n, 0);
	assert_int_equal(open_fds(), fds);
	read_now(&f);
	assert_int_equal(f.sample.tasks.n, 0);
	close_source(&f);
}

static void *end_at_once(void *unused)
{
	return unused;
}

static void churn_threads(void)
{
	pthread_t threads[4];

	for (;;) {
		for (int i = 0; i < 4; i++)
			if (pthread_create(&threads[i], NULL, end_at_once, NULL) != 0)
				_exit(1);
		for (int i = 0; i < 4; i++)
			pthread_join(threads[i], NULL);
	}
}

static void a_thousand_tasks_come_and_go_without_a_trace(void **state)
{
	struct fixture f = open_source(false);
	size_t fds = open_fds();
	pid_t child = start(churn_threads);
	size_t others = 0;

	watch(&f, child);
	for (int i = 0; i < 2000 || (others == 0 && i < 2000000); i++) {
		read_now(&f);
		assert_non_null(find_task(&f, child));
		assert_int_equal(f.sample.gaps.n, 0);
		others += f.sample.tasks.n - 1;
	}
	assert_true(others > 0);
	end(child);
	read_now(&f);
	assert_int_equal(open_fds(), fds);
	/* Processes too, each watched for one tick. */
	for (int i = 0; i < 200; i++) {
		pid_t short_lived = start(pause_for_ever);
		watch(&f, short_lived);
		read_now(&f);
		assert_non_null(find_task(&f, short_lived));
		end(short_lived);
		read_now(&f);
		assert_null(find_task(&f, short_lived));
	}
	assert_int_equal(open_fds(), fds);
	close_source(&f);
}

static int16_t number_tasks(void *context, int32_t pid, int32_t tid)
{
	return pid == tid ? WORKER_HOST : *(int16_t *)context;
}

static void *pause_thread(void *unused)
{
	pause_for_ever();
	return unused;
}

static void be_two_threads(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, pause_thread, NULL);
	pause_for_ever();
}

static void tasks_of_a_host_are_told_apart_by_the_crew(void **state)
{
	struct fixture f = open_source(false);
	pid_t host = start(be_two_threads);
	int16_t number = 5;

	live_set_workers(f.live, number_tasks, &number);
	live_set_targets(f.live, &(struct target) { .pid = host, .worker = WORKER_HOST }, 1);
	for (int i = 0; i < 5000 && f.sample.tasks.n != 2; i++) {
		read_now(&f);
		usleep(1000);
	}
	assert_int_equal(f.sample.tasks.n, 2);
	assert_int_equal(find_task(&f, host)->worker, WORKER_HOST);
	assert_int_equal(
		f.sample.tasks.at[0].worker + f.sample.tasks.at[1].worker, WORKER_HOST + 5);
	end(host);
	close_source(&f);
}

#define MANY 310 /* more than 256, up to which all are read in full */

static void *nap(void *unused)
{
	for (;;)
		usleep(2000);
	return unused;
}

static void be_many_threads(void)
{
	pthread_t thread;

	for (int i = 1; i < MANY; i++)
		pthread_create(&thread, NULL, nap, NULL);
	pause_for_ever();
}

static size_t count_of_state(const struct fixture *f, bool known)
{
	size_t n = 0;

	for (size_t i = 0; i < f->sample.tasks.n; i++)
		n += (f->sample.tasks.at[i].state != '?') == known;
	return n;
}

static void of_many_tasks_those_in_sight_are_read_in_full(void **state)
{
	struct fixture f = open_source(false);
	pid_t many = start(be_many_threads);
	int32_t in_sight[2];

	live_set_targets(f.live, &(struct target) { .pid = many, .worker = WORKER_NONE }, 1);
	for (int i = 0; i < 5000 && f.sample.tasks.n != MANY; i++) {
		read_now(&f);
		usleep(1000);
	}
	assert_int_equal(f.sample.tasks.n, MANY);
	assert_int_equal(count_of_state(&f, false), 0);
	in_sight[0] = f.sample.tasks.at[MANY - 1].tid;
	in_sight[1] = f.sample.tasks.at[MANY / 2].tid;
	live_set_visible(f.live, in_sight, 2);
	/* All that ran meanwhile, which is everybody in the end, are not known further, but for those and the first thread. */
	for (int i = 0; i < 5000 && count_of_state(&f, true) > 3; i++) {
		usleep(3000);
		read_now(&f);
	}
	assert_int_equal(count_of_state(&f, true), 3);
	assert_int_not_equal(find_task(&f, in_sight[0])->state, '?');
	assert_int_not_equal(find_task(&f, in_sight[1])->state, '?');
	/* Their switches are read in turns, and say when. */
	for (size_t i = 0; i < f.sample.tasks.n; i++)
		assert_in_range(f.sample.tasks.at[i].counts_at_ns, 1, f.sample.tasks.at[i].at_ns);
	const int64_t counted_at = f.sample.at_ns;
	for (int i = 0; i < 4; i++)
		read_now(&f);
	for (size_t i = 0; i < f.sample.tasks.n; i++) {
		const struct task_sample *task = &f.sample.tasks.at[i];

		assert_true(task->counts_at_ns > counted_at);
		assert_true(task->voluntary + task->involuntary > 0 && task->run_ns >= 0);
	}
	/* And when somebody looks again, it is there. */
	live_set_visible(f.live, NULL, 0);
	read_now(&f);
	assert_int_equal(count_of_state(&f, false), 0);
	end(many);
	close_source(&f);
}

#define SLEEPERS 2300 /* more than 2,000, beyond which sleepers are read in turns */

/* Runs for some 30 ms when it is told to, and counts it. */
static void *run_on_demand(void *unused)
{
	char byte;

	while (read(switcher->pipe[0], &byte, 1) == 1) {
		struct timespec begun, now;

		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begun);
		do
			clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
		while ((now.tv_sec - begun.tv_sec) * NSEC_PER_SEC + now.tv_nsec - begun.tv_nsec <
			30 * NSEC_PER_MSEC);
		atomic_store(&switcher->block, false);
	}
	return unused;
}

static void *sleep_for_ever(void *unused)
{
	pause_for_ever();
	return unused;
}

static void be_sleepers(void)
{
	pthread_attr_t small;
	pthread_t thread;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 64 * 1024);
	for (int i = 1; i < SLEEPERS; i++)
		if (pthread_create(&thread, &small,
			    i == SLEEPERS / 2 ? run_on_demand : sleep_for_ever, NULL) != 0)
			_exit(1);
	pause_for_ever();
}

/* Readings of the site since the last call. */
static uint32_t readings(enum io_site site)
{
	return atomic_exchange(&io_faults->passed[site][IO_READ], 0);
}

static int64_t run_of_all(const struct fixture *f)
{
	int64_t ns = 0;

	for (size_t i = 0; i < f->sample.tasks.n; i++)
		ns += f->sample.tasks.at[i].run_ns;
	return ns;
}

/* Reads until nobody is unsettled: one reading a sleeper, at every eighth tick. */
static void await_sleep(struct fixture *f)
{
	for (int i = 0; i < 5000; i++) {
		usleep(12000);
		(void)readings(IO_SCHEDSTAT);
		(void)readings(IO_STATUS);
		read_now(f);
		if (f->sample.tasks.n == SLEEPERS && readings(IO_SCHEDSTAT) < SLEEPERS / 6 &&
			readings(IO_STATUS) == 0)
			return;
	}
	fail_msg("%zu tasks are still read", f->sample.tasks.n);
}

static void very_many_sleepers_are_read_in_turns_until_one_runs(void **state)
{
	static struct io_faults counted;
	struct fixture f = open_source(false);
	const int32_t nobody = 0;
	struct rlimit files;
	int64_t before;
	pid_t many;

	getrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_max < 2 * SLEEPERS)
		return; /* then files of sleepers are opened anew */
	atomic_store(&counted.refused, IO_SITES);
	io_faults = &counted;
	switcher = mmap(
		NULL, sizeof(*switcher), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(switcher != MAP_FAILED);
	assert_int_equal(pipe(switcher->pipe), 0);
	many = start(be_sleepers);
	live_set_targets(f.live, &(struct target) { .pid = many, .worker = WORKER_NONE }, 1);
	live_set_visible(f.live, &nobody, 1);
	await_sleep(&f);
	/* Eight ticks read each of them once, and the first one, which is always in sight, each time. */
	for (int i = 0; i < 8; i++)
		read_now(&f);
	assert_in_range(readings(IO_SCHEDSTAT), SLEEPERS, SLEEPERS + 16);
	assert_int_equal(readings(IO_STATUS), 0);
	/* Who ran is found at once, whosever turn it is. */
	before = run_of_all(&f);
	for (int round = 0; round < 8; round++, before = run_of_all(&f)) {
		atomic_store(&switcher->block, true);
		assert_int_equal(write(switcher->pipe[1], "", 1), 1);
		while (atomic_load(&switcher->block))
			usleep(1000);
		read_now(&f);
		assert_true(run_of_all(&f) - before >= 29 * NSEC_PER_MSEC);
		await_sleep(&f);
	}
	io_faults = NULL;
	end(many);
	munmap(switcher, sizeof(*switcher));
	close_source(&f);
}

static _Atomic int32_t *last_tid; /* of the thread that stays */

static void *live_shortly(void *stays)
{
	if (!stays)
		return NULL;
	atomic_store(last_tid, (int32_t)syscall(SYS_gettid));
	for (;;)
		pause();
}

/* One thread ends, and the next is born: the count of them stays. */
static void be_relay(void)
{
	pthread_t thread;

	for (int i = 0; i < 500; i++) {
		pthread_create(&thread, NULL, live_shortly, NULL);
		usleep(500);
		pthread_join(thread, NULL);
	}
	pthread_create(&thread, NULL, live_shortly, (void *)last_tid);
	pause_for_ever();
}

static void a_thread_in_the_place_of_another_is_seen(void **state)
{
	struct fixture f = open_source(false);
	pid_t relay;

	last_tid = mmap(
		NULL, sizeof(*last_tid), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(last_tid, MAP_FAILED);
	relay = start(be_relay);
	live_set_targets(f.live, &(struct target) { .pid = relay, .worker = WORKER_NONE }, 1);
	for (int i = 0; i < 20000 && !atomic_load(last_tid); i++) {
		read_now(&f);
		usleep(500);
	}
	assert_true(atomic_load(last_tid) > 0);
	/* The reading after next at the latest: a kept file says that its task has ended, then the tasks are listed. */
	read_now(&f);
	read_now(&f);
	assert_int_equal(f.sample.tasks.n, 2);
	assert_non_null(find_task(&f, relay));
	assert_non_null(find_task(&f, atomic_load(last_tid)));
	end(relay);
	munmap((void *)last_tid, sizeof(*last_tid));
	close_source(&f);
}

static bool has_lane(const struct fixture *f, int32_t pid)
{
	for (size_t i = 0; i < f->sample.lanes.n; i++)
		if (f->sample.lanes.at[i].pid == pid && f->sample.lanes.at[i].side == SIDE_RIGHT)
			return true;
	return false;
}

static const struct gap_sample *perf_gap(const struct fixture *f)
{
	for (size_t i = 0; i < f->sample.gaps.n; i++)
		if (strcmp(f->sample.gaps.at[i].what, "perf_event") == 0)
			return &f->sample.gaps.at[i];
	return NULL;
}

/* Of a task that was there before us; where the kernel refuses it, a gap says why. */
static void switches_of_a_stranger_are_recorded_or_a_gap_says_why(void **state)
{
	struct fixture f = { .live = live_create(&(struct source_options) { .joins = true }) };
	pid_t child = start(nap_for_ever);
	bool recorded = false;

	live_set_targets(f.live,
		&(struct target) { .pid = child, .side = SIDE_RIGHT, .worker = WORKER_NONE }, 1);
	live_set_needs(f.live, NEED_TASKS | NEED_SWITCHES, NULL, 0);
	for (int i = 0; i < 5000 && !recorded; i++) {
		read_now(&f);
		recorded = has_lane(&f, child);
		if (perf_gap(&f))
			break;
		usleep(1000);
	}
	if (perf_gap(&f))
		assert_true(perf_gap(&f)->reason[0]);
	else
		assert_true(recorded);
	end(child);
	close_source(&f);
}

/* With few descriptors left the files are opened and closed each time; with none, the last values stay and a gap says so. */
static void without_descriptors_values_are_unknown_and_a_gap_says_so(void **state)
{
	struct rlimit limit, small;
	pid_t child = start(nap_for_ever), late = start(nap_for_ever);
	struct target targets[] = { { .pid = child }, { .pid = late } };

	getrlimit(RLIMIT_NOFILE, &limit);
	small = (struct rlimit) { (rlim_t)open_fds() + 12, (rlim_t)open_fds() + 12 };
	pid_t trial = fork();
	if (trial == 0) {
		setrlimit(RLIMIT_NOFILE, &small);
		struct fixture f = open_source(false);
		live_set_targets(f.live, targets, 2);
		read_now(&f);
		if (!find_task(&f, child) || !find_task(&f, late) || f.sample.gaps.n)
			_exit(1);
		while (open("/dev/null", O_RDONLY) >= 0)
			;
		usleep(20000);
		read_now(&f);
		if (!find_task(&f, late) || find_task(&f, late)->voluntary != UNKNOWN)
			_exit(2);
		if (!find_gap(&f, late, "status") || find_gap(&f, late, "status")->error != EMFILE)
			_exit(3);
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(trial, &status, 0), trial);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	end(child);
	end(late);
}

static void the_observer_is_summed_and_never_goes_back(void **state)
{
	struct fixture f = open_source(false);
	pid_t helper = start(spin_for_ever);
	int32_t pids[] = { getpid(), helper };
	int64_t cpu_ns;

	live_set_observer(f.live, pids, 2);
	usleep(50000);
	read_now(&f);
	cpu_ns = f.sample.observer.cpu_ns;
	assert_true(cpu_ns > 0);
	assert_true(f.sample.observer.voluntary >= 0);
	assert_true(f.sample.observer.rss_kb > 100);
	/* the two share their program, and this one's pages */
	assert_in_range(f.sample.observer.pss_kb, 1, f.sample.observer.rss_kb - 1);
	end(helper);
	read_now(&f);
	assert_true(f.sample.observer.cpu_ns >= cpu_ns);
	live_set_observer(f.live, pids, 1);
	read_now(&f);
	assert_true(f.sample.observer.cpu_ns >= cpu_ns);
	close_source(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_equal_those_of_proc_at_the_same_instant),
		cmocka_unit_test(skipping_status_never_misses_a_switch),
		cmocka_unit_test(a_steady_state_allocates_nothing_and_opens_nothing),
		cmocka_unit_test(a_task_that_ended_is_absent_and_no_error),
		cmocka_unit_test(a_thousand_tasks_come_and_go_without_a_trace),
		cmocka_unit_test(tasks_of_a_host_are_told_apart_by_the_crew),
		cmocka_unit_test(of_many_tasks_those_in_sight_are_read_in_full),
		cmocka_unit_test(very_many_sleepers_are_read_in_turns_until_one_runs),
		cmocka_unit_test(a_thread_in_the_place_of_another_is_seen),
		cmocka_unit_test(switches_of_a_stranger_are_recorded_or_a_gap_says_why),
		cmocka_unit_test(without_descriptors_values_are_unknown_and_a_gap_says_so),
		cmocka_unit_test(the_observer_is_summed_and_never_goes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
