/* SPDX-License-Identifier: MIT
 * Records of a sample that settle what tasks share and what is theirs. Filled by the source (fast
 * lane: files that never block; prober: pagemap, /proc/PID/mem), by the crew (what workers report
 * of themselves), read by the model. Plain data as in sample.h: -1 is unknown, a gap says why.
 * Nothing here is ever read by stopping a task or by a call that changes its memory:
 * process_vm_readv breaks copy-on-write sharing, so /proc/PID/mem is read instead.
 */
#ifndef TASKSCOPE_EVIDENCE_H
#define TASKSCOPE_EVIDENCE_H

#include "caption.h"
#include "duel_sample.h"
#include "program_sample.h"
#include "switches.h"
#include "tasks.h"

/* What a reader may be asked for: nothing is read that nobody looks at. */
enum need {
	/* names, states, switch counters, run and wait time of every task */
	NEED_TASKS = 1 << 0,
	/* per process: memory totals, faults (libproc2, smaps_rollup, status) */
	NEED_PROCESSES = 1 << 1,
	NEED_MAPPINGS = 1 << 2, /* per mapping: smaps of the processes asked for */
	NEED_MACHINE = 1 << 3, /* load, system switches, memory */
	NEED_SHARING = 1 << 4, /* which kernel objects each task has */
	/* the state of each page of the arena, and of the ranges asked for */
	NEED_PAGES = 1 << 5,
	/* X, a local variable and a heap object of each worker, as its memory has them */
	NEED_POINTER = 1 << 6,
	NEED_REGISTERS = 1 << 7, /* SP, PC and stack of each task */
	NEED_FILES = 1 << 8, /* descriptors, working directory, umask */
	NEED_SIGNALS = 1 << 9, /* masks and pending signals of each task */
	NEED_MAPPING_COUNT = 1 << 10, /* with NEED_PROCESSES: how many mappings each process has */
	NEED_WAITS = 1 << 11, /* what the tasks that do not run wait in */
	/* every switch, birth and death of the crews' tasks (perf_event) */
	NEED_SWITCHES = 1 << 12,
	NEED_CALLS = 1 << 13, /* which system call each task waits in */
	NEED_EDGES = 1 << 14, /* what each blocked task waits for, and who has it */
};

/* --- sharing: which kernel objects a task has (kcmp(2), /proc/PID/ns) --- */

enum resource {
	RESOURCE_MEMORY, /* KCMP_VM: address space */
	RESOURCE_FILES, /* KCMP_FILES: descriptor table */
	RESOURCE_FS, /* KCMP_FS: cwd, root, umask */
	RESOURCE_HANDLERS, /* KCMP_SIGHAND */
	RESOURCE_SEMUNDO, /* KCMP_SYSVSEM: compares NULL pointers while nobody has one */
	RESOURCE_IO, /* KCMP_IO: likewise; glibc's threads do not pass CLONE_IO */
	RESOURCE_NAMESPACES, /* the set of /proc/PID/ns links, numbered as one object */
	RESOURCES
};

enum evidence_how {
	HOW_UNKNOWN,
	HOW_KERNEL, /* asked of the kernel */
	/* concluded from what was seen: a mapping, a descriptor, a cwd appears at the other, or
	 * not */
	HOW_BEHAVIOUR,
	HOW_CONSTRUCTION, /* we made the task, so we know its clone flags */
};

/* One task's row of the matrix. Equal numbers in a column are one object, across both sides. */
struct sharing_sample {
	int32_t pid, tid;
	int16_t side, worker;
	int16_t object[RESOURCES]; /* 1, 2, ...: the number; 0: not allocated; -1: unknown */
	int16_t how[RESOURCES]; /* enum evidence_how; HOW_UNKNOWN goes with object -1 */
	/* the flags it was created with, as its crew did it; 0: a fork */
	uint64_t clone_flags;
	int64_t at_ns;
};
extern const struct record sharing_record;

/* --- pages: one byte a page of a watched range (/proc/PID/pagemap) --- */

enum page_state {
	PAGE_ABSENT, /* bit 63 and 62 clear: no page here (yet) */
	PAGE_OWN, /* present, anonymous, bit 56: mapped once, by this address space alone */
	/* present, anonymous, bit 56 clear: mapped by more than one; also the zero page, which all
	 * who only read have */
	PAGE_SHARED,
	PAGE_SWAPPED, /* bit 62 */
	PAGE_GUARD, /* bit 58 */
	/* present, bit 61: a page of a file, or of memory that is shared by MAP_SHARED */
	PAGE_FILE,
	PAGE_STATES
};

/* One range of one process. Its states are sample.page_states.at[first .. first + pages). */
struct pages_sample {
	int32_t pid;
	int16_t side, worker;
	char name[16]; /* "arena", or the label of the mapping of which a part is looked at */
	uint64_t start;
	int32_t page_kb;
	int32_t pages;
	uint32_t first; /* index in sample.page_states */
	/* index in sample.page_frames of as many frame numbers (-1: no page); -1: not permitted */
	int32_t first_frame;
	int32_t count[PAGE_STATES];
	/* pages whose frame another row has at the same place; the model fills it in; -1 unknown */
	int32_t equal;
	int64_t at_ns;
};
extern const struct record pages_record;

/* --- one pointer, many truths: what stands at one address in each task's address space
 * (/proc/PID/task/TID/mem). Pages that are not present are not read, for that would bring them
 * in: known is false then, and state says so. --- */
enum pointer_what {
	POINTER_X, /* struct { int64_t value; char text[40]; } in a mapping of its own */
	POINTER_LOCAL, /* a local variable of the worker: int64_t */
	POINTER_VICTIM, /* its object on the heap: text */
	/* what its own memory has at the address of the next worker's object: text */
	POINTER_NEIGHBOUR,
	POINTER_WHATS
};
struct pointer_sample {
	int32_t pid, tid;
	int16_t side, worker;
	int16_t what; /* enum pointer_what */
	int16_t state; /* enum page_state of the page that holds it; -1 unknown */
	bool known; /* value and text were read */
	uint64_t address;
	int64_t value; /* of text its first 8 bytes */
	char text[40]; /* who wrote it last, as it stands in that memory; POINTER_LOCAL: "" */
	int64_t frame; /* physical frame number, or -1 (not permitted) */
	int16_t exclusive; /* pagemap bit 56: 1 mapped once, 0 by several, -1 unknown */
	int64_t at_ns;
};
extern const struct record pointer_record;

/* --- stacks and registers (task/TID/syscall of a blocked task; of a running one perf_event
 * samples, or where it was blocked before; nothing older than 2 s) --- */
enum register_how { REGISTERS_NONE, REGISTERS_SYSCALL, REGISTERS_PERF, REGISTERS_EARLIER };

struct register_sample {
	int32_t pid, tid;
	int16_t side, worker;
	int16_t how; /* enum register_how, of sp and pc */
	int16_t syscall; /* number of the call it is blocked in; -1 none */
	uint64_t sp, pc; /* 0 unknown */
	uint64_t tls; /* thread pointer, reported by the worker; 0 unknown */
	uint64_t stack_low, stack_high; /* reported by the worker */
	int64_t stack_used_kb; /* stack_high - sp */
	int64_t stack_resident_kb; /* pages present in [stack_low, stack_high) (pagemap) */
	char where[56]; /* mapping and offset, or symbol, that pc is in */
	char waits_in[32]; /* /proc/.../wchan; "" running or unknown */
	int64_t at_ns;
};
extern const struct record register_record;

/* --- files (fd/, fdinfo/, cwd, status Umask) --- */
struct file_sample {
	int32_t pid;
	int32_t tid; /* whose table it is: the leader's, or that of a task that has its own */
	int16_t side, worker;
	int32_t fd;
	int64_t position; /* fdinfo pos */
	int32_t flags; /* fdinfo flags, octal in the file */
	/* number of the open file description: equal numbers are one (KCMP_FILE); 0: alone; -1
	 * unknown */
	int16_t description;
	char path[72];
	int64_t at_ns;
};
extern const struct record file_record;
struct fs_sample {
	int32_t pid, tid;
	int16_t side, worker;
	int32_t umask; /* -1 unknown */
	int32_t fds; /* open descriptors */
	int32_t fd_size; /* status FDSize: slots of the table */
	char cwd[72];
	int64_t at_ns;
};
extern const struct record fs_record;

/* --- signals (task/TID/status SigBlk SigIgn SigCgt SigPnd ShdPnd), without glibc's own 32 and 33
 * ---
 * / */
struct signal_sample {
	int32_t pid, tid;
	int16_t side, worker;
	bool known;
	uint64_t blocked, ignored, caught, pending, shared_pending; /* bit n - 1: signal n */
	int64_t at_ns;
};
extern const struct record signal_record;

/* --- what a task waits in (task/TID/syscall of a blocked task) --- */
struct call_sample {
	int32_t pid, tid;
	int16_t side, worker;
	int16_t number; /* of the call; -1: it runs, or is blocked outside of one */
	char call[20]; /* its name, or "call 7" */
	/* of a futex call: the address of the word it waits at; 0: it is none */
	uint64_t futex;
	char operation[28]; /* of a futex call: "private wait"; "" */
	int64_t at_ns;
};
extern const struct record call_record;

/* --- what a blocked task waits for, and who has to end that: an edge of the wait graph
 * (task/TID/syscall, and the memory around a futex word; /proc/locks; task/TID/children) --- */
enum edge_kind {
	EDGE_NONE, /* it waits for time or input */
	EDGE_FUTEX, /* a word of which it is not known what it is */
	EDGE_MUTEX,
	EDGE_ROBUST, /* the kernel gives it on when its owner ends */
	EDGE_PI, /* its owner inherits the waiter's priority */
	EDGE_JOIN, /* the end of a thread */
	EDGE_CHILD, /* the end of a child */
	EDGE_FILE_LOCK, /* flock(2), fcntl(2) */
	EDGE_PIPE,
	EDGE_SOCKET,
	EDGE_KINDS
};

/* Why nobody is named as the one who has to end it. */
enum edge_why {
	EDGE_NAMED, /* somebody is */
	EDGE_FOR_NOBODY, /* EDGE_NONE */
	EDGE_NO_OWNER, /* the word says nothing of one */
	EDGE_TIMED, /* it ends by itself */
	EDGE_OWNER_GONE,
	EDGE_OWNER_APART, /* who is named there does not have that memory */
	EDGE_CHANGED, /* two looks differed */
	EDGE_REFUSED,
	EDGE_ANY, /* one of several: any of them can */
	EDGE_FAR_END, /* who has the other end is not known */
	EDGE_WHYS
};

struct edge_sample {
	int32_t pid, tid;
	int16_t side, worker;
	int16_t kind; /* enum edge_kind */
	int16_t why; /* enum edge_why */
	uint64_t address; /* of the futex word in the waiter's memory; 0: none */
	uint64_t object; /* equal of all who wait at the same thing, in one process or in many */
	int32_t owner; /* TID of who has to end it; UNKNOWN: nobody is named */
	bool timed; /* the wait has a timeout */
	/* voluntary and involuntary switches of the waiter, since birth: equal ones say that it did
	 * not run meanwhile; UNKNOWN: not read, for nobody is named */
	int64_t switches;
	int64_t at_ns;
};
extern const struct record edge_record;

/* --- the kernel's price of a process (status VmPTE, FDSize; maps) is in process_sample --- */

/* --- one instant --- */

struct sample {
	int64_t at_ns; /* when the fast lane was read, CLOCK_MONOTONIC */
	/* when the slow lane (processes, mappings, machine) was read; UNKNOWN: not yet */
	int64_t slow_at_ns;
	VEC(struct crew_sample) crews; /* at most one a side */
	VEC(struct group_sample) groups; /* likewise */
	VEC(struct program_sample) programs; /* likewise */
	VEC(struct worker_sample) workers;
	VEC(struct task_sample) tasks;
	VEC(struct process_sample) processes;
	VEC(struct mapping_sample) mappings; /* grouped by pid, ascending addresses */
	VEC(struct gap_sample) gaps;
	VEC(struct lane_sample) lanes; /* tasks, then CPUs */
	VEC(struct span) spans; /* grouped by row of lanes, ascending in each */
	VEC(struct span_sums) crowds; /* one for each span that is a SPAN_CROWD, in their order */
	/* of a recording that holds each record: until they are folded */
	VEC(struct switch_sample) switches;
	/* All records after `from` and up to `until` came; `from` is the `until` before, or later:
	 * a hole. UNKNOWN: nobody watches */
	int64_t switches_from_ns, switches_until_ns;
	/* records of every kind that came, and that are missing */
	int64_t switches_seen, switches_lost;
	VEC(struct wait_sample) waits; /* looks of this sample */
	VEC(struct duel_sample) duels; /* what the last duel has measured so far */
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
	VEC(struct call_sample) calls;
	VEC(struct edge_sample) edges;
	struct told_sample told; /* of a tour or a quiz */
	VEC(struct caption_line) captions;
	VEC(struct mark_sample) marks; /* since the sample before */
	struct machine_sample machine;
	struct observer_sample observer;
};

#endif
