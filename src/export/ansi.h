/* SPDX-License-Identifier: MIT
 * Cells as SGR sequences and text: of a whole frame, and of what changed in one.
 */
#ifndef TASKSCOPE_EXPORT_ANSI_H
#define TASKSCOPE_EXPORT_ANSI_H

#include "export.h"

/* The cells [from, to) of a row, with a reset at the end. */
void ansi_put_cells(const struct canvas *canvas, const struct theme *theme, enum depth depth,
	int row, int from, int to, struct buf *out);

#endif
