/* SPDX-License-Identifier: MIT
 * Does the job of a task that has several user-level stacks and switches between them: the kernel sees one task that runs.
 */
#include "fiber.h"
#include "internal.h"

#define SWITCHES_A_ROUND 20000 /* well below a millisecond */

/* One user-level thread: some work, then the next one's turn. */
static void take_turns(struct fibers *fibers, int me)
{
	for (;;) {
		/* code: job-fibers */
		fibers->turns++;
		if (me == 0 && fibers->switches >= fibers->turns_before + SWITCHES_A_ROUND)
			fibers_rest(fibers);
		fibers_give_way(fibers);
		/* end of code */
	}
}

static struct fibers *begin(int n)
{
	struct fibers *fibers = calloc(1, sizeof(*fibers));
	char why[BOARD_SAID];

	if (!fibers || fibers_refuse(why) || fibers_make(fibers, n, take_turns)) {
		if (fibers)
			fibers_unmake(fibers);
		free(fibers);
		return NULL;
	}
	return fibers;
}

bool round_fibers(struct work *work)
{
	const int wanted = work->hand->host->board->stacks;
	struct board_slot *slot = work->slot;

	if (!work->fibers)
		work->fibers = begin(wanted ? wanted : FIBERS);
	if (!work->fibers) {
		atomic_store(&slot->stacks, BOARD_NO_STACKS);
		return false;
	}
	struct fibers *fibers = work->fibers;
	uint64_t before = fibers->switches;

	fibers->turns_before = before;
	fibers_go_on(fibers);
	atomic_store(&slot->stacks, (uint32_t)fibers->n);
	atomic_fetch_add(&slot->user_switches, fibers->switches - before);
	return true;
}

void fibers_leave(struct work *work)
{
	if (!work->fibers)
		return;
	fibers_unmake(work->fibers);
	free(work->fibers);
	work->fibers = NULL;
	atomic_store(&work->slot->stacks, 0);
}
