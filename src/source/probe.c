/* SPDX-License-Identifier: MIT
 * The prober: a process of its own, because smaps and smaps_rollup can hold their reader for ever (the target's memory map
 * is locked, its file server is gone), and then only SIGKILL helps. Reads what a request asks for, and says before each such
 * file whose it is.
 */
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/mman.h>
#include <unistd.h>

#include "edges.h"
#include "peek.h"

#define SMAPS_TEXT_MAX (4u << 20) /* of one process; 64,000 mappings would be 46 MB */
#define TEXT_KEPT (256u << 10) /* what is beyond this goes back to the kernel after use */

/* The kept descriptors of one target. */
enum probe_file { PROBE_STAT, PROBE_STATUS, PROBE_ROLLUP, PROBE_FILES };
static const enum io_site probe_site[PROBE_FILES] = {
	[PROBE_STAT] = IO_PROBE_STAT,
	[PROBE_STATUS] = IO_PROBE_STATUS,
	[PROBE_ROLLUP] = IO_ROLLUP,
};

struct kept_target {
	int32_t pid;
	int dir;
	int fd[PROBE_FILES];
};

struct probe {
	struct probe_area *area;
	struct peek *peek; /* the quick lane */
	struct edges *edges;
	struct peek_request peeks;
	int root;
	struct libproc *libproc; /* NULL: not of this root, or it does not work */
	struct probe_slot *slot; /* being filled */
	struct kept_target kept[TARGETS_MAX];
	size_t kept_n;
	struct process_sample row[TARGETS_MAX]; /* one a target of the request */
	char *text; /* SMAPS_TEXT_MAX bytes */
};

static void add_gap(
	struct probe *probe, int32_t pid, const char *what, int error, const char *reason)
{
	area_gap(&probe->slot->head, pid, what, error, reason);
}

static void add_refusal(
	struct probe *probe, const struct kept_target *kept, const char *what, int error)
{
	char reason[96];

	procfs_refusal(kept->dir, error, reason, sizeof(reason));
	add_gap(probe, kept->pid, what, error, reason);
}

/* --- kept descriptors --- */

static void close_target(struct kept_target *kept)
{
	for (int i = 0; i < PROBE_FILES; i++)
		close_fd(&kept->fd[i]);
	close_fd(&kept->dir);
}

static ssize_t read_target(struct probe *probe, struct kept_target *kept, enum probe_file file)
{
	enum io_site site = probe_site[file];

	return kept_read(&kept->fd[file], site, probe->text, PROCFS_TEXT_MAX, 0, kept->dir, "%s",
		io_name(site));
}

/* 0; -ESRCH it has ended; else why its stat cannot be read. */
static int read_stat(struct probe *probe, struct kept_target *kept, struct stat_fields *ret)
{
	ssize_t len = read_target(probe, kept, PROBE_STAT);

	if (len < 0)
		return (int)len == -ENOENT ? -ESRCH : (int)len;
	return parse_stat(probe->text, (size_t)len, ret);
}

static struct kept_target *find_kept(struct probe *probe, int32_t pid)
{
	for (size_t i = 0; i < probe->kept_n; i++)
		if (probe->kept[i].pid == pid)
			return &probe->kept[i];
	return NULL;
}

static int open_target(struct probe *probe, int32_t pid)
{
	int dir = io_open(IO_PROBE_DIR, probe->root, O_RDONLY | O_DIRECTORY, "%d", (int)pid);

	if (dir < 0)
		return dir == -ENOENT ? -ESRCH : dir;
	probe->kept[probe->kept_n++] =
		(struct kept_target) { .pid = pid, .dir = dir, .fd = { -1, -1, -1 } };
	return 0;
}

/* The kept descriptors of a process, opened if it is new, and its stat; NULL: there is no such process, or a gap says why it
 * cannot be read. */
static struct kept_target *keep(struct probe *probe, int32_t pid, struct stat_fields *ret_stat)
{
	struct kept_target *kept = find_kept(probe, pid);
	int error = kept ? read_stat(probe, kept, ret_stat) : -ESRCH;

	/* A kept process that has ended answers nothing; its id may be another's by now. */
	if (kept && error == -ESRCH) {
		close_target(kept);
		*kept = probe->kept[--probe->kept_n];
	}
	if (error == -ESRCH) {
		error = open_target(probe, pid);
		kept = find_kept(probe, pid);
		if (!error)
			error = read_stat(probe, kept, ret_stat);
	}
	if (error && error != -ESRCH)
		add_gap(probe, pid, "stat", -error, NULL);
	return error ? NULL : kept;
}

static void forget_unwanted(struct probe *probe, const struct probe_request *request)
{
	for (size_t i = probe->kept_n; i-- > 0;) {
		bool wanted = false;

		for (size_t j = 0; j < request->targets && !wanted; j++)
			wanted = request->target[j].pid == probe->kept[i].pid;
		if (wanted)
			continue;
		close_target(&probe->kept[i]);
		probe->kept[i] = probe->kept[--probe->kept_n];
	}
}

/* --- a zombie leader --- */

struct live_thread {
	struct probe *probe;
	int dir; /* PID/task */
	int32_t leader, found;
};

static bool visit_thread(void *context, int32_t tid)
{
	struct live_thread *search = context;
	struct stat_fields stat;
	char text[1024];

	if (tid == search->leader)
		return true;
	ssize_t len = io_read_file(
		IO_PROBE_THREAD, search->dir, text, sizeof(text), NULL, "%d/stat", (int)tid);
	if (len > 0 && parse_stat(text, (size_t)len, &stat) == 0 && !strchr("ZX", stat.state))
		search->found = tid;
	return !search->found;
}

/* Reads a file of a process whose main thread has ended and whose others live: under PID there is no memory then, under a
 * live thread it is there. Bytes; 0: no thread lives. */
static ssize_t read_by_live_thread(
	struct probe *probe, const struct kept_target *kept, enum io_site site, bool *ret_cut)
{
	struct live_thread search = { .leader = kept->pid };
	char listing[4096];

	search.dir = io_open(IO_PROBE_TASKS, kept->dir, O_RDONLY | O_DIRECTORY, "task");
	if (search.dir < 0)
		return search.dir;
	int error = io_list(
		IO_PROBE_TASKS, search.dir, listing, sizeof(listing), visit_thread, &search);
	close(search.dir);
	if (error || !search.found)
		return error;
	return io_read_file(site, kept->dir, probe->text, SMAPS_TEXT_MAX, ret_cut, "task/%d/%s",
		(int)search.found, io_name(site));
}

/* --- one process --- */

/* Why a file that tells of a process's memory is empty. */
static const char *why_empty(const struct process_sample *row)
{
	if (strchr("ZX", row->state))
		return "it has ended, its memory is gone";
	return row->vm_size_kb == UNKNOWN ? "it has no memory of its own (a kernel thread)"
					  : io_reason(-ENODATA);
}

static bool is_whole(const struct probe *probe, ssize_t len)
{
	return len > 0 && probe->text[len - 1] == '\n';
}

/* Reads a file that tells of a process's memory. Bytes; 0 or less: there is none, and a gap says why. */
static ssize_t read_memory_file(struct probe *probe, const struct kept_target *kept,
	const struct process_sample *row, enum io_site site, bool *ret_cut)
{
	const char *name = io_name(site);
	/* Not kept: the descriptor would be bound to the memory that the process had when it was opened. */
	ssize_t len =
		io_read_file(site, kept->dir, probe->text, SMAPS_TEXT_MAX, ret_cut, "%s", name);

	if (len == 0 || len == -ESRCH)
		len = read_by_live_thread(probe, kept, site, ret_cut);
	if (len == 0 || len == -ESRCH)
		add_gap(probe, kept->pid, name, ESRCH, why_empty(row));
	else if (len == -ENOENT)
		add_gap(probe, kept->pid, name, ENOENT, "this kernel has no such file");
	else if (len < 0)
		add_refusal(probe, kept, name, (int)-len);
	else if (!is_whole(probe, len) && !*ret_cut)
		add_gap(probe, kept->pid, name, EINVAL, NULL);
	return len;
}

/* Returns the resident set, which everybody may see. */
static int64_t read_status(
	struct probe *probe, struct kept_target *kept, struct process_sample *row)
{
	struct status_fields status = {
		.vm_size_kb = UNKNOWN, .vm_rss_kb = UNKNOWN, .vm_pte_kb = UNKNOWN
	};
	ssize_t len = read_target(probe, kept, PROBE_STATUS);

	if (len > 0)
		len = parse_status(probe->text, (size_t)len, &status);
	if (len == 0 && status.vm_size_kb == UNKNOWN) {
		len = read_by_live_thread(probe, kept, IO_PROBE_STATUS, NULL);
		if (len > 0)
			len = parse_status(probe->text, (size_t)len, &status);
	}
	if (len < 0 && len != -ESRCH)
		add_refusal(probe, kept, "status", (int)-len);
	else if (status.vm_size_kb == UNKNOWN)
		add_gap(probe, row->pid, "status", ESRCH, why_empty(row));
	else if (status.vm_pte_kb == UNKNOWN)
		add_gap(probe, row->pid, "status", EINVAL, NULL);
	row->vm_size_kb = status.vm_size_kb;
	row->page_tables_kb = status.vm_pte_kb;
	return status.vm_rss_kb;
}

static void read_rollup(struct probe *probe, struct kept_target *kept, int64_t resident_kb,
	struct process_sample *row)
{
	ssize_t len = read_target(probe, kept, PROBE_ROLLUP);
	bool cut = false;

	/* A descriptor from before an exec is bound to the old memory, and closed by now: it is read anew. */
	if (len == 0 || len == -ESRCH)
		len = read_memory_file(probe, kept, row, IO_ROLLUP, &cut);
	else if (len < 0)
		add_refusal(probe, kept, io_name(IO_ROLLUP), (int)-len);
	if (len == -EACCES || len == -EPERM)
		row->rss_kb = resident_kb;
	if (len <= 0)
		return;
	(void)parse_rollup(probe->text, (size_t)len, row);
	if (row->rss_kb < 0 || row->pss_kb < 0 || row->uss_kb < 0 || row->swap_kb < 0)
		add_gap(probe, row->pid, io_name(IO_ROLLUP), EINVAL, NULL);
}

/* Cheaper than smaps by far: no page table is walked. */
static void count_mappings(
	struct probe *probe, struct kept_target *kept, struct process_sample *row)
{
	bool cut = false;
	ssize_t len = read_memory_file(probe, kept, row, IO_MAPS, &cut);

	if (cut)
		add_gap(probe, kept->pid, "maps", EFBIG, "longer than 4 MB: not counted");
	if (cut || !is_whole(probe, len))
		return;
	row->mappings = 0;
	for (const char *at = probe->text;
		(at = memchr(at, '\n', (size_t)(probe->text + len - at))); at++)
		row->mappings++;
}

struct adding {
	struct probe_slot *slot;
	int32_t pid;
	int64_t at_ns;
	bool full;
};

static bool add_mapping(void *context, const struct mapping_sample *mapping)
{
	struct adding *adding = context;
	struct mapping_sample *row = &adding->slot->mapping[adding->slot->mappings];

	adding->full = adding->slot->mappings == AREA_MAPPINGS_MAX;
	if (adding->full)
		return false;
	*row = *mapping;
	row->pid = adding->pid;
	row->at_ns = adding->at_ns;
	adding->slot->mappings++;
	return true;
}

static void read_mappings(
	struct probe *probe, struct kept_target *kept, const struct process_sample *process)
{
	struct adding adding = { .slot = probe->slot, .pid = kept->pid };
	bool cut = false;
	ssize_t len = read_memory_file(probe, kept, process, IO_SMAPS, &cut);

	if (len <= 0)
		return;
	adding.at_ns = nsec_monotonic();
	parse_smaps(probe->text, (size_t)len, add_mapping, &adding);
	if (cut)
		add_gap(probe, kept->pid, "smaps", EFBIG, "longer than 4 MB: the rest is left out");
	if (adding.full)
		add_gap(probe, kept->pid, "smaps", E2BIG,
			"more than 4096 mappings in all: the rest is left out");
	if ((size_t)len > TEXT_KEPT)
		madvise(probe->text + TEXT_KEPT, SMAPS_TEXT_MAX - TEXT_KEPT, MADV_DONTNEED);
}

/* From stat, what libproc2 would give: for a root that is a folder of files. */
static void fill_from_stat(const struct stat_fields *stat, struct process_sample *row)
{
	row->pid = stat->pid;
	row->ppid = stat->ppid;
	row->start = stat->start;
	row->state = stat->state;
	row->threads = stat->threads;
	row->minor_faults = stat->minor_faults;
	row->major_faults = stat->major_faults;
	memcpy(row->name, stat->name, sizeof(row->name));
}

/* Who goes on after its file was removed, or replaced by a newer one, runs the old one. */
static void read_executable(
	struct probe *probe, const struct kept_target *kept, struct process_sample *row)
{
	static const char deleted[] = " (deleted)";
	char path[PATH_MAX + sizeof(deleted)];
	ssize_t len = io_link(IO_EXECUTABLE, kept->dir, path, sizeof(path), "exe");
	const size_t tail = sizeof(deleted) - 1;
	if (len < 0 && len != -ENOENT && len != -ESRCH)
		add_gap(probe, kept->pid, io_name(IO_EXECUTABLE), (int)-len, NULL);
	row->deleted = len > (ssize_t)tail && memcmp(path + len - tail, deleted, tail) == 0;
}

/* Where it cannot be asked: while both are the same in size. */
static bool looks_like(const struct process_sample *a, const struct process_sample *b)
{
	return a->vm_size_kb != UNKNOWN && a->vm_size_kb == b->vm_size_kb && a->rss_kb == b->rss_kb;
}

/* A child of vfork, or of clone with CLONE_VM: what they have must not be counted twice. */
static void compare_space(struct probe *probe, size_t targets, struct process_sample *row)
{
	const int32_t tid[] = { row->pid, row->ppid };
	size_t parent = 0;
	int order = 1, error = 0;

	while (parent < targets && probe->row[parent].pid != row->ppid)
		parent++;
	if (parent < targets && row->ppid > 0)
		error = io_kcmp(IO_PROBE_SPACE, tid, KCMP_VM, (int32_t[2]) { 0 }, &order);
	const bool refused = error && error != -ESRCH;
	if (refused)
		add_gap(probe, 0, io_name(IO_PROBE_SPACE), -error,
			"whether a child has its parent's memory is not known");
	if (refused && looks_like(row, &probe->row[parent]))
		add_gap(probe, row->pid, "kcmp space", -error,
			"perhaps one address space with its parent");
	if (!error)
		row->address_space_of = order == 0 ? row->ppid : 0;
}

static void probe_target(struct probe *probe, const struct probe_request *request, size_t i)
{
	const struct probe_target *target = &request->target[i];
	const uint32_t needs = request->needs;
	struct process_sample *row = &probe->row[i];
	struct stat_fields stat;
	struct kept_target *kept = keep(probe, target->pid, &stat);

	if (!kept)
		return;
	if (!row->pid)
		fill_from_stat(&stat, row);
	/* Between libproc2's look and ours another process has got the id. */
	if (row->start != stat.start)
		return;
	row->at_ns = nsec_monotonic();
	const int64_t resident_kb =
		needs & NEED_PROCESSES ? read_status(probe, kept, row) : UNKNOWN;
	if (!target->quiet) {
		area_enter(probe->area, target->pid);
		if (needs & NEED_PROCESSES) {
			read_rollup(probe, kept, resident_kb, row);
			compare_space(probe, request->targets, row);
			read_executable(probe, kept, row);
		}
		if (needs & NEED_MAPPING_COUNT)
			count_mappings(probe, kept, row);
		if (target->mappings)
			read_mappings(probe, kept, row);
		area_enter(probe->area, 0);
	}
	/* The counters are of the process that lives now; if it ended meanwhile, it is absent. */
	int error = read_stat(probe, kept, &stat);
	if (error && error != -ESRCH)
		add_gap(probe, target->pid, "stat", -error, NULL);
	if (!error)
		probe->slot->process[probe->slot->processes++] = *row;
}

/* --- a request --- */

static void look_up(struct probe *probe, const struct probe_request *request)
{
	int32_t pids[TARGETS_MAX];
	int error = 0;

	for (size_t i = 0; i < request->targets; i++) {
		record_clear(&process_record, &probe->row[i]);
		probe->row[i].pid = 0;
		pids[i] = request->target[i].pid;
	}
	if (probe->libproc && request->needs & NEED_PROCESSES)
		error = libproc_processes(probe->libproc, pids, request->targets, probe->row);
	if (error)
		add_gap(probe, 0, io_name(IO_LIBPROC_PIDS), -error, NULL);
}

static void serve(struct probe *probe, const struct probe_request *request)
{
	look_up(probe, request);
	forget_unwanted(probe, request);
	for (size_t i = 0; i < request->targets; i++)
		if (request->needs & NEED_PROCESSES || request->target[i].mappings)
			probe_target(probe, request, i);
	if (request->needs & NEED_MACHINE && probe->libproc)
		libproc_machine(probe->libproc, &probe->slot->head, &probe->slot->machine);
	else if (request->needs & NEED_MACHINE)
		add_gap(probe, 0, "libproc2", ENOSYS, "it reads this machine's /proc only");
}

/* Each lane whose turn has not been begun. A turn that a prober died of is not begun again. */
static void serve_lanes(struct probe *probe, const struct probe_request *request)
{
	static const struct machine_sample unknown = { -1, -1, UNKNOWN, UNKNOWN, UNKNOWN };
	struct probe_area *area = probe->area;

	if (atomic_load(&area->begun[PROBE_QUICK]) != request->turn[PROBE_QUICK]) {
		struct peek_slot *slot = area_begin(area, PROBE_QUICK, request->turn[PROBE_QUICK]);

		peek_serve(probe->peek, &probe->peeks, request, slot);
		edges_serve(probe->edges, &probe->peeks, request, slot);
		area_publish(area, PROBE_QUICK);
	}
	if (atomic_load(&area->begun[PROBE_SLOW]) != request->turn[PROBE_SLOW]) {
		probe->slot = area_begin(area, PROBE_SLOW, request->turn[PROBE_SLOW]);
		probe->slot->machine = unknown;
		serve(probe, request);
		area_publish(area, PROBE_SLOW);
	}
}

int probe_run(struct probe_area *area, const char *root)
{
	struct probe *probe = xcalloc(1, sizeof(*probe));
	struct probe_request request;
	struct procfs fs;

	procfs_init(&fs, root);
	probe->area = area;
	probe->root = fs.root;
	if (!root || !strcmp(root, "/proc"))
		probe->libproc = libproc_create();
	probe->text = mmap(NULL, SMAPS_TEXT_MAX, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (fs.root < 0 || probe->text == MAP_FAILED)
		return 1;
	probe->peek = peek_create(area, fs.root);
	probe->edges = edges_create(area, fs.root);
	atomic_store(&area->prober, getpid());
	for (;;)
		if (area_wait(area, &request, &probe->peeks))
			serve_lanes(probe, &request);
}
