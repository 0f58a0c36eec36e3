/* SPDX-License-Identifier: MIT
 * Reads what each blocked task waits for, and who has to end that. It reads files: it stops nothing and writes no memory.
 * An owner is named only if two looks say the same, and if that task lives and has what is waited for.
 */
#include "edges.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

struct edges *edges_create(struct probe_area *area, int root)
{
	struct edges *edges = xcalloc(1, sizeof(*edges));

	edges->area = area;
	edges->root = root;
	return edges;
}

/* --- what was seen before --- */

static void forget_unused(struct edges *edges)
{
	for (size_t i = edges->seen_n; i-- > 0;) {
		struct edge_seen *seen = &edges->seen[i];

		for (int file = 0; file < EDGE_FILES && !seen->used; file++)
			close_fd(&seen->fd[file]);
		if (!seen->used)
			*seen = edges->seen[--edges->seen_n];
	}
}

/* Of a waiter, new if it is none of those. They come in the same order, turn after turn. */
static struct edge_seen *find_seen(struct edges *edges, const struct peek_waiter *waiter)
{
	struct edge_seen *seen;

	for (size_t i = 0; i < edges->seen_n; i++) {
		const size_t at = (edges->next + i) % edges->seen_n;

		seen = &edges->seen[at];
		if (seen->tid != waiter->tid || seen->pid != waiter->pid)
			continue;
		edges->next = at + 1;
		seen->used = true;
		return seen;
	}
	if (edges->seen_n == PEEK_WAITERS_MAX)
		forget_unused(edges);
	seen = &edges->seen[edges->seen_n++];
	*seen = (struct edge_seen) {
		.pid = waiter->pid, .tid = waiter->tid, .used = true, .fd = { -1, -1, -1 }
	};
	return seen;
}

/* --- memory --- */

/* The mapping that an address is in; of a file, the place in it. */
struct place {
	uint64_t address; /* 0: any that has the file's place */
	uint64_t inode, offset; /* inode 0: private memory */
	uint32_t dev_major, dev_minor;
	bool found;
};

static bool visit_mapping(void *context, const struct mapping_sample *mapping)
{
	struct place *place = context;

	if (place->address) {
		place->found = place->address >= mapping->start && place->address < mapping->end;
		if (place->found && mapping->perms[3] == 's') {
			place->inode = mapping->inode;
			place->offset = mapping->offset + place->address - mapping->start;
			place->dev_major = mapping->dev_major;
			place->dev_minor = mapping->dev_minor;
		}
		return !place->found;
	}
	place->found = mapping->inode == place->inode && mapping->dev_major == place->dev_major &&
		       mapping->dev_minor == place->dev_minor && place->offset >= mapping->offset &&
		       place->offset - mapping->offset < mapping->end - mapping->start;
	return !place->found;
}

static void find_place(struct edges *edges, int32_t pid, int32_t tid, struct place *place)
{
	area_enter(edges->area, pid);
	const ssize_t len = io_read_file(IO_EDGE, edges->root, edges->maps, sizeof(edges->maps),
		NULL, "%d/task/%d/maps", (int)pid, (int)tid);

	if (len > 0)
		parse_smaps(edges->maps, (size_t)len, visit_mapping, place);
}

static ssize_t read_memory(
	struct edges *edges, struct edge_seen *seen, void *into, size_t size, uint64_t at)
{
	return kept_read(&seen->fd[EDGE_MEM], IO_EDGE, into, size, at, edges->root,
		"%d/task/%d/mem", (int)seen->pid, (int)seen->tid);
}

/* Whether the word stands behind a link of a list, whose neighbours point back to it: glibc has all blocks of threads in one,
 * and the number of the thread behind its link. */
static bool is_thread_block(struct edges *edges, struct edge_seen *seen, uint64_t address)
{
	const uint64_t link = address - 16;
	uint64_t at[2], next_back = 0, before_on = 0; /* the link: next, previous */

	return address % 8 == 0 &&
	       read_memory(edges, seen, at, sizeof(at), link) == (ssize_t)sizeof(at) &&
	       read_memory(edges, seen, &next_back, 8, at[0] + 8) == 8 && next_back == link &&
	       read_memory(edges, seen, &before_on, 8, at[1]) == 8 && before_on == link;
}

/* Words of one page: the next one may not be there, and reading would bring it in. 0, or why there are none. */
static int read_words(
	struct edges *edges, struct edge_seen *seen, uint64_t address, struct edge_words *words)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), at = address % page;
	const size_t room = (size_t)MIN((page - at) / 4, (uint64_t)EDGE_WORDS),
		     before = at < 4 ? 0 : 1;
	uint32_t bytes[EDGE_WORDS + 1];
	const ssize_t len =
		read_memory(edges, seen, bytes, (before + room) * 4, address - before * 4);

	/* A kept descriptor is bound to memory that is gone after an exec: it is opened again next time. */
	if (len == 0)
		close_fd(&seen->fd[EDGE_MEM]);
	words->n = MAX((int)(len / 4) - (int)before, 0);
	words->before = before && len >= 4 ? bytes[0] : UINT32_MAX;
	memcpy(words->at, bytes + before, (size_t)words->n * 4);
	return len < 0 ? (int)-len : 0;
}

static bool equal_words(const struct edge_words *a, const struct edge_words *b)
{
	return a->n == b->n && a->before == b->before &&
	       memcmp(a->at, b->at, (size_t)a->n * 4) == 0;
}

/* --- futexes --- */

static ssize_t read_call(struct edges *edges, struct edge_seen *seen, struct syscall_fields *ret)
{
	char text[256];
	const ssize_t len = kept_read(&seen->fd[EDGE_CALL], IO_EDGE_CALL, text, sizeof(text), 0,
		edges->root, "%d/task/%d/syscall", (int)seen->pid, (int)seen->tid);

	return len < 0 ? len : parse_syscall(text, (size_t)len, ret);
}

static uint64_t object_of(uint64_t a, uint64_t b, uint64_t c)
{
	const uint64_t key[] = { a, b, c };

	return hash_bytes(key, sizeof(key), 0);
}

/* Names the owner, if he lives and has the word. */
static void name_owner(struct edges *edges, struct edge_seen *seen, const struct place *place,
	int32_t named, struct edge_sample *row)
{
	const int32_t tid = edge_translate(edges, seen, named);
	struct place same = *place;
	const ssize_t len = tid ? edge_status(edges, tid, tid) : 0;
	const int64_t pid = edge_status_number(edges, len, "Tgid", NULL);

	same.address = 0;
	same.found = false;
	row->why = EDGE_OWNER_GONE;
	if (len <= 0 || pid <= 0 || edge_has_ended(edges, len))
		return;
	if (pid != seen->pid && place->inode)
		find_place(edges, (int32_t)pid, tid, &same);
	row->why = EDGE_OWNER_APART;
	if (pid != seen->pid && !same.found)
		return;
	row->why = EDGE_NAMED;
	row->owner = tid;
}

static bool equal_calls(const struct syscall_fields *a, const struct syscall_fields *b)
{
	return a->number == b->number && a->sp == b->sp && a->pc == b->pc &&
	       memcmp(a->argument, b->argument, sizeof(a->argument)) == 0;
}

/* Reads the words twice, with the call between: what changes meanwhile names nobody. */
static struct edge_guess guess(
	struct edges *edges, struct edge_seen *seen, const struct syscall_fields *call)
{
	struct edge_sample *row = &seen->row;
	struct edge_words *words = &seen->words, again = { 0 };
	struct syscall_fields then = { 0 };
	const int error = read_words(edges, seen, row->address, words);

	if (error)
		refusal_gap(&edges->slot->head, edges->root, seen->pid, "mem", error);
	words->thread_block = words->n && is_thread_block(edges, seen, row->address);
	const struct edge_guess first = edge_guess_futex(call, words);

	row->switches = first.tid ? edge_switches(edges, seen) : UNKNOWN;
	if (first.tid && (read_call(edges, seen, &then) < 0 || !equal_calls(&then, call)))
		row->why = EDGE_CHANGED;
	read_words(edges, seen, row->address, &again);
	if (!equal_words(words, &again))
		row->why = EDGE_CHANGED;
	return first;
}

static void read_futex(struct edges *edges, struct edge_seen *seen,
	const struct syscall_fields *call, struct edge_sample *row)
{
	struct place place = { .address = call->argument[0] };

	row->address = call->argument[0];
	row->why = EDGE_NAMED;
	const struct edge_guess first = guess(edges, seen, call);

	row->kind = (int16_t)first.kind;
	row->timed = first.timed;
	if (!(call->argument[1] & FUTEX_PRIVATE_FLAG))
		find_place(edges, seen->pid, seen->tid, &place);
	row->object = place.inode ? object_of(place.inode, place.offset,
					    (uint64_t)place.dev_major << 32 | place.dev_minor)
				  : object_of((uint64_t)seen->pid, row->address, 0);
	if (!first.tid)
		row->why = (int16_t)first.why;
	else if (row->why == EDGE_NAMED)
		name_owner(edges, seen, &place, first.tid, row);
}

/* --- what is not memory --- */

/* Of a process with several threads any can end what it has: none is named. */
static void name_process(
	struct edges *edges, struct edge_seen *seen, int32_t pid, struct edge_sample *row)
{
	const ssize_t len = edge_status(edges, pid, pid);

	row->why = EDGE_OWNER_GONE;
	if (len <= 0 || edge_has_ended(edges, len))
		return;
	row->why = EDGE_ANY;
	if (edge_status_number(edges, len, "Threads", NULL) != 1)
		return;
	row->why = EDGE_NAMED;
	row->owner = pid;
	row->switches = edge_switches(edges, seen);
}

/* The only child of a task that waits for any; 0: there are none, several, or no list of them. */
static int32_t only_child(struct edges *edges, struct edge_seen *seen)
{
	char text[64];
	const ssize_t len = io_read_file(IO_EDGE, edges->root, text, sizeof(text) - 1, NULL,
		"%d/task/%d/children", (int)seen->pid, (int)seen->tid);
	const ssize_t status = edge_status(edges, seen->pid, seen->tid);

	if (len <= 0 || edge_status_number(edges, status, "Threads", NULL) != 1)
		return 0;
	text[len] = '\0';
	char *end;
	const long pid = strtol(text, &end, 10);

	return end[strspn(end, " \n")] ? 0 : (int32_t)pid;
}

static void read_child(struct edges *edges, struct edge_seen *seen,
	const struct syscall_fields *call, struct edge_sample *row)
{
	const bool by_id = call->number == SYS_waitid; /* waitid(P_PID 1 or P_ALL 0, id) */
	const int64_t wanted = by_id ? (call->argument[0] == 1 ? (int64_t)call->argument[1] : -1)
				     : (int32_t)call->argument[0];
	const int32_t pid =
		wanted > 0 ? edge_translate(edges, seen, (int32_t)wanted) : only_child(edges, seen);

	row->kind = EDGE_CHILD;
	row->object = object_of((uint64_t)seen->pid, (uint64_t)wanted, EDGE_CHILD);
	row->why = EDGE_ANY;
	if (pid > 0)
		name_process(edges, seen, pid, row);
}

static uint64_t inode_of(struct edges *edges, struct edge_seen *seen, int fd)
{
	char text[512];
	const ssize_t len = io_read_file(IO_EDGE, edges->root, text, sizeof(text), NULL,
		"%d/task/%d/fdinfo/%d", (int)seen->pid, (int)seen->tid, fd);
	const int64_t inode = edge_number(text, (size_t)MAX(len, 0), "ino", NULL);

	return inode > 0 ? (uint64_t)inode : 0;
}

static void read_file_lock(struct edges *edges, struct edge_seen *seen,
	const struct syscall_fields *call, struct edge_sample *row)
{
	const uint64_t inode = inode_of(edges, seen, (int)call->argument[0]);

	if (edges->locks_len == UNKNOWN)
		edges->locks_len = io_read_file(
			IO_EDGE, edges->root, edges->locks, sizeof(edges->locks), NULL, "locks");
	bool of_file = false;
	const int32_t pid = edge_find_locker(
		edges->locks, (size_t)MAX(edges->locks_len, 0), seen->pid, inode, &of_file);

	row->kind = EDGE_FILE_LOCK;
	row->object = object_of(inode, EDGE_FILE_LOCK, 0);
	row->why = EDGE_NO_OWNER;
	if (pid && (!of_file || edge_holds_alone(edges, pid, inode)))
		name_process(edges, seen, pid, row);
}

/* Of a descriptor that is neither of a pipe nor of a socket, nobody has the other end. */
static void read_stream(struct edges *edges, struct edge_seen *seen,
	const struct syscall_fields *call, struct edge_sample *row)
{
	char link[64];
	unsigned long long inode;
	const ssize_t len = io_link(IO_EDGE, edges->root, link, sizeof(link), "%d/task/%d/fd/%d",
		(int)seen->pid, (int)seen->tid, (int)call->argument[0]);
	const bool socket = len > 0 && sscanf(link, "socket:[%llu]", &inode) == 1;

	if (len <= 0 || (!socket && sscanf(link, "pipe:[%llu]", &inode) != 1))
		return;
	row->kind = socket ? EDGE_SOCKET : EDGE_PIPE;
	row->object = object_of(inode, (uint64_t)row->kind, 0);
	row->why = EDGE_FAR_END;
}

/* --- a turn --- */

static const struct {
	long number;
	void (*read)(struct edges *edges, struct edge_seen *seen, const struct syscall_fields *call,
		struct edge_sample *row);
} waiting_calls[] = {
	{ SYS_futex, read_futex },
	{ SYS_wait4, read_child },
	{ SYS_waitid, read_child },
	{ SYS_flock, read_file_lock },
	{ SYS_fcntl, read_file_lock },
	{ SYS_read, read_stream },
	{ SYS_readv, read_stream },
	{ SYS_write, read_stream },
	{ SYS_writev, read_stream },
	{ SYS_recvfrom, read_stream },
	{ SYS_recvmsg, read_stream },
	{ SYS_sendto, read_stream },
	{ SYS_sendmsg, read_stream },
};

/* Fills the row, if the call is a wait for a thing. */
static void read_wait(struct edges *edges, struct edge_seen *seen,
	const struct syscall_fields *call, struct edge_sample *row)
{
	size_t i = 0;

	while (i < ARRAY_LEN(waiting_calls) && waiting_calls[i].number != call->number)
		i++;
	if (i == ARRAY_LEN(waiting_calls))
		return;
	if (call->number == SYS_fcntl && call->argument[1] != F_SETLKW &&
		call->argument[1] != F_OFD_SETLKW)
		return;
	waiting_calls[i].read(edges, seen, call, row);
}

/* Whether all that was read is as it was: then the row holds, and only the switches are counted anew. */
static bool is_as_before(
	struct edges *edges, struct edge_seen *seen, const struct syscall_fields *call)
{
	struct edge_sample *row = &seen->row;
	struct edge_words words = { 0 };

	if (!row->tid || row->why == EDGE_CHANGED || !equal_calls(call, &seen->call))
		return false;
	if (row->kind == EDGE_NONE)
		return true;
	if (call->number != SYS_futex || read_words(edges, seen, row->address, &words) ||
		!words.n || !equal_words(&words, &seen->words))
		return false;
	if (row->owner <= 0)
		return true;
	row->switches = edge_switches(edges, seen);
	const ssize_t len = edge_status(edges, row->owner, row->owner);

	return len > 0 && !edge_has_ended(edges, len);
}

static void read_anew(
	struct edges *edges, struct edge_seen *seen, const struct syscall_fields *call)
{
	record_clear(&edge_record, &seen->row);
	seen->row.pid = seen->pid;
	seen->row.tid = seen->tid;
	seen->row.kind = EDGE_NONE;
	seen->row.why = EDGE_FOR_NOBODY;
	seen->call = *call;
	read_wait(edges, seen, call, &seen->row);
}

static void look_at(struct edges *edges, const struct peek_waiter *waiter)
{
	struct edge_seen *seen = find_seen(edges, waiter);
	struct syscall_fields call;
	const nsec at = nsec_monotonic();
	const ssize_t error = read_call(edges, seen, &call);

	if (error < 0)
		refusal_gap(&edges->slot->head, edges->root, seen->pid, "syscall", (int)-error);
	if (error < 0 || call.number < 0) {
		seen->row.tid = 0;
		return;
	}
	if (!is_as_before(edges, seen, &call))
		read_anew(edges, seen, &call);
	struct edge_sample *row = &edges->slot->edge[edges->slot->edges++];

	*row = seen->row;
	row->side = waiter->side;
	row->worker = waiter->worker;
	row->at_ns = at;
}

void edges_serve(struct edges *edges, const struct peek_request *wanted,
	const struct probe_request *request, struct peek_slot *slot)
{
	edges->request = request;
	edges->slot = slot;
	edges->locks_len = UNKNOWN;
	edges->next = 0;
	for (size_t i = 0; i < edges->seen_n; i++)
		edges->seen[i].used = false;
	for (uint32_t i = 0; i < wanted->waiters; i++) {
		if (area_is_quiet(request, wanted->waiter[i].pid))
			continue;
		area_enter(edges->area, wanted->waiter[i].pid);
		look_at(edges, &wanted->waiter[i]);
	}
	area_enter(edges->area, 0);
	forget_unused(edges);
}
