/* SPDX-License-Identifier: MIT
 * Reads the table of the machine's processes. The kernel's count of tasks and its newest id (loadavg) say whether anything
 * came or went: only then /proc is listed, and only what is new is read. To find descendants it goes from each process to its
 * children (task/TID/children) instead.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"

struct process_reader {
	struct procfs fs;
	int load; /* loadavg; -1 not open */
	char mark[32]; /* what it said of tasks and ids; "" nothing yet */
	unsigned texts; /* of all rows */
	int64_t page_kb;
	struct group_table table, next;
	struct commands commands;
	VEC(struct group_process *) asked; /* for their command lines */
	VEC(int32_t) roots; /* what descends from these is read; none: all are */
	VEC(int32_t) family; /* and them, as it is found */
};

struct process_reader *process_reader_create(const char *root)
{
	struct process_reader *reader = xcalloc(1, sizeof(*reader));

	procfs_init(&reader->fs, root);
	reader->load = -1;
	reader->page_kb = sysconf(_SC_PAGESIZE) / 1024;
	reader->table.ticks_per_s = reader->next.ticks_per_s = (int32_t)sysconf(_SC_CLK_TCK);
	return reader;
}

void process_reader_destroy(struct process_reader *reader)
{
	if (!reader)
		return;
	close_fd(&reader->load);
	procfs_finish(&reader->fs);
	vec_finish(&reader->table.rows);
	vec_finish(&reader->next.rows);
	vec_finish(&reader->asked);
	vec_finish(&reader->roots);
	vec_finish(&reader->family);
	commands_finish(&reader->commands);
	free(reader);
}

/* "3/412 40713": tasks that run, all tasks, and the id that was given out last. Whether the last two are as before. */
static bool is_unchanged(struct process_reader *reader)
{
	char text[sizeof(reader->mark) + 64] = "", mark[sizeof(reader->mark)] = "";
	ssize_t len = kept_read(
		&reader->load, IO_PROCESSES, text, sizeof(text) - 1, 0, reader->fs.root, "loadavg");
	const char *slash = len > 0 ? memchr(text, '/', (size_t)len) : NULL;

	if (!slash)
		return false;
	strncpy(mark, slash + 1, sizeof(mark) - 1);
	if (strcmp(mark, reader->mark) == 0)
		return true;
	memcpy(reader->mark, mark, sizeof(mark));
	return false;
}

static void read_texts(struct process_reader *reader, struct group_process *process, unsigned texts)
{
	struct procfs *fs = &reader->fs;

	ssize_t len = texts & PROCESS_CGROUP
			      ? io_read_file(IO_PROCESSES, fs->root, fs->text, sizeof(fs->text),
					NULL, "%d/cgroup", (int)process->pid)
			      : 0;
	if (len > 0)
		group_parse_cgroup(fs->text, (size_t)len, process->cgroup, sizeof(process->cgroup));
}

static void read_owner(struct process_reader *reader, struct group_process *process)
{
	char name[16];
	struct stat owner;

	snprintf(name, sizeof(name), "%d", (int)process->pid);
	if (fstatat(reader->fs.root, name, &owner, 0) == 0)
		process->uid = (int32_t)owner.st_uid;
}

/* As long as it has the same name it runs the same, and what that is costs more to ask. */
static void keep_command(struct group_process *process, const struct group_process *known)
{
	if (!known || known->start != process->start || strcmp(known->comm, process->comm) != 0)
		return;
	memcpy(process->program, known->program, sizeof(process->program));
	memcpy(process->command, known->command, sizeof(process->command));
}

static void read_process(struct process_reader *reader, int32_t pid,
	const struct group_process *known, unsigned texts)
{
	struct procfs *fs = &reader->fs;
	struct stat_fields stat;
	ssize_t len =
		io_read_file(IO_PROCESSES, fs->root, fs->text, 2048, NULL, "%d/stat", (int)pid);

	/* It may have ended meanwhile. */
	if (len <= 0 || parse_stat(fs->text, (size_t)len, &stat) != 0)
		return;
	struct group_process *process = vec_push(&reader->next.rows);
	*process = (struct group_process) { .pid = pid,
		.ppid = stat.ppid,
		.start = stat.start,
		.threads = stat.threads,
		.uid = -1,
		.rss_kb = stat.rss_pages < 0 ? UNKNOWN : stat.rss_pages * reader->page_kb,
		.state = stat.state,
		.kernel = stat.kernel,
		.fresh = true };
	memcpy(process->comm, stat.name, sizeof(process->comm));
	keep_command(process, known);
	if (texts & PROCESS_OWNER)
		read_owner(reader, process);
	read_texts(reader, process, texts);
}

/* The kernel lists PIDs in ascending order. */
static bool visit_process(void *context, int32_t pid)
{
	struct process_reader *reader = context;
	const struct group_process *known = group_table_find(&reader->table, pid);

	if (pid <= 0)
		return true;
	if (!known || reader->texts & PROCESS_ANEW) {
		read_process(reader, pid, known, reader->texts);
	} else {
		struct group_process *row = vec_push(&reader->next.rows);

		*row = *known;
		row->fresh = false;
	}
	return true;
}

/* --- by task/TID/children --- */

bool process_reader_descend(struct process_reader *reader, int32_t pid)
{
	int fd = io_open(IO_PROCESSES, reader->fs.root, O_RDONLY, "thread-self/children");

	if (fd < 0)
		return false;
	close(fd);
	*vec_push(&reader->roots) = pid;
	reader->mark[0] = '\0';
	return true;
}

struct parent {
	struct process_reader *reader;
	int32_t pid;
};

static bool visit_task(void *context, int32_t tid)
{
	const struct parent *parent = context;
	struct procfs *fs = &parent->reader->fs;
	ssize_t len = tid <= 0
			      ? 0
			      : io_read_file(IO_PROCESSES, fs->root, fs->text, sizeof(fs->text) - 1,
					NULL, "%d/task/%d/children", (int)parent->pid, (int)tid);
	char *at = fs->text, *end;

	fs->text[MAX(len, 0)] = '\0';
	/* A blank ends each number: one without it was cut. */
	for (long child; (child = strtol(at, &end, 10)) > 0 && *end == ' '; at = end)
		*vec_push(&parent->reader->family) = (int32_t)child;
	return true;
}

/* The kernel may leave out a child while another one ends: who was there before is asked itself. */
static void visit_family(struct process_reader *reader)
{
	const struct group_process *row;
	char listing[8192];
	int32_t last = 0;

	vec_clear(&reader->family);
	for (size_t i = 0; i < reader->roots.n; i++)
		*vec_push(&reader->family) = reader->roots.at[i];
	for (size_t i = 0; i < reader->family.n; i++) {
		struct parent parent = { reader, reader->family.at[i] };
		int dir = io_open(IO_PROCESSES, reader->fs.root, O_RDONLY | O_DIRECTORY, "%d/task",
			(int)parent.pid);

		if (dir < 0)
			continue;
		io_list(IO_PROCESSES, dir, listing, sizeof(listing), visit_task, &parent);
		close(dir);
	}
	vec_each (row, &reader->table.rows)
		*vec_push(&reader->family) = row->pid;
	qsort(reader->family.at, reader->family.n, sizeof(int32_t), compare_int32);
	for (size_t i = 0; i < reader->family.n; i++) {
		const int32_t pid = reader->family.at[i];

		if (pid != last)
			read_process(
				reader, pid, group_table_find(&reader->table, pid), reader->texts);
		last = pid;
	}
}

/* --- the table --- */

static int visit_all(struct process_reader *reader)
{
	char listing[8192];
	int dir, error;

	if (reader->roots.n > 0) {
		visit_family(reader);
		return 0;
	}
	dir = io_open(IO_PROCESSES, reader->fs.root, O_RDONLY | O_DIRECTORY, ".");
	if (dir < 0)
		return dir;
	error = io_list(IO_PROCESSES, dir, listing, sizeof(listing), visit_process, reader);
	close(dir);
	return error;
}

/* Start times count from boot, as this does: seconds, and a fraction. */
static void read_clock(struct process_reader *reader)
{
	char text[64];
	ssize_t len = io_read_line(IO_PROCESSES, reader->fs.root, text, sizeof(text), "uptime");

	reader->table.now = len > 0 ? atoll(text) * reader->table.ticks_per_s : UNKNOWN;
}

const struct group_table *process_reader_read(struct process_reader *reader, unsigned texts)
{
	struct group_process *row;

	if (texts & PROCESS_OWNER)
		read_clock(reader);
	if (!(texts & PROCESS_ANEW) && is_unchanged(reader)) {
		vec_each (row, &reader->table.rows)
			row->fresh = false;
		return &reader->table;
	}
	reader->texts = texts;
	reader->next.now = reader->table.now;
	vec_clear(&reader->next.rows);
	if (visit_all(reader) != 0) {
		/* Nobody has ended for that: it is tried again. */
		reader->mark[0] = '\0';
		return &reader->table;
	}
	struct group_table before = reader->table;
	reader->table = reader->next;
	reader->next = before;
	return &reader->table;
}

void process_reader_commands(
	struct process_reader *reader, process_wanted *wanted, const void *context)
{
	struct group_process *row;

	vec_clear(&reader->asked);
	vec_each (row, &reader->table.rows)
		if (!row->kernel && !row->command[0] && wanted(context, row))
			*vec_push(&reader->asked) = row;
	commands_read(&reader->commands, reader->fs.root, reader->asked.at, reader->asked.n);
}

int32_t process_reader_of_thread(struct process_reader *reader, int32_t tid)
{
	struct status_fields status = { .tgid = UNKNOWN };
	ssize_t len = io_read_file(IO_PROCESSES, reader->fs.root, reader->fs.text,
		sizeof(reader->fs.text), NULL, "%d/status", (int)tid);

	if (len > 0)
		(void)parse_status(reader->fs.text, (size_t)len, &status);
	return status.tgid > 0 ? (int32_t)status.tgid : 0;
}
