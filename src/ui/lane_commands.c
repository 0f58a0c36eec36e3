/* SPDX-License-Identifier: MIT
 * What the keys of the lanes pane do: zoom, freeze, and a cursor that goes from cell to cell or from switch to switch.
 */
#include <stdio.h>

#include "internal.h"

static const nsec zooms[] = { NSEC_PER_MSEC, 2 * NSEC_PER_MSEC, 5 * NSEC_PER_MSEC,
	10 * NSEC_PER_MSEC, 20 * NSEC_PER_MSEC, 50 * NSEC_PER_MSEC, 100 * NSEC_PER_MSEC,
	200 * NSEC_PER_MSEC, 500 * NSEC_PER_MSEC, NSEC_PER_SEC, 2 * NSEC_PER_SEC, 5 * NSEC_PER_SEC,
	10 * NSEC_PER_SEC };
#define ZOOM_FIRST 9 /* one second */

void lanes_init(struct lanes_look *look)
{
	look->zoom = ZOOM_FIRST;
	look->cursor = UNKNOWN;
}

nsec lanes_cell(const struct lanes_look *look, int cols)
{
	return lane_cell_time(zooms[look->zoom], cols);
}

static void freeze(struct ui *ui, struct model *model, bool on)
{
	struct lanes_look *look = &ui->lanes;

	look->frozen = on;
	look->end = model_lanes(model).until;
	if (!on)
		look->cursor = UNKNOWN;
	model_hold_lanes(model, on);
}

static const struct strip *selected_strip(const struct ui *ui, const struct model *model)
{
	const struct lanes_view view = model_lanes(model);

	for (size_t i = 0; i < view.n; i++)
		if (view.lanes[i]->tid == ui->lanes.tid)
			return view.lanes[i]->strip;
	for (size_t i = 0; i < view.n_cpus; i++)
		if (-view.cpus[i].cpu - 1 == ui->lanes.tid)
			return view.cpus[i].strip;
	return NULL;
}

/* Puts the cursor there; the screen goes after it. */
static void go_to(struct lanes_look *look, nsec at, nsec until)
{
	const nsec width = look->cols * look->cell;

	look->cursor = MAX(MIN(at, until - 1), 0);
	if (look->cursor < look->end - width)
		look->end = look->cursor + width / 2;
	if (look->cursor >= look->end)
		look->end = MIN(look->cursor + width / 2, until);
}

/* A picture that moves cannot be pointed at: the first step freezes it. */
static void move_cursor(struct ui *ui, struct model *model, enum command_id command)
{
	struct lanes_look *look = &ui->lanes;
	const struct strip *strip = selected_strip(ui, model);
	const nsec until = model_lanes(model).until;
	nsec at = look->cursor;

	if (until < 0 || !strip)
		return;
	if (!look->frozen)
		freeze(ui, model, true);
	if (at < 0)
		at = until;
	if (command == CMD_LANES_BEFORE)
		at = strip_previous(strip, at);
	else if (command == CMD_LANES_AFTER)
		at = strip_next(strip, at);
	else if (command == CMD_LANES_EARLIER || command == CMD_FIELD_PREVIOUS)
		at -= look->cell;
	else
		at += look->cell;
	if (at >= 0)
		go_to(look, at, until);
}

/* The cursor comes to the middle, but never does the screen go beyond what is known. */
static void zoom(struct lanes_look *look, nsec until, int step)
{
	nsec middle = look->cursor >= 0 ? look->cursor : look->end;

	look->zoom = MAX(MIN(look->zoom + step, (int)ARRAY_LEN(zooms) - 1), 0);
	look->cell = lanes_cell(look, look->cols);
	if (look->cursor >= 0)
		look->end = MIN(middle + look->cols / 2 * look->cell, until);
}

/* --- the numbers of a lane --- */

static const char *const numbers[] = { "lane_run_share", "lane_mean_run_ns", "lane_longest_run_ns",
	"lane_mean_wait_ns", "lane_longest_wait_ns", "lane_mean_delay_ns", "lane_waits_in",
	"lane_voluntary", "lane_involuntary", "lane_unseen" };

static void step_number(struct lanes_look *look, int step)
{
	const int n = (int)ARRAY_LEN(numbers);

	look->number = (look->number + n + step) % n;
}

bool lanes_number(const struct ui *ui, struct model *model, struct number *ret)
{
	const struct lanes_view view = model_lanes(model);
	const struct lane *lane = NULL;

	for (size_t i = 0; i < view.n && !lane; i++)
		if (view.lanes[i]->alive && view.lanes[i]->tid == ui->lanes.tid)
			lane = view.lanes[i];
	if (!lane)
		return false;
	*ret = (struct number) { .scope = FACT_TASK, .fact = numbers[ui->lanes.number] };
	snprintf(ret->path, sizeof(ret->path), "%s.task%d.%s", side_path((enum side)lane->side),
		lane->tid, ret->fact);
	snprintf(ret->subject, sizeof(ret->subject), "a lane of the %s side, PID %d, TID %d",
		side_path((enum side)lane->side), lane->pid, lane->tid);
	return true;
}

void lanes_command(struct ui *ui, struct model *model, enum command_id command)
{
	switch (command) {
	case CMD_LANES_IN:
	case CMD_LANES_OUT:
		zoom(&ui->lanes, model_lanes(model).until, command == CMD_LANES_IN ? -1 : 1);
		break;
	case CMD_LANES_FREEZE:
		freeze(ui, model, !ui->lanes.frozen);
		break;
	case CMD_FIELD_NEXT:
	case CMD_FIELD_PREVIOUS:
		if (ui->overlay == OVERLAY_PROVENANCE) {
			step_number(&ui->lanes, command == CMD_FIELD_NEXT ? 1 : -1);
			break;
		}
		move_cursor(ui, model, command);
		break;
	default:
		move_cursor(ui, model, command);
	}
}

/* Up and down over the rows that have a lane. */
void lanes_move(struct ui *ui, struct model *model, enum command_id command)
{
	const struct lanes_view view = model_lanes(model);
	int n = (int)(view.n + view.n_cpus), at = 0;
	struct scroll scroll = { .rows = n, .visible = ui->lanes.scroll.visible };

	for (int i = 0; i < n; i++) {
		int32_t id =
			i < (int)view.n ? view.lanes[i]->tid : -view.cpus[i - (int)view.n].cpu - 1;

		if (id == ui->lanes.tid)
			at = i;
	}
	at = scroll_move(&scroll, at, command);
	if (n)
		ui->lanes.tid = at < (int)view.n ? view.lanes[at]->tid
						 : -view.cpus[at - (int)view.n].cpu - 1;
}
