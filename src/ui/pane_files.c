/* SPDX-License-Identifier: MIT
 * Descriptor tables side by side: one column a member, one row a descriptor. A letter is an open file: where the letters
 * are equal the offset moves for all; a dash: this table has no such descriptor.
 */
#include <stdio.h>
#include <string.h>

#include "members.h"

#define HEAD_ROWS 2
#define CELL_COLS 6
#define LABEL_COLS_MIN 12
#define FDS_MAX 64

/* What of a member can be focused: its directory, its umask, then its descriptors in the order of the rows. */
enum { FIELD_CWD, FIELD_UMASK, FIELD_FDS };

/* The members that have a column, and the rows of one half. */
struct sheet {
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

static void add_fd(struct sheet *sheet, const struct file_sample *file)
{
	int at = sheet->fds;

	for (int i = 0; i < sheet->fds; i++)
		if (is_same(sheet->fd[i], file))
			return;
	if (sheet->fds == FDS_MAX)
		return;
	sheet->fds++;
	while (at > 0 && is_before(file, sheet->fd[at - 1])) {
		sheet->fd[at] = sheet->fd[at - 1];
		at--;
	}
	sheet->fd[at] = file;
}

/* Where not all fit, the host is left out first, then the last. */
static void choose_columns(struct sheet *sheet)
{
	const struct ui *ui = sheet->frame->ui;
	int room = (sheet->half.cols - 2 - LABEL_COLS_MIN) / CELL_COLS, n = 0;

	for (size_t i = 0; i < ui->rows.n; i++)
		n += ui->rows.at[i].half[sheet->side].pid &&
		     !ui->rows.at[i].half[sheet->side].ended;
	for (size_t i = 0; i < ui->rows.n && sheet->columns < room; i++) {
		const struct worker_row *row = &ui->rows.at[i];

		if (!row->half[sheet->side].pid || row->half[sheet->side].ended ||
			(n > room && row->worker == WORKER_HOST))
			continue;
		sheet->column[sheet->columns++] = row;
	}
	sheet->label_cols = sheet->half.cols - 2 - sheet->columns * CELL_COLS;
}

static struct place cell_at(const struct sheet *sheet, int row, int column)
{
	return (struct place) { sheet->half.row + row,
		sheet->half.col + 1 + sheet->label_cols + column * CELL_COLS + 1, CELL_COLS - 1 };
}

static bool is_selected(const struct sheet *sheet, int column)
{
	const struct ui *ui = sheet->frame->ui;

	return sheet->side == ui->side && sheet->column[column]->worker == ui->worker[sheet->side];
}

static void draw_titles(const struct sheet *sheet)
{
	char name[16];

	for (int i = 0; i < sheet->columns; i++)
		put_right(sheet->frame, cell_at(sheet, 1, i),
			is_selected(sheet, i) ? STYLE_FOCUS : side_style(sheet->side),
			worker_name(name, sizeof(name),
				model_side(sheet->frame->model, sheet->side),
				sheet->column[i]->worker));
}

/* One cell of a field; `what` tells the rows apart for what has just changed. */
static void put_cell(const struct sheet *sheet, int field, int column, enum style style,
	const char *text, int what, bool known)
{
	static const struct column cell = { .flashes = true };
	const struct worker_row *of = sheet->column[column];
	struct member member = { model_side(sheet->frame->model, sheet->side), of,
		&of->half[sheet->side] };
	struct place at = cell_at(sheet, HEAD_ROWS + field, column);

	if (at.row >= sheet->half.row + sheet->half.rows)
		return;
	member_named_draw(sheet->frame, &cell, what, at, sheet->side, &member, style, text,
		known ? text : "");
	if (is_selected(sheet, column) && sheet->frame->ui->field[sheet->area->pane] == field)
		number_focus(sheet->frame, sheet->area, at);
}

static const struct fs_sample *place_of(const struct sheet *sheet, int column)
{
	return model_evidence(
		sheet->frame->model, FACT_PLACE, sheet->side, sheet->column[column]->worker);
}

static void draw_places(const struct sheet *sheet)
{
	char text[80];

	for (int i = 0; i < sheet->columns; i++) {
		const struct fs_sample *place = place_of(sheet, i);
		const char *cwd = place ? place->cwd : "", *tail = strrchr(cwd, '/');

		/* The last part says most where the whole does not fit. */
		if (tail && tail[1] && text_width(cwd) >= CELL_COLS)
			cwd = tail + 1;
		put_cell(sheet, FIELD_CWD, i, cwd[0] ? STYLE_TEXT : STYLE_DIM, cwd[0] ? cwd : "–",
			-1, cwd[0]);
		if (place && place->umask >= 0)
			snprintf(text, sizeof(text), "%03o", (unsigned)place->umask);
		else
			snprintf(text, sizeof(text), "–");
		put_cell(sheet, FIELD_UMASK, i, STYLE_TEXT, text, -2, place && place->umask >= 0);
	}
}

/* A row's descriptor in a member's table; NULL: it has none, or another file there. */
static const struct file_sample *file_of(
	const struct sheet *sheet, int column, const struct file_sample *row)
{
	const struct sample *sample = model_sample(sheet->frame->model);
	const struct worker_row *of = sheet->column[column];
	const struct worker_half *half = &of->half[sheet->side];
	const struct file_sample *best = NULL;

	for (size_t i = 0; i < sample->files.n; i++) {
		const struct file_sample *file = &sample->files.at[i];

		if (!is_same(file, row) || file->side != (int16_t)sheet->side)
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
	return (int)(changes_hash(file->path, strlen(file->path), (uint64_t)file->fd) >> 33);
}

/* Threads have one table: the open file is theirs together, though no other table has it. */
static bool has_one_table(const struct sheet *sheet, int column)
{
	int32_t pid = sheet->column[column]->half[sheet->side].pid;
	int n = 0;

	for (int i = 0; i < sheet->columns; i++)
		n += sheet->column[i]->half[sheet->side].pid == pid;
	return n > 1;
}

static void draw_file(const struct sheet *sheet, int field, const struct file_sample *fd)
{
	for (int i = 0; i < sheet->columns; i++) {
		const struct file_sample *file = file_of(sheet, i, fd);
		bool together = file && has_one_table(sheet, i);
		char text[24];

		if (!file)
			snprintf(text, sizeof(text), "%s", place_of(sheet, i) ? "–" : "?");
		else if (file->description > 0)
			snprintf(text, sizeof(text), "%c%lld", 'a' + (file->description - 1) % 26,
				(long long)file->position);
		else
			snprintf(text, sizeof(text), "%s%lld", together ? "=" : "",
				(long long)file->position);
		put_cell(sheet, field, i,
			!file                               ? STYLE_DIM
			: file->description > 0 || together ? STYLE_SHARED
							    : STYLE_PRIVATE,
			text, news_of(fd), text[0] != '?');
	}
}

static void draw_label(const struct sheet *sheet, int row, const char *text)
{
	put_text(sheet->frame,
		(struct place) { sheet->half.row + row, sheet->half.col + 1, sheet->label_cols },
		STYLE_DIM, text);
}

static void draw_files(const struct sheet *sheet)
{
	char text[100];

	for (int i = 0; i < sheet->fds; i++) {
		const struct file_sample *file = sheet->fd[i];
		const char *path = file->path, *tail = strrchr(path, '/');
		int row = HEAD_ROWS + FIELD_FDS + i;

		if (row >= sheet->half.rows)
			return;
		if (strncmp(path, "/memfd:", 7) == 0)
			path += 7;
		else if (tail && tail[1] && text_width(path) + 3 > sheet->label_cols)
			path = tail + 1;
		snprintf(text, sizeof(text), "%d %s", file->fd, path);
		draw_label(sheet, row, text);
		draw_file(sheet, FIELD_FDS + i, file);
	}
}

/* The fields of the selected side, and which descriptor is focused, for `?`. */
static void choose_field(struct sheet *sheet)
{
	struct ui *ui = sheet->frame->ui;
	struct fields *fields = &ui->fields[sheet->area->pane];
	int *field = &ui->field[sheet->area->pane];

	if (sheet->side != ui->side)
		return;
	fields->n = MIN(MIN(FIELD_FDS + sheet->fds, sheet->half.rows - HEAD_ROWS), COLUMNS_MAX);
	for (int i = 0; i < fields->n; i++) {
		fields->column[i] = i;
		ui->field_at[sheet->area->pane][i] = CANVAS_COLS_MAX;
	}
	if (sheet->fds) /* else they are read next */
		*field = MAX(MIN(*field, fields->n - 1), 0);
	ui->file = *field >= FIELD_FDS && sheet->fds ? *sheet->fd[*field - FIELD_FDS]
						     : (struct file_sample) { .fd = -1 };
}

/* Returns how many descriptors there was no row for. */
static int draw_half(struct frame *frame, const struct area *area, enum side side)
{
	struct sheet sheet = {
		.frame = frame, .area = area, .side = side, .half = area->half[side]
	};
	const struct sample *sample = model_sample(frame->model);
	char workers[40], tables[40], text[100];

	for (size_t i = 0; i < sample->files.n; i++)
		if (sample->files.at[i].side == (int16_t)side)
			add_fd(&sheet, &sample->files.at[i]);
	choose_columns(&sheet);
	choose_field(&sheet);
	format_workers(workers, sizeof(workers), frame, side);
	format_number_of(tables, sizeof(tables), members_objects(frame, side, RESOURCE_FILES),
		"descriptor table", "descriptor tables");
	snprintf(text, sizeof(text), "%s: %s", workers, tables);
	put_text(frame, (struct place) { sheet.half.row, sheet.half.col + 1, sheet.half.cols - 2 },
		STYLE_STRONG, text);
	draw_titles(&sheet);
	draw_label(&sheet, 2, "cwd");
	draw_label(&sheet, 3, "umask");
	draw_places(&sheet);
	draw_files(&sheet);
	return MAX(HEAD_ROWS + FIELD_FDS + sheet.fds - sheet.half.rows, 0);
}

static void draw_legend(struct frame *frame, const struct area *area, int hidden)
{
	static const char wide[] =
		"letter: which open file · number: its offset · = one table · – not open";
	static const char brief[] = "letter: open file · number: offset · = one table";
	const char *text = text_width(wide) <= frame_note_cols(frame, area) ? wide : brief;

	if (hidden)
		frame_note(frame, area, "%s · %d more", text, hidden);
	else
		frame_note(frame, area, "%s", text);
}

static void draw(struct frame *frame, const struct area *area)
{
	char text[160];
	int hidden = 0;

	frame->ui->fields[area->pane].n = 0;
	memset(frame->changed, 0, sizeof(frame->changed));
	for (enum side side = 0; side < SIDES; side++) {
		const int more = draw_half(frame, area, side);

		hidden = MAX(hidden, more);
	}
	if (members_changed(frame, text, sizeof(text)))
		frame_alert(frame, area, "%s", text);
	else
		draw_legend(frame, area, hidden);
}

static int want(const struct ui *ui)
{
	return HEAD_ROWS + 2 + 12;
}

static bool number(const struct ui *ui, struct model *model, struct number *ret)
{
	static const struct column columns[] = {
		[FIELD_CWD] = { .scope = FACT_PLACE, .fact = "cwd" },
		[FIELD_UMASK] = { .scope = FACT_PLACE, .fact = "umask" },
		[FIELD_FDS] = { .scope = FACT_FILE, .fact = "file_position" },
	};
	const int field = MIN(ui->field[ui->focus], FIELD_FDS);
	const struct members members = { .columns = &columns[field], .n = COLUMNS_MAX };
	size_t len;

	if (!members_number_of(ui, model, &members, 0, ret))
		return false;
	if (field < FIELD_FDS || strstr(ui->file.path, CREW_FILE))
		return true;
	/* Only the file that all were given has a path of its own. */
	ret->path[0] = 0;
	len = strlen(ret->subject);
	snprintf(ret->subject + len, sizeof(ret->subject) - len, ": descriptor %d", ui->file.fd);
	return true;
}

const struct pane pane_files = {
	.min_rows = 6,
	.weight = 4,
	.field = FIELD_FDS,
	.needs = NEED_TASKS | NEED_FILES,
	.want = want,
	.draw = draw,
	.number = number,
};
