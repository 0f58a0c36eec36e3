/* SPDX-License-Identifier: MIT
 * Writes the file of --cast: every frame as it was drawn, with the time it came, and a marker where something begins.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app.h"
#include "export.h"
#include "outfile.h"

#define CAST_BYTES_MAX (INT64_C(1) << 30)

struct cast_file {
	struct outfile *file;
	struct cast *cast;
	struct buf lines;
	nsec started, last; /* time of the first frame, and of the last event since then */
	bool begun; /* the header was written */
};

/* Never back: a frame's time is that of the wake-up it belongs to. */
static nsec time_in(struct cast_file *file, nsec now)
{
	file->last = file->begun ? MAX(file->last, now - file->started) : 0;
	return file->last;
}

int cast_file_open(struct app *app)
{
	const char *path = app->cli->cast;
	struct outfile *file = NULL;
	if (!path)
		return 0;
	int error = outfile_create(path, app->cli->force, CAST_BYTES_MAX, &file);
	if (error)
		return app_cannot(app, "record the screen to", path, error);
	app->cast = xcalloc(1, sizeof(*app->cast));
	app->cast->file = file;
	app->cast->cast = cast_create();
	return 0;
}

static void free_file(struct cast_file *file)
{
	outfile_destroy(file->file);
	cast_destroy(file->cast);
	buf_finish(&file->lines);
	free(file);
}

/* What was collected goes to the file. A failure ends the file, not the screen; without a screen it was all there was. */
static void put_lines(struct app *app)
{
	struct cast_file *file = app->cast;
	int error = outfile_add(file->file, &file->lines);
	buf_clear(&file->lines);
	if (!error)
		return;
	free_file(file);
	app->cast = NULL;
	app_lost(app, "recording of the screen", app->cli->cast, error);
}

bool cast_file_begun(const struct app *app)
{
	return app->cast && app->cast->begun;
}

void cast_file_frame(struct app *app, nsec now)
{
	struct cast_file *file = app->cast;
	if (!file)
		return;
	if (!file->begun) {
		file->begun = true;
		file->started = now;
		cast_put_header(
			app->canvas, app->theme, "taskscope", (int64_t)time(NULL), &file->lines);
	}
	cast_put_frame(file->cast, app->canvas, app->theme, app_depth(app), time_in(file, now),
		&file->lines);
	if (file->lines.len)
		put_lines(app);
}

void cast_file_mark(struct app *app, const char *label)
{
	struct cast_file *file = app->cast;
	if (!file)
		return;
	cast_put_marker(time_in(file, nsec_monotonic()), label, &file->lines);
	put_lines(app);
}

void cast_file_close(struct app *app)
{
	struct cast_file *file = app->cast;
	if (!file)
		return;
	cast_put_end(time_in(file, nsec_monotonic()), &file->lines);
	put_lines(app);
	if (!app->cast)
		return;
	int error = outfile_close(file->file);
	file->file = NULL;
	if (error)
		app_cannot(app, "finish the recording of the screen", app->cli->cast, error);
	free_file(file);
	app->cast = NULL;
}
