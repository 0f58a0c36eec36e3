/* SPDX-License-Identifier: MIT
 * Writes frames as SVG files, numbered where there are many.
 */

#include "pictures.h"
#include "outfile.h"

bool pictures_mark(struct pictures *pictures)
{
	pictures->due = pictures->path && pictures->marked && strchr(pictures->path, '%');
	return pictures->due;
}

static void put_path(const struct pictures *pictures, char *path, size_t size)
{
	const char *number = pictures->marked ? strchr(pictures->path, '%') : NULL;
	if (number)
		snprintf(path, size, "%.*s%d%s", (int)(number - pictures->path), pictures->path,
			pictures->n + 1, number + 1);
	else
		snprintf(path, size, "%s", pictures->path);
}

int pictures_check(const struct pictures *pictures, char *path, size_t size)
{
	put_path(pictures, path, size);
	return outfile_check(path, pictures->force);
}

int pictures_save(struct pictures *pictures, const struct canvas *canvas, const struct theme *theme,
	enum depth depth, char *path, size_t size)
{
	struct buf svg = { 0 };
	put_path(pictures, path, size);
	export_svg(canvas, theme, depth, "taskscope", &svg);
	int error = outfile_write(path, pictures->force, &svg);
	pictures->n++;
	pictures->due = false;
	buf_finish(&svg);
	return error;
}
