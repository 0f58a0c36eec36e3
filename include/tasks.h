/* SPDX-License-Identifier: MIT
 * Records of a sample: crews and their workers, tasks, processes and their mappings, the machine,
 * and what could not be read. No pointers in them, so a sample can be copied between processes as
 * bytes. Integers are UNKNOWN (-1) where they could not be read; a gap says why. All text has
 * passed safe_text. A record is described beside its struct's name, in src/record: a new member is
 * a line here and a row there.
 */
#ifndef TASKSCOPE_TASKS_H
#define TASKSCOPE_TASKS_H

#include "base.h"
#include "record.h"

#define WORKER_NONE (-1) /* a task that is no member of a crew */
#define NICE_UNKNOWN INT16_MIN
#define WORKER_HOST (-2) /* the crew's host (of the thread crew: the main thread) */

/* One task. Identity is (tid, start): a reused id has another start. Files:
 * /proc/PID/task/TID/{stat,status,schedstat}. */
struct task_sample {
	int32_t pid; /* thread group id */
	int32_t tid;
	int64_t start; /* stat field 22 starttime, clock ticks after boot */
	int16_t side; /* enum side */
	int16_t worker; /* index in the crew, WORKER_NONE or WORKER_HOST */
	int16_t cpu; /* stat field 39 processor: where it runs or last ran; -1 unknown */
	int16_t nice; /* stat field 19; NICE_UNKNOWN: every number from -20 to 19 is one */
	int32_t took_ns; /* how long it took to read these, from at_ns on */
	char state; /* stat field 3: R S D T t Z X I; '?' unknown */
	/* task/TID/comm, or stat field 2: 15 bytes, each of which may become a U+FFFD */
	char name[48];
	int64_t voluntary; /* status voluntary_ctxt_switches, since birth */
	int64_t involuntary; /* status nonvoluntary_ctxt_switches, since birth */
	/* schedstat 1: on a CPU, ns since birth (moves at ticks while running) */
	int64_t run_ns;
	int64_t wait_ns; /* schedstat 2: runnable and waiting for a CPU, ns */
	int64_t slices; /* schedstat 3: times put on a CPU */
	int64_t minor_faults; /* task/TID/stat field 10 minflt, since birth */
	int64_t major_faults; /* task/TID/stat field 12 majflt */
	/* When the reading of these began, CLOCK_MONOTONIC: of a task that is read in turns at
	 * its last one. */
	int64_t at_ns;
	/* When its switches were these, which are read in turns, too; UNKNOWN: at_ns */
	int64_t counts_at_ns;
};
extern const struct record task_record;

/* One process (thread group). Sizes in kB as smaps_rollup and status print them. */
struct process_sample {
	int32_t pid;
	int32_t ppid;
	int64_t start;
	int16_t side;
	int16_t worker; /* the worker that this process is, WORKER_HOST, WORKER_NONE */
	char state;
	char name[64];
	int32_t threads; /* libproc2 PIDS_NLWP; -1 unknown */
	/* its parent, if it lives in that one's address space (clone with CLONE_VM, vfork); 0 if
	 * it has its own, as far as its parent is watched */
	int32_t address_space_of;
	bool deleted; /* the file that it runs has no name any more */
	int64_t rss_kb; /* smaps_rollup Rss */
	int64_t pss_kb; /* smaps_rollup Pss: each page divided by the number of mappers */
	int64_t uss_kb; /* Private_Clean + Private_Dirty: what its death would free */
	int64_t shared_clean_kb, shared_dirty_kb, private_clean_kb, private_dirty_kb, swap_kb;
	/* of hugetlbfs: in none of the sizes above */
	int64_t private_hugetlb_kb, shared_hugetlb_kb;
	int64_t vm_size_kb; /* status VmSize: address space, resident or not */
	int64_t page_tables_kb; /* status VmPTE */
	int64_t mappings; /* lines of maps */
	/* of the whole group, exited threads included (libproc2) */
	int64_t minor_faults, major_faults;
	/* when this row was read, CLOCK_MONOTONIC: the slow lane has its own age */
	int64_t at_ns;
};
extern const struct record process_record;

/* One mapping of one process: an entry of /proc/PID/smaps. */
struct mapping_sample {
	int32_t pid;
	uint32_t dev_major, dev_minor;
	uint64_t start, end; /* [start, end) */
	uint64_t offset, inode;
	char perms[5]; /* "rw-p"; 's' means: may be shared */
	char path[107]; /* the tail, if it was longer; "" for anonymous */
	int64_t size_kb, rss_kb, pss_kb;
	int64_t shared_clean_kb, shared_dirty_kb, private_clean_kb, private_dirty_kb;
	int64_t referenced_kb, anonymous_kb, anon_huge_kb, swap_kb;
	/* of hugetlbfs: in none of the sizes above but size_kb */
	int64_t private_hugetlb_kb, shared_hugetlb_kb;
	int64_t at_ns;
};
extern const struct record mapping_record;

/* Unreaped: it ended, but its process is a zombie still, or its thread is not joined. */
enum worker_phase { WORKER_STARTING, WORKER_ALIVE, WORKER_ENDED, WORKER_UNREAPED };

enum order_state { ORDER_STATE_NONE, ORDER_STATE_UNDER_WAY, ORDER_STATE_DONE, ORDER_STATE_FAILED };

/* One worker as its own crew reports it (through the board): what /proc cannot know. */
struct worker_sample {
	int16_t side;
	int16_t index;
	int16_t phase; /* enum worker_phase */
	int16_t cpu; /* pinned to this CPU by an order; -1: by none */
	/* kept on this CPU, as the same worker of the other side is on the mirrored one; -1: pinned
	 * or free */
	int16_t placed_cpu;
	int32_t pid, tid;
	char job[16]; /* what it does now: a name of the job table */
	int64_t rounds; /* rounds of its job done since birth, counted by itself */
	int32_t stacks; /* user-level stacks that it switches between; 0: none */
	int64_t user_switches; /* between them, counted by itself; UNKNOWN: it has none */
	int32_t wait_status; /* as waitpid gives it, if ended; else 0 */
	int32_t fault_signal; /* the signal its own handler saw (SIGSEGV ...), or 0 */
	uint64_t fault_address; /* si_addr of that signal */
	uint64_t stack_low, stack_high; /* its stack's bounds, by pthread_getattr_np; 0 unknown */
	uint64_t tls; /* its thread pointer; 0 unknown */
	uint64_t clone_flags; /* of clone(2) that made it; 0: a fork */
	/* what NEED_POINTER looks at; 0: there is none */
	uint64_t x_address, local_address, victim_address;
	/* when it ended, CLOCK_MONOTONIC; UNKNOWN: it lives, or an exec ended it */
	int64_t ended_ns;
	char last_order[20]; /* a name of the order table; "" if it never had one */
	char last_result[96]; /* what it says of it: "8 MB: 2048 pages, 2048 minor faults"; "" */
	int16_t order_state; /* enum order_state, of the last order */
	int64_t orders_done; /* orders it has answered since birth */
};
extern const struct record worker_record;

enum crew_state { CREW_OFF, CREW_STARTING, CREW_RUNNING, CREW_ENDED, CREW_FAILED };

/* One crew: a host and its workers. */
struct crew_sample {
	int16_t side;
	int16_t kind; /* enum kind */
	int16_t state; /* enum crew_state */
	int16_t cpu; /* its workers are pinned to this CPU; -1: spread */
	int32_t host; /* PID of the host; 0 none */
	int32_t wanted; /* workers asked for */
	int32_t alive; /* workers that live */
	int32_t wait_status; /* of the host, if it ended */
	int16_t culprit; /* the worker whose fault or end took the crew along; WORKER_NONE */
	/* address randomisation is off in this crew, so addresses compare across the sides */
	bool fixed_addresses;
	/* memory that was written before the workers were made; 0 unknown */
	uint64_t arena_low, arena_high;
	/* where its workers write new pages (job touch); 0 unknown */
	uint64_t touch_low, touch_high;
	/* of int64_t, on the heap and in a MAP_SHARED page; 0 unknown */
	uint64_t counter_address, shared_counter_address;
	/* of the host's main thread, as it reports them; 0 unknown */
	uint64_t stack_low, stack_high, tls;
	/* the descriptor of a file that was opened before the workers were made; -1 none */
	int32_t file_fd;
	char count_order[20]; /* the last counting order; "" none */
	/* increments that all made together, and what the counter says; UNKNOWN */
	int64_t count_expected, count_value;
	char job[16]; /* the crew's job: a name of the job table, or "mixed" */
	/* among which the scheduler first shares out the CPU: "autogroup 105" (of a session),
	 * "cgroup 4711 /a" (by inode), "group 0" (of all); "" unknown */
	char cpu_group[64];
	/* why it failed, or what limit was met ("limit: 19 of 64 started: fork: ... (RLIMIT_NPROC
	 * 20)") */
	char note[160];
};
extern const struct record crew_record;

enum group_state { GROUP_WAITING, GROUP_LIVING, GROUP_ENDED };

/* How new processes of a group come to be known. */
enum group_births { GROUP_BIRTHS_SCAN, GROUP_BIRTHS_CHILDREN, GROUP_BIRTHS_RECORDS };

/* What a side is when it is no crew: processes that were there, and their descendants. */
struct group_sample {
	int16_t side;
	int16_t state; /* enum group_state */
	int16_t births_by; /* enum group_births */
	bool children; /* descendants belong to it */
	int32_t pid; /* of the first target that lives; 0: none does */
	int32_t roots; /* targets that live */
	int32_t processes, threads; /* that live; UNKNOWN: not counted */
	int64_t births, ended; /* processes that came and went since the start */
	char title[64]; /* "nginx", "redis-server and 2 more" */
	char target[128]; /* as it was typed */
	char note[160]; /* what else is to be said of it; "" nothing */
};
extern const struct record group_record;

/* A value that could not be read, and why. pid 0: the whole machine. */
struct gap_sample {
	int32_t pid;
	int32_t error; /* errno, or 0 */
	char what[32]; /* the file or call: "smaps", "schedstat", "libproc2" */
	char reason[96]; /* one clause for a person: "owned by root", "no answer within 250 ms" */
};
extern const struct record gap_record;

/* The machine at this instant. */
struct machine_sample {
	int32_t cpus; /* online */
	int32_t load_centi; /* 1-minute load average x 100 (libproc2) */
	int64_t switches; /* all context switches since boot (libproc2 STAT_SYS_CTX_SWITCHES) */
	int64_t total_kb, available_kb; /* libproc2 meminfo */
};
extern const struct record machine_record;

/* What taskscope itself costs: supervisor, screen and prober summed. */
struct observer_sample {
	int64_t cpu_ns, voluntary, involuntary;
	/* of the newest second; what our processes share is in pss_kb once, in rss_kb three
	 * times */
	int64_t rss_kb, pss_kb;
	int64_t kernel_kb; /* what the kernel keeps for their open files, about */
};
extern const struct record observer_record;

/* The machine a recording was made on; the header line of a recording, and part of `doctor`. */
struct machine_info {
	char kernel[96]; /* utsname release and machine */
	char cpu[96]; /* /proc/cpuinfo model name */
	int32_t cpus;
	int32_t ticks_per_s; /* sysconf(_SC_CLK_TCK) */
	int32_t perf_event_paranoid; /* -99 unknown */
	int32_t uid;
	char recorded[32]; /* wall clock, ISO 8601, UTC */
};
extern const struct record card_record;

#endif
