/* SPDX-License-Identifier: MIT
 * Who stands in which row: both sides' workers in one list, so that the same worker stands in the same row left and
 * right, and the selection that moves through it.
 */

#include "screen.h"

enum style side_style(enum side side)
{
	return side == SIDE_LEFT ? STYLE_PROCESS : STYLE_THREAD;
}

enum kind side_kind(const struct model_side *side, enum side which)
{
	if (side->crew)
		return (enum kind)side->crew->kind;
	if (side->group)
		return side->group->threads >= 2 * side->group->processes ? KIND_THREADS
									  : KIND_PROCESSES;
	return which == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS;
}

const char *side_called(const struct model_side *side, enum side which)
{
	return side->group ? side->group->title : kind_name(side_kind(side, which));
}

bool shows_groups(const struct model *model)
{
	return model_side(model, SIDE_LEFT)->group || model_side(model, SIDE_RIGHT)->group;
}

const char *worker_name(char *out, size_t size, const struct model_side *side, int worker)
{
	const struct track *track = side->group ? side_track(side, worker) : NULL;

	if (track)
		snprintf(out, size, "%.*s", (int)size - 1, track->now.name);
	else if (worker >= 0)
		snprintf(out, size, "w%d", worker);
	else if (side->crew && side->crew->kind == KIND_THREADS)
		snprintf(out, size, "main");
	else
		snprintf(out, size, "host");
	return out;
}

/* The order of rows: workers by index, then the host, which only waits. */
static int rank(int worker)
{
	return worker == WORKER_HOST ? INT_MAX : worker;
}

/* The half of a worker's row, made if it is not there yet. Samples are sorted, so the search from the end is short. */
static struct worker_half *half_of(struct ui *ui, enum side side, int worker)
{
	size_t at = ui->rows.n;

	while (at > 0 && rank(ui->rows.at[at - 1].half[side].worker) > rank(worker))
		at--;
	if (at > 0 && ui->rows.at[at - 1].half[side].worker == worker)
		return &ui->rows.at[at - 1].half[side];
	(void)vec_push(&ui->rows);
	memmove(&ui->rows.at[at + 1], &ui->rows.at[at],
		(ui->rows.n - 1 - at) * sizeof(ui->rows.at[0]));
	ui->rows.at[at] = (struct worker_row) { { { worker }, { worker } } };
	return &ui->rows.at[at].half[side];
}

static void gather_side(struct ui *ui, const struct model_side *side, enum side which)
{
	for (size_t i = 0; i < side->n_ended; i++) {
		const struct worker_sample *ended = side->ended[i];
		struct worker_half *half = half_of(ui, which, ended->index);

		*half = (struct worker_half) {
			.worker = ended->index,
			.ended = ended,
			.pid = ended->pid,
			.tid = ended->tid,
		};
	}
	for (size_t i = 0; i < side->n_tracks; i++) {
		const struct track *track = side->tracks[i];
		struct worker_half *half;

		if (track->now.worker == WORKER_NONE)
			continue;
		half = half_of(ui, which, track->now.worker);
		*half = (struct worker_half) {
			.worker = track->now.worker,
			.track = track,
			.pid = track->now.pid,
			.tid = track->now.tid,
		};
	}
}

static int row_of(const struct ui *ui, enum side side, int worker)
{
	for (size_t i = 0; i < ui->rows.n; i++)
		if (ui->rows.at[i].half[side].pid && ui->rows.at[i].half[side].worker == worker)
			return (int)i;
	return -1;
}

/* The chosen worker, or while it has no row the nearest one above. In a group numbers say nothing of who stands above. */
static void keep_selection(struct ui *ui, enum side side, bool group)
{
	int chosen = ui->chosen[side], best = WORKER_NONE;

	for (size_t i = 0; i < ui->rows.n; i++) {
		const struct worker_half *half = &ui->rows.at[i].half[side];
		const bool found = half->worker == chosen,
			   above = rank(half->worker) <= rank(chosen);

		if (half->pid && (best == WORKER_NONE || found || (above && !group)))
			best = half->worker;
	}
	ui->worker[side] = best;
}

static bool half_has(
	const struct model_side *side, const struct worker_half *half, const char *wanted)
{
	char text[128];

	if (!half->pid)
		return false;
	snprintf(text, sizeof(text), "%s %d %d %s", TEXT_OF(worker_name, side, half->worker),
		half->pid, half->tid, half->track ? half->track->worker->job : "");
	return strcasestr(text, wanted);
}

/* Only rows with the text that is looked for stay; those of groups were chosen so. */
static void drop_unfound(struct ui *ui, const struct model *model)
{
	size_t kept = 0;

	if (!*ui->find || shows_groups(model))
		return;
	for (size_t i = 0; i < ui->rows.n; i++) {
		const struct worker_row *row = &ui->rows.at[i];
		bool has = false;

		for (enum side side = 0; side < SIDES; side++)
			has = has || half_has(model_side(model, side), &row->half[side], ui->find);
		if (has)
			ui->rows.at[kept++] = *row;
	}
	ui->rows.n = kept;
}

/* A group's rows have an order of their own. */
static void put_group(struct ui *ui, const struct model_side *side, enum side which)
{
	group_list_gather(&ui->list, side, which, ui->find);
	for (size_t i = 0; i < ui->list.rows[which].n; i++) {
		const struct group_row *row = &ui->list.rows[which].at[i];

		if (i == ui->rows.n)
			*vec_push(&ui->rows) =
				(struct worker_row) { { { WORKER_NONE }, { WORKER_NONE } } };
		ui->rows.at[i].half[which] = (struct worker_half) {
			.worker = row->track->now.worker,
			.folded = row->folded,
			.track = row->track,
			.pid = row->track->now.pid,
			.tid = row->track->now.tid,
		};
	}
}

void rows_gather(struct ui *ui, const struct model *model)
{
	vec_clear(&ui->rows);
	for (enum side side = 0; side < SIDES; side++) {
		const struct model_side *of = model_side(model, side);

		if (of->group)
			put_group(ui, of, side);
		else
			gather_side(ui, of, side);
	}
	drop_unfound(ui, model);
	for (enum side side = 0; side < SIDES; side++)
		keep_selection(ui, side, model_side(model, side)->group);
}

int rows_selected(const struct ui *ui, enum side side)
{
	return MAX(row_of(ui, side, ui->worker[side]), 0);
}

const struct worker_half *rows_half(const struct ui *ui, enum side side)
{
	const int row = row_of(ui, side, ui->worker[side]);

	return row >= 0 ? &ui->rows.at[row].half[side] : NULL;
}

const struct worker_half *rows_only_process(const struct ui *ui, enum side side)
{
	const struct worker_half *first = NULL;
	int n = 0;

	for (size_t i = 0; i < ui->rows.n; i++) {
		const struct worker_half *half = &ui->rows.at[i].half[side];

		if (!half->track)
			continue;
		first = first ? first : half;
		if (half->pid != first->pid)
			return NULL;
		n++;
	}
	return n > 1 ? first : NULL;
}

int32_t rows_pid(const struct ui *ui, enum side side)
{
	const struct worker_half *half = rows_half(ui, side);

	return half && half->track ? half->pid : 0;
}

void rows_select(struct ui *ui, int row)
{
	const struct worker_row *found;

	if (row < 0 || (size_t)row >= ui->rows.n)
		return;
	found = &ui->rows.at[row];
	for (enum side side = 0; side < SIDES; side++)
		if (found->half[side].pid)
			ui->worker[side] = ui->chosen[side] = found->half[side].worker;
}

/* Rows where the active side has nobody are stepped over. */
void rows_move(struct ui *ui, enum command_id command)
{
	struct scroll list = { .visible = ui->workers.visible, .rows = (int)ui->rows.n };
	int at = rows_selected(ui, ui->side), to = scroll_move(&list, at, command);
	int step = to < at || (to == at && command == CMD_END) ? -1 : 1;

	if (command == CMD_HOME)
		step = 1;
	if (command == CMD_END)
		step = -1;
	while (to >= 0 && to < list.rows && !ui->rows.at[to].half[ui->side].pid)
		to += step;
	rows_select(ui, to);
}

/* --- a cursor in a list that is longer than its window --- */

int scroll_move(const struct scroll *scroll, int at, enum command_id command)
{
	int page = MAX(scroll->visible - 1, 1);

	switch (command) {
	case CMD_UP:
		at--;
		break;
	case CMD_DOWN:
		at++;
		break;
	case CMD_PAGE_UP:
		at -= page;
		break;
	case CMD_PAGE_DOWN:
		at += page;
		break;
	case CMD_HOME:
		at = 0;
		break;
	case CMD_END:
		at = scroll->rows - 1;
		break;
	default:
		break;
	}
	return MAX(MIN(at, scroll->rows - 1), 0);
}

void scroll_show(struct scroll *scroll, int rows, int visible, int at)
{
	scroll->rows = rows;
	scroll->visible = visible;
	if (at < scroll->top)
		scroll->top = at;
	if (at >= scroll->top + visible)
		scroll->top = at - visible + 1;
	scroll->top = MAX(MIN(scroll->top, rows - visible), 0);
}
