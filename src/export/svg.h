/* SPDX-License-Identifier: MIT
 * The geometry of the SVG: sizes, numbers, and the characters that are drawn as shapes.
 */
#ifndef TASKSCOPE_EXPORT_SVG_H
#define TASKSCOPE_EXPORT_SVG_H

#include "export.h"

/* All lengths are whole quarters of a unit: printed exactly, without a locale's decimal comma. A
 * picture's pixel is 1.5 units at its natural size, so a cell has 8 x 16 pixels there and an
 * eighth of it two. */
#define QUARTERS(units) ((int)((units)*4))
#define CELL_WIDTH QUARTERS(12)
#define CELL_HEIGHT QUARTERS(24)
#define LINE_WIDTH QUARTERS(1.5)

void svg_number(struct buf *out, int quarters);
/* A rectangle as a part of a path. */
void svg_rect(struct buf *out, int x, int y, int width, int height);

/* Whether the character (one cell's text) is drawn as a shape; then adds n cells of it, side by
 * side from (x, y), to the path of strokes or to that of areas. Fonts leave gaps between such
 * characters, shapes do not. */
bool svg_is_shape(const char *text);
void svg_shape(const char *text, int x, int y, int n, struct buf *strokes, struct buf *areas);

#endif
