/* SPDX-License-Identifier: MIT
 * Every order, on both sides, held against /proc before and after: whose memory, descriptor, place or handler changed.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit.h"
#include "told.h"

static struct crew_sample *crew(struct crew_fixture *f, enum side side)
{
	return kit_crew(&f->sample, side);
}

static void start_with(struct crew_fixture *f, enum side side, int workers, int arena_mb)
{
	struct crew_plan plan = { .kind = side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS,
		.workers = workers,
		.job = JOB_SLEEP,
		.cpu = -1,
		.arena_mb = arena_mb };

	assert_int_equal(crew_start(f->crews, side, &plan), 0);
	assert_int_equal(crew_await(f->crews, side, PATIENCE, -1), 0);
	kit_look(f->crews, &f->sample);
	assert_string_equal(crew(f, side)->note, "");
	assert_int_equal(crew(f, side)->state, CREW_RUNNING);
	await(f->crews, &f->sample, crew(f, side)->alive == workers);
}

static void start(struct crew_fixture *f, enum side side, int workers)
{
	start_with(f, side, workers, 0);
}

/* Sends an order and waits until it is answered. */
static struct worker_sample *order(
	struct crew_fixture *f, enum side side, int index, enum order order, int64_t argument)
{
	kit_look(f->crews, &f->sample);
	int64_t before = fixture_worker(f, side, index)->orders_done;

	assert_int_equal(crew_order(f->crews, side, index, order, argument), 0);
	await(f->crews, &f->sample, fixture_worker(f, side, index)->orders_done == before + 1);
	assert_string_equal(fixture_worker(f, side, index)->last_order, order_table[order].name);
	return fixture_worker(f, side, index);
}

static struct worker_sample *done(
	struct crew_fixture *f, enum side side, int index, enum order what, int64_t argument)
{
	struct worker_sample *w = order(f, side, index, what, argument);

	if (w->order_state != ORDER_STATE_DONE)
		fail_msg("%s: %s", w->last_order, w->last_result);
	return w;
}

/* --- user-level stacks --- */

static void switches_between_user_level_stacks_are_none_of_the_kernels(void **state)
{
	struct crew_fixture *f = *state;
	struct crew_plan plan = {
		.kind = KIND_THREADS, .workers = 1, .stacks = 3, .job = JOB_FIBERS, .cpu = -1
	};

	assert_int_equal(crew_start(f->crews, SIDE_RIGHT, &plan), 0);
	assert_int_equal(crew_await(f->crews, SIDE_RIGHT, PATIENCE, -1), 0);
	await(f->crews, &f->sample, crew(f, SIDE_RIGHT)->alive == 1);
	await(f->crews, &f->sample, fixture_worker(f, SIDE_RIGHT, 0)->user_switches > 0);
	assert_int_equal(fixture_worker(f, SIDE_RIGHT, 0)->stacks, 3);
	const int32_t pid = fixture_worker(f, SIDE_RIGHT, 0)->pid,
		      tid = fixture_worker(f, SIDE_RIGHT, 0)->tid;
	const int given_up = kit_status(pid, tid, "voluntary_ctxt_switches");
	const int64_t before = fixture_worker(f, SIDE_RIGHT, 0)->user_switches;
	await(f->crews, &f->sample,
		fixture_worker(f, SIDE_RIGHT, 0)->user_switches > before + 100000);
	assert_in_range(kit_status(pid, tid, "voluntary_ctxt_switches") - given_up, 0, 100);
	/* An order is carried out by the task, and with another job the stacks are gone. */
	done(f, SIDE_RIGHT, 0, ORDER_WRITE_X, 0);
	assert_int_equal(crew_set_job(f->crews, SIDE_RIGHT, 0, JOB_SLEEP), 0);
	await(f->crews, &f->sample, fixture_worker(f, SIDE_RIGHT, 0)->stacks == 0);
	assert_int_equal(fixture_worker(f, SIDE_RIGHT, 0)->user_switches, UNKNOWN);
}

/* --- memory --- */

static void x_is_one_page_of_threads_and_many_of_processes(void **state)
{
	struct crew_fixture *f = *state;
	uint64_t address[SIDES];

	for (int side = 0; side < SIDES; side++) {
		start(f, (enum side)side, 3);
		struct worker_sample *w = fixture_worker(f, (enum side)side, 1);
		int32_t pid = w->pid, other = fixture_worker(f, (enum side)side, 0)->pid;
		uint64_t x = w->x_address;

		address[side] = x;
		assert_true(x != 0);
		assert_int_equal(peek_integer(pid, x), 0);
		done(f, (enum side)side, 1, ORDER_WRITE_X, 0);
		assert_int_equal(peek_integer(pid, x), 1);
		assert_int_equal(peek_integer(other, x), side == SIDE_LEFT ? 0 : 1);
		assert_int_equal(count_pages(pid, x, x + 4096, true), 1); /* bit 56: mapped once */
		char text[40];

		peek(pid, x + 8, text, sizeof(text));
		assert_string_equal(text, "X=1 written by w1");
	}
	assert_int_equal(address[SIDE_LEFT], address[SIDE_RIGHT]);
}

static void writing_8_of_64_mb_moves_2048_pages_in_one_process_only(void **state)
{
	struct crew_fixture *f = *state;

	start_with(f, SIDE_LEFT, 2, 64);
	struct crew_sample *c = crew(f, SIDE_LEFT);
	uint64_t low = c->arena_low, high = c->arena_high;
	int32_t w0 = fixture_worker(f, SIDE_LEFT, 0)->pid,
		w1 = fixture_worker(f, SIDE_LEFT, 1)->pid;

	assert_int_equal(high - low, 64 << 20);
	assert_int_equal(count_pages(w0, low, high, false), 16384);
	/* The order's own first run, so that its own pages are not counted. */
	done(f, SIDE_LEFT, 0, ORDER_READ_ARENA, 64);
	done(f, SIDE_LEFT, 1, ORDER_READ_ARENA, 64);
	assert_int_equal(count_pages(w0, low, high, true), 0);
	long before0 = minor_faults(w0, w0), before1 = minor_faults(w1, w1);
	struct worker_sample *w = done(f, SIDE_LEFT, 0, ORDER_WRITE_ARENA, 8);

	assert_string_equal(w->last_result, "8 MB written: 2048 pages, 2048 minor faults");
	assert_int_equal(minor_faults(w0, w0) - before0, 2048);
	assert_int_equal(minor_faults(w1, w1) - before1, 0);
	assert_int_equal(count_pages(w0, low, high, true), 2048);
	assert_int_equal(count_pages(w1, low, high, true), 0);
}

static void writing_8_of_64_mb_costs_threads_nothing(void **state)
{
	struct crew_fixture *f = *state;

	start_with(f, SIDE_RIGHT, 2, 64);
	done(f, SIDE_RIGHT, 0, ORDER_READ_ARENA, 64);
	struct worker_sample *w = fixture_worker(f, SIDE_RIGHT, 0);
	uint64_t low = crew(f, SIDE_RIGHT)->arena_low, high = crew(f, SIDE_RIGHT)->arena_high;
	int32_t pid = w->pid, tid = w->tid;
	long before = minor_faults(pid, tid);

	assert_int_equal(count_pages(pid, low, high, true), 16384);
	w = done(f, SIDE_RIGHT, 0, ORDER_WRITE_ARENA, 8);
	assert_string_equal(w->last_result, "8 MB written: 2048 pages, 0 minor faults");
	assert_int_equal(minor_faults(pid, tid), before);
}

/* Each has memory of its own to write, two threads as two processes: as many pages become present on both sides. */
static void own_megabytes_are_as_many_of_processes_as_of_threads(void **state)
{
	struct crew_fixture *f = *state;
	const int pages = (int)((1 << 20) / sysconf(_SC_PAGESIZE));

	for (int side = 0; side < SIDES; side++) {
		int present = 0;
		start(f, (enum side)side, 2);
		const struct crew_sample *c = crew(f, (enum side)side);
		uint64_t low = c->touch_low, high = c->touch_high;
		for (int i = 0; i < 2; i++) {
			done(f, (enum side)side, i, ORDER_WRITE_OWN, 1);
			int32_t pid = fixture_worker(f, (enum side)side, i)->pid;
			present = count_pages(pid, low, high, true) +
				  (side == SIDE_LEFT ? present : 0);
		}
		assert_int_equal(present, 2 * pages);
	}
}

/* Each crew is a session of its own. Where the kernel makes groups of sessions, the host says the number that the kernel
 * says of it; in a CPU cgroup, or without such groups, both crews are in one. */
static void a_crew_says_in_which_group_it_gets_its_cpu_time(void **state)
{
	struct crew_fixture *f = *state;
	const char *groups[SIDES];
	char path[64], text[64] = "", wanted[64];

	for (int side = 0; side < SIDES; side++)
		start(f, (enum side)side, 1);
	for (int side = 0; side < SIDES; side++) {
		const struct crew_sample *c = crew(f, (enum side)side);
		groups[side] = c->cpu_group;
		assert_true(c->cpu_group[0]);
		if (strncmp(c->cpu_group, "autogroup ", 10) != 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/autogroup", c->host);
		FILE *file = fopen(path, "re");

		assert_non_null(file);
		assert_non_null(fgets(text, sizeof(text), file));
		fclose(file);
		snprintf(wanted, sizeof(wanted), "/autogroup-%s ", c->cpu_group + 10);
		assert_int_equal(strncmp(text, wanted, strlen(wanted)), 0);
	}
	bool sessions = strncmp(groups[0], "autogroup ", 10) == 0;

	assert_int_equal(strcmp(groups[0], groups[1]) != 0, sessions);
}

static void a_stack_grows_by_a_recursion_and_stays(void **state)
{
	struct crew_fixture *f = *state;

	for (int side = 0; side < SIDES; side++) {
		start(f, (enum side)side, 2);
		struct worker_sample *w = fixture_worker(f, (enum side)side, 0);
		uint64_t high = w->stack_high;
		int32_t pid = w->pid;
		int before = count_pages(pid, high - (2 << 20), high, true);

		done(f, (enum side)side, 0, ORDER_RECURSE, 1024);
		int after = count_pages(pid, high - (2 << 20), high, true);

		assert_true(after - before >= 250 && after - before <= 264);
	}
}

static void a_store_reaches_a_neighbour_among_threads_only(void **state)
{
	struct crew_fixture *f = *state;
	char text[24];

	for (int side = 0; side < SIDES; side++) {
		start(f, (enum side)side, 2);
		struct worker_sample *w = fixture_worker(f, (enum side)side, 1);
		int32_t pid = w->pid, own = fixture_worker(f, (enum side)side, 0)->pid;
		uint64_t local = w->local_address, victim = w->victim_address;

		assert_int_equal(peek_integer(pid, local), 100);
		done(f, (enum side)side, 0, ORDER_WRITE_LOCAL, 0);
		assert_int_equal(peek_integer(pid, local), side == SIDE_LEFT ? 100 : 4242);
		assert_int_equal(peek_integer(own, local), 4242);
		done(f, (enum side)side, 0, ORDER_WILD_STORE, 0);
		peek(pid, victim, text, sizeof(text));
		assert_string_equal(text, side == SIDE_LEFT ? "victim: balance=100" : "PWNED");
		peek(own, victim, text, sizeof(text));
		assert_string_equal(text, "PWNED");
		/* The door: the kernel asks who we are, and lets the same user in. */
		done(f, (enum side)side, 0, ORDER_KERNEL_STORE, 0);
		peek(pid, victim, text, sizeof(text));
		assert_string_equal(text, "HACKED");
	}
}

static void without_a_neighbour_an_order_fails_and_says_so(void **state)
{
	struct crew_fixture *f = *state;

	start(f, SIDE_LEFT, 1);
	struct worker_sample *w = order(f, SIDE_LEFT, 0, ORDER_WILD_STORE, 0);

	assert_int_equal(w->order_state, ORDER_STATE_FAILED);
	assert_non_null(strstr(w->last_result, "no other worker"));
}

/* --- counting --- */

static int64_t count(struct crew_fixture *f, enum side side, enum order what, int64_t argument)
{
	assert_int_equal(crew_order(f->crews, side, CREW_ALL, what, argument), 0);
	await(f->crews, &f->sample, crew(f, side)->count_value != UNKNOWN);
	await(f->crews, &f->sample,
		fixture_worker(f, side, 0)->order_state == ORDER_STATE_DONE &&
			fixture_worker(f, side, 1)->order_state == ORDER_STATE_DONE);
	assert_string_equal(crew(f, side)->count_order, order_table[what].name);
	assert_int_equal(crew(f, side)->count_expected, 2 * argument);
	return crew(f, side)->count_value;
}

static void a_race_needs_shared_memory_not_threads(void **state)
{
	struct crew_fixture *f = *state;
	const int64_t n = 2000000;

	for (int side = 0; side < SIDES; side++) {
		start(f, (enum side)side, 2);
		assert_int_equal(count(f, (enum side)side, ORDER_COUNT_ATOMIC, n), 2 * n);
		assert_int_equal(count(f, (enum side)side, ORDER_COUNT_SHARED_ATOMIC, n), 2 * n);
		assert_int_equal(count(f, (enum side)side, ORDER_COUNT_MUTEX, n / 20), n / 10);
		assert_int_equal(
			count(f, (enum side)side, ORDER_COUNT_SHARED_MUTEX, n / 20), n / 10);
		assert_int_equal(count(f, (enum side)side, ORDER_HOLD_REGISTERS, 2000), 4000);
		int64_t lost = 0;

		/* On a busy machine they may not overlap at once. */
		for (int i = 0; i < 30 && lost == 0; i++)
			lost = 2 * n - count(f, (enum side)side, ORDER_COUNT_SHARED_PLAIN, n);
		assert_true(lost > 0 && lost < 2 * n);
		lost = 0;
		for (int i = 0; i < 30 && lost == 0; i++) {
			lost = 2 * n - count(f, (enum side)side, ORDER_COUNT_PLAIN, n);
			if (side == SIDE_LEFT)
				assert_int_equal(lost, 0);
			if (side == SIDE_LEFT && i == 2)
				break;
		}
		if (side == SIDE_RIGHT)
			assert_true(lost > 0);
		struct worker_sample *w = fixture_worker(f, (enum side)side, 0);

		if (side == SIDE_LEFT)
			assert_int_equal(
				peek_integer(w->pid, crew(f, (enum side)side)->counter_address), n);
	}
}

/* Whoever reads that all have counted reads what they counted to, too, however the two moments meet. */
static void what_is_counted_is_known_with_the_answer(void **state)
{
	struct crew_fixture *f = *state;

	for (int side = 0; side < SIDES; side++) {
		start(f, (enum side)side, 2);
		for (int i = 0; i < 100; i++) {
			bool answered = false;
			nsec until = nsec_monotonic() + PATIENCE;

			assert_int_equal(crew_order(f->crews, (enum side)side, CREW_ALL,
						 ORDER_COUNT_ATOMIC, 1000),
				0);
			while (!answered && nsec_monotonic() < until) {
				sample_clear(&f->sample);
				crews_report(f->crews, &f->sample);
				answered = fixture_worker(f, (enum side)side, 0)->order_state ==
						   ORDER_STATE_DONE &&
					   fixture_worker(f, (enum side)side, 1)->order_state ==
						   ORDER_STATE_DONE;
			}
			assert_true(answered);
			assert_int_equal(crew(f, (enum side)side)->count_value, 2000);
		}
	}
}

/* --- files --- */

static void descriptors_are_of_all_threads_and_of_one_process(void **state)
{
	struct crew_fixture *f = *state;

	for (int side = 0; side < SIDES; side++) {
		enum side s = (enum side)side;

		start(f, s, 2);
		int fd = crew(f, s)->file_fd, opened = -1;
		int32_t p0 = fixture_worker(f, s, 0)->pid, t0 = fixture_worker(f, s, 0)->tid,
			p1 = fixture_worker(f, s, 1)->pid, t1 = fixture_worker(f, s, 1)->tid;
		char path[64], what[16];

		assert_true(fd >= 0);
		assert_int_equal(file_position(p0, t0, fd), 0);
		done(f, s, 0, ORDER_READ, 0);
		assert_int_equal(file_position(p0, t0, fd), 100);
		assert_int_equal(file_position(p1, t1, fd), 100);
		struct worker_sample *w = done(f, s, 0, ORDER_OPEN, 0);

		assert_int_equal(
			sscanf(w->last_result, "/etc/passwd is descriptor %d", &opened), 1);
		snprintf(what, sizeof(what), "fd/%d", opened);
		link_of(p0, t0, what, path, sizeof(path));
		assert_string_equal(path, "/etc/passwd");
		link_of(p1, t1, what, path, sizeof(path));
		if (side == SIDE_RIGHT)
			assert_string_equal(path, "/etc/passwd");
		else
			assert_string_not_equal(path, "/etc/passwd");
		done(f, s, 0, ORDER_CLOSE, 0);
		assert_int_equal(file_position(p0, t0, fd), -1);
		assert_int_equal(file_position(p1, t1, fd), side == SIDE_LEFT ? 100 : -1);
		w = order(f, s, 1, ORDER_READ, 0);
		assert_int_equal(
			w->order_state, side == SIDE_LEFT ? ORDER_STATE_DONE : ORDER_STATE_FAILED);
		if (side == SIDE_RIGHT)
			assert_non_null(strstr(w->last_result, "EBADF"));
	}
}

static void a_place_is_of_all_threads_and_of_one_process(void **state)
{
	struct crew_fixture *f = *state;
	char home[256], now[256];

	for (int side = 0; side < SIDES; side++) {
		enum side s = (enum side)side;

		start(f, s, 2);
		int32_t p0 = fixture_worker(f, s, 0)->pid, t0 = fixture_worker(f, s, 0)->tid,
			p1 = fixture_worker(f, s, 1)->pid, t1 = fixture_worker(f, s, 1)->tid;
		int umask1 = kit_status(p1, t1, "Umask");

		link_of(p1, t1, "cwd", home, sizeof(home));
		done(f, s, 0, ORDER_CHDIR, 0);
		done(f, s, 0, ORDER_UMASK, 0);
		link_of(p0, t0, "cwd", now, sizeof(now));
		assert_string_equal(now, "/usr");
		assert_int_equal(kit_status(p0, t0, "Umask"), 27);
		link_of(p1, t1, "cwd", now, sizeof(now));
		assert_string_equal(now, side == SIDE_LEFT ? home : "/usr");
		assert_int_equal(kit_status(p1, t1, "Umask"), side == SIDE_LEFT ? umask1 : 27);
		done(f, s, 0, ORDER_CHDIR, 0);
		link_of(p0, t0, "cwd", now, sizeof(now));
		assert_string_equal(now, home);
	}
}

/* --- signals --- */

#define BIT(signal) (1ull << ((signal)-1))

static void handlers_are_of_the_process_and_masks_of_the_task(void **state)
{
	struct crew_fixture *f = *state;

	for (int side = 0; side < SIDES; side++) {
		enum side s = (enum side)side;

		start(f, s, 2);
		int32_t p0 = fixture_worker(f, s, 0)->pid, t0 = fixture_worker(f, s, 0)->tid,
			p1 = fixture_worker(f, s, 1)->pid, t1 = fixture_worker(f, s, 1)->tid;

		assert_false(status_mask(p0, t0, "SigCgt") & BIT(SIGUSR1));
		done(f, s, 0, ORDER_HANDLER, 0);
		assert_true(status_mask(p0, t0, "SigCgt") & BIT(SIGUSR1));
		assert_int_equal(
			!!(status_mask(p1, t1, "SigCgt") & BIT(SIGUSR1)), side == SIDE_RIGHT);
		struct worker_sample *w = done(f, s, 0, ORDER_SIGNAL_TASK, 1);

		assert_non_null(strstr(w->last_result, "its handler ran"));
		for (int i = 0; i < 2; i++)
			done(f, s, i, ORDER_BLOCK, 0);
		done(f, s, 0, ORDER_SIGNAL_TASK, 2);
		assert_true(status_mask(p0, t0, "SigBlk") & BIT(SIGUSR2));
		assert_true(status_mask(p0, t0, "SigPnd") & BIT(SIGUSR2));
		assert_false(status_mask(p1, t1, "SigPnd") & BIT(SIGUSR2));
		assert_false(status_mask(p1, t1, "ShdPnd") & BIT(SIGUSR2));
		done(f, s, 0, ORDER_SIGNAL_PROCESS, 2);
		assert_true(status_mask(p0, t0, "ShdPnd") & BIT(SIGUSR2));
		assert_int_equal(
			!!(status_mask(p1, t1, "ShdPnd") & BIT(SIGUSR2)), side == SIDE_RIGHT);
	}
}

static void objects_are_made_when_used(void **state)
{
	struct crew_fixture *f = *state;

	for (int side = 0; side < SIDES; side++) {
		start(f, (enum side)side, 1);
		done(f, (enum side)side, 0, ORDER_IO_CONTEXT, 0);
		done(f, (enum side)side, 0, ORDER_SEM_UNDO, 0);
	}
	/* Whose set outlived it? */
	char line[256];
	FILE *file = fopen("/proc/sysvipc/sem", "re");

	while (file && fgets(line, sizeof(line), file)) {
		unsigned perms = 0;
		int nsems = 0;

		if (sscanf(line, "%*d %*d %o %d", &perms, &nsems) == 2)
			assert_false(perms == 0600 && nsems == 1);
	}
	if (file)
		fclose(file);
}

/* --- endings --- */

static void an_end_hits_a_process_or_all_threads(void **state)
{
	struct crew_fixture *f = *state;
	static const struct {
		enum order order;
		int wait_status;
	} cases[] = { { ORDER_CRASH, SIGSEGV }, { ORDER_OVERFLOW, SIGSEGV },
		{ ORDER_EXIT, 3 << 8 } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		start(f, SIDE_LEFT, 3);
		assert_int_equal(crew_order(f->crews, SIDE_LEFT, 1, cases[i].order, 0), 0);
		await(f->crews, &f->sample, fixture_worker(f, SIDE_LEFT, 1)->phase == WORKER_ENDED);
		assert_int_equal(
			fixture_worker(f, SIDE_LEFT, 1)->wait_status, cases[i].wait_status);
		assert_int_equal(crew(f, SIDE_LEFT)->alive, 2);
		assert_int_equal(crew_order(f->crews, SIDE_LEFT, 1, ORDER_WRITE_X, 0), -ESRCH);

		start(f, SIDE_RIGHT, 3);
		assert_int_equal(crew_order(f->crews, SIDE_RIGHT, 1, cases[i].order, 0), 0);
		await(f->crews, &f->sample, crew(f, SIDE_RIGHT)->state == CREW_ENDED);
		assert_int_equal(crew(f, SIDE_RIGHT)->wait_status, cases[i].wait_status);
		assert_int_equal(crew(f, SIDE_RIGHT)->culprit, 1);
		assert_int_equal(crew_order(f->crews, SIDE_RIGHT, 0, ORDER_WRITE_X, 0), -ESRCH);
	}
}

static void an_unreaped_end_leaves_a_zombie_and_no_thread(void **state)
{
	struct crew_fixture *f = *state;

	start(f, SIDE_LEFT, 2);
	start(f, SIDE_RIGHT, 2);
	int32_t zombie = fixture_worker(f, SIDE_LEFT, 0)->pid, host = crew(f, SIDE_RIGHT)->host,
		gone = fixture_worker(f, SIDE_RIGHT, 0)->tid;

	for (int side = 0; side < SIDES; side++) {
		assert_int_equal(crew_order(f->crews, (enum side)side, 0, ORDER_EXIT_TASK, 0), 0);
		await(f->crews, &f->sample,
			fixture_worker(f, (enum side)side, 0)->phase == WORKER_UNREAPED);
	}
	assert_int_equal(kit_status(zombie, zombie, "State"), 'Z');
	await(f->crews, &f->sample, kit_status(host, gone, "State") == -1);
	assert_int_equal(crew_order(f->crews, SIDE_LEFT, 0, ORDER_WRITE_X, 0), -ESRCH);
	/* Until the next order. */
	for (int side = 0; side < SIDES; side++) {
		done(f, (enum side)side, 1, ORDER_WRITE_X, 0);
		await(f->crews, &f->sample,
			fixture_worker(f, (enum side)side, 0)->phase == WORKER_ENDED);
	}
	await(f->crews, &f->sample, kit_status(zombie, zombie, "State") == -1);
	assert_int_equal(crew(f, SIDE_LEFT)->alive, 1);
	assert_int_equal(crew(f, SIDE_RIGHT)->alive, 1);
}

static bool is_sleep(int32_t pid)
{
	char path[64], name[32] = "";

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	FILE *file = fopen(path, "re");

	if (file) {
		if (!fgets(name, sizeof(name), file))
			name[0] = '\0';
		fclose(file);
	}
	return strcmp(name, "sleep\n") == 0;
}

static void exec_makes_one_process_or_a_whole_crew_another_program(void **state)
{
	struct crew_fixture *f = *state;

	start(f, SIDE_LEFT, 2);
	start(f, SIDE_RIGHT, 2);
	int32_t host = crew(f, SIDE_RIGHT)->host;

	assert_int_equal(crew_order(f->crews, SIDE_LEFT, 0, ORDER_EXEC, 0), 0);
	await(f->crews, &f->sample,
		kit_worker(&f->sample, SIDE_LEFT, 2) &&
			is_sleep(fixture_worker(f, SIDE_LEFT, 2)->pid));
	assert_int_equal(crew(f, SIDE_LEFT)->alive, 3);
	assert_int_equal(crew_order(f->crews, SIDE_RIGHT, 0, ORDER_EXEC, 0), 0);
	await(f->crews, &f->sample, is_sleep(host));
	assert_int_equal(kit_count_tasks(host), 1);
	await(f->crews, &f->sample, fixture_worker(f, SIDE_RIGHT, 0)->phase == WORKER_ENDED);
	assert_int_equal(fixture_worker(f, SIDE_RIGHT, 0)->ended_ns,
		UNKNOWN); /* told from who left by itself */
	/* They end by themselves. */
	await(f->crews, &f->sample, fixture_worker(f, SIDE_LEFT, 2)->phase == WORKER_ENDED);
	assert_int_equal(fixture_worker(f, SIDE_LEFT, 2)->wait_status, 0);
	await(f->crews, &f->sample, crew(f, SIDE_RIGHT)->state == CREW_ENDED);
}

static void fork_copies_one_thread_and_a_lock_that_nobody_opens(void **state)
{
	struct crew_fixture *f = *state;

	for (int side = 0; side < SIDES; side++) {
		enum side s = (enum side)side;

		start(f, s, 2);
		assert_int_equal(crew_order(f->crews, s, 0, ORDER_FORK, 0), 0);
		await(f->crews, &f->sample,
			kit_worker(&f->sample, s, 2) &&
				fixture_worker(f, s, 2)->phase == WORKER_ENDED);
		assert_int_equal(fixture_worker(f, s, 2)->order_state, ORDER_STATE_DONE);
		assert_string_equal(fixture_worker(f, s, 2)->last_result,
			side == SIDE_LEFT
				? "the child has 1 of 2 threads; trylock of a held lock: EBUSY"
				: "the child has 1 of 5 threads; trylock of a held lock: EBUSY");
		assert_int_equal(crew(f, s)->alive, 2);
	}
}

static void vfork_keeps_its_caller_in_state_d(void **state)
{
	struct crew_fixture *f = *state;

	for (int side = 0; side < SIDES; side++) {
		enum side s = (enum side)side;

		start(f, s, 2);
		assert_int_equal(crew_order(f->crews, s, 0, ORDER_VFORK, 0), 0);
		await(f->crews, &f->sample,
			kit_worker(&f->sample, s, 2) && fixture_worker(f, s, 2)->tid > 0 &&
				kit_status(fixture_worker(f, s, 2)->pid,
					fixture_worker(f, s, 2)->tid, "State") == 'D');
		await(f->crews, &f->sample, fixture_worker(f, s, 2)->phase == WORKER_ENDED);
		assert_int_equal(fixture_worker(f, s, 2)->order_state, ORDER_STATE_DONE);
		assert_int_equal(crew(f, s)->alive, 2);
	}
}

static void a_crew_lives_on_without_its_main_thread(void **state)
{
	struct crew_fixture *f = *state;

	start(f, SIDE_LEFT, 1);
	assert_int_equal(
		crew_order(f->crews, SIDE_LEFT, WORKER_HOST, ORDER_LEAVE_MAIN, 0), -EOPNOTSUPP);
	start(f, SIDE_RIGHT, 2);
	int32_t host = crew(f, SIDE_RIGHT)->host, tid = fixture_worker(f, SIDE_RIGHT, 0)->tid;

	assert_int_equal(crew_order(f->crews, SIDE_RIGHT, WORKER_HOST, ORDER_LEAVE_MAIN, 0), 0);
	await(f->crews, &f->sample, kit_status(host, host, "State") == 'Z');
	assert_int_equal(kit_status(host, tid, "Threads"), 3);
	await(f->crews, &f->sample, strstr(crew(f, SIDE_RIGHT)->note, "main thread has ended"));
	int64_t rounds = fixture_worker(f, SIDE_RIGHT, 0)->rounds;

	await(f->crews, &f->sample, fixture_worker(f, SIDE_RIGHT, 0)->rounds > rounds);
	assert_int_equal(crew_order(f->crews, SIDE_RIGHT, 0, ORDER_WRITE_X, 0), -EHOSTDOWN);
	assert_int_equal(crew_add(f->crews, SIDE_RIGHT), -EHOSTDOWN);
	/* And it can be started again. */
	start(f, SIDE_RIGHT, 2);
	done(f, SIDE_RIGHT, 0, ORDER_WRITE_X, 0);
	await(f->crews, &f->sample, kit_count_tasks(host) == 0);
}

/* --- the mixer --- */

static int mix(struct crew_fixture *f, enum side side, uint64_t flags)
{
	assert_int_equal(crew_clone(f->crews, side, flags), 0);
	await(f->crews, &f->sample,
		kit_worker(&f->sample, side, 2) &&
			fixture_worker(f, side, 2)->phase == WORKER_ALIVE);
	assert_int_equal(fixture_worker(f, side, 2)->clone_flags, flags);
	return 2;
}

static void clone_flags_decide_one_by_one_what_is_shared(void **state)
{
	struct crew_fixture *f = *state;
	static const uint64_t mixes[] = { 0, CLONE_FS, CLONE_FILES, CLONE_VM,
		CLONE_VM | CLONE_FILES, CLONE_VM | CLONE_SIGHAND,
		CLONE_VM | CLONE_SIGHAND | CLONE_THREAD,
		CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM |
			CLONE_IO };

	for (size_t i = 0; i < 2 * ARRAY_LEN(mixes); i++) {
		enum side s = (enum side)(i % 2);
		uint64_t flags = mixes[i / 2];

		start(f, s, 2);
		int32_t host = crew(f, s)->host;
		uint64_t x = fixture_worker(f, s, 0)->x_address;
		char cwd[64], what[16];
		int fd = -1;

		mix(f, s, flags);
		int32_t pid = fixture_worker(f, s, 2)->pid, tid = fixture_worker(f, s, 2)->tid;

		assert_int_equal(pid == host, (flags & CLONE_THREAD) != 0);
		assert_int_equal(kit_status(pid, tid, "Tgid"), pid);
		assert_int_equal(kit_status(pid, tid, "Seccomp"), 2);
		done(f, s, 2, ORDER_WRITE_X, 0);
		assert_int_equal(peek_integer(host, x), (flags & CLONE_VM) != 0);
		done(f, s, 2, ORDER_CHDIR, 0);
		link_of(host, host, "cwd", cwd, sizeof(cwd));
		assert_int_equal(strcmp(cwd, "/usr") == 0, (flags & CLONE_FS) != 0);
		struct worker_sample *w = done(f, s, 2, ORDER_OPEN, 0);

		assert_int_equal(sscanf(w->last_result, "/etc/passwd is descriptor %d", &fd), 1);
		snprintf(what, sizeof(what), "fd/%d", fd);
		link_of(host, host, what, cwd, sizeof(cwd));
		assert_int_equal(strcmp(cwd, "/etc/passwd") == 0, (flags & CLONE_FILES) != 0);
		done(f, s, 2, ORDER_HANDLER, 0);
		assert_int_equal(!!(status_mask(host, host, "SigCgt") & BIT(SIGUSR1)),
			(flags & CLONE_SIGHAND) != 0);
		assert_int_equal(crew_remove(f->crews, s, 2), 0);
		await(f->crews, &f->sample, fixture_worker(f, s, 2)->phase == WORKER_ENDED);
		assert_int_equal(crew(f, s)->alive, 2);
		/* An end is booked first and reaped then: a zombie may be seen for a moment. */
		await(f->crews, &f->sample, kit_status(pid, tid, "State") == -1);
	}
}

static void a_crash_in_shared_memory_kills_the_thread_group_alone(void **state)
{
	struct crew_fixture *f = *state;

	start(f, SIDE_RIGHT, 2);
	mix(f, SIDE_RIGHT, CLONE_VM);
	assert_int_equal(crew_order(f->crews, SIDE_RIGHT, 2, ORDER_CRASH, 0), 0);
	await(f->crews, &f->sample, fixture_worker(f, SIDE_RIGHT, 2)->phase == WORKER_ENDED);
	assert_int_equal(WTERMSIG(fixture_worker(f, SIDE_RIGHT, 2)->wait_status), SIGSEGV);
	assert_int_equal(crew(f, SIDE_RIGHT)->alive, 2);
	done(f, SIDE_RIGHT, 0, ORDER_WRITE_X, 0);
}

static void flags_that_the_kernel_refuses_are_refused_with_a_reason(void **state)
{
	struct crew_fixture *f = *state;

	start(f, SIDE_LEFT, 1);
	assert_int_equal(crew_clone(f->crews, SIDE_LEFT, CLONE_THREAD), -EINVAL);
	assert_int_equal(crew_clone(f->crews, SIDE_LEFT, CLONE_SIGHAND), -EINVAL);
	assert_int_equal(crew_clone(f->crews, SIDE_LEFT, CLONE_VFORK), -EINVAL);
	assert_non_null(strstr(crew_clone_refusal(CLONE_THREAD | CLONE_VM), "CLONE_SIGHAND"));
	assert_non_null(strstr(crew_clone_refusal(CLONE_SIGHAND), "CLONE_VM"));
	assert_null(crew_clone_refusal(CLONE_VM | CLONE_SIGHAND | CLONE_THREAD));
}

/* --- bad orders --- */

static void bad_orders_are_refused(void **state)
{
	struct crew_fixture *f = *state;

	crew_stop(f->crews, SIDE_LEFT);
	assert_int_equal(crew_order(f->crews, SIDE_LEFT, 0, ORDER_WRITE_X, 0), -ESRCH);
	start(f, SIDE_LEFT, 1);
	assert_int_equal(crew_order(f->crews, SIDE_LEFT, 0, ORDER_NONE, 0), -EINVAL);
	assert_int_equal(crew_order(f->crews, SIDE_LEFT, 0, ORDERS, 0), -EINVAL);
	assert_int_equal(crew_order(f->crews, SIDE_LEFT, 0, ORDER_WRITE_ARENA, -1), -EINVAL);
	assert_int_equal(crew_order(f->crews, SIDE_LEFT, 0, ORDER_WRITE_ARENA, 1025), -EINVAL);
	assert_int_equal(crew_order(f->crews, SIDE_LEFT, 0, ORDER_WRITE_X, 7), -EINVAL);
	assert_int_equal(crew_order(f->crews, SIDE_LEFT, 1, ORDER_WRITE_X, 0), -ESRCH);
	assert_int_equal(crew_order(f->crews, SIDE_LEFT, 100000, ORDER_WRITE_X, 0), -ESRCH);
	struct worker_sample *w = order(f, SIDE_LEFT, 0, ORDER_WRITE_ARENA, 5);

	assert_int_equal(w->order_state, ORDER_STATE_FAILED);
	assert_string_equal(w->last_result, "the arena has only 4 MB");
	w = order(f, SIDE_LEFT, 0, ORDER_RECURSE, 6144);
	assert_int_equal(w->order_state, ORDER_STATE_DONE);
	/* While one is under way, the next waits. */
	assert_int_equal(crew_order(f->crews, SIDE_LEFT, 0, ORDER_RECURSE, 64), 0);
	assert_int_equal(crew_order(f->crews, SIDE_LEFT, 0, ORDER_WRITE_X, 0), -EBUSY);
	await(f->crews, &f->sample,
		fixture_worker(f, SIDE_LEFT, 0)->order_state == ORDER_STATE_DONE);
}

static int run_all(struct crew_fixture *f)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(
			switches_between_user_level_stacks_are_none_of_the_kernels, f),
		cmocka_unit_test_prestate(x_is_one_page_of_threads_and_many_of_processes, f),
		cmocka_unit_test_prestate(
			writing_8_of_64_mb_moves_2048_pages_in_one_process_only, f),
		cmocka_unit_test_prestate(writing_8_of_64_mb_costs_threads_nothing, f),
		cmocka_unit_test_prestate(own_megabytes_are_as_many_of_processes_as_of_threads, f),
		cmocka_unit_test_prestate(a_crew_says_in_which_group_it_gets_its_cpu_time, f),
		cmocka_unit_test_prestate(a_stack_grows_by_a_recursion_and_stays, f),
		cmocka_unit_test_prestate(a_store_reaches_a_neighbour_among_threads_only, f),
		cmocka_unit_test_prestate(without_a_neighbour_an_order_fails_and_says_so, f),
		cmocka_unit_test_prestate(a_race_needs_shared_memory_not_threads, f),
		cmocka_unit_test_prestate(what_is_counted_is_known_with_the_answer, f),
		cmocka_unit_test_prestate(descriptors_are_of_all_threads_and_of_one_process, f),
		cmocka_unit_test_prestate(a_place_is_of_all_threads_and_of_one_process, f),
		cmocka_unit_test_prestate(handlers_are_of_the_process_and_masks_of_the_task, f),
		cmocka_unit_test_prestate(objects_are_made_when_used, f),
		cmocka_unit_test_prestate(an_end_hits_a_process_or_all_threads, f),
		cmocka_unit_test_prestate(an_unreaped_end_leaves_a_zombie_and_no_thread, f),
		cmocka_unit_test_prestate(
			exec_makes_one_process_or_a_whole_crew_another_program, f),
		cmocka_unit_test_prestate(fork_copies_one_thread_and_a_lock_that_nobody_opens, f),
		cmocka_unit_test_prestate(vfork_keeps_its_caller_in_state_d, f),
		cmocka_unit_test_prestate(a_crew_lives_on_without_its_main_thread, f),
		cmocka_unit_test_prestate(clone_flags_decide_one_by_one_what_is_shared, f),
		cmocka_unit_test_prestate(a_crash_in_shared_memory_kills_the_thread_group_alone, f),
		cmocka_unit_test_prestate(
			flags_that_the_kernel_refuses_are_refused_with_a_reason, f),
		cmocka_unit_test_prestate(bad_orders_are_refused, f),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return crew_tests_main(argc, argv, run_all);
}
