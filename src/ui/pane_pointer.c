/* SPDX-License-Identifier: MIT
 * One pointer, many truths: X has one address in every task, and in each address space a copy or the common page.
 */

#include "worker_list.h"

/* Whether it is of a process that threads share, its main thread included. */
static bool of_threads(const struct table_cell *cell)
{
	return side_kind(model_side(cell->frame->model, cell->side), cell->side) == KIND_THREADS;
}

static void draw_page(const struct table_cell *cell)
{
	const struct pointer_sample *x = cell_evidence(cell, FACT_X);
	const bool known = x && x->exclusive >= 0;
	const char *text = "–";
	enum style style = STYLE_DIM;

	if (known && x->exclusive && of_threads(cell)) { /* mapped once: by all threads' table */
		text = "≡ for all";
		style = side_style(cell->side);
	} else if (known && x->exclusive) {
		text = "█ its copy";
		style = STYLE_PRIVATE;
	} else if (known) {
		text = "▓ common";
		style = STYLE_SHARED;
	}
	if (x && x->state == PAGE_ABSENT)
		text = "· none";
	cell_news_draw(cell, 0, style, text, x && x->state >= 0 ? text : "");
}

static void draw_frame(const struct table_cell *cell)
{
	const struct pointer_sample *x = cell_evidence(cell, FACT_X);

	put_integer(cell->frame, cell->at, STYLE_TEXT, x && x->frame >= 0 ? x->frame : UNKNOWN);
}

/* The rest of a text behind a word, or the text itself. */
static const char *behind(const char *text, const char *word)
{
	const char *at = strstr(text, word);

	return at ? at + strlen(word) : text;
}

/* "X=1 written by w0": the title says "written by" once for all. The host of threads is their main thread. */
static void draw_writer(const struct table_cell *cell)
{
	const struct pointer_sample *x = cell_evidence(cell, FACT_X);
	const bool known = x && x->known;
	const char *who = known ? behind(behind(x->text, "written by "), "the ") : "–";

	if (of_threads(cell) && strcmp(who, "host") == 0)
		who = "main";
	cell_news_draw(cell, 0, known ? STYLE_TEXT : STYLE_DIM, who, known ? x->text : "");
}

/* "victim: balance=100", until a neighbour writes over it. */
static void draw_object(const struct table_cell *cell)
{
	const struct pointer_sample *object = cell_evidence(cell, FACT_VICTIM);
	const bool known = object && object->known;
	const char *text = known ? behind(object->text, "victim: ") : "–";

	if (text_width(text) > cell->at.cols)
		text = behind(text, "balance=");
	cell_news_draw(cell, 0, known ? STYLE_TEXT : STYLE_DIM, text, known ? object->text : "");
}

enum { LOCAL = 5, OBJECT };

static const struct column columns[] = {
	COLUMN_NAME,
	{ "X", .min = 3, .max = 6, .scope = FACT_X, .fact = "x_value", .flashes = true,
		.draw = cell_fact_draw },
	{ "its page", .min = 10, .max = 10, .left = true, .scope = FACT_X, .fact = "x_exclusive",
		.flashes = true, .draw = draw_page },
	{ "frame", .gloss = "number of the page in the machine's memory", .min = 9, .max = 10,
		.priority = 10, .scope = FACT_X, .fact = "x_frame", .draw = draw_frame },
	{ "written by", "by", .min = 4, .max = 10, .priority = 2, .left = true, .scope = FACT_X,
		.fact = "x_text", .flashes = true, .draw = draw_writer },
	[LOCAL] = { "local", .gloss = "a variable on the worker's stack", .min = 5, .max = 6,
		.priority = 4, .scope = FACT_LOCAL, .fact = "local_value", .flashes = true,
		.draw = cell_fact_draw },
	[OBJECT] = { "heap object", "object", .gloss = "what the worker has on the heap", .min = 6,
		.max = 11, .priority = 5, .left = true, .scope = FACT_VICTIM, .fact = "victim_text",
		.flashes = true, .draw = draw_object },
};

/* Pages that hold X on this side: one for each address space that has one of its own, and one for all others. */
static int pages_of_x(const struct sample *sample, enum side side, uint64_t *address)
{
	int own = 0, shared = 0;

	for (size_t i = 0; i < sample->pointers.n; i++) {
		const struct pointer_sample *x = &sample->pointers.at[i];
		bool first = true;

		if (x->side != (int16_t)side || x->what != POINTER_X)
			continue;
		*address = x->address;
		for (size_t k = 0; k < i && first; k++)
			first = sample->pointers.at[k].what != POINTER_X ||
				sample->pointers.at[k].pid != x->pid;
		own += first && x->exclusive == 1;
		shared = shared || x->exclusive == 0;
	}
	return own + shared;
}

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	uint64_t address = 0;
	int pages = pages_of_x(model_sample(frame->model), side, &address);

	if (!address)
		snprintf(out, size, "– X is read next");
	else
		snprintf(out, size, "X at 0x%llx in each: %d page%s", (unsigned long long)address,
			pages, pages == 1 ? "" : "s");
	if (address && text_width(out) > cols)
		snprintf(out, size, "one address, %d page%s", pages, pages == 1 ? "" : "s");
}

/* What came of the last counting: of one counter, or of one in each process. */
static void conclude(struct frame *frame, enum side side, char *out, size_t size)
{
	const struct model_side *of = model_side(frame->model, side);
	const struct side_totals *totals = &of->totals;
	char lost[24];

	if (!of->crew || totals->count_expected == UNKNOWN)
		return;
	snprintf(out, size, "%s: %s of %s lost", of->crew->count_order,
		totals->count_lost ? format_count(lost, sizeof(lost), totals->count_lost) : "none",
		TEXT_OF(format_count, totals->count_expected));
}

static const struct sign legend[] = {
	{ "█", STYLE_PRIVATE, "its own copy, since it wrote" },
	{ "▓", STYLE_SHARED, "one page, until somebody writes" },
	{ "≡", STYLE_THREAD, "one page for all threads" },
	{ "X", STYLE_TEXT, "a variable that was made before they were" },
	{ 0 },
};

/* Which of the columns somebody's order has made worth a look; they stay. */
struct pointer_state {
	bool shown[ARRAY_LEN(columns)];
};

static void keep_shown(struct pointer_state *state, const struct model *model)
{
	static const struct {
		int column;
		const char *order;
	} orders[] = { { LOCAL, "write-local" }, { OBJECT, "wild-store" },
		{ OBJECT, "kernel-store" } };
	const struct worker_sample *worker;

	vec_each (worker, &model_sample(model)->workers)
		for (size_t i = 0; i < ARRAY_LEN(orders); i++)
			if (strcmp(worker->last_order, orders[i].order) == 0)
				state->shown[orders[i].column] = true;
}

/* What nobody has written to says nothing. */
static void fit(struct frame *frame, struct panel *panel)
{
	struct pointer_state *state = panel->state;

	keep_shown(state, frame->model);
	for (int i = LOCAL; i <= OBJECT; i++)
		if (!state->shown[i])
			panel->table.slots[i].min = panel->table.slots[i].max = 0;
}

/* And what was counted, below a blank row; a scene says that in its own words. */
static int pane_pointer_want(const struct panel *panel)
{
	return worker_list_want(panel) + (panel->ui->caption ? 0 : 2);
}

const struct pane pane_pointer = {
	.info = { "pointer", "One pointer", "one address, and what stands there in every task",
		"pages" },
	.size = sizeof(struct pointer_state),
	.of_lab = "One pointer in all workers, and the memory behind it: this is for the lab "
		  "(taskscope live).",
	.min_rows = 4,
	.weight = 3,
	.field = 1,
	.needs = NEED_TASKS | NEED_POINTER,
	.gaps = { "mem", "pagemap" },
	.list = { columns, ARRAY_LEN(columns), .fit = fit, .conclude = conclude },
	.want = pane_pointer_want,
	.say = say,
	.legend = legend,
	.number = worker_list_number,
};
