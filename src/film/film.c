/* SPDX-License-Identifier: MIT
 * Makes the files of a film from frames, captions and marks.
 */
#include "film.h"

#include <stdlib.h>

#include "export.h"
#include "subtitles.h"

struct film {
	unsigned files;
	int64_t unix_time;
	struct buf out[FILM_FILES];
	struct cast *cast;
	struct subtitles subtitles;
	nsec started, last; /* time of the first frame, and of the last event since then */
	bool begun;
};

struct film *film_create(unsigned files, int64_t unix_time)
{
	struct film *film = xcalloc(1, sizeof(*film));

	film->files = files;
	film->unix_time = unix_time;
	film->cast = cast_create();
	return film;
}

void film_destroy(struct film *film)
{
	if (!film)
		return;
	for (int i = 0; i < FILM_FILES; i++)
		buf_finish(&film->out[i]);
	cast_destroy(film->cast);
	subtitles_finish(&film->subtitles);
	free(film);
}

bool film_begun(const struct film *film)
{
	return film->begun;
}

struct buf *film_out(struct film *film, enum film_file file)
{
	return &film->out[file];
}

static bool wants(const struct film *film, enum film_file file)
{
	return film->files & 1u << file;
}

/* Never back: a frame's time is that of the wake-up it belongs to. */
static nsec time_in(struct film *film, nsec now)
{
	film->last = film->begun ? MAX(film->last, now - film->started) : 0;
	return film->last;
}

void film_frame(struct film *film, const struct canvas *canvas, const struct theme *theme,
	enum depth depth, const struct caption *caption, nsec now)
{
	const nsec at = time_in(film, now);
	struct buf *lines = &film->out[FILM_CAST];

	if (!film->begun && wants(film, FILM_CAST))
		cast_put_header(canvas, theme, "taskscope", film->unix_time, lines);
	if (!film->begun)
		film->started = now;
	film->begun = true;
	if (wants(film, FILM_CAST))
		cast_put_frame(film->cast, canvas, theme, depth, at, lines);
	if (wants(film, FILM_SRT) && caption)
		subtitles_show(&film->subtitles, caption, at, &film->out[FILM_SRT]);
}

void film_mark(struct film *film, const char *label, nsec now)
{
	if (wants(film, FILM_CAST))
		cast_put_marker(time_in(film, now), label, &film->out[FILM_CAST]);
}

void film_end(struct film *film, nsec now)
{
	const nsec at = time_in(film, now);

	if (wants(film, FILM_CAST))
		cast_put_end(at, &film->out[FILM_CAST]);
	subtitles_end(&film->subtitles, at, &film->out[FILM_SRT]);
}
