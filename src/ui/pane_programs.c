/* SPDX-License-Identifier: MIT
 * The programs that taskscope runs: what became of each, what it took, and what it printed last.
 */

#include "frame.h"
#include "pane.h"

#define FACT_ROWS 4
#define PRINTED_ROWS 3 /* and more where there is room, and a heading */

/* "2.31 s", "900 µs": two that differ do not read alike; "–". */
static char *format_seconds(char *out, size_t size, double seconds)
{
	if (seconds > 0 && seconds < 0.01)
		return format_ns(out, size, (nsec)(seconds * NSEC_PER_SEC));
	if (isnan(seconds))
		snprintf(out, size, "–");
	else
		snprintf(out, size, "%.2f s", seconds);
	return out;
}

static char *format_number(char *out, size_t size, double value)
{
	return format_count(out, size, isnan(value) ? UNKNOWN : (int64_t)value);
}

static char *format_size(char *out, size_t size, double value)
{
	return format_kb(out, size, isnan(value) ? UNKNOWN : (int64_t)value);
}

/* What a program took. */
enum { WALL, USER, KERNEL, WAITED, BORN, PSS, RSS, MEASURES };
static const struct measure {
	const char *label;
	size_t of; /* in program_sample: an int64_t */
	double unit;
	char *(*format)(char *out, size_t size, double value);
} measures[MEASURES] = {
	[WALL] = { "time", offsetof(struct program_sample, wall_ns), NSEC_PER_SEC, format_seconds },
	[USER] = { "CPU in user", offsetof(struct program_sample, user_us), 1e6, format_seconds },
	[KERNEL] = { "CPU in kernel", offsetof(struct program_sample, system_us), 1e6,
		format_seconds },
	[WAITED] = { "waited", .format = format_seconds }, /* the rest */
	[BORN] = { "tasks born", offsetof(struct program_sample, births), 1, format_number },
	[PSS] = { "peak of PSS", offsetof(struct program_sample, peak_pss_kb), 1, format_size },
	[RSS] = { "largest RSS", offsetof(struct program_sample, peak_rss_kb), 1, format_size },
};

static double measured(int which, const struct program_sample *program);

/* At least so long none of its tasks ran; of tasks that ran at once more than the whole time, it is not known. */
static double waited(const struct program_sample *program)
{
	const double rest =
		measured(WALL, program) - measured(USER, program) - measured(KERNEL, program);

	return rest < 0 ? NAN : rest;
}

static double measured(int which, const struct program_sample *program)
{
	const struct measure *measure = &measures[which];
	int64_t value = UNKNOWN;

	if (which == WAITED)
		return waited(program);
	if (program)
		memcpy(&value, (const char *)program + measure->of, sizeof(value));
	return value == UNKNOWN ? NAN : (double)value / measure->unit;
}

static bool has_ended(const struct program_sample *program)
{
	return program->state == PROGRAM_ENDED || program->state == PROGRAM_OVER;
}

/* What its first process does, or how it ended. */
static enum style put_state(const struct program_sample *program, char *out, size_t size)
{
	const char *time = TEXT_OF(format_seconds, measured(WALL, program));

	if (program->state == PROGRAM_FAILED) {
		snprintf(out, size, "failed: %s", program->note);
		return STYLE_DEAD;
	}
	if (program->state == PROGRAM_STARTING) {
		snprintf(out, size, "is being started");
		return STYLE_DIM;
	}
	if (program->state == PROGRAM_STOPPED) {
		const char *name = signal_name(program->stopped_by);

		snprintf(out, size, "PID %d is stopped by SIG%s", program->pid, name ? name : "?");
		return STYLE_WARN;
	}
	if (!has_ended(program)) {
		snprintf(out, size, "PID %d runs for %s", program->pid, time);
		return STYLE_TEXT;
	}
	snprintf(out, size, "PID %d: %s after %s%s", program->pid,
		TEXT_OF(format_wait_status, program->wait_status), time,
		program->state == PROGRAM_ENDED ? "; others of it live" : "");
	return program->wait_status ? STYLE_DEAD : STYLE_TEXT;
}

/* Of births that were not recorded, some may have been missed. */
static char *format_measure(char *out, size_t size, int which, const struct program_sample *program)
{
	const bool seen = which == BORN && program && program_births_are_seen(program);
	char text[32];

	measures[which].format(text, sizeof(text), measured(which, program));
	snprintf(out, size, "%s%s", seen ? "≥ " : "", text);
	return out;
}

static void put_facts(const struct program_sample *program, char *cpu, char *memory, size_t size)
{
	char text[MEASURES][32];

	for (int i = 0; i < MEASURES; i++)
		format_measure(text[i], sizeof(text[i]), i, program);
	snprintf(cpu, size, "CPU %s user, %s kernel · %s born", text[USER], text[KERNEL],
		text[BORN]);
	snprintf(memory, size, "peak: PSS %s of all · RSS %s of one", text[PSS], text[RSS]);
}

/* Label, number and bar; a bar is as long as the number is of the larger of the two. */
static void put_measure(struct frame *frame, struct place at, int which, enum side side)
{
	const struct sample *sample = model_sample(frame->model);
	const struct program_sample *program = sample_program(sample, side);
	const struct program_sample *other = sample_program(sample, !side);
	const double mine = measured(which, program), most = fmax(mine, measured(which, other));
	const struct bar_part part = { mine, side_style(side), "▆" };

	put_text(frame, (struct place) { at.row, at.col, 14 }, STYLE_DIM, measures[which].label);
	put_right(frame, (struct place) { at.row, at.col + 15, 11 }, STYLE_TEXT,
		TEXT_OF(format_measure, which, program));
	if (most > 0 && other)
		chart_bar(frame->canvas, at.row, at.col + 28, at.cols - 28, &part, 1, most);
}

/* The last of what it printed, as many lines as there are rows. */
static void put_printed(struct frame *frame, struct place at, const char *text, int rows)
{
	const size_t parting = strlen(PROGRAM_LINE);
	int skipped = 1;

	if (text[0] && rows > PRINTED_ROWS) {
		put_text(frame, at, STYLE_DIM, "it printed:");
		at.row++;
		rows--;
	}
	for (const char *line = text; (line = strstr(line, PROGRAM_LINE)); line += parting)
		skipped++;
	for (skipped -= rows; rows > 0; text += parting) {
		const char *end = strstr(text, PROGRAM_LINE);
		char line[PROGRAM_PRINTED_LAST];

		snprintf(line, sizeof(line), "%.*s", (int)(end ? end - text : -1), text);
		if (skipped-- <= 0) {
			put_text(frame, at, STYLE_TEXT, line);
			at.row++;
		}
		if (!end)
			return;
		text = end;
	}
}

/* What rounds say of both, below the left one. */
static int put_contrasts(struct frame *frame, struct place at, int rows)
{
	const struct contrast_sample *contrast;
	int used = 0;

	vec_each (contrast, &model_sample(frame->model)->contrasts) {
		const struct rect rest = { at.row + used, at.col, rows - used, at.cols };

		if (strcmp(contrast->duel, "programs") == 0 && rest.rows > 0)
			used += put_wrapped(frame, rest, STYLE_TITLE, contrast->text);
	}
	return used;
}

static void draw_program(
	struct frame *frame, const struct program_sample *program, struct rect half, bool card)
{
	struct place at = { half.row, half.col + 1, half.cols - 2 };
	char text[FACT_ROWS][200];
	enum style styles[FACT_ROWS] = { STYLE_TITLE, STYLE_TEXT, STYLE_TEXT, STYLE_TEXT };
	const int facts = card ? 2 : MIN(half.rows, FACT_ROWS), end = half.row + half.rows;

	snprintf(text[0], sizeof(text[0]), "%s", program->command);
	styles[1] = put_state(program, text[1], sizeof(text[1]));
	put_facts(program, text[2], text[3], sizeof(text[2]));
	for (int i = 0; i < facts; i++, at.row++)
		put_text(frame, at, styles[i], text[i]);
	for (int i = 0; card && i < MEASURES; i++, at.row++)
		put_measure(frame, at, i, (enum side)program->side);
	if (program->side == SIDE_LEFT)
		at.row += put_contrasts(frame, at, end - at.row);
	put_printed(frame, at, program->last, end - at.row);
}

/* Once both have ended: which took longer. */
static void compare(struct frame *frame)
{
	double left = measured(WALL, sample_program(model_sample(frame->model), SIDE_LEFT));
	double right = measured(WALL, sample_program(model_sample(frame->model), SIDE_RIGHT));
	double times = fmax(left, right) / fmin(left, right);

	if (isnan(left) || isnan(right) || isinf(times))
		return;
	if (model_sample(frame->model)->contrasts.n > 0) {
		frame_note(frame, "in turns; what is compared is each round");
		return;
	}
	if (times < 1.01)
		frame_note(frame, "in this one run both took equally long");
	else
		frame_note(frame, "in this one run the %s took %.2f times as long",
			side_name(left > right ? SIDE_LEFT : SIDE_RIGHT), times);
}

static void pane_programs_draw(struct frame *frame, const struct area *area)
{
	const bool over = frame->ui->programs_over;
	const bool card = over && area->half[0].rows >= 2 + MEASURES;

	for (int side = 0; side < SIDES; side++) {
		const struct program_sample *program =
			sample_program(model_sample(frame->model), (enum side)side);

		if (program)
			draw_program(frame, program, area->half[side], card);
		if (program && program->births_by[0])
			frame_note(frame, "births by %s", program->births_by);
	}
	if (over)
		compare(frame);
}

static int pane_programs_want(const struct panel *panel)
{
	return 1 + PRINTED_ROWS + (panel->ui->programs_over ? 2 + MEASURES : FACT_ROWS);
}

static const struct sign legend[] = {
	{ "PSS", STYLE_TEXT,
		"at its peak, a page that several map divided among them: compare this" },
	{ "RSS", STYLE_TEXT, "of its largest process alone" },
	{ "CPU in user", STYLE_TEXT, "its own code ran" },
	{ "in kernel", STYLE_TEXT, "its system calls" },
	{ "waited", STYLE_TEXT, "the rest of the time, in which none of its tasks ran" },
	{ "tasks born", STYLE_TEXT, "as recorded; ≥: at least, for not all may have been seen" },
	{ 0 },
};

const struct pane pane_programs = {
	.info = { "programs", "Programs",
		"what became of the programs of 'run', and what they took", "lab" },
	.min_rows = FACT_ROWS,
	.weight = 2,
	.of_programs = true,
	.gaps = { "perf_event", "smaps_rollup" },
	.want = pane_programs_want,
	.legend = legend,
	.draw = pane_programs_draw,
};
