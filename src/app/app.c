/* SPDX-License-Identifier: MIT
 * What every file of the screen's process may do to it: end it, change its interval, ask for its colours.
 */
#include <sys/timerfd.h>

#include "app.h"
#include "outfile.h"

void app_end(struct app *app, int status, const char *format, ...)
{
	va_list arguments;
	if (app->status == EXIT_FINE)
		app->status = status;
	app->quit = true;
	if (!format || *app->last_words)
		return;
	va_start(arguments, format);
	vsnprintf(app->last_words, sizeof(app->last_words), format, arguments);
	va_end(arguments);
}

int app_cannot(struct app *app, const char *what, const char *path, int error)
{
	app_end(app, EXIT_FAILED, "cannot %s %s: %s", what, path, outfile_why(error));
	return -1;
}

void app_lost(struct app *app, const char *what, const char *path, int error)
{
	app->status = EXIT_FAILED;
	snprintf(app->last_words, sizeof(app->last_words), "the %s %s stopped: %s", what, path,
		strerror(-error));
	ui_message(app->ui, STYLE_DEAD, "%s", app->last_words);
	if (!app->term)
		app->quit = true;
}

void app_keep_up(struct app *app)
{
	if (app->live)
		live_drain_switches(app->live);
}

void app_set_interval(struct app *app, nsec interval)
{
	const struct timespec every = { interval / NSEC_PER_SEC, interval % NSEC_PER_SEC };
	const struct itimerspec timer = { .it_interval = every, .it_value = every };
	app->interval = interval;
	timerfd_settime(app->timer_fd, 0, &timer, NULL);
}

enum depth app_depth(const struct app *app)
{
	return app->cli->colour == 0 || app->session->term.colour == 0 ? DEPTH_MONO : DEPTH_256;
}
