/* SPDX-License-Identifier: MIT
 * One instant of kernel facts, as plain data: the lower seam of the program. Sources and crews fill samples, the model
 * reads them, recordings are samples as JSON Lines. No pointers inside the records, so a sample can be copied between
 * processes as bytes. Integers are UNKNOWN (-1) where they could not be read; a gap says why. All text in a sample has
 * passed safe_text.
 */
#ifndef TASKSCOPE_SAMPLE_H
#define TASKSCOPE_SAMPLE_H

#include <stdio.h>

#include "base.h"
#include "evidence.h"
#include "switches.h"

#define WORKER_NONE (-1) /* a task that is no member of a crew */
#define WORKER_HOST (-2) /* the crew's host (of the thread crew: the main thread) */

/* What a reader may be asked for: nothing is read that nobody looks at. */
enum need {
	NEED_TASKS = 1 << 0,     /* names, states, switch counters, run and wait time of every task */
	NEED_PROCESSES = 1 << 1, /* per process: memory totals, faults (libproc2, smaps_rollup, status) */
	NEED_MAPPINGS = 1 << 2,  /* per mapping: smaps of the processes asked for */
	NEED_MACHINE = 1 << 3,   /* load, system switches, memory */
	NEED_SHARING = 1 << 4,   /* which kernel objects each task has */
	NEED_PAGES = 1 << 5,     /* the state of each page of the arena, and of the ranges asked for */
	NEED_POINTER = 1 << 6,   /* X, a local variable and a heap object of each worker, as its memory has them */
	NEED_REGISTERS = 1 << 7, /* SP, PC and stack of each task */
	NEED_FILES = 1 << 8,     /* descriptors, working directory, umask */
	NEED_SIGNALS = 1 << 9,   /* masks and pending signals of each task */
	NEED_MAPPING_COUNT = 1 << 10, /* with NEED_PROCESSES: how many mappings each process has */
	NEED_WAITS = 1 << 11,    /* what the tasks that do not run wait in */
	NEED_SWITCHES = 1 << 12, /* every switch, birth and death of the crews' tasks (perf_event) */
};

/* One task. Identity is (tid, start): a reused id has another start. Files: /proc/PID/task/TID/{stat,status,schedstat}. */
struct task_sample {
	int32_t pid; /* thread group id */
	int32_t tid;
	int64_t start;   /* stat field 22 starttime, clock ticks after boot */
	int16_t side;    /* enum side */
	int16_t worker;  /* index in the crew, WORKER_NONE or WORKER_HOST */
	int16_t cpu;     /* stat field 39 processor: where it runs or last ran; -1 unknown */
	int16_t nice;    /* stat field 19 */
	char state;      /* stat field 3: R S D T t Z X I; '?' unknown */
	char name[64];   /* task/TID/comm, or stat field 2 */
	int64_t voluntary;   /* status voluntary_ctxt_switches, since birth */
	int64_t involuntary; /* status nonvoluntary_ctxt_switches, since birth */
	int64_t run_ns;      /* schedstat 1: on a CPU, ns since birth (moves at ticks while running) */
	int64_t wait_ns;     /* schedstat 2: runnable and waiting for a CPU, ns */
	int64_t slices;      /* schedstat 3: times put on a CPU */
	int64_t minor_faults; /* task/TID/stat field 10 minflt, since birth */
	int64_t major_faults; /* task/TID/stat field 12 majflt */
};

/* One process (thread group). Sizes in kB as smaps_rollup and status print them. */
struct process_sample {
	int32_t pid;
	int32_t ppid;
	int64_t start;
	int16_t side;
	int16_t worker;  /* the worker that this process is, WORKER_HOST, WORKER_NONE */
	char state;
	char name[64];
	int32_t threads;          /* libproc2 PIDS_NLWP; -1 unknown */
	int64_t rss_kb;           /* smaps_rollup Rss */
	int64_t pss_kb;           /* smaps_rollup Pss: each page divided by the number of mappers */
	int64_t uss_kb;           /* Private_Clean + Private_Dirty: what its death would free */
	int64_t shared_clean_kb, shared_dirty_kb, private_clean_kb, private_dirty_kb, swap_kb;
	int64_t vm_size_kb;       /* status VmSize: address space, resident or not */
	int64_t page_tables_kb;   /* status VmPTE */
	int64_t mappings;         /* lines of maps */
	int64_t minor_faults, major_faults; /* of the whole group, exited threads included (libproc2) */
	int64_t at_ns;            /* when this row was read, CLOCK_MONOTONIC: the slow lane has its own age */
};

/* One mapping of one process: an entry of /proc/PID/smaps. */
struct mapping_sample {
	int32_t pid;
	uint32_t dev_major, dev_minor;
	uint64_t start, end; /* [start, end) */
	uint64_t offset, inode;
	char perms[5];  /* "rw-p"; 's' means: may be shared */
	char path[107]; /* the tail, if it was longer; "" for anonymous */
	int64_t size_kb, rss_kb, pss_kb;
	int64_t shared_clean_kb, shared_dirty_kb, private_clean_kb, private_dirty_kb;
	int64_t referenced_kb, anonymous_kb, anon_huge_kb, swap_kb;
	int64_t at_ns;
};

/* Unreaped: it ended, but its process is a zombie still, or its thread is not joined. */
enum worker_phase { WORKER_STARTING, WORKER_ALIVE, WORKER_ENDED, WORKER_UNREAPED };

enum order_state { ORDER_STATE_NONE, ORDER_STATE_UNDER_WAY, ORDER_STATE_DONE, ORDER_STATE_FAILED };


/* One worker as its own crew reports it (through the board): what /proc cannot know. */
struct worker_sample {
	int16_t side;
	int16_t index;
	int16_t phase; /* enum worker_phase */
	int16_t cpu;   /* pinned to this CPU; -1: free to move */
	int32_t pid, tid;
	char job[16];  /* what it does now: a name of the job table */
	int64_t rounds;      /* rounds of its job done since birth, counted by itself */
	int32_t wait_status; /* as waitpid gives it, if ended; else 0 */
	int32_t fault_signal;   /* the signal its own handler saw (SIGSEGV ...), or 0 */
	uint64_t fault_address; /* si_addr of that signal */
	uint64_t stack_low, stack_high; /* its stack's bounds, by pthread_getattr_np; 0 unknown */
	uint64_t tls;         /* its thread pointer; 0 unknown */
	uint64_t clone_flags; /* of clone(2) that made it; 0: a fork */
	uint64_t x_address, local_address, victim_address; /* what NEED_POINTER looks at; 0: there is none */
	int64_t ended_ns;    /* when it ended, CLOCK_MONOTONIC; UNKNOWN: it lives, or an exec ended it */
	char last_order[20];  /* a name of the order table; "" if it never had one */
	char last_result[72]; /* what it says of it: "8 MB: 2048 pages, 2048 minor faults"; "" */
	int16_t order_state;  /* enum order_state, of the last order */
	int64_t orders_done;  /* orders it has answered since birth */
};

enum crew_state { CREW_OFF, CREW_STARTING, CREW_RUNNING, CREW_ENDED, CREW_FAILED };

/* One crew: a host and its workers. */
struct crew_sample {
	int16_t side;
	int16_t kind;  /* enum kind */
	int16_t state; /* enum crew_state */
	int16_t cpu;   /* its workers are pinned to this CPU; -1: spread */
	int32_t host;  /* PID of the host; 0 none */
	int32_t wanted; /* workers asked for */
	int32_t alive;  /* workers that live */
	int32_t wait_status; /* of the host, if it ended */
	int16_t culprit;     /* the worker whose fault or end took the crew along; WORKER_NONE */
	bool fixed_addresses; /* address randomisation is off in this crew, so addresses compare across the sides */
	uint64_t arena_low, arena_high; /* memory that was written before the workers were made; 0 unknown */
	uint64_t touch_low, touch_high; /* where its workers write new pages (job touch); 0 unknown */
	uint64_t counter_address, shared_counter_address; /* of int64_t, on the heap and in a MAP_SHARED page; 0 unknown */
	uint64_t stack_low, stack_high, tls; /* of the host's main thread, as it reports them; 0 unknown */
	int32_t file_fd; /* the descriptor of a file that was opened before the workers were made; -1 none */
	char count_order[20]; /* the last counting order; "" none */
	int64_t count_expected, count_value; /* increments that all made together, and what the counter says; UNKNOWN */
	char job[16];    /* the crew's job: a name of the job table, or "mixed" */
	char note[120];  /* why it failed, or what limit was met ("limit: 19 of 64 started: fork: ... (RLIMIT_NPROC 20)") */
};

/* A value that could not be read, and why. pid 0: the whole machine. */
struct gap_sample {
	int32_t pid;
	int32_t error;   /* errno, or 0 */
	char what[32];   /* the file or call: "smaps", "schedstat", "libproc2" */
	char reason[96]; /* one clause for a person: "owned by root", "no answer within 250 ms" */
};

/* The machine at this instant. */
struct machine_sample {
	int32_t cpus;        /* online */
	int32_t load_centi;  /* 1-minute load average x 100 (libproc2) */
	int64_t switches;    /* all context switches since boot (libproc2 STAT_SYS_CTX_SWITCHES) */
	int64_t total_kb, available_kb; /* libproc2 meminfo */
};

/* What taskscope itself costs: supervisor, screen and prober summed. */
struct observer_sample {
	int64_t cpu_ns, voluntary, involuntary;
	int64_t rss_kb, pss_kb; /* of the newest second; what our processes share is in pss_kb once, in rss_kb three times */
};

struct sample {
	int64_t at_ns;   /* when the fast lane was read, CLOCK_MONOTONIC */
	int64_t slow_at_ns; /* when the slow lane (processes, mappings, machine) was read; UNKNOWN: not yet */
	VEC(struct crew_sample) crews;      /* at most one a side */
	VEC(struct worker_sample) workers;
	VEC(struct task_sample) tasks;
	VEC(struct process_sample) processes;
	VEC(struct mapping_sample) mappings; /* grouped by pid, ascending addresses */
	VEC(struct gap_sample) gaps;
	VEC(struct switch_sample) switches; /* ascending at_ns; some may be older than the end of the sample before */
	/* All switches after `from` and up to `until` are in this sample or one before; `from` is the `until` of the sample
	 * before, or later: then there is a hole between. UNKNOWN: nobody watches. */
	int64_t switches_from_ns, switches_until_ns;
	VEC(struct wait_sample) waits; /* looks of this sample */
	VEC(struct duel_sample) duels;         /* what the last duel has measured so far */
	VEC(struct contrast_sample) contrasts;
	struct duel_state_sample duel;
	VEC(struct sharing_sample) sharing; /* from here on evidence.h, each as its need asks */
	VEC(struct pages_sample) pages;
	VEC(uint8_t) page_states; /* enum page_state, of all pages */
	VEC(int64_t) page_frames;
	VEC(struct pointer_sample) pointers;
	VEC(struct register_sample) registers;
	VEC(struct file_sample) files; /* grouped by table */
	VEC(struct fs_sample) places;
	VEC(struct signal_sample) signals;
	struct machine_sample machine;
	struct observer_sample observer;
};

/* The machine a recording was made on; the header line of a recording, and part of `doctor`. */
struct machine_info {
	char kernel[96];  /* utsname release and machine */
	char cpu[96];     /* /proc/cpuinfo model name */
	int32_t cpus;
	int32_t ticks_per_s; /* sysconf(_SC_CLK_TCK) */
	int32_t perf_event_paranoid; /* -99 unknown */
	int32_t uid;
	char recorded[32]; /* wall clock, ISO 8601, UTC */
};

/* { 0 } is an empty sample; clear empties it and keeps the memory; all integers of records that the caller pushes are his
 * to set. copy makes *to equal to *from (grows what it must, allocates nothing in a steady state). */
void sample_clear(struct sample *sample);
void sample_finish(struct sample *sample);
void sample_copy(struct sample *to, const struct sample *from);

/* safe_text into a member array of a sample record. The tail form keeps the end of a long text ("…/lib/libc.so.6"). */
#define sample_text(member, text, len) safe_text((member), sizeof(member), (text), (len))
void sample_text_tail(char *member, size_t size, const char *text, size_t len);

/* A record with every integer UNKNOWN, state '?' and text empty: a starting point for readers. */
void task_sample_init(struct task_sample *task);
void process_sample_init(struct process_sample *process);
void mapping_sample_init(struct mapping_sample *mapping);
void sharing_sample_init(struct sharing_sample *sharing);
void pages_sample_init(struct pages_sample *pages);
void pointer_sample_init(struct pointer_sample *pointer);
void register_sample_init(struct register_sample *registers);
void wait_sample_init(struct wait_sample *wait);
void file_sample_init(struct file_sample *file);
void fs_sample_init(struct fs_sample *place);
void signal_sample_init(struct signal_sample *signals);

/* Adds a gap, once for each (pid, what). reason NULL: strerror. */
void sample_gap(struct sample *sample, int32_t pid, const char *what, int error, const char *reason);

/* --- recordings: JSON Lines. Line 1 is the header, then one line a sample. The format is documented in the man page,
 * versioned and additive: an unknown member is skipped, an absent one is UNKNOWN.
 *
 *   {"taskscope_recording":1,"machine":{"kernel":"...","cpus":2,...}}
 *   {"at_ns":N,"crews":[{}],"workers":[{}],"tasks":[{}],"gaps":[{}],"waits":[{}],"observer":{},
 *    "switches":{"from_ns":N,"until_ns":N,"tasks":[PID,TID,...],"events":[DT,KIND,CPU,TASK,...],"others":[EVENT,N,...]},
 *    "slow":{"at_ns":N,"machine":{},"processes":[{}],"mappings":[{"pid":P,"at_ns":N,"rows":[{}]}]}}
 *
 * Records have the members of the structs above, by name. A line without "slow" has the slow lane of the line before, one
 * without "evidence" its evidence; an evidence
 * with "pages":true has its pages; a process without "rows" has the mappings of the line before. Enumerations are words ("left", "threads", "alive"); unsigned 64-bit numbers (addresses, inodes) are
 * hexadecimal strings ("0x7f01"), for JSON's integers end earlier.
 *
 * Switches are many, so they are numbers alone. "tasks" has three a task: pid, tid, and 0 (left) or 1 (right). "events"
 * has four an event: nanoseconds since the event before (the first: CLOCK_MONOTONIC), enum switch_kind, CPU, index of
 * its task in "tasks". "others" has two for each event whose `other` is not 0: the event's index, and that. --- */

#define RECORDING_VERSION 1
#define RECORDING_LINE_MAX (8u << 20) /* bytes; a longer line is an error */
#define RECORDING_SAMPLES_MAX 1000000
#define RECORDING_BYTES_MAX (INT64_C(4) << 30) /* a recorder stops here, with -EFBIG */

/* text as a JSON string with its quotes, appended to out. Passes safe_text, so it is valid UTF-8 at any input; what is
 * longer than 511 bytes is cut. */
void json_put_text(struct buf *out, const char *text, size_t len);

/* One line (with its newline) appended to out. The line of a sample stands alone: its slow lane is written in full. */
void recording_put_header(struct buf *out, const struct machine_info *card);
void recording_put_sample(struct buf *out, const struct sample *sample);

/* One line read. 0; -EINVAL (not JSON, or of a wrong shape), -EPROTO (another version). why, if not NULL, receives one
 * clause that says what is wrong. *ret is untouched on failure. What a sample's line leaves out of the slow lane is
 * taken from *ret as it was: give the sample of the line before, or an empty one. */
int recording_get_header(const char *line, size_t len, struct machine_info *ret, char *why, size_t why_size);
int recording_get_sample(const char *line, size_t len, struct sample *ret, char *why, size_t why_size);

/* A recorder writes FILE.part and renames it to FILE at the end; it never follows a symlink and never overwrites FILE
 * or FILE.part unless force. Mode 0600. It leaves out a slow lane that did not change, and writes each sample at once,
 * so that a crash loses none. All return 0 or -errno; after a failed write the recorder is dead and says so each time:
 * FILE.part then holds whole lines up to the failure, and close leaves it there. create: -EEXIST (FILE or FILE.part is
 * there), with force -ELOOP, -EISDIR or -EINVAL (FILE is a link, a folder, no regular file), or of open. add: -ENOSPC,
 * -EFBIG (RECORDING_BYTES_MAX, or a sample that even without its mappings is longer than RECORDING_LINE_MAX), or of
 * write. close: -EEXIST if FILE came to be meanwhile. */
struct recorder;
int recorder_create(const char *path, bool force, const struct machine_info *card, struct recorder **ret);
int recorder_add(struct recorder *recorder, const struct sample *sample);
int recorder_close(struct recorder *recorder); /* flush, rename, free; NULL is fine */
void recorder_destroy(struct recorder *recorder); /* as after a crash: FILE.part stays; NULL is fine */
void recorder_set_limit(struct recorder *recorder, int64_t bytes); /* instead of RECORDING_BYTES_MAX */

/* A reader streams a recording; the file may be larger than memory: it holds one line and two samples. Opened with
 * O_NOFOLLOW left off: reading through a link is the user's business. open: 0; -errno of open; -EINVAL (no regular file,
 * empty, not a recording), -EPROTO (another version). next: 0 and the sample; -ENODATA at the end (a cut last line is
 * the end: *ret_cut says so); -EINVAL with why ("line 17: ..."), and from then on each time until a rewind. Time never
 * goes back from one sample to the next. */
struct recording;
int recording_open(const char *path, struct recording **ret, char *why, size_t why_size);
const struct machine_info *recording_machine(const struct recording *recording);
int recording_next(struct recording *recording, struct sample *ret, bool *ret_cut, char *why, size_t why_size);
int recording_rewind(struct recording *recording);
void recording_close(struct recording *recording);

#endif
