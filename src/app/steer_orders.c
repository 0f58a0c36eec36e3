/* SPDX-License-Identifier: MIT
 * Orders to workers: sends what a key's record names, and tells what came of it. No order has code of its own here.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "duel.h"
#include "order.h"
#include "play.h"

static const char *const side_word[SIDES] = { "left", "right" };

static int receiver(const struct order_info *info, const struct selection *selection)
{
	return info->to == ORDER_TO_HOST                       ? WORKER_HOST
	       : info->to == ORDER_TO_SIDE || info->unconfined ? CREW_ALL
							       : selection->worker;
}

/* A key that asks for more of the arena than there is means all of it. */
static int64_t argument_of(const struct app *app, const struct command *command, enum side side)
{
	const struct crew_sample *crew = model_side(app->model, side)->crew;
	int64_t mb = crew ? (int64_t)((crew->arena_high - crew->arena_low) >> 20) : 0;

	if (mb > 0 && strstr(command->order, "-arena"))
		return MIN(command->argument, mb);
	return command->argument;
}

static void send(struct app *app, const struct command *command, enum side side, int worker)
{
	const int order = order_find(command->order);
	char what[256], who[48];
	int error;

	if (order < 0)
		return;
	if (worker == CREW_ALL)
		snprintf(who, sizeof(who), "the %s side", side_word[side]);
	else if (worker == WORKER_HOST)
		snprintf(who, sizeof(who), "the %s side's host", side_word[side]);
	else
		snprintf(who, sizeof(who), "%s w%d", side_word[side], worker);
	snprintf(what, sizeof(what), "%s: %s. Watch %s", who, command->name,
		order_table[order].watch);
	error = crew_order(app->crews, side, order_table[order].unconfined ? CREW_ALL : worker,
		order, argument_of(app, command, side));
	steer_tell(app, side, error, what);
}

void steer_order(struct app *app, const struct command *command, const struct selection *selection)
{
	const int order = order_find(command->order);
	int worker;

	if (order < 0)
		return;
	worker = receiver(&order_table[order], selection);
	if (worker == selection->worker && worker < 0 && order_table[order].to == ORDER_TO_WORKER) {
		ui_message(
			app->ui, STYLE_WARN, "select a worker first: the host takes no such order");
		return;
	}
	if (command->scope == SCOPE_BOTH)
		for (int side = 0; side < SIDES; side++)
			send(app, command, side, CREW_ALL);
	else
		send(app, command, selection->side, worker);
}

void steer_mix(struct app *app, const struct selection *selection)
{
	const uint64_t flags = ui_mix(app->ui);
	const char *refusal = crew_clone_refusal(flags);
	char what[160], names[96];

	if (refusal) {
		ui_message(app->ui, STYLE_WARN, "not made: %s", refusal);
		return;
	}
	snprintf(what, sizeof(what), "a task made with %s joins the %s side: look at its row",
		flags ? format_clone_flags(names, sizeof(names), flags) : "no flag at all",
		side_word[selection->side]);
	steer_tell(app, selection->side, crew_clone(app->crews, selection->side, flags), what);
}

void steer_mix_in_place(struct app *app, const struct selection *selection)
{
	const uint64_t flags = ui_mix(app->ui);
	char what[160], names[96];
	int error;

	if (selection->worker < 0) {
		ui_message(app->ui, STYLE_WARN, "select the worker whose place it takes");
		return;
	}
	error = crew_remove(app->crews, selection->side, selection->worker);
	snprintf(what, sizeof(what),
		"%s w%d is asked to exit; in its place comes a task made with %s",
		side_word[selection->side], selection->worker,
		flags ? format_clone_flags(names, sizeof(names), flags) : "no flag at all");
	steer_tell(app, selection->side, error, what);
	if (error)
		return;
	app->mix[selection->side].wanted = true;
	app->mix[selection->side].worker = selection->worker;
	app->mix[selection->side].flags = flags;
}

/* Once the worker has ended whose place is to be taken. */
void steer_follow_mix(struct app *app)
{
	const struct worker_sample *worker;
	char what[160], names[96];

	vec_each (worker, &app->sample.workers) {
		const enum side side = (enum side)worker->side;

		if ((unsigned)side >= SIDES || !app->mix[side].wanted ||
			worker->index != app->mix[side].worker || worker->phase != WORKER_ENDED)
			continue;
		app->mix[side].wanted = false;
		snprintf(what, sizeof(what), "%s w%d is now a task made with %s", side_word[side],
			worker->index,
			app->mix[side].flags
				? format_clone_flags(names, sizeof(names), app->mix[side].flags)
				: "no flag at all");
		steer_tell(app, side,
			crew_clone_in_place(app->crews, side, worker->index, app->mix[side].flags),
			what);
	}
}

/* Says what workers have answered since the sample before. */
void steer_answers(struct app *app)
{
	const struct worker_sample *worker;

	vec_each (worker, &app->sample.workers) {
		int64_t *seen;

		if (worker->index < 0 || worker->index >= ANSWERS_MAX ||
			(unsigned)worker->side >= SIDES)
			continue;
		seen = &app->answered[worker->side][worker->index];
		if (worker->orders_done > *seen && worker->last_result[0])
			ui_message(app->ui,
				worker->order_state == ORDER_STATE_FAILED ? STYLE_WARN
									  : STYLE_STATUS,
				"%s w%d, %s: %s", side_word[worker->side], worker->index,
				worker->last_order, worker->last_result);
		*seen = worker->orders_done;
	}
}

/* Measures with what its slider says; a duel that runs makes room. */
static void begin_duel(struct app *app, int duel)
{
	struct duel_wish wish = { .duel = duel, .quick = true, .cpu = { -1, -1 } };
	int64_t parameter = ui_duel_parameter(app->ui, duel);
	char why[240] = "";

	if (parameter >= 0)
		wish.list[duel] = (struct duel_list) { { parameter }, 1 };
	ui_duel_choose(app->ui, duel);
	crews_duel_stop(app->crews);
	if (perform_duel(app, &wish, why, sizeof(why)) != 0)
		ui_message(app->ui, STYLE_WARN, "not started: %s", why);
	else
		ui_message(app->ui, STYLE_TEXT, "duel: %s", duel_table[duel].help);
}

bool steer_duel(struct app *app, enum command_id command)
{
	static const enum command_id commands[] = { CMD_DUEL_SWITCH, CMD_DUEL_CREATE, CMD_DUEL_TALK,
		CMD_DUEL_MEMORY };
	if (command == CMD_DUEL_STOP) {
		bool runs = !perform_duel_over(app);
		crews_duel_stop(app->crews);
		ui_message(app->ui, STYLE_TEXT, "%s",
			runs ? "the duel ended; what it has stays" : "no duel runs");
		return true;
	}
	if (command == CMD_DUEL_LESS || command == CMD_DUEL_MORE) {
		if (ui_duel_slide(app->ui, command == CMD_DUEL_MORE ? 1 : -1))
			begin_duel(app, ui_duel_chosen(app->ui));
		return true;
	}
	for (int duel = 0; duel < (int)ARRAY_LEN(commands); duel++) {
		if (commands[duel] != command)
			continue;
		begin_duel(app, duel);
		return true;
	}
	return false;
}
