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
	struct buf lines, read;
	const char *state; /* why what stands is not what a tour shows now; "" it is */
	bool seen; /* notes were there once */
	int first, hidden, unread; /* unread: looks in a row at notes that were not whole */
	int page; /* rows by which the keys turn it */
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

static nsec draw(void *context, struct canvas *canvas)
{
	struct watcher *watcher = context;

	look(watcher);
	watcher->page = MAX(canvas->rows - 6, 1);
	watcher->hidden = notes_draw(watcher->lines.text ? watcher->lines.text : "",
		nsec_monotonic(), watcher->first, watcher->state, canvas);
	return LOOK_AGAIN_MS * NSEC_PER_MSEC;
}

static void scroll(struct watcher *watcher, int rows)
{
	watcher->first = MAX(watcher->first + MIN(rows, watcher->hidden), 0);
}

static bool press(void *context, int key)
{
	struct watcher *watcher = context;

	switch (key) {
	case 'q':
	case KEYCODE_ESCAPE:
	case KEYCODE_F10:
	case KEYCODE_CLOSED:
		return false;
	case 'j':
	case KEYCODE_DOWN:
		scroll(watcher, 1);
		break;
	case 'k':
	case KEYCODE_UP:
		scroll(watcher, -1);
		break;
	case KEYCODE_SPACE:
	case KEYCODE_PAGE_DOWN:
		scroll(watcher, watcher->page);
		break;
	case KEYCODE_PAGE_UP:
		scroll(watcher, -watcher->page);
		break;
	}
	return true;
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
	static const struct term_page page = { draw, press, nsec_monotonic };
	struct watcher watcher = { .path = path, .state = "" };
	const int error = notes_read(path, &watcher.read);
	/* Notes that are still to come are waited for; of others nothing good comes. */
	if (error && error != -ENOENT && error != -EAGAIN) {
		say_line("%s: %s", path, notes_why(error));
		return EXIT_FAILED;
	}
	const int status = term_run(options, &page, &watcher);
	buf_finish(&watcher.lines);
	buf_finish(&watcher.read);
	return status;
}
