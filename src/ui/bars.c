/* SPDX-License-Identifier: MIT
 * The lines above and below the panes: what is looked at, what the last key did, and which keys there are.
 */

#include "frame.h"
#include "worker_list.h"

/* A line that is written from left to right and stops where the next piece would not fit. */
struct pen {
	struct frame *frame;
	int row, col, end;
};

static bool pen_put(struct pen *pen, enum style style, const char *text)
{
	if (pen->col + text_width(text) > pen->end) {
		pen->end = 0; /* nothing after a piece that was left out */
		return false;
	}
	pen->col += canvas_text(pen->frame->canvas, pen->row, pen->col, -1, style, text);
	return true;
}

/* "live 0:12", and before it what is out of the ordinary; returns where it begins. */
static int header_right(struct frame *frame)
{
	const struct ui *ui = frame->ui;
	struct {
		bool on;
		enum style style;
		char text[32];
	} piece[] = {
		{ ui->options.root, STYLE_DIM, "root" },
		{ ui->state.recording, STYLE_DEAD, "● REC" },
		{ ui->state.paused, STYLE_WARN, "‖ PAUSED" },
		{ true, STYLE_STRONG, "" },
	};
	int64_t s = MAX(ui->state.elapsed, 0) / NSEC_PER_SEC;
	int col = frame->canvas->cols - 1;

	snprintf(piece[3].text, sizeof(piece[3].text), "%s%d:%02d",
		ui->options.mode == MODE_REPLAY ? "at " : "live ", (int)(s / 60), (int)(s % 60));
	for (int i = (int)ARRAY_LEN(piece) - 1; i >= 0; i--) {
		if (!piece[i].on)
			continue;
		col -= text_width(piece[i].text);
		canvas_text(frame->canvas, 0, col, -1, piece[i].style, piece[i].text);
		col -= 2;
	}
	return col;
}

static void put_machine(struct pen *pen, const struct machine_sample *machine)
{
	char text[64];

	if (machine->cpus > 0) {
		snprintf(text, sizeof(text), "  %d CPU%s", machine->cpus,
			machine->cpus == 1 ? "" : "s");
		pen_put(pen, STYLE_TEXT, text);
	}
	if (machine->load_centi >= 0 && machine->cpus > 0) {
		snprintf(text, sizeof(text), "  load %d.%d", machine->load_centi / 100,
			machine->load_centi / 10 % 10);
		pen_put(pen, STYLE_TEXT, text);
	}
}

#define KERNEL_KB_MUCH 4096 /* for kept files: less is not worth its place */

/* What it costs to look: whoever measures says what the measuring takes. */
static void put_observer(struct pen *pen)
{
	const struct model *model = pen->frame->model;
	const struct observer_sample *own = &model_sample(model)->observer;
	int64_t pss_kb = own->pss_kb;
	double cpu = model_observer(model)->cpu_percent;
	char text[96];

	if (isnan(cpu) && pss_kb <= 0)
		return;
	snprintf(text, sizeof(text), "  own cost %s %% CPU%s%s", TEXT_OF(format_percent, cpu),
		pss_kb > 0 ? ", " : "", pss_kb > 0 ? TEXT_OF(format_kb, pss_kb) : "");
	pen_put(pen, STYLE_DIM, text);
	if (own->kernel_kb < KERNEL_KB_MUCH)
		return;
	snprintf(text, sizeof(text), " + %s in the kernel", TEXT_OF(format_kb, own->kernel_kb));
	pen_put(pen, STYLE_DIM, text);
}

void bars_header(struct frame *frame)
{
	const struct ui *ui = frame->ui;
	struct pen pen = { frame, 0, 1,
		ui->options.clean ? frame->canvas->cols : header_right(frame) };
	char text[64];

	pen_put(&pen, STYLE_STRONG, "taskscope");
	pen_put(&pen, STYLE_TEXT, "  ");
	pen_put(&pen, STYLE_TITLE, ui->title);
	pen_put(&pen, STYLE_TEXT, "  ");
	for (enum side i = 0; i < SIDES; i++) {
		const struct model_side *side = model_side(frame->model, i);
		double per_s;

		/* A group may stand alone. */
		if (shows_groups(frame->model) && !side->group)
			continue;
		if (i)
			pen_put(&pen, STYLE_DIM, " | ");
		pen_put(&pen, side_style(i),
			side_stacks(frame, i, &per_s) ? "user-level stacks" : side_called(side, i));
	}
	if (ui->options.clean)
		return;
	put_machine(&pen, &model_sample(frame->model)->machine);
	if (ui->state.interval > 0) {
		snprintf(text, sizeof(text), "  every %s", TEXT_OF(format_ns, ui->state.interval));
		pen_put(&pen, STYLE_DIM, text);
	}
	put_observer(&pen);
}

/* What stands where nothing is said: the first steps, in words. */
static const char *const hints[COMMAND_MODES][2] = {
	[MODE_LAB] = { "new here? t: the tour · ↑↓ worker  ←→ number  ? what it means",
		"new here? t: the tour · ? what the number means" },
	[MODE_TOUR] = { "↑↓ worker  < > number  ? what it means and where it comes from",
		"< > number  ? what it means" },
	[MODE_QUIZ] = { "↑↓ worker  < > number  ? what it means and where it comes from",
		"< > number  ? what it means" },
	[MODE_REPLAY] = { "↑↓ worker  ←→ number  ? what it means and where it comes from",
		"↑↓ worker  ←→ number  ? what it means" },
	[MODE_TARGETS] = { "↑↓ task  ←→ number  ? what it means and where it comes from",
		"↑↓ task  ←→ number  ? what it means" },
};

/* What is typed, what was said, what is left out, or a hint. */
static enum style message_text(const struct ui *ui, int cols, char *out, size_t size)
{
	const char *const *hint = hints[ui->options.mode];

	if (ui->prompt.kind == PROMPT_FIND)
		snprintf(out, size, "/%s▏  Enter keeps it · Esc shows all", ui->prompt.text);
	else if (ui->message[0])
		snprintf(out, size, "%s", ui->message);
	else if (*ui->find)
		snprintf(out, size, "only what has '%s' · Esc shows all", ui->find);
	else
		snprintf(out, size, "%s", cols >= text_width(hint[0]) ? hint[0] : hint[1]);
	if (ui->prompt.kind == PROMPT_FIND || *ui->find)
		return STYLE_STRONG;
	if (!ui->message[0])
		return STYLE_DIM;
	return ui->message_style == STYLE_STATUS ? STYLE_TEXT : ui->message_style;
}

void bars_message(struct frame *frame, int row)
{
	const struct ui *ui = frame->ui;
	if (ui->options.clean)
		return;
	int cols = frame->canvas->cols;
	char name[32], text[300];

	if (*key_name(ui->echo, name, sizeof(name))) {
		canvas_textf(
			frame->canvas, row, cols - 7 - text_width(name), -1, STYLE_DIM, "key ");
		canvas_text(frame->canvas, row, cols - 2 - text_width(name), -1, STYLE_KEY, name);
		cols -= 8 + text_width(name);
	}
	enum style style = STYLE_STRONG;

	/* Nobody said anything: what differs is worth more than a hint. */
	if (ui->message[0] || *ui->find || ui->prompt.kind == PROMPT_FIND ||
		!*model_differences(frame->model, text, sizeof(text)))
		style = message_text(ui, cols - 2, text, sizeof(text));

	put_text(frame, (struct place) { row, 1, cols - 2 }, style, text);
}

/* --- the footer --- */

void bars_hit(struct frame *frame, int row, int col, int cols, int key)
{
	struct ui *ui = frame->ui;

	if (ui->hits_n < HITS_MAX)
		ui->hits[ui->hits_n++] = (struct hit) { row, col, cols, key };
}

bool bars_offers(const struct ui *ui, const struct command *command)
{
	if (command->pane && strcmp(command->pane, ui_focus(ui)) != 0)
		return false;
	if (ui->options.mode != MODE_REPLAY)
		return command_works(command, ui->options.mode);
	/* Nobody is steered; rows of groups fold and are sorted. */
	return (command_works(command, MODE_REPLAY) && command->group != GROUP_STEER) ||
	       (ui->of_groups && command->modes == MODE_BIT(MODE_TARGETS));
}

/* A key and what it does; it can be clicked. Returns the cells used, without the blanks after it. */
static int put_key(struct frame *frame, int row, int col, int key, const char *label, bool done)
{
	char name[32];
	int start = col;

	col += canvas_text(
		frame->canvas, row, col, -1, STYLE_KEY, key_name(key, name, sizeof(name)));
	col += canvas_textf(frame->canvas, row, col, -1, done ? STYLE_DIM : STYLE_STATUS, "%s%s%s",
		*label ? " " : "", label, done ? " ✓" : "");
	bars_hit(frame, row, start, col - start, key);
	return col - start;
}

static int key_cols(int key, const char *label, bool done)
{
	char name[32];

	return text_width(key_name(key, name, sizeof(name))) + (*label ? 1 : 0) +
	       text_width(label) + (done ? 2 : 0);
}

static int first_key(const struct ui *ui, const struct command *command)
{
	return command_keys(command, ui->options.mode)[0];
}

/* Help and quit: at the right end, wherever the screen is. Returns the column where they begin. */
static int put_fixed(struct frame *frame, int row)
{
	static const enum command_id fixed[] = { CMD_QUIT, CMD_HELP };
	int col = frame->canvas->cols - 1;

	for (size_t i = 0; i < ARRAY_LEN(fixed); i++) {
		const struct command *command = &command_table[fixed[i]];
		int key = first_key(frame->ui, command);

		col -= key_cols(key, command->name, false);
		put_key(frame, row, col, key, command->name, false);
		col -= 2;
	}
	return col + 2;
}

/* The order in which commands get room: the focused pane's own, then all others. */
static int footer_rank(const struct ui *ui, const struct command *command)
{
	const bool fixed =
		command == &command_table[CMD_HELP] || command == &command_table[CMD_QUIT];

	if (!command->footer || fixed || !bars_offers(ui, command))
		return INT_MAX;
	return command->pane ? command->footer : COMMANDS + command->footer;
}

/* The rank of each command, and of the last one for which cols cells suffice. */
static int footer_fitting(const struct ui *ui, int cols, int rank[COMMANDS])
{
	int need[2 * COMMANDS + 1] = { 0 }, last = 0;

	for (int i = 1; i < COMMANDS; i++) {
		const struct command *command = &command_table[i];

		rank[i] = footer_rank(ui, command);
		if (rank[i] < (int)ARRAY_LEN(need))
			need[rank[i]] += key_cols(first_key(ui, command), command->name, false) + 2;
	}
	while (last + 1 < (int)ARRAY_LEN(need) && need[last + 1] <= cols)
		cols -= need[++last];
	return last;
}

/* The keys of the moment, what was done already dimmed. Where a label has no room, its key stands alone. */
static void caption_footer(struct frame *frame, int row, int end)
{
	const struct caption *caption = frame->ui->caption;
	int col = 1;

	for (size_t i = 0; i < caption->keys.n; i++) {
		const struct caption_key *key = &caption->keys.at[i];
		bool named = col + key_cols(key->key, key->label, key->done) <= end;
		const char *label = named ? key->label : "";

		if (col + key_cols(key->key, label, key->done) <= end)
			col += put_key(frame, row, col, key->key, label, key->done) + 2;
	}
}

/* The pane's own first, so that they stand where the eye begins: what a worker can be told, then how to look. */
static int footer_part(const struct command *command)
{
	if (command->order)
		return 0;
	return command->pane ? 1 : 2;
}

void bars_footer(struct frame *frame, int row)
{
	const struct ui *ui = frame->ui;
	int cols = frame->canvas->cols, col = 1, end, fitting, rank[COMMANDS];

	if (ui->options.clean)
		return;

	canvas_fill(frame->canvas, (struct rect) { row, 0, 1, cols }, " ", STYLE_STATUS);
	end = put_fixed(frame, row) - 2;
	if (ui->caption) {
		caption_footer(frame, row, end);
		return;
	}
	fitting = footer_fitting(ui, end + 1, rank);
	for (int part = 0; part < 3; part++) {
		for (int i = 1; i < COMMANDS; i++) {
			const struct command *command = &command_table[i];

			if (rank[i] > fitting || footer_part(command) != part)
				continue;
			col += put_key(frame, row, col, first_key(ui, command), command->name,
				       false) +
			       2;
		}
	}
}

/* " 1 lab  2 sharing ..."; without room for the names of the others, their digits. */
int bars_views(struct frame *frame, int row, int col, int cols)
{
	const struct ui *ui = frame->ui;
	int full = 1, at = col;
	char name[32];

	for (size_t i = 0; i < view_count; i++)
		full += 3 + text_width(view_table[i].name);
	for (size_t i = 0; i < view_count; i++) {
		bool current = (int)i == ui->view, named = current || full <= cols;
		const struct view_info *view = &view_table[i];

		if (at + 4 + (named ? text_width(view->name) : 0) > col + cols)
			continue;
		const int key = command_table[view->command].keys[0], start = at + 1;

		at += canvas_text(frame->canvas, row, at, 1, STYLE_TEXT, " ");
		at += canvas_text(
			frame->canvas, row, at, -1, STYLE_KEY, key_name(key, name, sizeof(name)));
		if (named) {
			at += canvas_text(frame->canvas, row, at, 1, STYLE_TEXT, " ");
			at += canvas_text(frame->canvas, row, at, -1,
				current ? STYLE_FOCUS : STYLE_DIM, view->name);
		}
		bars_hit(frame, row, start, at - start, key);
	}
	at += canvas_text(frame->canvas, row, at, 1, STYLE_TEXT, " ");
	return at - col;
}
