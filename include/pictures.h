/* SPDX-License-Identifier: MIT
 * The pictures of --svg: the last frame, or one at each marker.
 */
#ifndef TASKSCOPE_PICTURES_H
#define TASKSCOPE_PICTURES_H

#include "export.h"

struct pictures {
	const char *path; /* NULL: none is wanted */
	bool marked; /* there are markers: a '%' in the path stands for the number of one */
	bool force; /* files may be replaced */
	int n; /* that were written */
	bool due; /* the next frame is one */
};
/* At a marker: whether the next frame is to be saved. */
bool pictures_mark(struct pictures *pictures);
/* Whether the next one can be written; saves it. 0 or -errno, and its path. */
int pictures_check(const struct pictures *pictures, char *path, size_t size);
int pictures_save(struct pictures *pictures, const struct canvas *canvas, const struct theme *theme,
	enum depth depth, char *path, size_t size);

#endif
