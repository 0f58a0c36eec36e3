/* SPDX-License-Identifier: MIT
 * Where the focused number comes from: file, field, formula, age, quality and caveat, from the table of facts.
 */
#include <stdio.h>
#include <string.h>

#include "frame.h"

#define NAME_COLS 9
#define LINES_MAX 20
#define BOX_COLS 72

struct page {
	struct frame *frame;
	struct rect rest;
};

static void line(struct page *page, enum style style, const char *name, const char *text)
{
	struct rect r = page->rest;
	int used;

	if (!text[0] || r.rows < 1)
		return;
	canvas_text(page->frame->canvas, r.row, r.col, NAME_COLS, STYLE_DIM, name);
	r.col += NAME_COLS + 1;
	r.cols -= NAME_COLS + 1;
	used = MAX(put_wrapped(page->frame, r, style, text), 1);
	page->rest.row += used;
	page->rest.rows -= used;
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
	const char *seen = page->frame->ui->shown;
	char text[160], shown[96];

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

/* The rows that the explanation takes: written once where nothing is visible. */
static int rows_needed(struct frame *frame, const struct number *number)
{
	struct page page = { frame, { 0, 0, LINES_MAX, MIN(BOX_COLS, frame->canvas->cols - 6) } };
	struct rect old = canvas_clip(frame->canvas, (struct rect) { 0 });

	explain(&page, number);
	canvas_unclip(frame->canvas, old);
	return LINES_MAX - page.rest.rows;
}

static void pane_provenance_draw(struct frame *frame, const struct area *area)
{
	const struct panel *focus = frame->ui->focus;
	struct number number;
	bool known = focus->pane->number && focus->pane->number(focus, frame->model, &number);
	char title[96];
	struct rect inside;

	snprintf(title, sizeof(title), "Where from: %s",
		known ? number.fact->name : "no number is focused");
	inside = frame_overlay(frame, title, "Esc closes · Left and Right go to other numbers",
		known ? rows_needed(frame, &number) : 1, BOX_COLS, frame->ui->shown_row);
	if (known)
		explain(&(struct page) { frame, inside }, &number);
	else
		put_text(frame, (struct place) { inside.row, inside.col, inside.cols }, STYLE_DIM,
			"Left and Right focus a number; what ended has none.");
}

const struct pane pane_provenance = {
	.info = { "provenance", "Where from", "file, field, formula and age of the focused number",
		.overlay = true },
	.everywhere = CMD_PROVENANCE,
	.draw = pane_provenance_draw,
};
