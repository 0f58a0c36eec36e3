/* SPDX-License-Identifier: MIT
 * Makes the files of a film from frames, captions and marks.
 */
#include "film.h"

#include "export.h"
#include "page.h"
#include "subtitles.h"

struct film {
	unsigned files;
	int64_t unix_time;
	struct buf out[FILM_FILES];
	struct cast *cast;
	struct subtitles subtitles;
	struct page page;
	struct buf events; /* of the cast, that are made */
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
	buf_finish(&film->events);
	subtitles_finish(&film->subtitles);
	page_finish(&film->page);
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

/* Both have the same, so that a page can be made of a cast. */
static void put_events(struct film *film)
{
	if (wants(film, FILM_CAST))
		buf_add(&film->out[FILM_CAST], film->events.text, film->events.len);
	if (wants(film, FILM_HTML))
		page_put_events(&film->events, &film->out[FILM_HTML]);
	buf_clear(&film->events);
}

static void begin(
	struct film *film, const struct canvas *canvas, const struct theme *theme, nsec now)
{
	struct buf header = { 0 };

	film->begun = true;
	film->started = now;
	cast_put_header(canvas, theme, CAST_TITLE, film->unix_time, &header);
	if (wants(film, FILM_CAST))
		buf_add(&film->out[FILM_CAST], header.text, header.len);
	if (wants(film, FILM_HTML))
		page_put_head(&header, &film->out[FILM_HTML]);
	buf_finish(&header);
}

static void tell(struct film *film, const struct caption *caption, nsec at)
{
	struct buf rest = { 0 };

	if (subtitles_show(&film->subtitles, caption, at,
		    wants(film, FILM_SRT) ? &film->out[FILM_SRT] : &rest))
		cast_put_event(at, 'c', film->subtitles.now.text, &film->events);
	buf_finish(&rest);
	page_put_question(&film->page, caption, at, &film->events);
}

void film_frame(struct film *film, const struct canvas *canvas, const struct theme *theme,
	enum depth depth, const struct caption *caption, nsec now)
{
	const nsec at = time_in(film, now);

	if (!film->begun)
		begin(film, canvas, theme, now);
	cast_put_frame(film->cast, canvas, theme, depth, at, &film->events);
	if (caption)
		tell(film, caption, at);
	put_events(film);
}

void film_mark(struct film *film, const char *label, nsec now)
{
	cast_put_event(time_in(film, now), 'm', label, &film->events);
	put_events(film);
}

void film_end(struct film *film, nsec now)
{
	const nsec at = time_in(film, now);

	if (!film->begun)
		return;
	cast_put_end(at, &film->events);
	put_events(film);
	subtitles_end(&film->subtitles, at, &film->out[FILM_SRT]);
}
