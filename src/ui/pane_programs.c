/* SPDX-License-Identifier: MIT
 * The programs that taskscope runs: what became of each, what it took, and what it printed last.
 */
#include <stdio.h>
#include <string.h>

#include "frame.h"
#include "pane.h"

#define FACT_ROWS 4
#define PRINTED_ROWS 3

static const struct program_sample *program_of(const struct frame *frame, enum side side)
{
	const struct program_sample *program;

	vec_each (program, &model_sample(frame->model)->programs)
		if (program->side == (int16_t)side)
			return program;
	return NULL;
}

/* "2.31 s"; "–". */
static char *format_seconds(char *out, size_t size, int64_t value, double unit)
{
	if (value == UNKNOWN)
		snprintf(out, size, "–");
	else
		snprintf(out, size, "%.2f s", (double)value / unit);
	return out;
}

static bool has_ended(const struct program_sample *program)
{
	return program->state == PROGRAM_ENDED || program->state == PROGRAM_OVER;
}

/* What its first process does, or how it ended. */
static enum style put_state(const struct program_sample *program, char *out, size_t size)
{
	char time[32], end[48];

	format_seconds(time, sizeof(time), program->wall_ns, (double)NSEC_PER_SEC);
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
	format_wait_status(end, sizeof(end), program->wait_status);
	snprintf(out, size, "PID %d: %s after %s%s", program->pid, end, time,
		program->state == PROGRAM_ENDED ? "; others of it live" : "");
	return program->wait_status ? STYLE_DEAD : STYLE_TEXT;
}

static void put_facts(const struct program_sample *program, char *cpu, char *memory, size_t size)
{
	char user[32], system[32], births[32] = "–", pss[32], rss[32];

	if (program->births != UNKNOWN)
		format_count(births, sizeof(births), program->births);
	snprintf(cpu, size, "CPU %s user, %s system · %s born",
		format_seconds(user, sizeof(user), program->user_us, 1e6),
		format_seconds(system, sizeof(system), program->system_us, 1e6), births);
	snprintf(memory, size, "peak: PSS %s of all · RSS %s of one",
		format_kb(pss, sizeof(pss), program->peak_pss_kb),
		format_kb(rss, sizeof(rss), program->peak_rss_kb));
}

/* The last of what it printed, as many lines as there are rows. */
static void put_printed(struct frame *frame, struct place at, const char *text, int rows)
{
	const char *lines[PRINTED_ROWS];
	int n = 0;

	for (const char *end = text + strlen(text), *line;
		n < MIN(rows, PRINTED_ROWS) && end > text; end = line > text ? line - 1 : text) {
		for (line = end; line > text && line[-1] != '\n';)
			line--;
		lines[n++] = line;
	}
	for (; n > 0; n--, at.row++) {
		char line[PROGRAM_PRINTED_LAST];

		snprintf(
			line, sizeof(line), "%.*s", (int)strcspn(lines[n - 1], "\n"), lines[n - 1]);
		put_text(frame, at, STYLE_DIM, line);
	}
}

static void draw_program(
	struct frame *frame, const struct program_sample *program, struct rect half)
{
	struct place at = { half.row, half.col + 1, half.cols - 2 };
	char text[FACT_ROWS][200];
	enum style styles[FACT_ROWS] = { STYLE_TITLE, STYLE_TEXT, STYLE_TEXT, STYLE_TEXT };

	snprintf(text[0], sizeof(text[0]), "%s", program->command);
	styles[1] = put_state(program, text[1], sizeof(text[1]));
	put_facts(program, text[2], text[3], sizeof(text[2]));
	for (int i = 0; i < MIN(half.rows, FACT_ROWS); i++, at.row++)
		put_text(frame, at, styles[i], text[i]);
	if (half.rows > FACT_ROWS)
		put_printed(frame, at, program->last, half.rows - FACT_ROWS);
}

/* Once both have ended: which took longer. */
static void compare(struct frame *frame)
{
	const struct program_sample *left = program_of(frame, SIDE_LEFT),
				    *right = program_of(frame, SIDE_RIGHT);

	if (!left || !right || !has_ended(left) || !has_ended(right) || left->wall_ns <= 0 ||
		right->wall_ns <= 0)
		return;
	bool longer = left->wall_ns > right->wall_ns;
	double times = longer ? (double)left->wall_ns / (double)right->wall_ns
			      : (double)right->wall_ns / (double)left->wall_ns;

	frame_note(frame, "in this one run the %s took %.2f times as long",
		side_name(longer ? SIDE_LEFT : SIDE_RIGHT), times);
}

static void pane_programs_draw(struct frame *frame, const struct area *area)
{
	for (int side = 0; side < SIDES; side++) {
		const struct program_sample *program = program_of(frame, (enum side)side);

		if (program)
			draw_program(frame, program, area->half[side]);
	}
	compare(frame);
}

static int pane_programs_want(const struct panel *panel)
{
	return FACT_ROWS + PRINTED_ROWS;
}

const struct pane pane_programs = {
	.info = { "programs", "Programs",
		"what became of the programs of 'run', and what they took", "lab" },
	.min_rows = FACT_ROWS,
	.weight = 2,
	.of_programs = true,
	.gaps = { "perf_event", "smaps_rollup" },
	.want = pane_programs_want,
	.draw = pane_programs_draw,
};
