/* SPDX-License-Identifier: MIT
 * The course of a lesson: which scenes are played in which order, which one is on, and what of it was done.
 */

#include "internal.h"

nsec lesson_now(const struct lesson *lesson)
{
	return lesson->host->now(lesson->host->context);
}

void lesson_end(struct lesson *lesson, enum exit_code status, const char *format, ...)
{
	char why[256] = "";
	va_list arguments;
	va_start(arguments, format);
	if (format)
		vsnprintf(why, sizeof(why), format, arguments);
	va_end(arguments);
	lesson->host->end(lesson->host->context, status, format ? why : NULL);
}

enum lesson_phase lesson_phase(const struct lesson *lesson)
{
	return lesson->run.phase;
}

const struct scene *lesson_current(const struct lesson *lesson)
{
	return lesson->at < lesson->list.n ? lesson->list.at[lesson->at] : NULL;
}

/* --- which scenes --- */

/* 0: it has none in this tour. */
static int place_of(const struct lesson *lesson, const struct scene *scene)
{
	if (lesson->options.route == LESSON_LONG)
		return 1;
	if (!scene->tour)
		return 0;
	return lesson->options.route == LESSON_CLIP ? scene->tour->clip : scene->tour->stop;
}

/* In the order of their places; equal places stay in the order of numbers. */
static void add_scene(struct lesson *lesson, const struct scene *scene)
{
	size_t at = lesson->list.n;
	vec_push(&lesson->list);
	while (at > 0 && place_of(lesson, lesson->list.at[at - 1]) > place_of(lesson, scene)) {
		lesson->list.at[at] = lesson->list.at[at - 1];
		at--;
	}
	lesson->list.at[at] = scene;
}

static void add_all(struct lesson *lesson)
{
	struct scene *const *scene;
	vec_each (scene, &lesson->options.scenes->list)
		*vec_push(&lesson->list) = *scene;
}

static const char *scene_at(const void *context, size_t i)
{
	const struct scenes *scenes = context;
	return scenes->list.at[i]->name;
}

const struct scene *course_find(struct lesson *lesson, const char *name)
{
	const struct scene *scene = scenes_find(lesson->options.scenes, name);
	char shown[48];
	if (scene)
		return scene;
	const char *nearest =
		suggest(name, scene_at, lesson->options.scenes, lesson->options.scenes->list.n);
	safe_text(shown, sizeof(shown), name, strlen(name));
	lesson_end(lesson, EXIT_USAGE, "there is no scene '%s'; %s%s%s", shown,
		nearest ? "did you mean '" : "see 'taskscope list scenes", nearest ? nearest : "",
		nearest ? "'?" : "'");
	return NULL;
}

/* The one that was named: alone without a screen, else with the others around it. */
static int choose_named(struct lesson *lesson, const char *name)
{
	const struct scene *scene = course_find(lesson, name);
	if (!scene)
		return -1;
	if (lesson->options.form != LESSON_SCREEN || lesson->options.automatic) {
		*vec_push(&lesson->list) = scene;
		return 0;
	}
	add_all(lesson);
	while (lesson->list.at[lesson->at] != scene)
		lesson->at++;
	return 0;
}

int course_choose(struct lesson *lesson)
{
	const char *name = lesson->options.scene;
	struct scene *const *scene;
	if (name && strcmp(name, "all") != 0)
		return choose_named(lesson, name);
	if (name)
		add_all(lesson);
	vec_each (scene, &lesson->options.scenes->list)
		if (!name && place_of(lesson, *scene) > 0)
			add_scene(lesson, *scene);
	if (lesson->list.n)
		return 0;
	lesson_end(lesson, EXIT_FAILED, "no scene has a place in this tour");
	return -1;
}

/* --- what of it was done --- */

static unsigned index_of(const struct scene *scene, const struct scene_action *action)
{
	return (unsigned)(action - scene->actions);
}

bool lesson_is_done(const struct lesson *lesson, const struct scene_action *action)
{
	return lesson->run.done & 1u << index_of(lesson->run.scene, action);
}

const struct scene_action *lesson_next_action(const struct lesson *lesson)
{
	const struct scene *scene = lesson->run.scene;
	if (!scene)
		return NULL;
	for (unsigned i = 0; scene->tour && i < scene->tour->press_n; i++) {
		const struct scene_action *action = scene_action(scene, scene->tour->press[i]);
		if (action && !lesson_is_done(lesson, action))
			return action;
	}
	for (unsigned i = 0; i < scene->actions_n; i++)
		if (!lesson_is_done(lesson, &scene->actions[i]))
			return &scene->actions[i];
	return NULL;
}
