/* SPDX-License-Identifier: MIT
 * Draws the list of programs that can be picked.
 */

#include "pick.h"

#define LINES 4 /* that are no rows: title, what is typed, heads, keys */

enum {
	AT_MARK,
	AT_PID = 2,
	AT_USER = 11,
	AT_TASKS = 22,
	AT_MEMORY = 30,
	AT_NAME = 41,
	AT_COMMAND = 58
};

static const struct head {
	const char *title;
	int at, cols;
	bool right;
	enum pick_column sort; /* PICK_COLUMNS: none */
} heads[] = {
	{ "PID", AT_PID, 8, true, PICK_PID },
	{ "user", AT_USER, 10, false, PICK_COLUMNS },
	{ "tasks", AT_TASKS, 7, true, PICK_TASKS },
	{ "memory", AT_MEMORY, 10, true, PICK_MEMORY },
	{ "name", AT_NAME, 16, false, PICK_NAME },
	{ "what runs", AT_COMMAND, 200, false, PICK_COLUMNS },
};

static void put_heads(const struct pick_list *list, struct canvas *canvas, int row)
{
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		const struct head *head = &heads[i];
		const enum style style = head->sort == list->sort ? STYLE_FOCUS : STYLE_DIM;

		if (head->right)
			canvas_text_right(canvas, row, head->at, head->cols, style, head->title);
		else
			canvas_text(canvas, row, head->at, head->cols, style, head->title);
	}
}

static const char *user_of(const struct pick_list *list, int32_t uid, char *out, size_t size)
{
	const struct pick_user *user;

	snprintf(out, size, "%d", uid);
	vec_each (user, &list->users)
		if (user->uid == uid)
			return user->name;
	return uid < 0 ? "–" : out;
}

static void put_row(
	const struct pick_list *list, const struct pick_row *row, struct canvas *canvas, int at)
{
	static const char *const marks[] = { "◂", "▸" };
	static const enum style styles[] = { STYLE_PROCESS, STYLE_THREAD };
	const struct group_process *process = &row->process;
	const enum style style = row->side < 0 ? STYLE_TEXT : styles[row->side];
	char text[32];

	if (row->side >= 0)
		canvas_text(canvas, at, AT_MARK, 1, style, marks[row->side]);
	snprintf(text, sizeof(text), "%d", process->pid);
	canvas_text_right(canvas, at, AT_PID, 8, style, text);
	canvas_text(canvas, at, AT_USER, 10, STYLE_DIM,
		user_of(list, process->uid, text, sizeof(text)));
	snprintf(text, sizeof(text), "%d", process->threads);
	canvas_text_right(canvas, at, AT_TASKS, 7, style, text);
	canvas_text_right(
		canvas, at, AT_MEMORY, 10, style, format_kb(text, sizeof(text), process->rss_kb));
	canvas_text(canvas, at, AT_NAME, 16, style, process->comm);
	canvas_text(canvas, at, AT_COMMAND, canvas->cols - AT_COMMAND, STYLE_DIM, process->command);
	if (process->pid == list->cursor)
		canvas_mark(canvas, (struct rect) { at, 0, 1, canvas->cols }, CELL_SELECTED);
}

/* So that the cursor is in sight; one whose program has ended goes to the first. */
static void scroll(struct pick_list *list, int rows)
{
	int at = 0;

	for (size_t i = 0; i < list->shown.n; i++)
		if (list->rows.at[list->shown.at[i]].process.pid == list->cursor)
			at = (int)i;
	if (list->shown.n)
		list->cursor = list->rows.at[list->shown.at[at]].process.pid;
	list->page = MAX(rows, 0);
	list->top = MAX(MIN(list->top, at), at - list->page + 1);
	list->top = MAX(MIN(list->top, (int)list->shown.n - list->page), 0);
}

static void put_typed(const struct pick_list *list, struct canvas *canvas, int row)
{
	int col = canvas_text(canvas, row, 1, -1, STYLE_DIM, "find: ") + 1;

	col += canvas_text(canvas, row, col, -1, STYLE_STRONG, list->find);
	canvas_text(canvas, row, col, 1, STYLE_STRONG, "▏");
	if (!list->find[0])
		canvas_text(canvas, row, col + 2, -1, STYLE_DIM,
			"type a part of a name, of what runs, or of a PID");
}

void pick_list_draw(struct pick_list *list, struct canvas *canvas)
{
	const int last = canvas->rows - 1;

	canvas_clear(canvas);
	scroll(list, canvas->rows - LINES);
	canvas_text(canvas, 0, 1, -1, STYLE_TITLE, "taskscope attach: which programs?");
	canvas_textf(canvas, 0, 37, canvas->cols - 37, STYLE_DIM,
		"%zu of %zu · memory: resident, shared pages too", list->shown.n, list->rows.n);
	put_typed(list, canvas, 1);
	put_heads(list, canvas, 2);
	for (int i = 0; i < list->page && (size_t)(list->top + i) < list->shown.n; i++)
		put_row(list, &list->rows.at[list->shown.at[list->top + i]], canvas, 3 + i);
	if (!list->shown.n)
		canvas_text(canvas, 3, 2, -1, STYLE_DIM, "– no program is found");
	canvas_text(canvas, last, 1, canvas->cols - 1, list->note ? STYLE_WARN : STYLE_KEY,
		list->note ? list->note
			   : "Enter attach  ← left side  → right side  ↑↓ move  Tab sort  Esc, q "
			     "leave");
}
