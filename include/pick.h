/* SPDX-License-Identifier: MIT
 * A picker for `attach` without a target: a list of the programs that run, to be found by typing.
 */
#ifndef TASKSCOPE_PICK_H
#define TASKSCOPE_PICK_H

#include "canvas.h"
#include "group.h"

#define PICK_MAX 32 /* programs of one side */

/* What was picked; for the one who starts the picker to hold in shared memory. */
struct pick {
	int32_t pid[SIDES][PICK_MAX];
	int n[SIDES];
};

/* --- the list: pure --- */

enum pick_column { PICK_MEMORY, PICK_TASKS, PICK_PID, PICK_NAME, PICK_COLUMNS };

struct pick_row {
	struct group_process process;
	int8_t side; /* where it was put, enum side; -1: nowhere */
};

struct pick_user {
	int32_t uid;
	char name[24];
};

struct pick_list {
	VEC(struct pick_row) rows; /* all that can be picked, by PID */
	VEC(uint32_t) shown; /* of rows: those that are found, in order */
	VEC(struct pick_user) users; /* their names; others are numbers */
	char find[40];
	enum pick_column sort;
	int32_t cursor; /* the PID that it is on; 0: the first one */
	int top, page; /* of shown: the first in sight, and how many are */
	int32_t self;
	const char *note; /* what the last key could not do; NULL: nothing */
};

enum pick_end { PICK_GOES_ON, PICK_TAKEN, PICK_LEFT };

void pick_list_finish(struct pick_list *list);
/* Takes in who runs now: kernel threads, zombies and taskscope itself are left out. */
void pick_list_take(struct pick_list *list, const struct group_table *table);
/* A key of command.h, and what it ends. */
enum pick_end pick_list_key(struct pick_list *list, int key);
void pick_list_draw(struct pick_list *list, struct canvas *canvas);
/* Whether a process is in sight: what it runs is wanted. */
bool pick_list_shows(const void *list, const struct group_process *process);
/* What was put on the sides; if nothing was, the row under the cursor is the left one. */
void pick_list_picked(const struct pick_list *list, struct pick *ret);

/* --- on a terminal --- */

struct term_options;
#define PICK_DONE 65 /* an exit status: something was picked */
/* Shows the list, read once a second, until a key ends it. The exit status. */
int pick_programs(const struct term_options *options, struct pick *ret);

#endif
