/* SPDX-License-Identifier: MIT
 * Turns keys into commands, and types the script of --keys as a person would: each key shows its effect before the
 * next.
 */

#include "app.h"
#include "export.h"

/* --- the program itself --- */

static int key_of(const struct app *app, enum command_id command)
{
	return command_keys(&command_table[command], app->mode)[0];
}

static const char *paused_words(const struct app *app)
{
	if (!app->crews)
		return "Paused";
	return app->recorder ? "Frozen. The tasks and the recording go on"
			     : "Frozen. The tasks keep running";
}

static void pause_picture(struct app *app)
{
	char key[16];
	past_leave(&app->past);
	feed_pause(app, !app->paused, nsec_monotonic());
	if (app->paused)
		ui_message(app->ui, STYLE_STATUS, "%s. %s continues", paused_words(app),
			key_name(key_of(app, CMD_PAUSE), key, sizeof(key)));
	else
		ui_message(app->ui, STYLE_STATUS, "the picture moves again");
}

/* Steps through the last ten minutes; the picture is held for it. */
static void look_back(struct app *app, enum command_id command)
{
	static const nsec far = 10 * NSEC_PER_SEC;
	const bool on = command == CMD_PAST_ON || command == CMD_PAST_FAR_ON;
	char ago[32];
	if (!app->paused)
		feed_pause(app, true, nsec_monotonic());
	bool any = command == CMD_PAST_BACK || command == CMD_PAST_ON
			   ? past_step(&app->past, on ? -1 : 1, &app->sample)
			   : past_jump(&app->past, on ? -far : far, &app->sample);
	if (any)
		ui_message(app->ui, STYLE_WARN,
			"%s ago of %s · ( ) step { } 10 s · memory as last seen",
			format_ns(ago, sizeof(ago), past_age(&app->past)),
			TEXT_OF(format_ns, past_reach(&app->past)));
	else
		ui_message(app->ui, STYLE_STATUS, "Frozen now. ( looks back");
}

static struct model *shown_model(const struct app *app)
{
	return app->past.model ? app->past.model : app->model;
}

static void next_theme(struct app *app)
{
	size_t at = (size_t)(app->theme - theme_table);
	show_theme(app, &theme_table[(at + 1) % theme_count]);
	ui_message(app->ui, STYLE_STATUS, "theme %s: %s", app->theme->name, app->theme->help);
}

static void change_interval(struct app *app, int direction)
{
	static const int steps_ms[] = { 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000,
		60000 };
	int now_ms = (int)(app->interval / NSEC_PER_MSEC), next = now_ms;
	for (size_t i = 0; i < ARRAY_LEN(steps_ms); i++) {
		if (direction < 0 && steps_ms[i] < now_ms)
			next = steps_ms[i];
		if (direction > 0 && steps_ms[i] > now_ms && next == now_ms)
			next = steps_ms[i];
	}
	app_set_interval(app, next * NSEC_PER_MSEC);
	ui_message(app->ui, STYLE_STATUS,
		next == now_ms ? "one sample every %d ms: that is the limit"
			       : "one sample every %d ms",
		next);
}

/* Who leaves a quiz takes the score along. */
static void quit(struct app *app)
{
	char score[80];
	if (app->lesson && *lesson_score(app->lesson, score, sizeof(score)))
		snprintf(app->last_words, sizeof(app->last_words), "%s", score);
	app->quit = true;
}

/* What needs no crew. */
static bool run_program_command(struct app *app, enum command_id command)
{
	switch (command) {
	case CMD_QUIT:
		quit(app);
		return true;
	case CMD_TOUR:
		app_end(app, EXIT_TO_TOUR, NULL);
		return true;
	case CMD_PAUSE:
		pause_picture(app);
		return true;
	case CMD_PAST_BACK:
	case CMD_PAST_ON:
	case CMD_PAST_FAR_BACK:
	case CMD_PAST_FAR_ON:
		look_back(app, command);
		return true;
	case CMD_THEME:
		next_theme(app);
		return true;
	case CMD_SLOWER:
	case CMD_FASTER:
		if (app->recording)
			return false;
		change_interval(app, command == CMD_SLOWER ? 1 : -1);
		return true;
	default:
		return false;
	}
}

/* --- keys --- */

/* A lesson is not left by one key, nor with --safe a worker ended by one. */
static bool must_ask(const struct app *app, enum command_id command)
{
	if (command == CMD_QUIT)
		return app->lesson && !lesson_is_over(app->lesson);
	return app->cli->safe && command_table[command].danger;
}

void keys_ask(struct app *app)
{
	char key[16], score[80];
	if (app->asked == CMD_NONE)
		return;
	key_name(key_of(app, app->asked), key, sizeof(key));
	if (app->asked != CMD_QUIT)
		ui_message(app->ui, STYLE_WARN, "%s again: %s. Any other key: no", key,
			command_table[app->asked].help);
	else if (*lesson_score(app->lesson, score, sizeof(score)))
		ui_message(app->ui, STYLE_WARN, "%s so far. %s again leaves the quiz", score, key);
	else
		ui_message(
			app->ui, STYLE_WARN, "%s again leaves the tour. Any other key stays", key);
}

/* Whether this key only asks; pressed once more, it does what it says. */
static bool asks_first(struct app *app, enum command_id command)
{
	const bool again = app->asked == command;
	app->asked = again || !must_ask(app, command) ? CMD_NONE : command;
	keys_ask(app);
	return app->asked != CMD_NONE;
}

/* Whether the key would steer a crew: programs of others are never steered. */
static bool is_of_lab(const struct app *app, int key)
{
	return app->groups && command_of_key(key, MODE_LAB, ui_focus(app->ui)) != CMD_NONE;
}

static void run_command(struct app *app, enum command_id command, int key)
{
	char name[32];
	if (asks_first(app, command))
		return;
	/* Whatever leads a lesson on lets the picture go on as well. */
	if (app->paused && command_table[command].group == GROUP_STAGE)
		pause_picture(app);
	if (command == CMD_NONE && is_of_lab(app, key))
		ui_message(app->ui, STYLE_STATUS, "%s: this needs the lab's workers",
			key_name(key, name, sizeof(name)));
	else if (command == CMD_NONE)
		ui_message(app->ui, STYLE_STATUS, "%s does nothing here, ? lists the keys",
			key_name(key, name, sizeof(name)));
	else if (command == CMD_STAGE_BLACK)
		app->black = true;
	else if (!(app->lesson && lesson_command(app->lesson, command, key)) &&
		 !ui_command(app->ui, shown_model(app), command) &&
		 !run_program_command(app, command))
		steer_command(app->steer, command);
}

static void press_in_prompt(struct app *app, int key)
{
	enum command_id command = ui_prompt_key(app->ui, key);
	if (command != CMD_NONE)
		run_command(app, command, key_of(app, command));
}

static void press_in_menu(struct app *app, int key)
{
	int chosen = ui_menu_key(app->ui, key);
	if (chosen >= 0 && app->lesson)
		lesson_menu(app->lesson, chosen);
	else if (chosen >= 0)
		steer_menu(app->steer, chosen);
}

/* Who opens the duels sees one: the first begins by itself. */
static void begin_first_duel(struct app *app)
{
	if (app->mode != MODE_LAB || app->saw_duels || strcmp(ui_focus(app->ui), "duel") != 0)
		return;
	app->saw_duels = true;
	if (!*model_sample(app->model)->duel.state)
		steer_command(app->steer, CMD_DUEL_SWITCH);
}

/* While help lies over the panes, its pages are turned, by a clicker too. */
static enum command_id command_of(const struct app *app, int key)
{
	if (ui_is_covered(app->ui) && key == KEYCODE_PAGE_DOWN)
		return CMD_PAGE_DOWN;
	if (ui_is_covered(app->ui) && key == KEYCODE_PAGE_UP)
		return CMD_PAGE_UP;
	return command_of_key(key, app->mode, ui_focus(app->ui));
}

static void press(struct app *app, int key)
{
	app->dirty = true;
	ui_key_echo(app->ui, key);
	if (app->black)
		app->black = false;
	else if (ui_prompt_is_open(app->ui))
		press_in_prompt(app, key);
	else if (ui_menu_is_open(app->ui))
		press_in_menu(app, key);
	else
		run_command(app, command_of(app, key), key);
	begin_first_duel(app);
}

static void click(struct app *app)
{
	int row, col;
	term_mouse(app->term, &row, &col);
	int key = ui_click(app->ui, row, col);
	app->dirty = true;
	if (key != KEYCODE_NONE)
		press(app, key);
}

/* What stands on a white background is not drawn for a black one. */
static void follow_background(struct app *app)
{
	uint32_t rgb;
	if (term_background(app->term, &rgb))
		show_theme(app, theme_find(rgb_is_light(rgb) ? "light" : "dark"));
}

void keys_terminal(struct app *app, nsec now)
{
	int key;
	while (!app->quit && (key = term_key(app->term, now)) != KEYCODE_NONE) {
		if (key == KEYCODE_RESIZE)
			show_resize(app);
		else if (key == KEYCODE_CLOSED)
			app_end(app, 128 + SIGHUP, NULL);
		else if (key == KEYCODE_MOUSE)
			click(app);
		else
			press(app, key);
	}
	follow_background(app);
}

/* Whether the frame holds the text of an <until>. */
static bool shows(struct app *app, const char *text, nsec now)
{
	show_frame(app, now);
	buf_clear(&app->text);
	export_text(app->canvas, &app->text);
	return app->text.text && strstr(app->text.text, text);
}

/* One step; false: it is not over yet. */
static bool run_step(struct app *app, const struct script_step *step, nsec now)
{
	if (!app->step_started) {
		app->step_started = true;
		app->step_due = now + (step->kind == SCRIPT_UNTIL ? UNTIL_LIMIT : step->wait);
	}
	switch (step->kind) {
	case SCRIPT_KEY:
		press(app, step->key);
		show_frame(app, now);
		return true;
	case SCRIPT_WAIT:
		return now >= app->step_due;
	case SCRIPT_UNTIL:
		if (shows(app, step->text, now))
			return true;
		if (now >= app->step_due)
			app_end(app, EXIT_FAILED, "--keys: '%s' did not appear within %d s",
				step->text, (int)(UNTIL_LIMIT / NSEC_PER_SEC));
		return false;
	}
	return true;
}

static bool script_over(const struct app *app)
{
	return !app->cli->has_keys || app->step >= app->cli->keys.steps.n;
}

void keys_script(struct app *app, nsec now)
{
	if (!app->cli->has_keys)
		return;
	while (!app->quit && !script_over(app)) {
		if (!run_step(app, &app->cli->keys.steps.at[app->step], now))
			return;
		app->step++;
		app->step_started = false;
	}
	/* Nobody is there to type on; with --for, the time tells. */
	if (!app->term && !app->cli->duration)
		app->quit = true;
}

nsec keys_wait(const struct app *app, nsec now)
{
	if (script_over(app) || !app->step_started)
		return -1;
	return MAX(app->step_due - now, 0);
}
