/* SPDX-License-Identifier: MIT
 * Memory page by page: the whole arena, or a part of any mapping, of every worker. Which pages are not there, which are its
 * own, and which are the same page of memory as another's. Copy on write is seen here.
 */

#include "worker_list.h"

enum { NAME, GRID };

/* What a cell can show; of several pages in one cell the last of these: a single page that became its own must be seen. */
enum page_sign {
	SIGN_ABSENT,
	SIGN_GUARD,
	SIGN_EQUAL,
	SIGN_FILE,
	SIGN_SHARED,
	SIGN_EQUAL_OTHER,
	SIGN_SWAPPED,
	SIGN_OWN,
	SIGNS
};

static const struct {
	const char *glyph;
	enum style style;
} signs[SIGNS] = {
	[SIGN_ABSENT] = { "·", STYLE_DIM },
	[SIGN_GUARD] = { "|", STYLE_BORDER },
	[SIGN_EQUAL] = { "≡", STYLE_THREAD }, /* in the side's own style */
	[SIGN_FILE] = { "f", STYLE_SHARED },
	[SIGN_SHARED] = { "▓", STYLE_SHARED },
	[SIGN_EQUAL_OTHER] = { "~", STYLE_SHARED },
	[SIGN_SWAPPED] = { "s", STYLE_WARN },
	[SIGN_OWN] = { "█", STYLE_PRIVATE },
};

/* The pages of one row: where they are in the sample. */
struct strip_of_pages {
	const uint8_t *state, *mark;
	int n;
	bool together; /* several tasks have this page table */
	bool guard; /* a mapping that nobody may touch */
};

static enum page_sign sign_of(const struct strip_of_pages *strip, int page)
{
	static const enum page_sign of_state[PAGE_STATES] = {
		[PAGE_ABSENT] = SIGN_ABSENT,
		[PAGE_OWN] = SIGN_OWN,
		[PAGE_SHARED] = SIGN_SHARED,
		[PAGE_SWAPPED] = SIGN_SWAPPED,
		[PAGE_GUARD] = SIGN_GUARD,
		[PAGE_FILE] = SIGN_FILE,
	};
	enum page_state state = MIN(strip->state[page], PAGE_STATES - 1);
	bool present = state == PAGE_OWN || state == PAGE_SHARED || state == PAGE_FILE;

	if (present && strip->together)
		return SIGN_EQUAL;
	if (present && strip->mark[page] == PAGE_MARK_FIRST)
		return SIGN_SHARED;
	if (present && strip->mark[page] == PAGE_MARK_OTHER)
		return SIGN_EQUAL_OTHER;
	return state == PAGE_ABSENT && strip->guard ? SIGN_GUARD : of_state[state];
}

static enum page_sign sign_of_cell(const struct strip_of_pages *strip, int from, int to)
{
	enum page_sign sign = SIGN_ABSENT;

	for (int page = from; page < to; page++)
		sign = MAX(sign, sign_of(strip, page));
	return sign;
}

/* All cells as equally large as can be, none without a page. */
static void draw_strip(const struct table_cell *cell, const struct strip_of_pages *strip)
{
	const struct place at = cell->at;
	int cells = MIN(at.cols * worker_list_cell_rows(cell->frame), strip->n);

	for (int i = 0; i < cells; i++) {
		int from = (int)((int64_t)strip->n * i / cells);
		int to = (int)((int64_t)strip->n * (i + 1) / cells);
		enum page_sign sign = sign_of_cell(strip, from, to);

		canvas_text(cell->frame->canvas, at.row + i / at.cols, at.col + i % at.cols, 1,
			sign == SIGN_EQUAL ? side_style(cell->side) : signs[sign].style,
			signs[sign].glyph);
	}
}

/* Threads have the page table of their process, and who was made with CLONE_VM has its host's: by construction, whatever the
 * kernel tells of frames. */
static bool has_company(const struct table_cell *cell)
{
	const struct model_side *of = model_side(cell->frame->model, cell->side);

	for (size_t i = 0; i < of->n_tracks; i++) {
		const struct track *track = of->tracks[i];
		bool mine = track->now.tid == cell->half->tid;

		if (strchr("ZX", track->now.state))
			continue;
		if (!mine && track->now.pid == cell->half->pid)
			return true;
		if ((mine || cell->half->worker == WORKER_HOST) && track->has_worker &&
			track->worker->clone_flags & CLONE_VM)
			return true;
	}
	return false;
}

static bool strip_of(
	const struct table_cell *cell, const struct pages_sample *pages, struct strip_of_pages *ret)
{
	const struct sample *sample = model_sample(cell->frame->model);

	if (!pages || pages->pages <= 0 ||
		(size_t)pages->first + (size_t)pages->pages > sample->page_states.n)
		return false;
	*ret = (struct strip_of_pages) {
		.state = &sample->page_states.at[pages->first],
		.mark = &model_page_marks(cell->frame->model)[pages->first],
		.n = pages->pages,
		.together = has_company(cell),
	};
	return true;
}

static void put_missing(const struct table_cell *cell)
{
	const char *text = "read next";

	if (!cell->half->track)
		text = "ended: its pages are free";
	else if (cell->frame->ui->options.mode == MODE_REPLAY)
		text = "not in this recording";
	put_text(cell->frame, cell->at, STYLE_DIM, text);
}

/* The pages of a process stand once; the row below says so. */
static bool put_repeat(const struct table_cell *cell)
{
	const struct table_cell above = { cell->frame, cell->area, cell->side, cell->row - 1,
		&(cell->row - 1)->half[cell->side] };

	if (!cell_is_repeat(cell))
		return false;
	if (!cell_is_repeat(&above))
		put_text(cell->frame, cell->at, STYLE_DIM,
			cell->at.cols < 32 ? "↑ the same" : "↑ its pages, too: one page table");
	return true;
}

static void draw_arena(const struct table_cell *cell)
{
	struct strip_of_pages strip;

	if (put_repeat(cell))
		return;
	if (strip_of(cell, cell_evidence(cell, FACT_PAGES), &strip))
		draw_strip(cell, &strip);
	else
		put_missing(cell);
}

/* The part that is wanted; what was read may begin elsewhere, or end before. */
static bool clip_strip(const struct window *window, const struct window_half *half,
	const struct pages_sample *pages, struct strip_of_pages *strip)
{
	const uint64_t page = (uint64_t)MAX(pages->page_kb, 1) * 1024;
	int64_t first, last, skip;

	if (!window_part_of(window, half, &first, &last) ||
		half->start + (uint64_t)first * page < pages->start)
		return false;
	skip = (int64_t)((half->start + (uint64_t)first * page - pages->start) / page);
	if (skip >= strip->n)
		return false;
	strip->state += skip;
	strip->mark += skip;
	strip->n = (int)MIN(strip->n - skip, last - first);
	strip->guard = half->guard;
	return strip->n > 0;
}

static void draw_part(const struct table_cell *cell)
{
	const struct window *window = &cell->frame->ui->window;
	const struct window_half *half = &window->half[cell->side];
	const struct pages_sample *pages = cell_evidence(cell, FACT_WINDOW);
	struct strip_of_pages strip;
	int64_t first, last;

	if (put_repeat(cell))
		return;
	if (!window_part_of(window, half, &first, &last))
		put_text(cell->frame, cell->at, STYLE_DIM, "–");
	else if (strip_of(cell, pages, &strip) && clip_strip(window, half, pages, &strip))
		draw_strip(cell, &strip);
	else
		put_missing(cell);
}

/* Pages that one process maps. Where several tasks have its page table, they are of none alone: the strip says so. */
static void draw_own(const struct table_cell *cell)
{
	if (!has_company(cell))
		cell_process_draw(cell);
}

#define COUNT(title, min_, max_, priority_, scope_, fact_, draw_, ...)                             \
	{                                                                                          \
		title, .min = (min_), .max = (max_), .priority = (priority_), .scope = (scope_),   \
		       .fact = (fact_), .draw = (draw_), __VA_ARGS__                               \
	}
#define OWN(scope, fact)                                                                           \
	COUNT("only here", 6, 9, 0, scope, fact, draw_own, .flashes = true, .brief = "here")
#define SEVERAL(priority, scope, fact)                                                             \
	COUNT("others too", 10, 10, priority, scope, fact, cell_process_draw, .flashes = true)
#define FAULTS(priority)                                                                           \
	COUNT("faults", 6, 8, priority, FACT_TASK, "minor_faults", cell_fact_draw,                 \
		.gloss = "page faults: a page was given, or copied")

static const struct column arena_columns[] = {
	[NAME] = COLUMN_NAME,
	[GRID] = { "arena, as each sees it", "arena",
		.gloss = "memory that was written before they were made", .min = 10, .max = 56,
		.priority = 1, .left = true, .grows = true, .draw = draw_arena },
	OWN(FACT_PAGES, "arena_own"),
	SEVERAL(2, FACT_PAGES, "arena_shared"),
	FAULTS(3),
	COUNT("equal", 6, 7, 11, FACT_PAGES, "arena_equal", cell_process_draw, .flashes = true),
	COUNT("absent", 6, 7, 12, FACT_PAGES, "arena_absent", cell_process_draw, .flashes = false),
};

static const struct column part_columns[] = {
	[NAME] = COLUMN_NAME,
	[GRID] = { "a page a cell", .min = 17, .max = 64, .priority = 1, .left = true,
		.grows = true, .draw = draw_part },
	OWN(FACT_WINDOW, "window_own"),
	FAULTS(3),
	SEVERAL(10, FACT_WINDOW, "window_shared"),
	COUNT("file", 4, 6, 11, FACT_WINDOW, "window_file", cell_process_draw, .flashes = true),
	COUNT("equal", 5, 7, 12, FACT_WINDOW, "window_equal", cell_process_draw, .flashes = true),
	COUNT("absent", 6, 7, 13, FACT_WINDOW, "window_absent", cell_process_draw,
		.flashes = false),
};

/* --- the sentence above --- */

/* What has become of the arena on this side, over all workers. */
static void say_arena(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	const struct sample *sample = model_sample(frame->model);
	int64_t own_kb = 0, kb = UNKNOWN;

	for (size_t i = 0; i < sample->pages.n; i++) {
		const struct pages_sample *pages = &sample->pages.at[i];

		if (pages->side != (int16_t)side || strcmp(pages->name, "arena") != 0)
			continue;
		kb = (int64_t)pages->pages * pages->page_kb;
		if (pages->worker != WORKER_HOST)
			own_kb += (int64_t)pages->count[PAGE_OWN] * pages->page_kb;
	}
	const bool threads = side_kind(model_side(frame->model, side), side) == KIND_THREADS;
	const char *workers = TEXT_OF(format_workers, frame, side);
	const char *memory = TEXT_OF(format_kb, own_kb && !threads ? own_kb : kb);

	if (kb == UNKNOWN)
		snprintf(out, size, "– the arena is read next");
	else if (threads)
		snprintf(out, size, "%s: one copy of %s%s", workers, memory,
			cols > 40 ? ", for all" : "");
	else
		snprintf(out, size, "%s: %s %s so far%s", workers,
			own_kb ? "copied" : "one copy of", memory,
			own_kb || cols <= 40 ? "" : ", seen by each");
	if (text_width(out) > cols) /* whose it is says the colour */
		memmove(out, out + strlen(workers) + 2, strlen(out + strlen(workers) + 2) + 1);
}

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	const struct window *window = &frame->ui->window;

	if (window->on)
		(void)window_title(&window->half[side], window, cols, out, size);
	else
		say_arena(frame, side, cols, out, size);
}

static const struct worker_list part = { part_columns, ARRAY_LEN(part_columns), .tall = true };

/* Of two processes by the page's frame number, or without it by bit 56 of its entry in the page table. */
static const struct sign legend[] = {
	{ "█", STYLE_PRIVATE, "only here" },
	{ "▓", STYLE_SHARED, "in other processes, too" },
	{ "≡", STYLE_THREAD, "of all threads" },
	{ "·", STYLE_DIM, "no page" },
	{ "~", STYLE_SHARED, "in another, but not the first" },
	{ "f", STYLE_SHARED, "of a file" },
	{ "s", STYLE_WARN, "moved to disk" },
	{ "|", STYLE_BORDER, "nobody may touch it: guard" },
	{ 0 },
};

static void pane_pages_draw(struct frame *frame, const struct area *area)
{
	area->panel->list = &part;
	window_find(frame->ui, frame->model, worker_list_cells(frame, area, GRID));
	if (!frame->ui->window.on)
		area->panel->list = &area->panel->pane->list;
	worker_list_draw(frame, area);
}

static void pane_pages_command(struct panel *panel, struct model *model, enum command_id command)
{
	struct ui *ui = panel->ui;

	rows_gather(ui, model);
	if (command == CMD_PAGES_NEXT || command == CMD_PAGES_PREVIOUS)
		window_step(ui, model, command == CMD_PAGES_NEXT ? 1 : -1);
	else if (command == CMD_PAGES_ARENA)
		window_close(ui);
	else
		window_part(ui, command == CMD_PAGES_LATER ? 1 : -1);
}

const struct pane pane_pages = {
	.info = { "pages", "Pages",
		"the arena or any mapping page by page: common, or a copy of its own", "pages" },
	.of_lab = "Pages of memory that every worker writes: this is for the lab (taskscope live). "
		  "Of any program: in Memory, v shows the pages of a mapping.",
	.min_rows = 4,
	.weight = 4,
	.field = 2,
	.needs = NEED_TASKS | NEED_PAGES | NEED_MAPPINGS,
	.gaps = { "frames", "pagemap" },
	.list = { arena_columns, ARRAY_LEN(arena_columns), .tall = true },
	.say = say,
	.legend = legend,
	.draw = pane_pages_draw,
	.command = pane_pages_command,
	.number = worker_list_number,
};
