/* SPDX-License-Identifier: MIT
 * The list of programs that can be picked: found by what is typed, sorted, and put on a side.
 */

#include "command.h"
#include "pick.h"

#define NOWHERE (-1)

void pick_list_finish(struct pick_list *list)
{
	vec_finish(&list->rows);
	vec_finish(&list->shown);
	vec_finish(&list->users);
}

/* --- who is found, in which order --- */

static bool is_found(const struct pick_list *list, const struct group_process *process)
{
	char text[sizeof(process->comm) + sizeof(process->command) + 16];

	snprintf(text, sizeof(text), "%d %s %s", process->pid, process->comm, process->command);
	return !list->find[0] || strcasestr(text, list->find);
}

static int64_t number_of(const struct group_process *process, enum pick_column column)
{
	switch (column) {
	case PICK_MEMORY:
		return -process->rss_kb;
	case PICK_TASKS:
		return -process->threads;
	default:
		return process->pid;
	}
}

static int compare(const void *a, const void *b, void *context)
{
	const struct pick_list *list = context;
	const struct group_process *left = &list->rows.at[*(const uint32_t *)a].process,
				   *right = &list->rows.at[*(const uint32_t *)b].process;
	int64_t x = number_of(left, list->sort), y = number_of(right, list->sort);
	const int by_name = list->sort == PICK_NAME ? strcasecmp(left->comm, right->comm) : 0;

	if (by_name)
		return by_name;
	if (x == y)
		x = left->pid, y = right->pid;
	return (x > y) - (x < y);
}

static void arrange(struct pick_list *list)
{
	vec_clear(&list->shown);
	for (size_t i = 0; i < list->rows.n; i++)
		if (is_found(list, &list->rows.at[i].process))
			*vec_push(&list->shown) = (uint32_t)i;
	if (list->shown.n)
		qsort_r(list->shown.at, list->shown.n, sizeof(list->shown.at[0]), compare, list);
}

/* Where the cursor is among those shown. */
static int cursor_at(const struct pick_list *list)
{
	for (size_t i = 0; i < list->shown.n; i++)
		if (list->rows.at[list->shown.at[i]].process.pid == list->cursor)
			return (int)i;
	return 0;
}

static struct pick_row *row_at(const struct pick_list *list, int i)
{
	return (size_t)i < list->shown.n ? &list->rows.at[list->shown.at[i]] : NULL;
}

static void move_to(struct pick_list *list, int at)
{
	const struct pick_row *row = row_at(list, MAX(MIN(at, (int)list->shown.n - 1), 0));

	list->cursor = row ? row->process.pid : 0;
}

/* --- who runs --- */

static bool can_be_picked(const struct pick_list *list, const struct group_process *process)
{
	return !process->kernel && process->pid != list->self && process->ppid != list->self &&
	       !(strchr("ZX", process->state) && process->threads <= 1);
}

/* Where a process stands already; both are by PID, so that *at only grows. */
static int8_t side_before(
	const struct pick_list *list, const struct group_process *process, size_t n, size_t *at)
{
	const struct pick_row *row;

	while (*at < n && list->rows.at[*at].process.pid < process->pid)
		++*at;
	row = *at < n ? &list->rows.at[*at] : NULL;
	return row && row->process.pid == process->pid && row->process.start == process->start
		       ? row->side
		       : NOWHERE;
}

void pick_list_take(struct pick_list *list, const struct group_table *table)
{
	const size_t before = list->rows.n;
	const struct group_process *process;
	size_t at = 0;

	/* Behind those of before, which then go. */
	vec_each (process, &table->rows)
		if (can_be_picked(list, process)) {
			const int8_t side = side_before(list, process, before, &at);

			*vec_push(&list->rows) =
				(struct pick_row) { .process = *process, .side = side };
		}
	list->rows.n -= before;
	if (list->rows.n)
		memmove(list->rows.at, list->rows.at + before,
			list->rows.n * sizeof(list->rows.at[0]));
	arrange(list);
}

/* --- keys --- */

static int picked(const struct pick_list *list, int side)
{
	const struct pick_row *row;
	int n = 0;

	vec_each (row, &list->rows)
		n += row->side == side;
	return n;
}

/* A second time takes it away again. */
static void put_on(struct pick_list *list, int8_t side)
{
	struct pick_row *row = row_at(list, cursor_at(list));

	if (!row)
		return;
	if (row->side == side)
		row->side = NOWHERE;
	else if (picked(list, side) < PICK_MAX)
		row->side = side;
	else
		list->note = "a side has at most 32 programs here; a name with '*' has more";
}

static void type(struct pick_list *list, int key)
{
	const size_t len = strlen(list->find);

	if (key == KEYCODE_BACKSPACE && len)
		list->find[len - 1] = '\0';
	else if (key > ' ' && key < 0x7f && len + 1 < sizeof(list->find))
		list->find[len] = (char)key, list->find[len + 1] = '\0';
	list->cursor = 0;
	arrange(list);
	move_to(list, 0);
}

static enum pick_end leave(struct pick_list *list)
{
	if (!list->find[0])
		return PICK_LEFT;
	list->find[0] = '\0';
	arrange(list);
	return PICK_GOES_ON;
}

/* Keys that move the cursor: by how many rows. */
static const struct step {
	int key, rows, pages;
} steps[] = {
	{ KEYCODE_UP, -1, 0 },
	{ KEYCODE_DOWN, 1, 0 },
	{ KEYCODE_PAGE_UP, 0, -1 },
	{ KEYCODE_PAGE_DOWN, 0, 1 },
	{ KEYCODE_HOME, -(1 << 20), 0 },
	{ KEYCODE_END, 1 << 20, 0 },
};

static bool step(struct pick_list *list, int key)
{
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		if (steps[i].key == key) {
			move_to(list, cursor_at(list) + steps[i].rows +
					      steps[i].pages * MAX(list->page, 1));
			return true;
		}
	return false;
}

enum pick_end pick_list_key(struct pick_list *list, int key)
{
	list->note = NULL;
	if (step(list, key))
		return PICK_GOES_ON;
	switch (key) {
	case KEYCODE_LEFT:
	case KEYCODE_SPACE:
		put_on(list, SIDE_LEFT);
		return PICK_GOES_ON;
	case KEYCODE_RIGHT:
		put_on(list, SIDE_RIGHT);
		return PICK_GOES_ON;
	case KEYCODE_TAB:
		list->sort = (list->sort + 1) % PICK_COLUMNS;
		arrange(list);
		return PICK_GOES_ON;
	case KEYCODE_ENTER:
		return list->shown.n || picked(list, SIDE_LEFT) ? PICK_TAKEN : PICK_GOES_ON;
	case KEYCODE_ESCAPE:
		return leave(list);
	case KEYCODE_F10:
	case KEYCODE_CLOSED:
		return PICK_LEFT;
	default:
		/* Before anything is typed it is the key that leaves; later a letter. */
		if (key == 'q' && !list->find[0])
			return PICK_LEFT;
		type(list, key);
		return PICK_GOES_ON;
	}
}

/* --- what is asked --- */

bool pick_list_shows(const void *context, const struct group_process *process)
{
	const struct pick_list *list = context;

	for (int i = list->top; i < list->top + list->page && (size_t)i < list->shown.n; i++)
		if (row_at(list, i)->process.pid == process->pid)
			return true;
	return false;
}

void pick_list_picked(const struct pick_list *list, struct pick *ret)
{
	const struct pick_row *row;

	*ret = (struct pick) { 0 };
	vec_each (row, &list->rows)
		if (row->side != NOWHERE)
			ret->pid[row->side][ret->n[row->side]++] = row->process.pid;
	row = row_at(list, cursor_at(list));
	if (row && !ret->n[SIDE_LEFT] && row->side == NOWHERE)
		ret->pid[SIDE_LEFT][ret->n[SIDE_LEFT]++] = row->process.pid;
}
