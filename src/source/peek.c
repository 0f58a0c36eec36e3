/* SPDX-License-Identifier: MIT
 * Looks into other processes' memory without touching it. pagemap never changes a page. /proc/PID/mem does not either, if
 * the page is there: an absent one would be brought in, so that is asked first; and unlike process_vm_readv it leaves a page
 * that copy-on-write shares shared. Nothing is stopped, and nothing here runs in the task that is looked at.
 */
#include <unistd.h>

#include "peek.h"

#define CHUNK 8192 /* entries of pagemap at once: 32 MB of pages */
#define MAPS_TEXT_MAX (256u << 10)
#define KEPT_MAX 320 /* descriptors of tasks */

enum peek_file { PEEK_PAGEMAP, PEEK_MEM, PEEK_FILES };
static const enum io_site peek_site[PEEK_FILES] = {
	[PEEK_PAGEMAP] = IO_PAGEMAP, [PEEK_MEM] = IO_MEM
};

/* The kept descriptors of one task. They are bound to the memory that it had when they were opened. */
struct peek_task {
	int32_t pid, tid;
	bool used; /* in this round */
	int fd[PEEK_FILES];
};

struct peek {
	struct probe_area *area;
	int root;
	uint64_t page_size;
	size_t kept_n;
	struct peek_task kept[KEPT_MAX];
	const struct probe_request *request;
	struct peek_slot *slot;
	struct symbols *symbols;
	int32_t maps_pid; /* whose maps are in text; 0 none */
	size_t maps_len;
	uint64_t entry[CHUNK];
	char text[MAPS_TEXT_MAX];
};

struct peek *peek_create(struct probe_area *area, int root)
{
	struct peek *peek = xcalloc(1, sizeof(*peek));

	peek->area = area;
	peek->root = root;
	peek->page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	peek->symbols = symbols_create();
	return peek;
}

/* --- kept descriptors --- */

static void close_task(struct peek_task *task)
{
	for (int i = 0; i < PEEK_FILES; i++)
		close_fd(&task->fd[i]);
}

static struct peek_task *keep(struct peek *peek, int32_t pid, int32_t tid)
{
	struct peek_task *task;

	for (size_t i = 0; i < peek->kept_n; i++) {
		task = &peek->kept[i];
		if (task->tid == tid && task->pid == pid)
			goto found;
	}
	if (peek->kept_n == KEPT_MAX)
		return NULL;
	task = &peek->kept[peek->kept_n++];
	*task = (struct peek_task) { .pid = pid, .tid = tid, .fd = { -1, -1 } };
found:
	task->used = true;
	return task;
}

static void forget_unused(struct peek *peek)
{
	for (size_t i = peek->kept_n; i-- > 0;) {
		if (peek->kept[i].used)
			continue;
		close_task(&peek->kept[i]);
		peek->kept[i] = peek->kept[--peek->kept_n];
	}
	for (size_t i = 0; i < peek->kept_n; i++)
		peek->kept[i].used = false;
}

/* All of [at, at + size) of a task's file. 0; -ESRCH, -ENODATA: no memory (any more); else -errno. */
static int read_at(struct peek *peek, struct peek_task *task, enum peek_file file, void *into,
	size_t size, uint64_t at)
{
	enum io_site site = peek_site[file];
	bool kept = task->fd[file] >= 0;
	ssize_t len;

	/* A kept descriptor may be bound to memory that is gone: after exec there is a new one. */
	do {
		len = kept_read(&task->fd[file], site, into, size, at, peek->root, "%d/task/%d/%s",
			(int)task->pid, (int)task->tid, io_name(site));
		if (len == 0)
			close_fd(&task->fd[file]);
	} while ((len == 0 || len == -ESRCH) && kept && !(kept = false));
	if (len < 0)
		return (int)len;
	if (len == 0)
		return -ENODATA;
	return (size_t)len == size ? 0 : -EINVAL;
}

/* --- pages --- */

typedef void page_visit(void *context, const uint64_t *entry, size_t n);

/* Visits every page's entry of [start, end), in chunks. 0 or -errno. */
static int visit_pages(struct peek *peek, struct peek_task *task, uint64_t start, uint64_t end,
	page_visit *each, void *context)
{
	int error = 0;

	for (uint64_t page = start / peek->page_size, last = end / peek->page_size;
		page < last && !error;) {
		size_t n = MIN((uint64_t)CHUNK, last - page);

		error = read_at(
			peek, task, PEEK_PAGEMAP, peek->entry, n * sizeof(uint64_t), page * 8);
		if (!error)
			each(context, peek->entry, n);
		page += n;
	}
	return error;
}

static bool is_present(enum page_state state)
{
	return state == PAGE_OWN || state == PAGE_SHARED || state == PAGE_FILE;
}

struct showing {
	struct peek_slot *slot;
	struct pages_sample *row;
	bool frames; /* a frame number was seen */
	bool present;
};

static void show_pages(void *context, const uint64_t *entry, size_t n)
{
	struct showing *showing = context;
	struct peek_slot *slot = showing->slot;

	for (size_t i = 0; i < n; i++) {
		enum page_state state = pagemap_state(entry[i]);
		int64_t frame = pagemap_frame(entry[i]);

		slot->state[slot->states + i] = (uint8_t)state;
		slot->frame[slot->states + i] = frame;
		showing->row->count[state]++;
		showing->frames |= frame != UNKNOWN;
		showing->present |= is_present(state);
	}
	slot->states += (uint32_t)n;
}

static void show_range(struct peek *peek, struct peek_task *task, const struct peek_range *range)
{
	struct peek_slot *slot = peek->slot;
	struct pages_sample *row = &slot->page[slot->pages];
	struct showing showing = { .slot = slot, .row = row };
	uint64_t n = (range->end - range->start) / peek->page_size;

	if (slot->pages == RANGES_MAX || n > RANGE_PAGES_MAX - slot->states) {
		area_gap(&peek->slot->head, range->pid, "pages", E2BIG,
			"more than 1 GB of pages in all: the rest is left out");
		return;
	}
	record_clear(&pages_record, row);
	row->pid = range->pid;
	row->side = range->side;
	row->worker = range->worker;
	memcpy(row->name, range->name, sizeof(row->name));
	row->start = range->start;
	row->page_kb = (int32_t)(peek->page_size / 1024);
	row->pages = (int32_t)n;
	row->first = slot->states;
	row->at_ns = nsec_monotonic();
	int error = visit_pages(peek, task, range->start, range->end, show_pages, &showing);
	if (error) {
		slot->states = row->first;
		refusal_gap(&peek->slot->head, peek->root, range->pid, "pagemap", -error);
		return;
	}
	row->first_frame = showing.frames || !showing.present ? (int32_t)row->first : -1;
	if (row->first_frame < 0)
		area_gap(&peek->slot->head, range->pid, "frames", EPERM,
			"frame numbers need root (CAP_SYS_ADMIN)");
	slot->pages++;
}

static void count_pages(void *context, const uint64_t *entry, size_t n)
{
	int64_t *present = context;

	for (size_t i = 0; i < n; i++)
		*present += is_present(pagemap_state(entry[i]));
}

static void count_stack(struct peek *peek, struct peek_task *task, const struct peek_range *range)
{
	int64_t present = 0;
	int error = visit_pages(peek, task, range->start, range->end, count_pages, &present);

	if (error)
		refusal_gap(&peek->slot->head, peek->root, range->pid, "pagemap", -error);
	else if (peek->slot->stacks < PEEK_STACKS_MAX)
		peek->slot->stack[peek->slot->stacks++] = (struct peek_stack) { .pid = range->pid,
			.tid = range->tid,
			.resident_kb = present * (int64_t)(peek->page_size / 1024) };
}

static void serve_range(struct peek *peek, const struct peek_range *range)
{
	struct peek_task *task = keep(peek, range->pid, range->tid ? range->tid : range->via);

	if (task && range->tid)
		count_stack(peek, task, range);
	else if (task)
		show_range(peek, task, range);
}

/* --- one address --- */

static size_t size_of(enum pointer_what what)
{
	static const size_t sizes[POINTER_WHATS] = { [POINTER_X] = 48,
		[POINTER_LOCAL] = 8,
		[POINTER_VICTIM] = 40,
		[POINTER_NEIGHBOUR] = 40 };

	return sizes[what];
}

static void store_value(struct pointer_sample *row, const char *bytes)
{
	const char *text = row->what == POINTER_X ? bytes + sizeof(row->value) : bytes;
	size_t room = size_of((enum pointer_what)row->what) - (size_t)(text - bytes);

	memcpy(&row->value, bytes, sizeof(row->value));
	if (row->what != POINTER_LOCAL)
		sample_text(row->text, text, strnlen(text, room));
	row->known = true;
}

/* Only where all pages are there: reading one that is not would bring it in. */
static int read_value(struct peek *peek, struct peek_task *task, struct pointer_sample *row)
{
	size_t size = size_of((enum pointer_what)row->what);
	uint64_t first = row->address / peek->page_size,
		 last = (row->address + size - 1) / peek->page_size, entry[2];
	char bytes[64];
	int error = read_at(peek, task, PEEK_PAGEMAP, entry, (last - first + 1) * 8, first * 8);

	if (error)
		return error;
	row->state = (int16_t)pagemap_state(entry[0]);
	row->frame = pagemap_frame(entry[0]);
	for (uint64_t i = 0; i <= last - first; i++)
		if (!is_present(pagemap_state(entry[i])))
			return 0;
	row->exclusive = pagemap_exclusive(entry[0]);
	error = read_at(peek, task, PEEK_MEM, bytes, size, row->address);
	if (!error)
		store_value(row, bytes);
	else if (error != -ESRCH)
		refusal_gap(&peek->slot->head, peek->root, row->pid, "mem", -error);
	return 0;
}

static void serve_watch(struct peek *peek, const struct peek_watch *watch)
{
	struct pointer_sample *row = &peek->slot->pointer[peek->slot->pointers];
	struct peek_task *task = keep(peek, watch->pid, watch->tid);

	if (!task || watch->what < 0 || watch->what >= POINTER_WHATS ||
		watch->address > UINT64_MAX / 2)
		return;
	record_clear(&pointer_record, row);
	row->pid = watch->pid;
	row->tid = watch->tid;
	row->side = watch->side;
	row->worker = watch->worker;
	row->what = watch->what;
	row->address = watch->address;
	row->at_ns = nsec_monotonic();
	int error = read_value(peek, task, row);
	if (error == -ESRCH || error == -ENOENT)
		return; /* it has ended */
	if (error)
		refusal_gap(&peek->slot->head, peek->root, watch->pid, "pagemap", -error);
	peek->slot->pointers++;
}

/* --- names of program counters --- */

static int load_maps(struct peek *peek, int32_t pid, int32_t tid)
{
	if (peek->maps_pid == pid)
		return 0;
	ssize_t len = io_read_file(IO_PEEK_MAPS, peek->root, peek->text, sizeof(peek->text), NULL,
		"%d/task/%d/maps", (int)pid, (int)tid);
	peek->maps_pid = len > 0 ? pid : 0;
	peek->maps_len = (size_t)MAX(len, 0);
	return (int)MIN(len, 0);
}

struct naming {
	struct peek *peek;
	uint64_t pc;
	char *out;
	size_t size;
};

static bool name_mapping(void *context, const struct mapping_sample *mapping)
{
	struct naming *naming = context;
	uint64_t offset = naming->pc - mapping->start;
	const char *base = strrchr(mapping->path, '/');

	if (naming->pc < mapping->start || naming->pc >= mapping->end)
		return true;
	base = base ? base + 1 : *mapping->path ? mapping->path : "anonymous";
	if (mapping->path[0] == '/' && symbols_name(naming->peek->symbols, mapping->path,
					       offset + mapping->offset, naming->out, naming->size))
		return false;
	if (mapping->path[0] == '/')
		offset += mapping->offset;
	snprintf(naming->out, naming->size, "%.40s+0x%llx", base, (unsigned long long)offset);
	return false;
}

static void name_pc(struct peek *peek, const struct peek_pc *pc)
{
	struct peek_name *named = &peek->slot->name[peek->slot->names];
	struct naming naming = {
		.peek = peek, .pc = pc->pc, .out = named->where, .size = sizeof(named->where)
	};
	int error = load_maps(peek, pc->pid, pc->tid);

	*named = (struct peek_name) { .pid = pc->pid, .pc = pc->pc };
	if (error)
		refusal_gap(&peek->slot->head, peek->root, pc->pid, "maps", -error);
	if (peek->maps_pid == pc->pid)
		parse_smaps(peek->text, peek->maps_len, name_mapping, &naming);
	if (named->where[0])
		peek->slot->names++;
}

/* --- a round --- */

/* For each element of a request's part that is not left alone. */
#define EACH_PEEKED(part, count, serve)                                                            \
	for (uint32_t i_ = 0; i_ < (count); i_++) {                                                \
		if (area_is_quiet(peek->request, (part)[i_].pid))                                  \
			continue;                                                                  \
		area_enter(peek->area, (part)[i_].pid);                                            \
		serve(peek, &(part)[i_]);                                                          \
	}

void peek_serve(struct peek *peek, const struct peek_request *wanted,
	const struct probe_request *request, struct peek_slot *slot)
{
	peek->request = request;
	peek->slot = slot;
	peek->maps_pid = 0;
	EACH_PEEKED(wanted->range, wanted->ranges, serve_range)
	EACH_PEEKED(wanted->watch, wanted->watches, serve_watch)
	EACH_PEEKED(wanted->pc, wanted->pcs, name_pc)
	area_enter(peek->area, 0);
	forget_unused(peek);
}
