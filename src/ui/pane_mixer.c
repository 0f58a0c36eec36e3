/* SPDX-License-Identifier: MIT
 * The mixer of clone flags: process and thread are two settings of the same switches, of which some need
 * others, as the kernel has it.
 */

#include "worker_list.h"

static const struct flag {
	uint64_t flag, needs;
	enum command_id command;
	const char *name, *macro, *missing;
} flags[] = {
	{ CLONE_VM, 0, CMD_MIX_VM, "memory", "CLONE_VM", "" },
	{ CLONE_FILES, 0, CMD_MIX_FILES, "open files", "CLONE_FILES", "" },
	{ CLONE_FS, 0, CMD_MIX_FS, "folder", "CLONE_FS", "" },
	{ CLONE_SIGHAND, CLONE_VM, CMD_MIX_SIGHAND, "handlers", "CLONE_SIGHAND", "needs memory" },
	{ CLONE_THREAD, CLONE_SIGHAND, CMD_MIX_THREAD, "the PID", "CLONE_THREAD",
		"needs handlers" },
	{ CLONE_SYSVSEM, 0, CMD_MIX_SYSVSEM, "undo list", "CLONE_SYSVSEM", "" },
	{ CLONE_IO, 0, CMD_MIX_IO, "I/O context", "CLONE_IO", "" },
};

#define OF_PTHREAD                                                                                 \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)
#define TOGGLES                                                                                    \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |        \
		CLONE_IO)

/* What has lost what it needs goes out, too. */
static uint64_t allowed(uint64_t mix)
{
	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < ARRAY_LEN(flags); i++)
			if ((mix & flags[i].needs) != flags[i].needs)
				mix &= ~flags[i].flag;
	return mix;
}

static void pane_mixer_command(struct panel *panel, struct model *model, enum command_id command)
{
	uint64_t *mix = panel->state;

	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		if (flags[i].command != command)
			continue;
		if ((*mix & flags[i].needs) != flags[i].needs)
			ui_message(panel->ui, STYLE_WARN, "%s %s: the kernel refuses it (EINVAL)",
				flags[i].macro, flags[i].missing);
		else
			*mix = allowed(*mix ^ flags[i].flag);
	}
}

static void draw_flag(
	struct frame *frame, struct rect half, int row, const struct flag *flag, uint64_t mix)
{
	const bool possible = (mix & flag->needs) == flag->needs;
	const char *box = mix & flag->flag ? "[x]" : "[ ]";
	enum style style = mix & flag->flag ? STYLE_GOOD : STYLE_TEXT;
	char key[16];
	int col = half.col + 1;

	if (!possible) {
		box = "[-]";
		style = STYLE_DIM;
	}
	canvas_text(frame->canvas, row, col, 3, style, box);
	canvas_text(frame->canvas, row, col + 4, 1, STYLE_KEY,
		key_name(command_table[flag->command].keys[0], key, sizeof(key)));
	put_text(frame, (struct place) { row, col + 6, 11 }, possible ? STYLE_STRONG : STYLE_DIM,
		flag->name);
	put_text(frame, (struct place) { row, col + 18, half.cols - 20 }, STYLE_DIM,
		possible ? flag->macro : flag->missing);
}

static const char *species(uint64_t mix)
{
	if (!mix)
		return "so far: shares none of these";
	if ((mix & OF_PTHREAD) == OF_PTHREAD)
		return "so far: all shared, a thread";
	if (mix & CLONE_THREAD)
		return "so far: a thread that lacks some";
	if (mix & CLONE_VM)
		return "so far: own PID, but shared memory";
	return "so far: a process that shares a bit";
}

/* Not made as the others of its side are: somebody mixed it. */
static bool is_mixed(const struct model_side *side, const struct worker_sample *worker)
{
	uint64_t shared = worker->clone_flags & TOGGLES;

	if (side_kind(side, worker->side) == KIND_PROCESSES)
		return shared != 0;
	return shared ? shared != OF_PTHREAD : side->crew && worker->pid != side->crew->host;
}

/* One task that came of it; where there is little room, in two lines. Returns the rows used. */
static int draw_task(
	struct frame *frame, struct rect half, int row, const struct worker_sample *worker)
{
	const struct model_side *side = model_side(frame->model, worker->side);
	bool ended = worker->phase == WORKER_ENDED;
	enum style style = ended ? STYLE_DEAD : side_style(worker->side);
	struct place at = { row, half.col + 1, half.cols - 2 };
	char what[80], who[80], text[170];

	snprintf(who, sizeof(who), "%s %s PID %d TID %d", side_name(worker->side),
		TEXT_OF(worker_name, side, worker->index), worker->pid, worker->tid);
	if (ended)
		format_wait_status(what, sizeof(what), worker->wait_status);
	else
		format_clone_flags(what, sizeof(what), worker->clone_flags & TOGGLES);
	snprintf(text, sizeof(text), "%s%s %s", who, ended ? ":" : "", what);
	if (text_width(text) <= at.cols) {
		put_text(frame, at, style, text);
		return 1;
	}
	put_text(frame, at, style, who);
	if (row + 1 < half.row + half.rows)
		put_text(frame, (struct place) { row + 1, at.col + 2, at.cols - 2 }, style, what);
	return 2;
}

/* The newest last. */
static void draw_made(struct frame *frame, struct rect half, int row)
{
	const struct worker_sample *worker;

	vec_each (worker, &model_sample(frame->model)->workers)
		if (row < half.row + half.rows &&
			is_mixed(model_side(frame->model, worker->side), worker))
			row += draw_task(frame, half, row, worker);
}

/* What comes of it, and which key makes it. */
static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	const struct ui *ui = frame->ui;
	char key[16], place[16];

	frame->fact_style = STYLE_STRONG;
	if (side == SIDE_LEFT) {
		snprintf(out, size, "%s", species(ui_mix(ui)));
		return;
	}
	key_name(command_table[CMD_MIX_CREATE].keys[0], key, sizeof(key));
	key_name(command_table[CMD_MIX_REPLACE].keys[0], place, sizeof(place));
	const char *name =
		TEXT_OF(worker_name, model_side(frame->model, ui->side), ui->worker[ui->side]);

	snprintf(out, size, "%s makes it on the %s side, %s in place of %s", key,
		side_name(ui->side), place, name);
	if (text_width(out) > cols)
		snprintf(out, size, "%s makes it, %s in place of %s %s", key, place,
			side_name(ui->side), name);
	if (text_width(out) > cols)
		snprintf(out, size, "%s makes it, %s replaces %s", key, place, name);
}

static void pane_mixer_draw(struct frame *frame, const struct area *area)
{
	const struct rect left = area->half[SIDE_LEFT], right = area->half[SIDE_RIGHT];
	const uint64_t *mix = area->panel->state;

	for (int i = 0; i < (int)ARRAY_LEN(flags) && i < left.rows; i++)
		draw_flag(frame, left, left.row + i, &flags[i], *mix);
	draw_made(frame, right, right.row);
}

static const struct sign legend[] = {
	{ "[x]", STYLE_GOOD, "shared with its maker" },
	{ "fork()", STYLE_TEXT, "none" },
	{ "pthread_create()", STYLE_TEXT, "all but the I/O context" },
	{ "container", STYLE_TEXT, "none, own namespaces" },
	{ "clone()", STYLE_TEXT, "any that the kernel takes" },
	{ 0 },
};

const struct pane pane_mixer = {
	.info = { "mixer", "Make your own: clone()",
		"clone flags to choose, and the task that comes of them", "sharing" },
	.of_lab = "Makes a task with the clone flags of your choice: this is for the lab "
		  "(taskscope live).",
	.min_rows = 8,
	.shows_keys = true,
	.weight = 1,
	.needs = NEED_TASKS,
	.size = sizeof(uint64_t), /* the flags */
	.want_rows = ARRAY_LEN(flags),
	.say = say,
	.legend = legend,
	.draw = pane_mixer_draw,
	.command = pane_mixer_command,
};

uint64_t ui_mix(const struct ui *ui)
{
	return *(const uint64_t *)pane_state(ui, &pane_mixer);
}
