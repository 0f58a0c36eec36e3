/* SPDX-License-Identifier: MIT
 * What a tick of a scene costs: every fact that it names is read, and every condition of all its actions answered, on the
 * scene's own recording; from the texts each time, and from what was parsed when the scene was read. One line a scene. Fails if
 * what was parsed costs more than a tenth over all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lesson.h"
#include "model.h"

#define ROUNDS 200

static nsec cpu_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * NSEC_PER_SEC + t.tv_nsec;
}

static struct model *model_of(const char *folder, const struct scene *scene)
{
	struct model *model = model_create(60);
	struct sample sample = { 0 };
	struct recording *recording;
	char why[128] = "", *path = xasprintf("%s/%s.jsonl", folder, scene->name);
	bool cut;

	if (recording_open(path, &recording, why, sizeof(why)) != 0) {
		printf("%s: %s\n", path, why);
		exit(1);
	}
	while (recording_next(recording, &sample, &cut, why, sizeof(why)) == 0)
		model_feed(model, &sample);
	recording_close(recording);
	sample_finish(&sample);
	free(path);
	return model;
}

/* --- the conditions of a scene --- */

typedef void condition_seen(struct scene_text *text, void *context);

static void each_kill(struct scene_kill *kills, unsigned n, condition_seen *seen, void *context)
{
	for (unsigned i = 0; i < n; i++)
		seen(&kills[i].condition, context);
}

static void each_condition(const struct scene *scene, condition_seen *seen, void *context)
{
	for (unsigned i = 0; i < scene->actions_n; i++) {
		if (scene->actions[i].until.text)
			seen(&scene->actions[i].until, context);
		each_kill(scene->actions[i].kills, scene->actions[i].kills_n, seen, context);
	}
	each_kill(scene->kills, scene->kills_n, seen, context);
	for (unsigned i = 0; i < scene->verdicts_n; i++)
		seen(&scene->verdicts[i].condition, context);
	for (unsigned i = 0; i < scene->quiz_n; i++)
		for (unsigned k = 0; k < scene->quiz[i].options_n; k++)
			seen(&scene->quiz[i].options[k].condition, context);
}

/* --- a tick, both ways --- */

static void answer_parsed(struct scene_text *text, void *context)
{
	scene_condition(text, context, NULL, 0);
}

static double tick_parsed_us(const struct scene *scene, struct model *model)
{
	struct scene_snapshot now = { 0 }, before = { 0 };
	struct scene_facts facts = { .code = scene->code, .now = &now, .before = &before };
	nsec start;

	scene_snapshot_take(&before, scene->code, lesson_lookup, model);
	start = cpu_time();
	for (int i = 0; i < ROUNDS; i++) {
		scene_snapshot_take(&now, scene->code, lesson_lookup, model);
		each_condition(scene, answer_parsed, &facts);
	}
	start = cpu_time() - start;
	scene_snapshot_finish(&now);
	scene_snapshot_finish(&before);
	return (double)start / ROUNDS / 1e3;
}

/* As it was until texts were parsed when a scene is read: each is parsed, and its facts found by their names. */
struct by_text {
	const struct scene *scene;
	struct model *model;
};

static void answer_text(struct scene_text *text, void *context)
{
	const struct by_text *by = context;
	struct scene_code *code = scene_code_create();
	struct scene_snapshot now = { 0 };
	const struct scene_facts facts = { .code = code, .now = &now, .before = &now };
	struct scene_text anew = { .text = text->text };
	char why[200];

	for (unsigned k = 0; k < by->scene->values_n; k++) {
		struct scene_named named = by->scene->values[k];
		scene_code_add_named(code, &named, &lesson_names, why, sizeof(why));
	}
	scene_code_add(code, &anew, SCENE_CONDITION, &lesson_names, why, sizeof(why));
	scene_snapshot_take(&now, code, lesson_lookup, by->model);
	scene_condition(&anew, &facts, NULL, 0);
	scene_snapshot_finish(&now);
	scene_code_destroy(code);
}

static double tick_text_us(const struct scene *scene, struct model *model)
{
	struct by_text by = { scene, model };
	nsec start = cpu_time();

	for (int i = 0; i < ROUNDS; i++)
		each_condition(scene, answer_text, &by);
	return (double)(cpu_time() - start) / ROUNDS / 1e3;
}

int main(int argc, char **argv)
{
	struct scenes scenes;
	struct buf errors = { 0 };
	double parsed = 0, text = 0;

	if (argc < 3 ||
		scenes_load((const char *const *)&argv[1], 1, &lesson_names, &scenes, &errors) != 0)
		return 1;
	for (size_t i = 0; i < scenes.list.n; i++) {
		const struct scene *scene = scenes.list.at[i];
		struct model *model = model_of(argv[2], scene);
		size_t n;
		scene_paths(scene->code, &n);
		double old = tick_text_us(scene, model), now = tick_parsed_us(scene, model);
		printf("scene %-16s %3zu facts: from texts %6.1f us, parsed %5.2f us, ratio %.1f\n",
			scene->name, n, old, now, old / now);
		parsed += now;
		text += old;
		model_destroy(model);
	}
	printf("scenes, in the middle: from texts %.1f us, parsed %.2f us, ratio %.1f\n",
		text / (double)scenes.list.n, parsed / (double)scenes.list.n, text / parsed);
	scenes_finish(&scenes);
	buf_finish(&errors);
	return parsed * 10 > text;
}
