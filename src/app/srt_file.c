/* SPDX-License-Identifier: MIT
 * Writes what a tour tells as subtitles.
 */
#include "app.h"
#include "outfile.h"

int srt_file_open(struct app *app)
{
	int error = app->cli->srt ? outfile_check(app->cli->srt, app->cli->force) : 0;
	return error ? app_cannot(app, "write the subtitles", app->cli->srt, error) : 0;
}

void srt_file_frame(struct app *app, nsec now)
{
	if (app->cli->srt && app->lesson)
		subtitles_show(&app->subtitles, lesson_caption(app->lesson), now);
}

void srt_file_close(struct app *app)
{
	if (app->cli->srt && app->subtitles.started) {
		subtitles_end(&app->subtitles, nsec_monotonic());
		int error = outfile_write(app->cli->srt, app->cli->force, &app->subtitles.out);
		if (error)
			app_cannot(app, "write the subtitles", app->cli->srt, error);
	}
	subtitles_finish(&app->subtitles);
}
