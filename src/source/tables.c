/* SPDX-License-Identifier: MIT
 * Descriptor tables, working directories, umasks and signal masks, task by task. A table that several tasks share is read
 * once; which descriptors of different tables are one open file description is asked of kcmp.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "reader.h"

#define TABLE_FILES_MAX                                                                            \
	256 /* of one table; beyond, only those that have a path: a host of many threads has many pipes */
#define FILES_MAX 2048 /* of all */

/* --- one table --- */

struct listing {
	struct evidence_reader *reader;
	const struct reader_task *task;
	struct sample *sample;
	nsec now;
	int32_t n;
	bool cut;
};

static void read_fdinfo(struct listing *listing, struct file_sample *row)
{
	char name[48], text[512];
	ssize_t len;

	snprintf(name, sizeof(name), "%d/fdinfo/%d", (int)row->tid, (int)row->fd);
	len = procfs_read_once(listing->task->process->dir, name, text, sizeof(text), NULL);
	if (len > 0)
		parse_fdinfo(text, (size_t)len, &row->position, &row->flags);
}

static bool visit_fd(void *context, int32_t fd)
{
	struct listing *listing = context;
	struct sample *sample = listing->sample;
	struct file_sample *row;
	char name[48], path[512];
	ssize_t len;

	listing->n++;
	snprintf(name, sizeof(name), "%d/fd/%d", (int)listing->task->tid, (int)fd);
	len = readlinkat(listing->task->process->dir, name, path, sizeof(path));
	if (len < 0 && errno == ENOENT) {
		listing->n--; /* closed meanwhile */
		return true;
	}
	if ((listing->n > TABLE_FILES_MAX && (len <= 0 || path[0] != '/')) ||
		sample->files.n == FILES_MAX) {
		listing->cut = true;
		return true; /* counted on */
	}
	row = vec_push(&sample->files);
	record_clear(&file_record, row);
	row->pid = listing->task->pid;
	row->tid = listing->task->tid;
	row->side = listing->task->side;
	row->worker = listing->task->worker;
	row->fd = fd;
	row->at_ns = listing->now;
	if (len > 0)
		sample_text_tail(row->path, sizeof(row->path), path, (size_t)len);
	read_fdinfo(listing, row);
	return true;
}

/* How many descriptors the table has; -1 with a gap. */
static int32_t list_table(struct evidence_reader *reader, const struct reader_task *task, nsec now,
	struct sample *sample)
{
	struct listing listing = { reader, task, sample, now, 0, false };
	char name[32];
	int dir, error;

	snprintf(name, sizeof(name), "%d/fd", (int)task->tid);
	dir = openat(task->process->dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0) {
		reader_refused(task, "fd", errno, sample);
		return -1;
	}
	error = procfs_list(dir, reader->fs->text, sizeof(reader->fs->text), visit_fd, &listing);
	close(dir);
	if (error)
		reader_refused(task, "fd", -error, sample);
	if (listing.cut)
		sample_gap(sample, task->pid, "fd", E2BIG,
			"more than 256 descriptors: of the rest, pipes and the like are left out");
	return error ? -1 : listing.n;
}

/* --- one row a task --- */

/* Where kcmp is refused, a process is taken to have one table; but not by a task that its crew made without CLONE_FILES. */
static bool has_own_table(const struct sample *crews, const struct reader_task *task)
{
	const struct worker_sample *worker = reader_report(crews, task->tid);

	return worker && worker->clone_flags && !(worker->clone_flags & CLONE_FILES);
}

/* The task whose table this one has too, among those before it of its process; itself, if none. */
static size_t owner_of(const struct evidence_reader *reader, const struct sample *crews, size_t i)
{
	const struct reader_task *tasks = reader->tasks.at;

	for (size_t j = i; j-- > 0 && tasks[j].pid == tasks[i].pid;) {
		int order = 0, error;

		if (reader_is_ended(&tasks[j]))
			continue;
		error = reader_kcmp(&tasks[j], &tasks[i], KCMP_FILES, &order);
		if (error == -ESRCH)
			continue;
		if (error ? !has_own_table(crews, &tasks[i]) && !has_own_table(crews, &tasks[j])
			  : order == 0)
			return j;
	}
	return i;
}

static void read_cwd(const struct reader_task *task, struct fs_sample *row, struct sample *sample)
{
	char name[32], path[512];
	ssize_t len;

	snprintf(name, sizeof(name), "%d/cwd", (int)task->tid);
	len = readlinkat(task->process->dir, name, path, sizeof(path));
	if (len < 0)
		reader_refused(task, "cwd", errno, sample);
	else
		sample_text_tail(row->cwd, sizeof(row->cwd), path, (size_t)len);
}

static void read_fs(struct evidence_reader *reader, const struct sample *crews, size_t i,
	size_t first_row, nsec now, struct sample *sample)
{
	const struct reader_task *task = &reader->tasks.at[i];
	struct fs_sample *row = vec_push(&sample->places);
	size_t owner;
	ssize_t len;

	record_clear(&fs_record, row);
	row->pid = task->pid;
	row->tid = task->tid;
	row->side = task->side;
	row->worker = task->worker;
	row->at_ns = now;
	if (reader_is_ended(task))
		return;
	len = procfs_task_read(reader->fs, task->process, task->task, FILE_STATUS);
	if (len > 0)
		parse_fs(reader->fs->text, (size_t)len, &row->umask, &row->fd_size);
	read_cwd(task, row, sample);
	owner = owner_of(reader, crews, i);
	row->fds = owner == i ? list_table(reader, task, now, sample)
			      : sample->places.at[first_row + owner].fds;
}

/* --- open file descriptions --- */

struct describing {
	const struct file_sample *files;
	int error;
};

/* One description has one path, so paths are told apart first: they cost no call. */
static int compare_descriptions(void *context, size_t a, size_t b, int *ret_order)
{
	struct describing *describing = context;
	const struct file_sample *left = &describing->files[a], *right = &describing->files[b];
	int order = strcmp(left->path, right->path);
	long answer;

	if (order != 0) {
		*ret_order = order;
		return 0;
	}
	answer = syscall(SYS_kcmp, left->tid, right->tid, KCMP_FILE, left->fd, right->fd);
	if (answer < 0 || answer > 2) {
		if (answer > 2 || (errno != ESRCH && errno != EBADF))
			describing->error = answer < 0 ? errno : EOPNOTSUPP;
		return -ESRCH;
	}
	*ret_order = answer == 0 ? 0 : answer == 1 ? -1 : 1;
	return 0;
}

/* Numbers those that more than one descriptor has; 0 for the others. Like a path alone, equal positions would prove nothing. */
static void number_descriptions(struct evidence_reader *reader, struct sample *sample)
{
	size_t n = sample->files.n;
	struct describing describing = { .files = sample->files.at };
	int16_t next = 0;

	reader_make_room(reader, 2 * n + 1);
	objects_number(n, compare_descriptions, &describing, reader->numbers.at, reader->room.at);
	if (describing.error) {
		sample_gap(sample, 0, "kcmp file", describing.error,
			"kcmp is refused: one open file or two is not known");
		return;
	}
	memset(reader->room.at, 0, (2 * n + 1) * sizeof(reader->room.at[0]));
	size_t *uses = reader->room.at, *shown = reader->room.at + n;
	for (size_t i = 0; i < n; i++)
		if (reader->numbers.at[i] > 0)
			uses[reader->numbers.at[i] - 1]++;
	for (size_t i = 0; i < n; i++) {
		int16_t number = reader->numbers.at[i];

		if (number <= 0)
			continue;
		if (uses[number - 1] > 1 && !shown[number - 1])
			shown[number - 1] = (size_t)++next;
		sample->files.at[i].description = (int16_t)shown[number - 1];
	}
}

void tables_read(
	struct evidence_reader *reader, const struct sample *crews, nsec now, struct sample *sample)
{
	size_t first = sample->places.n;

	for (size_t i = 0; i < reader->tasks.n; i++)
		read_fs(reader, crews, i, first, now, sample);
	number_descriptions(reader, sample);
}

/* --- signals --- */

void signals_read(struct evidence_reader *reader, nsec now, struct sample *sample)
{
	const struct reader_task *task;

	vec_each (task, &reader->tasks) {
		struct signal_sample *row = vec_push(&sample->signals);
		ssize_t len = procfs_task_read(reader->fs, task->process, task->task, FILE_STATUS);

		record_clear(&signal_record, row);
		row->pid = task->pid;
		row->tid = task->tid;
		row->side = task->side;
		row->worker = task->worker;
		row->at_ns = now;
		if (len < 0)
			reader_refused(task, "status", (int)-len, sample);
		else if (parse_signals(reader->fs->text, (size_t)len, row) < 0)
			sample_gap(sample, task->pid, "status", ENODATA, "it has no signal masks");
	}
}
