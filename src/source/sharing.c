/* SPDX-License-Identifier: MIT
 * The matrix of who shares what: kernel objects numbered by kcmp(2), namespaces by their links. "None at all" is told from
 * "the same", for kcmp compares pointers, and two tasks without an object have equal ones.
 */
#include <linux/kcmp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reader.h"

static const int kcmp_type[RESOURCES] = {
	[RESOURCE_MEMORY] = KCMP_VM,
	[RESOURCE_FILES] = KCMP_FILES,
	[RESOURCE_FS] = KCMP_FS,
	[RESOURCE_HANDLERS] = KCMP_SIGHAND,
	[RESOURCE_SEMUNDO] = KCMP_SYSVSEM,
	[RESOURCE_IO] = KCMP_IO,
	[RESOURCE_NAMESPACES] = -1,
};

/* --- objects that may be missing --- */

#define ASKED_MAX 64

/* What a fresh child compares with itself. It has neither an undo list nor an I/O context: it was made without
 * CLONE_SYSVSEM and CLONE_IO, and did nothing since. */
struct asking {
	size_t n;
	int error; /* of one that was refused; 0 */
	struct {
		int32_t tid;
		int type;
		bool is_none;
	} question[ASKED_MAX];
};

static int ask_as_nobody(void *context)
{
	struct asking *asking = context;
	int32_t tid[2] = { (int32_t)syscall(SYS_getpid) };

	for (size_t i = 0; i < asking->n; i++) {
		int order = -1, error;

		tid[1] = asking->question[i].tid;
		error = io_kcmp(
			IO_KCMP_NONE, tid, asking->question[i].type, (int32_t[2]) { 0 }, &order);
		if (error && error != -ESRCH)
			asking->error = error;
		asking->question[i].is_none = order == 0;
	}
	return 0;
}

/* Runs the questions in a child that borrows our memory and ends before we go on, as vfork's does: no page is copied, no
 * SIGCHLD is sent. 0 or -errno. */
static int ask(struct asking *asking)
{
	_Alignas(16) char stack[16384];
	sigset_t all, before;

	if (asking->n == 0)
		return 0;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	int pid = (int)IO_CALL(IO_KCMP_CHILD,
		clone(ask_as_nobody, stack + sizeof(stack), CLONE_VM | CLONE_VFORK, asking));
	if (pid > 0)
		while (waitpid(pid, NULL, __WCLONE) < 0 && errno == EINTR)
			;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid < 0 ? pid : asking->error;
}

/* Of one column, which of the objects is none: asked of the first row that has each. */
static void add_questions(
	struct asking *asking, const struct sharing_sample *rows, size_t n, enum resource resource)
{
	int16_t last = 0;

	for (size_t i = 0; i < n && asking->n < ASKED_MAX; i++) {
		if (rows[i].object[resource] <= last)
			continue; /* unknown, or seen: numbers ascend in the order of their first */
		last = rows[i].object[resource];
		asking->question[asking->n].tid = rows[i].tid;
		asking->question[asking->n++].type = kcmp_type[resource];
	}
}

static int16_t number_of(const struct sharing_sample *rows, size_t n, int32_t tid, int resource)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].tid == tid)
			return rows[i].object[resource];
	return -1;
}

/* Takes the number of "none" out of a column: those rows get 0, and the numbers above move down. */
static void mark_none(struct sharing_sample *rows, size_t n, enum resource resource, int16_t none)
{
	for (size_t i = 0; i < n; i++) {
		if (rows[i].object[resource] == none)
			rows[i].object[resource] = 0;
		else if (rows[i].object[resource] > none)
			rows[i].object[resource]--;
	}
}

static void tell_none_from_shared(struct sharing_sample *rows, size_t n, struct sample *sample)
{
	static const enum resource maybe[] = { RESOURCE_SEMUNDO, RESOURCE_IO };
	struct asking asking = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(maybe); i++)
		add_questions(&asking, rows, n, maybe[i]);
	int error = ask(&asking);
	for (size_t i = 0; error && i < n; i++) {
		rows[i].object[RESOURCE_SEMUNDO] = rows[i].object[RESOURCE_IO] = -1;
		rows[i].how[RESOURCE_SEMUNDO] = rows[i].how[RESOURCE_IO] = HOW_UNKNOWN;
	}
	if (error)
		sample_gap(sample, 0, "kcmp none", -error,
			"nothing to compare with: not allocated looks like shared");
	for (size_t i = 0; !error && i < asking.n; i++) {
		enum resource resource =
			asking.question[i].type == KCMP_IO ? RESOURCE_IO : RESOURCE_SEMUNDO;
		int16_t none = number_of(rows, n, asking.question[i].tid, (int)resource);

		if (asking.question[i].is_none && none > 0)
			mark_none(rows, n, resource, none);
	}
}

/* --- kcmp --- */

struct comparing {
	const struct reader_task *tasks;
	struct sample *sample;
	int type;
};

static int compare_objects(void *context, size_t a, size_t b, int *ret_order)
{
	struct comparing *comparing = context;
	const int32_t tid[2] = { comparing->tasks[a].tid, comparing->tasks[b].tid };
	int error = io_kcmp(IO_KCMP, tid, comparing->type, (int32_t[2]) { 0 }, ret_order);

	if (error)
		reader_refused(&comparing->tasks[a], "kcmp", -error, comparing->sample);
	return error;
}

/* Numbers a column anew, 1, 2, ... in the order of the first row of each: those of ended tasks left gaps. old: room for
 * as many as there are numbers. */
static void close_gaps(struct sharing_sample *rows, size_t n, enum resource resource, size_t *old)
{
	int16_t next = 0;

	for (size_t i = 0; i < n; i++)
		old[i] = 0;
	for (size_t i = 0; i < n; i++) {
		int16_t number = rows[i].object[resource];

		if (number <= 0)
			continue;
		if (!old[number - 1])
			old[number - 1] = (size_t)++next;
		rows[i].object[resource] = (int16_t)old[number - 1];
	}
}

static void number_column(struct evidence_reader *reader, enum resource resource,
	struct sharing_sample *rows, size_t n, struct sample *sample)
{
	struct comparing comparing = { reader->tasks.at, sample, kcmp_type[resource] };

	reader_make_room(reader, n);
	objects_number(n, compare_objects, &comparing, reader->numbers.at, reader->room.at);
	for (size_t i = 0; i < n; i++) {
		int16_t number = reader_is_ended(&reader->tasks.at[i]) ? -1 : reader->numbers.at[i];

		rows[i].object[resource] = number;
		rows[i].how[resource] = number > 0 ? HOW_KERNEL : HOW_UNKNOWN;
	}
	close_gaps(rows, n, resource, reader->room.at);
}

/* --- namespaces --- */

struct links {
	char text[8][40]; /* "mnt:[4026531841]" */
	int error;
};

static void read_links(const struct reader_task *task, struct links *ret)
{
	static const char *const names[] = { "cgroup", "ipc", "mnt", "net", "pid", "time", "user",
		"uts" };

	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		ssize_t len = io_link(IO_NAMESPACE, task->process->dir, ret->text[i],
			sizeof(ret->text[i]), "%d/ns/%s", (int)task->tid, names[i]);

		/* One that this kernel does not have is missing with all. */
		if (len < 0 && len != -ENOENT)
			ret->error = (int)-len;
		else if (len >= 0 && (len == 0 || ret->text[i][len - 1] != ']'))
			ret->error = EINVAL;
	}
}

#define NAMESPACE_TASKS_MAX 512

/* Equal sets get equal numbers. Quadratic only in the number of different sets, of which there is mostly one. */
static void number_namespaces(struct evidence_reader *reader, struct sharing_sample *rows, size_t n,
	struct sample *sample)
{
	struct links links[8], now;
	int16_t sets = 0, set;

	for (size_t i = 0; i < MIN(n, (size_t)NAMESPACE_TASKS_MAX); i++) {
		const struct reader_task *task = &reader->tasks.at[i];

		if (reader_is_ended(task))
			continue;
		read_links(task, &now);
		if (now.error) {
			reader_refused(task, "ns", now.error, sample);
			continue;
		}
		for (set = 0; set < sets && memcmp(&links[set], &now, sizeof(now)) != 0;)
			set++;
		if (set == (int16_t)ARRAY_LEN(links))
			continue;
		links[set] = now;
		sets = MAX(sets, (int16_t)(set + 1));
		rows[i].object[RESOURCE_NAMESPACES] = (int16_t)(set + 1);
		rows[i].how[RESOURCE_NAMESPACES] = HOW_KERNEL;
	}
}

/* --- the matrix --- */

static void start_row(const struct reader_task *task, const struct worker_sample *worker, nsec now,
	struct sharing_sample *row)
{
	record_clear(&sharing_record, row);
	READER_ROW(row, task);
	row->clone_flags = worker ? worker->clone_flags : 0;
	row->at_ns = now;
}

static int kcmp_refusal(void)
{
	const int32_t self = getpid();
	int order;

	return io_kcmp(
		IO_KCMP_SELF, (int32_t[2]) { self, self }, KCMP_VM, (int32_t[2]) { 0 }, &order);
}

static void sharing_read(
	struct evidence_reader *reader, const struct sample *crews, nsec now, struct sample *sample)
{
	size_t n = reader->tasks.n;
	int error = kcmp_refusal();
	char reason[96];

	for (size_t i = 0; i < n; i++)
		start_row(&reader->tasks.at[i], reader_report(crews, reader->tasks.at[i].tid), now,
			vec_push(&sample->sharing));
	struct sharing_sample *rows = sample->sharing.at;
	number_namespaces(reader, rows, n, sample);
	if (error) {
		snprintf(reason, sizeof(reason),
			"kcmp is refused (%s): shown is what clone flags and files say",
			strerror(-error));
		sample_gap(sample, 0, "kcmp", -error, reason);
		sharing_conclude(reader, crews, rows, n);
		return;
	}
	for (int resource = 0; resource < RESOURCES; resource++)
		if (kcmp_type[resource] >= 0)
			number_column(reader, (enum resource)resource, rows, n, sample);
	tell_none_from_shared(rows, n, sample);
}

const struct task_reader reader_sharing = { &sharing_record, sharing_read };
