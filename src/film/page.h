/* SPDX-License-Identifier: MIT
 * A film as one page of HTML that plays itself, with captions, chapters and questions; nothing is loaded from elsewhere.
 */
#ifndef TASKSCOPE_FILM_PAGE_H
#define TASKSCOPE_FILM_PAGE_H

#include "caption.h"

/* { 0 } is one that was not begun. */
struct page {
	struct buf question, line; /* the one that was asked last; what is made */
	bool open; /* its answer was not told yet */
};

#define CAST_TITLE "taskscope" /* what a cast of ours is known by */

/* The lines of assets/player; NULL after the last. */
extern const char *const page_css[], *const page_js[];

/* header: the first line of a cast. */
void page_put_head(const struct buf *header, struct buf *out);
/* Events of a cast, a line each. */
void page_put_events(const struct buf *events, struct buf *out);
/* Events of a cast: the question of a caption, when it is asked, and its answer, when that is told. */
void page_put_question(struct page *page, const struct caption *caption, nsec at, struct buf *out);
void page_finish(struct page *page);

#endif
