/* SPDX-License-Identifier: MIT
 * Whatever starts the program hands things down through exec: each is reset, honoured or refused in one line (SECURITY.md
 * has the table), and it always ends in time with nothing left.
 *
 * This program starts itself again as `--as ROW NUMBER ARGUMENTS`: makes the surroundings of that row, and becomes the
 * program.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "files.h"
#include "harness.h"
#include "modes.h"

#define END_MS 2000 /* from the end of --for, from TERM or from q */
#define TOGETHER 4
#ifndef SCHED_DEADLINE
#	define SCHED_DEADLINE 6
#endif

/* --- surroundings, made in the child before exec; 0, or -1 where the machine refuses --- */

static int ignore_signal(int number)
{
	return signal(number, SIG_IGN) == SIG_ERR ? -1 : 0;
}

static int block_signal(int number)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, number);
	return sigprocmask(SIG_BLOCK, &set, NULL);
}

static int block_all(int unused)
{
	sigset_t set;
	sigfillset(&set);
	return sigprocmask(SIG_BLOCK, &set, NULL);
}

static int set_timer(int which)
{
	const struct itimerval soon = { .it_value = { .tv_usec = 50000 } };
	return setitimer((__itimer_which_t)which, &soon, NULL);
}

/* NUMBER: the resource, and in the upper half its value. */
#define LIMIT(resource, value) ((value) << 8 | (resource))

static int set_limit(int number)
{
	const struct rlimit limit = { (rlim_t)(number >> 8), (rlim_t)(number >> 8) };
	return setrlimit((__rlimit_resource_t)(number & 255), &limit);
}

static int set_no_limit(int resource)
{
	const struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
	return setrlimit((__rlimit_resource_t)resource, &limit);
}

static int set_soft_files(int number)
{
	const struct rlimit limit = { (rlim_t)number, 4096 };
	return setrlimit(RLIMIT_NOFILE, &limit);
}

/* No limit on tasks is for root. */
static int limit_users_tasks(int n)
{
	return become_user() || set_limit(LIMIT(RLIMIT_NPROC, n));
}

static int set_nice(int number)
{
	return setpriority(PRIO_PROCESS, 0, number);
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len = (ssize_t)strlen(text), n = fd < 0 ? -1 : write(fd, text, (size_t)len);
	close(fd);
	return n == len ? 0 : -1;
}

static int set_autogroup(int number)
{
	char text[8];
	snprintf(text, sizeof(text), "%d", number);
	/* Not every kernel has it, and then nobody can hand it down. */
	return access("/proc/self/autogroup", W_OK) == 0 ? put("/proc/self/autogroup", text) : 0;
}

static int set_class(int policy)
{
	const struct sched_param param = {
		.sched_priority = policy == SCHED_FIFO || policy == SCHED_RR ? 10 : 0
	};
	return sched_setscheduler(0, policy, &param);
}

static int set_deadline(int unused)
{
	const struct {
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime, deadline, period;
	} attr = { .size = 48,
		.policy = SCHED_DEADLINE,
		.runtime = 5000000,
		.deadline = 100000000,
		.period = 100000000 };
	return (int)syscall(SYS_sched_setattr, 0, &attr, 0);
}

/* Class 3, idle: for what waits for a disk. */
static int set_io_priority(int priority)
{
	return (int)syscall(SYS_ioprio_set, 1, 0, priority);
}

static int use_one_cpu(int unused)
{
	cpu_set_t all, one;
	sched_getaffinity(0, sizeof(all), &all);
	CPU_ZERO(&one);
	for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--)
		if (CPU_ISSET(cpu, &all)) {
			CPU_SET(cpu, &one);
			break;
		}
	return sched_setaffinity(0, sizeof(one), &one);
}

static void cpuset_path(int version, pid_t of, const char *file, char *ret, size_t size)
{
	snprintf(ret, size, "/sys/fs/cgroup/%staskscope-test-cpuset-%d/%s",
		version ? "" : "cpuset/", (int)of, file);
}

static int join_cpuset(int unused)
{
	static const char *const files[][2] = { { "cpuset.cpus", "0" }, { "cpuset.mems", "0" },
		{ "cgroup.procs", "0" } };
	bool joined = false;
	put("/sys/fs/cgroup/cgroup.subtree_control", "+cpuset");
	for (int version = 0; version < 2 && !joined; version++) {
		char path[200];
		cpuset_path(version, getppid(), "", path, sizeof(path));
		joined = mkdir(path, 0755) == 0 || errno == EEXIST;
		for (size_t i = 0; joined && i < ARRAY_LEN(files); i++) {
			cpuset_path(version, getppid(), files[i][0], path, sizeof(path));
			joined = put(path, files[i][1]) == 0;
		}
	}
	return 0; /* who may not make one cannot hand it down */
}

static void remove_cpusets(void)
{
	char path[200];
	for (int version = 0; version < 2; version++) {
		cpuset_path(version, getpid(), "", path, sizeof(path));
		rmdir(path);
	}
}

static int set_umask(int mask)
{
	umask((mode_t)mask);
	return 0;
}

static int lose_folder(int unused)
{
	char gone[] = "/tmp/taskscope-gone-XXXXXX";
	return !mkdtemp(gone) || chdir(gone) ? -1 : rmdir(gone);
}

static int set_oom_score(int score)
{
	char text[16];
	snprintf(text, sizeof(text), "%d", score);
	return put("/proc/self/oom_score_adj", text);
}

static int set_no_new_privs(int unused)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static int refuse_call(int call)
{
	return child_refuse_call((unsigned)call, EPERM);
}

static int set_dumpable(int value)
{
	return prctl(PR_SET_DUMPABLE, value, 0, 0, 0);
}

static int set_personality(int flags)
{
	return personality((unsigned long)(unsigned)flags) < 0 ? -1 : 0;
}

static int set_death_signal(int number)
{
	return prctl(PR_SET_PDEATHSIG, number, 0, 0, 0);
}

/* NUMBER: a bit for each of 0, 1 and 2. */
static int close_files(int bits)
{
	for (int fd = 0; fd < 3; fd++)
		if (bits & 1 << fd)
			close(fd);
	return 0;
}

static int open_files(int n)
{
	while (n-- > 0)
		if (open("/dev/null", O_RDWR) < 0)
			return -1;
	return 0;
}

/* A terminal, but not ours. */
static int use_strange_terminal(int unused)
{
	int master, slave;
	if (openpty(&master, &slave, NULL, NULL, NULL))
		return -1;
	return dup2(slave, 0) < 0 || dup2(slave, 3) < 0 ? -1 : 0;
}

static int empty_environment(int unused)
{
	return clearenv();
}

static int fill_environment(int kb)
{
	char *value = xcalloc(1, 100 * 1024 + 1), name[32];
	memset(value, 'x', 100 * 1024);
	for (int i = 0; i < kb / 100; i++) {
		snprintf(name, sizeof(name), "FILL_%d", i);
		setenv(name, value, 1);
	}
	return 0;
}

static int set_variable(int which)
{
	static const char *const variables[][2] = { { "LC_ALL", "xx_YY.UTF-8" },
		{ "TZ", ":/../\x01" }, { "LC_ALL", "C" }, { "COLUMNS", "99999" } };
	return setenv(variables[which][0], variables[which][1], 1);
}

static int in_child; /* what a child of before shows when its parent has ended and it has not */

static void tell_alive(int unused)
{
	(void)!write(2, "still there\n", 12);
	_exit(0);
}

/* A child of the process that becomes the program: not one of its own. */
static int have_child(int unused)
{
	pid_t parent = getpid(), pid = fork();
	if (pid != 0)
		return pid < 0 ? -1 : 0;
	in_child = 1;
	signal(SIGUSR1, tell_alive);
	prctl(PR_SET_PDEATHSIG, SIGUSR1);
	while (getppid() == parent)
		pause();
	tell_alive(0);
	return 0;
}

/* Ignored signals that come all the time. */
static int be_called(int number)
{
	ignore_signal(number);
	pid_t parent = getpid(), pid = fork();
	if (pid != 0)
		return pid < 0 ? -1 : 0;
	while (getppid() == parent) {
		kill(parent, number);
		poll(NULL, 0, 5);
	}
	_exit(0);
}

/* --- the table --- */

enum { NO_NAME = 1, NO_ARGUMENTS = 2 };

static const struct row {
	const char *name;
	int (*make)(int number);
	int number;
	int status;
	const char *says; /* somewhere in what it wrote */
	int how; /* NO_... */
} rows[] = {
	{ "all signals blocked", block_all, 0, 0, ": 1 PID", 0 },
	{ "an alarm", set_timer, ITIMER_REAL, 0, ": 1 PID", 0 },
	{ "a virtual timer", set_timer, ITIMER_VIRTUAL, 0, ": 1 PID", 0 },
	{ "a profiling timer", set_timer, ITIMER_PROF, 0, ": 1 PID", 0 },
	{ "HUP ignored, and sent", be_called, SIGHUP, 0, ": 1 PID", 0 },
	{ "INT ignored, and sent", be_called, SIGINT, 0, ": 1 PID", 0 },
	{ "QUIT ignored, and sent", be_called, SIGQUIT, 0, ": 1 PID", 0 },
	{ "a stack of 64 kB", set_limit, LIMIT(RLIMIT_STACK, 65536), 0, ": 1 PID", 0 },
	{ "a stack without limit", set_no_limit, RLIMIT_STACK, 0, ": 1 PID", 0 },
	{ "CPU time", set_limit, LIMIT(RLIMIT_CPU, 30), 0, ": 1 PID", 0 },
	{ "no file size", set_limit, LIMIT(RLIMIT_FSIZE, 0), 4, "RLIMIT_FSIZE 0", 0 },
	{ "no core", set_limit, LIMIT(RLIMIT_CORE, 0), 0, ": 1 PID", 0 },
	{ "any core", set_no_limit, RLIMIT_CORE, 0, ": 1 PID", 0 },
	{ "resident set", set_limit, LIMIT(RLIMIT_RSS, 4096), 0, ": 1 PID", 0 },
	{ "ten files", set_limit, LIMIT(RLIMIT_NOFILE, 10), 1, "RLIMIT_NOFILE 10", 0 },
	{ "sixteen files", set_limit, LIMIT(RLIMIT_NOFILE, 16), 4, "RLIMIT_NOFILE 16", 0 },
	{ "eighteen files", set_limit, LIMIT(RLIMIT_NOFILE, 18), 4, "RLIMIT_NOFILE 18", 0 },
	{ "twenty files", set_limit, LIMIT(RLIMIT_NOFILE, 20), 4, "RLIMIT_NOFILE 20", 0 },
	{ "few files that may be more", set_soft_files, 40, 0, ": 1 PID", 0 },
	{ "no locked memory", set_limit, LIMIT(RLIMIT_MEMLOCK, 0), 0, ": 1 PID", 0 },
	{ "few tasks", limit_users_tasks, 1, 1, "RLIMIT_NPROC 1", 0 },
	{ "no locks", set_limit, LIMIT(RLIMIT_LOCKS, 0), 0, ": 1 PID", 0 },
	{ "no waiting signals", set_limit, LIMIT(RLIMIT_SIGPENDING, 0), 0, ": 1 PID", 0 },
	{ "no message queues", set_limit, LIMIT(RLIMIT_MSGQUEUE, 0), 0, ": 1 PID", 0 },
	{ "no nice", set_limit, LIMIT(RLIMIT_NICE, 0), 0, ": 1 PID", 0 },
	{ "no real time", set_limit, LIMIT(RLIMIT_RTPRIO, 0), 0, ": 1 PID", 0 },
	{ "short real time", set_limit, LIMIT(RLIMIT_RTTIME, 1000), 0, ": 1 PID", 0 },
#ifndef __SANITIZE_ADDRESS__ /* whose shadow needs terabytes of it */
	{ "little address space", set_limit, LIMIT(RLIMIT_AS, 1 << 22), 127, "",
		0 }, /* not even libc */
	{ "little data", set_limit, LIMIT(RLIMIT_DATA, 1 << 20), 4, "RLIMIT_DATA 1048576", 0 },
#endif
	{ "nice 19", set_nice, 19, 0, ": 1 PID", 0 },
	{ "nice -20", set_nice, -20, 0, ": 1 PID", 0 },
	{ "an autogroup's nice", set_autogroup, 10, 0, ": 1 PID", 0 },
	{ "SCHED_FIFO", set_class, SCHED_FIFO, 0, ": 1 PID", 0 },
	{ "SCHED_RR", set_class, SCHED_RR, 0, ": 1 PID", 0 },
	{ "SCHED_BATCH", set_class, SCHED_BATCH, 0, ": 1 PID", 0 },
	{ "SCHED_IDLE", set_class, SCHED_IDLE, 0, ": 1 PID", 0 },
	{ "SCHED_DEADLINE", set_deadline, 0, 0, ": 1 PID", 0 },
	{ "idle I/O", set_io_priority, 3 << 13, 0, ": 1 PID", 0 },
	{ "one CPU", use_one_cpu, 0, 0, ": 1 PID", 0 },
	{ "a cpuset of one CPU", join_cpuset, 0, 0, ": 1 PID", 0 },
	{ "umask 0777", set_umask, 0777, 0, ": 1 PID", 0 },
	{ "umask 0", set_umask, 0, 0, ": 1 PID", 0 },
	{ "working folder gone", lose_folder, 0, 0, ": 1 PID", 0 },
	{ "OOM score", set_oom_score, 500, 0, ": 1 PID", 0 },
	{ "no_new_privs", set_no_new_privs, 0, 0, ": 1 PID", 0 },
	{ "epoll refused", refuse_call, SYS_epoll_create1, 1, "epoll or timerfd", 0 },
	{ "timerfd refused", refuse_call, SYS_timerfd_create, 1, "epoll or timerfd", 0 },
	{ "signalfd refused", refuse_call, SYS_signalfd4, 1, "cannot start", 0 },
	{ "eventfd refused", refuse_call, SYS_eventfd2, 1, "cannot start", 0 },
	{ "memfd refused", refuse_call, SYS_memfd_create, 4, "could not start", 0 },
	{ "perf_event refused", refuse_call, SYS_perf_event_open, 0, ": 1 PID", 0 },
	{ "kcmp refused", refuse_call, SYS_kcmp, 0, ": 1 PID", 0 },
	{ "personality refused", refuse_call, SYS_personality, 0, ": 1 PID", 0 },
	{ "not dumpable", set_dumpable, 0, 0, ": 1 PID", 0 },
	{ "no address randomization", set_personality, ADDR_NO_RANDOMIZE, 0, ": 1 PID", 0 },
	{ "readable means executable", set_personality, READ_IMPLIES_EXEC, 0, ": 1 PID", 0 },
	{ "a legacy layout", set_personality, ADDR_COMPAT_LAYOUT, 0, ": 1 PID", 0 },
	{ "an old kernel's name", set_personality, UNAME26, 0, ": 1 PID", 0 },
	{ "a death signal", set_death_signal, SIGTERM, 0, ": 1 PID", 0 },
	{ "a child of before", have_child, 0, 0, "still there", 0 },
	{ "stdin closed", close_files, 1, 0, ": 1 PID", 0 },
	{ "stdout closed", close_files, 2, 1, "standard output", 0 },
	{ "stderr closed", close_files, 4, 0, ": 1 PID", 0 },
	{ "all of them closed", close_files, 7, 1, "", 0 },
	{ "200 files open", open_files, 200, 0, ": 1 PID", 0 },
	{ "another's terminal", use_strange_terminal, 0, 0, ": 1 PID", 0 },
	{ "no environment", empty_environment, 0, 0, ": 1 PID", 0 },
	{ "1 MB of environment", fill_environment, 1000, 0, ": 1 PID", 0 },
	{ "a locale that is not there", set_variable, 0, 0, ": 1 PID", 0 },
	{ "a broken time zone", set_variable, 1, 0, ": 1 PID", 0 },
	{ "no UTF-8", set_variable, 2, 0, ": 1 PID", 0 },
	{ "COLUMNS", set_variable, 3, 0, ": 1 PID", 0 },
	{ "an empty name", set_umask, 022, 0, ": 1 PID", NO_NAME },
	{ "no arguments at all", set_umask, 022, 0, ": 1 PID", NO_ARGUMENTS },
};

/* Of each signal: the two kinds of row that follow the table. */
static const struct row signal_rows[] = {
	{ "ignored", ignore_signal, 0, 0, ": 1 PID", 0 },
	{ "blocked", block_signal, 0, 0, ": 1 PID", 0 },
};

/* --- in the child --- */

static const struct row *row_of(int index)
{
	return index < (int)ARRAY_LEN(rows) ? &rows[index]
					    : &signal_rows[index - (int)ARRAY_LEN(rows)];
}

static int become(char **argv)
{
	const struct row *row = row_of(atoi(argv[2]));
	char *path = argv[4], *none[] = { NULL };
	close_range(3, ~0u, 0);
	if (row->make(atoi(argv[3])) != 0)
		return 120;
	if (in_child)
		return 0;
	if (row->how == NO_NAME)
		argv[4] = (char *)"";
	execv(path, row->how == NO_ARGUMENTS ? none : argv + 4);
	return 119;
}

/* --- in the test --- */

struct instance {
	int index, number;
};

/* Some at a time: they mostly wait. */
static void run_cases(const struct instance *cases, size_t n)
{
	struct run runs[TOGETHER];
	struct run_options options[TOGETHER] = { 0 };
	const char *argv[TOGETHER][15];
	char places[TOGETHER][2][16];
	for (size_t i = 0; i < n; i++) {
		snprintf(places[i][0], sizeof(places[i][0]), "%d", cases[i].index);
		snprintf(places[i][1], sizeof(places[i][1]), "%d", cases[i].number);
		const char *const all[] = { "/proc/self/exe", "--as", places[i][0], places[i][1],
			program_path(), "--plain", "--for", "0.2", "--job", "sleep", "-p", "1",
			"-t", "1", NULL };
		memcpy(argv[i], all, sizeof(all));
		options[i] = (struct run_options) { .argv = argv[i],
			.timeout_ms = fair_ms(END_MS) + 4000 };
	}
	run_together(options, n, runs);
	for (size_t i = 0; i < n; i++) {
		const struct row *row = row_of(cases[i].index);
		print_message("# %s %d: %d ms\n", row->name, cases[i].number,
			(int)(runs[i].duration / NSEC_PER_MSEC));
		run_assert_status(&runs[i], row->status);
		run_assert_says(&runs[i], row->says);
		run_finish(&runs[i]);
	}
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static void each_row_is_reset_honoured_or_refused(void **state)
{
	struct instance cases[TOGETHER];
	for (int i = 0; i < (int)ARRAY_LEN(rows); i += TOGETHER) {
		int n = MIN(TOGETHER, (int)ARRAY_LEN(rows) - i);
		for (int k = 0; k < n; k++)
			cases[k] = (struct instance) { i + k, rows[i + k].number };
		run_cases(cases, (size_t)n);
	}
}

static void no_signal_that_is_ignored_or_blocked_holds_it(void **state)
{
	struct instance cases[TOGETHER];
	for (int kind = 0; kind < (int)ARRAY_LEN(signal_rows); kind++) {
		size_t n = 0;
		for (int number = 1; number < 32; number++) {
			if (number != SIGKILL && number != SIGSTOP)
				cases[n++] =
					(struct instance) { (int)ARRAY_LEN(rows) + kind, number };
			if (n == TOGETHER || number == 31) {
				run_cases(cases, n);
				n = 0;
			}
		}
	}
}

/* --- with a screen --- */

static struct tty *lab_as(const char *name, int number, const char *job)
{
	char index[16], value[16];
	int i = 0;
	while (i < (int)(ARRAY_LEN(rows) + ARRAY_LEN(signal_rows)) &&
		strcmp(row_of(i)->name, name) != 0)
		i++;
	snprintf(index, sizeof(index), "%d", i);
	snprintf(value, sizeof(value), "%d", number);
	print_message("# %s %d\n", name, number);
	const char *const argv[] = { "/proc/self/exe", "--as", index, value, program_path(),
		"--job", job, NULL };
	struct tty *tty = tty_start(36, 120, NULL, argv);
	tty_assert_text(tty, "4 processes: 4 PIDs");
	tty_assert_text(tty, "4 threads: 1 PID");
	return tty;
}

static void assert_ended(struct tty *tty, int status)
{
	tty_assert(tty, tty_wait_end(tty, fair_ms(END_MS)) == status);
	assert_null(tty_unrestored(tty));
	tty_close(tty);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

static const struct {
	const char *name;
	int number;
} hard[] = { { "ignored", SIGCHLD }, { "ignored", SIGTERM }, { "ignored", SIGINT },
	{ "blocked", SIGTERM }, { "all signals blocked", 0 }, { "SCHED_FIFO", SCHED_FIFO },
	{ "SCHED_IDLE", SCHED_IDLE }, { "a stack of 64 kB", LIMIT(RLIMIT_STACK, 65536) } };

static void a_screen_ends_by_its_key(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(hard); i++) {
		struct tty *tty = lab_as(hard[i].name, hard[i].number, "spin");
		tty_keys(tty, "q");
		assert_ended(tty, 0);
	}
}

static void a_screen_ends_by_a_signal(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
	for (size_t i = 0; i < ARRAY_LEN(hard); i++) {
		struct tty *tty = lab_as(hard[i].name, hard[i].number, "spin");
		int number = signals[i % ARRAY_LEN(signals)];
		kill(tty->program, number);
		assert_ended(tty, 128 + number);
	}
}

/* Crews are ordinary tasks, whatever we are: those that spin in a real-time class would leave no CPU to anybody. */
static void crews_are_ordinary_tasks(void **state)
{
	static const int classes[] = { SCHED_FIFO, SCHED_RR };
	for (size_t i = 0; i < ARRAY_LEN(classes); i++) {
		struct herd herd;
		struct tty *tty = lab_as(i ? "SCHED_RR" : "SCHED_FIFO", classes[i], "spin");
		int crew = 0;
		herd_take(&herd, tty->program);
		for (int k = 0; k < herd.n; k++)
			if (strcmp(herd.at[k].name, "taskscope") != 0) {
				crew++;
				assert_int_equal(sched_getscheduler(herd.at[k].pid), SCHED_OTHER);
			}
		assert_in_range(crew, 6, 8);
		assert_int_equal(sched_getscheduler(tty->program), classes[i]);
		herd_drop(&herd);
		tty_keys(tty, "q");
		assert_ended(tty, 0);
	}
}

static void a_file_is_its_owners_whatever_the_umask(void **state)
{
	static const int masks[] = { 0, 0777 };
	for (size_t i = 0; i < ARRAY_LEN(masks); i++) {
		struct run ret;
		struct stat st;
		const char *file = in_folder("recording");
		mode_t before = umask((mode_t)masks[i]);
		run_program(&ret, "--for", "0.2", "--record", file, "--force");
		umask(before);
		run_assert_status(&ret, 0);
		run_finish(&ret);
		assert_int_equal(stat(file, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
}

static void a_copy_that_is_setuid_is_refused(void **state)
{
	struct run ret;
	struct statvfs at;
	const char *copy = in_folder("setuid");
	if (geteuid() != 0 || statvfs(folder, &at) != 0 || at.f_flag & ST_NOSUID ||
		prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) {
		print_message("# not run: nothing can be setuid here\n");
		return;
	}
	struct buf program = read_file(program_path());
	write_file(copy, program.text, program.len);
	buf_finish(&program);
	chmod(folder, 0755);
	chmod(copy, 04755);
	const char *const argv[] = { copy, "--plain", "--for", "0.1", NULL };
	run(&(struct run_options) { .argv = argv, .prepare = become_user }, &ret);
	unlink(copy);
	run_assert_status(&ret, 2);
	run_assert_says(&ret, "refuses to run setuid");
	run_finish(&ret);
}

static int drop_folder(void **state)
{
	remove_cpusets();
	unlink(in_folder("recording"));
	return rmdir(folder);
}

int main(int argc, char **argv)
{
	if (argc > 4 && strcmp(argv[1], "--as") == 0)
		return become(argv);
	const struct CMUnitTest tests[] = {
		e2e_test(each_row_is_reset_honoured_or_refused),
		e2e_test(no_signal_that_is_ignored_or_blocked_holds_it),
		e2e_test(a_screen_ends_by_its_key),
		e2e_test(a_screen_ends_by_a_signal),
		e2e_test(crews_are_ordinary_tasks),
		e2e_test(a_file_is_its_owners_whatever_the_umask),
		e2e_test(a_copy_that_is_setuid_is_refused),
	};
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
