/* SPDX-License-Identifier: MIT
 * What a lesson tells, as subtitles (SubRip): each sentence with the time from when to when it
 * stands on the screen.
 */
#ifndef TASKSCOPE_SUBTITLES_H
#define TASKSCOPE_SUBTITLES_H

#include "caption.h"

/* { 0 } is empty. */
struct subtitles {
	struct buf now, next; /* what stands, and what would */
	nsec since; /* since when it stands */
	int n;
};

/* A frame shows this caption now, since the film began; what stood before goes to out. Whether it tells
 * something else than the one before. */
bool subtitles_show(
	struct subtitles *subtitles, const struct caption *caption, nsec now, struct buf *out);
/* The last sentence ends now. */
void subtitles_end(struct subtitles *subtitles, nsec now, struct buf *out);
void subtitles_finish(struct subtitles *subtitles);

#endif
