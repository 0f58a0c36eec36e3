/* SPDX-License-Identifier: MIT
 * The state of the screen between frames: which pane and which worker is selected, what lies over the panes, and how a
 * command changes that. The table of panes is here: a new pane is one line.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

const struct pane_info pane_table[] = {
	{ "workers", "Workers", "ids, states, CPU and switches of every worker, living or ended",
		&pane_workers },
	{ "switches", "Switches", "voluntary and involuntary context switches over time",
		&pane_switches },
	{ "memory", "Memory", "the selected workers' address spaces, aligned", &pane_memory },
	{ "sharing", "Sharing", "which kernel objects each task has: equal numbers are one object",
		&pane_sharing },
	{ "pages", "Pages", "the arena or any mapping page by page: own, shared, equal frames",
		&pane_pages },
	{ "pointer", "Pointer", "one address, and what stands there in every task", &pane_pointer },
	{ "stacks", "Stacks", "every stack with its bounds, depth and what its task waits in",
		&pane_stacks },
	{ "registers", "Registers",
		"stack pointer, program counter and thread pointer of every task",
		&pane_registers },
	{ "files", "Files", "who has which descriptor at which offset; directories, umask",
		&pane_files },
	{ "signals", "Signals", "what each task catches, blocks and has pending", &pane_signals },
	{ "cost", "Cost of one more", "page tables, private pages and kernel stacks", &pane_cost },
	{ "mixer", "Clone mixer", "clone flags to choose, and the task that comes of them",
		&pane_mixer },
	{ "lanes", "Lanes", "who ran when: every switch of every task and CPU on a timeline",
		&pane_lanes },
	{ "duel", "Duel", "what a switch, a birth, a message cost: processes beside threads",
		&pane_duel },
	{ "scene", "Scene", "the question, before and after, and what it means: of tour and quiz",
		&pane_scene },
	{ "help", "Help", "every key, and how to read the screen", NULL },
	{ "provenance", "Where from", "file, field, formula and age of the focused number", NULL },
};
const size_t pane_count = ARRAY_LEN(pane_table);

int pane_count_drawn(void)
{
	int n = 0;

	while ((size_t)n < pane_count && pane_table[n].pane)
		n++;
	return n;
}

const struct pane *pane_record(int index)
{
	return pane_table[index].pane;
}

struct ui *ui_create(const struct ui_options *options)
{
	struct ui *ui = xcalloc(1, sizeof(*ui));

	ui->options = *options;
	safe_text(ui->title, sizeof(ui->title), options->title, strlen(options->title));
	ui->options.title = ui->title;
	ui->message_style = STYLE_TEXT;
	lanes_init(&ui->lanes);
	ui_show_view(ui, view_table[0].name);
	for (int i = 0; i < pane_count_drawn(); i++)
		ui->field[i] = pane_record(i)->field;
	return ui;
}

void ui_destroy(struct ui *ui)
{
	if (!ui)
		return;
	vec_finish(&ui->rows);
	vec_finish(&ui->pairs);
	vec_finish(&ui->window.order);
	vec_finish(&ui->window.pairs);
	free(ui->changes);
	free(ui);
}

static void draw_notice(struct canvas *canvas)
{
	canvas_textf(canvas, canvas->rows / 2, 0, canvas->cols, STYLE_WARN,
		"taskscope needs %dx%d; this is %dx%d", UI_COLS_MIN, UI_ROWS_MIN, canvas->cols,
		canvas->rows);
}

void ui_draw(struct ui *ui, struct model *model, struct canvas *canvas)
{
	struct frame frame = { .ui = ui, .model = model, .canvas = canvas };

	canvas_clear(canvas);
	if (canvas->rows < UI_ROWS_MIN || canvas->cols < UI_COLS_MIN) {
		draw_notice(canvas);
		return;
	}
	rows_gather(ui, model);
	frame.half_cols = ui->half_cols = (canvas->cols - 3) / 2;
	frame.divider = canvas->cols - 2 - frame.half_cols;
	frame_draw(&frame);
	if (ui->overlay == OVERLAY_HELP)
		help_draw(&frame);
	else if (ui->overlay == OVERLAY_PROVENANCE)
		provenance_draw(&frame);
	else if (ui->overlay == OVERLAY_MENU)
		menu_draw(&frame);
}

unsigned ui_needs(const struct ui *ui, int32_t *mapping_pids, size_t n, size_t *ret_n)
{
	unsigned needs = NEED_TASKS | NEED_MACHINE; /* the header, and who can be selected */
	size_t count = 0;

	for (int i = 0; i < pane_count_drawn(); i++)
		if (ui->visible & 1u << i)
			needs |= pane_record(i)->needs;
	for (enum side side = 0; side < SIDES && needs & NEED_MAPPINGS; side++) {
		const struct worker_half *half = rows_half(ui, side);

		if (half && !half->ended && count < n)
			mapping_pids[count++] = half->pid;
	}
	*ret_n = count;
	return needs;
}

struct selection ui_selection(const struct ui *ui)
{
	const struct worker_half *half = rows_half(ui, ui->side);

	return (struct selection) {
		.side = ui->side,
		.worker = ui->worker[ui->side],
		.pid = half ? half->pid : 0,
		.tid = half ? half->tid : 0,
	};
}

void ui_select(struct ui *ui, enum side side, int worker)
{
	ui->side = side;
	ui->worker[side] = ui->wish[side] = worker;
}

static void focus_field(struct ui *ui, int step)
{
	const struct fields *fields = &ui->fields[ui->focus];
	int at = 0;

	if (!fields->n)
		return;
	for (int i = 0; i < fields->n; i++)
		if (fields->column[i] == ui->field[ui->focus])
			at = i;
	at += step;
	if (at < 0 && ui->side == SIDE_RIGHT)
		ui->side = SIDE_LEFT, at = fields->n - 1;
	else if (at >= fields->n && ui->side == SIDE_LEFT)
		ui->side = SIDE_RIGHT, at = 0;
	ui->field[ui->focus] = fields->column[MAX(MIN(at, fields->n - 1), 0)];
}

static void move(struct ui *ui, struct model *model, enum command_id command)
{
	const struct pane *pane = pane_record(ui->focus);

	if (ui->overlay == OVERLAY_HELP)
		ui->help.top = scroll_move(&ui->help, ui->help.top, command);
	else if (pane->move)
		pane->move(ui, model, command);
	else {
		rows_gather(ui, model);
		rows_move(ui, command);
	}
}

static void toggle(struct ui *ui, enum overlay overlay)
{
	ui->overlay = ui->overlay == overlay ? OVERLAY_NONE : overlay;
	ui->help.top = 0;
}

static void show_view(struct ui *ui, int view)
{
	if (!ui_show_view(ui, view_table[view].name))
		ui_message(ui, STYLE_WARN, "there is no pane of the view '%s' yet",
			view_table[view].name);
	ui->overlay = OVERLAY_NONE;
}

/* What belongs to the focused pane, or shows a view. */
static bool command_of_table(struct ui *ui, struct model *model, enum command_id command)
{
	const struct pane *pane = pane_record(ui->focus);
	int view = view_of_command(command);

	if (view >= 0) {
		show_view(ui, view);
		return true;
	}
	if (!command_table[command].pane || command_table[command].group == GROUP_STEER ||
		!pane->command)
		return false;
	pane->command(ui, model, command);
	return true;
}

bool ui_command(struct ui *ui, struct model *model, enum command_id command)
{
	switch (command) {
	case CMD_UP:
	case CMD_DOWN:
	case CMD_PAGE_UP:
	case CMD_PAGE_DOWN:
	case CMD_HOME:
	case CMD_END:
		move(ui, model, command);
		return true;
	case CMD_SIDE_LEFT:
	case CMD_SIDE_RIGHT:
		ui->side = command == CMD_SIDE_LEFT ? SIDE_LEFT : SIDE_RIGHT;
		return true;
	case CMD_FIELD_NEXT:
	case CMD_FIELD_PREVIOUS:
		/* A pane without numbers in columns may have a cursor that goes left and right. */
		if (pane_record(ui->focus)->whole && pane_record(ui->focus)->command)
			pane_record(ui->focus)->command(ui, model, command);
		else
			focus_field(ui, command == CMD_FIELD_NEXT ? 1 : -1);
		return true;
	case CMD_PANE_NEXT:
	case CMD_PANE_PREVIOUS:
		views_focus(ui, command == CMD_PANE_NEXT ? 1 : -1);
		return true;
	case CMD_ZOOM:
		views_zoom(ui, !ui->zoomed);
		return true;
	case CMD_PROVENANCE:
		toggle(ui, OVERLAY_PROVENANCE);
		return true;
	case CMD_HELP:
		toggle(ui, OVERLAY_HELP);
		return true;
	case CMD_MEMORY_MEASURE:
		ui->measure = (ui->measure + 1) % MEASURES;
		return true;
	case CMD_CLOSE:
		if (ui->overlay == OVERLAY_NONE && ui->zoomed)
			views_zoom(ui, false);
		ui->overlay = OVERLAY_NONE;
		return true;
	default:
		return command_of_table(ui, model, command);
	}
}

void ui_message(struct ui *ui, enum style style, const char *format, ...)
{
	char text[sizeof(ui->message)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	safe_text(ui->message, sizeof(ui->message), text, strlen(text));
	ui->message_style = style;
}

void ui_key_echo(struct ui *ui, int key)
{
	ui->echo = key;
}

void ui_set_state(struct ui *ui, const struct ui_state *state)
{
	ui->state = *state;
}

/* The focused column nearest to a cell of a half. */
static void click_field(struct ui *ui, int col)
{
	const struct fields *fields = &ui->fields[ui->focus];

	for (int i = 0; i < fields->n; i++)
		if (ui->field_at[ui->focus][fields->column[i]] <= col - 1)
			ui->field[ui->focus] = fields->column[i];
}

void ui_click(struct ui *ui, int row, int col)
{
	for (int i = 0; i < pane_count_drawn(); i++) {
		const struct rect *area = &ui->area[i];
		int right = area->cols - 1 - ui->half_cols;

		if (!(ui->visible & 1u << i) || row < area->row || row >= area->row + area->rows ||
			ui->overlay != OVERLAY_NONE || col < 1 || col >= area->cols - 1)
			continue;
		ui->focus = i;
		ui->side = col >= right ? SIDE_RIGHT : SIDE_LEFT;
		click_field(ui, ui->side == SIDE_RIGHT ? col - right : col - 1);
		if (pane_record(i)->click)
			pane_record(i)->click(ui, row - area->row);
	}
}
