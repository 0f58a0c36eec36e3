/* SPDX-License-Identifier: MIT
 * Knows the file of --cast: every frame as it was drawn, with the time it came, and a marker where something begins.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app.h"
#include "export.h"
#include "outfile.h"

#define FILM_BYTES_MAX (INT64_C(1) << 30)

struct film {
	struct outfile *file;
	struct cast *cast;
	struct buf lines;
	nsec started, last; /* time of the first frame, and of the last event since then */
	bool begun; /* the header was written */
};

/* Never back: a frame's time is that of the wake-up it belongs to. */
static nsec time_in(struct film *film, nsec now)
{
	film->last = film->begun ? MAX(film->last, now - film->started) : 0;
	return film->last;
}

int film_open(struct app *app)
{
	const char *path = app->cli->cast;
	struct outfile *file = NULL;
	if (!path)
		return 0;
	int error = outfile_create(path, app->cli->force, FILM_BYTES_MAX, &file);
	if (error) {
		app_end(app, EXIT_FAILED, "cannot record the screen to %s: %s", path,
			outfile_why(error));
		return -1;
	}
	app->film = xcalloc(1, sizeof(*app->film));
	app->film->file = file;
	app->film->cast = cast_create();
	return 0;
}

static void film_free(struct film *film)
{
	outfile_destroy(film->file);
	cast_destroy(film->cast);
	buf_finish(&film->lines);
	free(film);
}

/* What was collected goes to the file. A failure ends the film, not the screen; without a screen it was all there was. */
static void put_lines(struct app *app)
{
	struct film *film = app->film;
	int error = outfile_add(film->file, &film->lines);
	buf_clear(&film->lines);
	if (!error)
		return;
	film_free(film);
	app->film = NULL;
	app->status = EXIT_FAILED;
	snprintf(app->last_words, sizeof(app->last_words),
		"the recording of the screen %s stopped: %s", app->cli->cast, strerror(-error));
	ui_message(app->ui, STYLE_DEAD, "%s", app->last_words);
	if (!app->term)
		app->quit = true;
}

void film_frame(struct app *app, nsec now)
{
	struct film *film = app->film;
	if (!film)
		return;
	if (!film->begun) {
		film->begun = true;
		film->started = now;
		cast_put_header(
			app->canvas, app->theme, "taskscope", (int64_t)time(NULL), &film->lines);
	}
	cast_put_frame(film->cast, app->canvas, app->theme, app_depth(app), time_in(film, now),
		&film->lines);
	if (film->lines.len)
		put_lines(app);
}

/* Before the frame that it marks; before the first one, at its start. */
void film_mark(struct app *app, const char *label)
{
	struct film *film = app->film;
	if (!film)
		return;
	if (!film->begun) {
		app->dirty = true;
		show_frame(app, nsec_monotonic());
	}
	if (!app->film)
		return;
	cast_put_marker(time_in(film, nsec_monotonic()), label, &film->lines);
	put_lines(app);
}

void film_close(struct app *app)
{
	struct film *film = app->film;
	if (!film)
		return;
	cast_put_end(time_in(film, nsec_monotonic()), &film->lines);
	put_lines(app);
	if (!app->film)
		return;
	int error = outfile_close(film->file);
	film->file = NULL;
	if (error)
		app_end(app, EXIT_FAILED, "cannot finish the recording of the screen %s: %s",
			app->cli->cast, outfile_why(error));
	film_free(film);
	app->film = NULL;
}
