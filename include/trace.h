/* SPDX-License-Identifier: MIT
 * Lanes as a trace for Perfetto and chrome://tracing (the JSON of the Trace Event Format): a track
 * a task and a track a CPU, with what ran and what waited, and rates of switches as counters. What
 * was written can be read at any time once TRACE_END stands behind it.
 */
#ifndef TASKSCOPE_TRACE_H
#define TASKSCOPE_TRACE_H

#include "model.h"

#define TRACE_END "\n]}\n"
/* The process of the trace that has the CPUs and the sums: beyond every PID of Linux. */
#define TRACE_CPUS 4194305

struct trace;
struct trace *trace_create(void);
void trace_destroy(struct trace *trace); /* NULL is fine */
/* What comes first; then, after each feed of a model, what ended since the one before. Times are
 * CLOCK_MONOTONIC in microseconds. */
void trace_put_header(struct trace *trace, struct buf *out);
void trace_put(struct trace *trace, const struct model *model, struct buf *out);
/* A place in time with a name. */
void trace_put_mark(struct trace *trace, const char *label, nsec at, struct buf *out);
/* What lasts, up to the end of the lanes. */
void trace_put_rest(struct trace *trace, struct buf *out);

#endif
