/* SPDX-License-Identifier: MIT
 * Orders the tasks of a side, and finds a worker's task in that order.
 */
#include "internal.h"

uint64_t worker_rank(int16_t worker)
{
	if (worker == WORKER_HOST)
		return 0;
	return worker >= 0 ? (uint64_t)worker + 1 : UINT32_MAX;
}

const struct track *side_track(const struct model_side *side, int worker)
{
	size_t low = 0, high = side->n_tracks;

	if (side->group)
		return worker >= 0 && (size_t)worker < side->n_numbered ? side->numbered[worker]
									: NULL;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (worker_rank(side->tracks[middle]->now.worker) < worker_rank((int16_t)worker))
			low = middle + 1;
		else
			high = middle;
	}
	return low < side->n_tracks && side->tracks[low]->now.worker == worker ? side->tracks[low]
									       : NULL;
}
