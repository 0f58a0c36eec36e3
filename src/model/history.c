/* SPDX-License-Identifier: MIT
 * Rings of points: how the past of a task and of a side is kept and found again.
 */
#include "internal.h"

const struct point unknown_point = { NAN, NAN, NAN };

void history_push(struct point *ring, size_t len, uint16_t *n, uint16_t *next, struct point point)
{
	ring[*next] = point;
	*next = (uint16_t)((*next + 1) % len);
	*n = (uint16_t)MIN((size_t)*n + 1, len);
}

static bool is_still(struct point point)
{
	return point.voluntary_per_s == 0 && point.involuntary_per_s == 0 && point.cpu_percent == 0;
}

static bool moved(struct point point)
{
	return point.voluntary_per_s > 0 || point.involuntary_per_s > 0 || point.cpu_percent > 0;
}

/* Most of many tasks only sleep: their points are counted, and those of 64 that are unknown are marked, until another
 * comes. What was before a mark that falls out is given up. */
void track_push(struct track *track, size_t len, struct point point)
{
	if (!track->history && !moved(point)) {
		if (track->holes >> 63)
			track->history_n = 63;
		track->holes = track->holes << 1 | !is_still(point);
		track->history_n = (uint16_t)MIN((size_t)track->history_n + 1, len);
		return;
	}
	if (!track->history) {
		struct point *ring = xcalloc(len, sizeof(point));

		for (size_t i = 0; i < track->history_n; i++)
			ring[i] = track_point(track, track->history_n - 1 - i);
		track->history = ring;
		track->history_next = (uint16_t)(track->history_n % len);
	}
	history_push(track->history, len, &track->history_n, &track->history_next, point);
}

/* A ring that is not full yet starts at 0, so its length is needed only when n is the length. */
static struct point point_back(const struct point *ring, size_t n, size_t next, size_t back)
{
	return back < n ? ring[(next + n - 1 - back) % n] : unknown_point;
}

struct point track_point(const struct track *track, size_t back)
{
	const bool hole = back >= track->history_n || (back < 64 && track->holes >> back & 1);

	if (!track->history)
		return hole ? unknown_point : (struct point) { 0 };
	return point_back(track->history, track->history_n, track->history_next, back);
}

struct point side_point(const struct model_side *side, size_t history_len, size_t back)
{
	if (back >= history_len)
		return unknown_point;
	return point_back(side->history, side->history_n, side->history_next, back);
}

const struct track_lane no_lane = {
	.run_percent = NAN,
	.mean_run_ns = NAN,
	.longest_run_ns = NAN,
	.mean_wait_ns = NAN,
	.longest_wait_ns = NAN,
	.mean_delay_ns = NAN,
	.seen_voluntary = NAN,
	.seen_involuntary = NAN,
	.unseen = NAN,
	.until_ns = UNKNOWN,
	.looked_ns = UNKNOWN,
};
