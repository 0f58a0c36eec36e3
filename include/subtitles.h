/* SPDX-License-Identifier: MIT
 * What a lesson tells, as subtitles (SubRip): each sentence with the time from when to when it
 * stands on the screen.
 */
#ifndef TASKSCOPE_SUBTITLES_H
#define TASKSCOPE_SUBTITLES_H

#include "caption.h"

/* { 0 } is empty. */
struct subtitles {
	struct buf out, now, next; /* what ended, what stands, and what would */
	nsec started, since; /* since when it stands; 0: nothing was shown yet */
	int n;
};

/* A frame shows this caption now. */
void subtitles_show(struct subtitles *subtitles, const struct caption *caption, nsec now);
/* The last sentence ends now: `out` is the whole file. */
void subtitles_end(struct subtitles *subtitles, nsec now);
void subtitles_finish(struct subtitles *subtitles);

#endif
