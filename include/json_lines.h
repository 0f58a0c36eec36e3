/* SPDX-License-Identifier: MIT
 * The model as one JSON object a line: what --json prints; and the same as CSV. Documented in the
 * man page, versioned and additive.
 */
#ifndef TASKSCOPE_JSON_LINES_H
#define TASKSCOPE_JSON_LINES_H

#include "model.h"

#define JSON_LINES_VERSION 1

/* The model as of its last feed, appended to out as one line with its newline.
 *
 *   {"v":1,"at_ns":N,"dt_ns":N,"sides":[LEFT,RIGHT],"sharing":[],"pages":[],"pointers":[],
 *    "registers":[],"files":[],"places":[],"signals":[],"machine":{},"observer":{},
 *    "unavailable":{"KEY":"REASON"}}
 *
 * An unknown value is null, and a key of "unavailable" says why: "tasks[TID].voluntary",
 * "processes[PID].pss_kb", "left.totals.sum_pss_kb", "machine.switches", "dt_ns"; with "tasks[]" or
 * "processes[]", for that member of all that have null in it. What the kernel would not tell is
 * there too, as "PID/smaps", or "libproc2" for the whole machine. A member that does not apply is
 * absent (the job of a task that is no worker). Times are CLOCK_MONOTONIC. */
void json_lines_put(struct buf *out, const struct model *model);
/* What became of the programs of a sample, as the last line of `run --json`:
 *
 *   {"v":1,"ended":[{"side":"left","pid":N,"status":N,"signal":N,"wall_s":R,"user_s":R,
 *    "system_s":R,"births":N,"peak_pss_kb":N,"peak_rss_kb":N}]}
 *
 * status or signal is null, and both while it lives; what is not known is null. */
void json_lines_put_ended(struct buf *out, const struct sample *sample);
/* What the rounds of two programs said, as the line before it:
 * {"v":1,"compared":[{"what":"time","rounds":N,"left_to_right":R,"low":R,"high":R,"verdict":"more",
 * "text":"..."}]} */
void json_lines_put_compared(struct buf *out, const struct sample *sample);
/* The same model as CSV (RFC 4180), what --csv writes: a row a value, as
 * at_ns,of,side,pid,tid,role,fact,value,unit,reason. `of` is the kind of record: tasks, processes,
 * totals, registers ... An unknown value is empty, and its reason stands in the last column. */
void csv_put_header(struct buf *out);
void csv_put(struct buf *out, const struct model *model);
/* The same model in sentences, one side after the other, without frames and bars: --linear. */
void linear_put(struct buf *out, const struct model *model);

#endif
