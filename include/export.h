/* SPDX-License-Identifier: MIT
 * A finished frame as text, as ANSI or as SVG: pure, canvas in, bytes out.
 */
#ifndef TASKSCOPE_EXPORT_H
#define TASKSCOPE_EXPORT_H

#include "canvas.h"

/* Rows separated by newlines, trailing blanks cut. */
void export_text(const struct canvas *canvas, struct buf *out);
/* The styles of a frame as letters, one a cell, for golden tests: '.' is STYLE_TEXT; selected and marked cells are upper
 * case. The legend is in the .c. */
void export_styles(const struct canvas *canvas, struct buf *out);
/* The same with SGR sequences; each row ends with a reset. */
void export_ansi(const struct canvas *canvas, const struct theme *theme, enum depth depth, struct buf *out);
/* A self-contained SVG 1.1 picture (no scripts, no external fonts; monospace; every run positioned by textLength, so that
 * columns hold in any font), title in <title>. */
void export_svg(const struct canvas *canvas, const struct theme *theme, enum depth depth, const char *title,
	struct buf *out);

#endif
