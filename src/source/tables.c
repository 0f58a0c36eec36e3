/* SPDX-License-Identifier: MIT
 * Descriptor tables, working directories and umasks, task by task. A table that several tasks share is read
 * once; which descriptors of different tables are one open file description is asked of kcmp.
 */
#include <fcntl.h>
#include <linux/kcmp.h>
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
	char text[512];
	ssize_t len = io_read_file(IO_FDINFO, listing->task->process->dir, text, sizeof(text), NULL,
		"%d/fdinfo/%d", (int)row->tid, (int)row->fd);

	if (len >= 0)
		len = parse_fdinfo(text, (size_t)len, &row->position, &row->flags);
	if (len < 0)
		reader_refused(listing->task, io_name(IO_FDINFO), (int)-len, listing->sample);
}

static bool visit_fd(void *context, int32_t fd)
{
	struct listing *listing = context;
	struct sample *sample = listing->sample;
	struct file_sample *row;
	char path[512];
	ssize_t len = io_link(IO_DESCRIPTOR, listing->task->process->dir, path, sizeof(path),
		"%d/fd/%d", (int)listing->task->tid, (int)fd);

	if (len == -ENOENT)
		return true; /* closed meanwhile */
	if (len <= 0)
		reader_refused(
			listing->task, io_name(IO_DESCRIPTOR), len ? (int)-len : ENODATA, sample);
	listing->n++;
	if ((listing->n > TABLE_FILES_MAX && (len <= 0 || path[0] != '/')) ||
		sample->files.n == FILES_MAX) {
		listing->cut = true;
		return true; /* counted on */
	}
	row = vec_push(&sample->files);
	record_clear(&file_record, row);
	READER_ROW(row, listing->task);
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
	int error, dir = io_open(IO_TABLE, task->process->dir, O_RDONLY | O_DIRECTORY, "%d/fd",
			   (int)task->tid);

	if (dir < 0) {
		reader_refused(task, io_name(IO_TABLE), -dir, sample);
		return -1;
	}
	error = io_list(
		IO_TABLE, dir, reader->fs->text, sizeof(reader->fs->text), visit_fd, &listing);
	close(dir);
	if (error)
		reader_refused(task, io_name(IO_TABLE), -error, sample);
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
		error = io_kcmp(IO_KCMP, (int32_t[2]) { tasks[j].tid, tasks[i].tid }, KCMP_FILES,
			(int32_t[2]) { 0 }, &order);
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
	char path[512];
	ssize_t len =
		io_link(IO_CWD, task->process->dir, path, sizeof(path), "%d/cwd", (int)task->tid);

	if (len <= 0)
		reader_refused(task, io_name(IO_CWD), len ? (int)-len : ENODATA, sample);
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
	READER_ROW(row, task);
	row->at_ns = now;
	if (reader_is_ended(task))
		return;
	len = procfs_task_read(reader->fs, task->process, task->task, FILE_STATUS);
	if (len >= 0)
		parse_fs(reader->fs->text, (size_t)len, &row->umask, &row->fd_size);
	if (len < 0 || row->umask < 0 || row->fd_size < 0)
		reader_refused(task, "status", len < 0 ? (int)-len : EINVAL, sample);
	read_cwd(task, row, sample);
	owner = owner_of(reader, crews, i);
	row->fds = owner == i ? list_table(reader, task, now, sample)
			      : sample->places.at[first_row + owner].fds;
}

/* --- open file descriptions --- */

struct describing {
	const struct file_sample *files;
	int error;
	int32_t refused; /* a task whose descriptors cannot even be compared with one another */
};

/* One description has one path, so paths are told apart first: they cost no call. */
static int compare_descriptions(void *context, size_t a, size_t b, int *ret_order)
{
	struct describing *describing = context;
	const struct file_sample *left = &describing->files[a], *right = &describing->files[b];
	int order = strcmp(left->path, right->path);
	int error;

	if (order != 0) {
		*ret_order = order;
		return 0;
	}
	if (left->tid == describing->refused || right->tid == describing->refused)
		return -ESRCH;
	error = io_kcmp(IO_KCMP_FILE, (int32_t[2]) { left->tid, right->tid }, KCMP_FILE,
		(int32_t[2]) { left->fd, right->fd }, ret_order);
	if (error && error != -ESRCH && error != -EBADF)
		describing->error = -error;
	if (error == -EPERM && left->tid == right->tid)
		describing->refused = left->tid;
	return error ? -ESRCH : 0;
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

static void tables_read(
	struct evidence_reader *reader, const struct sample *crews, nsec now, struct sample *sample)
{
	size_t first = sample->places.n;

	for (size_t i = 0; i < reader->tasks.n; i++)
		read_fs(reader, crews, i, first, now, sample);
	number_descriptions(reader, sample);
}

const struct task_reader reader_tables = { &file_record, tables_read };
