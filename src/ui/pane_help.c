/* SPDX-License-Identifier: MIT
 * Help: where the focused number comes from, the words and signs of the screen, and every key of the table of commands.
 */

#include "frame.h"
#include "glossary.h"

#define KEY_COLS 13
#define COLUMN_COLS 76 /* one column of help is at most this wide */

static const char *const group_titles[] = {
	[GROUP_LOOK] = "Look",
	[GROUP_STEER] = "Steer (small: one; capital: the side or both)",
	[GROUP_PROGRAM] = "Program",
	[GROUP_VIEW] = "Views",
	[GROUP_STAGE] = "Stage: the lesson, and a clicker",
};

/* The lines of help go one below the other, and on in the next column. */
struct help_page {
	struct frame *frame;
	struct rect inside;
	int columns, top;
	int cols; /* of a line */
	int line;
};

/* The place of the next line; cols is 0 when it is out of sight. */
static struct place next(struct help_page *page)
{
	int line = page->line++ - page->top;

	if (line < 0 || line >= page->inside.rows * page->columns)
		return (struct place) { 0 };
	return (struct place) { page->inside.row + line % page->inside.rows,
		page->inside.col + line / page->inside.rows * (page->cols + 2), page->cols };
}

/* Whether a line has what is looked for. */
static bool is_wanted(const struct help_page *page, const char *sign, const char *text)
{
	const char *wanted = page->frame->ui->find_help;

	return prompt_matches(sign, wanted) || prompt_matches(text, wanted);
}

/* A sign or key, and its words in as many lines as they take. */
static void entry(struct help_page *page, enum style style, const char *sign, const char *text)
{
	if (!is_wanted(page, sign, text))
		return;
	for (size_t n = 1; n && *text; text += n) {
		struct place at = next(page);
		char part[COLUMN_COLS * 4];

		n = text_wrap(text, MAX(page->cols - KEY_COLS - 1, 8));
		snprintf(part, sizeof(part), "%.*s", (int)MIN(n, sizeof(part) - 1), text);
		if (at.cols) {
			canvas_text(page->frame->canvas, at.row, at.col, KEY_COLS, style, sign);
			canvas_text(page->frame->canvas, at.row, at.col + KEY_COLS + 1,
				at.cols - KEY_COLS - 1, STYLE_TEXT, part);
		}
		sign = "";
	}
}

/* Where something is looked for, only what was found. */
static void heading(struct help_page *page, const char *text)
{
	if (*page->frame->ui->find_help)
		return;
	struct place at = next(page);

	if (at.cols)
		put_text(page->frame, at, STYLE_STRONG, text);
}

static void gap(struct help_page *page)
{
	if (!*page->frame->ui->find_help)
		(void)next(page);
}

/* Its keys, one after the other, and what it does. */
static void command_line(struct help_page *page, const struct command *command)
{
	const enum command_mode mode = page->frame->ui->options.mode;
	const int *keys = command_keys(command, mode);
	char name[32], all[40];

	command_key_name(command, mode, all, sizeof(all));
	for (size_t i = 1; i < COMMAND_KEYS && keys[i]; i++)
		text_addf(all, sizeof(all), " %s", key_name(keys[i], name, sizeof(name)));
	entry(page, STYLE_KEY, all, command->help);
}

/* The keys of the moment. */
static void put_caption(struct help_page *page)
{
	const struct caption *caption = page->frame->ui->caption;
	char name[32];

	heading(page, "Now");
	for (size_t i = 0; i < caption->keys.n; i++)
		entry(page, STYLE_KEY, key_name(caption->keys.at[i].key, name, sizeof(name)),
			caption->keys.at[i].label);
	gap(page);
}

static void put_number_line(void *page, enum style style, const char *name, const char *text)
{
	entry(page, STYLE_DIM, name, text);
}

static void put_number(struct help_page *page)
{
	if (*page->frame->ui->find_help)
		return;
	heading(page, "This number");
	if (!provenance_tell(page->frame, put_number_line, page))
		entry(page, STYLE_DIM, "none",
			"arrows choose a number; ? then tells where it comes from");
	gap(page);
}

static void put_glossary(struct help_page *page)
{
	const struct glossary_word *word;

	heading(page, "Words and signs");
	for (size_t i = 0; (word = glossary_at(i)); i++)
		entry(page, word->style, word->sign, word->text);
	gap(page);
}

static bool in_group(const struct ui *ui, int command, size_t group, bool danger)
{
	const struct command *row = &command_table[command];

	return row->keys[0] && row->group == group && row->danger == danger && !row->pane &&
	       bars_offers(ui, row);
}

/* The focused pane's own keys. Its orders, which the table has last, come first: as in the footer. */
static void put_own(struct help_page *page, bool danger)
{
	const struct ui *ui = page->frame->ui;
	int n = 0;

	for (int i = 0; i < COMMANDS; i++) {
		const struct command *command = &command_table[(CMD_ORDERS + i) % COMMANDS];

		if (!command->pane || command->danger != danger || !bars_offers(ui, command))
			continue;
		if (!n++ && !danger)
			heading(page, ui->focus->pane->info.title);
		command_line(page, command);
	}
	if (n && !danger)
		gap(page);
}

static void put_group(struct help_page *page, size_t group)
{
	int n = 0;

	for (int i = 1; i < COMMANDS; i++) {
		if (!in_group(page->frame->ui, i, group, false))
			continue;
		if (!n++)
			heading(page, group_titles[group]);
		command_line(page, &command_table[i]);
	}
	if (n)
		gap(page);
}

/* What ends or changes something stands last. */
static void put_dangers(struct help_page *page)
{
	int before = page->line;

	heading(page, "Careful: these end something");
	put_own(page, true);
	for (int i = 1; i < COMMANDS; i++)
		if (in_group(page->frame->ui, i, GROUP_STEER, true))
			command_line(page, &command_table[i]);
	if (page->line == before + 1)
		page->line = before;
}

static void put_lines(struct help_page *page)
{
	static const enum command_group groups[] = { GROUP_STAGE, GROUP_LOOK, GROUP_VIEW,
		GROUP_PROGRAM, GROUP_STEER };

	put_number(page);
	if (page->frame->ui->caption)
		put_caption(page);
	put_glossary(page);
	put_own(page, false);
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		put_group(page, groups[i]);
	if (page->frame->ui->options.mode == MODE_LAB)
		put_dangers(page);
}

static void put_hint(const struct ui *ui, const struct scroll *scroll, char *out, size_t size)
{
	const int page = MAX(scroll->visible, 1);

	if (*ui->find_help)
		snprintf(out, size, "with '%s' · Esc shows all", ui->find_help);
	else
		snprintf(out, size, "page %d of %d · PgDn PgUp turn it · / finds · Esc closes",
			(scroll->top + page - 1) / page + 1, (scroll->rows + page - 1) / page);
}

static void pane_help_draw(struct frame *frame, const struct area *area)
{
	int cols = MIN(frame->canvas->cols - 6, 2 * COLUMN_COLS), columns = cols >= 108 ? 2 : 1;
	struct help_page page = { .frame = frame, .columns = columns };
	struct scroll *scroll = area->panel->state;
	char hint[96];

	cols = MIN(cols, columns * COLUMN_COLS);
	page.cols = (cols + 2) / columns - 2;
	put_lines(&page); /* nothing is in sight of it: it counts */
	scroll->rows = page.line;
	page.line = MAX(MIN((page.line + columns - 1) / columns, frame->canvas->rows - 4), 1);
	scroll->visible = page.line * columns;
	scroll->top = MAX(MIN(scroll->top, scroll->rows - scroll->visible), 0);
	put_hint(frame->ui, scroll, hint, sizeof(hint));
	page.inside = frame_overlay(frame, "Help", hint, page.line, cols, -1);
	page.top = scroll->top;
	page.line = 0;
	put_lines(&page);
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
	.info = { "help", "Help", "this number, words and signs, every key", .overlay = true },
	.everywhere = CMD_HELP,
	.size = sizeof(struct scroll),
	.init = init,
	.draw = pane_help_draw,
	.move = pane_help_move,
};
