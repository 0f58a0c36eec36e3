/* SPDX-License-Identifier: MIT
 * Tables of open files side by side: one column a worker, one row a descriptor. A letter is an open file, and behind it
 * stands how far it was read: where letters are equal, that moves for all.
 */

#include "worker_grid.h"

#define HEAD_ROWS 1 /* the names */
#define CELL_COLS_MIN 6 /* "A@100" */
#define CELL_COLS_MAX 7
#define LABEL_COLS_MIN 12
#define FDS_MAX 64
#define LETTERS_MAX 64

/* What of a worker can be focused: its directory, its umask, then its descriptors in the order of the rows. */
enum { FIELD_CWD, FIELD_UMASK, FIELD_FDS };

/* An open file that has a letter: one that several have, or one of one table alone. */
struct open_file {
	int16_t description;
	int32_t pid, fd; /* of one alone */
};

/* The state of the pane. */
struct files_state {
	struct file_sample focused; /* a record of the descriptor that is focused; fd -1: none */
	bool ours; /* what the crew needs for itself has rows, too */
};

/* The rows of one half. */
struct fd_table {
	struct worker_grid grid;
	const struct file_sample *fd[FDS_MAX]; /* one of each number */
	int fds, hidden;
	struct open_file *letters; /* of both halves, in the order in which they are drawn */
	int *letters_n;
};

/* What is shown first: the file that everybody got, what somebody opened, then what the crew needs for itself. */
enum importance { GIVEN, OPENED, OURS };

static enum importance importance(const struct file_sample *file)
{
	static const char *const own[] = { "/memfd:taskscope",
		"pipe:", "anon_inode:", "socket:", "/dev/" };

	if (strstr(file->path, CREW_FILE))
		return GIVEN;
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (strncmp(file->path, own[i], strlen(own[i])) == 0)
			return OURS;
	return OPENED;
}

static bool is_before(const struct file_sample *a, const struct file_sample *b)
{
	int by = (int)importance(a) - (int)importance(b);

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

/* What the crew needs for itself comes last, and has no rows until somebody asks. */
static void gather(struct fd_table *table, bool ours)
{
	const struct sample *sample = model_sample(table->grid.frame->model);
	const bool of_crew = model_side(table->grid.frame->model, table->grid.side)->crew != NULL;

	for (size_t i = 0; i < sample->files.n; i++)
		if (sample->files.at[i].side == (int16_t)table->grid.side)
			add_fd(table, &sample->files.at[i]);
	while (!ours && of_crew && table->fds && importance(table->fd[table->fds - 1]) == OURS) {
		table->fds--;
		table->hidden++;
	}
}

static const struct fs_sample *place_of(const struct fd_table *table, int column)
{
	return model_evidence(table->grid.frame->model, FACT_PLACE, table->grid.side,
		table->grid.column[column]->half[table->grid.side].worker);
}

/* Its process is that of the column before, and so are table, folder and umask. */
static bool is_joined(const struct fd_table *table, int column)
{
	const struct worker_grid *grid = &table->grid;

	return column && grid->column[column]->half[grid->side].pid ==
				 grid->column[column - 1]->half[grid->side].pid;
}

static void put_field(const struct fd_table *table, int field, int column, enum style style,
	const char *text, int what, bool known)
{
	if (known && is_joined(table, column) && HEAD_ROWS + field < table->grid.half.rows)
		worker_grid_join(&table->grid, HEAD_ROWS + field, column, text_width(text));
	worker_grid_put(&table->grid, field,
		worker_grid_cell(&table->grid, HEAD_ROWS + field, column), column, style, text,
		what, known ? text : "");
}

static void draw_places(const struct fd_table *table)
{
	char text[80];

	for (int i = 0; i < table->grid.columns; i++) {
		const struct fs_sample *place = place_of(table, i);
		const char *cwd = place ? place->cwd : "", *tail = strrchr(cwd, '/');
		const bool known = cwd[0];

		snprintf(text, sizeof(text), "%s", known ? cwd : "–");
		/* The last part says most where the whole does not fit. */
		if (tail && tail[1] && text_width(cwd) >= table->grid.cell_cols)
			snprintf(text, sizeof(text), "%s%s",
				text_width(tail) + 1 < table->grid.cell_cols ? "…" : "",
				tail + (text_width(tail) >= table->grid.cell_cols));
		put_field(table, FIELD_CWD, i, known ? STYLE_TEXT : STYLE_DIM, text, -1, known);
		if (place && place->umask >= 0)
			snprintf(text, sizeof(text), "%03o", (unsigned)place->umask);
		else
			snprintf(text, sizeof(text), "–");
		put_field(table, FIELD_UMASK, i, STYLE_TEXT, text, -2, place && place->umask >= 0);
	}
}

/* A row's descriptor in a member's table; NULL: it has none, or another file there. */
static const struct file_sample *file_of(
	const struct fd_table *table, int column, const struct file_sample *row)
{
	const struct sample *sample = model_sample(table->grid.frame->model);
	const struct worker_row *of = table->grid.column[column];
	const struct worker_half *half = &of->half[table->grid.side];
	const struct file_sample *best = NULL;

	for (size_t i = 0; i < sample->files.n; i++) {
		const struct file_sample *file = &sample->files.at[i];

		if (!is_same(file, row) || file->side != (int16_t)table->grid.side)
			continue;
		if (file->worker == of->half[table->grid.side].worker)
			return file;
		if (file->pid == half->pid)
			best = file;
	}
	return best;
}

static bool is_same_open(const struct open_file *a, const struct open_file *b)
{
	return a->description == b->description && a->pid == b->pid && a->fd == b->fd;
}

/* The letter of an open file, a new one if it is met first; ' ' if it is not known which it is. */
static char letter_of(const struct fd_table *table, const struct file_sample *file)
{
	const bool alone = file->description == 0;
	const struct open_file this = { file->description, alone ? file->pid : 0,
		alone ? file->fd : 0 };
	int at = 0;

	if (file->description < 0)
		return ' ';
	while (at < *table->letters_n && !is_same_open(&table->letters[at], &this))
		at++;
	if (at == LETTERS_MAX)
		return '#';
	if (at == *table->letters_n)
		table->letters[(*table->letters_n)++] = this;
	return (char)(at < 26 ? 'A' + at : 'a' + (at - 26) % 26);
}

static void draw_file(const struct fd_table *table, int field, const struct file_sample *fd)
{
	/* tells rows apart for what has just changed */
	const uint64_t row = hash_bytes(fd->path, strlen(fd->path), (uint64_t)fd->fd);

	for (int i = 0; i < table->grid.columns; i++) {
		const struct file_sample *file = file_of(table, i, fd);
		char text[24];

		if (file)
			snprintf(text, sizeof(text), "%c@%lld", letter_of(table, file),
				(long long)file->position);
		else
			snprintf(text, sizeof(text), "%s", place_of(table, i) ? "–" : "?");
		put_field(table, field, i, file ? side_style(table->grid.side) : STYLE_DIM, text,
			(int)(row >> 33), text[0] != '?');
	}
}

/* The path without what every one has in front or behind it; what does not fit loses its folder. */
static const char *name_of(const struct file_sample *file, int cols, char *out, size_t size)
{
	const char *path = file->path, *tail = strrchr(path, '/'), *deleted = strstr(path, " (del");

	if (strncmp(path, "/memfd:", 7) == 0)
		path += 7;
	else if (tail && tail[1] && text_width(path) > cols)
		path = tail + 1;
	snprintf(out, size, "%.*s", deleted ? (int)(deleted - path) : (int)strlen(path), path);
	return out;
}

static void draw_files(const struct fd_table *table)
{
	const struct worker_grid *grid = &table->grid;
	char name[80], text[100];

	for (int i = 0; i < table->fds; i++) {
		const int row = HEAD_ROWS + FIELD_FDS + i;

		if (row >= grid->half.rows)
			return;
		name_of(table->fd[i], grid->label_cols - 4, name, sizeof(name));
		snprintf(text, sizeof(text), "%2d %s", table->fd[i]->fd, name);
		worker_grid_label(grid, row, STYLE_DIM, text);
		draw_file(table, FIELD_FDS + i, table->fd[i]);
	}
}

/* The fields of the selected side, and which descriptor is focused, for `?`. */
static void choose_field(struct fd_table *table)
{
	struct files_state *state = table->grid.area->panel->state;
	struct fields *fields = &table->grid.area->panel->fields;
	int at;

	if (table->grid.side != table->grid.frame->ui->side)
		return;
	for (int i = 0; i < MIN(FIELD_FDS + table->fds, table->grid.half.rows - HEAD_ROWS); i++)
		fields_add(fields, i);
	if (table->fds) /* else they are read next */
		fields->focus = MAX(MIN(fields->focus, fields->n - 1), 0);
	at = fields->focus - FIELD_FDS;
	state->focused =
		at >= 0 && at < table->fds ? *table->fd[at] : (struct file_sample) { .fd = -1 };
}

/* Below the files: how many more there are, and how to see them. */
static void draw_hidden(const struct fd_table *table)
{
	const int row = HEAD_ROWS + FIELD_FDS + table->fds;
	char text[100], key[16];

	if (!table->hidden || row >= table->grid.half.rows)
		return;
	key_name(command_table[CMD_FILES_OURS].keys[0], key, sizeof(key));
	snprintf(text, sizeof(text), "   and %d of taskscope's own: %s", table->hidden, key);
	if (text_width(text) > table->grid.half.cols - 2)
		snprintf(text, sizeof(text), "   and %d of its own: %s", table->hidden, key);
	put_text(table->grid.frame,
		(struct place) { table->grid.half.row + row, table->grid.half.col + 1,
			table->grid.half.cols - 2 },
		STYLE_DIM, text);
}

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	const int n = side_objects(frame, side, RESOURCE_FILES);
	char tables[40];
	const char *workers = TEXT_OF(format_workers, frame, side);

	snprintf(out, size, "%s: %s", workers,
		format_number_of(
			tables, sizeof(tables), n, "table of open files", "tables of open files"));
	if (text_width(out) > cols)
		snprintf(out, size, "%s: %s", workers,
			format_number_of(tables, sizeof(tables), n, "table", "tables"));
}

static const struct sign legend[] = {
	{ "A@0", STYLE_TEXT, "open file A, read up to byte 0" },
	{ "equal letters", STYLE_TEXT, "one open file, one position: who reads moves it for all" },
	{ "──", STYLE_TEXT, "one table, one folder, one umask: of all threads" },
	{ "–", STYLE_DIM, "not open here" },
	{ "umask", STYLE_TEXT, "rights that new files do not get" },
	{ "folder", STYLE_TEXT, "where paths without a / in front begin" },
	{ "fd", STYLE_TEXT, "descriptor: a place in the table, which open() returns" },
	{ "table of open files", STYLE_TEXT, "one a process; fork copies it" },
	{ "open file", STYLE_TEXT, "the kernel's record of one open(): file, position, mode" },
	{ "pipe, socket", STYLE_TEXT, "open files, too, that have no name in a folder" },
	{ 0 },
};

/* Returns how many descriptors there was no row for. */
static int draw_half(const struct area *area, struct fd_table *table)
{
	const struct files_state *state = area->panel->state;

	gather(table, state->ours);
	choose_field(table);
	worker_grid_titles(&table->grid, 0);
	worker_grid_label(&table->grid, 0, STYLE_DIM, "fd file");
	worker_grid_label(&table->grid, HEAD_ROWS + FIELD_CWD, STYLE_DIM, "   folder");
	worker_grid_label(&table->grid, HEAD_ROWS + FIELD_UMASK, STYLE_DIM, "   umask");
	draw_places(table);
	draw_files(table);
	draw_hidden(table);
	return MAX(HEAD_ROWS + FIELD_FDS + table->fds - table->grid.half.rows, 0);
}

static void pane_files_draw(struct frame *frame, const struct area *area)
{
	struct open_file letters[LETTERS_MAX];
	char text[160];
	int hidden = 0, letters_n = 0;

	area->panel->fields.n = 0;
	memset(frame->changed, 0, sizeof(frame->changed));
	for (enum side side = 0; side < SIDES; side++) {
		struct fd_table table = { .letters = letters, .letters_n = &letters_n };

		worker_grid_fit(&table.grid, frame, area, side, LABEL_COLS_MIN, CELL_COLS_MIN,
			CELL_COLS_MAX);
		hidden = MAX(draw_half(area, &table), hidden);
	}
	if (format_changed(frame, text, sizeof(text)))
		frame_alert(frame, "%s", text);
	else if (hidden)
		frame_note(frame, "%d more have no room", hidden);
}

static void pane_files_command(struct panel *panel, struct model *model, enum command_id command)
{
	struct files_state *state = panel->state;

	state->ours = !state->ours;
}

static bool pane_files_number(
	const struct panel *panel, const struct model *model, struct number *ret)
{
	static const char *const names[] = { "cwd", "umask", "file_position" };
	static const enum fact_scope scopes[] = { FACT_PLACE, FACT_PLACE, FACT_FILE };
	const struct file_sample *file = &((const struct files_state *)panel->state)->focused;
	const int field = MIN(panel->fields.focus, FIELD_FDS);

	if (!worker_number(panel->ui, model, fact_find(scopes[field], names[field]), ret))
		return false;
	if (field < FIELD_FDS || strstr(file->path, CREW_FILE))
		return true;
	/* Only the file that all were given has a path of its own. */
	ret->path.fact = NULL;
	ret->text[0] = '\0';
	text_addf(ret->subject, sizeof(ret->subject), ": descriptor %d", file->fd);
	return true;
}

const struct pane pane_files = {
	.info = { "files", "Files", "who has which file open, read how far; folders, umask",
		"files" },
	.min_rows = 6,
	.weight = 4,
	.field = FIELD_FDS,
	.needs = NEED_TASKS | NEED_FILES,
	.gaps = { "fd", "cwd", "kcmp file" },
	.size = sizeof(struct files_state),
	.want_rows = HEAD_ROWS + 2 + 12,
	.say = say,
	.legend = legend,
	.draw = pane_files_draw,
	.command = pane_files_command,
	.number = pane_files_number,
};
