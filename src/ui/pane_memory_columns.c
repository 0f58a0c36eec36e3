/* SPDX-License-Identifier: MIT
 * The columns of the memory pane: one record and one small function each.
 */
#include <stdio.h>

#include "pane_memory.h"

static enum style class_style(const struct space_row *e)
{
	if (e->mine)
		return STYLE_STRONG;
	if (e->class == REGION_BOARD || e->class == REGION_SHARED)
		return STYLE_SHARED;
	if (e->class == REGION_GUARD || e->class == REGION_VDSO)
		return STYLE_DIM;
	return STYLE_TEXT;
}

static void draw_address(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;
	char text[32];

	if (e->region)
		snprintf(text, sizeof(text), "%12llx",
			(unsigned long long)e->region->mapping->start);
	else
		snprintf(text, sizeof(text), "%d mapping%s", e->n, e->n == 1 ? "" : "s");
	put_right(cell->frame, cell->at, STYLE_DIM, text);
}

static void draw_label(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;

	put_text(cell->frame, cell->at, class_style(e), e->label);
}

static void draw_perms(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;

	if (e->region)
		put_text(cell->frame, cell->at, STYLE_DIM, e->region->mapping->perms);
}

static void draw_size(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;

	put_kb(cell->frame, cell->at, STYLE_DIM, e->size_kb);
}

static void draw_measured(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;

	put_kb(cell->frame, cell->at, STYLE_TEXT, e->measured_kb);
}

/* Always of the resident pages, whatever is measured: which of them others have too. */
static void draw_bar(const struct table_cell *cell)
{
	const struct space_row *e = cell->data;
	struct bar_part parts[] = {
		{ (double)e->private_kb, STYLE_PRIVATE, "█" },
		{ (double)e->shared_kb, STYLE_SHARED, "▓" },
	};

	if (e->private_kb != UNKNOWN && e->shared_kb != UNKNOWN)
		chart_bar(cell->frame->canvas, cell->at.row, cell->at.col, cell->at.cols, parts,
			ARRAY_LEN(parts), e->widest);
}

const struct column space_columns[SPACE_COLUMNS] = {
	[ADDRESS] = { "address", .min = 12, .max = 12, .priority = 2, .scope = FACT_MAPPING,
		.draw = draw_address },
	[LABEL] = { "mapping", .min = 12, .max = 26, .priority = 1, .left = true,
		.draw = draw_label },
	[PERMS] = { "perm", .min = 4, .max = 4, .priority = 11, .left = true, .draw = draw_perms },
	[SIZE] = { "size", .min = 7, .max = 7, .priority = 5, .scope = FACT_MAPPING,
		.fact = "size_kb", .draw = draw_size },
	[MEASURED] = { "RSS", .min = 7, .max = 7, .scope = FACT_MAPPING, .fact = "rss_kb",
		.draw = draw_measured },
	[BAR] = { "█ own ▓ shared", "█own▓sh", .min = 7, .max = 7, .priority = 3, .grows = true,
		.left = true, .draw = draw_bar },
};
