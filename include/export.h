/* SPDX-License-Identifier: MIT
 * A finished frame as text, as ANSI or as SVG, and many as a recording of a terminal: pure, canvas
 * in, bytes out.
 */
#ifndef TASKSCOPE_EXPORT_H
#define TASKSCOPE_EXPORT_H

#include "canvas.h"

/* Rows separated by newlines, trailing blanks cut. */
void export_text(const struct canvas *canvas, struct buf *out);
/* The styles of a frame as letters, one a cell, for golden tests: '.' is STYLE_TEXT; selected and
 * marked cells are upper case. The legend is in the .c. */
void export_styles(const struct canvas *canvas, struct buf *out);
/* A self-contained SVG 1.1 picture (no scripts, no external fonts; monospace; every run positioned
 * by textLength, so that columns hold in any font), title in <title>. */
void export_svg(const struct canvas *canvas, const struct theme *theme, enum depth depth,
	const char *title, struct buf *out);

/* --- many frames: asciicast v2, one JSON value a line; at is the time since the first event --- */

struct cast;
struct cast *cast_create(void);
void cast_destroy(struct cast *cast); /* NULL is fine */
/* The first line. canvas gives the size, theme the colours of a player. */
void cast_put_header(const struct canvas *canvas, const struct theme *theme, const char *title,
	int64_t unix_time, struct buf *out);
/* What changed since the last frame, and a resize; nothing for an equal frame. */
void cast_put_frame(struct cast *cast, const struct canvas *canvas, const struct theme *theme,
	enum depth depth, nsec at, struct buf *out);
/* Another event. 'm': a place to jump to; players pass over a code that they do not know. */
void cast_put_event(nsec at, char code, const char *data, struct buf *out);
/* so that the last frame is seen for as long as it stood */
void cast_put_end(nsec at, struct buf *out);

#endif
