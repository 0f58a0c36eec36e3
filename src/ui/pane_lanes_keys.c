/* SPDX-License-Identifier: MIT
 * What the keys of the lanes pane do: zoom, freeze, and a cursor that goes from cell to cell or from switch to switch.
 */

#include "pane_lanes.h"

static const nsec zooms[] = { NSEC_PER_MSEC, 2 * NSEC_PER_MSEC, 5 * NSEC_PER_MSEC,
	10 * NSEC_PER_MSEC, 20 * NSEC_PER_MSEC, 50 * NSEC_PER_MSEC, 100 * NSEC_PER_MSEC,
	200 * NSEC_PER_MSEC, 500 * NSEC_PER_MSEC, NSEC_PER_SEC, 2 * NSEC_PER_SEC, 5 * NSEC_PER_SEC,
	10 * NSEC_PER_SEC };
#define ZOOM_FIRST 9 /* one second */

void lanes_init(void *at)
{
	struct lanes_state *state = at;

	state->zoom = ZOOM_FIRST;
	state->cursor = UNKNOWN;
}

nsec lanes_cell(const struct lanes_state *state, int cols)
{
	return lane_cell_time(zooms[state->zoom], cols);
}

static void freeze(struct lanes_state *state, struct model *model, bool on)
{
	state->frozen = on;
	state->end = model_lanes(model).until;
	if (!on)
		state->cursor = UNKNOWN;
	model_hold_lanes(model, on);
}

static const struct strip *selected_strip(
	const struct lanes_state *state, const struct model *model)
{
	const struct lanes_view view = model_lanes(model);

	for (size_t i = 0; i < view.n; i++)
		if (view.lanes[i]->tid == state->tid)
			return view.lanes[i]->strip;
	for (size_t i = 0; i < view.n_cpus; i++)
		if (-view.cpus[i].cpu - 1 == state->tid)
			return view.cpus[i].strip;
	return NULL;
}

/* Puts the cursor there; the screen goes after it. */
static void go_to(struct lanes_state *state, nsec at, nsec until)
{
	const nsec width = state->cols * state->cell;

	state->cursor = MAX(MIN(at, until - 1), 0);
	if (state->cursor < state->end - width)
		state->end = state->cursor + width / 2;
	if (state->cursor >= state->end)
		state->end = MIN(state->cursor + width / 2, until);
}

/* A picture that moves cannot be pointed at: the first step freezes it. */
static void move_cursor(struct lanes_state *state, struct model *model, enum command_id command)
{
	const struct strip *strip = selected_strip(state, model);
	const nsec until = model_lanes(model).until;
	nsec at = state->cursor;

	if (until < 0 || !strip)
		return;
	if (!state->frozen)
		freeze(state, model, true);
	if (at < 0)
		at = until;
	if (command == CMD_LANES_BEFORE)
		at = strip_previous(strip, at);
	else if (command == CMD_LANES_AFTER)
		at = strip_next(strip, at);
	else if (command == CMD_LANES_EARLIER || command == CMD_FIELD_PREVIOUS)
		at -= state->cell;
	else
		at += state->cell;
	if (at >= 0)
		go_to(state, at, until);
}

/* The cursor comes to the middle, but never does the screen go beyond what is known. */
static void zoom(struct lanes_state *state, nsec until, int step)
{
	nsec middle = state->cursor >= 0 ? state->cursor : state->end;

	state->zoom = MAX(MIN(state->zoom + step, (int)ARRAY_LEN(zooms) - 1), 0);
	state->cell = lanes_cell(state, state->cols);
	if (state->cursor >= 0)
		state->end = MIN(middle + state->cols / 2 * state->cell, until);
}

/* --- the numbers of a lane --- */

static const char *const numbers[] = { "lane_run_share", "lane_mean_run_ns", "lane_longest_run_ns",
	"lane_mean_wait_ns", "lane_longest_wait_ns", "lane_mean_delay_ns", "lane_waits_in",
	"lane_voluntary", "lane_involuntary", "lane_unseen" };

bool pane_lanes_number(const struct panel *panel, const struct model *model, struct number *ret)
{
	const struct lanes_state *state = panel->state;
	const struct lanes_view view = model_lanes(model);
	const struct lane *lane = NULL;

	for (size_t i = 0; i < view.n && !lane; i++)
		if (view.lanes[i]->alive && view.lanes[i]->tid == state->tid)
			lane = view.lanes[i];
	if (!lane)
		return false;
	*ret = number_of(fact_find(FACT_TASK, numbers[state->number]),
		(struct fact_path) {
			.who = FACT_OF_TASK, .side = (enum side)lane->side, .number = lane->tid });
	snprintf(ret->subject, sizeof(ret->subject), "a lane of the %s side, PID %d, TID %d",
		side_name((enum side)lane->side), lane->pid, lane->tid);
	return true;
}

void pane_lanes_command(struct panel *panel, struct model *model, enum command_id command)
{
	const int n = (int)ARRAY_LEN(numbers);
	struct lanes_state *state = panel->state;

	switch (command) {
	case CMD_LANES_IN:
	case CMD_LANES_OUT:
		zoom(state, model_lanes(model).until, command == CMD_LANES_IN ? -1 : 1);
		break;
	case CMD_LANES_FREEZE:
		freeze(state, model, !state->frozen);
		break;
	case CMD_FIELD_NEXT:
	case CMD_FIELD_PREVIOUS:
		if (views_explains(panel->ui)) {
			state->number += command == CMD_FIELD_NEXT ? 1 : n - 1;
			state->number %= n;
		} else {
			move_cursor(state, model, command);
		}
		break;
	default:
		move_cursor(state, model, command);
	}
}

/* Rows are told by their task; a CPU's by its number, below zero. */
static int32_t id_at(const struct lanes_view *view, int row)
{
	const int n = (int)view->n;

	return row < n ? view->lanes[row]->tid : -view->cpus[row - n].cpu - 1;
}

/* Up and down over the rows that have a lane. */
void pane_lanes_move(struct panel *panel, struct model *model, enum command_id command)
{
	struct lanes_state *state = panel->state;
	const struct lanes_view view = model_lanes(model);
	int n = (int)(view.n + view.n_cpus), at = 0;
	const struct scroll scroll = { .rows = n, .visible = state->scroll.visible };

	for (int i = 0; i < n; i++)
		if (id_at(&view, i) == state->tid)
			at = i;
	at = scroll_move(&scroll, at, command);
	if (n)
		state->tid = id_at(&view, at);
}
