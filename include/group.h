/* SPDX-License-Identifier: MIT
 * Groups: which processes of the machine a side is, when it is no crew of ours. Target expressions
 * are resolved against a table of processes, and membership is kept up to date from one table to
 * the next: the targets, their descendants, and those to come. Pure: tables in, members out.
 */
#ifndef TASKSCOPE_GROUP_H
#define TASKSCOPE_GROUP_H

#include "sample.h"

/* One process of the machine. Text is "" where it was not read. */
struct group_process {
	int32_t pid, ppid;
	int64_t start; /* clock ticks after boot */
	int32_t threads, uid; /* -1 unknown */
	int64_t rss_kb; /* resident pages, shared ones too; UNKNOWN */
	char state;
	bool kernel; /* a kernel thread */
	bool fresh; /* not in the table before, or its texts were read anew */
	char comm[64];
	char program[64]; /* the last part of argv[0] */
	char command[120]; /* its words */
	char cgroup[160]; /* the path of its cgroup */
};

/* By ascending PID. */
struct group_table {
	VEC(struct group_process) rows;
	int64_t now; /* clock ticks after boot; for ages */
	int32_t ticks_per_s;
};
const struct group_process *group_table_find(const struct group_table *table, int32_t pid);

/* cgroup: the path of its line of version 2 ("0::/a.slice"), else of the first line; "" is none. */
void group_parse_cgroup(const char *text, size_t len, char *out, size_t size);
/* cmdline: fills program and command, as text that is safe. */
void group_parse_cmdline(const char *text, size_t len, struct group_process *ret);

/* --- targets --- */

enum group_target_kind {
	GROUP_PID, /* 4711: a PID, or a TID, whose process is meant */
	GROUP_NAME, /* nginx: the process of this name */
	GROUP_NAMES, /* nginx*: every process whose name begins so */
	GROUP_UNIT, /* unit:nginx.service */
	GROUP_CGROUP, /* cgroup:/system.slice: in it or below it */
};

struct group_target {
	enum side side;
	enum group_target_kind kind;
	int32_t id; /* of GROUP_PID */
	int32_t process; /* of GROUP_PID: the caller's to set if id is a thread's; 0: it is none */
	char text[128]; /* as typed */
	size_t name; /* where in it what is compared begins */
};

/* Reads one; side is the caller's to set. 0, or -EINVAL with one clause that says what is wrong. */
int group_parse_target(const char *typed, struct group_target *ret, char *why, size_t size);
/* Whether a target is this process, whatever else it may be. */
bool group_matches(const struct group_target *target, const struct group_process *process);
/* Whether the command line of a process decides that, or is told where it is one of several. */
bool group_needs_command(const struct group_target *target, const struct group_process *process);

/* --- groups --- */

struct group_options {
	int32_t self; /* never a member, nor what descends from it */
	bool no_children; /* the targets alone */
	bool wait; /* targets may appear later */
};

struct groups;
struct groups *groups_create(const struct group_options *options);
void groups_destroy(struct groups *groups);

/* Adds a target, and what of the table is it: of matches that descend from another match only the
 * first. 0; -ESRCH there is none; -EEXIST several and none is to be picked; -EINVAL it is refused.
 * Then why has a line that says so, and of several a line each: PID, user's number, age, threads,
 * command. */
int groups_add(struct groups *groups, const struct group_target *target,
	const struct group_table *table, struct buf *why);
/* Makes a process a root of a side, whatever its name is; title: what the side is called. */
void groups_add_root(struct groups *groups, enum side side, const struct group_process *process,
	const char *title);
/* A member that is none of the side's own, and a parent of members: it is not shown. */
void groups_hide(struct groups *groups, int32_t pid);
/* Members that are no more go; children of members, and what targets that are waited for match,
 * come. A process belongs to the nearest target among its ancestors. */
void groups_update(struct groups *groups, const struct group_table *table);
/* Whether new processes' names and cgroups must be in the table; and of which the command line. */
bool groups_want_names(const struct groups *groups);
bool groups_want_command(const void *groups, const struct group_process *process);
bool groups_want_cgroups(const struct groups *groups);

struct group_member {
	int32_t pid;
	enum side side;
	int64_t start;
	bool root;
	bool hidden; /* a keeper */
};
/* By ascending PID, good until the next update. */
const struct group_member *groups_members(const struct groups *groups, size_t *ret_n);
/* The member of a PID; NULL: it is none. */
const struct group_member *groups_find(const struct groups *groups, int32_t pid);

/* Numbers for tasks, from 0 on in each side: the same for a task as long as it lives, used again
 * later. begin: before the numbers of a sample are asked for; end: those that were not are free. */
void groups_begin_numbers(struct groups *groups);
int16_t groups_number(struct groups *groups, enum side side, int32_t tid);
void groups_end_numbers(struct groups *groups);

/* The births of a program are not recorded: what is seen by this way is counted, and it is said. */
void groups_births_by(struct groups *groups, enum side side, enum group_births by);
/* How they are known, and how many: of those that are recorded the caller knows that. */
void groups_report_births(const struct groups *groups, struct program_sample *program);
/* Adds to a sample what its sides are: threads are counted from its tasks. */
void groups_report(const struct groups *groups, struct sample *sample);
/* A word on a side that stays: "TID 4712 is a thread of 4711". */
void groups_note(struct groups *groups, enum side side, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
