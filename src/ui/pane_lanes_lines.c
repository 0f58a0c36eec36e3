/* SPDX-License-Identifier: MIT
 * The lanes in words: the selected one's statistics, the span under the cursor with its exact times and what it waits in,
 * and whether records and counters agree; as much of it as the cells hold.
 */

#include "pane_lanes.h"

#define WIDE 108 /* cells of a pane in which there is room for sentences */

static bool is_wide(const struct lanes_picture *picture)
{
	return picture->rect.cols >= WIDE;
}

void words_add_ns(struct words *words, const char *before, double ns, const char *after)
{
	words_add(words, "%s%s%s", before, ns > 0 ? TEXT_OF(format_ns, (nsec)ns) : "–", after);
}

void lane_before(char *out, size_t size, nsec before)
{
	snprintf(out, size, "-%s", TEXT_OF(format_ns, before));
}

static void draw_line(struct lanes_picture *picture, int at, enum style style, struct words *text)
{
	put_text(picture->frame, (struct place) { at, picture->rect.col, picture->rect.cols },
		style, text->text);
}

/* --- statistics --- */

double words_mean(nsec sum, int n)
{
	return n > 0 ? (double)sum / n : NAN;
}

static void draw_statistics(struct lanes_picture *picture, int at)
{
	const struct lane_row *row = &picture->row[picture->selected];
	const bool wide = is_wide(picture);
	struct strip_cell cell;
	struct words text = { 0 };
	char name[24];

	if (!row->lane)
		return;
	cell = lane_last_second(picture, row->lane->strip);
	lane_row_name(name, sizeof(name), row, picture->frame->model);
	words_add(&text, "%s TID %d: ", name, row->lane->tid);
	words_add_ns(&text, wide ? "run mean " : "run ", words_mean(cell.run_ns, cell.put_on), "");
	words_add_ns(&text, wide ? ", longest " : " max ", (double)cell.longest_run_ns, "");
	words_add_ns(&text, wide ? " · wait for a CPU: taken off mean " : ", wait ",
		words_mean(cell.wait_ns, cell.preempted), "");
	words_add_ns(&text, wide ? ", longest " : " max ", (double)cell.longest_wait_ns, "");
	if (picture->rect.cols > 70)
		words_add_ns(
			&text, wide ? ", any mean " : ", any wait ", row->lane->mean_delay_ns, "");
	draw_line(picture, at, STYLE_TEXT, &text);
}

/* --- what does not add up --- */

static void add_loss(struct words *text, int64_t lost, bool wide)
{
	if (!lost)
		words_add(text, wide ? " · no record lost" : ", 0 lost");
	else
		words_add(text, wide ? " · %s records lost" : ", %s lost",
			TEXT_OF(format_exact, lost));
}

/* What records and counters say of the same switches. A counter is read while records come: how many that were is said. */
static void add_counted(struct words *text, const struct lanes_view *view, bool wide)
{
	const struct lanes_sum *sum = &view->sum;
	const char *seen = TEXT_OF(format_exact, sum->seen);
	const char *counted = TEXT_OF(format_exact, sum->counted);
	const char *between = TEXT_OF(format_exact, sum->between);
	const char *apart = TEXT_OF(format_exact, sum->apart);

	if (!sum->seen && !sum->counted)
		words_add(text, wide ? "no switch recorded, none counted by the kernel"
				     : "no switch recorded, none counted");
	else
		words_add(text,
			wide ? "%s switches recorded, the kernel counted %s"
			     : "%s recorded, %s counted",
			seen, counted);
	if (sum->between)
		words_add(text, wide ? " (read while %s came)" : " (%s between)", between);
	if (sum->apart)
		words_add(text, wide ? ": they disagree by %s" : ": %s apart", apart);
	else if (!view->lost && sum->seen)
		words_add(text, ": they agree");
	add_loss(text, view->lost, wide);
}

static void draw_counted(struct lanes_picture *picture, int at)
{
	const struct lanes_view *view = &picture->view;
	const struct gap_sample *gap = model_gap(picture->frame->model, 0, "perf_event");
	struct words text = { 0 };

	if (view->sampled)
		words_add(&text, "sampled from schedstat, no finer than a refresh: perf_event %s",
			gap ? gap->reason : "");
	else
		add_counted(&text, view, is_wide(picture));
	draw_line(picture, at,
		view->sampled || view->lost || view->sum.apart ? STYLE_WARN : STYLE_DIM, &text);
}

/* --- under the cursor --- */

/* The kernel's functions that sleepers of ours are met in, and what for. */
static const struct {
	const char *part, *words;
} channels[] = {
	{ "pipe_read", "an empty pipe" },
	{ "pipe_write", "a full pipe" },
	{ "futex", "a futex" },
	{ "nanosleep", "a timer" },
	{ "do_wait", "a child's end" },
	{ "sigtimedwait", "a signal" },
	{ "sigsuspend", "a signal" },
	{ "pause", "a signal" },
	{ "poll", "a descriptor" },
	{ "eventfd", "an eventfd" },
	{ "unix_stream", "a socket" },
	{ "wq_sleep", "a message queue" },
	{ "folio", "a page" },
	{ "signal_stop", "SIGCONT" },
};

static const char *channel_words(const char *channel)
{
	for (size_t i = 0; i < ARRAY_LEN(channels); i++)
		if (strstr(channel, channels[i].part))
			return channels[i].words;
	return NULL;
}

static void add_channel(struct words *text, const char *channel, bool wide)
{
	const char *words = wide ? channel_words(channel) : NULL;

	words_add(text, "%s%s%s%s", channel, words ? " (for " : "", words ? words : "",
		words ? ")" : "");
}

/* What a task that is off waits in: as looks at this very span found it, else why that is not known. */
static void add_reason(struct lanes_picture *picture, struct words *text, const struct lane *lane,
	nsec from, nsec to)
{
	const struct lane_waits here = lane_waits(lane->waits, from, to),
				ever = lane_waits(lane->waits, 0, INT64_MAX);
	const struct gap_sample *gap = model_gap(picture->frame->model, lane->pid, "wchan");
	const bool wide = is_wide(picture);

	if (here.named) {
		words_add(text, wide ? ", blocked in " : " in ");
		add_channel(text, here.channel, wide);
		words_add(text, ", sampled %d of %d times", here.same, here.looks);
	} else if (gap) {
		words_add(text, ", – (wchan: %s)", gap->reason);
	} else if (here.looks) {
		words_add(text, ", waits in: not known");
	} else if (!wide) {
		words_add(text, ", – (no look%s%s)", ever.named ? "; often " : "", ever.channel);
	} else {
		words_add(text, ", blocked in – (no look in this span%s%s)",
			ever.named ? "; else mostly " : "", ever.channel);
	}
}

/* What the span under the cursor is, and how it ended. */
static void add_span(
	struct lanes_picture *picture, struct words *text, const struct span *span, nsec to)
{
	const struct lane_row *row = &picture->row[picture->selected];
	const nsec end = to < 0 ? INT64_MAX : to;

	switch (span->state) {
	case SPAN_RUNNING:
		if (row->cpu)
			words_add(text, "runs TID %d", span->who);
		else
			words_add(text, "running on CPU %d", span->cpu);
		break;
	case SPAN_WAITING:
		words_add(text, "%s",
			span->mark == MARK_BORN ? "new, waits for a CPU"
						: "taken off, waits for a CPU");
		break;
	case SPAN_OFF:
		if (row->cpu) {
			words_add(text, "none of ours");
			break;
		}
		words_add(text, span->mark == MARK_GAVE_UP ? "voluntary switch" : "off");
		add_reason(picture, text, row->lane, span->from, end);
		break;
	case SPAN_CROWD:
		words_add(text, "many switches: ran %.1f %%, waited %.1f %%",
			(span->who & 0xffff) / 10.0, (span->who >> 16) / 10.0);
		break;
	case SPAN_SAMPLED:
		words_add(text, "sampled: ran %.1f %%, waited %.1f %%", (span->who & 0xffff) / 10.0,
			(span->who >> 16) / 10.0);
		if (row->lane)
			add_reason(picture, text, row->lane, span->from, end);
		break;
	default:
		words_add(text, "%s", span->mark == MARK_DIED ? "ended" : "not known");
	}
}

static void draw_cursor_line(struct lanes_picture *picture, int at)
{
	const struct lane_row *row = &picture->row[picture->selected];
	const nsec cursor = picture->state->cursor;
	struct words text = { 0 };
	struct span span;
	nsec to;
	char before[24];

	if (!lane_row_strip(row))
		return;
	lane_before(before, sizeof(before), picture->end - cursor);
	words_add(&text, "at %s: ", before);
	if (!strip_span(lane_row_strip(row), cursor, &span, &to)) {
		words_add(&text, "no span is kept here: only sums, or nothing");
	} else {
		/* The times first: what is cut in few cells is the rest. */
		if (to >= 0)
			words_add_ns(&text, "for ", (double)(to - span.from), " ");
		words_add(&text, "from %.6f s%s: ", (double)span.from / 1e9, to < 0 ? " on" : "");
		add_span(picture, &text, &span, to);
	}
	draw_line(picture, at, STYLE_STRONG, &text);
}

/* --- the whole --- */

const struct sign lanes_legend[] = {
	{ "█", STYLE_STRONG, "ran all of it" },
	{ "▓", STYLE_STRONG, "most" },
	{ "▒", STYLE_STRONG, "some" },
	{ "░", STYLE_WAITING, "ready, waits for a CPU" },
	{ "·", STYLE_SLEEPING, "off: blocked or asleep" },
	{ "╵", STYLE_VOLUNTARY, "voluntary switch: it waited" },
	{ "!", STYLE_INVOLUNTARY, "involuntary: taken off" },
	{ "+", STYLE_GOOD, "born" },
	{ "x", STYLE_DEAD, "ended" },
	{ "CPU row", STYLE_TEXT, "0 1 2, A B C: the process or thread that ran most" },
	{ "CPU row ·", STYLE_TEXT, "none of these ran: idle, or others' tasks" },
	{ 0 },
};

/* What does not add up is always told; that all does, to who asks where numbers are from. */
static bool tells_counted(const struct lanes_picture *picture)
{
	const struct lanes_view *view = &picture->view;

	return view->sampled || view->lost || view->sum.apart || views_explains(picture->frame->ui);
}

int lane_lines(const struct lanes_picture *picture)
{
	return 1 + (picture->state->cursor >= 0) + tells_counted(picture);
}

void lane_lines_draw(struct lanes_picture *picture, int row)
{
	draw_statistics(picture, row++);
	if (picture->state->cursor >= 0)
		draw_cursor_line(picture, row++);
	if (views_explains(picture->frame->ui)) /* the last row: a box lies over those before */
		row = picture->rect.row + picture->rect.rows - 1;
	if (tells_counted(picture))
		draw_counted(picture, row);
}

void lane_note(struct lanes_picture *picture)
{
	const struct lanes_state *state = picture->state;
	const char *frozen = state->frozen ? "FROZEN · " : "";
	const int below = 2 + picture->n + lane_lines(picture);
	const char *cell = TEXT_OF(format_ns, state->cell);

	if (below < picture->rect.rows) /* there is room for a legend */
		frame_note(picture->frame, "%s%s, a cell %s", frozen,
			TEXT_OF(format_ns, state->cell * state->cols), cell);
	else
		frame_note(picture->frame, "%scell %s · █▓▒ ran ░ waits %s", frozen, cell,
			picture->rect.cols > 70 ? "· off ╵ voluntary ! taken off" : "╵vol !inv");
}
