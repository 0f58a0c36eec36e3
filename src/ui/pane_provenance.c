/* SPDX-License-Identifier: MIT
 * Where the focused number comes from: file, field, formula, age, quality and caveat, from the table of facts.
 */

#include "frame.h"

#define NAME_COLS 9
#define LINES_MAX 20
#define BOX_COLS 72

/* Where the lines go, and what they are about. */
struct page {
	struct frame *frame;
	provenance_line *put;
	void *context;
};

static void line(struct page *page, enum style style, const char *name, const char *text)
{
	if (text[0])
		page->put(page->context, style, name, text);
}

static enum style quality_style(enum quality quality)
{
	if (quality == QUALITY_UNAVAILABLE)
		return STYLE_DEAD;
	return quality == QUALITY_LIVE ? STYLE_GOOD : STYLE_WARN;
}

/* Age and quality of a number that has a path. */
static void value_lines(struct page *page, const struct fact_value *value)
{
	char text[128], age[32];

	if (value->quality == QUALITY_UNAVAILABLE)
		snprintf(text, sizeof(text), "%s: %s", quality_name(value->quality), value->reason);
	else if (value->age < NSEC_PER_MSEC)
		snprintf(text, sizeof(text), "%s, read for this very frame",
			quality_name(value->quality));
	else
		snprintf(text, sizeof(text), "%s, read %s before the newest sample",
			quality_name(value->quality), format_ns(age, sizeof(age), value->age));
	line(page, quality_style(value->quality), "quality", text);
}

static const char *unit_words(const struct fact *fact)
{
	if (strcmp(fact->unit, "kB") == 0) /* stands in the number, maybe as MB */
		return "";
	return strcmp(fact->unit, "1/s") == 0 ? "per second" : fact->unit;
}

/* The number as it stands on the screen; what was cut in its column is told in full. */
static void put_value(struct page *page, const struct fact *fact, const struct fact_value *value)
{
	const struct ui *ui = page->frame->ui;
	const char *seen = ui->focus->pane->number ? ui->shown : "";
	char text[160], shown[96];

	if (value && !*seen)
		seen = fact_format(shown, sizeof(shown), value);

	if (value && strcmp(seen, "\"") == 0)
		snprintf(text, sizeof(text), "%s, as the main thread: it is the process's",
			fact_format(shown, sizeof(shown), value));
	else
		snprintf(text, sizeof(text), "%s %s",
			value && value->text[0] && strstr(seen, "…") ? value->text : seen,
			unit_words(fact));
	line(page, STYLE_STRONG, "value", text);
}

static void explain(struct page *page, const struct number *number)
{
	const struct fact *fact = number->fact, *plus = number->plus;
	struct fact_value value = { .source = fact->source };
	const bool has_path = number->path.fact != NULL;
	char text[160];

	if (has_path)
		fact_read(page->frame->model, &number->path, &value);
	put_value(page, fact, has_path ? &value : NULL);
	line(page, STYLE_TEXT, "of", number->subject);
	line(page, STYLE_TEXT, "file", value.source);
	snprintf(text, sizeof(text), "%s%s%s", fact->field, plus ? " + " : "",
		plus ? plus->field : "");
	line(page, STYLE_TEXT, "field", text);
	line(page, STYLE_TEXT, "formula", fact->formula);
	if (has_path)
		value_lines(page, &value);
	line(page, STYLE_DIM, "path", number->text);
	line(page, STYLE_WARN, "beware", fact->caveat);
}

static bool has_number(const struct frame *frame, const struct panel *panel, struct number *number)
{
	return panel->pane->number && panel->pane->number(panel, frame->model, number);
}

/* Of the focused pane; where that has none, as a scene, of the first on the screen that has one. */
static bool find_number(const struct frame *frame, struct number *number)
{
	const struct ui *ui = frame->ui;

	if (has_number(frame, ui->focus, number))
		return true;
	for (int i = 0; i < ui->set_n && !ui->focus->pane->number; i++)
		if (ui->set[i]->visible && has_number(frame, ui->set[i], number))
			return true;
	return false;
}

bool provenance_tell(struct frame *frame, provenance_line *put, void *context)
{
	struct number number;

	if (!find_number(frame, &number))
		return false;
	explain(&(struct page) { frame, put, context }, &number);
	return true;
}

/* --- the box --- */

struct box {
	struct frame *frame;
	struct rect rest;
};

static void put_line(void *context, enum style style, const char *name, const char *text)
{
	struct box *box = context;
	struct rect r = box->rest;
	int used;

	if (r.rows < 1)
		return;
	canvas_text(box->frame->canvas, r.row, r.col, NAME_COLS, STYLE_DIM, name);
	r.col += NAME_COLS + 1;
	r.cols -= NAME_COLS + 1;
	used = MAX(put_wrapped(box->frame, r, style, text), 1);
	box->rest.row += used;
	box->rest.rows -= used;
}

/* The rows that the explanation takes: written once where nothing is visible. */
static int rows_needed(struct frame *frame)
{
	struct box box = { frame, { 0, 0, LINES_MAX, MIN(BOX_COLS, frame->canvas->cols - 6) } };
	struct rect old = canvas_clip(frame->canvas, (struct rect) { 0 });

	provenance_tell(frame, put_line, &box);
	canvas_unclip(frame->canvas, old);
	return LINES_MAX - box.rest.rows;
}

static void pane_provenance_draw(struct frame *frame, const struct area *area)
{
	struct number number;
	bool known = find_number(frame, &number);
	char title[96];
	struct rect inside;

	snprintf(title, sizeof(title), "Where from: %s",
		known ? number.fact->name : "no number is focused");
	inside = frame_overlay(frame, title, "Esc closes · Left and Right go to other numbers",
		known ? rows_needed(frame) : 1, BOX_COLS, frame->ui->shown_row);
	if (!provenance_tell(frame, put_line, &(struct box) { frame, inside }))
		put_text(frame, (struct place) { inside.row, inside.col, inside.cols }, STYLE_DIM,
			"Left and Right focus a number; what ended has none.");
}

const struct pane pane_provenance = {
	.info = { "provenance", "Where from", "file, field, formula and age of the focused number",
		.overlay = true },
	.everywhere = CMD_PROVENANCE,
	.draw = pane_provenance_draw,
};
