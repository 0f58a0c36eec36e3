/* SPDX-License-Identifier: MIT
 * Who stands in which row, who is selected, and how a cursor moves through a list.
 */
#ifndef TASKSCOPE_UI_ROWS_H
#define TASKSCOPE_UI_ROWS_H

#include "canvas.h"
#include "command.h"
#include "model.h"

struct ui;

/* One worker of each side in one row, living or ended: the same index left and right, but in groups, whose tasks have
 * nothing to do with each other. Pointers are good until the next feed. */
struct worker_row {
	struct worker_half {
		int worker; /* an index, or WORKER_HOST */
		int folded; /* the track is the sum of so many tasks of a process; 0: it is one task's */
		const struct track *track; /* NULL: does not live */
		const struct worker_sample *ended; /* set if it ended and none took its place */
		int32_t pid, tid; /* 0: nobody here */
	} half[SIDES];
};

/* How the tasks of groups are listed. */
enum fold { FOLD_WHERE_MANY, FOLD_NEVER, FOLD_ALWAYS };
struct group_row {
	const struct track *track;
	int folded; /* as of a half */
};
struct group_list {
	enum fold fold;
	const struct fact *sort; /* largest first; NULL: by process */
	VEC(struct group_row) rows[SIDES];
	VEC(struct track) sums[SIDES];
	int hidden[SIDES]; /* tasks that are not looked for */
};
/* rows_group.c: the rows of a side that is a group; wanted: of those that have this in name, ids or state; "": all. */
void group_list_gather(struct group_list *list, const struct model_side *side, enum side which,
	const char *wanted);
void group_list_finish(struct group_list *list);
/* The next way to fold, in words; sorts by a fact of tasks, or by process if it is sorted by that already. */
const char *group_list_fold(struct group_list *list);
bool group_list_sort(struct group_list *list, const struct fact *fact);

/* A list's window: which rows are in sight. */
struct scroll {
	int top, visible, rows;
};

/* Where a looking command moves row `at` of a list. */
int scroll_move(const struct scroll *scroll, int at, enum command_id command);
/* Shows `visible` of `rows` rows so that `at` is among them. */
void scroll_show(struct scroll *scroll, int rows, int visible, int at);

void rows_gather(struct ui *ui, const struct model *model);
/* The row of a side's selected worker; 0 if it has none. */
int rows_selected(const struct ui *ui, enum side side);
const struct worker_half *rows_half(const struct ui *ui, enum side side);
/* The first of several tasks that are all of one process; NULL: they are not. */
const struct worker_half *rows_only_process(const struct ui *ui, enum side side);
/* The process of a side's selected worker, if it lives; 0: nobody. */
int32_t rows_pid(const struct ui *ui, enum side side);
/* Selects row `row`, in both sides where there is somebody. */
void rows_select(struct ui *ui, int row);
void rows_move(struct ui *ui, enum command_id command);

/* "w2", "host" or "main". */
const char *worker_name(char *out, size_t size, const struct model_side *side, int worker);
enum style side_style(enum side side);
/* The kind of a side's crew; what a group mostly is; of neither, the side's own. */
enum kind side_kind(const struct model_side *side, enum side which);
/* Programs of others, which have no jobs of ours, and no board. */
bool shows_groups(const struct model *model);
/* What a side is called: "processes", "threads", or a group's title. */
const char *side_called(const struct model_side *side, enum side which);

#endif
