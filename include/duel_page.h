/* SPDX-License-Identifier: MIT
 * Duels: what a switch, a birth, a message and a worker's memory cost, measured for processes, for
 * processes that share their memory (CLONE_VM) and for threads. The tables of what can be measured,
 * and the shared page on which a duel host (taskscope-crew in its duel role) is told what to run
 * and reports every trial; and what the rounds of two series say, by which the host ends early and
 * the reader answers. Compiled into both executables; needs nothing but libc.
 */
#ifndef TASKSCOPE_DUEL_PAGE_H
#define TASKSCOPE_DUEL_PAGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum duel { DUEL_SWITCH, DUEL_CREATE, DUEL_TALK, DUEL_MEMORY, DUELS };

/* Who is measured. */
enum contender { BY_PROCESSES, BY_SHARED_MM, BY_THREADS, CONTENDERS };

enum duel_method {
	/* switch: value = ns from one task to the other */
	SWITCH_BY_PIPE,
	SWITCH_BY_FUTEX,
	SWITCH_BY_YIELD,
	/* create: value = ns for one create + exit + reap */
	CREATE_FORK,
	CREATE_VFORK,
	CREATE_FORK_EXEC,
	CREATE_POSIX_SPAWN,
	CREATE_PTHREAD,
	/* ... its second half alone: value = ns from the task's last act to the end of waiting for
	 * it */
	CREATE_END,
	/* ... and the clone ladder: one more flag at a time, from fork to thread */
	CLONE_NOTHING,
	CLONE_FS_ONLY,
	CLONE_FS_FILES,
	CLONE_MM,
	CLONE_MM_FS_FILES,
	CLONE_MM_SIGHAND,
	CLONE_MM_SYSVSEM,
	CLONE_MM_THREAD,
	/* talk: value = ns a message */
	TALK_PIPE,
	TALK_SOCKETPAIR,
	TALK_QUEUE,
	TALK_EVENTFD,
	TALK_FUTEX,
	TALK_POINTER,
	/* memory: value = the sum of PSS over the host and its workers, kB; the rest in extra */
	MEMORY_SUMS,
	DUEL_METHODS
};

struct duel_info {
	const char *name; /* as typed: "switch" */
	const char *help;
	const char *unit; /* of a value */
	const char *parameter; /* what the parameter is: "working set" */
	const char *parameter_unit; /* "kB", "MB", "bytes", "workers" */
	int64_t min, max; /* bounds of the parameter */
};
extern const struct duel_info duel_table[DUELS];
int duel_find(const char *name); /* -1: none */

struct method_info {
	enum duel duel;
	const char *name;
	const char *help;
	unsigned who; /* bits 1 << enum contender: who can do it */
};
extern const struct method_info method_table[DUEL_METHODS];

/* Whether a table's name reads so in a path of facts: small letters, '_' for what is no letter or
 * digit. */
bool duel_is_called(const char *name, const char *word);
/* "pipe, futex" or "clone VM" or "clone_vm": bits 1 << enum duel_method, of every duel that has
 * such a method. false: the first word that is none comes back in bad. */
bool duel_find_methods(const char *text, uint32_t *ret, char *bad, size_t bad_size);

const char *contender_name(enum contender who); /* "processes", "CLONE_VM", "threads" */

#define DUEL_TRIALS_MAX 200
#define DUEL_SERIES_MAX 160

/* What to measure: the order. */
struct duel_item {
	int16_t method; /* enum duel_method */
	int16_t who; /* enum contender */
	int16_t cpus; /* 1: both tasks on the first CPU of the plan; 2: one each */
	int64_t parameter; /* kB, MB, bytes, workers: by the duel */
};
/* One duel's items, run in rounds A B C, C B A, so that whatever else the machine does meets all
 * alike. */
struct duel_part {
	int16_t duel; /* enum duel */
	int16_t first, n; /* its items */
	int16_t rounds; /* trials a series, at most DUEL_TRIALS_MAX */
	/* of a series in a pair that is not settled before; below rounds: no more than those */
	int16_t rounds_most;
	int32_t budget_ms; /* no trial begins after this time */
};

/* Two series that are compared, round by round. */
enum duel_pair_of { PAIR_OF_KINDS, PAIR_OF_METHODS, PAIR_OF_PARAMETERS };
struct duel_pair {
	int16_t first, second; /* items, of one part */
	int16_t of; /* enum duel_pair_of */
};
#define DUEL_PAIRS_MAX 512
#define DUEL_ROUNDS_MIN 6 /* fewer rounds decide nothing */
#define DUEL_ALIKE 1.1 /* ratios up to this count as equal */
struct duel_plan {
	int32_t series_n, parts;
	int32_t trial_ms; /* how long a trial of switch and talk lasts */
	int32_t cpu[2]; /* where to measure; cpu[1] -1: one CPU only */
	int32_t exchange; /* the two CPUs change places every four rounds */
	int32_t pairs_n;
	/* Of n rounds, how many geometric means of two of them lie outside the interval at either
	 * end, plus one: at the first look and at a later one (stats_ranks). 0: n are too few. */
	uint16_t rank[2][DUEL_TRIALS_MAX + 1];
	struct duel_pair pair[DUEL_PAIRS_MAX];
	struct duel_part part[DUELS];
	struct duel_item item[DUEL_SERIES_MAX];
};

/* What else a series tells; NAN unknown, where it means something for the duel. */
enum duel_extra {
	EXTRA_SWITCHES, /* switch, talk: context switches an operation (getrusage, both tasks) */
	EXTRA_CALLS, /* talk: system calls a message, both tasks */
	EXTRA_COPIED, /* talk: bytes the kernel copied a message */
	/* talk: ns from sending to receiving, queue included: the middle of the trials' medians */
	EXTRA_LATENCY_P50,
	EXTRA_LATENCY_P95, /* ... and of their 95th percentiles */
	/* create: page tables of the newborn that are its own; memory: sum of VmPTE */
	EXTRA_PAGE_TABLES_KB,
	EXTRA_MAPPINGS, /* create: mappings copied */
	EXTRA_FAULTS, /* create: minor faults the newborn takes to write the ballast */
	/* create: time it takes the newborn to write the ballast: the copy-on-write bill */
	EXTRA_WRITE_NS,
	EXTRA_WRITTEN_KB, /* create: how much of the ballast it wrote: all, or 64 MB of it */
	EXTRA_RSS_KB,
	EXTRA_USS_KB,
	EXTRA_VM_SIZE_KB,
	EXTRA_KERNEL_STACK_KB, /* memory: sums */
	DUEL_EXTRAS
};

/* One series of trials: an item's report. */
struct duel_series {
	_Atomic int32_t trials;
	int32_t error; /* errno, when it could not be measured */
	double extra[DUEL_EXTRAS];
	char note[160]; /* "wrong data: ...", "refused: ..." */
	float value[DUEL_TRIALS_MAX]; /* one a round; NAN: nothing came of it */
	/* ns of the same calls (and the same touching) without a partner; NAN: none */
	float baseline[DUEL_TRIALS_MAX];
};

#define DUEL_MAGIC 0x4c455544u
#define DUEL_VERSION 4
#define DUEL_PAGE_NAME "taskscope-duel"

struct duel_page {
	uint32_t magic, version;
	struct duel_plan plan; /* (taskscope) */
	_Atomic int32_t stop; /* set: ends after the trial in progress (taskscope) */
	/* the report (the duel host) */
	_Atomic int32_t part, round, current; /* what is being measured now */
	_Atomic int32_t done; /* all rounds ran, or the time was up, or it was stopped */
	struct duel_series series[DUEL_SERIES_MAX];
};

/* What the rounds of a pair say. It is looked at when a planned number of rounds is there: the
 * first number, then twice as many as before; a look takes the first so many rounds that have both
 * values. */
struct duel_finding {
	int known; /* rounds so far that have both */
	int rounds; /* of them, those that were looked at; 0: not enough yet */
	int rank; /* the interval of these: the means at this rank from either end */
	/* the first to the second: the interval of their ratio excludes 1, and its middle is not
	 * between 1 / DUEL_ALIKE and DUEL_ALIKE */
	bool less, more;
	bool equal; /* it lies between 1 / DUEL_ALIKE and DUEL_ALIKE; comes before the other two */
	bool open; /* more rounds are to come, and could say more */
};
struct duel_finding duel_find_out(const struct duel_page *page, const struct duel_pair *pair);
/* first / second of the rounds that have both, in their order: how many, at most
 * DUEL_TRIALS_MAX. */
int duel_ratios(const struct duel_page *page, const struct duel_pair *pair, double *ratios);
/* The trials of a series so far, within bounds whatever the other side wrote. */
int duel_trials(const struct duel_page *page, int series);
/* The part that has an item. */
const struct duel_part *duel_part_of(const struct duel_plan *plan, int item);
/* Whether its receiver found something else than what was sent: then its time compares with
 * nothing. */
bool duel_delivers_wrong_data(const struct duel_series *series);

/* The name of the message queue that a duel host has for a moment, until it unlinks it. */
#define DUEL_QUEUE_NAME "/taskscope-%d"

#endif
