/* SPDX-License-Identifier: MIT
 * Knows alone which files of a process are kept open, when they must be read, and what their errors mean. A kept
 * descriptor is cheaper than opening again (a tenth), and safer: once its task has ended it answers ESRCH for ever, whoever
 * gets the id next. Only files that no target can block are read here.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

#define PROC_MAGIC 0x9fa0
#define FDS_MAX 65536 /* more than this is not asked for: some programs close all they might have */

/* The kernel books a task's run time when it leaves its CPU, and the switch a moment later. A reader can come between the
 * two, so status is read once more when this much time has passed without movement, before the task counts as asleep. */
#define SETTLE (10 * NSEC_PER_MSEC)

static const char *const task_file_name[TASK_FILES] = {
	[FILE_SCHEDSTAT] = "schedstat",
	[FILE_STATUS] = "status",
	[FILE_STAT] = "stat",
	[FILE_SYSCALL] = "syscall",
	[FILE_WCHAN] = "wchan",
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* --- the root --- */

static int raise_fd_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 256;
	rlim_t wanted = MIN(limit.rlim_max, (rlim_t)FDS_MAX);
	if (limit.rlim_cur < wanted) {
		rlim_t before = limit.rlim_cur;
		limit.rlim_cur = wanted;
		if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
			limit.rlim_cur = before;
	}
	return (int)MIN(limit.rlim_cur, (rlim_t)INT32_MAX);
}

static void open_root(struct procfs *fs)
{
	struct statfs info;

	fs->root = open(fs->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	fs->real = fs->root >= 0 && fstatfs(fs->root, &info) == 0 && info.f_type == PROC_MAGIC;
}

void procfs_init(struct procfs *fs, const char *root)
{
	*fs = (struct procfs) { .root = -1 };
	strncpy(fs->path, root ? root : "/proc", sizeof(fs->path) - 1);
	int limit = raise_fd_limit();
	fs->fd_limit = limit - PROCFS_RESERVED_FDS(limit);
	open_root(fs);
}

void procfs_finish(struct procfs *fs)
{
	close_fd(&fs->root);
}

void procfs_begin_tick(struct procfs *fs)
{
	if (fs->root < 0)
		open_root(fs);
	fs->tasks_before = fs->tasks;
	fs->tasks = 0;
}

/* --- files --- */

ssize_t procfs_pread(int fd, char *text, size_t size)
{
	ssize_t n;

	do
		n = pread(fd, text, size, 0);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

ssize_t procfs_read_once(int dir, const char *name, char *text, size_t size, bool *ret_cut)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = 1, len = 0;

	if (fd < 0)
		return -errno;
	while (n != 0 && (size_t)len < size) {
		n = read(fd, text + len, size - (size_t)len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			len = -errno;
			break;
		}
		len += n;
	}
	close(fd);
	if (ret_cut)
		*ret_cut = len >= 0 && n != 0;
	return len;
}

int procfs_list(int dir, char *text, size_t size, procfs_visit *each, void *context)
{
	long n;

	if (lseek(dir, 0, SEEK_SET) < 0)
		return -errno;
	/* Not readdir: it would allocate for every listing. */
	while ((n = syscall(SYS_getdents64, dir, text, size)) != 0) {
		if (n < 0)
			return -errno;
		for (long at = 0; at < n;) {
			const struct dirent64 *entry = (const void *)(text + at);
			int64_t id;

			at += entry->d_reclen;
			if (parse_integer(entry->d_name, 0, INT32_MAX, &id) == 0 &&
				!each(context, (int32_t)id))
				return 0;
		}
	}
	return 0;
}

/* --- one task --- */

static void task_close(struct procfs_task *task)
{
	for (int i = 0; i < TASK_FILES; i++)
		close_fd(&task->fd[i]);
}

static void task_reset(struct procfs_task *task, int32_t pid)
{
	task_close(task);
	task->fresh = true;
	task->moved_at = task->blocked.at = UNKNOWN;
	record_clear(&task_record, &task->last);
	task->last.pid = pid;
	task->last.tid = task->tid;
}

ssize_t procfs_task_read(struct procfs *fs, const struct procfs_process *process,
	struct procfs_task *task, enum task_file file)
{
	char name[32];
	ssize_t len;
	int fd = task->fd[file];

	if (fd < 0) {
		snprintf(name, sizeof(name), "%d/%s", (int)task->tid, task_file_name[file]);
		fd = openat(process->dir, name, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return -errno;
		/* The kernel gives out the lowest free number: a high one says that few are left. */
		if (fd < fs->fd_limit)
			task->fd[file] = fd;
	}
	len = procfs_pread(fd, fs->text, sizeof(fs->text));
	if (task->fd[file] < 0)
		close(fd);
	return len;
}

static bool is_gone(ssize_t error)
{
	return error == -ESRCH || error == -ENOENT;
}

static void gap_of_file(
	struct sample *sample, const struct procfs_task *task, enum task_file file, ssize_t error)
{
	const char *reason = NULL;

	if (error == -EMFILE || error == -ENFILE)
		reason = "out of file descriptors, so not read anew";
	else if (error == -EINVAL)
		reason = "cut short: shown are the last values read";
	else if (error == -ENOENT && file == FILE_SCHEDSTAT)
		reason = "this kernel keeps no run and wait times";
	sample_gap(sample, task->last.pid, task_file_name[file], (int)-error, reason);
}

/* Whether the task ran since the last reading, by schedstat. Without that file: it may have. */
static int task_read_schedstat(struct procfs *fs, const struct procfs_process *process,
	struct procfs_task *task, bool *ret_moved)
{
	int64_t run, wait, slices;
	ssize_t len = procfs_task_read(fs, process, task, FILE_SCHEDSTAT);
	int error =
		len < 0 ? (int)len : parse_schedstat(fs->text, (size_t)len, &run, &wait, &slices);

	*ret_moved = true;
	if (error)
		return error;
	/* The slice count alone is not enough: a task that was running and then blocked has one switch more and the
	 * same count; but its run time was booked as it left the CPU. */
	*ret_moved = run != task->last.run_ns || slices != task->last.slices;
	task->last.run_ns = run;
	task->last.wait_ns = wait;
	task->last.slices = slices;
	return 0;
}

static int task_read_status(
	struct procfs *fs, const struct procfs_process *process, struct procfs_task *task)
{
	struct status_fields status = { .voluntary = UNKNOWN, .involuntary = UNKNOWN };
	ssize_t len = procfs_task_read(fs, process, task, FILE_STATUS);

	if (len < 0)
		return (int)len;
	if (parse_status(fs->text, (size_t)len, &status) < 0)
		return -EINVAL;
	task->last.voluntary = status.voluntary;
	task->last.involuntary = status.involuntary;
	return 0;
}

/* -ESTALE: another task has this id now. */
static int task_read_stat(
	struct procfs *fs, const struct procfs_process *process, struct procfs_task *task)
{
	struct stat_fields stat;
	ssize_t len = procfs_task_read(fs, process, task, FILE_STAT);
	struct task_sample *last = &task->last;

	if (len < 0)
		return (int)len;
	if (parse_stat(fs->text, (size_t)len, &stat) < 0)
		return -EINVAL;
	if (last->start != UNKNOWN && last->start != stat.start)
		return -ESTALE;
	last->start = stat.start;
	last->state = stat.state;
	last->cpu = stat.cpu;
	last->nice = stat.nice;
	last->minor_faults = stat.minor_faults;
	last->major_faults = stat.major_faults;
	/* The same text that task/TID/comm has, from the same function of the kernel: no file of its own. */
	memcpy(last->name, stat.name, sizeof(last->name));
	return 0;
}

/* One reading of a task's files. -ESRCH: it has ended; -ESTALE: start anew. */
static int task_read_files(struct procfs *fs, const struct procfs_process *process,
	struct procfs_task *task, nsec now, struct sample *sample)
{
	bool moved, due;
	int error[TASK_FILES] = { 0 };

	error[FILE_SCHEDSTAT] = task_read_schedstat(fs, process, task, &moved);
	if (error[FILE_SCHEDSTAT] == -ESRCH)
		return -ESRCH;
	if (moved || task->fresh)
		task->moved_at = now;
	due = task->moved_at != UNKNOWN;
	if (due || fs->tasks_before <= PROCFS_EAGER_TASKS)
		error[FILE_STAT] = task_read_stat(fs, process, task);
	if (due)
		error[FILE_STATUS] = task_read_status(fs, process, task);
	if (is_gone(error[FILE_STAT]) || is_gone(error[FILE_STATUS]))
		return -ESRCH;
	if (error[FILE_STAT] == -ESTALE)
		return -ESTALE;
	if (!moved && !error[FILE_STATUS] && now - task->moved_at >= SETTLE)
		task->moved_at = UNKNOWN;
	task->fresh = false;
	for (int file = 0; file < TASK_FILES; file++)
		if (error[file])
			gap_of_file(sample, task, file, error[file]);
	return 0;
}

static int task_read(struct procfs *fs, const struct procfs_process *process,
	struct procfs_task *task, nsec now, struct sample *sample)
{
	int error = task_read_files(fs, process, task, now, sample);

	if (error != -ESRCH && error != -ESTALE)
		return 0;
	/* It was listed a moment ago: perhaps a new task has the id of one that ended since the last tick. */
	task_reset(task, process->pid);
	return task_read_files(fs, process, task, now, sample);
}

/* --- one process --- */

void procfs_process_init(struct procfs_process *process, int32_t pid)
{
	*process = (struct procfs_process) { .pid = pid, .dir = -1, .rollup = -1 };
}

static void process_close(struct procfs_process *process)
{
	struct procfs_task *task;

	vec_each (task, &process->tasks)
		task_close(task);
	vec_clear(&process->tasks);
	close_fd(&process->dir);
	close_fd(&process->rollup);
}

void procfs_process_finish(struct procfs_process *process)
{
	process_close(process);
	vec_finish(&process->tasks);
}

static bool pid_exists(int32_t pid)
{
	return kill(pid, 0) == 0 || errno == EPERM;
}

static int process_open(struct procfs *fs, struct procfs_process *process)
{
	char name[32];

	if (process->dir >= 0)
		return 0;
	if (process->gone)
		return -ESRCH;
	if (fs->root < 0)
		return -ENOTDIR;
	snprintf(name, sizeof(name), "%d/task", (int)process->pid);
	process->dir = openat(fs->root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (process->dir >= 0)
		return 0;
	if (errno == ENOENT || errno == EPERM || errno == EACCES)
		return fs->real && pid_exists(process->pid) ? -EPERM : -ESRCH;
	return -errno;
}

static int compare_tids(const void *a, const void *b)
{
	const struct procfs_task *left = a, *right = b;

	return (left->tid > right->tid) - (left->tid < right->tid);
}

struct listing {
	struct procfs_process *process;
	size_t known; /* tasks of the tick before, in order; new ones are added behind them */
	size_t n;
};

static bool visit_task(void *context, int32_t tid)
{
	struct listing *listing = context;
	struct procfs_process *process = listing->process;
	struct procfs_task key = { .tid = tid }, *task = NULL;

	listing->n++;
	if (listing->known)
		task = bsearch(&key, process->tasks.at, listing->known, sizeof(key), compare_tids);
	if (!task) {
		task = vec_push(&process->tasks);
		task->tid = tid;
		for (int i = 0; i < TASK_FILES; i++)
			task->fd[i] = -1;
		task_reset(task, process->pid);
	}
	task->listed = true;
	return true;
}

/* Forgets the tasks that are not listed (any more). */
static void drop_unlisted(struct procfs_process *process)
{
	size_t kept = 0;

	for (size_t i = 0; i < process->tasks.n; i++) {
		if (!process->tasks.at[i].listed)
			task_close(&process->tasks.at[i]);
		else if (kept++ != i)
			process->tasks.at[kept - 1] = process->tasks.at[i];
	}
	process->tasks.n = kept;
}

/* Restores the order after new tasks were added. While threads end, the kernel may list one twice. */
static void sort_tasks(struct procfs_process *process)
{
	struct procfs_task *tasks = process->tasks.at;

	qsort(tasks, process->tasks.n, sizeof(*tasks), compare_tids);
	for (size_t i = 1; i < process->tasks.n; i++)
		if (tasks[i].tid == tasks[i - 1].tid)
			tasks[i].listed = false;
	drop_unlisted(process);
}

static int process_list(struct procfs *fs, struct procfs_process *process)
{
	struct listing listing = { .process = process, .known = process->tasks.n };
	struct procfs_task *task;
	int error;

	vec_each (task, &process->tasks)
		task->listed = false;
	error = procfs_list(process->dir, fs->text, sizeof(fs->text), visit_task, &listing);
	if (error == -ENOENT || error == -ESRCH || (!error && !listing.n))
		return -ESRCH;
	if (error)
		return error;
	bool added = process->tasks.n > listing.known;
	drop_unlisted(process);
	if (added)
		sort_tasks(process);
	return 0;
}

int procfs_process_read(
	struct procfs *fs, struct procfs_process *process, nsec now, struct sample *sample)
{
	struct procfs_task *task;
	int error = process_open(fs, process);

	if (!error)
		error = process_list(fs, process);
	if (error == -ESRCH) {
		process->gone |= process->dir >= 0;
		process_close(process);
	}
	if (error)
		return error;
	vec_each (task, &process->tasks)
		task->listed = task_read(fs, process, task, now, sample) == 0;
	drop_unlisted(process);
	fs->tasks += process->tasks.n;
	return 0;
}

void procfs_process_memory(
	struct procfs *fs, struct procfs_process *process, struct observer_sample *ret)
{
	struct process_sample sizes = { .rss_kb = UNKNOWN, .pss_kb = UNKNOWN };
	ssize_t len = -1;

	if (process->rollup < 0 && process->dir >= 0)
		process->rollup = openat(process->dir, "../smaps_rollup", O_RDONLY | O_CLOEXEC);
	if (process->rollup >= 0)
		len = procfs_pread(process->rollup, fs->text, sizeof(fs->text));
	if (len > 0)
		(void)parse_rollup(fs->text, (size_t)len, &sizes);
	ret->rss_kb = sizes.rss_kb;
	ret->pss_kb = sizes.pss_kb;
}
