/* SPDX-License-Identifier: MIT
 * Where the focused number comes from: file, field, formula, age, quality and caveat, from the table of facts.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

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
	return quality == QUALITY_UNAVAILABLE ? STYLE_DEAD
	       : quality == QUALITY_LIVE      ? STYLE_GOOD
					      : STYLE_WARN;
}

/* Age and quality of a number that has a path of its own. */
static void value_lines(struct page *page, const struct number *number)
{
	struct fact_value value;
	char text[128], age[32], why[96];

	if (!number->path[0])
		return;
	/* of a duel: the program's own tables know its paths */
	if (!fact_value(page->frame->model, number->path, &value, why, sizeof(why))) {
		line(page, STYLE_DIM, "path", number->path);
		return;
	}
	if (value.quality == QUALITY_UNAVAILABLE)
		snprintf(text, sizeof(text), "%s: %s", quality_name(value.quality), value.reason);
	else if (value.age < NSEC_PER_MSEC)
		snprintf(text, sizeof(text), "%s, read for this very frame",
			quality_name(value.quality));
	else
		snprintf(text, sizeof(text), "%s, read %s before the newest sample",
			quality_name(value.quality), format_ns(age, sizeof(age), value.age));
	line(page, quality_style(value.quality), "quality", text);
	line(page, STYLE_DIM, "path", number->path);
}

static void explain(struct page *page, const struct number *number)
{
	const struct fact *fact = fact_find(number->scope, number->fact);
	const struct fact *plus;
	struct fact_value value;
	const char *unit;
	char text[160], shown[96];

	const char *seen = page->frame->ui->shown;
	const bool has_path =
		number->path[0] && fact_value(page->frame->model, number->path, &value, NULL, 0);

	unit = !fact ? "" : strcmp(fact->unit, "1/s") == 0 ? "per second" : fact->unit;
	if (strcmp(unit, "kB") == 0) /* stands in the number, maybe as MB */
		unit = "";
	if (has_path && strcmp(seen, "\"") == 0)
		snprintf(text, sizeof(text), "%s, as the main thread: it is the process's",
			fact_format(shown, sizeof(shown), &value));
	else /* what was cut in its column is told in full */
		snprintf(text, sizeof(text), "%s %s",
			has_path && value.text[0] && strstr(seen, "…") ? value.text : seen, unit);
	line(page, STYLE_STRONG, "value", text);
	line(page, STYLE_TEXT, "of", number->subject);
	if (!fact) {
		line(page, STYLE_DIM, "source",
			"a sum over the rows of this class, made by the screen");
		return;
	}
	line(page, STYLE_TEXT, "file", has_path && value.source ? value.source : fact->source);
	plus = number->plus ? fact_find(number->scope, number->plus) : NULL;
	snprintf(text, sizeof(text), "%s%s%s", fact->field, plus ? " + " : "",
		plus ? plus->field : "");
	line(page, STYLE_TEXT, "field", text);
	line(page, STYLE_TEXT, "formula", fact->formula);
	value_lines(page, number);
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

void provenance_draw(struct frame *frame)
{
	const struct pane *pane = pane_record(frame->ui->focus);
	struct number number;
	bool known = pane->number && pane->number(frame->ui, frame->model, &number);
	char title[96];
	struct rect inside;

	snprintf(title, sizeof(title), "Where from: %s",
		known ? number.fact : "no number is focused");
	inside = frame_overlay(frame, title, "Esc closes · Left and Right go to other numbers",
		known ? rows_needed(frame, &number) : 1, BOX_COLS, frame->ui->shown_row);
	if (known)
		explain(&(struct page) { frame, inside }, &number);
	else
		put_text(frame, (struct place) { inside.row, inside.col, inside.cols }, STYLE_DIM,
			"Left and Right focus a number; what ended has none.");
}
