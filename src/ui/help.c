/* SPDX-License-Identifier: MIT
 * Help: every key, from the table of commands, and how to read the screen.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"

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
	{ "RSS", "pages in memory, shared ones too", STYLE_STRONG },
	{ "PSS", "each page divided by its sharers", STYLE_STRONG },
	{ "USS", "pages that no other process has", STYLE_STRONG },
	{ "█", "resident pages that are its own", STYLE_PRIVATE },
	{ "▓", "resident pages that others have too", STYLE_SHARED },
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
struct sheet {
	struct frame *frame;
	struct rect inside;
	int columns, top;
	int line;
};

/* The place of the next line; cols is 0 when it is out of sight. */
static struct place next(struct sheet *sheet)
{
	int line = sheet->line++ - sheet->top;
	int width = (sheet->inside.cols + 2) / sheet->columns;

	if (line < 0 || line >= sheet->inside.rows * sheet->columns)
		return (struct place) { 0 };
	return (struct place) { sheet->inside.row + line % sheet->inside.rows,
		sheet->inside.col + line / sheet->inside.rows * width, width - 2 };
}

static void entry(struct sheet *sheet, enum style style, const char *sign, const char *text)
{
	struct place at = next(sheet);

	if (!at.cols)
		return;
	canvas_text(sheet->frame->canvas, at.row, at.col, KEY_COLS, style, sign);
	at.col += KEY_COLS + 1;
	at.cols -= KEY_COLS + 1;
	put_text(sheet->frame, at, STYLE_TEXT, text);
}

static void heading(struct sheet *sheet, const char *text)
{
	struct place at = next(sheet);

	if (at.cols)
		put_text(sheet->frame, at, STYLE_STRONG, text);
}

static void command_line(struct sheet *sheet, const struct command *command)
{
	struct place at = next(sheet);
	int col = at.col;
	char name[32];

	if (!at.cols)
		return;
	for (size_t i = 0; i < ARRAY_LEN(command->keys) && command->keys[i]; i++)
		col += 1 + canvas_text(sheet->frame->canvas, at.row, col, -1, STYLE_KEY,
				   key_name(command->keys[i], name, sizeof(name)));
	at.col += KEY_COLS + 1;
	at.cols -= KEY_COLS + 1;
	put_text(sheet->frame, at, STYLE_TEXT, command->help);
}

static void put_caption(struct sheet *sheet)
{
	const struct caption *caption = sheet->frame->ui->caption;
	char name[32];

	heading(sheet, "This scene");
	for (size_t i = 0; i < caption->keys.n; i++)
		entry(sheet, STYLE_KEY, key_name(caption->keys.at[i].key, name, sizeof(name)),
			caption->keys.at[i].label);
	(void)next(sheet);
}

/* The focused pane's own keys. */
static void put_own(struct sheet *sheet)
{
	const struct ui *ui = sheet->frame->ui;
	int n = 0;

	/* Its orders, which the table has last, come first: as in the footer. */
	for (int i = 0; i < COMMANDS; i++) {
		const struct command *command = &command_table[(CMD_ORDERS + i) % COMMANDS];

		if (!command->pane || !bars_offers(ui, command))
			continue;
		if (!n++)
			heading(sheet, pane_table[ui->focus].title);
		command_line(sheet, command);
	}
	if (n)
		(void)next(sheet);
}

static bool in_group(const struct ui *ui, int command, size_t group)
{
	int view = view_of_command(command);

	return command_table[command].group == group && !command_table[command].pane &&
	       bars_offers(ui, &command_table[command]) && (view < 0 || view_exists((size_t)view));
}

static void put_lines(struct sheet *sheet)
{
	const struct ui *ui = sheet->frame->ui;

	if (ui->caption)
		put_caption(sheet);
	put_own(sheet);
	for (size_t group = 0; group < ARRAY_LEN(group_titles); group++) {
		if ((group == GROUP_STEER && (ui->options.replay || ui->caption)) ||
			(group == GROUP_VIEW && ui->caption))
			continue;
		heading(sheet, group_titles[group]);
		for (int i = 1; i < COMMANDS; i++)
			if (in_group(ui, i, group))
				command_line(sheet, &command_table[i]);
		(void)next(sheet);
	}
	heading(sheet, "Read");
	for (size_t i = 0; i < ARRAY_LEN(legend); i++)
		entry(sheet, legend[i].style, legend[i].sign, legend[i].text);
}

void help_draw(struct frame *frame)
{
	int cols = MIN(frame->canvas->cols - 6, 2 * COLUMN_COLS), columns = cols >= 108 ? 2 : 1;
	struct sheet count = { .frame = frame, .columns = 1 };
	struct scroll *scroll = &frame->ui->help;
	struct rect inside;
	int rows, at = scroll->top;

	put_lines(&count); /* nothing is in sight of it: it counts */
	rows = (count.line + columns - 1) / columns;
	inside = frame_overlay(frame, "Help", "Esc closes · PgDn and PgUp turn the page", rows,
		MIN(cols, columns * COLUMN_COLS), -1);
	scroll->rows = count.line;
	scroll->visible = inside.rows * columns;
	scroll->top = MAX(MIN(at, scroll->rows - scroll->visible), 0);
	put_lines(&(struct sheet) { frame, inside, columns, scroll->top, 0 });
}
