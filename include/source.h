/* SPDX-License-Identifier: MIT
 * Where samples come from: the live kernel (fast lane here, slow lane in the prober) or a
 * recording. Only this module knows /proc and libproc2. The root directory is a parameter, so a
 * folder of recorded files is a source of equal rank.
 */
#ifndef TASKSCOPE_SOURCE_H
#define TASKSCOPE_SOURCE_H

#include "group.h"
#include "sample.h"

/* One process to read, with all its threads. */
struct target {
	int32_t pid;
	int16_t side; /* enum side */
	/* what the process is in its crew: a worker's index, WORKER_HOST, WORKER_NONE */
	int16_t worker;
};

#define TARGETS_MAX 1024 /* processes watched at once */
#define TARGETS_MANY "more than 1024 processes: the rest is left out"
#define MAPPING_TARGETS_MAX 8 /* processes whose mappings are read at once */
#define RANGES_MAX 192 /* ranges whose pages are read at once */
#define RANGE_PAGES_MAX (1 << 18) /* pages of all ranges together: 1 GB */
#define PROBE_DEADLINE (250 * NSEC_PER_MSEC)

/* --- the processes of the machine, for groups --- */

/* root NULL: "/proc". read: the table as it is now, good until the next read; a row that was in it
 * before is not fresh, and is as it was read then. texts: what new rows have besides (enum
 * process_text). of_thread: the process of a TID; 0: there is none. */
struct process_reader;
enum process_text {
	PROCESS_OWNER = 1 << 0,
	PROCESS_CGROUP = 1 << 1,
	PROCESS_ANEW = 1 << 2, /* every row is read anew, and fresh */
};
struct process_reader *process_reader_create(const char *root);
void process_reader_destroy(struct process_reader *reader);
const struct group_table *process_reader_read(struct process_reader *reader, unsigned texts);
/* From now on the table has this process and what descends from it, and others that are named so,
 * found by task/TID/children. false: the kernel has no such file, and all are read as before. */
bool process_reader_descend(struct process_reader *reader, int32_t pid);
int32_t process_reader_of_thread(struct process_reader *reader, int32_t tid);
/* What the wanted rows of the table run. A process can block who asks that, for it takes the lock
 * of its memory map: then it stays "", and is not asked again. */
typedef bool process_wanted(const void *context, const struct group_process *process);
void process_reader_commands(
	struct process_reader *reader, process_wanted *wanted, const void *context);

/* --- the live source --- */

struct source_options {
	const char *root; /* NULL: "/proc" */
	nsec slow_interval; /* slow lane; 0: one second */
	struct probe_area *area; /* shared with the prober; NULL: no slow lane */
	bool of_groups; /* worker_of_task is asked for every task, not for those of hosts alone */
	/* switches are recorded of the tasks that are there when they are first asked for, and of
	 * what these create */
	bool joins;
};

struct live;
struct live *live_create(const struct source_options *options);
void live_destroy(struct live *live);

/* Which processes to read from the next tick on; descriptors of those that stay are kept. More than
 * TARGETS_MAX: the rest is left out and a gap says so. */
void live_set_targets(struct live *live, const struct target *targets, size_t n);

/* Which needs (enum need) to serve, and for NEED_MAPPINGS which processes (at most
 * MAPPING_TARGETS_MAX). */
void live_set_needs(struct live *live, unsigned needs, const int32_t *mapping_pids, size_t n);

/* The tasks in sight, at most VISIBLE_MAX: where there are many tasks (256), only these, and the
 * first thread of each process, are read in full; of the others what says whether they ran, and at
 * every fourth sample their switches. Where there are very many (2,000), also those that slept for
 * long are read at every eighth sample alone, or when the CPU time of their process says that
 * somebody ran who was not read. A row says when it was read, and what is not read is unknown.
 * NULL: all. */
#define VISIBLE_MAX 1024
void live_set_visible(struct live *live, const int32_t *tids, size_t n);

/* Evidence is read again with the next sample, whenever its turn would be: something was just done
 * to it. */
void live_expire_evidence(struct live *live);

/* Tells which worker of a thread crew a task is: called by live_read for each task of a process
 * that is a host (or of every process: of_groups). NULL: by target only. Must not block. */
typedef int16_t worker_of_task(void *context, int32_t pid, int32_t tid);
void live_set_workers(struct live *live, worker_of_task *worker_of, void *context);

/* Has the kernel record every switch, birth and death of a crew (perf_event_open(2), context_switch
 * and task, inherited): to be called while the host has no worker yet, for only what is born later
 * is seen. Nothing is recorded until NEED_SWITCHES is asked for. A side has one host; a new one
 * takes the place of the one before. 0; -errno (-EACCES, -EPERM, -ENOSYS: refused; -EMFILE):
 * live_read then says so in a gap "perf_event" when NEED_SWITCHES is asked for. */
int live_watch_host(struct live *live, enum side side, int32_t host);
/* The same of a keeper, which is no task of its side: what descends from it is. */
int live_watch_keeper(struct live *live, enum side side, int32_t keeper);
/* How many tasks were born since a side's host is watched, as the records tell that were read until
 * now; UNKNOWN: not watched, or not all were recorded. */
int64_t live_births(const struct live *live, enum side side);
/* Readable when the kernel's rings fill up before the next live_read: call live_drain_switches
 * then, and between whatever takes more than some milliseconds: it folds the records. -1: nothing
 * is watched. */
int live_switches_fd(const struct live *live);
void live_drain_switches(struct live *live);

/* For NEED_PAGES, ranges to show besides the crews' arenas: start and end are rounded to pages. At
 * most RANGES_MAX less the targets, and RANGE_PAGES_MAX pages in all; a gap says what was left
 * out. */
struct range {
	int32_t pid;
	char name[16];
	uint64_t start, end;
};
void live_set_ranges(struct live *live, const struct range *ranges, size_t n);

/* Reads the fast lane into *sample (tasks, gaps, observer, sharing, registers, files, places,
 * signals) and adds the newest results of the prober (processes, mappings, machine, pages,
 * pointers). A task that vanished is absent. *sample was cleared by the caller; crews and workers
 * are his to add, before: they tell where the arena and X are, a worker's stack and how it was
 * made. Never blocks on a target; never fails as a whole: what could not be read is a gap. */
void live_read(struct live *live, nsec now, struct sample *sample);

/* Whether the prober has been busy with one target for longer than PROBE_DEADLINE: the caller then
 * has it killed and restarted, and calls live_prober_restarted; the target is left alone for 2, 4,
 * 8 ... s and a gap says so. */
bool live_prober_stuck(struct live *live, nsec now);
void live_prober_restarted(struct live *live, nsec now);

/* Processes that belong to taskscope itself, for the observer's cost. */
void live_set_observer(struct live *live, const int32_t *pids, size_t n);

/* Describes this machine. */
void machine_info_read(const char *root, struct machine_info *ret);

/* What of the machine bears on what switches, births and messages cost. Numbers: -1 unknown; text:
 * "" unknown. */
struct machine_traits {
	int pcid, pti, hypervisor; /* 1, 0: cpuinfo flags, vulnerabilities/meltdown */
	/* the scheduler's ticks: 1 / clock_getres(CLOCK_MONOTONIC_COARSE) */
	int hz;
	double load; /* loadavg, 1 minute; NAN */
	int64_t available_kb; /* meminfo MemAvailable */
	char governor[24]; /* cpu0/cpufreq/scaling_governor */
	char thp[16]; /* mm/transparent_hugepage/enabled: the chosen word */
	/* vulnerabilities that are mitigated: "meltdown: PTI; spectre_v2: Retpolines" */
	char mitigations[200];
};
/* proc and sys: NULL: "/proc", "/sys". */
void machine_traits_read(const char *proc, const char *sys, struct machine_traits *ret);
/* "no PCID, PTI on, hypervisor": at most size bytes; returns out. */
char *machine_traits_text(char *out, size_t size, const struct machine_traits *traits);

/* --- the prober: reads the files that a target can block --- */

/* The shared page between the live source and the prober: mapped MAP_SHARED before the prober is
 * forked; outlives it. create: NULL if the kernel gives no memory; destroy accepts NULL. */
struct probe_area *probe_area_create(void);
void probe_area_destroy(struct probe_area *area);

/* The prober's life: waits for requests in the area, serves them, until killed. root NULL: "/proc".
 * Returns 1 when it cannot go on. */
int probe_run(struct probe_area *area, const char *root);

/* --- doctor: what this machine lets us see, source by source --- */
struct source_check {
	char what[40]; /* "task/TID/status", "smaps", "kcmp", "perf_event" ... */
	bool ok;
	char detail[400]; /* what was found, or why it is not ok; may be "" */
	const char *lost; /* what is missing, or what helps, if it is not ok */
};
#define CHECKS_MAX 40
/* Probes this machine with own short-lived children; fills at most n > 0, returns how many. */
size_t source_check(struct source_check *ret, size_t n);

/* Why the mounted /proc cannot be used, as one clause: it is of another PID namespace, whose ids
 * are other tasks'. NULL: it is ours, or there is none. */
const char *source_foreign_proc(void);

/* --- parsers: pure, text in, struct out; (text, len) need not end in NUL or newline; what is
 * missing stays as it was ---
 * / */

/* stat of a process or task: pid, comm (by the last ')'), state, ppid, faults, nice, start, cpu.
 * -EINVAL if torn. */
struct stat_fields {
	int32_t pid, ppid;
	char state;
	char name[64];
	int64_t minor_faults, major_faults, user_ticks, system_ticks, start, vm_size_bytes,
		rss_pages;
	int16_t nice, cpu;
	int32_t threads;
	bool kernel; /* flags: PF_KTHREAD */
};
int parse_stat(const char *text, size_t len, struct stat_fields *ret);

/* status of a process or task: the fields by name; a field that is absent stays UNKNOWN. */
struct status_fields {
	int64_t voluntary, involuntary; /* voluntary_ctxt_switches, nonvoluntary_ctxt_switches */
	int64_t vm_size_kb, vm_rss_kb, vm_pte_kb, vm_stack_kb; /* VmSize VmRSS VmPTE VmStk */
	int64_t tgid, pid, ppid, threads, uid;
};
int parse_status(const char *text, size_t len, struct status_fields *ret);

/* schedstat: run ns, wait ns, slices. */
int parse_schedstat(const char *text, size_t len, int64_t *ret_run_ns, int64_t *ret_wait_ns,
	int64_t *ret_slices);

/* syscall of a task: what it is blocked in. -EINVAL if torn. */
struct syscall_fields {
	bool running;
	int16_t number; /* of the call; -1: blocked outside of one, or running */
	uint64_t argument[6]; /* of the call; 0 if it is in none */
	uint64_t sp, pc; /* 0 if it runs */
};
int parse_syscall(const char *text, size_t len, struct syscall_fields *ret);

/* fdinfo/N: pos and flags (octal). -EINVAL if one is missing. */
int parse_fdinfo(const char *text, size_t len, int64_t *ret_position, int32_t *ret_flags);

/* status: Umask (octal) and FDSize; -EINVAL if neither is there. SigBlk, SigIgn, SigCgt, SigPnd,
 * ShdPnd without glibc's own two (32 and 33), into the masks and `known`; -EINVAL if one is
 * missing. */
int parse_fs(const char *text, size_t len, int32_t *ret_umask, int32_t *ret_fd_size);
int parse_signals(const char *text, size_t len, struct signal_sample *ret);

/* One entry of pagemap. The frame is UNKNOWN where there is no page, and for who may not know
 * it. */
enum page_state pagemap_state(uint64_t entry);
int64_t pagemap_frame(uint64_t entry);
/* Of a page that is present: whether one address space alone has it mapped (bit 56). */
bool pagemap_exclusive(uint64_t entry);

/* smaps (or maps): calls each for every complete mapping, in order, until it returns false. Returns
 * the count. A cut last entry is dropped. */
typedef bool mapping_visit(void *context, const struct mapping_sample *mapping);
size_t parse_smaps(const char *text, size_t len, mapping_visit *each, void *context);

/* smaps_rollup: the sizes of one process. */
int parse_rollup(const char *text, size_t len, struct process_sample *ret);

#endif
