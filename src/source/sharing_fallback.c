/* SPDX-License-Identifier: MIT
 * Who shares what, where kcmp is refused, as containers do. Two sources remain, and each cell says which it stands on.
 * Construction: our crews' tasks were made with known clone flags; and a thread group has one address space and one table
 * of handlers, by the kernel's own rule (CLONE_THREAD needs CLONE_SIGHAND needs CLONE_VM). Behaviour: tables that differ are
 * not one table. Equal ones prove nothing.
 */
#include <fcntl.h>
#include <unistd.h>

#include "reader.h"

/* glibc's pthread_create */
#define PTHREAD_FLAGS                                                                              \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |        \
		CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

static const uint64_t flag_of[RESOURCES] = {
	[RESOURCE_MEMORY] = CLONE_VM,
	[RESOURCE_FILES] = CLONE_FILES,
	[RESOURCE_FS] = CLONE_FS,
	[RESOURCE_HANDLERS] = CLONE_SIGHAND,
	[RESOURCE_SEMUNDO] = CLONE_SYSVSEM,
	[RESOURCE_IO] = CLONE_IO,
};

/* --- behaviour: what can be seen of an object from outside, as one number --- */

struct hashed_table {
	const struct reader_task *task;
	uint64_t hash;
	bool any; /* of a task that has just ended nothing is listed */
};

static bool add_fd(void *context, int32_t fd)
{
	struct hashed_table *table = context;
	char path[256];
	ssize_t len = io_link(IO_FALLBACK_DESCRIPTOR, table->task->process->dir, path, sizeof(path),
		"%d/fd/%d", (int)table->task->tid, (int)fd);

	table->any = true;
	table->hash = hash_bytes(&fd, sizeof(fd), table->hash);
	if (len > 0)
		table->hash = hash_bytes(path, (size_t)len, table->hash);
	return true;
}

static uint64_t hash_files(struct evidence_reader *reader, const struct reader_task *task)
{
	struct hashed_table table = { task, 1, false };
	int dir = io_open(IO_FALLBACK_TABLE, task->process->dir, O_RDONLY | O_DIRECTORY, "%d/fd",
		(int)task->tid);

	if (dir < 0)
		return 0;
	if (io_list(IO_FALLBACK_TABLE, dir, reader->fs->text, sizeof(reader->fs->text), add_fd,
		    &table) < 0)
		table.any = false;
	close(dir);
	return table.any ? table.hash : 0;
}

static uint64_t hash_fs(struct evidence_reader *reader, const struct reader_task *task)
{
	char path[256];
	int32_t umask = -1, fd_size = -1;
	ssize_t len = io_link(
		IO_FALLBACK_CWD, task->process->dir, path, sizeof(path), "%d/cwd", (int)task->tid);
	ssize_t status = procfs_task_read(reader->fs, task->process, task->task, FILE_STATUS);
	if (len < 0 || status < 0 ||
		parse_fs(reader->fs->text, (size_t)status, &umask, &fd_size) < 0 || umask < 0)
		return 0;
	return hash_bytes(&umask, sizeof(umask), hash_bytes(path, (size_t)len, 0));
}

static uint64_t hash_handlers(struct evidence_reader *reader, const struct reader_task *task)
{
	struct signal_sample masks = { 0 };
	ssize_t len = procfs_task_read(reader->fs, task->process, task->task, FILE_STATUS);

	if (len < 0 || parse_signals(reader->fs->text, (size_t)len, &masks) < 0)
		return 0;
	const uint64_t handlers[] = { masks.caught, masks.ignored };

	return hash_bytes(handlers, sizeof(handlers), 0);
}

static uint64_t hash_memory(struct evidence_reader *reader, const struct reader_task *task)
{
	struct status_fields status = { .vm_size_kb = UNKNOWN, .vm_rss_kb = UNKNOWN };
	ssize_t len = procfs_task_read(reader->fs, task->process, task->task, FILE_STATUS);

	if (len < 0 || parse_status(reader->fs->text, (size_t)len, &status) < 0 ||
		status.vm_size_kb == UNKNOWN)
		return 0;
	const int64_t sizes[] = { status.vm_size_kb, status.vm_rss_kb };

	return hash_bytes(sizes, sizeof(sizes), 0);
}

typedef uint64_t hash_object(struct evidence_reader *reader, const struct reader_task *task);
static hash_object *const hash_of[RESOURCES] = {
	[RESOURCE_MEMORY] = hash_memory,
	[RESOURCE_FILES] = hash_files,
	[RESOURCE_FS] = hash_fs,
	[RESOURCE_HANDLERS] = hash_handlers,
};

/* Whether two tasks were seen to differ, and stayed so: seen one after the other, a table may change between. */
static bool differ(struct evidence_reader *reader, const struct reader_task *a,
	const struct reader_task *b, enum resource resource)
{
	hash_object *see = hash_of[resource];
	uint64_t left, right;

	if (!see)
		return false;
	left = see(reader, a);
	right = see(reader, b);
	return left && right && left != right && see(reader, a) == left && see(reader, b) == right;
}

/* --- construction --- */

/* The task that made it: the host of its side. NULL: none, or itself. */
static const struct reader_task *maker_of(
	const struct evidence_reader *reader, const struct reader_task *task)
{
	const struct reader_task *other;

	vec_each (other, &reader->tasks)
		if (other->side == task->side && other->worker == WORKER_HOST &&
			other->tid == other->pid && other->tid != task->tid)
			return other;
	return NULL;
}

/* The flags it was made with; false: not known. */
static bool flags_of(const struct sample *crews, const struct reader_task *task, uint64_t *ret)
{
	const struct worker_sample *worker = reader_report(crews, task->tid);

	if (!worker)
		return false;
	*ret = worker->clone_flags;
	if (!*ret && worker->pid != worker->tid)
		*ret = PTHREAD_FLAGS;
	return true;
}

enum relation { RELATION_UNKNOWN, RELATION_OWN, RELATION_SHARED };

static enum relation relation_to(const struct sample *crews, const struct reader_task *task,
	const struct reader_task *maker, enum resource resource)
{
	bool group_wide = resource == RESOURCE_MEMORY || resource == RESOURCE_HANDLERS;
	uint64_t flags;

	if (task->pid == maker->pid && group_wide)
		return RELATION_SHARED;
	if (!flags_of(crews, task, &flags))
		return RELATION_UNKNOWN;
	if (flags & flag_of[resource])
		return RELATION_SHARED;
	/* One that did not get these may have made its own since, or not. */
	if (resource == RESOURCE_SEMUNDO || resource == RESOURCE_IO)
		return RELATION_UNKNOWN;
	return RELATION_OWN;
}

static size_t index_of(const struct evidence_reader *reader, const struct reader_task *task)
{
	return (size_t)(task - reader->tasks.at);
}

/* The number of what the maker hands on; 0: none that is known. The maker itself may have ended and let go of it: those it
 * was handed on to still have it together. */
static int16_t handed_on(struct evidence_reader *reader, struct sharing_sample *rows,
	const struct reader_task *maker, enum resource resource, int16_t *next)
{
	const size_t at = index_of(reader, maker);

	if (reader->numbers.at[at] > 0)
		return reader->numbers.at[at];
	/* clone(CLONE_IO) of a task without an I/O context hands on nothing; clone(CLONE_SYSVSEM) makes the undo list. */
	if (resource == RESOURCE_IO)
		return 0;
	reader->numbers.at[at] = ++*next;
	if (!reader_is_ended(maker)) {
		rows[at].object[resource] = reader->numbers.at[at];
		rows[at].how[resource] = HOW_CONSTRUCTION;
	}
	return reader->numbers.at[at];
}

static void conclude(struct evidence_reader *reader, const struct sample *crews,
	struct sharing_sample *rows, size_t i, enum resource resource, int16_t *next)
{
	const struct reader_task *task = &reader->tasks.at[i], *maker = maker_of(reader, task);
	enum relation relation = maker ? relation_to(crews, task, maker, resource) : RELATION_OWN;
	bool maybe_none = resource == RESOURCE_SEMUNDO || resource == RESOURCE_IO, seen;
	int16_t number;

	if (relation == RELATION_UNKNOWN || (maybe_none && !maker))
		return;
	seen = maker && !reader_is_ended(maker) && differ(reader, task, maker, resource);
	/* By its flags it shared the maker's, but it was seen to have another by now: unshare(2). A group's memory and
	 * handlers cannot come apart. */
	if (relation == RELATION_SHARED && seen && task->pid != maker->pid)
		relation = RELATION_OWN;
	else if (relation == RELATION_SHARED && seen &&
		 (resource == RESOURCE_FILES || resource == RESOURCE_FS))
		relation = RELATION_OWN;
	else if (relation == RELATION_SHARED)
		seen = false;
	if (relation == RELATION_SHARED)
		number = handed_on(reader, rows, maker, resource, next);
	else
		number = ++*next;
	if (number == 0)
		return;
	if (!maker)
		reader->numbers.at[i] = number;
	rows[i].object[resource] = number;
	rows[i].how[resource] = seen ? HOW_BEHAVIOUR : HOW_CONSTRUCTION;
}

/* As kcmp's are: in the order of the rows. */
static void renumber(struct evidence_reader *reader, struct sharing_sample *rows, size_t n,
	enum resource resource)
{
	int16_t next = 0;

	reader_make_room(reader, n);
	for (size_t i = 0; i < n; i++) {
		int16_t *object = &rows[i].object[resource], *number;

		if (*object <= 0 || (size_t)*object > n)
			continue;
		number = &reader->numbers.at[*object - 1];
		if (*number < 0)
			*number = ++next;
		*object = *number;
	}
}

void sharing_conclude(struct evidence_reader *reader, const struct sample *crews,
	struct sharing_sample *rows, size_t n)
{
	for (int resource = 0; resource < RESOURCES; resource++) {
		int16_t next = 0;

		if (resource == RESOURCE_NAMESPACES)
			continue;
		reader_make_room(reader, n);
		/* Hosts first: the others are compared with them. */
		for (int pass = 0; pass < 2; pass++)
			for (size_t i = 0; i < n; i++) {
				const struct reader_task *task = &reader->tasks.at[i];
				bool first = maker_of(reader, task) == NULL;

				if (first == (pass == 0) && !reader_is_ended(task))
					conclude(reader, crews, rows, i, (enum resource)resource,
						&next);
			}
		renumber(reader, rows, n, (enum resource)resource);
	}
}
