/* SPDX-License-Identifier: MIT
 * The last ten minutes, in bounded memory: what a frozen screen steps back through.
 */
#ifndef TASKSCOPE_PAST_H
#define TASKSCOPE_PAST_H

#include "model.h"

#define PAST_SAMPLES 6000 /* ten minutes at the usual interval */
#define PAST_BYTES (48 << 20) /* of room for records; with what the allocator adds, 64 MB in all */
#define PAST_TIME (600 * NSEC_PER_SEC)

/* { 0 } is empty. */
struct past {
	struct sample *at; /* a ring of PAST_SAMPLES; NULL: nothing came yet */
	size_t first, n;
	size_t bytes; /* of all room that its samples hold */
	size_t back; /* how far before the newest is looked; 0: not at all */
	struct model *model; /* of then; NULL: of now */
	struct sample then;
};

/* Takes in a sample, but for its mappings, pages and lanes, which are too much. What is too old
 * goes; where memory is short, every second sample of the older half goes first. */
void past_add(struct past *past, const struct sample *sample);
/* Looks `steps` samples further back (below 0: on), or to the sample nearest to `time` before. now:
 * the newest sample, whose mappings and pages are shown as last seen. Whether anything of the past
 * is shown then. */
bool past_step(struct past *past, int64_t steps, const struct sample *now);
bool past_jump(struct past *past, nsec time, const struct sample *now);
/* How long ago the shown sample was, and how far back one can look; ns. */
nsec past_age(const struct past *past);
nsec past_reach(const struct past *past);
void past_leave(struct past *past); /* to now */
void past_finish(struct past *past);

#endif
