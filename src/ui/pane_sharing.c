/* SPDX-License-Identifier: MIT
 * What tasks share: one row a kind of kernel object, one column a task. Equal letters in a row, joined by a line, are one
 * object.
 */

#include "worker_grid.h"

#define HEAD_ROWS 1 /* the names */
#define CELL_COLS 6
#define LABEL_COLS_MIN 11 /* "open files " */
#define LABEL_COLS_LONG 18 /* ... and its name in the kernel */

#define OF_PTHREAD                                                                                 \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |        \
		CLONE_SETTLS)

static const struct kind_of_object {
	const char *name, *field, *fact; /* field: of the kernel's struct task_struct, or near it */
	uint64_t flag; /* of clone(), which shares it */
} kinds[RESOURCES] = {
	[RESOURCE_MEMORY] = { "memory", "mm", "mm", CLONE_VM },
	[RESOURCE_FILES] = { "open files", "files", "files", CLONE_FILES },
	[RESOURCE_FS] = { "folder", "fs", "fs", CLONE_FS },
	[RESOURCE_HANDLERS] = { "handlers", "sighand", "handlers", CLONE_SIGHAND },
	[RESOURCE_SEMUNDO] = { "undo list", "sysvsem", "semundo", CLONE_SYSVSEM },
	[RESOURCE_IO] = { "I/O context", "io", "io", CLONE_IO },
	[RESOURCE_NAMESPACES] = { "namespaces", "nsproxy", "namespaces", 0 },
};

/* What every task has for itself, be it process or thread. */
static const char *const own[] = { "stack", "TID", "signal mask" };
#define OWN_ROWS ((int)ARRAY_LEN(own))

static const struct sign legend[] = {
	{ "A ─ A", STYLE_STRONG, "in one row: one object, that both have" },
	{ "stack, TID, signal mask", STYLE_TEXT, "each task has its own, a thread, too" },
	{ "·", STYLE_DIM, "not made yet" },
	{ "*", STYLE_WARN, "not asked of the kernel: made so" },
	{ "memory", STYLE_TEXT, "what one writes, all that share it read" },
	{ "open files", STYLE_TEXT, "what one opens or closes, all have or lose" },
	{ "folder", STYLE_TEXT, "a cd or umask of one is for all" },
	{ "handlers", STYLE_TEXT, "what a signal does is set for all" },
	{ "undo list", STYLE_TEXT, "semaphores to be put back at the end" },
	{ "I/O context", STYLE_TEXT, "one I/O priority and queue" },
	{ "namespaces", STYLE_TEXT, "which processes, hosts and mounts they see" },
	{ 0 },
};

/* An object by its eldest task: its number changes whenever another task comes before it. */
static int32_t eldest(const struct model *model, enum resource resource, int16_t object)
{
	const struct sample *sample = model_sample(model);
	int32_t tid = INT32_MAX;

	for (size_t i = 0; i < sample->sharing.n; i++)
		if (sample->sharing.at[i].object[resource] == object)
			tid = MIN(tid, sample->sharing.at[i].tid);
	return tid;
}

/* The place of an object among those of its row, in the order in which they stand on the screen. */
static int place_of(const struct frame *frame, enum resource resource, int16_t object)
{
	int16_t seen[64];
	int n = 0;

	for (enum side side = 0; side < SIDES; side++) {
		for (size_t i = 0; i < frame->ui->rows.n; i++) {
			const struct sharing_sample *row = model_evidence(frame->model,
				FACT_SHARING, side, frame->ui->rows.at[i].half[side].worker);
			bool is_new = row && row->object[resource] > 0;

			if (is_new && row->object[resource] == object)
				return n;
			for (int k = 0; k < n && is_new; k++)
				is_new = seen[k] != row->object[resource];
			if (is_new && n < (int)ARRAY_LEN(seen))
				seen[n++] = row->object[resource];
		}
	}
	return n;
}

static const struct sharing_sample *sharing_of(const struct worker_grid *grid, int column)
{
	return model_evidence(grid->frame->model, FACT_SHARING, grid->side,
		grid->column[column]->half[grid->side].worker);
}

/* The task at the left has the same object. */
static bool is_joined(
	const struct worker_grid *grid, int column, int16_t object, enum resource resource)
{
	const struct sharing_sample *before = column ? sharing_of(grid, column - 1) : NULL;

	return before && before->object[resource] == object;
}

static void draw_cell(const struct worker_grid *grid, enum resource resource, int column)
{
	const struct sharing_sample *sharing = sharing_of(grid, column);
	const struct model *model = grid->frame->model;
	const int16_t object = sharing ? sharing->object[resource] : -1;
	const bool told = sharing && sharing->how[resource] > HOW_KERNEL;
	struct place at = worker_grid_cell(grid, HEAD_ROWS + (int)resource, column);
	enum style style = told ? STYLE_WARN : side_style(grid->side);
	char text[16], news[24] = "";

	if (object > 0)
		snprintf(text, sizeof(text), "%c%s",
			'A' + place_of(grid->frame, resource, object) % 26, told ? "*" : "");
	else
		snprintf(text, sizeof(text), "%s", object == 0 ? "·" : "–");
	if (object >= 0)
		snprintf(news, sizeof(news), "%d", object ? eldest(model, resource, object) : 0);
	if (object > 0 && is_joined(grid, column, object, resource))
		worker_grid_join(grid, HEAD_ROWS + (int)resource, column, 1);
	/* the letter stands in the same cell of each row */
	at.col += at.cols - 1;
	at.cols = text_width(text);
	worker_grid_put(grid, (int)resource, at, column, object > 0 ? style : STYLE_DIM, text,
		(int)resource, news);
}

/* By construction, unless it is a number that was read: the TID, and where the stack lies. */
static bool is_own_known(const struct worker_half *half, const struct model_side *side, int which)
{
	const bool host = half->worker == WORKER_HOST && side->crew;

	if (strcmp(own[which], "stack") == 0)
		return host ? side->crew->stack_low : half->track && half->track->worker->stack_low;
	return strcmp(own[which], "TID") == 0;
}

/* A letter for each living task, left and right. */
static char letter_of(const struct frame *frame, const struct worker_row *row, enum side side)
{
	const struct ui *ui = frame->ui;
	int n = 0;

	for (enum side of = 0; of <= side; of++)
		for (size_t i = 0; i < ui->rows.n && (of < side || &ui->rows.at[i] < row); i++)
			n += ui->rows.at[i].half[of].track != NULL;
	return (char)('A' + n % 26);
}

static void draw_own(const struct worker_grid *grid, int which, int column)
{
	const struct worker_row *row = grid->column[column];
	const bool known = is_own_known(
		&row->half[grid->side], model_side(grid->frame->model, grid->side), which);
	struct place at = worker_grid_cell(grid, HEAD_ROWS + RESOURCES + which, column);

	at.col += at.cols - 1;
	canvas_textf(grid->frame->canvas, at.row, at.col, 2,
		known ? side_style(grid->side) : STYLE_WARN, "%c%s",
		letter_of(grid->frame, row, grid->side), known ? "" : "*");
}

/* A thread that was mixed has no storage of its own for variables of a thread. */
static bool is_of_pthread(const struct worker_sample *worker)
{
	return (worker->clone_flags & OF_PTHREAD) == OF_PTHREAD;
}

static void draw_label(const struct worker_grid *grid, int row, const char *name, const char *field)
{
	worker_grid_label(grid, row, STYLE_TEXT, name);
	if (grid->label_cols >= LABEL_COLS_LONG + 2)
		put_text(grid->frame,
			(struct place) { grid->half.row + row,
				grid->half.col + 1 + LABEL_COLS_MIN + 1,
				grid->label_cols - LABEL_COLS_MIN - 1 },
			STYLE_DIM, field);
}

/* In words: all but the thread-local storage, which is no object. */
static void format_shared(char *out, size_t size, uint64_t flags)
{
	size_t len = 0;

	for (size_t i = 0; i < RESOURCES && len < size; i++)
		if (flags & kinds[i].flag)
			len += (size_t)snprintf(out + len, size - len, "%s, ", kinds[i].name);
	if (len < size)
		snprintf(out + len, size - len, "%s",
			flags & CLONE_THREAD ? "the PID" : "but not the PID");
}

/* How the selected worker was made: with which flags. */
static void draw_made(struct frame *frame, struct rect half, enum side side)
{
	const struct worker_sample *worker =
		model_evidence(frame->model, FACT_WORKER, side, frame->ui->worker[side]);
	char shared[128], text[240];

	half.row += HEAD_ROWS + RESOURCES + OWN_ROWS + 1;
	half.rows -= HEAD_ROWS + RESOURCES + OWN_ROWS + 1;
	if (!worker || half.rows < 1)
		return;
	const char *name = TEXT_OF(worker_name, model_side(frame->model, side), worker->index);
	format_shared(shared, sizeof(shared), worker->clone_flags);
	if (!worker->clone_flags)
		snprintf(text, sizeof(text), "%s made by fork(): no flag to share", name);
	else
		snprintf(text, sizeof(text), "%s made by %s: shares %s", name,
			is_of_pthread(worker) ? "pthread_create()" : "clone()", shared);
	if (worker->stacks > 0)
		snprintf(text, sizeof(text),
			"%s has %d user-level stacks (coroutines, goroutines, green threads): they "
			"share "
			"all of this, and its TID, its turns on the CPU and its mask; one blocks, "
			"all wait",
			name, worker->stacks);
	put_wrapped(frame, (struct rect) { half.row, half.col + 1, half.rows, half.cols - 2 },
		STYLE_TEXT, text);
}

/* What all of the objects that matter come to; a mixture is told by its memory. */
static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	static const enum resource main[] = { RESOURCE_MEMORY, RESOURCE_FILES, RESOURCE_FS,
		RESOURCE_HANDLERS };
	const int n = side_workers(frame, side);
	const int of_memory = side_objects(frame, side, RESOURCE_MEMORY);
	char more[160] = "";
	bool alike = true;

	for (size_t i = 0; i < ARRAY_LEN(main); i++)
		alike = alike && side_objects(frame, side, main[i]) == of_memory;
	const char *workers = TEXT_OF(format_workers, frame, side);
	const char *spaces =
		TEXT_OF(format_number_of, of_memory, "address space", "address spaces");
	if (of_memory < 0)
		snprintf(out, size, "– %s: not known of all", workers);
	else if (!alike || (of_memory > 1 && of_memory < n))
		snprintf(out, size, "%s: %s", workers, spaces);
	else if (of_memory == n)
		snprintf(out, size, "%s: %d of each", workers, n);
	else
		snprintf(out, size, "%s: 1 of each%s", workers, cols > 30 ? ", for all" : "");
	if (of_memory == 1 && n > 1 && alike)
		snprintf(more, sizeof(more), "%s; a stack, a TID each", out);
	if (cols > 50 && of_memory > 1 && side_objects(frame, side, RESOURCE_NAMESPACES) == 1)
		snprintf(more, sizeof(more), "%s, 1 set of namespaces", out);
	if (more[0] && text_width(more) <= cols)
		snprintf(out, size, "%s", more);
}

static void pane_sharing_draw(struct frame *frame, const struct area *area)
{
	const int rows = MIN((int)RESOURCES, area->half[0].rows - HEAD_ROWS);
	const int own_rows = MIN(OWN_ROWS, area->half[0].rows - HEAD_ROWS - rows);
	struct worker_grid grid;
	char text[160];

	area->panel->fields.n = 0;
	for (int i = 0; i < rows; i++)
		fields_add(&area->panel->fields, i);
	memset(frame->changed, 0, sizeof(frame->changed));
	for (enum side side = 0; side < SIDES; side++) {
		worker_grid_fit(
			&grid, frame, area, side, LABEL_COLS_MIN, WORKER_GRID_CELL_MIN, CELL_COLS);
		draw_label(&grid, 0, "", "kernel's name");
		worker_grid_titles(&grid, 0);
		for (int i = 0; i < rows; i++) {
			draw_label(&grid, HEAD_ROWS + i, kinds[i].name, kinds[i].field);
			for (int column = 0; column < grid.columns; column++)
				draw_cell(&grid, (enum resource)i, column);
		}
		for (int i = 0; i < own_rows; i++) {
			worker_grid_label(&grid, HEAD_ROWS + RESOURCES + i, STYLE_TEXT, own[i]);
			for (int column = 0; column < grid.columns; column++)
				draw_own(&grid, i, column);
		}
		draw_made(frame, area->half[side], side);
	}
	if (format_changed(frame, text, sizeof(text)))
		frame_alert(frame, "%s", text);
}

static bool pane_sharing_number(
	const struct panel *panel, const struct model *model, struct number *ret)
{
	const int field = MIN(panel->fields.focus, RESOURCES - 1);

	return worker_number(panel->ui, model, fact_find(FACT_SHARING, kinds[field].fact), ret);
}

const struct pane pane_sharing = {
	.info = { "sharing", "What is shared",
		"which kernel objects each task has: equal letters are one object", "sharing" },
	.min_rows = 5,
	.weight = 4,
	.needs = NEED_TASKS | NEED_SHARING,
	.gaps = { "kcmp", "kcmp none", "ns" },
	.want_rows = HEAD_ROWS + RESOURCES + OWN_ROWS + 2, /* and how the selected one was made */
	.say = say,
	.legend = legend,
	.draw = pane_sharing_draw,
	.number = pane_sharing_number,
};
