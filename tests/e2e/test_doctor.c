/* SPDX-License-Identifier: MIT
 * What doctor promises is what is shown: in each of these surroundings each of its lines is compared with the lines of a
 * run there. What it calls available is known in the run, what it does not is unknown in all of it.
 *
 * This program starts itself again as `--as ROW ARGUMENTS`: makes the surroundings of that row, and becomes the program.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lines.h"
#include "modes.h"
#include "places.h"

#ifndef CLONE_NEWTIME
#	define CLONE_NEWTIME 0x80
#endif
#define TOGETHER 4
#define NOT_HERE 122
#define OF_NOBODY_ELSE 54321

static char self[4096];

/* --- surroundings, made in the child before exec; 0, or -1 where the machine refuses --- */

static int none(void)
{
	return 0;
}

/* Who forks waits, and ends as its child does. */
static int fork_into(int namespace)
{
	int status;

	if (unshare(namespace))
		return -1;
	if (namespace == CLONE_NEWTIME)
		write_file("/proc/self/timens_offsets", "monotonic 100000 0\nboottime 100000 0\n");
	pid_t pid = fork();

	if (pid == 0)
		return prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static int own_pids(void)
{
	return fork_into(CLONE_NEWPID);
}

static int own_pids_and_proc(void)
{
	return own_pids() || own_mounts() || mount("proc", "/proc", "proc", 0, NULL);
}

static int own_time(void)
{
	return fork_into(CLONE_NEWTIME);
}

static int own_users(void)
{
	char map[40];

	snprintf(map, sizeof(map), "0 %d 1\n", (int)getuid());
	return unshare(CLONE_NEWUSER) || write_file("/proc/self/uid_map", map);
}

static int hide(const char *options)
{
	return own_mounts() || mount("proc", "/proc", "proc", 0, options);
}

static int hidepid_noaccess(void)
{
	return hide("hidepid=1") || become_user();
}

static int hidepid_invisible(void)
{
	return hide("hidepid=2") || become_user();
}

static int hidepid_ptraceable(void)
{
	return hide("hidepid=4") || become_user();
}

static int subset_pid(void)
{
	return hide("subset=pid");
}

static int hole(const char *path)
{
	return own_mounts() || mount("/dev/null", path, NULL, MS_BIND, NULL);
}

static int hole_stat(void)
{
	return hole("/proc/stat");
}

static int hole_meminfo(void)
{
	return hole("/proc/meminfo");
}

static int hole_loadavg(void)
{
	return hole("/proc/loadavg");
}

static int hole_sys(void)
{
	return own_mounts() || mount("none", "/sys", "tmpfs", 0, NULL);
}

static int few_files(void)
{
	return setrlimit(RLIMIT_NOFILE, &(struct rlimit) { 34, 34 });
}

/* The kernel counts the tasks of a user: of one who has no others. */
static int few_tasks(void)
{
	return setrlimit(RLIMIT_NPROC, &(struct rlimit) { 9, 9 }) || setgroups(0, NULL) ||
	       setresgid(OF_NOBODY_ELSE, OF_NOBODY_ELSE, OF_NOBODY_ELSE) ||
	       setresuid(OF_NOBODY_ELSE, OF_NOBODY_ELSE, OF_NOBODY_ELSE);
}

/* A file with this text, in the place of one that says something else, or is missing. */
static int instead(const char *path, const char *text)
{
	char from[64] = "/tmp/taskscope-doctor-XXXXXX";
	int fd = mkstemp(from);
	int error = fd < 0 || write(fd, text, strlen(text)) < 0 || fchmod(fd, 0444) ||
		    own_mounts() || mount(from, path, NULL, MS_BIND, NULL);

	close(fd);
	unlink(from);
	return error ? -1 : 0;
}

static int second_wsl(void)
{
	return instead("/proc/sys/kernel/osrelease", "5.15.153.1-microsoft-standard-WSL2\n");
}

static int first_wsl(void)
{
	return instead("/proc/sys/kernel/osrelease", "4.4.0-19041-Microsoft\n");
}

static int piped_cores(void)
{
	return instead("/proc/sys/kernel/core_pattern", "|/usr/lib/systemd/systemd-coredump %P\n");
}

static int yama_for_ancestors(void)
{
	return yama("1\n") || become_user();
}

static int yama_for_nobody(void)
{
	return yama("3\n");
}

static int few_pids(void)
{
	return join(&pids_box);
}

static int little_memory(void)
{
	return join(&memory_box);
}

static int little_cpu(void)
{
	return join(&cpu_box);
}

/* What doctor says there of one of its lines; the run shows whether all of them are true. */
static const struct place {
	const char *name;
	int (*make)(void);
	const char *line;
	bool ok;
	const char *says;
	bool refused; /* the run is not started, and says so */
} places[] = {
	{ "nothing special", none, "/proc", true, "" },
	{ "a user", become_user, "pagemap frame numbers", false, "not permitted" },
	{ "a filter of system calls", refuse_calls, "kcmp", false, "not permitted" },
	{ "own PIDs, the outer /proc", own_pids, "/proc", false, "of another PID namespace", true },
	{ "own PIDs", own_pids_and_proc, "PID namespace", true, "its own" },
	{ "own clocks", own_time, "time namespace", true, "its own" },
	{ "own users", own_users, "user namespace", true, "its own" },
	{ "hidepid=noaccess", hidepid_noaccess, "hidepid", false, "hidepid=" },
	{ "hidepid=invisible", hidepid_invisible, "hidepid", false, "hidepid=" },
	{ "hidepid=ptraceable", hidepid_ptraceable, "hidepid", false, "hidepid=" },
	{ "subset=pid", subset_pid, "machine", false, "No such file" },
	{ "an empty /proc/stat", hole_stat, "machine", false, "stat" },
	{ "an empty /proc/meminfo", hole_meminfo, "machine", false, "meminfo" },
	{ "an empty /proc/loadavg", hole_loadavg, "machine", false, "loadavg" },
	{ "an empty /sys", hole_sys, "/sys", false, "No such file" },
	{ "pids.max", few_pids, "tasks", false, "room for 8 (pids.max 9 of /sys/fs/cgroup/" },
	{ "RLIMIT_NPROC", few_tasks, "tasks", false, "room for 8 (RLIMIT_NPROC 9)" },
	{ "memory.max", little_memory, "memory", false, " 8388608 of /sys/fs/cgroup/" },
	{ "cpu.max", little_cpu, "CPU time", false, "0.2 of " },
	{ "RLIMIT_NOFILE", few_files, "open files", false, "RLIMIT_NOFILE 34" },
	{ "Yama 1, a user", yama_for_ancestors, "ptrace_scope", false, "1" },
	{ "Yama 3, root", yama_for_nobody, "ptrace_scope", false, "3" },
	{ "cores to a pipe", piped_cores, "core_pattern", true, "piped" },
	{ "WSL 2", second_wsl, "kernel", true, "WSL 2" },
	{ "WSL 1", first_wsl, "kernel", false, "WSL 1" },
};

/* --- what is shown --- */

static void count(const json_t *value, const char *path, size_t *known, size_t *unknown)
{
	const json_t *element;
	size_t i;

	if (json_is_array(value)) {
		json_array_foreach(value, i, element) count(element, path, known, unknown);
	} else if (*path) {
		char name[40];
		size_t len = strcspn(path, ".");

		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		count(json_object_get(value, name), path + len + (path[len] == '.'), known,
			unknown);
	} else if (value) {
		*(json_is_null(value) ? unknown : known) += 1;
	}
}

/* Which member of a run's lines is known where the line of doctor is "ok", and null where it is not. */
static const struct promise {
	const char *line, *path;
} promises[] = {
	{ "task/TID/status", "sides.tasks.voluntary" },
	{ "task/TID/schedstat", "sides.tasks.run_ns" },
	{ "smaps_rollup", "sides.processes.pss_kb" },
	{ "libproc2", "sides.processes.minflt" },
	{ "pagemap", "pages.own" },
	{ "pagemap frame numbers", "pointers.frame" },
	{ "PID/mem", "pointers.value" },
	{ "task/TID/syscall", "registers.sp" },
	{ "task/TID/wchan", "registers.waits_in" },
};

static const json_t *find_line(const json_t *doctor, const char *what)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(doctor, "checks"), i,
		row) if (strcmp(text_in(row, "what"), what) == 0) return row;
	fail_msg("doctor has no line of %s", what);
	return NULL;
}

static bool is_ok(const json_t *doctor, const char *what)
{
	return json_is_true(json_object_get(find_line(doctor, what), "ok"));
}

static bool is_kept(const json_t *doctor, const json_t *lines, const struct promise *promise)
{
	size_t known = 0, unknown = 0;

	count(lines, promise->path, &known, &unknown);
	/* With few descriptors it is chance what is read. */
	if (!is_ok(doctor, "open files") && is_ok(doctor, promise->line))
		return true;
	return is_ok(doctor, promise->line) == (known > 0);
}

/* The machine's numbers are there, all of them. */
static bool is_machine_kept(const json_t *doctor, const json_t *lines)
{
	static const char *const numbers[] = { "machine.load_centi", "machine.switches",
		"machine.total_kb", "machine.available_kb" };
	size_t shown = 0;

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		size_t known = 0, unknown = 0;

		count(lines, numbers[i], &known, &unknown);
		shown += known > 0;
	}
	return is_ok(doctor, "machine") == (shown == ARRAY_LEN(numbers));
}

static bool is_kcmp_kept(const json_t *doctor, const json_t *lines)
{
	const json_t *row, *line = json_array_get(lines, json_array_size(lines) - 1);
	size_t i, others = 0;

	/* How else it was found out that address spaces are two. */
	json_array_foreach(json_object_get(line, "sharing"), i, row) others +=
		text_in(json_object_get(row, "how"), "mm")[0] != 0;
	return is_ok(doctor, "kcmp") == (others == 0);
}

/* The limit's name, in brackets or alone, is in what the run says; or all workers are there. */
static bool are_limits_kept(const json_t *doctor, const json_t *lines, const struct run *run)
{
	const json_t *line = json_array_get(lines, json_array_size(lines) - 1);
	bool whole = true;
	double percent = 0;

	for (size_t side = 0; side < SIDES; side++) {
		const json_t *task, *of = side_of(line, side);
		size_t i;

		whole &= integer_in(of, "alive") == integer_in(of, "wanted");
		json_array_foreach(json_object_get(of, "tasks"), i, task) percent +=
			json_number_value(json_object_get(task, "cpu_percent"));
	}
	if (is_ok(doctor, "tasks") && is_ok(doctor, "memory"))
		return whole && (is_ok(doctor, "CPU time") || percent < 60);
	const bool tasks = !is_ok(doctor, "tasks");
	char name[200];
	const char *detail = text_in(find_line(doctor, tasks ? "tasks" : "memory"), "detail");
	const char *open = strchr(detail, '(');

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(open ? open + 1 : detail, ")"),
		open ? open + 1 : detail);
	return !whole && name[0] && strstr(run->err.text, name);
}

static bool are_files_kept(const json_t *doctor, const struct run *run)
{
	return is_ok(doctor, "open files") == !strstr(run->out.text, "out of file descriptors");
}

/* The first promise that is not kept; NULL: all are. */
static const char *broken_promise(
	const struct place *place, const json_t *doctor, const struct run *run)
{
	const char *broken = NULL;

	if (place->refused)
		return run->status == 1 && strstr(run->err.text, "--mount-proc") ? NULL : "/proc";
	/* For want of memory the kernel kills whom it likes: taskscope itself, too. */
	if (run->status == 128 + SIGKILL && !is_ok(doctor, "memory"))
		return NULL;
	if (run->status != 0)
		return "the run failed";
	json_t *lines = lines_of(run);
	/* A crew that a limit kept away, by name, has no rows that could keep a promise. */
	const bool away = strstr(run->err.text, "could not start") &&
			  (!is_ok(doctor, "memory") || !is_ok(doctor, "tasks"));

	for (size_t i = 0; i < ARRAY_LEN(promises) && !broken && !away; i++)
		if (!is_kept(doctor, lines, &promises[i]))
			broken = promises[i].line;
	if (!broken && !is_machine_kept(doctor, lines))
		broken = "machine";
	if (!broken && !is_kcmp_kept(doctor, lines))
		broken = "kcmp";
	if (!broken && !are_limits_kept(doctor, lines, run))
		broken = "a limit";
	if (!broken && !are_files_kept(doctor, run))
		broken = "open files";
	json_decref(lines);
	return broken;
}

/* --- the test --- */

#define PLACES ARRAY_LEN(places)

struct visit {
	struct run doctor, run;
	bool here;
};

static void visit_all(struct visit *visits, const char *const *arguments, bool doctor)
{
	char rows[PLACES][4];
	const char *argv[PLACES][10];
	struct run_options options[PLACES];
	struct run runs[PLACES];

	for (size_t i = 0; i < PLACES; i++) {
		size_t n = 0;

		snprintf(rows[i], sizeof(rows[i]), "%zu", i);
		argv[i][n++] = self;
		argv[i][n++] = "--as";
		argv[i][n++] = rows[i];
		for (size_t j = 0; arguments[j]; j++)
			argv[i][n++] = arguments[j];
		argv[i][n] = NULL;
		options[i] = (struct run_options) { .argv = argv[i], .timeout_ms = 60000 };
	}
	for (size_t i = 0; i < PLACES; i += TOGETHER)
		run_together(&options[i], MIN(TOGETHER, PLACES - i), &runs[i]);
	for (size_t i = 0; i < PLACES; i++)
		*(doctor ? &visits[i].doctor : &visits[i].run) = runs[i];
}

static void assert_told(const struct place *place, const json_t *doctor)
{
	const json_t *line = find_line(doctor, place->line);

	if (is_ok(doctor, place->line) != place->ok ||
		!strstr(text_in(line, "detail"), place->says))
		fail_msg("%s: doctor says %s of %s: '%s'", place->name,
			is_ok(doctor, place->line) ? "ok" : "NO", place->line,
			text_in(line, "detail"));
	assert_true(place->ok || text_in(line, "lost")[0]);
}

/* A busy machine may need more time to show it all. */
static void assert_kept(size_t i, const json_t *doctor, struct run *run_of)
{
	static const char *const seconds[] = { "5", "20" };
	const char *broken = broken_promise(&places[i], doctor, run_of);

	for (size_t try = 0; broken && try < ARRAY_LEN(seconds); try++) {
		char row[4];
		const char *const argv[] = { self, "--as", row, "--json", "--for", seconds[try],
			NULL };

		snprintf(row, sizeof(row), "%zu", i);
		run_finish(run_of);
		run(&(struct run_options) { .argv = argv, .timeout_ms = 60000 }, run_of);
		broken = broken_promise(&places[i], doctor, run_of);
	}
	if (broken)
		fail_msg(
			"%s: doctor says %s of %s, and the run shows otherwise: status %d, %.2000s",
			places[i].name,
			*broken == 'a' || *broken == 't' || is_ok(doctor, broken) ? "ok" : "NO",
			broken, run_of->status, run_of->err.text);
}

static void what_doctor_promises_is_what_is_shown(void **state)
{
	struct visit visits[PLACES] = { 0 };
	size_t here = 0;

	visit_all(visits, (const char *const[]) { "doctor", "--json", NULL }, true);
	visit_all(visits, (const char *const[]) { "--json", "--for", "1.5", "-i", "250", NULL },
		false);
	for (size_t i = 0; i < PLACES; i++) {
		json_error_t error;

		if (visits[i].doctor.status == NOT_HERE) {
			print_message(
				"# not here: %s: %s", places[i].name, visits[i].doctor.err.text);
			continue;
		}
		json_t *doctor = json_loads(visits[i].doctor.out.text, 0, &error);

		if (!doctor)
			fail_msg("%s: %s: %.300s%.300s", places[i].name, error.text,
				visits[i].doctor.out.text, visits[i].doctor.err.text);
		assert_told(&places[i], doctor);
		assert_kept(i, doctor, &visits[i].run);
		json_decref(doctor);
		here++;
	}
	for (size_t i = 0; i < PLACES; i++) {
		run_finish(&visits[i].doctor);
		run_finish(&visits[i].run);
	}
	assert_int_equal(descendants_after(WAIT_MS), 0);
	print_message("# %zu of %zu surroundings\n", here, PLACES);
	assert_true(here > 0);
}

static int become(char **argv)
{
	const size_t row = (size_t)atoi(argv[2]);

	argv[2] = (char *)program_path();
	if (row >= PLACES || places[row].make()) {
		fprintf(stderr, "%s\n", strerror(errno));
		return NOT_HERE;
	}
	execv(argv[2], argv + 2);
	return 127;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { e2e_test(what_doctor_promises_is_what_is_shown) };

	if (argc > 3 && strcmp(argv[1], "--as") == 0)
		return become(argv);
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return 1;
	return cmocka_run_group_tests(tests, remove_groups, remove_groups);
}
