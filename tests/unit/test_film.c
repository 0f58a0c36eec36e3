/* SPDX-License-Identifier: MIT
 * The files of a film: a page has the cast's events, each frame as it was drawn, and captions and questions at their times.
 */
#include <locale.h>
#include <stdlib.h>

#include "film.h"
#include "player.h"

#define FRAMES 40

/* What is asked from frame 10 on, and answered from frame 20 on. */
static void fill_caption(struct caption *caption, int frame)
{
	caption_clear(caption);
	caption_add(caption, CAPTION_QUESTION, CAPTION_PLAIN, "", "How many?");
	if (frame >= 10 && frame < 20)
		caption_add(caption, CAPTION_ASK, CAPTION_PLAIN, "", "Who dies of </script>?");
	if (frame >= 10 && frame < 30) {
		caption_add(caption, CAPTION_OPTION, CAPTION_PLAIN, "1", "one");
		caption_add(caption, CAPTION_OPTION, frame < 20 ? CAPTION_PLAIN : CAPTION_GOOD, "2",
			"all");
	}
	if (frame >= 20 && frame < 30) {
		caption_add(caption, CAPTION_PREDICTION, CAPTION_GOOD, "", "right");
		caption_add(caption, CAPTION_FEEDBACK, CAPTION_PLAIN, "", "A thread is not alone.");
		caption_add(caption, CAPTION_FEEDBACK, CAPTION_PLAIN, "", "");
	}
	if (frame >= 30)
		caption_add(caption, CAPTION_PUNCH, CAPTION_PLAIN, "", "All of them.");
}

static void draw(struct canvas *canvas, int frame)
{
	char text[40];

	canvas_clear(canvas);
	snprintf(text, sizeof(text), "<b>frame %d</b> \xE4\xBD\x9C", frame);
	canvas_text(
		canvas, frame % canvas->rows, frame % 20, -1, (enum style)(frame % STYLES), text);
}

/* A second a frame, a mark at every tenth. */
static struct film *make_film(unsigned files)
{
	struct film *film = film_create(files, 1700000000);
	struct canvas *canvas = canvas_create(6, 50);
	struct caption caption = { 0 };

	for (int i = 0; i < FRAMES; i++) {
		const nsec now = (100 + i) * NSEC_PER_SEC;

		draw(canvas, i);
		fill_caption(&caption, i);
		if (i && i % 10 == 0)
			film_mark(film, i == 10 ? "the <question>" : "on", now);
		film_frame(film, canvas, theme_find("dark"), DEPTH_256, &caption, now);
	}
	film_end(film, (100 + FRAMES) * NSEC_PER_SEC);
	caption_finish(&caption);
	canvas_destroy(canvas);
	return film;
}

/* The events within a page. */
static json_t *events_of(const struct buf *page)
{
	const char *from = strstr(page->text, "\"events\":[\n");
	struct buf text = { 0 };
	json_error_t error;
	json_t *events;

	assert_non_null(from);
	assert_null(strstr(from, "<")); /* it could end the script */
	buf_adds(&text, strchr(from, '['));
	buf_adds(&text, "0]");
	events = json_loads(text.text, 0, &error);
	if (!events)
		fail_msg("%s at %d", error.text, error.position);
	assert_int_equal(strncmp(FILM_HTML_END, "0]})</script>", 13), 0);
	buf_finish(&text);
	return events;
}

static const char *kind_of(const json_t *event)
{
	const char *kind = json_string_value(json_array_get(event, 1));

	return kind ? kind : "";
}

static bool is_of_cast(const json_t *event)
{
	return strchr("omr", *kind_of(event)) && *kind_of(event);
}

static void a_page_has_the_events_of_the_cast(void **state)
{
	struct film *film = make_film(1u << FILM_CAST | 1u << FILM_HTML);
	json_t *events = events_of(film_out(film, FILM_HTML));
	const char *line = strchr(film_out(film, FILM_CAST)->text, '\n') + 1;
	json_t *event;
	size_t i, n = 0;

	json_array_foreach(events, i, event)
	{
		json_t *of_cast;

		if (!json_is_array(event))
			continue;
		of_cast = json_loadb(line, strcspn(line, "\n"), 0, NULL);
		assert_true(json_equal(event, of_cast));
		json_decref(of_cast);
		line += strcspn(line, "\n") + 1;
		n++;
	}
	assert_int_equal(*line, 0);
	assert_int_equal(n, FRAMES + 3 + 1 + 6);
	json_decref(events);
	film_destroy(film);
}

/* What a terminal shows that was sent all up to a time. */
static void check_seek(json_t *events, int frame)
{
	struct canvas *canvas = canvas_create(6, 50);
	struct player player;
	json_t *event;
	size_t i;

	player_open(&player, 6, 50);
	json_array_foreach(events, i,
		event) if (is_of_cast(event) && json_real_value(json_array_get(event, 0)) <=
							frame + .5) play_event(&player, event);
	vterm_screen_flush_damage(player.screen);
	draw(canvas, frame);
	assert_shows(&player, canvas);
	vterm_free(player.vt);
	canvas_destroy(canvas);
}

static void a_page_shows_each_frame_as_it_was_drawn(void **state)
{
	struct film *film = make_film(1u << FILM_HTML);
	json_t *events = events_of(film_out(film, FILM_HTML));

	check_seek(events, 0);
	check_seek(events, 7);
	check_seek(events, 33);
	json_decref(events);
	film_destroy(film);
}

static const json_t *event_at(const json_t *events, char kind, double at)
{
	json_t *event;
	size_t i;

	json_array_foreach((json_t *)events, i,
		event) if (*kind_of(event) == kind && json_real_value(json_array_get(event, 0)) ==
							      at) return json_array_get(event, 2);
	fail_msg("no %c at %g", kind, at);
	return NULL;
}

static void a_page_asks_and_knows_the_answer(void **state)
{
	struct film *film = make_film(1u << FILM_HTML);
	json_t *events = events_of(film_out(film, FILM_HTML)), *event;
	json_t *asked = json_loads(json_string_value(event_at(events, 'q', 10)), 0, NULL);
	json_t *answer = json_loads(json_string_value(event_at(events, 'a', 20)), 0, NULL);
	size_t i, questions = 0;

	assert_string_equal(
		json_string_value(json_object_get(asked, "ask")), "Who dies of </script>?");
	assert_int_equal(json_array_size(json_object_get(asked, "options")), 2);
	assert_int_equal(json_integer_value(json_object_get(answer, "right")), 1);
	assert_string_equal(json_string_value(json_array_get(json_object_get(answer, "why"), 0)),
		"A thread is not alone.");
	assert_string_equal(json_string_value(event_at(events, 'c', 0)), "How many?");
	assert_string_equal(json_string_value(event_at(events, 'c', 30)), "All of them.");
	assert_string_equal(json_string_value(event_at(events, 'm', 10)), "the <question>");
	json_array_foreach(events, i, event) questions += *kind_of(event) == 'q';
	assert_int_equal(questions, 1);
	json_decref(asked);
	json_decref(answer);
	json_decref(events);
	film_destroy(film);
}

static void subtitles_have_the_times_of_the_film(void **state)
{
	struct film *film = make_film(1u << FILM_SRT);
	const char *srt = film_out(film, FILM_SRT)->text;

	assert_non_null(strstr(srt, "1\n00:00:00,000 --> 00:00:10,000\nHow many?\n\n2\n"));
	assert_non_null(strstr(srt, "00:00:30,000 --> 00:00:40,000\nAll of them.\n"));
	assert_int_equal(film_out(film, FILM_CAST)->len, 0);
	film_destroy(film);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_has_the_events_of_the_cast),
		cmocka_unit_test(a_page_shows_each_frame_as_it_was_drawn),
		cmocka_unit_test(a_page_asks_and_knows_the_answer),
		cmocka_unit_test(subtitles_have_the_times_of_the_film),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
