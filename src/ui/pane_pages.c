/* SPDX-License-Identifier: MIT
 * The arena, page by page, of every worker: which pages are not there, which are its own, which are shared. Copy on write
 * is seen here.
 */
#include <stdio.h>
#include <string.h>

#include "members.h"

enum { NAME, GRID };

static const struct state_look {
	const char *glyph;
	enum style style;
} looks[PAGE_STATES] = {
	[PAGE_ABSENT] = { "·", STYLE_DIM },
	[PAGE_OWN] = { "█", STYLE_PRIVATE },
	[PAGE_SHARED] = { "▓", STYLE_SHARED },
	[PAGE_SWAPPED] = { "s", STYLE_WARN },
	[PAGE_GUARD] = { "|", STYLE_BORDER },
};

/* Of several states in one cell the first of these is shown: a single page that became its own must be seen. */
static const enum page_state first_shown[] = { PAGE_OWN, PAGE_SWAPPED, PAGE_SHARED, PAGE_GUARD,
	PAGE_ABSENT };

static enum page_state state_of(const uint8_t *states, int n)
{
	int count[PAGE_STATES] = { 0 };

	for (int i = 0; i < n; i++)
		if (states[i] < PAGE_STATES)
			count[states[i]]++;
	for (size_t i = 0; i < ARRAY_LEN(first_shown); i++)
		if (count[first_shown[i]])
			return first_shown[i];
	return PAGE_ABSENT;
}

/* Cell i of n covers these pages: all cells as equally large as can be, none without a page. */
static int first_page(const struct pages_sample *pages, int i, int n)
{
	return (int)((int64_t)pages->pages * i / n);
}

static void draw_grid(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct pages_sample *pages = member_evidence(f, FACT_PAGES, side, row);
	const struct sample *sample = model_sample(f->model);
	int cells;

	if (!pages || pages->pages <= 0 ||
		(size_t)pages->first + (size_t)pages->pages > sample->page_states.n) {
		put_text(f, at, STYLE_DIM, pages ? "" : "no page was read");
		return;
	}
	/* A row stays free between two that are tall. */
	cells = MIN(at.cols * MAX(f->row_rows - (f->row_rows > 2), 1), pages->pages);
	for (int i = 0; i < cells; i++) {
		int page = first_page(pages, i, cells);
		int n = first_page(pages, i + 1, cells) - page;
		const struct state_look *look =
			&looks[state_of(&sample->page_states.at[pages->first + (uint32_t)page], n)];

		canvas_text(f->canvas, at.row + i / at.cols, at.col + i % at.cols, 1, look->style,
			look->glyph);
	}
}

/* How many pages of the arena stand in the same physical pages as the host's. */
static void draw_frames(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct pages_sample *pages = member_evidence(f, FACT_PAGES, side, row);
	const struct pages_sample *host = model_evidence(f->model, FACT_PAGES, side, WORKER_HOST);
	const struct sample *sample = model_sample(f->model);
	int64_t same = 0;
	char text[24];

	if (!pages || !host || pages->first_frame < 0 || host->first_frame < 0 ||
		(size_t)pages->first_frame + (size_t)pages->pages > sample->page_frames.n ||
		(size_t)host->first_frame + (size_t)host->pages > sample->page_frames.n) {
		put_right(f, at, STYLE_DIM, "–");
		return;
	}
	for (int i = 0; i < MIN(pages->pages, host->pages); i++) {
		int64_t frame = sample->page_frames.at[pages->first_frame + i];

		same += frame > 0 && frame == sample->page_frames.at[host->first_frame + i];
	}
	member_text_draw(f, c, at, side, row, same ? STYLE_SHARED : STYLE_DIM,
		format_count(text, sizeof(text), same));
}

static const struct column columns[] = {
	[NAME] = MEMBER_NAME,
	[GRID] = { "arena", .min = 10, .max = 26, .priority = 1, .left = true, .grows = true,
		.draw = draw_grid },
	{ "own", .min = 6, .max = 7, .scope = FACT_PAGES, .fact = "arena_own", .flashes = true,
		.draw = member_fact_draw },
	{ "shared", .min = 6, .max = 7, .priority = 2, .scope = FACT_PAGES, .fact = "arena_shared",
		.flashes = true, .draw = member_fact_draw },
	{ "faults", .min = 6, .max = 8, .priority = 3, .scope = FACT_TASK, .fact = "minor_faults",
		.draw = member_fact_draw },
	{ "absent", .min = 6, .max = 7, .priority = 11, .scope = FACT_PAGES, .fact = "arena_absent",
		.draw = member_fact_draw },
	{ "as host's", .min = 9, .max = 9, .priority = 12, .draw = draw_frames },
};

/* What has become of the arena on this side, over all workers. */
static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	const struct sample *sample = model_sample(frame->model);
	int64_t own = 0, shared = 0;
	char workers[40], spaces[40], count[24];
	bool any = false;

	for (size_t i = 0; i < sample->pages.n; i++) {
		const struct pages_sample *pages = &sample->pages.at[i];

		if (pages->side != (int16_t)side || strcmp(pages->name, "arena") != 0 ||
			pages->worker == WORKER_HOST)
			continue;
		own += pages->count[PAGE_OWN];
		shared += pages->count[PAGE_SHARED];
		any = true;
	}
	format_workers(workers, sizeof(workers), frame, side);
	format_number_of(spaces, sizeof(spaces), members_objects(frame, side, RESOURCE_MEMORY),
		"arena", "arenas");
	if (any && shared + own > 0 &&
		side_kind(model_side(frame->model, side), side) == KIND_PROCESSES)
		snprintf(out, size, own ? "%s: %s pages copied" : "%s: nothing copied yet%s",
			workers, own ? format_count(count, sizeof(count), own) : "");
	else
		snprintf(out, size, "%s: %s, the same for all", workers, spaces);
}

static const struct members members = {
	.columns = columns,
	.n = ARRAY_LEN(columns),
	.say = say,
	.tall = true,
	.legend = "· no page yet  ▓ shared page  █ own page (a cell is own if any page in it is)",
	.brief = "· no page ▓ shared █ own",
};

static void draw(struct frame *frame, const struct area *area)
{
	members_draw(frame, area, &members);
}

static bool number(const struct ui *ui, struct model *model, struct number *ret)
{
	return members_number(ui, model, &members, ret);
}

const struct pane pane_pages = {
	.min_rows = 4,
	.weight = 4,
	.field = 2,
	.needs = NEED_TASKS | NEED_PAGES,
	.want = members_want,
	.draw = draw,
	.click = members_click,
	.number = number,
};
