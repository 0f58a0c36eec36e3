/* SPDX-License-Identifier: MIT
 * All around the panes: the lines that frame them, how they meet, titles and notes, and who gets how many rows.
 */

#include "worker_list.h"

/* How many times a pane of two sides is as high as one of them. */
static int stacked(const struct panel *panel)
{
	return panel->ui->options.vertical && !panel->pane->whole ? SIDES : 1;
}

/* One horizontal line across the frame, with its corners and its crossing with the divider. */
static void line(struct frame *frame, int row, enum style style, const char *left,
	const char *cross, const char *right)
{
	struct canvas *canvas = frame->canvas;

	canvas_hline(canvas, row, 1, canvas->cols - 2, style);
	canvas_text(canvas, row, 0, 1, style, left);
	canvas_text(canvas, row, frame->divider, 1, style, cross);
	canvas_text(canvas, row, canvas->cols - 1, 1, style, right);
}

static void sides(struct frame *frame, int row, int rows, enum style style, bool divided)
{
	struct canvas *canvas = frame->canvas;

	canvas_vline(canvas, row, 0, rows, style);
	if (divided)
		canvas_vline(canvas, row, frame->divider, rows, STYLE_BORDER);
	canvas_vline(canvas, row, canvas->cols - 1, rows, style);
}

static void title(struct frame *frame, const struct area *area, int row)
{
	const struct pane *pane = area->panel->pane;
	const bool captioned = pane->of_caption && frame->ui->caption;
	const char *name = captioned ? frame->ui->caption->title : pane->info.title;
	const int wide = frame->canvas->cols - 4;
	int cols = captioned ? wide : MIN(frame->divider - 3, wide);
	enum style style = area->focused ? STYLE_FOCUS : STYLE_TITLE;

	/* The focused pane is told by a glyph too, for eyes and screens without colour. */
	const bool glyph = area->focused && !frame->ui->options.clean;
	canvas_textf(frame->canvas, row, 2, cols, style, glyph ? " ▸ %s " : " %s ", name);
}

/* A pane may change its mind: what it noted last is drawn when it is done. */
static void draw_note(struct frame *frame, const struct area *area)
{
	int row = area->half[0].row - 1;
	int width = MIN(text_width(frame->note), frame_note_cols(frame, area));

	if (width < 8)
		return;
	canvas_text(frame->canvas, row, frame->canvas->cols - 4 - width, 1, STYLE_DIM, " ");
	put_text(frame, (struct place) { row, frame->canvas->cols - 3 - width, width },
		frame->note_style, frame->note);
	canvas_text(frame->canvas, row, frame->canvas->cols - 3, 1, STYLE_DIM, " ");
}

/* What is not in sight, and how to get there: a screen that leaves something out says so. Returns the cells used. */
static int say_hidden(struct frame *frame, int row)
{
	const struct ui *ui = frame->ui;
	char text[160] = "";

	if (ui->options.clean)
		return 0;
	if (ui->zoomed && ui->set_n > 1) {
		snprintf(text, sizeof(text), " zoomed: z shows all panes ");
	} else if (!ui->zoomed) {
		for (int i = 0; i < ui->set_n; i++)
			if (!ui->set[i]->visible)
				text_addf(text, sizeof(text), "%s%s",
					*text ? ", " : " no room for ",
					ui->set[i]->pane->info.title);
		if (*text)
			text_addf(text, sizeof(text), ": Tab shows it ");
	}
	if (text[0])
		canvas_text(frame->canvas, row, frame->canvas->cols - 2 - text_width(text), -1,
			STYLE_WARN, text);
	return text_width(text);
}

/* Of the pane above a line; no pane is one without divider. */
struct above {
	bool focused, divided;
};

static const char *crossing(bool above, bool below)
{
	static const char *const glyphs[] = { "─", "┬", "┴", "┼" };

	return glyphs[2 * above + below];
}

static int first_row(const struct frame *frame)
{
	return frame->ui->options.vertical ? 0 : 1;
}

/* A line between two panes belongs to both: it is lit when either is focused. */
static void pane_frame(
	struct frame *frame, const struct area *area, int row, const struct above *above)
{
	enum style own = area->focused ? STYLE_FOCUS : STYLE_BORDER;
	bool first = row == first_row(frame), divided = !area->panel->pane->whole;

	line(frame, row, area->focused || above->focused ? STYLE_FOCUS : STYLE_BORDER,
		first ? "╭" : "├", crossing(above->divided, divided), first ? "╮" : "┤");
	sides(frame, row + 1, area->rows, own, divided);
	title(frame, area, row);
}

static struct area area_at(const struct frame *frame, struct panel *panel, int row, int rows)
{
	struct area area = { .panel = panel, .focused = panel == frame->ui->focus, .rows = rows };
	const int n = stacked(panel), cols = frame->half_cols;

	area.half[SIDE_LEFT] = (struct rect) { row + 1, 1, rows / n, cols };
	if (n > 1)
		area.half[SIDE_RIGHT] = (struct rect) { row + 1 + rows / n, 1, rows / n, cols };
	else
		area.half[SIDE_RIGHT] = (struct rect) { row + 1, frame->divider + 1, rows, cols };
	return area;
}

/* With its key fact. */
static int want_rows(const struct panel *panel)
{
	const struct pane *pane = panel->pane;

	int want = pane->want_rows;

	if (!want)
		want = (pane->want ? pane->want : worker_list_want)(panel);
	return MAX(want + (pane->say != NULL), pane->min_rows) * stacked(panel);
}

/* Beside a scene, a pane of few rows has all of them: a lesson is about each of its tasks. Others make do with as many. */
#define BESIDE_SCENE 6

int frame_min_rows(const struct panel *panel)
{
	const struct pane *pane = panel->pane;

	if (!panel->ui->caption || pane->of_caption)
		return pane->min_rows;
	return MIN(want_rows(panel), BESIDE_SCENE * stacked(panel));
}

/* Header, message and footer take one row each; a vertical film has none of them. */
int frame_rows(const struct frame *frame)
{
	return frame->canvas->rows - (frame->ui->options.vertical ? 0 : 3);
}

/* The slots are those of the set, in its order. */
static void share_rows(struct ui *ui, struct slot *slots, int rows)
{
	int focus = 0;

	for (int i = 0; i < ui->set_n; i++) {
		const struct panel *panel = ui->set[i];
		const struct pane *pane = panel->pane;

		slots[i] = (struct slot) { .min = frame_min_rows(panel),
			.want = want_rows(panel),
			.weight = pane->weight,
			.modest = pane->of_caption };
		if (panel == ui->focus)
			focus = i;
	}
	if (ui->zoomed) {
		for (int i = 0; i < ui->set_n; i++)
			slots[i].rows = i == focus ? rows - 2 : 0;
	} else {
		layout_rows(slots, ui->set_n, focus, rows);
	}
	for (int i = 0; i < ui->set_n; i++)
		ui->set[i]->visible = slots[i].rows > 0;
}

/* What was seen last of who has ended is no news. */
static void fade_ended(struct frame *frame, const struct area *area)
{
	const struct pane *pane = area->panel->pane;

	for (enum side side = 0; side < SIDES; side++)
		if (model_is_last_seen(frame->model, side) && !pane->whole && !pane->of_programs)
			canvas_mark(frame->canvas, area->half[side], CELL_FADED);
}

/* Returns the rows of its legend. */
static int draw_pane(struct frame *frame, struct area area)
{
	const struct area whole = area;
	const int head = area.panel->pane->say && area.half[0].rows > 0;
	int legend, losses;

	for (enum side side = 0; side < SIDES; side++) {
		area.half[side].row += head;
		area.half[side].rows -= head;
	}
	/* What needs a board, which programs of others have not; a mapping's pages are everybody's. */
	if (area.panel->pane->of_lab && shows_groups(frame->model) && !frame->ui->window.on) {
		struct rect r = whole.half[SIDE_LEFT];

		r.col++;
		r.cols -= 2;
		put_wrapped(frame, r, STYLE_DIM, area.panel->pane->of_lab);
		return 0;
	}
	frame->note[0] = '\0';
	frame->note_style = STYLE_DIM;
	frame->fact_number = 0;
	(area.panel->pane->draw ? area.panel->pane->draw : worker_list_draw)(frame, &area);
	fade_ended(frame, &area);
	if (head)
		fact_draw(frame, &whole);
	if (stacked(area.panel) > 1)
		return 0;
	losses = losses_draw(frame, &area);
	for (enum side side = 0; side < SIDES; side++)
		area.half[side].rows -= losses;
	legend = legend_draw(frame, &area);
	draw_note(frame, &whole);
	return legend;
}

static void draw_panes(struct frame *frame)
{
	struct ui *ui = frame->ui;
	struct slot slots[UI_PANES_SHOWN];
	int row = first_row(frame), hidden;
	struct above above = { false, false };

	for (int i = 0; i < ui->set_n; i++)
		if (ui->set[i]->pane->measure)
			ui->set[i]->pane->measure(frame, ui->set[i]);
	share_rows(ui, slots, frame_rows(frame));
	ui->pasts = false;
	for (int i = 0; i < ui->set_n; i++) {
		struct panel *panel = ui->set[i];
		const struct area area = area_at(frame, panel, row, slots[i].rows);

		panel->area = (struct rect) { row + 1, 0, slots[i].rows, frame->canvas->cols };
		if (!slots[i].rows)
			continue;
		pane_frame(frame, &area, row, &above);
		panel->legend_rows = draw_pane(frame, area);
		above.divided = !panel->legend_rows && !panel->pane->whole;
		above.focused = area.focused;
		row += slots[i].rows + 1;
	}
	line(frame, row, above.focused ? STYLE_FOCUS : STYLE_BORDER, "╰",
		crossing(above.divided, false), "╯");
	if (ui->options.vertical)
		canvas_text_right(
			frame->canvas, row, 2, frame->canvas->cols - 4, STYLE_DIM, " taskscope ");
	hidden = say_hidden(frame, row);
	if (!ui->caption)
		bars_views(frame, row, 2, frame->canvas->cols - 4 - hidden - (hidden ? 2 : 0));
}

static bool has_selection(const struct canvas *canvas, int row)
{
	for (int col = 0; col < canvas->cols; col++)
		if (canvas_at(canvas, row, col)->flags & CELL_SELECTED)
			return true;
	return false;
}

/* The cells of the focused number's column in a half; of a number in no column, its own. */
static void spot_cols(const struct ui *ui, int divider, int *ret_first, int *ret_cols)
{
	const struct table *table = &ui->focus->table;
	const int column = table->n ? ui->focus->fields.focus % table->n : 0;

	*ret_first = ui->shown_col % divider;
	*ret_cols = ui->shown_cols;
	if (table->n && table->slots[column].width) {
		*ret_first = table->slots[column].at + 2;
		*ret_cols = table->slots[column].width;
	}
}

/* All but the column of the focused number, on both sides, steps back. */
static void spot_column(struct frame *frame)
{
	const struct ui *ui = frame->ui;
	const struct rect pane = ui->focus->area;
	const int end = pane.row + pane.rows - ui->focus->legend_rows;
	const int head = ui->focus->pane->say != NULL;
	int first, cols;

	spot_cols(ui, frame->divider, &first, &cols);
	for (int row = 1; row < frame->canvas->rows - 2; row++)
		for (int col = 0; col < frame->canvas->cols; col++) {
			const int place = col % frame->divider - first;
			const bool spot =
				row >= pane.row + head && row < end && place >= 0 && place < cols;
			if (!spot)
				canvas_mark(frame->canvas, (struct rect) { row, col, 1, 1 },
					CELL_FADED);
		}
}

/* All rows but the selected ones step back. */
static void put_spotlight(struct frame *frame)
{
	struct canvas *canvas = frame->canvas;

	for (int row = 1; frame->ui->spotlight == SPOTLIGHT_ROW && row < canvas->rows - 2; row++)
		if (!has_selection(canvas, row))
			canvas_mark(canvas, (struct rect) { row, 0, 1, canvas->cols }, CELL_FADED);
}

void frame_draw(struct frame *frame)
{
	if (!frame->ui->options.vertical)
		bars_header(frame);
	if (frame->ui->large)
		large_draw(frame);
	else
		draw_panes(frame);
	if (frame->ui->spotlight && !frame->ui->large)
		put_spotlight(frame);
	if (frame->ui->spotlight == SPOTLIGHT_COLUMN && !frame->ui->large)
		spot_column(frame);
	if (frame->ui->options.vertical)
		return;
	bars_message(frame, frame->canvas->rows - 2);
	bars_footer(frame, frame->canvas->rows - 1);
}
