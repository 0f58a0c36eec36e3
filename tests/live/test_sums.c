/* SPDX-License-Identifier: MIT
 * The sums of a group between two readings of /proc, while processes and threads are born and end, and with two processes in
 * one address space, whose memory must be counted once.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "children.h"
#include "group.h"
#include "model.h"

#define TICKS 60
#define LISTED_MAX 64
#define AFTER_REPORT 8 /* switches that a task may count after it told how many it had */

enum count { VOLUNTARY, INVOLUNTARY, COUNTS };

/* What the family tells of those that ended, in memory that it shares with us. */
struct told {
	_Atomic int64_t ended[COUNTS], births;
	_Atomic bool settled, settle;
	_Atomic int32_t twin; /* a process in the first one's address space */
};
static struct told *told;

/* --- a family --- */

static void tell(const struct rusage *usage)
{
	atomic_fetch_add(&told->ended[VOLUNTARY], usage->ru_nvcsw);
	atomic_fetch_add(&told->ended[INVOLUNTARY], usage->ru_nivcsw);
}

static void *nap_shortly(void *unused)
{
	struct rusage usage;

	for (int i = 0; i < 5; i++)
		usleep(1000);
	getrusage(RUSAGE_THREAD, &usage);
	tell(&usage);
	return unused;
}

static void *nap_long(void *unused)
{
	nap_for_ever();
	return unused;
}

static int be_twin(void *unused)
{
	(void)unused;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	nap_for_ever();
	return 0;
}

static void fork_one(bool shortly)
{
	pid_t pid = fork();
	struct rusage usage;

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (int i = 0; !shortly || i < 5; i++)
			usleep(1000);
		_exit(0);
	}
	if (!shortly || wait4(pid, NULL, 0, &usage) != pid)
		return;
	tell(&usage);
	atomic_fetch_add(&told->births, 1);
}

static void be_family(void)
{
	static char stack[64 * 1024] __attribute__((aligned(16)));
	pthread_t thread;

	for (int i = 0; i < 3; i++) {
		pthread_create(&thread, NULL, nap_long, NULL);
		fork_one(false);
	}
	atomic_store(&told->twin, clone(be_twin, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL));
	while (!atomic_load(&told->settle)) {
		fork_one(true);
		pthread_create(&thread, NULL, nap_shortly, NULL);
		pthread_join(thread, NULL);
		atomic_fetch_add(&told->births, 1);
	}
	atomic_store(&told->settled, true);
	nap_for_ever();
}

/* --- what /proc says --- */

struct listed {
	int32_t pid, tid;
	int64_t count[COUNTS];
};

struct listing {
	struct listed at[LISTED_MAX];
	size_t n;
};

/* One that ends meanwhile is left out. */
static void list_task(struct listing *listing, int32_t pid, int32_t tid)
{
	struct status_fields status = { .voluntary = UNKNOWN, .involuntary = UNKNOWN };
	char path[64], text[8192];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", (int)pid, (int)tid);
	int fd = open(path, O_RDONLY);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text));
	if (fd >= 0)
		close(fd);
	if (len <= 0 || parse_status(text, (size_t)len, &status) != 0 || listing->n == LISTED_MAX)
		return;
	listing->at[listing->n++] =
		(struct listed) { pid, tid, { status.voluntary, status.involuntary } };
}

/* The tasks of a process and of its children, and theirs. */
static void list_tree(struct listing *listing, int32_t pid)
{
	char path[64];
	const struct dirent *entry;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	DIR *dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		int32_t tid = atoi(entry->d_name), child;

		if (tid <= 0)
			continue;
		list_task(listing, pid, tid);
		snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)tid);
		FILE *file = fopen(path, "re");
		while (file && fscanf(file, "%d", &child) == 1)
			list_tree(listing, child);
		if (file)
			fclose(file);
	}
	if (dir)
		closedir(dir);
}

static const struct listed *find_listed(const struct listing *listing, int32_t tid)
{
	for (size_t i = 0; i < listing->n; i++)
		if (listing->at[i].tid == tid)
			return &listing->at[i];
	return NULL;
}

/* kB of a line of smaps_rollup. */
static int64_t rollup_of(int32_t pid, const char *field)
{
	char path[64], line[256];
	long kb = 0, sum = 0;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	FILE *file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, field, strlen(field)) &&
			sscanf(strchr(line, ':') + 1, "%ld", &kb) == 1)
			sum += kb;
	fclose(file);
	return sum;
}

/* --- the group --- */

struct watched_group {
	struct fixture f;
	struct process_reader *reader;
	struct groups *groups;
	struct model *model;
	pid_t family;
};

static void tick(struct watched_group *g)
{
	struct target targets[LISTED_MAX];
	const struct group_member *members;
	size_t n;

	groups_update(g->groups, process_reader_read(g->reader, 0));
	members = groups_members(g->groups, &n);
	assert_in_range(n, 1, LISTED_MAX);
	for (size_t i = 0; i < n; i++)
		targets[i] = (struct target) { .pid = members[i].pid, .worker = WORKER_NONE };
	live_set_targets(g->f.live, targets, n);
	read_now(&g->f);
	groups_report(g->groups, &g->f.sample);
	model_feed(g->model, &g->f.sample);
}

static int set_up(void **state)
{
	static struct watched_group g;
	struct group_target target = { 0 };
	struct buf why = { 0 };
	char pid[16];

	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(told != MAP_FAILED);
	g = (struct watched_group) { .f = open_source(true),
		.reader = process_reader_create(NULL),
		.model = model_create(8) };
	g.family = start(be_family);
	while (atomic_load(&told->births) < 4)
		usleep(1000);
	snprintf(pid, sizeof(pid), "%d", (int)g.family);
	assert_int_equal(group_parse_target(pid, &target, NULL, 0), 0);
	/* The family is a child of ours, so that not we are who cannot be a member. */
	g.groups = groups_create(&(struct group_options) { .self = g.f.prober });
	const struct group_table *table = process_reader_read(g.reader, 0);
	if (groups_add(g.groups, &target, table, &why) != 0)
		fail_msg("%s", why.text);
	groups_update(g.groups, table);
	buf_finish(&why);
	live_set_needs(g.f.live, NEED_TASKS | NEED_PROCESSES, NULL, 0);
	*state = &g;
	return 0;
}

static int tear_down(void **state)
{
	struct watched_group *g = *state;

	end(g->family);
	model_destroy(g->model);
	groups_destroy(g->groups);
	process_reader_destroy(g->reader);
	close_source(&g->f);
	munmap(told, sizeof(*told));
	return 0;
}

/* --- tests --- */

/* Each task that lived all the while, and the sum: not below what they had before, and not above what all had after. */
static void counts_lie_between_two_readings_while_tasks_come_and_go(void **state)
{
	struct watched_group *g = *state;
	size_t compared = 0;

	for (int i = 0; i < TICKS; i++) {
		struct listing before = { 0 }, after = { 0 };
		int64_t least[COUNTS] = { 0 }, most[COUNTS] = { 0 };

		list_tree(&before, g->family);
		tick(g);
		list_tree(&after, g->family);
		for (size_t k = 0; k < after.n; k++) {
			const struct listed *was = find_listed(&before, after.at[k].tid);
			const struct task_sample *task = find_task(&g->f, after.at[k].tid);

			for (int c = 0; c < COUNTS; c++)
				most[c] += after.at[k].count[c];
			/* A process that was born since the table was read is not a member yet. */
			if (!was || !task)
				continue;
			assert_in_range(task->voluntary, was->count[VOLUNTARY],
				after.at[k].count[VOLUNTARY]);
			assert_in_range(task->involuntary, was->count[INVOLUNTARY],
				after.at[k].count[INVOLUNTARY]);
			for (int c = 0; c < COUNTS; c++)
				least[c] += was->count[c];
			compared++;
		}
		for (int c = 0; c < COUNTS; c++)
			most[c] += atomic_load(&told->ended[c]) +
				   AFTER_REPORT * (atomic_load(&told->births) + 2);
		const struct side_totals *totals = &model_side(g->model, SIDE_LEFT)->totals;
		assert_in_range(totals->voluntary, least[VOLUNTARY], most[VOLUNTARY]);
		assert_in_range(totals->involuntary, least[INVOLUNTARY], most[INVOLUNTARY]);
		usleep(5000);
	}
	/* The first one, its three threads, three children and the twin at each tick. */
	assert_true(compared >= 8 * (TICKS - 1));
	assert_true(atomic_load(&told->births) > 20);
}

static void memory_of_one_address_space_is_counted_once(void **state)
{
	struct watched_group *g = *state;
	const struct side_totals *totals;
	const struct process_sample *process;
	int64_t pss = 0, uss = 0;
	const int32_t twin = atomic_load(&told->twin);

	assert_true(twin > 0);
	atomic_store(&told->settle, true);
	while (!atomic_load(&told->settled))
		usleep(1000);
	const nsec since = nsec_monotonic();
	for (int i = 0; i < 5000; i++) {
		tick(g);
		process = find_process(&g->f, twin);
		if (process && process->at_ns > since && g->f.sample.processes.n == 5)
			break;
		usleep(5000);
	}
	assert_int_equal(g->f.sample.processes.n, 5);
	vec_each (process, &g->f.sample.processes) {
		assert_int_equal(process->address_space_of, process->pid == twin ? g->family : 0);
		if (process->pid == twin)
			continue;
		pss += rollup_of(process->pid, "Pss:");
		uss += rollup_of(process->pid, "Private_");
	}
	totals = &model_side(g->model, SIDE_LEFT)->totals;
	/* Within 2 %: nobody allocates any more, but who shares a library with them comes and goes. */
	assert_in_range(totals->pss_kb, pss - pss / 50, pss + pss / 50);
	assert_in_range(totals->uss_kb, uss - uss / 50, uss + uss / 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_lie_between_two_readings_while_tasks_come_and_go),
		cmocka_unit_test(memory_of_one_address_space_is_counted_once),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
