/* SPDX-License-Identifier: MIT
 * kill -9 at random moments, of any of us and of several at once, stopped ones too: nothing is left after a second.
 * TASKSCOPE_KILLS says how many times (200). The test is the subreaper of all it starts, so what is left cannot hide; only
 * its own descendants are ever signalled, through pidfds that were checked after they were opened.
 */
#include <dirent.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kit.h"

#define GONE_WITHIN NSEC_PER_SEC
#define DESCENDANTS 2048

/* What the screen tells the test, and what it is told. */
struct stage {
	_Atomic int32_t screen, host[SIDES];
	_Atomic int32_t running; /* crews */
	int workers[SIDES], job[SIDES];
	const char *worker_path;
};

enum who { SUPERVISOR, SCREEN, LEFT_HOST, RIGHT_HOST, WHO };
#define BIT(who) (1u << (who))
#define HOSTS (BIT(LEFT_HOST) | BIT(RIGHT_HOST))
#define ALL (BIT(SUPERVISOR) | BIT(SCREEN) | HOSTS)

/* Who is stopped first, who is killed then, all in one go. */
static const struct scenario {
	const char *name;
	unsigned stop, kill;
	int signal;
} scenarios[] = {
	{ "supervisor", 0, BIT(SUPERVISOR), SIGKILL },
	{ "screen", 0, BIT(SCREEN), SIGKILL },
	{ "supervisor and screen", 0, BIT(SUPERVISOR) | BIT(SCREEN), SIGKILL },
	{ "supervisor and hosts", 0, BIT(SUPERVISOR) | HOSTS, SIGKILL },
	{ "screen and hosts", 0, BIT(SCREEN) | HOSTS, SIGKILL },
	{ "everybody", 0, ALL, SIGKILL },
	{ "screen, of a stopped supervisor", BIT(SUPERVISOR), BIT(SCREEN), SIGKILL },
	{ "stopped screen", BIT(SCREEN), BIT(SCREEN), SIGKILL },
	{ "supervisor, of a stopped screen", BIT(SCREEN), BIT(SUPERVISOR), SIGKILL },
	{ "screen, of stopped hosts", HOSTS, BIT(SCREEN), SIGKILL },
	{ "screen, of stopped hosts and supervisor", HOSTS | BIT(SUPERVISOR), BIT(SCREEN),
		SIGKILL },
	{ "supervisor, of stopped hosts and screen", HOSTS | BIT(SCREEN), BIT(SUPERVISOR),
		SIGKILL },
	{ "stopped supervisor, of stopped all", ALL, BIT(SUPERVISOR), SIGKILL },
	{ "SIGTERM to the supervisor", 0, BIT(SUPERVISOR), SIGTERM },
	{ "SIGHUP to the supervisor of a stopped screen", BIT(SCREEN), BIT(SUPERVISOR), SIGHUP },
	{ "SIGSEGV to the screen", 0, BIT(SCREEN), SIGSEGV },
};

/* --- what is left --- */

struct task {
	int32_t pid, ppid;
	char state;
	bool ours;
	char name[16];
};

static bool read_task(int32_t pid, struct task *ret)
{
	char path[64], text[512];

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	FILE *file = fopen(path, "re");

	if (!file)
		return false;
	size_t n = fread(text, 1, sizeof(text) - 1, file);

	fclose(file);
	text[n] = '\0';
	char *end = strrchr(text, ')');

	*ret = (struct task) { .pid = pid };
	char *name = strchr(text, '(');

	if (name && end)
		snprintf(ret->name, sizeof(ret->name), "%.*s", (int)MIN(end - name - 1, 15),
			name + 1);
	return end && sscanf(end + 1, " %c %d", &ret->state, &ret->ppid) == 2;
}

/* All processes whose line of parents leads to this one. */
static size_t find_descendants(struct task *tasks)
{
	DIR *dir = opendir("/proc");
	size_t n = 0, ours = 0;
	bool more = true;

	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir)) && n < DESCENDANTS;)
		n += e->d_name[0] >= '1' && e->d_name[0] <= '9' &&
		     read_task(atoi(e->d_name), &tasks[n]);
	closedir(dir);
	while (more) {
		more = false;
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < n && !tasks[i].ours; k++)
				if (tasks[i].ppid == getpid() ||
					(tasks[k].ours && tasks[i].ppid == tasks[k].pid))
					tasks[i].ours = more = true;
	}
	for (size_t i = 0; i < n; i++)
		if (tasks[i].ours && tasks[i].state != 'Z' && tasks[i].state != 'X')
			tasks[ours++] = tasks[i];
	return ours;
}

/* Whether SIGKILL has already been sent to all of a process: it only waits for a CPU to die on. */
static bool is_condemned(int32_t pid)
{
	char path[64], line[256];
	unsigned long long pending, any = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	FILE *file = fopen(path, "re");

	if (!file)
		return true;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "SigPnd: %llx", &pending) == 1 ||
			sscanf(line, "ShdPnd: %llx", &pending) == 1)
			any |= pending;
	fclose(file);
	return any & 1ull << (SIGKILL - 1);
}

static size_t count_left(int32_t but, bool condemned_too)
{
	static struct task tasks[DESCENDANTS];
	size_t n, left = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	n = find_descendants(tasks);
	for (size_t i = 0; i < n; i++) {
		if (tasks[i].pid == but || (!condemned_too && is_condemned(tasks[i].pid)))
			continue;
		if (!condemned_too)
			print_message("# left: %d (%s) of %d, %c\n", tasks[i].pid, tasks[i].name,
				tasks[i].ppid, tasks[i].state);
		left++;
	}
	return left;
}

/* Without children there are no descendants: all that lose their parent become ours. */
static bool none_left(int32_t but)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		;
	return pid < 0 || (but && count_left(but, true) == 0);
}

/* --- signals to our descendants --- */

/* A descriptor of a descendant, or -1: not there any more, or not ours. */
static int open_descendant(int32_t pid)
{
	struct task task = { .ppid = pid };
	int fd = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;

	while (fd >= 0 && task.ppid != getpid()) {
		if (task.ppid <= 1 || !read_task(task.ppid, &task)) {
			close(fd);
			return -1;
		}
	}
	return fd;
}

static void send_to(const int *pidfds, unsigned who, int signal)
{
	for (int i = 0; i < WHO; i++)
		if ((who & BIT(i)) && pidfds[i] >= 0)
			syscall(SYS_pidfd_send_signal, pidfds[i], signal, NULL, 0);
}

/* --- the play --- */

static void tell_hosts(struct stage *stage, struct crews *crews)
{
	struct sample sample = { 0 };
	int running = 0;

	kit_look(crews, &sample);
	struct crew_sample *c;

	vec_each (c, &sample.crews) {
		atomic_store(&stage->host[c->side], c->host);
		running += c->state == CREW_RUNNING;
	}
	atomic_store(&stage->running, running);
	sample_finish(&sample);
}

static int play_screen(void *context, struct crews *crews)
{
	struct stage *stage = context;

	atomic_store(&stage->screen, getpid());
	for (int side = 0; side < SIDES; side++) {
		struct crew_plan plan = { .kind = side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS,
			.workers = stage->workers[side],
			.job = stage->job[side],
			.cpu = -1 };

		crew_start(crews, (enum side)side, &plan);
	}
	while (true)
		tell_hosts(stage, crews);
	return 0;
}

static int play_prober(void *context)
{
	while (true)
		pause();
	return 0;
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static int32_t start_supervisor(struct stage *stage)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct supervise_options options = { .screen = play_screen,
			.prober = play_prober,
			.context = stage,
			.with_crews = true,
			.worker_path = stage->worker_path };

		/* A test that is itself killed must not leave a crew running. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* The handlers are the test's. */
		for (int i = 1; i < NSIG; i++)
			signal(i, SIG_DFL);
		/* What it says about signals is not of interest here. */
		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		_exit(supervise(&options));
	}
	assert_true(pid > 0);
	return pid;
}

/* A random moment: mostly in the burst of births, often when all run. */
static void let_play(struct stage *stage, uint64_t *seed)
{
	if (next_random(seed) % 3 == 0) {
		nsec until = nsec_monotonic() + PATIENCE;

		while (atomic_load(&stage->running) < SIDES && nsec_monotonic() < until)
			nanosleep(&(struct timespec) { .tv_nsec = 1000000 }, NULL);
		assert_int_equal(atomic_load(&stage->running), SIDES);
		return;
	}
	nanosleep(&(struct timespec) { .tv_nsec = (long)(next_random(seed) % 40000000) }, NULL);
}

/* Killed, but it has had no CPU to die on: what hangs on its life cannot know yet. */
static bool is_dying(int32_t pid)
{
	struct task task;

	return read_task(pid, &task) && task.state != 'Z' && task.state != 'X' && is_condemned(pid);
}

/* Waits until nothing but `but` is left, and returns how long that took; fails when after a second something that nobody
 * has condemned is left, besides the supervisor, which reaps them and may last a moment longer. */
static nsec await_nothing(const char *name, int32_t supervisor, int32_t but)
{
	nsec from = nsec_monotonic(), now = from, died = from;
	size_t left;

	while (!none_left(but)) {
		now = nsec_monotonic();
		if (is_dying(supervisor))
			died = now;
		if (now - died > GONE_WITHIN && (left = count_left(supervisor, false)) > 0)
			fail_msg("%s: %zu left after a second", name, left);
		if (now - from > 20 * GONE_WITHIN)
			fail_msg("%s: %zu cannot die", name, count_left(but, true));
		nanosleep(&(struct timespec) { .tv_nsec = but ? 20000000 : 1000000 }, NULL);
	}
	return nsec_monotonic() - from;
}

static nsec play(const struct scenario *scenario, struct stage *stage, uint64_t *seed)
{
	int32_t supervisor = start_supervisor(stage);
	int pidfds[WHO];

	let_play(stage, seed);
	pidfds[SUPERVISOR] = open_descendant(supervisor);
	pidfds[SCREEN] = open_descendant(atomic_load(&stage->screen));
	for (int side = 0; side < SIDES; side++)
		pidfds[LEFT_HOST + side] = open_descendant(atomic_load(&stage->host[side]));
	/* Too early to know the screen: then it is the supervisor's turn. */
	unsigned kill = pidfds[SCREEN] < 0 ? BIT(SUPERVISOR) : scenario->kill;
	unsigned stop = pidfds[SCREEN] < 0 ? 0 : scenario->stop;

	send_to(pidfds, stop, SIGSTOP);
	/* A signal that can be caught meets the test's handlers while the supervisor is younger than its own. */
	send_to(pidfds, kill, pidfds[SCREEN] < 0 ? SIGKILL : scenario->signal);
	bool sleeps = (stop & ~kill) & BIT(SUPERVISOR);
	nsec took = await_nothing(scenario->name, supervisor, sleeps ? supervisor : 0);

	if (sleeps) {
		send_to(pidfds, BIT(SUPERVISOR), SIGCONT);
		await_nothing(scenario->name, supervisor, 0);
	}
	for (int i = 0; i < WHO; i++)
		if (pidfds[i] >= 0)
			close(pidfds[i]);
	return took;
}

static int compare(const void *a, const void *b)
{
	nsec x = *(const nsec *)a, y = *(const nsec *)b;

	return (x > y) - (x < y);
}

static void nothing_survives(void **state)
{
	struct stage *stage = mmap(
		NULL, sizeof(*stage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const char *asked = getenv("TASKSCOPE_KILLS");
	int times = asked ? atoi(asked) : 200;
	uint64_t seed = 0x9e3779b97f4a7c15u;

	assert_true(stage != MAP_FAILED && times > 0);
	nsec *took = xcalloc((size_t)times, sizeof(*took));

	for (int i = 0; i < times; i++) {
		memset(stage, 0, sizeof(*stage));
		stage->worker_path = *state;
		for (int side = 0; side < SIDES; side++) {
			stage->workers[side] = 1 + (int)(next_random(&seed) % 24);
			stage->job[side] = (int)(next_random(&seed) % (JOBS + 1));
		}
		took[i] = play(&scenarios[(size_t)i % ARRAY_LEN(scenarios)], stage, &seed);
	}
	qsort(took, (size_t)times, sizeof(*took), compare);
	print_message("# %d kills: all gone after %lld ms (median), %lld ms (99th percentile), "
		      "%lld ms (longest)\n",
		times, (long long)(took[times / 2] / NSEC_PER_MSEC),
		(long long)(took[times - 1 - times / 100] / NSEC_PER_MSEC),
		(long long)(took[times - 1] / NSEC_PER_MSEC));
	free(took);
	munmap(stage, sizeof(*stage));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(nothing_survives, argc > 1 ? argv[1] : NULL),
	};

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
