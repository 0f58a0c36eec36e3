/* SPDX-License-Identifier: MIT
 * The pane of ids: who is there, under which PID and TID, what it does, how often it leaves the CPU, and how it ended.
 */

#include "worker_list.h"

#define LEGEND_COLS_MIN 50 /* of a half */

enum {
	NAME,
	PID,
	TID,
	STATE,
	WORD,
	CPU,
	JOB,
	CPU_PERCENT,
	WAIT_PERCENT,
	VOLUNTARY,
	VOLUNTARY_PAST,
	INVOLUNTARY,
	INVOLUNTARY_PAST,
	USER,
	FAULTS,
	ROUNDS,
	WORKER_COLUMNS
};

/* --- columns: one small function each --- */

static const struct state_word {
	char letter;
	const char *word;
	enum style style;
} state_words[] = {
	{ 'R', "running", STYLE_RUNNING },
	{ 'S', "sleeping", STYLE_SLEEPING },
	{ 'D', "disk", STYLE_WAITING },
	{ 'T', "stopped", STYLE_WARN },
	{ 't', "traced", STYLE_WARN },
	{ 'Z', "zombie", STYLE_DEAD },
	{ 'X', "dead", STYLE_DEAD },
	{ 'I', "idle", STYLE_SLEEPING },
	{ '?', "unknown", STYLE_DIM },
};

static const struct state_word *state_of(char letter)
{
	for (size_t i = 0; i < ARRAY_LEN(state_words) - 1; i++)
		if (state_words[i].letter == letter)
			return &state_words[i];
	return &state_words[ARRAY_LEN(state_words) - 1];
}

static bool is_host(const struct table_cell *cell)
{
	return cell->half->worker == WORKER_HOST;
}

/* Of who only waits nothing is bright. */
static enum style own_style(const struct table_cell *cell)
{
	if (cell->half->ended)
		return ended_style(cell->half->ended);
	return is_host(cell) ? STYLE_DIM : side_style(cell->side);
}

#define HOST_COLS 4 /* "host" */

static void draw_name(const struct table_cell *cell)
{
	struct place at = cell->at;

	at.cols = MAX(at.cols, is_host(cell) ? HOST_COLS : 0);
	put_text(cell->frame, at, own_style(cell),
		TEXT_OF(worker_name, model_side(cell->frame->model, cell->side),
			cell->half->worker));
}

/* Whether the row at this distance has the same PID, of a worker that lives. */
static bool has_same_pid(const struct table_cell *cell, int distance)
{
	const struct worker_row *row = cell->row + distance;
	const struct ui *ui = cell->frame->ui;

	return row >= ui->rows.at && row < ui->rows.at + ui->rows.n &&
	       row->half[cell->side].worker >= 0 && row->half[cell->side].track &&
	       row->half[cell->side].pid == cell->half->pid;
}

/* The lesson in one column: a process has a PID of its own; of threads a bracket joins those that have one. */
static void draw_pid(const struct table_cell *cell)
{
	static const char *const brackets[] = { NULL, "┌", "└", "│" };
	const struct worker_half *half = cell->half;
	struct place at = cell->at;
	const char *bracket;

	if (is_host(cell)) {
		/* its name may reach up to here */
		if (cell->area->panel->table.slots[NAME].width >= HOST_COLS ||
			digits(half->pid) < at.cols - 1)
			put_integer(cell->frame, at, STYLE_DIM, half->pid);
		return;
	}
	bracket = half->track ? brackets[has_same_pid(cell, 1) + 2 * has_same_pid(cell, -1)] : NULL;
	if (bracket)
		canvas_text(cell->frame->canvas, at.row, at.col, 1, own_style(cell), bracket);
	put_integer(cell->frame, at, own_style(cell), half->pid);
	if (half->track)
		canvas_mark(cell->frame->canvas, (struct rect) { at.row, at.col, 1, at.cols },
			CELL_BOLD);
}

/* Of a process that is one row the TIDs are many. */
static void draw_tid(const struct table_cell *cell)
{
	char text[16];

	if (cell->half->folded) {
		snprintf(text, sizeof(text), "×%d", cell->half->folded);
		put_right(cell->frame, cell->at, own_style(cell), text);
		return;
	}
	put_integer(cell->frame, cell->at, own_style(cell), cell->half->tid);
}

static void draw_state(const struct table_cell *cell)
{
	const struct state_word *state = state_of(cell->half->track->now.state);
	const char letter[] = { state->letter, 0 };

	put_text(cell->frame, cell->at, state->style,
		cell->column->index == WORD ? state->word : letter);
}

/* Where it runs or last ran; an arrow: it may run only there. */
static void draw_cpu(const struct table_cell *cell)
{
	const struct track *track = cell->half->track;
	char text[16];

	if (!track->has_worker || track->worker->cpu < 0) {
		put_integer(cell->frame, cell->at, STYLE_TEXT, track->now.cpu);
		return;
	}
	snprintf(text, sizeof(text), "→%d", track->worker->cpu);
	put_right(cell->frame, cell->at, STYLE_WARN, text);
}

/* Where the states have no column, one in which it does no job stands in the place of its job. */
static const struct state_word *state_for_job(const struct table_cell *cell)
{
	const struct state_word *state = state_of(cell->half->track->now.state);

	return !cell->area->panel->table.slots[STATE].width && strchr("TtZX", state->letter) ? state
											     : NULL;
}

/* How it was changed: its niceness, and, where CPUs have no column, the one where it must run. */
static void put_changes(const struct table_cell *cell, char *out, size_t size)
{
	const struct track *track = cell->half->track;
	const bool pinned = track->has_worker && track->worker->cpu >= 0;
	char cpu[16] = "";

	if (pinned && !cell->area->panel->table.slots[CPU].width)
		snprintf(cpu, sizeof(cpu), "→%d", track->worker->cpu);
	if (track->now.nice && track->now.nice != NICE_UNKNOWN)
		snprintf(out, size, "%+d%s", track->now.nice, cpu);
	else
		snprintf(out, size, "%s", cpu);
}

static void draw_job(const struct table_cell *cell)
{
	const struct track *track = cell->half->track;
	const struct state_word *state = state_for_job(cell);
	const char *job = track->has_worker ? track->worker->job : "waits";
	struct place at = cell->at, behind = at;
	char changes[32];

	if (state) {
		put_text(cell->frame, at, state->style, state->word);
		return;
	}
	put_changes(cell, changes, sizeof(changes));
	behind.cols = text_width(changes);
	at.cols -= behind.cols;
	behind.col += MIN(at.cols, text_width(job));
	put_text(cell->frame, behind, STYLE_WARN, changes);
	put_text(cell->frame, at, track->has_worker ? STYLE_TEXT : STYLE_DIM, job);
}

static void draw_rate(const struct table_cell *cell)
{
	static const enum style styles[WORKER_COLUMNS] = { [VOLUNTARY] = STYLE_VOLUNTARY,
		[INVOLUNTARY] = STYLE_INVOLUNTARY,
		[USER] = STYLE_STRONG,
		[FAULTS] = STYLE_TEXT };

	put_rate(cell->frame, cell->at, styles[cell->column->index],
		fact_of(cell->fact, cell->half->track));
}

static void draw_percent(const struct table_cell *cell)
{
	put_percent(cell->frame, cell->at, STYLE_TEXT, fact_of(cell->fact, cell->half->track));
}

static void draw_past(const struct table_cell *cell)
{
	const bool voluntary = cell->column->index == VOLUNTARY_PAST;

	put_past(cell->frame, cell->at, voluntary ? STYLE_VOLUNTARY : STYLE_INVOLUNTARY,
		cell->half->track, voluntary);
}

static void draw_rounds(const struct table_cell *cell)
{
	const struct track *track = cell->half->track;

	if (track->has_worker)
		put_right(cell->frame, cell->at, STYLE_TEXT,
			TEXT_OF(format_count, track->worker->rounds));
}

static const struct column columns[WORKER_COLUMNS] = {
	[NAME] = { "name", "", .min = 2, .max = 4, .left = true, .draw = draw_name },
	[PID] = { "PID", .min = 5, .max = 7, .priority = 2, .fact = "pid", .draw = draw_pid },
	[TID] = { "TID", .min = 5, .max = 7, .fact = "tid", .draw = draw_tid },
	[STATE] = { "S", .min = 1, .max = 1, .priority = 11, .left = true, .fact = "state",
		.gloss = "state: R runs or could, S sleeps", .draw = draw_state },
	[WORD] = { "state", .min = 8, .max = 8, .priority = 13, .left = true, .index = WORD,
		.draw = draw_state },
	[CPU] = { "CPU", .min = 3, .max = 3, .priority = 12, .fact = "cpu",
		.gloss = "where it ran last", .draw = draw_cpu },
	[JOB] = { "job", .min = 8, .max = 9, .priority = 5, .left = true, .draw = draw_job },
	[CPU_PERCENT] = { "CPU%", .min = 4, .max = 4, .priority = 10, .fact = "cpu_percent",
		.draw = draw_percent },
	[WAIT_PERCENT] = { "wait%", .min = 5, .max = 5, .priority = 15, .fact = "wait_percent",
		.gloss = "wanted a CPU and had none", .draw = draw_percent },
	[VOLUNTARY] = { "voluntary/s", "vol/s", .min = 5, .max = 11, .priority = 3,
		.fact = "voluntary_per_s", .index = VOLUNTARY, .draw = draw_rate },
	[VOLUNTARY_PAST] = { "▲ past", "▲", .min = 8, .max = 8, .priority = 14, .grows = true,
		.left = true, .index = VOLUNTARY_PAST, .draw = draw_past },
	[INVOLUNTARY] = { "involuntary/s", "inv/s", .min = 4, .max = 13, .priority = 1,
		.fact = "involuntary_per_s", .index = INVOLUNTARY, .draw = draw_rate },
	[INVOLUNTARY_PAST] = { "▼ past", "▼", .min = 8, .max = 8, .priority = 14, .grows = true,
		.left = true, .index = INVOLUNTARY_PAST, .draw = draw_past },
	[USER] = { "user/s", .min = 6, .max = 6, .priority = 4, .fact = "user_switches_per_s",
		.gloss = "between its own stacks, by its own count", .index = USER,
		.draw = draw_rate },
	[FAULTS] = { "faults/s", .min = 8, .max = 8, .priority = 16, .fact = "minor_faults_per_s",
		.gloss = "page faults that needed no disk", .index = FAULTS, .draw = draw_rate },
	[ROUNDS] = { "rounds", .min = 7, .max = 7, .priority = 17, .fact = "rounds",
		.gloss = "of its job", .draw = draw_rounds },
};

static const struct sign legend[] = {
	{ "voluntary", STYLE_VOLUNTARY, "it waited" },
	{ "involuntary", STYLE_INVOLUNTARY, "it was taken off the CPU" },
	{ "PID", STYLE_TEXT, "number of a process" },
	{ "┌└", STYLE_THREAD, "one PID" },
	{ "TID", STYLE_TEXT, "number of a task" },
	{ "→0", STYLE_WARN, "may run on CPU 0 alone" },
	{ "host, main", STYLE_DIM, "made the workers, and waits" },
	{ 0 },
};
static const struct sign group_legend[] = {
	{ "voluntary", STYLE_VOLUNTARY, "it waited" },
	{ "involuntary", STYLE_INVOLUNTARY, "it was taken off the CPU" },
	{ "PID", STYLE_TEXT, "number of a process" },
	{ "┌└", STYLE_THREAD, "one PID" },
	{ "TID", STYLE_TEXT, "number of a task" },
	{ 0 },
};

/* --- the pane --- */

#define NAME_COLS 9 /* of a program: the rest gives way where there is little room */

/* The same columns on both sides: rows must stand beside each other. */
static void fit(struct frame *frame, struct panel *panel)
{
	const struct ui *ui = frame->ui;
	struct column_slot *slots = panel->table.slots;
	int id = 5, name = 2;
	double per_s;
	char text[16];

	/* Names of those in sight alone: a group can have thousands. */
	for (size_t i = 0; i < ui->rows.n; i++) {
		const bool in_sight =
			(int)i >= ui->workers.top && (int)i < ui->workers.top + ui->workers.visible;

		for (enum side side = 0; side < SIDES; side++) {
			const struct worker_half *half = &ui->rows.at[i].half[side];

			id = MAX(id, digits(MAX(half->pid, half->tid)));
			if (!half->pid || half->worker < 0 || !in_sight)
				continue;
			worker_name(
				text, sizeof(text), model_side(frame->model, side), half->worker);
			name = MAX(name, text_width(text));
		}
	}
	slots[NAME].min = slots[NAME].max = name;
	slots[PID].min = slots[PID].max = id + 1;
	slots[TID].min = slots[TID].max = id;
	if (!side_stacks(frame, SIDE_LEFT, &per_s) && !side_stacks(frame, SIDE_RIGHT, &per_s))
		slots[USER].min = 0;
	if (shows_groups(frame->model)) {
		slots[JOB].min = slots[ROUNDS].min = 0;
		slots[NAME].min = MIN(name, NAME_COLS);
	}
}

/* "4 threads: 1 PID, 4 TIDs" */
static void say_ids(struct frame *frame, enum side side, char *out, size_t size)
{
	const int n = side_workers(frame, side), of_pid = side_pids(frame, side);
	double per_s;
	const int stacks = side_stacks(frame, side, &per_s);
	const char *workers = TEXT_OF(format_workers, frame, side);
	const char *tids = TEXT_OF(format_number_of, n, "TID", "TIDs");

	snprintf(out, size, "%s: %s%s%s", workers, TEXT_OF(format_number_of, of_pid, "PID", "PIDs"),
		n > of_pid ? ", " : "", n > of_pid ? tids : "");
	if (stacks)
		snprintf(out, size, "%s, %s, %d user-level stacks", workers, tids, stacks);
}

/* What the crew is, or what became of it and which key helps. */
static void say(struct frame *frame, enum side which, int cols, char *out, size_t size)
{
	const struct model_side *side = model_side(frame->model, which);
	const struct crew_sample *crew = side->crew;

	if (side->group) {
		say_group(frame, side->group, out, size);
		return;
	}
	switch (crew ? crew->state : CREW_OFF) {
	case CREW_OFF:
		snprintf(out, size, "%s",
			shows_groups(frame->model) ? "– nobody: '--' stands between two sides"
						   : "– no crew here: r starts one");
		break;
	case CREW_STARTING:
		frame->fact_style = STYLE_WARN;
		snprintf(out, size, "starting: %d of %d %s%s%s", crew->alive, crew->wanted,
			kind_name(crew->kind), crew->note[0] ? " · " : "", crew->note);
		break;
	case CREW_FAILED:
		frame->fact_style = STYLE_DEAD;
		snprintf(out, size, "✗ failed: %s", crew->note);
		break;
	case CREW_ENDED:
		frame->fact_style = STYLE_DEAD;
		format_crew_end(crew, cols, out, size);
		if (frame->ui->options.clean) /* a film has no keys */
			out[strcspn(out, "·")] = '\0';
		break;
	default:
		say_ids(frame, which, out, size);
	}
}

/* A limit that a crew met. */
static void put_note(struct frame *frame)
{
	for (enum side side = 0; side < SIDES; side++) {
		const struct crew_sample *crew = model_side(frame->model, side)->crew;

		if (crew && crew->state == CREW_RUNNING && crew->note[0])
			frame_alert(frame, "%s: %s", side_name(side), crew->note);
	}
}

/* The ids stay, so that one sees who it was; the rest of the row tells how it ended. */
static void draw_ended(struct table_cell cell, int row)
{
	const struct rect half = cell.area->half[cell.side];
	const struct worker_sample *ended = cell.half->ended;
	struct place at = table_place(cell.area, cell.side, row, TID);
	char text[96];

	table_row(cell, row, TID + 1);
	at.col += at.cols + 1;
	at.cols = half.col + half.cols - 1 - at.col;
	format_worker_end(model_side(cell.frame->model, cell.side), ended, text, sizeof(text));
	put_text(cell.frame, at, ended_style(ended), text);
}

static void pane_workers_draw(struct frame *frame, const struct area *area)
{
	area->panel->legend = shows_groups(frame->model) ? group_legend : legend;
	worker_list_draw(frame, area);
	frame->ui->pasts = area->panel->table.slots[VOLUNTARY_PAST].width > 0;
	put_note(frame);
}

/* In steps of two workers, so that not each that comes or goes moves what stands below; where there is room, a row of the
 * legend under an even number of them. */
static int pane_workers_want(const struct panel *panel)
{
	int workers = MAX((int)panel->ui->rows.n - 1, 1);

	if (panel->ui->half_cols >= LEGEND_COLS_MIN)
		return 3 + workers / 2 * 2;
	return 2 + (workers + 1) / 2 * 2;
}

static bool pane_workers_number(
	const struct panel *panel, const struct model *model, struct number *ret)
{
	const struct worker_half *half = rows_half(panel->ui, panel->ui->side);

	return half && !half->ended && worker_list_number(panel, model, ret);
}

const struct pane pane_workers = {
	.info = { "workers", "Workers",
		"ids, states, CPU and switches of every worker, living or ended", "lab" },
	.min_rows = 5,
	.weight = 4,
	.field = VOLUNTARY,
	.needs = NEED_TASKS | NEED_MACHINE,
	.list = { columns, WORKER_COLUMNS, .fit = fit, .draw_ended = draw_ended },
	.want = pane_workers_want,
	.say = say,
	.legend = legend,
	.draw = pane_workers_draw,
	.number = pane_workers_number,
};
