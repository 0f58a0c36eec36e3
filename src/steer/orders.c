/* SPDX-License-Identifier: MIT
 * Orders to workers: sends what a key's record names, and tells what came of it. No order has code of its own here.
 */

#include "internal.h"
#include "order.h"

static int receiver(const struct order_info *info, const struct selection *selection)
{
	if (info->to == ORDER_TO_HOST)
		return WORKER_HOST;
	return info->to == ORDER_TO_SIDE || info->unconfined ? CREW_ALL : selection->worker;
}

/* A key that asks for more of the arena than there is means all of it. */
static int64_t argument_of(const struct steer *steer, const struct command *command, enum side side)
{
	const struct crew_sample *crew = model_side(steer->model, side)->crew;
	int64_t mb = crew ? (int64_t)((crew->arena_high - crew->arena_low) >> 20) : 0;

	if (mb > 0 && strstr(command->order, "-arena"))
		return MIN(command->argument, mb);
	return command->argument;
}

static void send(struct steer *steer, const struct command *command, enum side side, int worker)
{
	const int order = order_find(command->order);
	char who[48];

	if (order < 0)
		return;
	if (worker == CREW_ALL)
		snprintf(who, sizeof(who), "the %s side", side_name(side));
	else if (worker == WORKER_HOST)
		snprintf(who, sizeof(who), "the %s side's host", side_name(side));
	else
		snprintf(who, sizeof(who), "%s w%d", side_name(side), worker);
	steer_tell(steer, side,
		crew_order(steer->crews, side, order_table[order].unconfined ? CREW_ALL : worker,
			order, argument_of(steer, command, side)),
		"%s: %s. Watch %s", who, command->name, order_table[order].watch);
}

void steer_order(
	struct steer *steer, const struct command *command, const struct selection *selection)
{
	const int order = order_find(command->order);
	int worker;

	if (order < 0)
		return;
	worker = receiver(&order_table[order], selection);
	if (worker == selection->worker && worker < 0 && order_table[order].to == ORDER_TO_WORKER) {
		ui_message(steer->ui, STYLE_WARN,
			"select a worker first: the host takes no such order");
		return;
	}
	if (command->scope == SCOPE_BOTH)
		for (int side = 0; side < SIDES; side++)
			send(steer, command, side, CREW_ALL);
	else
		send(steer, command, selection->side, worker);
}

void steer_mix(struct steer *steer, const struct selection *selection)
{
	const uint64_t flags = ui_mix(steer->ui);
	const char *refusal = crew_clone_refusal(flags);

	if (refusal) {
		ui_message(steer->ui, STYLE_WARN, "not made: %s", refusal);
		return;
	}
	steer_tell(steer, selection->side, crew_clone(steer->crews, selection->side, flags),
		"a task made with %s joins the %s side: look at its row",
		flags ? TEXT_OF(format_clone_flags, flags) : "no flag at all",
		side_name(selection->side));
}

void steer_mix_in_place(struct steer *steer, const struct selection *selection)
{
	const uint64_t flags = ui_mix(steer->ui);
	int error;

	if (selection->worker < 0) {
		ui_message(steer->ui, STYLE_WARN, "select the worker whose place it takes");
		return;
	}
	error = crew_remove(steer->crews, selection->side, selection->worker);
	steer_tell(steer, selection->side, error,
		"%s w%d is asked to exit; in its place comes a task made with %s",
		side_name(selection->side), selection->worker,
		flags ? TEXT_OF(format_clone_flags, flags) : "no flag at all");
	if (error)
		return;
	steer->mix[selection->side].wanted = true;
	steer->mix[selection->side].worker = selection->worker;
	steer->mix[selection->side].flags = flags;
}

/* Once the worker has ended whose place is to be taken. */
void steer_follow_mix(struct steer *steer)
{
	const struct worker_sample *worker;

	vec_each (worker, &model_sample(steer->model)->workers) {
		const enum side side = (enum side)worker->side;

		if ((unsigned)side >= SIDES || !steer->mix[side].wanted ||
			worker->index != steer->mix[side].worker || worker->phase != WORKER_ENDED)
			continue;
		const uint64_t flags = steer->mix[side].flags;
		steer->mix[side].wanted = false;
		steer_tell(steer, side,
			crew_clone_in_place(steer->crews, side, worker->index, flags),
			"%s w%d is now a task made with %s", side_name(side), worker->index,
			flags ? TEXT_OF(format_clone_flags, flags) : "no flag at all");
	}
}

/* Says what workers have answered since the sample before. */
void steer_answers(struct steer *steer)
{
	const struct worker_sample *worker;

	vec_each (worker, &model_sample(steer->model)->workers) {
		int64_t *seen;

		if (worker->index < 0 || worker->index >= ANSWERS_MAX ||
			(unsigned)worker->side >= SIDES)
			continue;
		seen = &steer->side[worker->side].answered[worker->index];
		if (worker->orders_done > *seen && worker->last_result[0])
			ui_message(steer->ui,
				worker->order_state == ORDER_STATE_FAILED ? STYLE_WARN
									  : STYLE_STATUS,
				"%s w%d, %s: %s", side_name(worker->side), worker->index,
				worker->last_order, worker->last_result);
		*seen = worker->orders_done;
	}
}
