/* SPDX-License-Identifier: MIT
 * The kernel's record of switches, on children that each test starts and ends: nothing is lost, and what is counted is
 * what /proc counts.
 */
#include "children.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>

#define TASKS_MAX 64
#define LIMIT (30 * NSEC_PER_SEC) /* of what happens at once on a machine with nothing else to do */

/* What is known of one task from its records alone. */
struct seen {
	int32_t tid;
	bool born, died;
	int64_t given_up, preempted, put_on;
};

struct watch {
	struct live *live;
	struct sample sample;
	pid_t host;
	int go; /* a byte lets the host make its workers */
	struct seen seen[TASKS_MAX];
	size_t n;
	struct seen cpus;
	int64_t events, lost, backwards;
};

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* --- jobs of workers: each runs for the time given --- */

static void spin(nsec until)
{
	while (nsec_monotonic() < until)
		;
}

static void yield(nsec until)
{
	while (nsec_monotonic() < until)
		sched_yield();
}

static void nap(nsec until)
{
	const struct timespec pause = { 0, NSEC_PER_MSEC };

	while (nsec_monotonic() < until)
		nanosleep(&pause, NULL);
}

struct job {
	void (*work)(nsec until);
	nsec until;
	bool threads;
	int workers, cpu;
};

static void work(const struct job *job)
{
	job->work(job->until);
	pause_for_ever(); /* its counters stand still, and can be read */
}

static void *thread(void *job)
{
	work(job);
	return NULL;
}

/* The host of a crew: waits for a byte, makes its workers, waits for them and stays until it is killed. */
static void host(struct job *job, int go)
{
	pthread_t threads[8];
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(60);

	if (read(go, &byte, 1) != 1)
		_exit(1);
	job->until += nsec_monotonic();
	if (job->cpu >= 0)
		pin(job->cpu);
	for (int i = 0; i < job->workers; i++) {
		if (job->threads)
			pthread_create(&threads[i], NULL, thread, job);
		else if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			alarm(60);
			work(job);
		}
	}
	pause_for_ever();
}

static void watch_start(struct watch *watch, struct job *job)
{
	const struct source_options options = { 0 };
	int go[2];

	*watch = (struct watch) { 0 };
	assert_int_equal(pipe(go), 0);
	watch->host = fork();
	if (watch->host == 0) {
		setsid();
		close(go[1]);
		host(job, go[0]);
	}
	close(go[0]);
	watch->go = go[1];
	watch->live = live_create(&options);
	assert_int_equal(live_watch_host(watch->live, SIDE_LEFT, watch->host), 0);
	live_set_targets(watch->live, &(struct target) { .pid = watch->host }, 1);
	live_set_needs(watch->live, NEED_TASKS | NEED_SWITCHES, NULL, 0);
}

static void watch_end(struct watch *watch)
{
	kill(-watch->host, SIGKILL);
	while (waitpid(watch->host, NULL, 0) < 0 && errno == EINTR)
		;
	close(watch->go);
	live_destroy(watch->live);
	sample_finish(&watch->sample);
}

static struct seen *seen_of(struct watch *watch, int32_t tid)
{
	for (size_t i = 0; i < watch->n; i++)
		if (watch->seen[i].tid == tid)
			return &watch->seen[i];
	assert_true(watch->n < TASKS_MAX);
	watch->seen[watch->n].tid = tid;
	return &watch->seen[watch->n++];
}

static void take_marks(struct seen *seen, const uint16_t *marks)
{
	seen->born = seen->born || marks[MARK_BORN];
	seen->died = seen->died || marks[MARK_DIED];
	seen->given_up += marks[MARK_GAVE_UP];
	seen->preempted += marks[MARK_PREEMPTED];
	seen->put_on += marks[MARK_PUT_ON];
}

/* The spans of a task's row, and the sums of its crowds. */
static void take(struct watch *watch, const struct lane_sample *row, const struct span **span,
	const struct span_sums **crowd)
{
	struct seen *seen = row->cpu < 0 ? seen_of(watch, row->tid) : &watch->cpus;
	const struct span *before = NULL;

	for (const struct span *end = *span + row->spans; *span < end; ++*span) {
		uint16_t marks[SPAN_MARKS] = { 0 };

		watch->backwards += before && (*span)->from < before->from;
		before = *span;
		marks[before->mark]++;
		take_marks(seen, marks);
		if (before->state == SPAN_CROWD)
			take_marks(seen, (*crowd)++->marks);
	}
}

static void watch_read(struct watch *watch)
{
	const struct lane_sample *row;
	const struct span *span;
	const struct span_sums *crowd;

	sample_clear(&watch->sample);
	live_read(watch->live, nsec_monotonic(), &watch->sample);
	span = watch->sample.spans.at;
	crowd = watch->sample.crowds.at;
	vec_each (row, &watch->sample.lanes)
		take(watch, row, &span, &crowd);
	watch->events += MAX(watch->sample.switches_seen, 0);
	watch->lost += MAX(watch->sample.switches_lost, 0);
}

/* Reads every 100 ms, and in between when the rings fill up, as the screen does. */
static void watch_for(struct watch *watch, nsec duration)
{
	nsec end = nsec_monotonic() + duration;

	for (nsec tick = nsec_monotonic(); nsec_monotonic() < end; tick += 100 * NSEC_PER_MSEC) {
		nsec wait;

		while ((wait = tick + 100 * NSEC_PER_MSEC - nsec_monotonic()) > 0) {
			struct pollfd fd = { live_switches_fd(watch->live), POLLIN, 0 };
			const struct timespec limit = { 0, wait };

			if (ppoll(&fd, 1, &limit, NULL) == 1)
				live_drain_switches(watch->live);
		}
		watch_read(watch);
	}
}

/* --- what the records must be --- */

static void let_go(const struct watch *watch)
{
	assert_int_equal(write(watch->go, "g", 1), 1);
}

/* Waits until nothing happens any more. */
static void watch_settle(struct watch *watch)
{
	int64_t before;

	do {
		before = watch->events;
		watch_for(watch, 300 * NSEC_PER_MSEC);
	} while (watch->events != before);
}

/* Nothing was lost: each record is there. */
static void assert_exact(const struct seen *seen, const struct status_fields *status)
{
	assert_true(seen->born);
	assert_int_equal(seen->given_up, status->voluntary);
	assert_int_equal(seen->preempted, status->involuntary);
	assert_int_equal(seen->put_on, status->voluntary + status->involuntary);
}

/* Each switch of a worker has two records: they are there, or among the lost, however busy the machine is. */
static void assert_counted(const struct watch *watch, const struct job *job)
{
	int64_t seen_all = 0, counted = 0;
	int workers = 0;

	for (size_t i = 0; i < watch->n; i++) {
		const struct seen *seen = &watch->seen[i];
		struct status_fields status;

		if (seen->tid == watch->host)
			continue;
		status = status_of(job->threads ? watch->host : seen->tid, seen->tid);
		workers++;
		assert_false(seen->died);
		if (!watch->lost)
			assert_exact(seen, &status);
		seen_all += seen->given_up + seen->preempted + seen->put_on;
		counted += 2 * (status.voluntary + status.involuntary);
	}
	print_message("# %lld records, %lld counted, %lld lost\n", (long long)seen_all,
		(long long)counted, (long long)watch->lost);
	assert_int_equal(workers, job->workers);
	assert_true(seen_all <= counted);
	assert_true(seen_all + watch->lost >= counted);
	assert_int_equal(watch->backwards, 0);
}

static void run(struct job job)
{
	struct watch watch;
	nsec duration = job.until;

	watch_start(&watch, &job);
	let_go(&watch);
	watch_for(&watch, duration);
	watch_settle(&watch);
	print_message("# %d %s: %.0f switches a second\n", job.workers,
		job.threads ? "threads" : "processes",
		(double)watch.events / 2 / ((double)duration / NSEC_PER_SEC));
	assert_counted(&watch, &job);
	watch_end(&watch);
}

static void every_switch_of_processes_is_seen(void **state)
{
	run((struct job) { nap, NSEC_PER_SEC, false, 3, -1 });
	run((struct job) { spin, NSEC_PER_SEC, false, 3, 0 });
}

static void every_switch_of_threads_is_seen(void **state)
{
	run((struct job) { nap, NSEC_PER_SEC, true, 3, -1 });
	run((struct job) { spin, NSEC_PER_SEC, true, 3, 0 });
}

static void every_switch_is_counted_when_threads_yield_on_every_cpu(void **state)
{
	run((struct job) { yield, 2 * NSEC_PER_SEC, true, 4, -1 });
}

static void what_happens_while_nobody_asks_is_not_recorded(void **state)
{
	struct job job = { nap, LIMIT, false, 2, -1 };
	struct watch watch;

	watch_start(&watch, &job);
	live_set_needs(watch.live, NEED_TASKS, NULL, 0);
	let_go(&watch);
	watch_for(&watch, 300 * NSEC_PER_MSEC);
	assert_int_equal(watch.events, 0);
	assert_int_equal(watch.sample.switches_until_ns, UNKNOWN);
	live_set_needs(watch.live, NEED_TASKS | NEED_SWITCHES, NULL, 0);
	for (nsec end = nsec_monotonic() + LIMIT; watch.events <= 100 && nsec_monotonic() < end;)
		watch_for(&watch, 100 * NSEC_PER_MSEC);
	assert_true(watch.events > 100);
	assert_true(watch.sample.switches_until_ns > watch.sample.switches_from_ns);
	watch_end(&watch);
}

static int count_born(const struct watch *watch)
{
	int n = 0;

	for (size_t i = 0; i < watch->n; i++)
		n += watch->seen[i].born;
	return n;
}

static int count_died(const struct watch *watch)
{
	int n = 0;

	for (size_t i = 0; i < watch->n; i++)
		n += watch->seen[i].died;
	return n;
}

/* Reads until so many were counted. */
static void watch_until(struct watch *watch, int (*count)(const struct watch *watch), int n)
{
	const nsec end = nsec_monotonic() + LIMIT;

	while (count(watch) < n && nsec_monotonic() < end)
		watch_for(watch, 100 * NSEC_PER_MSEC);
	assert_int_equal(count(watch), n);
}

static void deaths_are_seen_also_of_a_crew_that_is_killed(void **state)
{
	struct job job = { nap, LIMIT, false, 3, -1 };
	struct watch watch;

	watch_start(&watch, &job);
	let_go(&watch);
	watch_until(&watch, count_born, 3);
	kill(-watch.host, SIGKILL);
	watch_until(&watch, count_died, 4);
	watch_end(&watch);
}

static const struct wait_sample *newest_wait(const struct sample *sample, int32_t tid)
{
	const struct wait_sample *wait;

	vec_each (wait, &sample->waits)
		if (wait->tid == tid)
			return wait;
	return NULL;
}

/* Whether this kernel names the wait channel of a child of ours. */
static bool names_channels(pid_t pid)
{
	char path[64], text[64] = "";
	snprintf(path, sizeof(path), "/proc/%d/wchan", (int)pid);
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	return strcmp(text, "0") != 0;
}

static void a_sleeper_is_looked_at_and_not_disturbed(void **state)
{
	pid_t child = start(pause_for_ever);
	struct fixture f = open_source(false);
	struct status_fields before, after;
	const struct wait_sample *wait = NULL;
	int64_t run_ns;

	await_state(child, 'S');
	before = status_of(child, child);
	watch(&f, child);
	live_set_needs(f.live, NEED_TASKS | NEED_WAITS, NULL, 0);
	read_now(&f);
	run_ns = find_task(&f, child)->run_ns;
	for (int i = 0; i < 300; i++) {
		nsec began = nsec_monotonic();

		read_now(&f);
		wait = newest_wait(&f.sample, child);
		assert_non_null(wait);
		assert_true(wait->at_ns >= began && wait->took_ns >= 0);
		assert_true(wait->at_ns + wait->took_ns <= nsec_monotonic());
		assert_int_equal(wait->worker, 3);
		assert_int_equal(wait->side, SIDE_RIGHT);
	}
	if (names_channels(child))
		assert_non_null(strstr(wait->waits_in, "pause"));
	after = status_of(child, child);
	assert_int_equal(after.voluntary, before.voluntary);
	assert_int_equal(after.involuntary, before.involuntary);
	assert_int_equal(find_task(&f, child)->run_ns, run_ns);
	end(child);
	close_source(&f);
}

static void one_that_runs_has_no_wait_and_nobody_is_looked_at_unasked(void **state)
{
	pid_t child = start(spin_for_ever), sleeper = start(pause_for_ever);
	struct fixture f = open_source(false);

	await_state(child, 'R');
	watch(&f, child);
	live_set_needs(f.live, NEED_TASKS | NEED_WAITS, NULL, 0);
	read_now(&f);
	assert_int_equal(find_task(&f, child)->state, 'R');
	assert_null(newest_wait(&f.sample, child));
	await_state(sleeper, 'S');
	watch(&f, sleeper);
	live_set_needs(f.live, NEED_TASKS, NULL, 0);
	read_now(&f);
	assert_int_equal(f.sample.waits.n, 0);
	end(child);
	end(sleeper);
	close_source(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_switch_of_processes_is_seen),
		cmocka_unit_test(every_switch_of_threads_is_seen),
		cmocka_unit_test(every_switch_is_counted_when_threads_yield_on_every_cpu),
		cmocka_unit_test(what_happens_while_nobody_asks_is_not_recorded),
		cmocka_unit_test(a_sleeper_is_looked_at_and_not_disturbed),
		cmocka_unit_test(one_that_runs_has_no_wait_and_nobody_is_looked_at_unasked),
		cmocka_unit_test(deaths_are_seen_also_of_a_crew_that_is_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
