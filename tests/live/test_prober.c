/* SPDX-License-Identifier: MIT
 * The slow lane against this kernel: what the prober tells of children of our own, what libproc2 says of them, and what
 * its death does; and what `doctor` finds.
 */
#include <libproc2/pids.h>
#include <pthread.h>
#include <sys/mman.h>

#include "children.h"

/* --- tests: the slow lane --- */

static void touch_pages(void)
{
	char *private =
		mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(private, 1, 1 << 20);
	pause_for_ever();
}

/* What libproc2 itself says, asked by us and not through the source. */
static void agrees_with_libproc2(void **state)
{
	enum pids_item items[] = { PIDS_ID_PID, PIDS_TICS_BEGAN, PIDS_FLT_MIN, PIDS_VM_RSS,
		PIDS_NLWP };
	struct fixture f = open_source(true);
	pid_t child = start(touch_pages);
	struct pids_info *info = NULL;
	unsigned pid = (unsigned)child;

	watch(&f, child);
	live_set_needs(f.live, NEED_TASKS | NEED_PROCESSES | NEED_MACHINE, NULL, 0);
	await_state(child, 'S');
	await_process(&f, child, true);
	usleep(100000);
	read_now(&f);
	usleep(100000);
	const struct process_sample *row = await_process(&f, child, true);
	assert_true(procps_pids_new(&info, items, 5) >= 0);
	struct pids_fetch *fetch = procps_pids_select(info, &pid, 1, PIDS_SELECT_PID);
	assert_non_null(fetch);
	assert_int_equal(fetch->counts->total, 1);
	assert_int_equal(row->start, fetch->stacks[0]->head[1].result.ull_int);
	assert_int_equal(row->minor_faults, fetch->stacks[0]->head[2].result.ul_int);
	assert_int_equal(row->rss_kb, fetch->stacks[0]->head[3].result.ul_int);
	assert_int_equal(row->threads, fetch->stacks[0]->head[4].result.s_int);
	assert_int_equal(row->ppid, getpid());
	assert_int_equal(row->state, 'S');
	assert_true(
		row->uss_kb >= 1024 && row->pss_kb >= row->uss_kb && row->rss_kb >= row->pss_kb);
	assert_true(row->page_tables_kb > 0 && row->vm_size_kb > row->rss_kb);
	assert_true(f.sample.machine.switches > 0 && f.sample.machine.total_kb > 0);
	assert_true(f.sample.machine.cpus > 0 && f.sample.machine.load_centi >= 0);
	procps_pids_unref(&info);
	end(child);
	close_source(&f);
}

static void mappings_add_up_to_the_process(void **state)
{
	struct fixture f = open_source(true);
	pid_t child = start(touch_pages);
	int32_t pids[] = { child };
	int64_t rss = 0;

	await_state(child, 'S');
	watch(&f, child);
	live_set_needs(
		f.live, NEED_TASKS | NEED_PROCESSES | NEED_MAPPINGS | NEED_MAPPING_COUNT, pids, 1);
	const struct process_sample *row = await_process(&f, child, true);
	for (size_t i = 0; i < f.sample.mappings.n; i++) {
		const struct mapping_sample *mapping = &f.sample.mappings.at[i];

		assert_int_equal(mapping->pid, child);
		assert_true(!i || mapping->start >= mapping[-1].end);
		rss += mapping->rss_kb;
	}
	assert_int_equal(rss, row->rss_kb);
	/* maps and smaps have one entry for each. */
	assert_int_equal(row->mappings, f.sample.mappings.n);
	live_set_needs(f.live, NEED_TASKS | NEED_PROCESSES, NULL, 0);
	read_now(&f);
	assert_int_equal(f.sample.mappings.n, 0);
	end(child);
	close_source(&f);
}

static void *outlive_main(void *unused)
{
	pause_for_ever();
	return unused;
}

static void leave_main_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, outlive_main, NULL);
	pthread_exit(NULL);
}

static void a_zombie_leader_still_has_its_memory(void **state)
{
	struct fixture f = open_source(true);
	pid_t child = start(leave_main_thread);
	int32_t pids[] = { child };

	await_state(child, 'Z');
	watch(&f, child);
	live_set_needs(f.live, NEED_TASKS | NEED_PROCESSES | NEED_MAPPINGS, pids, 1);
	assert_true(await_process(&f, child, true)->rss_kb > 0);
	assert_true(f.sample.mappings.n > 5);
	assert_int_equal(f.sample.tasks.n, 2);
	end(child);
	close_source(&f);
}

static void a_zombie_has_no_memory_and_a_gap_says_why(void **state)
{
	struct fixture f = open_source(true);
	pid_t child = start(pause_for_ever);

	kill(child, SIGKILL);
	await_state(child, 'Z');
	watch(&f, child);
	live_set_needs(f.live, NEED_TASKS | NEED_PROCESSES, NULL, 0);
	const struct process_sample *row = await_process(&f, child, false);
	assert_int_equal(row->state, 'Z');
	assert_int_equal(row->rss_kb, UNKNOWN);
	assert_non_null(find_gap(&f, child, "smaps_rollup"));
	end(child);
	close_source(&f);
}

/* Killed at moments spread over its work, time and again: the reader sees whole rows only, and the next one goes on. */
static void a_killed_prober_leaves_no_half_results(void **state)
{
	struct fixture f = open_source(true);
	pid_t child = start(touch_pages);
	int32_t pids[] = { child };
	size_t whole = 0;

	await_state(child, 'S');
	watch(&f, child);
	live_set_needs(f.live, NEED_TASKS | NEED_PROCESSES | NEED_MAPPINGS | NEED_MACHINE, pids, 1);
	await_process(&f, child, true);
	whole = f.sample.mappings.n;
	for (int i = 0; i < 100; i++) {
		live_prober_restarted(f.live, nsec_monotonic());
		read_now(&f);
		usleep((useconds_t)(i * 13 % 700));
		end(f.prober);
		read_now(&f);
		assert_int_equal(f.sample.processes.n, 1);
		assert_int_equal(f.sample.mappings.n, whole);
		assert_string_equal(
			f.sample.mappings.at[whole - 1].path, f.sample.mappings.at[whole - 1].path);
		assert_true(f.sample.mappings.at[whole - 1].rss_kb >= 0);
		f.prober = start_prober(f.area);
	}
	int64_t before = f.sample.slow_at_ns;
	live_prober_restarted(f.live, nsec_monotonic());
	for (int i = 0; i < 500 && f.sample.slow_at_ns == before; i++) {
		read_now(&f);
		usleep(10000);
	}
	assert_true(f.sample.slow_at_ns > before);
	end(child);
	close_source(&f);
}

/* --- tests: what this machine lets us see --- */

static void every_check_gives_a_name_and_a_refusal_a_reason(void **state)
{
	struct source_check checks[CHECKS_MAX];
	size_t fds = open_fds();
	size_t n = source_check(checks, CHECKS_MAX);

	assert_true(n >= 15);
	for (size_t i = 0; i < n; i++) {
		assert_true(checks[i].what[0]);
		assert_true(checks[i].ok || checks[i].lost[0]);
		print_message("# %-32s %-4s %s\n", checks[i].what, checks[i].ok ? "ok" : "no",
			checks[i].detail);
	}
	assert_true(checks[0].ok);
	assert_int_equal(open_fds(), fds);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(source_check(checks, 2), 2);
}

static void the_card_describes_this_machine(void **state)
{
	struct machine_info card;

	machine_info_read(NULL, &card);
	assert_true(card.kernel[0]);
	assert_int_equal(card.cpus, sysconf(_SC_NPROCESSORS_ONLN));
	assert_int_equal(card.ticks_per_s, sysconf(_SC_CLK_TCK));
	assert_int_equal(card.uid, getuid());
	assert_int_equal(strlen(card.recorded), strlen("2026-01-01T00:00:00Z"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_libproc2),
		cmocka_unit_test(mappings_add_up_to_the_process),
		cmocka_unit_test(a_zombie_leader_still_has_its_memory),
		cmocka_unit_test(a_zombie_has_no_memory_and_a_gap_says_why),
		cmocka_unit_test(a_killed_prober_leaves_no_half_results),
		cmocka_unit_test(every_check_gives_a_name_and_a_refusal_a_reason),
		cmocka_unit_test(the_card_describes_this_machine),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
