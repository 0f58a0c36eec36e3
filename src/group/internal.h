/* SPDX-License-Identifier: MIT
 * What the files of the group module share.
 */
#ifndef TASKSCOPE_GROUP_INTERNAL_H
#define TASKSCOPE_GROUP_INTERNAL_H

#include "group.h"

#define COMM_MOST 15 /* characters that the kernel keeps of a name */

/* Which task has a number; open addressing, by side and TID. */
struct task_number {
	int32_t tid;
	int16_t side, number; /* number -1: an empty place */
	uint32_t seen; /* the sample that last asked for it */
};

struct numbers {
	struct task_number *places;
	size_t room, n;
	uint32_t sample;
	VEC(int16_t) free[SIDES];
	int32_t next[SIDES];
	int64_t born[SIDES]; /* tasks that have got a number */
};
void numbers_finish(struct numbers *numbers);

struct wanted {
	struct group_target target;
	bool met;
};

struct groups {
	struct group_options options;
	VEC(struct wanted) targets;
	VEC(struct group_member) members, before;
	struct group_sample state[SIDES];
	char first_title[SIDES][32]; /* and how many targets there are */
	int titles[SIDES];
	bool seen[SIDES]; /* births are counted as tasks are seen, for none are recorded */
	bool begun; /* a table was taken in: who comes now is born */
	struct numbers numbers;
};

/* --- table.c --- */

typedef bool is_wanted(const void *context, int32_t pid);
/* The nearest ancestor that is wanted, or 0: there is none, or we stand between. */
int32_t groups_ancestor(const struct groups *groups, const struct group_table *table, int32_t pid,
	is_wanted *wanted, const void *context);
/* Whether it is taskscope, or one of its children. */
bool groups_is_self(const struct groups *groups, const struct group_table *table,
	const struct group_process *process);

/* Why a process cannot be a target, as one clause; NULL: it can. */
const char *groups_refusal(const struct groups *groups, const struct group_table *table,
	const struct group_process *process);

/* --- group.c --- */

void groups_add_title(struct groups *groups, enum side side, const char *title);

#endif
