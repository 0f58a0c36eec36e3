/* SPDX-License-Identifier: MIT
 * What the workers pane and its columns share.
 */
#ifndef TASKSCOPE_UI_PANE_WORKERS_H
#define TASKSCOPE_UI_PANE_WORKERS_H

#include "worker_list.h"

enum {
	TREE,
	NAME,
	PID,
	TID,
	STATE,
	WORD,
	CPU,
	JOB,
	CPU_PERCENT,
	WAIT_PERCENT,
	VOLUNTARY,
	VOLUNTARY_PAST,
	INVOLUNTARY,
	INVOLUNTARY_PAST,
	FAULTS,
	ROUNDS,
	WORKER_COLUMNS
};

/* It exited because it was asked to, or had nothing more to do. */
bool worker_left(const struct worker_sample *ended);
enum style ended_style(const struct worker_sample *ended);

extern const struct column worker_columns[WORKER_COLUMNS];

#endif
