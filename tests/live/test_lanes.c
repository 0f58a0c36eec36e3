/* SPDX-License-Identifier: MIT
 * Lanes of real crews against what the kernel counts itself: switches of both kinds by task against /proc's counters, time
 * on a CPU and time of waiting against schedstat, which are made elsewhere in the kernel. TASKSCOPE_LANES_SECONDS: how long
 * each crew runs.
 */
#include "kit.h"
#include "rig.h"

#include <signal.h>

#define NEEDS (NEED_TASKS | NEED_SWITCHES | NEED_WAITS)
/* schedstat's time of one that runs moves at ticks, of up to 10 ms. */
#define TICKS (20 * NSEC_PER_MSEC)

struct fixture {
	struct crews *crews;
	struct rig rig;
};

static nsec seconds(void)
{
	const char *text = getenv("TASKSCOPE_LANES_SECONDS");

	return (text ? atoi(text) : 2) * NSEC_PER_SEC;
}

static void open_rig(struct fixture *f)
{
	rig_open(&f->rig, f->crews, NEEDS);
}

static void close_rig(struct fixture *f)
{
	rig_close(&f->rig);
}

static void start_side(struct fixture *f, enum side side, int workers, int job, int cpu)
{
	assert_true(rig_start(&f->rig, side, workers, job, cpu));
}

/* Stops both crews, and reads until nothing happens any more: then all counters stand still. */
static void settle(struct fixture *f)
{
	int64_t before;

	assert_int_equal(crew_signal(f->crews, SIDE_LEFT, CREW_ALL, SIGSTOP), 0);
	assert_int_equal(crew_signal(f->crews, SIDE_RIGHT, CREW_ALL, SIGSTOP), 0);
	do {
		before = f->rig.events;
		rig_run(&f->rig, 3 * RIG_TICK);
	} while (f->rig.events != before);
}

/* Each switch was recorded, or is among the lost. */
static void assert_agrees(
	const struct lane *lane, const char *kind, int64_t seen, int64_t counted, int64_t lost)
{
	print_message("# %s w%-2d TID %d %-11s %8lld recorded %8lld counted\n",
		lane->side == SIDE_LEFT ? "process" : "thread ", lane->worker, lane->tid, kind,
		(long long)seen, (long long)counted);
	/* The stop that ends the run may find a task on its way to sleep: it stays runnable, and so it is recorded, but its
	 * counter of voluntary switches has it. One a task. */
	if ((llabs(seen - counted) - 1 - lost) * 1000 > counted)
		fail_msg("they differ by more than 0.1 %%");
}

/* The lanes of all workers, and whether each agrees with /proc. How fast the machine is, and what else it does, decides
 * whether records are lost; that they are counted does not hang on it. */
static void assert_reconciled(struct fixture *f, int workers)
{
	const struct lanes_view view = model_lanes(f->rig.model);
	int found = 0;

	assert_false(view.sampled);
	assert_int_equal(f->rig.lost, view.lost);
	for (size_t i = 0; i < view.n; i++) {
		const struct lane *lane = view.lanes[i];

		if (!lane->alive || lane->worker < 0)
			continue;
		found++;
		assert_agrees(lane, "voluntary", lane->seen_voluntary, lane->counted_voluntary,
			view.lost);
		assert_agrees(lane, "involuntary", lane->seen_involuntary,
			lane->counted_involuntary, view.lost);
		assert_true(lane->apart >= 0);
	}
	assert_int_equal(found, workers);
	print_message("# all: %lld recorded, %lld counted, %lld records lost\n",
		(long long)view.sum.seen, (long long)view.sum.counted, (long long)view.lost);
	assert_true(view.sum.seen > 0);
	assert_true(view.sum.apart <= view.lost);
}

static void reconcile(struct fixture *f, int job)
{
	open_rig(f);
	start_side(f, SIDE_LEFT, 4, job, -1);
	start_side(f, SIDE_RIGHT, 4, job, -1);
	rig_run(&f->rig, seconds());
	settle(f);
	print_message("# %s: %.0f switches a second\n", job_table[job].name,
		(double)f->rig.events / 2 * 1e9 / (double)seconds());
	assert_reconciled(f, 8);
	close_rig(f);
}

static void every_switch_of_a_mixed_crew_is_counted(void **state)
{
	reconcile(*state, JOB_MIXED);
}

static void every_switch_of_spinners_is_counted(void **state)
{
	reconcile(*state, JOB_SPIN);
}

static void every_switch_of_pairs_is_counted(void **state)
{
	reconcile(*state, JOB_PINGPONG);
	reconcile(*state, JOB_FUTEX);
}

/* --- shares --- */

#define KEPT (10 * NSEC_PER_SEC) /* sums of a lane go back that far */

/* unseen: how much of what was counted no record may tell of; uncounted: how much of what was recorded is not counted yet. */
static void assert_near(const char *what, const struct lane *lane, nsec records, nsec unseen,
	nsec uncounted, nsec counted)
{
	print_message("# %s w%d %s %lld ms by records, %lld ms by schedstat\n",
		lane->side == SIDE_LEFT ? "process" : "thread", lane->worker, what,
		(long long)(records / NSEC_PER_MSEC), (long long)(counted / NSEC_PER_MSEC));
	/* A hypervisor's time is in the one and not in the other. */
	const nsec slack = TICKS + counted / 10;
	if (counted < records - uncounted - slack || counted > records + unseen + slack)
		fail_msg("they differ");
}

/* How long a lane has been in this state at the stop; 0: it is in another. */
static nsec length_at_stop(const struct lane *lane, nsec until, enum span_state state)
{
	struct span last;
	nsec to;

	assert_true(strip_span(lane->strip, until - 1, &last, &to));
	return last.state == state ? until - last.from : 0;
}

/* Time off the CPU before the stop. A wake-up leaves no record: where a task then had to wait for a CPU, that wait is a
 * part of it. */
static nsec off_before_stop(const struct lane *lane, nsec until, nsec off)
{
	return off - length_at_stop(lane, until, SPAN_OFF);
}

/* One process with one task, and one with four, on one CPU: each task has a share, and what its lane says that it had, of
 * running and of waiting, is what schedstat says. */
static void time_on_a_cpu_and_of_waiting_is_schedstat_s(void **state)
{
	struct fixture *f = *state;
	struct lanes_view view;
	nsec shares[SIDES] = { 0 };

	open_rig(f);
	start_side(f, SIDE_LEFT, 1, JOB_SPIN, 0);
	start_side(f, SIDE_RIGHT, 4, JOB_SPIN, 0);
	rig_run(&f->rig, 2 * NSEC_PER_SEC);
	settle(f);
	view = model_lanes(f->rig.model);
	for (size_t i = 0; i < view.n; i++) {
		const struct lane *lane = view.lanes[i];
		const struct track *track = model_track(f->rig.model, lane->tid);
		const nsec end = (view.until / (10 * NSEC_PER_MSEC) + 1) * 10 * NSEC_PER_MSEC;
		const struct strip_cell cell = strip_cell(lane->strip, 0, end);

		if (!lane->alive || lane->worker < 0)
			continue;
		if (lane->born_ns < view.until - KEPT) {
			print_message(
				"# it took too long: this machine is too busy to measure on\n");
			close_rig(f);
			return;
		}
		assert_non_null(track);
		/* What a lost record would have told of is in no lane. */
		const nsec unknown = view.lost ? 3600 * NSEC_PER_SEC : 0;
		assert_near("ran", lane, cell.run_ns, unknown, 0, track->now.run_ns);
		const nsec woken = off_before_stop(lane, view.until, cell.off_ns) + unknown;
		print_message(
			"# off the CPU for %lld ms of that\n", (long long)(woken / NSEC_PER_MSEC));
		/* The kernel counts a wait when it ends. */
		assert_near("waited", lane, cell.wait_ns, woken,
			length_at_stop(lane, view.until, SPAN_WAITING), track->now.wait_ns);
		shares[lane->side] += cell.run_ns > 0;
	}
	assert_int_equal(shares[SIDE_LEFT], 1);
	assert_int_equal(shares[SIDE_RIGHT], 4);
	close_rig(f);
}

/* --- short lives, and reasons --- */

static const struct lane *lane_of(struct fixture *f, enum side side, int worker)
{
	const struct lanes_view view = model_lanes(f->rig.model);

	for (size_t i = 0; i < view.n; i++)
		if (view.lanes[i]->side == (int)side && view.lanes[i]->worker == worker &&
			view.lanes[i]->alive)
			return view.lanes[i];
	fail_msg("no lane of w%d", worker);
	return NULL;
}

static void count_lives(struct fixture *f, int *ret_born, int *ret_died)
{
	const struct lanes_view view = model_lanes(f->rig.model);

	*ret_born = *ret_died = 0;
	for (size_t i = 0; i < view.n; i++) {
		*ret_born += view.lanes[i]->born_ns >= 0;
		*ret_died += view.lanes[i]->died_ns >= 0;
	}
}

static void workers_that_come_and_go_have_lanes(void **state)
{
	const nsec end = nsec_monotonic() + 30 * NSEC_PER_SEC;
	struct fixture *f = *state;
	int born = 0, died = 0;

	open_rig(f);
	start_side(f, SIDE_LEFT, 2, JOB_SLEEP, -1);
	start_side(f, SIDE_RIGHT, 2, JOB_SLEEP, -1);
	rig_run(&f->rig, RIG_TICK);
	/* Both ways of ending, and one that comes: all between two looks. */
	assert_int_equal(crew_signal(f->crews, SIDE_LEFT, 1, SIGKILL), 0);
	assert_int_equal(crew_remove(f->crews, SIDE_RIGHT, CREW_ALL), 0);
	do {
		rig_run(&f->rig, RIG_TICK);
		count_lives(f, &born, &died);
	} while ((born < 4 || died < 2) && nsec_monotonic() < end);
	assert_int_equal(born, 4);
	assert_int_equal(died, 2);
	close_rig(f);
}

static void a_sleeper_s_spans_have_the_channel_that_was_seen_in_them(void **state)
{
	const nsec end = nsec_monotonic() + 30 * NSEC_PER_SEC;
	struct fixture *f = *state;
	struct lane_waits waits;
	const struct lane *lane;
	struct span span;
	nsec to;

	open_rig(f);
	start_side(f, SIDE_LEFT, 2, JOB_READ, -1);
	start_side(f, SIDE_RIGHT, 2, JOB_SLEEP, -1);
	do {
		rig_run(&f->rig, RIG_TICK);
		lane = lane_of(f, SIDE_LEFT, 0);
		waits = lane_waits(lane->waits, 0, INT64_MAX);
	} while (waits.looks <= 2 && nsec_monotonic() < end);
	print_message("# w0 of job read: %d looks, %d in \"%s\"\n", waits.looks, waits.same,
		waits.channel);
	assert_true(waits.looks > 2);
	/* A look that named a channel lies in a span in which the task did not run. */
	if (waits.named == waits.looks) {
		assert_true(strip_span(lane->strip, waits.newest - RIG_TICK, &span, &to) ||
			    strip_span(lane->strip, waits.newest, &span, &to));
		assert_non_null(strstr(waits.channel, "read"));
	}
	close_rig(f);
}

static int run_all(void *context, struct crews *crews)
{
	struct fixture *f = context;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(every_switch_of_a_mixed_crew_is_counted, f),
		cmocka_unit_test_prestate(every_switch_of_spinners_is_counted, f),
		cmocka_unit_test_prestate(every_switch_of_pairs_is_counted, f),
		cmocka_unit_test_prestate(time_on_a_cpu_and_of_waiting_is_schedstat_s, f),
		cmocka_unit_test_prestate(workers_that_come_and_go_have_lanes, f),
		cmocka_unit_test_prestate(
			a_sleeper_s_spans_have_the_channel_that_was_seen_in_them, f),
	};

	f->crews = crews;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	struct fixture f = { 0 };
	struct supervise_options options = {
		.screen = run_all,
		.context = &f,
		.with_crews = true,
		.worker_path = argc > 1 ? argv[1] : NULL,
	};

	return supervise(&options);
}
