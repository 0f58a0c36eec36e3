/* SPDX-License-Identifier: MIT
 * A frame with SGR sequences: the same looks as in a terminal of that depth, for pipes and pagers.
 */
#include "ansi.h"

static bool looks_equal(struct look a, struct look b)
{
	return a.fg == b.fg && a.bg == b.bg && a.attributes == b.attributes;
}

static const struct look plain = { -1, -1, 0 };

static void put_colour(struct buf *out, enum depth depth, int base, int colour)
{
	if (colour < 0)
		return;
	if (depth == DEPTH_8)
		buf_addf(out, ";%d", base + colour);
	else
		buf_addf(out, ";%d;5;%d", base + 8, colour);
}

/* Every sequence starts from a reset, so it says all and depends on nothing before it. */
static void put_look(struct buf *out, enum depth depth, struct look look)
{
	buf_adds(out, "\x1B[0");
	if (look.attributes & LOOK_BOLD)
		buf_adds(out, ";1");
	if (look.attributes & LOOK_DIM)
		buf_adds(out, ";2");
	if (look.attributes & LOOK_UNDERLINE)
		buf_adds(out, ";4");
	if (look.attributes & LOOK_REVERSE)
		buf_adds(out, ";7");
	if (look.attributes & LOOK_STRUCK)
		buf_adds(out, ";9");
	put_colour(out, depth, 30, look.fg);
	put_colour(out, depth, 40, look.bg);
	buf_adds(out, "m");
}

/* A blank that nobody can see: no background, nothing under it. */
static bool is_invisible(const struct cell *cell, struct look look)
{
	return !cell->text[0] && cell->width == 1 && look.bg < 0 &&
	       !(look.attributes & (LOOK_UNDERLINE | LOOK_REVERSE | LOOK_STRUCK));
}

void ansi_put_cells(const struct canvas *canvas, const struct theme *theme, enum depth depth,
	int row, int from, int to, struct buf *out)
{
	struct look current = plain;

	for (int col = from; col < to; col++) {
		const struct cell *cell = canvas_at(canvas, row, col);
		struct look look = theme_look(theme, depth, cell->style, cell->flags);

		if (cell->width == 0)
			continue;
		/* a blank needs a change only if it would show */
		if (!looks_equal(look, current) &&
			!(is_invisible(cell, look) && is_invisible(cell, current))) {
			put_look(out, depth, look);
			current = look;
		}
		buf_adds(out, cell->text[0] ? cell->text : " ");
	}
	buf_adds(out, "\x1B[0m");
}
