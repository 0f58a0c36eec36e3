/* SPDX-License-Identifier: MIT
 * Who shares what, where kcmp is refused, as containers do. Two sources remain, and each cell says which it stands on.
 * Construction: our crews' tasks were made with known clone flags; and a thread group has one address space and one table
 * of handlers, by the kernel's own rule (CLONE_THREAD needs CLONE_SIGHAND needs CLONE_VM). Behaviour: tables that differ are
 * not one table. Equal ones prove nothing.
 */
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "look.h"

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

static uint64_t mix(uint64_t hash, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	while (len--)
		hash = (hash ^ *at++) * 1099511628211u;
	return hash;
}

struct table_look {
	const struct look_task *task;
	uint64_t hash;
	bool any; /* of a task that has just ended nothing is listed */
};

static bool add_fd(void *context, int32_t fd)
{
	struct table_look *table = context;
	char name[48], path[256];
	ssize_t len;

	snprintf(name, sizeof(name), "%d/fd/%d", (int)table->task->tid, (int)fd);
	len = readlinkat(table->task->process->dir, name, path, sizeof(path));
	table->any = true;
	table->hash = mix(table->hash, &fd, sizeof(fd));
	if (len > 0)
		table->hash = mix(table->hash, path, (size_t)len);
	return true;
}

static uint64_t look_at_files(struct look *look, const struct look_task *task)
{
	struct table_look table = { task, 1, false };
	char name[32];
	int dir;

	snprintf(name, sizeof(name), "%d/fd", (int)task->tid);
	dir = openat(task->process->dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return 0;
	if (procfs_list(dir, look->fs->text, sizeof(look->fs->text), add_fd, &table) < 0)
		table.any = false;
	close(dir);
	return table.any ? table.hash : 0;
}

static uint64_t look_at_place(struct look *look, const struct look_task *task)
{
	char name[32], path[256];
	int32_t umask = -1, fd_size = -1;
	ssize_t len, status;

	snprintf(name, sizeof(name), "%d/cwd", (int)task->tid);
	len = readlinkat(task->process->dir, name, path, sizeof(path));
	status = procfs_task_read(look->fs, task->process, task->task, FILE_STATUS);
	if (len < 0 || status < 0 ||
		parse_place(look->fs->text, (size_t)status, &umask, &fd_size) < 0 || umask < 0)
		return 0;
	return mix(mix(1, path, (size_t)len), &umask, sizeof(umask));
}

static uint64_t look_at_handlers(struct look *look, const struct look_task *task)
{
	struct signal_sample masks = { 0 };
	ssize_t len = procfs_task_read(look->fs, task->process, task->task, FILE_STATUS);

	if (len < 0 || parse_signals(look->fs->text, (size_t)len, &masks) < 0)
		return 0;
	return mix(
		mix(1, &masks.caught, sizeof(masks.caught)), &masks.ignored, sizeof(masks.ignored));
}

static uint64_t look_at_memory(struct look *look, const struct look_task *task)
{
	struct status_fields status = { .vm_size_kb = UNKNOWN, .vm_rss_kb = UNKNOWN };
	ssize_t len = procfs_task_read(look->fs, task->process, task->task, FILE_STATUS);

	if (len < 0 || parse_status(look->fs->text, (size_t)len, &status) < 0 ||
		status.vm_size_kb == UNKNOWN)
		return 0;
	return mix(mix(1, &status.vm_size_kb, sizeof(status.vm_size_kb)), &status.vm_rss_kb,
		sizeof(status.vm_rss_kb));
}

typedef uint64_t look_at(struct look *look, const struct look_task *task);
static look_at *const look_at_resource[RESOURCES] = {
	[RESOURCE_MEMORY] = look_at_memory,
	[RESOURCE_FILES] = look_at_files,
	[RESOURCE_FS] = look_at_place,
	[RESOURCE_HANDLERS] = look_at_handlers,
};

/* Whether two tasks were seen to differ, and stayed so: seen one after the other, a table may change between. */
static bool differ(struct look *look, const struct look_task *a, const struct look_task *b,
	enum resource resource)
{
	look_at *see = look_at_resource[resource];
	uint64_t left, right;

	if (!see)
		return false;
	left = see(look, a);
	right = see(look, b);
	return left && right && left != right && see(look, a) == left && see(look, b) == right;
}

/* --- construction --- */

/* The task that made it: the host of its side. NULL: none, or itself. */
static const struct look_task *maker_of(const struct look *look, const struct look_task *task)
{
	const struct look_task *other;

	vec_each (other, &look->tasks)
		if (other->side == task->side && other->worker == WORKER_HOST &&
			other->tid == other->pid && other->tid != task->tid)
			return other;
	return NULL;
}

/* The flags it was made with; false: not known. */
static bool flags_of(const struct sample *crews, const struct look_task *task, uint64_t *ret)
{
	const struct worker_sample *worker = look_report(crews, task->tid);

	if (!worker)
		return false;
	*ret = worker->clone_flags;
	if (!*ret && worker->pid != worker->tid)
		*ret = PTHREAD_FLAGS;
	return true;
}

enum relation { RELATION_UNKNOWN, RELATION_OWN, RELATION_SHARED };

static enum relation relation_to(const struct sample *crews, const struct look_task *task,
	const struct look_task *maker, enum resource resource)
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

static size_t index_of(const struct look *look, const struct look_task *task)
{
	return (size_t)(task - look->tasks.at);
}

/* The number of what the maker hands on; 0: none that is known. The maker itself may have ended and let go of it: those it
 * was handed on to still have it together. */
static int16_t handed_on(struct look *look, struct sharing_sample *rows,
	const struct look_task *maker, enum resource resource, int16_t *next)
{
	const size_t at = index_of(look, maker);

	if (look->numbers.at[at] > 0)
		return look->numbers.at[at];
	/* clone(CLONE_IO) of a task without an I/O context hands on nothing; clone(CLONE_SYSVSEM) makes the undo list. */
	if (resource == RESOURCE_IO)
		return 0;
	look->numbers.at[at] = ++*next;
	if (!look_is_ended(maker)) {
		rows[at].object[resource] = look->numbers.at[at];
		rows[at].how[resource] = HOW_CONSTRUCTION;
	}
	return look->numbers.at[at];
}

static void conclude(struct look *look, const struct sample *crews, struct sharing_sample *rows,
	size_t i, enum resource resource, int16_t *next)
{
	const struct look_task *task = &look->tasks.at[i], *maker = maker_of(look, task);
	enum relation relation = maker ? relation_to(crews, task, maker, resource) : RELATION_OWN;
	bool maybe_none = resource == RESOURCE_SEMUNDO || resource == RESOURCE_IO, seen;
	int16_t number;

	if (relation == RELATION_UNKNOWN || (maybe_none && !maker))
		return;
	seen = maker && !look_is_ended(maker) && differ(look, task, maker, resource);
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
		number = handed_on(look, rows, maker, resource, next);
	else
		number = ++*next;
	if (number == 0)
		return;
	if (!maker)
		look->numbers.at[i] = number;
	rows[i].object[resource] = number;
	rows[i].how[resource] = seen ? HOW_BEHAVIOUR : HOW_CONSTRUCTION;
}

/* As kcmp's are: in the order of the rows. */
static void renumber(
	struct look *look, struct sharing_sample *rows, size_t n, enum resource resource)
{
	int16_t next = 0;

	look_make_room(look, n);
	for (size_t i = 0; i < n; i++) {
		int16_t *object = &rows[i].object[resource], *number;

		if (*object <= 0 || (size_t)*object > n)
			continue;
		number = &look->numbers.at[*object - 1];
		if (*number < 0)
			*number = ++next;
		*object = *number;
	}
}

void sharing_conclude(
	struct look *look, const struct sample *crews, struct sharing_sample *rows, size_t n)
{
	for (int resource = 0; resource < RESOURCES; resource++) {
		int16_t next = 0;

		if (resource == RESOURCE_NAMESPACES)
			continue;
		look_make_room(look, n);
		/* Hosts first: the others are compared with them. */
		for (int pass = 0; pass < 2; pass++)
			for (size_t i = 0; i < n; i++) {
				const struct look_task *task = &look->tasks.at[i];
				bool first = maker_of(look, task) == NULL;

				if (first == (pass == 0) && !look_is_ended(task))
					conclude(look, crews, rows, i, (enum resource)resource,
						&next);
			}
		renumber(look, rows, n, (enum resource)resource);
	}
}
