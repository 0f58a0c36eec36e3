/* SPDX-License-Identifier: MIT
 * Help: every key, from the table of commands, and how to read the screen.
 */
#include <stdio.h>
#include <string.h>

#include "frame.h"

#define KEY_COLS 9
#define COLUMN_COLS 76 /* one column of help is at most this wide */

/* What is not a key: glyphs and words of the panes. */
static const struct legend {
	const char *sign, *text;
	enum style style;
} legend[] = {
	{ "PID", "the process; its threads all have the same", STYLE_STRONG },
	{ "TID", "the task: what the kernel schedules", STYLE_STRONG },
	{ "vol/s", "gave the CPU up: slept, waited, blocked", STYLE_VOLUNTARY },
	{ "inv/s", "lost the CPU (sched_yield counts here too)", STYLE_INVOLUNTARY },
	{ "▲ ▼", "voluntary, involuntary", STYLE_TEXT },
	{ "▁▄█", "a worker's past, on a scale of its own", STYLE_TEXT },
	{ "R S D T Z", "running, sleeping, disk, stopped, zombie", STYLE_RUNNING },
	{ "→0", "pinned to CPU 0", STYLE_WARN },
	{ "✗", "ended, and how", STYLE_DEAD },
	{ "RSS", "pages in memory, whoever maps them too", STYLE_STRONG },
	{ "PSS", "each page divided by who maps it: may be summed", STYLE_STRONG },
	{ "USS", "pages that no other process maps", STYLE_STRONG },
	{ "█", "resident pages that this process alone maps", STYLE_PRIVATE },
	{ "▓", "pages that several processes map: one copy", STYLE_SHARED },
	{ "=", "the same address on both sides", STYLE_STRONG },
	{ "own cost", "what taskscope itself takes", STYLE_DIM },
	{ "–", "unknown; never shown as 0", STYLE_DIM },
};

static const char *const group_titles[] = {
	[GROUP_LOOK] = "Look",
	[GROUP_STEER] = "Steer (small: one; capital: the side or both)",
	[GROUP_PROGRAM] = "Program",
	[GROUP_VIEW] = "Views",
};

/* The lines of help go one below the other, and on in the next column. */
struct help_page {
	struct frame *frame;
	struct rect inside;
	int columns, top;
	int line;
};

/* The place of the next line; cols is 0 when it is out of sight. */
static struct place next(struct help_page *page)
{
	int line = page->line++ - page->top;
	int width = (page->inside.cols + 2) / page->columns;

	if (line < 0 || line >= page->inside.rows * page->columns)
		return (struct place) { 0 };
	return (struct place) { page->inside.row + line % page->inside.rows,
		page->inside.col + line / page->inside.rows * width, width - 2 };
}

static void entry(struct help_page *page, enum style style, const char *sign, const char *text)
{
	struct place at = next(page);

	if (!at.cols)
		return;
	canvas_text(page->frame->canvas, at.row, at.col, KEY_COLS, style, sign);
	at.col += KEY_COLS + 1;
	at.cols -= KEY_COLS + 1;
	put_text(page->frame, at, STYLE_TEXT, text);
}

static void heading(struct help_page *page, const char *text)
{
	struct place at = next(page);

	if (at.cols)
		put_text(page->frame, at, STYLE_STRONG, text);
}

static void command_line(struct help_page *page, const struct command *command)
{
	struct place at = next(page);
	int col = at.col;
	char name[32];

	if (!at.cols)
		return;
	for (size_t i = 0; i < ARRAY_LEN(command->keys) && command->keys[i]; i++)
		col += 1 + canvas_text(page->frame->canvas, at.row, col, -1, STYLE_KEY,
				   key_name(command->keys[i], name, sizeof(name)));
	at.col += KEY_COLS + 1;
	at.cols -= KEY_COLS + 1;
	put_text(page->frame, at, STYLE_TEXT, command->help);
}

static void put_caption(struct help_page *page)
{
	const struct caption *caption = page->frame->ui->caption;
	char name[32];

	heading(page, "This scene");
	for (size_t i = 0; i < caption->keys.n; i++)
		entry(page, STYLE_KEY, key_name(caption->keys.at[i].key, name, sizeof(name)),
			caption->keys.at[i].label);
	(void)next(page);
}

/* The focused pane's own keys. */
static void put_own(struct help_page *page)
{
	const struct ui *ui = page->frame->ui;
	int n = 0;

	/* Its orders, which the table has last, come first: as in the footer. */
	for (int i = 0; i < COMMANDS; i++) {
		const struct command *command = &command_table[(CMD_ORDERS + i) % COMMANDS];

		if (!command->pane || !bars_offers(ui, command))
			continue;
		if (!n++)
			heading(page, ui->focus->pane->info.title);
		command_line(page, command);
	}
	if (n)
		(void)next(page);
}

static bool in_group(const struct ui *ui, int command, size_t group)
{
	return command_table[command].group == group && !command_table[command].pane &&
	       bars_offers(ui, &command_table[command]);
}

static void put_lines(struct help_page *page)
{
	const struct ui *ui = page->frame->ui;

	if (ui->caption)
		put_caption(page);
	put_own(page);
	for (size_t group = 0; group < ARRAY_LEN(group_titles); group++) {
		if ((group == GROUP_STEER && (ui->options.replay || ui->caption)) ||
			(group == GROUP_VIEW && ui->caption))
			continue;
		heading(page, group_titles[group]);
		for (int i = 1; i < COMMANDS; i++)
			if (in_group(ui, i, group))
				command_line(page, &command_table[i]);
		(void)next(page);
	}
	heading(page, "Read");
	for (size_t i = 0; i < ARRAY_LEN(legend); i++)
		entry(page, legend[i].style, legend[i].sign, legend[i].text);
}

static void pane_help_draw(struct frame *frame, const struct area *area)
{
	int cols = MIN(frame->canvas->cols - 6, 2 * COLUMN_COLS), columns = cols >= 108 ? 2 : 1;
	struct help_page count = { .frame = frame, .columns = 1 };
	struct scroll *scroll = area->panel->state;
	struct rect inside;
	int rows;

	put_lines(&count); /* nothing is in sight of it: it counts */
	rows = (count.line + columns - 1) / columns;
	inside = frame_overlay(frame, "Help", "Esc closes · PgDn and PgUp turn the page", rows,
		MIN(cols, columns * COLUMN_COLS), -1);
	scroll->rows = count.line;
	scroll->visible = inside.rows * columns;
	scroll->top = MAX(MIN(scroll->top, scroll->rows - scroll->visible), 0);
	put_lines(&(struct help_page) { frame, inside, columns, scroll->top, 0 });
}

static void pane_help_move(struct panel *panel, struct model *model, enum command_id command)
{
	struct scroll *scroll = panel->state;

	scroll->top = scroll_move(scroll, scroll->top, command);
}

/* It opens at its beginning. */
static void init(void *state)
{
	((struct scroll *)state)->top = 0;
}

const struct pane pane_help = {
	.info = { "help", "Help", "every key, and how to read the screen", .overlay = true },
	.everywhere = CMD_HELP,
	.size = sizeof(struct scroll),
	.init = init,
	.draw = pane_help_draw,
	.move = pane_help_move,
};
