/* SPDX-License-Identifier: MIT
 * Text of `measure` made to fit a terminal: tables that go on below with the columns that have no room, sentences that wrap.
 */

#include "grid.h"

#define GAP 2 /* cells before each column */

static void put_cell(struct buf *out, const char *text, int width, bool left)
{
	int pad = MAX(width - text_width(text), 0);
	buf_addf(out, "%*s%*s%s%*s", GAP, "", left ? 0 : pad, "", text, left ? pad : 0, "");
}

static void end_line(struct buf *out)
{
	while (out->len && out->text[out->len - 1] == ' ')
		out->text[--out->len] = '\0';
	buf_adds(out, "\n");
}

static bool says_nothing(const struct grid_row *row, int from, int to)
{
	for (int k = from; k < to; k++)
		if (row->cell[k][0])
			return false;
	return true;
}

/* The key columns and those from..to; of what goes on below, only rows that have something there. */
static void put_block(const struct grid *grid, const int *width, int from, int to, struct buf *out)
{
	for (size_t i = 0; i < grid->rows.n; i++) {
		if (from > grid->keys && says_nothing(&grid->rows.at[i], from, to))
			continue;
		for (int k = 0; k < to; k++)
			if (width[k] && (k < grid->keys || k >= from))
				put_cell(out, grid->rows.at[i].cell[k], width[k], grid->left[k]);
		end_line(out);
	}
}

void grid_put(const struct grid *grid, int cols, struct buf *out)
{
	int width[GRID_COLUMNS] = { 0 }, keys = 0;
	for (size_t i = 0; i < grid->rows.n; i++)
		for (int k = 0; k < grid->columns; k++)
			width[k] = MAX(width[k], text_width(grid->rows.at[i].cell[k]));
	for (int k = 0; k < grid->keys; k++)
		keys += width[k] ? width[k] + GAP : 0;
	for (int from = grid->keys, to; from < grid->columns; from = to) {
		int used = keys;
		for (to = from; to < grid->columns; to++) {
			int more = width[to] ? width[to] + GAP : 0;
			if (cols && to > from && used + more > cols)
				break;
			used += more;
		}
		if (from > grid->keys)
			buf_adds(out, "\n");
		put_block(grid, width, from, to, out);
	}
}

/* Bytes of text that fill at most cols cells, up to a blank if there is one. */
static size_t line_length(const char *text, int cols)
{
	size_t fits = 0, blank = 0, len = strlen(text);
	char part[512];
	for (size_t n = 1; n <= len && n < sizeof(part); n++) {
		if (n < len && ((unsigned char)text[n] & 0xc0) == 0x80)
			continue; /* within a character */
		memcpy(part, text, n);
		part[n] = '\0';
		if (text_width(part) > cols)
			return blank ? blank : MAX(fits, (size_t)1);
		fits = n;
		if (text[n] == ' ')
			blank = n;
	}
	return len;
}

void grid_put_wrapped(struct buf *out, int cols, int indent, const char *text)
{
	for (bool first = true; *text; first = false) {
		int room = first ? cols : cols - indent;
		size_t n = cols ? line_length(text, MAX(room, 1)) : strlen(text);
		buf_addf(out, "%*s%.*s\n", first ? 0 : indent, "", (int)n, text);
		text += n;
		text += strspn(text, " ");
	}
}
