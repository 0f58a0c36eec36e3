/* SPDX-License-Identifier: MIT
 * Makes each read of the source fail, one site at a time, in each way: an error of the kernel, a signal, a short or empty
 * answer, rubbish. What was known is then unknown with a reason, or freshly read and right; never an old value as new, never
 * a crash, never a hang. Sites are those that a run passes, and every site must be passed.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>

#include "../../src/source/area.h"
#include "../../src/source/io.h"
#define WORLD_SECONDS 240
#include "children.h"
#include "record.h"
#include "world.h"

#define BASELINES 4
#define ALL_NEEDS                                                                                  \
	(NEED_TASKS | NEED_PROCESSES | NEED_MAPPINGS | NEED_MACHINE | NEED_SHARING | NEED_PAGES |  \
		NEED_POINTER | NEED_REGISTERS | NEED_FILES | NEED_SIGNALS | NEED_MAPPING_COUNT |   \
		NEED_WAITS | NEED_SWITCHES | NEED_EDGES)

static const char *const fault_names[IO_FAULTS] = { "none", "EIO", "EMFILE", "ENOMEM", "EINTR",
	"short", "empty", "garbage" };
static const char *const op_names[IO_OPS] = { "open", "read", "list", "link", "call" };

/* --- the machine under test --- */

/* What the kernel said of a task just before the source was asked: its counters only grow. */
struct truth {
	int32_t pid, tid;
	int64_t voluntary, involuntary, run_ns, wait_ns, slices, minor_faults;
};

struct rig {
	struct world *world;
	/* all of its counters move; its main thread has ended; it waits for its own mutex */
	pid_t busy, headless, stuck;
	struct fixture f;
	struct sample base[BASELINES];
	struct truth truth[16];
	size_t truths;
	nsec asked_at; /* what was read is of later */
	int walked, complaints;
};

static void *outlive_main(void *unused)
{
	pause_for_ever();
	return unused;
}

static void leave_main_thread(void)
{
	pthread_t thread;

	alarm(0);
	pthread_create(&thread, NULL, outlive_main, NULL);
	pthread_exit(NULL);
}

static void lock_twice(void)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

	alarm(0);
	pthread_mutex_lock(&lock);
	pthread_mutex_lock(&lock);
}

/* Its pages come and go, its mappings stay: which of those there are is judged. */
static void be_busy(void)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	alarm(0);
	for (;;) {
		*page = 1;
		madvise(page, 4096, MADV_DONTNEED);
		usleep(300);
	}
}

static int16_t worker_of(void *context, int32_t pid, int32_t tid)
{
	const struct world *world = context;

	for (int16_t i = 0; i < WORKERS; i++)
		if (world->worker[SIDE_RIGHT][i].tid == tid)
			return i;
	return WORKER_HOST;
}

static void open_all(struct rig *rig)
{
	struct target targets[8];
	int32_t mapped[2] = { rig->busy, rig->headless };
	size_t n = world_targets(rig->world, targets);

	targets[n++] = (struct target) { rig->busy, SIDE_LEFT, WORKER_NONE };
	targets[n++] = (struct target) { rig->headless, SIDE_LEFT, WORKER_NONE };
	targets[n++] = (struct target) { rig->stuck, SIDE_LEFT, WORKER_NONE };
	rig->f = (struct fixture) { .area = probe_area_create() };
	if (rig->f.area)
		rig->f.prober = start_prober(rig->f.area);
	rig->f.live = live_create(
		&(struct source_options) { .slow_interval = NSEC_PER_MSEC, .area = rig->f.area });
	(void)live_watch_host(rig->f.live, SIDE_LEFT, rig->world->host[SIDE_LEFT]);
	live_set_workers(rig->f.live, worker_of, rig->world);
	live_set_targets(rig->f.live, targets, n);
	live_set_observer(rig->f.live, (int32_t[]) { getpid(), rig->f.prober }, 2);
	live_set_needs(rig->f.live, ALL_NEEDS, mapped, 2);
}

static void close_all(struct rig *rig)
{
	close_source(&rig->f);
}

static void tick(struct rig *rig)
{
	sample_clear(&rig->f.sample);
	world_report(rig->world, &rig->f.sample);
	live_expire_evidence(rig->f.live);
	live_read(rig->f.live, nsec_monotonic(), &rig->f.sample);
}

static ssize_t read_truth(const struct truth *truth, const char *file, char *text, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", truth->pid, truth->tid, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, size);

	if (fd >= 0)
		close(fd);
	return len;
}

static void learn_truth(struct rig *rig)
{
	const struct task_sample *task;

	rig->truths = 0;
	vec_each (task, &rig->base[0].tasks) {
		struct truth *truth = &rig->truth[rig->truths++];
		struct status_fields status = { .voluntary = UNKNOWN, .involuntary = UNKNOWN };
		struct stat_fields stat = { .minor_faults = UNKNOWN };
		char text[8192];
		ssize_t len;

		*truth = (struct truth) { task->pid, task->tid, -1, -1, -1, -1, -1, -1 };
		if ((len = read_truth(truth, "status", text, sizeof(text))) > 0)
			parse_status(text, (size_t)len, &status);
		if ((len = read_truth(truth, "stat", text, sizeof(text))) > 0)
			parse_stat(text, (size_t)len, &stat);
		if ((len = read_truth(truth, "schedstat", text, sizeof(text))) > 0)
			parse_schedstat(
				text, (size_t)len, &truth->run_ns, &truth->wait_ns, &truth->slices);
		truth->voluntary = status.voluntary;
		truth->involuntary = status.involuntary;
		truth->minor_faults = stat.minor_faults;
	}
}

/* Both lanes have answered what was asked at its begin, if the prober answers at all. */
static void settle(struct rig *rig)
{
	struct probe_area *area = rig->f.area;
	uint32_t slow = area ? atomic_load(&area->published[PROBE_SLOW]) : 0,
		 quick = area ? atomic_load(&area->published[PROBE_QUICK]) : 0;
	nsec until = nsec_monotonic() + 150 * NSEC_PER_MSEC;

	rig->asked_at = nsec_monotonic();
	do {
		tick(rig);
		usleep(1000);
	} while (area && nsec_monotonic() < until &&
		 (atomic_load(&area->published[PROBE_SLOW]) < slow + 2 ||
			 atomic_load(&area->published[PROBE_QUICK]) < quick + 2));
	usleep(1000);
	learn_truth(rig);
	tick(rig);
}

/* --- what is known --- */

/* What tells rows of one process or task apart. */
static const struct {
	const struct record *record;
	size_t offset, size;
} keys[] = {
	{ &file_record, offsetof(struct file_sample, fd), sizeof(int32_t) },
	{ &pointer_record, offsetof(struct pointer_sample, what), sizeof(int16_t) },
	{ &pages_record, offsetof(struct pages_sample, name), sizeof(char[16]) },
	{ &mapping_record, offsetof(struct mapping_sample, start), sizeof(uint64_t) },
};

static bool is_judged(const struct record *record)
{
	static const struct record *const judged[] = { &task_record, &observer_record,
		&sharing_record, &pages_record, &pointer_record, &register_record, &file_record,
		&fs_record, &signal_record, &machine_record, &process_record, &mapping_record };

	for (size_t i = 0; i < ARRAY_LEN(judged); i++)
		if (judged[i] == record)
			return true;
	return false;
}

static int32_t id_of(const struct record *record, const void *row, enum field_role role)
{
	const struct field *field = record_role(record, role);

	return field ? (int32_t)field_integer(field, (const char *)row + field->offset) : 0;
}

static bool is_same_row(const struct record *record, const char *a, const char *b)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (keys[i].record == record &&
			memcmp(a + keys[i].offset, b + keys[i].offset, keys[i].size) != 0)
			return false;
	return id_of(record, a, ROLE_PID) == id_of(record, b, ROLE_PID) &&
	       id_of(record, a, ROLE_TID) == id_of(record, b, ROLE_TID);
}

static const char *find_row(
	const struct record *record, const struct sample *sample, const char *row)
{
	size_t n;
	const char *rows = record_at(record, sample, &n);

	for (size_t i = 0; i < n; i++)
		if (is_same_row(record, rows + i * record->size, row))
			return rows + i * record->size;
	return NULL;
}

static bool is_known(const struct field *field, const char *row)
{
	return row && !field_is_absent(field, row + field->offset);
}

/* Whether a member was known at each look of the baseline; *ret_fixed: and always the same. */
static bool was_known(struct rig *rig, const struct record *record, const char *row,
	const struct field *field, bool *ret_fixed)
{
	*ret_fixed = true;
	for (int i = 0; i < BASELINES; i++) {
		const char *now = find_row(record, &rig->base[i], row);

		if (!is_known(field, now))
			return false;
		*ret_fixed &= field_equal(field, row + field->offset, now + field->offset);
	}
	return true;
}

static bool has_reason(const struct sample *sample, int32_t pid)
{
	const struct gap_sample *gap;

	vec_each (gap, &sample->gaps)
		if ((!pid || !gap->pid || gap->pid == pid) && gap->what[0] && gap->reason[0])
			return true;
	return false;
}

/* --- a walk --- */

struct walk {
	struct rig *rig;
	enum io_site site;
	enum io_op op;
	enum io_fault fault;
	bool complained;
};

static void complain(struct walk *walk, const struct record *record, const char *row,
	const char *member, const char *what)
{
	const struct gap_sample *gap;

	walk->rig->complaints++;
	if (walk->complained)
		return;
	walk->complained = true;
	print_message("# %s %s (%d) %s: %s[%d/%d].%s %s\n", io_name(walk->site), op_names[walk->op],
		(int)walk->site, fault_names[walk->fault], record->name,
		(int)id_of(record, row, ROLE_PID), (int)id_of(record, row, ROLE_TID), member, what);
	vec_each (gap, &walk->rig->f.sample.gaps)
		print_message("#   gap %d %s: %s\n", (int)gap->pid, gap->what, gap->reason);
}

/* Text and addresses that never moved are what they were, or unknown. */
static bool is_fixed(const struct record *record, const struct field *field)
{
	return (field->type == FIELD_TEXT || field->type == FIELD_HEX) &&
	       record != &register_record;
}

/* A reading of before now that is shown as new. */
static bool is_old(const struct rig *rig, const struct record *record, const char *row,
	const struct field *field)
{
	static const struct {
		size_t of_sample, of_truth;
	} counters[] = {
#define COUNTER(name) { offsetof(struct task_sample, name), offsetof(struct truth, name) }
		COUNTER(voluntary),
		COUNTER(involuntary),
		COUNTER(run_ns),
		COUNTER(wait_ns),
		COUNTER(slices),
		COUNTER(minor_faults),
	};
	int64_t value = field->type == FIELD_TEXT ? 0 : field_integer(field, row + field->offset);

	if (strcmp(field->name, "at_ns") == 0)
		return value < rig->asked_at;
	for (size_t i = 0; record == &task_record && i < rig->truths; i++)
		for (size_t j = 0; j < ARRAY_LEN(counters); j++)
			if (counters[j].of_sample == field->offset &&
				rig->truth[i].tid == id_of(record, row, ROLE_TID))
				return value < *(const int64_t *)((const char *)&rig->truth[i] +
								  counters[j].of_truth);
	return false;
}

/* A host that naps has registers by luck; the workers sleep. */
static bool is_lucky(const struct record *record, const char *row)
{
	return record == &register_record && ((const struct register_sample *)row)->worker < 0;
}

static void judge_member(
	struct walk *walk, const struct record *record, const char *row, const struct field *field)
{
	const struct sample *now = &walk->rig->f.sample;
	const char *found = find_row(record, now, row);
	bool fixed;

	if (is_lucky(record, row) || !was_known(walk->rig, record, row, field, &fixed))
		return;
	if (!is_known(field, found)) {
		if (!has_reason(now, id_of(record, row, ROLE_PID)))
			complain(walk, record, row, field->name,
				found ? "is unknown without a reason"
				      : "is of a row that is missing without a reason");
		return;
	}
	if (is_old(walk->rig, record, found, field))
		complain(walk, record, row, field->name, "is old, and shown as new");
	if (fixed && is_fixed(record, field) &&
		!field_equal(field, found + field->offset, row + field->offset))
		complain(walk, record, row, field->name, "is not what it is");
}

static void judge(struct walk *walk)
{
	for (const struct record *const *record = record_kinds; *record; record++) {
		size_t n;
		const char *rows = record_at(*record, &walk->rig->base[0], &n);

		for (size_t i = 0; is_judged(*record) && i < n; i++)
			for (size_t j = 0; j < (*record)->n; j++)
				judge_member(walk, *record, rows + i * (*record)->size,
					&(*record)->fields[j]);
	}
	walk->rig->walked++;
}

static void set_fault(const struct walk *walk)
{
	atomic_store(&io_faults->site, (int32_t)walk->site);
	atomic_store(&io_faults->op, (int32_t)walk->op);
	atomic_store(&io_faults->fault, (int32_t)walk->fault);
}

static void clear_fault(void)
{
	atomic_store(&io_faults->fault, IO_FAULT_NONE);
	atomic_store(&io_faults->site, IO_SITES);
}

/* In the middle of a run. */
static void walk_in_the_middle(struct walk *walk)
{
	set_fault(walk);
	settle(walk->rig);
	judge(walk);
	clear_fault();
}

/* From the start of a source. */
static void walk_from_the_start(struct walk *walk)
{
	close_all(walk->rig);
	set_fault(walk);
	open_all(walk->rig);
	settle(walk->rig);
	judge(walk);
	clear_fault();
}

/* Once nothing fails any more, everything is there again. */
static void recover(struct walk *walk)
{
	struct sample *sample = &walk->rig->f.sample;

	walk->fault = IO_FAULT_NONE;
	settle(walk->rig);
	settle(walk->rig);
	judge(walk);
	if (sample->gaps.n > walk->rig->base[0].gaps.n + 1)
		complain(walk, &task_record, (const char *)sample->tasks.at, "*",
			"does not recover");
}

/* A link is never short nor rubbish, and of pages and memory any bytes may be right. */
static bool is_possible(enum io_site site, enum io_op op, enum io_fault fault)
{
	if (fault < IO_FAULT_SHORT)
		return fault != IO_FAULT_NONE;
	if (op == IO_OPEN || op == IO_CALL)
		return false;
	if (op == IO_READ)
		return fault != IO_FAULT_GARBAGE || (site != IO_PAGEMAP && site != IO_MEM);
	return fault == IO_FAULT_EMPTY;
}

static void learn(struct rig *rig)
{
	for (int i = 0; i < 5; i++)
		settle(rig);
	for (int i = 0; i < BASELINES; i++) {
		settle(rig);
		sample_copy(&rig->base[i], &rig->f.sample);
	}
}

/* What is opened once, or when something new comes, fails from the start of a source. */
static void walk_starts(struct rig *rig, enum io_site site, enum io_op op)
{
	if (op != IO_OPEN && op != IO_CALL)
		return;
	for (int fault = 0; fault < IO_FAULTS; fault++)
		if (is_possible(site, op, (enum io_fault)fault))
			walk_from_the_start(
				&(struct walk) { rig, site, op, (enum io_fault)fault, false });
	close_all(rig);
	open_all(rig);
}

static void walk_all(struct rig *rig, bool (*is_walked)(enum io_site))
{
	for (int site = 0; site < IO_SITES; site++)
		for (int op = 0; op < IO_OPS; op++) {
			if (!atomic_load(&io_faults->passed[site][op]) || !is_walked(site))
				continue;
			for (int fault = 0; fault < IO_FAULTS; fault++) {
				struct walk walk = { rig, site, op, fault, false };

				if (!is_possible(site, op, fault))
					continue;
				walk_in_the_middle(&walk);
			}
			walk_starts(rig, (enum io_site)site, (enum io_op)op);
			recover(&(struct walk) { rig, site, op, IO_FAULT_NONE, false });
		}
}

/* --- tests --- */

static struct rig *rig;

static bool is_any(enum io_site site)
{
	return true;
}

static bool is_fallback(enum io_site site)
{
	return site >= IO_FALLBACK_TABLE && site <= IO_FALLBACK_CWD;
}

static void each_read_may_fail_in_each_way(void **state)
{
	open_all(rig);
	learn(rig);
	walk_all(rig, is_any);
	close_all(rig);
	assert_int_equal(rig->complaints, 0);
}

static void each_read_in_place_of_kcmp_may_fail_too(void **state)
{
	atomic_store(&io_faults->refused, IO_KCMP_SELF);
	open_all(rig);
	learn(rig);
	walk_all(rig, is_fallback);
	close_all(rig);
	atomic_store(&io_faults->refused, IO_SITES);
	assert_int_equal(rig->complaints, 0);
}

/* The table of processes: what cannot be read is missing, and what is read is so. */
static void read_table(void)
{
	struct process_reader *reader = process_reader_create(NULL);
	const struct group_table *table =
		process_reader_read(reader, PROCESS_OWNER | PROCESS_CGROUP);
	const struct group_process *process;

	vec_each (process, &table->rows) {
		assert_true(process->pid > 0 && process->ppid >= 0 && process->start >= 0);
		assert_true(!process->kernel || !process->command[0]);
	}
	(void)process_reader_of_thread(reader, getpid());
	process_reader_destroy(reader);
}

static void what_is_told_of_the_machine_is_unknown_or_right(void **state)
{
	struct machine_info whole, info;
	struct machine_traits traits;
	struct source_check checks[CHECKS_MAX];

	machine_info_read(NULL, &whole);
	for (int site = IO_ROOT; site < IO_SITES; site++)
		for (int fault = IO_FAULT_EIO; fault < IO_FAULTS; fault++)
			for (int op = 0; op < IO_OPS; op++) {
				if ((site != IO_MACHINE && site != IO_PROCESSES &&
					    site != IO_CHECK && site != IO_SELF &&
					    site != IO_ROOT) ||
					!is_possible(site, op, fault))
					continue;
				set_fault(&(struct walk) { rig, (enum io_site)site, (enum io_op)op,
					(enum io_fault)fault, false });
				machine_info_read(NULL, &info);
				assert_true(!info.cpu[0] || !strcmp(info.cpu, whole.cpu) ||
					    fault == IO_FAULT_GARBAGE || fault == IO_FAULT_SHORT);
				assert_true(info.perf_event_paranoid == -99 ||
					    info.perf_event_paranoid == whole.perf_event_paranoid);
				machine_traits_read(NULL, NULL, &traits);
				assert_true(traits.available_kb != 0);
				assert_true(!(traits.load < 0));
				(void)source_foreign_proc();
				read_table();
				if (fault != IO_FAULT_EINTR && site != IO_CHECK)
					continue;
				size_t n = source_check(checks, CHECKS_MAX);

				for (size_t i = 0; i < n; i++)
					assert_true(checks[i].ok || checks[i].lost[0]);
				rig->walked++;
			}
	clear_fault();
}

static void a_stuck_prober_is_told_whatever_its_stat_says(void **state)
{
	open_all(rig);
	settle(rig);
	for (int fault = IO_FAULT_NONE; fault < IO_FAULTS; fault++)
		for (int op = IO_OPEN; op <= IO_READ; op++) {
			nsec now = nsec_monotonic();

			set_fault(&(struct walk) { rig, IO_PROBER_STAT, op, fault, false });
			atomic_store(&rig->f.area->busy_since, now - 5 * PROBE_DEADLINE);
			assert_true(live_prober_stuck(rig->f.live, now));
			atomic_store(&rig->f.area->busy_since, now - 2 * PROBE_DEADLINE);
			(void)live_prober_stuck(rig->f.live, now);
			atomic_store(&rig->f.area->busy_since, 0);
			assert_false(live_prober_stuck(rig->f.live, now));
		}
	clear_fault();
	close_all(rig);
}

static void a_refused_file_has_a_reason_that_may_fail_as_well(void **state)
{
	for (int site = IO_OWNER; site <= IO_YAMA; site++)
		for (int fault = IO_FAULT_NONE; fault < IO_FAULTS; fault++) {
			atomic_store(&io_faults->refused, IO_MEM);
			set_fault(&(struct walk) { rig, site, IO_OPEN, fault, false });
			open_all(rig);
			settle(rig);
			settle(rig);
			assert_true(has_reason(&rig->f.sample, rig->world->host[SIDE_LEFT]));
			close_all(rig);
		}
	clear_fault();
	atomic_store(&io_faults->refused, IO_SITES);
}

static void every_site_was_passed(void **state)
{
	int passed = 0, pairs = 0;

	for (int site = 0; site < IO_SITES; site++) {
		int ops = 0;

		for (int op = 0; op < IO_OPS; op++)
			ops += atomic_load(&io_faults->passed[site][op]) > 0;
		if (!ops)
			print_message("# never passed: %s (%d)\n", io_name(site), site);
		passed += ops > 0;
		pairs += ops;
	}
	print_message("# %d sites with %d operations, %d faults walked, %u answers spoiled\n",
		passed, pairs, rig->walked, atomic_load(&io_faults->injected));
	assert_int_equal(passed, IO_SITES);
}

static int begin(void **state)
{
	rig = xcalloc(1, sizeof(*rig));
	io_faults = mmap(NULL, sizeof(*io_faults), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	atomic_store(&io_faults->refused, IO_SITES);
	clear_fault();
	rig->world = world_create();
	rig->busy = start(be_busy);
	rig->headless = start(leave_main_thread);
	rig->stuck = start(lock_twice);
	await_state(rig->headless, 'Z');
	return 0;
}

static int finish(void **state)
{
	end(rig->busy);
	end(rig->headless);
	end(rig->stuck);
	world_destroy(rig->world);
	for (int i = 0; i < BASELINES; i++)
		sample_finish(&rig->base[i]);
	free(rig);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_read_may_fail_in_each_way),
		cmocka_unit_test(each_read_in_place_of_kcmp_may_fail_too),
		cmocka_unit_test(what_is_told_of_the_machine_is_unknown_or_right),
		cmocka_unit_test(a_stuck_prober_is_told_whatever_its_stat_says),
		cmocka_unit_test(a_refused_file_has_a_reason_that_may_fail_as_well),
		cmocka_unit_test(every_site_was_passed),
	};
	return cmocka_run_group_tests(tests, begin, finish);
}
