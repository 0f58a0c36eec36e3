/* SPDX-License-Identifier: MIT
 * Shows the notes of a tour on a terminal of their own, and looks four times a second whether they are others.
 */
#include <poll.h>
#include <unistd.h>

#include "command.h"
#include "notes.h"
#include "term.h"
#include "watch.h"

#define LOOK_AGAIN_MS 250
#define TRIES 8 /* while they are being written */

struct watcher {
	const char *path;
	struct term *term;
	struct canvas *canvas;
	struct buf lines, read;
	const char *state; /* why what stands is not what a tour shows now; "" it is */
	bool seen; /* notes were there once */
	int first, hidden, unread; /* unread: looks in a row at notes that were not whole */
	bool quit;
	int status;
};

/* Notes that a tour is just writing stand as they were. */
static void look(struct watcher *watcher)
{
	buf_clear(&watcher->read);
	const int error = notes_read(watcher->path, &watcher->read);
	watcher->unread = error == -EAGAIN ? watcher->unread + 1 : 0;
	if (error == -EAGAIN && watcher->unread < TRIES)
		return;
	if (error) {
		const bool ended = watcher->seen && (error == -ENOENT || error == -ESTALE);
		watcher->state = ended ? "The tour has ended. q ends" : notes_why(error);
		return;
	}
	watcher->seen = true;
	watcher->state = "";
	if (watcher->lines.len == watcher->read.len &&
		strcmp(watcher->lines.text, watcher->read.text) == 0)
		return;
	watcher->first = 0;
	const struct buf old = watcher->lines;
	watcher->lines = watcher->read;
	watcher->read = old;
}

static void draw(struct watcher *watcher)
{
	const char *lines = watcher->lines.text ? watcher->lines.text : "";
	watcher->hidden = notes_draw(
		lines, nsec_monotonic(), watcher->first, watcher->state, watcher->canvas);
	if (term_ascii(watcher->term))
		canvas_to_ascii(watcher->canvas);
	if (term_show(watcher->term, watcher->canvas) == -EIO)
		watcher->quit = true;
}

static void scroll(struct watcher *watcher, int rows)
{
	watcher->first = MAX(watcher->first + MIN(rows, watcher->hidden), 0);
}

static void press(struct watcher *watcher, int key)
{
	const int page = MAX(watcher->canvas->rows - 6, 1);
	if (key == KEYCODE_RESIZE)
		term_fit(watcher->term, &watcher->canvas);
	else if (key == 'q' || key == KEYCODE_ESCAPE || key == KEYCODE_F10)
		watcher->quit = true;
	else if (key == KEYCODE_CLOSED)
		watcher->quit = true;
	else if (key == KEYCODE_DOWN || key == 'j')
		scroll(watcher, 1);
	else if (key == KEYCODE_UP || key == 'k')
		scroll(watcher, -1);
	else if (key == KEYCODE_PAGE_DOWN || key == KEYCODE_SPACE)
		scroll(watcher, page);
	else if (key == KEYCODE_PAGE_UP)
		scroll(watcher, -page);
}

static void take_signals(struct watcher *watcher, int fd)
{
	bool resized = false;
	const int ends = term_signals_take(watcher->term, fd, &resized);
	if (resized)
		term_fit(watcher->term, &watcher->canvas);
	watcher->quit |= ends != 0;
	if (ends)
		watcher->status = 128 + ends;
}

static void loop(struct watcher *watcher, int signals)
{
	while (!watcher->quit) {
		struct pollfd fds[] = { { signals, POLLIN, 0 },
			{ term_fd(watcher->term), POLLIN, 0 },
			{ term_out_fd(watcher->term), POLLOUT, 0 } };
		int key;
		look(watcher);
		draw(watcher);
		poll(fds, ARRAY_LEN(fds), LOOK_AGAIN_MS);
		take_signals(watcher, signals);
		while (!watcher->quit &&
			(key = term_key(watcher->term, nsec_monotonic())) != KEYCODE_NONE)
			press(watcher, key);
		if (term_flush(watcher->term) == -EIO)
			watcher->quit = true;
	}
}

int watch_print(const char *path, struct buf *text)
{
	struct buf lines = { 0 };
	int error = -EAGAIN;
	for (int i = 0; i < TRIES && error == -EAGAIN; i++) {
		if (i)
			poll(NULL, 0, LOOK_AGAIN_MS / TRIES);
		error = notes_read(path, &lines);
	}
	if (error)
		say_line("%s: %s", path, notes_why(error));
	else
		notes_put_text(lines.text ? lines.text : "", nsec_monotonic(), text);
	buf_finish(&lines);
	return error ? EXIT_FAILED : EXIT_FINE;
}

int watch_notes(const char *path, const struct term_options *options)
{
	struct watcher watcher = { .path = path, .state = "" };
	char why[200] = "";
	const int error = notes_read(path, &watcher.read);
	/* Notes that are still to come are waited for; of others nothing good comes. */
	if (error && error != -ENOENT && error != -EAGAIN) {
		say_line("%s: %s", path, notes_why(error));
		return EXIT_FAILED;
	}
	const int signals = term_signals_open(false);
	if (term_open(options, &watcher.term, why, sizeof(why)) != 0) {
		say_line("%s", why);
		return EXIT_TERMINAL;
	}
	term_fit(watcher.term, &watcher.canvas);
	loop(&watcher, signals);
	term_close(watcher.term);
	canvas_destroy(watcher.canvas);
	buf_finish(&watcher.lines);
	buf_finish(&watcher.read);
	close(signals);
	return watcher.status;
}
