/* SPDX-License-Identifier: MIT
 * Samples turned into what a person can look at: identity over time, rates from two samples and the
 * measured interval, history, sums that carry the counts of exited tasks, mappings with a meaning,
 * facts with a source. Pure: no clock, no I/O; the same samples give the same model.
 */
#ifndef TASKSCOPE_MODEL_H
#define TASKSCOPE_MODEL_H

#include "fact.h"
#include "lanes.h"
#include "sample.h"
#include "waiting.h"

struct model;

/* history: points kept a task and a side, from 2 to UINT16_MAX. One a sample, and one unknown point
 * before a sample that came more than three intervals late, so that a graph shows the hole. */
struct model *model_create(size_t history);
void model_destroy(struct model *model);

/* Takes in a sample: what is needed is copied, the caller keeps it. Samples must not go back in
 * time; one that does starts the model anew. No allocation in a steady state. */
void model_feed(struct model *model, const struct sample *sample);
void model_reset(struct model *model);

/* The sample last fed, but for its tasks, which tracks have; never NULL (empty before the
 * first). */
const struct sample *model_sample(const struct model *model);
/* A group that has ended keeps its last picture: the tasks that it had, and what was read of them,
 * are in each sample still. is_last_seen: that is so now; forget_ended: it is not wanted. */
bool model_is_last_seen(const struct model *model, enum side side);
void model_forget_ended(struct model *model);
/* Seconds between the last two samples, by their own clock; NAN before the second. */
double model_interval(const struct model *model);
/* How many samples were fed since the start or reset. */
uint64_t model_feeds(const struct model *model);

/* --- tasks --- */

/* One point of history; NAN where unknown. */
struct point {
	float voluntary_per_s, involuntary_per_s, cpu_percent;
};

/* One task over time. Rates are NAN when unknown: first sample, no time between two samples,
 * unreadable, or counters that cannot be of the same task (a reused id, exec from another thread):
 * for that one sample. They are never negative. Identity is (tid, start); where start could not be
 * read, the tid alone, for as long as no counter goes down. */
struct track {
	struct task_sample now; /* the newest record */
	/* the crew's own report, if now.worker >= 0 and has_worker; else one of nothing; never
	 * NULL, good until the next feed */
	const struct worker_sample *worker;
	int64_t rounds; /* as it says, that facts find here; UNKNOWN */
	nsec born_ns; /* first seen */
	nsec seen_ns; /* last seen */
	char *was; /* its name before it took this one; NULL, "": it never did */
	nsec became_ns; /* when that was first seen */
	double voluntary_per_s, involuntary_per_s;
	/* of run_ns, 100 = one CPU; of the interval, or of the shortest time that has room for
	 * it */
	double cpu_percent;
	double wait_percent; /* the same of wait_ns: wanted a CPU and had none */
	double minor_faults_per_s;
	/* between its user-level stacks, as its worker counts: the last number, when, and a second;
	 * NAN: it has none */
	int64_t user_switches;
	nsec user_at_ns;
	double user_switches_per_s;
	/* ring of model history length; NULL: it never ran, and its points are 0, or unknown where
	 * holes has a bit (1: the newest) */
	struct point *history;
	uint16_t history_n, history_next;
	bool has_worker;
	uint64_t holes;
	/* Of its lane, over the last second; never NULL; all NAN without lanes. */
	const struct track_lane {
		double run_percent, mean_run_ns, longest_run_ns, mean_wait_ns, longest_wait_ns;
		double mean_delay_ns; /* every wait for a CPU, also after being woken (schedstat) */
		/* unseen: counted by /proc less recorded */
		double seen_voluntary, seen_involuntary, unseen;
		nsec until_ns; /* the end of that second; UNKNOWN */
		/* the newest look at what it waits in; UNKNOWN: none in that second */
		nsec looked_ns;
		char waits_in[32]; /* what that look found; "" nothing */
	} * lane;
};

/* The point `back` points ago (0 = newest); NAN values beyond what there is. */
struct point track_point(const struct track *track, size_t back);

/* What of it is a fact, or in --json; of struct track, where the newest record stands first. */
extern const struct record track_record, track_lane_record;

/* --- sides --- */

struct side_totals {
	/* processes: thread groups among the tasks, or rows of processes if no task is known */
	int tasks, processes;
	/* sums of the tasks; NAN if none is known */
	double voluntary_per_s, involuntary_per_s, cpu_percent;
	/* Counters summed over living tasks plus what ended tasks had: never goes down while the
	 * crew's host is the same; a new host starts anew. UNKNOWN if no task's was ever known.
	 * What a task counted between the last sample that saw it and its end is not in it. */
	int64_t voluntary, involuntary;
	/* Sums over the processes of the slow lane, as old as that is. UNKNOWN if any process has
	 * an unknown one, zombies left out (they have no memory), or if there is no process. */
	int64_t rss_kb, pss_kb, uss_kb, page_tables_kb, vm_size_kb;
	int64_t minor_faults; /* of the living processes, their exited threads included */
	int64_t alive, wanted, ended; /* workers, as the crew says; UNKNOWN: no crew */
	/* Of the last counting order: increments that all made, what the counter says, what is
	 * missing; UNKNOWN: none yet. */
	int64_t count_expected, count_value, count_lost;
	char cpu_group[64]; /* as the crew says */
	/* The price of the side in the kernel: 16 kB of stack a task (x86-64); distinct objects of
	 * what sharing records there are, UNKNOWN without; mappings that are known of its
	 * processes, UNKNOWN if of none. */
	int64_t kernel_stack_kb, address_spaces, fd_tables, handler_tables, mappings;
	/* Tasks that wait for somebody who is named: all, those at a mutex, those for whom somebody
	 * waits in turn, and those without a timeout; tasks that wait where nobody is named; those
	 * in cycles, and in cycles that are deadlocks, of which the longest was seen so long.
	 * UNKNOWN: no edges were read. */
	int64_t waits_named, waits_exclusive, waits_holding, waits_endless, waits_crowd;
	int64_t cycle_tasks, deadlocked, deadlock_ns;
};

extern const struct record totals_record;

struct model_side {
	const struct crew_sample *crew; /* NULL: no crew on this side */
	const struct group_sample *group; /* NULL: it is no group of processes that were there */
	/* living tasks: host first, then workers by index, then others by (pid, tid); of a group by
	 * PID, each process's first thread first, and numbered: by their numbers, NULL where there
	 * is none */
	const struct track **tracks;
	size_t n_tracks;
	const struct track **numbered;
	size_t n_numbered;
	const struct process_sample **processes; /* same order */
	size_t n_processes;
	const struct worker_sample **ended; /* workers that ended, newest last: who, how, when */
	size_t n_ended;
	struct side_totals totals;
	const struct point *history; /* ring of the totals */
	uint16_t history_n, history_next;
};

/* A side as of the last feed; valid until the next feed. Never NULL. */
const struct model_side *model_side(const struct model *model, enum side side);
/* The living task of a worker, by its index or WORKER_HOST; NULL: there is none. */
const struct track *side_track(const struct model_side *side, int worker);
/* The process of a side that took another name lately, mostly by exec; NULL: none did. */
const struct track *model_became(const struct model *model, enum side side);
/* Whether both crews stand on equal footing: they do the same jobs, with as many workers, on
 * CPUs of their own or pinned alike, and got alike shares of the CPUs lately. false, and in a few
 * words why not, left | right. */
bool model_footing(const struct model *model, char *why, size_t size);
/* What differs between two groups, as a sentence with numbers: said when it was at least 1.2 times
 * as much in seven of the last eight seconds. "" before, and without a difference. Returns out. */
char *model_differences(const struct model *model, char *out, size_t size);
struct point side_point(const struct model_side *side, size_t history_len, size_t back);
size_t model_history(const struct model *model);

/* NULL: not in the sample */
const struct process_sample *model_process(const struct model *model, int32_t pid);
const struct track *model_track(const struct model *model, int32_t tid);

/* What the slow lane gives with rates: their interval is between two of its own readings (at_ns),
 * and they stay until the next reading. NAN before the second reading. */
struct process_track {
	struct process_sample now;
	double minor_faults_per_s, major_faults_per_s;
};
/* NULL: not in the sample */
const struct process_track *model_process_track(const struct model *model, int32_t pid);

struct machine_track {
	struct machine_sample now; /* all UNKNOWN until the slow lane was read */
	double switches_per_s;
};
const struct machine_track *model_machine(const struct model *model);

/* taskscope itself; of the fast lane. */
struct observer_track {
	struct observer_sample now;
	double cpu_percent, voluntary_per_s, involuntary_per_s;
};
const struct observer_track *model_observer(const struct model *model);

/* How a task or process ended, in words: "SIGSEGV (11)", "exit 3", "killed by SIGKILL (9)". */
char *format_wait_status(char *out, size_t size, int wait_status);

/* --- memory --- */

enum region_class {
	/* [stack], or the mapping that a worker says its stack is in */
	REGION_TEXT,
	REGION_DATA,
	REGION_HEAP,
	REGION_STACK,
	REGION_GUARD,
	REGION_LIBRARY,
	REGION_FILE,
	REGION_ANONYMOUS,
	REGION_SHARED,
	REGION_BOARD,
	REGION_VDSO,
	REGION_CLASSES
};
/* "text", "data", ...: one word, for paths and JSON */
const char *region_class_word(enum region_class class);

struct region {
	const struct mapping_sample *mapping;
	enum region_class class;
	int16_t worker; /* whose stack: an index, WORKER_HOST, or WORKER_NONE */
	char label[48]; /* "stack of w2", "libc.so.6 text", "heap", "board" */
};

/* One row of two address spaces side by side: what belongs together stands in one row. */
struct region_pair {
	const struct region *left, *right; /* one may be NULL */
	bool same_address; /* both, and [start, end) starts at the same address */
};

/* The regions of one process, ascending; n is 0 when its mappings are not in the sample. Valid
 * until the next feed. */
const struct region *model_regions(const struct model *model, int32_t pid, size_t *ret_n);
/* Two processes' regions aligned (left_pid or right_pid may be 0: that half is empty). Returns the
 * rows, valid until the next call or feed. */
const struct region_pair *model_align(
	struct model *model, int32_t left_pid, int32_t right_pid, size_t *ret_n);

/* The gap that explains a missing value: of this process, else of the machine; NULL if there is
 * none. what NULL: any. */
const struct gap_sample *model_gap(const struct model *model, int32_t pid, const char *what);

/* --- evidence: what evidence.h records, by whom it is of --- */

/* The record of a scope from FACT_WORKER on of a member of a side: its own, else that of its
 * process. worker: an index or WORKER_HOST. NULL: it is not in the sample. Valid until the next
 * feed. */
const void *model_evidence(
	const struct model *model, enum fact_scope scope, enum side side, int worker);

/* part of the path of the file that every crew opens before its workers are made */
#define CREW_FILE "taskscope-file"

/* Whether a page of one process is the same page of memory as another's at the same place, by frame
 * number: one byte for each of the sample's page_states, valid until the next feed. */
enum page_mark {
	PAGE_MARK_NONE,
	PAGE_MARK_FIRST, /* as the first row's that has a page here: the host's, mostly */
	PAGE_MARK_OTHER, /* as another row's, but not as the first one's */
};
const uint8_t *model_page_marks(const struct model *model);

/* "CLONE_VM|CLONE_FS"; "fork" for 0. */
char *format_clone_flags(char *out, size_t size, uint64_t flags);
/* "USR1 TERM", real-time signals as numbers; "none" for 0. */
char *format_signals(char *out, size_t size, uint64_t mask);

#endif
