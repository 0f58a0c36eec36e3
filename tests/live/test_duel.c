/* SPDX-License-Identifier: MIT
 * Duels on this kernel: every method by everybody who can do it, small; what a pointer delivers; an end at any moment, and
 * nothing left of it.
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crew.h"
#include "duel.h"
#include "kit.h"

struct fixture {
	const char *worker;
	struct crews *crews;
	struct sample sample;
};

static void add(struct duel_plan *plan, int method, int who, int64_t parameter, int cpus)
{
	plan->item[plan->series_n++] = (struct duel_item) { .method = (int16_t)method,
		.who = (int16_t)who,
		.cpus = (int16_t)cpus,
		.parameter = parameter };
}

static struct duel_plan plan_of(int trial_ms)
{
	return (struct duel_plan) { .trial_ms = trial_ms, .cpu = { 0, 1 } };
}

/* One part over all items so far. */
static void close_part(struct duel_plan *plan, int rounds, int budget_ms)
{
	plan->part[plan->parts++] =
		(struct duel_part) { .duel = method_table[plan->item[0].method].duel,
			.n = (int16_t)plan->series_n,
			.rounds = (int16_t)rounds,
			.budget_ms = budget_ms };
}

static void await_end(struct fixture *f, nsec patience)
{
	nsec until = nsec_monotonic() + patience;
	while (crews_duel_state(f->crews, NULL) == DUEL_RUNNING) {
		if (nsec_monotonic() > until)
			fail_msg("the duel does not end");
		struct pollfd fd = { .fd = crews_fd(f->crews), .events = POLLIN };
		poll(&fd, 1, 20);
		crews_dispatch(f->crews);
	}
}

static void run(struct fixture *f, const struct duel_plan *plan)
{
	const char *note;
	struct duel_plan closed = *plan;
	duel_plan_close(&closed);
	assert_int_equal(crews_duel_start(f->crews, &closed), 0);
	await_end(f, 60 * NSEC_PER_SEC);
	if (crews_duel_state(f->crews, &note) != DUEL_DONE)
		fail_msg("%s", note);
	duel_report(crews_duel_page(f->crews), "done", "", &f->sample);
}

static int64_t smallest(enum duel_method method)
{
	return duel_table[method_table[method].duel].min;
}

static void every_method_is_measured_for_everybody_who_can_do_it(void **state)
{
	struct fixture *f = *state;
	for (int duel = 0; duel < DUELS; duel++) {
		struct duel_plan plan = plan_of(2);
		for (int method = 0; method < DUEL_METHODS; method++)
			for (int who = 0; who < CONTENDERS; who++)
				if (method_table[method].duel == (enum duel)duel &&
					(method_table[method].who & 1u << who))
					add(&plan, method, who, smallest((enum duel_method)method),
						1);
		close_part(&plan, 2, 30000);
		run(f, &plan);
		for (size_t i = 0; i < f->sample.duels.n; i++) {
			const struct duel_sample *d = &f->sample.duels.at[i];
			if (d->error || d->trials != 2 || !(d->median > 0))
				fail_msg("%s %s by %s: error %d (%s), %d trials, median %g",
					d->duel, d->method, d->who, d->error, d->note, d->trials,
					d->median);
		}
	}
}

static const struct duel_sample *find(const struct fixture *f, const char *method, const char *who)
{
	for (size_t i = 0; i < f->sample.duels.n; i++)
		if (strcmp(f->sample.duels.at[i].method, method) == 0 &&
			strcmp(f->sample.duels.at[i].who, who) == 0)
			return &f->sample.duels.at[i];
	fail_msg("no series %s by %s", method, who);
	return NULL;
}

static void a_pointer_delivers_wrong_data_between_processes_alone(void **state)
{
	struct fixture *f = *state;
	struct duel_plan plan = plan_of(3);
	for (int who = 0; who < CONTENDERS; who++)
		add(&plan, TALK_POINTER, who, 4096, 1);
	add(&plan, TALK_FUTEX, BY_PROCESSES, 4096, 1);
	add(&plan, TALK_PIPE, BY_PROCESSES, 4096, 1);
	close_part(&plan, 6, 30000);
	run(f, &plan);
	assert_int_equal(strncmp(find(f, "pointer", "processes")->note, "wrong data", 10), 0);
	assert_string_equal(find(f, "pointer", "CLONE_VM")->note, "");
	assert_string_equal(find(f, "pointer", "threads")->note, "");
	assert_string_equal(find(f, "shm+futex", "processes")->note, "");
	/* a pipe copies in and out; shared memory nothing, nor does the look at the counters count */
	assert_true(find(f, "pipe", "processes")->copied >= 2 * 4096);
	assert_true(find(f, "shm+futex", "processes")->copied < 1);
	for (size_t i = 0; i < f->sample.contrasts.n; i++)
		if (strcmp(f->sample.contrasts.at[i].key, "processes_vs_threads") == 0) {
			assert_int_equal(f->sample.contrasts.at[i].verdict, CONTRAST_UNDECIDED);
			assert_non_null(strstr(f->sample.contrasts.at[i].text, "wrong data"));
		}
}

/* Of 8 bytes, of which many lie on their way, and of 1 MB, of which one does. */
static void every_channel_carries_the_smallest_and_the_largest_message(void **state)
{
	struct fixture *f = *state;
	const struct duel_info *talk = &duel_table[DUEL_TALK];
	struct duel_plan plan = plan_of(4);
	for (int method = TALK_PIPE; method <= TALK_POINTER; method++)
		for (int cpus = 1; cpus <= 2 && method != TALK_QUEUE; cpus++) {
			add(&plan, method, BY_THREADS, talk->min, cpus);
			add(&plan, method, BY_THREADS, talk->max, cpus);
		}
	plan.cpu[0] = plan.cpu[1] = 0; /* two CPUs are not needed to try their code */
	close_part(&plan, 3, 30000);
	run(f, &plan);
	for (size_t i = 0; i < f->sample.duels.n; i++) {
		const struct duel_sample *d = &f->sample.duels.at[i];
		if (d->error || d->note[0] || d->trials != 3)
			fail_msg("%s, %lld bytes: error %d, %d trials, %s", d->method,
				(long long)d->parameter, d->error, d->trials, d->note);
		assert_true(d->latency_p50 > 0 && d->latency_p50 <= d->latency_p95);
		/* a look at the counters is all that is copied of what lies in shared memory */
		if (d->parameter == talk->max && strncmp(d->method, "shm", 3) == 0)
			assert_true(d->copied < 64);
	}
}

/* Kernel stacks are weighed, not guessed: of every task one, and all of one size, which is a power of two. */
static void a_kernel_stack_is_of_one_size(void **state)
{
	struct fixture *f = *state;
	struct duel_plan plan = plan_of(2);
	for (int who = BY_PROCESSES; who < CONTENDERS; who++)
		for (int workers = 1; workers <= 8; workers *= 8)
			add(&plan, MEMORY_SUMS, who, workers, 1);
	close_part(&plan, 3, 30000);
	run(f, &plan);
	for (size_t i = 0; i < f->sample.duels.n; i++) {
		const struct duel_sample *d = &f->sample.duels.at[i];
		int64_t one = (int64_t)d->kernel_stack_kb / (d->parameter + 1);
		assert_true(d->kernel_stack_kb == (double)(one * (d->parameter + 1)));
		assert_in_range(one, 4, 64);
		assert_int_equal(one & (one - 1), 0);
	}
}

static void a_fork_copies_page_tables_and_a_thread_none(void **state)
{
	struct fixture *f = *state;
	struct duel_plan plan = plan_of(2);
	add(&plan, CREATE_FORK, BY_PROCESSES, 16, 1);
	add(&plan, CREATE_PTHREAD, BY_THREADS, 16, 1);
	close_part(&plan, 5, 30000);
	run(f, &plan);
	const struct duel_sample *fork_of = find(f, "fork", "processes"),
				 *thread = find(f, "pthread_create", "threads");
	/* 16 MB in 4 kB pages: each is copied when it is written, and 8 bytes of page table stand for each */
	assert_true(fork_of->faults >= 4096);
	assert_true(fork_of->page_tables_kb >= 32);
	assert_true(thread->faults < 64);
	assert_true(thread->page_tables_kb == 0);
	assert_true(fork_of->median > thread->median);
}

/* fork with 16 MB and a thread are far apart: settled by the first number of rounds. Whatever is not goes on until it is, or
 * has had its most. */
static void rounds_go_on_for_what_is_not_settled(void **state)
{
	struct fixture *f = *state;
	struct duel_plan plan = plan_of(2);
	plan.exchange = true;
	add(&plan, CREATE_FORK, BY_PROCESSES, 16, 1);
	add(&plan, CREATE_PTHREAD, BY_THREADS, 16, 1);
	close_part(&plan, 7, 30000);
	plan.part[0].rounds_most = 28;
	run(f, &plan);
	assert_int_equal(find(f, "fork", "processes")->trials, 7);
	assert_int_equal(find(f, "pthread_create", "threads")->trials, 7);
	assert_int_equal(f->sample.contrasts.at[0].verdict, CONTRAST_MORE);

	plan = plan_of(2);
	plan.exchange = true;
	for (int who = 0; who < CONTENDERS; who++)
		add(&plan, SWITCH_BY_YIELD, who, 0, 1);
	close_part(&plan, 7, 30000);
	plan.part[0].rounds_most = 28;
	run(f, &plan);
	assert_int_equal(f->sample.contrasts.n, 2);
	for (size_t i = 0; i < f->sample.contrasts.n; i++) {
		const struct contrast_sample *c = &f->sample.contrasts.at[i];
		bool settled = c->verdict == CONTRAST_EQUAL || c->low > DUEL_ALIKE ||
			       c->high < 1 / DUEL_ALIKE;
		assert_true(settled || c->rounds == 28);
	}
	/* each took its own baseline, which is less than what has a switch in it */
	for (size_t i = 0; i < f->sample.duels.n; i++) {
		const struct duel_sample *d = &f->sample.duels.at[i];
		assert_in_range(d->trials, 7, 28);
		assert_true(d->baseline > 0 && d->baseline < d->median);
		assert_true(d->net > 0 && d->net < d->median);
	}
}

/* Tasks of our kind that live below the supervisor, which is our parent. */
static int count_duel_tasks(void)
{
	int n = 0;
	DIR *dir = opendir("/proc");
	for (struct dirent *e; (e = readdir(dir));) {
		char path[300], line[512] = "";
		snprintf(path, sizeof(path), "/proc/%s/stat", e->d_name);
		FILE *file = e->d_name[0] >= '1' && e->d_name[0] <= '9' ? fopen(path, "re") : NULL;
		if (!file)
			continue;
		char *end = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;
		int ppid = 0, session = 0, group = 0;
		char letter = 'Z';
		if (end && sscanf(end + 1, " %c %d %d %d", &letter, &ppid, &group, &session) == 4)
			n += strstr(line, "(duel)") && letter != 'Z' && letter != 'X' &&
			     ppid == getppid();
		fclose(file);
	}
	closedir(dir);
	return n;
}

static void a_stop_ends_it_within_a_trial_and_keeps_what_it_has(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 10; i++) {
		struct duel_plan plan = plan_of(400);
		add(&plan, SWITCH_BY_PIPE, i % CONTENDERS, 0, 1);
		close_part(&plan, 100, 60000);
		assert_int_equal(crews_duel_start(f->crews, &plan), 0);
		assert_int_equal(crews_duel_start(f->crews, &plan), -EBUSY);
		struct pollfd fd = { .fd = crews_fd(f->crews), .events = POLLIN };
		for (nsec until = nsec_monotonic() + i * 20 * NSEC_PER_MSEC;
			nsec_monotonic() < until;) {
			poll(&fd, 1, 5);
			crews_dispatch(f->crews);
		}
		assert_int_equal(crews_duel_stop(f->crews), 0);
		nsec stopped = nsec_monotonic();
		while (count_duel_tasks() && nsec_monotonic() - stopped < 2 * NSEC_PER_SEC)
			poll(&fd, 1, 5);
		assert_int_equal(count_duel_tasks(), 0);
		assert_int_equal(crews_duel_state(f->crews, NULL), DUEL_STOPPED);
		assert_non_null(crews_duel_page(f->crews));
		assert_int_equal(crews_duel_stop(f->crews), -ESRCH);
	}
}

static void a_plan_that_is_not_sound_is_refused(void **state)
{
	struct fixture *f = *state;
	struct duel_plan plan = plan_of(2);
	assert_int_equal(crews_duel_start(f->crews, &plan), -EINVAL);
	add(&plan, CREATE_FORK, BY_THREADS, 0, 1);
	close_part(&plan, 1, 1000);
	assert_int_equal(crews_duel_start(f->crews, &plan), -EINVAL);
	plan.item[0].who = BY_PROCESSES;
	plan.item[0].parameter = 1025;
	assert_int_equal(crews_duel_start(f->crews, &plan), -EINVAL);
}

static void time_that_is_up_ends_a_duel(void **state)
{
	struct fixture *f = *state;
	struct duel_plan plan = plan_of(20);
	add(&plan, SWITCH_BY_FUTEX, BY_THREADS, 0, 1);
	close_part(&plan, DUEL_TRIALS_MAX, 200);
	run(f, &plan);
	assert_in_range(find(f, "futex", "threads")->trials, 1, 20);
}

static void a_second_cpu_that_is_not_there_is_said(void **state)
{
	struct fixture *f = *state;
	struct duel_plan plan = plan_of(2);
	plan.cpu[1] = -1;
	add(&plan, SWITCH_BY_PIPE, BY_PROCESSES, 0, 2);
	add(&plan, SWITCH_BY_PIPE, BY_THREADS, 0, 2);
	close_part(&plan, 5, 10000);
	run(f, &plan);
	assert_int_equal(find(f, "pipe", "threads")->error, ENODEV);
	assert_int_equal(f->sample.contrasts.n, 1);
	assert_int_equal(f->sample.contrasts.at[0].verdict, CONTRAST_UNDECIDED);
	assert_non_null(strstr(f->sample.contrasts.at[0].text, "needs two CPUs"));
}

static int run_all(void *context, struct crews *crews)
{
	struct fixture *f = context;
	f->crews = crews;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(every_method_is_measured_for_everybody_who_can_do_it, f),
		cmocka_unit_test_prestate(a_pointer_delivers_wrong_data_between_processes_alone, f),
		cmocka_unit_test_prestate(
			every_channel_carries_the_smallest_and_the_largest_message, f),
		cmocka_unit_test_prestate(a_kernel_stack_is_of_one_size, f),
		cmocka_unit_test_prestate(a_fork_copies_page_tables_and_a_thread_none, f),
		cmocka_unit_test_prestate(rounds_go_on_for_what_is_not_settled, f),
		cmocka_unit_test_prestate(a_stop_ends_it_within_a_trial_and_keeps_what_it_has, f),
		cmocka_unit_test_prestate(a_plan_that_is_not_sound_is_refused, f),
		cmocka_unit_test_prestate(time_that_is_up_ends_a_duel, f),
		cmocka_unit_test_prestate(a_second_cpu_that_is_not_there_is_said, f),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	sample_finish(&f->sample);
	return failed;
}

int main(int argc, char **argv)
{
	struct fixture f = { .worker = argc > 1 ? argv[1] : NULL };
	struct supervise_options options = {
		.screen = run_all, .context = &f, .with_crews = true, .worker_path = f.worker
	};
	return supervise(&options);
}
