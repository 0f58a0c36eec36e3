/* SPDX-License-Identifier: MIT
 * Who waits for whom: the cycles in what a sample says of edges, and for how long each was seen. A
 * part of the model (model.h).
 */
#ifndef TASKSCOPE_WAITING_H
#define TASKSCOPE_WAITING_H

#include "sample.h"

/* A cycle: each of its tasks waits without a timeout for what the next one has. */
struct wait_cycle {
	size_t first, n; /* in waiting.order */
	int16_t side; /* of its first task */
	/* It was read so often, and no task of it was switched meanwhile: by two readings it is a
	 * deadlock. */
	int readings;
	nsec for_ns; /* between the first of these readings and the last */
	nsec since_ns, at_ns; /* when these were made */
	uint64_t key; /* equal of one cycle that nobody in it has left */
};

static inline bool wait_is_deadlock(const struct wait_cycle *cycle)
{
	return cycle->readings >= 2;
}

struct waiting {
	VEC(struct wait_cycle) cycles;
	VEC(uint32_t) order; /* indices of sample.edges, cycle after cycle */
};

/* As of the last feed; valid until the next. */
struct model;
const struct waiting *model_waiting(const struct model *model);

#endif
