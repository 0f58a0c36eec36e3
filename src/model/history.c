/* SPDX-License-Identifier: MIT
 * Rings of points: how the past of a task and of a side is kept and found again.
 */
#include "internal.h"

#include <math.h>

const struct point unknown_point = { NAN, NAN, NAN };

void history_push(struct point *ring, size_t len, size_t *n, size_t *next, struct point point)
{
	ring[*next] = point;
	*next = (*next + 1) % len;
	*n = MIN(*n + 1, len);
}

/* A ring that is not full yet starts at 0, so its length is needed only when n is the length. */
static struct point point_back(const struct point *ring, size_t n, size_t next, size_t back)
{
	if (back >= n)
		return unknown_point;
	return ring[(next + n - 1 - back) % n];
}

struct point track_point(const struct track *track, size_t back)
{
	return point_back(track->history, track->history_n, track->history_next, back);
}

struct point side_point(const struct model_side *side, size_t history_len, size_t back)
{
	if (back >= history_len)
		return unknown_point;
	return point_back(side->history, side->history_n, side->history_next, back);
}
