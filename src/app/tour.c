/* SPDX-License-Identifier: MIT
 * Knows which scenes are played in which order, what the keys of a tour do, and how it plays itself.
 */
#include "tour.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "lesson.h"

#define DWELL_MIN (2 * NSEC_PER_SEC) /* --auto: after each key */
#define DWELL_SCENE 20 /* seconds, of a scene that does not say */
#define DWELL_CARD (15 * NSEC_PER_SEC)

const struct scene *tour_scene(const struct tour *tour)
{
	return tour->at < tour->list.n ? tour->list.at[tour->at] : NULL;
}

/* --- which scenes --- */

static int place_of(const struct app *app, const struct scene *scene)
{
	if (app->cli->tour_long)
		return 1;
	if (!scene->tour)
		return 0;
	return app->cli->tour_short ? scene->tour->clip : scene->tour->stop;
}

/* In the order of their places; equal places stay in the order of numbers. */
static void add_scene(struct tour *tour, const struct scene *scene)
{
	size_t at = tour->list.n;
	vec_push(&tour->list);
	while (at > 0 && place_of(tour->app, tour->list.at[at - 1]) > place_of(tour->app, scene)) {
		tour->list.at[at] = tour->list.at[at - 1];
		at--;
	}
	tour->list.at[at] = scene;
}

static void add_all(struct tour *tour)
{
	struct scene **scene;
	vec_each (scene, &tour->scenes.list)
		*vec_push(&tour->list) = *scene;
}

static const char *scene_at(const void *context, size_t i)
{
	const struct scenes *scenes = context;
	return scenes->list.at[i]->name;
}

const struct scene *tour_find(struct tour *tour, const char *name)
{
	const struct scene *scene = scenes_find(&tour->scenes, name);
	char shown[48];
	if (scene)
		return scene;
	const char *nearest = suggest(name, scene_at, &tour->scenes, tour->scenes.list.n);
	safe_text(shown, sizeof(shown), name, strlen(name));
	app_end(tour->app, EXIT_USAGE, "there is no scene '%s'; %s%s%s", shown,
		nearest ? "did you mean '" : "see 'taskscope list scenes", nearest ? nearest : "",
		nearest ? "'?" : "'");
	return NULL;
}

/* The one that was named: alone without a screen, else with the others around it. */
static int choose_named(struct tour *tour, const char *name)
{
	const struct scene *scene = tour_find(tour, name);
	if (!scene)
		return -1;
	if (tour->headless || tour->automatic) {
		*vec_push(&tour->list) = scene;
		return 0;
	}
	add_all(tour);
	while (tour->list.at[tour->at] != scene)
		tour->at++;
	return 0;
}

int tour_choose(struct tour *tour)
{
	const char *name = tour->app->cli->argument;
	struct scene **scene;
	if (name && strcmp(name, "all") != 0)
		return choose_named(tour, name);
	if (name)
		add_all(tour);
	vec_each (scene, &tour->scenes.list)
		if (!name && place_of(tour->app, *scene) > 0)
			add_scene(tour, *scene);
	if (tour->list.n)
		return 0;
	app_end(tour->app, EXIT_FAILED, "no scene has a place in this tour");
	return -1;
}

/* --- a scene on the screen --- */

static bool is_pane(const char *name)
{
	const struct pane_info *pane = ui_pane_find(name);

	return pane && !pane->overlay;
}

/* The panes that a scene names, else those of its view, below the scene's own. */
void tour_panes(struct tour *tour, const struct scene *scene)
{
	const char *names[UI_PANES_SHOWN] = { "scene" };
	const char *view = scene && scene->view ? scene->view : "";
	const struct pane_info *pane;
	size_t n = 1;

	for (unsigned i = 0; scene && i < scene->panes_n && n < ARRAY_LEN(names); i++)
		if (is_pane(scene->panes[i]))
			names[n++] = scene->panes[i];
	for (size_t i = 0; scene && !scene->panes_n && n < ARRAY_LEN(names) && (pane = ui_pane(i));
		i++)
		if (pane->view && strcmp(pane->view, view) == 0)
			names[n++] = pane->name;
	ui_show_panes(tour->app->ui, names, n);
}

void tour_unveil(struct tour *tour)
{
	if (!tour->veiled || !tour->play.action || !tour->play.arrived)
		return;
	tour->veiled = false;
	ui_message(tour->app->ui, STYLE_STATUS, "%s", "");
	tour_panes(tour, tour_scene(tour));
}

void tour_show(struct tour *tour)
{
	nsec now = nsec_monotonic();
	if (tour->quiz)
		captions_quiz(tour, now);
	else
		captions_tour(tour, now);
	tour->app->dirty = true;
}

/* In a recording of the screen each scene can be jumped to, and the card after them. */
static void mark(const struct tour *tour)
{
	const struct scene *scene = tour_scene(tour);
	char label[64];
	if (scene)
		snprintf(label, sizeof(label), "S%d %s", scene->number, scene->title);
	else
		snprintf(label, sizeof(label), "The nine claims");
	film_mark(tour->app, label);
}

void tour_play(struct tour *tour, size_t i)
{
	tour->at = MIN(i, tour->list.n);
	tour->started = false;
	tour->told = NULL;
	tour->next_at = 0;
	tour->veiled = tour_scene(tour) && !tour_scene(tour)->actions[0].steps_n;
	ui_message(tour->app->ui, STYLE_STATUS, "%s",
		!tour_scene(tour)
			? "Each line was measured by a scene of this tour, on this machine."
		: tour->veiled ? "Predict first. Then Space shows what is so."
			       : "");
	tour_panes(tour, tour->veiled ? NULL : tour_scene(tour));
	if (tour_scene(tour))
		play_scene(&tour->play, tour_scene(tour), NULL);
	tour_show(tour);
	mark(tour);
}

static unsigned index_of(const struct scene *scene, const struct scene_action *action)
{
	return (unsigned)(action - scene->actions);
}

static bool is_done(const struct tour *tour, const struct scene_action *action)
{
	return tour->play.done & 1u << index_of(tour->play.scene, action);
}

const struct scene_action *tour_next_action(const struct tour *tour)
{
	const struct scene *scene = tour->play.scene;
	if (!scene)
		return NULL;
	for (unsigned i = 0; scene->tour && i < scene->tour->press_n; i++) {
		const struct scene_action *action = scene_action(scene, scene->tour->press[i]);
		if (action && !is_done(tour, action))
			return action;
	}
	for (unsigned i = 0; i < scene->actions_n; i++)
		if (!is_done(tour, &scene->actions[i]))
			return &scene->actions[i];
	return NULL;
}

/* --- without a screen --- */

/* It decides something, or shows something to be wrong. */
static bool is_telling(const struct scene *scene, const struct scene_action *action)
{
	unsigned n;
	scene_kills(scene, action, &n);
	if (n)
		return true;
	for (unsigned i = 0; i < scene->verdicts_n; i++)
		if (scene_action(scene, scene->verdicts[i].action) == action)
			return true;
	return action == scene->actions; /* the first is the point of the scene */
}

static const struct scene_action *next_telling(const struct tour *tour)
{
	const struct scene *scene = tour->play.scene;
	for (unsigned i = 0; i < scene->actions_n; i++)
		if (!is_done(tour, &scene->actions[i]) && is_telling(scene, &scene->actions[i]))
			return &scene->actions[i];
	return NULL;
}

static void go_headless(struct tour *tour)
{
	struct play *play = &tour->play;
	const struct scene_action *next;
	if (!tour_scene(tour) || play_is_busy(play))
		return;
	if (!tour->started)
		story_scene(tour);
	tour->started = true;
	if (play->phase == PLAY_DONE && play->action != tour->told)
		story_action(tour);
	tour->told = play->action;
	next = play->phase == PLAY_FAILED ? NULL : next_telling(tour);
	if (next) {
		play_action(play, next);
		return;
	}
	tour->failed = tour->failed || play->phase == PLAY_FAILED;
	story_scene_end(tour);
	output_flush(&tour->app->out);
	tour_play(tour, tour->at + 1);
	if (tour_scene(tour))
		return;
	if (tour->list.n > 1)
		story_card(tour);
	app_end(tour->app, tour->failed ? EXIT_FAILED : EXIT_FINE, NULL);
}

/* --- by itself --- */

/* A scene's time is shared out evenly: to read, and after each key. */
static nsec dwell(const struct tour *tour)
{
	const struct scene *scene = tour_scene(tour);
	int seconds = DWELL_SCENE;
	unsigned keys = 1;
	if (!scene)
		return DWELL_CARD;
	if (scene->tour && scene->tour->dwell_s > 0)
		seconds = scene->tour->dwell_s;
	if (scene->tour && scene->tour->press_n > 0)
		keys = scene->tour->press_n;
	return MAX(seconds * NSEC_PER_SEC / (keys + 1), DWELL_MIN);
}

static bool is_pressed_by_tour(const struct tour *tour, const struct scene_action *action)
{
	const struct scene *scene = tour->play.scene;
	if (!scene->tour || !scene->tour->press_n)
		return action == scene->actions;
	for (unsigned i = 0; i < scene->tour->press_n; i++)
		if (scene_action(scene, scene->tour->press[i]) == action)
			return true;
	return false;
}

static void go_on(struct tour *tour)
{
	const struct scene_action *next = tour_scene(tour) ? tour_next_action(tour) : NULL;
	tour->next_at = 0;
	if (!tour_scene(tour)) {
		tour->app->quit = true;
	} else if (next && tour->play.phase != PLAY_FAILED && is_pressed_by_tour(tour, next)) {
		ui_key_echo(tour->app->ui, next->key[0]);
		play_action(&tour->play, next);
	} else {
		ui_key_echo(tour->app->ui, 'n');
		tour_play(tour, tour->at + 1);
	}
	tour_show(tour);
}

static void go_auto(struct tour *tour, nsec now)
{
	if (tour_scene(tour) && play_is_busy(&tour->play))
		tour->next_at = 0;
	else if (!tour->next_at)
		tour->next_at = now + dwell(tour);
	else if (now >= tour->next_at)
		go_on(tour);
}

/* --- keys --- */

static void do_action(struct tour *tour, const struct scene_action *action)
{
	if (!action)
		ui_message(tour->app->ui, STYLE_STATUS,
			"all that this scene shows was done: n goes on, r plays it again");
	else if (play_is_busy(&tour->play) && tour->play.action)
		ui_message(tour->app->ui, STYLE_WARN, "a moment: the action before is under way");
	else if (play_is_busy(&tour->play))
		tour->play.next = action; /* as soon as the crews are whole */
	else
		play_action(&tour->play, action);
}

static bool act(struct tour *tour, int key)
{
	const struct scene *scene = tour_scene(tour);
	if (!scene)
		return false;
	for (unsigned i = 0; i < scene->actions_n; i++) {
		if (scene->actions[i].key[0] != key)
			continue;
		do_action(tour, &scene->actions[i]);
		return true;
	}
	return false;
}

static bool lead(struct tour *tour, int key)
{
	switch (key) {
	case 'n':
		if (!tour_scene(tour))
			tour->app->quit = true;
		else
			tour_play(tour, tour->at + 1);
		return true;
	case 'p':
		tour_play(tour, tour->at ? tour->at - 1 : 0);
		return true;
	case 'r':
		tour_play(tour, tour->at);
		return true;
	case ':':
		tour->quiet = !tour->quiet;
		return true;
	case KEYCODE_SPACE:
		if (!tour_scene(tour))
			return false;
		do_action(tour, tour_next_action(tour));
		return true;
	default:
		return act(tour, key);
	}
}

/* What only looks is the screen's; what steers the crews is the scene's alone. */
static bool is_looking(int key)
{
	enum command_id command = command_of_key(key, NULL);
	return command != CMD_NONE && command_table[command].group != GROUP_STEER &&
	       command_table[command].group != GROUP_VIEW && command != CMD_PAUSE &&
	       command != CMD_SLOWER && command != CMD_FASTER;
}

bool tour_key(struct app *app, int key)
{
	struct tour *tour = app->tour;
	bool mine = tour->quiz ? quizzing_key(tour, key) : lead(tour, key);
	if (mine && tour->next_at)
		tour->next_at = nsec_monotonic() + dwell(tour);
	tour_show(tour);
	return mine || !is_looking(key);
}

/* --- life --- */

void tour_go(struct app *app, nsec now, bool sampled)
{
	struct tour *tour = app->tour;
	bool changed = play_go(&tour->play, now, sampled);
	if (tour->quiz)
		quizzing_go(tour, now);
	else if (tour->headless)
		go_headless(tour);
	else if (tour->automatic)
		go_auto(tour, now);
	tour_unveil(tour);
	if (changed && !tour->headless)
		tour_show(tour);
}

nsec tour_wait(const struct app *app, nsec now)
{
	const struct tour *tour = app->tour;
	nsec wait = play_wait(&tour->play, now);
	nsec own = tour->next_at ? MAX(tour->next_at - now, 0) : -1;
	if (tour->quiz)
		own = quizzing_wait(tour, now);
	return wait < 0 ? own : own < 0 ? wait : MIN(wait, own);
}

int tour_open(struct app *app)
{
	struct tour *tour = app->tour = xcalloc(1, sizeof(*tour));
	struct buf errors = { 0 };
	tour->app = app;
	tour->headless = (app->cli->plain || app->cli->json) && !app->cli->has_keys;
	tour->automatic = app->cli->tour_auto;
	play_open(&tour->play, app, &tour->card);
	int error = lesson_scenes_load(&tour->scenes, &errors);
	if (errors.len)
		fputs(errors.text, stderr);
	buf_finish(&errors);
	if (error) {
		app_end(app, EXIT_FAILED, "no scenes were found");
		return -1;
	}
	if (!tour->headless)
		ui_set_caption(app->ui, &tour->caption);
	if (app->cli->verb == VERB_QUIZ)
		return quizzing_open(tour);
	if (tour_choose(tour) != 0)
		return -1;
	tour_play(tour, tour->at);
	return 0;
}

void tour_close(struct app *app)
{
	struct tour *tour = app->tour;
	if (!tour)
		return;
	quizzing_close(tour);
	ui_set_caption(app->ui, NULL);
	play_close(&tour->play);
	card_finish(&tour->card);
	caption_finish(&tour->caption);
	vec_finish(&tour->list);
	scenes_finish(&tour->scenes);
	free(tour);
	app->tour = NULL;
}
