/* SPDX-License-Identifier: MIT
 * Writes files while the run goes on: a film of the screen, its captions, tables. Each is written as it comes, so that
 * what is in it stays good whatever happens.
 */

#include "app.h"
#include "json_lines.h"
#include "outfile.h"

static const struct {
	size_t path; /* in struct cli */
	const char *doing, *what;
	int64_t limit; /* bytes */
} kinds[RUN_FILES] = {
	[FILM_CAST] = { offsetof(struct cli, cast), "record the screen to",
		"recording of the screen", INT64_C(1) << 30 },
	[FILM_SRT] = { offsetof(struct cli, srt), "write the subtitles to", "subtitles", 1 << 24 },
	[FILM_HTML] = { offsetof(struct cli, html), "write the page to", "page", INT64_C(1) << 28 },
	[FILE_CSV] = { offsetof(struct cli, csv), "write the table to", "table", INT64_C(4) << 30 },
	[FILE_TRACE] = { offsetof(struct cli, trace), "write the trace to", "trace",
		INT64_C(1) << 30 },
};

static const char *path_of(const struct app *app, int kind)
{
	return *(const char *const *)(const void *)((const char *)app->cli + kinds[kind].path);
}

int files_open(struct app *app)
{
	unsigned films = 0;

	for (int i = 0; i < RUN_FILES; i++) {
		const char *path = path_of(app, i);
		int error = path ? outfile_create(path, app->cli->force, kinds[i].limit,
					   &app->files[i].file)
				 : 0;
		if (error)
			return app_cannot(app, kinds[i].doing, path, error);
		films |= path && i < FILM_FILES ? 1u << i : 0;
	}
	if (app->files[FILM_HTML].file)
		outfile_set_end(app->files[FILM_HTML].file, FILM_HTML_END);
	app->film = films ? film_create(films, (int64_t)time(NULL)) : NULL;
	if (app->files[FILE_CSV].file)
		csv_put_header(&app->files[FILE_CSV].lines);
	if (!app->files[FILE_TRACE].file)
		return 0;
	app->trace = trace_create();
	outfile_set_end(app->files[FILE_TRACE].file, TRACE_END);
	trace_put_header(app->trace, &app->files[FILE_TRACE].lines);
	return 0;
}

/* What was collected goes to the file. Without a screen a file may be all there is. */
static void put_lines(struct app *app, int kind, struct buf *lines)
{
	struct outfile **file = &app->files[kind].file;
	int error = *file && lines->len ? outfile_add(*file, lines) : 0;

	buf_clear(lines);
	if (!error)
		return;
	outfile_destroy(*file);
	*file = NULL;
	app_lost(app, kinds[kind].what, path_of(app, kind), error);
}

/* A recording that is played without waiting is filmed by its own time. */
static nsec film_time(const struct app *app, nsec now)
{
	return app->recording && app->speed <= 0 ? app->sample.at_ns : now;
}

static void put_film(struct app *app)
{
	for (int i = 0; i < FILM_FILES; i++)
		put_lines(app, i, film_out(app->film, (enum film_file)i));
}

void files_frame(struct app *app, nsec now)
{
	if (!app->film)
		return;
	film_frame(app->film, app->canvas, app->theme, app_depth(app),
		app->lesson ? lesson_caption(app->lesson) : &app->caption, film_time(app, now));
	put_film(app);
}

void files_mark(struct app *app, const char *label)
{
	const nsec now = nsec_monotonic();

	if (app->trace)
		trace_put_mark(app->trace, label, app->recording ? app->sample.at_ns : now,
			&app->files[FILE_TRACE].lines);
	if (!app->film)
		return;
	film_mark(app->film, label, film_time(app, now));
	put_film(app);
}

void files_sample(struct app *app)
{
	struct run_file *csv = &app->files[FILE_CSV], *trace = &app->files[FILE_TRACE];

	if (csv->file)
		csv_put(&csv->lines, app->model);
	put_lines(app, FILE_CSV, &csv->lines);
	if (trace->file)
		trace_put(app->trace, app->model, &trace->lines);
	put_lines(app, FILE_TRACE, &trace->lines);
}

void files_close(struct app *app)
{
	if (app->film) {
		film_end(app->film, film_time(app, nsec_monotonic()));
		put_film(app);
	}
	if (app->files[FILE_TRACE].file)
		trace_put_rest(app->trace, &app->files[FILE_TRACE].lines);
	put_lines(app, FILE_TRACE, &app->files[FILE_TRACE].lines);
	for (int i = 0; i < RUN_FILES; i++) {
		int error = outfile_close(app->files[i].file);

		app->files[i].file = NULL;
		if (error)
			app_cannot(app, kinds[i].doing, path_of(app, i), error);
		buf_finish(&app->files[i].lines);
	}
	film_destroy(app->film);
	trace_destroy(app->trace);
	app->film = NULL;
	app->trace = NULL;
}
