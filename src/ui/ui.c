/* SPDX-License-Identifier: MIT
 * Makes, draws and ends the screen; and how a command or a click changes its state.
 */

#include "worker_list.h"

const struct pane_info *ui_pane(size_t i)
{
	const struct pane *pane = pane_at(i);

	return pane ? &pane->info : NULL;
}

const struct pane_info *ui_pane_find(const char *name)
{
	const struct pane_info *info;

	for (size_t i = 0; (info = ui_pane(i)); i++)
		if (strcmp(info->name, name) == 0)
			return info;
	return NULL;
}

static void add_panel(struct ui *ui, const struct pane *pane)
{
	struct panel *panel = &ui->panels[ui->panels_n++];

	*panel = (struct panel) { .ui = ui,
		.pane = pane,
		.legend = pane->legend,
		.list = &pane->list,
		.fields.focus = pane->field };
	if (pane->size)
		panel->state = xcalloc(1, pane->size);
	if (pane->init)
		pane->init(panel->state);
}

struct ui *ui_create(const struct ui_options *options)
{
	struct ui *ui = xcalloc(1, sizeof(*ui));
	const struct pane *pane;

	ui->options = *options;
	safe_text(ui->title, sizeof(ui->title), options->title, strlen(options->title));
	ui->options.title = ui->title;
	ui->message_style = STYLE_TEXT;
	for (size_t i = 0; i < PANES_MAX && (pane = pane_at(i)); i++)
		add_panel(ui, pane);
	ui_show_view(ui, view_table[0].name);
	return ui;
}

void ui_destroy(struct ui *ui)
{
	if (!ui)
		return;
	for (int i = 0; i < ui->panels_n; i++) {
		if (ui->panels[i].pane->finish)
			ui->panels[i].pane->finish(ui->panels[i].state);
		free(ui->panels[i].state);
	}
	vec_finish(&ui->rows);
	group_list_finish(&ui->list);
	window_finish(&ui->window);
	free(ui->changes);
	free(ui);
}

/* The longest form that fits; the last is cut where not even that does. */
static void draw_notice(struct frame *frame)
{
	/* Before what is needed, before what is there, and after that. */
	static const struct {
		const char *needs, *has, *helps;
	} forms[] = {
		{ "taskscope needs ", "; this is ",
			". Make the window larger or its letters smaller (Ctrl -), or quit with q "
			"and use --plain or --json." },
		{ "needs ", ", has ", ": Ctrl -, or q and --plain" },
		{ "", ", q quits", NULL },
		{ "", "", NULL },
	};
	struct rect all = { 0, 0, frame->canvas->rows, frame->canvas->cols };
	char need[24], now[24] = "", text[200] = "";
	int lines = 0;
	snprintf(need, sizeof(need), "%dx%d", UI_COLS_MIN, UI_ROWS_MIN);
	snprintf(now, sizeof(now), "%dx%d", all.cols, all.rows);
	for (size_t i = 0; i < ARRAY_LEN(forms) && (i == 0 || lines > all.rows); i++) {
		const char *helps = forms[i].helps;
		snprintf(text, sizeof(text), "%s%s%s%s%s", forms[i].needs, need, forms[i].has,
			helps ? now : "", helps ? helps : "");
		lines = wrapped_rows(text, all.cols);
	}
	all.row = MAX(all.rows - lines, 0) / 2;
	all.rows -= all.row;
	put_wrapped(frame, all, STYLE_WARN, text);
}

/* Their pane comes and goes with them. Once they are over, it is all there is to see. */
static void note_programs(struct ui *ui, const struct model *model)
{
	const struct program_sample *program;
	const bool programs = model_sample(model)->programs.n > 0;
	bool over = programs;

	if (programs != ui->programs) {
		ui->programs = programs;
		if (ui->view >= 0 && !ui->zoomed)
			ui_show_view(ui, view_table[ui->view].name);
	}
	vec_each (program, &model_sample(model)->programs)
		over = over && program->state >= PROGRAM_OVER;
	if (over && !ui->programs_over && !ui->zoomed && ui->view == 0 && ui->focus == ui->set[0]) {
		ui->focus = ui->set[ui->set_n - 1];
		views_zoom(ui, true);
	}
	ui->programs_over = over;
}

/* Once for each. A process of run is its keeper's until its program begins. */
static void note_became(struct ui *ui, const struct model *model)
{
	for (enum side side = 0; side < SIDES; side++) {
		const struct track *track = model_became(model, side);

		if (!shows_groups(model) || !track || track->became_ns <= ui->became_ns ||
			strcmp(track->was, "keeper") == 0)
			continue;
		ui->became_ns = track->became_ns;
		ui_message(ui, STYLE_STATUS, "%s: PID %d became %s (was %s)", side_name(side),
			track->now.pid, track->now.name, track->was);
	}
}

void ui_draw(struct ui *ui, struct model *model, struct canvas *canvas)
{
	struct frame frame = { .ui = ui, .model = model, .canvas = canvas };
	const bool vertical = ui->options.vertical;

	canvas_clear(canvas);
	if (canvas->rows < UI_ROWS_MIN ||
		canvas->cols < (vertical ? UI_COLS_MIN_VERTICAL : UI_COLS_MIN)) {
		draw_notice(&frame);
		return;
	}
	ui->of_groups = shows_groups(model);
	note_programs(ui, model);
	note_became(ui, model);
	rows_gather(ui, model);
	ui->half_cols = vertical ? canvas->cols - 2 : (canvas->cols - 3) / 2;
	frame.half_cols = ui->half_cols;
	frame.divider = vertical ? canvas->cols : canvas->cols - 2 - frame.half_cols;
	ui->hits_n = 0;
	frame_draw(&frame);
	if (ui->over)
		ui->over->pane->draw(&frame, &(struct area) { .panel = ui->over });
	if (ui_menu_is_open(ui))
		menu_draw(&frame);
	if (ui->prompt.kind == PROMPT_COMMAND)
		palette_draw(&frame);
	if (ui->big_number)
		big_number_draw(&frame);
}

unsigned ui_needs(const struct ui *ui, int32_t *mapping_pids, size_t n, size_t *ret_n)
{
	unsigned needs = NEED_TASKS | NEED_MACHINE; /* the header, and who can be selected */
	size_t count = 0;

	for (int i = 0; i < ui->panels_n; i++)
		if (ui->panels[i].visible)
			needs |= ui->panels[i].pane->needs;
	for (enum side side = 0; side < SIDES && needs & NEED_MAPPINGS; side++) {
		const struct worker_half *half = rows_half(ui, side);

		if (half && !half->ended && count < n)
			mapping_pids[count++] = half->pid;
	}
	*ret_n = count;
	return needs;
}

#define AROUND 16 /* rows above and below the window: a key's step does not show what is unknown */

size_t ui_visible(const struct ui *ui, int32_t *tids, size_t n)
{
	const int last = ui->workers.top + ui->workers.visible + AROUND;
	size_t count = 0;

	for (int i = MAX(ui->workers.top - AROUND, 0); i < MIN(last, (int)ui->rows.n); i++)
		for (enum side side = 0; side < SIDES; side++)
			if (ui->rows.at[i].half[side].pid && count < n)
				tids[count++] = ui->rows.at[i].half[side].tid;
	for (enum side side = 0; side < SIDES; side++) {
		const struct worker_half *half = rows_half(ui, side);

		if (half && count < n)
			tids[count++] = half->tid;
	}
	return count;
}

/* --- commands --- */

static void focus_field(struct ui *ui, int step)
{
	struct fields *fields = &ui->focus->fields;
	int at = 0;

	if (!fields->n)
		return;
	for (int i = 0; i < fields->n; i++)
		if (fields->column[i] == fields->focus)
			at = i;
	at += step;
	if (at < 0 && ui->side == SIDE_RIGHT)
		ui->side = SIDE_LEFT, at = fields->n - 1;
	else if (at >= fields->n && ui->side == SIDE_LEFT)
		ui->side = SIDE_RIGHT, at = 0;
	fields->focus = fields->column[MAX(MIN(at, fields->n - 1), 0)];
}

static void move(struct ui *ui, struct model *model, enum command_id command)
{
	struct panel *panel = ui->over && ui->over->pane->move ? ui->over : ui->focus;

	if (panel->pane->move) {
		panel->pane->move(panel, model, command);
		return;
	}
	rows_gather(ui, model);
	rows_move(ui, command);
}

/* What shows a view, opens an overlay, or belongs to a pane: the focused one, or one that has it everywhere. */
static bool command_of_table(struct ui *ui, struct model *model, enum command_id command)
{
	struct panel *panel = views_panel_of(ui, command);
	int view = view_of_command(command);

	if (prompt_command(ui, command))
		return true;
	if (view >= 0) {
		ui_show_view(ui, view_table[view].name);
		views_toggle(ui, NULL);
		return true;
	}
	if (panel && panel->pane->info.overlay) {
		views_toggle(ui, panel);
		return true;
	}
	if (!panel && command_table[command].pane && command_table[command].group != GROUP_STEER)
		panel = ui->focus;
	if (!panel || !panel->pane->command)
		return false;
	panel->pane->command(panel, model, command);
	return true;
}

/* What lies on top goes first. */
static void close(struct ui *ui)
{
	if (ui->big_number)
		ui->big_number = false;
	else if (prompt_clear(ui) || ui->over)
		views_toggle(ui, NULL);
	else if (ui->zoomed)
		views_zoom(ui, false);
	else if (ui->large)
		ui->large = false;
	else
		ui->spotlight = SPOTLIGHT_OFF;
}

static void sort_rows(struct ui *ui, const struct model *model)
{
	const struct table *table = &ui->focus->table;
	const int focus = ui->focus->fields.focus;

	if (group_list_sort(&ui->list, focus < table->n ? table->facts[focus] : NULL))
		ui_message(
			ui, STYLE_STATUS, "sorted by %s, the largest first", ui->list.sort->name);
	else
		ui_message(ui, STYLE_STATUS, "sorted by process");
	rows_gather(ui, model);
	rows_select(ui, 0);
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
		if (ui->focus->pane->whole && ui->focus->pane->command)
			ui->focus->pane->command(ui->focus, model, command);
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
	case CMD_SPOTLIGHT:
		ui->spotlight = (ui->spotlight + 1) % SPOTLIGHTS;
		return true;
	case CMD_LARGE:
		ui->large = !ui->large;
		return true;
	case CMD_BIG_NUMBER:
		ui->big_number = !ui->big_number;
		return true;
	case CMD_CLOSE:
		close(ui);
		return true;
	case CMD_FOLD:
		ui_message(ui, STYLE_STATUS, "%s", group_list_fold(&ui->list));
		return true;
	case CMD_SORT:
		sort_rows(ui, model);
		return true;
	default:
		return command_of_table(ui, model, command);
	}
}

/* The focused column nearest to a cell of a half. */
static void click_field(struct fields *fields, int col)
{
	for (int i = 0; i < fields->n; i++)
		if (fields->at[fields->column[i]] <= col - 1)
			fields->focus = fields->column[i];
}

static int key_at(const struct ui *ui, int row, int col)
{
	/* What was drawn last lies on top. */
	for (int i = ui->hits_n - 1; i >= 0; i--) {
		const struct hit *hit = &ui->hits[i];

		if (row == hit->row && col >= hit->col && col < hit->col + hit->cols)
			return hit->key;
	}
	return KEYCODE_NONE;
}

int ui_click(struct ui *ui, int row, int col)
{
	int key = key_at(ui, row, col);

	for (int i = 0; i < ui->panels_n; i++) {
		struct panel *panel = &ui->panels[i];
		const struct rect *area = &panel->area;
		int right = area->cols - 1 - ui->half_cols;

		if (!panel->visible || row < area->row || row >= area->row + area->rows ||
			ui->over || ui_menu_is_open(ui) || col < 1 || col >= area->cols - 1)
			continue;
		ui->focus = panel;
		ui->side = col >= right ? SIDE_RIGHT : SIDE_LEFT;
		click_field(&panel->fields, ui->side == SIDE_RIGHT ? col - right : col - 1);
		row -= area->row + (panel->pane->say != NULL);
		if (panel->pane->click && row >= 0)
			panel->pane->click(panel, row);
		else if (panel->pane->list.n && row >= 0)
			worker_list_click(panel, row);
		break;
	}
	return key;
}
