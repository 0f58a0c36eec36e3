/* SPDX-License-Identifier: MIT
 * Frames as a recording of a terminal, asciicast v2: a header, then one event a line. Straight from the cells: what a
 * player shows after an event is the frame, and an event holds only what changed since the one before.
 */

#include "ansi.h"
#include "json_writer.h"

struct cast {
	struct canvas *shown; /* the last frame; NULL: none yet */
	const struct theme *theme; /* that it was drawn in */
	struct buf data; /* of the event that is made */
};

struct cast *cast_create(void)
{
	return xcalloc(1, sizeof(struct cast));
}

void cast_destroy(struct cast *cast)
{
	if (!cast)
		return;
	canvas_destroy(cast->shown);
	buf_finish(&cast->data);
	free(cast);
}

/* --- the header --- */

static void put_colour(struct buf *out, int index)
{
	buf_addf(out, "#%06x", (unsigned)palette_rgb(index));
}

void cast_put_header(const struct canvas *canvas, const struct theme *theme, const char *title,
	int64_t unix_time, struct buf *out)
{
	buf_addf(out, "{\"version\":2,\"width\":%d,\"height\":%d,\"timestamp\":%lld,\"title\":",
		canvas->cols, canvas->rows, (long long)unix_time);
	json_put_terminal(out, title);
	buf_adds(out, ",\"env\":{\"TERM\":\"xterm-256color\"},\"theme\":{\"fg\":\"");
	put_colour(out, theme->ink);
	buf_adds(out, "\",\"bg\":\"");
	put_colour(out, theme->paper);
	buf_adds(out, "\",\"palette\":\"");
	for (int i = 0; i < 16; i++) {
		buf_adds(out, i ? ":" : "");
		put_colour(out, i);
	}
	buf_adds(out, "\"}}\n");
}

/* --- events --- */

/* Microseconds by integers: printf would write the locale's decimal comma. */
void cast_put_event(nsec at, char code, const char *data, struct buf *out)
{
	buf_addf(out, "[%lld.%06lld,\"%c\",", (long long)(at / NSEC_PER_SEC),
		(long long)(at % NSEC_PER_SEC / 1000), code);
	json_put_terminal(out, data);
	buf_adds(out, "]\n");
}

void cast_put_end(nsec at, struct buf *out)
{
	cast_put_event(at, 'o', "\x1B[0m\x1B[?25h", out);
}

static bool cells_equal(const struct cell *a, const struct cell *b)
{
	return a->width == b->width && a->style == b->style && a->flags == b->flags &&
	       strcmp(a->text, b->text) == 0;
}

/* The cells of a row from the first to the last that changed. Neither is the right half of a wide character alone: where
 * the left half is the same, so is the right. */
static void put_changes(struct cast *cast, const struct canvas *canvas, const struct theme *theme,
	enum depth depth, int row)
{
	int from = 0, to = canvas->cols;

	while (from < to &&
		cells_equal(canvas_at(canvas, row, from), canvas_at(cast->shown, row, from)))
		from++;
	while (to > from &&
		cells_equal(canvas_at(canvas, row, to - 1), canvas_at(cast->shown, row, to - 1)))
		to--;
	if (from == to)
		return;
	buf_addf(&cast->data, "\x1B[%d;%dH", row + 1, from + 1);
	ansi_put_cells(canvas, theme, depth, row, from, to, &cast->data);
}

static void keep(struct cast *cast, const struct canvas *canvas, const struct theme *theme)
{
	memcpy(cast->shown->cells, canvas->cells,
		(size_t)canvas->rows * (size_t)canvas->cols * sizeof(canvas->cells[0]));
	cast->theme = theme;
}

void cast_put_frame(struct cast *cast, const struct canvas *canvas, const struct theme *theme,
	enum depth depth, nsec at, struct buf *out)
{
	bool first = !cast->shown;
	bool resized =
		!first && (cast->shown->rows != canvas->rows || cast->shown->cols != canvas->cols);
	char size[24];

	buf_clear(&cast->data);
	if (first) {
		cast->shown = canvas_create(canvas->rows, canvas->cols);
		buf_adds(&cast->data, "\x1B[?25l");
	}
	if (resized) {
		snprintf(size, sizeof(size), "%dx%d", canvas->cols, canvas->rows);
		cast_put_event(at, 'r', size, out);
		canvas_resize(cast->shown, canvas->rows, canvas->cols);
	}
	/* a theme may change what cells look like that are the same */
	if (first || resized || theme != cast->theme) {
		canvas_clear(cast->shown);
		buf_adds(&cast->data, "\x1B[0m\x1B[2J");
		for (int row = 0; row < canvas->rows; row++) {
			buf_addf(&cast->data, "\x1B[%d;1H", row + 1);
			ansi_put_cells(canvas, theme, depth, row, 0, canvas->cols, &cast->data);
		}
	} else {
		for (int row = 0; row < canvas->rows; row++)
			put_changes(cast, canvas, theme, depth, row);
	}
	if (cast->data.len)
		cast_put_event(at, 'o', cast->data.text, out);
	keep(cast, canvas, theme);
}
