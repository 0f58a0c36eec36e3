/* SPDX-License-Identifier: MIT
 * Panes that are a list of workers: one row a worker and the host, both sides beside each other. A pane
 * of this kind is a table of columns, a key fact and a legend.
 */
#ifndef TASKSCOPE_UI_WORKER_LIST_H
#define TASKSCOPE_UI_WORKER_LIST_H

#include "frame.h"

/* Draws the panel's list. */
void worker_list_draw(struct frame *frame, const struct area *area);
int worker_list_want(const struct panel *panel);
void worker_list_click(struct panel *panel, int row);
/* The number of the focused column of the selected worker, or of its sum. */
bool worker_list_number(const struct panel *panel, const struct model *model, struct number *ret);
/* The number of a fact of the selected worker; false: it does not live. */
bool worker_number(const struct ui *ui, const struct model *model, const struct fact *fact,
	struct number *ret);

/* Cells that a row of the pane has in one column, all of its rows together. */
int worker_list_cells(struct frame *frame, const struct area *area, int column);
/* Rows of cells in a row of the pane: one stays free between two that are tall. */
int worker_list_cell_rows(const struct frame *frame);

/* --- cells --- */

void cell_name_draw(const struct table_cell *cell);
/* The column's fact as text, right-aligned unless the column is left; what is unknown is a dim dash. A column that
 * `flashes` is marked for a second when its text has changed. */
void cell_fact_draw(const struct table_cell *cell);
/* The same for what a process has: it stands once, in the first row of its tasks. */
void cell_process_draw(const struct table_cell *cell);
/* The same for text that the pane made itself; what is news is a change of `news`, not of the text: of who it is, not of its number. "" is unknown, which
 * is no news. `what` tells apart several cells that one column makes. */
void cell_news_draw(const struct table_cell *cell, int what, enum style style, const char *text,
	const char *news);
/* The newest record of a scope of the cell's worker; NULL: none. */
const void *cell_evidence(const struct table_cell *cell, enum fact_scope scope);
/* A row above, in sight, is of the same process: what that has stands there. */
bool cell_is_repeat(const struct table_cell *cell);

#define COLUMN_NAME                                                                                \
	{                                                                                          \
		"", .min = 4, .max = 4, .left = true, .draw = cell_name_draw                       \
	}

/* --- of a side in words --- */

/* Living workers of a side. */
int side_workers(const struct frame *frame, enum side side);
/* How many user-level stacks they have, and their switches a second; 0: none. */
int side_stacks(const struct frame *frame, enum side side, double *ret_per_s);
/* How many PIDs the living workers have. */
int side_pids(const struct frame *frame, enum side side);
/* How many objects of a resource they have in all: as it was read, else as they were made; -1 unknown. */
int side_objects(const struct frame *frame, enum side side, enum resource resource);
/* "1 address space", "4 address spaces". */
char *format_number_of(char *out, size_t size, int n, const char *one, const char *many);
/* "4 processes" or "4 threads". */
char *format_workers(char *out, size_t size, const struct frame *frame, enum side side);
/* "9 processes, 9 threads": of a group. */
char *format_group_count(char *out, size_t size, const struct group_sample *group);
/* "nginx: 3 processes, 3 threads", or what became of them. */
void say_group(struct frame *frame, const struct group_sample *group, char *out, size_t size);

/* --- worker_ends.c: how it ended --- */

enum style ended_style(const struct worker_sample *ended);
/* "✗ SIGSEGV at 0x0", "left by itself", "✗ ended with w1". */
void format_worker_end(
	const struct model_side *side, const struct worker_sample *ended, char *out, size_t size);
/* The same of a crew, and which key helps. */
void format_crew_end(const struct crew_sample *crew, int cols, char *out, size_t size);

/* Who changed in this frame: "changed: left w0 · right main w0 w1"; false: nobody. */
bool format_changed(const struct frame *frame, char *out, size_t size);

#endif
