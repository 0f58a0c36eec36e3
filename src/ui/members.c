/* SPDX-License-Identifier: MIT
 * The list of members that most panes of evidence are: who stands where, the sentence above, and who has just changed.
 */
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "members.h"

#define HEAD_ROWS 2 /* the sentence and the titles */
#define TALL_ROWS 4

char *format_number_of(char *out, size_t size, int n, const char *one, const char *many)
{
	if (n < 0)
		snprintf(out, size, "? %s", many);
	else
		snprintf(out, size, "%d %s", n, n == 1 ? one : many);
	return out;
}

int members_count(const struct frame *frame, enum side side)
{
	const struct model_side *of = model_side(frame->model, side);
	int n = 0;

	for (size_t i = 0; i < of->n_tracks; i++)
		n += of->tracks[i]->now.worker >= 0;
	return n;
}

/* A task of mixed flags may be of the other kind than its crew. */
char *format_workers(char *out, size_t size, const struct frame *frame, enum side side)
{
	static const char *const one[] = { "process", "thread" }, *const many[] = { "processes",
		"threads" };
	const struct model_side *of = model_side(frame->model, side);
	const int threads = side_kind(of, side) == KIND_THREADS;
	int others = 0;
	char also[32];

	for (size_t i = 0; i < of->n_tracks; i++) {
		const struct task_sample *task = &of->tracks[i]->now;

		others += task->worker >= 0 && of->crew && (task->pid == of->crew->host) != threads;
	}
	format_number_of(
		out, size, members_count(frame, side) - others, one[threads], many[threads]);
	if (others)
		snprintf(out + strlen(out), size - strlen(out), ", %s",
			format_number_of(
				also, sizeof(also), others, one[!threads], many[!threads]));
	return out;
}

/* By construction: who was made with the flag has what its crew has, each other worker has its own. */
static int objects_as_made(const struct frame *frame, enum side side, enum resource resource)
{
	static const uint64_t flags[RESOURCES] = {
		[RESOURCE_MEMORY] = CLONE_VM,
		[RESOURCE_FILES] = CLONE_FILES,
		[RESOURCE_FS] = CLONE_FS,
		[RESOURCE_HANDLERS] = CLONE_SIGHAND,
	};
	const struct model_side *of = model_side(frame->model, side);
	int own = 0, together = 0;

	for (size_t i = 0; i < of->n_tracks; i++) {
		const struct track *track = of->tracks[i];

		if (track->now.worker < 0)
			continue;
		if (track->now.pid != track->now.tid ||
			(track->worker.clone_flags & flags[resource]))
			together = 1;
		else
			own++;
	}
	return own + together;
}

/* Without the host: the sentence is about the workers. */
int members_objects(const struct frame *frame, enum side side, enum resource resource)
{
	const struct sample *sample = model_sample(frame->model);
	int n = 0;
	bool any = false;

	for (size_t i = 0; i < sample->sharing.n; i++) {
		const struct sharing_sample *row = &sample->sharing.at[i];
		bool first = true;

		if (row->side != (int16_t)side || row->worker < 0)
			continue;
		if (row->object[resource] < 0)
			return -1;
		any = true;
		for (size_t k = 0; k < i && first; k++)
			first = sample->sharing.at[k].side != (int16_t)side ||
				sample->sharing.at[k].worker < 0 ||
				sample->sharing.at[k].object[resource] != row->object[resource];
		n += first && row->object[resource] > 0;
	}
	return any ? n : objects_as_made(frame, side, resource);
}

const void *member_evidence(const struct frame *frame, enum fact_scope scope, enum side side,
	const struct member *member)
{
	return model_evidence(frame->model, scope, side, member->row->worker);
}

void member_name_draw(struct frame *frame, const struct column *column, struct place at,
	enum side side, const void *row)
{
	const struct member *member = row;
	char name[16];

	put_text(frame, at, member->half->ended ? STYLE_DEAD : side_style(side),
		worker_name(name, sizeof(name), member->side, member->row->worker));
}

/* Adds a worker to those that changed, once. */
static void remember(struct frame *frame, enum side side, const struct member *member)
{
	char name[24], *who = frame->changed[side];
	size_t len = strlen(who), size = sizeof(frame->changed[side]);

	if (frame->changed_last[side] == member->row && who[0])
		return;
	frame->changed_last[side] = member->row;
	worker_name(name, sizeof(name), member->side, member->row->worker);
	if (len + strlen(name) + 2 < size)
		snprintf(who + len, size - len, " %s", name);
}

void member_text_draw(struct frame *frame, const struct column *column, struct place at,
	enum side side, const struct member *member, enum style style, const char *text)
{
	member_cell_draw(frame, column, 0, at, side, member, style, text);
}

void member_cell_draw(struct frame *frame, const struct column *column, int what, struct place at,
	enum side side, const struct member *member, enum style style, const char *text)
{
	member_named_draw(frame, column, what, at, side, member, style, text, text);
}

void member_named_draw(struct frame *frame, const struct column *column, int what, struct place at,
	enum side side, const struct member *member, enum style style, const char *text,
	const char *news)
{
	const int32_t who[] = { side, member->row->worker, member->half->tid, what };
	uint64_t key = changes_hash(&column, sizeof(column), changes_hash(who, sizeof(who), 0));

	if (column->left)
		put_text(frame, at, style, text);
	else
		put_right(frame, at, style, text);
	if (!column->flashes ||
		!changes_is_news(frame->ui, model_sample(frame->model)->at_ns, key,
			news[0] ? changes_hash(news, strlen(news), 0) : CHANGES_UNKNOWN))
		return;
	canvas_mark(frame->canvas, (struct rect) { at.row, at.col, 1, at.cols }, CELL_MARKED);
	remember(frame, side, member);
}

static bool value_of(const struct frame *frame, const struct column *column, enum side side,
	const struct member *member, struct fact_value *ret)
{
	char path[96], who[16];

	snprintf(path, sizeof(path), "%s.%s.%s", side_path(side),
		worker_path(who, sizeof(who), member->row->worker), column->fact);
	return fact_value(frame->model, path, ret, NULL, 0);
}

void member_fact_draw(struct frame *frame, const struct column *column, struct place at,
	enum side side, const void *row)
{
	struct fact_value value;
	char text[96];

	if (!value_of(frame, column, side, row, &value))
		return;
	bool known = value.quality != QUALITY_UNAVAILABLE;

	fact_format(text, sizeof(text), &value);
	member_named_draw(frame, column, 0, at, side, row,
		!known || value.number == 0 ? STYLE_DIM : STYLE_TEXT, text, known ? text : "");
}

void member_process_draw(struct frame *frame, const struct column *column, struct place at,
	enum side side, const void *row)
{
	const struct member *member = row;

	if (member->half->pid != member->half->tid)
		put_right(frame, at, STYLE_DIM, MEMBER_AS_MAIN);
	else
		member_fact_draw(frame, column, at, side, row);
}

bool members_changed(const struct frame *frame, char *out, size_t size)
{
	const char *left = frame->changed[SIDE_LEFT], *right = frame->changed[SIDE_RIGHT];

	snprintf(out, size, "changed:%s%s%s%s%s", left[0] ? " left" : "", left,
		left[0] && right[0] ? " ·" : "", right[0] ? " right" : "", right);
	return left[0] || right[0];
}

static void draw_half(struct frame *frame, const struct area *area, const struct members *members,
	const struct table *table, enum side side)
{
	struct ui *ui = frame->ui;
	struct rect half = area->half[side];
	char text[160] = "";

	members->say(frame, side, half.cols - 2, text, sizeof(text));
	put_text(frame, (struct place) { half.row, half.col + 1, half.cols - 2 }, STYLE_STRONG,
		text);
	table_titles(frame, table, half, half.row + 1);
	for (int i = 0; i < ui->workers.visible; i++) {
		size_t at = (size_t)(ui->workers.top + i);
		int row = half.row + HEAD_ROWS + i * frame->row_rows;
		struct member member;

		if (at >= ui->rows.n)
			break;
		member = (struct member) { model_side(frame->model, side), &ui->rows.at[at],
			&ui->rows.at[at].half[side] };
		if (!member.half->pid)
			continue;
		table_row(frame, table, half, row, side, &member);
		if (side == ui->side && member.row->worker == ui->worker[side])
			table_cursor(frame, area, table, row, side);
	}
}

/* What the side has in all: below the last row, in the same columns. */
static void draw_sums(struct frame *frame, const struct area *area, const struct members *members,
	const struct table *table, enum side side)
{
	struct ui *ui = frame->ui;
	struct rect half = area->half[side];
	int row =
		half.row + HEAD_ROWS + MIN(ui->workers.visible, (int)ui->rows.n) * frame->row_rows;

	if (row >= half.row + half.rows)
		return;
	put_text(frame, table_place(table, half, row, 0), STYLE_STRONG, "all");
	for (int i = 0; i < members->n; i++) {
		struct place at = table_place(table, half, row, i);
		struct fact_value value;
		char path[96], text[96];

		snprintf(path, sizeof(path), "%s.%s", side_path(side),
			members->columns[i].sum ? members->columns[i].sum : "");
		if (!members->columns[i].sum || !at.cols ||
			!fact_value(frame->model, path, &value, NULL, 0))
			continue;
		put_right(frame, at, STYLE_STRONG, fact_format(text, sizeof(text), &value));
		if (side == ui->side && ui->field[area->pane] == members->n + i)
			number_focus(frame, area, at);
	}
}

static void draw_conclusion(
	struct frame *frame, const struct area *area, const struct members *members, enum side side)
{
	struct rect rest = area->half[side];
	int used = HEAD_ROWS + (int)frame->ui->rows.n * frame->row_rows + members->sums + 1;
	char text[256] = "";

	rest.row += used;
	rest.rows -= used;
	rest.col++;
	rest.cols -= 2;
	if (rest.rows < 1)
		return;
	members->conclude(frame, side, text, sizeof(text));
	put_wrapped(frame, rest, STYLE_TEXT, text);
}

static int room_of(const struct area *area, const struct members *members)
{
	return MAX(area->half[0].rows - HEAD_ROWS - members->sums, 0);
}

/* The sums can be focused after the columns: by the number of the column and that of all columns. */
static void add_sums(
	struct ui *ui, int pane, const struct members *members, const struct table *table)
{
	struct fields *fields = &ui->fields[pane];

	for (int i = 0; i < members->n; i++) {
		if (!members->columns[i].sum || !table->slots[i].width ||
			members->n + i >= COLUMNS_MAX)
			continue;
		fields->column[fields->n++] = members->n + i;
		ui->field_at[pane][members->n + i] = CANVAS_COLS_MAX; /* no click finds it */
	}
}

static void fit(struct frame *frame, const struct area *area, const struct members *members,
	struct table *table)
{
	struct ui *ui = frame->ui;
	int field = ui->field[area->pane];

	frame->row_rows = 1;
	if (members->tall && ui->rows.n) {
		const int room = room_of(area, members) - losses_any(frame, area->pane);

		frame->row_rows = MAX(MIN(room / (int)ui->rows.n, TALL_ROWS), 1);
	}
	table_begin(table, members->columns, members->n);
	table_fit(table, ui, area->pane, area->half[0].cols - 2);
	if (!members->sums)
		return;
	add_sums(ui, area->pane, members, table);
	for (int i = 0; i < ui->fields[area->pane].n; i++)
		if (ui->fields[area->pane].column[i] == field)
			ui->field[area->pane] = field;
}

int members_cell_rows(const struct frame *frame)
{
	return MAX(frame->row_rows - (frame->row_rows > 2), 1);
}

int members_cells(
	struct frame *frame, const struct area *area, const struct members *members, int column)
{
	struct table table;
	int field = frame->ui->field[area->pane];

	fit(frame, area, members, &table);
	frame->ui->field[area->pane] = field;
	return table.slots[column].width * members_cell_rows(frame);
}

void members_draw(struct frame *frame, const struct area *area, const struct members *members)
{
	struct ui *ui = frame->ui;
	struct table table;
	char text[160];

	fit(frame, area, members, &table);
	scroll_show(&ui->workers, (int)ui->rows.n, room_of(area, members) / frame->row_rows,
		rows_selected(ui, ui->side));
	memset(frame->changed, 0, sizeof(frame->changed));
	for (enum side side = 0; side < SIDES; side++)
		draw_half(frame, area, members, &table, side);
	for (enum side side = 0; side < SIDES; side++) {
		if (members->sums)
			draw_sums(frame, area, members, &table, side);
		if (members->conclude)
			draw_conclusion(frame, area, members, side);
	}
	if (members_changed(frame, text, sizeof(text)))
		frame_alert(frame, area, "%s", text);
	else if (ui->workers.rows > ui->workers.visible)
		frame_note(frame, area, "rows %d to %d of %d", ui->workers.top + 1,
			ui->workers.top + ui->workers.visible, ui->workers.rows);
	else
		frame_note(frame, area, "%s",
			area->half[0].cols > 50 ? members->legend : members->brief);
}

int members_want(const struct ui *ui)
{
	return HEAD_ROWS + MAX((int)ui->rows.n, 2);
}

void members_click(struct ui *ui, int row)
{
	if (row >= HEAD_ROWS)
		rows_select(ui, ui->workers.top + row - HEAD_ROWS);
}

static bool sum_number(const struct ui *ui, const char *sum, struct number *ret)
{
	if (!sum)
		return false;
	*ret = (struct number) { .scope = FACT_SIDE, .fact = sum };
	snprintf(ret->path, sizeof(ret->path), "%s.%s", side_path(ui->side), sum);
	snprintf(ret->subject, sizeof(ret->subject), "all of the %s side, the host too",
		side_path(ui->side));
	return true;
}

bool members_number_of(const struct ui *ui, struct model *model, const struct members *members,
	int field, struct number *ret)
{
	const struct worker_half *half = rows_half(ui, ui->side);
	const struct column *column;
	char name[16], path[16];

	if (members->sums && field >= members->n && field < 2 * members->n)
		return sum_number(ui, members->columns[field - members->n].sum, ret);
	if (!half || field >= members->n || !members->columns[field].fact)
		return false;
	column = &members->columns[field];
	worker_name(name, sizeof(name), model_side(model, ui->side), ui->worker[ui->side]);
	worker_path(path, sizeof(path), ui->worker[ui->side]);
	*ret = (struct number) { .scope = column->scope, .fact = column->fact };
	snprintf(ret->path, sizeof(ret->path), "%s.%s.%s", side_path(ui->side), path, column->fact);
	snprintf(ret->subject, sizeof(ret->subject), "%s of the %s, PID %d, TID %d", name,
		kind_name(side_kind(model_side(model, ui->side), ui->side)), half->pid, half->tid);
	return true;
}

bool members_number(
	const struct ui *ui, struct model *model, const struct members *members, struct number *ret)
{
	return members_number_of(ui, model, members, ui->field[ui->focus], ret);
}
