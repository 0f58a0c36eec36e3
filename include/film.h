/* SPDX-License-Identifier: MIT
 * A film of the screen: frames, captions and marks in, the files of --cast, --srt and --html out,
 * all by one clock that starts at the first frame.
 */
#ifndef TASKSCOPE_FILM_H
#define TASKSCOPE_FILM_H

#include "canvas.h"
#include "caption.h"

enum film_file {
	FILM_CAST, /* asciicast v2 */
	FILM_SRT, /* SubRip: what is told, with times */
	FILM_HTML, /* a page that plays it, with captions, chapters and questions */
	FILM_FILES
};

/* What stands behind all that was written of a page, at any time. */
#define FILM_HTML_END "0]})</script>\n</html>\n"

struct film;
/* files: those that are wanted, bits 1 << enum film_file; unix_time: when it is made. */
struct film *film_create(unsigned files, int64_t unix_time);
void film_destroy(struct film *film); /* NULL is fine */
bool film_begun(const struct film *film); /* it has a frame */
/* Now the screen shows this, and tells this (NULL: nothing). */
void film_frame(struct film *film, const struct canvas *canvas, const struct theme *theme,
	enum depth depth, const struct caption *caption, nsec now);
/* A place to jump to begins now. */
void film_mark(struct film *film, const char *label, nsec now);
/* Its last frame stood until now. */
void film_end(struct film *film, nsec now);
/* What of a file came since it was last emptied: the caller writes and empties it. */
struct buf *film_out(struct film *film, enum film_file file);

/* Whether a file begins as a cast of ours does. */
bool film_is_cast(const char *path);
/* Makes a page of a cast that was written here. 0, or -EINVAL and why not. */
int film_page_of_cast(const char *cast, const char *html, bool force, char *why, size_t why_size);

#endif
