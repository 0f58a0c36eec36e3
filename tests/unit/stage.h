/* SPDX-License-Identifier: MIT
 * A screen over a recording: drawn, given commands, and read.
 */
#ifndef TASKSCOPE_STAGE_H
#define TASKSCOPE_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui.h"

struct stage {
	struct model *model;
	struct ui *ui;
	struct canvas *canvas;
};

static inline struct model *model_of_recording(const char *name)
{
	struct model *model = model_create(100);
	struct recording *recording;
	struct sample sample = { 0 };
	char path[1024], why[128];
	bool cut;

	snprintf(path, sizeof(path), "%s/recordings/%s", getenv("FIXTURES"), name);
	assert_int_equal(recording_open(path, &recording, why, sizeof(why)), 0);
	while (recording_next(recording, &sample, &cut, why, sizeof(why)) == 0)
		model_feed(model, &sample);
	assert_true(model_feeds(model) > 2);
	recording_close(recording);
	sample_finish(&sample);
	return model;
}

/* The sample last fed, with its tasks, to be changed and fed again. */
static inline void copy_fed(struct sample *to, const struct model *model)
{
	sample_copy(to, model_sample(model));
	vec_clear(&to->tasks);
	for (enum side side = 0; side < SIDES; side++)
		for (size_t i = 0; i < model_side(model, side)->n_tracks; i++)
			*vec_push(&to->tasks) = model_side(model, side)->tracks[i]->now;
}

/* The screen at 120x36 over a recording of the fixtures. */
static inline int set_up_stage(void **state, const char *recording)
{
	const struct ui_options options = { .title = "test" };
	struct stage *stage = xcalloc(1, sizeof(*stage));

	stage->model = model_of_recording(recording);
	stage->ui = ui_create(&options);
	stage->canvas = canvas_create(36, 120);
	*state = stage;
	return 0;
}

static inline int tear_down_stage(void **state)
{
	struct stage *stage = *state;

	ui_destroy(stage->ui);
	model_destroy(stage->model);
	canvas_destroy(stage->canvas);
	free(stage);
	return 0;
}

static inline void draw(struct stage *stage)
{
	ui_draw(stage->ui, stage->model, stage->canvas);
}

static inline void press(struct stage *stage, enum command_id command)
{
	assert_true(ui_command(stage->ui, stage->model, command));
	draw(stage);
}

static inline bool shows(const struct stage *stage, const char *text)
{
	for (int row = 0; row < stage->canvas->rows; row++) {
		char line[CANVAS_COLS_MAX * sizeof(((struct cell *)0)->text)] = "";
		size_t len = 0;

		for (int col = 0; col < stage->canvas->cols; col++) {
			const struct cell *cell = canvas_at(stage->canvas, row, col);

			if (cell->width)
				len += (size_t)snprintf(line + len, sizeof(line) - len, "%s",
					cell->text[0] ? cell->text : " ");
		}
		if (strstr(line, text))
			return true;
	}
	return false;
}

#endif
