/* SPDX-License-Identifier: MIT
 * Box drawing and block characters as geometry.
 */

#include "svg.h"

/* The middle of a cell, where lines meet: half a pixel off the exact middle, so that a line is
 * one sharp pixel. */
#define MIDDLE_X QUARTERS(6.75)
#define MIDDLE_Y QUARTERS(12.75)
#define RADIUS QUARTERS(5.25)

enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8, ROUND = 16 };

static const struct box_shape {
	char text[4];
	uint8_t arms;
} box_shapes[] = {
	{ "─", LEFT | RIGHT },
	{ "│", UP | DOWN },
	{ "┌", DOWN | RIGHT },
	{ "┐", DOWN | LEFT },
	{ "└", UP | RIGHT },
	{ "┘", UP | LEFT },
	{ "├", UP | DOWN | RIGHT },
	{ "┤", UP | DOWN | LEFT },
	{ "┬", DOWN | LEFT | RIGHT },
	{ "┴", UP | LEFT | RIGHT },
	{ "┼", UP | DOWN | LEFT | RIGHT },
	{ "╭", DOWN | RIGHT | ROUND },
	{ "╮", DOWN | LEFT | ROUND },
	{ "╰", UP | RIGHT | ROUND },
	{ "╯", UP | LEFT | ROUND },
	{ "╴", LEFT },
	{ "╵", UP },
	{ "╶", RIGHT },
	{ "╷", DOWN },
};

/* Solid blocks, in eighths of the cell: from (left, top) to (right, bottom). */
static const struct block_shape {
	char text[4];
	uint8_t left, top, right, bottom;
} block_shapes[] = {
	{ "█", 0, 0, 8, 8 },
	{ "▁", 0, 7, 8, 8 },
	{ "▂", 0, 6, 8, 8 },
	{ "▃", 0, 5, 8, 8 },
	{ "▄", 0, 4, 8, 8 },
	{ "▅", 0, 3, 8, 8 },
	{ "▆", 0, 2, 8, 8 },
	{ "▇", 0, 1, 8, 8 },
	{ "▀", 0, 0, 8, 4 },
	{ "▔", 0, 0, 8, 1 },
	{ "▉", 0, 0, 7, 8 },
	{ "▊", 0, 0, 6, 8 },
	{ "▋", 0, 0, 5, 8 },
	{ "▌", 0, 0, 4, 8 },
	{ "▍", 0, 0, 3, 8 },
	{ "▎", 0, 0, 2, 8 },
	{ "▏", 0, 0, 1, 8 },
	{ "▐", 4, 0, 8, 8 },
	{ "▕", 7, 0, 8, 8 },
	{ "▘", 0, 0, 4, 4 },
	{ "▝", 4, 0, 8, 4 },
	{ "▖", 0, 4, 4, 8 },
	{ "▗", 4, 4, 8, 8 },
};

/* Shades, as stripes: told apart from a solid block by shape, not by a lighter colour. `ink`
 * pixels of each four. */
static const struct shade_shape {
	char text[4];
	uint8_t ink;
} shade_shapes[] = { { "░", 1 }, { "▒", 2 }, { "▓", 3 } };

/* The entry of a table for a character, or NULL. Every entry begins with the character. */
#define find_shape(table, text) find_in((table), ARRAY_LEN(table), sizeof((table)[0]), (text))

static const void *find_in(const void *table, size_t n, size_t size, const char *text)
{
	for (size_t i = 0; i < n; i++) {
		const char *entry = (const char *)table + i * size;

		if (!strncmp(entry, text, 3) && !text[3])
			return entry;
	}
	return NULL;
}

bool svg_is_shape(const char *text)
{
	/* All are in U+2500 .. U+259F. */
	return text[0] == '\xE2' && text[1] >= '\x94' && text[1] <= '\x96' && text[2] &&
	       (find_shape(box_shapes, text) || find_shape(block_shapes, text) ||
		       find_shape(shade_shapes, text));
}

void svg_number(struct buf *out, int quarters)
{
	static const char *const fraction[] = { "", ".25", ".5", ".75" };

	buf_addf(out, "%s%d%s", quarters < 0 ? "-" : "", abs(quarters) / 4,
		fraction[abs(quarters) % 4]);
}

/* A path command with its numbers. */
static void svg_command(struct buf *out, char command, const int *numbers, size_t n)
{
	buf_add(out, &command, 1);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_adds(out, " ");
		svg_number(out, numbers[i]);
	}
}

#define COMMAND(out, command, ...)                                                                 \
	svg_command((out), (command), (const int[]) { __VA_ARGS__ },                               \
		sizeof((const int[]) { __VA_ARGS__ }) / sizeof(int))

void svg_rect(struct buf *out, int x, int y, int width, int height)
{
	COMMAND(out, 'M', x, y);
	COMMAND(out, 'h', width);
	COMMAND(out, 'v', height);
	COMMAND(out, 'h', -width);
	buf_adds(out, "z");
}

static void put_round_corner(struct buf *out, uint8_t arms, int x, int y)
{
	int middle_x = x + MIDDLE_X, middle_y = y + MIDDLE_Y;
	int across = arms & RIGHT ? 1 : -1, along = arms & DOWN ? 1 : -1;

	COMMAND(out, 'M', middle_x, arms & DOWN ? y + CELL_HEIGHT : y);
	COMMAND(out, 'V', middle_y + along * RADIUS);
	COMMAND(out, 'Q', middle_x, middle_y, middle_x + across * RADIUS, middle_y);
	COMMAND(out, 'H', arms & RIGHT ? x + CELL_WIDTH : x);
}

static void put_straight(struct buf *out, uint8_t arms, int x, int y, int width)
{
	if (arms & (LEFT | RIGHT)) {
		COMMAND(out, 'M', arms & LEFT ? x : x + MIDDLE_X, y + MIDDLE_Y);
		COMMAND(out, 'H', arms & RIGHT ? x + width : x + MIDDLE_X);
	}
	if (arms & (UP | DOWN)) {
		COMMAND(out, 'M', x + MIDDLE_X, arms & UP ? y : y + MIDDLE_Y);
		COMMAND(out, 'V', arms & DOWN ? y + CELL_HEIGHT : y + MIDDLE_Y);
	}
}

static void put_box(struct buf *out, uint8_t arms, int x, int y, int n)
{
	if (arms == (LEFT | RIGHT)) { /* one long line, not n short ones */
		put_straight(out, arms, x, y, n * CELL_WIDTH);
		return;
	}
	for (; n; n--, x += CELL_WIDTH) {
		if (arms & ROUND)
			put_round_corner(out, arms, x, y);
		else
			put_straight(out, arms, x, y, CELL_WIDTH);
	}
}

static void put_block(struct buf *out, const struct block_shape *block, int x, int y, int n)
{
	bool whole_width = block->left == 0 && block->right == 8;
	int step = whole_width ? n * CELL_WIDTH : CELL_WIDTH;

	for (int i = 0; i < (whole_width ? 1 : n); i++)
		svg_rect(out, x + i * CELL_WIDTH + block->left * CELL_WIDTH / 8,
			y + block->top * CELL_HEIGHT / 8, step * (block->right - block->left) / 8,
			(block->bottom - block->top) * CELL_HEIGHT / 8);
}

static void put_shade(struct buf *out, uint8_t ink, int x, int y, int n)
{
	int pixel = CELL_HEIGHT / 16;

	for (int stripe = 0; stripe < 4; stripe++)
		svg_rect(out, x, y + stripe * 4 * pixel, n * CELL_WIDTH, ink * pixel);
}

void svg_shape(const char *text, int x, int y, int n, struct buf *strokes, struct buf *areas)
{
	const struct box_shape *box = find_shape(box_shapes, text);
	const struct block_shape *block = find_shape(block_shapes, text);
	const struct shade_shape *shade = find_shape(shade_shapes, text);

	if (box)
		put_box(strokes, box->arms, x, y, n);
	else if (block)
		put_block(areas, block, x, y, n);
	else if (shade)
		put_shade(areas, shade->ink, x, y, n);
}
