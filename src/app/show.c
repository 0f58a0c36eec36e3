/* SPDX-License-Identifier: MIT
 * Sends a frame where it goes: to the terminal, to standard output as text or as JSON, to a picture at the end. At most one
 * frame a wake-up, and none if nothing changed.
 */
#include <unistd.h>

#include "app.h"
#include "export.h"
#include "json_lines.h"
#include "outfile.h"

#define DEFAULT_COLS 120
#define DEFAULT_ROWS 36

/* A recording's interval is what was measured then, not ours; to the nearest 10 ms, for it jitters. */
static nsec shown_interval(const struct app *app)
{
	const double step = 0.01;
	double measured = model_interval(app->model);
	if (!app->recording)
		return app->interval;
	return isnan(measured) ? 0 : (nsec)(round(measured / step) * step * (double)NSEC_PER_SEC);
}

static void set_state(struct app *app, nsec now)
{
	const struct ui_state state = {
		.paused = app->paused,
		.recording = app->recorder != NULL,
		.interval = shown_interval(app),
		.elapsed = now - app->started,
		.theme = app->theme->name,
	};
	ui_set_state(app->ui, &state);
}

struct term_options show_options(const struct session *session)
{
	const struct cli *cli = session->cli;
	struct term_options options = session->term;

	options.theme = cli->theme;
	if (cli->colour >= 0)
		options.colour = cli->colour;
	options.ascii = cli->ascii;
	options.no_sync = cli->no_sync;
	options.mouse &= !cli->no_mouse;
	options.ask_background &= !cli->has_theme; /* one was chosen */
	options.rescue = session->rescue;
	return options;
}

int show_open(struct app *app)
{
	const struct session *session = app->session;
	const struct term_options options = show_options(session);
	char why[200] = "";
	if (!session->interactive)
		return 0;
	if (term_open(&options, &app->term, why, sizeof(why)) != 0) {
		app_end(app, EXIT_TERMINAL, "%s", why);
		return -1;
	}
	app->ascii = term_ascii(app->term);
	if (session->stderr_file >= 0)
		dup2(session->stderr_file, STDERR_FILENO);
	return 0;
}

void show_resize(struct app *app)
{
	int rows = app->cli->rows ? app->cli->rows : DEFAULT_ROWS;
	int cols = app->cli->cols ? app->cli->cols : DEFAULT_COLS;
	if (app->term)
		term_size(app->term, &rows, &cols);
	if (!app->canvas)
		app->canvas = canvas_create(rows, cols);
	else if (app->canvas->rows != rows || app->canvas->cols != cols)
		canvas_resize(app->canvas, rows, cols);
	app->dirty = true;
}

void show_theme(struct app *app, const struct theme *theme)
{
	app->theme = theme;
	if (app->term)
		term_set_theme(app->term, theme);
	app->dirty = true;
}

/* What a projector does not light up. On a light background that takes ink. */
static void draw_black(struct app *app)
{
	const struct rect all = { 0, 0, app->canvas->rows, app->canvas->cols };
	canvas_fill(app->canvas, all, theme_is_light(app->theme) ? "█" : " ", STYLE_STRONG);
}

static void draw(struct app *app, nsec now)
{
	set_state(app, now);
	canvas_clear(app->canvas);
	if (app->black)
		draw_black(app);
	else
		ui_draw(app->ui, app->past.model ? app->past.model : app->model, app->canvas);
	if (app->ascii)
		canvas_to_ascii(app->canvas);
	app->drawn = true;
}

static int save_picture(struct app *app, bool now)
{
	char path[PATH_MAX];
	int error = now ? pictures_save(&app->pictures, app->canvas, app->theme, app_depth(app),
				  path, sizeof(path))
			: pictures_check(&app->pictures, path, sizeof(path));
	return error ? app_cannot(app, "write the picture", path, error) : 0;
}

void show_frame(struct app *app, nsec now)
{
	if (!app->dirty)
		return;
	/* JSON alone needs no picture. */
	if (!app->term && !app->cli->plain && !app->cli->svg && !app->cli->notes &&
		!app->cli->has_keys && !app->film)
		return;
	draw(app, now);
	if (app->pictures.due)
		save_picture(app, true);
	app_keep_up(app);
	files_frame(app, now);
	if (!app->term) {
		app->dirty = false;
		return;
	}
	int error = term_show(app->term, app->canvas);
	app_keep_up(app);
	app->dirty = error == -EAGAIN; /* skipped; the next wake-up tries again */
	if (error == -EIO)
		app_end(app, 128 + SIGHUP, NULL);
}

static void put_plain(struct app *app)
{
	const struct machine_info *card = app->recording ? recording_machine(app->recording) : NULL;
	if (app->shown_at < 0)
		buf_addf(&app->out.buf, "taskscope " TASKSCOPE_VERSION ", %dx%d%s%s\n",
			app->canvas->cols, app->canvas->rows, card ? ", recorded on Linux " : "",
			card ? card->kernel : "");
	if (app->cli->linear)
		linear_put(&app->out.buf, app->model);
	else
		export_text(app->canvas, &app->out.buf);
	buf_adds(&app->out.buf, "\f\n");
}

static void put_sample(struct app *app)
{
	if (app->cli->json) {
		json_lines_put(&app->out.buf, app->model);
	} else {
		app->dirty = true;
		show_frame(app, nsec_monotonic());
		put_plain(app);
	}
	app->shown_at = app->sample.at_ns;
	output_flush(&app->out);
}

void show_sample(struct app *app)
{
	if ((!app->cli->plain && !app->cli->json) || app->lesson)
		return;
	/* A recording's samples may come faster than frames are wanted. Half a millisecond is a tick's own jitter. */
	nsec since = app->sample.at_ns - app->shown_at;
	nsec wanted = app->recording ? app->interval - NSEC_PER_MSEC / 2 : 0;
	if (app->shown_at >= 0 && since >= 0 && since < wanted)
		return;
	/* A reader that is slow gets fewer frames, never a growing backlog. */
	if (!output_waits(&app->out))
		put_sample(app);
}

int show_check(struct app *app)
{
	const struct cli *cli = app->cli;
	const bool marked = cli->verb == VERB_TOUR || cli->verb == VERB_REPLAY;
	app->pictures = (struct pictures) { cli->svg, marked, cli->force };
	return cli->svg ? save_picture(app, false) : 0;
}

void show_end(struct app *app)
{
	/* Where frames were skipped, or keys pressed since, the last word is the last frame. */
	bool last = app->recording && app->sample.at_ns != app->shown_at;
	bool text = (app->cli->plain || app->cli->json) && !app->lesson;
	if (model_feeds(app->model) > 0 && !app->out.error &&
		((text && last) || (app->cli->plain && app->cli->has_keys)))
		put_sample(app);
	if (app->cli->svg && app->canvas) {
		app->dirty = true;
		draw(app, nsec_monotonic());
		save_picture(app, true);
	}
}
