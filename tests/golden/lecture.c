/* SPDX-License-Identifier: MIT
 * Hosts a lesson on recordings: crews run from the start, every step was taken, and time stands still but for waits that
 * would be in vain.
 */
#include "lecture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson.h"

#define LOOKS_MAX 20
#define LONG (3600 * NSEC_PER_SEC)

struct lecture {
	struct lesson_host host;
	struct lesson *lesson;
	struct scenes scenes;
	bool quiz;
	nsec now; /* less than any time in a recording: all that is read there is new */
	char why[256];
};

/* --- the host --- */

static nsec now_of(void *context)
{
	const struct lecture *lecture = context;
	return lecture->now;
}

static int start_crew(void *context, const struct scene *scene, enum side side)
{
	return 0;
}

static int run_step(void *context, const struct scene *scene, const struct scene_move *move,
	enum side side, char *why, size_t why_size)
{
	return SCENE_STEP_OVER;
}

static int run_duel(void *context, const struct scene_move *move, char *why, size_t why_size)
{
	return SCENE_STEP_OVER;
}

static bool duel_runs(void *context)
{
	return false;
}

static void sample_soon(void *context, bool effect)
{
}

static void mark(void *context, const char *label)
{
}

static void end(void *context, enum exit_code status, const char *why)
{
	struct lecture *lecture = context;
	if (why)
		snprintf(lecture->why, sizeof(lecture->why), "%s", why);
}

/* --- the lesson --- */

/* One look at the sample. What is not known by now, or what looks disagree on, does not come. */
static void look(struct lecture *lecture)
{
	const nsec now = lecture->now;
	const enum lesson_phase phase = lesson_phase(lecture->lesson);
	if (phase == LESSON_SETTLING || phase == LESSON_LOOKING)
		lecture->now += LONG;
	lesson_go(lecture->lesson, true);
	lecture->now = now;
}

/* The crews of a recording run when it begins. */
static void start(struct lecture *lecture)
{
	if (lesson_phase(lecture->lesson) == LESSON_STARTING)
		lesson_go(lecture->lesson, false);
}

struct lecture *lecture_open(struct ui *ui, struct model *model, const char *folder,
	const struct lesson_options *wanted, char *why, size_t why_size)
{
	struct lecture *lecture = xcalloc(1, sizeof(*lecture));
	struct buf errors = { 0 };
	lecture->host = (struct lesson_host) {
		.context = lecture,
		.model = model,
		.ui = ui,
		.now = now_of,
		.start_crew = start_crew,
		.run_step = run_step,
		.run_duel = run_duel,
		.duel_runs = duel_runs,
		.sample_soon = sample_soon,
		.mark = mark,
		.end = end,
	};
	struct lesson_options options = *wanted;
	lecture->quiz = options.quiz;
	options.scenes = &lecture->scenes;
	if (!options.scene)
		options.scene = "all";
	if (scenes_load(&folder, 1, &lesson_names, &lecture->scenes, &errors) == 0)
		lecture->lesson = lesson_open(&lecture->host, &options);
	if (lecture->lesson && lesson_begin(lecture->lesson) == 0) {
		ui_set_caption(ui, lesson_caption(lecture->lesson));
		start(lecture);
	} else {
		snprintf(why, why_size, "%s%s", errors.len ? errors.text : "", lecture->why);
		lecture_close(lecture);
		lecture = NULL;
	}
	buf_finish(&errors);
	return lecture;
}

void lecture_close(struct lecture *lecture)
{
	if (!lecture)
		return;
	ui_set_caption(lecture->host.ui, NULL);
	lesson_close(lecture->lesson);
	scenes_finish(&lecture->scenes);
	free(lecture);
}

void lecture_sampled(struct lecture *lecture)
{
	if (lesson_phase(lecture->lesson) == LESSON_STARTING)
		look(lecture);
	look(lecture);
}

bool lecture_command(struct lecture *lecture, enum command_id command, int key)
{
	bool mine = lesson_command(lecture->lesson, command, key);
	start(lecture);
	return mine;
}

bool lecture_key(struct lecture *lecture, int key)
{
	return lecture_command(
		lecture, command_of_key(key, lecture->quiz ? MODE_QUIZ : MODE_TOUR, NULL), key);
}

void lecture_show(struct lecture *lecture)
{
	for (int i = 0; i < LOOKS_MAX; i++)
		look(lecture);
}

void lecture_wait(struct lecture *lecture, nsec time)
{
	lecture->now += time;
	lesson_go(lecture->lesson, false);
}

const struct caption *lecture_caption(const struct lecture *lecture)
{
	return lesson_caption(lecture->lesson);
}

void lecture_give_up(struct lecture *lecture)
{
	if (lesson_phase(lecture->lesson) == LESSON_EFFECT)
		lecture->now += LONG;
	lecture_show(lecture);
}

const char *lecture_scene(struct lecture *lecture, struct model *model, size_t i)
{
	lecture->host.model = model;
	if (i)
		lecture_key(lecture, 'n');
	return i < lecture->scenes.list.n ? lecture->scenes.list.at[i]->name : NULL;
}
