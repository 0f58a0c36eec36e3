/* SPDX-License-Identifier: MIT
 * A tour: what its keys do, how it plays itself, and how it goes without a screen.
 */

#include "internal.h"

#define DWELL_MIN (2 * NSEC_PER_SEC) /* automatic: after each key */
#define DWELL_CARD (15 * NSEC_PER_SEC)
#define DWELL_CLIP_CARD (9 * NSEC_PER_SEC)
#define DWELL_CLIP_TITLE (4 * NSEC_PER_SEC)

/* Asks what the action will do, if it was not seen yet. */
static void begin(struct lesson *lesson, const struct scene_action *action)
{
	bool known = lesson_is_done(lesson, action);
	asking_open(lesson, known ? NULL : scene_question(lesson->run.scene, action), action, NULL);
	if (!asking_is_open(lesson))
		return;
	if (lesson->options.form == LESSON_SCREEN)
		asking_invite(lesson);
	else
		asking_commit(lesson, -1);
}

/* What Space would do is asked about from the start. */
static void start_scene(struct lesson *lesson)
{
	const struct scene *scene = lesson_current(lesson);
	scene_run_start(&lesson->run, scene);
	const struct scene_action *first = lesson_next_action(lesson);
	if (lesson->options.form == LESSON_SCREEN && scene_question(scene, first))
		begin(lesson, first);
}

/* In a recording of the screen each scene can be jumped to, and the card after them. */
static void mark_scene(struct lesson *lesson)
{
	const struct scene *scene = lesson_current(lesson);
	if (lesson->title)
		lesson_mark(lesson, "taskscope");
	else if (scene)
		lesson_mark(lesson, "S%d %s", scene->number, scene->title);
	else
		lesson_mark(lesson, "The nine claims");
}

static bool begins_with_title(const struct lesson *lesson)
{
	return lesson->options.route == LESSON_CLIP && lesson->options.automatic &&
	       lesson->options.form == LESSON_SCREEN && !lesson->options.scene && !lesson->began;
}

static void tour_play(struct lesson *lesson, size_t i)
{
	const bool another = !lesson->scene_began || i != lesson->at;
	lesson->at = MIN(i, lesson->list.n);
	if (another)
		lesson->scene_began = lesson_now(lesson);
	lesson->title = begins_with_title(lesson);
	if (!lesson->began)
		lesson->began = lesson->scene_began;
	lesson->started = false;
	lesson->told = NULL;
	lesson->next_at = 0;
	ui_message(lesson->host->ui, STYLE_STATUS, "%s",
		lesson_current(lesson)
			? ""
			: "What is shown was measured by a scene of this tour, on this machine.");
	lesson_show_panes(lesson, lesson->title ? NULL : lesson_current(lesson));
	asking_close(lesson);
	if (lesson_current(lesson))
		start_scene(lesson);
	lesson_show(lesson);
	mark_scene(lesson);
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

static const struct scene_action *next_telling(const struct lesson *lesson)
{
	const struct scene *scene = lesson->run.scene;
	for (unsigned i = 0; i < scene->actions_n; i++)
		if (!lesson_is_done(lesson, &scene->actions[i]) &&
			is_telling(scene, &scene->actions[i]))
			return &scene->actions[i];
	return NULL;
}

static void go_headless(struct lesson *lesson)
{
	struct scene_run *run = &lesson->run;
	if (!lesson_current(lesson) || scene_run_is_busy(run))
		return;
	if (!lesson->started) {
		lesson_text_scene(lesson);
		notes_scene(lesson);
	}
	lesson->started = true;
	if (run->phase == LESSON_DONE && run->action != lesson->told) {
		size_t from = lesson->host->text->len;
		lesson_text_action(lesson);
		notes_action(lesson, from);
	}
	lesson->told = run->action;
	const struct scene_action *next = run->phase == LESSON_FAILED ? NULL : next_telling(lesson);
	if (next) {
		begin(lesson, next);
		return;
	}
	lesson->failed = lesson->failed || run->phase == LESSON_FAILED;
	lesson_text_scene_end(lesson);
	tour_play(lesson, lesson->at + 1);
	if (lesson_current(lesson))
		return;
	if (lesson->list.n > 1) {
		size_t from = lesson->host->text->len;
		lesson_text_card(lesson);
		notes_card(lesson, from);
	}
	lesson_end(lesson, lesson->failed ? EXIT_FAILED : EXIT_FINE, NULL);
}

/* --- by itself --- */

/* How long each thing stays: to read a question, to see what was chosen, for each message. */
static const struct {
	int open, chosen, messages[MESSAGES];
} stays_s = { 6, 4,
	{ [MESSAGE_VERDICT] = 4,
		[MESSAGE_WHY] = 8,
		[MESSAGE_NUANCE] = 4,
		[MESSAGE_INTERVIEW] = 6,
		[MESSAGE_FOLLOW_UP] = 4,
		[MESSAGE_ANSWER] = 4,
		[MESSAGE_ALL] = 4 } };
#define STAYS_ALL 44 /* all of them */

static int stay(const struct lesson *lesson)
{
	switch (lesson->asking.state) {
	case ASKING_OPEN:
		return stays_s.open;
	case ASKING_CHOSEN:
		return stays_s.chosen;
	default:
		return stays_s.messages[lesson->asking.message];
	}
}

/* In the clip as it is; else so that the scene takes the time that it says, whatever it presses. */
static nsec dwell(const struct lesson *lesson)
{
	const struct scene *scene = lesson_current(lesson);
	const bool clip = lesson->options.route == LESSON_CLIP;
	nsec wait = clip ? DWELL_CLIP_CARD : DWELL_CARD;
	if (lesson->title)
		wait = DWELL_CLIP_TITLE;
	else if (scene && clip)
		wait = stay(lesson) * NSEC_PER_SEC;
	else if (scene) {
		const int seconds = scene->tour ? scene->tour->dwell_s : SCENE_DWELL_S;
		const unsigned keys = scene->tour ? MAX(scene->tour->press_n, 1) : 1;
		wait = stay(lesson) * NSEC_PER_SEC * seconds / (STAYS_ALL * keys);
		wait = MAX(wait, DWELL_MIN);
	}
	return (nsec)((double)wait * lesson->options.pace);
}

static bool is_pressed_by_tour(const struct lesson *lesson, const struct scene_action *action)
{
	const struct scene *scene = lesson->run.scene;
	if (!scene->tour || !scene->tour->press_n)
		return action == scene->actions;
	for (unsigned i = 0; i < scene->tour->press_n; i++)
		if (scene_action(scene, scene->tour->press[i]) == action)
			return true;
	return false;
}

/* The first option is chosen, as many would: what is wrong with it is told then. */
static void choose(struct lesson *lesson)
{
	asking_commit(lesson, lesson->asking.order[0]);
}

static void auto_leave(struct lesson *lesson)
{
	const struct scene_action *next = lesson_next_action(lesson);
	if (next && lesson->run.phase != LESSON_FAILED && is_pressed_by_tour(lesson, next)) {
		begin(lesson, next);
	} else {
		tour_play(lesson, lesson->at + 1);
	}
}

static void leave_title(struct lesson *lesson)
{
	lesson->title = false;
	lesson_show_panes(lesson, lesson_current(lesson));
	lesson_show(lesson);
	mark_scene(lesson);
}

static void auto_advance(struct lesson *lesson)
{
	const struct asking *asking = &lesson->asking;
	lesson->next_at = 0;
	if (lesson->title)
		leave_title(lesson);
	else if (!lesson_current(lesson))
		lesson_end(lesson, EXIT_FINE, NULL);
	else if (lesson->run.phase == LESSON_FAILED)
		auto_leave(lesson);
	else if (asking->state == ASKING_OPEN)
		choose(lesson);
	else if (asking->state == ASKING_CHOSEN)
		asking_run(lesson);
	else if (!asking_more(lesson))
		auto_leave(lesson);
	lesson_show(lesson);
}

static void go_auto(struct lesson *lesson)
{
	nsec now = lesson_now(lesson);
	if (lesson_current(lesson) && scene_run_is_busy(&lesson->run))
		lesson->next_at = 0;
	else if (!lesson->next_at)
		lesson->next_at = now + dwell(lesson);
	else if (now >= lesson->next_at)
		auto_advance(lesson);
}

/* --- keys --- */

static void do_action(struct lesson *lesson, const struct scene_action *action)
{
	if (!action)
		ui_message(lesson->host->ui, STYLE_STATUS, "Scene finished. n next, r again");
	else if (asking_is_open(lesson) && action == lesson->asking.action)
		asking_invite(lesson);
	else if (scene_run_is_busy(&lesson->run) && (lesson->run.action || lesson->run.next))
		ui_message(lesson->host->ui, STYLE_WARN, "Wait: the last action is still running");
	else
		begin(lesson, action);
}

static void do_next(struct lesson *lesson)
{
	if (lesson_current(lesson))
		do_action(lesson, lesson_next_action(lesson));
}

/* A digit answers while something is asked; else it does the action of this number. */
static void choose_number(struct lesson *lesson, int place)
{
	const struct scene *scene = lesson_current(lesson);
	if (!scene || asking_choose(lesson, place))
		return;
	if (place < (int)scene->actions_n)
		do_action(lesson, &scene->actions[place]);
	else
		ui_message(lesson->host->ui, STYLE_STATUS, "this scene has %u actions",
			scene->actions_n);
}

static void leave_scene(struct lesson *lesson)
{
	if (asking_is_open(lesson))
		asking_commit(lesson, -1);
	else if (lesson_current(lesson))
		tour_play(lesson, lesson->at + 1);
	else
		lesson_end(lesson, EXIT_FINE, NULL);
}

/* What a clicker's one button does: all that the tour wants to be seen, in its order. */
static void go_forward(struct lesson *lesson)
{
	const struct scene_action *next = lesson_next_action(lesson);
	if (!lesson_current(lesson))
		ui_message(lesson->host->ui, STYLE_STATUS, "This is the end. q leaves");
	else if (asking_is_open(lesson))
		asking_commit(lesson, -1);
	else if (scene_run_is_busy(&lesson->run))
		do_action(lesson, next);
	else if (!asking_more(lesson) && next && is_pressed_by_tour(lesson, next))
		begin(lesson, next);
	else if (lesson->asking.message == MESSAGE_ALL && lesson->asking.state != ASKING_RUNS)
		tour_play(lesson, lesson->at + 1);
}

/* An action cannot be taken back: the scene begins again. */
static void go_back(struct lesson *lesson)
{
	if (asking_less(lesson))
		return;
	bool played = lesson->run.action || lesson->run.next;
	tour_play(lesson, played || !lesson->at ? lesson->at : lesson->at - 1);
}

static void list_scenes(struct lesson *lesson)
{
	const struct scene **scene;
	vec_clear(&lesson->menu);
	vec_each (scene, &lesson->list)
		*vec_push(&lesson->menu) =
			(struct menu_item) { (*scene)->title, (*scene)->question };
	ui_menu_open(lesson->host->ui, "Scenes", lesson->menu.at, lesson->menu.n);
	ui_menu_choose(lesson->host->ui, (int)MIN(lesson->at, lesson->list.n - 1));
}

void lesson_menu(struct lesson *lesson, int chosen)
{
	tour_play(lesson, (size_t)chosen);
}

void tour_command(struct lesson *lesson, enum command_id command, int key)
{
	const size_t before = lesson->at ? lesson->at - 1 : 0;
	if (lesson->title)
		leave_title(lesson);
	switch (command) {
	case CMD_STAGE_STEP:
		do_next(lesson);
		break;
	case CMD_STAGE_FORWARD:
		go_forward(lesson);
		break;
	case CMD_STAGE_BACK:
		go_back(lesson);
		break;
	case CMD_STAGE_CHOOSE:
		choose_number(lesson, key - '1');
		break;
	case CMD_STAGE_MORE:
		if (asking_is_open(lesson))
			asking_invite(lesson);
		else
			asking_more(lesson);
		break;
	case CMD_STAGE_NEXT:
		leave_scene(lesson);
		break;
	case CMD_STAGE_PREVIOUS:
		tour_play(lesson, before);
		break;
	case CMD_STAGE_AGAIN:
		tour_play(lesson, lesson->at);
		break;
	case CMD_STAGE_FIRST:
		lesson->began = 0;
		tour_play(lesson, 0);
		break;
	case CMD_STAGE_LIST:
		list_scenes(lesson);
		break;
	case CMD_STAGE_CODE:
		lesson->code = !lesson->code;
		break;
	default:
		lesson->quiet = !lesson->quiet;
	}
	if (lesson->next_at)
		lesson->next_at = lesson_now(lesson) + dwell(lesson);
}

/* --- all of it --- */

void tour_go(struct lesson *lesson)
{
	if (asking_go(lesson)) {
		lesson_show(lesson);
		if (lesson_current(lesson))
			lesson_mark(lesson, "S%d answer", lesson_current(lesson)->number);
	}
	if (lesson->options.form != LESSON_SCREEN)
		go_headless(lesson);
	else if (lesson->options.automatic)
		go_auto(lesson);
}

int tour_begin(struct lesson *lesson)
{
	if (course_choose(lesson) != 0 || notes_open(lesson) != 0)
		return -1;
	tour_play(lesson, lesson->at);
	return 0;
}
