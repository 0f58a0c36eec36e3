/* SPDX-License-Identifier: MIT
 * Standard output: what a pipe does not take now is kept, and never waited for unless asked.
 */
#ifndef TASKSCOPE_OUTPUT_H
#define TASKSCOPE_OUTPUT_H

#include "base.h"

/* Standard output that is never waited for: what a pipe does not take now is kept. */
struct output {
	struct buf buf;
	size_t sent;
	int error; /* errno of the write that failed: nothing is written any more */
};
/* 0, -EAGAIN (some waits for POLLOUT), or -errno, once and for ever. */
int output_flush(struct output *output);
bool output_waits(const struct output *output);
/* Flushes with waiting; cancel, if not -1, is a descriptor that ends the wait when it becomes
 * readable. */
int output_finish(struct output *output, int cancel);
/* For commands that print and end: writes buf to standard output, frees it, and returns the exit
 * status. */
int output_text(struct buf *buf);
/* Says on stderr what ended standard output, unless its reader just left; returns the exit
 * status. */
int output_status(const struct output *output);

#endif
