/* SPDX-License-Identifier: MIT
 * Inside the sample module: what the parts of a fold share. fold.c says what a record means, fold_lane.c keeps one lane,
 * fold_take.c gives out what came.
 */
#ifndef TASKSCOPE_SAMPLE_FOLD_H
#define TASKSCOPE_SAMPLE_FOLD_H

#include "sample.h"

#define FOLD_NOBODY UINT32_MAX
#define FOLD_HEADS 4096 /* of the chains by tid; a power of two */

/* One lane: its newest cell, and what of it was not given out yet. */
struct fold_lane {
	struct span now; /* the one that lasts */
	nsec to; /* the end of the newest cell */
	uint32_t n; /* spans that began in it */
	struct span kept[FOLD_SPANS_KEPT]; /* the first of them */
	struct span_sums sums; /* of those that ended in it too; marks: of all that began */
	VEC(struct span) spans;
	VEC(struct span_sums) crowds;
};

enum reading_stage { READING_NONE, READING_AHEAD, READING_BEGUN, READING_PASSED };

struct fold_task {
	struct fold_lane lane;
	int32_t pid, tid;
	int8_t side;
	bool used, alive;
	nsec born, since, touched;
	int64_t voluntary, involuntary; /* records */
	enum reading_stage stage;
	nsec check_at; /* a record after this passes the beginning, or the end, of the reading */
	struct switch_reading reading;
	int64_t seen_before, seen_voluntary,
		seen_involuntary; /* when its beginning and its end were passed */
	uint32_t next; /* in the chain of its hash, or of the free */
	uint32_t row; /* in the sample that is filled; FOLD_NOBODY: none */
};

struct fold_cpu {
	struct fold_lane lane;
	nsec event; /* the last record of it */
	uint32_t last; /* whose record that was */
};

struct switch_fold {
	VEC(struct fold_task *) tasks; /* by number, which a CPU's spans have */
	VEC(struct fold_cpu *) cpus; /* by number; NULL: no record came of it */
	VEC(uint32_t) dead; /* in the order of their deaths */
	uint32_t head[FOLD_HEADS], unused;
	nsec from, until;
	int64_t seen, lost;
};

/* Nothing is known of it up to `from`. Keeps the memory. */
void fold_lane_reset(struct fold_lane *lane, nsec from);
void fold_lane_finish(struct fold_lane *lane);
/* From span.from on, and not before `from`, it is in another state. */
void fold_lane_put(struct fold_lane *lane, nsec from, struct span span);
/* All that began goes to lane->spans and lane->crowds. */
void fold_lane_settle(struct fold_lane *lane);

/* All records up to `at` came, of this task at least: what it had counted when its reading began, and when it ended. */
void fold_pass_reading(struct fold_task *task, nsec at);
/* It is not found any more; its number stays its own until it is freed. */
void fold_unchain(struct switch_fold *fold, uint32_t number);
void fold_free_task(struct switch_fold *fold, uint32_t number);

#endif
