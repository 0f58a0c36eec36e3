/* SPDX-License-Identifier: MIT
 * Help: every key, from the table of commands, and how to read the screen.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define KEY_COLS 11
#define COLUMN_COLS 76 /* one column of help is at most this wide */

/* What is not a key: glyphs and words of the panes. */
static const struct legend {
	const char *sign, *text;
	enum style style;
} legend[] = {
	{ "PID TID", "a process's own id; the id of what the kernel schedules (a task)",
		STYLE_STRONG },
	{ "vol", "switches because the task gave the CPU up: it slept, waited, blocked",
		STYLE_VOLUNTARY },
	{ "invol", "switches because the CPU was taken away (sched_yield counts here)",
		STYLE_INVOLUNTARY },
	{ "▲ ▼", "voluntary above the line, involuntary below it", STYLE_TEXT },
	{ "█ ▓", "resident pages that one process has, that several have", STYLE_TEXT },
	{ "=", "the same address on both sides", STYLE_STRONG },
	{ "R S D T Z", "running or ready, sleeping, in disk wait, stopped, zombie", STYLE_RUNNING },
	{ "✗", "ended, and how", STYLE_DEAD },
	{ "–", "unknown; never shown as 0", STYLE_DIM },
	{ "RSS PSS USS", "pages in memory; each divided by its sharers; those nobody else has",
		STYLE_STRONG },
};

static const char *const group_titles[] = {
	[GROUP_LOOK] = "Look",
	[GROUP_STEER] = "Steer: small letter the selected worker or side, capital the side or both",
	[GROUP_PROGRAM] = "Program",
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

static void keys(char *out, size_t size, const struct command *command)
{
	size_t len = 0;
	char name[32];

	out[0] = 0;
	for (size_t i = 0; i < ARRAY_LEN(command->keys) && command->keys[i]; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s", i ? " " : "",
			key_name(command->keys[i], name, sizeof(name)));
}

static void put_lines(struct sheet *sheet)
{
	char text[64];

	for (size_t group = 0; group < ARRAY_LEN(group_titles); group++) {
		if (group == GROUP_STEER && sheet->frame->ui->options.replay)
			continue;
		heading(sheet, group_titles[group]);
		for (int i = 1; i < COMMANDS; i++) {
			if (command_table[i].group != group)
				continue;
			keys(text, sizeof(text), &command_table[i]);
			entry(sheet, STYLE_KEY, text, command_table[i].help);
		}
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
		MIN(cols, columns * COLUMN_COLS));
	scroll->rows = count.line;
	scroll->visible = inside.rows * columns;
	scroll->top = MAX(MIN(at, scroll->rows - scroll->visible), 0);
	put_lines(&(struct sheet) { frame, inside, columns, scroll->top, 0 });
}
