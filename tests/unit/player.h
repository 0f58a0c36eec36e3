/* SPDX-License-Identifier: MIT
 * A terminal that plays the events of a film, for tests that compare what it shows with what was drawn.
 */
#ifndef TASKSCOPE_PLAYER_H
#define TASKSCOPE_PLAYER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <vterm.h>

#include "export.h"

struct player {
	VTerm *vt;
	VTermScreen *screen;
	double last;
	int events, markers, resizes;
	char label[64];
};

static inline void player_open(struct player *player, int rows, int cols)
{
	*player = (struct player) { .vt = vterm_new(rows, cols) };
	vterm_set_utf8(player->vt, 1);
	player->screen = vterm_obtain_screen(player->vt);
	vterm_screen_reset(player->screen, 1);
}

static inline void play_event(struct player *player, const json_t *event)
{
	double at = json_real_value(json_array_get(event, 0));
	const char *code = json_string_value(json_array_get(event, 1));
	const char *data = json_string_value(json_array_get(event, 2));
	int cols, rows;

	assert_true(at >= player->last);
	player->last = at;
	player->events++;
	if (*code == 'o') {
		vterm_input_write(player->vt, data, strlen(data));
	} else if (*code == 'm') {
		player->markers++;
		snprintf(player->label, sizeof(player->label), "%s", data);
	} else {
		assert_string_equal(code, "r");
		assert_int_equal(sscanf(data, "%dx%d", &cols, &rows), 2);
		vterm_set_size(player->vt, rows, cols);
		player->resizes++;
	}
}

static inline void play(struct player *player, const struct buf *lines)
{
	for (const char *line = lines->text; line && *line; line = strchr(line, '\n') + 1) {
		json_error_t error;
		json_t *event = json_loadb(line, strcspn(line, "\n"), 0, &error);
		if (!event)
			fail_msg("no JSON: %s: %.100s", error.text, line);
		play_event(player, event);
		json_decref(event);
	}
	vterm_screen_flush_damage(player->screen);
}

/* What it shows, as export_text says it. */
static inline void assert_shows(struct player *player, const struct canvas *canvas)
{
	struct buf wanted = { 0 };
	const char *line;

	export_text(canvas, &wanted);
	line = wanted.text;
	for (int row = 0; row < canvas->rows; row++, line += strcspn(line, "\n") + 1) {
		char shown[4096];
		VTermRect rect = { row, row + 1, 0, canvas->cols };
		size_t n = vterm_screen_get_text(player->screen, shown, sizeof(shown) - 1, rect);
		while (n && shown[n - 1] == ' ')
			n--;
		shown[n] = '\0';
		if (n != strcspn(line, "\n") || memcmp(shown, line, n) != 0)
			fail_msg("row %d shows \"%s\", not \"%.*s\"", row, shown,
				(int)strcspn(line, "\n"), line);
	}
	buf_finish(&wanted);
}

#endif
