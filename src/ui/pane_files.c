/* SPDX-License-Identifier: MIT
 * Descriptor tables side by side: one column a member, one row a descriptor. A letter is an open file: where the letters
 * are equal the offset moves for all; a dash: this table has no such descriptor.
 */
#include <stdio.h>
#include <string.h>

#include "worker_list.h"

#define HEAD_ROWS 2
#define CELL_COLS 6
#define LABEL_COLS_MIN 12
#define FDS_MAX 64

/* What of a worker can be focused: its directory, its umask, then its descriptors in the order of the rows. */
enum { FIELD_CWD, FIELD_UMASK, FIELD_FDS };

/* The workers that have a column, and the rows of one half. */
struct fd_table {
	struct frame *frame;
	const struct area *area;
	enum side side;
	struct rect half;
	int label_cols;
	const struct worker_row *column[CANVAS_COLS_MAX / CELL_COLS];
	int columns;
	const struct file_sample *fd[FDS_MAX]; /* one of each number */
	int fds;
};

/* What is shown first: the file that everybody got, what somebody opened, then what the crew needs for itself. */
static int importance(const struct file_sample *file)
{
	static const char *const own[] = { "/memfd:taskscope",
		"pipe:", "anon_inode:", "socket:", "/dev/" };

	if (strstr(file->path, CREW_FILE))
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (strncmp(file->path, own[i], strlen(own[i])) == 0)
			return 2;
	return 1;
}

static bool is_before(const struct file_sample *a, const struct file_sample *b)
{
	int by = importance(a) - importance(b);

	return by ? by < 0 : a->fd < b->fd;
}

/* A row is a number and the file behind it: the same number may be another file in another table. */
static bool is_same(const struct file_sample *a, const struct file_sample *b)
{
	return a->fd == b->fd && strcmp(a->path, b->path) == 0;
}

static void add_fd(struct fd_table *table, const struct file_sample *file)
{
	int at = table->fds;

	for (int i = 0; i < table->fds; i++)
		if (is_same(table->fd[i], file))
			return;
	if (table->fds == FDS_MAX)
		return;
	table->fds++;
	while (at > 0 && is_before(file, table->fd[at - 1])) {
		table->fd[at] = table->fd[at - 1];
		at--;
	}
	table->fd[at] = file;
}

/* Where not all fit, the host is left out first, then the last. */
static void choose_columns(struct fd_table *table)
{
	const struct ui *ui = table->frame->ui;
	int room = (table->half.cols - 2 - LABEL_COLS_MIN) / CELL_COLS, n = 0;

	for (size_t i = 0; i < ui->rows.n; i++)
		n += ui->rows.at[i].half[table->side].pid &&
		     !ui->rows.at[i].half[table->side].ended;
	for (size_t i = 0; i < ui->rows.n && table->columns < room; i++) {
		const struct worker_row *row = &ui->rows.at[i];

		if (!row->half[table->side].pid || row->half[table->side].ended ||
			(n > room && row->worker == WORKER_HOST))
			continue;
		table->column[table->columns++] = row;
	}
	table->label_cols = table->half.cols - 2 - table->columns * CELL_COLS;
}

static struct place cell_at(const struct fd_table *table, int row, int column)
{
	return (struct place) { table->half.row + row,
		table->half.col + 1 + table->label_cols + column * CELL_COLS + 1, CELL_COLS - 1 };
}

static bool is_selected(const struct fd_table *table, int column)
{
	const struct ui *ui = table->frame->ui;

	return table->side == ui->side && table->column[column]->worker == ui->worker[table->side];
}

static void draw_titles(const struct fd_table *table)
{
	char name[16];

	for (int i = 0; i < table->columns; i++)
		put_right(table->frame, cell_at(table, 1, i),
			is_selected(table, i) ? STYLE_FOCUS : side_style(table->side),
			worker_name(name, sizeof(name),
				model_side(table->frame->model, table->side),
				table->column[i]->worker));
}

/* One cell of a field; `what` tells the rows apart for what has just changed. */
static void put_cell(const struct fd_table *table, int field, int column, enum style style,
	const char *text, int what, bool known)
{
	static const struct column flashing = { .flashes = true };
	const struct worker_row *of = table->column[column];
	const struct table_cell cell = { .frame = table->frame,
		.area = table->area,
		.side = table->side,
		.row = of,
		.half = &of->half[table->side],
		.column = &flashing,
		.at = cell_at(table, HEAD_ROWS + field, column) };

	if (cell.at.row >= table->half.row + table->half.rows)
		return;
	cell_news_draw(&cell, what, style, text, known ? text : "");
	if (is_selected(table, column) && table->area->panel->fields.focus == field)
		number_focus(table->frame, table->area, cell.at);
}

static const struct fs_sample *place_of(const struct fd_table *table, int column)
{
	return model_evidence(
		table->frame->model, FACT_PLACE, table->side, table->column[column]->worker);
}

static void draw_places(const struct fd_table *table)
{
	char text[80];

	for (int i = 0; i < table->columns; i++) {
		const struct fs_sample *place = place_of(table, i);
		const char *cwd = place ? place->cwd : "", *tail = strrchr(cwd, '/');

		/* The last part says most where the whole does not fit. */
		if (tail && tail[1] && text_width(cwd) >= CELL_COLS)
			cwd = tail + 1;
		put_cell(table, FIELD_CWD, i, cwd[0] ? STYLE_TEXT : STYLE_DIM, cwd[0] ? cwd : "–",
			-1, cwd[0]);
		if (place && place->umask >= 0)
			snprintf(text, sizeof(text), "%03o", (unsigned)place->umask);
		else
			snprintf(text, sizeof(text), "–");
		put_cell(table, FIELD_UMASK, i, STYLE_TEXT, text, -2, place && place->umask >= 0);
	}
}

/* A row's descriptor in a member's table; NULL: it has none, or another file there. */
static const struct file_sample *file_of(
	const struct fd_table *table, int column, const struct file_sample *row)
{
	const struct sample *sample = model_sample(table->frame->model);
	const struct worker_row *of = table->column[column];
	const struct worker_half *half = &of->half[table->side];
	const struct file_sample *best = NULL;

	for (size_t i = 0; i < sample->files.n; i++) {
		const struct file_sample *file = &sample->files.at[i];

		if (!is_same(file, row) || file->side != (int16_t)table->side)
			continue;
		if (file->worker == of->worker)
			return file;
		if (file->pid == half->pid)
			best = file;
	}
	return best;
}

/* Tells rows apart for what has just changed. */
static int news_of(const struct file_sample *file)
{
	return (int)(hash_bytes(file->path, strlen(file->path), (uint64_t)file->fd) >> 33);
}

/* Threads have one table: the open file is theirs together, though no other table has it. */
static bool has_one_table(const struct fd_table *table, int column)
{
	int32_t pid = table->column[column]->half[table->side].pid;
	int n = 0;

	for (int i = 0; i < table->columns; i++)
		n += table->column[i]->half[table->side].pid == pid;
	return n > 1;
}

static void draw_file(const struct fd_table *table, int field, const struct file_sample *fd)
{
	for (int i = 0; i < table->columns; i++) {
		const struct file_sample *file = file_of(table, i, fd);
		bool together = file && has_one_table(table, i);
		enum style style = STYLE_PRIVATE;
		char text[24];

		if (!file)
			snprintf(text, sizeof(text), "%s", place_of(table, i) ? "–" : "?");
		else if (file->description > 0)
			snprintf(text, sizeof(text), "%c%lld", 'a' + (file->description - 1) % 26,
				(long long)file->position);
		else
			snprintf(text, sizeof(text), "%s%lld", together ? "=" : "",
				(long long)file->position);
		if (!file)
			style = STYLE_DIM;
		else if (file->description > 0 || together)
			style = STYLE_SHARED;
		put_cell(table, field, i, style, text, news_of(fd), text[0] != '?');
	}
}

static void draw_label(const struct fd_table *table, int row, const char *text)
{
	put_text(table->frame,
		(struct place) { table->half.row + row, table->half.col + 1, table->label_cols },
		STYLE_DIM, text);
}

static void draw_files(const struct fd_table *table)
{
	char text[100];

	for (int i = 0; i < table->fds; i++) {
		const struct file_sample *file = table->fd[i];
		const char *path = file->path, *tail = strrchr(path, '/');
		int row = HEAD_ROWS + FIELD_FDS + i;

		if (row >= table->half.rows)
			return;
		if (strncmp(path, "/memfd:", 7) == 0)
			path += 7;
		else if (tail && tail[1] && text_width(path) + 3 > table->label_cols)
			path = tail + 1;
		snprintf(text, sizeof(text), "%d %s", file->fd, path);
		draw_label(table, row, text);
		draw_file(table, FIELD_FDS + i, file);
	}
}

/* The fields of the selected side, and which descriptor is focused, for `?`. */
static void choose_field(struct fd_table *table)
{
	struct file_sample *file = table->area->panel->state;
	struct fields *fields = &table->area->panel->fields;

	if (table->side != table->frame->ui->side)
		return;
	for (int i = 0; i < MIN(FIELD_FDS + table->fds, table->half.rows - HEAD_ROWS); i++)
		fields_add(fields, i);
	if (table->fds) /* else they are read next */
		fields->focus = MAX(MIN(fields->focus, fields->n - 1), 0);
	*file = fields->focus >= FIELD_FDS && table->fds ? *table->fd[fields->focus - FIELD_FDS]
							 : (struct file_sample) { .fd = -1 };
}

/* Returns how many descriptors there was no row for. */
static int draw_half(struct frame *frame, const struct area *area, enum side side)
{
	struct fd_table table = {
		.frame = frame, .area = area, .side = side, .half = area->half[side]
	};
	const struct sample *sample = model_sample(frame->model);
	char workers[40], tables[40], text[100];

	for (size_t i = 0; i < sample->files.n; i++)
		if (sample->files.at[i].side == (int16_t)side)
			add_fd(&table, &sample->files.at[i]);
	choose_columns(&table);
	choose_field(&table);
	format_workers(workers, sizeof(workers), frame, side);
	format_number_of(tables, sizeof(tables), side_objects(frame, side, RESOURCE_FILES),
		"descriptor table", "descriptor tables");
	snprintf(text, sizeof(text), "%s: %s", workers, tables);
	put_text(frame, (struct place) { table.half.row, table.half.col + 1, table.half.cols - 2 },
		STYLE_STRONG, text);
	draw_titles(&table);
	draw_label(&table, 2, "cwd");
	draw_label(&table, 3, "umask");
	draw_places(&table);
	draw_files(&table);
	return MAX(HEAD_ROWS + FIELD_FDS + table.fds - table.half.rows, 0);
}

static void draw_legend(struct frame *frame, const struct area *area, int hidden)
{
	static const char wide[] =
		"letter: which open file · number: its offset · = one table · – not open";
	static const char brief[] = "letter: open file · number: offset · = one table";
	const char *text = text_width(wide) <= frame_note_cols(frame, area) ? wide : brief;

	if (hidden)
		frame_note(frame, "%s · %d more", text, hidden);
	else
		frame_note(frame, "%s", text);
}

static void pane_files_draw(struct frame *frame, const struct area *area)
{
	char text[160];
	int hidden = 0;

	area->panel->fields.n = 0;
	memset(frame->changed, 0, sizeof(frame->changed));
	for (enum side side = 0; side < SIDES; side++) {
		const int more = draw_half(frame, area, side);

		hidden = MAX(hidden, more);
	}
	if (format_changed(frame, text, sizeof(text)))
		frame_alert(frame, "%s", text);
	else
		draw_legend(frame, area, hidden);
}

static int pane_files_want(const struct panel *panel)
{
	return HEAD_ROWS + 2 + 12;
}

static bool pane_files_number(
	const struct panel *panel, const struct model *model, struct number *ret)
{
	static const char *const names[] = { "cwd", "umask", "file_position" };
	static const enum fact_scope scopes[] = { FACT_PLACE, FACT_PLACE, FACT_FILE };
	const struct file_sample *file = panel->state;
	const int field = MIN(panel->fields.focus, FIELD_FDS);
	size_t len;

	if (!worker_number(panel->ui, model, fact_find(scopes[field], names[field]), ret))
		return false;
	if (field < FIELD_FDS || strstr(file->path, CREW_FILE))
		return true;
	/* Only the file that all were given has a path of its own. */
	ret->path.fact = NULL;
	ret->text[0] = '\0';
	len = strlen(ret->subject);
	snprintf(ret->subject + len, sizeof(ret->subject) - len, ": descriptor %d", file->fd);
	return true;
}

const struct pane pane_files = {
	.info = { "files", "Files", "who has which descriptor at which offset; directories, umask",
		"files" },
	.min_rows = 6,
	.weight = 4,
	.field = FIELD_FDS,
	.needs = NEED_TASKS | NEED_FILES,
	.gaps = { "fd", "cwd", "kcmp file" },
	.size = sizeof(
		struct file_sample), /* a record of the descriptor that is focused; fd -1: none */
	.want = pane_files_want,
	.draw = pane_files_draw,
	.number = pane_files_number,
};
