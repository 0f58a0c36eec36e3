/* SPDX-License-Identifier: MIT
 * The prober: a process of its own, because smaps and smaps_rollup can hold their reader for ever (the target's memory map
 * is locked, its file server is gone), and then only SIGKILL helps. Knows alone what is read for a request, and says
 * before each such file whose it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "area.h"
#include "internal.h"
#include "peek.h"

#define SMAPS_TEXT_MAX (4u << 20) /* of one process; 64,000 mappings would be 46 MB */
#define TEXT_KEPT (256u << 10) /* what is beyond this goes back to the kernel after use */

/* The kept descriptors of one target. */
enum kept_file { KEPT_STAT, KEPT_STATUS, KEPT_ROLLUP, KEPT_FILES };
static const char *const kept_name[KEPT_FILES] = {
	[KEPT_STAT] = "stat",
	[KEPT_STATUS] = "status",
	[KEPT_ROLLUP] = "smaps_rollup",
};

struct kept {
	int32_t pid;
	int dir;
	int fd[KEPT_FILES];
};

struct probe {
	struct probe_area *area;
	struct peek *peek; /* the quick lane */
	struct peek_request peeks;
	int root;
	int fd_limit;
	struct libproc *libproc; /* NULL: not of this root, or it does not work */
	struct probe_slot *slot; /* being filled */
	struct kept kept[TARGETS_MAX];
	size_t kept_n;
	struct process_sample row[TARGETS_MAX]; /* one a target of the request */
	char *text; /* SMAPS_TEXT_MAX bytes */
};

static void add_gap(
	struct probe *probe, int32_t pid, const char *what, int error, const char *reason)
{
	struct probe_slot *slot = probe->slot;
	struct gap_sample *gap = &slot->gap[slot->gaps];

	if (slot->gaps == AREA_GAPS_MAX)
		return;
	*gap = (struct gap_sample) { .pid = pid, .error = error };
	if (++slot->gaps == AREA_GAPS_MAX) {
		gap->pid = 0;
		what = "gaps";
		reason = "there are more: the rest is left out";
	}
	snprintf(gap->what, sizeof(gap->what), "%s", what);
	snprintf(gap->reason, sizeof(gap->reason), "%s", reason ? reason : strerror(error));
}

static void add_refusal(struct probe *probe, const struct kept *kept, const char *what, int error)
{
	char reason[96];

	procfs_refusal(kept->dir, error, reason, sizeof(reason));
	add_gap(probe, kept->pid, what, error, reason);
}

/* Tells the source whose files are read now, in case we never come back from them. */
static void enter(struct probe *probe, int32_t pid)
{
	atomic_store(&probe->area->busy_pid, pid);
	atomic_store(&probe->area->busy_since, nsec_monotonic());
}

static void leave(struct probe *probe)
{
	atomic_store(&probe->area->busy_since, 0);
	atomic_store(&probe->area->busy_pid, 0);
}

/* --- kept descriptors --- */

static void kept_close(struct kept *kept)
{
	for (int i = 0; i < KEPT_FILES; i++)
		if (kept->fd[i] >= 0)
			close(kept->fd[i]);
	if (kept->dir >= 0)
		close(kept->dir);
}

static ssize_t kept_read(struct probe *probe, struct kept *kept, enum kept_file file)
{
	ssize_t len;
	int fd = kept->fd[file];

	if (fd < 0)
		fd = openat(kept->dir, kept_name[file], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	kept->fd[file] = fd;
	len = procfs_pread(fd, probe->text, PROCFS_TEXT_MAX);
	if (len < 0 || fd >= probe->fd_limit) {
		close(fd);
		kept->fd[file] = -1;
	}
	return len;
}

static bool read_stat(struct probe *probe, struct kept *kept, struct stat_fields *ret)
{
	ssize_t len = kept_read(probe, kept, KEPT_STAT);

	return len > 0 && parse_stat(probe->text, (size_t)len, ret) == 0;
}

/* The kept descriptors of a process, opened if it is new, and its stat; NULL: there is no such process. */
static struct kept *keep(struct probe *probe, int32_t pid, struct stat_fields *ret_stat)
{
	struct kept *kept = NULL;
	char name[16];

	for (size_t i = 0; i < probe->kept_n; i++)
		if (probe->kept[i].pid == pid)
			kept = &probe->kept[i];
	/* A kept process that has ended answers nothing; its id may be another's by now. */
	if (kept && read_stat(probe, kept, ret_stat))
		return kept;
	if (kept) {
		kept_close(kept);
		*kept = probe->kept[--probe->kept_n];
	}
	snprintf(name, sizeof(name), "%d", (int)pid);
	int dir = openat(probe->root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0) {
		if (errno != ENOENT && errno != ESRCH)
			add_gap(probe, pid, "task", errno, NULL);
		return NULL;
	}
	kept = &probe->kept[probe->kept_n++];
	*kept = (struct kept) { .pid = pid, .dir = dir, .fd = { -1, -1, -1 } };
	return read_stat(probe, kept, ret_stat) ? kept : NULL;
}

static void forget_unwanted(struct probe *probe, const struct probe_request *request)
{
	for (size_t i = probe->kept_n; i-- > 0;) {
		bool wanted = false;

		for (size_t j = 0; j < request->targets && !wanted; j++)
			wanted = request->target[j].pid == probe->kept[i].pid;
		if (wanted)
			continue;
		kept_close(&probe->kept[i]);
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
	char name[32], text[1024];
	ssize_t len;

	if (tid == search->leader)
		return true;
	snprintf(name, sizeof(name), "%d/stat", (int)tid);
	len = procfs_read_once(search->dir, name, text, sizeof(text), NULL);
	if (len > 0 && parse_stat(text, (size_t)len, &stat) == 0 && !strchr("ZX", stat.state))
		search->found = tid;
	return !search->found;
}

/* Reads "smaps", "smaps_rollup" or "status" of a process whose main thread has ended and whose others live: under PID there
 * is no memory then, under a live thread it is there. Bytes; 0: no thread lives. */
static ssize_t read_by_live_thread(
	struct probe *probe, const struct kept *kept, const char *file, bool *ret_cut)
{
	struct live_thread search = { .probe = probe, .leader = kept->pid };
	char name[64], listing[4096];

	search.dir = openat(kept->dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (search.dir < 0)
		return -errno;
	(void)procfs_list(search.dir, listing, sizeof(listing), visit_thread, &search);
	close(search.dir);
	if (!search.found)
		return 0;
	snprintf(name, sizeof(name), "task/%d/%s", (int)search.found, file);
	return procfs_read_once(kept->dir, name, probe->text, SMAPS_TEXT_MAX, ret_cut);
}

/* --- one process --- */

/* Why a process has no memory map at all. */
static const char *why_empty(char state)
{
	return strchr("ZX", state) ? "it has ended, its memory is gone"
				   : "it has no memory of its own (a kernel thread)";
}

static void read_status(struct probe *probe, struct kept *kept, struct process_sample *row)
{
	struct status_fields status = { .vm_size_kb = UNKNOWN, .vm_pte_kb = UNKNOWN };
	ssize_t len = kept_read(probe, kept, KEPT_STATUS);

	if (len > 0)
		len = parse_status(probe->text, (size_t)len, &status);
	if (len == 0 && status.vm_size_kb == UNKNOWN) {
		len = read_by_live_thread(probe, kept, kept_name[KEPT_STATUS], NULL);
		if (len > 0)
			len = parse_status(probe->text, (size_t)len, &status);
		if (status.vm_size_kb == UNKNOWN)
			add_gap(probe, row->pid, "status", ESRCH, why_empty(row->state));
	}
	if (len < 0 && len != -ESRCH)
		add_refusal(probe, kept, "status", (int)-len);
	row->vm_size_kb = status.vm_size_kb;
	row->page_tables_kb = status.vm_pte_kb;
}

static void read_rollup(struct probe *probe, struct kept *kept, struct process_sample *row)
{
	ssize_t len = kept_read(probe, kept, KEPT_ROLLUP);

	/* A descriptor from before an exec is bound to the old memory: kept_read closed it, so this opens a new one. */
	if (len == -ESRCH)
		len = kept_read(probe, kept, KEPT_ROLLUP);
	if (len == 0 || len == -ESRCH)
		len = read_by_live_thread(probe, kept, kept_name[KEPT_ROLLUP], NULL);
	if (len == 0 || len == -ESRCH)
		add_gap(probe, row->pid, "smaps_rollup", ESRCH, why_empty(row->state));
	else if (len == -ENOENT)
		add_gap(probe, row->pid, "smaps_rollup", ENOENT, "this kernel has no smaps_rollup");
	else if (len < 0)
		add_refusal(probe, kept, "smaps_rollup", (int)-len);
	else if (parse_rollup(probe->text, (size_t)len, row) < 0)
		add_gap(probe, row->pid, "smaps_rollup", EINVAL, "cut short");
}

/* Not kept, as smaps is not. Cheaper than smaps by far: no page table is walked. */
static void count_mappings(struct probe *probe, struct kept *kept, struct process_sample *row)
{
	bool cut = false;
	ssize_t len = procfs_read_once(kept->dir, "maps", probe->text, SMAPS_TEXT_MAX, &cut);

	if (len == 0 || len == -ESRCH)
		len = read_by_live_thread(probe, kept, "maps", &cut);
	if (len == 0 || len == -ESRCH)
		add_gap(probe, kept->pid, "maps", ESRCH, why_empty(row->state));
	else if (len < 0)
		add_refusal(probe, kept, "maps", (int)-len);
	else if (cut)
		add_gap(probe, kept->pid, "maps", EFBIG, "longer than 4 MB: not counted");
	if (len <= 0 || cut)
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

static void read_mappings(struct probe *probe, struct kept *kept, char state)
{
	struct adding adding = { .slot = probe->slot, .pid = kept->pid };
	bool cut = false;
	ssize_t len;

	/* Not kept: the descriptor would be bound to the memory that the process had when it was opened. */
	len = procfs_read_once(kept->dir, "smaps", probe->text, SMAPS_TEXT_MAX, &cut);
	if (len == 0 || len == -ESRCH)
		len = read_by_live_thread(probe, kept, "smaps", &cut);
	if (len == 0 || len == -ESRCH)
		add_gap(probe, kept->pid, "smaps", ESRCH, why_empty(state));
	else if (len < 0)
		add_refusal(probe, kept, "smaps", (int)-len);
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

static void probe_target(struct probe *probe, const struct probe_target *target, uint32_t needs,
	struct process_sample *row)
{
	struct stat_fields stat;
	struct kept *kept = keep(probe, target->pid, &stat);

	if (!kept)
		return;
	if (!row->pid)
		fill_from_stat(&stat, row);
	/* Between libproc2's look and ours another process has got the id. */
	if (row->start != stat.start)
		return;
	row->at_ns = nsec_monotonic();
	if (needs & NEED_PROCESSES)
		read_status(probe, kept, row);
	if (!target->quiet) {
		enter(probe, target->pid);
		if (needs & NEED_PROCESSES)
			read_rollup(probe, kept, row);
		if (needs & NEED_MAPPING_COUNT)
			count_mappings(probe, kept, row);
		if (target->mappings)
			read_mappings(probe, kept, stat.state);
		leave(probe);
	}
	/* The counters are of the process that lives now; if it ended meanwhile, it is absent. */
	if (read_stat(probe, kept, &stat))
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
		add_gap(probe, 0, "libproc2", -error, NULL);
}

static void serve(struct probe *probe, const struct probe_request *request)
{
	struct probe_slot *slot = probe->slot;

	slot->machine = (struct machine_sample) { -1, -1, UNKNOWN, UNKNOWN, UNKNOWN };
	look_up(probe, request);
	forget_unwanted(probe, request);
	for (size_t i = 0; i < request->targets; i++)
		if (request->needs & NEED_PROCESSES || request->target[i].mappings)
			probe_target(probe, &request->target[i], request->needs, &probe->row[i]);
	if (request->needs & NEED_MACHINE) {
		int error =
			probe->libproc ? libproc_machine(probe->libproc, &slot->machine) : -ENOSYS;
		if (error)
			add_gap(probe, 0, "libproc2", -error,
				probe->libproc ? NULL : "it reads this machine's /proc only");
	}
	slot->at_ns = nsec_monotonic();
}

/* Each lane whose turn has not been begun. A turn that a prober died of is not begun again. */
static void serve_lanes(struct probe *probe, const struct probe_request *request)
{
	struct probe_area *area = probe->area;

	if (atomic_load(&area->quick_begun) != request->quick_turn) {
		struct peek_slot *slot = area_peek_slot(area);

		atomic_store(&area->quick_begun, request->quick_turn);
		peek_serve(probe->peek, &probe->peeks, request, slot);
		area_publish_peek(area);
	}
	if (atomic_load(&area->slow_begun) != request->slow_turn) {
		atomic_store(&area->slow_begun, request->slow_turn);
		probe->slot = area_slot(area);
		probe->slot->turn = request->slow_turn;
		serve(probe, request);
		area_publish(area);
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
	probe->fd_limit = fs.fd_limit;
	if (!root || !strcmp(root, "/proc"))
		probe->libproc = libproc_create();
	probe->text = mmap(NULL, SMAPS_TEXT_MAX, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (fs.root < 0 || probe->text == MAP_FAILED)
		return 1;
	probe->peek = peek_create(area, fs.root, fs.fd_limit);
	atomic_store(&area->prober, getpid());
	for (;;)
		if (area_wait(area, &request, &probe->peeks))
			serve_lanes(probe, &request);
}
