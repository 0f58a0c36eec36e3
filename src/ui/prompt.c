/* SPDX-License-Identifier: MIT
 * The lines that are typed: text to find in lists of workers and in the help, and the palette of all commands by name.
 */
#include <ctype.h>

#include "frame.h"

#define PALETTE_ROWS 12
#define PALETTE_COLS 74
#define NAME_COLS 16
#define KEY_COLS 6

bool prompt_matches(const char *text, const char *wanted)
{
	return !*wanted || strcasestr(text, wanted);
}

/* --- what is found --- */

/* The help, while it is open; else the lists of workers. */
static char *find_text(struct ui *ui)
{
	return ui->over && ui->over->pane->everywhere == CMD_HELP ? ui->find_help : ui->find;
}

/* A pane that is not drawn from the rows of workers has nothing to find. */
static bool can_find(const struct ui *ui)
{
	const struct pane *pane = ui->focus->pane;

	return ui->over || !(pane->whole || pane->move);
}

bool prompt_clear(struct ui *ui)
{
	char *text = find_text(ui);
	const bool found = *text;

	*text = '\0';
	return found;
}

/* --- the palette --- */

static bool is_offered(const struct ui *ui, int command)
{
	const struct command *row = &command_table[command];

	/* A key among several says more than its command alone. */
	return row->keys[0] && !row->last_key && bars_offers(ui, row) &&
	       (prompt_matches(row->name, ui->prompt.text) ||
		       prompt_matches(row->help, ui->prompt.text));
}

/* The command at a place of the palette: those whose name matches come first. Returns how many there are. */
static int palette_command(const struct ui *ui, int at, int *ret_command)
{
	int n = 0;

	for (int by_help = 0; by_help < 2; by_help++) {
		for (int i = 1; i < COMMANDS; i++) {
			bool named = prompt_matches(command_table[i].name, ui->prompt.text);

			if (named == by_help || !is_offered(ui, i))
				continue;
			if (n++ == at)
				*ret_command = i;
		}
	}
	return n;
}

static void put_command(struct frame *frame, struct place at, const struct command *command)
{
	char key[16];

	canvas_text(frame->canvas, at.row, at.col, NAME_COLS, STYLE_STRONG, command->name);
	canvas_text(frame->canvas, at.row, at.col + NAME_COLS, KEY_COLS, STYLE_KEY,
		command_key_name(command, frame->ui->options.mode, key, sizeof(key)));
	at.col += NAME_COLS + KEY_COLS + 1;
	at.cols -= NAME_COLS + KEY_COLS + 1;
	put_text(frame, at, STYLE_TEXT, command->help);
}

void palette_draw(struct frame *frame)
{
	const struct ui *ui = frame->ui;
	int command = CMD_NONE, n = palette_command(ui, -1, &command);
	struct rect inside = frame_overlay(frame, "Commands",
		"type a part of the name · Enter runs it · Esc closes", PALETTE_ROWS + 1,
		PALETTE_COLS, -1);
	int rows = inside.rows - 1, top = MAX(MIN(ui->prompt.at - rows / 2, n - rows), 0);

	canvas_textf(frame->canvas, inside.row, inside.col, inside.cols, STYLE_STRONG, ":%s▏",
		ui->prompt.text);
	if (!n)
		canvas_text(frame->canvas, inside.row + 1, inside.col, inside.cols, STYLE_DIM,
			"no command has this in its name or its help");
	for (int i = 0; i < rows && top + i < n; i++) {
		struct place at = { inside.row + 1 + i, inside.col, inside.cols };

		palette_command(ui, top + i, &command);
		put_command(frame, at, &command_table[command]);
		if (top + i == ui->prompt.at)
			canvas_mark(frame->canvas,
				(struct rect) { at.row, at.col - 1, 1, at.cols + 2 },
				CELL_SELECTED);
	}
}

/* --- typing --- */

bool prompt_command(struct ui *ui, enum command_id command)
{
	if (command != CMD_FIND && command != CMD_PALETTE)
		return false;
	if (command == CMD_FIND && !can_find(ui)) {
		ui_message(ui, STYLE_STATUS,
			"nothing to find in this pane: / is for lists of workers and the help");
		return true;
	}
	ui->prompt.kind = command == CMD_FIND ? PROMPT_FIND : PROMPT_COMMAND;
	ui->prompt.text[0] = '\0';
	ui->prompt.at = 0;
	if (command == CMD_FIND)
		snprintf(ui->prompt.text, sizeof(ui->prompt.text), "%s", find_text(ui));
	else
		ui->over = NULL;
	return true;
}

bool ui_prompt_is_open(const struct ui *ui)
{
	return ui->prompt.kind != PROMPT_NONE;
}

static void type(struct ui *ui, int key)
{
	char *text = ui->prompt.text;
	size_t len = strlen(text);

	if (key == KEYCODE_BACKSPACE && len)
		text[len - 1] = '\0';
	else if (key >= ' ' && key < 0x7f && len + 1 < sizeof(ui->prompt.text))
		text[len] = (char)key, text[len + 1] = '\0';
	else
		return;
	ui->prompt.at = 0;
}

static enum command_id choose(struct ui *ui)
{
	int command = CMD_NONE;

	palette_command(ui, ui->prompt.at, &command);
	return (enum command_id)command;
}

static void move(struct ui *ui, int step)
{
	int command, n = palette_command(ui, -1, &command);

	ui->prompt.at = MAX(MIN(ui->prompt.at + step, n - 1), 0);
}

enum command_id ui_prompt_key(struct ui *ui, int key)
{
	const bool palette = ui->prompt.kind == PROMPT_COMMAND;
	enum command_id chosen = CMD_NONE;

	if (key == KEYCODE_UP || key == KEYCODE_DOWN)
		move(ui, key == KEYCODE_UP ? -1 : 1);
	else if (key != KEYCODE_ENTER && key != KEYCODE_ESCAPE)
		type(ui, key);
	else if (key == KEYCODE_ENTER && palette)
		chosen = choose(ui);
	if (!palette)
		snprintf(find_text(ui), sizeof(ui->find), "%s",
			key == KEYCODE_ESCAPE ? "" : ui->prompt.text);
	if (key == KEYCODE_ENTER || key == KEYCODE_ESCAPE)
		ui->prompt.kind = PROMPT_NONE;
	return chosen;
}
