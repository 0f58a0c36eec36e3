/* SPDX-License-Identifier: MIT
 * Recordings of the screen: a terminal that plays the events shows each frame as it was drawn, whatever changed; every line
 * is JSON; equal frames cost nothing.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "player.h"

#define WORK "\xE4\xBD\x9C\xE6\xA5\xAD" /* two wide characters */

/* --- frames --- */

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 16;
}

static void scribble(struct canvas *canvas, uint32_t *seed)
{
	static const char *const words[] = { "taskscope", WORK, "7.2 MB", "│", "╭──╮", " ", "", "é",
		"\"\\" };

	for (int i = 0; i < 6; i++)
		canvas_text(canvas, (int)(next(seed) % (unsigned)canvas->rows),
			(int)(next(seed) % (unsigned)canvas->cols), -1,
			(enum style)(next(seed) % STYLES), words[next(seed) % ARRAY_LEN(words)]);
	if (next(seed) % 4 == 0)
		canvas_mark(canvas,
			(struct rect) { (int)(next(seed) % (unsigned)canvas->rows), 0, 1, 9 },
			CELL_SELECTED);
}

static void a_player_shows_every_frame_as_it_was_drawn(void **state)
{
	const struct theme *themes[] = { theme_find("dark"), theme_find("projector-light") };
	struct canvas *canvas = canvas_create(8, 40);
	struct cast *cast = cast_create();
	struct buf lines = { 0 };
	struct player player;
	uint32_t seed = 7;

	player_open(&player, 8, 40);
	for (int i = 0; i < 400; i++) {
		if (next(&seed) % 16 == 0)
			canvas_clear(canvas);
		if (i == 150 || i == 300) {
			canvas_resize(canvas, i == 150 ? 12 : 5, i == 150 ? 60 : 31);
		}
		scribble(canvas, &seed);
		buf_clear(&lines);
		cast_put_frame(
			cast, canvas, themes[i / 60 % 2], DEPTH_256, i * NSEC_PER_MSEC, &lines);
		play(&player, &lines);
		assert_shows(&player, canvas);
	}
	assert_int_equal(player.resizes, 2);
	vterm_free(player.vt);
	buf_finish(&lines);
	cast_destroy(cast);
	canvas_destroy(canvas);
}

static void an_equal_frame_costs_nothing(void **state)
{
	struct canvas *canvas = canvas_create(10, 40);
	struct cast *cast = cast_create();
	const struct theme *dark = theme_find("dark"), *light = theme_find("light");
	struct buf lines = { 0 };

	canvas_text(canvas, 3, 3, -1, STYLE_PROCESS, "w0 runs");
	cast_put_frame(cast, canvas, dark, DEPTH_256, 0, &lines);
	size_t whole = lines.len;
	buf_clear(&lines);
	cast_put_frame(cast, canvas, dark, DEPTH_256, 1, &lines);
	assert_int_equal(lines.len, 0);
	canvas_text(canvas, 3, 6, -1, STYLE_PROCESS, "W");
	cast_put_frame(cast, canvas, dark, DEPTH_256, 2, &lines);
	assert_in_range(lines.len, 1, 80);
	buf_clear(&lines);
	/* the same cells in other colours */
	cast_put_frame(cast, canvas, light, DEPTH_256, 3, &lines);
	assert_true(lines.len > whole / 2);
	buf_finish(&lines);
	cast_destroy(cast);
	cast_destroy(NULL);
	canvas_destroy(canvas);
}

static void the_header_and_markers_are_as_asciicast_wants_them(void **state)
{
	struct canvas *canvas = canvas_create(24, 80);
	struct buf lines = { 0 };
	struct player player;
	json_error_t error;

	cast_put_header(canvas, theme_find("dark"), "a \"title\"", 1700000000, &lines);
	json_t *header = json_loads(lines.text, 0, &error);
	assert_non_null(header);
	assert_int_equal(json_integer_value(json_object_get(header, "version")), 2);
	assert_int_equal(json_integer_value(json_object_get(header, "width")), 80);
	assert_int_equal(json_integer_value(json_object_get(header, "height")), 24);
	assert_string_equal(json_string_value(json_object_get(header, "title")), "a \"title\"");
	json_t *theme = json_object_get(header, "theme");
	assert_int_equal(strlen(json_string_value(json_object_get(theme, "palette"))), 16 * 8 - 1);
	assert_int_equal(*json_string_value(json_object_get(theme, "bg")), '#');
	json_decref(header);

	buf_clear(&lines);
	cast_put_event(1500 * NSEC_PER_MSEC, 'm', "S3 Same address", &lines);
	cast_put_end(2 * NSEC_PER_SEC, &lines);
	player_open(&player, 24, 80);
	play(&player, &lines);
	assert_int_equal(player.markers, 1);
	assert_string_equal(player.label, "S3 Same address");
	assert_true(player.last == 2);
	vterm_free(player.vt);
	buf_finish(&lines);
	canvas_destroy(canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_player_shows_every_frame_as_it_was_drawn),
		cmocka_unit_test(an_equal_frame_costs_nothing),
		cmocka_unit_test(the_header_and_markers_are_as_asciicast_wants_them),
	};
	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("cast", tests, NULL, NULL);
}
