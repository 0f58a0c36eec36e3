/* SPDX-License-Identifier: MIT
 * Evidence against this kernel, three times: as who runs the tests (root in CI), as an unprivileged user, and with kcmp,
 * ptrace, perf_event_open and process_vm_* refused by a seccomp filter, as containers do. Each run is a process of its own;
 * what cannot be known must have a reason.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sched.h>

#include "children.h"
#include "world.h"

enum mode { AS_WE_ARE, AS_USER, UNDER_FILTER };

#define ALL_NEEDS                                                                                  \
	(NEED_TASKS | NEED_SHARING | NEED_PAGES | NEED_POINTER | NEED_REGISTERS | NEED_FILES |     \
		NEED_SIGNALS)

/* --- a run --- */

struct run {
	struct fixture f;
	struct world *world;
	enum mode mode;
};

/* In a child, where cmocka cannot speak. */
#define check(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "# %s:%d: not so: %s\n", __FILE__, __LINE__, #condition);  \
			show_gaps(run);                                                            \
			_exit(1);                                                                  \
		}                                                                                  \
	} while (0)

static void show_gaps(const struct run *run)
{
	const struct gap_sample *gap;

	vec_each (gap, &run->f.sample.gaps)
		fprintf(stderr, "# gap %d %s: %s\n", (int)gap->pid, gap->what, gap->reason);
}

static int16_t worker_of(void *context, int32_t pid, int32_t tid)
{
	const struct world *world = context;

	for (int16_t i = 0; i < WORKERS; i++)
		if (world->worker[SIDE_RIGHT][i].tid == tid)
			return i;
	return WORKER_HOST;
}

static void tick(struct run *run)
{
	sample_clear(&run->f.sample);
	world_report(run->world, &run->f.sample);
	live_read(run->f.live, nsec_monotonic(), &run->f.sample);
}

/* Until the prober has answered with what was asked, and the names of the program counters too. */
static void settle(struct run *run)
{
	for (int i = 0; i < 60; i++) {
		tick(run);
		if (i > 10 && run->f.sample.pages.n == 4)
			return;
		usleep(50000);
	}
}

static void drop_rights(void)
{
	if (geteuid() == 0 &&
		(setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0))
		_exit(8);
	prctl(PR_SET_DUMPABLE, 1);
}

static void refuse_calls(void)
{
#define REFUSE(call)                                                                               \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),                                           \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		REFUSE(SYS_kcmp),
		REFUSE(SYS_ptrace),
		REFUSE(SYS_perf_event_open),
		REFUSE(SYS_process_vm_readv),
		REFUSE(SYS_process_vm_writev),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { .len = ARRAY_LEN(filter), .filter = filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		_exit(8);
}

static void start_run(struct run *run, enum mode mode)
{
	struct target targets[8];

	alarm(50);
	run->mode = mode;
	if (mode == AS_USER)
		drop_rights();
	run->world = world_create();
	if (mode == UNDER_FILTER)
		refuse_calls();
	run->f = open_source(true);
	live_set_workers(run->f.live, worker_of, run->world);
	live_set_targets(run->f.live, targets, world_targets(run->world, targets));
	live_set_needs(run->f.live, ALL_NEEDS, NULL, 0);
	settle(run);
}

/* Each look at the world in a process of its own, in the mode given. */
static void run_in(enum mode mode, void (*look)(struct run *))
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct run run = { .world = NULL };

		start_run(&run, mode);
		look(&run);
		close_source(&run.f);
		world_destroy(run.world);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* The row of a worker, or of a host (worker WORKER_HOST): pages_of(run, SIDE_LEFT, 0). */
#define ROW_OF(rows, type)                                                                         \
	static const struct type *rows##_of(struct run *run, int side, int worker)                 \
	{                                                                                          \
		const struct type *row;                                                            \
                                                                                                   \
		vec_each (row, &run->f.sample.rows)                                                \
			if (row->side == side && row->worker == worker)                            \
				return row;                                                        \
		check(!"a row for every member");                                                  \
		return NULL;                                                                       \
	}
ROW_OF(sharing, sharing_sample)
ROW_OF(pages, pages_sample)
ROW_OF(registers, register_sample)
ROW_OF(places, fs_sample)

static bool has_reason(const struct run *run, const char *what)
{
	const struct gap_sample *gap;

	vec_each (gap, &run->f.sample.gaps)
		if (!strcmp(gap->what, what) && gap->reason[0])
			return true;
	return false;
}

/* --- sharing --- */

static void check_column(struct run *run, int resource)
{
	const int16_t *left[3], *right[3];

	for (int i = 0; i < 3; i++) {
		left[i] = sharing_of(run, SIDE_LEFT, i < 2 ? i : WORKER_HOST)->object;
		right[i] = sharing_of(run, SIDE_RIGHT, i < 2 ? i : WORKER_HOST)->object;
		check(left[i][resource] > 0 && right[i][resource] > 0);
	}
	check(left[0][resource] != left[1][resource] && left[0][resource] != left[2][resource]);
	check(left[1][resource] != left[2][resource]);
	check(right[0][resource] == right[1][resource] && right[0][resource] == right[2][resource]);
	for (int i = 0; i < 3; i++)
		check(left[i][resource] != right[0][resource]);
}

static void look_at_sharing(struct run *run)
{
	const struct sharing_sample *row;
	bool kernel = run->mode != UNDER_FILTER;

	check(run->f.sample.sharing.n == 6);
	check_column(run, RESOURCE_MEMORY);
	check_column(run, RESOURCE_FILES);
	check_column(run, RESOURCE_FS);
	check_column(run, RESOURCE_HANDLERS);
	vec_each (row, &run->f.sample.sharing) {
		check(row->object[RESOURCE_NAMESPACES] == 1);
		check(row->how[RESOURCE_NAMESPACES] == HOW_KERNEL);
		check((row->how[RESOURCE_MEMORY] == HOW_KERNEL) == kernel);
		check(row->how[RESOURCE_MEMORY] != HOW_UNKNOWN);
		/* Nobody has an I/O context; an undo list comes with the first pthread_create. */
		check(row->object[RESOURCE_IO] == (kernel ? 0 : -1));
		if (kernel)
			check(row->object[RESOURCE_SEMUNDO] == (row->side == SIDE_RIGHT));
		else /* a pthread_create hands the host's on */
			check(row->object[RESOURCE_SEMUNDO] == (row->side == SIDE_RIGHT ? 1 : -1));
	}
	check(has_reason(run, "kcmp") == !kernel);
	if (kernel)
		return;
	/* Worker 1 is elsewhere, worker 0 has a file and a handler more: seen, not only concluded. */
	check(sharing_of(run, SIDE_LEFT, 1)->how[RESOURCE_FS] == HOW_BEHAVIOUR);
	check(sharing_of(run, SIDE_LEFT, 0)->how[RESOURCE_FILES] == HOW_BEHAVIOUR);
	check(sharing_of(run, SIDE_LEFT, 0)->how[RESOURCE_HANDLERS] == HOW_BEHAVIOUR);
	check(sharing_of(run, SIDE_RIGHT, 0)->how[RESOURCE_FILES] == HOW_CONSTRUCTION);
}

/* --- pages and addresses --- */

static void look_at_pages(struct run *run)
{
	const struct pages_sample *left[3], *right = pages_of(run, SIDE_RIGHT, WORKER_HOST);
	const uint8_t *states;
	const int64_t *frames = run->f.sample.page_frames.at;

	for (int i = 0; i < 3; i++)
		left[i] = pages_of(run, SIDE_LEFT, i < 2 ? i : WORKER_HOST);
	check(run->f.sample.pages.n == 4);
	check(left[0]->count[PAGE_OWN] == WRITTEN_PAGES);
	check(left[0]->count[PAGE_SHARED] == ARENA_PAGES - WRITTEN_PAGES);
	check(left[1]->count[PAGE_SHARED] == ARENA_PAGES);
	check(left[2]->count[PAGE_SHARED] == ARENA_PAGES);
	check(right->count[PAGE_OWN] == ARENA_PAGES && right->pages == ARENA_PAGES);
	states = &run->f.sample.page_states.at[left[0]->first];
	check(states[WRITTEN_PAGES - 1] == PAGE_OWN && states[WRITTEN_PAGES] == PAGE_SHARED);
	check(!strcmp(left[0]->name, "arena") && left[0]->start == run->world->arena);
	if (geteuid() == 0) {
		check(left[0]->first_frame >= 0 && left[1]->first_frame >= 0);
		check(frames[left[0]->first_frame] != frames[left[1]->first_frame]);
		check(frames[left[0]->first_frame + 100] == frames[left[1]->first_frame + 100]);
		check(frames[left[0]->first_frame + 100] == frames[left[2]->first_frame + 100]);
	} else {
		check(left[0]->first_frame == -1 && has_reason(run, "frames"));
	}
}

static void look_at_x(struct run *run)
{
	const struct pointer_sample *row;
	size_t absent = 0;

	vec_each (row, &run->f.sample.pointers) {
		bool wrote = row->side == SIDE_RIGHT || row->worker == 0;

		if (row->what == POINTER_VICTIM || row->what == POINTER_NEIGHBOUR) {
			/* A page that is not there is not read: that would bring it in. */
			check(!row->known && row->state == PAGE_ABSENT && row->exclusive == -1);
			absent++;
			continue;
		}

		check(row->what == POINTER_X && row->address == run->world->x && row->known);
		check(row->value == (wrote ? 42 : 7));
		check(!strcmp(row->text, wrote ? "worker 0" : ""));
		check(row->exclusive == wrote);
		check((row->frame != UNKNOWN) == (geteuid() == 0));
	}
	check(run->f.sample.pointers.n == 14 && absent == 8);
}

/* --- registers --- */

/* Who runs and is not sampled is shown where it last waited, marked as that, until this is too long ago. */
static void check_last_wait(struct run *run, nsec asleep)
{
	const struct register_sample *row = registers_of(run, SIDE_LEFT, WORKER_HOST);

	check(row->how != REGISTERS_SYSCALL);
	if (row->how == REGISTERS_EARLIER)
		check(row->sp && row->pc && row->at_ns <= nsec_monotonic());
	else /* unless this machine took that long to come here */
		check(nsec_monotonic() - asleep > NSEC_PER_SEC);
	for (int i = 0; i < 500 && row->how != REGISTERS_NONE; i++) {
		usleep(20000);
		tick(run);
		row = registers_of(run, SIDE_LEFT, WORKER_HOST);
	}
	check(row->how == REGISTERS_NONE && !row->sp && !row->pc);
}

static void await_running_sample(struct run *run)
{
	for (int i = 0; i < 100; i++) {
		usleep(20000);
		tick(run);
		if (registers_of(run, SIDE_LEFT, WORKER_HOST)->how == REGISTERS_PERF ||
			has_reason(run, "perf_event"))
			return;
	}
	check(!"neither a sample of a running task nor a reason");
}

/* What pause() calls: newer machines have no call of that name. */
#ifdef SYS_pause
#	define PAUSE_CALL SYS_pause
#else
#	define PAUSE_CALL SYS_ppoll
#endif

static void look_at_registers(struct run *run)
{
	for (int16_t side = 0; side < SIDES; side++)
		for (int16_t i = 0; i < WORKERS; i++) {
			const struct register_sample *row = registers_of(run, side, i);

			check(row->how == REGISTERS_SYSCALL && row->syscall == PAUSE_CALL);
			check(row->sp >= row->stack_low && row->sp < row->stack_high);
			check(row->stack_used_kb > 0 && row->stack_used_kb < 64);
			check(row->stack_resident_kb >= 4 && row->stack_resident_kb < 1024);
			check(strstr(row->where, "pause+0x"));
			check(row->waits_in[0] != '0');
		}
	const nsec asleep = registers_of(run, SIDE_LEFT, WORKER_HOST)->at_ns;

	run->world->spin = 1;
	await_running_sample(run);
	if (run->mode == UNDER_FILTER) {
		check(has_reason(run, "perf_event"));
		check_last_wait(run, asleep);
	} else if (!has_reason(run, "perf_event")) {
		const struct register_sample *row = registers_of(run, SIDE_LEFT, WORKER_HOST);

		check(row->pc && row->sp);
		/* The first sample may be of its way out of the last wait, and names come after numbers. */
		for (int i = 0; i < 100 && !strstr(row->where, "live_as_host+0x"); i++) {
			usleep(50000);
			tick(run);
			row = registers_of(run, SIDE_LEFT, WORKER_HOST);
		}
		check(strstr(row->where, "live_as_host+0x"));
	}
	run->world->spin = 0;
}

/* --- files and signals --- */

static const struct file_sample *find_file(const struct run *run, int side, int worker)
{
	const struct file_sample *row;

	vec_each (row, &run->f.sample.files)
		if (row->side == side && row->worker == worker && strstr(row->path, "world-file"))
			return row;
	return NULL;
}

static void look_at_files(struct run *run)
{
	const struct file_sample *left[3], *right = find_file(run, SIDE_RIGHT, WORKER_HOST);

	for (int i = 0; i < 3; i++) {
		left[i] = find_file(run, SIDE_LEFT, i < 2 ? i : WORKER_HOST);
		check(left[i] && left[i]->position == READ_BYTES && left[i]->flags >= 0);
		if (run->mode == UNDER_FILTER)
			check(left[i]->description == -1 && has_reason(run, "kcmp file"));
		else
			check(left[i]->description > 0 &&
				left[i]->description == left[0]->description);
	}
	check(right && right->position == READ_BYTES);
	check(run->mode == UNDER_FILTER || right->description == 0);
	check(!find_file(run, SIDE_RIGHT, 0)); /* one table, shown once */
	check(places_of(run, SIDE_LEFT, 0)->fds == places_of(run, SIDE_LEFT, 1)->fds + 1);
	check(places_of(run, SIDE_RIGHT, 0)->fds == places_of(run, SIDE_RIGHT, 1)->fds);
	check(!strcmp(places_of(run, SIDE_LEFT, 1)->cwd, "/proc"));
	check(strcmp(places_of(run, SIDE_LEFT, 0)->cwd, "/proc") != 0);
	check(!strcmp(places_of(run, SIDE_RIGHT, 0)->cwd, "/proc"));
	check(places_of(run, SIDE_LEFT, 1)->umask == 077 &&
		places_of(run, SIDE_LEFT, 0)->umask != 077);
	check(places_of(run, SIDE_RIGHT, WORKER_HOST)->umask == 077);
	check(places_of(run, SIDE_LEFT, 0)->fd_size >= 64);
}

static void look_at_signals(struct run *run)
{
	const uint64_t usr1 = UINT64_C(1) << (SIGUSR1 - 1), usr2 = UINT64_C(1) << (SIGUSR2 - 1);
	const struct signal_sample *row;

	vec_each (row, &run->f.sample.signals) {
		bool first = row->worker == 0, second = row->worker == 1;

		check(row->known);
		check(!!(row->caught & usr1) == (first || row->side == SIDE_RIGHT));
		check(!!(row->blocked & usr2) == second);
		check(!!(row->pending & usr2) == (second && row->side == SIDE_RIGHT));
		check(!!(row->shared_pending & usr2) == (second && row->side == SIDE_LEFT));
		check(!(row->caught >> 31 & 3));
	}
	check(run->f.sample.signals.n == 6);
}

static void look_at_all(struct run *run)
{
	look_at_sharing(run);
	look_at_pages(run);
	look_at_x(run);
	look_at_files(run);
	look_at_signals(run);
	look_at_registers(run);
}

static void evidence_as_who_runs_the_tests(void **state)
{
	run_in(AS_WE_ARE, look_at_all);
}

static void evidence_as_an_unprivileged_user(void **state)
{
	run_in(AS_USER, look_at_all);
}

static void evidence_where_calls_are_refused(void **state)
{
	run_in(UNDER_FILTER, look_at_all);
}

/* --- looking changes nothing --- */

struct before {
	int64_t minor, major, voluntary, involuntary;
};

static struct before counters_of(const struct run *run, int32_t tid)
{
	const struct task_sample *task = find_task(&run->f, tid);

	if (!task)
		_exit(1);
	return (struct before) { task->minor_faults, task->major_faults, task->voluntary,
		task->involuntary };
}

#define WATCH_SECONDS 3 /* ten looks a second, five rounds of the prober */

static void watch_and_compare(struct run *run)
{
	struct sample first = { 0 };
	struct before before[SIDES][WORKERS], after;
	nsec until = nsec_monotonic() + WATCH_SECONDS * NSEC_PER_SEC;
	int looks = 0;

	sample_copy(&first, &run->f.sample);
	for (int side = 0; side < SIDES; side++)
		for (int i = 0; i < WORKERS; i++)
			before[side][i] = counters_of(run, run->world->worker[side][i].tid);
	for (; nsec_monotonic() < until; looks++) {
		usleep(100000);
		tick(run);
		check(run->f.sample.page_states.n == first.page_states.n);
		check(memcmp(run->f.sample.page_states.at, first.page_states.at,
			      first.page_states.n) == 0);
		check(run->f.sample.page_frames.n == first.page_frames.n);
		check(first.page_frames.n == 0 ||
			memcmp(run->f.sample.page_frames.at, first.page_frames.at,
				first.page_frames.n * sizeof(int64_t)) == 0);
	}
	check(looks > 5);
	for (int side = 0; side < SIDES; side++)
		for (int i = 0; i < WORKERS; i++) {
			after = counters_of(run, run->world->worker[side][i].tid);
			check(memcmp(&after, &before[side][i], sizeof(after)) == 0);
		}
	sample_finish(&first);
}

static void watching_moves_no_page_and_wakes_nobody(void **state)
{
	run_in(AS_WE_ARE, watch_and_compare);
}

/* --- any range --- */

static const struct pages_sample *odd_pages(const struct run *run)
{
	const struct pages_sample *row;

	vec_each (row, &run->f.sample.pages)
		if (!strcmp(row->name, "odd"))
			return row;
	return NULL;
}

static void look_at_odd_pages(struct run *run)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	const struct range range = { .pid = run->world->worker[SIDE_LEFT][0].pid,
		.name = "odd",
		.start = run->world->odd + 1, /* rounded outwards */
		.end = run->world->odd + 4 * page - 1 };
	const uint8_t *states;

	live_set_ranges(run->f.live, &range, 1);
	for (int i = 0; i < 100 && !odd_pages(run); i++) {
		usleep(20000);
		tick(run);
	}
	check(odd_pages(run) && odd_pages(run)->pages == 4);
	check(odd_pages(run)->start == run->world->odd && odd_pages(run)->worker == 0);
	states = &run->f.sample.page_states.at[odd_pages(run)->first];
	check(states[0] == PAGE_ABSENT && states[3] == PAGE_OWN);
	/* What was only read is the zero page of all, or, on kernels that do without it, a page of its own. */
	check(states[2] == PAGE_SHARED || states[2] == PAGE_OWN);
	/* Before Linux 6.15 pagemap tells no guard; before 6.13 there is none. */
	check(states[1] == PAGE_GUARD || states[1] == PAGE_ABSENT || states[1] == PAGE_OWN);
}

static void any_range_is_shown_page_by_page(void **state)
{
	run_in(AS_WE_ARE, look_at_odd_pages);
}

static void *outlive_the_main_thread(void *context)
{
	pause_for_ever();
	return context;
}

static uint32_t word;

static void *wait_at_the_word(void *context)
{
	syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	return context;
}

/* A thread that waits in a futex call tells at which word; its main thread waits in another call. */
static void a_blocked_task_tells_its_call_and_its_futex(void **state)
{
	struct fixture f = open_source(true);
	pid_t child = fork();
	const struct call_sample *row;
	size_t futexes = 0;

	if (child == 0) {
		pthread_t thread;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(30);
		pthread_create(&thread, NULL, wait_at_the_word, NULL);
		pause_for_ever();
	}
	watch(&f, child);
	live_set_needs(f.live, NEED_TASKS | NEED_CALLS, NULL, 0);
	for (int i = 0; i < 1000 && !futexes; i++) {
		read_now(&f);
		futexes = 0;
		vec_each (row, &f.sample.calls) {
			assert_int_equal(row->pid, child);
			if (row->number != SYS_futex || row->tid == child)
				continue;
			futexes++;
			assert_string_equal(row->call, "futex");
			assert_string_equal(row->operation, "private wait");
			assert_true(row->futex == (uint64_t)(uintptr_t)&word);
		}
		usleep(10000);
	}
	assert_int_equal(futexes, 1);
	assert_int_equal(f.sample.calls.n, 2);
	end(child);
	close_source(&f);
}

/* Its pages are those of the threads that live. */
static void the_memory_of_a_process_whose_main_thread_ended_is_still_seen(void **state)
{
	struct fixture f = open_source(true);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *at = new_pages(2, MAP_PRIVATE);
	pid_t child = fork();

	if (child == 0) {
		pthread_t thread;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(30);
		at[0] = 1;
		pthread_create(&thread, NULL, outlive_the_main_thread, NULL);
		pthread_exit(NULL);
	}
	await_state(child, 'Z');
	watch(&f, child);
	live_set_needs(f.live, NEED_TASKS | NEED_PAGES | NEED_SHARING | NEED_FILES, NULL, 0);
	live_set_ranges(f.live,
		&(struct range) { .pid = child,
			.name = "two",
			.start = (uint64_t)(uintptr_t)at,
			.end = (uint64_t)(uintptr_t)at + 2 * page },
		1);
	for (int i = 0; i < 300 && !f.sample.pages.n; i++) {
		read_now(&f);
		usleep(10000);
	}
	assert_int_equal(f.sample.pages.n, 1);
	assert_int_equal(f.sample.page_states.at[0], PAGE_OWN);
	assert_int_equal(f.sample.page_states.at[1], PAGE_ABSENT);
	assert_int_equal(f.sample.sharing.n, 2);
	assert_int_equal(f.sample.sharing.at[0].object[RESOURCE_MEMORY], -1);
	assert_int_equal(f.sample.sharing.at[1].object[RESOURCE_MEMORY], 1);
	assert_true(f.sample.files.n > 0);
	end(child);
	close_source(&f);
	munmap(at, 2 * page);
}

/* Memory that is mapped MAP_SHARED is a file's to the kernel, whoever has touched it. */
static void pages_of_a_file_are_told_from_anonymous_ones(void **state)
{
	struct fixture f = open_source(true);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *at = new_pages(2, MAP_SHARED);
	pid_t child = fork();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(30);
		at[0] = 1;
		pause_for_ever();
	}
	await_state(child, 'S');
	watch(&f, child);
	live_set_needs(f.live, NEED_TASKS | NEED_PAGES, NULL, 0);
	live_set_ranges(f.live,
		&(struct range) { .pid = child,
			.name = "shared",
			.start = (uint64_t)(uintptr_t)at,
			.end = (uint64_t)(uintptr_t)at + 2 * page },
		1);
	for (int i = 0; i < 300 && !f.sample.pages.n; i++) {
		read_now(&f);
		usleep(10000);
	}
	assert_int_equal(f.sample.pages.n, 1);
	assert_int_equal(f.sample.page_states.at[0], PAGE_FILE);
	assert_int_equal(f.sample.page_states.at[1], PAGE_ABSENT);
	assert_int_equal(f.sample.pages.at[0].count[PAGE_FILE], 1);
	end(child);
	close_source(&f);
	munmap(at, 2 * page);
}

/* --- what has ended, what is not asked for --- */

static void lose_a_worker(struct run *run)
{
	kill(run->world->worker[SIDE_LEFT][0].pid, SIGKILL);
	for (int i = 0; i < 100; i++) {
		const struct sharing_sample *row;
		bool there = false;

		usleep(20000);
		tick(run);
		vec_each (row, &run->f.sample.sharing)
			there |= row->side == SIDE_LEFT && row->worker == 0 &&
				 row->object[RESOURCE_MEMORY] > 0;
		if (!there)
			break;
		check(i < 99);
	}
	live_set_needs(run->f.live, NEED_TASKS, NULL, 0);
	tick(run);
	check(run->f.sample.sharing.n + run->f.sample.pages.n + run->f.sample.pointers.n +
			run->f.sample.registers.n + run->f.sample.files.n + run->f.sample.places.n +
			run->f.sample.signals.n ==
		0);
	check(run->f.sample.tasks.n >= 5);
}

static void the_dead_share_nothing_and_what_nobody_asks_is_not_read(void **state)
{
	run_in(AS_WE_ARE, lose_a_worker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_as_who_runs_the_tests),
		cmocka_unit_test(evidence_as_an_unprivileged_user),
		cmocka_unit_test(evidence_where_calls_are_refused),
		cmocka_unit_test(watching_moves_no_page_and_wakes_nobody),
		cmocka_unit_test(any_range_is_shown_page_by_page),
		cmocka_unit_test(a_blocked_task_tells_its_call_and_its_futex),
		cmocka_unit_test(the_memory_of_a_process_whose_main_thread_ended_is_still_seen),
		cmocka_unit_test(pages_of_a_file_are_told_from_anonymous_ones),
		cmocka_unit_test(the_dead_share_nothing_and_what_nobody_asks_is_not_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
