/* SPDX-License-Identifier: MIT
 * Who looks must change nothing. Two programs run for the same time: one shows evidence, pane after pane, the other is paused
 * and reads nothing. The tasks of both are blocked, so that whatever happens to one of them comes from outside; this test
 * reads their counters and pages itself, before and after, and neither a switch nor a fault nor a page may be the watcher's.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

#define SECONDS 10
#define TASKS_MAX 8
#define VIEWS "234567"
#define QUIET_MS 500

/* --- what the kernel says, read by this test --- */

struct counters {
	long long voluntary, involuntary, minor, major;
};

struct task {
	pid_t pid, tid;
	struct counters before, after;
};

static char *slurp(const char *path)
{
	struct buf text = { 0 };
	char bytes[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fail_msg("cannot read %s", path);
	for (ssize_t n; (n = read(fd, bytes, sizeof(bytes))) > 0;)
		buf_add(&text, bytes, (size_t)n);
	close(fd);
	return text.text;
}

static struct counters counters_of(const struct task *task)
{
	struct counters now = { 0 };
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", task->pid, task->tid);
	char *text = slurp(path);
	const char *at = strstr(text, "\nvoluntary_ctxt_switches:");

	assert_true(
		at && sscanf(at, " voluntary_ctxt_switches: %lld nonvoluntary_ctxt_switches: %lld",
			      &now.voluntary, &now.involuntary) == 2);
	free(text);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", task->pid, task->tid);
	text = slurp(path);
	assert_int_equal(
		sscanf(strrchr(text, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %lld %*u %lld",
			&now.minor, &now.major),
		2);
	free(text);
	return now;
}

/* All entries of pagemap of what can be written and is not a file's: stacks, heaps, X, the arena. */
static void read_pages(pid_t pid, struct buf *ret)
{
	char path[64], perms[8];
	unsigned long long start, end, inode;
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	char *maps = slurp(path), *save = NULL;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	for (char *line = strtok_r(maps, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "%llx-%llx %7s %*x %*s %llu", &start, &end, perms, &inode) != 4 ||
			perms[1] != 'w' || inode != 0)
			continue;
		const size_t size = (size_t)((end - start) / page * 8);
		char *entries = xcalloc(1, size);

		assert_int_equal(pread(fd, entries, size, (off_t)(start / page * 8)), size);
		buf_add(ret, entries, size);
		free(entries);
	}
	close(fd);
	free(maps);
}

/* --- a crowd: the hosts and workers of one program --- */

struct crowd {
	struct tty *tty;
	size_t n;
	struct task task[TASKS_MAX];
	struct buf before[TASKS_MAX],
		after[TASKS_MAX]; /* pages, of the first task of each process */
};

static void add_tasks(struct crowd *crowd, pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	DIR *dir = opendir(path);

	/* A process that has just ended has none: it is looked for again. */
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		assert_true(crowd->n < TASKS_MAX);
		crowd->task[crowd->n++] = (struct task) { .pid = pid, .tid = atoi(entry->d_name) };
	}
	if (dir)
		closedir(dir);
}

static void find_tasks(struct crowd *crowd)
{
	struct herd herd;

	crowd->n = 0;
	herd_take(&herd, crowd->tty->program);
	for (int i = 0; i < herd.n; i++)
		if (strcmp(herd.at[i].name, "crew") == 0 || strcmp(herd.at[i].name, "w0") == 0)
			add_tasks(crowd, herd.at[i].pid);
	herd_drop(&herd);
}

/* Whether it has all its tasks, and none of them did anything for a while. */
static bool is_quiet(struct crowd *crowd)
{
	bool quiet = true;

	find_tasks(crowd);
	for (size_t i = 0; i < crowd->n; i++)
		crowd->task[i].before = counters_of(&crowd->task[i]);
	for (int i = 0; i < QUIET_MS / 20; i++)
		tty_pump(crowd->tty, 20);
	for (size_t i = 0; i < crowd->n; i++) {
		crowd->task[i].after = counters_of(&crowd->task[i]);
		quiet = quiet && memcmp(&crowd->task[i].before, &crowd->task[i].after,
					 sizeof(struct counters)) == 0;
	}
	return quiet && crowd->n == 4; /* two hosts, a worker process and a worker thread */
}

/* One worker a side: a futex player without a partner waits for ever. */
static void start(struct crowd *crowd)
{
	const char *const argv[] = { program_path(), "-p", "1", "-t", "1", "-j", "futex", "--arena",
		"16", "--interval", "50", NULL };
	const nsec until = nsec_monotonic() + WAIT_MS * NSEC_PER_MSEC;

	crowd->tty = tty_start(36, 120, NULL, argv);
	tty_assert(crowd->tty, tty_wait_row(crowd->tty, "w0", "w0"));
	while (!is_quiet(crowd))
		tty_assert(crowd->tty, nsec_monotonic() < until);
}

static bool is_first(const struct crowd *crowd, size_t i)
{
	return crowd->task[i].pid == crowd->task[i].tid;
}

static void look(struct crowd *crowd, bool again)
{
	for (size_t i = 0; i < crowd->n; i++) {
		struct task *task = &crowd->task[i];

		*(again ? &task->after : &task->before) = counters_of(task);
		if (is_first(crowd, i))
			read_pages(task->pid, again ? &crowd->after[i] : &crowd->before[i]);
	}
}

static void finish(struct crowd *crowd)
{
	tty_close(crowd->tty);
	for (size_t i = 0; i < crowd->n; i++) {
		buf_finish(&crowd->before[i]);
		buf_finish(&crowd->after[i]);
	}
}

/* Both programs are read all the time: who waits for his terminal does not look. */
static void pump_both(struct crowd *a, struct crowd *b, nsec duration)
{
	nsec until = nsec_monotonic() + duration;

	while (nsec_monotonic() < until) {
		tty_pump(a->tty, 20);
		tty_pump(b->tty, 20);
	}
}

static size_t pages_that_differ(const struct buf *before, const struct buf *after)
{
	size_t n = 0;

	assert_int_equal(before->len, after->len);
	for (size_t at = 0; at < before->len; at += 8)
		n += memcmp(before->text + at, after->text + at, 8) != 0;
	return n;
}

static void assert_untouched(const struct crowd *shown, const struct crowd *hidden)
{
	for (size_t i = 0; i < shown->n; i++) {
		const struct task *task = &shown->task[i], *other = &hidden->task[i];

		assert_int_equal(task->after.voluntary - task->before.voluntary,
			other->after.voluntary - other->before.voluntary);
		assert_int_equal(task->after.minor - task->before.minor,
			other->after.minor - other->before.minor);
		assert_int_equal(task->after.major - task->before.major,
			other->after.major - other->before.major);
		/* Blocked all the time: neither was there a switch at all. */
		assert_int_equal(task->after.voluntary, task->before.voluntary);
		assert_int_equal(task->after.involuntary, task->before.involuntary);
		if (is_first(shown, i)) {
			assert_true(shown->before[i].len > 8 * 4096);
			assert_int_equal(pages_that_differ(&shown->before[i], &shown->after[i]), 0);
		}
	}
}

static void what_is_shown_adds_no_switch_no_fault_and_no_page(void **state)
{
	struct crowd shown = { 0 }, hidden = { 0 };

	start(&shown);
	start(&hidden);
	tty_keys(hidden.tty, " ");
	tty_assert_text(hidden.tty, "PAUSED");
	look(&shown, false);
	look(&hidden, false);
	for (const char *view = VIEWS; *view; view++) {
		tty_keys(shown.tty, (const char[]) { *view, '\0' });
		pump_both(&shown, &hidden, SECONDS * NSEC_PER_SEC / (nsec)strlen(VIEWS));
	}
	/* It was looked at: the last view is there, and so are its numbers. */
	tty_assert(shown.tty, tty_wait_row(shown.tty, "w0", "kB"));
	look(&shown, true);
	look(&hidden, true);
	assert_untouched(&shown, &hidden);
	finish(&shown);
	finish(&hidden);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(what_is_shown_adds_no_switch_no_fault_and_no_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
