/* SPDX-License-Identifier: MIT
 * Calls libproc2, as the only file, and avoids the traps of its versions 4.0.2 to 4.0.7 (each marked "trap"). Only items from
 * files that no target can block: never PIDS_CMDLINE, PIDS_ENVIRON or PIDS_SMAP_*; the last would also be 0 where they
 * are refused (trap). Switch counters and mappings libproc2 does not have.
 */
#include <fcntl.h>
#include <libproc2/meminfo.h>
#include <libproc2/misc.h>
#include <libproc2/pids.h>
#include <libproc2/stat.h>
#include <unistd.h>

#include "area.h"
#include "internal.h"

/* Trap: the library's own PIDS_VAL takes four arguments before 4.0.5, and three since. */
#define VALUE(stack, item, member) ((stack)->head[item].result.member)

/* Trap: no *_DELTA items: the first delta of a process is its whole past. The model makes rates itself. */
enum {
	ITEM_PID,
	ITEM_PPID,
	ITEM_STATE,
	ITEM_THREADS,
	ITEM_START,
	ITEM_MINOR,
	ITEM_MAJOR,
	ITEM_NAME
};
static enum pids_item pids_items[] = {
	[ITEM_PID] = PIDS_ID_PID,
	[ITEM_PPID] = PIDS_ID_PPID,
	[ITEM_STATE] = PIDS_STATE,
	[ITEM_THREADS] = PIDS_NLWP,
	[ITEM_START] = PIDS_TICS_BEGAN,
	[ITEM_MINOR] = PIDS_FLT_MIN,
	[ITEM_MAJOR] = PIDS_FLT_MAJ,
	[ITEM_NAME] = PIDS_CMD,
};
enum { MEMORY_TOTAL, MEMORY_AVAILABLE };
static enum meminfo_item memory_items[] = {
	[MEMORY_TOTAL] = MEMINFO_MEM_TOTAL,
	[MEMORY_AVAILABLE] = MEMINFO_MEM_AVAILABLE,
};
enum { STAT_SWITCHES };
static enum stat_item stat_items[] = { [STAT_SWITCHES] = STAT_SYS_CTX_SWITCHES };

struct libproc {
	struct pids_info *pids;
	struct meminfo_info *memory;
	struct stat_info *stat;
	bool select_leaks;
};

static int lowest_free_fd(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd;
}

/* The library's result as a call's: it gives -errno, or a positive number for a file that is empty or makes no sense, or says
 * of that one that it is out of range. */
static int library_error(int result)
{
	errno = result < 0 ? -result : EIO;
	if (errno == ERANGE)
		errno = EINVAL;
	return result ? -1 : 0;
}

/* Trap: 4.0.6 leaks a descriptor for each PID of each select; reap does not. */
static bool does_select_leak(struct pids_info *info)
{
	unsigned me = (unsigned)getpid();

	(void)procps_pids_select(info, &me, 1, PIDS_SELECT_PID);
	int before = lowest_free_fd();
	(void)procps_pids_select(info, &me, 1, PIDS_SELECT_PID);
	return lowest_free_fd() != before;
}

struct libproc *libproc_create(void)
{
	return xcalloc(1, sizeof(struct libproc));
}

void libproc_destroy(struct libproc *libproc)
{
	if (!libproc)
		return;
	if (libproc->pids)
		procps_pids_unref(&libproc->pids);
	if (libproc->memory)
		procps_meminfo_unref(&libproc->memory);
	if (libproc->stat)
		procps_stat_unref(&libproc->stat);
	free(libproc);
}

/* Each of the three is made when it is first asked for, and again as long as that fails. */
static int open_pids(struct libproc *libproc)
{
	int error = 0;

	if (libproc->pids)
		return 0;
	error = (int)IO_CALL(IO_LIBPROC_NEW,
		library_error(procps_pids_new(&libproc->pids, pids_items, ARRAY_LEN(pids_items))));
	if (!error)
		libproc->select_leaks = does_select_leak(libproc->pids);
	return error;
}

static int open_memory(struct libproc *libproc)
{
	return libproc->memory ? 0
			       : (int)IO_CALL(IO_LIBPROC_NEW,
					 library_error(procps_meminfo_new(&libproc->memory)));
}

static int open_stat(struct libproc *libproc)
{
	return libproc->stat ? 0
			     : (int)IO_CALL(IO_LIBPROC_NEW,
				       library_error(procps_stat_new(&libproc->stat)));
}

static void fill_row(const struct pids_stack *stack, struct process_sample *row)
{
	const char *name = VALUE(stack, ITEM_NAME, str);

	row->pid = VALUE(stack, ITEM_PID, s_int);
	row->ppid = VALUE(stack, ITEM_PPID, s_int);
	row->state = VALUE(stack, ITEM_STATE, s_ch);
	row->threads = VALUE(stack, ITEM_THREADS, s_int);
	row->start = (int64_t)VALUE(stack, ITEM_START, ull_int);
	row->minor_faults = (int64_t)VALUE(stack, ITEM_MINOR, ul_int);
	row->major_faults = (int64_t)VALUE(stack, ITEM_MAJOR, ul_int);
	/* Trap: text is NULL where a process died while it was read. */
	if (name)
		sample_text(row->name, name, strlen(name));
}

int libproc_processes(
	struct libproc *libproc, const int32_t *pids, size_t n, struct process_sample *ret)
{
	unsigned asked[TARGETS_MAX];
	struct pids_fetch *fetch;

	/* Trap: (unsigned)-1 crashes before 4.0.6. */
	n = MIN(n, (size_t)TARGETS_MAX);
	for (size_t i = 0; i < n; i++) {
		if (pids[i] <= 0)
			return -EINVAL;
		asked[i] = (unsigned)pids[i];
		ret[i].pid = 0;
	}
	if (!n)
		return 0;
	int error = open_pids(libproc);
	if (error)
		return error;
	errno = EIO;
	/* Trap: PIDS_SELECT_PID_THREADS would give the main thread the numbers of its whole process (4.0.2). */
	if (io_fails(IO_LIBPROC_PIDS, IO_CALL))
		fetch = NULL;
	else if (libproc->select_leaks)
		fetch = procps_pids_reap(libproc->pids, PIDS_FETCH_TASKS_ONLY);
	else
		fetch = procps_pids_select(libproc->pids, asked, (int)n, PIDS_SELECT_PID);
	if (!fetch)
		return errno ? -errno : -EIO;
	/* Trap: a process that is not there is a missing row, not an error, so rows are matched by PID. The rows are the
	 * library's until the next call: copied at once. */
	for (int i = 0; i < fetch->counts->total; i++)
		for (size_t j = 0; j < n; j++)
			if (VALUE(fetch->stacks[i], ITEM_PID, s_int) == pids[j])
				fill_row(fetch->stacks[i], &ret[j]);
	return 0;
}

/* No machine has none of either: 0 is what the library makes of a file that makes no sense. */
static int64_t known(unsigned long value)
{
	return value ? (int64_t)value : UNKNOWN;
}

static int read_memory(struct libproc *libproc, struct machine_sample *ret)
{
	/* Trap: the library's *_get calls answer from a cache of one second; *_select reads. */
	struct meminfo_stack *stack = NULL;
	int error = open_memory(libproc);

	if (error)
		return error;
	errno = EIO;
	if (!io_fails(IO_LIBPROC_MEMORY, IO_CALL))
		stack = procps_meminfo_select(
			libproc->memory, memory_items, ARRAY_LEN(memory_items));
	if (!stack)
		return -errno;
	const int64_t total = known(VALUE(stack, MEMORY_TOTAL, ul_int)),
		      available = known(VALUE(stack, MEMORY_AVAILABLE, ul_int));

	/* Of a file that was cut, the last number may be, too. */
	if (total < 0 || available < 0)
		return -EINVAL;
	ret->total_kb = total;
	ret->available_kb = available;
	return 0;
}

static int read_switches(struct libproc *libproc, struct machine_sample *ret)
{
	struct stat_stack *stack = NULL;
	int error = open_stat(libproc);

	if (error)
		return error;
	errno = EIO;
	if (!io_fails(IO_LIBPROC_STAT, IO_CALL))
		stack = procps_stat_select(libproc->stat, stat_items, ARRAY_LEN(stat_items));
	if (!stack)
		return -errno;
	ret->switches = known(VALUE(stack, STAT_SWITCHES, ul_int));
	return ret->switches < 0 ? -EINVAL : 0;
}

static int read_load(struct libproc *libproc, struct machine_sample *ret)
{
	double load[3];
	int error = (int)IO_CALL(
		IO_LIBPROC_LOAD, library_error(procps_loadavg(&load[0], &load[1], &load[2])));

	if (!error)
		ret->load_centi = (int32_t)(100 * load[0] + 0.5);
	return error;
}

void libproc_machine(struct libproc *libproc, struct slot_head *head, struct machine_sample *ret)
{
	static const struct {
		enum io_site site;
		int (*read)(struct libproc *libproc, struct machine_sample *ret);
	} parts[] = { { IO_LIBPROC_MEMORY, read_memory }, { IO_LIBPROC_STAT, read_switches },
		{ IO_LIBPROC_LOAD, read_load } };
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	ret->cpus = cpus > 0 ? (int32_t)cpus : -1;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		int error = parts[i].read(libproc, ret);

		if (error)
			area_gap(head, 0, io_name(parts[i].site), -error, NULL);
	}
}
