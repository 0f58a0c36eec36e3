/* SPDX-License-Identifier: MIT
 * Reads the kept /proc files of tasks: which of them, when, and what their errors mean. Only files that no target can
 * block. What could not be read now is UNKNOWN, whatever was known before, and a gap says why.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "internal.h"

#define PROC_MAGIC 0x9fa0
#define KEPT_FILE_BYTES 1280 /* of the kernel, but for its page: file, inode, name, seq_file */

#define SWITCHES_TAIL                                                                              \
	160 /* bytes of status that hold its last two lines, and a line's end before */

/* The kernel books a task's run time when it leaves its CPU, and the switch a moment later. A reader can come between the
 * two, so status is read once more when this much time has passed without movement, before the task counts as asleep. */
#define SETTLE (10 * NSEC_PER_MSEC)

/* --- the root --- */

static void open_root(struct procfs *fs)
{
	struct statfs info;

	int root = io_open(IO_ROOT, AT_FDCWD, O_PATH | O_DIRECTORY, "%s", fs->path);

	fs->root = MAX(root, -1);
	fs->real = fs->root >= 0 && fstatfs(fs->root, &info) == 0 && info.f_type == PROC_MAGIC;
}

void procfs_init(struct procfs *fs, const char *root)
{
	*fs = (struct procfs) { .root = -1 };
	strncpy(fs->path, root ? root : "/proc", sizeof(fs->path) - 1);
	kept_raise_limit();
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
	fs->tick++;
}

/* --- one task --- */

static void task_close(struct procfs_task *task)
{
	for (int i = 0; i < TASK_FILES; i++)
		close_fd(&task->fd[i]);
	free(task->blocked);
	task->blocked = NULL;
}

static void task_reset(struct procfs_task *task, int32_t pid)
{
	task_close(task);
	task->fresh = true;
	task->moved_at = UNKNOWN;
	record_clear(&task_record, &task->last);
	task->last.pid = pid;
	task->last.tid = task->tid;
}

static bool is_asleep(const struct procfs *fs, const struct procfs_task *task)
{
	return MAX(fs->tasks, fs->tasks_before) > PROCFS_KEPT_TASKS &&
	       (task->fresh || task->moved_at == UNKNOWN);
}

ssize_t procfs_task_read(struct procfs *fs, const struct procfs_process *process,
	struct procfs_task *task, enum task_file file)
{
	enum io_site site = IO_SCHEDSTAT + file;
	ssize_t len = kept_read(&task->fd[file], site, fs->text, sizeof(fs->text), 0, process->dir,
		"%d/%s", (int)task->tid, io_name(site));

	/* Of many tasks most sleep: who sleeps keeps the file that tells when that ends. */
	if (file != FILE_SCHEDSTAT && is_asleep(fs, task))
		close_fd(&task->fd[file]);
	return len;
}

static bool is_gone(ssize_t error)
{
	return error == -ESRCH || error == -ENOENT;
}

static void gap_of_file(
	struct sample *sample, const struct procfs_task *task, enum task_file file, ssize_t error)
{
	const char *reason = io_reason(error);

	if (error == -ENOENT && file == FILE_SCHEDSTAT)
		reason = "this kernel keeps no run and wait times";
	sample_gap(sample, task->last.pid, io_name(IO_SCHEDSTAT + file), (int)-error, reason);
}

/* Whether the task ran since the last reading, by schedstat. Without that file: it may have. */
static int task_read_schedstat(struct procfs *fs, const struct procfs_process *process,
	struct procfs_task *task, bool *ret_moved)
{
	struct task_sample *last = &task->last;
	int64_t run = UNKNOWN, wait = UNKNOWN, slices = UNKNOWN;
	ssize_t len = procfs_task_read(fs, process, task, FILE_SCHEDSTAT);
	int error =
		len < 0 ? (int)len : parse_schedstat(fs->text, (size_t)len, &run, &wait, &slices);

	/* The slice count alone is not enough: a task that was running and then blocked has one switch more and the
	 * same count; but its run time was booked as it left the CPU. */
	*ret_moved = error || run != last->run_ns || slices != last->slices;
	last->run_ns = run;
	last->wait_ns = wait;
	last->slices = slices;
	return error;
}

static int task_read_status(
	struct procfs *fs, const struct procfs_process *process, struct procfs_task *task)
{
	struct status_fields status = { .voluntary = UNKNOWN, .involuntary = UNKNOWN };
	ssize_t len = procfs_task_read(fs, process, task, FILE_STATUS);
	const char *tail = len > SWITCHES_TAIL
				   ? memchr(fs->text + len - SWITCHES_TAIL, '\n', SWITCHES_TAIL)
				   : fs->text;

	/* The two counters stand last in a text of some 60 lines. */
	if (len > 0 && tail)
		(void)parse_status(tail, (size_t)(fs->text + len - tail), &status);
	task->last.voluntary = status.voluntary;
	task->last.involuntary = status.involuntary;
	task->last.counts_at_ns = task->last.at_ns;
	if (len < 0)
		return (int)len;
	return status.voluntary < 0 || status.involuntary < 0 ? -EINVAL : 0;
}

/* -ESTALE: another task has this id now. Who it is (start, name) stays known when it cannot be read again. */
static int task_read_stat(
	struct procfs *fs, const struct procfs_process *process, struct procfs_task *task)
{
	struct stat_fields stat = { .state = '?',
		.cpu = -1,
		.nice = NICE_UNKNOWN,
		.minor_faults = UNKNOWN,
		.major_faults = UNKNOWN };
	ssize_t len = procfs_task_read(fs, process, task, FILE_STAT);
	int error = len < 0 ? (int)len : parse_stat(fs->text, (size_t)len, &stat);
	struct task_sample *last = &task->last;

	if (!error && last->start != UNKNOWN && last->start != stat.start)
		return -ESTALE;
	last->state = stat.state;
	last->cpu = stat.cpu;
	last->nice = stat.nice;
	last->minor_faults = stat.minor_faults;
	last->major_faults = stat.major_faults;
	if (error)
		return error;
	last->start = stat.start;
	/* The same text that task/TID/comm has, from the same function of the kernel: no file of its own. */
	sample_text(last->name, stat.name, strlen(stat.name));
	return 0;
}

static bool needs_stat(const struct procfs *fs, const struct procfs_task *task, bool due)
{
	if (task->fresh || fs->tasks_before <= PROCFS_EAGER_TASKS)
		return true;
	return (due || task->last.state == '?') && task->seen;
}

/* It ran, and nobody looks: what it was does not hold any more. */
static void forget_stat(struct task_sample *last)
{
	last->state = '?';
	last->cpu = -1;
	last->nice = NICE_UNKNOWN;
	last->minor_faults = last->major_faults = UNKNOWN;
}

/* One reading of a task's files. -ESRCH: it has ended; -ESTALE: start anew. */
static int task_read_files(struct procfs *fs, const struct procfs_process *process,
	struct procfs_task *task, nsec now, struct sample *sample)
{
	bool moved, due, counted;
	int error[TASK_FILES] = { 0 };

	task->last.at_ns = nsec_monotonic();
	error[FILE_SCHEDSTAT] = task_read_schedstat(fs, process, task, &moved);
	if (error[FILE_SCHEDSTAT] == -ESRCH)
		return -ESRCH;
	if (moved || task->fresh)
		task->moved_at = now;
	due = task->moved_at != UNKNOWN;
	counted = due && (turns_has(fs, task) || task->last.voluntary < 0);
	if (needs_stat(fs, task, due))
		error[FILE_STAT] = task_read_stat(fs, process, task);
	else if (moved)
		forget_stat(&task->last);
	if (counted)
		error[FILE_STATUS] = task_read_status(fs, process, task);
	else if (!due) /* it did not run: its counts stand */
		task->last.counts_at_ns = task->last.at_ns;
	if (is_gone(error[FILE_STAT]) || is_gone(error[FILE_STATUS]))
		return -ESRCH;
	if (error[FILE_STAT] == -ESTALE)
		return -ESTALE;
	task->last.took_ns = (int32_t)MIN(nsec_monotonic() - task->last.at_ns, INT32_MAX);
	if (!moved && counted && !error[FILE_STATUS] && now - task->moved_at >= SETTLE)
		task->moved_at = UNKNOWN;
	task->fresh = false;
	for (int file = FILE_STATUS; is_asleep(fs, task) && file < TASK_FILES; file++)
		close_fd(&task->fd[file]);
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
	*process = (struct procfs_process) {
		.pid = pid, .dir = -1, .rollup = -1, .links = UNKNOWN, .cpu_ns = UNKNOWN
	};
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
	int dir;

	if (process->dir >= 0)
		return 0;
	if (process->gone)
		return -ESRCH;
	if (fs->root < 0)
		return -ENOTDIR;
	dir = io_open(IO_TASKS, fs->root, O_RDONLY | O_DIRECTORY, "%d/task", (int)process->pid);
	if (dir == -ENOENT || dir == -EPERM || dir == -EACCES)
		return fs->real && pid_exists(process->pid) ? -EPERM : -ESRCH;
	process->dir = MAX(dir, -1);
	return MIN(dir, 0);
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

/* Forgets the tasks that are not listed (any more); returns how many. */
static size_t drop_unlisted(struct procfs_process *process)
{
	const size_t n = process->tasks.n;
	size_t kept = 0;

	for (size_t i = 0; i < process->tasks.n; i++) {
		if (!process->tasks.at[i].listed)
			task_close(&process->tasks.at[i]);
		else if (kept++ != i)
			process->tasks.at[kept - 1] = process->tasks.at[i];
	}
	process->tasks.n = kept;
	return n - kept;
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

/* Whether the tasks are those of the last listing. The kernel counts them in the directory's links: one that ended and one
 * that was born hide each other there, but a kept descriptor says of the first that it has ended. */
static bool is_listed(const struct procfs *fs, struct procfs_process *process)
{
	struct stat links;
	const int64_t before = process->links;
	const bool missed = process->missed;

	process->missed = false;
	process->links = fstat(process->dir, &links) == 0 ? (int64_t)links.st_nlink : UNKNOWN;
	return fs->real && !missed && process->links > 2 && process->links == before &&
	       process->tasks.n == (size_t)process->links - 2;
}

static int process_list(struct procfs *fs, struct procfs_process *process)
{
	struct listing listing = { .process = process, .known = process->tasks.n };
	struct procfs_task *task;
	int error;

	if (is_listed(fs, process)) {
		vec_each (task, &process->tasks)
			task->listed = true;
		return 0;
	}
	vec_each (task, &process->tasks)
		task->listed = false;
	error = io_list(IO_TASKS, process->dir, fs->text, sizeof(fs->text), visit_task, &listing);
	if (error == -ENOENT || error == -ESRCH || (!error && !listing.n))
		return -ESRCH;
	/* The tasks that are known are still read: a descriptor of one that has ended says so. */
	if (error) {
		vec_each (task, &process->tasks)
			task->listed = true;
		return error;
	}
	bool added = process->tasks.n > listing.known;
	drop_unlisted(process);
	if (added)
		sort_tasks(process);
	return 0;
}

/* Reads the tasks that wait for their turn, or the others. Returns how long they ran since their last reading. */
static int64_t read_tasks(struct procfs *fs, struct procfs_process *process, bool waiting, nsec now,
	struct sample *sample)
{
	struct procfs_task *task;
	int64_t ran = 0;

	vec_each (task, &process->tasks) {
		const int64_t before = task->fresh ? 0 : task->last.run_ns;

		if (task->waits != waiting)
			continue;
		task->listed = task_read(fs, process, task, now, sample) == 0;
		ran += MAX(task->last.run_ns - before, 0);
	}
	return ran;
}

int procfs_process_read(
	struct procfs *fs, struct procfs_process *process, nsec now, struct sample *sample)
{
	int error = process_open(fs, process);
	int64_t ran;

	if (!error)
		error = process_list(fs, process);
	if (error == -ESRCH) {
		process->gone |= process->dir >= 0;
		process_close(process);
	}
	fs->tasks += process->tasks.n;
	ran = turns_take(fs, process) ? turns_cpu_time(fs, process) : 0;
	if (turns_are_over(ran, read_tasks(fs, process, false, now, sample)))
		read_tasks(fs, process, true, now, sample);
	process->missed = drop_unlisted(process) > 0;
	return error;
}

/* The kernel says how many files a process has open as the size of the directory that lists them. */
static int64_t kernel_memory(const struct procfs_process *process)
{
	const int64_t each = sysconf(_SC_PAGESIZE) + KEPT_FILE_BYTES;
	struct stat files;

	if (process->dir < 0 || fstatat(process->dir, "../fd", &files, 0) != 0 || !files.st_size)
		return UNKNOWN;
	return files.st_size * each / 1024;
}

int procfs_process_memory(
	struct procfs *fs, struct procfs_process *process, struct observer_sample *ret)
{
	struct process_sample sizes = { .rss_kb = UNKNOWN, .pss_kb = UNKNOWN };
	ssize_t len = kept_read(&process->rollup, IO_OWN_ROLLUP, fs->text, sizeof(fs->text), 0,
		process->dir, "../%s", io_name(IO_OWN_ROLLUP));

	if (len > 0)
		(void)parse_rollup(fs->text, (size_t)len, &sizes);
	ret->kernel_kb = kernel_memory(process);
	ret->rss_kb = sizes.rss_kb;
	ret->pss_kb = sizes.pss_kb;
	if (len < 0)
		return (int)len;
	return sizes.rss_kb < 0 || sizes.pss_kb < 0 ? -EINVAL : 0;
}
